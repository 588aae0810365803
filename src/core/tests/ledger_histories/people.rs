//! What people say of planned downtime and of time that is past, and what a planned window means for faults: one line
//! each. Every command is also decided by ledgers taken up from the derived tables, which must find the same.

use crate::text::{Journal, at, check, refused};
use linewatch_core::ledger::{Row, Standing};

#[test]
fn what_lies_before_the_entry_of_a_window_is_an_exclusion() {
    check("A", "plan A 100..200", "planned A 100..200");
    check("A", "due 150 | plan A 100..200", "planned A 150..200 | excluded A 100..150");
    check("A", "due 200 | plan A 100..200", "excluded A 100..200");
    check("A", "due 100 | plan A now..200", "planned A 100..200");
    check("A", "due 100 | plan A 100..200", "planned A 100..200");
}

#[test]
fn a_window_is_cancelled_from_now_on() {
    check("A", "plan A 100..200 | due 150 | cancel $1", "planned A 100..200 | cancelled 150");
    check("A", "plan A 100..200 | due 50 | cancel $1", "planned A 100..200 | cancelled 100");
    let again = "plan A 100..200 | due 150 | cancel $1 | plan A 160..200";
    check("A", again, "planned A 100..200 | cancelled 150 | planned A 160..200");
}

#[test]
fn an_outage_that_began_in_a_window_is_a_fault_from_the_windows_end() {
    let planned = "planned A 90..300 | started A 100 own";
    check("A", "plan A 90..300 | down A 100 | due 359", planned);
    check("A", "plan A 90..300 | down A 100 | due 360", &format!("{planned} | opened 001 A 300"));
    check("A", "plan A 90..300 | down A 100 | up A 299 | due 900", &format!("{planned} | ended A 299"));
    check("A", "plan A 90..300 | down A 100 | up A 359 | due 900", &format!("{planned} | ended A 359"));
    check(
        "A",
        "plan A 90..300 | down A 100 | up A 360 | due 900",
        &format!("{planned} | ended A 360 | opened 001 A 300 | restored 001 360"),
    );
}

#[test]
fn only_an_outage_that_began_in_the_window_waits_for_its_end() {
    check("A", "plan A 101..300 | down A 100 | due 160", "planned A 101..300 | started A 100 own | opened 001 A 100");
    check("A", "plan A 50..100 | down A 100 | due 160", "planned A 50..100 | started A 100 own | opened 001 A 100");
    check("A B", "plan B 50..300 | down A 100 | due 160", "planned B 50..300 | started A 100 own | opened 001 A 100");
}

#[test]
fn windows_that_follow_one_another_are_one() {
    check(
        "A",
        "plan A 90..200 | plan all 200..300 | plan class:village 150..250 | down A 100 | due 359 | due 360",
        "planned A 90..200 | planned all 200..300 | planned class:village 150..250 | started A 100 own | opened 001 A 300",
    );
    check(
        "A",
        "plan A 90..200 | plan A 201..300 | down A 100 | due 260",
        "planned A 90..200 | planned A 201..300 | started A 100 own | opened 001 A 200",
    );
}

#[test]
fn a_cancelled_window_ends_where_it_was_cancelled() {
    check(
        "A",
        "plan A 90..900 | down A 100 | due 200 | cancel $1 | due 259 | due 260",
        "planned A 90..900 | started A 100 own | cancelled 200 | opened 001 A 200",
    );
}

#[test]
fn the_deadline_runs_from_the_windows_end() {
    let mut journal = Journal::with("A");
    journal.tell("plan A 90..300 | down A 100 | due 360");
    let deadlines: Vec<_> = journal.ledger.faults().map(|fault| fault.deadline).collect();
    assert_eq!(deadlines, [at(300 + 12 * 3600)]);
}

#[test]
fn a_trunks_window_covers_what_is_below_it() {
    let lines = "T V<T X";
    // Of the line alone: what is attributed to it waits with it, and joins from where its fault begins.
    check(
        lines,
        "plan T 90..300 | down T 100 | down V 101 | due 359 | due 360",
        "planned T 90..300 | started T 100 own | started V 101 <T | opened 001 T 300 | joined 001 V 300",
    );
    check(
        lines,
        "plan T 90..300 | down T 100 | down V 101 | up V 290 | due 360",
        "planned T 90..300 | started T 100 own | started V 101 <T | ended V 290 | opened 001 T 300",
    );
    check(
        lines,
        "plan T 90..300 | down T 100 | down V 101 | up V 300 | up T 370 | due 380",
        "planned T 90..300 | started T 100 own | started V 101 <T | ended V 300 | ended T 370 | opened 001 T 300",
    );
    check(
        lines,
        "plan T 90..300 | down T 100 | down V 101 | up V 301 | up T 370 | due 380",
        "planned T 90..300 | started T 100 own | started V 101 <T | ended V 301 | ended T 370 | opened 001 T 300 \
         | joined 001 V 300",
    );
    // Nor does a report from below open what is planned.
    check(
        lines,
        "plan T 90..900 | down T 100 | due 120 | report V",
        "planned T 90..900 | started T 100 own | reported 001 V 120",
    );
    // A village that is down on its own is not covered by the line's window, but by the trunk's.
    check(lines, "plan T 90..300 | down V 100 | due 160", "planned T 90..300 | started V 100 own | opened 001 V 100");
    check(lines, "plan T* 90..300 | down V 100 | due 359", "planned T* 90..300 | started V 100 own");
    check(lines, "plan T* 90..300 | down V 100 | due 360", "planned T* 90..300 | started V 100 own | opened 001 V 300");
    check(lines, "plan T* 90..300 | down X 100 | due 160", "planned T* 90..300 | started X 100 own | opened 001 X 100");
    // Released from the trunk within the trunk's window: its own from the window's end.
    check(
        lines,
        "plan T* 90..300 | down T 100 | down V 101 | up T 150 | due 210 | due 360",
        "planned T* 90..300 | started T 100 own | started V 101 <T | ended T 150 | attributed V 150 own | opened 001 V 300",
    );
}

#[test]
fn a_planned_outage_joins_an_open_fault_only_when_it_outlives_its_window() {
    let open = "planned A 300..600 | started A 100 own | opened 001 A 100 | ended A 200 | started A 310 own";
    let history = "plan A 300..600 | down A 100 | due 160 | up A 200 | down A 310";
    check("A", &format!("{history} | due 659"), open);
    check("A", &format!("{history} | due 660"), &format!("{open} | joined 001 A 600"));
    check("A", &format!("{history} | up A 590 | due 900"), &format!("{open} | ended A 590 | restored 001 200"));
}

#[test]
fn a_gap_over_a_windows_end_proves_nothing() {
    check(
        "A",
        "plan A 90..300 | down A 100 | blind 250 | sight 400 | due 459 | still A 402 | due 470",
        "planned A 90..300 | started A 100 own | bridged A 250..402 | opened 001 A 300",
    );
    check(
        "A",
        "plan A 90..300 | down A 100 | blind 250 | sight 400 | up A 401 gap | due 999",
        "planned A 90..300 | started A 100 own | ended A 250 gap",
    );
}

#[test]
fn decisions_are_made_and_approved_by_two() {
    check("A", "due 300 | declare A 100..200", "declared A 100..200");
    check("A", "due 300 | declare A 100.. | due 400 | end $1 350", "declared A 100.. | over 350");
    check("A", "due 300 | declare A 100.. | due 400 | end $1", "declared A 100.. | over 400");
    check("A", "due 300 | exclude A 100..200 | approve $1 by=li", "excluded A 100..200 | approved");
    check("A", "due 300 | exclude A 100..200 | reject $1 by=li", "excluded A 100..200 | rejected");
    check("A", "due 300 | exclude A 100..200 | withdraw $1", "excluded A 100..200 | withdrawn");
    check(
        "A",
        "due 300 | exclude A 100..200 | approve $1 by=li | withdraw $1 | exclude A 100..200",
        "excluded A 100..200 | approved | withdrawn | excluded A 100..200",
    );
    check(
        "A",
        "down A 100 | up A 300 | due 400 | correct #1 A 100..300 as 100..150 | approve $1 by=li",
        "started A 100 own | ended A 300 | opened 001 A 100 | corrected 100..150 | approved",
    );
}

#[test]
fn what_may_stand_beside_something_else_is_not_refused() {
    check("A", "due 900 | declare A 100..200 | declare A 200..300", "declared A 100..200 | declared A 200..300");
    check("A B", "due 900 | declare A 100..200 | declare B 100..200", "declared A 100..200 | declared B 100..200");
    check("A", "due 900 | declare A 100..200 | exclude A 100..200", "declared A 100..200 | excluded A 100..200");
    check("A", "due 900 | exclude A 100..200 | exclude A 150..300", "excluded A 100..200 | excluded A 150..300");
    check("A", "due 900 | exclude A 100..200 | exclude all 100..200", "excluded A 100..200 | excluded all 100..200");
    check("A B", "due 900 | exclude B 100..200 | declare A 100..200", "excluded B 100..200 | declared A 100..200");
    check("A", "due 900 | exclude A 100..200 | declare A 200..300", "excluded A 100..200 | declared A 200..300");
    check(
        "A",
        "due 900 | report A | exclude A 100..200 | exempt F1",
        "reported 001 A 900 | excluded A 100..200 | exempted F20260105-001",
    );
    check("A", "plan A 100..200 | plan A 150..300", "planned A 100..200 | planned A 150..300");
    check("A", "plan A 100..200 | plan A 50..150", "planned A 100..200 | planned A 50..150");
    check("A B", "plan A 100..200 | plan B 100..200", "planned A 100..200 | planned B 100..200");
    check("A", "plan A 100..200 | plan all 100..200", "planned A 100..200 | planned all 100..200");
    check("A!500", "due 900 | declare A 100..500", "declared A 100..500");
    check("A!500", "due 300 | declare A 100.. | due 900 | end $1", "declared A 100.. | over 500");
    check(
        "A B",
        "due 50 | lines 500 B remove | due 900 | exclude B 100..200 | declare A 150..160",
        "decommissioned A | excluded B 100..200 | declared A 150..160",
    );
    check("A B", "due 50 | lines 100 B remove | due 900 | exclude A 20..90", "decommissioned A | excluded A 20..90");
}

#[test]
fn an_outage_that_has_long_ended_is_corrected_by_what_is_recorded_of_it() {
    let day = 24 * 3600;
    let mut journal = Journal::with("A");
    journal.tell("down A 100 | up A 150");
    journal.tell(&format!("checkpoint {} | checkpoint {}", 2 * day, 2 * day + 1));
    assert_eq!(journal.tell("correct #1 A 100..150 as none"), "corrected none");
    let command = journal.command("correct #1 A 100..150 as none by=li");
    assert!(journal.attempt(&command).is_err(), "twice");
}

#[test]
fn a_correction_touches_what_is_recorded() {
    let outage = "down A 100 | up A 150 | due 900 | correct #1 A 100..150 as";
    for counts in ["50..100", "90..100", "150..160", "100..149"] {
        check("A", &format!("{outage} {counts}"), &format!("started A 100 own | ended A 150 | corrected {counts}"));
    }
    refused("A", &format!("{outage} 50..99"), "is recorded");
    refused("A", &format!("{outage} 151..160"), "is recorded");
}

/// Of what has long ended the ledger remembers only how many records there are.
#[test]
fn an_outage_has_the_number_of_a_record() {
    let mut journal = Journal::with("A");
    journal.tell("checkpoint 900");
    let last = journal.ledger.seq();
    assert_eq!(journal.tell(&format!("correct {last} A 100..150 as none")), "corrected none");
    let command = journal.command(&format!("correct {} A 100..150 as none", last + 2));
    assert!(journal.attempt(&command).is_err());
    refused("A", "correct 0 A 100..150 as none", "no outage 0");
}

#[test]
fn what_was_said_of_a_decision_is_kept() {
    let mut journal = Journal::with("A");
    journal.tell("due 300 | exclude A 100..200 by=wang | approve $1 by=li | withdraw $1 by=wang reason=typo");
    let mut rows = journal.tables.0.values();
    let row = rows.find_map(|row| if let Row::Decision(row) = row { Some(row) } else { None }).expect("one");
    assert_eq!((row.said.by.as_str(), row.approval().expect("approved").by.as_str()), ("wang", "li"));
    assert!(matches!(&row.standing, Standing::Withdrawn(said, why) if said.by == "wang" && why == "typo"));
    assert!(!row.in_force());
}

#[test]
fn a_declaration_counts_at_once_and_an_exclusion_with_the_second_word() {
    let in_force = |history: &str| {
        let mut journal = Journal::with("A");
        journal.tell(history);
        journal.ledger.decisions().map(|row| row.in_force()).collect::<Vec<_>>()
    };
    assert_eq!(in_force("due 900 | declare A 100..200 | exclude A 300..400"), [true, false]);
    assert_eq!(in_force("due 900 | exclude A 300..400 | approve $1 by=li"), [true]);
    assert_eq!(in_force("due 900 | exclude A 300..400 | reject $1 by=li"), [false]);
}

#[test]
fn planned_downtime_is_refused() {
    refused("A", "plan B 100..200", "no line B");
    refused("A", "plan B* 100..200", "no line B");
    refused("A", "plan class:x 100..200", "no line of class x");
    refused("A", "plan in:x 100..200", "no line in township x");
    refused("A", "plan A 200..200", "is empty");
    refused("A", "plan A 300..200", "is empty");
    refused("A", "plan A now..200", "is empty");
    refused("A", "plan A 1100..1200 reason=", "the reason is missing");
    refused("A", "plan A 1100..1200 document=", "the document is missing");
    refused("A!500", "plan A 1100..1200", "is in service");
    refused("A", "plan all 1100..1200 | plan A 1110..1190", "plans that");
    refused("A", "plan A* 1100..1200 | plan A 1100..1200", "plans that");
    refused("A", "cancel 77", "no planned window 77");
    refused("A", "plan A 1100..1200 | cancel $1 reason=", "the reason is missing");
    refused("A", "plan A 1100..1200 | cancel $1 | cancel $1", "cancelled by wang");
    refused("A", "plan A 1100..1200 | due 1200 | cancel $1", "was over");
    refused("A", "due 900 | exclude A 100..200 | plan A 100..200", "excludes that time");
}

#[test]
fn decisions_are_refused() {
    refused("A", "declare B 100..200", "no line B");
    refused("A", "declare A 200..200", "is empty");
    refused("A", "declare A 300..200", "is empty");
    refused("A", "declare A 100..2000", "is not yet");
    refused("A", "declare A 2000..", "is not yet");
    refused("A", "declare A 100..200 reason=", "the reason is missing");
    refused("A", "declare A 100..200 document=", "the document is missing");
    refused("A!500", "declare A 600..700", "is in service");
    refused("A!500", "declare A 400..700", "is in service");
    refused("A!500", "declare A 600..", "is in service");
    refused("A", "due 900 | declare A 100..200 | declare A 199..300", "declares the line down");
    refused("A", "due 900 | declare A 100.. | declare A 300..400", "declares the line down");
    refused("A", "due 900 | declare A 300..400 | declare A 100..", "declares the line down");
    refused("A", "due 900 | exclude A 100..200 | declare A 150..160", "excludes that time");
    refused("A", "due 900 | exclude all 100..200 | approve $1 by=li | declare A 150..", "excludes that time");
    refused("T A<T", "due 900 | exclude T* 100..200 | declare A 150..160", "excludes that time");
    // Of a line that is no more its name is known, and that all lines are.
    let gone = "due 50 | lines 500 B remove | due 900 | exclude";
    refused("A B", &format!("{gone} A 100..200 | declare A 150..160"), "excludes that time");
    refused("A B", &format!("{gone} all 100..200 | declare A 150..160"), "excludes that time");
    refused("A", "end 77", "no decision 77");
    refused("A", "due 900 | exclude A 100..200 | end $1 200", "declares no outage");
    refused("A", "due 900 | declare A 100..200 | end $1 150", "was over");
    refused("A", "due 900 | declare A 100.. | end $1 100", "is empty");
    refused("A", "due 900 | declare A 100.. | end $1 901", "is not yet");
    refused("A", "due 900 | declare A 100.. | withdraw $1 | end $1 300", "was withdrawn");
    refused("A", "exclude B 100..200", "no line B");
    refused("A", "exclude class:x 100..200", "no line of class x");
    refused("A", "exclude in:x 100..200", "no line in township x");
    refused("A", "exclude A 100..100", "is empty");
    refused("A", "exclude A 100..2000", "is not yet");
    refused("A", "exclude A 100..200 reason=", "the reason is missing");
    refused("A", "exclude A 100..200 document=", "the document is missing");
    refused("A!500", "exclude A 600..700", "is in service");
    refused("A", "due 900 | exclude A 100..200 | exclude A 100..200", "excludes that time");
    refused("A", "due 900 | exclude all 100..200 | exclude A 110..190", "excludes that time");
    refused("A", "correct 77 A 100..200 as none", "no outage 77");
    refused("A", "down A 100 | correct #1 A 100..105 as none", "has not ended");
    refused("A", "down A 100 | up A 150 | correct #1 A 100..150 as 100..150", "is recorded so");
    refused("A", "down A 100 | up A 150 | correct #1 A 100..120 as 100..150", "is recorded so");
    refused("A", "down A 100 | up A 150 | correct #1 A 100..150 as 120..120", "is empty");
    refused("A", "down A 100 | up A 150 | correct #1 A 100..150 as 120..999", "is not yet");
    refused("A", "down A 100 | up A 150 | due 900 | correct #1 A 100..150 as 151..160", "is recorded");
    refused("A", "down A 100 | up A 150 | correct #1 A 100..150 as none reason=", "the reason is missing");
    refused("A", "down A 100 | up A 150 | correct #1 A 100..150 as none document=", "the document is missing");
    refused(
        "A",
        "down A 100 | up A 150 | correct #1 A 100..150 as none | correct #1 A 100..150 as 100..120",
        "corrects outage",
    );
}

#[test]
fn approvals_are_refused() {
    let proposed = "due 900 | exclude A 100..200 by=Wang";
    refused("A", "approve 77", "no decision 77");
    refused("A", &format!("{proposed} | approve $1 by=Wang"), "Wang proposed");
    refused("A", &format!("{proposed} | approve $1 by=_wANG_"), "Wang proposed");
    refused("A", &format!("{proposed} | reject $1 by=wang"), "Wang proposed");
    refused("A", &format!("{proposed} | reject $1 by=li reason="), "the reason is missing");
    refused("A", &format!("{proposed} | withdraw $1 reason="), "the reason is missing");
    refused("A", &format!("{proposed} | approve $1 by=li | approve $1 by=zhao"), "approved by li");
    refused("A", &format!("{proposed} | approve $1 by=li | reject $1 by=zhao"), "approved by li");
    refused("A", &format!("{proposed} | reject $1 by=li | approve $1 by=zhao"), "rejected by li");
    refused("A", &format!("{proposed} | withdraw $1 by=li | approve $1 by=zhao"), "withdrawn by li");
    refused("A", &format!("{proposed} | withdraw $1 by=li | withdraw $1 by=zhao"), "withdrawn by li");
    refused("A", &format!("{proposed} | reject $1 by=li | withdraw $1"), "rejected by li");
    refused("A", "due 900 | declare A 100..200 | approve $1 by=li", "needs no approval");
}

//! Hard cases of attribution and faults, one line each. Every command of every history is also decided by ledgers taken
//! up from the derived tables, which must find the same.

use crate::text::{Journal, check, command};
use linewatch_core::ledger::{Policy, Refusal};
use linewatch_core::record::{Fact, FaultFact, FaultNo, FaultSource};

#[test]
fn an_outage_of_a_minute_opens_a_fault_dated_from_its_start() {
    check("A", "down A 100 | due 159", "started A 100 own");
    check("A", "down A 100 | due 160", "started A 100 own | opened 001 A 100");
    check("A", "down A 100 | up A 159 | due 900", "started A 100 own | ended A 159");
}

#[test]
fn an_outage_that_was_long_enough_opens_its_fault_even_when_it_is_over() {
    check("A", "down A 100 | up A 200 | due 300", "started A 100 own | ended A 200 | opened 001 A 100");
    check(
        "A",
        "down A 100 | up A 200 | due 500",
        "started A 100 own | ended A 200 | opened 001 A 100 | restored 001 200",
    );
}

#[test]
fn an_outage_of_exactly_a_minute_is_long_enough() {
    check("A", "down A 100 | up A 160 | due 200", "started A 100 own | ended A 160 | opened 001 A 100");
}

#[test]
fn a_fault_is_restored_after_the_stability_time_as_of_the_end() {
    check(
        "A",
        "down A 100 | due 160 | up A 200 | due 499 | due 500",
        "started A 100 own | opened 001 A 100 | ended A 200 | restored 001 200",
    );
    check(
        "A",
        "down A 100 | due 160 | up A 200 | down A 400 | due 500 | up A 600 | due 899 | due 900",
        "started A 100 own | opened 001 A 100 | ended A 200 | started A 400 own | joined 001 A 400 | ended A 600 \
         | restored 001 600",
    );
}

#[test]
fn a_gap_is_no_proof_of_stability() {
    let until = "started A 100 own | opened 001 A 100 | ended A 200";
    check("A", "down A 100 | due 160 | up A 200 | blind 300 | due 900", until);
    check("A", "down A 100 | due 160 | up A 200 | blind 300 | sight 900 | due 1199", until);
    check("A!5000 B", "down A 100 | due 160 | up A 200 | blind 300 | due 900", until);
    check(
        "A",
        "down A 100 | due 160 | up A 200 | blind 300 | sight 900 | due 1200",
        &format!("{until} | restored 001 200"),
    );
    check("A", "down A 100 | due 160 | up A 200 | lost A 300 | due 900", until);
    check(
        "A",
        "down A 100 | due 160 | up A 200 | lost A 300 | seen A 400 | due 700",
        &format!("{until} | restored 001 200"),
    );
}

#[test]
fn a_relapse_within_half_an_hour_is_the_same_fault() {
    let restored = "started A 100 own | opened 001 A 100 | ended A 200 | restored 001 200";
    let history = "down A 100 | due 160 | up A 200 | due 500";
    check(
        "A",
        &format!("{history} | down A 2000"),
        &format!("{restored} | started A 2000 own | relapsed 001 2000 | joined 001 A 2000"),
    );
    check(
        "A",
        &format!("{history} | down A 2001 | due 2061"),
        &format!("{restored} | started A 2001 own | opened 002 A 2001"),
    );
}

#[test]
fn a_cut_trunk_is_one_fault_with_its_villages_as_points() {
    check(
        "T V<T W<T X",
        "down T 100 | down V 101 | down X 103 | due 163 | down W 170",
        "started T 100 own | started V 101 <T | started X 103 own | opened 001 T 100 | joined 001 V 101 \
         | opened 002 X 103 | started W 170 <T | joined 001 W 170",
    );
}

#[test]
fn attribution_goes_to_the_topmost_cause_however_deep_the_tree() {
    check(
        "R T<R V<T",
        "down R 100 | down T 101 | down V 102",
        "started R 100 own | started T 101 <R | started V 102 <R",
    );
    check("R T<R V<T", "down T 100 | down V 101", "started T 100 own | started V 101 <T");
    check("R T<R V<T", "down R 100 | down V 102", "started R 100 own | started V 102 <R");
    // The cause was gone when the village failed: what is left of it is the line between.
    let gone = "down R 100 | down T 101 | up R 300";
    let begun = "started R 100 own | started T 101 <R | ended R 300";
    check("R T<R V<T", &format!("{gone} | down V 299 confirm=306"), &format!("{begun} | started V 299 <R"));
    check("R T<R V<T", &format!("{gone} | down V 310"), &format!("{begun} | started V 310 <T"));
}

#[test]
fn starts_that_may_be_the_same_are_the_same() {
    // V (99, 101], T (100, 102]: V's first loss came first, but both may have failed at 100.5.
    check("T V<T", "down T 102 | down V 101", "started T 102 own | started V 101 <T");
    check(
        "T V<T",
        "down T 102 | down V 101 | due 162",
        "started T 102 own | started V 101 <T | opened 001 T 102 | joined 001 V 101",
    );
    // V (97, 99], T (100, 102]: V failed before.
    check("T V<T", "down T 102 | down V 99", "started T 102 own | started V 99 own");
    // Edges that only touch do not overlap: V (98, 100], T (100, 102].
    check("T V<T", "down T 102 | down V 100", "started T 102 own | started V 100 own");
}

#[test]
fn without_a_known_reply_the_start_is_uncertain_by_the_grace_time_only() {
    check("T V<T", "down V 101 reply=none | down T 102", "started V 101 own | started T 102 own | attributed V 101 <T");
    check("T V<T", "down T 102 | down V 101 reply=none", "started T 102 own | started V 101 <T");
    check("T V<T", "down V 100 reply=none | down T 5000 reply=none", "started V 100 own | started T 5000 own");
    check("T V<T", "down V 101 | down T 130 reply=none", "started V 101 own | started T 130 own | attributed V 101 <T");
    check("T V<T", "down V 101 | down T 161 reply=none", "started V 101 own | started T 161 own");
}

#[test]
fn a_later_verdict_corrects_the_attribution() {
    check(
        "T V<T",
        "down V 101 | down T 100 confirm=110",
        "started V 101 own | started T 100 own | attributed V 101 <T",
    );
    check(
        "R T<R V<T",
        "down V 102 | down T 101 | down R 100 confirm=120",
        "started V 102 own | started T 101 own | attributed V 102 <T | started R 100 own | attributed T 101 <R \
         | attributed V 102 <R",
    );
    check("T V<T", "down V 90 | down T 100", "started V 90 own | started T 100 own");
}

#[test]
fn a_fault_that_turns_out_to_be_part_of_another_is_merged_when_that_opens() {
    check(
        "T V<T",
        "down V 101 | due 161 | down T 102 confirm=165 | due 165",
        "started V 101 own | opened 001 V 101 | started T 102 own | attributed V 101 <T | opened 002 T 102 \
         | merged 001>002 101",
    );
    check(
        "R T<R V<T",
        "down T 101 | down V 103 | due 161 | down R 102 confirm=165 | due 165 | up R 300 | up T 301 | up V 302 | due 900",
        "started T 101 own | started V 103 <T | opened 001 T 101 | joined 001 V 103 | started R 102 own \
         | attributed T 101 <R | attributed V 103 <R | opened 002 R 102 | merged 001>002 101 | ended R 300 | ended T 301 \
         | ended V 302 | restored 002 300",
    );
}

#[test]
fn a_fault_with_a_history_of_its_own_is_left_not_merged() {
    check(
        "T V<T",
        "down V 100 | up V 200 | due 200 | down V 301 | down T 300 confirm=310 | due 360",
        "started V 100 own | ended V 200 | opened 001 V 100 | started V 301 own | joined 001 V 301 | started T 300 own \
         | attributed V 301 <T | opened 002 T 300 | left 001 V 301 | joined 002 V 301",
    );
}

#[test]
fn a_child_still_down_after_the_grace_is_down_on_its_own() {
    let begun = "started T 100 own | started V 101 <T | opened 001 T 100 | joined 001 V 101 | ended T 300";
    let history = "down T 100 | down V 101 | due 160 | up T 300";
    check("T V<T", &format!("{history} | due 359"), begun);
    check(
        "T V<T",
        &format!("{history} | due 360"),
        &format!("{begun} | attributed V 300 own | left 001 V 300 | opened 002 V 300"),
    );
    check("T V<T", &format!("{history} | up V 350 | due 360"), &format!("{begun} | ended V 350"));
    check("T V<T", &format!("{history} | up V 360 | due 362"), &format!("{begun} | ended V 360"));
    check(
        "T V<T",
        &format!("{history} | due 365 | up V 400 | due 700"),
        &format!(
            "{begun} | attributed V 300 own | left 001 V 300 | opened 002 V 300 | ended V 400 | restored 001 300 \
         | restored 002 400"
        ),
    );
}

#[test]
fn a_child_still_down_below_another_down_ancestor_is_that_ones() {
    check(
        "R T<R V<T",
        "down R 100 | down T 101 | down V 102 | up R 300 | due 360",
        "started R 100 own | started T 101 <R | started V 102 <R | ended R 300 | opened 001 R 100 | joined 001 T 101 \
         | joined 001 V 102 | attributed T 300 own | left 001 T 300 | opened 002 T 300 | attributed V 300 <T \
         | left 001 V 300 | joined 002 V 300",
    );
}

#[test]
fn a_village_goes_over_to_the_trunk_above_whose_fault_waits_to_be_opened() {
    check(
        "R T<R V<T",
        "down T 100 | down V 101 | due 160 | up T 300 | down R 300 | due 360",
        "started T 100 own | started V 101 <T | opened 001 T 100 | joined 001 V 101 | ended T 300 | started R 300 own \
         | attributed V 300 <R | left 001 V 300 | opened 002 R 300 | joined 002 V 300",
    );
}

#[test]
fn a_trunk_that_flaps_within_the_grace_keeps_its_villages() {
    check(
        "T V<T",
        "down T 100 | down V 101 | up T 300 | down T 350 | due 360",
        "started T 100 own | started V 101 <T | ended T 300 | started T 350 own | opened 001 T 100 | joined 001 T 350 \
         | joined 001 V 101",
    );
    check(
        "T V<T",
        "down T 100 | down V 101 | up T 300 | down T 360 | due 365",
        "started T 100 own | started V 101 <T | ended T 300 | started T 360 own | opened 001 T 100 | joined 001 T 360 \
         | joined 001 V 101",
    );
}

#[test]
fn a_child_confirmed_after_its_ancestor_came_back_is_still_the_ancestors() {
    check(
        "T V<T",
        "down T 100 | up T 130 | down V 128 confirm=133 | up V 140 | due 900",
        "started T 100 own | ended T 130 | started V 128 <T | ended V 140",
    );
    check(
        "T V<T",
        "down T 100 | up T 130 | down V 131 confirm=136",
        "started T 100 own | ended T 130 | started V 131 own",
    );
    check(
        "T V<T",
        "down T 100 | up T 130 | down V 128 confirm=250 | due 250",
        "started T 100 own | ended T 130 | started V 128 <T | attributed V 130 own | opened 001 V 130",
    );
}

#[test]
fn a_line_that_leaves_ends_its_outage_and_its_fault() {
    check(
        "A B",
        "down A 100 | due 160 | lines 200 B remove | due 500",
        "started A 100 own | opened 001 A 100 | ended A 200 closed | decommissioned A | restored 001 200",
    );
    check(
        "A!200 B",
        "down A 100 | due 160 | due 200 | due 500",
        "started A 100 own | opened 001 A 100 | ended A 200 closed | restored 001 200",
    );
}

#[test]
fn an_inventory_tells_what_changed_and_nothing_else() {
    check("A B<A", "lines 10 A B<A", "");
    check("A B<A", "lines 10 A B C remove", "changed B | commissioned C");
    check("A B<A", "lines 10 A remove | lines 20 A B | lines 30 A B", "decommissioned B | commissioned B");
}

#[test]
fn moving_a_line_below_a_new_ancestor_moves_its_next_outage() {
    check("S T V<T", "lines 10 S T V<S | down S 100 | down V 101", "changed V | started S 100 own | started V 101 <S");
}

#[test]
fn removing_more_than_five_percent_needs_a_yes() {
    let lines = |count: usize| (0..count).map(|number| format!("L{number}")).collect::<Vec<_>>().join(" ");
    let mut journal = Journal::with(&lines(40));
    let refusal = journal.attempt(&command(&format!("lines 10 {}", lines(37)))).expect_err("three of forty");
    assert_eq!(refusal, Refusal::TooManyRemoved { removed: 3, lines: 40 });
    assert_eq!(refusal.to_string(), "this inventory removes 3 of 40 lines, more than 5 %");
    assert_eq!(journal.tell(&format!("lines 10 {}", lines(38))), "decommissioned L38 | decommissioned L39");
    assert!(journal.attempt(&command("lines 20 remove")).is_ok(), "with a yes all may go");
    assert!(journal.attempt(&command(&format!("lines 30 {}", lines(3)))).is_ok(), "an empty ledger takes any");
}

#[test]
fn verdicts_on_unknown_lines_and_commands_from_the_past_are_refused() {
    let mut journal = Journal::with("A");
    assert_eq!(journal.attempt(&command("down X 100")), Err(Refusal::UnknownLine("X".into())));
    journal.tell("down A 100");
    let late = linewatch_core::ledger::decide(&journal.ledger, &command("due 50"), crate::text::at(50));
    assert_eq!(late, Err(Refusal::BeforeLastRecord { now: crate::text::at(50), recorded_at: crate::text::at(105) }));
}

#[test]
fn what_is_known_already_is_not_recorded_again() {
    let mut journal = Journal::with("A");
    for (history, records) in [
        ("seen A 10", 0),
        ("lost A 20", 1),
        ("lost A 30", 0),
        ("seen A 40", 1),
        ("sight 50", 0),
        ("blind 60", 1),
        ("blind 60", 0),
        ("blind 70", 0),
        ("sight 80", 1),
        ("up A 90", 0),
        ("due 100", 0),
    ] {
        let before = journal.ledger.seq();
        journal.tell(history);
        assert_eq!(journal.ledger.seq() - before, records, "{history}");
    }
}

#[test]
fn faults_are_numbered_by_the_day_of_recording_in_the_sites_zone() {
    let mut journal = Journal::with("A B C");
    journal.tell("down A 100 | down B 200 | due 300 | down C 86380 | due 86440");
    let numbers: Vec<&str> = journal.ledger.faults().map(|fault| fault.fault.as_str()).collect();
    assert_eq!(numbers, ["F20260105-001", "F20260105-002", "F20260106-001"]);
}

#[test]
fn a_chain_of_starts_that_may_be_the_same_has_one_cause() {
    // V (99, 101] may have failed with T (100, 102], and T with R (101, 103].
    check(
        "R T<R V<T",
        "down R 103 | down T 102 | down V 101",
        "started R 103 own | started T 102 <R | started V 101 <R",
    );
}

#[test]
fn a_trunk_that_fails_again_after_the_grace_does_not_take_its_village_back() {
    let begun = "started T 100 own | started V 101 <T | ended T 300 | started T 400 own | opened 001 T 100 | joined 001 T 400 | joined 001 V 101";
    check(
        "T V<T",
        "down T 100 | down V 101 | up T 300 | down T 400 | due 405",
        &format!("{begun} | attributed V 300 own | left 001 V 300 | opened 002 V 300"),
    );
    // V is its own from exactly 300 on; T may have failed between 290 and 350, but V's time began before T's first loss.
    check(
        "T V<T",
        "down T 100 | down V 101 | up T 300 | due 360 | down T 350 reply=290 confirm=366",
        "started T 100 own | started V 101 <T | ended T 300 | opened 001 T 100 | joined 001 V 101 | attributed V 300 own \
         | left 001 V 300 | opened 002 V 300 | started T 350 own | joined 001 T 350",
    );
}

#[test]
fn only_what_is_down_when_a_fault_opens_is_a_point_of_it() {
    check(
        "T V<T",
        "down T 100 | down V 101 | up V 130 | due 160",
        "started T 100 own | started V 101 <T | ended V 130 | opened 001 T 100",
    );
    check(
        "T V<T",
        "down T 100 | down V 101 | up V 190 | up T 200 | due 200",
        "started T 100 own | started V 101 <T | ended V 190 | ended T 200 | opened 001 T 100 | joined 001 V 101",
    );
}

#[test]
fn a_fault_is_not_restored_while_its_line_is_cut_off() {
    let until = "started T 100 own | opened 001 T 100 | ended T 200 | started R 300 own | started T 301 <R | opened 002 R 300 \
                 | joined 002 T 301";
    let history = "down T 100 | due 160 | up T 200 | down R 300 | down T 301 | due 600";
    check("R T<R", history, until);
    check(
        "R T<R",
        &format!("{history} | up R 700 | up T 701 | due 1001"),
        &format!("{until} | ended R 700 | ended T 701 | restored 002 700 | restored 001 200"),
    );
}

#[test]
fn a_line_out_of_service_need_not_be_seen() {
    check(
        "A!200 B",
        "down A 100 | due 160 | due 200 | lost A 210 | due 500",
        "started A 100 own | opened 001 A 100 | ended A 200 closed | restored 001 200",
    );
}

#[test]
fn outages_of_a_line_never_overlap() {
    check("A", "down A 100 | up A 200 | down A 190 confirm=205", "started A 100 own | ended A 200 | started A 200 own");
}

#[test]
fn what_people_reported_is_never_merged_away() {
    let mut journal = Journal::with("T V<T");
    report(&mut journal, "V", 50);
    assert_eq!(
        journal.tell("down V 101 | down T 100 confirm=110 | due 160"),
        "started V 101 own | joined 001 V 101 | started T 100 own | attributed V 101 <T | opened 002 T 100 \
         | left 001 V 101 | joined 002 V 101"
    );
}

/// What a township office reports, as issue 5 will record it.
pub fn report(journal: &mut Journal, line: &str, opened: i64) {
    let opened = crate::text::at(opened);
    journal.append(Fact::Fault(FaultFact::Opened {
        fault: FaultNo::from_stored("F20260105-001".to_owned()),
        source: FaultSource::Reported,
        line: line.into(),
        opened,
        deadline: opened + Policy::DEFAULT_REPAIR,
        outage: None,
    }));
}

#[test]
fn an_outage_on_a_line_with_an_open_reported_fault_joins_that() {
    let mut journal = Journal::with("T V<T");
    report(&mut journal, "T", 50);
    assert_eq!(
        journal.tell("down T 100 | down V 101 | due 160"),
        "started T 100 own | joined 001 T 100 | started V 101 <T | joined 001 V 101"
    );
}

#[test]
fn a_reported_fault_is_not_restored_by_itself() {
    let mut journal = Journal::with("A");
    report(&mut journal, "A", 50);
    assert_eq!(journal.tell("down A 100 | up A 200 | due 9000"), "started A 100 own | joined 001 A 100 | ended A 200");
    assert_eq!(journal.ledger.next_due(), None);
}

#[test]
fn what_is_shown_follows_the_records() {
    let mut journal = Journal::with("T V<T");
    journal.tell("down T 100 | down V 101 | due 160");
    let fault = journal.ledger.faults().next().expect("a fault").fault.clone();
    let lines = |journal: &Journal| journal.ledger.points(&fault).map(|open| open.line.to_string()).collect::<Vec<_>>();
    assert_eq!(lines(&journal), ["T", "V"]);
    assert_eq!(journal.ledger.next_due(), None, "nothing is due while they are down");
    journal.tell("up T 300");
    assert_eq!(journal.ledger.next_due(), Some(crate::text::at(360)), "V's grace");
    journal.tell("up V 310");
    assert_eq!(journal.ledger.next_due(), Some(crate::text::at(600)), "T's stability");
    journal.tell("due 600");
    assert_eq!((journal.ledger.faults().count(), journal.ledger.next_due()), (1, None), "shown for the merge window");
    journal.tell("checkpoint 2101");
    assert_eq!(journal.ledger.faults().count(), 0);
    assert_eq!(journal.ledger.blind(), None);
}

/// The clock was behind the journal at the start and is set right: what was observed before stays observed.
#[test]
fn a_clock_set_right_after_a_start_in_the_past_leaves_the_past_observed() {
    let mut journal = Journal::with("A");
    journal.tell("checkpoint 100000");
    let before: Vec<_> = journal.tables.0.keys().cloned().collect();
    // Started at 5 by a dead clock battery; set to 110000 at 20.
    journal.tell("resume 110000 beat=100010 | step 20 110000 | sight 110002");
    let gaps: Vec<_> = journal
        .tables
        .0
        .iter()
        .filter(|(key, _)| !before.contains(key))
        .filter_map(|(_, row)| match row {
            linewatch_core::ledger::Row::Gap(row) => {
                Some((crate::text::time(row.from), row.until.map(crate::text::time)))
            }
            _ => None,
        })
        .collect();
    assert!(gaps.iter().all(|(from, _)| from.starts_with("100010")), "{gaps:?}");
}

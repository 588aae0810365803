//! To the instant: until when a step may be entered, and which fault a report is about.

use crate::steps::work;
use crate::text::{Journal, at, check, refused};

/// Steps of one instant go together, in whatever order they are entered.
#[test]
fn steps_of_one_instant_go_together() {
    let open = "due 1000 | report A 500";
    let told = "reported 001 A 500";
    check("A", &format!("{open} | ack F1 500"), &format!("{told} | acked 001 500"));
    check(
        "A",
        &format!("{open} | ack F1 600 | arrive F1 600 | fix F1 600 | close F1 600 | reopen F1 600"),
        &format!("{told} | acked 001 600 | arrived 001 600 | fixed 001 600 | closed 001 600 | reopened 001 600"),
    );
    check(
        "A",
        &format!("{open} | fix F1 600 | arrive F1 600 | ack F1 600"),
        &format!("{told} | fixed 001 600 | arrived 001 600 | acked 001 600"),
    );
    check("A B", &format!("{open} | point F1 B 500"), &format!("{told} | point 001 B 500"));
}

#[test]
fn what_a_person_said_is_verified_once_the_line_was_up_for_five_minutes() {
    let said = "reported 001 A 100 | fixed 001 100";
    check("A", "due 100 | report A | fix F1 | due 399", said);
    check("A", "due 100 | report A | fix F1 | due 400", &format!("{said} | verified 001 100"));
    check("A", "due 100 | report A | fix F1 | blind 200 | sight 300 | due 599", said);
    check("A", "due 100 | report A | fix F1 | blind 200 | sight 300 | due 600", &format!("{said} | verified 001 300"));
}

/// Whom the office calls last need not have come before it was done.
#[test]
fn who_was_sent_need_not_have_done_it() {
    check(
        "A",
        "due 1000 | report A 500 | send F1 600 | fix F1 550",
        "reported 001 A 500 | sent 001 600 | fixed 001 550",
    );
    // Of two who were sent either may be entered first.
    check(
        "A",
        "due 1000 | report A 500 | send F1 600 | send F1 550",
        "reported 001 A 500 | sent 001 600 | sent 001 550",
    );
    refused("A", "due 1000 | report A 500 | send F1 600 | fix F1 700 | send F1 650", "dispatched was recorded by wang");
    refused("A", "due 1000 | report A 500 | fix F1 700 | send F1 701", "does not go with restored");
}

#[test]
fn a_report_is_about_the_fault_that_was_open_then() {
    let over = "down V 100 | due 160 | up V 200 | due 500";
    let begun = "started V 100 own | opened 001 V 100 | ended V 200 | restored 001 200";
    check("V", &format!("{over} | report V 100"), &format!("{begun} | told 001 V 100"));
    check("V", &format!("{over} | report V 199"), &format!("{begun} | told 001 V 199"));
    check("V", &format!("{over} | report V 200"), &format!("{begun} | reported 002 V 200"));
    check("V", &format!("{over} | report V 99"), &format!("{begun} | reported 002 V 99"));
    check("V", &format!("{over} | void F1 | report V 150"), &format!("{begun} | voided 001 | reported 002 V 150"));
    // Of the trunk's, which needs no more points.
    check(
        "T V<T X",
        "down T 100 | due 160 | up T 200 | due 500 | report V 150 | report X 150",
        "started T 100 own | opened 001 T 100 | ended T 200 | restored 001 200 | told 001 V 150 | reported 002 X 150",
    );
    // What it is dated from already says nothing new.
    check("A", "down A 100 | due 160 | report A 100", "started A 100 own | opened 001 A 100 | told 001 A 100");
}

#[test]
fn a_report_from_below_opens_the_fault_of_the_topmost_cause() {
    check(
        "R T<R V<T",
        "down R 100 | down T 101 | due 120 | report V",
        "started R 100 own | started T 101 <R | opened 001 R 100 | joined 001 T 101 | told 001 V 120 | point 001 V 120",
    );
}

#[test]
fn a_line_that_both_faults_name_is_named_once() {
    check(
        "A B V",
        "due 100 | report A | due 200 | report B | point F1 V | point F2 V | point F1 B | merge F1 F2",
        "reported 001 A 100 | reported 002 B 200 | point 001 V 200 | point 002 V 200 | point 001 B 200 \
         | point 002 A 100 | combined 001>002 100",
    );
}

#[test]
fn a_named_lines_outage_joins_and_dates_no_fault_that_was_seen() {
    check(
        "A V",
        "down A 100 | due 160 | point F1 V 160 | down V 95 confirm=170 | due 300",
        "started A 100 own | opened 001 A 100 | point 001 V 160 | started V 95 own | joined 001 V 95",
    );
}

#[test]
fn a_false_alarm_relapses_never() {
    check(
        "A",
        "down A 100 | due 160 | up A 200 | due 500 | void F1 | down A 600 | due 660",
        "started A 100 own | opened 001 A 100 | ended A 200 | restored 001 200 | voided 001 | started A 600 own \
         | opened 002 A 600",
    );
}

#[test]
fn deadlines_follow_the_opening_through_merges_and_splits() {
    let deadlines = |lines: &str, history: &str| {
        let mut journal = Journal::with(lines);
        journal.tell(history);
        journal.ledger.faults().map(|fault| (fault.opened, fault.deadline)).collect::<Vec<_>>()
    };
    let due = |opened: i64| (at(opened), at(opened + 12 * 3600));
    let two = "due 100 | report A | due 200 | report B | due 300";
    assert_eq!(deadlines("A B", &format!("{two} | merge F1 F2")), [due(100)]);
    assert_eq!(deadlines("A B", &format!("{two} | merge F2 F1")), [due(100)]);
    assert_eq!(deadlines("A B V", &format!("{two} | point F1 V 250 | split F1 V")), [due(100), due(200), due(250)]);
}

#[test]
fn what_is_said_is_kept_on_one_line_of_2000_letters_at_most() {
    let longest = "字".repeat(2000);
    let work = work("A", &format!("due 1000 | report A 500 words={longest}"));
    assert_eq!(work.reports[0].report.words, longest);
    refused("A", &format!("report A 500 words={longest}字"), "2001 letters are more than 2000");
}

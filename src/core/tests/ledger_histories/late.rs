//! Verdicts on a trunk that come when the outages below it are over.

use crate::scenarios::report;
use crate::text::{Journal, check};

#[test]
fn a_later_verdict_corrects_what_is_over_by_then() {
    check(
        "T V<T",
        "down V 100 reply=98 | up V 110 confirm=112 | down T 99 reply=97 confirm=113 | up T 112 confirm=114",
        "started V 100 own | ended V 110 | started T 99 own | attributed V 100 <T | ended T 112",
    );
    // V's second outage began before T may have failed, and X does not hang on T.
    check(
        "T V<T X",
        "down V 100 | up V 110 | down X 111 | up X 115 | down V 120 | up V 130 | down T 125 confirm=140",
        "started V 100 own | ended V 110 | started X 111 own | ended X 115 | started V 120 own | ended V 130 \
         | started T 125 own",
    );
    // Two in a row, as of a modem that starts again and again while the trunk is cut.
    check(
        "R T<R V<T",
        "down V 101 | up V 104 | down V 107 | up V 109 | down R 100 confirm=120",
        "started V 101 own | ended V 104 | started V 107 own | ended V 109 | started R 100 own | attributed V 101 <R \
         | attributed V 107 <R",
    );
    // T was back at 130: from then on V was down on its own.
    check(
        "T V<T",
        "down V 100 | due 160 | up V 200 | down T 99 confirm=210 | up T 130 confirm=215 | due 220 | due 600",
        "started V 100 own | opened 001 V 100 | ended V 200 | started T 99 own | attributed V 100 <T | ended T 130 \
         | attributed V 130 own | restored 001 200",
    );
}

/// Whatever the links are by now.
#[test]
fn what_was_over_before_the_trunk_can_have_failed_stays_as_it_was() {
    let lines = "S T V<T";
    let begun = "started S 80 own | started V 90 own | ended S 95 | ended V 98 | changed T";
    let history = "down S 80 | down V 90 | up S 95 | up V 98 | lines 101 S T<S V<T";
    check(lines, &format!("{history} | down T 100 reply=98"), &format!("{begun} | started T 100 own"));
    check(
        lines,
        &format!("{history} | down T 100 reply=97"),
        &format!("{begun} | started T 100 own | attributed V 90 <S"),
    );
    // One that ended where it began has no time to be another's.
    check(
        "T V<T",
        "down V 100 | up V 100 loss=99 confirm=107 | down T 99 confirm=110",
        "started V 100 own | ended V 100 | started T 99 own",
    );
    check(
        "T V<T",
        "down T 10 | up T 30 | down T 200 reply=35 | down V 101 confirm=210 | up V 101 confirm=212 | due 250",
        "started T 10 own | ended T 30 | started T 200 own | started V 101 <T | ended V 101",
    );
}

#[test]
fn a_fault_of_what_is_over_is_merged_into_the_one_it_was_a_part_of() {
    let begun = "started V 100 own | opened 001 V 100 | ended V 200 | started T 99 own | attributed V 100 <T";
    let history = "down V 100 | due 160 | up V 200 | down T 99 confirm=210";
    check("T V<T", &format!("{history} | due 220"), &format!("{begun} | opened 002 T 99 | merged 001>002 99"));
    // Restored by then: it stays as it was.
    check(
        "T V<T",
        "down V 100 | due 160 | up V 200 | due 500 | down T 99 confirm=510 | due 520",
        "started V 100 own | opened 001 V 100 | ended V 200 | restored 001 200 | started T 99 own \
         | attributed V 100 <T | opened 002 T 99",
    );
    // Opened again by a person it stays one of its own.
    check(
        "T V<T",
        "down V 101 | due 161 | up V 200 | due 500 | reopen F1 300 | down T 100 confirm=510 | due 511",
        "started V 101 own | opened 001 V 101 | ended V 200 | restored 001 200 | reopened 001 300 | started T 100 own \
         | attributed V 101 <T | opened 002 T 100 | left 001 V 101 | joined 002 V 101",
    );
    // A person made it a part of another one: what is over is moved when the trunk's fault opens.
    let merged = "down A 100 | down V 101 | due 161 | merge F2 F1 | up V 200 | down T 100 confirm=210";
    let begun = "started A 100 own | started V 101 own | opened 001 A 100 | opened 002 V 101 | point 001 V 101 \
                 | combined 002>001 100 | ended V 200 | started T 100 own | attributed V 101 <T";
    check("A T V<T", merged, begun);
    check(
        "A T V<T",
        &format!("{merged} | due 211"),
        &format!("{begun} | opened 003 T 100 | left 001 V 101 | joined 003 V 101"),
    );
    // Over when the trunk's first probe was lost: no part of its fault, whether that is over or not.
    let mut journal = Journal::with("T V<T");
    report(&mut journal, "V", 50);
    let begun = "started T 100 own | attributed V 99 <T";
    assert_eq!(
        journal.tell("down V 99 | up V 100 | down T 100 confirm=106 | due 160"),
        format!("started V 99 own | joined 001 V 99 | ended V 100 | {begun} | opened 002 T 100")
    );
    check(
        "T V<T",
        "down V 99 | up V 100 | down T 100 confirm=106 | up T 170 | due 180",
        &format!("started V 99 own | ended V 100 | {begun} | ended T 170 | opened 001 T 100"),
    );
    // Over before T failed again: no part of that fault.
    let mut journal = Journal::with("T V<T");
    report(&mut journal, "V", 50);
    assert_eq!(
        journal.tell("down V 100 | up V 110 | down T 99 confirm=113 | up T 114 | down T 5000 | due 5060"),
        "started V 100 own | joined 001 V 100 | ended V 110 | started T 99 own | attributed V 100 <T | ended T 114 \
         | started T 5000 own | opened 002 T 5000"
    );
}

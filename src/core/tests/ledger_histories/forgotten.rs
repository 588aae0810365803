//! What is over for long: who still decides by it, and what is held of it.

use linewatch_core::ledger::Row;

use crate::text::{Journal, at, check, refused};

const DAY: i64 = 24 * 3600;

/// A village that nobody saw for two days after its trunk had returned is down on its own from its start; the trunk's
/// fault, over for more than a day, has no part in it any more.
#[test]
fn a_fault_over_for_more_than_a_day_lets_its_points_go() {
    let cut = "down T 100 | down V 101 | due 160 | lost V 200 | up T 300";
    let begun = "started T 100 own | started V 101 <T | opened 001 T 100 | joined 001 V 101 | ended T 300";
    let later = "checkpoint 200000 | seen V 200000 | still V 200001 | due 200300";
    let own = "bridged V 200..200001 | attributed V 101 own | opened F20260107-001 V 101";
    check("T V<T", &format!("{cut} | due 600 | {later}"), &format!("{begun} | restored 001 300 | {own}"));
    check("T V<T", &format!("{cut} | void F1 | {later}"), &format!("{begun} | voided 001 | {own}"));
    let mut journal = Journal::with("T V<T");
    journal.tell(&format!("{cut} | due 600 | {later}"));
    let mut rows = journal.tables.0.values();
    let points = rows.by_ref().filter_map(|row| if let Row::Point(row) = row { Some(row) } else { None });
    let village: Vec<_> = points.filter(|row| row.line.as_str() == "V").map(|row| (row.from, row.left)).collect();
    assert_eq!(village, [(at(101), Some(at(101))), (at(101), None)], "of one fault at a time, in the rows too");
    // One that is over stays as it is recorded.
    check(
        "T V<T",
        &format!("{cut} | due 600 | checkpoint 200000 | seen V 200000 | still V 200001 | up V 200010 | due 200300"),
        &format!("{begun} | restored 001 300 | bridged V 200..200001 | ended V 200010"),
    );
    // Within the day it is the trunk's fault that it leaves.
    check(
        "T V<T",
        &format!("{cut} | due 600 | checkpoint 50000 | seen V 50000 | still V 50001 | due 50300"),
        &format!(
            "{begun} | restored 001 300 | bridged V 200..50001 | attributed V 300 own | left 001 V 300 | opened 002 V 300"
        ),
    );
}

#[test]
fn a_closed_fault_is_kept_for_31_days_to_the_instant() {
    let closed = |later: i64| format!("due 100 | report A | close F1 | lost A {later} | note F1 words=x");
    check("A", &closed(100 + 31 * DAY), "reported 001 A 100 | fixed 001 100 | closed 001 100 | noted 001");
    refused("A", &closed(101 + 31 * DAY), "no fault");
}

/// By the text of the ledger, which names all that it holds.
#[test]
fn a_ledger_does_not_grow_with_the_years() {
    let mut journal = Journal::with("A");
    for day in 0..40 {
        let start = day * DAY;
        journal.tell(&format!(
            "checkpoint {start} | down A {} | up A {} | due {} | close F0",
            start + 10,
            start + 100,
            start + 500
        ));
    }
    let text = format!("{:?}", journal.ledger);
    let held = |name: &str| text.matches(name).count();
    assert!((1..=2).contains(&held("OpenOutage {")), "outages of a day");
    assert!((31..=33).contains(&held("OpenFault {")), "faults of 31 days");
}

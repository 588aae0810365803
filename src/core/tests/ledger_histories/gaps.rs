//! Outages, faults and gaps: what nobody saw, told one line each.

use crate::text::check;

#[test]
fn an_outage_that_goes_on_after_a_gap_is_the_same_and_the_gap_counts() {
    check(
        "A",
        "down A 100 | due 160 | resume 900 beat=500 | sight 901 | still A 902",
        "started A 100 own | opened 001 A 100 | bridged A 500..902",
    );
    check(
        "A",
        "down A 100 | due 160 | resume 900 beat=500 wait=A:490 | sight 901 | still A 902",
        "started A 100 own | opened 001 A 100 | bridged A 490..902",
    );
    check("A", "down A 100 | due 160 | still A 200", "started A 100 own | opened 001 A 100");
    check(
        "A",
        "down A 100 | due 160 | resume 900 beat=500 | sight 901 | still A 902 | still A 902",
        "started A 100 own | opened 001 A 100 | bridged A 500..902",
    );
    check(
        "A",
        "down A 100 | due 160 | lost A 300 | seen A 400 | down A 400",
        "started A 100 own | opened 001 A 100 | bridged A 300..400",
    );
}

#[test]
fn an_outage_that_ended_within_a_gap_ends_where_the_gap_begins() {
    check(
        "A",
        "down A 100 | due 160 | resume 900 beat=500 | sight 901 | up A 902 loss=498 gap | due 1201",
        "started A 100 own | opened 001 A 100 | ended A 500 gap",
    );
    check(
        "A",
        "down A 100 | due 160 | resume 900 beat=500 | sight 901 | up A 902 loss=498 gap | due 1202",
        "started A 100 own | opened 001 A 100 | ended A 500 gap | restored 001 500",
    );
    check(
        "A",
        "down A 100 confirm=106 | resume 900 beat=90 | sight 901 | up A 902 loss=100 gap",
        "started A 100 own | ended A 106 gap",
    );
    // The heartbeat still had it waiting; the record after it says more.
    check(
        "A",
        "down A 100 confirm=106 | resume 900 beat=103 wait=A:100 | sight 901 | up A 902 loss=100 gap",
        "started A 100 own | ended A 106 gap",
    );
}

#[test]
fn nothing_is_due_while_nobody_sees() {
    // 40 s old when the monitor stopped: it may have ended, so no fault until Down is confirmed again.
    check(
        "A",
        "down A 100 | resume 900 beat=140 | due 900 | sight 901 | due 901 | up A 902 loss=138 gap | due 2000",
        "started A 100 own | ended A 140 gap",
    );
    check(
        "A",
        "down A 100 | resume 900 beat=140 | sight 901 | still A 902 | due 907",
        "started A 100 own | bridged A 140..902 | opened 001 A 100",
    );
    check("A", "down A 100 | blind 140 | sight 200 | due 259 | due 260", "started A 100 own | opened 001 A 100");
    check("A", "down A 100 | blind 170 | due 171", "started A 100 own | opened 001 A 100");
}

#[test]
fn a_trunk_repaired_while_the_monitor_was_stopped_makes_no_faults_of_its_villages() {
    check(
        "T V<T",
        "down T 100 | down V 101 | due 160 | resume 9000 beat=500 | sight 9001 | up T 9001 loss=498 gap | due 9004 \
         | up V 9005 loss=499 gap | due 9900",
        "started T 100 own | started V 101 <T | opened 001 T 100 | joined 001 V 101 | ended T 500 gap | ended V 500 gap \
         | restored 001 500",
    );
}

/// For counting, T's outage ended with the heartbeat, more than [`Ledger::MEMORY`] ago; T itself returned just now.
///
/// [`Ledger::MEMORY`]: linewatch_core::ledger::Ledger::MEMORY
#[test]
fn a_trunk_repaired_while_the_monitor_stood_still_for_days_answers_until_it_was_seen_again() {
    let begun = "started T 1000 own | started V 1001 <T | opened 001 T 1000 | joined 001 V 1001 | ended T 3700 gap";
    let stood_still = "down T 1000 | down V 1001 | due 1100 | checkpoint 3600 | resume 230000 beat=3700 | sight 230001";
    check(
        "T V<T",
        &format!("{stood_still} | up T 230003 loss=3698 gap | still V 230002 | due 240000"),
        &format!(
            "{begun} | bridged V 3700..230002 | attributed V 230003 own | left 001 V 230003 | opened F20260107-001 V 230003 \
             | restored 001 3700"
        ),
    );
    check(
        "T V<T",
        &format!("{stood_still} | up T 230003 loss=3698 gap | up V 230010 loss=3699 gap | due 240000"),
        &format!("{begun} | ended V 3700 gap | restored 001 3700"),
    );
    // Later still nothing is due to what ended for counting before the memory began, whose fault is forgotten.
    check(
        "T V<T",
        &format!(
            "{stood_still} | up T 230003 loss=3698 gap | up V 230004 gap | due 240000 | checkpoint 250000 | due 300000"
        ),
        &format!("{begun} | ended V 3700 gap | restored 001 3700"),
    );
}

#[test]
fn the_ledgers_own_horizon_counts_when_it_reaches_further_than_the_heartbeat() {
    check(
        "A",
        "checkpoint 300 | down A 310 | resume 900 beat=200 | sight 901 | up A 902 loss=314 gap",
        "started A 310 own | ended A 315 gap",
    );
}

#[test]
fn a_gap_that_was_known_before_the_outage_ends_it_at_its_confirmation() {
    let outage = "started A 100 own";
    check(
        "A",
        "blind 103 | down A 100 confirm=110 | sight 200 | up A 201 loss=104 gap",
        &format!("{outage} | ended A 110 gap"),
    );
    check(
        "A",
        "lost A 103 | down A 100 confirm=110 | seen A 200 | up A 201 loss=104 gap",
        &format!("{outage} | ended A 110 gap"),
    );
    // Over before it was told.
    check(
        "A",
        "lost A 108 | seen A 120 | down A 100 confirm=110 | up A 200 loss=104 gap",
        &format!("{outage} | ended A 110 gap"),
    );
    // Over before the confirmation: it says nothing of what came after.
    for seen in [104, 110] {
        let history = format!("lost A 102 | seen A {seen} | down A 100 confirm=110 | up A 200 loss=150 gap");
        check("A", &history, &format!("{outage} | ended A 150 gap"));
    }
}

#[test]
fn a_second_gap_before_the_first_is_bridged_begins_where_it_began() {
    check(
        "A",
        "down A 100 | blind 200 | sight 300 | lost A 302 | still A 301 | seen A 400 | up A 401 loss=300 gap",
        "started A 100 own | bridged A 200..301 | ended A 302 gap",
    );
}

#[test]
fn a_gap_proves_nothing_from_its_first_instant_to_its_last() {
    let opened = "started A 100 own | opened 001 A 100";
    check("A", "down A 100 | blind 160 | due 161", opened);
    check("A", "down A 100 | blind 159 | due 161", "started A 100 own");
    check(
        "A",
        "down A 100 | resume 900 beat=140 | sight 902 | still A 902 | due 907",
        "started A 100 own | bridged A 140..902 | opened 001 A 100",
    );
    // Of two gaps each counts that begins before enough was seen.
    let twice = "down A 100 | lost A 110 | seen A 120 | blind 170 | sight 200";
    check("A", &format!("{twice} | due 259"), "started A 100 own");
    check("A", &format!("{twice} | due 260"), opened);
    check("A", "down A 100 | lost A 110 | seen A 120 | blind 180 | sight 200 | due 201", opened);
    check("A", "down A 100 | blind 170 | sight 200 | due 201", opened);
    let mut journal = crate::text::Journal::with("A");
    journal.tell("down A 100 | blind 140");
    assert_eq!(journal.ledger.next_due(), None, "while it lasts nothing is due");
}

#[test]
fn a_verdict_after_the_heartbeat_has_settled_what_the_line_was_waiting_for() {
    let waits = |history: &str| {
        let mut journal = crate::text::Journal::with("A");
        journal.tell(history);
        journal
            .tables
            .0
            .keys()
            .any(|key| key.starts_with("gap Some(LineId(\"A\")) ") && !key.ends_with(" 1767542400000"))
    };
    assert!(waits("down A 100 confirm=106 | resume 900 beat=106 wait=A:100"), "the heartbeat knew it");
    assert!(!waits("down A 100 confirm=106 | resume 900 beat=105 wait=A:100"));
    assert!(waits("down A 100 confirm=105 | up A 110 confirm=112 | resume 900 beat=112 wait=A:108"));
    assert!(!waits("down A 100 confirm=105 | up A 110 confirm=112 | resume 900 beat=111 wait=A:108"));
}

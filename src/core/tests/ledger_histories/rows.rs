//! The derived rows a history leaves: what figures are computed from.

use std::sync::Arc;

use linewatch_core::ledger::{Ledger, Policy, Row, decide};
use linewatch_core::record::{Attribution, EndReason, Fact, FaultFact, FaultNo, Origin, OutageFact, OutageId, Record};
use linewatch_core::time::{Millis, Timestamp};

use crate::text::{Journal, at, time};

/// Rows of a journal as text: gaps `line from..until cause`, bridges, segments, points, line rows; by key.
fn rows(journal: &Journal, of: fn(&Row) -> bool) -> String {
    let until = |until: Option<Timestamp>| until.map_or(String::new(), time);
    let from = |from: Timestamp| if from == Timestamp::MIN { "ever".to_owned() } else { time(from) };
    let mut told: Vec<(String, Timestamp, String)> = journal
        .tables
        .0
        .values()
        .filter(|row| of(row))
        .map(|row| match row {
            Row::Gap(row) => {
                let line = row.line.as_ref().map_or("all", |line| line.as_str()).to_owned();
                let text = format!("{line} {}..{} {:?}", time(row.from), until(row.until), row.cause);
                (line, row.from, text)
            }
            Row::Line(row) => {
                let text = format!("{} {}..{}", row.line.id, from(row.from), until(row.until));
                (row.line.id.to_string(), row.from, text)
            }
            Row::Segment(row) => {
                let whose = match &row.attribution {
                    Attribution::Own => "own".to_owned(),
                    Attribution::Upstream(line) => format!("<{line}"),
                    Attribution::Declared => "declared".to_owned(),
                };
                (format!("{:06}", row.outage.0), row.from, format!("{} {whose}", time(row.from)))
            }
            Row::Point(row) => {
                let text = format!("{} {}..{}", row.line, time(row.from), until(row.left));
                (row.fault.to_string(), row.from, text)
            }
            other => panic!("not told: {other:?}"),
        })
        .collect();
    told.sort();
    told.into_iter().map(|(_, _, text)| text).collect::<Vec<_>>().join(" | ")
}

#[track_caller]
fn check(lines: &str, history: &str, of: fn(&Row) -> bool, expected: &str) {
    let mut journal = Journal::with(lines);
    journal.tell(history);
    assert_eq!(rows(&journal, of), expected, "\nhistory: {history}\n");
}

fn gaps(row: &Row) -> bool {
    matches!(row, Row::Gap(gap) if gap.until != Some(gap.from))
}

fn lines(row: &Row) -> bool {
    matches!(row, Row::Line(_))
}

fn segments(row: &Row) -> bool {
    matches!(row, Row::Segment(_))
}

fn points(row: &Row) -> bool {
    matches!(row, Row::Point(_))
}

#[test]
fn one_gap_of_all_lines_is_open_at_a_time() {
    check("A", "blind 100 | sight 200", gaps, "all 100..200 Silent");
    check("A", "blind 100 | resume 500 beat=300 | sight 600", gaps, "all 100..600 Silent");
    check("A", "resume 500 beat=300 | blind 510 | sight 600", gaps, "all 300..600 Stopped");
    check("A", "blind 300 | blind 290 | sight 600", gaps, "all 290..600 Silent");
}

#[test]
fn a_clock_step_takes_no_other_gaps_place() {
    check("A", "blind 100 | step 100 160 | sight 130", gaps, "all 100..130 Silent | all 100001ms..160 ClockStep");
    check("A", "step 160 100 | step 100 100", gaps, "all 100..160 ClockStep");
}

#[test]
fn waiting_lines_are_uncertain_before_the_others() {
    check("A B", "blind 100 wait=A:90 | sight 200", gaps, "A 90..100 Silent | all 100..200 Silent");
    check("A B", "resume 500 beat=300 wait=B:280 | sight 501", gaps, "B 280..300 Stopped | all 300..501 Stopped");
    // At the start those of the heartbeat and those of the last record, which may say the same.
    let both = "checkpoint 300 wait=A:290 | resume 900 beat=300";
    check("A", both, gaps, "A 290..300 Stopped | all 300.. Stopped");
    check("A", &format!("{both} wait=A:280"), gaps, "A 280..300 Stopped | all 300.. Stopped");
    check("A B", &format!("{both} wait=B:280"), gaps, "A 290..300 Stopped | B 280..300 Stopped | all 300.. Stopped");
    check("A B", "step 100 160 wait=A:95", gaps, "A 95..100 ClockStep | all 100..160 ClockStep");
    check("A", "lost A 80 | blind 100 wait=A:90 | seen A 150", gaps, "A 80..150 Unresolved | all 100.. Silent");
}

#[test]
fn a_line_is_pending_from_its_opening_or_its_first_load() {
    let mut journal = Journal::with("A");
    journal.tell("lines 100 A B C+50 D+500 | seen B 110 | seen C 120");
    assert_eq!(rows(&journal, gaps), "B 100..110 Pending | C 50..120 Pending | D 500.. Pending");
    assert_eq!(rows(&journal, lines), "A ever.. | B ever.. | C 50.. | D 500..");
}

#[test]
fn inventory_rows_follow_one_another() {
    check("A", "lines 100 A<B B", lines, "A ever..100 | A 100.. | B ever..");
    check("A B", "lines 100 A remove | lines 200 A B", lines, "A ever.. | B ever..100 | B 200..");
    check("A B", "lines 100 A remove | lines 200 A B+150", lines, "A ever.. | B ever..100 | B 150..");
    check("A B", "lines 100 A remove | lines 200 A B+50", lines, "A ever.. | B ever..100 | B 100..");
    check("A", "lines 100 A!900 | lines 100 A!800", lines, "A ever..100 | A 100..");
}

#[test]
fn between_a_gap_and_a_first_loss_the_line_may_have_been_down() {
    check("A", "blind 100 | sight 200 | down A 203 reply=99", gaps, "A 200..203 Silent | all 100..200 Silent");
    check("A", "blind 100 | sight 200 | down A 203 reply=201", gaps, "all 100..200 Silent");
    check("A", "blind 100 | sight 200 | down A 203 reply=200", gaps, "all 100..200 Silent");
    check(
        "A",
        "lost A 100 | seen A 200 | down A 203 reply=none",
        gaps,
        "A 100..200 Unresolved | A 200..203 Unresolved",
    );
    check("A", "blind 100 | sight 200 | down A 200 reply=99", gaps, "all 100..200 Silent");
}

#[test]
fn corrected_segments_replace_what_was_said_before() {
    check("T V<T", "down T 100 | down V 101 | up T 300 | due 360", segments, "100 own | 101 <T | 300 own");
    check("T V<T", "down V 101 | down T 100 confirm=107", segments, "101 <T | 100 own");
    // The trunk's second outage began while the village was still the first one's: from 300 on it is own, as recorded.
    check(
        "T V<T",
        "down T 100 | down V 101 | up T 300 | due 360 | down T 400",
        segments,
        "100 own | 101 <T | 300 own | 400 own",
    );
    // Gone again before the release: the outage ended where the segment began.
    check(
        "T V<T",
        "down T 100 | down V 101 | up T 300 | due 360 | up V 370 loss=290 gap",
        segments,
        "100 own | 101 <T",
    );
}

#[test]
fn a_segment_after_the_end_is_no_more_however_often_it_was_corrected() {
    let history = "down T 100 | down V 101 | up T 300 | due 360 | down R 299 reply=297 confirm=365";
    let lines = "R T<R V<T";
    check(lines, history, segments, "100 own | 101 <T | 300 <R | 299 own");
    let gone = format!("{history} | up V 370 loss=290 gap");
    check(lines, &gone, segments, "100 own | 101 <T | 299 own");
    // What is left is corrected still.
    let cut = "down T 100 | down V 101 | up T 300 | due 360 | up V 370 loss=290 gap | down R 99 reply=97 confirm=380";
    check(lines, cut, segments, "100 <R | 101 <R | 99 own");
}

#[test]
fn from_an_instant_on_the_time_is_anothers() {
    let mut journal = Journal::with("T V<T");
    journal.tell("down T 100 | down V 101 | up T 300 | due 360");
    let outage = journal.ledger.open_outage(&"V".into()).expect("down").outage;
    let attribution = Attribution::Own;
    journal.append(Fact::Outage(OutageFact::Attributed { outage, from: at(200), attribution: attribution.clone() }));
    assert_eq!(rows(&journal, segments), "100 own | 101 <T | 200 own");
    journal.append(Fact::Outage(OutageFact::Attributed { outage, from: at(50), attribution }));
    assert_eq!(rows(&journal, segments), "100 own | 101 own", "never from before it began");
}

#[test]
fn an_outage_never_ends_before_it_began() {
    let mut journal = Journal::with("A");
    journal.tell("down A 100");
    let outage = journal.ledger.open_outage(&"A".into()).expect("down").outage;
    let early = at(50);
    let reason = EndReason::Gap;
    journal.append(Fact::Outage(OutageFact::Ended {
        outage,
        end: early,
        last_loss: early,
        first_reply: early,
        confirmed_at: early,
        reason,
    }));
    let mut rows = journal.tables.0.values();
    let ended = rows.find_map(|row| if let Row::Outage(row) = row { row.end } else { None }).expect("over");
    assert_eq!((ended.end, ended.first_reply, ended.returned()), (at(100), early, at(100)));
}

#[test]
fn points_of_a_merged_fault_go_over_to_the_survivor() {
    check(
        "T V<T",
        "down V 101 | due 161 | down T 102 confirm=165 | due 165 | up T 300 | due 360",
        points,
        "V 101.. | V 101..300 | T 102.. | V 300..",
    );
}

#[test]
fn counters_count_each_millisecond_once_and_from_the_load_on() {
    let mut journal = Journal::with("A B");
    journal.tell(
        "blind 100 wait=A:90 | sight 200 | lost A 150 | seen A 250 | down B 300 | up B 400 | lost B 500 | blind 520",
    );
    journal.tell("seen B 540 | sight 560");
    let counted = |journal: &Journal, id: &str| {
        let line = journal.ledger.line(&id.into()).expect("a line");
        (line.undetermined.0 / 1000, line.down.0 / 1000, line.outages)
    };
    // A: 90..200, then 200..250 of its own gap, then 520..560; B: 100..200, then 500..560.
    assert_eq!(counted(&journal, "A"), (200, 0, 0));
    assert_eq!(counted(&journal, "B"), (160, 100, 1));

    journal.tell("blind 600 | lost B 620 | seen B 640 | sight 700");
    assert_eq!((counted(&journal, "A").0, counted(&journal, "B").0), (300, 260), "600..700 once");

    journal.tell("resume 1000 beat=800 | sight 1010");
    assert_eq!(counted(&journal, "A"), (310, 0, 0), "what lies before the start is not counted");
}

#[test]
fn the_horizon_is_the_latest_instant_up_to_which_a_record_says_that_all_is_certain() {
    let mut journal = Journal::new();
    assert_eq!(journal.ledger.horizon(), None);
    for (history, horizon) in [
        ("lines 0 A", None),
        ("checkpoint 100", Some(100)),
        ("down A 90 confirm=95", Some(100)),
        ("up A 200 confirm=202", Some(100)),
        ("blind 300", Some(300)),
        ("sight 400", Some(400)),
        ("blind 380", Some(400)),
    ] {
        journal.tell(history);
        assert_eq!(journal.ledger.horizon(), horizon.map(at), "{history}");
    }
}

#[test]
fn of_two_records_of_one_instant_the_later_one_says_who_was_waiting() {
    let waiting = |history: &str| {
        let mut journal = Journal::with("A");
        journal.tell(history);
        let Some(Row::Horizon(row)) = journal.tables.0.get("horizon") else { panic!("no horizon") };
        row.waiting.iter().map(|waiting| time(waiting.until)).collect::<Vec<_>>()
    };
    assert_eq!(waiting("checkpoint 100 wait=A:90 | checkpoint 100 wait=A:95"), ["95"]);
    assert_eq!(waiting("checkpoint 100 wait=A:90 | blind 99 wait=A:95"), ["90"]);
}

#[test]
fn every_step_leaves_a_row_and_points_have_rows_of_their_own() {
    let steps = |journal: &Journal| {
        let mut steps: Vec<_> = journal
            .tables
            .0
            .values()
            .filter_map(|row| if let Row::Step(row) = row { Some(row) } else { None })
            .map(|row| (row.number, format!("{} {}", row.said.by, row.fact.kind())))
            .collect();
        steps.sort();
        steps.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" | ")
    };
    let mut journal = Journal::with("T V<T");
    journal.tell("down V 101 | due 161 | down T 102 confirm=165 | due 165 | ack F2 by=li | up T 300 | due 360");
    assert_eq!(
        steps(&journal),
        "linewatch fault.opened | linewatch fault.opened | linewatch fault.merged | li fault.acknowledged \
         | linewatch fault.opened"
    );
}

#[test]
fn what_speaks_of_no_fault_that_is_held_changes_nothing() {
    let number = |text: &str| FaultNo::from_stored(text.to_owned());
    let mut journal = Journal::with("A");
    journal.tell("down A 100 | due 160");
    let before = journal.tables.clone();
    let (ours, none) = (number("F20260105-001"), number("F20260105-009"));
    let (opened, deadline) = (at(50), at(999));
    for fact in [
        FaultFact::Merged { fault: ours.clone(), into: none.clone(), opened, deadline },
        FaultFact::Merged { fault: none.clone(), into: ours.clone(), opened, deadline },
        FaultFact::Restored { fault: none.clone(), at: at(200) },
        FaultFact::Joined { fault: none, line: "A".into(), outage: OutageId(1), from: at(100) },
    ] {
        journal.append(Fact::Fault(fact));
    }
    journal.append(Fact::Fault(FaultFact::Merged { fault: ours.clone(), into: ours.clone(), opened, deadline }));
    let changed = |row: &&Row| !matches!(row, Row::Step(_));
    assert!(journal.tables.0.values().filter(changed).eq(before.0.values().filter(changed)));
    assert!(journal.ledger.fault(&ours).is_some_and(|fault| fault.is_open() && fault.opened == at(100)));
    assert_eq!(journal.ledger.points(&ours).count(), 1);
}

#[test]
fn a_large_inventory_is_cheap_to_clone_and_to_change() {
    let ids: Vec<String> = (0..10_000).map(|number| format!("L{number:05}<T")).collect();
    let mut journal = Journal::new();
    journal.now = at(0);
    let load = crate::text::inventory(&format!("T {}", ids.join(" ")), at(0), false);
    let facts = decide(&journal.ledger, &load, at(0)).expect("a first load");
    assert_eq!(facts.len(), 10_001);
    for fact in facts {
        journal.append(fact);
    }
    let before = journal.ledger.clone();
    journal.tables.0.clear();
    for fact in decide(&before, &crate::text::command("seen L00007 5"), at(5)).expect("seen") {
        journal.append(fact);
    }
    let seen = |ledger: &Ledger| ledger.lines().filter(|line| line.unseen.is_none()).count();
    assert_eq!((seen(&before), seen(&journal.ledger)), (0, 1), "the clone does not see the change");
    // A change copies one chunk of lines: all others are shared.
    let shared = before.lines().zip(journal.ledger.lines()).filter(|(one, other)| std::ptr::eq(*one, *other)).count();
    assert_eq!(shared, 10_001 - 64);
}

#[test]
fn an_outage_counts_whole_when_it_ends() {
    let mut journal = Journal::with("A");
    journal.tell("down A 100 | resume 900 beat=500 | sight 901 | still A 902 | up A 1000");
    let line = journal.ledger.line(&"A".into()).expect("a line");
    assert_eq!((line.down, line.outages), (Millis::from_secs(900), 1));
}

#[test]
fn the_deadline_is_the_classs_repair_time_after_the_opening() {
    let mut policy = Policy::new(chrono_tz::Asia::Shanghai);
    policy.repair.insert("village".into(), Millis::from_secs(4 * 3600));
    for (policy, hours) in [(Policy::new(chrono_tz::Asia::Shanghai), 12), (policy, 4)] {
        let mut ledger = Ledger::new(Arc::new(policy));
        for history in ["lines 0 A", "seen A 0", "down A 100", "due 200"] {
            let command = crate::text::command(history);
            let now = crate::text::time_of(&command);
            for fact in decide(&ledger, &command, now).expect(history) {
                let (seq, author) = (ledger.seq() + 1, String::new());
                ledger.apply(&Record { seq, v: 1, recorded_at: now, origin: Origin::Live, author, fact });
            }
        }
        let deadlines: Vec<_> = ledger.faults().map(|fault| fault.deadline).collect();
        assert_eq!(deadlines, [at(100 + hours * 3600)]);
    }
}

#[test]
fn the_survivor_of_a_merge_keeps_the_earliest_opening_and_its_own_repair_time() {
    let mut journal = Journal::with("T V<T");
    journal.tell("down V 101 | due 161 | down T 102 confirm=165 | due 165");
    let faults: Vec<_> = journal.ledger.faults().collect();
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].line.as_str(), faults[0].opened), ("T", at(101)));
    assert_eq!(faults[0].deadline, at(101) + Policy::DEFAULT_REPAIR);
    let merged = journal.tables.0.values().any(|row| matches!(row, Row::Fault(row) if row.merged_into.is_some()));
    assert!(merged, "the row of the merged fault names the survivor");
}

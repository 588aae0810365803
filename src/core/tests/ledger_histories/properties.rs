//! Random histories: whatever the monitor and the clock say, in whatever order, the ledger's invariants hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{any_time, fact};
use crate::text::{Journal, at, policy};
use linewatch_core::availability::{account, without};
use linewatch_core::command::Command;
use linewatch_core::ledger::{Ledger, Row, Stage, decide};
use linewatch_core::line::LineId;
use linewatch_core::record::{Fact, FaultFact, Origin, OutageId, Record};
use linewatch_core::time::{Span, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

/// Two trees and a line alone.
const LINES: [&str; 6] = ["R", "T<R", "V<T", "W<T", "S", "X<S"];

/// One step of a history: what happens, on which line, after how long, and a number to vary it by.
type Step = (u8, u8, u8, i64);

/// Half of the histories are calm: outages and time alone, so that long stories of faults are told as well.
fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..104, 0u8..6, 0u8..9, 0i64..100);
    (any::<bool>(), proptest::collection::vec(step, 1..count)).prop_map(|(calm, mut steps)| {
        for step in steps.iter_mut().filter(|step| calm && (20..35).contains(&step.0)) {
            step.0 = DUE;
        }
        steps
    })
}

/// From here to [`PEOPLE`].
const DUE: u8 = 40;
/// From here to [`FAULTS`].
const PEOPLE: u8 = 55;
/// This and whatever is greater.
const FAULTS: u8 = 74;

/// A step as text, one command or more. Most are what a monitor would say; some are not.
fn text((what, line, pause, vary): Step, clock: &mut i64) -> String {
    *clock += [0, 1, 3, 17, 61, 120, 301, 2_000, 50_000][usize::from(pause)];
    let id = LINES[usize::from(line)].split('<').next().expect("an id");
    let now = *clock;
    match what {
        0..=9 => format!("down {id} {} confirm={now}", now - 1 - vary % 7),
        10 => format!("down {id} {} confirm={now} reply=none", now - 1 - vary % 7),
        11 => format!("down {id} {} confirm={now} reply={}", now - vary, now - vary - vary % 13),
        12..=19 => format!("up {id} {} confirm={now}", now - vary % 5),
        20 => format!("up {id} {} loss={} confirm={now} gap", now - vary % 5, now - vary),
        21 | 22 => format!("still {id} {now}"),
        23 => format!("blind {}", now - vary % 9),
        24 => format!("blind {} wait={id}:{}", now - vary % 9, now - vary % 40),
        25..=27 => format!("sight {}", now - vary % 3),
        28 => format!("lost {id} {}", now - vary),
        29 | 30 => format!("seen {id} {now}"),
        31 => format!("resume {now} beat={} wait={id}:{}", now - vary, now - vary - 5),
        32 => format!("step {} {now}", now - vary),
        33 => format!("checkpoint {now}"),
        34 => inventory_text(now, vary),
        // Confirmed late, as after waiting for sight.
        37..DUE => {
            // A line below is known first, and has its fault, when the line above turns out to be down.
            let (start, parent) = (now, ["S", "R", "T", "T", "R", "S"][usize::from(line)]);
            *clock += 70;
            format!(
                "down {id} {start} | due {} | down {parent} {} confirm={clock} reply={} | due {clock} | due {}",
                start + 65,
                start + 1,
                start - 9,
                start + 75
            )
        }
        35 if vary % 2 == 0 => {
            // Restored, and down again within the merge window.
            *clock += 520;
            format!(
                "down {id} {now} | due {} | up {id} {} | due {} | down {id} {}",
                now + 65,
                now + 80,
                now + 400,
                now + 510
            )
        }
        35..37 => format!("down {id} {} confirm={now} reply={}", now - 3 * vary, now - 3 * vary - 9),
        DUE..PEOPLE => format!("due {now}"),
        PEOPLE..FAULTS => people_text(what - PEOPLE, id, now, vary),
        FAULTS.. => fault_text(what - FAULTS, id, now, vary),
    }
}

/// What people say, with reason or without.
fn people_text(what: u8, id: &str, now: i64, vary: i64) -> String {
    let scope = match vary % 5 {
        0 => "all".to_owned(),
        1 => "class:village".to_owned(),
        2 | 3 => format!("{id}*"),
        _ => id.to_owned(),
    };
    let (by, one) = (["wang", "li"][usize::try_from(vary % 2).expect("0 or 1")], vary % 4);
    match what {
        0 | 1 => format!("plan {scope} {}..{} by={by}", now - 20 + vary, now + 60 * vary),
        2 => format!("cancel $0 by={by}"),
        3 => format!("declare {id} {}..{}", now - 3 * vary, now - vary),
        4 | 5 => format!("declare {id} {}.. by={by}", now - vary),
        6..=9 => format!("end %{one} {}", now - vary % 50),
        10 => format!("exclude {scope} {}..{} by={by}", now - 3 * vary, now - vary),
        11 => format!("correct #{} {id} {}..{} as none", one, now - 200, now - 100),
        12..=14 => format!("approve %{one} by={by}"),
        _ if vary < 50 => format!("reject %{one} by={by}"),
        _ => format!("withdraw %{one}"),
    }
}

/// What people do about faults, mostly the last ones; often too late or too early.
fn fault_text(what: u8, id: &str, now: i64, vary: i64) -> String {
    let fault = ["F0", "F0", "F1", "F2", "F3"][usize::try_from(vary % 5).expect("small")];
    let (other, at) = (["F0", "F1", "F2"][usize::try_from(vary % 3).expect("small")], now - vary % 9);
    let line = LINES[usize::try_from(vary % 6).expect("small")].split('<').next().expect("an id");
    match what {
        0..=3 => format!("report {id} {at}"),
        4 => format!("report {id} {} symptom=丢包", now - 40 * vary),
        5 | 6 => format!("ack {fault} {at}"),
        7 | 8 => format!("send {fault} {at}"),
        9 | 10 => format!("arrive {fault} {at}"),
        11..=14 => format!("fix {fault} {at}"),
        15..=17 => format!("close {fault}"),
        18 => format!("fix {fault} | reopen {fault}"),
        19 => format!("report {id} | close F0 | reopen F0"),
        20 | 21 => format!("merge {fault} {other}"),
        22 => format!("split {fault} {id} {line}"),
        23 => format!("point {fault} {id} | point {fault} {line} | split {fault} {id} {line}"),
        24 => format!("void {fault}"),
        25 => format!("note {fault} ticket={vary}"),
        26 | 27 => format!("point {fault} {id}"),
        28 => format!("point {fault} {id} | unpoint {fault} {id}"),
        _ => format!("exempt {fault}"),
    }
}

fn commands(step: Step, clock: &mut i64, journal: &Journal) -> Vec<Command> {
    text(step, clock).split('|').map(|part| journal.command(part.trim())).collect()
}

/// Any part of the lines, some closing soon, links as they are or turned.
fn inventory_text(now: i64, vary: i64) -> String {
    let chosen = LINES.iter().enumerate().filter(|(index, _)| (vary >> index) & 1 == 0 || vary > 64);
    let lines = chosen.map(|(index, line)| match vary % 5 {
        1 if index == 1 => format!("{line}!{}", now + vary),
        2 if index == 3 => "W<R".to_owned(),
        3 if index == 4 => "S<X".to_owned(),
        _ => (*line).to_owned(),
    });
    format!("lines {now} {} remove", lines.collect::<Vec<_>>().join(" "))
}

fn told(steps: &[Step]) -> Journal {
    let mut journal = Journal::with(&LINES.join(" "));
    let mut now = 0;
    for step in steps {
        for command in commands(*step, &mut now, &journal) {
            journal.attempt(&command).ok();
            holds(&journal);
            if let Command::Due { at } = command {
                assert_eq!(journal.attempt(&Command::Due { at }), Ok(vec![]), "a second Due finds nothing");
                assert!(journal.ledger.next_due().is_none_or(|next| next > at), "nothing is left due");
            }
        }
    }
    journal
}

/// What is true after every record.
fn holds(journal: &Journal) {
    let (mut open, mut ended) = (BTreeSet::new(), BTreeMap::<&LineId, Vec<Span>>::new());
    let mut open_faults = BTreeSet::new();
    let mut segments: BTreeMap<OutageId, Timestamp> = BTreeMap::new();
    let rows = || journal.tables.0.values();
    for row in rows() {
        match row {
            Row::Outage(row) => match row.end {
                None => assert!(open.insert(&row.line), "one open outage a line: {}", row.line),
                Some(end) => {
                    assert!(row.start <= end.end && end.end <= end.first_reply.max(row.start), "{row:?}");
                    ended.entry(&row.line).or_default().push(Span::new(row.start, end.end));
                }
            },
            Row::Gap(row) => assert!(row.until.is_none_or(|until| row.from <= until), "{row:?}"),
            Row::Line(row) => assert!(row.until.is_none_or(|until| row.from <= until), "{row:?}"),
            Row::Bridge(row) => assert!(!row.gap.is_empty(), "{row:?}"),
            Row::Fault(row) => {
                assert!(row.restored.is_none_or(|restored| restored >= row.opened), "{row:?}");
                assert!(row.deadline > row.opened, "{row:?}");
                let (stage, rounds) = (row.work.stage, &row.work.rounds);
                assert!(row.restored.is_none() == stage.is_open() || stage == Stage::Void, "{row:?}");
                assert_eq!(rounds.first().map(|round| round.from), Some(row.opened), "{row:?}");
                assert!(rounds.is_sorted_by_key(|round| round.from), "{row:?}");
                let restored = rounds.iter().filter_map(|round| Some((round.from, round.restored.as_ref()?.at)));
                assert!(restored.clone().all(|(from, at)| from <= at), "{row:?}");
                if row.restored.is_some() {
                    assert_eq!(
                        rounds.last().and_then(|round| Some(round.restored.as_ref()?.at)),
                        row.restored,
                        "{row:?}"
                    );
                }
                if stage.is_open() && row.merged_into.is_none() {
                    open_faults.insert(&row.fault);
                }
            }
            Row::Segment(row) => {
                let first = segments.entry(row.outage).or_insert(row.from);
                *first = row.from.min(*first);
            }
            Row::Point(row) => assert!(row.left.is_none_or(|left| left >= row.from), "{row:?}"),
            Row::Serial(_)
            | Row::Horizon(_)
            | Row::SegmentRemoved { .. }
            | Row::Planned(_)
            | Row::Decision(_)
            | Row::Step(_)
            | Row::Inspection(_)
            | Row::Account(_)
            | Row::Seal(_)
            | Row::History(_) => {}
        }
    }
    let mut pointed = BTreeSet::new();
    for row in rows() {
        if let Row::Point(row) = row
            && row.left.is_none()
            && open_faults.contains(&row.fault)
        {
            assert!(pointed.insert(row.outage), "outage {} is a point of two open faults", row.outage);
        }
        if let Row::Outage(row) = row {
            assert_eq!(segments.get(&row.outage), Some(&row.start), "segments begin with the outage");
        }
    }
    for spans in ended.values_mut() {
        spans.sort_unstable();
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "outages of a line overlap: {spans:?}");
    }
    let held: BTreeSet<&LineId> = journal.ledger.open_outages().map(|open| &open.line).collect();
    assert_eq!(held, open, "the ledger holds what the rows say");
}

/// Every millisecond of a line between 0 and the end is counted once, and down time is that of its outages.
fn accounts_hold(journal: &Journal) {
    let until = journal.now.max(at(1));
    let period = Span::new(at(0), until);
    for line in LINES.iter().map(|line| LineId::from(line.split('<').next().expect("an id"))) {
        let (mut service, mut down, mut gaps, mut bridges) = (vec![], vec![], vec![], vec![]);
        for row in journal.tables.0.values() {
            match row {
                Row::Line(row) if row.line.id == line => {
                    service.push(Span::new(row.from, row.until.unwrap_or(Timestamp::MAX)));
                }
                Row::Gap(row) if row.line.as_ref().is_none_or(|id| *id == line) => {
                    gaps.push(Span::new(row.from, row.until.unwrap_or(Timestamp::MAX)));
                }
                Row::Outage(row) if row.line == line => {
                    down.push(Span::new(row.start, row.end.map_or(Timestamp::MAX, |end| end.end)));
                }
                Row::Bridge(row) => bridges.push(row.gap),
                _ => {}
            }
        }
        let account = account(period, &service, &down, &without(&gaps, &bridges), &[]);
        assert_eq!(account.in_service, account.up + account.down + account.planned + account.undetermined);
        assert!(account.in_service <= period.length());
    }
}

fn counters_hold(journal: &Journal) {
    let elapsed = journal.now - at(0);
    for line in journal.ledger.lines() {
        assert!(line.undetermined.0 >= 0 && line.undetermined <= elapsed, "{line:?}");
        assert!(line.down.0 >= 0, "{line:?}");
    }
}

fn numbers_are_unique(records: &[Record]) {
    let mut numbers = BTreeSet::new();
    for record in records {
        if let Fact::Fault(
            FaultFact::Opened { fault, .. } | FaultFact::Reported { fault, .. } | FaultFact::Split { fault, .. },
        ) = &record.fact
        {
            assert!(numbers.insert(fault.clone()), "{fault} twice");
        }
    }
}

/// Folding all records again gives the same tables; so does any other program that folds them.
fn folds_again(journal: &Journal) {
    let mut again = Journal::new();
    for record in &journal.records {
        again.tables.store(&again.ledger.apply(record));
    }
    assert_eq!(again.tables, journal.tables);
}

/// The properties below would hold of histories in which nothing happens.
#[test]
fn random_histories_reach_every_kind_of_fact() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeMap::<&str, usize>::new();
    for _ in 0..1000 {
        let steps = steps(80).new_tree(&mut runner).expect("a history").current();
        for record in &told(&steps).records {
            *reached.entry(record.fact.kind()).or_default() += 1;
        }
    }
    let rare: Vec<_> = reached.iter().filter(|(_, count)| **count < 20).collect();
    assert!(rare.is_empty() && reached.len() == 43, "{reached:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn invariants_hold_over_random_histories(steps in steps(80)) {
        let journal = told(&steps);
        accounts_hold(&journal);
        counters_hold(&journal);
        numbers_are_unique(&journal.records);
        folds_again(&journal);
    }

    #[test]
    fn a_ledger_taken_up_anywhere_goes_on_as_the_one_that_folded_everything(
        before in steps(60), after in steps(60), all in any::<bool>(),
    ) {
        let mut straight = told(&before);
        let mut restored = straight.clone();
        let rows =
            if all { restored.tables.0.values().cloned().collect() } else { restored.tables.needed(restored.ledger.recorded_at()) };
        restored.ledger =
            Ledger::restore(policy(), straight.ledger.seq(), straight.ledger.recorded_at(), rows);
        let mut now = (straight.now - at(0)).0 / 1000;
        for step in after {
            for command in commands(step, &mut now, &straight) {
                prop_assert_eq!(straight.attempt(&command), restored.attempt(&command));
            }
        }
        prop_assert_eq!(straight.tables, restored.tables);
    }

    #[test]
    fn folding_is_total(records in proptest::collection::vec((fact(), 0u64..40, any_time()), 0..60)) {
        let mut ledger = Ledger::new(policy());
        for (fact, seq, recorded_at) in records {
            let record =
                Record { seq, v: 1, recorded_at, origin: Origin::Simulated, author: String::new(), fact };
            ledger.apply(&record);
            ledger.next_due();
            prop_assert_eq!(ledger.seq(), seq);
            let mut lines: Vec<_> = ledger.open_outages().map(|open| open.line.clone()).collect();
            lines.dedup();
            prop_assert_eq!(lines.len(), ledger.open_outages().count());
        }
        let now = ledger.recorded_at();
        let due = decide(&ledger, &Command::Due { at: now }, now);
        prop_assert!(due.is_ok());
    }
}

//! The queue when nothing can be written, up to its bound, with a clock of the test's own.

use std::sync::Arc;
use std::time::Duration;

use linewatch_core::command::{Command, Verdict};
use linewatch_core::ledger::{Policy, Row};
use linewatch_core::line::Line;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::{BlindCause, Outcome};
use linewatch_core::probing::Probing;
use linewatch_core::record::{Fact, ObservationFact, Origin};
use linewatch_core::time::Timestamp;

use super::{BOUND, Queue};
use crate::daemon::writer::Writer;
use crate::store::memory::MemoryStore;
use crate::store::{Heartbeat, Journal, StoreKind};

const PATIENCE: Duration = Duration::from_secs(30);

fn monitor() -> Monitor {
    let line = WatchedLine { id: "A".into(), class: 0, upstream: None, prior: Prior::Up, unseen: false, moved: false };
    let plan = Plan {
        lines: vec![line],
        references: vec!["192.0.2.1".to_owned()],
        classes: vec![("township".into(), Probing::default())],
        reference_probing: Probing::default(),
    };
    Monitor::new(plan, Timestamp(0), None)
}

/// Plays in steps of 10 ms while everything answers; verdicts go to the queue, as in the loop.
fn play(monitor: &mut Monitor, queue: &Queue, from: i64, until: i64) {
    for now in (from..until).step_by(10).map(Timestamp) {
        monitor.handle(now, Event::Tick);
        while let Some(effect) = monitor.next_effect() {
            match effect {
                Effect::Verdict(verdict) => queue.append(now, Command::Verdict(verdict)),
                Effect::Probe { target, token, .. } => {
                    let outcome = Outcome::Reply { rtt_us: 500 };
                    monitor.handle(now, Event::Probed { target, token, sent_at: now, outcome });
                }
            }
        }
    }
}

/// Waits until what is published fits.
fn published(queue: &Queue, fits: impl Fn(&super::Published) -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut published = queue.published();
    let waited = runtime.block_on(async { tokio::time::timeout(PATIENCE, published.wait_for(fits)).await.is_ok() });
    assert!(waited, "{:?}", queue.published().borrow().journal);
}

#[test]
fn at_the_bound_judging_stops_and_the_time_is_undetermined_with_the_cause_journal() {
    let store = MemoryStore::new(StoreKind::Real);
    let policy = Arc::new(Policy::new(chrono_tz::Asia::Shanghai));
    let writer = Writer::open(store.clone(), policy, "linewatch", Origin::Live).expect("a writer");
    let (queue, mut monitor) = (Queue::start(writer, 0), monitor());
    let lines = Arc::new(vec![Line::new("A", "干线", "township", "192.0.2.2")]);
    queue.append(Timestamp(0), Command::Resume { at: Timestamp(0), observed_until: None, waiting: Vec::new() });
    queue.append(Timestamp(0), Command::LoadInventory { at: Timestamp(0), lines, allow_removal: false });
    play(&mut monitor, &queue, 0, 10_000);
    queue.beat(Timestamp(10_000), Heartbeat { at: Timestamp(9000), waiting: Vec::new() });
    published(&queue, |published| published.journal.heartbeat == Some(Timestamp(9000)));
    let before = store.head().expect("a head");

    store.fail_writes(true);
    let checkpoint = |n: i64| Command::Checkpoint { at: Timestamp(9000 + n / 10), waiting: Vec::new() };
    let bound = i64::try_from(BOUND).expect("small");
    for n in 0..bound {
        assert!(!queue.is_full(false), "{n} wait");
        queue.append(Timestamp(10_000), checkpoint(n));
    }
    assert!(queue.is_full(false), "{BOUND} wait");
    monitor.handle(Timestamp(10_000), Event::JournalFull);
    play(&mut monitor, &queue, 10_000, 60_000);
    assert!(monitor.is_blind(), "everything answers, and nothing is judged");
    published(&queue, |published| published.journal.failing.is_some() && published.journal.append_failures > 0);
    assert_eq!((store.head().expect("a head"), queue.published().borrow().journal.records), (before, before.seq));
    assert_eq!(queue.waiting(), BOUND + 1, "and the one that says so");

    store.fail_writes(false);
    published(&queue, |published| published.journal.failing.is_none() && published.committed.blind.is_some());
    let begun = crate::clock::elapsed();
    while queue.is_full(true) {
        assert!(crate::clock::elapsed().0 - begun.0 < 30_000, "{} wait", queue.waiting());
        std::thread::yield_now();
    }
    monitor.handle(Timestamp(60_000), Event::JournalAccepts);
    play(&mut monitor, &queue, 60_000, 63_000);
    assert!(!monitor.is_blind());
    assert!(queue.stop(PATIENCE), "all is written");

    let records = store.read(before.seq + 1, BOUND * 2).expect("records");
    let (checkpoints, others): (Vec<_>, Vec<_>) =
        records.iter().partition(|record| matches!(record.fact, Fact::Observation(ObservationFact::Checkpoint { .. })));
    let order: Vec<_> = checkpoints.iter().map(|record| record.seq).collect();
    assert_eq!(
        order,
        (before.seq + 1..=before.seq + BOUND as u64).collect::<Vec<_>>(),
        "in their order, before the rest"
    );
    let kinds: Vec<_> = others.iter().map(|record| record.fact.kind()).collect();
    assert_eq!(kinds, ["observation.blinded", "observation.sighted"]);
    let rows = store.rows();
    let mut gaps = rows.iter().filter_map(|row| if let Row::Gap(gap) = row { Some(gap) } else { None });
    let gap = gaps.find(|gap| gap.cause == BlindCause::Journal).expect("a gap of the journal");
    assert_eq!(gap.line, None);
    assert!((8000..=10_000).contains(&gap.from.0), "from the last answer that was judged: {gap:?}");
    assert!(gap.until.is_some_and(|until| (60_000..62_500).contains(&until.0)), "until the next one: {gap:?}");
}

#[test]
fn commands_that_fail_are_written_later_in_their_order_and_a_heartbeat_never_before_them() {
    let store = MemoryStore::new(StoreKind::Real);
    let policy = Arc::new(Policy::new(chrono_tz::Asia::Shanghai));
    let writer = Writer::open(store.clone(), policy, "linewatch", Origin::Live).expect("a writer");
    let queue = Queue::start(writer, 0);
    store.fail_writes(true);
    for second in 1..=20 {
        let at = Timestamp(second * 1000);
        queue.append(
            at,
            Command::Verdict(Verdict::Blinded { from: at, cause: BlindCause::Silent, waiting: Vec::new() }),
        );
        queue.append(at, Command::Verdict(Verdict::Sighted { at: Timestamp(second * 1000 + 500) }));
        queue.beat(at, Heartbeat { at, waiting: Vec::new() });
    }
    published(&queue, |published| published.journal.failing.is_some());
    assert_eq!((store.head().expect("a head").seq, store.heartbeat().expect("read")), (0, None));
    assert_eq!(queue.waiting(), 40);
    store.fail_writes(false);
    published(&queue, |published| published.journal.heartbeat == Some(Timestamp(20_000)));
    assert_eq!((queue.waiting(), queue.published().borrow().journal.failing.clone()), (0, None));
    let records = store.read(1, 100).expect("records");
    let times: Vec<_> = records.iter().map(|record| (record.seq, record.recorded_at.0, record.fact.kind())).collect();
    let expected = (1..=20_i64).flat_map(|second| {
        let seq = second.unsigned_abs() * 2;
        [(seq - 1, second * 1000, "observation.blinded"), (seq, second * 1000, "observation.sighted")]
    });
    assert_eq!(times, expected.collect::<Vec<_>>());
    assert!(queue.stop(PATIENCE));
}

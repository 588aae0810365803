//! Hourly quality from the monitor through the queue into the store, over a full hour of the test's own clock.

use std::sync::Arc;
use std::time::Duration;

use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::Policy;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::Outcome;
use linewatch_core::probing::Probing;
use linewatch_core::record::Origin;
use linewatch_core::time::{Millis, Timestamp};

use super::queue::Queue;
use super::writer::Writer;
use crate::store::StoreKind;
use crate::store::memory::MemoryStore;

const PATIENCE: Duration = Duration::from_secs(20);

fn queue(store: &MemoryStore) -> Queue {
    let writer = Writer::open(store.clone(), Arc::new(Policy::new(chrono_tz::Asia::Shanghai)), "test", Origin::Live)
        .expect("opens");
    Queue::start(writer, 0)
}

fn monitor(at: Timestamp) -> Monitor {
    let line = WatchedLine { id: "V-001".into(), class: 0, upstream: None, prior: Prior::Up, unseen: false };
    let plan = Plan {
        lines: vec![line],
        references: Vec::new(),
        classes: vec![("village".into(), Probing::default())],
        reference_probing: Probing::default(),
    };
    Monitor::new(plan, at, None).with_hours_of(Calendar::new(chrono_tz::Asia::Shanghai))
}

/// Every probe is answered at once; what is to be kept goes into the queue as the daemon's loop puts it there.
fn watch(monitor: &mut Monitor, queue: &Queue, from: Timestamp, length: Millis) {
    for ms in (0..length.0).step_by(100) {
        let now = from + Millis(ms);
        monitor.handle(now, Event::Tick);
        while let Some(effect) = monitor.next_effect() {
            let Effect::Probe { target, token, .. } = effect else { continue };
            let outcome = Outcome::Reply { rtt_us: 800 };
            monitor.handle(now, Event::Probed { target, token, sent_at: now, outcome });
        }
        queue.keep_quality(monitor.take_quality(now));
    }
}

fn kept(store: &MemoryStore) -> Vec<(Timestamp, u64)> {
    store.quality().into_iter().map(|hour| (hour.start, hour.quality.sent())).collect()
}

#[test]
fn an_hour_goes_on_after_a_restart_and_each_probe_is_kept_once() {
    let store = MemoryStore::new(StoreKind::Real);
    let ten = Timestamp(1_767_578_400_000);
    let half = Millis::from_secs(1800);
    for start in [ten - half, ten + Millis::from_secs(600)] {
        let queue = queue(&store);
        let mut monitor = monitor(start);
        watch(&mut monitor, &queue, start, half + half);
        queue.keep_quality(monitor.take_all_quality(start + half + half));
        assert!(queue.stop(PATIENCE));
    }
    // 30 minutes before ten, 30 after; then 50 minutes from ten past on and 10 of the next hour.
    let hour = half + half;
    assert_eq!(kept(&store), [(ten - hour, 900), (ten, 900 + 1500), (ten + hour, 300)]);
}

#[test]
fn what_cannot_be_written_is_kept_when_it_can() {
    let store = MemoryStore::new(StoreKind::Real);
    let start = Timestamp(1_767_578_400_000);
    store.fail_writes(true);
    let queue = queue(&store);
    let mut published = queue.published();
    let mut monitor = monitor(start);
    let length = Millis::from_secs(600);
    watch(&mut monitor, &queue, start, length);
    queue.keep_quality(monitor.take_all_quality(start + length));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let failed = published.wait_for(|published| published.journal.failing.is_some());
    runtime.block_on(async { tokio::time::timeout(PATIENCE, failed).await }).expect("in time").expect("published");
    assert_eq!(kept(&store), []);
    store.fail_writes(false);
    assert!(queue.stop(PATIENCE));
    assert_eq!(kept(&store), [(start, 300)]);
}

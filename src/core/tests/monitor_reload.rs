//! A new plan disturbs nobody who keeps his place: the verdicts are those of a monitor that was left alone.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use linewatch_core::command::Verdict;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::{LossCause, Outcome};
use linewatch_core::probing::Probing;
use linewatch_core::time::{Millis, Timestamp};

const PROBING: Probing = Probing {
    interval: Millis(2000),
    timeout: Millis(900),
    retry_interval: Millis(1000),
    confirm_down: 5,
    confirm_up: 2,
};
const END: Timestamp = Timestamp(60_000);

fn plan(names: &[&str], moved: bool) -> Plan {
    let line = |name: &&str| WatchedLine {
        id: (*name).into(),
        class: 0,
        upstream: None,
        prior: Prior::Up,
        unseen: false,
        moved: moved && *name == "B",
    };
    Plan {
        lines: names.iter().map(line).collect(),
        references: vec!["REF".to_owned()],
        classes: vec![("village".into(), PROBING)],
        reference_probing: PROBING,
    }
}

/// A result: when it arrives, target, token, when it was sent, whether it is a loss.
type OnItsWay = (Timestamp, u32, u32, Timestamp, bool);

/// What became of the lines A and B in a minute in which B does not answer from 10.5 s to 30.5 s.
struct Minute {
    verdicts: Vec<Verdict>,
    /// Scheduled probes sent and lost, of A, then of B.
    counters: [(u64, u64); 2],
}

/// Plays it, with a new plan every `every`, each with other names than the one before.
fn minute(every: Option<Millis>, names: [&[&str]; 2], moved: bool) -> Minute {
    let mut monitor = Monitor::new(plan(names[0], false), Timestamp(0), None);
    let mut results: BinaryHeap<Reverse<OnItsWay>> = BinaryHeap::new();
    let mut verdicts = Vec::new();
    let (mut which, mut next_plan) = (0, every.map(|every| Timestamp(0) + every));
    let mut now = Timestamp(0);
    while now < END {
        monitor.handle(now, Event::Tick);
        while let Some(Reverse((at, target, token, sent_at, lost))) = results.peek().copied()
            && at <= now
        {
            results.pop();
            let outcome = if lost { Outcome::Loss(LossCause::Timeout) } else { Outcome::Reply { rtt_us: 10_000 } };
            monitor.handle(now, Event::Probed { target, token, sent_at, outcome });
        }
        while let Some(effect) = monitor.next_effect() {
            match effect {
                Effect::Verdict(verdict) => verdicts.push(verdict),
                Effect::Probe { target, token, .. } => {
                    let name = names[which].get(target as usize).copied().unwrap_or("REF");
                    let lost = name == "B" && (10_500..30_500).contains(&now.0);
                    let delay = if lost { PROBING.timeout } else { Millis(10) };
                    results.push(Reverse((now + delay, target, token, now, lost)));
                }
            }
        }
        if let (Some(at), Some(every)) = (next_plan, every)
            && at <= now
        {
            which = 1 - which;
            monitor.assign(plan(names[which], moved), now);
            next_plan = Some(at + every);
        }
        let result = results.peek().map(|Reverse((at, ..))| *at);
        now = monitor.next_wake().into_iter().chain(result).chain(next_plan).min().unwrap_or(END).max(now + Millis(1));
    }
    let view = monitor.show(now);
    let counters = ["A", "B"].map(|name| {
        let line = view.lines.iter().find(|line| line.id.as_str() == name).expect("watched");
        (line.sent, line.lost)
    });
    Minute { verdicts, counters }
}

/// Edges of B: when it was found down and up, and what happened besides the sight at the start.
fn edges(minute: &Minute) -> (Vec<(Timestamp, Timestamp)>, usize) {
    let down = minute.verdicts.iter().filter_map(|verdict| match verdict {
        Verdict::Down { start, last_reply, .. } => Some((last_reply.unwrap_or(Timestamp::MIN), *start)),
        Verdict::Up { last_loss, first_reply, .. } => Some((*last_loss, *first_reply)),
        _ => None,
    });
    (down.collect(), minute.verdicts.len())
}

const SAME: [&[&str]; 2] = [&["A", "B"], &["A", "B"]];
/// The numbers of A and B, and their places in time, change with every plan.
const SHIFTED: [&[&str]; 2] = [&["A", "B"], &["0", "A", "B"]];
const RHYTHMS: [i64; 10] = [70, 130, 250, 333, 700, 1000, 1900, 2000, 3100, 7000];

#[test]
fn whoever_keeps_his_place_notices_nothing() {
    let alone = minute(None, SAME, false);
    assert_eq!((edges(&alone).0.len(), edges(&alone).1), (2, 3), "sight, down, up");
    for every in RHYTHMS {
        let reloaded = minute(Some(Millis(every)), SAME, false);
        assert_eq!(edges(&reloaded), edges(&alone), "every {every} ms");
        assert_eq!(reloaded.counters, alone.counters, "every {every} ms");
    }
}

#[test]
fn one_outage_stays_one_when_all_numbers_change() {
    for every in RHYTHMS {
        let (found, _) = edges(&minute(Some(Millis(every)), SHIFTED, false));
        let [(last_reply, start), (last_loss, first_reply)] = found[..] else { panic!("every {every} ms: {found:?}") };
        assert!(last_reply.0 < 10_500 && (10_500..14_500).contains(&start.0), "every {every} ms: {found:?}");
        assert!(last_loss.0 < 30_500 && (30_500..34_500).contains(&first_reply.0), "every {every} ms: {found:?}");
    }
}

#[test]
fn what_is_under_way_to_an_old_address_says_nothing() {
    // Every probe of B that takes 900 ms to be lost meets a move within 700 ms: none of them counts.
    let (found, _) = edges(&minute(Some(Millis(700)), SAME, true));
    assert_eq!(found, []);
}

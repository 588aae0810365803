//! Hard cases of the monitor that need more than one rhythm: mixed intervals, new rhythms, an engine that says nothing.

use linewatch_core::command::Verdict;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::{LossCause, Outcome};
use linewatch_core::probing::Probing;
use linewatch_core::time::{Millis, Timestamp};

fn probing(interval: i64) -> Probing {
    Probing { interval: Millis(interval), ..Probing::default() }
}

/// Lines named `S…` are of a class probed every minute, others every two seconds.
fn plan(names: &[String], fast: i64) -> Plan {
    let line = |name: &String| WatchedLine {
        id: name.as_str().into(),
        class: usize::from(name.starts_with('S')),
        upstream: None,
        prior: Prior::Up,
        unseen: false,
        moved: false,
    };
    Plan {
        lines: names.iter().map(line).collect(),
        references: vec!["192.0.2.1".to_owned()],
        classes: vec![("township".into(), probing(fast)), ("village".into(), probing(60_000))],
        reference_probing: probing(2000),
    }
}

/// Plays; `fate(name, now)`: Some(true) answered, Some(false) lost, None: no result ever.
fn play(monitor: &mut Monitor, from: i64, until: i64, fate: &dyn Fn(&str, i64) -> Option<bool>) -> Vec<(i64, Verdict)> {
    let mut verdicts = Vec::new();
    let mut lost: Vec<(u32, u32, i64)> = Vec::new();
    for now in (from..until).step_by(10) {
        monitor.handle(Timestamp(now), Event::Tick);
        lost.retain(|(target, token, sent_at)| {
            let over = now - sent_at >= 1000;
            if over {
                let outcome = Outcome::Loss(LossCause::Timeout);
                let sent_at = Timestamp(*sent_at);
                monitor.handle(Timestamp(now), Event::Probed { target: *target, token: *token, sent_at, outcome });
            }
            !over
        });
        while let Some(effect) = monitor.next_effect() {
            match effect {
                Effect::Verdict(verdict) => verdicts.push((now, verdict)),
                Effect::Probe { target, token, .. } => {
                    let name = monitor.target_names().get(target as usize).map_or("REF", |id| id.as_str()).to_owned();
                    match fate(&name, now) {
                        None => {}
                        Some(false) => lost.push((target, token, now)),
                        Some(true) => {
                            let outcome = Outcome::Reply { rtt_us: 500 };
                            let sent_at = Timestamp(now);
                            monitor.handle(Timestamp(now), Event::Probed { target, token, sent_at, outcome });
                        }
                    }
                }
            }
        }
    }
    verdicts
}

fn names(fast: usize, slow: usize) -> Vec<String> {
    (0..fast).map(|n| format!("T-{n:02}")).chain((0..slow).map(|n| format!("S-{n:02}"))).collect()
}

/// Design rule 3: one pulled cable at the monitor must not open 401 outages. Twenty lines every 2 s, five every 60 s, a
/// reference: everything is silent for 30 s.
#[test]
fn a_pulled_cable_opens_no_outage_when_one_class_is_probed_slowly() {
    let mut monitor = Monitor::new(plan(&names(20, 5), 2000), Timestamp(0), None);
    let verdicts = play(&mut monitor, 0, 200_000, &|_, now| Some(!(100_000..130_000).contains(&now)));
    let down = verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Down { .. })).count();
    assert_eq!(down, 0, "{verdicts:?}");
}

/// Without results nobody sees: whatever has become of the engine, the heartbeat does not go on.
#[test]
fn an_engine_that_gives_no_results_at_all_is_blindness() {
    let mut monitor = Monitor::new(plan(&names(3, 0), 2000), Timestamp(0), None);
    play(&mut monitor, 0, 120_000, &|_, now| (now < 10_000).then_some(true));
    let (at, waiting) = monitor.horizon(Timestamp(120_000));
    assert!(
        at.0 <= 10_000 || waiting.len() == 3,
        "certain up to {at:?} but for {waiting:?}, blind: {}",
        monitor.is_blind()
    );
}

/// A class that is probed more often from now on was not unobserved before.
#[test]
fn a_shorter_interval_loses_no_line() {
    let lines = names(2, 0);
    let mut monitor = Monitor::new(plan(&lines, 60_000), Timestamp(0), None);
    let mut verdicts = play(&mut monitor, 0, 290_000, &|_, _| Some(true));
    monitor.assign(plan(&lines, 2000), Timestamp(290_000));
    verdicts.extend(play(&mut monitor, 290_000, 320_000, &|_, _| Some(true)));
    assert!(!verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::LineLost { .. })), "{verdicts:?}");
}

/// The same with an open outage that is over soon after: it must end where the line answered.
#[test]
fn a_shorter_interval_does_not_cut_an_open_outage_short() {
    let lines = names(2, 0);
    let mut monitor = Monitor::new(plan(&lines, 60_000), Timestamp(0), None);
    let fate = |name: &str, now: i64| Some(name != "T-00" || !(70_000..291_000).contains(&now));
    play(&mut monitor, 0, 290_000, &fate);
    monitor.assign(plan(&lines, 2000), Timestamp(290_000));
    let after = play(&mut monitor, 290_000, 320_000, &fate);
    assert!(after.iter().any(|(_, verdict)| matches!(verdict, Verdict::Up { after_gap: false, .. })), "{after:?}");
}

/// A slow class: nobody has answered for 50 s, but the monitor is not blind yet. What was asked last before the silence
/// is certain up to the silence, no further.
#[test]
fn the_horizon_stops_where_everything_fell_silent() {
    let mut monitor = Monitor::new(plan(&names(3, 5), 2000), Timestamp(0), None);
    play(&mut monitor, 0, 150_000, &|_, now| Some(now < 100_000));
    let (at, waiting) = monitor.horizon(Timestamp(150_000));
    let slow = waiting.iter().filter(|waiting| waiting.line.as_str().starts_with('S')).count();
    assert!(at.0 <= 100_000 || slow == 5, "certain up to {at:?} but for {waiting:?}");
}

/// What is counted as down on `/metrics` stops at the last answer of anybody: should the monitor turn out to be blind, the
/// outage ends, for counting, there, and a counter must not go back.
#[test]
fn what_is_shown_as_down_stops_where_everything_fell_silent() {
    let names = names(3, 0);
    let mut monitor = Monitor::new(plan(&names, 2000), Timestamp(0), None);
    let dead = names[0].clone();
    play(&mut monitor, 0, 20_000, &|name, _| Some(name != dead));
    let before = monitor.show(Timestamp(20_000)).lines[0].down_until.expect("down");
    play(&mut monitor, 20_000, 22_900, &|_, _| Some(false));
    assert!(!monitor.is_blind(), "not yet");
    let after = monitor.show(Timestamp(22_900)).lines[0].down_until.expect("down");
    assert!(before <= after && after < Timestamp(20_000), "{before:?} {after:?}");
}

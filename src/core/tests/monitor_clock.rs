//! The monitor when the clock is set, when the clock is behind the records, when the journal is full, and when the
//! plan changes: all with a clock of the test's own.

use linewatch_core::command::Verdict;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::{BlindCause, LossCause, Outcome, State};
use linewatch_core::probing::Probing;
use linewatch_core::time::{Anchor, ClockReading, ClockStep, Elapsed, Timestamp};

fn plan(names: &[&str]) -> Plan {
    let line = |name: &&str| WatchedLine {
        id: (*name).into(),
        class: 0,
        upstream: None,
        prior: Prior::Up,
        unseen: false,
        moved: false,
    };
    Plan {
        lines: names.iter().map(line).collect(),
        references: vec!["192.0.2.1".to_owned()],
        classes: vec![("village".into(), Probing::default())],
        reference_probing: Probing::default(),
    }
}

/// Plays from `from` to `until`; lines named in `dead` lose their probes. Returns the verdicts.
fn play(monitor: &mut Monitor, from: i64, until: i64, dead: &[&str]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let mut lost = Vec::new();
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
                Effect::Verdict(verdict) => verdicts.push(verdict),
                Effect::Probe { target, token, .. } => {
                    let name = monitor.target_names().get(target as usize).map_or("", |id| id.as_str()).to_owned();
                    if dead.contains(&name.as_str()) {
                        lost.push((target, token, now));
                    } else {
                        let outcome = Outcome::Reply { rtt_us: 500 };
                        let sent_at = Timestamp(now);
                        monitor.handle(Timestamp(now), Event::Probed { target, token, sent_at, outcome });
                    }
                }
            }
        }
    }
    verdicts
}

fn step(expected: i64, wall: i64) -> Event {
    let reading = ClockReading { wall: Timestamp(wall), elapsed: Elapsed(0) };
    Event::ClockStepped(ClockStep { expected: Timestamp(expected), reading })
}

#[test]
fn a_step_forward_is_one_blind_span_and_opens_no_outage() {
    let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), None);
    play(&mut monitor, 0, 10_000, &[]);
    monitor.handle(Timestamp(3_600_000), step(10_000, 3_600_000));
    let verdicts = play(&mut monitor, 3_600_000, 3_620_000, &[]);
    let [Verdict::ClockStepped { step, .. }, Verdict::Blinded { from, cause, .. }, Verdict::Sighted { at }] =
        verdicts.as_slice()
    else {
        panic!("{verdicts:?}")
    };
    assert_eq!(step.span().length().0, 3_590_000);
    assert_eq!((*from, *cause), (Timestamp(10_000), BlindCause::ClockStep));
    assert!((3_600_000..3_602_000).contains(&at.0), "{at:?}");
}

#[test]
fn repeated_time_is_watched_but_not_judged() {
    let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), None);
    play(&mut monitor, 0, 100_000, &[]);
    monitor.handle(Timestamp(40_000), step(100_000, 40_000));
    let repeated = play(&mut monitor, 40_000, 99_000, &["A"]);
    assert!(matches!(repeated.as_slice(), [Verdict::ClockStepped { .. }, Verdict::Blinded { .. }]), "{repeated:?}");
    let shown = monitor.show(Timestamp(99_000));
    assert_eq!(shown.muted_until, Some(Timestamp(100_000)));
    assert!(shown.lines[1].delay_us.is_some(), "probing goes on");
    let after = play(&mut monitor, 99_000, 130_000, &["A"]);
    let [Verdict::Sighted { at }, Verdict::Down { line, start, .. }] = after.as_slice() else { panic!("{after:?}") };
    assert!(at.0 >= 100_000 && start.0 >= 100_000 && line.as_str() == "A");
}

#[test]
fn before_the_last_record_nothing_is_judged() {
    let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), Some(Timestamp(60_000)));
    assert_eq!(play(&mut monitor, 0, 60_000, &["A"]), []);
    let after = play(&mut monitor, 60_000, 80_000, &["A"]);
    assert!(matches!(after.as_slice(), [Verdict::Sighted { .. }, Verdict::Down { .. }]), "{after:?}");
}

/// Both clocks at the same distance from the start.
fn both(ms: i64) -> ClockReading {
    ClockReading { wall: Timestamp(ms), elapsed: Elapsed(ms) }
}

#[test]
fn a_machine_that_slept_is_one_blind_span_and_opens_no_outage() {
    let mut anchor = Anchor::new(both(0));
    let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), None);
    assert!(matches!(play(&mut monitor, 0, 10_000, &[]).as_slice(), [Verdict::Sighted { .. }]));
    anchor.advance(both(9_990));
    // The lid is closed for an hour: the wall clock and the boot clock go on together.
    let (now, step) = anchor.advance(both(3_610_000));
    assert_eq!((now, step), (Timestamp(3_610_000), None), "sleep is no step of the clock");
    let verdicts = play(&mut monitor, 3_610_000, 3_640_000, &[]);
    let [Verdict::Blinded { from, cause, .. }, Verdict::Sighted { at }] = verdicts.as_slice() else {
        panic!("{verdicts:?}")
    };
    assert_eq!(*cause, BlindCause::Stalled);
    assert!((8_000..10_000).contains(&from.0), "from the last answered probe: {from:?}");
    assert!((3_610_000..3_612_000).contains(&at.0), "{at:?}");
    assert_eq!(monitor.show(Timestamp(3_640_000)).muted_until, None);
}

#[test]
fn a_line_that_died_while_the_machine_slept_is_down_from_its_first_loss_after() {
    let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), None);
    play(&mut monitor, 0, 10_000, &[]);
    let verdicts = play(&mut monitor, 3_610_000, 3_640_000, &["A"]);
    let [Verdict::Blinded { .. }, Verdict::Sighted { at }, Verdict::Down { line, start, .. }] = verdicts.as_slice()
    else {
        panic!("{verdicts:?}")
    };
    assert!(line.as_str() == "A" && start.0 >= 3_610_000 && start.0 - at.0 < 5000, "{start:?} {at:?}");
}

#[test]
fn the_first_probes_after_sleep_may_be_lost_and_open_no_outage() {
    for asleep_at in (10_000..12_000).step_by(130) {
        let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), None);
        play(&mut monitor, 0, asleep_at, &[]);
        // The network is not back yet: everything asked at waking is lost, once.
        monitor.handle(Timestamp(3_610_000), Event::Tick);
        let mut sent = Vec::new();
        while let Some(effect) = monitor.next_effect() {
            if let Effect::Probe { target, token, .. } = effect {
                sent.push((target, token));
            }
        }
        for (target, token) in sent {
            let (sent_at, outcome) = (Timestamp(3_610_000), Outcome::Loss(LossCause::Timeout));
            monitor.handle(Timestamp(3_611_000), Event::Probed { target, token, sent_at, outcome });
        }
        let verdicts = play(&mut monitor, 3_611_000, 3_640_000, &[]);
        assert!(
            verdicts.iter().all(|verdict| matches!(verdict, Verdict::Blinded { .. } | Verdict::Sighted { .. })),
            "asleep at {asleep_at}: {verdicts:?}"
        );
    }
}

#[test]
fn two_steps_in_a_row_are_two_records_and_no_outage() {
    let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), None);
    play(&mut monitor, 0, 10_000, &[]);
    monitor.handle(Timestamp(3_600_000), step(10_000, 3_600_000));
    monitor.handle(Timestamp(20_000), step(3_600_010, 20_000));
    // Nothing is judged until the clock has passed the latest instant it ever showed.
    let repeated = play(&mut monitor, 20_000, 3_600_000, &["A"]);
    let steps = repeated.iter().filter(|verdict| matches!(verdict, Verdict::ClockStepped { .. })).count();
    assert_eq!((steps, repeated.len()), (2, 3), "{repeated:?}");
    assert_eq!(monitor.show(Timestamp(3_600_000)).clock_steps, 2);
    let after = play(&mut monitor, 3_600_000, 3_630_000, &["A"]);
    assert!(matches!(after.as_slice(), [Verdict::Sighted { .. }, Verdict::Down { .. }]), "{after:?}");
}

#[test]
fn a_full_journal_stops_judging_with_its_own_cause() {
    let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), None);
    play(&mut monitor, 0, 10_000, &[]);
    monitor.handle(Timestamp(10_000), Event::JournalFull);
    let full = play(&mut monitor, 10_000, 60_000, &["A"]);
    assert!(matches!(full.as_slice(), [Verdict::Blinded { cause: BlindCause::Journal, .. }]), "{full:?}");
    monitor.handle(Timestamp(60_000), Event::JournalAccepts);
    let again = play(&mut monitor, 60_000, 62_500, &[]);
    assert!(matches!(again.as_slice(), [Verdict::Sighted { at }] if at.0 >= 60_000), "{again:?}");
}

#[test]
fn a_new_plan_keeps_states_and_counters_of_lines_that_stay() {
    let mut monitor = Monitor::new(plan(&["A", "B", "C"]), Timestamp(0), None);
    play(&mut monitor, 0, 20_000, &["B"]);
    let sent = monitor.show(Timestamp(20_000)).lines[0].sent;
    assert!(sent > 5);
    monitor.assign(plan(&["A", "AA", "B"]), Timestamp(20_000));
    let shown = monitor.show(Timestamp(20_000));
    let states: Vec<_> = shown.lines.iter().map(|line| (line.id.as_str(), line.state)).collect();
    assert_eq!(states, [("A", State::Up), ("AA", State::Up), ("B", State::Down)]);
    assert_eq!((shown.lines[0].sent, shown.lines[1].sent), (sent, 0));
    let verdicts = play(&mut monitor, 20_000, 40_000, &["A"]);
    let told: Vec<_> = verdicts
        .iter()
        .map(|verdict| match verdict {
            Verdict::Up { line, after_gap: false, .. } => format!("{line} up"),
            Verdict::Down { line, .. } => format!("{line} down"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, ["B up", "A down"]);
}

#[test]
fn a_new_plan_at_any_moment_neither_loses_nor_doubles_an_outage() {
    for moment in (0..12_000).step_by(170) {
        let mut monitor = Monitor::new(plan(&["A", "B"]), Timestamp(0), None);
        let mut verdicts = play(&mut monitor, 0, moment, &["A"]);
        monitor.assign(plan(&["A", "B"]), Timestamp(moment));
        verdicts.extend(play(&mut monitor, moment, 25_000, &["A"]));
        let downs = verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Down { .. })).count();
        assert_eq!((downs, verdicts.len()), (1, 2), "new plan at {moment}: {verdicts:?}");
    }
}

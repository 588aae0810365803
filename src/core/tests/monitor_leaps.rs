//! Leaping over quiet stretches against stepping through them probe by probe: the same verdicts at the same instants,
//! and at the end the same live values, the same quality and the same log of the wire.

use linewatch_core::calendar::Calendar;
use linewatch_core::command::Verdict;
use linewatch_core::monitor::{Monitor, Plan, Prior, WatchedLine};
use linewatch_core::probing::Probing;
use linewatch_core::quality::LineHour;
use linewatch_core::simulated::{Happenings, LostRun, MonitorRates, Op, Place, Power, Rates, Stepper, World};
use linewatch_core::time::{Elapsed, Millis, Span, Timestamp};
use linewatch_core::view::LiveView;
use proptest::prelude::*;

/// Two trunks with three lines each behind them and two lines beside; classes by turns.
fn places() -> Vec<Place> {
    let upstream = [None, None, Some(0), Some(0), Some(2), Some(1), Some(1), Some(1), None, None];
    let class = |number: usize| if number.is_multiple_of(2) { "village" } else { "township" };
    let place = |(number, upstream): (usize, Option<usize>)| Place {
        class: class(number).into(),
        township: ["east", "west"][number % 2].to_owned(),
        upstream,
    };
    upstream.into_iter().enumerate().map(place).collect()
}

/// A year's worth of trouble in some hours.
fn rates(busy: f64) -> Rates {
    let often = busy * 2000.0;
    let mut rates = Rates {
        power: Power { per_township: often / 4.0, length: Millis::from_secs(600), share: 0.6 },
        monitor: MonitorRates {
            restarts: 0.0,
            crashes: 0.0,
            blind: often / 2.0,
            blind_length: Millis::from_secs(20),
            stalls: often / 4.0,
            stall_length: Millis::from_secs(20),
            clock_steps: often / 4.0,
            ..Rates::default().monitor
        },
        ..Rates::default()
    };
    for class in ["village", "township"] {
        let cuts = linewatch_core::simulated::Cuts { per_line: often, repair: Millis::from_secs(900), brief: 0.5 };
        rates.cuts.insert(class.into(), cuts);
    }
    rates.loss.stray_per_line_day = busy * 40.0;
    rates.loss.congestions = often / 2.0;
    rates.loss.share = 0.4;
    rates.modem.episodes = often / 4.0;
    rates
}

fn plan(places: &[Place], probing: [Probing; 2], down: usize) -> Plan {
    let line = |(number, place): (usize, &Place)| WatchedLine {
        id: format!("L-{number}").as_str().into(),
        class: usize::from(place.class.as_str() == "township"),
        upstream: place.upstream.map(|above| format!("L-{above}").as_str().into()),
        prior: if number == down { Prior::Down { until: Timestamp(-9000) } } else { Prior::Up },
        unseen: false,
        moved: false,
    };
    Plan {
        lines: places.iter().enumerate().map(line).collect(),
        references: vec!["reference".to_owned()],
        classes: vec![("village".into(), probing[0]), ("township".into(), probing[1])],
        reference_probing: Probing::default(),
    }
}

#[derive(Debug)]
struct Run {
    verdicts: Vec<(Timestamp, Verdict)>,
    live: LiveView,
    quality: Vec<LineHour>,
    runs: Vec<LostRun>,
    leapt: Millis,
}

fn run(seed: u64, rates: &Rates, plan: Plan, hours: i64, leaps: bool) -> Run {
    let places = places();
    let span = Span::new(Timestamp(0), Timestamp(hours * 3_600_000));
    let happenings = Happenings::draw(seed, rates, &places, span);
    let world = World::new(seed, &places, 1, &happenings);
    let targets = places.len() + 1;
    let monitor = Monitor::new(plan, span.start, None).with_hours_of(Calendar::new(chrono_tz::Asia::Shanghai));
    let mut stepper = Stepper::new(monitor, span.start, (0..targets).collect(), targets);
    if !leaps {
        stepper = stepper.stepping_only();
    }
    let mut verdicts = Vec::new();
    let mut ops = happenings.ops.iter().copied().chain([(span.end, Op::Stall { until: span.end })]);
    let mut next = ops.next();
    let mut quality = Vec::new();
    while let Some((at, op)) = next {
        // The hours of the calendar are stops, as the daemon's checkpoints are.
        let until = stepper.shown(at).min(stepper.monitor.hour_end()).max(stepper.now());
        let said = stepper.advance(&world, until);
        let quiet = said.is_empty();
        verdicts.extend(said.into_iter().map(|verdict| (stepper.now(), verdict)));
        if quiet && stepper.now() >= stepper.shown(at) {
            let now = stepper.now();
            match op {
                Op::Stall { until } => stepper.stall(stepper.shown(until)),
                Op::ClockStep(by) => {
                    let said = stepper.step_clock(&world, by, Elapsed(at.0));
                    verdicts.extend(said.into_iter().map(|verdict| (now, verdict)));
                }
                Op::Stop { .. } => {}
            }
            next = ops.next();
        } else if quiet {
            quality.extend(stepper.monitor.take_quality(stepper.now()));
            // Past the full hour, so that the next one becomes the running one.
            let past = stepper.now() + Millis(1);
            verdicts.extend(stepper.advance(&world, past).into_iter().map(|verdict| (past, verdict)));
        }
    }
    quality.extend(stepper.monitor.take_all_quality(stepper.now()));
    let live = stepper.monitor.show(stepper.now());
    Run { verdicts, live, quality, leapt: stepper.leapt(), runs: stepper.into_fates().into_runs() }
}

/// Everything but the sums of delays, which are floating point and only shown.
fn shown(live: &LiveView) -> String {
    let mut live = live.clone();
    for histogram in live.delay.iter_mut().map(|(_, histogram)| histogram).chain([&mut live.lateness]) {
        histogram.sum = (histogram.sum * 1e3).round();
    }
    format!("{live:#?}")
}

fn different(one: &str, other: &str) -> String {
    one.lines()
        .zip(other.lines())
        .filter(|(one, other)| one != other)
        .map(|(one, other)| format!("{one} | {other}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn compare(seed: u64, busy: f64, intervals: [i64; 2], down: usize, hours: i64) -> Result<Millis, TestCaseError> {
    let probing = |interval: i64| Probing {
        interval: Millis(interval),
        timeout: Millis(interval.min(1000) / 2),
        retry_interval: Millis(interval.min(1000)),
        ..Probing::default()
    };
    let plan = plan(&places(), intervals.map(probing), down);
    let leaping = run(seed, &rates(busy), plan.clone(), hours, true);
    let stepping = run(seed, &rates(busy), plan, hours, false);
    prop_assert_eq!(stepping.leapt, Millis::ZERO);
    prop_assert_eq!(leaping.verdicts, stepping.verdicts);
    prop_assert_eq!(different(&shown(&leaping.live), &shown(&stepping.live)), "");
    prop_assert_eq!(leaping.quality, stepping.quality);
    let edges = |runs: &[LostRun]| runs.iter().map(|run| LostRun { lost: 0, answered: 0, ..*run }).collect::<Vec<_>>();
    prop_assert_eq!(edges(&leaping.runs), edges(&stepping.runs));
    Ok(leaping.leapt)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn leaping_is_stepping(
        seed in any::<u64>(),
        busy in 0.05..1.0_f64,
        intervals in prop::sample::select(vec![[2000, 2000], [2000, 5000], [1000, 3000], [700, 1100], [10_000, 2000]]),
        down in 0_usize..12,
    ) {
        compare(seed, busy, intervals, down, 3)?;
    }
}

#[test]
fn a_quiet_day_is_leapt_over() {
    let leapt = compare(3, 0.001, [2000, 2000], 99, 8).expect("the same");
    assert!(leapt > Millis::from_secs(7 * 3600), "{leapt:?}");
}

#[test]
fn a_probe_lost_within_a_period_that_ends_as_it_began_is_not_repeated() {
    compare(712_015_100, 0.05, [700, 1100], 0, 3).expect("the same");
}

#[test]
fn lines_that_stay_down_are_leapt_over_too() {
    let mut rates = rates(0.0);
    for cuts in rates.cuts.values_mut() {
        *cuts = linewatch_core::simulated::Cuts { per_line: 1500.0, repair: Millis::from_secs(800_000), brief: 0.0 };
    }
    let plan = plan(&places(), [Probing::default(), Probing::default()], 99);
    let leaping = run(5, &rates, plan.clone(), 6, true);
    let down = leaping.verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Down { .. })).count();
    assert!(down > 3 && leaping.leapt > Millis::from_secs(5 * 3600), "{down} down, leapt {:?}", leaping.leapt);
    assert_eq!(leaping.verdicts, run(5, &rates, plan, 6, false).verdicts);
}

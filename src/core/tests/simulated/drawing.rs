use std::collections::{BTreeMap, BTreeSet};

use linewatch_core::line::Line;
use linewatch_core::simulated::{Cause, Cut, Cuts, Happenings, Op, Place, Rates};
use linewatch_core::time::Millis;

use crate::{place, years};

/// 300 lines: a third of each class, in ten townships and (the last thirty) in none.
fn county() -> Vec<Place> {
    let class = |number: usize| ["township", "village", "surveillance"][number % 3];
    let township = |number: usize| if number < 270 { format!("township {}", number / 27) } else { String::new() };
    (0..300).map(|number| place(class(number), &township(number), None)).collect()
}

/// Nothing happens.
fn nothing() -> Rates {
    let mut rates = Rates::default();
    for class in ["township", "village", "surveillance"] {
        rates.cuts.insert(class.into(), Cuts { per_line: 0.0, ..Cuts::of(class) });
    }
    rates.power.per_township = 0.0;
    rates.modem.episodes = 0.0;
    rates.loss.stray_per_line_day = 0.0;
    rates.loss.congestions = 0.0;
    rates.maintenance.windows = 0.0;
    let monitor = &mut rates.monitor;
    for rate in
        [&mut monitor.restarts, &mut monitor.crashes, &mut monitor.blind, &mut monitor.stalls, &mut monitor.clock_steps]
    {
        *rate = 0.0;
    }
    rates
}

fn drawn(change: impl FnOnce(&mut Rates)) -> Happenings {
    let mut rates = nothing();
    change(&mut rates);
    Happenings::draw(11, &rates, &county(), years(10))
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= expected.abs() * tolerance, "{found}, expected {expected}");
}

#[expect(clippy::cast_precision_loss, reason = "counts of thousands and lengths of years")]
fn mean(values: impl IntoIterator<Item = i64>) -> f64 {
    let values: Vec<i64> = values.into_iter().collect();
    values.iter().sum::<i64>() as f64 / values.len() as f64
}

fn count(of: usize) -> f64 {
    f64::from(u32::try_from(of).expect("not that many"))
}

#[test]
fn nothing_happens_when_all_rates_are_nought() {
    assert_eq!(drawn(|_| ()), Happenings::default());
}

#[test]
fn nothing_happens_to_no_lines() {
    let rates = Rates { monitor: nothing().monitor, ..Rates::default() };
    assert_eq!(Happenings::draw(11, &rates, &[], years(10)), Happenings::default());
}

#[test]
fn the_same_seed_draws_the_same_on_every_machine() {
    let digest = |seed| {
        let all = Happenings::draw(seed, &Rates::default(), &county(), years(1));
        let bytes = format!("{all:?}").into_bytes();
        bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
    };
    // FNV-1a of all that is drawn. Who changes this changes every simulated year that was ever shown to anybody.
    assert_eq!([digest(1), digest(2022)], [2_129_544_219_992_388_621, 7_544_004_970_281_865_430]);
}

#[test]
fn lines_are_cut_as_often_and_as_long_as_their_class() {
    for (class, number) in [("township", 0), ("village", 1), ("surveillance", 2)] {
        let cuts = Cuts::of(class);
        let all = drawn(|rates| {
            rates.cuts.insert(class.into(), cuts);
        });
        near(count(all.cuts.len()), cuts.per_line * 100.0 * 10.0, 0.08);
        assert!(all.cuts.iter().all(|cut| cut.line % 3 == number && cut.cause == Cause::Broken), "{class}");
        let expected =
            cuts.brief * 90_000.0 + (1.0 - cuts.brief) * count(usize::try_from(cuts.repair.0).expect("positive"));
        near(mean(all.cuts.iter().map(|cut| cut.span.length().0)), expected, 0.1);
        let brief = all.cuts.iter().filter(|cut| cut.span.length() < Millis::from_secs(500)).count();
        near(count(brief) / count(all.cuts.len()), cuts.brief, 0.12);
        let numbers: BTreeSet<_> = all.cuts.iter().map(|cut| cut.happening).collect();
        assert_eq!(numbers.len(), all.cuts.len(), "each is a happening of its own");
        assert!(all.cuts.is_sorted_by_key(|cut| (cut.span.start, cut.line)));
    }
}

#[test]
fn the_default_cuts_are_those_of_the_offices_year() {
    let halves = |count: i64| Millis::from_secs(count * 1800);
    assert_eq!(Cuts::of("village"), Cuts { per_line: 0.53, repair: halves(14), brief: 0.2 });
    assert_eq!(Cuts::of("township"), Cuts { per_line: 0.4, repair: halves(5), brief: 0.3 });
    assert_eq!(Cuts::of("surveillance"), Cuts { per_line: 0.6, repair: halves(20), brief: 0.3 });
    assert_eq!(Cuts::of("any other"), Cuts::of("village"));
    let set = Cuts { per_line: 9.0, ..Cuts::of("village") };
    let mut rates = Rates::default();
    rates.cuts.insert("village".into(), set);
    assert_eq!((rates.cuts_of(&"village".into()), rates.cuts_of(&"township".into())), (set, Cuts::of("township")));
}

#[test]
fn the_default_rates_are_those_of_the_readme() {
    assert_eq!(
        format!("{:?}", Rates::default()),
        "Rates { cuts: {}, power: Power { per_township: 1.5, length: Millis(7200000), share: 0.8 }, \
         modem: Modem { episodes: 6.0, length: Millis(7200000), down: Millis(40000), up: Millis(240000) }, \
         loss: Loss { stray_per_line_day: 0.05, congestions: 30.0, length: Millis(900000), share: 0.05 }, \
         maintenance: Maintenance { windows: 16.0, length: Millis(7200000), overrun: 0.2 }, \
         monitor: MonitorRates { restarts: 8.0, crashes: 2.0, stopped: Millis(120000), blind: 6.0, \
         blind_length: Millis(60000), stalls: 2.0, stall_length: Millis(60000), clock_steps: 2.0, step: Millis(40000) }, \
         people: People { reported: 0.11, report_after: Millis(2400000), complaints: 20.0, attended: 0.8, \
         planned_late: 0.25, inspections: 120.0 } }",
    );
}

#[test]
fn a_power_cut_takes_most_of_a_township() {
    let all =
        drawn(|rates| rates.power = linewatch_core::simulated::Power { per_township: 3.0, ..Rates::default().power });
    let mut happenings = BTreeMap::<u32, Vec<Cut>>::new();
    for cut in &all.cuts {
        assert_eq!(cut.cause, Cause::Power);
        happenings.entry(cut.happening).or_default().push(*cut);
    }
    near(count(happenings.len()), 3.0 * 10.0 * 10.0, 0.12);
    // The thirty lines without a township have mains of their own.
    assert!(all.cuts.iter().all(|cut| cut.line < 270));
    for cuts in happenings.values() {
        assert_eq!(cuts.iter().map(|cut| cut.line / 27).collect::<BTreeSet<_>>().len(), 1, "one township");
    }
    // A battery may outlast the mains: then the line is not down.
    near(count(all.cuts.len()) / count(happenings.len()), 0.8 * 27.0, 0.05);
    let begins = |cuts: &[Cut]| cuts.iter().map(|cut| cut.span.start).min().expect("somebody is down");
    let late = |cuts: &[Cut]| cuts.iter().filter(|cut| cut.span.start > begins(cuts)).count();
    near(count(happenings.values().map(|cuts| late(cuts)).sum()) / count(all.cuts.len()), 0.2, 0.15);
    let delays = happenings.values().flat_map(|cuts| {
        let begin = begins(cuts);
        cuts.iter().map(move |cut| (cut.span.start - begin).0).filter(|delay| *delay > 0)
    });
    near(mean(delays), 1_200_000.0, 0.1);
    near(mean(all.cuts.iter().map(|cut| cut.span.length().0)), 7_200_000.0 + 60_000.0 - 0.2 * 1_200_000.0, 0.08);
    // Switches come back one after the other, about a minute after the mains.
    let spread = happenings.values().map(|cuts| {
        let ends = cuts.iter().map(|cut| cut.span.end);
        (ends.clone().max().expect("one") - ends.min().expect("one")).0
    });
    let spread = mean(spread);
    assert!((60_000.0..200_000.0).contains(&spread), "{spread}");
}

#[test]
fn a_modem_comes_and_goes_for_hours() {
    let all = drawn(|rates| rates.modem.episodes = 20.0);
    let mut episodes = BTreeMap::<u32, Vec<Cut>>::new();
    for cut in &all.cuts {
        assert_eq!(cut.cause, Cause::Modem);
        episodes.entry(cut.happening).or_default().push(*cut);
    }
    near(count(episodes.len()), 200.0, 0.15);
    let mut lines = BTreeSet::new();
    let mut lengths = vec![];
    let mut pauses = vec![];
    for cuts in episodes.values() {
        lines.insert(cuts[0].line);
        assert!(cuts.iter().all(|cut| cut.line == cuts[0].line), "one line an episode");
        lengths.push((cuts[cuts.len() - 1].span.end - cuts[0].span.start).0);
        pauses.extend(cuts.windows(2).map(|pair| (pair[1].span.start - pair[0].span.end).0));
    }
    assert!(lines.len() > 100 && lines.iter().any(|line| *line > 290), "any line: {}", lines.len());
    near(mean(lengths), 7_200_000.0, 0.15);
    near(mean(all.cuts.iter().map(|cut| cut.span.length().0)), 40_000.0, 0.05);
    near(mean(pauses), 240_000.0, 0.05);
}

#[test]
fn work_keeps_to_its_window_or_overruns_it() {
    let all = drawn(|rates| rates.maintenance.windows = 160.0);
    near(count(all.windows.len()), 1600.0, 0.08);
    assert_eq!(all.windows.len(), all.cuts.len());
    assert!(all.windows.is_sorted_by_key(|(line, window)| (window.start, *line)));
    near(mean(all.windows.iter().map(|(_, window)| window.length().0)), 7_200_000.0, 0.06);
    let mut cuts: Vec<_> = all.cuts.iter().collect();
    cuts.sort_by_key(|cut| cut.happening);
    let mut windows: Vec<_> = all.windows.clone();
    windows.sort_by_key(|(_, window)| window.start);
    let mut over = 0;
    let mut shares = vec![];
    for (cut, (line, window)) in cuts.iter().zip(&windows) {
        assert_eq!((cut.line, cut.cause), (*line, Cause::Maintenance));
        let begins = (cut.span.start - window.start).0;
        assert!(begins >= 0 && begins * 10 <= window.length().0 * 3, "in the first third");
        shares.push(begins * 1000 / window.length().0);
        let left = window.end - cut.span.start;
        if cut.span.end > window.end {
            over += 1;
            assert!(cut.span.length() <= left * 2);
        } else {
            assert!(cut.span.length().0 * 10 <= left.0 * 9);
        }
    }
    near(mean(shares), 150.0, 0.08);
    near(count(over) / count(cuts.len()), 0.2, 0.12);
    assert!(all.windows.iter().all(|(_, window)| window.end < years(10).end));
}

#[test]
fn probes_are_lost_by_themselves_and_in_congestion() {
    let all =
        drawn(|rates| rates.loss = linewatch_core::simulated::Loss { congestions: 60.0, ..Rates::default().loss });
    near(count(all.strays.len()), 0.05 * 300.0 * 3650.0, 0.03);
    assert!(all.strays.is_sorted());
    near(count(all.rough.len()), 600.0, 0.12);
    assert!(all.rough.is_sorted_by_key(|rough| (rough.line, rough.span.start)));
    near(mean(all.rough.iter().map(|rough| rough.span.length().0)), 900_000.0, 0.07);
    assert!(all.rough.iter().all(|rough| rough.share.to_bits() == 0.05_f64.to_bits()));
    assert!(all.cuts.is_empty() && all.own_side.is_empty() && all.ops.is_empty());
}

#[test]
fn what_happens_to_the_monitor_is_apart() {
    let all = drawn(|rates| rates.monitor = Rates::default().monitor);
    let mut spans = vec![];
    let [mut clean, mut crashes, mut stalls] = [vec![], vec![], vec![]];
    let mut steps = vec![];
    for (at, op) in &all.ops {
        let end = match op {
            Op::Stop { clean: kind, until } => {
                if *kind { &mut clean } else { &mut crashes }.push((*until - *at).0);
                *until
            }
            Op::Stall { until } => {
                stalls.push((*until - *at).0);
                *until
            }
            Op::ClockStep(by) => {
                steps.push(by.0);
                *at
            }
        };
        spans.push((*at, end));
    }
    assert!(all.ops.is_sorted_by_key(|(at, _)| *at) && all.own_side.is_sorted_by_key(|side| side.span.start));
    near(count(clean.len()), 80.0, 0.3);
    near(count(crashes.len()), 20.0, 0.5);
    near(count(all.own_side.len()), 60.0, 0.3);
    near(count(stalls.len()), 20.0, 0.5);
    near(count(steps.len()), 20.0, 0.5);
    near(mean(clean.into_iter().chain(crashes)), 120_000.0, 0.15);
    near(mean(all.own_side.iter().map(|side| side.span.length().0)), 60_000.0, 0.25);
    near(mean(stalls), 60_000.0, 0.35);
    near(mean(steps.iter().map(|by: &i64| by.abs())), 40_000.0, 0.35);
    assert!(steps.iter().any(|by| *by > 0) && steps.iter().any(|by| *by < 0));
    let unsent = all.own_side.iter().filter(|side| side.unsent.is_some()).count();
    near(count(unsent) / count(all.own_side.len()), 0.4, 0.4);
    spans.extend(all.own_side.iter().map(|side| (side.span.start, side.span.end)));
    spans.sort_unstable();
    let apart = Millis::from_secs(900);
    assert!(spans.windows(2).all(|pair| pair[1].0 > pair[0].1 + apart));
    assert!(spans[0].0 >= years(10).start + apart && spans[spans.len() - 1].1 <= years(10).end - apart);
}

/// So much happens to the monitor that what is drawn must be thinned out and cut short at the end.
#[test]
fn a_monitor_to_which_all_happens_at_once() {
    let often = 365.0 * 24.0 * 6.0;
    for kind in 0..5 {
        let mut rates = nothing();
        let monitor = &mut rates.monitor;
        let all = [
            &mut monitor.restarts,
            &mut monitor.crashes,
            &mut monitor.blind,
            &mut monitor.stalls,
            &mut monitor.clock_steps,
        ];
        *all.into_iter().nth(kind).expect("five kinds") = often;
        let span = linewatch_core::time::Span::new(years(1).start, years(1).start + Millis::from_secs(6 * 3600));
        for seed in 0..20 {
            let all = Happenings::draw(seed, &rates, &county(), span);
            let mut spans: Vec<_> = all.own_side.iter().map(|side| (side.span.start, side.span.end)).collect();
            spans.extend(all.ops.iter().map(|(at, op)| match op {
                Op::Stop { until, .. } | Op::Stall { until } => (*at, *until),
                Op::ClockStep(by) => (*at, *at + *by),
            }));
            let apart = Millis::from_secs(900);
            assert!(spans.len() > 5, "{} of kind {kind}", spans.len());
            assert!(spans.windows(2).all(|pair| pair[1].0 > pair[0].1 + apart), "{kind} {spans:?}");
            assert!(
                spans.iter().all(|(at, _)| *at >= span.start + apart && *at + apart <= span.end),
                "{kind} {spans:?}"
            );
            let kinds = all.ops.iter().map(|(_, op)| match op {
                Op::Stop { clean: true, .. } => 0,
                Op::Stop { .. } => 1,
                Op::Stall { .. } => 3,
                Op::ClockStep(_) => 4,
            });
            assert!(kinds.chain(all.own_side.iter().map(|_| 2)).all(|found| found == kind));
        }
    }
}

#[test]
fn places_know_what_is_above_them() {
    let line = |id: &str, township: &str, upstream: Option<&str>| -> Line {
        serde_json::from_value(serde_json::json!({
            "id": id, "name": id, "class": "village", "township": township, "address": "192.0.2.1", "probe": "icmp",
            "upstream": upstream,
        }))
        .expect("a line")
    };
    let lines = [line("B", "east", Some("A")), line("A", "west", None), line("C", "", Some("elsewhere"))];
    let found = Place::of(&lines);
    assert_eq!(found.iter().map(|place| place.upstream).collect::<Vec<_>>(), [Some(1), None, None]);
    assert_eq!(found.iter().map(|place| place.township.as_str()).collect::<Vec<_>>(), ["east", "west", ""]);
}

#[test]
fn causes_have_names_of_their_own() {
    let all = [Cause::Broken, Cause::Power, Cause::Modem, Cause::Maintenance];
    assert_eq!(all.map(Cause::label), ["broken", "power", "modem", "maintenance"]);
}

#[test]
fn what_is_to_be_expected_is_known_before_it_is_drawn() {
    let expected: BTreeMap<String, f64> = Rates::default().expected(&county(), years(10)).into_iter().collect();
    let rows = [
        ("cuts.township.per_line", 0.4 * 100.0 * 10.0),
        ("cuts.village.per_line", 0.53 * 100.0 * 10.0),
        ("cuts.surveillance.per_line", 0.6 * 100.0 * 10.0),
        // One of each line that shares its township's mains.
        ("power.per_township", 1.5 * 270.0 * 10.0),
        // Down 40 s, up 4 minutes, for two hours, and the one it begins with.
        ("modem.episodes", 6.0 * (1.0 + 7200.0 / 280.0) * 10.0),
        ("loss.stray_per_line_day", 0.05 * 300.0 * 3650.0),
        ("loss.congestions", 300.0),
        ("maintenance.windows", 160.0),
        ("monitor.restarts", 80.0),
        ("monitor.crashes", 20.0),
        ("monitor.blind", 60.0),
        ("monitor.stalls", 20.0),
        ("monitor.clock_steps", 20.0),
        ("people.complaints", 200.0),
        ("people.inspections", 1200.0),
    ];
    assert_eq!(expected.len(), rows.len(), "{expected:?}");
    for (key, count) in rows {
        near(expected[key], count, 1e-9);
    }
    assert!(
        Rates::default().expected(&[], years(10)).iter().all(|(key, count)| *count == 0.0 || !key.contains("line"))
    );
}

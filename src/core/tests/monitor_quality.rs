//! What the monitor counts by the hour, with a clock of the test's own.

use linewatch_core::calendar::Calendar;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};
use linewatch_core::probing::Probing;
use linewatch_core::quality::LineHour;
use linewatch_core::time::{ClockReading, ClockStep, Elapsed, Timestamp};

const HOUR: i64 = 3_600_000;

fn plan(names: &[&str]) -> Plan {
    let line =
        |name: &&str| WatchedLine { id: (*name).into(), class: 0, upstream: None, prior: Prior::Up, unseen: false };
    Plan {
        lines: names.iter().map(line).collect(),
        references: Vec::new(),
        classes: vec![("village".into(), Probing::default())],
        reference_probing: Probing::default(),
    }
}

fn monitor(names: &[&str], start: i64) -> Monitor {
    Monitor::new(plan(names), Timestamp(start), None).with_hours_of(Calendar::new(chrono_tz::Asia::Shanghai))
}

/// Plays from `from` to `until` with probes every two seconds; `fate` says what becomes of a line's probe: `.`
/// answered after 100 ms, `x` lost after a second, `u` unsent. What is under way at the end arrives as well.
fn play(monitor: &mut Monitor, from: i64, until: i64, fate: impl Fn(&str, i64) -> char) {
    let mut under_way: Vec<(i64, Event)> = Vec::new();
    for now in (from..until).step_by(10) {
        monitor.handle(Timestamp(now), Event::Tick);
        let (due, later) = under_way.into_iter().partition(|(at, _)| *at <= now);
        under_way = later;
        let due: Vec<(i64, Event)> = due;
        for (_, event) in due {
            monitor.handle(Timestamp(now), event);
        }
        while let Some(effect) = monitor.next_effect() {
            let Effect::Probe { target, token, .. } = effect else { continue };
            let (after, outcome) = match fate(monitor.target_names()[target as usize].as_str(), now) {
                '.' => (100, Outcome::Reply { rtt_us: 100_000 }),
                'u' => (0, Outcome::Unsent(UnsentCause::NoBuffer)),
                _ => (1000, Outcome::Loss(LossCause::Timeout)),
            };
            under_way.push((now + after, Event::Probed { target, token, sent_at: Timestamp(now), outcome }));
        }
    }
    under_way.sort_by_key(|(at, _)| *at);
    for (at, event) in under_way {
        monitor.handle(Timestamp(at), event);
    }
}

/// Line, start, sent, lost, unsent of everything, parts of an hour added up.
fn counted(parts: Vec<LineHour>) -> Vec<(String, i64, u64, u64, u64)> {
    let mut whole = std::collections::BTreeMap::new();
    for LineHour { line, start, quality } in parts {
        let hour: &mut linewatch_core::quality::Quality = whole.entry((line, start)).or_default();
        hour.merge(&quality);
    }
    let row =
        |((line, start), quality): ((linewatch_core::line::LineId, Timestamp), linewatch_core::quality::Quality)| {
            (line.to_string(), start.0, quality.sent(), quality.lost, quality.unsent)
        };
    whole.into_iter().map(row).collect()
}

#[test]
fn probes_belong_to_the_hour_of_their_sending_and_confirming_ones_are_apart() {
    let start = 10 * HOUR - 20_000;
    let mut monitor = monitor(&["A", "B"], start);
    // B loses everything around the full hour; what is sent just before it is known just after.
    play(&mut monitor, start, start + 40_000, |line, now| {
        if line == "B" && (start + 10_000..start + 30_000).contains(&now) { 'x' } else { '.' }
    });
    let all = counted(monitor.take_all_quality(Timestamp(start + 40_000)));
    assert_eq!(
        all,
        [
            ("A".to_owned(), 9 * HOUR, 10, 0, 0),
            ("A".to_owned(), 10 * HOUR, 10, 0, 0),
            ("B".to_owned(), 9 * HOUR, 10, 5, 0),
            ("B".to_owned(), 10 * HOUR, 10, 5, 0),
        ]
    );
}

#[test]
fn hours_are_those_of_the_sites_clock() {
    let start = 10 * HOUR;
    let mut monitor =
        Monitor::new(plan(&["A"]), Timestamp(start), None).with_hours_of(Calendar::new(chrono_tz::Asia::Kolkata));
    play(&mut monitor, start, start + 3000, |_, _| '.');
    assert_eq!(monitor.take_all_quality(Timestamp(start + 3000))[0].start, Timestamp(start - HOUR / 2));
}

#[test]
fn what_is_lost_while_the_monitor_sees_nothing_is_not_the_lines() {
    let mut monitor = monitor(&["A", "B"], 0);
    play(&mut monitor, 0, 60_000, |_, now| if (20_000..40_000).contains(&now) { 'x' } else { '.' });
    let all = counted(monitor.take_all_quality(Timestamp(60_000)));
    for (line, _, sent, lost, unsent) in all {
        assert_eq!((sent + unsent, lost), (30, 0), "{line}");
        // One more at most: a probe under way at the end of the silence counts for the one that was due just after.
        assert!((10..=11).contains(&unsent), "{line}: {unsent}");
    }
}

#[test]
fn what_is_lost_while_another_line_answers_is_the_lines() {
    let mut monitor = monitor(&["A", "B"], 0);
    play(&mut monitor, 0, 60_000, |line, now| if line == "A" && now < 40_000 { 'x' } else { '.' });
    let all = counted(monitor.take_all_quality(Timestamp(60_000)));
    let (_, _, sent, lost, unsent) = all[0].clone();
    // The first one was lost before anything had ever answered, at the latest.
    assert!(sent + unsent >= 29 && lost >= 18 && unsent <= 1, "{all:?}");
    assert_eq!(all[1].3, 0);
}

#[test]
fn our_own_failure_is_unsent() {
    let mut monitor = monitor(&["A", "B"], 0);
    play(&mut monitor, 0, 60_000, |line, now| if line == "A" && now >= 40_000 { 'u' } else { '.' });
    let all = counted(monitor.take_all_quality(Timestamp(60_000)));
    assert_eq!(all, [("A".to_owned(), 0, 20, 0, 10), ("B".to_owned(), 0, 30, 0, 0)]);
}

#[test]
fn it_is_handed_out_every_five_minutes_and_each_probe_once() {
    let mut monitor = monitor(&["A"], 0);
    let mut parts = Vec::new();
    let mut times = 0;
    for second in 0..3660 {
        play(&mut monitor, second * 1000, (second + 1) * 1000, |_, _| '.');
        let part = monitor.take_quality(Timestamp((second + 1) * 1000));
        times += usize::from(!part.is_empty());
        parts.extend(part);
    }
    assert_eq!(times, 12);
    parts.extend(monitor.take_all_quality(Timestamp(3_660_000)));
    let all = counted(parts);
    assert_eq!(all.len(), 2);
    // Answers of the last 100 ms of each second are lost by `play`, which ends before them.
    assert!(all[0].2 >= 1790 && all[1].2 >= 29, "{all:?}");
}

#[test]
fn a_line_that_leaves_the_plan_leaves_its_hour_and_one_that_stays_keeps_counting() {
    let mut monitor = monitor(&["A", "B"], 0);
    play(&mut monitor, 0, 20_000, |_, _| '.');
    monitor.assign(plan(&["B"]), Timestamp(20_000));
    play(&mut monitor, 20_000, 40_000, |_, _| '.');
    let all = counted(monitor.take_all_quality(Timestamp(40_000)));
    assert_eq!(all[0], ("A".to_owned(), 0, 10, 0, 0));
    assert!((20..=21).contains(&all[1].2), "{all:?}");
}

#[test]
fn a_clock_set_back_counts_the_repeated_time_once() {
    let start = 10 * HOUR;
    let mut monitor = monitor(&["A"], start);
    play(&mut monitor, start, start + 60_000, |_, _| '.');
    let now = start - 30_000;
    let reading = ClockReading { wall: Timestamp(now), elapsed: Elapsed(0) };
    monitor.handle(Timestamp(now), Event::ClockStepped(ClockStep { expected: Timestamp(start + 60_000), reading }));
    play(&mut monitor, now, start + 80_000, |_, _| '.');
    let all = counted(monitor.take_quality(Timestamp(start + 80_000)));
    assert!(all.is_empty(), "the hours are handed out five minutes after the step at most: {all:?}");
    let all = counted(monitor.take_all_quality(Timestamp(start + 80_000)));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].1, all[0].2), (start, 40));
}

#[test]
fn nothing_is_counted_while_the_clock_is_behind_the_records() {
    let mut monitor = Monitor::new(plan(&["A"]), Timestamp(0), Some(Timestamp(30_000)));
    play(&mut monitor, 0, 60_000, |_, _| '.');
    assert_eq!(counted(monitor.take_all_quality(Timestamp(60_000))), [("A".to_owned(), 0, 15, 0, 0)]);
}

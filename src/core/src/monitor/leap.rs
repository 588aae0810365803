//! Leaping over stretches in which nothing changes, for simulated years: a year of 401 lines has 6.3 thousand million
//! probes, and nearly all of them say again what the one before said.
//!
//! **What is skipped.** If the monitor stands at some instant exactly as it stood one period of its schedule before,
//! only later by that period, and if the wire goes on to answer as it did in that period, then every following
//! period is like that one: the same probes, the same results, no verdict. [`Monitor::leap`] compares the two moments
//! field by field and, if they are alike, goes on as after any number of further periods: instants that move with the
//! schedule move on, counters grow by as much for each period as in the one that was seen.
//!
//! **Why that is the same.** The monitor looks at instants in two ways only: it compares instants with one another, or
//! adds lengths to them; both are blind to moving all of them together. What does *not* move (an outage's start, the
//! latest return of sight, the start of the monitor) lies in the past, and is there looked at only as a lower bound that
//! the moving instants have passed, or not before another change has overwritten it; each such field is named below.
//! What an instant is by the calendar matters for one thing, the hour that quality is counted in: a leap that would
//! leave the hour is refused. The test `monitor_leaps` holds leaping against stepping over random districts: the same
//! verdicts, and at the end the same live values and the same quality, digit by digit.

use super::{Monitor, Outstanding, Reference, Watched};
use crate::time::{Millis, Timestamp};

/// Longer periods are not looked for: whoever probes every 7 s and every 11 s repeats after 77 s, but nobody gains by
/// waiting an hour for a repetition.
const LONGEST_PERIOD: Millis = Millis::from_secs(600);

impl Monitor {
    /// After how long the schedule repeats itself: the least common multiple of all intervals. `None` when nothing is
    /// probed or that is longer than ten minutes.
    pub fn period(&self) -> Option<Millis> {
        self.schedule.intervals().try_fold(None, |period: Option<Millis>, interval| {
            let period = period.map_or(interval, |period| least_common_multiple(period, interval));
            (period <= LONGEST_PERIOD).then_some(Some(period))
        })?
    }

    /// Whether nothing waits to be confirmed, done or seen; else no two moments are alike, and comparing is in vain.
    pub fn is_calm(&self) -> bool {
        !self.blind
            && !self.journal_full
            && self.muted_until.is_none()
            && self.held.is_empty()
            && self.effects.is_empty()
            && self.forwarded.is_empty()
            && !self.lines.iter().any(|line| line.detector.is_soft() || line.unsent.is_some())
    }

    /// First instant after the hour that quality is counted in.
    pub fn hour_end(&self) -> Timestamp {
        self.hours.end()
    }

    /// Goes on from `earlier`, a clone made one [`Monitor::period`] ago, as if `times` more periods had passed, in each
    /// of which the wire did what it did since `earlier`. Whoever keeps probes under way moves them along.
    ///
    /// Returns `false` and does nothing when the two moments are not alike, or when the running hour would be left.
    #[must_use]
    pub fn leap(&mut self, earlier: &Self, times: i64) -> bool {
        let Some(period) = self.period() else { return false };
        let by = period * times;
        if times < 0 || self.last_tick + by >= self.hours.end() || !self.repeats(earlier, period) {
            return false;
        }
        for (line, before) in self.lines.iter_mut().zip(&earlier.lines) {
            line.leap(before, by, times);
        }
        for outstanding in self.references.iter_mut().filter_map(|reference| reference.outstanding.as_mut()) {
            outstanding.sent_at = outstanding.sent_at + by;
        }
        for (histogram, before) in self.delay.iter_mut().zip(&earlier.delay) {
            histogram.repeat(before, times);
        }
        self.lateness.repeat(&earlier.lateness, times);
        self.schedule.leap(by);
        self.sight.leap(by);
        self.hours.leap(by);
        self.last_tick = self.last_tick + by;
        true
    }

    /// Whether this is `earlier`, one period later, in everything that decides what comes.
    fn repeats(&self, earlier: &Self, period: Millis) -> bool {
        // Taken apart, so that whoever adds a field is asked what a leap does with it.
        let Self {
            names,
            lines,
            references,
            classes,
            delay: _,
            reference_probing,
            schedule,
            origin,
            forwarded: _,
            sight,
            held: _,
            effects: _,
            // A token is a name, not a number: it only has to be another one than those of probes under way.
            next_token: _,
            epoch,
            blind: _,
            // A lower bound of what counts: passed for good.
            sighted_at,
            muted_until: _,
            journal_full: _,
            patience,
            quick,
            stall,
            started,
            last_tick,
            unsent,
            lateness: _,
            clock_steps,
            hours,
        } = self;
        self.is_calm()
            && earlier.is_calm()
            && *last_tick == earlier.last_tick + period
            && (*epoch, *sighted_at, *origin, *started)
                == (earlier.epoch, earlier.sighted_at, earlier.origin, earlier.started)
            && (*patience, *quick, *stall) == (earlier.patience, earlier.quick, earlier.stall)
            && (*unsent, *clock_steps) == (earlier.unsent, earlier.clock_steps)
            && *reference_probing == earlier.reference_probing
            && classes.len() == earlier.classes.len()
            && classes
                .iter()
                .zip(&earlier.classes)
                .all(|(one, other)| one.name == other.name && one.probing == other.probing)
            && schedule.repeats(&earlier.schedule, period)
            && sight.repeats(&earlier.sight, period)
            && hours.repeats(&earlier.hours, period)
            && lines.len() == earlier.lines.len()
            && lines.iter().zip(&earlier.lines).all(|(line, before)| line.repeats(before, period))
            && references.len() == earlier.references.len()
            && references.iter().zip(&earlier.references).all(|(one, before)| one.repeats(before, period))
            && *names == earlier.names
    }
}

impl Watched {
    fn repeats(&self, earlier: &Self, period: Millis) -> bool {
        let Self {
            detector,
            class,
            upstream,
            epoch,
            outstanding,
            unseen,
            held,
            retrying,
            left_out,
            // Bounds from below, passed for good.
            since,
            gap_limit,
            delay_us,
            unsent,
            // Counters: they grow.
            sent: _,
            lost: _,
            observed: _,
            // Looked at only when a change is confirmed, by the instant of that.
            flapping,
            quality: _,
        } = self;
        (*class, *upstream, *epoch, *since) == (earlier.class, earlier.upstream, earlier.epoch, earlier.since)
            && (*unseen, *held, *retrying, *left_out)
                == (earlier.unseen, earlier.held, earlier.retrying, earlier.left_out)
            && (*gap_limit, *delay_us, *unsent) == (earlier.gap_limit, earlier.delay_us, earlier.unsent)
            && *flapping == earlier.flapping
            && detector.repeats(&earlier.detector, period)
            && under_way(outstanding.as_ref(), earlier.outstanding.as_ref(), period)
    }

    fn leap(&mut self, earlier: &Self, by: Millis, times: i64) {
        self.detector.leap(by);
        if let Some(outstanding) = &mut self.outstanding {
            outstanding.sent_at = outstanding.sent_at + by;
        }
        let times_unsigned = times.unsigned_abs();
        self.sent += (self.sent - earlier.sent) * times_unsigned;
        self.lost += (self.lost - earlier.lost) * times_unsigned;
        self.observed += (self.observed - earlier.observed) * times;
        self.quality.repeat(&earlier.quality, times_unsigned);
    }
}

impl Reference {
    fn repeats(&self, earlier: &Self, period: Millis) -> bool {
        let Self { address, outstanding, up } = self;
        *address == earlier.address
            && *up == earlier.up
            && under_way(outstanding.as_ref(), earlier.outstanding.as_ref(), period)
    }
}

fn under_way(now: Option<&Outstanding>, earlier: Option<&Outstanding>, period: Millis) -> bool {
    match (now, earlier) {
        (None, None) => true,
        (Some(Outstanding { token: _, sent_at, confirming, counted }), Some(before)) => {
            *sent_at == before.sent_at + period && *confirming == before.confirming && *counted == before.counted
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn least_common_multiple(one: Millis, other: Millis) -> Millis {
    let (mut larger, mut smaller) = (one.0, other.0);
    while smaller != 0 {
        (larger, smaller) = (smaller, larger % smaller);
    }
    Millis(one.0 / larger.max(1)) * other.0
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::calendar::Calendar;
    use crate::detector::{Detector, Settled};
    use crate::monitor::held::Held;
    use crate::monitor::hours::Hours;
    use crate::monitor::{Effect, Event, Plan, Prior, WatchedLine};
    use crate::outcome::{LossCause, Outcome, UnsentCause};
    use crate::probing::Probing;

    const SECOND: Millis = Millis(1000);

    fn plan(seconds: &[i64]) -> Plan {
        let probing = |seconds| Probing { interval: Millis::from_secs(seconds), ..Probing::default() };
        let line = |class| WatchedLine {
            id: format!("L-{class}").as_str().into(),
            class,
            upstream: None,
            prior: if class == 1 { Prior::Down { until: Timestamp(-1000) } } else { Prior::Up },
            unseen: false,
            moved: false,
        };
        Plan {
            lines: (0..seconds.len()).map(line).collect(),
            references: vec!["REF".to_owned()],
            classes: seconds
                .iter()
                .map(|seconds| (format!("C-{seconds}").as_str().into(), probing(*seconds)))
                .collect(),
            reference_probing: Probing { timeout: Millis(900), ..probing(1) },
        }
    }

    /// A line that answers, a line that is down and a reference that does not answer, each probed every second, at an
    /// instant when probes are under way. After 64 answers no more are remembered.
    fn monitor(until: i64) -> Monitor {
        let mut monitor = Monitor::new(plan(&[1, 1]), Timestamp(0), None);
        let mut under_way = VecDeque::new();
        for now in (0..=until * 1000).step_by(50).map(Timestamp) {
            monitor.handle(now, Event::Tick);
            while let Some(effect) = monitor.next_effect() {
                let Effect::Probe { target, token, .. } = effect else { continue };
                if target == 0 {
                    let outcome = Outcome::Reply { rtt_us: 0 };
                    monitor.handle(now, Event::Probed { target, token, sent_at: now, outcome });
                } else {
                    under_way.push_back((now, target, token));
                }
            }
            while let Some((sent_at, target, token)) = under_way.pop_front_if(|(sent, ..)| now - *sent >= Millis(900)) {
                let outcome = Outcome::Loss(LossCause::Timeout);
                monitor.handle(now, Event::Probed { target, token, sent_at, outcome });
            }
        }
        monitor
    }

    #[test]
    fn a_monitor_that_was_leapt_stands_as_the_one_it_was_leapt_from() {
        let mut leapt = monitor(100);
        assert!(leapt.lines[1].outstanding.is_some() && leapt.references[0].outstanding.is_some());
        assert!(leapt.leap(&monitor(99), 5));
        assert!(leapt.repeats(&monitor(100), SECOND * 5));
        assert!(leapt.repeats(&monitor(104), SECOND));
        let stepped = monitor(105);
        let counters = |monitor: &Monitor| {
            monitor
                .lines
                .iter()
                .map(|line| (line.sent, line.lost, line.observed, line.quality.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(counters(&leapt), counters(&stepped));
        assert_eq!(leapt.lateness.counts, stepped.lateness.counts);
        assert_eq!(leapt.delay[0].counts, stepped.delay[0].counts);
    }

    #[test]
    fn a_leap_stays_within_its_hour_and_goes_forward() {
        let (earlier, mut later) = (monitor(99), monitor(100));
        assert!(!later.leap(&earlier, -1));
        assert!(!later.leap(&earlier, 3500), "to the first instant of the next hour");
        assert!(later.leap(&earlier, 0));
        assert!(later.leap(&earlier, 3499));
        assert_eq!(later.last_tick, Timestamp(3_599_000));
    }

    #[test]
    fn a_schedule_repeats_itself_after_the_least_common_multiple_of_its_intervals() {
        let period = |seconds: &[i64]| Monitor::new(plan(seconds), Timestamp(0), None).period();
        assert_eq!(period(&[1]), Some(SECOND));
        assert_eq!(period(&[2, 3]), Some(SECOND * 6));
        assert_eq!(period(&[6, 4]), Some(SECOND * 12));
        assert_eq!(period(&[600]), Some(SECOND * 600));
        assert_eq!(period(&[601]), None, "nobody waits that long");
        assert_eq!(period(&[300, 200, 7]), None);
        let nobody = Plan { references: Vec::new(), ..plan(&[]) };
        assert_eq!(Monitor::new(nobody, Timestamp(0), None).period(), None);
    }

    type Change = fn(&mut Monitor);

    #[test]
    fn whatever_is_under_way_is_not_calm() {
        assert!(monitor(100).is_calm());
        let changes: [Change; 8] = [
            |monitor| monitor.blind = true,
            |monitor| monitor.journal_full = true,
            |monitor| monitor.muted_until = Some(Timestamp(0)),
            |monitor| {
                let at = Timestamp(0);
                monitor.held.push(Held { target: 0, last_loss: at, latest_loss: at, since: at });
            },
            |monitor| monitor.effects.push_back(Effect::Probe { target: 0, token: 0, timeout: SECOND }),
            |monitor| monitor.forwarded.extend([(1, 1)]),
            |monitor| {
                monitor.lines[0].detector.lost(Timestamp(100_000), LossCause::Timeout, &Probing::default());
            },
            |monitor| monitor.lines[0].unsent = Some(UnsentCause::Engine),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut other = monitor(100);
            change(&mut other);
            assert!(!other.is_calm(), "change {number}");
        }
    }

    #[test]
    fn a_moment_that_differs_in_anything_is_no_repetition() {
        let changes: &[Change] = &[
            |monitor| monitor.blind = true,
            |monitor| monitor.last_tick = Timestamp(1),
            |monitor| monitor.epoch = 77,
            |monitor| monitor.sighted_at = Timestamp(1),
            |monitor| monitor.origin = Timestamp(1),
            |monitor| monitor.started = Timestamp(1),
            |monitor| monitor.patience = Millis(1),
            |monitor| monitor.quick = Millis(1),
            |monitor| monitor.stall = Millis(1),
            |monitor| monitor.unsent[0] = 1,
            |monitor| monitor.clock_steps = 1,
            |monitor| monitor.reference_probing.timeout = Millis(1),
            |monitor| drop(monitor.classes.pop()),
            |monitor| monitor.classes[0].name = "other".into(),
            |monitor| monitor.classes[0].probing.confirm_up = 1,
            |monitor| monitor.schedule.leap(Millis(1)),
            |monitor| monitor.sight.leap(Millis(1)),
            |monitor| monitor.hours = Hours::new(Calendar::new(chrono_tz::UTC), Timestamp(1)),
            |monitor| monitor.names[0] = "other".into(),
            |monitor| drop(monitor.lines.pop()),
            |monitor| monitor.lines[0].class = 1,
            |monitor| monitor.lines[0].upstream = Some(1),
            |monitor| monitor.lines[0].epoch = 77,
            |monitor| monitor.lines[0].since = Timestamp(1),
            |monitor| monitor.lines[0].unseen = true,
            |monitor| monitor.lines[0].held = true,
            |monitor| monitor.lines[0].retrying = true,
            |monitor| monitor.lines[0].left_out = true,
            |monitor| monitor.lines[0].gap_limit = Millis(1),
            |monitor| monitor.lines[0].delay_us = Some(77),
            |monitor| monitor.lines[0].flapping.changed(Timestamp(1)),
            |monitor| monitor.lines[0].detector = Detector::new(Settled::Up, Timestamp(0)),
            |monitor| monitor.lines[1].outstanding = None,
            |monitor| monitor.lines[1].outstanding.as_mut().expect("under way").sent_at = Timestamp(1),
            |monitor| monitor.lines[1].outstanding.as_mut().expect("under way").confirming = true,
            |monitor| monitor.lines[1].outstanding.as_mut().expect("under way").counted = false,
            |monitor| drop(monitor.references.pop()),
            |monitor| monitor.references[0].address = "other".to_owned(),
            |monitor| monitor.references[0].up = None,
            |monitor| monitor.references[0].outstanding = None,
        ];
        let (later, earlier) = (monitor(100), monitor(99));
        assert!(later.repeats(&earlier, SECOND));
        for (number, change) in changes.iter().enumerate() {
            let (mut other, mut before) = (later.clone(), earlier.clone());
            change(&mut other);
            assert!(!other.repeats(&earlier, SECOND), "change {number} of the later one");
            change(&mut before);
            assert!(!later.repeats(&before, SECOND), "change {number} of the earlier one");
        }
    }
}

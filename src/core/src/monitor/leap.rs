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

/// Whether an instant has moved on by one period, or is not there in either moment.
pub(crate) fn moved(now: Option<Timestamp>, earlier: Option<Timestamp>, period: Millis) -> bool {
    now == earlier.map(|at| at + period)
}

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

//! Monitor and wire on a virtual clock.
//!
//! The turns are those of the daemon's loop: it wakes for each probe that is due, for each result and otherwise four
//! times a second, tells the monitor that time has passed, then the results, then does what the monitor asks for.
//! Where a period of the schedule has gone by and left the monitor as it was, the stepper leaps
//! ([`Monitor::leap`] says why that is the same) to the last period before the next change in the world, the end of
//! the hour, or `until`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::fates::Fates;
use super::world::World;
use crate::command::Verdict;
use crate::monitor::{Effect, Event, Monitor};
use crate::outcome::Outcome;
use crate::time::{ClockStep, Millis, Span, Timestamp};

/// The daemon's loop never sleeps longer.
const LONGEST_SLEEP: Millis = Millis(250);
/// A stretch is worth leaping over when it is longer than so many periods.
const WORTHWHILE: i64 = 4;

/// A result on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Flight {
    arrives: Timestamp,
    order: u64,
    target: u32,
    token: u32,
    sent_at: Timestamp,
}

/// A monitor, its wire and its clock. All instants are by the monitor's clock unless they say otherwise.
#[derive(Debug)]
pub struct Stepper {
    /// The monitor.
    pub monitor: Monitor,
    now: Timestamp,
    /// The monitor's clock minus true time.
    offset: Millis,
    /// Places in the world, by number of the target in the monitor's plan.
    places: Vec<usize>,
    /// True sending time of the last probe, by place.
    previous: Vec<Option<Timestamp>>,
    under_way: BinaryHeap<Reverse<(Flight, Fated)>>,
    order: u64,
    fates: Fates,
    /// The moment to be compared with, and when it was.
    earlier: Option<(Timestamp, Monitor)>,
    /// By true time: no fate changes in it. It is found anew when time has left it.
    stretch: Span,
    leaps: bool,
    leapt: Millis,
    probes: u64,
}

/// An outcome that can be ordered; the order is never looked at, since flights differ before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fated(Outcome);

impl PartialOrd for Fated {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fated {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

impl Stepper {
    /// A stepper of a monitor that begins at `now`; `places` are those of its targets in the world, of `targets`.
    pub fn new(monitor: Monitor, now: Timestamp, places: Vec<usize>, targets: usize) -> Self {
        Self {
            monitor,
            now,
            offset: Millis::ZERO,
            places,
            previous: vec![None; targets],
            under_way: BinaryHeap::new(),
            order: 0,
            fates: Fates::new(targets),
            earlier: None,
            stretch: Span::new(Timestamp::MIN, Timestamp::MIN),
            leaps: true,
            leapt: Millis::ZERO,
            probes: 0,
        }
    }

    /// Never leaps: for tests of leaping.
    #[must_use]
    pub fn stepping_only(mut self) -> Self {
        self.leaps = false;
        self
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// True time as the monitor's clock shows it.
    pub fn shown(&self, at: Timestamp) -> Timestamp {
        at + self.offset
    }

    /// How much time was leapt over.
    pub fn leapt(&self) -> Millis {
        self.leapt
    }

    /// Probes that were sent one by one.
    pub fn probes(&self) -> u64 {
        self.probes
    }

    /// The log of the wire.
    pub fn into_fates(self) -> Fates {
        self.fates
    }

    /// Goes on until `until`, or to the end of the first turn in which the monitor had something to say, whichever is
    /// first. A turn is made at `until` itself.
    pub fn advance(&mut self, world: &World, until: Timestamp) -> Vec<Verdict> {
        loop {
            let wake = self.monitor.next_wake().unwrap_or(Timestamp::MAX);
            let arrival = self.under_way.peek().map_or(Timestamp::MAX, |Reverse((flight, _))| flight.arrives);
            let next = wake.min(arrival).min(self.now + LONGEST_SLEEP).max(self.now).min(until);
            let verdicts = self.turn(world, next);
            if !verdicts.is_empty() || next >= until {
                return verdicts;
            }
            if self.leaps && next == wake {
                self.leap(world, until);
            }
        }
    }

    /// One turn of the loop.
    fn turn(&mut self, world: &World, at: Timestamp) -> Vec<Verdict> {
        self.now = at;
        self.monitor.handle(at, Event::Tick);
        while let Some(Reverse((flight, Fated(outcome)))) = self.under_way.peek().copied() {
            if flight.arrives > at {
                break;
            }
            self.under_way.pop();
            let Flight { target, token, sent_at, .. } = flight;
            self.monitor.handle(at, Event::Probed { target, token, sent_at, outcome });
        }
        self.carry_out(world)
    }

    fn carry_out(&mut self, world: &World) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        while let Some(effect) = self.monitor.next_effect() {
            match effect {
                Effect::Probe { target, token, timeout } => self.send(world, target, token, timeout),
                Effect::Verdict(verdict) => verdicts.push(verdict),
            }
        }
        if !verdicts.is_empty() {
            self.earlier = None;
        }
        verdicts
    }

    fn send(&mut self, world: &World, target: u32, token: u32, timeout: Millis) {
        let Some(place) = self.places.get(target as usize).copied() else { return };
        let sent = Timestamp(self.now.0 - self.offset.0);
        let previous = self.previous.get_mut(place).and_then(|last| last.replace(sent));
        let fate = world.fate(place, previous, sent);
        if !fate.own_side {
            self.fates.note(place, self.now, fate.outcome);
        }
        self.order += 1;
        self.probes += 1;
        let arrives = self.now + fate.after.unwrap_or(timeout).min(timeout);
        let flight = Flight { arrives, order: self.order, target, token, sent_at: self.now };
        self.under_way.push(Reverse((flight, Fated(fate.outcome))));
    }

    /// Leaps if a whole period has just repeated the one before; else remembers this moment if it may be repeated.
    fn leap(&mut self, world: &World, until: Timestamp) {
        let stretch = self.stretch(world);
        let Some((at, earlier)) = &self.earlier else {
            return self.remember(world, stretch, until);
        };
        let Some(period) = self.monitor.period().filter(|period| self.now >= *at + *period) else { return };
        let change = self.shown(world.stretch(Timestamp(at.0 - self.offset.0)).end);
        let end = change.min(until).min(self.monitor.hour_end());
        let times = (end - self.now).0.saturating_sub(1).div_euclid(period.0);
        let by = period * times;
        if self.now == *at + period && times > 0 && self.monitor.leap(earlier, times) {
            self.now = self.now + by;
            self.leapt += by;
            self.fates.leap(by, times);
            let moved = |Reverse((flight, fated)): Reverse<(Flight, Fated)>| {
                let Flight { arrives, sent_at, .. } = flight;
                Reverse((Flight { arrives: arrives + by, sent_at: sent_at + by, ..flight }, fated))
            };
            self.under_way = std::mem::take(&mut self.under_way).into_iter().map(moved).collect();
            for sent in self.previous.iter_mut().flatten() {
                *sent = *sent + by;
            }
        }
        self.earlier = None;
        let stretch = self.stretch(world);
        self.remember(world, stretch, until);
    }

    fn remember(&mut self, world: &World, stretch: Span, until: Timestamp) {
        let Some(period) = self.monitor.period() else { return };
        let truly = Timestamp(self.now.0 - self.offset.0);
        let end = self.shown(stretch.end).min(until).min(self.monitor.hour_end());
        // A period ago nothing changed either: every target has been probed since, and what a change does to the one
        // next probe is done.
        let steady = stretch.start <= truly - period;
        if end - self.now > period * WORTHWHILE && steady && !world.is_rough(truly) && self.monitor.is_calm() {
            self.earlier = Some((self.now, self.monitor.clone()));
        }
    }

    fn stretch(&mut self, world: &World) -> Span {
        let truly = Timestamp(self.now.0 - self.offset.0);
        if !self.stretch.contains(truly) {
            self.stretch = world.stretch(truly);
        }
        self.stretch
    }

    /// The machine stands still until `until`; what was under way is lost.
    pub fn stall(&mut self, until: Timestamp) {
        self.earlier = None;
        let lost = |Reverse((flight, _)): Reverse<(Flight, Fated)>| {
            let outcome = Outcome::Loss(crate::outcome::LossCause::Timeout);
            Reverse((Flight { arrives: until, ..flight }, Fated(outcome)))
        };
        self.under_way = std::mem::take(&mut self.under_way).into_iter().map(lost).collect();
        self.now = self.now.max(until);
    }

    /// The clock is set by so much.
    pub fn step_clock(&mut self, world: &World, by: Millis, elapsed: crate::time::Elapsed) -> Vec<Verdict> {
        self.earlier = None;
        let expected = self.now;
        self.now = self.now + by;
        self.offset += by;
        self.fates.end_session();
        let moved = |Reverse((flight, fated)): Reverse<(Flight, Fated)>| {
            let Flight { arrives, sent_at, .. } = flight;
            let sent_at = (sent_at + by).min(self.now);
            Reverse((Flight { arrives: arrives + by, sent_at, ..flight }, fated))
        };
        self.under_way = std::mem::take(&mut self.under_way).into_iter().map(moved).collect();
        let reading = crate::time::ClockReading { wall: self.now, elapsed };
        self.monitor.handle(self.now, Event::ClockStepped(ClockStep { expected, reading }));
        self.carry_out(world)
    }

    /// The process was stopped; another monitor begins at `now`.
    pub fn restart(&mut self, monitor: Monitor, now: Timestamp, places: Vec<usize>) {
        self.earlier = None;
        self.monitor = monitor;
        self.now = now;
        self.places = places;
        self.under_way.clear();
        self.fates.end_session();
    }

    /// The monitor watches by another plan.
    pub fn reassign(&mut self, plan: crate::monitor::Plan, places: Vec<usize>) {
        self.earlier = None;
        // Results under way come back under the numbers they were sent with, and the monitor knows.
        self.places = places;
        self.monitor.assign(plan, self.now);
    }
}

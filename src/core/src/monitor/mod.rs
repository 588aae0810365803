//! The one state machine between the wire and the journal: events in, effects out, no clock, no lock.
//!
//! [`Monitor::handle`] takes an event and the instant it happened; [`Monitor::next_effect`] hands out what is
//! to be done, in order: probes to send and verdicts to append. One task owns the monitor.
//!
//! A result goes to its line's [`Detector`]. A complete run of losses is *held* until there is sight: an answer,
//! sent after the last confirming loss, of a reference or a line that is neither ancestor nor descendant, and
//! until a Suspect ancestor had its chance, at most one confirmation time. While nothing answers, suspects wait;
//! when that lasts an interval and a timeout, so that everything was asked, the monitor is blind from the last
//! answered probe until the next answer, and every run begun before is void.

mod blind;
mod held;
mod hours;
mod judge;
mod leap;
mod plan;
mod send;
mod show;

use std::collections::{HashMap, VecDeque};

pub use plan::{Plan, Prior, WatchedLine};

use crate::calendar::Calendar;
use crate::command::Verdict;
use crate::detector::Detector;
use crate::flapping::Flapping;
use crate::line::LineId;
use crate::outcome::{BlindCause, Outcome, UnsentCause};
use crate::probing::Probing;
use crate::quality::Quality;
use crate::schedule::Schedule;
use crate::sight::Sight;
use crate::time::{ClockStep, Millis, Timestamp};
use crate::view::Histogram;
use held::Held;
use hours::Hours;

/// Upper bounds of the lateness histogram in seconds.
pub const LATENESS_BOUNDS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];
/// Upper bounds of the round-trip delay histogram in seconds.
pub const DELAY_BOUNDS: &[f64] = &[0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];
/// How long after its timeout a missing result is waited for before the probe counts as unsent.
const OVERDUE: Millis = Millis(1000);
/// What the monitor is told.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Time passes.
    Tick,
    /// The result of a probe.
    Probed {
        /// From the request.
        target: u32,
        /// From the request.
        token: u32,
        /// When it was sent.
        sent_at: Timestamp,
        /// What became of it.
        outcome: Outcome,
    },
    /// The clock was set.
    ClockStepped(ClockStep),
    /// More records wait to be written than may wait: judging stops, until `JournalAccepts`.
    JournalFull,
    /// Records are written again.
    JournalAccepts,
}

/// What the monitor wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this probe.
    Probe {
        /// Number of the target: a line, or after the lines a reference.
        target: u32,
        /// Comes back with the result.
        token: u32,
        /// How long to wait for the answer.
        timeout: Millis,
    },
    /// Append this.
    Verdict(Verdict),
}

/// One line under watch.
#[expect(clippy::struct_excessive_bools, reason = "each is true or not whatever the others are")]
#[derive(Clone, Debug)]
struct Watched {
    detector: Detector,
    /// Index into the plan's probing parameters and delay histograms.
    class: u32,
    upstream: Option<u32>,
    /// Of the latest gap of all lines that the detector knows.
    epoch: u32,
    outstanding: Option<Outstanding>,
    /// A `LineLost` is out, or the line is pending.
    unseen: bool,
    held: bool,
    retrying: bool,
    /// A scheduled probe was left out: the next confirming one counts in its place.
    left_out: bool,
    since: Timestamp,
    /// Results further apart enclose a gap; the longer one of two plans until the next result.
    gap_limit: Millis,
    delay_us: Option<u32>,
    unsent: Option<UnsentCause>,
    sent: u64,
    lost: u64,
    /// Time between results, gaps left out.
    observed: Millis,
    flapping: Flapping,
    /// Counted in the running hour since it was last handed out.
    quality: Quality,
}

#[derive(Clone, Copy, Debug)]
struct Outstanding {
    token: u32,
    sent_at: Timestamp,
    confirming: bool,
    /// Scheduled, or in the place of a scheduled one that was left out for it: counts for quality.
    counted: bool,
}

/// One reference under watch.
#[derive(Clone, Debug)]
struct Reference {
    address: String,
    outstanding: Option<Outstanding>,
    up: Option<bool>,
}

/// The state machine.
#[derive(Clone, Debug)]
pub struct Monitor {
    names: Vec<LineId>,
    lines: Vec<Watched>,
    references: Vec<Reference>,
    classes: Vec<plan::Class>,
    delay: Vec<Histogram>,
    reference_probing: Probing,
    schedule: Schedule,
    /// Where the phases of the schedule are counted from.
    origin: Timestamp,
    /// By token: the target's number now, of probes sent under the numbers of an older plan.
    forwarded: HashMap<u32, u32>,
    sight: Sight,
    held: Vec<Held>,
    effects: VecDeque<Effect>,
    next_token: u32,
    /// Counts gaps of all lines.
    epoch: u32,
    /// Nobody sees anything; results before the next answer are void.
    blind: bool,
    /// Results sent before this are void.
    sighted_at: Timestamp,
    /// The clock is behind what is recorded: nothing is judged before this instant.
    muted_until: Option<Timestamp>,
    /// Too many records wait: nothing is judged.
    journal_full: bool,
    /// Nothing answers for longer than this: blind.
    patience: Millis,
    /// The shortest round of anything probed: whoever is silent for longer may have a cable pulled.
    quick: Millis,
    /// No tick for longer than this: the machine slept.
    stall: Millis,
    started: Timestamp,
    last_tick: Timestamp,
    unsent: [u64; UnsentCause::ALL.len()],
    lateness: Histogram,
    clock_steps: u64,
    hours: Hours,
}

impl Monitor {
    /// A monitor that begins at `now`, blind until the first answer. Nothing is judged before `muted_until`.
    pub fn new(plan: Plan, now: Timestamp, muted_until: Option<Timestamp>) -> Self {
        let mut monitor = Self {
            names: Vec::new(),
            lines: Vec::new(),
            references: Vec::new(),
            classes: Vec::new(),
            delay: Vec::new(),
            reference_probing: plan.reference_probing,
            schedule: Schedule::default(),
            origin: now,
            forwarded: HashMap::new(),
            sight: Sight::default(),
            held: Vec::new(),
            effects: VecDeque::new(),
            next_token: 0,
            epoch: 0,
            blind: true,
            sighted_at: now,
            muted_until,
            journal_full: false,
            patience: Millis::ZERO,
            quick: Millis::ZERO,
            stall: Millis::ZERO,
            started: now,
            last_tick: now,
            unsent: [0; UnsentCause::ALL.len()],
            lateness: Histogram::new(LATENESS_BOUNDS),
            clock_steps: 0,
            hours: Hours::new(Calendar::new(chrono_tz::UTC), now),
        };
        monitor.assign(plan, now);
        monitor
    }

    /// Takes an event that happened at `now`.
    pub fn handle(&mut self, now: Timestamp, event: Event) {
        match event {
            Event::Tick => self.tick(now),
            Event::Probed { target, token, sent_at, outcome } => self.probed(now, target, token, sent_at, outcome),
            Event::ClockStepped(step) => self.clock_stepped(now, step),
            Event::JournalFull => {
                if !self.blind {
                    self.go_blind(BlindCause::Journal);
                }
                self.journal_full = true;
            }
            Event::JournalAccepts => {
                self.journal_full = false;
                // What was answered while nothing could be recorded says nothing of now.
                self.sighted_at = self.sighted_at.max(now);
            }
        }
    }

    /// The next thing to do, in order; `None` when all is done.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When the next [`Event::Tick`] is due.
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.schedule.next_due()
    }

    fn tick(&mut self, now: Timestamp) {
        let slept = now - self.last_tick;
        self.last_tick = now;
        if slept > self.stall && !self.blind {
            self.go_blind(BlindCause::Stalled);
        }
        while let Some(due) = self.schedule.pop(now) {
            self.send(now, due);
        }
        if !self.blind && self.sight.is_lost(now, self.patience) {
            let cause = if self.sight.mostly_unsent() { BlindCause::Unsent } else { BlindCause::Silent };
            self.go_blind(cause);
        }
        self.release(now);
    }

    /// Lines by their number as a target.
    pub fn target_names(&self) -> &[LineId] {
        &self.names
    }
}

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

mod held;
mod plan;
mod show;

use std::collections::VecDeque;

pub use plan::{Plan, Prior, WatchedLine};

use crate::command::Verdict;
use crate::detector::{Detector, Finding, Settled, UpEdge};
use crate::flapping::Flapping;
use crate::line::LineId;
use crate::outcome::{BlindCause, Outcome, UnsentCause};
use crate::probing::Probing;
use crate::record::Waiting;
use crate::schedule::{Due, Schedule};
use crate::sight::Sight;
use crate::time::{ClockStep, Millis, Timestamp};
use crate::view::Histogram;
use held::Held;

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
    since: Timestamp,
    delay_us: Option<u32>,
    unsent: Option<UnsentCause>,
    sent: u64,
    lost: u64,
    /// Time between results, gaps left out.
    observed: Millis,
    flapping: Flapping,
}

#[derive(Clone, Copy, Debug)]
struct Outstanding {
    token: u32,
    sent_at: Timestamp,
    confirming: bool,
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
    /// Nothing answers for longer than this: blind.
    patience: Millis,
    /// No tick for longer than this: the machine slept.
    stall: Millis,
    started: Timestamp,
    last_tick: Timestamp,
    unsent: [u64; UnsentCause::ALL.len()],
    lateness: Histogram,
    clock_steps: u64,
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
            sight: Sight::default(),
            held: Vec::new(),
            effects: VecDeque::new(),
            next_token: 0,
            epoch: 0,
            blind: true,
            sighted_at: now,
            muted_until,
            patience: Millis::ZERO,
            stall: Millis::ZERO,
            started: now,
            last_tick: now,
            unsent: [0; UnsentCause::ALL.len()],
            lateness: Histogram::new(LATENESS_BOUNDS),
            clock_steps: 0,
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

    /// Up to which instant all is certain at `now`, but for the waiting lines.
    pub fn horizon(&self, now: Timestamp) -> (Timestamp, Vec<Waiting>) {
        let longest = self.classes.iter().map(|class| class.probing.timeout).max().unwrap_or_default();
        let at = if self.blind { self.sighted_at.min(now) } else { now - longest };
        (at, self.waiting(at))
    }

    /// Whether the monitor sees.
    pub fn is_blind(&self) -> bool {
        self.blind
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

    fn send(&mut self, now: Timestamp, due: Due) {
        let index = due.target as usize;
        if index >= self.lines.len() {
            self.send_reference(now, due);
            return;
        }
        let line = &mut self.lines[index];
        if due.confirming {
            line.retrying = false;
            if !line.detector.is_soft() {
                return;
            }
        } else if line.retrying {
            return;
        }
        let timeout = self.classes[line.class as usize].probing.timeout;
        if let Some(outstanding) = line.outstanding {
            if now < outstanding.sent_at + timeout + OVERDUE {
                // The result is late but may come; whatever it says schedules what follows.
                return;
            }
            line.outstanding = None;
            self.unsent_probe(now, index, outstanding.sent_at, UnsentCause::Engine);
        }
        let token = self.token();
        let line = &mut self.lines[index];
        if line.outstanding.is_some() {
            return;
        }
        line.outstanding = Some(Outstanding { token, sent_at: now, confirming: due.confirming });
        if !due.confirming {
            line.sent += 1;
            self.lateness.observe((now - due.at).as_secs_f64());
        }
        self.effects.push_back(Effect::Probe { target: due.target, token, timeout });
    }

    fn send_reference(&mut self, now: Timestamp, due: Due) {
        let timeout = self.reference_probing.timeout;
        let token = self.token();
        let reference = &mut self.references[due.target as usize - self.lines.len()];
        if reference.outstanding.is_some_and(|outstanding| now < outstanding.sent_at + timeout + OVERDUE) {
            return;
        }
        reference.outstanding = Some(Outstanding { token, sent_at: now, confirming: false });
        self.effects.push_back(Effect::Probe { target: due.target, token, timeout });
    }

    fn token(&mut self) -> u32 {
        self.next_token = self.next_token.wrapping_add(1);
        self.next_token
    }

    fn probed(&mut self, now: Timestamp, target: u32, token: u32, sent_at: Timestamp, outcome: Outcome) {
        let index = target as usize;
        let slot = match self.lines.get_mut(index) {
            Some(line) => &mut line.outstanding,
            None => match self.references.get_mut(index - self.lines.len()) {
                Some(reference) => &mut reference.outstanding,
                None => return,
            },
        };
        let Some(outstanding) = slot.filter(|outstanding| outstanding.token == token) else { return };
        *slot = None;
        if index >= self.lines.len() {
            self.reference_probed(target, sent_at, outcome);
        } else {
            self.line_probed(now, target, sent_at, outcome, outstanding.confirming);
        }
    }

    fn reference_probed(&mut self, target: u32, sent_at: Timestamp, outcome: Outcome) {
        let reference = &mut self.references[target as usize - self.lines.len()];
        match outcome {
            Outcome::Reply { .. } => {
                reference.up = Some(true);
                self.answered(target, sent_at);
            }
            Outcome::Loss(_) => {
                reference.up = Some(false);
                self.sight.failed(sent_at, false);
            }
            Outcome::Unsent(cause) => {
                self.unsent[cause as usize] += 1;
                self.sight.failed(sent_at, true);
            }
        }
    }

    fn line_probed(&mut self, now: Timestamp, target: u32, sent_at: Timestamp, outcome: Outcome, confirming: bool) {
        let index = target as usize;
        let line = &mut self.lines[index];
        match outcome {
            Outcome::Reply { rtt_us } => {
                line.delay_us = Some(rtt_us);
                line.unsent = None;
                self.delay[line.class as usize].observe(f64::from(rtt_us) / 1e6);
                self.answered(target, sent_at);
                self.judge(now, target, sent_at, outcome);
            }
            Outcome::Loss(_) => {
                line.delay_us = None;
                line.unsent = None;
                line.lost += u64::from(!confirming);
                if line.detector.settled() != Settled::Down {
                    self.sight.failed(sent_at, false);
                }
                self.judge(now, target, sent_at, outcome);
            }
            Outcome::Unsent(cause) => {
                self.sight.failed(sent_at, true);
                self.unsent_probe(now, index, sent_at, cause);
            }
        }
        if self.lines[index].detector.is_soft() {
            self.retry(now, target, sent_at);
        }
    }

    /// Probes again one retry interval after the last sending, or at once when that has passed.
    fn retry(&mut self, now: Timestamp, target: u32, sent_at: Timestamp) {
        let line = &mut self.lines[target as usize];
        if line.retrying {
            return;
        }
        line.retrying = true;
        let at = sent_at + self.classes[line.class as usize].probing.retry_interval;
        self.schedule.retry(target, at.max(now));
    }

    fn unsent_probe(&mut self, now: Timestamp, index: usize, sent_at: Timestamp, cause: UnsentCause) {
        self.unsent[cause as usize] += 1;
        let line = &mut self.lines[index];
        line.delay_us = None;
        line.unsent = Some(cause);
        if self.blind || line.unseen || sent_at < self.sighted_at {
            return;
        }
        let probing = self.classes[line.class as usize].probing;
        let known = line.detector.last_result().unwrap_or(Timestamp::MIN);
        let from = known.max(self.sighted_at).max(line.since);
        // When nothing else answered after this line's last result either, it is the monitor that may be blind.
        let others_answer = self.sight.last_answer() > Some(from + probing.interval);
        if others_answer && now - from > probing.gap_limit() {
            let cause = if cause == UnsentCause::Unresolved { BlindCause::Unresolved } else { BlindCause::Unsent };
            self.lose_line(index, cause);
        }
    }

    /// The line's own gap begins: at its last certain instant since the monitor sees.
    fn lose_line(&mut self, index: usize, cause: BlindCause) {
        let line = &mut self.lines[index];
        let certain = if line.detector.is_after_gap() || line.epoch != self.epoch {
            None
        } else {
            line.detector.run_since().or(line.detector.last_result())
        };
        let from = certain.unwrap_or(self.sighted_at).max(self.sighted_at).max(line.since);
        line.unseen = true;
        line.held = false;
        line.detector.open_gap();
        line.epoch = self.epoch;
        self.held.retain(|held| held.target as usize != index);
        let line = self.names[index].clone();
        self.effects.push_back(Effect::Verdict(Verdict::LineLost { line, from, cause }));
    }

    /// Something answered: that is sight, and ends blindness.
    fn answered(&mut self, target: u32, sent_at: Timestamp) {
        if self.muted_until.is_some_and(|until| sent_at < until) {
            return;
        }
        self.muted_until = None;
        self.sight.answered(target, sent_at);
        if self.blind && sent_at >= self.sighted_at {
            self.blind = false;
            self.sighted_at = sent_at;
            self.epoch = self.epoch.wrapping_add(1);
            self.effects.push_back(Effect::Verdict(Verdict::Sighted { at: sent_at }));
        }
    }

    fn judge(&mut self, now: Timestamp, target: u32, sent_at: Timestamp, outcome: Outcome) {
        if self.blind || sent_at < self.sighted_at {
            return;
        }
        let index = target as usize;
        let probing = self.classes[self.lines[index].class as usize].probing;
        self.notice_gap(index, sent_at, &probing);
        let line = &mut self.lines[index];
        let finding = match outcome {
            Outcome::Reply { .. } => line.detector.replied(sent_at, &probing),
            Outcome::Loss(cause) => line.detector.lost(sent_at, cause, &probing),
            Outcome::Unsent(_) => return,
        };
        if line.held && !line.detector.is_losing() {
            line.held = false;
            self.held.retain(|held| held.target != target);
        }
        match finding {
            Finding::Nothing => {}
            Finding::Answers => self.see_line(index, sent_at),
            Finding::LossesComplete => {
                if !std::mem::replace(&mut line.held, true) {
                    self.held.push(Held { target, last_loss: sent_at, since: now });
                }
            }
            Finding::Up(edge) => self.up(now, index, edge),
        }
    }

    /// Two results further apart than three intervals and a timeout: a gap of this line alone.
    fn notice_gap(&mut self, index: usize, sent_at: Timestamp, probing: &Probing) {
        let line = &mut self.lines[index];
        if line.epoch != self.epoch {
            line.epoch = self.epoch;
            line.held = false;
            line.detector.open_gap();
            return;
        }
        let last = line.detector.last_result().unwrap_or(line.since).max(self.sighted_at);
        if sent_at - last <= probing.gap_limit() {
            line.observed += sent_at - last;
        } else if !line.unseen {
            self.lose_line(index, BlindCause::Unsent);
        }
    }

    fn see_line(&mut self, index: usize, at: Timestamp) {
        if std::mem::take(&mut self.lines[index].unseen) {
            let line = self.names[index].clone();
            self.effects.push_back(Effect::Verdict(Verdict::LineSeen { line, at }));
        }
    }

    fn up(&mut self, now: Timestamp, index: usize, edge: UpEdge) {
        self.see_line(index, edge.first_reply);
        self.lines[index].flapping.changed(now);
        let UpEdge { last_loss, first_reply, after_gap } = edge;
        let line = self.names[index].clone();
        self.effects.push_back(Effect::Verdict(Verdict::Up {
            line,
            last_loss,
            first_reply,
            confirmed_at: now,
            after_gap,
        }));
    }

    /// Blind from the last answered probe on; every run since is void.
    fn go_blind(&mut self, cause: BlindCause) {
        let from = self.sight.last_answer().unwrap_or(self.sighted_at).max(self.sighted_at);
        let waiting = self.waiting(from);
        self.forget_runs();
        self.sighted_at = from;
        self.effects.push_back(Effect::Verdict(Verdict::Blinded { from, cause, waiting }));
    }

    fn forget_runs(&mut self) {
        self.blind = true;
        self.sight.forget();
        for held in self.held.drain(..) {
            self.lines[held.target as usize].held = false;
        }
    }

    fn clock_stepped(&mut self, now: Timestamp, step: ClockStep) {
        self.clock_steps += 1;
        let span = step.span();
        let waiting = self.waiting(span.start);
        let blind_before = self.blind;
        self.forget_runs();
        self.last_tick = now;
        // Repeated time is told apart from its first run by judging nothing until it is over.
        self.sighted_at = span.end;
        self.muted_until = Some(span.end.max(self.muted_until.unwrap_or(span.end)));
        self.effects.push_back(Effect::Verdict(Verdict::ClockStepped { step, waiting }));
        if !blind_before {
            // From here until the next answer nobody sees, as after any gap.
            self.effects.push_back(Effect::Verdict(Verdict::Blinded {
                from: span.start,
                cause: BlindCause::ClockStep,
                waiting: Vec::new(),
            }));
        }
        self.reschedule(now);
    }

    /// Lines that are certain only up to an instant before `at`.
    fn waiting(&self, at: Timestamp) -> Vec<Waiting> {
        let waits = |(line, id): (&Watched, &LineId)| {
            if line.unseen {
                return None;
            }
            let unsettled = line.epoch != self.epoch || line.detector.is_after_gap();
            let until = if unsettled { self.sighted_at } else { line.detector.run_since()? };
            (until < at).then(|| Waiting { line: id.clone(), until })
        };
        self.lines.iter().zip(&self.names).filter_map(waits).collect()
    }

    /// Lines by their number as a target.
    pub fn target_names(&self) -> &[LineId] {
        &self.names
    }
}

//! A history from its first record to its last: the daemon's loop on a virtual clock.

use std::collections::HashMap;
use std::sync::Arc;

use linewatch_core::calendar::Calendar;
use linewatch_core::command::Command;
use linewatch_core::ledger::Refusal;
use linewatch_core::line::{Line, LineId};
use linewatch_core::monitor::{Monitor, Plan};
use linewatch_core::record::Fact;
use linewatch_core::simulated::{Happenings, Op, Place, Rates, Stepper, World};
use linewatch_core::time::{Elapsed, Millis, Span, Timestamp};
use linewatch_core::view::Committed;

use super::people::{Memory, People, Wish};
use super::recorder::{RecordError, Recorder};
use super::truth::Truth;
use crate::config::Config;
use crate::daemon::Planner;
use crate::store::{Head, Heartbeat, Journal};

/// The daemon is started so long before the time in question and stopped so long after it, so that all of that is seen.
pub const MARGIN: Millis = Millis::from_secs(3600);
/// Between two heartbeats, as in the daemon.
const HEARTBEAT: Millis = Millis::from_secs(1);

/// What is to be simulated.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Site, classes, probing, policy, references.
    pub config: Arc<Config>,
    /// The inventory.
    pub lines: Arc<Vec<Line>>,
    /// How often what happens.
    pub rates: Rates,
    /// The same seed, the same history.
    pub seed: u64,
    /// From the daemon's start to its end.
    pub span: Span,
}

/// What came of it.
#[derive(Debug)]
pub struct Simulated<J> {
    /// The journal.
    pub journal: J,
    /// Its head.
    pub head: Head,
    /// What really happened.
    pub truth: Truth,
    /// Probes that were sent one by one.
    pub probes: u64,
    /// Time that was leapt over.
    pub leapt: Millis,
}

/// Why a history breaks off.
#[derive(Debug)]
pub enum HistoryError<E> {
    /// The journal cannot be written.
    Store(E),
    /// Somebody else writes into the same journal.
    Moved,
    /// The inventory was refused.
    Inventory(Refusal),
    /// The core refused a verdict of its own monitor: a defect.
    Verdict(Box<Command>, Refusal),
}

impl<E> From<RecordError<E>> for HistoryError<E> {
    fn from(error: RecordError<E>) -> Self {
        match error {
            RecordError::Store(error) => Self::Store(error),
            RecordError::Moved => Self::Moved,
        }
    }
}

/// Simulates; `progress` hears of each hour that has passed.
///
/// # Errors
/// See [`HistoryError`].
pub fn simulate<J: Journal>(
    setting: &Setting,
    journal: J,
    mut progress: impl FnMut(Millis),
) -> Result<Simulated<J>, HistoryError<J::Error>> {
    let mut history = History::begin(setting, journal)?;
    while history.go_on()? {
        progress(history.stepper.now() - setting.span.start);
    }
    history.end()
}

struct History<'s, J> {
    setting: &'s Setting,
    calendar: Calendar,
    happenings: Happenings,
    world: World,
    planner: Planner,
    places: HashMap<LineId, usize>,
    recorder: Recorder<J>,
    stepper: Stepper,
    truth: Truth,
    /// The next of `happenings.ops`.
    op: usize,
    next_checkpoint: Timestamp,
    /// Where this session's heartbeats are counted from.
    began: Timestamp,
    /// The heartbeat at which something may fall due.
    due_beat: Option<Timestamp>,
    longest_timeout: Millis,
    people: People,
    /// Exclusions that were proposed for a window: number of the decision and of the window.
    proposed: Vec<(u64, usize)>,
    /// The heartbeat that a crash is about to leave behind.
    last_beat: Option<Heartbeat>,
}

impl<'s, J: Journal> History<'s, J> {
    fn begin(setting: &'s Setting, journal: J) -> Result<Self, HistoryError<J::Error>> {
        let Setting { config, lines, rates, seed, span } = setting;
        let places = Place::of(lines);
        let happenings = Happenings::draw(*seed, rates, &places, *span);
        let world = World::new(*seed, &places, config.references.len(), &happenings);
        let mut recorder = Recorder::new(journal, Arc::new(config.policy()));
        let mut planner = Planner::new(Arc::clone(config), Arc::clone(lines));
        start(&mut recorder, span.start, None, lines)?;
        let calendar = Calendar::new(config.site.zone);
        let numbers: HashMap<LineId, usize> = lines.iter().map(|line| line.id.clone()).zip(0..).collect();
        let plan = planner.plan(&Committed::of(recorder.ledger()), span.start);
        let targets = targets(&plan, &numbers, lines.len());
        let monitor = Monitor::new(plan, span.start, None).with_hours_of(calendar);
        let stepper = Stepper::new(monitor, span.start, targets, lines.len() + config.references.len());
        let choices = config.policy().choices;
        let mut people = People::new(*seed, rates.people, Arc::clone(lines), choices, 1);
        people.notice(&world);
        people.expect(&happenings.cuts, &happenings.windows, *span);
        let timeouts = config.classes.iter().map(|class| class.probing.timeout);
        let mut history = Self {
            setting,
            calendar,
            truth: Truth::new(*seed, *span),
            happenings,
            world,
            planner,
            places: numbers,
            recorder,
            stepper,
            op: 0,
            next_checkpoint: calendar.next_hour(span.start),
            began: span.start,
            due_beat: None,
            longest_timeout: timeouts.max().unwrap_or_default(),
            people,
            proposed: Vec::new(),
            last_beat: None,
        };
        history.look_for_due();
        Ok(history)
    }

    /// One step: to the next verdict, checkpoint, thing that falls due or happening to the monitor. `false` at the end.
    fn go_on(&mut self) -> Result<bool, HistoryError<J::Error>> {
        let (at, op) = match self.happenings.ops.get(self.op) {
            Some((at, op)) => (*at, Some(*op)),
            None => (self.setting.span.end, None),
        };
        let at = self.stepper.shown(at);
        let crash = matches!(op, Some(Op::Stop { clean: false, .. })) && self.last_beat.is_none();
        // A crash leaves the heartbeat of the second before.
        let at = if crash { self.beat_at(at - HEARTBEAT) } else { at };
        let deed = self.people.next().unwrap_or(Timestamp::MAX);
        let due = self.due_beat.unwrap_or(Timestamp::MAX);
        let until = at.min(self.next_checkpoint).min(due).min(deed).max(self.stepper.now());
        let verdicts = self.stepper.advance(&self.world, until);
        let now = self.stepper.now();
        let quiet = verdicts.is_empty();
        for verdict in verdicts {
            self.append(Command::Verdict(verdict))?;
        }
        if now >= self.next_checkpoint {
            self.next_checkpoint = self.calendar.next_hour(now);
            self.checkpoint()?;
            self.replan();
            // Three and a half million line-hours a year: nobody looks at them in a simulated one.
            drop(self.stepper.monitor.take_all_quality(now));
        }
        if self.due_beat.is_some_and(|beat| now >= beat) {
            self.beat()?;
        }
        self.let_people_act()?;
        if !quiet || now < at {
            return Ok(true);
        }
        if crash {
            let (at, waiting) = self.stepper.monitor.horizon(now);
            self.last_beat = Some(Heartbeat { at, waiting });
            return Ok(true);
        }
        let Some(op) = op else { return Ok(false) };
        self.op += 1;
        match op {
            Op::Stop { clean, until } => self.restart(clean, until)?,
            Op::Stall { until } => {
                let until = self.stepper.shown(until);
                self.truth.stalled(Span::new(now, until));
                self.stepper.stall(until);
            }
            Op::ClockStep(by) => {
                self.truth.clock_set(now, by);
                let verdicts = self.stepper.step_clock(&self.world, by, Elapsed((now - self.setting.span.start).0));
                for verdict in verdicts {
                    self.append(Command::Verdict(verdict))?;
                }
                self.look_for_due();
            }
        }
        Ok(true)
    }

    fn append(&mut self, command: Command) -> Result<(), HistoryError<J::Error>> {
        let now = self.stepper.now();
        match self.recorder.append(now, &command)? {
            Ok(facts) => {
                self.look_for_due();
                for (seq, fact) in &facts {
                    self.people.hear(now, *seq, fact);
                }
                Ok(())
            }
            // Found out of a line between its decommissioning and the new plan.
            Err(Refusal::UnknownLine(_)) => Ok(()),
            Err(refusal) => Err(HistoryError::Verdict(Box::new(command), refusal)),
        }
    }

    /// Whatever people wish for now. Who comes too late is refused, and goes home.
    fn let_people_act(&mut self) -> Result<(), HistoryError<J::Error>> {
        let now = self.stepper.now();
        while let Some(Wish { author, act, remember }) = self.people.wish(now, self.recorder.ledger()) {
            let command = Command::Person { author: author.clone(), act };
            // Where the clock went back, what is entered carries the time of the last record.
            let now = now.max(self.recorder.ledger().recorded_at());
            let facts = match self.recorder.append_by(&author, now, &command)? {
                Ok(facts) => facts,
                Err(Refusal::Person(_) | Refusal::UnknownLine(_)) => continue,
                Err(refusal) => return Err(HistoryError::Verdict(Box::new(command), refusal)),
            };
            for (seq, fact) in &facts {
                self.people.hear(now, *seq, fact);
                if let (Some(Memory::Entered(window)), Fact::Decision(_)) = (&remember, fact) {
                    self.proposed.push((*seq, *window));
                }
            }
            match remember {
                Some(Memory::Reported(line)) => self.truth.reported(now, line),
                Some(Memory::Inspected(line)) => self.truth.inspected(now, line),
                Some(Memory::Entered(window)) => self.truth.entered(window, now),
                Some(Memory::Worked(done)) => self.truth.worked(now, &author, done),
                Some(Memory::Approved(decision)) => {
                    let window = self.proposed.iter().find(|(proposed, _)| *proposed == decision);
                    if let Some((_, window)) = window {
                        self.truth.approved(*window);
                    }
                }
                None => {}
            }
            self.look_for_due();
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<(), HistoryError<J::Error>> {
        let (at, waiting) = self.stepper.monitor.horizon(self.stepper.now());
        self.append(Command::Checkpoint { at, waiting })
    }

    /// Lines whose day of opening or closing has come begin or end to be watched.
    fn replan(&mut self) {
        let now = self.stepper.now();
        let dated = |line: &Line| {
            let hour = now - Millis::from_secs(3 * 3600);
            line.opened.into_iter().chain(line.closed).any(|at| at > hour && at <= now)
        };
        if !self.setting.lines.iter().any(dated) {
            return;
        }
        if let Some(plan) = self.planner.changed(&Committed::of(self.recorder.ledger()), now) {
            let targets = targets(&plan, &self.places, self.setting.lines.len());
            self.stepper.reassign(plan, targets);
        }
    }

    /// The daemon beats every second and does what is due by what is certain. A beat that finds nothing due leaves
    /// nothing behind but a row that the next one overwrites, so only those are made that may find something: what is
    /// certain is never nearer than the longest timeout.
    fn look_for_due(&mut self) {
        let due = self.recorder.ledger().next_due();
        self.due_beat = due.map(|due| self.beat_at((due + self.longest_timeout).max(self.stepper.now())));
    }

    /// The first heartbeat of this session at an instant or later.
    fn beat_at(&self, at: Timestamp) -> Timestamp {
        let since = (at - self.began).0.max(0);
        self.began + HEARTBEAT * (since + HEARTBEAT.0 - 1).div_euclid(HEARTBEAT.0)
    }

    fn beat(&mut self) -> Result<(), HistoryError<J::Error>> {
        let now = self.stepper.now();
        let (certain, _) = self.stepper.monitor.horizon(now);
        if self.recorder.ledger().next_due().is_some_and(|due| due <= certain) {
            self.append(Command::Due { at: certain })?;
        }
        if self.due_beat.is_some_and(|beat| beat <= now) {
            self.due_beat = Some(self.beat_at(now + Millis(1)));
        }
        Ok(())
    }

    fn restart(&mut self, clean: bool, until: Timestamp) -> Result<(), HistoryError<J::Error>> {
        let stopped = self.stepper.now();
        if clean {
            self.checkpoint()?;
        }
        let (at, waiting) = self.stepper.monitor.horizon(stopped);
        let heartbeat = self.last_beat.take().unwrap_or(Heartbeat { at, waiting });
        let now = self.stepper.shown(until);
        self.truth.stopped(Span::new(stopped, now), clean);
        start(&mut self.recorder, now, Some(heartbeat), &self.setting.lines)?;
        let plan = self.planner.plan(&Committed::of(self.recorder.ledger()), now);
        let targets = targets(&plan, &self.places, self.setting.lines.len());
        let monitor = Monitor::new(plan, now, None).with_hours_of(self.calendar);
        self.stepper.restart(monitor, now, targets);
        self.began = now;
        self.next_checkpoint = self.calendar.next_hour(now);
        self.look_for_due();
        Ok(())
    }

    fn end(mut self) -> Result<Simulated<J>, HistoryError<J::Error>> {
        self.checkpoint()?;
        let (at, waiting) = self.stepper.monitor.horizon(self.stepper.now());
        let (probes, leapt) = (self.stepper.probes(), self.stepper.leapt());
        let (journal, head) = self.recorder.finish(&Heartbeat { at, waiting })?;
        let runs = self.stepper.into_fates().into_runs();
        let mut truth = self.truth;
        truth.tell(&self.setting.lines, &self.happenings, runs, head);
        Ok(Simulated { journal, head, truth, probes, leapt })
    }
}

/// What the daemon records when it starts.
fn start<J: Journal>(
    recorder: &mut Recorder<J>,
    now: Timestamp,
    heartbeat: Option<Heartbeat>,
    lines: &Arc<Vec<Line>>,
) -> Result<(), HistoryError<J::Error>> {
    let (observed_until, waiting) =
        heartbeat.map_or((None, Vec::new()), |Heartbeat { at, waiting }| (Some(at), waiting));
    let resume = Command::Resume { at: now, observed_until, waiting };
    let load = Command::LoadInventory { at: now, lines: Arc::clone(lines), allow_removal: false };
    for command in [resume, load] {
        if let Err(refusal) = recorder.append(now, &command)? {
            return Err(HistoryError::Inventory(refusal));
        }
    }
    Ok(())
}

/// The places in the world of a plan's targets: lines by the inventory, references after them.
fn targets(plan: &Plan, numbers: &HashMap<LineId, usize>, lines: usize) -> Vec<usize> {
    let known = plan.lines.iter().map(|line| numbers.get(&line.id).copied().unwrap_or(usize::MAX));
    known.chain(lines..lines + plan.references.len()).collect()
}

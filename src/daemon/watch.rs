//! The one loop: clock, results, questions and signals in; probes and commands out. It owns the monitor and never
//! waits for the wire or the disk.

use std::sync::Arc;
use std::time::Duration;

use linewatch_core::command::Command;
use linewatch_core::ledger::Refusal;
use linewatch_core::monitor::{Effect, Event, Monitor};
use linewatch_core::time::{Anchor, Millis, Timestamp};
use linewatch_core::view::LiveView;
use tokio::sync::{mpsc, oneshot};

use super::notify::Notify;
use super::plan::Planner;
use super::queue::{Inventory, Queue};
use super::reload::{Load, Loaded, NotLoaded};
use crate::clock;
use crate::probe::{ProbeRequest, ProbeResult, Prober};
use crate::store::Heartbeat;

/// Between two heartbeats: what a crash can make undetermined at most, beside a timeout.
const HEARTBEAT: Millis = Millis::from_secs(1);
/// Results judged in one turn.
const RESULTS_AT_ONCE: usize = 1024;
/// The longest sleep of the loop; the clock is looked at this often at least.
const LONGEST_SLEEP: Duration = Duration::from_millis(250);

/// A question to the loop: the live values, please.
pub type Ask = oneshot::Sender<LiveView>;

/// Everything the loop owns.
pub struct Watch {
    /// The clock's anchor, set when the daemon started.
    pub anchor: Anchor,
    /// The state machine.
    pub monitor: Monitor,
    /// The wire.
    pub engine: Box<dyn Prober>,
    /// What comes back from it.
    pub results: mpsc::UnboundedReceiver<ProbeResult>,
    /// The journal.
    pub queue: Queue,
    /// Questions.
    pub asks: mpsc::Receiver<Ask>,
    /// Checked configurations and inventories, to be taken over.
    pub loads: mpsc::Receiver<Load>,
    /// The one that the writer has.
    pub loading: Option<Loading>,
    /// What is to be watched.
    pub planner: Planner,
    /// What could not be recorded at the start because the clock was behind the last record, and until when.
    pub deferred: Option<(Timestamp, Vec<Command>)>,
    /// The service manager.
    pub notify: Notify,
}

/// A load that is not committed yet.
pub struct Loading {
    load: Load,
    decided: oneshot::Receiver<Result<Loaded, Refusal>>,
}

impl Watch {
    /// Runs until `stop` is done; then writes a last checkpoint and heartbeat and hands the queue back.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Queue {
        tokio::pin!(stop);
        let mut batch = Vec::with_capacity(RESULTS_AT_ONCE);
        let mut next_beat = Timestamp::MIN;
        let mut next_checkpoint = self.planner.next_checkpoint(self.anchor.at(clock::elapsed()));
        let mut journal_full = false;
        loop {
            let (mut ask, mut load, mut decided) = (None, None, None);
            let pause = self.pause();
            tokio::select! {
                biased;
                () = &mut stop => break,
                _ = self.results.recv_many(&mut batch, RESULTS_AT_ONCE) => {}
                question = self.asks.recv() => ask = question,
                Some(checked) = self.loads.recv(), if self.loading.is_none() => load = Some(checked),
                verdict = decision(&mut self.loading), if self.loading.is_some() => decided = verdict,
                () = tokio::time::sleep(pause) => {}
            }
            let now = self.turn(&mut batch);
            if let Some(load) = load {
                self.begin_loading(now, load);
            }
            if let Some(decided) = decided {
                self.end_loading(now, decided);
            }
            self.notify.turned(clock::elapsed(), || self.queue.published().borrow().clone());
            if let Some(ask) = ask {
                // Nobody waits any more when a page was closed meanwhile.
                let _ = ask.send(self.monitor.show(now));
            }
            let full = self.queue.is_full(journal_full);
            if full != journal_full {
                journal_full = full;
                let event = if full { Event::JournalFull } else { Event::JournalAccepts };
                self.monitor.handle(now, event);
                self.carry_out(now);
            }
            if self.deferred.is_some() {
                continue;
            }
            if now >= next_checkpoint {
                next_checkpoint = self.planner.next_checkpoint(now);
                self.checkpoint(now);
                self.replan(now);
            }
            self.queue.keep_quality(self.monitor.take_quality(now));
            // A clock set back would leave the next beat far ahead.
            if now >= next_beat || next_beat - now > HEARTBEAT {
                next_beat = now + HEARTBEAT;
                let (at, waiting) = self.monitor.horizon(now);
                self.queue.beat(now, Heartbeat { at, waiting });
            }
        }
        self.drain()
    }

    fn pause(&self) -> Duration {
        let now = self.anchor.at(clock::elapsed());
        let due =
            self.monitor.next_wake().map_or(LONGEST_SLEEP.as_millis().try_into().unwrap_or(250), |at| (at - now).0);
        Duration::from_millis(u64::try_from(due).unwrap_or(0)).min(LONGEST_SLEEP)
    }

    /// One turn: one reading of the clock, then everything that happened up to it.
    fn turn(&mut self, batch: &mut Vec<ProbeResult>) -> Timestamp {
        let (now, step) = self.anchor.advance(clock::read());
        if let Some(step) = step {
            self.monitor.handle(now, Event::ClockStepped(step));
        }
        if self.deferred.as_ref().is_some_and(|(until, _)| now >= *until) {
            for command in self.deferred.take().into_iter().flat_map(|(_, commands)| commands) {
                self.queue.append(now, command);
            }
        }
        self.monitor.handle(now, Event::Tick);
        for ProbeResult { target, token, sent, outcome } in batch.drain(..) {
            let sent_at = self.anchor.at(sent).min(now);
            self.monitor.handle(now, Event::Probed { target, token, sent_at, outcome });
        }
        self.carry_out(now);
        now
    }

    fn carry_out(&mut self, now: Timestamp) {
        while let Some(effect) = self.monitor.next_effect() {
            match effect {
                Effect::Probe { target, token, timeout } => {
                    let timeout = Duration::from_millis(u64::try_from(timeout.0).unwrap_or(0));
                    self.engine.send(ProbeRequest { target, token, timeout });
                }
                // Nothing is recorded before the clock has passed the last record, not even that it was set.
                Effect::Verdict(_) if self.deferred.is_some() => {}
                Effect::Verdict(verdict) => self.queue.append(now, Command::Verdict(verdict)),
            }
        }
    }

    fn checkpoint(&mut self, now: Timestamp) {
        let (at, waiting) = self.monitor.horizon(now);
        self.queue.append(now, Command::Checkpoint { at, waiting });
    }

    /// Lines whose day of opening or closing has come begin or end to be watched.
    fn replan(&mut self, now: Timestamp) {
        let published = self.queue.published();
        let committed = published.borrow().committed.clone();
        if let Some(plan) = self.planner.changed(&committed, now) {
            self.planner.assign(&mut *self.engine);
            self.monitor.assign(plan, now);
        }
    }

    /// Hands a checked inventory to the writer. Nothing changes before it is committed.
    fn begin_loading(&mut self, now: Timestamp, load: Load) {
        if self.deferred.is_some() {
            // Nobody waits any more when the daemon stops.
            let _ = load.answer.send(Err(NotLoaded::ClockBehind));
            return;
        }
        let (answer, decided) = oneshot::channel();
        let (lines, policy) = (Arc::clone(&load.lines), Arc::new(load.config.policy()));
        self.queue.load(now, Inventory { lines, allow_removal: load.allow_removal, policy, answer });
        self.loading = Some(Loading { load, decided });
    }

    /// Swaps the plan once the inventory is committed and published.
    fn end_loading(&mut self, now: Timestamp, decided: Result<Loaded, Refusal>) {
        let Some(Loading { load, .. }) = self.loading.take() else { return };
        if decided.is_ok() {
            let published = self.queue.published();
            let committed = published.borrow().committed.clone();
            let plan = self.planner.replace(load.config, load.lines, &committed, now);
            self.planner.assign(&mut *self.engine);
            self.monitor.assign(plan, now);
        }
        // Nobody waits any more when the daemon stops.
        let _ = load.answer.send(decided.map_err(NotLoaded::Refused));
    }

    fn drain(mut self) -> Queue {
        self.notify.stopping();
        let (now, step) = self.anchor.advance(clock::read());
        if let Some(step) = step {
            self.monitor.handle(now, Event::ClockStepped(step));
            self.carry_out(now);
        }
        if self.deferred.is_none() {
            self.checkpoint(now);
            let (at, waiting) = self.monitor.horizon(now);
            self.queue.beat(now, Heartbeat { at, waiting });
            self.queue.keep_quality(self.monitor.take_all_quality(now));
        }
        self.queue
    }
}

/// What the writer says of the load it has; `None` when it has ended without a word.
async fn decision(loading: &mut Option<Loading>) -> Option<Result<Loaded, Refusal>> {
    match loading {
        Some(Loading { decided, .. }) => {
            let decided = decided.await.ok();
            if decided.is_none() {
                *loading = None;
            }
            decided
        }
        None => std::future::pending().await,
    }
}

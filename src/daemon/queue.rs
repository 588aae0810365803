//! The writer's thread and the queue before it. The loop never waits for a commit: it puts a job into the queue
//! and goes on; what is committed comes back as a published view.
//!
//! If appending fails, jobs stay in the queue in their order and are tried again; when [`BOUND`] of them wait, the
//! loop is told to stop judging, and the time from then on is undetermined with the cause "journal".

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use linewatch_core::command::Command;
use linewatch_core::ledger::{Policy, Refusal};
use linewatch_core::line::Line;
use linewatch_core::quality::LineHour;
use linewatch_core::record::{Fact, LineFact, Record};
use linewatch_core::time::Timestamp;
use linewatch_core::view::{Committed, JournalView};
use tokio::sync::{broadcast, oneshot, watch};

use super::log;
use super::reload::Loaded;
use super::writer::Writer;
use crate::store::{Heartbeat, Journal};

/// Commands that may wait to be written. A district of 401 lines that all go down and up fills a tenth of it.
pub const BOUND: usize = 10_000;
/// Commands committed in one transaction.
const BATCH: usize = 1000;
/// Commits that a reader of [`Queue::committed`] may be behind.
pub const BEHIND: usize = 256;
/// How often others' appends are looked for.
const FOLLOW: Duration = Duration::from_millis(500);
/// How long after a failed append the next one is tried.
const RETRY: Duration = Duration::from_secs(1);

/// What the writer is to do.
#[derive(Debug)]
pub enum Job {
    /// Decide and commit.
    Append(Timestamp, Command),
    /// Decide and commit a new inventory, decide by a new policy afterwards, and say what became of it.
    Load(Timestamp, Inventory),
    /// Decide and commit what a person wishes, and say what became of it.
    Act(Timestamp, Wish),
    /// Overwrite the heartbeat, once everything before is committed; do what is due by then.
    Beat(Timestamp, Heartbeat),
    /// Add to the hourly quality, beside the chain.
    Quality(Vec<LineHour>),
    /// Commit what waits and end.
    Stop,
}

/// A new inventory with what decides from then on.
#[derive(Debug)]
pub struct Inventory {
    /// All lines.
    pub lines: Arc<Vec<Line>>,
    /// More than 5 % of the lines may go.
    pub allow_removal: bool,
    /// The policy.
    pub policy: Arc<Policy>,
    /// Told once it is committed and published, or refused.
    pub answer: oneshot::Sender<Result<Loaded, Refusal>>,
}

/// What a person wishes to have recorded, and waits for.
#[derive(Debug)]
pub struct Wish {
    /// The act, with who wishes it.
    pub command: Command,
    /// Told once it is committed and published, or refused. Who does not wait any more was told that nothing was
    /// recorded; then nothing is.
    pub answer: oneshot::Sender<Result<Vec<Record>, Refusal>>,
}

/// What is published after each commit.
#[derive(Clone, Debug)]
pub struct Published {
    /// What is in force and open.
    pub committed: Arc<Committed>,
    /// How the journal is.
    pub journal: JournalView,
}

/// The loop's end of the queue.
#[derive(Debug)]
pub struct Queue {
    jobs: Sender<Job>,
    waiting: Arc<AtomicUsize>,
    published: watch::Receiver<Published>,
    committed: broadcast::Sender<Arc<[Record]>>,
    thread: Option<JoinHandle<()>>,
}

impl Queue {
    /// Starts the writer's thread.
    pub fn start<J>(writer: Writer<J>, failures: u64) -> Self
    where
        J: Journal + Send + 'static,
    {
        let (jobs, receiver) = std::sync::mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let journal = JournalView {
            records: writer.head().seq,
            head: writer.head().digest.to_string(),
            append_failures: failures,
            ..JournalView::default()
        };
        let first = Published { committed: Arc::new(Committed::of(writer.ledger())), journal };
        let (sender, published) = watch::channel(first);
        let (committed, _) = broadcast::channel(BEHIND);
        let mut thread = WriterThread {
            writer,
            pending: VecDeque::new(),
            waiting: Arc::clone(&waiting),
            published: sender,
            committed: committed.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || thread.serve(&receiver))
            .expect("the system starts one more thread");
        Self { jobs, waiting, published, committed, thread: Some(thread) }
    }

    /// Hands a command over.
    pub fn append(&self, now: Timestamp, command: Command) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.send(Job::Append(now, command));
    }

    /// Hands a new inventory over.
    pub fn load(&self, now: Timestamp, inventory: Inventory) {
        self.send(Job::Load(now, inventory));
    }

    /// Hands a heartbeat over.
    pub fn beat(&self, now: Timestamp, heartbeat: Heartbeat) {
        self.send(Job::Beat(now, heartbeat));
    }

    /// Hands hourly quality over; nothing when there is none.
    pub fn keep_quality(&self, hours: Vec<LineHour>) {
        if !hours.is_empty() {
            self.send(Job::Quality(hours));
        }
    }

    /// Where wishes are handed over from other tasks than the loop.
    pub fn wishes(&self) -> Wishes {
        Wishes(self.jobs.clone())
    }

    /// Every commit from now on, others' too, after it is published.
    pub fn committed(&self) -> broadcast::Sender<Arc<[Record]>> {
        self.committed.clone()
    }

    /// Commands not committed yet.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Whether judging is to stop, or, when it has stopped `before`, is not to go on yet.
    pub fn is_full(&self, before: bool) -> bool {
        self.waiting() >= BOUND || (before && self.waiting() > BOUND / 2)
    }

    /// What is published.
    pub fn published(&self) -> watch::Receiver<Published> {
        self.published.clone()
    }

    /// Ends the thread once all is committed; `false` when that took longer than `deadline`.
    pub fn stop(mut self, deadline: Duration) -> bool {
        self.send(Job::Stop);
        let Some(thread) = self.thread.take() else { return true };
        let (done, ended) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _ = thread.join();
            let _ = done.send(());
        });
        ended.recv_timeout(deadline).is_ok()
    }

    fn send(&self, job: Job) {
        if self.jobs.send(job).is_err() {
            tracing::error!("the journal's writer has ended; nothing more is recorded");
        }
    }
}

/// Hands wishes over.
#[derive(Clone, Debug)]
pub struct Wishes(Sender<Job>);

impl Wishes {
    /// Hands one over; `false` when the writer has ended.
    pub fn send(&self, now: Timestamp, wish: Wish) -> bool {
        self.0.send(Job::Act(now, wish)).is_ok()
    }
}

struct WriterThread<J> {
    writer: Writer<J>,
    pending: VecDeque<Job>,
    waiting: Arc<AtomicUsize>,
    published: watch::Sender<Published>,
    committed: broadcast::Sender<Arc<[Record]>>,
}

impl<J: Journal> WriterThread<J> {
    fn serve(&mut self, jobs: &Receiver<Job>) {
        loop {
            let failing = self.published.borrow().journal.failing.is_some();
            match jobs.recv_timeout(if failing { RETRY } else { FOLLOW }) {
                Ok(job) => {
                    self.take(job);
                    while let Ok(job) = jobs.try_recv() {
                        self.take(job);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            match self.work() {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => self.failed(&error),
            }
        }
    }

    fn take(&mut self, job: Job) {
        // Of heartbeats in a row only the last one says anything.
        if matches!(job, Job::Beat(..)) && matches!(self.pending.back(), Some(Job::Beat(..))) {
            self.pending.pop_back();
        }
        self.pending.push_back(job);
    }

    /// Works the queue off, in order. `true` when it is to end.
    fn work(&mut self) -> Result<bool, J::Error> {
        if self.writer.follow()? {
            self.publish();
        }
        self.tell(Vec::new());
        while let Some(job) = self.pending.front() {
            match job {
                Job::Append(..) => self.append_batch()?,
                Job::Load(now, Inventory { lines, allow_removal, policy, .. }) => {
                    let (now, policy) = (*now, Arc::clone(policy));
                    let (lines, allow_removal) = (Arc::clone(lines), *allow_removal);
                    let loaded = self.load(now, Command::LoadInventory { at: now, lines, allow_removal }, policy)?;
                    if let Some(Job::Load(_, Inventory { answer, .. })) = self.pending.pop_front() {
                        // The loop waits for it unless the daemon stops.
                        let _ = answer.send(loaded);
                    }
                }
                Job::Act(_, Wish { answer, .. }) if answer.is_closed() => {
                    self.pending.pop_front();
                }
                Job::Act(now, Wish { command, .. }) => {
                    let (now, command) = (*now, command.clone());
                    let done = self.act(now, command)?;
                    if let Some(Job::Act(_, Wish { answer, .. })) = self.pending.pop_front() {
                        // Who does not wait any more sees it on the page.
                        let _ = answer.send(done);
                    }
                }
                Job::Beat(now, heartbeat) => {
                    let (now, heartbeat) = (*now, heartbeat.clone());
                    // Only what is certain can have lasted: a line that answers again may be up already.
                    self.due(now, heartbeat.at)?;
                    self.writer.beat(&heartbeat)?;
                    self.published.send_modify(|published| {
                        published.journal.heartbeat = Some(heartbeat.at);
                        published.journal.failing = None;
                    });
                    self.pending.pop_front();
                }
                Job::Quality(hours) => {
                    self.writer.keep_quality(hours)?;
                    self.pending.pop_front();
                }
                Job::Stop => return Ok(true),
            }
        }
        Ok(false)
    }

    fn append_batch(&mut self) -> Result<(), J::Error> {
        let batch: Vec<(Timestamp, Command)> = self
            .pending
            .iter()
            .map_while(|job| match job {
                Job::Append(now, command) => Some((*now, command.clone())),
                Job::Load(..) | Job::Act(..) | Job::Beat(..) | Job::Quality(_) | Job::Stop => None,
            })
            .take(BATCH)
            .collect();
        self.commit(&batch)?;
        self.pending.drain(..batch.len());
        self.waiting.fetch_sub(batch.len(), Ordering::Relaxed);
        Ok(())
    }

    fn act(&mut self, now: Timestamp, command: Command) -> Result<Result<Vec<Record>, Refusal>, J::Error> {
        let committed = self.writer.commit(&[(now, command)])?;
        if let Some((_, refusal)) = committed.refused.into_iter().next() {
            return Ok(Err(refusal));
        }
        self.publish();
        log::committed(&committed.records);
        self.tell(committed.records.clone());
        Ok(Ok(committed.records))
    }

    /// Tells whoever listens what was committed: what others appended before, then this.
    fn tell(&mut self, committed: Vec<Record>) {
        let mut records = self.writer.take_followed();
        records.extend(committed);
        if !records.is_empty() && self.committed.receiver_count() > 0 {
            // Nobody may listen any more.
            let _ = self.committed.send(records.into());
        }
    }

    fn load(
        &mut self,
        now: Timestamp,
        command: Command,
        policy: Arc<Policy>,
    ) -> Result<Result<Loaded, Refusal>, J::Error> {
        let committed = self.writer.commit(&[(now, command)])?;
        if let Some((_, refusal)) = committed.refused.into_iter().next() {
            return Ok(Err(refusal));
        }
        self.writer.follow_policy(policy);
        self.publish();
        log::committed(&committed.records);
        let mut loaded = Loaded::default();
        for record in &committed.records {
            match &record.fact {
                Fact::Line(LineFact::Commissioned { .. }) => loaded.new += 1,
                Fact::Line(LineFact::Changed { .. }) => loaded.changed += 1,
                Fact::Line(LineFact::Decommissioned { .. }) => loaded.gone += 1,
                Fact::Observation(_)
                | Fact::Outage(_)
                | Fact::Fault(_)
                | Fact::Planned(_)
                | Fact::Decision(_)
                | Fact::Inspection(_)
                | Fact::Person(_)
                | Fact::History(_)
                | Fact::Seal(_) => {}
            }
        }
        self.tell(committed.records);
        Ok(Ok(loaded))
    }

    fn due(&mut self, now: Timestamp, certain: Timestamp) -> Result<(), J::Error> {
        if self.writer.ledger().next_due().is_some_and(|due| due <= certain) {
            self.commit(&[(now, Command::Due { at: certain })])?;
        }
        Ok(())
    }

    fn commit(&mut self, batch: &[(Timestamp, Command)]) -> Result<(), J::Error> {
        let committed = self.writer.commit(batch)?;
        for (command, refusal) in &committed.refused {
            match refusal {
                // Found out of a line between its decommissioning and the new plan.
                Refusal::UnknownLine(line) => tracing::info!(%line, "a verdict on a line that is no more"),
                Refusal::TooManyRemoved { .. } | Refusal::BeforeLastRecord { .. } | Refusal::Person(_) => {
                    tracing::error!(?command, %refusal, "refused");
                }
            }
        }
        self.publish();
        log::committed(&committed.records);
        self.tell(committed.records);
        Ok(())
    }

    fn publish(&self) {
        let committed = Arc::new(Committed::of(self.writer.ledger()));
        let head = self.writer.head();
        self.published.send_modify(|published| {
            published.committed = committed;
            published.journal.records = head.seq;
            published.journal.head = head.digest.to_string();
            published.journal.failing = None;
        });
    }

    fn failed(&self, error: &J::Error) {
        let sentence = error.to_string();
        tracing::error!(error = %sentence, waiting = self.waiting.load(Ordering::Relaxed), "the journal cannot be written; trying again");
        self.published.send_modify(|published| {
            published.journal.append_failures += 1;
            published.journal.failing = Some(sentence);
        });
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;

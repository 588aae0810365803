//! What became of the probes, as the wire tells it: the runs of lost ones, by the monitor's clock.

use crate::outcome::Outcome;
use crate::time::{Millis, Timestamp};

/// Probes to one target that were lost one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostRun {
    /// Place of the target.
    pub target: usize,
    /// Runs of one session and one setting of the clock have one number.
    pub session: u32,
    /// Sending of the last answered probe before, in the same session.
    pub last_reply: Option<Timestamp>,
    /// Sending of the first lost one.
    pub first_loss: Timestamp,
    /// Sending of the last lost one.
    pub last_loss: Timestamp,
    /// How many at least: of what was leapt over, one for each period is counted.
    pub lost: u64,
    /// Sending of the first answered probe after, in the same session.
    pub first_reply: Option<Timestamp>,
    /// How many were answered at least before the next one was lost.
    pub answered: u64,
}

/// The runs of all targets.
#[derive(Clone, Debug, Default)]
pub struct Fates {
    session: u32,
    now: Vec<Here>,
    runs: Vec<LostRun>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Here {
    last_reply: Option<Timestamp>,
    run: Option<LostRun>,
}

impl Fates {
    /// A log of so many targets.
    pub fn new(targets: usize) -> Self {
        Self { session: 0, now: vec![Here::default(); targets], runs: Vec::new() }
    }

    /// What became of a probe. What the monitor's own side spoilt says nothing of the target.
    pub(super) fn note(&mut self, target: usize, sent_at: Timestamp, outcome: Outcome) {
        let session = self.session;
        let Some(here) = self.now.get_mut(target) else { return };
        match outcome {
            Outcome::Reply { .. } => {
                here.last_reply = Some(sent_at);
                if let Some(run) = &mut here.run {
                    run.first_reply = run.first_reply.or(Some(sent_at));
                    run.answered += 1;
                }
            }
            Outcome::Loss(_) => match &mut here.run {
                Some(run) if run.first_reply.is_none() => {
                    run.last_loss = sent_at;
                    run.lost += 1;
                }
                Some(_) | None => {
                    let last_reply = here.last_reply;
                    let new = LostRun {
                        target,
                        session,
                        last_reply,
                        first_loss: sent_at,
                        last_loss: sent_at,
                        lost: 1,
                        first_reply: None,
                        answered: 0,
                    };
                    self.runs.extend(here.run.replace(new));
                }
            },
            Outcome::Unsent(_) => {}
        }
    }

    /// So many periods were leapt over, which repeat the last one.
    pub(super) fn leap(&mut self, by: Millis, times: i64) {
        for here in &mut self.now {
            match &mut here.run {
                Some(run) if run.first_reply.is_none() => {
                    run.last_loss = run.last_loss + by;
                    run.lost += times.unsigned_abs();
                }
                Some(run) => {
                    run.answered += times.unsigned_abs();
                    here.last_reply = here.last_reply.map(|at| at + by);
                }
                None => here.last_reply = here.last_reply.map(|at| at + by),
            }
        }
    }

    /// The monitor was stopped, or its clock set: what comes is another session.
    pub(super) fn end_session(&mut self) {
        self.session += 1;
        for here in &mut self.now {
            self.runs.extend(here.run.take());
            here.last_reply = None;
        }
    }

    /// All runs, by target and time.
    pub fn into_runs(mut self) -> Vec<LostRun> {
        self.end_session();
        self.runs.sort_by_key(|run| (run.target, run.session, run.first_loss));
        self.runs
    }
}

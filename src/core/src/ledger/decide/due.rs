//! What is due by itself: everything that follows from time alone, found from the ledger, in the order of time.
//!
//! | task | due |
//! |---|---|
//! | an open outage of a line that leaves service (停用日期) ends | at that date |
//! | an outage attributed to an ancestor that came back is the line's own | a grace time after the return |
//! | an own outage gets its fault | when its own time has lasted `open_after` |
//! | a fault is restored | when its line has been seen up for the stability time |
//! | what a person said to be restored is verified | when its line has been seen up for the stability time since |

use super::super::Ledger;
use super::Draft;
use super::attribution::Release;
use crate::record::{Attribution, FaultFact, FaultNo, OutageId};
use crate::time::Timestamp;

/// Something to do. Tasks of one instant are done in this order: the order of the variants, ancestors before
/// descendants, then by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Task {
    LeaveService { depth: usize, outage: OutageId },
    Release { depth: usize, outage: OutageId, from: Timestamp },
    Place { depth: usize, outage: OutageId },
    Restore { fault: FaultNo },
    Verify { fault: FaultNo },
}

/// When the next task is due.
pub(in super::super) fn next_due(ledger: &Ledger) -> Option<Timestamp> {
    let mut next: Option<Timestamp> = None;
    for_each_task(ledger, |at, _| next = Some(next.map_or(at, |next| next.min(at))));
    next
}

impl Draft<'_> {
    /// Does everything that is due at `limit`, instant by instant: what one task does may make another due.
    pub(super) fn due(&mut self, limit: Timestamp) {
        while let Some(next) = next_due(&self.ledger).filter(|next| *next <= limit) {
            let mut tasks = Vec::new();
            for_each_task(&self.ledger, |at, task| {
                if at == next {
                    tasks.push(task());
                }
            });
            tasks.sort_unstable();
            let before = self.facts.len();
            for task in tasks {
                self.carry_out(task, limit);
            }
            debug_assert!(before < self.facts.len(), "a task that is due does something");
            if before == self.facts.len() {
                break;
            }
        }
    }

    /// Carries a task out, if the tasks before it have left it to do.
    fn carry_out(&mut self, task: Task, limit: Timestamp) {
        match task {
            Task::LeaveService { outage, .. } => {
                let open = self.ledger.outages.find(outage).filter(|held| held.end.is_none());
                let closed = open.and_then(|held| self.ledger.line(&held.open.line)).and_then(|line| line.line.closed);
                if let Some(closed) = closed {
                    self.take_out_of_service(outage, closed);
                }
            }
            Task::Release { outage, from, .. } => {
                if release_due(&self.ledger, outage).is_some_and(|(due, _)| due <= limit) {
                    self.release(outage, from);
                    self.place(outage, Some(limit));
                }
            }
            Task::Place { outage, .. } => self.place(outage, Some(limit)),
            Task::Restore { fault } => {
                let restoration = self.ledger.faults.find(&fault).and_then(|held| self.ledger.restoration(held));
                if let Some((_, at)) = restoration.filter(|(due, _)| *due <= limit) {
                    self.push(FaultFact::Restored { fault, at });
                }
            }
            Task::Verify { fault } => {
                let verification = self.ledger.faults.find(&fault).and_then(|held| self.ledger.verification(held));
                if let Some((_, at)) = verification.filter(|(due, _)| *due <= limit) {
                    self.push(FaultFact::Verified { fault, at });
                }
            }
        }
    }
}

/// Names every task with the instant when it is due; the task itself is made only when asked for.
fn for_each_task(ledger: &Ledger, mut found: impl FnMut(Timestamp, &dyn Fn() -> Task)) {
    let depth = |outage: OutageId| ledger.outages.find(outage).map_or(0, |held| ledger.upstream.depth(&held.open.line));
    for held in ledger.outages.open() {
        let outage = held.open.outage;
        if let Some(closed) = ledger.line(&held.open.line).and_then(|line| line.line.closed) {
            found(closed.max(held.open.start), &|| Task::LeaveService { depth: depth(outage), outage });
        }
    }
    // What ended before the memory begins is left alone: its fault may be forgotten, and would be opened again.
    for held in ledger.outages.iter().filter(|held| held.ended().is_none_or(|end| ledger.remembers(end))) {
        let outage = held.open.outage;
        if let Some((due, from)) = release_due(ledger, outage) {
            found(due, &|| Task::Release { depth: depth(outage), outage, from });
        }
        if let Some(due) = ledger.fault_due(held) {
            found(due, &|| Task::Place { depth: depth(outage), outage });
        }
    }
    for held in ledger.faults.iter() {
        if let Some((due, _)) = ledger.restoration(held) {
            found(due, &|| Task::Restore { fault: held.open.fault.clone() });
        }
        if let Some((due, _)) = ledger.verification(held) {
            found(due, &|| Task::Verify { fault: held.open.fault.clone() });
        }
    }
}

/// When an outage stops being its ancestor's, and from when on: due a grace time after the ancestor's return, from
/// that return. An outage that was over by then stays the ancestor's.
fn release_due(ledger: &Ledger, outage: OutageId) -> Option<(Timestamp, Timestamp)> {
    let held = ledger.outages.find(outage)?;
    let Attribution::Upstream(root) = &held.open.attribution else { return None };
    let since = held.open.attributed_from;
    let released = match ledger.released(root, since) {
        Release::At(end) => end,
        // Long over: an open outage cannot be that ancestor's any more; of one that ended it stays as recorded.
        Release::Unknown if held.end.is_none() => since,
        Release::Never | Release::Unknown => return None,
    };
    let (due, from) = (ledger.proven(held, released, ledger.policy.grace)?, released.max(since));
    held.ended().is_none_or(|end| end > due && end > from).then_some((due, from))
}

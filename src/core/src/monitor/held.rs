//! Complete runs of losses that wait for sight, and for a Suspect ancestor's verdict.

use super::{Effect, Monitor};
use crate::command::Verdict;
use crate::detector::Settled;
use crate::time::Timestamp;

/// A complete run of losses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// The suspect.
    pub target: u32,
    /// Sending time of the last confirming probe.
    pub last_loss: Timestamp,
    /// Sending time of the latest loss.
    pub latest_loss: Timestamp,
    /// When the run was complete.
    pub since: Timestamp,
}

impl Monitor {
    /// Confirms what there is sight for, ancestors before descendants.
    pub(super) fn release(&mut self, now: Timestamp) {
        let answer = self.sight.last_answer();
        if !self.held.iter().any(|held| answer > Some(held.last_loss)) {
            return;
        }
        let mut held = std::mem::take(&mut self.held);
        held.sort_by_key(|held| (self.ancestors(held.target).count(), held.last_loss, held.target));
        held.retain(|held| {
            let ready = self.has_sight(*held) && !self.waits_for_ancestor(*held, now);
            if ready {
                self.confirm(now, held.target);
            }
            !ready
        });
        self.held = held;
    }

    /// Ancestors of a line, nearest first. Lines are numbered so that there is no loop (see `Plan`).
    pub(super) fn ancestors(&self, target: u32) -> impl Iterator<Item = u32> + '_ {
        let upstream = move |target: &u32| self.lines.get(*target as usize)?.upstream;
        std::iter::successors(upstream(&target), upstream)
    }

    fn has_sight(&self, held: Held) -> bool {
        let related = |other: u32| {
            other == held.target
                || self.ancestors(held.target).any(|ancestor| ancestor == other)
                || self.ancestors(other).any(|ancestor| ancestor == held.target)
        };
        !self.sight.returned_after(held.latest_loss) && self.sight.seen_since(held.last_loss, |other| !related(other))
    }

    fn waits_for_ancestor(&self, held: Held, now: Timestamp) -> bool {
        self.ancestors(held.target).any(|ancestor| {
            let line = &self.lines[ancestor as usize];
            let probing = self.classes[line.class as usize].probing;
            line.epoch == self.epoch
                && line.detector.settled() != Settled::Down
                && line.detector.is_soft()
                && now - held.since < probing.confirmation_time()
        })
    }

    fn confirm(&mut self, now: Timestamp, target: u32) {
        let index = target as usize;
        self.lines[index].held = false;
        let Some(edge) = self.lines[index].detector.confirm_down() else { return };
        self.see_line(index, edge.start);
        let line = self.names[index].clone();
        let verdict = if edge.still {
            Verdict::StillDown { line, first_loss: edge.start, confirmed_at: now }
        } else {
            self.lines[index].flapping.changed(now);
            Verdict::Down { line, start: edge.start, last_reply: edge.last_reply, confirmed_at: now, cause: edge.cause }
        };
        self.effects.push_back(Effect::Verdict(verdict));
    }
}

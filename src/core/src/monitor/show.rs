//! The monitor's live values, for whoever asks.

use super::Monitor;
use crate::time::Timestamp;
use crate::view::{LiveLine, LiveReference, LiveView};

impl Monitor {
    /// All live values at `now`.
    pub fn show(&self, now: Timestamp) -> LiveView {
        // Should the monitor turn out to be blind, nothing after the last answer was seen.
        let answered = self.sight.last_answer().unwrap_or(self.sighted_at);
        let lines = self.names.iter().zip(&self.lines).map(|(id, line)| LiveLine {
            id: id.clone(),
            state: line.detector.state(),
            soft_since: line.detector.run_since(),
            flapping: line.flapping.is_on(now),
            delay_us: line.delay_us,
            sent: line.sent,
            lost: line.lost,
            unsent: line.unsent,
            certain_until: line.detector.certain_until(),
            down_until: Some(line.detector.last_loss().min(answered)),
            observed: line.observed,
        });
        let references = self
            .references
            .iter()
            .map(|reference| LiveReference { address: reference.address.clone(), up: reference.up });
        LiveView {
            now,
            started: self.started,
            muted_until: self.muted_until,
            lines: lines.collect(),
            references: references.collect(),
            unsent: self.unsent,
            lateness: self.lateness.clone(),
            delay: self.classes.iter().map(|class| class.name.clone()).zip(self.delay.iter().cloned()).collect(),
            clock_steps: self.clock_steps,
        }
    }
}

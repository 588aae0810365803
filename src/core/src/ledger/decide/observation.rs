//! What the monitor could and could not see: told on, unless the ledger knows it already.

use super::Draft;
use crate::line::LineId;
use crate::outcome::BlindCause;
use crate::record::{ObservationFact, Waiting};
use crate::time::{ClockStep, Timestamp};

impl Draft<'_> {
    /// All was observed until the heartbeat, or until the ledger's own horizon where that reaches further: then the
    /// lines that were waiting at either count, with the earlier instant.
    pub(super) fn resume(&mut self, at: Timestamp, observed_until: Option<Timestamp>, waiting: &[Waiting]) {
        let horizon =
            self.ledger.horizon.as_ref().filter(|horizon| observed_until.is_none_or(|beat| beat <= horizon.at));
        let mut waiting = waiting.to_vec();
        // A verdict recorded after the heartbeat has settled what the line was waiting for.
        waiting.retain(|waiting| observed_until.is_none_or(|beat| !self.ledger.settled_after(&waiting.line, beat)));
        if let Some(horizon) = horizon {
            waiting.extend(horizon.waiting.iter().cloned());
            waiting.sort_by(|one, other| (&one.line, one.until).cmp(&(&other.line, other.until)));
            waiting.dedup_by(|later, earlier| later.line == earlier.line);
        }
        let observed_until = horizon.map(|horizon| horizon.at).or(observed_until).map(|until| until.min(at));
        self.push(ObservationFact::Resumed { at, observed_until, waiting });
    }

    pub(super) fn blinded(&mut self, from: Timestamp, cause: BlindCause, waiting: &[Waiting]) {
        if self.ledger.gaps.open.is_none_or(|open| from < open.from) {
            self.push(ObservationFact::Blinded { from, cause, waiting: waiting.to_vec() });
        }
    }

    pub(super) fn sighted(&mut self, at: Timestamp) {
        if self.ledger.gaps.open.is_some() {
            self.push(ObservationFact::Sighted { at });
        }
    }

    pub(super) fn clock_stepped(&mut self, step: ClockStep, waiting: &[Waiting]) {
        let span = step.span();
        // A clock that was wrong at the start and is set right skips nothing that was observed before.
        let observed = self.ledger.horizon.as_ref().map_or(span.start, |horizon| horizon.at);
        let from = span.start.max(observed.min(step.reading.wall));
        self.push(ObservationFact::ClockStepped {
            from,
            until: span.end,
            wall: step.reading.wall,
            expected: step.expected,
            elapsed: step.reading.elapsed.0,
            waiting: waiting.to_vec(),
        });
    }

    pub(super) fn line_lost(&mut self, line: &LineId, from: Timestamp, cause: BlindCause) {
        if self.ledger.line(line).is_some_and(|line| line.unseen.is_none()) {
            self.push(ObservationFact::LineLost { line: line.clone(), from, cause });
        }
    }

    pub(super) fn line_seen(&mut self, line: &LineId, at: Timestamp) {
        if self.ledger.line(line).is_some_and(|line| line.unseen.is_some()) {
            self.push(ObservationFact::LineSeen { line: line.clone(), at });
        }
    }
}

//! What is proven in spite of gaps.

use super::super::Ledger;
use super::super::state::Held;
use crate::line::LineId;
use crate::time::{Millis, Span, Timestamp};

impl Ledger {
    /// When it is proven that an outage has gone on for `length` from `from`. While nobody sees, nothing is: the gap
    /// must be bridged first, or the line must have stayed down for as long again after it. `None` while the gap lasts.
    pub(super) fn proven(&self, held: &Held, from: Timestamp, length: Millis) -> Option<Timestamp> {
        let due = from + length;
        if held.end.is_some() {
            return Some(due);
        }
        let known = held.bridged.map_or(from, |bridged| bridged.max(from));
        match self.latest_gap(&held.open.line) {
            Some(gap) if gap.end > known && gap.start < due => {
                (gap.end < Timestamp::MAX).then(|| due.max(gap.end + length))
            }
            Some(_) | None => Some(due),
        }
    }

    /// The latest gap that concerns a line, its own or one of all lines, together with those it touches. One that is
    /// still open reaches to the end of time.
    pub(super) fn latest_gap(&self, line: &LineId) -> Option<Span> {
        let held = self.line(line)?;
        let open = |from| Span::new(from, Timestamp::MAX);
        let mut gaps: Vec<Span> = [
            held.unseen.map(|(from, _)| open(from)),
            self.gaps.open.map(|blind| open(blind.from)),
            held.last_gap.map(|gap| gap.span),
            self.gaps.last.map(|gap| gap.span),
        ]
        .into_iter()
        .flatten()
        .filter(|gap| self.remembers(gap.end))
        .collect();
        gaps.sort_unstable_by_key(|gap| std::cmp::Reverse(gap.end));
        gaps.into_iter().reduce(|latest, earlier| {
            let start = if earlier.end >= latest.start { latest.start.min(earlier.start) } else { latest.start };
            Span::new(start, latest.end)
        })
    }
}

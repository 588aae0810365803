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
        self.gaps_of(&held.open.line).into_iter().filter(|gap| gap.end > known).try_fold(due, |due, gap| {
            if gap.start >= due {
                return Some(due);
            }
            (gap.end < Timestamp::MAX).then(|| due.max(gap.end + length))
        })
    }

    /// The gaps that concern a line, its own and those of all lines, by start; of each the open one and the last one. One
    /// that is still open reaches to the end of time.
    fn gaps_of(&self, line: &LineId) -> Vec<Span> {
        let Some(held) = self.line(line) else { return Vec::new() };
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
        gaps.sort_unstable();
        gaps
    }
}

//! The monitor's verdicts on a line.

use super::Draft;
use crate::line::LineId;
use crate::outcome::LossCause;
use crate::record::{Attribution, EndReason, OutageFact, OutageId};
use crate::time::{Span, Timestamp};

impl Draft {
    /// A confirmed outage: attributed, the outages below it corrected, and placed in a fault that is there already.
    pub(super) fn down(
        &mut self,
        line: &LineId,
        start: Timestamp,
        last_reply: Option<Timestamp>,
        confirmed_at: Timestamp,
        cause: LossCause,
    ) {
        if self.ledger.open_outage(line).is_some() {
            return self.still_down(line, start);
        }
        // Outages of a line never overlap, whatever the verdicts say.
        let before = self.ledger.remembered(line).iter().filter_map(|held| held.ended()).max();
        let start = before.map_or(start, |end| start.max(end));
        let began = (last_reply.unwrap_or(Timestamp::MIN), start);
        let attribution = self.ledger.cover(line, began).map_or(Attribution::Own, Attribution::Upstream);
        let line = line.clone();
        self.push(OutageFact::Started { line: line.clone(), start, last_reply, confirmed_at, cause, attribution });

        let outage = OutageId(self.ledger.seq());
        let corrected = self.correct_below(&line);
        self.place(outage, None);
        for outage in corrected {
            self.place(outage, None);
        }
    }

    /// Down is confirmed by the first results after a gap: the gap counts as down (design rule 7).
    pub(super) fn still_down(&mut self, line: &LineId, first_loss: Timestamp) {
        let Some(held) = self.ledger.outages.open_on(line) else { return };
        let (outage, start) = (held.open.outage, held.open.start.max(held.bridged.unwrap_or(Timestamp::MIN)));
        let Some(gap) = self.latest_gap(line) else { return };
        let gap = Span::new(gap.start.max(start), first_loss);
        // A gap that was over before the outage began, or that is bridged already, is none of this outage's.
        if !gap.is_empty() && self.latest_gap(line).is_some_and(|latest| latest.end > start) {
            self.push(OutageFact::Bridged { outage, gap });
        }
    }

    pub(super) fn up(
        &mut self,
        line: &LineId,
        last_loss: Timestamp,
        first_reply: Timestamp,
        confirmed_at: Timestamp,
        after_gap: bool,
    ) {
        let Some(held) = self.ledger.outages.open_on(line) else { return };
        let (outage, start) = (held.open.outage, held.open.start);
        let (end, reason) = if after_gap {
            let gap = self.latest_gap(line).map_or(last_loss, |gap| gap.start);
            (gap.max(last_loss).min(first_reply), EndReason::Gap)
        } else {
            (first_reply, EndReason::Answered)
        };
        self.push(OutageFact::Ended { outage, end: end.max(start), last_loss, first_reply, confirmed_at, reason });
    }

    /// The latest gap that concerns a line, its own or one of all lines, together with those it touches. One that is
    /// still open reaches to the end of time.
    fn latest_gap(&self, line: &LineId) -> Option<Span> {
        let held = self.ledger.line(line)?;
        let open = |from| Span::new(from, Timestamp::MAX);
        let mut gaps: Vec<Span> = [
            held.unseen.map(|(from, _)| open(from)),
            self.ledger.gaps.open.map(|blind| open(blind.from)),
            held.last_gap.map(|gap| gap.span),
            self.ledger.gaps.last.map(|gap| gap.span),
        ]
        .into_iter()
        .flatten()
        .filter(|gap| self.ledger.remembers(gap.end))
        .collect();
        gaps.sort_unstable_by_key(|gap| std::cmp::Reverse(gap.end));
        gaps.into_iter().reduce(|latest, earlier| {
            let start = if earlier.end >= latest.start { latest.start.min(earlier.start) } else { latest.start };
            Span::new(start, latest.end)
        })
    }
}

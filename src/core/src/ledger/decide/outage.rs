//! The monitor's verdicts on a line.

use super::Draft;
use crate::line::LineId;
use crate::outcome::LossCause;
use crate::record::{Attribution, EndReason, OutageFact, OutageId};
use crate::time::{Span, Timestamp};

impl Draft<'_> {
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
        let began = (last_reply.unwrap_or(start - self.ledger.policy.grace), start);
        let attribution = self.ledger.cover(line, began).map_or(Attribution::Own, Attribution::Upstream);
        let line = line.clone();
        self.push(OutageFact::Started { line: line.clone(), start, last_reply, confirmed_at, cause, attribution });

        let outage = OutageId(self.ledger.seq());
        let corrected = self.correct_below(&line, began.0);
        self.place(outage, None);
        for outage in corrected {
            self.place(outage, None);
        }
    }

    /// Down is confirmed by the first results after a gap: the gap counts as down (design rule 7).
    pub(super) fn still_down(&mut self, line: &LineId, first_loss: Timestamp) {
        let Some(held) = self.ledger.outages.open_on(line) else { return };
        let outage = held.open.outage;
        let Some(from) = held.gap_from else { return };
        let gap = Span::new(from, first_loss);
        if !gap.is_empty() {
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
            (held.gap_from.unwrap_or(last_loss).min(first_reply), EndReason::Gap)
        } else {
            (first_reply, EndReason::Answered)
        };
        let end = end.max(start);
        // A loss that was seen while nobody else answered was discarded with the gap.
        let last_loss = last_loss.min(end);
        self.push(OutageFact::Ended { outage, end, last_loss, first_reply, confirmed_at, reason });
    }
}

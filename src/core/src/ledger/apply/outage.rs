//! Outages, their segments and bridges.

use super::super::rows::{BridgeRow, OutageEnd, OutageRow, Row, SegmentRow};
use super::super::state::Held;
use super::super::{Ledger, OpenOutage};
use super::Rows;
use crate::line::LineId;
use crate::record::{Attribution, OutageFact, OutageId};
use crate::time::{Span, Timestamp};

impl Ledger {
    pub(super) fn fold_outage(&mut self, seq: u64, fact: &OutageFact, rows: &mut Rows) {
        match fact {
            OutageFact::Started { line, start, last_reply, confirmed_at, cause, attribution } => {
                let open = OpenOutage {
                    outage: OutageId(seq),
                    line: line.clone(),
                    start: *start,
                    last_reply: *last_reply,
                    confirmed_at: *confirmed_at,
                    cause: *cause,
                    attribution: attribution.clone(),
                    attributed_from: *start,
                };
                self.start_outage(open, rows);
            }
            OutageFact::Attributed { outage, from, attribution } => {
                self.attribute(*outage, *from, attribution, rows);
            }
            OutageFact::Bridged { outage, gap } => {
                let Some(held) = self.outages.change(*outage) else { return };
                held.bridged = held.bridged.max(Some(gap.end));
                held.gap_from = None;
                let line = held.open.line.clone();
                rows.push(Row::Bridge(BridgeRow { outage: *outage, gap: *gap }));
                self.meet_known_gaps(&line);
                rows.extend(self.outages.find(*outage).map(|held| Row::Outage(row(held))));
            }
            OutageFact::Ended { outage, end, last_loss, first_reply, confirmed_at, reason } => {
                let end = OutageEnd {
                    end: *end,
                    last_loss: *last_loss,
                    first_reply: *first_reply,
                    confirmed_at: *confirmed_at,
                    reason: *reason,
                };
                self.end_outage(*outage, end, rows);
            }
        }
    }

    fn start_outage(&mut self, open: OpenOutage, rows: &mut Rows) {
        let known = self.outages.open_on(&open.line).or(self.outages.find(open.outage));
        if self.lines.find(&open.line).is_none() || known.is_some() {
            return;
        }
        self.unknown_before(&open.line, open.last_reply, open.start, rows);
        if let Some(line) = self.lines.change(&open.line) {
            line.outages += 1;
        }
        let held = Held::new(open);
        let (outage, line) = (held.open.outage, held.open.line.clone());
        let first = segment(outage, held.open.start, &held.open.attribution);
        self.outages.insert(held);
        self.meet_known_gaps(&line);
        rows.extend(self.outages.find(outage).map(|held| Row::Outage(row(held))));
        rows.push(first);
    }

    /// A gap of one line, or of all, begins within what is open.
    pub(super) fn meet_gap(&mut self, line: Option<&LineId>, from: Timestamp, rows: &mut Rows) {
        rows.extend(self.outages.meet_gap(line, from).into_iter().map(|held| Row::Outage(row(held))));
    }

    /// Gaps that were known before the confirmation and reach beyond it.
    fn meet_known_gaps(&mut self, line: &LineId) {
        let (Some(held), Some(own)) = (self.outages.open_on(line), self.lines.find(line)) else { return };
        let open = [own.unseen.map(|(from, _)| from), self.gaps.open.map(|blind| blind.from)];
        let closed = [own.last_gap, self.gaps.last].into_iter().flatten();
        let beyond = closed.filter(|gap| gap.span.end > held.confirmed_until()).map(|gap| gap.span.start);
        if let Some(from) = open.into_iter().flatten().chain(beyond).min() {
            self.outages.meet_gap(Some(line), from);
        }
    }

    /// A gap ended after the last reply and before the first loss: the time between is unknown too, since the line
    /// may have failed within the gap (design rule 7 keeps the state only up to the last result before it).
    fn unknown_before(&mut self, line: &LineId, last_reply: Option<Timestamp>, start: Timestamp, rows: &mut Rows) {
        let own = self.lines.find(line).and_then(|line| line.last_gap);
        let after = [own, self.gaps.last]
            .into_iter()
            .flatten()
            .filter(|gap| self.remembers(gap.span.end) && last_reply.is_none_or(|last| last < gap.span.end))
            .max_by_key(|gap| (gap.span.end, gap.span.start));
        if let Some(gap) = after {
            self.line_gap(line, Span::new(gap.span.end, start), gap.cause, rows);
        }
    }

    /// From `from` on the time is another's; later segments are no more.
    fn attribute(&mut self, outage: OutageId, from: Timestamp, attribution: &Attribution, rows: &mut Rows) {
        let Some(held) = self.outages.change(outage) else { return };
        let from = from.max(held.open.start);
        if held.ended().is_some_and(|end| end <= from) {
            return;
        }
        let kept = held.segments.partition_point(|(start, _)| *start < from);
        for (start, _) in held.segments.drain(kept..).filter(|(start, _)| *start != from) {
            rows.push(Row::SegmentRemoved { outage, from: start });
        }
        held.segments.push((from, attribution.clone()));
        held.settle();
        rows.push(segment(outage, from, attribution));
    }

    fn end_outage(&mut self, outage: OutageId, end: OutageEnd, rows: &mut Rows) {
        let Some(held) = self.outages.find(outage).filter(|held| held.end.is_none()) else { return };
        let end = OutageEnd { end: end.end.max(held.open.start), ..end };
        let late: Vec<Timestamp> =
            held.segments.iter().skip(1).map(|(from, _)| *from).filter(|from| *from >= end.end).collect();
        if !late.is_empty()
            && let Some(held) = self.outages.change(outage)
        {
            held.segments.retain(|(from, _)| !late.contains(from));
            held.settle();
            rows.extend(late.into_iter().map(|from| Row::SegmentRemoved { outage, from }));
        }
        let Some(held) = self.outages.end(outage, end) else { return };
        let (line, length) = (held.open.line.clone(), Span::new(held.open.start, end.end).length());
        rows.push(Row::Outage(row(held)));
        if let Some(line) = self.lines.change(&line) {
            line.down += length;
        }
    }
}

fn row(held: &Held) -> OutageRow {
    let open = &held.open;
    OutageRow {
        outage: open.outage,
        line: open.line.clone(),
        start: open.start,
        last_reply: open.last_reply,
        confirmed_at: open.confirmed_at,
        cause: open.cause,
        gap_from: held.gap_from.filter(|_| held.end.is_none()),
        end: held.end,
    }
}

fn segment(outage: OutageId, from: Timestamp, attribution: &Attribution) -> Row {
    Row::Segment(SegmentRow { outage, from, attribution: attribution.clone() })
}

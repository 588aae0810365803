//! Gaps and the horizon. At most one gap of all lines and one gap a line are open at a time.

use std::sync::Arc;

use super::super::rows::{GapRow, HorizonRow, Row};
use super::super::state::ClosedGap;
use super::super::{Blind, Ledger};
use super::Rows;
use crate::line::LineId;
use crate::outcome::BlindCause;
use crate::record::{ObservationFact, Waiting};
use crate::time::{Millis, Span, Timestamp};

impl Ledger {
    pub(super) fn fold_observation(&mut self, fact: &ObservationFact, rows: &mut Rows) {
        match fact {
            ObservationFact::Resumed { at, observed_until, waiting } => {
                self.counted_from = self.counted_from.max(*at);
                let from = observed_until.unwrap_or(*at).min(*at);
                self.go_blind(from, BlindCause::Stopped, waiting, rows);
                self.reach(from, Some(waiting), rows);
            }
            ObservationFact::Checkpoint { at, waiting } => self.reach(*at, Some(waiting), rows),
            ObservationFact::Blinded { from, cause, waiting } => {
                self.go_blind(*from, *cause, waiting, rows);
                self.reach(*from, Some(waiting), rows);
            }
            ObservationFact::Sighted { at } => {
                self.see_again(*at, rows);
                self.reach(*at, None, rows);
            }
            ObservationFact::ClockStepped { from, until, waiting, .. } => {
                self.waiting_gaps(waiting, *from, BlindCause::ClockStep, rows);
                self.step_gap(Span::new(*from, *until), rows);
                self.reach(*until, Some(waiting), rows);
            }
            ObservationFact::LineLost { line, from, cause } => self.lose_line(line, *from, *cause, rows),
            ObservationFact::LineSeen { line, at } => {
                self.see_line(line, *at, rows);
            }
        }
    }

    /// The records reach further: everything before `at` is certain, but for `waiting`. A verdict (`None`) names none:
    /// those of the heartbeat count at the next start.
    pub(super) fn reach(&mut self, at: Timestamp, waiting: Option<&[Waiting]>, rows: &mut Rows) {
        if self.horizon.as_ref().is_some_and(|horizon| horizon.at > at) {
            return;
        }
        let horizon = Arc::new(HorizonRow { at, waiting: waiting.unwrap_or_default().to_vec() });
        rows.push(Row::Horizon(HorizonRow::clone(&horizon)));
        self.horizon = Some(horizon);
    }

    /// Opens the gap of all lines. An open one goes on: the earlier start and its cause stay.
    fn go_blind(&mut self, from: Timestamp, cause: BlindCause, waiting: &[Waiting], rows: &mut Rows) {
        let from = after(from, self.gaps.last);
        let open = match self.gaps.open {
            Some(open) if open.from <= from => open,
            earlier => {
                if let Some(later) = earlier {
                    // The gap turns out to begin earlier, and a row's key is its start: the old row becomes empty.
                    rows.push(gap(None, Span::new(later.from, later.from), later.cause));
                }
                let blind = Blind { from, cause: earlier.map_or(cause, |later| later.cause) };
                self.gaps.open = Some(blind);
                rows.push(Row::Gap(GapRow { line: None, from, until: None, cause: blind.cause }));
                blind
            }
        };
        self.meet_gap(None, open.from, rows);
        self.waiting_gaps(waiting, open.from, cause, rows);
    }

    /// Lines that were waiting when a gap of all lines began are uncertain from an earlier instant on.
    fn waiting_gaps(&mut self, waiting: &[Waiting], until: Timestamp, cause: BlindCause, rows: &mut Rows) {
        for Waiting { line, until: certain } in waiting {
            self.line_gap(line, Span::new(*certain, until), cause, rows);
        }
    }

    fn see_again(&mut self, at: Timestamp, rows: &mut Rows) {
        let Some(open) = self.gaps.open.take() else { return };
        self.all_lines_gap(Span::new(open.from, at.max(open.from)), open.cause, rows);
    }

    /// The span that a clock step skipped or repeated. It may overlap other gaps, but not take the key of one: where
    /// it begins with the open gap or with the last one, the first millisecond is left to that.
    fn step_gap(&mut self, span: Span, rows: &mut Rows) {
        let starts = [self.gaps.open.map(|open| open.from), self.gaps.last.map(|last| last.span.start)];
        let taken = starts.contains(&Some(span.start));
        let span = Span::new(if taken { span.start + Millis(1) } else { span.start }, span.end);
        if !span.is_empty() {
            self.all_lines_gap(span, BlindCause::ClockStep, rows);
        }
    }

    /// A gap of all lines that is over.
    fn all_lines_gap(&mut self, span: Span, cause: BlindCause, rows: &mut Rows) {
        rows.push(gap(None, span, cause));
        self.meet_gap(None, span.start, rows);
        self.gaps.last = ClosedGap::latest(self.gaps.last, span, cause);
        let counted_from = self.counted_from;
        self.lines.change_all(|line| {
            // What lies in the line's own open gap is counted when that one ends.
            let end = line.unseen.map_or(span.end, |(from, _)| span.end.min(from));
            line.count(Span::new(span.start, end), counted_from);
        });
    }

    fn lose_line(&mut self, id: &LineId, from: Timestamp, cause: BlindCause, rows: &mut Rows) {
        let Some(line) = self.lines.change(id).filter(|line| line.unseen.is_none()) else { return };
        let from = after(from, line.last_gap);
        line.unseen = Some((from, cause));
        self.meet_gap(Some(id), from, rows);
        rows.push(Row::Gap(GapRow { line: Some(id.clone()), from, until: None, cause }));
    }

    /// Closes the line's own gap.
    pub(super) fn see_line(&mut self, id: &LineId, at: Timestamp, rows: &mut Rows) {
        let blind_from = self.gaps.open.map(|blind| blind.from);
        let counted_from = self.counted_from;
        let Some(line) = self.lines.change(id) else { return };
        let Some((from, cause)) = line.unseen.take() else { return };
        let span = Span::new(from, at.max(from));
        // The part of an open gap of all lines before this instant belongs to both; it is counted here.
        let counted = Span::new(blind_from.map_or(span.start, |blind| blind.min(span.start)), span.end);
        line.count(counted, counted_from);
        line.last_gap = ClosedGap::latest(line.last_gap, span, cause);
        rows.push(gap(Some(id), span, cause));
    }

    /// A gap of one line that is over as soon as it is known.
    pub(super) fn line_gap(&mut self, id: &LineId, span: Span, cause: BlindCause, rows: &mut Rows) {
        let counted_from = self.counted_from;
        // Inside the line's own open gap it says nothing new.
        let Some(line) = self.lines.find(id) else { return };
        let end = line.unseen.map_or(span.end, |(from, _)| span.end.min(from));
        let span = Span::new(after(span.start, line.last_gap), end);
        if span.is_empty() {
            return;
        }
        let Some(line) = self.lines.change(id) else { return };
        line.count(span, counted_from);
        line.last_gap = ClosedGap::latest(line.last_gap, span, cause);
        self.meet_gap(Some(id), span.start, rows);
        rows.push(gap(Some(id), span, cause));
    }
}

impl super::super::LedgerLine {
    /// Counts a gap that is over, but for what is counted already.
    fn count(&mut self, gap: Span, counted_from: Timestamp) {
        let gap = Span::new(gap.start.max(self.counted).max(counted_from), gap.end);
        if !gap.is_empty() {
            self.undetermined += gap.length();
            self.counted = gap.end;
        }
    }
}

/// A gap begins where the last one ended, rather than inside it: its start is its key.
fn after(from: Timestamp, last: Option<ClosedGap>) -> Timestamp {
    last.filter(|last| last.span.contains(from)).map_or(from, |last| last.span.end)
}

fn gap(line: Option<&LineId>, span: Span, cause: BlindCause) -> Row {
    Row::Gap(GapRow { line: line.cloned(), from: span.start, until: Some(span.end), cause })
}

//! The inventory as it changed.

use std::sync::Arc;

use super::super::rows::{GapRow, LineRow, Row};
use super::super::state::Retired;
use super::super::{Ledger, LedgerLine};
use super::Rows;
use crate::line::{Line, LineId};
use crate::outcome::BlindCause;
use crate::record::LineFact;
use crate::time::{Millis, Timestamp};

impl Ledger {
    pub(super) fn fold_line(&mut self, fact: &LineFact, rows: &mut Rows) {
        match fact {
            LineFact::Commissioned { at, line } | LineFact::Changed { at, line } => {
                Arc::make_mut(&mut self.upstream).set(&line.id, line.upstream.as_ref());
                if self.lines.find(&line.id).is_some() {
                    self.change_line(*at, line, rows);
                } else {
                    self.commission(*at, line, rows);
                }
            }
            LineFact::Decommissioned { at, line } => self.decommission(*at, line, rows),
        }
    }

    /// A line is in force from its 开通日期, or since before the journal; one that comes back, from when it comes
    /// back. Until its first result it is undetermined: from the same instant, or from its record where that is
    /// before the journal (what lies before the journal's first record is undetermined for everybody).
    fn commission(&mut self, at: Timestamp, line: &Arc<Line>, rows: &mut Rows) {
        let retired = self.retired.get(&line.id).copied();
        let from = match retired {
            Some(retired) => line.opened.unwrap_or(at).max(retired.at),
            None => line.opened.unwrap_or(Timestamp::MIN),
        };
        let unseen = if from == Timestamp::MIN { at } else { from };
        if retired.is_some() {
            Arc::make_mut(&mut self.retired).remove(&line.id);
        }
        rows.push(Row::Line(LineRow { from, until: None, line: Arc::clone(line) }));
        rows.push(Row::Gap(GapRow {
            line: Some(line.id.clone()),
            from: unseen,
            until: None,
            cause: BlindCause::Pending,
        }));
        self.lines.insert(LedgerLine {
            line: Arc::clone(line),
            unseen: Some((unseen, BlindCause::Pending)),
            outages: 0,
            down: Millis::ZERO,
            undetermined: Millis::ZERO,
            from,
            last_gap: retired.and_then(|retired| retired.last_gap),
            counted: at,
        });
    }

    fn change_line(&mut self, at: Timestamp, line: &Arc<Line>, rows: &mut Rows) {
        let Some(held) = self.lines.change(&line.id) else { return };
        // Of one that is not in force yet, or was changed at this instant, only the last word counts.
        let from = held.from.max(at);
        if held.from != from {
            rows.push(Row::Line(LineRow { from: held.from, until: Some(from), line: Arc::clone(&held.line) }));
            held.from = from;
        }
        held.line = Arc::clone(line);
        rows.push(Row::Line(LineRow { from: held.from, until: None, line: Arc::clone(line) }));
    }

    fn decommission(&mut self, at: Timestamp, id: &LineId, rows: &mut Rows) {
        let Some(held) = self.lines.find(id) else { return };
        let (from, line) = (held.from, Arc::clone(&held.line));
        let until = at.max(from);
        self.see_line(id, at, rows);
        let last_gap = self.lines.remove(id).and_then(|line| line.last_gap);
        Arc::make_mut(&mut self.upstream).set(id, None);
        Arc::make_mut(&mut self.retired).insert(id.clone(), Retired { at: until, last_gap });
        rows.push(Row::Line(LineRow { from, until: Some(until), line }));
    }
}

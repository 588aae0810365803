//! The inventory as it was in force at each instant.

use std::collections::BTreeMap;

use crate::ledger::LineRow;
use crate::line::LineId;
use crate::time::{Span, Timestamp};

/// Rows of all lines. Of two rows of a line that overlap, the later one is in force.
#[derive(Clone, Debug, Default)]
pub struct Inventory(BTreeMap<LineId, Vec<LineRow>>);

impl Inventory {
    /// The inventory of rows in any order.
    pub fn of(rows: impl IntoIterator<Item = LineRow>) -> Self {
        let mut lines: BTreeMap<LineId, Vec<LineRow>> = BTreeMap::new();
        for row in rows {
            lines.entry(row.line.id.clone()).or_default().push(row);
        }
        for rows in lines.values_mut() {
            rows.sort_by_key(|row| row.from);
            for index in 1..rows.len() {
                let next = rows[index].from;
                let row = &mut rows[index - 1];
                row.until = Some(row.until.map_or(next, |until| until.min(next)));
            }
        }
        Self(lines)
    }

    /// All lines that ever were, by id.
    pub fn lines(&self) -> impl Iterator<Item = &LineId> {
        self.0.keys()
    }

    /// The rows of a line, in order, without overlap.
    pub fn rows(&self, line: &LineId) -> &[LineRow] {
        self.0.get(line).map(Vec::as_slice).unwrap_or_default()
    }

    /// The ancestors of a line, nearest first, as long as they stay the same. Spans in which it has none are left
    /// out. A loop is cut as [`Upstream`](crate::upstream::Upstream) cuts it: its smallest member has no upstream.
    pub fn ancestry(&self, line: &LineId) -> Vec<(Span, Vec<LineId>)> {
        let mut found = Vec::new();
        self.climb(vec![line.clone()], Span::new(Timestamp::MIN, Timestamp::MAX), &mut found);
        found
    }

    fn climb(&self, path: Vec<LineId>, during: Span, found: &mut Vec<(Span, Vec<LineId>)>) {
        let Some(top) = path.last() else { return };
        let mut reached = during.start;
        for row in self.rows(top) {
            let span = in_force(row).clip(during);
            if span.is_empty() {
                continue;
            }
            settle(&path, Span::new(reached, span.start), found);
            reached = span.end;
            match &row.line.upstream {
                None => settle(&path, span, found),
                Some(above) => match path.iter().position(|member| member == above) {
                    Some(first) => settle(&path[..=smallest(&path, first)], span, found),
                    None => self.climb(path.iter().chain([above]).cloned().collect(), span, found),
                },
            }
        }
        settle(&path, Span::new(reached, during.end), found);
    }
}

/// When a row is in force.
pub(super) fn in_force(row: &LineRow) -> Span {
    Span::new(row.from, row.until.unwrap_or(Timestamp::MAX))
}

/// When a line is in service by a row.
pub(super) fn in_service(row: &LineRow) -> Span {
    let dates = Span::new(row.line.opened.unwrap_or(Timestamp::MIN), row.line.closed.unwrap_or(Timestamp::MAX));
    in_force(row).clip(dates)
}

/// Where the smallest member of the loop that begins at `first` stands.
fn smallest(path: &[LineId], first: usize) -> usize {
    (first..path.len()).min_by_key(|place| &path[*place]).unwrap_or(first)
}

fn settle(path: &[LineId], span: Span, found: &mut Vec<(Span, Vec<LineId>)>) {
    if path.len() > 1 && !span.is_empty() {
        found.push((span, path[1..].to_vec()));
    }
}

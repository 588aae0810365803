//! One line laid open: every stretch of its time with what it counts as and why.

use std::sync::Arc;

use super::count::{Ground, month_of};
use super::days::Days;
use super::inventory::in_service;
use super::sweep::{Counted, Facts, Kind};
use super::{Common, Counting, Fen, Figures, LineHistory, MergedOutage, Month, rent};
use crate::ledger::LineRow;
use crate::line::Line;
use crate::time::Span;

/// A stretch of time of one line in which nothing changes. Within one month, one row of the inventory, and the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When.
    pub span: Span,
    /// In this month.
    pub month: Month,
    /// What the inventory said then.
    pub line: Arc<Line>,
    /// What it counts as, and by what.
    pub counted: Counted,
    /// What it would count as if there were no exclusions.
    pub unexcluded: Kind,
    /// What it would count as if there were neither exclusions nor planned windows.
    pub gross: Kind,
    /// Whether it is in `bridged_ms`.
    pub bridged: bool,
}

/// What the figures of one line are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The counted time in service, in order, without overlap. The lengths by kind are the figures' `*_ms`.
    pub stretches: Vec<Stretch>,
    /// The outages that are counted: those that start in the counted time or were carried into it. Whole lengths.
    pub outages: Vec<MergedOutage>,
    /// The figures, as in the rollup. `None` when the line was never in service.
    pub figures: Option<Figures>,
}

/// Lays one line open. The same sweep as [`Counting`], so the same figures.
pub fn explain(common: &Common, history: &LineHistory) -> Explanation {
    let Detail { stretches, outages, rents: _ } = Detailing::new(common.clone()).line(history);
    let mut counting = Counting::new(common.clone());
    counting.add(history);
    let figures = counting.lines.remove(&history.line);
    Explanation { stretches, outages, figures: figures.map(|line| line.figures) }
}

/// What one line adds to the figures, piece by piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// As in [`Explanation::stretches`].
    pub stretches: Vec<Stretch>,
    /// As in [`Explanation::outages`].
    pub outages: Vec<MergedOutage>,
    /// What the line costs, month by month and by what the inventory said.
    pub rents: Vec<Rent>,
}

/// The rent of a month by a row of the inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rent {
    /// The month.
    pub month: Month,
    /// What the inventory said.
    pub line: Arc<Line>,
    /// 租赁费.
    pub fen: Fen,
}

/// Lays open one line after the other, for tables of everything that the figures of a period are made of. The same
/// sweep as [`Counting`], so the same figures.
#[derive(Debug)]
pub struct Detailing {
    ground: Ground,
    days: Days,
}

impl Detailing {
    /// By what is counted.
    pub fn new(common: Common) -> Self {
        Self { days: Days::of(&common), ground: Ground::new(common) }
    }

    /// Lays one line open.
    pub fn line(&mut self, history: &LineHistory) -> Detail {
        let sums = self.ground.count(history, &mut self.days);
        let ground = &mut self.ground;
        let counted = ground.common.counted();
        let rows = ground.common.inventory.rows(&history.line);
        let facts = Facts::of(&ground.common, &ground.windows, &mut ground.covers, history);
        let mut stretches: Vec<Stretch> = Vec::new();
        facts.sweep(&ground.edges, |instant, slice| {
            if !counted.contains(slice.span.start) {
                return;
            }
            let stretch = Stretch {
                span: slice.span,
                month: month_of(&ground.months, slice.span.start),
                line: Arc::clone(&rows[slice.row as usize].line),
                counted: facts.counted(instant, slice.kind, history),
                unexcluded: slice.unexcluded,
                gross: slice.gross,
                bridged: slice.bridged,
            };
            match stretches.last_mut() {
                Some(last) if last.continues_in(&stretch) => last.span.end = stretch.span.end,
                Some(_) | None => stretches.push(stretch),
            }
        });
        let within = |outage: &&MergedOutage| outage.starts(counted) || outage.carried_into(counted);
        let outages = sums.outages.iter().filter(within).copied().collect();
        Detail { stretches, outages, rents: rents(rows, counted, &ground.months) }
    }
}

fn rents(rows: &[LineRow], counted: Span, months: &[(Month, Span)]) -> Vec<Rent> {
    let mut rents = Vec::new();
    for row in rows {
        let (Some(fen_month), service) = (row.line.rent_fen_month, in_service(row).clip(counted)) else { continue };
        for (month, span) in months.iter().filter(|(_, span)| !service.clip(*span).is_empty()) {
            let fen = Fen(rent::of_month(fen_month, service, *span));
            rents.push(Rent { month: *month, line: Arc::clone(&row.line), fen });
        }
    }
    rents
}

impl Stretch {
    fn continues_in(&self, next: &Self) -> bool {
        let with_its_span = Self { span: next.span, ..self.clone() };
        self.span.end == next.span.start && with_its_span == *next
    }
}

//! One line laid open: every stretch of its time with what it counts as and why.

use std::sync::Arc;

use super::count::Ground;
use super::days::Days;
use super::sweep::{Counted, Facts, Kind};
use super::{Common, Counting, Figures, LineHistory, MergedOutage, Month};
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
    let mut ground = Ground::new(common.clone());
    let sums = ground.count(history, &mut Days::of(common));
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
            month: ground.months[ground.month(slice.span.start)].0,
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
    let mut counting = Counting::new(common.clone());
    counting.add(history);
    let figures = counting.lines.remove(&history.line);
    Explanation { stretches, outages, figures: figures.map(|line| line.figures) }
}

impl Stretch {
    fn continues_in(&self, next: &Self) -> bool {
        let with_its_span = Self { span: next.span, ..self.clone() };
        self.span.end == next.span.start && with_its_span == *next
    }
}

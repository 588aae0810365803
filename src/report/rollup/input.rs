//! From the rows of the store to what the core counts: nothing is decided here, only found and put into its place.

use std::collections::BTreeMap;

use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::{GapRow, HistoryRow, LineRow};
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::BlindCause;
use linewatch_core::record::{Attribution, Claim, HistoryFact, OutageId, Waiting};
use linewatch_core::rollup::{
    Common, Correction, Declared, Evidence, Gap, Inventory, LineHistory, Outage, Policy, Segment, Window, WindowKind,
};
use linewatch_core::time::{Span, Timestamp};

use crate::store::{Derived, OutageHistory, StoreError};

/// All time.
const EVER: Span = Span::new(Timestamp::MIN, Timestamp::MAX);

/// Up to where the records reach.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// Time of the first record.
    pub begin: Timestamp,
    /// All is certain before this instant.
    pub horizon: Timestamp,
    /// But for these.
    pub waiting: Vec<Waiting>,
}

/// What was read once for all lines, and the way to each line's own.
pub(super) struct Input<'a> {
    derived: Derived<'a>,
    period: Span,
    declared: BTreeMap<LineId, Vec<Declared>>,
    corrections: BTreeMap<OutageId, Correction>,
    /// Of each line the first instant that this journal's own inventory speaks of; none: known from an import only.
    watched_from: BTreeMap<LineId, Timestamp>,
    /// What holds for all lines.
    pub common: Common,
}

impl<'a> Input<'a> {
    /// Reads what holds for all lines.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(
        derived: Derived<'a>,
        period: Span,
        until: Timestamp,
        calendar: Calendar,
        policy: Policy,
        reach: Reach,
    ) -> Result<Self, StoreError> {
        let rows = derived.lines()?;
        let mut watched_from: BTreeMap<LineId, Timestamp> = BTreeMap::new();
        for row in &rows {
            let from = watched_from.entry(row.line.id.clone()).or_insert(row.from);
            *from = row.from.min(*from);
        }
        let imported = derived.all_imported("history.line")?;
        let imported = imported.iter().filter_map(|row| imported_line(row, &watched_from));
        let inventory = Inventory::of(imported.chain(rows).collect::<Vec<_>>());
        let Decisions { windows, declared, corrections } = Decisions::read(derived)?;
        let evidence = Evidence {
            begin: reach.begin,
            horizon: reach.horizon,
            waiting: reach.waiting.into_iter().map(|waiting| (waiting.line, waiting.until)).collect(),
            gaps: derived.common_gaps(period)?.iter().map(gap).collect(),
            observed: observed(&derived.imported("history.observed", None, period)?),
        };
        let common = Common { period, until, calendar, policy, inventory, evidence, windows };
        Ok(Self { derived, period, declared, corrections, watched_from, common })
    }

    /// What is recorded of one line.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn line(&self, line: &LineId) -> Result<LineHistory, StoreError> {
        let found = self.derived.line_history(line, self.period)?;
        let mut history = LineHistory::new(line.clone());
        history.gaps = found.gaps.iter().map(gap).collect();
        // Before it stood in our inventory nobody here looked at it; only the import did.
        let unwatched = Span::new(EVER.start, self.watched_from.get(line).copied().unwrap_or(EVER.end));
        history.gaps.push(Gap { span: unwatched, cause: BlindCause::Pending });
        history.observed = observed(&found.imported);
        history.outages = found.outages.into_iter().map(|outage| self.outage(outage)).collect();
        history.outages.extend(found.imported.iter().filter_map(|row| self.imported_outage(row)));
        history.declared = self.declared.get(line).cloned().unwrap_or_default();
        Ok(history)
    }

    fn outage(&self, outage: OutageHistory) -> Outage {
        let OutageHistory { outage, start, end, confirmed_at, gap_from, segments, bridges } = outage;
        let segments = segments.into_iter().map(|(from, attribution)| Segment { from, attribution }).collect();
        Outage {
            outage,
            start,
            end,
            gap_from,
            confirmed_at: Some(confirmed_at),
            segments,
            bridged: bridges,
            correction: self.corrections.get(&outage).copied(),
            imported: false,
        }
    }

    fn imported_outage(&self, row: &HistoryRow) -> Option<Outage> {
        let HistoryFact::Outage { line: _, span, open: _, upstream } = &row.fact else { return None };
        let outage = OutageId(row.number);
        let attribution = upstream.clone().map_or(Attribution::Own, Attribution::Upstream);
        Some(Outage {
            outage,
            start: span.start,
            // One that the source left open was recorded as far as the source looked; what came then is not known.
            end: Some(span.end),
            gap_from: None,
            confirmed_at: None,
            segments: vec![Segment { from: span.start, attribution }],
            bridged: Vec::new(),
            correction: self.corrections.get(&outage).copied(),
            imported: true,
        })
    }
}

/// What people decided and agreed, sorted by what it does.
struct Decisions {
    windows: Vec<Window>,
    declared: BTreeMap<LineId, Vec<Declared>>,
    corrections: BTreeMap<OutageId, Correction>,
}

impl Decisions {
    fn read(derived: Derived<'_>) -> Result<Self, StoreError> {
        let mut found = Self { windows: Vec::new(), declared: BTreeMap::new(), corrections: BTreeMap::new() };
        for row in derived.planned()? {
            let span = row.in_force();
            if !span.is_empty() {
                found.windows.push(Window { record: row.planned.0, kind: WindowKind::Planned, scope: row.scope, span });
            }
        }
        for row in derived.all_imported("history.planned")? {
            if let HistoryFact::Planned { scope, span, .. } = row.fact {
                found.windows.push(Window { record: row.number, kind: WindowKind::Planned, scope, span });
            }
        }
        for row in derived.decisions()?.into_iter().filter(linewatch_core::ledger::DecisionRow::in_force) {
            let decision = row.decision;
            match row.claim {
                Claim::Declared { line, from, until } => {
                    found.declared.entry(line).or_default().push(Declared { decision, from, until });
                }
                Claim::Excluded { scope, span } => {
                    found.windows.push(Window { record: decision.0, kind: WindowKind::Excluded, scope, span });
                }
                // Of two corrections of one outage the later one holds.
                Claim::Corrected { outage, counts } => {
                    found.corrections.insert(outage, Correction { decision, counts });
                }
                Claim::Exempted { fault: _ } => {}
            }
        }
        Ok(found)
    }
}

/// What an import says of a line, as far as our own inventory does not speak of it: that begins with its first row, and
/// a line that left our inventory does not come back because another system once knew it.
fn imported_line(row: &HistoryRow, watched_from: &BTreeMap<LineId, Timestamp>) -> Option<LineRow> {
    let HistoryFact::Line { line } = &row.fact else { return None };
    let from = line.opened.unwrap_or(Timestamp::MIN);
    let until = watched_from.get(&line.id).copied();
    until.is_none_or(|until| from < until).then(|| LineRow { from, until, line: std::sync::Arc::clone(line) })
}

fn gap(row: &GapRow) -> Gap {
    Gap { span: Span::new(row.from, row.until.unwrap_or(Timestamp::MAX)), cause: row.cause }
}

fn observed(rows: &[HistoryRow]) -> Vec<Span> {
    let span = |row: &HistoryRow| if let HistoryFact::Observed { span, .. } = row.fact { Some(span) } else { None };
    rows.iter().filter_map(span).collect()
}

/// What the inventory said of a line at an instant; if it was not there then, what it said first after or last before.
pub(super) fn in_force<'i>(inventory: &'i Inventory, line: &LineId, at: Timestamp) -> Option<&'i Line> {
    let rows = inventory.rows(line);
    let holds = |row: &&LineRow| row.from <= at && row.until.is_none_or(|until| at < until);
    let found = rows.iter().find(holds).or_else(|| rows.iter().find(|row| row.from > at)).or(rows.last());
    found.map(|row| &*row.line)
}

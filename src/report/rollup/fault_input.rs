//! Faults and inspections from the rows of the store to what the core counts.

use std::collections::BTreeSet;

use linewatch_core::ledger::{FaultRow, HistoryRow, Stage};
use linewatch_core::line::LineId;
use linewatch_core::record::{Claim, FaultNo, FaultSource, HistoryFact, InspectionFact};
use linewatch_core::rollup::{EndedBy, FaultHistory, Inspection, Inventory, OpenSpan, Point, Restoration};
use linewatch_core::time::{Span, Timestamp};

use super::input::in_force;
use crate::store::{self, Derived, StoreError};

/// Faults that were not over before a period, those of imports included.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn faults(
    derived: Derived<'_>,
    inventory: &Inventory,
    period: Span,
) -> Result<Vec<FaultHistory>, StoreError> {
    let exempt: BTreeSet<FaultNo> = derived
        .decisions()?
        .into_iter()
        .filter(linewatch_core::ledger::DecisionRow::in_force)
        .filter_map(|row| if let Claim::Exempted { fault } = row.claim { Some(fault) } else { None })
        .collect();
    let mut faults = Vec::new();
    derived.each_fault(period, |fault| faults.push(recorded(fault, inventory)))?;
    faults.extend(derived.all_imported("history.fault")?.iter().filter_map(|row| imported(row, inventory)));
    for fault in &mut faults {
        fault.exempt = exempt.contains(&fault.fault);
    }
    Ok(faults)
}

/// Inspections made within a period.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn inspections(derived: Derived<'_>, period: Span) -> Result<Vec<Inspection>, StoreError> {
    let made = |row: linewatch_core::ledger::InspectionRow| {
        let InspectionFact::Made { line, at, .. } = row.fact;
        Inspection { line, at }
    };
    Ok(derived.inspections(period)?.into_iter().map(made).collect())
}

/// A fault on a line, with what was in force when it was opened, and nothing else.
fn on(line: LineId, fault: FaultNo, opened: Timestamp, inventory: &Inventory) -> FaultHistory {
    let found = in_force(inventory, &line, opened);
    FaultHistory {
        fault,
        source: FaultSource::Detected,
        channel: None,
        class: found.map_or_else(|| "".into(), |line| line.class.clone()),
        township: found.map_or_else(|| "".into(), |line| line.township.clone()),
        village: found.map_or_else(String::new, |line| line.village.clone()),
        reported_from: BTreeSet::new(),
        line,
        opened,
        deadline: opened,
        open: Vec::new(),
        human_steps: false,
        points: Vec::new(),
        cause: None,
        void: false,
        merged_into: None,
        exempt: false,
        imported: false,
    }
}

fn recorded(fault: store::FaultHistory, inventory: &Inventory) -> FaultHistory {
    let store::FaultHistory { row, points } = fault;
    let work = &row.work;
    let named = work.named.iter().map(|point| Point { line: point.line.clone(), from: point.from, left: point.left });
    let points = points.into_iter().map(|point| Point { line: point.line, from: point.from, left: point.left });
    // A report that came from the line the fault stands on is counted with the fault itself.
    let elsewhere = work.reports.iter().filter(|told| told.line != row.line || row.source == FaultSource::Detected);
    let reported_from = elsewhere
        .filter_map(|told| in_force(inventory, &told.line, told.mark.at))
        .filter(|line| !line.village.is_empty())
        .map(|line| (line.township.clone(), line.village.clone()))
        .collect();
    let reported = row.source == FaultSource::Reported;
    FaultHistory {
        source: row.source,
        channel: work.reports.first().filter(|_| reported).map(|told| told.report.channel.clone()),
        reported_from,
        deadline: row.deadline,
        open: open_spans(&row),
        human_steps: work.has_human_steps(),
        points: points.chain(named).collect(),
        cause: (!work.cause.is_empty()).then(|| work.cause.join("/")),
        void: work.stage == Stage::Void,
        merged_into: row.merged_into.clone(),
        ..on(row.line.clone(), row.fault.clone(), row.opened, inventory)
    }
}

/// When it was open: a round that nothing ended (a fault that was void for a while) goes on in the next one.
fn open_spans(row: &FaultRow) -> Vec<OpenSpan> {
    let mut spans: Vec<OpenSpan> = Vec::new();
    for round in &row.work.rounds {
        let restored = round.restored.as_ref().map(|restored| Restoration {
            at: restored.at,
            by: if restored.said.is_some() { EndedBy::Person } else { EndedBy::Itself },
        });
        match spans.last_mut().filter(|last| last.restored.is_none()) {
            Some(last) => last.restored = restored,
            None => spans.push(OpenSpan { from: round.from, restored }),
        }
    }
    spans
}

fn imported(row: &HistoryRow, inventory: &Inventory) -> Option<FaultHistory> {
    let HistoryFact::Fault { line, source, opened, restored, closed, cause, reporter, deadline } = &row.fact else {
        return None;
    };
    // A closed fault is restored, also where the source does not say when.
    let restored = restored.or(*closed).map(|at| Restoration { at, by: EndedBy::Person });
    Some(FaultHistory {
        source: *source,
        deadline: *deadline,
        open: vec![OpenSpan { from: *opened, restored }],
        human_steps: *source == FaultSource::Reported || closed.is_some() || reporter.is_some(),
        cause: cause.clone(),
        imported: true,
        ..on(line.clone(), FaultNo::from_stored(format!("H{}", row.number)), *opened, inventory)
    })
}

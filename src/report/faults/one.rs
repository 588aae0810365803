//! One fault with everything that is known of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use linewatch_core::ledger::{FaultRow, FaultWork, InspectionRow, OutageRow, Row, Stage};
use linewatch_core::line::{Line, LineId};
use linewatch_core::record::{FaultNo, InspectionFact};
use linewatch_core::time::{Span, Timestamp};
use serde::Serialize;

use super::read::{Context, Known, last_known, lines_of};
use super::timeline::{Entry, timeline};
use super::{FaultLine, moment};
use crate::store::{Snapshot, StoreError};

/// One fault.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FaultReport {
    /// As in the list.
    #[serde(flatten)]
    pub fault: FaultLine,
    /// Whom to ask on the spot: as said of this fault, else as the inventory says.
    pub contact: String,
    /// How to call him.
    pub phone: String,
    /// Where the line ends.
    pub install_address: String,
    /// What is probed.
    pub address: String,
    /// Whose the circuit is.
    pub carrier: String,
    /// The number by which the carrier knows it.
    pub circuit_no: String,
    /// How it gets there.
    pub access: String,
    /// What was done.
    pub remedy: String,
    /// Whose it is.
    pub responsibility: Option<String>,
    /// Affected points: its own line first, then by id.
    pub affected: Vec<Point>,
    /// Everything that was done and said, by time.
    pub timeline: Vec<Entry>,
    /// Outages of its line while it was open.
    pub outages: Vec<FoundOutage>,
    /// Inspections made for it, or of its line while it was open.
    pub inspections: Vec<InspectionRow>,
    /// Faults that became a part of it.
    pub within: Vec<FaultNo>,
    /// What people did and said, as kept.
    #[serde(skip)]
    pub work: Arc<FaultWork>,
}

/// An affected point (点位).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The line.
    pub line: LineId,
    /// Its name.
    pub name: String,
    /// Affected from here.
    #[serde(serialize_with = "moment::serialize")]
    pub from: Timestamp,
    /// When it was affected no more: its outage's end, or when it turned out to be another fault's.
    #[serde(serialize_with = "moment::optional::serialize")]
    pub until: Option<Timestamp>,
    /// The line is down by the probes now.
    pub down: bool,
    /// Who says so.
    pub kind: PointKind,
}

/// Who says that a line is affected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PointKind {
    /// The fault stands on it.
    Own,
    /// Probes.
    Outage,
    /// A person.
    Named,
}

/// An outage of the fault's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FoundOutage {
    /// First lost probe.
    #[serde(serialize_with = "moment::serialize")]
    pub start: Timestamp,
    /// Where it ends; `None`: the line is down.
    #[serde(serialize_with = "moment::optional::serialize")]
    pub end: Option<Timestamp>,
}

/// Everything about a fault; `None`: there is none of this number.
///
/// # Errors
/// When the database cannot be read.
pub fn one(snapshot: &Snapshot<'_>, number: &FaultNo, context: &Context) -> Result<Option<FaultReport>, StoreError> {
    let Some(row) = snapshot.fault(number)? else { return Ok(None) };
    let known = Known::read(snapshot, context)?;
    report(snapshot, &row, &known, context).map(Some)
}

/// Everything about several faults, in this order; numbers that do not exist are passed over.
///
/// # Errors
/// When the database cannot be read.
pub fn many<'a>(
    snapshot: &Snapshot<'_>,
    numbers: impl IntoIterator<Item = &'a FaultNo>,
    context: &Context,
) -> Result<Vec<FaultReport>, StoreError> {
    let known = Known::read(snapshot, context)?;
    let mut reports = Vec::new();
    for number in numbers {
        if let Some(row) = snapshot.fault(number)? {
            reports.push(report(snapshot, &row, &known, context)?);
        }
    }
    Ok(reports)
}

fn report(
    snapshot: &Snapshot<'_>,
    row: &FaultRow,
    known: &Known,
    context: &Context,
) -> Result<FaultReport, StoreError> {
    let number = &row.fault;
    let line = match known.line(&row.line) {
        Some(line) => Some(line),
        None => last_known(snapshot, &row.line)?,
    };
    let affected = points(snapshot, row, known)?;
    let open = Span::new(row.opened, row.restored.unwrap_or(context.now).max(Timestamp(row.opened.0 + 1)));
    let outages = snapshot.outages(Some(&row.line), open)?;
    let within = snapshot.faults_within(number)?.into_iter().map(|row| row.fault).collect();
    let lines = lines_of(&snapshot.points(number)?);
    let fault = known.fault_line(row, line.as_deref(), lines, context);
    let outages: Vec<FoundOutage> = outages.iter().map(found).collect();
    let timeline = timeline(snapshot.fault_steps(number)?, number, &outages);
    let work = Arc::clone(&row.work);
    let of_line = |get: fn(&Line) -> &String| line.as_deref().map(get).cloned().unwrap_or_default();
    Ok(FaultReport {
        contact: work.contact.clone().unwrap_or_else(|| of_line(|line| &line.contact)),
        phone: work.phone.clone().unwrap_or_else(|| of_line(|line| &line.phone)),
        install_address: of_line(|line| &line.install_address),
        address: of_line(|line| &line.address),
        carrier: of_line(|line| &line.carrier),
        circuit_no: of_line(|line| &line.circuit_no),
        access: of_line(|line| &line.access),
        remedy: work.remedy.clone(),
        responsibility: work.responsibility.clone(),
        affected,
        timeline,
        outages,
        inspections: inspections(snapshot, row, open)?,
        within,
        work,
        fault,
    })
}

fn found(row: &OutageRow) -> FoundOutage {
    FoundOutage { start: row.start, end: row.end.map(|end| end.end) }
}

fn points(snapshot: &Snapshot<'_>, row: &FaultRow, known: &Known) -> Result<Vec<Point>, StoreError> {
    let over = (row.work.stage != Stage::Void).then_some(row.restored).flatten();
    let mut points: BTreeMap<LineId, Point> = BTreeMap::new();
    let mut add = |line: &LineId, from: Timestamp, until: Option<Timestamp>, kind: PointKind| {
        let name = known.line(line).map_or_else(String::new, |line| line.name.clone());
        let point = Point { line: line.clone(), name, from, until, down: known.is_down(line), kind };
        let held = points.entry(line.clone()).or_insert_with(|| point.clone());
        held.from = held.from.min(from);
        // The latest says until when.
        held.until = match (held.until, until) {
            (Some(one), Some(other)) => Some(one.max(other)),
            _ => None,
        };
    };
    add(&row.line, row.opened, over, PointKind::Own);
    for point in snapshot.points(&row.fault)? {
        if point.left.is_some_and(|left| left <= point.from) || point.line == row.line {
            continue;
        }
        let ended = snapshot.outage(point.outage)?.and_then(|outage| outage.end).map(|end| end.end.max(point.from));
        add(&point.line, point.from, point.left.or(ended), PointKind::Outage);
    }
    for point in row.work.named.iter().filter(|point| point.left.is_none_or(|left| left > point.from)) {
        add(&point.line, point.from, point.left.or(over), PointKind::Named);
    }
    let mut points: Vec<Point> = points.into_values().collect();
    points.sort_by(|one, other| {
        (one.kind != PointKind::Own, &one.line).cmp(&(other.kind != PointKind::Own, &other.line))
    });
    Ok(points)
}

/// Made for it, or of its line from its opening to its restoration.
fn inspections(snapshot: &Snapshot<'_>, row: &FaultRow, open: Span) -> Result<Vec<InspectionRow>, StoreError> {
    let all = snapshot.statements("inspection")?;
    let mut made: Vec<InspectionRow> = all
        .into_iter()
        .filter_map(|statement| if let Row::Inspection(made) = statement { Some(made) } else { None })
        .filter(|made| {
            let InspectionFact::Made { line, at, fault, .. } = &made.fact;
            match fault {
                Some(fault) => *fault == row.fault,
                None => *line == row.line && open.contains(*at),
            }
        })
        .collect();
    made.sort_by_key(|made| {
        let InspectionFact::Made { at, .. } = &made.fact;
        (*at, made.number)
    });
    Ok(made)
}

//! From the rows of the store to the list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono_tz::Tz;
use linewatch_core::ledger::{DecisionRow, FaultRow, FaultWork, PointRow, Row};
use linewatch_core::line::{ClassName, Line, LineId, Township};
use linewatch_core::record::{Claim, FaultFact, FaultNo};
use linewatch_core::time::{Span, Timestamp};

use super::filter::Said;
use super::{Counts, FaultLine, FaultList, Filter, Next, SCHEMA, Wanted, has_late_entry};
use crate::store::{Snapshot, StoreError};

/// What a list needs to know beside the rows.
#[derive(Clone, Debug)]
pub struct Context {
    /// The instant at which things are overdue.
    pub now: Timestamp,
    /// The site's zone.
    pub zone: Tz,
    /// What people call the classes.
    pub classes: Vec<(ClassName, String)>,
    /// The lines in service now, where they are at hand; else they are read.
    pub lines: Option<Vec<Arc<Line>>>,
}

impl Context {
    pub(super) fn label(&self, class: &ClassName) -> String {
        let found = self.classes.iter().find(|(name, _)| name == class);
        found.map_or_else(|| class.to_string(), |(_, label)| label.clone())
    }
}

/// The faults that are asked for, and how many there are in all.
///
/// # Errors
/// When the database cannot be read.
pub fn list(snapshot: &Snapshot<'_>, filter: &Filter, context: &Context) -> Result<FaultList, StoreError> {
    let to_do = snapshot.faults_to_do(false)?;
    let within = match filter.state {
        Wanted::Within(period) => Some(snapshot.faults(None, period)?),
        Wanted::Open | Wanted::Overdue | Wanted::ToClose | Wanted::ToDo => None,
    };
    let mut known = Known::read(snapshot, context)?;
    if let Wanted::Within(period) = filter.state {
        known.add_points(snapshot.points_within(period)?);
    }
    let counts = counts(&to_do, context.now);
    let rows = within.unwrap_or(to_do);
    let own = known.lines_of_township(filter.within.as_ref());
    let mut faults = Vec::new();
    for row in rows {
        let line = match known.line(&row.line) {
            Some(line) => Some(line),
            None => last_known(snapshot, &row.line)?,
        };
        let points = known.points.remove(&row.fault).unwrap_or_default();
        let mut fault = known.fault_line(&row, line.as_deref(), points, context);
        if filter.search.is_some() {
            fault.said = said(&row, line.as_deref());
        }
        if filter.admits(&fault, &own, context.now) {
            faults.push(fault);
        }
    }
    faults.sort_by(|one, other| one.place().cmp(&other.place()));
    let (zone, seq) = (context.zone.name().to_owned(), snapshot.head().seq);
    Ok(FaultList { schema: SCHEMA, zone, at: context.now, seq, counts, faults })
}

/// What is in force now: lines, what is down, points of faults that are not closed, exemptions.
pub(super) struct Known {
    lines: BTreeMap<LineId, Arc<Line>>,
    down: BTreeSet<LineId>,
    points: BTreeMap<FaultNo, BTreeSet<LineId>>,
    exempt: BTreeSet<FaultNo>,
}

impl Known {
    pub(super) fn read(snapshot: &Snapshot<'_>, context: &Context) -> Result<Self, StoreError> {
        let now = Span::new(context.now, Timestamp(context.now.0 + 1));
        let lines = match &context.lines {
            Some(lines) => lines.clone(),
            None => snapshot.lines(None, now)?.into_iter().map(|row| row.line).collect(),
        };
        let lines = lines.into_iter().map(|line| (line.id.clone(), line)).collect();
        let outages = snapshot.open_outages()?;
        let down = outages.into_iter().map(|row| row.line).collect();
        let mut known = Self { lines, down, points: BTreeMap::new(), exempt: exempt(snapshot)? };
        known.add_points(snapshot.points_to_do()?);
        Ok(known)
    }

    fn add_points(&mut self, rows: Vec<PointRow>) {
        for row in rows.into_iter().filter(stayed) {
            self.points.entry(row.fault).or_default().insert(row.line);
        }
    }

    pub(super) fn line(&self, id: &LineId) -> Option<Arc<Line>> {
        self.lines.get(id).cloned()
    }

    /// The lines of a township; of none: none.
    fn lines_of_township(&self, township: Option<&Township>) -> BTreeSet<LineId> {
        let lines = self.lines.values().filter(|line| township == Some(&line.township));
        lines.map(|line| line.id.clone()).collect()
    }

    pub(super) fn is_down(&self, id: &LineId) -> bool {
        self.down.contains(id)
    }

    pub(super) fn fault_line(
        &self,
        row: &FaultRow,
        line: Option<&Line>,
        mut points: BTreeSet<LineId>,
        context: &Context,
    ) -> FaultLine {
        let work = &row.work;
        points.insert(row.line.clone());
        points.extend(affected(work).cloned());
        let contradicted = work.contradicted().map(|mark| mark.at);
        let down = self.is_down(&row.line);
        let class = line.map_or_else(|| "".into(), |line| line.class.clone());
        FaultLine {
            number: row.fault.clone(),
            line: row.line.clone(),
            name: line.map_or_else(String::new, |line| line.name.clone()),
            class_label: context.label(&class),
            class,
            township: line.map_or_else(|| "".into(), |line| line.township.clone()),
            village: line.map_or_else(String::new, |line| line.village.clone()),
            source: row.source,
            channel: work.reports.first().map(|told| told.report.channel.clone()),
            stage: work.stage,
            contradicted,
            unverified: work.is_unverified(),
            down,
            opened: row.opened,
            deadline: row.deadline,
            overdue: row.restored.unwrap_or(context.now) > row.deadline && work.voided.is_none(),
            restored: row.restored,
            closed: if work.stage.is_settled() { work.closed.as_ref().map(|mark| mark.at) } else { None },
            again: work.rounds.len().saturating_sub(1),
            points: points.len(),
            lines: points,
            work: Arc::clone(work),
            symptom: work.symptom.clone(),
            sent: work.sent.clone(),
            taken_by: work
                .rounds
                .iter()
                .rev()
                .find_map(|round| round.acknowledged.as_ref())
                .map(|mark| mark.said.by.clone()),
            ticket: work.ticket.clone(),
            cause: work.cause.clone(),
            overdue_reason: work.overdue_reason.clone(),
            late: has_late_entry(work),
            exempt: self.exempt.contains(&row.fault),
            merged_into: row.merged_into.clone(),
            next: if row.merged_into.is_some() {
                Vec::new()
            } else {
                Next::of(work.stage, contradicted.is_some(), down)
            },
            said: Said::default(),
        }
    }
}

/// Lines that people named as affected; one that was taken back at once never was.
fn affected(work: &FaultWork) -> impl Iterator<Item = &LineId> {
    work.named.iter().filter(|point| point.left.is_none_or(|left| left > point.from)).map(|point| &point.line)
}

/// What a line was when it was last in the inventory.
pub(super) fn last_known(snapshot: &Snapshot<'_>, id: &LineId) -> Result<Option<Arc<Line>>, StoreError> {
    let ever = Span::new(Timestamp::MIN, Timestamp::MAX);
    Ok(snapshot.lines(Some(id), ever)?.pop().map(|row| row.line))
}

/// Lines that are, or were, affected; one that left when it came never was.
pub(super) fn lines_of(points: &[PointRow]) -> BTreeSet<LineId> {
    points.iter().filter(|point| stayed(point)).map(|point| point.line.clone()).collect()
}

fn stayed(point: &PointRow) -> bool {
    point.left.is_none_or(|left| left > point.from)
}

fn exempt(snapshot: &Snapshot<'_>) -> Result<BTreeSet<FaultNo>, StoreError> {
    let in_force = |row| match row {
        Row::Decision(row) if row.in_force() => match row.claim {
            Claim::Exempted { fault } => Some(fault),
            Claim::Declared { .. } | Claim::Excluded { .. } | Claim::Corrected { .. } => None,
        },
        _ => None,
    };
    Ok(snapshot.statements("decision")?.into_iter().filter_map(in_force).collect())
}

/// The exemption of a fault that counts, else the one that waits for a second person.
///
/// # Errors
/// When the database cannot be read.
pub fn exemption(snapshot: &Snapshot<'_>, fault: &FaultNo) -> Result<Option<DecisionRow>, StoreError> {
    let of_fault = |row| match row {
        Row::Decision(row) if row.is_live() => {
            matches!(&row.claim, Claim::Exempted { fault: of } if of == fault).then_some(row)
        }
        _ => None,
    };
    let live = snapshot.statements("decision")?.into_iter().filter_map(of_fault);
    Ok(live.max_by_key(|row| (row.in_force(), row.decision)))
}

fn counts(rows: &[FaultRow], now: Timestamp) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        let stage = row.work.stage;
        if stage.is_open() {
            counts.open += 1;
            counts.overdue += usize::from(row.deadline <= now);
            counts.unattended += usize::from(stage == linewatch_core::ledger::Stage::Open);
            counts.contradicted += usize::from(row.work.contradicted().is_some());
        } else {
            counts.to_close += 1;
        }
    }
    counts
}

/// Everything that a search may look for, in small letters.
fn said(row: &FaultRow, line: Option<&Line>) -> Said {
    let work = &row.work;
    let mut words: Vec<&str> = vec![row.fault.as_str(), row.line.as_str()];
    if let Some(line) = line {
        words.extend([
            line.name.as_str(),
            line.township.as_str(),
            &line.village,
            &line.address,
            &line.circuit_no,
            &line.carrier,
        ]);
    }
    let mut people: Vec<&str> = Vec::new();
    for told in &work.reports {
        let report = &told.report;
        words.extend([report.words.as_str(), &report.channel, told.line.as_str()]);
        people.extend([report.reporter.as_str(), &report.phone]);
    }
    let maybe = [&work.symptom, &work.ticket, &work.responsibility, &work.overdue_reason];
    words.extend(maybe.into_iter().flatten().map(String::as_str));
    words.extend(work.cause.iter().map(String::as_str));
    words.push(&work.remedy);
    people.extend([&work.sent, &work.contact, &work.phone].into_iter().flatten().map(String::as_str));
    let joined = |texts: Vec<&str>| texts.join("\u{1f}").to_lowercase();
    Said { open: joined(words), people: joined(people) }
}

/// The step rows that a fault's history is told from.
pub(super) fn is_about(fact: &FaultFact, fault: &FaultNo) -> bool {
    fact.fault() == fault || fact.other() == Some(fault)
}

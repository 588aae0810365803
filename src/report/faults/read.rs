//! From the rows of the store to the list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono_tz::Tz;
use linewatch_core::ledger::{FaultRow, FaultWork, PointRow, Row};
use linewatch_core::line::{ClassName, Line, LineId};
use linewatch_core::record::{Claim, FaultFact, FaultNo};
use linewatch_core::time::{Span, Timestamp};

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
    let open_only = matches!(filter.state, Wanted::Open | Wanted::Overdue);
    let to_do = snapshot.faults_to_do(false)?;
    let within = match filter.state {
        Wanted::Within(period) => Some(snapshot.faults(None, period)?),
        Wanted::Open | Wanted::Overdue | Wanted::ToClose | Wanted::ToDo => None,
    };
    let known = Known::read(snapshot, context)?;
    let counts = counts(&to_do, context.now);
    let rows = within.unwrap_or(to_do);
    let mut faults = Vec::new();
    for row in rows {
        let wanted = match filter.state {
            Wanted::Within(_) | Wanted::ToDo => true,
            Wanted::Open => row.work.stage.is_open(),
            Wanted::Overdue => row.work.stage.is_open() && row.deadline <= context.now,
            Wanted::ToClose => !row.work.stage.is_open(),
        };
        if !wanted || (open_only && row.restored.is_some()) {
            continue;
        }
        let line = match known.line(&row.line) {
            Some(line) => Some(line),
            None => last_known(snapshot, &row.line)?,
        };
        let points = match known.points.get(&row.fault) {
            Some(points) => points.clone(),
            None if row.work.stage.is_settled() => lines_of(&snapshot.points(&row.fault)?),
            None => BTreeSet::new(),
        };
        let fault = known.fault_line(&row, line.as_deref(), points, context);
        if wants(filter, &row, &fault) {
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
        let lines = snapshot.lines(None, now)?.into_iter().map(|row| (row.line.id.clone(), row.line)).collect();
        let outages = snapshot.open_outages()?;
        let down = outages.into_iter().map(|row| row.line).collect();
        let mut points: BTreeMap<FaultNo, BTreeSet<LineId>> = BTreeMap::new();
        for row in snapshot.points_to_do()? {
            if stayed(&row) {
                points.entry(row.fault).or_default().insert(row.line);
            }
        }
        Ok(Self { lines, down, points, exempt: exempt(snapshot)? })
    }

    pub(super) fn line(&self, id: &LineId) -> Option<Arc<Line>> {
        self.lines.get(id).cloned()
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
            said: said(row, line),
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
fn said(row: &FaultRow, line: Option<&Line>) -> String {
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
    for told in &work.reports {
        let report = &told.report;
        words.extend([report.reporter.as_str(), &report.phone, &report.words, &report.channel, told.line.as_str()]);
    }
    let maybe = [&work.symptom, &work.ticket, &work.sent, &work.contact, &work.responsibility, &work.overdue_reason];
    words.extend(maybe.into_iter().flatten().map(String::as_str));
    words.extend(work.cause.iter().map(String::as_str));
    words.push(&work.remedy);
    words.join("\u{1f}").to_lowercase()
}

fn wants(filter: &Filter, row: &FaultRow, fault: &FaultLine) -> bool {
    let same = |wanted: Option<&str>, is: &str| wanted.is_none_or(|wanted| wanted == is);
    let work = &row.work;
    same(filter.township.as_ref().map(linewatch_core::line::Township::as_str), fault.township.as_str())
        && filter.class.as_ref().is_none_or(|class| *class == fault.class)
        && filter.source.is_none_or(|source| source == fault.source)
        && filter.channel.as_ref().is_none_or(|channel| work.reports.iter().any(|told| told.report.channel == *channel))
        && filter.line.as_ref().is_none_or(|line| *line == row.line || affected(work).any(|named| named == line))
        && filter.of.as_ref().is_none_or(|person| is_of(row, person))
        && filter
            .search
            .as_ref()
            .is_none_or(|text| text.to_lowercase().split_whitespace().all(|word| fault.said.contains(word)))
}

/// Whether a person took care of it, was sent, was there, or reported it.
fn is_of(row: &FaultRow, person: &str) -> bool {
    let work = &row.work;
    let marks = work.rounds.iter().flat_map(|round| round.marks().map(|(_, mark)| mark)).flatten();
    let mut names = marks.map(|mark| mark.said.by.as_str()).chain(work.sent.as_deref());
    names.any(|name| name == person)
        || work.reports.iter().any(|told| told.mark.said.by == person || told.report.reporter == person)
}

/// The step rows that a fault's history is told from.
pub(super) fn is_about(fact: &FaultFact, fault: &FaultNo) -> bool {
    fact.fault() == fault || fact.other() == Some(fault)
}

//! A line's year as people look at it: its days by what happened on them, and its outages with their edges.

use chrono::{Datelike, NaiveDate};
use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::{FaultRow, InspectionRow, OutageRow};
use linewatch_core::line::LineId;
use linewatch_core::record::{Attribution, InspectionFact};
use linewatch_core::rollup::{Figures, Kind, Policy, Stretch};
use linewatch_core::time::{Millis, Timestamp};

use super::rollup::period::Period;
use super::rollup::{self, NoFigures, Question};
use crate::store::Snapshot;

/// A day on which nobody knew for longer than this is no day that is known.
const MUCH_UNSEEN: Millis = Millis::from_secs(3600);
/// A day with more down time than this is a bad day.
const MUCH_DOWN: Millis = Millis::from_secs(3600);

/// A year of a line.
#[derive(Clone, Debug)]
pub struct Course {
    /// The year.
    pub year: i32,
    /// Every day of it that has begun and in which the line was in service.
    pub days: Vec<Day>,
    /// Its figures; `None`: it was not in service.
    pub figures: Option<Figures>,
    /// Its outages, the newest first.
    pub outages: Vec<RecordedOutage>,
    /// Faults that stood on it at some time of the year, the newest first.
    pub faults: Vec<FaultRow>,
    /// When somebody looked at it, the newest first.
    pub inspections: Vec<InspectionRow>,
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// Time down.
    pub down: Millis,
    /// Time planned or excluded.
    pub planned: Millis,
    /// Time in which nobody knows.
    pub unseen: Millis,
}

/// What a day is called after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Down for an hour or longer.
    MuchDown,
    /// Down.
    Down,
    /// Planned or excluded, and never down.
    Planned,
    /// Nobody knew for long.
    Unseen,
    /// Up, as far as anybody knows.
    Up,
}

impl Day {
    /// What it is called after.
    pub fn mark(&self) -> Mark {
        match self {
            day if day.down >= MUCH_DOWN => Mark::MuchDown,
            day if day.down > Millis::ZERO => Mark::Down,
            day if day.planned > Millis::ZERO => Mark::Planned,
            day if day.unseen > MUCH_UNSEEN => Mark::Unseen,
            _ => Mark::Up,
        }
    }
}

/// An outage as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedOutage {
    /// The outage.
    pub row: OutageRow,
    /// To whom it was attributed, in order.
    pub attributions: Vec<Attribution>,
}

/// Reads a line's year, with so many of its newest outages; `now` is the instant of asking.
///
/// # Errors
/// When the store cannot be read or knows nothing of the year.
pub fn course(
    snapshot: &Snapshot<'_>,
    line: &LineId,
    period: Period,
    policy: Policy,
    now: Timestamp,
    newest: usize,
) -> Result<Course, NoFigures> {
    let calendar = Calendar::new(period.zone());
    let span = period.span();
    let (stretches, figures) = rollup::course(snapshot, &Question { period, policy, as_of: None, now }, line)?;
    let mut outages = Vec::new();
    for row in snapshot.outages(Some(line), span)?.into_iter().rev().take(newest) {
        let mut attributions: Vec<Attribution> = Vec::new();
        for segment in snapshot.segments(row.outage)? {
            if attributions.last() != Some(&segment.attribution) {
                attributions.push(segment.attribution);
            }
        }
        outages.push(RecordedOutage { row, attributions });
    }
    let mut faults = snapshot.faults(Some(line), span)?;
    faults.retain(|fault| fault.merged_into.is_none());
    faults.reverse();
    let mut inspections = snapshot.derived().inspections(span)?;
    inspections.retain(|row| {
        let InspectionFact::Made { line: of, .. } = &row.fact;
        of == line
    });
    inspections.reverse();
    let year = calendar.day_of(span.start).year();
    Ok(Course { year, days: days(&stretches, calendar), figures, outages, faults, inspections })
}

/// The lengths of stretches, which are in order, day by day.
fn days(stretches: &[Stretch], calendar: Calendar) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for stretch in stretches {
        let mut from = stretch.span.start;
        while from < stretch.span.end {
            let within = calendar.day_of(from);
            let whole = calendar.day(within);
            let until = stretch.span.end.min(whole.end);
            if days.last().is_none_or(|last| last.day != within) {
                days.push(Day { day: within, down: Millis::ZERO, planned: Millis::ZERO, unseen: Millis::ZERO });
            }
            let length = until - from;
            if let Some(day) = days.last_mut() {
                match stretch.counted.kind() {
                    Kind::Own | Kind::Upstream | Kind::Declared => day.down += length,
                    Kind::Excluded | Kind::Planned => day.planned += length,
                    Kind::Undetermined => day.unseen += length,
                    Kind::Up => {}
                }
            }
            from = until;
        }
    }
    days
}

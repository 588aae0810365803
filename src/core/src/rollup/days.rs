//! What became of each calendar day over all lines: for pictures and the calendar of bad days.
//!
//! It is no part of the sealed form of a rollup: whatever stands here can be computed again from the records.

use chrono::NaiveDate;

use super::Common;
use super::sweep::{Kind, Slice};
use crate::time::{Millis, Span, Timestamp};

/// A longer period has no days: nobody reads a calendar of more than twelve years.
const MOST_DAYS: usize = 4400;

/// A calendar day, all lines together. `in_service_ms == up_ms + down_ms + planned_ms + undetermined_ms`, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFigures {
    /// The day in the site's calendar.
    pub day: NaiveDate,
    /// Time in service, in the part of the day that is counted.
    pub in_service_ms: Millis,
    /// Nothing of the following.
    pub up_ms: Millis,
    /// Down.
    pub down_ms: Millis,
    /// Planned or excluded.
    pub planned_ms: Millis,
    /// Nobody knows.
    pub undetermined_ms: Millis,
}

/// Sums by day. A stretch that lasts for months costs no more than one of a day.
#[derive(Debug)]
pub(super) struct Days {
    spans: Vec<(NaiveDate, Span)>,
    /// Of each day, by [`place_of`]: milliseconds of stretches that cover a part of it.
    parts: Vec<[i64; 4]>,
    /// Of each day: how many more stretches cover all of it than covered all of the day before.
    steps: Vec<[i64; 4]>,
}

impl Days {
    /// The days that the counted time touches, nothing counted yet.
    pub fn of(common: &Common) -> Self {
        let counted = common.counted();
        let mut days = Vec::new();
        let mut at = counted.start;
        while at < counted.end && days.len() <= MOST_DAYS {
            let day = common.calendar.day_of(at);
            let span = common.calendar.day(day);
            days.push((day, span));
            at = span.end.max(at + Millis(1));
        }
        if days.len() > MOST_DAYS {
            days.clear();
        }
        Self { parts: vec![[0; 4]; days.len()], steps: vec![[0; 4]; days.len() + 1], spans: days }
    }

    /// The day of an instant in the counted time, by its place.
    fn place(&self, at: Timestamp) -> Option<usize> {
        let place = self.spans.partition_point(|(_, day)| day.end <= at);
        (place < self.spans.len()).then_some(place)
    }

    /// Adds a stretch within the counted time.
    pub fn add(&mut self, slice: Slice) {
        let Span { start, end } = slice.span;
        let (Some(first), Some(last)) = (self.place(start), self.place(end - Millis(1))) else { return };
        let kind = place_of(slice.kind);
        if first == last {
            self.parts[first][kind] += slice.span.length().0;
            return;
        }
        self.parts[first][kind] += (self.spans[first].1.end - start).0;
        self.parts[last][kind] += (end - self.spans[last].1.start).0;
        self.steps[first + 1][kind] += 1;
        self.steps[last][kind] -= 1;
    }

    /// The figures by day.
    pub fn figures(&self) -> Vec<DayFigures> {
        let mut whole = [0_i64; 4];
        let days = self.spans.iter().zip(&self.parts).zip(&self.steps);
        days.map(|(((day, span), parts), steps)| {
            let mut ms = *parts;
            for kind in 0..4 {
                whole[kind] += steps[kind];
                ms[kind] += whole[kind] * span.length().0;
            }
            let [up, down, planned, undetermined] = ms.map(Millis);
            DayFigures {
                day: *day,
                in_service_ms: up + down + planned + undetermined,
                up_ms: up,
                down_ms: down,
                planned_ms: planned,
                undetermined_ms: undetermined,
            }
        })
        .collect()
    }
}

/// Where a kind is summed.
fn place_of(kind: Kind) -> usize {
    match kind {
        Kind::Up => 0,
        Kind::Declared | Kind::Own | Kind::Upstream => 1,
        Kind::Excluded | Kind::Planned => 2,
        Kind::Undetermined => 3,
    }
}

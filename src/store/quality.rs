//! Hourly quality, beside the chain: a row for each line and day of UTC, with the day's hours inside.
//!
//! Rows are merged into, so that an hour can be kept in parts. Keyed by day first, what is written together lies
//! together: of the four keys tried (line and hour, hour and line, line and day, day and line) this one takes the
//! least room, two thirds of a row for each hour, and the fewest pages per write that rows of days can have.
//! `tests/store_quality.rs` measures what a line takes in a year. Nothing is deleted.

use std::collections::BTreeMap;

use linewatch_core::line::LineId;
use linewatch_core::quality::{Day, LineHour};
use linewatch_core::time::Span;
use rusqlite::{Connection, OptionalExtension, params};

use super::error::Cause;
use super::query;

/// Adds hours, or parts of hours, to what is kept.
pub(super) fn keep(connection: &Connection, hours: &[LineHour]) -> Result<(), Cause> {
    let mut days: BTreeMap<(i64, &LineId), Vec<&LineHour>> = BTreeMap::new();
    for hour in hours {
        days.entry((Day::number(hour.start), &hour.line)).or_default().push(hour);
    }
    let mut read = connection.prepare_cached("SELECT hours FROM quality WHERE day = ? AND line = ?")?;
    let mut write = connection.prepare_cached("INSERT OR REPLACE INTO quality (day, line, hours) VALUES (?, ?, ?)")?;
    for ((number, line), hours) in days {
        let kept: Option<Vec<u8>> =
            read.query_row(params![number, line.as_str()], |row| row.get("hours")).optional()?;
        // A damaged day says nothing any more, and the journal behind this job must not wait for ever because of it.
        let mut day = kept.and_then(|bytes| Day::decode(&bytes).ok()).unwrap_or_default();
        hours.into_iter().for_each(|hour| day.add(hour));
        write.execute(params![number, line.as_str(), day.encode()])?;
    }
    Ok(())
}

/// The hours of a line that begin within a span, by time.
pub(super) fn of_line(connection: &Connection, line: &LineId, span: Span) -> Result<Vec<LineHour>, Cause> {
    if span.is_empty() {
        return Ok(Vec::new());
    }
    let (first, last) = (Day::number(span.start), Day::number(span.end));
    let sql = "SELECT day, hours FROM quality WHERE day BETWEEN ? AND ? AND line = ? ORDER BY day";
    let days: Vec<(i64, Vec<u8>)> = query::select(connection, sql, params![first, last, line.as_str()], |row| {
        Ok((row.get("day")?, row.get("hours")?))
    })?;
    let mut found = Vec::new();
    for (number, bytes) in days {
        let day = Day::decode(&bytes).map_err(|error| Cause::Corrupt(format!("quality of {line}: {error}")))?;
        let inside = day.hours(number).filter(|(start, _)| span.contains(*start));
        found.extend(inside.map(|(start, quality)| LineHour { line: line.clone(), start, quality: quality.clone() }));
    }
    Ok(found)
}

//! Hourly quality, beside the chain: a row for each line and half day of UTC, with the hours inside.
//!
//! Rows are merged into, so that an hour can be kept in parts. Keyed by time first, what is written together lies
//! together and the file grows at its end: a third of the pages per write that rows keyed by line first take, and the
//! least room of all keys tried. `tests/store_quality.rs` measures what a line takes in a year. Nothing is deleted.

use std::collections::BTreeMap;

use linewatch_core::line::LineId;
use linewatch_core::quality::{Block, LineHour};
use linewatch_core::time::Span;
use rusqlite::{Connection, OptionalExtension, params};

use super::error::Cause;
use super::query;

/// Adds hours, or parts of hours, to what is kept.
pub(super) fn keep(connection: &Connection, hours: &[LineHour]) -> Result<(), Cause> {
    let mut blocks: BTreeMap<(i64, &LineId), Vec<&LineHour>> = BTreeMap::new();
    for hour in hours {
        blocks.entry((Block::number(hour.start), &hour.line)).or_default().push(hour);
    }
    let mut read = connection.prepare_cached("SELECT hours FROM quality WHERE block = ? AND line = ?")?;
    let mut write =
        connection.prepare_cached("INSERT OR REPLACE INTO quality (block, line, hours) VALUES (?, ?, ?)")?;
    for ((number, line), hours) in blocks {
        let kept: Option<Vec<u8>> =
            read.query_row(params![number, line.as_str()], |row| row.get("hours")).optional()?;
        // A damaged block says nothing any more, and the journal behind this job must not wait for ever because of it.
        let mut block = kept.and_then(|bytes| Block::decode(&bytes).ok()).unwrap_or_default();
        for hour in hours {
            block.add(hour);
        }
        write.execute(params![number, line.as_str(), block.encode()])?;
    }
    Ok(())
}

/// The hours of a line that begin within a span, by time.
pub(super) fn of_line(connection: &Connection, line: &LineId, span: Span) -> Result<Vec<LineHour>, Cause> {
    if span.is_empty() {
        return Ok(Vec::new());
    }
    let (first, last) = (Block::number(span.start), Block::number(span.end));
    let sql = "SELECT block, hours FROM quality WHERE block BETWEEN ? AND ? AND line = ? ORDER BY block";
    let blocks: Vec<(i64, Vec<u8>)> = query::select(connection, sql, params![first, last, line.as_str()], |row| {
        Ok((row.get("block")?, row.get("hours")?))
    })?;
    let mut found = Vec::new();
    for (number, bytes) in blocks {
        let block = Block::decode(&bytes).map_err(|error| Cause::Corrupt(format!("quality of {line}: {error}")))?;
        let inside = block.hours(number).filter(|(start, _)| span.contains(*start));
        found.extend(inside.map(|(start, quality)| LineHour { line: line.clone(), start, quality: quality.clone() }));
    }
    Ok(found)
}

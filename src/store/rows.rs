//! Derived rows to and from their tables. One function writes, one per table reads.

use std::str::FromStr;
use std::sync::Arc;

use linewatch_core::ledger::{
    BridgeRow, FaultRow, FaultStepRow, GapRow, HorizonRow, LineRow, OutageEnd, OutageRow, PointRow, Row, SegmentRow,
    SerialRow,
};
use linewatch_core::line::{Line, LineId};
use linewatch_core::record::{Attribution, FaultNo, OutageId, Waiting};
use linewatch_core::time::{Span, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::statements;

type Found<'a> = rusqlite::Row<'a>;
type Result<T> = rusqlite::Result<T>;

/// Replaces the row of the same key.
pub(super) fn write(connection: &Connection, row: &Row) -> Result<()> {
    let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| connection.prepare_cached(sql)?.execute(params).map(drop);
    match row {
        Row::Line(row) => write_line(connection, row),
        Row::Gap(GapRow { line, from, until, cause }) => run(
            "INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?, ?)",
            params![line.is_none(), line.as_ref().map_or("", LineId::as_str), from.0, until.map(|t| t.0), label(cause)],
        ),
        Row::Outage(row) => write_outage(connection, row),
        Row::Segment(SegmentRow { outage, from, attribution }) => {
            let upstream = match attribution {
                Attribution::Upstream(line) => Some(line.as_str()),
                Attribution::Own | Attribution::Declared => None,
            };
            run(
                "INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?)",
                params![number(outage.0), from.0, attribution.label(), upstream],
            )
        }
        Row::SegmentRemoved { outage, from } => {
            run("DELETE FROM segments WHERE outage = ? AND from_ms = ?", params![number(outage.0), from.0])
        }
        Row::Bridge(BridgeRow { outage, gap }) => {
            run("INSERT OR REPLACE INTO bridges VALUES (?, ?, ?)", params![number(outage.0), gap.start.0, gap.end.0])
        }
        Row::Fault(FaultRow { fault, source, line, opened, deadline, restored, relapses, merged_into, work }) => run(
            "INSERT OR REPLACE INTO faults VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                fault.as_str(),
                label(source),
                line.as_str(),
                opened.0,
                deadline.0,
                restored.map(|t| t.0),
                relapses,
                merged_into.as_ref().map(FaultNo::as_str),
                work.stage.label(),
                work.settled().map(|t| t.0),
                json(work.as_ref())
            ],
        ),
        Row::Step(step) => run(
            "INSERT OR REPLACE INTO fault_steps VALUES (?, ?, ?, ?, ?)",
            params![
                number(step.number),
                step.fact.fault().as_str(),
                step.fact.other().map(FaultNo::as_str),
                step.fact.kind(),
                json(step)
            ],
        ),
        Row::Point(PointRow { fault, line, outage, from, left }) => run(
            "INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?)",
            params![fault.as_str(), number(outage.0), line.as_str(), from.0, left.map(|t| t.0)],
        ),
        Row::Serial(SerialRow { day, last }) => {
            run("INSERT OR REPLACE INTO serials VALUES (?, ?)", params![day.to_string(), last])
        }
        Row::Planned(_) | Row::Decision(_) | Row::Inspection(_) | Row::Account(_) | Row::Seal(_) | Row::History(_) => {
            statements::write(connection, row)
        }
        Row::Horizon(HorizonRow { at, waiting }) => {
            run("INSERT OR REPLACE INTO horizon VALUES (1, ?, ?)", params![at.0, waiting_json(waiting)])
        }
    }
}

fn write_line(connection: &Connection, LineRow { from, until, line }: &LineRow) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO lines VALUES \
               (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    connection.prepare_cached(sql)?.execute(params![
        line.id.as_str(),
        from.0,
        until.map(|t| t.0),
        line.name,
        line.class.as_str(),
        line.township.as_str(),
        line.village,
        line.address,
        line.probe.to_string(),
        line.upstream.as_ref().map(LineId::as_str),
        line.carrier,
        line.circuit_no,
        line.bandwidth_kbps.map(number),
        line.access,
        line.rent_fen_month,
        line.contact,
        line.phone,
        line.install_address,
        line.opened.map(|t| t.0),
        line.closed.map(|t| t.0),
        line.latitude_e6,
        line.longitude_e6,
        line.note
    ])?;
    Ok(())
}

fn write_outage(connection: &Connection, row: &OutageRow) -> Result<()> {
    let OutageRow { outage, line, start, last_reply, confirmed_at, cause, gap_from, end } = row;
    let sql = "INSERT OR REPLACE INTO outages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    connection.prepare_cached(sql)?.execute(params![
        number(outage.0),
        line.as_str(),
        start.0,
        last_reply.map(|t| t.0),
        confirmed_at.0,
        label(cause),
        gap_from.map(|t| t.0),
        end.map(|end| end.end.0),
        end.map(|end| end.last_loss.0),
        end.map(|end| end.first_reply.0),
        end.map(|end| end.confirmed_at.0),
        end.map(|end| label(&end.reason))
    ])?;
    Ok(())
}

/// Reads a row of `lines`.
pub(super) fn line(row: &Found) -> Result<LineRow> {
    let text = |column: &str| row.get::<_, String>(column);
    let line = Line {
        id: id(row, "line")?,
        name: text("name")?,
        class: text("class")?.as_str().into(),
        township: text("township")?.as_str().into(),
        village: text("village")?,
        address: text("address")?,
        probe: named(row, "probe")?,
        upstream: row.get::<_, Option<String>>("upstream")?.map(|id| id.as_str().into()),
        carrier: text("carrier")?,
        circuit_no: text("circuit_no")?,
        bandwidth_kbps: row
            .get::<_, Option<i64>>("bandwidth_kbps")?
            .map(|_| count(row, "bandwidth_kbps"))
            .transpose()?,
        access: text("access")?,
        rent_fen_month: row.get("rent_fen_month")?,
        contact: text("contact")?,
        phone: text("phone")?,
        install_address: text("install_address")?,
        opened: instant_or_none(row, "opened_ms")?,
        closed: instant_or_none(row, "closed_ms")?,
        latitude_e6: row.get("latitude_e6")?,
        longitude_e6: row.get("longitude_e6")?,
        note: text("note")?,
    };
    Ok(LineRow { from: instant(row, "from_ms")?, until: instant_or_none(row, "until_ms")?, line: Arc::new(line) })
}

/// Reads a row of `gaps`.
pub(super) fn gap(row: &Found) -> Result<GapRow> {
    Ok(GapRow {
        line: if row.get("all_lines")? { None } else { Some(id(row, "line")?) },
        from: instant(row, "from_ms")?,
        until: instant_or_none(row, "until_ms")?,
        cause: named(row, "cause")?,
    })
}

/// Reads a row of `outages`.
pub(super) fn outage(row: &Found) -> Result<OutageRow> {
    let end = match instant_or_none(row, "end_ms")? {
        None => None,
        Some(end) => Some(OutageEnd {
            end,
            last_loss: instant(row, "last_loss_ms")?,
            first_reply: instant(row, "first_reply_ms")?,
            confirmed_at: instant(row, "end_confirmed_at_ms")?,
            reason: named(row, "end_reason")?,
        }),
    };
    Ok(OutageRow {
        outage: OutageId(count(row, "outage")?),
        line: id(row, "line")?,
        start: instant(row, "start_ms")?,
        last_reply: instant_or_none(row, "last_reply_ms")?,
        confirmed_at: instant(row, "confirmed_at_ms")?,
        cause: named(row, "cause")?,
        gap_from: instant_or_none(row, "gap_from_ms")?,
        end,
    })
}

/// Reads a row of `segments`.
pub(super) fn segment(row: &Found) -> Result<SegmentRow> {
    let attribution = attribution(row, row.as_ref().column_index("attribution")?)?;
    Ok(SegmentRow { outage: OutageId(count(row, "outage")?), from: instant(row, "from_ms")?, attribution })
}

/// Reads the columns `attribution` and `upstream`, which stand side by side.
pub(super) fn attribution(row: &Found, index: usize) -> Result<Attribution> {
    match (row.get_ref(index)?.as_str()?, row.get_ref(index + 1)?.as_str_or_null()?) {
        ("own", None) => Ok(Attribution::Own),
        ("declared", None) => Ok(Attribution::Declared),
        ("upstream", Some(line)) => Ok(Attribution::Upstream(line.into())),
        (other, _) => Err(wrong_text(index, format!("unknown attribution {other:?}"))),
    }
}

/// Reads a row of `bridges`.
pub(super) fn bridge(row: &Found) -> Result<BridgeRow> {
    let gap = Span::new(instant(row, "gap_start_ms")?, instant(row, "gap_end_ms")?);
    Ok(BridgeRow { outage: OutageId(count(row, "outage")?), gap })
}

/// Reads a row of `faults`.
pub(super) fn fault(row: &Found) -> Result<FaultRow> {
    Ok(FaultRow {
        fault: FaultNo::from_stored(row.get("fault")?),
        source: named(row, "source")?,
        line: id(row, "line")?,
        opened: instant(row, "opened_ms")?,
        deadline: instant(row, "deadline_ms")?,
        restored: instant_or_none(row, "restored_ms")?,
        relapses: row.get("relapses")?,
        merged_into: row.get::<_, Option<String>>("merged_into")?.map(FaultNo::from_stored),
        work: Arc::new(from_json(row, "work")?),
    })
}

/// Reads a row of `fault_steps`.
pub(super) fn step(row: &Found) -> Result<FaultStepRow> {
    from_json(row, "body")
}

/// Reads a row of `points`.
pub(super) fn point(row: &Found) -> Result<PointRow> {
    Ok(PointRow {
        fault: FaultNo::from_stored(row.get("fault")?),
        line: id(row, "line")?,
        outage: OutageId(count(row, "outage")?),
        from: instant(row, "from_ms")?,
        left: instant_or_none(row, "left_ms")?,
    })
}

/// Reads a row of `serials`.
pub(super) fn serial(row: &Found) -> Result<SerialRow> {
    let day: String = row.get("day")?;
    let day = chrono::NaiveDate::from_str(&day).map_err(|error| wrong(row, "day", format!("{day:?}: {error}")))?;
    Ok(SerialRow { day, last: row.get("last")? })
}

/// Reads the row of `horizon`.
pub(super) fn horizon(row: &Found) -> Result<HorizonRow> {
    Ok(HorizonRow { at: instant(row, "at_ms")?, waiting: waiting(row)? })
}

/// Reads the column `waiting`.
pub(super) fn waiting(row: &Found) -> Result<Vec<Waiting>> {
    let text: String = row.get("waiting")?;
    serde_json::from_str(&text).map_err(|error| wrong(row, "waiting", error.to_string()))
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("strings, integers and lists always have a JSON form")
}

fn from_json<T: DeserializeOwned>(row: &Found, column: &str) -> Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| wrong(row, column, error.to_string()))
}

/// The text of the column `waiting`.
pub(super) fn waiting_json(waiting: &[Waiting]) -> String {
    serde_json::to_string(waiting).expect("names and integers always have a JSON form")
}

/// Numbers of records and outages as the database keeps them: it has no unsigned integers, and a journal of 2^63
/// records is beyond every disk.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number of a record or outage.
pub(super) fn count(row: &Found, column: &str) -> Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| wrong(row, column, format!("{value} is negative")))
}

/// An instant.
pub(super) fn instant(row: &Found, column: &str) -> Result<Timestamp> {
    row.get(column).map(Timestamp)
}

fn instant_or_none(row: &Found, column: &str) -> Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column).map(|value| value.map(Timestamp))
}

fn id(row: &Found, column: &str) -> Result<LineId> {
    row.get::<_, String>(column).map(|id| id.as_str().into())
}

/// The name of a variant as records write it: one spelling for the journal and for the tables.
fn label<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("causes, sources and reasons are written as names, not as {other:?}"),
    }
}

fn named<T: DeserializeOwned>(row: &Found, column: &str) -> Result<T> {
    let name: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(name)).map_err(|error| wrong(row, column, error.to_string()))
}

fn wrong(row: &Found, column: &str, reason: String) -> rusqlite::Error {
    wrong_text(row.as_ref().column_index(column).unwrap_or_default(), reason)
}

fn wrong_text(index: usize, reason: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, reason.into())
}

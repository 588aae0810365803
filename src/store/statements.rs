//! What people said and what was imported, as rows: the text of the row itself, beside it what it is looked up by.

use linewatch_core::ledger::{AccountRow, DecisionRow, HistoryRow, InspectionRow, PlannedRow, Row, SealRow};
use linewatch_core::line::LineId;
use linewatch_core::record::{Claim, HistoryFact, InspectionFact, SealFact};
use linewatch_core::time::{Span, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::rows::{count, number};

/// A row of `statements`, as its key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// `planned`, `decision`, `inspection`, `person`, `seal`, or the kind of an imported fact.
    pub(super) subject: &'static str,
    /// `seq` of the record that made it.
    pub(super) number: u64,
}

/// Which statement a row is; `None`: another table's.
pub(super) fn key(row: &Row) -> Option<Key> {
    let (subject, number) = match row {
        Row::Planned(row) => ("planned", row.planned.0),
        Row::Decision(row) => ("decision", row.decision.0),
        Row::Inspection(row) => ("inspection", row.number),
        Row::Account(row) => ("person", row.number),
        Row::Seal(row) => ("seal", row.number),
        Row::History(row) => (row.fact.kind(), row.number),
        Row::Line(_)
        | Row::Gap(_)
        | Row::Outage(_)
        | Row::Segment(_)
        | Row::SegmentRemoved { .. }
        | Row::Bridge(_)
        | Row::Fault(_)
        | Row::Point(_)
        | Row::Step(_)
        | Row::Serial(_)
        | Row::Horizon(_) => return None,
    };
    Some(Key { subject, number })
}

/// Whether a ledger is restored with this statement.
pub(super) fn is_held(row: &Row) -> bool {
    match key(row) {
        Some(key) => HELD.contains(&key.subject),
        None => false,
    }
}

/// Subjects that a ledger is restored with, in the order of the open rows.
pub(super) const HELD: [&str; 5] = ["decision", "history.imported", "person", "planned", "seal"];

pub(super) fn write(connection: &Connection, row: &Row) -> rusqlite::Result<()> {
    let Some(key) = key(row) else { return Ok(()) };
    let (line, span, body) = match row {
        Row::Planned(row) => (row.scope.line(), Some(row.span), json(row)),
        Row::Decision(row) => {
            let (line, span) = of_claim(&row.claim);
            (line, span, json(row))
        }
        Row::Inspection(row) => {
            let InspectionFact::Made { line, at, .. } = &row.fact;
            (Some(line), Some(Span::new(*at, *at)), json(row))
        }
        Row::Account(row) => (None, None, json(row)),
        Row::Seal(row) => {
            let SealFact::Sealed { period, .. } = &row.fact;
            (None, Some(*period), json(row))
        }
        Row::History(row) => {
            let (line, span) = of_history(&row.fact);
            (line, span, json(row))
        }
        _ => return Ok(()),
    };
    let sql = "INSERT OR REPLACE INTO statements VALUES (?, ?, ?, ?, ?, ?)";
    let (from, until) = (span.map(|span| span.start.0), span.map(|span| span.end.0));
    let line = line.map(LineId::as_str);
    connection.prepare_cached(sql)?.execute(params![key.subject, number(key.number), line, from, until, body])?;
    Ok(())
}

fn of_claim(claim: &Claim) -> (Option<&LineId>, Option<Span>) {
    match claim {
        Claim::Declared { line, from, until } => (Some(line), Some(Span::new(*from, until.unwrap_or(Timestamp::MAX)))),
        Claim::Excluded { scope, span } => (scope.line(), Some(*span)),
        Claim::Corrected { outage: _, counts } => (None, *counts),
        Claim::Exempted { fault: _ } => (None, None),
    }
}

fn of_history(fact: &HistoryFact) -> (Option<&LineId>, Option<Span>) {
    match fact {
        HistoryFact::Imported { .. } => (None, None),
        HistoryFact::Line { line } => (
            Some(&line.id),
            Some(Span::new(line.opened.unwrap_or(Timestamp::MIN), line.closed.unwrap_or(Timestamp::MAX))),
        ),
        HistoryFact::Observed { line, span } => (line.as_ref(), Some(*span)),
        HistoryFact::Outage { line, span, .. } => (Some(line), Some(*span)),
        HistoryFact::Planned { scope, span, .. } => (scope.line(), Some(*span)),
        HistoryFact::Fault { line, opened, restored, .. } => {
            (Some(line), Some(Span::new(*opened, restored.unwrap_or(Timestamp::MAX))))
        }
    }
}

/// Reads a row of `statements`.
pub(super) fn read(row: &rusqlite::Row) -> rusqlite::Result<Row> {
    let subject: String = row.get("subject")?;
    match subject.as_str() {
        "planned" => body::<PlannedRow>(row).map(Row::Planned),
        "decision" => body::<DecisionRow>(row).map(Row::Decision),
        "inspection" => body::<InspectionRow>(row).map(Row::Inspection),
        "person" => body::<AccountRow>(row).map(Row::Account),
        "seal" => body::<SealRow>(row).map(Row::Seal),
        _ => body::<HistoryRow>(row).map(Row::History),
    }
}

fn json<T: Serialize>(row: &T) -> String {
    serde_json::to_string(row).expect("strings, integers and lists always have a JSON form")
}

fn body<T: DeserializeOwned>(row: &rusqlite::Row) -> rusqlite::Result<T> {
    let text: String = row.get("body")?;
    serde_json::from_str(&text).map_err(|error| {
        let number = count(row, "number").unwrap_or_default();
        let index = row.as_ref().column_index("body").unwrap_or_default();
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, format!("statement {number}: {error}").into())
    })
}

//! Folding from the first record into a scratch database, and comparing every derived row with the stored ones.

use std::ops::ControlFlow;

use linewatch_core::ledger::Changes;
use linewatch_core::record::Record;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::error::Cause;
use super::query::{self, Snapshot};
use super::schema::{DERIVED, Table, scratch};
use super::sqlite::Store;
use super::{Head, StoreError, codec, rows};

/// What a rebuild found.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebuilt {
    /// The head up to which was folded.
    pub head: Head,
    /// Derived rows that the fold gives.
    pub rows: u64,
    /// Rows that differ.
    pub differing: u64,
    /// The first of them.
    pub differences: Vec<Difference>,
}

/// A derived row that is stored otherwise than the fold gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The row's key, `column=value` joined by commas.
    pub key: String,
    /// As stored; `None`: missing.
    pub stored: Option<String>,
    /// As the fold gives it; `None`: there should be none.
    pub folded: Option<String>,
}

/// How many differences are told one by one.
const TOLD: usize = 20;

/// Folds all records of a snapshot with `apply` and compares. Nothing is written to the store.
///
/// # Errors
/// When the database cannot be read, a record cannot, or there is no room for the scratch database.
pub fn rebuild(
    snapshot: &Snapshot<'_>,
    mut apply: impl FnMut(&Record) -> Changes,
    progress: impl FnMut(u64),
) -> Result<Rebuilt, StoreError> {
    let run = || {
        let scratch = scratch()?;
        let head = snapshot.head();
        fold(snapshot.connection(), &scratch, 1, head.seq, &mut apply, progress)?;
        compare(snapshot.connection(), &scratch, head)
    };
    run().map_err(|cause| cause.at(snapshot.path()))
}

/// Folds all records as [`rebuild`] does and puts the folded rows in the place of the stored ones, in one transaction.
/// Records are not touched. What others append in the meantime is folded too.
///
/// # Errors
/// When the database cannot be read or written; then the stored rows are as they were.
pub fn rebuild_and_replace(
    store: &mut Store,
    mut apply: impl FnMut(&Record) -> Changes,
    mut progress: impl FnMut(u64),
) -> Result<Rebuilt, StoreError> {
    let path = store.path().to_owned();
    let scratch = scratch().map_err(|cause| cause.at(&path))?;
    let mut reader = store.reader()?;
    let snapshot = reader.snapshot()?;
    let folded = snapshot.head().seq;
    fold(snapshot.connection(), &scratch, 1, folded, &mut apply, &mut progress).map_err(|cause| cause.at(&path))?;
    drop(snapshot);
    store.write(|connection| {
        let head = query::head(connection)?;
        fold(connection, &scratch, folded + 1, head.seq, &mut apply, &mut progress)?;
        let rebuilt = compare(connection, &scratch, head)?;
        if rebuilt.differing > 0 {
            DERIVED.iter().try_for_each(|table| replace(table, &scratch, connection))?;
        }
        Ok(rebuilt)
    })
}

/// Folds records into the tables of another database, in one transaction.
pub(super) fn fold(
    from: &Connection,
    into: &Connection,
    first: u64,
    last: u64,
    apply: &mut impl FnMut(&Record) -> Changes,
    mut progress: impl FnMut(u64),
) -> Result<(), Cause> {
    let transaction = into.unchecked_transaction()?;
    let stop = query::each_record(from, first, last, |stored| {
        let mut fold_one = || -> Result<(), Cause> {
            let record = codec::decode(stored.bytes).map_err(|error| Cause::Record { seq: stored.seq, error })?;
            apply(&record).0.iter().try_for_each(|row| rows::write(&transaction, row))?;
            Ok(())
        };
        match fold_one() {
            Ok(()) => {
                progress(stored.seq);
                ControlFlow::Continue(())
            }
            Err(cause) => ControlFlow::Break(cause),
        }
    })?;
    if let ControlFlow::Break(cause) = stop {
        return Err(cause);
    }
    transaction.commit()?;
    Ok(())
}

/// Walks both databases table by table in the order of the keys.
fn compare(stored: &Connection, folded: &Connection, head: Head) -> Result<Rebuilt, Cause> {
    let mut rebuilt = Rebuilt { head, rows: 0, differing: 0, differences: Vec::new() };
    for table in &DERIVED {
        let sql = format!("SELECT * FROM {} ORDER BY {}", table.name, table.key.join(", "));
        let (mut stored, mut folded) = (stored.prepare(&sql)?, folded.prepare(&sql)?);
        let (mut stored, mut folded) = (stored.query([])?, folded.query([])?);
        let (mut left, mut right) = (next(table, &mut stored)?, next(table, &mut folded)?);
        loop {
            let order = match (&left, &right) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(left), Some(right)) => compare_keys(&left.key, &right.key),
            };
            let taken_left = if order.is_le() { left.take() } else { None };
            let taken_right = if order.is_ge() { right.take() } else { None };
            rebuilt.rows += u64::from(taken_right.is_some());
            if taken_left != taken_right {
                rebuilt.differing += 1;
                if rebuilt.differences.len() < TOLD {
                    rebuilt.differences.push(difference(table, taken_left.as_ref(), taken_right.as_ref()));
                }
            }
            if order.is_le() {
                left = next(table, &mut stored)?;
            }
            if order.is_ge() {
                right = next(table, &mut folded)?;
            }
        }
    }
    Ok(rebuilt)
}

/// One row of any table.
#[derive(PartialEq)]
struct AnyRow {
    key: Vec<Value>,
    columns: Vec<(String, Value)>,
}

fn next(table: &Table, rows: &mut rusqlite::Rows<'_>) -> Result<Option<AnyRow>, Cause> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let key = table.key.iter().map(|column| row.get(*column)).collect::<rusqlite::Result<_>>()?;
    let names = row.as_ref().column_names().enumerate();
    let columns = names.map(|(index, name)| Ok((name.to_owned(), row.get(index)?))).collect::<rusqlite::Result<_>>()?;
    Ok(Some(AnyRow { key, columns }))
}

/// The order in which the database itself sorts keys: they are integers or texts, of one type per column.
fn compare_keys(left: &[Value], right: &[Value]) -> std::cmp::Ordering {
    let pairs = left.iter().zip(right).map(|pair| match pair {
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (left, right) => unreachable!("keys of strict tables are integers or texts: {left:?}, {right:?}"),
    });
    pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

fn difference(table: &Table, stored: Option<&AnyRow>, folded: Option<&AnyRow>) -> Difference {
    let key = stored.or(folded).map(|row| {
        let pairs = table.key.iter().zip(&row.key).map(|(column, value)| format!("{column}={}", printed(value)));
        pairs.collect::<Vec<_>>().join(",")
    });
    // Of two rows only the columns that differ are told.
    let told = |row: &AnyRow, other: Option<&AnyRow>| {
        let columns = row.columns.iter().filter(|column| other.is_none_or(|other| !other.columns.contains(column)));
        columns.map(|(name, value)| format!("{name}={}", printed(value))).collect::<Vec<_>>().join(" ")
    };
    Difference {
        table: table.name,
        key: key.unwrap_or_default(),
        stored: stored.map(|row| told(row, folded)),
        folded: folded.map(|row| told(row, stored)),
    }
}

fn printed(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(value) => value.clone(),
        Value::Blob(value) => format!("{} bytes", value.len()),
    }
}

fn replace(table: &Table, from: &Connection, into: &Connection) -> Result<(), Cause> {
    into.execute(&format!("DELETE FROM {}", table.name), [])?;
    let mut read = from.prepare(&format!("SELECT * FROM {}", table.name))?;
    let columns = read.column_count();
    let marks = vec!["?"; columns].join(", ");
    let mut write = into.prepare(&format!("INSERT INTO {} VALUES ({marks})", table.name))?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|index| row.get::<_, Value>(index)).collect::<rusqlite::Result<Vec<_>>>()?;
        write.execute(rusqlite::params_from_iter(values))?;
    }
    Ok(())
}

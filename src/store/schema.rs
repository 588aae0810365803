//! Tables of the embedded database, its marks, and the one place where older tables are brought up to date.

use std::ops::ControlFlow;
use std::sync::Arc;

use linewatch_core::ledger::{Ledger, Policy};
use rusqlite::Connection;

use super::error::Cause;
use super::{StoreKind, codec, query, rows};

/// Marks a database file as ours (`PRAGMA application_id`): "lwj1".
pub(super) const APPLICATION_ID: i32 = 0x6C77_6A31;

/// Version of the tables (`PRAGMA user_version`).
pub const SCHEMA_VERSION: i64 = 2;

/// A derived table: its name and its key, in the order in which rows are compared and restored.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) key: &'static [&'static str],
}

/// All derived tables.
pub(super) const DERIVED: [Table; 11] = [
    Table { name: "lines", key: &["line", "from_ms"] },
    Table { name: "gaps", key: &["all_lines", "line", "from_ms"] },
    Table { name: "outages", key: &["outage"] },
    Table { name: "segments", key: &["outage", "from_ms"] },
    Table { name: "bridges", key: &["outage", "gap_start_ms"] },
    Table { name: "faults", key: &["fault"] },
    Table { name: "fault_steps", key: &["number"] },
    Table { name: "points", key: &["fault", "outage"] },
    Table { name: "serials", key: &["day"] },
    Table { name: "horizon", key: &["one"] },
    Table { name: "statements", key: &["subject", "number"] },
];

/// The truth: records as they were written, and what is beside the chain.
///
/// The triggers stop mistakes, not attackers; the chain and a head kept outside the machine are for those.
/// The one on insertion also stops INSERT OR REPLACE, which fires no trigger on deletion.
const TRUTH: &str = "
CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    kind TEXT NOT NULL CHECK (kind IN ('real', 'simulated'))
) STRICT;
CREATE TRIGGER store_kind_is_fixed BEFORE UPDATE ON store
    BEGIN SELECT RAISE(ABORT, 'the kind of a store is fixed'); END;
CREATE TRIGGER store_kind_stays BEFORE DELETE ON store
    BEGIN SELECT RAISE(ABORT, 'the kind of a store is fixed'); END;
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    bytes TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;
CREATE TRIGGER journal_is_not_rewritten BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_not_deleted BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_has_no_holes BEFORE INSERT ON journal
    WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM journal)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only and has no holes'); END;
CREATE TABLE heartbeat (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at_ms INTEGER NOT NULL,
    waiting TEXT NOT NULL
) STRICT;
";

/// Beside the chain as well, and younger than the tables above: made where it is missing.
const QUALITY: &str = "
CREATE TABLE IF NOT EXISTS quality (
    block INTEGER NOT NULL, line TEXT NOT NULL, hours BLOB NOT NULL,
    PRIMARY KEY (block, line)
) STRICT, WITHOUT ROWID;
";

/// What `Ledger::apply` returned, row by row; what people said and what was imported as JSON, with the line and the
/// time it is looked up by; instants in milliseconds since 1970 (UTC).
const ROWS: &str = "
CREATE TABLE lines (
    line TEXT NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER,
    name TEXT NOT NULL, class TEXT NOT NULL, township TEXT NOT NULL, village TEXT NOT NULL,
    address TEXT NOT NULL, probe TEXT NOT NULL, upstream TEXT, carrier TEXT NOT NULL, circuit_no TEXT NOT NULL,
    bandwidth_kbps INTEGER, access TEXT NOT NULL, rent_fen_month INTEGER, contact TEXT NOT NULL,
    phone TEXT NOT NULL, install_address TEXT NOT NULL, opened_ms INTEGER, closed_ms INTEGER,
    latitude_e6 INTEGER, longitude_e6 INTEGER, note TEXT NOT NULL,
    PRIMARY KEY (line, from_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX lines_in_force ON lines (line) WHERE until_ms IS NULL;
CREATE TABLE gaps (
    all_lines INTEGER NOT NULL CHECK (all_lines IN (0, 1)), line TEXT NOT NULL, from_ms INTEGER NOT NULL,
    until_ms INTEGER, cause TEXT NOT NULL,
    PRIMARY KEY (all_lines, line, from_ms), CHECK (all_lines = 0 OR line = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX gaps_by_end ON gaps (until_ms);
CREATE TABLE outages (
    outage INTEGER PRIMARY KEY, line TEXT NOT NULL, start_ms INTEGER NOT NULL, last_reply_ms INTEGER,
    confirmed_at_ms INTEGER NOT NULL, cause TEXT NOT NULL, gap_from_ms INTEGER,
    end_ms INTEGER, last_loss_ms INTEGER, first_reply_ms INTEGER, end_confirmed_at_ms INTEGER, end_reason TEXT
) STRICT;
CREATE INDEX outages_of_a_line ON outages (line, start_ms);
CREATE INDEX outages_by_start ON outages (start_ms);
CREATE INDEX outages_by_end ON outages (end_ms);
CREATE INDEX outages_by_return ON outages (first_reply_ms);
CREATE TABLE segments (
    outage INTEGER NOT NULL, from_ms INTEGER NOT NULL, attribution TEXT NOT NULL, upstream TEXT,
    PRIMARY KEY (outage, from_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE bridges (
    outage INTEGER NOT NULL, gap_start_ms INTEGER NOT NULL, gap_end_ms INTEGER NOT NULL,
    PRIMARY KEY (outage, gap_start_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE faults (
    fault TEXT NOT NULL PRIMARY KEY, source TEXT NOT NULL, line TEXT NOT NULL, opened_ms INTEGER NOT NULL,
    deadline_ms INTEGER NOT NULL, restored_ms INTEGER, relapses INTEGER NOT NULL, merged_into TEXT,
    stage TEXT NOT NULL, settled_ms INTEGER, work TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX faults_by_opening ON faults (opened_ms);
CREATE INDEX faults_of_a_line ON faults (line, opened_ms);
CREATE INDEX faults_unmerged ON faults (restored_ms) WHERE merged_into IS NULL;
CREATE INDEX faults_merged ON faults (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX faults_by_settling ON faults (settled_ms) WHERE merged_into IS NULL;
CREATE TABLE fault_steps (
    number INTEGER PRIMARY KEY, fault TEXT NOT NULL, other TEXT, kind TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX steps_of_a_fault ON fault_steps (fault, number);
CREATE INDEX steps_by_kind ON fault_steps (kind, fault);
CREATE INDEX steps_of_another_fault ON fault_steps (other, number) WHERE other IS NOT NULL;
CREATE TABLE points (
    fault TEXT NOT NULL, outage INTEGER NOT NULL, line TEXT NOT NULL, from_ms INTEGER NOT NULL, left_ms INTEGER,
    PRIMARY KEY (fault, outage)
) STRICT, WITHOUT ROWID;
CREATE INDEX points_of_a_line ON points (line, from_ms);
CREATE TABLE serials (day TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE horizon (
    one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL, waiting TEXT NOT NULL
) STRICT;
CREATE TABLE statements (
    subject TEXT NOT NULL, number INTEGER NOT NULL, line TEXT, from_ms INTEGER, until_ms INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX statements_of_a_line ON statements (subject, line, from_ms);
";

/// What a database file turned out to be.
pub(super) enum Found {
    /// Nothing in it yet: made a moment ago, or creation was interrupted before its one transaction.
    Fresh,
    /// Ours, with today's tables.
    Ours(StoreKind),
    /// Ours, with the derived tables of an older version; records are the same.
    Older(StoreKind),
}

/// Looks at the marks of a database.
pub(super) fn inspect(connection: &Connection) -> Result<Found, Cause> {
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if application == 0 && version == 0 {
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        return if tables == 0 { Ok(Found::Fresh) } else { Err(Cause::Foreign) };
    }
    if application != APPLICATION_ID {
        return Err(Cause::Foreign);
    }
    match version {
        1..=SCHEMA_VERSION => {}
        newer if newer > SCHEMA_VERSION => return Err(Cause::NewerSchema { found: newer }),
        unknown => return Err(Cause::Corrupt(format!("schema version {unknown}"))),
    }
    let label: String = connection.query_row("SELECT kind FROM store", [], |row| row.get(0))?;
    let kind = StoreKind::from_label(&label).ok_or_else(|| Cause::Corrupt(format!("kind {label:?}")))?;
    Ok(if version == SCHEMA_VERSION { Found::Ours(kind) } else { Found::Older(kind) })
}

/// Makes all tables and marks in one transaction, unless another process has just done so.
pub(super) fn create(connection: &mut Connection, kind: StoreKind) -> Result<StoreKind, Cause> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    if let Found::Ours(made) | Found::Older(made) = inspect(&transaction)? {
        return Ok(made);
    }
    transaction.execute_batch(TRUTH)?;
    transaction.execute_batch(QUALITY)?;
    transaction.execute_batch(super::access::TABLES)?;
    transaction.execute_batch(ROWS)?;
    transaction.execute("INSERT INTO store (one, kind) VALUES (1, ?1)", [kind.label()])?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(kind)
}

/// Makes what a store of an earlier build of this version lacks.
pub(super) fn complete(connection: &Connection) -> Result<(), Cause> {
    connection.execute_batch(QUALITY)?;
    Ok(connection.execute_batch(super::access::TABLES)?)
}

/// Puts today's derived tables in the place of an older version's: all records are folded again, in one transaction.
/// Nothing is done when another process has just done it. `progress` is told how many records of how many are folded.
pub(super) fn bring_up_to_date(connection: &mut Connection, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Cause> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let Found::Older(_) = inspect(&transaction)? else { return Ok(()) };
    for table in &DERIVED {
        transaction.execute_batch(&format!("DROP TABLE IF EXISTS {}", table.name))?;
    }
    complete(&transaction)?;
    transaction.execute_batch(ROWS)?;
    // No policy has a part in a fold.
    let mut ledger = Ledger::new(Arc::new(Policy::new(chrono_tz::Tz::UTC)));
    let total = query::head(&transaction)?.seq;
    let stop = query::each_record(&transaction, 1, i64::MAX.cast_unsigned(), |stored| {
        let mut fold = || -> Result<(), Cause> {
            let record = codec::decode(stored.bytes).map_err(|error| Cause::Record { seq: stored.seq, error })?;
            ledger.apply(&record).0.iter().try_for_each(|row| rows::write(&transaction, row))?;
            progress(stored.seq, total);
            Ok(())
        };
        fold().map_or_else(ControlFlow::Break, ControlFlow::Continue)
    })?;
    if let ControlFlow::Break(cause) = stop {
        return Err(cause);
    }
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// A private database on disk, gone when closed, that holds the derived tables only.
pub(super) fn scratch() -> Result<Connection, Cause> {
    let connection = Connection::open("")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.execute_batch(ROWS)?;
    Ok(connection)
}

//! Reading: records as they are stored, and derived rows of a period, all from one moment.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use linewatch_core::ledger::{
    AccountRow, BridgeRow, FaultRow, FaultStepRow, GapRow, HorizonRow, Ledger, LineRow, OutageRow, PointRow, Row,
    SegmentRow,
};
use linewatch_core::line::LineId;
use linewatch_core::quality::LineHour;
use linewatch_core::record::{FaultNo, OutageId, Record};
use linewatch_core::time::{Span, Timestamp};
use rusqlite::{Connection, OptionalExtension, Params, Transaction, params};

use super::error::Cause;
use super::quality;
use super::rows::{self, number};
use super::statements;
use super::{Digest, Head, Heartbeat, OpenRows, RECENT, SERIAL_DAYS, StoreError, StoreKind, codec};

/// A connection that only reads, apart from the writer's.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    kind: StoreKind,
}

impl Reader {
    pub(super) fn new(connection: Connection, path: PathBuf, kind: StoreKind) -> Self {
        Self { connection, path, kind }
    }

    /// Whether the store is real or simulated.
    pub fn kind(&self) -> StoreKind {
        self.kind
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The store as it is now; what others append while it is held is not seen.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn snapshot(&mut self) -> Result<Snapshot<'_>, StoreError> {
        let begin = |connection| -> Result<_, Cause> {
            let transaction = Connection::transaction(connection)?;
            // The first question pins the moment.
            let head = head(&transaction)?;
            Ok((transaction, head))
        };
        match begin(&mut self.connection) {
            Ok((transaction, head)) => Ok(Snapshot { transaction, path: &self.path, kind: self.kind, head }),
            Err(cause) => Err(cause.at(&self.path)),
        }
    }
}

/// The store at one moment.
#[derive(Debug)]
pub struct Snapshot<'a> {
    transaction: Transaction<'a>,
    path: &'a Path,
    kind: StoreKind,
    head: Head,
}

/// A record as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct StoredRecord<'a> {
    /// Its number.
    pub seq: u64,
    /// Canonical bytes.
    pub bytes: &'a [u8],
    /// Digest as stored; only [`verify`](fn@super::verify) says whether it is right.
    pub digest: Digest,
}

impl Snapshot<'_> {
    /// The end of the journal.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Time of the last record, [`Timestamp::MIN`] when the journal is empty.
    ///
    /// # Errors
    /// When the database or the last record cannot be read.
    pub fn recorded_at(&self) -> Result<Timestamp, StoreError> {
        tail(&self.transaction).map(|(_, recorded_at)| recorded_at).map_err(|cause| cause.at(self.path))
    }

    /// Whether the store is real or simulated.
    pub fn kind(&self) -> StoreKind {
        self.kind
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.transaction
    }

    pub(super) fn path(&self) -> &Path {
        self.path
    }

    /// Hands out the records with numbers from `from` to `to`, both included, in order, as long as `each` continues.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn each_record<B>(
        &self,
        from: u64,
        to: u64,
        each: impl FnMut(StoredRecord<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, StoreError> {
        each_record(&self.transaction, from, to, each).map_err(|cause| cause.at(self.path))
    }

    /// The heartbeat as last written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn heartbeat(&self) -> Result<Option<Heartbeat>, StoreError> {
        heartbeat(&self.transaction).map_err(|cause| cause.at(self.path))
    }

    /// How far the chained records reach.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn horizon(&self) -> Result<Option<HorizonRow>, StoreError> {
        self.select("SELECT * FROM horizon", [], rows::horizon).map(|mut rows| rows.pop())
    }

    /// What the inventory said of all lines, or of one, at any time of a period; by line, then by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lines(&self, line: Option<&LineId>, period: Span) -> Result<Vec<LineRow>, StoreError> {
        self.overlapping("lines", "from_ms", "until_ms", "line, from_ms", line, period, rows::line)
    }

    /// Gaps of single lines, or of one, that overlap a period; by line, then by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn gaps(&self, line: Option<&LineId>, period: Span) -> Result<Vec<GapRow>, StoreError> {
        let table = "(SELECT * FROM gaps WHERE all_lines = 0)";
        self.overlapping(table, "from_ms", "until_ms", "line, from_ms", line, period, rows::gap)
    }

    /// Gaps of all lines at once that overlap a period, by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn common_gaps(&self, period: Span) -> Result<Vec<GapRow>, StoreError> {
        let table = "(SELECT * FROM gaps WHERE all_lines = 1)";
        self.overlapping(table, "from_ms", "until_ms", "from_ms", None, period, rows::gap)
    }

    /// Outages of all lines, or of one, that overlap a period; by line, then by start.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outages(&self, line: Option<&LineId>, period: Span) -> Result<Vec<OutageRow>, StoreError> {
        self.overlapping("outages", "start_ms", "end_ms", "line, start_ms", line, period, rows::outage)
    }

    /// One outage.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outage(&self, outage: OutageId) -> Result<Option<OutageRow>, StoreError> {
        let sql = "SELECT * FROM outages WHERE outage = ?";
        self.select(sql, [number(outage.0)], rows::outage).map(|mut rows| rows.pop())
    }

    /// Outages that have not ended, by line.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn open_outages(&self) -> Result<Vec<OutageRow>, StoreError> {
        self.select("SELECT * FROM outages WHERE end_ms IS NULL ORDER BY line", [], rows::outage)
    }

    /// The segments of an outage, by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn segments(&self, outage: OutageId) -> Result<Vec<SegmentRow>, StoreError> {
        self.select("SELECT * FROM segments WHERE outage = ? ORDER BY from_ms", [number(outage.0)], rows::segment)
    }

    /// The bridged gaps of an outage, by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn bridges(&self, outage: OutageId) -> Result<Vec<BridgeRow>, StoreError> {
        self.select("SELECT * FROM bridges WHERE outage = ? ORDER BY gap_start_ms", [number(outage.0)], rows::bridge)
    }

    /// Faults on all lines, or on one, that were open at any time of a period, merged ones included; by opening. One that
    /// was voided was open until then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn faults(&self, line: Option<&LineId>, period: Span) -> Result<Vec<FaultRow>, StoreError> {
        const UNTIL: &str = "coalesce(restored_ms, settled_ms)";
        self.overlapping("faults", "opened_ms", UNTIL, "opened_ms, fault", line, period, rows::fault)
    }

    /// One fault.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn fault(&self, fault: &FaultNo) -> Result<Option<FaultRow>, StoreError> {
        self.select("SELECT * FROM faults WHERE fault = ?", [fault.as_str()], rows::fault).map(|mut rows| rows.pop())
    }

    /// Faults that are not closed, or only those on which work is to be done; not merged ones. By number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn faults_to_do(&self, open_only: bool) -> Result<Vec<FaultRow>, StoreError> {
        let sql = if open_only {
            "SELECT * FROM faults WHERE merged_into IS NULL AND restored_ms IS NULL AND settled_ms IS NULL ORDER BY fault"
        } else {
            "SELECT * FROM faults WHERE merged_into IS NULL AND settled_ms IS NULL ORDER BY fault"
        };
        self.select(sql, [], rows::fault)
    }

    /// Faults that somebody reported, or reported too, merged ones included; by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn faults_reported(&self) -> Result<Vec<FaultRow>, StoreError> {
        let sql = "SELECT * FROM faults WHERE fault IN (SELECT fault FROM fault_steps WHERE kind IN \
                   ('fault.reported', 'fault.report_joined')) ORDER BY fault";
        self.select(sql, [], rows::fault)
    }

    /// Faults that were merged into one, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn faults_within(&self, fault: &FaultNo) -> Result<Vec<FaultRow>, StoreError> {
        let sql = "SELECT * FROM faults WHERE merged_into = ? ORDER BY fault";
        self.select(sql, [fault.as_str()], rows::fault)
    }

    /// What was done about a fault and said of it, in the order of entry; also of others that became part of it, and of
    /// those that were split off.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn fault_steps(&self, fault: &FaultNo) -> Result<Vec<FaultStepRow>, StoreError> {
        let sql = "SELECT * FROM fault_steps WHERE fault = ?1 UNION SELECT * FROM fault_steps WHERE other = ?1 \
                   ORDER BY number";
        self.select(sql, [fault.as_str()], rows::step)
    }

    /// The affected points of all faults that are not closed, by fault and outage.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn points_to_do(&self) -> Result<Vec<PointRow>, StoreError> {
        let sql = "SELECT * FROM points WHERE fault IN \
                   (SELECT fault FROM faults WHERE merged_into IS NULL AND settled_ms IS NULL) ORDER BY fault, outage";
        self.select(sql, [], rows::point)
    }

    /// The affected points of the faults that were open at some time of a period, by fault.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn points_within(&self, period: Span) -> Result<Vec<PointRow>, StoreError> {
        let sql = "SELECT * FROM points WHERE fault IN (SELECT fault FROM faults WHERE opened_ms < ?2 AND \
                   (restored_ms IS NULL OR restored_ms > ?1 OR opened_ms >= ?1)) ORDER BY fault, outage";
        self.select(sql, [period.start.0, period.end.0], rows::point)
    }

    /// The affected points of a fault, by outage.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn points(&self, fault: &FaultNo) -> Result<Vec<PointRow>, StoreError> {
        self.select("SELECT * FROM points WHERE fault = ? ORDER BY outage", [fault.as_str()], rows::point)
    }

    /// What people said of a subject (`planned`, `decision`, `inspection`, `person`, `seal`), or the imported facts of a kind
    /// (`history.outage`), by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn statements(&self, subject: &str) -> Result<Vec<Row>, StoreError> {
        self.select("SELECT * FROM statements WHERE subject = ? ORDER BY number", [subject], statements::read)
    }

    /// Accounts, disabled ones too, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        let rows = self.statements("person")?;
        Ok(rows.into_iter().filter_map(|row| if let Row::Account(row) = row { Some(row) } else { None }).collect())
    }

    /// The kept quality of a line in the hours that begin within a span, by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn quality(&self, line: &LineId, span: Span) -> Result<Vec<LineHour>, StoreError> {
        quality::of_line(&self.transaction, line, span).map_err(|cause| cause.at(self.path))
    }

    /// Rows whose half-open span shares an instant with the period, and rows of no length inside it.
    #[expect(clippy::too_many_arguments, reason = "names of one table's columns, only called above")]
    fn overlapping<T>(
        &self,
        table: &str,
        from: &str,
        until: &str,
        order: &str,
        line: Option<&LineId>,
        period: Span,
        read: fn(&rusqlite::Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let of_the_line = if line.is_some() { "line = ?3" } else { "?3 IS NULL" };
        let sql = format!(
            "SELECT * FROM {table} WHERE {of_the_line} AND {from} < ?2 \
             AND ({until} IS NULL OR {until} > ?1 OR {from} >= ?1) ORDER BY {order}"
        );
        self.select(&sql, params![period.start.0, period.end.0, line.map(LineId::as_str)], read)
    }

    fn select<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: fn(&rusqlite::Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        select(&self.transaction, sql, params, read).map_err(|cause| cause.at(self.path))
    }
}

pub(super) fn select<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: fn(&rusqlite::Row) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Cause> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The end of the journal, whatever its last record says.
pub(super) fn head(connection: &Connection) -> Result<Head, Cause> {
    let last = last_record(connection, |StoredRecord { seq, digest, .. }| Head { seq, digest })?;
    Ok(last.unwrap_or(Head::EMPTY))
}

/// The head and the time of the last record.
pub(super) fn tail(connection: &Connection) -> Result<(Head, Timestamp), Cause> {
    let last = last_record(connection, |StoredRecord { seq, bytes, digest }| {
        let record = codec::decode(bytes).map_err(|error| Cause::Record { seq, error })?;
        Ok((Head { seq, digest }, record.recorded_at))
    })?;
    last.unwrap_or(Ok((Head::EMPTY, Timestamp::MIN)))
}

fn last_record<T>(connection: &Connection, look: impl Fn(StoredRecord<'_>) -> T) -> Result<Option<T>, Cause> {
    let sql = "SELECT seq, bytes, digest FROM journal ORDER BY seq DESC LIMIT 1";
    Ok(each_record_sql(connection, sql, [], |stored| ControlFlow::Break(look(stored)))?.break_value())
}

/// Up to `limit` records from `seq` on.
pub(super) fn read(connection: &Connection, seq: u64, limit: usize) -> Result<Vec<Record>, Cause> {
    let mut records = Vec::new();
    let seq = seq.max(1);
    let to = seq.saturating_add(limit as u64).saturating_sub(1);
    let stop = each_record(connection, seq, to, |StoredRecord { seq, bytes, .. }| match codec::decode(bytes) {
        Ok(record) => {
            records.push(record);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(Cause::Record { seq, error }),
    })?;
    match stop {
        ControlFlow::Continue(()) => Ok(records),
        ControlFlow::Break(cause) => Err(cause),
    }
}

pub(super) fn each_record<B>(
    connection: &Connection,
    from: u64,
    to: u64,
    each: impl FnMut(StoredRecord<'_>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, Cause> {
    let sql = "SELECT seq, bytes, digest FROM journal WHERE seq BETWEEN ? AND ? ORDER BY seq";
    each_record_sql(connection, sql, params![number(from), number(to)], each)
}

fn each_record_sql<B>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut each: impl FnMut(StoredRecord<'_>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, Cause> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(params)?;
    while let Some(row) = found.next()? {
        let seq = rows::count(row, "seq")?;
        let bytes = row.get_ref("bytes")?.as_bytes().map_err(rusqlite::Error::from)?;
        let digest = Digest(row.get("digest")?);
        if let ControlFlow::Break(reason) = each(StoredRecord { seq, bytes, digest }) {
            return Ok(ControlFlow::Break(reason));
        }
    }
    Ok(ControlFlow::Continue(()))
}

pub(super) fn heartbeat(connection: &Connection) -> Result<Option<Heartbeat>, Cause> {
    let sql = "SELECT at_ms, waiting FROM heartbeat";
    let read = |row: &rusqlite::Row| Ok(Heartbeat { at: rows::instant(row, "at_ms")?, waiting: rows::waiting(row)? });
    Ok(connection.query_row(sql, [], read).optional()?)
}

/// The rows that a ledger is restored from, in the order that [`OpenRows`] promises.
pub(super) fn open_rows(connection: &Connection) -> Result<OpenRows, Cause> {
    const FAULTS: &str = "SELECT fault FROM faults WHERE merged_into IS NULL \
                          AND (settled_ms IS NULL OR settled_ms >= ?1)";
    const RECENT_FAULTS: &str = "SELECT fault FROM faults WHERE merged_into IS NULL \
                                 AND (restored_ms IS NULL OR restored_ms >= ?1)";
    const OUTAGES: &str = "SELECT outage FROM outages WHERE end_ms IS NULL OR end_ms >= ?1 OR first_reply_ms >= ?1 \
                           UNION SELECT outage FROM points WHERE fault IN";
    let (head, recorded_at) = tail(connection)?;
    let recent = [(recorded_at - RECENT).0];
    let kept = [(recorded_at - Ledger::SETTLED_KEPT).0];
    let of_outages = |table: &str, key: &str| {
        format!("SELECT * FROM {table} WHERE outage IN ({OUTAGES} ({RECENT_FAULTS})) ORDER BY {key}")
    };
    let mut open = Vec::new();
    open.extend(select(connection, "SELECT * FROM horizon", [], rows::horizon)?.into_iter().map(Row::Horizon));
    let sql = "SELECT * FROM lines AS row WHERE until_ms IS NULL OR until_ms > ?1 \
               OR from_ms = (SELECT max(from_ms) FROM lines WHERE line = row.line) ORDER BY line, from_ms";
    open.extend(select(connection, sql, [recorded_at.0], rows::line)?.into_iter().map(Row::Line));
    let sql = "SELECT * FROM gaps WHERE until_ms IS NULL OR until_ms >= ?1 ORDER BY all_lines DESC, line, from_ms";
    open.extend(select(connection, sql, recent, rows::gap)?.into_iter().map(Row::Gap));
    let sql = of_outages("outages", "outage");
    open.extend(select(connection, &sql, recent, rows::outage)?.into_iter().map(Row::Outage));
    let sql = of_outages("segments", "outage, from_ms");
    open.extend(select(connection, &sql, recent, rows::segment)?.into_iter().map(Row::Segment));
    let sql = of_outages("bridges", "outage, gap_start_ms");
    open.extend(select(connection, &sql, recent, rows::bridge)?.into_iter().map(Row::Bridge));
    let sql = format!("SELECT * FROM faults WHERE fault IN ({FAULTS}) ORDER BY fault");
    open.extend(select(connection, &sql, kept, rows::fault)?.into_iter().map(Row::Fault));
    let sql = format!("SELECT * FROM points WHERE fault IN ({FAULTS}) ORDER BY fault, outage");
    open.extend(select(connection, &sql, kept, rows::point)?.into_iter().map(Row::Point));
    let sql = "SELECT * FROM (SELECT * FROM serials ORDER BY day DESC LIMIT ?) ORDER BY day";
    open.extend(select(connection, sql, [SERIAL_DAYS], rows::serial)?.into_iter().map(Row::Serial));
    let subjects = statements::HELD.map(|subject| format!("'{subject}'")).join(", ");
    let sql = format!("SELECT * FROM statements WHERE subject IN ({subjects}) ORDER BY subject, number");
    open.extend(select(connection, &sql, [], statements::read)?);
    Ok(OpenRows { head, recorded_at, rows: open })
}

//! The seam without a database: the same contract, kept for as long as one handle lives. For tests of what stands on it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use linewatch_core::ledger::{Ledger, LineRow, Row};
use linewatch_core::line::LineId;
use linewatch_core::quality::{LineHour, Quality};
use linewatch_core::record::{FaultNo, OutageId, Record};
use linewatch_core::time::Timestamp;

use super::error::Cause;
use super::statements;
use super::{
    Append, Entry, Head, Heartbeat, Journal, OpenRows, RECENT, SERIAL_DAYS, StoreError, StoreKind, codec, continuation,
};

/// A handle of a store in memory; clones are further connections to the same store.
#[derive(Debug)]
pub struct MemoryStore {
    shared: Arc<Mutex<Shared>>,
    /// Writes of this handle, so that the others' can be told from them.
    own_writes: i64,
}

#[derive(Debug)]
struct Shared {
    kind: StoreKind,
    head: Head,
    recorded_at: Timestamp,
    /// Canonical bytes, so that reading goes through the codec as it does with a database.
    records: Vec<String>,
    rows: BTreeMap<Key, Row>,
    heartbeat: Option<Heartbeat>,
    quality: BTreeMap<(LineId, Timestamp), Quality>,
    writes: i64,
    failing: bool,
}

/// Keys of [`Row`], in the order of [`OpenRows`].
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Horizon,
    Line(LineId, Timestamp),
    Gap(Option<LineId>, Timestamp),
    Outage(OutageId),
    Segment(OutageId, Timestamp),
    Bridge(OutageId, Timestamp),
    Fault(FaultNo),
    Step(u64),
    Point(FaultNo, OutageId),
    Serial(chrono::NaiveDate),
    Statement(statements::Key),
}

impl MemoryStore {
    /// An empty store.
    pub fn new(kind: StoreKind) -> Self {
        let shared = Shared {
            kind,
            head: Head::EMPTY,
            recorded_at: Timestamp::MIN,
            records: Vec::new(),
            rows: BTreeMap::new(),
            heartbeat: None,
            quality: BTreeMap::new(),
            writes: 0,
            failing: false,
        };
        Self { shared: Arc::new(Mutex::new(shared)), own_writes: 0 }
    }

    /// From now on (or no longer) every write fails as on a full disk.
    pub fn fail_writes(&self, failing: bool) {
        self.shared().failing = failing;
    }

    /// All derived rows, each table in the order of its keys.
    pub fn rows(&self) -> Vec<Row> {
        self.shared().rows.values().cloned().collect()
    }

    /// All that is kept of quality, by line and time.
    pub fn quality(&self) -> Vec<LineHour> {
        let shared = self.shared();
        let kept = shared.quality.iter();
        kept.map(|((line, start), quality)| LineHour { line: line.clone(), start: *start, quality: quality.clone() })
            .collect()
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        // Every change below is made after the last thing that can fail, so a panicking holder leaves a whole state.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for MemoryStore {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), own_writes: 0 }
    }
}

impl Journal for MemoryStore {
    type Error = StoreError;

    fn head(&self) -> Result<Head, StoreError> {
        Ok(self.shared().head)
    }

    fn append(&mut self, expected: u64, entries: &[Entry]) -> Result<Append, StoreError> {
        let head = {
            let mut shared = self.shared();
            if shared.failing {
                return Err(in_memory(Cause::DiskFull));
            }
            if shared.head.seq != expected {
                return Ok(Append::Moved(shared.head));
            }
            continuation(shared.kind, expected, shared.recorded_at, entries).map_err(in_memory)?;
            for Entry { record, changes } in entries {
                let bytes = codec::encode(record);
                shared.head = Head { seq: record.seq, digest: shared.head.digest.after(bytes.as_bytes()) };
                shared.recorded_at = record.recorded_at;
                shared.records.push(bytes);
                changes.0.iter().for_each(|row| shared.replace(row));
            }
            shared.writes += 1;
            shared.head
        };
        self.own_writes += 1;
        Ok(Append::Appended(head))
    }

    fn read(&self, seq: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let first = usize::try_from(seq.saturating_sub(1)).unwrap_or(usize::MAX);
        let shared = self.shared();
        let records = shared.records.iter().enumerate().skip(first).take(limit);
        let decoded = records.map(|(index, bytes)| {
            codec::decode(bytes.as_bytes()).map_err(|error| in_memory(Cause::Record { seq: index as u64 + 1, error }))
        });
        decoded.collect()
    }

    fn open_rows(&self) -> Result<OpenRows, StoreError> {
        let shared = self.shared();
        let rows = shared.rows.values().filter(|row| shared.is_open(row)).cloned().collect();
        Ok(OpenRows { head: shared.head, recorded_at: shared.recorded_at, rows })
    }

    fn beat(&mut self, heartbeat: &Heartbeat) -> Result<(), StoreError> {
        {
            let mut shared = self.shared();
            if shared.failing {
                return Err(in_memory(Cause::DiskFull));
            }
            shared.heartbeat = Some(heartbeat.clone());
            shared.writes += 1;
        }
        self.own_writes += 1;
        Ok(())
    }

    fn heartbeat(&self) -> Result<Option<Heartbeat>, StoreError> {
        Ok(self.shared().heartbeat.clone())
    }

    fn keep_quality(&mut self, hours: &[LineHour]) -> Result<(), StoreError> {
        {
            let mut shared = self.shared();
            if shared.failing {
                return Err(in_memory(Cause::DiskFull));
            }
            for LineHour { line, start, quality } in hours {
                shared.quality.entry((line.clone(), *start)).or_default().merge(quality);
            }
            shared.writes += 1;
        }
        self.own_writes += 1;
        Ok(())
    }

    fn data_version(&self) -> Result<i64, StoreError> {
        Ok(self.shared().writes - self.own_writes)
    }
}

impl Shared {
    fn replace(&mut self, row: &Row) {
        if let Some(key) = statements::key(row) {
            self.rows.insert(Key::Statement(key), row.clone());
            return;
        }
        let key = match row {
            Row::Line(row) => Key::Line(row.line.id.clone(), row.from),
            Row::Gap(row) => Key::Gap(row.line.clone(), row.from),
            Row::Outage(row) => Key::Outage(row.outage),
            Row::Segment(row) => Key::Segment(row.outage, row.from),
            Row::SegmentRemoved { outage, from } => {
                self.rows.remove(&Key::Segment(*outage, *from));
                return;
            }
            Row::Bridge(row) => Key::Bridge(row.outage, row.gap.start),
            Row::Fault(row) => Key::Fault(row.fault.clone()),
            Row::Point(row) => Key::Point(row.fault.clone(), row.outage),
            Row::Step(row) => Key::Step(row.number),
            Row::Serial(row) => Key::Serial(row.day),
            Row::Horizon(_) => Key::Horizon,
            Row::Planned(_)
            | Row::Decision(_)
            | Row::Inspection(_)
            | Row::Account(_)
            | Row::Seal(_)
            | Row::History(_) => return,
        };
        self.rows.insert(key, row.clone());
    }

    fn is_open(&self, row: &Row) -> bool {
        match row {
            Row::Horizon(_) => true,
            Row::Line(row) => row.until.is_none_or(|until| until > self.recorded_at) || self.is_newest(row),
            Row::Gap(row) => row.until.is_none_or(|until| self.is_recent(until)),
            Row::Outage(row) => self.is_open_outage(row.outage),
            Row::Segment(row) => self.is_open_outage(row.outage),
            Row::SegmentRemoved { .. } | Row::Step(_) => false,
            Row::Bridge(row) => self.is_open_outage(row.outage),
            Row::Fault(row) => self.is_open_fault(&row.fault),
            Row::Point(row) => self.is_open_fault(&row.fault),
            Row::Planned(_)
            | Row::Decision(_)
            | Row::Inspection(_)
            | Row::Account(_)
            | Row::Seal(_)
            | Row::History(_) => statements::is_held(row),
            Row::Serial(row) => {
                let later =
                    self.rows.values().filter(|other| matches!(other, Row::Serial(other) if other.day > row.day));
                later.count() < SERIAL_DAYS as usize
            }
        }
    }

    fn is_recent(&self, ended: Timestamp) -> bool {
        ended >= self.recorded_at - RECENT
    }

    fn is_newest(&self, row: &LineRow) -> bool {
        let later = (Bound::Excluded(Key::Line(row.line.id.clone(), row.from)), Bound::Unbounded);
        !matches!(self.rows.range(later).next(), Some((Key::Line(id, _), _)) if *id == row.line.id)
    }

    fn is_open_fault(&self, fault: &FaultNo) -> bool {
        let kept = self.recorded_at - Ledger::SETTLED_KEPT;
        match self.rows.get(&Key::Fault(fault.clone())) {
            Some(Row::Fault(row)) => row.merged_into.is_none() && row.work.settled().is_none_or(|at| at >= kept),
            _ => false,
        }
    }

    fn is_recent_fault(&self, fault: &FaultNo) -> bool {
        match self.rows.get(&Key::Fault(fault.clone())) {
            Some(Row::Fault(row)) => row.merged_into.is_none() && row.restored.is_none_or(|at| self.is_recent(at)),
            _ => false,
        }
    }

    fn is_open_outage(&self, outage: OutageId) -> bool {
        let row = self.rows.get(&Key::Outage(outage));
        matches!(row, Some(Row::Outage(row)) if row.end.is_none_or(|end| self.is_recent(end.returned())))
            || self.rows.values().any(|row| match row {
                Row::Point(point) => point.outage == outage && self.is_recent_fault(&point.fault),
                _ => false,
            })
    }
}

fn in_memory(cause: Cause) -> StoreError {
    cause.at(Path::new(":memory:"))
}

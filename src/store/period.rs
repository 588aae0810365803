//! What a rollup asks for: the derived rows of a period, line by line, and the tables as an earlier record left them.
//!
//! One line's rows are in memory at a time. Nothing is decided here: which of them count, and as what, the core says.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use linewatch_core::ledger::{
    Changes, DecisionRow, FaultRow, FaultStepRow, GapRow, HistoryRow, HorizonRow, InspectionRow, LineRow, OutageRow,
    PlannedRow, PointRow, Row, SealRow,
};
use linewatch_core::line::LineId;
use linewatch_core::record::{Attribution, FaultNo, OutageId, Record};
use linewatch_core::time::{Span, Timestamp};
use rusqlite::{Connection, params};

use super::error::Cause;
use super::query::{self, Snapshot, StoredRecord, select};
use super::rows::{self, count, number};
use super::{Digest, Head, StoreError, codec, rebuild, schema, statements};

/// The derived tables, as stored or as an earlier record left them.
#[derive(Clone, Copy, Debug)]
pub struct Derived<'a> {
    connection: &'a Connection,
    path: &'a Path,
}

/// What is recorded of a line and may matter to a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineHistory {
    /// What another system knew: when it was observed, when it was down; by number.
    pub imported: Vec<HistoryRow>,
    /// The line's own gaps, by time.
    pub gaps: Vec<GapRow>,
    /// Its outages, by start: those that touch the period, and those that touch these outside of it, so that lengths
    /// are whole.
    pub outages: Vec<OutageHistory>,
}

/// An outage with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageHistory {
    /// Number.
    pub outage: OutageId,
    /// First lost probe.
    pub start: Timestamp,
    /// Where it ends for counting; `None`: open.
    pub end: Option<Timestamp>,
    /// When Down was confirmed.
    pub confirmed_at: Timestamp,
    /// While open: known to be down up to here and, before the gap is bridged, no further.
    pub gap_from: Option<Timestamp>,
    /// To whom its time is attributed, each from its instant until the next one's.
    pub segments: Vec<(Timestamp, Attribution)>,
    /// Gaps inside it that count as down, by time.
    pub bridges: Vec<Span>,
}

/// A fault with its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultHistory {
    /// The fault.
    pub row: FaultRow,
    /// Its points, by outage.
    pub points: Vec<PointRow>,
}

/// The tables as an earlier record left them, folded again into a database of their own; gone when dropped.
#[derive(Debug)]
pub struct Folded {
    connection: Connection,
    path: PathBuf,
    head: Head,
}

impl Folded {
    /// The record up to which was folded.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Its tables.
    pub fn derived(&self) -> Derived<'_> {
        Derived { connection: &self.connection, path: &self.path }
    }
}

impl Snapshot<'_> {
    /// The tables as stored.
    pub fn derived(&self) -> Derived<'_> {
        Derived { connection: self.connection(), path: self.path() }
    }

    /// When the first record was written; `None` when there is none.
    ///
    /// # Errors
    /// When the database or the record cannot be read.
    pub fn begin(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.record(1)?.map(|(_, recorded_at)| recorded_at))
    }

    /// The digest of a record and when it was written; `None` when there is no such record.
    ///
    /// # Errors
    /// When the database or the record cannot be read.
    pub fn record(&self, seq: u64) -> Result<Option<(Digest, Timestamp)>, StoreError> {
        let stop = self.each_record(seq, seq, |StoredRecord { seq, bytes, digest }| {
            let record = codec::decode(bytes).map_err(|error| Cause::Record { seq, error });
            ControlFlow::Break(record.map(|record| (digest, record.recorded_at)))
        })?;
        stop.break_value().transpose().map_err(|cause| cause.at(self.path()))
    }

    /// The end of the journal as it was at an instant: the last record written at it or before.
    ///
    /// # Errors
    /// When the database or a record cannot be read.
    pub fn head_at(&self, at: Timestamp) -> Result<Head, StoreError> {
        // Times never go back along the journal, so half of what is left can be passed over each time.
        let (mut before, mut after) = (0, self.head().seq + 1);
        let mut head = Head::EMPTY;
        while after - before > 1 {
            let middle = before.midpoint(after);
            match self.record(middle)? {
                Some((digest, recorded_at)) if recorded_at <= at => {
                    head = Head { seq: middle, digest };
                    before = middle;
                }
                Some(_) | None => after = middle,
            }
        }
        Ok(head)
    }

    /// Hands out the records up to one of them, in order.
    ///
    /// # Errors
    /// When the database or a record cannot be read.
    pub fn each_up_to(&self, head: Head, mut each: impl FnMut(&Record)) -> Result<(), StoreError> {
        let stop = self.each_record(1, head.seq, |StoredRecord { seq, bytes, .. }| match codec::decode(bytes) {
            Ok(record) => {
                each(&record);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(Cause::Record { seq, error }),
        })?;
        stop.break_value().map_or(Ok(()), |cause| Err(cause.at(self.path())))
    }

    /// Folds the records up to one of them with `apply`, into tables of their own.
    ///
    /// # Errors
    /// When the database cannot be read, a record cannot, or there is no room.
    pub fn fold_to(
        &self,
        head: Head,
        mut apply: impl FnMut(&Record) -> Changes,
        progress: impl FnMut(u64),
    ) -> Result<Folded, StoreError> {
        let run = || -> Result<_, Cause> {
            let connection = schema::scratch()?;
            rebuild::fold(self.connection(), &connection, 1, head.seq, &mut apply, progress)?;
            Ok(Folded { connection, path: self.path().to_owned(), head })
        };
        run().map_err(|cause| cause.at(self.path()))
    }
}

impl Derived<'_> {
    /// What the inventory said of every line at every time, by line, then by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lines(&self) -> Result<Vec<LineRow>, StoreError> {
        self.all("SELECT * FROM lines ORDER BY line, from_ms", [], rows::line)
    }

    /// How far the chained records reach.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn horizon(&self) -> Result<Option<HorizonRow>, StoreError> {
        self.all("SELECT * FROM horizon", [], rows::horizon).map(|mut rows| rows.pop())
    }

    /// Gaps of all lines at once that overlap the period, by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn common_gaps(&self, period: Span) -> Result<Vec<GapRow>, StoreError> {
        let sql = "SELECT * FROM gaps WHERE all_lines = 1 AND line = '' AND from_ms < ?2 \
                   AND (until_ms IS NULL OR until_ms > ?1) ORDER BY from_ms";
        self.all(sql, params![period.start.0, period.end.0], rows::gap)
    }

    /// What is recorded of a line.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn line_history(&self, line: &LineId, period: Span) -> Result<LineHistory, StoreError> {
        let bounds = params![line.as_str(), period.start.0, period.end.0];
        let sql = "SELECT * FROM gaps WHERE all_lines = 0 AND line = ?1 AND from_ms < ?3 \
                   AND (until_ms IS NULL OR until_ms > ?2) ORDER BY from_ms";
        let gaps = self.all(sql, bounds, rows::gap)?;
        let mut imported = Vec::new();
        for subject in ["history.observed", "history.outage"] {
            imported.extend(self.imported(subject, Some(line), period)?);
        }
        Ok(LineHistory { imported, gaps, outages: self.outages_touching(line, period)? })
    }

    /// Hands out the faults that were open at any time of a period, by number; with each that was merged the one that it
    /// lives in, and with each all that live in it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn each_fault(&self, period: Span, mut each: impl FnMut(FaultHistory)) -> Result<(), StoreError> {
        let mut run = || -> Result<(), Cause> {
            let mut statement = self.connection.prepare_cached(
                "WITH RECURSIVE wanted (fault) AS (\
                     SELECT fault FROM faults WHERE opened_ms < ?2 AND (restored_ms IS NULL OR restored_ms >= ?1) \
                     UNION \
                     SELECT other.fault FROM wanted JOIN faults AS held ON held.fault = wanted.fault \
                     JOIN faults AS other ON other.fault = held.merged_into OR other.merged_into = held.fault\
                 ) SELECT * FROM faults WHERE fault IN wanted ORDER BY fault",
            )?;
            let mut found = statement.query(params![period.start.0, period.end.0])?;
            while let Some(row) = found.next()? {
                let row = rows::fault(row)?;
                let sql = "SELECT * FROM points WHERE fault = ? ORDER BY outage";
                let points = select(self.connection, sql, [row.fault.as_str()], rows::point)?;
                each(FaultHistory { row, points });
            }
            Ok(())
        };
        run().map_err(|cause| cause.at(self.path))
    }

    /// What was done about a fault and said of it, in the order of entry; each record under one fault only.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn fault_steps(&self, fault: &FaultNo) -> Result<Vec<FaultStepRow>, StoreError> {
        self.all("SELECT * FROM fault_steps WHERE fault = ? ORDER BY number", [fault.as_str()], rows::step)
    }

    /// Imported facts of a kind on one line, or on all lines at once, that share an instant with a span or touch it;
    /// by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn imported(
        &self,
        subject: &'static str,
        line: Option<&LineId>,
        period: Span,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let sql = "SELECT * FROM statements WHERE subject = ?1 AND line IS ?2 AND from_ms <= ?4 AND until_ms >= ?3 \
                   ORDER BY number";
        let bounds = params![subject, line.map(LineId::as_str), period.start.0, period.end.0];
        Ok(self.all(sql, bounds, statements::read)?.into_iter().filter_map(history).collect())
    }

    /// Every imported fact of a kind, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn all_imported(&self, subject: &'static str) -> Result<Vec<HistoryRow>, StoreError> {
        let sql = "SELECT * FROM statements WHERE subject = ?1 ORDER BY number";
        Ok(self.all(sql, [subject], statements::read)?.into_iter().filter_map(history).collect())
    }

    /// How many imported facts there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn imported_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS n FROM statements WHERE subject >= 'history.' AND subject < 'history/'";
        self.all(sql, [], |row| count(row, "n")).map(|counts| counts.first().copied().unwrap_or(0))
    }

    /// The first instant that an import knows of; `None`: nothing was imported.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn imported_from(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(from_ms) AS at FROM statements \
                   WHERE subject IN ('history.observed', 'history.outage', 'history.fault')";
        let found = self.all(sql, [], |row| row.get::<_, Option<i64>>("at"))?;
        Ok(found.into_iter().flatten().next().map(Timestamp))
    }

    /// An outage by its number; not an imported one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outage(&self, outage: OutageId) -> Result<Option<OutageRow>, StoreError> {
        let sql = "SELECT * FROM outages WHERE outage = ?";
        self.all(sql, [number(outage.0)], rows::outage).map(|mut rows| rows.pop())
    }

    /// What was imported as the record of a number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn imported_as(&self, seq: u64) -> Result<Option<HistoryRow>, StoreError> {
        let sql = "SELECT * FROM statements WHERE number = ? AND subject >= 'history.' AND subject < 'history/'";
        let rows = self.all(sql, [number(seq)], statements::read)?;
        Ok(rows.into_iter().find_map(history))
    }

    /// A fault by its number; not an imported one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn fault(&self, fault: &FaultNo) -> Result<Option<FaultRow>, StoreError> {
        self.all("SELECT * FROM faults WHERE fault = ?", [fault.as_str()], rows::fault).map(|mut rows| rows.pop())
    }

    /// Planned windows, those of an import left out, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn planned(&self) -> Result<Vec<PlannedRow>, StoreError> {
        let rows =
            self.all("SELECT * FROM statements WHERE subject = 'planned' ORDER BY number", [], statements::read)?;
        Ok(rows.into_iter().filter_map(|row| if let Row::Planned(row) = row { Some(row) } else { None }).collect())
    }

    /// What people decided, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn decisions(&self) -> Result<Vec<DecisionRow>, StoreError> {
        let rows =
            self.all("SELECT * FROM statements WHERE subject = 'decision' ORDER BY number", [], statements::read)?;
        Ok(rows.into_iter().filter_map(|row| if let Row::Decision(row) = row { Some(row) } else { None }).collect())
    }

    /// Inspections made within a span, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn inspections(&self, period: Span) -> Result<Vec<InspectionRow>, StoreError> {
        let sql = "SELECT * FROM statements WHERE subject = 'inspection' AND from_ms >= ?1 AND from_ms < ?2 \
                   ORDER BY number";
        let rows = self.all(sql, params![period.start.0, period.end.0], statements::read)?;
        Ok(rows.into_iter().filter_map(|row| if let Row::Inspection(row) = row { Some(row) } else { None }).collect())
    }

    /// Seals, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn seals(&self) -> Result<Vec<SealRow>, StoreError> {
        let rows = self.all("SELECT * FROM statements WHERE subject = 'seal' ORDER BY number", [], statements::read)?;
        Ok(rows.into_iter().filter_map(|row| if let Row::Seal(row) = row { Some(row) } else { None }).collect())
    }

    /// Outages of a line that touch a span, and those that touch these, in both directions.
    ///
    /// Recorded outages of one line lie apart; imported ones may follow upon each other.
    fn outages_touching(&self, line: &LineId, period: Span) -> Result<Vec<OutageHistory>, StoreError> {
        let mut span = period;
        loop {
            let outages = self.outages(line, span)?;
            let start = outages.first().map_or(span.start, |first| first.start.min(span.start));
            let ends = outages.iter().map(|outage| outage.end.unwrap_or(Timestamp::MIN));
            let end = ends.max().map_or(span.end, |end| end.max(span.end));
            if start == span.start && end == span.end {
                return Ok(outages);
            }
            span = Span::new(start, end);
        }
    }

    /// Outages that share an instant with a span or end where it begins or begin where it ends, by start.
    fn outages(&self, line: &LineId, span: Span) -> Result<Vec<OutageHistory>, StoreError> {
        let read = || -> Result<_, Cause> {
            let bounds = params![line.as_str(), span.start.0, span.end.0];
            let mut statement = self.connection.prepare_cached(
                "SELECT o.outage, o.start_ms, o.end_ms, o.confirmed_at_ms, o.gap_from_ms, \
                 s.from_ms, s.attribution, s.upstream, \
                 EXISTS (SELECT 1 FROM bridges AS b WHERE b.outage = o.outage) AS bridged \
                 FROM outages AS o INDEXED BY outages_of_a_line LEFT JOIN segments AS s ON s.outage = o.outage \
                 WHERE o.line = ?1 AND o.start_ms <= ?3 AND (o.end_ms IS NULL OR o.end_ms >= ?2) \
                 ORDER BY o.start_ms, o.outage, s.from_ms",
            )?;
            let mut found = statement.query(bounds)?;
            let mut outages: Vec<OutageHistory> = Vec::new();
            // By place, not by name: this is the one loop that is as long as the year was bad.
            while let Some(row) = found.next()? {
                let outage = OutageId(row.get::<_, i64>(0)?.cast_unsigned());
                if outages.last().is_none_or(|last| last.outage != outage) {
                    let bridges = if row.get(8)? { self.bridges(outage)? } else { Vec::new() };
                    outages.push(OutageHistory {
                        outage,
                        start: Timestamp(row.get(1)?),
                        end: row.get::<_, Option<i64>>(2)?.map(Timestamp),
                        confirmed_at: Timestamp(row.get(3)?),
                        gap_from: row.get::<_, Option<i64>>(4)?.map(Timestamp),
                        segments: Vec::new(),
                        bridges,
                    });
                }
                if let (Some(from), Some(last)) = (row.get::<_, Option<i64>>(5)?, outages.last_mut()) {
                    last.segments.push((Timestamp(from), rows::attribution(row, 6)?));
                }
            }
            Ok(outages)
        };
        read().map_err(|cause| cause.at(self.path))
    }

    fn bridges(&self, outage: OutageId) -> Result<Vec<Span>, Cause> {
        let sql = "SELECT * FROM bridges WHERE outage = ? ORDER BY gap_start_ms";
        select(self.connection, sql, [number(outage.0)], |row| rows::bridge(row).map(|bridge| bridge.gap))
    }

    fn all<T>(
        &self,
        sql: &str,
        bounds: impl rusqlite::Params,
        read: fn(&rusqlite::Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        query::select(self.connection, sql, bounds, read).map_err(|cause| cause.at(self.path))
    }
}

fn history(row: Row) -> Option<HistoryRow> {
    if let Row::History(row) = row { Some(row) } else { None }
}

//! The journal behind as small a seam as possible. Another database will stand behind it one day.
//!
//! A store holds the chained records (the only truth), beside them the derived rows that `Ledger::apply` returned
//! for each (written in the same transaction, so they never disagree), and beside the chain one heartbeat, overwritten
//! in place, the hourly quality of the lines, and what lets people in.
//! No query decides anything.

mod access;
mod backup;
pub mod chain;
pub mod codec;
mod error;
mod lock;
pub mod memory;
mod period;
mod quality;
mod query;
mod rebuild;
mod rows;
mod schema;
mod sqlite;
mod statements;
mod verify;

use std::fmt;

use linewatch_core::ledger::{Changes, Ledger, Row};
use linewatch_core::quality::LineHour;
use linewatch_core::record::{Origin, Record, Waiting};
use linewatch_core::time::{Millis, Timestamp};

pub use access::{Password, Secrets, Session};
pub use backup::{Copied, Step, back_up, restore};
pub use chain::Digest;
pub use error::{Cause, StoreError};
pub use period::{Derived, FaultHistory, Folded, LineHistory, OutageHistory};
pub use query::{Reader, Snapshot, StoredRecord};
pub use rebuild::{Difference, Rebuilt, rebuild, rebuild_and_replace};
pub use schema::SCHEMA_VERSION;
pub use sqlite::Store;
pub use verify::{Flaw, Verification, verify};

use crate::language::Language;

/// The end of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// `seq` of the last record, 0 when empty.
    pub seq: u64,
    /// Its digest.
    pub digest: Digest,
}

impl Head {
    /// The head of an empty journal.
    pub const EMPTY: Self = Self { seq: 0, digest: Digest::ZERO };
}

/// `SEQ:DIGEST`, the form that is printed and kept outside the machine.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.digest)
    }
}

impl std::str::FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (seq, digest) = text.split_once(':').ok_or_else(|| format!("a head is SEQ:DIGEST, not {text:?}"))?;
        let seq = seq.parse().map_err(|_| format!("the SEQ of a head is a number, not {seq:?}"))?;
        let digest = digest.parse().map_err(|error: chain::NotADigest| error.to_string())?;
        Ok(Self { seq, digest })
    }
}

/// Whether a store holds what was really observed, or a simulated district. Fixed when the store is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// Evidence.
    Real,
    /// From the simulator; never to be mixed with evidence.
    Simulated,
}

impl StoreKind {
    /// As kept in the store.
    pub fn label(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Simulated => "simulated",
        }
    }

    /// As people say it.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Self::Real => language.pick("真实", "real"),
            Self::Simulated => language.pick("模拟", "simulated"),
        }
    }

    fn from_label(label: &str) -> Option<Self> {
        [Self::Real, Self::Simulated].into_iter().find(|kind| kind.label() == label)
    }

    /// Whether a record of this origin may stand in a store of this kind.
    pub fn admits(self, origin: &Origin) -> bool {
        match origin {
            Origin::Live => self == Self::Real,
            Origin::Simulated => self == Self::Simulated,
            Origin::Imported { .. } => true,
        }
    }
}

/// A record as decided, with the rows that its fold changed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The record.
    pub record: Record,
    /// What `Ledger::apply` returned for it.
    pub changes: Changes,
}

/// What an append did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Append {
    /// All entries are committed and durable; this is the head now.
    Appended(Head),
    /// Somebody else appended since: fold the new records, decide again. Nothing was written.
    Moved(Head),
}

/// The one row that is overwritten: up to here all is certain, but for the waiting lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// Certain before this instant.
    pub at: Timestamp,
    /// But for these.
    pub waiting: Vec<Waiting>,
}

/// All that a ledger is restored from, read at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRows {
    /// The head that the rows belong to.
    pub head: Head,
    /// Time of the last record, [`Timestamp::MIN`] when the journal is empty.
    pub recorded_at: Timestamp,
    /// What `Ledger::restore` asks for, each table in the order of its keys: the horizon; of each line the newest row
    /// and all that are not over; gaps that are open or recent; outages that are open, recent or points of the faults
    /// below that are open or recent, with their segments and bridges; faults not merged that are not closed, or were
    /// closed within [`Ledger::SETTLED_KEPT`], with their points; the newest serials; decisions, names of imported files, planned windows and seals. Recent is what ended, or for an
    /// outage: whose line returned, not longer than [`RECENT`] before the last record.
    pub rows: Vec<Row>,
}

/// What ended longer ago than this before the last record is no longer among the open rows: exactly what the ledger
/// forgets.
pub const RECENT: Millis = Ledger::MEMORY;

/// Days of serials among the open rows. A number handed out twice would be two faults in one, and rows cost nothing.
const SERIAL_DAYS: u32 = 400;

/// The seam.
pub trait Journal {
    /// Why it fails.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The end of the journal now.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn head(&self) -> Result<Head, Self::Error>;

    /// Appends all entries or none, durably, if the head's `seq` is still `expected`.
    ///
    /// # Errors
    /// When the database cannot be written, or the entries are no continuation of the journal (numbers with holes,
    /// times that go back, the other kind of store); then nothing was written.
    fn append(&mut self, expected: u64, entries: &[Entry]) -> Result<Append, Self::Error>;

    /// Up to `limit` records from `seq` on, in order.
    ///
    /// # Errors
    /// When the database cannot be read or a record was written by a newer linewatch.
    fn read(&self, seq: u64, limit: usize) -> Result<Vec<Record>, Self::Error>;

    /// The rows a ledger is restored from.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn open_rows(&self) -> Result<OpenRows, Self::Error>;

    /// Overwrites the heartbeat. It must say nothing beyond the committed records.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn beat(&mut self, heartbeat: &Heartbeat) -> Result<(), Self::Error>;

    /// The heartbeat as last written.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn heartbeat(&self) -> Result<Option<Heartbeat>, Self::Error>;

    /// Adds hourly quality, or parts of it, to what is kept of the same hours; all or nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn keep_quality(&mut self, hours: &[LineHour]) -> Result<(), Self::Error>;

    /// A number that is another one as soon as somebody else has written to this store, cheap enough to be asked
    /// several times a second. What this handle writes itself does not change it.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn data_version(&self) -> Result<i64, Self::Error>;
}

/// Why entries are no continuation of a journal. It is a mistake of the caller, never of the data.
fn continuation(kind: StoreKind, head: u64, recorded_at: Timestamp, entries: &[Entry]) -> Result<(), Cause> {
    let mut last = (head, recorded_at);
    for Entry { record, .. } in entries {
        if record.seq != last.0 + 1 {
            return Err(Cause::Hole { expected: last.0 + 1, found: record.seq });
        }
        if record.recorded_at < last.1 {
            return Err(Cause::Backwards { seq: record.seq, recorded_at: record.recorded_at, last: last.1 });
        }
        if !kind.admits(&record.origin) {
            return Err(Cause::OtherOrigin { seq: record.seq, kind });
        }
        last = (record.seq, record.recorded_at);
    }
    Ok(())
}

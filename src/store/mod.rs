//! The journal behind as small a seam as possible. Another database will stand behind it one day.

use linewatch_core::ledger::{Changes, Row};
use linewatch_core::record::{Record, Waiting};
use linewatch_core::time::Timestamp;

/// SM3 of the chain up to a record (GB/T 32905): digest(n) = SM3(digest(n-1) ‖ bytes(n)), digest(0) = 32 zero bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

/// The end of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// `seq` of the last record, 0 when empty.
    pub seq: u64,
    /// Its digest.
    pub digest: Digest,
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
    /// When the database cannot be written; then nothing was.
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
    fn open_rows(&self) -> Result<Vec<Row>, Self::Error>;

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
}

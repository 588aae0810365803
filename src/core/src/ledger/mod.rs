//! The fold of the journal: what is in force and what is open. [`Ledger::apply`] alone alters it and cannot fail;
//! [`decide`] alone finds out what may be appended.

mod policy;
mod rows;

use std::sync::Arc;

pub use policy::Policy;
pub use rows::{
    BridgeRow, Changes, FaultRow, GapRow, HorizonRow, LineRow, OutageEnd, OutageRow, PointRow, Row, SegmentRow,
    SerialRow,
};

use crate::command::Command;
use crate::line::{Line, LineId};
use crate::outcome::{BlindCause, LossCause};
use crate::record::{Attribution, Fact, FaultNo, FaultSource, OutageId, Record};
use crate::time::{Millis, Timestamp};

/// What is in force and open after the records folded so far.
#[derive(Clone, Debug)]
pub struct Ledger {
    policy: Arc<Policy>,
    seq: u64,
    recorded_at: Timestamp,
}

/// A line as the ledger holds it.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// What the inventory says.
    pub line: Arc<Line>,
    /// Whether and since when it is not observed on its own account (a blind monitor apart).
    pub unseen: Option<(Timestamp, BlindCause)>,
    /// Outages recorded since this ledger was loaded.
    pub outages: u64,
    /// Down time of outages ended since this ledger was loaded, bridged gaps included.
    pub down: Millis,
    /// Undetermined time of gaps ended since this ledger was loaded, those of all lines included.
    pub undetermined: Millis,
}

/// An outage that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOutage {
    /// Number.
    pub outage: OutageId,
    /// Line.
    pub line: LineId,
    /// First lost probe.
    pub start: Timestamp,
    /// Last answered probe before.
    pub last_reply: Option<Timestamp>,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// Why the last confirming probe was lost.
    pub cause: LossCause,
    /// The attribution in force.
    pub attribution: Attribution,
    /// Since when it is in force.
    pub attributed_from: Timestamp,
}

/// A fault that is open, or was restored within the merge window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFault {
    /// Number.
    pub fault: FaultNo,
    /// Who noticed.
    pub source: FaultSource,
    /// The line it stands on.
    pub line: LineId,
    /// Dated from.
    pub opened: Timestamp,
    /// To be restored before.
    pub deadline: Timestamp,
    /// Repaired at; kept until the merge window is over.
    pub restored: Option<Timestamp>,
    /// Relapses so far.
    pub relapses: u32,
}

/// The monitor is blind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blind {
    /// From here.
    pub from: Timestamp,
    /// Why.
    pub cause: BlindCause,
}

/// Why a command may not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A load would remove more than 5 % of the lines.
    #[error("this inventory removes {removed} of {lines} lines, more than 5 %")]
    TooManyRemoved {
        /// How many.
        removed: usize,
        /// Of how many.
        lines: usize,
    },
    /// The time of a command lies before the last record: nothing is recorded until the clock has passed it.
    #[error("the clock says {now}, the last record is from {recorded_at}")]
    BeforeLastRecord {
        /// The command's time.
        now: Timestamp,
        /// The last record's.
        recorded_at: Timestamp,
    },
    /// A verdict speaks of a line that is not in the inventory.
    #[error("no line {0} in the inventory")]
    UnknownLine(LineId),
}

impl Ledger {
    /// The ledger of an empty journal.
    pub fn new(policy: Arc<Policy>) -> Self {
        Self { policy, seq: 0, recorded_at: Timestamp::MIN }
    }

    /// Takes the ledger up where the derived rows of records 1 to `seq` left it: the open rows
    /// (lines in force, open gaps, open outages with their last segment, faults open or restored within the
    /// merge window with their points, serials, the horizon).
    pub fn restore(policy: Arc<Policy>, seq: u64, recorded_at: Timestamp, open: impl IntoIterator<Item = Row>) -> Self {
        let _ = open.into_iter();
        Self { policy, seq, recorded_at }
    }

    /// Folds one record in. Total: every record that [`decide`] can have made, or an older version's, is understood.
    pub fn apply(&mut self, record: &Record) -> Changes {
        self.seq = record.seq;
        self.recorded_at = record.recorded_at;
        Changes::default()
    }

    /// `seq` of the last record, 0 before the first.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Time of the last record.
    pub fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Lines in the inventory, by id.
    pub fn lines(&self) -> impl Iterator<Item = &LedgerLine> {
        std::iter::empty()
    }

    /// One line.
    pub fn line(&self, _id: &LineId) -> Option<&LedgerLine> {
        None
    }

    /// Outages that have not ended, by line.
    pub fn open_outages(&self) -> impl Iterator<Item = &OpenOutage> {
        std::iter::empty()
    }

    /// The open outage of a line.
    pub fn open_outage(&self, _line: &LineId) -> Option<&OpenOutage> {
        None
    }

    /// Faults open, or restored within the merge window, by number.
    pub fn faults(&self) -> impl Iterator<Item = &OpenFault> {
        std::iter::empty()
    }

    /// Whether the monitor is blind, by the records.
    pub fn blind(&self) -> Option<Blind> {
        None
    }

    /// The next instant at which [`Command::Due`] would do something, if no record comes before.
    pub fn next_due(&self) -> Option<Timestamp> {
        None
    }

    /// Up to which instant the records themselves say that all was observed.
    pub fn horizon(&self) -> Option<Timestamp> {
        None
    }
}

/// What a command appends, in order. `now` is the time of recording.
///
/// # Errors
/// A [`Refusal`] says why nothing may be appended.
pub fn decide(_ledger: &Ledger, _command: &Command, _now: Timestamp) -> Result<Vec<Fact>, Refusal> {
    Ok(Vec::new())
}

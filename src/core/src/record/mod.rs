//! The journal's entries: an envelope around one fact, and one enum of facts per subject.
//!
//! A record is the only thing that is ever stored as truth. Its canonical bytes are the JSON that the
//! store writes; they are never serialised again. A shipped (kind, version) is frozen: what a fact means
//! may not change, and a new meaning is a new kind or a new version, lifted in the store's codec.
//! Integers only: milliseconds, microseconds, fen.
//!
//! A new subject gets a file and a variant of [`Fact`]; nothing that exists has to move for it.

mod decision;
mod fault;
mod fault_told;
mod history;
mod inspection;
mod line;
mod observation;
mod outage;
mod person;
mod planned;
mod seal;

use serde::{Deserialize, Serialize};

pub use decision::{Claim, DecisionFact, DecisionId};
pub use fault::{FaultFact, FaultNo, FaultSource};
pub use fault_told::{Amendment, Closing, Report};
pub use history::HistoryFact;
pub use inspection::InspectionFact;
pub use line::LineFact;
pub use observation::{ObservationFact, Waiting};
pub use outage::{Attribution, EndReason, OutageFact, OutageId};
pub use person::{AccountName, NotAnAccountName, PersonFact, Role, TokenId};
pub use planned::{PlannedFact, PlannedId, Scope};
pub use seal::SealFact;

use crate::time::Timestamp;

/// The record version this program writes.
pub const RECORD_VERSION: u16 = 1;

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Position in the journal, from 1, without holes.
    pub seq: u64,
    /// Version of the fact's kind.
    pub v: u16,
    /// When it was recorded; never decreases along `seq`.
    pub recorded_at: Timestamp,
    /// Where it came from.
    pub origin: Origin,
    /// Who says so: `linewatch` for the daemon's own verdicts, else a person.
    pub author: String,
    /// What happened.
    pub fact: Fact,
}

/// Where a record came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Observed or decided here.
    Live,
    /// Imported from another system.
    Imported {
        /// What the importer called the source.
        source: String,
    },
    /// From a simulated district.
    Simulated,
}

/// What a record says, by subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// What the monitor could and could not see.
    Observation(ObservationFact),
    /// The inventory.
    Line(LineFact),
    /// Outages, their edges and attribution.
    Outage(OutageFact),
    /// Work items.
    Fault(FaultFact),
    /// Downtime agreed before it begins.
    Planned(PlannedFact),
    /// What people decide about time that is past.
    Decision(DecisionFact),
    /// Lines looked at on the spot.
    Inspection(InspectionFact),
    /// Accounts.
    Person(PersonFact),
    /// What another system knew.
    History(HistoryFact),
    /// Figures fixed.
    Seal(SealFact),
}

impl Fact {
    /// `subject.verb`, the kind as printed in the journal and kept by `tests/golden.jsonl`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Observation(fact) => fact.kind(),
            Self::Line(fact) => fact.kind(),
            Self::Outage(fact) => fact.kind(),
            Self::Fault(fact) => fact.kind(),
            Self::Planned(fact) => fact.kind(),
            Self::Decision(fact) => fact.kind(),
            Self::Inspection(fact) => fact.kind(),
            Self::Person(fact) => fact.kind(),
            Self::History(fact) => fact.kind(),
            Self::Seal(fact) => fact.kind(),
        }
    }
}

//! What people wish to have recorded. Each subject has its own enum; the checks are in `ledger/decide`.

mod accounts;
mod decision;
mod fault;
mod history;
mod planned;
mod seal;

pub use accounts::Keeping;
pub use decision::{Deciding, RecordedOutage};
pub use fault::FaultAct;
pub use history::Import;
pub use planned::Planning;
pub use seal::Sealing;

use crate::line::LineId;
use crate::record::FaultNo;
use crate::time::Timestamp;

/// A person's wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A line was inspected (巡检).
    Inspect(Inspection),
    /// Downtime is planned (计划停机), or is not any more.
    Plan(Planning),
    /// Something is decided about time that is past, or a second person says what he thinks of it.
    Decide(Deciding),
    /// An account is added or changed.
    Keep(Keeping),
    /// What another system knew is taken over.
    Import(Import),
    /// The figures of a period are fixed (封存).
    Seal(Sealing),
    /// Something is done about a fault, or said of one.
    Fault(FaultAct),
}

/// An inspection as told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The line.
    pub line: LineId,
    /// Who was there; empty: the author.
    pub inspector: String,
    /// When.
    pub at: Timestamp,
    /// What was found; empty: nothing wrong.
    pub findings: String,
    /// The fault it was made for.
    pub fault: Option<FaultNo>,
}

//! What people wish to have recorded. Each subject has its own enum; the checks are in `ledger/decide`.

use crate::line::LineId;
use crate::record::FaultNo;
use crate::time::Timestamp;

/// A person's wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A line was inspected (巡检).
    Inspect(Inspection),
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

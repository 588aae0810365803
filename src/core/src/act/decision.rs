//! Decisions as people make them.

use crate::line::LineId;
use crate::record::{DecisionId, FaultNo, OutageId, Scope};
use crate::time::{Span, Timestamp};

/// Something is decided about time that is past, or said of what was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deciding {
    /// A line was down although it answered.
    Declare {
        /// The line.
        line: LineId,
        /// From here.
        from: Timestamp,
        /// Until here; `None`: until [`Deciding::End`].
        until: Option<Timestamp>,
        /// Why.
        reason: String,
        /// The document it rests on.
        document: String,
    },
    /// A declared outage is over.
    End {
        /// The decision.
        decision: DecisionId,
        /// At this instant; `None`: now.
        at: Option<Timestamp>,
    },
    /// Time is to be taken out of the account.
    Exclude {
        /// Which lines.
        scope: Scope,
        /// Which time.
        span: Span,
        /// Why.
        reason: String,
        /// The document it rests on.
        document: String,
    },
    /// An outage was not as it is recorded.
    Correct {
        /// The outage.
        outage: RecordedOutage,
        /// When the line was down; `None`: it was not.
        counts: Option<Span>,
        /// Why.
        reason: String,
        /// The document it rests on.
        document: String,
    },
    /// A fault is nobody's who is judged by the figures.
    Exempt {
        /// The fault. The ledger may hold it no more: whoever asks has looked that it is there.
        fault: FaultNo,
        /// Why.
        reason: String,
        /// The document it rests on.
        document: String,
    },
    /// A second person agrees.
    Approve {
        /// The decision.
        decision: DecisionId,
    },
    /// A second person does not agree.
    Reject {
        /// The decision.
        decision: DecisionId,
        /// Why.
        reason: String,
    },
    /// It is taken back.
    Withdraw {
        /// The decision.
        decision: DecisionId,
        /// Why.
        reason: String,
    },
}

/// An outage as the journal's rows have it.
///
/// A ledger holds no outage that has long ended, so whoever wishes to correct one brings what is recorded of it. That
/// cannot have become untrue meanwhile: the span of an outage that has ended is never changed by a later record, and
/// one that has not ended is held. Where the ledger does hold the outage, its own knowledge counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedOutage {
    /// Its number.
    pub outage: OutageId,
    /// The line.
    pub line: LineId,
    /// From its first lost probe to where it ends for counting.
    pub span: Span,
}

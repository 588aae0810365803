//! What people decide about time that is past: outages declared, time excluded, outages corrected, faults exempted.
//!
//! A declaration counts at once, since it never makes a number better. What does (an exclusion, a correction, an
//! exemption) takes effect when a second person approves it. Nothing is edited: a decision is a span with its own
//! precedence in the account (design rule 6), and it can be withdrawn by a later record.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FaultNo, OutageId, Scope};
use crate::line::LineId;
use crate::time::{Span, Timestamp};

/// The number of a decision: the `seq` of the record that proposed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DecisionId(pub u64);

impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Claim {
    /// The line was down although it answered, or is so until it is said to have ended.
    Declared {
        /// The line.
        line: LineId,
        /// From here.
        from: Timestamp,
        /// Until here; `None`: until [`DecisionFact::Ended`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Time is taken out of the account (剔除).
    Excluded {
        /// Which lines.
        scope: Scope,
        /// Which time.
        span: Span,
    },
    /// An outage was not as it is recorded.
    Corrected {
        /// The outage.
        outage: OutageId,
        /// It counts as down within this span only; `None`: it was none. What is recorded as down outside of it is
        /// undetermined, never up; what it adds counts as declared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counts: Option<Span>,
    },
    /// A fault is nobody's who is judged by the figures. It stays in the headline; the ratio without it stands beside.
    Exempted {
        /// The fault.
        fault: FaultNo,
    },
}

impl Claim {
    /// Whether it takes effect only when a second person approves it.
    pub fn needs_approval(&self) -> bool {
        match self {
            Self::Declared { .. } => false,
            Self::Excluded { .. } | Self::Corrected { .. } | Self::Exempted { .. } => true,
        }
    }
}

/// A fact about a decision. Who says it is the record's author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DecisionFact {
    /// Somebody decides, or proposes what a second person has to approve. Its number is the record's `seq`.
    Proposed {
        /// What.
        claim: Claim,
        /// Why, in words.
        reason: String,
        /// Number of the document it rests on.
        document: String,
    },
    /// A declared outage is over.
    Ended {
        /// The decision.
        decision: DecisionId,
        /// At this instant.
        at: Timestamp,
    },
    /// A second person agrees: it is in force, for all the time it speaks of.
    Approved {
        /// The decision.
        decision: DecisionId,
    },
    /// A second person does not agree.
    Rejected {
        /// The decision.
        decision: DecisionId,
        /// Why.
        reason: String,
    },
    /// It is taken back, before or after its approval: the evidence counts again.
    Withdrawn {
        /// The decision.
        decision: DecisionId,
        /// Why.
        reason: String,
    },
}

impl DecisionFact {
    /// `decision.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "decision.proposed",
            Self::Ended { .. } => "decision.ended",
            Self::Approved { .. } => "decision.approved",
            Self::Rejected { .. } => "decision.rejected",
            Self::Withdrawn { .. } => "decision.withdrawn",
        }
    }
}

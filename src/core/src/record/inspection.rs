//! Inspections (巡检): a line was looked at on the spot.

use serde::{Deserialize, Serialize};

use super::FaultNo;
use crate::line::LineId;
use crate::time::Timestamp;

/// A fact about an inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum InspectionFact {
    /// Somebody was there. Its number is the record's `seq`.
    Made {
        /// The line.
        line: LineId,
        /// Who.
        inspector: String,
        /// When.
        at: Timestamp,
        /// What was found, in words; empty: nothing wrong.
        findings: String,
        /// The fault it led to, or was made for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<FaultNo>,
    },
}

impl InspectionFact {
    /// `inspection.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Made { .. } => "inspection.made",
        }
    }
}

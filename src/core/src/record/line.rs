//! The inventory as it changed. Figures depend on these, never on today's file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::line::{Line, LineId};
use crate::time::Timestamp;

/// A fact about the inventory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LineFact {
    /// A line appeared in the inventory.
    Commissioned {
        /// In service from here; a line without 开通日期 has been in service since before the journal.
        at: Timestamp,
        /// The line.
        line: Arc<Line>,
    },
    /// The inventory says something else of a line.
    Changed {
        /// In force from here.
        at: Timestamp,
        /// The line as it is now.
        line: Arc<Line>,
    },
    /// A line left the inventory.
    Decommissioned {
        /// Out of service from here.
        at: Timestamp,
        /// The line.
        line: LineId,
    },
}

impl LineFact {
    /// `line.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Commissioned { .. } => "line.commissioned",
            Self::Changed { .. } => "line.changed",
            Self::Decommissioned { .. } => "line.decommissioned",
        }
    }
}

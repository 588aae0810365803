//! Planned downtime (计划停机): agreed before it begins, with reason and document number.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::line::{ClassName, LineId, Township};
use crate::time::{Span, Timestamp};

/// The number of a planned window: the `seq` of the record that added it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlannedId(pub u64);

impl fmt::Display for PlannedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which lines a window or an exclusion concerns, at each instant by what is in force then.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All lines.
    All,
    /// One line; of the lines below it only the down time that is attributed to it.
    Line(LineId),
    /// A line with all lines below it, whatever their state.
    Trunk(LineId),
    /// The lines of a class.
    Class(ClassName),
    /// The lines of a township.
    Township(Township),
}

impl Scope {
    /// The line it stands on, if it stands on one.
    pub fn line(&self) -> Option<&LineId> {
        match self {
            Self::Line(line) | Self::Trunk(line) => Some(line),
            Self::All | Self::Class(_) | Self::Township(_) => None,
        }
    }
}

/// A fact about planned downtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PlannedFact {
    /// A window was agreed. Its number is the record's `seq`. It never begins before its record: what lies before is
    /// an exclusion, a [`Decision`](super::DecisionFact) of its own.
    Added {
        /// Which lines.
        scope: Scope,
        /// When.
        span: Span,
        /// Why, in words.
        reason: String,
        /// Number of the document that agreed to it.
        document: String,
    },
    /// A window, or what is left of it, will not be: from `at` on it plans nothing.
    Cancelled {
        /// The window.
        planned: PlannedId,
        /// From here; at or before its start: the whole window.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl PlannedFact {
    /// `planned.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Added { .. } => "planned.added",
            Self::Cancelled { .. } => "planned.cancelled",
        }
    }
}

//! What the monitor could and could not see. One blind span is one pair of records, not one per line.

use serde::{Deserialize, Serialize};

use crate::line::LineId;
use crate::outcome::BlindCause;
use crate::time::Timestamp;

/// A line whose last results are not settled: certain only up to an earlier instant than the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// The line.
    pub line: LineId,
    /// Its state is certain before this instant.
    pub until: Timestamp,
}

/// A fact about observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ObservationFact {
    /// The daemon started. Everything from `observed_until` to the next `Sighted` is undetermined for all lines.
    Resumed {
        /// The start.
        at: Timestamp,
        /// The last heartbeat or checkpoint of the run before; `None` on the first start of a store.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        observed_until: Option<Timestamp>,
        /// Lines that were certain only up to an earlier instant.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waiting: Vec<Waiting>,
    },
    /// All is certain up to `at`, but for the waiting lines. Hourly, at month's end and at a clean stop.
    Checkpoint {
        /// Certain before this instant.
        at: Timestamp,
        /// Lines that are certain only up to an earlier instant.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waiting: Vec<Waiting>,
    },
    /// The monitor sees nothing from `from` on, until the next `Sighted`: undetermined for all lines.
    Blinded {
        /// Sending time of the last answered probe.
        from: Timestamp,
        /// Why.
        cause: BlindCause,
        /// Lines that were certain only up to an earlier instant.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waiting: Vec<Waiting>,
    },
    /// The monitor sees again.
    Sighted {
        /// Sending time of the first answered probe.
        at: Timestamp,
    },
    /// The clock was set: `[from, until)` was skipped or repeated and is undetermined for all lines.
    ClockStepped {
        /// Start of the skipped or repeated wall span.
        from: Timestamp,
        /// Its end.
        until: Timestamp,
        /// The wall clock after the step.
        wall: Timestamp,
        /// The time without the step.
        expected: Timestamp,
        /// Milliseconds since boot at the step.
        elapsed: i64,
        /// Lines that were certain only up to an earlier instant.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waiting: Vec<Waiting>,
    },
    /// One line is not observed from `from` on, while others are.
    LineLost {
        /// The line.
        line: LineId,
        /// Its last certain instant.
        from: Timestamp,
        /// Why.
        cause: BlindCause,
    },
    /// One line is observed (again) from `at` on; its state follows from the outages. Also a new line's first result.
    LineSeen {
        /// The line.
        line: LineId,
        /// Sending time of the first result that counts.
        at: Timestamp,
    },
}

impl ObservationFact {
    /// `observation.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Resumed { .. } => "observation.resumed",
            Self::Checkpoint { .. } => "observation.checkpoint",
            Self::Blinded { .. } => "observation.blinded",
            Self::Sighted { .. } => "observation.sighted",
            Self::ClockStepped { .. } => "observation.clock_stepped",
            Self::LineLost { .. } => "observation.line_lost",
            Self::LineSeen { .. } => "observation.line_seen",
        }
    }
}

//! Outages: confirmed spans of the down state, with the uncertainty of both edges (design rule 2).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::line::LineId;
use crate::outcome::LossCause;
use crate::time::{Span, Timestamp};

/// The number of an outage: the `seq` of the record that started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OutageId(pub u64);

impl fmt::Display for OutageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// To whom a segment of an outage is attributed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// The line itself failed.
    Own,
    /// The line was cut off because this ancestor was down.
    Upstream(LineId),
    /// A person declared it.
    Declared,
}

impl Attribution {
    /// The label value on `linewatch_line_outage_start_timestamp_seconds`.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Upstream(_) => "upstream",
            Self::Declared => "declared",
        }
    }
}

/// Why an outage ended where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The line answered again and was confirmed up.
    Answered,
    /// Nobody knows when within a gap it came back: it ends, for counting, where the gap begins (design rule 7).
    Gap,
    /// The line left service.
    Decommissioned,
}

/// A fact about an outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum OutageFact {
    /// Down was confirmed. The outage's number is the record's `seq`.
    Started {
        /// The line.
        line: LineId,
        /// Sending time of the first lost probe of the run that confirmed it: the latest possible start.
        start: Timestamp,
        /// Sending time of the last answered probe before: the true start is later. `None`: none is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_reply: Option<Timestamp>,
        /// When it was confirmed.
        confirmed_at: Timestamp,
        /// Why the last confirming probe was lost.
        cause: LossCause,
        /// To whom its time is attributed from its start.
        attribution: Attribution,
    },
    /// From an instant on, the outage's time is attributed to another.
    Attributed {
        /// The outage.
        outage: OutageId,
        /// From here.
        from: Timestamp,
        /// To whom.
        attribution: Attribution,
    },
    /// Down was confirmed again after a gap: the same outage, and the gap counts as down.
    Bridged {
        /// The outage.
        outage: OutageId,
        /// The gap.
        gap: Span,
    },
    /// Up was confirmed.
    Ended {
        /// The outage.
        outage: OutageId,
        /// Where it ends for counting: sending time of the first answered probe, or a gap's start.
        end: Timestamp,
        /// Sending time of the last lost probe before: the true end is later.
        last_loss: Timestamp,
        /// Sending time of the first answered probe: the true end is not later than this.
        first_reply: Timestamp,
        /// When it was confirmed.
        confirmed_at: Timestamp,
        /// Why it ends here.
        reason: EndReason,
    },
}

impl OutageFact {
    /// `outage.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Started { .. } => "outage.started",
            Self::Attributed { .. } => "outage.attributed",
            Self::Bridged { .. } => "outage.bridged",
            Self::Ended { .. } => "outage.ended",
        }
    }
}

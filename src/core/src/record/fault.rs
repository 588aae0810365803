//! Faults (故障): the work items that people see. Here the part that happens by itself; people's steps
//! (acknowledged, dispatched, on site, closed, reopened, merged by hand, void) become further variants.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::OutageId;
use crate::line::LineId;
use crate::time::Timestamp;

/// The number of a fault: `F`, the day it was opened in the site's zone, a serial of that day: `F20260105-003`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultNo(String);

impl FaultNo {
    /// The number of the `serial`-th fault (from 1) numbered on a day.
    pub fn new(day: chrono::NaiveDate, serial: u32) -> Self {
        Self(format!("F{}-{serial:03}", day.format("%Y%m%d")))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a number back as it was stored.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for FaultNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Who noticed a fault first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultSource {
    /// Probes (网管自查).
    Detected,
    /// People.
    Reported,
}

impl FaultSource {
    /// The label value on `linewatch_faults_open`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Detected => "detected",
            Self::Reported => "reported",
        }
    }
}

/// A fact about a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultFact {
    /// A fault was opened.
    Opened {
        /// Its number.
        fault: FaultNo,
        /// Who noticed.
        source: FaultSource,
        /// The line it stands on.
        line: LineId,
        /// Dated from here: the outage's start.
        opened: Timestamp,
        /// To be restored before this instant.
        deadline: Timestamp,
        /// The outage that opened it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outage: Option<OutageId>,
    },
    /// An outage joined an open fault; its line becomes an affected point (点位).
    Joined {
        /// The fault.
        fault: FaultNo,
        /// The affected line.
        line: LineId,
        /// The outage.
        outage: OutageId,
        /// Affected from here.
        from: Timestamp,
    },
    /// A point is no longer affected by this fault (it turned out, or became, another's).
    Left {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
        /// The outage.
        outage: OutageId,
        /// From here.
        from: Timestamp,
    },
    /// A restored fault's line failed again within the merge window: same number, opening and deadline.
    Relapsed {
        /// The fault.
        fault: FaultNo,
        /// The new outage.
        outage: OutageId,
        /// Its start.
        at: Timestamp,
    },
    /// Repaired: the line has been up for the stability time.
    Restored {
        /// The fault.
        fault: FaultNo,
        /// The end of the last own outage it holds.
        at: Timestamp,
    },
    /// One fault turned out to be part of another, which keeps the earliest opening.
    Merged {
        /// The fault that goes.
        fault: FaultNo,
        /// The one that stays.
        into: FaultNo,
        /// The opening of the survivor.
        opened: Timestamp,
        /// The deadline of the survivor.
        deadline: Timestamp,
    },
}

impl FaultFact {
    /// `fault.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "fault.opened",
            Self::Joined { .. } => "fault.joined",
            Self::Left { .. } => "fault.left",
            Self::Relapsed { .. } => "fault.relapsed",
            Self::Restored { .. } => "fault.restored",
            Self::Merged { .. } => "fault.merged",
        }
    }
}

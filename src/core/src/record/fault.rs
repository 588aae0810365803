//! Faults (故障): the work items that people see. First the facts that follow by themselves, then people's steps.
//!
//! A step says when it was done (`at`); when it was entered, and by whom, its record says. `late` is what the policy
//! said of the time between.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::OutageId;
use super::fault_told::{Amendment, Closing, Report};
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
    /// Opening and deadline run from an earlier instant than was known: a report came before the outage, or the outage
    /// before the report.
    Dated {
        /// The fault.
        fault: FaultNo,
        /// Dated from here.
        opened: Timestamp,
        /// To be restored before this instant.
        deadline: Timestamp,
    },
    /// The line has been up for the stability time since a person said that the fault was restored.
    Verified {
        /// The fault.
        fault: FaultNo,
        /// Since when it had been up.
        at: Timestamp,
    },
    /// Somebody reported what no open fault was there for: this one is.
    Reported {
        /// Its number.
        fault: FaultNo,
        /// The line it stands on.
        line: LineId,
        /// When it was told: it is dated from here.
        opened: Timestamp,
        /// To be restored before this instant.
        deadline: Timestamp,
        /// What was told.
        report: Report,
        /// Entered long after it was told.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    /// Somebody reported what an open fault is there for.
    ReportJoined {
        /// The fault.
        fault: FaultNo,
        /// The line that was reported.
        line: LineId,
        /// When it was told.
        at: Timestamp,
        /// What was told.
        report: Report,
        /// Entered long after it was told.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    /// Somebody takes care of it (已受理).
    Acknowledged {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Timestamp,
        /// Entered long afterwards.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
        /// Anything else.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Somebody was sent, or the carrier was called (已派单).
    Dispatched {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Timestamp,
        /// To whom.
        to: String,
        /// The carrier's number of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<String>,
        /// Entered long afterwards.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
        /// Anything else.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Somebody is on the spot (已到场).
    Arrived {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Timestamp,
        /// Entered long afterwards.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
        /// Anything else.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// A person says that it is restored (已修复).
    Repaired {
        /// The fault.
        fault: FaultNo,
        /// When, as was said.
        at: Timestamp,
        /// From when on it counts as restored: not before the end of an own outage that it holds. `None`: the probes
        /// contradict, the line is still down; it counts once the line has been up for the stability time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restored: Option<Timestamp>,
        /// Entered long afterwards.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
        /// Anything else.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// A person closed it (已关闭).
    Closed {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Timestamp,
        /// What it came from and what was done.
        closing: Closing,
        /// Entered long afterwards.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    /// It turned out not to be restored (重开).
    Reopened {
        /// The fault.
        fault: FaultNo,
        /// From here it is open again.
        at: Timestamp,
        /// Why.
        reason: String,
        /// Entered long afterwards.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    /// A person says that one fault is part of another.
    Combined {
        /// The fault that goes.
        fault: FaultNo,
        /// The one that stays.
        into: FaultNo,
        /// The opening of the survivor.
        opened: Timestamp,
        /// The deadline of the survivor.
        deadline: Timestamp,
        /// Why.
        reason: String,
    },
    /// A person says that a part of a fault is another one. Its points follow in records of their own.
    Split {
        /// The number of the new one.
        fault: FaultNo,
        /// The fault that it was a part of.
        of: FaultNo,
        /// The line that the new one stands on.
        line: LineId,
        /// Who noticed.
        source: FaultSource,
        /// Dated from here.
        opened: Timestamp,
        /// To be restored before this instant.
        deadline: Timestamp,
        /// Why.
        reason: String,
    },
    /// There was none (误报).
    Voided {
        /// The fault.
        fault: FaultNo,
        /// Why.
        reason: String,
    },
    /// Something is added to what is known of it, or put right.
    Noted {
        /// The fault.
        fault: FaultNo,
        /// What.
        amendment: Amendment,
    },
    /// A line is affected too, says a person.
    PointAdded {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
        /// From here.
        from: Timestamp,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A line that a person had named is not affected, or not any more.
    PointRemoved {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
        /// From here.
        from: Timestamp,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
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
            Self::Dated { .. } => "fault.dated",
            Self::Verified { .. } => "fault.verified",
            Self::Reported { .. } => "fault.reported",
            Self::ReportJoined { .. } => "fault.report_joined",
            Self::Acknowledged { .. } => "fault.acknowledged",
            Self::Dispatched { .. } => "fault.dispatched",
            Self::Arrived { .. } => "fault.arrived",
            Self::Repaired { .. } => "fault.repaired",
            Self::Closed { .. } => "fault.closed",
            Self::Reopened { .. } => "fault.reopened",
            Self::Combined { .. } => "fault.combined",
            Self::Split { .. } => "fault.split",
            Self::Voided { .. } => "fault.voided",
            Self::Noted { .. } => "fault.noted",
            Self::PointAdded { .. } => "fault.point_added",
            Self::PointRemoved { .. } => "fault.point_removed",
        }
    }

    /// The fault it speaks of; of two, the one that goes or is new.
    pub fn fault(&self) -> &FaultNo {
        match self {
            Self::Opened { fault, .. }
            | Self::Joined { fault, .. }
            | Self::Left { fault, .. }
            | Self::Relapsed { fault, .. }
            | Self::Restored { fault, .. }
            | Self::Merged { fault, .. }
            | Self::Dated { fault, .. }
            | Self::Verified { fault, .. }
            | Self::Reported { fault, .. }
            | Self::ReportJoined { fault, .. }
            | Self::Acknowledged { fault, .. }
            | Self::Dispatched { fault, .. }
            | Self::Arrived { fault, .. }
            | Self::Repaired { fault, .. }
            | Self::Closed { fault, .. }
            | Self::Reopened { fault, .. }
            | Self::Combined { fault, .. }
            | Self::Split { fault, .. }
            | Self::Voided { fault, .. }
            | Self::Noted { fault, .. }
            | Self::PointAdded { fault, .. }
            | Self::PointRemoved { fault, .. } => fault,
        }
    }

    /// The other fault it speaks of: the one that stays, or the one that a part was split off.
    pub fn other(&self) -> Option<&FaultNo> {
        match self {
            Self::Merged { into, .. } | Self::Combined { into, .. } => Some(into),
            Self::Split { of, .. } => Some(of),
            _ => None,
        }
    }
}

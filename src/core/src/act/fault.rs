//! What people do about faults. An `at` that is not given is now.

use crate::line::LineId;
use crate::record::{Amendment, Closing, FaultNo, Report};
use crate::time::Timestamp;

/// Something is done about a fault, or said of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultAct {
    /// Somebody tells that a line does not work. It joins the open fault that is there for it, else it opens one.
    Report {
        /// The line.
        line: LineId,
        /// When it was told.
        at: Option<Timestamp>,
        /// What was told.
        report: Report,
    },
    /// Somebody takes care of it.
    Acknowledge {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Option<Timestamp>,
        /// Anything else.
        note: String,
    },
    /// Somebody was sent, or the carrier was called.
    Dispatch {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Option<Timestamp>,
        /// To whom.
        to: String,
        /// The carrier's number of it.
        ticket: Option<String>,
        /// Anything else.
        note: String,
    },
    /// Somebody is on the spot.
    Arrive {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Option<Timestamp>,
        /// Anything else.
        note: String,
    },
    /// It is restored. While the line is down by the probes this is recorded, and does not count.
    Restore {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Option<Timestamp>,
        /// Anything else.
        note: String,
    },
    /// It is done. One that nobody had said to be restored is restored at the same time.
    Close {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Option<Timestamp>,
        /// What it came from and what was done.
        closing: Closing,
    },
    /// It was not restored.
    Reopen {
        /// The fault.
        fault: FaultNo,
        /// When that turned out.
        at: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// It is part of another.
    Merge {
        /// The fault that goes.
        fault: FaultNo,
        /// The one that stays.
        into: FaultNo,
        /// Why.
        reason: String,
    },
    /// A part of it is another fault, which stands on the first of these lines.
    Split {
        /// The fault.
        fault: FaultNo,
        /// Affected points of it.
        lines: Vec<LineId>,
        /// Why.
        reason: String,
    },
    /// There was none.
    Void {
        /// The fault.
        fault: FaultNo,
        /// Why.
        reason: String,
    },
    /// Something is to be added or put right.
    Note {
        /// The fault.
        fault: FaultNo,
        /// What.
        amendment: Amendment,
    },
    /// A line is affected too.
    AddPoint {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
        /// Since when.
        from: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// A line that a person had named is not affected, or not any more.
    RemovePoint {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
        /// Since when.
        from: Option<Timestamp>,
        /// Why.
        reason: String,
    },
}

impl FaultAct {
    /// The fault it is about; of two, the one that goes. `None`: a report, which may join one or open one.
    pub fn fault(&self) -> Option<&FaultNo> {
        match self {
            Self::Report { .. } => None,
            Self::Acknowledge { fault, .. }
            | Self::Dispatch { fault, .. }
            | Self::Arrive { fault, .. }
            | Self::Restore { fault, .. }
            | Self::Close { fault, .. }
            | Self::Reopen { fault, .. }
            | Self::Merge { fault, .. }
            | Self::Split { fault, .. }
            | Self::Void { fault, .. }
            | Self::Note { fault, .. }
            | Self::AddPoint { fault, .. }
            | Self::RemovePoint { fault, .. } => Some(fault),
        }
    }
}

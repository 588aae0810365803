//! Why what people say of planned downtime, past time, accounts and faults is refused.

use std::fmt;

use super::work::Stage;
use crate::line::LineId;
use crate::record::{AccountName, DecisionId, FaultNo, OutageId, PlannedId, TokenId};
use crate::time::{Span, Timestamp};

/// What must be said with a decision or a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Why.
    Reason,
    /// Number of the document.
    Document,
    /// What a token is for.
    Label,
    /// What a fault came from.
    Cause,
    /// To whom somebody was sent.
    Recipient,
    /// What is to be noted.
    Words,
    /// Which lines are meant.
    Lines,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reason => "the reason",
            Self::Document => "the document",
            Self::Label => "what it is for",
            Self::Cause => "the cause",
            Self::Recipient => "the recipient",
            Self::Words => "the note",
            Self::Lines => "a line",
        })
    }
}

/// Why planned downtime is not recorded so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlannedObjection {
    /// There is no window of this number.
    #[error("no planned window {0}")]
    Unknown(PlannedId),
    /// It was cancelled before.
    #[error("planned window {planned} was cancelled by {by}")]
    Cancelled {
        /// The window.
        planned: PlannedId,
        /// By whom.
        by: String,
    },
    /// It is over: nothing is left to cancel.
    #[error("planned window {planned} was over at {end}")]
    Over {
        /// The window.
        planned: PlannedId,
        /// Its end.
        end: Timestamp,
    },
    /// Another window plans it already.
    #[error("planned window {0} plans that")]
    Planned(PlannedId),
}

/// Why a decision is not recorded so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecisionObjection {
    /// There is no decision of this number.
    #[error("no decision {0}")]
    Unknown(DecisionId),
    /// Nobody approves or rejects what he proposed himself.
    #[error("{by} proposed decision {decision}")]
    OwnWord {
        /// The decision.
        decision: DecisionId,
        /// Who proposed it.
        by: String,
    },
    /// A declaration counts without approval.
    #[error("decision {0} needs no approval")]
    NeedsNoApproval(DecisionId),
    /// It was approved before.
    #[error("decision {decision} was approved by {by}")]
    Approved {
        /// The decision.
        decision: DecisionId,
        /// By whom.
        by: String,
    },
    /// It was rejected before.
    #[error("decision {decision} was rejected by {by}")]
    Rejected {
        /// The decision.
        decision: DecisionId,
        /// By whom.
        by: String,
    },
    /// It was withdrawn before.
    #[error("decision {decision} was withdrawn by {by}")]
    Withdrawn {
        /// The decision.
        decision: DecisionId,
        /// By whom.
        by: String,
    },
    /// It declares no outage, so that none can be ended.
    #[error("decision {0} declares no outage")]
    DeclaresNothing(DecisionId),
    /// The declared outage is over.
    #[error("declared outage {decision} was over at {at}")]
    Ended {
        /// The decision.
        decision: DecisionId,
        /// Its end.
        at: Timestamp,
    },
    /// The line is declared down then.
    #[error("decision {0} declares the line down then")]
    Declared(DecisionId),
    /// That time is excluded, or proposed to be.
    #[error("decision {0} excludes that time")]
    Excluded(DecisionId),
    /// The fault is exempt, or proposed to be.
    #[error("decision {decision} exempts fault {fault}")]
    Exempted {
        /// The fault.
        fault: FaultNo,
        /// The decision.
        decision: DecisionId,
    },
    /// There is no outage of this number.
    #[error("no outage {0}")]
    UnknownOutage(OutageId),
    /// The outage has not ended: nobody knows yet what there is to correct.
    #[error("outage {0} has not ended")]
    OutageOpen(OutageId),
    /// The outage is corrected, or proposed to be.
    #[error("decision {decision} corrects outage {outage}")]
    Corrected {
        /// The outage.
        outage: OutageId,
        /// The decision.
        decision: DecisionId,
    },
    /// The correction says what is recorded.
    #[error("outage {0} is recorded so")]
    NothingCorrected(OutageId),
    /// The correction speaks of another time than the outage.
    #[error("outage {outage} is recorded {}..{}", recorded.start, recorded.end)]
    Apart {
        /// The outage.
        outage: OutageId,
        /// When it is recorded.
        recorded: Span,
    },
}

/// Why an account is not changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountObjection {
    /// There is an account of this name, possibly disabled: a name is somebody's for life.
    #[error("there is an account {0}")]
    Exists(AccountName),
    /// There is none.
    #[error("no account {0}")]
    Unknown(AccountName),
    /// It is disabled.
    #[error("account {account} was disabled by {by}")]
    Disabled {
        /// The account.
        account: AccountName,
        /// By whom.
        by: String,
    },
    /// It is not disabled.
    #[error("account {0} is not disabled")]
    NotDisabled(AccountName),
    /// It is for that already.
    #[error("account {0} has that role")]
    SameRole(AccountName),
    /// Nobody could keep accounts any more, but for who has a shell on this machine.
    #[error("account {0} is the last admin")]
    LastAdmin(AccountName),
    /// It has no such token.
    #[error("account {account} has no token {token}")]
    UnknownToken {
        /// The account.
        account: AccountName,
        /// The token.
        token: TokenId,
    },
}

/// Why a file is not imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportObjection {
    /// The same bytes were imported before.
    #[error("{0} was imported before")]
    Twice(String),
    /// It says nothing.
    #[error("{0} says nothing")]
    Nothing(String),
    /// What it says to have happened lies in the future.
    #[error("fact {place}: {at} is not yet: it is {now}")]
    NotYet {
        /// Its place among the facts, from 0.
        place: usize,
        /// The time that was said.
        at: Timestamp,
        /// Now.
        now: Timestamp,
    },
}

/// Why figures are not sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealObjection {
    /// The period is not over.
    #[error("{name} is over at {end} only: it is {now}")]
    NotOver {
        /// The period.
        name: String,
        /// Its end.
        end: Timestamp,
        /// Now.
        now: Timestamp,
    },
    /// There is no record of this number.
    #[error("no record {0}")]
    UnknownHead(u64),
    /// Another seal of the period was made.
    #[error("{name} is sealed in revision {revision}")]
    Sealed {
        /// The period.
        name: String,
        /// Its last revision, 0: none.
        revision: u32,
    },
}

/// Why a step is not recorded so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultObjection {
    /// It was closed.
    #[error("fault {fault} was closed by {by}")]
    Closed {
        /// The fault.
        fault: FaultNo,
        /// By whom.
        by: String,
    },
    /// It was found to be none.
    #[error("fault {fault} was found to be none by {by}")]
    Void {
        /// The fault.
        fault: FaultNo,
        /// By whom.
        by: String,
    },
    /// It is restored.
    #[error("fault {fault} was restored at {at}")]
    Restored {
        /// The fault.
        fault: FaultNo,
        /// When.
        at: Timestamp,
    },
    /// It is not restored.
    #[error("fault {0} is open")]
    Open(FaultNo),
    /// The step was done.
    #[error("fault {fault}: {} was recorded by {by}", stage.label())]
    Done {
        /// The fault.
        fault: FaultNo,
        /// The step.
        stage: Stage,
        /// When it was done.
        at: Timestamp,
        /// Who said so.
        by: String,
    },
    /// The step cannot have been done before the fault was open.
    #[error("fault {fault} is open from {opened} on, not at {at}")]
    BeforeOpening {
        /// The fault.
        fault: FaultNo,
        /// When the step is said to have been done.
        at: Timestamp,
        /// When the fault was opened.
        opened: Timestamp,
    },
    /// The step cannot have been done before, or after, another one.
    #[error("fault {fault}: {} at {at} does not go with {} at {other_at}", stage.label(), other.label())]
    OutOfOrder {
        /// The fault.
        fault: FaultNo,
        /// The step.
        stage: Stage,
        /// When it is said to have been done.
        at: Timestamp,
        /// The other one.
        other: Stage,
        /// When that was done.
        other_at: Timestamp,
    },
    /// The probes say that the line is down.
    #[error("line {line} of fault {fault} is down")]
    StillDown {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
    },
    /// The fault has no cause before it is closed.
    #[error("fault {0} is not closed and has no cause yet")]
    NotClosed(FaultNo),
    /// No such cause is configured.
    #[error("no cause {}", .cause.join("/"))]
    UnknownCause {
        /// As said.
        cause: Vec<String>,
        /// Those that are.
        known: Vec<Vec<String>>,
    },
    /// No such symptom is configured.
    #[error("no symptom {symptom}")]
    UnknownSymptom {
        /// As said.
        symptom: String,
        /// Those that are.
        known: Vec<String>,
    },
    /// No such way of reporting is configured.
    #[error("no channel {channel}")]
    UnknownChannel {
        /// As said.
        channel: String,
        /// Those that are.
        known: Vec<String>,
    },
    /// A fault is not part of itself.
    #[error("fault {0} is not part of itself")]
    Itself(FaultNo),
    /// The line is affected already.
    #[error("line {line} is a point of fault {fault}")]
    Point {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
    },
    /// The line is not affected, or no person named it.
    #[error("line {line} is no such point of fault {fault}")]
    NoPoint {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
    },
    /// A fault cannot be without the line it stands on.
    #[error("fault {fault} stands on line {line}")]
    OwnLine {
        /// The fault.
        fault: FaultNo,
        /// The line.
        line: LineId,
    },
    /// Longer than anybody reads.
    #[error("{letters} letters are more than {most}")]
    TooLong {
        /// Letters of the text.
        letters: usize,
        /// As many are taken.
        most: usize,
    },
}

//! Everything that may append to the journal: the monitor's verdicts, due timers, the inventory, later people's steps.

use std::sync::Arc;

use crate::act::Act;
use crate::line::{Line, LineId};
use crate::outcome::{BlindCause, LossCause};
use crate::record::Waiting;
use crate::time::{ClockStep, Timestamp};

/// A wish to append, judged by [`decide`](crate::ledger::decide) against the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a queue holds some thousands at most, and verdicts are built by the second"
)]
pub enum Command {
    /// The daemon started; `observed_until` and `waiting` come from the last heartbeat, when there is one.
    Resume {
        /// The start.
        at: Timestamp,
        /// What the heartbeat said; the ledger's own horizon counts when it reaches further.
        observed_until: Option<Timestamp>,
        /// Lines that were waiting then.
        waiting: Vec<Waiting>,
    },
    /// All is certain up to `at`.
    Checkpoint {
        /// Up to here.
        at: Timestamp,
        /// But for these.
        waiting: Vec<Waiting>,
    },
    /// The inventory as loaded: differences become records.
    LoadInventory {
        /// In force from here.
        at: Timestamp,
        /// All lines.
        lines: Arc<Vec<Line>>,
        /// More than 5 % of the lines may go.
        allow_removal: bool,
    },
    /// The monitor's verdict.
    Verdict(Verdict),
    /// Do what is due: open faults, restore them, end graces.
    Due {
        /// Now.
        at: Timestamp,
    },
    /// A person's wish.
    Person {
        /// Who wishes it: the record's author.
        author: String,
        /// What.
        act: Act,
    },
}

impl Command {
    /// The person who gives it; `None`: the program itself.
    pub fn author(&self) -> Option<&str> {
        match self {
            Self::Person { author, .. } => Some(author),
            Self::Resume { .. }
            | Self::Checkpoint { .. }
            | Self::LoadInventory { .. }
            | Self::Verdict(_)
            | Self::Due { .. } => None,
        }
    }
}

/// What the monitor found out, in the order of its finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Down is confirmed, and seen to be the line's (design rules 2 and 4).
    Down {
        /// The line.
        line: LineId,
        /// First lost probe.
        start: Timestamp,
        /// Last answered probe before, if any is known.
        last_reply: Option<Timestamp>,
        /// When the run was complete.
        confirmed_at: Timestamp,
        /// Why the last confirming probe was lost.
        cause: LossCause,
    },
    /// Down is confirmed by the first results after a gap, while an outage was open.
    StillDown {
        /// The line.
        line: LineId,
        /// First result after the gap.
        first_loss: Timestamp,
        /// When it was confirmed.
        confirmed_at: Timestamp,
    },
    /// Up is confirmed.
    Up {
        /// The line.
        line: LineId,
        /// Last lost probe.
        last_loss: Timestamp,
        /// First answered probe of the run.
        first_reply: Timestamp,
        /// When the run was complete.
        confirmed_at: Timestamp,
        /// Whether a gap lies between the last loss and the first reply: then the outage ends where the gap begins.
        after_gap: bool,
    },
    /// The monitor went blind.
    Blinded {
        /// Sending time of the last answered probe.
        from: Timestamp,
        /// Why.
        cause: BlindCause,
        /// Lines that were waiting then.
        waiting: Vec<Waiting>,
    },
    /// The monitor sees again.
    Sighted {
        /// Sending time of the next answered probe.
        at: Timestamp,
    },
    /// The clock was set.
    ClockStepped {
        /// The step.
        step: ClockStep,
        /// Lines that were waiting then.
        waiting: Vec<Waiting>,
    },
    /// One line is not observed any more.
    LineLost {
        /// The line.
        line: LineId,
        /// Its last certain instant.
        from: Timestamp,
        /// Why.
        cause: BlindCause,
    },
    /// One line is observed (again).
    LineSeen {
        /// The line.
        line: LineId,
        /// Sending time of the first result that counts.
        at: Timestamp,
    },
}

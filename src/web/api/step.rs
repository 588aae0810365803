//! The steps of a fault's repair, as they are sent.

use linewatch_core::act::FaultAct;
use linewatch_core::record::{Amendment, Closing, FaultNo};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::input::{instant_or_none, short, words, wrong};

/// A step. Which other fields are needed depends on it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    /// Somebody takes care of it.
    Acknowledge {
        /// When; now when nobody says.
        #[schema(format = DateTime)]
        at: Option<String>,
        /// Anything else.
        #[schema(max_length = 2000)]
        note: Option<String>,
    },
    /// Somebody was sent, or the carrier was called.
    Dispatch {
        /// When; now when nobody says.
        #[schema(format = DateTime)]
        at: Option<String>,
        /// To whom.
        #[schema(min_length = 1, max_length = 2000)]
        to: String,
        /// The carrier's number of it.
        #[schema(max_length = 2000)]
        ticket: Option<String>,
        /// Anything else.
        #[schema(max_length = 2000)]
        note: Option<String>,
    },
    /// Somebody is on the spot.
    Arrive {
        /// When; now when nobody says.
        #[schema(format = DateTime)]
        at: Option<String>,
        /// Anything else.
        #[schema(max_length = 2000)]
        note: Option<String>,
    },
    /// It is restored. While the line is down by the probes this is recorded, and does not count.
    Restore {
        /// When; now when nobody says.
        #[schema(format = DateTime)]
        at: Option<String>,
        /// Anything else.
        #[schema(max_length = 2000)]
        note: Option<String>,
    },
    /// It is done.
    Close {
        /// When; now when nobody says.
        #[schema(format = DateTime)]
        at: Option<String>,
        /// What it came from: a path in the configured tree, from its root.
        #[schema(min_items = 1, max_items = 8)]
        cause: Vec<String>,
        /// What was done.
        #[schema(max_length = 2000)]
        remedy: Option<String>,
        /// Whose it is.
        #[schema(max_length = 2000)]
        responsibility: Option<String>,
        /// Why it took longer than the deadline.
        #[schema(max_length = 2000)]
        overdue_reason: Option<String>,
    },
    /// It was not restored.
    Reopen {
        /// When that turned out; now when nobody says.
        #[schema(format = DateTime)]
        at: Option<String>,
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// It is part of another.
    Merge {
        /// The fault that stays.
        #[schema(max_length = 64)]
        into: String,
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// A part of it is another fault, which stands on the first of these lines.
    Split {
        /// Affected points of it.
        #[schema(min_items = 1, max_items = 500)]
        lines: Vec<String>,
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// There was none.
    Void {
        /// Why.
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// Something is to be added or put right.
    Note {
        /// Anything.
        #[schema(max_length = 2000)]
        words: Option<String>,
        /// What is wrong, of the configured ones.
        #[schema(max_length = 64)]
        symptom: Option<String>,
        /// The carrier's number of it.
        #[schema(max_length = 2000)]
        ticket: Option<String>,
        /// Whom to ask on the spot.
        #[schema(max_length = 2000)]
        contact: Option<String>,
        /// How to call him.
        #[schema(max_length = 64)]
        phone: Option<String>,
        /// Why it takes longer than the deadline.
        #[schema(max_length = 2000)]
        overdue_reason: Option<String>,
        /// Whose it is.
        #[schema(max_length = 2000)]
        responsibility: Option<String>,
        /// What it came from, of a fault that is closed.
        #[schema(min_items = 1, max_items = 8)]
        cause: Option<Vec<String>>,
        /// What was done, of a fault that is closed.
        #[schema(max_length = 2000)]
        remedy: Option<String>,
    },
    /// A line is affected too.
    AddPoint {
        /// The line.
        #[schema(max_length = 64)]
        line: String,
        /// Since when; now when nobody says.
        #[schema(format = DateTime)]
        from: Option<String>,
        /// Why.
        #[schema(max_length = 2000)]
        reason: Option<String>,
    },
    /// A line that a person had named is not affected, or not any more.
    RemovePoint {
        /// The line.
        #[schema(max_length = 64)]
        line: String,
        /// Since when; now when nobody says.
        #[schema(format = DateTime)]
        from: Option<String>,
        /// Why.
        #[schema(max_length = 2000)]
        reason: Option<String>,
    },
}

impl Step {
    /// The act upon a fault.
    pub(super) fn act(self, fault: FaultNo) -> Result<FaultAct, Problem> {
        let instant = |text: Option<String>| instant_or_none(text.as_deref(), "at");
        let note = |text: Option<String>| words(&text.unwrap_or_default(), "note");
        let text = |text: Option<String>| text.map(|text| words(&text, "text")).transpose();
        Ok(match self {
            Self::Acknowledge { at, note: said } => {
                FaultAct::Acknowledge { fault, at: instant(at)?, note: note(said)? }
            }
            Self::Dispatch { at, to, ticket, note: said } => {
                let (at, to, ticket) = (instant(at)?, words(&to, "to")?, text(ticket)?);
                FaultAct::Dispatch { fault, at, to, ticket, note: note(said)? }
            }
            Self::Arrive { at, note: said } => FaultAct::Arrive { fault, at: instant(at)?, note: note(said)? },
            Self::Restore { at, note: said } => FaultAct::Restore { fault, at: instant(at)?, note: note(said)? },
            Self::Close { at, cause, remedy, responsibility, overdue_reason } => {
                let closing = Closing {
                    cause: path(cause)?,
                    remedy: note(remedy)?,
                    responsibility: text(responsibility)?,
                    overdue_reason: text(overdue_reason)?,
                };
                FaultAct::Close { fault, at: instant(at)?, closing }
            }
            Self::Reopen { at, reason } => {
                FaultAct::Reopen { fault, at: instant(at)?, reason: words(&reason, "reason")? }
            }
            Self::Merge { into, reason } => {
                FaultAct::Merge { fault, into: FaultNo::from_stored(into), reason: words(&reason, "reason")? }
            }
            Self::Split { lines, reason } => {
                let lines = lines.iter().map(|line| line.as_str().into()).collect();
                FaultAct::Split { fault, lines, reason: words(&reason, "reason")? }
            }
            Self::Void { reason } => FaultAct::Void { fault, reason: words(&reason, "reason")? },
            Self::Note {
                words: said,
                symptom,
                ticket,
                contact,
                phone,
                overdue_reason,
                responsibility,
                cause,
                remedy,
            } => {
                let amendment = Amendment {
                    words: note(said)?,
                    symptom: symptom.map(|symptom| short(&symptom, "symptom")).transpose()?,
                    ticket: text(ticket)?,
                    contact: text(contact)?,
                    phone: phone.map(|phone| short(&phone, "phone")).transpose()?,
                    overdue_reason: text(overdue_reason)?,
                    responsibility: text(responsibility)?,
                    cause: cause.map(path).transpose()?,
                    remedy: text(remedy)?,
                };
                FaultAct::Note { fault, amendment }
            }
            Self::AddPoint { line, from, reason } => {
                FaultAct::AddPoint { fault, line: line.as_str().into(), from: instant(from)?, reason: note(reason)? }
            }
            Self::RemovePoint { line, from, reason } => {
                FaultAct::RemovePoint { fault, line: line.as_str().into(), from: instant(from)?, reason: note(reason)? }
            }
        })
    }
}

fn path(cause: Vec<String>) -> Result<Vec<String>, Problem> {
    if cause.len() > 8 || cause.iter().any(|part| part.chars().count() > 64) {
        return Err(wrong("没有这样的原因", "there is no such cause"));
    }
    Ok(cause)
}

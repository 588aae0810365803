//! What people did and said of a fault, as it stands: part of its row, and of what the ledger holds.

use serde::{Deserialize, Serialize};

use super::rows::Said;
use crate::line::LineId;
use crate::record::{Amendment, Closing, FaultFact, Report};
use crate::time::Timestamp;

/// How far the work on a fault has come. A later stage is greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody has done anything (待受理).
    #[default]
    Open,
    /// Somebody takes care of it (已受理).
    Acknowledged,
    /// Somebody was sent, or the carrier was called (已派单).
    Dispatched,
    /// Somebody is on the spot (已到场).
    OnSite,
    /// It is restored, by itself or by what a person said (已修复).
    Restored,
    /// A person closed it (已关闭).
    Closed,
    /// There was none (误报).
    Void,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Acknowledged, Self::Dispatched, Self::OnSite, Self::Restored, Self::Closed, Self::Void];

    /// The label value on `linewatch_fault_info`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Dispatched => "dispatched",
            Self::OnSite => "on_site",
            Self::Restored => "restored",
            Self::Closed => "closed",
            Self::Void => "void",
        }
    }

    /// Whether work is to be done on the line.
    pub fn is_open(self) -> bool {
        self < Self::Restored
    }

    /// Whether nothing is left to be done, not even on paper.
    pub fn is_settled(self) -> bool {
        match self {
            Self::Closed | Self::Void => true,
            Self::Open | Self::Acknowledged | Self::Dispatched | Self::OnSite | Self::Restored => false,
        }
    }
}

/// A step that was done, and who said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When it was done.
    pub at: Timestamp,
    /// Who said so, and when it was entered.
    pub said: Said,
    /// Entered long afterwards.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// How a round of work began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beginning {
    /// With the fault.
    Opened,
    /// Its line failed again within the merge window.
    Relapsed,
    /// A person said that it was not restored.
    Reopened,
}

/// How a round of work ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restoration {
    /// From here it counts as restored.
    pub at: Timestamp,
    /// Who said so; `None`: nobody, the line had been up for the stability time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    /// The line had been up for the stability time.
    pub verified: bool,
}

/// The work from an opening to the restoration after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Open from here.
    pub from: Timestamp,
    /// How it began.
    pub beginning: Beginning,
    /// Somebody takes care of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Mark>,
    /// Somebody was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched: Option<Mark>,
    /// Somebody is on the spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_site: Option<Mark>,
    /// A person said that it is restored while the line was down by the probes. It does not count until the line has
    /// been up for the stability time, and then stays as what was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Mark>,
    /// Its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Restoration>,
}

impl Round {
    fn new(from: Timestamp, beginning: Beginning) -> Self {
        Self { from, beginning, acknowledged: None, dispatched: None, on_site: None, claimed: None, restored: None }
    }

    /// The steps before the restoration, in order.
    pub fn marks(&self) -> [(Stage, Option<&Mark>); 3] {
        [
            (Stage::Acknowledged, self.acknowledged.as_ref()),
            (Stage::Dispatched, self.dispatched.as_ref()),
            (Stage::OnSite, self.on_site.as_ref()),
        ]
    }

    /// Whether any person did a step of the repair.
    pub fn has_human_step(&self) -> bool {
        self.marks().iter().any(|(_, mark)| mark.is_some())
            || self.claimed.is_some()
            || self.restored.as_ref().is_some_and(|restored| restored.said.is_some())
    }
}

/// A report that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The line that was reported.
    pub line: LineId,
    /// When it was told, who entered it.
    pub mark: Mark,
    /// What was told.
    pub report: Report,
}

/// A line that a person named as affected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPoint {
    /// The line.
    pub line: LineId,
    /// Affected from here.
    pub from: Timestamp,
    /// Until here; `None`: as long as the fault is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Timestamp>,
}

/// What people did and said of a fault.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultWork {
    /// How far it has come.
    pub stage: Stage,
    /// Openings and restorations, in order; never empty.
    pub rounds: Vec<Round>,
    /// Reports, in the order of their entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Told>,
    /// Lines that people named as affected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<NamedPoint>,
    /// Who was sent last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// What is wrong, as said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<String>,
    /// The carrier's number of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Whom to ask on the spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// How to call him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Why it takes, or took, longer than the deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_reason: Option<String>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsibility: Option<String>,
    /// What it came from, as closed or put right since; empty: nobody has said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cause: Vec<String>,
    /// What was done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// When it was closed as said, and who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Mark>,
    /// Who said that there was none, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<(Said, String)>,
    /// A person split it off another, or parts of it: what belongs to it is not moved by itself any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

impl FaultWork {
    /// Of a fault that was opened at this instant.
    pub(super) fn opened(from: Timestamp) -> Self {
        Self { rounds: vec![Round::new(from, Beginning::Opened)], ..Self::default() }
    }

    /// The last round.
    pub fn round(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// Whether any person did a step of the repair. Reports and closing are none.
    pub fn has_human_steps(&self) -> bool {
        self.rounds.iter().any(Round::has_human_step)
    }

    /// What a person said to be restored while the line was down, as long as that does not count.
    pub fn contradicted(&self) -> Option<&Mark> {
        self.round().filter(|round| round.restored.is_none()).and_then(|round| round.claimed.as_ref())
    }

    /// Whether a person said that it is restored and the line has not yet been up for the stability time since.
    pub fn is_unverified(&self) -> bool {
        self.stage != Stage::Void
            && self.round().and_then(|round| round.restored.as_ref()).is_some_and(|restored| !restored.verified)
    }

    /// When it was closed or found to be none, by the time of entry.
    pub fn settled(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Closed => self.closed.as_ref().map(|mark| mark.said.at),
            Stage::Void => self.voided.as_ref().map(|(said, _)| said.at),
            Stage::Open | Stage::Acknowledged | Stage::Dispatched | Stage::OnSite | Stage::Restored => None,
        }
    }

    /// Whether only a person can restore it, however long the line is up: a person opened it again.
    pub fn waits_for_a_person(&self) -> bool {
        self.round().is_some_and(|round| round.beginning == Beginning::Reopened)
    }

    /// Whether a person named this line as affected, and has not taken it back.
    pub fn names(&self, line: &LineId) -> bool {
        self.named.iter().any(|point| point.line == *line && point.left.is_none())
    }

    pub(super) fn date(&mut self, opened: Timestamp) {
        if let Some(first) = self.rounds.first_mut() {
            first.from = opened;
        }
    }

    pub(super) fn begin(&mut self, from: Timestamp, beginning: Beginning) {
        self.stage = Stage::Open;
        self.rounds.push(Round::new(from, beginning));
    }

    /// It is restored; of one that is, the new time counts.
    pub(super) fn restore(&mut self, at: Timestamp, said: Option<Said>) {
        self.stage = Stage::Restored;
        let verified = said.is_none();
        if let Some(round) = self.rounds.last_mut() {
            // What was said before the line came back stays said.
            let said = said.or_else(|| round.claimed.as_ref().map(|claimed| claimed.said.clone()));
            round.restored = Some(Restoration { at, said, verified });
        }
    }

    /// Takes a person's step in, but for what concerns points and other faults.
    pub(super) fn take(&mut self, fact: &FaultFact, said: &Said) {
        let mark = |at: Timestamp, late: bool| Mark { at, said: said.clone(), late };
        match fact {
            FaultFact::Reported { line, opened, report, late, .. } => self.tell(line, mark(*opened, *late), report),
            FaultFact::ReportJoined { line, at, report, late, .. } => self.tell(line, mark(*at, *late), report),
            FaultFact::Acknowledged { at, late, .. } => {
                self.reach(Stage::Acknowledged, |round| round.acknowledged = Some(mark(*at, *late)));
            }
            FaultFact::Dispatched { at, late, to, ticket, .. } => {
                self.sent = Some(to.clone());
                replace(&mut self.ticket, ticket.as_ref());
                // Of several who were sent, the first one's time is that of the step.
                self.reach(Stage::Dispatched, |round| {
                    round.dispatched.get_or_insert(mark(*at, *late));
                });
            }
            FaultFact::Arrived { at, late, .. } => {
                self.reach(Stage::OnSite, |round| round.on_site = Some(mark(*at, *late)));
            }
            FaultFact::Repaired { at, restored, late, .. } => match restored {
                Some(restored) => self.restore(*restored, Some(said.clone())),
                None => {
                    if let Some(round) = self.rounds.last_mut() {
                        round.claimed = Some(mark(*at, *late));
                    }
                }
            },
            FaultFact::Verified { .. } => {
                if let Some(restored) = self.rounds.last_mut().and_then(|round| round.restored.as_mut()) {
                    restored.verified = true;
                }
            }
            FaultFact::Closed { at, closing, late, .. } => {
                let Closing { cause, remedy, responsibility, overdue_reason } = closing;
                self.stage = Stage::Closed;
                self.closed = Some(mark(*at, *late));
                self.cause.clone_from(cause);
                self.remedy.clone_from(remedy);
                replace(&mut self.responsibility, responsibility.as_ref());
                replace(&mut self.overdue_reason, overdue_reason.as_ref());
            }
            FaultFact::Reopened { at, .. } => self.begin(*at, Beginning::Reopened),
            FaultFact::Voided { reason, .. } => {
                self.stage = Stage::Void;
                self.voided = Some((said.clone(), reason.clone()));
            }
            FaultFact::Noted { amendment, .. } => self.amend(amendment),
            FaultFact::PointAdded { line, from, .. } => {
                if !self.names(line) {
                    self.named.push(NamedPoint { line: line.clone(), from: *from, left: None });
                }
            }
            FaultFact::PointRemoved { line, from, .. } => {
                let named = self.named.iter_mut().filter(|point| point.line == *line && point.left.is_none());
                named.for_each(|point| point.left = Some((*from).max(point.from)));
            }
            FaultFact::Opened { .. }
            | FaultFact::Joined { .. }
            | FaultFact::Left { .. }
            | FaultFact::Relapsed { .. }
            | FaultFact::Restored { .. }
            | FaultFact::Merged { .. }
            | FaultFact::Dated { .. }
            | FaultFact::Combined { .. }
            | FaultFact::Split { .. } => {}
        }
    }

    fn tell(&mut self, line: &LineId, mark: Mark, report: &Report) {
        replace(&mut self.symptom, report.symptom.as_ref());
        self.reports.push(Told { line: line.clone(), mark, report: report.clone() });
    }

    /// A step of the round; one that was entered afterwards does not take the work back.
    fn reach(&mut self, stage: Stage, note: impl FnOnce(&mut Round)) {
        self.stage = stage.max(self.stage);
        if let Some(round) = self.rounds.last_mut() {
            note(round);
        }
    }

    fn amend(&mut self, amendment: &Amendment) {
        let Amendment { words: _, symptom, ticket, contact, phone, overdue_reason, responsibility, cause, remedy } =
            amendment;
        replace(&mut self.symptom, symptom.as_ref());
        replace(&mut self.ticket, ticket.as_ref());
        replace(&mut self.contact, contact.as_ref());
        replace(&mut self.phone, phone.as_ref());
        replace(&mut self.overdue_reason, overdue_reason.as_ref());
        replace(&mut self.responsibility, responsibility.as_ref());
        if let Some(cause) = cause {
            self.cause.clone_from(cause);
        }
        if let Some(remedy) = remedy {
            self.remedy.clone_from(remedy);
        }
    }
}

fn replace(present: &mut Option<String>, said: Option<&String>) {
    if let Some(said) = said {
        *present = Some(said.clone());
    }
}

//! Derived rows: what `apply` returned for a record, stored in the same transaction as the record.
//!
//! No query decides anything; a row is a copy of what the fold knows. Every row replaces the row of the
//! same key. A rebuilt database holds exactly the same rows.

use std::sync::Arc;

use super::work::FaultWork;
use crate::line::{Line, LineId};
use crate::outcome::{BlindCause, LossCause};
use serde::{Deserialize, Serialize};

use crate::record::{
    AccountName, Attribution, Claim, DecisionFact, DecisionId, EndReason, FaultFact, FaultNo, FaultSource, HistoryFact,
    InspectionFact, OutageId, PlannedId, Role, Scope, SealFact, TokenId,
};
use crate::time::{Span, Timestamp};

/// Rows to replace, in order. Keys are named on each variant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(pub Vec<Row>);

/// One derived row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// What the inventory says of a line during a span. Key: (line id, from).
    Line(LineRow),
    /// A span in which a line, or all lines, were not observed. Key: (line or all, from).
    Gap(GapRow),
    /// An outage. Key: outage.
    Outage(OutageRow),
    /// A segment of an outage with one attribution. Key: (outage, from).
    Segment(SegmentRow),
    /// The segment with this key is no more: a later verdict attributes its time otherwise.
    SegmentRemoved {
        /// Key.
        outage: OutageId,
        /// Key.
        from: Timestamp,
    },
    /// A gap inside an outage that counts as down. Key: (outage, gap start).
    Bridge(BridgeRow),
    /// A fault. Key: number.
    Fault(FaultRow),
    /// An affected point of a fault. Key: (fault, outage).
    Point(PointRow),
    /// Something that was done about a fault, or said of it. Key: its number.
    Step(FaultStepRow),
    /// A number handed out. Key: day. The next fault of that day gets a higher serial.
    Serial(SerialRow),
    /// The last instant that the records themselves say was observed. One row.
    Horizon(HorizonRow),
    /// A planned window. Key: its number.
    Planned(PlannedRow),
    /// What people decided. Key: its number.
    Decision(DecisionRow),
    /// An inspection. Key: its number.
    Inspection(InspectionRow),
    /// An account. Key: its number.
    Account(AccountRow),
    /// A seal. Key: its number.
    Seal(SealRow),
    /// An imported fact. Key: its number.
    History(HistoryRow),
}

/// What the inventory says of a line from `from` until `until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// In force from here ([`Timestamp::MIN`]: since before the journal).
    pub from: Timestamp,
    /// Until here; `None`: in force.
    pub until: Option<Timestamp>,
    /// What it says.
    pub line: Arc<Line>,
}

/// A span in which nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapRow {
    /// The line; `None`: all lines.
    pub line: Option<LineId>,
    /// From here.
    pub from: Timestamp,
    /// Until here; `None`: still.
    pub until: Option<Timestamp>,
    /// Why.
    pub cause: BlindCause,
}

/// An outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageRow {
    /// Number.
    pub outage: OutageId,
    /// Line.
    pub line: LineId,
    /// First lost probe.
    pub start: Timestamp,
    /// Last answered probe before.
    pub last_reply: Option<Timestamp>,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// Why the last confirming probe was lost.
    pub cause: LossCause,
    /// While open: where the first gap since its last confirmation begins; it is known to be down until here and,
    /// before the gap is bridged, no further.
    pub gap_from: Option<Timestamp>,
    /// The end, once ended.
    pub end: Option<OutageEnd>,
}

/// How an outage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutageEnd {
    /// Where it ends for counting.
    pub end: Timestamp,
    /// Last lost probe.
    pub last_loss: Timestamp,
    /// First answered probe.
    pub first_reply: Timestamp,
    /// When Up was confirmed.
    pub confirmed_at: Timestamp,
    /// Why it ends there.
    pub reason: EndReason,
}

impl OutageEnd {
    /// Since when the line is known to answer again. An outage that ends, for counting, where a gap begins was over at
    /// the first reply after the gap at the latest, and nobody knows more.
    pub fn returned(&self) -> Timestamp {
        self.first_reply.max(self.end)
    }
}

/// A segment of an outage with one attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// The outage.
    pub outage: OutageId,
    /// From here; it lasts until the next segment's start or the outage's end.
    pub from: Timestamp,
    /// To whom.
    pub attribution: Attribution,
}

/// A gap inside an outage that counts as down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeRow {
    /// The outage.
    pub outage: OutageId,
    /// The gap.
    pub gap: Span,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRow {
    /// Number.
    pub fault: FaultNo,
    /// Who noticed.
    pub source: FaultSource,
    /// The line it stands on.
    pub line: LineId,
    /// Dated from.
    pub opened: Timestamp,
    /// To be restored before.
    pub deadline: Timestamp,
    /// Repaired at.
    pub restored: Option<Timestamp>,
    /// How often it came back within the merge window.
    pub relapses: u32,
    /// The fault it was merged into.
    pub merged_into: Option<FaultNo>,
    /// What people did and said of it.
    pub work: Arc<FaultWork>,
}

/// One record of a fault's history; outages that joined or left it are told by its points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultStepRow {
    /// `seq` of its record.
    pub number: u64,
    /// What was done or said.
    pub fact: FaultFact,
    /// Who said so, and when it was entered.
    pub said: Said,
}

/// An affected point of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointRow {
    /// The fault.
    pub fault: FaultNo,
    /// The affected line.
    pub line: LineId,
    /// By this outage.
    pub outage: OutageId,
    /// Affected from here.
    pub from: Timestamp,
    /// Until here, when the point left the fault; the outage's end otherwise.
    pub left: Option<Timestamp>,
}

/// The last serial handed out on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialRow {
    /// Day in the site's zone.
    pub day: chrono::NaiveDate,
    /// Last serial.
    pub last: u32,
}

/// How far the chained records reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HorizonRow {
    /// Everything is certain before this instant, but for `waiting`.
    pub at: Timestamp,
    /// Lines certain only up to an earlier instant.
    pub waiting: Vec<crate::record::Waiting>,
}

/// Who said something, and when it was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The record's author.
    pub by: String,
    /// When it was recorded.
    pub at: Timestamp,
}

/// A planned window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRow {
    /// Number.
    pub planned: PlannedId,
    /// Which lines.
    pub scope: Scope,
    /// As agreed.
    pub span: Span,
    /// Why.
    pub reason: String,
    /// The document that agreed to it.
    pub document: String,
    /// Who entered it.
    pub said: Said,
    /// From when on it plans nothing, and who said so.
    pub cancelled: Option<Cancellation>,
}

/// A window was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// From here on it plans nothing.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub said: Said,
}

impl PlannedRow {
    /// What it plans, cancellation considered; possibly empty.
    pub fn in_force(&self) -> Span {
        let end = self.cancelled.as_ref().map_or(self.span.end, |cancelled| self.span.end.min(cancelled.at));
        Span::new(self.span.start, end.max(self.span.start))
    }
}

/// How it stands with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It waits for a second person.
    Proposed,
    /// It counts: a declaration from the start, what needs approval since this person gave it.
    InForce(Said),
    /// A second person did not agree.
    Rejected(Said, String),
    /// It was taken back.
    Withdrawn(Said, String),
}

/// What people decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// Number.
    pub decision: DecisionId,
    /// What; of a declaration that has ended, with its end.
    pub claim: Claim,
    /// Why.
    pub reason: String,
    /// The document it rests on.
    pub document: String,
    /// Who decided or proposed.
    pub said: Said,
    /// How it stands.
    pub standing: Standing,
    /// What was said of it since, in order: who ended, approved, rejected or withdrew it, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// Something said of a decision after it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who said it.
    pub said: Said,
    /// What.
    pub fact: DecisionFact,
}

impl DecisionRow {
    /// Whether it counts in the figures.
    pub fn in_force(&self) -> bool {
        matches!(self.standing, Standing::InForce(_))
    }

    /// Whether it counts, or may once a second person approves it.
    pub fn is_live(&self) -> bool {
        match self.standing {
            Standing::Proposed | Standing::InForce(_) => true,
            Standing::Rejected(..) | Standing::Withdrawn(..) => false,
        }
    }

    /// The second person who approved it, also of one that was taken back since.
    pub fn approval(&self) -> Option<&Said> {
        self.steps.iter().find(|step| matches!(step.fact, DecisionFact::Approved { .. })).map(|step| &step.said)
    }
}

/// An inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionRow {
    /// `seq` of its record.
    pub number: u64,
    /// What it says.
    pub fact: InspectionFact,
    /// Who entered it.
    pub said: Said,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// `seq` of the record that added it.
    pub number: u64,
    /// Its name.
    pub account: AccountName,
    /// What people call its owner.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Who added it.
    pub said: Said,
    /// Nobody may use it since then, by whose word, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<(Said, String)>,
    /// Who set its password last; `None`: it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Said>,
    /// `seq` of the last record that made password and sessions void.
    pub secured: u64,
    /// `seq` of the last record that ended all sessions and nothing else; 0: there is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub signed_out: u64,
    /// Its tokens that are not revoked, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<TokenRow>,
}

/// A token of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// Number.
    pub token: TokenId,
    /// What it is for.
    pub label: String,
    /// Who added it.
    pub said: Said,
}

impl AccountRow {
    /// Whether it may be used.
    pub fn is_enabled(&self) -> bool {
        self.disabled.is_none()
    }

    /// `seq` of the last record that made all sessions void: one that began before it is none.
    pub fn sessions_since(&self) -> u64 {
        self.secured.max(self.signed_out)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this form")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealRow {
    /// `seq` of its record.
    pub number: u64,
    /// What it fixes.
    pub fact: SealFact,
    /// Who sealed.
    pub said: Said,
}

/// An imported fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// `seq` of its record.
    pub number: u64,
    /// What it says.
    pub fact: HistoryFact,
    /// What the importer called the source.
    pub source: String,
    /// Who imported it.
    pub said: Said,
}

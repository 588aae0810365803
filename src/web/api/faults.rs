//! Faults: the list, one of them, and every step.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use linewatch_core::act::{Act, FaultAct};
use linewatch_core::ledger::FaultRow;
use linewatch_core::line::LineId;
use linewatch_core::person::Deed;
use linewatch_core::record::{Amendment, Closing, FaultNo, Report};
use linewatch_core::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::problem::Problem;
use super::super::{Shared, Viewer, read};
use super::fault_told::{FaultDetail, FaultItem, Teller};
use super::input::{Body, Params, instant_or_none, nothing, words, wrong};
use super::output::{Page, Recorded, limited};
use super::permit;
use super::seen::Seen;

/// Which faults.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// `open` (to be repaired), `unclosed` (to be repaired or closed) or `all`; `unclosed` when nobody says.
    state: Option<StateWord>,
    /// Only those whose deadline has passed, or that were restored after it.
    overdue: Option<bool>,
    /// Only `detected` or `reported` ones.
    source: Option<SourceWord>,
    /// Only on lines of this class.
    #[param(max_length = 64)]
    class: Option<String>,
    /// Only on lines of this township.
    #[param(max_length = 64)]
    township: Option<String>,
    /// Only on this line.
    #[param(max_length = 64)]
    line: Option<String>,
    /// Only those opened at this instant or later.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Only those opened before this instant.
    #[param(format = DateTime)]
    to: Option<String>,
    /// How many to leave out.
    offset: Option<u32>,
    /// How many at most; 100 when nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// How far faults have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StateWord {
    Open,
    #[default]
    Unclosed,
    All,
}

/// Who noticed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SourceWord {
    Detected,
    Reported,
}

/// Faults, the newest first.
#[utoipa::path(
    get, path = "/api/v1/faults", tag = "faults", params(Which),
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = Page<FaultItem>)),
)]
pub(super) async fn faults(
    State(source): State<Shared>,
    viewer: Viewer,
    Params(which): Params<Which>,
) -> Result<Json<Page<FaultItem>>, Problem> {
    let limit = limited(which.limit)?;
    let from = instant_or_none(which.from.as_deref(), "from")?.unwrap_or(Timestamp::MIN);
    let to = instant_or_none(which.to.as_deref(), "to")?.unwrap_or(Timestamp::MAX);
    let whole = super::look(&source, &Viewer::default()).await?;
    let seen = Seen::of(&viewer, &whole);
    let teller = Teller::of(&viewer, &whole);
    let found = read(source.as_ref(), move |snapshot| {
        let state = which.state.unwrap_or_default();
        let mut rows = match state {
            StateWord::Open => snapshot.faults_to_do(true)?,
            StateWord::Unclosed => snapshot.faults_to_do(false)?,
            StateWord::All => snapshot.faults(None, Span::new(Timestamp::MIN, Timestamp::MAX))?,
        };
        rows.retain(|row| row.merged_into.is_none() && from <= row.opened && row.opened < to);
        rows.retain(|row| which.line.as_ref().is_none_or(|line| row.line.as_str() == line));
        rows.retain(|row| which.source.is_none_or(|word| (word == SourceWord::Reported) == teller.reported(row)));
        rows.retain(|row| which.overdue.is_none_or(|overdue| teller.overdue(row) == overdue));
        rows.retain(|row| teller.admits(&row.line, which.class.as_deref(), which.township.as_deref()));
        if seen.hides() {
            let mut own = Vec::new();
            for row in rows {
                if seen.line(&row.line) || affected(snapshot, &row)?.iter().any(|line| seen.line(line)) {
                    own.push(row);
                }
            }
            rows = own;
        }
        rows.sort_by(|left, right| right.opened.cmp(&left.opened).then_with(|| right.fault.cmp(&left.fault)));
        Ok(Page::of(rows.iter().map(|row| teller.item(row)), which.offset, limit))
    });
    super::read(found.await).map(Json)
}

/// Lines that a fault holds beside the one it stands on.
fn affected(
    snapshot: &crate::store::Snapshot<'_>,
    row: &FaultRow,
) -> Result<Vec<LineId>, crate::store::StoreError> {
    let points = snapshot.points(&row.fault)?.into_iter().map(|point| point.line);
    Ok(points.chain(row.work.named.iter().map(|point| point.line.clone())).collect())
}

/// One fault, with all that was done and said.
#[utoipa::path(
    get, path = "/api/v1/faults/{number}", tag = "faults",
    params(("number" = String, Path, description = "F20260105-003")),
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = FaultDetail)),
)]
pub(super) async fn fault(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(number): Path<String>,
) -> Result<Json<FaultDetail>, Problem> {
    let whole = super::look(&source, &Viewer::default()).await?;
    let (seen, teller) = (Seen::of(&viewer, &whole), Teller::of(&viewer, &whole));
    let wanted = FaultNo::from_stored(number.clone());
    let found = read(source.as_ref(), move |snapshot| {
        let Some(row) = snapshot.fault(&wanted)? else { return Ok(None) };
        let points = snapshot.points(&wanted)?;
        let lines = affected(snapshot, &row)?;
        if !seen.line(&row.line) && !lines.iter().any(|line| seen.line(line)) {
            return Ok(None);
        }
        let steps = snapshot.fault_steps(&wanted)?;
        Ok(Some(teller.detail(&row, &points, &steps)))
    });
    super::read(found.await)?.map(Json).ok_or_else(|| unknown(&number))
}

/// A fault as it is reported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReport {
    /// The line.
    #[schema(max_length = 64)]
    line: String,
    /// When it was told; now when nobody says.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// By which way it came, of the configured ones (`乡镇办上报`, `电话`, …); the role's own way when nobody says.
    #[schema(max_length = 64)]
    channel: Option<String>,
    /// What is wrong, of the configured ones (`中断`, `丢包`, …).
    #[schema(max_length = 64)]
    symptom: Option<String>,
    /// Who reported it.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reporter: String,
    /// How to call him back.
    #[serde(default)]
    #[schema(max_length = 64)]
    phone: String,
    /// In his words.
    #[serde(default)]
    #[schema(max_length = 2000)]
    words: String,
}

/// Reports a fault. It joins the open fault that is there for the line, else it opens one.
#[utoipa::path(
    post, path = "/api/v1/faults", tag = "faults", request_body = NewReport,
    extensions(("x-linewatch-deed" = json!("report"))),
    responses((status = 201, body = Reported)),
)]
pub(super) async fn report(
    State(source): State<Shared>,
    viewer: Viewer,
    Body(told): Body<NewReport>,
) -> Result<(StatusCode, Json<Reported>), Problem> {
    let channel = told.channel.unwrap_or_else(|| own_channel(&viewer).to_owned());
    let report = Report {
        channel,
        symptom: told.symptom,
        reporter: words(&told.reporter, "reporter")?,
        phone: words(&told.phone, "phone")?,
        words: words(&told.words, "words")?,
    };
    let at = instant_or_none(told.at.as_deref(), "at")?;
    let act = Act::Fault(FaultAct::Report { line: told.line.as_str().into(), at, report });
    let records = super::act(&source, &viewer, act).await?;
    let fault = records.iter().find_map(|record| match &record.fact {
        linewatch_core::record::Fact::Fault(fact) => Some(fact.fault().to_string()),
        _ => None,
    });
    let reported = Reported { fault: fault.unwrap_or_default(), records: Recorded::from(records.as_slice()) };
    Ok((StatusCode::CREATED, Json(reported)))
}

/// What became of a report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reported {
    /// The fault that it opened or joined.
    fault: String,
    /// What was recorded.
    records: Recorded,
}

fn own_channel(viewer: &Viewer) -> &'static str {
    if viewer.township().is_some() { "乡镇办上报" } else { "电话" }
}

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
    fn act(self, fault: FaultNo) -> Result<FaultAct, Problem> {
        let instant = |text: Option<String>| instant_or_none(text.as_deref(), "at");
        let note = |text: Option<String>| words(&text.unwrap_or_default(), "note");
        let text = |text: Option<String>| text.map(|text| words(&text, "text")).transpose();
        Ok(match self {
            Self::Acknowledge { at, note: said } => FaultAct::Acknowledge { fault, at: instant(at)?, note: note(said)? },
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
            Self::Reopen { at, reason } => FaultAct::Reopen { fault, at: instant(at)?, reason: words(&reason, "reason")? },
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
                    symptom: text(symptom)?,
                    ticket: text(ticket)?,
                    contact: text(contact)?,
                    phone: text(phone)?,
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

/// Does a step of a fault's repair, or says something of it. What each step asks of the role: `work` (acknowledge,
/// dispatch, arrive, restore, points, ticket), `reopen`, `judge` (close, merge, split, void, cause), `report` (notes).
#[utoipa::path(
    post, path = "/api/v1/faults/{number}/steps", tag = "faults",
    params(("number" = String, Path, description = "F20260105-003")), request_body = Step,
    extensions(("x-linewatch-deed" = json!("report"))),
    responses((status = 201, body = Recorded)),
)]
pub(super) async fn step(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(number): Path<String>,
    Body(step): Body<Step>,
) -> Result<(StatusCode, Json<Recorded>), Problem> {
    let act = Act::Fault(step.act(FaultNo::from_stored(number))?);
    let deed = linewatch_core::person::deed_of(&act, viewer.account.as_ref());
    if !viewer.may(deed) {
        return Err(permit::refused(&viewer, deed));
    }
    let records = super::act(&source, &viewer, act).await?;
    Ok((StatusCode::CREATED, Json(records.as_slice().into())))
}

/// No such fault, or none that the viewer may see.
fn unknown(number: &str) -> Problem {
    nothing(format!("没有编号为 {number} 的故障。"), format!("there is no fault {number}"))
}

/// Whether a viewer may see whom to call about a line.
pub(super) fn may_see_people(viewer: &Viewer) -> bool {
    viewer.may(Deed::SeeContacts)
}

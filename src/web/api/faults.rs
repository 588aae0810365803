//! Faults: the list, one of them, and every step.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use linewatch_core::act::{Act, FaultAct};
use linewatch_core::person::Deed;
use linewatch_core::record::{Fact, FaultNo, FaultSource, Report};
use linewatch_core::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::problem::Problem;
use super::super::{Look, Shared, Viewer, read};
use super::fault_told::{FaultDetail, FaultItem};
use super::input::{Body, Params, instant_or_none, nothing, short, words};
use super::output::{Page, Recorded, limited};
use super::permit;
use super::seen::Seen;
use super::step::Step;
use crate::report::faults::{Context, Filter, Wanted, list, one};
use crate::store::{Snapshot, StoreError};

/// Which faults.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// `open` (to be repaired), `overdue`, `to_close`, `to_do` (all that are not closed) or `all`; `to_do` when nobody
    /// says.
    state: Option<StateWord>,
    /// Only `detected` or `reported` ones.
    source: Option<SourceWord>,
    /// Only those reported by this way.
    #[param(max_length = 64)]
    channel: Option<String>,
    /// Only on lines of this class.
    #[param(max_length = 64)]
    class: Option<String>,
    /// Only on lines of this township.
    #[param(max_length = 64)]
    township: Option<String>,
    /// Only on this line, or with it as a point.
    #[param(max_length = 64)]
    line: Option<String>,
    /// Only those that this person took care of, was sent to, or reported; for who may see people.
    #[param(max_length = 64)]
    of: Option<String>,
    /// Only those with this in number, line, place, ticket or what was said; for who may see people.
    #[param(max_length = 64)]
    q: Option<String>,
    /// With `all`: only those open at this instant or later.
    #[param(format = DateTime)]
    from: Option<String>,
    /// With `all`: only those open before this instant.
    #[param(format = DateTime)]
    to: Option<String>,
    /// How many to leave out.
    #[param(minimum = 0, maximum = 1_000_000)]
    offset: Option<u32>,
    /// How many at most; 100 when nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// How far faults have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StateWord {
    Open,
    Overdue,
    ToClose,
    #[default]
    ToDo,
    All,
}

/// Who noticed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SourceWord {
    Detected,
    Reported,
}

impl Which {
    fn filter(&self, viewer: &Viewer) -> Result<Filter, Problem> {
        let from = instant_or_none(self.from.as_deref(), "from")?.unwrap_or(Timestamp::MIN);
        let to = instant_or_none(self.to.as_deref(), "to")?.unwrap_or(Timestamp::MAX);
        let state = match self.state.unwrap_or_default() {
            StateWord::Open => Wanted::Open,
            StateWord::Overdue => Wanted::Overdue,
            StateWord::ToClose => Wanted::ToClose,
            StateWord::ToDo => Wanted::ToDo,
            StateWord::All => Wanted::Within(Span::new(from, to.max(from))),
        };
        Ok(Filter {
            state,
            township: self.township.as_deref().map(Into::into),
            class: self.class.as_deref().map(Into::into),
            source: self.source.map(|word| match word {
                SourceWord::Detected => FaultSource::Detected,
                SourceWord::Reported => FaultSource::Reported,
            }),
            channel: self.channel.clone(),
            of: self.of.iter().cloned().collect(),
            line: self.line.as_deref().map(Into::into),
            search: self.q.clone(),
            within: viewer.township().cloned(),
            no_people: !viewer.may(Deed::SeeContacts),
            survivors: false,
        })
    }
}

/// Faults, sorted by what to do next.
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
    let limit = limited(which.offset, which.limit)?;
    let filter = which.filter(&viewer)?;
    let people = viewer.may(Deed::SeeContacts);
    if !people && (!filter.of.is_empty() || filter.search.is_some()) {
        return Err(permit::refused(&viewer, Deed::SeeContacts));
    }
    let whole = super::look(&source, &Viewer::default()).await?;
    let context = context(&whole);
    let found = read(source.as_ref(), move |snapshot| {
        let rows = list(snapshot, &filter, &context)?.faults;
        Ok(Page::of_all(&rows, |row| FaultItem::of(row, people), which.offset, limit))
    });
    super::read(found.await).map(Json)
}

fn context(look: &Look) -> Context {
    let site = &look.snapshot.site;
    let classes = site.classes.iter().map(|class| (class.class.clone(), class.label.clone())).collect();
    Context { now: look.live.now, zone: site.zone, classes, lines: Some(look.lines()) }
}

/// Whether a fault holds a line that is seen.
fn holds_seen(snapshot: &Snapshot<'_>, fault: &FaultNo, seen: &Seen) -> Result<bool, StoreError> {
    let named = snapshot.fault(fault)?.is_some_and(|row| row.work.named.iter().any(|point| seen.line(&point.line)));
    Ok(named || snapshot.points(fault)?.iter().any(|point| seen.line(&point.line)))
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
    let (seen, context) = (Seen::of(&viewer, &whole), context(&whole));
    let people = viewer.may(Deed::SeeContacts);
    let (wanted, zone) = (FaultNo::from_stored(number.clone()), whole.snapshot.site.zone);
    let found = read(source.as_ref(), move |snapshot| {
        let Some(report) = one(snapshot, &wanted, &context)? else { return Ok(None) };
        let visible = seen.line(&report.fault.line) || holds_seen(snapshot, &wanted, &seen)?;
        Ok(visible.then(|| FaultDetail::of(&report, people, zone)))
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
        symptom: told.symptom.map(|symptom| short(&symptom, "symptom")).transpose()?,
        reporter: words(&told.reporter, "reporter")?,
        phone: short(&told.phone, "phone")?,
        words: words(&told.words, "words")?,
    };
    let at = instant_or_none(told.at.as_deref(), "at")?;
    let act = Act::Fault(FaultAct::Report { line: told.line.as_str().into(), at, report });
    let records = super::act(&source, &viewer, act).await?;
    let fault = records.iter().find_map(|record| match &record.fact {
        Fact::Fault(fact) => Some(fact.fault().to_string()),
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

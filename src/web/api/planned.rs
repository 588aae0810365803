//! Planned downtime.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use linewatch_core::act::{Act, Planning};
use linewatch_core::ledger::{PlannedRow, Row};
use linewatch_core::person::Deed;
use linewatch_core::record::PlannedId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::problem::Problem;
use super::super::{Shared, Viewer, read};
use super::input::{Body, Params, instant, instant_or_none, words};
use super::output::{Page, Recorded, SaidBy, ScopeOf, limited, moment};
use super::seen::Seen;

/// A planned window.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Window {
    /// Its number.
    number: u64,
    /// Which lines.
    scope: ScopeOf,
    /// From here.
    #[schema(format = DateTime)]
    from: String,
    /// Until here, as agreed.
    #[schema(format = DateTime)]
    until: String,
    /// Why.
    reason: String,
    /// Number of the document that agreed to it; only for who may see decisions.
    document: Option<String>,
    /// Who entered it; only for who may see decisions.
    said: Option<SaidBy>,
    /// That it was cancelled.
    cancelled: Option<Cancelled>,
}

/// A window was cancelled.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Cancelled {
    /// It plans nothing from here on.
    #[schema(format = DateTime)]
    at: String,
    /// Why.
    reason: String,
    /// Who said so; only for who may see decisions.
    said: Option<SaidBy>,
}

/// Which windows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only those that are not over.
    current: Option<bool>,
    /// How many to leave out.
    #[param(minimum = 0, maximum = 1_000_000)]
    offset: Option<u32>,
    /// How many at most; 100 when nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// A window to be agreed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWindow {
    /// Which lines.
    scope: ScopeOf,
    /// From here; from its entry on when nobody says. What lies before is proposed as an exclusion.
    #[schema(format = DateTime)]
    from: Option<String>,
    /// Until here.
    #[schema(format = DateTime)]
    until: String,
    /// Why.
    #[schema(max_length = 2000)]
    reason: String,
    /// Number of the document that agrees to it.
    #[schema(max_length = 2000)]
    document: String,
}

/// Why something is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    /// Why.
    #[schema(max_length = 2000)]
    pub(super) reason: String,
}

impl Window {
    /// A window, with those who decided about it or without.
    fn of(row: &PlannedRow, people: bool) -> Self {
        Self {
            number: row.planned.0,
            scope: (&row.scope).into(),
            from: moment(row.span.start),
            until: moment(row.span.end),
            reason: row.reason.clone(),
            document: people.then(|| row.document.clone()),
            said: people.then(|| (&row.said).into()),
            cancelled: row.cancelled.as_ref().map(|cancelled| Cancelled {
                at: moment(cancelled.at),
                reason: cancelled.reason.clone(),
                said: people.then(|| (&cancelled.said).into()),
            }),
        }
    }
}

/// Planned windows, the newest first.
#[utoipa::path(
    get, path = "/api/v1/planned", tag = "planned downtime", params(Which),
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = Page<Window>)),
)]
pub(super) async fn windows(
    State(source): State<Shared>,
    viewer: Viewer,
    Params(which): Params<Which>,
) -> Result<Json<Page<Window>>, Problem> {
    let limit = limited(which.offset, which.limit)?;
    let whole = super::look(&source, &Viewer::default()).await?;
    let (seen, now) = (Seen::of(&viewer, &whole), whole.live.now);
    let people = viewer.may(Deed::SeeDecisions);
    let current = which.current.unwrap_or(false);
    let found = read(source.as_ref(), move |snapshot| {
        let rows = snapshot.statements("planned")?;
        let rows = rows.iter().rev().filter_map(|row| match row {
            Row::Planned(row) => Some(row),
            _ => None,
        });
        let admitted = rows.filter(|row| seen.scope(&row.scope) && (!current || row.in_force().end > now));
        Ok(Page::of(admitted.map(|row| Window::of(row, people)), which.offset, limit))
    });
    super::read(found.await).map(Json)
}

/// Agrees on a window.
#[utoipa::path(
    post, path = "/api/v1/planned", tag = "planned downtime", request_body = NewWindow,
    extensions(("x-linewatch-deed" = json!("plan"))),
    responses((status = 201, body = Recorded)),
)]
pub(super) async fn plan(
    State(source): State<Shared>,
    viewer: Viewer,
    Body(told): Body<NewWindow>,
) -> Result<(StatusCode, Json<Recorded>), Problem> {
    let act = Act::Plan(Planning::Add {
        scope: told.scope.scope()?,
        from: instant_or_none(told.from.as_deref(), "from")?,
        until: instant(&told.until, "until")?,
        reason: words(&told.reason, "reason")?,
        document: words(&told.document, "document")?,
    });
    let records = super::act(&source, &viewer, act).await?;
    Ok((StatusCode::CREATED, Json(records.as_slice().into())))
}

/// Cancels a window, or what is left of it.
#[utoipa::path(
    post, path = "/api/v1/planned/{number}/cancel", tag = "planned downtime",
    params(("number" = u64, Path, description = "Its number")), request_body = Because,
    extensions(("x-linewatch-deed" = json!("plan"))),
    responses((status = 201, body = Recorded)),
)]
pub(super) async fn cancel(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(number): Path<String>,
    Body(told): Body<Because>,
) -> Result<(StatusCode, Json<Recorded>), Problem> {
    let planned = PlannedId(super::input::number(&number)?);
    let act = Act::Plan(Planning::Cancel { planned, reason: words(&told.reason, "reason")? });
    let records = super::act(&source, &viewer, act).await?;
    Ok((StatusCode::CREATED, Json(records.as_slice().into())))
}

//! Inspections.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use linewatch_core::act::{Act, Inspection};
use linewatch_core::ledger::{InspectionRow, Row};
use linewatch_core::person::Deed;
use linewatch_core::record::{FaultNo, InspectionFact};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::problem::Problem;
use super::super::{Shared, Viewer, read};
use super::input::{Body, Params, instant_or_none, words};
use super::output::{Page, Recorded, SaidBy, limited, moment};
use super::seen::Seen;

/// An inspection.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InspectionItem {
    /// Its number.
    number: u64,
    /// The line.
    line: String,
    /// Who was there; only for who may see people.
    inspector: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What was found; empty: nothing wrong.
    findings: String,
    /// The fault it led to, or was made for.
    fault: Option<String>,
    /// Who entered it; only for who may see people.
    said: Option<SaidBy>,
}

/// Which inspections.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only of this line.
    #[param(max_length = 64)]
    line: Option<String>,
    /// How many to leave out.
    #[param(minimum = 0, maximum = 1_000_000)]
    offset: Option<u32>,
    /// How many at most; 100 when nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// An inspection to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewInspection {
    /// The line.
    #[schema(max_length = 64)]
    line: String,
    /// When; now when nobody says.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// What was found; nothing wrong when nobody says.
    #[serde(default)]
    #[schema(max_length = 2000)]
    findings: String,
    /// Who was there; the account when nobody says.
    #[serde(default)]
    #[schema(max_length = 2000)]
    inspector: String,
    /// The fault it was made for.
    #[schema(max_length = 64)]
    fault: Option<String>,
}

impl InspectionItem {
    fn of(row: &InspectionRow, people: bool) -> Self {
        let InspectionFact::Made { line, inspector, at, findings, fault, .. } = &row.fact;
        Self {
            number: row.number,
            line: line.to_string(),
            inspector: people.then(|| inspector.clone()),
            at: moment(*at),
            findings: findings.clone(),
            fault: fault.as_ref().map(ToString::to_string),
            said: people.then(|| (&row.said).into()),
        }
    }
}

/// Inspections, the newest first.
#[utoipa::path(
    get, path = "/api/v1/inspections", tag = "inspections", params(Which),
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, body = Page<InspectionItem>)),
)]
pub(super) async fn inspections(
    State(source): State<Shared>,
    viewer: Viewer,
    Params(which): Params<Which>,
) -> Result<Json<Page<InspectionItem>>, Problem> {
    let limit = limited(which.offset, which.limit)?;
    let whole = super::look(&source, &Viewer::default()).await?;
    let (seen, people) = (Seen::of(&viewer, &whole), viewer.may(Deed::SeeContacts));
    let found = read(source.as_ref(), move |snapshot| {
        let rows = snapshot.statements("inspection")?;
        let rows = rows.iter().rev().filter_map(|row| match row {
            Row::Inspection(row) => Some(row),
            _ => None,
        });
        let admitted = rows.filter(|row| {
            let InspectionFact::Made { line, .. } = &row.fact;
            seen.line(line) && which.line.as_ref().is_none_or(|wanted| wanted == line.as_str())
        });
        Ok(Page::of(admitted.map(|row| InspectionItem::of(row, people)), which.offset, limit))
    });
    super::read(found.await).map(Json)
}

/// Records an inspection.
#[utoipa::path(
    post, path = "/api/v1/inspections", tag = "inspections", request_body = NewInspection,
    extensions(("x-linewatch-deed" = json!("inspect"))),
    responses((status = 201, body = Recorded)),
)]
pub(super) async fn inspect(
    State(source): State<Shared>,
    viewer: Viewer,
    Body(told): Body<NewInspection>,
) -> Result<(StatusCode, Json<Recorded>), Problem> {
    let now = super::look(&source, &viewer).await?.live.now;
    let act = Act::Inspect(Inspection {
        line: told.line.as_str().into(),
        inspector: words(&told.inspector, "inspector")?,
        at: instant_or_none(told.at.as_deref(), "at")?.unwrap_or(now),
        findings: words(&told.findings, "findings")?,
        fault: told.fault.map(FaultNo::from_stored),
    });
    let records = super::act(&source, &viewer, act).await?;
    Ok((StatusCode::CREATED, Json(records.as_slice().into())))
}

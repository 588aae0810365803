//! The figures of a period, as `linewatch rollup --format json` prints them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use linewatch_core::ledger::{Ledger, Policy};
use linewatch_core::person::Deed;
use serde::Deserialize;
use tokio::sync::Semaphore;
use utoipa::IntoParams;

use super::super::problem::Problem;
use super::super::{Shared, Viewer};
use super::input::Params;
use crate::clock;
use crate::config::Config;
use crate::report::rollup::period::{NoPeriod, Period};
use crate::report::rollup::{self, NoFigures, Question};
use crate::store::{Store, StoreKind};

/// Figures computed at once: a year of many lines takes a while.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Which period; one of the four ways.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// `2026`
    #[param(pattern = "^[0-9]{4}$")]
    year: Option<String>,
    /// `2026-Q3`
    #[param(pattern = "^[0-9]{4}-Q[1-4]$")]
    quarter: Option<String>,
    /// `2026-07`
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    month: Option<String>,
    /// A day, included, or an instant of RFC 3339; with `to`.
    #[param(max_length = 64)]
    from: Option<String>,
    /// A day, included, or an instant, not included; with `from`.
    #[param(max_length = 64)]
    to: Option<String>,
}

/// The figures of a period: `linewatch.rollup/1`. For whoever may not see decisions `***` stands for people and documents.
#[utoipa::path(
    get, path = "/api/v1/figures", tag = "figures", params(Which),
    extensions(("x-linewatch-deed" = json!("see_district"))),
    responses((status = 200, description = "linewatch.rollup/1", body = serde_json::Map<String, serde_json::Value>)),
)]
pub(super) async fn figures(
    State(source): State<Shared>,
    viewer: Viewer,
    Params(which): Params<Which>,
) -> Result<Response, Problem> {
    let config = super::read(source.config())?;
    let period = period(&which, &config)?;
    let people = viewer.may(Deed::SeeDecisions);
    let Ok(_turn) = AT_ONCE.acquire().await else { return super::read(None) };
    let computed = tokio::task::spawn_blocking(move || compute(period, &config, people)).await;
    match computed {
        Ok(Ok(text)) => Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response()),
        Ok(Err(why)) => {
            let (status, kind) = match why {
                NoFigures::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
                NoFigures::Empty | NoFigures::NotYet(_) | NoFigures::TooEarly(..) | NoFigures::NoSuchLine(..) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, "no-figures")
                }
            };
            Err(Problem::saying(status, kind, |language| why.sentence(language)))
        }
        Err(_) => super::read(None),
    }
}

fn period(which: &Which, config: &Config) -> Result<Period, Problem> {
    let zone = config.site.zone;
    let Which { year, quarter, month, from, to } = which;
    let asked = match (year, quarter, month, from, to) {
        (Some(year), None, None, None, None) => Period::year(year, zone),
        (None, Some(quarter), None, None, None) => Period::quarter(quarter, zone),
        (None, None, Some(month), None, None) => Period::month(month, zone),
        (None, None, None, Some(from), Some(to)) => Period::between(from, to, zone),
        _ => {
            let (chinese, english) = (
                "统计期要写 year、quarter、month 之一，或 from 和 to",
                "a period is one of year, quarter, month, or from with to",
            );
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "period", chinese, english));
        }
    };
    asked.map_err(|why: NoPeriod| {
        Problem::saying(StatusCode::UNPROCESSABLE_ENTITY, "period", |language| why.sentence(language))
    })
}

fn compute(period: Period, config: &Config, people: bool) -> Result<String, NoFigures> {
    let mut reader = Store::open_read_only(&config.store.path)?;
    let snapshot = reader.snapshot()?;
    let recorded_at = snapshot.recorded_at()?;
    let now = match snapshot.kind() {
        StoreKind::Real => clock::read().wall.max(recorded_at),
        StoreKind::Simulated => recorded_at,
    };
    let question = Question { period, policy: rollup::policy(config), as_of: None, now };
    let mut ledger = Ledger::new(Arc::new(Policy::new(config.site.zone)));
    let report = rollup::compute(&snapshot, &question, |record| ledger.apply(record), |_| {})?;
    let report = if people { report } else { report.without_people() };
    Ok(rollup::json(&report, &config.site.name))
}

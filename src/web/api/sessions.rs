//! Sessions: where an account is logged in, and how that ends everywhere.

use axum::Json;
use axum::extract::{Path, State};
use linewatch_core::record::AccountName;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::super::{Shared, Viewer};
use super::accounts::{access, author, known};
use super::output::{Page, Recorded, moment};
use super::{permit, read};
use crate::clock;

/// A session that goes on; never its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionItem {
    /// When it began.
    #[schema(format = DateTime)]
    began: String,
    /// When it was last used, to within ten minutes.
    #[schema(format = DateTime)]
    used: String,
    /// It began with a one-time password: another one has to be set first.
    one_time: bool,
    /// It is the one that asks.
    own: bool,
}

/// One's own sessions, the one that was used last first.
#[utoipa::path(
    get, path = "/api/v1/me/sessions", tag = "accounts",
    extensions(("x-linewatch-deed" = json!("own_password"))),
    responses((status = 200, body = Page<SessionItem>)),
)]
pub(super) async fn own(State(source): State<Shared>, viewer: Viewer) -> Result<Json<Page<SessionItem>>, Problem> {
    let own = read(viewer.account.clone())?;
    listed(&source, &viewer, &own)
}

/// Ends one's own sessions everywhere; the one that asks goes on.
#[utoipa::path(
    delete, path = "/api/v1/me/sessions", tag = "accounts",
    extensions(("x-linewatch-deed" = json!("own_password"))),
    responses((status = 200, body = Recorded)),
)]
pub(super) async fn end_own(State(source): State<Shared>, viewer: Viewer) -> Result<Json<Recorded>, Problem> {
    let own = read(viewer.account.clone())?;
    end(&source, &viewer, &own).await
}

/// The sessions of an account, the one that was used last first.
#[utoipa::path(
    get, path = "/api/v1/accounts/{account}/sessions", tag = "accounts",
    params(("account" = String, Path, description = "Its name")),
    extensions(("x-linewatch-deed" = json!("keep_accounts"))),
    responses((status = 200, body = Page<SessionItem>)),
)]
pub(super) async fn of_account(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(account): Path<String>,
) -> Result<Json<Page<SessionItem>>, Problem> {
    listed(&source, &viewer, &known(&source, &account)?)
}

/// Ends the sessions of an account everywhere; its password and its tokens stay.
#[utoipa::path(
    delete, path = "/api/v1/accounts/{account}/sessions", tag = "accounts",
    params(("account" = String, Path, description = "Its name")),
    extensions(("x-linewatch-deed" = json!("keep_accounts"))),
    responses((status = 200, body = Recorded)),
)]
pub(super) async fn end_of_account(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(account): Path<String>,
) -> Result<Json<Recorded>, Problem> {
    end(&source, &viewer, &known(&source, &account)?).await
}

fn listed(source: &Shared, viewer: &Viewer, account: &AccountName) -> Result<Json<Page<SessionItem>>, Problem> {
    let row = read(source.account(account))?;
    let sessions = access(source)?.sessions_of(&row, clock::read().wall);
    let items = sessions.iter().map(|session| SessionItem {
        began: moment(session.created),
        used: moment(session.seen),
        one_time: session.one_time,
        own: viewer.session == Some(session.digest),
    });
    Ok(Json(Page::of(items, None, Some(u16::MAX))))
}

async fn end(source: &Shared, viewer: &Viewer, account: &AccountName) -> Result<Json<Recorded>, Problem> {
    let ended = access(source)?.sign_out(source.as_ref(), author(viewer), account, viewer.session.as_ref());
    let records = ended.await.map_err(|why| permit::not_done(&why, viewer, chrono_tz::Tz::UTC))?;
    Ok(Json(records.as_slice().into()))
}

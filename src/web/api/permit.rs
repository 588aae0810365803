//! The description of the API is the table of what may be asked: each operation names its deed, and an operation that
//! names none is answered to nobody.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use linewatch_core::person::Deed;
use utoipa::openapi::path::{Operation, PathItem};

use super::super::problem::Problem;
use super::super::{NotDone, Viewer};
use crate::language::Language;
use crate::report::objection::Medium;

/// The word under which an operation names its deed.
pub const DEED: &str = "x-linewatch-deed";

/// Method and path of an operation, and its deed.
pub(super) type Table = Arc<HashMap<(Method, String), Deed>>;

/// Each operation of a path with its method.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let PathItem { get, post, put, delete, patch, .. } = item;
    let all = [
        (Method::GET, get),
        (Method::POST, post),
        (Method::PUT, put),
        (Method::DELETE, delete),
        (Method::PATCH, patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Reads the table out of a description.
pub(super) fn table(description: &mut utoipa::openapi::OpenApi) -> Table {
    let mut table = HashMap::new();
    for (path, item) in &mut description.paths.paths {
        for (method, operation) in operations(item) {
            let named = operation.extensions.as_ref().and_then(|extensions| extensions.get(DEED));
            let deed = named.and_then(|value| Deed::ALL.into_iter().find(|deed| value.as_str() == Some(deed.label())));
            if let Some(deed) = deed {
                table.insert((method, path.clone()), deed);
            }
        }
    }
    Arc::new(table)
}

/// Lets through whom the table lets.
pub(super) async fn permit(State(table): State<Table>, viewer: Viewer, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let known = table.keys().any(|(_, known)| *known == path);
    let method = if *request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    match table.get(&(method, path)) {
        Some(deed) if viewer.may(*deed) => next.run(request).await,
        Some(deed) => refused(&viewer, *deed).into_response(),
        // A method that the path does not have is refused as such.
        None if known => next.run(request).await,
        None => refused(&viewer, Deed::KeepAccounts).into_response(),
    }
}

/// The problem of somebody who may not.
pub(super) fn refused(viewer: &Viewer, deed: Deed) -> Problem {
    not_done(&NotDone::NotYours(deed), viewer, chrono_tz::Tz::UTC)
}

/// The problem that nothing was recorded.
pub(super) fn not_done(why: &NotDone, viewer: &Viewer, zone: chrono_tz::Tz) -> Problem {
    let (status, kind) = match why {
        NotDone::NotYours(_) if viewer.account.is_none() => (StatusCode::UNAUTHORIZED, "login"),
        NotDone::NotYours(_) => (StatusCode::FORBIDDEN, "forbidden"),
        NotDone::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
        NotDone::Starting | NotDone::JournalWaits => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    Problem::saying(status, kind, |language: Language| why.sentence(viewer, zone, language, Medium::Api))
}

//! The page that explains the API, made from its description.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa::openapi::RefOr;

use super::super::pages::{Frame, render};
use super::super::visit::Visit;
use super::permit;

/// An operation as the page shows it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    method: String,
    path: String,
    summary: String,
    deed: String,
    parameters: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "api.html", config = "src/web/templates/askama.toml")]
struct Explained {
    frame: Frame,
    heading: &'static str,
    description: &'static str,
    operations: Vec<Shown>,
}

/// The operations of a description, by path.
pub(super) fn operations(mut description: utoipa::openapi::OpenApi) -> Vec<Shown> {
    let mut shown = Vec::new();
    for (path, item) in &mut description.paths.paths {
        for (method, operation) in permit::operations(item) {
            let deed = operation.extensions.as_ref().and_then(|extensions| extensions.get(permit::DEED));
            let parameters = operation.parameters.iter().flatten().filter_map(|one| match one {
                RefOr::T(one) => Some(one),
                RefOr::Ref(_) => None,
            });
            shown.push(Shown {
                method: method.to_string(),
                path: path.clone(),
                summary: operation.summary.clone().unwrap_or_default(),
                deed: deed.and_then(|deed| deed.as_str()).unwrap_or_default().to_owned(),
                parameters: parameters
                    .map(|one| (one.name.clone(), one.description.clone().unwrap_or_default()))
                    .collect(),
            });
        }
    }
    shown
}

/// `GET /api`
pub(super) fn explain(visit: &Visit, operations: Vec<Shown>) -> Response {
    let heading = visit.language.pick("接口", "API");
    let frame = Frame::new(visit, heading).undated();
    render(StatusCode::OK, &Explained { frame, heading, description: super::DESCRIPTION, operations })
}

//! `/api/v1`: all that the pages do, for programs, with a description that is made from the code.
//!
//! Instants are RFC 3339 in UTC, spans half-open. Whoever asks shows a token (`Authorization: Bearer …`) or a session's
//! cookie; [`permit`] lets nobody do what the role does not reach.

mod accounts;
mod decisions;
mod events;
mod fault_told;
mod faults;
mod figures;
mod input;
mod lines;
mod output;
mod overview;
mod page;
pub mod permit;
mod planned;
mod seen;
mod sessions;
mod step;
mod work;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use linewatch_core::act::Act;
use linewatch_core::record::Record;
use utoipa::OpenApi;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Problem;
use super::{Look, NotDone, Shared, Viewer, carry_out};

/// Where the description is.
pub const DESCRIPTION: &str = "/api/v1/openapi.json";
/// Problems that every operation may answer with.
const PROBLEMS: [StatusCode; 9] = [
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::METHOD_NOT_ALLOWED,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::UNPROCESSABLE_ENTITY,
    StatusCode::SERVICE_UNAVAILABLE,
];

/// What the description says of the whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "linewatch",
        description = "Lines, outages, faults and figures of one site; 线路、中断、故障和指标。 Instants are RFC 3339 in \
                       UTC. Show a token as `Authorization: Bearer …` (made by `linewatch user token add`), or a \
                       session's cookie together with `x-csrf-token` for whatever changes something."
    ),
    components(schemas(Problem, faults::SourceWord, faults::StateWord)),
    security(("token" = []), ("session" = []))
)]
struct Description;

/// All operations, and their description.
pub(super) fn operations() -> (Router<Shared>, utoipa::openapi::OpenApi) {
    let (router, mut description) = OpenApiRouter::<Shared>::with_openapi(Description::openapi())
        .routes(routes!(overview::overview))
        .routes(routes!(overview::me))
        .routes(routes!(accounts::own_password))
        .routes(routes!(sessions::own, sessions::end_own))
        .routes(routes!(lines::lines))
        .routes(routes!(lines::line))
        .routes(routes!(lines::outages))
        .routes(routes!(faults::faults, faults::report))
        .routes(routes!(faults::fault))
        .routes(routes!(faults::step))
        .routes(routes!(work::inspections, work::inspect))
        .routes(routes!(planned::windows, planned::plan))
        .routes(routes!(planned::cancel))
        .routes(routes!(decisions::decisions, decisions::propose))
        .routes(routes!(decisions::answer))
        .routes(routes!(figures::figures))
        .routes(routes!(accounts::accounts, accounts::add))
        .routes(routes!(accounts::change))
        .routes(routes!(accounts::set_password))
        .routes(routes!(sessions::of_account, sessions::end_of_account))
        .routes(routes!(accounts::add_token))
        .routes(routes!(accounts::revoke_token))
        .routes(routes!(events::events))
        .split_for_parts();
    complete(&mut description);
    let table = permit::table(&mut description);
    let router = router.method_not_allowed_fallback(not_allowed).route_layer(from_fn_with_state(table, permit::permit));
    (router, description)
}

/// The router with its description and the page that explains it.
pub(super) fn router() -> Router<Shared> {
    let (router, description) = operations();
    let text = description.to_json().expect("a description always has a JSON form");
    let described = get(move || {
        let text = text.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    });
    let explained = page::operations(description);
    let explain = get(async move |visit: super::visit::Visit| page::explain(&visit, explained.clone()));
    router.route(DESCRIPTION, described).route("/api", explain)
}

/// What is the same for all operations: how to show who one is, and how problems are told.
fn complete(description: &mut utoipa::openapi::OpenApi) {
    env!("CARGO_PKG_VERSION").clone_into(&mut description.info.version);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("lw_…").build();
    let cookie = ApiKey::Cookie(ApiKeyValue::new("linewatch"));
    let components = description.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    for item in description.paths.paths.values_mut() {
        for (_, operation) in permit::operations(item) {
            for status in PROBLEMS {
                let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
                let content = ContentBuilder::new().schema(Some(schema)).build();
                let problem = ResponseBuilder::new()
                    .description(status.canonical_reason().unwrap_or_default())
                    .content("application/problem+json", content);
                let responses = &mut operation.responses.responses;
                responses.entry(status.as_u16().to_string()).or_insert_with(|| RefOr::T(problem.build()));
            }
        }
    }
}

async fn not_allowed() -> Response {
    let (chinese, english) = ("这个地址不支持这种方法。", "this address does not have this method");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", chinese, english).into_response()
}

/// No operation is called so.
pub(super) fn nowhere() -> Response {
    let (chinese, english) = ("没有这个接口，说明见 /api。", "there is no such operation; they are explained at /api");
    Problem::new(StatusCode::NOT_FOUND, "not-found", chinese, english).into_response()
}

/// One look at what the viewer may see.
async fn look(source: &Shared, viewer: &Viewer) -> Result<Look, Problem> {
    let starting = || permit::not_done(&NotDone::Starting, viewer, chrono_tz::Tz::UTC);
    viewer.look(source.as_ref()).await.ok_or_else(starting)
}

/// Has an act recorded.
async fn act(source: &Shared, viewer: &Viewer, act: Act) -> Result<Vec<Record>, Problem> {
    let zone = source.look().await.map_or(chrono_tz::Tz::UTC, |look| look.snapshot.site.zone);
    carry_out(source.as_ref(), viewer, act).await.map_err(|why| permit::not_done(&why, viewer, zone))
}

/// What the store says, or that it cannot be read.
fn read<T>(found: Option<T>) -> Result<T, Problem> {
    found.ok_or_else(|| {
        let (chinese, english) = ("记录库暂时读不了。", "the journal cannot be read at present");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", chinese, english)
    })
}

//! Pages, health endpoints, metrics endpoint and the control socket. Everything is read from one look at the daemon;
//! only a reload changes anything, and that from this machine alone.

pub mod access;
mod acting;
pub mod api;
mod assets;
pub mod control;
mod filters;
mod form;
pub mod guard;
mod journal;
mod listener;
mod live;
mod login;
mod pages;
pub mod problem;
mod reload;
mod runbook;
mod source;
mod viewer;
mod visit;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, extract::Path};
use linewatch_core::person::Deed;
use linewatch_core::view::Shown;
use tokio::sync::Semaphore;

pub use acting::{NotDone, carry_out};
pub use listener::{CONNECTIONS, Limited};
pub use reload::Peer;
pub use source::{Look, Settings, Source, read};
pub use viewer::Viewer;

use crate::language::Language;
use crate::metrics;
use crate::report::status::{LineReport, QualityReport};
use assets::{ICON, SCRIPT, STYLE};
use pages::{Message, render};
use visit::Visit;

/// No form and no document that is sent here is longer.
const BODY_LIMIT_BYTES: usize = 64 * 1024;

/// Scrapes rendered at once; others wait.
static SCRAPES: Semaphore = Semaphore::const_new(2);

/// Nothing from elsewhere, nothing written into the page itself, no frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                                       img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

type Shared = Arc<dyn Source>;

/// All routes. How many may connect, and how long they may stall, is the business of [`Limited`].
pub fn router(source: Arc<dyn Source>) -> Router {
    Router::new()
        .route("/", get(pages::overview::overview))
        .route("/lines", get(pages::lines::lines))
        .route("/lines/{id}", get(pages::line::line))
        .route("/maintenance", get(pages::maintenance::show).post(pages::maintenance::act))
        .route("/decisions", get(pages::decisions::show).post(pages::decisions::act))
        .route("/inspections", get(pages::inspections::show).post(pages::inspections::act))
        .route("/report", get(pages::figures::latest))
        .route("/report/{year}", get(pages::figures::show))
        .route("/report/{year}/{file}", get(pages::figures_file::file))
        .route("/faults", get(pages::faults::faults))
        .route("/accounts", get(pages::accounts::show).post(pages::accounts::act))
        .route("/accounts/{account}", get(pages::account::show).post(pages::account::act))
        .route("/sessions", get(pages::sessions::show).post(pages::sessions::act))
        .route("/faults/print", get(pages::faults::print))
        .route("/faults/{no}", get(pages::fault::fault).post(pages::fault::act))
        .route("/report-fault", get(pages::report_fault::show).post(pages::report_fault::act))
        .route("/wall", get(pages::wall::wall))
        .route("/more", get(pages::more::more))
        .route("/runbook", get(runbooks))
        .route("/runbook/{alert}", get(runbook))
        .route("/live", get(live::live))
        .route("/assets/style.css", get(async || STYLE.answer()))
        .route("/assets/live.js", get(async || SCRIPT.answer()))
        .route("/assets/icon.svg", get(async || ICON.answer()))
        .route("/metrics", get(exposition))
        .route(guard::LOGIN, get(login::login).post(login::log_in))
        .route("/logout", post(login::log_out))
        .route(guard::PASSWORD, get(login::password).post(login::set_password))
        .route("/-/healthy", get(healthy))
        .route("/-/ready", get(ready))
        .route("/-/reload", post(reload::reload))
        .merge(api::router())
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(Extension(live::Pulse::default()))
        .layer(Extension(pages::figures::Computed::default()))
        .layer(from_fn_with_state(Arc::clone(&source), guard::guard))
        .layer(from_fn(visit::remember_language))
        .layer(map_response(guarded))
        .with_state(source)
}

/// Headers that every answer carries.
async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The reader's language, by what the request asks for or was asked for before.
fn language_of(source: &dyn Source, uri: &Uri, headers: &HeaderMap) -> Language {
    visit::language_of(uri, headers).unwrap_or_else(|| source.language())
}

/// One line with its quality, which is read from the store; `None`: no such line in service.
async fn line_report(source: &dyn Source, look: &Look, id: &str) -> Option<LineReport> {
    let known = look.snapshot.committed.lines.iter().find(|known| known.line.id.as_str() == id)?;
    let span = QualityReport::span(look.live.now, look.snapshot.site.zone);
    let quality = source.quality(known.line.id.clone(), span).await;
    LineReport::of(&Shown::of(&look.snapshot, &look.live), look.settings.language, id, quality.as_deref())
}

async fn runbooks(visit: Visit) -> Response {
    render(StatusCode::OK, &runbook::contents(&visit))
}

/// Served also while the daemon starts or stops: whoever was sent here by an alert needs it then most.
async fn runbook(Path(alert): Path<String>, visit: Visit) -> Response {
    if let Some(page) = runbook::page(&alert, &visit) {
        return render(StatusCode::OK, &page);
    }
    let sentence = visit.language.pick(format!("没有叫 {alert} 的告警。"), format!("No alert is called {alert}."));
    render(StatusCode::NOT_FOUND, &Message::new(&visit, sentence))
}

async fn nowhere(visit: Visit) -> Response {
    if visit.path.starts_with("/api/") {
        return api::nowhere();
    }
    let sentence = visit.language.pick("没有这个页面。", "There is no such page.").to_owned();
    render(StatusCode::NOT_FOUND, &Message::new(&visit, sentence))
}

/// Rendered on a thread of its own: many lines take a while, and nobody else shall wait for it. Few at a time, so that
/// a crowd of scrapers takes neither all threads nor, with the files that a process's own metrics are read from, all
/// descriptors.
async fn exposition(State(source): State<Shared>, viewer: Viewer) -> Response {
    if !viewer.may(Deed::SeeDistrict) {
        return (StatusCode::FORBIDDEN, "metrics are of the whole district\n").into_response();
    }
    let Ok(_turn) = SCRAPES.acquire().await else {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    };
    let Some(look) = source.look().await else {
        return (StatusCode::SERVICE_UNAVAILABLE, "starting or stopping\n").into_response();
    };
    let rendered =
        tokio::task::spawn_blocking(move || metrics::render(&look.snapshot, &look.live, look.settings.lines)).await;
    match rendered {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Ok(Err(error)) => failed(&error),
        Err(error) => failed(&error),
    }
}

fn failed(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "cannot render the metrics");
    (StatusCode::INTERNAL_SERVER_ERROR, format!("cannot render the metrics: {error}\n")).into_response()
}

async fn healthy() -> &'static str {
    "healthy\n"
}

async fn ready(visit: Visit) -> Response {
    if visit.look.as_ref().is_some_and(|look| Shown::of(&look.snapshot, &look.live).ready()) {
        return visit.language.pick("就绪\n", "ready\n").into_response();
    }
    let sentence = visit.language.pick(
        "尚未就绪：第一批记录还没有写入，或还有线路没有开始监测。\n",
        "not ready: the first records are not committed, or not every line is watched yet\n",
    );
    (StatusCode::SERVICE_UNAVAILABLE, sentence).into_response()
}

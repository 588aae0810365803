//! Pages, health endpoints, metrics endpoint and the control socket. Everything is read from one look at the daemon;
//! only a reload changes anything, and that from this machine alone.

pub mod access;
mod acting;
pub mod api;
mod chart;
pub mod control;
pub mod guard;
mod listener;
mod login;
mod pages;
pub mod problem;
mod reload;
mod runbook;
mod source;
mod viewer;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, extract::Path};
use linewatch_core::view::Shown;
use tokio::sync::Semaphore;

pub use acting::{NotDone, carry_out};
pub use listener::{CONNECTIONS, Limited};
pub use reload::Peer;
pub use source::{Look, Settings, Source, read};
pub use viewer::Viewer;

use crate::language::Language;
use crate::metrics;
use crate::report::status::{LineReport, QualityReport, StatusReport};
use pages::{Filter, Message, render};

/// No form and no document that is sent here is longer.
const BODY_LIMIT_BYTES: usize = 64 * 1024;

/// Scrapes rendered at once; others wait.
static SCRAPES: Semaphore = Semaphore::const_new(2);

/// No script but this site's own files, no frame, nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                                       img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

type Shared = Arc<dyn Source>;
type Pairs = Query<Vec<(String, String)>>;

/// All routes. How many may connect, and how long they may stall, is the business of [`Limited`].
pub fn router(source: Arc<dyn Source>) -> Router {
    Router::new()
        .route("/", get(overview))
        .route("/lines", get(lines))
        .route("/lines/{id}", get(line))
        .route("/runbook", get(runbooks))
        .route("/runbook/{alert}", get(runbook))
        .route("/assets/style.css", get(style))
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
        .layer(from_fn_with_state(Arc::clone(&source), guard::guard))
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

/// The reader's language, by the query of the address.
fn language_of(source: &dyn Source, query: Option<&str>) -> Language {
    let asked = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(key, _)| key == "lang")
        .and_then(|(_, tag)| Language::from_tag(&tag));
    match asked {
        Some(language) => language,
        None => source.language(),
    }
}

/// The reader's language: what the link asks for, else the site's.
fn language(pairs: &[(String, String)], site: Language) -> Language {
    pairs.iter().find(|(key, _)| key == "lang").and_then(|(_, tag)| Language::from_tag(tag)).unwrap_or(site)
}

async fn overview(State(source): State<Shared>, Query(pairs): Pairs) -> Response {
    let Some(look) = source.look().await else { return starting(&pairs) };
    let site = look.settings.language;
    let shown = Shown::of(&look.snapshot, &look.live);
    let open = pairs.iter().any(|(key, _)| key == "open");
    render(StatusCode::OK, &pages::overview(&StatusReport::of(&shown, site), language(&pairs, site), open))
}

async fn lines(State(source): State<Shared>, Query(pairs): Pairs) -> Response {
    let Some(look) = source.look().await else { return starting(&pairs) };
    let site = look.settings.language;
    let shown = Shown::of(&look.snapshot, &look.live);
    render(StatusCode::OK, &pages::lines(&shown, &Filter::of(&pairs), site, language(&pairs, site)))
}

async fn line(State(source): State<Shared>, Path(id): Path<String>, Query(pairs): Pairs) -> Response {
    let Some(look) = source.look().await else { return starting(&pairs) };
    let site = look.settings.language;
    let language = language(&pairs, site);
    let name = &look.snapshot.site.name;
    if let Some(report) = line_report(source.as_ref(), &look, &id).await {
        return render(StatusCode::OK, &pages::line(&report, name, language));
    }
    let sentence = language.pick(format!("没有编号为 {id} 的在用线路。"), format!("No line {id} is in service."));
    render(StatusCode::NOT_FOUND, &Message::new(sentence, name, site, language))
}

/// One line with its quality, which is read from the store; `None`: no such line in service.
async fn line_report(source: &dyn Source, look: &Look, id: &str) -> Option<LineReport> {
    let known = look.snapshot.committed.lines.iter().find(|known| known.line.id.as_str() == id)?;
    let span = QualityReport::span(look.live.now, look.snapshot.site.zone);
    let quality = source.quality(known.line.id.clone(), span).await;
    LineReport::of(&Shown::of(&look.snapshot, &look.live), look.settings.language, id, quality.as_deref())
}

async fn runbooks(State(source): State<Shared>, Query(pairs): Pairs) -> Response {
    let (name, site) = about(source.as_ref()).await;
    render(StatusCode::OK, &runbook::contents(&name, site, language(&pairs, site)))
}

/// Served also while the daemon starts or stops: whoever was sent here by an alert needs it then most.
async fn runbook(State(source): State<Shared>, Path(alert): Path<String>, Query(pairs): Pairs) -> Response {
    let (name, site) = about(source.as_ref()).await;
    let language = language(&pairs, site);
    if let Some(page) = runbook::page(&alert, &name, site, language) {
        return render(StatusCode::OK, &page);
    }
    let sentence = language.pick(format!("没有叫 {alert} 的告警。"), format!("No alert is called {alert}."));
    render(StatusCode::NOT_FOUND, &Message::new(sentence, &name, site, language))
}

/// The site's name and language, also before there is anything to show.
async fn about(source: &dyn Source) -> (String, Language) {
    source.look().await.map_or_else(
        || ("linewatch".to_owned(), Language::default()),
        |look| (look.snapshot.site.name.clone(), look.settings.language),
    )
}

async fn nowhere(State(source): State<Shared>, uri: axum::http::Uri, Query(pairs): Pairs) -> Response {
    if uri.path().starts_with("/api/") {
        return api::nowhere();
    }
    let look = source.look().await;
    let site = look.as_ref().map(|look| look.settings.language).unwrap_or_default();
    let language = language(&pairs, site);
    let sentence = language.pick("没有这个页面。", "There is no such page.").to_owned();
    let name = look.as_ref().map_or("linewatch", |look| look.snapshot.site.name.as_str());
    render(StatusCode::NOT_FOUND, &Message::new(sentence, name, site, language))
}

fn starting(pairs: &[(String, String)]) -> Response {
    let language = language(pairs, Language::default());
    let sentence = language.pick("正在启动或停止，请稍后再看。", "Starting or stopping; please look again soon.");
    render(StatusCode::SERVICE_UNAVAILABLE, &Message::new(sentence.to_owned(), "linewatch", language, language))
}

async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")];
    (headers, include_str!("templates/style.css")).into_response()
}

/// Rendered on a thread of its own: many lines take a while, and nobody else shall wait for it. Few at a time, so that
/// a crowd of scrapers takes neither all threads nor, with the files that a process's own metrics are read from, all
/// descriptors.
async fn exposition(State(source): State<Shared>) -> Response {
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

async fn ready(State(source): State<Shared>, Query(pairs): Pairs) -> Response {
    let look = source.look().await;
    let site = look.as_ref().map(|look| look.settings.language).unwrap_or_default();
    let language = language(&pairs, site);
    if look.is_some_and(|look| Shown::of(&look.snapshot, &look.live).ready()) {
        return language.pick("就绪\n", "ready\n").into_response();
    }
    let sentence = language.pick(
        "尚未就绪：第一批记录还没有写入，或还有线路没有开始监测。\n",
        "not ready: the first records are not committed, or not every line is watched yet\n",
    );
    (StatusCode::SERVICE_UNAVAILABLE, sentence).into_response()
}

//! Who asks for a page, in which language, and what the daemon looks like at that instant.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use linewatch_core::line::Line;
use linewatch_core::time::Timestamp;

use super::pages::{Message, render};
use super::{Look, Shared, Viewer, live};
use crate::language::Language;
use crate::report::words::Words;

/// The cookie that keeps the reader's language.
const COOKIE: &str = "linewatch_lang";
/// A year.
const COOKIE_SECONDS: u32 = 31_536_000;

/// What every page is asked with. Answered also while the daemon starts or stops.
pub struct Visit {
    /// Who asks.
    pub viewer: Viewer,
    /// What the viewer may see of the daemon; `None`: it starts or stops.
    pub look: Option<Look>,
    /// All of the daemon, for what changes anywhere.
    whole: Option<Look>,
    /// The reader's language: what the link asks for, else what was asked for last, else the site's.
    pub language: Language,
    /// Parameters of the address.
    pub pairs: Vec<(String, String)>,
    /// The address without its parameters.
    pub path: String,
}

impl Visit {
    /// The value of a parameter, trimmed; `None` where it is absent or empty.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The site's name.
    pub fn site(&self) -> &str {
        self.look.as_ref().map_or("linewatch", |look| look.snapshot.site.name.as_str())
    }

    /// How to say things to this reader, now.
    pub fn words(&self) -> Words {
        let (zone, now) = self
            .look
            .as_ref()
            .map_or((chrono_tz::Tz::UTC, Timestamp::default()), |look| (look.snapshot.site.zone, look.live.now));
        Words { language: self.language, zone, now }
    }

    /// This address with a parameter changed, or taken away; parameters that would be empty are left out.
    pub fn with(&self, changed: &[(&str, &str)]) -> String {
        let kept = self.pairs.iter().filter(|(key, value)| {
            !value.is_empty() && key != "lang" && !changed.iter().any(|(other, _)| other == key)
        });
        let kept = kept.map(|(key, value)| (key.as_str(), value.as_str()));
        let pairs: Vec<_> = kept.chain(changed.iter().copied().filter(|(_, value)| !value.is_empty())).collect();
        match serde_urlencoded::to_string(&pairs) {
            Ok(query) if !query.is_empty() => format!("{}?{query}", self.path),
            Ok(_) | Err(_) => self.path.clone(),
        }
    }

    /// What the daemon shows, as one number that changes when any of it does.
    pub fn sign(&self) -> Option<u64> {
        self.whole.as_ref().map(live::sign)
    }

    /// All lines in service, those of other townships too.
    pub fn lines(&self) -> Vec<Arc<Line>> {
        self.whole.as_ref().map(Look::lines).unwrap_or_default()
    }

    /// The answer while the daemon starts or stops.
    pub fn starting(&self) -> Response {
        let sentence = self.language.pick(
            "监测程序正在启动或停止，请稍后再看。",
            "The daemon is starting or stopping; please look again soon.",
        );
        render(StatusCode::SERVICE_UNAVAILABLE, &Message::new(self, sentence.to_owned()))
    }
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, source: &Shared) -> Result<Self, Self::Rejection> {
        let Ok(viewer) = Viewer::from_request_parts(parts, source).await;
        let whole = source.look().await;
        let look = whole.as_ref().map(|look| viewer.township().map_or_else(|| look.clone(), |own| look.within(own)));
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
        let site = look.as_ref().map(|look| look.settings.language).unwrap_or_default();
        let language = language_of(&parts.uri, &parts.headers).unwrap_or(site);
        Ok(Self { viewer, look, whole, language, pairs, path: parts.uri.path().to_owned() })
    }
}

/// As [`Visit`], for pages that show nothing before the daemon has started.
pub struct Asked {
    /// Who asks, and how.
    pub visit: Visit,
    /// The daemon.
    pub look: Look,
}

impl FromRequestParts<Shared> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, source: &Shared) -> Result<Self, Response> {
        let Ok(visit) = Visit::from_request_parts(parts, source).await;
        match visit.look.clone() {
            Some(look) => Ok(Self { visit, look }),
            None => Err(visit.starting()),
        }
    }
}

/// The language that an address asks for.
fn language(pairs: &[(String, String)]) -> Option<Language> {
    pairs.iter().find(|(key, _)| key == "lang").and_then(|(_, tag)| Language::from_tag(tag))
}

/// The language that a request asks for, or that was asked for last.
pub(super) fn language_of(uri: &Uri, headers: &HeaderMap) -> Option<Language> {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri).map(|query| query.0).unwrap_or_default();
    language(&pairs).or_else(|| kept(headers))
}

/// The language that was asked for last.
fn kept(headers: &HeaderMap) -> Option<Language> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, tag)| Language::from_tag(tag))
}

/// Keeps the language that an address asks for.
pub async fn remember_language(request: Request, next: Next) -> Response {
    let asked = language_of(request.uri(), &HeaderMap::new());
    let mut response = next.run(request).await;
    if let Some(language) = asked {
        let cookie = format!("{COOKIE}={}; Path=/; Max-Age={COOKIE_SECONDS}; SameSite=Lax; HttpOnly", language.tag());
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

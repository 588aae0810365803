//! The gate before every route: who asks, and whether the request is really the asker's own wish.
//!
//! A browser sends a session's cookie with whatever a page makes it send. So a request that changes something counts
//! only if it comes from a page of this site (`Origin`) and shows the session's own secret, as the form field `csrf`
//! or the header `x-csrf-token`. A token is sent by programs on purpose and needs neither.

use std::net::IpAddr;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::problem::Problem;
use super::{BODY_LIMIT_BYTES, Peer, Shared, Viewer};
use crate::clock;
use crate::language::Language;
use crate::secret;

/// The header by which a script shows that it belongs to a page of its session.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// The field of a form that does.
pub const CSRF_FIELD: &str = "csrf";
/// Where one logs in.
pub const LOGIN: &str = "/login";
/// Where one sets one's own password.
pub const PASSWORD: &str = "/password";

/// Whether everybody may ask for a path, also where viewing is closed.
pub fn is_public(path: &str) -> bool {
    let whole = ["/login", "/-/healthy", "/-/ready", "/-/reload", "/runbook", "/favicon.ico", "/api/v1/openapi.json"];
    whole.contains(&path) || path.starts_with("/assets/") || path.starts_with("/runbook/")
}

/// What a session that began with somebody else's password may ask for.
fn is_for_one_time(path: &str) -> bool {
    path == PASSWORD || path == "/logout" || path.starts_with("/assets/")
}

/// How a request may be refused here.
enum Refused {
    /// The token is none.
    Token,
    /// Nobody has logged in.
    NotIn,
    /// The session's owner has to set another password first.
    OneTime,
    /// A page of another site, or no page, asked for it.
    Foreign,
    /// The body is longer than any form here.
    TooLong,
}

/// Lets a request through with its [`Viewer`], or answers it.
pub(super) async fn guard(State(source): State<Shared>, request: Request, next: Next) -> Response {
    let language = super::language_of(source.as_ref(), request.uri(), request.headers());
    let target = Target::of(&request);
    let secure = source.access().is_some_and(|access| access.rules().secure);
    let mut response = match admit(&source, request).await {
        Ok(request) => next.run(request).await,
        Err(refused) => refused.answer(&target, language),
    };
    if secure {
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

async fn admit(source: &Shared, mut request: Request) -> Result<Request, Refused> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let path = request.uri().path().to_owned();
    let Some(access) = source.access() else {
        // Without accounts nobody may change anything: `carry_out` asks for one.
        return Ok(request);
    };
    let mut viewer = Viewer::default();
    if let Some(token) = bearer(request.headers()).map_err(|NoToken| Refused::Token)?.map(str::to_owned) {
        let row = access.bearer(source.as_ref(), &token).await.ok_or(Refused::Token)?;
        viewer = Viewer::of(&row);
    } else if let Some(cookie) = cookie(request.headers(), access.cookie_name()).map(str::to_owned)
        && let Some((session, row)) = access.session(source.as_ref(), &cookie, clock::read().wall)
    {
        if session.one_time && !is_for_one_time(&path) {
            return Err(Refused::OneTime);
        }
        if changes {
            request = own_wish(request, &session.csrf).await?;
        }
        let one_time = session.one_time;
        viewer = Viewer { csrf: session.csrf, session: Some(session.digest), one_time, ..Viewer::of(&row) };
    } else if changes && !comes_from_here(request.headers()) && path != "/-/reload" {
        // Nobody shall be logged in by a page of another site either.
        return Err(Refused::Foreign);
    }
    if access.rules().closed && viewer.account.is_none() && !is_public(&path) {
        return Err(Refused::NotIn);
    }
    request.extensions_mut().insert(viewer);
    Ok(request)
}

/// The request, if a page of this session sent it.
async fn own_wish(request: Request, csrf: &str) -> Result<Request, Refused> {
    if !comes_from_here(request.headers()) {
        return Err(Refused::Foreign);
    }
    let same = |shown: &str| secret::digest(shown) == secret::digest(csrf);
    if let Some(shown) = request.headers().get(CSRF_HEADER) {
        return if shown.to_str().is_ok_and(same) { Ok(request) } else { Err(Refused::Foreign) };
    }
    let form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded"));
    if !form {
        return Err(Refused::Foreign);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT_BYTES).await.map_err(|_| Refused::TooLong)?;
    if !fields(&body).any(|(key, value)| key == CSRF_FIELD && same(&value)) {
        return Err(Refused::Foreign);
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// The fields of a form.
fn fields(body: &[u8]) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(body).map(|(key, value)| (key.into_owned(), value.into_owned()))
}

/// Whether no page of another site had this sent. Browsers say with every such request which site it was; who says
/// nothing is no browser.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = text(header::HOST);
    let site = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, site)| site);
    site.is_some() && site == host
}

/// An `Authorization` header has no token in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NoToken;

/// The token of an `Authorization` header, where there is one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, NoToken> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    token.map(Some).ok_or(NoToken)
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs.flat_map(|text| text.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// From where a request comes.
pub(super) fn address(extensions: &axum::http::Extensions) -> Option<IpAddr> {
    extensions.get::<Peer>().map(|peer| peer.0.ip())
}

/// What was asked for, for the answer.
struct Target {
    api: bool,
    page: bool,
    path: String,
}

impl Target {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        Self {
            api: path.starts_with("/api/"),
            page: request.method() == Method::GET && path != "/metrics",
            path: request.uri().path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str).to_owned(),
        }
    }
}

impl Refused {
    fn answer(&self, target: &Target, language: Language) -> Response {
        let (status, kind, chinese, english) = match self {
            Self::Token => (StatusCode::UNAUTHORIZED, "token", "令牌无效或已作废。", "this token is none, or void"),
            Self::NotIn => (StatusCode::UNAUTHORIZED, "login", "要先登录。", "log in first"),
            Self::OneTime => {
                (StatusCode::FORBIDDEN, "one-time-password", "要先改掉一次性密码。", "set a password of your own first")
            }
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "foreign",
                "这个请求不是从本站页面发出的，没有执行；请刷新页面再试。",
                "this request did not come from a page of this site and was not carried out; load the page anew",
            ),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "too-long", "内容太长。", "the body is too long"),
        };
        if target.api {
            return Problem::new(status, kind, chinese, english).into_response();
        }
        if target.page {
            match self {
                Self::NotIn => {
                    let next: String = form_urlencoded::byte_serialize(target.path.as_bytes()).collect();
                    return Redirect::to(&format!("{LOGIN}?next={next}")).into_response();
                }
                Self::OneTime => return Redirect::to(PASSWORD).into_response(),
                Self::Token | Self::Foreign | Self::TooLong => {}
            }
        }
        let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        (status, headers, format!("{}\n", language.pick(chinese, english))).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn a_page_of_another_site_is_told_by_its_origin() {
        for (origin, here) in [
            ("http://watch.local:8401", true),
            ("https://watch.local:8401", true),
            ("http://watch.local", false),
            ("http://evil.example", false),
            ("http://watch.local:8401.evil.example", false),
            ("null", false),
            ("", false),
        ] {
            let headers = headers(&[("host", "watch.local:8401"), ("origin", origin)]);
            assert_eq!(comes_from_here(&headers), here, "{origin}");
        }
        assert!(comes_from_here(&headers(&[("host", "watch.local")])), "no browser, no origin");
        assert!(!comes_from_here(&headers(&[("origin", "http://watch.local")])), "no host to compare with");
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let found = |text: &str| cookie(&headers(&[("cookie", text)]), "linewatch").map(str::to_owned);
        assert_eq!(found("a=b; linewatch=xyz; c=d").as_deref(), Some("xyz"));
        assert_eq!(found("linewatch=xyz").as_deref(), Some("xyz"));
        assert_eq!(found("xlinewatch=xyz; linewatchx=abc"), None);
    }

    #[test]
    fn only_a_bearer_is_a_token() {
        let found = |text: &str| bearer(&headers(&[("authorization", text)])).map(|token| token.map(str::to_owned));
        assert_eq!(found("Bearer abc"), Ok(Some("abc".to_owned())));
        assert_eq!(found("bearer  abc "), Ok(Some("abc".to_owned())));
        assert_eq!(found("Basic abc"), Err(NoToken));
        assert_eq!(bearer(&HeaderMap::new()), Ok(None));
    }
}

//! Logging in and out, and one's own password.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use linewatch_core::person::Deed;

use super::Shared;
use super::access::{Begun, Denied, NotChanged, Told};
use super::guard::{self, LOGIN, PASSWORD};
use super::pages::{Frame, render};
use super::visit::Visit;
use crate::clock;
use crate::language::Language;
use crate::report::objection::Medium;
use crate::secret::SHORTEST_PASSWORD;

#[derive(Template)]
#[template(path = "login.html", config = "src/web/templates/askama.toml")]
struct Login {
    frame: Frame,
    heading: &'static str,
    /// Why not, when it was tried.
    refused: Option<String>,
    account: String,
    next: String,
    /// Whether anybody can log in at all.
    possible: bool,
}

#[derive(Template)]
#[template(path = "password.html", config = "src/web/templates/askama.toml")]
struct OwnPassword {
    frame: Frame,
    heading: &'static str,
    who: String,
    csrf: String,
    hint: String,
    /// Why the page came up by itself, if it did.
    one_time: bool,
    refused: Option<String>,
}

/// What a form says, field by field.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    fn of(form: Result<Form<Vec<(String, String)>>, FormRejection>) -> Self {
        Self(form.map(|Form(fields)| fields).unwrap_or_default())
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

type Posted = Result<Form<Vec<(String, String)>>, FormRejection>;

/// `GET /login`
pub(super) async fn login(State(source): State<Shared>, visit: Visit) -> Response {
    let next = within_site(visit.value("next").unwrap_or("/"));
    if visit.viewer.account.is_some() {
        return Redirect::to(next).into_response();
    }
    page(&source, &visit, StatusCode::OK, None, "", next)
}

/// `POST /login`
pub(super) async fn log_in(
    State(source): State<Shared>,
    visit: Visit,
    extensions: Extensions,
    headers: HeaderMap,
    form: Posted,
) -> Response {
    let fields = Fields::of(form);
    let (account, next) = (fields.text("account"), within_site(fields.text("next")));
    let Some(access) = source.access() else {
        return page(&source, &visit, StatusCode::SERVICE_UNAVAILABLE, Some(Denied::Unable), account, next);
    };
    let told = told(account, fields.text("password"), &extensions);
    match access.log_in(source.as_ref(), &told).await {
        Ok(begun) => {
            // Whoever logs in anew in the same browser has done with the session before.
            if let Some(cookie) = guard::cookie(&headers, access.cookie_name()) {
                access.log_out(cookie);
            }
            let next = if begun.one_time { PASSWORD } else { next };
            with_cookie(Redirect::to(next).into_response(), access.cookie_name(), access.rules().secure, Some(&begun))
        }
        Err(denied) => {
            let status = match denied {
                Denied::Wrong | Denied::Expired => StatusCode::UNAUTHORIZED,
                Denied::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
                Denied::Unable => StatusCode::SERVICE_UNAVAILABLE,
            };
            let mut response = page(&source, &visit, status, Some(denied), account, next);
            if let Denied::TooOften(seconds) = denied {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
    }
}

/// `POST /logout`
pub(super) async fn log_out(State(source): State<Shared>, headers: HeaderMap) -> Response {
    let response = Redirect::to("/").into_response();
    let Some(access) = source.access() else { return response };
    if let Some(cookie) = guard::cookie(&headers, access.cookie_name()) {
        access.log_out(cookie);
    }
    with_cookie(response, access.cookie_name(), access.rules().secure, None)
}

/// `GET /password`
pub(super) async fn password(visit: Visit) -> Response {
    own_password(&visit, StatusCode::OK, None)
}

/// `POST /password`
pub(super) async fn set_password(
    State(source): State<Shared>,
    visit: Visit,
    extensions: Extensions,
    form: Posted,
) -> Response {
    let fields = Fields::of(form);
    let (Some(access), Some(account)) = (source.access(), &visit.viewer.account) else {
        return Redirect::to(LOGIN).into_response();
    };
    let language = visit.language;
    let new = fields.text("new");
    let refuse = |sentence: String, status| own_password(&visit, status, Some(sentence));
    if new != fields.text("again") {
        let sentence = language.pick("两次输入的新密码不一样。", "the two new passwords are not the same");
        return refuse(sentence.to_owned(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let told = told(account.as_str(), fields.text("old"), &extensions);
    match access.change_password(source.as_ref(), &told, new).await {
        Ok(()) => {
            // The session that changed it has ended with all others: this one goes on by the new password.
            let told = Told { password: new, ..told };
            match access.log_in(source.as_ref(), &told).await {
                Ok(begun) => {
                    let response = Redirect::to("/").into_response();
                    with_cookie(response, access.cookie_name(), access.rules().secure, Some(&begun))
                }
                Err(_) => Redirect::to(LOGIN).into_response(),
            }
        }
        Err(why) => {
            let zone = visit.words().zone;
            let (sentence, status) = match why {
                NotChanged::Denied(Denied::Wrong) => (
                    language.pick("原密码不对。", "the old password is wrong").to_owned(),
                    StatusCode::UNPROCESSABLE_ENTITY,
                ),
                NotChanged::Denied(denied @ Denied::TooOften(_)) => {
                    (sentence(denied, language), StatusCode::TOO_MANY_REQUESTS)
                }
                NotChanged::Denied(denied) => (sentence(denied, language), StatusCode::SERVICE_UNAVAILABLE),
                NotChanged::Weak(weakness) => (weakness.sentence(language), StatusCode::UNPROCESSABLE_ENTITY),
                NotChanged::Same => (
                    language.pick("新密码和原密码一样。", "the new password is the old one").to_owned(),
                    StatusCode::UNPROCESSABLE_ENTITY,
                ),
                NotChanged::NotDone(why) => {
                    (why.sentence(&visit.viewer, zone, language, Medium::Page), StatusCode::SERVICE_UNAVAILABLE)
                }
            };
            refuse(sentence, status)
        }
    }
}

fn own_password(visit: &Visit, status: StatusCode, refused: Option<String>) -> Response {
    if !visit.viewer.may(Deed::OwnPassword) {
        return Redirect::to(LOGIN).into_response();
    }
    let language = visit.language;
    let heading = language.pick("修改密码", "Change password");
    let hint = language.pick(
        format!("至少 {SHORTEST_PASSWORD} 个字符，不含账号名。"),
        format!("At least {SHORTEST_PASSWORD} characters, without the account's name."),
    );
    let frame = Frame::new(visit, heading).undated();
    let (who, csrf) = (visit.viewer.name.clone(), visit.viewer.csrf.clone());
    let one_time = visit.viewer.one_time;
    render(status, &OwnPassword { frame, heading, who, csrf, hint, one_time, refused })
}

fn page(
    source: &Shared,
    visit: &Visit,
    status: StatusCode,
    denied: Option<Denied>,
    account: &str,
    next: &str,
) -> Response {
    let language = visit.language;
    let heading = language.pick("登录", "Log in");
    let page = Login {
        frame: Frame::new(visit, heading).undated(),
        heading,
        refused: denied.map(|denied| sentence(denied, language)),
        account: account.chars().take(64).collect(),
        next: next.to_owned(),
        possible: source.has_accounts(),
    };
    render(status, &page)
}

fn sentence(denied: Denied, language: Language) -> String {
    match denied {
        Denied::Wrong => language.pick("账号或密码不对。".to_owned(), "Account or password is wrong.".to_owned()),
        Denied::Expired => language.pick(
            "这个一次性密码已过期，请管理员重新设置。".to_owned(),
            "This one-time password has expired; ask an admin for another.".to_owned(),
        ),
        Denied::TooOften(seconds) => language.pick(
            format!("试得太频繁，请 {seconds} 秒后再试。"),
            format!("Tried too often; try again in {seconds} s."),
        ),
        Denied::Unable => language
            .pick("暂时无法登录，请稍后再试。".to_owned(), "Nobody can log in at present; try again soon.".to_owned()),
    }
}

fn told<'a>(account: &'a str, password: &'a str, extensions: &Extensions) -> Told<'a> {
    let now = clock::read();
    Told { account, password, from: guard::address(extensions), now: now.wall, elapsed: now.elapsed }
}

/// A path of this site, and nothing that a browser would take for another one.
fn within_site(next: &str) -> &str {
    let plain = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\n', '\r', '\t'])
        && !next.chars().any(char::is_control);
    if plain { next } else { "/" }
}

/// Lax: a link in a message shows its page, and nothing that changes anything comes from elsewhere.
fn with_cookie(mut response: Response, name: &str, secure: bool, begun: Option<&Begun>) -> Response {
    let (value, age) = begun.map_or(("", 0), |begun| (begun.cookie.as_str(), begun.seconds));
    let only_tls = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{only_tls}");
    if let Ok(text) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(header::SET_COOKIE, text);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::within_site;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (next, goes) in [
            ("/faults?mine=1", "/faults?mine=1"),
            ("/", "/"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/\tx", "/"),
        ] {
            assert_eq!(within_site(next), goes, "{next:?}");
        }
    }
}

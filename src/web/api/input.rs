//! What is sent to the API, read strictly: unknown keys, wrong types and texts without an end are problems.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use linewatch_core::time::Timestamp;
use serde::de::DeserializeOwned;

use super::super::problem::Problem;

/// Letters of a parameter, and of a name or number in a body.
pub(super) const LONGEST_PARAMETER: usize = 64;
/// Letters of a text field.
pub(super) const LONGEST_TEXT: usize = 2000;

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(unread(&rejection)),
        }
    }
}

fn unread(rejection: &JsonRejection) -> Problem {
    let said = rejection.body_text();
    let (kind, chinese) = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ("too-long", "内容太长。".to_owned()),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("not-json", "请用 Content-Type: application/json。".to_owned()),
        _ => ("unreadable", format!("内容和接口说明不符：{said}")),
    };
    // What cannot be read as this operation's body is one kind of problem, whether it is JSON or not.
    let status = if rejection.status() == StatusCode::BAD_REQUEST {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        rejection.status()
    };
    Problem::new(status, kind, chinese, said)
}

/// Parameters of the address.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        if let Some((name, _)) = pairs.into_iter().find(|(_, value)| value.chars().count() > LONGEST_PARAMETER) {
            let name: String = name.chars().take(LONGEST_PARAMETER).collect();
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "parameters",
                format!("{name} 太长：最多 {LONGEST_PARAMETER} 个字符"),
                format!("{name} is too long: at most {LONGEST_PARAMETER} characters"),
            ));
        }
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        read.map(|Query(params)| Self(params)).map_err(|rejection| {
            let said = rejection.body_text();
            Problem::new(StatusCode::BAD_REQUEST, "parameters", format!("地址里的参数不对：{said}"), said)
        })
    }
}

/// An instant of RFC 3339.
pub(super) fn instant(text: &str, field: &str) -> Result<Timestamp, Problem> {
    let read = chrono::DateTime::parse_from_rfc3339(text).map(|at| Timestamp(at.timestamp_millis()));
    read.map_err(|_| {
        wrong(
            format!("{field} 不是时刻：请写成 2026-07-01T08:30:00+08:00"),
            format!("{field} is no instant: write 2026-07-01T08:30:00+08:00"),
        )
    })
}

/// The same where there is one.
pub(super) fn instant_or_none(text: Option<&str>, field: &str) -> Result<Option<Timestamp>, Problem> {
    text.map(|text| instant(text, field)).transpose()
}

/// Text that is not too long.
pub(super) fn words(text: &str, field: &str) -> Result<String, Problem> {
    bounded(text, field, LONGEST_TEXT)
}

/// A name or a number that is not too long.
pub(super) fn short(text: &str, field: &str) -> Result<String, Problem> {
    bounded(text, field, LONGEST_PARAMETER)
}

fn bounded(text: &str, field: &str, longest: usize) -> Result<String, Problem> {
    if text.chars().count() > longest {
        return Err(wrong(
            format!("{field} 太长：最多 {longest} 个字符"),
            format!("{field} is too long: at most {longest} characters"),
        ));
    }
    Ok(text.to_owned())
}

/// A value that cannot be so.
pub(super) fn wrong(chinese: impl Into<String>, english: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "value", chinese, english)
}

/// Nothing is called so, or nothing that the viewer may see.
pub(super) fn nothing(chinese: impl Into<String>, english: impl Into<String>) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", chinese, english)
}

/// A number in a path.
pub(super) fn number(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| {
        let problem = (format!("{text} 不是编号。"), format!("{text} is no number"));
        Problem::new(StatusCode::BAD_REQUEST, "parameters", problem.0, problem.1)
    })
}

//! What went wrong, for programs: problem documents (RFC 9457) with the sentence in both languages.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::language::Language;

/// A problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Names the kind of problem: `urn:linewatch:problem:` and a word.
    #[serde(rename = "type")]
    #[schema(example = "urn:linewatch:problem:forbidden")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// The kind of problem in a few words.
    pub title: String,
    /// What is wrong and what to do, in English.
    pub detail: String,
    /// 哪里不对、怎么办.
    pub detail_zh: String,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, kind: &str, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:linewatch:problem:{kind}"),
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or("Problem").to_owned(),
            detail: english.into(),
            detail_zh: chinese.into(),
        }
    }

    /// A problem whose sentence is made for each language.
    pub fn saying(status: StatusCode, kind: &str, sentence: impl Fn(Language) -> String) -> Self {
        Self::new(status, kind, sentence(Language::Chinese), sentence(Language::English))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"linewatch\""));
        }
        response
    }
}

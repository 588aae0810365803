//! What the templates are filled with. Text is made here or said by [`Words`]; the templates only place it.

pub(super) mod account;
pub(super) mod accounts;
mod chart;
mod choose;
mod days;
pub(super) mod decisions;
mod entry;
pub(super) mod fault;
mod fault_card;
mod fault_steps;
pub(super) mod faults;
pub(super) mod figures;
pub(super) mod figures_file;
mod frame;
pub(super) mod inspections;
pub(super) mod line;
pub(super) mod lines;
pub(super) mod maintenance;
pub(super) mod more;
pub(super) mod overview;
pub(super) mod report_fault;
pub(super) mod sessions;
pub(super) mod wall;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(super) use frame::Frame;

use super::filters;
use super::visit::Visit;
use crate::report::health::{self, Grade};
use crate::report::status::{LineBrief, Monitor};
use crate::report::words::Words;

/// The answer with a page.
pub(super) fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot render a page");
            (StatusCode::INTERNAL_SERVER_ERROR, format!("cannot render the page: {error}\n")).into_response()
        }
    }
}

/// The answer with a page that was found.
fn page(page: &impl Template) -> Response {
    render(StatusCode::OK, page)
}

/// What a spreadsheet is called on the wire.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The answer with a file to keep.
fn attached(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"linewatch-{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// A sentence and nothing else.
#[derive(Template)]
#[template(path = "message.html", config = "src/web/templates/askama.toml")]
pub(super) struct Message {
    frame: Frame,
    sentence: String,
    /// Mistakes in a file, with their places.
    mistakes: String,
    /// Whether logging in may help.
    login: bool,
}

impl Message {
    /// To whoever asks.
    pub(super) fn new(visit: &Visit, sentence: String) -> Self {
        Self { frame: Frame::new(visit, sentence.clone()).undated(), sentence, mistakes: String::new(), login: false }
    }

    /// With the mistakes of a file below.
    fn with_mistakes(self, mistakes: String) -> Self {
        Self { mistakes, ..self }
    }

    /// To whoever may not see a page.
    pub(super) fn forbidden(visit: &Visit) -> Self {
        let sentence = if visit.viewer.account.is_some() {
            visit.language.pick("您的账号看不到这个页面。", "Your account may not see this page.")
        } else {
            visit.language.pick("要登录才能看这个页面。", "Log in to see this page.")
        };
        Self { login: visit.viewer.account.is_none(), ..Self::new(visit, sentence.to_owned()) }
    }
}

/// One subject of the monitor's own health.
#[derive(Clone)]
struct HealthRow {
    subject: &'static str,
    text: String,
    grade: &'static str,
}

/// How the monitor itself is.
fn health_rows(monitor: &Monitor, words: &Words) -> Vec<HealthRow> {
    let class = |grade| match grade {
        Grade::Good => "good",
        Grade::Notice => "notice",
        Grade::Bad => "bad",
    };
    let rows = health::rows(monitor, words).into_iter();
    rows.map(|row| HealthRow { subject: row.subject, text: row.text, grade: class(row.grade) }).collect()
}

/// T-04 · 区直及乡镇 · 汀泗桥镇, below the line's name.
fn place(line: &LineBrief) -> String {
    let parts = [line.id.as_str(), &line.class, &line.township, &line.village];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

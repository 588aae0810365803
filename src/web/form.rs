//! What a form sends: fields, the proof that it is ours, and times as people write them.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use linewatch_core::act::Act;
use linewatch_core::record::Record;
use linewatch_core::time::Timestamp;

use super::visit::Visit;
use super::{NotDone, Shared, carry_out};
use crate::language::Language;
use crate::report::objection::Medium;

/// The fields of a form, trimmed.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field; empty when it was left out.
    pub fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field that may be sent several times.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// A time of the site's zone as a browser sends it, `2026-11-28T08:30`; `Ok(None)` when it was left empty.
    ///
    /// # Errors
    /// A sentence, when it is no time.
    pub fn instant(&self, name: &str, zone: Tz, language: Language) -> Result<Option<Timestamp>, String> {
        let text = self.value(name);
        if text.is_empty() {
            return Ok(None);
        }
        let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"];
        let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        let at = local.and_then(|local| zone.from_local_datetime(&local).earliest());
        at.map(|at| Some(Timestamp(at.timestamp_millis()))).ok_or_else(|| {
            language.pick(
                format!("看不懂时间「{text}」：请写成 2026-07-01 08:30。"),
                format!("{text:?} is no time: write it like 2026-07-01 08:30."),
            )
        })
    }
}

impl FromRequest<Shared> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, source: &Shared) -> Result<Self, Response> {
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, source).await;
        form.map(|form| Self(form.0)).map_err(IntoResponse::into_response)
    }
}

/// A time as a browser's field for times wants it.
pub(super) fn field_time(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()
}

/// Why a form came to nothing: the sentence for people, and the answer's status.
pub(super) struct Mistake {
    /// What to tell.
    pub(super) sentence: String,
    /// How.
    pub(super) status: StatusCode,
}

impl From<String> for Mistake {
    fn from(sentence: String) -> Self {
        Self { sentence, status: StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// Has an act recorded that a form asks for.
///
/// # Errors
/// Why nothing was recorded.
pub(super) async fn record(source: &Shared, visit: &Visit, act: Act) -> Result<Vec<Record>, Mistake> {
    carry_out(source.as_ref(), &visit.viewer, act).await.map_err(|not_done| mistake(&not_done, visit))
}

/// What to tell of what was not done.
pub(super) fn mistake(not_done: &NotDone, visit: &Visit) -> Mistake {
    Mistake {
        sentence: not_done.sentence(&visit.viewer, visit.words().zone, visit.language, Medium::Page),
        status: match not_done {
            NotDone::NotYours(_) => StatusCode::FORBIDDEN,
            NotDone::Refused(_) => StatusCode::CONFLICT,
            NotDone::Starting | NotDone::JournalWaits => StatusCode::SERVICE_UNAVAILABLE,
        },
    }
}

/// On to a page, after something was recorded: a reload there sends nothing twice.
pub(super) fn onward(address: &str) -> Response {
    Redirect::to(address).into_response()
}

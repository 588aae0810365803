//! The live event stream: what was committed, as it is committed (server-sent events).
//!
//! An event says what kind of record it was and what it is about, not the record itself: whoever wants more asks for
//! it, and is told what he may see. Listeners are bounded, and so is what waits for a slow one; a stream ends when its
//! account is changed, and after an hour.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use linewatch_core::ledger::AccountRow;
use linewatch_core::line::LineId;
use linewatch_core::person::Deed;
use linewatch_core::record::{Fact, Record};
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::super::{Shared, Viewer};
use super::output::moment;
use super::seen::Seen;
use crate::clock;

/// Listeners at once: fewer than connections, so that pages are still answered.
static LISTENERS: Semaphore = Semaphore::const_new(128);
/// Between two signs of life; also how soon a stream ends whose account was changed.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// A stream ends after this, and its reader connects anew.
const LONGEST: Duration = Duration::from_hours(1);

/// What an event says.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Committed {
    /// Number of the record.
    seq: u64,
    /// `subject.verb`.
    kind: String,
    /// When it was recorded.
    #[schema(format = DateTime)]
    at: String,
    /// Who says so, for who may know.
    author: Option<String>,
    /// The line it is about.
    line: Option<String>,
    /// The fault it is about.
    fault: Option<String>,
    /// The outage it is about.
    outage: Option<u64>,
}

/// What was committed, as it is committed: `text/event-stream`, the kind as `event`, the number as `id`, and as `data`
/// a JSON object. `missed` says how many commits a slow reader was not told.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "status",
    extensions(("x-linewatch-deed" = json!("see"))),
    responses((status = 200, description = "A stream without an end", content_type = "text/event-stream", body = Committed)),
)]
pub(super) async fn events(State(source): State<Shared>, viewer: Viewer) -> Result<Response, Problem> {
    let place = LISTENERS.try_acquire().map_err(|_| {
        let (chinese, english) = ("同时收听的太多，请稍后再试。", "too many listen already; try again later");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "listeners", chinese, english)
    })?;
    let commits = super::read(source.commits())?;
    let whole = super::look(&source, &Viewer::default()).await?;
    let outages = whole.snapshot.committed.outages.iter().map(|open| (open.outage.0, open.line.clone())).collect();
    let faults =
        whole.snapshot.committed.faults.iter().map(|open| (open.fault.to_string(), open.line.clone())).collect();
    let row = viewer.account.as_ref().and_then(|name| source.account(name));
    let listener = Listener {
        source,
        viewer,
        row,
        commits,
        outages,
        faults,
        waiting: Vec::new(),
        until: clock::since_boot() + LONGEST,
        _place: place,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    // A first comment, so that a reader knows at once that it listens.
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE).text("listening")).into_response())
}

struct Listener {
    source: Shared,
    viewer: Viewer,
    /// The account as it was when the stream began.
    row: Option<Arc<AccountRow>>,
    commits: Receiver<Arc<[Record]>>,
    /// Lines of outages and faults that were open when the stream began, or began since.
    outages: HashMap<u64, LineId>,
    faults: HashMap<String, LineId>,
    waiting: Vec<Event>,
    until: Duration,
    _place: SemaphorePermit<'static>,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop() {
                return Some(event);
            }
            if clock::since_boot() >= self.until || !self.is_unchanged() {
                return None;
            }
            match tokio::time::timeout(SIGN_OF_LIFE, self.commits.recv()).await {
                Err(_) => {}
                Ok(Err(RecvError::Closed)) => return None,
                Ok(Err(RecvError::Lagged(missed))) => {
                    return Some(Event::default().event("missed").data(format!("{{\"missed\":{missed}}}")));
                }
                Ok(Ok(records)) => {
                    if !self.is_unchanged() {
                        return None;
                    }
                    let whole = self.source.look().await?;
                    let seen = Seen::of(&self.viewer, &whole);
                    self.waiting = records.iter().filter_map(|record| self.event(record, &seen)).collect();
                    self.waiting.reverse();
                }
            }
        }
    }

    /// Whether the account is as it was (enabled, for the same, with the same password and tokens), and the session
    /// that listens has not ended.
    fn is_unchanged(&self) -> bool {
        let now = self.viewer.account.as_ref().and_then(|name| self.source.account(name));
        let goes_on = self.viewer.session.as_ref().is_none_or(|session| {
            let access = self.source.access();
            access.is_some_and(|access| access.goes_on(self.source.as_ref(), session, clock::read().wall))
        });
        now == self.row && goes_on
    }

    fn event(&mut self, record: &Record, seen: &Seen) -> Option<Event> {
        let hidden = match &record.fact {
            Fact::Person(_) => !self.viewer.may(Deed::KeepAccounts),
            Fact::Decision(_) | Fact::Seal(_) => !self.viewer.may(Deed::SeeDecisions),
            Fact::Observation(_)
            | Fact::Line(_)
            | Fact::Outage(_)
            | Fact::Fault(_)
            | Fact::Planned(_)
            | Fact::Inspection(_)
            | Fact::History(_) => false,
        };
        let subject = Subject::of(record);
        let mut line = subject.line.clone();
        if let Some(outage) = subject.outage {
            match &line {
                Some(line) => drop(self.outages.insert(outage, line.clone())),
                None => line = self.outages.get(&outage).cloned(),
            }
        }
        let fault_line = subject.fault.as_ref().and_then(|fault| self.faults.get(fault).cloned());
        if let (Some(fault), Some(line), None) = (&subject.fault, &line, &fault_line) {
            self.faults.insert(fault.clone(), line.clone());
        }
        let own = [&line, &fault_line].into_iter().flatten().any(|line| seen.line(line));
        let foreign = self.viewer.township().is_some() && subject.is_about_lines() && !own;
        if hidden || foreign {
            return None;
        }
        let told = Committed {
            seq: record.seq,
            kind: record.fact.kind().to_owned(),
            at: moment(record.recorded_at),
            author: self.viewer.may(Deed::SeeDecisions).then(|| record.author.clone()),
            line: line.or(fault_line).map(|line| line.to_string()),
            fault: subject.fault,
            outage: subject.outage,
        };
        let data = serde_json::to_string(&told).ok()?;
        Some(Event::default().id(record.seq.to_string()).event(told.kind).data(data))
    }
}

/// What a record is about, by the words that all facts share.
struct Subject {
    line: Option<LineId>,
    fault: Option<String>,
    outage: Option<u64>,
    about_all: bool,
}

impl Subject {
    fn of(record: &Record) -> Self {
        let fact = serde_json::to_value(&record.fact).unwrap_or_default();
        let body = fact.as_object().and_then(|fact| fact.values().next()).and_then(serde_json::Value::as_object);
        let body = body.and_then(|fact| fact.values().next()).cloned().unwrap_or_default();
        let text = |key: &str| body.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        let line =
            text("line").or_else(|| body.pointer("/line/id").and_then(serde_json::Value::as_str).map(str::to_owned));
        let outage = match &record.fact {
            Fact::Outage(linewatch_core::record::OutageFact::Started { .. }) => Some(record.seq),
            _ => body.get("outage").and_then(serde_json::Value::as_u64),
        };
        Self {
            line: line.map(|line| line.as_str().into()),
            fault: text("fault"),
            outage,
            about_all: matches!(record.fact, Fact::Observation(_) | Fact::Planned(_)),
        }
    }

    /// Whether it concerns some lines and not others.
    fn is_about_lines(&self) -> bool {
        !self.about_all || self.line.is_some()
    }
}

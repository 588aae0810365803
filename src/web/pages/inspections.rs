//! `/inspections`: who looked at which line, when, and what was found; crews add theirs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::act::{Act, Inspection};
use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::InspectionRow;
use linewatch_core::line::LineId;
use linewatch_core::person::Deed;
use linewatch_core::record::{FaultNo, InspectionFact};
use linewatch_core::time::Span;
use linewatch_core::view::Shown;

use super::super::form::{self, Fields, Mistake};
use super::super::visit::{Asked, Visit};
use super::super::{Shared, journal};
use super::choose::{self, Found};
use super::{Frame, render};
use crate::store::StoreError;

/// The newest of a year.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "inspections.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    csrf: &'a str,
    said: bool,
    mistake: String,
    may_inspect: bool,
    year: i32,
    rows: Vec<Row>,
    more: usize,
    unread: String,
    offers: Vec<String>,
    fields: Form,
}

struct Row {
    at: String,
    line: String,
    name: String,
    inspector: String,
    findings: String,
    fault: String,
}

/// What the form holds, first or again.
struct Form {
    line: String,
    at: String,
    findings: String,
    inspector: String,
    fault: String,
}

/// `/inspections`.
pub(in crate::web) async fn show(State(source): State<Shared>, asked: Asked) -> Response {
    answer(&source, &asked, None).await
}

/// The form of `/inspections`.
pub(in crate::web) async fn act(State(source): State<Shared>, asked: Asked, fields: Fields) -> Response {
    match add(&source, &asked, &fields).await {
        Ok(()) => form::onward("/inspections?done=added"),
        Err(mistake) => answer(&source, &asked, Some((&fields, mistake))).await,
    }
}

async fn add(source: &Shared, asked: &Asked, fields: &Fields) -> Result<(), Mistake> {
    let (visit, words) = (&asked.visit, asked.visit.words());
    let line = {
        let shown = Shown::of(&asked.look.snapshot, &asked.look.live);
        the_line(&shown, fields.value("line"), visit)?
    };
    let at = fields.instant("at", words.zone, visit.language)?.unwrap_or(words.now);
    let fault = Some(fields.value("fault")).filter(|fault| !fault.is_empty());
    let act = Inspection {
        line,
        inspector: fields.value("inspector").to_owned(),
        at,
        findings: fields.value("findings").to_owned(),
        fault: fault.map(|fault| FaultNo::from_stored(fault.to_owned())),
    };
    form::record(source, visit, Act::Inspect(act)).await.map(drop)
}

/// The line that a field means.
pub(super) fn the_line(shown: &Shown<'_>, text: &str, visit: &Visit) -> Result<LineId, Mistake> {
    match choose::find(shown, text) {
        Found::One(line) => Ok(line.id.clone()),
        Found::Several(lines) => {
            let names: Vec<String> = lines.iter().map(|line| choose::offered(line)).collect();
            let names = names.join(visit.language.pick("、", ", "));
            let sentence = visit.language.pick(
                format!("「{text}」有多条线路：{names}。请写编号。"),
                format!("{text:?} fits several lines: {names}. Give an id."),
            );
            Err(sentence.into())
        }
        Found::Nothing => {
            let sentence = visit.language.pick(
                format!("没有找到线路「{text}」：请写编号、名称或村名。"),
                format!("no line {text:?} was found: give an id, a name or a village."),
            );
            Err(sentence.into())
        }
    }
}

async fn answer(source: &Shared, asked: &Asked, mistaken: Option<(&Fields, Mistake)>) -> Response {
    let Asked { visit, look } = asked;
    let words = visit.words();
    let calendar = Calendar::new(words.zone);
    let this_year = chrono::Datelike::year(&calendar.day_of(words.now));
    let year = visit.value("year").and_then(|year| year.parse().ok()).unwrap_or(this_year);
    let span = calendar.year(year).unwrap_or(Span::new(words.now, words.now));
    let read = journal::read(source, move |snapshot, _| -> Result<_, StoreError> {
        let mut inspections = snapshot.derived().inspections(span)?;
        inspections.sort_by_key(|row| std::cmp::Reverse(at(row)));
        Ok(inspections)
    });
    let read = read.await;
    let shown = Shown::of(&look.snapshot, &look.live);
    let status = mistaken.as_ref().map_or(StatusCode::OK, |(_, mistake)| mistake.status);
    let (fields, mistake) = match mistaken {
        Some((fields, mistake)) => (Some(fields), mistake.sentence),
        None => (None, String::new()),
    };
    let unread = read.as_ref().err().map(|unread| unread.sentence(visit.language)).unwrap_or_default();
    let rows: Vec<Row> = read.unwrap_or_default().iter().filter_map(|row| told(row, visit, &shown)).collect();
    let value = |name: &str| fields.map(|fields| fields.value(name).to_owned());
    let asked_for = |name: &str| value(name).or_else(|| visit.value(name).map(str::to_owned)).unwrap_or_default();
    let may_inspect = visit.viewer.may(Deed::Inspect);
    let page = Page {
        frame: Frame::new(visit, words.pick("巡检", "Inspections")),
        csrf: &visit.viewer.csrf,
        said: visit.value("done").is_some(),
        mistake,
        may_inspect,
        year,
        more: rows.len().saturating_sub(SHOWN),
        rows: rows.into_iter().take(SHOWN).collect(),
        unread,
        offers: if may_inspect { choose::offers(&shown) } else { Vec::new() },
        fields: Form {
            line: asked_for("line"),
            at: value("at").unwrap_or_else(|| form::field_time(words.now, words.zone)),
            findings: asked_for("findings"),
            inspector: value("inspector").unwrap_or_else(|| visit.viewer.name.clone()),
            fault: asked_for("fault"),
        },
    };
    render(status, &page)
}

fn at(row: &InspectionRow) -> linewatch_core::time::Timestamp {
    let InspectionFact::Made { at, .. } = row.fact;
    at
}

/// A row for a visitor; `None`: it is none of his business.
fn told(row: &InspectionRow, visit: &Visit, shown: &Shown<'_>) -> Option<Row> {
    let InspectionFact::Made { line, inspector, at, findings, fault } = &row.fact;
    let known = shown.lines.iter().find(|view| view.line.id == *line);
    if visit.viewer.township().is_some() && known.is_none() {
        return None;
    }
    Some(Row {
        at: visit.words().full_moment(at)[..16].to_owned(),
        line: line.to_string(),
        name: known.map_or_else(|| line.to_string(), |view| view.line.name.clone()),
        inspector: if visit.viewer.may(Deed::SeeContacts) { inspector.clone() } else { String::new() },
        findings: findings.clone(),
        fault: fault.as_ref().map(ToString::to_string).unwrap_or_default(),
    })
}

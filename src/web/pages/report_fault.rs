//! `/report-fault` (报障): which line, what is wrong, since when, in one's own words.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::act::{Act, FaultAct};
use linewatch_core::ledger::Choices;
use linewatch_core::outcome::State as LineState;
use linewatch_core::person::Deed;
use linewatch_core::record::{Fact, FaultFact, Record, Report};
use linewatch_core::view::{LineView, Shown};

use super::super::Shared;
use super::super::form::{self, Fields, Mistake};
use super::super::visit::{Asked, Visit};
use super::{Frame, Message, choose, inspections, render};

/// A township with more lines than this is searched like the whole district.
const LISTED: usize = 80;
/// The way by which an office reports, where it is one of the configured ones.
const BY_OFFICE: &str = "乡镇办上报";
/// The way by which others report, where it is one of the configured ones.
const BY_PHONE: &str = "电话";

#[derive(Template)]
#[template(path = "report_fault.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    csrf: &'a str,
    mistake: String,
    /// The visitor's own lines to choose from; empty: the line is searched for.
    own: Vec<Own<'a>>,
    offers: Vec<String>,
    symptoms: Vec<Pick>,
    channels: Vec<Pick>,
    fields: Form,
}

struct Own<'a> {
    id: &'a str,
    name: &'a str,
    state: String,
    chosen: bool,
}

struct Pick {
    name: String,
    chosen: bool,
}

/// What the form holds, first or again.
struct Form {
    line: String,
    at: String,
    words: String,
    reporter: String,
    phone: String,
}

/// `/report-fault`.
pub(in crate::web) async fn show(State(source): State<Shared>, asked: Asked) -> Response {
    answer(&source, &asked, None)
}

/// The form of `/report-fault`.
pub(in crate::web) async fn act(State(source): State<Shared>, asked: Asked, fields: Fields) -> Response {
    match report(&source, &asked, &fields).await {
        Ok(records) => match reported(&records) {
            Some((fault, joined)) => {
                let done = if joined { "joined" } else { "reported" };
                form::onward(&format!("/faults/{fault}?done={done}"))
            }
            None => form::onward("/faults"),
        },
        Err(mistake) => answer(&source, &asked, Some((&fields, mistake))),
    }
}

/// The fault that a report came to, and whether it was there before.
fn reported(records: &[Record]) -> Option<(String, bool)> {
    records.iter().find_map(|record| match &record.fact {
        Fact::Fault(FaultFact::Reported { fault, .. }) => Some((fault.to_string(), false)),
        Fact::Fault(FaultFact::ReportJoined { fault, .. }) => Some((fault.to_string(), true)),
        _ => None,
    })
}

async fn report(source: &Shared, asked: &Asked, fields: &Fields) -> Result<Vec<Record>, Mistake> {
    let visit = &asked.visit;
    let line = {
        let shown = Shown::of(&asked.look.snapshot, &asked.look.live);
        inspections::the_line(&shown, fields.value("line"), visit)?
    };
    let at = fields.instant("at", visit.words().zone, visit.language)?;
    let text = |name: &str| fields.value(name).to_owned();
    let report = Report {
        channel: text("channel"),
        symptom: Some(text("symptom")).filter(|symptom| !symptom.is_empty()),
        reporter: text("reporter"),
        phone: text("phone"),
        words: text("words"),
    };
    form::record(source, visit, Act::Fault(FaultAct::Report { line, at, report })).await
}

fn answer(source: &Shared, asked: &Asked, mistaken: Option<(&Fields, Mistake)>) -> Response {
    let Asked { visit, look } = asked;
    if !visit.viewer.may(Deed::Report) {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(visit));
    }
    let choices = source.config().map_or_else(Choices::default, |config| config.policy().choices);
    let shown = Shown::of(&look.snapshot, &look.live);
    let status = mistaken.as_ref().map_or(StatusCode::OK, |(_, mistake)| mistake.status);
    render(status, &filled(visit, &shown, choices, mistaken))
}

fn filled<'a>(visit: &'a Visit, shown: &Shown<'a>, choices: Choices, mistaken: Option<(&Fields, Mistake)>) -> Page<'a> {
    let words = visit.words();
    let (fields, mistake) = match mistaken {
        Some((fields, mistake)) => (Some(fields), mistake.sentence),
        None => (None, String::new()),
    };
    let value = |name: &str| fields.map(|fields| fields.value(name).to_owned());
    let line = value("line").or_else(|| visit.value("line").map(str::to_owned)).unwrap_or_default();
    let office = visit.viewer.township().is_some();
    let listed = office && shown.lines.len() <= LISTED;
    let usual = if office { BY_OFFICE } else { BY_PHONE };
    let channel = value("channel").unwrap_or_else(|| usual.to_owned());
    let symptom = value("symptom").or_else(|| choices.symptoms.first().cloned()).unwrap_or_default();
    let pick = |name: String, chosen: &str| Pick { chosen: name == chosen, name };
    Page {
        frame: Frame::new(visit, words.pick("报障", "Report a fault")),
        csrf: &visit.viewer.csrf,
        mistake,
        own: if listed { own(shown, &line, visit) } else { Vec::new() },
        offers: if listed { Vec::new() } else { choose::offers(shown) },
        symptoms: choices.symptoms.into_iter().map(|name| pick(name, &symptom)).collect(),
        // The first way is that of probes.
        channels: choices.channels.into_iter().skip(1).map(|name| pick(name, &channel)).collect(),
        fields: Form {
            line,
            at: value("at").unwrap_or_default(),
            words: value("words").unwrap_or_default(),
            reporter: value("reporter")
                .unwrap_or_else(|| if office { visit.viewer.name.clone() } else { String::new() }),
            phone: value("phone").unwrap_or_default(),
        },
    }
}

/// The visitor's own lines, those that are not up first.
fn own<'a>(shown: &Shown<'a>, chosen: &str, visit: &Visit) -> Vec<Own<'a>> {
    let words = visit.words();
    let mut views: Vec<&LineView<'a>> = shown.lines.iter().collect();
    views.sort_by_key(|view| view.state == LineState::Up);
    let own = |view: &LineView<'a>| Own {
        id: view.line.id.as_str(),
        name: &view.line.name,
        state: if view.state == LineState::Up {
            String::new()
        } else {
            words.language.pick(format!("（{}）", words.state(&view.state)), format!(" ({})", words.state(&view.state)))
        },
        chosen: view.line.id.as_str() == chosen,
    };
    views.into_iter().map(own).collect()
}

//! `/faults/{no}`: one fault: what to do next with it, whom to call, and what happened.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::ledger::{DecisionRow, FaultRow, PointRow, Stage};
use linewatch_core::line::LineId;
use linewatch_core::outcome::State as LineState;
use linewatch_core::person::Deed;
use linewatch_core::record::{FaultFact, FaultNo};
use linewatch_core::time::Timestamp;
use linewatch_core::view::Shown;

use super::super::filters;
use super::super::form::{self, Fields, Mistake};
use super::super::visit::{Asked, Visit};
use super::super::{Shared, journal};
use super::fault_card::{self, FaultCard, Item, Lines};
use super::fault_steps;
use super::{Frame, Message, render};
use crate::report::faults::timeline::{Entry, What, without_people};
use crate::report::faults::{self, FaultReport};
use crate::report::words::Words;
use crate::store::StoreError;

/// How long something has lasted is said anew so often.
const EVERY_SECONDS: u32 = 15;
/// Points of a trunk; more are found by its township.
const POINTS_SHOWN: usize = 200;
/// The author of what follows by itself.
const PROGRAM: &str = "linewatch";

#[derive(Template)]
#[template(path = "fault.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    csrf: &'a str,
    said: String,
    mistake: String,
    card: FaultCard,
    /// What has to be said loudly: that the line is down although somebody said it is restored.
    loud: String,
    /// What is worth knowing of how it stands.
    remarks: Vec<String>,
    step: Option<Step>,
    may: May,
    facts: Vec<(&'static str, String)>,
    contact: Option<(String, String)>,
    reporters: Vec<(String, String)>,
    circuit: String,
    points: Vec<Point>,
    more_points: usize,
    story: Vec<Told>,
    merged: Vec<String>,
    merged_into: String,
    choices: Choices,
    again: Again,
}

/// The big button.
struct Step {
    action: &'static str,
    name: &'static str,
    about: &'static str,
}

/// What the visitor may do now.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a form of its own")]
struct May {
    work: bool,
    judge: bool,
    note: bool,
    reopen: bool,
    close: bool,
    dispatch: bool,
    exempt: bool,
    inspect: bool,
}

struct Point {
    id: String,
    name: String,
    state: &'static str,
    state_class: &'static str,
    from: String,
    left: String,
    /// Named by a person, and so may be taken back.
    named: bool,
    own: bool,
}

struct Told {
    at: String,
    entered: String,
    sentence: String,
    words: String,
    by: String,
    class: &'static str,
}

/// What is chosen from.
struct Choices {
    causes: Vec<(String, Vec<(String, String)>)>,
    symptoms: Vec<String>,
}

/// What was written into forms that came to nothing.
#[derive(Default)]
struct Again {
    note: String,
    at: String,
}

/// All that is read for the page.
#[derive(Clone, Debug)]
pub(super) struct Dossier {
    row: FaultRow,
    report: FaultReport,
    points: Vec<PointRow>,
    exemption: Option<DecisionRow>,
    causes: Vec<Vec<String>>,
    symptoms: Vec<String>,
}

/// `/faults/{no}`.
pub(in crate::web) async fn fault(State(source): State<Shared>, Path(number): Path<String>, asked: Asked) -> Response {
    if number == "list.csv" || number == "list.xlsx" {
        return super::faults::file(&source, &asked, &number).await;
    }
    answer(&source, &asked, number, None).await
}

/// A step of `/faults/{no}`.
pub(in crate::web) async fn act(
    State(source): State<Shared>,
    Path(number): Path<String>,
    asked: Asked,
    fields: Fields,
) -> Response {
    let visit = &asked.visit;
    let fault = FaultNo::from_stored(number.clone());
    let done = async {
        let act = {
            let shown = Shown::of(&asked.look.snapshot, &asked.look.live);
            fault_steps::act(&fault, &fields, visit, &shown)?
        };
        form::record(&source, visit, act).await
    };
    match done.await {
        Ok(_) => form::onward(&format!("/faults/{number}?done={}", fault_steps::done(&fields))),
        Err(mistake) => answer(&source, &asked, number, Some((&fields, mistake))).await,
    }
}

async fn read(source: &Shared, number: String, visit: &Visit) -> Result<Option<Dossier>, journal::Unread> {
    let (now, lines) = (visit.words().now, visit.lines());
    journal::read(source, move |snapshot, config| -> Result<_, StoreError> {
        let fault = FaultNo::from_stored(number);
        let context =
            faults::Context { now, zone: config.site.zone, classes: config.class_labels(), lines: Some(lines) };
        let Some(row) = snapshot.fault(&fault)? else { return Ok(None) };
        let Some(report) = faults::one(snapshot, &fault, &context)? else { return Ok(None) };
        let policy = config.policy();
        Ok(Some(Dossier {
            points: snapshot.points(&fault)?,
            exemption: faults::exemption(snapshot, &fault)?,
            causes: policy.choices.cause_paths(),
            symptoms: policy.choices.symptoms.clone(),
            report,
            row,
        }))
    })
    .await
}

async fn answer(source: &Shared, asked: &Asked, number: String, mistaken: Option<(&Fields, Mistake)>) -> Response {
    let Asked { visit, look } = asked;
    let missing = visit.language.pick(format!("没有编号为 {number} 的故障。"), format!("There is no fault {number}."));
    let dossier = match read(source, number, visit).await {
        Ok(Some(dossier)) => dossier,
        Ok(None) => return render(StatusCode::NOT_FOUND, &Message::new(visit, missing)),
        Err(unread) => {
            let sentence = unread.sentence(visit.language);
            return render(StatusCode::SERVICE_UNAVAILABLE, &Message::new(visit, sentence));
        }
    };
    let shown = Shown::of(&look.snapshot, &look.live);
    let lines = fault_card::lines(&shown);
    let item = Item::from(dossier.row.clone());
    let affected: Vec<LineId> = dossier.points.iter().map(|point| point.line.clone()).collect();
    if !fault_card::is_seen(&item, &affected, visit, &lines) {
        // As if there were none: whose it is, is nobody else's business.
        return render(StatusCode::NOT_FOUND, &Message::new(visit, missing));
    }
    let status = mistaken.as_ref().map_or(StatusCode::OK, |(_, mistake)| mistake.status);
    let (fields, mistake) = match mistaken {
        Some((fields, mistake)) => (Some(fields), mistake.sentence),
        None => (None, String::new()),
    };
    render(status, &filled(visit, &dossier, &item, &lines, fields, mistake))
}

fn filled<'a>(
    visit: &'a Visit,
    dossier: &Dossier,
    item: &Item,
    lines: &Lines<'_>,
    fields: Option<&Fields>,
    mistake: String,
) -> Page<'a> {
    let words = visit.words();
    let points = points(dossier, item, lines, &words);
    let affected = points.iter().filter(|point| point.left.is_empty()).count();
    let merged_into = dossier.row.merged_into.as_ref().map(ToString::to_string).unwrap_or_default();
    let card = fault_card::card(item, lines, affected, visit);
    let card = if merged_into.is_empty() { card } else { card.merged(&words) };
    let mut may = may(visit, item, lines, !merged_into.is_empty());
    may.exempt &= dossier.exemption.is_none();
    let line = lines.get(&item.line).map(|(line, _)| *line);
    let sees_contacts = visit.viewer.may(Deed::SeeContacts);
    let text = |own: &Option<String>, of_line: Option<&str>| {
        own.clone().filter(|text| !text.is_empty()).or_else(|| of_line.map(str::to_owned)).unwrap_or_default()
    };
    let contact = text(&item.work.contact, line.map(|line| line.contact.as_str()));
    let phone = text(&item.work.phone, line.map(|line| line.phone.as_str()));
    let value = |name: &str| fields.map(|fields| fields.value(name).to_owned()).unwrap_or_default();
    Page {
        frame: Frame::new(visit, format!("{} {}", item.fault, card.name)).live(visit, EVERY_SECONDS),
        csrf: &visit.viewer.csrf,
        said: fault_steps::said(visit),
        mistake,
        loud: if merged_into.is_empty() { loud(item, lines, &words) } else { String::new() },
        remarks: if merged_into.is_empty() { remarks(item, dossier.row.relapses, lines, &words) } else { Vec::new() },
        step: step(item, &may, &words),
        facts: facts(
            item,
            line.map(AsRef::as_ref),
            sees_contacts,
            dossier.exemption.as_ref().map(|row| fault_card::exempt(row, visit)),
            &words,
        ),
        contact: (sees_contacts && !(contact.is_empty() && phone.is_empty())).then_some((contact, phone)),
        reporters: if sees_contacts { reporters(item) } else { Vec::new() },
        circuit: line.map(|line| line.circuit_no.clone()).unwrap_or_default(),
        more_points: points.len().saturating_sub(POINTS_SHOWN),
        points: points.into_iter().take(POINTS_SHOWN).collect(),
        story: story(dossier, visit),
        merged: dossier.report.within.iter().map(ToString::to_string).collect(),
        merged_into,
        choices: choices(dossier),
        again: Again { note: value("note"), at: value("at") },
        may,
        card,
    }
}

fn loud(item: &Item, lines: &Lines<'_>, words: &Words) -> String {
    let Some(claimed) = item.work.contradicted() else { return String::new() };
    let (by, at) = (&claimed.said.by, words.moment(&claimed.at));
    match lines.get(&item.line).map(|(_, state)| *state) {
        Some(LineState::Up) => words.language.pick(
            format!("{at} {by} 报告已修复，当时线路仍然中断；现在线路有应答，稳定后自动核实"),
            format!("{by} said that it is restored ({at}) while the line was down; it answers now, and is verified once stable"),
        ),
        Some(LineState::Suspect | LineState::Recovering | LineState::Undetermined | LineState::Pending) => words.language.pick(
            format!("{at} {by} 报告已修复，当时线路仍然中断；现在通不通还没有判明"),
            format!("{by} said that it is restored ({at}) while the line was down; whether it is up now is not settled yet"),
        ),
        Some(LineState::Down) | None => words.language.pick(
            format!("线路仍然中断！{at} {by} 报告已修复，但探测收不到应答，不能算修复"),
            format!("The line is still down! {by} said that it is restored ({at}), but no probe is answered: it does not count"),
        ),
    }
}

fn remarks(item: &Item, relapses: u32, lines: &Lines<'_>, words: &Words) -> Vec<String> {
    let pick = |chinese: &str, english: &str| words.pick(chinese, english).to_owned();
    let mut said = Vec::new();
    let up = lines.get(&item.line).is_some_and(|(_, state)| *state == LineState::Up);
    if item.work.is_unverified() && item.work.stage == Stage::Restored {
        said.push(pick(
            "修复待探测核实：线路稳定一段时间后自动核实",
            "not verified yet: the line has to be up for a while",
        ));
    }
    if item.work.stage.is_open() && up && item.work.contradicted().is_none() {
        said.push(pick("线路现在有应答", "the line answers now"));
    }
    if relapses > 0 {
        let times = relapses;
        said.push(words.language.pick(format!("复发 {times} 次"), format!("relapses: {times}")));
    }
    if item.work.waits_for_a_person() && item.work.stage.is_open() {
        said.push(pick("重开的故障要由人报告修复", "it was reopened: a person has to say that it is restored"));
    }
    said
}

/// What the visitor may do with the fault as it stands.
fn may(visit: &Visit, item: &Item, lines: &Lines<'_>, gone: bool) -> May {
    if gone {
        return May::default();
    }
    let viewer = &visit.viewer;
    let stage = item.work.stage;
    let within = |deed| match viewer.township() {
        // An office speaks of what stands on its own lines.
        Some(_) => viewer.may(deed) && lines.contains_key(&item.line),
        None => viewer.may(deed),
    };
    May {
        work: within(Deed::Work) && stage.is_open(),
        judge: within(Deed::Judge) && !stage.is_settled(),
        note: within(Deed::Report) && stage != Stage::Void,
        reopen: within(Deed::Reopen) && !stage.is_open(),
        close: within(Deed::Judge) && !stage.is_settled() && item.work.contradicted().is_none(),
        dispatch: within(Deed::Work) && stage.is_open(),
        exempt: within(Deed::Decide),
        inspect: within(Deed::Inspect),
    }
}

/// The one step that comes next, where the visitor may do it.
fn step(item: &Item, may: &May, words: &Words) -> Option<Step> {
    let pick = |chinese, english| words.language.pick(chinese, english);
    let step = |action, name, about| Some(Step { action, name, about });
    // What was said once is settled by the probes; whoever goes there again finds his step below.
    if item.work.contradicted().is_some() {
        return None;
    }
    match item.work.stage {
        Stage::Open if may.work => {
            step("acknowledge", pick("受理", "Acknowledge"), pick("我来处理", "I take care of it"))
        }
        Stage::Acknowledged | Stage::Dispatched if may.work => {
            step("arrive", pick("到场", "On site"), pick("我已到现场", "I am there"))
        }
        Stage::OnSite if may.work => step("restore", pick("已修复", "Restored"), pick("修好了", "It works again")),
        Stage::Restored if may.judge => step("close", pick("关闭", "Close"), pick("写明原因后关闭", "With its cause")),
        _ => None,
    }
}

fn facts(
    item: &Item,
    line: Option<&linewatch_core::line::Line>,
    sees_contacts: bool,
    exempt: Option<String>,
    words: &Words,
) -> Vec<(&'static str, String)> {
    let pick = |chinese, english| words.language.pick(chinese, english);
    let work = &item.work;
    let mut facts = vec![
        (pick("发生", "Since"), words.full_moment(&item.opened)),
        (pick("修复时限", "Deadline"), words.full_moment(&item.deadline)),
    ];
    if let Some(restored) = &item.restored {
        facts.push((pick("修复", "Restored"), words.full_moment(restored)));
    }
    facts.push((pick("来源", "Source"), fault_card::source(item.source, words).to_owned()));
    let said = [
        (pick("现象", "Symptom"), work.symptom.clone()),
        (pick("派给", "Sent"), work.sent.clone().filter(|_| sees_contacts)),
        (pick("运营商工单", "Carrier's ticket"), work.ticket.clone()),
        (pick("原因", "Cause"), Some(work.cause.join("/"))),
        (pick("处理", "Done"), Some(work.remedy.clone())),
        (pick("责任", "Responsible"), work.responsibility.clone()),
        (pick("超时原因", "Why overdue"), work.overdue_reason.clone()),
        (pick("免责", "Exempt"), exempt),
        (
            pick("误报", "Void"),
            work.voided.as_ref().map(|(said, why)| {
                if sees_contacts {
                    words.language.pick(format!("{why}（{}）", said.by), format!("{why} ({})", said.by))
                } else {
                    why.clone()
                }
            }),
        ),
        (pick("运营商", "Carrier"), line.map(|line| line.carrier.clone())),
        (pick("安装地址", "Address"), line.map(|line| line.install_address.clone())),
    ];
    facts.extend(said.into_iter().filter_map(|(name, text)| Some((name, text.filter(|text| !text.is_empty())?))));
    facts
}

fn reporters(item: &Item) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> = Vec::new();
    for report in item.work.reports.iter().map(|told| &told.report) {
        let who = (report.reporter.clone(), report.phone.clone());
        if who != Default::default() && !told.contains(&who) {
            told.push(who);
        }
    }
    told
}

fn points(dossier: &Dossier, item: &Item, lines: &Lines<'_>, words: &Words) -> Vec<Point> {
    let named = item.work.named.iter().map(|point| (&point.line, point.from, point.left, true));
    let seen = dossier.points.iter().map(|point| (&point.line, point.from, point.left, false));
    let mut points: Vec<Point> = Vec::new();
    for (line, from, left, named) in seen.chain(named) {
        let known = lines.get(line).copied();
        points.retain(|point| point.id != line.as_str());
        points.push(Point {
            id: line.to_string(),
            name: known.map_or_else(|| line.to_string(), |(line, _)| line.name.clone()),
            state: known.map_or("", |(_, state)| words.state(&state)),
            state_class: known.map_or("", |(_, state)| state.label()),
            from: words.moment(&from),
            left: left.map(|left| words.moment(&left)).unwrap_or_default(),
            named,
            own: *line == item.line,
        });
    }
    // A reported fault stands on its line also where no probe was lost; one that was merged has nothing of its own.
    if dossier.row.merged_into.is_none() && !points.iter().any(|point| point.own) {
        let known = lines.get(&item.line).copied();
        points.push(Point {
            id: item.line.to_string(),
            name: known.map_or_else(|| item.line.to_string(), |(line, _)| line.name.clone()),
            state: known.map_or("", |(_, state)| words.state(&state)),
            state_class: known.map_or("", |(_, state)| state.label()),
            from: words.moment(&item.opened),
            left: String::new(),
            named: false,
            own: true,
        });
    }
    points.sort_by_key(|point| (!point.own, !point.left.is_empty(), point.id.clone()));
    points
}

fn story(dossier: &Dossier, visit: &Visit) -> Vec<Told> {
    let words = visit.words();
    let sees_contacts = visit.viewer.may(Deed::SeeContacts);
    let minute = |at: Timestamp| words.full_moment(&at)[..16].to_owned();
    let told = |entry: &Entry| {
        let entry = if sees_contacts { entry.clone() } else { without_contacts(entry) };
        let (sentence, words) = halves(entry.sentence(&dossier.row.fault, &minute, visit.language));
        Told {
            at: minute(entry.at),
            entered: entry.entered.filter(|_| entry.late).map(minute).unwrap_or_default(),
            sentence,
            words,
            by: if sees_contacts && entry.by != PROGRAM { entry.by.clone() } else { String::new() },
            class: if entry.contradicted { "down" } else { class(&entry.what) },
        }
    };
    // The newest first: whoever opens the page wants to know how it stands.
    dossier.report.timeline.iter().rev().map(told).collect()
}

/// What happened, and what was said with it.
fn halves(sentence: String) -> (String, String) {
    let parts = sentence.split_once('：').or_else(|| sentence.split_once(": "));
    parts.map(|(head, rest)| (head.to_owned(), rest.to_owned())).unwrap_or((sentence, String::new()))
}

/// An entry without names and telephone numbers of people.
fn without_contacts(entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    if let What::Step(fact) = &mut entry.what {
        without_people(fact);
    }
    entry
}

/// What an entry means for the line.
fn class(what: &What) -> &'static str {
    match what {
        What::Down => "down",
        What::Up => "up",
        What::Step(fact) => match fact.as_ref() {
            FaultFact::Reported { .. } | FaultFact::ReportJoined { .. } | FaultFact::Reopened { .. } => "down",
            FaultFact::Restored { .. } | FaultFact::Verified { .. } | FaultFact::Repaired { .. } => "up",
            _ => "",
        },
    }
}

fn choices(dossier: &Dossier) -> Choices {
    let mut causes: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for path in &dossier.causes {
        let (Some(kind), Some(last)) = (path.first(), path.last()) else { continue };
        if causes.last().is_none_or(|(known, _)| known != kind) {
            causes.push((kind.clone(), Vec::new()));
        }
        if let Some((_, of_kind)) = causes.last_mut() {
            of_kind.push((path.join("/"), last.clone()));
        }
    }
    Choices { causes, symptoms: dossier.symptoms.clone() }
}

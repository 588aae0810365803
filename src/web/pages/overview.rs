//! `/`: what is wrong now, since when, how everything else is, and the monitor itself.

use askama::Template;
use axum::response::Response;
use linewatch_core::outcome::State;
use linewatch_core::view::Shown;

use super::super::filters;
use super::super::visit::{Asked, Visit};
use super::{Frame, HealthRow, health_rows, page, place};
use crate::report::sentences;
use crate::report::status::{CutOff, Group, LineBrief, Mood, StatusReport, Trouble};
use crate::report::words::Words;

/// How long something has lasted is said anew so often.
const EVERY_SECONDS: u32 = 30;
/// More troubles than this do not help anybody on a phone.
const TROUBLES_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "overview.html", config = "src/web/templates/askama.toml")]
struct Overview<'a> {
    frame: Frame,
    report: &'a StatusReport,
    mood: &'static str,
    headline: String,
    remarks: Vec<String>,
    /// What is wrong with the monitor itself, above everything else.
    alarms: Vec<HealthRow>,
    troubles: Vec<TroubleItem<'a>>,
    more: usize,
    tables: [(&'static str, &'static str, &'a [Group]); 2],
    health: Vec<HealthRow>,
}

struct TroubleItem<'a> {
    line: &'a LineBrief,
    state: &'static str,
    state_class: &'static str,
    place: String,
    outage: Option<String>,
    fault: Option<(String, bool, String)>,
    cut_off: &'a [CutOff],
    cut_off_sentence: String,
}

/// `/`.
pub(in crate::web) async fn overview(asked: Asked) -> Response {
    let shown = Shown::of(&asked.look.snapshot, &asked.look.live);
    let report = StatusReport::of(&shown, asked.look.settings.language);
    page(&filled(&asked.visit, &report))
}

fn filled<'a>(visit: &Visit, report: &'a StatusReport) -> Overview<'a> {
    let words = visit.words();
    let (mood, headline) = report.headline(&words);
    let health = health_rows(&report.monitor, &words);
    let pick = |chinese, english| words.language.pick(chinese, english);
    Overview {
        frame: Frame::new(visit, pick("总览", "Overview")).live(visit, EVERY_SECONDS),
        report,
        mood: mood_class(mood),
        headline,
        remarks: report.remarks(&words),
        alarms: health.iter().filter(|row| row.grade == "bad").cloned().collect(),
        troubles: report.troubles.iter().take(TROUBLES_SHOWN).map(|trouble| trouble_item(trouble, &words)).collect(),
        more: report.troubles.len().saturating_sub(TROUBLES_SHOWN),
        tables: [
            (pick("按类别", "By class"), "class", &report.classes),
            (pick("按乡镇", "By township"), "township", &report.townships),
        ],
        health,
    }
}

fn trouble_item<'a>(trouble: &'a Trouble, words: &Words) -> TroubleItem<'a> {
    let line = &trouble.line;
    let cut = trouble.cut_off.len() as u64;
    TroubleItem {
        line,
        state: trouble.state.map_or(words.language.pick("已停用", "out of service"), |state| words.state(&state)),
        state_class: trouble.state.map_or("", State::label),
        place: place(line),
        outage: trouble.outage.as_ref().map(|outage| sentences::outage(outage, words)),
        fault: sentences::trouble_fault(trouble, words)
            .zip(trouble.fault.as_ref())
            .map(|(sentence, fault)| (sentence, fault.overdue, fault.number.to_string())),
        cut_off: &trouble.cut_off,
        cut_off_sentence: words
            .language
            .pick(format!("随之中断 {cut} 条线路"), format!("Cuts off {}", words.lines(&cut))),
    }
}

/// The class of the sentence that comes first.
pub(super) fn mood_class(mood: Mood) -> &'static str {
    match mood {
        Mood::Calm => "calm",
        Mood::Watch => "watch",
        Mood::Bad => "bad-day",
        Mood::Unknown => "unknown",
    }
}

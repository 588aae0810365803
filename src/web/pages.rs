//! What the templates are filled with. Text is made here or said by [`Words`]; the templates only place it.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use linewatch_core::outcome::State;
use linewatch_core::view::{LineView, Shown};

use super::chart::Chart;
use crate::language::Language;
use crate::report::health::{self, Grade};
use crate::report::status::{CutOff, Group, LineBrief, LineReport, Mood, QualityReport, StatusReport, Trouble};
use crate::report::words::Words;
use crate::report::{quality, sentences, table};

/// The overview asks again by itself.
const REFRESH_SECONDS: u32 = 10;
/// More troubles than this do not help anybody on a phone.
const TROUBLES_SHOWN: usize = 100;
/// More rows than this make a page that nobody scrolls.
const LINES_SHOWN: usize = 1000;

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

/// What all pages have around their content.
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) site: String,
    pub(super) words: Words,
    /// `?lang=…` where the reader's language is not the site's, so that links keep it.
    pub(super) suffix: &'static str,
    /// The same after other parameters.
    pub(super) and_lang: &'static str,
    /// This page in the other language.
    pub(super) switch: &'static str,
    pub(super) refresh_seconds: Option<u32>,
    /// Whether the page shows the state of an instant.
    pub(super) dated: bool,
}

impl Frame {
    fn new(title: String, site_name: &str, site: Language, words: Words) -> Self {
        let other = words.language != site;
        Self {
            title,
            site: site_name.to_owned(),
            words,
            suffix: if other { words.language.pick("?lang=zh-CN", "?lang=en") } else { "" },
            and_lang: if other { words.language.pick("&lang=zh-CN", "&lang=en") } else { "" },
            switch: words.language.pick("?lang=en", "?lang=zh-CN"),
            refresh_seconds: None,
            dated: true,
        }
    }
}

impl Frame {
    /// For a page that does not show the state of an instant.
    pub(super) fn undated(title: String, site_name: &str, site: Language, words: Words) -> Self {
        Self { dated: false, ..Self::new(title, site_name, site, words) }
    }
}

/// A sentence and nothing else.
#[derive(Template)]
#[template(path = "message.html", config = "src/web/templates/askama.toml")]
pub(super) struct Message {
    frame: Frame,
    sentence: String,
}

impl Message {
    /// For a site of a name and language, to a reader of another.
    pub(super) fn new(sentence: String, site_name: &str, site: Language, language: Language) -> Self {
        let words = Words { language, zone: chrono_tz::Tz::UTC, now: linewatch_core::time::Timestamp::default() };
        let frame = Frame::undated(sentence.clone(), site_name, site, words);
        Self { frame, sentence }
    }
}

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
    any_cut_off: bool,
    /// Whether the lines cut off are unfolded: asked for in the address, since the page asks again by itself and
    /// would fold up what the reader unfolded.
    open: bool,
    toggle: String,
    more: usize,
    tables: [(&'static str, &'static str, &'a [Group]); 2],
    health: Vec<HealthRow>,
}

#[derive(Clone)]
struct HealthRow {
    subject: &'static str,
    text: String,
    grade: &'static str,
}

struct TroubleItem<'a> {
    line: &'a LineBrief,
    state: &'static str,
    state_class: &'static str,
    place: String,
    outage: Option<String>,
    fault: Option<(String, bool)>,
    cut_off: &'a [CutOff],
    cut_off_sentence: String,
}

/// `/`.
pub(super) fn overview(report: &StatusReport, language: Language, open: bool) -> impl Template + '_ {
    let words = report.words(language);
    let (mood, headline) = report.headline(&words);
    let health: Vec<HealthRow> = health::rows(&report.monitor, &words)
        .into_iter()
        .map(|row| HealthRow { subject: row.subject, text: row.text, grade: grade_class(row.grade) })
        .collect();
    let title = language.pick("总览", "Overview").to_owned();
    let frame = Frame {
        refresh_seconds: Some(REFRESH_SECONDS),
        switch: if open {
            language.pick("?lang=en&open=1", "?lang=zh-CN&open=1")
        } else {
            language.pick("?lang=en", "?lang=zh-CN")
        },
        ..Frame::new(title, &report.site, report.language, words)
    };
    Overview {
        report,
        mood: mood_class(mood),
        headline,
        remarks: report.remarks(&words),
        alarms: health.iter().filter(|row| row.grade == grade_class(Grade::Bad)).cloned().collect(),
        troubles: report.troubles.iter().take(TROUBLES_SHOWN).map(|trouble| trouble_item(trouble, &words)).collect(),
        any_cut_off: report.total.cut_off > 0,
        open,
        toggle: if open { format!("/{}", frame.suffix) } else { format!("/?open=1{}", frame.and_lang) },
        more: report.troubles.len().saturating_sub(TROUBLES_SHOWN),
        tables: [
            (language.pick("按类别", "By class"), "class", &report.classes),
            (language.pick("按乡镇", "By township"), "township", &report.townships),
        ],
        health,
        frame,
    }
}

/// T-04 · 区直及乡镇 · 汀泗桥镇, below the line's name.
fn place(line: &LineBrief) -> String {
    let parts = [line.id.as_str(), &line.class, &line.township, &line.village];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
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
            .map(|sentence| (sentence, trouble.fault.as_ref().is_some_and(|fault| fault.overdue))),
        cut_off: &trouble.cut_off,
        cut_off_sentence: words
            .language
            .pick(format!("随之中断 {cut} 条线路"), format!("Cuts off {}", words.lines(&cut))),
    }
}

fn mood_class(mood: Mood) -> &'static str {
    match mood {
        Mood::Calm => "calm",
        Mood::Watch => "watch",
        Mood::Bad => "bad-day",
        Mood::Unknown => "unknown",
    }
}

fn grade_class(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "good",
        Grade::Notice => "notice",
        Grade::Bad => "bad",
    }
}

/// What `/lines` is asked for; a key that is absent asks for everything.
#[derive(Debug, Default)]
pub(super) struct Filter {
    class: Option<String>,
    township: Option<String>,
}

impl Filter {
    /// From the parameters of the address; others are ignored.
    pub(super) fn of(pairs: &[(String, String)]) -> Self {
        let value = |wanted: &str| pairs.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.clone());
        Self { class: value("class"), township: value("township") }
    }

    fn admits(&self, view: &LineView<'_>) -> bool {
        self.class.as_ref().is_none_or(|class| class == view.line.class.as_str())
            && self.township.as_ref().is_none_or(|township| township == view.line.township.as_str())
    }
}

#[derive(Template)]
#[template(path = "lines.html", config = "src/web/templates/askama.toml")]
struct Lines<'a> {
    frame: Frame,
    found: u64,
    more: usize,
    rows: Vec<LineRow<'a>>,
}

struct LineRow<'a> {
    id: &'a str,
    name: &'a str,
    class: &'a str,
    township: &'a str,
    state: State,
    delay: String,
}

/// `/lines`.
pub(super) fn lines<'a>(
    shown: &'a Shown<'a>,
    filter: &Filter,
    site: Language,
    language: Language,
) -> impl Template + 'a {
    let about = &shown.snapshot.site;
    let words = Words { language, zone: about.zone, now: shown.live.now };
    let mut found: Vec<&LineView<'_>> = shown.lines.iter().filter(|view| filter.admits(view)).collect();
    // What is wrong comes first; within a state the inventory's order stays.
    found.sort_by_key(|view| (view.outage.is_none(), view.state == State::Up));
    let mut title = vec![language.pick("线路", "Lines").to_owned()];
    if let Some(class) = &filter.class {
        title.push(about.label(&class.as_str().into()).to_owned());
    }
    if let Some(township) = &filter.township {
        title.push(words.township(township).to_owned());
    }
    Lines {
        frame: Frame::new(title.join(" · "), &about.name, site, words),
        found: found.len() as u64,
        more: found.len().saturating_sub(LINES_SHOWN),
        rows: found
            .into_iter()
            .take(LINES_SHOWN)
            .map(|view| LineRow {
                id: view.line.id.as_str(),
                name: &view.line.name,
                class: about.label(&view.line.class),
                township: view.line.township.as_str(),
                state: view.state,
                delay: view.live.and_then(|live| live.delay_us).map_or_else(String::new, table::milliseconds),
            })
            .collect(),
    }
}

#[derive(Template)]
#[template(path = "line.html", config = "src/web/templates/askama.toml")]
struct Line {
    frame: Frame,
    state: &'static str,
    state_class: &'static str,
    place: String,
    rows: Vec<(&'static str, String)>,
    quality: Option<QualityTables>,
}

/// Totals, hours and the chart of a line.
struct QualityTables {
    headings: [&'static str; 8],
    totals: Vec<QualityRow>,
    hours: Vec<QualityRow>,
    explanations: [&'static str; 2],
    chart: Chart,
}

struct QualityRow {
    heading: String,
    cells: [String; 8],
    /// The class of the cells that tell losses.
    loss: &'static str,
}

impl QualityTables {
    fn of(report: &QualityReport, words: &Words) -> Self {
        let row = |row: quality::Row| QualityRow {
            loss: match row.figures.loss_bp() {
                None | Some(0) => "",
                Some(1..quality::MUCH_BP) => "suspect",
                Some(_) => "down",
            },
            cells: row.cells(),
            heading: row.heading,
        };
        Self {
            headings: quality::headings(words),
            totals: quality::totals(report, words).into_iter().map(row).collect(),
            hours: quality::hours(report, words).into_iter().map(row).collect(),
            explanations: quality::explanations(words),
            chart: Chart::of(report, words),
        }
    }
}

/// `/lines/{id}`.
pub(super) fn line(report: &LineReport, site_name: &str, language: Language) -> impl Template + 'static {
    let words = report.words(language);
    let frame = Frame::new(report.line.name.clone(), site_name, report.language, words);
    Line {
        frame: Frame { refresh_seconds: Some(REFRESH_SECONDS), ..frame },
        state: words.state(&report.state),
        state_class: report.state.label(),
        place: place(&report.line),
        rows: table::line_rows(report, &words).into_iter().map(|(subject, text, _)| (subject, text)).collect(),
        quality: report.quality.as_ref().map(|report| QualityTables::of(report, &words)),
    }
}

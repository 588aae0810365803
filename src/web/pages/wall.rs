//! `/wall`: all lines at once, for a screen that is read from five metres.

use askama::Template;
use axum::response::Response;
use linewatch_core::outcome::State;
use linewatch_core::view::Shown;

use super::super::filters;
use super::super::visit::{Asked, Visit};
use super::overview::mood_class;
use super::{Frame, page};
use crate::report::sentences;
use crate::report::status::{StatusReport, Trouble};
use crate::report::words::Words;

/// How long something has lasted is said anew so often.
const EVERY_SECONDS: u32 = 15;
/// No screen has room for more; cards that do not fit wholly are not shown.
const TROUBLES_SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "wall.html", config = "src/web/templates/askama.toml")]
struct Wall {
    frame: Frame,
    mood: &'static str,
    headline: String,
    remarks: Vec<String>,
    /// The instant in milliseconds, for the clock.
    now: i64,
    time: String,
    date: String,
    townships: Vec<Township>,
    troubles: Vec<Card>,
    /// How many there are, also where there is no room for them.
    total: usize,
}

/// A township with its lines as cells, what is wrong first.
struct Township {
    name: String,
    down: usize,
    cells: Vec<Cell>,
}

struct Cell {
    state: &'static str,
    /// A sign beside the colour; empty where all is well.
    sign: &'static str,
    title: String,
}

struct Card {
    name: String,
    state: &'static str,
    state_class: &'static str,
    text: String,
    overdue: bool,
    /// What it cuts off.
    behind: String,
}

/// `/wall`.
pub(in crate::web) async fn wall(Asked { visit, look }: Asked) -> Response {
    let shown = Shown::of(&look.snapshot, &look.live);
    let report = StatusReport::of(&shown, look.settings.language);
    page(&filled(&visit, &shown, &report))
}

fn filled(visit: &Visit, shown: &Shown<'_>, report: &StatusReport) -> Wall {
    let words = visit.words();
    let (mood, headline) = report.headline(&words);
    let local = words.now.to_utc().with_timezone(&words.zone);
    Wall {
        frame: Frame::new(visit, words.pick("大屏", "Wall")).live(visit, EVERY_SECONDS).on_the_wall(),
        mood: mood_class(mood),
        headline,
        remarks: report.remarks(&words),
        now: words.now.0,
        time: local.format("%H:%M:%S").to_string(),
        date: words
            .language
            .pick(local.format("%Y年%-m月%-d日").to_string(), local.format("%A, %-d %B %Y").to_string()),
        townships: townships(shown, report, &words),
        troubles: report.troubles.iter().take(TROUBLES_SHOWN).map(|trouble| card(trouble, &words)).collect(),
        total: report.troubles.len(),
    }
}

fn townships(shown: &Shown<'_>, report: &StatusReport, words: &Words) -> Vec<Township> {
    let township = |key: &str| {
        let mut lines: Vec<_> = shown.lines.iter().filter(|view| view.line.township.as_str() == key).collect();
        lines.sort_by_key(|view| rank(view.state));
        let cell = |view: &&linewatch_core::view::LineView<'_>| Cell {
            state: view.state.label(),
            sign: sign(view.state),
            title: format!("{} {}", view.line.name, words.state(&view.state)),
        };
        Township {
            name: words.township(key).to_owned(),
            down: lines.iter().filter(|view| view.state == State::Down).count(),
            cells: lines.iter().map(cell).collect(),
        }
    };
    report.townships.iter().map(|group| township(&group.key)).collect()
}

/// What is wrong stands first.
fn rank(state: State) -> u8 {
    match state {
        State::Down => 0,
        State::Recovering => 1,
        State::Suspect => 2,
        State::Undetermined | State::Pending => 3,
        State::Up => 4,
    }
}

fn sign(state: State) -> &'static str {
    match state {
        State::Down => "✕",
        State::Recovering => "◐",
        State::Suspect => "!",
        State::Undetermined | State::Pending => "?",
        State::Up => "",
    }
}

fn card(trouble: &Trouble, words: &Words) -> Card {
    let cut = trouble.cut_off.len() as u64;
    let since = trouble.outage.as_ref().map(|outage| words.since(&outage.start));
    let mut text: Vec<String> = [trouble.line.township.clone()].into_iter().filter(|text| !text.is_empty()).collect();
    if let Some(since) = since {
        text.push(words.language.pick(format!("已中断 {since}"), format!("down for {since}")));
    } else if let Some(sentence) = sentences::trouble_fault(trouble, words) {
        text.push(sentence);
    }
    let overdue = trouble.fault.as_ref().is_some_and(|fault| fault.overdue);
    if overdue && trouble.outage.is_some() {
        text.push(words.pick("已超时限", "overdue").to_owned());
    }
    Card {
        name: trouble.line.name.clone(),
        state: trouble.state.map_or(words.language.pick("已停用", "out of service"), |state| words.state(&state)),
        state_class: trouble.state.map_or("", State::label),
        text: text.join(words.pick("，", ", ")),
        overdue,
        behind: if cut > 0 {
            words.language.pick(format!("随之中断 {cut} 条"), format!("cuts off {}", words.lines(&cut)))
        } else {
            String::new()
        },
    }
}

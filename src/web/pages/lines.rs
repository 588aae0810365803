//! `/lines`: all lines, or those of a class, a township, a state, or with some words in them.

use askama::Template;
use axum::response::Response;
use linewatch_core::outcome::State;
use linewatch_core::view::{LineView, Shown, Site};

use super::super::visit::{Asked, Visit};
use super::{Frame, page};
use crate::report::table;

/// Delays are shown anew so often.
const EVERY_SECONDS: u32 = 30;
/// More rows than this make a page that nobody scrolls.
const LINES_SHOWN: usize = 1000;
/// What an address says for the lines of no township.
pub(super) const NOWHERE: &str = "-";

/// What is asked for; what is absent asks for everything.
#[derive(Debug, Default)]
struct Filter<'a> {
    class: Option<&'a str>,
    township: Option<&'a str>,
    /// Only lines that are not up.
    wrong: bool,
    /// Words that all have to be found, in lower case.
    words: Vec<String>,
}

impl<'a> Filter<'a> {
    fn of(visit: &'a Visit) -> Self {
        let township = visit.value("township").map(|township| if township == NOWHERE { "" } else { township });
        Self {
            class: visit.value("class"),
            township,
            wrong: visit.value("state") == Some("wrong"),
            words: visit.value("q").unwrap_or_default().split_whitespace().map(str::to_lowercase).collect(),
        }
    }

    fn admits(&self, view: &LineView<'_>) -> bool {
        let line = view.line;
        self.class.is_none_or(|class| class == line.class.as_str())
            && self.township.is_none_or(|township| township == line.township.as_str())
            && (!self.wrong || view.state != State::Up || view.outage.is_some())
            && self.words.iter().all(|word| {
                let texts = [
                    line.id.as_str(),
                    &line.name,
                    &line.village,
                    &line.address,
                    &line.circuit_no,
                    line.township.as_str(),
                ];
                texts.iter().any(|text| text.to_lowercase().contains(word))
            })
    }
}

#[derive(Template)]
#[template(path = "lines.html", config = "src/web/templates/askama.toml")]
struct Lines<'a> {
    frame: Frame,
    q: &'a str,
    classes: Vec<Choice<'a>>,
    townships: Vec<Choice<'a>>,
    wrong: bool,
    wrong_link: String,
    found: u64,
    more: usize,
    rows: Vec<LineRow<'a>>,
}

/// A value that can be filtered by.
pub(super) struct Choice<'a> {
    pub(super) value: &'a str,
    pub(super) label: &'a str,
    pub(super) chosen: bool,
}

struct LineRow<'a> {
    id: &'a str,
    name: &'a str,
    class: &'a str,
    township: &'a str,
    address: &'a str,
    carrier: &'a str,
    state: State,
    delay: String,
}

/// The classes in the order of the configuration.
pub(super) fn classes<'a>(site: &'a Site, chosen: Option<&str>) -> Vec<Choice<'a>> {
    let choice = |class: &'a linewatch_core::view::ClassLabel| Choice {
        value: class.class.as_str(),
        label: &class.label,
        chosen: chosen == Some(class.class.as_str()),
    };
    site.classes.iter().map(choice).collect()
}

/// The townships of the lines in service, by name.
pub(super) fn townships<'a>(shown: &Shown<'a>, chosen: Option<&str>) -> Vec<Choice<'a>> {
    let mut names: Vec<&str> = shown.lines.iter().map(|view| view.line.township.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !name.is_empty());
    names.into_iter().map(|name| Choice { value: name, label: name, chosen: chosen == Some(name) }).collect()
}

/// `/lines`.
pub(in crate::web) async fn lines(Asked { visit, look }: Asked) -> Response {
    let shown = Shown::of(&look.snapshot, &look.live);
    page(&filled(&visit, &shown))
}

fn filled<'a>(visit: &'a Visit, shown: &'a Shown<'a>) -> Lines<'a> {
    let (site, words) = (&shown.snapshot.site, visit.words());
    let filter = Filter::of(visit);
    let mut found: Vec<&LineView<'_>> = shown.lines.iter().filter(|view| filter.admits(view)).collect();
    // What is wrong comes first; within a state the inventory's order stays.
    found.sort_by_key(|view| (view.outage.is_none(), view.state == State::Up));
    let mut title = vec![words.language.pick("线路", "Lines").to_owned()];
    if let Some(class) = filter.class {
        title.push(site.label(&class.into()).to_owned());
    }
    if let Some(township) = filter.township {
        title.push(words.township(township).to_owned());
    }
    Lines {
        frame: Frame::new(visit, title.join(" · ")).live(visit, EVERY_SECONDS),
        q: visit.value("q").unwrap_or_default(),
        classes: classes(site, filter.class),
        townships: townships(shown, filter.township),
        wrong: filter.wrong,
        wrong_link: visit.with(&[("state", if filter.wrong { "" } else { "wrong" })]),
        found: found.len() as u64,
        more: found.len().saturating_sub(LINES_SHOWN),
        rows: found
            .into_iter()
            .take(LINES_SHOWN)
            .map(|view| LineRow {
                id: view.line.id.as_str(),
                name: &view.line.name,
                class: site.label(&view.line.class),
                township: view.line.township.as_str(),
                address: &view.line.address,
                carrier: &view.line.carrier,
                state: view.state,
                delay: view.live.and_then(|live| live.delay_us).map_or_else(String::new, table::milliseconds),
            })
            .collect(),
    }
}

//! `/faults`: what is to be done next, and what was done; for a screen and for paper.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use linewatch_core::calendar::Calendar;
use linewatch_core::person::Deed;
use linewatch_core::record::{FaultNo, FaultSource};
use linewatch_core::time::Span;
use linewatch_core::view::Shown;

use super::super::filters;
use super::super::visit::{Asked, Visit};
use super::super::{Shared, journal};
use super::fault_card::{self, FaultCard, Item, Lines};
use super::lines::{self, Choice, NOWHERE};
use super::{Frame, Message, XLSX, attached, page, render};
use crate::report::faults::{Context, FaultLine, Filter, Wanted, list, many, sheet};
use crate::report::rollup::period::Period;
use crate::store::StoreError;

/// Faults on one page of the list.
const SHOWN: usize = 100;
/// The parameters by which a list is narrowed.
const FILTERS: [&str; 5] = ["q", "township", "class", "source", "page"];
/// How long something has lasted is said anew so often.
const EVERY_SECONDS: u32 = 30;

/// Which faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Which {
    /// All that are not closed.
    #[default]
    ToDo,
    /// On which work is to be done.
    Open,
    /// Whose deadline has passed.
    Overdue,
    /// On which the visitor works, or which he reported.
    Mine,
    /// Restored and not closed.
    Restored,
    /// Of a month, closed or not.
    Month,
}

impl Which {
    const ALL: [(Self, &'static str, &'static str, &'static str); 6] = [
        (Self::ToDo, "", "未关闭", "Not closed"),
        (Self::Open, "open", "未修复", "Open"),
        (Self::Overdue, "overdue", "超时限", "Overdue"),
        (Self::Mine, "mine", "我的", "Mine"),
        (Self::Restored, "restored", "待关闭", "To close"),
        (Self::Month, "month", "按月全部", "By month"),
    ];

    /// What is asked of the list for it, beside what everything is filtered by; of a month: all that was open in it.
    fn wanted(self, month: Option<Span>) -> Wanted {
        match self {
            Self::ToDo | Self::Mine => Wanted::ToDo,
            Self::Open => Wanted::Open,
            Self::Overdue => Wanted::Overdue,
            Self::Restored => Wanted::ToClose,
            Self::Month => month.map_or(Wanted::ToDo, Wanted::Within),
        }
    }

    fn of(visit: &Visit) -> Self {
        let asked = visit.value("show").unwrap_or_default();
        Self::ALL.into_iter().find(|(_, key, _, _)| *key == asked).map(|(which, ..)| which).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "faults.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    may_report: bool,
    chips: Vec<Chip>,
    q: &'a str,
    /// Whether it is searched or filtered, and the address without that.
    narrowed: bool,
    widened: String,
    show: &'a str,
    classes: Vec<Choice<'a>>,
    townships: Vec<Choice<'a>>,
    sources: [Choice<'a>; 2],
    /// The month that is listed, and the links to those beside it.
    month: Option<(String, String, Option<String>)>,
    cards: Vec<FaultCard>,
    found: usize,
    pages: Option<(Option<String>, Option<String>)>,
    print: String,
    files: Vec<(String, &'static str)>,
    unread: String,
}

#[derive(Template)]
#[template(path = "faults_print.html", config = "src/web/templates/askama.toml")]
struct Print {
    frame: Frame,
    cards: Vec<FaultCard>,
    found: usize,
    back: String,
}

struct Chip {
    href: String,
    name: &'static str,
    count: Option<usize>,
    current: bool,
}

/// `/faults`.
pub(in crate::web) async fn faults(State(source): State<Shared>, asked: Asked) -> Response {
    let visit = &asked.visit;
    if let Some(number) = visit.value("q").and_then(number) {
        return Redirect::to(&format!("/faults/{number}")).into_response();
    }
    let listed = listed(&source, &asked).await;
    let shown = Shown::of(&asked.look.snapshot, &asked.look.live);
    page(&filled(visit, &shown, &listed))
}

/// `/faults/print`.
pub(in crate::web) async fn print(State(source): State<Shared>, asked: Asked) -> Response {
    let visit = &asked.visit;
    let listed = listed(&source, &asked).await;
    let shown = Shown::of(&asked.look.snapshot, &asked.look.live);
    let lines = fault_card::lines(&shown);
    let chosen = listed.chosen(visit);
    let words = visit.words();
    let back = visit.with(&[]).replacen("/faults/print", "/faults", 1);
    let title = words.language.pick("故障清单", "Faults");
    page(&Print {
        frame: Frame::new(visit, title),
        found: chosen.len(),
        cards: chosen.iter().map(|fault| card(fault, &lines, visit)).collect(),
        back,
    })
}

/// `/faults/list.csv` and `/faults/list.xlsx`: the same faults for a crew without a phone.
pub(in crate::web) async fn file(source: &Shared, asked: &Asked, name: &str) -> Response {
    let visit = &asked.visit;
    if !visit.viewer.may(Deed::SeeContacts) {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(visit));
    }
    let listed = listed(source, asked).await;
    let words = visit.words();
    let numbers: Vec<FaultNo> = listed.chosen(visit).into_iter().map(|fault| fault.number.clone()).collect();
    let lines = visit.lines();
    let read = journal::read(source, move |snapshot, config| -> Result<_, StoreError> {
        let context = Context { now: words.now, zone: words.zone, classes: config.class_labels(), lines: Some(lines) };
        Ok((many(snapshot, &numbers, &context)?, config.site.name.clone()))
    });
    let (reports, site) = match read.await {
        Ok(read) => read,
        Err(unread) => {
            let sentence = unread.sentence(visit.language);
            return render(StatusCode::SERVICE_UNAVAILABLE, &Message::new(visit, sentence));
        }
    };
    match name {
        "list.csv" => attached("text/csv; charset=utf-8", "faults.csv", sheet::csv(&reports, &words)),
        _ => match sheet::xlsx(&reports, &words, &site) {
            Ok(bytes) => attached(XLSX, "faults.xlsx", bytes),
            Err(error) => {
                tracing::error!(%error, "the list of faults cannot be put together");
                let sentence = words.pick("清单暂时生成不了。", "The list cannot be made now.").to_owned();
                render(StatusCode::INTERNAL_SERVER_ERROR, &Message::new(visit, sentence))
            }
        },
    }
}

/// A whole number of a fault.
fn number(text: &str) -> Option<String> {
    let text = text.to_uppercase();
    let (day, serial) = text.strip_prefix('F')?.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (day.len() == 8 && digits(day) && digits(serial)).then_some(text)
}

/// What was read for a list.
struct Listed {
    which: Which,
    /// All that fits the address, however far it has come: the signs above the list count these.
    faults: Vec<FaultLine>,
    month: Option<(i32, u32)>,
    unread: String,
}

impl Listed {
    /// Those that the address asks for, what is to be done next first.
    fn chosen(&self, visit: &Visit) -> Vec<&FaultLine> {
        self.of(self.which, visit).collect()
    }

    fn of<'a>(&'a self, which: Which, visit: &Visit) -> impl Iterator<Item = &'a FaultLine> {
        let (now, mine) = (visit.words().now, names(visit));
        // Those of a month were read as such.
        let wanted = if which == Which::Month { None } else { Some(which.wanted(None)) };
        self.faults.iter().filter(move |fault| {
            wanted.is_none_or(|wanted| fault.is_in(wanted, now)) && (which != Which::Mine || fault.is_of(&mine))
        })
    }
}

/// What the visitor is called in the records.
fn names(visit: &Visit) -> Vec<String> {
    let viewer = &visit.viewer;
    viewer
        .account
        .iter()
        .map(ToString::to_string)
        .chain([viewer.name.clone()])
        .filter(|name| !name.is_empty())
        .collect()
}

async fn listed(source: &Shared, Asked { visit, look: _ }: &Asked) -> Listed {
    let which = Which::of(visit);
    let words = visit.words();
    let month = (which == Which::Month).then(|| asked_month(visit));
    let span = month
        .and_then(|(year, number)| Period::month(&format!("{year:04}-{number:02}"), words.zone).map(Period::span).ok());
    let township = visit.value("township").map(|wanted| if wanted == NOWHERE { "" } else { wanted });
    let source_of =
        |label: &str| [FaultSource::Detected, FaultSource::Reported].into_iter().find(|of| of.label() == label);
    let filter = Filter {
        state: if which == Which::Month { which.wanted(span) } else { Wanted::ToDo },
        township: township.map(Into::into),
        within: visit.viewer.township().cloned(),
        class: visit.value("class").map(Into::into),
        source: visit.value("source").and_then(source_of),
        search: visit.value("q").map(str::to_owned),
        no_people: !visit.viewer.may(Deed::SeeContacts),
        survivors: true,
        ..Filter::default()
    };
    let lines = visit.lines();
    let read = journal::read(source, move |snapshot, config| -> Result<_, StoreError> {
        let context = Context { now: words.now, zone: words.zone, classes: config.class_labels(), lines: Some(lines) };
        list(snapshot, &filter, &context)
    });
    match read.await {
        Ok(list) => Listed { which, faults: list.faults, month, unread: String::new() },
        Err(reason) => Listed { which, faults: Vec::new(), month, unread: reason.sentence(visit.language) },
    }
}

/// The month that the address names, else this one.
fn asked_month(visit: &Visit) -> (i32, u32) {
    let words = visit.words();
    let today = Calendar::new(words.zone).day_of(words.now);
    let asked = visit.value("month").and_then(|text| {
        let (year, number) = text.split_once('-')?;
        Some((year.parse().ok()?, number.parse().ok()?))
    });
    let this = (chrono::Datelike::year(&today), chrono::Datelike::month(&today));
    asked.filter(|(_, number)| (1..=12).contains(number)).unwrap_or(this)
}

fn filled<'a>(visit: &'a Visit, shown: &Shown<'a>, listed: &Listed) -> Page<'a> {
    let words = visit.words();
    let pick = |chinese, english| words.language.pick(chinese, english);
    let lines = fault_card::lines(shown);
    let chosen = listed.chosen(visit);
    let found = chosen.len();
    let at: usize = visit.value("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    let cards = chosen.iter().skip((at - 1) * SHOWN).take(SHOWN);
    let cards = cards.map(|fault| card(fault, &lines, visit)).collect();
    let turn = |to: usize| {
        let number = if to > 1 { to.to_string() } else { String::new() };
        visit.with(&[("page", &number)])
    };
    let chips = Which::ALL.into_iter().filter(|(which, ..)| *which != Which::Mine || visit.viewer.account.is_some());
    let count = |which: Which| {
        // Those of a month are read only when it is asked for.
        let read = which != Which::Month && listed.which != Which::Month && listed.unread.is_empty();
        read.then(|| listed.of(which, visit).count())
    };
    let source = |of: FaultSource| Choice {
        value: of.label(),
        label: fault_card::source(of, &words),
        chosen: visit.value("source") == Some(of.label()),
    };
    Page {
        frame: Frame::new(visit, pick("故障", "Faults")).live(visit, EVERY_SECONDS),
        may_report: visit.viewer.may(Deed::Report),
        chips: chips
            .map(|(which, key, chinese, english)| Chip {
                href: visit.with(&[("show", key), ("page", ""), ("month", "")]),
                name: pick(chinese, english),
                count: count(which),
                current: which == listed.which,
            })
            .collect(),
        q: visit.value("q").unwrap_or_default(),
        narrowed: FILTERS.iter().any(|key| visit.value(key).is_some()),
        widened: visit.with(&FILTERS.map(|key| (key, ""))),
        show: visit.value("show").unwrap_or_default(),
        classes: lines::classes(&shown.snapshot.site, visit.value("class")),
        townships: lines::townships(shown, visit.value("township")),
        sources: [source(FaultSource::Detected), source(FaultSource::Reported)],
        month: listed.month.map(|(year, number)| months(year, number, visit)),
        cards,
        found,
        pages: (found > SHOWN).then(|| ((at > 1).then(|| turn(at - 1)), (at * SHOWN < found).then(|| turn(at + 1)))),
        print: visit.with(&[("page", "")]).replacen("/faults", "/faults/print", 1),
        files: if visit.viewer.may(Deed::SeeContacts) {
            let file = |name: &str| visit.with(&[("page", "")]).replacen("/faults", &format!("/faults/{name}"), 1);
            vec![(file("list.xlsx"), "XLSX"), (file("list.csv"), "CSV")]
        } else {
            Vec::new()
        },
        unread: listed.unread.clone(),
    }
}

fn card(fault: &FaultLine, lines: &Lines<'_>, visit: &Visit) -> FaultCard {
    fault_card::card(&Item::from(fault), lines, fault.points, visit)
}

/// A month's name, and the addresses of the ones before and after it.
fn months(year: i32, number: u32, visit: &Visit) -> (String, String, Option<String>) {
    let link = |year: i32, number: u32| visit.with(&[("month", &format!("{year:04}-{number:02}")), ("page", "")]);
    let before = if number == 1 { link(year - 1, 12) } else { link(year, number - 1) };
    let (next_year, next) = if number == 12 { (year + 1, 1) } else { (year, number + 1) };
    let words = visit.words();
    let comes = Calendar::new(words.zone).start_of_month(next_year, next).is_some_and(|start| start <= words.now);
    let name = words.language.pick(format!("{year} 年 {number} 月"), format!("{year:04}-{number:02}"));
    (name, before, comes.then(|| link(next_year, next)))
}

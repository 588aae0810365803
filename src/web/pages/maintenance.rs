//! `/maintenance`: planned windows now, coming and past; admins add and cancel them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::act::{Act, Planning};
use linewatch_core::person::Deed;
use linewatch_core::record::{PlannedId, Scope};
use linewatch_core::time::Millis;
use linewatch_core::view::Shown;

use super::super::filters;
use super::super::form::{self, Fields, Mistake};
use super::super::visit::{Asked, Visit};
use super::super::{Shared, journal};
use super::choose;
use super::entry::{self, EntryCard, Telltale, When};
use super::{Frame, inspections, render};
use crate::report::rollup::{self, Entry, Matter};

/// Past windows shown; all are in the year's figures.
const PAST_SHOWN: usize = 30;
/// A window begins, unless told otherwise, after this, and lasts as long.
const USUAL: Millis = Millis::from_secs(2 * 3600);
/// How long something has lasted is said anew so often.
const EVERY_SECONDS: u32 = 60;

#[derive(Template)]
#[template(path = "maintenance.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    csrf: &'a str,
    said: &'static str,
    mistake: String,
    may_plan: bool,
    sections: [(&'static str, &'static str, Vec<EntryCard>, bool); 3],
    more: usize,
    unread: String,
    offers: Vec<String>,
    fields: Form,
}

/// What the form holds, first or again.
struct Form {
    which: String,
    below: bool,
    from: String,
    until: String,
    reason: String,
    document: String,
}

/// `/maintenance`.
pub(in crate::web) async fn show(State(source): State<Shared>, asked: Asked) -> Response {
    answer(&source, &asked, None).await
}

/// A form of `/maintenance`: a window more, or one less.
pub(in crate::web) async fn act(State(source): State<Shared>, asked: Asked, fields: Fields) -> Response {
    let done = match fields.value("do") {
        "cancel" => cancel(&source, &asked.visit, &fields).await.map(|()| "cancelled"),
        _ => add(&source, &asked, &fields).await.map(|()| "added"),
    };
    match done {
        Ok(done) => form::onward(&format!("/maintenance?done={done}")),
        Err(mistake) => answer(&source, &asked, Some((&fields, mistake))).await,
    }
}

async fn add(source: &Shared, asked: &Asked, fields: &Fields) -> Result<(), Mistake> {
    let (visit, language) = (&asked.visit, asked.visit.language);
    let zone = visit.words().zone;
    let scope = {
        let shown = Shown::of(&asked.look.snapshot, &asked.look.live);
        scope(&shown, fields, visit)?
    };
    let from = fields.instant("from", zone, language)?;
    let until = fields.instant("until", zone, language)?;
    let until = until.ok_or_else(|| language.pick("要写明到什么时候为止。", "Say until when it lasts.").to_owned())?;
    let (reason, document) = (fields.value("reason").to_owned(), fields.value("document").to_owned());
    form::record(source, visit, Act::Plan(Planning::Add { scope, from, until, reason, document })).await.map(drop)
}

/// What the field for lines means: all of them, a class, a township, or a line with or without those below.
fn scope(shown: &Shown<'_>, fields: &Fields, visit: &Visit) -> Result<Scope, Mistake> {
    let text = fields.value("which");
    let site = &shown.snapshot.site;
    if text == visit.language.pick("全部线路", "all lines") {
        return Ok(Scope::All);
    }
    if let Some(class) = site.classes.iter().find(|class| class.label == text || class.class.as_str() == text) {
        return Ok(Scope::Class(class.class.clone()));
    }
    if !text.is_empty() && shown.lines.iter().any(|view| view.line.township.as_str() == text) {
        return Ok(Scope::Township(text.into()));
    }
    let line = inspections::the_line(shown, text, visit)?;
    Ok(if fields.value("below").is_empty() { Scope::Line(line) } else { Scope::Trunk(line) })
}

async fn cancel(source: &Shared, visit: &Visit, fields: &Fields) -> Result<(), Mistake> {
    let number = fields
        .value("number")
        .parse()
        .map_err(|_| visit.language.pick("没有这个停机窗口。", "There is no such window.").to_owned())?;
    let act = Planning::Cancel { planned: PlannedId(number), reason: fields.value("reason").to_owned() };
    form::record(source, visit, Act::Plan(act)).await.map(drop)
}

async fn answer(source: &Shared, asked: &Asked, mistaken: Option<(&Fields, Mistake)>) -> Response {
    let Asked { visit, look } = asked;
    let read = journal::read(source, |snapshot, config| {
        rollup::entries(snapshot.derived()).map(|entries| (entries, Telltale::of(config)))
    });
    let read = read.await;
    let shown = Shown::of(&look.snapshot, &look.live);
    let status = mistaken.as_ref().map_or(StatusCode::OK, |(_, mistake)| mistake.status);
    let (fields, mistake) = match mistaken {
        Some((fields, mistake)) => (Some(fields), mistake.sentence),
        None => (None, String::new()),
    };
    let unread = read.as_ref().err().map(|unread| unread.sentence(visit.language)).unwrap_or_default();
    let windows = read.map(|(entries, telltale)| sorted(&entries, &telltale, visit, &shown)).unwrap_or_default();
    render(status, &filled(visit, &shown, windows, unread, fields, mistake))
}

/// Cards of the windows now, coming and past, and how many more are past.
#[derive(Default)]
struct Windows {
    now: Vec<EntryCard>,
    coming: Vec<EntryCard>,
    past: Vec<EntryCard>,
    more: usize,
}

fn sorted(entries: &[Entry], telltale: &Telltale, visit: &Visit, shown: &Shown<'_>) -> Windows {
    let (words, sees) = (visit.words(), visit.viewer.may(Deed::SeeDecisions));
    let mut windows: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.matter == Matter::Planned && entry::concerns(entry, visit, shown))
        .collect();
    windows.sort_by_key(|entry| entry.span.map(|span| span.start));
    let card = |entry: &Entry| {
        let mut card = entry::card(entry, telltale, visit, sees);
        card.remark = match entry::when(entry, words.now).zip(entry.span) {
            Some((When::Now, span)) => {
                let left = words.length(&(span.end - words.now));
                words.language.pick(format!("还有 {left}"), format!("{left} left"))
            }
            Some((When::Coming, span)) => {
                let left = words.length(&(span.start - words.now));
                words.language.pick(format!("{left}后开始"), format!("begins in {left}"))
            }
            Some((When::Past, _)) | None => String::new(),
        };
        card
    };
    let of = |wanted: When| windows.iter().filter(move |entry| entry::when(entry, words.now) == Some(wanted));
    let past = of(When::Past).count();
    Windows {
        now: of(When::Now).map(|entry| card(entry)).collect(),
        coming: of(When::Coming).map(|entry| card(entry)).collect(),
        past: of(When::Past).rev().take(PAST_SHOWN).map(|entry| card(entry)).collect(),
        more: past.saturating_sub(PAST_SHOWN),
    }
}

fn filled<'a>(
    visit: &'a Visit,
    shown: &Shown<'_>,
    windows: Windows,
    unread: String,
    fields: Option<&Fields>,
    mistake: String,
) -> Page<'a> {
    let words = visit.words();
    let pick = |chinese, english| words.language.pick(chinese, english);
    let may_plan = visit.viewer.may(Deed::Plan);
    let mut offers = Vec::new();
    if may_plan {
        offers.push(pick("全部线路", "all lines").to_owned());
        offers.extend(shown.snapshot.site.classes.iter().map(|class| class.label.clone()));
        offers.extend(super::lines::townships(shown, None).iter().map(|choice| choice.value.to_owned()));
        offers.extend(choose::offers(shown));
    }
    let value = |name: &str| fields.map(|fields| fields.value(name).to_owned());
    let start = words.now + USUAL;
    Page {
        frame: Frame::new(visit, pick("计划停机", "Planned maintenance")).live(visit, EVERY_SECONDS),
        csrf: &visit.viewer.csrf,
        said: match visit.value("done") {
            Some("added") => pick("已登记。", "It is entered."),
            Some("cancelled") => pick("已取消。", "It is cancelled."),
            _ => "",
        },
        mistake,
        may_plan,
        sections: [
            (pick("正在进行", "Now"), "planned", windows.now, true),
            (pick("将要进行", "Coming"), "wait", windows.coming, true),
            (pick("过去的", "Past"), "", windows.past, false),
        ],
        more: windows.more,
        unread,
        offers,
        fields: Form {
            which: value("which").or_else(|| visit.value("line").map(str::to_owned)).unwrap_or_default(),
            below: value("below").is_none_or(|below| !below.is_empty()),
            from: value("from").unwrap_or_else(|| form::field_time(start, words.zone)),
            until: value("until").unwrap_or_else(|| form::field_time(start + USUAL, words.zone)),
            reason: value("reason").unwrap_or_default(),
            document: value("document").unwrap_or_default(),
        },
    }
}

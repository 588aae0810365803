//! `/lines/{id}`: one line, how it is and how its year was.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Datelike;
use linewatch_core::calendar::Calendar;
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::State as LineState;
use linewatch_core::person::Deed;
use linewatch_core::record::{Attribution, InspectionFact};
use linewatch_core::time::Timestamp;
use linewatch_core::view::Shown;

use super::super::filters;
use super::super::visit::{Asked, Visit};
use super::super::{Shared, journal, line_report};
use super::chart::Chart;
use super::days::{self, Month};
use super::{Frame, Message, fault_card, page, place, render};
use crate::report::course::{self, Course, RecordedOutage};
use crate::report::rollup::period::Period;
use crate::report::rollup::{self, NoFigures};
use crate::report::status::{LineReport, QualityReport};
use crate::report::words::{self, Words};
use crate::report::{quality, sentences, table};

/// Delays are shown anew so often.
const EVERY_SECONDS: u32 = 15;
/// The newest outages of a year; more are in the figures of the year.
const OUTAGES_SHOWN: usize = 30;
/// Lines directly below; more are found by township.
const CHILDREN_SHOWN: usize = 60;

#[derive(Template)]
#[template(path = "line.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    state: &'static str,
    state_class: &'static str,
    place: String,
    /// Its open fault: number, sentence, whether it is overdue.
    fault: Option<(String, String, bool)>,
    rows: Vec<(&'static str, String)>,
    line: &'a Line,
    sees_contacts: bool,
    may_report: bool,
    may_inspect: bool,
    upstream: Option<Neighbour<'a>>,
    children: Vec<Neighbour<'a>>,
    more_children: usize,
    quality: Option<QualityTables>,
    year: YearPart,
}

/// A line above or below.
struct Neighbour<'a> {
    id: &'a str,
    name: &'a str,
    state: LineState,
}

/// How the year was.
struct YearPart {
    year: i32,
    earlier: Option<i32>,
    later: Option<i32>,
    months: Vec<Month>,
    legend: Vec<(&'static str, &'static str)>,
    /// Availability, coverage, number of outages, time down.
    tiles: Vec<(&'static str, String)>,
    outages: Vec<OutageRow>,
    more_outages: bool,
    faults: Vec<FaultRow>,
    inspections: Vec<(String, String)>,
    /// Why there is nothing to show.
    sentence: Option<String>,
}

struct FaultRow {
    number: String,
    stage: &'static str,
    stage_class: &'static str,
    opened: String,
    cause: String,
}

struct OutageRow {
    start: String,
    end: String,
    length: String,
    why: String,
    open: bool,
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
pub(in crate::web) async fn line(
    State(source): State<Shared>,
    Path(id): Path<String>,
    Asked { visit, look }: Asked,
) -> Response {
    let Some(report) = line_report(source.as_ref(), &look, &id).await else {
        let sentence =
            visit.language.pick(format!("没有编号为 {id} 的在用线路。"), format!("No line {id} is in service."));
        return render(StatusCode::NOT_FOUND, &Message::new(&visit, sentence));
    };
    let words = visit.words();
    let this_year = Calendar::new(words.zone).day_of(words.now).year();
    let year = visit.value("year").and_then(|year| year.parse().ok()).unwrap_or(this_year);
    let course = read_course(&source, &report.line.id, year, &words).await;
    let shown = Shown::of(&look.snapshot, &look.live);
    let Some(view) = shown.lines.iter().find(|view| view.line.id == report.line.id) else {
        return visit.starting();
    };
    page(&filled(&visit, &shown, view.line, &report, year_part(course, year, this_year, &words)))
}

async fn read_course(source: &Shared, line: &LineId, year: i32, words: &Words) -> Result<Course, String> {
    let (line, words) = (line.clone(), *words);
    let period = Period::year(&format!("{year:04}"), words.zone).map_err(|error| error.sentence(words.language))?;
    journal::read(source, move |snapshot, config| {
        course::course(snapshot, &line, period, rollup::policy(config), words.now, OUTAGES_SHOWN + 1)
            .map_err(|error: NoFigures| error)
    })
    .await
    .map_err(|unread| unread.sentence(words.language))
}

fn filled<'a>(visit: &Visit, shown: &Shown<'a>, line: &'a Line, report: &LineReport, year: YearPart) -> Page<'a> {
    let words = visit.words();
    let neighbour = |id: &LineId| {
        let view = shown.lines.iter().find(|view| view.line.id == *id)?;
        Some(Neighbour { id: view.line.id.as_str(), name: &view.line.name, state: view.state })
    };
    let below = |view: &&linewatch_core::view::LineView<'a>| view.line.upstream.as_ref() == Some(&line.id);
    let children = shown.lines.iter().filter(below).count();
    let listed = shown.lines.iter().filter(below).take(CHILDREN_SHOWN);
    Page {
        frame: Frame::new(visit, report.line.name.clone()).live(visit, EVERY_SECONDS),
        state: words.state(&report.state),
        state_class: report.state.label(),
        place: place(&report.line),
        fault: report
            .fault
            .as_ref()
            .map(|fault| (fault.number.to_string(), sentences::fault(fault, &words), fault.overdue)),
        rows: rows(report, &words),
        line,
        sees_contacts: visit.viewer.may(Deed::SeeContacts),
        may_report: visit.viewer.may(Deed::Report),
        may_inspect: visit.viewer.may(Deed::Inspect),
        upstream: line.upstream.as_ref().and_then(neighbour),
        children: listed.filter_map(|view| neighbour(&view.line.id)).collect(),
        more_children: children.saturating_sub(CHILDREN_SHOWN),
        quality: report.quality.as_ref().map(|report| QualityTables::of(report, &words)),
        year,
    }
}

/// What is not told elsewhere on the page.
fn rows(report: &LineReport, words: &Words) -> Vec<(&'static str, String)> {
    let told = [
        ("故障", "Fault"),
        ("类别", "Class"),
        ("上联线路", "Upstream"),
        ("下联线路", "Behind it"),
        ("运营商", "Carrier"),
    ];
    let told = told.map(|(chinese, english)| words.language.pick(chinese, english));
    let rows = table::line_rows(report, words).into_iter();
    rows.filter(|(subject, ..)| !told.contains(subject)).map(|(subject, text, _)| (subject, text)).collect()
}

fn year_part(course: Result<Course, String>, year: i32, this_year: i32, words: &Words) -> YearPart {
    let mut part = YearPart {
        year,
        earlier: Some(year - 1),
        later: Some(year + 1).filter(|later| *later <= this_year),
        months: Vec::new(),
        legend: days::legend(words),
        tiles: Vec::new(),
        outages: Vec::new(),
        more_outages: false,
        faults: Vec::new(),
        inspections: Vec::new(),
        sentence: None,
    };
    let mut course = match course {
        Ok(course) => course,
        Err(sentence) => return YearPart { sentence: Some(sentence), earlier: None, ..part },
    };
    part.more_outages = course.outages.len() > OUTAGES_SHOWN;
    course.outages.truncate(OUTAGES_SHOWN);
    part.months = days::months(&course, words);
    if let Some(figures) = &course.figures {
        let pick = |chinese, english| words.language.pick(chinese, english);
        part.tiles = vec![
            (pick("节点连通率", "availability"), rollup::percent(figures.availability, words.language)),
            (
                if figures.proven {
                    pick("观测覆盖率", "coverage")
                } else {
                    pick("观测覆盖率：证据不足", "coverage: not enough evidence")
                },
                rollup::percent(figures.coverage, words.language),
            ),
            (pick("中断次数", "outages"), figures.outages.to_string()),
            (pick("中断时长", "time down"), words.length(&figures.down_ms)),
        ];
    }
    let minute = |at: &Timestamp| words.full_moment(at)[..16].to_owned();
    part.faults = course
        .faults
        .iter()
        .take(OUTAGES_SHOWN)
        .map(|row| FaultRow {
            number: row.fault.to_string(),
            stage: words::stage(row.work.stage, words.language),
            stage_class: fault_card::stage_class(row.work.stage),
            opened: minute(&row.opened),
            cause: row.work.cause.join("/"),
        })
        .collect();
    part.inspections = course
        .inspections
        .iter()
        .take(OUTAGES_SHOWN)
        .map(|row| {
            let InspectionFact::Made { at, findings, .. } = &row.fact;
            let found = if findings.is_empty() { words.pick("没有问题", "nothing wrong") } else { findings };
            (minute(at), found.to_owned())
        })
        .collect();
    part.outages = course.outages.iter().map(|outage| outage_row(outage, words)).collect();
    part
}

fn outage_row(outage: &RecordedOutage, words: &Words) -> OutageRow {
    let row = &outage.row;
    let end = row.end.map(|end| end.end);
    let mut why = vec![words.loss(&row.cause).to_owned()];
    for attribution in &outage.attributions {
        match attribution {
            Attribution::Own => {}
            Attribution::Upstream(line) => {
                why.push(words.language.pick(format!("因上联 {line} 中断"), format!("cut off by {line}")));
            }
            Attribution::Declared => why.push(words.pick("人工申报", "declared by a person").to_owned()),
        }
    }
    OutageRow {
        start: words.moment(&row.start),
        end: end.map_or_else(|| words.pick("未结束", "not over").to_owned(), |end| words.moment(&end)),
        length: words.length(&(end.unwrap_or(words.now) - row.start)),
        why: why.join(words.pick("，", ", ")),
        open: end.is_none(),
    }
}

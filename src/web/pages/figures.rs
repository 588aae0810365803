//! `/report/{year}`: the year's published figures with their bounds and coverage, and the files to take along.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use linewatch_core::availability::Ratio;
use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::Changes;
use linewatch_core::line::Township;
use linewatch_core::person::Deed;
use linewatch_core::rollup::{Cohort, Figures, Rollup};
use linewatch_core::time::Timestamp;
use tokio::sync::Mutex;

use super::super::filters;
use super::super::visit::{Asked, Visit};
use super::super::{Shared, journal};
use super::entry::Telltale;
use super::{Frame, Message, figures_file, page, render};
use crate::config::selfeval::SelfEval;
use crate::report::rollup::period::Period;
use crate::report::rollup::{self, NoFigures, Question, Report, Sealed, percent};
use crate::report::words::Words;

/// Figures of a running year are computed anew at most so often, in milliseconds.
const FRESH_MS: i64 = 60_000;

/// The figures that were computed last: they take a while, and everybody looks at the same year.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Computed(Arc<Mutex<Option<Kept>>>);

#[derive(Clone, Debug)]
pub(super) struct Kept {
    store: std::path::PathBuf,
    pub(super) year: i32,
    /// The last record when they were computed, and the minute.
    seq: u64,
    minute: i64,
    pub(super) report: Arc<Report>,
    pub(super) telltale: Telltale,
}

#[derive(Template)]
#[template(path = "figures.html", config = "src/web/templates/askama.toml")]
struct Page {
    frame: Frame,
    earlier: i32,
    later: Option<i32>,
    /// How the year stands: running, over, sealed.
    standing: Vec<String>,
    standing_class: &'static str,
    published: Vec<Published>,
    tiles: Vec<(&'static str, String)>,
    tables: Vec<Table>,
    fault_tables: Vec<FaultTable>,
    files: Vec<(String, &'static str)>,
    /// Mistakes in the form of the self-evaluation, and what follows from them.
    mistakes: String,
    faulty: String,
    policy: String,
    head: String,
}

/// A figure with what has to stand beside it.
struct Published {
    name: &'static str,
    value: String,
    unproven: bool,
    beside: Vec<String>,
}

struct Table {
    heading: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    lines: u64,
    availability: String,
    bounds: String,
    coverage: String,
    unproven: bool,
    outages: u64,
    down: String,
    mttr: String,
    compliant: String,
}

struct FaultTable {
    heading: &'static str,
    rows: Vec<(String, u64, u64, String)>,
}

impl Kept {
    /// Without those who decided, for whoever may not see them.
    fn shown_to(mut self, visit: &Visit) -> Self {
        if !visit.viewer.may(Deed::SeeDecisions) {
            self.report = Arc::new(self.report.as_ref().clone().without_people());
        }
        self
    }
}

/// `/report`.
pub(in crate::web) async fn latest(Asked { visit, look: _ }: Asked) -> Response {
    let words = visit.words();
    let year = Calendar::new(words.zone).day_of(words.now).year();
    Redirect::to(&format!("/report/{year}")).into_response()
}

/// `/report/{year}`.
pub(in crate::web) async fn show(
    State(source): State<Shared>,
    Extension(computed): Extension<Computed>,
    Path(year): Path<String>,
    Asked { visit, look }: Asked,
) -> Response {
    match figures(&source, &computed, &visit, &year, look.snapshot.committed.seq).await {
        Ok(kept) => {
            let mistakes = form_mistakes(&source, &visit).await;
            page(&filled(&visit, &kept, mistakes))
        }
        Err((status, sentence)) => render(status, &Message::new(&visit, sentence)),
    }
}

/// The figures of a year, as computed last or anew; one computation at a time.
pub(super) async fn figures(
    source: &Shared,
    computed: &Computed,
    visit: &Visit,
    year: &str,
    seq: u64,
) -> Result<Kept, (StatusCode, String)> {
    let (words, language) = (visit.words(), visit.language);
    let period = Period::year(year, words.zone).map_err(|_| {
        let sentence = language.pick(
            format!("「{year}」不是年份：写四位数字，如 /report/2026。"),
            format!("{year:?} is no year: write four digits, like /report/2026."),
        );
        (StatusCode::NOT_FOUND, sentence)
    })?;
    let number: i32 = year.parse().unwrap_or_default();
    let store = source.config().map(|config| config.store.path.clone()).unwrap_or_default();
    let minute = words.now.0.div_euclid(FRESH_MS);
    let mut kept = computed.0.lock().await;
    if let Some(kept) = kept.as_ref().filter(|kept| {
        kept.store == store
            && kept.year == number
            && kept.seq == seq
            && (kept.minute == minute || !kept.report.about.running())
    }) {
        return Ok(kept.clone().shown_to(visit));
    }
    let now = words.now;
    let (report, telltale) = journal::read(source, move |snapshot, config| {
        let question = Question { period, policy: rollup::policy(config), as_of: None, now };
        let report = rollup::compute(snapshot, &question, |_| Changes::default(), |_| {})?;
        Ok::<_, NoFigures>((report, Telltale::of(config)))
    })
    .await
    .map_err(|unread| {
        let status = match unread {
            journal::Unread::Nowhere => StatusCode::SERVICE_UNAVAILABLE,
            journal::Unread::Failed(_) => StatusCode::NOT_FOUND,
        };
        (status, unread.sentence(language))
    })?;
    let new = Kept { store, year: number, seq, minute, report: Arc::new(report), telltale };
    *kept = Some(new.clone());
    Ok(new.shown_to(visit))
}

/// Mistakes in the form of the self-evaluation, which is read when it is needed; empty: none, or not the visitor's.
async fn form_mistakes(source: &Shared, visit: &Visit) -> String {
    let (Some(config), None) = (source.config(), visit.viewer.township()) else { return String::new() };
    let language = visit.language;
    let read = tokio::task::spawn_blocking(move || SelfEval::of(&config, None));
    match read.await {
        Ok(Err(error)) => figures_file::mistakes(&error, language),
        Ok(Ok(_)) | Err(_) => String::new(),
    }
}

fn filled(visit: &Visit, kept: &Kept, mistakes: String) -> Page {
    let words = visit.words();
    let pick = |chinese, english| words.language.pick(chinese, english);
    let (report, year) = (kept.report.as_ref(), kept.year);
    let (figures, about) = (&report.figures, &report.about);
    let this_year = Calendar::new(words.zone).day_of(words.now).year();
    let own = visit.viewer.township();
    let total = own.map_or(Some(&figures.total), |own| of_township(figures, own));
    let title = match own {
        Some(own) => words.language.pick(format!("{year} 年度指标 · {own}"), format!("Figures of {year} · {own}")),
        None => words.language.pick(format!("{year} 年度指标"), format!("Figures of {year}")),
    };
    let (standing, standing_class) = standing(report, &words);
    let mut published = Vec::new();
    let mut tiles = Vec::new();
    if let Some(total) = total {
        published.push(connectivity(total, &words));
        tiles = vec![
            (pick("线路", "lines"), total.lines.to_string()),
            (pick("达标线路", "lines on target"), total.compliant_lines.to_string()),
            (pick("零中断线路", "lines never down"), total.zero_outage_lines.to_string()),
            (pick("证据不足线路", "lines without enough evidence"), total.unproven_lines.to_string()),
            (pick("中断次数", "outages"), total.outages.to_string()),
            (pick("平均修复时长", "mean time to repair"), length(total.mttr_ms, &words)),
            (pick("最长中断", "longest outage"), length(total.longest_outage_ms, &words)),
        ];
    }
    match own {
        None => published.extend([resolution(figures, &words), on_time(figures, &words)]),
        Some(own) => published.extend(figures.faults.by_township.get(own).map(|cohort| cohort_figure(cohort, &words))),
    }
    let mut files = Vec::new();
    if own.is_none() {
        let file = |(file, chinese, english): &(&str, &'static str, &'static str)| {
            (format!("/report/{year}/{file}"), pick(*chinese, *english))
        };
        let all = figures_file::NAMES.iter();
        files = all.filter(|(name, ..)| mistakes.is_empty() || !figures_file::has_form(name)).map(file).collect();
    }
    Page {
        frame: Frame::new(visit, title),
        earlier: year - 1,
        later: Some(year + 1).filter(|later| *later <= this_year),
        standing,
        standing_class,
        published,
        tiles,
        tables: if own.is_none() { tables(figures, &kept.telltale, &words) } else { Vec::new() },
        fault_tables: if own.is_none() { fault_tables(figures, &words) } else { Vec::new() },
        files,
        mistakes,
        faulty: figures_file::faulty(words.language),
        policy: about.policy.name.clone(),
        head: about.head.to_string(),
    }
}

fn of_township<'a>(figures: &'a Rollup, own: &Township) -> Option<&'a Figures> {
    figures.townships.iter().find(|known| known.township == *own).map(|known| &known.figures)
}

/// Whether the year runs, is over, or is sealed, and by what records.
fn standing(report: &Report, words: &Words) -> (Vec<String>, &'static str) {
    let about = &report.about;
    let moment = |at: Timestamp| words.full_moment(&at);
    if about.running() {
        let until = moment(about.until);
        let running = words.language.pick(
            format!("本年度尚未结束：以下是截至 {until} 的数字，还会变化，不能作为年度结果。"),
            format!(
                "The year is not over: figures up to {until}, which will still change and are no result of the year."
            ),
        );
        return (vec![running], "watch");
    }
    let Some(Sealed { seal, check, revisions }) = &report.seal else {
        let sentence = words.pick(
            "本年度已结束，尚未封存：新的记录还会改变数字。",
            "The year is over and not sealed yet: new records still change the figures.",
        );
        return (vec![sentence.to_owned()], "plain");
    };
    let (revision, by, at) = (seal.revision, &seal.said.by, moment(seal.said.at));
    let checked = rollup::check_words(check, words.language);
    let mut said = vec![words.language.pick(
        format!("已封存：第 {revision} 版，{by} 于 {at} 封存；{checked}。"),
        format!("Sealed: revision {revision} by {by}, {at}; {checked}."),
    )];
    if !revisions.is_empty() {
        let changed = words.pick(
            "封存之后的记录改变了数字：这里是封存的数字，修订版见下载的文件。",
            "Later records changed the figures: these are the sealed ones, the revision is in the files.",
        );
        said.push(changed.to_owned());
    }
    let same = matches!(check, rollup::Check::Same);
    (said, if same { "calm" } else { "bad-day" })
}

fn connectivity(total: &Figures, words: &Words) -> Published {
    let said = |ratio| percent(ratio, words.language);
    let (low, high) = (said(total.availability_low), said(total.availability_high));
    let mut beside = vec![
        words.language.pick(format!("下限 {low}，上限 {high}"), format!("bounds {low} to {high}")),
        words
            .language
            .pick(format!("观测覆盖率 {}", said(total.coverage)), format!("coverage {}", said(total.coverage))),
    ];
    if total.excluded_ms.0 > 0 {
        let without = said(total.availability_unexcluded);
        beside.push(words.language.pick(format!("未剔除为 {without}"), format!("without exclusions {without}")));
    }
    let gross = said(total.gross_availability);
    beside.push(
        words.language.pick(format!("计划停机也不扣为 {gross}"), format!("gross, planned windows ignored: {gross}")),
    );
    Published {
        name: words.language.pick("节点连通有效性", "Node connectivity"),
        value: said(total.availability),
        unproven: !total.proven,
        beside,
    }
}

fn cohort_figure(cohort: &Cohort, words: &Words) -> Published {
    let (resolved, size) = (cohort.resolved, cohort.size());
    Published {
        name: words.language.pick("故障解决率", "Faults resolved"),
        value: of_faults(cohort.resolution_ratio()),
        unproven: false,
        beside: vec![words.language.pick(format!("{size} 起中解决 {resolved} 起"), format!("{resolved} of {size}"))],
    }
}

fn resolution(figures: &Rollup, words: &Words) -> Published {
    let faults = &figures.faults;
    let (resolved, size) = (faults.points.resolved, faults.points.size());
    let by_fault = of_faults(faults.resolution_ratio);
    let (whole, of) = (faults.cohort.resolved, faults.cohort.size());
    let mut beside = vec![
        words.language.pick(format!("{size} 个点位中解决 {resolved} 个"), format!("{resolved} of {size} points")),
        words.language.pick(
            format!("按故障算 {by_fault}（{of} 起中 {whole} 起）"),
            format!("by faults {by_fault} ({whole} of {of})"),
        ),
    ];
    let without = of_faults(faults.without_self_cleared.point_resolution_ratio);
    let cleared = faults.self_cleared;
    beside.push(words.language.pick(
        format!("自愈 {cleared} 起，不计自愈为 {without}"),
        format!("{cleared} cleared by themselves, without them {without}"),
    ));
    Published {
        name: words.language.pick("故障点位解决情况", "Fault points resolved"),
        value: of_faults(faults.point_resolution_ratio),
        unproven: false,
        beside,
    }
}

fn on_time(figures: &Rollup, words: &Words) -> Published {
    let faults = &figures.faults;
    let (on_time, due) = (faults.on_time, faults.due);
    let mean = length(faults.mttr_ms, words);
    Published {
        name: words.language.pick("故障修复及时率", "Repaired in time"),
        value: of_faults(faults.on_time_ratio),
        unproven: false,
        beside: vec![
            words.language.pick(format!("{due} 起中按时 {on_time} 起"), format!("{on_time} of {due}")),
            words.language.pick(format!("平均修复 {mean}"), format!("mean {mean}")),
        ],
    }
}

/// Percent of faults; a dash where there were none.
fn of_faults(ratio: Ratio) -> String {
    ratio.percent(3).unwrap_or_else(|| "—".to_owned())
}

fn length(length: Option<linewatch_core::time::Millis>, words: &Words) -> String {
    length.map_or_else(|| "—".to_owned(), |length| words.length(&length))
}

fn tables(figures: &Rollup, telltale: &Telltale, words: &Words) -> Vec<Table> {
    let pick = |chinese, english| words.language.pick(chinese, english);
    let label = |class: &str| {
        let known = telltale.labels.iter().find(|(name, _)| name == class);
        known.map_or_else(|| class.to_owned(), |(_, label)| label.clone())
    };
    let row = |name: String, figures: &Figures| row(name, figures, words);
    vec![
        Table {
            heading: pick("按类别", "By class"),
            rows: figures.classes.iter().map(|class| row(label(class.class.as_str()), &class.figures)).collect(),
        },
        Table {
            heading: pick("按月份", "By month"),
            rows: figures.months.iter().map(|month| row(month.month.to_string(), &month.figures)).collect(),
        },
        Table {
            heading: pick("按乡镇", "By township"),
            rows: figures
                .townships
                .iter()
                .map(|of| row(words.township(of.township.as_str()).to_owned(), &of.figures))
                .collect(),
        },
    ]
}

fn row(name: String, figures: &Figures, words: &Words) -> Row {
    let said = |ratio| percent(ratio, words.language);
    Row {
        name,
        lines: figures.lines,
        availability: said(figures.availability),
        bounds: format!("{} – {}", said(figures.availability_low), said(figures.availability_high)),
        coverage: said(figures.coverage),
        unproven: !figures.proven,
        outages: figures.outages,
        down: words.length(&figures.down_ms),
        mttr: length(figures.mttr_ms, words),
        compliant: format!("{}/{}/{}", figures.compliant_lines, figures.zero_outage_lines, figures.unproven_lines),
    }
}

fn fault_tables(figures: &Rollup, words: &Words) -> Vec<FaultTable> {
    let pick = |chinese, english| words.language.pick(chinese, english);
    let row =
        |name: String, cohort: &Cohort| (name, cohort.size(), cohort.resolved, of_faults(cohort.resolution_ratio()));
    let faults = &figures.faults;
    let unnamed = || pick("（未填原因）", "(no cause)").to_owned();
    let tables = vec![
        FaultTable {
            heading: pick("故障按乡镇", "Faults by township"),
            rows: faults
                .by_township
                .iter()
                .map(|(township, cohort)| row(words.township(township.as_str()).to_owned(), cohort))
                .collect(),
        },
        FaultTable {
            heading: pick("故障按原因", "Faults by cause"),
            rows: faults
                .by_cause
                .iter()
                .map(|(cause, cohort)| row(cause.clone().unwrap_or_else(unnamed), cohort))
                .collect(),
        },
    ];
    tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

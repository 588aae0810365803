//! `/report/{year}/{file}`: the year's figures to take along, made by the same functions as the commands make them.

use std::io::{Error, Write};

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::ledger::Changes;
use linewatch_core::person::Deed;
use tokio::sync::Semaphore;

use super::super::visit::{Asked, Visit};
use super::super::{Shared, journal};
use super::figures::{Computed, Kept, figures};
use super::{Message, XLSX, attached, render};
use crate::config::Config;
use crate::config::selfeval::SelfEval;
use crate::language::Language;
use crate::report::faults::{Context, villages};
use crate::report::rollup::{self, Details, Question, Telling};
use crate::report::words::Words;
use crate::report::{document, selfeval, xlsx};
use crate::store::{Snapshot, StoreError};

/// What a document of a word processor is called on the wire.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Files with all the detail take a while and much memory: one at a time.
static FILES: Semaphore = Semaphore::const_new(1);

/// The files: name, 中文, English.
pub(super) const NAMES: [(&str, &str, &str); 8] = [
    ("figures.docx", "年度报告 DOCX", "Report, DOCX"),
    ("figures.xlsx", "工作簿 XLSX（公式可核对）", "Workbook, XLSX (formulas)"),
    ("figures.html", "年度报告 HTML", "Report, HTML"),
    ("figures.csv", "CSV（全部数字）", "CSV (all figures)"),
    ("figures.json", "JSON（供程序复算）", "JSON (for programs)"),
    ("figures.txt", "文本", "Text"),
    ("villages.xlsx", "报障的村 XLSX", "Villages that reported, XLSX"),
    ("villages.csv", "报障的村 CSV", "Villages that reported, CSV"),
];

/// What a file is made of: what it is called on the wire, and its bytes; or why there is none.
type Made = Result<(&'static str, Vec<u8>), String>;

/// `/report/{year}/{file}`.
pub(in crate::web) async fn file(
    State(source): State<Shared>,
    Extension(computed): Extension<Computed>,
    Path((year, file)): Path<(String, String)>,
    Asked { visit, look }: Asked,
) -> Response {
    let refuse = |status, sentence: String| render(status, &Message::new(&visit, sentence));
    if visit.viewer.township().is_some() {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(&visit));
    }
    if !NAMES.iter().any(|(name, ..)| *name == file) {
        return refuse(
            StatusCode::NOT_FOUND,
            visit.words().pick("没有这个文件。", "There is no such file.").to_owned(),
        );
    }
    let kept = match figures(&source, &computed, &visit, &year, look.snapshot.committed.seq).await {
        Ok(kept) => kept,
        Err((status, sentence)) => return refuse(status, sentence),
    };
    let name = format!("{}-{file}", kept.year);
    match made(&source, &visit, kept, file).await {
        Ok((kind, bytes)) => attached(kind, &name, bytes),
        Err(sentence) => refuse(StatusCode::SERVICE_UNAVAILABLE, sentence),
    }
}

async fn made(source: &Shared, visit: &Visit, kept: Kept, file: String) -> Made {
    let words = visit.words();
    let _turn = FILES.acquire().await.map_err(|_| visit.language.pick("正在停止。", "Stopping.").to_owned())?;
    let people = visit.viewer.may(Deed::SeeContacts);
    let read = journal::read(source, move |snapshot, config| -> Result<Made, StoreError> {
        if file.starts_with("villages.") {
            return of_villages(snapshot, config, &kept, &file, &words);
        }
        Ok(of_figures(snapshot, config, &kept, &file, words.language, people))
    });
    read.await.unwrap_or_else(|unread| Err(unread.sentence(visit.language)))
}

fn of_villages(
    snapshot: &Snapshot<'_>,
    config: &Config,
    kept: &Kept,
    file: &str,
    words: &Words,
) -> Result<Made, StoreError> {
    let context = Context { now: words.now, zone: words.zone, classes: config.class_labels() };
    let found = villages::villages(snapshot, kept.report.about.period.span(), None, &context)?;
    if file == "villages.csv" {
        return Ok(Ok(("text/csv; charset=utf-8", villages::csv(&found, words))));
    }
    Ok(villages::xlsx(&found, words).map(|bytes| (XLSX, bytes)).map_err(|error| error.to_string()))
}

fn of_figures(
    snapshot: &Snapshot<'_>,
    config: &Config,
    kept: &Kept,
    file: &str,
    language: Language,
    people: bool,
) -> Made {
    let (report, telltale) = (&kept.report, &kept.telltale);
    let telling = Telling { site: &telltale.site, labels: &telltale.labels, language };
    Ok(match file {
        "figures.csv" => ("text/csv; charset=utf-8", rollup::csv(report, telling)),
        "figures.json" => ("application/json", rollup::json(report, &telltale.site).into_bytes()),
        "figures.txt" => ("text/plain; charset=utf-8", rollup::text(report, telling).into_bytes()),
        "figures.xlsx" => (XLSX, workbook(snapshot, config, kept, telling, people)?),
        _ => {
            let evaluation = selfeval::evaluate(&form(config, language)?, report, telling);
            let paper = document::paper(report, &evaluation, telling);
            if file == "figures.html" {
                let page = document::html(&paper).map_err(|error| error.sentence(language))?;
                ("text/html; charset=utf-8", page.into_bytes())
            } else {
                (DOCX, document::docx(&paper).map_err(|error| error.sentence(language))?)
            }
        }
    })
}

fn workbook(
    snapshot: &Snapshot<'_>,
    config: &Config,
    kept: &Kept,
    telling: Telling<'_>,
    people: bool,
) -> Result<Vec<u8>, String> {
    let (report, language) = (&kept.report, telling.language);
    let about = &report.about;
    let question = Question { period: about.period, policy: about.policy.clone(), as_of: None, now: about.as_of };
    let evaluation = selfeval::evaluate(&form(config, language)?, report, telling);
    let details = Details::of(snapshot, &question, report, |_| Changes::default(), |_| {})
        .map_err(|error| error.sentence(language))?;
    let details = if people { details } else { details.without_people() };
    let mut spill = |_: &str| -> std::io::Result<(String, Box<dyn Write>)> {
        Err(Error::other(language.pick(
            "明细太多，一个文件放不下：请在监测机上运行 linewatch rollup --out",
            "there is more detail than one file holds: run linewatch rollup --out on the monitor",
        )))
    };
    let book = xlsx::workbook(report, &details, &evaluation, telling, xlsx::Limits::default(), &mut spill, |_| {});
    let mut book = book.map_err(|error| error.sentence(language))?;
    book.save_to_buffer().map_err(|error| error.to_string())
}

/// The form of the self-evaluation: as configured, else beside the configuration, else the one that comes with it.
fn form(config: &Config, language: Language) -> Result<SelfEval, String> {
    let classes: Vec<_> = config.classes.iter().map(|class| class.name.clone()).collect();
    let beside = config.path.with_file_name("selfeval.toml");
    let path = config.report.selfeval.as_deref().or(beside.exists().then_some(&*beside));
    let Some(path) = path else { return Ok(SelfEval::shipped()) };
    SelfEval::load(path, &classes).map_err(|_| {
        let path = path.display();
        language.pick(
            format!("自评表样式 {path} 有错误：在监测机上运行 linewatch rollup --format docx 查看。"),
            format!("the form {path} has mistakes: run linewatch rollup --format docx on the monitor to see them"),
        )
    })
}

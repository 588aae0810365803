//! `/report/{year}/{file}`: the year's figures to take along, made by the same functions as the commands make them.

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
use crate::config::selfeval::SelfEval;
use crate::config::{Config, ConfigError};
use crate::language::Language;
use crate::report::faults::{Context, villages};
use crate::report::rollup::{self, Details, Question, Telling};
use crate::report::words::Words;
use crate::report::xlsx::{self, Packed};
use crate::report::{document, selfeval};
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

/// What a ZIP archive is called on the wire.
const ZIP: &str = "application/zip";

/// What a file is made of: what it is called on the wire, and its bytes; or why there is none.
type Made = Result<(&'static str, Vec<u8>), NotMade>;

/// Why there is no file: a sentence, and the mistakes of the form where it has some.
struct NotMade {
    sentence: String,
    mistakes: String,
}

impl From<String> for NotMade {
    fn from(sentence: String) -> Self {
        Self { sentence, mistakes: String::new() }
    }
}

/// `/report/{year}/{file}`.
pub(in crate::web) async fn file(
    State(source): State<Shared>,
    Extension(computed): Extension<Computed>,
    Path((year, file)): Path<(String, String)>,
    Asked { visit, look }: Asked,
) -> Response {
    let refuse = |status, sentence| render(status, &Message::new(&visit, sentence));
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
    let mut name = format!("{}-{file}", kept.year);
    match made(&source, &visit, kept, file).await {
        Ok((kind, bytes)) => {
            if kind == ZIP {
                name = name.replace(".xlsx", ".zip");
            }
            attached(kind, &name, bytes)
        }
        Err(NotMade { sentence, mistakes }) => {
            let message = Message::new(&visit, sentence).with_mistakes(mistakes);
            render(StatusCode::SERVICE_UNAVAILABLE, &message)
        }
    }
}

async fn made(source: &Shared, visit: &Visit, kept: Kept, file: String) -> Made {
    let words = visit.words();
    let stopping = || visit.language.pick("正在停止。", "Stopping.").to_owned();
    let _turn = FILES.acquire().await.map_err(|_| stopping())?;
    let people = visit.viewer.may(Deed::SeeContacts);
    let read = journal::read(source, move |snapshot, config| -> Result<Made, StoreError> {
        if file.starts_with("villages.") {
            return of_villages(snapshot, config, &kept, &file, &words);
        }
        Ok(of_figures(snapshot, config, &kept, &file, words.language, people))
    });
    read.await.unwrap_or_else(|unread| Err(unread.sentence(visit.language).into()))
}

fn of_villages(
    snapshot: &Snapshot<'_>,
    config: &Config,
    kept: &Kept,
    file: &str,
    words: &Words,
) -> Result<Made, StoreError> {
    let context = Context { now: words.now, zone: words.zone, classes: config.class_labels(), lines: None };
    let found = villages::villages(snapshot, kept.report.about.period.span(), None, &context)?;
    if file == "villages.csv" {
        return Ok(Ok(("text/csv; charset=utf-8", villages::csv(&found, words))));
    }
    Ok(villages::xlsx(&found, words).map(|bytes| (XLSX, bytes)).map_err(|error| error.to_string().into()))
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
        "figures.xlsx" => match workbook(snapshot, config, kept, telling, people)? {
            Packed::Workbook(bytes) => (XLSX, bytes),
            Packed::Archive(bytes) => (ZIP, bytes),
        },
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
) -> Result<Packed, NotMade> {
    let (report, language) = (&kept.report, telling.language);
    let about = &report.about;
    let question = Question { period: about.period, policy: about.policy.clone(), as_of: None, now: about.as_of };
    let evaluation = selfeval::evaluate(&form(config, language)?, report, telling);
    let details = Details::of(snapshot, &question, report, |_| Changes::default(), |_| {})
        .map_err(|error| error.sentence(language))?;
    let details = if people { details } else { details.without_people() };
    let name = format!("linewatch-{}-figures", kept.year);
    let packed = xlsx::packed(report, &details, &evaluation, telling, xlsx::Limits::default(), &name);
    packed.map_err(|error| error.sentence(language).into())
}

/// The form of the self-evaluation.
fn form(config: &Config, language: Language) -> Result<SelfEval, NotMade> {
    SelfEval::of(config, None)
        .map_err(|error| NotMade { mistakes: mistakes(&error, language), ..faulty(language).into() })
}

/// Why files with the form of the self-evaluation cannot be made.
pub(super) fn faulty(language: Language) -> String {
    language
        .pick(
            "自评表样式有错误，改正之前生成不了 DOCX、XLSX 和 HTML；其他文件照常下载。",
            "The form of the self-evaluation has mistakes. Until they are mended there is no DOCX, XLSX or HTML; the \
             other files can be had.",
        )
        .to_owned()
}

/// Whether a file has the form of the self-evaluation in it.
pub(super) fn has_form(file: &str) -> bool {
    matches!(file, "figures.docx" | "figures.xlsx" | "figures.html")
}

/// The mistakes of a form, as `linewatch check` shows them.
pub(super) fn mistakes(error: &ConfigError, language: Language) -> String {
    SelfEval::unusable(error, language, false)
}

//! `linewatch rollup`: the figures of a period.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use linewatch_core::ledger::{Ledger, Policy};
use linewatch_core::record::Record;

use super::lines::file;
use super::period::{AsOf, PeriodArgs, wrong_use};
use super::progress::Progress;
use super::{Common, Failure, coloured, workbook};
use crate::clock;
use crate::config::Config;
use crate::config::selfeval::{Decimal, Funds, SelfEval};
use crate::language::Language;
use crate::report::document;
use crate::report::rollup::period::{Asked, Period};
use crate::report::rollup::{self, NoFigures, Question, Step, Telling};
use crate::report::selfeval;
use crate::store::{self, Reader, Snapshot, Store, StoreKind};

/// Options of `rollup`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "linewatch rollup [OPTIONS] <PERIOD>")]
pub struct Args {
    #[command(flatten)]
    period: PeriodArgs,
    /// Only records written by then: a day, an instant, a record's number or a head
    #[arg(long, value_name = "TIME|RECORD")]
    as_of: Option<String>,
    /// text, csv, json, xlsx, docx or html [default: by the name of --out, else text]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// File to write, complete or not at all [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Recompute the chain of digests first
    #[arg(long)]
    verify: bool,
    /// Form of the self-evaluation, for xlsx, docx and html [default: as configured, else the built-in one]
    #[arg(long, value_name = "FILE")]
    selfeval: Option<PathBuf>,
    /// Budget of the year after adjustments, in 10,000 yuan, in the place of the form's
    #[arg(long, value_name = "AMOUNT", requires = "executed", conflicts_with_all = ["quarter", "month", "from"])]
    budget: Option<Decimal>,
    /// What of it was spent, in 10,000 yuan
    #[arg(long, value_name = "AMOUNT", requires = "budget")]
    executed: Option<Decimal>,
}

/// What figures are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    #[value(alias = "txt")]
    Text,
    /// For a spreadsheet.
    Csv,
    /// For programs.
    Json,
    /// For a spreadsheet: every figure a formula over the detail.
    Xlsx,
    /// For a word processor, with forms and pictures.
    Docx,
    /// For a browser: the same, in one file.
    #[value(alias = "htm")]
    Html,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let site = Site::of(common)?;
    let language = site.language;
    let said = |error: store::StoreError| Failure(error.sentence(language));
    let period = args.period.read(site.config.site.zone, language);
    let as_of = args.as_of.as_ref().map(|text| AsOf::read(text, site.config.site.zone, language));
    let mut reader = site.open()?;
    let snapshot = reader.snapshot().map_err(said)?;
    let question = site.question(period, as_of.as_ref(), &snapshot)?;
    let verified = args.verify && verified(&snapshot, language)?;
    let mut bar = Bar::new(language);
    let mut report = rollup::compute(&snapshot, &question, site.fold(), |step| bar.step(step))
        .map_err(|error: NoFigures| Failure(error.sentence(language)))?;
    drop(bar);
    report.about.verified = verified;
    let labels = rollup::labels(&site.config);
    let telling = Telling { site: &site.config.site.name, labels: &labels, language };
    let format = args.format.or(named(args.out.as_deref())).unwrap_or(Format::Text);
    if matches!(format, Format::Xlsx | Format::Docx) && args.out.is_none() && io::stdout().is_terminal() {
        wrong_use(language.pick(
            "终端显示不了这种文件：请用 --out 写到文件，如 --out 2026.xlsx",
            "a terminal cannot show such a file: write it with --out, like --out 2026.xlsx",
        ));
    }
    let bytes = match format {
        Format::Xlsx => {
            return workbook::write(
                args.out.as_deref(),
                &site,
                &snapshot,
                &question,
                &report,
                &args.form(&site, period)?,
                telling,
            );
        }
        Format::Text => rollup::text(&report, telling).into_bytes(),
        Format::Csv => rollup::csv(&report, telling),
        Format::Json => rollup::json(&report, &site.config.site.name).into_bytes(),
        Format::Docx | Format::Html => paper(&site, &args.form(&site, period)?, &report, telling, format)?,
    };
    write(args.out.as_deref(), &bytes, language)
}

impl Args {
    /// The form of the self-evaluation, with the budget that was given.
    fn form(&self, site: &Site, period: Period) -> Result<SelfEval, Failure> {
        let mut form = site.form(self.selfeval.as_deref())?;
        let (Some(budget), Some(executed)) = (self.budget, self.executed) else { return Ok(form) };
        let Asked::Year(year) = period.asked() else { return Ok(form) };
        let said = form.years.entry(year).or_default();
        // The parts are those of the form's total.
        (said.current, said.carried, said.other) = (Funds::default(), Funds::default(), Funds::default());
        (said.total.budget, said.total.executed) = (Some(budget), Some(executed));
        Ok(form)
    }
}

/// The period on paper.
fn paper(
    site: &Site,
    form: &SelfEval,
    report: &rollup::Report,
    telling: Telling<'_>,
    format: Format,
) -> Result<Vec<u8>, Failure> {
    let evaluation = selfeval::evaluate(form, report, telling);
    let paper = document::paper(report, &evaluation, telling);
    if format == Format::Html {
        let page = document::html(&paper).map_err(|error| Failure(error.sentence(site.language)))?;
        return Ok(page.into_bytes());
    }
    document::docx(&paper).map_err(|error| Failure(error.sentence(site.language)))
}

/// The format that a file's name stands for.
fn named(out: Option<&Path>) -> Option<Format> {
    out?.extension().and_then(|name| Format::from_str(&name.to_string_lossy(), true).ok())
}

/// Writes to the file, complete or not at all, or to standard output.
pub(super) fn write(out: Option<&Path>, bytes: &[u8], language: Language) -> Result<(), Failure> {
    let Some(path) = out else {
        return match io::stdout().write_all(bytes) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        };
    };
    file::replace(path, bytes).map_err(|error| cannot_write(path, &error, language))
}

pub(super) fn cannot_write(path: &Path, error: &io::Error, language: Language) -> Failure {
    let path = path.display();
    Failure(language.pick(
        format!("无法写入 {path}：{error}；没有留下不完整的文件，请检查目录是否存在、是否可写、磁盘是否已满"),
        format!("cannot write {path}: {error}; no half file is left; check that its folder exists, can be written and has room"),
    ))
}

/// Recomputes the chain; figures from a broken one are refused.
pub(super) fn verified(snapshot: &Snapshot<'_>, language: Language) -> Result<bool, Failure> {
    let mut progress = Progress::new(snapshot.head().seq, language.pick("校验", "verifying"));
    let verification =
        store::verify(snapshot, None, |done| progress.done(done)).map_err(|error| Failure(error.sentence(language)))?;
    match verification.flaw {
        None => Ok(true),
        Some(flaw) => Err(Failure(language.pick(
            format!("没有计算：记录库校验不通过，{}；请用 journal verify 查看", flaw.sentence(language)),
            format!("nothing computed: the journal fails, {}; see journal verify", flaw.sentence(language)),
        ))),
    }
}

/// What the commands about figures need to know of the site.
pub(super) struct Site {
    pub config: Config,
    pub language: Language,
}

impl Site {
    pub fn of(common: &Common) -> Result<Self, Failure> {
        let config = common.load_site()?;
        Ok(Self { language: common.language_or(&config), config })
    }

    /// The form of the self-evaluation, the one named if there is one.
    pub fn form(&self, named: Option<&Path>) -> Result<SelfEval, Failure> {
        SelfEval::of(&self.config, named)
            .map_err(|error| Failure(SelfEval::unusable(&error, self.language, coloured())))
    }

    pub fn open(&self) -> Result<Reader, Failure> {
        Store::open_read_only(&self.config.store.path).map_err(|error| Failure(error.sentence(self.language)))
    }

    /// The question, asked now or as of an earlier record.
    pub fn question(
        &self,
        period: rollup::period::Period,
        as_of: Option<&AsOf>,
        snapshot: &Snapshot<'_>,
    ) -> Result<Question, Failure> {
        let said = |error: store::StoreError| Failure(error.sentence(self.language));
        let policy = rollup::policy(&self.config);
        let recorded_at = snapshot.recorded_at().map_err(said)?;
        // A simulated district lives in its own time, which ends with its last record.
        let clock = match snapshot.kind() {
            StoreKind::Real => clock::read().wall.max(recorded_at),
            StoreKind::Simulated => recorded_at,
        };
        let Some(as_of) = as_of else { return Ok(Question { period, policy, as_of: None, now: clock }) };
        let head = as_of.head(snapshot, self.language)?;
        let now = match as_of {
            AsOf::Instant(at) => (*at).min(clock),
            AsOf::Record(_) | AsOf::Head(_) => {
                snapshot.record(head.seq).map_err(said)?.map_or(clock, |(_, recorded_at)| recorded_at)
            }
        };
        Ok(Question { period, policy, as_of: Some(head), now })
    }

    /// Folds records as the daemon does.
    pub fn fold(&self) -> impl FnMut(&Record) -> linewatch_core::ledger::Changes + use<> {
        let mut ledger = Ledger::new(Arc::new(Policy::new(self.config.site.zone)));
        move |record| ledger.apply(record)
    }
}

/// A bar for folding, then one for counting.
pub(super) struct Bar {
    language: Language,
    folding: Option<Progress>,
    counting: Option<Progress>,
}

impl Bar {
    pub fn new(language: Language) -> Self {
        Self { language, folding: None, counting: None }
    }

    pub fn step(&mut self, step: Step) {
        let (folding, counting) = self.language.pick(("重算", "汇总"), ("folding", "counting"));
        match step {
            Step::Folded(done, total) => {
                self.counting = None;
                self.folding.get_or_insert_with(|| Progress::new(total, folding)).done(done);
            }
            Step::Counted(done, total) => {
                self.folding = None;
                self.counting.get_or_insert_with(|| Progress::new(total, counting)).step(done, total);
            }
        }
    }
}

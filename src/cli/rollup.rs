//! `linewatch rollup`: the figures of a period.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::period::{AsOf, PeriodArgs, wrong_use};
use super::site::{Bar, Site, verified, write};
use super::{Common, Failure, workbook};
use crate::config::selfeval::{Decimal, Funds, SelfEval};
use crate::report::document;
use crate::report::rollup::period::{Asked, Period};
use crate::report::rollup::{self, NoFigures, Telling};
use crate::report::selfeval;
use crate::store;

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

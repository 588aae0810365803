//! `linewatch explain`: the spans and sums behind one line's figures.

use std::path::PathBuf;

use super::period::{AsOf, PeriodArgs};
use super::site::{Bar, Site, write};
use super::{Common, Failure};
use crate::report::rollup::{self, NoFigures, Telling};

/// Options of `explain`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "linewatch explain [OPTIONS] <PERIOD> <LINE>")]
pub struct Args {
    /// The line
    #[arg(value_name = "LINE")]
    line: String,
    #[command(flatten)]
    period: PeriodArgs,
    /// Only records written by then: a day, an instant, a record's number or a head
    #[arg(long, value_name = "TIME|RECORD")]
    as_of: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// File to write, complete or not at all [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let site = Site::of(common)?;
    let (language, zone) = (site.language, site.config.site.zone);
    let period = args.period.read(zone, language);
    let as_of = args.as_of.as_ref().map(|text| AsOf::read(text, zone, language));
    let mut reader = site.open()?;
    let snapshot = reader.snapshot().map_err(|error| Failure(error.sentence(language)))?;
    let question = site.question(period, as_of.as_ref(), &snapshot)?;
    let mut bar = Bar::new(language);
    let line = args.line.as_str().into();
    let explained = rollup::explain(&snapshot, &question, &line, site.fold(), |step| bar.step(step))
        .map_err(|error: NoFigures| Failure(error.sentence(language)))?;
    drop(bar);
    let labels = rollup::labels(&site.config);
    let telling = Telling { site: &site.config.site.name, labels: &labels, language };
    let text = if args.json { rollup::explained_json(&explained) } else { rollup::explained_text(&explained, telling) };
    write(args.out.as_deref(), text.as_bytes(), language)
}

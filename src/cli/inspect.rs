//! `linewatch inspect`: lines looked at on the spot (巡检).

use chrono::Datelike;
use linewatch_core::act::{Act, Inspection};
use linewatch_core::calendar::Calendar;
use linewatch_core::record::FaultNo;

use super::person::{self, By};
use super::{Common, Failure, print};
use crate::clock;
use crate::report::inspections;
use crate::report::words::Words;
use crate::store::{Store, StoreKind};

/// Options of `inspect`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Record that a line was inspected, and what was found
    Add(Add),
    /// Inspections of this year, or of another, the latest first
    List(List),
}

/// Options of `inspect list`.
#[derive(Debug, clap::Args)]
struct List {
    /// Of this calendar year [default: the running one]
    #[arg(long, value_name = "YEAR")]
    year: Option<i32>,
    /// Of this line only
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    /// Of this township only
    #[arg(long, value_name = "TOWNSHIP")]
    township: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options of `inspect add`.
#[derive(Debug, clap::Args)]
struct Add {
    /// The line
    #[arg(value_name = "LINE")]
    line: String,
    /// What was found [default: nothing wrong]
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    findings: String,
    /// When [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Who was there [default: who says so]
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    inspector: String,
    /// The fault it was made for
    #[arg(long, value_name = "FAULT")]
    fault: Option<String>,
    #[command(flatten)]
    by: By,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    match &args.command {
        Command::Add(args) => add(args, common),
        Command::List(args) => list(args, common),
    }
}

fn list(args: &List, common: &Common) -> Result<(), Failure> {
    let config = common.load_site()?;
    let language = common.language_or(&config);
    let zone = config.site.zone;
    let said = |error: crate::store::StoreError| Failure(error.sentence(language));
    let mut reader = Store::open_read_only(&config.store.path).map_err(said)?;
    let snapshot = reader.snapshot().map_err(said)?;
    let recorded_at = snapshot.recorded_at().map_err(said)?;
    // A simulated district lives in its own time, which ends with its last record.
    let now = match snapshot.kind() {
        StoreKind::Real => clock::read().wall.max(recorded_at),
        StoreKind::Simulated => recorded_at,
    };
    let year = args.year.unwrap_or_else(|| now.to_utc().with_timezone(&zone).year());
    let span = Calendar::new(zone)
        .year(year)
        .ok_or_else(|| Failure(language.pick(format!("{year} 不是年份"), format!("{year} is no year"))))?;
    let line = args.line.as_deref().map(Into::into);
    let made = inspections::inspections(&snapshot, span, line.as_ref(), args.township.as_deref()).map_err(said)?;
    if args.json {
        return print(&(serde_json::to_string_pretty(&made)? + "\n"));
    }
    print(&inspections::text(&made, &Words { language, zone, now }))
}

fn add(args: &Add, common: &Common) -> Result<(), Failure> {
    let config = common.load_site()?;
    let language = common.language_or(&config);
    let at = args.at.as_ref().map(|text| person::instant(text, config.site.zone, language)).transpose()?;
    let act = Act::Inspect(Inspection {
        line: args.line.as_str().into(),
        inspector: args.inspector.clone(),
        at: at.unwrap_or_else(|| clock::read().wall),
        findings: args.findings.clone(),
        fault: args.fault.clone().map(FaultNo::from_stored),
    });
    for record in person::carry_out(&config, &args.by, act, language)? {
        let seq = record.seq;
        print(&language.pick(
            format!("已记录：第 {seq} 条，{} 巡检\n", args.line),
            format!("recorded as {seq}: {} was inspected\n", args.line),
        ))?;
    }
    Ok(())
}

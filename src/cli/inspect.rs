//! `linewatch inspect`: lines looked at on the spot (巡检).

use linewatch_core::act::{Act, Inspection};
use linewatch_core::record::FaultNo;

use super::person::{self, By};
use super::{Common, Failure, print};
use crate::clock;

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
    }
}

fn add(args: &Add, common: &Common) -> Result<(), Failure> {
    let config = common.load_config()?;
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

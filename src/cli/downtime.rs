//! `linewatch downtime`: planned downtime (计划停机), agreed before it begins.

use linewatch_core::act::{Act, Planning};
use linewatch_core::record::PlannedId;
use linewatch_core::time::Timestamp;

use super::decided::{self, House, Saying, Why};
use super::scope::ScopeArgs;
use super::{Common, Failure, period, print};
use crate::clock;
use crate::config::duration;
use crate::language::Language;
use crate::report::rollup::{self, Matter};

/// Options of `downtime`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Agree on a window; what of it is past already is proposed as an exclusion
    Add(Add),
    /// Windows that are not over, with --past all of them
    List(List),
    /// Cancel a window, or what is left of it
    Cancel(Cancel),
}

/// Options of `downtime add`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "linewatch downtime add [OPTIONS] <SCOPE>\n       --reason <TEXT> --document <DOCUMENT>")]
struct Add {
    #[command(flatten)]
    scope: ScopeArgs,
    /// From here [default: now]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// To here; a plain day is included
    #[arg(long, value_name = "TIME", required_unless_present = "for")]
    to: Option<String>,
    /// For so long, like 4h or 1h30m
    #[arg(long = "for", id = "for", value_name = "DURATION", conflicts_with = "to")]
    length: Option<String>,
    #[command(flatten)]
    why: Why,
    #[command(flatten)]
    said: Saying,
}

/// Options of `downtime list`.
#[derive(Debug, clap::Args)]
struct List {
    /// Also those that are over or cancelled
    #[arg(long)]
    past: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options of `downtime cancel`.
#[derive(Debug, clap::Args)]
struct Cancel {
    /// Its number, as `downtime list` shows it
    #[arg(value_name = "NUMBER")]
    number: u64,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    said: Saying,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let house = House::of(common)?;
    match &args.command {
        Command::Add(args) => add(args, &house),
        Command::List(args) => list(args, &house),
        Command::Cancel(args) => {
            let planning = Planning::Cancel { planned: PlannedId(args.number), reason: args.reason.clone() };
            house.record(&args.said, Act::Plan(planning))
        }
    }
}

fn add(args: &Add, house: &House) -> Result<(), Failure> {
    let from = args.from.as_ref().map(|text| house.instant(text)).transpose()?;
    let until = match (&args.to, &args.length) {
        (Some(to), _) => house.end(to)?,
        (None, Some(length)) => from.unwrap_or_else(|| clock::read().wall) + read_length(length, house.language),
        (None, None) => from.unwrap_or(Timestamp::MIN),
    };
    let planning = Planning::Add {
        scope: args.scope.scope(&house.config),
        from,
        until,
        reason: args.why.reason.clone(),
        document: args.why.document.clone(),
    };
    house.record(&args.said, Act::Plan(planning))
}

fn read_length(text: &str, language: Language) -> linewatch_core::time::Millis {
    duration::parse(text).unwrap_or_else(|| {
        period::wrong_use(&language.pick(
            format!("--for 的值「{text}」不是时长：写成 4h、30m 或 1h30m"),
            format!("--for {text:?} is no length of time: write 4h, 30m or 1h30m"),
        ))
    })
}

fn list(args: &List, house: &House) -> Result<(), Failure> {
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let now = house.now(&snapshot)?;
    let entries = rollup::entries(snapshot.derived()).map_err(|error| house.said(&error))?;
    let wanted = |entry: &rollup::Entry| {
        let over = entry.span.is_none_or(|span| span.end <= now) || entry.standing == rollup::Standing::Cancelled;
        entry.matter == Matter::Planned && (args.past || !over)
    };
    let entries: Vec<_> = entries.into_iter().filter(wanted).collect();
    let zone = house.config.site.zone;
    if args.json {
        return print(&format!("{:#}\n", rollup::ledger_json(&entries, zone)));
    }
    print(&decided::list(&entries, house))
}

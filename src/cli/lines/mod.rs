//! `linewatch lines`: the inventory as people read it, and its exchange with the office's spreadsheet.

mod exchange;
pub(super) mod file;

use clap::Subcommand;

use super::{Common, Failure, print};
use crate::clock;
use crate::config::Config;
use crate::language::Language;
use crate::report::{lines, terminal_width};
use crate::spelling::closest;
use linewatch_core::line::Line;

/// Options of `lines`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only lines of this class, by name or label
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// Only lines of this township
    #[arg(long, value_name = "TOWNSHIP")]
    township: Option<String>,
    /// Print JSON, under the names of the inventory's columns
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check an XLSX or CSV file, show what it changes, and make it the inventory
    Import(exchange::Import),
    /// Write the inventory as CSV, XLSX or JSON
    Export(exchange::Export),
    /// Say what an XLSX or CSV file would change
    Diff(exchange::Diff),
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    match &args.command {
        Some(Command::Import(args)) => return exchange::import(args, common),
        Some(Command::Export(args)) => return exchange::export(args, common),
        Some(Command::Diff(args)) => return exchange::diff(args, common),
        None => {}
    }
    let config = common.load_config()?;
    let all = common.load_inventory(&config)?;
    let language = common.language_or(&config);
    let chosen = choose(args, &config, &all, language)?;
    if args.json {
        return print(&format!("{:#}\n", lines::json(&chosen, config.site.zone)));
    }
    let label = |line: &Line| {
        let label = config.class(&line.class).map(|class| class.label.clone());
        language.pick(label, None).unwrap_or_else(|| line.class.to_string())
    };
    let context = lines::Context {
        label: &label,
        zone: config.site.zone,
        now: clock::read().wall,
        language,
        width: terminal_width(),
    };
    print(&lines::text(&chosen, &context))
}

/// The lines asked for. A class or township that does not exist is an error, not an empty table.
fn choose<'a>(args: &Args, config: &Config, all: &'a [Line], language: Language) -> Result<Vec<&'a Line>, Failure> {
    let mut chosen: Vec<&Line> = all.iter().collect();
    if let Some(wanted) = &args.class {
        let found = config.classes.iter().find(|class| class.name.as_str() == wanted || class.label == *wanted);
        let Some(class) = found else {
            let names: Vec<&str> =
                config.classes.iter().flat_map(|class| [class.name.as_str(), &class.label]).collect();
            return Err(unknown(language.pick("类别", "class"), wanted, &names, language));
        };
        chosen.retain(|line| line.class == class.name);
    }
    if let Some(wanted) = &args.township {
        let mut names: Vec<&str> = Vec::new();
        for line in all {
            let name = line.township.as_str();
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        if !names.contains(&wanted.as_str()) {
            return Err(unknown(language.pick("乡镇", "township"), wanted, &names, language));
        }
        chosen.retain(|line| line.township.as_str() == wanted);
    }
    Ok(chosen)
}

fn unknown(kind: &str, wanted: &str, names: &[&str], language: Language) -> Failure {
    let known = names.join(language.pick("、", ", "));
    let meant = closest(wanted, names.iter().copied());
    Failure(match (language, meant) {
        (Language::Chinese, Some(name)) => format!("没有「{wanted}」这个{kind}，是不是 {name}？可用的有：{known}"),
        (Language::Chinese, None) => format!("没有「{wanted}」这个{kind}；可用的有：{known}"),
        (Language::English, Some(name)) => format!("no {kind} \"{wanted}\", did you mean {name}? There are: {known}"),
        (Language::English, None) => format!("no {kind} \"{wanted}\"; there are: {known}"),
    })
}

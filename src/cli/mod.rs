//! Arguments, exit codes, and one file a command. Data goes to stdout, logs and errors to stderr;
//! 0 = done, 1 = failed, 2 = wrong use.

mod check;
mod journal;
mod lines;
mod run;
mod status;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::language::Language;

/// Watches fibre lines, keeps outages and repairs as evidence, and accounts for every millisecond of a year.
#[derive(Debug, Parser)]
#[command(name = "linewatch", version)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes, before or after its name.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Configuration file [default: config/linewatch.toml here, else /etc/linewatch/linewatch.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Language of what is printed: zh-CN or en [default: the site's]
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the daemon
    Run(run::Args),
    /// Check configuration and inventory, and say what the probing can and cannot see
    Check(check::Args),
    /// What is wrong now, then totals by class and township
    Status(status::Args),
    /// The inventory
    Lines(lines::Args),
    /// The evidence: verify, export, head, rebuild
    Journal(journal::Args),
}

/// A command could not do what it was asked; printed as one sentence, exit code 1.
#[derive(Debug)]
pub struct Failure(pub String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                text.push_str(": ");
                text.push_str(&cause_text);
            }
            source = cause.source();
        }
        Self(text)
    }
}

/// Parses the arguments and runs the command.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Run(args) => run::run(&args, &cli.common),
        Command::Check(args) => check::run(&args, &cli.common),
        Command::Status(args) => status::run(&args, &cli.common),
        Command::Lines(args) => lines::run(&args, &cli.common),
        Command::Journal(args) => journal::run(&args, &cli.common),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(sentence)) => {
            eprintln!("linewatch: {sentence}");
            ExitCode::from(1)
        }
    }
}

impl Common {
    /// The language asked for, if any.
    pub fn language(&self) -> Option<Language> {
        self.lang.as_deref().and_then(Language::from_tag)
    }
}

//! Arguments, exit codes, and one file a command. Data goes to stdout, logs and errors to stderr;
//! 0 = done, 1 = failed, 2 = wrong use.

mod backup;
mod check;
mod decided;
mod downtime;
mod explain;
mod fault;
mod grafana;
mod help;
mod history;
mod inspect;
mod journal;
mod lines;
mod log;
mod outage;
mod period;
mod person;
mod progress;
mod restore;
mod rollup;
mod run;
mod scope;
mod seal;
mod simulate;
mod site;
mod status;
mod user;
mod workbook;
mod wrong_use;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use linewatch_core::line::Line;

use crate::config::Config;
use crate::inventory;
use crate::language::Language;
use crate::store::Store;
use progress::Progress;

/// Watches fibre lines, keeps outages and repairs as evidence, and accounts for every millisecond of a year.
#[derive(Debug, Parser)]
#[command(name = "linewatch", version, arg_required_else_help = true)]
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
    #[arg(long, global = true, value_name = "LANG", value_parser = language_from)]
    pub lang: Option<Language>,
    /// The journal in the place of the configured one, for instance a simulated one or a backup
    #[arg(long, global = true, value_name = "FILE")]
    pub store: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the daemon
    Run(run::Args),
    /// Check configuration, inventory and permission; say what the probing can and cannot see
    Check(check::Args),
    /// What is wrong now, then totals by class and township
    Status(status::Args),
    /// The inventory
    Lines(lines::Args),
    /// Faults: what is to be done, and what was
    Fault(fault::Args),
    /// Lines looked at on the spot
    Inspect(inspect::Args),
    /// Planned downtime, agreed before it begins
    Downtime(downtime::Args),
    /// Outages as recorded; declarations, exclusions, corrections, approvals
    Outage(outage::Args),
    /// Accounts: who may see and do what
    User(user::Args),
    /// The evidence: verify, export, head, rebuild
    Journal(journal::Args),
    /// The figures of a year or any other period
    Rollup(rollup::Args),
    /// The spans and sums behind the figures of one line
    Explain(explain::Args),
    /// Fix the figures of a year, quarter or month; compute sealed ones again
    Seal(seal::Args),
    /// What another system knew, imported
    History(history::Args),
    /// Write the files for Prometheus, Alertmanager and Grafana
    Grafana(grafana::Args),
    /// Copy the journal to one file, with the daemon running or stopped, and check the copy
    Backup(backup::Args),
    /// Put a backup in the place of a journal that is gone, checked first
    Restore(restore::Args),
    /// A year of a district in a box: a journal with its truth beside it
    Simulate(simulate::Args),
    /// Explain linewatch or one of its commands
    Help {
        /// The command to explain
        #[arg(value_name = "COMMAND")]
        commands: Vec<String>,
    },
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
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let language = early_language(&arguments);
    let cli = match command(language).try_get_matches_from(arguments).and_then(|found| Cli::from_arg_matches(&found)) {
        Ok(cli) => cli,
        Err(error) => return wrong_use::report(&error, language),
    };
    let outcome = match cli.command {
        Command::Run(args) => run::run(&args, &cli.common),
        Command::Check(args) => check::run(&args, &cli.common),
        Command::Status(args) => status::run(&args, &cli.common),
        Command::Lines(args) => lines::run(&args, &cli.common),
        Command::Fault(args) => fault::run(&args, &cli.common),
        Command::Inspect(args) => inspect::run(&args, &cli.common),
        Command::Downtime(args) => downtime::run(&args, &cli.common),
        Command::Outage(args) => outage::run(&args, &cli.common),
        Command::User(args) => user::run(&args, &cli.common),
        Command::Journal(args) => journal::run(&args, &cli.common),
        Command::Rollup(args) => rollup::run(&args, &cli.common),
        Command::Explain(args) => explain::run(&args, &cli.common),
        Command::Seal(args) => seal::run(&args, &cli.common),
        Command::History(args) => history::run(&args, &cli.common),
        Command::Grafana(args) => grafana::run(&args, &cli.common),
        Command::Backup(args) => backup::run(&args, &cli.common),
        Command::Restore(args) => restore::run(&args, &cli.common),
        Command::Simulate(args) => simulate::run(&args, &cli.common),
        Command::Help { commands } => return help::explain(command(language), &commands, language),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(sentence)) => {
            log::complain(&sentence);
            ExitCode::from(1)
        }
    }
}

/// The command line as people see it in a language, with every text in place.
pub fn command(language: Language) -> clap::Command {
    help::localize(Cli::command(), language)
}

impl Common {
    /// The language asked for, if any.
    pub fn language(&self) -> Option<Language> {
        self.lang
    }

    /// The language asked for, else the site's.
    pub fn language_or(&self, config: &Config) -> Language {
        self.lang.unwrap_or(config.site.language)
    }

    /// The language before there is a configuration: asked for, else what the file names even when it has
    /// mistakes, else the environment's, else 中文.
    pub fn language_without_config(&self) -> Language {
        guess(self.lang, self.config.as_deref())
    }

    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// A sentence, or all mistakes with their places.
    pub fn load_config(&self) -> Result<Config, Failure> {
        let mut config = Config::load(self.config.as_deref())
            .map_err(|error| Failure(error.report(self.language_without_config(), coloured())))?;
        if let Some(store) = &self.store {
            config.store.path.clone_from(store);
        }
        Ok(config)
    }

    /// The same for a command that works with the journal: derived tables of an older version are made anew first, with a
    /// bar where that takes long.
    ///
    /// # Errors
    /// As of [`Common::load_config`].
    pub fn load_site(&self) -> Result<Config, Failure> {
        let config = self.load_config()?;
        let language = self.language_or(&config);
        let mut bar = None;
        let brought = Store::bring_up_to_date(&config.store.path, |done, total| {
            bar.get_or_insert_with(|| Progress::new(total, language.pick("升级", "upgrading"))).done(done);
        });
        // Opening says why, in the words of whoever opens.
        drop(brought);
        Ok(config)
    }

    /// Reads and checks the inventory that the configuration names.
    ///
    /// # Errors
    /// A sentence, or all mistakes with row and column.
    pub fn load_inventory(&self, config: &Config) -> Result<Vec<Line>, Failure> {
        let rules = inventory::Rules { zone: config.site.zone, classes: config.class_labels() };
        inventory::read(&config.inventory.file, &rules).map_err(|error| Failure(error.report(self.language_or(config))))
    }
}

/// Writes data to standard output. Whoever closes the pipe early has seen enough.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Whether errors may be coloured (<https://no-color.org>).
fn coloured() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn language_from(text: &str) -> Result<Language, String> {
    Language::from_tag(text).ok_or_else(|| "zh-CN / en".to_owned())
}

fn guess(asked: Option<Language>, config: Option<&Path>) -> Language {
    let environment = || {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        variable("LC_ALL").or_else(|| variable("LC_MESSAGES")).or_else(|| variable("LANG"))
    };
    asked.or_else(|| Config::language_of(config)).or_else(|| Language::from_tag(&environment()?)).unwrap_or_default()
}

/// The language of help and of complaints about the arguments, found before they are parsed.
fn early_language(arguments: &[OsString]) -> Language {
    let value = |name: &str| {
        let mut rest =
            arguments.iter().skip(1).map(|argument| argument.to_string_lossy()).take_while(|text| text != "--");
        while let Some(text) = rest.next() {
            if text == name {
                return rest.next().map(Cow::into_owned);
            }
            if let Some(value) = text.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                return Some(value.to_owned());
            }
        }
        None
    };
    guess(value("--lang").as_deref().and_then(Language::from_tag), value("--config").as_deref().map(Path::new))
}

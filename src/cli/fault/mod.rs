//! `linewatch fault`: the fault list, and people's steps, with the daemon running or stopped.

mod list;
mod step;
mod villages;

use chrono_tz::Tz;
use linewatch_core::record::FaultNo;
use linewatch_core::time::Timestamp;

use super::{Common, Failure};
use crate::clock;
use crate::config::Config;
use crate::language::Language;
use crate::report::faults::Context;
use crate::report::words::Words;
use crate::store::{Reader, Snapshot, Store, StoreError, StoreKind};

/// Options of `fault`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// What is to be done, the most urgent first
    List(list::List),
    /// Everything about one fault
    Show(list::Show),
    /// A line is said not to work
    Report(step::Report),
    /// Somebody takes care of it
    Ack(step::Step),
    /// Somebody was sent, or the carrier was called
    Dispatch(step::Dispatch),
    /// Somebody is on the spot
    Arrive(step::Step),
    /// It is restored; probes verify it
    Restore(step::Step),
    /// It is done: with its cause
    Close(step::Close),
    /// It was not restored
    Reopen(step::Reopen),
    /// It is part of another fault
    Merge(step::Merge),
    /// Some of its lines are another fault
    Split(step::Split),
    /// There was none
    Void(step::Why),
    /// Add something, or put it right
    Note(step::Note),
    /// A line is affected too, or is not
    Point(step::Point),
    /// Propose that it is nobody's who is judged
    Exempt(step::Exempt),
    /// Villages that reported: inspected, repaired?
    Villages(villages::Villages),
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    match &args.command {
        Command::List(args) => list::list(args, common),
        Command::Show(args) => list::show(args, common),
        Command::Villages(args) => villages::run(args, common),
        Command::Report(args) => step::report(args, common),
        Command::Ack(args) => step::acknowledge(args, common),
        Command::Dispatch(args) => step::dispatch(args, common),
        Command::Arrive(args) => step::arrive(args, common),
        Command::Restore(args) => step::restore(args, common),
        Command::Close(args) => step::close(args, common),
        Command::Reopen(args) => step::reopen(args, common),
        Command::Merge(args) => step::merge(args, common),
        Command::Split(args) => step::split(args, common),
        Command::Void(args) => step::void(args, common),
        Command::Note(args) => step::note(args, common),
        Command::Point(args) => step::point(args, common),
        Command::Exempt(args) => step::exempt(args, common),
    }
}

/// What every one of these commands needs.
struct Desk {
    config: Config,
    language: Language,
    reader: Reader,
}

impl Desk {
    fn of(common: &Common) -> Result<Self, Failure> {
        let config = common.load_site()?;
        let language = common.language_or(&config);
        let reader = Store::open_read_only(&config.store.path).map_err(|error| Failure(error.sentence(language)))?;
        Ok(Self { config, language, reader })
    }

    /// Looks at the store, and tells what was found of it in the language of the reader.
    fn look<T>(
        &mut self,
        look: impl FnOnce(&Snapshot<'_>, &Context, &Words) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        let Self { config, language, reader } = self;
        let run = || {
            let snapshot = reader.snapshot()?;
            let recorded_at = snapshot.recorded_at()?;
            // A simulated district lives in its own time, which ends with its last record.
            let now = match snapshot.kind() {
                StoreKind::Real => clock::read().wall.max(recorded_at),
                StoreKind::Simulated => recorded_at,
            };
            let zone = config.site.zone;
            let context = Context { now, zone, classes: config.class_labels(), lines: None };
            look(&snapshot, &context, &Words { language: *language, zone, now })
        };
        run().map_err(|error: StoreError| Failure(error.sentence(*language)))
    }
}

/// The number of a fault as people type it.
fn number(text: &str) -> FaultNo {
    FaultNo::from_stored(text.trim().to_uppercase())
}

/// A time as people write it, if they did.
fn at(text: Option<&String>, zone: Tz, language: Language) -> Result<Option<Timestamp>, Failure> {
    text.map(|text| super::person::instant(text, zone, language)).transpose()
}

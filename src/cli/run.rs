//! `linewatch run`: the daemon in the foreground, until SIGTERM or Ctrl-C.

use tokio::signal::unix::{SignalKind, signal};

use super::{Common, Failure, log};
use crate::daemon;
use crate::language::Language;

/// Options of `run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Start even if the inventory lacks more than 5 % of the lines on record: they are decommissioned
    #[arg(long)]
    pub allow_removal: bool,
    /// Log one JSON object a line
    #[arg(long)]
    pub log_json: bool,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let config = common.load_config()?;
    let language = common.language_or(&config);
    let lines = common.load_inventory(&config)?;
    log::start(args.log_json);
    let allow_removal = args.allow_removal;
    watch(daemon::Options { config, lines, allow_removal, district: None, company: None }, language)
}

/// Runs the daemon until SIGTERM or Ctrl-C.
///
/// # Errors
/// A sentence: whatever keeps it from starting or from ending well.
pub(super) fn watch(options: daemon::Options, language: Language) -> Result<(), Failure> {
    // The loop and the wire share one thread: a probe and its result never wake another one. Pages have their own.
    let watching = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let serving =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("pages").enable_all().build()?;
    watching.block_on(async {
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        daemon::run(options, serving.handle(), stop).await.map_err(|error| Failure(error.sentence(language)))
    })
}

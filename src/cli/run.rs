//! `linewatch run`: the daemon in the foreground, until SIGTERM or Ctrl-C.

use tokio::signal::unix::{SignalKind, signal};

use super::{Common, Failure, coloured};
use crate::daemon;

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
    start_log(args.log_json);
    let options = daemon::Options { config, lines, allow_removal: args.allow_removal };
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

/// Logs to stderr, one line an event; `LINEWATCH_LOG` chooses what, as in `linewatch=debug`.
fn start_log(json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LINEWATCH_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(coloured());
    if json {
        log.json().init();
    } else {
        log.init();
    }
}

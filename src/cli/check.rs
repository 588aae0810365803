//! `linewatch check`: what is wrong with configuration and inventory, else what the probing can and cannot see, and
//! whether this machine permits it.

use super::{Common, Failure, coloured, print};
use crate::clock;
use crate::config::Config;
use crate::config::selfeval::SelfEval;
use crate::daemon::engine_options;
use crate::probe::Engine;
use crate::report::check::Sockets;
use crate::report::{check, terminal_width};

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Columns when the output is no terminal.
const DEFAULT_WIDTH: u16 = 100;

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let config = common.load_config()?;
    let lines = common.load_inventory(&config)?;
    let language = common.language_or(&config);
    // Nothing is watched by it, but a year's end is a bad time to learn of its mistakes.
    SelfEval::of(&config, None).map_err(|error| Failure(SelfEval::unusable(&error, language, coloured())))?;
    let assessment = check::assess(&config, &lines, clock::read().wall);
    let sockets = open_sockets(&config)?;
    if args.json {
        print(&format!("{:#}\n", assessment.json(&config, &sockets, language)))?;
    } else {
        // Sentences get hard to follow on very wide screens.
        let width = terminal_width().unwrap_or(DEFAULT_WIDTH).clamp(60, 120);
        print(&check::text(&assessment, &config, &sockets, language, width))?;
    }
    // A machine on which nothing can be probed is not ready, however sound the files are.
    sockets.map(|_| ()).map_err(|refused| Failure(refused.explain(language)))
}

/// Opens the wire as the daemon would, looks at it and closes it again; sends nothing.
fn open_sockets(config: &Config) -> Result<Sockets, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let _within = runtime.enter();
    Ok(Engine::open(engine_options(config)).map(|(engine, _results)| engine.chosen_sockets()))
}

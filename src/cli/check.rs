//! `linewatch check`: what is wrong with configuration and inventory, else what the probing can and cannot see.

use super::{Common, Failure, print};
use crate::clock;
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
    let assessment = check::assess(&config, &lines, clock::read().wall);
    if args.json {
        return print(&format!("{:#}\n", assessment.json(&config)));
    }
    // Sentences get hard to follow on very wide screens.
    let width = terminal_width().unwrap_or(DEFAULT_WIDTH).clamp(60, 120);
    print(&check::text(&assessment, &config, common.language_or(&config), width))
}

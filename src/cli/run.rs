//! `linewatch run`.

use super::{Common, Failure};

/// Options of `run`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs it.
pub fn run(_args: &Args, _common: &Common) -> Result<(), Failure> {
    Ok(())
}

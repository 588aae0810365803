//! `linewatch check`.

use super::{Common, Failure};

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs it.
pub fn run(_args: &Args, _common: &Common) -> Result<(), Failure> {
    Ok(())
}

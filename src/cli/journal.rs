//! `linewatch journal`.

use super::{Common, Failure};

/// Options of `journal`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs it.
pub fn run(_args: &Args, _common: &Common) -> Result<(), Failure> {
    Ok(())
}

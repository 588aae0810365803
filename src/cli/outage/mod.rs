//! `linewatch outage`: outages as recorded, and what people decide about time that is past.

mod decide;
mod list;

use super::decided::House;
use super::{Common, Failure};

/// Options of `outage`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Outages of the last seven days, or of another time, with their numbers
    List(list::List),
    /// One outage or decision
    Show(list::Show),
    /// Say that a line was down although it answered; counts at once
    Declare(decide::Declare),
    /// A declared outage is over
    End(decide::End),
    /// Propose to take time out of the account
    Exclude(decide::Exclude),
    /// Propose that an outage was not as it is recorded
    Correct(decide::Correct),
    /// Agree with what another person proposed: it counts
    Approve(decide::Approve),
    /// Do not agree with what another person proposed
    Reject(decide::Because),
    /// Take a decision back: the evidence counts again
    Withdraw(decide::Because),
    /// The ledger of decisions; with a period what they change there
    Exclusions(list::Exclusions),
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let house = House::of(common)?;
    match &args.command {
        Command::List(args) => list::list(args, &house),
        Command::Show(args) => list::show(args, &house),
        Command::Declare(args) => args.run(&house),
        Command::End(args) => args.run(&house),
        Command::Exclude(args) => args.run(&house),
        Command::Correct(args) => args.run(&house),
        Command::Approve(args) => args.run(&house),
        Command::Reject(args) => args.reject(&house),
        Command::Withdraw(args) => args.withdraw(&house),
        Command::Exclusions(args) => list::exclusions(args, &house, common),
    }
}

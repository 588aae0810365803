//! The pure core of linewatch.

pub mod address;
pub mod command;
pub mod ledger;
pub mod line;
pub mod outcome;
pub mod probing;
pub mod record;
pub mod time;
pub mod view;

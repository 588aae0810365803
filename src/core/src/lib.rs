//! The pure core of linewatch.

pub mod availability;
pub mod calendar;
pub mod command;
pub mod fault;
pub mod ledger;
pub mod line;
pub mod outcome;
pub mod record;
pub mod time;
pub mod upstream;
pub mod view;

//! The pure core of linewatch.

pub mod address;
pub mod availability;
pub mod calendar;
pub mod command;
pub mod detector;
pub mod fault;
pub mod flapping;
pub mod ledger;
pub mod line;
pub mod monitor;
pub mod outcome;
pub mod probing;
pub mod quality;
pub mod record;
pub mod schedule;
pub mod sight;
pub mod time;
pub mod upstream;
pub mod view;

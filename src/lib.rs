//! linewatch watches the fibre lines of a county and accounts for every millisecond of a year.

pub mod cli;
pub mod clock;
pub mod config;
pub mod daemon;
pub mod inventory;
pub mod language;
pub mod metrics;
pub mod probe;
pub mod report;
pub mod spelling;
pub mod store;
pub mod web;

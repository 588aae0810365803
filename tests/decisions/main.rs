//! The commands by which people speak of time: planned downtime, declarations, exclusions, corrections, imports, seals;
//! and what the commands about figures make of bad input.

#[path = "../daemon/mod.rs"]
mod daemon;
#[path = "../elsewhere/mod.rs"]
mod elsewhere;
#[path = "../rollup_story/mod.rs"]
mod rollup_story;

mod bad_input;
mod beside_the_daemon;
mod history;
mod house;
mod people;
mod seal;

//! Simulated years: a district whose truth is known, watched by the very same core, recorded in a journal that says in
//! each record that it was simulated.
//!
//! What is real: the monitor, its schedule and its verdicts; deciding, folding, records, chain, store and derived rows;
//! the turns of the daemon's loop, its heartbeats, checkpoints and what falls due between them. What is not: the clock
//! and the wire ([`linewatch_core::simulated`]). Stretches in which nothing changes are leapt over,
//! [`Monitor::leap`](linewatch_core::monitor::Monitor::leap) says what is skipped and why that is the same. Hourly
//! quality, which is beside the chain, is not kept for simulated years.
//!
//! - [`scenario`]: how often what happens, from a file;
//! - [`history`]: a year (or less) from its first record to its last;
//! - `people`: what township offices, crews and admins do in it;
//! - [`truth`]: what really happened, written beside the journal;
//! - [`company`]: the same people in the daemon of `simulate --live`;
//! - [`check`]: the records held against the truth.

pub mod check;
pub mod company;
pub mod history;
mod people;
mod recorder;
pub mod scenario;
pub mod truth;

//! The pure core of linewatch: what an outage, a gap, a fault and a millisecond of downtime are.
//!
//! # How it is divided
//!
//! - **Words**: [`time`], [`line`](mod@line), [`outcome`], [`address`], [`calendar`], [`probing`]. Types that cannot be wrong, in
//!   integer milliseconds, micro-degrees and fen.
//! - **Judging**: [`monitor`], one state machine, events in and effects out. It asks [`schedule`] whom to probe, keeps
//!   a [`detector`] for each line, believes a silence only with [`sight`], and raises a flag for [`flapping`].
//! - **Recording**: [`record`] is what is kept for ever, [`command`] (and of people, [`act`]) what may lead to a record, [`ledger`] what is in
//!   force and open after all records so far. [`upstream`] and [`fault`] serve the ledger; [`person`] says who may do what.
//! - **Accounting**: [`rollup`], the figures of a period; [`availability`], ratios and the running account that metrics
//!   show, each millisecond of a period counted once; beside the records, [`quality`], how a
//!   line answered hour by hour.
//! - **Showing**: [`view`], the committed state joined with the monitor's live values.
//! - **Proving**: [`simulated`], a district with a known truth, for the same state machine on a virtual clock.
//!
//! # Deciding and folding apart
//!
//! `decide(&Ledger, &Command, now)` finds out which facts follow from a command; it alters nothing and may refuse.
//! `Ledger::apply(&Record)` alone alters a ledger; it decides nothing and cannot fail. What was decided by a policy (that
//! a fault is opened, under which number, that it is a relapse) is written into the record. So a later policy never
//! changes what an old record meant, and folding the journal again gives the same ledger, row by row.
//!
//! # What it never does
//!
//! It never reads a clock, a file, a socket or the environment, never logs, never waits and never starts a thread;
//! `tests/layers.rs` of the binary's package looks for that. It has no dependency that does. It forgets nothing that
//! a decision looks at, and rounds nothing upwards. Floating point is in no record and in no sum of milliseconds.

pub mod act;
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
pub mod person;
pub mod probing;
pub mod quality;
pub mod record;
pub mod rollup;
pub mod schedule;
pub mod sight;
pub mod simulated;
pub mod time;
pub mod upstream;
pub mod view;

//! linewatch watches the fibre lines of a county and accounts for every millisecond of a year.
//!
//! This page says how it is divided and, mostly, what is *not* where. It names things that change rarely; each
//! file's first comment says the rest.
//!
//! # Layers
//!
//! Two packages, one binary. `src/core` is a package of its own, so that the compiler keeps it pure; the rest is
//! this crate. A module names only lower layers, and `tests/layers.rs` fails where one does not.
//!
//! | layer | modules | what it is |
//! |---|---|---|
//! | L5 | `main`, [`cli`] | arguments, exit codes, one file or folder a command |
//! | L4 | [`simulate`] | years and districts whose truth is known; it names [`daemon`], which does not know it |
//! | L4 | [`daemon`] | the wiring, the one loop, the writer's thread, reload |
//! | L3 | [`web`] | pages, endpoints for metrics, health and reload, the control socket |
//! | L2 | [`report`] | what is told to people, as data and as text in both languages |
//! | L1 | [`config`], [`inventory`], [`history`], [`clock`], [`probe`], [`store`], [`metrics`], [`secret`] | the edges; they do not know one another |
//! | L0 | [`linewatch_core`], [`language`], [`spelling`] | what everything means |
//!
//! # One probe, from packet to published digit
//!
//! 1. `src/daemon/watch.rs` wakes, reads [`clock`] once, and tells the monitor that time has passed.
//! 2. `src/core/src/schedule.rs` says whose turn it is; `src/core/src/monitor/send.rs` asks for a probe.
//! 3. `src/probe/engine.rs` takes the request. ICMP: `src/probe/family.rs` sends it, `src/probe/filter.rs` lets nothing
//!    but echo replies to our own requests back in, the pinging library in `src/probe/client.rs` finds the one that has
//!    the line's address and the request's number, and `src/probe/hint.rs` may give a silence its cause, never make it a
//!    reply. TCP and RTSP: `src/probe/connection.rs` opens a socket for this one probe, `src/probe/rtsp.rs` reads the
//!    status line. One result comes back for each request: a reply, a loss, or unsent. (In `simulate --live`,
//!    `src/probe/district.rs` answers in the place of all these.)
//! 4. `src/core/src/monitor/judge.rs` hands the result to the line's `src/core/src/detector.rs`, which counts runs.
//!    A complete run of losses waits in `src/core/src/monitor/held.rs` until `src/core/src/sight.rs` has seen somebody
//!    else answer, and for a suspect line above to be settled. Then it is a verdict, and a verdict is a command.
//! 5. `src/daemon/queue.rs` takes the command; the loop goes on. On the writer's thread `src/daemon/writer.rs` asks
//!    `src/core/src/ledger/decide/mod.rs` which facts follow and folds them with `src/core/src/ledger/apply/mod.rs`.
//! 6. `src/store/codec.rs` makes each record's bytes, once; `src/store/chain.rs` its digest; `src/store/sqlite.rs` commits
//!    records and derived rows in one transaction, with fsync.
//! 7. Only then is the new state published. `src/core/src/view/join.rs` joins it with the live values, and
//!    `src/report/status.rs`, `src/web/pages/mod.rs` and `src/metrics/mod.rs` show it.
//! 8. At the end of the year `src/cli/rollup.rs` opens the same store, only to read, and asks `src/report/rollup/mod.rs`.
//!    `src/store/period.rs` reads the rows of the period, line by line, and `src/report/rollup/input.rs` puts each into
//!    its place: nothing is decided there.
//! 9. `src/core/src/rollup/sweep.rs` cuts the line's year into stretches and says what each counts as;
//!    `src/core/src/rollup/count.rs` and `src/core/src/rollup/sums.rs` add their milliseconds up, `src/core/src/availability.rs`
//!    makes the ratio.
//! 10. `src/report/rollup/text.rs` and its neighbours print it: truncated, never rounded up. The five lost probes
//!     of step 4 are a few thousand of the 31,536,000,000 milliseconds of their line's year; `linewatch explain LINE` leads
//!     back to them.
//!
//! Beside all this, `src/core/src/monitor/hours.rs` counts the result in its line's hour; every five minutes the queue
//! takes the counts to `src/store/quality.rs`.
//!
//! # One reload, from order to force
//!
//! `src/daemon/reload.rs` reads both files and checks them whole, on a thread of its own. The loop hands the inventory
//! to the writer; once it is recorded, the plan is swapped (`src/daemon/plan.rs`, `src/core/src/monitor/plan.rs`), and
//! then what pages and metrics show. A mistake anywhere before that leaves everything as it was.
//!
//! # What is absent
//!
//! - **No clock** outside `src/clock.rs`; clippy refuses the calls. Everything else is told the time.
//! - **No lock and no shared state** around the monitor: one task owns it. The loop waits neither for the wire nor
//!   for the disk.
//! - **No task for each line, no timer for each probe's turn**: one schedule.
//! - **No page, metric or answer shows a record before it is committed.** Delay, counters, Suspect and Recovering are
//!   live, and the only ones that are.
//! - **No setting is half in force.** A configuration is built anew, never altered.
//! - **No SQL decides anything.** Derived rows are what `apply` returned; `journal rebuild` proves it.
//! - **No hourly quality in a verdict, a record or a published figure**: it is beside the chain.
//! - **No record is changed or deleted,** not by any code here; triggers in `src/store/schema.rs` stop accidents.
//! - **Nothing but `src/probe/` knows the pinging library,** and nothing but `src/store/` the database.
//! - **No sentence for people in one language only**: both stand side by side, see [`language`].
//! - **No script within a page, and no foreign address**: one file of script keeps pages as things are now, and all works
//!   without it; charts are shapes within the page.
//! - **No unbounded memory of the past**: closed outages and faults are in tables; memory holds what is open and what
//!   the next decisions may look at.

pub mod cli;
pub mod clock;
pub mod config;
pub mod daemon;
pub mod history;
pub mod inventory;
pub mod language;
pub mod metrics;
pub mod probe;
pub mod report;
pub mod secret;
pub mod simulate;
pub mod spelling;
pub mod store;
pub mod web;

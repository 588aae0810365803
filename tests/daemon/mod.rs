//! The real program in a folder of its own: configuration, inventory, store, a free port, a log that can be waited on.
//!
//! ```ignore
//! mod daemon;
//!
//! let home = Home::new().line(Row::new("T-01", "127.7.0.1")).line(Row::new("V-01", "127.7.0.2").below("T-01"));
//! let daemon = home.start();                                   // runs and serves; panics with the log when it does not
//! daemon.await_log("observation.sighted");                     // an event, with a deadline
//! daemon.await_status("all up", |status| status["total"]["up"] == 2);
//! assert_eq!(daemon.stop().code, Some(0));                     // SIGTERM
//! assert!(home.outages().is_empty());
//!
//! // In a network namespace; its id is the daemon's own, since `ip netns exec` becomes the program.
//! let daemon = home.start_through(pair.near.command(daemon::PROGRAM));
//! pair.near.enter(|| daemon.metric("linewatch_monitor_blind"));        // HTTP is asked from inside, status from anywhere
//! ```
//!
//! Everything goes with its value: the daemon is killed by its process id, the folder removed. Keep the [`Home`]
//! longer than its daemons.

#![allow(dead_code, unused_imports, reason = "every test file uses its own part of it")]

mod home;
mod http;
mod mount;
mod process;
mod row;

pub use home::{Home, Speed};
pub use http::{Answer, get};
pub use mount::Disk;
pub use process::{Daemon, Ended, PATIENCE};
pub use row::Row;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_linewatch");

//! What people are shown: the published records joined with the monitor's live values.
//!
//! Whether a line is down, seen, or part of a fault comes from committed records alone (design rule 8);
//! delay, counters and the soft states Suspect and Recovering are live, the listed exception.

mod join;
mod live;
mod snapshot;

pub use join::{FaultView, LineView, Shown};
pub use live::{Histogram, LiveLine, LiveReference, LiveView};
pub use snapshot::{Availability, ClassLabel, Committed, CommittedLine, JournalView, Period, Reload, Site, Snapshot};

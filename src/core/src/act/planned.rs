//! Planned downtime as people ask for it.

use crate::record::{PlannedId, Scope};
use crate::time::Timestamp;

/// Downtime is planned, or is not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planning {
    /// A window is agreed. What of it lies before its entry is proposed as an exclusion.
    Add {
        /// Which lines.
        scope: Scope,
        /// From here; `None`: from its entry on.
        from: Option<Timestamp>,
        /// Until here.
        until: Timestamp,
        /// Why.
        reason: String,
        /// Number of the document that agreed to it.
        document: String,
    },
    /// A window, or what is left of it, will not be.
    Cancel {
        /// The window.
        planned: PlannedId,
        /// Why.
        reason: String,
    },
}

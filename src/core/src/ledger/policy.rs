//! What the ledger decides by: the site's zone and the times of section 4 of the meanings.

use std::collections::BTreeMap;

use crate::line::ClassName;
use crate::time::Millis;

/// Times that decide when a fault opens, is restored or is the same again. A change concerns later decisions only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The site's zone: days of fault numbers, month's ends.
    pub zone: chrono_tz::Tz,
    /// A confirmed own outage opens a fault once it has lasted this long. Default 60 s.
    pub open_after: Millis,
    /// A fault restored not longer ago than this is the same fault again. Default 30 min.
    pub merge_window: Millis,
    /// A fault is restored when its line has been up this long. Default 5 min.
    pub stability: Millis,
    /// A line still down this long after its ancestor came back is down on its own. Default 60 s.
    pub grace: Millis,
    /// Repair deadlines by class; others get [`Policy::DEFAULT_REPAIR`].
    pub repair: BTreeMap<ClassName, Millis>,
}

impl Policy {
    /// 12 h, from the office's own report.
    pub const DEFAULT_REPAIR: Millis = Millis::from_secs(12 * 3600);

    /// The defaults in a zone.
    pub fn new(zone: chrono_tz::Tz) -> Self {
        Self {
            zone,
            open_after: Millis::from_secs(60),
            merge_window: Millis::from_secs(30 * 60),
            stability: Millis::from_secs(5 * 60),
            grace: Millis::from_secs(60),
            repair: BTreeMap::new(),
        }
    }

    /// How long after its opening a fault on a line of this class is to be restored.
    pub fn repair_time(&self, class: &ClassName) -> Millis {
        self.repair.get(class).copied().unwrap_or(Self::DEFAULT_REPAIR)
    }
}

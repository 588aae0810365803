//! How often a line is probed and what confirms a change.

use crate::time::Millis;

/// Probing parameters of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probing {
    /// Between two scheduled probes.
    pub interval: Millis,
    /// How long an answer may take.
    pub timeout: Millis,
    /// Between two confirming probes.
    pub retry_interval: Millis,
    /// Losses in a row that confirm Down.
    pub confirm_down: u32,
    /// Replies in a row that confirm Up.
    pub confirm_up: u32,
}

impl Default for Probing {
    fn default() -> Self {
        Self {
            interval: Millis(2000),
            timeout: Millis(1000),
            retry_interval: Millis(1000),
            confirm_down: 5,
            confirm_up: 2,
        }
    }
}

impl Probing {
    /// Results of a line further apart than this enclose a gap (design rule 7): three intervals and a timeout.
    pub fn gap_limit(&self) -> Millis {
        self.interval * 3 + self.timeout
    }

    /// The longest time from a first loss to the complete run that confirms Down.
    pub fn confirmation_time(&self) -> Millis {
        self.retry_interval * i64::from(self.confirm_down) + self.timeout
    }
}

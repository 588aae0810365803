//! How a line answered, hour by hour: counts of scheduled probes and a histogram of their delays.
//!
//! Quality is beside the chain (design.md section 5): it decides nothing and no published figure comes from it.
//! It is kept for years, so a line-hour is a few dozen bytes ([`Quality::encode`]); hours add up to days and months
//! by [`Quality::merge`], and quantiles of any of them are read from the histogram.

mod codec;
mod delays;

pub use codec::{Block, NotQuality};
pub use delays::Delays;

use crate::line::LineId;
use crate::time::Timestamp;

/// How a line answered within a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Probes sent and not answered in time (RFC 6673).
    pub lost: u64,
    /// Probes that say nothing of the line: our own side could not send them, or they were lost while the monitor
    /// itself saw nothing (design rules 3 and 4).
    pub unsent: u64,
    /// Round-trip delays of those answered (RFC 2681).
    pub delays: Delays,
}

/// The quality of one line in one hour, or a part of it; parts of the same hour are merged where they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineHour {
    /// The line.
    pub line: LineId,
    /// When the hour began: a full hour of the site's local clock. Probes belong to the hour in which they were sent.
    pub start: Timestamp,
    /// What was counted.
    pub quality: Quality,
}

impl Quality {
    /// Probes that were sent: answered or lost.
    pub fn sent(&self) -> u64 {
        self.delays.answered().saturating_add(self.lost)
    }

    /// Whether no probe was due at all.
    pub fn is_empty(&self) -> bool {
        self.lost == 0 && self.unsent == 0 && self.delays.is_empty()
    }

    /// Adds `times` as much again as was counted since `earlier`.
    pub(crate) fn repeat(&mut self, earlier: &Self, times: u64) {
        let more = |now: &mut u64, before: u64| *now = now.saturating_add((*now - before).saturating_mul(times));
        more(&mut self.lost, earlier.lost);
        more(&mut self.unsent, earlier.unsent);
        self.delays.repeat(&earlier.delays, times);
    }

    /// Adds what was counted in another span of the same line.
    pub fn merge(&mut self, other: &Self) {
        self.lost = self.lost.saturating_add(other.lost);
        self.unsent = self.unsent.saturating_add(other.unsent);
        self.delays.merge(&other.delays);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_what_was_answered_or_lost() {
        let mut earlier = Quality { lost: 1, unsent: 5, ..Quality::default() };
        earlier.delays.observe(7);
        assert_eq!(earlier.sent(), 2);
        let mut later = earlier.clone();
        later.merge(&earlier);
        assert_eq!((later.sent(), later.lost, later.unsent), (4, 2, 10));
        later.repeat(&earlier, 10);
        assert_eq!((later.sent(), later.lost, later.unsent), (24, 12, 60));
    }

    #[test]
    fn one_probe_whatever_became_of_it_is_something() {
        let mut answered = Quality::default();
        assert!(answered.is_empty());
        answered.delays.observe(0);
        let lost = Quality { lost: 1, ..Quality::default() };
        let unsent = Quality { unsent: 1, ..Quality::default() };
        for quality in [answered, lost, unsent] {
            assert!(!quality.is_empty(), "{quality:?}");
        }
    }
}

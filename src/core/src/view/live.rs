//! The monitor's live values: delay, counters and the soft states, the listed exception of design rule 8.

use crate::line::{ClassName, LineId};
use crate::outcome::{State, UnsentCause};
use crate::time::{Millis, Timestamp};

/// The monitor's live values of one line.
#[derive(Clone, Debug)]
pub struct LiveLine {
    /// The line.
    pub id: LineId,
    /// The detector's own state; shown only where it is soft.
    pub state: State,
    /// First result of the run that makes the state soft.
    pub soft_since: Option<Timestamp>,
    /// Changes state too often.
    pub flapping: bool,
    /// Round-trip delay of the last probe in microseconds; absent after a loss.
    pub delay_us: Option<u32>,
    /// Scheduled probes sent, confirming ones apart.
    pub sent: u64,
    /// Scheduled probes lost.
    pub lost: u64,
    /// Why the last probe was not sent, if it was not.
    pub unsent: Option<UnsentCause>,
    /// The state is certain before this instant.
    pub certain_until: Option<Timestamp>,
    /// Up to here the line is certainly down: moves with `certain_until` while the state is Down, and stays at the
    /// first answered probe from Recovering on, until Down is confirmed again. `None`: not down since the start.
    pub down_until: Option<Timestamp>,
    /// Up time and down time (design rule 6) since the monitor started, bridged gaps included; never decreases.
    pub observed: Millis,
}

/// Counts of observations by upper bound, as Prometheus wants them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Upper bounds in seconds, ascending, without infinity.
    pub bounds: &'static [f64],
    /// Not cumulative; one longer than `bounds`.
    pub counts: Vec<u64>,
    /// Sum of all observations in seconds.
    pub sum: f64,
}

impl Histogram {
    /// An empty histogram.
    pub fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, counts: vec![0; bounds.len() + 1], sum: 0.0 }
    }

    /// Counts `times` as much again as was counted since `earlier`.
    #[expect(clippy::cast_precision_loss, reason = "a sum of delays needs no precision")]
    pub(crate) fn repeat(&mut self, earlier: &Self, times: i64) {
        for (count, before) in self.counts.iter_mut().zip(&earlier.counts) {
            *count += (*count - before) * times.unsigned_abs();
        }
        self.sum += (self.sum - earlier.sum) * times as f64;
    }

    /// Counts one observation.
    pub fn observe(&mut self, seconds: f64) {
        let bucket = self.bounds.iter().position(|bound| seconds <= *bound).unwrap_or(self.bounds.len());
        self.counts[bucket] += 1;
        self.sum += seconds;
    }
}

/// One reference address.
#[derive(Clone, Debug)]
pub struct LiveReference {
    /// As configured.
    pub address: String,
    /// Whether its last probe was answered; `None` before the first result.
    pub up: Option<bool>,
}

/// All that the monitor shows beside the records, at one instant.
#[derive(Clone, Debug, Default)]
pub struct LiveView {
    /// The instant.
    pub now: Timestamp,
    /// When the monitor started.
    pub started: Timestamp,
    /// Nothing is recorded before this instant: the clock is behind the last record.
    pub muted_until: Option<Timestamp>,
    /// Lines, by id.
    pub lines: Vec<LiveLine>,
    /// References in the order of the configuration.
    pub references: Vec<LiveReference>,
    /// Probes unsent since the start, in the order of [`UnsentCause::ALL`].
    pub unsent: [u64; UnsentCause::ALL.len()],
    /// How late probes were handed to the wire.
    pub lateness: Histogram,
    /// Round-trip delays by class.
    pub delay: Vec<(ClassName, Histogram)>,
    /// Clock steps since the start.
    pub clock_steps: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_is_counted_as_often_again() {
        let mut earlier = Histogram::new(&[1.0]);
        earlier.observe(0.5);
        let mut later = earlier.clone();
        later.observe(0.25);
        later.observe(2.0);
        later.repeat(&earlier, 10);
        assert_eq!(later.counts, [12, 11]);
        assert!((later.sum - (0.5 + 11.0 * 2.25)).abs() < 1e-9, "{}", later.sum);
    }
}

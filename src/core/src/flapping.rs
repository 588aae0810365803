//! Lines that go down and come back too often. A flag and an alert; it changes no millisecond.

use crate::time::Timestamp;

/// The score halves in this time: 30 minutes.
const HALF_LIFE_MS: f64 = 30.0 * 60.0 * 1000.0;
/// From this score on a line flaps: about three outages with their returns within a quarter of an hour.
const BEGINS: f64 = 5.0;
/// Below this score it no longer does.
const ENDS: f64 = 2.0;

/// The changes of one line, weighted by age.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flapping {
    score: f64,
    at: Timestamp,
    is_on: bool,
}

impl Flapping {
    /// A confirmed change, down or up.
    pub fn changed(&mut self, now: Timestamp) {
        self.score = self.score_at(now) + 1.0;
        self.at = now;
        self.is_on = self.score >= if self.is_on { ENDS } else { BEGINS };
    }

    /// Whether the line flaps at `now`.
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.is_on && self.score_at(now) >= ENDS
    }

    #[expect(clippy::cast_precision_loss, reason = "a score needs no precision")]
    fn score_at(&self, now: Timestamp) -> f64 {
        self.score * 0.5_f64.powf((now - self.at).0.max(0) as f64 / HALF_LIFE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_changes_in_ten_minutes_flap_and_an_hour_of_rest_ends_it() {
        let mut line = Flapping::default();
        for minute in 0..5 {
            line.changed(Timestamp(minute * 60_000));
        }
        assert!(!line.is_on(Timestamp(300_000)));
        line.changed(Timestamp(300_000));
        assert!(line.is_on(Timestamp(300_000)));
        assert!(line.is_on(Timestamp(30 * 60_000)));
        assert!(!line.is_on(Timestamp(75 * 60_000)));
    }

    #[test]
    fn an_outage_a_day_does_not_flap() {
        let mut line = Flapping::default();
        for day in 0..100 {
            line.changed(Timestamp(day * 86_400_000));
            line.changed(Timestamp(day * 86_400_000 + 600_000));
            assert!(!line.is_on(Timestamp(day * 86_400_000 + 600_000)));
        }
    }
}

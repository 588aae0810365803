//! How a line is probed, and what probing like that can and cannot find.
//!
//! The pattern: one scheduled probe every `interval`. After a lost one the line is probed again every
//! `retry_interval`, counted from sending to sending, until an answer or until `confirm_down` losses in a row.

use crate::time::Millis;

/// How lines of a class are probed.
///
/// `timeout` ≤ `retry_interval` ≤ `interval`, so that a line never has two probes under way;
/// the configuration refuses anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probing {
    /// Time between two scheduled probes of a line, 200 ms to 1 h.
    pub interval: Millis,
    /// A probe unanswered for this long is lost.
    pub timeout: Millis,
    /// Time between two probes while a line is suspect.
    pub retry_interval: Millis,
    /// This many losses in a row confirm Down, 2 to 100.
    pub confirm_down: u32,
    /// This many replies in a row confirm Up, 1 to 100.
    pub confirm_up: u32,
}

impl Default for Probing {
    fn default() -> Self {
        Self {
            interval: Millis::from_secs(2),
            timeout: Millis::from_secs(1),
            retry_interval: Millis::from_secs(1),
            confirm_down: 5,
            confirm_up: 2,
        }
    }
}

impl Probing {
    /// A year of 365 days, for expectations per year.
    pub const YEAR: Millis = Millis::from_secs(365 * 86_400);

    /// From the first loss to the sending of the last confirming probe.
    pub fn confirmation(&self) -> Millis {
        self.retry_interval * (i64::from(self.confirm_down) - 1)
    }

    /// Every cut that lasts longer than this is found: at worst it begins just after a scheduled probe and the
    /// whole confirming run has to fall into it. A shorter one is found only if it begins luckily, and never
    /// if it is not longer than [`Probing::confirmation`].
    pub fn shortest_cut(&self) -> Millis {
        self.interval + self.confirmation()
    }

    /// From the beginning of a cut to its confirmation when it begins just before a scheduled probe and nothing
    /// but silence answers.
    pub fn detection_best(&self) -> Millis {
        self.confirmation() + self.timeout
    }

    /// The same when it begins just after a scheduled probe. Waiting for sight (design rule 4) comes on top.
    pub fn detection_worst(&self) -> Millis {
        self.shortest_cut() + self.timeout
    }

    /// A span between two results longer than this is a gap (design rule 7).
    pub fn gap_limit(&self) -> Millis {
        self.interval * 3 + self.timeout
    }

    /// From the sending of a scheduled probe until the next one has been lost: the longest silence of a sound target.
    pub fn round(&self) -> Millis {
        self.interval + self.timeout
    }

    /// After how long a silence of everything that is probed the monitor is blind (design rule 4): when each was
    /// asked once and none answered, so the longest [`Probing::round`]. Any longer, and a silence of the monitor's
    /// own would show as a gap of each line before it shows as one blind span. `None` when nothing is probed.
    pub fn blind_after(probed: impl IntoIterator<Item = Self>) -> Option<Millis> {
        probed.into_iter().map(|probing| probing.round()).max()
    }

    /// The longest time from a first loss to the complete run that confirms Down.
    pub fn confirmation_time(&self) -> Millis {
        self.retry_interval * i64::from(self.confirm_down) + self.timeout
    }

    /// Probes a second for one line that answers.
    pub fn rate(&self) -> f64 {
        1.0 / self.interval.as_secs_f64()
    }

    /// Probes a second for one suspect line.
    pub fn suspect_rate(&self) -> f64 {
        1.0 / self.retry_interval.as_secs_f64()
    }

    /// False confirmations of Down per line and year, if every probe of a sound line is lost with the
    /// probability `loss`, independently of all others.
    ///
    /// A renewal process. A cycle begins with a scheduled probe of a line that is up. With probability 1 − p it
    /// is answered and the next cycle begins one interval later. With probability pʲ(1 − p) the j-th retry is
    /// the first one answered, and the next cycle begins at the first scheduled instant after it. With
    /// probability pⁿ (n = `confirm_down`) Down is confirmed; then the line is probed every interval until
    /// m = `confirm_up` replies in a row, which takes (1 − qᵐ) / (p qᵐ) probes on average, q = 1 − p. By the
    /// renewal–reward theorem the confirmations per year are pⁿ / E(cycle) × year: a little less than scheduled
    /// probes per year × pⁿ. Losses that come in bursts, as real ones do, make more of them.
    ///
    /// `loss` lies in [0, 1); 0 gives 0.
    pub fn false_confirmations_per_year(&self, loss: f64) -> f64 {
        if loss <= 0.0 {
            return 0.0;
        }
        let answered = 1.0 - loss;
        let interval = self.interval.as_secs_f64();
        let mut cycle = 0.0;
        let mut chance = 1.0;
        for retries in 0..self.confirm_down {
            let answer_at = self.retry_interval.0 * i64::from(retries);
            let next = self.interval * (answer_at / self.interval.0.max(1) + 1);
            cycle += chance * answered * next.as_secs_f64();
            chance *= loss;
        }
        let run = answered.powf(f64::from(self.confirm_up));
        cycle += chance * (self.confirmation().as_secs_f64() + (1.0 - run) / (loss * run) * interval);
        chance / cycle * Self::YEAR.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_the_defaults() {
        let probing = Probing::default();
        assert_eq!(probing.shortest_cut(), Millis(6000));
        assert_eq!(probing.detection_best(), Millis(5000));
        assert_eq!(probing.detection_worst(), Millis(7000));
        assert_eq!(probing.gap_limit(), Millis(7000));
        assert_eq!(probing.round(), Millis(3000));
        assert_eq!(probing.confirmation_time(), Millis(6000));
    }

    #[test]
    fn a_suspect_line_is_probed_at_the_rate_of_retries() {
        let probing = Probing { interval: Millis(4000), retry_interval: Millis(500), ..Probing::default() };
        assert!((probing.rate() - 0.25).abs() < 1e-12, "{}", probing.rate());
        assert!((probing.suspect_rate() - 2.0).abs() < 1e-12, "{}", probing.suspect_rate());
    }

    #[test]
    fn blind_is_who_had_no_answer_from_the_most_patient_either() {
        let often = Probing::default();
        let seldom = Probing { interval: Millis::from_secs(60), ..often };
        let patient = Probing { interval: Millis::from_secs(58), timeout: Millis::from_secs(5), ..often };
        assert_eq!(Probing::blind_after([often, patient, seldom]), Some(Millis(63_000)));
        assert_eq!(Probing::blind_after([often]), Some(Millis(3000)));
        assert_eq!(Probing::blind_after([]), None);
    }

    #[test]
    fn false_confirmations_match_a_cycle_worked_out_by_hand() {
        // p = 1/2, n = 2, m = 1, probes at 2 s, retries at 1 s. Answered at once: 2 s with 1/2. Answered by the
        // retry at 1 s: next scheduled at 2 s with 1/4. Confirmed at 1 s with 1/4, then 2 probes of 2 s on average.
        let probing = Probing { confirm_down: 2, confirm_up: 1, ..Probing::default() };
        let cycle = 0.5 * 2.0 + 0.25 * 2.0 + 0.25 * (1.0 + 2.0 * 2.0);
        let expected = 0.25 / cycle * 365.0 * 86_400.0;
        assert!((probing.false_confirmations_per_year(0.5) - expected).abs() < 1e-6);
    }

    #[test]
    fn false_confirmations_match_a_cycle_with_retries_over_several_intervals() {
        // p = 1/2, n = 5, m = 2, probes at 2 s, retries at 1 s: answered at 0 or 1 s, next scheduled at 2 s; at 2 or
        // 3 s, at 4 s; at 4 s, at 6 s. Confirmed at 4 s with 1/32, then (1 − 1/4) / (1/8) = 6 probes of 2 s.
        let cycle = 0.75 * 2.0 + 0.1875 * 4.0 + 0.03125 * 6.0 + 0.03125 * (4.0 + 6.0 * 2.0);
        let expected = 0.03125 / cycle * 365.0 * 86_400.0;
        assert!((Probing::default().false_confirmations_per_year(0.5) - expected).abs() < 1e-6);
    }

    #[test]
    fn false_confirmations_are_near_scheduled_probes_times_the_chance_of_a_run() {
        let probing = Probing::default();
        let simple = 365.0 * 86_400.0 / 2.0 * 0.01_f64.powi(5);
        let exact = probing.false_confirmations_per_year(0.01);
        assert!(exact < simple && exact > simple * 0.999, "{exact} {simple}");
        assert!(probing.false_confirmations_per_year(0.0).abs() < f64::EPSILON);
    }
}

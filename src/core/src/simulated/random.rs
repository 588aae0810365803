//! Chance that is the same on every machine.

use crate::time::{Millis, Timestamp};

/// A stream of chance (`SplitMix64`). Streams of one seed with other labels are independent of one another, so that a
/// rate can be changed without changing everything else that happens.
#[derive(Clone, Debug)]
pub struct Random(u64);

/// One scrambling of 64 bits, the finalizer of `SplitMix64`.
pub(super) fn scramble(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Random {
    /// The stream of a seed with a label.
    pub fn new(seed: u64, label: &str) -> Self {
        Self(label.bytes().fold(scramble(seed), |state, byte| scramble(state ^ u64::from(byte))))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scramble(self.0)
    }

    /// Evenly from [0, 1).
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept, and fit")]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this chance happens.
    pub fn chance(&mut self, chance: f64) -> bool {
        self.unit() < chance
    }

    /// Evenly from 0 to `bound` − 1; 0 when the bound is 0.
    #[expect(clippy::cast_possible_truncation, reason = "less than a usize")]
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// Exponentially distributed with mean 1, by von Neumann's method of 1951: comparisons alone, no logarithm, so
    /// that the digits are the same everywhere.
    pub fn exponential(&mut self) -> f64 {
        let mut whole = 0.0;
        loop {
            let first = self.unit();
            let mut last = first;
            let mut length = 1;
            loop {
                let next = self.unit();
                if next >= last {
                    break;
                }
                last = next;
                length += 1;
            }
            if length % 2 == 1 {
                return whole + first;
            }
            whole += 1.0;
        }
    }

    /// A length around a mean, rarely very long, hardly ever very short: the mean of three exponentials (Erlang), and
    /// at least a second.
    pub fn length(&mut self, mean: Millis) -> Millis {
        let factor = (self.exponential() + self.exponential() + self.exponential()) / 3.0;
        scaled(mean, factor).max(Millis(1000))
    }

    /// Instants of a Poisson process with so many a `span` on average.
    pub fn instants(&mut self, span: crate::time::Span, expected: f64) -> Vec<Timestamp> {
        let mut found = Vec::new();
        if expected <= 0.0 {
            return found;
        }
        let mut at = span.start;
        loop {
            at = at + scaled(span.length(), self.exponential() / expected);
            if at >= span.end {
                return found;
            }
            found.push(at);
        }
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "lengths of years fit in 53 bits")]
pub(super) fn scaled(length: Millis, factor: f64) -> Millis {
    Millis((length.0 as f64 * factor) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_has_its_mean_and_its_tail() {
        let mut random = Random::new(1, "test");
        let drawn: Vec<f64> = (0..100_000).map(|_| random.exponential()).collect();
        let mean = drawn.iter().sum::<f64>() / 1e5;
        let beyond_two = drawn.iter().filter(|value| **value > 2.0).count();
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!((13_000..14_100).contains(&beyond_two), "e⁻² is 0.135: {beyond_two}");
    }

    #[test]
    fn digits_are_the_same_everywhere() {
        let mut random = Random::new(7, "cuts");
        assert_eq!([random.bits(), random.bits()], [1_549_483_098_330_755_978, 11_900_399_423_558_208_065]);
    }
}

//! A histogram of delays in buckets that are at most a sixteenth as wide as they are high.
//!
//! Up to 31 µs each microsecond has a bucket of its own; above, each power of two is divided into 16 equal buckets,
//! as in HDR histograms. Only the buckets from the shortest to the longest delay are held.

/// Buckets per power of two.
const DIVISIONS: u32 = 16;
/// Bits of [`DIVISIONS`].
const BITS: u32 = DIVISIONS.ilog2();

/// Delays in microseconds, counted by buckets; shortest, longest and sum are exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    min_us: u32,
    max_us: u32,
    sum_us: u64,
    /// From the bucket of `min_us` to that of `max_us`; empty when nothing was counted.
    counts: Vec<u32>,
}

/// The bucket of a delay.
pub(super) fn bucket(delay_us: u32) -> usize {
    let octave = delay_us.max(DIVISIONS).ilog2() - BITS;
    (octave * DIVISIONS + (delay_us >> octave)) as usize
}

/// The longest delay that belongs into a bucket.
fn longest_in(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let divisions = u64::from(DIVISIONS);
    let octave = (bucket / divisions).saturating_sub(1);
    ((bucket - octave * divisions + 1) << octave) - 1
}

impl Delays {
    /// Counts one delay.
    pub fn observe(&mut self, delay_us: u32) {
        if self.counts.is_empty() {
            (self.min_us, self.max_us) = (delay_us, delay_us);
        }
        self.widen(delay_us, delay_us);
        let place = bucket(delay_us) - bucket(self.min_us);
        self.counts[place] = self.counts[place].saturating_add(1);
        self.sum_us = self.sum_us.saturating_add(u64::from(delay_us));
    }

    /// Holds the buckets from that of `min_us` to that of `max_us` at least.
    fn widen(&mut self, min_us: u32, max_us: u32) {
        if min_us < self.min_us {
            let more = bucket(self.min_us) - bucket(min_us);
            self.min_us = min_us;
            self.counts.splice(0..0, std::iter::repeat_n(0, more));
        }
        self.max_us = self.max_us.max(max_us);
        // Never fewer than are held.
        self.counts.resize(bucket(self.max_us) - bucket(self.min_us) + 1, 0);
    }

    /// Adds all delays of another histogram.
    pub fn merge(&mut self, other: &Self) {
        if other.counts.is_empty() {
            return;
        }
        if self.counts.is_empty() {
            self.clone_from(other);
            return;
        }
        self.widen(other.min_us, other.max_us);
        let first = bucket(other.min_us) - bucket(self.min_us);
        for (count, more) in self.counts[first..].iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
    }

    /// Adds `times` as many as were counted since `earlier`, which is this histogram some time ago.
    pub(crate) fn repeat(&mut self, earlier: &Self, times: u64) {
        if self.counts.is_empty() {
            return;
        }
        let first = if earlier.counts.is_empty() { 0 } else { bucket(earlier.min_us) - bucket(self.min_us) };
        for (place, count) in self.counts.iter_mut().enumerate() {
            let before = place.checked_sub(first).and_then(|place| earlier.counts.get(place)).copied().unwrap_or(0);
            let more = u64::from(*count - before).saturating_mul(times);
            *count = count.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        }
        self.sum_us = self.sum_us.saturating_add((self.sum_us - earlier.sum_us).saturating_mul(times));
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many were counted.
    pub fn answered(&self) -> u64 {
        self.counts.iter().map(|count| u64::from(*count)).sum()
    }

    /// The shortest in microseconds; `None`: nothing was counted.
    pub fn min_us(&self) -> Option<u32> {
        (!self.is_empty()).then_some(self.min_us)
    }

    /// The longest in microseconds.
    pub fn max_us(&self) -> Option<u32> {
        (!self.is_empty()).then_some(self.max_us)
    }

    /// The mean in microseconds, truncated.
    pub fn mean_us(&self) -> Option<u32> {
        let mean = self.sum_us.checked_div(self.answered())?;
        // Between the shortest and the longest, but for sums that were filled to the brim.
        u32::try_from(mean).ok()
    }

    /// The quantile of so many percent by nearest rank: the smallest delay that so many percent do not exceed. The
    /// upper end of its bucket is given, so that it is never too short and at most a sixteenth too long.
    pub fn percentile_us(&self, percent: u8) -> Option<u32> {
        let rank = (u128::from(self.answered()) * u128::from(percent.min(100))).div_ceil(100).max(1);
        let mut passed = 0;
        let reaches = |count: &u32| {
            passed += u128::from(*count);
            passed >= rank
        };
        let place = self.counts.iter().position(reaches)?;
        let longest = longest_in(bucket(self.min_us) + place);
        Some(u32::try_from(longest).unwrap_or(u32::MAX).min(self.max_us))
    }

    pub(super) fn sum_us(&self) -> u64 {
        self.sum_us
    }

    pub(super) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// From its parts; `None`: they do not belong together.
    pub(super) fn of_parts(min_us: u32, max_us: u32, sum_us: u64, counts: Vec<u32>) -> Option<Self> {
        let fits = min_us <= max_us
            && counts.len() == bucket(max_us) - bucket(min_us) + 1
            && counts.first().is_some_and(|count| *count > 0)
            && counts.last().is_some_and(|count| *count > 0);
        fits.then_some(Self { min_us, max_us, sum_us, counts })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn buckets_follow_one_another_without_a_hole() {
        assert_eq!((bucket(0), bucket(31), bucket(32), bucket(33), bucket(34)), (0, 31, 32, 32, 33));
        assert_eq!(bucket(u32::MAX), 463);
        for number in 0..463 {
            let longest = u32::try_from(longest_in(number)).expect("below the last bucket");
            assert_eq!((bucket(longest), bucket(longest + 1)), (number, number + 1));
        }
        assert_eq!(longest_in(463), u64::from(u32::MAX));
    }

    #[test]
    fn of_nothing_there_is_no_delay() {
        let none = Delays::default();
        assert_eq!((none.min_us(), none.mean_us(), none.percentile_us(95), none.max_us()), (None, None, None, None));
    }

    fn delay() -> impl Strategy<Value = u32> {
        prop_oneof![0..100u32, 500..5_000u32, 0..2_000_000u32, any::<u32>()]
    }

    fn all(delays: &[u32]) -> Delays {
        let mut histogram = Delays::default();
        for delay in delays {
            histogram.observe(*delay);
        }
        histogram
    }

    #[test]
    fn parts_that_do_not_belong_together_are_no_histogram() {
        let whole = all(&[40, 45, 45]);
        let of_parts = |min, max, counts: &[u32]| Delays::of_parts(min, max, 130, counts.to_vec());
        assert_eq!(of_parts(40, 45, &[1, 0, 2]), Some(whole));
        assert_eq!(of_parts(45, 40, &[1, 0, 2]), None, "the shortest is the longest");
        assert_eq!(of_parts(40, 45, &[1, 2]), None, "a bucket is missing");
        assert_eq!(of_parts(40, 45, &[1, 0, 0, 2]), None, "a bucket too many");
        assert_eq!(of_parts(40, 45, &[0, 1, 2]), None, "the shortest was not counted");
        assert_eq!(of_parts(40, 45, &[1, 2, 0]), None, "the longest was not counted");
    }

    #[test]
    fn a_count_at_its_limit_stays_there() {
        let mut one = Delays::of_parts(5, 5, u64::MAX, vec![u32::MAX]).expect("they belong together");
        let full = one.clone();
        one.observe(5);
        assert_eq!(one, full);
        one.merge(&full);
        assert_eq!(one, full);
        one.repeat(&Delays::default(), 3);
        assert_eq!(one, full);
    }

    proptest! {
        #[test]
        fn repeating_is_counting_the_same_again(
            before in prop::collection::vec(delay(), 0..50), since in prop::collection::vec(delay(), 0..50),
            times in 0..5usize,
        ) {
            let mut histogram = all(&[before.clone(), since.clone()].concat());
            histogram.repeat(&all(&before), times as u64);
            prop_assert_eq!(histogram, all(&[before, since.repeat(times + 1)].concat()));
        }

        #[test]
        fn quantiles_are_never_shorter_and_hardly_longer_than_the_exact_ones(
            mut delays in prop::collection::vec(delay(), 1..200), percent in 0..=100u8
        ) {
            let histogram = all(&delays);
            delays.sort_unstable();
            let rank = (delays.len() * usize::from(percent)).div_ceil(100).max(1);
            let exact = delays[rank - 1];
            let told = histogram.percentile_us(percent).expect("something was counted");
            prop_assert!(exact <= told && u64::from(told - exact) * 16 <= u64::from(exact), "{exact} told as {told}");
            prop_assert_eq!(histogram.min_us(), delays.first().copied());
            prop_assert_eq!(histogram.max_us(), delays.last().copied());
            let sum: u64 = delays.iter().map(|delay| u64::from(*delay)).sum();
            prop_assert_eq!(histogram.mean_us().map(u64::from), Some(sum / delays.len() as u64));
        }

        #[test]
        fn merging_is_counting_together_in_any_order(
            left in prop::collection::vec(delay(), 0..100), right in prop::collection::vec(delay(), 0..100)
        ) {
            let together = all(&[left.clone(), right.clone()].concat());
            let (left, right) = (all(&left), all(&right));
            for (mut one, other) in [(left.clone(), &right), (right.clone(), &left)] {
                one.merge(other);
                prop_assert_eq!(&one, &together);
            }
        }
    }
}

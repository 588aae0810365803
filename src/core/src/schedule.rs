//! When each target is probed: evenly spread over its interval, the same on every start, never bunched.
//!
//! Targets of one interval form a cycle; the k-th of n is due at `origin + cycle × interval + k × interval / n`.
//! The order within a cycle is by a hash of the target's name, so that the lines behind one trunk do not
//! stand side by side. Confirming probes come from a heap beside the cycles and leave them alone.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::time::{Millis, Timestamp};

/// One probe that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which target.
    pub target: u32,
    /// When it was due.
    pub at: Timestamp,
    /// Whether it is a confirming probe.
    pub confirming: bool,
}

#[derive(Clone, Debug)]
struct Cycle {
    interval: Millis,
    start: Timestamp,
    order: Vec<u32>,
    next: usize,
}

/// The schedule of all targets.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    cycles: Vec<Cycle>,
    retries: BinaryHeap<Reverse<(Timestamp, u32)>>,
}

impl Schedule {
    /// A schedule that begins at `origin`. Targets are numbered in the order given.
    pub fn new<'a>(origin: Timestamp, targets: impl IntoIterator<Item = (&'a str, Millis)>) -> Self {
        let mut by_interval: BTreeMap<Millis, Vec<(u64, u32)>> = BTreeMap::new();
        for (number, (name, interval)) in (0..).zip(targets) {
            by_interval.entry(interval.max(Millis(1))).or_default().push((hash(name), number));
        }
        let cycles = by_interval
            .into_iter()
            .map(|(interval, mut keyed)| {
                keyed.sort_unstable();
                let order = keyed.into_iter().map(|(_, number)| number).collect();
                Cycle { interval, start: origin, order, next: 0 }
            })
            .collect();
        Self { cycles, retries: BinaryHeap::new() }
    }

    /// A schedule that goes on at `now` with the phases of one that began at `origin`: whoever keeps his place is
    /// probed when he would have been, however often the schedule is made anew.
    pub fn resumed<'a>(
        origin: Timestamp,
        now: Timestamp,
        targets: impl IntoIterator<Item = (&'a str, Millis)>,
    ) -> Self {
        let mut schedule = Self::new(origin, targets);
        for cycle in &mut schedule.cycles {
            cycle.skip_to(now);
        }
        schedule
    }

    /// Takes out the confirming probes that are asked for: when, and of which target.
    pub fn take_retries(&mut self) -> impl Iterator<Item = (Timestamp, u32)> + use<> {
        std::mem::take(&mut self.retries).into_iter().map(|Reverse(retry)| retry)
    }

    /// Asks for one confirming probe.
    pub fn retry(&mut self, target: u32, at: Timestamp) {
        self.retries.push(Reverse((at, target)));
    }

    /// The next probe due at `now` or before, if there is one. Call until `None`.
    ///
    /// What is overdue by more than a whole interval is left out: after a stall every target is due once, not
    /// as often as it was missed.
    pub fn pop(&mut self, now: Timestamp) -> Option<Due> {
        if let Some(Reverse((at, target))) = self.retries.peek().copied()
            && at <= now
        {
            self.retries.pop();
            return Some(Due { target, at, confirming: true });
        }
        self.cycles.iter_mut().find_map(|cycle| cycle.pop(now))
    }

    /// The intervals at which anything is probed.
    pub(crate) fn intervals(&self) -> impl Iterator<Item = Millis> + '_ {
        self.cycles.iter().filter(|cycle| !cycle.order.is_empty()).map(|cycle| cycle.interval)
    }

    /// Whether this is `earlier`, one period later (see [`Monitor::leap`](crate::monitor::Monitor::leap)).
    pub(crate) fn repeats(&self, earlier: &Self, period: Millis) -> bool {
        let Self { cycles, retries } = self;
        let alike = |(one, before): (&Cycle, &Cycle)| {
            let Cycle { interval, start, order, next } = one;
            *interval == before.interval
                && *start == before.start + period
                && *next == before.next
                && *order == before.order
        };
        retries.is_empty()
            && earlier.retries.is_empty()
            && cycles.len() == earlier.cycles.len()
            && cycles.iter().zip(&earlier.cycles).all(alike)
    }

    /// Moves on with what repeats.
    pub(crate) fn leap(&mut self, by: Millis) {
        for cycle in &mut self.cycles {
            cycle.start = cycle.start + by;
        }
    }

    /// When the next probe is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        let retry = self.retries.peek().map(|Reverse((at, _))| *at);
        self.cycles.iter().map(Cycle::due).chain(retry).min()
    }
}

impl Cycle {
    fn due(&self) -> Timestamp {
        self.start + self.offset(self.next)
    }

    #[expect(clippy::cast_possible_wrap, reason = "fewer than 2^32 targets")]
    fn offset(&self, place: usize) -> Millis {
        Millis(self.interval.0.saturating_mul(place as i64) / self.order.len() as i64)
    }

    /// Leaves out what was due before `now`.
    fn skip_to(&mut self, now: Timestamp) {
        let cycles = (now - self.start).0.div_euclid(self.interval.0);
        self.start = self.start + self.interval * cycles;
        self.next = (0..self.order.len()).find(|place| self.start + self.offset(*place) >= now).unwrap_or_default();
        if self.due() < now {
            self.start = self.start + self.interval;
        }
    }

    fn pop(&mut self, now: Timestamp) -> Option<Due> {
        let missed = ((now - self.due()).0 / self.interval.0).max(0);
        self.start = self.start + self.interval * missed;
        let at = self.due();
        if at > now {
            return None;
        }
        let target = self.order[self.next];
        self.next += 1;
        if self.next == self.order.len() {
            self.next = 0;
            self.start = self.start + self.interval;
        }
        Some(Due { target, at, confirming: false })
    }
}

/// FNV-1a: the same order on every machine and in every release.
fn hash(name: &str) -> u64 {
    let folded = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    // One round of mixing, since FNV alone leaves near names near each other in the high bits.
    (folded ^ (folded >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pops(schedule: &mut Schedule, now: i64) -> Vec<(u32, i64)> {
        std::iter::from_fn(|| schedule.pop(Timestamp(now))).map(|due| (due.target, due.at.0)).collect()
    }

    #[test]
    fn a_cycle_is_spread_evenly_and_repeats() {
        let names: Vec<String> = (0..401).map(|n| format!("V-{n:03}")).collect();
        let mut schedule = Schedule::new(Timestamp(0), names.iter().map(|name| (name.as_str(), Millis(2000))));
        let first = pops(&mut schedule, 1999);
        let second = pops(&mut schedule, 3999);
        assert_eq!(first.len(), 401);
        let gaps: Vec<i64> = first.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
        assert!(gaps.iter().all(|gap| (4..=5).contains(gap)), "{gaps:?}");
        assert!(first.iter().zip(&second).all(|(a, b)| a.0 == b.0 && a.1 + 2000 == b.1));
    }

    #[test]
    fn after_a_stall_each_target_is_due_once() {
        let mut schedule = Schedule::new(Timestamp(0), [("a", Millis(1000)), ("b", Millis(1000))]);
        assert_eq!(pops(&mut schedule, 999).len(), 2);
        assert_eq!(pops(&mut schedule, 60_700).len(), 2);
        assert_eq!(schedule.next_due(), Some(Timestamp(61_000)));
    }

    /// Golden: the places of lines in their cycle are the same in every release, and near names stand apart.
    #[test]
    fn the_order_of_names_is_what_it_always_was() {
        let names = ["T-01", "V-001", "V-002", "V-003", "V-004", "V-005"];
        let mut schedule = Schedule::new(Timestamp(0), names.map(|name| (name, Millis(6000))));
        assert_eq!(pops(&mut schedule, 5999).iter().map(|(target, _)| *target).collect::<Vec<_>>(), [4, 1, 2, 3, 0, 5]);
    }

    fn twice(now: i64) -> Schedule {
        let mut schedule = Schedule::new(Timestamp(0), [("a", Millis(1000)), ("b", Millis(1000)), ("c", Millis(2000))]);
        pops(&mut schedule, now);
        schedule
    }

    #[test]
    fn a_schedule_repeats_itself_after_its_period_and_not_when_it_differs_in_anything() {
        let (later, earlier) = (twice(2100), twice(100));
        assert!(later.repeats(&earlier, Millis(2000)));
        let mut leapt = later.clone();
        leapt.leap(Millis(6000));
        assert!(leapt.repeats(&earlier, Millis(8000)));
        assert!(!later.repeats(&earlier, Millis(1000)) && !twice(2600).repeats(&earlier, Millis(2000)));
        let changes: [fn(&mut Schedule); 6] = [
            |schedule| schedule.retry(0, Timestamp(9000)),
            |schedule| schedule.cycles[0].interval = Millis(999),
            |schedule| schedule.cycles[0].start = Timestamp(1),
            |schedule| schedule.cycles[0].next = 0,
            |schedule| schedule.cycles[0].order.reverse(),
            |schedule| drop(schedule.cycles.pop()),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let (mut other, mut before) = (later.clone(), earlier.clone());
            change(&mut other);
            assert!(!other.repeats(&earlier, Millis(2000)), "change {number} of the later one");
            change(&mut before);
            assert!(!later.repeats(&before, Millis(2000)), "change {number} of the earlier one");
        }
    }

    #[test]
    fn a_confirming_probe_comes_at_its_time_and_once() {
        let mut schedule = Schedule::new(Timestamp(0), [("a", Millis(10_000))]);
        pops(&mut schedule, 0);
        schedule.retry(0, Timestamp(1000));
        assert_eq!(schedule.next_due(), Some(Timestamp(1000)));
        assert_eq!(pops(&mut schedule, 1000), [(0, 1000)]);
        assert_eq!(schedule.next_due(), Some(Timestamp(10_000)));
    }
}

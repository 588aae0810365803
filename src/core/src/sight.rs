//! Whether the monitor itself sees (design rule 4): who answered lately, and since when nobody did.

use crate::time::{Millis, Timestamp, moved};

/// How many of the latest answers are remembered. A suspect that finds only its own ancestors and descendants
/// among them waits for the next answer, which is always right, if later.
const REMEMBERED: usize = 64;

/// Who answered lately.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// Latest answers: (sent, target), a ring of at most [`REMEMBERED`].
    answers: Vec<(Timestamp, u32)>,
    oldest: usize,
    last_answer: Option<Timestamp>,
    failing_since: Option<Timestamp>,
    lost: u32,
    unsent: u32,
    /// First answer after the latest silence longer than the shortest round.
    returned: Option<Timestamp>,
}

impl Sight {
    /// A probe sent at `sent_at` was answered.
    pub fn answered(&mut self, target: u32, sent_at: Timestamp, round: Millis) {
        if self.last_answer.is_some_and(|last| sent_at - last > round) {
            self.returned = Some(sent_at);
        }
        self.last_answer = self.last_answer.max(Some(sent_at));
        if self.failing_since.is_some_and(|since| since <= sent_at) {
            self.failing_since = None;
            self.lost = 0;
            self.unsent = 0;
        }
        if self.answers.len() < REMEMBERED {
            self.answers.push((sent_at, target));
        } else {
            self.answers[self.oldest] = (sent_at, target);
            self.oldest = (self.oldest + 1) % REMEMBERED;
        }
    }

    /// A probe of something that was up failed.
    pub fn failed(&mut self, sent_at: Timestamp, our_own: bool) {
        if self.last_answer.is_some_and(|answer| sent_at <= answer) {
            return;
        }
        self.failing_since = Some(self.failing_since.map_or(sent_at, |since| since.min(sent_at)));
        if our_own {
            self.unsent = self.unsent.saturating_add(1);
        } else {
            self.lost = self.lost.saturating_add(1);
        }
    }

    /// Whether a probe sent after `after` was answered by a target that `unrelated` accepts.
    pub fn seen_since(&self, after: Timestamp, mut unrelated: impl FnMut(u32) -> bool) -> bool {
        self.answers.iter().any(|(sent_at, target)| *sent_at > after && unrelated(*target))
    }

    /// Whether a silence of everything ended after `loss`.
    pub fn returned_after(&self, loss: Timestamp) -> bool {
        self.returned.is_some_and(|at| at > loss)
    }

    /// Sending time of the last answer, while something has failed since and nothing answered.
    pub fn silent_since(&self) -> Option<Timestamp> {
        self.failing_since.and(self.last_answer)
    }

    /// Whether nothing has answered for `patience` although probes were due to be answered.
    pub fn is_lost(&self, now: Timestamp, patience: Millis) -> bool {
        self.failing_since.is_some_and(|since| now - since > patience)
    }

    /// Sending time of the last answered probe.
    pub fn last_answer(&self) -> Option<Timestamp> {
        self.last_answer
    }

    /// Whether most failures since the last answer were our own.
    pub fn mostly_unsent(&self) -> bool {
        self.unsent > self.lost
    }

    /// Whether this is `earlier`, one period later (see [`Monitor::leap`](crate::monitor::Monitor::leap)).
    pub(crate) fn repeats(&self, earlier: &Self, period: Millis) -> bool {
        let Self { answers, oldest: _, last_answer, failing_since, lost, unsent, returned } = self;
        let alike = |((at, target), (before, other)): (&(Timestamp, u32), &(Timestamp, u32))| {
            *at == *before + period && target == other
        };
        answers.len() == earlier.answers.len()
            && self.in_order().zip(earlier.in_order()).all(alike)
            && moved(*last_answer, earlier.last_answer, period)
            && moved(*failing_since, earlier.failing_since, period)
            && (*lost, *unsent) == (earlier.lost, earlier.unsent)
            // Asked only whether it lies after a loss that is still to come.
            && *returned == earlier.returned
    }

    /// The remembered answers, oldest first: where in the ring they stand tells nothing.
    fn in_order(&self) -> impl Iterator<Item = &(Timestamp, u32)> {
        let (newer, older) = self.answers.split_at(self.oldest);
        older.iter().chain(newer)
    }

    /// Moves on with what repeats.
    pub(crate) fn leap(&mut self, by: Millis) {
        let answers = self.answers.iter_mut().map(|(at, _)| at);
        for at in answers.chain(&mut self.last_answer).chain(&mut self.failing_since) {
            *at = *at + by;
        }
    }

    /// Targets have new numbers, or `None` when they are gone.
    pub fn renumber(&mut self, number: impl Fn(u32) -> Option<u32>) {
        self.answers = self.in_order().filter_map(|(sent_at, target)| Some((*sent_at, number(*target)?))).collect();
        self.oldest = 0;
    }

    /// Forgets everything: what was seen is over.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Millis = Millis(1000);

    fn at(second: i64) -> Timestamp {
        Timestamp(second * 1000)
    }

    /// Three targets answer one a second, up to a second; a fourth is lost every time.
    fn sight(until: i64) -> Sight {
        let mut sight = Sight::default();
        for second in 0..=until {
            sight.answered(u32::try_from(second % 3).expect("small"), at(second), Millis(1500));
            sight.failed(at(second) + Millis(1), false);
        }
        sight
    }

    #[test]
    fn sight_repeats_itself_wherever_in_the_ring_the_answers_stand() {
        for until in [70, 191, 200] {
            assert!(sight(until).repeats(&sight(until - 3), SECOND * 3), "{until}");
            let mut leapt = sight(until);
            leapt.leap(SECOND * 9);
            assert!(leapt.repeats(&sight(until), SECOND * 9), "{until}");
            assert!(!sight(until).repeats(&sight(until - 3), SECOND * 2), "{until}");
            assert!(!sight(until).repeats(&sight(until - 1), SECOND), "other targets, {until}");
        }
        assert!(!sight(20).repeats(&sight(17), SECOND * 3), "more and more answers are remembered");
    }

    #[test]
    fn a_moment_that_differs_in_anything_is_no_repetition() {
        let changes: [fn(&mut Sight); 8] = [
            |sight| sight.answers[40].0 = at(100),
            |sight| sight.answers[40].1 = 7,
            |sight| sight.last_answer = None,
            |sight| sight.last_answer = Some(at(100)),
            |sight| sight.failing_since = None,
            |sight| sight.lost = 2,
            |sight| sight.unsent = 1,
            |sight| sight.returned = Some(at(100)),
        ];
        let (later, earlier) = (sight(200), sight(197));
        for (number, change) in changes.into_iter().enumerate() {
            let (mut other, mut before) = (later.clone(), earlier.clone());
            change(&mut other);
            assert!(!other.repeats(&earlier, SECOND * 3), "change {number} of the later one");
            change(&mut before);
            assert!(!later.repeats(&before, SECOND * 3), "change {number} of the earlier one");
        }
    }
}

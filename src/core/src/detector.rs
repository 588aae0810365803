//! One line's results, in the order of sending, become soft and settled states (design rules 2 and 7).
//!
//! The detector only counts runs. That a complete run of losses may be called an outage needs sight, which
//! the monitor has (see [`crate::monitor`]); until it calls [`Detector::confirm_down`] the line stays Suspect.

use crate::outcome::{LossCause, State};
use crate::probing::Probing;
use crate::time::{Millis, Timestamp, moved};

/// What was confirmed last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Settled {
    /// Nothing yet.
    #[default]
    Pending,
    /// The line answers.
    Up,
    /// The line is down: an outage is open.
    Down,
}

/// Results of one kind in a row that speak against the settled state, or for it after a gap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Run {
    #[default]
    None,
    Losses {
        count: u32,
        first: Timestamp,
    },
    Replies {
        count: u32,
        first: Timestamp,
    },
}

/// What a result means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Nothing new.
    Nothing,
    /// The line answers, after nothing was known or after a gap in which it was up before.
    Answers,
    /// The run of losses is complete; Down may be confirmed once there is sight. Said again for every further loss.
    LossesComplete,
    /// Up is confirmed.
    Up(UpEdge),
}

/// The edge of a confirmed Up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpEdge {
    /// Last lost probe of the outage.
    pub last_loss: Timestamp,
    /// First answered probe of the run.
    pub first_reply: Timestamp,
    /// A gap lies between them.
    pub after_gap: bool,
}

/// The edge of a confirmed Down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DownEdge {
    /// First lost probe of the run.
    pub start: Timestamp,
    /// Last answered probe before it.
    pub last_reply: Option<Timestamp>,
    /// Why the last probe was lost.
    pub cause: LossCause,
    /// The outage was open already, before the gap: it goes on.
    pub still: bool,
}

/// The detector of one line.
#[derive(Clone, Copy, Debug)]
pub struct Detector {
    settled: Settled,
    run: Run,
    /// A gap lies behind, and nothing was confirmed since.
    after_gap: bool,
    cause: LossCause,
    last_result: Option<Timestamp>,
    last_reply: Option<Timestamp>,
    /// Of the settled outage: not moved by losses that nothing has confirmed yet.
    last_loss: Timestamp,
    /// First result after the gap.
    gap_first: Option<Timestamp>,
}

impl Detector {
    /// A detector that starts behind a gap, as every one does: the monitor did not run before.
    ///
    /// `last_loss` is where an open outage was last certain; it is read only when `settled` is Down.
    pub fn new(settled: Settled, last_loss: Timestamp) -> Self {
        Self {
            settled,
            run: Run::None,
            after_gap: true,
            cause: LossCause::Timeout,
            last_result: None,
            last_reply: None,
            last_loss,
            gap_first: None,
        }
    }

    /// A gap: whatever was not confirmed before it is void.
    pub fn open_gap(&mut self) {
        self.run = Run::None;
        self.after_gap = true;
        self.gap_first = None;
    }

    /// Judges the answer to a probe sent at `sent_at`, later than all judged before.
    pub fn replied(&mut self, sent_at: Timestamp, probing: &Probing) -> Finding {
        self.note(sent_at);
        self.last_reply = Some(sent_at);
        match self.settled {
            Settled::Pending | Settled::Up => {
                let news = self.after_gap || self.settled == Settled::Pending;
                self.settle(Settled::Up);
                if news { Finding::Answers } else { Finding::Nothing }
            }
            Settled::Down => {
                let (count, first) = match self.run {
                    Run::Replies { count, first } => (count + 1, first),
                    Run::None | Run::Losses { .. } => (1, sent_at),
                };
                self.run = Run::Replies { count, first };
                if count < probing.confirm_up {
                    return Finding::Nothing;
                }
                let edge = UpEdge { last_loss: self.last_loss, first_reply: first, after_gap: self.after_gap };
                self.settle(Settled::Up);
                Finding::Up(edge)
            }
        }
    }

    /// Judges the loss of a probe sent at `sent_at`, later than all judged before.
    pub fn lost(&mut self, sent_at: Timestamp, cause: LossCause, probing: &Probing) -> Finding {
        self.note(sent_at);
        self.cause = cause;
        if self.settled == Settled::Down && !self.after_gap {
            self.run = Run::None;
            self.last_loss = sent_at;
            return Finding::Nothing;
        }
        let (count, first) = match self.run {
            Run::Losses { count, first } => (count.saturating_add(1), first),
            Run::None | Run::Replies { .. } => (1, sent_at),
        };
        self.run = Run::Losses { count, first };
        if count >= probing.confirm_down { Finding::LossesComplete } else { Finding::Nothing }
    }

    /// Down is confirmed, with sight. `None` unless a run of losses is going on.
    pub fn confirm_down(&mut self) -> Option<DownEdge> {
        let Run::Losses { first, .. } = self.run else { return None };
        let still = self.settled == Settled::Down;
        let start = if still { self.gap_first.unwrap_or(first) } else { first };
        let edge =
            DownEdge { start, last_reply: self.last_reply.filter(|reply| *reply < start), cause: self.cause, still };
        self.last_loss = self.last_result.unwrap_or(first);
        self.settle(Settled::Down);
        Some(edge)
    }

    /// The state as the detector alone sees it; soft states are Suspect and Recovering.
    pub fn state(&self) -> State {
        match (self.settled, self.run) {
            (Settled::Down, Run::Replies { .. }) => State::Recovering,
            (Settled::Down, Run::None | Run::Losses { .. }) => State::Down,
            (Settled::Pending | Settled::Up, Run::Losses { .. }) => State::Suspect,
            (Settled::Pending, Run::None | Run::Replies { .. }) => State::Pending,
            (Settled::Up, Run::None | Run::Replies { .. }) => State::Up,
        }
    }

    /// First result of the run that speaks against the settled state.
    pub fn run_since(&self) -> Option<Timestamp> {
        match self.run {
            Run::None => None,
            Run::Losses { first, .. } | Run::Replies { first, .. } => Some(first),
        }
    }

    /// Whether a run of losses goes on that nothing has confirmed.
    pub fn is_losing(&self) -> bool {
        matches!(self.run, Run::Losses { .. })
    }

    /// Whether the line is to be probed at its retry interval: something waits to be confirmed.
    pub fn is_soft(&self) -> bool {
        self.run != Run::None
    }

    /// What was confirmed last.
    pub fn settled(&self) -> Settled {
        self.settled
    }

    /// Whether nothing was confirmed since the last gap.
    pub fn is_after_gap(&self) -> bool {
        self.after_gap
    }

    /// The last result that counted.
    pub fn last_result(&self) -> Option<Timestamp> {
        self.last_result
    }

    /// Before which instant the settled state is certain by results.
    pub fn certain_until(&self) -> Option<Timestamp> {
        match self.settled {
            Settled::Pending => None,
            Settled::Up => self.run_since().or(self.last_result),
            Settled::Down => Some(self.last_loss),
        }
    }

    /// Last lost probe of the outage that is, or was last, settled.
    pub fn last_loss(&self) -> Timestamp {
        self.last_loss
    }

    /// Whether this is `earlier`, one period later (see [`Monitor::leap`](crate::monitor::Monitor::leap)): settled, by
    /// results that said the same.
    pub(crate) fn repeats(&self, earlier: &Self, period: Millis) -> bool {
        let Self { settled, run, after_gap, cause, last_result, last_reply, last_loss, gap_first } = self;
        // What a settled line does not renew is read only after the line has changed: the last reply before an outage
        // once it is over and another begins, the last loss of an outage once one is open.
        let (reply_moves, loss_moves) = match settled {
            Settled::Pending => return false,
            Settled::Up => (period, Millis::ZERO),
            Settled::Down => (Millis::ZERO, period),
        };
        (*settled, *cause) == (earlier.settled, earlier.cause)
            && (*run, *after_gap, *gap_first) == (Run::None, false, None)
            && (earlier.run, earlier.after_gap, earlier.gap_first) == (Run::None, false, None)
            && last_result.is_some()
            && moved(*last_result, earlier.last_result, period)
            && moved(*last_reply, earlier.last_reply, reply_moves)
            && *last_loss == earlier.last_loss + loss_moves
    }

    /// Moves on with what repeats.
    pub(crate) fn leap(&mut self, by: Millis) {
        self.last_result = self.last_result.map(|at| at + by);
        match self.settled {
            Settled::Pending => {}
            Settled::Up => self.last_reply = self.last_reply.map(|at| at + by),
            Settled::Down => self.last_loss = self.last_loss + by,
        }
    }

    fn note(&mut self, sent_at: Timestamp) {
        self.last_result = Some(sent_at);
        if self.after_gap && self.gap_first.is_none() {
            self.gap_first = Some(sent_at);
        }
    }

    fn settle(&mut self, settled: Settled) {
        self.settled = settled;
        self.run = Run::None;
        self.after_gap = false;
        self.gap_first = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Millis = Millis(1000);

    fn at(second: i64) -> Timestamp {
        Timestamp(second * 1000)
    }

    /// A line that answers every second, up to a second.
    fn up(until: i64) -> Detector {
        let mut line = Detector::new(Settled::Pending, at(0));
        for second in 1..=until {
            line.replied(at(second), &Probing::default());
        }
        line
    }

    /// A line that is down since its second second, up to a second.
    fn down(until: i64) -> Detector {
        let mut line = up(1);
        for second in 2..=until {
            line.lost(at(second), LossCause::Timeout, &Probing::default());
            if second == 6 {
                line.confirm_down();
            }
        }
        line
    }

    #[test]
    fn a_settled_line_repeats_itself_after_as_many_results() {
        assert!(up(9).repeats(&up(8), SECOND));
        assert!(down(9).repeats(&down(8), SECOND));
        for (mut leapt, earlier) in [(up(9), up(8)), (down(9), down(8))] {
            leapt.leap(SECOND * 7);
            assert!(leapt.repeats(&earlier, SECOND * 8), "{leapt:?}");
        }
        assert!(!up(9).repeats(&up(8), SECOND * 2) && !down(9).repeats(&down(8), SECOND * 2));
        assert!(!down(6).repeats(&down(5), SECOND) && !up(1).repeats(&up(0), SECOND));
        let pending = Detector::new(Settled::Pending, at(0));
        assert!(!pending.repeats(&pending, Millis::ZERO));
    }

    #[test]
    fn a_moment_that_differs_in_anything_is_no_repetition() {
        let changes: [fn(&mut Detector); 10] = [
            |line| line.settled = Settled::Pending,
            |line| line.run = Run::Losses { count: 1, first: at(8) },
            |line| line.run = Run::Replies { count: 1, first: at(8) },
            |line| line.after_gap = true,
            |line| line.cause = LossCause::Refused,
            |line| line.last_result = None,
            |line| line.last_result = Some(at(7)),
            |line| line.last_reply = Some(at(7)),
            |line| line.last_loss = at(7),
            |line| line.gap_first = Some(at(8)),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            for (later, earlier) in [(up(9), up(8)), (down(9), down(8))] {
                let (mut other, mut before) = (later, earlier);
                change(&mut other);
                assert!(!other.repeats(&earlier, SECOND), "change {number} of the later one of {later:?}");
                change(&mut before);
                assert!(!later.repeats(&before, SECOND), "change {number} of the earlier one of {later:?}");
            }
        }
        let (mut later, mut earlier) = (up(9), up(8));
        (later.last_result, earlier.last_result) = (None, None);
        assert!(!later.repeats(&earlier, SECOND), "without a result there is nothing to repeat");
    }

    #[test]
    fn an_outage_that_goes_on_after_a_gap_goes_on_from_the_first_result_behind_it() {
        let mut line = down(8);
        line.open_gap();
        line.replied(at(20), &Probing::default());
        for second in 21..=25 {
            line.lost(at(second), LossCause::Timeout, &Probing::default());
        }
        let edge = line.confirm_down().expect("five losses");
        // The answer at 20 s is not before it, and an earlier one is not remembered.
        assert_eq!(edge, DownEdge { start: at(20), last_reply: None, cause: LossCause::Timeout, still: true });
    }
}

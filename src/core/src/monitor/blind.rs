//! Spans in which the monitor itself sees nothing, and what is certain up to when.

use super::{Effect, Monitor, Watched};
use crate::command::Verdict;
use crate::line::LineId;
use crate::outcome::BlindCause;
use crate::record::Waiting;
use crate::time::{ClockStep, Timestamp};

impl Monitor {
    /// Something answered: that is sight, and ends blindness.
    pub(super) fn answered(&mut self, target: u32, sent_at: Timestamp) {
        if self.journal_full || self.muted_until.is_some_and(|until| sent_at < until) {
            return;
        }
        self.muted_until = None;
        self.sight.answered(target, sent_at, self.quick);
        self.losses_are_sure();
        if self.blind && sent_at >= self.sighted_at {
            self.blind = false;
            self.sighted_at = sent_at;
            self.epoch = self.epoch.wrapping_add(1);
            self.effects.push_back(Effect::Verdict(Verdict::Sighted { at: sent_at }));
        }
    }

    /// Blind from the last answered probe on; every run since is void.
    pub(super) fn go_blind(&mut self, cause: BlindCause) {
        let from = self.sight.last_answer().unwrap_or(self.sighted_at).max(self.sighted_at);
        let waiting = self.waiting(from);
        self.forget_runs();
        self.sighted_at = from;
        self.effects.push_back(Effect::Verdict(Verdict::Blinded { from, cause, waiting }));
    }

    pub(super) fn forget_runs(&mut self) {
        self.blind = true;
        self.losses_are_nobodys();
        self.sight.forget();
        for held in self.held.drain(..) {
            self.lines[held.target as usize].held = false;
        }
    }

    pub(super) fn clock_stepped(&mut self, now: Timestamp, step: ClockStep) {
        self.clock_steps += 1;
        let span = step.span();
        let waiting = self.waiting(span.start);
        let blind_before = self.blind;
        self.forget_runs();
        self.last_tick = now;
        self.close_hour(now);
        // Repeated time is told apart from its first run by judging nothing until it is over.
        self.sighted_at = span.end;
        self.muted_until = Some(span.end.max(self.muted_until.unwrap_or(span.end)));
        self.effects.push_back(Effect::Verdict(Verdict::ClockStepped { step, waiting }));
        if !blind_before {
            // From here until the next answer nobody sees, as after any gap.
            self.effects.push_back(Effect::Verdict(Verdict::Blinded {
                from: span.start,
                cause: BlindCause::ClockStep,
                waiting: Vec::new(),
            }));
        }
        // Probes under way were sent by the old time; what is missing is missed from now on.
        let lines = self.lines.iter_mut().map(|line| &mut line.outstanding);
        let references = self.references.iter_mut().map(|reference| &mut reference.outstanding);
        for outstanding in lines.chain(references).flatten() {
            outstanding.sent_at = now;
        }
        self.reschedule(now);
    }

    /// Lines that are certain only up to an instant before `at`.
    pub(super) fn waiting(&self, at: Timestamp) -> Vec<Waiting> {
        let waits = |(line, id): (&Watched, &LineId)| {
            if line.unseen {
                return None;
            }
            let unsettled = line.epoch != self.epoch || line.detector.is_after_gap();
            let until = if unsettled {
                self.sighted_at
            } else {
                // A line whose probes are not sent any more was seen up to its last result.
                let unsent = line.unsent.and_then(|_| line.detector.last_result());
                line.detector.run_since().into_iter().chain(unsent).min()?
            };
            (until < at).then(|| Waiting { line: id.clone(), until })
        };
        self.lines.iter().zip(&self.names).filter_map(waits).collect()
    }

    /// Up to which instant all is certain at `now`, but for the waiting lines.
    pub fn horizon(&self, now: Timestamp) -> (Timestamp, Vec<Waiting>) {
        let longest = self.classes.iter().map(|class| class.probing.timeout).max().unwrap_or_default();
        // While nothing answers, it may be the monitor that is blind, since the last answer.
        let silent_since = self.sight.silent_since().unwrap_or(now);
        let at = if self.blind { self.sighted_at.min(now) } else { (now - longest).min(silent_since) };
        (at, self.waiting(at))
    }

    /// Whether the monitor sees.
    pub fn is_blind(&self) -> bool {
        self.blind
    }
}

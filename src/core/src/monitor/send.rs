//! Which probes go out: scheduled ones, confirming ones, never two of a line at once.

use super::{Effect, Monitor, OVERDUE, Outstanding};
use crate::outcome::{Outcome, UnsentCause};
use crate::schedule::Due;
use crate::time::Timestamp;

impl Monitor {
    pub(super) fn send(&mut self, now: Timestamp, due: Due) {
        let index = due.target as usize;
        if index >= self.lines.len() {
            self.send_reference(now, due);
            return;
        }
        let line = &mut self.lines[index];
        if due.confirming {
            line.retrying = false;
            if !line.detector.is_soft() {
                return;
            }
        } else if line.retrying {
            line.left_out = true;
            return;
        }
        let timeout = self.classes[line.class as usize].probing.timeout;
        if let Some(outstanding) = &mut line.outstanding {
            if now < outstanding.sent_at + timeout + OVERDUE {
                // The result is late but may come; whatever it says schedules what follows.
                outstanding.counted |= !due.confirming;
                return;
            }
            let outstanding = *outstanding;
            line.outstanding = None;
            if outstanding.counted {
                self.count(due.target, outstanding.sent_at, Outcome::Unsent(UnsentCause::Engine));
            }
            self.sight.failed(outstanding.sent_at, true);
            self.unsent_probe(now, index, UnsentCause::Engine);
        }
        let token = self.token();
        let line = &mut self.lines[index];
        if line.outstanding.is_some() {
            return;
        }
        let counted = !due.confirming || std::mem::take(&mut line.left_out);
        line.outstanding = Some(Outstanding { token, sent_at: now, confirming: due.confirming, counted });
        if !due.confirming {
            line.sent += 1;
            self.lateness.observe((now - due.at).as_secs_f64());
        }
        self.effects.push_back(Effect::Probe { target: due.target, token, timeout });
    }

    pub(super) fn send_reference(&mut self, now: Timestamp, due: Due) {
        let timeout = self.reference_probing.timeout;
        let token = self.token();
        let reference = &mut self.references[due.target as usize - self.lines.len()];
        if reference.outstanding.is_some_and(|outstanding| now < outstanding.sent_at + timeout + OVERDUE) {
            return;
        }
        if let Some(missing) = reference.outstanding.take() {
            self.unsent[UnsentCause::Engine as usize] += 1;
            self.sight.failed(missing.sent_at, true);
        }
        reference.outstanding = Some(Outstanding { token, sent_at: now, confirming: false, counted: false });
        self.effects.push_back(Effect::Probe { target: due.target, token, timeout });
    }

    pub(super) fn token(&mut self) -> u32 {
        self.next_token = self.next_token.wrapping_add(1);
        self.next_token
    }

    /// Probes again one retry interval after the last sending, or at once when that has passed.
    pub(super) fn retry(&mut self, now: Timestamp, target: u32, sent_at: Timestamp) {
        let line = &mut self.lines[target as usize];
        if line.retrying {
            return;
        }
        line.retrying = true;
        let at = sent_at + self.classes[line.class as usize].probing.retry_interval;
        self.schedule.retry(target, at.max(now));
    }
}

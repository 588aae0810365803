//! What results say: of a reference, of a line, and of a line's own gaps.

use super::held::Held;
use super::{Effect, Monitor};
use crate::command::Verdict;
use crate::detector::{Finding, Settled, UpEdge};
use crate::outcome::{BlindCause, Outcome, UnsentCause};
use crate::probing::Probing;
use crate::time::Timestamp;

impl Monitor {
    pub(super) fn probed(&mut self, now: Timestamp, target: u32, token: u32, sent_at: Timestamp, outcome: Outcome) {
        let target = if self.forwarded.is_empty() { target } else { self.forwarded.remove(&token).unwrap_or(target) };
        let index = target as usize;
        let slot = match self.lines.get_mut(index) {
            Some(line) => &mut line.outstanding,
            None => match self.references.get_mut(index - self.lines.len()) {
                Some(reference) => &mut reference.outstanding,
                None => return,
            },
        };
        let Some(outstanding) = slot.filter(|outstanding| outstanding.token == token) else { return };
        *slot = None;
        if index >= self.lines.len() {
            self.reference_probed(target, sent_at, outcome);
        } else {
            if outstanding.counted {
                self.count(target, sent_at, outcome);
            }
            self.line_probed(now, target, sent_at, outcome, outstanding.confirming);
        }
    }

    pub(super) fn reference_probed(&mut self, target: u32, sent_at: Timestamp, outcome: Outcome) {
        let reference = &mut self.references[target as usize - self.lines.len()];
        match outcome {
            Outcome::Reply { .. } => {
                reference.up = Some(true);
                self.answered(target, sent_at);
            }
            Outcome::Loss(_) => {
                reference.up = Some(false);
                self.sight.failed(sent_at, false);
            }
            Outcome::Unsent(cause) => {
                self.unsent[cause as usize] += 1;
                self.sight.failed(sent_at, true);
            }
        }
    }

    pub(super) fn line_probed(
        &mut self,
        now: Timestamp,
        target: u32,
        sent_at: Timestamp,
        outcome: Outcome,
        confirming: bool,
    ) {
        let index = target as usize;
        let line = &mut self.lines[index];
        match outcome {
            Outcome::Reply { rtt_us } => {
                line.delay_us = Some(rtt_us);
                line.unsent = None;
                self.delay[line.class as usize].observe(f64::from(rtt_us) / 1e6);
                self.answered(target, sent_at);
                self.judge(now, target, sent_at, outcome);
            }
            Outcome::Loss(_) => {
                line.delay_us = None;
                line.unsent = None;
                line.lost += u64::from(!confirming);
                if line.detector.settled() != Settled::Down {
                    self.sight.failed(sent_at, false);
                }
                self.judge(now, target, sent_at, outcome);
            }
            Outcome::Unsent(cause) => {
                self.sight.failed(sent_at, true);
                self.unsent_probe(now, index, cause);
            }
        }
        if self.lines[index].detector.is_soft() {
            self.retry(now, target, sent_at);
        }
    }

    pub(super) fn unsent_probe(&mut self, now: Timestamp, index: usize, cause: UnsentCause) {
        self.unsent[cause as usize] += 1;
        let line = &mut self.lines[index];
        line.delay_us = None;
        line.unsent = Some(cause);
        if self.blind || line.unseen {
            return;
        }
        let probing = self.classes[line.class as usize].probing;
        let known = line.detector.last_result().unwrap_or(Timestamp::MIN);
        let from = known.max(self.sighted_at).max(line.since);
        // When nothing else answered after this line's last result either, it is the monitor that may be blind.
        let others_answer = self.sight.last_answer() > Some(from + probing.interval);
        if others_answer && now - from > line.gap_limit {
            let cause = if cause == UnsentCause::Unresolved { BlindCause::Unresolved } else { BlindCause::Unsent };
            self.lose_line(index, cause);
        }
    }

    pub(super) fn judge(&mut self, now: Timestamp, target: u32, sent_at: Timestamp, outcome: Outcome) {
        if self.blind || sent_at < self.sighted_at {
            return;
        }
        let index = target as usize;
        let probing = self.classes[self.lines[index].class as usize].probing;
        self.notice_gap(index, sent_at, &probing);
        let line = &mut self.lines[index];
        let finding = match outcome {
            Outcome::Reply { .. } => line.detector.replied(sent_at, &probing),
            Outcome::Loss(cause) => line.detector.lost(sent_at, cause, &probing),
            Outcome::Unsent(_) => return,
        };
        if line.held && !line.detector.is_losing() {
            line.held = false;
            self.held.retain(|held| held.target != target);
        }
        match finding {
            Finding::Nothing => {}
            Finding::Answers => self.see_line(index, sent_at),
            Finding::LossesComplete => {
                if std::mem::replace(&mut line.held, true) {
                    let mine = self.held.iter_mut().filter(|held| held.target == target);
                    mine.for_each(|held| held.latest_loss = sent_at);
                } else {
                    self.held.push(Held { target, last_loss: sent_at, latest_loss: sent_at, since: now });
                }
            }
            Finding::Up(edge) => self.up(now, index, edge),
        }
    }

    /// Two results further apart than three intervals and a timeout: a gap of this line alone.
    pub(super) fn notice_gap(&mut self, index: usize, sent_at: Timestamp, probing: &Probing) {
        let line = &mut self.lines[index];
        if line.epoch != self.epoch {
            line.epoch = self.epoch;
            line.held = false;
            line.detector.open_gap();
            return;
        }
        let last = line.detector.last_result().unwrap_or(line.since).max(self.sighted_at);
        let limit = std::mem::replace(&mut line.gap_limit, probing.gap_limit());
        if sent_at - last <= limit {
            line.observed += sent_at - last;
        } else if !line.unseen {
            self.lose_line(index, BlindCause::Unsent);
        }
    }

    pub(super) fn see_line(&mut self, index: usize, at: Timestamp) {
        if std::mem::take(&mut self.lines[index].unseen) {
            let line = self.names[index].clone();
            self.effects.push_back(Effect::Verdict(Verdict::LineSeen { line, at }));
        }
    }

    /// The line's own gap begins: at its last certain instant since the monitor sees.
    pub(super) fn lose_line(&mut self, index: usize, cause: BlindCause) {
        let line = &mut self.lines[index];
        let certain = if line.detector.is_after_gap() || line.epoch != self.epoch {
            None
        } else {
            line.detector.run_since().or(line.detector.last_result())
        };
        let from = certain.unwrap_or(self.sighted_at).max(self.sighted_at).max(line.since);
        line.unseen = true;
        line.held = false;
        line.detector.open_gap();
        line.epoch = self.epoch;
        self.held.retain(|held| held.target as usize != index);
        let line = self.names[index].clone();
        self.effects.push_back(Effect::Verdict(Verdict::LineLost { line, from, cause }));
    }

    pub(super) fn up(&mut self, now: Timestamp, index: usize, edge: UpEdge) {
        self.see_line(index, edge.first_reply);
        self.lines[index].flapping.changed(now);
        let UpEdge { last_loss, first_reply, after_gap } = edge;
        let line = self.names[index].clone();
        self.effects.push_back(Effect::Verdict(Verdict::Up {
            line,
            last_loss,
            first_reply,
            confirmed_at: now,
            after_gap,
        }));
    }
}

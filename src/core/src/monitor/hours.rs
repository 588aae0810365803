//! Counting quality by the hour (see [`crate::quality`]): one probe for each that the schedule asks for, in the hour
//! of its sending. While a change is being confirmed, confirming probes go out instead of scheduled ones; the next of
//! them counts in the place of each that was left out, so that a loss is counted no less for being looked into.

use super::{Monitor, Watched};
use crate::calendar::Calendar;
use crate::outcome::Outcome;
use crate::quality::{LineHour, Quality};
use crate::time::{Millis, Span, Timestamp};

/// How often what was counted is handed out to be kept: what a crash can lose of it.
const HAND_OUT_EVERY: Millis = Millis::from_secs(300);

/// The running hour and what is on its way out.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    calendar: Calendar,
    hour: Span,
    due: Timestamp,
    /// Counted in hours that are over, or of lines that are not watched any more.
    closed: Vec<LineHour>,
    /// Losses of probes sent after the last answered one: the line's, or the monitor's own blindness.
    unsure: Vec<(u32, Timestamp)>,
}

impl Hours {
    /// First instant after the running hour.
    pub(super) fn end(&self) -> Timestamp {
        self.hour.end
    }

    /// Whether this is `earlier`, one period later, in the same hour and with nothing handed out or closed since.
    pub(super) fn repeats(&self, earlier: &Self, period: Millis) -> bool {
        let Self { calendar, hour, due, closed, unsure } = self;
        let moved = |((line, at), (before, then)): (&(u32, Timestamp), &(u32, Timestamp))| {
            line == before && *at == *then + period
        };
        (*calendar, *hour, *due) == (earlier.calendar, earlier.hour, earlier.due)
            && closed.len() == earlier.closed.len()
            && unsure.len() == earlier.unsure.len()
            && unsure.iter().zip(&earlier.unsure).all(moved)
    }

    /// Moves on with what repeats.
    pub(super) fn leap(&mut self, by: Millis) {
        for (_, at) in &mut self.unsure {
            *at = *at + by;
        }
    }

    pub(super) fn new(calendar: Calendar, now: Timestamp) -> Self {
        let hour = calendar.hour(now);
        Self { calendar, hour, due: now + HAND_OUT_EVERY, closed: Vec::new(), unsure: Vec::new() }
    }
}

impl Monitor {
    /// Counts quality by the hours of this calendar; without it by those of UTC.
    #[must_use]
    pub fn with_hours_of(mut self, calendar: Calendar) -> Self {
        self.hours = Hours::new(calendar, self.started);
        self
    }

    /// What was counted since it was last handed out, every five minutes; nothing in between. The parts of an hour
    /// are to be merged.
    pub fn take_quality(&mut self, now: Timestamp) -> Vec<LineHour> {
        // A clock set back would leave the due time far ahead.
        if now < self.hours.due && self.hours.due - now <= HAND_OUT_EVERY {
            return Vec::new();
        }
        self.take_all_quality(now)
    }

    /// What was counted since it was last handed out, now.
    pub fn take_all_quality(&mut self, now: Timestamp) -> Vec<LineHour> {
        self.hours.due = now + HAND_OUT_EVERY;
        self.close_hour(now);
        std::mem::take(&mut self.hours.closed)
    }

    /// Takes the result of a probe of the schedule into account. Nothing is counted where nothing is judged: while the clock is
    /// behind the last record or runs through a time for the second time, and while the journal is full.
    pub(super) fn count(&mut self, target: u32, sent_at: Timestamp, outcome: Outcome) {
        if self.journal_full || self.muted_until.is_some_and(|until| sent_at < until) {
            return;
        }
        match outcome {
            Outcome::Reply { rtt_us } => self.hour_of(target, sent_at, |hour| hour.delays.observe(rtt_us)),
            Outcome::Unsent(_) => self.hour_of(target, sent_at, |hour| hour.unsent += 1),
            // Nobody sees: a loss says nothing of the line.
            Outcome::Loss(_) if self.blind || sent_at < self.sighted_at => {
                self.hour_of(target, sent_at, |hour| hour.unsent += 1);
            }
            Outcome::Loss(_) if self.sight.last_answer() < Some(sent_at) => self.hours.unsure.push((target, sent_at)),
            Outcome::Loss(_) => self.hour_of(target, sent_at, |hour| hour.lost += 1),
        }
    }

    /// Something answered: what was lost before that was lost by its line.
    pub(super) fn losses_are_sure(&mut self) {
        if self.hours.unsure.is_empty() {
            return;
        }
        let answer = self.sight.last_answer();
        let (sure, unsure) = self.hours.unsure.drain(..).partition(|(_, sent_at)| Some(*sent_at) <= answer);
        let sure: Vec<(u32, Timestamp)> = sure;
        self.hours.unsure = unsure;
        for (target, sent_at) in sure {
            self.hour_of(target, sent_at, |hour| hour.lost += 1);
        }
    }

    /// The monitor turned out to be blind, or targets get new numbers: what is unsure says nothing of any line.
    pub(super) fn losses_are_nobodys(&mut self) {
        for (target, sent_at) in std::mem::take(&mut self.hours.unsure) {
            self.hour_of(target, sent_at, |hour| hour.unsent += 1);
        }
    }

    /// Closes the running hour, or a part of it, and goes on in the hour of `at`.
    pub(super) fn close_hour(&mut self, at: Timestamp) {
        let start = self.hours.hour.start;
        for (line, watched) in self.names.iter().zip(&mut self.lines) {
            if !watched.quality.is_empty() {
                let quality = std::mem::take(&mut watched.quality);
                self.hours.closed.push(LineHour { line: line.clone(), start, quality });
            }
        }
        if !self.hours.hour.contains(at) {
            self.hours.hour = self.hours.calendar.hour(at);
        }
    }

    /// Lines that are not watched any more leave what was counted of them.
    pub(super) fn keep_quality_of_the_gone(&mut self, gone: impl Iterator<Item = (crate::line::LineId, Watched)>) {
        let start = self.hours.hour.start;
        let counted = gone.filter(|(_, watched)| !watched.quality.is_empty());
        self.hours.closed.extend(counted.map(|(line, Watched { quality, .. })| LineHour { line, start, quality }));
    }

    fn hour_of(&mut self, target: u32, sent_at: Timestamp, count: impl FnOnce(&mut Quality)) {
        let index = target as usize;
        if sent_at >= self.hours.hour.end {
            self.close_hour(sent_at);
        }
        if sent_at >= self.hours.hour.start {
            count(&mut self.lines[index].quality);
        } else {
            // The result of a probe of the hour before.
            let mut late = LineHour {
                line: self.names[index].clone(),
                start: self.hours.calendar.hour(sent_at).start,
                quality: Quality::default(),
            };
            count(&mut late.quality);
            self.hours.closed.push(late);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_repeat_themselves_as_long_as_nothing_differs() {
        let mut earlier = Hours::new(Calendar::new(chrono_tz::UTC), Timestamp(0));
        earlier.unsure.push((1, Timestamp(1000)));
        let mut later = earlier.clone();
        later.leap(Millis(2000));
        assert!(later.repeats(&earlier, Millis(2000)) && !later.repeats(&earlier, Millis(1000)));
        let closed = LineHour { line: "A".into(), start: Timestamp(0), quality: Quality::default() };
        let changes: [&dyn Fn(&mut Hours); 7] = [
            &|hours| hours.calendar = Calendar::new(chrono_tz::Asia::Shanghai),
            &|hours| hours.hour.end = Timestamp(1),
            &|hours| hours.due = Timestamp(1),
            &|hours| hours.closed.push(closed.clone()),
            &|hours| hours.unsure.clear(),
            &|hours| hours.unsure[0].0 = 2,
            &|hours| hours.unsure[0].1 = Timestamp(1),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let (mut other, mut before) = (later.clone(), earlier.clone());
            change(&mut other);
            assert!(!other.repeats(&earlier, Millis(2000)), "change {number} of the later one");
            change(&mut before);
            assert!(!later.repeats(&before, Millis(2000)), "change {number} of the earlier one");
        }
    }
}

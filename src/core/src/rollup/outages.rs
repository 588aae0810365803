//! Outages as they are counted: down spans of one line that touch or overlap are one, whatever gaps and windows do.

use super::history::LineHistory;
use super::sweep::{Facts, Instant, Slice};
use crate::time::{Millis, Span, Timestamp};

/// An outage as it is counted, not cut at the period's edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergedOutage {
    /// First instant that counts as down, known end. No part of it is out of service.
    pub span: Span,
    /// Whether it had not ended.
    pub open: bool,
    /// From the recorded start of the first recorded outage in it to its confirmation; `None` when nobody's probes
    /// confirmed one.
    pub detection_delay: Option<Millis>,
}

impl MergedOutage {
    /// Whether it began in `within`.
    pub fn starts(&self, within: Span) -> bool {
        within.contains(self.span.start)
    }

    /// Whether it began before `within` and had not ended when that began.
    pub fn carried_into(&self, within: Span) -> bool {
        self.span.start < within.start && (self.open || self.span.end > within.start)
    }

    /// Whether it ended in `within`, whose end counts and whose start does not: what ended then was over before.
    pub fn ends(&self, within: Span) -> bool {
        !self.open && within.start < self.span.end && self.span.end <= within.end
    }

    /// Whether it began before the end of `within` and had not ended then.
    pub fn open_at_end(&self, within: Span) -> bool {
        self.span.start < within.end && (self.open || self.span.end > within.end)
    }
}

/// Puts outages together while stretches pass by.
#[derive(Debug, Default)]
pub(super) struct Merging {
    current: Option<Current>,
    pub merged: Vec<MergedOutage>,
}

#[derive(Debug)]
struct Current {
    /// First instant that no window covers.
    start: Option<Timestamp>,
    end: Timestamp,
    /// Place of the first recorded outage in [`LineHistory::outages`], by its start.
    first: Option<u32>,
    /// The known end of an outage in it that is open.
    open_until: Option<Timestamp>,
}

impl Merging {
    /// Takes a stretch in service.
    pub fn pass(&mut self, facts: &Facts<'_>, history: &LineHistory, instant: &Instant, slice: Slice) {
        if self.current.as_ref().is_some_and(|current| !instant.is_down() || current.end != slice.span.start) {
            self.close(history);
        }
        if !instant.is_down() {
            return;
        }
        let end = slice.span.end;
        let current = self.current.get_or_insert(Current { start: None, end, first: None, open_until: None });
        current.end = end;
        if slice.kind.is_down() {
            current.start = current.start.or(Some(slice.span.start));
        }
        for segment in &instant.segments {
            current.note(facts.parts[*segment as usize].outage, facts, history);
        }
        if facts.still_declared(instant) {
            current.open_until = Some(end);
        }
    }

    /// Ends the last one.
    pub fn close(&mut self, history: &LineHistory) {
        let Some(Current { start: Some(start), end, first, open_until }) = self.current.take() else { return };
        let detection_delay = first.and_then(|first| {
            let outage = &history.outages[first as usize];
            Some(outage.confirmed_at? - outage.start)
        });
        let open = open_until.is_some_and(|known| end >= known);
        self.merged.push(MergedOutage { span: Span::new(start, end), open, detection_delay });
    }
}

impl Current {
    fn note(&mut self, place: u32, facts: &Facts<'_>, history: &LineHistory) {
        let outage = &history.outages[place as usize];
        let earlier = |first: u32| {
            let first = &history.outages[first as usize];
            (outage.start, outage.outage) < (first.start, first.outage)
        };
        if self.first.is_none_or(earlier) {
            self.first = Some(place);
        }
        if outage.is_open() {
            let known = outage.known_until(facts.common.certain_until(&history.line));
            self.open_until = Some(self.open_until.map_or(known, |until| until.min(known)));
        }
    }
}

//! What a rollup is made from: what holds for all lines, and what is recorded of one.

use std::collections::BTreeMap;

use super::{Inventory, Policy};
use crate::calendar::Calendar;
use crate::line::LineId;
use crate::outcome::BlindCause;
use crate::record::{Attribution, DecisionId, OutageId, Scope};
use crate::time::{Span, Timestamp};

/// What holds for all lines of a rollup.
#[derive(Clone, Debug)]
pub struct Common {
    /// The period asked for, `[from, to)`.
    pub period: Span,
    /// Counted up to here: the period's end, or now when the period is running.
    pub until: Timestamp,
    /// Months are those of this calendar.
    pub calendar: Calendar,
    /// What is judged by.
    pub policy: Policy,
    /// The inventory as it was in force, all lines and all times.
    pub inventory: Inventory,
    /// What was observed.
    pub evidence: Evidence,
    /// Planned windows and exclusions in force, in any order, also those outside the period: an outage carried in
    /// may have begun in one. A cancelled window ends where it was cancelled.
    pub windows: Vec<Window>,
}

impl Common {
    /// The part of the period that is counted.
    pub fn counted(&self) -> Span {
        let end = self.until.min(self.period.end).max(self.period.start);
        Span::new(self.period.start, end)
    }

    /// Up to where a line is certain: the horizon, but for the lines that waited then.
    pub fn certain_until(&self, line: &LineId) -> Timestamp {
        let waiting = self.evidence.waiting.get(line).copied().unwrap_or(Timestamp::MAX);
        self.evidence.horizon.min(waiting)
    }
}

/// What was observed of all lines.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Time of the first record: before it everything is undetermined, but for imports.
    pub begin: Timestamp,
    /// All is certain before this instant, and undetermined from it on.
    pub horizon: Timestamp,
    /// Lines that are certain only up to an earlier instant.
    pub waiting: BTreeMap<LineId, Timestamp>,
    /// Gaps of all lines.
    pub gaps: Vec<Gap>,
    /// Spans in which an imported source observed all lines: undetermined time of the kinds above is up there, unless
    /// something else is recorded.
    pub observed: Vec<Span>,
}

/// A span in which nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// When; an open one ends at [`Timestamp::MAX`].
    pub span: Span,
    /// Why.
    pub cause: BlindCause,
}

/// What a window does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WindowKind {
    /// Taken out of the account afterwards, approved by a second person (剔除).
    Excluded,
    /// Agreed before it began (计划停机).
    Planned,
}

/// A planned window or an exclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// `seq` of its record, for the explanation.
    pub record: u64,
    /// Which of both.
    pub kind: WindowKind,
    /// Which lines, by what is in force at each instant.
    pub scope: Scope,
    /// When.
    pub span: Span,
}

/// What is recorded of one line. All of it that overlaps or touches the counted time, outages also where they touch
/// one another across the period's edges; more does no harm. Any order.
#[derive(Clone, Debug)]
pub struct LineHistory {
    /// The line.
    pub line: LineId,
    /// Its own gaps. A line that this journal's monitor does not watch (known from an import only) has one over all
    /// that time.
    pub gaps: Vec<Gap>,
    /// Spans in which an imported source observed it.
    pub observed: Vec<Span>,
    /// Its outages, imported ones included. They may overlap.
    pub outages: Vec<Outage>,
    /// What people declared of it.
    pub declared: Vec<Declared>,
}

impl LineHistory {
    /// A line of which nothing is recorded.
    pub fn new(line: LineId) -> Self {
        Self { line, gaps: Vec::new(), observed: Vec::new(), outages: Vec::new(), declared: Vec::new() }
    }
}

/// A recorded outage.
#[derive(Clone, Debug)]
pub struct Outage {
    /// Number; of an imported one the `seq` of its record.
    pub outage: OutageId,
    /// First lost probe.
    pub start: Timestamp,
    /// Where it ends for counting; `None`: open. An imported one always has an end: that of its source's sight.
    pub end: Option<Timestamp>,
    /// While open: where the first gap since its last confirmation begins; it is known to be down until here and no
    /// further.
    pub gap_from: Option<Timestamp>,
    /// When it was confirmed; `None`: imported, nobody here confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// To whom its time is attributed. Each lasts until the next; the first also covers what lies before it. None at
    /// all: own.
    pub segments: Vec<Segment>,
    /// Gaps in it that count as down.
    pub bridged: Vec<Span>,
    /// What an approved correction says.
    pub correction: Option<Correction>,
    /// Whether it was imported.
    pub imported: bool,
}

/// A stretch of an outage with one attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// From here.
    pub from: Timestamp,
    /// To whom.
    pub attribution: Attribution,
}

/// An outage was not as it is recorded. What is recorded as down outside of `counts` is undetermined, never up; what
/// `counts` adds is declared down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The decision.
    pub decision: DecisionId,
    /// It was down within this span; `None`: it was none.
    pub counts: Option<Span>,
}

/// A person says that the line was down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The decision.
    pub decision: DecisionId,
    /// From here.
    pub from: Timestamp,
    /// Until here; `None`: still.
    pub until: Option<Timestamp>,
}

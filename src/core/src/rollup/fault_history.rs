//! Faults and inspections as a rollup takes them.

use std::collections::BTreeSet;

use crate::line::{ClassName, LineId, Township};
use crate::record::{FaultNo, FaultSource};
use crate::time::Timestamp;

/// One fault: all that were not over before the period, those merged into others and void ones included. More do no
/// harm, but a fault that was merged has to come with the one that it lives in.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of one another")]
pub struct FaultHistory {
    /// Number.
    pub fault: FaultNo,
    /// Who noticed first.
    pub source: FaultSource,
    /// By which way it was reported (电话, 乡镇办, …), if it was.
    pub channel: Option<String>,
    /// The line it stands on.
    pub line: LineId,
    /// Its class when the fault was opened.
    pub class: ClassName,
    /// Its township then.
    pub township: Township,
    /// Its village then; empty when it has none.
    pub village: String,
    /// Villages of other lines from which it was reported too, with their townships.
    pub reported_from: BTreeSet<(Township, String)>,
    /// Dated from here.
    pub opened: Timestamp,
    /// To be restored before, or at, this instant.
    pub deadline: Timestamp,
    /// When it was open, in order: until its restoration, and again from each relapse or reopening.
    pub open: Vec<OpenSpan>,
    /// Whether any person did a step of its repair (acknowledged, dispatched, on site, restored …).
    pub human_steps: bool,
    /// Its affected points beside its own line.
    pub points: Vec<Point>,
    /// What it came from, by the configured tree.
    pub cause: Option<String>,
    /// 误报: left out and counted.
    pub void: bool,
    /// The fault that it lives in.
    pub merged_into: Option<FaultNo>,
    /// Approved as nobody's who is judged by the figures.
    pub exempt: bool,
    /// Whether it was imported.
    pub imported: bool,
}

/// A span in which a fault was open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSpan {
    /// From here.
    pub from: Timestamp,
    /// How it ended; `None`: it has not.
    pub restored: Option<Restoration>,
}

/// The end of an open span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restoration {
    /// When.
    pub at: Timestamp,
    /// Who said so.
    pub by: EndedBy,
}

/// Who says that a fault is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// The line answered for the stability time.
    Itself,
    /// A person.
    Person,
}

/// An affected point (点位): a line that is down because of the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The line.
    pub line: LineId,
    /// Affected from here.
    pub from: Timestamp,
    /// When it turned out, or became, another fault's. One that left when it came never was one.
    pub left: Option<Timestamp>,
}

/// An inspection (巡检).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The line.
    pub line: LineId,
    /// When.
    pub at: Timestamp,
}

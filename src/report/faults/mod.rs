//! The fault list and single faults as data: what commands, pages and exports show, all from the same rows.
//!
//! [`list`] and [`one()`] read a [`Snapshot`](crate::store::Snapshot); nothing is computed anywhere else. What may be done
//! next is said here too ([`Next`]); whether it is recorded is decided by the ledger alone.

mod filter;
mod next;
mod one;
mod read;
pub mod sheet;
pub mod text;
pub mod timeline;
pub mod villages;

use std::collections::BTreeSet;
use std::sync::Arc;

use linewatch_core::ledger::{FaultWork, Mark, Stage};
use linewatch_core::line::{ClassName, LineId, Township};
use linewatch_core::record::{FaultNo, FaultSource};
use linewatch_core::time::Timestamp;
use serde::Serialize;

pub use filter::{Filter, Wanted};
pub use next::Next;
pub use one::{FaultReport, FoundOutage, Point, PointKind, many, one};
pub use read::{Context, exemption, list};

use super::status::moment;
use filter::Said;

/// The name of the list's form.
pub const SCHEMA: &str = "linewatch.faults/1";

/// The list at one instant. Instants are RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FaultList {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The site's zone by its IANA name.
    pub zone: String,
    /// Now.
    #[serde(serialize_with = "moment::serialize")]
    pub at: Timestamp,
    /// The last record that it rests on.
    pub seq: u64,
    /// Of all faults, whatever was asked for.
    pub counts: Counts,
    /// What was asked for, sorted by what to do next: what is said to be restored and is not, what is overdue, what nobody
    /// took on, what is being worked on, each by deadline; those to be closed by restoration; then what is closed, the
    /// latest first.
    pub faults: Vec<FaultLine>,
}

/// How many there are in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Work is to be done on the line.
    pub open: usize,
    /// Of those: the deadline has passed.
    pub overdue: usize,
    /// Of those: nobody takes care of it yet.
    pub unattended: usize,
    /// Of those: somebody said that it is restored, and the probes contradict.
    pub contradicted: usize,
    /// Restored, to be closed.
    pub to_close: usize,
}

/// One fault in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of one another")]
pub struct FaultLine {
    /// Its number.
    pub number: FaultNo,
    /// The line it stands on.
    pub line: LineId,
    /// That line's name.
    pub name: String,
    /// Its class.
    pub class: ClassName,
    /// What people call the class.
    pub class_label: String,
    /// Its township.
    pub township: Township,
    /// Its village.
    pub village: String,
    /// Who noticed.
    pub source: FaultSource,
    /// By which way it was reported first.
    pub channel: Option<String>,
    /// How far the work has come.
    pub stage: Stage,
    /// A person said so then, and the probes contradict: the line is still down. To be shown loudly.
    #[serde(serialize_with = "moment::optional::serialize")]
    pub contradicted: Option<Timestamp>,
    /// Restored by what a person said, and the line has not been up for the stability time since.
    pub unverified: bool,
    /// The line is down by the probes now, as far as they can see.
    pub down: bool,
    /// Dated from here.
    #[serde(serialize_with = "moment::serialize")]
    pub opened: Timestamp,
    /// To be restored before.
    #[serde(serialize_with = "moment::serialize")]
    pub deadline: Timestamp,
    /// The deadline passed before it was restored.
    pub overdue: bool,
    /// Restored.
    #[serde(serialize_with = "moment::optional::serialize")]
    pub restored: Option<Timestamp>,
    /// When it was closed.
    #[serde(serialize_with = "moment::optional::serialize")]
    pub closed: Option<Timestamp>,
    /// How often it came back: relapses and reopenings.
    pub again: usize,
    /// Affected points: lines, its own included.
    pub points: usize,
    /// What is wrong.
    pub symptom: Option<String>,
    /// Who was sent last.
    pub sent: Option<String>,
    /// Who took care of it first.
    pub taken_by: Option<String>,
    /// The carrier's number of it.
    pub ticket: Option<String>,
    /// What it came from; empty: nobody has said.
    pub cause: Vec<String>,
    /// Why it takes, or took, longer than the deadline.
    pub overdue_reason: Option<String>,
    /// Some step was entered long after it was done.
    pub late: bool,
    /// Approved as nobody's who is judged by the figures.
    pub exempt: bool,
    /// The fault that it became a part of.
    pub merged_into: Option<FaultNo>,
    /// What is to be done next, the first one first.
    pub next: Vec<Next>,
    /// The lines that are affected, its own included.
    #[serde(skip)]
    pub lines: BTreeSet<LineId>,
    /// What people did and said, as kept.
    #[serde(skip)]
    pub work: Arc<FaultWork>,
    /// Everything that was said, where somebody searches.
    #[serde(skip)]
    said: Said,
}

/// Whether some step of a fault was entered long after it was done.
fn has_late_entry(work: &FaultWork) -> bool {
    let late = |mark: Option<&Mark>| mark.is_some_and(|mark| mark.late);
    work.reports.iter().any(|told| told.mark.late)
        || late(work.closed.as_ref())
        || work
            .rounds
            .iter()
            .any(|round| round.marks().iter().any(|(_, mark)| late(*mark)) || late(round.claimed.as_ref()))
}

//! Each fault with what it adds to the figures: one row of a table that adds up to them.

use std::collections::BTreeSet;

use super::fault_figures::{Cohort, Part, course_of, survivors};
use super::fault_history::{FaultHistory, Restoration};
use crate::line::Township;
use crate::record::FaultNo;
use crate::time::{Millis, Span, Timestamp};

/// How a fault, or a pair, comes into a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Open when it began.
    CarriedIn,
    /// Opened in it.
    Opened,
    /// Opened before it, restored when it began, and open again in it.
    ReopenedIn,
}

/// How it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Restored, and not open again at the end.
    Resolved(Restoration),
    /// Not restored at the end.
    OpenAtEnd {
        /// But later, as far as is known.
        resolved_since: bool,
    },
}

/// Whether a fault is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is, in this way.
    Counted {
        /// How it comes.
        entry: Entry,
        /// What became of it.
        fate: Fate,
    },
    /// 误报, opened in the period: in no figure but its own count.
    Void,
    /// Opened in the period and living in another one.
    Merged(FaultNo),
}

/// A fault with what it adds to the figures.
#[derive(Clone, Debug)]
pub struct FaultCase {
    /// The fault.
    pub fault: FaultHistory,
    /// Whether it is counted.
    pub standing: Standing,
    /// Opened, that of the earliest one that lives in it.
    pub opened: Timestamp,
    /// Deadline, likewise.
    pub deadline: Timestamp,
    /// From opening to restoration, when resolved.
    pub repair_ms: Option<Millis>,
    /// Its points.
    pub points: Cohort,
    /// Resolved, or past its deadline.
    pub due: bool,
    /// Restored within it.
    pub on_time: bool,
    /// 自愈.
    pub self_cleared: bool,
    /// Townships and villages that reported it, or what lives in it.
    pub villages: BTreeSet<(Township, String)>,
}

/// All faults of the counted time, by number. The columns add up to [`FaultFigures`](super::FaultFigures).
pub fn fault_cases(period: Span, faults: &[FaultHistory]) -> Vec<FaultCase> {
    let (living, merged) = survivors(faults);
    let mut cases = Vec::new();
    for fault in &living {
        let case = |standing| FaultCase {
            fault: fault.named.clone(),
            standing,
            opened: fault.opened,
            deadline: fault.deadline,
            repair_ms: None,
            points: Cohort::default(),
            due: false,
            on_time: false,
            self_cleared: false,
            villages: fault
                .reported_from
                .iter()
                .map(|(town, village)| ((*town).clone(), (*village).to_owned()))
                .collect(),
        };
        if fault.named.void {
            if period.contains(fault.opened) {
                cases.push(case(Standing::Void));
            }
            continue;
        }
        let Some(course) = course_of(fault.opened, &fault.open, period) else { continue };
        let mut part = Part::default();
        part.add(fault, &course, period);
        let repair_ms = match course.fate {
            Fate::Resolved(restoration) => Some(restoration.at - fault.opened),
            Fate::OpenAtEnd { .. } => None,
        };
        cases.push(FaultCase {
            repair_ms,
            points: part.points,
            due: part.due > 0,
            on_time: part.on_time > 0,
            self_cleared: fault.cleared_itself(&course),
            ..case(Standing::Counted { entry: course.entry, fate: course.fate })
        });
    }
    for fault in merged.into_iter().filter(|fault| period.contains(fault.opened)) {
        let into = fault.merged_into.clone().unwrap_or_else(|| fault.fault.clone());
        cases.push(FaultCase {
            fault: fault.clone(),
            standing: Standing::Merged(into),
            opened: fault.opened,
            deadline: fault.deadline,
            repair_ms: None,
            points: Cohort::default(),
            due: false,
            on_time: false,
            self_cleared: false,
            villages: BTreeSet::new(),
        });
    }
    cases.sort_by(|one, two| one.fault.fault.cmp(&two.fault.fault));
    cases
}

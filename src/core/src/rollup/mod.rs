//! The figures of a period (汇总): a pure function of records and a printed policy (design sections 2 and 3).
//!
//! # From records to figures
//!
//! ```text
//! Common ──────────────┐
//! LineHistory ─ sweep ─┴─> stretches ─┬─> Sums by row and month ─> Figures
//!   (one line at a time)              ├─> merged outages ────────┘
//!                                     └─> Explanation (the same stretches, to be followed with a pencil)
//! FaultHistory, Inspection ───────────────────────────────────────> FaultFigures
//! ```
//!
//! [`Common`] is what holds for all lines; [`LineHistory`] what is recorded of one. [`Counting`] takes the lines one by
//! one, so that memory does not grow with the number of outages, and gives a [`Rollup`]. [`explain()`] lays open one
//! line: the same sweep, each stretch of time with what it counts as and why. Its sums are the line's figures because
//! both come from the same stretches.
//!
//! # What an instant counts as
//!
//! The first of these that holds (design rule 6):
//!
//! 1. the line is **not in service**: no row of the inventory is in force, or its dates say so;
//! 2. an approved **exclusion** covers it; 3. a **planned window** covers it. Both are `planned_ms`;
//! 4. it is **declared** down, by a declaration or by what a correction adds to an outage;
//! 5. it lies in a recorded **outage**, as far as that is known and not corrected away: `own` before `upstream`;
//! 6. it is **undetermined**: before the journal began, behind the horizon, in a gap (unless an imported source observed
//!    it then), or in what a correction took from an outage;
//! 7. it is **up**.
//!
//! A window covers a line at an instant by what is in force then: its class, its township, its upstream. It also covers
//! the instants at which the line is down because of another line (`upstream`) that the window covers, and no others
//! of that line.
//!
//! # What counts as an outage
//!
//! Down spans (4 and 5) of one line that touch or overlap are one outage, whatever gaps and windows do; its time out of
//! service is no part of it. It starts, for counting, at its first instant that no window covers: an outage that outlives
//! its planned window counts from the window's end, and one that lies within its window is none. Lengths are whole, also
//! beyond the period's edges. In groups an outage starts (or is carried in) where the line belongs at that instant, and
//! ends (or is open) where it belongs at the last one, so that the sums over classes are those of the total.

mod count;
mod days;
mod effects;
mod explain;
mod fault_cases;
mod fault_figures;
mod fault_history;
mod figures;
mod history;
mod inventory;
mod outages;
mod policy;
mod rent;
mod sums;
mod sweep;
mod windows;

pub use count::Counting;
pub use days::DayFigures;
pub use effects::Effect;
pub use explain::{Detail, Detailing, Explanation, Rent, Stretch, explain};
pub use fault_cases::{Entry as FaultEntry, Fate as FaultFate, FaultCase, Standing as FaultStanding, fault_cases};
pub use fault_figures::{Cohort, FaultFigures, Ratios, Repairs, VillageCounts};
pub use fault_history::{EndedBy, FaultHistory, Inspection, OpenSpan, Point, Restoration};
pub use figures::{
    CarrierFigures, ClassFigures, Fen, Figures, LineFigures, Month, MonthFigures, Rollup, TownshipFigures,
};
pub use history::{Common, Correction, Declared, Evidence, Gap, LineHistory, Outage, Segment, Window, WindowKind};
pub use inventory::Inventory;
pub use outages::MergedOutage;
pub use policy::{Policy, RULES};
pub use sweep::{Counted, Kind, Unknown};

//! The fold of the journal: what is in force and what is open.
//!
//! Two things, kept apart (design section 5):
//!
//! - [`decide()`] alone **finds out** what a command appends. It reads the ledger, never alters it, and may refuse.
//!   Where facts follow from one another it tries them on a scratch clone, whose next `seq` is the next record's.
//! - [`Ledger::apply`] alone **alters** a ledger: it folds one record in, cannot fail, and returns the derived rows
//!   that the record changed. What a policy decided (a fault opened, its number, a relapse, a restoration by itself) is
//!   in the record and never derived again.
//!
//! ```text
//! Command ── decide ──> facts ── store ──> Record ── apply ──> Ledger
//!              ▲                                       └─────> Changes (rows)
//!              └───────────────── reads ───────────────────────┘
//! ```
//!
//! What the ledger holds, and which records move it:
//!
//! | held | opened by | closed by |
//! |---|---|---|
//! | a line in the inventory | `line.commissioned` | `line.decommissioned` |
//! | one gap of all lines | `resumed`, `blinded` | `sighted` |
//! | one gap a line | `line.commissioned` (pending), `line_lost` | `line_seen` |
//! | one open outage a line, in segments of attribution | `outage.started` | `outage.ended` |
//! | a fault with its points and the work on it | `fault.opened`, `reported`, `split` | `closed`, `voided`, `merged`, `combined` |
//!
//! Besides what is open the ledger remembers for [`Ledger::MEMORY`] what is over, since a verdict comes after the time
//! it speaks of: a child's outage is confirmed after its ancestor's ended, a line fails again after its repair.
//! A fault that is closed can be opened again for
//! [`Ledger::SETTLED_KEPT`]. Older things are forgotten, and no decision looks at them, so that a ledger taken up from its rows decides as the
//! one that folded every record. Invariants kept by `decide` and tested over random histories: at most one open outage
//! a line, each open outage in at most one open fault, spans never negative, numbers unique, a second `Due` at the same
//! instant finds nothing to do.
//!
//! An outage is over when its line is known to have returned, which may be long after it ended for counting: a trunk
//! that came back while the monitor stood still for a weekend answers for its villages until it was seen again. Nothing
//! is done any more to what ended, for counting, before the memory begins: its fault may be forgotten.
//!
//! Known to be weaker than section 4 asks: a line that nobody sees on its own account for more than
//! [`Ledger::MEMORY`] after its trunk returned, and that is still down then, is down on its own from its start.

mod apply;
mod decide;
mod objection;
mod open;
mod people;
mod policy;
mod rows;
mod state;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use decide::decide;
pub use objection::{
    AccountObjection, DecisionObjection, FaultObjection, ImportObjection, Missing, PlannedObjection, SealObjection,
};
pub use policy::{CauseKind, Choices, Policy};
pub use rows::{
    AccountRow, BridgeRow, Cancellation, Changes, DecisionRow, FaultRow, FaultStepRow, GapRow, HistoryRow, HorizonRow,
    InspectionRow, LineRow, OutageEnd, OutageRow, PlannedRow, PointRow, Row, Said, SealRow, SegmentRow, SerialRow,
    Standing, Step, TokenRow,
};
pub use work::{Beginning, FaultWork, Mark, NamedPoint, Restoration, Round, Stage, Told};

use crate::fault::Serials;
use crate::line::{ClassName, Line, LineId, Township};
use crate::outcome::{BlindCause, LossCause};
use crate::record::{Attribution, FaultNo, FaultSource, Origin, OutageId, Record};
use crate::time::{Millis, Span, Timestamp};
use crate::upstream::Upstream;
use people::People;
use state::{ClosedGap, Faults, GlobalGaps, HeldFault, Lines, Outages, Retired};

/// What is in force and open after the records folded so far. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ledger {
    policy: Arc<Policy>,
    seq: u64,
    recorded_at: Timestamp,
    lines: Lines,
    /// Lines that are no more.
    retired: Arc<BTreeMap<LineId, Retired>>,
    upstream: Arc<Upstream>,
    gaps: GlobalGaps,
    outages: Outages,
    faults: Faults,
    serials: Serials,
    people: People,
    horizon: Option<Arc<HorizonRow>>,
    /// Undetermined time before this instant is not counted on [`LedgerLine::undetermined`].
    counted_from: Timestamp,
}

/// What a fold needs to know of a record beside its fact.
#[derive(Clone, Copy, Debug)]
struct Envelope<'a> {
    seq: u64,
    recorded_at: Timestamp,
    author: &'a str,
    /// What the importer called the source, when it was imported.
    source: Option<&'a str>,
}

impl<'a> Envelope<'a> {
    fn of(record: &'a Record) -> Self {
        let source = match &record.origin {
            Origin::Imported { source } => Some(source.as_str()),
            Origin::Live | Origin::Simulated => None,
        };
        Self { seq: record.seq, recorded_at: record.recorded_at, author: &record.author, source }
    }

    fn said(self) -> Said {
        Said { by: self.author.to_owned(), at: self.recorded_at }
    }
}

/// A line as the ledger holds it.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// What the inventory says.
    pub line: Arc<Line>,
    /// Whether and since when it is not observed on its own account (a blind monitor apart).
    pub unseen: Option<(Timestamp, BlindCause)>,
    /// Outages recorded since this ledger was loaded.
    pub outages: u64,
    /// Down time of outages ended since this ledger was loaded, bridged gaps included.
    pub down: Millis,
    /// Undetermined time of gaps ended since this ledger was loaded, those of all lines included. Only the part
    /// after the load (or the last [`Resumed`](crate::record::ObservationFact::Resumed)), each millisecond once.
    pub undetermined: Millis,
    /// Start of the row in force.
    from: Timestamp,
    /// The line's own gap that ended last.
    last_gap: Option<ClosedGap>,
    /// Up to here gaps are in `undetermined`.
    counted: Timestamp,
}

/// An outage that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOutage {
    /// Number.
    pub outage: OutageId,
    /// Line.
    pub line: LineId,
    /// First lost probe.
    pub start: Timestamp,
    /// Last answered probe before.
    pub last_reply: Option<Timestamp>,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// Why the last confirming probe was lost.
    pub cause: LossCause,
    /// The attribution in force.
    pub attribution: Attribution,
    /// Since when it is in force.
    pub attributed_from: Timestamp,
}

/// A fault that is open, or was restored within the merge window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFault {
    /// Number.
    pub fault: FaultNo,
    /// Who noticed.
    pub source: FaultSource,
    /// The line it stands on.
    pub line: LineId,
    /// Dated from.
    pub opened: Timestamp,
    /// To be restored before.
    pub deadline: Timestamp,
    /// Repaired at; kept until the merge window is over.
    pub restored: Option<Timestamp>,
    /// Relapses so far.
    pub relapses: u32,
    /// What people did and said of it.
    pub work: Arc<FaultWork>,
}

impl OpenFault {
    /// Whether work is to be done on the line.
    pub fn is_open(&self) -> bool {
        self.restored.is_none() && self.work.stage.is_open()
    }

    /// When it was over: restored, or found to be none.
    fn over(&self) -> Option<Timestamp> {
        match self.work.stage {
            Stage::Void => self.work.settled(),
            _ => self.restored,
        }
    }
}

/// The monitor is blind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blind {
    /// From here.
    pub from: Timestamp,
    /// Why.
    pub cause: BlindCause,
}

/// Why a command may not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A load would remove more than 5 % of the lines.
    #[error("this inventory removes {removed} of {lines} lines, more than 5 %")]
    TooManyRemoved {
        /// How many.
        removed: usize,
        /// Of how many.
        lines: usize,
    },
    /// The time of a command lies before the last record: nothing is recorded until the clock has passed it.
    #[error("the clock says {now}, the last record is from {recorded_at}")]
    BeforeLastRecord {
        /// The command's time.
        now: Timestamp,
        /// The last record's.
        recorded_at: Timestamp,
    },
    /// A verdict or a person speaks of a line that is not in the inventory.
    #[error("no line {0} in the inventory")]
    UnknownLine(LineId),
    /// A person says something that cannot be so.
    #[error("{0}")]
    Person(#[from] Objection),
}

/// Why a person's wish is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// What is said to have happened lies in the future.
    #[error("{at} is not yet: it is {now}")]
    NotYet {
        /// The time that was said.
        at: Timestamp,
        /// Now.
        now: Timestamp,
    },
    /// There is no open or recent fault of this number.
    #[error("no fault {0}")]
    UnknownFault(FaultNo),
    /// Something that must be said is not.
    #[error("{0} is missing")]
    Missing(Missing),
    /// A span in which there is no instant.
    #[error("{}..{} is empty", .0.start, .0.end)]
    EmptySpan(Span),
    /// No line is of this class.
    #[error("no line of class {0}")]
    UnknownClass(ClassName),
    /// No line is in this township.
    #[error("no line in township {0}")]
    UnknownTownship(Township),
    /// The line is not in service then.
    #[error("{line} is in service {}..{} only", service.start, service.end)]
    NotInService {
        /// The line.
        line: LineId,
        /// When it is.
        service: Span,
    },
    /// About planned downtime.
    #[error(transparent)]
    Planned(#[from] PlannedObjection),
    /// About decisions.
    #[error(transparent)]
    Decision(#[from] DecisionObjection),
    /// About accounts.
    #[error(transparent)]
    Account(#[from] AccountObjection),
    /// About imports.
    #[error(transparent)]
    Import(#[from] ImportObjection),
    /// About seals.
    #[error(transparent)]
    Seal(#[from] SealObjection),
    /// About faults.
    #[error(transparent)]
    Fault(#[from] FaultObjection),
}

impl Ledger {
    /// How long the ledger remembers what is over. Longer times of the policy count as this.
    pub const MEMORY: Millis = Millis::from_secs(24 * 3600);

    /// How long a fault that was closed, or found to be none, is held: so long it can be opened again or put right.
    pub const SETTLED_KEPT: Millis = Millis::from_secs(31 * 24 * 3600);

    /// The ledger of an empty journal.
    pub fn new(policy: Arc<Policy>) -> Self {
        Self {
            policy,
            seq: 0,
            recorded_at: Timestamp::MIN,
            lines: Lines::default(),
            retired: Arc::default(),
            upstream: Arc::default(),
            gaps: GlobalGaps::default(),
            outages: Outages::default(),
            faults: Faults::default(),
            serials: Serials::default(),
            people: People::default(),
            horizon: None,
            counted_from: Timestamp::MIN,
        }
    }

    /// Takes the ledger up where the derived rows of records 1 to `seq` left it. Needed, with `T` = `recorded_at` −
    /// [`Ledger::MEMORY`], are
    ///
    /// - of each line id the row with the greatest `from` (also of lines that are no more),
    /// - gaps that are open or ended at `T` or later,
    /// - faults not merged that are neither closed nor void, or have been so since `recorded_at` −
    ///   [`Ledger::SETTLED_KEPT`] or later, with all their points,
    /// - outages that are open, or ended or first answered again at `T` or later, or are points of those of these faults
    ///   that are not restored or were restored at `T` or later, with all their segments and bridges,
    /// - the serials of the last three days that have one, and the horizon,
    /// - all planned windows, decisions, accounts and seals, and of the imported facts those that name a file.
    ///
    /// More rows do no harm: all of them give the same ledger. The order does not matter.
    pub fn restore(policy: Arc<Policy>, seq: u64, recorded_at: Timestamp, open: impl IntoIterator<Item = Row>) -> Self {
        open::restore(Self::new(policy), seq, recorded_at, open)
    }

    /// Folds one record in. Total: every record that [`decide()`] can have made, or an older version's, is understood;
    /// what speaks of a line, outage or fault that is not held changes nothing.
    pub fn apply(&mut self, record: &Record) -> Changes {
        self.fold(Envelope::of(record), &record.fact)
    }

    /// `seq` of the last record, 0 before the first.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Time of the last record.
    pub fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Decides by another policy from now on. What was decided stands: it is in the records.
    pub fn follow(&mut self, policy: Arc<Policy>) {
        self.policy = policy;
    }

    /// Lines in the inventory, by id.
    pub fn lines(&self) -> impl Iterator<Item = &LedgerLine> {
        self.lines.iter()
    }

    /// One line.
    pub fn line(&self, id: &LineId) -> Option<&LedgerLine> {
        self.lines.find(id)
    }

    /// Which line is reached through which.
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// Outages that have not ended, by line.
    pub fn open_outages(&self) -> impl Iterator<Item = &OpenOutage> {
        self.outages.open().map(|held| &held.open)
    }

    /// The open outage of a line.
    pub fn open_outage(&self, line: &LineId) -> Option<&OpenOutage> {
        self.outages.open_on(line).map(|held| &held.open)
    }

    /// Faults open, or restored within the merge window before the last record, by number.
    pub fn faults(&self) -> impl Iterator<Item = &OpenFault> {
        let shown = self.recorded_at - self.merge_window();
        let faults = self.faults.iter().map(|held| &held.open);
        faults.filter(move |fault| fault.is_open() || fault.restored.is_some_and(|at| at >= shown))
    }

    /// A fault that is held: not closed, or not long ago.
    pub fn fault(&self, fault: &FaultNo) -> Option<&OpenFault> {
        self.workable(fault).map(|held| &held.open)
    }

    /// Open outages that are affected points of a fault.
    pub fn points(&self, fault: &FaultNo) -> impl Iterator<Item = &OpenOutage> {
        let points = self.faults.find(fault).into_iter().flat_map(state::HeldFault::active);
        points
            .filter_map(|(outage, _)| self.outages.find(outage))
            .filter(|held| held.end.is_none())
            .map(|held| &held.open)
    }

    /// Whether the monitor is blind, by the records.
    pub fn blind(&self) -> Option<Blind> {
        self.gaps.open
    }

    /// The next instant at which [`Command::Due`](crate::command::Command::Due) would do something, if no record comes
    /// before. It may lie in the past.
    pub fn next_due(&self) -> Option<Timestamp> {
        decide::next_due(self)
    }

    /// Up to which instant the records themselves say that all was observed.
    pub fn horizon(&self) -> Option<Timestamp> {
        self.horizon.as_ref().map(|horizon| horizon.at)
    }

    fn merge_window(&self) -> Millis {
        self.policy.merge_window.min(Self::MEMORY)
    }

    /// A fault that people can do something about.
    fn workable(&self, fault: &FaultNo) -> Option<&HeldFault> {
        self.faults.find(fault).filter(|held| self.is_kept(held))
    }

    fn is_kept(&self, held: &HeldFault) -> bool {
        held.open.work.settled().is_none_or(|at| at >= self.recorded_at - Self::SETTLED_KEPT)
    }

    /// Whether something that was over at `end` is still remembered: decisions look at nothing older.
    fn remembers(&self, end: Timestamp) -> bool {
        end >= self.recorded_at - Self::MEMORY
    }
}

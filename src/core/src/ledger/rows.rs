//! Derived rows: what `apply` returned for a record, stored in the same transaction as the record.
//!
//! No query decides anything; a row is a copy of what the fold knows. Every row replaces the row of the
//! same key. A rebuilt database holds exactly the same rows.

use std::sync::Arc;

use crate::line::{Line, LineId};
use crate::outcome::{BlindCause, LossCause};
use crate::record::{Attribution, EndReason, FaultNo, FaultSource, OutageId};
use crate::time::{Span, Timestamp};

/// Rows to replace, in order. Keys are named on each variant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(pub Vec<Row>);

/// One derived row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// What the inventory says of a line during a span. Key: (line id, from).
    Line(LineRow),
    /// A span in which a line, or all lines, were not observed. Key: (line or all, from).
    Gap(GapRow),
    /// An outage. Key: outage.
    Outage(OutageRow),
    /// A segment of an outage with one attribution. Key: (outage, from).
    Segment(SegmentRow),
    /// The segment with this key is no more: a later verdict attributes its time otherwise.
    SegmentRemoved {
        /// Key.
        outage: OutageId,
        /// Key.
        from: Timestamp,
    },
    /// A gap inside an outage that counts as down. Key: (outage, gap start).
    Bridge(BridgeRow),
    /// A fault. Key: number.
    Fault(FaultRow),
    /// An affected point of a fault. Key: (fault, outage).
    Point(PointRow),
    /// A number handed out. Key: day. The next fault of that day gets a higher serial.
    Serial(SerialRow),
    /// The last instant that the records themselves say was observed. One row.
    Horizon(HorizonRow),
}

/// What the inventory says of a line from `from` until `until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// In force from here ([`Timestamp::MIN`]: since before the journal).
    pub from: Timestamp,
    /// Until here; `None`: in force.
    pub until: Option<Timestamp>,
    /// What it says.
    pub line: Arc<Line>,
}

/// A span in which nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapRow {
    /// The line; `None`: all lines.
    pub line: Option<LineId>,
    /// From here.
    pub from: Timestamp,
    /// Until here; `None`: still.
    pub until: Option<Timestamp>,
    /// Why.
    pub cause: BlindCause,
}

/// An outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageRow {
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
    /// While open: where the first gap since its last confirmation begins; it is known to be down until here and,
    /// before the gap is bridged, no further.
    pub gap_from: Option<Timestamp>,
    /// The end, once ended.
    pub end: Option<OutageEnd>,
}

/// How an outage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutageEnd {
    /// Where it ends for counting.
    pub end: Timestamp,
    /// Last lost probe.
    pub last_loss: Timestamp,
    /// First answered probe.
    pub first_reply: Timestamp,
    /// When Up was confirmed.
    pub confirmed_at: Timestamp,
    /// Why it ends there.
    pub reason: EndReason,
}

impl OutageEnd {
    /// Since when the line is known to answer again. An outage that ends, for counting, where a gap begins was over at
    /// the first reply after the gap at the latest, and nobody knows more.
    pub fn returned(&self) -> Timestamp {
        self.first_reply.max(self.end)
    }
}

/// A segment of an outage with one attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// The outage.
    pub outage: OutageId,
    /// From here; it lasts until the next segment's start or the outage's end.
    pub from: Timestamp,
    /// To whom.
    pub attribution: Attribution,
}

/// A gap inside an outage that counts as down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeRow {
    /// The outage.
    pub outage: OutageId,
    /// The gap.
    pub gap: Span,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRow {
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
    /// Repaired at.
    pub restored: Option<Timestamp>,
    /// How often it came back within the merge window.
    pub relapses: u32,
    /// The fault it was merged into.
    pub merged_into: Option<FaultNo>,
}

/// An affected point of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointRow {
    /// The fault.
    pub fault: FaultNo,
    /// The affected line.
    pub line: LineId,
    /// By this outage.
    pub outage: OutageId,
    /// Affected from here.
    pub from: Timestamp,
    /// Until here, when the point left the fault; the outage's end otherwise.
    pub left: Option<Timestamp>,
}

/// The last serial handed out on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialRow {
    /// Day in the site's zone.
    pub day: chrono::NaiveDate,
    /// Last serial.
    pub last: u32,
}

/// How far the chained records reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HorizonRow {
    /// Everything is certain before this instant, but for `waiting`.
    pub at: Timestamp,
    /// Lines certain only up to an earlier instant.
    pub waiting: Vec<crate::record::Waiting>,
}

//! Taking a ledger up from its derived rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::{FaultRow, GapRow, LineRow, OutageRow, Row};
use super::state::{ClosedGap, Held, HeldFault, HeldPoint, Retired};
use super::{Blind, Ledger, LedgerLine, OpenFault, OpenOutage};
use crate::line::LineId;
use crate::record::{Attribution, OutageId};
use crate::time::{Millis, Span, Timestamp};

/// Rows sorted by what must be there first.
#[derive(Default)]
struct Sorted {
    lines: Vec<LineRow>,
    gaps: Vec<GapRow>,
    outages: Vec<OutageRow>,
    segments: BTreeMap<OutageId, Vec<(Timestamp, Attribution)>>,
    bridges: BTreeMap<OutageId, Timestamp>,
    faults: Vec<FaultRow>,
    points: Vec<super::rows::PointRow>,
}

pub(super) fn restore(
    mut ledger: Ledger,
    seq: u64,
    recorded_at: Timestamp,
    open: impl IntoIterator<Item = Row>,
) -> Ledger {
    ledger.seq = seq;
    ledger.recorded_at = recorded_at;
    ledger.counted_from = recorded_at;
    let mut sorted = sort(&mut ledger, open);
    sorted.lines.sort_by_key(|row| row.from);
    // Of each line the last row counts.
    let lines: BTreeMap<LineId, LineRow> = sorted.lines.into_iter().map(|row| (row.line.id.clone(), row)).collect();
    for row in lines.into_values() {
        ledger.restore_line(row);
    }
    for row in sorted.gaps {
        ledger.restore_gap(&row);
    }
    let mut faults = sorted.faults;
    faults.retain(|row| row.merged_into.is_none());
    for row in faults {
        ledger.faults.insert(HeldFault { open: open_fault(row), points: BTreeMap::new() });
    }
    let mut memberships = BTreeMap::new();
    for row in sorted.points {
        let Some(held) = ledger.faults.change(&row.fault) else { continue };
        if row.left.is_none() {
            memberships.insert(row.outage, row.fault);
        }
        held.points.insert(row.outage, HeldPoint { line: row.line, from: row.from, left: row.left });
    }
    for row in sorted.outages {
        let outage = row.outage;
        let mut held = held_outage(row);
        held.fault = memberships.remove(&outage);
        held.bridged = sorted.bridges.get(&outage).copied();
        if let Some(segments) = sorted.segments.get(&outage) {
            held.segments.clone_from(segments);
            held.segments.sort_by_key(|(from, _)| *from);
            held.settle();
        }
        ledger.outages.insert(held);
    }
    ledger.forget();
    ledger
}

fn sort(ledger: &mut Ledger, open: impl IntoIterator<Item = Row>) -> Sorted {
    let mut sorted = Sorted::default();
    let mut serials = BTreeMap::new();
    for row in open {
        match row {
            Row::Line(row) => sorted.lines.push(row),
            Row::Gap(row) => sorted.gaps.push(row),
            Row::Outage(row) => sorted.outages.push(row),
            Row::Segment(row) => sorted.segments.entry(row.outage).or_default().push((row.from, row.attribution)),
            Row::SegmentRemoved { .. } | Row::Inspection(_) | Row::Step(_) => {}
            Row::Bridge(row) => {
                let end = sorted.bridges.entry(row.outage).or_insert(row.gap.end);
                *end = row.gap.end.max(*end);
            }
            Row::Fault(row) => sorted.faults.push(row),
            Row::Point(row) => sorted.points.push(row),
            Row::Serial(row) => {
                serials.insert(row.day, row.last);
            }
            Row::Horizon(row) => ledger.horizon = Some(Arc::new(row)),
            Row::Planned(row) => ledger.people.plan(row),
            Row::Decision(row) => ledger.people.decide(row),
            Row::Account(row) => ledger.people.keep(row),
            Row::Seal(row) => ledger.people.seal(row),
            Row::History(row) => ledger.people.import(&row.fact),
        }
    }
    for (day, last) in serials {
        ledger.serials.note(day, last);
    }
    sorted
}

impl Ledger {
    fn restore_line(&mut self, row: LineRow) {
        let id = row.line.id.clone();
        if let Some(until) = row.until {
            Arc::make_mut(&mut self.retired).insert(id, Retired { at: until, last_gap: None });
            return;
        }
        Arc::make_mut(&mut self.upstream).set(&id, row.line.upstream.as_ref());
        self.lines.insert(LedgerLine {
            line: row.line,
            unseen: None,
            outages: 0,
            down: Millis::ZERO,
            undetermined: Millis::ZERO,
            from: row.from,
            last_gap: None,
            counted: self.recorded_at,
        });
    }

    fn restore_gap(&mut self, row: &GapRow) {
        let closed = row.until.map(|until| Span::new(row.from, until));
        match &row.line {
            None => match closed {
                Some(span) => self.gaps.last = ClosedGap::latest(self.gaps.last, span, row.cause),
                None => self.gaps.open = Some(Blind { from: row.from, cause: row.cause }),
            },
            Some(id) => match (self.lines.change(id), closed) {
                (Some(line), Some(span)) => line.last_gap = ClosedGap::latest(line.last_gap, span, row.cause),
                (Some(line), None) => line.unseen = Some((row.from, row.cause)),
                (None, Some(span)) => {
                    if let Some(retired) = Arc::make_mut(&mut self.retired).get_mut(id) {
                        retired.last_gap = ClosedGap::latest(retired.last_gap, span, row.cause);
                    }
                }
                (None, None) => {}
            },
        }
    }
}

fn held_outage(row: OutageRow) -> Held {
    let mut held = Held::new(OpenOutage {
        outage: row.outage,
        line: row.line,
        start: row.start,
        last_reply: row.last_reply,
        confirmed_at: row.confirmed_at,
        cause: row.cause,
        attribution: Attribution::Own,
        attributed_from: row.start,
    });
    held.gap_from = row.gap_from;
    held.end = row.end;
    held
}

fn open_fault(row: FaultRow) -> OpenFault {
    OpenFault {
        fault: row.fault,
        source: row.source,
        line: row.line,
        opened: row.opened,
        deadline: row.deadline,
        restored: row.restored,
        relapses: row.relapses,
        work: row.work,
    }
}

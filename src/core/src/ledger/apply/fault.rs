//! Faults, their affected points, and the work on them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::rows::{FaultRow, FaultStepRow, PointRow, Row, SerialRow};
use super::super::state::{HeldFault, HeldPoint};
use super::super::work::{Beginning, FaultWork};
use super::super::{Envelope, Ledger, OpenFault};
use super::Rows;
use crate::fault::parts;
use crate::line::LineId;
use crate::record::{FaultFact, FaultNo, FaultSource, OutageId};
use crate::time::Timestamp;

impl Ledger {
    pub(super) fn fold_fault(&mut self, envelope: Envelope<'_>, fact: &FaultFact, rows: &mut Rows) {
        let known = self.faults.find(fact.fault()).is_some();
        match fact {
            FaultFact::Opened { fault, source, line, opened, deadline, outage } => {
                if known {
                    return;
                }
                self.begin(fault, *source, line, (*opened, *deadline), rows);
                if let Some(outage) = outage {
                    self.join(fault, line, *outage, *opened, rows);
                }
            }
            FaultFact::Reported { fault, line, opened, deadline, .. } => {
                if known {
                    return;
                }
                self.begin(fault, FaultSource::Reported, line, (*opened, *deadline), rows);
                self.change_fault(fault, rows, |held| work(held).take(fact, &envelope.said()));
            }
            FaultFact::Split { fault, line, source, opened, deadline, .. } => {
                if known {
                    return;
                }
                self.begin(fault, *source, line, (*opened, *deadline), rows);
                self.change_fault(fault, rows, |held| work(held).apart = true);
            }
            FaultFact::Joined { fault, line, outage, from } => self.join(fault, line, *outage, *from, rows),
            FaultFact::Left { fault, outage, from, .. } => self.leave(fault, *outage, *from, rows),
            FaultFact::Relapsed { fault, at, .. } => self.change_fault(fault, rows, |held| {
                // An outage that was confirmed after a person had said "restored" may have begun before that.
                let from = held.open.restored.take().map_or(*at, |restored| restored.max(*at));
                held.open.relapses = held.open.relapses.saturating_add(1);
                work(held).begin(from, Beginning::Relapsed);
            }),
            FaultFact::Restored { fault, at } => self.change_fault(fault, rows, |held| {
                held.open.restored = Some(*at);
                work(held).restore(*at, None);
            }),
            FaultFact::Dated { fault, opened, deadline } => self.change_fault(fault, rows, |held| {
                date(held, *opened, *deadline);
            }),
            FaultFact::Merged { fault, into, opened, deadline }
            | FaultFact::Combined { fault, into, opened, deadline, .. } => {
                self.merge(fault, into, *opened, *deadline, rows);
            }
            FaultFact::Repaired { fault, restored, .. } => self.change_fault(fault, rows, |held| {
                held.open.restored = restored.or(held.open.restored);
                work(held).take(fact, &envelope.said());
            }),
            FaultFact::Reopened { fault, .. } => self.change_fault(fault, rows, |held| {
                held.open.restored = None;
                work(held).take(fact, &envelope.said());
            }),
            FaultFact::Verified { fault, .. }
            | FaultFact::ReportJoined { fault, .. }
            | FaultFact::Acknowledged { fault, .. }
            | FaultFact::Dispatched { fault, .. }
            | FaultFact::Arrived { fault, .. }
            | FaultFact::Closed { fault, .. }
            | FaultFact::Voided { fault, .. }
            | FaultFact::Noted { fault, .. }
            | FaultFact::PointAdded { fault, .. }
            | FaultFact::PointRemoved { fault, .. } => {
                self.change_fault(fault, rows, |held| work(held).take(fact, &envelope.said()));
            }
        }
        let told = !matches!(fact, FaultFact::Joined { .. } | FaultFact::Left { .. });
        if told && (known || self.faults.find(fact.fault()).is_some()) {
            rows.push(Row::Step(FaultStepRow { number: envelope.seq, fact: fact.clone(), said: envelope.said() }));
        }
    }

    fn begin(
        &mut self,
        fault: &FaultNo,
        source: FaultSource,
        line: &LineId,
        (opened, deadline): (Timestamp, Timestamp),
        rows: &mut Rows,
    ) {
        let open = OpenFault {
            fault: fault.clone(),
            source,
            line: line.clone(),
            opened,
            deadline,
            restored: None,
            relapses: 0,
            work: Arc::new(FaultWork::opened(opened)),
        };
        self.number(fault, rows);
        rows.push(Row::Fault(row(&open, None)));
        self.faults.insert(HeldFault { open, points: BTreeMap::new() });
    }

    fn change_fault(&mut self, fault: &FaultNo, rows: &mut Rows, change: impl FnOnce(&mut HeldFault)) {
        let Some(held) = self.faults.change(fault) else { return };
        change(held);
        let row = row(&held.open, None);
        // Several changes by one record leave one row.
        rows.retain(|earlier| !matches!(earlier, Row::Fault(earlier) if earlier.fault == row.fault));
        rows.push(Row::Fault(row));
    }

    fn number(&mut self, fault: &FaultNo, rows: &mut Rows) {
        if let Some((day, serial)) = parts(fault) {
            let last = self.serials.note(day, serial);
            rows.push(Row::Serial(SerialRow { day, last }));
        }
    }

    fn join(&mut self, fault: &FaultNo, line: &LineId, outage: OutageId, from: Timestamp, rows: &mut Rows) {
        if self.faults.find(fault).is_none() {
            return;
        }
        // An outage is in one fault at a time: one that was over so long ago that nothing was said lets it go.
        let before = self.outages.find(outage).and_then(|held| held.fault.clone()).filter(|before| before != fault);
        if let Some(before) = before {
            self.leave(&before, outage, from, rows);
        }
        let Some(held) = self.faults.change(fault) else { return };
        held.points.insert(outage, HeldPoint { line: line.clone(), from, left: None });
        rows.push(Row::Point(PointRow { fault: fault.clone(), line: line.clone(), outage, from, left: None }));
        if let Some(held) = self.outages.change(outage) {
            held.fault = Some(fault.clone());
        }
    }

    fn leave(&mut self, fault: &FaultNo, outage: OutageId, from: Timestamp, rows: &mut Rows) {
        let Some(point) = self.faults.change(fault).and_then(|held| held.points.get_mut(&outage)) else { return };
        let left = from.max(point.from);
        point.left = Some(left);
        let line = point.line.clone();
        rows.push(Row::Point(PointRow { fault: fault.clone(), line, outage, from: point.from, left: Some(left) }));
        if let Some(held) = self.outages.change(outage)
            && held.fault.as_ref() == Some(fault)
        {
            held.fault = None;
        }
    }

    /// The points go over to the survivor; the merged fault keeps its rows and is held no longer.
    fn merge(&mut self, fault: &FaultNo, into: &FaultNo, opened: Timestamp, deadline: Timestamp, rows: &mut Rows) {
        if fault == into || self.faults.find(into).is_none() {
            return;
        }
        let Some(gone) = self.faults.remove(fault) else { return };
        rows.push(Row::Fault(row(&gone.open, Some(into))));
        self.change_fault(into, rows, |survivor| date(survivor, opened, deadline));
        for (outage, point) in gone.active() {
            self.join(into, &point.line, outage, point.from, rows);
        }
    }
}

fn work(held: &mut HeldFault) -> &mut FaultWork {
    Arc::make_mut(&mut held.open.work)
}

fn date(held: &mut HeldFault, opened: Timestamp, deadline: Timestamp) {
    held.open.opened = opened;
    held.open.deadline = deadline;
    work(held).date(opened);
}

fn row(open: &OpenFault, merged_into: Option<&FaultNo>) -> FaultRow {
    FaultRow {
        fault: open.fault.clone(),
        source: open.source,
        line: open.line.clone(),
        opened: open.opened,
        deadline: open.deadline,
        restored: open.restored,
        relapses: open.relapses,
        merged_into: merged_into.cloned(),
        work: Arc::clone(&open.work),
    }
}

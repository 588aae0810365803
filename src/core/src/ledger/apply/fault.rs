//! Faults and their affected points.

use std::collections::BTreeMap;

use super::super::rows::{FaultRow, PointRow, Row, SerialRow};
use super::super::state::{HeldFault, HeldPoint};
use super::super::{Ledger, OpenFault};
use super::Rows;
use crate::fault::parts;
use crate::line::LineId;
use crate::record::{FaultFact, FaultNo, OutageId};
use crate::time::Timestamp;

impl Ledger {
    pub(super) fn fold_fault(&mut self, fact: &FaultFact, rows: &mut Rows) {
        match fact {
            FaultFact::Opened { fault, source, line, opened, deadline, outage } => {
                if self.faults.find(fault).is_some() {
                    return;
                }
                let open = OpenFault {
                    fault: fault.clone(),
                    source: *source,
                    line: line.clone(),
                    opened: *opened,
                    deadline: *deadline,
                    restored: None,
                    relapses: 0,
                };
                self.number(fault, rows);
                rows.push(Row::Fault(row(&open, None)));
                self.faults.insert(HeldFault { open, points: BTreeMap::new() });
                if let Some(outage) = outage {
                    self.join(fault, line, *outage, *opened, rows);
                }
            }
            FaultFact::Joined { fault, line, outage, from } => self.join(fault, line, *outage, *from, rows),
            FaultFact::Left { fault, outage, from, .. } => self.leave(fault, *outage, *from, rows),
            FaultFact::Relapsed { fault, .. } => {
                let Some(held) = self.faults.change(fault) else { return };
                held.open.restored = None;
                held.open.relapses = held.open.relapses.saturating_add(1);
                rows.push(Row::Fault(row(&held.open, None)));
            }
            FaultFact::Restored { fault, at } => {
                let Some(held) = self.faults.change(fault) else { return };
                held.open.restored = Some(*at);
                rows.push(Row::Fault(row(&held.open, None)));
            }
            FaultFact::Merged { fault, into, opened, deadline } => {
                self.merge(fault, into, *opened, *deadline, rows);
            }
        }
    }

    fn number(&mut self, fault: &FaultNo, rows: &mut Rows) {
        if let Some((day, serial)) = parts(fault) {
            let last = self.serials.note(day, serial);
            rows.push(Row::Serial(SerialRow { day, last }));
        }
    }

    fn join(&mut self, fault: &FaultNo, line: &LineId, outage: OutageId, from: Timestamp, rows: &mut Rows) {
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
        if let Some(survivor) = self.faults.change(into) {
            survivor.open.opened = opened;
            survivor.open.deadline = deadline;
            rows.push(Row::Fault(row(&survivor.open, None)));
        }
        for (outage, point) in gone.active() {
            self.join(into, &point.line, outage, point.from, rows);
        }
    }
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
    }
}

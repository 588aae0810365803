//! The derived tables, and which of their rows a ledger is taken up from.

use std::collections::BTreeMap;

use linewatch_core::ledger::{Changes, Ledger, Row};
use linewatch_core::line::LineId;
use linewatch_core::record::{FaultNo, OutageId};
use linewatch_core::time::Timestamp;

/// The derived tables, as a store would hold them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables(pub BTreeMap<String, Row>);

impl Tables {
    pub fn store(&mut self, changes: &Changes) {
        for row in &changes.0 {
            match row {
                Row::SegmentRemoved { outage, from } => {
                    assert!(self.0.remove(&format!("segment {outage} {}", from.0)).is_some(), "removes what is there");
                }
                row => {
                    self.0.insert(key(row), row.clone());
                }
            }
        }
    }

    /// The rows that `Ledger::restore` says it needs.
    pub fn needed(&self, recorded_at: Timestamp) -> Vec<Row> {
        let cut = recorded_at - Ledger::MEMORY;
        let (mut faults, mut recent): (Vec<&FaultNo>, Vec<&FaultNo>) = Default::default();
        let mut outages: Vec<OutageId> = Vec::new();
        let mut last_lines: BTreeMap<&LineId, Timestamp> = BTreeMap::new();
        for row in self.0.values() {
            if let Row::Line(row) = row {
                let last = last_lines.entry(&row.line.id).or_insert(row.from);
                *last = row.from.max(*last);
            }
            if let Row::Fault(row) = row
                && row.merged_into.is_none()
                && row.work.settled().is_none_or(|settled| settled >= recorded_at - Ledger::SETTLED_KEPT)
            {
                faults.push(&row.fault);
                if row.restored.is_none_or(|restored| restored >= cut) {
                    recent.push(&row.fault);
                }
            }
        }
        for row in self.0.values() {
            if let Row::Outage(row) = row
                && row.end.is_none_or(|end| end.returned() >= cut)
            {
                outages.push(row.outage);
            }
            if let Row::Point(row) = row
                && recent.contains(&&row.fault)
            {
                outages.push(row.outage);
            }
        }
        let needed = |row: &&Row| match row {
            Row::Line(row) => last_lines[&row.line.id] == row.from,
            Row::Gap(row) => row.until.is_none_or(|until| until >= cut),
            Row::Outage(row) => outages.contains(&row.outage),
            Row::Segment(row) => outages.contains(&row.outage),
            Row::Bridge(row) => outages.contains(&row.outage),
            Row::Fault(row) => faults.contains(&&row.fault),
            Row::Point(row) => faults.contains(&&row.fault),
            Row::Serial(_)
            | Row::Horizon(_)
            | Row::Planned(_)
            | Row::Decision(_)
            | Row::Account(_)
            | Row::Seal(_)
            | Row::History(_) => true,
            Row::Inspection(_) | Row::Step(_) | Row::SegmentRemoved { .. } => false,
        };
        self.0.values().filter(needed).cloned().collect()
    }
}

fn key(row: &Row) -> String {
    match row {
        Row::Line(row) => format!("line {} {}", row.line.id, row.from.0),
        Row::Gap(row) => format!("gap {:?} {}", row.line, row.from.0),
        Row::Outage(row) => format!("outage {}", row.outage),
        Row::Segment(row) => format!("segment {} {}", row.outage, row.from.0),
        Row::SegmentRemoved { .. } => unreachable!("not kept"),
        Row::Bridge(row) => format!("bridge {} {}", row.outage, row.gap.start.0),
        Row::Fault(row) => format!("fault {}", row.fault),
        Row::Point(row) => format!("point {} {}", row.fault, row.outage),
        Row::Step(row) => format!("step {}", row.number),
        Row::Serial(row) => format!("serial {}", row.day),
        Row::Horizon(_) => "horizon".to_owned(),
        Row::Planned(row) => format!("planned {}", row.planned),
        Row::Decision(row) => format!("decision {}", row.decision),
        Row::Inspection(row) => format!("inspection {}", row.number),
        Row::Account(row) => format!("account {}", row.number),
        Row::Seal(row) => format!("seal {}", row.number),
        Row::History(row) => format!("history {}", row.number),
    }
}

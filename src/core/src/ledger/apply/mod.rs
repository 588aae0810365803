//! The fold: one record in, the rows it changed out. Nothing here can fail, and nothing here decides.

mod fault;
mod line;
mod observation;
mod outage;

use super::Ledger;
use super::rows::{Changes, Row};
use super::state::HeldFault;
use crate::record::{Fact, ObservationFact};
use crate::time::Timestamp;

impl Ledger {
    /// Folds a fact in as the record `seq`.
    pub(super) fn fold(&mut self, seq: u64, recorded_at: Timestamp, fact: &Fact) -> Changes {
        self.seq = seq;
        self.recorded_at = recorded_at;
        let mut rows = Vec::new();
        match fact {
            Fact::Observation(fact) => {
                self.fold_observation(fact, &mut rows);
                if let ObservationFact::Checkpoint { .. } | ObservationFact::Resumed { .. } = fact {
                    self.forget();
                }
            }
            Fact::Line(fact) => self.fold_line(fact, &mut rows),
            Fact::Outage(fact) => self.fold_outage(seq, fact, &mut rows),
            Fact::Fault(fact) => self.fold_fault(fact, &mut rows),
        }
        Changes(rows)
    }

    /// Drops what is no longer remembered. Decisions do not see it anyway; this keeps memory bounded.
    fn forget(&mut self) {
        let cut = self.recorded_at - Self::MEMORY;
        let faults = &self.faults;
        self.outages.retain(|held| {
            held.returned().is_none_or(|at| at >= cut)
                || held.fault.as_ref().and_then(|fault| faults.find(fault)).is_some_and(HeldFault::is_open)
        });
        let old: Vec<_> = self
            .faults
            .iter()
            .filter(|held| held.open.restored.is_some_and(|restored| restored < cut))
            .map(|held| held.open.fault.clone())
            .collect();
        for fault in old {
            self.faults.remove(&fault);
        }
    }
}

/// What the arms of the fold push rows on.
type Rows = Vec<Row>;

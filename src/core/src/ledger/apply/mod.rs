//! The fold: one record in, the rows it changed out. Nothing here can fail, and nothing here decides.

mod fault;
mod line;
mod observation;
mod outage;
mod people;
mod person;

use super::rows::{Changes, Row};
use super::state::HeldFault;
use super::{Envelope, Ledger};
use crate::record::{Fact, ObservationFact};

impl Ledger {
    /// Folds a fact in as the record of this envelope.
    pub(super) fn fold(&mut self, envelope: Envelope<'_>, fact: &Fact) -> Changes {
        let seq = envelope.seq;
        self.seq = seq;
        self.recorded_at = envelope.recorded_at;
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
            Fact::Fault(fact) => self.fold_fault(envelope, fact, &mut rows),
            Fact::Planned(fact) => self.fold_planned(envelope, fact, &mut rows),
            Fact::Decision(fact) => self.fold_decision(envelope, fact, &mut rows),
            Fact::Inspection(fact) => Self::fold_inspection(envelope, fact, &mut rows),
            Fact::Person(fact) => self.fold_person(envelope, fact, &mut rows),
            Fact::History(fact) => self.fold_history(envelope, fact, &mut rows),
            Fact::Seal(fact) => self.fold_seal(envelope, fact, &mut rows),
        }
        Changes(rows)
    }

    /// Drops what is no longer remembered. Decisions do not see it anyway; this keeps memory bounded.
    pub(super) fn forget(&mut self) {
        let cut = self.recorded_at - Self::MEMORY;
        let faults = &self.faults;
        self.outages.retain(|held| {
            held.returned().is_none_or(|at| at >= cut)
                || held.fault.as_ref().and_then(|fault| faults.find(fault)).is_some_and(HeldFault::is_open)
        });
        let kept = self.recorded_at - Self::SETTLED_KEPT;
        self.faults.forget(|held| held.open.work.settled().is_none_or(|at| at >= kept), |held| held.rests(cut));
    }
}

/// What the arms of the fold push rows on.
type Rows = Vec<Row>;

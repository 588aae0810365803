//! Inspections as people tell them.

use super::super::{Objection, Refusal};
use super::Draft;
use crate::act::Inspection;
use crate::record::InspectionFact;
use crate::time::Timestamp;

impl Draft<'_> {
    pub(super) fn inspect(&mut self, told: &Inspection) -> Result<(), Refusal> {
        self.known(&told.line)?;
        self.past(told.at)?;
        if let Some(fault) = told.fault.as_ref().filter(|fault| self.ledger.workable(fault).is_none()) {
            return Err(Objection::UnknownFault(fault.clone()).into());
        }
        let inspector = if told.inspector.is_empty() { self.author } else { &told.inspector }.to_owned();
        self.push(InspectionFact::Made {
            line: told.line.clone(),
            inspector,
            at: told.at,
            findings: told.findings.clone(),
            fault: told.fault.clone(),
        });
        Ok(())
    }

    /// What people tell of has happened.
    pub(super) fn past(&self, at: Timestamp) -> Result<(), Objection> {
        if at > self.now { Err(Objection::NotYet { at, now: self.now }) } else { Ok(()) }
    }
}

//! What another system knew.

use super::super::{ImportObjection, Objection, Refusal};
use super::Draft;
use crate::act::Import;
use crate::record::HistoryFact;
use crate::time::Timestamp;

impl Draft<'_> {
    /// The same file counts once, and nothing that is imported has not been yet. Whether its lines are known is for the
    /// one who reads the file: the ledger remembers no imported line.
    pub(super) fn import(&mut self, import: &Import) -> Result<(), Refusal> {
        let Import { file, digest, facts } = import;
        if self.ledger.people.imported.contains(digest) {
            return Err(Objection::from(ImportObjection::Twice(file.clone())).into());
        }
        if facts.is_empty() {
            return Err(Objection::from(ImportObjection::Nothing(file.clone())).into());
        }
        for (place, fact) in facts.iter().enumerate() {
            if let Some(at) = latest(fact).filter(|at| *at > self.now) {
                return Err(Objection::from(ImportObjection::NotYet { place, at, now: self.now }).into());
            }
        }
        let count = u64::try_from(facts.len()).unwrap_or(u64::MAX);
        self.push(HistoryFact::Imported { file: file.clone(), digest: digest.clone(), facts: count });
        for fact in facts {
            self.push(fact.clone());
        }
        Ok(())
    }
}

/// The last instant at which a fact says that something had happened. A planned window and a line's end of service may
/// lie ahead.
fn latest(fact: &HistoryFact) -> Option<Timestamp> {
    match fact {
        HistoryFact::Imported { .. } | HistoryFact::Line { .. } | HistoryFact::Planned { .. } => None,
        HistoryFact::Observed { span, .. } | HistoryFact::Outage { span, .. } => Some(span.end),
        HistoryFact::Fault { opened, restored, closed, .. } => {
            Some((*opened).max(restored.or(*closed).unwrap_or(*opened)))
        }
    }
}

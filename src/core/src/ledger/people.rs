//! What people said, as the ledger holds it: little, so all of it. Of what they imported only which files it was.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::rows::{DecisionRow, PlannedRow, SealRow};
use crate::record::{DecisionId, HistoryFact, PlannedId};

/// Planned windows, decisions, seals and imports.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    pub(super) planned: Arc<BTreeMap<PlannedId, Arc<PlannedRow>>>,
    pub(super) decisions: Arc<BTreeMap<DecisionId, Arc<DecisionRow>>>,
    pub(super) seals: Arc<Vec<Arc<SealRow>>>,
    /// Digests of the files that were imported.
    pub(super) imported: Arc<BTreeSet<String>>,
}

impl People {
    pub(super) fn plan(&mut self, row: PlannedRow) {
        Arc::make_mut(&mut self.planned).insert(row.planned, Arc::new(row));
    }

    pub(super) fn decide(&mut self, row: DecisionRow) {
        Arc::make_mut(&mut self.decisions).insert(row.decision, Arc::new(row));
    }

    pub(super) fn import(&mut self, fact: &HistoryFact) {
        if let HistoryFact::Imported { digest, .. } = fact {
            Arc::make_mut(&mut self.imported).insert(digest.clone());
        }
    }

    pub(super) fn seal(&mut self, row: SealRow) {
        let seals = Arc::make_mut(&mut self.seals);
        let place = seals.partition_point(|seal| seal.number < row.number);
        seals.insert(place, Arc::new(row));
    }
}

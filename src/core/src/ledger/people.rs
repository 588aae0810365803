//! What people said, as the ledger holds it: little, so all of it. Of what they imported only which files it was.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Ledger;
use super::rows::{AccountRow, DecisionRow, PlannedRow, SealRow};
use crate::line::LineId;
use crate::record::{AccountName, DecisionId, HistoryFact, PlannedId, Scope, SealFact};
use crate::time::{Span, Timestamp};

/// Planned windows, decisions, accounts, seals and imports.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    pub(super) planned: Arc<BTreeMap<PlannedId, Arc<PlannedRow>>>,
    pub(super) decisions: Arc<BTreeMap<DecisionId, Arc<DecisionRow>>>,
    pub(super) accounts: Arc<BTreeMap<AccountName, Arc<AccountRow>>>,
    /// By number.
    pub(super) seals: Arc<BTreeMap<u64, Arc<SealRow>>>,
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

    pub(super) fn keep(&mut self, row: AccountRow) {
        Arc::make_mut(&mut self.accounts).insert(row.account.clone(), Arc::new(row));
    }

    pub(super) fn import(&mut self, fact: &HistoryFact) {
        if let HistoryFact::Imported { digest, .. } = fact {
            Arc::make_mut(&mut self.imported).insert(digest.clone());
        }
    }

    pub(super) fn seal(&mut self, row: SealRow) {
        Arc::make_mut(&mut self.seals).insert(row.number, Arc::new(row));
    }
}

impl Ledger {
    /// Planned windows, cancelled and past ones too, by number.
    pub fn planned(&self) -> impl Iterator<Item = &Arc<PlannedRow>> {
        self.people.planned.values()
    }

    /// Decisions, whatever became of them, by number.
    pub fn decisions(&self) -> impl Iterator<Item = &Arc<DecisionRow>> {
        self.people.decisions.values()
    }

    /// Accounts, disabled ones too, by name. Cheap to clone and to keep.
    pub fn accounts(&self) -> &Arc<BTreeMap<AccountName, Arc<AccountRow>>> {
        &self.people.accounts
    }

    /// The periods that are sealed, with the revision of each seal, in the order of the seals.
    pub fn seals(&self) -> impl Iterator<Item = (Span, u32)> {
        self.people.seals.values().map(|row| {
            let SealFact::Sealed { period, revision, .. } = row.fact;
            (period, revision)
        })
    }

    /// Whether a scope concerns a line, by what is in force now.
    pub(super) fn concerns(&self, scope: &Scope, line: &LineId) -> bool {
        match self.line(line) {
            Some(held) => scope.concerns(&held.line, &self.upstream),
            // Of a line that is no more only its name is known.
            None => *scope == Scope::All || scope.line() == Some(line),
        }
    }

    /// When a line is in service; `None`: there never was such a line.
    pub(super) fn service(&self, line: &LineId) -> Option<Span> {
        match (self.line(line), self.retired.get(line)) {
            (Some(held), _) => {
                Some(Span::new(held.line.opened.unwrap_or(Timestamp::MIN), held.line.closed.unwrap_or(Timestamp::MAX)))
            }
            (None, Some(retired)) => Some(Span::new(Timestamp::MIN, retired.at)),
            (None, None) => None,
        }
    }

    /// Where the planned windows end that cover a line from an instant on, one after another; the instant itself when
    /// none does.
    pub(super) fn planned_until(&self, line: &LineId, from: Timestamp) -> Timestamp {
        let mut until = from;
        while let Some(end) = self
            .planned()
            .map(|row| (row.in_force(), &row.scope))
            .filter(|(span, scope)| span.contains(until) && self.concerns(scope, line))
            .map(|(span, _)| span.end)
            .max()
        {
            until = end;
        }
        until
    }
}

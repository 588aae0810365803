//! What people said: planned windows, decisions, inspections, seals, imports.

use super::super::rows::{DecisionRow, HistoryRow, InspectionRow, PlannedRow, Row, SealRow, Standing};
use super::super::{Envelope, Ledger};
use super::Rows;
use crate::record::{Claim, DecisionFact, DecisionId, HistoryFact, InspectionFact, PlannedFact, PlannedId, SealFact};

impl Ledger {
    pub(super) fn fold_planned(&mut self, envelope: Envelope<'_>, fact: &PlannedFact, rows: &mut Rows) {
        let row = match fact {
            PlannedFact::Added { scope, span, reason, document } => PlannedRow {
                planned: PlannedId(envelope.seq),
                scope: scope.clone(),
                span: *span,
                reason: reason.clone(),
                document: document.clone(),
                said: envelope.said(),
                cancelled: None,
            },
            PlannedFact::Cancelled { planned, at, reason: _ } => {
                let Some(held) = self.people.planned.get(planned) else { return };
                PlannedRow { cancelled: Some((*at, envelope.said())), ..PlannedRow::clone(held) }
            }
        };
        rows.push(Row::Planned(row.clone()));
        self.people.plan(row);
    }

    pub(super) fn fold_decision(&mut self, envelope: Envelope<'_>, fact: &DecisionFact, rows: &mut Rows) {
        let known = |decision: &DecisionId| self.people.decisions.get(decision).map(|held| DecisionRow::clone(held));
        let row = match fact {
            DecisionFact::Proposed { claim, reason, document } => {
                let said = envelope.said();
                let standing =
                    if claim.needs_approval() { Standing::Proposed } else { Standing::InForce(said.clone()) };
                let (claim, reason, document) = (claim.clone(), reason.clone(), document.clone());
                Some(DecisionRow { decision: DecisionId(envelope.seq), claim, reason, document, said, standing })
            }
            DecisionFact::Ended { decision, at } => known(decision).map(|mut row| {
                if let Claim::Declared { until, .. } = &mut row.claim {
                    *until = Some(*at);
                }
                row
            }),
            DecisionFact::Approved { decision } => {
                known(decision).map(|row| DecisionRow { standing: Standing::InForce(envelope.said()), ..row })
            }
            DecisionFact::Rejected { decision, reason } => known(decision)
                .map(|row| DecisionRow { standing: Standing::Rejected(envelope.said(), reason.clone()), ..row }),
            DecisionFact::Withdrawn { decision, reason } => known(decision)
                .map(|row| DecisionRow { standing: Standing::Withdrawn(envelope.said(), reason.clone()), ..row }),
        };
        let Some(row) = row else { return };
        rows.push(Row::Decision(row.clone()));
        self.people.decide(row);
    }

    pub(super) fn fold_inspection(envelope: Envelope<'_>, fact: &InspectionFact, rows: &mut Rows) {
        rows.push(Row::Inspection(InspectionRow { number: envelope.seq, fact: fact.clone(), said: envelope.said() }));
    }

    pub(super) fn fold_seal(&mut self, envelope: Envelope<'_>, fact: &SealFact, rows: &mut Rows) {
        let row = SealRow { number: envelope.seq, fact: fact.clone(), said: envelope.said() };
        rows.push(Row::Seal(row.clone()));
        self.people.seal(row);
    }

    pub(super) fn fold_history(&mut self, envelope: Envelope<'_>, fact: &HistoryFact, rows: &mut Rows) {
        let source = envelope.source.unwrap_or_default().to_owned();
        rows.push(Row::History(HistoryRow { number: envelope.seq, fact: fact.clone(), source, said: envelope.said() }));
        self.people.import(fact);
    }
}

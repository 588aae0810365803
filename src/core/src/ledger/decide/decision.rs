//! Decisions on time that is past: made, approved, taken back.
//!
//! Nothing here looks at outages for their existence: those that have ended long ago are not remembered, and the one
//! who corrects one says what is recorded of it ([`RecordedOutage`]). What is remembered is checked.

use std::sync::Arc;

use super::super::rows::{DecisionRow, Standing};
use super::super::{DecisionObjection, Missing, Objection, Refusal};
use super::Draft;
use super::planned::said;
use crate::act::{Deciding, RecordedOutage};
use crate::fault::parts;
use crate::line::LineId;
use crate::record::{Claim, DecisionFact, DecisionId, FaultNo, Scope};
use crate::time::{Span, Timestamp};

impl Draft<'_> {
    pub(super) fn decide(&mut self, deciding: &Deciding) -> Result<(), Refusal> {
        match deciding {
            Deciding::Declare { line, from, until, reason, document } => {
                let span = Span::new(*from, until.unwrap_or(Timestamp::MAX));
                self.declarable(line, span, until.is_none())?;
                self.propose(Claim::Declared { line: line.clone(), from: *from, until: *until }, reason, document)
            }
            Deciding::End { decision, at } => self.end(*decision, at.unwrap_or(self.now)),
            Deciding::Exclude { scope, span, reason, document } => {
                self.scoped(scope, *span)?;
                self.past(span.end)?;
                self.not_excluded_twice(scope, *span)?;
                self.propose(Claim::Excluded { scope: scope.clone(), span: *span }, reason, document)
            }
            Deciding::Correct { outage, counts, reason, document } => {
                self.correctable(outage, *counts)?;
                self.propose(Claim::Corrected { outage: outage.outage, counts: *counts }, reason, document)
            }
            Deciding::Exempt { fault, reason, document } => {
                self.exemptible(fault)?;
                self.propose(Claim::Exempted { fault: fault.clone() }, reason, document)
            }
            Deciding::Approve { decision } => {
                self.open_to_a_second(*decision)?;
                self.push(DecisionFact::Approved { decision: *decision });
                Ok(())
            }
            Deciding::Reject { decision, reason } => {
                let reason = said(reason, Missing::Reason)?;
                self.open_to_a_second(*decision)?;
                self.push(DecisionFact::Rejected { decision: *decision, reason });
                Ok(())
            }
            Deciding::Withdraw { decision, reason } => {
                let reason = said(reason, Missing::Reason)?;
                live(self.decision(*decision)?.as_ref())?;
                self.push(DecisionFact::Withdrawn { decision: *decision, reason });
                Ok(())
            }
        }
    }

    fn propose(&mut self, claim: Claim, reason: &str, document: &str) -> Result<(), Refusal> {
        let (reason, document) = (said(reason, Missing::Reason)?, said(document, Missing::Document)?);
        self.push(DecisionFact::Proposed { claim, reason, document });
        Ok(())
    }

    fn decision(&self, decision: DecisionId) -> Result<Arc<DecisionRow>, Objection> {
        let held = self.ledger.people.decisions.get(&decision).cloned();
        held.ok_or(Objection::Decision(DecisionObjection::Unknown(decision)))
    }

    /// A line in service, in time that is past and that no other word of a person speaks of.
    fn declarable(&self, line: &LineId, span: Span, open: bool) -> Result<(), Refusal> {
        let service = self.ledger.service(line).ok_or_else(|| Refusal::UnknownLine(line.clone()))?;
        if span.is_empty() {
            return Err(Objection::EmptySpan(span).into());
        }
        self.past(if open { span.start } else { span.end })?;
        // One without an end lasts as long as the line is in service.
        let inside = Span::new(span.start, if open { span.end.min(service.end) } else { span.end });
        if inside.is_empty() || inside.clip(service) != inside {
            return Err(Objection::NotInService { line: line.clone(), service }.into());
        }
        for row in self.ledger.decisions().filter(|row| row.is_live()) {
            match &row.claim {
                Claim::Declared { line: other, from, until } if other == line => {
                    let other = Span::new(*from, until.unwrap_or(Timestamp::MAX));
                    if !span.clip(other).is_empty() {
                        return Err(Objection::from(DecisionObjection::Declared(row.decision)).into());
                    }
                }
                Claim::Excluded { scope, span: other } if !span.clip(*other).is_empty() => {
                    if self.ledger.concerns(scope, line) {
                        return Err(Objection::from(DecisionObjection::Excluded(row.decision)).into());
                    }
                }
                Claim::Declared { .. } | Claim::Excluded { .. } | Claim::Corrected { .. } | Claim::Exempted { .. } => {}
            }
        }
        Ok(())
    }

    fn end(&mut self, decision: DecisionId, at: Timestamp) -> Result<(), Refusal> {
        let row = self.decision(decision)?;
        let Claim::Declared { line, from, until } = &row.claim else {
            return Err(Objection::from(DecisionObjection::DeclaresNothing(decision)).into());
        };
        live(&row)?;
        if let Some(at) = *until {
            return Err(Objection::from(DecisionObjection::Ended { decision, at }).into());
        }
        if at <= *from {
            return Err(Objection::EmptySpan(Span::new(*from, at)).into());
        }
        self.past(at)?;
        let service = self.ledger.service(line).unwrap_or(Span::new(Timestamp::MIN, Timestamp::MAX));
        // One that nobody ended when the line left service was over then.
        self.push(DecisionFact::Ended { decision, at: at.min(service.end).max(*from) });
        Ok(())
    }

    /// The same time of the same lines is taken out once.
    pub(super) fn not_excluded_twice(&self, scope: &Scope, span: Span) -> Result<(), Objection> {
        let held = self.ledger.decisions().filter(|row| row.is_live()).find(|row| match &row.claim {
            Claim::Excluded { scope: other, span: excluded } => {
                other.includes(scope) && excluded.start <= span.start && span.end <= excluded.end
            }
            Claim::Declared { .. } | Claim::Corrected { .. } | Claim::Exempted { .. } => false,
        });
        held.map_or(Ok(()), |row| Err(DecisionObjection::Excluded(row.decision).into()))
    }

    fn correctable(&self, told: &RecordedOutage, counts: Option<Span>) -> Result<(), Objection> {
        let outage = told.outage;
        let mut recorded = told.span;
        if let Some(held) = self.ledger.outages.find(outage) {
            let end = held.ended().ok_or(DecisionObjection::OutageOpen(outage))?;
            recorded = Span::new(held.open.start, end);
        }
        if outage.0 == 0 || outage.0 > self.ledger.seq() {
            return Err(DecisionObjection::UnknownOutage(outage).into());
        }
        for row in self.ledger.decisions().filter(|row| row.is_live()) {
            if matches!(&row.claim, Claim::Corrected { outage: other, .. } if *other == outage) {
                return Err(DecisionObjection::Corrected { outage, decision: row.decision }.into());
            }
        }
        let Some(counts) = counts else { return Ok(()) };
        if counts.is_empty() {
            return Err(Objection::EmptySpan(counts));
        }
        self.past(counts.end)?;
        if counts == recorded {
            return Err(DecisionObjection::NothingCorrected(outage).into());
        }
        if counts.end < recorded.start || recorded.end < counts.start {
            return Err(DecisionObjection::Apart { outage, recorded }.into());
        }
        Ok(())
    }

    /// A fault that has a number of ours and is not exempt yet. It may have been closed long ago and be held no more.
    fn exemptible(&self, fault: &FaultNo) -> Result<(), Objection> {
        let imported = || fault.as_str().strip_prefix('H').and_then(|seq| seq.parse().ok());
        let numbered = || match parts(fault) {
            Some((day, serial)) => self.ledger.serials.may_have(day, serial),
            None => imported().is_some_and(|seq: u64| (1..=self.ledger.seq()).contains(&seq)),
        };
        if self.ledger.faults.find(fault).is_none() && !numbered() {
            return Err(Objection::UnknownFault(fault.clone()));
        }
        let exempt = |claim: &Claim| matches!(claim, Claim::Exempted { fault: other } if other == fault);
        match self.ledger.decisions().find(|row| row.is_live() && exempt(&row.claim)) {
            Some(row) => Err(DecisionObjection::Exempted { fault: fault.clone(), decision: row.decision }.into()),
            None => Ok(()),
        }
    }

    /// Whether this author may approve or reject it.
    fn open_to_a_second(&self, decision: DecisionId) -> Result<(), Objection> {
        let row = self.decision(decision)?;
        live(&row)?;
        if let Standing::InForce(said) = &row.standing {
            let objection = if row.claim.needs_approval() {
                DecisionObjection::Approved { decision, by: said.by.clone() }
            } else {
                DecisionObjection::NeedsNoApproval(decision)
            };
            return Err(objection.into());
        }
        if same_person(&row.said.by, self.author) {
            return Err(DecisionObjection::OwnWord { decision, by: row.said.by.clone() }.into());
        }
        Ok(())
    }
}

/// It was neither rejected nor withdrawn.
fn live(row: &DecisionRow) -> Result<(), Objection> {
    let decision = row.decision;
    match &row.standing {
        Standing::Proposed | Standing::InForce(_) => Ok(()),
        Standing::Rejected(said, _) => Err(DecisionObjection::Rejected { decision, by: said.by.clone() }.into()),
        Standing::Withdrawn(said, _) => Err(DecisionObjection::Withdrawn { decision, by: said.by.clone() }.into()),
    }
}

/// Two spellings of one name are no two people.
fn same_person(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

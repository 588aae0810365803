//! Planned downtime: what people say of it, and what it means for the fault of an outage.

use super::super::rows::PlannedRow;
use super::super::state::Held;
use super::super::{Ledger, Missing, Objection, PlannedObjection, Refusal};
use super::Draft;
use crate::act::Planning;
use crate::line::LineId;
use crate::record::{Attribution, Claim, DecisionFact, PlannedFact, PlannedId, Scope};
use crate::time::{Span, Timestamp};

impl Draft<'_> {
    pub(super) fn plan(&mut self, planning: &Planning) -> Result<(), Refusal> {
        match planning {
            Planning::Add { scope, from, until, reason, document } => {
                self.add(scope, Span::new(from.unwrap_or(self.now), *until), reason, document)
            }
            Planning::Cancel { planned, reason } => self.cancel(*planned, reason),
        }
    }

    /// What lies before now cannot be agreed any more: it is proposed as an exclusion.
    fn add(&mut self, scope: &Scope, span: Span, reason: &str, document: &str) -> Result<(), Refusal> {
        let (reason, document) = (said(reason, Missing::Reason)?, said(document, Missing::Document)?);
        self.scoped(scope, span)?;
        let past = Span::new(span.start, span.end.min(self.now));
        let planned = Span::new(span.start.max(self.now), span.end);
        if !planned.is_empty() {
            let held = self.ledger.planned().find(|row| {
                let in_force = row.in_force();
                row.scope.includes(scope) && in_force.start <= planned.start && planned.end <= in_force.end
            });
            if let Some(planned) = held.map(|row| row.planned) {
                return Err(Objection::from(PlannedObjection::Planned(planned)).into());
            }
        }
        if !past.is_empty() {
            self.not_excluded_twice(scope, past)?;
        }
        if !planned.is_empty() {
            let (scope, reason, document) = (scope.clone(), reason.clone(), document.clone());
            self.push(PlannedFact::Added { scope, span: planned, reason, document });
        }
        if !past.is_empty() {
            let claim = Claim::Excluded { scope: scope.clone(), span: past };
            self.push(DecisionFact::Proposed { claim, reason, document });
        }
        Ok(())
    }

    fn cancel(&mut self, planned: PlannedId, reason: &str) -> Result<(), Refusal> {
        let reason = said(reason, Missing::Reason)?;
        let row = self.ledger.people.planned.get(&planned).map(|row| PlannedRow::clone(row));
        let row = row.ok_or(Objection::Planned(PlannedObjection::Unknown(planned)))?;
        if let Some(before) = row.cancelled {
            let by = before.said.by;
            return Err(Objection::from(PlannedObjection::Cancelled { planned, by }).into());
        }
        if row.span.end <= self.now {
            return Err(Objection::from(PlannedObjection::Over { planned, end: row.span.end }).into());
        }
        let at = self.now.max(row.span.start);
        self.push(PlannedFact::Cancelled { planned, at, reason });
        Ok(())
    }

    /// A scope that names what there is, and a span with time in it.
    pub(super) fn scoped(&self, scope: &Scope, span: Span) -> Result<(), Refusal> {
        if span.is_empty() {
            return Err(Objection::EmptySpan(span).into());
        }
        match scope {
            Scope::All => {}
            Scope::Line(line) | Scope::Trunk(line) => {
                let service = self.ledger.service(line).ok_or_else(|| Refusal::UnknownLine(line.clone()))?;
                if span.clip(service).is_empty() {
                    return Err(Objection::NotInService { line: line.clone(), service }.into());
                }
            }
            Scope::Class(class) => {
                if !self.ledger.lines().any(|held| held.line.class == *class) {
                    return Err(Objection::UnknownClass(class.clone()).into());
                }
            }
            Scope::Township(township) => {
                if !self.ledger.lines().any(|held| held.line.township == *township) {
                    return Err(Objection::UnknownTownship(township.clone()).into());
                }
            }
        }
        Ok(())
    }
}

/// What was said in words: on one line, and not nothing.
pub(super) fn said(text: &str, what: Missing) -> Result<String, Objection> {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    match line.trim() {
        "" => Err(Objection::Missing(what)),
        words => Ok(words.to_owned()),
    }
}

impl Ledger {
    /// From when on an outage is work for somebody: from where its attribution in force begins, but not before the end
    /// of the planned windows it began in (design section 4).
    pub(super) fn works_from(&self, held: &Held) -> Timestamp {
        self.planned_until(&held.open.line, held.open.attributed_from)
    }

    /// Whether an own outage began in a planned window, so that it is nobody's fault before that ends.
    pub(super) fn began_planned(&self, held: &Held) -> bool {
        held.open.attribution == Attribution::Own && self.works_from(held) > held.open.attributed_from
    }

    /// From when on a line below is a point of a fault on `root`. A fault that was opened at the end of a window has
    /// no points before it.
    pub(super) fn joins_from(&self, held: &Held, root: &LineId, opened: Timestamp) -> Timestamp {
        let from = held.open.attributed_from;
        if self.planned_until(root, from) == opened { opened } else { from }
    }
}

//! Fixing the figures of a period.

use super::super::{Objection, Refusal, SealObjection};
use super::Draft;
use crate::act::Sealing;
use crate::record::SealFact;

impl Draft<'_> {
    /// A period is sealed when it is over, and again only as the next revision of its seal.
    pub(super) fn seal(&mut self, sealing: &Sealing) -> Result<(), Refusal> {
        let Sealing { name, period, revision, head_seq, head_digest, policy, rules, rollup_digest } = sealing.clone();
        if period.is_empty() {
            return Err(Objection::EmptySpan(period).into());
        }
        if period.end > self.now {
            let now = self.now;
            return Err(Objection::from(SealObjection::NotOver { name, end: period.end, now }).into());
        }
        if head_seq == 0 || head_seq > self.ledger.seq() {
            return Err(Objection::from(SealObjection::UnknownHead(head_seq)).into());
        }
        let last = self.ledger.seals().filter(|(of, _)| *of == period).map(|(_, revision)| revision).max();
        if revision != last.unwrap_or(0) + 1 {
            return Err(Objection::from(SealObjection::Sealed { name, revision: last.unwrap_or(0) }).into());
        }
        self.push(SealFact::Sealed { name, period, revision, head_seq, head_digest, policy, rules, rollup_digest });
        Ok(())
    }
}

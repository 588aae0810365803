//! Whose an outage is: the line's own, or an ancestor's that was down (design section 4).
//!
//! A child's outage is its nearest down ancestor's when it began during the ancestor's outage, or may have begun at
//! the same time (their start intervals overlap). One that began earlier stays own. If that ancestor's own outage is
//! another's, the child's is that one's too: one cut trunk is one cause, however deep the tree.

use super::super::Ledger;
use super::super::state::Held;
use super::Draft;
use crate::line::LineId;
use crate::record::{Attribution, OutageFact, OutageId};
use crate::time::Timestamp;

impl Ledger {
    /// The outages of a line that are open or still remembered, by start. What counts is when the line returned: while
    /// nobody saw it, it may have been down and answers for what is below it.
    pub(in super::super) fn remembered<'a>(&'a self, line: &LineId) -> Vec<&'a Held> {
        let mut outages: Vec<&Held> =
            self.outages.of(line).filter(|held| held.returned().is_none_or(|at| self.remembers(at))).collect();
        outages.sort_by_key(|held| (held.open.start, held.open.outage));
        outages
    }

    /// Whether an outage of the line was confirmed, or its end was, after an instant.
    pub(in super::super) fn settled_after(&self, line: &LineId, at: Timestamp) -> bool {
        let ended = |held: &Held| held.end.is_some_and(|end| end.confirmed_at > at);
        self.remembered(line).into_iter().any(|held| held.open.confirmed_at > at || ended(held))
    }

    /// The line that an outage of `line`, begun within `began`, is attributed to; `None`: its own.
    pub(in super::super) fn cover(&self, line: &LineId, began: (Timestamp, Timestamp)) -> Option<LineId> {
        self.upstream.ancestors(line).find_map(|ancestor| {
            let outage = self.remembered(ancestor).into_iter().rfind(|held| held.covers(began, self.policy.grace))?;
            match &outage.open.attribution {
                Attribution::Upstream(root) if self.answers_for(root, outage, began) => Some(root.clone()),
                Attribution::Upstream(_) | Attribution::Own | Attribution::Declared => Some(ancestor.clone()),
            }
        })
    }

    /// Whether the outage of `root` to which `between` is attributed also answers for what began within `began`
    /// below: not when it was over by then.
    fn answers_for(&self, root: &LineId, between: &Held, (earliest, latest): (Timestamp, Timestamp)) -> bool {
        let began = (earliest, latest.max(between.open.attributed_from));
        self.remembered(root).into_iter().any(|held| held.covers(began, self.policy.grace))
    }

    /// The outages of a line that a verdict on an outage above it may still correct: those that are open, and of those
    /// that are over the ones that ended after `since`, whose last segment they did not end with.
    fn down_since(&self, line: &LineId, since: Timestamp) -> Vec<OutageId> {
        let lasted = |held: &Held, end| self.remembers(end) && since < end && held.open.attributed_from < end;
        let outages = self.outages.of(line).filter(|held| match (&held.open.attribution, held.ended()) {
            (Attribution::Declared, _) => false,
            (Attribution::Own | Attribution::Upstream(_), end) => end.is_none_or(|end| lasted(held, end)),
        });
        outages.map(|held| held.open.outage).collect()
    }

    /// When `root`, whose outage answers for a time from `from` on, returned. Outages that follow one another within
    /// the grace time answer as one.
    pub(in super::super) fn released(&self, root: &LineId, from: Timestamp) -> Release {
        let mut reached: Option<Timestamp> = None;
        for held in self.remembered(root) {
            let late = reached.is_some_and(|reached| held.open.start > reached.max(from) + self.policy.grace);
            match held.returned() {
                _ if late => break,
                None => return Release::Never,
                Some(end) => reached = reached.max(Some(end)),
            }
        }
        reached.map_or(Release::Unknown, Release::At)
    }
}

/// Until when an ancestor answers for an outage below it.
pub(in super::super) enum Release {
    /// It is still down.
    Never,
    /// It returned at this instant.
    At(Timestamp),
    /// Nothing is remembered of its outage.
    Unknown,
}

impl Draft<'_> {
    /// A line's outage was confirmed after those of lines below it: they are attributed as if it had been known
    /// before, also those that are over, if they were not when the line failed, after `since` at the earliest. Returns
    /// the outages whose attribution changed.
    pub(super) fn correct_below(&mut self, line: &LineId, since: Timestamp) -> Vec<OutageId> {
        let below: Vec<LineId> = self.ledger.upstream.descendants(line).into_iter().cloned().collect();
        let mut corrected = Vec::new();
        for child in below {
            for outage in self.ledger.down_since(&child, since) {
                let Some(held) = self.ledger.outages.find(outage) else { continue };
                let (began, from) = (held.began(self.ledger.policy.grace), held.open.attributed_from);
                let Some(attribution) = self.ledger.cover(&child, began).map(Attribution::Upstream) else { continue };
                if attribution != held.open.attribution {
                    self.push(OutageFact::Attributed { outage, from, attribution });
                    corrected.push(outage);
                }
            }
        }
        corrected
    }

    /// The grace after an ancestor's return is over and the line is still down: from that return on the time is
    /// another down ancestor's, or the line's own.
    pub(super) fn release(&mut self, outage: OutageId, from: Timestamp) {
        let Some(held) = self.ledger.outages.find(outage) else { return };
        let before = held.open.attribution.clone();
        let attribution = self
            .ledger
            .cover(&held.open.line, (from, from))
            .map(Attribution::Upstream)
            .filter(|attribution| *attribution != before)
            .unwrap_or(Attribution::Own);
        self.push(OutageFact::Attributed { outage, from, attribution });
    }
}

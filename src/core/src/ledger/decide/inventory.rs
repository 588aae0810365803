//! What a load of the inventory changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::Refusal;
use super::Draft;
use crate::line::{Line, LineId};
use crate::record::{EndReason, LineFact, OutageFact, OutageId};
use crate::time::Timestamp;

impl Draft<'_> {
    pub(super) fn load_inventory(&mut self, at: Timestamp, lines: &[Line], allow_removal: bool) -> Result<(), Refusal> {
        let wanted: BTreeMap<&LineId, &Line> = lines.iter().map(|line| (&line.id, line)).collect();
        let in_force = self.ledger.lines.len();
        let gone: Vec<LineId> =
            self.ledger.lines().map(|held| &held.line.id).filter(|id| !wanted.contains_key(id)).cloned().collect();
        if gone.len() * 20 > in_force && !allow_removal {
            return Err(Refusal::TooManyRemoved { removed: gone.len(), lines: in_force });
        }
        for line in gone {
            if let Some(open) = self.ledger.open_outage(&line) {
                let outage = open.outage;
                self.take_out_of_service(outage, at);
            }
            self.push(LineFact::Decommissioned { at, line });
        }
        for (id, line) in wanted {
            match self.ledger.line(id) {
                None => self.push(LineFact::Commissioned { at, line: Arc::new(line.clone()) }),
                Some(held) if *held.line != *line => self.push(LineFact::Changed { at, line: Arc::new(line.clone()) }),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Ends an open outage because its line leaves service at `at`.
    pub(super) fn take_out_of_service(&mut self, outage: OutageId, at: Timestamp) {
        let Some(held) = self.ledger.outages.find(outage) else { return };
        let end = at.max(held.open.start);
        self.push(OutageFact::Ended {
            outage,
            end,
            last_loss: end,
            first_reply: end,
            confirmed_at: self.now,
            reason: EndReason::Decommissioned,
        });
    }
}

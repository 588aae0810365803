//! Reports as people tell them: each joins the open fault that is there for the line, or opens one (design section 4).

use super::super::state::HeldFault;
use super::super::work::Stage;
use super::super::{Ledger, Refusal};
use super::Draft;
use super::work::{known, one_line};
use crate::line::LineId;
use crate::record::{Attribution, FaultFact, FaultNo, Report};
use crate::time::Timestamp;

impl Ledger {
    /// The fault that a report told at an instant is about: the open one on the line, or on the nearest line above that
    /// has one; else one that was open at that instant, since reports are entered late.
    fn fault_reported(&self, line: &LineId, at: Timestamp) -> Option<&HeldFault> {
        let lines: Vec<&LineId> =
            self.line(line).map(|held| &held.line.id).into_iter().chain(self.upstream.ancestors(line)).collect();
        let open = lines.iter().find_map(|line| self.open_fault_on(line));
        open.or_else(|| lines.iter().find_map(|line| self.open_then(line, at)))
    }

    fn open_then(&self, line: &LineId, at: Timestamp) -> Option<&HeldFault> {
        let then = |held: &&HeldFault| {
            let open = &held.open;
            open.line == *line
                && open.work.stage != Stage::Void
                && self.is_kept(held)
                && open.opened <= at
                && open.restored.is_some_and(|restored| at < restored)
        };
        self.faults
            .all()
            .filter(then)
            .max_by(|one, other| (one.open.opened, &one.open.fault).cmp(&(other.open.opened, &other.open.fault)))
    }
}

impl Draft<'_> {
    pub(super) fn report(&mut self, line: &LineId, at: Option<Timestamp>, told: &Report) -> Result<(), Refusal> {
        self.known(line)?;
        let at = at.unwrap_or(self.now);
        self.past(at)?;
        let report = self.checked(told)?;
        let late = self.is_late(at);
        if self.ledger.fault_reported(line, at).is_none() {
            self.open_above(line);
        }
        let joined = self.ledger.fault_reported(line, at).map(|held| held.open.fault.clone());
        if let Some(fault) = joined {
            self.join_report(fault, line, at, report, late);
            return Ok(());
        }
        let fault = self.next_number();
        let deadline = at + self.repair_time(line);
        self.push(FaultFact::Reported { fault, line: line.clone(), opened: at, deadline, report, late });
        // What is known to be down on it, and waited to be a fault, is this one.
        if let Some(held) = self.ledger.outages.open_on(line) {
            self.place(held.open.outage, None);
        }
        Ok(())
    }

    fn join_report(&mut self, fault: FaultNo, line: &LineId, at: Timestamp, report: Report, late: bool) {
        self.push(FaultFact::ReportJoined { fault: fault.clone(), line: line.clone(), at, report, late });
        self.date(&fault, at);
        let Some(held) = self.ledger.faults.find(&fault) else { return };
        if held.is_open() && !held.affects(line) {
            self.push(FaultFact::PointAdded { fault, line: line.clone(), from: at, reason: String::new() });
        }
    }

    /// A line above is down and its fault waits for the outage to last: with a report from below it has.
    fn open_above(&mut self, line: &LineId) {
        let down = self.ledger.upstream.ancestors(line).find_map(|above| {
            let held = self.ledger.outages.open_on(above)?;
            let waits = held.open.attribution == Attribution::Own && held.fault.is_none();
            (waits && !self.ledger.began_planned(held))
                .then(|| (held.open.outage, above.clone(), held.open.attributed_from))
        });
        let Some((outage, above, from)) = down else { return };
        self.open(outage, &above, from);
        self.gather(outage, &above);
    }

    fn checked(&self, told: &Report) -> Result<Report, Refusal> {
        let choices = &self.ledger.policy.choices;
        let channel = one_line(&told.channel)?;
        Ok(Report {
            channel: known::channel(choices, &channel)?,
            symptom: told.symptom.as_ref().map(|symptom| known::symptom(choices, &one_line(symptom)?)).transpose()?,
            reporter: one_line(&told.reporter)?,
            phone: one_line(&told.phone)?,
            words: one_line(&told.words)?,
        })
    }
}

impl HeldFault {
    /// Whether a line is affected by it: its own, one with an outage that is a point of it, or one that a person named.
    pub(in super::super) fn affects(&self, line: &LineId) -> bool {
        self.open.line == *line || self.open.work.names(line) || self.active().any(|(_, point)| point.line == *line)
    }
}

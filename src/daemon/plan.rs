//! What is to be watched: the inventory, what the journal says of it, and the configuration's probing.

use std::collections::HashMap;
use std::sync::Arc;

use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::OpenOutage;
use linewatch_core::line::{Line, LineId};
use linewatch_core::monitor::{Plan, Prior, WatchedLine};
use linewatch_core::outcome::BlindCause;
use linewatch_core::time::Timestamp;
use linewatch_core::view::{Committed, CommittedLine};

use crate::config::Config;
use crate::probe::{Endpoint, Prober};

/// Makes plans, and tells the wire which target is where.
pub struct Planner {
    config: Arc<Config>,
    calendar: Calendar,
    lines: Arc<Vec<Line>>,
    endpoints: Vec<Endpoint>,
    watched: Vec<LineId>,
    /// Where the wire thinks that the targets are.
    assigned: Vec<Option<Endpoint>>,
}

impl Planner {
    /// A planner of an inventory.
    pub fn new(config: Arc<Config>, lines: Arc<Vec<Line>>) -> Self {
        let calendar = Calendar::new(config.site.zone);
        Self { config, calendar, lines, endpoints: Vec::new(), watched: Vec::new(), assigned: Vec::new() }
    }

    /// A plan by another configuration and inventory.
    pub fn replace(
        &mut self,
        config: Arc<Config>,
        lines: Arc<Vec<Line>>,
        committed: &Committed,
        now: Timestamp,
    ) -> Plan {
        self.calendar = Calendar::new(config.site.zone);
        self.config = config;
        self.lines = lines;
        self.plan(committed, now)
    }

    /// The lines in service at `now`, each with what is committed of it, then the references.
    pub fn plan(&mut self, committed: &Committed, now: Timestamp) -> Plan {
        let outages: HashMap<&LineId, &OpenOutage> = committed.outages.iter().map(|open| (&open.line, open)).collect();
        let known: HashMap<&LineId, &CommittedLine> =
            committed.lines.iter().map(|known| (&known.line.id, known)).collect();
        let classes: Vec<_> = self.config.classes.iter().map(|class| (class.name.clone(), class.probing)).collect();
        let in_service: Vec<&Line> = self.lines.iter().filter(|line| line.in_service(now)).collect();
        let before: HashMap<&LineId, &Endpoint> = self.watched.iter().zip(&self.endpoints).collect();
        let to_line = |line: &Line| Endpoint { address: line.address.clone(), method: line.probe };
        let lines = in_service.iter().map(|line| {
            let unseen = known.get(&line.id).map(|known| known.unseen);
            let prior = match (outages.get(&line.id), unseen) {
                (Some(outage), _) => Prior::Down { until: outage.start },
                (None, None | Some(Some((_, BlindCause::Pending)))) => Prior::Pending,
                (None, Some(None | Some(_))) => Prior::Up,
            };
            WatchedLine {
                id: line.id.clone(),
                class: classes.iter().position(|(name, _)| *name == line.class).unwrap_or_default(),
                upstream: line.upstream.clone(),
                prior,
                unseen: unseen.is_none_or(|unseen| unseen.is_some()),
                moved: before.get(&line.id).is_some_and(|before| **before != to_line(line)),
            }
        });
        let lines: Vec<WatchedLine> = lines.collect();
        self.watched = lines.iter().map(|line| line.id.clone()).collect();
        let references = self.config.references.clone();
        let to_reference =
            |address: &String| Endpoint { address: address.clone(), method: linewatch_core::line::ProbeMethod::Icmp };
        self.endpoints =
            in_service.iter().map(|line| to_line(line)).chain(references.iter().map(to_reference)).collect();
        Plan { lines, references, classes, reference_probing: self.config.probe.probing }
    }

    /// A new plan, if other lines are in service at `now` than in the last one.
    pub fn changed(&mut self, committed: &Committed, now: Timestamp) -> Option<Plan> {
        let in_service = self.lines.iter().filter(|line| line.in_service(now)).map(|line| &line.id);
        if in_service.eq(self.watched.iter()) { None } else { Some(self.plan(committed, now)) }
    }

    /// Tells the wire where the targets of the last plan are, as far as it does not know: a host name that stays is
    /// not looked up anew.
    pub fn assign(&mut self, engine: &mut dyn Prober) {
        let gone = (self.endpoints.len()..self.assigned.len()).map(|_| None);
        let all: Vec<Option<Endpoint>> = self.endpoints.iter().cloned().map(Some).chain(gone).collect();
        for (target, endpoint) in (0..).zip(&all) {
            if self.assigned.get(target as usize) != Some(endpoint) {
                engine.assign(target, endpoint.clone());
            }
        }
        self.assigned = all;
    }

    /// The next full hour of the site after `now`; month's ends are among them.
    pub fn next_checkpoint(&self, now: Timestamp) -> Timestamp {
        self.calendar.next_hour(now)
    }
}

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
use crate::probe::{Endpoint, Engine};

/// Makes plans, and tells the wire which target is where.
pub struct Planner {
    config: Arc<Config>,
    calendar: Calendar,
    lines: Arc<Vec<Line>>,
    endpoints: Vec<Endpoint>,
    watched: Vec<LineId>,
}

impl Planner {
    /// A planner of an inventory.
    pub fn new(config: Arc<Config>, lines: Arc<Vec<Line>>) -> Self {
        let calendar = Calendar::new(config.site.zone);
        Self { config, calendar, lines, endpoints: Vec::new(), watched: Vec::new() }
    }

    /// The lines in service at `now`, each with what is committed of it, then the references.
    pub fn plan(&mut self, committed: &Committed, now: Timestamp) -> Plan {
        let outages: HashMap<&LineId, &OpenOutage> = committed.outages.iter().map(|open| (&open.line, open)).collect();
        let known: HashMap<&LineId, &CommittedLine> =
            committed.lines.iter().map(|known| (&known.line.id, known)).collect();
        let classes: Vec<_> = self.config.classes.iter().map(|class| (class.name.clone(), class.probing)).collect();
        let in_service: Vec<&Line> = self.lines.iter().filter(|line| line.in_service(now)).collect();
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
            }
        });
        let lines: Vec<WatchedLine> = lines.collect();
        self.watched = lines.iter().map(|line| line.id.clone()).collect();
        let references = self.config.references.clone();
        let to_line = |line: &&Line| Endpoint { address: line.address.clone(), method: line.probe };
        let to_reference =
            |address: &String| Endpoint { address: address.clone(), method: linewatch_core::line::ProbeMethod::Icmp };
        self.endpoints = in_service.iter().map(to_line).chain(references.iter().map(to_reference)).collect();
        Plan { lines, references, classes, reference_probing: self.config.probe.probing }
    }

    /// A new plan, if other lines are in service at `now` than in the last one.
    pub fn changed(&mut self, committed: &Committed, now: Timestamp) -> Option<Plan> {
        let in_service = self.lines.iter().filter(|line| line.in_service(now)).map(|line| &line.id);
        if in_service.eq(self.watched.iter()) { None } else { Some(self.plan(committed, now)) }
    }

    /// Tells the wire where the targets of the last plan are.
    pub fn assign(&self, engine: &mut Engine, before: usize) {
        let gone = (self.endpoints.len()..before).map(|_| None);
        let all = self.endpoints.iter().cloned().map(Some).chain(gone);
        for (target, endpoint) in (0..).zip(all) {
            engine.assign(target, endpoint);
        }
    }

    /// How many targets the last plan has.
    pub fn targets(&self) -> usize {
        self.endpoints.len()
    }

    /// The next full hour of the site after `now`; month's ends are among them.
    pub fn next_checkpoint(&self, now: Timestamp) -> Timestamp {
        self.calendar.next_hour(now)
    }
}

//! What is to be watched, and how the watch goes on when that changes.

use std::collections::HashMap;

use super::{DELAY_BOUNDS, Monitor, Reference, Watched};
use crate::detector::{Detector, Settled};
use crate::flapping::Flapping;
use crate::line::{ClassName, LineId};
use crate::probing::Probing;
use crate::quality::Quality;
use crate::schedule::Schedule;
use crate::time::{Millis, Timestamp};
use crate::view::Histogram;

/// Everything to be watched.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Lines in service; the number of a line as a target is its place here.
    pub lines: Vec<WatchedLine>,
    /// Reference addresses; their numbers follow those of the lines.
    pub references: Vec<String>,
    /// Classes and their probing parameters.
    pub classes: Vec<(ClassName, Probing)>,
    /// How references are probed.
    pub reference_probing: Probing,
}

impl Plan {
    /// After how long a silence of all lines and references the monitor is blind; see [`Probing::blind_after`].
    /// Classes without lines do not count. `None` when nothing is watched.
    pub fn blind_after(&self) -> Option<Millis> {
        let lines = self.lines.iter().filter_map(|line| Some(self.classes.get(line.class)?.1));
        Probing::blind_after(lines.chain(self.references.first().map(|_| self.reference_probing)))
    }
}

/// One line to be watched.
#[derive(Clone, Debug)]
pub struct WatchedLine {
    /// Its id.
    pub id: LineId,
    /// Index into [`Plan::classes`].
    pub class: usize,
    /// Its upstream, if that is watched too.
    pub upstream: Option<LineId>,
    /// What the journal says of it.
    pub prior: Prior,
    /// Whether the journal says that it is not observed on its own account.
    pub unseen: bool,
    /// Whether its address or way of probing is another one than in the plan before: what is under way then says
    /// nothing of it.
    pub moved: bool,
}

/// What the journal says of a line before the first result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prior {
    /// Nothing yet.
    Pending,
    /// No outage is open.
    Up,
    /// An outage is open that was certain until this instant.
    Down {
        /// Not before the outage's start.
        until: Timestamp,
    },
}

/// A class and its parameters.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub name: ClassName,
    pub probing: Probing,
}

impl Monitor {
    /// Watches by a new plan from `now` on. Lines that were watched before keep their state, their counters, their
    /// place in time and, unless they moved, the probes that are under way.
    pub fn assign(&mut self, plan: Plan, now: Timestamp) {
        self.losses_are_nobodys();
        let names = std::mem::take(&mut self.names);
        let retries: HashMap<LineId, Timestamp> = self
            .schedule
            .take_retries()
            .filter_map(|(at, target)| Some((names.get(target as usize)?.clone(), at)))
            .collect();
        let numbers: HashMap<&LineId, u32> = plan.lines.iter().map(|line| &line.id).zip(0..).collect();
        self.renumber_sight(&names, &numbers, &plan.references);
        let mut known: HashMap<LineId, Watched> = names.into_iter().zip(self.lines.drain(..)).collect();
        let upstream_of = |line: &WatchedLine| line.upstream.as_ref().and_then(|id| numbers.get(id).copied());
        let upstreams: Vec<Option<u32>> = without_loops(plan.lines.iter().map(upstream_of).collect());
        for (line, upstream) in plan.lines.iter().zip(upstreams) {
            let mut watched = known.remove(&line.id).unwrap_or_else(|| self.begin(line, now));
            watched.class = u32::try_from(line.class).unwrap_or_default();
            watched.upstream = upstream;
            let limit = plan.classes.get(line.class).map_or(Millis::ZERO, |(_, probing)| probing.gap_limit());
            watched.gap_limit = watched.gap_limit.max(limit);
            watched.outstanding = watched.outstanding.filter(|_| !line.moved);
            watched.held = false;
            self.lines.push(watched);
            self.names.push(line.id.clone());
        }
        self.keep_quality_of_the_gone(known.into_iter());
        self.take_classes(&plan);
        let old: HashMap<String, Reference> =
            self.references.drain(..).map(|reference| (reference.address.clone(), reference)).collect();
        let reference = |address: String| {
            let known = old.get(&address).cloned();
            known.unwrap_or(Reference { address, up: None, outstanding: None })
        };
        self.references = plan.references.into_iter().map(reference).collect();
        self.reference_probing = plan.reference_probing;
        self.held.clear();
        self.forward_results();
        self.resume_schedule(now, &retries);
    }

    /// Whose the remembered answers were is told by other numbers now.
    fn renumber_sight(&mut self, names: &[LineId], numbers: &HashMap<&LineId, u32>, references: &[String]) {
        let lines = names.iter().map(|id| numbers.get(id).copied());
        let places: HashMap<&String, u32> = references.iter().zip((0..).skip(numbers.len())).collect();
        let references = self.references.iter().map(|reference| places.get(&reference.address).copied());
        let new: Vec<Option<u32>> = lines.chain(references).collect();
        self.sight.renumber(|old| new.get(old as usize).copied().flatten());
    }

    /// Results of probes under way come back under the numbers of an older plan.
    fn forward_results(&mut self) {
        let lines = self.lines.iter().map(|line| line.outstanding);
        let references = self.references.iter().map(|reference| reference.outstanding);
        let under_way = lines.chain(references).zip(0..);
        self.forwarded = under_way.filter_map(|(sent, number)| Some((sent?.token, number))).collect();
    }

    fn begin(&self, line: &WatchedLine, now: Timestamp) -> Watched {
        let (settled, last_loss) = match line.prior {
            Prior::Pending => (Settled::Pending, now),
            Prior::Up => (Settled::Up, now),
            Prior::Down { until } => (Settled::Down, until),
        };
        Watched {
            detector: Detector::new(settled, last_loss),
            class: 0,
            upstream: None,
            epoch: self.epoch,
            outstanding: None,
            unseen: line.unseen,
            held: false,
            retrying: false,
            left_out: false,
            since: now,
            gap_limit: Millis::ZERO,
            delay_us: None,
            unsent: None,
            sent: 0,
            lost: 0,
            observed: Millis::ZERO,
            flapping: Flapping::default(),
            quality: Quality::default(),
        }
    }

    fn take_classes(&mut self, plan: &Plan) {
        let mut old: HashMap<ClassName, Histogram> =
            self.classes.drain(..).map(|class| class.name).zip(self.delay.drain(..)).collect();
        for (name, probing) in &plan.classes {
            self.delay.push(old.remove(name).unwrap_or_else(|| Histogram::new(DELAY_BOUNDS)));
            self.classes.push(Class { name: name.clone(), probing: *probing });
        }
        self.patience = plan.blind_after().unwrap_or_default();
        let all = || self.classes.iter().map(|class| class.probing).chain([plan.reference_probing]);
        self.quick = all().map(|probing| probing.round()).min().unwrap_or_default();
        self.stall = all().map(|probing| probing.gap_limit()).min().unwrap_or_default();
    }

    /// Starts the cycles anew at `now`, and with them the confirming probes of what is soft.
    pub(super) fn reschedule(&mut self, now: Timestamp) {
        self.origin = now;
        self.resume_schedule(now, &HashMap::new());
    }

    /// Goes on at `now` in the phases of the schedule before. What is soft is confirmed at the time that was asked
    /// for, else when the probe under way comes back, else at once.
    fn resume_schedule(&mut self, now: Timestamp, retries: &HashMap<LineId, Timestamp>) {
        let interval = |class: u32| self.classes[class as usize].probing.interval;
        let lines = self.names.iter().zip(&self.lines).map(|(id, line)| (id.as_str(), interval(line.class)));
        let references =
            self.references.iter().map(|reference| (reference.address.as_str(), self.reference_probing.interval));
        self.schedule = Schedule::resumed(self.origin, now, lines.chain(references));
        for (number, (id, line)) in (0..).zip(self.names.iter().zip(&mut self.lines)) {
            let asked = retries.get(id).copied().or(line.outstanding.is_none().then_some(now));
            let asked = asked.filter(|_| line.detector.is_soft());
            line.retrying = asked.is_some();
            if let Some(at) = asked {
                self.schedule.retry(number, at);
            }
        }
    }
}

/// Cuts any loop of upstreams: a walk upwards always ends. The inventory refuses loops, so this never cuts in practice.
fn without_loops(mut upstreams: Vec<Option<u32>>) -> Vec<Option<u32>> {
    let mut safe = vec![false; upstreams.len()];
    for start in 0..upstreams.len() {
        let mut path = vec![start];
        let mut at = start;
        while let Some(next) = upstreams[at].map(|next| next as usize) {
            if safe[next] {
                break;
            }
            if path.contains(&next) {
                upstreams[at] = None;
                break;
            }
            path.push(next);
            at = next;
        }
        for place in path {
            safe[place] = true;
        }
    }
    upstreams
}

#[cfg(test)]
mod tests {
    use super::{Plan, Prior, WatchedLine, without_loops};
    use crate::probing::Probing;
    use crate::time::Millis;

    #[test]
    fn only_what_is_probed_decides_when_the_monitor_is_blind() {
        let probing = |seconds| Probing { interval: Millis::from_secs(seconds), ..Probing::default() };
        let line = |class| WatchedLine {
            id: "A".into(),
            class,
            upstream: None,
            prior: Prior::Pending,
            unseen: false,
            moved: false,
        };
        let mut plan = Plan {
            lines: vec![line(0)],
            references: Vec::new(),
            classes: vec![("village".into(), probing(10)), ("township".into(), probing(3600))],
            reference_probing: probing(20),
        };
        assert_eq!(plan.blind_after(), Some(Millis(11_000)), "neither the class without lines nor a reference");
        plan.references.push("10.0.0.1".to_owned());
        assert_eq!(plan.blind_after(), Some(Millis(21_000)));
        plan.lines.push(line(1));
        assert_eq!(plan.blind_after(), Some(Millis(3_601_000)));
        plan.lines.clear();
        plan.references.clear();
        assert_eq!(plan.blind_after(), None);
    }

    #[test]
    fn a_loop_is_cut_once_and_trees_are_left_alone() {
        assert_eq!(without_loops(vec![None, Some(0), Some(1)]), [None, Some(0), Some(1)]);
        assert_eq!(without_loops(vec![Some(1), Some(2), Some(0)]), [Some(1), Some(2), None]);
        assert_eq!(without_loops(vec![Some(0)]), [None]);
    }
}

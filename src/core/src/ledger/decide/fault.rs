//! Which fault an outage belongs to. Each open outage is an affected point of at most one open fault.

use super::super::state::{Held, HeldFault};
use super::super::work::Stage;
use super::super::{Ledger, Policy};
use super::Draft;
use crate::calendar::Calendar;
use crate::line::LineId;
use crate::record::{Attribution, FaultFact, FaultNo, FaultSource, OutageId};
use crate::time::{Millis, Timestamp};

impl Ledger {
    /// The fault that an outage is a point of, if it is remembered.
    fn fault_of(&self, held: &Held) -> Option<&HeldFault> {
        self.faults.find(held.fault.as_ref()?).filter(|fault| fault.open.over().is_none_or(|at| self.remembers(at)))
    }

    /// The open fault that stands on a line, the first one, should there be more; else one of which a person says that
    /// the line is affected by it.
    pub(super) fn open_fault_on<'a>(&'a self, line: &'a LineId) -> Option<&'a HeldFault> {
        let standing = self.faults.on(line).find(|fault| fault.is_open());
        standing.or_else(|| self.faults.iter().find(|fault| fault.is_open() && fault.open.work.names(line)))
    }

    /// The fault of a line that was restored last, if an outage from `from` on comes within the merge window.
    fn relapsing<'a>(&'a self, line: &'a LineId, from: Timestamp) -> Option<&'a HeldFault> {
        let restored = |fault: &HeldFault| fault.open.restored.unwrap_or(Timestamp::MIN);
        let window = self.merge_window();
        let over = |fault: &&HeldFault| fault.open.restored.is_some() && fault.open.work.stage != Stage::Void;
        let last = self.faults.on(line).filter(over).max_by_key(|fault| restored(fault))?;
        (from <= restored(last) + window && self.remembers(restored(last))).then_some(last)
    }

    /// When an outage that is in no fault is to get one: once its own time has lasted, by evidence.
    pub(super) fn fault_due(&self, held: &Held) -> Option<Timestamp> {
        if self.fault_of(held).is_some() || held.open.attribution != Attribution::Own {
            return None;
        }
        let due = self.proven(held, self.works_from(held), self.policy.open_after)?;
        held.ended().is_none_or(|end| due <= end).then_some(due)
    }

    /// Whether an outage is the fault's own: on its line, or of a line that a person brought into it.
    fn is_own(&self, fault: &HeldFault, outage: OutageId) -> bool {
        fault.points.get(&outage).is_some_and(|point| point.line == fault.open.line)
            || self.outages.find(outage).is_some_and(|held| held.open.attribution == Attribution::Own)
    }

    /// A line that is down by the probes, so that nobody can say the fault is restored: its own, or one that it holds an
    /// own outage of.
    pub(super) fn still_down<'a>(&'a self, fault: &'a HeldFault) -> Option<&'a LineId> {
        if self.outages.open_on(&fault.open.line).is_some() {
            return Some(&fault.open.line);
        }
        let own = fault.active().filter(|(outage, _)| self.is_own(fault, *outage));
        own.filter_map(|(outage, _)| self.outages.find(outage))
            .find(|held| held.end.is_none())
            .map(|held| &held.open.line)
    }

    /// The end of the last own outage that a fault holds; an outage that is held no more has long ended.
    pub(super) fn own_end(&self, fault: &HeldFault) -> Option<Timestamp> {
        let own = fault.active().filter(|(outage, _)| self.is_own(fault, *outage));
        own.filter_map(|(outage, _)| self.outages.find(outage)?.ended()).max()
    }

    /// When a fault is restored by itself, and as of when: its own outages are over, and its line has been seen up
    /// for the stability time. One that was reported or opened again by a person is so only when a person has said
    /// before that it was restored, while the line was still down.
    pub(super) fn restoration(&self, fault: &HeldFault) -> Option<(Timestamp, Timestamp)> {
        let work = &fault.open.work;
        let claimed = work.contradicted().map(|claimed| claimed.at);
        let by_itself = fault.is_detected() && !work.waits_for_a_person() && !fault.points.is_empty();
        if !fault.is_open() || !(by_itself || claimed.is_some()) || self.outages.open_on(&fault.open.line).is_some() {
            return None;
        }
        let has_own = fault.active().any(|(outage, _)| self.is_own(fault, outage));
        let mut restored =
            work.round().map_or(fault.open.opened, |round| round.from).max(claimed.unwrap_or(Timestamp::MIN));
        for (outage, _) in fault.active().filter(|(outage, _)| !has_own || self.is_own(fault, *outage)) {
            // An outage that is held no more has long ended.
            restored = self.outages.find(outage).map_or(Some(restored), Held::ended)?.max(restored);
        }
        Some((self.calm(&fault.open.line, restored)? + self.policy.stability, restored))
    }

    /// When it is verified that a fault is restored as a person said, and since when the line had been up by then.
    pub(super) fn verification(&self, fault: &HeldFault) -> Option<(Timestamp, Timestamp)> {
        if !fault.open.work.is_unverified() || self.still_down(fault).is_some() {
            return None;
        }
        let calm = self.calm(&fault.open.line, fault.open.restored?)?;
        Some((calm + self.policy.stability, calm))
    }

    /// Since when, from an instant on, a line has been seen up. A gap ends no outage and is no proof, so the time counts
    /// from its end; `None` while it lasts.
    fn calm(&self, line: &LineId, since: Timestamp) -> Option<Timestamp> {
        let last_end = self.remembered(line).iter().filter_map(|held| held.returned()).max();
        let calm = last_end.map_or(since, |end| end.max(since));
        match self.line(line) {
            Some(held) if held.line.closed.is_none_or(|closed| calm < closed) => {
                if self.gaps.open.is_some() || held.unseen.is_some() {
                    return None;
                }
                let gaps = [held.last_gap, self.gaps.last].into_iter().flatten().map(|gap| gap.span.end);
                Some(gaps.filter(|end| self.remembers(*end)).fold(calm, Timestamp::max))
            }
            // Nobody watches a line that is out of service.
            Some(_) | None => Some(calm),
        }
    }
}

impl Draft<'_> {
    /// Brings an outage into the fault where its attribution puts it. `until` is given when it is due: then a fault is
    /// opened if there is none yet and its own time has lasted by then.
    pub(super) fn place(&mut self, outage: OutageId, until: Option<Timestamp>) {
        let Some(held) = self.ledger.outages.find(outage) else { return };
        let line = held.open.line.clone();
        match held.open.attribution.clone() {
            Attribution::Own => self.place_own(outage, &line, until),
            Attribution::Upstream(root) => self.place_under(outage, &line, &root),
            Attribution::Declared => {}
        }
    }

    /// An own outage: its line's open fault, one restored a short while ago, or a new one.
    fn place_own(&mut self, outage: OutageId, line: &LineId, until: Option<Timestamp>) {
        let Some(held) = self.ledger.outages.find(outage) else { return };
        let from = held.open.attributed_from;
        if let Some(present) = self.ledger.fault_of(held) {
            if present.open.line == *line || present.open.work.names(line) {
                return;
            }
            let fault = present.open.fault.clone();
            self.push(FaultFact::Left { fault, line: line.clone(), outage, from });
        }
        let Some(held) = self.ledger.outages.find(outage) else { return };
        // What began in a planned window is work for nobody until it has outlived the window.
        if self.ledger.began_planned(held) && !self.lasted(outage, until) {
            return;
        }
        let from = self.ledger.works_from(held);
        if let Some(fault) = self.ledger.open_fault_on(line) {
            let fault = fault.open.fault.clone();
            self.push(FaultFact::Joined { fault: fault.clone(), line: line.clone(), outage, from });
            if self.ledger.faults.find(&fault).is_some_and(|held| !held.is_detected()) {
                self.date(&fault, from);
            }
        } else if let Some(fault) = self.ledger.relapsing(line, from) {
            let fault = fault.open.fault.clone();
            self.push(FaultFact::Relapsed { fault: fault.clone(), outage, at: from });
            self.push(FaultFact::Joined { fault, line: line.clone(), outage, from });
        } else if self.lasted(outage, until) {
            self.open(outage, line, from);
        } else {
            return;
        }
        self.gather(outage, line);
    }

    fn lasted(&self, outage: OutageId, until: Option<Timestamp>) -> bool {
        let due = self.ledger.outages.find(outage).and_then(|held| self.ledger.fault_due(held));
        due.zip(until).is_some_and(|(due, until)| due <= until)
    }

    /// Opening and deadline run from an earlier instant than was known.
    pub(super) fn date(&mut self, fault: &FaultNo, opened: Timestamp) {
        let Some(open) = self.ledger.faults.find(fault).map(|held| &held.open) else { return };
        if opened < open.opened {
            let deadline = open.deadline - (open.opened - opened);
            self.push(FaultFact::Dated { fault: fault.clone(), opened, deadline });
        }
    }

    /// The next number of today.
    pub(super) fn next_number(&self) -> FaultNo {
        self.ledger.serials.next(Calendar::new(self.ledger.policy.zone).day_of(self.now))
    }

    /// How long after its opening a fault on a line is to be restored.
    pub(super) fn repair_time(&self, line: &LineId) -> Millis {
        match self.ledger.line(line) {
            Some(held) => self.ledger.policy.repair_time(&held.line.class),
            None => Policy::DEFAULT_REPAIR,
        }
    }

    pub(super) fn open(&mut self, outage: OutageId, line: &LineId, opened: Timestamp) {
        let repair = self.repair_time(line);
        self.push(FaultFact::Opened {
            fault: self.next_number(),
            source: FaultSource::Detected,
            line: line.clone(),
            opened,
            deadline: opened + repair,
            outage: Some(outage),
        });
    }

    /// A line's fault is open (again): what is attributed to the line joins it, and what the line suffers since. A fault opened after its outage was
    /// over takes in what was down with it.
    pub(super) fn gather(&mut self, outage: OutageId, line: &LineId) {
        let Some(span) = self.ledger.outages.find(outage).map(|held| (held.open.start, held.ended())) else { return };
        let attributed = Attribution::Upstream(line.clone());
        let again = self.ledger.outages.open_on(line).filter(|held| self.ledger.fault_of(held).is_none());
        let mut below: Vec<OutageId> = again.map(|held| held.open.outage).into_iter().collect();
        for child in self.ledger.upstream.descendants(line) {
            let with_it = |held: &&Held| match (span, held.ended()) {
                (_, None) => true,
                // What is over leaves no one to repair it, but a fault of its own may be a part of this one.
                ((start, None), Some(ended)) => {
                    start < ended && self.ledger.fault_of(held).is_some_and(HeldFault::is_open)
                }
                ((start, Some(end)), Some(ended)) => held.open.start < end && start < ended,
            };
            let outages = self.ledger.remembered(child).into_iter().filter(with_it);
            below.extend(outages.filter(|held| held.open.attribution == attributed).map(|held| held.open.outage));
        }
        for outage in below {
            self.place(outage, None);
        }
    }

    /// An outage attributed to an ancestor: an affected point of the ancestor's open fault. Until that opens, a fault
    /// of the line's own keeps it; another ancestor's does not.
    fn place_under(&mut self, outage: OutageId, line: &LineId, root: &LineId) {
        let Some(held) = self.ledger.outages.find(outage) else { return };
        let from = held.open.attributed_from;
        let target = self.ledger.open_fault_on(root);
        let Some(present) = self.ledger.fault_of(held) else {
            if let Some(target) = target {
                let from = self.ledger.joins_from(held, root, target.open.opened);
                let fault = target.open.fault.clone();
                if held.ended().is_none_or(|end| end > from) {
                    self.push(FaultFact::Joined { fault, line: line.clone(), outage, from });
                }
            }
            return;
        };
        if held.end.is_some() && !present.is_open() {
            // The work on what is over is done: the fault that was restored keeps it.
            return;
        }
        if present.is_open() && present.open.work.apart {
            // A person said that it is no part of its root's.
            return;
        }
        let fault = present.open.fault.clone();
        let Some(target) = target else {
            let (above, attributed) = (&present.open.line, Attribution::Upstream(root.clone()));
            // A line between that is cut off by the same root keeps its points until its fault is merged.
            let goes_with = self.ledger.outages.open_on(above).is_some_and(|held| held.open.attribution == attributed);
            // What is over is moved when its root's fault opens, or never.
            if held.end.is_none() && above != line && above != root && !goes_with {
                self.push(FaultFact::Left { fault, line: line.clone(), outage, from });
            }
            return;
        };
        let into = target.open.fault.clone();
        if fault == into {
            return;
        }
        if self.is_part_of(present, target) {
            let opened = present.open.opened.min(target.open.opened);
            let earlier: Millis = target.open.opened - opened;
            let deadline = target.open.deadline - earlier;
            self.push(FaultFact::Merged { fault, into, opened, deadline });
        } else {
            self.push(FaultFact::Left { fault, line: line.clone(), outage, from });
            self.push(FaultFact::Joined { fault: into, line: line.clone(), outage, from });
        }
    }

    /// Whether all that a fault holds turned out to be another's.
    fn is_part_of(&self, fault: &HeldFault, other: &HeldFault) -> bool {
        let attributed = Attribution::Upstream(other.open.line.clone());
        let theirs =
            |outage| self.ledger.outages.find(outage).is_some_and(|held: &Held| held.open.attribution == attributed);
        fault.is_open()
            && fault.is_detected()
            && !fault.open.work.waits_for_a_person()
            && fault.active().all(|(outage, _)| theirs(outage))
    }
}

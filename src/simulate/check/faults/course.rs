//! The faults of the truth: what became of each outage of the wire, and of what people said, by the sentences of the
//! design (section 4), told anew. One event after the other, as it can be known.

mod deeds;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use linewatch_core::line::LineId;
use linewatch_core::record::{FaultNo, FaultSource};
use linewatch_core::time::{Millis, Timestamp};

use super::super::Told;
use super::wire::{Down, downs};

/// What is due is done with the heartbeat after it is certain.
const LATER: Millis = Millis::from_secs(2);
/// What happens nearer to one another than this may be known in either order.
const NEAR: Millis = Millis::from_secs(6);

/// A fault as it should be.
#[derive(Clone, Debug)]
pub(super) struct TrueFault<'t> {
    pub line: &'t LineId,
    pub source: FaultSource,
    pub opened: Timestamp,
    pub deadline: Timestamp,
    /// Open from here, restored there.
    pub rounds: Vec<(Timestamp, Option<Timestamp>)>,
    /// Lines affected by it, each with since when.
    pub points: BTreeMap<&'t LineId, Timestamp>,
    /// What was told of it: the line and when.
    pub reports: Vec<(Timestamp, &'t LineId)>,
    /// Numbers that crews wrote on their slips.
    pub numbers: BTreeSet<&'t FaultNo>,
    /// A person worked on it.
    pub stepped: bool,
    pub closed: Option<Timestamp>,
    pub void: bool,
    /// The truth does not tell all of it for certain.
    pub clouded: bool,
    /// By itself, at the time when it was found.
    cleared: Option<Timestamp>,
    named: BTreeSet<&'t LineId>,
    held: Vec<usize>,
}

impl TrueFault<'_> {
    fn is_open(&self) -> bool {
        !self.void && self.restored().is_none()
    }

    /// As it stands at last.
    pub fn restored(&self) -> Option<Timestamp> {
        self.rounds.last().and_then(|(_, restored)| *restored)
    }
}

/// What can be known from an instant on; of one instant in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    Down(usize),
    Over(usize),
    /// Its part of this place begins.
    Freed(usize, usize),
    Lasted(usize),
    Calm(usize),
    Deed(usize),
}

/// How far an outage has become known.
#[derive(Clone, Copy, Debug, Default)]
struct Phase {
    known: bool,
    over: bool,
    part: usize,
    fault: Option<usize>,
}

struct Course<'a, 't> {
    told: &'a Told<'t>,
    downs: Vec<Down<'t>>,
    phases: Vec<Phase>,
    on: BTreeMap<&'t LineId, Vec<usize>>,
    faults: Vec<TrueFault<'t>>,
    agenda: BinaryHeap<Reverse<(Timestamp, Known)>>,
    /// Reports.
    told_of: Vec<(Timestamp, &'t LineId)>,
    /// Faults that were closed before anything else was done about them.
    closings: Vec<(&'t FaultNo, &'t LineId, Timestamp)>,
    now: Timestamp,
}

/// All faults that there should be, in the order of their numbers.
pub(super) fn faults<'t>(told: &Told<'t>) -> Vec<TrueFault<'t>> {
    let downs: Vec<Down<'t>> = downs(told).into_values().flatten().collect();
    let phases = vec![Phase::default(); downs.len()];
    let agenda = BinaryHeap::new();
    let now = told.span.start;
    let mut course = Course {
        told,
        downs,
        phases,
        on: BTreeMap::new(),
        faults: Vec::new(),
        agenda,
        told_of: Vec::new(),
        closings: Vec::new(),
        now,
    };
    course.begin();
    while let Some(Reverse((at, known))) = course.agenda.pop() {
        // What lies beyond the end, nobody has found out.
        if at > told.end {
            break;
        }
        course.now = at;
        course.take(known);
    }
    course.close();
    course.cloud();
    course.cloud_reports();
    course.faults
}

impl<'t> Course<'_, 't> {
    fn begin(&mut self) {
        for (place, down) in self.downs.iter().enumerate() {
            let probing = self.told.probing.get(down.line).copied().unwrap_or_default();
            self.on.entry(down.line).or_default().push(place);
            self.agenda.push(Reverse((down.start + probing.detection_best(), Known::Down(place))));
            if let Some(end) = down.end {
                let confirmed = end + probing.interval * (i64::from(probing.confirm_up) - 1);
                self.agenda.push(Reverse((confirmed, Known::Over(place))));
            }
            for (part, (from, _)) in down.whose.iter().enumerate().skip(1) {
                self.agenda.push(Reverse((*from + self.told.policy.grace + LATER, Known::Freed(place, part))));
            }
        }
        for (place, deed) in self.told.deeds.iter().enumerate() {
            self.agenda.push(Reverse((deed.entered(), Known::Deed(place))));
        }
    }

    fn take(&mut self, known: Known) {
        match known {
            Known::Down(down) => {
                self.phases[down].known = true;
                self.place(down);
                self.await_lasting(down);
            }
            Known::Over(down) => {
                self.phases[down].over = true;
                let end = self.downs[down].end.unwrap_or(self.now);
                let concerned = |fault: &TrueFault<'_>| {
                    fault.is_open() && (fault.line == self.downs[down].line || fault.held.contains(&down))
                };
                let open: Vec<usize> = (0..self.faults.len()).rev().filter(|at| concerned(&self.faults[*at])).collect();
                for fault in open {
                    self.agenda.push(Reverse((end + self.told.policy.stability + LATER, Known::Calm(fault))));
                }
            }
            Known::Freed(down, part) => {
                self.phases[down].part = part;
                // It stays a point of the fault above, up to here.
                self.phases[down].fault = None;
                self.place(down);
                self.await_lasting(down);
            }
            Known::Lasted(down) => {
                if self.phases[down].fault.is_none() && self.whose(down).1.is_none() {
                    self.place(down);
                }
            }
            Known::Calm(fault) => self.calm(fault),
            Known::Deed(deed) => self.deed(deed),
        }
    }

    /// Whose an outage is, as far as is known, and since when.
    fn whose(&self, down: usize) -> (Timestamp, Option<&'t LineId>) {
        self.downs[down].whose[self.phases[down].part]
    }

    fn live(&self, line: &LineId) -> Option<usize> {
        let downs = self.on.get(line)?;
        downs.iter().copied().find(|down| self.phases[*down].known && !self.phases[*down].over)
    }

    /// The end of the planned time that an instant lies in, one window after another; the instant itself in none.
    fn planned_until(&self, line: &LineId, from: Timestamp) -> Timestamp {
        let mut until = from;
        while let Some(window) =
            self.told.windows.iter().find(|window| window.line == line && window.planned.contains(until))
        {
            until = window.planned.end;
        }
        until
    }

    /// When an own outage becomes work for somebody.
    fn works_from(&self, down: usize) -> Timestamp {
        self.planned_until(self.downs[down].line, self.whose(down).0)
    }

    fn await_lasting(&mut self, down: usize) {
        if self.whose(down).1.is_none() && self.phases[down].fault.is_none() {
            let due = self.works_from(down) + self.told.policy.open_after;
            self.agenda.push(Reverse((due.max(self.now) + LATER, Known::Lasted(down))));
        }
    }

    fn lasted(&self, down: usize) -> bool {
        let due = self.works_from(down) + self.told.policy.open_after;
        due <= self.now && self.downs[down].end.is_none_or(|end| due <= end)
    }

    fn place(&mut self, down: usize) {
        match self.whose(down).1 {
            None => self.place_own(down),
            Some(root) => self.place_below(down, root),
        }
    }

    fn place_own(&mut self, down: usize) {
        let (line, from) = (self.downs[down].line, self.works_from(down));
        let planned = from > self.whose(down).0;
        if planned && !self.lasted(down) {
            return;
        }
        if let Some(fault) = self.open_on(line) {
            let nearly = self.is_nearly_calm(fault, down);
            self.join(fault, down, from);
            let held = &mut self.faults[fault];
            if held.source == FaultSource::Reported && from < held.opened {
                held.deadline = held.deadline - (held.opened - from);
                held.opened = from;
                held.rounds[0].0 = from;
            }
            // Nearly restored by itself.
            held.clouded |= held.source == FaultSource::Detected && nearly;
        } else if let Some((fault, restored)) = self.relapsing(line, from) {
            self.faults[fault].clouded |= self.is_nearly_calm(fault, down);
            self.faults[fault].rounds.push((from.max(restored), None));
            self.join(fault, down, from);
        } else if self.lasted(down) {
            let fault = self.open(line, FaultSource::Detected, from);
            self.join(fault, down, from);
        }
        if self.phases[down].fault.is_some() {
            self.gather(down);
        }
    }

    /// Whether the outage became known about when the fault would have been restored by itself.
    fn is_nearly_calm(&self, fault: usize, down: usize) -> bool {
        let known = self.now;
        let ends =
            self.faults[fault].held.iter().filter(|held| **held != down).filter_map(|held| self.downs[*held].end);
        ends.max().is_some_and(|end| ((end + self.told.policy.stability + LATER) - known).0.abs() <= NEAR.0)
    }

    fn place_below(&mut self, down: usize, root: &'t LineId) {
        let Some(fault) = self.open_on(root) else { return };
        match self.phases[down].fault {
            Some(present) if present == fault => return,
            // It was taken for the line's own at first: whatever comes of that.
            Some(present) if self.faults[present].is_open() => {
                self.faults[present].clouded = true;
                self.faults[fault].clouded = true;
            }
            Some(_) if self.phases[down].over => return,
            Some(_) | None => {}
        }
        let (from, opened) = (self.whose(down).0, self.faults[fault].opened);
        let from = if from < opened && self.planned_until(root, from) == opened { opened } else { from };
        if self.downs[down].end.is_none_or(|end| end > from) {
            self.join(fault, down, from);
        }
    }

    /// What is cut off by a line whose fault is opened is affected by it.
    fn gather(&mut self, cut: usize) {
        let line = self.downs[cut].line;
        let (over, span) = (self.phases[cut].over, (self.downs[cut].start, self.downs[cut].end));
        let with_it = |below: usize| {
            let Down { start, end, .. } = &self.downs[below];
            let phase = self.phases[below];
            let together = span.1.is_some_and(|cut| *start < cut) && end.is_none_or(|end| span.0 < end);
            phase.known && self.whose(below).1 == Some(line) && if over { together } else { !phase.over }
        };
        let below: Vec<usize> = (0..self.downs.len()).filter(|below| with_it(*below)).collect();
        for down in below {
            self.place_below(down, line);
        }
    }

    fn open_on(&self, line: &LineId) -> Option<usize> {
        let open = |test: &dyn Fn(&TrueFault<'_>) -> bool| {
            (0..self.faults.len()).rev().find(|at| self.faults[*at].is_open() && test(&self.faults[*at]))
        };
        open(&|fault| fault.line == line).or_else(|| open(&|fault| fault.named.contains(line)))
    }

    /// The fault of a line that was restored last, if the line fails again within the merge window.
    fn relapsing(&self, line: &LineId, from: Timestamp) -> Option<(usize, Timestamp)> {
        let restored = |at: usize| {
            let fault = &self.faults[at];
            (fault.line == line && !fault.void).then(|| fault.restored()).flatten().map(|restored| (at, restored))
        };
        let last = (0..self.faults.len()).filter_map(restored).max_by_key(|(_, restored)| *restored)?;
        (from <= last.1 + self.told.policy.merge_window).then_some(last)
    }

    fn open(&mut self, line: &'t LineId, source: FaultSource, opened: Timestamp) -> usize {
        let class = self.told.lines.get(line).map(|line| &line.class);
        let repair = class.map_or(Millis::ZERO, |class| self.told.policy.repair_time(class));
        self.faults.push(TrueFault {
            line,
            source,
            opened,
            deadline: opened + repair,
            rounds: vec![(opened, None)],
            points: BTreeMap::new(),
            reports: Vec::new(),
            numbers: BTreeSet::new(),
            stepped: false,
            closed: None,
            void: false,
            clouded: false,
            cleared: None,
            named: BTreeSet::new(),
            held: Vec::new(),
        });
        self.faults.len() - 1
    }

    fn join(&mut self, fault: usize, down: usize, from: Timestamp) {
        self.phases[down].fault = Some(fault);
        let held = &mut self.faults[fault];
        if !held.held.contains(&down) {
            held.held.push(down);
        }
        let since = held.points.entry(self.downs[down].line).or_insert(from);
        *since = from.min(*since);
        held.clouded |= self.downs[down].clouded;
        // Over already when it had lasted long enough.
        if let Some(end) = self.downs[down].end.filter(|_| self.phases[down].over) {
            self.agenda.push(Reverse((end + self.told.policy.stability + LATER, Known::Calm(fault))));
        }
    }

    /// Outages that are the fault's own, not those that are cut off by it.
    fn own(&self, fault: usize) -> Vec<usize> {
        let held = &self.faults[fault];
        let own = |down: &usize| self.downs[*down].line == held.line || self.whose(*down).1.is_none();
        let active = held.held.iter().copied().filter(|down| self.phases[*down].fault == Some(fault));
        active.filter(own).collect()
    }

    fn calm(&mut self, fault: usize) {
        let held = &self.faults[fault];
        if !held.is_open() || held.source == FaultSource::Reported || self.live(held.line).is_some() {
            return;
        }
        let own = self.own(fault);
        let Some(from) = held.rounds.last().map(|(from, _)| *from) else { return };
        if own.iter().any(|down| !self.phases[*down].over) {
            return;
        }
        let restored = own.iter().filter_map(|down| self.downs[*down].end).fold(from, Timestamp::max);
        let ends = self.on.get(held.line).into_iter().flatten().filter(|down| self.phases[**down].over);
        let back = ends.filter_map(|down| self.downs[*down].end).fold(restored, Timestamp::max);
        if back + self.told.policy.stability <= self.now {
            let now = self.now;
            let held = &mut self.faults[fault];
            if let Some(round) = held.rounds.last_mut() {
                round.1 = Some(restored);
            }
            held.cleared = Some(now);
        }
    }

    /// While the monitor could not see, nothing was found out, or later.
    fn cloud(&mut self) {
        let times = &self.told.policy;
        for fault in &mut self.faults {
            let last = fault.restored().unwrap_or(self.told.end);
            fault.clouded |= (self.told.end - last).0.abs() <= NEAR.0 && fault.restored().is_some();
            let disturbed = |from: Timestamp, until: Timestamp| {
                self.told.is_disturbed(linewatch_core::time::Span::new(from, until))
            };
            fault.clouded |= fault.rounds.iter().any(|(from, restored)| {
                let end = restored.unwrap_or(last);
                disturbed(*from - times.open_after, *from + times.open_after + NEAR)
                    || disturbed(end - times.stability - NEAR, end + times.stability + NEAR)
            });
        }
    }
}

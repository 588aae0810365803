//! What people say and do of faults.

use linewatch_core::line::LineId;
use linewatch_core::record::{FaultNo, FaultSource};
use linewatch_core::time::Timestamp;

use super::super::super::Deed;
use super::{Course, LATER, NEAR, TrueFault};
use crate::simulate::truth::Step;

impl<'t> Course<'_, 't> {
    pub(super) fn deed(&mut self, deed: usize) {
        match &self.told.deeds[deed] {
            Deed::Reported { line, at } => self.report(line, *at),
            Deed::Worked { line, fault, step, at, .. } => self.work(line, fault, *step, *at),
        }
    }

    /// What is told of a line is about its open fault, or that of a line above; else it is a new one.
    fn report(&mut self, line: &'t LineId, at: Timestamp) {
        let path: Vec<&'t LineId> = std::iter::once(line).chain(self.told.ancestors(line)).collect();
        // A line above is down, and with a word from below that has lasted.
        if path.iter().all(|line| self.open_on(line).is_none()) {
            let waits = |line: &&'t LineId| {
                let down = self.live(line)?;
                let own = self.whose(down).1.is_none() && self.phases[down].fault.is_none();
                (own && self.works_from(down) == self.whose(down).0).then_some((*line, down))
            };
            if let Some((above, down)) = path.iter().skip(1).find_map(waits) {
                let from = self.whose(down).0;
                let fault = self.open(above, FaultSource::Detected, from);
                self.join(fault, down, from);
                self.gather(down);
            }
        }
        let near = self.is_unsettled(&path);
        if let Some(fault) = path.iter().find_map(|line| self.open_on(line)) {
            let affects = |held: usize| self.phases[held].fault == Some(fault) && self.downs[held].line == line;
            let affected = self.faults[fault].line == line
                || self.faults[fault].named.contains(line)
                || self.faults[fault].held.iter().any(|held| affects(*held));
            let held = &mut self.faults[fault];
            held.reports.push((at, line));
            self.told_of.push((at, line));
            if !affected {
                held.named.insert(line);
                held.points.entry(line).or_insert(at);
            }
            held.clouded |= near;
            return;
        }
        let fault = self.open(line, FaultSource::Reported, at);
        self.faults[fault].reports.push((at, line));
        self.told_of.push((at, line));
        self.faults[fault].clouded |= near;
        if let Some(down) = self.live(line) {
            self.place(down);
        }
    }

    /// Whether something of these lines becomes known just now, so that its order to what people say is chance.
    fn is_unsettled(&self, path: &[&LineId]) -> bool {
        let near = |at: Timestamp| (at - self.now).0.abs() <= NEAR.0;
        path.iter().any(|line| {
            let downs = self.on.get(*line).into_iter().flatten().map(|down| &self.downs[*down]);
            let known = self.told.probing.get(*line).copied().unwrap_or_default().detection_best();
            let (open_after, stability) = (self.told.policy.open_after, self.told.policy.stability);
            downs.into_iter().any(|down| {
                near(down.start + known)
                    || down.whose.iter().any(|(from, _)| near(*from + open_after + LATER))
                    || down.end.is_some_and(|end| near(end) || near(end + stability + LATER))
            })
        })
    }

    fn work(&mut self, line: &'t LineId, number: &'t FaultNo, step: Step, at: Timestamp) {
        let known = (0..self.faults.len()).rev().find(|fault| self.faults[*fault].numbers.contains(number));
        let standing = |fault: &usize| {
            let held = &self.faults[*fault];
            held.line == line && held.numbers.is_empty() && held.opened <= at
        };
        if known.is_none() && step == Step::Closed {
            self.closings.push((number, line, at));
            return;
        }
        let Some(fault) = known.or_else(|| (0..self.faults.len()).rev().find(standing)) else { return };
        let own = self.own(fault);
        let contradicted = own.iter().any(|down| self.phases[*down].known && !self.phases[*down].over);
        let end = own.iter().filter_map(|down| self.downs[*down].end).max();
        let now = self.now;
        let held = &mut self.faults[fault];
        held.numbers.insert(number);
        match step {
            Step::Acknowledged | Step::Dispatched | Step::Arrived => held.stepped = true,
            Step::Restored => {
                held.stepped = true;
                // A word that came before the line had been up for long enough, though nearly.
                let first = held.is_open() || held.cleared.is_some_and(|at| now - at <= LATER);
                held.clouded |= contradicted || !first;
                if let Some(round) = held.rounds.last_mut().filter(|_| first) {
                    round.1 = Some(end.map_or(at, |end| end.max(at)));
                }
            }
            Step::Closed => held.closed = Some(at),
            Step::Voided => held.void = true,
        }
    }

    /// A closing that is the first thing that was done about a fault: of which one, the order of the numbers tells.
    pub(super) fn close(&mut self) {
        for (number, line, at) in std::mem::take(&mut self.closings) {
            let numbered = |fault: &TrueFault<'t>| fault.numbers.first().copied();
            let on_line = || (0..self.faults.len()).filter(|fault| self.faults[*fault].line == line);
            let after =
                on_line().filter(|fault| numbered(&self.faults[*fault]).is_some_and(|other| other < number)).max();
            let before =
                on_line().filter(|fault| numbered(&self.faults[*fault]).is_some_and(|other| other > number)).min();
            let possible: Vec<usize> = on_line()
                .filter(|fault| self.faults[*fault].numbers.is_empty())
                .filter(|fault| after.is_none_or(|after| *fault > after) && before.is_none_or(|before| *fault < before))
                .filter(|fault| self.faults[*fault].restored().is_some_and(|restored| restored < at))
                .collect();
            for fault in &possible {
                self.faults[*fault].clouded |= possible.len() > 1;
            }
            if let [fault] = possible[..] {
                self.faults[fault].numbers.insert(number);
                self.faults[fault].closed = Some(at);
            }
        }
    }

    /// Where a fault on the way of a report is clouded, nobody can tell which one it joined.
    pub(super) fn cloud_reports(&mut self) {
        for (at, line) in &self.told_of {
            let path: Vec<&LineId> = std::iter::once(*line).chain(self.told.ancestors(line)).collect();
            let margin = self.told.policy.stability + NEAR;
            let on_the_way = |fault: &TrueFault<'_>| {
                let restored = fault.restored().unwrap_or(Timestamp::MAX - margin);
                path.contains(&fault.line) && fault.opened - margin <= *at && *at <= restored + margin
            };
            let concerned: Vec<usize> =
                (0..self.faults.len()).filter(|fault| on_the_way(&self.faults[*fault])).collect();
            if concerned.iter().any(|fault| self.faults[*fault].clouded) {
                for fault in concerned {
                    self.faults[fault].clouded = true;
                }
            }
        }
    }
}

//! People's steps: in order, none twice, at times that go together. Crews forget steps, so that a step may be left out,
//! and one that was forgotten may be entered afterwards with its own time.

use std::cmp::Ordering;

use super::super::state::HeldFault;
use super::super::work::{Mark, Stage};
use super::super::{FaultObjection, Missing, Objection, Refusal};
use super::Draft;
use crate::act::FaultAct;
use crate::line::LineId;
use crate::record::{Amendment, Closing, FaultFact, FaultNo};
use crate::time::Timestamp;

/// A note longer than this is none that anybody reads.
const LONGEST: usize = 2_000;

impl Draft<'_> {
    pub(super) fn work(&mut self, act: &FaultAct) -> Result<(), Refusal> {
        match act {
            FaultAct::Report { line, at, report } => self.report(line, *at, report),
            FaultAct::Acknowledge { fault, at, note } => {
                let (at, late) = self.step(fault, Stage::Acknowledged, *at)?;
                let note = one_line(note)?;
                self.push(FaultFact::Acknowledged { fault: fault.clone(), at, late, note });
                Ok(())
            }
            FaultAct::Dispatch { fault, at, to, ticket, note } => {
                let (at, late) = self.step(fault, Stage::Dispatched, *at)?;
                let to = said(to, Missing::Recipient)?;
                let (ticket, note) = (optional(ticket.as_ref())?, one_line(note)?);
                self.push(FaultFact::Dispatched { fault: fault.clone(), at, to, ticket, late, note });
                Ok(())
            }
            FaultAct::Arrive { fault, at, note } => {
                let (at, late) = self.step(fault, Stage::OnSite, *at)?;
                let note = one_line(note)?;
                self.push(FaultFact::Arrived { fault: fault.clone(), at, late, note });
                Ok(())
            }
            FaultAct::Restore { fault, at, note } => {
                let note = one_line(note)?;
                self.repair(fault, *at, note)
            }
            FaultAct::Close { fault, at, closing } => self.close(fault, *at, closing),
            FaultAct::Reopen { fault, at, reason } => self.reopen(fault, *at, reason),
            FaultAct::Merge { fault, into, reason } => self.combine(fault, into, reason),
            FaultAct::Split { fault, lines, reason } => self.split(fault, lines, reason),
            FaultAct::Void { fault, reason } => self.void(fault, reason),
            FaultAct::Note { fault, amendment } => self.note(fault, amendment),
            FaultAct::AddPoint { fault, line, from, reason } => self.add_point(fault, line, *from, reason),
            FaultAct::RemovePoint { fault, line, from, reason } => self.remove_point(fault, line, *from, reason),
        }
    }

    /// A fault that is held.
    fn fault(&self, fault: &FaultNo) -> Result<&HeldFault, Objection> {
        self.ledger.workable(fault).ok_or_else(|| Objection::UnknownFault(fault.clone()))
    }

    /// One about which something is left to be done, if only on paper.
    fn unsettled(&self, fault: &FaultNo) -> Result<&HeldFault, Objection> {
        let held = self.fault(fault)?;
        let work = &held.open.work;
        let by = |mark: Option<&str>| mark.unwrap_or_default().to_owned();
        match work.stage {
            Stage::Closed => {
                let by = by(work.closed.as_ref().map(|mark| mark.said.by.as_str()));
                Err(FaultObjection::Closed { fault: fault.clone(), by }.into())
            }
            Stage::Void => {
                let by = by(work.voided.as_ref().map(|(said, _)| said.by.as_str()));
                Err(FaultObjection::Void { fault: fault.clone(), by }.into())
            }
            Stage::Open | Stage::Acknowledged | Stage::Dispatched | Stage::OnSite | Stage::Restored => Ok(held),
        }
    }

    /// Whether what was done then is entered late.
    pub(super) fn is_late(&self, at: Timestamp) -> bool {
        self.now - at > self.ledger.policy.late_after
    }

    /// When a step was done, and whether that is entered late; `None`: now.
    fn step(&self, fault: &FaultNo, stage: Stage, at: Option<Timestamp>) -> Result<(Timestamp, bool), Refusal> {
        let at = at.unwrap_or(self.now);
        self.past(at)?;
        let held = self.unsettled(fault)?;
        // Another crew, or the carrier, may be called whenever the ones before did not do.
        let again = stage == Stage::Dispatched && held.is_open();
        for (other, mark) in held.open.work.round().iter().flat_map(|round| round.marks()) {
            let Some(Mark { at: other_at, said, .. }) = mark else { continue };
            match other.cmp(&stage) {
                Ordering::Equal if !again => {
                    let (at, by) = (*other_at, said.by.clone());
                    return Err(Objection::from(FaultObjection::Done { fault: fault.clone(), stage, at, by }).into());
                }
                Ordering::Less if at < *other_at => {
                    return Err(out_of_order(fault, (stage, at), (other, *other_at)).into());
                }
                Ordering::Greater if *other_at < at && !again => {
                    return Err(out_of_order(fault, (stage, at), (other, *other_at)).into());
                }
                Ordering::Less | Ordering::Equal | Ordering::Greater => {}
            }
        }
        within(held, stage, at)?;
        Ok((at, self.is_late(at)))
    }

    /// A person says that it is restored. While the line is down by the probes that is kept, and does not count.
    fn repair(&mut self, fault: &FaultNo, at: Option<Timestamp>, note: String) -> Result<(), Refusal> {
        let at = at.unwrap_or(self.now);
        self.past(at)?;
        let held = self.unsettled(fault)?;
        if let Some(restored) = held.open.restored {
            return Err(Objection::from(FaultObjection::Restored { fault: fault.clone(), at: restored }).into());
        }
        for (other, mark) in held.open.work.round().iter().flat_map(|round| round.marks()) {
            if let Some(mark) = mark.filter(|mark| at < mark.at && other != Stage::Dispatched) {
                return Err(out_of_order(fault, (Stage::Restored, at), (other, mark.at)).into());
            }
        }
        within(held, Stage::Restored, at)?;
        let restored = match self.ledger.still_down(held) {
            Some(_) => None,
            None => Some(self.ledger.own_end(held).map_or(at, |end| end.max(at))),
        };
        let late = self.is_late(at);
        self.push(FaultFact::Repaired { fault: fault.clone(), at, restored, late, note });
        Ok(())
    }

    /// A person closes it, with a cause. What nobody had said to be restored is so from the same instant.
    fn close(&mut self, fault: &FaultNo, at: Option<Timestamp>, told: &Closing) -> Result<(), Refusal> {
        let at = at.unwrap_or(self.now);
        self.past(at)?;
        let held = self.unsettled(fault)?;
        let closing = Closing {
            cause: known::cause(&self.ledger.policy.choices, &told.cause)?,
            remedy: one_line(&told.remedy)?,
            responsibility: optional(told.responsibility.as_ref())?,
            overdue_reason: optional(told.overdue_reason.as_ref())?,
        };
        if held.is_open() {
            if let Some(line) = self.ledger.still_down(held) {
                let line = line.clone();
                return Err(Objection::from(FaultObjection::StillDown { fault: fault.clone(), line }).into());
            }
            self.repair(fault, Some(at), String::new())?;
        }
        let restored = self.fault(fault)?.open.restored;
        if let Some(restored) = restored.filter(|restored| at < *restored) {
            return Err(out_of_order(fault, (Stage::Closed, at), (Stage::Restored, restored)).into());
        }
        let late = self.is_late(at);
        self.push(FaultFact::Closed { fault: fault.clone(), at, closing, late });
        Ok(())
    }

    fn reopen(&mut self, fault: &FaultNo, at: Option<Timestamp>, reason: &str) -> Result<(), Refusal> {
        let reason = said(reason, Missing::Reason)?;
        let at = at.unwrap_or(self.now);
        self.past(at)?;
        let held = self.fault(fault)?;
        if held.is_open() {
            return Err(Objection::from(FaultObjection::Open(fault.clone())).into());
        }
        let begun = held.open.work.round().map_or(held.open.opened, |round| round.from);
        let since = held.open.restored.unwrap_or(begun);
        if at < since {
            let opened = since;
            return Err(Objection::from(FaultObjection::BeforeOpening { fault: fault.clone(), at, opened }).into());
        }
        // What went over to another fault meanwhile stays there.
        let theirs = |outage| self.ledger.outages.find(outage).is_some_and(|out| out.fault.as_ref() != Some(fault));
        let left: Vec<_> = held
            .active()
            .filter(|(outage, _)| theirs(*outage))
            .map(|(outage, point)| (outage, point.line.clone()))
            .collect();
        let late = self.is_late(at);
        for (outage, line) in left {
            self.push(FaultFact::Left { fault: fault.clone(), line, outage, from: at });
        }
        self.push(FaultFact::Reopened { fault: fault.clone(), at, reason, late });
        Ok(())
    }

    /// One fault is part of another, which takes over its lines. The lines' coming outages join that one too.
    fn combine(&mut self, fault: &FaultNo, into: &FaultNo, reason: &str) -> Result<(), Refusal> {
        let reason = said(reason, Missing::Reason)?;
        if fault == into {
            return Err(Objection::from(FaultObjection::Itself(fault.clone())).into());
        }
        let (gone, stays) = (self.unsettled(fault)?, self.unsettled(into)?);
        if gone.is_open() && !stays.is_open() {
            let at = stays.open.restored.unwrap_or(stays.open.opened);
            return Err(Objection::from(FaultObjection::Restored { fault: into.clone(), at }).into());
        }
        let opened = gone.open.opened.min(stays.open.opened);
        let deadline = stays.open.deadline - (stays.open.opened - opened);
        let named = gone.open.work.named.iter().filter(|point| point.left.is_none());
        let lines = named.map(|point| (point.line.clone(), point.from));
        let lines: Vec<_> = std::iter::once((gone.open.line.clone(), gone.open.opened)).chain(lines).collect();
        for (line, from) in lines {
            if self.fault(into)?.open.line != line && !self.fault(into)?.open.work.names(&line) {
                self.push(FaultFact::PointAdded { fault: into.clone(), line, from, reason: String::new() });
            }
        }
        self.push(FaultFact::Combined { fault: fault.clone(), into: into.clone(), opened, deadline, reason });
        Ok(())
    }

    /// Some lines are another fault, which stands on the first of them.
    fn split(&mut self, fault: &FaultNo, lines: &[LineId], reason: &str) -> Result<(), Refusal> {
        let reason = said(reason, Missing::Reason)?;
        let first = lines.first().ok_or(Objection::Missing(Missing::Lines))?;
        let held = self.unsettled(fault)?;
        if let Some(restored) = held.open.restored {
            return Err(Objection::from(FaultObjection::Restored { fault: fault.clone(), at: restored }).into());
        }
        for line in lines {
            if held.open.line == *line {
                let line = line.clone();
                return Err(Objection::from(FaultObjection::OwnLine { fault: fault.clone(), line }).into());
            }
            if !held.affects(line) {
                let line = line.clone();
                return Err(Objection::from(FaultObjection::NoPoint { fault: fault.clone(), line }).into());
            }
        }
        let moved = |line: &LineId| lines.contains(line);
        let outages: Vec<_> = held
            .active()
            .filter(|(_, point)| moved(&point.line))
            .map(|(outage, point)| (outage, point.clone()))
            .collect();
        let named: Vec<_> =
            held.open.work.named.iter().filter(|point| point.left.is_none() && moved(&point.line)).cloned().collect();
        let starts = outages.iter().map(|(_, point)| point.from).chain(named.iter().map(|point| point.from));
        let opened = starts.min().unwrap_or(held.open.opened);
        let (source, deadline, new) = (held.open.source, opened + self.repair_time(first), self.next_number());
        let (of, line) = (fault.clone(), first.clone());
        self.push(FaultFact::Split { fault: new.clone(), of, line, source, opened, deadline, reason });
        for (outage, point) in outages {
            let (line, from) = (point.line, point.from);
            self.push(FaultFact::Left { fault: fault.clone(), line: line.clone(), outage, from });
            self.push(FaultFact::Joined { fault: new.clone(), line, outage, from });
        }
        for point in named {
            let (line, from) = (point.line, point.from);
            self.push(FaultFact::PointRemoved {
                fault: fault.clone(),
                line: line.clone(),
                from,
                reason: String::new(),
            });
            if line != *first {
                self.push(FaultFact::PointAdded { fault: new.clone(), line, from, reason: String::new() });
            }
        }
        Ok(())
    }

    /// There was none. What the probes say is down is not nothing.
    fn void(&mut self, fault: &FaultNo, reason: &str) -> Result<(), Refusal> {
        let reason = said(reason, Missing::Reason)?;
        let held = self.unsettled(fault)?;
        if let Some(line) = self.ledger.still_down(held) {
            let line = line.clone();
            return Err(Objection::from(FaultObjection::StillDown { fault: fault.clone(), line }).into());
        }
        self.push(FaultFact::Voided { fault: fault.clone(), reason });
        Ok(())
    }

    fn note(&mut self, fault: &FaultNo, told: &Amendment) -> Result<(), Refusal> {
        let held = self.fault(fault)?;
        let choices = &self.ledger.policy.choices;
        let amendment = Amendment {
            words: one_line(&told.words)?,
            symptom: told.symptom.as_ref().map(|symptom| known::symptom(choices, &one_line(symptom)?)).transpose()?,
            ticket: optional(told.ticket.as_ref())?,
            contact: optional(told.contact.as_ref())?,
            phone: optional(told.phone.as_ref())?,
            overdue_reason: optional(told.overdue_reason.as_ref())?,
            responsibility: optional(told.responsibility.as_ref())?,
            cause: told.cause.as_ref().map(|cause| known::cause(choices, cause)).transpose()?,
            remedy: optional(told.remedy.as_ref())?,
        };
        if amendment.is_empty() {
            return Err(Objection::Missing(Missing::Words).into());
        }
        if (amendment.cause.is_some() || amendment.remedy.is_some()) && held.open.work.stage != Stage::Closed {
            return Err(Objection::from(FaultObjection::NotClosed(fault.clone())).into());
        }
        self.push(FaultFact::Noted { fault: fault.clone(), amendment });
        Ok(())
    }

    fn add_point(
        &mut self,
        fault: &FaultNo,
        line: &LineId,
        from: Option<Timestamp>,
        reason: &str,
    ) -> Result<(), Refusal> {
        self.known(line)?;
        let from = from.unwrap_or(self.now);
        self.past(from)?;
        let held = self.unsettled(fault)?;
        if held.affects(line) {
            let line = line.clone();
            return Err(Objection::from(FaultObjection::Point { fault: fault.clone(), line }).into());
        }
        if from < held.open.opened {
            let opened = held.open.opened;
            return Err(
                Objection::from(FaultObjection::BeforeOpening { fault: fault.clone(), at: from, opened }).into()
            );
        }
        let reason = one_line(reason)?;
        self.push(FaultFact::PointAdded { fault: fault.clone(), line: line.clone(), from, reason });
        Ok(())
    }

    fn remove_point(
        &mut self,
        fault: &FaultNo,
        line: &LineId,
        from: Option<Timestamp>,
        reason: &str,
    ) -> Result<(), Refusal> {
        let from = from.unwrap_or(self.now);
        self.past(from)?;
        if !self.unsettled(fault)?.open.work.names(line) {
            let line = line.clone();
            return Err(Objection::from(FaultObjection::NoPoint { fault: fault.clone(), line }).into());
        }
        let reason = one_line(reason)?;
        self.push(FaultFact::PointRemoved { fault: fault.clone(), line: line.clone(), from, reason });
        Ok(())
    }
}

/// A step lies after the opening of its round and not after the restoration.
fn within(held: &HeldFault, stage: Stage, at: Timestamp) -> Result<(), Objection> {
    let fault = &held.open.fault;
    let Some(round) = held.open.work.round() else { return Ok(()) };
    if at < round.from {
        return Err(FaultObjection::BeforeOpening { fault: fault.clone(), at, opened: round.from }.into());
    }
    match &round.restored {
        Some(restored) if restored.at < at => Err(out_of_order(fault, (stage, at), (Stage::Restored, restored.at))),
        Some(_) | None => Ok(()),
    }
}

fn out_of_order(fault: &FaultNo, (stage, at): (Stage, Timestamp), (other, other_at): (Stage, Timestamp)) -> Objection {
    FaultObjection::OutOfOrder { fault: fault.clone(), stage, at, other, other_at }.into()
}

/// What was said in words: on one line, and not nothing.
fn said(text: &str, what: Missing) -> Result<String, Objection> {
    match one_line(text)? {
        words if words.is_empty() => Err(Objection::Missing(what)),
        words => Ok(words),
    }
}

/// What may be left out.
fn optional(text: Option<&String>) -> Result<Option<String>, Objection> {
    let words = text.map(|text| one_line(text)).transpose()?;
    Ok(words.filter(|words| !words.is_empty()))
}

/// On one line, and of a length that somebody reads.
pub(super) fn one_line(text: &str) -> Result<String, Objection> {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let line = line.trim();
    let letters = line.chars().count();
    if letters > LONGEST {
        return Err(FaultObjection::TooLong { letters, most: LONGEST }.into());
    }
    Ok(line.to_owned())
}

/// What has to be one of the configured words.
pub(super) mod known {
    use super::super::super::policy::Choices;
    use super::super::super::{FaultObjection, Missing, Objection};

    pub(in super::super) fn channel(choices: &Choices, said: &str) -> Result<String, Objection> {
        let known = &choices.channels;
        match (said, known.first()) {
            ("", Some(first)) => Ok(first.clone()),
            _ if known.iter().any(|channel| channel == said) => Ok(said.to_owned()),
            _ => Err(FaultObjection::UnknownChannel { channel: said.to_owned(), known: known.clone() }.into()),
        }
    }

    pub(in super::super) fn symptom(choices: &Choices, said: &str) -> Result<String, Objection> {
        let known = &choices.symptoms;
        if known.iter().any(|symptom| symptom == said) {
            return Ok(said.to_owned());
        }
        Err(FaultObjection::UnknownSymptom { symptom: said.to_owned(), known: known.clone() }.into())
    }

    /// A whole path; its last part alone will do where that is the only one of its name. Names may hold a `/`.
    pub(in super::super) fn cause(choices: &Choices, said: &[String]) -> Result<Vec<String>, Objection> {
        let parts = said.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
        let told = parts.collect::<Vec<_>>().join("/");
        if told.is_empty() {
            return Err(Objection::Missing(Missing::Cause));
        }
        let known = choices.cause_paths();
        if let Some(path) = known.iter().find(|path| path.join("/") == told) {
            return Ok(path.clone());
        }
        let mut ending = known.iter().filter(|path| path.join("/").ends_with(&format!("/{told}")));
        match (ending.next(), ending.next()) {
            (Some(path), None) => Ok(path.clone()),
            _ => Err(FaultObjection::UnknownCause { cause: vec![told], known }.into()),
        }
    }
}

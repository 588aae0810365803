//! Finding out what a command appends. A [`Draft`] is a scratch clone of the ledger onto which every found fact is
//! folded at once, so that the next one is found knowing it; the ledger itself stays as it is.

mod attribution;
mod decision;
mod due;
mod evidence;
mod fault;
mod history;
mod inspection;
mod inventory;
mod observation;
mod outage;
mod person;
mod planned;
mod report;
mod seal;
mod work;

pub(super) use due::next_due;

use super::{Envelope, Ledger, Refusal};
use crate::act::Act;
use crate::command::{Command, Verdict};
use crate::line::LineId;
use crate::record::{
    DecisionFact, Fact, FaultFact, HistoryFact, InspectionFact, LineFact, ObservationFact, OutageFact, PersonFact,
    PlannedFact, SealFact,
};
use crate::time::Timestamp;

/// What a command appends, in order. `now` is the time of recording.
///
/// A verdict that says nothing new (a line seen that is seen, a monitor blinded that is blind) appends nothing.
///
/// # Errors
/// A [`Refusal`] says why nothing may be appended.
pub fn decide(ledger: &Ledger, command: &Command, now: Timestamp) -> Result<Vec<Fact>, Refusal> {
    if now < ledger.recorded_at() {
        return Err(Refusal::BeforeLastRecord { now, recorded_at: ledger.recorded_at() });
    }
    let author = command.author().unwrap_or_default();
    let mut draft = Draft { ledger: ledger.clone(), now, author, facts: Vec::new() };
    match command {
        Command::Resume { at, observed_until, waiting } => draft.resume(*at, *observed_until, waiting),
        Command::Checkpoint { at, waiting } => {
            draft.push(ObservationFact::Checkpoint { at: *at, waiting: waiting.clone() });
        }
        Command::LoadInventory { at, lines, allow_removal } => draft.load_inventory(*at, lines, *allow_removal)?,
        Command::Verdict(verdict) => draft.verdict(verdict)?,
        Command::Due { at } => draft.due(*at),
        Command::Person { author: _, act } => draft.person(act)?,
    }
    Ok(draft.facts)
}

/// A ledger to try facts on.
struct Draft<'a> {
    ledger: Ledger,
    now: Timestamp,
    /// Who gives the command; empty: the program itself.
    author: &'a str,
    facts: Vec<Fact>,
}

impl Draft<'_> {
    /// Appends a fact and folds it, as the record it will be.
    fn push(&mut self, fact: impl Into<Fact>) {
        let fact = fact.into();
        let envelope =
            Envelope { seq: self.ledger.seq() + 1, recorded_at: self.now, author: self.author, source: None };
        self.ledger.fold(envelope, &fact);
        self.facts.push(fact);
    }

    fn verdict(&mut self, verdict: &Verdict) -> Result<(), Refusal> {
        match verdict {
            Verdict::Down { line, start, last_reply, confirmed_at, cause } => {
                self.known(line)?;
                self.down(line, *start, *last_reply, *confirmed_at, *cause);
            }
            Verdict::StillDown { line, first_loss, confirmed_at: _ } => {
                self.known(line)?;
                self.still_down(line, *first_loss);
            }
            Verdict::Up { line, last_loss, first_reply, confirmed_at, after_gap } => {
                self.known(line)?;
                self.up(line, *last_loss, *first_reply, *confirmed_at, *after_gap);
            }
            Verdict::Blinded { from, cause, waiting } => self.blinded(*from, *cause, waiting),
            Verdict::Sighted { at } => self.sighted(*at),
            Verdict::ClockStepped { step, waiting } => self.clock_stepped(*step, waiting),
            Verdict::LineLost { line, from, cause } => {
                self.known(line)?;
                self.line_lost(line, *from, *cause);
            }
            Verdict::LineSeen { line, at } => {
                self.known(line)?;
                self.line_seen(line, *at);
            }
        }
        Ok(())
    }

    fn person(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::Inspect(inspection) => self.inspect(inspection),
            Act::Plan(planning) => self.plan(planning),
            Act::Decide(deciding) => self.decide(deciding),
            Act::Keep(keeping) => self.keep(keeping),
            Act::Import(import) => self.import(import),
            Act::Seal(sealing) => self.seal(sealing),
            Act::Fault(act) => self.work(act),
        }
    }

    fn known(&self, line: &LineId) -> Result<(), Refusal> {
        self.ledger.line(line).map(|_| ()).ok_or_else(|| Refusal::UnknownLine(line.clone()))
    }
}

macro_rules! into_fact {
    ($($fact:ident => $subject:ident,)*) => {
        $(impl From<$fact> for Fact {
            fn from(fact: $fact) -> Self {
                Self::$subject(fact)
            }
        })*
    };
}

into_fact! {
    ObservationFact => Observation,
    LineFact => Line,
    OutageFact => Outage,
    FaultFact => Fault,
    PlannedFact => Planned,
    DecisionFact => Decision,
    InspectionFact => Inspection,
    PersonFact => Person,
    HistoryFact => History,
    SealFact => Seal,
}

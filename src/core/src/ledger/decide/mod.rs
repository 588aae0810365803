//! Finding out what a command appends. A [`Draft`] is a scratch clone of the ledger onto which every found fact is
//! folded at once, so that the next one is found knowing it; the ledger itself stays as it is.

mod attribution;
mod due;
mod evidence;
mod fault;
mod inventory;
mod observation;
mod outage;

pub(super) use due::next_due;

use super::{Ledger, Refusal};
use crate::command::{Command, Verdict};
use crate::line::LineId;
use crate::record::{Fact, FaultFact, LineFact, ObservationFact, OutageFact};
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
    let mut draft = Draft { ledger: ledger.clone(), now, facts: Vec::new() };
    match command {
        Command::Resume { at, observed_until, waiting } => draft.resume(*at, *observed_until, waiting),
        Command::Checkpoint { at, waiting } => {
            draft.push(ObservationFact::Checkpoint { at: *at, waiting: waiting.clone() });
        }
        Command::LoadInventory { at, lines, allow_removal } => draft.load_inventory(*at, lines, *allow_removal)?,
        Command::Verdict(verdict) => draft.verdict(verdict)?,
        Command::Due { at } => draft.due(*at),
    }
    Ok(draft.facts)
}

/// A ledger to try facts on.
struct Draft {
    ledger: Ledger,
    now: Timestamp,
    facts: Vec<Fact>,
}

impl Draft {
    /// Appends a fact and folds it, as the record it will be.
    fn push(&mut self, fact: impl Into<Fact>) {
        let fact = fact.into();
        self.ledger.fold(self.ledger.seq() + 1, self.now, &fact);
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

    fn known(&self, line: &LineId) -> Result<(), Refusal> {
        self.ledger.line(line).map(|_| ()).ok_or_else(|| Refusal::UnknownLine(line.clone()))
    }
}

impl From<ObservationFact> for Fact {
    fn from(fact: ObservationFact) -> Self {
        Self::Observation(fact)
    }
}

impl From<LineFact> for Fact {
    fn from(fact: LineFact) -> Self {
        Self::Line(fact)
    }
}

impl From<OutageFact> for Fact {
    fn from(fact: OutageFact) -> Self {
        Self::Outage(fact)
    }
}

impl From<FaultFact> for Fact {
    fn from(fact: FaultFact) -> Self {
        Self::Fault(fact)
    }
}

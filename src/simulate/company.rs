//! The people of a simulated district that lives in the daemon: as in a simulated year, but each of their hours takes as
//! little of the clock as the district's do.

use std::sync::Arc;

use linewatch_core::command::Command;
use linewatch_core::ledger::{Choices, Ledger, Policy};
use linewatch_core::line::Line;
use linewatch_core::record::{DecisionFact, Fact, OutageFact, Record};
use linewatch_core::time::Timestamp;

use super::people::{ADMINS, People, Wish};
use crate::daemon::Company;
use crate::probe::District;

/// Offices, crews and admins.
pub struct Townspeople {
    district: District,
    lines: Arc<Vec<Line>>,
    people: People,
    ledger: Ledger,
    began: Timestamp,
    /// The number of the district's next year, and when it begins.
    year: u32,
    next_year: Timestamp,
}

impl Townspeople {
    /// The people of a district, who choose from these words.
    pub fn new(district: District, lines: &[Line], choices: Choices, policy: Policy) -> Self {
        let lines = Arc::new(lines.to_vec());
        let people = People::new(district.seed, district.rates.people, Arc::clone(&lines), choices, district.speed);
        let ledger = Ledger::new(Arc::new(policy));
        Self { district, lines, people, ledger, began: Timestamp::MIN, year: 0, next_year: Timestamp::MAX }
    }

    fn begin_year(&mut self) {
        let timetable = self.district.timetable(&self.lines, self.year, self.began);
        self.people.expect(&timetable.cuts, &timetable.windows, timetable.span);
        self.year += 1;
        self.next_year = timetable.span.end;
    }
}

impl Company for Townspeople {
    fn begin(&mut self, now: Timestamp, ledger: Ledger) {
        self.began = now;
        self.ledger = ledger;
        self.begin_year();
        // Crews take up again what they had in hand.
        let open: Vec<_> = self.ledger.faults().filter(|fault| fault.is_open()).cloned().collect();
        for fault in open {
            self.people.take_up(now, &fault);
        }
    }

    fn hear(&mut self, now: Timestamp, record: &Record) {
        if record.seq <= self.ledger.seq() {
            return;
        }
        self.ledger.apply(record);
        if let Fact::Outage(OutageFact::Started { line, .. }) = &record.fact {
            self.people.notice_down(now, line);
        }
        // What others propose is for others to judge.
        let theirs = matches!(record.fact, Fact::Decision(DecisionFact::Proposed { .. })) && record.author != ADMINS[0];
        if !theirs {
            self.people.hear(now, record.seq, &record.fact);
        }
    }

    fn next(&self) -> Option<Timestamp> {
        self.people.next().map_or(Some(self.next_year), |at| Some(at.min(self.next_year)))
    }

    fn wish(&mut self, now: Timestamp) -> Option<Command> {
        if now >= self.next_year {
            self.begin_year();
        }
        let Wish { author, act, .. } = self.people.wish(now, &self.ledger)?;
        Some(Command::Person { author, act })
    }
}

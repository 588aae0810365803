//! What the figures of a report are made of, line by line and fault by fault: from the same records by the same policy.

use linewatch_core::ledger::{Changes, FaultStepRow, HistoryRow};
use linewatch_core::line::LineId;
use linewatch_core::record::Record;
use linewatch_core::rollup::{Detail, Detailing, FaultCase, fault_cases};

use super::{NoFigures, Question, Report, Step, Tables, fault_input};
use crate::store::Snapshot;

/// Something that was done about a fault or said of it.
pub enum Told {
    /// A record of its own.
    Step(Box<FaultStepRow>),
    /// It was imported.
    Imported(Box<HistoryRow>),
}

/// The way to the details of a report.
pub struct Details<'s, 'a> {
    tables: Tables<'s, 'a>,
    question: Question,
    people: bool,
}

impl<'s, 'a> Details<'s, 'a> {
    /// Of a report that was computed from this snapshot as an answer to this question.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn of(
        snapshot: &'s Snapshot<'a>,
        question: &Question,
        report: &Report,
        apply: impl FnMut(&Record) -> Changes,
        watch: impl FnMut(Step),
    ) -> Result<Self, NoFigures> {
        let about = &report.about;
        // A sealed report rests on earlier records and another policy than those that were asked for.
        let head = (about.head != snapshot.head() || question.as_of.is_some()).then_some(about.head);
        let now = if about.running() { about.as_of } else { about.period.span().end };
        let question = Question { period: about.period, policy: about.policy.clone(), as_of: head, now };
        Ok(Self { tables: Tables::of(snapshot, head, apply, watch)?, question, people: true })
    }

    /// For whoever may not see who reported a fault, who was sent and who entered what.
    #[must_use]
    pub fn without_people(mut self) -> Self {
        self.people = false;
        self
    }

    /// Whether people may be named.
    pub fn names_people(&self) -> bool {
        self.people
    }

    /// Hands over one line after the other, in the order of ids; lines that were never in service are left out.
    ///
    /// # Errors
    /// When the store cannot be read, or what the caller does fails.
    pub fn each_line<E: From<NoFigures>>(
        &self,
        mut each: impl FnMut(&LineId, Detail) -> Result<(), E>,
        mut watch: impl FnMut(Step),
    ) -> Result<(), E> {
        let (input, _) = self.tables.open(&self.question)?;
        let lines: Vec<_> = input.common.inventory.lines().cloned().collect();
        let mut detailing = Detailing::new(input.common.clone());
        for (done, line) in (0_u64..).zip(&lines) {
            watch(Step::Counted(done, lines.len() as u64));
            let history = input.line(line).map_err(NoFigures::from)?;
            let detail = detailing.line(&history);
            if !detail.stretches.is_empty() {
                each(line, detail)?;
            }
        }
        Ok(())
    }

    /// What was done about the faults and said of them, fault after fault, in the order of entry. Of an imported one
    /// nothing is known but what its source said.
    ///
    /// # Errors
    /// When the store cannot be read, or what the caller does fails.
    pub fn each_step<E: From<NoFigures>>(
        &self,
        cases: &[FaultCase],
        mut each: impl FnMut(&FaultCase, Told) -> Result<(), E>,
    ) -> Result<(), E> {
        let tables = self.tables.derived();
        for case in cases {
            if case.fault.imported
                && let Some(seq) = case.fault.fault.as_str().strip_prefix('H').and_then(|seq| seq.parse().ok())
                && let Some(row) = tables.imported_as(seq).map_err(NoFigures::from)?
            {
                each(case, Told::Imported(Box::new(row)))?;
            }
            for step in tables.fault_steps(&case.fault.fault).map_err(NoFigures::from)? {
                each(case, Told::Step(Box::new(step)))?;
            }
        }
        Ok(())
    }

    /// The faults, each with what it adds to the figures.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn faults(&self) -> Result<Vec<FaultCase>, NoFigures> {
        let (input, about) = self.tables.open(&self.question)?;
        let faults = fault_input::faults(self.tables.derived(), &input.common.inventory, about.period.span())?;
        Ok(fault_cases(input.common.counted(), &faults))
    }
}

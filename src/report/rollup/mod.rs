//! The figures of a period: read from the store, counted by the core, told as text, CSV and JSON.
//!
//! [`compute`] reads the tables line by line and hands them to [`linewatch_core::rollup`]; [`text()`], [`csv()`] and
//! [`json()`] tell the same [`Report`]. [`canonical`] is the form that a seal takes the digest of.

mod csv;
mod details;
mod document;
mod explain;
mod explain_text;
mod fault_input;
mod fault_text;
mod input;
mod ledger;
mod ledger_text;
pub(crate) mod numbers;
pub mod period;
mod seal_text;
mod sealed;
mod sources;
mod text;

use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::{Changes, HorizonRow};
use linewatch_core::line::LineId;
use linewatch_core::record::Record;
use linewatch_core::rollup::{Counting, Policy, Rollup};
use linewatch_core::time::Timestamp;

pub use csv::csv;
pub use details::{Details, Told};
pub use document::{canonical_json, json};
pub use explain::{Explainable, Explained, course, explain};
pub use explain_text::{explained_json, explained_text};
pub(crate) use fault_text::source_word;
pub use ledger::{Entry, Matter, Standing, Subject, entries, recorded};
pub use ledger_text::{about as entry_about, who as entry_who};
pub use ledger_text::{
    between, ledger_json, ledger_text, matter_word, period_ledger_json, period_ledger_text, scope_words, standing_word,
};
pub use numbers::{grouped, percent, percent_of_faults};
pub use seal_text::{check_words, seal_json, seals_text};
pub use sealed::{Change, Check, Revision, Seal, Sealed, changes, seals};
pub use text::{Telling, text};

use crate::config::Config;
use crate::language::Language;
use crate::store::{Derived, Folded, Head, Heartbeat, Snapshot, StoreError, StoreKind};
use input::{Input, Reach};
use period::Period;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which time.
    pub period: Period,
    /// By what it is judged.
    pub policy: Policy,
    /// Nothing is counted that was recorded later than this head; `None`: all that there is.
    pub as_of: Option<Head>,
    /// The instant of asking, or the one asked for: a period that ends later is counted up to here.
    pub now: Timestamp,
}

/// The figures of a period with all that has to stand beside them.
#[derive(Clone, Debug)]
pub struct Report {
    /// What they are of.
    pub about: About,
    /// The figures. Of a sealed period those that were sealed first.
    pub figures: Rollup,
    /// What people said of time in the period, whatever became of it, by number.
    pub ledger: Vec<Entry>,
    /// That the period is sealed, and what later records changed.
    pub seal: Option<Sealed>,
}

/// What stands for the name of somebody, and for a document, where they are not to be seen.
const HIDDEN: &str = "***";

impl Report {
    /// For whoever may not see who decided what, and on which document: a mark stands for both. The figures, and when
    /// something was said, stay.
    #[must_use]
    pub fn without_people(mut self) -> Self {
        for entry in &mut self.ledger {
            let undone = entry.undone.as_mut().map(|(said, _)| said);
            for said in [&mut entry.said].into_iter().chain(&mut entry.approved).chain(undone) {
                HIDDEN.clone_into(&mut said.by);
            }
            if !entry.document.is_empty() {
                HIDDEN.clone_into(&mut entry.document);
            }
        }
        if let Some(sealed) = &mut self.seal {
            let later = sealed.revisions.iter_mut().filter_map(|revision| revision.seal.as_mut());
            for seal in [&mut sealed.seal].into_iter().chain(later) {
                HIDDEN.clone_into(&mut seal.said.by);
            }
        }
        self
    }
}

/// What figures are of: period, policy, evidence.
#[derive(Clone, Debug)]
pub struct About {
    /// The period.
    pub period: Period,
    /// Counted up to here: the period's end, or earlier while it runs.
    pub until: Timestamp,
    /// The instant of asking.
    pub as_of: Timestamp,
    /// By what it was judged.
    pub policy: Policy,
    /// The last record looked at.
    pub head: Head,
    /// Whether the chain was recomputed on this occasion.
    pub verified: bool,
    /// Real or simulated.
    pub kind: StoreKind,
    /// How many records came from another system.
    pub imported: u64,
}

impl About {
    /// Whether the period had not ended.
    pub fn running(&self) -> bool {
        self.until < self.period.span().end
    }
}

/// How far it has come: so many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Records folded again, for an earlier head.
    Folded(u64, u64),
    /// Lines counted.
    Counted(u64, u64),
}

/// Why there are no figures.
#[derive(Debug)]
pub enum NoFigures {
    /// The store cannot be read.
    Store(StoreError),
    /// There is no record.
    Empty,
    /// The period has not begun.
    NotYet(Period),
    /// Nobody observed anything before this instant.
    TooEarly(Period, Timestamp),
    /// No line of this id was in service in the period; perhaps this one is meant.
    NoSuchLine(LineId, Option<String>),
}

impl From<StoreError> for NoFigures {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl NoFigures {
    /// The sentence for people.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Store(error) => error.sentence(language),
            Self::Empty => language.pick(
                "记录库里还没有记录，无从计算；先用 linewatch run 开始监测".to_owned(),
                "the journal has no records to compute from; start watching with: linewatch run".to_owned(),
            ),
            Self::NotYet(period) => {
                let name = period.name(language);
                language.pick(
                    format!("统计期 {name} 还没有开始，没有可算的时间"),
                    format!("the period {name} has not begun: there is no time to count"),
                )
            }
            Self::NoSuchLine(line, meant) => {
                let meant = meant.as_ref().map_or_else(String::new, |meant| {
                    language.pick(format!("，是不是 {meant}？"), format!("; did you mean {meant}?"))
                });
                language.pick(
                    format!("统计期内没有编号为 {line} 的在用线路{meant}"),
                    format!("no line {line} was in service in that period{meant}"),
                )
            }
            Self::TooEarly(period, begin) => {
                let (name, begin) = (period.name(language), period::rfc3339(*begin, period.zone()));
                language.pick(
                    format!("记录库从 {begin} 才有观测，{name} 之内没有任何证据；有旧系统数据时可先用 linewatch history import 导入"),
                    format!("the journal's evidence begins at {begin}: it knows nothing of {name}; data of an earlier system can be imported with linewatch history import"),
                )
            }
        }
    }
}

/// The policy that a configuration stands for.
pub fn policy(config: &Config) -> Policy {
    Policy {
        name: config.rollup.policy.clone(),
        targets_ppm: config.classes.iter().map(|class| (class.name.clone(), class.target_ppm)).collect(),
        min_coverage_ppm: config.rollup.minimum_coverage_ppm,
        ..Policy::default()
    }
}

/// The classes in the order of the configuration: name, and what people call it.
pub fn labels(config: &Config) -> Vec<(String, String)> {
    config.classes.iter().map(|class| (class.name.to_string(), class.label.clone())).collect()
}

/// Computes the figures. `apply` folds a record, as `Ledger::apply` does; it is asked only for an earlier head.
///
/// # Errors
/// When the store cannot be read, or nothing is known of the period.
pub fn compute(
    snapshot: &Snapshot<'_>,
    question: &Question,
    apply: impl FnMut(&Record) -> Changes,
    mut watch: impl FnMut(Step),
) -> Result<Report, NoFigures> {
    let tables = Tables::of(snapshot, question.as_of, apply, &mut watch)?;
    let report = count(&tables, question, &mut watch)?;
    sealed::sealed(&tables, report, &mut watch)
}

/// Counts what the tables say, seals apart.
fn count(tables: &Tables<'_, '_>, question: &Question, watch: &mut dyn FnMut(Step)) -> Result<Report, NoFigures> {
    let (input, about) = tables.open(question)?;
    let lines: Vec<_> = input.common.inventory.lines().cloned().collect();
    let mut counting = Counting::new(input.common.clone());
    for (done, line) in (0_u64..).zip(&lines) {
        watch(Step::Counted(done, lines.len() as u64));
        counting.add(&input.line(line)?);
    }
    let derived = tables.derived();
    let span = question.period.span();
    let faults = fault_input::faults(derived, &input.common.inventory, span)?;
    let figures = counting.finish(&faults, &fault_input::inspections(derived, span)?);
    let ledger = ledger::of_period(derived, span, &figures.effects)?;
    Ok(Report { about, figures, ledger, seal: None })
}

/// What a seal fixes: the figures of a whole period from the records up to a head, by a policy, and the bytes that it
/// takes the digest of. The same records and policy give the same bytes, on any machine and at any later time. Counted to
/// the period's end whatever the time is: what the records do not reach is undetermined.
///
/// # Errors
/// As [`compute`].
pub fn canonical(
    snapshot: &Snapshot<'_>,
    period: Period,
    policy: Policy,
    head: Head,
    mut watch: impl FnMut(Step),
) -> Result<(Report, Vec<u8>), NoFigures> {
    let report = sealed::at(snapshot, period, policy, head, &mut watch)?;
    let bytes = canonical_json(&report);
    Ok((report, bytes))
}

/// The tables that a question is answered from.
struct Tables<'s, 'a> {
    snapshot: &'s Snapshot<'a>,
    folded: Option<Folded>,
    head: Head,
}

impl<'s, 'a> Tables<'s, 'a> {
    /// The stored ones, or those of an earlier head.
    fn of(
        snapshot: &'s Snapshot<'a>,
        as_of: Option<Head>,
        apply: impl FnMut(&Record) -> Changes,
        mut watch: impl FnMut(Step),
    ) -> Result<Self, StoreError> {
        let head = as_of.unwrap_or(snapshot.head());
        let folded = if head == snapshot.head() {
            None
        } else {
            Some(snapshot.fold_to(head, apply, |done| watch(Step::Folded(done, head.seq)))?)
        };
        Ok(Self { snapshot, folded, head })
    }

    fn derived(&self) -> Derived<'_> {
        self.folded.as_ref().map_or_else(|| self.snapshot.derived(), Folded::derived)
    }

    /// Reads what holds for all lines, and says what can be said before anything is counted.
    fn open(&self, question: &Question) -> Result<(Input<'_>, About), NoFigures> {
        let period = question.period;
        let span = period.span();
        let begin = self.snapshot.begin()?.filter(|_| self.head.seq > 0).ok_or(NoFigures::Empty)?;
        if span.start >= question.now {
            return Err(NoFigures::NotYet(period));
        }
        let derived = self.derived();
        let known_from = derived.imported_from()?.map_or(begin, |imported| imported.min(begin));
        if span.end <= known_from {
            return Err(NoFigures::TooEarly(period, known_from));
        }
        let until = span.end.min(question.now);
        let running = until < span.end;
        let (horizon, waiting) = self.reach(running && question.as_of.is_none())?;
        let reach = Reach { begin, horizon, waiting };
        let calendar = Calendar::new(period.zone());
        let input = Input::read(derived, span, until, calendar, question.policy.clone(), reach)?;
        let about = About {
            period,
            until,
            as_of: question.now,
            policy: question.policy.clone(),
            head: self.head,
            verified: false,
            kind: self.snapshot.kind(),
            imported: derived.imported_count()?,
        };
        Ok((input, about))
    }

    /// Up to where all is certain: by the records, and for a running period by the heartbeat too.
    fn reach(&self, with_heartbeat: bool) -> Result<(Timestamp, Vec<linewatch_core::record::Waiting>), StoreError> {
        let (at, waiting) = match self.derived().horizon()? {
            Some(HorizonRow { at, waiting }) => (at, waiting),
            None => (Timestamp::MIN, Vec::new()),
        };
        let beat = if with_heartbeat { self.snapshot.heartbeat()? } else { None };
        Ok(match beat {
            Some(Heartbeat { at: later, waiting }) if later > at => (later, waiting),
            Some(_) | None => (at, waiting),
        })
    }
}

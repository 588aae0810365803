//! One line's figures laid open: every stretch of its time, what it counts as, by which records, and the sums.

use linewatch_core::ledger::Changes;
use linewatch_core::line::LineId;
use linewatch_core::outcome::BlindCause;
use linewatch_core::record::Record;
use linewatch_core::rollup::{self, Counted, Explanation, Figures, Kind, LineHistory, MergedOutage, Stretch, Unknown};
use linewatch_core::time::{Millis, Span, Timestamp};

use super::sources::{Key, Sources};
use super::{About, NoFigures, Question, Step, Tables};
use crate::spelling::closest;
use crate::store::Snapshot;

/// What the figures of one line are made of.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Period, policy, evidence.
    pub about: About,
    /// The line.
    pub line: LineId,
    /// Its name when last in service.
    pub name: String,
    /// When an imported source observed it, in order; may overlap.
    pub imported: Vec<Span>,
    /// Its time in service, in order.
    pub stretches: Vec<Explainable>,
    /// The outages counted, whole.
    pub outages: Vec<MergedOutage>,
    /// The figures, as in the rollup.
    pub figures: Figures,
}

/// A stretch with the records that it rests on.
#[derive(Clone, Debug)]
pub struct Explainable {
    /// When.
    pub span: Span,
    /// What it counts as, and by what.
    pub counted: Counted,
    /// Whether it lies in a gap that counts as down.
    pub bridged: bool,
    /// Records that say so, in order; none: up, since nothing says otherwise.
    pub records: Vec<u64>,
    /// Whether these were imported.
    pub imported: bool,
    /// What was before it, and after, of the same kind: the sum of their lengths with this one's.
    pub sum: Millis,
}

/// Lays one line open.
///
/// # Errors
/// As [`super::compute`], and when the line was not in service.
pub fn explain(
    snapshot: &Snapshot<'_>,
    question: &Question,
    line: &LineId,
    apply: impl FnMut(&Record) -> Changes,
    mut watch: impl FnMut(Step),
) -> Result<Explained, NoFigures> {
    let tables = Tables::of(snapshot, question.as_of, apply, &mut watch)?;
    let (input, about) = tables.open(question)?;
    let history = input.line(line)?;
    let Explanation { stretches, outages, figures } = rollup::explain(&input.common, &history);
    let (Some(figures), Some(last)) = (figures, stretches.last()) else {
        let known: Vec<String> = input.common.inventory.lines().map(ToString::to_string).collect();
        let meant = closest(line.as_str(), known.iter().map(String::as_str)).map(str::to_owned);
        return Err(NoFigures::NoSuchLine(line.clone(), meant));
    };
    let name = last.line.name.clone();
    let head = about.head;
    let zone = about.period.zone();
    let sources = Sources::trace(snapshot, head, line, zone, |done| watch(Step::Folded(done, head.seq)))?;
    let records = Records { sources: &sources, history: &history, gaps: &input.common.evidence.gaps };
    let mut stretches = joined(&stretches, |stretch| records.of(stretch));
    let derived = tables.derived();
    for stretch in &mut stretches {
        if let [number] = stretch.records.as_slice() {
            stretch.imported = derived.imported_as(*number)?.is_some();
        }
    }
    let counted = input.common.counted();
    let observed = history.observed.iter().chain(&input.common.evidence.observed);
    let mut imported: Vec<Span> = observed.map(|span| span.clip(counted)).filter(|span| !span.is_empty()).collect();
    imported.sort_unstable_by_key(|span| (span.start, span.end));
    Ok(Explained { about, line: line.clone(), name, imported, stretches, outages, figures })
}

/// A line's time in service in a period, in order, each stretch with what it counts as; and its figures. Unlike
/// [`explain`] it does not look for the records behind, which takes a walk through all of them.
///
/// # Errors
/// As [`super::compute`]; a line that was not in service has no stretches.
pub fn course(
    snapshot: &Snapshot<'_>,
    question: &Question,
    line: &LineId,
) -> Result<(Vec<Stretch>, Option<Figures>), NoFigures> {
    let folding = |_: &Record| Changes::default();
    let tables = Tables::of(snapshot, None, folding, |_| {})?;
    let (input, _) = tables.open(question)?;
    let Explanation { stretches, outages: _, figures } = rollup::explain(&input.common, &input.line(line)?);
    Ok((stretches, figures))
}

/// Months and changes of the inventory cut stretches where for one line nothing changes: put together again.
fn joined(stretches: &[Stretch], records: impl Fn(&Stretch) -> Vec<u64>) -> Vec<Explainable> {
    let mut found: Vec<Explainable> = Vec::new();
    let mut sums: Vec<(Kind, Millis)> = Vec::new();
    for stretch in stretches {
        let (kind, length) = (stretch.counted.kind(), stretch.span.length());
        let place = sums.iter().position(|(of, _)| *of == kind).unwrap_or_else(|| {
            sums.push((kind, Millis::ZERO));
            sums.len() - 1
        });
        sums[place].1 += length;
        let records = records(stretch);
        let sum = sums[place].1;
        match found.last_mut() {
            Some(last)
                if last.span.end == stretch.span.start
                    && last.counted == stretch.counted
                    && last.bridged == stretch.bridged
                    && last.records == records =>
            {
                last.span.end = stretch.span.end;
                last.sum = sum;
            }
            Some(_) | None => found.push(Explainable {
                span: stretch.span,
                counted: stretch.counted.clone(),
                bridged: stretch.bridged,
                records,
                imported: false,
                sum,
            }),
        }
    }
    found
}

/// Where the records of a stretch are found.
struct Records<'a> {
    sources: &'a Sources,
    history: &'a LineHistory,
    gaps: &'a [rollup::Gap],
}

impl Records<'_> {
    fn of(&self, stretch: &Stretch) -> Vec<u64> {
        match &stretch.counted {
            Counted::Excluded(number) | Counted::Planned(number) => vec![*number],
            Counted::Declared(decision) => decision.iter().map(|decision| decision.0).collect(),
            Counted::Own(outage) | Counted::Upstream(outage, _) => match self.sources.of(Key::Outage(*outage)) {
                // An imported outage is one record, which no row of ours repeats.
                [] => vec![outage.0],
                records => records.to_vec(),
            },
            Counted::Undetermined(Unknown::BeforeJournal) => vec![1],
            Counted::Undetermined(Unknown::AfterHorizon) | Counted::Up => Vec::new(),
            Counted::Undetermined(Unknown::Corrected(decision)) => vec![decision.0],
            Counted::Undetermined(Unknown::Gap(cause)) => self.of_gap(stretch.span.start, *cause),
        }
    }

    fn of_gap(&self, at: Timestamp, cause: BlindCause) -> Vec<u64> {
        let here = |gap: &&rollup::Gap| gap.span.contains(at) && gap.cause == cause;
        let own = self.history.gaps.iter().find(here).map(|gap| self.sources.of(Key::Gap(gap.span.start)));
        let common = self.gaps.iter().find(here).map(|gap| self.sources.of(Key::CommonGap(gap.span.start)));
        [own, common].into_iter().flatten().find(|records| !records.is_empty()).unwrap_or_default().to_vec()
    }
}

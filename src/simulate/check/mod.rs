//! Records held against the truth.
//!
//! The truth tells when lines were dead, when the monitor could not see, and what became of the probes; it is told by
//! the world and the wire. The records are what the core made of it. What is demanded:
//!
//! - every span in which a line was dead, and seen to be, for longer than it takes to confirm, has one outage, and one
//!   only ([`Flaw::Missed`], [`Flaw::Twice`]);
//! - an outage begins at a lost probe behind an answered one and ends at an answered one behind a lost one, as the wire
//!   tells it, and the true edge lies within the stated uncertainty ([`Flaw::Start`], [`Flaw::End`]);
//! - no outage without as many lost probes in a row as confirm one ([`Flaw::Invented`]);
//! - what the monitor could not see is undetermined, and nothing else is ([`Flaw::NotUndetermined`],
//!   [`Flaw::Undetermined`]);
//! - an outage is its line's own, or an ancestor's, as the cut was ([`Flaw::Attribution`]);
//! - the figures of a rollup over the period, of all lines and of each, by class, township and month, are those that the
//!   truth gives when it is counted by code of its own (`expected`), within the uncertainty that the records state of
//!   their edges and what was too short to be found ([`Flaw::Figure`]);
//! - every fault is told once, as it was, every step of the people once, and the figures of faults are those of the truth
//!   (`faults`).
//!
//! Where two cuts fall together so closely that nobody could tell their order, the attribution is counted as ambiguous
//! and not judged.

mod expected;
mod faults;
mod figures;
mod lines;
mod sight;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::{BridgeRow, GapRow, Ledger, OutageRow, Policy, SegmentRow};
use linewatch_core::line::{Line, LineId};
use linewatch_core::probing::Probing;
use linewatch_core::record::{FaultNo, OutageId};
use linewatch_core::time::{Millis, Span, Timestamp};

pub use faults::{Fault, Wrong};
pub use figures::Counted;

use super::history::MARGIN;
use super::truth::{At, Event, Step, Truth};
use crate::config::Config;
use crate::report::rollup::period::{Period, rfc3339};
use crate::report::rollup::{self, NoFigures, Question, Report};
use crate::store::{Reader, StoreError};

/// Between two cuts further apart than this the order of the outages is plain.
const PLAIN: Millis = Millis::from_secs(15);

/// What the records say, as far as it is judged.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// The inventory.
    pub lines: Vec<Line>,
    /// All outages, each with its segments and bridges.
    pub outages: Vec<Outage>,
    /// All gaps.
    pub gaps: Vec<GapRow>,
    /// All faults, merged ones included.
    pub faults: Vec<Fault>,
}

/// An outage with what belongs to it.
#[derive(Clone, Debug)]
pub struct Outage {
    /// Edges.
    pub row: OutageRow,
    /// By start.
    pub segments: Vec<SegmentRow>,
    /// Gaps that count as down.
    pub bridges: Vec<BridgeRow>,
}

impl Outage {
    fn span(&self) -> Span {
        let open = self.row.gap_from.unwrap_or(Timestamp::MAX);
        Span::new(self.row.start, self.row.end.map_or(open, |end| end.end))
    }
}

/// A record that the truth does not bear out, or the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The line was dead, seen to be, and no outage tells it.
    Missed(LineId, Span),
    /// Several outages tell the same.
    Twice(LineId, Span, Vec<OutageId>),
    /// The wire lost no such run of probes.
    Invented(LineId, OutageId),
    /// The start is none that the wire knows, or the true one lies outside its uncertainty.
    Start(LineId, OutageId, Timestamp),
    /// The same of the end.
    End(LineId, OutageId, Timestamp),
    /// Attributed to somebody else.
    Attribution(LineId, OutageId, Expected),
    /// The monitor could not see, and the records do not say so.
    NotUndetermined(Span),
    /// The records say that the monitor could not see, of a line or of all, and it could.
    Undetermined(Option<LineId>, Span),
    /// Down by the records and by the truth, in milliseconds, and how far they may be apart.
    Total(LineId, i64, i64, i64),
    /// A figure of the rollup is not that of the truth.
    Figure {
        /// Line, class, township or month; empty: all lines.
        group: String,
        /// Its name in the rollup.
        figure: &'static str,
        /// By the records: milliseconds, a count, or a share in thousand-millionths.
        records: i64,
        /// By the truth.
        truth: i64,
        /// How far they may be apart.
        bound: i64,
    },
    /// A line was in service, and the rollup does not know it.
    NoFigures(LineId),
    /// A fault is not as it was.
    Fault {
        /// Its number in the records, if it is there.
        fault: Option<FaultNo>,
        /// The line it stands on.
        line: LineId,
        /// What does not fit.
        wrong: Wrong,
        /// What the records say.
        records: String,
        /// What the truth says.
        truth: String,
    },
}

/// Whose an outage should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The line's own.
    Own,
    /// An ancestor's.
    Upstream,
    /// The line's own from an instant on.
    OwnFrom(Timestamp),
}

/// What was compared and what was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// Spans of dead lines that had to be found.
    pub dead_spans: usize,
    /// Outages in the records.
    pub outages: usize,
    /// Of these, confirmed by losses that came by chance alone.
    pub by_chance: usize,
    /// Edges compared with the wire's log.
    pub edges: usize,
    /// Attributions judged.
    pub attributions: usize,
    /// Attributions that cannot be told.
    pub ambiguous: usize,
    /// Spans in which the monitor could not see.
    pub unseen_spans: usize,
    /// Down by the records, of outages with both edges seen.
    pub down: Millis,
    /// Dead by the truth within the same.
    pub dead: Millis,
    /// How far the two may be apart.
    pub bound: Millis,
    /// Villages whose line somebody reported.
    pub villages_reported: usize,
    /// Figures compared.
    pub figures: usize,
    /// Availability of all lines by the records; `None`: nothing was observed.
    pub availability: Option<f64>,
    /// The same by the truth.
    pub true_availability: Option<f64>,
    /// Faults compared.
    pub faults: usize,
    /// Faults of which the truth does not tell all for certain.
    pub clouded_faults: usize,
    /// Of these: told by the records in another way, or not at all.
    pub doubtful_faults: usize,
    /// Reports and steps of people compared.
    pub deeds: usize,
    /// 故障点位解决情况 in thousand-millionths, by the records and by the truth; `None`: undefined.
    pub point_resolution: Option<(i64, i64)>,
    /// 故障修复及时率, likewise.
    pub on_time: Option<(i64, i64)>,
    /// 平均修复时长 in milliseconds, likewise.
    pub mean_repair: Option<(i64, i64)>,
    /// What does not fit.
    pub flaws: Vec<Flaw>,
}

/// Why nothing could be compared.
#[derive(Debug)]
pub enum Unchecked {
    /// The store cannot be read.
    Store(StoreError),
    /// There are no figures.
    Figures(NoFigures),
}

impl From<StoreError> for Unchecked {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Holds a whole store against the truth beside it: its records, and the figures that `linewatch rollup` counts from
/// them over the simulated time without its margins.
///
/// # Errors
/// When the store cannot be read or nothing can be counted.
pub fn store(config: &Config, truth: &Truth, reader: &mut Reader) -> Result<Checked, Unchecked> {
    let records = records(reader)?;
    let report = rolled_up(config, truth, reader)?;
    let counted = Counted {
        period: report.about.period.span(),
        calendar: Calendar::new(config.site.zone),
        policy: &report.about.policy,
        figures: &report.figures,
    };
    Ok(check(config, truth, &records, counted))
}

/// The figures of the simulated time.
///
/// # Errors
/// When nothing can be counted.
pub fn rolled_up(config: &Config, truth: &Truth, reader: &mut Reader) -> Result<Report, Unchecked> {
    let whole = truth.span();
    let edge = |at: Timestamp| rfc3339(at, config.site.zone);
    let ends = (edge(whole.start + MARGIN), edge(whole.end - MARGIN));
    let period =
        Period::between(&ends.0, &ends.1, config.site.zone).map_err(|_| Unchecked::Figures(NoFigures::Empty))?;
    let question = Question { period, policy: rollup::policy(config), as_of: None, now: whole.end };
    let mut ledger = Ledger::new(Arc::new(config.policy()));
    let snapshot = reader.snapshot()?;
    rollup::compute(&snapshot, &question, |record| ledger.apply(record), |_| {}).map_err(Unchecked::Figures)
}

/// Reads what is to be judged.
///
/// # Errors
/// When the store cannot be read.
pub fn records(reader: &mut Reader) -> Result<Records, StoreError> {
    let snapshot = reader.snapshot()?;
    let ever = Span::new(Timestamp::MIN, Timestamp::MAX);
    let mut lines: BTreeMap<LineId, Line> = BTreeMap::new();
    for row in snapshot.lines(None, ever)? {
        lines.insert(row.line.id.clone(), (*row.line).clone());
    }
    let mut outages = Vec::new();
    for row in snapshot.outages(None, ever)? {
        let (segments, bridges) = (snapshot.segments(row.outage)?, snapshot.bridges(row.outage)?);
        outages.push(Outage { row, segments, bridges });
    }
    let mut gaps = snapshot.common_gaps(ever)?;
    gaps.extend(snapshot.gaps(None, ever)?);
    let mut faults = Vec::new();
    for row in snapshot.faults(None, ever)? {
        let (points, mut steps) = (snapshot.points(&row.fault)?, snapshot.fault_steps(&row.fault)?);
        steps.retain(|step| *step.fact.fault() == row.fault);
        faults.push(Fault { row, points, steps });
    }
    Ok(Records { lines: lines.into_values().collect(), outages, gaps, faults })
}

/// Holds records and the figures counted from them against the truth.
pub fn check(config: &Config, truth: &Truth, records: &Records, counted: Counted<'_>) -> Checked {
    let told = Told::of(config, truth, records);
    let mut checked = Checked { outages: records.outages.len(), ..Checked::default() };
    sight::check(&told, records, &mut checked);
    lines::check(&told, records, &mut checked);
    figures::check(&told, records, counted, &mut checked);
    faults::check(&told, records, counted, &mut checked);
    checked
}

/// The truth, sorted.
struct Told<'t> {
    span: Span,
    /// The end of it, as the monitor's clock showed it.
    end: Timestamp,
    /// The number of the last session.
    sessions: u32,
    probing: BTreeMap<&'t LineId, Probing>,
    upstream: BTreeMap<&'t LineId, Option<&'t LineId>>,
    cuts: BTreeMap<&'t LineId, Vec<Span>>,
    runs: BTreeMap<&'t LineId, Vec<Run>>,
    windows: Vec<Window<'t>>,
    inspected: Vec<Timestamp>,
    /// Lines that somebody reported.
    reported: BTreeSet<&'t LineId>,
    /// What people said and did of faults, in the order of entry.
    deeds: Vec<Deed<'t>>,
    lines: BTreeMap<&'t LineId, &'t Line>,
    policy: Policy,
    /// When the monitor could not see.
    unseen: Vec<Span>,
    /// The longest time that the edges of `unseen` are felt.
    felt: Millis,
}

/// What somebody said or did.
#[derive(Clone, Debug)]
enum Deed<'t> {
    Reported { line: &'t LineId, at: Timestamp },
    Worked { line: &'t LineId, fault: &'t FaultNo, step: Step, at: Timestamp, entered: Timestamp, by: &'t str },
}

impl Deed<'_> {
    fn entered(&self) -> Timestamp {
        match self {
            Self::Reported { at, .. } => *at,
            Self::Worked { entered, .. } => *entered,
        }
    }
}

/// Agreed work: what of it is planned, and what was taken out afterwards. Either may be empty.
#[derive(Clone, Copy, Debug)]
struct Window<'t> {
    line: &'t LineId,
    planned: Span,
    excluded: Span,
}

/// A run of lost probes.
#[derive(Clone, Copy, Debug)]
struct Run {
    last_reply: Option<Timestamp>,
    first_loss: Timestamp,
    last_loss: Timestamp,
    first_reply: Option<Timestamp>,
    lost: u64,
    answered: u64,
    /// Runs of one session and one setting of the clock have one number.
    session: u32,
}

impl<'t> Told<'t> {
    fn of(config: &Config, truth: &'t Truth, records: &'t Records) -> Self {
        let of_class = |line: &Line| config.class(&line.class).map_or(config.probe.probing, |class| class.probing);
        let rounds = config.classes.iter().map(|class| class.probing.round() + class.probing.interval);
        let mut told = Self {
            span: truth.span(),
            end: truth.span().end,
            sessions: 0,
            probing: records.lines.iter().map(|line| (&line.id, of_class(line))).collect(),
            upstream: records.lines.iter().map(|line| (&line.id, line.upstream.as_ref())).collect(),
            cuts: BTreeMap::new(),
            runs: BTreeMap::new(),
            windows: Vec::new(),
            inspected: Vec::new(),
            reported: BTreeSet::new(),
            unseen: Vec::new(),
            felt: rounds.max().unwrap_or_default(),
            deeds: Vec::new(),
            lines: records.lines.iter().map(|line| (&line.id, line)).collect(),
            policy: config.policy(),
        };
        for event in &truth.events {
            told.take(event);
        }
        told.unseen = merged(std::mem::take(&mut told.unseen));
        told
    }

    fn take(&mut self, event: &'t Event) {
        let span = |start: &At, end: &At| Span::new(start.0, end.0);
        match event {
            Event::District { .. } | Event::Congested { .. } => {}
            Event::Stalled { start, end } | Event::OwnSide { start, end, .. } => self.unseen.push(span(start, end)),
            Event::Stopped { start, end, .. } => {
                self.sessions += 1;
                self.unseen.push(span(start, end));
            }
            Event::ClockSet { at, by_ms } => {
                let after = at.0 + Millis(*by_ms);
                self.sessions += 1;
                self.end = self.end + Millis(*by_ms);
                self.unseen.push(Span::new(at.0.min(after), at.0.max(after)));
            }
            Event::Cut { line, start, end, .. } => self.cuts.entry(line).or_default().push(span(start, end)),
            Event::Lost { line, session, last_reply, first_loss, last_loss, first_reply, lost, answered } => {
                let run = Run {
                    last_reply: last_reply.map(|at| at.0),
                    first_loss: first_loss.0,
                    last_loss: last_loss.0,
                    first_reply: first_reply.map(|at| at.0),
                    lost: *lost,
                    answered: *answered,
                    session: *session,
                };
                self.runs.entry(line).or_default().push(run);
            }
            Event::Window { line, start, end, entered, approved } => {
                let whole = span(start, end);
                // Nobody plans what nobody enters.
                let entered = entered.map_or(Timestamp::MAX, |at| at.0);
                let planned = Span::new(whole.start.max(entered), whole.end);
                let past = if *approved { whole.end.min(entered) } else { whole.start };
                self.windows.push(Window { line, planned, excluded: Span::new(whole.start, past) });
            }
            Event::Inspected { at, .. } => self.inspected.push(at.0),
            Event::Reported { line, at } => {
                self.reported.insert(line);
                self.deeds.push(Deed::Reported { line, at: at.0 });
            }
            Event::Worked { line, fault, step, at, entered, by } => {
                self.deeds.push(Deed::Worked { line, fault, step: *step, at: at.0, entered: entered.0, by });
            }
        }
    }

    /// Ancestors, nearest first.
    fn ancestors(&self, line: &'t LineId) -> impl Iterator<Item = &'t LineId> + '_ {
        let above = move |line: &&'t LineId| self.upstream.get(*line).copied().flatten();
        std::iter::successors(above(&line), above).take(self.upstream.len())
    }

    /// When a line was dead, with all above it.
    fn dead(&self, line: &'t LineId) -> Vec<Span> {
        let path = std::iter::once(line).chain(self.ancestors(line));
        merged(path.filter_map(|line| self.cuts.get(line)).flatten().copied().collect())
    }

    /// What a dead span must last, and be seen, to be found for certain: it may begin just after a probe, the last
    /// confirming one is waited for, and then an ancestor's verdict.
    fn certain(&self, line: &LineId) -> Millis {
        let probing = self.probing.get(line).copied().unwrap_or_default();
        probing.detection_worst() + probing.confirmation_time() + probing.interval
    }

    /// Whether something that the monitor could not see is felt within a span.
    fn is_disturbed(&self, span: Span) -> bool {
        self.unseen.iter().any(|unseen| unseen.start - self.felt < span.end && span.start < unseen.end + self.felt)
    }
}

/// Spans that overlap or touch become one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            Some(_) | None => merged.push(span),
        }
    }
    merged
}

/// The parts of a span that lie in none of the others, which are apart and in order.
fn without(span: Span, others: &[Span]) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut from = span.start;
    for other in others.iter().filter(|other| other.end > span.start && other.start < span.end) {
        parts.push(Span::new(from, other.start));
        from = from.max(other.end);
    }
    parts.push(Span::new(from, span.end));
    parts.retain(|part| !part.is_empty());
    parts
}

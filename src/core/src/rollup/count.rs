//! Counting line by line.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use super::days::Days;
use super::effects::Effects;
use super::fault_figures;
use super::fault_history::{FaultHistory, Inspection};
use super::history::{Common, Gap, LineHistory};
use super::inventory::in_service;
use super::outages::{MergedOutage, Merging};
use super::sums::{Sums, Tally};
use super::sweep::{Edge, Facts, common_edges};
use super::windows::{Cover, Windows};
use super::{CarrierFigures, ClassFigures, Figures, LineFigures, Month, MonthFigures, Rollup, TownshipFigures, rent};
use crate::ledger::LineRow;
use crate::line::{ClassName, LineId, Township};
use crate::outcome::BlindCause;
use crate::time::{Millis, Span, Timestamp};

/// A rollup in the making: lines are added one by one, in any order, each once.
#[derive(Debug)]
pub struct Counting {
    ground: Ground,
    total: Tally,
    classes: BTreeMap<ClassName, Tally>,
    townships: BTreeMap<Township, Tally>,
    carriers: BTreeMap<String, Tally>,
    months: Vec<Tally>,
    days: Days,
    pub(super) lines: BTreeMap<LineId, LineFigures>,
    effects: Effects,
    added: BTreeSet<LineId>,
}

/// What all lines are counted by.
#[derive(Debug)]
pub(super) struct Ground {
    pub common: Common,
    pub windows: Windows,
    /// What is covered of lines that others' outages are attributed to.
    pub covers: HashMap<LineId, Vec<Cover>>,
    pub edges: Vec<Edge>,
    /// The months that the counted time touches, whole.
    pub months: Vec<(Month, Span)>,
}

/// One line, counted.
pub(super) struct LineSums {
    /// By row of the inventory.
    pub rows: Vec<Sums>,
    pub months: Vec<Sums>,
    pub outages: Vec<MergedOutage>,
    pub effects: Effects,
}

impl Ground {
    pub fn new(common: Common) -> Self {
        let months = months(&common);
        let counted = common.counted();
        let inner = months.iter().map(|(_, month)| month.start).filter(|start| counted.contains(*start));
        let cuts: Vec<Timestamp> = [counted.start, counted.end].into_iter().chain(inner).collect();
        let edges = common_edges(&common, &cuts);
        Self { windows: Windows::of(&common.windows), covers: HashMap::new(), edges, months, common }
    }

    pub fn count(&mut self, history: &LineHistory, days: &mut Days) -> LineSums {
        let counted = self.common.counted();
        let rows = self.common.inventory.rows(&history.line);
        let mut sums = LineSums {
            rows: vec![Sums::default(); rows.len()],
            months: vec![Sums::default(); self.months.len()],
            outages: Vec::new(),
            effects: Effects::default(),
        };
        let facts = Facts::of(&self.common, &self.windows, &mut self.covers, history);
        let mut merging = Merging::new(counted.end);
        let mut month = 0;
        facts.sweep(&self.edges, |instant, slice| {
            merging.pass(&facts, history, instant, slice);
            if counted.contains(slice.span.start) {
                while month + 1 < self.months.len() && self.months[month].1.end <= slice.span.start {
                    month += 1;
                }
                sums.rows[slice.row as usize].add(slice);
                sums.months[month].add(slice);
                days.add(slice);
                if Effects::concern(slice) {
                    sums.effects.note(slice, &facts.counted(instant, slice.kind, history));
                }
            }
        });
        sums.outages = merging.finish(history);
        sums.charge(rows, counted, &self.months);
        sums.count_outages(rows, counted, &self.months);
        sums
    }
}

impl LineSums {
    fn charge(&mut self, rows: &[LineRow], counted: Span, months: &[(Month, Span)]) {
        for (row, sums) in rows.iter().zip(&mut self.rows).filter(|(_, sums)| sums.in_service > 0) {
            let Some(fen_month) = row.line.rent_fen_month else { continue };
            let service = in_service(row).clip(counted);
            for ((_, month), month_sums) in months.iter().zip(&mut self.months) {
                if service.clip(*month).is_empty() {
                    continue;
                }
                let fen = rent::of_month(fen_month, service, *month);
                for rent in [&mut sums.rent, &mut month_sums.rent] {
                    *rent = Some(rent.unwrap_or(0) + fen);
                }
            }
        }
    }

    fn count_outages(&mut self, rows: &[LineRow], counted: Span, months: &[(Month, Span)]) {
        for outage in &self.outages {
            for ((_, month), sums) in months.iter().zip(&mut self.months) {
                note(outage, month.clip(counted), sums, None);
            }
            let first = outage.span.start.max(counted.start);
            let last = outage.span.end.min(counted.end) - Millis(1);
            let (begins, ends) = (self.place(rows, first), self.place(rows, last.max(first)));
            let (Some(begins), Some(ends)) = (begins, ends) else { continue };
            if begins == ends {
                note(outage, counted, &mut self.rows[begins], None);
            } else {
                note(outage, counted, &mut self.rows[begins], Some(Half::Beginning));
                note(outage, counted, &mut self.rows[ends], Some(Half::Ending));
            }
        }
    }

    /// The row of an instant, by its place: the last one in service here that began before, else the first one.
    fn place(&self, rows: &[LineRow], at: Timestamp) -> Option<usize> {
        let serving = |place: &usize| self.rows[*place].in_service > 0;
        let before = (0..rows.len()).filter(serving).take_while(|place| in_service(&rows[*place]).start <= at).last();
        before.or_else(|| (0..rows.len()).find(serving))
    }

    /// All rows that `belongs` accepts.
    fn sum(&self, belongs: impl Fn(usize) -> bool) -> Sums {
        let mut sum = Sums::default();
        for (_, row) in self.rows.iter().enumerate().filter(|(place, _)| belongs(*place)) {
            sum.merge(row);
        }
        sum
    }
}

/// A part of what is counted of an outage.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Beginning,
    Ending,
}

fn note(outage: &MergedOutage, within: Span, sums: &mut Sums, only: Option<Half>) {
    if only != Some(Half::Ending) && (outage.starts(within) || outage.carried_into(within)) {
        sums.begin(outage, outage.carried_into(within));
    }
    if only != Some(Half::Beginning) && (outage.ends(within) || outage.open_at_end(within)) {
        sums.end(outage, outage.open_at_end(within));
    }
}

impl Counting {
    /// Nothing counted yet.
    pub fn new(common: Common) -> Self {
        let ground = Ground::new(common);
        Self {
            months: vec![Tally::default(); ground.months.len()],
            days: Days::of(&ground.common),
            ground,
            total: Tally::default(),
            classes: BTreeMap::new(),
            townships: BTreeMap::new(),
            carriers: BTreeMap::new(),
            lines: BTreeMap::new(),
            effects: Effects::default(),
            added: BTreeSet::new(),
        }
    }

    /// What is counted by.
    pub fn common(&self) -> &Common {
        &self.ground.common
    }

    /// Adds what is recorded of a line. A line that was added before, or is not in the inventory, adds nothing.
    pub fn add(&mut self, history: &LineHistory) {
        if !self.added.insert(history.line.clone()) {
            return;
        }
        let sums = self.ground.count(history, &mut self.days);
        let Ground { common, months, .. } = &self.ground;
        let (counted, policy) = (common.counted(), &common.policy);
        let rows = common.inventory.rows(&history.line);
        let serving: Vec<usize> = (0..rows.len()).filter(|row| sums.rows[*row].in_service > 0).collect();
        let Some(last) = serving.last().map(|row| &rows[*row]) else { return };

        // The rows with one name, judged by the class of the last of them.
        let group = |belongs: &dyn Fn(&LineRow) -> bool| {
            let sum = sums.sum(|row| belongs(&rows[row]));
            let class = serving.iter().rev().map(|row| &rows[*row]).find(|row| belongs(row));
            let at_end = rows.iter().any(|row| belongs(row) && serves_at_end(row, counted));
            Tally::of_line(sum, &class.unwrap_or(last).line.class, at_end, policy)
        };
        let serving = || serving.iter().map(|row| &rows[*row].line);
        each_once(serving().map(|line| &line.class), |class| {
            merge(&mut self.classes, class.clone(), &group(&|row| row.line.class == *class));
        });
        each_once(serving().map(|line| &line.township), |township| {
            merge(&mut self.townships, township.clone(), &group(&|row| row.line.township == *township));
        });
        each_once(serving().map(|line| &line.carrier), |carrier| {
            merge(&mut self.carriers, carrier.clone(), &group(&|row| row.line.carrier == *carrier));
        });
        for (((_, month), month_sums), tally) in months.iter().zip(&sums.months).zip(&mut self.months) {
            let span = month.clip(counted);
            let in_month = rows.iter().rev().find(|row| !in_service(row).clip(span).is_empty());
            if let Some(row) = in_month {
                let at_end = rows.iter().any(|row| serves_at_end(row, span));
                tally.merge(&Tally::of_line(month_sums.clone(), &row.line.class, at_end, policy));
            }
        }
        let tally = group(&|_| true);
        self.total.merge(&tally);
        self.effects.merge(&sums.effects);
        let line = line_figures(last, is_imported(history, common, rows), tally.figures(policy));
        self.lines.insert(history.line.clone(), line);
    }

    fn add_missing(&mut self) {
        let lines = self.ground.common.inventory.lines();
        let missing: Vec<LineId> = lines.filter(|line| !self.added.contains(*line)).cloned().collect();
        if missing.is_empty() {
            return;
        }
        // What others saw of all lines says nothing without the outages they saw.
        let mut common = self.ground.common.clone();
        common.evidence.observed.clear();
        self.ground = Ground::new(common);
        let everything = Span::new(Timestamp::MIN, Timestamp::MAX);
        for line in missing {
            let gaps = vec![Gap { span: everything, cause: BlindCause::Unsettled }];
            self.add(&LineHistory { gaps, ..LineHistory::new(line) });
        }
    }

    /// The rollup. A line of the inventory that was never added is undetermined all the time: nobody looked at its
    /// records, and no number may be better than the evidence.
    pub fn finish(mut self, faults: &[FaultHistory], inspections: &[Inspection]) -> Rollup {
        self.add_missing();
        let policy = &self.ground.common.policy;
        let figures = |tally: &Tally| tally.figures(policy);
        let months = self.ground.months.iter().zip(&self.months);
        Rollup {
            total: figures(&self.total),
            classes: groups(&self.classes, |class, tally| ClassFigures { class, figures: figures(tally) }),
            townships: groups(&self.townships, |township, tally| TownshipFigures { township, figures: figures(tally) }),
            carriers: groups(&self.carriers, |carrier, tally| CarrierFigures { carrier, figures: figures(tally) }),
            months: months.map(|((month, _), tally)| MonthFigures { month: *month, figures: figures(tally) }).collect(),
            days: self.days.figures(),
            faults: fault_figures::count(self.ground.common.counted(), faults, inspections),
            effects: self.effects.all(),
            lines: self.lines.into_values().collect(),
        }
    }
}

/// The month of an instant in the counted time.
pub(super) fn month_of(months: &[(Month, Span)], at: Timestamp) -> Month {
    let place = months.partition_point(|(_, month)| month.end <= at);
    months[place.min(months.len() - 1)].0
}

/// Whole months that the counted time touches.
fn months(common: &Common) -> Vec<(Month, Span)> {
    let counted = common.counted();
    let mut months = Vec::new();
    let mut at = counted.start;
    while at < counted.end {
        let day = common.calendar.day_of(at);
        let (year, month) = (chrono::Datelike::year(&day), chrono::Datelike::month(&day));
        let Some(span) = common.calendar.month(year, month) else { break };
        months.push((Month { year, month }, span));
        at = span.end;
    }
    months
}

fn serves_at_end(row: &LineRow, counted: Span) -> bool {
    !counted.is_empty() && in_service(row).contains(counted.end - Millis(1))
}

/// Whether imported evidence is in a line's counted time, also that of a source that observed all lines.
fn is_imported(history: &LineHistory, common: &Common, rows: &[LineRow]) -> bool {
    let counted = common.counted();
    let touches = |span: Span| rows.iter().any(|row| !span.clip(counted).clip(in_service(row)).is_empty());
    history.observed.iter().chain(&common.evidence.observed).any(|span| touches(*span))
        || history
            .outages
            .iter()
            .any(|outage| outage.imported && touches(Span::new(outage.start, outage.end.unwrap_or(Timestamp::MAX))))
}

fn line_figures(row: &LineRow, imported: bool, figures: Figures) -> LineFigures {
    let line = &row.line;
    LineFigures {
        line: line.id.clone(),
        name: line.name.clone(),
        class: line.class.clone(),
        township: line.township.clone(),
        village: line.village.clone(),
        carrier: line.carrier.clone(),
        imported,
        figures,
    }
}

fn each_once<'a, T: Eq + Hash + Ord + 'a>(names: impl Iterator<Item = &'a T>, each: impl FnMut(&'a T)) {
    names.collect::<BTreeSet<_>>().into_iter().for_each(each);
}

fn merge<K: Ord>(groups: &mut BTreeMap<K, Tally>, name: K, tally: &Tally) {
    groups.entry(name).or_default().merge(tally);
}

fn groups<K: Clone, T>(groups: &BTreeMap<K, Tally>, each: impl Fn(K, &Tally) -> T) -> Vec<T> {
    groups.iter().map(|(name, tally)| each(name.clone(), tally)).collect()
}

//! The figures of faults: cohorts over faults and over points.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::fault_cases::{Entry, Fate};
use super::fault_history::{EndedBy, FaultHistory, Inspection, OpenSpan};
use super::sums::mean;
use crate::availability::Ratio;
use crate::line::{ClassName, LineId, Township};
use crate::record::{FaultNo, FaultSource};
use crate::time::{Millis, Span, Timestamp};

/// A cohort: what had to be repaired in a period, and what became of it.
///
/// `carried_in + opened + reopened_in == resolved + open_at_end`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cohort {
    /// Open when the period began.
    pub carried_in: u64,
    /// Opened in it.
    pub opened: u64,
    /// Opened before it, restored when it began, and open again in it.
    pub reopened_in: u64,
    /// Restored in it and not open again at its end.
    pub resolved: u64,
    /// Open at its end.
    pub open_at_end: u64,
    /// Of those: repaired later, as far as is known.
    pub resolved_since: u64,
}

impl Cohort {
    /// How many had to be repaired.
    pub fn size(&self) -> u64 {
        self.carried_in + self.opened + self.reopened_in
    }

    /// resolved / cohort.
    pub fn resolution_ratio(&self) -> Ratio {
        Ratio::of_counts(self.resolved, self.size())
    }

    fn add(&mut self, course: &Course) {
        match course.entry {
            Entry::CarriedIn => self.carried_in += 1,
            Entry::Opened => self.opened += 1,
            Entry::ReopenedIn => self.reopened_in += 1,
        }
        match course.fate {
            Fate::Resolved(_) => self.resolved += 1,
            Fate::OpenAtEnd { resolved_since } => {
                self.open_at_end += 1;
                self.resolved_since += u64::from(resolved_since);
            }
        }
    }
}

/// Villages by their reported faults (报障村).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VillageCounts {
    /// Villages that reported a fault of the cohort: one that stands on their line, or one that their report joined.
    pub villages_reported: u64,
    /// Of those: all of these faults resolved.
    pub villages_resolved: u64,
}

/// The figures of faults (design section 3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FaultFigures {
    /// Over faults.
    #[serde(flatten)]
    pub cohort: Cohort,
    /// 故障解决率: over faults.
    pub resolution_ratio: Ratio,
    /// Over (fault, line) pairs.
    pub points: Cohort,
    /// 故障点位解决率: over pairs; published as 故障点位解决情况.
    pub point_resolution_ratio: Ratio,
    /// 故障修复及时率: [`Self::on_time`] / [`Self::due`].
    pub on_time_ratio: Ratio,
    /// Restored within the deadline.
    pub on_time: u64,
    /// Resolved, or the deadline has passed by the period's end.
    pub due: u64,
    /// Mean length from opening to restoration of the resolved ones.
    pub mttr_ms: Option<Millis>,
    /// Its median, by nearest rank.
    pub median_ms: Option<Millis>,
    /// Its 95th percentile, by nearest rank.
    pub p95_ms: Option<Millis>,
    /// The longest time that a fault open at the end has been so, since its opening.
    pub open_age_max_ms: Option<Millis>,
    /// 自愈: resolved without any human step.
    pub self_cleared: u64,
    /// The ratios without those.
    pub without_self_cleared: Ratios,
    /// Faults of the cohort that are exempt.
    pub exempt: u64,
    /// The ratios without those.
    pub without_exempt: Ratios,
    /// 误报, opened in the period: in no other figure.
    pub void: u64,
    /// Opened in the period and now living in another fault: not counted by themselves.
    pub merged: u64,
    /// Faults of the cohort that were imported.
    pub imported: u64,
    /// By cause; `null`: none is named.
    #[serde(serialize_with = "by_cause")]
    pub by_cause: BTreeMap<Option<String>, Cohort>,
    /// By who noticed.
    pub by_source: BTreeMap<FaultSource, Cohort>,
    /// By the way of the report; detected ones and reports that name none are left out.
    pub by_channel: BTreeMap<String, Cohort>,
    /// By class when opened.
    pub by_class: BTreeMap<ClassName, Cohort>,
    /// By township when opened.
    pub by_township: BTreeMap<Township, Cohort>,
    /// Villages that reported.
    #[serde(flatten)]
    pub villages: VillageCounts,
    /// 巡检 in the period.
    pub inspections: u64,
    /// How long repairs took, by township when opened; those without any are left out. Not serialised.
    #[serde(skip)]
    pub repairs_by_township: BTreeMap<Township, Repairs>,
}

/// How long the faults resolved in a period took, from opening to restoration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// How many.
    pub count: u64,
    /// Their mean, truncated.
    pub mean_ms: Millis,
    /// The longest.
    pub longest_ms: Millis,
}

/// The three ratios over a part of the faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ratios {
    /// Over faults.
    pub resolution_ratio: Ratio,
    /// Over pairs.
    pub point_resolution_ratio: Ratio,
    /// On time.
    pub on_time_ratio: Ratio,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub entry: Entry,
    pub fate: Fate,
}

/// Sums over a part of the faults.
#[derive(Default)]
pub(super) struct Part {
    pub faults: Cohort,
    pub points: Cohort,
    pub on_time: u64,
    pub due: u64,
}

impl Part {
    fn ratios(&self) -> Ratios {
        Ratios {
            resolution_ratio: self.faults.resolution_ratio(),
            point_resolution_ratio: self.points.resolution_ratio(),
            on_time_ratio: Ratio::of_counts(self.on_time, self.due),
        }
    }

    pub fn add(&mut self, fault: &Living<'_>, course: &Course, period: Span) {
        self.faults.add(course);
        for joined in fault.points.values() {
            if let Some(course) = course_of(*joined, &fault.open, period) {
                self.points.add(&course);
            }
        }
        let (due, on_time) = match course.fate {
            Fate::Resolved(restoration) => (true, restoration.at <= fault.deadline),
            Fate::OpenAtEnd { .. } => (fault.deadline <= period.end, false),
        };
        self.due += u64::from(due);
        self.on_time += u64::from(on_time);
    }
}

/// Counts the faults and inspections of the counted time.
pub(super) fn count(period: Span, faults: &[FaultHistory], inspections: &[Inspection]) -> FaultFigures {
    let (living, merged) = survivors(faults);
    let mut figures = FaultFigures::default();
    let [mut all, mut stepped, mut judged] = [Part::default(), Part::default(), Part::default()];
    let mut repairs = Vec::new();
    let mut repairs_by_township: BTreeMap<&Township, Vec<Millis>> = BTreeMap::new();
    let mut villages: BTreeMap<(&Township, &str), bool> = BTreeMap::new();
    figures.merged = merged.iter().filter(|fault| period.contains(fault.opened)).count() as u64;
    for fault in &living {
        if fault.named.void {
            figures.void += u64::from(period.contains(fault.opened));
            continue;
        }
        let Some(course) = course_of(fault.opened, &fault.open, period) else { continue };
        all.add(fault, &course, period);
        let resolved = match course.fate {
            Fate::Resolved(restoration) => {
                repairs.push(restoration.at - fault.opened);
                let of_township = repairs_by_township.entry(&fault.named.township).or_default();
                of_township.push(restoration.at - fault.opened);
                true
            }
            Fate::OpenAtEnd { .. } => {
                figures.open_age_max_ms = figures.open_age_max_ms.max(Some(period.end - fault.opened));
                false
            }
        };
        if fault.cleared_itself(&course) {
            figures.self_cleared += 1;
        } else {
            stepped.add(fault, &course, period);
        }
        if fault.named.exempt {
            figures.exempt += 1;
        } else {
            judged.add(fault, &course, period);
        }
        figures.imported += u64::from(fault.named.imported);
        figures.sort(fault.named, &course);
        for village in &fault.reported_from {
            *villages.entry(*village).or_insert(true) &= resolved;
        }
    }
    figures.villages = VillageCounts {
        villages_reported: villages.len() as u64,
        villages_resolved: villages.values().filter(|resolved| **resolved).count() as u64,
    };
    figures.lengths(repairs);
    let towns = repairs_by_township.into_iter();
    figures.repairs_by_township = towns.map(|(town, repairs)| (town.clone(), Repairs::of(&repairs))).collect();
    (figures.cohort, figures.points) = (all.faults, all.points);
    (figures.on_time, figures.due) = (all.on_time, all.due);
    let ratios = all.ratios();
    figures.resolution_ratio = ratios.resolution_ratio;
    figures.point_resolution_ratio = ratios.point_resolution_ratio;
    figures.on_time_ratio = ratios.on_time_ratio;
    figures.without_self_cleared = stepped.ratios();
    figures.without_exempt = judged.ratios();
    figures.inspections = inspections.iter().filter(|inspection| period.contains(inspection.at)).count() as u64;
    figures
}

impl FaultFigures {
    fn sort(&mut self, fault: &FaultHistory, course: &Course) {
        self.by_cause.entry(fault.cause.clone()).or_default().add(course);
        self.by_source.entry(fault.source).or_default().add(course);
        if let Some(channel) = &fault.channel {
            self.by_channel.entry(channel.clone()).or_default().add(course);
        }
        self.by_class.entry(fault.class.clone()).or_default().add(course);
        self.by_township.entry(fault.township.clone()).or_default().add(course);
    }

    fn lengths(&mut self, mut repairs: Vec<Millis>) {
        repairs.sort_unstable();
        let sum = repairs.iter().map(|repair| i128::from(repair.0)).sum();
        self.mttr_ms = mean(sum, repairs.len() as u64);
        self.median_ms = nearest_rank(&repairs, 50);
        self.p95_ms = nearest_rank(&repairs, 95);
    }
}

impl Repairs {
    fn of(repairs: &[Millis]) -> Self {
        let count = repairs.len() as u64;
        let mean_ms = mean(repairs.iter().map(|repair| i128::from(repair.0)).sum(), count).unwrap_or(Millis::ZERO);
        Self { count, mean_ms, longest_ms: repairs.iter().copied().max().unwrap_or(Millis::ZERO) }
    }
}

/// The smallest value that at least `percent` of all do not exceed; of none, none.
fn nearest_rank(sorted: &[Millis], percent: usize) -> Option<Millis> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// What became in a period of something that was affected from `since` on while a fault was open; `None`: nothing of it
/// lies in the period.
pub(super) fn course_of(since: Timestamp, open: &[OpenSpan], period: Span) -> Option<Course> {
    let mut spans = open.iter().filter_map(|span| span.since(since)).filter(|span| span.from < period.end).peekable();
    let first = spans.peek()?.from;
    let mut entry = None;
    let mut last = None;
    for span in spans {
        if span.overlaps(period) && entry.is_none() {
            entry = Some(match (span.from < period.start, first < period.start) {
                (true, _) => Entry::CarriedIn,
                (false, true) => Entry::ReopenedIn,
                (false, false) => Entry::Opened,
            });
        }
        last = Some(span);
    }
    let restored = last?.restored.filter(|restoration| restoration.at <= period.end);
    let open_now = open.last().is_some_and(|span| span.restored.is_none());
    let fate = restored.map_or(Fate::OpenAtEnd { resolved_since: !open_now }, Fate::Resolved);
    Some(Course { entry: entry?, fate })
}

impl OpenSpan {
    /// What is left of it from an instant on.
    fn since(self, since: Timestamp) -> Option<Self> {
        let over = self.restored.is_some_and(|restoration| self.from < since && restoration.at <= since);
        (!over).then(|| Self { from: self.from.max(since), ..self })
    }

    /// Whether it is open in the period; one that begins and ends in the same instant is, there.
    fn overlaps(self, period: Span) -> bool {
        self.from < period.end
            && (self.from >= period.start || self.restored.is_none_or(|restoration| restoration.at > period.start))
    }
}

/// A fault with what was merged into it.
pub(super) struct Living<'a> {
    pub named: &'a FaultHistory,
    pub opened: Timestamp,
    pub deadline: Timestamp,
    pub open: Vec<OpenSpan>,
    pub human_steps: bool,
    /// Villages that reported it, or what lives in it.
    pub reported_from: BTreeSet<(&'a Township, &'a str)>,
    /// Its lines, each with when it was affected first.
    points: BTreeMap<&'a LineId, Timestamp>,
}

impl<'a> Living<'a> {
    fn new(named: &'a FaultHistory) -> Self {
        let mut living = Self {
            named,
            opened: named.opened,
            deadline: named.deadline,
            open: named.open.clone(),
            human_steps: false,
            reported_from: BTreeSet::new(),
            points: BTreeMap::new(),
        };
        living.take(named);
        living
    }

    /// 自愈: resolved without any human step.
    pub fn cleared_itself(&self, course: &Course) -> bool {
        match course.fate {
            Fate::Resolved(restoration) => !self.human_steps && restoration.by == EndedBy::Itself,
            Fate::OpenAtEnd { .. } => false,
        }
    }

    /// Takes over what is known of a fault that lives in this one.
    fn take(&mut self, fault: &'a FaultHistory) {
        self.opened = self.opened.min(fault.opened);
        self.deadline = self.deadline.min(fault.deadline);
        if let Some(first) = self.open.first_mut() {
            first.from = first.from.min(fault.opened);
        }
        self.human_steps |= fault.human_steps;
        if fault.source == FaultSource::Reported && !fault.village.is_empty() {
            self.reported_from.insert((&fault.township, &fault.village));
        }
        self.reported_from.extend(fault.reported_from.iter().map(|(township, village)| (township, village.as_str())));
        let stayed = fault.points.iter().filter(|point| point.left.is_none_or(|left| left > point.from));
        let points = stayed.map(|point| (&point.line, point.from)).chain([(&fault.line, fault.opened)]);
        for (line, from) in points {
            let affected = self.points.entry(line).or_insert(from);
            *affected = from.min(*affected);
        }
    }
}

/// The faults that are counted, and those that live in one of them. A merged fault whose survivor is not there, or that
/// was merged into itself by a detour, is counted by itself: better twice than not at all.
pub(super) fn survivors(faults: &[FaultHistory]) -> (Vec<Living<'_>>, Vec<&FaultHistory>) {
    let by_number: BTreeMap<&FaultNo, &FaultHistory> = faults.iter().map(|fault| (&fault.fault, fault)).collect();
    let survivor = |fault: &FaultHistory| -> Option<&FaultHistory> {
        let mut seen = BTreeSet::from([&fault.fault]);
        let mut at = *by_number.get(fault.merged_into.as_ref()?)?;
        while let Some(next) = &at.merged_into {
            if !seen.insert(&at.fault) {
                return None;
            }
            at = by_number.get(next)?;
        }
        Some(at)
    };
    let (mut living, mut merged) = (BTreeMap::new(), Vec::new());
    for fault in faults {
        match survivor(fault) {
            None => {
                living.insert(&fault.fault, Living::new(fault));
            }
            Some(_) => merged.push(fault),
        }
    }
    for fault in &merged {
        if let Some(survivor) = survivor(fault).and_then(|survivor| living.get_mut(&survivor.fault)) {
            survivor.take(fault);
        }
    }
    (living.into_values().collect(), merged)
}

/// JSON has no `null` for a name: a list of objects with their cause.
fn by_cause<S: Serializer>(groups: &BTreeMap<Option<String>, Cohort>, to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct OfCause<'a> {
        cause: Option<&'a str>,
        #[serde(flatten)]
        cohort: &'a Cohort,
    }
    to.collect_seq(groups.iter().map(|(cause, cohort)| OfCause { cause: cause.as_deref(), cohort }))
}

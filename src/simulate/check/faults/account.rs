//! The figures of faults counted anew, by the sentences of the design and nothing of the rollup's code.

use std::collections::{BTreeMap, BTreeSet};

use linewatch_core::rollup::FaultFigures;
use linewatch_core::time::{Millis, Span, Timestamp};

/// A fault as far as figures are concerned.
#[derive(Clone, Debug)]
pub(super) struct Lived<'a> {
    pub opened: Timestamp,
    pub deadline: Timestamp,
    /// Open from here, restored there.
    pub rounds: Vec<(Timestamp, Option<Timestamp>)>,
    /// Affected lines, each with since when.
    pub points: BTreeMap<&'a str, Timestamp>,
    pub void: bool,
    /// Found by probes, not told by people.
    pub detected: bool,
    /// Some person worked on it.
    pub stepped: bool,
    /// Townships and villages that reported it.
    pub villages: BTreeSet<(&'a str, &'a str)>,
}

/// Figures by their names in the rollup: counts and milliseconds, shares in thousand-millionths; `None`: undefined.
pub(super) type Named = Vec<(&'static str, Option<i64>)>;

/// What became of something that is affected from `since` on, in a period: `None`, nothing of it lies in the period.
fn resolved(rounds: &[(Timestamp, Option<Timestamp>)], since: Timestamp, period: Span) -> Option<Course> {
    let concerned = |(from, restored): &&(Timestamp, Option<Timestamp>)| {
        *from >= since || restored.is_none_or(|restored| restored > since)
    };
    let begun = rounds.iter().filter(concerned).filter(|(from, _)| (*from).max(since) < period.end);
    let begun: Vec<(Timestamp, Option<Timestamp>)> =
        begun.map(|(from, restored)| ((*from).max(since), *restored)).collect();
    let inside = begun
        .iter()
        .find(|(from, restored)| *from >= period.start || restored.is_none_or(|restored| restored > period.start))?;
    let entry = if inside.0 < period.start {
        "carried_in"
    } else if begun[0].0 < period.start {
        "reopened_in"
    } else {
        "opened"
    };
    let last = begun.last()?.1.filter(|restored| *restored <= period.end);
    Some(Course { entry, restored: last })
}

struct Course {
    entry: &'static str,
    restored: Option<Timestamp>,
}

#[derive(Default)]
struct Sums {
    entries: BTreeMap<&'static str, i64>,
    resolved: i64,
    open: i64,
}

impl Sums {
    fn add(&mut self, course: &Course) {
        *self.entries.entry(course.entry).or_default() += 1;
        if course.restored.is_some() {
            self.resolved += 1;
        } else {
            self.open += 1;
        }
    }

    fn size(&self) -> i64 {
        self.resolved + self.open
    }

    fn of(&self, entry: &str) -> i64 {
        self.entries.get(entry).copied().unwrap_or(0)
    }
}

/// Counts.
pub(super) fn count(faults: &[Lived<'_>], period: Span) -> Named {
    let (mut all, mut points) = (Sums::default(), Sums::default());
    let (mut on_time, mut due, mut void, mut cleared, mut detected) = (0, 0, 0, 0, 0);
    let mut repairs: Vec<Millis> = Vec::new();
    let mut villages: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for fault in faults {
        if fault.void {
            void += i64::from(period.contains(fault.opened));
            continue;
        }
        let Some(course) = resolved(&fault.rounds, fault.opened, period) else { continue };
        all.add(&course);
        detected += i64::from(fault.detected);
        for since in fault.points.values() {
            if let Some(course) = resolved(&fault.rounds, *since, period) {
                points.add(&course);
            }
        }
        if let Some(at) = course.restored {
            repairs.push(at - fault.opened);
            due += 1;
            on_time += i64::from(at <= fault.deadline);
            cleared += i64::from(!fault.stepped);
        } else {
            due += i64::from(fault.deadline <= period.end);
        }
        for village in &fault.villages {
            *villages.entry(*village).or_insert(true) &= course.restored.is_some();
        }
    }
    repairs.sort_unstable();
    let sum: i64 = repairs.iter().map(|repair| repair.0).sum();
    let number = i64::try_from(repairs.len()).unwrap_or(i64::MAX);
    let resolved_villages = villages.values().filter(|resolved| **resolved).count();
    let counted = |count: usize| Some(i64::try_from(count).unwrap_or(i64::MAX));
    vec![
        ("carried_in", Some(all.of("carried_in"))),
        ("opened", Some(all.of("opened"))),
        ("reopened_in", Some(all.of("reopened_in"))),
        ("resolved", Some(all.resolved)),
        ("open_at_end", Some(all.open)),
        ("resolution_ratio", share(all.resolved, all.size())),
        ("points.carried_in", Some(points.of("carried_in"))),
        ("points.opened", Some(points.of("opened"))),
        ("points.reopened_in", Some(points.of("reopened_in"))),
        ("points.resolved", Some(points.resolved)),
        ("points.open_at_end", Some(points.open)),
        ("point_resolution_ratio", share(points.resolved, points.size())),
        ("on_time", Some(on_time)),
        ("due", Some(due)),
        ("on_time_ratio", share(on_time, due)),
        ("void", Some(void)),
        ("self_cleared", Some(cleared)),
        ("by_source.detected", Some(detected)),
        ("villages_reported", counted(villages.len())),
        ("villages_resolved", counted(resolved_villages)),
        (MEAN_REPAIR, (number > 0).then(|| sum / number.max(1))),
    ]
}

/// The one figure that is a time.
pub(super) const MEAN_REPAIR: &str = "mttr_ms";

/// The same figures as the rollup has them.
pub(super) fn told(figures: &FaultFigures) -> Named {
    let count = |count: u64| Some(i64::try_from(count).unwrap_or(i64::MAX));
    let FaultFigures { cohort, points, .. } = figures;
    let detected = figures.by_source.get(&linewatch_core::record::FaultSource::Detected);
    let ratio = |ratio: linewatch_core::availability::Ratio| ratio.as_f64().map(super::super::figures::billionths);
    vec![
        ("carried_in", count(cohort.carried_in)),
        ("opened", count(cohort.opened)),
        ("reopened_in", count(cohort.reopened_in)),
        ("resolved", count(cohort.resolved)),
        ("open_at_end", count(cohort.open_at_end)),
        ("resolution_ratio", ratio(figures.resolution_ratio)),
        ("points.carried_in", count(points.carried_in)),
        ("points.opened", count(points.opened)),
        ("points.reopened_in", count(points.reopened_in)),
        ("points.resolved", count(points.resolved)),
        ("points.open_at_end", count(points.open_at_end)),
        ("point_resolution_ratio", ratio(figures.point_resolution_ratio)),
        ("on_time", count(figures.on_time)),
        ("due", count(figures.due)),
        ("on_time_ratio", ratio(figures.on_time_ratio)),
        ("void", count(figures.void)),
        ("self_cleared", count(figures.self_cleared)),
        ("by_source.detected", count(detected.map_or(0, linewatch_core::rollup::Cohort::size))),
        ("villages_reported", count(figures.villages.villages_reported)),
        ("villages_resolved", count(figures.villages.villages_resolved)),
        (MEAN_REPAIR, figures.mttr_ms.map(|mean| mean.0)),
    ]
}

/// In thousand-millionths; `None` of nothing.
fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| i64::try_from(i128::from(part) * 1_000_000_000 / i128::from(whole)).unwrap_or(0))
}

//! The figures of faults against questions asked of each fault by itself.

use linewatch_core::calendar::Calendar;
use linewatch_core::record::{FaultNo, FaultSource};
use linewatch_core::rollup::{
    Cohort, Common, Counting, EndedBy, Evidence, FaultCase, FaultEntry, FaultFate, FaultFigures, FaultHistory,
    FaultStanding, Inventory, OpenSpan, Point, Policy, Restoration, fault_cases,
};
use linewatch_core::time::{Span, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::histories::{LINES, id};

fn figures(period: Span, faults: &[FaultHistory]) -> FaultFigures {
    let common = Common {
        period,
        until: period.end,
        calendar: Calendar::new(chrono_tz::UTC),
        policy: Policy::default(),
        inventory: Inventory::default(),
        evidence: Evidence {
            begin: Timestamp(0),
            horizon: Timestamp::MAX,
            waiting: std::collections::BTreeMap::new(),
            gaps: Vec::new(),
            observed: Vec::new(),
        },
        windows: Vec::new(),
    };
    Counting::new(common).finish(faults, &[]).faults
}

/// Spans in order, strictly apart; the last one may be open.
fn open() -> impl Strategy<Value = Vec<OpenSpan>> {
    (vec((1i64..15, 0i64..15, any::<bool>()), 1..4), 0i64..60, any::<bool>()).prop_map(|(parts, start, still)| {
        let mut at = start;
        let mut spans = Vec::new();
        let last = parts.len() - 1;
        for (index, (pause, length, person)) in parts.into_iter().enumerate() {
            let by = if person { EndedBy::Person } else { EndedBy::Itself };
            let end = Restoration { at: Timestamp(at + length), by };
            spans.push(OpenSpan { from: Timestamp(at), restored: (index < last || !still).then_some(end) });
            at += length + pause;
        }
        spans
    })
}

fn fault(number: u32) -> impl Strategy<Value = FaultHistory> {
    let points = vec((0..LINES, 0i64..100, option::of(0i64..20)), 0..4);
    let merged = option::weighted(0.2, 0u32..6);
    let flags = (any::<bool>(), any::<bool>(), proptest::bool::weighted(0.2), any::<bool>());
    (open(), 0i64..40, points, merged, flags, 0..LINES, option::of(0usize..2)).prop_map(
        move |(open, deadline, points, merged, (reported, human_steps, void, exempt), line, cause)| FaultHistory {
            fault: no(number),
            source: if reported { FaultSource::Reported } else { FaultSource::Detected },
            channel: None,
            line: id(line),
            class: "village".into(),
            township: "X".into(),
            village: ["", "v", "w"][line % 3].to_owned(),
            reported_from: std::collections::BTreeSet::default(),
            opened: open[0].from,
            deadline: Timestamp(open[0].from.0 + deadline),
            open,
            human_steps,
            points: points
                .into_iter()
                .map(|(line, from, left)| Point {
                    line: id(line),
                    from: Timestamp(from),
                    left: left.map(|after| Timestamp(from + after)),
                })
                .collect(),
            cause: cause.map(|cause| ["power", "cut"][cause].to_owned()),
            void,
            merged_into: merged.map(no),
            exempt,
            imported: false,
        },
    )
}

fn no(number: u32) -> FaultNo {
    FaultNo::new(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date"), number)
}

fn faults(merging: bool) -> impl Strategy<Value = Vec<FaultHistory>> {
    (0u32..6).map(fault).collect::<Vec<_>>().prop_map(move |mut faults| {
        if !merging {
            for fault in &mut faults {
                fault.merged_into = None;
            }
        }
        faults
    })
}

fn period() -> impl Strategy<Value = Span> {
    (0i64..80, 1i64..60).prop_map(|(start, length)| Span::new(Timestamp(start), Timestamp(start + length)))
}

/// Whether a fault affected something since `since`, and was open in the half millisecond after `t`.
fn open_at(fault: &FaultHistory, since: i64, t: i64) -> bool {
    since <= t
        && fault.open.iter().any(|span| span.from.0 <= t && span.restored.is_none_or(|restored| restored.at.0 > t))
}

/// The beginnings of what is open, since an instant.
fn beginnings(fault: &FaultHistory, since: i64) -> Vec<i64> {
    let reached = |span: &&OpenSpan| span.from.0 >= since || span.restored.is_none_or(|end| end.at.0 > since);
    fault.open.iter().filter(reached).map(|span| span.from.0.max(since)).collect()
}

/// `carried_in opened reopened_in resolved open_at_end` of one thing.
fn naive(fault: &FaultHistory, since: i64, period: Span) -> [u64; 5] {
    let (start, end) = (period.start.0, period.end.0);
    let beginnings = beginnings(fault, since);
    let inside = beginnings.iter().any(|at| start <= *at && *at < end);
    let before = beginnings.first().is_some_and(|first| *first < start);
    // Open on both sides of the border.
    let carried = open_at(fault, since, start - 1) && open_at(fault, since, start) && !begins_anew(fault, start);
    let open = open_at(fault, since, end - 1) && open_at(fault, since, end) && !begins_anew(fault, end);
    let entered = carried || inside;
    let opened = entered && !before;
    [
        u64::from(carried),
        u64::from(opened && !carried),
        u64::from(inside && before && !carried),
        u64::from(entered && !open),
        u64::from(entered && open),
    ]
}

fn begins_anew(fault: &FaultHistory, t: i64) -> bool {
    fault.open.iter().any(|span| span.from.0 == t)
}

fn cohort(cohort: Cohort) -> [u64; 5] {
    [cohort.carried_in, cohort.opened, cohort.reopened_in, cohort.resolved, cohort.open_at_end]
}

fn sum(all: impl Iterator<Item = [u64; 5]>) -> [u64; 5] {
    all.fold([0; 5], |sum, one| std::array::from_fn(|index| sum[index] + one[index]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn cohorts_are_what_asking_each_fault_says(faults in faults(false), period in period()) {
        let figures = figures(period, &faults);
        let counted: Vec<&FaultHistory> = faults.iter().filter(|fault| !fault.void).collect();
        let each = |fault: &&FaultHistory| naive(fault, fault.opened.0, period);
        prop_assert_eq!(cohort(figures.cohort), sum(counted.iter().map(each)));
        let pairs = counted.iter().flat_map(|fault| {
            let mut lines: std::collections::BTreeMap<_, i64> = std::collections::BTreeMap::new();
            let own = (fault.line.clone(), fault.opened.0);
            let stayed = fault.points.iter().filter(|point| point.left != Some(point.from));
            for (line, from) in stayed.map(|point| (point.line.clone(), point.from.0)).chain([own]) {
                let first = lines.entry(line).or_insert(from);
                *first = from.min(*first);
            }
            lines.into_values().map(|since| naive(fault, since, period)).collect::<Vec<_>>()
        });
        prop_assert_eq!(cohort(figures.points), sum(pairs));
        let void = faults.iter().filter(|fault| fault.void && period.contains(fault.opened)).count();
        prop_assert_eq!(figures.void, void as u64);

        let in_cohort: Vec<&&FaultHistory> =
            counted.iter().filter(|fault| each(fault)[..3].iter().any(|is| *is > 0)).collect();
        let resolved = |fault: &&FaultHistory| {
            let last = fault.open.iter().rfind(|span| span.from < period.end)?.restored?;
            (last.at <= period.end).then_some(last)
        };
        let mut lengths: Vec<i64> =
            in_cohort.iter().filter_map(|fault| Some(resolved(fault)?.at.0 - fault.opened.0)).collect();
        lengths.sort_unstable();
        let mean = (!lengths.is_empty()).then(|| lengths.iter().sum::<i64>() / i64::try_from(lengths.len()).expect("few"));
        prop_assert_eq!(figures.mttr_ms.map(|millis| millis.0), mean);
        // The nearest rank: the first value with enough of all at or below it.
        let rank = |percent: usize| lengths.iter().copied().find(|value| {
            lengths.iter().filter(|other| *other <= value).count() * 100 >= percent * lengths.len()
        });
        prop_assert_eq!(figures.median_ms.map(|millis| millis.0), rank(50));
        prop_assert_eq!(figures.p95_ms.map(|millis| millis.0), rank(95));
        let due = in_cohort.iter().filter(|fault| resolved(fault).is_some() || fault.deadline <= period.end).count();
        let on_time = in_cohort.iter().filter(|f| resolved(f).is_some_and(|end| end.at <= f.deadline)).count();
        prop_assert_eq!((figures.due, figures.on_time), (due as u64, on_time as u64));
        let by_itself = |fault: &&&&FaultHistory| {
            !fault.human_steps && resolved(fault).is_some_and(|end| end.by == EndedBy::Itself)
        };
        prop_assert_eq!(figures.self_cleared, in_cohort.iter().filter(by_itself).count() as u64);
        let open = in_cohort.iter().filter(|fault| resolved(fault).is_none());
        let age = open.map(|fault| period.end.0 - fault.opened.0).max();
        prop_assert_eq!(figures.open_age_max_ms.map(|millis| millis.0), age);
        prop_assert_eq!(figures.exempt, in_cohort.iter().filter(|fault| fault.exempt).count() as u64);
    }

    #[test]
    fn the_rows_of_faults_add_up_to_their_figures(faults in faults(true), period in period()) {
        let figures = figures(period, &faults);
        let cases = fault_cases(period, &faults);
        let count = |of: &dyn Fn(&FaultCase) -> bool| cases.iter().filter(|case| of(case)).count() as u64;
        let counted = |case: &FaultCase| matches!(case.standing, FaultStanding::Counted { .. });
        let fate = |case: &FaultCase| match case.standing {
            FaultStanding::Counted { entry, fate } => Some((entry, fate)),
            _ => None,
        };
        let entry = |wanted: FaultEntry| count(&|case| fate(case).is_some_and(|(entry, _)| entry == wanted));
        let resolved = |case: &FaultCase| matches!(fate(case), Some((_, FaultFate::Resolved(_))));
        let since = |case: &FaultCase| matches!(fate(case), Some((_, FaultFate::OpenAtEnd { resolved_since: true })));
        let all = figures.cohort;
        prop_assert_eq!(entry(FaultEntry::CarriedIn), all.carried_in);
        prop_assert_eq!(entry(FaultEntry::Opened), all.opened);
        prop_assert_eq!(entry(FaultEntry::ReopenedIn), all.reopened_in);
        prop_assert_eq!(count(&resolved), all.resolved);
        prop_assert_eq!(count(&|case| counted(case) && !resolved(case)), all.open_at_end);
        prop_assert_eq!(count(&since), all.resolved_since);
        prop_assert_eq!(count(&|case| case.standing == FaultStanding::Void), figures.void);
        prop_assert_eq!(count(&|case| matches!(case.standing, FaultStanding::Merged(_))), figures.merged);
        prop_assert_eq!(count(&|case| case.due), figures.due);
        prop_assert_eq!(count(&|case| case.on_time), figures.on_time);
        prop_assert_eq!(count(&|case| case.self_cleared), figures.self_cleared);
        prop_assert_eq!(sum(cases.iter().map(|case| cohort(case.points))), cohort(figures.points));
        let repairs: Vec<i64> = cases.iter().filter_map(|case| case.repair_ms).map(|length| length.0).collect();
        let mean = (!repairs.is_empty()).then(|| repairs.iter().sum::<i64>() / i64::try_from(repairs.len()).expect("few"));
        prop_assert_eq!(figures.mttr_ms.map(|length| length.0), mean);
        prop_assert!(cases.iter().all(|case| case.repair_ms.is_some() == resolved(case)));
        prop_assert!(cases.is_sorted_by_key(|case| case.fault.fault.clone()));
        for case in &cases {
            let nothing = !counted(case) && (case.due || case.on_time || case.points != Cohort::default());
            prop_assert!(!nothing, "what is not counted adds nothing");
        }
    }

    #[test]
    fn cohorts_balance_and_go_over_into_the_next_period(
        faults in faults(true), period in period(), length in 1i64..60,
    ) {
        let next = Span::new(period.end, Timestamp(period.end.0 + length));
        let (one, two) = (figures(period, &faults), figures(next, &faults));
        let all = [one.cohort, one.points, two.cohort, two.points];
        for each in all.iter().chain(one.by_source.values()).chain(one.by_cause.values()) {
            prop_assert_eq!(each.carried_in + each.opened + each.reopened_in, each.resolved + each.open_at_end);
            prop_assert!(each.resolved_since <= each.open_at_end);
        }
        prop_assert_eq!(one.cohort.open_at_end, two.cohort.carried_in);
        prop_assert_eq!(one.points.open_at_end, two.points.carried_in);
        for groups in [
            sum(one.by_source.values().map(|group| cohort(*group))),
            sum(one.by_cause.values().map(|group| cohort(*group))),
            sum(one.by_class.values().map(|group| cohort(*group))),
            sum(one.by_township.values().map(|group| cohort(*group))),
        ] {
            prop_assert_eq!(groups, cohort(one.cohort));
        }
        prop_assert!(one.on_time <= one.due && one.villages.villages_resolved <= one.villages.villages_reported);
    }
}

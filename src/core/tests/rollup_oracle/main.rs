//! A rollup against an oracle that looks at every millisecond, over thousands of random histories: planned, excluded,
//! declared, corrected, imported and re-parented lines, lost sight of, waiting, before the journal and behind its end.

mod faults;
mod histories;
mod naive;

use std::collections::{BTreeMap, BTreeSet};

use histories::{Case, MIDDLE, case};
use linewatch_core::availability::Ratio;
use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::LineRow;
use linewatch_core::rollup::{Counting, Effect, Fen, Figures, Kind, LineHistory, Rollup, WindowKind, explain};
use linewatch_core::time::{Millis, Span};
use naive::{Found, Sums, World};
use proptest::prelude::*;

fn rollup(case: &Case) -> Rollup {
    let mut counting = Counting::new(case.common.clone());
    for history in &case.histories {
        counting.add(history);
    }
    counting.finish(&[], &[])
}

impl Case {
    fn world(&self) -> World<'_> {
        let calendar = Calendar::new(chrono_tz::Asia::Shanghai);
        let months = [(2026, 1), (2026, 2)].map(|(year, month)| calendar.month(year, month).expect("a month"));
        World { common: &self.common, rows: &self.rows, middle: MIDDLE, months: months.to_vec() }
    }
}

/// Which outages are counted where a group of a line's rows is concerned.
struct Share {
    begins: bool,
    ends: bool,
}

/// The oracle's figures of one line in one group; `None` when it is not in it.
fn one(
    world: &World<'_>,
    history: &LineHistory,
    within: Span,
    belongs: &dyn Fn(&LineRow) -> bool,
    share: &dyn Fn(&Found) -> Share,
) -> Option<Sums> {
    let mut sums = world.sums(history, within, belongs);
    let served = world.served(&history.line, within);
    let last = served.iter().rev().find(|row| belongs(row))?;
    let of = |sums: &Sums, name: &str| sums.get(name).copied().unwrap_or(0);
    let down = of(&sums, "own") + of(&sums, "upstream") + of(&sums, "declared");
    let seen = of(&sums, "up") + down;
    let at_least = |part: i128, whole: i128, ppm: u32| whole > 0 && part * 1_000_000 >= whole * i128::from(ppm);
    let policy = &world.common.policy;
    let proven = at_least(seen, seen + of(&sums, "undetermined"), policy.min_coverage_ppm);
    let target = policy.targets_ppm.get(&last.line.class).copied().unwrap_or(policy.target_ppm);
    let at_end = world.serving(&history.line, within.end.0 - 1).is_some_and(belongs);
    let mut put = |name: &'static str, value: i128| *sums.entry(name).or_default() += value;
    put("lines", 1);
    put("lines_at_end", i128::from(at_end));
    put("compliant", i128::from(proven && at_least(seen - down, seen, target)));
    put("zero", i128::from(proven && down == 0));
    put("unproven", i128::from(!proven));
    put("rent", world.rent(&history.line, within, belongs).unwrap_or(0));
    put("rented", i128::from(world.rent(&history.line, within, belongs).is_some()));
    let (from, to) = (within.start.0, within.end.0);
    for found in world.outages(history) {
        let Share { begins, ends } = share(&found);
        let length = i128::from(found.end - found.start);
        let carried = found.start < from && (found.open || found.end > from);
        let started = from <= found.start && found.start < to;
        put("carried", i128::from(begins && carried));
        put("outages", i128::from(begins && started));
        if let Some(delay) = found.delay.filter(|_| begins && started) {
            put("detected", 1);
            put("delay", i128::from(delay));
        }
        let ended = ends && !found.open && from < found.end && found.end <= to;
        let open = ends && found.start < to && (found.open || found.end > to);
        put("ended", i128::from(ended));
        put("ended_length", if ended { length } else { 0 });
        put("open", i128::from(open));
    }
    let lengths = world
        .outages(history)
        .into_iter()
        .filter(|found| share(found).ends && found.start < to && (found.open || found.end > from));
    if let Some(longest) = lengths.map(|found| found.end - found.start).max() {
        sums.insert("longest", i128::from(longest));
    }
    Some(sums)
}

fn total(lines: impl Iterator<Item = Sums>) -> Sums {
    let mut sum = Sums::new();
    for (name, value) in lines.flatten() {
        let held = sum.entry(name).or_default();
        *held = if name == "longest" { value.max(*held) } else { *held + value };
    }
    sum
}

fn check(figures: &Figures, sums: &Sums, what: &str) -> Result<(), TestCaseError> {
    let of = |name: &str| sums.get(name).copied().unwrap_or(0);
    let millis = |value: Millis| i128::from(value.0);
    let down = of("own") + of("upstream") + of("declared");
    let mean = |sum: i128, count: i128| (count > 0).then(|| sum / count.max(1));
    let pairs = [
        ("lines", i128::from(figures.lines), of("lines")),
        ("lines_at_end", i128::from(figures.lines_at_end), of("lines_at_end")),
        ("in_service", millis(figures.in_service_ms), of("in_service")),
        ("up", millis(figures.up_ms), of("up")),
        ("down", millis(figures.down_ms), down),
        ("own", millis(figures.down_own_ms), of("own")),
        ("upstream", millis(figures.down_upstream_ms), of("upstream")),
        ("declared", millis(figures.down_declared_ms), of("declared")),
        ("bridged", millis(figures.bridged_ms), of("bridged")),
        ("planned", millis(figures.planned_ms), of("planned_only") + of("excluded")),
        ("excluded", millis(figures.excluded_ms), of("excluded")),
        ("undetermined", millis(figures.undetermined_ms), of("undetermined")),
        ("compliant", i128::from(figures.compliant_lines), of("compliant")),
        ("zero", i128::from(figures.zero_outage_lines), of("zero")),
        ("unproven", i128::from(figures.unproven_lines), of("unproven")),
        ("outages", i128::from(figures.outages), of("outages")),
        ("carried", i128::from(figures.outages_carried_in), of("carried")),
        ("open", i128::from(figures.outages_open), of("open")),
        ("ended", i128::from(figures.outages_ended), of("ended")),
    ];
    for (name, counted, expected) in pairs {
        prop_assert_eq!(counted, expected, "{} {}", what, name);
    }
    let (up, unknown) = (of("up"), of("undetermined"));
    let ratios = [
        (figures.availability, up, up + down),
        (figures.availability_low, up, up + down + unknown),
        (figures.availability_high, up + unknown, up + down + unknown),
        (figures.coverage, up + down, up + down + unknown),
        (figures.availability_unexcluded, of("up_unexcluded"), of("up_unexcluded") + of("down_unexcluded")),
        (figures.gross_availability, of("up_gross"), of("up_gross") + of("down_gross")),
    ];
    for (ratio, part, whole) in ratios {
        prop_assert_eq!((i128::from(ratio.numerator()), i128::from(ratio.denominator())), (part, whole), "{}", what);
    }
    let means = [
        ("mttr", figures.mttr_ms.map(millis), mean(of("ended_length"), of("ended"))),
        ("mtbf", figures.mtbf_ms.map(millis), mean(up, of("outages"))),
        ("delay", figures.detection_delay_ms.map(millis), mean(of("delay"), of("detected"))),
        ("longest", figures.longest_outage_ms.map(millis), sums.get("longest").copied()),
        ("rent", figures.rent_yuan.map(|Fen(fen)| fen.into()), Some(of("rent")).filter(|_| of("rented") > 0)),
    ];
    for (name, counted, expected) in means {
        prop_assert_eq!(counted, expected, "{} {}", what, name);
    }
    identities(figures)
}

/// What holds of every group, whatever happened.
fn identities(figures: &Figures) -> Result<(), TestCaseError> {
    let Figures { in_service_ms, up_ms, down_ms, planned_ms, undetermined_ms, .. } = *figures;
    prop_assert_eq!(in_service_ms, up_ms + down_ms + planned_ms + undetermined_ms);
    prop_assert_eq!(down_ms, figures.down_own_ms + figures.down_upstream_ms + figures.down_declared_ms);
    prop_assert!(figures.bridged_ms <= down_ms && figures.excluded_ms <= planned_ms);
    prop_assert!(figures.compliant_lines.max(figures.zero_outage_lines) + figures.unproven_lines <= figures.lines);
    let value = |ratio: Ratio| (i128::from(ratio.numerator()), i128::from(ratio.denominator()));
    if figures.availability.is_defined() {
        let (low, middle, high) =
            (value(figures.availability_low), value(figures.availability), value(figures.availability_high));
        prop_assert!(low.0 * middle.1 <= middle.0 * low.1 && middle.0 * high.1 <= high.0 * middle.1);
    }
    let whole = figures.availability.percent(3).as_deref() == Some("100.000 %");
    prop_assert_eq!(whole, down_ms == Millis::ZERO && up_ms > Millis::ZERO);
    Ok(())
}

/// To which row an outage belongs with its beginning and its end.
fn share_of<'a>(
    world: &'a World<'_>,
    history: &'a LineHistory,
    within: Span,
    belongs: &'a dyn Fn(&LineRow) -> bool,
) -> impl Fn(&Found) -> Share + 'a {
    move |found| {
        let served = world.served(&history.line, within);
        // The row in service, or the one that was last.
        let row = |t: i64| {
            let before = served.iter().rev().find(|row| {
                let began = row.from.0.max(row.line.opened.map_or(i64::MIN, |opened| opened.0));
                began <= t
            });
            before.or(served.first()).is_some_and(|row| belongs(row))
        };
        let first = found.start.max(within.start.0);
        let last = (found.end.min(within.end.0) - 1).max(first);
        Share { begins: row(first), ends: row(last) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_rollup_counts_what_counting_every_millisecond_counts(case in case()) {
        let (rollup, world) = (rollup(&case), case.world());
        let counted = case.common.counted();
        let group = |belongs: &dyn Fn(&LineRow) -> bool| {
            total(case.histories.iter().filter_map(|history| {
                one(&world, history, counted, belongs, &share_of(&world, history, counted, belongs))
            }))
        };
        check(&rollup.total, &group(&|_| true), "total")?;
        for class in &rollup.classes {
            check(&class.figures, &group(&|row| row.line.class == class.class), class.class.as_str())?;
        }
        for township in &rollup.townships {
            check(&township.figures, &group(&|row| row.line.township == township.township), "township")?;
        }
        for carrier in &rollup.carriers {
            check(&carrier.figures, &group(&|row| row.line.carrier == carrier.carrier), &carrier.carrier)?;
        }
        let months: Vec<Span> = world.months.iter().map(|month| month.clip(counted)).filter(|m| !m.is_empty()).collect();
        prop_assert_eq!(rollup.months.len(), months.len());
        for (month, within) in rollup.months.iter().zip(months) {
            let everything = |_: &Found| Share { begins: true, ends: true };
            let lines = case.histories.iter().filter_map(|history| one(&world, history, within, &|_| true, &everything));
            check(&month.figures, &total(lines), &month.month.to_string())?;
        }
        let mut lines = rollup.lines.iter();
        for history in &case.histories {
            let everything = |_: &Found| Share { begins: true, ends: true };
            if let Some(sums) = one(&world, history, counted, &|_| true, &everything) {
                let line = lines.next().expect("a line in service has its figures");
                prop_assert_eq!(&line.line, &history.line);
                check(&line.figures, &sums, line.line.as_str())?;
            }
        }
        prop_assert!(lines.next().is_none());
    }

    #[test]
    fn groups_add_up_to_the_total(case in case()) {
        let rollup = rollup(&case);
        let sum = |groups: Vec<&Figures>| {
            let mut sum = BTreeMap::new();
            for figures in groups {
                for (name, value) in additive(figures) {
                    *sum.entry(name).or_insert(0) += value;
                }
            }
            sum
        };
        let total = sum(vec![&rollup.total]);
        prop_assume!(rollup.total.lines > 0);
        prop_assert_eq!(&sum(rollup.classes.iter().map(|group| &group.figures).collect()), &total);
        prop_assert_eq!(&sum(rollup.townships.iter().map(|group| &group.figures).collect()), &total);
        prop_assert_eq!(&sum(rollup.carriers.iter().map(|group| &group.figures).collect()), &total);
        prop_assert_eq!(&sum(rollup.lines.iter().map(|group| &group.figures).collect()), &total);
        let mut months = sum(rollup.months.iter().map(|group| &group.figures).collect());
        let mut total = total;
        // An outage over the turn of a month is open at the end of one and carried into the next.
        for name in ["carried_in", "open"] {
            months.remove(name);
            total.remove(name);
        }
        prop_assert_eq!(months, total);
        let all = &rollup.total;
        let days = rollup.days.iter().map(|day| [day.in_service_ms, day.up_ms, day.down_ms, day.planned_ms, day.undetermined_ms]);
        let days = days.fold([Millis::ZERO; 5], |sum, day| std::array::from_fn(|part| sum[part] + day[part]));
        prop_assert_eq!(days, [all.in_service_ms, all.up_ms, all.down_ms, all.planned_ms, all.undetermined_ms]);
        prop_assert_eq!(all.outages + all.outages_carried_in, all.outages_ended + all.outages_open);
        for pair in rollup.months.windows(2) {
            prop_assert_eq!(pair[0].figures.outages_open, pair[1].figures.outages_carried_in);
        }
    }

    #[test]
    fn an_explanation_adds_up_to_the_figures_of_its_line(case in case()) {
        let rollup = rollup(&case);
        for history in &case.histories {
            let explained = explain(&case.common, history);
            let line = rollup.lines.iter().find(|line| line.line == history.line);
            prop_assert_eq!(explained.figures.as_ref(), line.map(|line| &line.figures));
            for pair in explained.stretches.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start);
            }
            let Some(figures) = explained.figures else {
                prop_assert!(explained.stretches.is_empty());
                continue;
            };
            let sum = |of: &dyn Fn(&linewatch_core::rollup::Stretch) -> bool| {
                explained.stretches.iter().filter(|s| of(s)).fold(Millis::ZERO, |sum, s| sum + s.span.length())
            };
            let kind = |kind: Kind| sum(&|stretch| stretch.counted.kind() == kind);
            prop_assert_eq!(sum(&|_| true), figures.in_service_ms);
            prop_assert_eq!(kind(Kind::Up), figures.up_ms);
            prop_assert_eq!(kind(Kind::Own), figures.down_own_ms);
            prop_assert_eq!(kind(Kind::Upstream), figures.down_upstream_ms);
            prop_assert_eq!(kind(Kind::Declared), figures.down_declared_ms);
            prop_assert_eq!(kind(Kind::Excluded), figures.excluded_ms);
            prop_assert_eq!(kind(Kind::Planned) + kind(Kind::Excluded), figures.planned_ms);
            prop_assert_eq!(kind(Kind::Undetermined), figures.undetermined_ms);
            prop_assert_eq!(sum(&|stretch| stretch.bridged), figures.bridged_ms);
            let gross_up = sum(&|stretch| stretch.gross == Kind::Up);
            let gross_down = sum(&|stretch| stretch.gross.is_down());
            prop_assert_eq!(Ratio::of(gross_up, gross_up + gross_down), figures.gross_availability);
            let lists = |outage: &&linewatch_core::rollup::MergedOutage| outage.starts(case.common.counted());
            prop_assert_eq!(explained.outages.iter().filter(lists).count() as u64, figures.outages);
        }
    }

    #[test]
    fn the_effects_of_windows_add_up(case in case()) {
        let Rollup { total, effects, .. } = rollup(&case);
        let numbers = |kind: WindowKind| -> BTreeSet<u64> {
            case.common.windows.iter().filter(|window| window.kind == kind).map(|window| window.record).collect()
        };
        let (excluded, planned) = (numbers(WindowKind::Excluded), numbers(WindowKind::Planned));
        let sum = |numbers: &BTreeSet<u64>, part: &dyn Fn(&Effect) -> Millis| {
            let of = effects.iter().filter(|effect| numbers.contains(&effect.record));
            of.fold(Millis::ZERO, |sum, effect| sum + part(effect))
        };
        prop_assert_eq!(sum(&excluded, &|effect| effect.counted_ms), total.excluded_ms);
        prop_assert_eq!(sum(&planned, &|effect| effect.counted_ms), total.planned_ms - total.excluded_ms);
        let unexcluded = total.availability_unexcluded;
        let down_unexcluded = Millis(unexcluded.denominator() - unexcluded.numerator());
        prop_assert_eq!(sum(&excluded, &|effect| effect.down_ms), down_unexcluded - total.down_ms);
        for effect in &effects {
            prop_assert!(effect.lines >= 1 && effect.lines <= total.lines);
            prop_assert!(effect.down_ms <= effect.counted_ms && effect.counted_ms > Millis::ZERO);
        }
    }

    #[test]
    fn a_line_that_was_not_added_is_no_better_for_it(case in case()) {
        let full = Counting::new(case.common.clone()).finish(&[], &[]).total;
        prop_assert_eq!(full.up_ms, Millis::ZERO);
        prop_assert_eq!(full.in_service_ms, rollup(&case).total.in_service_ms);
    }
}

/// Figures that add up over any division of the lines' time.
fn additive(figures: &Figures) -> [(&'static str, i128); 16] {
    let millis = |value: Millis| i128::from(value.0);
    [
        ("in_service", millis(figures.in_service_ms)),
        ("up", millis(figures.up_ms)),
        ("down", millis(figures.down_ms)),
        ("own", millis(figures.down_own_ms)),
        ("upstream", millis(figures.down_upstream_ms)),
        ("declared", millis(figures.down_declared_ms)),
        ("bridged", millis(figures.bridged_ms)),
        ("planned", millis(figures.planned_ms)),
        ("excluded", millis(figures.excluded_ms)),
        ("undetermined", millis(figures.undetermined_ms)),
        ("outages", figures.outages.into()),
        ("ended", figures.outages_ended.into()),
        ("carried_in", figures.outages_carried_in.into()),
        ("open", figures.outages_open.into()),
        ("rent", figures.rent_yuan.map_or(0, |fen| fen.0.into())),
        ("gross", figures.gross_availability.denominator().into()),
    ]
}

//! The figures of a rollup against those of the truth.

use std::collections::{BTreeMap, BTreeSet};

use linewatch_core::availability::Ratio;
use linewatch_core::calendar::Calendar;
use linewatch_core::line::{Line, LineId};
use linewatch_core::rollup::{Figures, Policy, Rollup};
use linewatch_core::time::{Millis, Span, Timestamp};

use super::expected::{Account, LineTruth, Slack};
use super::{Checked, Flaw, Outage, PLAIN, Records, Told};

/// A rollup and what it is of.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// The period.
    pub period: Span,
    /// Its months.
    pub calendar: Calendar,
    /// What was judged by.
    pub policy: &'a Policy,
    /// The figures.
    pub figures: &'a Rollup,
}

/// What the truth expects of a group.
#[derive(Clone, Copy, Debug, Default)]
struct Expected {
    account: Account,
    slack: Slack,
}

impl Expected {
    fn add(&mut self, other: &Self) {
        self.account.add(&other.account);
        self.slack.add(&other.slack);
    }
}

pub(super) fn check(told: &Told<'_>, records: &Records, counted: Counted<'_>, checked: &mut Checked) {
    let Counted { period, calendar, policy, figures } = counted;
    let mut outages: BTreeMap<&LineId, Vec<&Outage>> = BTreeMap::new();
    for outage in &records.outages {
        outages.entry(&outage.row.line).or_default().push(outage);
    }
    let mut total = Expected::default();
    let mut classes: BTreeMap<&str, Expected> = BTreeMap::new();
    let mut townships: BTreeMap<&str, Expected> = BTreeMap::new();
    let mut months = vec![Expected::default(); figures.months.len()];
    for line in &records.lines {
        let mine = outages.get(&line.id).map(Vec::as_slice).unwrap_or_default();
        let truth = LineTruth::of(told, &line.id, service(line, told.span));
        let of = |period: Span| Expected { account: truth.account(period), slack: truth.slack(period, mine) };
        let expected = of(period);
        total.add(&expected);
        classes.entry(line.class.as_str()).or_default().add(&expected);
        townships.entry(line.township.as_str()).or_default().add(&expected);
        for (month, sum) in figures.months.iter().zip(&mut months) {
            sum.add(&of(month_of(calendar, month.month.year, month.month.month).clip(period)));
        }
        let found = figures.lines.iter().find(|figures| figures.line == line.id).map(|line| &line.figures);
        if let Some(found) = found {
            let name = line.id.to_string();
            compare(&name, found, &expected, checked);
            count(told, line, mine, period, found, checked);
            judged(&name, found, &expected, policy.target(&line.class), policy, checked);
        } else if expected.account != Account::default() {
            checked.flaws.push(Flaw::NoFigures(line.id.clone()));
        }
    }
    compare("", &figures.total, &total, checked);
    people(told, records, counted, checked);
    for class in &figures.classes {
        let expected = classes.get(class.class.as_str()).copied().unwrap_or_default();
        compare(class.class.as_str(), &class.figures, &expected, checked);
    }
    for township in &figures.townships {
        let expected = townships.get(township.township.as_str()).copied().unwrap_or_default();
        compare(township.township.as_str(), &township.figures, &expected, checked);
    }
    for (month, expected) in figures.months.iter().zip(&months) {
        compare(&month.month.to_string(), &month.figures, expected, checked);
    }
    checked.availability = figures.total.availability.as_f64();
    checked.true_availability = share(&total.account);
}

/// What people did, as far as figures tell it.
fn people(told: &Told<'_>, records: &Records, counted: Counted<'_>, checked: &mut Checked) {
    let Counted { period, figures, .. } = counted;
    let mut differs = |figure: &'static str, records: u64, truth: usize| {
        let (records, truth) = (i64::try_from(records).unwrap_or(i64::MAX), i64::try_from(truth).unwrap_or(i64::MAX));
        checked.figures += 1;
        if records != truth {
            checked.flaws.push(Flaw::Figure { group: String::new(), figure, records, truth, bound: 0 });
        }
    };
    let inspected = told.inspected.iter().filter(|at| period.contains(**at)).count();
    differs("inspections", figures.faults.inspections, inspected);
    let villages: BTreeSet<(&str, &str)> = records
        .lines
        .iter()
        .filter(|line| told.reported.contains(&line.id) && !line.village.is_empty())
        .map(|line| (line.township.as_str(), line.village.as_str()))
        .collect();
    checked.villages_reported = villages.len();
}

fn service(line: &Line, span: Span) -> Span {
    let opened = line.opened.unwrap_or(span.start).max(span.start);
    Span::new(opened, line.closed.unwrap_or(span.end).min(span.end))
}

fn month_of(calendar: Calendar, year: i32, month: u32) -> Span {
    let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let start = |(year, month)| calendar.start_of_month(year, month).unwrap_or(Timestamp::MAX);
    Span::new(start((year, month)), start(next))
}

/// Up / (up + down), the one floating point number here; only for showing and for what is compared with a bound.
#[expect(clippy::cast_precision_loss, reason = "401 years in milliseconds fit in 53 bits")]
fn share(account: &Account) -> Option<f64> {
    let whole = account.up + account.down();
    (whole > 0).then(|| account.up as f64 / whole as f64)
}

fn compare(group: &str, found: &Figures, expected: &Expected, checked: &mut Checked) {
    let Expected { account, slack } = expected;
    let mut differs = |figure: &'static str, records: i64, truth: i64, bound: i64| {
        checked.figures += 1;
        if (records - truth).abs() > bound {
            checked.flaws.push(Flaw::Figure { group: group.to_owned(), figure, records, truth, bound });
        }
    };
    let all = account.up + account.down() + account.undetermined + account.planned + account.excluded;
    differs("in_service_ms", found.in_service_ms.0, all, 0);
    differs("down_ms", found.down_ms.0, account.down(), slack.down);
    differs("down_own_ms", found.down_own_ms.0, account.own, slack.down + slack.whose);
    differs("down_upstream_ms", found.down_upstream_ms.0, account.upstream, slack.down + slack.whose);
    differs("down_declared_ms", found.down_declared_ms.0, 0, 0);
    differs("undetermined_ms", found.undetermined_ms.0, account.undetermined, slack.undetermined);
    differs("planned_ms", found.planned_ms.0, account.planned + account.excluded, slack.planned);
    differs("excluded_ms", found.excluded_ms.0, account.excluded, slack.planned);
    differs("up_ms", found.up_ms.0, account.up, slack.down + slack.undetermined + slack.planned);
    let Some(truly) = share(account) else { return };
    let whole = account.up + account.down();
    // Whatever is moved between up, down and neither moves the share by no more than its part of the whole.
    let moved = slack.down + slack.undetermined + slack.planned;
    let bound = ppb(moved, whole);
    if let Some(ratio) = found.availability.as_f64() {
        differs("availability", billionths(ratio), billionths(truly), bound + 1);
    }
    // The bounds that are printed beside it enclose the truth whatever happened while nobody saw.
    let (low, high) = (found.availability_low.as_f64(), found.availability_high.as_f64());
    if let (Some(low), Some(high)) = (low, high) {
        let (low, high, truly) = (billionths(low), billionths(high), billionths(truly));
        let outside = (low - truly).max(truly - high).max(0);
        differs("availability_low, availability_high", truly + outside, truly, bound + 1);
    }
}

/// Whether the line reaches its target, unless that is nearer than anybody can know.
fn judged(line: &str, found: &Figures, expected: &Expected, target_ppm: u32, policy: &Policy, checked: &mut Checked) {
    let Expected { account, slack } = expected;
    let covered =
        Ratio::of(Millis(account.up + account.down()), Millis(account.up + account.down() + account.undetermined));
    let Some(truly) = share(account).filter(|_| covered.reaches(policy.min_coverage_ppm)) else { return };
    let bound = ppb(slack.down + slack.undetermined + slack.planned, account.up + account.down());
    let above = billionths(truly) - i64::from(target_ppm) * 1000;
    let mut differs = |figure: &'static str, records: u64, truth: bool| {
        checked.figures += 1;
        if records != u64::from(truth) {
            let (records, truth) = (i64::from(records != 0), i64::from(truth));
            checked.flaws.push(Flaw::Figure { group: line.to_owned(), figure, records, truth, bound: 0 });
        }
    };
    if above.abs() > bound {
        differs("compliant_lines", found.compliant_lines, above > 0);
    }
    if account.down() == 0 && slack.down == 0 {
        differs("zero_outage_lines", found.zero_outage_lines, true);
    } else if account.down() > slack.down {
        differs("zero_outage_lines", found.zero_outage_lines, false);
    }
}

/// As many outages as there were dead spans to be found, and no more than there were at all.
fn count(told: &Told<'_>, line: &Line, outages: &[&Outage], period: Span, found: &Figures, checked: &mut Checked) {
    let dead = told.dead(&line.id);
    let covered = |dead: Span| {
        let on_path = |other: &LineId| *other == line.id || told.ancestors(&line.id).any(|above| above == other);
        told.windows.iter().any(|window| {
            let whole = [window.planned, window.excluded];
            on_path(window.line) && whole.iter().any(|span| !span.clip(dead).is_empty())
        })
    };
    let (mut least, mut most) = (0, 0);
    for (place, one) in dead.iter().enumerate() {
        let around = Span::new(one.start - PLAIN, one.end + PLAIN);
        if around.clip(period).is_empty() {
            continue;
        }
        most += 1;
        let alone = place == 0 || one.start - dead[place - 1].end > PLAIN;
        let inside = period.contains(one.start - PLAIN) && period.contains(one.start + PLAIN);
        let plain = alone && inside && !told.is_disturbed(around) && !covered(*one);
        least += i64::from(plain && one.length() > told.certain(&line.id));
        // Without sight in between, one dead span may be told in two parts.
        most += told.unseen.iter().filter(|unseen| !unseen.clip(around).is_empty()).count();
    }
    most += outages.iter().filter(|outage| !dead.iter().any(|dead| !dead.clip(outage.span()).is_empty())).count();
    let (records, most) = (i64::try_from(found.outages).unwrap_or(i64::MAX), i64::try_from(most).unwrap_or(i64::MAX));
    checked.figures += 1;
    if records < least || records > most {
        let (group, figure, truth) = (line.id.to_string(), "outages", if records < least { least } else { most });
        checked.flaws.push(Flaw::Figure { group, figure, records, truth, bound: 0 });
    }
}

/// A share in thousand-millionths.
#[expect(clippy::cast_possible_truncation, reason = "a share lies between 0 and 1")]
pub(super) fn billionths(share: f64) -> i64 {
    (share * 1e9) as i64
}

fn ppb(part: i64, whole: i64) -> i64 {
    let part = i128::from(part) * 1_000_000_000;
    i64::try_from(part / i128::from(whole.max(1)) + 1).unwrap_or(i64::MAX)
}

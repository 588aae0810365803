//! The actual value of an indicator, read from the figures.

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::{Fen, Figures, Rollup};
use linewatch_core::time::Millis;

use super::Quantity;
use crate::config::selfeval::{Figure, Indicator, Unit, Year};
use crate::language::Language;
use crate::report::rollup::numbers;

/// What became of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actual {
    /// In the indicator's unit; `None`: undefined.
    pub value: Option<Quantity>,
    /// What a ratio, or a cost per line, is made of; also where it is undefined.
    pub parts: Option<Parts>,
    /// Whether the evidence is thin: the coverage is below the policy's minimum.
    pub unproven: bool,
    /// Why it is undefined.
    pub missing: Option<Missing>,
}

/// Why there is no actual value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody observed it.
    NotObserved,
    /// There were no faults to repair.
    NoFaults,
    /// There were faults, and none was restored.
    NoneRestored,
    /// There were no outages.
    NoOutages,
    /// There were outages, and none ended.
    NoneEnded,
    /// No line names a rent.
    NoRent,
    /// People have stated nothing.
    NotStated,
}

/// Numerator and denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Above the line.
    pub numerator: i64,
    /// Below the line.
    pub denominator: i64,
    /// What they count.
    pub unit: PartsUnit,
}

/// What numerator and denominator count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartsUnit {
    /// Milliseconds up, and up or down.
    Millis,
    /// Lines.
    Lines,
    /// Faults.
    Faults,
    /// Points, (fault, line) pairs.
    Points,
    /// Fen, and lines.
    FenPerLine,
}

impl Parts {
    /// `3,512,345.123 ÷ 3,516,800.000 小时`.
    pub fn text(self, language: Language) -> String {
        let (above, below) = (self.numerator, self.denominator);
        let plain = |unit: &str| format!("{} ÷ {} {unit}", numbers::grouped(above), numbers::grouped(below));
        match self.unit {
            PartsUnit::Millis => {
                let (above, below) = (numbers::hours(Millis(above)), numbers::hours(Millis(below)));
                format!("{above} ÷ {below} {}", language.pick("小时", "h"))
            }
            PartsUnit::Lines => plain(language.pick("条", "lines")),
            PartsUnit::Faults => plain(language.pick("个故障", "faults")),
            PartsUnit::Points => plain(language.pick("个点位", "points")),
            PartsUnit::FenPerLine => language.pick(
                format!("{} 元 ÷ {below} 条", numbers::yuan(above)),
                format!("{} yuan ÷ {below} lines", numbers::yuan(above)),
            ),
        }
    }
}

impl Missing {
    /// 「未观测」…
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Self::NotObserved => language.pick("未观测", "not observed"),
            Self::NoFaults => language.pick("无故障", "no faults"),
            Self::NoneRestored => language.pick("无已修复的故障", "no fault restored"),
            Self::NoOutages => language.pick("无中断", "no outages"),
            Self::NoneEnded => language.pick("无已结束的中断", "no outage ended"),
            Self::NoRent => language.pick("未填租费", "no rent"),
            Self::NotStated => language.pick("未填报", "not stated"),
        }
    }
}

impl Actual {
    /// The value in words, without its unit: `99.873`, 「未观测」.
    pub fn text(&self, language: Language) -> String {
        match (self.value, self.missing) {
            (Some(value), _) => value.text(),
            (None, missing) => missing.unwrap_or(Missing::NotObserved).word(language).to_owned(),
        }
    }

    /// The value with its unit: `99.873%`.
    pub fn with_unit(&self, unit: &Unit, language: Language) -> String {
        let text = self.text(language);
        if self.value.is_some() { format!("{text}{}", unit.text) } else { text }
    }

    pub(super) fn read(indicator: &Indicator, figures: &Rollup, said: &Year) -> Self {
        let unit = &indicator.unit;
        let Some(group) = group(indicator, figures) else {
            // The class had no line in service.
            return match indicator.figure {
                Figure::LinesAtEnd | Figure::Lines | Figure::Outages => count(0),
                _ => none(Missing::NotObserved),
            };
        };
        let faults = &figures.faults;
        let lines = |part: u64| Ratio::of_counts(part, group.lines);
        let unrepaired = if faults.cohort.size() == 0 { Missing::NoFaults } else { Missing::NoneRestored };
        let unended = if group.outages_open == 0 { Missing::NoOutages } else { Missing::NoneEnded };
        match indicator.figure {
            Figure::LinesAtEnd => count(group.lines_at_end),
            Figure::Lines => count(group.lines),
            Figure::Outages => Self { unproven: !group.proven, ..count(group.outages) },
            Figure::Faults => count(faults.cohort.size()),
            Figure::Inspections => count(faults.inspections),
            Figure::VillagesReported => count(faults.villages.villages_reported),
            Figure::VillagesResolved => count(faults.villages.villages_resolved),
            Figure::Availability => observed(group, ratio(group.availability, PartsUnit::Millis, unit)),
            Figure::Coverage => observed(group, ratio(group.coverage, PartsUnit::Millis, unit)),
            Figure::CompliantRatio => observed(group, ratio(lines(group.compliant_lines), PartsUnit::Lines, unit)),
            Figure::ZeroOutageRatio => observed(group, ratio(lines(group.zero_outage_lines), PartsUnit::Lines, unit)),
            Figure::ResolutionRatio => ratio(faults.resolution_ratio, PartsUnit::Faults, unit),
            Figure::PointResolutionRatio => ratio(faults.point_resolution_ratio, PartsUnit::Points, unit),
            Figure::OnTimeRatio => ratio(faults.on_time_ratio, PartsUnit::Faults, unit),
            Figure::FaultMttr => length(faults.mttr_ms, unrepaired, unit),
            Figure::FaultMedian => length(faults.median_ms, unrepaired, unit),
            Figure::FaultP95 => length(faults.p95_ms, unrepaired, unit),
            Figure::OutageMttr => observed(group, length(group.mttr_ms, unended, unit)),
            Figure::LongestOutage => observed(group, length(group.longest_outage_ms, Missing::NoOutages, unit)),
            Figure::Rent => group.rent_yuan.map_or(none(Missing::NoRent), |rent| some(unit, rent.0, 1)),
            Figure::RentPerLine => match (group.rent_yuan, i64::try_from(group.lines)) {
                (Some(Fen(rent)), Ok(lines)) if lines > 0 => {
                    let parts = Parts { numerator: rent, denominator: lines, unit: PartsUnit::FenPerLine };
                    Self { parts: Some(parts), ..some(unit, rent, lines) }
                }
                (Some(_) | None, _) => none(Missing::NoRent),
            },
            Figure::Stated => said.stated.get(&indicator.third).map_or(none(Missing::NotStated), |stated| {
                let value = Quantity::new(i128::from(stated.millionths()), 1_000_000);
                Self { value: Some(value), parts: None, unproven: false, missing: None }
            }),
        }
    }
}

/// The figures of the indicator's class, or of all.
fn group<'f>(indicator: &Indicator, figures: &'f Rollup) -> Option<&'f Figures> {
    match &indicator.class {
        None => Some(&figures.total),
        Some(class) => figures.classes.iter().find(|of| of.class == *class).map(|of| &of.figures),
    }
}

fn none(missing: Missing) -> Actual {
    Actual { value: None, parts: None, unproven: false, missing: Some(missing) }
}

/// A number of the figure's own units over another one, in the indicator's unit.
fn some(unit: &Unit, numerator: i64, denominator: i64) -> Actual {
    let (own, of_it) = unit.multiple();
    let value =
        Quantity::new(i128::from(numerator.max(0)) * i128::from(of_it), i128::from(denominator) * i128::from(own));
    Actual { value: Some(value), parts: None, unproven: false, missing: None }
}

fn count(number: u64) -> Actual {
    Actual { value: Some(Quantity::whole(number)), parts: None, unproven: false, missing: None }
}

fn ratio(ratio: Ratio, of: PartsUnit, unit: &Unit) -> Actual {
    let parts = Some(Parts { numerator: ratio.numerator(), denominator: ratio.denominator(), unit: of });
    if ratio.is_defined() {
        return Actual { parts, ..some(unit, ratio.numerator(), ratio.denominator()) };
    }
    let missing = match of {
        PartsUnit::Faults | PartsUnit::Points => Missing::NoFaults,
        PartsUnit::Millis | PartsUnit::Lines | PartsUnit::FenPerLine => Missing::NotObserved,
    };
    Actual { parts, ..none(missing) }
}

fn length(length: Option<Millis>, missing: Missing, unit: &Unit) -> Actual {
    length.map_or(none(missing), |length| some(unit, length.0, 1))
}

fn observed(group: &Figures, actual: Actual) -> Actual {
    Actual { unproven: !group.proven, ..actual }
}

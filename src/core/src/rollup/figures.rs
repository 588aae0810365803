//! The figures by their names (design sections 3 and 6).

use std::fmt;

use serde::{Serialize, Serializer};

use super::{DayFigures, Effect, FaultFigures};
use crate::availability::Ratio;
use crate::line::{ClassName, LineId, Township};
use crate::time::Millis;

/// The figures of a period. Serialised it has the fields of `linewatch.rollup/1` from `total` on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rollup {
    /// All lines.
    pub total: Figures,
    /// By class, in order.
    pub classes: Vec<ClassFigures>,
    /// By township, in order.
    pub townships: Vec<TownshipFigures>,
    /// By carrier, in order.
    pub carriers: Vec<CarrierFigures>,
    /// By calendar month, all that the counted time touches.
    pub months: Vec<MonthFigures>,
    /// By calendar day, all that the counted time touches; none of a period of more than twelve years. Not serialised.
    #[serde(skip)]
    pub days: Vec<DayFigures>,
    /// By line, in the order of ids; lines never in service in the counted time are left out.
    pub lines: Vec<LineFigures>,
    /// Faults.
    pub faults: FaultFigures,
    /// What windows, exclusions, declarations and corrections do to the account, by record.
    pub effects: Vec<Effect>,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassFigures {
    /// 类别.
    pub class: ClassName,
    /// Its lines, while they were of this class.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A township.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TownshipFigures {
    /// 所属乡镇, empty when none is named.
    pub township: Township,
    /// Its lines, while they belonged to it.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CarrierFigures {
    /// 运营商, empty when none is named.
    pub carrier: String,
    /// Its lines, while they were its.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A calendar month, `2026-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// Year.
    pub year: i32,
    /// Month of the year, from 1.
    pub month: u32,
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthFigures {
    /// 月份.
    pub month: Month,
    /// All lines, in the part of the month that is counted.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A line. What it is called and where it belongs is what was in force last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineFigures {
    /// 线路编号.
    pub line: LineId,
    /// 线路名称.
    pub name: String,
    /// 类别.
    pub class: ClassName,
    /// 所属乡镇.
    pub township: Township,
    /// 村(社区).
    pub village: String,
    /// 运营商.
    pub carrier: String,
    /// Whether imported evidence is in its figures.
    pub imported: bool,
    /// Its figures. Of the counts of lines each is 0 or 1.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The figures of a group of lines, of one line, or of all.
///
/// `in_service_ms == up_ms + down_ms + planned_ms + undetermined_ms`, always, and
/// `down_ms == down_own_ms + down_upstream_ms + down_declared_ms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Lines in service at any time.
    pub lines: u64,
    /// Lines in service in the last counted millisecond.
    pub lines_at_end: u64,
    /// Time in service.
    pub in_service_ms: Millis,
    /// Nothing of the following.
    pub up_ms: Millis,
    /// Down.
    pub down_ms: Millis,
    /// The line itself failed.
    pub down_own_ms: Millis,
    /// Cut off by an ancestor.
    pub down_upstream_ms: Millis,
    /// Said by a person.
    pub down_declared_ms: Millis,
    /// The part of `down_ms` within gaps that were bridged.
    pub bridged_ms: Millis,
    /// Planned or excluded.
    pub planned_ms: Millis,
    /// The excluded part of it.
    pub excluded_ms: Millis,
    /// Nobody knows.
    pub undetermined_ms: Millis,
    /// 节点连通率: up / (up + down).
    pub availability: Ratio,
    /// As if all undetermined time had been down.
    pub availability_low: Ratio,
    /// As if all undetermined time had been up.
    pub availability_high: Ratio,
    /// Availability with exclusions ignored.
    pub availability_unexcluded: Ratio,
    /// Availability with exclusions and planned windows ignored.
    pub gross_availability: Ratio,
    /// 观测覆盖率: (up + down) / (up + down + undetermined).
    pub coverage: Ratio,
    /// Whether the coverage reaches the policy's minimum; otherwise 「证据不足」 is printed beside.
    pub proven: bool,
    /// 达标: lines with enough coverage whose availability reaches the target of the class (their last one here).
    pub compliant_lines: u64,
    /// 零中断: lines with enough coverage and not a millisecond down.
    pub zero_outage_lines: u64,
    /// 证据不足: lines without enough coverage. They stay in the denominator.
    pub unproven_lines: u64,
    /// Outages that start here.
    pub outages: u64,
    /// Outages that began before.
    pub outages_carried_in: u64,
    /// Outages that had not ended at the end.
    pub outages_open: u64,
    /// Outages that ended here. `outages_carried_in + outages == outages_ended + outages_open` for the total, each
    /// month and each line.
    pub outages_ended: u64,
    /// Mean whole length of outages that ended here.
    pub mttr_ms: Option<Millis>,
    /// The longest whole length of those that ended or were open; open ones so far.
    pub longest_outage_ms: Option<Millis>,
    /// Up time by outages that start here.
    pub mtbf_ms: Option<Millis>,
    /// Mean time from start to confirmation of outages that start here and were confirmed by probes.
    pub detection_delay_ms: Option<Millis>,
    /// 租赁费; `None` when no line names one.
    pub rent_yuan: Option<Fen>,
    /// 单条线路年均成本: rent by `lines`, truncated to the fen.
    pub rent_per_line: Option<Fen>,
}

/// An amount of money in fen (1/100 yuan). Serialised as a number of yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fen(pub i64);

impl fmt::Display for Fen {
    /// Yuan with two decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", fen / 100, fen % 100))
    }
}

impl Serialize for Fen {
    #[expect(clippy::cast_precision_loss, reason = "2^53 fen are 90 billion yuan")]
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(self.0 as f64 / 100.0)
    }
}

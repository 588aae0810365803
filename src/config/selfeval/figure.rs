//! The figures that an indicator's actual value may be read from, and the units they are told in.

use crate::language::Language;

/// A figure of the rollup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// 期末在用线路.
    LinesAtEnd,
    /// 期内在用过的线路.
    Lines,
    /// 中断次数.
    Outages,
    /// 应解决的故障.
    Faults,
    /// 巡检次数.
    Inspections,
    /// 报障的村.
    VillagesReported,
    /// 报障且全部解决的村.
    VillagesResolved,
    /// 节点连通率.
    Availability,
    /// 观测覆盖率.
    Coverage,
    /// 达标线路 / 线路.
    CompliantRatio,
    /// 零中断线路 / 线路.
    ZeroOutageRatio,
    /// 故障解决率.
    ResolutionRatio,
    /// 故障点位解决率.
    PointResolutionRatio,
    /// 故障修复及时率.
    OnTimeRatio,
    /// 故障平均修复时长.
    FaultMttr,
    /// 故障修复时长中位数.
    FaultMedian,
    /// 故障修复时长 95 分位.
    FaultP95,
    /// 中断平均时长.
    OutageMttr,
    /// 最长中断.
    LongestOutage,
    /// 租赁费.
    Rent,
    /// 单条线路租赁费.
    RentPerLine,
    /// 人工填报.
    Stated,
}

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// How many.
    Count,
    /// From 0 to 1.
    Ratio,
    /// A length of time.
    Length,
    /// An amount.
    Money,
    /// Whatever people state.
    Any,
}

/// The unit of a target, as it is printed, and how a figure becomes a number of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As it is printed: `路`, `%`, `小时`, `万元`.
    pub text: String,
    /// How many of the figure's own units (one thing, a ratio of 1, a millisecond, a fen) make `multiple.1` of it.
    pub(super) multiple: (i64, i64),
}

impl Unit {
    /// A unit for figures of a kind; `None` where it is none of them.
    pub fn of(text: &str, dimension: Dimension) -> Option<Self> {
        let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
        let multiple = match dimension {
            Dimension::Count | Dimension::Any => (1, 1),
            Dimension::Ratio => (text == "%").then_some((1, 100))?,
            Dimension::Length if begins(&["小时", "h"]) => (3_600_000, 1),
            Dimension::Length if begins(&["分钟", "min"]) => (60_000, 1),
            Dimension::Length if begins(&["天", "d"]) => (86_400_000, 1),
            Dimension::Money if begins(&["万元"]) => (1_000_000, 1),
            Dimension::Money if begins(&["元", "yuan"]) => (100, 1),
            Dimension::Length | Dimension::Money => return None,
        };
        Some(Self { text: text.to_owned(), multiple })
    }

    /// How many of the figure's own units make one of it, as (own, of it): (3,600,000, 1) ms to the hour, (1, 100) for
    /// percent.
    pub fn multiple(&self) -> (i64, i64) {
        self.multiple
    }

    /// The units there are for figures of a kind.
    pub fn known(dimension: Dimension, language: Language) -> &'static str {
        match dimension {
            Dimension::Count | Dimension::Any => language.pick("任何文字", "any text"),
            Dimension::Ratio => "\"%\"",
            Dimension::Length => language.pick("\"小时\"、\"分钟\"、\"天\"", "\"h\", \"min\", \"d\""),
            Dimension::Money => language
                .pick("\"万元\"、\"元\"，后面可以跟 \"/条\"", "\"万元\", \"元\", \"yuan\", and \"/条\" behind it"),
        }
    }
}

impl Figure {
    /// All of them with their names in the file, in its order.
    pub const ALL: [(&'static str, Self); 22] = [
        ("lines_at_end", Self::LinesAtEnd),
        ("lines", Self::Lines),
        ("outages", Self::Outages),
        ("faults", Self::Faults),
        ("inspections", Self::Inspections),
        ("villages_reported", Self::VillagesReported),
        ("villages_resolved", Self::VillagesResolved),
        ("availability", Self::Availability),
        ("coverage", Self::Coverage),
        ("compliant_ratio", Self::CompliantRatio),
        ("zero_outage_ratio", Self::ZeroOutageRatio),
        ("resolution_ratio", Self::ResolutionRatio),
        ("point_resolution_ratio", Self::PointResolutionRatio),
        ("on_time_ratio", Self::OnTimeRatio),
        ("fault_mttr", Self::FaultMttr),
        ("fault_median", Self::FaultMedian),
        ("fault_p95", Self::FaultP95),
        ("outage_mttr", Self::OutageMttr),
        ("longest_outage", Self::LongestOutage),
        ("rent", Self::Rent),
        ("rent_per_line", Self::RentPerLine),
        ("stated", Self::Stated),
    ];

    /// Its name in the file.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, figure)| *figure == self).map_or("", |(name, _)| name)
    }

    /// What kind of number it is.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::LinesAtEnd
            | Self::Lines
            | Self::Outages
            | Self::Faults
            | Self::Inspections
            | Self::VillagesReported
            | Self::VillagesResolved => Dimension::Count,
            Self::Availability
            | Self::Coverage
            | Self::CompliantRatio
            | Self::ZeroOutageRatio
            | Self::ResolutionRatio
            | Self::PointResolutionRatio
            | Self::OnTimeRatio => Dimension::Ratio,
            Self::FaultMttr | Self::FaultMedian | Self::FaultP95 | Self::OutageMttr | Self::LongestOutage => {
                Dimension::Length
            }
            Self::Rent | Self::RentPerLine => Dimension::Money,
            Self::Stated => Dimension::Any,
        }
    }

    /// Whether there is one for each class.
    pub fn is_by_class(self) -> bool {
        match self {
            Self::LinesAtEnd
            | Self::Lines
            | Self::Outages
            | Self::Availability
            | Self::Coverage
            | Self::CompliantRatio
            | Self::ZeroOutageRatio
            | Self::OutageMttr
            | Self::LongestOutage
            | Self::Rent
            | Self::RentPerLine => true,
            Self::Faults
            | Self::Inspections
            | Self::VillagesReported
            | Self::VillagesResolved
            | Self::ResolutionRatio
            | Self::PointResolutionRatio
            | Self::OnTimeRatio
            | Self::FaultMttr
            | Self::FaultMedian
            | Self::FaultP95
            | Self::Stated => false,
        }
    }
}

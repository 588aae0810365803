//! What only the form of the self-evaluation can have wrong.

use super::{Decimal, Dimension, Points, SelfEval, Unit};
use crate::language::Language;

/// A mistake in the form. Keys are written with their section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A key that must be there.
    Missing(String),
    /// Not a plain decimal within range.
    Number {
        /// The key.
        key: String,
        /// What stands there.
        text: String,
        /// Decimals allowed.
        decimals: u32,
    },
    /// A section `[year.…]` whose name is no year.
    Year(String),
    /// The unit does not suit the figure.
    Unit {
        /// The figure.
        figure: &'static str,
        /// What stands there.
        text: String,
        /// What kind of number the figure is.
        dimension: Dimension,
    },
    /// There is no such figure by class.
    NotByClass(&'static str),
    /// No indicator at all.
    NoIndicator,
    /// Two indicators of one name.
    Twice(String),
    /// The weights do not make their sum.
    Weights {
        /// The key.
        key: &'static str,
        /// Their sum.
        is: Points,
        /// What it must be.
        wanted: i64,
    },
    /// Some indicators have a `national_weight` and some do not.
    SomeNational,
    /// The parts of a budget do not make its total.
    Parts {
        /// The year.
        year: i32,
        /// Which column.
        key: &'static str,
        /// What the total says.
        total: Decimal,
        /// What the parts make.
        parts: Decimal,
    },
}

impl Flaw {
    /// What is wrong, in one sentence.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Missing(key) => language.pick(format!("缺 {key}"), format!("{key} is missing")),
            Self::Number { key, text, decimals } => language.pick(
                format!(
                    "{key} 的 {text} 不是可用的数：要不小于 0、不大于 10 亿、至多 {decimals} 位小数，不用科学记数法"
                ),
                format!("{key}: {text} will not do: 0 to 1,000,000,000 with at most {decimals} decimals, no exponent"),
            ),
            Self::Year(text) => language.pick(format!("[year.{text}] 不是年份"), format!("[year.{text}] is no year")),
            Self::Unit { figure, text, .. } => language.pick(
                format!("单位 \"{text}\" 与 {figure} 不相配"),
                format!("the unit \"{text}\" does not suit {figure}"),
            ),
            Self::NotByClass(figure) => {
                language.pick(format!("{figure} 不分类别统计"), format!("{figure} is not counted by class"))
            }
            Self::NoIndicator => language.pick("一个指标也没有".to_owned(), "there is no indicator at all".to_owned()),
            Self::Twice(name) => language
                .pick(format!("三级指标「{name}」写了两遍"), format!("the indicator {name:?} stands here twice")),
            Self::Weights { key, is, wanted } => language.pick(
                format!("所有指标的 {key} 合计 {is}，应为 {wanted}"),
                format!("the {key}s of all indicators make {is}, not {wanted}"),
            ),
            Self::SomeNational => language.pick(
                "national_weight 有的指标写了，有的没写".to_owned(),
                "some indicators have a national_weight, some have none".to_owned(),
            ),
            Self::Parts { year, key, total, parts } => language.pick(
                format!("{year} 年的 {key} 是 {total}，而各项合计 {parts}"),
                format!("{key} of {year} is {total}, its parts make {parts}"),
            ),
        }
    }

    /// What to do about it.
    pub fn advice(&self, language: Language) -> Option<String> {
        Some(match self {
            Self::Missing(_) | Self::Twice(_) | Self::Number { .. } => return None,
            Self::Year(_) => {
                language.pick("写四位数字，如 [year.2026]", "write four digits, like [year.2026]").to_owned()
            }
            Self::Unit { dimension, .. } => {
                let known = Unit::known(*dimension, language);
                language.pick(format!("可用的有：{known}"), format!("there are: {known}"))
            }
            Self::NotByClass(_) => language.pick("去掉 class", "leave class out").to_owned(),
            Self::NoIndicator => {
                language.pick("每个指标写一节 [[indicator]]", "write a section [[indicator]] for each").to_owned()
            }
            Self::Weights { wanted, .. } => {
                let rest = 100 - wanted;
                debug_assert!([SelfEval::WEIGHTS, SelfEval::NATIONAL_WEIGHTS].contains(wanted));
                language.pick(
                    format!("总分 100，其余 {rest} 分属于预算执行率"),
                    format!("of 100 points the other {rest} belong to the budget"),
                )
            }
            Self::SomeNational => language
                .pick("都写，或者都不写（按 weight 的 9/8 折算）", "write all or none (then 9/8 of weight)")
                .to_owned(),
            Self::Parts { .. } => {
                language.pick("改到相符，或者去掉总额由各项相加", "make them agree, or leave out the total").to_owned()
            }
        })
    }
}

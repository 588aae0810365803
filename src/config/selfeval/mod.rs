//! The form of the yearly self-evaluation (绩效自评): heading, budgets, indicators. Targets stand here, actual values come
//! from the records.
//!
//! A file of its own, named by `[report] selfeval`, read as strictly as the configuration. Amounts and targets are exact
//! decimals from the text of the file to the printed form; no float is anywhere between.

mod decimal;
mod figure;
mod flaw;

use std::collections::BTreeMap;
use std::path::Path;

use linewatch_core::line::ClassName;

pub use decimal::{Decimal, Points};
pub use figure::{Dimension, Figure, Unit};
pub use flaw::Flaw;

use super::{Config, ConfigError, Mistake, reader, text_of};
use crate::language::Language;

/// The form that comes with the program, used where the configuration names none.
pub const SHIPPED: &str = include_str!("../../../config/selfeval.toml");

/// The form of the self-evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfEval {
    /// `[project]`
    pub project: Project,
    /// `[year.2026]`: what is said of each year.
    pub years: BTreeMap<i32, Year>,
    /// `[[indicator]]`, in the order of the file.
    pub indicators: Vec<Indicator>,
}

/// `[project]`: the heading. What is not written is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// 项目名称.
    pub name: String,
    /// 主管部门.
    pub department: String,
    /// 项目实施单位.
    pub unit: String,
    /// 项目类别.
    pub category: String,
    /// 项目属性.
    pub property: String,
    /// 项目类型.
    pub kind: String,
    /// 年度总体目标.
    pub goal: String,
}

/// `[year.2026]`: budget and words of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// 年度资金总额, in 10,000 yuan.
    pub total: Funds,
    /// 其中：本年财政拨款.
    pub current: Funds,
    /// 上年结转资金.
    pub carried: Funds,
    /// 其他资金.
    pub other: Funds,
    /// 年度总体目标实际完成情况.
    pub achieved: String,
    /// 偏差大或目标未完成原因分析.
    pub reasons: String,
    /// 改进措施及结果应用方案.
    pub measures: String,
    /// Actual values that people state, by the indicator's name.
    pub stated: BTreeMap<String, Decimal>,
}

/// One row of the budget, in 10,000 yuan; `None`: not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funds {
    /// 年初预算数.
    pub initial: Option<Decimal>,
    /// 全年预算数, after adjustments.
    pub budget: Option<Decimal>,
    /// 全年执行数.
    pub executed: Option<Decimal>,
}

/// `[[indicator]]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// 一级指标.
    pub first: String,
    /// 二级指标.
    pub second: String,
    /// 三级指标.
    pub third: String,
    /// Which way is good.
    pub operator: Operator,
    /// 年初目标值, in its unit.
    pub target: Decimal,
    /// 单位.
    pub unit: Unit,
    /// 权重 in Hubei's form, where all of them make 80.
    pub weight: Points,
    /// 分值 in the national form, where all of them make 90.
    pub national_weight: Points,
    /// The figure that the actual value is read from.
    pub figure: Figure,
    /// Of the lines of this class; `None`: of all.
    pub class: Option<ClassName>,
    /// Whether it stands in the paragraph of prose.
    pub prose: bool,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// 正向: at least the target.
    AtLeast,
    /// The target itself; scored as a positive one.
    Exactly,
    /// 反向: at most the target.
    AtMost,
}

impl Operator {
    /// `≥`, `=` or `≤`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => "≥",
            Self::Exactly => "=",
            Self::AtMost => "≤",
        }
    }
}

impl SelfEval {
    /// Weights of all indicators in Hubei's form; 预算执行率 has the rest of 100.
    pub const WEIGHTS: i64 = 80;
    /// Weights of all indicators in the national form.
    pub const NATIONAL_WEIGHTS: i64 = 90;

    /// Reads and checks a file. `classes` are those of the configuration.
    ///
    /// # Errors
    /// When it cannot be read or has mistakes; then all of them.
    pub fn load(path: &Path, classes: &[ClassName]) -> Result<Self, ConfigError> {
        let source = text_of(path)?;
        Self::parse(&source, classes).map_err(|mistakes| ConfigError::Mistakes {
            path: path.to_owned(),
            source,
            mistakes,
        })
    }

    /// The form of a site: the one named, else as configured, else the one beside the configuration, else the one that
    /// comes with the program.
    ///
    /// # Errors
    /// As of [`SelfEval::load`].
    pub fn of(config: &Config, named: Option<&Path>) -> Result<Self, ConfigError> {
        let classes: Vec<_> = config.classes.iter().map(|class| class.name.clone()).collect();
        let beside = config.path.with_file_name("selfeval.toml");
        let path = named.or(config.report.selfeval.as_deref()).or(beside.exists().then_some(&*beside));
        path.map_or_else(|| Ok(Self::shipped()), |path| Self::load(path, &classes))
    }

    /// Why a form cannot be used, each mistake with its place and what to do; several lines.
    pub fn unusable(error: &ConfigError, language: Language, coloured: bool) -> String {
        match error {
            ConfigError::Missing { path } => {
                let path = path.display();
                language.pick(
                    format!("读自评表样式：没有 {path} 这个文件；请检查路径和配置里的 report.selfeval"),
                    format!(
                        "reading the form of the self-evaluation: there is no file {path}; check the path and \
                         report.selfeval of the configuration"
                    ),
                )
            }
            error => error.report(language, coloured),
        }
    }

    /// Checks a text.
    ///
    /// # Errors
    /// All mistakes, in the order of the file; never empty.
    pub fn parse(source: &str, classes: &[ClassName]) -> Result<Self, Vec<Mistake>> {
        reader::selfeval::read(source, classes)
    }

    /// The form that comes with the program.
    ///
    /// # Panics
    /// Never: a test reads it.
    pub fn shipped() -> Self {
        let classes = ["township", "village", "surveillance"].map(ClassName::from);
        Self::parse(SHIPPED, &classes).expect("the shipped form is without mistakes")
    }
}

impl Funds {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

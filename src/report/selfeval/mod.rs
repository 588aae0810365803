//! The evaluated self-evaluation (绩效自评): the form with every actual value read from the figures, scored.
//!
//! [`evaluate`] is all that the printed forms need; XLSX, DOCX and HTML tell the same [`Evaluation`]. Hubei's form and
//! the national one differ in their weights only, so both scores stand in it.
//!
//! # Scores
//!
//! The rule printed under Hubei's form: a positive indicator (≥, and =) has weight × actual ÷ target, a negative one (≤)
//! weight × target ÷ actual, capped at the weight; a negative one whose actual value is zero has full marks. What is
//! undefined (not observed, no faults, nothing stated, no budget) has no score: it is neither zero nor full, and the
//! total says how many points were not given. Scores are cut off after two decimals, and the total is the sum of what is
//! printed, so that it can be added up with a pencil. Targets are those of a year: another period has no scores.

mod actual;
mod quantity;
mod words;

use linewatch_core::rollup::Rollup;

pub use actual::{Actual, Missing, Parts, PartsUnit};
pub use quantity::Quantity;
pub use words::{CATEGORIES, KINDS, PROPERTIES, boxes};

use super::rollup::period::Asked;
use super::rollup::{Report, Telling};
use crate::config::selfeval::{Decimal, Funds, Indicator, Operator, Points, Project, SelfEval, Year};

/// 预算执行率 in Hubei's form.
const BUDGET: Points = Points::whole(100 - SelfEval::WEIGHTS);
/// 执行率 in the national form.
const NATIONAL_BUDGET: Points = Points::whole(100 - SelfEval::NATIONAL_WEIGHTS);

/// The form, evaluated for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The heading.
    pub project: Project,
    /// The year of the period; `None`: it is no year.
    pub year: Option<i32>,
    /// Whether there are scores, and how they are to be read.
    pub standing: Standing,
    /// The money.
    pub budget: Budget,
    /// The indicators, in the order of the file.
    pub rows: Vec<Row>,
    /// 总分 of Hubei's form.
    pub hubei: Total,
    /// 总分 of the national form.
    pub national: Total,
    /// The paragraph that the department's form wants.
    pub prose: String,
    /// 偏差大或目标未完成原因分析: what was missed, then what the file says of it. Paragraphs.
    pub deviations: Vec<String>,
    /// 原因分析, from the file; possibly empty. The last paragraphs of `deviations` once more.
    pub reasons: String,
    /// 改进措施及结果应用方案, from the file; possibly empty.
    pub measures: String,
    /// 年度总体目标实际完成情况.
    pub achieved: String,
}

/// Whether there are scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A whole year: they count.
    Final,
    /// A year that runs: they are a preview.
    Running,
    /// No year: the targets are a year's, so there are none.
    NotAYear,
}

/// The money of the year, in 10,000 yuan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// 年度资金总额.
    pub total: Funds,
    /// 其中：本年财政拨款.
    pub current: Funds,
    /// 上年结转资金.
    pub carried: Funds,
    /// 其他资金.
    pub other: Funds,
    /// 执行率 = executed ÷ budget, in percent; `None`: one of them is not given, or the budget is zero.
    pub rate: Option<Quantity>,
    /// Of Hubei's 20 points.
    pub hubei: Score,
    /// Of the national form's 10 points.
    pub national: Score,
}

/// Points got of points to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// 权重, 分值.
    pub weight: Points,
    /// 得分, cut off after two decimals; `None`: not scored.
    pub score: Option<Points>,
}

/// The sum of the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// Of the scored ones; `None`: nothing is scored.
    pub score: Option<Points>,
    /// The weights of what is not scored.
    pub unscored: Points,
}

/// An indicator with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the file says.
    pub indicator: Indicator,
    /// What the records say.
    pub actual: Actual,
    /// In Hubei's form.
    pub hubei: Score,
    /// In the national form.
    pub national: Score,
    /// What deviates from the target, with both values; `None`: nothing.
    pub deviation: Option<String>,
    /// The same where target and actual value stand beside it.
    pub deviation_beside: Option<String>,
}

impl Row {
    /// `≥99%`.
    pub fn target(&self) -> String {
        let Indicator { operator, target, unit, .. } = &self.indicator;
        format!("{}{target}{}", operator.sign(), unit.text)
    }
}

/// Evaluates the form for the period of a report.
pub fn evaluate(form: &SelfEval, report: &Report, telling: Telling<'_>) -> Evaluation {
    let year = match report.about.period.asked() {
        Asked::Year(year) => Some(year),
        Asked::Quarter(..) | Asked::Month(..) | Asked::Days(..) | Asked::Instants(..) => None,
    };
    let standing = match year {
        None => Standing::NotAYear,
        Some(_) if report.about.running() => Standing::Running,
        Some(_) => Standing::Final,
    };
    let said = year.and_then(|year| form.years.get(&year)).cloned().unwrap_or_default();
    let scored = standing != Standing::NotAYear;
    let rows: Vec<Row> =
        form.indicators.iter().map(|indicator| row(indicator, &report.figures, &said, scored, telling)).collect();
    let budget = Budget::of(&said);
    let sum = |budget: Score, of: fn(&Row) -> Score| Total::of([budget].into_iter().chain(rows.iter().map(of)));
    let prose = words::prose(&rows, report, telling);
    Evaluation {
        project: form.project.clone(),
        year,
        standing,
        hubei: sum(budget.hubei, |row| row.hubei),
        national: sum(budget.national, |row| row.national),
        deviations: words::deviations(&rows, &budget, standing, &said, telling),
        achieved: if said.achieved.is_empty() { prose.clone() } else { said.achieved },
        reasons: said.reasons,
        measures: said.measures,
        budget,
        rows,
        prose,
    }
}

fn row(indicator: &Indicator, figures: &Rollup, said: &Year, scored: bool, telling: Telling<'_>) -> Row {
    let actual = Actual::read(indicator, figures, said);
    let score = |weight: Points| Score {
        weight,
        score: actual.value.filter(|_| scored).map(|value| value.score(weight, indicator.operator, indicator.target)),
    };
    let (hubei, national) = (score(indicator.weight), score(indicator.national_weight));
    let [deviation, deviation_beside] =
        [true, false].map(|values| words::deviation(indicator, &actual, values, telling));
    Row { indicator: indicator.clone(), hubei, national, deviation, deviation_beside, actual }
}

impl Budget {
    fn of(said: &Year) -> Self {
        let Funds { budget, executed, initial: _ } = said.total;
        let rate = match (budget, executed) {
            (Some(budget), Some(executed)) if budget > Decimal::default() => {
                let (part, whole) = (i128::from(executed.millionths()), i128::from(budget.millionths()));
                Some(Quantity::new(part * 100, whole))
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        let hundred = Decimal::of_millionths(100 * Decimal::SCALE);
        let score = |weight| Score { weight, score: rate.map(|rate| rate.score(weight, Operator::AtLeast, hundred)) };
        Self {
            total: said.total,
            current: said.current,
            carried: said.carried,
            other: said.other,
            rate,
            hubei: score(BUDGET),
            national: score(NATIONAL_BUDGET),
        }
    }
}

impl Total {
    fn of(scores: impl Iterator<Item = Score>) -> Self {
        let mut total = Self { score: None, unscored: Points::default() };
        for Score { weight, score } in scores {
            match score {
                Some(score) => total.score = Some(Points(total.score.unwrap_or_default().0 + score.0)),
                None => total.unscored.0 += weight.0,
            }
        }
        total
    }
}

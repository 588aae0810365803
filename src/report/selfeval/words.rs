//! The words of the form: the paragraph of prose, what deviates, the boxes of the heading.

use super::{Actual, Budget, Row, Standing};
use crate::config::selfeval::{Dimension, Indicator, Operator, Year};
use crate::language::Language;
use crate::report::rollup::period::Asked;
use crate::report::rollup::{Report, Telling};

/// What 项目类别 may be in Hubei's form.
pub const CATEGORIES: [&str; 3] = ["部门预算项目", "区直专项", "区对下转移支付项目"];
/// What 项目属性 may be.
pub const PROPERTIES: [&str; 2] = ["持续性项目", "新增性项目"];
/// What 项目类型 may be.
pub const KINDS: [&str; 3] = ["常年性项目", "延续性项目", "一次性项目"];

/// `1、持续性项目 ☑　2、新增性项目 □`; what is none of the choices stands for itself.
pub fn boxes(chosen: &str, choices: &[&str]) -> String {
    if !chosen.is_empty() && !choices.contains(&chosen) {
        return chosen.to_owned();
    }
    let boxes = choices.iter().enumerate().map(|(place, choice)| {
        let mark = if *choice == chosen { "☑" } else { "□" };
        format!("{}、{choice}{mark}", place + 1)
    });
    boxes.collect::<Vec<_>>().join("　")
}

/// 「区直及乡镇电子政务专网线路数53路，…，全年节点连通有效性完成99.873%，故障点位解决情况完成100%。」
pub(super) fn prose(rows: &[Row], report: &Report, telling: Telling<'_>) -> String {
    let language = telling.language;
    let during = match report.about.period.asked() {
        Asked::Year(_) if report.about.running() => language.pick("本年截至目前", "so far this year, "),
        Asked::Year(_) => language.pick("全年", "over the year, "),
        Asked::Month(..) => language.pick("当月", "in the month, "),
        Asked::Quarter(..) => language.pick("本季度", "in the quarter, "),
        Asked::Days(..) | Asked::Instants(..) => language.pick("统计期内", "in the period, "),
    };
    let mut during = Some(during);
    let clauses = rows.iter().filter(|row| row.indicator.prose).map(|row| {
        let name = &row.indicator.third;
        let value = row.actual.with_unit(&row.indicator.unit, language);
        let mark = if row.actual.unproven { language.pick("（证据不足）", " (not enough evidence)") } else { "" };
        if row.indicator.figure.dimension() == Dimension::Count {
            return language.pick(format!("{name}{value}{mark}"), format!("{name} {value}{mark}"));
        }
        let during = during.take().unwrap_or_default();
        let clause = match row.actual.value {
            Some(_) => language.pick(format!("{name}完成{value}{mark}"), format!("{name} {value}{mark}")),
            None => language.pick(format!("{name}：{value}"), format!("{name}: {value}")),
        };
        format!("{during}{clause}")
    });
    let text = clauses.collect::<Vec<_>>().join(language.pick("，", ", "));
    if text.is_empty() { text } else { text + language.pick("。", ".") }
}

/// What deviates from the target of one indicator, with or without target and actual value.
pub(super) fn deviation(indicator: &Indicator, actual: &Actual, values: bool, telling: Telling<'_>) -> Option<String> {
    let language = telling.language;
    let Some(value) = actual.value else {
        let why = actual.text(language);
        return Some(language.pick(format!("{why}，不评分"), format!("{why}, not scored")));
    };
    let Indicator { operator, target, unit, .. } = indicator;
    let evidence =
        actual.unproven.then(|| language.pick("观测覆盖率不足，证据不足", "coverage too low: not enough evidence"));
    let missed = (!value.meets(*operator, *target)).then(|| {
        let above = value.compare(*target).is_gt();
        let which = match (operator, above) {
            (Operator::Exactly, true) => language.pick("超过目标", "above the target"),
            (Operator::AtMost, _) => language.pick("高于目标", "above the target"),
            (Operator::AtLeast | Operator::Exactly, _) => language.pick("低于目标", "below the target"),
        };
        if !values {
            return which.to_owned();
        }
        let (sign, text) = (operator.sign(), actual.with_unit(unit, language));
        language.pick(
            format!("{which}（目标{sign}{target}{}，实际{text}）", unit.text),
            format!("{which} ({sign}{target}{}, actual {text})", unit.text),
        )
    });
    let parts: Vec<String> = missed.into_iter().chain(evidence.map(str::to_owned)).collect();
    (!parts.is_empty()).then(|| parts.join(language.pick("；", "; ")))
}

/// All that deviates, then what the file says of it.
pub(super) fn deviations(
    rows: &[Row],
    budget: &Budget,
    standing: Standing,
    said: &Year,
    telling: Telling<'_>,
) -> Vec<String> {
    let language = telling.language;
    let mut found = Vec::new();
    match standing {
        Standing::Final => {}
        Standing::Running => found.push(
            language
                .pick("年度尚未结束，得分仅供参考。", "The year has not ended: the scores are a preview.")
                .to_owned(),
        ),
        Standing::NotAYear => found.push(
            language
                .pick("目标值是全年的，本期不评分。", "The targets are a year's: this period has no scores.")
                .to_owned(),
        ),
    }
    if standing != Standing::NotAYear && budget.rate.is_none() {
        found.push(no_budget(budget, language).to_owned());
    }
    for row in rows {
        let Some(deviation) = &row.deviation else { continue };
        let name = &row.indicator.third;
        found.push(language.pick(format!("{name}：{deviation}。"), format!("{name}: {deviation}.")));
    }
    if !said.reasons.is_empty() {
        found.extend(said.reasons.lines().map(str::to_owned));
    }
    found
}

/// Why there is no 执行率.
fn no_budget(budget: &Budget, language: Language) -> &'static str {
    if budget.total.is_empty() {
        language.pick("未填预算数和执行数，预算执行率不评分。", "No budget is given: its execution has no score.")
    } else {
        language.pick(
            "预算数或执行数未填全（或预算为零），预算执行率不评分。",
            "The budget is incomplete or zero: its execution has no score.",
        )
    }
}

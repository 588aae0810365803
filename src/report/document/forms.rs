//! 项目支出绩效自评表, in Hubei's layout and in the national one. Their words are those of the printed forms, in Chinese
//! whatever the reader's language: a form is a form.

use super::{Cell, Side, Table, Writing};
use crate::config::selfeval::{Decimal, Funds, Points};
use crate::report::selfeval::{CATEGORIES, Evaluation, KINDS, PROPERTIES, Row, Score, Standing, Total, boxes};

/// A quotient with more letters than this is broken before its sign, not anywhere.
const ONE_LINE: usize = 18;
/// What is not said or not scored.
const NOTHING: &str = "—";

fn amount(amount: Option<Decimal>) -> String {
    amount.map_or_else(|| "未填".to_owned(), |amount| amount.to_string())
}

fn score(score: Score) -> String {
    score.score.map_or_else(|| NOTHING.to_owned(), |points| points.to_string())
}

fn total(total: Total) -> String {
    let score = total.score.map_or_else(|| NOTHING.to_owned(), |points| points.to_string());
    if total.unscored > Points::default() { format!("{score}（另有 {} 分未评）", total.unscored) } else { score }
}

fn rate(evaluation: &Evaluation) -> String {
    evaluation.budget.rate.map_or_else(|| NOTHING.to_owned(), |rate| format!("{}%", rate.text()))
}

/// The actual value, with what a ratio is made of, and whether the evidence is thin.
fn actual(row: &Row, writing: &Writing) -> Cell {
    let language = writing.language;
    let mut text = row.actual.with_unit(&row.indicator.unit, language);
    if let Some(parts) = row.actual.parts {
        let mut parts = parts.text(language);
        if parts.chars().count() > ONE_LINE {
            parts = parts.replace(" ÷ ", "\n÷ ");
        }
        text.extend(["\n(", &parts, ")"]);
    }
    if row.actual.unproven {
        text += "\n证据不足";
    }
    Cell::middle(text)
}

fn year(evaluation: &Evaluation, layout: &str) -> String {
    let year = evaluation.year.map_or_else(String::new, |year| format!("{year} 年度"));
    let preview = if evaluation.standing == Standing::Running { "（年度未结束，仅供预览）" } else { "" };
    format!("{year}项目支出绩效自评表（{layout}）{preview}")
}

/// So many rows from a place on agree with it in a name.
fn run(rows: &[Row], from: usize, same: impl Fn(&Row, &Row) -> bool) -> usize {
    rows[from..].iter().take_while(|row| same(row, &rows[from])).count()
}

/// The cells of 一级指标 and 二级指标 that begin with a row.
fn levels(rows: &[Row], place: usize) -> Vec<Cell> {
    let first = |one: &Row, two: &Row| one.indicator.first == two.indicator.first;
    let second = |one: &Row, two: &Row| first(one, two) && one.indicator.second == two.indicator.second;
    let begins = |same: &dyn Fn(&Row, &Row) -> bool| place == 0 || !same(&rows[place - 1], &rows[place]);
    let mut cells = Vec::new();
    if begins(&first) {
        cells.push(Cell::middle(&rows[place].indicator.first).down(run(rows, place, first)));
    }
    if begins(&second) {
        cells.push(Cell::middle(&rows[place].indicator.second).down(run(rows, place, second)));
    }
    cells
}

/// Hubei's form.
pub(super) fn hubei(writing: &mut Writing, evaluation: &Evaluation) {
    let (project, budget, rows) = (&evaluation.project, &evaluation.budget, &evaluation.rows);
    let mut table = Table { columns: vec![20, 16, 16, 43, 25, 38, 13], header: 0, dense: true, rows: Vec::new() };
    table.row(vec![Cell::name("项目名称"), Cell::words(&project.name).across(6)]);
    table.row(vec![
        Cell::name("主管部门"),
        Cell::words(&project.department).across(3),
        Cell::name("项目实施单位"),
        Cell::words(&project.unit).across(2),
    ]);
    for (name, chosen, choices) in [
        ("项目类别", &project.category, CATEGORIES.as_slice()),
        ("项目属性", &project.property, PROPERTIES.as_slice()),
        ("项目类型", &project.kind, KINDS.as_slice()),
    ] {
        table.row(vec![Cell::name(name), Cell::words(boxes(chosen, choices)).across(6)]);
    }
    table.row(vec![
        Cell::name(format!("预算执行\n情况(万元)\n（{} 分）", budget.hubei.weight)).down(2),
        Cell::name("").across(2),
        Cell::name("预算数（A）"),
        Cell::name("执行数（B）"),
        Cell::name("执行率（B/A）"),
        Cell::name("得分"),
    ]);
    table.row(vec![
        Cell::middle("年度财政资金总额").across(2),
        Cell::middle(amount(budget.total.budget)),
        Cell::middle(amount(budget.total.executed)),
        Cell::middle(rate(evaluation)),
        Cell::middle(score(budget.hubei)),
    ]);
    let mut header = vec![Cell::name("年度绩效\n目标\n（80 分）").down(rows.len() + 1)];
    let names = ["一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"];
    header.extend(names.into_iter().map(Cell::name));
    table.row(header);
    for (place, row) in rows.iter().enumerate() {
        let mut cells = levels(rows, place);
        cells.extend([
            Cell::words(format!("{}（{}分）", row.indicator.third, row.hubei.weight)),
            Cell::middle(row.target()),
            actual(row, writing),
            Cell::middle(score(row.hubei)),
        ]);
        table.row(cells);
    }
    table.row(vec![Cell::name("总分"), Cell::middle(total(evaluation.hubei)).across(6)]);
    table.row(vec![Cell::name("偏差大或\n目标未完成\n原因分析"), deviations(evaluation).across(6)]);
    table.row(vec![Cell::name("改进措施及\n结果应用\n方案"), Cell::words(or_nothing(&evaluation.measures)).across(6)]);
    writing.table(&year(evaluation, "湖北省样式"), table);
    writing.note(
        "得分规则：正向指标（≥、=）得分为权重×B÷A，反向指标（≤）得分为权重×A÷B，不超过权重；反向指标实际为零得满分；\
         未观测、没有故障或未填报的不评分。得分截断到两位小数。",
    );
}

/// The national form.
pub(super) fn national(writing: &mut Writing, evaluation: &Evaluation) {
    let (project, budget, rows) = (&evaluation.project, &evaluation.budget, &evaluation.rows);
    let mut table =
        Table { columns: vec![12, 13, 13, 33, 21, 38, 10, 17, 27], header: 0, dense: true, rows: Vec::new() };
    table.row(vec![Cell::name("项目名称"), Cell::words(&project.name).across(8)]);
    table.row(vec![
        Cell::name("主管部门"),
        Cell::words(&project.department).across(4),
        Cell::name("实施单位"),
        Cell::words(&project.unit).across(3),
    ]);
    table.row(vec![
        Cell::name("项目\n资金\n(万元)").down(5),
        Cell::name("").across(2),
        Cell::name("年初预算数"),
        Cell::name("全年预算数"),
        Cell::name("全年执行数"),
        Cell::name("分值"),
        Cell::name("执行率"),
        Cell::name("得分"),
    ]);
    let money = |name: &str, funds: Funds, rest: [String; 3]| {
        let amounts = [funds.initial, funds.budget, funds.executed].map(|sum| Cell::middle(amount(sum)));
        let name = Cell { side: Side::Left, ..Cell::middle(name) }.across(2);
        [name].into_iter().chain(amounts).chain(rest.map(Cell::middle)).collect::<Vec<_>>()
    };
    let whole = [budget.national.weight.to_string(), rate(evaluation), score(budget.national)];
    let none = || [NOTHING, NOTHING, NOTHING].map(str::to_owned);
    table.row(money("年度资金总额", budget.total, whole));
    table.row(money("其中：本年财政拨款", budget.current, none()));
    table.row(money("上年结转资金", budget.carried, none()));
    table.row(money("其他资金", budget.other, none()));
    table.row(vec![
        Cell::name("年度\n总体\n目标").down(2),
        Cell::name("预期目标").across(4),
        Cell::name("实际完成情况").across(4),
    ]);
    table.row(vec![
        Cell::words(or_nothing(&project.goal)).across(4),
        Cell::words(or_nothing(&evaluation.achieved)).across(4),
    ]);
    let mut header = vec![Cell::name("绩效\n指标").down(rows.len() + 1)];
    let names =
        ["一级\n指标", "二级\n指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"];
    header.extend(names.into_iter().map(Cell::name));
    table.row(header);
    for (place, row) in rows.iter().enumerate() {
        let mut cells = levels(rows, place);
        cells.extend([
            Cell::words(&row.indicator.third),
            Cell::middle(row.target()),
            actual(row, writing),
            Cell::middle(row.national.weight.to_string()),
            Cell::middle(score(row.national)),
            Cell::words(row.deviation_beside.as_deref().unwrap_or_default()),
        ]);
        table.row(cells);
    }
    table.row(vec![
        Cell::name("总分").across(6),
        Cell::middle("100"),
        Cell::middle(total(evaluation.national)).across(2),
    ]);
    writing.new_page();
    writing.table(&year(evaluation, "财政部样式"), table);
    for (name, text) in [("偏差原因分析", &evaluation.reasons), ("改进措施", &evaluation.measures)] {
        if !text.is_empty() {
            writing.note(format!("{name}：{}", text.replace('\n', " ")));
        }
    }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { NOTHING } else { text }
}

/// What was missed, in one paragraph so that the form stays on its page, then what the file says of it.
fn deviations(evaluation: &Evaluation) -> Cell {
    let said = evaluation.reasons.lines().count();
    let found = &evaluation.deviations[..evaluation.deviations.len().saturating_sub(said)];
    // A Chinese sentence ends with its own space.
    let spaced = |text: &String| if text.ends_with('.') { format!("{text} ") } else { text.clone() };
    let found = found.iter().map(spaced).collect::<String>();
    let lines: Vec<String> =
        [found.trim_end().to_owned(), evaluation.reasons.clone()].into_iter().filter(|text| !text.is_empty()).collect();
    Cell::words(if lines.is_empty() { "无".to_owned() } else { lines.join("\n") })
}

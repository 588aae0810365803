//! 自评表 in both layouts. The actual values are formulas over 汇总 and 分类, the scores formulas over the actual values;
//! what they are computed with stands to the right, outside of what is printed.

use rust_xlsxwriter::XlsxError;

use super::Classes;
use super::groups::Ground;
use super::paper::{Look, Paper, Value, letters, width};
use super::places::quoted;
use super::summary::Rows;
use crate::config::selfeval::{Decimal, Dimension, Figure, Funds, Operator, Points};
use crate::report::selfeval::{Budget, CATEGORIES, Evaluation, KINDS, PROPERTIES, Row, Score, Standing, Total, boxes};

/// Last column of the printed form.
const LAST: u16 = 7;
/// Columns of what is computed with: 符号, 目标值, 单位, 分子, 分母, 换算后.
const SIGN: u16 = 9;
const TARGET: u16 = 10;
const PART: u16 = 12;
const WHOLE: u16 = 13;
const EXACT: u16 = 14;
/// Widths of A to H.
const WIDTHS: [f64; 8] = [13.0, 14.0, 34.0, 16.0, 18.0, 50.0, 10.0, 10.0];

/// The sheet in the making.
pub(super) struct Form<'s, 'l, 'g> {
    pub paper: &'s mut Paper<'l>,
    pub ground: Ground<'g>,
    pub evaluation: &'g Evaluation,
    /// Rows of 汇总.
    pub summary: (&'static str, &'g Rows),
    /// Where the figures of classes stand.
    pub classes: &'s Classes,
    pub row: u32,
}

/// Which of both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Hubei,
    National,
}

impl Form<'_, '_, '_> {
    /// Writes both forms and the paragraph.
    pub fn write(&mut self) -> Result<(), XlsxError> {
        self.paper.widths(0, &WIDTHS)?;
        self.paper.widths(LAST + 1, &[3.0, 6.0, 12.0, 9.0, 22.0, 22.0, 16.0, 22.0])?;
        let first = self.hubei()?;
        let behind = self.row;
        self.row += 1;
        self.national(first)?;
        self.row += 1;
        let title = self.pick("报主管部门的一段话", "The paragraph for the department");
        self.paper.merged(self.row, (0, LAST), title, Look::Band)?;
        self.row += 1;
        self.wide(0, &self.evaluation.prose.clone())?;
        let sheet = &mut self.paper.sheet;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_page_breaks(&[behind + 1])?;
        sheet.set_print_area(0, 0, self.row - 1, LAST)?;
        Ok(())
    }

    fn pick(&self, chinese: &'static str, english: &'static str) -> &'static str {
        self.ground.telling.language.pick(chinese, english)
    }

    fn unscored(&self) -> &'static str {
        self.pick("不评分", "not scored")
    }

    /// A merged cell of the form from a column to the last one, as high as its text needs.
    fn wide(&mut self, from: u16, text: &str) -> Result<(), XlsxError> {
        let room: f64 = WIDTHS[usize::from(from)..].iter().sum();
        let lines: f64 = text.lines().map(|line| (width(line) * 1.1 / room).ceil().max(1.0)).sum();
        self.paper.sheet.set_row_height(self.row, lines.max(1.0) * 15.0 + 6.0)?;
        self.paper.merged(self.row, (from, LAST), text, Look::Wrapped)?;
        self.row += 1;
        Ok(())
    }

    fn named(&mut self, name: &str, text: &str) -> Result<(), XlsxError> {
        self.paper.block((self.row, self.row), (0, 1), name, Look::Head)?;
        self.wide(2, text)
    }

    /// 项目名称, 主管部门 …
    fn heading(&mut self, layout: Layout) -> Result<(), XlsxError> {
        let project = &self.evaluation.project;
        let title = match layout {
            Layout::Hubei => {
                self.pick("项目支出绩效自评表（湖北样式）", "Self-evaluation of project expenditure (Hubei's form)")
            }
            Layout::National => {
                self.pick("项目支出绩效自评表（财政部样式）", "Self-evaluation of project expenditure (national form)")
            }
        };
        let year = self.evaluation.year.map_or_else(String::new, |year| {
            self.ground.telling.language.pick(format!("　（{year} 年度）"), format!(" ({year})"))
        });
        self.paper.merged(self.row, (0, LAST), &format!("{title}{year}"), Look::Band)?;
        self.row += 1;
        self.named(self.pick("项目名称", "Project"), &project.name.clone())?;
        let row = self.row;
        let (department, unit) = (project.department.clone(), project.unit.clone());
        self.paper.merged(row, (0, 1), self.pick("主管部门", "Department"), Look::Head)?;
        self.paper.merged(row, (2, 3), &department, Look::Wrapped)?;
        self.paper.text(row, 4, self.pick("项目实施单位", "Carried out by"), Look::Head)?;
        self.paper.merged(row, (5, LAST), &unit, Look::Wrapped)?;
        self.row += 1;
        if layout == Layout::Hubei {
            for (name, text) in [
                (self.pick("项目类别", "Category"), boxes(&project.category, &CATEGORIES)),
                (self.pick("项目属性", "Property"), boxes(&project.property, &PROPERTIES)),
                (self.pick("项目类型", "Type"), boxes(&project.kind, &KINDS)),
            ] {
                self.named(name, &text)?;
            }
        }
        Ok(())
    }

    fn heads(&mut self, names: &[&str]) -> Result<(), XlsxError> {
        self.paper.sheet.set_row_height(self.row, 30)?;
        for (column, name) in (0_u16..).zip(names) {
            self.paper.text(self.row, column, name, Look::Head)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Hubei's form; returns the row of its first indicator.
    fn hubei(&mut self) -> Result<u32, XlsxError> {
        self.heading(Layout::Hubei)?;
        let heads = self.ground.telling.language.pick(
            ["预算执行情况（万元）", "", "", "预算数（A）", "执行数（B）", "执行率（B÷A）", "权重", "得分"],
            ["Budget (10,000 yuan)", "", "", "budget (A)", "executed (B)", "rate (B/A)", "weight", "score"],
        );
        self.heads(&heads)?;
        self.paper.merged(self.row - 1, (0, 2), heads[0], Look::Head)?;
        let budget = &self.evaluation.budget;
        let row = self.row;
        self.paper.merged(row, (0, 2), self.pick("年度财政资金总额", "Funds of the year"), Look::Text)?;
        self.amount(row, 3, budget.total.budget)?;
        self.amount(row, 4, budget.total.executed)?;
        self.rate(row, 5, (3, 4), budget)?;
        self.weight(row, 6, budget.hubei)?;
        self.budget_score((row, 7), row, (3, 4, 6), budget.hubei)?;
        self.row += 1;
        let heads = self.ground.telling.language.pick(
            [
                "一级指标",
                "二级指标",
                "三级指标",
                "年初目标值（A）",
                "实际完成值（B）",
                "计算依据（分子 ÷ 分母）",
                "权重",
                "得分",
            ],
            ["first", "second", "third", "target (A)", "actual (B)", "numerator ÷ denominator", "weight", "score"],
        );
        self.heads(&heads)?;
        let helpers = self.ground.telling.language.pick(
            ["符号", "目标值", "单位", "分子", "分母", "换算到单位", "取数"],
            ["sign", "target", "unit", "numerator", "denominator", "in the unit", "figure"],
        );
        for (column, name) in (SIGN..).zip(helpers) {
            self.paper.text(self.row - 1, column, name, Look::Head)?;
        }
        let first = self.row;
        self.levels(first)?;
        let rows = &self.evaluation.rows;
        for (number, of) in (first..).zip(rows) {
            self.computed_with(number, of)?;
            self.paper.text(number, 2, &of.indicator.third, Look::Wrapped)?;
            self.target(number, 3, of)?;
            self.actual(number, Self::cut(of, &format!("{}{}", letters(EXACT), number + 1)), of)?;
            self.parts(number, 5, of)?;
            self.weight(number, 6, of.hubei)?;
            self.score(number, 7, number, 6, of, of.hubei)?;
        }
        self.row = first + u32::try_from(rows.len()).unwrap_or_default();
        self.total(7, (row, first), self.evaluation.hubei)?;
        let deviations = self.evaluation.deviations.join("\n");
        self.named(self.pick("偏差大或目标未完成原因分析", "Deviations and their reasons"), &deviations)?;
        self.named(self.pick("改进措施及结果应用方案", "Measures"), &self.evaluation.measures.clone())?;
        Ok(first)
    }

    /// The national form, whose values are those of Hubei's rows.
    fn national(&mut self, hubei: u32) -> Result<(), XlsxError> {
        self.heading(Layout::National)?;
        let heads = self.ground.telling.language.pick(
            ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
            ["Funds (10,000 yuan)", "", "initial", "budget", "executed", "weight", "rate", "score"],
        );
        self.heads(&heads)?;
        self.paper.merged(self.row - 1, (0, 1), heads[0], Look::Head)?;
        let budget = self.evaluation.budget.clone();
        let first_fund = self.row;
        let rows: [(&str, Funds); 4] = [
            (self.pick("年度资金总额", "All funds"), budget.total),
            (self.pick("　其中：本年财政拨款", "　of the year"), budget.current),
            (self.pick("　　　　上年结转资金", "　carried over"), budget.carried),
            (self.pick("　　　　其他资金", "　others"), budget.other),
        ];
        for (name, funds) in rows {
            let row = self.row;
            self.paper.merged(row, (0, 1), name, Look::Text)?;
            self.amount(row, 2, funds.initial)?;
            self.amount(row, 3, funds.budget)?;
            self.amount(row, 4, funds.executed)?;
            if row > first_fund {
                for column in 5..=LAST {
                    self.paper.text(row, column, "—", Look::Centred)?;
                }
            }
            self.row += 1;
        }
        self.weight(first_fund, 5, budget.national)?;
        self.rate(first_fund, 6, (3, 4), &budget)?;
        self.budget_score((first_fund, LAST), first_fund, (3, 4, 5), budget.national)?;
        self.named(self.pick("年度总体目标", "Goal of the year"), &self.evaluation.project.goal.clone())?;
        self.named(self.pick("实际完成情况", "What was reached"), &self.evaluation.achieved.clone())?;
        let heads = self.ground.telling.language.pick(
            ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "偏差原因分析及改进措施", "分值", "得分"],
            ["first", "second", "third", "target", "actual", "deviation and measures", "weight", "score"],
        );
        self.heads(&heads)?;
        let first = self.row;
        self.levels(first)?;
        let rows = &self.evaluation.rows;
        for ((number, source), of) in (first..).zip(hubei..).zip(rows) {
            self.paper.text(number, 2, &of.indicator.third, Look::Wrapped)?;
            self.target(number, 3, of)?;
            self.actual(number, format!("E{}", source + 1), of)?;
            let deviation = of.deviation.clone().unwrap_or_default();
            let lines = (width(&deviation) * 1.1 / WIDTHS[5]).ceil().max(1.0);
            self.paper.sheet.set_row_height(number, lines * 14.0 + 4.0)?;
            self.paper.text(number, 5, &deviation, Look::Wrapped)?;
            self.weight(number, 6, of.national)?;
            self.score(number, 7, source, 6, of, of.national)?;
        }
        self.row = first + u32::try_from(rows.len()).unwrap_or_default();
        self.total(7, (first_fund, first), self.evaluation.national)
    }

    /// 一级 and 二级指标, each once for all rows that share it.
    fn levels(&mut self, first: u32) -> Result<(), XlsxError> {
        let rows = &self.evaluation.rows;
        let keys: [fn(&Row) -> (&str, &str); 2] =
            [|row| (&row.indicator.first, ""), |row| (&row.indicator.first, &row.indicator.second)];
        for (column, key) in (0_u16..).zip(keys) {
            let mut from = 0;
            while from < rows.len() {
                let same = rows[from..].iter().take_while(|row| key(row) == key(&rows[from])).count();
                let text = if column == 0 { &rows[from].indicator.first } else { &rows[from].indicator.second };
                let place = |place: usize| first + u32::try_from(place).unwrap_or_default();
                self.paper.block((place(from), place(from + same - 1)), (column, column), text, Look::Centred)?;
                from += same;
            }
        }
        Ok(())
    }

    fn amount(&mut self, row: u32, column: u16, amount: Option<Decimal>) -> Result<(), XlsxError> {
        let Some(amount) = amount else {
            return self.paper.text(row, column, self.pick("未填", "not given"), Look::Centred);
        };
        self.paper.value(row, column, &Value::Number(amount.as_f64()), Look::Amount)
    }

    fn weight(&mut self, row: u32, column: u16, score: Score) -> Result<(), XlsxError> {
        self.paper.value(row, column, &Value::Number(score.weight.as_f64()), Look::Points)
    }

    /// 执行率.
    fn rate(&mut self, row: u32, column: u16, (budget, executed): (u16, u16), of: &Budget) -> Result<(), XlsxError> {
        let line = row + 1;
        let (a, b) = (format!("{}{line}", letters(budget)), format!("{}{line}", letters(executed)));
        let Some(rate) = of.rate else {
            return self.paper.text(row, column, self.pick("未填预算", "no budget"), Look::Centred);
        };
        let cut = rate.numerator() * 1000 / rate.denominator();
        let value = Value::Number(f64::from(i32::try_from(cut).unwrap_or(i32::MAX)) / 100_000.0);
        self.paper.live(row, column, Some(format!("INT({b}/{a}*100000+1E-7)/100000")), &value, Look::Percent)
    }

    /// Of the amounts in a row.
    fn budget_score(
        &mut self,
        (row, column): (u32, u16),
        amounts: u32,
        (budget, executed, weight): (u16, u16, u16),
        score: Score,
    ) -> Result<(), XlsxError> {
        let Some(points) = score.score else { return self.paper.text(row, column, self.unscored(), Look::Centred) };
        let line = amounts + 1;
        let [a, b, w] = [budget, executed, weight].map(|column| format!("{}{line}", letters(column)));
        let formula = format!("IF({b}>={a},{w},MIN({w}-0.01,INT({w}*{b}/{a}*100+1E-7)/100))");
        self.paper.live(row, column, Some(formula), &Value::Number(points.as_f64()), Look::Points)
    }

    fn target(&mut self, row: u32, column: u16, of: &Row) -> Result<(), XlsxError> {
        // The number stands apart; here it is as the form has it.
        self.paper.text(row, column, &of.target(), Look::Centred)
    }

    /// Sign, target, unit, numerator, denominator, and the actual value in the unit, not cut off.
    fn computed_with(&mut self, row: u32, of: &Row) -> Result<(), XlsxError> {
        let indicator = &of.indicator;
        self.paper.text(row, SIGN, indicator.operator.sign(), Look::Centred)?;
        self.paper.value(row, TARGET, &Value::Number(indicator.target.as_f64()), Look::Plain)?;
        self.paper.text(row, TARGET + 1, &indicator.unit.text, Look::Centred)?;
        let source = self.source(of);
        let number = |number: Option<i64>| number.map_or(Value::Empty, Value::count);
        let (part, whole) = figure_parts(of);
        self.paper.live(row, PART, source.0.filter(|_| part.is_some()), &number(part), Look::Plain)?;
        self.paper.live(row, WHOLE, source.1.filter(|_| whole.is_some()), &number(whole), Look::Plain)?;
        let line = row + 1;
        let (own, of_it) = indicator.unit.multiple();
        let (part, whole) = (letters(PART), letters(WHOLE));
        match of.actual.value {
            Some(value) => {
                let formula = format!("{part}{line}*{of_it}/({whole}{line}*{own})");
                let exact = ratio_as_f64(value.numerator(), value.denominator());
                self.paper.live(row, EXACT, Some(formula), &Value::Number(exact), Look::Plain)?;
            }
            None => self.paper.text(row, EXACT, "", Look::Plain)?,
        }
        self.paper.text(row, EXACT + 1, indicator.figure.name(), Look::Json)
    }

    /// The actual value, cut off as it is printed.
    fn actual(&mut self, row: u32, formula: String, of: &Row) -> Result<(), XlsxError> {
        let language = self.ground.telling.language;
        let Some(value) = of.actual.value else {
            return self.paper.text(row, 4, &of.actual.text(language), Look::Centred);
        };
        let (decimals, form) = Self::decimals(of);
        let scale = 10_i128.pow(decimals);
        let number = Value::Number(ratio_as_f64(value.numerator() * scale / value.denominator(), scale));
        let mark = if of.actual.unproven { self.pick("（证据不足）", " (unproven)") } else { "" };
        let unit = format!("{}{mark}", of.indicator.unit.text);
        self.paper.with_unit(row, 4, (formula, &number), form, &unit)
    }

    /// How many decimals of an actual value are printed, and how; the rest is cut off.
    fn decimals(of: &Row) -> (u32, &'static str) {
        match of.indicator.figure.dimension() {
            Dimension::Count => (0, "#,##0"),
            // Fen of 10,000 yuan; a cost per line seldom comes out even.
            Dimension::Money if of.indicator.unit.multiple().0 == 1_000_000 => (6, "#,##0.00####"),
            Dimension::Money | Dimension::Ratio | Dimension::Length | Dimension::Any => (3, "#,##0.000"),
        }
    }

    /// A cell cut off as its indicator is printed.
    fn cut(of: &Row, cell: &str) -> String {
        let scale = 10_i128.pow(Self::decimals(of).0);
        // The float of a number that is whole in this scale may lie a hair below it.
        format!("INT({cell}*{scale}+1E-5)/{scale}")
    }

    fn parts(&mut self, row: u32, column: u16, of: &Row) -> Result<(), XlsxError> {
        let language = self.ground.telling.language;
        let text = of.actual.parts.map_or_else(String::new, |parts| parts.text(language));
        self.paper.text(row, column, &text, Look::Centred)
    }

    /// The score by the rule, from the value that was not cut off.
    fn score(
        &mut self,
        row: u32,
        column: u16,
        source: u32,
        weight: u16,
        of: &Row,
        score: Score,
    ) -> Result<(), XlsxError> {
        let Some(points) = score.score else { return self.paper.text(row, column, self.unscored(), Look::Centred) };
        let line = source + 1;
        let [part, whole, target, exact] =
            [PART, WHOLE, TARGET, EXACT].map(|column| format!("{}{line}", letters(column)));
        let w = format!("{}{}", letters(weight), row + 1);
        let (own, of_it) = of.indicator.unit.multiple();
        // Reached or not is decided in whole numbers; a hair below the target is never full.
        let (mine, theirs) = (format!("{part}*{of_it}"), format!("{target}*{whole}*{own}"));
        let full = format!("INT({w}*100+1E-7)/100");
        let partly = |ratio: String| format!("MIN({full}-0.01,INT({w}*{ratio}*100+1E-7)/100)");
        let formula = match of.indicator.operator {
            _ if of.indicator.target == Decimal::default() => None,
            Operator::AtLeast | Operator::Exactly => {
                Some(format!("IF({mine}>={theirs},{full},{})", partly(format!("{exact}/{target}"))))
            }
            Operator::AtMost => Some(format!("IF({mine}<={theirs},{full},{})", partly(format!("{target}/{exact}")))),
        };
        self.paper.live(row, column, formula, &Value::Number(points.as_f64()), Look::Points)
    }

    fn total(&mut self, column: u16, (budget, first): (u32, u32), total: Total) -> Result<(), XlsxError> {
        let row = self.row;
        self.paper.bold = true;
        let Total { score, unscored } = total;
        let mut name = self.pick("总分", "Total").to_owned();
        if unscored > Points::default() {
            name += &self
                .ground
                .telling
                .language
                .pick(format!("（另有 {unscored} 分未评）"), format!(" ({unscored} points not scored)"));
        }
        if self.evaluation.standing == Standing::Running {
            name += self.pick("（年度未结束，仅供参考）", " (preview: the year runs)");
        }
        self.paper.merged(row, (0, column - 1), &name, Look::Text)?;
        let letter = letters(column);
        let formula = format!("SUM({letter}{},{letter}{}:{letter}{row})", budget + 1, first + 1);
        match score {
            Some(score) => self.paper.live(row, column, Some(formula), &Value::Number(score.as_f64()), Look::Points)?,
            None => self.paper.text(row, column, self.unscored(), Look::Centred)?,
        }
        self.paper.bold = false;
        self.row += 1;
        Ok(())
    }

    /// Formulas for numerator and denominator of an indicator's figure.
    fn source(&self, of: &Row) -> (Option<String>, Option<String>) {
        let class = of.indicator.class.as_ref();
        let group = |json: &str| self.classes.cell(class, json);
        let sum = |jsons: &[&str]| Some(jsons.iter().map(|json| group(json)).collect::<Option<Vec<_>>>()?.join("+"));
        let (summary, known) = self.summary;
        let faults = |json: &str, column: &str| {
            let row = known.get(&format!("faults.{json}"))?;
            Some(format!("{}!{column}{}", quoted(summary), row + 1))
        };
        let one = || Some("1".to_owned());
        let ms = |json: &str| (group(json).map(|cell| format!("ROUND({cell}*86400000,0)")), one());
        match of.indicator.figure {
            Figure::LinesAtEnd => (group("lines_at_end"), one()),
            Figure::Lines => (group("lines"), one()),
            Figure::Outages => (group("outages"), one()),
            Figure::Availability => (group("up_ms"), sum(&["up_ms", "down_ms"])),
            Figure::Coverage => (sum(&["up_ms", "down_ms"]), sum(&["up_ms", "down_ms", "undetermined_ms"])),
            Figure::CompliantRatio => (group("compliant_lines"), group("lines")),
            Figure::ZeroOutageRatio => (group("zero_outage_lines"), group("lines")),
            Figure::OutageMttr => ms("mttr_ms"),
            Figure::LongestOutage => ms("longest_outage_ms"),
            Figure::Rent => (group("rent_yuan").map(|cell| format!("ROUND({cell}*100,0)")), one()),
            Figure::RentPerLine => (group("rent_yuan").map(|cell| format!("ROUND({cell}*100,0)")), group("lines")),
            Figure::ResolutionRatio => (faults("resolution_ratio", "C"), faults("resolution_ratio", "D")),
            Figure::PointResolutionRatio => {
                (faults("point_resolution_ratio", "C"), faults("point_resolution_ratio", "D"))
            }
            Figure::OnTimeRatio => (faults("on_time_ratio", "C"), faults("on_time_ratio", "D")),
            Figure::FaultMttr => (faults("mttr_ms", "C"), one()),
            Figure::FaultMedian => (faults("median_ms", "C"), one()),
            Figure::FaultP95 => (faults("p95_ms", "C"), one()),
            Figure::Faults => (faults("resolution_ratio", "D"), one()),
            Figure::Inspections => (faults("inspections", "B"), one()),
            Figure::VillagesReported => (faults("villages_reported", "B"), one()),
            Figure::VillagesResolved => (faults("villages_resolved", "B"), one()),
            Figure::Stated => (None, None),
        }
    }
}

/// Numerator and denominator in the figure's own units.
fn figure_parts(of: &Row) -> (Option<i64>, Option<i64>) {
    if let Some(parts) = of.actual.parts {
        return (Some(parts.numerator), Some(parts.denominator));
    }
    let Some(value) = of.actual.value else { return (None, None) };
    let (own, of_it) = of.indicator.unit.multiple();
    let (part, whole) = (value.numerator() / i128::from(of_it), value.denominator() / i128::from(own));
    (i64::try_from(part).ok(), i64::try_from(whole).ok())
}

#[expect(clippy::cast_precision_loss, reason = "a spreadsheet's own numbers are floats")]
fn ratio_as_f64(part: i128, whole: i128) -> f64 {
    part as f64 / whole as f64
}

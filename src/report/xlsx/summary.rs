//! 汇总: the figures of all lines and of faults, each with numerator and denominator and its name in the JSON.

use std::collections::BTreeMap;

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::{Cohort, FaultFigures, Figures};
use linewatch_core::time::Millis;
use rust_xlsxwriter::XlsxError;

use super::Classes;
use super::cell::days;
use super::columns::{COLUMNS, index, none, ratio_formula, ratio_value, unseen, value_of};
use super::faults::{cause_name, column as fault, source_word};
use super::groups::Ground;
use super::paper::{Look, Paper, Value};
use super::places::{plain, word};

/// A cell that other sheets refer to: its formula and its value.
type Known = (Option<String>, Value);

/// Where figures stand for the form: the row of 汇总 of each name in the JSON.
pub(super) type Rows = BTreeMap<String, u32>;

/// The sheet in the making.
pub(super) struct Summary<'s, 'l, 'g> {
    pub paper: &'s mut Paper<'l>,
    pub ground: Ground<'g>,
    /// Where the total stands.
    pub classes: &'s Classes,
    pub rows: Rows,
    pub row: u32,
}

impl Summary<'_, '_, '_> {
    /// Writes all of it.
    pub fn write(&mut self) -> Result<(), XlsxError> {
        let language = self.ground.telling.language;
        self.paper.widths(0, &[30.0, 18.0, 22.0, 22.0, 46.0, 30.0])?;
        let names = language.pick(
            ["指标", "数值", "分子 / 毫秒", "分母", "说明", "数据名（JSON）"],
            ["figure", "value", "numerator / ms", "denominator", "note", "name in the JSON"],
        );
        for (column, name) in (0..).zip(names) {
            self.paper.text(self.row, column, name, Look::Head)?;
        }
        let header = self.row;
        self.row += 1;
        let figures = &self.ground.report.figures;
        let (total, faults) = (&figures.total, &figures.faults);
        self.section(language.pick("公布指标", "Published"))?;
        self.total_ratio(
            "availability",
            &["up_ms"],
            &["up_ms", "down_ms"],
            ("节点连通有效性", "Node connectivity"),
            ("在线 ÷（在线 + 中断），毫秒", "up / (up + down), ms"),
        )?;
        self.points_ratio(faults)?;
        self.connectivity(total)?;
        self.times()?;
        self.outages(total)?;
        self.faults(faults)?;
        self.by(
            language.pick("故障来源", "Faults by source"),
            fault::SOURCE,
            faults
                .by_source
                .iter()
                .map(|(source, cohort)| (source_word(*source, self.ground.telling).to_owned(), *cohort))
                .collect(),
        )?;
        let causes = faults
            .by_cause
            .iter()
            .map(|(cause, cohort)| (cause_name(cause.as_deref(), self.ground.telling), *cohort))
            .collect();
        self.by(language.pick("故障原因", "Faults by cause"), fault::CAUSE, causes)?;
        let channels: Vec<_> = faults.by_channel.iter().map(|(channel, cohort)| (channel.clone(), *cohort)).collect();
        if !channels.is_empty() {
            self.by(language.pick("上报渠道", "Faults by channel"), fault::CHANNEL, channels)?;
        }
        let sheet = &mut self.paper.sheet;
        sheet.set_freeze_panes(header + 1, 1)?;
        sheet.set_repeat_rows(header, header)?;
        self.paper.landscape();
        Ok(())
    }

    fn section(&mut self, title: &str) -> Result<(), XlsxError> {
        self.paper.merged(self.row, (0, 5), title, Look::Band)?;
        self.row += 1;
        Ok(())
    }

    /// One figure.
    fn line(
        &mut self,
        (name, json): (&str, &str),
        (value, look): (Known, Look),
        part: Option<Known>,
        whole: Option<Known>,
        note: &str,
    ) -> Result<(), XlsxError> {
        let row = self.row;
        self.paper.text(row, 0, name, Look::Text)?;
        self.paper.live(row, 1, value.0, &value.1, look)?;
        for (column, known) in [(2, part), (3, whole)] {
            let (formula, value) = known.unwrap_or((None, Value::Empty));
            self.paper.live(row, column, formula, &value, Look::Count)?;
        }
        self.paper.text(row, 4, note, Look::Wrapped)?;
        self.paper.text(row, 5, json, Look::Json)?;
        if !json.is_empty() {
            self.rows.insert(json.to_owned(), row);
        }
        self.row += 1;
        Ok(())
    }

    fn pick(&self, (chinese, english): (&'static str, &'static str)) -> &'static str {
        self.ground.telling.language.pick(chinese, english)
    }

    /// A cell of the total of 分类.
    fn total(&self, json: &str) -> Known {
        let column = &COLUMNS[usize::from(index(json))];
        let value = value_of(column, &self.ground.report.figures.total, self.ground.telling.language);
        let formula = self.classes.cell(None, json).filter(|_| value != Value::Empty);
        (formula, value)
    }

    /// A sum of cells of the total of 分类.
    fn totals(&self, jsons: &[&str]) -> Known {
        let cells: Vec<Known> = jsons.iter().map(|json| self.total(json)).collect();
        let sum = cells.iter().map(|(_, value)| if let Value::Number(number) = value { *number } else { 0.0 }).sum();
        let formulas: Option<Vec<String>> = cells.into_iter().map(|(formula, _)| formula).collect();
        (formulas.map(|formulas| formulas.join("+")), Value::Number(sum))
    }

    fn total_ratio(
        &mut self,
        json: &str,
        part: &[&str],
        whole: &[&str],
        name: (&'static str, &'static str),
        note: (&'static str, &'static str),
    ) -> Result<(), XlsxError> {
        let value = self.total(json);
        let (part, whole) = (self.totals(part), self.totals(whole));
        self.line(
            (self.pick(name), &format!("total.{json}")),
            (value, Look::Percent),
            Some(part),
            Some(whole),
            self.pick(note),
        )
    }

    fn total_line(&mut self, json: &str, look: Look, name: (&'static str, &'static str)) -> Result<(), XlsxError> {
        let value = self.total(json);
        self.line((self.pick(name), &format!("total.{json}")), (value, look), None, None, "")
    }

    fn connectivity(&mut self, total: &Figures) -> Result<(), XlsxError> {
        self.section(self.pick(("连通与观测", "Connectivity and observation")))?;
        self.total_ratio(
            "availability_low",
            &["up_ms"],
            &["up_ms", "down_ms", "undetermined_ms"],
            ("连通率下限", "Lower bound"),
            ("未观测全算中断", "all undetermined time down"),
        )?;
        self.total_ratio(
            "availability_high",
            &["up_ms", "undetermined_ms"],
            &["up_ms", "down_ms", "undetermined_ms"],
            ("连通率上限", "Upper bound"),
            ("未观测全算在线", "all undetermined time up"),
        )?;
        self.total_ratio(
            "coverage",
            &["up_ms", "down_ms"],
            &["up_ms", "down_ms", "undetermined_ms"],
            ("观测覆盖率", "Coverage"),
            ("（在线 + 中断）÷（在线 + 中断 + 未观测）", "(up + down) / (up + down + undetermined)"),
        )?;
        self.total_ratio(
            "availability_unexcluded",
            &["unexcluded_up"],
            &["unexcluded_up", "unexcluded_down"],
            ("未剔除连通率", "Without exclusions"),
            ("剔除不算数", "exclusions ignored"),
        )?;
        self.total_ratio(
            "gross_availability",
            &["gross_up"],
            &["gross_up", "gross_down"],
            ("毛可用率", "Gross availability"),
            ("剔除和计划停机都不算数", "exclusions and planned windows ignored"),
        )?;
        self.section(self.pick(("线路", "Lines")))?;
        self.total_line("lines", Look::Count, ("期内在用过的线路", "Lines in service at any time"))?;
        self.total_line("lines_at_end", Look::Count, ("期末在用线路", "Lines in service at the end"))?;
        self.total_line("compliant_lines", Look::Count, ("达标线路", "Compliant lines"))?;
        let (row, language) = (self.row, self.ground.telling.language);
        let ratio = ratio_value(Ratio::of_counts(total.compliant_lines, total.lines), unseen(language));
        let formula = ratio_formula(&format!("C{}", row + 1), &format!("D{}", row + 1), unseen(language));
        let (part, whole) = (self.total("compliant_lines"), self.total("lines"));
        self.line(
            (self.pick(("节点达标率", "Compliant share")), ""),
            ((Some(formula), ratio), Look::Percent),
            Some(part),
            Some(whole),
            self.pick(("达标线路 ÷ 线路，证据不足的留在分母", "unproven lines stay in the denominator")),
        )?;
        self.total_line("zero_outage_lines", Look::Count, ("零中断线路", "Lines without outage"))?;
        self.total_line("unproven_lines", Look::Count, ("证据不足线路", "Lines with too little evidence"))
    }

    fn times(&mut self) -> Result<(), XlsxError> {
        self.section(self.pick(("时间的去向（小时；右边是毫秒）", "Where the time went (hours; ms beside)")))?;
        for (hours, json, name) in [
            ("in_service_h", "in_service_ms", ("在用", "In service")),
            ("up_h", "up_ms", ("在线", "Up")),
            ("down_h", "down_ms", ("中断", "Down")),
            ("own_h", "down_own_ms", ("　其中自身", "　own")),
            ("upstream_h", "down_upstream_ms", ("　其中上联", "　upstream")),
            ("declared_h", "down_declared_ms", ("　其中人工认定", "　declared")),
            ("bridged_h", "bridged_ms", ("　其中跨空档计入", "　bridged")),
            ("planned_h", "planned_ms", ("计划停机与剔除", "Planned and excluded")),
            ("excluded_h", "excluded_ms", ("　其中剔除", "　excluded")),
            ("undetermined_h", "undetermined_ms", ("未观测", "Undetermined")),
        ] {
            let (value, ms) = (self.total(hours), self.total(json));
            self.line((self.pick(name), &format!("total.{json}")), (value, Look::Hours), Some(ms), None, "")?;
        }
        Ok(())
    }

    fn outages(&mut self, total: &Figures) -> Result<(), XlsxError> {
        self.section(self.pick(("中断与费用", "Outages and rent")))?;
        for (json, name) in [
            ("outages", ("中断次数", "Outages")),
            ("outages_carried_in", ("期初带入", "Carried in")),
            ("outages_ended", ("期内结束", "Ended")),
            ("outages_open", ("期末未结束", "Open at the end")),
        ] {
            self.total_line(json, Look::Count, name)?;
        }
        for (json, length, name) in [
            ("mttr_ms", total.mttr_ms, ("平均中断时长", "Mean length")),
            ("longest_outage_ms", total.longest_outage_ms, ("最长中断", "Longest")),
            ("mtbf_ms", total.mtbf_ms, ("平均无中断时长", "Time between outages")),
            ("detection_delay_ms", total.detection_delay_ms, ("平均发现时延", "Detection delay")),
        ] {
            let value = self.total(json);
            let ms = length.map(|length| self.in_ms(length));
            self.line((self.pick(name), &format!("total.{json}")), (value, Look::Duration), ms, None, "")?;
        }
        self.total_line("rent_yuan", Look::Yuan, ("租赁费（元）", "Rent (yuan)"))?;
        self.total_line("rent_per_line", Look::Yuan, ("单条线路租赁费（元）", "Rent per line (yuan)"))
    }

    /// The value of the cell to the left in milliseconds.
    fn in_ms(&self, length: Millis) -> Known {
        (Some(format!("ROUND(B{}*86400000,0)", self.row + 1)), Value::count(length.0))
    }

    fn detail(&self, column: u16, criteria: &[(u16, String)]) -> Option<String> {
        Some(self.ground.places.faults.as_ref()?.sum(column, criteria))
    }

    fn counted(&self, column: u16, count: u64) -> Known {
        (self.detail(column, &[]), Value::count(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    /// A ratio of two columns of 故障明细, over the faults that meet the criteria.
    fn fault_ratio(
        &mut self,
        (name, json): ((&'static str, &'static str), &str),
        ratio: Ratio,
        part: (u16, &[u16]),
        criteria: &[(u16, String)],
        note: (&'static str, &'static str),
    ) -> Result<(), XlsxError> {
        let row = self.row + 1;
        let without = self.pick(("无故障", "no faults"));
        let formula = ratio_formula(&format!("C{row}"), &format!("D{row}"), without);
        let whole: Option<Vec<String>> = part.1.iter().map(|column| self.detail(*column, criteria)).collect();
        let part = (self.detail(part.0, criteria), Value::count(ratio.numerator()));
        let whole = (whole.map(|sums| sums.join("+")), Value::count(ratio.denominator()));
        let value = (Some(formula), ratio_value(ratio, without));
        self.line((self.pick(name), json), (value, Look::Percent), Some(part), Some(whole), self.pick(note))
    }

    fn points_ratio(&mut self, faults: &FaultFigures) -> Result<(), XlsxError> {
        let size = [fault::POINTS, fault::POINTS + 1, fault::POINTS + 2];
        self.fault_ratio(
            (("故障点位解决情况", "Fault points resolved"), "faults.point_resolution_ratio"),
            faults.point_resolution_ratio,
            (fault::POINTS + 3, &size),
            &[],
            ("已解决点位 ÷ 应解决点位", "resolved / (carried in + opened + reopened)"),
        )
    }

    fn cohort(&mut self, first: u16, cohort: &Cohort, path: &str) -> Result<(), XlsxError> {
        let Cohort { carried_in, opened, reopened_in, resolved, open_at_end, resolved_since } = *cohort;
        let names = [
            ("carried_in", carried_in, ("期初未决", "Carried in")),
            ("opened", opened, ("本期新增", "Opened")),
            ("reopened_in", reopened_in, ("本期重开", "Reopened")),
            ("resolved", resolved, ("已解决", "Resolved")),
            ("open_at_end", open_at_end, ("未解决", "Open at the end")),
            ("resolved_since", resolved_since, ("　其中期后已解决", "　resolved since")),
        ];
        for (place, (json, count, name)) in (0_u16..).zip(names) {
            let value = self.counted(first + place, count);
            self.line((self.pick(name), &format!("{path}.{json}")), (value, Look::Count), None, None, "")?;
        }
        Ok(())
    }

    fn faults(&mut self, faults: &FaultFigures) -> Result<(), XlsxError> {
        let size = [fault::CARRIED, fault::CARRIED + 1, fault::CARRIED + 2];
        let points = [fault::POINTS, fault::POINTS + 1, fault::POINTS + 2];
        self.section(self.pick(("故障（件）", "Faults")))?;
        self.cohort(fault::CARRIED, &faults.cohort, "faults")?;
        self.fault_ratio(
            (("故障解决率", "Faults resolved"), "faults.resolution_ratio"),
            faults.resolution_ratio,
            (fault::RESOLVED, &size),
            &[],
            ("", ""),
        )?;
        self.fault_ratio(
            (("故障修复及时率", "On time"), "faults.on_time_ratio"),
            faults.on_time_ratio,
            (fault::ON_TIME, &[fault::DUE]),
            &[],
            ("时限内修复 ÷（已修复 + 已超时限）", "within the deadline / due"),
        )?;
        self.repairs(faults)?;
        self.section(self.pick(("故障点位", "Fault points")))?;
        self.cohort(fault::POINTS, &faults.points, "faults.points")?;
        self.section(self.pick(("自愈、免责和不计入的", "Self-cleared, exempt, left out")))?;
        for (json, column, count, name) in [
            ("self_cleared", fault::SELF_CLEARED, faults.self_cleared, ("自愈", "Self-cleared")),
            ("exempt", fault::EXEMPT, faults.exempt, ("免责", "Exempt")),
            ("imported", fault::IMPORTED, faults.imported, ("导入的故障", "Imported")),
            (
                "villages_reported",
                fault::VILLAGE,
                faults.villages.villages_reported,
                ("报障的村", "Villages that reported"),
            ),
            (
                "villages_resolved",
                fault::VILLAGE_RESOLVED,
                faults.villages.villages_resolved,
                ("报障且全部解决的村", "Villages all resolved"),
            ),
        ] {
            let value = self.counted(column, count);
            self.line((self.pick(name), &format!("faults.{json}")), (value, Look::Count), None, None, "")?;
        }
        let zero = |column| [(column, word("<>1"))];
        for (path, ratios, criteria, name) in [
            (
                "without_self_cleared",
                faults.without_self_cleared,
                zero(fault::SELF_CLEARED),
                ("不含自愈", "without self-cleared"),
            ),
            ("without_exempt", faults.without_exempt, zero(fault::EXEMPT), ("不含免责", "without exempt")),
        ] {
            let note = name;
            self.fault_ratio(
                (("　故障解决率", "　faults resolved"), &format!("faults.{path}.resolution_ratio")),
                ratios.resolution_ratio,
                (fault::RESOLVED, &size),
                &criteria,
                note,
            )?;
            self.fault_ratio(
                (("　故障点位解决率", "　points resolved"), &format!("faults.{path}.point_resolution_ratio")),
                ratios.point_resolution_ratio,
                (fault::POINTS + 3, &points),
                &criteria,
                note,
            )?;
            self.fault_ratio(
                (("　修复及时率", "　on time"), &format!("faults.{path}.on_time_ratio")),
                ratios.on_time_ratio,
                (fault::ON_TIME, &[fault::DUE]),
                &criteria,
                note,
            )?;
        }
        let table = self.ground.places.faults.clone();
        for (json, criterion, count, name) in [
            ("void", self.pick(("误报", "void")), faults.void, ("误报（不计入）", "Void")),
            (
                "merged",
                self.pick(("并入*", "merged*")),
                faults.merged,
                ("并入其他故障（不计入）", "Merged into others"),
            ),
        ] {
            let formula = table.as_ref().map(|table| table.count(&[(fault::STANDING, word(criterion))]));
            let value = Value::count(i64::try_from(count).unwrap_or(i64::MAX));
            self.line((self.pick(name), &format!("faults.{json}")), ((formula, value), Look::Count), None, None, "")?;
        }
        let inspections = Value::count(i64::try_from(faults.inspections).unwrap_or(i64::MAX));
        self.line(
            (self.pick(("巡检次数", "Inspections")), "faults.inspections"),
            ((None, inspections), Look::Count),
            None,
            None,
            "",
        )
    }

    fn repairs(&mut self, faults: &FaultFigures) -> Result<(), XlsxError> {
        let language = self.ground.telling.language;
        let range =
            self.ground.places.faults.as_ref().map(|table| (table.range(fault::REPAIR_MS), table.range(fault::AGE_MS)));
        let rank = |percent: u32| move |range: &str| format!("SMALL({range},ROUNDUP(COUNT({range})*{percent}/100,0))");
        let repair = |of: &dyn Fn(&str) -> String| {
            range
                .as_ref()
                .map(|(range, _)| format!("IF(COUNT({range})=0,{},{}/86400000)", word(none(language)), of(range)))
        };
        let age = range
            .as_ref()
            .map(|(_, range)| format!("IF(COUNT({range})=0,{},MAX({range})/86400000)", word(none(language))));
        for (json, length, formula, name) in [
            (
                "mttr_ms",
                faults.mttr_ms,
                repair(&|range| format!("INT(SUM({range})/COUNT({range}))")),
                ("平均修复时长", "Mean repair"),
            ),
            ("median_ms", faults.median_ms, repair(&rank(50)), ("修复时长中位数", "Median repair")),
            ("p95_ms", faults.p95_ms, repair(&rank(95)), ("修复时长 95 分位", "95th percentile")),
            ("open_age_max_ms", faults.open_age_max_ms, age, ("最久未决", "Longest open")),
        ] {
            let value = length.map_or_else(|| none(language).into(), days);
            let ms = length.map(|length| self.in_ms(length));
            self.line((self.pick(name), &format!("faults.{json}")), ((formula, value), Look::Duration), ms, None, "")?;
        }
        Ok(())
    }

    /// Faults by something: how many were to be resolved, and how many were.
    fn by(&mut self, title: &str, column: u16, groups: Vec<(String, Cohort)>) -> Result<(), XlsxError> {
        self.section(title)?;
        let live = plain(groups.iter().map(|(name, _)| name.as_str()));
        let none = unseen(self.ground.telling.language);
        for (name, cohort) in groups {
            let row = self.row + 1;
            let sum = |of: u16| self.detail(of, &[(column, format!("$A{row}"))]).filter(|_| live);
            let whole: Option<Vec<String>> = (0..3).map(|place| sum(fault::CARRIED + place)).collect();
            let count = |number: u64| Value::count(i64::try_from(number).unwrap_or(i64::MAX));
            let part = (sum(fault::RESOLVED), count(cohort.resolved));
            let whole = (whole.map(|sums| sums.join("+")), count(cohort.size()));
            let formula = ratio_formula(&format!("C{row}"), &format!("D{row}"), none);
            let value = (Some(formula), ratio_value(cohort.resolution_ratio(), none));
            let said = self.pick(("已解决 ÷ 应解决", "resolved / to be resolved"));
            self.line((&name, ""), (value, Look::Percent), Some(part), Some(whole), said)?;
        }
        Ok(())
    }
}

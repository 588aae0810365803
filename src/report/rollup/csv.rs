//! The figures of a period as one flat table for a spreadsheet: UTF-8 with a byte order mark.
//!
//! One row for the total, each class, township, carrier, month and line, told apart by the first column, so that a filter
//! on the header picks any of them. Times are whole milliseconds, which add up exactly; percentages are cut off after
//! three decimals and can be computed again from the milliseconds beside them. Behind an empty row, where the filter
//! ends: faults, the ledger of planned downtime and exclusions, policy, evidence and seal.

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::{Cohort, Effect, FaultFigures, Figures};
use linewatch_core::time::{Millis, Timestamp};

use super::Report;
use super::ledger::Subject;
use super::ledger_text::{matter_word, scope_words, standing_word};
use super::period::rfc3339;
use super::seal_text::check_words;
use super::sealed::Sealed;
use super::text::Telling;

/// Columns before the figures: 中文, English.
const KEYS: [(&str, &str); 7] = [
    ("统计对象", "of"),
    ("编号", "id"),
    ("名称", "name"),
    ("类别", "class"),
    ("乡镇", "township"),
    ("运营商", "carrier"),
    ("标记", "marks"),
];

/// One figure: 中文, its name in the JSON, and its cell.
type Column = (&'static str, &'static str, fn(&Figures) -> String);

const FIGURES: [Column; 31] = [
    ("线路数", "lines", |f| f.lines.to_string()),
    ("期末在用线路", "lines_at_end", |f| f.lines_at_end.to_string()),
    ("在用(毫秒)", "in_service_ms", |f| f.in_service_ms.0.to_string()),
    ("在线(毫秒)", "up_ms", |f| f.up_ms.0.to_string()),
    ("中断(毫秒)", "down_ms", |f| f.down_ms.0.to_string()),
    ("中断:自身(毫秒)", "down_own_ms", |f| f.down_own_ms.0.to_string()),
    ("中断:上联(毫秒)", "down_upstream_ms", |f| f.down_upstream_ms.0.to_string()),
    ("中断:人工认定(毫秒)", "down_declared_ms", |f| f.down_declared_ms.0.to_string()),
    ("中断:跨空档计入(毫秒)", "bridged_ms", |f| f.bridged_ms.0.to_string()),
    ("计划停机与剔除(毫秒)", "planned_ms", |f| f.planned_ms.0.to_string()),
    ("其中剔除(毫秒)", "excluded_ms", |f| f.excluded_ms.0.to_string()),
    ("未观测(毫秒)", "undetermined_ms", |f| f.undetermined_ms.0.to_string()),
    ("节点连通率", "availability", |f| percent(f.availability)),
    ("下限", "availability_low", |f| percent(f.availability_low)),
    ("上限", "availability_high", |f| percent(f.availability_high)),
    ("未剔除连通率", "availability_unexcluded", |f| percent(f.availability_unexcluded)),
    ("毛可用率", "gross_availability", |f| percent(f.gross_availability)),
    ("观测覆盖率", "coverage", |f| percent(f.coverage)),
    ("达标线路", "compliant_lines", |f| f.compliant_lines.to_string()),
    ("零中断线路", "zero_outage_lines", |f| f.zero_outage_lines.to_string()),
    ("证据不足线路", "unproven_lines", |f| f.unproven_lines.to_string()),
    ("中断次数", "outages", |f| f.outages.to_string()),
    ("期初带入中断", "outages_carried_in", |f| f.outages_carried_in.to_string()),
    ("期末未结束中断", "outages_open", |f| f.outages_open.to_string()),
    ("期内结束中断", "outages_ended", |f| f.outages_ended.to_string()),
    ("平均修复时长(毫秒)", "mttr_ms", |f| millis(f.mttr_ms)),
    ("最长中断(毫秒)", "longest_outage_ms", |f| millis(f.longest_outage_ms)),
    ("平均无中断时长(毫秒)", "mtbf_ms", |f| millis(f.mtbf_ms)),
    ("平均发现时延(毫秒)", "detection_delay_ms", |f| millis(f.detection_delay_ms)),
    ("租赁费(元)", "rent_yuan", |f| f.rent_yuan.map_or_else(String::new, |fen| fen.to_string())),
    ("单条线路租赁费(元)", "rent_per_line", |f| {
        f.rent_per_line.map_or_else(String::new, |fen| fen.to_string())
    }),
];

/// A cell that a spreadsheet takes for a number; empty when undefined.
fn percent(ratio: Ratio) -> String {
    ratio.percent(3).unwrap_or_default().replace(' ', "")
}

fn millis(length: Option<Millis>) -> String {
    length.map_or_else(String::new, |length| length.0.to_string())
}

/// What somebody named, so that no spreadsheet takes it for a formula.
fn named(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// The whole file.
///
/// # Panics
/// Never: memory takes whatever is written.
pub fn csv(report: &Report, telling: Telling<'_>) -> Vec<u8> {
    let mut sheet =
        Sheet { rows: csv::WriterBuilder::new().flexible(true).from_writer(Vec::from("\u{feff}")), telling };
    sheet.figures(report);
    sheet.rows(vec![Vec::new()]);
    sheet.faults(&report.figures.faults);
    sheet.rows(vec![Vec::new()]);
    sheet.ledger(report);
    sheet.rows(vec![Vec::new()]);
    sheet.about(report);
    sheet.rows.into_inner().expect("memory takes whatever is written")
}

struct Sheet<'a> {
    rows: csv::Writer<Vec<u8>>,
    telling: Telling<'a>,
}

impl Sheet<'_> {
    fn rows(&mut self, rows: Vec<Vec<String>>) {
        for row in rows {
            self.rows
                .write_record(if row.is_empty() { vec![String::new(); 2] } else { row })
                .expect("memory takes whatever is written");
        }
    }

    fn figures(&mut self, report: &Report) {
        let telling = self.telling;
        let keys = KEYS.iter().map(|(chinese, english)| telling.language.pick(*chinese, *english));
        let names = FIGURES.iter().map(|(chinese, english, _)| telling.language.pick(*chinese, *english));
        let mut rows = vec![keys.chain(names).map(str::to_owned).collect()];
        let kinds = telling.language.pick(
            ["合计", "类别", "乡镇", "运营商", "月份", "线路"],
            ["total", "class", "township", "carrier", "month", "line"],
        );
        let figures = &report.figures;
        let group = |kind: usize, id: &str, name: &str, figures: &Figures| {
            row([kinds[kind], id, &named(name), "", "", "", &self.marks(report, figures, false)], figures)
        };
        rows.push(group(0, "", telling.pick("合计", "All"), &figures.total));
        for of in &figures.classes {
            rows.push(group(1, of.class.as_str(), telling.class(of.class.as_str()), &of.figures));
        }
        for of in &figures.townships {
            rows.push(group(2, "", telling.named(of.township.as_str()), &of.figures));
        }
        for of in &figures.carriers {
            rows.push(group(3, "", telling.named(&of.carrier), &of.figures));
        }
        for of in &figures.months {
            let name = telling.language.pick(format!("{}年{}月", of.month.year, of.month.month), of.month.to_string());
            rows.push(group(4, "", &name, &of.figures));
        }
        for of in &figures.lines {
            let marks = self.marks(report, &of.figures, of.imported);
            let class = telling.class(of.class.as_str());
            let texts = [of.line.as_str(), &of.name, class, of.township.as_str(), &of.carrier].map(named);
            let [id, name, class, township, carrier] = texts.each_ref().map(String::as_str);
            rows.push(row([kinds[5], id, name, class, township, carrier, &marks], &of.figures));
        }
        self.rows(rows);
    }

    fn marks(&self, report: &Report, figures: &Figures, imported: bool) -> String {
        let simulated = report.about.kind == crate::store::StoreKind::Simulated;
        let marks = [
            (simulated, self.telling.pick("模拟", "simulated")),
            (imported, self.telling.pick("导入", "imported")),
            (!figures.proven, self.telling.pick("证据不足", "unproven")),
        ];
        let marks: Vec<&str> = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect();
        marks.join(self.telling.pick("、", ", "))
    }

    fn faults(&mut self, faults: &FaultFigures) {
        let telling = self.telling;
        let header = telling.language.pick(
            ["故障", "期初未决", "本期新增", "本期重开", "已解决", "未解决", "期后已解决", "解决率"],
            [
                "faults",
                "carried_in",
                "opened",
                "reopened_in",
                "resolved",
                "open_at_end",
                "resolved_since",
                "resolution_ratio",
            ],
        );
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        let all = telling.language.pick(["故障（件）", "故障点位"], ["faults", "points"]);
        rows.push(cohort(all[0], &faults.cohort));
        rows.push(cohort(all[1], &faults.points));
        let of = telling.language.pick(["来源", "原因", "类别", "乡镇"], ["source", "cause", "class", "township"]);
        for (source, counts) in &faults.by_source {
            rows.push(cohort(&format!("{}:{}", of[0], super::fault_text::source_word(*source, telling)), counts));
        }
        let way = telling.pick("报障方式", "channel");
        for (channel, counts) in &faults.by_channel {
            rows.push(cohort(&format!("{way}:{channel}"), counts));
        }
        for (cause, counts) in &faults.by_cause {
            rows.push(cohort(&format!("{}:{}", of[1], telling.named(cause.as_deref().unwrap_or_default())), counts));
        }
        for (class, counts) in &faults.by_class {
            rows.push(cohort(&format!("{}:{}", of[2], telling.class(class.as_str())), counts));
        }
        for (township, counts) in &faults.by_township {
            rows.push(cohort(&format!("{}:{}", of[3], telling.named(township.as_str())), counts));
        }
        rows.push(Vec::new());
        let figure = |chinese: &str, english: &str, cell: String| vec![telling.pick(chinese, english).to_owned(), cell];
        let (own, exempt) = (&faults.without_self_cleared, &faults.without_exempt);
        rows.extend([
            figure("故障修复及时率", "on_time_ratio", percent(faults.on_time_ratio)),
            figure("时限内修复", "on_time", faults.on_time.to_string()),
            figure("应修复", "due", faults.due.to_string()),
            figure("平均修复时长(毫秒)", "mttr_ms", millis(faults.mttr_ms)),
            figure("修复时长中位数(毫秒)", "median_ms", millis(faults.median_ms)),
            figure("修复时长95分位(毫秒)", "p95_ms", millis(faults.p95_ms)),
            figure("最久未决(毫秒)", "open_age_max_ms", millis(faults.open_age_max_ms)),
            figure("自愈", "self_cleared", faults.self_cleared.to_string()),
            figure("不含自愈:故障解决率", "resolution_ratio without self_cleared", percent(own.resolution_ratio)),
            figure(
                "不含自愈:故障点位解决率",
                "point_resolution_ratio without self_cleared",
                percent(own.point_resolution_ratio),
            ),
            figure("免责", "exempt", faults.exempt.to_string()),
            figure("不含免责:故障解决率", "resolution_ratio without exempt", percent(exempt.resolution_ratio)),
            figure(
                "不含免责:故障点位解决率",
                "point_resolution_ratio without exempt",
                percent(exempt.point_resolution_ratio),
            ),
            figure("误报(不计入)", "void", faults.void.to_string()),
            figure("并入其他故障(不计入)", "merged", faults.merged.to_string()),
            figure("导入的故障", "imported", faults.imported.to_string()),
            figure("报障的村", "villages_reported", faults.villages.villages_reported.to_string()),
            figure("报障且全部解决的村", "villages_resolved", faults.villages.villages_resolved.to_string()),
            figure("巡检", "inspections", faults.inspections.to_string()),
        ]);
        self.rows(rows);
    }

    fn ledger(&mut self, report: &Report) {
        let telling = self.telling;
        let header = telling.language.pick(
            [
                "台账编号",
                "种类",
                "状态",
                "对象",
                "起",
                "止(不含)",
                "原因",
                "文号",
                "登记人",
                "登记时间",
                "审批人",
                "审批时间",
                "计入线路",
                "计入(毫秒)",
                "其中中断(毫秒)",
                "来源",
            ],
            [
                "ledger",
                "kind",
                "standing",
                "of",
                "from",
                "to (not included)",
                "reason",
                "document",
                "by",
                "entered_at",
                "approved_by",
                "approved_at",
                "lines",
                "counted_ms",
                "down_ms",
                "imported_from",
            ],
        );
        let zone = report.about.period.zone();
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        for entry in &report.ledger {
            let of = match &entry.subject {
                Subject::Lines(scope) => scope_words(scope, telling),
                Subject::Outage { outage, .. } => format!("{} {outage}", telling.pick("中断", "outage")),
                Subject::Fault(fault) => format!("{} {fault}", telling.pick("故障", "fault")),
            };
            let span = entry
                .span
                .map(|span| (rfc3339(span.start, zone), (span.end < Timestamp::MAX).then(|| rfc3339(span.end, zone))));
            let (from, to) = span.map_or_else(Default::default, |(from, to)| (from, to.unwrap_or_default()));
            let effect = |part: fn(&Effect) -> String| entry.effect.as_ref().map(part).unwrap_or_default();
            let second = entry.approved.as_ref();
            rows.push(vec![
                entry.number.to_string(),
                matter_word(entry.matter, telling.language).to_owned(),
                standing_word(entry.standing, telling.language).to_owned(),
                named(&of),
                from,
                to,
                named(&entry.reason),
                named(&entry.document),
                named(&entry.said.by),
                rfc3339(entry.said.at, zone),
                second.map(|said| named(&said.by)).unwrap_or_default(),
                second.map(|said| rfc3339(said.at, zone)).unwrap_or_default(),
                effect(|effect| effect.lines.to_string()),
                effect(|effect| effect.counted_ms.0.to_string()),
                effect(|effect| effect.down_ms.0.to_string()),
                entry.source.as_deref().map(named).unwrap_or_default(),
            ]);
        }
        self.rows(rows);
    }

    /// That the period is sealed, and the published figures of each revision.
    fn seal(&self, report: &Report) -> Vec<Vec<String>> {
        let Some(Sealed { seal, check, revisions }) = &report.seal else { return Vec::new() };
        let (telling, zone) = (self.telling, report.about.period.zone());
        let fact =
            |chinese: &str, english: &str, cell: String| vec![telling.pick(chinese, english).to_owned(), named(&cell)];
        let mut rows = vec![
            fact("封存版次", "sealed revision", seal.revision.to_string()),
            fact("封存人", "sealed by", seal.said.by.clone()),
            fact("封存时间", "sealed at", rfc3339(seal.said.at, zone)),
            fact("汇总摘要", "rollup digest", seal.rollup_digest.clone()),
            fact("封存核对", "seal check", check_words(check, telling.language)),
        ];
        for revision in revisions {
            let number = revision.revision;
            let (total, faults) = (&revision.figures.total, &revision.figures.faults);
            let name = |chinese: &str, english: &str| {
                telling.language.pick(format!("修订第 {number} 版:{chinese}"), format!("revision {number}: {english}"))
            };
            rows.push(vec![name("节点连通率", "availability"), percent(total.availability)]);
            rows.push(vec![name("中断(毫秒)", "down_ms"), total.down_ms.0.to_string()]);
            rows.push(vec![name("故障点位解决率", "point_resolution_ratio"), percent(faults.point_resolution_ratio)]);
            rows.push(vec![name("链头", "head"), revision.about.head.to_string()]);
        }
        rows
    }

    fn about(&mut self, report: &Report) {
        let (telling, about) = (self.telling, &report.about);
        let zone = about.period.zone();
        let ppm = |ppm: u32| percent(Ratio::of(Millis(i64::from(ppm)), Millis(1_000_000)));
        let fact =
            |chinese: &str, english: &str, cell: String| vec![telling.pick(chinese, english).to_owned(), named(&cell)];
        let yes = |holds: bool| if holds { telling.pick("是", "yes") } else { telling.pick("否", "no") }.to_owned();
        let policy = &about.policy;
        let mut rows = vec![
            fact("单位", "site", telling.site.to_owned()),
            fact("统计期起", "from", rfc3339(about.period.span().start, zone)),
            fact("统计期止(不含)", "to (not included)", rfc3339(about.period.span().end, zone)),
            fact("时区", "zone", zone.to_string()),
            fact("算到", "counted_to", rfc3339(about.until, zone)),
            fact("截至", "as_of", rfc3339(about.as_of, zone)),
            fact("口径", "policy", policy.name.clone()),
            fact("计算规则版本", "rules", policy.rules.to_string()),
            fact("最低覆盖率", "min_coverage", ppm(policy.min_coverage_ppm)),
        ];
        for (class, target) in &policy.targets_ppm {
            let name = format!("{}:{}", telling.pick("连通率目标", "target"), telling.class(class.as_str()));
            rows.push(vec![name, ppm(*target)]);
        }
        rows.extend([
            fact("链头", "head", about.head.to_string()),
            fact("摘要链本次已校验", "verified", yes(about.verified)),
            fact("模拟数据", "simulated", yes(about.kind == crate::store::StoreKind::Simulated)),
            fact("导入的记录", "imported", about.imported.to_string()),
        ]);
        rows.extend(self.seal(report));
        let warnings = telling.warnings(about);
        rows.extend(warnings.into_iter().map(|warning| vec![telling.pick("注意", "note").to_owned(), warning]));
        self.rows(rows);
    }
}

fn row(keys: [&str; 7], figures: &Figures) -> Vec<String> {
    keys.into_iter().map(str::to_owned).chain(FIGURES.iter().map(|(_, _, cell)| cell(figures))).collect()
}

fn cohort(name: &str, counts: &Cohort) -> Vec<String> {
    let Cohort { carried_in, opened, reopened_in, resolved, open_at_end, resolved_since } = *counts;
    let numbers = [carried_in, opened, reopened_in, resolved, open_at_end, resolved_since];
    let ratio = percent(counts.resolution_ratio());
    std::iter::once(named(name)).chain(numbers.map(|number| number.to_string())).chain([ratio]).collect()
}

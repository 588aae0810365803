//! The figures of a period for a terminal of 80 columns: the two that are published first, then where they come from.

use std::collections::BTreeMap;
use std::fmt::Write;

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::{Cohort, FaultFigures, Figures};
use linewatch_core::time::{Millis, Timestamp};
use unicode_width::UnicodeWidthStr;

use super::Report;
use super::numbers::{grouped, hours, length, percent, points_between};
use super::period::rfc3339;
use crate::language::Language;
use crate::report::plain_table;
use crate::report::words::Words;

/// So many lines are named as the worst.
const WORST: usize = 10;

/// A rollup and how to say it.
pub(super) struct Page<'a> {
    pub(super) rollup: &'a Rollup,
    pub(super) period: Period,
    /// What people call the classes.
    pub(super) labels: &'a BTreeMap<String, String>,
    pub(super) language: Language,
}

impl Page<'_> {
    /// The whole page.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.head(&mut text);
        self.published(&mut text);
        self.exclusions(&mut text);
        self.groups(&mut text);
        self.worst(&mut text);
        self.foot(&mut text);
        text
    }

    fn pick<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        self.language.pick(chinese, english)
    }

    fn moment(&self, at: Timestamp) -> String {
        at.to_utc().with_timezone(&self.period.zone()).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn title(&self, text: &mut String, chinese: &str, english: &str) {
        let _ = writeln!(text, "\n{}", self.pick(chinese, english));
    }

    /// Who, when, and whether it is to be read with care.
    fn head(&self, text: &mut String) {
        let rollup = self.rollup;
        let site = rollup.site.as_deref().unwrap_or_default();
        let name = self.period.name(self.language);
        let _ = writeln!(text, "{}", self.language.pick(format!("{site}  {name}汇总"), format!("{site}  figures of {name}")));
        let span = rollup.period.span;
        let (from, to, zone) = (self.moment(span.start), self.moment(span.end), &rollup.period.zone);
        let _ = writeln!(text, "{}", self.language.pick(format!("{from} 至 {to}（{zone}）"), format!("{from} to {to} ({zone})")));
        for warning in self.warnings() {
            let _ = writeln!(text, "{}{warning}", self.pick("注意：", "Note: "));
        }
    }

    /// What has to stand beside every figure of this rollup.
    pub(super) fn warnings(&self) -> Vec<String> {
        let rollup = self.rollup;
        let mut warnings = Vec::new();
        if rollup.journal.simulated {
            warnings.push(self.pick("全部是模拟数据，不是证据。", "all of this is simulated, none of it is evidence.").to_owned());
        }
        if rollup.journal.imported > 0 {
            let count = rollup.journal.imported;
            warnings.push(self.language.pick(
                format!("含 {count} 条从其他系统导入的记录，有关线路标 *。"),
                format!("{count} records were imported from another system; their lines are marked *."),
            ));
        }
        if rollup.period.running {
            let until = self.moment(rollup.period.until);
            warnings.push(self.language.pick(
                format!("统计期尚未结束，只算到 {until}。"),
                format!("the period is still running: counted up to {until} only."),
            ));
        }
        warnings
    }

    fn published(&self, text: &mut String) {
        let total = &self.rollup.total;
        let availability = total.availability;
        let _ = writeln!(
            text,
            "\n{}  {}{}",
            self.pick("节点连通有效性    ", "Node connectivity"),
            percent(availability, self.language),
            self.unproven(total)
        );
        self.fraction(text, ["在线", "在线+中断"], ["up", "up + down"], availability);
        let (low, high) = (percent(total.availability_low, self.language), percent(total.availability_high, self.language));
        let coverage = percent(total.coverage, self.language);
        let _ = writeln!(
            text,
            "{}",
            self.language.pick(
                format!("  未观测时间全算中断为 {low}，全算在线为 {high}；观测覆盖率 {coverage}"),
                format!("  with all undetermined time down {low}, up {high}; coverage {coverage}"),
            )
        );
    }

    /// `  = 12.345 小时 ÷ 13.000 小时`, and the same in milliseconds.
    fn fraction(&self, text: &mut String, chinese: [&str; 2], english: [&str; 2], ratio: Ratio) {
        let [part, whole] = self.language.pick(chinese, english);
        let (a, b) = (ratio.numerator(), ratio.denominator());
        let _ = writeln!(
            text,
            "  = {part} {} ÷ {whole} {} {}",
            hours(Millis(a)),
            hours(Millis(b)),
            self.pick("小时", "hours")
        );
        let _ = writeln!(text, "  = {} ÷ {} {}", grouped(a), grouped(b), self.pick("毫秒", "ms"));
    }

    fn unproven(&self, figures: &Figures) -> String {
        if self.is_proven(figures) { String::new() } else { format!("  {}", self.pick("「证据不足」", "[not enough evidence]")) }
    }

    /// Whether coverage reaches the policy's minimum.
    pub(super) fn is_proven(&self, figures: &Figures) -> bool {
        let (seen, all) = (i128::from(figures.coverage.numerator()), i128::from(figures.coverage.denominator()));
        all > 0 && seen * 1_000_000 >= all * i128::from(self.rollup.policy.minimum_coverage_ppm)
    }

    fn exclusions(&self, text: &mut String) {
        let total = &self.rollup.total;
        let without = percent(total.availability_unexcluded, self.language);
        let gross = percent(total.gross_availability, self.language);
        let change = points_between(total.availability_unexcluded, total.availability).unwrap_or_else(|| "–".to_owned());
        let (excluded, planned) = (hours(total.excluded), hours(total.planned));
        let _ = writeln!(text, "{}", self.language.pick(
            format!("  剔除 {excluded} 小时（在计划停机与剔除 {planned} 小时之内），使它变化 {change} 个百分点：\n  未剔除 {without}，连计划停机也不扣的毛可用率 {gross}"),
            format!("  exclusions of {excluded} h (within {planned} h planned or excluded) change it by {change} points:\n  without them {without}, gross (windows ignored too) {gross}"),
        ));
    }

    fn groups(&self, text: &mut String) {
        let rollup = self.rollup;
        self.title(text, "按类别", "By class");
        let rows = rollup.classes.iter().map(|group| {
            let class = &group.key.class;
            (self.labels.get(class).unwrap_or(class).clone(), &group.figures)
        });
        let total = (self.pick("合计", "All").to_owned(), &rollup.total);
        self.table(text, self.pick("类别", "Class"), rows.chain([total]));
        self.title(text, "按乡镇", "By township");
        let unnamed = self.pick("（未填）", "(none)");
        let named = |name: &str| if name.is_empty() { unnamed.to_owned() } else { name.to_owned() };
        self.table(text, self.pick("乡镇", "Township"), rollup.townships.iter().map(|group| (named(&group.key.township), &group.figures)));
        self.title(text, "按运营商", "By carrier");
        self.table(text, self.pick("运营商", "Carrier"), rollup.carriers.iter().map(|group| (named(&group.key.carrier), &group.figures)));
        self.title(text, "按月", "By month");
        self.table(text, self.pick("月份", "Month"), rollup.months.iter().map(|group| (group.key.month.clone(), &group.figures)));
    }

    fn worst(&self, text: &mut String) {
        let mut lines: Vec<_> = self.rollup.lines.iter().filter(|line| line.figures.down > Millis::ZERO).collect();
        if lines.is_empty() {
            return;
        }
        lines.sort_by_key(|line| (std::cmp::Reverse(line.figures.down), &line.key.line));
        let all = lines.len();
        lines.truncate(WORST);
        self.title(text, "中断最长的线路", "Lines with the most down time");
        let rows = lines.iter().map(|line| {
            let mark = if line.key.imported { " *" } else { "" };
            (format!("{} {}{mark}", line.key.line, line.key.name), &line.figures)
        });
        self.table(text, self.pick("线路", "Line"), rows);
        if all > WORST {
            let _ = writeln!(text, "{}", self.language.pick(
                format!("  有中断的线路共 {all} 条，其余见 CSV 或 JSON"),
                format!("  {all} lines had down time; the others are in CSV and JSON"),
            ));
        }
    }

    fn table<'a>(&self, text: &mut String, heading: &str, rows: impl Iterator<Item = (String, &'a Figures)>) {
        let header = self.language.pick(
            ["线路", "连通率", "覆盖率", "中断/时", "未观测/时", "次数", ""],
            ["lines", "available", "coverage", "down h", "unknown h", "outages", ""],
        );
        let header = std::iter::once(heading).chain(header).map(str::to_owned).collect();
        let rows = rows.map(|(name, figures)| {
            vec![
                shortened(&name, 16),
                figures.lines.to_string(),
                percent(figures.availability, self.language),
                percent(figures.coverage, self.language),
                hours(figures.down),
                hours(figures.undetermined),
                figures.outages.to_string(),
                if self.is_proven(figures) { "" } else { self.pick("证据不足", "unproven") }.to_owned(),
            ]
        });
        let table = plain_table::table(header, rows.collect(), &[1, 2, 3, 4, 5, 6]);
        for line in table.lines() {
            let _ = writeln!(text, " {line}");
        }
    }

    /// By what was judged, and what anybody needs to compute it again.
    fn foot(&self, text: &mut String) {
        let rollup = self.rollup;
        self.title(text, "口径与依据", "Policy and evidence");
        let policy = &rollup.policy;
        let (name, rules) = (&policy.name, policy.rules);
        let ppm = |ppm: u32| percent(Ratio::of(Millis(i64::from(ppm)), Millis(1_000_000)), self.language);
        let targets: Vec<String> = policy
            .targets_ppm
            .iter()
            .map(|(class, target)| format!("{} {}", self.labels.get(class).unwrap_or(class), ppm(*target)))
            .collect();
        let coverage = ppm(policy.minimum_coverage_ppm);
        let verified = match rollup.journal.verified {
            Some(true) => self.pick("本次已逐条校验", "verified just now"),
            Some(false) | None => self.pick("本次未校验（加 --verify）", "not verified now (add --verify)"),
        };
        let words = Words { language: self.language, zone: self.period.zone(), now: rollup.period.until };
        let _ = words;
        let records = rollup.journal.records;
        let rows = vec![
            [self.pick("口径", "policy").to_owned(), self.language.pick(format!("{name}，计算规则第 {rules} 版"), format!("{name}, rules version {rules}"))],
            [self.pick("连通率目标", "targets").to_owned(), targets.join(self.pick("，", ", "))],
            [self.pick("最低覆盖率", "least coverage").to_owned(), coverage],
            [self.pick("依据", "records").to_owned(), self.language.pick(format!("第 1–{records} 条记录，{verified}"), format!("1-{records}, {verified}"))],
            [self.pick("截至", "as of").to_owned(), rollup.as_of.clone()],
            [self.pick("链头", "head").to_owned(), rollup.journal.head.clone()],
        ];
        for [word, sentence] in rows {
            let _ = writeln!(text, "  {word}{}  {sentence}", " ".repeat(14_usize.saturating_sub(word.width())));
        }
    }
}

/// The text within so many columns, with … where something was left out.
fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if short.width() + UnicodeWidthStr::width(letter.to_string().as_str()) + 1 > columns {
            break;
        }
        short.push(letter);
    }
    short + "…"
}

//! The figures of a period for a terminal of 80 columns: the two that are published first, then where they come from.

use std::fmt::Write;

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::Figures;
use linewatch_core::time::{Millis, Timestamp};
use unicode_width::UnicodeWidthStr;

use super::numbers::{clock, grouped, hours, percent, points_between, yuan};
use super::period::rfc3339;
use super::{About, Report};
use super::{fault_text, ledger_text, seal_text};
use crate::language::Language;
use crate::report::plain_table;
use crate::store::StoreKind;

/// So many lines are named as the worst.
const WORST: usize = 10;

/// Who is told what, and in which words.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// Whose lines these are.
    pub site: &'a str,
    /// The classes in the order of the configuration: name, and what people call it.
    pub labels: &'a [(String, String)],
    /// The reader's language.
    pub language: Language,
}

impl Telling<'_> {
    pub(in crate::report) fn pick<'t>(&self, chinese: &'t str, english: &'t str) -> &'t str {
        self.language.pick(chinese, english)
    }

    /// What people call a class.
    pub(in crate::report) fn class<'c>(&'c self, class: &'c str) -> &'c str {
        self.labels.iter().find(|(name, _)| name == class).map_or(class, |(_, label)| label)
    }

    /// Where a class stands in the configuration; those that are not there come last.
    pub(in crate::report) fn place(&self, class: &str) -> usize {
        self.labels.iter().position(|(name, _)| name == class).unwrap_or(usize::MAX)
    }

    /// A name, or that there is none.
    pub(in crate::report) fn named<'n>(&self, name: &'n str) -> &'n str
    where
        Self: 'n,
    {
        if name.is_empty() { self.language.pick("（未填）", "(none)") } else { name }
    }

    /// What has to stand beside every figure.
    pub fn warnings(&self, about: &About) -> Vec<String> {
        let mut warnings = Vec::new();
        if about.kind == StoreKind::Simulated {
            let sentence = self.pick("全部是模拟数据，不是证据。", "all of this is simulated; none of it is evidence.");
            warnings.push(sentence.to_owned());
        }
        if about.imported > 0 {
            let count = about.imported;
            warnings.push(self.language.pick(
                format!("含从其他系统导入的记录 {count} 条，用到它们的线路标 *。"),
                format!("{count} records come from another system; lines that rest on them are marked *."),
            ));
        }
        if about.running() {
            let until = moment(about.until, about);
            warnings.push(self.language.pick(
                format!("统计期还没有结束，只算到 {until}。"),
                format!("the period has not ended: counted up to {until}."),
            ));
        }
        warnings
    }
}

/// The whole page.
pub fn text(report: &Report, telling: Telling<'_>) -> String {
    let mut text = String::new();
    head(&mut text, &report.about, telling);
    seal_text::head(&mut text, report, telling);
    published(&mut text, &report.figures.total, telling);
    fault_text::published(&mut text, &report.figures.faults, telling);
    seal_text::revisions(&mut text, report, telling);
    counts(&mut text, &report.figures.total, telling);
    groups(&mut text, report, telling);
    worst(&mut text, report, telling);
    fault_text::rest(&mut text, &report.figures.faults, telling);
    ledger_text::section(&mut text, report, telling);
    foot(&mut text, &report.about, telling);
    text
}

/// An instant in the period's zone, to the second; the milliseconds where there are some.
pub(super) fn moment(at: Timestamp, about: &About) -> String {
    let local = at.to_utc().with_timezone(&about.period.zone());
    let form = if at.0 % 1000 == 0 { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d %H:%M:%S%.3f" };
    local.format(form).to_string()
}

pub(super) fn title(text: &mut String, title: &str) {
    let _ = writeln!(text, "\n{title}");
}

/// Who, when, and whether it is to be read with care.
pub(super) fn head(text: &mut String, about: &About, telling: Telling<'_>) {
    let (site, name) = (telling.site, about.period.name(telling.language));
    let _ = writeln!(
        text,
        "{}",
        telling.language.pick(format!("{site}  {name} 汇总"), format!("{site}  figures of {name}"))
    );
    let span = about.period.span();
    let (from, to, zone) = (moment(span.start, about), moment(span.end, about), about.period.zone());
    let _ = writeln!(text, "{from} {} {to} ({zone})", telling.pick("至", "to"));
    for warning in telling.warnings(about) {
        let _ = writeln!(text, "{}{warning}", telling.pick("注意：", "Note: "));
    }
}

fn published(text: &mut String, total: &Figures, telling: Telling<'_>) {
    let language = telling.language;
    let mark = if total.proven { "" } else { telling.pick("  「证据不足」", "  [not enough evidence]") };
    let name = telling.pick("节点连通有效性", "Node connectivity");
    let _ = writeln!(text, "\n{name}  {}{mark}", percent(total.availability, language));
    let (up, all) = (total.availability.numerator(), total.availability.denominator());
    let (up_hours, all_hours) = (hours(Millis(up)), hours(Millis(all)));
    let (up, all) = (grouped(up), grouped(all));
    let _ = writeln!(
        text,
        "{}",
        language.pick(
            format!("  = 在线 ÷（在线 + 中断）= {up_hours} 小时 ÷ {all_hours} 小时\n  = {up} 毫秒 ÷ {all} 毫秒"),
            format!("  = up / (up + down) = {up_hours} h / {all_hours} h\n  = {up} ms / {all} ms"),
        )
    );
    let (low, high) = (percent(total.availability_low, language), percent(total.availability_high, language));
    let coverage = percent(total.coverage, language);
    let _ = writeln!(
        text,
        "{}",
        language.pick(
            format!("  观测覆盖率 {coverage}；未观测时间全算中断为 {low}，全算在线为 {high}"),
            format!("  coverage {coverage}; with all undetermined time down {low}, up {high}"),
        )
    );
    let unexcluded = percent(total.availability_unexcluded, language);
    let gross = percent(total.gross_availability, language);
    let _ = match points_between(total.availability_unexcluded, total.availability) {
        Some(change) if total.excluded_ms > Millis::ZERO => writeln!(
            text,
            "{}",
            language.pick(
                format!("  未剔除为 {unexcluded}，剔除使它变化 {change} 个百分点；计划停机也不扣为 {gross}"),
                format!("  without exclusions {unexcluded}, they change it by {change} points; gross {gross}"),
            )
        ),
        Some(_) | None => writeln!(
            text,
            "{}",
            language.pick(
                format!("  没有剔除；计划停机也不扣为 {gross}"),
                format!("  nothing is excluded; with planned windows ignored {gross}"),
            )
        ),
    };
}

/// What the total is made of.
fn counts(text: &mut String, total: &Figures, telling: Telling<'_>) {
    let language = telling.language;
    title(text, telling.pick("时间的去向", "Where the time went"));
    let (own, upstream) = (hours(total.down_own_ms), hours(total.down_upstream_ms));
    let (declared, bridged) = (hours(total.down_declared_ms), hours(total.bridged_ms));
    let down = language.pick(
        format!("自身 {own}，上联 {upstream}，人工认定 {declared}"),
        format!("own {own}, upstream {upstream}, declared {declared}"),
    );
    let bridged = (total.bridged_ms > Millis::ZERO)
        .then(|| language.pick(format!("，含跨空档 {bridged}"), format!("; {bridged} of it bridged")));
    let excluded = hours(total.excluded_ms);
    let rows = [
        (telling.pick("在用", "in service"), total.in_service_ms, String::new()),
        (telling.pick("  在线", "  up"), total.up_ms, String::new()),
        (telling.pick("  中断", "  down"), total.down_ms, down + &bridged.unwrap_or_default()),
        (
            telling.pick("  计划停机与剔除", "  planned, excluded"),
            total.planned_ms,
            language.pick(format!("其中剔除 {excluded}"), format!("excluded {excluded}")),
        ),
        (telling.pick("  未观测", "  not observed"), total.undetermined_ms, String::new()),
    ];
    let widest = rows.iter().map(|(_, length, _)| hours(*length).len()).max().unwrap_or(0);
    for (word, length, remark) in rows {
        let line = format!("  {} {:>widest$} {}  {remark}", padded(word, 18), hours(length), telling.pick("小时", "h"));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let (lines, at_end) = (total.lines, total.lines_at_end);
    let (compliant, zero, unproven) = (total.compliant_lines, total.zero_outage_lines, total.unproven_lines);
    let _ = writeln!(
        text,
        "  {}",
        language.pick(
            format!(
                "线路 {lines} 条，期末在用 {at_end} 条；达标 {compliant} 条，零中断 {zero} 条，证据不足 {unproven} 条"
            ),
            format!(
                "lines {lines}, at the end {at_end}; compliant {compliant}, without outage {zero}, unproven {unproven}"
            ),
        )
    );
    let (outages, carried, open) = (total.outages, total.outages_carried_in, total.outages_open);
    let _ = writeln!(
        text,
        "  {}",
        language.pick(
            format!("中断 {outages} 次，另有期初带入 {carried} 次；期末未结束 {open} 次"),
            format!("outages {outages}, carried in {carried}, open at the end {open}"),
        )
    );
    let length = |length: Option<Millis>| optional(length, language);
    let (mttr, longest) = (length(total.mttr_ms), length(total.longest_outage_ms));
    let (mtbf, delay) = (length(total.mtbf_ms), length(total.detection_delay_ms));
    let _ = writeln!(text, "  {}", language.pick(
        format!("平均修复 {mttr}，最长中断 {longest}，\n  平均无中断 {mtbf}，平均发现时延 {delay}"),
        format!("mean repair {mttr}, longest outage {longest},\n  mean time between outages {mtbf}, mean detection delay {delay}"),
    ));
    if let (Some(rent), Some(each)) = (total.rent_yuan, total.rent_per_line) {
        let (rent, each) = (yuan(rent.0), yuan(each.0));
        let _ = writeln!(text, "  {}", language.pick(
            format!("租赁费 {rent} 元，每条线路 {each} 元"),
            format!("rent {rent} yuan, {each} yuan a line"),
        ));
    }
}

fn groups(text: &mut String, report: &Report, telling: Telling<'_>) {
    let figures = &report.figures;
    title(text, telling.pick("按类别", "By class"));
    let mut classes: Vec<_> = figures.classes.iter().collect();
    classes.sort_by_key(|group| telling.place(group.class.as_str()));
    let classes = classes.into_iter().map(|group| (telling.class(group.class.as_str()).to_owned(), &group.figures));
    let total = (telling.pick("合计", "All").to_owned(), &figures.total);
    table(text, telling.pick("类别", "Class"), classes.chain([total]), telling);
    title(text, telling.pick("按乡镇", "By township"));
    let townships =
        figures.townships.iter().map(|group| (telling.named(group.township.as_str()).to_owned(), &group.figures));
    table(text, telling.pick("乡镇", "Township"), townships, telling);
    title(text, telling.pick("按运营商", "By carrier"));
    let carriers = figures.carriers.iter().map(|group| (telling.named(&group.carrier).to_owned(), &group.figures));
    table(text, telling.pick("运营商", "Carrier"), carriers, telling);
    title(text, telling.pick("按月", "By month"));
    let months = figures.months.iter().map(|group| (group.month.to_string(), &group.figures));
    table(text, telling.pick("月份", "Month"), months, telling);
}

fn worst(text: &mut String, report: &Report, telling: Telling<'_>) {
    let mut lines: Vec<_> = report.figures.lines.iter().filter(|line| line.figures.down_ms > Millis::ZERO).collect();
    if lines.is_empty() {
        return;
    }
    lines.sort_by_key(|line| (std::cmp::Reverse(line.figures.down_ms), &line.line));
    let all = lines.len();
    title(text, telling.pick("中断最长的线路", "Lines with the most down time"));
    let rows = lines.iter().take(WORST).map(|line| {
        let mark = if line.imported { "*" } else { "" };
        (format!("{}{mark} {}", line.line, line.name), &line.figures)
    });
    write_table(text, telling.pick("线路", "Line"), rows, None, telling);
    if all > WORST {
        let _ = writeln!(
            text,
            "{}",
            telling.language.pick(
                format!("  有中断的线路共 {all} 条，其余见 CSV 或 JSON。"),
                format!("  {all} lines had down time; CSV and JSON have them all."),
            )
        );
    }
    let _ = writeln!(
        text,
        "{}",
        telling.pick(
            "  一条线路的每一段时间：linewatch explain 线路编号 --year …",
            "  every stretch of a line's time: linewatch explain LINE --year …",
        )
    );
}

/// Groups of lines, with how many lines each has.
fn table<'a>(
    text: &mut String,
    heading: &str,
    rows: impl Iterator<Item = (String, &'a Figures)>,
    telling: Telling<'_>,
) {
    write_table(text, heading, rows, Some(telling.pick("线路", "lines")), telling);
}

fn write_table<'a>(
    text: &mut String,
    heading: &str,
    rows: impl Iterator<Item = (String, &'a Figures)>,
    lines: Option<&str>,
    telling: Telling<'_>,
) {
    let header = telling.language.pick(
        ["连通率", "覆盖率", "中断(时)", "未观测(时)", "次数", ""],
        ["available", "coverage", "down h", "unseen h", "outages", ""],
    );
    let header: Vec<String> = [heading].into_iter().chain(lines).chain(header).map(str::to_owned).collect();
    let numbers: Vec<usize> = (1..header.len() - 1).collect();
    let rows = rows.map(|(name, figures)| {
        let name = shortened(&name, if lines.is_some() { 14 } else { 21 });
        let cells = [
            percent(figures.availability, telling.language),
            percent(figures.coverage, telling.language),
            hours(figures.down_ms),
            hours(figures.undetermined_ms),
            figures.outages.to_string(),
            if figures.proven { "" } else { telling.pick("证据不足", "unproven") }.to_owned(),
        ];
        [name].into_iter().chain(lines.map(|_| figures.lines.to_string())).chain(cells).collect()
    });
    for line in plain_table::table(header, rows.collect(), &numbers).lines() {
        let _ = writeln!(text, " {line}");
    }
}

/// By what was judged, and what anybody needs to compute it again.
pub(super) fn foot(text: &mut String, about: &About, telling: Telling<'_>) {
    let language = telling.language;
    title(text, telling.pick("口径与依据", "Policy and evidence"));
    let policy = &about.policy;
    let (name, rules) = (&policy.name, policy.rules);
    let ppm = |ppm: u32| percent(Ratio::of(Millis(i64::from(ppm)), Millis(1_000_000)), language);
    let target = |(class, target): (&linewatch_core::line::ClassName, &u32)| {
        format!("{} {}", telling.class(class.as_str()), ppm(*target))
    };
    let mut targets: Vec<_> = policy.targets_ppm.iter().collect();
    targets.sort_by_key(|(class, _)| telling.place(class.as_str()));
    let targets: Vec<String> = targets.into_iter().map(target).collect();
    let verified = if about.verified {
        telling.pick("摘要链本次逐条校验无误", "the chain was verified just now")
    } else {
        telling.pick("摘要链本次未校验（加 --verify）", "the chain was not verified now (--verify does)")
    };
    let (kind, records) = (about.kind.word(language), about.head.seq);
    let rows = [
        (
            telling.pick("口径", "policy"),
            language.pick(format!("{name}，计算规则第 {rules} 版"), format!("{name}, rules version {rules}")),
        ),
        (telling.pick("连通率目标", "targets"), targets.join(telling.pick("，", ", "))),
        (telling.pick("最低覆盖率", "coverage from"), ppm(policy.min_coverage_ppm)),
        (
            telling.pick("依据", "evidence"),
            language.pick(
                format!("{kind}记录第 1–{records} 条，{verified}"),
                format!("{kind} records 1-{records}; {verified}"),
            ),
        ),
        (telling.pick("截至", "as of"), rfc3339(about.as_of, about.period.zone())),
        (telling.pick("链头", "head"), about.head.to_string()),
    ];
    for (word, sentence) in rows {
        // A head is longer than what is left of 80 columns, and must not be broken.
        let _ = writeln!(text, "  {}{sentence}", padded(word, if about.head.to_string() == sentence { 5 } else { 14 }));
    }
}

/// A length in words, or that there is none.
pub(super) fn optional(length: Option<Millis>, language: Language) -> String {
    length.map_or_else(|| language.pick("无", "none").to_owned(), clock)
}

pub(super) fn padded(word: &str, columns: usize) -> String {
    format!("{word}{}", " ".repeat(columns.saturating_sub(word.width())))
}

/// The text within so many columns, with … where something was left out.
pub(super) fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if short.width() + UnicodeWidthStr::width(letter.encode_utf8(&mut [0; 4]) as &str) + 1 > columns {
            break;
        }
        short.push(letter);
    }
    short + "…"
}

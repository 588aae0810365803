//! The figures of all lines, and by class, township, carrier and month.

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::Figures;
use linewatch_core::time::Millis;

use super::{Cell, Table, Writing};
use crate::language::Language;
use crate::report::rollup::numbers::{clock, hours, percent, yuan};
use crate::report::rollup::{Report, Telling};

/// A ratio in percent without the sign, for columns that have it in their title.
pub(super) fn bare(ratio: Ratio, language: Language) -> String {
    let text = percent(ratio, language);
    text.strip_suffix(" %").unwrap_or(&text).to_owned()
}

/// A length, or that there is none.
pub(super) fn length(length: Option<Millis>) -> String {
    length.map_or_else(|| "—".to_owned(), clock)
}

/// All figures of all lines, two beside one another.
pub(super) fn total(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    let total = &report.figures.total;
    let pick = |chinese, english| telling.language.pick(chinese, english);
    let rent = |fen: Option<linewatch_core::rollup::Fen>| fen.map_or_else(|| "—".to_owned(), |fen| yuan(fen.0));
    let figures: Vec<(&str, String)> = vec![
        (pick("期内在用过的线路（条）", "lines in service"), total.lines.to_string()),
        (pick("期末在用线路（条）", "at the end"), total.lines_at_end.to_string()),
        (pick("节点连通率", "availability"), percent(total.availability, language)),
        (pick("观测覆盖率", "coverage"), percent(total.coverage, language)),
        (pick("连通率下限", "lower bound"), percent(total.availability_low, language)),
        (pick("连通率上限", "upper bound"), percent(total.availability_high, language)),
        (pick("未剔除连通率", "without exclusions"), percent(total.availability_unexcluded, language)),
        (pick("毛可用率", "gross"), percent(total.gross_availability, language)),
        (pick("在用时间（小时）", "in service, h"), hours(total.in_service_ms)),
        (pick("在线时间（小时）", "up, h"), hours(total.up_ms)),
        (pick("中断时间（小时）", "down, h"), hours(total.down_ms)),
        (pick("其中自身中断（小时）", "own, h"), hours(total.down_own_ms)),
        (pick("其中上联中断（小时）", "upstream, h"), hours(total.down_upstream_ms)),
        (pick("其中人工认定（小时）", "declared, h"), hours(total.down_declared_ms)),
        (pick("其中跨空档计入（小时）", "bridged, h"), hours(total.bridged_ms)),
        (pick("未观测时间（小时）", "undetermined, h"), hours(total.undetermined_ms)),
        (pick("计划停机与剔除（小时）", "planned and excluded, h"), hours(total.planned_ms)),
        (pick("其中剔除（小时）", "excluded, h"), hours(total.excluded_ms)),
        (pick("达标线路（条）", "compliant lines"), total.compliant_lines.to_string()),
        (pick("零中断线路（条）", "lines without outage"), total.zero_outage_lines.to_string()),
        (pick("证据不足线路（条）", "unproven lines"), total.unproven_lines.to_string()),
        (pick("中断次数", "outages"), total.outages.to_string()),
        (pick("期初带入中断", "carried in"), total.outages_carried_in.to_string()),
        (pick("期内结束中断", "ended"), total.outages_ended.to_string()),
        (pick("期末未结束中断", "open at the end"), total.outages_open.to_string()),
        (pick("中断平均时长", "mean outage"), length(total.mttr_ms)),
        (pick("最长中断", "longest outage"), length(total.longest_outage_ms)),
        (pick("平均无中断时长", "time between outages"), length(total.mtbf_ms)),
        (pick("平均发现时延", "detection delay"), length(total.detection_delay_ms)),
        (pick("租赁费（元）", "rent, yuan"), rent(total.rent_yuan)),
        (pick("单条线路租赁费（元）", "rent a line, yuan"), rent(total.rent_per_line)),
    ];
    writing.subheading("全部线路", "All lines");
    writing.table(pick("全部线路汇总", "All lines"), paired(&figures, telling));
    writing.note(pick(
        "时长写作 时:分:秒.毫秒；所有数字都是截断的，不四舍五入。",
        "Lengths are hours:minutes:seconds; all numbers are cut off, never rounded.",
    ));
}

/// Names and values, two pairs a row.
pub(super) fn paired(figures: &[(&str, String)], telling: Telling<'_>) -> Table {
    let (figure, value) = telling.language.pick(("指标", "数值"), ("figure", "value"));
    let mut table = Table::headed(&[30, 20, 30, 20], [figure, value, figure, value]);
    for pair in figures.chunks(2) {
        let mut row = Vec::new();
        for (name, value) in pair {
            row.extend([Cell::words(name), Cell::number(value)]);
        }
        row.resize_with(4, || Cell::words(""));
        table.row(row);
    }
    table
}

/// By class, township, carrier and month.
pub(super) fn groups(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let figures = &report.figures;
    let mut classes: Vec<_> = figures.classes.iter().collect();
    classes.sort_by_key(|group| telling.place(group.class.as_str()));
    let classes = classes.iter().map(|group| (telling.class(group.class.as_str()).to_owned(), &group.figures));
    let all = telling.language.pick("合计", "All").to_owned();
    let classes: Vec<_> = classes.chain([(all.clone(), &figures.total)]).collect();
    writing.subheading("分类别", "By class");
    group(writing, telling.language.pick("类别", "Class"), &classes, telling);
    let named = |name: &str| telling.named(name).to_owned();
    let townships = figures.townships.iter().map(|group| (named(group.township.as_str()), &group.figures));
    let townships: Vec<_> = townships.chain([(all.clone(), &figures.total)]).collect();
    writing.subheading("分乡镇", "By township");
    group(writing, telling.language.pick("乡镇", "Township"), &townships, telling);
    let carriers = figures.carriers.iter().map(|group| (named(&group.carrier), &group.figures));
    let carriers: Vec<_> = carriers.chain([(all, &figures.total)]).collect();
    writing.subheading("分运营商", "By carrier");
    group(writing, telling.language.pick("运营商", "Carrier"), &carriers, telling);
    // Of one month it would be the total once more.
    if figures.months.len() < 2 {
        return;
    }
    let months: Vec<_> = figures.months.iter().map(|group| (group.month.to_string(), &group.figures)).collect();
    writing.subheading("分月", "By month");
    group(writing, telling.language.pick("月份", "Month"), &months, telling);
}

/// Three tables of the same groups: ratios, hours, outages.
fn group(writing: &mut Writing, heading: &str, groups: &[(String, &Figures)], telling: Telling<'_>) {
    let language = telling.language;
    let ratios = language.pick(
        [heading, "线路", "期末", "连通率", "下限", "上限", "覆盖率", "未剔除", "毛可用率", "标记"],
        [heading, "lines", "at end", "available", "low", "high", "coverage", "unexcluded", "gross", "mark"],
    );
    let mut table = Table::headed(&[26, 10, 10, 17, 17, 17, 17, 17, 17, 12], ratios).dense();
    for (name, figures) in groups {
        let of = [
            figures.availability,
            figures.availability_low,
            figures.availability_high,
            figures.coverage,
            figures.availability_unexcluded,
            figures.gross_availability,
        ];
        let counts = [figures.lines, figures.lines_at_end].map(|count| Cell::number(count.to_string()));
        let ratios = of.map(|ratio| Cell::number(bare(ratio, language)));
        let proven = if figures.proven { "" } else { language.pick("证据\n不足", "un-\nproven") };
        table.row([Cell::words(name)].into_iter().chain(counts).chain(ratios).chain([Cell::middle(proven)]).collect());
    }
    writing.table(&language.pick(format!("连通率，%（按{heading}）"), format!("{heading}: availability, %")), table);
    let times = language.pick(
        [heading, "在用", "在线", "中断", "计划停机与剔除", "其中剔除", "未观测"],
        [heading, "in service", "up", "down", "planned", "excluded", "undetermined"],
    );
    let mut table = Table::headed(&[22, 24, 24, 19, 25, 20, 20], times).dense();
    for (name, figures) in groups {
        let of = [
            figures.in_service_ms,
            figures.up_ms,
            figures.down_ms,
            figures.planned_ms,
            figures.excluded_ms,
            figures.undetermined_ms,
        ];
        table.row([Cell::words(name)].into_iter().chain(of.map(|length| Cell::number(hours(length)))).collect());
    }
    let title = language.pick(format!("时间的去向，小时（按{heading}）"), format!("{heading}: hours"));
    writing.table(&title, table);
    outages(writing, heading, groups, telling);
}

fn outages(writing: &mut Writing, heading: &str, groups: &[(String, &Figures)], telling: Telling<'_>) {
    let language = telling.language;
    let names = language.pick(
        [
            heading,
            "中断\n次数",
            "期初\n带入",
            "期末\n未结",
            "平均时长",
            "最长",
            "达标",
            "零\n中断",
            "证据\n不足",
            "租赁费（元）",
        ],
        [heading, "outages", "carried", "open", "mean", "longest", "compliant", "zero", "unproven", "rent"],
    );
    // English words are longer than the numbers below them.
    let widths = language.pick([21, 9, 9, 9, 22, 24, 9, 9, 9, 22], [20, 13, 13, 10, 22, 23, 16, 9, 15, 19]);
    let mut table = Table::headed(&widths, names).dense();
    for (name, figures) in groups {
        let first = [figures.outages, figures.outages_carried_in, figures.outages_open].map(|count| count.to_string());
        let lengths = [figures.mttr_ms, figures.longest_outage_ms].map(length);
        let lines =
            [figures.compliant_lines, figures.zero_outage_lines, figures.unproven_lines].map(|count| count.to_string());
        let rent = figures.rent_yuan.map_or_else(|| "—".to_owned(), |fen| yuan(fen.0));
        let cells = first.into_iter().chain(lengths).chain(lines).chain([rent]);
        table.row([Cell::words(name)].into_iter().chain(cells.map(Cell::number)).collect());
    }
    let title = language.pick(format!("中断与达标（按{heading}）"), format!("{heading}: outages"));
    writing.table(&title, table);
}

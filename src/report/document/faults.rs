//! Faults: how many, how fast, from whom and why.

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::Cohort;

use super::tables::{bare, length, paired};
use super::{Cell, Table, Writing};
use crate::report::rollup::numbers::percent;
use crate::report::rollup::{Report, Telling, source_word};

/// Everything about faults.
pub(super) fn all(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    let faults = &report.figures.faults;
    let pick = |chinese, english| language.pick(chinese, english);
    if faults.cohort.size() == 0 && faults.void == 0 {
        writing.text(pick("本期没有需要解决的故障。", "There was no fault to be resolved."));
        let inspections = faults.inspections;
        writing.text(language.pick(format!("巡检 {inspections} 次。"), format!("Inspections: {inspections}.")));
        return;
    }
    let rows = [(pick("故障（件）", "faults"), &faults.cohort), (pick("故障点位（个）", "points"), &faults.points)];
    let rows = rows.map(|(name, cohort)| (name.to_owned(), cohort));
    cohorts(writing, pick("故障与故障点位", "Faults and points"), "", &rows, telling);
    let ratio = |ratio: Ratio| if ratio.is_defined() { percent(ratio, language) } else { "—".to_owned() };
    let (stepped, judged) = (&faults.without_self_cleared, &faults.without_exempt);
    let figures: Vec<(&str, String)> = vec![
        (pick("故障修复及时率", "on time"), ratio(faults.on_time_ratio)),
        (pick("时限内修复 ÷ 应修复", "within the deadline / due"), format!("{} ÷ {}", faults.on_time, faults.due)),
        (pick("平均修复时长", "mean repair"), length(faults.mttr_ms)),
        (pick("修复时长中位数", "median repair"), length(faults.median_ms)),
        (pick("修复时长 95 分位", "95 % within"), length(faults.p95_ms)),
        (pick("最久未决", "longest open"), length(faults.open_age_max_ms)),
        (pick("自愈（件）", "cleared by themselves"), faults.self_cleared.to_string()),
        (pick("不计自愈：故障解决率", "without them: faults"), ratio(stepped.resolution_ratio)),
        (pick("不计自愈：点位解决率", "without them: points"), ratio(stepped.point_resolution_ratio)),
        (pick("不计自愈：及时率", "without them: on time"), ratio(stepped.on_time_ratio)),
        (pick("免责（件）", "exempt"), faults.exempt.to_string()),
        (pick("不计免责：故障解决率", "without exempt: faults"), ratio(judged.resolution_ratio)),
        (pick("不计免责：点位解决率", "without exempt: points"), ratio(judged.point_resolution_ratio)),
        (pick("不计免责：及时率", "without exempt: on time"), ratio(judged.on_time_ratio)),
        (pick("误报（不计入）", "void, left out"), faults.void.to_string()),
        (pick("并入其他故障（不计入）", "merged, left out"), faults.merged.to_string()),
        (pick("导入的故障（件）", "imported"), faults.imported.to_string()),
        (pick("报障的村（个）", "villages that reported"), faults.villages.villages_reported.to_string()),
        (pick("其中全部解决的村（个）", "all resolved"), faults.villages.villages_resolved.to_string()),
        (pick("巡检（次）", "inspections"), faults.inspections.to_string()),
    ];
    writing.table(pick("修复的快慢", "How fast"), paired(&figures, telling));
    let sources = faults.by_source.iter().map(|(source, cohort)| (source_word(*source, telling).to_owned(), cohort));
    let sources: Vec<_> = sources.collect();
    cohorts(writing, pick("故障来源", "By source"), pick("来源", "Source"), &sources, telling);
    let unnamed = pick("（未填原因）", "(no cause)");
    let causes: Vec<_> = faults
        .by_cause
        .iter()
        .map(|(cause, cohort)| (cause.as_deref().unwrap_or(unnamed).to_owned(), cohort))
        .collect();
    cohorts(writing, pick("故障原因", "By cause"), pick("原因", "Cause"), &causes, telling);
    let channels: Vec<_> = faults.by_channel.iter().map(|(channel, cohort)| (channel.clone(), cohort)).collect();
    cohorts(writing, pick("报障渠道", "By channel"), pick("渠道", "Channel"), &channels, telling);
    let mut by_class: Vec<_> = faults.by_class.iter().collect();
    by_class.sort_by_key(|(class, _)| telling.place(class.as_str()));
    let classes: Vec<_> =
        by_class.into_iter().map(|(class, cohort)| (telling.class(class.as_str()).to_owned(), cohort)).collect();
    cohorts(writing, pick("各类别故障", "By class"), pick("类别", "Class"), &classes, telling);
    let townships: Vec<_> = faults
        .by_township
        .iter()
        .map(|(township, cohort)| (telling.named(township.as_str()).to_owned(), cohort))
        .collect();
    cohorts(writing, pick("各乡镇故障", "By township"), pick("乡镇", "Township"), &townships, telling);
}

fn cohorts(writing: &mut Writing, title: &str, heading: &str, rows: &[(String, &Cohort)], telling: Telling<'_>) {
    let language = telling.language;
    let names = language.pick(
        [heading, "期初未决", "新增", "重开", "应解决", "已解决", "未解决", "期后解决", "解决率%"],
        [heading, "carried in", "opened", "reopened", "all", "resolved", "open", "since", "ratio %"],
    );
    let widths = language.pick([34, 16, 13, 13, 15, 15, 15, 17, 18], [32, 16, 13, 15, 15, 15, 15, 17, 18]);
    let mut table = Table::headed(&widths, names).dense();
    for (name, cohort) in rows {
        let Cohort { carried_in, opened, reopened_in, resolved, open_at_end, resolved_since } = **cohort;
        let counts = [carried_in, opened, reopened_in, cohort.size(), resolved, open_at_end, resolved_since];
        let ratio = cohort.resolution_ratio();
        let ratio = if ratio.is_defined() { bare(ratio, language) } else { "—".to_owned() };
        let cells = counts.into_iter().map(|count| count.to_string()).chain([ratio]).map(Cell::number);
        table.row([Cell::words(name)].into_iter().chain(cells).collect());
    }
    writing.table(title, table);
}

//! The figures of faults for a terminal.

use std::collections::BTreeMap;
use std::fmt::Write;

use linewatch_core::availability::Ratio;
use linewatch_core::record::FaultSource;
use linewatch_core::rollup::{Cohort, FaultFigures};

use super::numbers::percent;
use super::text::{Telling, optional, shortened, title};
use crate::report::plain_table;

/// The published one, with what it is made of.
pub(super) fn published(text: &mut String, faults: &FaultFigures, telling: Telling<'_>) {
    let language = telling.language;
    let name = telling.pick("故障点位解决情况", "Fault points resolved");
    let ratio = |ratio| percent_or_none(ratio, telling);
    let _ = writeln!(text, "\n{name}  {}", ratio(faults.point_resolution_ratio));
    let Cohort { carried_in, opened, reopened_in, resolved, open_at_end, resolved_since } = faults.points;
    let all = faults.points.size();
    let _ = writeln!(text, "{}", language.pick(
        format!("  = 已解决 {resolved} 个点位 ÷ 应解决 {all} 个点位（一个点位是一个故障里的一条线路）\n  应解决 {all} = 期初未决 {carried_in} + 本期新增 {opened} + 本期重开 {reopened_in} = 已解决 {resolved} + 未解决 {open_at_end}"),
        format!("  = {resolved} resolved / {all} points (a point is one line of one fault)\n  {all} = carried in {carried_in} + opened {opened} + reopened {reopened_in} = resolved {resolved} + open {open_at_end}"),
    ));
    if resolved_since > 0 {
        let _ = writeln!(
            text,
            "{}",
            language.pick(
                format!("  未解决的里面，期后已解决 {resolved_since} 个"),
                format!("  {resolved_since} of the open ones were resolved since"),
            )
        );
    }
    let digits = |ratio: Ratio| format!("{} ÷ {}", ratio.numerator(), ratio.denominator());
    let without = faults.without_self_cleared.point_resolution_ratio;
    let (percent, digits_of) = (ratio(without), digits(without));
    let own = faults.self_cleared;
    let _ = writeln!(
        text,
        "{}",
        language.pick(
            format!("  去掉自愈的 {own} 个故障为 {percent}（{digits_of}）"),
            format!("  leaving out {own} faults that cleared by themselves {percent} ({digits_of})"),
        )
    );
    if faults.exempt > 0 {
        let without = faults.without_exempt.point_resolution_ratio;
        let (exempt, percent, digits_of) = (faults.exempt, ratio(without), digits(without));
        let _ = writeln!(
            text,
            "{}",
            language.pick(
                format!("  去掉免责的 {exempt} 个故障为 {percent}（{digits_of}）"),
                format!("  leaving out {exempt} exempt faults {percent} ({digits_of})"),
            )
        );
    }
}

/// A ratio of things; where there are none nothing was to be done.
fn percent_or_none(ratio: Ratio, telling: Telling<'_>) -> String {
    if ratio.is_defined() {
        percent(ratio, telling.language)
    } else {
        telling.pick("无（没有故障）", "none (no faults)").to_owned()
    }
}

/// Everything else.
pub(super) fn rest(text: &mut String, faults: &FaultFigures, telling: Telling<'_>) {
    let language = telling.language;
    let ratio = |ratio| percent_or_none(ratio, telling);
    title(text, telling.pick("故障", "Faults"));
    let Cohort { carried_in, opened, reopened_in, resolved, open_at_end, resolved_since } = faults.cohort;
    let all = faults.cohort.size();
    let (solved, on_time) = (ratio(faults.resolution_ratio), ratio(faults.on_time_ratio));
    let (on_time_count, due) = (faults.on_time, faults.due);
    let _ = writeln!(text, "{}", language.pick(
        format!("  故障解决率 {solved} = {resolved} ÷ {all}\n  应解决 {all} = 期初未决 {carried_in} + 新增 {opened} + 重开 {reopened_in} = 已解决 {resolved} + 未解决 {open_at_end}（期后已解决 {resolved_since}）\n  故障修复及时率 {on_time} = 时限内修复 {on_time_count} ÷ 应修复 {due}"),
        format!("  faults resolved {solved} = {resolved} / {all}\n  {all} = carried in {carried_in} + opened {opened} + reopened {reopened_in} = resolved {resolved} + open {open_at_end} (resolved since: {resolved_since})\n  on time {on_time} = {on_time_count} within the deadline / {due} due"),
    ));
    let length = |length| optional(length, language);
    let (mean, median, p95, oldest) =
        (length(faults.mttr_ms), length(faults.median_ms), length(faults.p95_ms), length(faults.open_age_max_ms));
    let _ = writeln!(
        text,
        "{}",
        language.pick(
            format!("  修复时长：平均 {mean}，中位 {median}，95% 在 {p95} 之内；\n  最久未决 {oldest}"),
            format!("  repair: mean {mean}, median {median}, 95 % within {p95};\n  longest open {oldest}"),
        )
    );
    let (own, exempt, void, merged) = (faults.self_cleared, faults.exempt, faults.void, faults.merged);
    let (reported, solved) = (faults.villages.villages_reported, faults.villages.villages_resolved);
    let inspections = faults.inspections;
    let _ = writeln!(text, "{}", language.pick(
        format!("  自愈 {own}，免责 {exempt}；不计入：误报 {void}，并入其他故障 {merged}\n  报障的村 {reported} 个，全部解决的 {solved} 个；巡检 {inspections} 次"),
        format!("  cleared by themselves {own}, exempt {exempt}; left out: void {void}, merged {merged}\n  villages that reported {reported}, all resolved {solved}; inspections {inspections}"),
    ));
    let sources: Vec<_> =
        faults.by_source.iter().map(|(source, cohort)| (source_word(*source, telling).to_owned(), cohort)).collect();
    table(text, telling.pick("来源", "Source"), sources, telling);
    let channels = faults.by_channel.iter().map(|(channel, cohort)| (channel.clone(), cohort)).collect();
    table(text, telling.pick("报障方式", "Channel"), channels, telling);
    let unnamed = telling.pick("（未填原因）", "(no cause)");
    let causes = faults.by_cause.iter().map(|(cause, cohort)| (cause.as_deref().unwrap_or(unnamed).to_owned(), cohort));
    table(text, telling.pick("原因", "Cause"), causes.collect(), telling);
    let mut by_class: Vec<_> = faults.by_class.iter().collect();
    by_class.sort_by_key(|(class, _)| telling.place(class.as_str()));
    let classes = by_class.into_iter().map(|(class, cohort)| (telling.class(class.as_str()).to_owned(), cohort));
    let classes = classes.collect();
    table(text, telling.pick("类别", "Class"), classes, telling);
    table(
        text,
        telling.pick("乡镇", "Township"),
        names(&faults.by_township, |name| telling.named(name.as_str()).to_owned()),
        telling,
    );
}

/// Who noticed.
pub(crate) fn source_word(source: FaultSource, telling: Telling<'_>) -> &'static str {
    match source {
        FaultSource::Detected => telling.language.pick("网管自查", "detected"),
        FaultSource::Reported => telling.language.pick("人工上报", "reported"),
    }
}

fn names<K>(groups: &BTreeMap<K, Cohort>, name: impl Fn(&K) -> String) -> Vec<(String, &Cohort)> {
    groups.iter().map(|(key, cohort)| (name(key), cohort)).collect()
}

fn table(text: &mut String, heading: &str, rows: Vec<(String, &Cohort)>, telling: Telling<'_>) {
    if rows.is_empty() {
        return;
    }
    let header = telling.language.pick(
        ["期初未决", "新增", "重开", "已解决", "未解决", "解决率"],
        ["carried in", "opened", "reopened", "resolved", "open", "ratio"],
    );
    let header = std::iter::once(heading).chain(header).map(str::to_owned).collect();
    let rows = rows.into_iter().map(|(name, cohort)| {
        let counts = [cohort.carried_in, cohort.opened, cohort.reopened_in, cohort.resolved, cohort.open_at_end];
        let ratio = percent_or_none(cohort.resolution_ratio(), telling);
        std::iter::once(shortened(&name, 20)).chain(counts.map(|count| count.to_string())).chain([ratio]).collect()
    });
    text.push('\n');
    for line in plain_table::table(header, rows.collect(), &[1, 2, 3, 4, 5, 6]).lines() {
        let _ = writeln!(text, " {line}");
    }
}

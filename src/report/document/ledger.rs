//! The ledger of planned downtime and exclusions, and what it changes.

use linewatch_core::time::{Millis, Timestamp};

use super::{Cell, Table, Writing};
use crate::report::rollup::numbers::{clock, percent, points_between};
use crate::report::rollup::{
    Entry, Matter, Report, Subject, Telling, between, matter_word, scope_words, standing_word,
};

/// Every entry of the period, then the figures with and without.
pub(super) fn all(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    if report.ledger.is_empty() {
        writing.text(language.pick(
            "本期没有计划停机、剔除、认定中断、更正和免责。",
            "There is no planned downtime, exclusion, declared outage, correction or exemption.",
        ));
    } else {
        let names = language.pick(
            ["记录", "事项", "对象与时间", "理由与文号", "经办与审批", "本期计入"],
            ["record", "matter", "of what, when", "reason, document", "who", "counted"],
        );
        let mut table = Table::headed(&[11, 18, 40, 38, 28, 24], names).dense();
        for entry in &report.ledger {
            table.row(row(entry, report, telling));
        }
        writing.table(language.pick("计划停机与剔除台账", "Planned downtime and decisions"), table);
    }
    let pending = report.ledger.iter().filter(|entry| entry.pending()).count();
    if pending > 0 {
        writing.text(language.pick(
            format!("待第二人审批的有 {pending} 项，批准以前不计入任何数字。"),
            format!("{pending} wait for a second person; until then they count for nothing."),
        ));
    }
    let total = &report.figures.total;
    let [with, unexcluded, gross] = [total.availability, total.availability_unexcluded, total.gross_availability]
        .map(|ratio| percent(ratio, language));
    let change = |ratio| points_between(ratio, total.availability).unwrap_or_else(|| "—".to_owned());
    let (by_exclusions, by_all) = (change(total.availability_unexcluded), change(total.gross_availability));
    let planned = clock(total.planned_ms - total.excluded_ms);
    let names = language.pick(
        ["算法", "扣除的时间", "连通率", "与公布值之差（百分点）"],
        ["how", "taken out", "availability", "points"],
    );
    let mut table = Table::headed(&[62, 28, 22, 44], names);
    let both = clock(total.planned_ms);
    let rows = [
        (
            language.pick("公布值：扣除计划停机和剔除", "published: windows and exclusions out"),
            both,
            with,
            String::new(),
        ),
        (language.pick("只扣除计划停机，不剔除", "windows out, nothing excluded"), planned, unexcluded, by_exclusions),
        (language.pick("计划停机和剔除都不扣（毛可用率）", "nothing out (gross)"), clock(Millis::ZERO), gross, by_all),
    ];
    for (name, time, ratio, change) in rows {
        table.row(vec![Cell::words(name), Cell::number(time), Cell::number(ratio), Cell::number(change)]);
    }
    writing.table(language.pick("剔除前后对照", "With and without"), table);
}

fn row(entry: &Entry, report: &Report, telling: Telling<'_>) -> Vec<Cell> {
    let language = telling.language;
    let (matter, standing) = (matter_word(entry.matter, language), standing_word(entry.standing, language));
    let source = entry.source.as_ref().map_or_else(String::new, |source| {
        language.pick(format!("\n导入自「{source}」"), format!("\nimported from {source:?}"))
    });
    let document = if entry.document.is_empty() { "" } else { "\n" };
    vec![
        Cell::middle(entry.number.to_string()),
        Cell::middle(format!("{matter}\n{standing}{source}")),
        Cell::words(subject(entry, report, telling)),
        Cell::words(format!("{}{document}{}", entry.reason, entry.document)),
        Cell::words(people(entry, report, telling)),
        Cell::number(counted(entry, telling)),
    ]
}

fn subject(entry: &Entry, report: &Report, telling: Telling<'_>) -> String {
    let (language, zone) = (telling.language, report.about.period.zone());
    // Both ends on a line of their own.
    let times = |span| between(span, zone, language).replace(" 至 ", " 至\n").replace(" to ", " to\n");
    match &entry.subject {
        Subject::Lines(scope) => {
            let span = entry.span.map_or_else(String::new, times);
            format!("{}\n{span}", scope_words(scope, telling))
        }
        Subject::Outage { outage, recorded } => {
            let recorded = recorded.as_ref().map_or_else(
                || language.pick(format!("中断 {outage}"), format!("outage {outage}")),
                |(line, span)| {
                    let span = times(*span);
                    language.pick(
                        format!("线路 {line} 的中断 {outage}\n{span}"),
                        format!("outage {outage} of {line}\n{span}"),
                    )
                },
            );
            let counts = entry.span.map_or_else(
                || language.pick("更正为：不是中断".to_owned(), "was none".to_owned()),
                |span| {
                    let span = times(span);
                    language.pick(format!("更正为：\n{span}"), format!("counts\n{span}"))
                },
            );
            format!("{recorded}\n{counts}")
        }
        Subject::Fault(fault) => language.pick(format!("故障 {fault}"), format!("fault {fault}")),
    }
}

fn people(entry: &Entry, report: &Report, telling: Telling<'_>) -> String {
    let language = telling.language;
    let minute = |at: Timestamp| {
        let local = at.to_utc().with_timezone(&report.about.period.zone());
        local.format("%Y-%m-%d %H:%M").to_string()
    };
    let (by, at) = (&entry.said.by, minute(entry.said.at));
    let mut text = language.pick(format!("登记：{by}\n{at}"), format!("{by}\n{at}"));
    if let Some(second) = &entry.approved {
        let (by, at) = (&second.by, minute(second.at));
        text += &language.pick(format!("\n批准：{by}\n{at}"), format!("\napproved by {by}\n{at}"));
    }
    if let Some((second, why)) = &entry.undone {
        let (by, at, done) = (&second.by, minute(second.at), standing_word(entry.standing, language));
        text += &language.pick(format!("\n{done}：{by}\n{at}\n{why}"), format!("\n{done} by {by}\n{at}\n{why}"));
    }
    text
}

fn counted(entry: &Entry, telling: Telling<'_>) -> String {
    let language = telling.language;
    let Some(effect) = entry.effect else { return "—".to_owned() };
    let (lines, counted) = (effect.lines, clock(effect.counted_ms));
    let mut text = language.pick(
        format!("{lines} 条线路\n{counted}"),
        format!("{lines} {}\n{counted}", if lines == 1 { "line" } else { "lines" }),
    );
    if matches!(entry.matter, Matter::Planned | Matter::Excluded) && effect.down_ms > Millis::ZERO {
        let down = clock(effect.down_ms);
        text += &language.pick(format!("\n其中中断\n{down}"), format!("\nof it down\n{down}"));
    }
    text
}

//! The period in pictures, each with the names that its numbers stand for.

use linewatch_core::time::Millis;

use super::{Cell, Table, Writing};
use crate::report::pictures::{SHOWN, availability, bad_days, repair_times, repairs, worst, worst_days, worst_lines};
use crate::report::rollup::numbers::{clock, hours};
use crate::report::rollup::{Report, Telling};

/// All pictures.
pub(super) fn all(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    if let Some(picture) = availability(report, language) {
        writing.subheading("连通率", "Availability");
        writing.picture(picture);
    }
    if let Some(picture) = bad_days(report, language) {
        writing.subheading("中断日历", "Bad days");
        writing.picture(picture);
        days(writing, report, telling);
    }
    writing.subheading("中断最长的线路", "The worst lines");
    if let Some(picture) = worst_lines(report, language) {
        writing.picture(picture);
        lines(writing, report, telling);
    } else {
        writing.text(language.pick("本期没有观测到中断。", "No outage was observed."));
    }
    writing.subheading("故障修复时长", "Repair times");
    if let Some(picture) = repair_times(report, language) {
        writing.picture(picture);
        townships(writing, report, telling);
    } else {
        writing.text(language.pick("本期没有解决的故障。", "No fault was resolved."));
    }
}

fn days(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    let names = language.pick(
        ["序号", "日期", "中断（小时）", "未观测（小时）", "在用（小时）"],
        ["no.", "day", "down, h", "undetermined, h", "in service, h"],
    );
    let mut table = Table::headed(&[12, 30, 30, 30, 30], names);
    for (place, day) in worst_days(report, SHOWN).into_iter().enumerate() {
        table.row(vec![
            Cell::middle((place + 1).to_string()),
            Cell::middle(day.day.to_string()),
            Cell::number(hours(day.down_ms)),
            Cell::number(hours(day.undetermined_ms)),
            Cell::number(hours(day.in_service_ms)),
        ]);
    }
    writing.table(language.pick("中断最多的日子", "The worst days"), table);
}

fn lines(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    let names = language.pick(
        ["序号", "编号", "名称", "乡镇", "连通率\n%", "中断\n小时", "次数", "最长一次"],
        ["no.", "id", "name", "township", "available\n%", "down\nh", "outages", "longest"],
    );
    let widths = language.pick([9, 16, 48, 19, 15, 18, 9, 24], [9, 16, 43, 19, 16, 18, 13, 24]);
    let mut table = Table::headed(&widths, names).dense();
    for (place, line) in worst(report, SHOWN).into_iter().enumerate() {
        let figures = &line.figures;
        let mark = if line.imported { " *" } else { "" };
        table.row(vec![
            Cell::middle((place + 1).to_string()),
            Cell::words(format!("{}{mark}", line.line)),
            Cell::words(&line.name),
            Cell::words(telling.named(line.township.as_str())),
            Cell::number(super::tables::bare(figures.availability, language)),
            Cell::number(hours(figures.down_ms)),
            Cell::number(figures.outages.to_string()),
            Cell::number(super::tables::length(figures.longest_outage_ms)),
        ]);
    }
    writing.table(language.pick("中断最长的线路", "The worst lines"), table);
    let down = report.figures.lines.iter().filter(|line| line.figures.down_ms > Millis::ZERO).count();
    if down > SHOWN {
        writing.note(language.pick(
            format!("有中断的线路共 {down} 条，其余见最后一张表。"),
            format!("{down} lines had down time; the last table has them all."),
        ));
    }
}

fn townships(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    let names = language.pick(
        ["序号", "乡镇", "解决的故障", "平均修复时长", "最长修复时长"],
        ["no.", "township", "resolved", "mean repair", "longest repair"],
    );
    let mut table = Table::headed(&[12, 40, 24, 32, 32], names);
    for (place, (township, repairs)) in repairs(report).into_iter().enumerate() {
        table.row(vec![
            Cell::middle((place + 1).to_string()),
            Cell::words(telling.named(township.as_str())),
            Cell::number(repairs.count.to_string()),
            Cell::number(clock(repairs.mean_ms)),
            Cell::number(clock(repairs.longest_ms)),
        ]);
    }
    writing.table(language.pick("各乡镇修复时长", "Repair times by township"), table);
}

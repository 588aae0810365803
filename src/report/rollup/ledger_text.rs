//! The ledger of planned downtime and exclusions as text and as JSON.

use std::fmt::Write;

use chrono_tz::Tz;
use linewatch_core::record::Scope;
use linewatch_core::rollup::Figures;
use linewatch_core::time::{Millis, Span, Timestamp};
use serde_json::{Value, json};

use super::Report;
use super::ledger::{Entry, Matter, Standing, Subject};
use super::numbers::{clock, percent, points_between};
use super::period::rfc3339;
use super::text::{Telling, title};
use crate::language::Language;

/// The ledger of a report's period, and what the figures are with and without.
pub(super) fn section(text: &mut String, report: &Report, telling: Telling<'_>) {
    title(text, telling.pick("计划停机与剔除台账", "Planned downtime, exclusions and other decisions"));
    if report.ledger.is_empty() {
        let _ = writeln!(text, "{}", telling.pick("  没有。", "  None."));
        return;
    }
    let zone = report.about.period.zone();
    for entry in &report.ledger {
        push(text, entry, zone, telling);
    }
    with_and_without(text, &report.figures.total, telling);
    waiting(text, &report.ledger, telling);
}

/// The ledger of a period, for itself.
pub fn period_ledger_text(report: &Report, telling: Telling<'_>) -> String {
    let mut text = String::new();
    super::text::head(&mut text, &report.about, telling);
    section(&mut text, report, telling);
    super::text::foot(&mut text, &report.about, telling);
    text
}

/// Entries as a list for a terminal.
pub fn ledger_text(entries: &[Entry], zone: Tz, telling: Telling<'_>) -> String {
    let mut text = String::new();
    if entries.is_empty() {
        text += telling.pick("没有。\n", "None.\n");
    }
    for entry in entries {
        push(&mut text, entry, zone, telling);
    }
    waiting(&mut text, entries, telling);
    text
}

fn push(text: &mut String, entry: &Entry, zone: Tz, telling: Telling<'_>) {
    let language = telling.language;
    let (number, matter, standing) =
        (entry.number, matter_word(entry.matter, language), standing_word(entry.standing, language));
    let source = entry.source.as_ref().map_or_else(String::new, |source| {
        language.pick(format!("（导入自「{source}」）"), format!(" (imported from {source:?})"))
    });
    let _ = writeln!(text, "  {number}  {matter}  {standing}{source}");
    let _ = writeln!(text, "      {}", about(entry, zone, telling));
    let document = match entry.document.as_str() {
        "" => String::new(),
        document => language.pick(format!("（{document}）"), format!(" ({document})")),
    };
    let _ = writeln!(text, "      {}{document}", entry.reason);
    let _ = writeln!(text, "      {}", who(entry, zone, language));
    if let Some(effect) = entry.effect {
        let (lines, counted) = (effect.lines, clock(effect.counted_ms));
        let down = match entry.matter {
            Matter::Planned | Matter::Excluded if effect.down_ms > Millis::ZERO => {
                let down = clock(effect.down_ms);
                language.pick(format!("，其中中断 {down}"), format!(", {down} of it down"))
            }
            _ => String::new(),
        };
        let counted = language.pick(
            format!("本期计入 {lines} 条线路共 {counted}{down}"),
            format!("in the period {counted} of {lines} line{}{down}", if lines == 1 { "" } else { "s" }),
        );
        let _ = writeln!(text, "      {counted}");
    }
}

/// Of what, and which time.
pub fn about(entry: &Entry, zone: Tz, telling: Telling<'_>) -> String {
    let language = telling.language;
    match &entry.subject {
        Subject::Lines(scope) => {
            let scope = scope_words(scope, telling);
            let span = entry.span.map_or_else(String::new, |span| between(span, zone, language));
            language.pick(format!("{scope}，{span}"), format!("{scope}, {span}"))
        }
        Subject::Outage { outage, recorded } => {
            let recorded = match recorded {
                Some((line, span)) => {
                    let span = between(*span, zone, language);
                    language.pick(
                        format!("线路 {line} 的中断 {outage}（{span}）"),
                        format!("outage {outage} of line {line} ({span})"),
                    )
                }
                None => language.pick(format!("中断 {outage}"), format!("outage {outage}")),
            };
            let counts = match entry.span {
                Some(span) => {
                    let span = between(span, zone, language);
                    language.pick(format!("只算 {span}"), format!("counts {span} only"))
                }
                None => language.pick("不是中断", "was none").to_owned(),
            };
            language.pick(format!("{recorded}：\n      {counts}"), format!("{recorded}:\n      {counts}"))
        }
        Subject::Fault(fault) => language.pick(format!("故障 {fault}"), format!("fault {fault}")),
    }
}

/// Who said so, who agreed or did not, and when.
pub fn who(entry: &Entry, zone: Tz, language: Language) -> String {
    let said = |at: Timestamp| local(at, zone);
    let (by, at) = (&entry.said.by, said(entry.said.at));
    let mut text = match (entry.matter, entry.standing) {
        (Matter::Planned | Matter::Declared, _) => {
            language.pick(format!("{by} {at} 登记"), format!("entered by {by}, {at}"))
        }
        _ => language.pick(format!("{by} {at} 提出"), format!("proposed by {by}, {at}")),
    };
    if let Some(second) = &entry.approved {
        let (by, at) = (&second.by, said(second.at));
        text += &language.pick(format!("，{by} {at} 批准"), format!("; approved by {by}, {at}"));
    }
    if let Some((second, why)) = &entry.undone {
        let (by, at, done) = (&second.by, said(second.at), standing_word(entry.standing, language));
        text += &language.pick(format!("，{by} {at} {done}：{why}"), format!("; {done} by {by}, {at}: {why}"));
    }
    text
}

/// What exclusions and windows change.
pub(super) fn with_and_without(text: &mut String, total: &Figures, telling: Telling<'_>) {
    let language = telling.language;
    let [with, unexcluded, gross] = [total.availability, total.availability_unexcluded, total.gross_availability]
        .map(|ratio| percent(ratio, language));
    let change = |ratio| points_between(ratio, total.availability);
    let (excluded, planned) = (clock(total.excluded_ms), clock(total.planned_ms - total.excluded_ms));
    let by = |change: Option<String>| {
        let points =
            change.map(|points| language.pick(format!("（{points} 个百分点）"), format!(" ({points} points)")));
        points.unwrap_or_default()
    };
    let (by_exclusions, by_all) = (by(change(total.availability_unexcluded)), by(change(total.gross_availability)));
    let _ = writeln!(
        text,
        "{}",
        language.pick(
            format!(
                "  节点连通率 {with}\n  剔除 {excluded}：未剔除为 {unexcluded}{by_exclusions}\n  \
                 计划停机 {planned}：连同剔除都不扣为 {gross}{by_all}"
            ),
            format!(
                "  availability {with}\n  excluded {excluded}: without exclusions {unexcluded}{by_exclusions}\n  \
                 planned {planned}: without windows and exclusions {gross}{by_all}"
            ),
        )
    );
}

fn waiting(text: &mut String, entries: &[Entry], telling: Telling<'_>) {
    let waiting = entries.iter().filter(|entry| entry.pending()).count();
    if waiting > 0 {
        let _ = writeln!(
            text,
            "{}",
            telling.language.pick(
                format!("  待第二人审批 {waiting} 项，批准以前不计入。"),
                format!("  {waiting} wait for a second person and count for nothing until approved."),
            )
        );
    }
}

/// What an entry is, in words.
pub fn matter_word(matter: Matter, language: Language) -> &'static str {
    match matter {
        Matter::Planned => language.pick("计划停机", "planned downtime"),
        Matter::Excluded => language.pick("剔除", "exclusion"),
        Matter::Declared => language.pick("认定中断", "declared outage"),
        Matter::Corrected => language.pick("更正", "correction"),
        Matter::Exempted => language.pick("免责", "exemption"),
    }
}

/// How an entry stands, in words.
pub fn standing_word(standing: Standing, language: Language) -> &'static str {
    match standing {
        Standing::InForce => language.pick("生效", "in force"),
        Standing::Proposed => language.pick("待审批", "proposed"),
        Standing::Rejected => language.pick("驳回", "rejected"),
        Standing::Withdrawn => language.pick("撤回", "withdrawn"),
        Standing::Cancelled => language.pick("取消", "cancelled"),
    }
}

/// Which lines, in words.
pub fn scope_words(scope: &Scope, telling: Telling<'_>) -> String {
    let language = telling.language;
    match scope {
        Scope::All => language.pick("全部线路", "all lines").to_owned(),
        Scope::Line(line) => language.pick(format!("线路 {line}"), format!("line {line}")),
        Scope::Trunk(line) => {
            language.pick(format!("{line} 及经它到达的全部线路"), format!("line {line} and all below it"))
        }
        Scope::Class(class) => {
            let label = telling.class(class.as_str());
            language.pick(format!("类别 {label}"), format!("class {class}"))
        }
        Scope::Township(township) => language.pick(format!("乡镇 {township}"), format!("township {township}")),
    }
}

/// A span in words; one without an end goes on.
pub fn between(span: Span, zone: Tz, language: Language) -> String {
    let from = local(span.start, zone);
    if span.end == Timestamp::MAX {
        return language.pick(format!("{from} 起，未结束"), format!("from {from} on"));
    }
    let to = local(span.end, zone);
    let to = if to[..10] == from[..10] { to[11..].to_owned() } else { to };
    language.pick(format!("{from} 至 {to}"), format!("{from} to {to}"))
}

/// An instant in a zone, to the second; milliseconds where there are some.
pub(super) fn local(at: Timestamp, zone: Tz) -> String {
    let form = if at.0 % 1000 == 0 { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d %H:%M:%S%.3f" };
    at.to_utc().with_timezone(&zone).format(form).to_string()
}

/// The ledger of a period as JSON, with what it changes.
pub fn period_ledger_json(report: &Report) -> Value {
    let zone = report.about.period.zone();
    let total = &report.figures.total;
    json!({
        "schema": "linewatch.ledger/1",
        "from": rfc3339(report.about.period.span().start, zone),
        "to": rfc3339(report.about.period.span().end, zone),
        "counted_to": rfc3339(report.about.until, zone),
        "head": report.about.head.to_string(),
        "availability": total.availability,
        "availability_unexcluded": total.availability_unexcluded,
        "gross_availability": total.gross_availability,
        "planned_ms": total.planned_ms,
        "excluded_ms": total.excluded_ms,
        "ledger": ledger_json(&report.ledger, zone),
    })
}

/// Entries as JSON.
pub fn ledger_json(entries: &[Entry], zone: Tz) -> Value {
    let time = |at: Timestamp| rfc3339(at, zone);
    let entry = |entry: &Entry| {
        let mut value = json!({
            "number": entry.number,
            "kind": entry.matter.label(),
            "standing": entry.standing.label(),
            "from": entry.span.map(|span| time(span.start)),
            "to": entry.span.filter(|span| span.end < Timestamp::MAX).map(|span| time(span.end)),
            "reason": entry.reason,
            "document": entry.document,
            "by": entry.said.by,
            "entered_at": time(entry.said.at),
            "approved_by": entry.approved.as_ref().map(|said| &said.by),
            "approved_at": entry.approved.as_ref().map(|said| time(said.at)),
            "undone_by": entry.undone.as_ref().map(|(said, _)| &said.by),
            "undone_at": entry.undone.as_ref().map(|(said, _)| time(said.at)),
            "undone_because": entry.undone.as_ref().map(|(_, why)| why),
            "imported_from": entry.source,
        });
        match &entry.subject {
            Subject::Lines(scope) => value["scope"] = scope_json(scope),
            Subject::Outage { outage, recorded } => {
                value["outage"] = json!(outage);
                value["line"] = json!(recorded.as_ref().map(|(line, _)| line));
            }
            Subject::Fault(fault) => value["fault"] = json!(fault.as_str()),
        }
        if let Some(effect) = entry.effect {
            value["lines"] = json!(effect.lines);
            value["counted_ms"] = json!(effect.counted_ms);
            value["down_ms"] = json!(effect.down_ms);
        }
        value
    };
    entries.iter().map(entry).collect()
}

/// `{"line": "T-01"}`, `{"trunk": …}`, `{"class": …}`, `{"township": …}`, or `{"all": true}`.
fn scope_json(scope: &Scope) -> Value {
    match scope {
        Scope::All => json!({"all": true}),
        Scope::Line(line) => json!({"line": line}),
        Scope::Trunk(line) => json!({"trunk": line}),
        Scope::Class(class) => json!({"class": class}),
        Scope::Township(township) => json!({"township": township}),
    }
}

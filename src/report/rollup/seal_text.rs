//! Seals as text and as JSON: what is sealed, whether it came out the same again, and what later records changed.

use std::fmt::Write;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::ledger_text::local;
use super::numbers::{percent, percent_of_faults};
use super::period::rfc3339;
use super::sealed::{Check, Revision, Seal, Sealed};
use super::text::{Telling, title};
use super::{Report, Rollup};
use crate::language::Language;

/// So many changed figures are named.
const CHANGES: usize = 12;

/// Under the title: that the period is sealed.
pub(super) fn head(text: &mut String, report: &Report, telling: Telling<'_>) {
    let Some(Sealed { seal, check, revisions }) = &report.seal else { return };
    let language = telling.language;
    let (by, at) = (&seal.said.by, local(seal.said.at, report.about.period.zone()));
    let (revision, number) = (seal.revision, seal.number);
    let checked = check_words(check, language);
    let _ = writeln!(
        text,
        "{}",
        language.pick(
            format!("已封存：第 {revision} 版，{by} {at} 封存（记录 {number}）；\n  {checked}"),
            format!("Sealed: revision {revision} by {by}, {at} (record {number});\n  {checked}"),
        )
    );
    if !matches!(check, Check::Same) {
        let _ = writeln!(
            text,
            "{}",
            telling.pick(
                "注意：下面不是封存的数字能核对出来的结果，不得作为封存数字使用。",
                "Note: what follows does not agree with the seal: do not take it for sealed.",
            )
        );
    }
    if !revisions.is_empty() {
        let _ = writeln!(
            text,
            "{}",
            telling.pick(
                "封存之后的记录改变了数字：下面是封存的数字，修订版列在其后。",
                "Later records changed the figures: these are the sealed ones; the revision follows.",
            )
        );
    }
}

/// Beside the published figures: those of each revision, and what changed.
pub(super) fn revisions(text: &mut String, report: &Report, telling: Telling<'_>) {
    let Some(sealed) = &report.seal else { return };
    let mut before = &report.figures;
    for revision in &sealed.revisions {
        push(text, before, revision, telling);
        before = &revision.figures;
    }
}

fn push(text: &mut String, before: &Rollup, revision: &Revision, telling: Telling<'_>) {
    let language = telling.language;
    let (number, records) = (revision.revision, revision.about.head.seq);
    let sealed = match &revision.seal {
        Some(seal) => {
            let (by, at) = (&seal.said.by, local(seal.said.at, revision.about.period.zone()));
            language.pick(format!("{by} {at} 封存"), format!("sealed by {by}, {at}"))
        }
        None => language.pick("尚未封存", "not sealed").to_owned(),
    };
    let heading = language.pick(
        format!("修订第 {number} 版（{sealed}），截至第 {records} 条记录"),
        format!("Revision {number} ({sealed}), by records 1-{records}"),
    );
    title(text, &heading);
    let published = [
        (
            telling.pick("节点连通有效性", "node connectivity"),
            percent(before.total.availability, language),
            percent(revision.figures.total.availability, language),
        ),
        (
            telling.pick("故障点位解决情况", "fault points resolved"),
            percent_of_faults(before.faults.point_resolution_ratio, language),
            percent_of_faults(revision.figures.faults.point_resolution_ratio, language),
        ),
    ];
    for (name, before, after) in published {
        let _ = writeln!(text, "  {name}  {before} → {after}");
    }
    let main = |figure: &str| figure.starts_with("total.") || figure.starts_with("faults.");
    let (shown, rest): (Vec<_>, Vec<_>) = revision.changes.iter().partition(|change| main(&change.figure));
    for change in shown.iter().take(CHANGES) {
        let _ = writeln!(text, "    {}: {} → {}", change.figure, change.before, change.after);
    }
    let more = rest.len() + shown.len().saturating_sub(CHANGES);
    if more > 0 {
        let _ = writeln!(
            text,
            "{}",
            language.pick(
                format!("    另有 {more} 个数字随之变化，全部见 --format json"),
                format!("    and {more} more figures with them, all of them with --format json"),
            )
        );
    }
}

/// Whether the sealed figures came out the same again.
pub fn check_words(check: &Check, language: Language) -> String {
    match check {
        Check::Same => language.pick("本次重算一致", "computed again now: the same").to_owned(),
        Check::Differs(digest) => {
            language.pick(format!("本次重算不一致，得 {digest}"), format!("computed again now: DIFFERENT, {digest}"))
        }
        Check::OtherJournal => language
            .pick(
                "记录库里没有封存时的链头：不是同一个记录库，或者被改过",
                "the journal does not contain the sealed head: it is another one, or was altered",
            )
            .to_owned(),
        Check::OtherRules => language
            .pick("封存时的计算规则与本程序不同，无法重算", "sealed by rules that this program does not compute by")
            .to_owned(),
    }
}

/// Seals as a list for a terminal, each with what a check found, if one was made.
pub fn seals_text(seals: &[(Seal, Option<Check>)], zone: Tz, language: Language) -> String {
    let mut text = String::new();
    if seals.is_empty() {
        text += language.pick("还没有封存。\n", "Nothing is sealed.\n");
    }
    for (seal, check) in seals {
        let Seal { name, revision, number, said, rules, rollup_digest, .. } = seal;
        let (by, at) = (&said.by, local(said.at, zone));
        let _ = writeln!(
            text,
            "{}",
            language.pick(
                format!("{name}  第 {revision} 版  {by} {at} 封存（记录 {number}，计算规则第 {rules} 版）"),
                format!("{name}  revision {revision}  sealed by {by}, {at} (record {number}, rules {rules})"),
            )
        );
        let head = seal.head.map_or_else(String::new, |head| head.to_string());
        let _ = writeln!(text, "  {} {head}", language.pick("链头", "head   "));
        let _ = writeln!(text, "  {} {rollup_digest}", language.pick("汇总", "figures"));
        if let Some(check) = check {
            let _ = writeln!(text, "  {}", check_words(check, language));
        }
    }
    text
}

/// A seal as JSON.
pub fn seal_json(seal: &Seal, check: Option<&Check>, zone: Tz) -> Value {
    let mut value = json!({
        "number": seal.number,
        "period": seal.name,
        "from": rfc3339(seal.period.start, zone),
        "to": rfc3339(seal.period.end, zone),
        "revision": seal.revision,
        "by": seal.said.by,
        "sealed_at": rfc3339(seal.said.at, zone),
        "head": seal.head.map(|head| head.to_string()),
        "policy": serde_json::from_str::<Value>(&seal.policy).unwrap_or_else(|_| json!(seal.policy)),
        "rules": seal.rules,
        "rollup_digest": seal.rollup_digest,
    });
    if let Some(check) = check {
        value["check"] = json!(match check {
            Check::Same => "same",
            Check::Differs(_) => "differs",
            Check::OtherJournal => "other_journal",
            Check::OtherRules => "other_rules",
        });
    }
    value
}

/// What a report says of its seal.
pub(super) fn sealed_json(sealed: &Sealed, zone: Tz) -> Value {
    let mut value = seal_json(&sealed.seal, Some(&sealed.check), zone);
    let revision = |revision: &Revision| {
        json!({
            "revision": revision.revision,
            "seal": revision.seal.as_ref().map(|seal| seal_json(seal, None, zone)),
            "head": revision.about.head.to_string(),
            "changes": revision.changes.iter().map(|change| json!({
                "figure": change.figure, "before": parsed(&change.before), "after": parsed(&change.after),
            })).collect::<Vec<_>>(),
            "figures": revision.figures,
        })
    };
    value["revisions"] = sealed.revisions.iter().map(revision).collect();
    value
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

//! Outages as they are recorded, imported or declared, with the numbers by which people decide about them.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use linewatch_core::line::LineId;
use linewatch_core::record::{Attribution, HistoryFact, OutageId, Scope};
use linewatch_core::time::{Span, Timestamp};
use serde_json::{Value, json};

use super::plain_table::table;
use super::rollup::period::rfc3339;
use super::rollup::{Entry, Matter, Standing, Subject, entries, standing_word};
use super::words::Words;
use crate::store::{Snapshot, StoreError};

/// An outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its number; of a declared one that of the decision.
    pub number: u64,
    /// The line.
    pub line: LineId,
    /// What the inventory calls it, or the import.
    pub name: String,
    /// From its start to where it ends for counting; an open one ends at [`Timestamp::MAX`].
    pub span: Span,
    /// To whom its time is attributed, each from its instant.
    pub attribution: Vec<(Timestamp, Attribution)>,
    /// What the importer called the source of an imported one.
    pub source: Option<String>,
    /// The correction of it that is in force or proposed.
    pub correction: Option<(u64, Standing)>,
}

/// Outages that touch a span, of all lines or of one, by start.
///
/// # Errors
/// When the store cannot be read.
pub fn outages(snapshot: &Snapshot<'_>, line: Option<&LineId>, within: Span) -> Result<Vec<Recorded>, StoreError> {
    let derived = snapshot.derived();
    let mut names: BTreeMap<LineId, String> = BTreeMap::new();
    for row in derived.all_imported("history.line")? {
        if let HistoryFact::Line { line } = row.fact {
            names.insert(line.id.clone(), line.name.clone());
        }
    }
    for row in derived.lines()? {
        names.insert(row.line.id.clone(), row.line.name.clone());
    }
    let ledger = entries(derived)?;
    let name = |line: &LineId| names.get(line).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for row in snapshot.outages(line, within)? {
        let segments = snapshot.segments(row.outage)?;
        found.push(Recorded {
            number: row.outage.0,
            name: name(&row.line),
            line: row.line,
            span: Span::new(row.start, row.end.map_or(Timestamp::MAX, |end| end.end)),
            attribution: segments.into_iter().map(|segment| (segment.from, segment.attribution)).collect(),
            source: None,
            correction: correction(&ledger, row.outage),
        });
    }
    for row in derived.all_imported("history.outage")? {
        let HistoryFact::Outage { line: of, span, open: _, upstream } = row.fact else { continue };
        if span.clip(within).is_empty() || line.is_some_and(|line| *line != of) {
            continue;
        }
        let attribution = upstream.map_or(Attribution::Own, Attribution::Upstream);
        found.push(Recorded {
            number: row.number,
            name: name(&of),
            line: of,
            span,
            attribution: vec![(span.start, attribution)],
            source: Some(row.source),
            correction: correction(&ledger, OutageId(row.number)),
        });
    }
    let declared =
        ledger.iter().filter(|entry| entry.matter == Matter::Declared && entry.standing == Standing::InForce);
    for entry in declared {
        let (Subject::Lines(Scope::Line(of)), Some(span)) = (&entry.subject, entry.span) else { continue };
        if !span.clip(within).is_empty() && line.is_none_or(|line| line == of) {
            found.push(Recorded {
                number: entry.number,
                line: of.clone(),
                name: name(of),
                span,
                attribution: vec![(span.start, Attribution::Declared)],
                source: None,
                correction: None,
            });
        }
    }
    found.sort_by(|one, other| {
        (one.span.start, &one.line, one.number).cmp(&(other.span.start, &other.line, other.number))
    });
    Ok(found)
}

fn correction(ledger: &[Entry], outage: OutageId) -> Option<(u64, Standing)> {
    let live = |entry: &&Entry| matches!(entry.standing, Standing::InForce | Standing::Proposed);
    let of = |entry: &&Entry| matches!(&entry.subject, Subject::Outage { outage: other, .. } if *other == outage);
    ledger.iter().filter(live).filter(of).map(|entry| (entry.number, entry.standing)).next_back()
}

/// As a table, then how many there are.
pub fn text(outages: &[Recorded], words: &Words) -> String {
    if outages.is_empty() {
        return words.pick("这段时间没有中断。\n", "No outage in that time.\n").to_owned();
    }
    let header = words.language.pick(
        ["编号", "线路", "开始", "结束", "时长", "归属", ""],
        ["Number", "Line", "Start", "End", "Length", "Attribution", ""],
    );
    let rows = outages.iter().map(|outage| {
        let span = outage.span;
        let (end, length) = if span.end == Timestamp::MAX {
            (words.pick("未结束", "open").to_owned(), words.length(&(words.now - span.start)))
        } else {
            (words.full_moment(&span.end), words.length(&span.length()))
        };
        let start = words.full_moment(&span.start);
        vec![
            outage.number.to_string(),
            outage.line.to_string(),
            start,
            end,
            length,
            attribution(outage, words),
            marks(outage, words),
        ]
    });
    let count = outages.len();
    let summary = words.language.pick(format!("\n共 {count} 次。\n"), format!("\n{count} in all.\n"));
    table(header.map(str::to_owned).to_vec(), rows.collect(), &[0]) + &summary
}

fn attribution(outage: &Recorded, words: &Words) -> String {
    let said = |attribution: &Attribution| match attribution {
        Attribution::Own => words.pick("自身", "own").to_owned(),
        Attribution::Upstream(line) => words.language.pick(format!("上联 {line}"), format!("upstream {line}")),
        Attribution::Declared => words.pick("认定", "declared").to_owned(),
    };
    outage
        .attribution
        .iter()
        .map(|(_, attribution)| said(attribution))
        .collect::<Vec<_>>()
        .join(words.pick("，后", ", then "))
}

fn marks(outage: &Recorded, words: &Words) -> String {
    let mut marks = Vec::new();
    if let Some(source) = &outage.source {
        marks.push(words.language.pick(format!("导入自「{source}」"), format!("imported from {source:?}")));
    }
    if let Some((number, standing)) = outage.correction {
        let standing = standing_word(standing, words.language);
        marks.push(
            words.language.pick(format!("更正 {number}（{standing}）"), format!("correction {number} ({standing})")),
        );
    }
    marks.join(words.pick("，", ", "))
}

/// As JSON.
pub fn json(outages: &[Recorded], zone: Tz) -> Value {
    let outage = |outage: &Recorded| {
        let closed = (outage.span.end < Timestamp::MAX).then_some(outage.span);
        let segment = |(from, attribution): &(Timestamp, Attribution)| {
            let upstream = if let Attribution::Upstream(line) = attribution { Some(line) } else { None };
            json!({"from": rfc3339(*from, zone), "to": attribution.label(), "upstream": upstream})
        };
        json!({
            "number": outage.number,
            "line": outage.line,
            "name": outage.name,
            "start": rfc3339(outage.span.start, zone),
            "end": closed.map(|span| rfc3339(span.end, zone)),
            "length_ms": closed.map(|span| span.length().0),
            "attribution": outage.attribution.iter().map(segment).collect::<Vec<_>>(),
            "imported_from": outage.source,
            "correction": outage.correction.map(|(number, standing)| json!({"number": number, "standing": standing.label()})),
        })
    };
    outages.iter().map(outage).collect()
}

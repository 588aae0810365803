//! Inspections as a list: who looked at which line, when, and what was found.

use std::fmt::Write;

use linewatch_core::ledger::InspectionRow;
use linewatch_core::line::{LineId, Township};
use linewatch_core::record::{FaultNo, InspectionFact};
use linewatch_core::time::{Span, Timestamp};
use serde::Serialize;

use super::plain_table;
use super::status::moment;
use super::words::Words;
use crate::store::{Snapshot, StoreError};

/// One inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspected {
    /// Number of its record.
    pub record: u64,
    /// The line.
    pub line: LineId,
    /// Its name.
    pub name: String,
    /// Its township.
    pub township: Township,
    /// Its village.
    pub village: String,
    /// When somebody was there.
    #[serde(serialize_with = "moment::serialize")]
    pub at: Timestamp,
    /// Who was there.
    pub inspector: String,
    /// What was found; empty: nothing wrong.
    pub findings: String,
    /// The fault that it was made for, or led to.
    pub fault: Option<FaultNo>,
    /// Who entered it.
    pub by: String,
}

/// Inspections made within a span, of one line, of a township's lines, or of all; the latest first.
///
/// # Errors
/// When the database cannot be read.
pub fn inspections(
    snapshot: &Snapshot<'_>,
    span: Span,
    line: Option<&LineId>,
    township: Option<&str>,
) -> Result<Vec<Inspected>, StoreError> {
    let derived = snapshot.derived();
    let lines = derived.lines()?;
    let told = |InspectionRow { number, fact, said }: InspectionRow| {
        let InspectionFact::Made { line, inspector, at, findings, fault } = fact;
        let of: Vec<_> = lines.iter().filter(|row| row.line.id == line).collect();
        let then = of.iter().find(|row| row.from <= at && row.until.is_none_or(|until| at < until)).or(of.last());
        Inspected {
            record: number,
            name: then.map_or_else(String::new, |row| row.line.name.clone()),
            township: then.map_or_else(|| "".into(), |row| row.line.township.clone()),
            village: then.map_or_else(String::new, |row| row.line.village.clone()),
            line,
            at,
            inspector,
            findings,
            fault,
            by: said.by,
        }
    };
    let mut made: Vec<Inspected> = derived.inspections(span)?.into_iter().map(told).collect();
    made.retain(|made| line.is_none_or(|line| made.line == *line));
    made.retain(|made| township.is_none_or(|township| made.township.as_str() == township));
    made.sort_by_key(|made| std::cmp::Reverse((made.at, made.record)));
    Ok(made)
}

/// For a terminal.
pub fn text(made: &[Inspected], words: &Words) -> String {
    let language = words.language;
    let mut text = String::new();
    if !made.is_empty() {
        let header = language.pick(
            ["时间", "线路", "乡镇", "巡检人", "发现", "故障"],
            ["When", "Line", "Township", "Who", "Found", "Fault"],
        );
        let rows = made.iter().map(|made| {
            let found =
                if made.findings.is_empty() { language.pick("无异常", "nothing wrong") } else { &made.findings };
            vec![
                words.full_moment(&made.at),
                format!("{} {}", made.line, made.name).trim().to_owned(),
                words.township(made.township.as_str()).to_owned(),
                made.inspector.clone(),
                found.to_owned(),
                made.fault.as_ref().map(ToString::to_string).unwrap_or_default(),
            ]
        });
        text.push_str(&plain_table::table(header.map(str::to_owned).to_vec(), rows.collect(), &[]));
        text.push('\n');
    }
    let count = made.len();
    let _ = writeln!(text, "{}", language.pick(format!("巡检 {count} 次。"), format!("Inspections: {count}.")));
    text
}

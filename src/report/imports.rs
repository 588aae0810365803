//! What was imported from other systems, file by file.

use std::fmt::Write;

use chrono_tz::Tz;
use linewatch_core::ledger::{HistoryRow, Said};
use linewatch_core::record::HistoryFact;
use serde::Serialize;
use serde_json::{Value, json};

use super::rollup::period::rfc3339;
use crate::language::Language;

/// Facts of a file, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Lines.
    pub line: u64,
    /// Observed spans.
    pub observed: u64,
    /// Outages.
    pub outage: u64,
    /// Planned windows.
    pub planned: u64,
    /// Faults.
    pub fault: u64,
}

impl Counts {
    /// How many of each.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a HistoryFact>) -> Self {
        let mut counts = Self::default();
        facts.into_iter().for_each(|fact| counts.add(fact));
        counts
    }

    fn add(&mut self, fact: &HistoryFact) {
        match fact {
            HistoryFact::Imported { .. } => {}
            HistoryFact::Line { .. } => self.line += 1,
            HistoryFact::Observed { .. } => self.observed += 1,
            HistoryFact::Outage { .. } => self.outage += 1,
            HistoryFact::Planned { .. } => self.planned += 1,
            HistoryFact::Fault { .. } => self.fault += 1,
        }
    }

    /// In words.
    pub fn words(&self, language: Language) -> String {
        let Self { line, observed, outage, planned, fault } = self;
        language.pick(
            format!("线路 {line}，观测 {observed}，中断 {outage}，计划停机 {planned}，故障 {fault}"),
            format!(
                "lines {line}, observed spans {observed}, outages {outage}, planned windows {planned}, faults {fault}"
            ),
        )
    }
}

/// A file that was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// `seq` of its first record.
    pub number: u64,
    /// Its name.
    pub name: String,
    /// SM3 of its bytes.
    pub digest: String,
    /// How many facts it brought.
    pub facts: u64,
    /// What the importer called its source.
    pub source: String,
    /// Who imported it, and when.
    pub said: Said,
    /// What it brought.
    pub counts: Counts,
}

/// The files of their rows, by number.
pub fn files(rows: Vec<HistoryRow>) -> Vec<File> {
    let file = |row: HistoryRow| {
        let HistoryFact::Imported { file, digest, facts } = row.fact else { return None };
        let (number, source, said) = (row.number, row.source, row.said);
        Some(File { number, name: file, digest, facts, source, said, counts: Counts::default() })
    };
    rows.into_iter().filter_map(file).collect()
}

/// Counts a fact with the file that brought it: the records of a file follow its own.
pub fn count(files: &mut [File], number: u64, fact: &HistoryFact) {
    let place = files.partition_point(|file| file.number < number);
    if let Some(file) = place.checked_sub(1).and_then(|before| files.get_mut(before)) {
        file.counts.add(fact);
    }
}

/// For a terminal.
pub fn text(files: &[File], zone: Tz, language: Language) -> String {
    let mut text = String::new();
    if files.is_empty() {
        text += language.pick("没有导入过。\n", "Nothing was imported.\n");
    }
    for file in files {
        let File { number, name, source, facts, digest, .. } = file;
        let (by, at, last) = (&file.said.by, rfc3339(file.said.at, zone), number + facts);
        let counts = file.counts.words(language);
        let _ = writeln!(
            text,
            "{}",
            language.pick(
                format!("{name}  来源「{source}」  {by} {at} 导入，记录 {number}–{last}\n  {counts}\n  SM3 {digest}"),
                format!("{name}  source {source:?}  imported by {by}, {at}, records {number}-{last}\n  {counts}\n  SM3 {digest}"),
            )
        );
    }
    text
}

/// As JSON.
pub fn json(files: &[File], zone: Tz) -> Value {
    let file = |file: &File| {
        json!({
            "number": file.number, "file": file.name, "digest": file.digest, "source": file.source, "by": file.said.by,
            "imported_at": rfc3339(file.said.at, zone), "from_record": file.number,
            "to_record": file.number + file.facts, "facts": file.counts,
        })
    };
    files.iter().map(file).collect()
}

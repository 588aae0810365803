//! `linewatch history`: what another system knew, imported and marked in every output.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use linewatch_core::act::{Act, Import as Wish};
use linewatch_core::command::Command as Asked;
use linewatch_core::ledger::{ImportObjection, Objection, Refusal, Row};
use linewatch_core::record::{HistoryFact, Origin, Record};
use serde_json::json;

use super::decided::House;
use super::person::{self, By};
use super::progress::Progress;
use super::{Common, Failure, print};
use crate::history::{self, Mistakes, Read, Rules};
use crate::report::imports;
use crate::report::objection::{self, Medium};
use crate::store::{Digest, StoreError};

/// Options of `history`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Import a file of one JSON object a line, all of it or nothing
    Import(Import),
    /// What was imported
    List(List),
}

/// Options of `history import`.
#[derive(Debug, clap::Args)]
struct Import {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the system is called that it comes from
    #[arg(long, value_name = "TEXT")]
    source: String,
    #[command(flatten)]
    by: By,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options of `history list`.
#[derive(Debug, clap::Args)]
struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let house = House::of(common)?;
    match &args.command {
        Command::Import(args) => import(args, &house),
        Command::List(args) => list(args, &house),
    }
}

fn import(args: &Import, house: &House) -> Result<(), Failure> {
    let language = house.language;
    let source = args.source.trim();
    if source.is_empty() || source.chars().any(char::is_control) {
        return Err(Failure(language.pick(
            "--source 是空的：写上数据来自哪个系统".to_owned(),
            "--source is empty: name the system that the data come from".to_owned(),
        )));
    }
    let bytes = std::fs::read(&args.file).map_err(|error| {
        let path = args.file.display();
        Failure(language.pick(format!("无法读取 {path}：{error}"), format!("cannot read {path}: {error}")))
    })?;
    let rules = rules(house).map_err(|error| house.said(&error))?;
    let mut bar = Progress::new(bytes.len() as u64, language.pick("读取", "reading"));
    let mut lines = 0_u64;
    let read = history::read(&bytes, &rules, |behind| {
        lines += 1;
        if lines.is_multiple_of(1024) {
            bar.step(behind, bytes.len() as u64);
        }
    });
    drop(bar);
    let read = read.map_err(|mistakes| refused(&args.file, &mistakes, house))?;
    let places: Vec<u64> = read.iter().map(|read| read.at).collect();
    let act = Act::Import(Wish {
        file: args.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        digest: Digest::of(&bytes).to_string(),
        facts: read.into_iter().map(|Read { fact, .. }| fact).collect(),
    });
    let wish = Asked::Person { author: args.by.author(language)?, act };
    let origin = Origin::Imported { source: source.to_owned() };
    let records = person::append_from(&house.config, wish, Some(origin), language, |refusal| {
        // Of the file's own lines the number is worth more than the place among the facts.
        let in_file = match refusal {
            Refusal::Person(Objection::Import(ImportObjection::NotYet { place, at, now })) => {
                let place = places.get(*place).map_or(0, |line| usize::try_from(*line).unwrap_or(usize::MAX)) - 1;
                Refusal::Person(Objection::Import(ImportObjection::NotYet { place, at: *at, now: *now }))
            }
            other => other.clone(),
        };
        objection::sentence(&in_file, house.config.site.zone, language, Medium::Shell)
    })?;
    tell(&records, source, args.json, house)
}

/// What the reader of a file has to know of this journal.
fn rules(house: &House) -> Result<Rules, StoreError> {
    let classes = house.config.classes.iter();
    let mut rules = Rules {
        classes: classes.map(|class| (class.name.clone(), class.label.clone(), class.repair)).collect(),
        lines: BTreeMap::new(),
        townships: BTreeSet::new(),
    };
    let mut reader = crate::store::Store::open_read_only(&house.config.store.path)?;
    let snapshot = reader.snapshot()?;
    let derived = snapshot.derived();
    let imported = derived.all_imported("history.line")?.into_iter().filter_map(|row| match row.fact {
        HistoryFact::Line { line } => Some(line),
        _ => None,
    });
    for line in imported.chain(derived.lines()?.into_iter().map(|row| row.line)) {
        rules.lines.insert(line.id.clone(), line.class.clone());
        if !line.township.as_str().is_empty() {
            rules.townships.insert(line.township.to_string());
        }
    }
    Ok(rules)
}

fn refused(file: &Path, mistakes: &Mistakes, house: &House) -> Failure {
    let (language, path) = (house.language, file.display());
    let mut text = language.pick(
        format!("{path} 有 {} 处错误，没有导入任何内容：", mistakes.all),
        format!(
            "{path}: {}, nothing was imported:",
            if mistakes.all == 1 { "1 mistake".to_owned() } else { format!("{} mistakes", mistakes.all) }
        ),
    );
    for mistake in &mistakes.told {
        let (at, sentence) = (mistake.at, mistake.flaw.sentence(language));
        text += &language.pick(format!("\n  第 {at} 行：{sentence}"), format!("\n  line {at}: {sentence}"));
    }
    let more = mistakes.all - mistakes.told.len();
    if more > 0 {
        text += &language.pick(format!("\n  另有 {more} 处"), format!("\n  and {more} more"));
    }
    Failure(text)
}

fn tell(records: &[Record], source: &str, json: bool, house: &House) -> Result<(), Failure> {
    let [first, .., last] = records else { return Ok(()) };
    let counts = imports::Counts::of(records.iter().filter_map(|record| match &record.fact {
        linewatch_core::record::Fact::History(fact) => Some(fact),
        _ => None,
    }));
    if json {
        let document = json!({
            "source": source, "from_record": first.seq, "to_record": last.seq, "facts": counts,
        });
        return print(&format!("{document:#}\n"));
    }
    let (counted, from, to) = (counts.words(house.language), first.seq, last.seq);
    print(&house.language.pick(
        format!("已导入：{counted}；来源「{source}」，记录 {from}–{to}\n"),
        format!("imported: {counted}; source {source:?}, records {from}-{to}\n"),
    ))
}

fn list(args: &List, house: &House) -> Result<(), Failure> {
    let mut reader = house.open()?;
    let snapshot = reader.snapshot().map_err(|error| house.said(&error))?;
    let mut files = Vec::new();
    for row in snapshot.statements("history.imported").map_err(|error| house.said(&error))? {
        if let Row::History(row) = row {
            files.push(row);
        }
    }
    let mut found = imports::files(files);
    for kind in ["history.line", "history.observed", "history.outage", "history.planned", "history.fault"] {
        for row in snapshot.statements(kind).map_err(|error| house.said(&error))? {
            if let Row::History(row) = row {
                imports::count(&mut found, row.number, &row.fact);
            }
        }
    }
    let zone = house.config.site.zone;
    if args.json {
        return print(&format!("{:#}\n", imports::json(&found, zone)));
    }
    print(&imports::text(&found, zone, house.language))
}

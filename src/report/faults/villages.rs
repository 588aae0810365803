//! Which villages reported a fault in a period, were they inspected, and were they repaired?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use linewatch_core::ledger::{FaultRow, LineRow, Stage};
use linewatch_core::line::{Line, LineId, Township};
use linewatch_core::record::{FaultNo, InspectionFact};
use linewatch_core::time::{Span, Timestamp};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use serde::Serialize;

use super::sheet::{for_paper, height};
use super::{Context, moment};
use crate::inventory::guarded;
use crate::report::plain_table;
use crate::report::words::Words;
use crate::store::{Snapshot, StoreError};

/// The name of the report's form.
pub const SCHEMA: &str = "linewatch.villages/1";

/// Villages that reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Villages {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// From here.
    #[serde(serialize_with = "moment::serialize")]
    pub from: Timestamp,
    /// Until here.
    #[serde(serialize_with = "moment::serialize")]
    pub until: Timestamp,
    /// Reports that came this way; `None`: all.
    pub channel: Option<String>,
    /// How many villages reported.
    pub reported: usize,
    /// Of those: somebody was there since the first report.
    pub inspected: usize,
    /// Of those: all that they reported is restored.
    pub repaired: usize,
    /// By township and village. A line without a village is one by itself, under its name.
    pub villages: Vec<Village>,
}

/// One village.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Village {
    /// Its township.
    pub township: Township,
    /// Its name.
    pub village: String,
    /// Lines that were reported.
    pub lines: BTreeSet<LineId>,
    /// How many reports.
    pub reports: usize,
    /// When it was told first.
    #[serde(serialize_with = "moment::serialize")]
    pub first: Timestamp,
    /// The faults that the reports led to, or joined.
    pub faults: BTreeSet<FaultNo>,
    /// The first inspection since: made for one of these faults, or of one of the village's lines; else the first time
    /// that somebody was on the spot for one of these faults.
    #[serde(serialize_with = "moment::optional::serialize")]
    pub inspected: Option<Timestamp>,
    /// What was found then.
    pub findings: String,
    /// When the last of these faults was restored; `None`: one is not.
    #[serde(serialize_with = "moment::optional::serialize")]
    pub repaired: Option<Timestamp>,
    /// What they came from, as far as somebody has said.
    pub causes: BTreeSet<String>,
}

/// Reads who reported in a period. Void faults are left out.
///
/// # Errors
/// When the database cannot be read.
pub fn villages(
    snapshot: &Snapshot<'_>,
    period: Span,
    channel: Option<&str>,
    context: &Context,
) -> Result<Villages, StoreError> {
    let lines = snapshot.derived().lines()?;
    let until_now = Span::new(period.start, period.end.max(Timestamp(context.now.0 + 1)));
    let mut found: BTreeMap<(Township, String), Village> = BTreeMap::new();
    let mut open: BTreeSet<(Township, String)> = BTreeSet::new();
    for row in snapshot.faults_reported()? {
        for told in &row.work.reports {
            if !period.contains(told.mark.at) || channel.is_some_and(|channel| channel != told.report.channel) {
                continue;
            }
            let Some(fault) = survivor(snapshot, row.clone())? else { continue };
            let line = in_force(&lines, &told.line, told.mark.at);
            let key = key(line.as_deref(), &told.line);
            let village = found.entry(key.clone()).or_insert_with(|| Village {
                township: key.0.clone(),
                village: key.1.clone(),
                lines: BTreeSet::new(),
                reports: 0,
                first: told.mark.at,
                faults: BTreeSet::new(),
                inspected: None,
                findings: String::new(),
                repaired: None,
                causes: BTreeSet::new(),
            });
            village.lines.insert(told.line.clone());
            village.reports += 1;
            village.first = village.first.min(told.mark.at);
            match fault.restored {
                Some(at) => village.repaired = village.repaired.max(Some(at)),
                None => {
                    open.insert(key);
                }
            }
            village.causes.extend((!fault.work.cause.is_empty()).then(|| fault.work.cause.join("/")));
            let arrived = fault.work.rounds.iter().filter_map(|round| round.on_site.as_ref()).map(|mark| mark.at);
            let arrived = arrived.filter(|at| *at >= told.mark.at).min();
            if let Some(at) = arrived {
                village.inspected = Some(village.inspected.map_or(at, |known| known.min(at)));
            }
            village.faults.extend([fault.fault, row.fault.clone()]);
        }
    }
    for key in open {
        if let Some(village) = found.get_mut(&key) {
            village.repaired = None;
        }
    }
    let mut made = snapshot.derived().inspections(until_now)?;
    made.sort_by_key(|made| {
        let InspectionFact::Made { at, .. } = &made.fact;
        std::cmp::Reverse(*at)
    });
    for made in made {
        let InspectionFact::Made { line, at, findings, fault, .. } = made.fact;
        let key = key(in_force(&lines, &line, at).as_deref(), &line);
        for (of, village) in &mut found {
            let about = fault.as_ref().is_some_and(|fault| village.faults.contains(fault)) || *of == key;
            // The latest comes first, so that the first one is left.
            if about
                && at >= village.first
                && village.inspected.is_none_or(|known| at <= known || village.findings.is_empty())
            {
                village.inspected = Some(village.inspected.map_or(at, |known| known.min(at)));
                village.findings.clone_from(&findings);
            }
        }
    }
    let villages: Vec<Village> = found.into_values().collect();
    Ok(Villages {
        schema: SCHEMA,
        from: period.start,
        until: period.end,
        channel: channel.map(str::to_owned),
        reported: villages.len(),
        inspected: villages.iter().filter(|village| village.inspected.is_some()).count(),
        repaired: villages.iter().filter(|village| village.repaired.is_some()).count(),
        villages,
    })
}

/// The fault that lives on; `None`: there was none.
fn survivor(snapshot: &Snapshot<'_>, row: FaultRow) -> Result<Option<FaultRow>, StoreError> {
    let mut at = row;
    // A fault goes into an earlier-named or later one, never in a circle; a bound keeps a damaged table from looping.
    for _ in 0..1000 {
        let Some(into) = &at.merged_into else { break };
        let Some(next) = snapshot.fault(into)? else { break };
        at = next;
    }
    Ok((at.work.stage != Stage::Void).then_some(at))
}

fn key(line: Option<&Line>, id: &LineId) -> (Township, String) {
    match line {
        Some(line) if !line.village.is_empty() => (line.township.clone(), line.village.clone()),
        Some(line) => (line.township.clone(), line.name.clone()),
        None => ("".into(), id.to_string()),
    }
}

/// What the inventory said of a line at an instant, else what it said last.
fn in_force(lines: &[LineRow], id: &LineId, at: Timestamp) -> Option<Arc<Line>> {
    let of: Vec<&LineRow> = lines.iter().filter(|row| row.line.id == *id).collect();
    let then = of.iter().find(|row| row.from <= at && row.until.is_none_or(|until| at < until));
    then.or(of.last()).map(|row| Arc::clone(&row.line))
}

const HEADER: ([&str; 9], [&str; 9]) = (
    ["乡镇", "村", "线路", "报障次数", "首次报障", "巡检", "发现", "修复", "故障编号 / 原因"],
    ["Township", "Village", "Lines", "Reports", "First report", "Inspected", "Findings", "Repaired", "Faults / causes"],
);

fn cells(village: &Village, words: &Words) -> Vec<String> {
    let language = words.language;
    let minute = |at: Timestamp| at.to_utc().with_timezone(&words.zone).format("%Y-%m-%d %H:%M").to_string();
    let or_no = |at: Option<Timestamp>| at.map_or_else(|| language.pick("否", "no").to_owned(), minute);
    let faults = village.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let causes = village.causes.iter().cloned().collect::<Vec<_>>().join(language.pick("、", ", "));
    vec![
        village.township.to_string(),
        village.village.clone(),
        village.lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        village.reports.to_string(),
        minute(village.first),
        or_no(village.inspected),
        village.findings.clone(),
        or_no(village.repaired),
        [faults, causes].join(" ").trim().to_owned(),
    ]
}

/// How many reported, were inspected and repaired, in a sentence.
pub fn summary(villages: &Villages, words: &Words) -> String {
    let (reported, inspected, repaired) = (villages.reported, villages.inspected, villages.repaired);
    let channel = villages.channel.as_deref();
    words.language.pick(
        format!(
            "报障的村 {reported} 个（{}），已巡检 {inspected} 个，已修复 {repaired} 个。",
            channel.unwrap_or("全部来源")
        ),
        format!(
            "{reported} villages reported ({}), {inspected} were inspected, {repaired} are repaired.",
            channel.unwrap_or("all channels")
        ),
    )
}

/// For a terminal.
pub fn text(villages: &Villages, words: &Words) -> String {
    let mut text = String::new();
    if !villages.villages.is_empty() {
        let header = words.language.pick(HEADER.0, HEADER.1).map(str::to_owned).to_vec();
        let rows = villages.villages.iter().map(|village| cells(village, words)).collect();
        text.push_str(&plain_table::table(header, rows, &[3]));
        text.push('\n');
    }
    let _ = writeln!(text, "{}", summary(villages, words));
    text
}

/// CSV with a byte order mark.
pub fn csv(villages: &Villages, words: &Words) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let rows = villages.villages.iter().map(|village| cells(village, words));
    // Memory takes everything, and all rows are equally long.
    let written = writer
        .write_record(words.language.pick(HEADER.0, HEADER.1))
        .and_then(|()| rows.into_iter().try_for_each(|row| writer.write_record(row.iter().map(|text| guarded(text)))));
    debug_assert!(written.is_ok(), "{written:?}");
    writer.into_inner().unwrap_or_default()
}

/// A workbook with one sheet and the sentence above it.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn xlsx(villages: &Villages, words: &Words) -> Result<Vec<u8>, XlsxError> {
    let language = words.language;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(language.pick("报障的村", "villages"))?;
    let cell = Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let head = cell.clone().set_bold();
    sheet.write_string_with_format(0, 0, summary(villages, words), &Format::new().set_bold())?;
    for (place, name) in (0u16..).zip(language.pick(HEADER.0, HEADER.1)) {
        sheet.write_string_with_format(1, place, name, &head)?;
    }
    let widths = [12.0, 18.0, 12.0, 10.0, 17.0, 17.0, 24.0, 17.0, 30.0];
    for (place, width) in (0u16..).zip(widths) {
        sheet.set_column_width(place, width)?;
    }
    for (index, village) in (2u32..).zip(&villages.villages) {
        let cells = cells(village, words);
        sheet.set_row_height(index, height(&cells, &widths))?;
        for (place, text) in (0u16..).zip(cells) {
            match (place, text.parse::<u32>()) {
                (3, Ok(number)) => sheet.write_number_with_format(index, place, number, &cell)?,
                _ => sheet.write_string_with_format(index, place, text, &cell)?,
            };
        }
    }
    for_paper(sheet, 8, (2 + villages.villages.len()).try_into().unwrap_or(u32::MAX))?;
    workbook.save_to_buffer()
}

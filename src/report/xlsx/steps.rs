//! 故障经过: what was done about each fault and said of it, by whom and when; one row a record. Of an imported fault there is
//! one row: where it comes from, and what its source said.

use linewatch_core::ledger::{FaultStepRow, HistoryRow};
use linewatch_core::record::{FaultFact, HistoryFact};
use linewatch_core::rollup::{FaultCase, LineFigures};
use linewatch_core::time::Timestamp;

use super::cell::Cell;
use crate::language::Language;
use crate::report::faults::timeline::{sentence, when, without_people};
use crate::report::rollup::{Telling, Told};
use crate::report::words::Words;

/// Names of the columns: 中文, English, width.
pub(super) const HEADER: [(&str, &str, f64); 11] = [
    ("故障编号", "fault", 15.0),
    ("线路编号", "line", 11.0),
    ("线路名称", "name", 20.0),
    ("乡镇", "township", 11.0),
    ("步骤", "step", 12.0),
    ("发生时间", "when", 19.0),
    ("登记时间", "entered", 19.0),
    ("补录", "late", 6.0),
    ("登记人", "by", 12.0),
    ("经过", "what", 52.0),
    ("记录", "record", 9.0),
];

/// All of them are printed.
pub(super) const PRINTED: u16 = 11;

/// As whom the program signs what it records by itself.
const PROGRAM: &str = "linewatch";

/// A row. Without `people`, names and telephone numbers are left out.
pub(super) fn row(
    case: &FaultCase,
    told: Told,
    lines: &[LineFigures],
    words: &Words,
    telling: Telling<'_>,
    people: bool,
) -> Vec<Cell> {
    let fault = &case.fault;
    let name = lines.binary_search_by(|line| line.line.cmp(&fault.line)).map_or("", |place| &lines[place].name);
    let moment = |at: Timestamp| words.full_moment(&at);
    let (number, said, word, (at, late), sentence) = match told {
        Told::Step(step) => {
            let FaultStepRow { number, mut fact, said } = *step;
            if !people {
                without_people(&mut fact);
            }
            let sentence = sentence(&fact, &fault.fault, &moment, telling.language);
            let times = when(&fact, &said);
            (number, said, word(&fact, telling.language), times, sentence)
        }
        Told::Imported(row) => {
            let sentence = imported(&row, &moment, people, telling.language);
            (row.number, row.said, telling.pick("导入", "imported"), (fault.opened, false), sentence)
        }
    };
    let by = match said.by {
        by if by == PROGRAM => telling.pick("监测程序", "the program").to_owned(),
        by if people => by,
        _ => String::new(),
    };
    vec![
        Cell::Text(fault.fault.to_string()),
        Cell::Text(fault.line.to_string()),
        Cell::Text(name.to_owned()),
        Cell::Text(telling.named(fault.township.as_str()).to_owned()),
        Cell::Word(word),
        Cell::Moment(at),
        Cell::Moment(said.at),
        Cell::Flag(late),
        Cell::Text(by),
        Cell::Lines(sentence, HEADER[9].2),
        Cell::Number(i64::try_from(number).unwrap_or(i64::MAX)),
    ]
}

/// What the source said of an imported fault.
fn imported(row: &HistoryRow, moment: &dyn Fn(Timestamp) -> String, people: bool, language: Language) -> String {
    let source = &row.source;
    let mut sentence = language.pick(format!("从「{source}」导入"), format!("imported from {source}"));
    let HistoryFact::Fault { opened, restored, closed, cause, reporter, .. } = &row.fact else { return sentence };
    let mut add = |chinese: &str, english: &str, what: String| {
        sentence += &language.pick(format!("，{chinese}{what}"), format!(", {english} {what}"));
    };
    add("开始 ", "opened", moment(*opened));
    match restored {
        Some(at) => add("修复 ", "restored", moment(*at)),
        None => add("未修复", "not restored", String::new()),
    }
    if let Some(at) = closed {
        add("关闭 ", "closed", moment(*at));
    }
    if let Some(cause) = cause {
        add("原因：", "cause:", cause.clone());
    }
    if let Some(reporter) = reporter.as_ref().filter(|_| people) {
        add("报障人：", "reported by", reporter.clone());
    }
    sentence.trim_end().to_owned()
}

/// The step in a word, to filter by.
fn word(fact: &FaultFact, language: Language) -> &'static str {
    match fact {
        FaultFact::Opened { .. } => language.pick("探测立案", "opened"),
        FaultFact::Reported { .. } | FaultFact::ReportJoined { .. } => language.pick("报障", "reported"),
        FaultFact::Acknowledged { .. } => language.pick("受理", "acknowledged"),
        FaultFact::Dispatched { .. } => language.pick("派单", "dispatched"),
        FaultFact::Arrived { .. } => language.pick("到场", "on site"),
        FaultFact::Repaired { .. } => language.pick("报修复", "said restored"),
        FaultFact::Restored { .. } => language.pick("修复", "restored"),
        FaultFact::Verified { .. } => language.pick("核实", "verified"),
        FaultFact::Closed { .. } => language.pick("关闭", "closed"),
        FaultFact::Reopened { .. } => language.pick("重开", "reopened"),
        FaultFact::Relapsed { .. } => language.pick("又断", "down again"),
        FaultFact::Voided { .. } => language.pick("误报", "void"),
        FaultFact::Merged { .. } | FaultFact::Combined { .. } => language.pick("合并", "merged"),
        FaultFact::Split { .. } => language.pick("拆分", "split"),
        FaultFact::Noted { .. } => language.pick("补充", "noted"),
        FaultFact::Dated { .. } => language.pick("起算更正", "dated back"),
        FaultFact::PointAdded { .. } | FaultFact::Joined { .. } => language.pick("加入点位", "point added"),
        FaultFact::PointRemoved { .. } | FaultFact::Left { .. } => language.pick("移出点位", "point removed"),
    }
}

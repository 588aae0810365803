//! 故障经过: what was done about each fault and said of it, by whom and when; one row a record.

use linewatch_core::ledger::FaultStepRow;
use linewatch_core::record::FaultFact;
use linewatch_core::rollup::{FaultCase, LineFigures};
use linewatch_core::time::Timestamp;

use super::cell::Cell;
use crate::language::Language;
use crate::report::faults::timeline::{sentence, when, without_people};
use crate::report::rollup::Telling;
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

/// A row. Without `people`, names and telephone numbers are left out.
pub(super) fn row(
    case: &FaultCase,
    step: FaultStepRow,
    lines: &[LineFigures],
    words: &Words,
    telling: Telling<'_>,
    people: bool,
) -> Vec<Cell> {
    let FaultStepRow { number, mut fact, said } = step;
    if !people {
        without_people(&mut fact);
    }
    let fault = &case.fault;
    let name = lines.binary_search_by(|line| line.line.cmp(&fault.line)).map_or("", |place| &lines[place].name);
    let (at, late) = when(&fact, &said);
    let moment = |at: Timestamp| words.full_moment(&at);
    let by = if people { said.by } else { String::new() };
    vec![
        Cell::Text(fault.fault.to_string()),
        Cell::Text(fault.line.to_string()),
        Cell::Text(name.to_owned()),
        Cell::Text(telling.named(fault.township.as_str()).to_owned()),
        Cell::Word(word(&fact, telling.language)),
        Cell::Moment(at),
        Cell::Moment(said.at),
        Cell::Flag(late),
        Cell::Text(by),
        Cell::Text(sentence(&fact, &fault.fault, &moment, telling.language)),
        Cell::Number(i64::try_from(number).unwrap_or(i64::MAX)),
    ]
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

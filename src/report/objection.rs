//! Why a person's wish was refused, in words.

use linewatch_core::ledger::{Objection, Refusal};
use linewatch_core::time::Timestamp;

use crate::language::Language;

/// What a refusal says to the person who asked.
pub fn sentence(refusal: &Refusal, zone: chrono_tz::Tz, language: Language) -> String {
    match refusal {
        Refusal::TooManyRemoved { removed, lines } => language.pick(
            format!("{lines} 条线路里要减少 {removed} 条，超过 5%"),
            format!("{removed} of {lines} lines would go, more than 5 %"),
        ),
        Refusal::BeforeLastRecord { now, recorded_at } => {
            let (now, recorded_at) = (moment(*now, zone), moment(*recorded_at, zone));
            language.pick(
                format!("本机时钟是 {now}，早于最后一条记录（{recorded_at}）：先校准时钟"),
                format!("the clock says {now}, before the last record ({recorded_at}): set the clock right first"),
            )
        }
        Refusal::UnknownLine(line) => language.pick(
            format!("没有编号为 {line} 的线路；linewatch lines 列出全部线路"),
            format!("there is no line {line}; `linewatch lines` lists them all"),
        ),
        Refusal::Person(objection) => objected(objection, zone, language),
    }
}

fn objected(objection: &Objection, zone: chrono_tz::Tz, language: Language) -> String {
    match objection {
        Objection::NotYet { at, now } => {
            let (at, now) = (moment(*at, zone), moment(*now, zone));
            language.pick(format!("{at} 还没有到（现在是 {now}）"), format!("{at} has not come yet (it is {now})"))
        }
        Objection::UnknownFault(fault) => {
            language.pick(format!("没有编号为 {fault} 的故障"), format!("there is no fault {fault}"))
        }
    }
}

fn moment(at: Timestamp, zone: chrono_tz::Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

//! Why a person's wish was refused, in words.

mod account;
mod decision;
mod fault;
mod record;

use linewatch_core::ledger::{Missing, Objection, Refusal};
use linewatch_core::time::{Span, Timestamp};

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
        Objection::UnknownFault(fault) => language.pick(
            format!(
                "没有编号为 {fault} 的故障，或它已并入别的故障、关闭已超过 31 天；linewatch fault show {fault} 说明"
            ),
            format!(
                "there is no fault {fault}, or it was merged into another, or closed more than 31 days ago; \
                     `linewatch fault show {fault}` tells"
            ),
        ),
        Objection::Missing(Missing::Reason) => language
            .pick("要写明原因：用 --reason".to_owned(), "the reason is missing: give it with --reason".to_owned()),
        Objection::Missing(Missing::Document) => language.pick(
            "要写明依据的文号：用 --document".to_owned(),
            "the number of the document is missing: give it with --document".to_owned(),
        ),
        Objection::Missing(Missing::Label) => {
            language.pick("要写明令牌给谁用：用 --for".to_owned(), "say what the token is for: with --for".to_owned())
        }
        Objection::Missing(Missing::Cause) => language.pick(
            "要写明故障原因：用 --cause，如 --cause 光缆/施工".to_owned(),
            "the cause is missing: give it with --cause, like --cause 光缆/施工".to_owned(),
        ),
        Objection::Missing(Missing::Recipient) => language
            .pick("要写明派给谁：用 --to".to_owned(), "it is missing who was sent: give it with --to".to_owned()),
        Objection::Missing(Missing::Words) => {
            language.pick("没有写要补充什么".to_owned(), "nothing is said that could be noted".to_owned())
        }
        Objection::Missing(Missing::Lines) => {
            language.pick("要写明是哪些线路".to_owned(), "it is missing which lines".to_owned())
        }
        Objection::EmptySpan(span) => {
            let (start, end) = (moment(span.start, zone), moment(span.end, zone));
            language.pick(
                format!("从 {start} 到 {end} 没有时间：结束要晚于开始"),
                format!("there is no time from {start} to {end}: the end must come after the start"),
            )
        }
        Objection::UnknownClass(class) => language.pick(
            format!("没有类别为 {class} 的线路；linewatch lines 列出全部线路"),
            format!("no line is of class {class}; `linewatch lines` lists them all"),
        ),
        Objection::UnknownTownship(township) => language.pick(
            format!("没有属于 {township} 的线路；linewatch lines 列出全部线路"),
            format!("no line is in township {township}; `linewatch lines` lists them all"),
        ),
        Objection::NotInService { line, service } => out_of_service(line.as_str(), *service, zone, language),
        Objection::Planned(objection) => decision::planned(objection, zone, language),
        Objection::Decision(objection) => decision::sentence(objection, zone, language),
        Objection::Account(objection) => account::sentence(objection, language),
        Objection::Import(objection) => record::import(objection, zone, language),
        Objection::Seal(objection) => record::seal(objection, zone, language),
        Objection::Fault(objection) => fault::sentence(objection, zone, language),
    }
}

fn out_of_service(line: &str, service: Span, zone: chrono_tz::Tz, language: Language) -> String {
    let (from, until) = (moment(service.start, zone), moment(service.end, zone));
    match (service.start > Timestamp::MIN, service.end < Timestamp::MAX) {
        (true, true) => language.pick(
            format!("线路 {line} 只在 {from} 到 {until} 在用：请写这之内的时间"),
            format!("line {line} is in service from {from} to {until} only: give a time within"),
        ),
        (true, false) => language.pick(
            format!("线路 {line} {from} 才开通：请写这之后的时间"),
            format!("line {line} is in service from {from} on: give a time after it"),
        ),
        (false, _) => language.pick(
            format!("线路 {line} {until} 已停用：请写这之前的时间"),
            format!("line {line} was in service until {until}: give a time before it"),
        ),
    }
}

fn moment(at: Timestamp, zone: chrono_tz::Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

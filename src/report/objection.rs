//! Why a person's wish was refused, in words.

mod account;
mod decision;
mod fault;
mod medium;
mod record;

use linewatch_core::ledger::{Missing, Objection, Refusal};
use linewatch_core::time::{Span, Timestamp};

pub use medium::Medium;

use crate::language::Language;
use medium::{Input, Voice, Way};

/// What a refusal says to the person who asked, in the words of the place where it is shown.
pub fn sentence(refusal: &Refusal, zone: chrono_tz::Tz, language: Language, medium: Medium) -> String {
    let say = Voice { zone, language, medium };
    match refusal {
        Refusal::TooManyRemoved { removed, lines } => say.pick(
            format!("{lines} 条线路里要减少 {removed} 条，超过 5%"),
            format!("{removed} of {lines} lines would go, more than 5 %"),
        ),
        Refusal::BeforeLastRecord { now, recorded_at } => {
            let (now, recorded_at) = (say.moment(*now), say.moment(*recorded_at));
            say.pick(
                format!("本机时钟是 {now}，早于最后一条记录（{recorded_at}）：先校准时钟"),
                format!("the clock says {now}, before the last record ({recorded_at}): set the clock right first"),
            )
        }
        Refusal::UnknownLine(line) => {
            let all = say.way(Way::Lines);
            say.pick(
                format!("没有编号为 {line} 的线路；{all} 列出全部线路"),
                format!("there is no line {line}; {all} lists them all"),
            )
        }
        Refusal::Person(objection) => objected(objection, say),
    }
}

fn objected(objection: &Objection, say: Voice) -> String {
    match objection {
        Objection::NotYet { at, now } => {
            let (at, now) = (say.moment(*at), say.moment(*now));
            say.pick(format!("{at} 还没有到（现在是 {now}）"), format!("{at} has not come yet (it is {now})"))
        }
        Objection::UnknownFault(fault) => {
            let show = say.way(Way::Fault(fault));
            say.pick(
                format!("没有编号为 {fault} 的故障，或它已并入别的故障、关闭已超过 31 天；{show} 说明"),
                format!(
                    "there is no fault {fault}, or it was merged into another, or closed more than 31 days ago; \
                     {show} tells"
                ),
            )
        }
        Objection::Missing(missing) => missed(*missing, say),
        Objection::EmptySpan(span) => {
            let (start, end) = (say.moment(span.start), say.moment(span.end));
            say.pick(
                format!("从 {start} 到 {end} 没有时间：结束要晚于开始"),
                format!("there is no time from {start} to {end}: the end must come after the start"),
            )
        }
        Objection::UnknownClass(class) => {
            let all = say.way(Way::Lines);
            say.pick(
                format!("没有类别为 {class} 的线路；{all} 列出全部线路"),
                format!("no line is of class {class}; {all} lists them all"),
            )
        }
        Objection::UnknownTownship(township) => {
            let all = say.way(Way::Lines);
            say.pick(
                format!("没有属于 {township} 的线路；{all} 列出全部线路"),
                format!("no line is in township {township}; {all} lists them all"),
            )
        }
        Objection::NotInService { line, service } => out_of_service(line.as_str(), *service, say),
        Objection::Planned(objection) => decision::planned(objection, say),
        Objection::Decision(objection) => decision::sentence(objection, say),
        Objection::Account(objection) => account::sentence(objection, say),
        Objection::Import(objection) => record::import(objection, say),
        Objection::Seal(objection) => record::seal(objection, say),
        Objection::Fault(objection) => fault::sentence(objection, say),
    }
}

fn missed(missing: Missing, say: Voice) -> String {
    let told = |chinese: &str, english: &str, input| {
        let input = say.input(input);
        say.pick(format!("{chinese}：{input}"), format!("{english}: give it {input}"))
    };
    match missing {
        Missing::Reason => told("要写明原因", "the reason is missing", Input::Reason),
        Missing::Document => told("要写明依据的文号", "the number of the document is missing", Input::Document),
        Missing::Label => told("要写明令牌给哪个程序用", "it is missing what the token is for", Input::Label),
        Missing::Cause => {
            let cause = told("要写明故障原因", "the cause is missing", Input::Cause);
            let example = match say.medium {
                Medium::Shell => say.pick("，如 --cause 光缆/施工", ", like --cause 光缆/施工"),
                Medium::Page => "",
                Medium::Api => say.pick("，如 [\"光缆\", \"施工\"]", ", like [\"光缆\", \"施工\"]"),
            };
            cause + example
        }
        Missing::Recipient => told("要写明派给谁", "it is missing who was sent", Input::Recipient),
        Missing::Words => say.pick("没有写要补充什么".to_owned(), "nothing is said that could be noted".to_owned()),
        Missing::Lines => say.pick("要写明是哪些线路".to_owned(), "it is missing which lines".to_owned()),
    }
}

fn out_of_service(line: &str, service: Span, say: Voice) -> String {
    let (from, until) = (say.moment(service.start), say.moment(service.end));
    match (service.start > Timestamp::MIN, service.end < Timestamp::MAX) {
        (true, true) => say.pick(
            format!("线路 {line} 只在 {from} 到 {until} 在用：请写这之内的时间"),
            format!("line {line} is in service from {from} to {until} only: give a time within"),
        ),
        (true, false) => say.pick(
            format!("线路 {line} {from} 才开通：请写这之后的时间"),
            format!("line {line} is in service from {from} on: give a time after it"),
        ),
        (false, _) => say.pick(
            format!("线路 {line} {until} 已停用：请写这之前的时间"),
            format!("line {line} was in service until {until}: give a time before it"),
        ),
    }
}

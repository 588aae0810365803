//! Refusals about faults.

use linewatch_core::ledger::{FaultObjection, Stage};

use super::medium::{Input, Voice, Way};
use crate::report::words;
use crate::spelling::closest;

#[expect(clippy::too_many_lines, reason = "a sentence for each refusal")]
pub(super) fn sentence(objection: &FaultObjection, say: Voice) -> String {
    let time = |at| say.moment(at);
    let word = |stage: Stage| words::stage(stage, say.language);
    match objection {
        FaultObjection::Closed { fault, by } => {
            let reopen = say.way(Way::Reopen(fault));
            say.pick(
                format!("故障 {fault} 已由 {by} 关闭；没有修好的话可以重开：{reopen}"),
                format!("{by} closed fault {fault} already; if it is not repaired: {reopen}"),
            )
        }
        FaultObjection::Void { fault, by } => {
            let reopen = say.way(Way::Reopen(fault));
            say.pick(
                format!("故障 {fault} 已由 {by} 记为误报；确有故障的话可以重开：{reopen}"),
                format!("{by} said that fault {fault} was none; if it is one: {reopen}"),
            )
        }
        FaultObjection::Restored { fault, at } => {
            let (at, reopen) = (time(*at), say.way(Way::Reopen(fault)));
            say.pick(
                format!("故障 {fault} 已于 {at} 修复；又坏了的话可以重开：{reopen}"),
                format!("fault {fault} was restored at {at}; if it is not: {reopen}"),
            )
        }
        FaultObjection::Open(fault) => say.pick(
            format!("故障 {fault} 还没有修复，不用重开"),
            format!("fault {fault} is open: there is nothing to open again"),
        ),
        FaultObjection::Done { fault, stage, at, by } => {
            let (stage, at) = (word(*stage), time(*at));
            say.pick(
                format!("故障 {fault} 已由 {by} 记为{stage}（{at}）"),
                format!("fault {fault} is {stage} since {at}, says {by}"),
            )
        }
        FaultObjection::BeforeOpening { fault, at, opened } => {
            let (at, opened) = (time(*at), time(*opened));
            say.pick(
                format!("故障 {fault} 从 {opened} 算起，{at} 在这之前：请核对时间"),
                format!("fault {fault} begins at {opened}, and {at} is before: check the time"),
            )
        }
        FaultObjection::OutOfOrder { fault, stage, at, other, other_at } => {
            let (stage, other, at, other_at) = (word(*stage), word(*other), time(*at), time(*other_at));
            let own = say.input(Input::At);
            say.pick(
                format!("故障 {fault} 的「{stage}」（{at}）与「{other}」（{other_at}）先后不符：补录要写步骤的实际时间，{own}"),
                format!(
                    "fault {fault}: {stage} at {at} does not go with {other} at {other_at}; for a step that was \
                     forgotten give its own time {own}"
                ),
            )
        }
        FaultObjection::StillDown { fault, line } => {
            let restore = say.way(Way::Restore(fault));
            say.pick(
                format!("探测显示线路 {line} 仍然中断，故障 {fault} 不能关闭，也不是误报；已经修好的话先记下来，线路通了就会核实：{restore}"),
                format!(
                    "the probes say that line {line} is down: fault {fault} can neither be closed nor be none; \
                     {restore} keeps what you say until the line answers"
                ),
            )
        }
        FaultObjection::NotClosed(fault) => {
            let close = say.way(Way::Close(fault));
            say.pick(
                format!("故障 {fault} 还没有关闭，原因和处理在关闭时填写：{close}"),
                format!("fault {fault} is not closed; cause and remedy are given then: {close}"),
            )
        }
        FaultObjection::UnknownCause { cause, known } => {
            let said = cause.join("/");
            // Most people type the last part alone.
            let last = closest(&said, known.iter().filter_map(|path| path.last()).map(String::as_str));
            let meant = known.iter().find(|path| path.last().map(String::as_str) == last).map(|path| path.join("/"));
            let known: Vec<String> = known.iter().map(|path| path.join("/")).collect();
            let meant = closest(&said, known.iter().map(String::as_str)).map(str::to_owned).or(meant);
            choose("没有这个原因", "there is no cause", &said, meant.as_deref(), &known, say)
        }
        FaultObjection::UnknownSymptom { symptom, known } => {
            let meant = closest(symptom, known.iter().map(String::as_str));
            choose("没有这个现象", "there is no symptom", symptom, meant, known, say)
        }
        FaultObjection::UnknownChannel { channel, known } => {
            let meant = closest(channel, known.iter().map(String::as_str));
            choose("没有这个来源", "there is no channel", channel, meant, known, say)
        }
        FaultObjection::Itself(fault) => {
            say.pick(format!("故障 {fault} 不能并入自己"), format!("fault {fault} is no part of itself"))
        }
        FaultObjection::Point { fault, line } => say.pick(
            format!("线路 {line} 已经是故障 {fault} 的点位"),
            format!("line {line} is a point of fault {fault} already"),
        ),
        FaultObjection::NoPoint { fault, line } => {
            let all = say.way(Way::Fault(fault));
            say.pick(
                format!("线路 {line} 不是故障 {fault} 里可以改动的点位；{all} 列出全部点位"),
                format!("line {line} is no point of fault {fault} to be moved; {all} lists them"),
            )
        }
        FaultObjection::OwnLine { fault, line } => say.pick(
            format!("故障 {fault} 就在线路 {line} 上，不能把它拆出去；请写其他点位"),
            format!("fault {fault} stands on line {line} itself: name other points"),
        ),
        FaultObjection::TooLong { letters, most } => say.pick(
            format!("文字太长：{letters} 字，最多 {most} 字"),
            format!("the text is too long: {letters} letters, at most {most}"),
        ),
    }
}

fn choose(zh: &str, en: &str, said: &str, meant: Option<&str>, known: &[String], say: Voice) -> String {
    let all = known.join(say.pick("、", ", "));
    match meant {
        Some(meant) => say.pick(
            format!("{zh}：「{said}」，是不是「{meant}」？可选：{all}"),
            format!("{en} {said:?}; did you mean {meant:?}? There are: {all}"),
        ),
        None => say.pick(format!("{zh}：「{said}」。可选：{all}"), format!("{en} {said:?}. There are: {all}")),
    }
}

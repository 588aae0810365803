//! The history of a fault in sentences, one a record.

use linewatch_core::ledger::FaultStepRow;
use linewatch_core::record::{Closing, FaultFact, FaultSource, Report};
use linewatch_core::time::Timestamp;

use super::words::Words;

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it happened; not when it was entered.
    pub at: Timestamp,
    /// When it was entered, where that was long afterwards.
    pub entered: Option<Timestamp>,
    /// What happened.
    pub sentence: String,
    /// What was said with it; empty: nothing.
    pub words: String,
    /// Who said so; empty: nobody, it followed by itself.
    pub by: String,
    /// What it means for the line.
    pub mark: Mark,
}

/// What an entry means for the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It stopped working, or was said not to work.
    Down,
    /// It works again, or was said to.
    Up,
    /// Neither.
    Step,
}

/// The history, in the order of what happened; `other` faults that took part in it are named. `program` is the author of
/// what follows by itself.
pub fn story(steps: &[FaultStepRow], program: &str, words: &Words) -> Vec<Line> {
    let mut lines: Vec<Line> = steps.iter().map(|step| line(step, program, words)).collect();
    lines.sort_by_key(|line| line.at);
    lines
}

fn line(step: &FaultStepRow, program: &str, words: &Words) -> Line {
    let (at, late) = (moment(&step.fact).unwrap_or(step.said.at), is_late(&step.fact));
    let by = if step.said.by == program { String::new() } else { step.said.by.clone() };
    let (sentence, said, mark) = tell(&step.fact, words);
    Line { at, entered: late.then_some(step.said.at), sentence, words: said, by, mark }
}

/// When it happened; `None`: when it was entered.
fn moment(fact: &FaultFact) -> Option<Timestamp> {
    match fact {
        FaultFact::Opened { opened, .. }
        | FaultFact::Reported { opened, .. }
        | FaultFact::Dated { opened, .. } => Some(*opened),
        FaultFact::Joined { from, .. }
        | FaultFact::Left { from, .. }
        | FaultFact::PointAdded { from, .. }
        | FaultFact::PointRemoved { from, .. } => Some(*from),
        FaultFact::Relapsed { at, .. }
        | FaultFact::Restored { at, .. }
        | FaultFact::Verified { at, .. }
        | FaultFact::ReportJoined { at, .. }
        | FaultFact::Acknowledged { at, .. }
        | FaultFact::Dispatched { at, .. }
        | FaultFact::Arrived { at, .. }
        | FaultFact::Repaired { at, .. }
        | FaultFact::Closed { at, .. }
        | FaultFact::Reopened { at, .. } => Some(*at),
        FaultFact::Merged { .. }
        | FaultFact::Combined { .. }
        | FaultFact::Split { .. }
        | FaultFact::Voided { .. }
        | FaultFact::Noted { .. } => None,
    }
}

fn is_late(fact: &FaultFact) -> bool {
    match fact {
        FaultFact::Reported { late, .. }
        | FaultFact::ReportJoined { late, .. }
        | FaultFact::Acknowledged { late, .. }
        | FaultFact::Dispatched { late, .. }
        | FaultFact::Arrived { late, .. }
        | FaultFact::Repaired { late, .. }
        | FaultFact::Closed { late, .. }
        | FaultFact::Reopened { late, .. } => *late,
        _ => false,
    }
}

/// The sentence, what was said with it, and what it means for the line.
fn tell(fact: &FaultFact, words: &Words) -> (String, String, Mark) {
    let say = |chinese: String, english: String| words.language.pick(chinese, english);
    let plain = |chinese: &str, english: &str| words.pick(chinese, english).to_owned();
    let none = String::new;
    match fact {
        FaultFact::Opened { source: FaultSource::Detected, .. } => {
            (plain("探测发现中断", "Probes found it down"), none(), Mark::Down)
        }
        FaultFact::Opened { source: FaultSource::Reported, .. } => (plain("上报", "Reported"), none(), Mark::Down),
        FaultFact::Reported { report, .. } => (reported(report, words), report.words.clone(), Mark::Down),
        FaultFact::ReportJoined { line, report, .. } => {
            let first = reported(report, words);
            (say(format!("{first}：{line}"), format!("{first}: {line}")), report.words.clone(), Mark::Down)
        }
        FaultFact::Joined { line, .. } => {
            (say(format!("{line} 也中断"), format!("{line} is down too")), none(), Mark::Down)
        }
        FaultFact::Left { line, .. } => {
            (say(format!("{line} 不再属于本故障"), format!("{line} is no part of it any more")), none(), Mark::Step)
        }
        FaultFact::Relapsed { .. } => (plain("又中断（复发）", "Down again (relapse)"), none(), Mark::Down),
        FaultFact::Restored { .. } => (plain("线路恢复，已稳定", "The line is up and stable"), none(), Mark::Up),
        FaultFact::Verified { .. } => {
            (plain("探测核实：线路已恢复", "Probes agree: the line is up"), none(), Mark::Up)
        }
        FaultFact::Merged { fault, into, .. } => merged(fault.as_str(), into.as_str(), "", words),
        FaultFact::Combined { fault, into, reason, .. } => merged(fault.as_str(), into.as_str(), reason, words),
        FaultFact::Dated { opened, .. } => {
            let opened = words.full_moment(opened);
            (say(format!("改从 {opened} 算起"), format!("Counts from {opened} on")), none(), Mark::Step)
        }
        FaultFact::Acknowledged { note, .. } => (plain("已受理", "Acknowledged"), note.clone(), Mark::Step),
        FaultFact::Dispatched { to, ticket, note, .. } => {
            let ticket = ticket.as_ref().map_or_else(none, |ticket| {
                say(format!("，运营商工单 {ticket}"), format!(", carrier's ticket {ticket}"))
            });
            (say(format!("派给 {to}{ticket}"), format!("Sent to {to}{ticket}")), note.clone(), Mark::Step)
        }
        FaultFact::Arrived { note, .. } => (plain("已到场", "On site"), note.clone(), Mark::Step),
        FaultFact::Repaired { restored: Some(_), note, .. } => {
            (plain("报告已修复", "Said to be restored"), note.clone(), Mark::Up)
        }
        FaultFact::Repaired { restored: None, note, .. } => (
            plain("报告已修复，但探测显示线路仍然中断", "Said to be restored, but the probes say it is down"),
            note.clone(),
            Mark::Down,
        ),
        FaultFact::Closed { closing, .. } => {
            let Closing { cause, remedy, responsibility, overdue_reason } = closing;
            let cause = cause.join("/");
            let more = [
                (words.pick("处理", "done"), Some(remedy)),
                (words.pick("责任", "whose it is"), responsibility.as_ref()),
                (words.pick("超时原因", "why overdue"), overdue_reason.as_ref()),
            ];
            let said: Vec<String> = more
                .into_iter()
                .filter_map(|(name, text)| text.filter(|text| !text.is_empty()).map(|text| (name, text)))
                .map(|(name, text)| say(format!("{name}：{text}"), format!("{name}: {text}")))
                .collect();
            let said = said.join(words.pick("；", "; "));
            (say(format!("关闭，原因：{cause}"), format!("Closed, cause: {cause}")), said, Mark::Step)
        }
        FaultFact::Reopened { reason, .. } => (plain("重开", "Reopened"), reason.clone(), Mark::Down),
        FaultFact::Split { fault, of, line, reason, .. } => (
            say(
                format!("从 {of} 拆出 {fault}（{line}）"),
                format!("{fault} ({line}) was split off {of}"),
            ),
            reason.clone(),
            Mark::Step,
        ),
        FaultFact::Voided { reason, .. } => (plain("记为误报", "Found to be none"), reason.clone(), Mark::Up),
        FaultFact::Noted { amendment, .. } => {
            let fields = [
                (words.pick("现象", "symptom"), &amendment.symptom),
                (words.pick("运营商工单", "carrier's ticket"), &amendment.ticket),
                (words.pick("现场联系人", "contact"), &amendment.contact),
                (words.pick("超时原因", "why overdue"), &amendment.overdue_reason),
                (words.pick("责任", "whose it is"), &amendment.responsibility),
                (words.pick("处理", "done"), &amendment.remedy),
            ];
            let mut said: Vec<String> = fields
                .into_iter()
                .filter_map(|(name, text)| text.as_ref().map(|text| say(format!("{name}：{text}"), format!("{name}: {text}"))))
                .collect();
            if let Some(cause) = &amendment.cause {
                let cause = cause.join("/");
                said.push(say(format!("原因：{cause}"), format!("cause: {cause}")));
            }
            if !amendment.words.is_empty() {
                said.push(amendment.words.clone());
            }
            (plain("补充", "Noted"), said.join(words.pick("；", "; ")), Mark::Step)
        }
        FaultFact::PointAdded { line, reason, .. } => {
            (say(format!("{line} 也受影响"), format!("{line} is affected too")), reason.clone(), Mark::Down)
        }
        FaultFact::PointRemoved { line, reason, .. } => {
            (say(format!("{line} 不受影响"), format!("{line} is not affected")), reason.clone(), Mark::Step)
        }
    }
}

fn reported(report: &Report, words: &Words) -> String {
    let mut parts = vec![report.channel.clone()];
    parts.extend(report.symptom.clone());
    parts.retain(|part| !part.is_empty());
    let how = parts.join(words.pick("，", ", "));
    words.language.pick(format!("上报（{how}）"), format!("Reported ({how})"))
}

fn merged(fault: &str, into: &str, reason: &str, words: &Words) -> (String, String, Mark) {
    let sentence = words.language.pick(format!("{fault} 并入 {into}"), format!("{fault} became part of {into}"));
    (sentence, reason.to_owned(), Mark::Step)
}

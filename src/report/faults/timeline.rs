//! What was done and said of a fault, in the order of time, each with a sentence in both languages.

use linewatch_core::ledger::{FaultStepRow, Said};
use linewatch_core::record::{Amendment, FaultFact, FaultNo, Report};
use linewatch_core::time::Timestamp;
use serde::Serialize;

use super::moment;
use super::one::FoundOutage;
use super::read::is_about;
use crate::language::Language;

/// Something in the history of a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When it was so.
    #[serde(serialize_with = "moment::serialize")]
    pub at: Timestamp,
    /// When it was entered; `None`: it is not said by anybody, but seen by probes.
    #[serde(serialize_with = "moment::optional::serialize")]
    pub entered: Option<Timestamp>,
    /// Who said so; empty: probes.
    pub by: String,
    /// Entered long afterwards.
    pub late: bool,
    /// To be shown loudly: the probes contradict what was said.
    pub contradicted: bool,
    /// The record's kind, or `outage.started` and `outage.ended`.
    pub kind: &'static str,
    /// The number of the record.
    pub record: Option<u64>,
    /// What it is.
    pub what: What,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The fault's line went down.
    Down,
    /// The fault's line answers again.
    Up,
    /// A record.
    Step(Box<FaultFact>),
}

/// Steps and outages, by time; of one instant in the order of entry.
pub(super) fn timeline(steps: Vec<FaultStepRow>, fault: &FaultNo, outages: &[FoundOutage]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = steps
        .into_iter()
        .filter(|step| is_about(&step.fact, fault))
        .map(|FaultStepRow { number, fact, said }| {
            let (at, late) = when(&fact, &said);
            Entry {
                at,
                entered: Some(said.at),
                by: said.by,
                late,
                contradicted: matches!(fact, FaultFact::Repaired { restored: None, .. }),
                kind: fact.kind(),
                record: Some(number),
                what: What::Step(Box::new(fact)),
            }
        })
        .collect();
    let seen = |at, kind, what| Entry {
        at,
        entered: None,
        by: String::new(),
        late: false,
        contradicted: false,
        kind,
        record: None,
        what,
    };
    for outage in outages {
        entries.push(seen(outage.start, "outage.started", What::Down));
        entries.extend(outage.end.map(|end| seen(end, "outage.ended", What::Up)));
    }
    entries.sort_by_key(|entry| (entry.at, entry.record));
    entries
}

/// When it was so, and whether that was entered late.
pub fn when(fact: &FaultFact, said: &Said) -> (Timestamp, bool) {
    match fact {
        FaultFact::Reported { opened: at, late, .. }
        | FaultFact::ReportJoined { at, late, .. }
        | FaultFact::Acknowledged { at, late, .. }
        | FaultFact::Dispatched { at, late, .. }
        | FaultFact::Arrived { at, late, .. }
        | FaultFact::Repaired { at, late, .. }
        | FaultFact::Closed { at, late, .. }
        | FaultFact::Reopened { at, late, .. } => (*at, *late),
        FaultFact::Relapsed { at, .. }
        | FaultFact::Restored { at, .. }
        | FaultFact::PointAdded { from: at, .. }
        | FaultFact::PointRemoved { from: at, .. } => (*at, false),
        FaultFact::Opened { .. }
        | FaultFact::Joined { .. }
        | FaultFact::Left { .. }
        | FaultFact::Merged { .. }
        | FaultFact::Dated { .. }
        | FaultFact::Verified { .. }
        | FaultFact::Combined { .. }
        | FaultFact::Split { .. }
        | FaultFact::Voided { .. }
        | FaultFact::Noted { .. } => (said.at, false),
    }
}

impl Entry {
    /// What happened, in words.
    pub fn sentence(&self, fault: &FaultNo, moment: &dyn Fn(Timestamp) -> String, language: Language) -> String {
        match &self.what {
            What::Down => language.pick("线路中断（探测）", "the line went down (probes)").to_owned(),
            What::Up => language.pick("线路恢复应答（探测）", "the line answers again (probes)").to_owned(),
            What::Step(fact) => sentence(fact, fault, moment, language),
        }
    }
}

/// Takes names and telephone numbers of people out of a record.
pub fn without_people(fact: &mut FaultFact) {
    match fact {
        FaultFact::Reported { report: Report { reporter, phone, .. }, .. }
        | FaultFact::ReportJoined { report: Report { reporter, phone, .. }, .. } => {
            reporter.clear();
            phone.clear();
        }
        FaultFact::Noted { amendment: Amendment { contact, phone, .. }, .. } => {
            *contact = None;
            *phone = None;
        }
        FaultFact::Dispatched { to, .. } => to.clear(),
        _ => {}
    }
}

/// What a record says of a fault, in words.
pub fn sentence(fact: &FaultFact, of: &FaultNo, moment: &dyn Fn(Timestamp) -> String, language: Language) -> String {
    let with = |head: &str, more: &[&str]| {
        let more: Vec<&str> = more.iter().copied().filter(|text| !text.is_empty()).collect();
        if more.is_empty() {
            head.to_owned()
        } else {
            format!("{head}{}{}", language.pick("：", ": "), more.join(language.pick("，", ", ")))
        }
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match fact {
        FaultFact::Opened { opened, .. } => {
            let opened = moment(*opened);
            language.pick(format!("由探测立案，自 {opened} 起算"), format!("opened by probes, dated {opened}"))
        }
        FaultFact::Reported { line, report, .. } | FaultFact::ReportJoined { line, report, .. } => {
            let head = language
                .pick(format!("报障（{}）{line}", report.channel), format!("reported ({}) {line}", report.channel));
            with(&head, &[&text(&report.symptom), &report.reporter, &report.phone, &report.words])
        }
        FaultFact::Dated { opened, .. } => {
            let opened = moment(*opened);
            language.pick(format!("起算时间提前到 {opened}"), format!("dated back to {opened}"))
        }
        FaultFact::Acknowledged { note, .. } => with(language.pick("受理", "acknowledged"), &[note]),
        FaultFact::Dispatched { to, ticket, note, .. } => {
            let ticket =
                ticket.as_ref().map(|ticket| language.pick(format!("工单 {ticket}"), format!("ticket {ticket}")));
            with(language.pick("派单", "dispatched"), &[to, ticket.as_deref().unwrap_or_default(), note])
        }
        FaultFact::Arrived { note, .. } => with(language.pick("到场", "on site"), &[note]),
        FaultFact::Repaired { restored: Some(_), note, .. } => {
            with(language.pick("报修复", "said to be restored"), &[note])
        }
        FaultFact::Repaired { restored: None, note, .. } => with(
            language.pick(
                "报修复，但探测显示线路仍然中断，不算修复",
                "said to be restored, but the line is down by the probes: it does not count",
            ),
            &[note],
        ),
        FaultFact::Restored { .. } => {
            language.pick("修复（线路已持续正常）", "restored (the line stayed up)").to_owned()
        }
        FaultFact::Verified { .. } => {
            language.pick("探测核实：修复后一直正常", "verified by probes: up ever since").to_owned()
        }
        FaultFact::Relapsed { .. } => language.pick("又断，仍算同一故障", "down again: the same fault").to_owned(),
        FaultFact::Closed { closing, .. } => with(
            language.pick("关闭", "closed"),
            &[
                &closing.cause.join("/"),
                &closing.remedy,
                &text(&closing.responsibility),
                &text(&closing.overdue_reason),
            ],
        ),
        FaultFact::Reopened { reason, .. } => with(language.pick("重开", "reopened"), &[reason]),
        FaultFact::Voided { reason, .. } => with(language.pick("记为误报", "found to be none"), &[reason]),
        FaultFact::Merged { fault, into, .. } => joined(fault, into, of, "", language),
        FaultFact::Combined { fault, into, reason, .. } => joined(fault, into, of, reason, language),
        FaultFact::Split { fault, of: origin, line, reason, .. } => {
            let head = if fault == of {
                language.pick(format!("由 {origin} 拆出，在 {line}"), format!("split off {origin}, on {line}"))
            } else {
                language.pick(format!("拆出 {fault}（{line}）"), format!("{fault} ({line}) was split off"))
            };
            with(&head, &[reason])
        }
        FaultFact::Noted { amendment, .. } => {
            let named = |word: &str, value: &Option<String>| value.as_ref().map(|value| format!("{word} {value}"));
            let parts = [
                (!amendment.words.is_empty()).then(|| amendment.words.clone()),
                named(language.pick("现象", "symptom"), &amendment.symptom),
                named(language.pick("工单", "ticket"), &amendment.ticket),
                named(language.pick("联系人", "contact"), &amendment.contact),
                named(language.pick("电话", "phone"), &amendment.phone),
                named(language.pick("超时原因", "overdue because"), &amendment.overdue_reason),
                named(language.pick("责任", "responsibility"), &amendment.responsibility),
                named(language.pick("原因", "cause"), &amendment.cause.as_ref().map(|cause| cause.join("/"))),
                named(language.pick("处理", "remedy"), &amendment.remedy),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            with(language.pick("补充", "noted"), &parts.iter().map(String::as_str).collect::<Vec<_>>())
        }
        FaultFact::PointAdded { line, reason, .. } => {
            with(&language.pick(format!("加入点位 {line}"), format!("{line} is affected too")), &[reason])
        }
        FaultFact::PointRemoved { line, reason, .. } => {
            with(&language.pick(format!("移出点位 {line}"), format!("{line} is not affected any more")), &[reason])
        }
        FaultFact::Joined { line, .. } => {
            language.pick(format!("{line} 的中断并入"), format!("an outage of {line} joined"))
        }
        FaultFact::Left { line, .. } => {
            language.pick(format!("{line} 的中断移出"), format!("an outage of {line} left"))
        }
    }
}

fn joined(fault: &FaultNo, into: &FaultNo, of: &FaultNo, reason: &str, language: Language) -> String {
    let head = if fault == of {
        language.pick(format!("并入 {into}"), format!("became a part of {into}"))
    } else {
        language.pick(format!("{fault} 并入"), format!("{fault} became a part of it"))
    };
    if reason.is_empty() { head } else { format!("{head}{}{reason}", language.pick("：", ": ")) }
}

//! The commands by which people say what they did.

use linewatch_core::act::{Act, Deciding, FaultAct};
use linewatch_core::ledger::Ledger;
use linewatch_core::record::{Amendment, Closing, Fact, FaultFact, FaultNo, Record};
use linewatch_core::time::Timestamp;

use super::{Desk, at, number};
use crate::cli::person::{self, By};
use crate::cli::{Common, Failure, print};
use crate::language::Language;
use crate::report::faults::timeline;
use crate::report::words::Words;

/// By which way most reports come that are typed in by hand.
const BY_PHONE: &str = "电话";

/// Options of every step.
#[derive(Debug, clap::Args)]
pub struct Said {
    #[command(flatten)]
    by: By,
    /// Print the records as JSON
    #[arg(long)]
    json: bool,
}

/// Options of `fault report`.
#[derive(Debug, clap::Args)]
pub struct Report {
    /// The line
    #[arg(value_name = "LINE")]
    line: String,
    /// What is wrong, of the configured ones
    #[arg(long, value_name = "SYMPTOM")]
    symptom: Option<String>,
    /// By which way it came [default: 电话]
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    /// Who told it
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    reporter: String,
    /// How to call back
    #[arg(long, value_name = "PHONE", default_value = "", hide_default_value = true)]
    phone: String,
    /// In which words
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    words: String,
    /// When it was told [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    said: Said,
}

/// Options of `fault ack`, `arrive` and `restore`.
#[derive(Debug, clap::Args)]
pub struct Step {
    /// Its number
    #[arg(value_name = "FAULT")]
    fault: String,
    /// When it was done [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Anything else
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,
    #[command(flatten)]
    said: Said,
}

/// Options of `fault dispatch`.
#[derive(Debug, clap::Args)]
pub struct Dispatch {
    #[command(flatten)]
    step: Step,
    /// Who was sent or called
    #[arg(long, value_name = "NAME")]
    to: String,
    /// The carrier's number of it
    #[arg(long, value_name = "TICKET")]
    ticket: Option<String>,
}

/// Options of `fault close`.
#[derive(Debug, clap::Args)]
pub struct Close {
    /// Its number
    #[arg(value_name = "FAULT")]
    fault: String,
    /// What it came from, like 光缆/施工
    #[arg(long, value_name = "CAUSE")]
    cause: String,
    /// What was done
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    remedy: String,
    /// Whose it is
    #[arg(long, value_name = "NAME")]
    responsibility: Option<String>,
    /// Why it took longer than the deadline
    #[arg(long, value_name = "TEXT")]
    overdue_reason: Option<String>,
    /// When it was done [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    said: Said,
}

/// Options of `fault void`.
#[derive(Debug, clap::Args)]
pub struct Why {
    /// Its number
    #[arg(value_name = "FAULT")]
    fault: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    said: Said,
}

/// Options of `fault reopen`.
#[derive(Debug, clap::Args)]
pub struct Reopen {
    #[command(flatten)]
    why: Why,
    /// When that turned out [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// Options of `fault merge`.
#[derive(Debug, clap::Args)]
pub struct Merge {
    #[command(flatten)]
    why: Why,
    /// The fault that it is a part of
    #[arg(long, value_name = "FAULT")]
    into: String,
}

/// Options of `fault split`.
#[derive(Debug, clap::Args)]
pub struct Split {
    #[command(flatten)]
    why: Why,
    /// Points of it; the new fault stands on the first
    #[arg(long = "line", value_name = "LINE", required = true)]
    lines: Vec<String>,
}

/// Options of `fault note`.
#[derive(Debug, clap::Args)]
pub struct Note {
    /// Its number
    #[arg(value_name = "FAULT")]
    fault: String,
    /// Anything
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    words: String,
    /// What is wrong, of the configured ones
    #[arg(long, value_name = "SYMPTOM")]
    symptom: Option<String>,
    /// The carrier's number of it
    #[arg(long, value_name = "TICKET")]
    ticket: Option<String>,
    /// Whom to ask on the spot
    #[arg(long, value_name = "NAME")]
    contact: Option<String>,
    /// How to call him
    #[arg(long, value_name = "PHONE")]
    phone: Option<String>,
    /// Why it takes longer than the deadline
    #[arg(long, value_name = "TEXT")]
    overdue_reason: Option<String>,
    /// Whose it is
    #[arg(long, value_name = "NAME")]
    responsibility: Option<String>,
    /// The right cause, of a closed one
    #[arg(long, value_name = "CAUSE")]
    cause: Option<String>,
    /// What was done, of a closed one
    #[arg(long, value_name = "TEXT")]
    remedy: Option<String>,
    #[command(flatten)]
    said: Said,
}

/// Options of `fault point`.
#[derive(Debug, clap::Args)]
pub struct Point {
    /// Its number
    #[arg(value_name = "FAULT")]
    fault: String,
    /// The line
    #[arg(value_name = "LINE")]
    line: String,
    /// It is not affected, or not any more
    #[arg(long)]
    remove: bool,
    /// Since when [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    #[command(flatten)]
    said: Said,
}

/// Options of `fault exempt`.
#[derive(Debug, clap::Args)]
pub struct Exempt {
    #[command(flatten)]
    why: Why,
    /// Number of the document that it rests on
    #[arg(long, value_name = "NO")]
    document: String,
}

pub fn report(args: &Report, common: &Common) -> Result<(), Failure> {
    let desk = Desk::of(common)?;
    let known = &desk.config.faults.choices.channels;
    let by_phone = || known.iter().find(|channel| channel.as_str() == BY_PHONE).cloned().unwrap_or_default();
    let report = linewatch_core::record::Report {
        channel: args.channel.clone().unwrap_or_else(by_phone),
        symptom: args.symptom.clone(),
        reporter: args.reporter.clone(),
        phone: args.phone.clone(),
        words: args.words.clone(),
    };
    let line = args.line.as_str().into();
    let at = at(args.at.as_ref(), desk.config.site.zone, desk.language)?;
    carry_out(&desk, &args.said, Act::Fault(FaultAct::Report { line, at, report }))
}

pub fn acknowledge(args: &Step, common: &Common) -> Result<(), Failure> {
    step(args, common, |fault, at, note| FaultAct::Acknowledge { fault, at, note })
}

pub fn arrive(args: &Step, common: &Common) -> Result<(), Failure> {
    step(args, common, |fault, at, note| FaultAct::Arrive { fault, at, note })
}

pub fn restore(args: &Step, common: &Common) -> Result<(), Failure> {
    step(args, common, |fault, at, note| FaultAct::Restore { fault, at, note })
}

pub fn dispatch(args: &Dispatch, common: &Common) -> Result<(), Failure> {
    let (to, ticket) = (args.to.clone(), args.ticket.clone());
    step(&args.step, common, |fault, at, note| FaultAct::Dispatch { fault, at, to, ticket, note })
}

fn step(
    args: &Step,
    common: &Common,
    act: impl FnOnce(FaultNo, Option<Timestamp>, String) -> FaultAct,
) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let fault = known(&mut desk, &args.fault)?;
    let at = at(args.at.as_ref(), desk.config.site.zone, desk.language)?;
    carry_out(&desk, &args.said, Act::Fault(act(fault, at, args.note.clone())))
}

pub fn close(args: &Close, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let fault = known(&mut desk, &args.fault)?;
    let at = at(args.at.as_ref(), desk.config.site.zone, desk.language)?;
    let closing = Closing {
        cause: vec![args.cause.clone()],
        remedy: args.remedy.clone(),
        responsibility: args.responsibility.clone(),
        overdue_reason: args.overdue_reason.clone(),
    };
    carry_out(&desk, &args.said, Act::Fault(FaultAct::Close { fault, at, closing }))
}

pub fn reopen(args: &Reopen, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let fault = known(&mut desk, &args.why.fault)?;
    let at = at(args.at.as_ref(), desk.config.site.zone, desk.language)?;
    let reason = args.why.reason.clone();
    carry_out(&desk, &args.why.said, Act::Fault(FaultAct::Reopen { fault, at, reason }))
}

pub fn merge(args: &Merge, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let (fault, into) = (known(&mut desk, &args.why.fault)?, known(&mut desk, &args.into)?);
    let reason = args.why.reason.clone();
    carry_out(&desk, &args.why.said, Act::Fault(FaultAct::Merge { fault, into, reason }))
}

pub fn split(args: &Split, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let fault = known(&mut desk, &args.why.fault)?;
    let lines = args.lines.iter().map(|id| id.as_str().into()).collect();
    let reason = args.why.reason.clone();
    carry_out(&desk, &args.why.said, Act::Fault(FaultAct::Split { fault, lines, reason }))
}

pub fn void(args: &Why, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let fault = known(&mut desk, &args.fault)?;
    carry_out(&desk, &args.said, Act::Fault(FaultAct::Void { fault, reason: args.reason.clone() }))
}

pub fn note(args: &Note, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let fault = known(&mut desk, &args.fault)?;
    let amendment = Amendment {
        words: args.words.clone(),
        symptom: args.symptom.clone(),
        ticket: args.ticket.clone(),
        contact: args.contact.clone(),
        phone: args.phone.clone(),
        overdue_reason: args.overdue_reason.clone(),
        responsibility: args.responsibility.clone(),
        cause: args.cause.clone().map(|cause| vec![cause]),
        remedy: args.remedy.clone(),
    };
    carry_out(&desk, &args.said, Act::Fault(FaultAct::Note { fault, amendment }))
}

pub fn point(args: &Point, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let fault = known(&mut desk, &args.fault)?;
    let from = at(args.at.as_ref(), desk.config.site.zone, desk.language)?;
    let (line, reason) = (args.line.as_str().into(), args.reason.clone());
    let act = if args.remove {
        FaultAct::RemovePoint { fault, line, from, reason }
    } else {
        FaultAct::AddPoint { fault, line, from, reason }
    };
    carry_out(&desk, &args.said, Act::Fault(act))
}

pub fn exempt(args: &Exempt, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let fault = number(&args.why.fault);
    // One that was imported has no row of its own; the ledger knows its number.
    if fault.as_str().starts_with('F') && desk.look(|snapshot, _, _| snapshot.fault(&fault))?.is_none() {
        return Err(nowhere(&fault, desk.language));
    }
    let (reason, document) = (args.why.reason.clone(), args.document.clone());
    carry_out(&desk, &args.why.said, Act::Decide(Deciding::Exempt { fault, reason, document }))
}

/// A fault that people can still do something about, or why not.
fn known(desk: &mut Desk, text: &str) -> Result<FaultNo, Failure> {
    let fault = number(text);
    let language = desk.language;
    let found = desk.look(|snapshot, context, _| Ok(snapshot.fault(&fault)?.map(|row| (row, context.now))))?;
    let Some((row, now)) = found else { return Err(nowhere(&fault, language)) };
    if let Some(into) = row.merged_into {
        return Err(Failure(language.pick(
            format!("故障 {fault} 已并入 {into}，请对 {into} 操作"),
            format!("fault {fault} is a part of {into} now: name that one"),
        )));
    }
    if row.work.settled().is_some_and(|settled| settled < now - Ledger::SETTLED_KEPT) {
        return Err(Failure(language.pick(
            format!("故障 {fault} 关闭已超过 31 天，不能再改；又坏了的话，用 linewatch fault report 重新报障"),
            format!(
                "fault {fault} was closed more than 31 days ago and stands; for a new one `linewatch fault report`"
            ),
        )));
    }
    Ok(fault)
}

fn nowhere(fault: &FaultNo, language: Language) -> Failure {
    Failure(language.pick(
        format!("没有编号为 {fault} 的故障；linewatch fault list 列出待办的"),
        format!("there is no fault {fault}; `linewatch fault list` lists what is to be done"),
    ))
}

/// Has it recorded, and says what was.
fn carry_out(desk: &Desk, said: &Said, act: Act) -> Result<(), Failure> {
    let records = person::carry_out(&desk.config, &said.by, act, desk.language)?;
    if said.json {
        return print(&(serde_json::to_string_pretty(&records)? + "\n"));
    }
    let now = records.last().map_or(Timestamp::MIN, |record| record.recorded_at);
    let words = Words { language: desk.language, zone: desk.config.site.zone, now };
    for record in &records {
        print(&told(record, &words))?;
    }
    Ok(())
}

fn told(record: &Record, words: &Words) -> String {
    let (seq, language) = (record.seq, words.language);
    let sentence = match &record.fact {
        Fact::Fault(fact) => {
            let moment = |at: Timestamp| words.moment(&at);
            let fault = fact.fault();
            let loud = if matches!(fact, FaultFact::Repaired { restored: None, .. }) { "!! " } else { "" };
            format!("{loud}{fault} {}", timeline::sentence(fact, fault, &moment, language))
        }
        Fact::Decision(_) => language.pick(
            format!("提出免责，要由另一个人批准：linewatch outage approve {seq}"),
            format!("proposed; another person has to approve it: linewatch outage approve {seq}"),
        ),
        other => other.kind().to_owned(),
    };
    language.pick(format!("已记录（第 {seq} 条）：{sentence}\n"), format!("recorded as {seq}: {sentence}\n"))
}

//! Faults as the API tells them: what `report::faults` knows, without what the viewer may not see.

use linewatch_core::ledger::Stage;
use linewatch_core::record::FaultSource;
use linewatch_core::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::output::moment;
use crate::language::Language;
use crate::report::faults::{FaultLine, FaultReport, Next};

/// A fault as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct FaultItem {
    /// Its number.
    number: String,
    /// The line it stands on.
    line: String,
    /// That line's name.
    name: String,
    /// Its class.
    class: String,
    /// Its township, may be empty.
    township: String,
    /// Its village, may be empty.
    village: String,
    /// `detected` or `reported`.
    source: String,
    /// By which way it was reported first.
    channel: Option<String>,
    /// `open`, `acknowledged`, `dispatched`, `on_site`, `restored`, `closed` or `void`.
    stage: String,
    /// A person said then that it is restored, and the probes contradict: the line is still down.
    #[schema(format = DateTime)]
    contradicted: Option<String>,
    /// Restored by what a person said, and the line has not been up for the stability time since.
    unverified: bool,
    /// The line is down by the probes now.
    down: bool,
    /// Dated from here.
    #[schema(format = DateTime)]
    opened: String,
    /// To be restored before.
    #[schema(format = DateTime)]
    deadline: String,
    /// The deadline passed before it was restored.
    overdue: bool,
    /// When it was restored.
    #[schema(format = DateTime)]
    restored: Option<String>,
    /// When it was closed.
    #[schema(format = DateTime)]
    closed: Option<String>,
    /// How often it came back.
    #[schema(minimum = 0)]
    again: usize,
    /// Affected lines, its own included.
    #[schema(minimum = 0)]
    points: usize,
    /// What is wrong.
    symptom: Option<String>,
    /// Who was sent last; only for who may see people.
    sent: Option<String>,
    /// The carrier's number of it.
    ticket: Option<String>,
    /// What it came from, from the root of the tree; empty: nobody has said.
    cause: Vec<String>,
    /// Why it takes, or took, longer than the deadline.
    overdue_reason: Option<String>,
    /// Some step was entered long after it was done.
    late: bool,
    /// Approved as nobody's who is judged by the figures.
    exempt: bool,
    /// The fault that it became a part of.
    merged_into: Option<String>,
    /// Steps that may be done next, the first one first.
    next: Vec<String>,
}

/// A fault with all that was done and said.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FaultDetail {
    /// As a list shows it.
    fault: FaultItem,
    /// Whom to ask on the spot; only for who may see people.
    contact: Option<String>,
    /// How to call him; only for who may see people.
    phone: Option<String>,
    /// Where the line ends; only for who may see people.
    install_address: Option<String>,
    /// What is probed.
    address: String,
    /// Whose the circuit is.
    carrier: String,
    /// The number by which the carrier knows it.
    circuit_no: String,
    /// What was done.
    remedy: String,
    /// Whose it is.
    responsibility: Option<String>,
    /// Affected lines.
    points: Vec<PointItem>,
    /// What was done and said, by time.
    timeline: Vec<EntryItem>,
    /// Faults that became a part of it.
    within: Vec<String>,
}

/// An affected line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PointItem {
    /// The line.
    line: String,
    /// Its name.
    name: String,
    /// Affected from here.
    #[schema(format = DateTime)]
    from: String,
    /// When it was affected no more.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// Down by the probes now.
    down: bool,
    /// `own`, `outage` or `named`.
    kind: String,
}

/// Something in the history of a fault.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryItem {
    /// When it was so.
    #[schema(format = DateTime)]
    at: String,
    /// When it was entered; none: seen by probes.
    #[schema(format = DateTime)]
    entered: Option<String>,
    /// The record's kind.
    kind: String,
    /// Number of the record.
    record: Option<u64>,
    /// Entered long afterwards.
    late: bool,
    /// The probes contradict what was said.
    contradicted: bool,
    /// Who said so; only for who may see people.
    by: Option<String>,
    /// What happened, in English; only for who may see people.
    sentence: Option<String>,
    /// 发生了什么；only for who may see people.
    sentence_zh: Option<String>,
}

/// The name of something as serde writes it.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

impl FaultItem {
    /// A fault, with names of people or without.
    pub(super) fn of(fault: &FaultLine, people: bool) -> Self {
        let stage: Stage = fault.stage;
        let source: FaultSource = fault.source;
        Self {
            number: fault.number.to_string(),
            line: fault.line.to_string(),
            name: fault.name.clone(),
            class: fault.class.to_string(),
            township: fault.township.to_string(),
            village: fault.village.clone(),
            source: source.label().to_owned(),
            channel: fault.channel.clone(),
            stage: stage.label().to_owned(),
            contradicted: fault.contradicted.map(moment),
            unverified: fault.unverified,
            down: fault.down,
            opened: moment(fault.opened),
            deadline: moment(fault.deadline),
            overdue: fault.overdue,
            restored: fault.restored.map(moment),
            closed: fault.closed.map(moment),
            again: fault.again,
            points: fault.points,
            symptom: fault.symptom.clone(),
            sent: fault.sent.clone().filter(|_| people),
            ticket: fault.ticket.clone(),
            cause: fault.cause.clone(),
            overdue_reason: fault.overdue_reason.clone(),
            late: fault.late,
            exempt: fault.exempt,
            merged_into: fault.merged_into.as_ref().map(ToString::to_string),
            next: fault.next.iter().map(|next: &Next| word(next)).collect(),
        }
    }
}

impl FaultDetail {
    /// A fault, with names of people or without; instants in sentences are those of the site's zone.
    pub(super) fn of(report: &FaultReport, people: bool, zone: chrono_tz::Tz) -> Self {
        let private = |text: &String| people.then(|| text.clone());
        let when = |at: Timestamp| at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string();
        let points = report.affected.iter().map(|point| PointItem {
            line: point.line.to_string(),
            name: point.name.clone(),
            from: moment(point.from),
            until: point.until.map(moment),
            down: point.down,
            kind: word(&point.kind),
        });
        let timeline = report.timeline.iter().map(|entry| {
            let sentence = |language| people.then(|| entry.sentence(&report.fault.number, &when, language));
            EntryItem {
                at: moment(entry.at),
                entered: entry.entered.map(moment),
                kind: entry.kind.to_owned(),
                record: entry.record,
                late: entry.late,
                contradicted: entry.contradicted,
                by: private(&entry.by),
                sentence: sentence(Language::English),
                sentence_zh: sentence(Language::Chinese),
            }
        });
        Self {
            fault: FaultItem::of(&report.fault, people),
            contact: private(&report.contact),
            phone: private(&report.phone),
            install_address: private(&report.install_address),
            address: report.address.clone(),
            carrier: report.carrier.clone(),
            circuit_no: report.circuit_no.clone(),
            remedy: report.remedy.clone(),
            responsibility: report.responsibility.clone(),
            points: points.collect(),
            timeline: timeline.collect(),
            within: report.within.iter().map(ToString::to_string).collect(),
        }
    }
}

//! A fault as the lists show it.

use std::collections::HashMap;
use std::sync::Arc;

use linewatch_core::ledger::{DecisionRow, FaultRow, FaultWork, Stage};
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::State;
use linewatch_core::person::Deed;
use linewatch_core::record::{FaultNo, FaultSource};
use linewatch_core::time::Timestamp;
use linewatch_core::view::Shown;

use super::super::visit::Visit;
use crate::report::faults::FaultLine;
use crate::report::words::{self, Words};

/// What lists need to know of a fault, wherever it was read.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) fault: FaultNo,
    pub(super) source: FaultSource,
    pub(super) line: LineId,
    pub(super) opened: Timestamp,
    pub(super) deadline: Timestamp,
    pub(super) restored: Option<Timestamp>,
    pub(super) work: Arc<FaultWork>,
}

impl From<&FaultLine> for Item {
    fn from(fault: &FaultLine) -> Self {
        Self {
            fault: fault.number.clone(),
            source: fault.source,
            line: fault.line.clone(),
            opened: fault.opened,
            deadline: fault.deadline,
            restored: fault.restored,
            work: Arc::clone(&fault.work),
        }
    }
}

impl From<FaultRow> for Item {
    fn from(row: FaultRow) -> Self {
        Self {
            fault: row.fault,
            source: row.source,
            line: row.line,
            opened: row.opened,
            deadline: row.deadline,
            restored: row.restored,
            work: row.work,
        }
    }
}

impl Item {
    /// Its deadline passed before it was restored, or has passed.
    pub(super) fn is_overdue(&self, now: Timestamp) -> bool {
        self.work.stage != Stage::Void && self.deadline <= self.restored.unwrap_or(now)
    }
}

/// Lines in service by their ids.
pub(super) type Lines<'a> = HashMap<&'a LineId, (&'a Arc<Line>, State)>;

/// The lines that a visitor sees.
pub(super) fn lines<'a>(shown: &Shown<'a>) -> Lines<'a> {
    shown.lines.iter().map(|view| (&view.line.id, (view.line, view.state))).collect()
}

/// A fault as it is shown in a list.
pub(super) struct FaultCard {
    pub(super) number: String,
    pub(super) line: String,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) stage: &'static str,
    pub(super) stage_class: &'static str,
    pub(super) stripe: &'static str,
    pub(super) deadline: String,
    pub(super) overdue: bool,
    pub(super) since: String,
    pub(super) source: &'static str,
    pub(super) symptom: String,
    pub(super) points: usize,
    pub(super) contradicted: bool,
    /// What is to be done next; empty: nothing.
    pub(super) next: &'static str,
    pub(super) line_state: &'static str,
    pub(super) line_state_class: &'static str,
    // For the printed list.
    pub(super) circuit: String,
    pub(super) address: String,
    /// Name and number, on a line each.
    pub(super) contact: String,
    pub(super) opened: String,
    pub(super) due: String,
}

/// The card of a fault with so many affected lines.
pub(super) fn card(item: &Item, lines: &Lines<'_>, points: usize, visit: &Visit) -> FaultCard {
    let words = visit.words();
    let known = lines.get(&item.line).copied();
    let line = known.map(|(line, _)| line);
    let overdue = item.is_overdue(words.now);
    let stage = item.work.stage;
    let text = |pick: fn(&Line) -> &str| line.map_or(String::new(), |line| pick(line).to_owned());
    let place = [item.line.to_string(), text(|line| line.township.as_str()), text(|line| &line.village)];
    FaultCard {
        number: item.fault.to_string(),
        line: item.line.to_string(),
        name: line.map_or_else(|| item.line.to_string(), |line| line.name.clone()),
        place: place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        stage: words::stage(stage, words.language),
        stage_class: stage_class(stage),
        stripe: if stage.is_open() && overdue { "late" } else { stage_class(stage) },
        deadline: deadline(item, &words),
        overdue,
        since: words.since(&item.opened),
        source: source(item.source, &words),
        symptom: item.work.symptom.clone().unwrap_or_default(),
        points,
        contradicted: item.work.contradicted().is_some(),
        next: next_word(stage, &words),
        line_state: known.map_or("", |(_, state)| words.state(&state)),
        line_state_class: known.map_or("", |(_, state)| state.label()),
        circuit: text(|line| &line.circuit_no),
        address: text(|line| &line.install_address),
        contact: if visit.viewer.may(Deed::SeeContacts) {
            contact(item, line.map(AsRef::as_ref))
        } else {
            String::new()
        },
        opened: words.full_moment(&item.opened)[..16].to_owned(),
        due: words.full_moment(&item.deadline)[..16].to_owned(),
    }
}

impl FaultCard {
    /// The card of a fault that became part of another: it has neither stage nor deadline any more.
    pub(super) fn merged(self, words: &Words) -> Self {
        let stage = words.language.pick("已并入", "merged");
        Self { stage, stage_class: "", stripe: "", deadline: String::new(), overdue: false, next: "", ..self }
    }
}

fn contact(item: &Item, line: Option<&Line>) -> String {
    let name = item.work.contact.clone().or_else(|| line.map(|line| line.contact.clone()));
    let phone = item.work.phone.clone().or_else(|| line.map(|line| line.phone.clone()));
    [name, phone].into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The class of a stage's sign in the stylesheet.
pub(super) fn stage_class(stage: Stage) -> &'static str {
    match stage {
        Stage::Open => "down",
        Stage::Acknowledged | Stage::Dispatched | Stage::OnSite => "wait",
        Stage::Restored => "up",
        Stage::Closed => "done",
        Stage::Void => "",
    }
}

/// Who noticed.
pub(super) fn source(source: FaultSource, words: &Words) -> &'static str {
    match source {
        FaultSource::Detected => words.language.pick("网管自查", "probes"),
        FaultSource::Reported => words.language.pick("人工上报", "reported"),
    }
}

/// What is to be done next.
fn next_word(stage: Stage, words: &Words) -> &'static str {
    match stage {
        Stage::Open => words.language.pick("待受理", "to be acknowledged"),
        Stage::Acknowledged | Stage::Dispatched => words.language.pick("待到场", "to go there"),
        Stage::OnSite => words.language.pick("待修复", "to be repaired"),
        Stage::Restored => words.language.pick("待关闭", "to be closed"),
        Stage::Closed | Stage::Void => "",
    }
}

/// How the deadline stands.
pub(super) fn deadline(item: &Item, words: &Words) -> String {
    match (item.restored, item.work.stage) {
        (_, Stage::Void) => String::new(),
        (Some(restored), _) if restored > item.deadline => {
            let late = words.length(&(restored - item.deadline));
            words.language.pick(format!("超时限 {late} 修复"), format!("restored {late} late"))
        }
        (Some(restored), _) => {
            let took = words.length(&(restored - item.opened));
            words.language.pick(format!("按时修复，用时 {took}"), format!("restored in time, in {took}"))
        }
        (None, _) if item.deadline <= words.now => {
            let late = words.since(&item.deadline);
            words.language.pick(format!("已超时限 {late}"), format!("overdue by {late}"))
        }
        (None, _) => {
            let left = words.length(&(item.deadline - words.now));
            words.language.pick(format!("时限还剩 {left}"), format!("{left} left"))
        }
    }
}

/// Whether a visitor may see a fault: its own line, or one of its points, is his.
pub(super) fn is_seen(item: &Item, points: &[LineId], visit: &Visit, lines: &Lines<'_>) -> bool {
    visit.viewer.township().is_none()
        || lines.contains_key(&item.line)
        || points.iter().any(|point| lines.contains_key(point))
}

/// How it stands with a fault's exemption; why and on which document, for whoever may see decisions.
pub(super) fn exempt(row: &DecisionRow, visit: &Visit) -> String {
    let (chinese, english) =
        if row.in_force() { ("已批准", "approved") } else { ("待审批", "waits for approval") };
    let state = visit.language.pick(chinese, english);
    if !visit.viewer.may(Deed::SeeDecisions) {
        return state.to_owned();
    }
    let (reason, document) = (&row.reason, &row.document);
    visit.language.pick(format!("{state}：{reason}（{document}）"), format!("{state}: {reason} ({document})"))
}

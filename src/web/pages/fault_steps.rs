//! What the forms of a fault's page ask for.

use linewatch_core::act::{Act, Deciding, FaultAct};
use linewatch_core::record::{Amendment, Closing, FaultNo};
use linewatch_core::view::Shown;

use super::super::form::{Fields, Mistake};
use super::super::visit::Visit;
use super::inspections;

/// The act that a form asks for.
///
/// # Errors
/// What is missing or cannot be understood.
pub(super) fn act(fault: &FaultNo, fields: &Fields, visit: &Visit, shown: &Shown<'_>) -> Result<Act, Mistake> {
    let fault = fault.clone();
    let zone = visit.words().zone;
    let at = fields.instant("at", zone, visit.language)?;
    let text = |name: &str| fields.value(name).to_owned();
    let said = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let (note, reason) = (text("note"), text("reason"));
    Ok(Act::Fault(match fields.value("do") {
        "acknowledge" => FaultAct::Acknowledge { fault, at, note },
        "dispatch" => FaultAct::Dispatch { fault, at, to: text("to"), ticket: said("ticket"), note },
        "arrive" => FaultAct::Arrive { fault, at, note },
        "restore" => FaultAct::Restore { fault, at, note },
        "close" => FaultAct::Close {
            fault,
            at,
            closing: Closing {
                cause: path(fields.value("cause")),
                remedy: text("remedy"),
                responsibility: said("responsibility"),
                overdue_reason: said("overdue_reason"),
            },
        },
        "reopen" => FaultAct::Reopen { fault, at, reason },
        "void" => FaultAct::Void { fault, reason },
        "merge" => FaultAct::Merge { fault, into: FaultNo::from_stored(text("into").to_uppercase()), reason },
        "split" => FaultAct::Split { fault, lines: fields.values("point").map(Into::into).collect(), reason },
        "add_point" => {
            let line = inspections::the_line(shown, fields.value("line"), visit)?;
            FaultAct::AddPoint { fault, line, from: at, reason }
        }
        "remove_point" => FaultAct::RemovePoint { fault, line: fields.value("line").into(), from: at, reason },
        "note" => FaultAct::Note {
            fault,
            amendment: Amendment {
                words: note,
                symptom: said("symptom"),
                ticket: said("ticket"),
                contact: said("contact"),
                phone: said("phone"),
                overdue_reason: said("overdue_reason"),
                responsibility: said("responsibility"),
                cause: said("cause").map(|cause| path(&cause)),
                remedy: said("remedy"),
            },
        },
        "exempt" => {
            return Ok(Act::Decide(Deciding::Exempt { fault, reason, document: text("document") }));
        }
        _ => return Err(visit.language.pick("没有这个操作。", "There is no such step.").to_owned().into()),
    }))
}

/// `光缆/施工`. A cause may have a slash of its own (光猫/收发器): only the first one divides.
fn path(text: &str) -> Vec<String> {
    match text.split_once('/') {
        Some((kind, cause)) => vec![kind.to_owned(), cause.to_owned()],
        None if text.is_empty() => Vec::new(),
        None => vec![text.to_owned()],
    }
}

/// What was done, for the address of the page that says so.
pub(super) fn done(fields: &Fields) -> &str {
    let done = fields.value("do");
    if DONE.iter().any(|(key, ..)| *key == done) { done } else { "note" }
}

const DONE: [(&str, &str, &str); 14] = [
    ("reported", "已报障，谢谢！处理进展会显示在这一页。", "Reported, thank you! This page shows how it goes on."),
    (
        "joined",
        "这条线路已有未关闭的故障，您的报障已并入。",
        "There is an open fault for this line: your report was added to it.",
    ),
    ("acknowledge", "已受理。", "Acknowledged."),
    ("dispatch", "已派单。", "Somebody is sent."),
    ("arrive", "已记录到场。", "On site."),
    ("restore", "已记录修复。", "Recorded as restored."),
    ("close", "已关闭。", "Closed."),
    ("reopen", "已重开。", "Reopened."),
    ("void", "已记为误报。", "Recorded as none."),
    ("merge", "已合并。", "Merged."),
    ("split", "已拆分，新故障见下面的过程。", "Split; the history below names the new fault."),
    ("note", "已补充。", "Noted."),
    ("add_point", "已加入点位。", "The line was added."),
    ("remove_point", "已移出点位。", "The line was taken out."),
];

/// What was done, said once.
pub(super) fn said(visit: &Visit) -> String {
    match visit.value("done") {
        Some("exempt") => {
            visit.language.pick("已提出免责，等第二人批准。", "Proposed: a second person has to approve it.").to_owned()
        }
        Some(done) => DONE
            .iter()
            .find(|(key, ..)| *key == done)
            .map(|(_, chinese, english)| visit.language.pick(*chinese, *english).to_owned())
            .unwrap_or_default(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn only_the_first_slash_divides_a_cause() {
        assert_eq!(path("光缆/施工"), ["光缆", "施工"]);
        assert_eq!(path("设备/光猫/收发器"), ["设备", "光猫/收发器"]);
        assert_eq!(path("其他"), ["其他"]);
        assert!(path("").is_empty());
    }
}

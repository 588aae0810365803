//! Inspections: who was where, and what is refused.

use linewatch_core::act::{Act, Inspection};
use linewatch_core::command::Command;
use linewatch_core::ledger::Row;
use linewatch_core::record::{FaultNo, InspectionFact};

use crate::text::{Journal, at};

fn inspect(line: &str, inspector: &str, second: i64, fault: Option<&str>) -> Command {
    let inspection = Inspection {
        line: line.into(),
        inspector: inspector.to_owned(),
        at: at(second),
        findings: "ok".to_owned(),
        fault: fault.map(|fault| FaultNo::from_stored(fault.to_owned())),
    };
    Command::Person { author: "wang".to_owned(), act: Act::Inspect(inspection) }
}

#[test]
fn an_inspection_is_kept_with_who_was_there_and_who_said_so() {
    let mut journal = Journal::with("A");
    journal.tell("due 1000 | report A 500");
    let kept: Vec<_> = [inspect("A", "", 1000, None), inspect("A", "li", 900, Some("F20260105-001"))]
        .iter()
        .map(|command| {
            journal.carry_out(command);
            let Some(Row::Inspection(row)) = journal.tables.0.get(&format!("inspection {}", journal.ledger.seq()))
            else {
                panic!("no row")
            };
            let InspectionFact::Made { line, inspector, at, findings, fault } = row.fact.clone();
            (line.to_string(), inspector, at, findings, fault.is_some(), row.said.by.clone())
        })
        .collect();
    let told = |inspector: &str, second: i64, fault: bool| {
        ("A".to_owned(), inspector.to_owned(), at(second), "ok".to_owned(), fault, "wang".to_owned())
    };
    assert_eq!(kept, [told("wang", 1000, false), told("li", 900, true)]);
}

#[test]
fn nobody_inspects_what_there_is_not_or_is_not_yet() {
    let mut journal = Journal::with("A");
    journal.tell("due 1000");
    for (command, objection) in [
        (inspect("B", "", 900, None), "no line B"),
        (inspect("A", "", 1001, None), "is not yet"),
        (inspect("A", "", 900, Some("F20260105-001")), "no fault F20260105-001"),
    ] {
        let refusal = journal.attempt(&command).expect_err(objection).to_string();
        assert!(refusal.contains(objection), "{refusal}");
    }
}

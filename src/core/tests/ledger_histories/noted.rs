//! What people say of a fault besides the steps of its repair, and which of it counts as a step.

use linewatch_core::ledger::{FaultWork, Stage};

use crate::steps::work;
use crate::text::{at, refused};

#[test]
fn a_stage_is_open_until_the_repair_and_settled_when_nothing_is_left_on_paper() {
    let told: Vec<_> = Stage::ALL.iter().map(|stage| (stage.label(), stage.is_open(), stage.is_settled())).collect();
    assert_eq!(
        told,
        [
            ("open", true, false),
            ("acknowledged", true, false),
            ("dispatched", true, false),
            ("on_site", true, false),
            ("restored", false, false),
            ("closed", false, true),
            ("void", false, true),
        ]
    );
}

#[test]
fn any_step_of_the_repair_is_a_persons_step_and_paper_is_none() {
    let human = |history: &str| {
        let work = work("A", history);
        assert_eq!(work.has_human_steps(), work.rounds[0].has_human_step());
        work.has_human_steps()
    };
    for step in ["ack F1", "send F1", "arrive F1", "fix F1"] {
        assert!(human(&format!("down A 100 | due 160 | {step}")), "{step}");
    }
    assert!(human("due 100 | report A | fix F1"));
    assert!(!human("due 100 | report A"));
    assert!(!human("down A 100 | due 160 | report A | note F1 ticket=7 | up A 300 | due 600 | close F1"));
}

#[test]
fn a_step_of_any_round_counts() {
    let again = "down A 100 | due 160 | ack F1 | up A 200 | due 500 | down A 600";
    let work = work("A", again);
    assert_eq!(
        work.rounds.iter().map(linewatch_core::ledger::Round::has_human_step).collect::<Vec<_>>(),
        [true, false]
    );
    assert!(work.has_human_steps());
}

#[test]
fn a_note_puts_right_what_it_names_and_leaves_the_rest() {
    let closed = "due 100 | report A symptom=丢包 | send F1 ticket=7 | close F1 cause=光缆/施工 remedy=a overdue=b whose=c \
                  | note F1 contact=d phone=1";
    let before = work("A", closed);
    let text = |text: &str| Some(text.to_owned());
    let fields = |work: &FaultWork| {
        [&work.symptom, &work.ticket, &work.contact, &work.phone, &work.overdue_reason, &work.responsibility]
            .map(Clone::clone)
    };
    assert_eq!(fields(&before), [text("丢包"), text("7"), text("d"), text("1"), text("b"), text("c")]);
    assert_eq!((before.cause.join("/"), before.remedy.as_str()), ("光缆/施工".to_owned(), "a"));
    let noted = |told: &str| work("A", &format!("{closed} | note F1 {told}"));
    assert_eq!(noted("words=x"), before);
    assert_eq!(noted("symptom=中断"), FaultWork { symptom: text("中断"), ..before.clone() });
    assert_eq!(noted("ticket=8"), FaultWork { ticket: text("8"), ..before.clone() });
    assert_eq!(noted("contact=e"), FaultWork { contact: text("e"), ..before.clone() });
    assert_eq!(noted("phone=2"), FaultWork { phone: text("2"), ..before.clone() });
    assert_eq!(noted("overdue=f"), FaultWork { overdue_reason: text("f"), ..before.clone() });
    assert_eq!(noted("whose=g"), FaultWork { responsibility: text("g"), ..before.clone() });
    assert_eq!(noted("remedy=h"), FaultWork { remedy: "h".to_owned(), ..before.clone() });
    let cause = ["光缆", "人为"].map(str::to_owned).to_vec();
    assert_eq!(noted("cause=人为"), FaultWork { cause, ..before });
}

#[test]
fn cause_and_remedy_are_noted_of_a_closed_fault_only() {
    refused("A", "due 1000 | report A 500 | note F1 remedy=x", "is not closed");
    refused("A", "due 1000 | report A 500 | fix F1 | note F1 cause=施工", "is not closed");
}

#[test]
fn a_named_line_is_taken_back_alone_and_once() {
    let named = |history: &str| {
        let work = work("A V W", &format!("due 1000 | report A 500 | {history}"));
        work.named.iter().map(|point| (point.line.to_string(), point.from, point.left)).collect::<Vec<_>>()
    };
    let point = |line: &str, from: i64, left: Option<i64>| (line.to_owned(), at(from), left.map(at));
    let two = "point F1 V 600 | point F1 W 600 | unpoint F1 V 700";
    assert_eq!(named(two), [point("V", 600, Some(700)), point("W", 600, None)]);
    assert_eq!(
        named(&format!("{two} | point F1 V 800 | unpoint F1 V 900")),
        [point("V", 600, Some(700)), point("W", 600, None), point("V", 800, Some(900))]
    );
    assert_eq!(named("point F1 V 600 | unpoint F1 V 550"), [point("V", 600, Some(600))], "never before it began");
    refused("A V W", &format!("due 1000 | report A 500 | {two} | unpoint F1 V 800"), "is no such point");
}

#[test]
fn a_false_alarm_is_never_verified() {
    let voided = work("A", "due 100 | report A | fix F1 | void F1 | due 900");
    assert_eq!((voided.stage, voided.is_unverified()), (Stage::Void, false));
    assert!(work("A", "due 100 | report A | fix F1").is_unverified());
    assert!(work("A", "due 100 | report A | close F1").is_unverified());
    assert!(!work("A", "due 100 | report A | close F1 | due 400").is_unverified());
}

//! People's steps, one line each. `F1` is the first fault of the history, `F0` the last; a time may be left out.
//!
//! | text | act |
//! |---|---|
//! | `report A 100 symptom=丢包 channel=电话 reporter=li phone=1 words=x` | somebody tells that A does not work |
//! | `ack F1 100`, `send F1 100 to=li ticket=7`, `arrive F1 100`, `fix F1 100` | steps of the repair |
//! | `close F1 100 cause=光缆/施工` | it is done |
//! | `reopen F1 100`, `merge F2 F1`, `split F1 V W`, `void F1` | `reason=`: none |
//! | `note F1 ticket=7 overdue=x symptom=y cause=z words=x` | what is put right |
//! | `point F1 V 100`, `unpoint F1 V 100` | a line is affected, or is not |

use crate::text::{Journal, at, check, refused, short, time};
use linewatch_core::act::FaultAct;
use linewatch_core::ledger::{FaultWork, Ledger, Row, Stage};
use linewatch_core::line::LineId;
use linewatch_core::record::{Amendment, Closing, FaultFact, FaultNo, Report};

/// What a person says of a fault, if it is that.
pub fn act(words: &[&str]) -> Option<FaultAct> {
    let option = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)).map(str::to_owned);
    let given = |name: &str| option(name).unwrap_or_default();
    let plain: Vec<&str> = words.iter().skip(1).copied().filter(|word| !word.contains('=')).collect();
    let fault = || FaultNo::from_stored(plain[0].to_owned());
    let line = |index: usize| LineId::from(plain[index]);
    let at =
        |index: usize| plain.get(index).map(|text| at(text.parse().unwrap_or_else(|_| panic!("no time {text:?}"))));
    let (reason, note) = (option("reason=").unwrap_or_else(|| "r".to_owned()), given("note="));
    let cause = |text: String| text.split('/').map(str::to_owned).collect::<Vec<_>>();
    Some(match words[0] {
        "report" => FaultAct::Report {
            line: line(0),
            at: at(1),
            report: Report {
                channel: given("channel="),
                symptom: option("symptom="),
                reporter: given("reporter="),
                phone: given("phone="),
                words: given("words="),
            },
        },
        "ack" => FaultAct::Acknowledge { fault: fault(), at: at(1), note },
        "send" => FaultAct::Dispatch {
            fault: fault(),
            at: at(1),
            to: option("to=").unwrap_or_else(|| "li".to_owned()),
            ticket: option("ticket="),
            note,
        },
        "arrive" => FaultAct::Arrive { fault: fault(), at: at(1), note },
        "fix" => FaultAct::Restore { fault: fault(), at: at(1), note },
        "close" => FaultAct::Close {
            fault: fault(),
            at: at(1),
            closing: Closing {
                cause: cause(option("cause=").unwrap_or_else(|| "光缆/施工".to_owned())),
                remedy: given("remedy="),
                responsibility: option("whose="),
                overdue_reason: option("overdue="),
            },
        },
        "reopen" => FaultAct::Reopen { fault: fault(), at: at(1), reason },
        "merge" => FaultAct::Merge { fault: fault(), into: FaultNo::from_stored(plain[1].to_owned()), reason },
        "split" => {
            FaultAct::Split { fault: fault(), lines: plain[1..].iter().map(|id| LineId::from(*id)).collect(), reason }
        }
        "void" => FaultAct::Void { fault: fault(), reason },
        "note" => FaultAct::Note {
            fault: fault(),
            amendment: Amendment {
                words: given("words="),
                symptom: option("symptom="),
                ticket: option("ticket="),
                contact: option("contact="),
                phone: option("phone="),
                overdue_reason: option("overdue="),
                responsibility: option("whose="),
                cause: option("cause=").map(cause),
                remedy: option("remedy="),
            },
        },
        "point" => FaultAct::AddPoint { fault: fault(), line: line(1), from: at(2), reason },
        "unpoint" => FaultAct::RemovePoint { fault: fault(), line: line(1), from: at(2), reason },
        _ => return None,
    })
}

/// A person's step as text.
pub fn fact_text(fact: &FaultFact) -> String {
    let late = |late: &bool| if *late { " late" } else { "" };
    let number = short(fact.fault());
    match fact {
        FaultFact::Dated { opened, .. } => format!("dated {number} {}", time(*opened)),
        FaultFact::Verified { at, .. } => format!("verified {number} {}", time(*at)),
        FaultFact::Reported { line, opened, late: is_late, .. } => {
            format!("reported {number} {line} {}{}", time(*opened), late(is_late))
        }
        FaultFact::ReportJoined { line, at, late: is_late, .. } => {
            format!("told {number} {line} {}{}", time(*at), late(is_late))
        }
        FaultFact::Acknowledged { at, late: is_late, .. } => format!("acked {number} {}{}", time(*at), late(is_late)),
        FaultFact::Dispatched { at, late: is_late, .. } => format!("sent {number} {}{}", time(*at), late(is_late)),
        FaultFact::Arrived { at, late: is_late, .. } => format!("arrived {number} {}{}", time(*at), late(is_late)),
        FaultFact::Repaired { at, restored, late: is_late, .. } => match restored {
            Some(restored) => format!("fixed {number} {}{}", time(*restored), late(is_late)),
            None => format!("claimed {number} {}{}", time(*at), late(is_late)),
        },
        FaultFact::Closed { at, late: is_late, .. } => format!("closed {number} {}{}", time(*at), late(is_late)),
        FaultFact::Reopened { at, late: is_late, .. } => format!("reopened {number} {}{}", time(*at), late(is_late)),
        FaultFact::Combined { into, opened, .. } => format!("combined {number}>{} {}", short(into), time(*opened)),
        FaultFact::Split { of, line, opened, .. } => format!("split {}>{number} {line} {}", short(of), time(*opened)),
        FaultFact::Voided { .. } => format!("voided {number}"),
        FaultFact::Noted { .. } => format!("noted {number}"),
        FaultFact::PointAdded { line, from, .. } => format!("point {number} {line} {}", time(*from)),
        FaultFact::PointRemoved { line, from, .. } => format!("unpoint {number} {line} {}", time(*from)),
        other => panic!("no step: {other:?}"),
    }
}

/// The work of the first fault after a history.
pub fn work(lines: &str, history: &str) -> FaultWork {
    let mut journal = Journal::with(lines);
    journal.tell(history);
    let mut rows = journal.tables.0.values();
    rows.find_map(|row| if let Row::Fault(row) = row { Some(row) } else { None })
        .expect("a fault")
        .work
        .as_ref()
        .clone()
}

#[test]
fn from_a_call_to_a_verified_repair() {
    let history = "due 1000 | report A 900 symptom=丢包 channel=电话 reporter=zhang phone=1 | ack F1 | due 1100 | send F1 \
                   to=li ticket=7 | due 1500 | arrive F1 | due 2000 | fix F1 | due 2299 | due 2300 | close F1 cause=施工";
    check(
        "A",
        history,
        "reported 001 A 900 | acked 001 1000 | sent 001 1100 | arrived 001 1500 | fixed 001 2000 | verified 001 2000 \
         | closed 001 2300",
    );
    let work = work("A", history);
    assert_eq!((work.stage, work.sent.as_deref(), work.ticket.as_deref()), (Stage::Closed, Some("li"), Some("7")));
    assert_eq!(work.cause, ["光缆", "施工"]);
    assert_eq!(work.symptom.as_deref(), Some("丢包"));
    assert_eq!(work.reports[0].report.reporter, "zhang");
    assert!(work.has_human_steps());
}

#[test]
fn steps_may_be_left_out_and_forgotten_ones_entered_afterwards() {
    check("A", "due 100 | report A | close F1", "reported 001 A 100 | fixed 001 100 | closed 001 100");
    check("A", "due 100 | report A | arrive F1", "reported 001 A 100 | arrived 001 100");
    check(
        "A",
        "due 100 | report A | due 5000 | fix F1 4000 | arrive F1 3000 | ack F1 200",
        "reported 001 A 100 | fixed 001 4000 | arrived 001 3000 late | acked 001 200 late",
    );
    let work = work("A", "due 100 | report A | due 5000 | fix F1 4000 | arrive F1 3000 | ack F1 200");
    assert_eq!(work.stage, Stage::Restored, "what is entered afterwards does not take the work back");
}

#[test]
fn a_step_is_late_when_it_was_entered_more_than_half_an_hour_afterwards() {
    check("A", "due 1800 | report A 0 | due 1801 | ack F1 1", "reported 001 A 0 | acked 001 1");
    check("A", "due 1801 | report A 0 | due 1802 | ack F1 1", "reported 001 A 0 late | acked 001 1 late");
}

#[test]
fn restored_by_word_while_the_line_is_down_does_not_count() {
    let down = "down A 100 | due 160 | ack F1 | due 200 | fix F1";
    let claimed = "started A 100 own | opened 001 A 100 | acked 001 160 | claimed 001 200";
    check("A", down, claimed);
    let said = work("A", down);
    assert_eq!(said.stage, Stage::Acknowledged);
    assert_eq!(said.contradicted().map(|mark| mark.at), Some(at(200)));
    // It came back by then: verified, from when it did.
    check(
        "A",
        &format!("{down} | up A 300 | due 599 | due 600"),
        &format!("{claimed} | ended A 300 | restored 001 300"),
    );
    // It is said again, while it is up and not yet for the stability time.
    check(
        "A",
        &format!("{down} | up A 300 | due 350 | fix F1 | due 599 | due 650"),
        &format!("{claimed} | ended A 300 | fixed 001 350 | verified 001 350"),
    );
    assert!(work("A", &format!("{down} | up A 300 | due 600")).has_human_steps());
    // Of a reported fault too: nobody has to say it a second time.
    check(
        "A",
        "due 100 | report A | down A 150 | fix F1 | up A 300 | due 600",
        "reported 001 A 100 | started A 150 own | joined 001 A 150 | claimed 001 155 | ended A 300 | restored 001 300",
    );
}

#[test]
fn a_repair_is_never_before_the_end_of_an_own_outage() {
    check(
        "A",
        "down A 100 | due 160 | up A 300 | due 310 | fix F1 250 | due 600",
        "started A 100 own | opened 001 A 100 | ended A 300 | fixed 001 300 | verified 001 300",
    );
}

#[test]
fn a_line_that_fails_again_before_it_is_verified_is_a_relapse() {
    check(
        "A",
        "due 100 | report A | due 200 | fix F1 | down A 250 | up A 400 | due 900",
        "reported 001 A 100 | fixed 001 200 | started A 250 own | relapsed 001 250 | joined 001 A 250 | ended A 400",
    );
    let rounds = work("A", "due 100 | report A | due 200 | fix F1 | down A 250 | up A 400 | due 900").rounds;
    assert_eq!(rounds.iter().map(|round| round.from).collect::<Vec<_>>(), [at(100), at(250)]);
}

#[test]
fn a_reported_fault_waits_for_a_person_also_when_its_line_is_up_again() {
    let history = "due 90 | report A | down A 100 | due 160 | up A 300 | due 3000";
    check("A", history, "reported 001 A 90 | started A 100 own | joined 001 A 100 | ended A 300");
    check(
        "A",
        &format!("{history} | fix F1 | due 3300"),
        "reported 001 A 90 | started A 100 own | joined 001 A 100 | ended A 300 | fixed 001 3000 | verified 001 3000",
    );
}

#[test]
fn a_report_joins_the_fault_that_is_there_for_it() {
    let lines = "T V<T W<V";
    let cut = "down T 100 | down V 101 | due 160";
    let opened = "started T 100 own | started V 101 <T | opened 001 T 100 | joined 001 V 101";
    check(lines, &format!("{cut} | report T"), &format!("{opened} | told 001 T 160"));
    // Below it: a point already by its outage, or one by what was told.
    check(lines, &format!("{cut} | report V"), &format!("{opened} | told 001 V 160"));
    check(lines, &format!("{cut} | report W"), &format!("{opened} | told 001 W 160 | point 001 W 160"));
    // Before the trunk's outage has lasted: with the report it has.
    check(
        lines,
        "down T 100 | down V 101 | due 120 | report V",
        "started T 100 own | started V 101 <T | opened 001 T 100 | joined 001 V 101 | told 001 V 120",
    );
    // Entered late, of a fault that is over.
    check(
        lines,
        "down V 100 | due 160 | up V 200 | due 500 | report V 150",
        "started V 100 own | opened 001 V 100 | ended V 200 | restored 001 200 | told 001 V 150",
    );
    check(
        lines,
        "down V 100 | due 160 | up V 200 | due 500 | report V 250",
        "started V 100 own | opened 001 V 100 | ended V 200 | restored 001 200 | reported 002 V 250",
    );
}

#[test]
fn opening_and_deadline_run_from_the_earlier_of_outage_and_report() {
    check(
        "A",
        "down A 100 | due 160 | report A 50",
        "started A 100 own | opened 001 A 100 | told 001 A 50 | dated 001 50",
    );
    check(
        "A",
        "due 104 | report A | down A 100",
        "reported 001 A 104 | started A 100 own | joined 001 A 100 | dated 001 100",
    );
    check(
        "A",
        "down A 100 | due 120 | report A",
        "started A 100 own | reported 001 A 120 | joined 001 A 100 | dated 001 100",
    );
    let mut journal = Journal::with("A");
    journal.tell("down A 100 | due 160 | report A 50");
    let deadlines: Vec<_> = journal.ledger.faults().map(|fault| (fault.opened, fault.deadline)).collect();
    assert_eq!(deadlines, [(at(50), at(50 + 12 * 3600))]);
}

#[test]
fn a_fault_opened_again_by_a_person_waits_for_a_person() {
    let closed = "due 100 | report A | close F1 | due 500 | reopen F1 300";
    check("A", closed, "reported 001 A 100 | fixed 001 100 | closed 001 100 | verified 001 100 | reopened 001 300");
    check(
        "A",
        "down A 100 | due 160 | up A 200 | due 500 | reopen F1 400 | due 3000 | fix F1",
        "started A 100 own | opened 001 A 100 | ended A 200 | restored 001 200 | reopened 001 400 | fixed 001 3000",
    );
    check(
        "A",
        "due 100 | report A | void F1 | due 200 | reopen F1",
        "reported 001 A 100 | voided 001 | reopened 001 200",
    );
}

#[test]
fn a_closed_fault_is_kept_for_31_days() {
    let day = 24 * 3600;
    let closed = format!("due 100 | report A | close F1 | checkpoint {}", 30 * day);
    check(
        "A",
        &format!("{closed} | note F1 cause=人为"),
        "reported 001 A 100 | fixed 001 100 | closed 001 100 | noted 001",
    );
    refused("A", &format!("{closed} | checkpoint {} | checkpoint {} | reopen F1", 32 * day, 32 * day + 1), "no fault");
    // One that nobody closed is kept as long as nobody does.
    let open = format!("due 100 | report A | fix F1 | due 400 | checkpoint {} | checkpoint {}", 90 * day, 91 * day);
    check(
        "A",
        &format!("{open} | close F1 | report A"),
        &format!(
            "reported 001 A 100 | fixed 001 100 | verified 001 100 | closed 001 {} | reported F20260406-001 A {}",
            91 * day,
            91 * day
        ),
    );
}

#[test]
fn one_fault_is_part_of_another_when_a_person_says_so() {
    let two = "due 100 | report A | due 200 | report B | due 300 | point F1 V";
    let told = "reported 001 A 100 | reported 002 B 200 | point 001 V 300";
    check(
        "A B V",
        &format!("{two} | merge F1 F2"),
        &format!("{told} | point 002 A 100 | point 002 V 300 | combined 001>002 100"),
    );
    // What happens to its line later belongs to the survivor.
    check(
        "A B V",
        &format!("{two} | merge F1 F2 | down A 400 | report V"),
        &format!(
            "{told} | point 002 A 100 | point 002 V 300 | combined 001>002 100 | started A 400 own | joined 002 A 400 \
             | told 002 V 405"
        ),
    );
    // It is not restored while that line is down.
    check(
        "A B",
        "down A 100 | down B 101 | due 161 | merge F1 F2 | up B 300 | due 700 | fix F2 | up A 800 | due 1100",
        "started A 100 own | started B 101 own | opened 001 A 100 | opened 002 B 101 | point 002 A 100 \
         | combined 001>002 100 | joined 002 A 100 | ended B 300 | claimed 002 700 | ended A 800 | restored 002 800"
            .replace("| joined 002 A 100 ", "")
            .as_str(),
    );
}

#[test]
fn a_part_of_a_fault_is_another_one_when_a_person_says_so() {
    let lines = "T V<T W<T X<T";
    let cut = "down T 100 | down V 101 | down W 102 | due 160 | point F1 X";
    let opened = "started T 100 own | started V 101 <T | started W 102 <T | opened 001 T 100 | joined 001 V 101 \
                  | joined 001 W 102 | point 001 X 160";
    check(
        lines,
        &format!("{cut} | split F1 V X"),
        &format!(
            "{opened} | split 001>002 V 101 | left 001 V 101 | joined 002 V 101 | unpoint 001 X 160 | point 002 X 160"
        ),
    );
    // What a person took apart stays apart, and is restored on its own.
    check(
        lines,
        &format!("{cut} | split F1 V | up T 300 | up V 310 | up W 310 | due 700"),
        &format!(
            "{opened} | split 001>002 V 101 | left 001 V 101 | joined 002 V 101 | ended T 300 | ended V 310 \
             | ended W 310 | restored 001 300 | restored 002 310"
        ),
    );
}

#[test]
fn a_false_alarm_is_no_fault_and_the_next_outage_is_one() {
    check(
        "A",
        "down A 100 | due 160 | up A 200 | due 210 | void F1 | down A 300 | due 360",
        "started A 100 own | opened 001 A 100 | ended A 200 | voided 001 | started A 300 own | opened 002 A 300",
    );
}

#[test]
fn somebody_else_may_be_sent_again() {
    check(
        "A",
        "due 100 | report A | send F1 to=li | due 200 | arrive F1 | due 300 | send F1 to=移动 ticket=9",
        "reported 001 A 100 | sent 001 100 | arrived 001 200 | sent 001 300",
    );
    let sent =
        work("A", "due 100 | report A | send F1 to=li | due 200 | arrive F1 | due 300 | send F1 to=移动 ticket=9");
    assert_eq!((sent.sent.as_deref(), sent.stage), (Some("移动"), Stage::OnSite));
    assert_eq!(sent.rounds[0].dispatched.as_ref().map(|mark| mark.at), Some(at(100)), "the first time counts");
}

#[test]
fn a_fault_is_exempt_when_a_second_person_agrees() {
    check(
        "A",
        "due 100 | report A | exempt F1 | approve %1 by=li",
        "reported 001 A 100 | exempted F20260105-001 | approved",
    );
    refused("A", "due 100 | report A | exempt F1 | exempt F1 by=li", "exempts fault");
    refused("A", "due 100 | report A | exempt F1 reason=", "the reason is missing");
    refused("A", "exempt F1", "no fault");
    refused("A", "exempt H9999", "no fault");
    refused("A", "due 100 | report A | exempt F20260105-002", "no fault");
    // One that is held no more has a number all the same.
    let day = 24 * 3600;
    let history = format!(
        "due 100 | report A | close F1 | checkpoint {} | checkpoint {} | exempt F20260105-001",
        40 * day,
        41 * day
    );
    check("A", &history, "reported 001 A 100 | fixed 001 100 | closed 001 100 | exempted F20260105-001");
}

#[test]
fn steps_are_refused() {
    refused("A", "report B", "no line B");
    refused("A", "report A 2000", "is not yet");
    refused("A", "report A channel=x", "no channel x");
    refused("A", "report A symptom=x", "no symptom x");
    refused("A", "ack F1", "no fault");
    let open = "due 1000 | report A 500";
    refused("A", &format!("{open} | ack F1 2000"), "is not yet");
    refused("A", &format!("{open} | ack F1 499"), "is open from");
    refused("A", &format!("{open} | fix F1 499"), "is open from");
    refused("A", &format!("{open} | ack F1 | ack F1 by=li"), "acknowledged was recorded by wang");
    refused("A", &format!("{open} | arrive F1 600 | arrive F1"), "on_site was recorded");
    refused("A", &format!("{open} | arrive F1 600 | ack F1"), "does not go with on_site");
    refused("A", &format!("{open} | arrive F1 600 | ack F1 601"), "does not go with on_site");
    refused("A", &format!("{open} | arrive F1 600 | fix F1 599"), "does not go with on_site");
    refused("A", &format!("{open} | ack F1 600 | arrive F1 599"), "does not go with acknowledged");
    refused("A", &format!("{open} | fix F1 600 | arrive F1 601"), "does not go with restored");
    refused("A", &format!("{open} | fix F1 600 | fix F1 700"), "was restored at");
    refused("A", &format!("{open} | fix F1 600 | close F1 599"), "does not go with restored");
    refused("A", &format!("{open} | send F1 to="), "the recipient is missing");
    refused("A", &format!("{open} | close F1 cause="), "the cause is missing");
    refused("A", &format!("{open} | close F1 cause=x"), "no cause x");
    refused("A", &format!("{open} | close F1 cause=光缆"), "no cause 光缆");
    refused("A", &format!("{open} | close F1 | close F1"), "closed by wang");
    refused("A", &format!("{open} | close F1 | ack F1"), "closed by wang");
    refused("A", &format!("{open} | close F1 | void F1"), "closed by wang");
    refused("A", &format!("{open} | void F1 | ack F1"), "found to be none by wang");
    refused("A", &format!("{open} | void F1 reason="), "the reason is missing");
    refused("A", &format!("{open} | reopen F1"), "is open");
    refused("A", &format!("{open} | fix F1 600 | reopen F1 599"), "is open from");
    refused("A", &format!("{open} | fix F1 600 | reopen F1 reason="), "the reason is missing");
    refused("A", &format!("{open} | merge F1 F1"), "not part of itself");
    refused("A B", &format!("{open} | report B | fix F2 | merge F1 F2"), "was restored");
    refused("A", &format!("{open} | note F1"), "the note is missing");
    refused("A", &format!("{open} | note F1 cause=施工"), "is not closed");
    refused("A", &format!("{open} | note F1 symptom=x"), "no symptom");
    refused("A", &format!("{open} | note F1 words={}", "x".repeat(2001)), "2001 letters");
    refused("A", &format!("{open} | point F1 A"), "is a point");
    refused("A B", &format!("{open} | point F1 B 499"), "is open from");
    refused("A B", &format!("{open} | unpoint F1 B"), "is no such point");
    refused("A B", &format!("{open} | split F1 B"), "is no such point");
    refused("A B", &format!("{open} | split F1 A"), "stands on line A");
    refused("A B", &format!("{open} | split F1"), "a line is missing");
    refused("A", "down A 100 | due 160 | close F1", "line A of fault F20260105-001 is down");
    refused("A", "down A 100 | due 160 | void F1", "is down");
    refused("A", "down A 100 | due 160 | fix F1 | close F1", "is down");
}

#[test]
fn many_faults_that_nobody_closes_are_laid_aside() {
    let mut journal = Journal::with("A B");
    for hour in 0..60 {
        let start = hour * 3600;
        journal.tell(&format!(
            "checkpoint {start} | down A {} | up A {} | due {}",
            start + 10,
            start + 100,
            start + 500
        ));
    }
    assert!(journal.ledger.faults().count() <= 1, "shown for the merge window");
    let faults = || journal.tables.0.values().filter(|row| matches!(row, Row::Fault(_)));
    assert_eq!(faults().count(), 60);
    assert!(faults().all(|row| matches!(row, Row::Fault(row) if journal.ledger.fault(&row.fault).is_some())));
    assert_eq!(journal.ledger.next_due(), None);
    let restored = Ledger::restore(
        crate::text::policy(),
        journal.ledger.seq(),
        journal.ledger.recorded_at(),
        journal.tables.needed(journal.ledger.recorded_at()),
    );
    assert!(faults().all(|row| matches!(row, Row::Fault(row) if restored.fault(&row.fault).is_some())));
}

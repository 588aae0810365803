//! What is shown at an instant: the committed records of a small history, joined with live values.

use std::sync::Arc;

use linewatch_core::command::{Command, Verdict};
use linewatch_core::ledger::{Ledger, Policy, decide};
use linewatch_core::line::Line;
use linewatch_core::monitor::{Monitor, Plan};
use linewatch_core::outcome::{BlindCause, LossCause, State};
use linewatch_core::probing::Probing;
use linewatch_core::record::{Origin, RECORD_VERSION, Record};
use linewatch_core::time::{Millis, Timestamp};
use linewatch_core::view::{
    ClassLabel, Committed, Histogram, JournalView, LiveLine, LiveView, Period, Reload, Shown, Site, Snapshot,
};

fn at(second: i64) -> Timestamp {
    Timestamp(1_767_542_400_000 + second * 1000)
}

fn give(ledger: &mut Ledger, second: i64, command: &Command) {
    for fact in decide(ledger, command, at(second)).expect("nothing stands against it") {
        let (seq, author) = (ledger.seq() + 1, "linewatch".to_owned());
        let record = Record { seq, v: RECORD_VERSION, recorded_at: at(second), origin: Origin::Live, author, fact };
        ledger.apply(&record);
    }
}

/// A is down from 10 s on and has a fault since; B enters service at 1000 s; C is up.
fn history(until: i64) -> Ledger {
    let mut ledger = Ledger::new(Arc::new(Policy::new(chrono_tz::Asia::Shanghai)));
    let line = |id: &str| Line::new(id, id, "village", "10.0.0.1");
    let lines = vec![line("A"), Line { opened: Some(at(1000)), ..line("B") }, line("C")];
    let down = Verdict::Down {
        line: "A".into(),
        start: at(10),
        last_reply: Some(at(8)),
        confirmed_at: at(15),
        cause: LossCause::Timeout,
    };
    let seen = |line: &str| Command::Verdict(Verdict::LineSeen { line: line.into(), at: at(1) });
    let up = Verdict::Up {
        line: "A".into(),
        last_loss: at(300),
        first_reply: at(302),
        confirmed_at: at(303),
        after_gap: false,
    };
    for (second, command) in [
        (0, Command::LoadInventory { at: at(0), lines: Arc::new(lines), allow_removal: false }),
        (1, Command::Verdict(Verdict::Sighted { at: at(1) })),
        (2, seen("A")),
        (3, seen("C")),
        (15, Command::Verdict(down)),
        (75, Command::Due { at: at(75) }),
        (200, Command::Verdict(Verdict::Blinded { from: at(199), cause: BlindCause::Silent, waiting: Vec::new() })),
        (210, Command::Verdict(Verdict::Sighted { at: at(210) })),
        (303, Command::Verdict(up)),
        (700, Command::Due { at: at(700) }),
    ] {
        if second <= until {
            give(&mut ledger, second, &command);
        }
    }
    ledger
}

fn snapshot(ledger: &Ledger) -> Snapshot {
    let village = ClassLabel { class: "village".into(), label: "村社区".to_owned(), target_ppm: 990_000 };
    Snapshot {
        site: Arc::new(Site {
            name: "咸安区".to_owned(),
            zone: chrono_tz::Asia::Shanghai,
            classes: vec![village],
            simulated: false,
        }),
        committed: Arc::new(Committed::of(ledger)),
        journal: JournalView::default(),
        reload: Reload { successful: true, succeeded_at: at(0) },
        availability: Vec::new(),
    }
}

fn live(names: &[&str], second: i64) -> LiveView {
    let line = |name: &&str| LiveLine {
        id: (*name).into(),
        state: if *name == "A" { State::Down } else { State::Up },
        soft_since: None,
        flapping: false,
        delay_us: None,
        sent: 0,
        lost: 0,
        unsent: None,
        certain_until: Some(at(second)),
        down_until: Some(at(second - 1)),
        observed: Millis(7),
    };
    LiveView { now: at(second), lines: names.iter().map(line).collect(), ..LiveView::default() }
}

#[test]
fn lines_in_service_are_shown_with_their_outage_and_their_fault() {
    let snapshot = snapshot(&history(100));
    let live = live(&["A", "C"], 100);
    let shown = Shown::of(&snapshot, &live);
    let lines: Vec<_> = shown.lines.iter().map(|line| (line.line.id.as_str(), line.state, line.since)).collect();
    assert_eq!(lines, [("A", State::Down, Some(at(10))), ("C", State::Up, None)]);
    assert_eq!((shown.lines[0].outages, shown.lines[0].down), (1, Millis(89_000)));
    assert_eq!((shown.lines[1].outages, shown.lines[1].down), (0, Millis(0)));
    assert_eq!(shown.lines[0].outage.map(|outage| outage.start), Some(at(10)));
    assert_eq!(shown.lines[0].observed, Millis(7));
    let [fault] = shown.faults.as_slice() else { panic!("{:?}", shown.faults) };
    assert_eq!(fault.line.map(|line| line.id.as_str()), Some("A"));
    assert!(!fault.overdue);
}

#[test]
fn a_fault_is_overdue_from_its_deadline_on_and_shown_until_it_is_restored() {
    let open = snapshot(&history(100));
    let deadline = open.committed.faults[0].deadline;
    for (now, overdue) in [(deadline - Millis(1), false), (deadline, true)] {
        let live = LiveView { now, ..LiveView::default() };
        assert_eq!(Shown::of(&open, &live).faults[0].overdue, overdue);
    }
    let restored = snapshot(&history(700));
    assert_eq!(restored.committed.faults.len(), 1, "kept until the merge window is over");
    assert!(Shown::of(&restored, &live(&["A", "C"], 700)).faults.is_empty());
}

#[test]
fn it_is_ready_when_records_are_committed_and_every_line_in_service_is_watched() {
    let some = snapshot(&history(100));
    assert!(Shown::of(&some, &live(&["A", "C"], 100)).ready(), "B is not in service yet");
    assert!(!Shown::of(&some, &live(&["A"], 100)).ready());
    assert!(!Shown::of(&some, &live(&["A", "C"], 1000)).ready());
    assert!(Shown::of(&some, &live(&["A", "B", "C"], 1000)).ready());
    let none = snapshot(&Ledger::new(Arc::new(Policy::new(chrono_tz::Asia::Shanghai))));
    assert!(!Shown::of(&none, &live(&[], 100)).ready());
}

#[test]
fn what_is_committed_is_what_the_ledger_holds() {
    let ledger = history(200);
    let committed = Committed::of(&ledger);
    assert_eq!(committed.seq, ledger.seq());
    assert_eq!(committed.lines.iter().map(|line| line.line.id.as_str()).collect::<Vec<_>>(), ["A", "B", "C"]);
    assert_eq!(committed.outages.len(), 1);
    assert_eq!(committed.faults.len(), 1);
    assert_eq!(committed.blind.map(|blind| (blind.from, blind.cause)), Some((at(199), BlindCause::Silent)));
    let sighted = Committed::of(&history(700));
    assert_eq!((sighted.blind, sighted.outages.len()), (None, 0));
    assert_eq!(sighted.lines[0].down, Millis(292_000), "from the first loss to the first answer");
}

#[test]
fn a_class_is_called_what_people_call_it_and_a_period_by_its_name() {
    let snapshot = snapshot(&history(0));
    let (village, other) = ("village".into(), "other".into());
    assert_eq!((snapshot.site.label(&village), snapshot.site.label(&other)), ("村社区", "other"));
    assert_eq!((Period::Month.label(), Period::Year.label()), ("month", "year"));
}

#[test]
fn a_histogram_counts_up_to_and_with_each_bound() {
    let mut histogram = Histogram::new(&[0.5, 1.0]);
    for seconds in [0.25, 0.5, 0.75, 1.0, 2.0, 4.0] {
        histogram.observe(seconds);
    }
    assert_eq!(histogram.counts, [2, 2, 2]);
    assert!((histogram.sum - 8.5).abs() < 1e-12);
}

#[test]
fn a_monitor_shows_when_it_started_and_until_when_it_says_nothing() {
    let plan = Plan {
        lines: Vec::new(),
        references: vec!["REF".to_owned()],
        classes: vec![("village".into(), Probing::default())],
        reference_probing: Probing::default(),
    };
    let shown = Monitor::new(plan, at(5), Some(at(60))).show(at(9));
    assert_eq!((shown.now, shown.started, shown.muted_until), (at(9), at(5), Some(at(60))));
    assert_eq!((shown.references[0].address.as_str(), shown.references[0].up), ("REF", None));
    assert_eq!(shown.delay[0].0.as_str(), "village");
}

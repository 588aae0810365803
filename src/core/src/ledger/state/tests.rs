//! What a history does not show: which faults decisions do not have to look through, and what is news of a gap.

use super::super::rows::Said;
use super::super::work::FaultWork;
use super::*;
use crate::outcome::LossCause;

fn at(second: i64) -> Timestamp {
    Timestamp(second * 1000)
}

/// Opened at 10 on line `A`, restored at 100 when `work` says so.
fn fault(number: &str, work: FaultWork) -> HeldFault {
    let open = OpenFault {
        fault: FaultNo::from_stored(number.to_owned()),
        source: FaultSource::Detected,
        line: "A".into(),
        opened: at(10),
        deadline: at(999),
        restored: work.round().and_then(|round| round.restored.as_ref()).map(|restored| restored.at),
        relapses: 0,
        work: Arc::new(work),
    };
    HeldFault { open, points: BTreeMap::new() }
}

fn restored(said: Option<Said>) -> FaultWork {
    let mut work = FaultWork::opened(at(10));
    work.restore(at(100), said);
    work
}

#[test]
fn a_fault_rests_that_was_over_before_and_that_nothing_waits_for() {
    let rests = |work: &FaultWork, cut: i64| fault("F1", work.clone()).rests(at(cut));
    assert!(!rests(&FaultWork::opened(at(10)), 9_999), "an open one never does");
    let by_itself = restored(None);
    assert_eq!([rests(&by_itself, 99), rests(&by_itself, 100), rests(&by_itself, 101)], [false, false, true]);
    let by_word = restored(Some(Said { by: "wang".to_owned(), at: at(100) }));
    assert!(!rests(&by_word, 9_999), "it is to be verified");
}

#[test]
fn what_rests_is_not_looked_through_until_something_is_done_about_it() {
    let mut faults = Faults::default();
    faults.insert(fault("F1", restored(None)));
    faults.insert(fault("F2", FaultWork::opened(at(10))));
    let line = LineId::from("A");
    let counts = |faults: &Faults| (faults.iter().count(), faults.on(&line).count(), faults.all().count());
    assert_eq!(counts(&faults), (2, 2, 2));
    let first = FaultNo::from_stored("F1".to_owned());
    let lay_aside = |faults: &mut Faults| faults.forget(|_| true, |held| held.rests(at(101)));
    lay_aside(&mut faults);
    assert_eq!(counts(&faults), (1, 1, 2));
    assert!(faults.find(&first).is_some());
    assert!(faults.change(&first).is_some());
    assert_eq!(counts(&faults), (2, 2, 2));
    lay_aside(&mut faults);
    assert!(faults.remove(&first).is_some());
    assert!(faults.find(&first).is_none());
    faults.forget(|_| false, |_| false);
    assert_eq!(counts(&faults), (0, 0, 0));
}

#[test]
fn only_an_earlier_gap_is_news() {
    let mut held = Held::new(OpenOutage {
        outage: OutageId(1),
        line: "A".into(),
        start: at(10),
        last_reply: None,
        confirmed_at: at(15),
        cause: LossCause::Timeout,
        attribution: Attribution::Own,
        attributed_from: at(10),
    });
    let news: Vec<bool> = [30, 30, 40, 20, 25, 12, 15].into_iter().map(|from| held.meet_gap(at(from))).collect();
    assert_eq!(news, [true, false, false, true, false, true, false], "12 lies before the confirmation: 15 counts");
    assert_eq!(held.gap_from, Some(at(15)));
}

//! The check of faults against the truth finds what is wrong: in records that somebody spoilt, in whole journals with one
//! fact changed and every digest right, in truths that tell something else, and in figures.

mod years;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use linewatch::simulate::check::{self, Counted, Fault, Flaw, Records, Wrong};
use linewatch::simulate::truth::{At, Event, Step, Truth};
use linewatch::store::{Append, Entry, Journal, Store, StoreKind};
use linewatch_core::availability::Ratio;
use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::{Ledger, Stage};
use linewatch_core::record::{Amendment, Attribution, Fact, FaultFact, FaultNo, FaultSource, OutageFact, Record};
use linewatch_core::rollup::FaultFigures;
use linewatch_core::simulated::MonitorRates;
use linewatch_core::time::Millis;
use years::{Year, busy, setting, simulated};

const MINUTE: Millis = Millis::from_secs(60);

/// A busy fortnight in which the monitor always sees, so that the truth is certain of nearly everything.
fn year() -> Year {
    let mut rates = busy(12.0);
    let MonitorRates { restarts, crashes, blind, stalls, clock_steps, .. } = &mut rates.monitor;
    for rate in [restarts, crashes, blind, stalls, clock_steps] {
        *rate = 0.0;
    }
    simulated(setting(9, rates, Some(12)))
}

fn wrongs(flaws: &[Flaw]) -> BTreeSet<Wrong> {
    let wrong = |flaw: &Flaw| if let Flaw::Fault { wrong, .. } = flaw { Some(*wrong) } else { None };
    flaws.iter().filter_map(wrong).collect()
}

/// A fault of the kind wanted that is not clouded: the truth has all its steps, since a spoilt deadline is found.
fn place(year: &Year, wanted: impl Fn(&Fault) -> bool) -> usize {
    let mut candidates = Vec::new();
    year.spoilt(|records| {
        candidates = (0..records.faults.len()).filter(|place| wanted(&records.faults[*place])).collect();
    });
    let judged = |place: &usize| {
        let flaws = year.spoilt(|records| {
            let row = &mut records.faults[*place].row;
            row.deadline = row.deadline + MINUTE;
        });
        wrongs(&flaws).contains(&Wrong::Deadline)
    };
    candidates.into_iter().find(judged).expect("a fault of this kind that is judged")
}

fn stepped(fault: &Fault) -> bool {
    let work = &fault.row.work;
    let round = work.rounds.first().expect("a round");
    let by_hand = round.restored.as_ref().is_some_and(|restored| restored.said.is_some());
    fault.row.source == FaultSource::Detected && work.rounds.len() == 1 && work.stage == Stage::Closed && by_hand
}

#[test]
fn whatever_is_spoilt_in_the_faults_is_found() {
    let year = year();
    assert_eq!(year.spoilt(|_| {}), []);
    let plain = place(&year, stepped);
    let told = place(&year, |fault| fault.row.source == FaultSource::Reported);
    let many = place(&year, |fault| fault.points.len() > 5);
    let found = |spoil: &dyn Fn(&mut Records)| wrongs(&year.spoilt(|records| spoil(records)));
    assert!(found(&|records| drop(records.faults.remove(plain))).contains(&Wrong::Missing));
    assert!(found(&|records| records.faults.push(records.faults[plain].clone())).contains(&Wrong::Invented));
    assert!(found(&|records| records.faults[plain].row.source = FaultSource::Reported).contains(&Wrong::Source));
    assert!(found(&|records| records.faults[told].row.source = FaultSource::Detected).contains(&Wrong::Source));
    assert!(
        found(&|records| {
            let row = &mut records.faults[plain].row;
            row.opened = row.opened + Millis(1);
        })
        .contains(&Wrong::Missing)
    );
    assert!(
        found(&|records| {
            let row = &mut records.faults[plain].row;
            row.restored = row.restored.map(|at| at + Millis(1));
        })
        .contains(&Wrong::Rounds)
    );
    let work = |records: &mut Records, place: usize, change: &dyn Fn(&mut linewatch_core::ledger::FaultWork)| {
        change(Arc::make_mut(&mut records.faults[place].row.work));
    };
    assert!(
        found(&|records| work(records, plain, &|work| {
            let restored = work.rounds[0].restored.as_mut().expect("restored");
            restored.at = restored.at - MINUTE;
        }))
        .contains(&Wrong::Rounds)
    );
    assert!(found(&|records| work(records, plain, &|work| work.closed = None)).contains(&Wrong::Closed));
    assert!(found(&|records| work(records, plain, &|work| work.stage = Stage::Void)).contains(&Wrong::Void));
    assert!(found(&|records| work(records, told, &|work| work.reports.clear())).contains(&Wrong::Reports));
    assert!(found(&|records| drop(records.faults[many].points.pop())).contains(&Wrong::Points));
    assert!(
        found(&|records| {
            let point = records.faults[many].points[0].clone();
            records.faults[plain].points.push(point);
        })
        .contains(&Wrong::Points)
    );
    assert!(found(&|records| drop(records.faults[plain].steps.pop())).contains(&Wrong::Step));
    assert!(
        found(&|records| {
            let step = records.faults[plain].steps.pop().expect("a step");
            records.faults[told].steps.push(step);
        })
        .contains(&Wrong::Step)
    );
    assert!(
        found(&|records| {
            let steps = &mut records.faults[plain].steps;
            for step in steps.iter_mut() {
                step.said.by = "别人".to_owned();
            }
        })
        .contains(&Wrong::Step)
    );
}

/// The flaws of a journal in which one fact was another from the beginning: folded anew, with digests of its own.
fn of_another_journal(year: &Year, change: impl Fn(u64, &mut Fact)) -> Vec<Flaw> {
    let mut reader = year.reader();
    let mut records: Vec<Record> = Vec::new();
    let snapshot = reader.snapshot().expect("a snapshot");
    let read = snapshot.each_record(1, u64::MAX, |stored| {
        records.push(serde_json::from_slice(stored.bytes).expect("a record"));
        ControlFlow::<()>::Continue(())
    });
    assert!(read.expect("readable").is_continue());
    let heartbeat = snapshot.heartbeat().expect("readable").expect("a heartbeat");
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("journal.db");
    let mut store = Store::open_daemon(&path, StoreKind::Simulated).expect("a new store");
    let mut ledger = Ledger::new(Arc::new(year.setting.config.policy()));
    let entries: Vec<Entry> = records
        .into_iter()
        .map(|mut record| {
            change(record.seq, &mut record.fact);
            let changes = ledger.apply(&record);
            Entry { record, changes }
        })
        .collect();
    assert!(matches!(store.append(0, &entries).expect("written"), Append::Appended(_)));
    store.beat(&heartbeat).expect("written");
    drop(store);
    let mut reader = Store::open_read_only(&path).expect("the store");
    check::store(&year.setting.config, &year.truth, &mut reader).expect("figures").flaws
}

/// A word about a fault that does not exist: it changes nothing.
fn nothing() -> Fact {
    let amendment = Amendment { words: "无".to_owned(), ..Amendment::default() };
    Fact::Fault(FaultFact::Noted { fault: FaultNo::from_stored("F20000101-001".to_owned()), amendment })
}

#[test]
fn whatever_is_changed_in_the_journal_is_found() {
    let year = year();
    assert_eq!(of_another_journal(&year, |_, _| {}), []);
    let (mut number, mut line, mut outage) = (None, None, None);
    let plain = place(&year, stepped);
    year.spoilt(|records| {
        let fault = &records.faults[plain];
        (number, line) = (Some(fault.row.fault.clone()), Some(fault.row.line.clone()));
        outage = Some(fault.points[0].outage.0);
    });
    let (number, line, outage) = (number.expect("a fault"), line.expect("a line"), outage.expect("an outage"));
    let of_it = |fact: &Fact| matches!(fact, Fact::Fault(fault) if *fault.fault() == number);
    let names = |flaws: &[Flaw]| -> BTreeSet<&'static str> {
        let figure = |flaw: &Flaw| if let Flaw::Figure { figure, .. } = flaw { Some(*figure) } else { None };
        flaws.iter().filter_map(figure).collect()
    };

    // The fault was never opened: it is missing, and so are the steps.
    let dropped = of_another_journal(&year, |_, fact| {
        if of_it(fact) {
            *fact = nothing();
        }
    });
    assert!(wrongs(&dropped).is_superset(&[Wrong::Missing, Wrong::Step].into()), "{dropped:?}");

    // It was repaired ten minutes sooner, which the mean repair time shows too.
    let sooner = of_another_journal(&year, |_, fact| {
        if let Fact::Fault(FaultFact::Repaired { fault, at, restored, .. }) = fact
            && *fault == number
        {
            *at = *at - MINUTE * 10;
            *restored = restored.map(|at| at - MINUTE * 10);
        }
    });
    assert!(wrongs(&sooner).is_superset(&[Wrong::Rounds, Wrong::Step].into()), "{sooner:?}");

    // Its outage was attributed to a line above, or to one that has nothing to do with it.
    let swapped = of_another_journal(&year, |seq, fact| {
        if let Fact::Outage(OutageFact::Started { attribution, .. }) = fact
            && seq == outage
        {
            *attribution = Attribution::Upstream("T-01".into());
        }
    });
    assert!(swapped.iter().any(|flaw| matches!(flaw, Flaw::Attribution(of, ..) if *of == line)), "{swapped:?}");

    // It got more time than its class has.
    let longer = of_another_journal(&year, |_, fact| {
        if let Fact::Fault(FaultFact::Opened { fault, deadline, .. }) = fact
            && *fault == number
        {
            *deadline = *deadline + MINUTE * 600;
        }
    });
    assert!(wrongs(&longer).contains(&Wrong::Deadline), "{longer:?}");

    // Somebody called, and nobody wrote it down.
    let unheard = of_another_journal(&year, |_, fact| {
        if matches!(fact, Fact::Fault(FaultFact::Reported { .. })) {
            *fact = nothing();
        }
    });
    assert!(wrongs(&unheard).contains(&Wrong::Reports), "{unheard:?}");
    assert!(!names(&unheard).is_empty(), "{unheard:?}");

    // A village that a cut trunk took with it is no point of the trunk's fault.
    let lonely = of_another_journal(&year, |_, fact| {
        if matches!(fact, Fact::Fault(FaultFact::Joined { .. })) {
            *fact = nothing();
        }
    });
    assert!(wrongs(&lonely).contains(&Wrong::Points), "{lonely:?}");
    assert!(names(&lonely).contains("points.resolved"), "{lonely:?}");
}

#[test]
fn whatever_the_truth_tells_otherwise_is_found() {
    let year = year();
    let flaws = |change: &dyn Fn(&mut Vec<Event>)| {
        let mut truth: Truth = year.truth.clone();
        change(&mut truth.events);
        wrongs(&check::store(&year.setting.config, &truth, &mut year.reader()).expect("figures").flaws)
    };
    let restored = |event: &&mut Event| matches!(event, Event::Worked { step: Step::Restored, .. });
    let later = |events: &mut Vec<Event>| {
        for event in events.iter_mut().filter(restored) {
            if let Event::Worked { at, .. } = event {
                *at = At(at.0 + MINUTE);
            }
        }
    };
    assert!(flaws(&later).is_superset(&[Wrong::Step, Wrong::Rounds].into()));
    let unsaid = flaws(&|events| events.retain(|event| !matches!(event, Event::Worked { step: Step::Closed, .. })));
    assert!(unsaid.is_superset(&[Wrong::Step, Wrong::Closed].into()), "{unsaid:?}");
    let silent = flaws(&|events| events.retain(|event| !matches!(event, Event::Reported { .. })));
    assert!(silent.is_superset(&[Wrong::Invented, Wrong::Reports].into()), "{silent:?}");
    let unplanned = flaws(&|events| events.retain(|event| !matches!(event, Event::Window { .. })));
    assert!(unplanned.contains(&Wrong::Missing), "{unplanned:?}");
    let unbroken = flaws(&|events| {
        let line = events.iter().rev().find_map(|event| match event {
            Event::Lost { line, lost: 100.., .. } => Some(line.clone()),
            _ => None,
        });
        events.retain(|event| !matches!(event, Event::Lost { line: lost, .. } if Some(lost) == line.as_ref()));
    });
    assert!(unbroken.contains(&Wrong::Invented), "{unbroken:?}");
}

#[test]
fn whatever_is_spoilt_in_the_figures_of_faults_is_found() {
    let year = year();
    let mut reader = year.reader();
    let records = check::records(&mut reader).expect("records");
    let report = check::rolled_up(&year.setting.config, &year.truth, &mut reader).expect("figures");
    let flaws = |spoil: &dyn Fn(&mut FaultFigures)| {
        let mut figures = report.figures.clone();
        spoil(&mut figures.faults);
        let calendar = Calendar::new(year.setting.config.site.zone);
        let period = report.about.period.span();
        let counted = Counted { period, calendar, policy: &report.about.policy, figures: &figures };
        let flaws = check::check(&year.setting.config, &year.truth, &records, counted).flaws;
        let name = |flaw: Flaw| if let Flaw::Figure { figure, .. } = flaw { Some(figure) } else { None };
        flaws.into_iter().filter_map(name).collect::<BTreeSet<_>>()
    };
    assert!(flaws(&|_| {}).is_empty());
    assert!(flaws(&|faults| faults.cohort.resolved += 1).contains("resolved"));
    assert!(flaws(&|faults| faults.cohort.opened -= 1).contains("opened"));
    assert!(flaws(&|faults| faults.points.resolved += 1).contains("points.resolved"));
    assert!(flaws(&|faults| faults.on_time += 1).contains("on_time"));
    assert!(flaws(&|faults| faults.due -= 1).contains("due"));
    assert!(flaws(&|faults| faults.void += 1).contains("void"));
    assert!(flaws(&|faults| faults.self_cleared += 1).contains("self_cleared"));
    assert!(flaws(&|faults| faults.villages.villages_resolved -= 1).contains("villages_resolved"));
    assert!(flaws(&|faults| faults.mttr_ms = faults.mttr_ms.map(|mean| mean + Millis(1))).contains("mttr_ms"));
    let worse = Ratio::of_counts(97, 100);
    assert!(flaws(&|faults| faults.point_resolution_ratio = worse).contains("point_resolution_ratio"));
    assert!(flaws(&|faults| faults.on_time_ratio = worse).contains("on_time_ratio"));
    assert!(flaws(&|faults| faults.resolution_ratio = Ratio::default()).contains("resolution_ratio"));
}

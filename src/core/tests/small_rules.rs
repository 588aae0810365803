//! Rules too small for a scenario, each found unwatched by mutation testing (`tests/mutants/run`).

#[expect(dead_code, reason = "the words of scenarios are not needed here")]
mod district;

use linewatch_core::act::FaultAct;
use linewatch_core::command::Verdict;
use linewatch_core::detector::{Detector, Finding, Settled};
use linewatch_core::monitor::{Effect, Event};
use linewatch_core::outcome::{BlindCause, LossCause, Outcome};
use linewatch_core::record::{FaultNo, Report};
use linewatch_core::sight::Sight;
use linewatch_core::time::{Millis, Timestamp};

use district::{EVERY_SECOND, parse, play};

fn at(second: i64) -> Timestamp {
    Timestamp(second * 1000)
}

#[test]
fn only_the_first_answer_is_news() {
    let mut line = Detector::new(Settled::Pending, at(0));
    assert_eq!(line.replied(at(1), &EVERY_SECOND), Finding::Answers);
    assert_eq!(line.replied(at(2), &EVERY_SECOND), Finding::Nothing);
    line.open_gap();
    assert_eq!(line.replied(at(9), &EVERY_SECOND), Finding::Answers);
    assert_eq!(line.replied(at(10), &EVERY_SECOND), Finding::Nothing);
}

#[test]
fn a_state_is_certain_up_to_the_results_that_say_so() {
    let mut line = Detector::new(Settled::Pending, at(0));
    assert_eq!(line.certain_until(), None, "pending");
    line.replied(at(1), &EVERY_SECOND);
    assert_eq!(line.certain_until(), Some(at(1)), "up");
    for second in 2..=6 {
        line.lost(at(second), LossCause::Timeout, &EVERY_SECOND);
        assert_eq!(line.certain_until(), Some(at(2)), "suspect since its first loss");
    }
    assert!(line.is_losing());
    line.confirm_down().expect("a complete run");
    assert!(!line.is_losing());
    assert_eq!(line.certain_until(), Some(at(6)), "down up to its last loss");
    line.replied(at(7), &EVERY_SECOND);
    assert_eq!(line.certain_until(), Some(at(6)), "recovering");
}

#[test]
fn a_silence_as_long_as_a_round_is_none_yet() {
    let mut sight = Sight::default();
    let round = Millis(3000);
    sight.answered(0, at(0), round);
    sight.answered(0, at(3), round);
    assert!(!sight.returned_after(at(-1)));
    sight.answered(0, at(7), round);
    assert!(sight.returned_after(at(6)));
    assert!(!sight.returned_after(at(7)), "what was asked when the silence ended is in no doubt");

    sight.failed(at(8), false);
    assert!(!sight.is_lost(at(11), round));
    assert!(sight.is_lost(at(11) + Millis(1), round));
}

#[test]
fn a_failure_at_the_very_instant_of_an_answer_casts_no_doubt() {
    let round = Millis(3000);
    let mut answer_first = Sight::default();
    answer_first.answered(0, at(5), round);
    answer_first.failed(at(5), false);
    let mut failure_first = Sight::default();
    failure_first.failed(at(5), false);
    failure_first.answered(0, at(5), round);
    for sight in [answer_first, failure_first] {
        assert_eq!((sight.silent_since(), sight.last_answer()), (None, Some(at(5))));
        assert!(!sight.is_lost(at(100), round));
    }
}

#[test]
fn silence_lasts_from_the_last_answer_and_is_our_own_when_most_of_it_is() {
    let mut sight = Sight::default();
    sight.answered(0, at(4), Millis(3000));
    assert_eq!(sight.silent_since(), None, "nothing has failed");
    sight.failed(at(6), true);
    sight.failed(at(5), false);
    assert_eq!(sight.silent_since(), Some(at(4)));
    assert!(!sight.mostly_unsent(), "as much of the one as of the other");
    sight.failed(at(7), true);
    assert!(sight.mostly_unsent());
}

#[test]
fn sight_is_an_answer_to_what_was_sent_later_by_somebody_unrelated() {
    let mut sight = Sight::default();
    sight.answered(1, at(5), Millis(3000));
    sight.answered(2, at(6), Millis(3000));
    assert!(sight.seen_since(at(4), |target| target == 1));
    assert!(!sight.seen_since(at(5), |target| target == 1), "not later");
    assert!(!sight.seen_since(at(4), |target| target == 3));

    // A plan without the first one, in which the second one has another number.
    sight.renumber(|target| (target == 2).then_some(1));
    assert!(sight.seen_since(at(5), |target| target == 1));
    assert!(!sight.seen_since(at(4), |target| target == 2) && sight.last_answer() == Some(at(6)));
    sight.forget();
    assert_eq!(sight.last_answer(), None);
}

#[test]
fn of_many_answers_the_latest_are_remembered() {
    let mut sight = Sight::default();
    for number in 0..200 {
        sight.answered(u32::try_from(number).expect("small"), at(number), Millis(3000));
    }
    for number in 137..200 {
        assert!(sight.seen_since(at(number - 1), |target| i64::from(target) == number), "{number}");
    }
    assert!(!sight.seen_since(at(100), |target| target == 120), "forgotten, and older than the last ones");
}

#[test]
fn a_line_whose_probes_are_not_sent_is_unobserved_since_its_last_result() {
    let lost = |scenario: &str| {
        let verdicts = play(&parse(scenario), EVERY_SECOND).into_iter();
        let lost = verdicts.filter_map(|(_, verdict)| match verdict {
            Verdict::LineLost { line, from, cause } => Some((line.to_string(), from.0 / 1000, cause)),
            _ => None,
        });
        lost.collect::<Vec<_>>()
    };
    let one = "A ...uuuuuuuuuuuu
        B ...............";
    assert_eq!(lost(one), [("A".to_owned(), 2, BlindCause::Unsent)]);
    let soon_sent_again = "A ...uu..........
        B ...............";
    assert_eq!(lost(soon_sent_again), []);
    // When nobody's are sent it is the monitor that is blind, and no single line.
    let nobody = "A ...uuuuuuuuuuuu
        B ...uuuuuuuuuuuu";
    assert_eq!(lost(nobody), []);
}

#[test]
fn the_answer_that_brings_sight_counts_for_its_line() {
    let verdicts = play(&parse("?A ....\n?B xxx."), EVERY_SECOND);
    let seen = verdicts.iter().find_map(|(_, verdict)| match verdict {
        Verdict::LineSeen { line, at } if line.as_str() == "A" => Some(*at),
        _ => None,
    });
    let sighted = verdicts.iter().find_map(|(_, verdict)| match verdict {
        Verdict::Sighted { at } => Some(*at),
        _ => None,
    });
    assert!(seen.is_some() && seen == sighted, "{verdicts:?}");
}

#[test]
fn delays_are_shown_in_seconds() {
    let (mut monitor, _) = district::monitor(&parse("A ."), EVERY_SECOND);
    monitor.handle(at(0), Event::Tick);
    let Some(Effect::Probe { target, token, .. }) = monitor.next_effect() else { panic!("one probe is due") };
    let outcome = Outcome::Reply { rtt_us: 12_500 };
    monitor.handle(at(0) + Millis(12), Event::Probed { target, token, sent_at: at(0), outcome });
    let shown = monitor.show(at(1));
    assert!((shown.delay[0].1.sum - 0.0125).abs() < 1e-12, "{shown:?}");
    assert_eq!(shown.lines[0].delay_us, Some(12_500));
}

#[test]
fn an_act_is_about_its_fault_and_a_report_about_none_yet() {
    let fault = FaultNo::from_stored("F20260105-001".to_owned());
    let step = FaultAct::Acknowledge { fault: fault.clone(), at: None, note: String::new() };
    assert_eq!(step.fault(), Some(&fault));
    assert_eq!(FaultAct::Report { line: "V-01".into(), at: None, report: Report::default() }.fault(), None);
}

//! The monitor at the very instant: ticks and results by hand, where a millisecond decides.

mod hand;

use hand::{EVERY_SECOND, Hand, plan};
use linewatch_core::calendar::Calendar;
use linewatch_core::command::Verdict;
use linewatch_core::monitor::Event;
use linewatch_core::outcome::{BlindCause, State, UnsentCause};
use linewatch_core::time::{ClockReading, ClockStep, Elapsed, Timestamp};

#[test]
fn what_is_sent_at_the_instant_of_the_last_record_is_judged() {
    let mut hand = Hand::new("A", Some(Timestamp(1000)));
    hand.tick(0);
    hand.answer("A", 10);
    assert_eq!((hand.said(), hand.counted("A", 10)), (vec![], (0, 0, 0)));
    hand.tick(1000);
    hand.answer("A", 1000);
    assert_eq!(hand.said(), [Verdict::Sighted { at: Timestamp(1000) }]);
    assert_eq!(hand.counted("A", 1000), (1, 0, 0));
}

#[test]
fn all_is_certain_up_to_a_timeout_ago_but_for_who_is_in_doubt() {
    let mut hand = Hand::new("A B", None);
    assert!(hand.monitor.is_blind());
    assert_eq!(hand.horizon(900).0, 0, "nothing is certain before the first answer");
    hand.tick(0);
    let first = hand.under_way.keys().next().cloned().expect("one is due at the start");
    let second = if first == "A" { "B" } else { "A" };
    hand.answer(&first, 10);
    assert!(!hand.monitor.is_blind());
    assert_eq!(hand.horizon(900), (0, vec![]));
    assert_eq!(hand.horizon(1000), (100, vec![(second.to_owned(), 0)]), "the other one was not heard yet");
    hand.tick(1000);
    hand.answer("A B", 1010);
    assert_eq!(hand.horizon(1100), (200, vec![]));

    hand.tick(2000);
    hand.lose("B", 2900);
    assert_eq!(hand.horizon(2950), (1000, vec![]), "since the last answer nobody may have seen anything");
    hand.answer("A", 2960);
    assert_eq!(hand.horizon(3000), (2100, vec![("B".to_owned(), 2000)]), "in doubt since its first loss");

    hand.tick(3000);
    hand.lose("A B", 3900);
    hand.said();
    hand.tick(4900);
    assert!(!hand.monitor.is_blind(), "everything was asked once, but not for longer");
    hand.tick(4901);
    let blind = Verdict::Blinded { from: Timestamp(2000), cause: BlindCause::Silent, waiting: vec![] };
    assert_eq!(hand.said(), [blind]);
    assert!(hand.monitor.is_blind());
    assert_eq!(hand.horizon(5000), (2000, vec![]));
    hand.lose("A B", 5800);
    hand.tick(6000);
    hand.answer("A", 6010);
    assert_eq!(hand.said(), [Verdict::Sighted { at: Timestamp(6000) }]);
    assert_eq!(hand.horizon(7000), (6100, vec![("B".to_owned(), 6000)]), "not heard since sight came back");
}

#[test]
fn a_line_that_is_down_casts_no_doubt_on_what_others_said() {
    let mut hand = Hand::with_two_lines();
    for second in 2..=6 {
        hand.tick(second * 1000);
        hand.answer("A", second * 1000 + 10);
        hand.lose("B", second * 1000 + 900);
    }
    hand.tick(7000);
    hand.answer("A", 7010);
    hand.tick(7020);
    assert!(matches!(hand.said()[..], [Verdict::Down { start: Timestamp(2000), .. }]));
    hand.lose("B", 7900);
    assert_eq!(hand.monitor.show(Timestamp(7900)).lines[1].down_until, Some(Timestamp(7000)));
    hand.tick(8000);
    hand.lose("B", 8900);
    assert_eq!(hand.horizon(8950), (8050, vec![]), "A is only late so far, and that B is lost is nothing new");
}

#[test]
fn a_machine_that_stands_still_as_long_as_a_gap_may_last_has_not_slept() {
    let limit = EVERY_SECOND.gap_limit().0;
    let mut hand = Hand::with_two_lines();
    hand.tick(1000 + limit);
    assert_eq!(hand.said(), []);
    hand.answer_all(1000 + limit);
    hand.tick(1000 + limit + limit + 1);
    let from = Timestamp(1000 + limit);
    assert_eq!(hand.said(), [Verdict::Blinded { from, cause: BlindCause::Stalled, waiting: vec![] }]);
}

#[test]
fn a_line_is_unobserved_when_others_answer_later_and_for_longer_than_a_gap_may_last() {
    let lost = |hand: &mut Hand| {
        let said = hand.said();
        assert!(said.len() <= 1, "{said:?}");
        said.into_iter().find_map(|verdict| match verdict {
            Verdict::LineLost { line, from, cause: BlindCause::Unsent } if line.as_str() == "A" => Some(from.0),
            _ => None,
        })
    };
    // B answers on: A is lost when the limit is passed, not when it is reached.
    let mut hand = Hand::with_two_lines();
    for second in 2..=3 {
        hand.tick(second * 1000);
        hand.unsent("A", second * 1000);
        hand.answer("B", second * 1000 + 10);
    }
    hand.tick(4000);
    hand.answer("B", 4010);
    hand.unsent("A", 1000 + EVERY_SECOND.gap_limit().0);
    assert_eq!(lost(&mut hand), None);
    hand.tick(5000);
    hand.unsent("A", 5000);
    assert_eq!(lost(&mut hand), Some(1000));

    // B's last answer is one interval after A's last result: it may be the monitor that is blind since.
    let mut hand = Hand::with_two_lines();
    hand.tick(2000);
    hand.unsent("A", 2000);
    hand.answer("B", 2010);
    hand.tick(3000);
    hand.unsent("A", 3000);
    hand.tick(4000);
    hand.unsent("A", 4901);
    assert_eq!(lost(&mut hand), None);
}

#[test]
fn what_is_lost_counts_once_and_what_is_not_sent_by_its_cause() {
    let mut hand = Hand::new("A REF", None);
    hand.tick(0);
    let first = hand.under_way.keys().next().cloned().expect("one is due");
    hand.answer(&first, 10);
    hand.tick(1000);
    hand.answer("A REF", 1010);
    hand.tick(2000);
    assert_eq!(hand.monitor.show(Timestamp(2000)).references[0].up, Some(true));
    hand.lose("A REF", 2900);
    let view = hand.monitor.show(Timestamp(2900));
    assert_eq!((view.lines[0].lost, view.lines[0].state, view.lines[0].delay_us), (1, State::Suspect, None));
    assert_eq!((view.lines[0].soft_since, view.references[0].up), (Some(Timestamp(2000)), Some(false)));
    let sent = view.lines[0].sent;
    hand.tick(3000);
    hand.lose("A", 3900);
    hand.unsent("REF", 3900);
    let view = hand.monitor.show(Timestamp(3900));
    assert_eq!((view.lines[0].sent, view.lines[0].lost), (sent, 1), "confirming probes are apart");
    assert_eq!(view.unsent[UnsentCause::NoRoute as usize], 1);
    hand.tick(4000);
    hand.unsent("A", 4000);
    let view = hand.monitor.show(Timestamp(4000));
    assert_eq!(view.unsent.iter().sum::<u64>(), 2);
    assert_eq!((view.unsent[UnsentCause::NoRoute as usize], view.lines[0].unsent), (2, Some(UnsentCause::NoRoute)));
}

#[test]
fn a_loss_is_the_lines_as_soon_as_anything_sent_with_it_or_later_is_answered() {
    // Answered before the loss is known, sent at the same instant.
    let mut hand = Hand::with_two_lines();
    hand.counted("A", 1900);
    hand.tick(2000);
    hand.answer("B", 2010);
    hand.lose("A", 2900);
    assert_eq!(hand.counted("A", 2900), (1, 1, 0));
    // Answered after it is known.
    hand.tick(3000);
    hand.lose("A", 3900);
    assert_eq!(hand.counted("A", 3900), (0, 0, 0), "nobody knows yet whose it is");
    hand.answer("B", 3910);
    assert_eq!(hand.counted("A", 3910), (1, 1, 0));
    // Nothing answers any more: nobody's.
    hand.tick(4000);
    hand.lose("A B", 4900);
    hand.tick(5000);
    hand.lose("A B", 5900);
    hand.tick(6000);
    assert!(hand.monitor.is_blind());
    assert_eq!(hand.counted("A", 6000), (0, 0, 2));
}

#[test]
fn what_was_sent_before_sight_came_back_is_nobodys() {
    let mut hand = Hand::with_two_lines();
    hand.tick(2000);
    hand.lose("A B", 2900);
    hand.tick(3000);
    hand.lose("A B", 3900);
    hand.tick(4000);
    assert!(hand.monitor.is_blind());
    hand.counted("A", 4000);
    // A is asked while blind; B, asked later, answers before A is lost.
    hand.lose("B", 4800);
    hand.tick(4850);
    let again = hand.under_way.contains_key("B");
    hand.tick(5000);
    assert!(again || hand.under_way.contains_key("B"));
    hand.answer("B", 5010);
    assert!(!hand.monitor.is_blind());
    hand.lose("A", 5020);
    assert_eq!(hand.counted("A", 5020), (0, 0, 1));
    // With the first answer, at the same instant: the line's own.
    hand.tick(6000);
    hand.answer("B", 6010);
    hand.lose("A", 6900);
    assert_eq!(hand.counted("A", 6900), (1, 1, 0));
}

#[test]
fn after_a_new_plan_a_trunk_still_does_not_vouch_for_what_is_behind_it() {
    for (names, confirmed) in [("T V<T", false), ("W T V<T", false), ("W V<T T", false), ("T V REF", true)] {
        let mut hand = Hand::new("T V<T", None);
        hand.tick(0);
        hand.answer_all(10);
        hand.tick(1000);
        hand.answer_all(1010);
        for second in 2..=5 {
            hand.tick(second * 1000);
            hand.answer("T", second * 1000 + 10);
            hand.lose("V", second * 1000 + 900);
        }
        hand.tick(6000);
        hand.answer("T", 6010);
        // T answers something that was sent after the fifth probe of V, and then a plan with other numbers comes.
        hand.tick(7000);
        hand.answer("T", 7010);
        hand.monitor.assign(plan(names), Timestamp(7100));
        hand.lose("V", 7200);
        hand.tick(7300);
        let down = hand.said().iter().any(|verdict| matches!(verdict, Verdict::Down { .. }));
        assert_eq!(down, confirmed, "{names}");
    }
}

#[test]
fn an_answer_after_the_fifth_loss_is_sight_also_when_a_sixth_came_meanwhile() {
    let mut hand = Hand::new("A B", None);
    hand.tick(0);
    let [lost] = hand.under_way.keys().cloned().collect::<Vec<_>>().try_into().expect("one is due at the start");
    let other = if lost == "A" { "B" } else { "A" };
    hand.answer(&lost, 10);
    for second in 1..=6 {
        hand.tick(second * 1000 - 500);
        // What is asked at 5.5 s is answered late.
        if second < 6 {
            hand.answer(other, second * 1000 - 490);
        }
        hand.tick(second * 1000);
        hand.lose(&lost, second * 1000 + 400);
    }
    hand.tick(6410);
    assert_eq!(hand.said(), [Verdict::Sighted { at: Timestamp(0) }]);
    hand.answer(other, 6420);
    hand.tick(6430);
    assert!(matches!(hand.said()[..], [Verdict::Down { start: Timestamp(1000), .. }]));
}

#[test]
fn what_was_sent_together_with_the_first_answer_is_judged() {
    let mut hand = Hand::with_two_lines();
    hand.tick(2000);
    hand.lose("A B", 2900);
    hand.tick(3000);
    hand.lose("A B", 3900);
    hand.tick(4000);
    assert!(hand.monitor.is_blind());
    hand.lose("A B", 4900);
    hand.counted("A", 4900);
    hand.tick(6000);
    hand.answer("B", 6010);
    hand.lose("A", 6900);
    assert_eq!(hand.counted("A", 6900), (1, 1, 0));
}

#[test]
fn a_result_that_is_missing_is_waited_for_a_second_longer_than_its_timeout() {
    for name in ["A", "REF"] {
        for (now, sent_anew) in [(3899, false), (3900, true)] {
            let mut hand = Hand::new(name, None);
            hand.tick(0);
            hand.answer(name, 10);
            hand.tick(1000);
            hand.answer(name, 1010);
            hand.tick(2000);
            hand.tick(now);
            let engine = hand.monitor.show(Timestamp(now)).unsent[UnsentCause::Engine as usize];
            assert_eq!(engine, u64::from(sent_anew), "{name} at {now}");
            assert_eq!(hand.under_way[name].2, Timestamp(if sent_anew { now } else { 2000 }), "{name} at {now}");
        }
    }
}

#[test]
fn a_new_plan_leaves_confirming_probes_their_time() {
    let mut hand = Hand::new("A", None);
    hand.tick(0);
    hand.answer("A", 10);
    hand.tick(1000);
    hand.lose("A", 1900);
    hand.monitor.assign(plan("A"), Timestamp(1950));
    hand.tick(1950);
    assert!(hand.under_way.is_empty(), "asked for at 2 s");
    hand.tick(2000);
    assert!(hand.under_way.contains_key("A"));
    // What is under way to an old address is nothing any more: the new one is asked at once.
    hand.under_way.clear();
    let mut moved = plan("A");
    moved.lines[0].moved = true;
    hand.monitor.assign(moved, Timestamp(2100));
    hand.tick(2100);
    assert!(hand.under_way.contains_key("A"));
}

#[test]
fn probing_goes_on_at_once_when_the_clock_is_set_back() {
    let mut hand = Hand::with_two_lines();
    let now = Timestamp(-3_600_000);
    let reading = ClockReading { wall: now, elapsed: Elapsed(0) };
    hand.monitor.handle(now, Event::ClockStepped(ClockStep { expected: Timestamp(1500), reading }));
    assert_eq!(hand.monitor.next_wake(), Some(now));
    hand.tick(now.0);
    assert_eq!(hand.under_way.len(), 1);
    hand.tick(now.0 + 500);
    assert_eq!(hand.under_way.len(), 2);
}

#[test]
fn quality_is_handed_out_when_it_is_due() {
    let mut hand = Hand::with_two_lines();
    assert!(hand.monitor.take_quality(Timestamp(299_999)).is_empty());
    assert_eq!(hand.monitor.take_quality(Timestamp(300_000)).len(), 2);
    let mut hand = Hand::with_two_lines();
    hand.monitor = hand.monitor.with_hours_of(Calendar::new(chrono_tz::Asia::Shanghai));
    assert_eq!(hand.monitor.hour_end(), Timestamp(3_600_000));
}

#[test]
fn a_child_waits_for_a_wavering_trunk_one_confirmation_time_and_for_a_trunk_that_is_down_not_at_all() {
    let given = |hand: &mut Hand| {
        let said = hand.said();
        said.iter()
            .filter_map(|verdict| match verdict {
                Verdict::Down { line, confirmed_at, .. } => Some((line.to_string(), confirmed_at.0)),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let start = || {
        let mut hand = Hand::new("T V<T W", None);
        hand.tick(0);
        let first = hand.under_way.keys().next().cloned().expect("one is due at the start");
        hand.answer(&first, 10);
        hand.tick(1000);
        hand.answer("T V W", 1010);
        hand
    };
    // V is lost from 2 s on, T from 6 s on, but so slowly that its fifth loss is long in coming.
    let mut hand = start();
    for second in 2..=12 {
        hand.tick(second * 1000);
        hand.answer("W", second * 1000 + 10);
        if second < 6 {
            hand.answer("T", second * 1000 + 10);
        }
        if second % 2 == 0 && second > 6 && second < 12 {
            hand.lose("T", second * 1000 + 800);
        }
        if second < 12 {
            hand.lose("V", second * 1000 + 900);
        }
        if second == 6 {
            hand.lose("T", 6900);
        }
    }
    let limit = 6900 + EVERY_SECOND.confirmation_time().0;
    hand.tick(limit - 1);
    assert_eq!(given(&mut hand), []);
    hand.tick(limit);
    assert_eq!(given(&mut hand), [("V".to_owned(), limit)]);

    // T is down from 2 s on, V answers by another way until 9 s; when its fifth loss is known T has answered once.
    let mut hand = start();
    for second in 2..=13 {
        hand.tick(second * 1000);
        hand.answer("W", second * 1000 + 10);
        if second < 9 {
            hand.answer("V", second * 1000 + 10);
        } else {
            hand.lose("V", second * 1000 + 900);
        }
        if second < 13 {
            hand.lose("T", second * 1000 + 900);
        } else {
            hand.answer("T", 13_900);
        }
    }
    assert_eq!(given(&mut hand), [("T".to_owned(), 8000)]);
    hand.tick(14_000);
    hand.answer("W", 14_010);
    hand.tick(14_020);
    assert_eq!(hand.monitor.show(Timestamp(14_020)).lines[0].state, State::Recovering);
    assert_eq!(given(&mut hand), [("V".to_owned(), 14_020)]);
}

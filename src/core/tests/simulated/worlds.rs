use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};
use linewatch_core::simulated::{Cause, Cut, Fate, Happenings, OwnSide, Rough, World};
use linewatch_core::time::{Millis, Span, Timestamp};

use crate::place;

fn span(start: i64, end: i64) -> Span {
    Span::new(Timestamp(start), Timestamp(end))
}

fn cut(line: usize, start: i64, end: i64, happening: u32) -> Cut {
    Cut { line, span: span(start, end), cause: Cause::Broken, happening }
}

/// A trunk, two lines behind one another, one beside; a reference. What becomes of a probe, as one letter.
fn world(all: &Happenings) -> World {
    let places = [
        place("township", "", None),
        place("village", "", Some(0)),
        place("village", "", Some(1)),
        place("village", "", None),
    ];
    World::new(5, &places, 1, all)
}

fn letter(fate: Fate) -> char {
    match (fate.outcome, fate.own_side) {
        (Outcome::Reply { .. }, false) => '.',
        (Outcome::Loss(_), false) => 'x',
        (Outcome::Loss(LossCause::Timeout), true) => 'b',
        (Outcome::Unsent(UnsentCause::InterfaceDown), true) => 'u',
        (Outcome::Unsent(UnsentCause::Engine), true) => '?',
        other => panic!("{other:?}"),
    }
}

/// One probe every 10 ms up to `end`, each knowing the one before it.
fn course(world: &World, target: usize, end: i64) -> String {
    let fate = |at: i64| world.fate(target, (at > 0).then_some(Timestamp(at - 10)), Timestamp(at));
    (0..end / 10).map(|number| letter(fate(number * 10))).collect()
}

#[test]
fn a_cut_takes_what_is_behind_it() {
    let cuts = vec![cut(1, 20, 60, 1), cut(0, 30, 40, 2), cut(1, 80, 90, 3), cut(2, 85, 100, 4)];
    let world = world(&Happenings { cuts, ..Happenings::default() });
    assert_eq!(course(&world, 0, 120), "...x........");
    assert_eq!(course(&world, 1, 120), "..xxxx..x...");
    assert_eq!(course(&world, 2, 120), "..xxxx..xx..");
    assert_eq!(course(&world, 3, 120), "............");
    assert_eq!(course(&world, 4, 120), "............", "the reference");
    assert_eq!(course(&world, 5, 20), "??", "there is none");
    assert_eq!(world.dead(2).collect::<Vec<_>>(), [span(20, 60), span(80, 100)]);
    assert_eq!(world.dead(9).count(), 0);
    let stretches: Vec<_> = [0, 20, 25, 59, 60, 99, 100].map(|at| world.stretch(Timestamp(at))).into();
    let expected = [
        Span::new(Timestamp::MIN, Timestamp(20)),
        span(20, 30),
        span(20, 30),
        span(40, 60),
        span(60, 80),
        span(90, 100),
        Span::new(Timestamp(100), Timestamp::MAX),
    ];
    assert_eq!(stretches, expected);
}

#[test]
fn cuts_that_touch_are_one() {
    let cuts = vec![cut(3, 0, 30, 1), cut(3, 10, 20, 2), cut(3, 30, 50, 3), cut(3, 51, 60, 4)];
    let world = world(&Happenings { cuts, ..Happenings::default() });
    assert_eq!(world.dead(3).collect::<Vec<_>>(), [span(0, 50), span(51, 60)]);
}

#[test]
fn a_ring_of_lines_ends() {
    let places = [place("village", "", Some(1)), place("village", "", Some(0))];
    let world = World::new(5, &places, 0, &Happenings { cuts: vec![cut(0, 0, 10, 1)], ..Happenings::default() });
    assert_eq!(world.dead(1).collect::<Vec<_>>(), [span(0, 10)]);
}

#[test]
fn a_stray_takes_the_next_probe_and_no_other() {
    let strays = vec![(3, Timestamp(20)), (3, Timestamp(45)), (3, Timestamp(47)), (3, Timestamp(70))];
    let world = world(&Happenings { strays, ..Happenings::default() });
    assert_eq!(course(&world, 3, 100), "..x..x.x..");
    // The first probe of all cannot tell when the one before it would have been.
    assert_eq!(letter(world.fate(3, None, Timestamp(46))), 'x');
    assert_eq!(letter(world.fate(3, None, Timestamp(19))), '.');
    assert_eq!(world.stretch(Timestamp(46)), span(45, 47));
}

#[test]
fn the_monitors_own_side_takes_all() {
    let own_side = vec![
        OwnSide { span: span(20, 40), unsent: None },
        OwnSide { span: span(60, 70), unsent: Some(UnsentCause::InterfaceDown) },
    ];
    let world = world(&Happenings { own_side, cuts: vec![cut(3, 30, 65, 1)], ..Happenings::default() });
    assert_eq!(course(&world, 3, 90), "..bbxxu..");
    assert_eq!(course(&world, 4, 90), "..bb..u..");
    assert_eq!(world.stretch(Timestamp(50)), span(40, 60));
}

#[test]
fn in_congestion_each_probe_has_its_own_chance() {
    let rough = |line, start, end, share| Rough { line, span: span(start, end), share };
    let rough =
        vec![rough(0, 1000, 900_000, 0.05), rough(3, 500_000, 1_000_000, 0.3), rough(3, 2_000_000, 2_000_010, 1.0)];
    let world = world(&Happenings { rough, ..Happenings::default() });
    let lost = |target| course(&world, target, 1_200_000).match_indices('x').map(|(at, _)| at).collect::<Vec<_>>();
    let (trunk, beside) = (lost(0), lost(3));
    assert!((4000..5000).contains(&trunk.len()), "5 % of 89,900: {}", trunk.len());
    assert!((14_500..15_500).contains(&beside.len()), "30 % of 50,000: {}", beside.len());
    assert!(
        trunk.iter().all(|at| (100..90_000).contains(at)) && beside.iter().all(|at| (50_000..100_000).contains(at))
    );
    let both = trunk.iter().filter(|at| beside.binary_search(at).is_ok()).count();
    assert!((450..750).contains(&both), "independent of one another: {both}");
    let rough: Vec<_> =
        [999, 1000, 899_999, 999_999, 1_000_000, 2_000_009, 2_000_010].map(|at| world.is_rough(Timestamp(at))).into();
    assert_eq!(rough, [false, true, true, true, false, true, false]);
    assert_eq!(world.stretch(Timestamp(950_000)), span(900_000, 1_000_000));
}

#[test]
fn replies_take_their_time_and_routers_are_quick() {
    let cuts = (0..400).map(|number| cut(3, i64::from(number) * 20, i64::from(number) * 20 + 10, number)).collect();
    let places: Vec<_> = (0..200).map(|_| place("village", "", None)).collect();
    let world = World::new(5, &places, 1, &Happenings { cuts, ..Happenings::default() });
    let mut delays = vec![];
    for target in 0..200 {
        let fate = world.fate(target, None, Timestamp(15));
        let Outcome::Reply { rtt_us } = fate.outcome else { panic!("{fate:?}") };
        assert_eq!(fate.after, Some(Millis(i64::from(rtt_us / 1000) + 1)), "not before it can be there");
        delays.push(rtt_us);
    }
    delays.sort_unstable();
    delays.dedup();
    assert!(delays.len() > 190 && delays[0] >= 2000 && *delays.last().expect("some") < 14_000, "{delays:?}");
    assert!(delays[0] < 2500 && *delays.last().expect("some") > 13_500, "{delays:?}");
    let fates: Vec<_> = (0..400).map(|number| world.fate(3, None, Timestamp(number * 20))).collect();
    let told: Vec<_> = fates.iter().filter(|fate| fate.outcome == Outcome::Loss(LossCause::HostUnreachable)).collect();
    assert!((75..125).contains(&told.len()), "one cut in four: {}", told.len());
    assert!(told.iter().all(|fate| fate.after == Some(Millis(4))));
    assert!(
        fates.iter().filter(|fate| fate.outcome == Outcome::Loss(LossCause::Timeout)).all(|fate| fate.after.is_none())
    );
}

#[test]
fn what_is_not_sent_comes_back_at_once() {
    let own_side = vec![OwnSide { span: span(0, 10), unsent: Some(UnsentCause::InterfaceDown) }];
    let fate = world(&Happenings { own_side, ..Happenings::default() }).fate(0, None, Timestamp(0));
    assert_eq!(fate.after, Some(Millis::ZERO));
}

use linewatch_core::monitor::{Monitor, Plan, Prior, WatchedLine};
use linewatch_core::probing::Probing;
use linewatch_core::simulated::{Cause, Cut, Happenings, LostRun, Stepper, World};
use linewatch_core::time::{Elapsed, Millis, Span, Timestamp};

use crate::place;

const PROBING: Probing = Probing {
    interval: Millis(1000),
    timeout: Millis(500),
    retry_interval: Millis(1000),
    confirm_down: 5,
    confirm_up: 2,
};

/// One line, dead in these spans, probed every second.
fn stepper(dead: &[(i64, i64)]) -> (Stepper, World) {
    let places = [place("village", "", None)];
    let cut = |(start, end): &(i64, i64)| Cut {
        line: 0,
        span: Span::new(Timestamp(*start), Timestamp(*end)),
        cause: Cause::Broken,
        happening: 1,
    };
    let world =
        World::new(5, &places, 1, &Happenings { cuts: dead.iter().map(cut).collect(), ..Happenings::default() });
    let line = WatchedLine { id: "L".into(), class: 0, upstream: None, prior: Prior::Up, unseen: false, moved: false };
    let plan = Plan {
        lines: vec![line],
        references: vec!["reference".to_owned()],
        classes: vec![("village".into(), PROBING)],
        reference_probing: PROBING,
    };
    let monitor = Monitor::new(plan, Timestamp(0), None);
    (Stepper::new(monitor, Timestamp(0), vec![0, 1], 2), world)
}

fn advance(stepper: &mut Stepper, world: &World, until: i64) {
    while stepper.now() < Timestamp(until) {
        stepper.advance(world, Timestamp(until));
    }
}

fn of_line(stepper: Stepper) -> Vec<LostRun> {
    let runs = stepper.into_fates().into_runs();
    assert!(runs.iter().all(|run| run.target == 0), "the reference loses nothing: {runs:?}");
    runs
}

#[test]
fn runs_of_lost_probes_are_told_with_the_replies_around_them() {
    let (mut stepper, world) = stepper(&[(10_000, 13_000), (20_000, 21_000)]);
    stepper = stepper.stepping_only();
    advance(&mut stepper, &world, 30_000);
    assert_eq!(stepper.leapt(), Millis::ZERO);
    let probes = stepper.probes();
    let runs = of_line(stepper);
    let [first, second] = &runs[..] else { panic!("{runs:?}") };
    assert_eq!((first.lost, second.lost), (3, 1));
    assert_eq!(first.last_loss - first.first_loss, Millis(2000));
    assert_eq!(second.last_loss, second.first_loss);
    assert_eq!(first.first_loss - first.last_reply.expect("one before"), Millis(1000));
    assert_eq!(first.first_reply.expect("one after") - first.last_loss, Millis(1000));
    assert_eq!(second.last_reply.expect("one before") - first.first_reply.expect("one after"), Millis(6000));
    assert_eq!(first.answered, 7);
    assert!((8..=10).contains(&second.answered), "{}", second.answered);
    assert!((58..=62).contains(&probes), "two targets, half a minute: {probes}");
}

#[test]
fn a_session_ends_with_the_process_and_with_the_clock() {
    let (mut stepper, world) = stepper(&[(10_000, 40_000)]);
    advance(&mut stepper, &world, 15_000);
    stepper.step_clock(&world, Millis(100_000), Elapsed(15_000));
    assert_eq!((stepper.now(), stepper.shown(Timestamp(15_000))), (Timestamp(115_000), Timestamp(115_000)));
    advance(&mut stepper, &world, 120_000);
    let monitor = stepper.monitor.clone();
    stepper.restart(monitor, Timestamp(125_000), vec![0, 1]);
    advance(&mut stepper, &world, 150_000);
    let runs = of_line(stepper);
    assert_eq!(runs.iter().map(|run| run.session).collect::<Vec<_>>(), [0, 1, 2]);
    let before: Vec<_> = runs.iter().map(|run| run.last_reply.is_some()).collect();
    let after: Vec<_> = runs.iter().map(|run| run.first_reply.is_some()).collect();
    assert_eq!((before, after), (vec![true, false, false], vec![false, false, true]));
    assert!(runs[1].first_loss >= Timestamp(115_000), "by the clock as it was set: {runs:?}");
    assert!(runs[2].first_reply.expect("it returns") >= Timestamp(140_000), "40 s of true time: {runs:?}");
}

#[test]
fn what_was_under_way_is_lost_when_the_machine_stands_still() {
    let (mut stepper, world) = stepper(&[]);
    advance(&mut stepper, &world, 10_000);
    stepper.stall(Timestamp(60_000));
    assert_eq!(stepper.now(), Timestamp(60_000));
    stepper.stall(Timestamp(50_000));
    assert_eq!(stepper.now(), Timestamp(60_000), "time does not go back");
    advance(&mut stepper, &world, 70_000);
    assert!(of_line(stepper).is_empty(), "no probe was lost on the wire");
}

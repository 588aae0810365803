//! The anchor under a clock of the test's own: drift, steps, suspend, and readings in any order a machine can give.

use linewatch_core::time::{Anchor, ClockReading, ClockStep, Elapsed, Millis, Span, Timestamp};
use proptest::prelude::*;

/// What happens to a machine's clocks between two readings.
#[derive(Clone, Copy, Debug)]
enum Happening {
    /// Both clocks run on, the wall clock this much faster or slower in all.
    Runs { for_ms: i64, drift_ms: i64 },
    /// The machine sleeps: both clocks jump together.
    Sleeps { for_ms: i64 },
    /// Somebody sets the wall clock by more than drift.
    IsSet { by_ms: i64 },
}

fn happening() -> impl Strategy<Value = Happening> {
    let tolerance = Anchor::TOLERANCE.0;
    prop_oneof![
        6 => (0..5000_i64, -tolerance..=tolerance).prop_map(|(for_ms, drift_ms)| Happening::Runs { for_ms, drift_ms }),
        1 => (0..1_000_000_000_i64).prop_map(|for_ms| Happening::Sleeps { for_ms }),
        2 => (tolerance + 1..10_000_000_000_i64, any::<bool>())
            .prop_map(|(by_ms, back)| Happening::IsSet { by_ms: if back { -by_ms } else { by_ms } }),
    ]
}

const START: ClockReading = ClockReading { wall: Timestamp(1_767_571_200_000), elapsed: Elapsed(123_456) };

fn after(reading: ClockReading, happening: Happening) -> ClockReading {
    let (elapsed, wall) = match happening {
        Happening::Runs { for_ms, drift_ms } => (for_ms, for_ms + drift_ms),
        Happening::Sleeps { for_ms } => (for_ms, for_ms),
        Happening::IsSet { by_ms } => (0, by_ms),
    };
    ClockReading { wall: reading.wall + Millis(wall), elapsed: Elapsed(reading.elapsed.0 + elapsed) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn instants_never_decrease_without_a_step_and_every_step_is_told_once(
        happenings in prop::collection::vec(happening(), 1..60)
    ) {
        let (mut anchor, mut reading, mut latest) = (Anchor::new(START), START, START.wall);
        for happening in happenings {
            let before = reading;
            reading = after(reading, happening);
            let (now, step) = anchor.advance(reading);
            match happening {
                Happening::Runs { .. } | Happening::Sleeps { .. } => {
                    prop_assert_eq!(step, None, "{:?}", happening);
                    // The wall clock is taken over, but never backwards.
                    prop_assert_eq!(now, latest.max(reading.wall));
                }
                Happening::IsSet { by_ms } => {
                    let expected = ClockStep { expected: before.wall, reading };
                    prop_assert_eq!(step, Some(expected));
                    prop_assert_eq!(now, reading.wall);
                    prop_assert_eq!(expected.span().length(), Millis(by_ms.abs()));
                }
            }
            prop_assert!(now >= latest || step.is_some());
            latest = now;
            // Told once: the same reading again is no step and no other instant.
            prop_assert_eq!(anchor.advance(reading), (now, None));
        }
    }

    #[test]
    fn between_two_readings_time_runs_with_the_elapsed_clock(
        happenings in prop::collection::vec(happening(), 0..20), offset in -100_000..100_000_i64, more in 0..100_000_i64
    ) {
        let (mut anchor, mut reading) = (Anchor::new(START), START);
        for happening in happenings {
            reading = after(reading, happening);
            anchor.advance(reading);
        }
        let (at, later) = (Elapsed(reading.elapsed.0 + offset), Elapsed(reading.elapsed.0 + offset + more));
        prop_assert_eq!(anchor.at(reading.elapsed), reading.wall);
        prop_assert_eq!(anchor.at(at), reading.wall + Millis(offset));
        prop_assert_eq!(anchor.at(later) - anchor.at(at), Millis(more));
    }
}

#[test]
fn the_tolerance_is_drift_and_a_millisecond_more_is_a_step() {
    for sign in [1, -1] {
        let drifted = after(START, Happening::Runs { for_ms: 5000, drift_ms: sign * 1000 });
        assert_eq!(Anchor::new(START).advance(drifted).1, None);
        let stepped = after(START, Happening::Runs { for_ms: 5000, drift_ms: sign * 1001 });
        let step = Anchor::new(START).advance(stepped).1.expect("a step");
        assert_eq!(step.expected, START.wall + Millis(5000));
        assert_eq!(step.span().length(), Millis(1001));
        assert_eq!(step.span().contains(stepped.wall), sign < 0, "repeated time lies ahead, skipped time behind");
    }
}

#[test]
fn drift_is_not_saved_up_into_a_step() {
    let (mut anchor, mut reading) = (Anchor::new(START), START);
    // Two hours by a clock that gains a twentieth.
    for _ in 0..1440 {
        reading = after(reading, Happening::Runs { for_ms: 5000, drift_ms: 250 });
        assert_eq!(anchor.advance(reading), (reading.wall, None));
    }
}

#[test]
fn a_wall_clock_that_loses_makes_time_stand_still_not_go_back() {
    let (mut anchor, mut reading) = (Anchor::new(START), START);
    let mut seen = Vec::new();
    for _ in 0..4 {
        reading = after(reading, Happening::Runs { for_ms: 100, drift_ms: -300 });
        seen.push(anchor.advance(reading));
    }
    assert_eq!(seen, [(START.wall, None); 4]);
    // Until the wall clock has passed it.
    reading = after(reading, Happening::Runs { for_ms: 5000, drift_ms: 0 });
    assert_eq!(anchor.advance(reading), (START.wall + Millis(4200), None));
}

#[test]
fn the_span_of_a_step_is_the_skipped_or_the_repeated_time() {
    let set = |by_ms| Anchor::new(START).advance(after(START, Happening::IsSet { by_ms })).1.expect("a step").span();
    assert_eq!(set(3_600_000), Span::new(START.wall, START.wall + Millis(3_600_000)));
    assert_eq!(set(-3_600_000), Span::new(START.wall - Millis(3_600_000), START.wall));
}

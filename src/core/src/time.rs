//! Instants, lengths and half-open spans, all in integer milliseconds, and the anchor that turns the
//! two clocks of a machine into one line of time.
//!
//! The core never reads a clock: an instant arrives as an argument (see [`Anchor`] for how it is made).

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A length of time in milliseconds; negative only as a difference of instants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Timestamp {
    /// Before every instant that can be recorded.
    pub const MIN: Self = Self(i64::MIN / 4);
    /// After every instant that can be recorded.
    pub const MAX: Self = Self(i64::MAX / 4);

    /// The instant as chrono's UTC time, for calendars and printing.
    pub fn to_utc(self) -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A length of whole seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs * 1000)
    }

    /// The length in seconds, for metrics.
    #[expect(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl Add<Millis> for Timestamp {
    type Output = Self;
    fn add(self, length: Millis) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl Sub<Millis> for Timestamp {
    type Output = Self;
    fn sub(self, length: Millis) -> Self {
        Self(self.0.saturating_sub(length.0))
    }
}

impl Sub for Timestamp {
    type Output = Millis;
    fn sub(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Millis {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Millis {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::ops::Mul<i64> for Millis {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    }
}

/// A half-open span `[start, end)`; empty when `end <= start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First instant inside.
    pub start: Timestamp,
    /// First instant after.
    pub end: Timestamp,
}

impl Span {
    /// The span `[start, end)`.
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start, end }
    }

    /// Whether no instant lies inside.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Length, zero when empty.
    pub fn length(self) -> Millis {
        Millis((self.end.0 - self.start.0).max(0))
    }

    /// Whether `at` lies inside.
    pub fn contains(self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// The part common to both, possibly empty.
    #[must_use]
    pub fn clip(self, to: Self) -> Self {
        Self::new(self.start.max(to.start), self.end.min(to.end))
    }
}

/// Milliseconds since the machine started, suspended time included (Linux `CLOCK_BOOTTIME`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Elapsed(pub i64);

/// Both clocks of the machine, read at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// Wall clock (`CLOCK_REALTIME`).
    pub wall: Timestamp,
    /// Elapsed time since boot (`CLOCK_BOOTTIME`).
    pub elapsed: Elapsed,
}

/// Wall and elapsed time parted by more than [`Anchor::TOLERANCE`]: somebody set the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStep {
    /// What the time would be without the step.
    pub expected: Timestamp,
    /// Both clocks after the step.
    pub reading: ClockReading,
}

impl ClockStep {
    /// The skipped (step forward) or repeated (step backward) wall span: undetermined for all lines, once.
    pub fn span(self) -> Span {
        Span::new(self.expected.min(self.reading.wall), self.expected.max(self.reading.wall))
    }
}

/// Whether an instant has moved on by one period, or is not there in either moment.
pub(crate) fn moved(now: Option<Timestamp>, earlier: Option<Timestamp>, period: Millis) -> bool {
    now == earlier.map(|at| at + period)
}

/// A wall-clock instant tied to elapsed time: the one source of instants (design rule 1).
///
/// Between two ticks time runs with the elapsed clock, so that a slewing or stepping wall clock never
/// bends an edge. At each tick the anchor moves to the new reading; a difference of more than a second
/// is reported as a [`ClockStep`], a smaller one is taken over silently, though never backwards.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    wall: Timestamp,
    elapsed: Elapsed,
    latest: Timestamp,
}

impl Anchor {
    /// Differences up to this are drift, larger ones are steps.
    pub const TOLERANCE: Millis = Millis(1000);

    /// An anchor at the first reading.
    pub fn new(reading: ClockReading) -> Self {
        Self { wall: reading.wall, elapsed: reading.elapsed, latest: reading.wall }
    }

    /// The instant of an elapsed time near the last reading, earlier or later.
    pub fn at(&self, elapsed: Elapsed) -> Timestamp {
        self.wall + Millis(elapsed.0 - self.elapsed.0)
    }

    /// Takes a reading over and returns the instant now, with the step if the clock was set.
    ///
    /// Without a step the returned instants never decrease; a step backward is returned as such.
    pub fn advance(&mut self, reading: ClockReading) -> (Timestamp, Option<ClockStep>) {
        let expected = self.at(reading.elapsed);
        self.wall = reading.wall;
        self.elapsed = reading.elapsed;
        let parted = reading.wall - expected;
        if parted.0.abs() > Self::TOLERANCE.0 {
            self.latest = reading.wall;
            return (reading.wall, Some(ClockStep { expected, reading }));
        }
        self.latest = self.latest.max(reading.wall);
        (self.latest, None)
    }
}

//! What becomes of a probe: the fate of every instant at every target, and when fates change.

use super::happen::{Happenings, OwnSide, Place, Rough};
use super::random::scramble;
use crate::outcome::{LossCause, Outcome, UnsentCause};
use crate::time::{Millis, Span, Timestamp};

/// What becomes of one probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// What the monitor will be told.
    pub outcome: Outcome,
    /// How long after the sending; for what is lost in silence the timeout counts.
    pub after: Option<Millis>,
    /// Whether it was the monitor's own side.
    pub own_side: bool,
}

/// The fates of all targets: lines by their place, then references. By true time.
#[derive(Clone, Debug)]
pub struct World {
    seed: u64,
    targets: Vec<Target>,
    own_side: Vec<OwnSide>,
    /// Instants at which some fate may change, ascending.
    changes: Vec<Timestamp>,
    /// Spans in which each probe has a fate of its own, ascending and apart.
    rough: Vec<Span>,
}

#[derive(Clone, Debug, Default)]
struct Target {
    rtt_us: u32,
    /// Ascending and apart: own cuts and those of all above.
    dead: Vec<(Span, LossCause)>,
    strays: Vec<Timestamp>,
    rough: Vec<Rough>,
}

impl World {
    /// The world of these happenings. References are never cut but by the monitor's own side.
    pub fn new(seed: u64, places: &[Place], references: usize, happenings: &Happenings) -> Self {
        let mut targets: Vec<Target> = (0..places.len() + references)
            .map(|number| Target { rtt_us: rtt_us(seed, number), ..Target::default() })
            .collect();
        let mut own: Vec<Vec<(Span, LossCause)>> = vec![Vec::new(); places.len()];
        for cut in &happenings.cuts {
            own[cut.line].push((cut.span, loss_cause(seed, cut.happening)));
        }
        let mut changes = Vec::new();
        for (line, target) in targets.iter_mut().take(places.len()).enumerate() {
            let path = std::iter::successors(Some(line), |above| places[*above].upstream);
            target.dead = apart(path.take(places.len()).flat_map(|above| own[above].iter().copied()).collect());
            changes.extend(target.dead.iter().flat_map(|(span, _)| [span.start, span.end]));
        }
        for (line, at) in &happenings.strays {
            targets[*line].strays.push(*at);
            changes.push(*at);
        }
        for rough in &happenings.rough {
            targets[rough.line].rough.push(*rough);
            changes.extend([rough.span.start, rough.span.end]);
        }
        changes.extend(happenings.own_side.iter().flat_map(|side| [side.span.start, side.span.end]));
        changes.sort_unstable();
        changes.dedup();
        let mut rough: Vec<(Span, LossCause)> =
            happenings.rough.iter().map(|rough| (rough.span, LossCause::Timeout)).collect();
        rough = apart(rough);
        let rough = rough.into_iter().map(|(span, _)| span).collect();
        Self { seed, targets, own_side: happenings.own_side.clone(), changes, rough }
    }

    /// The fate of a probe to a target, `previous` the one before it.
    pub fn fate(&self, target: usize, previous: Option<Timestamp>, at: Timestamp) -> Fate {
        if let Some(side) = self.own_side_at(at) {
            return match side.unsent {
                Some(cause) => unsent(cause),
                None => lost(LossCause::Timeout, true),
            };
        }
        let Some(here) = self.targets.get(target) else { return unsent(UnsentCause::Engine) };
        if let Some((span, cause)) = here.dead.get(after_start(&here.dead, |(span, _)| span.start, at))
            && span.contains(at)
        {
            return lost(*cause, false);
        }
        let stray = here.strays.partition_point(|stray| *stray <= at).checked_sub(1);
        if stray.is_some_and(|place| previous.is_none_or(|previous| here.strays[place] > previous)) {
            return lost(LossCause::Timeout, false);
        }
        if let Some(rough) = here.rough.get(after_start(&here.rough, |rough| rough.span.start, at))
            && rough.span.contains(at)
            && self.falls_within(target, at, rough.share)
        {
            return lost(LossCause::Timeout, false);
        }
        let rtt = Millis(i64::from(here.rtt_us).div_euclid(1000) + 1);
        Fate { outcome: Outcome::Reply { rtt_us: here.rtt_us }, after: Some(rtt), own_side: false }
    }

    /// The stretch around an instant in which no fate changes: from the last change before it, or at it, to the next.
    pub fn stretch(&self, at: Timestamp) -> Span {
        let place = self.changes.partition_point(|change| *change <= at);
        let before = place.checked_sub(1).map_or(Timestamp::MIN, |last| self.changes[last]);
        Span::new(before, self.changes.get(place).copied().unwrap_or(Timestamp::MAX))
    }

    /// Whether any probe has a fate of its own at an instant.
    pub fn is_rough(&self, at: Timestamp) -> bool {
        self.rough.get(after_start(&self.rough, |span| span.start, at)).is_some_and(|span| span.contains(at))
    }

    /// When a line is dead, with all that is above it counted.
    pub fn dead(&self, line: usize) -> impl Iterator<Item = Span> + '_ {
        self.targets.get(line).into_iter().flat_map(|target| target.dead.iter().map(|(span, _)| *span))
    }

    fn own_side_at(&self, at: Timestamp) -> Option<&OwnSide> {
        self.own_side.get(after_start(&self.own_side, |side| side.span.start, at)).filter(|side| side.span.contains(at))
    }

    /// A chance that depends on seed, target and instant alone, however the instant was reached.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept, and fit")]
    fn falls_within(&self, target: usize, at: Timestamp, share: f64) -> bool {
        let bits = scramble(self.seed ^ scramble(target as u64 ^ scramble(at.0.unsigned_abs())));
        ((bits >> 11) as f64) < share * (1_u64 << 53) as f64
    }
}

/// Place of the last one that starts at `at` or before; of none, a place that is not there.
fn after_start<T>(all: &[T], start: impl Fn(&T) -> Timestamp, at: Timestamp) -> usize {
    all.partition_point(|one| start(one) <= at).wrapping_sub(1)
}

fn lost(cause: LossCause, own_side: bool) -> Fate {
    // A router on the way says so; silence is only noticed at the timeout.
    let after = (cause != LossCause::Timeout).then_some(Millis(4));
    Fate { outcome: Outcome::Loss(cause), after, own_side }
}

fn unsent(cause: UnsentCause) -> Fate {
    Fate { outcome: Outcome::Unsent(cause), after: Some(Millis::ZERO), own_side: true }
}

/// 2 to 14 ms, each target its own.
fn rtt_us(seed: u64, target: usize) -> u32 {
    2000 + u32::try_from(scramble(seed.rotate_left(17) ^ target as u64) % 12_000).unwrap_or(0)
}

/// One cut in four is told by a router.
fn loss_cause(seed: u64, happening: u32) -> LossCause {
    let told = scramble(seed.rotate_left(31) ^ u64::from(happening)).is_multiple_of(4);
    if told { LossCause::HostUnreachable } else { LossCause::Timeout }
}

/// Spans that overlap or touch become one, with the cause of the first.
fn apart(mut spans: Vec<(Span, LossCause)>) -> Vec<(Span, LossCause)> {
    spans.sort_by_key(|(span, _)| (span.start, span.end));
    let mut merged: Vec<(Span, LossCause)> = Vec::new();
    for (span, cause) in spans {
        match merged.last_mut() {
            Some((last, _)) if span.start <= last.end => last.end = last.end.max(span.end),
            Some(_) | None => merged.push((span, cause)),
        }
    }
    merged
}

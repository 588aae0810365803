//! The account of one line over one period: every millisecond counted once, in integers (design rule 6).
//!
//! Where spans overlap the earlier of these takes the time: not in service, planned, down (declared or
//! observed), undetermined, up. What nobody contradicts is up, so a gap in observation must be given as
//! undetermined; a gap inside an outage that counts as down (a bridged one) is left out of `undetermined`
//! by the caller, see [`without`].

use std::fmt;

use serde::{Serialize, Serializer};

use crate::time::{Millis, Span, Timestamp};

/// What became of a line's time within a period, in milliseconds.
///
/// `in_service == up + down + planned + undetermined`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Time in service.
    pub in_service: Millis,
    /// Neither of the following.
    pub up: Millis,
    /// In an outage, or declared down.
    pub down: Millis,
    /// In agreed downtime.
    pub planned: Millis,
    /// Nobody knows.
    pub undetermined: Millis,
}

/// Accounts for `period`. Spans may overlap, touch, be empty and come in any order; each list counts as its union.
pub fn account(period: Span, service: &[Span], down: &[Span], undetermined: &[Span], planned: &[Span]) -> Account {
    let mut edges: Vec<(Timestamp, Layer, i32)> = Vec::new();
    for (layer, spans) in
        [(Layer::Service, service), (Layer::Planned, planned), (Layer::Down, down), (Layer::Undetermined, undetermined)]
    {
        for span in spans.iter().map(|span| span.clip(period)).filter(|span| !span.is_empty()) {
            edges.push((span.start, layer, 1));
            edges.push((span.end, layer, -1));
        }
    }
    edges.sort_unstable();

    let mut account = Account::default();
    let mut depth = [0; 4];
    let mut since = period.start;
    for (at, layer, step) in edges {
        account.add(&depth, at - since);
        since = at;
        depth[layer as usize] += step;
    }
    account
}

/// Kinds of span; of those that cover an instant in service the first one takes it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Service = 0,
    Planned = 1,
    Down = 2,
    Undetermined = 3,
}

impl Account {
    /// Adds a stretch over which the number of spans of each layer does not change.
    fn add(&mut self, depth: &[i32; 4], length: Millis) {
        let inside = |layer: Layer| depth[layer as usize] > 0;
        if !inside(Layer::Service) {
            return;
        }
        self.in_service += length;
        if inside(Layer::Planned) {
            self.planned += length;
        } else if inside(Layer::Down) {
            self.down += length;
        } else if inside(Layer::Undetermined) {
            self.undetermined += length;
        } else {
            self.up += length;
        }
    }
}

/// The parts of `spans` outside all of `holes`, in order and without overlap: gaps minus bridges.
pub fn without(spans: &[Span], holes: &[Span]) -> Vec<Span> {
    let mut holes: Vec<Span> = holes.iter().copied().filter(|hole| !hole.is_empty()).collect();
    holes.sort_unstable();
    let mut spans: Vec<Span> = spans.to_vec();
    spans.sort_unstable();
    let mut rest = Vec::new();
    let mut reached = Timestamp::MIN;
    for span in spans {
        let mut start = span.start.max(reached);
        for hole in &holes {
            if hole.end <= start || hole.start >= span.end {
                continue;
            }
            rest.push(Span::new(start, hole.start));
            start = start.max(hole.end);
        }
        rest.push(Span::new(start, span.end));
        reached = reached.max(span.end);
    }
    rest.retain(|span| !span.is_empty());
    rest
}

/// An exact ratio of two lengths, between 0 and 1; undefined when there is nothing to divide by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i64,
    denominator: i64,
}

impl Ratio {
    /// The ratio of a part to its whole. The part is taken into `[0, whole]`.
    pub fn of(part: Millis, whole: Millis) -> Self {
        let denominator = whole.0.max(0);
        Self { numerator: part.0.clamp(0, denominator), denominator }
    }

    /// The ratio of a number of things to the number of all of them.
    pub fn of_counts(part: u64, whole: u64) -> Self {
        let millis = |count: u64| Millis(i64::try_from(count).unwrap_or(i64::MAX));
        Self::of(millis(part), millis(whole))
    }

    /// Whether it is defined and at least so many millionths; exact.
    pub fn reaches(self, ppm: u32) -> bool {
        self.is_defined() && i128::from(self.numerator) * 1_000_000 >= i128::from(self.denominator) * i128::from(ppm)
    }

    /// The part.
    pub fn numerator(self) -> i64 {
        self.numerator
    }

    /// The whole; zero when the ratio is undefined.
    pub fn denominator(self) -> i64 {
        self.denominator
    }

    /// Whether there is a ratio at all: no evidence is "not observed", not 100 % (design rule 10).
    pub fn is_defined(self) -> bool {
        self.denominator > 0
    }

    /// For computing on; `None` when undefined.
    #[expect(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
    pub fn as_f64(self) -> Option<f64> {
        self.is_defined().then(|| self.numerator as f64 / self.denominator as f64)
    }

    /// Percent with `decimals` digits (up to 9) after the point, truncated, never rounded: `100` is printed only
    /// when the ratio is exactly one. `None` when undefined.
    pub fn percent(self, decimals: u32) -> Option<String> {
        if !self.is_defined() {
            return None;
        }
        let scale = 10_i128.pow(decimals.min(9));
        let scaled = i128::from(self.numerator) * 100 * scale / i128::from(self.denominator);
        let (whole, part) = (scaled / scale, scaled % scale);
        Some(match decimals.min(9) {
            0 => format!("{whole} %"),
            digits => format!("{whole}.{part:0width$} %", width = digits as usize),
        })
    }
}

impl Serialize for Ratio {
    /// A number from 0 to 1 at full precision; nothing (`null`) when undefined.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.as_f64().serialize(to)
    }
}

impl fmt::Display for Ratio {
    /// Percent with three decimals, or a dash when undefined.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.percent(3).as_deref().unwrap_or("–"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(start: i64, end: i64) -> Span {
        Span::new(Timestamp(start), Timestamp(end))
    }

    /// `in_service up down planned undetermined`.
    fn text(account: Account) -> String {
        let Account { in_service, up, down, planned, undetermined } = account;
        format!("{} {} {} {} {}", in_service.0, up.0, down.0, planned.0, undetermined.0)
    }

    #[test]
    fn hard_cases() {
        let period = span(0, 100);
        let all = [period];
        let of = |service: &[Span], down: &[Span], undetermined: &[Span], planned: &[Span]| {
            text(account(period, service, down, undetermined, planned))
        };
        assert_eq!(of(&all, &[], &[], &[]), "100 100 0 0 0", "nothing happened");
        assert_eq!(of(&[], &[span(0, 100)], &[], &[]), "0 0 0 0 0", "never in service");
        assert_eq!(of(&all, &[span(-50, 30)], &[], &[]), "100 70 30 0 0", "carried in");
        assert_eq!(of(&all, &[span(90, 400)], &[], &[]), "100 90 10 0 0", "open at the end");
        assert_eq!(of(&all, &[span(10, 30), span(20, 40)], &[], &[]), "100 70 30 0 0", "overlap counts once");
        assert_eq!(of(&all, &[span(10, 30)], &[span(20, 50)], &[]), "100 60 20 0 20", "down before undetermined");
        assert_eq!(of(&all, &[span(10, 30)], &[], &[span(20, 50)]), "100 60 10 30 0", "planned before down");
        assert_eq!(of(&[span(20, 60)], &[span(10, 30)], &[], &[span(50, 70)]), "40 20 10 10 0", "out of service first");
        assert_eq!(of(&all, &[span(30, 10)], &[], &[]), "100 100 0 0 0", "a backward span is empty");
        assert_eq!(text(account(span(5, 5), &all, &all, &[], &[])), "0 0 0 0 0", "an empty period");
    }

    #[test]
    fn percent_is_truncated_and_whole_only_when_exact() {
        let year = 365 * 86_400_000;
        assert_eq!(Ratio::of(Millis(year - 1), Millis(year)).percent(3).as_deref(), Some("99.999 %"));
        assert_eq!(Ratio::of(Millis(year), Millis(year)).percent(3).as_deref(), Some("100.000 %"));
        assert_eq!(Ratio::of(Millis(2), Millis(3)).percent(0).as_deref(), Some("66 %"));
        assert_eq!(Ratio::of(Millis(1), Millis(3)).to_string(), "33.333 %");
        assert_eq!(Ratio::of(Millis(0), Millis(0)).percent(3), None);
        assert_eq!(Ratio::of(Millis(0), Millis(0)).as_f64(), None);
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        proptest::collection::vec((-5i64..45, -5i64..45).prop_map(|(start, end)| span(start, end)), 0..6)
    }

    proptest! {
        #[test]
        fn the_sweep_counts_what_counting_every_millisecond_counts(
            start in 0i64..20, length in 0i64..25,
            service in spans(), down in spans(), undetermined in spans(), planned in spans(),
        ) {
            let period = span(start, start + length);
            let mut expected = Account::default();
            for millisecond in start..start + length {
                let inside = |spans: &[Span]| spans.iter().any(|span| span.contains(Timestamp(millisecond)));
                if inside(&service) {
                    expected.in_service += Millis(1);
                    let taken = if inside(&planned) {
                        &mut expected.planned
                    } else if inside(&down) {
                        &mut expected.down
                    } else if inside(&undetermined) {
                        &mut expected.undetermined
                    } else {
                        &mut expected.up
                    };
                    *taken += Millis(1);
                }
            }
            let account = account(period, &service, &down, &undetermined, &planned);
            prop_assert_eq!(account, expected);
            prop_assert_eq!(account.in_service, account.up + account.down + account.planned + account.undetermined);
            let ratio = Ratio::of(account.up, account.up + account.down);
            prop_assert_eq!(ratio.percent(3).as_deref() == Some("100.000 %"), account.down.0 == 0 && account.up.0 > 0);
        }

        #[test]
        fn spans_without_holes_hold_every_other_millisecond_once(spans in spans(), holes in spans()) {
            let rest = without(&spans, &holes);
            for millisecond in -6..46 {
                let at = Timestamp(millisecond);
                let inside = |spans: &[Span]| spans.iter().filter(|span| span.contains(at)).count();
                prop_assert_eq!(inside(&rest), usize::from(inside(&spans) > 0 && inside(&holes) == 0));
            }
        }
    }
}

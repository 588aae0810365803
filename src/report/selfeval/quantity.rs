//! Exact quotients of integers, for actual values and scores.

use crate::config::selfeval::{Decimal, Operator, Points};

/// A number in the unit of its indicator, as an exact quotient. Not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    numerator: i128,
    denominator: i128,
}

impl Quantity {
    /// `numerator ÷ denominator`, where the denominator is above zero.
    ///
    /// # Panics
    /// When it is not.
    pub fn new(numerator: i128, denominator: i128) -> Self {
        assert!(denominator > 0 && numerator >= 0, "{numerator} ÷ {denominator} is no quantity");
        Self { numerator, denominator }
    }

    /// A whole number.
    pub fn whole(number: u64) -> Self {
        Self::new(i128::from(number), 1)
    }

    /// Above the line.
    pub fn numerator(self) -> i128 {
        self.numerator
    }

    /// Below the line.
    pub fn denominator(self) -> i128 {
        self.denominator
    }

    /// As people write it: exact where six decimals are enough, else three decimals, cut off.
    pub fn text(self) -> String {
        let millionths = self.numerator * 1_000_000;
        if millionths % self.denominator == 0 {
            let (whole, part) = (millionths / self.denominator / 1_000_000, millionths / self.denominator % 1_000_000);
            let part = format!("{part:06}");
            return match part.trim_end_matches('0') {
                "" => whole.to_string(),
                part => format!("{whole}.{part}"),
            };
        }
        let thousandths = self.numerator * 1000 / self.denominator;
        format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
    }

    /// Compares it with a target.
    pub fn compare(self, target: Decimal) -> std::cmp::Ordering {
        let scale = i128::from(Decimal::SCALE);
        (self.numerator * scale).cmp(&(i128::from(target.millionths()) * self.denominator))
    }

    /// Whether a target is met.
    pub fn meets(self, operator: Operator, target: Decimal) -> bool {
        match operator {
            Operator::AtLeast => self.compare(target).is_ge(),
            Operator::Exactly => self.compare(target).is_eq(),
            Operator::AtMost => self.compare(target).is_le(),
        }
    }

    /// The score by Hubei's rule, cut off after two decimals.
    pub fn score(self, weight: Points, operator: Operator, target: Decimal) -> Points {
        let scale = i128::from(Decimal::SCALE);
        // Both sides in one unit: actual ÷ target as a quotient of integers.
        let (actual, target) = (self.numerator * scale, i128::from(target.millionths()) * self.denominator);
        let (part, whole) = match operator {
            Operator::AtLeast | Operator::Exactly => (actual, target),
            Operator::AtMost => (target, actual),
        };
        // A target of zero: reached, or for ≤ and = missed by whatever is above it.
        if whole == 0 || target == 0 {
            let reached = self.numerator == 0 || operator == Operator::AtLeast;
            return if whole == 0 && operator == Operator::AtMost || reached { weight } else { Points::default() };
        }
        if part >= whole {
            return weight.cut();
        }
        let score = multiplied(i128::from(weight.0), part, whole);
        Points(i64::try_from(score).unwrap_or_default()).cut()
    }
}

/// `number × part ÷ whole`, cut off, where `part < whole`. A part too large to be multiplied is made smaller with its
/// whole until it fits, which can only make the quotient less.
fn multiplied(number: i128, mut part: i128, mut whole: i128) -> i128 {
    loop {
        if let Some(product) = number.checked_mul(part) {
            return product / whole;
        }
        (part, whole) = (part / 2, whole / 2 + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(weight: i64, actual: (i128, i128), operator: Operator, target: &str) -> String {
        let target = Decimal::parse(target).expect("a decimal");
        Quantity::new(actual.0, actual.1).score(Points::whole(weight), operator, target).to_string()
    }

    #[test]
    fn scores_by_the_rule_of_hubei() {
        use Operator::{AtLeast, AtMost, Exactly};
        for (weight, actual, operator, target, wanted, why) in [
            (15, (99, 1), AtLeast, "99", "15", "reached exactly"),
            (15, (999, 10), AtLeast, "99", "15", "capped at the weight"),
            (15, (98, 1), AtLeast, "99", "14.84", "15 × 98 ÷ 99 = 14.848…, cut off"),
            (15, (0, 1), AtLeast, "99", "0", "nothing"),
            (10, (999_999_999, 10_000_000), Exactly, "100", "9.99", "a hair below is not full"),
            (5, (53, 1), Exactly, "53", "5", "equal"),
            (5, (55, 1), Exactly, "53", "5", "above is capped"),
            (5, (50, 1), Exactly, "53", "4.71", "5 × 50 ÷ 53"),
            (5, (12, 1), AtMost, "12", "5", "reached exactly"),
            (5, (6, 1), AtMost, "12", "5", "capped at the weight"),
            (5, (24, 1), AtMost, "12", "2.5", "5 × 12 ÷ 24"),
            (5, (0, 1), AtMost, "12", "5", "full marks when nothing"),
            (10, (8664, 100), AtMost, "86.6", "9.99", "10 × 86.6 ÷ 86.64"),
            (5, (0, 1), AtMost, "0", "5", "none allowed, none there"),
            (5, (1, 1), AtMost, "0", "0", "none allowed, one there"),
            (5, (1, 1), Exactly, "0", "0", "none wanted, one there"),
            (5, (0, 1), Exactly, "0", "5", "none wanted, none there"),
            (5, (0, 1), AtLeast, "0", "5", "anything will do"),
        ] {
            assert_eq!(score(weight, actual, operator, target), wanted, "{why}");
        }
    }

    #[test]
    fn a_huge_quotient_is_never_scored_upwards() {
        // A thousand years of a million lines, one millisecond short of the target.
        let whole = 31_557_600_000_000_i128 * 1_000_000;
        let quantity = Quantity::new((whole - 1) * 100, whole);
        let target = Decimal::parse("100").expect("a decimal");
        assert_eq!(quantity.score(Points::whole(20), Operator::AtLeast, target).to_string(), "19.99");
        assert_eq!(quantity.text(), "99.999");
    }

    #[test]
    fn texts_are_exact_or_cut_off() {
        for (numerator, denominator, text) in [
            (53, 1, "53"),
            (995, 10, "99.5"),
            (2, 3, "0.666"),
            (199_999, 2000, "99.9995"),
            (1_999_999_999, 20_000_000, "99.999"),
            (76_319_999, 1_000_000, "76.319999"),
            (0, 7, "0"),
        ] {
            assert_eq!(Quantity::new(numerator, denominator).text(), text);
        }
    }
}

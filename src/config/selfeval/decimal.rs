//! Exact decimals: what the file says is what is computed with.

use std::fmt;

/// A number with at most six decimals, exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    millionths: i64,
}

impl Decimal {
    /// Millionths in a whole.
    pub const SCALE: i64 = 1_000_000;
    /// Largest that the file may hold: a thousand million.
    pub const MOST: Self = Self { millionths: 1_000_000_000 * Self::SCALE };

    /// From millionths.
    pub const fn of_millionths(millionths: i64) -> Self {
        Self { millionths }
    }

    /// In millionths.
    pub fn millionths(self) -> i64 {
        self.millionths
    }

    /// Reads `86.6`, `1_000`, `-3`. Exponents, more than six decimals and numbers beyond [`Self::MOST`] are none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace('_', "");
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(&text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let fraction = if plain(fraction) { fraction.trim_end_matches('0') } else { return None };
        if !plain(whole) || fraction.len() > 6 {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let part: i64 = format!("{fraction:0<6}").parse().ok()?;
        let found = Self { millionths: sign * whole.checked_mul(Self::SCALE)?.checked_add(part)? };
        (found <= Self::MOST && found.millionths >= -Self::MOST.millionths).then_some(found)
    }

    /// For a cell of a spreadsheet, whose numbers are floats; nothing is computed with it here.
    #[expect(clippy::cast_precision_loss, reason = "15 digits, which a float keeps")]
    pub fn as_f64(self) -> f64 {
        self.millionths as f64 / Self::SCALE as f64
    }
}

impl std::str::FromStr for Decimal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::parse(text).filter(|found| found.millionths >= 0);
        found.ok_or_else(|| "a number of at least 0 with at most six decimals, like 86.6".to_owned())
    }
}

impl std::ops::Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { millionths: self.millionths.saturating_add(other.millionths) }
    }
}

impl fmt::Display for Decimal {
    /// Without needless zeros: `99`, `86.6`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.millionths.unsigned_abs() / 1_000_000, self.millionths.unsigned_abs() % 1_000_000);
        let sign = if self.millionths < 0 { "-" } else { "" };
        let part = format!("{part:06}");
        match part.trim_end_matches('0') {
            "" => f.pad(&format!("{sign}{whole}")),
            part => f.pad(&format!("{sign}{whole}.{part}")),
        }
    }
}

/// Points of a score, in hundred-thousandths: a weight of two decimals times 9/8 is still exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(pub i64);

impl Points {
    /// In one point.
    pub const ONE: i64 = 100_000;

    /// So many whole points.
    pub const fn whole(points: i64) -> Self {
        Self(points * Self::ONE)
    }

    /// Cut off after two decimals.
    #[must_use]
    pub fn cut(self) -> Self {
        Self(self.0 - self.0.rem_euclid(Self::ONE / 100))
    }

    /// For a cell of a spreadsheet.
    pub fn as_f64(self) -> f64 {
        self.decimal().as_f64()
    }

    fn decimal(self) -> Decimal {
        Decimal::of_millionths(self.0 * (Decimal::SCALE / Self::ONE))
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        Self(points.map(|points| points.0).sum())
    }
}

impl fmt::Display for Points {
    /// Without needless zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decimal().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_and_written_exactly() {
        for (text, written) in [
            ("86.6", "86.6"),
            ("99", "99"),
            ("0.10", "0.1"),
            ("1_000.000001", "1000.000001"),
            ("-3.5", "-3.5"),
            ("+7", "7"),
            ("0", "0"),
            ("-0.0", "0"),
            ("1.5000000000", "1.5"),
        ] {
            assert_eq!(Decimal::parse(text).map(|found| found.to_string()).as_deref(), Some(written), "{text}");
        }
        for wrong in ["", ".", "1.", ".5", "1e3", "0.0000001", "nan", "inf", "1,000", "1000000001", "0x10", "１"] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn points_are_cut_off_never_rounded() {
        assert_eq!(Points(1_499_999).cut().to_string(), "14.99");
        assert_eq!(Points::whole(15).to_string(), "15");
        assert_eq!(Points(562_500).cut().to_string(), "5.62");
    }
}

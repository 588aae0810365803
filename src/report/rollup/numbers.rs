//! Figures as people read them. Whatever has to be cut off is cut off, never rounded (design rule 10).

use linewatch_core::availability::Ratio;
use linewatch_core::time::Millis;

use crate::language::Language;

/// A whole number with a comma before every three digits.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Hours with three decimals: 3.6 s a step.
pub fn hours(length: Millis) -> String {
    let thousandths = length.0 / 3600;
    format!("{}.{:03}", grouped(thousandths / 1000), thousandths.unsigned_abs() % 1000)
}

/// `12:05:09.250`, hours without limit: adds up with a pencil.
pub fn clock(length: Millis) -> String {
    let (seconds, millis) = (length.0 / 1000, length.0 % 1000);
    format!("{}:{:02}:{:02}.{millis:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Fen as yuan.
pub fn yuan(fen: i64) -> String {
    format!("{}.{:02}", grouped(fen / 100), fen.unsigned_abs() % 100)
}

/// Percent with three decimals; 「未观测」 where there is nothing to divide by.
pub fn percent(ratio: Ratio, language: Language) -> String {
    ratio.percent(3).unwrap_or_else(|| language.pick("未观测", "not observed").to_owned())
}

/// Percent of faults or their points; 「无故障」 where there was none.
pub fn percent_of_faults(ratio: Ratio, language: Language) -> String {
    ratio.percent(3).unwrap_or_else(|| language.pick("无故障", "no faults").to_owned())
}

/// Percentage points between two ratios with three decimals and sign, cut off; `None` where one is undefined.
pub fn points_between(from: Ratio, to: Ratio) -> Option<String> {
    if !from.is_defined() || !to.is_defined() {
        return None;
    }
    let part = |ratio: Ratio| (i128::from(ratio.numerator()), i128::from(ratio.denominator()));
    let ((a, b), (c, d)) = (part(from), part(to));
    // Two periods of a thousand years in milliseconds multiply to less than 2^90: room for the decimals.
    let thousandths = (c * b - a * d) * 100_000 / (b * d);
    let sign = if thousandths < 0 { "-" } else { "+" };
    let size = thousandths.unsigned_abs();
    Some(format!("{sign}{}.{:03}", size / 1000, size % 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cut_off_and_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(-1_234_567), "-1,234,567");
        assert_eq!(hours(Millis(3_599_999)), "0.999");
        assert_eq!(hours(Millis(3_600_000 * 1_234)), "1,234.000");
        assert_eq!(clock(Millis(90_061_001)), "25:01:01.001");
        assert_eq!(yuan(123_456), "1,234.56");
    }

    #[test]
    fn a_difference_of_ratios_is_exact() {
        let ratio = |part, whole| Ratio::of(Millis(part), Millis(whole));
        assert_eq!(points_between(ratio(1, 2), ratio(3, 4)).as_deref(), Some("+25.000"));
        assert_eq!(points_between(ratio(2, 3), ratio(1, 3)).as_deref(), Some("-33.333"));
        assert_eq!(points_between(ratio(1, 2), ratio(1, 2)).as_deref(), Some("+0.000"));
        assert_eq!(points_between(ratio(0, 0), ratio(1, 2)), None);
    }
}

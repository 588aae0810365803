//! Single cells: text to values, without floats.

use super::mistake::Problem;

/// Longest id in characters: it stands in addresses of pages, in metrics and in every record.
pub const LONGEST_ID: usize = 64;
/// Longest other text in characters.
pub const LONGEST_TEXT: usize = 200;

/// A cell without the spaces around it, full-width ones and a byte order mark included.
pub fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// A text with the full-width letters, digits and signs of a Chinese keyboard as plain ones: ０１２．Ａ is 012.A.
pub fn half_width(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(plain).collect()
}

/// What is wrong with a text as such.
pub fn text_problem(text: &str, most: usize) -> Option<Problem> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if let Some(character) = text.chars().find(|c| hidden(*c)) {
        return Some(Problem::Invisible { character });
    }
    let found = text.chars().count();
    (found > most).then_some(Problem::TooLong { found, most })
}

/// Decimal text from 0 to `most` with at most `decimals` digits behind the point, as a whole number of the last.
pub fn decimal(text: &str, decimals: usize, most: u32) -> Option<i64> {
    scaled(text, decimals, most, false)
}

/// Degrees from −`most` to `most` in millionths; further digits, below a decimetre, are cut off.
pub fn degrees_e6(text: &str, most: u32) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(rest) => scaled(rest, 6, most, true).map(|value| -value),
        None => scaled(text, 6, most, true),
    }
}

fn scaled(text: &str, decimals: usize, most: u32, cut: bool) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let pointless = fraction.is_empty() && text.ends_with('.');
    if whole.is_empty() || pointless || !digits(whole) || !digits(fraction) || (!cut && fraction.len() > decimals) {
        return None;
    }
    let unit = 10_i64.pow(u32::try_from(decimals).ok()?);
    let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(decimals).collect();
    let fraction = if fraction.is_empty() { 0 } else { fraction.parse::<i64>().ok()? };
    let value = whole.parse::<i64>().ok()?.checked_mul(unit)?.checked_add(fraction)?;
    (value <= i64::from(most) * unit).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_without_floats() {
        for (text, fen) in [("0", 0), ("180", 18_000), ("180.5", 18_050), ("0.29", 29), ("1234.56", 123_456)] {
            assert_eq!(decimal(text, 2, 1_000_000), Some(fen), "{text}");
        }
        for text in ["", ".5", "5.", "1,200", "1e3", "-1", "180元", "0.001", "1000000.01", "99999999999999999999", "１"]
        {
            assert_eq!(decimal(text, 2, 1_000_000), None, "{text}");
        }
    }

    #[test]
    fn degrees() {
        assert_eq!(degrees_e6("29.8413", 90), Some(29_841_300));
        assert_eq!(degrees_e6("-114.31234567", 180), Some(-114_312_345));
        assert_eq!(degrees_e6("90", 90), Some(90_000_000));
        for text in ["90.0000011", "91", "114°18'", "--1", "+1"] {
            assert_eq!(degrees_e6(text, 90), None, "{text}");
        }
    }

    #[test]
    fn full_width_signs_become_plain() {
        assert_eq!(half_width("１０．２，３：５５４－Ａｚ　～"), "10.2,3:554-Az ~");
        assert_eq!(half_width("村（社区）、。"), "村(社区)、。");
    }

    #[test]
    fn spaces_of_every_width_go() {
        assert_eq!(trim("\u{feff}\u{3000} 甲 乙\u{3000}\t"), "甲 乙");
    }
}

//! Lengths of time as people write them in the configuration: "500ms", "2s", "1m30s", "12h".

use linewatch_core::time::Millis;

/// Units from long to short, in milliseconds.
const UNITS: [(&str, i64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Reads one or more whole numbers, each with a unit: `d`, `h`, `m`, `s` or `ms`. Anything else is `None`,
/// also a number without a unit and a sum that overflows.
pub fn parse(text: &str) -> Option<Millis> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let after = rest[digits..].trim_start();
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == &after[..letters])?;
        total = total.checked_add(number.checked_mul(*unit)?)?;
        rest = after[letters..].trim_start();
    }
    Some(Millis(total))
}

/// Writes a length the way [`parse`] reads it, in the longest unit that fits it whole: "90s", "1500ms", "0s".
pub fn format(length: Millis) -> String {
    if length == Millis::ZERO {
        return "0s".to_owned();
    }
    // Every length is whole in milliseconds.
    let (name, unit) = UNITS.into_iter().find(|(_, unit)| length.0 % unit == 0).unwrap_or(("ms", 1));
    format!("{}{name}", length.0 / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, ms) in
            [("2s", 2000), ("500ms", 500), ("5m", 300_000), ("12h", 43_200_000), ("1m30s", 90_000), (" 2 s ", 2000)]
        {
            assert_eq!(parse(text), Some(Millis(ms)), "{text}");
        }
    }

    #[test]
    fn refuses_what_has_two_meanings_or_none() {
        for text in ["", "2", "s", "1.5s", "-2s", "2 sec", "2s3", "99999999999999d", "２s"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for text in ["0s", "1ms", "90s", "12h", "1d", "1500ms", "30m"] {
            assert_eq!(format(parse(text).unwrap()), text);
        }
    }
}

//! Days as people write them, and the instant at which a day begins.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use linewatch_core::time::Timestamp;

/// Reads `2026-01-05`, `2026/1/5`, `2026.1.5`, `2026年1月5日` or `20260105`, from 1970 to 2199.
pub fn parse(text: &str) -> Option<NaiveDate> {
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let separated = |separator: char| -> Option<(u32, u32, u32)> {
        let mut parts = text.split(separator);
        let day = (digits(parts.next()?)?, digits(parts.next()?)?, digits(parts.next()?)?);
        parts.next().is_none().then_some(day)
    };
    let chinese = || {
        let (year, rest) = text.split_once('年')?;
        let (month, rest) = rest.split_once('月')?;
        let day = rest.strip_suffix('日').or_else(|| rest.strip_suffix('号'))?;
        Some((digits(year.trim())?, digits(month.trim())?, digits(day.trim())?))
    };
    let compact = || {
        let number = (text.len() == 8).then(|| digits(text)).flatten()?;
        Some((number / 10_000, number / 100 % 100, number % 100))
    };
    let (year, month, day) =
        separated('-').or_else(|| separated('/')).or_else(|| separated('.')).or_else(chinese).or_else(compact)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|date| (1970..2200).contains(&date.year()))
}

/// 00:00 of a day in a zone. Where that hour does not exist the first instant of the day that does; where it
/// exists twice the earlier; where the whole day was left out the beginning of the next.
pub fn start_of(date: NaiveDate, zone: Tz) -> Timestamp {
    let midnight = date.and_time(NaiveTime::MIN);
    // No zone ever skipped more than one day; seconds, since old offsets have them.
    let limit = date.checked_add_days(Days::new(2)).unwrap_or(date).and_time(NaiveTime::MIN);
    let mut local = midnight;
    while local < limit {
        if let Some(instant) = zone.from_local_datetime(&local).earliest() {
            return Timestamp(instant.timestamp_millis());
        }
        local += TimeDelta::seconds(1);
    }
    Timestamp(midnight.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let wanted = NaiveDate::from_ymd_opt(2026, 1, 5);
        for text in ["2026-01-05", "2026/1/5", "2026.1.5", "2026年1月5日", "2026年01月05号", "20260105"] {
            assert_eq!(parse(text), wanted, "{text}");
        }
    }

    #[test]
    fn refuses_days_that_are_not() {
        for text in [
            "2026-02-30",
            "2026-13-01",
            "26-1-5",
            "2026-1",
            "2026/1/5/6",
            "昨天",
            "1/5/2026",
            "46027",
            "2026-01-05 08:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_begins_in_its_zone() {
        let begin = |text: &str, zone| start_of(parse(text).unwrap(), zone).to_string();
        assert_eq!(begin("2026-01-05", Tz::Asia__Shanghai), "2026-01-04T16:00:00.000Z");
        // The clocks went from 00:00 to 01:00.
        assert_eq!(begin("2018-11-04", Tz::America__Sao_Paulo), "2018-11-04T03:00:00.000Z");
        // 00:00 came twice: 01:00 went back to 00:00.
        assert_eq!(begin("2022-11-06", Tz::America__Havana), "2022-11-06T04:00:00.000Z");
        // The day was left out at the date line.
        assert_eq!(begin("2011-12-30", Tz::Pacific__Apia), begin("2011-12-31", Tz::Pacific__Apia));
    }
}

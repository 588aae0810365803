//! Calendars of the site's zone: the day of an instant, and where days, months and years begin.
//!
//! A day is `[start, start of the next day)`, a month and a year likewise, so that every instant lies in exactly
//! one of each. Where summer time skips midnight the day begins with the first instant after it; where midnight
//! comes twice it begins with the first one. A day that a zone skipped altogether is empty.

use chrono::{Datelike, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::time::{Millis, Span, Timestamp};

const HOUR: i64 = 3_600_000;

/// The calendar of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    zone: Tz,
}

impl Calendar {
    /// The calendar of a zone.
    pub fn new(zone: Tz) -> Self {
        Self { zone }
    }

    /// The day that holds an instant.
    pub fn day_of(self, at: Timestamp) -> NaiveDate {
        let day = self.local(at).date();
        match day.succ_opt() {
            // Midnight comes twice: after its first coming it is the next day for good.
            Some(next) if self.start_of_day(next) <= at => next,
            Some(_) | None => day,
        }
    }

    /// The first instant of a day.
    pub fn start_of_day(self, day: NaiveDate) -> Timestamp {
        let midnight = day.and_time(NaiveTime::MIN);
        match self.zone.from_local_datetime(&midnight) {
            MappedLocalTime::Single(at) => Timestamp(at.timestamp_millis()),
            MappedLocalTime::Ambiguous(first, second) => Timestamp(first.min(second).timestamp_millis()),
            MappedLocalTime::None => self.after_gap(midnight),
        }
    }

    /// The first instant whose local time is not before `skipped`, a local time that never was.
    fn after_gap(self, skipped: NaiveDateTime) -> Timestamp {
        let middle = skipped.and_utc().timestamp_millis();
        // No zone is more than 26 hours off, so the change lies between these two.
        let (mut before, mut after) = (middle - 26 * HOUR, middle + 26 * HOUR);
        while after - before > 1 {
            let half = before.midpoint(after);
            if self.local(Timestamp(half)) < skipped {
                before = half;
            } else {
                after = half;
            }
        }
        Timestamp(after)
    }

    /// The first instant of a month; `None` when there is no such month.
    pub fn start_of_month(self, year: i32, month: u32) -> Option<Timestamp> {
        Some(self.start_of_day(NaiveDate::from_ymd_opt(year, month, 1)?))
    }

    /// The first instant of a year; `None` beyond the years that chrono knows (±262,000).
    pub fn start_of_year(self, year: i32) -> Option<Timestamp> {
        self.start_of_month(year, 1)
    }

    /// A whole day.
    pub fn day(self, day: NaiveDate) -> Span {
        Span::new(self.start_of_day(day), day.succ_opt().map_or(Timestamp::MAX, |next| self.start_of_day(next)))
    }

    /// A whole month; `None` when there is no such month.
    pub fn month(self, year: i32, month: u32) -> Option<Span> {
        let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        Some(Span::new(self.start_of_month(year, month)?, self.start_of_month(next_year, next_month)?))
    }

    /// A whole year: from 1 January 00:00 to the next 1 January 00:00, never 365 × 24 h (design rule 1).
    pub fn year(self, year: i32) -> Option<Span> {
        Some(Span::new(self.start_of_year(year)?, self.start_of_year(year.checked_add(1)?)?))
    }

    /// The start of the month after the one that holds an instant.
    pub fn next_month_start(self, at: Timestamp) -> Timestamp {
        let day = self.day_of(at);
        self.month(day.year(), day.month()).map_or(Timestamp::MAX, |month| month.end)
    }

    /// The next instant after `at` at which the local clock shows a full hour.
    pub fn next_hour(self, at: Timestamp) -> Timestamp {
        let after = |offset: i64| Timestamp((at.0 + offset).div_euclid(HOUR) * HOUR + HOUR - offset);
        // Should the offset change on the way, the hour is a full one by the new one.
        let offset = self.offset(after(self.offset(at)));
        let next = after(offset);
        // A full hour by the new offset while the old one is still in force is none.
        if self.offset(next) == offset { next } else { next + Millis(HOUR) }
    }

    /// The hour that holds an instant, from one full hour of the local clock to the next.
    pub fn hour(self, at: Timestamp) -> Span {
        // Offsets change by hours or parts of one: two hours before there is a full hour in any case.
        let mut start = self.next_hour(at - Millis(2 * HOUR));
        loop {
            let end = self.next_hour(start);
            if at < end {
                return Span::new(start, end);
            }
            start = end;
        }
    }

    /// Local time minus UTC in milliseconds.
    fn offset(self, at: Timestamp) -> i64 {
        i64::from(self.zone.offset_from_utc_datetime(&at.to_utc().naive_utc()).fix().local_minus_utc()) * 1000
    }

    fn local(self, at: Timestamp) -> NaiveDateTime {
        let offset = self.offset(at);
        (at + Millis(offset)).to_utc().naive_utc()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calendar(zone: Tz) -> Calendar {
        Calendar::new(zone)
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(chrono::DateTime::parse_from_rfc3339(text).expect("RFC 3339").timestamp_millis())
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn shanghai_has_plain_days_and_years() {
        let calendar = calendar(chrono_tz::Asia::Shanghai);
        assert_eq!(calendar.day_of(at("2026-01-05T15:59:59.999Z")), day("2026-01-05"));
        assert_eq!(calendar.day_of(at("2026-01-05T16:00:00Z")), day("2026-01-06"));
        assert_eq!(calendar.year(2026).expect("a year").length(), Millis(365 * 24 * HOUR));
        assert_eq!(calendar.year(2028).expect("a year").length(), Millis(366 * 24 * HOUR));
        assert_eq!(calendar.start_of_year(2026), Some(at("2025-12-31T16:00:00Z")));
        assert_eq!(calendar.next_month_start(at("2026-12-31T15:59:59Z")), at("2027-01-01T00:00:00+08:00"));
        assert_eq!(calendar.start_of_month(2026, 13), None);
    }

    #[test]
    fn the_shanghai_of_1986_to_1991_had_summer_time() {
        let calendar = calendar(chrono_tz::Asia::Shanghai);
        assert_eq!(calendar.day(day("1991-04-14")).length(), Millis(23 * HOUR));
        assert_eq!(calendar.day(day("1991-09-15")).length(), Millis(25 * HOUR));
    }

    #[test]
    fn a_day_begins_after_a_skipped_midnight() {
        // Cuba turns its clocks from 00:00 to 01:00.
        let calendar = calendar(chrono_tz::America::Havana);
        assert_eq!(calendar.start_of_day(day("2026-03-08")), at("2026-03-08T01:00:00-04:00"));
        assert_eq!(calendar.day(day("2026-03-08")).length(), Millis(23 * HOUR));
        // So does Lebanon, east of Greenwich.
        let calendar = self::calendar(chrono_tz::Asia::Beirut);
        assert_eq!(calendar.start_of_day(day("2024-03-31")), at("2024-03-31T01:00:00+03:00"));
    }

    #[test]
    fn an_evening_that_comes_back_after_midnight_belongs_to_the_next_day() {
        // Newfoundland turned its clocks back from 00:01 to 23:01: the days part at the midnight that came first.
        let calendar = calendar(chrono_tz::America::St_Johns);
        let midnight = at("2010-11-07T00:00:00-02:30");
        assert_eq!(calendar.start_of_day(day("2010-11-07")), midnight);
        assert_eq!(calendar.day_of(midnight - Millis(1)), day("2010-11-06"));
        assert_eq!(calendar.day_of(at("2010-11-06T23:30:00-03:30")), day("2010-11-07"));
    }

    #[test]
    fn a_day_begins_with_the_first_of_two_midnights() {
        // Cuba turns its clocks back from 01:00 to 00:00: midnight comes twice.
        let calendar = calendar(chrono_tz::America::Havana);
        assert_eq!(calendar.start_of_day(day("2026-11-01")), at("2026-11-01T00:00:00-04:00"));
        assert_eq!(calendar.day(day("2026-11-01")).length(), Millis(25 * HOUR));
    }

    #[test]
    fn a_skipped_day_is_empty() {
        let calendar = calendar(chrono_tz::Pacific::Apia);
        assert!(calendar.day(day("2011-12-30")).is_empty());
        assert_eq!(calendar.day_of(at("2011-12-30T10:00:00Z")), day("2011-12-31"));
    }

    #[test]
    fn hours_are_those_of_the_local_clock() {
        let india = calendar(chrono_tz::Asia::Kolkata);
        assert_eq!(india.next_hour(at("2026-01-01T00:00:00+05:30")), at("2026-01-01T01:00:00+05:30"));
        assert_eq!(india.next_hour(at("2026-01-01T00:59:59+05:30")), at("2026-01-01T01:00:00+05:30"));
        // Lord Howe Island turns back by half an hour, from 02:00 +11 to 01:30 +10:30.
        let howe = calendar(chrono_tz::Australia::Lord_Howe);
        assert_eq!(howe.next_hour(at("2026-04-05T01:45:00+11:00")), at("2026-04-05T02:00:00+10:30"));
        let long = Span::new(at("2026-04-05T01:00:00+11:00"), at("2026-04-05T02:00:00+10:30"));
        assert_eq!(howe.hour(at("2026-04-05T01:45:00+10:30")), long);
        assert_eq!(howe.hour(long.start), long);
        assert_eq!(howe.hour(long.end).start, long.end);
        for quarter in 0..6 {
            assert_eq!(howe.next_hour(long.start + Millis(quarter * HOUR / 4)), long.end, "{quarter}");
        }
        // And forward, from 02:00 +10:30 to 02:30 +11.
        assert_eq!(howe.next_hour(at("2026-10-04T01:15:00+10:30")), at("2026-10-04T03:00:00+11:00"));
    }

    proptest! {
        #[test]
        fn every_instant_lies_in_exactly_one_day_and_before_the_next_hour(
            millis in -2_000_000_000_000i64..4_000_000_000_000,
            zone in prop_oneof![
                Just(chrono_tz::Asia::Shanghai), Just(chrono_tz::America::Havana), Just(chrono_tz::Pacific::Apia),
                Just(chrono_tz::Australia::Lord_Howe), Just(chrono_tz::America::St_Johns),
            ],
        ) {
            let (calendar, at) = (calendar(zone), Timestamp(millis));
            prop_assert!(calendar.day(calendar.day_of(at)).contains(at));
            let next = calendar.next_hour(at);
            prop_assert!(at < next && next <= at + Millis(2 * HOUR));
            prop_assert_eq!(calendar.local(next).and_utc().timestamp_millis().rem_euclid(HOUR), 0);
            prop_assert!(calendar.next_month_start(at) > at);
            let hour = calendar.hour(at);
            prop_assert!(hour.contains(at) && hour.length() <= Millis(2 * HOUR));
            prop_assert_eq!(calendar.hour(hour.start), hour);
            prop_assert_eq!(calendar.hour(hour.end - Millis(1)), hour);
        }
    }
}

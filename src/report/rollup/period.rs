//! The period of a rollup, and up to which record it looks, as people write them.
//!
//! A year is `2026`, a quarter `2026-Q3`, a month `2026-07`, all in the site's zone. Two ends may be plain days, both
//! included, or instants of RFC 3339, the second one not included (design section 3).

use chrono::{DateTime, NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use linewatch_core::calendar::Calendar;
use linewatch_core::time::{Span, Timestamp};

use crate::language::Language;

/// A period as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// From 1 January to the next.
    Year(i32),
    /// Three months; quarters count from 1.
    Quarter(i32, u32),
    /// A month; months count from 1.
    Month(i32, u32),
    /// Whole days, both included.
    Days(NaiveDate, NaiveDate),
    /// From an instant to another, which is not included.
    Instants(Timestamp, Timestamp),
}

/// A period of a site: what was asked for, in which zone, and the span it comes to. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    asked: Asked,
    zone: Tz,
    span: Span,
}

/// Why there is no such period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPeriod {
    /// Not four digits.
    Year(String),
    /// Not `YYYY-QN`.
    Quarter(String),
    /// Not `YYYY-MM`.
    Month(String),
    /// Neither a day nor an instant; the option it was given for.
    Edge(&'static str, String),
    /// It ends before it begins.
    Negative,
    /// It ends where it begins.
    Empty,
}

impl NoPeriod {
    /// The sentence for people: what is wrong and how it is written.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Year(text) => language.pick(
                format!("--year 的值「{text}」不是年份：写四位数字，如 --year 2026"),
                format!("--year {text:?} is no year: write four digits, like --year 2026"),
            ),
            Self::Quarter(text) => language.pick(
                format!("--quarter 的值「{text}」不是季度：写年份、-Q 和 1 到 4，如 --quarter 2026-Q3"),
                format!("--quarter {text:?} is no quarter: write year, -Q and 1 to 4, like --quarter 2026-Q3"),
            ),
            Self::Month(text) => language.pick(
                format!("--month 的值「{text}」不是月份：写年份和两位月份，如 --month 2026-07"),
                format!("--month {text:?} is no month: write year and two digits, like --month 2026-07"),
            ),
            Self::Edge(option, text) => language.pick(
                format!("{option} 的值「{text}」既不是日期也不是时刻：日期如 2026-07-01（当天算在内），时刻如 2026-07-01T08:00:00+08:00"),
                format!("{option} {text:?} is neither a day nor an instant: a day is like 2026-07-01 (and is included), an instant like 2026-07-01T08:00:00+08:00"),
            ),
            Self::Negative => language.pick(
                "统计期的终点在起点之前：请把 --from 和 --to 对调".to_owned(),
                "the period ends before it begins: exchange --from and --to".to_owned(),
            ),
            Self::Empty => language.pick(
                "统计期是空的：时刻为终点时不算在内；要统计一整天，两端都写同一个日期".to_owned(),
                "the period is empty: an instant as end is not included; for a whole day write the same day twice"
                    .to_owned(),
            ),
        }
    }
}

impl Period {
    /// `2026`.
    ///
    /// # Errors
    /// When it is no year of four digits.
    pub fn year(text: &str, zone: Tz) -> Result<Self, NoPeriod> {
        let wrong = || NoPeriod::Year(text.to_owned());
        let year = digits(text, 4).ok_or_else(wrong)?;
        let span = Calendar::new(zone).year(year).ok_or_else(wrong)?;
        Ok(Self { asked: Asked::Year(year), zone, span })
    }

    /// `2026-Q3`.
    ///
    /// # Errors
    /// When it is none.
    pub fn quarter(text: &str, zone: Tz) -> Result<Self, NoPeriod> {
        let read = || {
            let (year, quarter) =
                text.split_once(['-', ' ']).unwrap_or_else(|| text.split_at_checked(4).unwrap_or_default());
            let (year, quarter) = (digits(year, 4)?, quarter.trim_start_matches(['Q', 'q']));
            let quarter = u32::try_from(digits(quarter, 1)?).ok().filter(|quarter| (1..=4).contains(quarter))?;
            let calendar = Calendar::new(zone);
            let span = Span::new(calendar.month(year, quarter * 3 - 2)?.start, calendar.month(year, quarter * 3)?.end);
            Some(Self { asked: Asked::Quarter(year, quarter), zone, span })
        };
        read().ok_or_else(|| NoPeriod::Quarter(text.to_owned()))
    }

    /// `2026-07`.
    ///
    /// # Errors
    /// When it is none.
    pub fn month(text: &str, zone: Tz) -> Result<Self, NoPeriod> {
        let read = || {
            let (year, month) = text.split_once('-')?;
            let (year, month) = (digits(year, 4)?, u32::try_from(digits(month, 2)?).ok()?);
            let span = Calendar::new(zone).month(year, month)?;
            Some(Self { asked: Asked::Month(year, month), zone, span })
        };
        read().ok_or_else(|| NoPeriod::Month(text.to_owned()))
    }

    /// Two ends, each a day or an instant. A day as the first end means its beginning, as the second one its end.
    ///
    /// # Errors
    /// When one is neither, or there is nothing between them.
    pub fn between(from: &str, to: &str, zone: Tz) -> Result<Self, NoPeriod> {
        let calendar = Calendar::new(zone);
        let first = Edge::read(from).ok_or_else(|| NoPeriod::Edge("--from", from.to_owned()))?;
        let last = Edge::read(to).ok_or_else(|| NoPeriod::Edge("--to", to.to_owned()))?;
        let span = Span::new(first.beginning(calendar), last.end(calendar));
        let asked = match (first, last) {
            (Edge::Day(first), Edge::Day(last)) => Asked::Days(first, last),
            (Edge::Day(_) | Edge::Instant(_), Edge::Day(_) | Edge::Instant(_)) => Asked::Instants(span.start, span.end),
        };
        // Of days the second one is included: the day before the first would make an empty span.
        let negative = match asked {
            Asked::Days(first, last) => last < first,
            Asked::Instants(..) | Asked::Year(_) | Asked::Quarter(..) | Asked::Month(..) => span.end < span.start,
        };
        if negative {
            return Err(NoPeriod::Negative);
        }
        if span.is_empty() { Err(NoPeriod::Empty) } else { Ok(Self { asked, zone, span }) }
    }

    /// A span that is known to be a period, in whatever words it was asked for.
    pub fn spanning(span: Span, zone: Tz) -> Self {
        Self { asked: Asked::Instants(span.start, span.end), zone, span }
    }

    /// Its short name: `2026`, `2026-Q3`, `2026-07`, `2026-07-01..2026-07-10`.
    pub fn label(self) -> String {
        match self.asked {
            Asked::Year(year) => format!("{year:04}"),
            Asked::Quarter(year, quarter) => format!("{year:04}-Q{quarter}"),
            Asked::Month(year, month) => format!("{year:04}-{month:02}"),
            Asked::Days(first, last) => format!("{first}..{last}"),
            Asked::Instants(from, to) => format!("{}..{}", rfc3339(from, self.zone), rfc3339(to, self.zone)),
        }
    }

    /// What was asked for.
    pub fn asked(self) -> Asked {
        self.asked
    }

    /// The zone of its days.
    pub fn zone(self) -> Tz {
        self.zone
    }

    /// The span `[from, to)`.
    pub fn span(self) -> Span {
        self.span
    }

    /// `2026 年`, `2026 年 7 月 1 日至 9 月 30 日`…
    pub fn name(self, language: Language) -> String {
        match self.asked {
            Asked::Year(year) => language.pick(format!("{year} 年"), format!("{year}")),
            Asked::Quarter(year, quarter) => {
                language.pick(format!("{year} 年第 {quarter} 季度"), format!("quarter {quarter} of {year}"))
            }
            Asked::Month(year, month) => language.pick(format!("{year} 年 {month} 月"), format!("{year}-{month:02}")),
            Asked::Days(first, last) if first == last => first.to_string(),
            Asked::Days(first, last) => language.pick(format!("{first} 至 {last}"), format!("{first} to {last}")),
            Asked::Instants(from, to) => {
                let (from, to) = (rfc3339(from, self.zone), rfc3339(to, self.zone));
                language.pick(format!("{from} 至 {to}"), format!("{from} to {to}"))
            }
        }
    }
}

/// An instant in a zone, with offset; milliseconds only where there are some.
pub fn rfc3339(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// An instant in a zone as it is written in a sentence, in a way that no hyphen breaks over two lines; milliseconds only
/// where there are some.
pub fn written(at: Timestamp, zone: Tz, language: Language) -> String {
    let form = language.pick("%Y年%-m月%-d日 %H:%M:%S%.f", "%-d %B %Y %H:%M:%S%.f");
    at.to_utc().with_timezone(&zone).format(form).to_string()
}

/// One end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// A whole day.
    Day(NaiveDate),
    /// An instant.
    Instant(Timestamp),
}

impl Edge {
    /// Reads `2026-07-01` or an instant of RFC 3339.
    pub fn read(text: &str) -> Option<Self> {
        // chrono would also take 2026-7-1 and years of other lengths: one spelling leaves nothing to guess.
        if text.len() == 10 {
            return NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::Day);
        }
        DateTime::parse_from_rfc3339(text).ok().map(|at| Self::Instant(Timestamp(at.timestamp_millis())))
    }

    /// The instant, or where the day begins.
    pub fn beginning(self, calendar: Calendar) -> Timestamp {
        match self {
            Self::Day(day) => calendar.start_of_day(day),
            Self::Instant(at) => at,
        }
    }

    /// The instant, or where the next day begins.
    pub fn end(self, calendar: Calendar) -> Timestamp {
        match self {
            Self::Day(day) => calendar.day(day).end,
            Self::Instant(at) => at,
        }
    }
}

/// Exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = chrono_tz::Asia::Shanghai;

    fn text(period: Result<Period, NoPeriod>) -> String {
        let span = period.unwrap_or_else(|error| panic!("{}", error.sentence(Language::English))).span();
        format!("{} {}", rfc3339(span.start, ZONE), rfc3339(span.end, ZONE))
    }

    #[test]
    fn a_period_is_that_of_the_sites_calendar() {
        assert_eq!(text(Period::year("2026", ZONE)), "2026-01-01T00:00:00+08:00 2027-01-01T00:00:00+08:00");
        assert_eq!(text(Period::quarter("2026-Q3", ZONE)), "2026-07-01T00:00:00+08:00 2026-10-01T00:00:00+08:00");
        assert_eq!(text(Period::quarter("2026q4", ZONE)), "2026-10-01T00:00:00+08:00 2027-01-01T00:00:00+08:00");
        assert_eq!(text(Period::month("2026-12", ZONE)), "2026-12-01T00:00:00+08:00 2027-01-01T00:00:00+08:00");
        assert_eq!(text(Period::month("2028-02", ZONE)), "2028-02-01T00:00:00+08:00 2028-03-01T00:00:00+08:00");
    }

    #[test]
    fn days_are_inclusive_and_instants_half_open() {
        let of = |from, to| text(Period::between(from, to, ZONE));
        let day = "2026-07-01T00:00:00+08:00 2026-07-02T00:00:00+08:00";
        assert_eq!(of("2026-07-01", "2026-07-01"), day);
        assert_eq!(of("2026-06-30T16:00:00Z", "2026-07-02T00:00:00+08:00"), day);
        assert_eq!(
            of("2026-07-01", "2026-07-01T12:00:00+08:00"),
            "2026-07-01T00:00:00+08:00 2026-07-01T12:00:00+08:00"
        );
        assert_eq!(
            of("2026-07-01T12:00:00.5+08:00", "2026-07-01"),
            "2026-07-01T12:00:00.500+08:00 2026-07-02T00:00:00+08:00"
        );
    }

    #[test]
    fn what_is_no_period_is_refused_with_its_reason() {
        for wrong in ["26", "2026年", "+2026", "02026", "-2026", "", "二〇二六"] {
            assert_eq!(Period::year(wrong, ZONE), Err(NoPeriod::Year(wrong.to_owned())));
        }
        for wrong in ["2026-13", "2026-00", "2026-7", "2026/07", "2026", "2026-07-01"] {
            assert_eq!(Period::month(wrong, ZONE), Err(NoPeriod::Month(wrong.to_owned())));
        }
        for wrong in ["2026-Q5", "2026-Q0", "Q3", "2026-QQQ", "2026-Q33", "二〇二六-Q3", "2026"] {
            assert_eq!(Period::quarter(wrong, ZONE), Err(NoPeriod::Quarter(wrong.to_owned())));
        }
        for wrong in ["2026-7-1", "2026-02-30", "2026-07-01 08:00", "2026-07-01T08:00:00", "yesterday"] {
            assert_eq!(Period::between(wrong, "2026-07-01", ZONE), Err(NoPeriod::Edge("--from", wrong.to_owned())));
            assert_eq!(Period::between("2026-07-01", wrong, ZONE), Err(NoPeriod::Edge("--to", wrong.to_owned())));
        }
        assert_eq!(Period::between("2026-07-02", "2026-07-01", ZONE), Err(NoPeriod::Negative));
        assert_eq!(Period::between("2026-07-03", "2026-07-01", ZONE), Err(NoPeriod::Negative));
        assert_eq!(Period::between("2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z", ZONE), Err(NoPeriod::Empty));
    }
}

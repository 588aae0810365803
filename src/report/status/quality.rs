//! The hourly quality of a line as figures: counts, and delays in microseconds.

use chrono_tz::Tz;
use linewatch_core::calendar::Calendar;
use linewatch_core::quality::{LineHour, Quality};
use linewatch_core::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::moment;

/// The longest total, in days of the site's calendar, today included.
const MONTH_DAYS: u64 = 30;
/// So many days are told by the hour, today included.
const WEEK_DAYS: u64 = 7;

/// How a line answered lately. Days are those of the site's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityReport {
    /// Since midnight.
    pub today: Figures,
    /// Today and the six days before.
    pub last_7_days: Figures,
    /// Today and the 29 days before.
    pub last_30_days: Figures,
    /// When the first hour below could begin: the midnight before the last seven days.
    #[serde(with = "moment")]
    pub from: Timestamp,
    /// Hours of the last seven days in which probes were due, by time.
    pub hours: Vec<HourFigures>,
}

/// One hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourFigures {
    /// When it began.
    #[serde(with = "moment")]
    pub start: Timestamp,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Figures of a span of time. Scheduled probes only; those that confirm a change are apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Probes sent: answered or lost.
    pub sent: u64,
    /// Probes lost (RFC 6673).
    pub lost: u64,
    /// Probes that say nothing of the line: not sent by our own fault, or lost while the monitor saw nothing.
    pub unsent: u64,
    /// Shortest delay; delays are absent where nothing was answered.
    pub min_us: Option<u32>,
    /// Mean delay, truncated.
    pub mean_us: Option<u32>,
    /// Median by nearest rank, at most a sixteenth too long.
    pub median_us: Option<u32>,
    /// 95th percentile by nearest rank, at most a sixteenth too long.
    pub p95_us: Option<u32>,
    /// Longest delay.
    pub max_us: Option<u32>,
}

impl QualityReport {
    /// The span that is to be read for a report at `now`.
    pub fn span(now: Timestamp, zone: Tz) -> Span {
        Span::new(days_before(now, zone, MONTH_DAYS - 1), now)
    }

    /// The report at `now` of hours by time, in parts or whole.
    pub fn of(hours: &[LineHour], now: Timestamp, zone: Tz) -> Self {
        let total = |days: u64| {
            let span = Span::new(days_before(now, zone, days - 1), now);
            let mut sum = Quality::default();
            hours.iter().filter(|hour| span.contains(hour.start)).for_each(|hour| sum.merge(&hour.quality));
            Figures::of(&sum)
        };
        let from = days_before(now, zone, WEEK_DAYS - 1);
        let recent = hours.iter().filter(|hour| hour.start >= from && hour.start < now);
        let figures = |hour: &LineHour| HourFigures { start: hour.start, figures: Figures::of(&hour.quality) };
        Self {
            today: total(1),
            last_7_days: total(WEEK_DAYS),
            last_30_days: total(MONTH_DAYS),
            from,
            hours: recent.map(figures).collect(),
        }
    }
}

fn days_before(now: Timestamp, zone: Tz, days: u64) -> Timestamp {
    let calendar = Calendar::new(zone);
    let today = calendar.day_of(now);
    calendar.start_of_day(today.checked_sub_days(chrono::Days::new(days)).unwrap_or(today))
}

impl Figures {
    /// The figures of what was counted.
    pub fn of(quality: &Quality) -> Self {
        let delays = &quality.delays;
        Self {
            sent: quality.sent(),
            lost: quality.lost,
            unsent: quality.unsent,
            min_us: delays.min_us(),
            mean_us: delays.mean_us(),
            median_us: delays.percentile_us(50),
            p95_us: delays.percentile_us(95),
            max_us: delays.max_us(),
        }
    }

    /// Lost of sent in hundredths of a percent, rounded up: never a better number than the evidence. `None`: nothing
    /// was sent.
    pub fn loss_bp(&self) -> Option<u64> {
        (self.sent > 0).then(|| {
            let share = (u128::from(self.lost) * 10_000).div_ceil(u128::from(self.sent));
            u64::try_from(share).unwrap_or(10_000)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn hour(start: i64, lost: u64, delay_us: u32) -> LineHour {
        let mut quality = Quality { lost, ..Quality::default() };
        quality.delays.observe(delay_us);
        LineHour { line: "V-001".into(), start: Timestamp(start), quality }
    }

    #[test]
    fn days_are_those_of_the_site() {
        // 2026-01-05 10:00 in Shanghai; midnight was 10 hours ago.
        let now = 1_767_578_400_000;
        let hours = [
            hour(now - 29 * 24 * HOUR - 11 * HOUR, 1000, 9),
            hour(now - 29 * 24 * HOUR - 10 * HOUR, 100, 8),
            hour(now - 6 * 24 * HOUR - 11 * HOUR, 10, 7),
            hour(now - 6 * 24 * HOUR - 10 * HOUR, 7, 6),
            hour(now - 11 * HOUR, 5, 5),
            hour(now - 10 * HOUR, 3, 4),
            hour(now - HOUR, 1, 2),
        ];
        let zone = chrono_tz::Asia::Shanghai;
        let report = QualityReport::of(&hours, Timestamp(now), zone);
        assert_eq!((report.today.lost, report.last_7_days.lost, report.last_30_days.lost), (4, 16, 126));
        assert_eq!((report.today.sent, report.today.min_us, report.today.max_us), (6, Some(2), Some(4)));
        let starts: Vec<i64> = report.hours.iter().map(|hour| (now - hour.start.0) / HOUR).collect();
        assert_eq!(starts, [154, 11, 10, 1]);
        assert_eq!(QualityReport::span(Timestamp(now), zone).start, hours[1].start);
    }

    #[test]
    fn loss_is_rounded_up_and_zero_only_when_nothing_was_lost() {
        let loss = |lost, sent| Figures { sent, lost, ..Figures::default() }.loss_bp();
        assert_eq!(
            (loss(0, 0), loss(0, 9), loss(1, 43_200), loss(1, 3), loss(3, 3)),
            (None, Some(0), Some(1), Some(3334), Some(10_000))
        );
    }
}

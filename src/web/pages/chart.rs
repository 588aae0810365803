//! The chart of the last seven days of a line: delay and loss by the hour, as shapes that the page draws with SVG
//! elements. One unit across is an hour, and a hundred units down are the whole height.

use linewatch_core::calendar::Calendar;
use linewatch_core::time::{Millis, Timestamp};

use crate::report::quality;
use crate::report::status::{HourFigures, QualityReport};
use crate::report::words::Words;

const HOUR_MS: i64 = 3_600_000;
/// Days shown, today included.
const DAYS: u64 = 7;
/// Loss is drawn on a scale up to this at least, in hundredths of a percent: one lost probe is no tower.
const LEAST_LOSS_SCALE_BP: u64 = 100;
/// Delays are drawn on a scale up to this at least.
const LEAST_DELAY_SCALE_US: u32 = 1000;
/// A loss too small to be seen is drawn this high.
const LEAST_LOSS_HEIGHT: u64 = 4;

/// A rectangle.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) width: String,
    pub(super) height: String,
    pub(super) title: String,
}

/// All shapes.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) width: String,
    pub(super) delay_caption: String,
    pub(super) loss_caption: String,
    /// Hours in which nothing was sent.
    pub(super) unseen: Vec<Mark>,
    /// From the shortest delay to the 95th percentile.
    pub(super) spread: Vec<Mark>,
    /// Mean delays of hours that follow one another.
    pub(super) mean: Vec<String>,
    pub(super) loss: Vec<Mark>,
    pub(super) midnights: Vec<String>,
    /// Days as day of the month.
    pub(super) days: Vec<String>,
}

impl Chart {
    /// The chart of a report.
    pub(super) fn of(report: &QualityReport, words: &Words) -> Self {
        let calendar = Calendar::new(words.zone);
        let today = calendar.day_of(words.now);
        let days: Vec<_> = (0..DAYS).rev().filter_map(|ago| today.checked_sub_days(chrono::Days::new(ago))).collect();
        let end = days.last().map_or(words.now, |day| calendar.day(*day).end);
        let hours = &report.hours;
        let delay_scale = hours.iter().filter_map(|hour| hour.figures.p95_us).max().unwrap_or(0);
        let delay_scale = round_up(delay_scale.max(LEAST_DELAY_SCALE_US));
        let loss_scale = hours.iter().filter_map(|hour| hour.figures.loss_bp()).max().unwrap_or(0);
        let loss_scale = u64::from(round_up(u32::try_from(loss_scale.max(LEAST_LOSS_SCALE_BP)).unwrap_or(10_000)));
        let loss_scale = loss_scale.min(10_000);
        let x = |at: Timestamp| units(at - report.from);
        let midnights = days.iter().skip(1).map(|day| x(calendar.start_of_day(*day)));
        let (delay_ms, loss_percent) = (delay_scale / 1000, loss_scale / 100);
        let tell = |hour: &HourFigures| title(hour, words);
        Self {
            width: x(end),
            delay_caption: words.language.pick(
                format!("近7天时延，0 到 {delay_ms} 毫秒：线为平均，色带从最小到 P95"),
                format!("Delay of 7 days, 0 to {delay_ms} ms: the line is the mean, the band from the shortest to P95"),
            ),
            loss_caption: words.language.pick(
                format!("近7天丢包率，0 到 {loss_percent}%；紫色为未观测"),
                format!("Loss of 7 days, 0 to {loss_percent} %; purple: not observed"),
            ),
            unseen: unseen(report, calendar, words.now),
            spread: hours.iter().filter_map(|hour| spread(hour, report.from, delay_scale, &tell)).collect(),
            mean: means(hours, report.from, delay_scale),
            loss: hours.iter().filter_map(|hour| loss(hour, report.from, loss_scale, &tell)).collect(),
            midnights: midnights.collect(),
            days: days.iter().map(|day| day.format("%-m/%-d").to_string()).collect(),
        }
    }
}

/// Hours as units, to the thousandth.
fn units(length: Millis) -> String {
    let thousandths = length.0.max(0) * 1000 / HOUR_MS;
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// The next number of the form 1, 2 or 5 times a power of ten.
fn round_up(least: u32) -> u32 {
    let powers = std::iter::successors(Some(1u32), |power| power.checked_mul(10));
    let mut steps = powers.flat_map(|power| [1, 2, 5].into_iter().filter_map(move |step| power.checked_mul(step)));
    steps.find(|step| *step >= least).unwrap_or(least)
}

/// How far down a value is, in thousandths of a unit; what is beyond the scale is at its end.
fn down(value: u64, scale: u64) -> u64 {
    100_000 - (value.min(scale) * 100_000).checked_div(scale).unwrap_or(0)
}

fn thousandths(value: u64) -> String {
    format!("{}.{:03}", value / 1000, value % 1000)
}

fn mark(start: Timestamp, from: Timestamp, top: u64, bottom: u64, title: String) -> Mark {
    let (x, width) = (units(start - from), units(Millis(HOUR_MS)));
    Mark { x, width, y: thousandths(top), height: thousandths(bottom - top), title }
}

fn spread(hour: &HourFigures, from: Timestamp, scale: u32, tell: &impl Fn(&HourFigures) -> String) -> Option<Mark> {
    let (min, p95) = (hour.figures.min_us?, hour.figures.p95_us?);
    let place = |delay: u32| down(delay.into(), scale.into());
    // A band of no height could not be pointed at.
    let top = place(p95).min(99_000);
    Some(mark(hour.start, from, top, place(min).max(top + 1_000), tell(hour)))
}

fn loss(hour: &HourFigures, from: Timestamp, scale: u64, tell: &impl Fn(&HourFigures) -> String) -> Option<Mark> {
    let share = hour.figures.loss_bp().filter(|share| *share > 0)?;
    let top = down(share, scale).min(100_000 - LEAST_LOSS_HEIGHT * 1000);
    Some(mark(hour.start, from, top, 100_000, tell(hour)))
}

/// Points in the middle of their hours; the line is broken where an hour has no answer.
fn means(hours: &[HourFigures], from: Timestamp, scale: u32) -> Vec<String> {
    let mut lines: Vec<Vec<String>> = Vec::new();
    let mut last: Option<Timestamp> = None;
    for hour in hours {
        let Some(mean) = hour.figures.mean_us else { continue };
        let middle = units(hour.start + Millis(HOUR_MS / 2) - from);
        let point = format!("{middle},{}", thousandths(down(mean.into(), scale.into())));
        match lines.last_mut().filter(|_| last.is_some_and(|last| hour.start - last <= Millis(HOUR_MS))) {
            Some(line) => line.push(point),
            None => lines.push(vec![point]),
        }
        last = Some(hour.start);
    }
    lines.into_iter().filter(|line| line.len() > 1).map(|line| line.join(" ")).collect()
}

/// Hours that are over and in which nothing was sent, those that follow one another as one.
fn unseen(report: &QualityReport, calendar: Calendar, now: Timestamp) -> Vec<Mark> {
    let mut sent = report.hours.iter().filter(|hour| hour.figures.sent > 0).map(|hour| hour.start).peekable();
    let until = calendar.hour(now).start;
    let mut marks = Vec::new();
    let mut at = report.from;
    while at < until {
        let next = sent.next_if(|start| *start <= at).map(|start| calendar.hour(start).end.max(at));
        if let Some(end) = next {
            at = end;
            continue;
        }
        let end = sent.peek().copied().unwrap_or(until).min(until);
        let (x, width) = (units(at - report.from), units(end - at));
        marks.push(Mark { x, width, y: thousandths(0), height: thousandths(100_000), title: String::new() });
        at = end;
    }
    marks
}

fn title(hour: &HourFigures, words: &Words) -> String {
    let row = quality::Row { heading: quality::hour_of(hour.start, words), figures: hour.figures };
    let [sent, lost, share, _, min, mean, p95, max] = row.cells();
    words.language.pick(
        format!(
            "{}：发出 {sent}，丢失 {lost}（{share}），最小 {min}，平均 {mean}，P95 {p95}，最大 {max} 毫秒",
            row.heading
        ),
        format!("{}: sent {sent}, lost {lost} ({share}), min {min}, mean {mean}, P95 {p95}, max {max} ms", row.heading),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::report::status::Figures;

    /// 2026-01-05 10:00 in Shanghai.
    const NOW: Timestamp = Timestamp(1_767_578_400_000);

    fn hour(ago: i64, sent: u64, lost: u64, delay_us: Option<u32>) -> HourFigures {
        let start = NOW - Millis(ago * HOUR_MS);
        let figures = Figures {
            sent,
            lost,
            min_us: delay_us,
            mean_us: delay_us,
            p95_us: delay_us.map(|delay| delay * 2),
            ..Figures::default()
        };
        HourFigures { start, figures }
    }

    fn chart(hours: Vec<HourFigures>) -> Chart {
        let words = Words { language: Language::English, zone: chrono_tz::Asia::Shanghai, now: NOW };
        let from = NOW - Millis((6 * 24 + 10) * HOUR_MS);
        let none = Figures::default();
        let report = QualityReport { today: none, last_7_days: none, last_30_days: none, from, hours };
        Chart::of(&report, &words)
    }

    #[test]
    fn an_empty_report_is_a_week_of_not_observed_hours() {
        let chart = chart(Vec::new());
        assert_eq!(chart.width, "168.000");
        let unseen: Vec<_> = chart.unseen.iter().map(|mark| (mark.x.as_str(), mark.width.as_str())).collect();
        assert_eq!(unseen, [("0.000", "154.000")], "the future is not unseen");
        assert_eq!(chart.days.first().map(String::as_str), Some("12/30"));
        assert_eq!((chart.days.len(), chart.midnights.len()), (7, 6));
        assert_eq!(chart.midnights[0], "24.000");
        assert!(chart.mean.is_empty() && chart.spread.is_empty() && chart.loss.is_empty());
    }

    #[test]
    fn an_hour_that_nobody_saw_breaks_the_line_and_is_marked() {
        let chart = chart(vec![
            hour(9, 1800, 0, Some(1000)),
            hour(8, 1800, 18, Some(1000)),
            hour(7, 0, 0, None),
            hour(6, 1800, 0, Some(2000)),
            hour(5, 1800, 1800, None),
            hour(4, 1800, 0, Some(500)),
            hour(3, 1800, 0, Some(500)),
        ]);
        assert_eq!(chart.mean, ["145.500,80.000 146.500,80.000", "150.500,90.000 151.500,90.000"]);
        let unseen: Vec<_> = chart.unseen.iter().map(|mark| (mark.x.as_str(), mark.width.as_str())).collect();
        assert_eq!(unseen, [("0.000", "145.000"), ("147.000", "1.000"), ("152.000", "2.000")]);
        let loss: Vec<_> = chart.loss.iter().map(|mark| (mark.x.as_str(), mark.y.as_str())).collect();
        assert_eq!(loss, [("146.000", "96.000"), ("149.000", "0.000")]);
        assert!(chart.delay_caption.contains("0 to 5 ms") && chart.loss_caption.contains("0 to 100 %"));
        assert!(chart.loss[0].title.contains("lost 18 (1.00%)"), "{}", chart.loss[0].title);
    }

    #[test]
    fn scales_are_round_numbers() {
        assert_eq!([1, 3, 1000, 1001, 2500, 5001, u32::MAX].map(round_up), [1, 5, 1000, 2000, 5000, 10_000, u32::MAX]);
    }
}

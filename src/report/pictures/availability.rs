//! Availability by month, or by day in a short period: what is known, and between which bounds the truth lies.

use chrono::Datelike;
use linewatch_core::availability::Ratio;
use linewatch_core::rollup::{DayFigures, MonthFigures};

use super::canvas::{Anchor, Canvas, FAINT, GUIDE, INK, SMALL, STRONG, UNKNOWN, WIDTH, nice, units};
use super::{BY_DAY, Picture};
use crate::language::Language;
use crate::report::rollup::Report;

/// More columns than this have no room for a number above each.
const NUMBERED: usize = 13;
/// The scale never shows less than this part of the whole: noise is not blown up.
const LEAST_SPAN: f64 = 0.0005;
/// The plot: left, right, top and bottom edge, and the strip of coverage beneath it.
const LEFT: f64 = 78.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 234.0;
const STRIP: f64 = 284.0;
const STRIP_HEIGHT: f64 = 36.0;

struct Column {
    label: String,
    /// A second line beneath it, at the turn of a year or month.
    turn: Option<String>,
    availability: Ratio,
    low: Ratio,
    high: Ratio,
    coverage: Ratio,
    proven: bool,
}

/// The picture; `None` when no time is counted.
pub fn availability(report: &Report, language: Language) -> Option<Picture> {
    let days = &report.figures.days;
    let by_day = !days.is_empty() && days.len() <= BY_DAY;
    let columns: Vec<Column> = if by_day {
        let least = report.about.policy.min_coverage_ppm;
        days.iter().enumerate().map(|(place, day)| of_day(place, day, least)).collect()
    } else {
        report.figures.months.iter().enumerate().map(|(place, month)| of_month(place, month)).collect()
    };
    if columns.is_empty() {
        return None;
    }
    let mut canvas = Canvas::new(330);
    draw(&mut canvas, &columns);
    let title = if by_day {
        language.pick("每日节点连通率与观测覆盖率", "Availability and coverage by day")
    } else {
        language.pick("各月节点连通率与观测覆盖率", "Availability and coverage by month")
    };
    let unit = if by_day { language.pick("日期", "day") } else { language.pick("月份", "month") };
    let legend = language.pick(
        format!(
            "横轴为{unit}。A 为节点连通率（%）：粗横线是已观测时间内的连通率，浅色方块是把未观测时间全算中断（下缘）和全算在线\
             （上缘）时的界限，向下的小三角表示下限低于图的下缘；空心横线表示证据不足，斜线表示未观测。B 为观测覆盖率，满格为 100 %。"
        ),
        format!(
            "Across: {unit}. A: availability in percent. The thick line is that of the observed time; the light box reaches \
             from all unobserved time down to all of it up; a small triangle says that the lower bound lies beneath the \
             picture; a hollow line: not enough evidence; hatched: not observed. B: coverage, full height is 100 %."
        ),
    );
    Some(canvas.finish("availability", title, legend))
}

fn of_month(place: usize, group: &MonthFigures) -> Column {
    let (month, figures) = (group.month, &group.figures);
    Column {
        label: month.month.to_string(),
        turn: (place == 0 || month.month == 1).then(|| month.year.to_string()),
        availability: figures.availability,
        low: figures.availability_low,
        high: figures.availability_high,
        coverage: figures.coverage,
        proven: figures.proven,
    }
}

fn of_day(place: usize, day: &DayFigures, min_coverage_ppm: u32) -> Column {
    let (up, down, undetermined) = (day.up_ms, day.down_ms, day.undetermined_ms);
    let coverage = Ratio::of(up + down, up + down + undetermined);
    let date = day.day;
    Column {
        label: date.day().to_string(),
        turn: (place == 0 || date.day() == 1).then(|| format!("{}-{:02}", date.year(), date.month())),
        availability: Ratio::of(up, up + down),
        low: Ratio::of(up, up + down + undetermined),
        high: Ratio::of(up + undetermined, up + down + undetermined),
        coverage,
        proven: coverage.reaches(min_coverage_ppm),
    }
}

/// The part of the whole that the scale shows, from its lowest value to 1, and how it is divided.
fn scale(columns: &[Column]) -> (f64, usize) {
    let least = |columns: &mut dyn Iterator<Item = &Column>| {
        columns.filter_map(|column| column.availability.as_f64()).reduce(f64::min)
    };
    let proven = least(&mut columns.iter().filter(|column| column.proven));
    let Some(lowest) = proven.or_else(|| least(&mut columns.iter())) else { return (1.0, 5) };
    let (span, parts) = nice(((1.0 - lowest) * 1.1).max(LEAST_SPAN));
    if span < 1.0 { (span, parts) } else { (1.0, 5) }
}

fn draw(canvas: &mut Canvas, columns: &[Column]) {
    let (span, parts) = scale(columns);
    let right = f64::from(WIDTH) - RIGHT;
    let height = |ratio: f64| TOP + (BOTTOM - TOP) * ((1.0 - ratio) / span).clamp(0.0, 1.0);
    axis(canvas, span, parts, right);
    let step = (right - LEFT) / units(columns.len());
    let every = columns.len().div_ceil(BY_DAY);
    for (place, column) in columns.iter().enumerate() {
        let middle = LEFT + step * (units(place) + 0.5);
        let width = (step * 0.62).min(44.0);
        let left = middle - width / 2.0;
        match (column.availability.as_f64(), column.low.as_f64(), column.high.as_f64()) {
            (Some(value), Some(low), Some(high)) => {
                let (upper, lower) = (height(high), height(low));
                canvas.framed((left, upper), (width, (lower - upper).max(1.0)), FAINT);
                if low < 1.0 - span {
                    canvas.beyond(middle, BOTTOM - 9.0);
                }
                let at = height(value).max(TOP + 2.0);
                canvas.rect((left, at - 2.0), (width, 4.0), STRONG);
                if !column.proven {
                    canvas.rect((left + 1.2, at - 0.8), (width - 2.4, 1.6), "#ffffff");
                }
            }
            _ => canvas.framed((left, TOP), (width, BOTTOM - TOP), UNKNOWN),
        }
        if columns.len() <= NUMBERED {
            let value = column.availability.percent(3);
            let number = value.as_deref().map_or("–", |value| value.trim_end_matches(" %"));
            canvas.text((middle, TOP - 10.0), SMALL, Anchor::Middle, number);
        }
        coverage(canvas, column, left, width);
        if place.is_multiple_of(every) {
            canvas.text((middle, BOTTOM + 17.0), SMALL, Anchor::Middle, &column.label);
        }
        if let Some(turn) = &column.turn {
            canvas.text((left, BOTTOM + 34.0), SMALL, Anchor::Start, turn);
        }
    }
}

fn coverage(canvas: &mut Canvas, column: &Column, left: f64, width: f64) {
    let Some(share) = column.coverage.as_f64() else { return };
    let height = STRIP_HEIGHT * share;
    canvas.framed((left, STRIP), (width, STRIP_HEIGHT), UNKNOWN);
    canvas.rect((left, STRIP + STRIP_HEIGHT - height), (width, height), STRONG);
}

fn axis(canvas: &mut Canvas, span: f64, parts: usize, right: f64) {
    let step = span * 100.0 / units(parts);
    let decimals = if step >= 1.0 { 0 } else { decimals(step) };
    for part in 0..=parts {
        let y = TOP + (BOTTOM - TOP) * units(part) / units(parts);
        canvas.line((LEFT, y), (right, y), 0.75, GUIDE);
        let value = 100.0 - step * units(part);
        canvas.text((LEFT - 8.0, y + 4.5), SMALL, Anchor::End, &format!("{value:.decimals$}"));
    }
    canvas.line((LEFT, BOTTOM), (right, BOTTOM), 1.0, INK);
    canvas.text((2.0, TOP + 5.0), super::canvas::LETTERS, Anchor::Start, "A");
    canvas.text((2.0, STRIP + 24.0), super::canvas::LETTERS, Anchor::Start, "B");
    for (y, text) in [(STRIP + 9.0, "100"), (STRIP + STRIP_HEIGHT, "0")] {
        canvas.text((LEFT - 8.0, y), SMALL, Anchor::End, text);
    }
}

/// Digits after the point that a step needs.
fn decimals(step: f64) -> usize {
    let mut step = step;
    let mut digits = 0;
    while digits < 6 && (step - step.round()).abs() > 1e-6 * step.max(1.0) {
        step *= 10.0;
        digits += 1;
    }
    digits
}

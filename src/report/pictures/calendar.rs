//! The calendar of bad days: how long lines were down on each day, all lines together.

use chrono::{Datelike, NaiveDate};
use linewatch_core::availability::Ratio;
use linewatch_core::rollup::DayFigures;
use linewatch_core::time::Millis;

use super::canvas::{Anchor, Canvas, INK, SMALL, UNKNOWN, units};
use super::{BY_DAY, Picture};
use crate::language::Language;
use crate::report::rollup::Report;

/// From nothing to the worst, each clearly darker than the one before.
const SHADES: [&str; 5] = ["#ffffff", "#fbe3c6", "#f2a65a", "#c85a1e", "#6b1f0a"];
/// More months than this do not fit a page.
const MOST_MONTHS: usize = 36;
const HOUR: f64 = 3_600_000.0;

/// The days with the most down time, the worst first; at most so many.
pub fn worst_days(report: &Report, most: usize) -> Vec<&DayFigures> {
    let mut days: Vec<_> = report.figures.days.iter().filter(|day| day.down_ms > Millis::ZERO).collect();
    days.sort_by_key(|day| (std::cmp::Reverse(day.down_ms), day.day));
    days.truncate(most);
    days
}

/// The picture; `None` when the period has no days or too many.
pub fn bad_days(report: &Report, language: Language) -> Option<Picture> {
    let days = &report.figures.days;
    let scale = Scale::of(days, report.about.policy.min_coverage_ppm);
    let first = days.first()?.day;
    let by_week = days.len() <= BY_DAY && days.len() > 1;
    let (canvas, layout) = if by_week {
        let monday = first - chrono::Days::new(u64::from(first.weekday().num_days_from_monday()));
        (
            weeks(days, monday, &scale, language),
            language.pick("每行一周，从星期一到星期日", "One row a week, Monday to Sunday"),
        )
    } else {
        if days.iter().filter(|day| day.day.day() == 1).count() > MOST_MONTHS {
            return None;
        }
        (months(days, &scale), language.pick("每行一个月，每格一天", "One row a month, one box a day"))
    };
    let title = language.pick("中断日历", "Calendar of bad days");
    let legend = language.pick(
        format!("{layout}。颜色越深，当天全部线路的中断时长之和越长，单位为小时，分级见图下；斜线表示当天观测不足。"),
        format!(
            "{layout}. The darker, the longer all lines together were down that day, in hours; the steps are beneath the \
             picture. Hatched: not observed enough that day."
        ),
    );
    Some(canvas.finish("calendar", title, legend))
}

/// Steps of ten, the highest one begins at or below the worst day.
struct Scale {
    /// Where the darkest shade begins, in hours; the two before it begin at a tenth and a hundredth of it.
    top: f64,
    min_coverage_ppm: u32,
}

impl Scale {
    fn of(days: &[DayFigures], min_coverage_ppm: u32) -> Self {
        let worst = days.iter().map(|day| hours(day.down_ms)).fold(0.0, f64::max);
        let mut top = 1.0;
        while top * 10.0 <= worst {
            top *= 10.0;
        }
        Self { top, min_coverage_ppm }
    }

    fn shade(&self, day: &DayFigures) -> usize {
        let down = hours(day.down_ms);
        if day.down_ms <= Millis::ZERO {
            0
        } else if down < self.top / 100.0 {
            1
        } else if down < self.top / 10.0 {
            2
        } else if down < self.top {
            3
        } else {
            4
        }
    }

    fn seen(&self, day: &DayFigures) -> bool {
        let seen = day.up_ms + day.down_ms;
        let known = Ratio::of(seen, seen + day.undetermined_ms);
        // A day that was planned away altogether has nothing to be observed.
        !known.is_defined() || known.reaches(self.min_coverage_ppm)
    }

    fn words(&self) -> [String; 5] {
        let [low, middle, top] = [self.top / 100.0, self.top / 10.0, self.top];
        ["0".to_owned(), format!("< {low}"), format!("< {middle}"), format!("< {top}"), format!("≥ {top}")]
    }
}

#[expect(clippy::cast_precision_loss, reason = "a shade is no figure")]
fn hours(length: Millis) -> f64 {
    length.0 as f64 / HOUR
}

/// One box: shade where something was down, hatched where not enough was seen, both where both hold.
fn cell(canvas: &mut Canvas, (x, y): (f64, f64), (width, height): (f64, f64), day: &DayFigures, scale: &Scale) {
    let shade = scale.shade(day);
    if scale.seen(day) {
        canvas.framed((x, y), (width, height), SHADES[shade]);
    } else if shade == 0 {
        canvas.framed((x, y), (width, height), UNKNOWN);
    } else {
        canvas.framed((x, y), (width, height), UNKNOWN);
        canvas.rect((x, y), (width / 2.0, height), SHADES[shade]);
    }
}

fn months(days: &[DayFigures], scale: &Scale) -> Canvas {
    const LEFT: f64 = 78.0;
    const STEP: f64 = 22.4;
    const TOP: f64 = 26.0;
    let place = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0);
    let first = days.first().map_or(0, |day| place(day.day));
    let row = |day: NaiveDate| f64::from(place(day) - first);
    let rows = days.last().map_or(0.0, |day| row(day.day)) + 1.0;
    let bottom = TOP + rows * STEP;
    let mut canvas = Canvas::new(tall(bottom + 46.0));
    for number in 1..=31_u32 {
        let x = LEFT + STEP * (f64::from(number) - 0.5);
        canvas.text((x, TOP - 8.0), SMALL, Anchor::Middle, &number.to_string());
    }
    for day in days {
        let date = day.day;
        let y = TOP + row(date) * STEP;
        if date.day() == 1 || Some(date) == days.first().map(|day| day.day) {
            let name = format!("{}-{:02}", date.year(), date.month());
            canvas.text((LEFT - 10.0, y + 16.0), SMALL, Anchor::End, &name);
        }
        if day.in_service_ms > Millis::ZERO {
            let x = LEFT + STEP * f64::from(date.day0());
            cell(&mut canvas, (x + 1.0, y + 1.0), (STEP - 2.0, STEP - 2.0), day, scale);
        }
    }
    steps(&mut canvas, bottom + 16.0, scale);
    canvas
}

fn weeks(days: &[DayFigures], monday: NaiveDate, scale: &Scale, language: Language) -> Canvas {
    const LEFT: f64 = 20.0;
    const TOP: f64 = 26.0;
    const WIDE: f64 = 105.0;
    const HIGH: f64 = 44.0;
    let offset = |day: NaiveDate| usize::try_from((day - monday).num_days()).unwrap_or(0);
    let rows = days.last().map_or(0, |day| offset(day.day) / 7 + 1);
    let bottom = TOP + units(rows) * HIGH;
    let mut canvas = Canvas::new(tall(bottom + 46.0));
    let names = language.pick(["1", "2", "3", "4", "5", "6", "7"], ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
    for (column, name) in names.into_iter().enumerate() {
        canvas.text((LEFT + WIDE * (units(column) + 0.5), TOP - 9.0), SMALL, Anchor::Middle, name);
    }
    for day in days {
        let place = offset(day.day);
        let (x, y) = (LEFT + WIDE * units(place % 7), TOP + HIGH * units(place / 7));
        cell(&mut canvas, (x + 1.5, y + 1.5), (WIDE - 3.0, HIGH - 3.0), day, scale);
        let dark = scale.shade(day) >= 3;
        let (ink, right) = (if dark { "#ffffff" } else { INK }, x + WIDE - 9.0);
        let half = dark && !scale.seen(day);
        canvas.coloured((x + 8.0, y + 17.0), SMALL, Anchor::Start, ink, &day.day.day().to_string());
        if day.down_ms > Millis::ZERO {
            let tenths = day.down_ms.0 / 360_000;
            let number = if tenths == 0 { "<0.1".to_owned() } else { format!("{}.{}", tenths / 10, tenths % 10) };
            canvas.coloured((right, y + 36.0), SMALL, Anchor::End, if half { INK } else { ink }, &number);
        }
    }
    steps(&mut canvas, bottom + 16.0, scale);
    canvas
}

/// What the shades stand for.
fn steps(canvas: &mut Canvas, y: f64, scale: &Scale) {
    let mut x = 78.0;
    for (shade, word) in SHADES.into_iter().zip(scale.words()) {
        canvas.framed((x, y), (20.0, 16.0), shade);
        canvas.text((x + 27.0, y + 13.0), SMALL, Anchor::Start, &format!("{word} h"));
        x += 120.0;
    }
    canvas.framed((x, y), (20.0, 16.0), UNKNOWN);
    canvas.text((x + 27.0, y + 13.0), SMALL, Anchor::Start, "?");
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred units")]
fn tall(height: f64) -> u32 {
    height.ceil() as u32
}

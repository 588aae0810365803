//! The year of a line as a calendar of days.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};
use linewatch_core::calendar::Calendar;

use crate::report::course::{Course, Day, Mark};
use crate::report::words::Words;

/// A month of the calendar.
pub(super) struct Month {
    pub(super) name: String,
    pub(super) days: Vec<Square>,
}

/// A day of the calendar.
pub(super) struct Square {
    pub(super) number: u32,
    pub(super) class: String,
    /// What happened; empty: nothing worth a word.
    pub(super) title: String,
}

/// The twelve months. Days that have not begun, or on which the line was not in service, are plain.
pub(super) fn months(course: &Course, words: &Words) -> Vec<Month> {
    let today = Calendar::new(words.zone).day_of(words.now);
    let known = |day: NaiveDate| course.days.binary_search_by_key(&day, |known| known.day).ok();
    let month = |number: u32| {
        let first = NaiveDate::from_ymd_opt(course.year, number, 1)?;
        let days = first.iter_days().take_while(|day| day.month() == number);
        Some(Month {
            name: words.language.pick(format!("{number}月"), first.format("%B").to_string()),
            days: days.map(|day| square(day, known(day).map(|at| &course.days[at]), today, words)).collect(),
        })
    };
    (1..=12).filter_map(month).collect()
}

fn square(day: NaiveDate, known: Option<&Day>, today: NaiveDate, words: &Words) -> Square {
    let mut class = known.map_or("", |known| mark_class(known.mark())).to_owned();
    if day.day() == 1 {
        // The day of the week from Monday on, in which column the month begins.
        let _ = write!(class, " first-{}", day.weekday().number_from_monday());
    }
    if day == today {
        class += " day-today";
    }
    let title = known.filter(|known| known.mark() != Mark::Up).map(|known| title(known, words)).unwrap_or_default();
    Square { number: day.day(), class: class.trim().to_owned(), title }
}

/// The class of a mark in the stylesheet.
pub(super) fn mark_class(mark: Mark) -> &'static str {
    match mark {
        Mark::MuchDown => "day-much",
        Mark::Down => "day-down",
        Mark::Planned => "day-planned",
        Mark::Unseen => "day-unseen",
        Mark::Up => "day-up",
    }
}

/// What the marks mean, for the line below the calendar.
pub(super) fn legend(words: &Words) -> Vec<(&'static str, &'static str)> {
    let pick = |chinese, english| words.language.pick(chinese, english);
    [
        (Mark::Up, pick("正常", "up")),
        (Mark::Down, pick("有中断", "down for a while")),
        (Mark::MuchDown, pick("中断1小时以上", "down for an hour or longer")),
        (Mark::Planned, pick("计划停机或剔除", "planned or excluded")),
        (Mark::Unseen, pick("未观测1小时以上", "not observed for an hour or longer")),
    ]
    .map(|(mark, name)| (mark_class(mark), name))
    .to_vec()
}

fn title(day: &Day, words: &Words) -> String {
    let parts = [
        (day.down, words.pick("中断", "down")),
        (day.planned, words.pick("计划停机", "planned")),
        (day.unseen, words.pick("未观测", "not observed")),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(length, _)| length.0 > 0)
        .map(|(length, name)| format!("{name} {}", words.length(length)))
        .collect();
    let day = words
        .language
        .pick(format!("{}月{}日：", day.day.month(), day.day.day()), format!("{}: ", day.day.format("%-d %B")));
    day + &said.join(words.pick("，", ", "))
}

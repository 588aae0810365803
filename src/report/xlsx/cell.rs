//! A row of detail, which goes to a sheet or, when there are too many, to a CSV file.

use std::io;

use chrono::Offset;
use chrono_tz::Tz;
use linewatch_core::time::{Millis, Timestamp};
use rust_xlsxwriter::XlsxError;

use super::paper::{Look, Paper, Value, width};

/// Days from 30 December 1899, where spreadsheets begin to count, to 1970.
const EPOCH_DAYS: f64 = 25_569.0;
const DAY_MS: f64 = 86_400_000.0;

/// A cell of detail.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Text from outside or ours.
    Text(String),
    /// Sentences in a column of this width, on as many lines as they take.
    Lines(String, f64),
    /// One of a few words.
    Word(&'static str),
    /// A whole number.
    Count(i64),
    /// A number that nobody adds up.
    Number(i64),
    /// A length in milliseconds, shown as hours, minutes, seconds.
    Length(Millis),
    /// An instant.
    Moment(Timestamp),
    /// A month as 202604.
    Month(i64),
    /// 1, or nothing.
    Flag(bool),
    /// Nothing.
    Empty,
}

impl Cell {
    /// A count where there is one.
    pub fn some(number: Option<i64>) -> Self {
        number.map_or(Self::Empty, Self::Count)
    }
}

/// Writes a row of a sheet.
pub(super) fn write(paper: &mut Paper<'_>, row: u32, cells: &[Cell], zone: Tz) -> Result<(), XlsxError> {
    for (column, cell) in (0_u16..).zip(cells) {
        match cell {
            Cell::Text(text) => paper.text(row, column, text, Look::Text)?,
            Cell::Lines(text, room) => {
                paper.text(row, column, text, Look::Wrapped)?;
                // No spreadsheet fits a row to its text by itself when it opens a file.
                let lines = (width(text) * 0.97 / (room - 2.0)).ceil();
                if lines > 1.0 {
                    paper.sheet.set_row_height(row, lines * 13.0 + 3.0)?;
                }
            }
            Cell::Word(word) => paper.text(row, column, word, Look::Centred)?,
            Cell::Count(number) => paper.value(row, column, &Value::count(*number), Look::Count)?,
            Cell::Number(number) => paper.value(row, column, &Value::count(*number), Look::Ordinal)?,
            Cell::Length(length) => paper.value(row, column, &days(*length), Look::Duration)?,
            Cell::Moment(at) => paper.value(row, column, &Value::Number(serial(*at, zone)), Look::Moment)?,
            Cell::Month(month) => paper.value(row, column, &Value::count(*month), Look::Month)?,
            Cell::Flag(true) => paper.value(row, column, &Value::Number(1.0), Look::Count)?,
            Cell::Flag(false) | Cell::Empty => paper.text(row, column, "", Look::Text)?,
        }
    }
    Ok(())
}

/// Writes a row of a CSV file.
pub(super) fn spill<W: io::Write>(file: &mut csv::Writer<W>, cells: &[Cell], zone: Tz) -> io::Result<()> {
    let texts = cells.iter().map(|cell| match cell {
        Cell::Text(text) | Cell::Lines(text, _) => guarded(text),
        Cell::Word(word) => (*word).to_owned(),
        Cell::Count(number) | Cell::Number(number) => number.to_string(),
        Cell::Month(month) => format!("{:04}-{:02}", month / 100, month % 100),
        Cell::Length(length) => super::super::rollup::numbers::clock(*length),
        Cell::Moment(at) => local(*at, zone).format("%Y-%m-%d %H:%M:%S%.3f").to_string(),
        Cell::Flag(true) => "1".to_owned(),
        Cell::Flag(false) | Cell::Empty => String::new(),
    });
    file.write_record(texts).map_err(io::Error::from)
}

/// What somebody named, so that no spreadsheet takes it for a formula.
pub(super) fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// A length in days, as spreadsheets keep it.
#[expect(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
pub(super) fn days(length: Millis) -> Value {
    Value::Number(length.0 as f64 / DAY_MS)
}

/// An instant as spreadsheets keep it: days of the local clock.
#[expect(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
fn serial(at: Timestamp, zone: Tz) -> f64 {
    let offset = i64::from(local(at, zone).offset().fix().local_minus_utc()) * 1000;
    (at.0 + offset) as f64 / DAY_MS + EPOCH_DAYS
}

fn local(at: Timestamp, zone: Tz) -> chrono::DateTime<Tz> {
    at.to_utc().with_timezone(&zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = chrono_tz::Asia::Shanghai;

    #[test]
    fn an_instant_is_that_of_the_local_clock() {
        // 2026-01-01 00:00 in Shanghai is day 46023.
        assert!((serial(Timestamp(1_767_196_800_000), ZONE) - 46_023.0).abs() < 1e-9);
        assert!((serial(Timestamp(1_767_196_800_000 + 43_200_000), ZONE) - 46_023.5).abs() < 1e-9);
    }

    #[test]
    fn what_begins_like_a_formula_is_text_in_csv() {
        let mut file = csv::Writer::from_writer(Vec::new());
        let cells = ["=1+1", "+a", "-b", "@c", "好"].map(|text| Cell::Text(text.to_owned()));
        spill(&mut file, &cells, ZONE).expect("memory takes it");
        assert_eq!(String::from_utf8(file.into_inner().expect("memory")).expect("UTF-8"), "'=1+1,'+a,'-b,'@c,好\n");
    }
}

//! A sheet as an office keeps it to a table: titles above, headers of several rows with merged cells, headings
//! between, notes below, and numbers and days where text is meant.

use std::collections::BTreeMap;

use calamine::Dimensions;
use chrono::{Days, NaiveDate};

use super::Column;
use super::cell::{half_width, trim};
use super::mistake::{Mistake, Problem};
use super::table::{Row, Table, columns};
use super::workbook::{Sheet, Value};

/// The header is looked for in so many rows that are not empty.
const HEADER_WITHIN: usize = 50;
/// From here on a spreadsheet has forgotten the last digits of a number.
const DIGITS_LOST: f64 = 1e15;
/// Numbers below this in a column of days are days, not 20260105: the end of 2199 by either epoch.
const LAST_DAY: f64 = 120_000.0;
/// What the first cell of a row below the table begins with when it is no line.
const NOTES: [&str; 14] =
    ["注", "说明", "备注", "合计", "总计", "小计", "共计", "填表", "制表", "审核", "更新", "截至", "note", "total"];

/// A row that was taken for no line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// As the spreadsheet counts.
    pub row: usize,
    /// What its first cell says.
    pub text: String,
}

/// A header that was found.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its last row.
    row: u32,
    /// Texts by column.
    names: BTreeMap<u32, String>,
    /// Columns of the inventory among them.
    pub known: usize,
    /// Whether the required ones are all there.
    pub complete: bool,
}

/// The row that says most of the inventory's columns; `None` when none says any.
pub fn header(sheet: &Sheet) -> Option<Header> {
    let candidates = sheet.rows.keys().take(HEADER_WITHIN).map(|row| {
        let names = names(sheet, *row);
        let mut found: Vec<Column> = names.values().filter_map(|name| Column::from_header(name)).collect();
        found.sort_unstable();
        found.dedup();
        let complete = Column::REQUIRED.iter().all(|column| found.contains(column));
        Header { row: *row, names, known: found.len(), complete }
    });
    // Of equal ones the first: a header may be repeated further down.
    let best = candidates.rev().max_by_key(|header| (header.complete, header.known)).filter(|best| best.known > 0)?;
    // Cells merged downwards make it end further down.
    let below =
        sheet.merged.iter().filter(|region| region.contains(best.row, region.start.1)).map(|region| region.end.0);
    Some(Header { row: below.max().unwrap_or(best.row).max(best.row), ..best })
}

/// Header texts of a row; a cell merged from above has the text of its region.
fn names(sheet: &Sheet, row: u32) -> BTreeMap<u32, String> {
    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    let text = |value: &Value| match value {
        Value::Text(text) => Some(trim(text).to_owned()),
        Value::Number(_) | Value::Day(_) | Value::Duration(_) | Value::Error(_) => None,
    };
    for region in sheet.merged.iter().filter(|region| region.contains(row, region.start.1)) {
        let first = sheet.rows.get(&region.start.0).and_then(|cells| cells.get(&region.start.1));
        if let Some(name) = first.and_then(text) {
            names.insert(region.start.1, name);
        }
    }
    for (column, value) in sheet.rows.get(&row).into_iter().flatten() {
        if let Some(name) = text(value) {
            names.insert(*column, name);
        }
    }
    names
}

/// The table below a header, and the rows below it that are no lines.
pub fn table(sheet: &Sheet, header: &Header, mistakes: &mut Vec<Mistake>) -> (Table, Vec<Skipped>) {
    let names = header.names.iter().map(|(column, name)| (*column as usize, name.as_str()));
    let columns = columns(names, row_number(header.row), mistakes);
    unnamed(sheet, header, mistakes);
    let places: Vec<(Column, u32)> =
        columns.iter().filter_map(|(column, place)| Some((*column, u32::try_from(*place).ok()?))).collect();
    let width = places.iter().map(|(_, place)| *place as usize + 1).max().unwrap_or_default();
    let down = Down::of(sheet);
    let below = || sheet.rows.range(header.row + 1..);
    let required = |row: u32, cells: &BTreeMap<u32, Value>| {
        let filled = |place: &u32| cells.contains_key(place) || down.value(row, *place).is_some();
        places.iter().filter(|(column, place)| Column::REQUIRED.contains(column) && filled(place)).count()
    };
    let last = below().filter(|(row, cells)| required(**row, cells) >= 2).map(|(row, _)| *row).next_back();
    let mut table = Table { columns, rows: Vec::new() };
    let mut skipped = Vec::new();
    for (row, cells) in below() {
        if is_no_line(sheet, *row, cells, last.is_none_or(|last| *row > last)) {
            let text = cells.values().next().map(described).unwrap_or_default();
            skipped.push(Skipped { row: row_number(*row), text });
            continue;
        }
        let mut texts = vec![String::new(); width];
        for (column, place) in &places {
            let Some(value) = cells.get(place).or_else(|| down.value(*row, *place)) else { continue };
            match text(value, *column, sheet.from_1904) {
                Ok(text) => trim(&text).clone_into(&mut texts[*place as usize]),
                Err(problem) => {
                    mistakes.push(Mistake { row: row_number(*row), column: Some(*column), problem });
                }
            }
        }
        table.rows.push(Row { number: row_number(*row), cells: texts });
    }
    (table, skipped)
}

/// Cells merged downwards, by column: an office merges the township's name over all of its villages.
struct Down<'s>(BTreeMap<u32, BTreeMap<u32, (u32, &'s Value)>>);

impl<'s> Down<'s> {
    fn of(sheet: &'s Sheet) -> Self {
        let mut down: BTreeMap<u32, BTreeMap<u32, (u32, &Value)>> = BTreeMap::new();
        for region in sheet.merged.iter().filter(|region| region.start.0 < region.end.0) {
            if let Some(value) = sheet.rows.get(&region.start.0).and_then(|cells| cells.get(&region.start.1)) {
                down.entry(region.start.1).or_default().insert(region.start.0, (region.end.0, value));
            }
        }
        Self(down)
    }

    fn value(&self, row: u32, column: u32) -> Option<&'s Value> {
        let (_, (end, value)) = self.0.get(&column)?.range(..=row).next_back()?;
        (row <= *end).then_some(*value)
    }
}

/// Headings and notes: one merged cell alone; below the last line also a single cell, or a row that begins as notes do.
fn is_no_line(sheet: &Sheet, row: u32, cells: &BTreeMap<u32, Value>, below_all: bool) -> bool {
    let Some((column, first)) = cells.first_key_value() else { return true };
    let alone = cells.len() == 1;
    let wide = |region: &Dimensions| region.start == (row, *column) && region.end.1 > *column;
    let said = half_width(trim(&described(first))).to_lowercase();
    let note = NOTES.iter().any(|begin| said.starts_with(begin));
    alone && sheet.merged.iter().any(wide) || below_all && (alone || note)
}

/// Content in a column without a header.
fn unnamed(sheet: &Sheet, header: &Header, mistakes: &mut Vec<Mistake>) {
    let mut found = BTreeMap::new();
    for (row, cells) in sheet.rows.range(header.row + 1..) {
        // A heading or a note may stand anywhere.
        for column in cells.keys().filter(|column| cells.len() > 1 && !header.names.contains_key(column)) {
            found.entry(*column).or_insert(*row);
        }
    }
    for (column, row) in found {
        mistakes.push(Mistake { row: row_number(row), column: None, problem: Problem::Unnamed(letters(column)) });
    }
}

fn row_number(row: u32) -> usize {
    row as usize + 1
}

/// A column's letters.
fn letters(column: u32) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).unwrap_or_default());
    if column < 26 { last.to_string() } else { letters(column / 26 - 1) + &last.to_string() }
}

fn described(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Error(text) => trim(text).to_owned(),
        Value::Number(number) | Value::Day(number) | Value::Duration(number) => decimal(*number),
    }
}

/// A value as the text that would have been typed.
fn text(value: &Value, column: Column, from_1904: bool) -> Result<String, Problem> {
    match value {
        Value::Text(text) => Ok(one_line(text)),
        Value::Number(number) if column.is_day() && *number < LAST_DAY => day(*number, from_1904),
        Value::Number(number) if !column.is_number() && number.abs() >= DIGITS_LOST => {
            Err(Problem::LostDigits(format!("{number:e}")))
        }
        Value::Number(number) => Ok(decimal(*number)),
        Value::Day(number) if column.is_day() || column == Column::Note => day(*number, from_1904),
        Value::Day(_) | Value::Duration(_) => Err(Problem::BecameDate),
        Value::Error(error) => Err(Problem::FormulaError(error.clone())),
    }
}

/// A cell ends where it ends, so a line break inside is no sign of a quote that was not closed.
fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).map(trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A number as a spreadsheet shows it: whole ones without a point, others with 15 digits.
fn decimal(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < DIGITS_LOST {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// A count of days as a date; with a time of day, which a day of opening does not have, it is left to the column's
/// own rule to say so.
fn day(number: f64, from_1904: bool) -> Result<String, Problem> {
    let shown = || Problem::BadDate(decimal(number));
    let epoch = if from_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) };
    if !(0.0..LAST_DAY).contains(&number) || number.fract() != 0.0 {
        return Err(shown());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 120,000")]
    let days = Days::new(number as u64);
    let date = epoch.and_then(|epoch| epoch.checked_add_days(days)).ok_or_else(shown)?;
    Ok(date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_shown() {
        for (number, text) in [
            (12345.0, "12345"),
            (1.5, "1.5"),
            (1.1 + 2.2, "3.3"),
            (13_812_345_678.0, "13812345678"),
            (-0.000_001, "-0.000001"),
            (114.312_345_67, "114.31234567"),
        ] {
            assert_eq!(decimal(number), text);
        }
        assert!(decimal(f64::NAN) == "NaN" && decimal(f64::INFINITY) == "inf");
    }

    #[test]
    fn days_by_either_epoch() {
        assert_eq!(day(46_027.0, false), Ok("2026-01-05".to_owned()));
        assert_eq!(day(44_565.0, true), Ok("2026-01-05".to_owned()));
        for number in [46_027.5, -1.0, 1e9, f64::NAN] {
            assert!(day(number, false).is_err(), "{number}");
        }
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}

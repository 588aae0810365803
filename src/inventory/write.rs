//! Lines to the files that the reader reads, with the headers of a language.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use linewatch_core::line::Line;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::comma::guarded;
use super::{Column, cell_text};
use crate::language::Language;

/// Widest column of a workbook in characters.
const WIDEST: usize = 40;

/// CSV with a byte order mark, so that Excel reads it as UTF-8. Texts that a spreadsheet would compute have an
/// apostrophe before them.
pub fn csv(lines: &[Line], zone: Tz, language: Language) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let header: Vec<&str> = Column::ALL.iter().map(|column| column.name(language)).collect();
    let rows = lines.iter().map(|line| {
        let cell = |column: &Column| {
            let text = cell_text(line, *column, zone);
            if column.is_number() { text } else { guarded(&text) }
        };
        Column::ALL.iter().map(cell).collect::<Vec<_>>()
    });
    // Memory takes everything, and all rows are equally long.
    let written =
        writer.write_record(header).and_then(|()| rows.into_iter().try_for_each(|row| writer.write_record(row)));
    debug_assert!(written.is_ok(), "{written:?}");
    writer.into_inner().unwrap_or_default()
}

/// A workbook with one sheet: numbers and days as such, everything else as text that is never computed.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn xlsx(lines: &[Line], zone: Tz, language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(language.pick("线路表", "lines"))?;
    sheet.set_freeze_panes(1, 0)?;
    let (bold, day) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    for (place, column) in (0..).zip(Column::ALL) {
        let name = column.name(language);
        sheet.write_string_with_format(0, place, name, &bold)?;
        let mut widest = width(name);
        for (row, line) in (1..).zip(lines) {
            let text = cell_text(line, *column, zone);
            widest = widest.max(width(&text));
            if text.is_empty() {
                continue;
            }
            if column.is_number() {
                // Six decimals of a degree are far from the 15 digits that a float keeps.
                sheet.write_number(row, place, text.parse::<f64>().unwrap_or_default())?;
            } else if let Some(date) = column.is_day().then(|| text.parse::<NaiveDate>().ok()).flatten() {
                sheet.write_datetime_with_format(row, place, excel(date)?, &day)?;
            } else {
                sheet.write_string(row, place, text)?;
            }
        }
        sheet.set_column_width(place, u32::try_from(widest.min(WIDEST) + 2).unwrap_or_default())?;
    }
    workbook.save_to_buffer()
}

fn excel(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    ExcelDateTime::from_ymd(
        u16::try_from(year).unwrap_or_default(),
        u8::try_from(month).unwrap_or_default(),
        u8::try_from(day).unwrap_or_default(),
    )
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

//! The bytes of an XLSX file to the cells of its sheets. Whatever the bytes are, the answer is cells or a sentence:
//! what would grow without bound is measured before it is read.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Dimensions, Reader, SheetType, SheetVisible, Xlsx};

use super::flaw::WorkbookFlaw;

/// Largest part of a workbook, unpacked. A sheet of 100,000 lines with every column takes about 80 MB.
const LARGEST_PART_BYTES: u64 = 128 << 20;
/// Largest table of texts, unpacked: every entry costs memory, however short it is.
const LARGEST_TEXTS_BYTES: u64 = 40 << 20;
/// Parts of a workbook.
const MOST_PARTS: usize = 2000;
/// Sheets of a workbook.
const MOST_SHEETS: usize = 100;
/// Rows of a sheet.
const MOST_ROWS: u32 = 200_000;
/// Columns of a sheet; the inventory has 21.
const MOST_COLUMNS: u32 = 200;
/// Cells of a sheet that are not empty.
const MOST_CELLS: usize = 3_000_000;
/// Merged regions of a sheet.
const MOST_MERGED: usize = 100_000;
/// Longest text of a cell in bytes, four times what a spreadsheet takes.
const LONGEST_CELL_BYTES: usize = 128 << 10;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A number shown as a day, in days since the workbook's epoch.
    Day(f64),
    /// A number shown as a length of time.
    Duration(f64),
    /// The error a formula came to, as it is shown.
    Error(String),
}

/// The cells of one sheet. Rows and columns count from 0.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Days count from 1904 instead of 1900.
    pub from_1904: bool,
    /// Cells that are not empty, by row and column.
    pub rows: BTreeMap<u32, BTreeMap<u32, Value>>,
    /// Merged regions; their value stands in the first cell.
    pub merged: Vec<Dimensions>,
}

/// Reads all sheets that are not hidden.
///
/// # Errors
/// What keeps the file from being read.
pub fn sheets(bytes: Vec<u8>) -> Result<Vec<Sheet>, WorkbookFlaw> {
    // The signature of the container of old .xls files, and of workbooks with a password.
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(WorkbookFlaw::Encrypted);
    }
    if !bytes.starts_with(b"PK") {
        return Err(WorkbookFlaw::NotOne);
    }
    measure(&bytes)?;
    // The library is tried with broken files, and so are we; a file that finds its way through all the same must
    // not end a daemon that watches 401 lines.
    catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or_else(|_| Err(broken("unexpected content")))
}

fn broken(cause: impl std::fmt::Display) -> WorkbookFlaw {
    WorkbookFlaw::Broken(cause.to_string())
}

/// Unpacks every part and throws it away, as far as the limits go: sizes in the file may lie.
fn measure(bytes: &[u8]) -> Result<(), WorkbookFlaw> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MOST_PARTS {
        return Err(WorkbookFlaw::TooLarge);
    }
    let mut all = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let texts = part.name().map_err(broken)?.to_ascii_lowercase().contains("sharedstrings");
        let most = if texts { LARGEST_TEXTS_BYTES } else { LARGEST_PART_BYTES };
        all += std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(broken)?;
        if all > most {
            return Err(WorkbookFlaw::TooLarge);
        }
    }
    Ok(())
}

fn read(bytes: Vec<u8>) -> Result<Vec<Sheet>, WorkbookFlaw> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let from_1904 = workbook.has_1904_epoch();
    let shown = workbook.sheets_metadata().iter().filter(|sheet| {
        let visible = match sheet.visible {
            SheetVisible::Visible => true,
            SheetVisible::Hidden | SheetVisible::VeryHidden => false,
        };
        visible && sheet.typ == SheetType::WorkSheet
    });
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    if names.len() > MOST_SHEETS {
        return Err(WorkbookFlaw::TooLarge);
    }
    let mut cells = 0;
    let mut sheets = Vec::new();
    for name in names {
        let merged = workbook.merge_cells_by_sheet_name(&name).map_err(broken)?;
        if merged.len() > MOST_MERGED {
            return Err(WorkbookFlaw::TooLarge);
        }
        let rows = rows(&mut workbook, &name, &mut cells)?;
        sheets.push(Sheet { name, from_1904, rows, merged });
    }
    Ok(sheets)
}

fn rows(
    workbook: &mut Xlsx<Cursor<Vec<u8>>>,
    name: &str,
    cells: &mut usize,
) -> Result<BTreeMap<u32, BTreeMap<u32, Value>>, WorkbookFlaw> {
    let mut rows: BTreeMap<u32, BTreeMap<u32, Value>> = BTreeMap::new();
    // One cell after the other: a table of the whole sheet would be as large as a single cell at its far end says.
    let mut reader = workbook.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let Some(value) = value(cell.get_value().clone().into()) else { continue };
        *cells += 1;
        if row >= MOST_ROWS || column >= MOST_COLUMNS || *cells > MOST_CELLS {
            return Err(WorkbookFlaw::TooLarge);
        }
        rows.entry(row).or_default().insert(column, value);
    }
    Ok(rows)
}

fn value(data: Data) -> Option<Value> {
    let text = |text: String| (!super::cell::trim(&text).is_empty()).then_some(text);
    match data {
        Data::Empty => None,
        Data::String(words) => {
            text(words.get(..LONGEST_CELL_BYTES).map_or(words.clone(), str::to_owned)).map(Value::Text)
        }
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet's own numbers are floats")]
        Data::Int(number) => Some(Value::Number(number as f64)),
        Data::Float(number) => Some(Value::Number(number)),
        Data::Bool(truth) => Some(Value::Text(if truth { "TRUE" } else { "FALSE" }.to_owned())),
        Data::DateTime(moment) if moment.is_duration() => Some(Value::Duration(moment.as_f64())),
        Data::DateTime(moment) => Some(Value::Day(moment.as_f64())),
        Data::DateTimeIso(words) => {
            text(words.split("T00:00:00").next().unwrap_or_default().to_owned()).map(Value::Text)
        }
        Data::DurationIso(words) => text(words).map(Value::Text),
        Data::Error(error) => Some(Value::Error(error.to_string())),
    }
}

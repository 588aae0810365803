//! The inventory of lines from a table, CSV or XLSX: columns in Chinese or English, all mistakes reported at once.
//!
//! ```text
//! CSV text ── comma ──────────────────┐
//!                                     ├─> Table ── row, whole ──> lines, or all mistakes
//! XLSX bytes ── workbook ── sheet ────┘
//! ```

mod cell;
mod column;
mod comma;
pub mod date;
pub mod difference;
mod flaw;
mod mistake;
mod row;
mod sheet;
mod table;
mod text;
mod whole;
mod workbook;
mod write;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use chrono_tz::Tz;
use linewatch_core::line::{ClassName, Line};

pub use column::Column;
pub use comma::guarded;
pub use difference::Difference;
pub use flaw::WorkbookFlaw;
pub use mistake::{InventoryError, Mistake, Problem};
pub use sheet::Skipped;
pub use text::{cell_text, scaled};
pub use write::{csv, xlsx};

use sheet::Header;
use table::Table;
use workbook::Sheet;

/// Largest file; one of 100,000 lines is a third of it.
pub const LARGEST_FILE_BYTES: u64 = 64 << 20;

/// What a table is checked against.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The zone in which days begin.
    pub zone: Tz,
    /// Every class with its label; the class column may hold either.
    pub classes: Vec<(ClassName, String)>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The lines, in the order of the file.
    pub lines: Vec<Line>,
    /// The sheet they stand in, of a workbook.
    pub sheet: Option<String>,
    /// Rows below its header that were taken for headings and notes.
    pub skipped: Vec<Skipped>,
}

/// Reads and checks a file. The lines come in the order of the file; a header alone is an empty inventory.
///
/// # Errors
/// When the file cannot be read or has mistakes; then all of them.
pub fn read(path: &Path, rules: &Rules) -> Result<Vec<Line>, InventoryError> {
    read_sheet(path, None, rules).map(|inventory| inventory.lines)
}

/// Reads and checks a file, a workbook by its extension (.xlsx, .xlsm), else CSV. Of a workbook it takes the sheet
/// named, else the one whose header fits.
///
/// # Errors
/// When the file cannot be read or has mistakes; then all of them.
pub fn read_sheet(path: &Path, sheet: Option<&str>, rules: &Rules) -> Result<Inventory, InventoryError> {
    let workbook = |flaw| InventoryError::Workbook { path: path.to_owned(), flaw };
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match extension.as_str() {
        "xlsx" | "xlsm" => from_workbook(path, bytes_of(path)?, sheet, rules),
        "xls" | "xlsb" | "et" | "ods" | "numbers" => Err(workbook(WorkbookFlaw::OtherFormat(extension))),
        _ => {
            let bytes = bytes_of(path)?;
            if bytes.starts_with(b"PK\x03\x04") {
                return Err(workbook(WorkbookFlaw::Misnamed));
            }
            let text = String::from_utf8(bytes).map_err(|error| {
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let row = valid.split(|byte| *byte == b'\n').count();
                InventoryError::NotUtf8 { path: path.to_owned(), row }
            })?;
            let lines = parse(&text, rules).map_err(|mistakes| InventoryError::Mistakes {
                path: path.to_owned(),
                sheet: None,
                mistakes,
            })?;
            Ok(Inventory { lines, ..Inventory::default() })
        }
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, InventoryError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => InventoryError::Missing { path: path.to_owned() },
        _ => InventoryError::Unreadable { path: path.to_owned(), error },
    };
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST_FILE_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > LARGEST_FILE_BYTES {
        return Err(InventoryError::Workbook { path: path.to_owned(), flaw: WorkbookFlaw::TooLarge });
    }
    Ok(bytes)
}

fn from_workbook(
    path: &Path,
    bytes: Vec<u8>,
    wanted: Option<&str>,
    rules: &Rules,
) -> Result<Inventory, InventoryError> {
    let chosen = workbook::sheets(bytes).and_then(|sheets| choose(sheets, wanted));
    let (sheet, header) = chosen.map_err(|flaw| InventoryError::Workbook { path: path.to_owned(), flaw })?;
    let mut mistakes = Vec::new();
    let (table, skipped) = sheet::table(&sheet, &header, &mut mistakes);
    match lines(&table, rules, mistakes) {
        Ok(lines) => Ok(Inventory { lines, sheet: Some(sheet.name), skipped }),
        Err(mistakes) => Err(InventoryError::Mistakes { path: path.to_owned(), sheet: Some(sheet.name), mistakes }),
    }
}

/// The sheet asked for, else the only one with all required columns, else the one that comes nearest.
fn choose(sheets: Vec<Sheet>, wanted: Option<&str>) -> Result<(Sheet, Header), WorkbookFlaw> {
    let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    if let Some(wanted) = wanted {
        let sheet = sheets.into_iter().find(|sheet| sheet.name == wanted);
        let sheet =
            sheet.ok_or_else(|| WorkbookFlaw::NoSuchSheet { wanted: wanted.to_owned(), names: names.clone() })?;
        let header = sheet::header(&sheet).ok_or(WorkbookFlaw::NoHeader(vec![sheet.name.clone()]))?;
        return Ok((sheet, header));
    }
    let mut found: Vec<(Sheet, Header)> =
        sheets.into_iter().filter_map(|sheet| sheet::header(&sheet).map(|header| (sheet, header))).collect();
    let fitting: Vec<String> =
        found.iter().filter(|(_, header)| header.complete).map(|(sheet, _)| sheet.name.clone()).collect();
    if fitting.len() > 1 {
        return Err(WorkbookFlaw::SeveralSheets(fitting));
    }
    // Stable: of sheets that come equally near the first.
    found.sort_by_key(|(_, header)| (!header.complete, std::cmp::Reverse(header.known)));
    found.into_iter().next().ok_or(WorkbookFlaw::NoHeader(names))
}

/// Checks a text, with or without a byte order mark.
///
/// # Errors
/// All mistakes, by row and column; never empty.
pub fn parse(text: &str, rules: &Rules) -> Result<Vec<Line>, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let table = comma::split(text, &mut mistakes);
    lines(&table, rules, mistakes)
}

/// Where all tables meet: rows to lines, unless there is any mistake.
fn lines(table: &Table, rules: &Rules, mut mistakes: Vec<Mistake>) -> Result<Vec<Line>, Vec<Mistake>> {
    let of_reading = mistakes.len();
    let lines: Vec<_> = table.rows.iter().map(|row| row::line(table, row, rules, &mut mistakes)).collect();
    whole::check(table, &lines, &mut mistakes);
    if mistakes.is_empty() {
        return Ok(lines);
    }
    // A cell that could not be read is not missing as well.
    let unread: std::collections::BTreeSet<_> =
        mistakes[..of_reading].iter().map(|mistake| (mistake.row, mistake.column)).collect();
    mistakes
        .retain(|mistake| mistake.problem != Problem::MissingValue || !unread.contains(&(mistake.row, mistake.column)));
    mistakes.sort_by_key(|mistake| (mistake.row, mistake.column));
    Err(mistakes)
}

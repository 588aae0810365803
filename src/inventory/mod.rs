//! The inventory of lines from a CSV table: columns in Chinese or English, all mistakes reported at once.

mod cell;
mod column;
pub mod date;
mod mistake;
mod row;
mod table;
mod whole;

use std::path::Path;

use chrono_tz::Tz;
use linewatch_core::line::{ClassName, Line};

pub use column::Column;
pub use mistake::{InventoryError, Mistake, Problem};

/// What a table is checked against.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The zone in which days begin.
    pub zone: Tz,
    /// Every class with its label; the class column may hold either.
    pub classes: Vec<(ClassName, String)>,
}

/// Reads and checks a file. The lines come in the order of the file; a header alone is an empty inventory.
///
/// # Errors
/// When the file cannot be read or has mistakes; then all of them.
pub fn read(path: &Path, rules: &Rules) -> Result<Vec<Line>, InventoryError> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => InventoryError::Missing { path: path.to_owned() },
        _ => InventoryError::Unreadable { path: path.to_owned(), error },
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        InventoryError::NotUtf8 { path: path.to_owned(), row: valid.split(|byte| *byte == b'\n').count() }
    })?;
    parse(&text, rules).map_err(|mistakes| InventoryError::Mistakes { path: path.to_owned(), mistakes })
}

/// Checks a text, with or without a byte order mark.
///
/// # Errors
/// All mistakes, by row and column; never empty.
pub fn parse(text: &str, rules: &Rules) -> Result<Vec<Line>, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let table = table::split(text, &mut mistakes);
    let lines: Vec<_> = table.rows.iter().map(|row| row::line(&table, row, rules, &mut mistakes)).collect();
    whole::check(&table, &lines, &mut mistakes);
    if mistakes.is_empty() {
        return Ok(lines);
    }
    mistakes.sort_by_key(|mistake| (mistake.row, mistake.column));
    Err(mistakes)
}

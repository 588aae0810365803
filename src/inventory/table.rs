//! CSV text to a header and rows of trimmed cells, with the row numbers a spreadsheet shows.

use std::collections::BTreeMap;

use super::Column;
use super::cell::trim;
use super::mistake::{Mistake, Problem};
use crate::spelling::closest;

/// A table with known columns.
pub struct Table {
    columns: BTreeMap<Column, usize>,
    /// Rows with at least one cell that is not empty and as many cells as the header.
    pub rows: Vec<Row>,
}

/// One row.
pub struct Row {
    /// As a spreadsheet counts, the header being row 1.
    pub number: usize,
    cells: Vec<String>,
}

impl Table {
    /// The text of a cell, empty when the column is not there.
    pub fn cell<'r>(&self, row: &'r Row, column: Column) -> &'r str {
        self.columns.get(&column).and_then(|index| row.cells.get(*index)).map_or("", String::as_str)
    }

    /// Whether the column is there.
    pub fn has(&self, column: Column) -> bool {
        self.columns.contains_key(&column)
    }
}

/// Splits a text; reports what is wrong with the header and with the number of cells.
pub fn split(text: &str, mistakes: &mut Vec<Mistake>) -> Table {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = records(text).into_iter();
    let Some(header) = rows.next() else {
        mistakes.push(Mistake { row: 1, column: None, problem: Problem::NoHeader });
        return Table { columns: BTreeMap::new(), rows: Vec::new() };
    };
    let width = header.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let Some(columns) = columns(&header.cells[..width], header.number, mistakes) else {
        return Table { columns: BTreeMap::new(), rows: Vec::new() };
    };
    let rows = rows.filter(|row| {
        // A spreadsheet pads with empty cells; text beyond the header is a comma that was not quoted.
        let filled = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        let found = if filled > width { filled } else { row.cells.len() };
        let fits = found >= width && filled <= width;
        if !fits {
            let problem = Problem::CellCount { found, wanted: width };
            mistakes.push(Mistake { row: row.number, column: None, problem });
        }
        fits
    });
    Table { columns, rows: rows.collect() }
}

/// Where each column stands; `None` when this is not a comma separated header at all.
fn columns(header: &[String], row: usize, mistakes: &mut Vec<Mistake>) -> Option<BTreeMap<Column, usize>> {
    if let [only] = header
        && let Some(separator) = only.chars().find(|c| matches!(c, ';' | '\t'))
    {
        mistakes.push(Mistake { row, column: None, problem: Problem::Separator(separator) });
        return None;
    }
    let mut columns = BTreeMap::new();
    for (index, name) in header.iter().enumerate() {
        let Some(column) = Column::from_header(name) else {
            let names = Column::ALL.iter().flat_map(|column| [column.english(), column.chinese()]);
            let suggestion = closest(name, names).and_then(Column::from_header);
            let problem = Problem::UnknownColumn { header: name.clone(), suggestion };
            mistakes.push(Mistake { row, column: None, problem });
            continue;
        };
        if columns.insert(column, index).is_some() {
            mistakes.push(Mistake { row, column: Some(column), problem: Problem::TwiceColumn });
        }
    }
    for column in Column::REQUIRED {
        if !columns.contains_key(&column) {
            mistakes.push(Mistake { row, column: Some(column), problem: Problem::MissingColumn });
        }
    }
    Some(columns)
}

/// All rows that are not empty. A line break inside quotes does not begin a row, an empty line is one.
fn records(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut rows = Vec::new();
    let mut number = 0;
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        // The text is in memory and UTF-8 and rows may differ in length: nothing is left that can fail.
        if !reader.read_record(&mut record).unwrap_or(false) {
            return rows;
        }
        // The reader passes over empty lines in silence; a spreadsheet counts them. A carriage return may be
        // left over from the row before.
        let skipped = text.get(start..).unwrap_or("").chars().take_while(|c| matches!(c, '\r' | '\n'));
        let left_over = usize::from(number > 0 && !text[..start.min(text.len())].ends_with('\n'));
        number += 1 + skipped.filter(|c| *c == '\n').count().saturating_sub(left_over);
        let cells: Vec<String> = record.iter().map(|cell| trim(cell).to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { number, cells });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_does() {
        for end in ["\n", "\r\n"] {
            let text = ["a,b", "", "1,\"x", "y\"", ",", "2,z", ""].join(end);
            let rows: Vec<_> = records(&text).iter().map(|row| (row.number, row.cells[0].clone())).collect();
            assert_eq!(rows, [(1, "a".to_owned()), (3, "1".to_owned()), (5, "2".to_owned())], "{end:?}");
        }
    }
}

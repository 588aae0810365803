//! A table with known columns and trimmed cells, with the row numbers a spreadsheet shows. What a file looks like is
//! its reader's business ([`super::comma`], [`super::workbook`]); from here on all tables are alike.

use std::collections::BTreeMap;

use super::Column;
use super::mistake::{Mistake, Problem};
use crate::spelling::closest;

/// Columns that say nothing of a line: the running number that every office table has.
const PASSED_OVER: [&str; 3] = ["序号", "no.", "#"];

/// A table with known columns.
#[derive(Debug, Default)]
pub struct Table {
    pub(super) columns: BTreeMap<Column, usize>,
    /// Rows that stand for a line.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// As a spreadsheet counts, the first being row 1.
    pub number: usize,
    pub(super) cells: Vec<String>,
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

/// Where each column stands, by the texts of a header; reports unknown, double and missing ones.
pub fn columns<'h>(
    header: impl IntoIterator<Item = (usize, &'h str)>,
    row: usize,
    mistakes: &mut Vec<Mistake>,
) -> BTreeMap<Column, usize> {
    let mut columns = BTreeMap::new();
    for (index, name) in header {
        if PASSED_OVER.contains(&name.to_lowercase().as_str()) {
            continue;
        }
        let Some(column) = Column::from_header(name) else {
            let names = Column::ALL.iter().flat_map(|column| [column.english(), column.chinese()]);
            let suggestion = closest(name, names).and_then(Column::from_header);
            let problem = Problem::UnknownColumn { header: name.to_owned(), suggestion };
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
    columns
}

//! CSV text to a table.

use super::cell::trim;
use super::mistake::{Mistake, Problem};
use super::table::{Row, Table, columns};

/// Splits a text; reports what is wrong with the header and with the number of cells.
pub fn split(text: &str, mistakes: &mut Vec<Mistake>) -> Table {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = records(text).into_iter();
    let Some(header) = rows.next() else {
        mistakes.push(Mistake { row: 1, column: None, problem: Problem::NoHeader });
        return Table::default();
    };
    let width = header.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let names = &header.cells[..width];
    if let [only] = names
        && let Some(separator) = only.chars().find(|c| matches!(c, ';' | '\t'))
    {
        mistakes.push(Mistake { row: header.number, column: None, problem: Problem::Separator(separator) });
        return Table::default();
    }
    let columns = columns(names.iter().map(String::as_str).enumerate(), header.number, mistakes);
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

/// Whether a spreadsheet would compute a text instead of showing it. Full-width signs count in East Asian versions.
fn computes(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// A text as a cell that no spreadsheet computes: an apostrophe before it says that it is text. `plain` undoes it.
pub fn guarded(text: &str) -> String {
    let apostrophe = computes(text) || text.strip_prefix('\'').is_some_and(is_guarded);
    if apostrophe { format!("'{text}") } else { text.to_owned() }
}

/// What stands behind the apostrophe that [`guarded`] puts before a text.
fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_guarded(rest)).unwrap_or(cell)
}

/// Whether a text behind an apostrophe was guarded: it computes, or looks itself like a guarded one.
fn is_guarded(rest: &str) -> bool {
    computes(rest.trim_start_matches('\''))
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
        let cells: Vec<String> = record.iter().map(|cell| plain(trim(cell)).to_owned()).collect();
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

    #[test]
    fn what_would_be_computed_is_guarded_and_read_back() {
        for text in ["=1+1", "+86 715", "-", "@cmd", "＝1", "'=1", "''+1", "'''", "'quoted'", "plain", "", "1-2", "'"]
        {
            let cell = guarded(text);
            assert!(!computes(&cell), "{cell}");
            assert_eq!(plain(&cell), text);
        }
        assert_eq!(guarded("plain"), "plain");
        assert_eq!(guarded("=1"), "'=1");
    }
}

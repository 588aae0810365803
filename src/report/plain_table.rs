//! Tables without frames, aligned also where characters are two columns wide.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

/// A table with a header; columns named in `right` are numbers.
pub fn table(header: Vec<String>, rows: Vec<Vec<String>>, right: &[usize]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table.add_rows(rows);
    for index in right {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    trimmed(&table)
}

/// Words before sentences that are broken to fit `width` columns.
pub fn facts(rows: Vec<[String; 2]>, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let widest = rows.iter().map(|[word, _]| unicode_width::UnicodeWidthStr::width(word.as_str())).max().unwrap_or(0);
    table.add_rows(rows);
    if let Some(column) = table.column_mut(0) {
        let wide = u16::try_from(widest + 2).unwrap_or(u16::MAX);
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(wide)));
    }
    trimmed(&table)
}

/// Columns of the terminal that standard output is, if it is one.
pub fn terminal_width() -> Option<u16> {
    Table::new().width()
}

fn trimmed(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

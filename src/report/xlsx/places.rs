//! Where the detail stands, for formulas: ranges of columns, and sums over them.

use super::paper::letters;

/// A table of a sheet: its rows count from 1, as in formulas.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The sheet.
    pub sheet: &'static str,
    /// First row of data.
    pub first: u32,
    /// Last row of data; an empty table has one empty row.
    pub last: u32,
}

impl Table {
    /// A table whose data begin at a row counted from 0, with so many rows.
    pub fn new(sheet: &'static str, first: u32, rows: u32) -> Self {
        Self { sheet, first: first + 1, last: first + rows.max(1) }
    }

    /// `中断明细!$N$5:$N$99`.
    pub fn range(&self, column: u16) -> String {
        let column = letters(column);
        let sheet = quoted(self.sheet);
        format!("{sheet}!${column}${}:${column}${}", self.first, self.last)
    }

    /// The sum of a column over the rows that meet all criteria, each a column and what it must equal.
    pub fn sum(&self, column: u16, criteria: &[(u16, String)]) -> String {
        let sum = self.range(column);
        if criteria.is_empty() {
            return format!("SUM({sum})");
        }
        format!("SUMIFS({sum}{})", self.criteria(criteria))
    }

    /// How many rows meet all criteria.
    pub fn count(&self, criteria: &[(u16, String)]) -> String {
        let criteria = self.criteria(criteria);
        format!("COUNTIFS({})", criteria.strip_prefix(',').unwrap_or_default())
    }

    fn criteria(&self, criteria: &[(u16, String)]) -> String {
        criteria.iter().fold(String::new(), |text, (column, equals)| format!("{text},{},{equals}", self.range(*column)))
    }
}

/// A sheet's name as formulas write it.
pub(super) fn quoted(sheet: &str) -> String {
    if sheet.bytes().any(|byte| byte == b' ') { format!("'{sheet}'") } else { sheet.to_owned() }
}

/// A word in a formula.
pub(super) fn word(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Whether a name in a criterion matches just itself: spreadsheets compare without regard to case, take `*`, `?` and `~`
/// for patterns, a leading sign for a comparison, and what looks like a number or a date for one.
pub(super) fn plain<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().all(|name| {
        let odd = name.contains(['*', '?', '~', '<', '>', '=', '"']) || name.is_empty() || name.trim() != name;
        let letters = name.chars().any(char::is_alphabetic);
        let digits = name.chars().any(|letter| letter.is_ascii_digit());
        let dated = digits
            && name
                .chars()
                .all(|letter| !letter.is_alphabetic() || letter.is_ascii() || "年月日时分秒".contains(letter));
        let truth = name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false");
        !odd && letters && !dated && !truth && name.chars().count() < 250 && seen.insert(name.to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_spreadsheet_takes_for_something_else_are_not_plain() {
        for name in ["汀泗桥镇", "（未填）", "区直及乡镇", "5G专线", "township"] {
            assert!(plain([name].into_iter()), "{name}");
        }
        for name in ["", "1", "5月", "a*", "官埠?", ">3", "=x", "TRUE", "Jan 5", "~", "1e5", " a"] {
            assert!(!plain([name].into_iter()), "{name}");
        }
        assert!(!plain(["Abc", "aBC"].into_iter()), "case");
    }

    #[test]
    fn an_empty_table_still_has_a_range() {
        let table = Table::new("中断明细", 4, 0);
        assert_eq!(table.range(13), "中断明细!$N$5:$N$5");
        assert_eq!(table.sum(13, &[]), "SUM(中断明细!$N$5:$N$5)");
        assert_eq!(
            Table::new("a b", 0, 3).sum(1, &[(0, word("x\"y"))]),
            "SUMIFS('a b'!$B$1:$B$3,'a b'!$A$1:$A$3,\"x\"\"y\")"
        );
    }
}

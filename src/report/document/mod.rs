//! A period on paper: one content, as DOCX and as HTML.
//!
//! [`paper`] puts the content together: headings, paragraphs, tables and pictures. [`docx()`] and [`html()`] print the same
//! [`Paper`], so that neither can say what the other does not. It is laid out like an official document of a Chinese
//! authority (GB/T 9704): A4, its margins, its typefaces, its page numbers.
//!
//! The DOCX is written by this module itself, part by part, from templates: what stands in `pPr`, `rPr`, `tcPr` and their
//! like has to come in the order that ECMA-376 gives, which strict readers insist on.

mod content;
mod docx;
mod faults;
mod forms;
mod html;
mod ledger;
mod lines;
mod method;
mod pictures;
mod tables;

pub use content::paper;
pub use docx::docx;
pub use html::{NoPage, html};

use super::pictures::Picture;
use crate::language::Language;

/// What is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Of its words.
    pub language: Language,
    /// The lines of the title.
    pub title: Vec<String>,
    /// What has to be read on every page, such as 「模拟数据」.
    pub mark: Option<String>,
    /// Whether nothing in it is evidence.
    pub simulated: bool,
    /// When it was made and from what: beneath the title.
    pub dated: String,
    /// The content, in order.
    pub blocks: Vec<Block>,
}

/// A part of the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// 一、…
    Heading(String),
    /// （一）…
    Subheading(String),
    /// A paragraph.
    Text(String),
    /// What must not be overlooked.
    Warning(String),
    /// The line above a table.
    Caption(String),
    /// Small print beneath a table or picture.
    Note(String),
    /// A table.
    Table(Table),
    /// A picture with the line beneath it.
    Picture(Picture),
    /// What follows begins a new page.
    NewPage,
}

/// A table. Cells that another one reaches into are left out, as in HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Widths of the columns, as shares of the whole.
    pub columns: Vec<u32>,
    /// So many rows are repeated on every page.
    pub header: usize,
    /// Whether it has many columns: smaller letters.
    pub dense: bool,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A table of so many rows is not broken over pages.
const SHORT: usize = 17;

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its paragraphs.
    pub lines: Vec<String>,
    /// Over so many columns.
    pub across: usize,
    /// Over so many rows.
    pub down: usize,
    /// Where the text stands.
    pub side: Side,
    /// Whether it names a column or row: 黑体 on grey.
    pub names: bool,
}

/// Where a cell's text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Names.
    Middle,
    /// Numbers.
    Right,
}

impl Cell {
    fn new(text: &str, side: Side, names: bool) -> Self {
        Self { lines: text.lines().map(clean).collect(), across: 1, down: 1, side, names }
    }

    /// Words.
    pub fn words(text: impl AsRef<str>) -> Self {
        Self::new(text.as_ref(), Side::Left, false)
    }

    /// Something short.
    pub fn middle(text: impl AsRef<str>) -> Self {
        Self::new(text.as_ref(), Side::Middle, false)
    }

    /// A number.
    pub fn number(text: impl AsRef<str>) -> Self {
        Self::new(text.as_ref(), Side::Right, false)
    }

    /// The name of a column or row.
    pub fn name(text: impl AsRef<str>) -> Self {
        Self::new(text.as_ref(), Side::Middle, true)
    }

    /// Over so many columns.
    #[must_use]
    pub fn across(mut self, columns: usize) -> Self {
        self.across = columns;
        self
    }

    /// Over so many rows.
    #[must_use]
    pub fn down(mut self, rows: usize) -> Self {
        self.down = rows;
        self
    }
}

impl Table {
    /// A table whose first row names the columns.
    pub fn headed<'n>(columns: &[u32], names: impl IntoIterator<Item = &'n str>) -> Self {
        let names = names.into_iter().map(Cell::name).collect();
        Self { columns: columns.to_vec(), header: 1, dense: false, rows: vec![names] }
    }

    /// In smaller letters.
    #[must_use]
    pub fn dense(mut self) -> Self {
        self.dense = true;
        self
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Whether it is short enough to stand on one page.
    pub fn is_short(&self) -> bool {
        self.rows.len() <= SHORT
    }

    /// Whether there is nothing but the header.
    pub fn is_empty(&self) -> bool {
        self.rows.len() <= self.header
    }
}

/// What XML cannot hold is left out: a name may come from anywhere.
fn clean(text: &str) -> String {
    let kept: String =
        text.chars().filter(|letter| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}')).collect();
    // A percent sign never begins a line.
    kept.replace(" %", "\u{a0}%")
}

/// A paper in the making: numbers its headings and tables.
#[derive(Debug)]
struct Writing {
    language: Language,
    blocks: Vec<Block>,
    headings: usize,
    subheadings: usize,
    tables: usize,
    pictures: usize,
}

const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// 一 to 九十九.
fn numeral(number: usize) -> String {
    let digit = |number: usize| NUMERALS[number - 1];
    match (number / 10, number % 10) {
        (0, ones) if ones > 0 => digit(ones).to_owned(),
        (1, 0) => "十".to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens @ 2..=9, 0) => format!("{}十", digit(tens)),
        (tens @ 2..=9, ones) => format!("{}十{}", digit(tens), digit(ones)),
        _ => number.to_string(),
    }
}

impl Writing {
    fn new(language: Language) -> Self {
        Self { language, blocks: Vec::new(), headings: 0, subheadings: 0, tables: 0, pictures: 0 }
    }

    fn heading(&mut self, chinese: &str, english: &str) {
        self.headings += 1;
        self.subheadings = 0;
        let number = self.headings;
        let text = self.language.pick(format!("{}、{chinese}", numeral(number)), format!("{number}. {english}"));
        self.blocks.push(Block::Heading(text));
    }

    fn subheading(&mut self, chinese: &str, english: &str) {
        self.subheadings += 1;
        let (over, number) = (self.headings, self.subheadings);
        let text =
            self.language.pick(format!("（{}）{chinese}", numeral(number)), format!("{over}.{number} {english}"));
        self.blocks.push(Block::Subheading(text));
    }

    fn text(&mut self, text: impl AsRef<str>) {
        self.blocks.push(Block::Text(clean(text.as_ref())));
    }

    fn note(&mut self, text: impl AsRef<str>) {
        self.blocks.push(Block::Note(clean(text.as_ref())));
    }

    fn warning(&mut self, text: impl AsRef<str>) {
        self.blocks.push(Block::Warning(clean(text.as_ref())));
    }

    /// A table with its number and title; one without rows is left out.
    fn table(&mut self, title: &str, table: Table) {
        if table.is_empty() {
            return;
        }
        self.tables += 1;
        let number = self.tables;
        let caption = self.language.pick(format!("表 {number}　{title}"), format!("Table {number}. {title}"));
        self.blocks.push(Block::Caption(clean(&caption)));
        self.blocks.push(Block::Table(table));
    }

    fn picture(&mut self, mut picture: Picture) {
        self.pictures += 1;
        let number = self.pictures;
        let legend = std::mem::take(&mut picture.legend);
        picture.title = self
            .language
            .pick(format!("图 {number}　{}", picture.title), format!("Figure {number}. {}", picture.title));
        self.blocks.push(Block::Picture(picture));
        self.note(legend);
    }

    fn new_page(&mut self) {
        self.blocks.push(Block::NewPage);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals() {
        let all: Vec<String> = [1, 9, 10, 11, 19, 20, 21, 99, 100].into_iter().map(numeral).collect();
        assert_eq!(all, ["一", "九", "十", "十一", "十九", "二十", "二十一", "九十九", "100"]);
    }
}

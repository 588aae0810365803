//! The paper as DOCX: `WordprocessingML` parts in a ZIP.
//!
//! The templates hold the parts. Where ECMA-376 gives an order of elements, it is the order of the template; a test holds
//! every part against the schema's order. The same paper gives the same bytes: nothing in the file says when it was made.

use std::io::{Cursor, Write};

use askama::Template;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Block, Paper, Side, Table};
use crate::report::pictures::{self, NoPicture};

/// The width of the text: 156 mm, in twentieths of a point.
const TEXT_WIDTH: u32 = 8844;
/// A fifth of a millimetre in English metric units.
const EMU: u32 = 7200;

/// The parts that are the same in every document.
const FIXED: [(&str, &str); 4] = [
    ("_rels/.rels", include_str!("templates/rels.xml")),
    ("word/styles.xml", include_str!("templates/styles.xml")),
    ("word/settings.xml", include_str!("templates/settings.xml")),
    ("word/fontTable.xml", include_str!("templates/fonts.xml")),
];

#[derive(Template)]
#[template(path = "document.xml", config = "src/report/document/templates/askama.toml")]
struct Document<'a> {
    title: &'a [String],
    dated: &'a str,
    pieces: Vec<Piece<'a>>,
    marked: bool,
}

#[derive(Template)]
#[template(path = "header.xml", config = "src/report/document/templates/askama.toml")]
struct Header<'a> {
    mark: &'a str,
}

#[derive(Template)]
#[template(path = "footer.xml", config = "src/report/document/templates/askama.toml")]
struct Footer {
    side: &'static str,
}

#[derive(Template)]
#[template(path = "properties.xml", config = "src/report/document/templates/askama.toml")]
struct Properties<'a> {
    title: &'a str,
    mark: Option<&'a str>,
    language: &'a str,
}

#[derive(Template)]
#[template(path = "document.rels.xml", config = "src/report/document/templates/askama.toml")]
struct Relations {
    pictures: usize,
    marked: bool,
}

#[derive(Template)]
#[template(path = "types.xml", config = "src/report/document/templates/askama.toml")]
struct Types {
    marked: bool,
}

/// What the body's template places.
enum Piece<'a> {
    Paragraph { style: &'static str, text: &'a str, new_page: bool },
    Grid(Grid<'a>),
    Picture { number: usize, title: &'a str, width: u32, height: u32 },
}

/// A table as `WordprocessingML` wants it: every row with all its cells.
struct Grid<'a> {
    widths: Vec<u32>,
    style: &'static str,
    rows: Vec<GridRow<'a>>,
}

struct GridRow<'a> {
    header: bool,
    /// Whether it stays on one page with the next row.
    keeps: bool,
    cells: Vec<GridCell<'a>>,
}

struct GridCell<'a> {
    width: u32,
    across: usize,
    merge: Merge,
    lines: Vec<&'a str>,
    side: &'static str,
    names: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Merge {
    None,
    Begins,
    Continues,
}

impl GridCell<'_> {
    fn begins(&self) -> bool {
        self.merge == Merge::Begins
    }

    fn continues(&self) -> bool {
        self.merge == Merge::Continues
    }
}

/// The file.
///
/// # Errors
/// When a picture cannot be drawn.
///
/// # Panics
/// Never: memory takes whatever is written, and templates that place text cannot fail.
pub fn docx(paper: &Paper) -> Result<Vec<u8>, NoPicture> {
    let marked = paper.mark.is_some();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut put = |name: &str, bytes: Vec<u8>| parts.push((name.to_owned(), bytes));
    let title = paper.title.join(" ");
    put("[Content_Types].xml", rendered(&Types { marked }));
    for (name, text) in FIXED {
        put(name, text.as_bytes().to_vec());
    }
    put(
        "docProps/core.xml",
        rendered(&Properties { title: &title, mark: paper.mark.as_deref(), language: paper.language.tag() }),
    );
    put("word/document.xml", rendered(&body(paper)));
    put("word/footer1.xml", rendered(&Footer { side: "right" }));
    put("word/footer2.xml", rendered(&Footer { side: "left" }));
    if let Some(mark) = &paper.mark {
        put("word/header1.xml", rendered(&Header { mark }));
    }
    let mut drawn = 0;
    for block in &paper.blocks {
        if let Block::Picture(picture) = block {
            drawn += 1;
            put(&format!("word/media/picture{drawn}.png"), pictures::png(picture)?);
        }
    }
    put("word/_rels/document.xml.rels", rendered(&Relations { pictures: drawn, marked }));
    Ok(packed(&parts).expect("memory takes whatever is written"))
}

fn rendered(template: &impl Template) -> Vec<u8> {
    template.render().expect("templates that place text cannot fail").into_bytes()
}

fn packed(parts: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        // Pictures are compressed already.
        let stored = name.contains("/media/");
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method))?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn body(paper: &Paper) -> Document<'_> {
    let mut pieces = Vec::new();
    let mut new_page = false;
    let mut drawn = 0;
    for block in &paper.blocks {
        let mut paragraph = |style, text| {
            let piece = Piece::Paragraph { style, text, new_page };
            new_page = false;
            piece
        };
        match block {
            Block::Heading(text) => pieces.push(paragraph("Heading1", text)),
            Block::Subheading(text) => pieces.push(paragraph("Heading2", text)),
            Block::Text(text) => pieces.push(paragraph("BodyText", text)),
            Block::Warning(text) => pieces.push(paragraph("Warning", text)),
            Block::Caption(text) => pieces.push(paragraph("Caption", text)),
            Block::Note(text) => pieces.push(paragraph("Note", text)),
            Block::Table(table) => pieces.push(Piece::Grid(grid(table))),
            Block::Picture(picture) => {
                drawn += 1;
                let (width, height) = (picture.width * EMU, picture.height * EMU);
                pieces.push(Piece::Picture { number: drawn, title: &picture.title, width, height });
                pieces.push(paragraph("PictureTitle", &picture.title));
            }
            Block::NewPage => new_page = true,
        }
    }
    Document { title: &paper.title, dated: &paper.dated, pieces, marked: paper.mark.is_some() }
}

fn grid(table: &Table) -> Grid<'_> {
    let shares: u32 = table.columns.iter().sum::<u32>().max(1);
    let mut widths: Vec<u32> = table.columns.iter().map(|share| share * TEXT_WIDTH / shares).collect();
    let rest = TEXT_WIDTH - widths.iter().sum::<u32>();
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    // Of each column: how many more rows a cell that begins there reaches down, and over how many columns.
    let mut reaching = vec![(0_usize, 1_usize); widths.len()];
    let rows = table.rows.iter().enumerate().map(|(number, row)| {
        let mut cells = row.iter();
        let mut placed = Vec::new();
        let mut column = 0;
        while column < widths.len() {
            let (rows_left, over) = reaching[column];
            let (cell, merge, across) = if rows_left > 0 {
                reaching[column].0 -= 1;
                (None, Merge::Continues, over)
            } else if let Some(cell) = cells.next() {
                if cell.down > 1 {
                    reaching[column] = (cell.down - 1, cell.across);
                }
                (Some(cell), if cell.down > 1 { Merge::Begins } else { Merge::None }, cell.across)
            } else {
                (None, Merge::None, widths.len() - column)
            };
            let across = across.clamp(1, widths.len() - column);
            let side = match cell.map_or(Side::Left, |cell| cell.side) {
                Side::Left => "left",
                Side::Middle => "center",
                Side::Right => "right",
            };
            let lines = cell.map(|cell| cell.lines.iter().map(String::as_str).collect()).unwrap_or_default();
            let lines = if Vec::is_empty(&lines) { vec![""] } else { lines };
            placed.push(GridCell {
                width: widths[column..column + across].iter().sum(),
                across,
                merge,
                lines,
                side,
                names: cell.is_some_and(|cell| cell.names),
            });
            column += across;
        }
        let header = number < table.header;
        let keeps = header || table.is_short() && number + 1 < table.rows.len() || number + 2 == table.rows.len();
        GridRow { header, keeps, cells: placed }
    });
    let rows = rows.collect();
    Grid { style: if table.dense { "CellDense" } else { "Cell" }, rows, widths }
}

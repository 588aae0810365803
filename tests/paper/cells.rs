//! The cells of tables, from a DOCX and from an HTML file. Cells that another one reaches into are left out in both.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use roxmltree::{Document, Node, ParsingOptions};

/// Rows of cells, of all tables one after the other; paragraphs of a cell are lines.
pub type Rows = Vec<Vec<String>>;

/// The XML parts of a DOCX, by name.
pub fn parts(path: &Path) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(File::open(path).expect("a file")).expect("a ZIP");
    let names = names(&zip);
    let xml = names.into_iter().filter(|name| !name.contains("/media/"));
    xml.map(|name| {
        let mut text = String::new();
        zip.by_name(&name).expect("a part").read_to_string(&mut text).expect("UTF-8");
        (name, text)
    })
    .collect()
}

/// How many pictures a DOCX holds.
pub fn pictures(path: &Path) -> usize {
    let zip = zip::ZipArchive::new(File::open(path).expect("a file")).expect("a ZIP");
    names(&zip).iter().filter(|name| name.contains("/media/")).count()
}

fn names(zip: &zip::ZipArchive<File>) -> Vec<String> {
    zip.file_names().map(|name| name.expect("a name").into_owned()).collect()
}

fn inside<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.descendants().filter(move |node| node.tag_name().name() == name)
}

/// The rows of a DOCX's body.
pub fn of_docx(path: &Path) -> Rows {
    let parts = parts(path);
    let document = Document::parse(&parts["word/document.xml"]).expect("well-formed");
    let mut rows = Rows::new();
    for row in document.descendants().filter(|node| node.tag_name().name() == "tr") {
        let cells = inside(row, "tc").filter(|cell| {
            !inside(*cell, "vMerge").any(|merge| merge.attributes().all(|attribute| attribute.name() != "val"))
        });
        let text = |paragraph: Node<'_, '_>| -> String {
            paragraph
                .descendants()
                .filter(|node| node.tag_name().name() == "t")
                .filter_map(|node| node.text())
                .collect()
        };
        let lines = |cell| inside(cell, "p").map(text).collect::<Vec<_>>().join("\n");
        rows.push(cells.map(lines).collect());
    }
    rows
}

/// The document of an HTML file, which is well-formed XML too.
pub fn html(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("not well-formed: {error}"))
}

/// The rows of an HTML file.
pub fn of_html(text: &str) -> Rows {
    let document = html(text);
    let rows = document.descendants().filter(|node| node.tag_name().name() == "tr");
    let cell = |cell: Node<'_, '_>| -> String {
        cell.children().map(|part| if part.is_text() { part.text().unwrap_or_default() } else { "\n" }).collect()
    };
    rows.map(|row| row.children().filter(|node| node.tag_name().name() == "td").map(cell).collect()).collect()
}

//! Workbooks as offices send them, then bent: as bytes, and in the sheet's XML within a sound archive. Whatever is in
//! the file, the reader gives lines, mistakes, or a sentence.

mod fuzz;

use std::io::{Cursor, Read, Write};

use fuzz::{Edit, Tried, WITHOUT_END, bent, time};
use linewatch::inventory::{self, InventoryError, Rules};
use linewatch::language::Language;
use linewatch_core::line::Line;
use zip::write::SimpleFileOptions;

const SHEET: &str = "xl/worksheets/sheet1.xml";

const WORDS: &[&str] = &[
    "<row r=\"99999999\">",
    "<c r=\"A1\" t=\"s\"><v>999999</v></c>",
    "<c r=\"ZZZZ9\" t=\"inlineStr\"><is><t>x</t></is></c>",
    "<c t=\"e\"><v>#N/A</v></c>",
    "<c t=\"d\"><v>2026-13-45</v></c>",
    "<v>1e309</v>",
    "<v>-1</v>",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "<dimension ref=\"A1:XFD1048576\"/>",
    "</sheetData>",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&a;",
    "&#0;",
    "\u{feff}",
    "<",
    "\"",
];

fn rules() -> Rules {
    Rules { zone: chrono_tz::Asia::Shanghai, classes: vec![("village".into(), "村社区".to_owned())] }
}

fn sound() -> Vec<u8> {
    let line = |n: u32| Line {
        rent_fen_month: Some(12_345),
        ..Line::new(&format!("V-{n}"), "白沙村", "village", &format!("10.0.0.{n}"))
    };
    let lines: Vec<Line> = (1..=6).map(line).collect();
    inventory::xlsx(&lines, chrono_tz::Asia::Shanghai, Language::Chinese).expect("a workbook")
}

/// Whether a workbook was accepted.
fn accepted(bytes: &[u8], rules: &Rules) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lines.xlsx");
    std::fs::write(&path, bytes).expect("written");
    match inventory::read(&path, rules) {
        Ok(lines) => {
            assert!(lines.iter().all(|line| !line.id.as_str().is_empty() && !line.address.is_empty()));
            true
        }
        Err(error @ (InventoryError::Mistakes { .. } | InventoryError::Workbook { .. })) => {
            assert!(!error.report(Language::Chinese).is_empty() && !error.report(Language::English).is_empty());
            false
        }
        Err(other) => panic!("a file that can be read: {other:?}"),
    }
}

/// The sound workbook with another sheet.
fn with_sheet(content: &[u8]) -> Vec<u8> {
    let mut source = zip::ZipArchive::new(Cursor::new(sound())).expect("a zip");
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..source.len() {
        let mut part = source.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        written.start_file(name.clone(), SimpleFileOptions::default()).expect("starts");
        if name == SHEET {
            written.write_all(content).expect("writes");
        } else {
            std::io::copy(&mut part, &mut written).expect("copies");
        }
    }
    written.finish().expect("a zip").into_inner()
}

#[test]
fn bent_workbooks() {
    let (seed, rules, tried) = (sound(), rules(), Tried::new("workbook, bent bytes"));
    assert!(accepted(&seed, &rules), "the seed is good");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<Vec<Edit>>().for_each(|edits| {
        tried.one(accepted(&bent(&seed, edits, WORDS), &rules));
    });
    tried.say();
}

#[test]
fn bent_sheets_in_a_sound_archive() {
    let mut sheet = Vec::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(sound())).expect("a zip");
    archive.by_name(SHEET).expect("the sheet").read_to_end(&mut sheet).expect("read");
    let (rules, tried) = (rules(), Tried::new("workbook, bent sheets"));
    assert!(accepted(&with_sheet(&sheet), &rules), "the seed is good");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<Vec<Edit>>().for_each(|edits| {
        tried.one(accepted(&with_sheet(&bent(&sheet, edits, WORDS)), &rules));
    });
    tried.say();
}

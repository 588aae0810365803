//! Spreadsheets that are damaged, huge or no spreadsheets: each is lines or a sentence, never a panic and never
//! without bound.

use std::io::{Cursor, Write};

use linewatch::inventory::{self, InventoryError, Rules, WorkbookFlaw};
use linewatch::language::Language;
use linewatch_core::line::Line;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

fn rules() -> Rules {
    Rules { zone: chrono_tz::Asia::Shanghai, classes: vec![("village".into(), "村社区".to_owned())] }
}

fn read(name: &str, bytes: &[u8]) -> Result<Vec<Line>, InventoryError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("written");
    inventory::read(&path, &rules())
}

fn flaw(name: &str, bytes: &[u8]) -> WorkbookFlaw {
    match read(name, bytes) {
        Err(InventoryError::Workbook { flaw, .. }) => {
            assert!(!flaw.sentence(Language::Chinese).is_empty() && !flaw.sentence(Language::English).is_empty());
            flaw
        }
        other => panic!("{other:?}"),
    }
}

fn sound() -> Vec<u8> {
    let lines: Vec<Line> =
        (1..=20).map(|n| Line::new(&format!("V-{n}"), "村", "village", &format!("10.0.0.{n}"))).collect();
    inventory::xlsx(&lines, chrono_tz::Asia::Shanghai, Language::Chinese).expect("a workbook")
}

/// A workbook whose one sheet has this content.
fn with_sheet(content: impl Fn(&mut dyn Write)) -> Vec<u8> {
    let mut source = zip::ZipArchive::new(Cursor::new(sound())).expect("a zip");
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..source.len() {
        let mut part = source.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        written.start_file(name.clone(), SimpleFileOptions::default()).expect("starts");
        if name == "xl/worksheets/sheet1.xml" {
            write!(
                written,
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#
            )
            .expect("written");
            content(&mut written);
            write!(written, "</sheetData></worksheet>").expect("written");
        } else {
            std::io::copy(&mut part, &mut written).expect("copied");
        }
    }
    written.finish().expect("a zip").into_inner()
}

#[test]
fn what_is_no_workbook_is_said() {
    assert_eq!(flaw("a.xlsx", b""), WorkbookFlaw::NotOne);
    assert_eq!(flaw("a.xlsx", b"id,name,class,address\n"), WorkbookFlaw::NotOne);
    assert_eq!(flaw("a.XLSX", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), WorkbookFlaw::Encrypted);
    assert_eq!(flaw("a.xls", b""), WorkbookFlaw::OtherFormat("xls".to_owned()));
    assert_eq!(flaw("a.csv", &sound()), WorkbookFlaw::Misnamed);
    assert!(matches!(flaw("a.xlsx", b"PK\x03\x04 and no more"), WorkbookFlaw::Broken(_)));
    let mut empty = zip::ZipWriter::new(Cursor::new(Vec::new()));
    empty.start_file("readme.txt", SimpleFileOptions::default()).expect("starts");
    assert!(matches!(flaw("a.xlsx", &empty.finish().expect("a zip").into_inner()), WorkbookFlaw::Broken(_)));
}

#[test]
fn a_file_cut_off_anywhere_is_broken() {
    let bytes = sound();
    for length in (5..bytes.len()).step_by(37) {
        assert!(matches!(flaw("a.xlsx", &bytes[..length]), WorkbookFlaw::Broken(_)), "{length}");
    }
}

#[test]
fn a_bomb_is_too_large() {
    // 200 MB of spaces in a few hundred kilobytes.
    let bytes = with_sheet(|part| {
        let spaces = vec![b' '; 1 << 20];
        for _ in 0..200 {
            part.write_all(&spaces).expect("written");
        }
    });
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    assert_eq!(flaw("a.xlsx", &bytes), WorkbookFlaw::TooLarge);
    let far = with_sheet(|part| {
        write!(part, r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#).expect("written");
    });
    assert_eq!(flaw("a.xlsx", &far), WorkbookFlaw::TooLarge);
    let file = vec![b','; usize::try_from(inventory::LARGEST_FILE_BYTES).expect("fits") + 1];
    assert_eq!(flaw("a.csv", &file), WorkbookFlaw::TooLarge);
}

#[test]
fn strange_cells_are_cells_or_a_sentence() {
    for cell in [
        r#"<c r="A0"><v>1</v></c>"#,
        r#"<c r=""><v>1</v></c>"#,
        r#"<c r="ZZZZZZZZ1"><v>1</v></c>"#,
        r#"<c r="A99999999999999"><v>1</v></c>"#,
        r#"<c r="A1" t="s"><v>999999</v></c>"#,
        r#"<c r="A1" t="s"><v>-1</v></c>"#,
        r#"<c r="A1" s="4294967296"><v>1</v></c>"#,
        r#"<c r="A1" t="e"><v>#NONSENSE!</v></c>"#,
        r#"<c r="A1" t="zzz"><v>1</v></c>"#,
        r#"<c r="A1"><v>1e999</v></c>"#,
        r#"<c r="A1" t="inlineStr"><is><t>&nope;</t></is></c>"#,
        r#"<c r="A1"><v>NaN</v></c>"#,
        "<c><c><c>",
    ] {
        let bytes = with_sheet(|part| write!(part, r#"<row r="1">{cell}</row>"#).expect("written"));
        let error = read("a.xlsx", &bytes).expect_err("no inventory");
        assert!(!error.report(Language::Chinese).is_empty(), "{cell}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes of the parts themselves changed: the zip's own checksums catch what is changed in the file.
    #[test]
    fn a_damaged_part_is_lines_or_a_sentence(changes in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..6)) {
        let mut source = zip::ZipArchive::new(Cursor::new(sound())).expect("a zip");
        let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let parts = source.len();
        for index in 0..parts {
            let mut part = source.by_index(index).expect("a part");
            let name = part.name().expect("a name").into_owned();
            let mut content = Vec::new();
            std::io::copy(&mut part, &mut content).expect("copied");
            for (_, place, byte) in changes.iter().filter(|(which, ..)| which % parts == index) {
                let place = place % content.len();
                content[place] = *byte;
            }
            written.start_file(name, SimpleFileOptions::default()).expect("starts");
            written.write_all(&content).expect("written");
        }
        if let Err(error) = read("a.xlsx", &written.finish().expect("a zip").into_inner()) {
            prop_assert!(!error.report(Language::English).is_empty());
            prop_assert!(!error.report(Language::English).contains("unexpected content"), "the library panicked");
        }
    }

    #[test]
    fn any_bytes_are_a_sentence(mut bytes in prop::collection::vec(any::<u8>(), 0..400), zip in any::<bool>()) {
        if zip {
            bytes.splice(0..0, *b"PK\x03\x04");
        }
        prop_assert!(read("a.xlsx", &bytes).is_err());
    }
}

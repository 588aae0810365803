//! The inventory from spreadsheets as offices keep them.

use std::path::Path;

use linewatch::inventory::{self, Inventory, InventoryError, Rules, WorkbookFlaw};
use linewatch::language::Language;
use linewatch_core::line::Line;
use linewatch_core::time::Timestamp;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

/// 00:00 of 5 January 2026 in Shanghai.
const OPENED: Timestamp = Timestamp(1_767_542_400_000);
const REQUIRED: [&str; 4] = ["线路编号", "线路名称", "类别", "IP地址"];

fn rules() -> Rules {
    let classes = [("township", "区直及乡镇"), ("village", "村社区"), ("surveillance", "视频监控")];
    Rules {
        zone: chrono_tz::Asia::Shanghai,
        classes: classes.map(|(name, label)| (name.into(), label.to_owned())).to_vec(),
    }
}

fn read_bytes(bytes: &[u8], sheet: Option<&str>) -> Result<Inventory, InventoryError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("台账.xlsx");
    std::fs::write(&path, bytes).expect("written");
    inventory::read_sheet(&path, sheet, &rules())
}

fn read(workbook: &mut Workbook) -> Result<Inventory, InventoryError> {
    read_bytes(&workbook.save_to_buffer().expect("a workbook"), None)
}

/// Texts into a sheet from a row on; empty ones are left out.
fn fill(sheet: &mut Worksheet, from: u32, rows: &[&[&str]]) {
    for (row, cells) in (from..).zip(rows) {
        for (column, text) in (0..).zip(*cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, *text).expect("a cell");
        }
    }
}

fn workbook(rows: &[&[&str]]) -> Workbook {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet(), 0, rows);
    workbook
}

/// The report with the folder left out.
fn report(error: &InventoryError, language: Language) -> String {
    let text = error.report(language);
    let (start, rest) = text.split_once("台账.xlsx").expect("names the file");
    format!("{}台账.xlsx{rest}", start.split('/').next().unwrap_or_default())
}

fn flaw(error: InventoryError) -> WorkbookFlaw {
    match error {
        InventoryError::Workbook { flaw, .. } => flaw,
        other => panic!("{}", other.report(Language::English)),
    }
}

#[test]
fn the_office_s_table_with_title_merged_headers_headings_and_notes() {
    let mut workbook = Workbook::new();
    let format = Format::new();
    let sheet = workbook.add_worksheet().set_name("线路台账").expect("a name");
    sheet.merge_range(0, 0, 0, 7, "咸安区电子政务网线路台账", &format).expect("a title");
    // Two header rows: groups above, some columns merged over both.
    sheet.merge_range(2, 0, 3, 0, "序号", &format).expect("merged");
    sheet.merge_range(2, 1, 2, 3, "线路", &format).expect("merged");
    fill(sheet, 3, &[&["", "线路\n编号", "线路名称", " 类 别 "]]);
    sheet.merge_range(2, 4, 3, 4, "所属乡镇", &format).expect("merged");
    sheet.merge_range(2, 5, 3, 5, "ＩＰ地址", &format).expect("merged");
    sheet.merge_range(2, 6, 3, 6, "开通日期", &format).expect("merged");
    sheet.merge_range(2, 7, 3, 7, "备注", &format).expect("merged");
    sheet.merge_range(4, 0, 4, 7, "一、汀泗桥镇", &format).expect("a heading");
    fill(
        sheet,
        5,
        &[
            &["1", "Ｖ－００１", "古塘村\n专线", "村社区", "", "１０．０．０．１", "2026年1月5日", "甲"],
            &[],
            &["2", "V-002", "星星村专线", "village", "", "10.0.0.2"],
        ],
    );
    // One name for three villages.
    sheet.merge_range(5, 4, 8, 4, "汀泗桥镇", &format).expect("merged");
    fill(sheet, 8, &[&["3", "V-003", "黄荆塘村专线", "village", "", "10.0.0.3"]]);
    fill(sheet, 10, &[&["合计", "3条", "", ""], &["注：本表每月更新"], &["填表人：张三", "", "", "审核人：李四"]]);

    let found = read(&mut workbook).unwrap_or_else(|error| panic!("{}", error.report(Language::English)));
    let line = |id: &str, name: &str, address: &str| Line {
        township: "汀泗桥镇".into(),
        ..Line::new(id, name, "village", address)
    };
    let first = Line { opened: Some(OPENED), note: "甲".to_owned(), ..line("V-001", "古塘村 专线", "10.0.0.1") };
    assert_eq!(
        found.lines,
        [first, line("V-002", "星星村专线", "10.0.0.2"), line("V-003", "黄荆塘村专线", "10.0.0.3")]
    );
    assert_eq!(found.sheet.as_deref(), Some("线路台账"));
    let skipped: Vec<(usize, &str)> = found.skipped.iter().map(|row| (row.row, row.text.as_str())).collect();
    assert_eq!(skipped, [(5, "一、汀泗桥镇"), (11, "合计"), (12, "注：本表每月更新"), (13, "填表人：张三")]);
}

#[test]
fn numbers_and_days_where_text_is_meant() {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("yyyy/m/d");
    let sheet = workbook.add_worksheet();
    fill(sheet, 0, &[&["id", "name", "class", "address", "circuit_no", "phone", "bandwidth_mbps", "opened", "closed"]]);
    fill(sheet, 1, &[&["", "甲", "village", "10.0.0.1"], &["", "乙", "village", "10.0.0.2"]]);
    sheet.write_number(1, 0, 101.0).expect("a cell");
    sheet.write_number(1, 4, 12345.0).expect("a cell");
    sheet.write_number(1, 5, 13_812_345_678.0).expect("a cell");
    sheet.write_number(1, 6, 1.5).expect("a cell");
    let date = ExcelDateTime::from_ymd(2026, 1, 5).expect("a day");
    sheet.write_datetime_with_format(1, 7, &date, &day).expect("a cell");
    // A day without a day's format, and one typed in one piece.
    sheet.write_number(2, 7, 46_027.0).expect("a cell");
    sheet.write_number(2, 8, 20_260_201.0).expect("a cell");
    sheet.write_formula(2, 0, Formula::new("=\"V-\"&2").set_result("V-2")).expect("a formula");
    sheet.write_formula(2, 6, Formula::new("=5*10").set_result("50")).expect("a formula");

    let lines = read(&mut workbook).unwrap_or_else(|error| panic!("{}", error.report(Language::English))).lines;
    let first = Line {
        circuit_no: "12345".to_owned(),
        phone: "13812345678".to_owned(),
        bandwidth_kbps: Some(1500),
        opened: Some(OPENED),
        ..Line::new("101", "甲", "village", "10.0.0.1")
    };
    let second = Line {
        bandwidth_kbps: Some(50_000),
        opened: Some(OPENED),
        closed: Some(Timestamp(1_769_875_200_000)),
        ..Line::new("V-2", "乙", "village", "10.0.0.2")
    };
    assert_eq!(lines, [first, second]);
}

#[test]
fn days_of_a_workbook_that_counts_from_1904() {
    let mut book = workbook(&[&["id", "name", "class", "address", "opened"], &["A", "a", "village", "10.0.0.1"]]);
    book.worksheet_from_index(0).expect("a sheet").write_number(1, 4, 44_565.0).expect("a cell");
    let bytes = rewritten(&book.save_to_buffer().expect("a workbook"), "xl/workbook.xml", |text| {
        assert!(text.contains("<workbookPr "), "{text}");
        text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    let lines = read_bytes(&bytes, None).unwrap_or_else(|error| panic!("{}", error.report(Language::English))).lines;
    assert_eq!(lines[0].opened, Some(OPENED));
}

/// A workbook with one part changed.
fn rewritten(bytes: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let part_name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("readable");
        if part_name == name {
            content = change(std::str::from_utf8(&content).expect("UTF-8")).into_bytes();
        }
        written.start_file(part_name, zip::write::SimpleFileOptions::default()).expect("starts");
        written.write_all(&content).expect("written");
    }
    written.finish().expect("a zip").into_inner()
}

#[test]
fn mistakes_name_sheet_row_and_column() {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet().set_name("说明").expect("a name"), 0, &[&["这里是说明"]]);
    let sheet = workbook.add_worksheet().set_name("线路").expect("a name");
    fill(sheet, 0, &[&["标题"], &[], &["线路编号", "线路名称", "类别", "IP地址", "电路编号", "带宽", "开通时间"]]);
    fill(
        sheet,
        3,
        &[
            &["A", "甲", "村社", "10.0.0.256", "", "100M", "", "多余"],
            &["B", "", "village", "", "", "", ""],
            &["C", "丙", "village", "10.0.0.3", "", "", ""],
            &["A", "丁", "village", "10.0.0.4", "", "", ""],
        ],
    );
    sheet.write_formula(4, 3, Formula::new("=VLOOKUP(1,A1:A2,1)").set_result("#N/A")).expect("a formula");
    sheet.write_number(5, 4, 123_456_789_012_345_680.0).expect("a cell");
    let day = Format::new().set_num_format("m-d");
    sheet.write_number_with_format(6, 4, 46_024.0, &day).expect("a cell");
    let error = read(&mut workbook).expect_err("mistakes");
    let text = format!("{}\n\n{}", report(&error, Language::Chinese), report(&error, Language::English));
    insta::assert_snapshot!("mistakes", text);
}

#[test]
fn of_several_sheets_the_one_that_fits_is_taken() {
    let rows: &[&[&str]] = &[&REQUIRED, &["A", "甲", "village", "10.0.0.1"]];
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet().set_name("封面").expect("a name"), 0, &[&["线路编号"], &["看下一页"]]);
    fill(workbook.add_worksheet().set_name("线路").expect("a name"), 3, rows);
    fill(workbook.add_worksheet().set_hidden(true).set_name("2024").expect("a name"), 0, rows);
    let found = read(&mut workbook).expect("one fits");
    assert_eq!((found.lines.len(), found.sheet.as_deref()), (1, Some("线路")));

    fill(workbook.add_worksheet().set_name("2025").expect("a name"), 0, rows);
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let several = flaw(read_bytes(&bytes, None).expect_err("two fit"));
    assert_eq!(several, WorkbookFlaw::SeveralSheets(vec!["线路".to_owned(), "2025".to_owned()]));
    assert_eq!(read_bytes(&bytes, Some("2025")).expect("named").sheet.as_deref(), Some("2025"));
    let none = flaw(read_bytes(&bytes, Some("2026")).expect_err("no such sheet"));
    assert!(none.sentence(Language::Chinese).contains("没有「2026」这张工作表；有：封面、线路、2025"), "{none:?}");
}

#[test]
fn an_empty_workbook_lacks_a_header() {
    assert!(matches!(flaw(read(&mut workbook(&[])).expect_err("empty")), WorkbookFlaw::NoHeader(_)));
    assert_eq!(read(&mut workbook(&[&REQUIRED])).expect("a header alone").lines, []);
}

#[test]
fn what_is_written_is_read_back() {
    let example = inventory::read(Path::new("config/lines.csv"), &rules()).expect("the example");
    let odd = Line {
        circuit_no: "00123".to_owned(),
        phone: "+86 715 8320000".to_owned(),
        note: "=HYPERLINK(\"http://example\")".to_owned(),
        contact: "'=甲".to_owned(),
        village: "@村,\"引号\"".to_owned(),
        bandwidth_kbps: Some(1001),
        rent_fen_month: Some(29),
        latitude_e6: Some(-1),
        longitude_e6: Some(114_312_345),
        opened: Some(OPENED),
        closed: Some(Timestamp(4_102_416_000_000)),
        ..Line::new("-1", "－专线", "surveillance", "fd00::1")
    };
    for lines in [example, vec![odd], Vec::new()] {
        for language in [Language::Chinese, Language::English] {
            let zone = chrono_tz::Asia::Shanghai;
            let bytes = inventory::xlsx(&lines, zone, language).expect("a workbook");
            assert_eq!(read_bytes(&bytes, None).expect("read back").lines, lines);
            let csv = String::from_utf8(inventory::csv(&lines, zone, language)).expect("UTF-8");
            assert!(csv.starts_with('\u{feff}'));
            assert_eq!(inventory::parse(&csv, &rules()).expect("read back"), lines);
        }
    }
}

#[test]
fn a_text_is_never_computed() {
    let line = Line { note: "=1+1".to_owned(), ..Line::new("A", "@SUM(A1)", "village", "10.0.0.1") };
    let csv = String::from_utf8(inventory::csv(std::slice::from_ref(&line), chrono_tz::UTC, Language::English))
        .expect("UTF-8");
    assert!(csv.contains(",'@SUM(A1),") || csv.contains("A,'@SUM(A1)"), "{csv}");
    assert!(csv.contains("'=1+1"), "{csv}");
    let bytes = inventory::xlsx(&[line], chrono_tz::UTC, Language::English).expect("a workbook");
    rewritten(&bytes, "xl/worksheets/sheet1.xml", |text| {
        assert!(!text.contains("<f>"), "{text}");
        text.to_owned()
    });
}

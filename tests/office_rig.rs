//! The rig itself: `LibreOffice` computes again what stands beside a formula, and prints Chinese.

mod office;

use calamine::Data;
use rust_xlsxwriter::{Formula, Workbook};

#[test]
fn a_result_written_beside_a_formula_is_not_believed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wrong.xlsx");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "节点连通有效性").expect("a cell");
    sheet.write_number(1, 0, 40).expect("a cell");
    sheet.write_formula(2, 0, Formula::new("=A2+2").set_result("7")).expect("a cell");
    workbook.save(&path).expect("a workbook");

    let written = office::cells(&path);
    assert_eq!(written["Sheet1"][&(2, 0)], Data::Float(7.0), "as it was written");
    // One start of the suite does both.
    let printed = office::opened(&[path]);
    assert_eq!(printed.cells("wrong")["Sheet1"][&(2, 0)], Data::Float(42.0));
    assert_eq!(printed.pages("wrong"), 1);
    let page = &printed.texts("wrong")[0];
    assert!(page.contains("节点连通有效性") && page.contains("42"), "{page}");
    printed.pictures("wrong", folder.path(), 50);
    assert!(folder.path().join("wrong-1.png").exists());
}

#[test]
#[should_panic(expected = "missing.xlsx")]
fn a_file_that_the_suite_cannot_open_is_told() {
    office::opened(&["/nowhere/missing.xlsx".into()]);
}

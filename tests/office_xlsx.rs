//! The year as a workbook, opened by `LibreOffice`: every formula is computed again and every published cell compared with
//! the rollup's JSON.

mod office;
mod rollup_story;

#[path = "office/book.rs"]
mod book;
#[path = "office/years.rs"]
mod years;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use book::{Book, Making, ZONE};
use calamine::Data;
use linewatch::language::Language;
use linewatch::report::rollup::period::Period;
use linewatch::report::xlsx::Limits;
use office::{Cells, Opened};
use rollup_story::at;
use serde_json::Value;

const BUDGET: &str = "
[year.2026]
initial = 80
budget = 86.6
executed = 85.0
current = { initial = 80, budget = 80, executed = 80 }
carried = { initial = 0, budget = 6.6, executed = 5 }
reasons = \"四月二日供电局停电，T-01 主干及其下属线路中断。\"
measures = \"为主干机房增配备用电源；与运营商约定抢修到场时限。\"
";

type Sheet = BTreeMap<(u32, u32), Data>;

fn number(cell: Option<&Data>) -> Option<f64> {
    match cell? {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(i32::try_from(*number).expect("a small number").into()),
        Data::DateTime(moment) => Some(moment.as_f64()),
        _ => None,
    }
}

fn text(cell: Option<&Data>) -> String {
    match cell {
        Some(Data::String(text)) => text.clone(),
        _ => String::new(),
    }
}

fn all(folder: &Path) -> Vec<Book> {
    let stores = years::all(folder);
    let store = |name: &str| stores[name].as_path();
    let month = Period::month("2026-04", ZONE).expect("a month");
    vec![
        Making { form: BUDGET, ..Making::year(store("small")) }.make(folder, "small"),
        Making::year(store("quiet")).make(folder, "quiet"),
        Making { form: BUDGET, ..Making::year(store("wrong")) }.make(folder, "wrong"),
        Making::year(store("unseen")).make(folder, "unseen"),
        Making { form: BUDGET, ..Making::year(store("simulated")) }.make(folder, "simulated"),
        Making::year(store("names")).make(folder, "names"),
        Making { form: BUDGET, ..Making::year(store("many")) }.make(folder, "many"),
        Making { form: BUDGET, ..Making::year(store("imported")) }.make(folder, "imported"),
        Making::year(store("worked")).make(folder, "worked"),
        Making { period: month, ..Making::year(store("small")) }.make(folder, "month"),
        Making { language: Language::English, form: BUDGET, ..Making::year(store("small")) }.make(folder, "english"),
        Making { now: at("2026-07-01 00:00:00"), ..Making::year(store("small")) }.make(folder, "running"),
        Making { limits: Limits { rows: 5, comparisons: 0 }, ..Making::year(store("small")) }.make(folder, "spilled"),
    ]
}

#[test]
fn recalculated_every_published_cell_is_that_of_the_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let books = all(folder.path());
    let files: Vec<PathBuf> = books.iter().map(|book| book.path.clone()).collect();
    let opened = office::opened(&files);
    for book in &books {
        let cells = &opened.cells(&book.name);
        nothing_changed(book, &office::cells(&book.path), cells);
        properties(book);
        summary(book, cells);
        groups(book, cells);
        form(book, cells);
    }
    steps(&opened.cells("worked"));
    imported(&opened.cells("imported"));
    pictures(&opened, &books, &files);
}

/// Title, author and mark of the file; its date is that of the records.
fn properties(book: &Book) {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&book.path).expect("a file")).expect("a ZIP");
    let mut core = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("docProps/core.xml").expect("a part"), &mut core).expect("UTF-8");
    assert!(core.contains("<dc:title>咸安区电子政务网 ") && core.contains("<dc:creator>linewatch<"), "{core}");
    assert_eq!(core.contains("模拟数据"), book.name == "simulated", "{core}");
    let imported = core.contains(book.language.pick("含导入数据", "imported data"));
    assert_eq!(imported, book.json["journal"]["imported"] != 0, "{core}");
    let made = book.report.about.as_of.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert!(core.contains(&format!(">{made}</dcterms:created>")), "{made}: {core}");
}

/// What was written beside each formula is what it comes to, and no formula failed.
fn nothing_changed(book: &Book, written: &Cells, recalculated: &Cells) {
    assert_eq!(written.keys().collect::<Vec<_>>(), recalculated.keys().collect::<Vec<_>>(), "{}", book.name);
    for (name, sheet) in written {
        for (place, before) in sheet {
            let after = recalculated[name].get(place);
            let at = format!("{} {name} {place:?}: {before:?} → {after:?}", book.name);
            match number(Some(before)) {
                Some(before) => {
                    let after = number(after).unwrap_or_else(|| panic!("{at}"));
                    assert!((before - after).abs() <= 1e-9 * before.abs().max(1e-3), "{at}");
                }
                None => assert_eq!(text(Some(before)), text(after), "{at}"),
            }
        }
        let failed = recalculated[name].iter().find(|(_, cell)| matches!(cell, Data::Error(_)));
        assert!(failed.is_none(), "{} {name}: {failed:?}", book.name);
    }
}

/// A figure of the JSON against a cell: ratios are cut off after five decimals, undefined ones are no numbers.
fn same(at: &str, figure: &Value, cell: Option<&Data>, name: &str, in_days: bool) {
    let found = number(cell);
    let Some(wanted) = figure.as_f64() else {
        assert!(figure.is_null(), "{at}: {figure} is no number");
        assert_eq!(found, None, "{at}: undefined");
        return;
    };
    let found = found.unwrap_or_else(|| panic!("{at}: {wanted}, cell {cell:?}"));
    let ratio = name.contains("availability") || name.ends_with("_ratio") || name == "coverage";
    if ratio {
        assert!(found <= wanted + 1e-12 && wanted < found + 1.000_001e-5, "{at}: {wanted} → {found}");
        let whole = |ratio: f64| ratio.to_bits() == 1.0_f64.to_bits();
        assert_eq!(whole(found), whole(wanted), "{at}: {wanted} → {found}");
        assert!((found * 1e5 - (found * 1e5).round()).abs() < 1e-6, "{at}: {found} is cut off");
    } else {
        let found = if in_days { found * 86_400_000.0 } else { found };
        assert!((found - wanted).abs() < 1e-3, "{at}: {wanted} → {found}");
    }
}

fn summary(book: &Book, cells: &Cells) {
    let sheet = &cells[book.language.pick("汇总", "summary")];
    let mut compared = 0;
    for ((row, _), path) in sheet.iter().filter(|((row, column), _)| *column == 5 && *row > 4) {
        let path = text(Some(path));
        let Some(figure) = book.json.pointer(&format!("/{}", path.replace('.', "/"))) else {
            assert_eq!(path, "", "{}: the JSON has no {path}", book.name);
            continue;
        };
        let column = if path.ends_with("_ms") { 2 } else { 1 };
        same(
            &format!("{} {path}", book.name),
            figure,
            sheet.get(&(*row, column)),
            path.rsplit('.').next().unwrap(),
            false,
        );
        if path.ends_with("_ratio") || path.contains("availability") || path.ends_with("coverage") {
            let part = number(sheet.get(&(*row, 2))).expect("a numerator");
            let whole = number(sheet.get(&(*row, 3))).expect("a denominator");
            let ratio = figure.as_f64();
            assert_eq!(ratio.is_none(), whole == 0.0, "{} {path}", book.name);
            assert!(ratio.is_none_or(|ratio| (part / whole - ratio).abs() < 1e-12), "{} {path}", book.name);
        }
        compared += 1;
    }
    assert!(compared > 60, "{compared} figures of 汇总 were compared");
}

fn groups(book: &Book, cells: &Cells) {
    const DAYS: [&str; 4] = ["mttr_ms", "longest_outage_ms", "mtbf_ms", "detection_delay_ms"];
    let pick = |chinese: &str, english: &str| book.language.pick(chinese, english).to_owned();
    for (name, list) in [
        (pick("分类", "classes"), "classes"),
        (pick("乡镇", "townships"), "townships"),
        (pick("运营商", "carriers"), "carriers"),
        (pick("月度", "months"), "months"),
        (pick("线路明细", "lines"), "lines"),
    ] {
        let sheet: &Sheet = &cells[&name];
        let mut figures: Vec<Value> = book.json[list].as_array().expect("a list").clone();
        if list == "classes" {
            let order = ["township", "village", "surveillance"];
            figures.sort_by_key(|of| order.iter().position(|class| of["class"] == *class));
        }
        if list != "lines" {
            figures.push(book.json["total"].clone());
        }
        let total = book.json["total"].as_object().expect("figures");
        let mut compared = 0;
        for ((head, column), json) in sheet.iter().filter(|(_, cell)| total.contains_key(&text(Some(cell)))) {
            let json = text(Some(json));
            // In English a column may be called as its figure is, just above.
            if text(sheet.get(&(head + 1, *column))) == json {
                continue;
            }
            for (row, of) in (head + 1..).zip(&figures) {
                let at = format!("{} {name} row {row} {json}", book.name);
                same(&at, &of[&json], sheet.get(&(row, *column)), &json, DAYS.contains(&json.as_str()));
            }
            compared += 1;
        }
        assert_eq!(compared, 31, "{} {name}", book.name);
    }
}

/// Of each imported fault one row: who imported it, and what its source said.
fn imported(cells: &Cells) {
    let (faults, sheet) = (&cells["故障明细"], &cells["故障经过"]);
    let column = |sheet: &Sheet, column: u32| -> Vec<String> {
        sheet.iter().filter(|((row, of), _)| *row >= 4 && *of == column).map(|(_, cell)| text(Some(cell))).collect()
    };
    assert_eq!(column(sheet, 0), column(faults, 0), "a row for each fault");
    assert_eq!(column(sheet, 4), vec!["导入"; 12]);
    for told in column(sheet, 9) {
        let parts = ["从「", "」导入，开始 2026-", "，修复 2026-", "，原因：光缆/施工，报障人：村委会"];
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
    }
}

/// Who did what about a fault and when; a village that reported what probes had seen counts as one that reported.
fn steps(cells: &Cells) {
    let sheet = &cells["故障经过"];
    let column = |row: u32, column: u32| text(sheet.get(&(row, column)));
    let rows: Vec<u32> = sheet.keys().filter(|(row, column)| *row >= 4 && *column == 0).map(|(row, _)| *row).collect();
    let told: Vec<[String; 3]> = rows.iter().map(|row| [4, 8, 9].map(|place| column(*row, place))).collect();
    let wanted = [
        ["探测立案", "监测程序", "由探测立案，自 2026-03-03 08:00:00 起算"],
        ["报障", "李乡镇", "报障（电话）V-02：官埠桥镇大桥村，13900000000，=1+1"],
        ["受理", "张三", "受理"],
        ["派单", "张三", "派单：电信抢修班 王师傅，工单 DX-77"],
        ["修复", "监测程序", "修复（线路已持续正常）"],
        ["到场", "王师傅", "到场：@杆路"],
        ["关闭", "张三", "关闭：光缆/施工，熔接"],
        ["报障", "张三", "报障（电话）V-02：大桥村，13900000000，时通时断"],
        ["报障", "张三", "报障（电话）V-01：彭碑村，13900000000，时通时断"],
    ];
    assert_eq!(told, wanted);
    // When it was so, when it was entered, and that this was a day later.
    let arrived = rows[5];
    let day = |column| number(sheet.get(&(arrived, column))).expect("an instant");
    assert!((day(6) - day(5) - 23.5 / 24.0).abs() < 1e-6 && number(sheet.get(&(arrived, 7))) == Some(1.0));
    let summary = &cells["汇总"];
    let of = |path: &str| {
        let row = summary.iter().find(|((_, column), cell)| *column == 5 && text(Some(cell)) == path);
        number(summary.get(&(row.expect("a row").0.0, 1)))
    };
    assert_eq!((of("faults.villages_reported"), of("faults.villages_resolved")), (Some(2.0), Some(0.0)));
}

/// Actual values and scores of both forms.
fn form(book: &Book, cells: &Cells) {
    let sheet = &cells[book.language.pick("自评表", "self-evaluation")];
    let evaluation = &book.evaluation;
    for (layout, first) in [("湖北", true), ("财政部", false)] {
        let mut rows: Vec<u32> = sheet
            .iter()
            .filter(|((_, column), cell)| *column == 2 && text(Some(cell)) == evaluation.rows[0].indicator.third)
            .map(|((row, _), _)| *row)
            .collect();
        rows.sort_unstable();
        let from = if first { rows[0] } else { rows[1] };
        for (row, of) in (from..).zip(&evaluation.rows) {
            let at = format!("{} {layout} {}", book.name, of.indicator.third);
            assert_eq!(text(sheet.get(&(row, 3))), of.target(), "{at}");
            match of.actual.value {
                None => assert_eq!(text(sheet.get(&(row, 4))), of.actual.text(book.language), "{at}"),
                Some(value) => {
                    // What is printed of it: never more than the exact value, and less by no more than a thousandth.
                    #[expect(clippy::cast_precision_loss, reason = "the comparison leaves room for it")]
                    let exact = value.numerator() as f64 / value.denominator() as f64;
                    let found = number(sheet.get(&(row, 4))).unwrap_or_else(|| panic!("{at}: a number"));
                    assert!(found <= exact * (1.0 + 1e-15) && exact < found + 0.001, "{at}: {exact} → {found}");
                }
            }
            let score = if first { of.hubei } else { of.national };
            points(&at, score.score, sheet.get(&(row, 7)));
        }
        let total = if first { evaluation.hubei } else { evaluation.national };
        let row = from + u32::try_from(evaluation.rows.len()).unwrap();
        points(&format!("{} {layout} 总分", book.name), total.score, sheet.get(&(row, 7)));
    }
    let prose = sheet.values().any(|cell| text(Some(cell)) == evaluation.prose);
    assert!(prose, "{}: {}", book.name, evaluation.prose);
}

fn points(at: &str, score: Option<linewatch::config::selfeval::Points>, cell: Option<&Data>) {
    match score {
        None => assert_eq!(number(cell), None, "{at}"),
        Some(score) => {
            let found = number(cell).unwrap_or_else(|| panic!("{at}: a score, not {cell:?}"));
            assert!((found - score.as_f64()).abs() < 1e-9, "{at}: {score} → {found}");
        }
    }
}

/// Every sheet on paper, kept beside the build for looking at.
fn pictures(printed: &Opened, books: &[Book], files: &[PathBuf]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("office");
    for (file, book) in files.iter().zip(books) {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::copy(printed.pdf(&name), folder.join(format!("{name}.pdf"))).expect("copied");
        std::fs::copy(file, folder.join(format!("{name}.xlsx"))).expect("copied");
        let pages = printed.texts(&name);
        assert!(pages.len() >= 11, "{name} has {} pages", pages.len());
        if name == "simulated" {
            assert!(pages.iter().all(|page| page.contains("模拟数据")), "every page of a simulated year says so");
        }
        if book.json["journal"]["imported"] != 0 {
            let mark = book.language.pick("含导入数据", "imported data");
            assert!(pages.iter().all(|page| page.contains(mark)), "{name}: every page says that there are imports");
        }
    }
}

//! Detail that no sheet takes goes to CSV files beside the workbook, and the sheets say so.

mod office;
mod rollup_story;

#[path = "office/book.rs"]
mod book;

use std::path::Path;

use book::Making;
use calamine::Data;
use linewatch::report::xlsx::{Limits, Packed};
use linewatch::store::StoreKind;
use linewatch_core::act::{Act, FaultAct};
use linewatch_core::command::Command;
use linewatch_core::line::Line;
use linewatch_core::record::Report;
use rollup_story::{Story, at, line};

fn text(cell: &Data) -> &str {
    if let Data::String(text) = cell { text } else { "" }
}

/// A year with a name that a spreadsheet would compute.
fn story(folder: &std::path::Path) -> std::path::PathBuf {
    let mut lines: Vec<Line> = vec![
        line("V-01", "=HYPERLINK(\"http://example.cn\",\"好\")", "village", "@汀泗桥镇", None),
        line("V-02", "大桥村", "village", "官埠桥镇", None),
    ];
    lines[0].carrier = "+电信".into();
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &lines);
    story.sighted("2026-01-01 00:00:02");
    for day in 1..=4 {
        story.down("V-01", &format!("2026-02-0{day} 10:00:00.250"));
        story.up("V-01", &format!("2026-02-0{day} 11:00:00.750"));
    }
    story.checkpoint("2027-01-02 00:00:00");
    story.path.clone()
}

#[test]
fn too_much_detail_goes_to_csv_and_the_sheet_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = story(folder.path());
    let whole = Making::year(&store).make(folder.path(), "whole");
    let limits = Limits { rows: 3, ..Limits::default() };
    let spilled = Making { limits, ..Making::year(&store) }.make(folder.path(), "spilled");
    assert!(whole.beside.is_empty());
    let names: Vec<_> = spilled.beside.iter().map(|path| path.file_name().expect("a name").to_string_lossy()).collect();
    assert_eq!(
        names,
        ["spilled-中断明细.csv", "spilled-故障明细.csv", "spilled-故障经过.csv"],
        "two lines have two services: those stay"
    );

    let bytes = std::fs::read(&spilled.beside[0]).expect("read");
    let source = String::from_utf8(bytes).expect("UTF-8");
    let source = source.strip_prefix('\u{feff}').expect("a byte order mark, for Excel");
    let mut rows = csv::Reader::from_reader(source.as_bytes());
    let header: Vec<String> = rows.headers().expect("a header").iter().map(str::to_owned).collect();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap_or_else(|| panic!("{name}"));
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("rows");
    // Four outages and, of both lines, what nobody saw before the first sight.
    let down: Vec<_> = rows.iter().filter(|row| &row[place("计为")] == "自身中断").collect();
    assert_eq!(down.len(), 4);
    assert_eq!(&down[0][place("线路名称")], "'=HYPERLINK(\"http://example.cn\",\"好\")", "text, not a formula");
    assert_eq!((&down[0][place("乡镇")], &down[0][place("运营商")]), ("'@汀泗桥镇", "'+电信"));
    assert_eq!((&down[0][place("起")], &down[0][place("止")]), ("2026-02-01 10:00:00.250", "2026-02-01 11:00:00.750"));
    let sum: i64 = down.iter().map(|row| row[place("时长(毫秒)")].parse::<i64>().expect("a number")).sum();
    assert_eq!(sum, whole.report.figures.total.down_own_ms.0, "the rows add up to the figure");

    let cells = office::cells(&spilled.path);
    let note = text(&cells["中断明细"][&(2, 0)]);
    assert!(note.contains("spilled-中断明细.csv"), "{note}");
    assert!(note.contains(&format!("{} 行", rows.len())), "{note}");
    // The same values, formulas or not.
    let full = office::cells(&whole.path);
    assert_eq!(cells["汇总"], full["汇总"]);
    assert_eq!(cells["分类"], full["分类"]);
}

#[test]
fn whoever_may_not_see_people_gets_the_steps_without_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = people_story(folder.path());
    let words = |book: &book::Book| {
        let cells = office::cells(&book.path);
        cells["故障经过"].values().map(|cell| text(cell).to_owned()).collect::<Vec<_>>().join("\n")
    };
    let named = words(&Making::year(&store).make(folder.path(), "named"));
    for word in ["李乡镇", "周书记", "13900000000", "王师傅", "派单", "报障"] {
        assert!(named.contains(word), "{word}: {named}");
    }
    let nameless = words(&Making { people: false, ..Making::year(&store) }.make(folder.path(), "nameless"));
    for word in ["李乡镇", "周书记", "13900000000", "王师傅"] {
        assert!(!nameless.contains(word), "{word}: {nameless}");
    }
    assert!(nameless.contains("派单") && nameless.contains("报障（电话）V-02：网页打不开"), "{nameless}");
}

#[test]
fn whoever_may_not_see_decisions_finds_neither_who_decided_nor_the_documents() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = rollup_story::year::tell(folder.path());
    let sealed = Making { now: at("2027-01-31 00:00:00"), ..Making::year(&store) };
    let words = |book: &book::Book| {
        let cells = office::cells(&book.path);
        let cells = cells.values().flat_map(|sheet| sheet.values().map(|cell| text(cell).to_owned()));
        cells.chain([book.json.to_string()]).collect::<Vec<_>>()
    };
    let named = sealed.make(folder.path(), "named");
    let nameless = Making { people: false, ..sealed }.make(folder.path(), "nameless");
    assert_eq!(named.json["total"], nameless.json["total"], "the figures stay");
    let [named, nameless] = [named, nameless].map(|book| words(&book));
    let has = |all: &[String], word: &str| all.iter().filter(|text| text.contains(word)).count();
    for word in ["李四", "王五", "咸网函〔2026〕12 号"] {
        assert!(has(&named, word) > 1, "{word}, in a sheet and in the JSON");
        assert_eq!(has(&nameless, word), 0, "{word}");
    }
    assert!(has(&nameless, "割接") > 1 && has(&nameless, "***") > 1);
}

/// Somebody reports a line, somebody is sent.
fn people_story(folder: &std::path::Path) -> std::path::PathBuf {
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &[line("V-02", "大桥村", "village", "官埠桥镇", None)]);
    story.sighted("2026-01-01 00:00:02");
    let mut act = |now: &str, author: &str, act: FaultAct| {
        story.tell(at(now), &Command::Person { author: author.to_owned(), act: Act::Fault(act) });
        story.ledger.faults().next().expect("an open fault").fault.clone()
    };
    let report = Report {
        channel: "电话".to_owned(),
        symptom: None,
        reporter: "周书记".to_owned(),
        phone: "13900000000".to_owned(),
        words: "网页打不开".to_owned(),
    };
    let fault = act("2026-02-01 10:00:00", "李乡镇", FaultAct::Report { line: "V-02".into(), at: None, report });
    let to = "王师傅".to_owned();
    act("2026-02-01 10:30:00", "李乡镇", FaultAct::Dispatch { fault, at: None, to, ticket: None, note: String::new() });
    story.checkpoint("2027-01-02 00:00:00");
    story.path.clone()
}

/// For a download, which is one file.
#[test]
fn a_workbook_with_files_beside_it_is_an_archive() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = story(folder.path());
    let whole = Making::year(&store).packed("2026-figures");
    let Packed::Workbook(bytes) = whole else { panic!("everything has its place in the workbook") };
    assert!(bytes.starts_with(b"PK"));
    let limits = Limits { rows: 3, ..Limits::default() };
    let making = Making { limits, ..Making::year(&store) };
    let Packed::Archive(bytes) = making.packed("2026-figures") else { panic!("detail beyond three rows") };
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut names: Vec<String> = (0..archive.len())
        .map(|at| archive.by_index_raw(at).expect("in it").name().expect("a name").into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["2026-figures-中断明细.csv", "2026-figures-故障明细.csv", "2026-figures-故障经过.csv", "2026-figures.xlsx"]
    );
    let beside = making.make(folder.path(), "2026-figures");
    for name in names {
        let mut packed = Vec::new();
        std::io::copy(&mut archive.by_name(&name).expect("in it"), &mut packed).expect("read");
        let path = folder.path().join(&name);
        if Path::new(&name).extension().is_some_and(|ending| ending == "csv") {
            assert_eq!(packed, std::fs::read(&path).expect("read"), "{name} as it is written beside a workbook");
        } else {
            std::fs::write(folder.path().join("packed.xlsx"), &packed).expect("written");
            assert_eq!(office::cells(&folder.path().join("packed.xlsx")), office::cells(&beside.path));
        }
    }
}

//! `linewatch fault` and `linewatch inspect` as people and scripts meet them: from a call to the figures of the year.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use linewatch::clock;
use linewatch::daemon::writer::Writer;
use linewatch::store::{Store, StoreKind};
use linewatch_core::command::{Command as Wish, Verdict};
use linewatch_core::ledger::Policy;
use linewatch_core::line::Line;
use linewatch_core::outcome::LossCause;
use linewatch_core::record::Origin;
use linewatch_core::time::{Millis, Timestamp};

/// An office with a trunk and two villages below it, and a journal in which all of them have been up for two hours.
struct Office {
    folder: tempfile::TempDir,
    began: Timestamp,
}

fn lines() -> Vec<Line> {
    let line = |id: &str, class: &str, village: &str, upstream: Option<&str>| {
        let mut line = Line::new(id, &format!("{village}专线"), class, "127.0.0.1");
        line.township = "汀泗桥镇".into();
        village.clone_into(&mut line.village);
        line.upstream = upstream.map(Into::into);
        "李主任".clone_into(&mut line.contact);
        "=0715".clone_into(&mut line.phone);
        line
    };
    vec![
        line("T-01", "township", "", None),
        line("V-001", "village", "古田村", Some("T-01")),
        line("V-002", "village", "花纹村", Some("T-01")),
    ]
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = "[site]\nname = \"咸安\"\nlanguage = \"en\"\n[store]\npath = \"journal.db\"\n";
        std::fs::write(folder.path().join("linewatch.toml"), config).expect("written");
        let began = clock::read().wall - Millis::from_secs(7200);
        let office = Self { folder, began };
        let lines = Arc::new(lines());
        office.happen(0, Wish::LoadInventory { at: began, lines, allow_removal: false });
        for id in ["T-01", "V-001", "V-002"] {
            office.happen(1, Wish::Verdict(Verdict::LineSeen { line: id.into(), at: began }));
        }
        office
    }

    fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("journal.db")
    }

    /// So many seconds after the journal began.
    fn at(&self, seconds: i64) -> Timestamp {
        self.began + Millis::from_secs(seconds)
    }

    /// What the daemon would record.
    fn happen(&self, seconds: i64, wish: Wish) {
        // As a command opens it: the lock of a daemon is inherited, for an instant, by whatever another test starts.
        let opened = if self.store().exists() { Store::open } else { Store::open_daemon };
        let store = opened(&self.store(), StoreKind::Real).expect("a store");
        let policy = Arc::new(Policy::new(chrono_tz::Asia::Shanghai));
        let mut writer = Writer::open(store, policy, "linewatch", Origin::Live).expect("a writer");
        let committed = writer.commit(&[(self.at(seconds), wish)]).expect("committed");
        assert!(committed.refused.is_empty(), "{:?}", committed.refused);
    }

    fn down(&self, line: &str, seconds: i64) {
        let start = self.at(seconds);
        self.happen(
            seconds + 5,
            Wish::Verdict(Verdict::Down {
                line: line.into(),
                start,
                last_reply: Some(start - Millis(2000)),
                confirmed_at: start + Millis(5000),
                cause: LossCause::Timeout,
            }),
        );
    }

    fn due(&self, seconds: i64) {
        self.happen(seconds, Wish::Due { at: self.at(seconds) });
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        run(self.folder.path(), arguments)
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let (code, out, errors) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {errors}");
        out
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str], because: &str) {
        let (code, out, errors) = self.run(arguments);
        assert_eq!((code, out.as_str()), (1, ""), "{arguments:?}: {errors}");
        assert!(errors.contains(because), "{arguments:?}: {errors}");
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.done(arguments)).expect("JSON")
    }
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_linewatch"))
        .args(["--config", "linewatch.toml"])
        .args(arguments)
        .env_clear()
        .env("LOGNAME", "wang")
        .current_dir(folder)
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// The number in the first line of what was printed.
fn number(out: &str) -> String {
    let start = out.find('F').unwrap_or_else(|| panic!("no number in {out:?}"));
    out[start..].split_whitespace().next().expect("a number").to_owned()
}

#[test]
fn from_a_call_to_the_figures_of_the_year() {
    let office = Office::new();
    let out = office.done(&[
        "fault",
        "report",
        "V-001",
        "--symptom",
        "丢包",
        "--channel",
        "乡镇办上报",
        "--reporter",
        "王主任",
        "--phone",
        "8300000",
        "--words",
        "=HYPERLINK(1)",
    ]);
    let fault = number(&out);
    assert!(out.starts_with("recorded as ") && out.contains("reported (乡镇办上报) V-001: 丢包, 王主任"), "{out}");

    let listed = office.done(&["fault", "list"]);
    assert!(listed.contains(&fault) && listed.contains("1 open (0 overdue, 1 unattended)"), "{listed}");
    let json = office.json(&["fault", "list", "--json"]);
    let next: Vec<_> = json["faults"][0]["next"].as_array().expect("a list").iter().take(2).collect();
    assert_eq!(next, ["acknowledge", "dispatch"]);
    assert_eq!(json["faults"][0]["stage"], "open");

    office.done(&["fault", "ack", &fault, "--by", "li"]);
    office.refused(&["fault", "ack", &fault], "acknowledged since");
    office.done(&["fault", "dispatch", &fault.to_lowercase(), "--to", "chen", "--ticket", "YD-9"]);
    office.done(&["fault", "arrive", &fault, "--by", "chen"]);
    office.done(&["inspect", "add", "V-001", "--findings", "尾纤松动", "--fault", &fault, "--by", "chen"]);
    for (mine, by) in [(1, "li"), (1, "chen"), (1, "王主任"), (0, "zhao")] {
        let json = office.json(&["fault", "list", "--mine", "--by", by, "--json"]);
        assert_eq!(json["faults"].as_array().expect("a list").len(), mine, "of {by}");
    }
    let out = office.done(&["fault", "restore", &fault, "--by", "chen", "--note", "重新插好"]);
    assert!(out.contains("said to be restored: 重新插好") && !out.contains("!!"), "{out}");
    office.refused(&["fault", "close", &fault, "--cause", "尾纤松了"], "did you mean \"线路侧/尾纤松动\"?");
    office.done(&["fault", "close", &fault, "--cause", "尾纤松动", "--remedy", "紧固"]);
    office.refused(&["fault", "void", &fault, "--reason", "x"], "fault reopen");

    let shown = office.done(&["fault", "show", &fault]);
    for said in ["线路侧/尾纤松动", "YD-9", "李主任 =0715", "on site — chen", "closed: 线路侧/尾纤松动, 紧固 — wang"]
    {
        assert!(shown.contains(said), "{said} is not in {shown}");
    }
    let zh = office.done(&["--lang", "zh-CN", "fault", "show", &fault]);
    assert!(zh.contains("关闭：线路侧/尾纤松动，紧固 — wang") && zh.contains("已关闭"), "{zh}");

    let year = year(&office);
    let villages = office.json(&["fault", "villages", "--year", &year, "--json"]);
    assert_eq!(
        (&villages["reported"], &villages["inspected"], &villages["repaired"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(villages["villages"][0]["findings"], "尾纤松动");
    assert!(office.done(&["fault", "villages", "--year", &year, "--channel", "电话"]).contains("0 villages"));

    let figures = office.json(&["rollup", "--year", &year, "--format", "json"]);
    let faults = &figures["faults"];
    assert_eq!(
        (&faults["resolved"], &faults["self_cleared"], &faults["villages_reported"]),
        (&1.into(), &0.into(), &1.into())
    );
    assert_eq!(faults["by_cause"][0]["cause"], "线路侧/尾纤松动");
    assert_eq!(faults["by_channel"]["乡镇办上报"]["resolved"], 1);
    assert_eq!(faults["inspections"], 1);

    let listed = office.json(&["inspect", "list", "--json"]);
    assert_eq!((&listed[0]["line"], &listed[0]["inspector"]), (&"V-001".into(), &"chen".into()));
    assert!(office.done(&["inspect", "list"]).contains("Inspections: 1."));
    office.done(&["journal", "rebuild"]);
}

fn year(office: &Office) -> String {
    use chrono::Datelike;
    office.at(7000).to_utc().with_timezone(&chrono_tz::Asia::Shanghai).year().to_string()
}

#[test]
fn what_the_probes_contradict_is_kept_and_said_loudly() {
    let office = Office::new();
    office.down("T-01", 100);
    office.down("V-001", 101);
    office.due(300);
    let listed = office.json(&["fault", "list", "--json"]);
    let fault = listed["faults"][0]["number"].as_str().expect("a number").to_owned();
    assert_eq!((&listed["faults"][0]["points"], &listed["faults"][0]["down"]), (&2.into(), &true.into()));
    let out = office.done(&["fault", "restore", &fault]);
    assert!(out.contains("!! F") && out.contains("the line is down by the probes"), "{out}");
    let listed = office.done(&["fault", "list"]);
    assert!(listed.contains("said restored, still down") && listed.contains("!! 1 of them"), "{listed}");
    assert!(office.done(&["fault", "show", &fault]).contains("!! Said to be restored"));
    office.refused(&["fault", "close", &fault, "--cause", "施工"], "the probes say that line T-01 is down");
    office.refused(&["fault", "void", &fault, "--reason", "x"], "the probes say that line T-01 is down");
    // Whoever reports from below joins it.
    let out = office.done(&["fault", "report", "V-002", "--reporter", "村会计"]);
    assert!(out.contains(&fault) && out.contains("V-002 is affected too"), "{out}");
    assert_eq!(office.json(&["fault", "list", "--json"])["faults"][0]["points"], 3);
}

#[test]
fn one_is_part_of_another_or_none_or_exempt() {
    let office = Office::new();
    let one = number(&office.done(&["fault", "report", "V-001"]));
    let two = number(&office.done(&["fault", "report", "V-002", "--channel", "微信群"]));
    office.done(&["fault", "point", &one, "T-01", "--reason", "同一接头盒"]);
    office.done(&["fault", "split", &one, "--line", "T-01", "--reason", "另一处"]);
    office.done(&["fault", "merge", &two, "--into", &one, "--reason", "同一处"]);
    office.refused(&["fault", "ack", &two], &format!("is a part of {one} now"));
    assert!(office.done(&["fault", "show", &two]).contains(&one), "it says where it went");
    let json = office.json(&["fault", "show", &one, "--json"]);
    let affected: Vec<_> = json["affected"].as_array().expect("a list").iter().map(|point| &point["line"]).collect();
    assert_eq!(affected, ["V-001", "V-002"]);
    let three = office.json(&["fault", "list", "--line", "T-01", "--json"])["faults"][0]["number"].clone();
    office.done(&["fault", "void", three.as_str().expect("a number"), "--reason", "打错电话"]);
    let out = office.done(&["fault", "exempt", &one, "--reason", "不可抗力", "--document", "咸电政3号"]);
    assert!(out.contains("another person has to approve it"), "{out}");
    let decision = out.split(|letter: char| !letter.is_ascii_digit()).find(|part| !part.is_empty()).expect("a number");
    office.refused(&["outage", "approve", decision], "another person has to approve");
    office.done(&["outage", "approve", decision, "--by", "zhao"]);
    assert_eq!(office.json(&["fault", "show", &one, "--json"])["exempt"], true);
    let faults = &office.json(&["rollup", "--year", &year(&office), "--format", "json"])["faults"];
    assert_eq!((&faults["void"], &faults["exempt"], &faults["merged"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!((&faults["villages_reported"], &faults["points"]["open_at_end"]), (&2.into(), &2.into()));
    office.refused(&["fault", "exempt", "F20200101-001", "--reason", "x", "--document", "y"], "there is no fault");
    office.refused(&["fault", "show", "F20200101-001"], "there is no fault");
}

#[test]
fn the_list_is_a_file_for_a_crew_without_a_phone() {
    let office = Office::new();
    office.done(&["fault", "report", "V-001", "--words", "+8600", "--reporter", "@王"]);
    office.done(&[
        "fault",
        "note",
        &number(&office.done(&["fault", "report", "V-002"])),
        "--contact",
        "=1+1",
        "--phone",
        "=2",
    ]);
    let csv = office.done(&["--lang", "zh-CN", "fault", "list", "--format", "csv"]);
    assert!(csv.starts_with("\u{feff}编号,线路,名称"), "{csv}");
    assert_eq!(csv.lines().count(), 3);
    assert!(csv.contains(",'=1+1 =2,"), "a formula is no formula: {csv}");
    let file = office.folder.path().join("faults.xlsx");
    office.done(&["fault", "list", "--out", file.to_str().expect("a path")]);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(std::fs::read(&file).expect("a file"))).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    assert_eq!(sheet.height(), 4, "a heading, titles, two faults");
    assert!(sheet.used_cells().all(|(_, _, cell)| matches!(cell, Data::String(_))), "texts only");
    assert!(sheet.used_cells().any(|(_, _, cell)| *cell == Data::String("=1+1 =2".to_owned())));
    assert!(book.worksheet_formula("faults").is_ok_and(|formulas| formulas.is_empty()));
    office.refused(&["fault", "list", "--class", "乡村"], "no class");
    let (code, ..) = office.run(&["fault", "list", "--year", "26"]);
    assert_eq!(code, 2, "wrong use");
    assert_eq!(
        office.json(&["fault", "list", "--search", "花纹 v-002", "--json"])["faults"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(office.json(&["fault", "list", "--overdue", "--json"])["faults"].as_array().map(Vec::len), Some(0));
    assert_eq!(
        office.json(&["fault", "list", "--source", "detected", "--json"])["faults"].as_array().map(Vec::len),
        Some(0)
    );
}

#[test]
fn steps_are_told_as_records_too() {
    let office = Office::new();
    let records = office.json(&["fault", "report", "V-001", "--at", "2001-01-01", "--json"]);
    assert_eq!(records[0]["author"], "wang");
    assert_eq!(records[0]["fact"]["fault"]["reported"]["late"], true);
    office.refused(&["fault", "report", "V-009"], "there is no line V-009");
    office.refused(&["fault", "report", "V-001", "--at", "2999-01-01"], "has not come yet");
    office.refused(&["fault", "report", "V-001", "--symptom", "中短"], "did you mean \"中断\"?");
}

#[test]
fn the_most_urgent_comes_first() {
    let office = Office::new();
    let ago = |seconds: i64| (clock::read().wall - Millis::from_secs(seconds)).to_string();
    let told = |line: &str, seconds: i64| number(&office.done(&["fault", "report", line, "--at", &ago(seconds)]));
    let village = told("V-002", 3_600);
    let overdue = told("V-001", 13 * 3_600);
    let trunk = told("T-01", 1_800);
    let listed = |more: &[&str]| -> Vec<String> {
        let arguments: Vec<&str> = ["fault", "list", "--json"].into_iter().chain(more.iter().copied()).collect();
        let json = office.json(&arguments);
        let faults = json["faults"].as_array().expect("a list").iter();
        faults.map(|fault| fault["number"].as_str().expect("a number").to_owned()).collect()
    };
    // Overdue first, then by deadline: four hours for the trunk, twelve for a village.
    assert_eq!(listed(&[]), [&overdue, &trunk, &village].map(Clone::clone));
    assert_eq!(listed(&["--overdue"]), std::slice::from_ref(&overdue));
    assert!(office.done(&["fault", "list"]).contains("over") && office.done(&["fault", "list"]).contains("left"));
    office.done(&["fault", "restore", &overdue]);
    assert_eq!(listed(&[]), [&trunk, &village, &overdue].map(Clone::clone), "what is only to be closed comes last");
    assert_eq!(listed(&["--to-close"]), std::slice::from_ref(&overdue));
    assert_eq!(listed(&["--open"]), [trunk.clone(), village.clone()]);
    office.done(&["fault", "close", &overdue, "--cause", "欠费", "--overdue-reason", "等交费"]);
    assert_eq!(listed(&[]), [trunk.clone(), village.clone()]);
    assert_eq!(listed(&["--year", &year(&office), "--township", "汀泗桥镇"]).last(), Some(&overdue));
    let shown = office.json(&["fault", "show", &overdue, "--json"]);
    assert_eq!(
        (&shown["overdue"], &shown["overdue_reason"], &shown["late"]),
        (&true.into(), &"等交费".into(), &true.into())
    );
    let reports: Vec<_> = shown["timeline"].as_array().expect("a list").iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(reports, ["fault.reported", "fault.repaired", "fault.closed"]);
}

//! The list of faults is one list: page, print, API, command and export show the same faults in the same order, whatever
//! is asked for.

mod asking;
mod daemon;
mod rollup_story;

use asking::{Asker, add_account, await_records, encoded, set_password};
use daemon::{Daemon, Home, Row};
use linewatch::report::faults::{Context, Filter, Wanted, list};
use linewatch::report::rollup::period::Period;
use linewatch::store::{Store, StoreKind};
use linewatch_core::act::{Act, FaultAct};
use linewatch_core::command::Command;
use linewatch_core::record::{FaultNo, Report};
use rollup_story::{Story, at, line};
use serde_json::json;

const PASSWORD: &str = "tomato salad at noon";

struct District {
    home: Home,
    daemon: Daemon,
}

impl District {
    /// Six faults in two townships, each at another stage.
    fn new() -> Self {
        let row = |id: &str, last: u8, township: &str| {
            Row::new(id, &format!("127.61.3.{last}")).township(township).class(if last > 3 {
                "village"
            } else {
                "township"
            })
        };
        let home = Home::new()
            .line(row("T-01", 1, "汀泗桥镇"))
            .line(row("T-02", 2, "官埠桥镇"))
            .line(row("T-03", 3, "官埠桥镇"))
            .line(row("V-01", 4, "汀泗桥镇"))
            .line(row("V-02", 5, "官埠桥镇"))
            .line(row("V-03", 6, "汀泗桥镇"));
        let daemon = home.start();
        for (name, role) in
            [("admin", &["admin"][..]), ("crew", &["crew"]), ("office", &["office", "--township", "汀泗桥镇"])]
        {
            add_account(&home, name, role);
            set_password(&home, name, PASSWORD);
        }
        await_records(&daemon, &home);
        let district = Self { home, daemon };
        let (admin, crew) = (district.log_in("admin"), district.log_in("crew"));
        for line in ["T-01", "T-02", "T-03", "V-01", "V-02", "V-03"] {
            let report = json!({"line": line, "channel": "电话", "reporter": "王大明", "phone": "0715-8888001", "words": format!("看不了 {line}")});
            assert_eq!(admin.json("POST", "/api/v1/faults", &report).status, 201);
        }
        let step = |asker: &Asker, number: usize, step: serde_json::Value| {
            let path = format!("/api/v1/faults/{}/steps", district.number(number));
            let answer = asker.json("POST", &path, &step);
            assert_eq!(answer.status, 201, "{}", answer.body);
        };
        step(&crew, 2, json!({"step": "acknowledge"}));
        step(&crew, 3, json!({"step": "restore"}));
        step(&crew, 4, json!({"step": "restore"}));
        step(&admin, 4, json!({"step": "close", "cause": ["光缆", "施工"]}));
        step(&admin, 5, json!({"step": "void", "reason": "误报"}));
        step(&admin, 6, json!({"step": "add_point", "line": "T-02"}));
        district
    }

    fn log_in(&self, name: &str) -> Asker {
        let (answer, asker) = Asker::nobody(&self.daemon).log_in(name, PASSWORD);
        assert_eq!(answer.status, 303, "{}", answer.body);
        asker
    }

    fn number(&self, number: usize) -> String {
        let records = self.home.records();
        let mut faults = records.iter().filter_map(|record| match &record.fact {
            linewatch_core::record::Fact::Fault(fact) if record.fact.kind() == "fault.reported" => {
                Some(fact.fault().to_string())
            }
            _ => None,
        });
        faults.nth(number - 1).expect("a fault")
    }
}

/// Numbers of faults that a page links to, in order.
fn linked(page: &str) -> Vec<String> {
    let main = page.split("<main").nth(1).unwrap_or_default();
    let found = main.split("<h3><a href=\"/faults/").skip(1).filter_map(|rest| rest.split('"').next());
    found.map(str::to_owned).collect()
}

/// The same on paper.
fn printed(page: &str) -> Vec<String> {
    let rows = page.split("<th scope=\"row\" class=\"number\">").skip(1);
    rows.filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
}

fn told(answer: &serde_json::Value) -> Vec<String> {
    let items = answer["items"].as_array().or(answer["faults"].as_array()).expect("faults");
    items.iter().map(|item| item["number"].as_str().expect("a number").to_owned()).collect()
}

#[test]
fn page_print_api_command_and_export_show_the_same_list() {
    let district = District::new();
    let crew = district.log_in("crew");
    let day = linewatch::clock::read().wall.to_utc().with_timezone(&chrono_tz::Asia::Shanghai);
    let (month, year) = (day.format("%Y-%m").to_string(), day.format("%Y").to_string());
    let within =
        format!("state=all&from={year}-01-01T00:00:00Z&to={}-01-01T00:00:00Z", chrono::Datelike::year(&day) + 1);
    let township = encoded("官埠桥镇");
    let cases = [
        // What to do next: nobody took them on, by deadline; then what is worked on; then what is to be closed.
        (String::new(), "state=to_do".to_owned(), &[][..], vec![1, 6, 2, 3]),
        ("show=open".to_owned(), "state=open".to_owned(), &["--open"], vec![1, 6, 2]),
        ("show=restored".to_owned(), "state=to_close".to_owned(), &["--to-close"], vec![3]),
        ("show=overdue".to_owned(), "state=overdue".to_owned(), &["--overdue"], vec![]),
        ("show=mine".to_owned(), "of=crew".to_owned(), &["--mine", "--by", "crew"], vec![2, 3]),
        (format!("township={township}"), format!("township={township}"), &["--township", "官埠桥镇"], vec![2, 3]),
        ("class=village".to_owned(), "class=village".to_owned(), &["--class", "village"], vec![6]),
        ("q=V-03".to_owned(), "q=V-03".to_owned(), &["--search", "V-03"], vec![6]),
        (
            format!("q={}", encoded("王大明")),
            format!("q={}", encoded("王大明")),
            &["--search", "王大明"],
            vec![1, 6, 2, 3],
        ),
        ("source=detected".to_owned(), "source=detected".to_owned(), &["--source", "detected"], vec![]),
        (format!("show=month&month={month}"), within, &["--year", &year], vec![1, 6, 2, 3, 5, 4]),
    ];
    for (page, api, command, expected) in cases {
        let mut expected: Vec<String> = expected.into_iter().map(|number| district.number(number)).collect();
        let of_page = linked(&crew.get(&format!("/faults?{page}")).body);
        if page.starts_with("show=month") {
            // One was closed and one was found to be none within the same second.
            expected.truncate(4);
            assert_eq!(of_page.len(), 6, "{of_page:?}");
            assert_eq!(of_page[..4], expected, "{page}");
            expected.clone_from(&of_page);
        }
        assert_eq!(of_page, expected, "page {page:?}");
        assert_eq!(printed(&crew.get(&format!("/faults/print?{page}")).body), expected, "print {page:?}");
        assert_eq!(told(&crew.get(&format!("/api/v1/faults?{api}")).json()), expected, "API {api:?}");
        let output = district.home.run(&[&["fault", "list", "--json"], command].concat());
        let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(told(&list), expected, "command {command:?}");
        let export = crew.get(&format!("/faults/list.csv?{page}")).body;
        let export = export.trim_start_matches('\u{feff}');
        let mut rows = csv::Reader::from_reader(export.as_bytes());
        let numbers: Vec<String> = rows.records().map(|row| row.expect("a row")[0].to_owned()).collect();
        assert_eq!(numbers, expected, "export {page:?}");
    }
}

#[test]
fn an_office_has_the_faults_that_hold_a_line_of_its_own() {
    let district = District::new();
    let office = district.log_in("office");
    let admin = district.log_in("admin");
    let joined = json!({"step": "add_point", "line": "V-01"});
    let answer = admin.json("POST", &format!("/api/v1/faults/{}/steps", district.number(2)), &joined);
    assert_eq!(answer.status, 201, "{}", answer.body);
    let expected = [1, 6, 2].map(|number| district.number(number));
    assert_eq!(linked(&office.get("/faults").body), expected, "its own, and the one that holds V-01");
    assert_eq!(told(&office.get("/api/v1/faults").json()), expected);
    assert_eq!(told(&admin.get("/api/v1/faults?line=V-01").json()), [district.number(2)]);
}

#[test]
fn whoever_may_not_see_people_does_not_find_faults_by_them() {
    let district = District::new();
    let nobody = Asker::nobody(&district.daemon);
    for (word, found) in [("王大明", 0), ("0715-8888001", 0), ("看不了", 4), ("T-03", 1)] {
        let page = nobody.get(&format!("/faults?q={}", encoded(word))).body;
        assert_eq!(linked(&page).len(), found, "{word}");
    }
}

#[test]
fn a_fault_that_was_none_is_listed_in_the_months_before_that_was_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut story = Story::new(folder.path(), StoreKind::Real);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &[line("V-02", "大桥村", "village", "官埠桥镇", None)]);
    story.sighted("2026-01-01 00:00:02");
    let report = Report { channel: "电话".to_owned(), words: "黑屏".to_owned(), ..Report::default() };
    let void = |fault: FaultNo| FaultAct::Void { fault, reason: "误报".to_owned() };
    story.tell(at("2026-02-10 10:00:00"), &by(FaultAct::Report { line: "V-02".into(), at: None, report }));
    let fault = story.ledger.faults().next().expect("an open fault").fault.clone();
    story.tell(at("2026-04-02 10:00:00"), &by(void(fault)));
    story.checkpoint("2026-06-01 00:00:00");
    let mut reader = Store::open_read_only(&story.path).expect("a store");
    let snapshot = reader.snapshot().expect("a snapshot");
    let zone = chrono_tz::Asia::Shanghai;
    let context = Context { now: at("2026-06-01 00:00:00"), zone, classes: Vec::new(), lines: None };
    let months: Vec<bool> = (1..=6)
        .map(|month| {
            let period = Period::month(&format!("2026-{month:02}"), zone).expect("a month");
            let filter = Filter { state: Wanted::Within(period.span()), ..Filter::default() };
            !list(&snapshot, &filter, &context).expect("read").faults.is_empty()
        })
        .collect();
    assert_eq!(months, [false, true, true, true, false, false]);
}

fn by(act: FaultAct) -> Command {
    Command::Person { author: "李乡镇".to_owned(), act: Act::Fault(act) }
}

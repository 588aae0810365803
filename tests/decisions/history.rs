//! What another system knew.

use std::fmt::Write;
use std::sync::Arc;

use linewatch::daemon::writer::Writer;
use linewatch::store::{Store, StoreKind};
use linewatch_core::command::Command;
use linewatch_core::ledger::Policy;
use linewatch_core::record::{Fact, LineFact, Origin};
use linewatch_core::time::Span;

use crate::house::{House, lines};
use crate::rollup_story::at;

const FILE: &str = r#"{"type":"line","id":"V-09","name":"白墩村","class":"village","township":"汀泗桥镇","opened":"2026-01-01T00:00:00+08:00","closed":null}
{"type":"observed","line":"V-09","start":"2026-01-01T00:00:00+08:00","end":"2026-02-01T00:00:00+08:00"}
{"type":"outage","line":"V-09","start":"2026-01-15T10:00:00+08:00","end":"2026-01-15T12:00:00+08:00","upstream":"T-01"}
{"type":"outage","line":"V-09","start":"2026-01-31T12:00:00+08:00","end":null,"upstream":null}
{"type":"planned","line":"V-09","township":null,"start":"2026-01-20T00:00:00+08:00","end":"2026-01-20T04:00:00+08:00","reason":"迁改","document":"3"}
{"type":"fault","line":"V-09","source":"reported","opened":"2026-01-15T10:00:00+08:00","restored":"2026-01-15T12:00:00+08:00","closed":null,"cause":"光缆中断","reporter":"村委会"}
"#;

fn import(house: &House, name: &str, text: &str) -> Vec<String> {
    let path = house.path().join(name);
    std::fs::write(&path, text).unwrap();
    ["history", "import", path.to_str().unwrap(), "--source", "old system"].map(str::to_owned).to_vec()
}

macro_rules! words {
    ($arguments:expr) => {
        &$arguments.iter().map(String::as_str).collect::<Vec<_>>()
    };
}

#[test]
fn a_file_is_imported_once_and_marked_everywhere() {
    let house = House::new();
    let before = house.head().seq;
    let arguments = import(&house, "2026.jsonl", FILE);
    let said = house.done(words!(arguments));
    assert!(said.starts_with("imported: lines 1, observed spans 1, outages 2, planned windows 1, faults 1;"), "{said}");
    assert_eq!(house.head().seq, before + 7);
    house.refused(1, words!(arguments), "was imported before");
    // The same bytes under another name are the same file.
    house.refused(1, words!(import(&house, "other.jsonl", FILE)), "was imported before");

    let figures = house.figures("2026-01");
    let line = figures["lines"].as_array().unwrap().iter().find(|line| line["line"] == "V-09").unwrap().clone();
    assert_eq!(line["imported"], true);
    assert_eq!(figures["journal"]["imported"], 7);
    let hour = 3_600_000_i64;
    assert_eq!(line["down_upstream_ms"], 2 * hour);
    assert_eq!(line["down_own_ms"], 12 * hour, "open: to the end of its observed time");
    assert_eq!(line["planned_ms"], 4 * hour);
    assert_eq!(line["undetermined_ms"], 0);
    assert_eq!(figures["faults"]["imported"], 1);
    let entry = figures["ledger"].as_array().unwrap().iter().find(|entry| entry["kind"] == "planned").unwrap().clone();
    assert_eq!(entry["imported_from"], "old system");
    let text = house.done(&["rollup", "--month", "2026-01"]);
    assert!(text.contains("7 records come from another system") && text.contains("V-09*"), "{text}");
    let csv = house.done(&["rollup", "--month", "2026-01", "--format", "csv"]);
    assert!(csv.lines().any(|row| row.starts_with("line,V-09,") && row.contains(",imported,")), "{csv}");
    let explained = house.done(&["explain", "V-09", "--month", "2026-01"]);
    assert!(
        explained.contains("imported from another system") && explained.contains("Observed by another system"),
        "{explained}"
    );
    let listed = house.json(&["outage", "list", "V-09", "--from", "2026-01-01", "--to", "2026-01-31"]);
    assert_eq!(listed[0]["imported_from"], "old system");
    let files = house.json(&["history", "list"]);
    assert_eq!((&files[0]["file"], &files[0]["facts"]["outage"]), (&"2026.jsonl".into(), &2.into()));
    // Outside what its source observed nobody knows.
    let line = house.figures("2026-02")["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["line"] == "V-09")
        .unwrap()
        .clone();
    assert_eq!(line["undetermined_ms"], line["in_service_ms"]);
    assert!(house.run(&["journal", "verify"]).status.success());
    assert!(house.run(&["journal", "rebuild"]).status.success());
}

#[test]
fn imports_open_no_faults_and_the_inventory_file_takes_no_imported_line_away() {
    let house = House::new();
    house.done(words!(import(&house, "2026.jsonl", FILE)));
    let path = house.path().join("journal.db");
    let store = Store::open_daemon(&path, StoreKind::Real).unwrap();
    let policy = Arc::new(Policy::new(chrono_tz::Asia::Shanghai));
    let mut writer = Writer::open(store, policy, "linewatch", Origin::Live).unwrap();
    assert_eq!(writer.ledger().faults().count(), 0);
    assert_eq!(writer.ledger().open_outages().count(), 0);
    let now = at("2026-03-02 00:00:00");
    let load = Command::LoadInventory { at: now, lines: Arc::new(lines()[..3].to_vec()), allow_removal: true };
    let due = Command::Due { at: now };
    let records = writer.commit(&[(now, load), (now, due)]).unwrap().records;
    let gone: Vec<String> = records
        .iter()
        .map(|record| match &record.fact {
            Fact::Line(LineFact::Decommissioned { line, .. }) => line.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(gone, ["V-02"], "the inventory's own line, not the imported one");
    drop(writer);
    let mut reader = Store::open_read_only(&path).unwrap();
    let ever = Span::new(at("2026-01-01 00:00:00"), at("2026-12-31 00:00:00"));
    assert_eq!(reader.snapshot().unwrap().faults(Some(&"V-09".into()), ever).unwrap(), []);
    let figures = house.figures("2026-01");
    assert!(figures["lines"].as_array().unwrap().iter().any(|line| line["line"] == "V-09"));
}

#[test]
fn a_corrupt_line_is_named_by_number_and_nothing_is_imported() {
    let house = House::new();
    let cases = [
        (FILE.replace("\"end\":null,\"upstream\":null}", "\"end\":nul"), "line 4: not a whole JSON object"),
        (FILE.replace("\"reporter\":", "\"phone\":"), "line 6: unknown key \"phone\""),
        (FILE.replace("\"end\":\"2026-01-15T12:00:00+08:00\",", ""), "line 3: the key \"end\" is missing"),
        (FILE.replace("2026-01-20T04:00:00+08:00", "2026-01-20"), "line 5: a wrong value"),
        (FILE.replace("\"line\":\"V-09\",\"source\"", "\"line\":\"V-90\",\"source\""), "line 6: no line V-90 is known"),
        (FILE.replace("2026-02-01T00:00:00", "2099-02-01T00:00:00"), "item 2 speaks of 2099-02-01"),
        ("\n \n".to_owned(), "contains nothing to import"),
    ];
    for (place, (text, words)) in cases.iter().enumerate() {
        house.refused(1, words!(import(&house, &format!("{place}.jsonl"), text)), words);
    }
    let mut arguments = import(&house, "good.jsonl", FILE);
    arguments[4] = " ".to_owned();
    house.refused(1, words!(arguments), "--source is empty");
    house.refused(1, &["history", "import", "missing.jsonl", "--source", "x"], "cannot read missing.jsonl");
    house.refused(2, &["history", "import", "missing.jsonl"], "--source");
    assert_eq!(house.json(&["history", "list"]), serde_json::Value::Array(Vec::new()));
}

#[test]
fn thousands_of_lines_are_one_transaction() {
    let house = House::new();
    let before = house.head().seq;
    let mut text = FILE.lines().take(2).collect::<Vec<_>>().join("\n") + "\n";
    let day = |day: u32| format!("2026-01-{:02}", 1 + day);
    for outage in 0..5000_u32 {
        let (hour, minute, second) = (outage / 3600 % 24, outage / 60 % 60, outage % 60);
        let start = format!("{}T{hour:02}:{minute:02}:{second:02}+08:00", day(outage % 30));
        let end = format!("{}T{hour:02}:{minute:02}:{second:02}.500+08:00", day(outage % 30));
        let _ = writeln!(text, "{{\"type\":\"outage\",\"line\":\"V-09\",\"start\":\"{start}\",\"end\":\"{end}\"}}");
    }
    // The last line is wrong: nothing of all this may be there.
    let broken = text.clone() + "{\"type\":";
    house.refused(1, words!(import(&house, "broken.jsonl", &broken)), "line 5003: not a whole JSON object");
    house.done(words!(import(&house, "2026.jsonl", &text)));
    assert_eq!(house.head().seq, before + 5003);
    let mut reader = Store::open_read_only(&house.path().join("journal.db")).unwrap();
    let snapshot = reader.snapshot().unwrap();
    let mut times = Vec::new();
    snapshot
        .each_up_to(snapshot.head(), |record| {
            if record.seq > before {
                times.push(record.recorded_at);
            }
        })
        .unwrap();
    times.dedup();
    assert_eq!(times.len(), 1, "all of them at one time");
    let figures = house.figures("2026-01");
    let line = figures["lines"].as_array().unwrap().iter().find(|line| line["line"] == "V-09").unwrap();
    assert_eq!((&line["outages"], &line["down_ms"]), (&5000.into(), &2_500_000.into()));
}

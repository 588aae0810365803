//! `linewatch lines`: the table, its filters and JSON.

use std::process::{Command, Output};

use linewatch::language::Language;
use linewatch::report::lines::{self, Context};
use linewatch_core::line::Line;
use linewatch_core::time::Timestamp;

/// 1 January 2026 in Shanghai.
const NOW: Timestamp = Timestamp(1_767_196_800_000);

fn linewatch(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_linewatch"))
        .args(arguments)
        .env_clear()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary starts")
}

fn data(arguments: &[&str]) -> String {
    let output = linewatch(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_township_and_class_as_a_table() {
    insta::assert_snapshot!("table", data(&["lines", "--township", "贺胜桥镇", "--class", "村社区"]));
    insta::assert_snapshot!(
        "table_en",
        data(&["lines", "--township", "贺胜桥镇", "--class", "township", "--lang", "en"])
    );
}

#[test]
fn json_has_the_names_of_the_columns() {
    let json: serde_json::Value =
        serde_json::from_str(&data(&["lines", "--json", "--class", "surveillance"])).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(180));
    insta::assert_snapshot!("json_of_one", format!("{:#}", json[0]));
}

#[test]
fn what_does_not_exist_is_an_error_and_no_empty_table() {
    let mut text = String::new();
    for arguments in [
        &["lines", "--class", "villag"][..],
        &["lines", "--township", "汀泗桥", "--lang", "en"],
        &["lines", "--township", "zzz"],
    ] {
        let output = linewatch(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{arguments:?}");
        text.push_str(&String::from_utf8(output.stderr).expect("UTF-8"));
    }
    insta::assert_snapshot!("unknown", text);
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_linewatch"))
        .arg("lines")
        .env_clear()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

fn table(lines: &[Line], language: Language, width: Option<u16>) -> String {
    let label = |_: &Line| "村社区".to_owned();
    let context = Context { label: &label, zone: chrono_tz::Asia::Shanghai, now: NOW, language, width };
    lines::text(&lines.iter().collect::<Vec<_>>(), &context)
}

#[test]
fn lines_out_of_service_say_since_when() {
    let closed = Line { closed: Some(NOW), ..Line::new("A", "甲", "village", "10.0.0.1") };
    let later = Line { opened: Some(Timestamp(NOW.0 + 86_400_000)), ..Line::new("B", "乙", "village", "10.0.0.2") };
    let open = Line::new("C", "丙", "village", "10.0.0.3");
    let lines = [closed, later, open];
    let both =
        format!("{}\n{}", table(&lines, Language::Chinese, Some(80)), table(&lines, Language::English, Some(80)));
    insta::assert_snapshot!("out_of_service", both);
}

#[test]
fn a_narrow_terminal_shows_fewer_columns() {
    let line = Line {
        carrier: "中国电信".to_owned(),
        bandwidth_kbps: Some(50_000),
        upstream: Some("T-01".into()),
        ..Line::new("V-001", "汀泗桥镇古塘村政务专线", "village", "127.20.13.18")
    };
    let width = |columns| {
        let text = table(std::slice::from_ref(&line), Language::Chinese, columns);
        text.lines().map(unicode_width::UnicodeWidthStr::width).max().expect("rows")
    };
    assert!(width(Some(80)) <= 80);
    assert!(width(Some(120)) <= 120 && width(Some(120)) > width(Some(80)));
    assert!(width(None) > width(Some(120)));
}

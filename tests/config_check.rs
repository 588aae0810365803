//! `linewatch check`: what it says of the example, of files with mistakes, and what it warns of.

use std::path::Path;
use std::process::{Command, Output};

use linewatch::config::Config;
use linewatch::language::Language;
use linewatch::report::check::{self, Warning, assess};
use linewatch_core::line::Line;
use linewatch_core::time::{Millis, Timestamp};

/// 1 January 2026 in Shanghai.
const NOW: Timestamp = Timestamp(1_767_196_800_000);

fn linewatch(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_linewatch"))
        .args(arguments)
        .env_clear()
        .current_dir(folder)
        .output()
        .expect("the binary starts")
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

fn parse(source: &str) -> Config {
    Config::parse(Path::new("config/linewatch.toml"), source).expect("no mistakes")
}

fn line(id: &str, class: &str, address: &str, upstream: Option<&str>) -> Line {
    Line { upstream: upstream.map(Into::into), township: "马桥镇".into(), ..Line::new(id, id, class, address) }
}

fn warnings(config: &Config, lines: &[Line]) -> Vec<Warning> {
    assess(config, lines, NOW).warnings
}

#[test]
fn the_example_is_without_mistakes() {
    for (language, name) in [("zh-CN", "example_zh"), ("en", "example_en")] {
        let output = linewatch(here(), &["check", "--lang", language]);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty());
        insta::assert_snapshot!(name, text(output.stdout));
    }
}

#[test]
fn the_same_figures_in_json() {
    let output = linewatch(here(), &["--config", "config/linewatch.toml", "check", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((json["lines"].as_u64(), json["lines_in_service"].as_u64()), (Some(401), Some(401)));
    assert_eq!(json["probes_per_second"].as_f64(), Some(201.5));
    assert_eq!(json["probes_per_second_all_suspect"].as_f64(), Some(402.0));
    assert_eq!(json["references"].as_u64(), Some(2));
    assert_eq!(json["warnings"], serde_json::json!([]));
    let village = &json["classes"][1];
    assert_eq!((village["class"].as_str(), village["lines"].as_u64()), (Some("village"), Some(168)));
    assert_eq!(village["shortest_cut_ms"].as_i64(), Some(6000));
    assert_eq!(village["detection_best_ms"].as_i64(), Some(5000));
    assert_eq!(village["detection_worst_ms"].as_i64(), Some(7000));
    let year = json["false_confirmations_per_year"].as_f64().expect("a number");
    assert!((0.62..0.64).contains(&year), "401 lines × 15,768,000 probes × 0.01⁵ = 0.632: {year}");
}

#[test]
fn mistakes_go_to_stderr_and_exit_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("linewatch.toml");
    std::fs::write(&config, "[probe]\nintervall = \"2s\"\n").expect("written");
    let output = linewatch(folder.path(), &["check", "--config", "linewatch.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let complaint = text(output.stderr);
    assert!(complaint.starts_with("linewatch: 配置有 1 处错误："), "{complaint}");
    assert!(complaint.contains("linewatch.toml:2:1"), "{complaint}");

    std::fs::write(&config, "[site]\nlanguage = \"en\"\n").expect("written");
    std::fs::write(folder.path().join("lines.csv"), "id,name,class,address\nA,a,village,no address\n")
        .expect("written");
    let output = linewatch(folder.path(), &["--config", "linewatch.toml", "check"]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(output.stderr);
    assert!(
        complaint.starts_with("linewatch: 1 mistake in the inventory lines.csv:\n  row 2, address:"),
        "{complaint}"
    );
}

#[test]
fn without_any_configuration_it_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = linewatch(folder.path(), &["check", "--config", "none.toml", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    let sentence = "linewatch: reading the configuration: there is no file none.toml; check the path or name another \
                    with --config\n";
    assert_eq!(text(output.stderr), sentence);
}

#[test]
fn lines_out_of_service_are_not_probed() {
    let mut closed = line("B", "village", "10.0.0.2", None);
    closed.closed = Some(NOW);
    let mut later = line("C", "village", "10.0.0.3", None);
    later.opened = Some(Timestamp(NOW.0 + 1));
    let lines = [line("A", "village", "10.0.0.1", None), closed, later];
    let assessment = assess(&parse("[references]\naddresses = [\"10.0.0.9\"]\n"), &lines, NOW);
    assert_eq!((assessment.lines, assessment.in_service), (3, 1));
    assert!((assessment.rate() - 1.0).abs() < 1e-9, "one line and one reference every two seconds");
}

#[test]
fn warnings_name_what_cannot_be_seen() {
    let bare = parse("");
    let referenced = parse("[references]\naddresses = [\"10.0.0.1\"]\n");
    let tree = [
        line("T", "township", "10.0.0.1", None),
        line("V", "village", "10.0.0.2", Some("T")),
        line("W", "village", "10.0.0.3", Some("T")),
    ];
    assert_eq!(warnings(&bare, &[]), [Warning::NoLines]);
    // V and W see each other, T has only descendants.
    assert_eq!(warnings(&bare, &tree), [Warning::NoSight { count: 1, first: "T".into() }]);
    assert_eq!(warnings(&bare, &tree[..2]), [Warning::NoSight { count: 2, first: "T".into() }]);
    let forest = [tree[0].clone(), line("U", "township", "10.0.0.4", None)];
    assert_eq!(warnings(&bare, &forest), [Warning::NoReferences]);
    let seldom = parse("[class.village]\ninterval = \"1m\"\n");
    let villages = [line("A", "village", "10.0.0.1", None), line("B", "village", "10.0.0.2", None)];
    let blind = Warning::BlindBetweenProbes { blind_after: Millis(7000), least: Millis(61_000) };
    assert_eq!(warnings(&seldom, &villages), [Warning::NoReferences, blind]);
    let clash = Warning::ReferenceIsLine { address: "10.0.0.1".to_owned(), line: "T".into() };
    assert_eq!(warnings(&referenced, &tree), [clash]);
}

#[test]
fn warnings_are_said_in_both_languages() {
    let all = [
        Warning::NoLines,
        Warning::NoReferences,
        Warning::NoSight { count: 2, first: "T-01".into() },
        Warning::BlindBetweenProbes { blind_after: Millis(7000), least: Millis(61_000) },
        Warning::ReferenceIsLine { address: "10.0.0.1".to_owned(), line: "T-01".into() },
    ];
    let said =
        all.map(|warning| format!("{}\n{}", warning.sentence(Language::Chinese), warning.sentence(Language::English)));
    let said = said.join("\n");
    insta::assert_snapshot!("warnings", said);
}

#[test]
fn it_fits_terminals_of_80_columns() {
    let config = parse("[class.hospital]\nlabel = \"医院\"\n");
    let lines = [line("A", "village", "10.0.0.1", None), line("B", "hospital", "10.0.0.2", None)];
    for language in [Language::Chinese, Language::English] {
        let said = check::text(&assess(&config, &lines, NOW), &config, language, 80);
        for row in said.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(row) <= 80, "{row}");
        }
    }
}

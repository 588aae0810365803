//! `linewatch check`: what it says of the example, of files with mistakes, and what it warns of.

use std::path::Path;
use std::process::{Command, Output};

use linewatch::config::Config;
use linewatch::daemon::engine_options;
use linewatch::language::Language;
use linewatch::probe::{ChosenSocket, Engine, OpenError, OpenKind, SocketKind, Version};
use linewatch::report::check::{self, Sockets, Warning, assess};
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

/// A folder with a sound configuration and two lines; `probe` goes into `[probe]`.
fn sound_folder(probe: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let config = format!("[site]\nlanguage = \"en\"\n[probe]\n{probe}\n[references]\naddresses = [\"127.0.0.9\"]\n");
    std::fs::write(folder.path().join("linewatch.toml"), config).expect("written");
    let lines = "id,name,class,address\nA,a,village,127.0.0.1\nB,b,village,127.0.0.2\n";
    std::fs::write(folder.path().join("lines.csv"), lines).expect("written");
    folder
}

/// What this machine says when the test itself, as the same user, opens the sockets.
fn sockets_here(config: &Config) -> Sockets {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let _within = runtime.enter();
    Engine::open(engine_options(config)).map(|(engine, _)| engine.chosen_sockets())
}

fn both(kind: OpenKind, hints: bool) -> Vec<ChosenSocket> {
    [Version::V4, Version::V6].map(|version| ChosenSocket { version, kind, receive_buffer: 1 << 20, hints }).into()
}

fn refused() -> Sockets {
    Err(OpenError::Permission(SocketKind::Auto))
}

#[test]
fn the_example_is_without_mistakes() {
    for (language, name) in [("zh-CN", "example_zh"), ("en", "example_en")] {
        let output = linewatch(here(), &["check", "--lang", language]);
        // What the machine permits is another test; here everything before it.
        let said = text(output.stdout);
        let section = if language == "en" { "\nProbing from this machine\n" } else { "\n本机能否探测\n" };
        let (files, machine) = said.split_once(section).expect("the section about the machine");
        assert!(machine.contains("ICMP"), "{machine}");
        insta::assert_snapshot!(name, files);
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
    assert_eq!(json["blind_after_ms"].as_i64(), Some(3000));
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
fn it_is_ready_exactly_where_the_sockets_can_be_opened() {
    for kind in ["auto", "datagram", "raw"] {
        let folder = sound_folder(&format!("socket = \"{kind}\""));
        let config = Config::load(Some(&folder.path().join("linewatch.toml"))).expect("sound");
        let output = linewatch(folder.path(), &["check", "--config", "linewatch.toml"]);
        let printed = linewatch(folder.path(), &["check", "--config", "linewatch.toml", "--json"]);
        assert_eq!(output.status.code(), printed.status.code());
        let json: serde_json::Value = serde_json::from_slice(&printed.stdout).expect("JSON");
        let (code, said, complaint) = (output.status.code(), text(output.stdout), text(output.stderr));
        assert!(said.starts_with("Configuration and inventory are without mistakes.\n"), "{said}");
        match sockets_here(&config) {
            Ok(sockets) => {
                assert_eq!((code, complaint.as_str()), (Some(0), ""));
                assert_eq!(json["icmp"]["permitted"], true);
                assert_eq!(json["icmp"]["sockets"].as_array().map(Vec::len), Some(sockets.len()));
                for socket in sockets {
                    assert!(said.contains(&format!("{} {}", socket.version, socket.kind)), "{said}");
                }
            }
            Err(error) => {
                let sentence = error.explain(Language::English);
                assert_eq!((code, complaint), (Some(1), format!("linewatch: {sentence}\n")));
                assert!(said.contains("nothing can be probed from here"), "{said}");
                assert_eq!(json["icmp"], serde_json::json!({"permitted": false, "sockets": [], "refused": sentence}));
            }
        }
    }
}

#[test]
fn what_the_machine_permits_is_said_in_both_languages() {
    let (auto, raw) = (parse(""), parse("[probe]\nsocket = \"raw\"\n"));
    let v4_only = Ok(both(OpenKind::Raw, true)[..1].to_vec());
    let mut said = String::new();
    for (config, sockets) in [(&auto, Ok(both(OpenKind::Datagram, false))), (&raw, v4_only), (&auto, refused())] {
        for (language, section) in
            [(Language::Chinese, "本机能否探测\n"), (Language::English, "Probing from this machine\n")]
        {
            let text = check::text(&assess(config, &[], NOW), config, &sockets, language, 80);
            let (_, machine) = text.split_once(section).expect("the section about the machine");
            said += machine.split_once("\n\n").expect("the warning that there are no lines").0;
            said += "\n\n";
        }
    }
    insta::assert_snapshot!("machine", said);
}

#[test]
fn the_monitor_is_blind_when_the_slowest_that_is_probed_had_its_chance() {
    let villages = [line("A", "village", "10.0.0.1", None), line("B", "village", "10.0.0.2", None)];
    let blind_after = |source: &str, lines: &[Line]| assess(&parse(source), lines, NOW).blind_after;
    let seldom = "[class.village]\ninterval = \"1m\"\n";
    assert_eq!(blind_after(seldom, &villages), Some(Millis(61_000)));
    assert_eq!(blind_after("[class.township]\ninterval = \"1m\"\n", &villages), Some(Millis(3000)), "no such lines");
    assert_eq!(blind_after("", &[]), None);
    assert_eq!(blind_after("[references]\naddresses = [\"10.0.0.9\"]\n", &[]), Some(Millis(3000)));
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
    let clash = Warning::ReferenceIsLine { address: "10.0.0.1".to_owned(), line: "T".into() };
    assert_eq!(warnings(&referenced, &tree), [clash]);
}

#[test]
fn warnings_are_said_in_both_languages() {
    let all = [
        Warning::NoLines,
        Warning::NoReferences,
        Warning::NoSight { count: 2, first: "T-01".into() },
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
        for sockets in [Ok(both(OpenKind::Datagram, false)), Ok(both(OpenKind::Raw, true)), refused()] {
            let said = check::text(&assess(&config, &lines, NOW), &config, &sockets, language, 80);
            for row in said.lines() {
                assert!(unicode_width::UnicodeWidthStr::width(row) <= 80, "{row}");
            }
        }
    }
}

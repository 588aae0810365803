//! What Prometheus' own tools say of its files, that each alert has its cases in `tests/prometheus/`, and that a wrong
//! rule would be found by them.

mod grafana;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use grafana::{alerts, root, text, yaml};
use linewatch::report::grafana::rules::seconds;
use serde_json::{Value, json};

const RULES: [&str; 2] = ["prometheus/linewatch.records.yml", "prometheus/linewatch.alerts.yml"];

fn promtool() -> Command {
    Command::new("promtool")
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("promtool (install it as tests/run does): {error}"))
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn checked(path: &Path) -> Output {
    output(promtool().args(["check", "rules", "--lint=all", "--lint-fatal"]).arg(path))
}

#[test]
fn promtool_accepts_the_rules_and_the_configuration() {
    for path in RULES {
        let found = checked(&root().join("grafana").join(path));
        assert!(found.status.success(), "{path}: {}", told(&found));
    }
    let config = root().join("grafana/prometheus/prometheus.yml");
    let found = output(promtool().args(["check", "config", "--lint=all", "--lint-fatal"]).arg(config));
    assert!(found.status.success(), "{}", told(&found));

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rules.yml");
    for (from, to) in [
        (">= 10\n", ">=\n"),
        ("for: 30s", "for: soon"),
        ("{{ .Labels.line }}", "{{ .Labels.line }"),
        ("severity: critical", "severity: [critical]"),
        ("keep_firing_for: 5m", "keep_fire_for: 5m"),
    ] {
        let wrong = text(RULES[1]).replacen(from, to, 1);
        assert_ne!(wrong, text(RULES[1]), "{from} is there");
        fs::write(&path, wrong).expect("writes");
        assert!(!checked(&path).status.success(), "{to} is accepted");
    }
    fs::write(&path, "groups: [{name: g, rules: [{record: a, expr: up}, {record: a, expr: up}]}]").expect("writes");
    assert!(!checked(&path).status.success(), "the lint finds what is there twice");
}

/// The files of cases, by name.
fn files() -> Vec<(String, Value)> {
    let mut files: Vec<(String, Value)> = fs::read_dir(root().join("tests/prometheus"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let text = fs::read_to_string(&path).expect("readable");
            let value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.file_name().expect("a name").to_string_lossy().into_owned(), value)
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(files.len() >= 4, "{} files", files.len());
    files
}

#[test]
fn every_case_holds() {
    let running: Vec<_> = files()
        .into_iter()
        .map(|(name, _)| {
            let mut command = promtool();
            command.args(["test", "rules"]).arg(root().join("tests/prometheus").join(&name));
            let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            (name, child.unwrap_or_else(|error| panic!("promtool (install it as tests/run does): {error}")))
        })
        .collect();
    for (name, child) in running {
        let found = child.wait_with_output().expect("waits");
        assert!(found.status.success(), "{name}: {}", told(&found));
    }
}

/// A look at all that fires, in a case.
struct Moment {
    at: u64,
    firing: BTreeSet<String>,
}

/// A case as far as it matters here.
struct Case {
    name: String,
    moments: Vec<Moment>,
    /// Whether the daemon is out of reach for a while.
    interrupted: bool,
    /// Texts that it expects: (alert, annotations).
    texts: Vec<(String, Value)>,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn cases() -> Vec<Case> {
    let files = files();
    files.iter().flat_map(|(_, file)| list(&file["tests"])).map(case).collect()
}

fn case(case: &Value) -> Case {
    let mut moments: Vec<Moment> = list(&case["promql_expr_test"])
        .iter()
        .filter(|test| string(&test["expr"]).contains("ALERTS{"))
        .map(|test| {
            let alert = |sample: &Value| {
                let labels = string(&sample["labels"]);
                labels.split("alertname=\"").nth(1).and_then(|rest| rest.split('"').next()).expect(labels).to_owned()
            };
            let at = seconds("", string(&test["eval_time"])).expect("a duration");
            Moment { at, firing: list(&test["exp_samples"]).iter().map(alert).collect() }
        })
        .collect();
    moments.sort_by_key(|moment| moment.at);
    let interrupted = list(&case["input_series"]).iter().any(|series| {
        let gone = |word: &str| word == "stale" || word.split('x').next() == Some("0");
        string(&series["series"]).starts_with("up{") && string(&series["values"]).split(' ').any(gone)
    });
    let texts = list(&case["alert_rule_test"])
        .iter()
        .flat_map(|test| {
            let told = |alert: &Value| (string(&test["alertname"]).to_owned(), alert["exp_annotations"].clone());
            list(&test["exp_alerts"]).iter().map(told)
        })
        .collect();
    Case { name: string(&case["name"]).to_owned(), moments, interrupted, texts }
}

/// Alerts that hold what is known until somebody looks again.
fn is_held(alert: &Value) -> bool {
    string(&alert["expr"]).contains(":held") && string(&alert["alert"]) != "LinewatchManyLinesDown"
}

#[test]
fn every_alert_has_its_cases() {
    let cases = cases();
    let moments = |case: &Case, alert: &str| -> Vec<bool> {
        case.moments.iter().map(|moment| moment.firing.contains(alert)).collect()
    };
    for rule in alerts() {
        let alert = string(&rule["alert"]);
        if alert == "Watchdog" {
            assert!(cases.iter().any(|case| case.name.starts_with("Watchdog")));
            continue;
        }
        assert!(cases.iter().any(|case| moments(case, alert).contains(&true)), "{alert} never fires");
        let quiet = |case: &Case| case.name.contains(alert) && moments(case, alert).first() == Some(&false);
        assert!(cases.iter().any(quiet), "no case begins with {alert} quiet");
        let ends = |case: &Case| {
            let firing = moments(case, alert);
            firing.contains(&true) && firing.last() == Some(&false)
        };
        assert!(cases.iter().any(ends), "{alert} never resolves");
        if is_held(&rule) && alert != "LinewatchFaultDueSoon" {
            let blind =
                |moment: &Moment| moment.firing.contains(alert) && moment.firing.contains("LinewatchMonitorBlind");
            assert!(cases.iter().any(|case| case.moments.iter().any(blind)), "{alert} while the monitor is blind");
            let survives = |case: &Case| case.interrupted && moments(case, alert).last() == Some(&true);
            assert!(cases.iter().any(survives), "{alert} and a restart");
        }
        let told: Vec<&Value> = cases
            .iter()
            .flat_map(|case| &case.texts)
            .filter(|(name, _)| name == alert)
            .map(|(_, annotations)| annotations)
            .collect();
        assert!(!told.is_empty(), "no case says what {alert} tells people");
        for annotations in told {
            for name in ["summary", "restored"] {
                let text = string(&annotations[name]);
                assert!(text.chars().count() <= 70 && !text.contains(['{', '<']), "{alert}: {text}");
            }
        }
    }
}

/// A case that must fail, with the one thing in the rules that is wrong.
const MUTATIONS: [(&str, usize, &str, &str); 10] = [
    ("LinewatchTrunkDown fires before", 1, "for: 30s", "for: 10m"),
    ("LinewatchTrunkDown fires before", 1, "class=\"village\", attribution!=\"upstream\"", "class=\"village\""),
    ("LinewatchTrunkDown fires before", 1, "请查光缆、机房电源和设备", "请查光缆"),
    ("LinewatchTownshipLineDown fires", 1, "keep_firing_for: 5m", "keep_firing_for: 0s"),
    (
        "LinewatchTrunkDown survives the daemon",
        0,
        "(line:linewatch_outage_local_start_seconds:held unless",
        "(up unless",
    ),
    ("LinewatchFaultOverdue survives", 0, "(fault:linewatch_deadline_local_seconds:held unless", "(up unless"),
    ("LinewatchManyLinesDown stays quiet at nine", 1, ">= 10", ">= 9"),
    ("LinewatchLineLossy stays quiet while", 0, "max_over_time(linewatch_monitor_blind[15m]) == 1", "absent(up)"),
    ("LinewatchMonitorBlind fires", 1, "linewatch_monitor_blind == 1", "linewatch_monitor_blind == 2"),
    ("LinewatchHeartbeatStale fires", 1, "/ 60 > 2", "/ 60 > 20"),
];

#[test]
fn the_cases_find_mutations() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = files();
    for (name, file, from, to) in MUTATIONS {
        let (whole, case) = files
            .iter()
            .flat_map(|(_, whole)| list(&whole["tests"]).iter().map(move |case| (whole, case)))
            .find(|(_, case)| string(&case["name"]).starts_with(name))
            .unwrap_or_else(|| panic!("no case {name}"));
        let paths: Vec<PathBuf> = (0..2).map(|number| folder.path().join(format!("{number}.yml"))).collect();
        let mut wrong = RULES.map(text);
        let right = std::mem::take(&mut wrong[file]);
        wrong[file] = right.replace(from, to);
        assert_ne!(wrong[file], right, "{from} is there");
        for (path, text) in paths.iter().zip(&wrong) {
            fs::write(path, text).expect("writes");
        }
        let one = json!({
            "rule_files": paths, "evaluation_interval": whole["evaluation_interval"],
            "group_eval_order": whole["group_eval_order"], "tests": [case],
        });
        let path = folder.path().join("case.yml");
        fs::write(&path, one.to_string()).expect("writes");
        let found = output(promtool().args(["test", "rules"]).arg(&path));
        assert!(!found.status.success() && told(&found).contains("got:"), "{name}: {from} → {to}\n{}", told(&found));
    }
}

#[test]
fn every_alert_says_what_it_must() {
    let rules = alerts();
    let held = |alert: &Value, name: &str| seconds("", string(&alert[name])).expect("a duration");
    let trunk = rules.iter().find(|rule| rule["alert"] == "LinewatchTrunkDown").expect("the trunk's");
    for rule in &rules {
        let alert = string(&rule["alert"]);
        let labels = &rule["labels"];
        assert!(["critical", "warning", "info"].contains(&string(&labels["severity"])), "{alert}");
        assert!(["line", "fault", "monitor", "figures", "watchdog"].contains(&string(&labels["scope"])), "{alert}");
        for name in ["summary", "description", "restored"] {
            let text = string(&rule["annotations"][name]);
            assert!(text.chars().any(|letter| ('一'..='鿿').contains(&letter)), "{alert} {name}: {text}");
        }
        let page = format!("http://127.0.0.1:8401/runbook/{alert}");
        assert_eq!(string(&rule["annotations"]["runbook_url"]), page);
        assert!(rule["for"].is_string(), "{alert} says no `for`");
        if !["LinewatchDaemonAbsent", "Watchdog"].contains(&alert) {
            // Longer than it takes until the daemon's absence is told, which then says why it is gone.
            assert!(held(rule, "keep_firing_for") >= 120, "{alert}");
        }
        if alert.ends_with("LineDown") {
            assert!(string(&rule["expr"]).contains("line:linewatch_outage_local_start_seconds:held"), "{alert}");
            assert!(held(rule, "for") >= held(trunk, "for") + 60, "{alert} waits for the trunk's");
            assert!(labels["trunk"].is_string(), "{alert} names its trunk");
        }
    }
    for rule in yaml(RULES[0])["groups"].as_array().expect("groups").iter().flat_map(|group| list(&group["rules"])) {
        let name = string(&rule["record"]);
        assert!(name.split(':').count() >= 3 && name.contains("linewatch_"), "{name} is not level:metric:operation");
    }
}

//! What stands in `grafana/` is what `linewatch grafana` makes, and Grafana can read it: dashboards by the schema of
//! Grafana's own types and by a lint, alert rules field by field. Mutations show that the lints find what is wrong.

mod grafana;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use grafana::{alerting, alerts, dashboard, dashboards, root, text, yaml};
use jsonschema::Validator;
use linewatch::report::grafana::{GRAFANA_RULES, Kind, SHIPPED_ALERTS, Site, tree};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_linewatch");
const DATASOURCE: &str = "linewatch-prometheus";

fn uids() -> BTreeSet<String> {
    dashboards().iter().map(|(_, board)| board["uid"].as_str().expect("a uid").to_owned()).collect()
}

#[test]
fn the_files_are_what_the_program_makes_and_there_are_no_others() {
    let files = tree(&Site::default(), SHIPPED_ALERTS, None).expect("a tree");
    for file in &files {
        assert!(
            text(file.path) == file.text,
            "grafana/{} is not what `linewatch grafana --to grafana` writes",
            file.path
        );
    }
    let known: BTreeSet<String> = files.iter().map(|file| file.path.to_owned()).collect();
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("grafana")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(root().join("grafana")).expect("inside").to_string_lossy().into_owned();
                found.insert(inside);
            }
        }
    }
    assert_eq!(found, known);
}

#[test]
fn the_guides_name_every_file_and_every_step_at_the_site() {
    let [english, chinese] = ["README.md", "README.zh-CN.md"].map(text);
    for file in tree(&Site::default(), SHIPPED_ALERTS, None).expect("a tree") {
        let name = file.path.rsplit('/').next().expect("a name");
        let named =
            |guide: &str| guide.contains(file.path) || guide.contains(name) && file.path.starts_with("dashboards");
        assert!(file.path.starts_with("README") || named(&english) && named(&chinese), "{}", file.path);
    }
    // The same commands in both, and the same number of things to look at with a running Grafana.
    let commands = |guide: &str| -> Vec<String> {
        let code = guide.split("```").skip(1).step_by(2).flat_map(str::lines);
        code.map(|line| line.split(['#', ';']).next().unwrap_or_default().trim().replace("监控", "watching")).collect()
    };
    assert_eq!(commands(&english), commands(&chinese));
    let steps =
        |guide: &str| guide.lines().filter(|line| line.starts_with(|letter: char| letter.is_ascii_digit())).count();
    assert_eq!((steps(&english), steps(&chinese)), (11, 11));
}

#[test]
fn a_sites_own_addresses_stand_everywhere_and_its_own_files_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |more: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.args(["--lang", "en", "grafana", "--to"]).arg(folder.path()).args(more);
        let output = command.output().expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let there = ["--url", "https://10.1.2.3:8443/", "--prometheus", "http://10.1.2.4:9090"];
    run(&[&there[..], &["--tiles", "http://10.1.2.9/{z}/{x}/{y}.png"]].concat());
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).expect(path);
    for file in tree(&Site::default(), SHIPPED_ALERTS, None).expect("a tree") {
        assert!(!read(file.path).contains("127.0.0.1:8401"), "{}", file.path);
    }
    assert!(read("prometheus/prometheus.yml").contains("targets: [\"10.1.2.3:8443\"]"));
    assert!(read("provisioning/datasources/linewatch.yaml").contains("http://10.1.2.4:9090"));
    assert!(read("dashboards/linewatch-overview.json").contains("http://10.1.2.9/{z}/{x}/{y}.png"));

    // The admin changes a threshold, removes a rule and edits the routes; then writes again.
    let rules = read("prometheus/linewatch.alerts.yml").replace("for: 30s", "for: 45s");
    let start = rules.find("      - alert: LinewatchLineSlow").expect("a rule");
    let end = start + rules[start + 1..].find("      - alert:").expect("another") + 1;
    fs::write(folder.path().join("prometheus/linewatch.alerts.yml"), rules[..start].to_owned() + &rules[end..])
        .expect("writes");
    fs::write(folder.path().join("alertmanager/alertmanager.yml"), "mine").expect("writes");
    let told = run(&there);
    assert!(told.contains("kept     ") && read("alertmanager/alertmanager.yml") == "mine", "{told}");
    let made = read(GRAFANA_RULES);
    assert!(made.contains("for: 45s") && made.contains("- {orgId: 1, uid: \"LinewatchLineSlow\"}"), "{made:.400}");
    assert!(!made.contains("title: \"LinewatchLineSlow\""));
    run(&[]);
    assert!(read(GRAFANA_RULES).contains("uid: \"LinewatchLineSlow\""), "it stays deleted");
    for path in ["dashboards/linewatch-overview.json", GRAFANA_RULES] {
        assert!(read(path).contains("https://10.1.2.3:8443/") && !read(path).contains("127.0.0.1:8401"), "{path}");
    }
    assert!(read("dashboards/linewatch-overview.json").contains("http://10.1.2.9/{z}/{x}/{y}.png"), "as it was");
    assert!(read("provisioning/datasources/linewatch.yaml").contains("http://10.1.2.4:9090"), "as it was");

    // Another address goes into all that nobody has changed; what was changed is kept, and the output says so.
    let told = run(&["--url", "http://10.9.9.9:8401"]);
    assert!(read("prometheus/prometheus.yml").contains("targets: [\"10.9.9.9:8401\"]"), "{told}");
    assert!(read("prometheus/linewatch.alerts.yml").contains("https://10.1.2.3:8443/"), "{told}");
    assert!(told.contains("kept     ") && told.contains("still says https://10.1.2.3:8443"), "{told}");
}

#[test]
fn what_grafana_cannot_take_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("prometheus")).expect("a folder");
    let rules = "groups: [{name: g, rules: [{alert: A, expr: up, annotations: {summary: '$value'}}]}]";
    fs::write(folder.path().join("prometheus/linewatch.alerts.yml"), rules).expect("writes");
    let output =
        Command::new(PROGRAM).args(["grafana", "--lang", "zh-CN", "--to"]).arg(folder.path()).output().expect("runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && told.contains("告警 A 里有 $"), "{told}");
    assert!(!folder.path().join("dashboards").exists(), "nothing is written");
    for url in ["ftp://x", "http://", "http://a b", "http://a\"b", "10.1.2.3"] {
        let output = Command::new(PROGRAM).args(["grafana", "--to", "/nowhere", "--url", url]).output().expect("runs");
        assert_eq!(output.status.code(), Some(2), "{url}");
    }
}

struct Schemas(Value);

impl Schemas {
    fn read() -> Self {
        let text = fs::read_to_string(root().join("tests/grafana/schema.json")).expect("the schema");
        Self(serde_json::from_str(&text).expect("JSON"))
    }

    fn errors(&self, schema: &str, instance: &Value) -> Vec<String> {
        let validator: Validator =
            jsonschema::validator_for(&self.0[schema]).unwrap_or_else(|error| panic!("{schema}: {error}"));
        validator
            .iter_errors(instance)
            .map(|error| format!("{schema} {}: {error:.200}", error.instance_path()))
            .collect()
    }

    /// By the schemas of the dashboard, of each panel, its queries, its options and its field settings.
    fn of_board(&self, board: &Value) -> Vec<String> {
        let mut found = self.errors("dashboard", board);
        for panel in board["panels"].as_array().into_iter().flatten() {
            let kind = panel["type"].as_str().unwrap_or_default();
            found.extend(self.errors("panel", panel));
            found.extend(self.errors(&format!("options.{kind}"), &panel["options"]));
            let custom = &panel["fieldConfig"]["defaults"]["custom"];
            if !custom.is_null() {
                found.extend(self.errors(&format!("custom.{kind}"), custom));
            }
            for target in panel["targets"].as_array().into_iter().flatten() {
                found.extend(self.errors("query", target));
            }
        }
        found
    }
}

#[test]
fn dashboards_fit_the_schema_of_grafanas_own_types() {
    let schemas = Schemas::read();
    for (name, board) in dashboards() {
        assert_eq!(schemas.of_board(&board), Vec::<String>::new(), "{name}");
    }
    let mut board = dashboards().remove(0).1;
    for (pointer, value) in [
        ("/panels/0/gridPos/w", json!("4")),
        ("/panels/0/targets/0/expr", Value::Null),
        ("/panels/0/options/colorMode", json!("loud")),
        ("/panels/0/fieldConfig/defaults/thresholds/mode", json!("relative")),
        ("/templating/list/0/type", json!("guess")),
        ("/schemaVersion", Value::Null),
    ] {
        let whole = std::mem::replace(board.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")), value);
        assert_ne!(schemas.of_board(&board), Vec::<String>::new(), "{pointer}");
        *board.pointer_mut(pointer).expect("there") = whole;
    }
    board["panels"][0]["colour"] = json!("red");
    assert_ne!(schemas.of_board(&board), Vec::<String>::new(), "unknown keys");
}

#[test]
fn dashboards_pass_the_lint() {
    let (uids, boards) = (uids(), dashboards());
    assert_eq!(uids.len(), 5);
    for (name, board) in &boards {
        assert_eq!(dashboard::flaws(board, &uids), Vec::<String>::new(), "{name}");
    }
    let titles: Vec<&str> = boards.iter().map(|(_, board)| board["title"].as_str().expect("a title")).collect();
    for title in ["总览", "线路", "乡镇", "年度", "监测自身"] {
        assert!(titles.contains(&title), "{title} in {titles:?}");
    }
}

#[test]
fn the_lint_of_dashboards_finds_mutations() {
    let uids = uids();
    let whole = dashboards().into_iter().find(|(name, _)| name == "linewatch-overview.json").expect("the overview").1;
    for (pointer, value) in [
        ("/schemaVersion", json!(30)),
        ("/schemaVersion", json!(40)),
        ("/id", json!(7)),
        ("/uid", json!("")),
        ("/title", json!("")),
        ("/panels/1/id", json!(1)),
        ("/panels/1/title", json!("")),
        ("/panels/1/title", json!("自身中断的线路")),
        ("/panels/1/type", json!("grafana-worldmap-panel")),
        ("/panels/1/datasource", json!("Prometheus")),
        ("/panels/1/targets/0/datasource/uid", json!("P1809F7CD0C75ACF3")),
        ("/panels/1/targets/0/expr", json!(" ")),
        ("/panels/1/targets/0/expr", json!("up{job=\"$jbo\"}")),
        ("/panels/1/targets/0/range", json!(true)),
        ("/panels/1/targets", json!([])),
        ("/panels/7/targets/1/refId", json!("A")),
        ("/panels/1/fieldConfig/defaults/unit", json!("miliseconds")),
        ("/panels/1/fieldConfig/defaults/unit", Value::Null),
        ("/panels/1/fieldConfig/defaults/thresholds/steps/0/value", json!(5)),
        ("/panels/1/gridPos/x", json!(0)),
        ("/panels/1/gridPos/x", json!(22)),
        ("/panels/1/gridPos/h", json!(5)),
        ("/panels/6/fieldConfig/defaults/links/0/url", json!("/d/linewatch-lnie?x=1")),
        ("/templating/list/0/datasource", Value::Null),
        ("/panels/7/transformations/0/id", json!("joinByField")),
        ("/panels/12/options/basemap/config/url", json!("")),
        ("/panels/12/options/basemap/type", json!("osm-standard")),
        ("/panels/6/type", json!("status-history")),
    ] {
        let mut board = whole.clone();
        *board.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is not there")) = value.clone();
        assert_ne!(dashboard::flaws(&board, &uids), Vec::<String>::new(), "{pointer} = {value}");
    }
}

#[test]
fn grafanas_alert_rules_are_all_of_prometheus_and_pass_the_lint() {
    let file = yaml("provisioning/alerting/linewatch-rules.yaml");
    assert_eq!(alerting::flaws(&file, DATASOURCE), Vec::<String>::new());
    let groups = file["groups"].as_array().expect("groups");
    let rules: Vec<&Value> = groups.iter().flat_map(|group| group["rules"].as_array().expect("rules")).collect();
    let known = alerts();
    assert_eq!(rules.len(), known.len());
    for (rule, alert) in rules.iter().zip(&known) {
        assert_eq!(rule["title"], alert["alert"]);
        let squeezed = |text: &Value| text.as_str().expect("text").split_whitespace().collect::<String>();
        assert_eq!(squeezed(&rule["data"][0]["model"]["expr"]), format!("({})+0", squeezed(&alert["expr"])));
        assert_eq!(squeezed(&rule["data"][1]["model"]["expr"]), format!("({})*0+1", squeezed(&alert["expr"])));
    }
    let datasource = yaml("provisioning/datasources/linewatch.yaml");
    assert_eq!(datasource["datasources"][0]["uid"], DATASOURCE);
}

#[test]
fn the_lint_of_alert_rules_finds_mutations() {
    let whole = yaml("provisioning/alerting/linewatch-rules.yaml");
    let rule = "/groups/0/rules/0";
    for (pointer, value) in [
        ("/apiVersion".to_owned(), json!(2)),
        ("/groups/0/interval".into(), json!("15s")),
        ("/groups/0/interval".into(), json!("1d")),
        ("/groups/0/folder".into(), json!("")),
        ("/groups/1/name".into(), whole["groups"][0]["name"].clone()),
        (format!("{rule}/uid"), json!("x".repeat(41))),
        (format!("{rule}/uid"), whole["groups"][0]["rules"][1]["uid"].clone()),
        (format!("{rule}/for"), json!("soon")),
        (format!("{rule}/for"), json!("1d")),
        (format!("{rule}/for"), Value::Null),
        (format!("{rule}/noDataState"), json!("Ok")),
        (format!("{rule}/noDataState"), json!("NoData")),
        (format!("{rule}/execErrState"), json!("OK")),
        (format!("{rule}/condition"), json!("B")),
        (format!("{rule}/condition"), json!("A")),
        (format!("{rule}/labels/severity"), json!("page")),
        (format!("{rule}/labels/trunk"), json!("{{ $labels.line }}")),
        (format!("{rule}/labels/trunk"), json!(4)),
        (format!("{rule}/annotations/summary"), json!("")),
        (format!("{rule}/annotations/summary"), json!("{{ .Value }}")),
        (format!("{rule}/annotations/runbook_url"), Value::Null),
        (format!("{rule}/data/0/datasourceUid"), json!("prometheus")),
        (format!("{rule}/data/0/model/datasource/uid"), json!("prometheus")),
        (format!("{rule}/data/1/model/expr"), json!("up == 0")),
        (format!("{rule}/data/1/model/instant"), json!(false)),
        (format!("{rule}/data/1/model/refId"), json!("D")),
        (format!("{rule}/data/1/relativeTimeRange/from"), json!(0)),
    ] {
        let mut file = whole.clone();
        *file.pointer_mut(&pointer).unwrap_or_else(|| panic!("{pointer} is not there")) = value.clone();
        assert_ne!(alerting::flaws(&file, DATASOURCE), Vec::<String>::new(), "{pointer} = {value}");
    }
    for key in ["noDataState", "execErrState", "for", "isPaused"] {
        let mut file = whole.clone();
        file["groups"][0]["rules"][0].as_object_mut().expect("a rule").remove(key);
        assert_ne!(alerting::flaws(&file, DATASOURCE), Vec::<String>::new(), "without {key}");
    }
}

#[test]
fn contact_points_and_policies_belong_together_and_no_file_stops_grafana() {
    let points = yaml("provisioning/alerting/contact-points.yaml");
    let mut names = BTreeSet::new();
    let (mut kinds, mut uids) = (BTreeSet::new(), BTreeSet::new());
    for point in points["contactPoints"].as_array().expect("contact points") {
        names.insert(point["name"].as_str().expect("a name").to_owned());
        for receiver in point["receivers"].as_array().expect("receivers") {
            kinds.insert(receiver["type"].as_str().expect("a type").to_owned());
            assert!(uids.insert(receiver["uid"].to_string()), "{receiver}");
            let wanted = if receiver["type"] == "email" { "addresses" } else { "url" };
            assert!(receiver["settings"][wanted].is_string(), "{receiver}");
        }
    }
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), ["dingding", "email", "webhook", "wecom"]);
    let policies = yaml("policies.yaml.example");
    let root_policy = &policies["policies"][0];
    let routes = root_policy["routes"].as_array().expect("routes");
    for route in routes.iter().chain([root_policy]) {
        assert!(names.contains(route["receiver"].as_str().expect("a receiver")), "{route}");
    }
    // Grafana 9 refuses to start at any other suffix here.
    for entry in fs::read_dir(root().join("grafana/provisioning/alerting")).expect("a folder") {
        let path = entry.expect("an entry").path();
        assert_eq!(path.extension().and_then(|extension| extension.to_str()), Some("yaml"), "{}", path.display());
    }
    for kind in [Kind::Made, Kind::Example] {
        let files = tree(&Site::default(), SHIPPED_ALERTS, None).expect("a tree");
        assert!(files.iter().any(|file| file.kind == kind), "both kinds are there");
    }
}

//! Alertmanager's files: who is told what, what keeps quiet while something bigger is told, and what an e-mail says.

mod grafana;
mod lab;
mod watchers;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

use grafana::{alerts, root, text};
use lab::Namespace;
use serde_json::{Value, json};
use watchers::{Mailbox, Server, fast, until};

const CONFIG: &str = "alertmanager/alertmanager.yml";

fn amtool(arguments: &[&str]) -> Output {
    let output = Command::new("amtool").args(arguments).output();
    output.unwrap_or_else(|error| panic!("amtool (install it as tests/run does): {error}"))
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn amtool_accepts_the_configuration() {
    let path = root().join("grafana").join(CONFIG);
    let found = amtool(&["check-config", &path.display().to_string()]);
    assert!(found.status.success() && told(&found).contains("1 templates"), "{}", told(&found));

    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("templates")).expect("a folder");
    for (from, to) in [
        ("receiver: office", "receiver: offcie"),
        ("group_wait: 20s", "group_wait: soon"),
        ("source_matchers: [", "source_matches: ["),
        ("alertname=~\"Linewatch(", "alertname=~\"Linewatch(("),
    ] {
        let wrong = text(CONFIG).replacen(from, to, 1);
        assert_ne!(wrong, text(CONFIG), "{from} is there");
        let path = folder.path().join("alertmanager.yml");
        fs::write(&path, wrong).expect("writes");
        assert!(!amtool(&["check-config", &path.display().to_string()]).status.success(), "{to} is accepted");
    }
}

/// Townships of the example's inventory.
fn townships() -> BTreeSet<String> {
    let table = fs::read_to_string(root().join("config/lines.csv")).expect("the example");
    let column = table.lines().next().and_then(|head| head.split(',').position(|name| name == "所属乡镇"));
    let column = column.expect("a column of townships");
    let cell = |line: &str| line.split(',').nth(column).unwrap_or_default().to_owned();
    table.lines().skip(1).map(cell).filter(|name| !name.is_empty()).collect()
}

/// Who is to be told.
fn wanted(alert: &Value, township: &str) -> &'static str {
    let crew = match township {
        "温泉街道" | "浮山街道" | "永安街道" => "crew-city",
        "官埠桥镇" | "横沟桥镇" | "贺胜桥镇" | "双溪桥镇" => "crew-north",
        "汀泗桥镇" | "向阳湖镇" | "马桥镇" | "桂花镇" | "高桥镇" | "大幕乡" => "crew-south",
        _ => "duty",
    };
    let label = |name: &str| alert["labels"][name].as_str().unwrap_or_default();
    match (alert["alert"].as_str().unwrap_or_default(), label("scope"), label("severity")) {
        ("Watchdog", ..) => "heartbeat",
        (_, "monitor", _) => "admins",
        (_, "figures", _) | (_, _, "info") => "office",
        ("LinewatchManyLinesDown", ..) => "duty",
        ("LinewatchFaultOverdue", ..) => match crew {
            "crew-city" => "office,crew-city",
            "crew-north" => "office,crew-north",
            "crew-south" => "office,crew-south",
            _ => "office,duty",
        },
        _ => crew,
    }
}

#[test]
fn every_alert_reaches_those_who_can_do_something() {
    let path = root().join("grafana").join(CONFIG).display().to_string();
    let route = |alert: &Value, township: &str, receivers: &str| {
        let name = alert["alert"].as_str().expect("a name");
        let mut labels = vec![format!("alertname={name}")];
        labels
            .extend(["scope", "severity"].map(|label| format!("{label}={}", alert["labels"][label].as_str().unwrap())));
        if !township.is_empty() {
            labels.push(format!("township={township}"));
        }
        let receivers = format!("--verify.receivers={receivers}");
        let mut arguments = vec!["config", "routes", "test", "--config.file", &path, &receivers];
        arguments.extend(labels.iter().map(String::as_str));
        let found = amtool(&arguments);
        (found.status.success(), format!("{labels:?} to {receivers}: {}", told(&found)))
    };
    let alerts = alerts();
    let by_place = ["LinewatchTrunkDown", "LinewatchVillageLineDown", "LinewatchFaultOverdue"];
    for alert in &alerts {
        let everywhere = by_place.contains(&alert["alert"].as_str().expect("a name"));
        let places = if everywhere { townships() } else { BTreeSet::from(["汀泗桥镇".to_owned()]) };
        for township in places.iter().map(String::as_str).chain([""]) {
            let (reached, said) = route(alert, township, wanted(alert, township));
            assert!(reached, "{said}");
        }
    }
    let trunk = alerts.iter().find(|alert| alert["alert"] == "LinewatchTrunkDown").expect("the trunk's");
    assert!(!route(trunk, "汀泗桥镇", "crew-north").0, "a wrong receiver is found");
    for township in townships() {
        assert_ne!(wanted(trunk, &township), "duty", "{township} has no crew of its own");
    }
}

/// An alert as Prometheus sends it.
fn alert(name: &str, labels: &Value) -> Value {
    let mut labels = labels.clone();
    labels["alertname"] = json!(name);
    json!({"labels": labels, "annotations": {"summary": name}})
}

/// What is told, what keeps quiet meanwhile, and what ties them together.
const INHIBITED: [(&str, &[&str], &str); 11] = [
    (
        "LinewatchTrunkDown",
        &[
            "LinewatchTownshipLineDown",
            "LinewatchVillageLineDown",
            "LinewatchSurveillanceLineDown",
            "LinewatchOtherLineDown",
            "LinewatchLineFlapping",
            "LinewatchLineLossy",
            "LinewatchLineSlow",
            "LinewatchLineUnobserved",
        ],
        "trunk",
    ),
    ("LinewatchTrunkDown", &LINE_TROUBLE, "line"),
    ("LinewatchTownshipLineDown", &LINE_TROUBLE, "line"),
    ("LinewatchVillageLineDown", &LINE_TROUBLE, "line"),
    ("LinewatchSurveillanceLineDown", &LINE_TROUBLE, "line"),
    ("LinewatchFaultOverdue", &["LinewatchFaultDueSoon"], "fault"),
    (
        "LinewatchDaemonAbsent",
        &[
            "LinewatchMonitorBlind",
            "LinewatchMonitorMuted",
            "LinewatchReferenceDown",
            "LinewatchProbesUnsent",
            "LinewatchProbesLate",
            "LinewatchJournalFailing",
            "LinewatchHeartbeatStale",
            "LinewatchClockStepped",
            "LinewatchReloadFailed",
            "LinewatchLineFlapping",
            "LinewatchLineLossy",
            "LinewatchLineSlow",
            "LinewatchLineUnobserved",
            "LinewatchYearBudgetBurnFast",
            "LinewatchYearBudgetBurnSlow",
            "LinewatchYearBudgetBurnCreeping",
            "LinewatchYearBudgetSpent",
        ],
        "instance",
    ),
    (
        "LinewatchMonitorBlind",
        &["LinewatchReferenceDown", "LinewatchProbesUnsent", "LinewatchLineLossy", "LinewatchYearBudgetBurnFast"],
        "instance",
    ),
    ("LinewatchJournalFailing", &["LinewatchHeartbeatStale"], "instance"),
    ("LinewatchMonitorMuted", &["LinewatchHeartbeatStale"], "instance"),
    ("LinewatchYearBudgetBurnFast", &["LinewatchYearBudgetBurnSlow", "LinewatchYearBudgetBurnCreeping"], "class"),
];
const LINE_TROUBLE: [&str; 4] =
    ["LinewatchLineFlapping", "LinewatchLineLossy", "LinewatchLineSlow", "LinewatchLineUnobserved"];
/// Told whatever else is told.
const ALWAYS: [&str; 5] =
    ["LinewatchTrunkDown", "LinewatchManyLinesDown", "LinewatchFaultOverdue", "LinewatchDaemonAbsent", "Watchdog"];

/// Whether Alertmanager keeps quiet about an alert with these labels.
fn is_inhibited(name: &str, labels: &Value) -> bool {
    let all = Server::alerts();
    let known = |alert: &&Value| {
        alert["labels"]["alertname"] == name
            && labels
                .as_object()
                .is_some_and(|wanted| wanted.iter().all(|(label, value)| alert["labels"][label] == *value))
    };
    let found = all.iter().find(known).unwrap_or_else(|| panic!("{name} {labels} is not there"));
    found["status"]["inhibitedBy"].as_array().is_some_and(|by| !by.is_empty())
}

#[test]
fn what_is_part_of_something_bigger_is_not_told() {
    let mut targets: BTreeSet<&str> = INHIBITED.iter().flat_map(|(_, targets, _)| targets.iter().copied()).collect();
    targets.extend(ALWAYS);
    for rule in alerts() {
        let name = rule["alert"].as_str().expect("a name").to_owned();
        assert!(targets.remove(name.as_str()), "{name} is neither inhibited nor always told");
    }
    assert!(targets.is_empty(), "{targets:?} are no alerts");

    lab::run(|| {
        let (namespace, folder) = (Namespace::new("alerts"), tempfile::tempdir().expect("a folder"));
        for path in [CONFIG, "alertmanager/templates/linewatch.tmpl"] {
            fast(path, folder.path());
        }
        let _server = Server::alertmanager(&namespace, folder.path());
        namespace.enter(|| {
            let pairs =
                INHIBITED.iter().flat_map(|(source, targets, tie)| targets.iter().map(move |to| (source, to, tie)));
            for (number, (source, target, tie)) in pairs.enumerate() {
                // Each pair with an instance of its own, so that pairs do not meet.
                let instance = format!("m{number}:8401");
                let labels =
                    |at: &str| json!({"instance": instance, "trunk": at, "line": at, "fault": at, "class": at});
                let (mut first, own, mut other) = (labels("there"), labels("here"), labels("here"));
                if *tie == "instance" {
                    other["instance"] = json!(format!("n{number}:8401"));
                } else {
                    first[tie] = json!("here");
                    other[tie] = json!("elsewhere");
                }
                Server::tell(&json!([alert(source, &first), alert(target, &own), alert(target, &other)]));
                until(&format!("{source} keeps {target} quiet"), || {
                    if is_inhibited(target, &own) { Ok(()) } else { Err("told".to_owned()) }
                });
                assert!(!is_inhibited(target, &other), "{source} keeps {target} of another {tie} quiet");
                assert!(!is_inhibited(source, &first), "{source}");
            }
        });
    });
}

#[test]
fn an_e_mail_says_what_where_and_what_to_do() {
    lab::run(|| {
        let (namespace, folder) = (Namespace::new("mail"), tempfile::tempdir().expect("a folder"));
        for path in [CONFIG, "alertmanager/templates/linewatch.tmpl"] {
            fast(path, folder.path());
        }
        let mailbox = Mailbox::start(&namespace);
        let _server = Server::alertmanager(&namespace, folder.path());
        let mut failing = json!({
            "labels": {"alertname": "LinewatchJournalFailing", "scope": "monitor", "severity": "critical"},
            "annotations": {
                "summary": "【记录写不进】记录库写不进去，中断和故障没有落盘。请查监测机的磁盘空间和权限",
                "description": "监测程序还在探测 & 重试。", "restored": "【恢复】记录库又能写了",
                "page": "http://127.0.0.1:8401/lines?a=1&b=2",
                "runbook_url": "http://127.0.0.1:8401/runbook/LinewatchJournalFailing",
            },
        });
        namespace.enter(|| Server::tell(&json!([failing])));
        let mail = mailbox.next("the journal");
        assert_eq!(mail.to, "duty@localhost");
        assert_eq!(mail.subject, "【记录写不进】记录库写不进去，中断和故障没有落盘。请查监测机的磁盘空间和权限");
        for part in ["还在探测 & 重试", "还在探测 &amp; 重试", "页面：http://127.0.0.1:8401/lines?a=1&b=2", "处置手册"]
        {
            assert!(mail.body.contains(part), "{part}:\n{}", mail.body);
        }
        let link = "<a href=\"http://127.0.0.1:8401/runbook/LinewatchJournalFailing\">";
        assert!(mail.body.contains(link), "{}", mail.body);

        failing["startsAt"] = json!("2025-12-31T00:00:00Z");
        failing["endsAt"] = json!("2026-01-01T00:00:00Z");
        namespace.enter(|| Server::tell(&json!([failing])));
        assert_eq!(mailbox.next("its end").subject, "【恢复】记录库又能写了");
    });
}

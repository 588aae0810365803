//! The lint of Grafana's alert rules, field by field: a mistake in a provisioned file keeps Grafana from starting.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Flaws;

const RULE: [&str; 11] = [
    "annotations",
    "condition",
    "data",
    "execErrState",
    "for",
    "isPaused",
    "keepFiringFor",
    "labels",
    "noDataState",
    "title",
    "uid",
];
const QUERY: [&str; 5] = ["datasourceUid", "model", "queryType", "refId", "relativeTimeRange"];
const MODEL: [&str; 8] =
    ["datasource", "editorMode", "expr", "instant", "intervalMs", "maxDataPoints", "range", "refId"];

/// What is wrong with a file of rules. `known` are the uids of dashboards' folders and of the datasource.
pub fn flaws(file: &Value, datasource: &str) -> Flaws {
    let mut flaws = Flaws::new();
    if file["apiVersion"] != 1 {
        flaws.push("apiVersion is 1".to_owned());
    }
    let groups = file["groups"].as_array().cloned().unwrap_or_default();
    if groups.is_empty() {
        flaws.push("no groups".to_owned());
    }
    let (mut uids, mut titles, mut names) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for group in &groups {
        if group["orgId"] != 1 || blank(&group["folder"]) || !names.insert(group["name"].to_string()) {
            flaws.push(format!("group {}: orgId, folder or name", group["name"]));
        }
        // The scheduler beats every ten seconds and refuses what does not fit.
        if go_seconds(&group["interval"]).is_none_or(|seconds| seconds == 0 || seconds % 10 != 0) {
            flaws.push(format!("group {}: interval {}", group["name"], group["interval"]));
        }
        for rule in group["rules"].as_array().cloned().unwrap_or_default() {
            if !uids.insert(rule["uid"].to_string()) || !titles.insert(rule["title"].to_string()) {
                flaws.push(format!("{}: uid or title twice", rule["uid"]));
            }
            flaws.extend(self::rule(&rule, datasource).into_iter().map(|flaw| format!("{}: {flaw}", rule["uid"])));
        }
    }
    if dollars(file) {
        flaws.push("a dollar sign, which Grafana's versions read differently".to_owned());
    }
    flaws
}

fn rule(rule: &Value, datasource: &str) -> Flaws {
    let mut flaws = keys(rule, &RULE);
    let uid = rule["uid"].as_str().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if uid.is_empty() || uid.len() > 40 || !uid.chars().all(plain) {
        flaws.push("uid".to_owned());
    }
    for name in ["for", "keepFiringFor"] {
        if go_seconds(&rule[name]).is_none() {
            flaws.push(format!("{name} {}", rule[name]));
        }
    }
    if rule["noDataState"] != "OK" || rule["execErrState"] != "Error" || rule["isPaused"] != false {
        flaws.push("noDataState, execErrState or isPaused".to_owned());
    }
    if !["critical", "warning", "info"].contains(&rule["labels"]["severity"].as_str().unwrap_or_default()) {
        flaws.push(format!("severity {}", rule["labels"]["severity"]));
    }
    for name in ["summary", "description", "restored", "runbook_url"] {
        if blank(&rule["annotations"][name]) {
            flaws.push(format!("no {name}"));
        }
    }
    for texts in [&rule["labels"], &rule["annotations"]] {
        if texts.as_object().is_none_or(|texts| texts.values().any(|text| !text.is_string())) {
            flaws.push("labels and annotations are strings".to_owned());
        }
        let text = texts.to_string();
        if text.replace(".Values.A.Value", "").contains(".Value") {
            flaws.push("a value of Prometheus' templates".to_owned());
        }
    }
    let data = rule["data"].as_array().cloned().unwrap_or_default();
    if data.iter().all(|query| query["refId"] != rule["condition"]) {
        flaws.push(format!("condition {} is no query", rule["condition"]));
    }
    for query in &data {
        flaws.extend(self::query(query, datasource));
        let always = query["model"]["expr"].as_str().unwrap_or_default().ends_with("* 0 + 1");
        if (query["refId"] == rule["condition"]) != always {
            flaws.push(format!("query {}: a value of zero would not fire", query["refId"]));
        }
    }
    flaws
}

fn query(query: &Value, datasource: &str) -> Flaws {
    let (mut flaws, model) = (keys(query, &QUERY), &query["model"]);
    flaws.extend(keys(model, &MODEL));
    if query["datasourceUid"] != datasource || model["datasource"]["uid"] != datasource {
        flaws.push(format!("datasource {}", query["datasourceUid"]));
    }
    if query["refId"] != model["refId"] || blank(&model["expr"]) {
        flaws.push("refId or expr".to_owned());
    }
    if model["instant"] != true || model["range"] != false {
        flaws.push("only an instant query gives numbers".to_owned());
    }
    let span = &query["relativeTimeRange"];
    if span["to"] != 0 || span["from"].as_u64().is_none_or(|from| from == 0) {
        flaws.push(format!("relativeTimeRange {span}"));
    }
    flaws
}

fn keys(object: &Value, wanted: &[&str]) -> Flaws {
    let has: BTreeSet<&str> =
        object.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default();
    let wanted: BTreeSet<&str> = wanted.iter().copied().collect();
    has.symmetric_difference(&wanted).map(|key| format!("key {key} is missing or unknown")).collect()
}

fn blank(value: &Value) -> bool {
    value.as_str().is_none_or(|text| text.trim().is_empty())
}

fn dollars(value: &Value) -> bool {
    value.to_string().contains('$')
}

/// Seconds of one of Go's durations with a single unit, as they are written here.
fn go_seconds(value: &Value) -> Option<u64> {
    let text = value.as_str()?;
    let (number, unit) = text.split_at(text.len().checked_sub(1)?);
    let number: u64 = number.parse().ok()?;
    match unit {
        "s" => Some(number),
        "m" => Some(number * 60),
        "h" => Some(number * 3600),
        _ => None,
    }
}

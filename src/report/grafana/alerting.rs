//! Grafana's alert rules, for sites that let Grafana watch instead of Prometheus and Alertmanager.
//!
//! What Grafana 9.1 and later need, found in its source:
//! - A query fires where its value is not zero, Prometheus where there is a value at all. So the condition C is the
//!   rule's expression times zero plus one, and A keeps the value for the texts.
//! - C is an instant query. No expression of Grafana's own stands between (they name queries with a dollar sign, and
//!   older versions put environment variables there), and old versions could not reduce what is a number already.
//! - Intervals are multiples of ten seconds, and durations those of Go: hours, minutes, seconds.
//! - A mistake here keeps Grafana from starting; so all that may be said is said.

use std::fmt::Write;

use super::board::DATASOURCE;
use super::rules::{self, Group, Rule};

/// The scheduler's beat, seconds.
const BEAT: u64 = 10;
/// Folder of rules and dashboards.
const FOLDER: &str = "线路监测";
/// How far back a query may look for its value, seconds.
const RANGE: u64 = 600;

/// The provisioning file.
pub(super) fn file(groups: &[Group], gone: &[String]) -> String {
    let mut text = "# 由 linewatch grafana 根据 prometheus/linewatch.alerts.yml 写成，不要手改。\n\
                    # Written by `linewatch grafana` from prometheus/linewatch.alerts.yml; do not edit.\n\
                    apiVersion: 1\n"
        .to_owned();
    if !gone.is_empty() {
        text.push_str("deleteRules:\n");
        for uid in gone {
            line(&mut text, 2, &format!("- {{orgId: 1, uid: {}}}", quoted(uid)));
        }
    }
    text.push_str("groups:\n");
    for group in groups {
        line(&mut text, 2, "- orgId: 1");
        line(&mut text, 4, &format!("name: {}", quoted(&group.name)));
        line(&mut text, 4, &format!("folder: {}", quoted(FOLDER)));
        line(&mut text, 4, &format!("interval: {}", duration(beat(whole_seconds(&group.interval)))));
        line(&mut text, 4, "rules:");
        for rule in &group.rules {
            alert(&mut text, rule);
        }
    }
    text
}

fn alert(text: &mut String, rule: &Rule) {
    line(text, 6, &format!("- uid: {}", quoted(&rule.alert)));
    for (key, value) in [
        ("title", quoted(&rule.alert)),
        ("condition", quoted("C")),
        ("for", duration(whole_seconds(&rule.hold))),
        // Read by Grafana 12 and later, passed over by older ones.
        ("keepFiringFor", duration(whole_seconds(&rule.keep_firing_for))),
        // No series: nothing is wrong. Prometheus itself out of reach: an error, and no all-clear.
        ("noDataState", "OK".to_owned()),
        ("execErrState", "Error".to_owned()),
        ("isPaused", "false".to_owned()),
    ] {
        line(text, 8, &format!("{key}: {value}"));
    }
    line(text, 8, "labels:");
    for (name, value) in &rule.labels {
        line(text, 10, &format!("{name}: {}", quoted(&template(value))));
    }
    line(text, 8, "annotations:");
    for (name, value) in &rule.annotations {
        line(text, 10, &format!("{name}: {}", quoted(&template(value))));
    }
    line(text, 8, "data:");
    let expr = rule.expr.trim();
    query(text, "A", &format!("(\n{expr}\n) + 0"));
    query(text, "C", &format!("(\n{expr}\n) * 0 + 1"));
}

fn query(text: &mut String, reference: &str, expr: &str) {
    line(text, 10, &format!("- refId: {reference}"));
    line(text, 12, "queryType: \"\"");
    line(text, 12, &format!("relativeTimeRange: {{from: {RANGE}, to: 0}}"));
    line(text, 12, &format!("datasourceUid: {DATASOURCE}"));
    line(text, 12, "model:");
    line(text, 14, &format!("datasource: {{type: prometheus, uid: {DATASOURCE}}}"));
    line(text, 14, "editorMode: code");
    line(text, 14, "expr: |-");
    for part in expr.lines() {
        line(text, 16, part);
    }
    for (key, value) in [("instant", "true"), ("range", "false"), ("intervalMs", "1000"), ("maxDataPoints", "43200")] {
        line(text, 14, &format!("{key}: {value}"));
    }
    line(text, 14, &format!("refId: {reference}"));
}

/// Prometheus' `.Value` is Grafana's `.Values.A.Value`; labels are called the same.
fn template(text: &str) -> String {
    text.replace(".Value", ".Values.A.Value")
}

fn line(text: &mut String, indent: usize, content: &str) {
    writeln!(text, "{:indent$}{content}", "").expect("a String takes all");
}

/// A string of JSON is one of YAML too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Durations were checked when the rules were read.
fn whole_seconds(text: &str) -> u64 {
    rules::seconds("", text).unwrap_or_default()
}

fn beat(seconds: u64) -> u64 {
    seconds.max(BEAT).next_multiple_of(BEAT)
}

/// As Go and Prometheus both write it: `1h`, `90s`.
fn duration(seconds: u64) -> String {
    match seconds {
        hours if hours > 0 && hours % 3_600 == 0 => format!("{}h", hours / 3_600),
        minutes if minutes > 0 && minutes % 60 == 0 => format!("{}m", minutes / 60),
        seconds => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_fit_the_beat_and_durations_are_those_of_go() {
        assert_eq!([0, 5, 10, 15, 60, 65].map(beat), [10, 10, 10, 20, 60, 70]);
        assert_eq!([0, 30, 90, 300, 3_600, 86_400].map(duration), ["0s", "30s", "90s", "5m", "1h", "24h"]);
    }
}

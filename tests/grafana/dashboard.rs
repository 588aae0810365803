//! The lint of dashboards, beside the schema.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Flaws;

const DATASOURCE: &str = "linewatch-prometheus";
/// Panels that Grafana brings along.
const KINDS: [&str; 9] =
    ["stat", "timeseries", "state-timeline", "status-history", "bargauge", "heatmap", "table", "geomap", "text"];
/// Transformations that Grafana 9.1 knows by these names, and all later versions too.
const TRANSFORMATIONS: [&str; 3] = ["merge", "organize", "filterFieldsByName"];
/// Units that Grafana 9.1 knows and that are used here.
const UNITS: [&str; 10] =
    ["none", "short", "s", "percentunit", "bytes", "pps", "dtdurations", "dateTimeAsIso", "percent", "dateTimeFromNow"];
/// Variables of Grafana itself.
const BUILT_IN: [&str; 6] = ["__rate_interval", "__range", "__interval", "__value", "__field", "__url_time_range"];

/// What is wrong with a dashboard; `uids` are those of all dashboards.
pub fn flaws(board: &Value, uids: &BTreeSet<String>) -> Flaws {
    let mut flaws = head(board);
    let panels = board["panels"].as_array().cloned().unwrap_or_default();
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for panel in &panels {
        let title = panel["title"].as_str().unwrap_or_default();
        if !ids.insert(panel["id"].as_u64().unwrap_or_default()) || panel["id"].as_u64().is_none_or(|id| id == 0) {
            flaws.push(format!("{title}: id {} is no id of its own", panel["id"]));
        }
        if title.is_empty() || !titles.insert(title.to_owned()) && panel["type"] != "text" {
            flaws.push(format!("panel {}: title {title:?} is empty or there twice", panel["id"]));
        }
        flaws.extend(self::panel(panel).into_iter().map(|flaw| format!("{title}: {flaw}")));
    }
    flaws.extend(overlaps(&panels));
    flaws.extend(variables(board));
    flaws.extend(links(board, uids));
    flaws
}

fn head(board: &Value) -> Flaws {
    let mut flaws = Flaws::new();
    if !(36..=39).contains(&board["schemaVersion"].as_u64().unwrap_or_default()) {
        flaws.push(format!("schemaVersion {}", board["schemaVersion"]));
    }
    if !board["id"].is_null() {
        flaws.push("an id of some Grafana's database".to_owned());
    }
    let uid = board["uid"].as_str().unwrap_or_default();
    if uid.is_empty() || uid.len() > 40 {
        flaws.push(format!("uid {uid:?}"));
    }
    if board["title"].as_str().is_none_or(str::is_empty) || board["panels"].as_array().is_none_or(Vec::is_empty) {
        flaws.push("no title or no panel".to_owned());
    }
    flaws
}

fn is_ours(datasource: &Value) -> bool {
    datasource["uid"] == DATASOURCE && datasource["type"] == "prometheus"
}

fn panel(panel: &Value) -> Flaws {
    let mut flaws = Flaws::new();
    let kind = panel["type"].as_str().unwrap_or_default();
    if !KINDS.contains(&kind) {
        flaws.push(format!("{kind} is no panel of Grafana itself"));
    }
    if !is_ours(&panel["datasource"]) {
        flaws.push(format!("datasource {}", panel["datasource"]));
    }
    if !UNITS.contains(&panel["fieldConfig"]["defaults"]["unit"].as_str().unwrap_or_default()) {
        flaws.push(format!("unit {}", panel["fieldConfig"]["defaults"]["unit"]));
    }
    let grid = &panel["gridPos"];
    let side = |name: &str| grid[name].as_u64().unwrap_or(1000);
    if side("w") == 0 || side("h") == 0 || side("x") + side("w") > 24 {
        flaws.push(format!("grid {grid}"));
    }
    let targets = panel["targets"].as_array().cloned().unwrap_or_default();
    if targets.is_empty() != (kind == "text") {
        flaws.push(format!("{} queries", targets.len()));
    }
    let mut references = BTreeSet::new();
    for target in &targets {
        if !is_ours(&target["datasource"]) {
            flaws.push(format!("query's datasource {}", target["datasource"]));
        }
        if !references.insert(target["refId"].as_str().unwrap_or_default()) {
            flaws.push(format!("refId {} twice", target["refId"]));
        }
        if target["expr"].as_str().is_none_or(|expr| expr.trim().is_empty()) {
            flaws.push("an empty query".to_owned());
        }
        if target["instant"] == target["range"] {
            flaws.push("a query is either instant or over a range".to_owned());
        }
    }
    for transformation in panel["transformations"].as_array().into_iter().flatten() {
        if !TRANSFORMATIONS.contains(&transformation["id"].as_str().unwrap_or_default()) {
            flaws.push(format!("transformation {}", transformation["id"]));
        }
    }
    // Without an address the map's background comes from the internet.
    let tiles = panel["options"]["basemap"]["config"]["url"].as_str().unwrap_or_default();
    if kind == "geomap" && (tiles.is_empty() || panel["options"]["basemap"]["type"] != "xyz") {
        flaws.push("a map from the internet".to_owned());
    }
    // It draws nothing when there are more points than half its width in pixels.
    if kind == "status-history" && panel["maxDataPoints"].as_u64().is_none_or(|points| points > 200) {
        flaws.push(format!("maxDataPoints {}", panel["maxDataPoints"]));
    }
    let steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"].as_array().cloned().unwrap_or_default();
    let values: Vec<Option<f64>> = steps.iter().map(|step| step["value"].as_f64()).collect();
    if values.first() != Some(&None) || values[1..].iter().any(Option::is_none) || !values.is_sorted() {
        flaws.push(format!("thresholds {values:?}"));
    }
    flaws
}

fn overlaps(panels: &[Value]) -> Flaws {
    let place = |panel: &Value| ["x", "y", "w", "h"].map(|name| panel["gridPos"][name].as_u64().unwrap_or_default());
    let mut flaws = Flaws::new();
    for (number, one) in panels.iter().enumerate() {
        for other in &panels[number + 1..] {
            let ([x, y, w, h], [x2, y2, w2, h2]) = (place(one), place(other));
            if x < x2 + w2 && x2 < x + w && y < y2 + h2 && y2 < y + h {
                flaws.push(format!("{} lies over {}", one["title"], other["title"]));
            }
        }
    }
    flaws
}

/// Names after a dollar sign, with or without braces.
pub fn named(text: &str) -> BTreeSet<String> {
    let word = |rest: &str| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        rest[..rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len())]
            .to_owned()
    };
    text.split('$').skip(1).map(word).collect()
}

fn variables(board: &Value) -> Flaws {
    let list = board["templating"]["list"].as_array().cloned().unwrap_or_default();
    let known: BTreeSet<String> =
        list.iter().filter_map(|variable| Some(variable["name"].as_str()?.to_owned())).collect();
    let mut flaws: Flaws = list
        .iter()
        .filter(|variable| !is_ours(&variable["datasource"]) || variable["label"].as_str().is_none_or(str::is_empty))
        .map(|variable| format!("variable {}: datasource or label", variable["name"]))
        .collect();
    let panels = board["panels"].to_string();
    for name in named(&panels).difference(&known) {
        // `$__all` and the like belong to Grafana, `$1` to label_replace.
        if !BUILT_IN.contains(&name.as_str()) && !name.chars().all(|letter| letter.is_ascii_digit()) {
            flaws.push(format!("there is no variable {name}"));
        }
    }
    flaws
}

fn links(board: &Value, uids: &BTreeSet<String>) -> Flaws {
    let text = board.to_string();
    let leads = text.split("\"/d/").skip(1).map(|rest| rest[..rest.find(['?', '"']).unwrap_or(0)].to_owned());
    leads.filter(|uid| !uids.contains(uid)).map(|uid| format!("no dashboard is called {uid}")).collect()
}

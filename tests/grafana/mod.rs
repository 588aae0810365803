//! The tree in `grafana/`, and what a file of it must be. A lint returns what is wrong, so that mutations can show
//! that it would be found.

#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

pub mod alerting;
pub mod dashboard;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

/// The project's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file in `grafana/`.
pub fn text(path: &str) -> String {
    let path = root().join("grafana").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A YAML file of `grafana/`.
pub fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All committed dashboards, by file name.
pub fn dashboards() -> Vec<(String, Value)> {
    let mut found: Vec<(String, Value)> = fs::read_dir(root().join("grafana/dashboards"))
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("readable");
            (
                path.file_name().expect("a name").to_string_lossy().into_owned(),
                serde_json::from_str(&text).expect("JSON"),
            )
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

/// Alert rules of Prometheus: (group, rule).
pub fn alerts() -> Vec<Value> {
    let file = yaml("prometheus/linewatch.alerts.yml");
    let groups = file["groups"].as_array().expect("groups");
    groups.iter().flat_map(|group| group["rules"].as_array().expect("rules").clone()).collect()
}

/// Something wrong at a place.
pub type Flaws = Vec<String>;

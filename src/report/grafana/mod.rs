//! What an admin copies to Prometheus, Alertmanager and Grafana: one tree of files, made for a site.
//!
//! The Prometheus rules are the source. Grafana's alert rules are written from them, and the dashboards from one
//! description here, so that both stay in step with the names of the metrics. The files in `grafana/` of this project
//! are what this module makes for a daemon on the same machine; a test compares them.

mod alerting;
mod board;
mod line;
mod monitor;
mod overview;
mod panel;
pub mod rules;
mod township;
mod year;

use rules::Mistake;

/// Where things are at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The daemon's pages, as browsers and phones reach them; without a slash at the end.
    pub pages: String,
    /// Prometheus, as Grafana reaches it.
    pub prometheus: String,
    /// Tiles for the map, such as `http://10.1.2.3/tiles/{z}/{x}/{y}.png`; `None`: a map without a background.
    pub tiles: Option<String>,
}

/// What the files of this project are made for, and what is replaced in them.
const PAGES: &str = "http://127.0.0.1:8401";
const TARGET: &str = "127.0.0.1:8401";
const PROMETHEUS: &str = "http://127.0.0.1:9090";

impl Default for Site {
    fn default() -> Self {
        Self { pages: PAGES.to_owned(), prometheus: PROMETHEUS.to_owned(), tiles: None }
    }
}

/// One file of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where, below the tree's folder.
    pub path: &'static str,
    /// What stands in it.
    pub text: String,
    /// Who has the last word on it.
    pub kind: Kind,
}

/// Whether a file is the program's or the admin's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Written anew each time.
    Made,
    /// An example to be adapted: written once, then left alone.
    Example,
}

/// Where the alert rules of Prometheus stand in the tree: the source of Grafana's.
pub const ALERTS: &str = "prometheus/linewatch.alerts.yml";
/// Where Grafana's alert rules stand in the tree.
pub const GRAFANA_RULES: &str = "provisioning/alerting/linewatch-rules.yaml";

/// The alert rules that come with the program.
pub const SHIPPED_ALERTS: &str = include_str!("../../../grafana/prometheus/linewatch.alerts.yml");

/// What to copy where, in both languages.
const GUIDES: [(&str, &str); 2] = [
    ("README.md", include_str!("../../../grafana/README.md")),
    ("README.zh-CN.md", include_str!("../../../grafana/README.zh-CN.md")),
];

/// Examples by path.
const EXAMPLES: [(&str, &str); 9] = [
    (ALERTS, SHIPPED_ALERTS),
    ("prometheus/linewatch.records.yml", include_str!("../../../grafana/prometheus/linewatch.records.yml")),
    ("prometheus/prometheus.yml", include_str!("../../../grafana/prometheus/prometheus.yml")),
    ("alertmanager/alertmanager.yml", include_str!("../../../grafana/alertmanager/alertmanager.yml")),
    ("alertmanager/templates/linewatch.tmpl", include_str!("../../../grafana/alertmanager/templates/linewatch.tmpl")),
    (DATASOURCE, include_str!("../../../grafana/provisioning/datasources/linewatch.yaml")),
    ("provisioning/dashboards/linewatch.yaml", include_str!("../../../grafana/provisioning/dashboards/linewatch.yaml")),
    (
        "provisioning/alerting/contact-points.yaml",
        include_str!("../../../grafana/provisioning/alerting/contact-points.yaml"),
    ),
    ("policies.yaml.example", include_str!("../../../grafana/policies.yaml.example")),
];

/// The whole tree for a site. `alerts` are Prometheus' alert rules; `before` is the file of Grafana's rules that this
/// one takes the place of: rules that are gone since are deleted by it.
///
/// # Errors
/// When the alert rules or the file before cannot be read, or say what Grafana cannot do.
pub fn tree(site: &Site, alerts: &str, before: Option<&str>) -> Result<Vec<File>, Mistake> {
    let groups = rules::read(alerts)?;
    let gone = before.map(|text| rules::gone(text, &groups)).transpose()?.unwrap_or_default();
    let mut files =
        vec![File { path: GRAFANA_RULES, text: site.place(&alerting::file(&groups, &gone)), kind: Kind::Made }];
    for board in [overview::board(site), line::board(), township::board(), year::board(), monitor::board()] {
        files.push(File { path: board.path, text: site.place(&board.text()), kind: Kind::Made });
    }
    files.extend(GUIDES.map(|(path, text)| File { path, text: site.place(text), kind: Kind::Made }));
    files.extend(EXAMPLES.map(|(path, text)| File { path, text: site.place(text), kind: Kind::Example }));
    Ok(files)
}

/// Grafana's datasource in the tree; its address is that of the site's Prometheus.
pub const DATASOURCE: &str = "provisioning/datasources/linewatch.yaml";
/// The dashboard with the map.
pub const OVERVIEW: &str = "dashboards/linewatch-overview.json";

impl Site {
    /// The site that a folder was written for: so that writing again does not have to name every address again.
    /// What cannot be read there is as by default.
    pub fn of_former(datasource: Option<&str>, overview: Option<&str>) -> Self {
        let prometheus = datasource
            .and_then(|text| serde_saphyr::from_str::<serde_json::Value>(text).ok())
            .and_then(|file| Some(file["datasources"][0]["url"].as_str()?.to_owned()));
        let board = overview.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok()).unwrap_or_default();
        let map = board["panels"].as_array().and_then(|panels| panels.iter().find(|panel| panel["type"] == "geomap"));
        let tiles = map.and_then(|panel| panel["options"]["basemap"]["config"]["url"].as_str());
        let pages = overview
            .and_then(|text| text.split_once(overview::FAULT_PAGE))
            .and_then(|(before, _)| before.rsplit('"').next());
        Self {
            pages: pages.unwrap_or(PAGES).to_owned(),
            prometheus: prometheus.unwrap_or_else(|| PROMETHEUS.to_owned()),
            tiles: tiles.filter(|url| !url.is_empty() && *url != panel::NO_TILE).map(str::to_owned),
        }
    }

    /// A text of this project, for this site.
    pub fn place(&self, text: &str) -> String {
        let target = self.pages.split_once("://").map_or(self.pages.as_str(), |(_, rest)| rest);
        let target = target.split('/').next().unwrap_or(target);
        text.replace(PAGES, &self.pages).replace(TARGET, target).replace(PROMETHEUS, &self.prometheus)
    }
}

//! A dashboard as classic JSON, schema version 37: read by Grafana 9.1 and all later ones.

use serde_json::{Value, json};

use super::panel::Panel;

/// The datasource's fixed uid, as provisioned.
pub(super) const DATASOURCE: &str = "linewatch-prometheus";
/// Columns of Grafana's grid.
const COLUMNS: u64 = 24;
/// Understood by Grafana 9.1, and lifted by later ones when they read it.
const SCHEMA_VERSION: u64 = 37;

/// One dashboard.
pub(super) struct Board {
    /// Where its file stands in the tree.
    pub path: &'static str,
    /// For life: links name it.
    pub uid: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    /// What is shown when it is opened: `now-24h`.
    pub from: &'static str,
    /// How often it asks again.
    pub refresh: &'static str,
    pub variables: Vec<Variable>,
    pub panels: Vec<Panel>,
}

/// What can be chosen above a dashboard.
pub(super) enum Variable {
    /// Values of a label.
    Label { name: &'static str, title: &'static str, series: &'static str, all: bool },
}

/// 类别.
pub(super) const CLASS: Variable =
    Variable::Label { name: "class", title: "类别", series: "linewatch_lines", all: true };
/// 乡镇, all of them or some.
pub(super) const TOWNSHIPS: Variable =
    Variable::Label { name: "township", title: "乡镇", series: "linewatch_lines", all: true };

impl Board {
    /// The file's text.
    pub(super) fn text(&self) -> String {
        format!("{:#}\n", self.json())
    }

    fn json(&self) -> Value {
        json!({
            "annotations": {"list": [{
                "builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": true, "hide": true,
                "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard",
            }]},
            "description": self.description,
            "editable": false,
            "fiscalYearStartMonth": 0,
            "graphTooltip": 1,
            "id": null,
            "links": [{
                "asDropdown": false, "icon": "external link", "includeVars": false, "keepTime": false,
                "tags": ["linewatch"], "targetBlank": false, "title": "线路监测", "tooltip": "", "type": "dashboards",
                "url": "",
            }],
            "liveNow": false,
            "panels": self.placed(),
            "refresh": self.refresh,
            "schemaVersion": SCHEMA_VERSION,
            "tags": ["linewatch"],
            "templating": {"list": self.variables.iter().map(Variable::json).collect::<Vec<_>>()},
            "time": {"from": self.from, "to": "now"},
            "timepicker": {},
            "timezone": "browser",
            "title": self.title,
            "uid": self.uid,
            "version": 1,
            "weekStart": "monday",
        })
    }

    /// Panels from left to right, a new row where one does not fit any more or a heading begins.
    fn placed(&self) -> Vec<Value> {
        let (mut x, mut y, mut tallest) = (0, 0, 0);
        let mut placed = Vec::new();
        for (id, panel) in (1..).zip(&self.panels) {
            if x + panel.width > COLUMNS {
                (x, y, tallest) = (0, y + tallest, 0);
            }
            placed.push(panel.json(id, [x, y]));
            x += panel.width;
            tallest = tallest.max(panel.height);
        }
        placed
    }
}

impl Variable {
    fn json(&self) -> Value {
        let Self::Label { name, title, series, all } = *self;
        let query = format!("label_values({series}, {name})");
        let mut value = json!({
            "datasource": {"type": "prometheus", "uid": DATASOURCE},
            "hide": 0, "includeAll": all, "label": title, "multi": all, "name": name, "options": [],
            "query": {"query": query, "refId": "StandardVariableQuery"},
            "refresh": 2, "regex": "", "skipUrlSync": false, "sort": 1, "type": "query",
        });
        if all {
            value["allValue"] = json!(".*");
            value["current"] = json!({"selected": true, "text": ["All"], "value": ["$__all"]});
        }
        value
    }
}

//! Panels, all of them Grafana's own: nothing has to be installed.

use serde_json::{Value, json};

use super::board::DATASOURCE;

/// A transparent picture of one pixel: without an address Grafana fetches its map from a server on the internet.
pub(super) const NO_TILE: &str = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/// One panel.
pub(super) struct Panel {
    kind: &'static str,
    title: &'static str,
    description: &'static str,
    pub(super) width: u64,
    pub(super) height: u64,
    queries: Vec<Query>,
    unit: &'static str,
    decimals: Option<u64>,
    /// Colours from a value on; the first is that below all.
    thresholds: Vec<(Option<f64>, &'static str)>,
    mappings: Vec<Value>,
    options: Value,
    custom: Option<Value>,
    bounds: Option<(f64, f64)>,
    links: Vec<Value>,
    overrides: Vec<Value>,
    transformations: Vec<Value>,
    most_points: Option<u64>,
}

/// What a panel asks for.
pub(super) struct Query {
    expr: String,
    legend: &'static str,
    format: &'static str,
    instant: bool,
}

/// A series over time.
pub(super) fn range(expr: &str, legend: &'static str) -> Query {
    Query { expr: expr.to_owned(), legend, format: "time_series", instant: false }
}

/// Values of now.
pub(super) fn instant(expr: &str, legend: &'static str) -> Query {
    Query { expr: expr.to_owned(), legend, format: "time_series", instant: true }
}

/// Values of now as rows.
pub(super) fn rows(expr: &str) -> Query {
    Query { expr: expr.to_owned(), legend: "", format: "table", instant: true }
}

/// Buckets over time.
pub(super) fn buckets(expr: &str) -> Query {
    Query { expr: expr.to_owned(), legend: "{{le}}", format: "heatmap", instant: false }
}

/// Line states with their words and colours, those of the daemon's pages.
pub(super) fn states() -> Vec<Value> {
    let state = |value: &str, text: &str, color: &str, index: u64| json!({"type": "value", "options": {value: {"text": text, "color": color, "index": index}}});
    vec![
        state("0", "待观测", "#b877d9", 0),
        state("1", "正常", "#37872d", 1),
        state("2", "可疑", "#f2cc0c", 2),
        state("3", "中断", "#c4162a", 3),
        state("4", "恢复中", "#ff9830", 4),
        state("5", "未观测", "#8f3bb8", 5),
    ]
}

/// Words for the values of a label.
pub(super) fn said(words: &[(&str, &str)]) -> Value {
    let words: serde_json::Map<_, _> = words
        .iter()
        .zip(0_u64..)
        .map(|((value, text), place)| ((*value).to_owned(), json!({"text": text, "index": place})))
        .collect();
    json!([{"type": "value", "options": words}])
}

/// Classes as they come without being configured; a class of the site's own is shown by its name.
pub(super) fn classes() -> Value {
    said(&[("township", "区直及乡镇"), ("village", "村社区"), ("surveillance", "视频监控")])
}

/// Words for 0 and 1, with their colours.
pub(super) fn yes_no(zero: (&str, &str), one: (&str, &str)) -> Vec<Value> {
    vec![json!({"type": "value", "options": {
        "0": {"text": zero.0, "color": zero.1, "index": 0}, "1": {"text": one.0, "color": one.1, "index": 1},
    }})]
}

impl Panel {
    fn new(kind: &'static str, title: &'static str, size: (u64, u64), queries: Vec<Query>, options: Value) -> Self {
        Self {
            kind,
            title,
            description: "",
            width: size.0,
            height: size.1,
            queries,
            unit: "none",
            decimals: None,
            thresholds: vec![(None, "green")],
            mappings: Vec::new(),
            options,
            custom: None,
            bounds: None,
            links: Vec::new(),
            overrides: Vec::new(),
            transformations: Vec::new(),
            most_points: None,
        }
    }

    /// One number, or one cell for each series.
    pub(super) fn stat(title: &'static str, size: (u64, u64), queries: Vec<Query>) -> Self {
        let options = json!({
            "colorMode": "background", "graphMode": "none", "justifyMode": "center", "orientation": "auto",
            "reduceOptions": last(), "showPercentChange": false, "textMode": "value", "wideLayout": true,
        });
        Self::new("stat", title, size, queries, options)
    }

    /// Curves.
    pub(super) fn curves(title: &'static str, size: (u64, u64), queries: Vec<Query>) -> Self {
        let options = json!({
            "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": true},
            "tooltip": {"mode": "multi", "sort": "desc"},
        });
        let mut panel = Self::new("timeseries", title, size, queries, options);
        panel.custom = Some(json!({
            "drawStyle": "line", "fillOpacity": 10, "lineInterpolation": "stepAfter", "lineWidth": 1,
            "pointSize": 4, "showPoints": "never", "spanNulls": false,
            "stacking": {"group": "A", "mode": "none"},
        }));
        panel
    }

    /// States as coloured spans.
    pub(super) fn timeline(title: &'static str, size: (u64, u64), queries: Vec<Query>) -> Self {
        let options = json!({
            "alignValue": "left", "mergeValues": true, "rowHeight": 0.9, "showValue": "auto",
            "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": true},
            "tooltip": {"mode": "single", "sort": "none"},
        });
        let mut panel = Self::new("state-timeline", title, size, queries, options);
        panel.custom = Some(json!({"fillOpacity": 80, "lineWidth": 0}));
        panel
    }

    /// States as a grid of cells.
    pub(super) fn history(title: &'static str, size: (u64, u64), queries: Vec<Query>) -> Self {
        let options = json!({
            "colWidth": 0.9, "rowHeight": 0.9, "showValue": "never",
            "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": true},
            "tooltip": {"mode": "single", "sort": "none"},
        });
        let mut panel = Self::new("status-history", title, size, queries, options);
        panel.custom = Some(json!({"fillOpacity": 80, "lineWidth": 1}));
        // It draws nothing when there are more points than half its width in pixels.
        panel.most_points = Some(96);
        panel
    }

    /// Bars side by side.
    pub(super) fn bars(title: &'static str, size: (u64, u64), queries: Vec<Query>) -> Self {
        let options = json!({
            "displayMode": "basic", "maxVizHeight": 300, "minVizHeight": 10, "minVizWidth": 8,
            "namePlacement": "auto", "orientation": "horizontal", "reduceOptions": last(), "showUnfilled": true,
            "sizing": "auto", "valueMode": "color",
        });
        Self::new("bargauge", title, size, queries, options)
    }

    /// A histogram over time.
    pub(super) fn heatmap(title: &'static str, size: (u64, u64), queries: Vec<Query>) -> Self {
        let options = json!({
            "calculate": false, "cellGap": 1, "cellValues": {"unit": "none"},
            "color": {"exponent": 0.5, "fill": "dark-orange", "mode": "scheme", "reverse": false,
                      "scale": "exponential", "scheme": "Oranges", "steps": 64},
            "exemplars": {"color": "rgba(255,0,255,0.7)"}, "filterValues": {"le": 1e-9},
            "legend": {"show": true}, "rowsFrame": {"layout": "auto"}, "showValue": "never",
            "tooltip": {"mode": "single", "showColorScale": true, "yHistogram": false},
            "yAxis": {"axisPlacement": "left", "reverse": false, "unit": "s"},
        });
        let mut panel = Self::new("heatmap", title, size, queries, options);
        panel.custom = Some(json!({"scaleDistribution": {"type": "linear"}}));
        panel
    }

    /// Rows and columns.
    pub(super) fn table(title: &'static str, size: (u64, u64), queries: Vec<Query>) -> Self {
        let options = json!({"cellHeight": "sm", "frameIndex": 0, "showHeader": true,
            "footer": {"countRows": false, "reducer": ["sum"], "show": false}});
        let mut panel = Self::new("table", title, size, queries, options);
        panel.custom = Some(json!({
            "align": "auto", "cellOptions": {"type": "auto"}, "filterable": true, "inspect": false,
        }));
        panel
    }

    /// Lines on a map, with the site's own tiles or none.
    pub(super) fn map(title: &'static str, size: (u64, u64), queries: Vec<Query>, tiles: Option<&str>) -> Self {
        let (name, url) = tiles.map_or(("无底图", NO_TILE), |url| ("底图", url));
        let basemap = json!({"type": "xyz", "name": name, "config": {"url": url, "attribution": ""}});
        let options = json!({
            "basemap": basemap,
            "controls": {"mouseWheelZoom": true, "showAttribution": false, "showDebug": false, "showMeasure": false,
                         "showScale": true, "showZoom": true},
            "layers": [{
                "type": "markers", "name": "线路", "tooltip": true,
                "location": {"mode": "coords", "latitude": "纬度", "longitude": "经度"},
                "config": {"showLegend": false, "style": {
                    "color": {"field": "状态", "fixed": "green"}, "opacity": 0.9,
                    "size": {"fixed": 7, "min": 2, "max": 15},
                    "symbol": {"fixed": "img/icons/marker/circle.svg", "mode": "fixed"},
                }},
            }],
            "tooltip": {"mode": "details"},
            "view": {"id": "fit", "allLayers": true, "lat": 0, "lon": 0, "zoom": 10, "padding": 10},
        });
        Self::new("geomap", title, size, queries, options)
    }

    /// Sentences.
    pub(super) fn note(title: &'static str, size: (u64, u64), markdown: &str) -> Self {
        Self::new("text", title, size, Vec::new(), json!({"content": markdown, "mode": "markdown"}))
    }

    /// What it means, behind the (i).
    pub(super) fn says(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// The unit of Grafana: `s`, `percentunit`, `short` …
    pub(super) fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    pub(super) fn decimals(self, decimals: u64) -> Self {
        Self { decimals: Some(decimals), ..self }
    }

    /// Another colour from each value on.
    pub(super) fn colors(mut self, base: &'static str, steps: &[(f64, &'static str)]) -> Self {
        self.thresholds = vec![(None, base)];
        self.thresholds.extend(steps.iter().map(|(value, color)| (Some(*value), *color)));
        self
    }

    /// Words for values.
    pub(super) fn words(self, mappings: Vec<Value>) -> Self {
        Self { mappings, ..self }
    }

    pub(super) fn between(self, least: f64, most: f64) -> Self {
        Self { bounds: Some((least, most)), ..self }
    }

    /// One option more.
    pub(super) fn option(mut self, name: &str, value: Value) -> Self {
        self.options[name] = value;
        self
    }

    /// Curves upon one another.
    pub(super) fn stacked(mut self) -> Self {
        if let Some(custom) = &mut self.custom {
            custom["stacking"]["mode"] = json!("normal");
            custom["fillOpacity"] = json!(60);
        }
        self
    }

    /// Where a click on a value leads.
    pub(super) fn link(mut self, title: &str, url: &str) -> Self {
        self.links.push(json!({"title": title, "url": url, "targetBlank": false}));
        self
    }

    /// One property of one column.
    pub(super) fn column(mut self, column: &str, property: &str, value: &Value) -> Self {
        self.overrides.push(json!({
            "matcher": {"id": "byName", "options": column}, "properties": [{"id": property, "value": value}],
        }));
        self
    }

    /// Brings rows of all queries together that agree in what they have in common, drops what is Prometheus' own and
    /// names the others. Grafana 9.1 knows the join by a field under another name only, so it is not used.
    pub(super) fn merged(mut self, names: &[(&str, &str)]) -> Self {
        let hidden: serde_json::Map<_, _> =
            ["Time", "__name__", "job", "instance"].into_iter().map(|name| (name.to_owned(), json!(true))).collect();
        let renamed: serde_json::Map<_, _> =
            names.iter().map(|(name, shown)| ((*name).to_owned(), json!(shown))).collect();
        let order: serde_json::Map<_, _> =
            names.iter().zip(0_u64..).map(|((name, _), place)| ((*name).to_owned(), json!(place))).collect();
        if self.queries.len() > 1 {
            self.transformations.push(json!({"id": "merge", "options": {}}));
        }
        self.transformations.push(json!({
            "id": "organize", "options": {"excludeByName": hidden, "renameByName": renamed, "indexByName": order},
        }));
        self.transformations.push(json!({
            "id": "filterFieldsByName",
            "options": {"include": {"names": names.iter().map(|(_, shown)| *shown).collect::<Vec<_>>()}},
        }));
        self
    }

    pub(super) fn json(&self, id: u64, [x, y]: [u64; 2]) -> Value {
        let steps: Vec<Value> =
            self.thresholds.iter().map(|(value, color)| json!({"color": color, "value": value})).collect();
        let mut defaults = json!({
            "color": {"mode": if self.kind == "timeseries" { "palette-classic" } else { "thresholds" }},
            "links": self.links, "mappings": self.mappings, "noValue": "无", "unit": self.unit,
            "thresholds": {"mode": "absolute", "steps": steps},
        });
        if let Some(decimals) = self.decimals {
            defaults["decimals"] = json!(decimals);
        }
        if let Some((least, most)) = self.bounds {
            (defaults["min"], defaults["max"]) = (json!(least), json!(most));
        }
        if let Some(custom) = &self.custom {
            defaults["custom"] = custom.clone();
        }
        let datasource = json!({"type": "prometheus", "uid": DATASOURCE});
        let mut panel = json!({
            "datasource": datasource, "description": self.description,
            "fieldConfig": {"defaults": defaults, "overrides": self.overrides},
            "gridPos": {"h": self.height, "w": self.width, "x": x, "y": y},
            "id": id, "options": self.options, "title": self.title, "type": self.kind,
        });
        if let Some(points) = self.most_points {
            panel["maxDataPoints"] = json!(points);
        }
        if self.queries.is_empty() {
            return panel;
        }
        let letters = ["A", "B", "C", "D", "E", "F"];
        panel["targets"] = letters.iter().zip(&self.queries).map(|(letter, query)| query.json(letter)).collect();
        if !self.transformations.is_empty() {
            panel["transformations"] = json!(self.transformations);
        }
        panel
    }
}

impl Query {
    fn json(&self, letter: &str) -> Value {
        json!({
            "datasource": {"type": "prometheus", "uid": DATASOURCE}, "editorMode": "code", "exemplar": false,
            "expr": self.expr, "format": self.format, "instant": self.instant, "range": !self.instant,
            "legendFormat": self.legend, "refId": letter,
        })
    }
}

fn last() -> Value {
    json!({"calcs": ["lastNotNull"], "fields": "", "values": false})
}

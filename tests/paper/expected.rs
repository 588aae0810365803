//! The rows that a paper must have, from the JSON alone.

use serde_json::Value;

use super::cells::Rows;

/// A ratio as percent with three decimals, cut off from the decimals that JSON shows.
pub fn percent(ratio: &Value) -> String {
    let Some(ratio) = ratio.as_f64() else { return "未观测".to_owned() };
    let text = format!("{ratio}");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{part:0<5}");
    let (percent, decimals) = digits.split_at(whole.len() + 2);
    format!("{}.{}\u{a0}%", percent.parse::<u32>().expect("digits"), &decimals[..3])
}

/// The same in a column that has the sign in its title.
pub fn bare(ratio: &Value) -> String {
    percent(ratio).trim_end_matches("\u{a0}%").to_owned()
}

/// A ratio of faults, of which there may be none.
pub fn share(ratio: &Value) -> String {
    if ratio.is_null() { "—".to_owned() } else { percent(ratio) }
}

fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> = (0..digits.len())
        .rev()
        .step_by(3)
        .map(|end| &digits[(end + 1).saturating_sub(3)..=end])
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    parts.join(",")
}

/// Milliseconds as hours with three decimals.
pub fn hours(millis: &Value) -> String {
    let thousandths = millis.as_i64().expect("milliseconds") / 3600;
    format!("{}.{:03}", grouped(thousandths / 1000), thousandths % 1000)
}

/// Milliseconds as `12:05:09.250`.
pub fn clock(millis: &Value) -> String {
    let Some(millis) = millis.as_i64() else { return "—".to_owned() };
    let seconds = millis / 1000;
    format!("{}:{:02}:{:02}.{:03}", seconds / 3600, seconds / 60 % 60, seconds % 60, millis % 1000)
}

fn yuan(yuan: &Value) -> String {
    yuan.as_f64().map_or_else(
        || "—".to_owned(),
        |yuan| {
            let text = format!("{yuan:.2}");
            let (whole, part) = text.split_once('.').expect("two decimals");
            format!("{}.{part}", grouped(whole.parse().expect("digits")))
        },
    )
}

fn named(name: &Value) -> String {
    match name.as_str().unwrap_or_default() {
        "" => "（未填）".to_owned(),
        "township" => "区直及乡镇".to_owned(),
        "village" => "村社区".to_owned(),
        "surveillance" => "视频监控".to_owned(),
        name => name.to_owned(),
    }
}

/// The three rows that a group of lines has.
fn group(name: String, figures: &Value) -> Rows {
    let ratios = [
        "availability",
        "availability_low",
        "availability_high",
        "coverage",
        "availability_unexcluded",
        "gross_availability",
    ];
    let times = ["in_service_ms", "up_ms", "down_ms", "planned_ms", "excluded_ms", "undetermined_ms"];
    let counts = |keys: &[&str]| keys.iter().map(|key| figures[key].to_string()).collect::<Vec<_>>();
    let proven = if figures["proven"] == true { "" } else { "证据\n不足" };
    let mut first = vec![name.clone()];
    first.extend(counts(&["lines", "lines_at_end"]));
    first.extend(ratios.map(|key| bare(&figures[key])));
    first.push(proven.to_owned());
    let second = [name.clone()].into_iter().chain(times.map(|key| hours(&figures[key]))).collect();
    let mut third = vec![name];
    third.extend(counts(&["outages", "outages_carried_in", "outages_open"]));
    third.extend([clock(&figures["mttr_ms"]), clock(&figures["longest_outage_ms"])]);
    third.extend(counts(&["compliant_lines", "zero_outage_lines", "unproven_lines"]));
    third.push(yuan(&figures["rent_yuan"]));
    vec![first, second, third]
}

fn cohort(name: String, cohort: &Value) -> Vec<String> {
    let counts = ["carried_in", "opened", "reopened_in", "", "resolved", "open_at_end", "resolved_since"];
    let number = |key: &str| cohort[key].as_u64().unwrap_or_default();
    let all = number("carried_in") + number("opened") + number("reopened_in");
    let ratio = if all == 0 { "—".to_owned() } else { bare(&ratio_of(number("resolved"), all)) };
    let counts = counts.map(|key| if key.is_empty() { all } else { number(key) }.to_string());
    [name].into_iter().chain(counts).chain([ratio]).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a handful of faults")]
fn ratio_of(part: u64, whole: u64) -> Value {
    Value::from(part as f64 / whole as f64)
}

/// Every row about groups, lines and faults.
pub fn rows(json: &Value) -> Rows {
    let list = |key: &str| json[key].as_array().expect("a list").clone();
    let mut rows = Rows::new();
    for (key, name) in [("classes", "class"), ("townships", "township"), ("carriers", "carrier"), ("months", "month")] {
        // A single month is the total once more.
        for figures in list(key).into_iter().filter(|_| key != "months" || list(key).len() > 1) {
            rows.extend(group(named(&figures[name]), &figures));
        }
    }
    rows.extend(group("合计".to_owned(), &json["total"]));
    for line in list("lines") {
        let text = |key: &str| line[key].as_str().unwrap_or_default().replace(char::is_control, "");
        let missed = line["proven"] == true && line["compliant_lines"] == 0;
        let marks = [
            (line["compliant_lines"] != 0, "达标"),
            (line["proven"] == false, "证据不足"),
            (missed, "未达标"),
            (line["imported"] == true, "导入"),
        ];
        let marks: Vec<&str> = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect();
        rows.push(vec![
            text("line"),
            text("name"),
            named(&line["class"]),
            named(&line["township"]),
            bare(&line["availability"]),
            bare(&line["coverage"]),
            hours(&line["down_ms"]),
            hours(&line["undetermined_ms"]),
            line["outages"].to_string(),
            marks.join("\n"),
        ]);
    }
    let faults = &json["faults"];
    if faults["carried_in"] == 0 && faults["opened"] == 0 && faults["reopened_in"] == 0 {
        return rows;
    }
    rows.push(cohort("故障（件）".to_owned(), faults));
    rows.push(cohort("故障点位（个）".to_owned(), &faults["points"]));
    for (source, name) in [("detected", "网管自查"), ("reported", "人工上报")] {
        if let Some(found) = faults["by_source"].get(source) {
            rows.push(cohort(name.to_owned(), found));
        }
    }
    for of in faults["by_cause"].as_array().expect("a list") {
        let cause = of["cause"].as_str().unwrap_or("（未填原因）");
        rows.push(cohort(cause.to_owned(), of));
    }
    for key in ["by_channel", "by_class", "by_township"] {
        for (name, of) in faults[key].as_object().expect("by name") {
            rows.push(cohort(named(&Value::from(name.as_str())), of));
        }
    }
    rows
}

/// Names and values that stand beside one another.
pub fn pairs(json: &Value) -> Vec<(&'static str, String)> {
    let (total, faults) = (&json["total"], &json["faults"]);
    let mut pairs = vec![
        ("期内在用过的线路（条）", total["lines"].to_string()),
        ("期末在用线路（条）", total["lines_at_end"].to_string()),
        ("节点连通率", percent(&total["availability"])),
        ("观测覆盖率", percent(&total["coverage"])),
        ("连通率下限", percent(&total["availability_low"])),
        ("连通率上限", percent(&total["availability_high"])),
        ("未剔除连通率", percent(&total["availability_unexcluded"])),
        ("毛可用率", percent(&total["gross_availability"])),
        ("其中自身中断（小时）", hours(&total["down_own_ms"])),
        ("其中上联中断（小时）", hours(&total["down_upstream_ms"])),
        ("其中人工认定（小时）", hours(&total["down_declared_ms"])),
        ("其中跨空档计入（小时）", hours(&total["bridged_ms"])),
        ("期内结束中断", total["outages_ended"].to_string()),
        ("平均无中断时长", clock(&total["mtbf_ms"])),
        ("平均发现时延", clock(&total["detection_delay_ms"])),
        ("租赁费（元）", yuan(&total["rent_yuan"])),
        ("单条线路租赁费（元）", yuan(&total["rent_per_line"])),
    ];
    if faults["carried_in"] != 0 || faults["opened"] != 0 || faults["reopened_in"] != 0 {
        pairs.extend([
            ("故障修复及时率", share(&faults["on_time_ratio"])),
            ("时限内修复 ÷ 应修复", format!("{} ÷ {}", faults["on_time"], faults["due"])),
            ("平均修复时长", clock(&faults["mttr_ms"])),
            ("修复时长中位数", clock(&faults["median_ms"])),
            ("修复时长 95 分位", clock(&faults["p95_ms"])),
            ("最久未决", clock(&faults["open_age_max_ms"])),
            ("自愈（件）", faults["self_cleared"].to_string()),
            ("不计自愈：点位解决率", share(&faults["without_self_cleared"]["point_resolution_ratio"])),
            ("免责（件）", faults["exempt"].to_string()),
            ("不计免责：点位解决率", share(&faults["without_exempt"]["point_resolution_ratio"])),
            ("误报（不计入）", faults["void"].to_string()),
            ("并入其他故障（不计入）", faults["merged"].to_string()),
            ("报障的村（个）", faults["villages_reported"].to_string()),
            ("其中全部解决的村（个）", faults["villages_resolved"].to_string()),
            ("巡检（次）", faults["inspections"].to_string()),
        ]);
    }
    pairs
}

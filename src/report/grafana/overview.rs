//! 总览: everything on one screen.

use linewatch_core::ledger::Stage;
use serde_json::json;

use crate::language::Language;
use crate::report::words;

use super::board::{Board, CLASS, TOWNSHIPS};
use super::panel::{Panel, classes, instant, range, rows, said, states, yes_no};
use super::{OVERVIEW, PAGES, Site};

const OUTAGES: &str = "linewatch_line_outage_start_timestamp_seconds";
const CHOSEN: &str = r#"class=~"$class",township=~"$township""#;

/// What follows the address of the pages in the link to a fault.
pub(super) const FAULT_PAGE: &str = "/faults/${__value.raw}";

/// The dashboard.
pub(super) fn board(site: &Site) -> Board {
    let mut panels = numbers();
    panels.push(wall());
    panels.extend([faults(), by_township(), by_state()]);
    panels.extend(availability());
    panels.push(map(site));
    Board {
        path: OVERVIEW,
        uid: "linewatch-overview",
        title: "总览",
        description: "现在哪里不正常、谁的时限快到了、离年度目标还差多少。",
        from: "now-24h",
        refresh: "30s",
        variables: vec![CLASS, TOWNSHIPS],
        panels,
    }
}

fn numbers() -> Vec<Panel> {
    let bad = |panel: Panel| panel.colors("green", &[(1.0, "red")]);
    let count = |filter: &str| format!("count({OUTAGES}{{{filter},{CHOSEN}}}) or vector(0)");
    vec![
        bad(Panel::stat("自身中断的线路", (4, 4), vec![instant(&count(r#"attribution!="upstream""#), "中断")]))
            .says("这些线路自己断了，要派人的是它们。")
            .unit("short"),
        Panel::stat("随上联中断的线路", (4, 4), vec![instant(&count(r#"attribution="upstream""#), "随上联")])
            .says("上联断了，它们跟着不通；修好上联就好。")
            .unit("short")
            .colors("green", &[(1.0, "orange")]),
        Panel::stat(
            "未观测的线路",
            (4, 4),
            vec![instant(
                &format!(r#"sum(linewatch_lines{{state=~"undetermined|pending",{CHOSEN}}}) or vector(0)"#),
                "未观测",
            )],
        )
        .says("不知道好坏：既不算通，也不算断。")
        .unit("short")
        .colors("green", &[(1.0, "purple")]),
        bad(Panel::stat(
            "未修复的故障数",
            (4, 4),
            vec![instant(&format!("sum(linewatch_faults_open{{{CHOSEN}}}) or vector(0)"), "故障")],
        ))
        .says("一条主干断了是一个故障，不论连带多少条。")
        .unit("short"),
        bad(Panel::stat(
            "超过时限的故障",
            (4, 4),
            vec![instant(&format!(r#"sum(linewatch_faults_open{{overdue="true",{CHOSEN}}}) or vector(0)"#), "超时")],
        ))
        .unit("short"),
        Panel::stat(
            "监测端",
            (4, 4),
            vec![instant(
                r#"max(linewatch_monitor_blind + 10 * linewatch_simulated or 2 * (1 - up{job="linewatch"}))"#,
                "监测端",
            )],
        )
        .says(
            "失明：监测端自己什么都看不见。停了：抓不到监测程序。这两种时候，上面的数字都不可信。\
             模拟：没有真实的线路，全是演示数据。",
        )
        .unit("none")
        .words(vec![json!({"type": "value", "options": {
            "0": {"text": "看得见", "color": "green", "index": 0},
            "1": {"text": "失明", "color": "purple", "index": 1},
            "2": {"text": "停了", "color": "red", "index": 2},
            "10": {"text": "模拟数据", "color": "blue", "index": 3},
            "11": {"text": "模拟：失明", "color": "purple", "index": 4},
        }})]),
    ]
}

fn wall() -> Panel {
    Panel::stat("全部线路", (24, 14), vec![instant(&format!("linewatch_line_state{{{CHOSEN}}}"), "{{line}}")])
        .says("一格一条线路：绿正常，黄可疑，红中断，橙恢复中，紫不知道。点一格看这条线路。")
        .unit("none")
        .words(states())
        .option("textMode", json!("name"))
        .link("看这条线路", "/d/linewatch-line?var-line=${__field.labels.line}&${__url_time_range}")
}

fn faults() -> Panel {
    let info = format!("max by (fault, line, class, township, source, stage) (linewatch_fault_info{{{CHOSEN}}})");
    // A fault whose line has left the inventory has no name, and is shown all the same.
    let names = "max by (line, name) (line:linewatch_line_name:info)";
    let shown = format!("{info} * on (line) group_left (name) {names} or on (fault) {info}");
    // Of the chosen lines' faults only: what other queries return beside it would be rows of their own.
    let among = format!("and on (fault) linewatch_fault_info{{{CHOSEN}}}");
    Panel::table(
        "未修复的故障",
        (24, 9),
        vec![
            rows(&shown),
            rows(&format!("max by (fault) (linewatch_fault_opened_timestamp_seconds {among}) * 1000")),
            rows(&format!("max by (fault) (linewatch_fault_deadline_timestamp_seconds {among}) * 1000")),
            rows(&format!("max by (fault) (linewatch_fault_deadline_timestamp_seconds {among}) - time()")),
        ],
    )
    .says("点故障编号，打开这个故障的页面。")
    .merged(&[
        ("fault", "故障"),
        ("name", "线路名称"),
        ("line", "线路编号"),
        ("township", "乡镇"),
        ("class", "类别"),
        ("source", "来源"),
        ("stage", "进展"),
        ("Value #B", "开始"),
        ("Value #C", "时限"),
        ("Value #D", "离时限"),
    ])
    .column(
        "故障",
        "links",
        &json!([{"title": "打开故障", "url": format!("{PAGES}{FAULT_PAGE}"), "targetBlank": true}]),
    )
    .column(
        "线路编号",
        "links",
        &json!([{"title": "看这条线路", "url": "/d/linewatch-line?var-line=${__value.raw}", "targetBlank": false}]),
    )
    .column("类别", "mappings", &classes())
    .column("来源", "mappings", &said(&[("detected", "监测发现"), ("reported", "人工报障")]))
    .column("进展", "mappings", &stages())
    .column("开始", "unit", &json!("dateTimeAsIso"))
    .column("时限", "unit", &json!("dateTimeAsIso"))
    .column("离时限", "unit", &json!("dtdurations"))
    .option("sortBy", json!([{"displayName": "离时限", "desc": false}]))
}

/// Values of the label `stage`, in the words of the pages.
fn stages() -> serde_json::Value {
    let words: Vec<(&str, &str)> =
        Stage::ALL.iter().map(|stage| (stage.label(), words::stage(*stage, Language::Chinese))).collect();
    said(&words)
}

fn by_township() -> Panel {
    Panel::bars(
        "各乡镇中断的线路",
        (12, 10),
        vec![instant(
            r#"sort_desc(sum by (township) (linewatch_lines{state=~"down|recovering",class=~"$class",township=~"$township"}))"#,
            "{{township}}",
        )],
    )
    .says("点一个乡镇，看它的线路。")
    .unit("short")
    .colors("green", &[(1.0, "red")])
    .link("看这个乡镇", "/d/linewatch-township?var-township=${__field.labels.township}")
}

fn by_state() -> Panel {
    Panel::curves(
        "不正常的线路",
        (12, 10),
        vec![
            range(&format!(r#"sum(linewatch_lines{{state=~"down|recovering",{CHOSEN}}})"#), "中断"),
            range(&format!(r#"sum(linewatch_lines{{state="suspect",{CHOSEN}}})"#), "可疑"),
            range(&format!(r#"sum(linewatch_lines{{state=~"undetermined|pending",{CHOSEN}}})"#), "未观测"),
        ],
    )
    .unit("short")
    .stacked()
}

fn availability() -> Vec<Panel> {
    let so_far =
        |period: &str| format!(r#"max by (class) (linewatch_availability_ratio{{period="{period}",class=~"$class"}})"#);
    vec![
        Panel::table(
            "到目前为止的节点连通率与目标",
            (16, 7),
            vec![
                rows(&so_far("year")),
                rows(&so_far("month")),
                rows(r#"max by (class) (linewatch_availability_target_ratio{class=~"$class"})"#),
                rows(r#"max by (class) (class:linewatch_year_budget_spent:ratio{class=~"$class"})"#),
            ],
        )
        .says("随时变动，不能对外公布；公布的数字以 linewatch 的年度汇总为准。")
        .unit("percentunit")
        .decimals(3)
        .merged(&[
            ("class", "类别"),
            ("Value #A", "今年"),
            ("Value #B", "本月"),
            ("Value #C", "目标"),
            ("Value #D", "全年允许的中断已用"),
        ])
        .column("类别", "mappings", &classes()),
        Panel::stat(
            "配置与记录",
            (8, 7),
            vec![
                instant("min(linewatch_config_last_reload_successful)", "重载"),
                instant("1 - max(linewatch_journal_failing)", "记录库"),
                instant("1 - max(linewatch_monitor_muted)", "时钟"),
            ],
        )
        .unit("none")
        .words(yes_no(("有问题", "red"), ("正常", "green")))
        .option("textMode", json!("value_and_name"))
        .link("看监测自身", "/d/linewatch-monitor"),
    ]
}

fn map(site: &Site) -> Panel {
    Panel::map(
        "地图",
        (24, 14),
        vec![
            rows(&format!("max by (line) (linewatch_line_latitude_degrees{{{CHOSEN}}})")),
            rows(&format!("max by (line) (linewatch_line_longitude_degrees{{{CHOSEN}}})")),
            rows(&format!("max by (line) (linewatch_line_state{{{CHOSEN}}})")),
        ],
        site.tiles.as_deref(),
    )
    .says("线路表里写了经纬度的线路。底图来自本单位的瓦片服务器：linewatch grafana --tiles。")
    .unit("none")
    .merged(&[("line", "线路"), ("Value #A", "纬度"), ("Value #B", "经度"), ("Value #C", "状态")])
    .column("状态", "mappings", &json!(states()))
    .column(
        "状态",
        "thresholds",
        &json!({"mode": "absolute", "steps": [
            {"color": "#b877d9", "value": null}, {"color": "#37872d", "value": 1}, {"color": "#f2cc0c", "value": 2},
            {"color": "#c4162a", "value": 3}, {"color": "#ff9830", "value": 4}, {"color": "#8f3bb8", "value": 5},
        ]}),
    )
}

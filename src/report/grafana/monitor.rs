//! 监测自身: whether the watcher is well.

use serde_json::json;

use super::board::Board;
use super::panel::{Panel, buckets, instant, range, yes_no};

/// The dashboard.
pub(super) fn board() -> Board {
    Board {
        path: "dashboards/linewatch-monitor.json",
        uid: "linewatch-monitor",
        title: "监测自身",
        description: "监测程序看得见吗、记得下吗、准时吗；告警链路通吗。",
        from: "now-6h",
        refresh: "30s",
        variables: Vec::new(),
        panels: [numbers(), sight(), keeping(), process()].into_iter().flatten().collect(),
    }
}

fn numbers() -> Vec<Panel> {
    let one = |title, expr: &str| Panel::stat(title, (4, 4), vec![instant(expr, "")]).unit("none");
    vec![
        one("监测程序", r#"max(up{job="linewatch"})"#).words(yes_no(("停了", "red"), ("在运行", "green"))),
        one("视野", "max(linewatch_monitor_blind)").words(yes_no(("看得见", "green"), ("失明", "purple"))),
        one("记录库", "max(linewatch_journal_failing)").words(yes_no(("能写", "green"), ("写不进", "red"))),
        one("记录", "max(linewatch_monitor_muted)").words(yes_no(("在记录", "green"), ("不在记录", "red"))),
        one("配置重载", "min(linewatch_config_last_reload_successful)")
            .words(yes_no(("失败", "red"), ("成功", "green"))),
        Panel::stat("心跳", (4, 4), vec![instant("time() - max(linewatch_heartbeat_timestamp_seconds)", "")])
            .says("多久以前的心跳。正常在半分钟以内。")
            .unit("dtdurations")
            .colors("green", &[(60.0, "yellow"), (120.0, "red")]),
    ]
}

fn sight() -> Vec<Panel> {
    vec![
        Panel::timeline(
            "视野与参照",
            (12, 8),
            vec![range("1 - linewatch_monitor_blind", "视野"), range("linewatch_reference_up", "参照 {{reference}}")],
        )
        .unit("none")
        .words(yes_no(("不通", "red"), ("通", "green"))),
        Panel::curves(
            "发不出去的探测",
            (12, 8),
            vec![range("sum by (cause) (rate(linewatch_probes_unsent_total[$__rate_interval]))", "{{cause}}")],
        )
        .unit("pps"),
        Panel::heatmap(
            "探测晚发了多少",
            (12, 9),
            vec![buckets("sum by (le) (increase(linewatch_probe_lateness_seconds_bucket[$__rate_interval]))")],
        )
        .unit("short"),
        Panel::heatmap(
            "往返时延的分布",
            (12, 9),
            vec![buckets("sum by (le) (increase(linewatch_round_trip_delay_seconds_bucket[$__rate_interval]))")],
        )
        .unit("short"),
    ]
}

fn keeping() -> Vec<Panel> {
    vec![
        Panel::curves(
            "写入的记录",
            (12, 8),
            vec![
                range("increase(linewatch_journal_records_total[5m])", "5 分钟的记录"),
                range("increase(linewatch_journal_append_failures_total[5m])", "5 分钟的失败"),
            ],
        )
        .unit("short"),
        Panel::curves(
            "时钟与心跳",
            (12, 8),
            vec![
                range("time() - linewatch_heartbeat_timestamp_seconds", "心跳离现在"),
                range("increase(linewatch_clock_steps_total[30m])", "半小时内拨动时钟的次数"),
            ],
        )
        .unit("s")
        .column("半小时内拨动时钟的次数", "unit", &json!("short")),
        Panel::bars(
            "正在响的告警",
            (12, 8),
            vec![instant(r#"sum by (alertname) (ALERTS{alertstate="firing"})"#, "{{alertname}}")],
        )
        .says("Watchdog 永远在响：没有它，就是告警链路断了。")
        .unit("short"),
        Panel::curves("抓取用时", (12, 8), vec![range(r#"scrape_duration_seconds{job="linewatch"}"#, "{{instance}}")])
            .unit("s"),
    ]
}

fn process() -> Vec<Panel> {
    let mine = r#"{job="linewatch"}"#;
    vec![
        Panel::curves(
            "CPU",
            (8, 7),
            vec![range(&format!("rate(process_cpu_seconds_total{mine}[$__rate_interval])"), "核")],
        )
        .unit("percentunit"),
        Panel::curves("内存", (8, 7), vec![range(&format!("process_resident_memory_bytes{mine}"), "常驻")])
            .unit("bytes"),
        Panel::curves("打开的文件", (8, 7), vec![range(&format!("process_open_fds{mine}"), "描述符")]).unit("short"),
        Panel::stat("数据", (6, 4), vec![instant("max(linewatch_simulated)", "数据")])
            .says("模拟：linewatch simulate --live 在演示，没有真实的线路。")
            .unit("none")
            .words(vec![json!({"type": "value", "options": {
                "0": {"text": "真实", "color": "green", "index": 0},
                "1": {"text": "模拟", "color": "blue", "index": 1},
            }})]),
        Panel::stat("版本", (8, 4), vec![instant("linewatch_build_info", "{{version}}")])
            .unit("none")
            .option("textMode", json!("name"))
            .option("colorMode", json!("none")),
        Panel::stat(
            "配置生效",
            (10, 4),
            vec![instant("max(linewatch_config_last_reload_success_timestamp_seconds) * 1000", "")],
        )
        .unit("dateTimeAsIso")
        .option("colorMode", json!("none")),
    ]
}

//! 线路: one line.

use serde_json::json;

use super::PAGES;
use super::board::{Board, Variable};
use super::panel::{Panel, instant, range, rows, states, yes_no};

const LINE: &str = r#"line="$line""#;

/// The dashboard.
pub(super) fn board() -> Board {
    let mut panels = numbers();
    panels.extend(curves());
    panels.push(about());
    Board {
        path: "dashboards/linewatch-line.json",
        uid: "linewatch-line",
        title: "线路",
        description: "一条线路：状态、时延、丢包、中断。",
        from: "now-24h",
        refresh: "30s",
        variables: vec![Variable::Label { name: "line", title: "线路", series: "linewatch_line_state", all: false }],
        panels,
    }
}

fn numbers() -> Vec<Panel> {
    let one = |title, expr: &str| Panel::stat(title, (4, 4), vec![instant(expr, "")]);
    vec![
        one("现在", &format!("linewatch_line_state{{{LINE}}}"))
            .unit("none")
            .words(states())
            .link("打开线路页面", &format!("{PAGES}/lines/$line")),
        one("已经中断", &format!("time() - linewatch_line_outage_start_timestamp_seconds{{{LINE}}} or vector(0)"))
            .says("没有中断时是零。")
            .unit("dtdurations")
            .colors("green", &[(1.0, "red")]),
        one(
            "时延",
            &format!("linewatch_line_round_trip_delay_seconds{{{LINE}}} or linewatch_line_state{{{LINE}}} * 0 - 1"),
        )
        .says("最近一次应答的往返时延；没有应答时没有时延。")
        .unit("s")
        .decimals(1)
        .words(vec![json!({"type": "value", "options": {"-1": {"text": "没有应答", "color": "red", "index": 0}}})]),
        one("15 分钟丢包", &format!("line:linewatch_line_probes_lost:ratio_rate15m{{{LINE}}}"))
            .unit("percentunit")
            .decimals(1)
            .colors("green", &[(0.01, "yellow"), (0.05, "red")]),
        one("所选时段的中断次数", &format!("ceil(increase(linewatch_line_outages_total{{{LINE}}}[$__range]))"))
            .says("监测程序重启时计数归零，数字是估计；确切的中断在线路页面上。")
            .unit("short"),
        one("时断时续", &format!("linewatch_line_flapping{{{LINE}}}"))
            .unit("none")
            .words(yes_no(("否", "green"), ("是", "red"))),
    ]
}

fn curves() -> Vec<Panel> {
    vec![
        Panel::timeline("状态", (24, 5), vec![range(&format!("linewatch_line_state{{{LINE}}}"), "{{line}}")])
            .unit("none")
            .words(states()),
        Panel::curves(
            "往返时延",
            (24, 9),
            vec![
                range(&format!("linewatch_line_round_trip_delay_seconds{{{LINE}}}"), "时延"),
                range(&format!("line:linewatch_line_round_trip_delay_seconds:avg5m{{{LINE}}}"), "5 分钟平均"),
            ],
        )
        .says("丢失的探测没有时延，曲线在那里断开。")
        .unit("s"),
        Panel::curves(
            "丢包",
            (12, 8),
            vec![range(
                &format!(
                    "rate(linewatch_line_probes_lost_total{{{LINE}}}[$__rate_interval]) \
                     / (rate(linewatch_line_probes_sent_total{{{LINE}}}[$__rate_interval]) > 0) \
                     unless on (job, instance) linewatch_monitor_blind == 1"
                ),
                "丢包率",
            )],
        )
        .says("监测端失明时丢的包不是线路丢的，曲线在那里断开。")
        .unit("percentunit")
        .between(0.0, 1.0),
        Panel::curves(
            "累计中断时间",
            (12, 8),
            vec![range(&format!("linewatch_line_down_seconds_total{{{LINE}}}"), "自监测程序启动以来")],
        )
        .says("监测程序重启时归零。")
        .unit("s"),
    ]
}

fn about() -> Panel {
    Panel::table("线路表里的内容", (24, 4), vec![rows(&format!("linewatch_line_info{{{LINE}}}"))])
        .unit("none")
        .merged(&[
            ("line", "线路编号"),
            ("name", "线路名称"),
            ("class", "类别"),
            ("township", "乡镇"),
            ("village", "村（社区）"),
            ("address", "IP 地址"),
            ("upstream", "上联线路"),
            ("carrier", "运营商"),
            ("circuit_no", "电路编号"),
        ])
        .column(
            "线路编号",
            "links",
            &json!([{"title": "打开线路页面", "url": format!("{PAGES}/lines/${{__value.raw}}"), "targetBlank": true}]),
        )
}

//! 乡镇: all lines of a township.

use serde_json::json;

use super::PAGES;
use super::board::{Board, CLASS, Variable};
use super::panel::{Panel, instant, range, rows, yes_no};

const HERE: &str = r#"township="$township",class=~"$class""#;

/// The dashboard.
pub(super) fn board() -> Board {
    Board {
        path: "dashboards/linewatch-township.json",
        uid: "linewatch-township",
        title: "乡镇",
        description: "一个乡镇的全部线路。",
        from: "now-24h",
        refresh: "1m",
        variables: vec![
            Variable::Label { name: "township", title: "乡镇", series: "linewatch_lines", all: false },
            CLASS,
        ],
        panels: [numbers(), lines()].into_iter().flatten().collect(),
    }
}

fn numbers() -> Vec<Panel> {
    let one = |title, expr: &str| {
        Panel::stat(title, (6, 4), vec![instant(expr, "")]).unit("short").colors("green", &[(1.0, "red")])
    };
    vec![
        Panel::stat("线路", (6, 4), vec![instant(&format!("sum(linewatch_lines{{{HERE}}})"), "")]).unit("short"),
        one("中断", &format!(r#"sum(linewatch_lines{{{HERE},state=~"down|recovering"}})"#)),
        one("未观测", &format!(r#"sum(linewatch_lines{{{HERE},state=~"undetermined|pending"}})"#)),
        one("未修复的故障", &format!("sum(linewatch_faults_open{{{HERE}}})")),
    ]
}

fn lines() -> Vec<Panel> {
    vec![
        Panel::history(
            "各线路通不通",
            (24, 16),
            vec![range(&format!("min_over_time(linewatch_line_up{{{HERE}}}[$__interval])"), "{{line}}")],
        )
        .says("一行一条线路，一格一段时间；一格里断过就是红的，空着的是没有人看见。")
        .unit("none")
        .words(yes_no(("断过", "red"), ("通", "green")))
        .link("看这条线路", "/d/linewatch-line?var-line=${__field.labels.line}&${__url_time_range}"),
        Panel::table(
            "正在中断的线路",
            (24, 8),
            vec![
                rows(&format!(
                    "max by (line, class, attribution) (linewatch_line_outage_start_timestamp_seconds{{{HERE}}}) * 1000"
                )),
                rows(&format!(
                    "max by (line, name, village, upstream) (line:linewatch_line_name:info{{{HERE}}} \
                     and on (line) linewatch_line_outage_start_timestamp_seconds)"
                )),
            ],
        )
        .unit("none")
        .merged(&[
            ("line", "线路编号"),
            ("name", "线路名称"),
            ("village", "村（社区）"),
            ("upstream", "上联线路"),
            ("attribution", "归属"),
            ("Value #A", "中断开始"),
        ])
        .column("中断开始", "unit", &json!("dateTimeAsIso"))
        .column(
            "线路编号",
            "links",
            &json!([{"title": "打开线路页面", "url": format!("{PAGES}/lines/${{__value.raw}}"), "targetBlank": true}]),
        )
        .option("sortBy", json!([{"displayName": "中断开始", "desc": true}])),
        Panel::curves(
            "时延最大的十条",
            (12, 9),
            vec![range(&format!("topk(10, line:linewatch_line_round_trip_delay_seconds:avg5m{{{HERE}}})"), "{{line}}")],
        )
        .unit("s"),
        Panel::curves(
            "丢包最多的十条",
            (12, 9),
            vec![range(&format!("topk(10, line:linewatch_line_probes_lost:ratio_rate15m{{{HERE}}})"), "{{line}}")],
        )
        .unit("percentunit"),
    ]
}

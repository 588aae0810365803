//! 年度: how far the year's target is.

use serde_json::json;

use super::PAGES;
use super::board::{Board, CLASS};
use super::panel::{Panel, instant, range};

const CHOSEN: &str = r#"class=~"$class""#;

/// The dashboard.
pub(super) fn board() -> Board {
    Board {
        path: "dashboards/linewatch-year.json",
        uid: "linewatch-year",
        title: "年度",
        description: "离年度目标还有多远。公布的数字以 linewatch 的年度汇总为准。",
        from: "now-90d",
        refresh: "15m",
        variables: vec![CLASS],
        panels: [targets(), burning(), worst()].into_iter().flatten().collect(),
    }
}

fn targets() -> Vec<Panel> {
    let note = format!(
        "这里的数字随时变动，**不能对外公布**。节点连通有效性、故障点位解决情况以年度汇总为准。\n\n\
         什么是「全年允许的中断」、烧得快慢怎么算：见 [处置手册]({PAGES}/runbook/LinewatchYearBudgetBurnFast)。"
    );
    vec![
        Panel::note("说明", (6, 7), &note),
        Panel::bars(
            "今年到目前为止的节点连通率",
            (9, 7),
            vec![instant(
                &format!(r#"max by (class) (linewatch_availability_ratio{{period="year",{CHOSEN}}})"#),
                "{{class}}",
            )],
        )
        .says("红：低于 99% 的目标。别的目标见右边。")
        .unit("percentunit")
        .decimals(3)
        .between(0.95, 1.0)
        .colors("red", &[(0.99, "yellow"), (0.995, "green")]),
        Panel::bars(
            "全年允许的中断已经用掉",
            (9, 7),
            vec![instant(
                &format!("max by (class) (class:linewatch_year_budget_spent:ratio{{{CHOSEN}}})"),
                "{{class}}",
            )],
        )
        .says("到 100% 时，余下的日子再好也达不到目标。")
        .unit("percentunit")
        .decimals(1)
        .between(0.0, 1.0)
        .colors("green", &[(0.5, "yellow"), (0.8, "red")]),
    ]
}

fn burning() -> Vec<Panel> {
    let of = |window: &str| format!("max by (class) (class:linewatch_lines_down:ratio_{window}{{{CHOSEN}}})");
    vec![
        Panel::curves(
            "节点连通率",
            (12, 9),
            vec![
                range(
                    &format!(r#"max by (class) (linewatch_availability_ratio{{period="year",{CHOSEN}}})"#),
                    "{{class}} 今年",
                ),
                range(
                    &format!(r#"max by (class) (linewatch_availability_ratio{{period="month",{CHOSEN}}})"#),
                    "{{class}} 本月",
                ),
                range(&format!("max by (class) (linewatch_availability_target_ratio{{{CHOSEN}}})"), "{{class}} 目标"),
            ],
        )
        .unit("percentunit")
        .decimals(3),
        Panel::curves(
            "全年允许的中断已经用掉",
            (12, 9),
            vec![
                range(&format!("max by (class) (class:linewatch_year_budget_spent:ratio{{{CHOSEN}}})"), "{{class}}"),
                range("max(site:linewatch_year_elapsed:ratio)", "今年已过"),
            ],
        )
        .says("高于「今年已过」那条线，就是用得太快。")
        .unit("percentunit"),
        Panel::curves(
            "不通的时间占比",
            (24, 9),
            vec![
                range(&of("1d"), "{{class}} 近一天"),
                range(&of("7d"), "{{class}} 近一周"),
                range(&of("30d"), "{{class}} 近一个月"),
            ],
        )
        .says("目标 99% 时：近一天过 7.3%、近一周过 2.6%、近一个月过 1.2% 会告警。")
        .unit("percentunit"),
    ]
}

fn worst() -> Vec<Panel> {
    vec![
        Panel::bars(
            "近 30 天不通时间最长的二十条线路",
            (16, 14),
            vec![instant(
                &format!(
                    "topk(20, sum by (line) (sum_over_time((linewatch_line_up{{{CHOSEN}}} == bool 0)[30d:10m])) * 600)"
                ),
                "{{line}}",
            )],
        )
        .says("每十分钟看一次，是估计。")
        .unit("dtdurations")
        .colors("green", &[(1.0, "yellow"), (26_280.0, "red")])
        .link("看这条线路", "/d/linewatch-line?var-line=${__field.labels.line}"),
        Panel::bars(
            "近 30 天的中断次数",
            (8, 14),
            vec![instant(
                &format!("ceil(sum by (class) (increase(linewatch_line_outages_total{{{CHOSEN}}}[30d])))"),
                "{{class}}",
            )],
        )
        .unit("short")
        .option("orientation", json!("vertical")),
    ]
}

//! `/more`: everything that has no room in a phone's menu.

use askama::Template;
use axum::response::Response;

use linewatch_core::person::Deed;

use super::super::visit::Visit;
use super::{Frame, page};

#[derive(Template)]
#[template(path = "more.html", config = "src/web/templates/askama.toml")]
struct More {
    frame: Frame,
    links: Vec<Link>,
}

struct Link {
    href: &'static str,
    name: &'static str,
    about: &'static str,
}

/// `/more`.
pub(in crate::web) async fn more(visit: Visit) -> Response {
    let link = |href, name: (&'static str, &'static str), about: (&'static str, &'static str)| Link {
        href,
        name: visit.language.pick(name.0, name.1),
        about: visit.language.pick(about.0, about.1),
    };
    let mut links = vec![
        link(
            "/maintenance",
            ("计划停机", "Maintenance"),
            ("正在进行的、将要进行的和过去的停机窗口", "Planned windows: now, coming and past"),
        ),
        link(
            "/decisions",
            ("剔除与更正", "Decisions"),
            ("等待第二人审批的和已生效的", "What waits for approval, what counts"),
        ),
        link(
            "/inspections",
            ("巡检", "Inspections"),
            ("谁在什么时候看过哪条线路，发现了什么", "Who looked at which line, and what was found"),
        ),
        link(
            "/report",
            ("年度指标", "Figures of the year"),
            ("节点连通率、故障解决率，附依据与下载", "Connectivity and faults resolved, with bounds and downloads"),
        ),
        link("/wall", ("大屏", "Wall"), ("挂在墙上看的全部线路", "All lines, for a screen on a wall")),
        link(
            "/runbook",
            ("处置手册", "Runbook"),
            ("每种告警说明什么、先看什么、怎么办", "What each alert means, and what to do"),
        ),
        link("/api", ("接口", "Interface"), ("供其他程序读取和操作", "For other programs")),
        link("/metrics", ("监控指标", "Metrics"), ("供 Prometheus 采集", "For Prometheus")),
    ];
    if visit.viewer.may(Deed::KeepAccounts) {
        let about = ("谁能看什么、做什么；密码和令牌", "Who may see and do what; passwords and tokens");
        links.push(link("/accounts", ("账号", "Accounts"), about));
    }
    let title = visit.language.pick("更多", "More");
    page(&More { frame: Frame::new(&visit, title), links })
}

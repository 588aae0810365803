//! The pages and endpoints as a browser, a scraper and a service manager get them, over a real connection.

mod district;

use std::future::Future;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use district::District;
use linewatch::web::{Look, Settings, Source, router};
use linewatch_core::ledger::Blind;
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::BlindCause;
use linewatch_core::quality::LineHour;
use linewatch_core::time::Span;

struct Fixed(Option<Look>);

impl Source for Fixed {
    fn look(&self) -> Pin<Box<dyn Future<Output = Option<Look>> + Send + '_>> {
        Box::pin(std::future::ready(self.0.clone()))
    }

    fn quality(&self, line: LineId, _: Span) -> Pin<Box<dyn Future<Output = Option<Vec<LineHour>>> + Send + '_>> {
        Box::pin(std::future::ready(Some(district::quality(&line))))
    }
}

/// A server of its own on a free port, as long as the value lives.
struct Site {
    address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl Site {
    fn of(district: District) -> Self {
        let (snapshot, live) = district.publish();
        Self::serving(Some(Look { snapshot, live, settings: Settings::default() }))
    }

    fn serving(look: Option<Look>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("an address");
        runtime.spawn(async move { axum::serve(listener, router(Arc::new(Fixed(look)))).await });
        Self { address, _runtime: runtime }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"))
    }

    fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(request.as_bytes()).expect("writes");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("reads");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn position(&self, text: &str) -> usize {
        self.body.find(text).unwrap_or_else(|| panic!("no {text:?} in {}", self.body))
    }
}

#[test]
fn a_calm_day_says_so_and_nothing_is_wrong() {
    let page = Site::of(District::calm()).get("/");
    assert_eq!(page.status, 200);
    page.position("401 条线路全部正常");
    page.position("http-equiv=\"refresh\"");
    page.position("lang=\"zh-CN\"");
    assert!(!page.body.contains("中断与故障"));
}

#[test]
fn what_is_wrong_comes_before_the_totals_and_a_trunk_before_what_it_cuts_off() {
    let page = Site::of(District::bad()).get("/");
    let order = ["32 条线路中断，其中 27 条因上联中断", "温泉街道主干", "随之中断 27 条线路", "按类别", "按乡镇"];
    let places: Vec<usize> = order.iter().map(|text| page.position(text)).collect();
    assert!(places.is_sorted(), "{places:?}");
    page.position("已中断 2小时5分，自今天 07:55:00 起");
    page.position("未观测 4 条");
    page.position("已超修复时限 2小时");
}

#[test]
fn a_link_switches_to_english_and_a_cookie_keeps_it() {
    let site = Site::of(District::bad());
    site.get("/").position("href=\"/?lang=en\"");
    let page = site.get("/?lang=en");
    page.position("lang=\"en\"");
    page.position("32 lines down, 27 of them cut off by a line above");
    page.position("href=\"/lines/T-03\"");
    page.position("href=\"/?lang=zh-CN\"");
    let kept = "set-cookie: linewatch_lang=en; path=/; max-age=31536000; samesite=lax; httponly";
    assert!(page.head.contains(kept), "{}", page.head);
    let later = "GET /lines?class=village HTTP/1.1\r\nHost: test\r\nCookie: a=b; linewatch_lang=en\r\nConnection: close\r\n\r\n";
    site.ask(later).position("168 lines");
    site.ask(later).position("href=\"/lines?class=village&#38;lang=zh-CN\"");
    assert!(!site.get("/").head.contains("set-cookie"), "nobody asked for a language");
    site.get("/?lang=klingon").position("32 条线路中断");
}

/// The page is replaced part by part: what the reader unfolded has a name by which it stays so.
#[test]
fn lines_cut_off_can_be_unfolded_and_stay_so() {
    Site::of(District::bad()).get("/?lang=en").position("<details id=\"cut-1\">");
    assert!(!Site::of(District::calm()).get("/").body.contains("<details"), "nothing to unfold");
}

#[test]
fn a_page_waits_for_what_changes_on_one_connection() {
    let site = Site::of(District::bad());
    let page = site.get("/");
    let sign = page.body.split("data-live=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a sign");
    assert_eq!(site.get("/live?seen=1&wait=20").body, sign, "what is out of date is answered at once");
    assert_eq!(site.get(&format!("/live?seen={sign}&wait=1")).body, sign, "nothing has changed");
    let calm = Site::of(District::calm()).get("/").body;
    assert!(!calm.contains(sign));
}

#[test]
fn what_is_wrong_with_the_monitor_stands_above_the_lines() {
    let mut district = District::bad();
    district.committed.blind = Some(Blind { from: district::ago(65), cause: BlindCause::Silent });
    district.snapshot.journal.failing = Some("disk full".into());
    district.live.muted_until = Some(district::ago(-3600));
    let page = Site::of(district).get("/");
    let order =
        ["状况未知", "所有线路都无应答", "写入失败，正在重试：disk full", "2026-01-05</span> 11:00:00", "中断与故障"];
    let places: Vec<usize> = order.iter().map(|text| page.position(text)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn names_are_text_and_never_markup() {
    let mut district = District::empty();
    let mut line = Line::new("<i>/&?", "<script>alert(1)</script>", "\"><b>", "127.0.0.1");
    line.township = "'\"><u>".into();
    district.add(line);
    district.cut("<i>/&?", 60, &linewatch_core::record::Attribution::Own);
    let site = Site::of(district);
    for path in ["/", "/lines", "/lines/%3Ci%3E%2F%26%3F", "/lines/%3Cscript%3E", "/lines?class=%3Cscript%3E"] {
        let page = site.get(path);
        for markup in ["<script>", "<i>", "<b>\"", "<u>", "\"><b>"] {
            assert!(!page.body.contains(markup), "{markup} in {path}: {}", page.body);
        }
    }
    let address = "/lines/%3Ci%3E%2F%26%3F";
    site.get("/").position(address);
    assert_eq!(site.get(address).status, 200);
}

#[test]
fn every_answer_forbids_scripts_frames_and_sniffing() {
    let site = Site::of(District::calm());
    for path in ["/", "/lines", "/nowhere", "/metrics", "/assets/style.css", "/-/healthy"] {
        let head = site.get(path).head;
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: same-origin",
        ] {
            assert!(head.contains(header), "{header} on {path}: {head}");
        }
    }
    let page = site.get("/").body;
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<script src=\"/assets/live.js?v=") && page.contains("\" defer></script>"));
    assert!(!page.contains("style=") && !page.contains("<style"));
}

#[test]
fn health_and_readiness_are_different_questions() {
    let starting = Site::serving(None);
    assert_eq!(starting.get("/-/healthy").status, 200);
    assert_eq!(starting.get("/-/ready").status, 503);
    assert_eq!(starting.get("/metrics").status, 503);
    assert_eq!(starting.get("/").status, 503);

    let mut district = District::calm();
    district.committed.seq = 0;
    let answer = Site::of(district).get("/-/ready");
    assert_eq!(answer.status, 503);
    answer.position("尚未就绪");

    let mut district = District::calm();
    district.live.lines.pop();
    assert_eq!(Site::of(district).get("/-/ready").status, 503, "a line is not watched yet");
    assert_eq!(Site::of(District::calm()).get("/-/ready").status, 200);
    assert_eq!(Site::of(District::empty()).get("/-/ready").status, 200, "an inventory of headers only is valid");
}

#[test]
fn lines_are_listed_by_group_and_one_by_one() {
    let site = Site::of(District::bad());
    let all = site.get("/lines");
    assert_eq!(all.body.matches("<tr>").count(), 402);
    let township = site.get("/lines?township=%E6%B8%A9%E6%B3%89%E8%A1%97%E9%81%93");
    assert_eq!(township.body.matches("<tr>").count(), 29);
    let nowhere = site.get("/lines?township=-&class=township");
    assert_eq!(nowhere.body.matches("<tr>").count(), 41);
    let trunk = site.get("/lines/T-03");
    trunk.position("下联线路 27");
    trunk.position("故障 <span class=\"number\">F20260105-001</span>");
    assert_eq!(site.get("/lines/T-99").status, 404);
    assert_eq!(site.get("/nowhere").status, 404);
}

#[test]
fn only_reading_is_answered() {
    let site = Site::of(District::calm());
    let answer = site.ask("POST / HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(answer.status, 405);
    let answer = site.ask("HEAD / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
}

#[test]
fn metrics_are_prometheus_text() {
    let answer = Site::of(District::bad()).get("/metrics");
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"), "{}", answer.head);
    answer.position("linewatch_monitor_blind 0\n");
}

#[test]
fn the_page_of_a_line_shows_its_quality_as_tables_and_charts() {
    let site = Site::of(District::bad());
    let page = site.get("/lines/T-03");
    let order = [
        "探测质量",
        "近7天时延，0 到 10 毫秒",
        "近7天丢包率，0 到 1%",
        "合计",
        "近30天",
        "最近24小时",
        "<th>09:00</th>",
        "<th>07:00</th>",
    ];
    let places: Vec<usize> = order.iter().map(|text| page.position(text)).collect();
    assert!(places.is_sorted(), "{places:?}");
    page.position("<td class=\"down\">18</td><td class=\"down\">1.00%</td>");
    page.position("<polyline class=\"mean\"");
    page.position("<rect class=\"unseen\"");
    assert!(!page.body.contains("style=\"") && !page.body.contains("<script>"), "the policy forbids both");
    site.get("/lines/T-03?lang=en").position("Last 24 hours");
}

/// Each alert's `runbook_url` leads to a page in both languages, and no page is left of an alert that is gone.
#[test]
fn every_alert_has_its_page_in_the_runbook() {
    let site = Site::of(District::calm());
    let groups = linewatch::report::grafana::rules::read(linewatch::report::grafana::SHIPPED_ALERTS).expect("rules");
    let alerts: Vec<String> = groups.into_iter().flat_map(|group| group.rules).map(|rule| rule.alert).collect();
    let all = site.get("/runbook").body;
    for alert in &alerts {
        assert!(all.contains(alert.as_str()), "{alert} is not listed");
        for (query, section) in [("", "怎么办"), ("?lang=en", "What to do")] {
            let page = site.get(&format!("/runbook/{alert}{query}"));
            assert!(page.status == 200 && page.body.contains(section) && page.body.contains(alert), "{alert}{query}");
        }
    }
    let words = all.split(|letter: char| !letter.is_ascii_alphanumeric());
    let gone: Vec<&str> = words
        .filter(|word| word.len() > 9 && word.starts_with("Linewatch") && !alerts.iter().any(|alert| alert == word))
        .collect();
    assert!(gone.is_empty(), "pages of no alert: {gone:?}");
    assert_eq!(site.get("/runbook/LinewatchNoSuch").status, 404);
}

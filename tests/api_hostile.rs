//! Hostile text, bodies and types: nothing breaks, nothing is taken for markup, and every answer forbids what no page
//! here needs.

mod asking;
mod daemon;

use asking::{Asker, add_token, await_account};
use daemon::{Daemon, Home, Row};
use serde_json::{Value, json};

fn site() -> (Home, Daemon, Asker) {
    let home = Home::new().line(Row::new("T-01", "127.63.0.1").township("汀泗桥镇"));
    let daemon = home.start();
    let admin = Asker::with_token(&daemon, &add_token(&home, "admin", &["admin"]));
    await_account(&daemon, |answer| answer.status == 200, || admin.get("/api/v1/me"));
    (home, daemon, admin)
}

const TEXTS: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://evil.example\",\"click\")",
    "+1+cmd|' /C calc'!A0",
    "'; DROP TABLE journal; --",
    "😀👩‍👩‍👧‍👦\u{202e}abc\u{200b}",
    "{{7*7}} ${7*7} %s %n",
    "javascript:alert(1)",
    "../../etc/passwd\u{0}x",
];

#[test]
fn hostile_text_is_kept_as_text_and_shown_as_text() {
    let (home, daemon, admin) = site();
    let long = "长".repeat(2000);
    for text in TEXTS.iter().copied().chain([long.as_str()]) {
        let report = json!({"line": "T-01", "channel": "电话", "reporter": text, "words": text});
        let answer = admin.json("POST", "/api/v1/faults", &report);
        assert_eq!(answer.status, 201, "{text:?}: {}", answer.body);
        let inspection = json!({"line": "T-01", "findings": text, "inspector": text});
        assert_eq!(admin.json("POST", "/api/v1/inspections", &inspection).status, 201, "{text:?}");
    }
    let too_long = json!({"line": "T-01", "channel": "电话", "words": "长".repeat(2001)});
    assert_eq!(admin.json("POST", "/api/v1/faults", &too_long).status, 422);
    let fault = admin.get("/api/v1/faults").json()["items"][0]["number"].as_str().expect("a fault").to_owned();
    let detail = admin.get(&format!("/api/v1/faults/{fault}"));
    assert!(
        detail.body.contains("😀") && detail.json()["timeline"].as_array().is_some_and(|entries| entries.len() >= 10)
    );
    for path in [
        format!("/faults/{fault}"),
        "/faults".to_owned(),
        "/inspections".to_owned(),
        "/".to_owned(),
        "/faults/print".to_owned(),
    ] {
        let page = admin.get(&path);
        assert_eq!(page.status, 200, "{path}");
        for markup in ["<script>alert", "<img"] {
            assert!(!page.body.contains(markup), "{markup} in {path}");
        }
    }
    // Also in names: of accounts, of what is asked for.
    for text in TEXTS {
        let account = json!({"account": text, "role": "viewer"});
        assert_eq!(admin.json("POST", "/api/v1/accounts", &account).status, 422, "{text:?} is no name");
        let path = format!("/lines/{}", asking::encoded(text));
        for path in [
            path.clone(),
            format!("/api/v1{path}"),
            format!("/faults?q={}", asking::encoded(text)),
            format!("/login?next={}", asking::encoded(text)),
        ] {
            let page = admin.get(&path);
            assert!([200, 303, 404].contains(&page.status), "{path}: {}", page.status);
            // In JSON, which no browser here takes for a page, text is text.
            let html = page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            assert!(!html || !page.body.contains("<script>alert") && !page.body.contains("<img"), "{path}");
        }
    }
    assert_eq!(daemon.stop().code, Some(0));
    home.verified();
}

#[test]
fn bodies_that_are_too_long_or_of_the_wrong_kind_are_problems_and_nothing_else() {
    let (home, daemon, admin) = site();
    let records = home.said();
    let huge = vec![b'x'; 10 * 1024 * 1024];
    let json_head = "Content-Type: application/json\r\n";
    let form_head =
        format!("Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\n", daemon.address());
    for (path, head) in
        [("/api/v1/faults", json_head), ("/api/v1/accounts", json_head), ("/api/v1/me/password", json_head)]
    {
        assert_eq!(admin.request("POST", path, head, &huge).status, 413, "{path}");
    }
    let nobody = Asker::nobody(&daemon);
    assert!([400, 401, 413].contains(&nobody.request("POST", "/login", &form_head, &huge).status));
    let deep = "[".repeat(50_000);
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("no JSON", b"hello".to_vec()),
        ("no UTF-8", vec![b'{', b'"', 0xff, 0xfe, b'"', b'}']),
        ("a list", b"[]".to_vec()),
        ("null", b"null".to_vec()),
        ("a number for a text", br#"{"line": 5}"#.to_vec()),
        ("a text for a list", br#"{"line": "T-01", "channel": {"a": []}}"#.to_vec()),
        ("an unknown key", br#"{"line": "T-01", "admin": true}"#.to_vec()),
        ("a key twice", br#"{"line": "T-01", "line": "T-01"}"#.to_vec()),
        ("depth", deep.into_bytes()),
        ("an instant that is none", br#"{"line": "T-01", "at": "yesterday"}"#.to_vec()),
        ("an instant beyond all calendars", br#"{"line": "T-01", "at": "999999-01-01T00:00:00Z"}"#.to_vec()),
        ("the future", br#"{"line": "T-01", "at": "2099-01-01T00:00:00Z"}"#.to_vec()),
    ];
    for (what, body) in &bodies {
        for path in ["/api/v1/faults", "/api/v1/inspections"] {
            let answer = admin.request("POST", path, json_head, body);
            let problem = [400, 422].contains(&answer.status);
            assert!(problem, "{what} to {path}: {} {}", answer.status, answer.body);
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
            assert!(answer.json()["detail_zh"].is_string());
        }
    }
    assert_eq!(admin.request("POST", "/api/v1/faults", "Content-Type: text/plain\r\n", b"{}").status, 415);
    for query in ["limit=0", "limit=501", "limit=x", "offset=-1", "nothing=1", &format!("class={}", "x".repeat(65))] {
        assert_eq!(admin.get(&format!("/api/v1/lines?{query}")).status, 400, "{query}");
    }
    assert_eq!(home.said(), records, "nothing was recorded");
    assert_eq!(nobody.get("/-/healthy").status, 200);
}

#[test]
fn every_answer_forbids_what_no_page_needs() {
    let (_home, daemon, admin) = site();
    let nobody = Asker::nobody(&daemon);
    let description = nobody.get("/api/v1/openapi.json").json();
    let mut paths: Vec<String> = description["paths"].as_object().expect("paths").keys().cloned().collect();
    paths.retain(|path| !path.ends_with("/events"));
    paths.extend(
        [
            "/",
            "/lines",
            "/lines/T-01",
            "/faults",
            "/faults/print",
            "/report-fault",
            "/inspections",
            "/maintenance",
            "/decisions",
            "/report",
            "/wall",
            "/more",
            "/runbook",
            "/login",
            "/password",
            "/accounts",
            "/accounts/admin",
            "/sessions",
            "/api",
            "/metrics",
            "/nowhere",
            "/api/v1/nowhere",
            "/-/healthy",
            "/-/ready",
            "/assets/style.css",
            "/assets/live.js",
            "/assets/nothing",
        ]
        .map(str::to_owned),
    );
    let mut pages = 0;
    for path in &paths {
        for asker in [&nobody, &admin] {
            for method in ["GET", "POST", "DELETE"] {
                let answer = asker.request(method, path, "", b"");
                let what = format!("{method} {path}: {}", answer.head);
                let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{what}"));
                assert!(
                    policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
                    "{what}"
                );
                assert!(policy.contains("script-src 'self'") && policy.contains("form-action 'self'"), "{what}");
                assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{what}");
                for (name, value) in [
                    ("x-content-type-options", "nosniff"),
                    ("x-frame-options", "DENY"),
                    ("referrer-policy", "same-origin"),
                    ("cross-origin-opener-policy", "same-origin"),
                    ("cross-origin-resource-policy", "same-origin"),
                ] {
                    assert_eq!(answer.header(name), Some(value), "{name} of {what}");
                }
                assert!(answer.header("cache-control").is_some(), "{what}");
                assert!(answer.header("server").is_none() && answer.status != 500, "{what}");
                if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                    pages += 1;
                    assert_without_inline_script(path, &answer.body);
                }
            }
        }
    }
    assert!(pages > 30, "{pages}");
}

fn assert_without_inline_script(path: &str, page: &str) {
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        if let Some(script) = tag.strip_prefix("script") {
            assert!(script.contains(" src=\"/assets/"), "a script in {path}: {tag}");
        }
        assert!(!tag.starts_with("style") && !tag.starts_with("iframe"), "{tag} in {path}");
        for attribute in [" style=", " onclick=", " onload=", " onsubmit=", " onerror=", "javascript:"] {
            assert!(!tag.contains(attribute), "{attribute} in {path}: {tag}");
        }
    }
}

#[test]
fn the_description_names_every_kind_of_answer_and_how_to_show_who_one_is() {
    let (_home, daemon, _admin) = site();
    let description: Value = Asker::nobody(&daemon).get("/api/v1/openapi.json").json();
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.")));
    let schemes = &description["components"]["securitySchemes"];
    assert_eq!(
        (schemes["token"]["scheme"].as_str(), schemes["session"]["in"].as_str()),
        (Some("bearer"), Some("cookie"))
    );
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            for status in ["400", "401", "403", "422", "503"] {
                let problem = &operation["responses"][status]["content"]["application/problem+json"];
                assert!(problem.is_object(), "{status} of {method} {path}");
            }
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }
}

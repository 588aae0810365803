//! Accounts and sessions on their pages: whatever an admin changes there is the record that the command makes, with
//! its author; nobody else gets that far; and a session that ended is good for nothing anywhere.

mod asking;
mod daemon;

use asking::{Answer, Asker, add_account, add_token, await_account, await_records, set_password};
use daemon::{Daemon, Home, Row};

const PASSWORD: &str = "tomato salad at noon";

struct Site {
    home: Home,
    daemon: Daemon,
    admin: Asker,
}

impl Site {
    fn open() -> Self {
        let home = Home::new().line(Row::new("T-01", "127.61.1.1").township("汀泗桥镇"));
        let daemon = home.start();
        add_account(&home, "boss", &["admin"]);
        set_password(&home, "boss", PASSWORD);
        await_records(&daemon, &home);
        let admin = Self::log_in(&daemon, "boss");
        Self { home, daemon, admin }
    }

    fn log_in(daemon: &Daemon, name: &str) -> Asker {
        let (answer, asker) = Asker::nobody(daemon).log_in(name, PASSWORD);
        assert_eq!(answer.status, 303, "{}", answer.body);
        asker
    }

    /// What people said of accounts since the site was opened.
    fn told(&self) -> Vec<(String, &'static str)> {
        let records = self.home.records().into_iter().filter(|record| record.fact.kind().starts_with("person."));
        records.map(|record| (record.author.clone(), record.fact.kind())).skip(3).collect()
    }
}

/// The secret that an answer shows this once.
fn shown(answer: &Answer) -> String {
    let found = answer.body.split("<code class=\"secret\">").nth(1).and_then(|rest| rest.split('<').next());
    found.unwrap_or_else(|| panic!("no secret in {}\n{}", answer.head, answer.body)).to_owned()
}

fn me(asker: &Asker) -> serde_json::Value {
    asker.get("/api/v1/me").json()
}

#[test]
fn an_admin_adds_changes_and_disables_accounts_and_every_change_is_a_record() {
    let site = Site::open();
    let admin = &site.admin;
    let fields = [("account", "汀泗"), ("name", "汀泗桥镇办"), ("role", "office"), ("township", "汀泗桥镇")];
    let added = admin.form("/accounts", &fields);
    assert_eq!(added.status, 200, "{}", added.body);
    let once = shown(&added);
    assert!(added.header("cache-control").is_some_and(|value| value.contains("no-store")), "{}", added.head);
    assert!(!admin.get("/accounts/%E6%B1%80%E6%B3%97").body.contains(&once), "shown once");

    // Its owner logs in with it and has to set another one.
    let (answer, office) = Asker::nobody(&site.daemon).log_in("汀泗", &once);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/password")));
    assert_eq!(office.get("/accounts").header("location"), Some("/password"));
    let answer = office.form("/password", &[("old", &once), ("new", PASSWORD), ("again", PASSWORD)]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let office = Site::log_in(&site.daemon, "汀泗");
    assert_eq!(me(&office)["township"], "汀泗桥镇");

    let path = "/accounts/%E6%B1%80%E6%B3%97";
    let crew = admin.form(path, &[("do", "role"), ("role", "crew"), ("township", "汀泗桥镇")]);
    assert_eq!(crew.header("location"), Some("/accounts/%E6%B1%80%E6%B3%97?done=role"), "{}", crew.body);
    assert_eq!(me(&office)["role"], "crew", "the township counts for offices only, and the session goes on");
    let token = shown(&admin.form(path, &[("do", "token"), ("for", "值班大屏")]));
    let robot = Asker::with_token(&site.daemon, &token);
    assert_eq!(me(&robot)["account"], "汀泗");
    let number = site.home.records().last().expect("a record").seq.to_string();
    assert_eq!(admin.form(path, &[("do", "revoke"), ("token", &number)]).status, 303);
    assert_eq!(robot.get("/api/v1/me").status, 401);

    assert_eq!(admin.form(path, &[("do", "sign_out")]).status, 303);
    assert_eq!(me(&office)["account"], serde_json::Value::Null, "signed out everywhere");
    let office = Site::log_in(&site.daemon, "汀泗");
    assert_eq!(admin.form(path, &[("do", "disable"), ("reason", "调离")]).status, 303);
    assert_eq!(me(&office)["account"], serde_json::Value::Null);
    let page = admin.get("/accounts?lang=en").body;
    assert!(page.contains("disabled by boss") && page.contains("调离"), "{page}");
    let again = shown(&admin.form(path, &[("do", "enable")]));
    assert_ne!(again, once);
    assert_eq!(Asker::nobody(&site.daemon).log_in("汀泗", &again).0.status, 303);
    let by = |author: &str, kind| (author.to_owned(), kind);
    assert_eq!(
        site.told(),
        [
            by("boss", "person.added"),
            by("boss", "person.password_set"),
            by("汀泗", "person.password_set"),
            by("boss", "person.role_changed"),
            by("boss", "person.token_added"),
            by("boss", "person.token_revoked"),
            by("boss", "person.signed_out"),
            by("boss", "person.disabled"),
            by("boss", "person.enabled"),
            by("boss", "person.password_set"),
        ]
    );
    site.home.verified();
}

#[test]
fn what_cannot_be_is_told_in_the_words_of_the_page() {
    let site = Site::open();
    let admin = &site.admin;
    let add = |account, role, township| {
        admin.form("/accounts?lang=zh-CN", &[("account", account), ("role", role), ("township", township)])
    };
    for (answer, status, sentence) in [
        (add("boss", "crew", ""), 409, "账号 boss 已经有了"),
        (add("a b", "crew", ""), 422, "不能做账号"),
        (add("x", "king", ""), 422, "乡镇办要选"),
        (add("x", "office", ""), 422, "乡镇办要选"),
        (add("x", "office", "别处镇"), 409, "没有属于 别处镇 的线路；「线路」页面 列出全部线路"),
        (admin.form("/accounts/boss?lang=zh-CN", &[("do", "disable"), ("reason", "r")]), 409, "最后一个管理员"),
        (admin.form("/accounts/boss?lang=zh-CN", &[("do", "token"), ("for", " ")]), 409, "填「给哪个程序用」"),
        (admin.form("/accounts/boss?lang=zh-CN", &[("do", "revoke"), ("token", "1")]), 409, "「账号」页面 列出全部"),
        (admin.form("/accounts/boss?lang=zh-CN", &[("do", "explode")]), 422, "没有这个操作"),
        (admin.form("/accounts/nobody?lang=zh-CN", &[("do", "password")]), 404, "没有账号 nobody"),
    ] {
        assert_eq!(answer.status, status, "{sentence}: {}", answer.body);
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        let main = answer.body.split("<main").nth(1).unwrap_or_default();
        assert!(!main.contains("--"), "{main}");
    }
    assert_eq!(site.told(), [], "nothing was recorded");
    let kept = add("<b>", "crew", "").body;
    assert!(kept.contains("value=\"&#60;b&#62;\"") && !kept.contains("<b>&"), "what was typed is there again: {kept}");
}

#[test]
fn nobody_but_an_admin_gets_to_accounts() {
    let site = Site::open();
    let mut askers = vec![Asker::nobody(&site.daemon)];
    for role in [&["viewer"][..], &["crew"], &["office", "--township", "汀泗桥镇"]] {
        add_account(&site.home, role[0], role);
        set_password(&site.home, role[0], PASSWORD);
        await_records(&site.daemon, &site.home);
        askers.push(Site::log_in(&site.daemon, role[0]));
    }
    let records = site.told();
    for asker in &askers {
        for path in ["/accounts", "/accounts/boss"] {
            let answer = asker.get(path);
            assert_eq!(answer.status, 403, "{path}: {}", answer.body);
            let main = answer.body.split("<main").nth(1).and_then(|rest| rest.split("</main").next());
            // Whoever has not logged in is asked to, to come back to what he asked for: that is all that is said of it.
            let main = main.map(|main| main.replace("?next=%2Faccounts%2Fboss\"", "\""));
            assert!(main.is_some_and(|main| !main.contains("boss")), "{}", answer.body);
        }
        for (path, fields) in [
            ("/accounts", &[("account", "x"), ("role", "admin")][..]),
            ("/accounts/boss", &[("do", "password")]),
            ("/accounts/boss", &[("do", "token"), ("for", "me")]),
            ("/accounts/boss", &[("do", "sign_out")]),
            ("/accounts/viewer", &[("do", "role"), ("role", "admin")]),
        ] {
            let answer = asker.form(path, fields);
            assert_eq!(answer.status, 403, "{path}: {}", answer.body);
        }
        assert!(!asker.get("/more").body.contains("\"/accounts\""), "no link either");
    }
    assert_eq!(askers[0].get("/sessions").status, 403);
    assert_eq!(site.told(), records);
    // An admin's form counts only from a page of his own session.
    let stranger = Asker { csrf: "wrong".to_owned(), ..site.admin.clone() };
    for path in ["/accounts", "/accounts/boss", "/sessions"] {
        assert_eq!(stranger.form(path, &[("do", "password")]).status, 403, "{path}");
    }
    assert_eq!(site.told(), records);
}

#[test]
fn everybody_sees_his_own_sessions_and_ends_all_but_this_one() {
    let site = Site::open();
    let (here, elsewhere) = (Site::log_in(&site.daemon, "boss"), Site::log_in(&site.daemon, "boss"));
    let count = |asker: &Asker| {
        let sessions = asker.get("/api/v1/me/sessions").json();
        let own = sessions["items"].as_array().expect("sessions").iter().filter(|item| item["own"] == true).count();
        (sessions["total"].as_u64().expect("a number"), own)
    };
    assert_eq!(count(&here), (3, 1));
    let page = here.get("/sessions?lang=en").body;
    assert_eq!((page.matches("last used").count(), page.matches(">here<").count()), (2, 1), "{page}");
    let answer = here.form("/sessions", &[]);
    assert_eq!(answer.header("location"), Some("/sessions?done=ended"), "{}", answer.body);
    assert_eq!((me(&elsewhere)["account"].as_str(), me(&site.admin)["account"].as_str()), (None, None));
    assert_eq!((me(&here)["account"].as_str(), count(&here)), (Some("boss"), (1, 1)));
    assert_eq!(site.told(), [("boss".to_owned(), "person.signed_out")]);

    // The one that stayed is kept over a restart, the others are not.
    let database = rusqlite::Connection::open(&site.home.store).expect("opens");
    site.daemon.until("one session on disk", || {
        let count: i64 = database.query_row("SELECT count(*) FROM sessions", [], |row| row.get(0)).expect("counts");
        if count == 1 { Ok(()) } else { Err(count.to_string()) }
    });
    let listed = site.home.run(&["user", "sessions", "boss", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(site.daemon.stop().code, Some(0));
    let daemon = site.home.start();
    let [here, elsewhere] = [here, elsewhere].map(|asker| Asker { address: daemon.address(), ..asker });
    assert_eq!((me(&here)["account"].as_str(), me(&elsewhere)["account"].as_str()), (Some("boss"), None));

    // A command ends them all, with the daemon running.
    let output = site.home.run(&["user", "sign-out", "boss", "--by", "root"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    await_account(&daemon, |answer| answer.json()["account"].is_null(), || here.get("/api/v1/me"));
    assert_eq!(Asker::nobody(&daemon).log_in("boss", PASSWORD).0.status, 303, "the password holds");
    let nobody = site.home.run(&["user", "sessions", "nobody", "--lang", "en"]);
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("there is no account nobody; `linewatch user list`"));
}

#[test]
fn the_api_ends_sessions_as_the_pages_do() {
    let site = Site::open();
    let robot = Asker::with_token(&site.daemon, &add_token(&site.home, "robot", &["admin"]));
    await_account(&site.daemon, |answer| answer.status == 200, || robot.get("/api/v1/me"));
    assert_eq!(robot.get("/api/v1/accounts/boss/sessions").json()["total"], 1);
    assert_eq!(robot.json("DELETE", "/api/v1/accounts/nobody/sessions", &serde_json::json!({})).status, 404);
    assert_eq!(robot.json("DELETE", "/api/v1/accounts/boss/sessions", &serde_json::json!({})).status, 200);
    assert_eq!(me(&site.admin)["account"], serde_json::Value::Null);
    assert_eq!(robot.get("/api/v1/accounts/boss/sessions").json()["total"], 0);
    assert_eq!(me(&robot)["account"], "robot", "a token is no session");
    let problem = robot.json("POST", "/api/v1/accounts/boss/tokens", &serde_json::json!({"for": " "})).json();
    assert_eq!(problem["detail"], "it is missing what the token is for: give it as `for`");
    assert_eq!(problem["detail_zh"], "要写明令牌给哪个程序用：写 `for`");
}

/// What a logged-out browser goes on listening to.
#[test]
fn the_live_stream_of_a_session_ends_with_it() {
    use std::io::{Read, Write};
    let site = Site::open();
    let listener = Site::log_in(&site.daemon, "boss");
    let mut stream = std::net::TcpStream::connect(listener.address).expect("connects");
    stream.set_read_timeout(Some(std::time::Duration::from_secs(40))).expect("a timeout");
    let cookie = listener.cookie.as_deref().expect("a cookie");
    write!(stream, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n").expect("asks");
    let mut heard = String::new();
    let mut buffer = [0; 4096];
    while !heard.contains("text/event-stream") {
        let read = stream.read(&mut buffer).expect("an answer");
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    assert_eq!(listener.form("/logout", &[]).status, 303);
    let json = serde_json::json!({"line": "T-01", "findings": "said after the session ended"});
    let said = Asker::with_token(&site.daemon, &add_token(&site.home, "robot", &["crew"]));
    await_account(&site.daemon, |answer| answer.status == 201, || said.json("POST", "/api/v1/inspections", &json));
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    assert!(!heard.contains("inspection.made") && !heard.contains("person."), "{heard}");
}

/// A cookie that somebody planted in a browser is not what it is logged in by.
#[test]
fn a_planted_cookie_becomes_no_session() {
    let site = Site::open();
    let planted = Asker { cookie: Some("linewatch=planted".to_owned()), ..Asker::nobody(&site.daemon) };
    let (answer, victim) = planted.log_in("boss", PASSWORD);
    assert_eq!(answer.status, 303);
    assert_ne!(victim.cookie, planted.cookie);
    assert_eq!(me(&planted)["account"], serde_json::Value::Null);
    // Logging in again in the same browser begins another session and ends the one before.
    let (answer, again) = victim.log_in("boss", PASSWORD);
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_ne!(again.cookie, victim.cookie);
    assert_eq!((me(&victim)["account"].as_str(), me(&again)["account"].as_str()), (None, Some("boss")));
}

/// Whatever changes anything counts only from a page of the session itself.
#[test]
fn no_form_and_no_operation_counts_without_the_secret_of_its_session() {
    let site = Site::open();
    let records = site.home.said();
    let stranger = Asker { csrf: String::new(), ..site.admin.clone() };
    let forms = [
        "/maintenance",
        "/decisions",
        "/inspections",
        "/report-fault",
        "/faults/F20260101-001",
        "/password",
        "/logout",
        "/login",
        "/accounts",
        "/accounts/boss",
        "/sessions",
        "/-/reload",
    ];
    for path in forms {
        for fields in [&[][..], &[("do", "password"), ("account", "boss"), ("password", PASSWORD)]] {
            assert_eq!(stranger.form(path, fields).status, 403, "{path}");
        }
    }
    let description = stranger.get("/api/v1/openapi.json").json();
    let mut tried = 0;
    for (path, item) in description["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys().filter(|method| *method != "get") {
            let path = path.replace("{account}", "boss").replace("{number}", "1");
            let answer = stranger.json(&method.to_uppercase(), &path, &serde_json::json!({}));
            assert_eq!(
                (answer.status, answer.json()["type"].as_str()),
                (403, Some("urn:linewatch:problem:foreign")),
                "{path}"
            );
            tried += 1;
        }
    }
    assert!(tried >= 14, "{tried}");
    assert_eq!(site.home.said(), records);
    assert_eq!(me(&site.admin)["account"], "boss", "and the session goes on");
}

/// No address leads to a file that is not meant, or to another site.
#[test]
fn no_address_leads_astray() {
    let site = Site::open();
    for path in [
        "/assets/..%2f..%2fetc%2fpasswd",
        "/assets/../../etc/passwd",
        "/report/2026/..%2f..%2flinewatch.toml",
        "/report/2026/figures.csv%00.html",
        "/faults/..%2f..%2fetc%2fpasswd",
        "/lines/..%2f..%2fetc%2fpasswd",
        "/runbook/..%2f..%2fetc%2fpasswd",
        "/accounts/..%2f..%2fetc%2fpasswd",
        "/api/v1/lines/..%2f..%2fetc%2fpasswd",
    ] {
        let answer = site.admin.get(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        assert!(!answer.body.contains("root:") && !answer.body.contains("[store]"), "{path}");
    }
    for (next, goes) in [
        ("//evil.example", "/"),
        ("/%5Cevil.example", "/"),
        ("/faults%0D%0ASet-Cookie:%20x=y", "/"),
        ("https:evil", "/"),
        ("/lines", "/lines"),
    ] {
        let answer = site.admin.get(&format!("/login?next={next}"));
        assert_eq!((answer.status, answer.header("location")), (303, Some(goes)), "{next}: {}", answer.head);
        assert!(answer.header("set-cookie").is_none(), "{}", answer.head);
    }
    // Nothing private is kept by a browser or on the way.
    for path in ["/", "/faults", "/accounts", "/sessions", "/password", "/api/v1/accounts", "/api/v1/faults", "/report"]
    {
        let answer = site.admin.get(path);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}: {}", answer.head);
    }
}

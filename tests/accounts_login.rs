//! Logging in, and everything by which somebody might get in who should not: over real connections to the real daemon.

mod asking;
mod daemon;

use asking::{Answer, Asker, add_account, add_token, await_account, await_records, set_password};
use daemon::{Daemon, Home, Row};

const PASSWORD: &str = "tomato salad at noon";

fn home() -> Home {
    Home::new().line(Row::new("T-01", "127.61.0.1"))
}

/// A daemon with one account that has a password of its own.
fn with_account(home: &Home, name: &str, role: &[&str]) -> Daemon {
    let daemon = home.start();
    add_account(home, name, role);
    set_password(home, name, PASSWORD);
    daemon
}

/// Logs in once the daemon knows the account.
fn logged_in(home: &Home, daemon: &Daemon, name: &str, password: &str) -> (Answer, Asker) {
    await_records(daemon, home);
    let (answer, asker) = Asker::nobody(daemon).log_in(name, password);
    assert_eq!(answer.status, 303, "{}", answer.body);
    (answer, asker)
}

fn me(asker: &Asker) -> serde_json::Value {
    asker.get("/api/v1/me").json()
}

#[test]
fn a_session_begins_with_the_right_password_and_its_cookie_is_for_this_site_and_no_script() {
    let home = home();
    let daemon = with_account(&home, "zhangwei", &["crew"]);
    let (answer, zhang) = logged_in(&home, &daemon, "zhangwei", PASSWORD);
    let cookie = answer.header("set-cookie").expect("a cookie");
    for part in ["linewatch=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=604800"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "without TLS a browser would not send it back: {cookie}");
    assert_eq!(answer.header("location"), Some("/"));
    assert_eq!((me(&zhang)["account"].as_str(), me(&zhang)["role"].as_str()), (Some("zhangwei"), Some("crew")));
    assert_eq!(me(&Asker::nobody(&daemon))["account"], serde_json::Value::Null);

    let out = zhang.form("/logout", &[]);
    assert_eq!((out.status, out.header("set-cookie").map(|cookie| cookie.contains("Max-Age=0"))), (303, Some(true)));
    assert_eq!(me(&zhang)["account"], serde_json::Value::Null, "the cookie is good for nothing any more");
}

#[test]
fn wrong_accounts_and_wrong_passwords_are_told_the_same_and_not_for_long() {
    let home = home();
    let daemon = with_account(&home, "zhangwei", &["admin"]);
    logged_in(&home, &daemon, "zhangwei", PASSWORD);
    let nobody = Asker::nobody(&daemon);
    let text = |answer: &Answer| {
        answer.body.split("role=\"alert\">").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned)
    };
    let (wrong, _) = nobody.log_in("zhangwei", "not the password");
    let (unknown, _) = nobody.log_in("nobody-at-all", "not the password");
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_eq!((text(&wrong).as_deref(), text(&unknown)), (Some("Account or password is wrong."), text(&wrong)));

    let tried: Vec<u16> = (0..6).map(|_| nobody.log_in("zhangwei", "not the password").0.status).collect();
    assert_eq!(tried, [401, 401, 401, 401, 429, 429]);
    let (refused, _) = nobody.log_in("zhangwei", PASSWORD);
    assert_eq!(refused.status, 429, "also the right one");
    let wait: u32 = refused.header("retry-after").and_then(|wait| wait.parse().ok()).expect("seconds");
    assert!((1..=30).contains(&wait), "{wait}");
    let (other, _) = nobody.log_in("nobody-at-all", "x");
    assert_eq!(other.status, 401, "another account is not held up");
}

#[test]
fn a_page_of_another_site_changes_nothing() {
    let home = home();
    let daemon = with_account(&home, "zhangwei", &["admin"]);
    let (_, zhang) = logged_in(&home, &daemon, "zhangwei", PASSWORD);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let (here, csrf) = (format!("Origin: http://{}\r\n{form}", daemon.address()), format!("csrf={}", zhang.csrf));
    let stranger = Asker { csrf: String::new(), ..zhang.clone() };
    for (what, more, body) in [
        ("no secret", here.clone(), String::new()),
        ("a wrong secret", here.clone(), "csrf=abc".to_owned()),
        ("another origin", format!("Origin: http://evil.example\r\n{form}"), csrf.clone()),
        ("no origin that is one", format!("Origin: null\r\n{form}"), csrf.clone()),
        ("no form", format!("Origin: http://{}\r\nContent-Type: text/plain\r\n", daemon.address()), csrf.clone()),
    ] {
        let answer = stranger.request("POST", "/logout", &more, body.as_bytes());
        assert_eq!(answer.status, 403, "{what}: {}", answer.body);
    }
    let json = serde_json::json!({"line": "T-01"});
    assert_eq!(stranger.json("POST", "/api/v1/inspections", &json).status, 403);
    assert_eq!(me(&zhang)["account"], "zhangwei", "still logged in");
    assert_eq!(zhang.json("POST", "/api/v1/inspections", &json).status, 201);
    assert_eq!(home.count("inspection.made"), 1);

    // Nor does it log anybody in.
    let fields = format!("account=zhangwei&password={}", asking::encoded(PASSWORD));
    let more = format!("Origin: http://evil.example\r\n{form}");
    assert_eq!(Asker::nobody(&daemon).request("POST", "/login", &more, fields.as_bytes()).status, 403);
}

#[test]
fn a_one_time_password_is_good_for_setting_another_one() {
    let home = home();
    let daemon = home.start();
    let once = add_account(&home, "lina", &["crew"]);
    let (answer, lina) = logged_in(&home, &daemon, "lina", &once);
    assert_eq!(answer.header("location"), Some("/password"));
    assert_eq!(lina.get("/lines").header("location"), Some("/password"));
    assert_eq!(lina.get("/api/v1/status").status, 403);
    for (old, new, again, status) in [
        ("wrong wrong wrong", PASSWORD, PASSWORD, 422),
        (once.as_str(), "short", "short", 422),
        (&once, PASSWORD, "tomato salad at one", 422),
        (&once, &once, &once, 422),
    ] {
        let answer = lina.form("/password", &[("old", old), ("new", new), ("again", again)]);
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let answer = lina.form("/password", &[("old", &once), ("new", PASSWORD), ("again", PASSWORD)]);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{}", answer.body);
    let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
    assert_eq!(me(&Asker { cookie, ..lina.clone() })["account"], "lina", "goes on with the new one");
    assert_eq!(me(&lina)["account"], serde_json::Value::Null, "the session from before has ended");
    assert_ne!(Asker::nobody(&daemon).log_in("lina", &once).0.status, 303);
    let authors: Vec<String> = home
        .records()
        .into_iter()
        .filter(|record| record.fact.kind() == "person.password_set")
        .map(|record| record.author)
        .collect();
    assert_eq!(authors, ["root", "lina"]);
}

#[test]
fn whoever_is_disabled_or_gets_another_password_is_out_at_once() {
    let home = home();
    let daemon = with_account(&home, "zhangwei", &["admin"]);
    add_account(&home, "boss", &["admin"]);
    let (_, first) = logged_in(&home, &daemon, "zhangwei", PASSWORD);
    set_password(&home, "zhangwei", "another salad at noon");
    await_account(&daemon, |answer| answer.json()["account"].is_null(), || first.get("/api/v1/me"));
    let (_, second) = logged_in(&home, &daemon, "zhangwei", "another salad at noon");
    let output = home.run(&["user", "disable", "zhangwei", "--reason", "left", "--by", "boss"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    await_account(&daemon, |answer| answer.json()["account"].is_null(), || second.get("/api/v1/me"));
    assert_eq!(Asker::nobody(&daemon).log_in("zhangwei", "another salad at noon").0.status, 401);
    // Enabled again, the old password is still none.
    let robot = Asker::with_token(&daemon, &add_token(&home, "robot", &["admin"]));
    assert!(home.run(&["user", "enable", "zhangwei", "--by", "boss"]).status.success());
    let enabled = |answer: &Answer| {
        let all = if answer.status == 200 { answer.json() } else { serde_json::Value::Null };
        all["items"]
            .as_array()
            .is_some_and(|items| items.iter().any(|item| item["account"] == "zhangwei" && item["enabled"] == true))
    };
    await_account(&daemon, enabled, || robot.get("/api/v1/accounts"));
    assert_eq!(Asker::nobody(&daemon).log_in("zhangwei", "another salad at noon").0.status, 401);
}

#[test]
fn a_restart_logs_nobody_out_and_an_old_session_has_ended() {
    let home = home();
    let daemon = with_account(&home, "zhangwei", &["viewer"]);
    let (_, kept) = logged_in(&home, &daemon, "zhangwei", PASSWORD);
    let (_, old) = logged_in(&home, &daemon, "zhangwei", PASSWORD);
    // Both are written in the background.
    let database = rusqlite::Connection::open(&home.store).expect("opens");
    daemon.until("two sessions on disk", || {
        let count: i64 = database.query_row("SELECT count(*) FROM sessions", [], |row| row.get(0)).expect("counts");
        if count == 2 { Ok(()) } else { Err(count.to_string()) }
    });
    assert_eq!(daemon.stop().code, Some(0));
    let digest =
        linewatch::secret::digest(old.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a cookie").1);
    let week = 7 * 24 * 3_600_000_i64 + 1000;
    let changed = database
        .execute(
            "UPDATE sessions SET seen_ms = seen_ms - ?1, created_ms = created_ms - ?1 WHERE digest = ?2",
            (week, digest),
        )
        .expect("makes it old");
    assert_eq!(changed, 1);
    drop(database);
    let daemon = home.start();
    let [kept, old] = [kept, old].map(|asker| Asker { address: daemon.address(), ..asker });
    assert_eq!(me(&kept)["account"], "zhangwei");
    assert_eq!(me(&old)["account"], serde_json::Value::Null);
}

#[test]
fn closed_viewing_shows_nobody_anything_but_where_to_log_in() {
    let home = home();
    home.write();
    let toml = home.toml().replace("[store]", "viewing = \"closed\"\n[store]");
    std::fs::write(home.config(), toml).expect("writes");
    let mut daemon = home.spawn_as_written(std::process::Command::new(daemon::PROGRAM), &[]);
    daemon.await_serving();
    let nobody = Asker::nobody(&daemon);
    assert_eq!(nobody.get("/lines?class=village").header("location"), Some("/login?next=%2Flines%3Fclass%3Dvillage"));
    for path in ["/api/v1/status", "/metrics"] {
        assert_eq!(nobody.get(path).status, 401, "{path}");
    }
    for path in ["/login", "/-/healthy", "/assets/style.css", "/runbook", "/api/v1/openapi.json"] {
        assert_eq!(nobody.get(path).status, 200, "{path}");
    }
    let token = add_token(&home, "prometheus", &["viewer"]);
    let prometheus = Asker::with_token(&daemon, &token);
    let metrics = await_account(&daemon, |answer| answer.status == 200, || prometheus.get("/metrics"));
    assert!(metrics.body.contains("linewatch_lines"));
    assert_eq!(Asker::with_token(&daemon, "lw_none").get("/metrics").status, 401);
    assert_eq!(Asker::with_token(&daemon, "").get("/").status, 401);

    let records = home.records();
    let number = records.iter().find(|record| record.fact.kind() == "person.token_added").expect("a record").seq;
    let revoked = home.run(&["user", "token", "revoke", "prometheus", &number.to_string(), "--by", "root"]);
    assert!(revoked.status.success(), "{}", String::from_utf8_lossy(&revoked.stderr));
    await_account(&daemon, |answer| answer.status == 401, || prometheus.get("/metrics"));
}

#[test]
fn no_secret_is_in_the_journal_or_in_the_log() {
    let home = home();
    let daemon = home.start();
    let once = add_account(&home, "lina", &["crew"]);
    let token = add_token(&home, "robot", &["viewer"]);
    let (_, lina) = logged_in(&home, &daemon, "lina", &once);
    assert_eq!(
        await_account(&daemon, |answer| answer.status == 200, || Asker::with_token(&daemon, &token).get("/lines"))
            .status,
        200
    );
    let cookie = lina.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a cookie").1.to_owned();
    let log = daemon.stop().log;
    let journal: String = home.records().iter().map(linewatch::store::codec::encode).collect();
    let bytes = ["", "-wal"]
        .map(|suffix| std::fs::read(format!("{}{suffix}", home.store.display())).unwrap_or_default())
        .concat();
    for secret in [&once, &token, &cookie] {
        assert!(!log.contains(secret.as_str()) && !journal.contains(secret.as_str()));
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "in the database itself");
    }
    assert!(!journal.contains("$argon2"));
}

//! Bad days of the running program: it goes on, says what is wrong, and loses and invents nothing.

mod daemon;
mod lab;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};

use daemon::{Daemon, Disk, Home, PROGRAM, Row};
use linewatch_core::ledger::OutageRow;
use rusqlite::Connection;
use serde_json::Value;

/// Three lines behind the far end of a laboratory, one of them to be cut.
fn far() -> Home {
    Home::new()
        .references(&["10.255.0.2"])
        .line(Row::new("T-01", "10.64.0.1"))
        .line(Row::new("T-02", "10.64.0.2"))
        .line(Row::new("T-03", "10.64.0.3"))
}

fn down(status: &Value) -> u64 {
    status["total"]["down"].as_u64().expect("a number")
}

fn sent(daemon: &Daemon, line: &str) -> u64 {
    daemon.status_of(&[line]).expect("answers")["sent"].as_u64().expect("a number")
}

/// Waits until a line has been probed this much more often.
fn await_probes(daemon: &Daemon, line: &str, more: u64) {
    let before = sent(daemon, line);
    daemon.until("probed on", || match sent(daemon, line) {
        now if now >= before + more => Ok(()),
        now => Err(format!("{before} then {now}")),
    });
}

/// What is shown is never more than what is committed.
fn shows_no_more_than_is_committed(home: &Home, daemon: &Daemon) {
    let status = daemon.status();
    let records = home.records();
    let shown = status["monitor"]["head_seq"].as_u64().expect("a number");
    assert!(shown <= records.len() as u64, "{shown} shown, {} committed", records.len());
    assert_eq!(status["total"]["outages_open"], 0, "an outage that is not committed is not shown");
}

fn one_outage_of(line: &str, outages: &[OutageRow]) {
    let lines: Vec<_> = outages.iter().map(|outage| outage.line.as_str()).collect();
    assert_eq!(lines, [line], "{outages:?}");
}

#[test]
fn sigterm_writes_a_last_checkpoint_and_ends_well() {
    let home = Home::new().answering(3, 71);
    let daemon = home.start();
    daemon.await_status("all up", |status| status["total"]["up"] == 3);
    let ended = daemon.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.log);
    assert!(ended.log.trim_end().ends_with("stopped"), "{}", ended.log);
    assert!(!ended.log.contains('\x1b'), "a log that is no terminal has no colours: {}", ended.log);
    assert_eq!(home.records().last().expect("records").fact.kind(), "observation.checkpoint");
    home.verified();
    assert!(home.outages().is_empty());
    let output = home.run(&["status", "--lang", "en"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("the daemon is not running"), "{output:?}");
}

#[test]
fn a_full_disk_stops_the_records_and_nothing_else_until_there_is_room() {
    lab::run(|| {
        let pair = lab::Pair::new();
        let home = far();
        let disk = Disk::mount(home.store.parent().expect("a folder"), "2m");
        let daemon = home.start_through(pair.near.command(PROGRAM));
        daemon.await_status("all up", |status| status["total"]["up"] == 3);
        let before = home.records().len();
        disk.fill();
        pair.far.nft_add("dead", "10.64.0.1");
        daemon.await_log("the disk is full");
        let failing = |status: &Value| status["monitor"]["journal_failing"].as_str().map(str::to_owned);
        let status = daemon.await_status("failing", |status| failing(status).is_some());
        assert!(failing(&status).expect("failing").contains("the disk is full"), "{status:#}");
        let metric = "linewatch_journal_append_failures_total";
        let failures = pair.near.enter(|| daemon.await_metric(metric, |failures| failures >= 1.0));
        await_probes(&daemon, "T-02", 6);
        shows_no_more_than_is_committed(&home, &daemon);
        pair.near.enter(|| daemon.await_metric(metric, |now| now > failures));
        assert_eq!(home.records().len(), before);

        disk.free();
        daemon.await_status("one down", |status| down(status) == 1 && failing(status).is_none());
        pair.far.nft_delete("dead", "10.64.0.1");
        daemon.await_log("outage.ended");
        assert_eq!(daemon.stop().code, Some(0));
        one_outage_of("T-01", &home.outages());
        assert!(home.outages()[0].end.is_some());
        assert!(home.gaps().iter().all(|gap| gap.until.is_some()), "{:?}", home.gaps());
        assert_eq!(home.common_gaps().len(), 1, "only the time before the start: {:?}", home.common_gaps());
        home.verified();
    });
}

#[test]
fn a_disk_that_stays_full_is_told_at_the_end() {
    lab::run(|| {
        let home = Home::new().answering(2, 72);
        let disk = Disk::mount(home.store.parent().expect("a folder"), "2m");
        let daemon = home.start();
        daemon.await_status("all up", |status| status["total"]["up"] == 2);
        disk.fill();
        daemon.await_log("the disk is full");
        let ended = daemon.stop();
        assert_eq!(ended.code, Some(1), "{}", ended.log);
        assert!(ended.log.contains("records could not be written"), "{}", ended.log);
        disk.free();
        let daemon = home.start();
        daemon.await_status("all up", |status| status["total"]["up"] == 2);
        assert_eq!(daemon.stop().code, Some(0));
        assert!(home.outages().is_empty());
        assert_eq!(home.common_gaps().len(), 2, "before the first start, and the stop: {:?}", home.common_gaps());
        home.verified();
    });
}

#[test]
fn a_database_that_another_program_locks_gets_its_records_afterwards() {
    lab::run(|| {
        let pair = lab::Pair::new();
        let home = far();
        let daemon = home.start_through(pair.near.command(PROGRAM));
        daemon.await_status("all up", |status| status["total"]["up"] == 3);
        let tool = Connection::open(&home.store).expect("opens");
        tool.execute_batch("BEGIN IMMEDIATE").expect("locks");
        pair.far.nft_add("dead", "10.64.0.2");
        await_probes(&daemon, "T-02", 6);
        shows_no_more_than_is_committed(&home, &daemon);
        daemon.await_log("held by another program");
        daemon.await_status("failing", |status| status["monitor"]["journal_failing"].is_string());
        tool.execute_batch("ROLLBACK").expect("unlocks");
        daemon.await_status("one down", |status| down(status) == 1);
        pair.far.nft_delete("dead", "10.64.0.2");
        daemon.await_log("outage.ended");
        assert_eq!(daemon.stop().code, Some(0));
        one_outage_of("T-02", &home.outages());
        home.verified();
    });
}

#[test]
fn a_name_that_does_not_resolve_leaves_that_line_unknown_and_the_others_watched() {
    lab::run(|| {
        // No name server can be reached from here.
        let namespace = lab::Namespace::new("names");
        let home = Home::new().answering(2, 73).line(Row::new("T-99", "line.invalid"));
        let daemon = home.start_through(namespace.command(PROGRAM));
        daemon.await_log("host name does not resolve");
        let resolves_not = |status: &Value| status["unseen"]["cause"] == "unresolved";
        let line = daemon.await_line_status("T-99", "unresolved", resolves_not);
        assert_eq!(line["state"], "undetermined", "{line:#}");
        let status = daemon.await_status("two up", |status| status["total"]["up"] == 2);
        assert_eq!(status["total"]["down"], 0);
        for (language, words) in [("en", "does not resolve"), ("zh-CN", "解析")] {
            let output = home.run(&["status", "T-99", "--lang", language]);
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && text.contains(words), "{text}");
        }
        assert_eq!(daemon.stop().code, Some(0));
        assert!(home.outages().is_empty());
        home.verified();
    });
}

#[test]
fn a_network_without_a_route_is_our_own_failure() {
    lab::run(|| {
        let namespace = lab::Namespace::new("routes");
        let home = Home::new().answering(2, 74).line(Row::new("T-98", "10.64.0.1"));
        let daemon = home.start_through(namespace.command(PROGRAM));
        daemon.await_status("two up", |status| status["total"]["up"] == 2);
        let line = daemon.await_line_status("T-98", "unsent", |line| line["unseen"]["cause"] == "unsent");
        assert_eq!(line["state"], "undetermined");
        await_probes(&daemon, "T-98", 6);
        let status = daemon.status();
        assert_eq!((down(&status), &status["monitor"]["unsent"][0]["cause"]), (0, &"no_route".into()));
        assert_eq!(daemon.stop().code, Some(0));
        assert!(home.outages().is_empty());
        home.verified();
    });
}

/// Opens a connection and writes some bytes, perhaps nothing; what cannot be written is no matter.
fn connected(daemon: &Daemon, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(daemon.address()).expect("connects");
    let _ = stream.write_all(bytes);
    stream
}

#[test]
fn garbage_and_stalled_clients_keep_nobody_waiting() {
    let home = Home::new().answering(2, 75);
    let daemon = home.start();
    daemon.await_status("all up", |status| status["total"]["up"] == 2);
    let endless = vec![b'A'; 1 << 20];
    let garbage: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET \xff\xfe HTTP/1.1\r\nHost: \x00\r\n\r\n",
        b"POST /metrics HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzzzz\r\n",
        &endless,
    ];
    for bytes in garbage {
        let mut stream = connected(&daemon, bytes);
        let _ = stream.shutdown(Shutdown::Write);
        stream.set_read_timeout(Some(daemon::PATIENCE)).expect("a timeout");
        // Reset or answered, but done with.
        let ended = stream.read_to_end(&mut Vec::new());
        assert!(ended.as_ref().err().is_none_or(|error| error.kind() != ErrorKind::WouldBlock), "{ended:?}");
    }
    for path in ["/lines/%00", "/lines/..%2f..%2fetc", "/lines?class=%ff", "/%", "/?lang=%zz", "/lines/L-001/x"] {
        let answer = daemon.get(path);
        assert!(answer.status < 500, "{path}: {}", answer.head);
    }
    // More than a process has descriptors for, were they all kept.
    let stalled: Vec<_> =
        (0..700).map(|_| connected(&daemon, b"GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ")).collect();
    // These ask for everything and read nothing.
    let deaf: Vec<_> =
        (0..20).map(|_| connected(&daemon, &b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200))).collect();
    assert_eq!(daemon.get("/").status, 200);
    assert_eq!(daemon.get("/metrics").status, 200);
    await_probes(&daemon, "L-001", 3);
    let descriptors = std::fs::read_dir(format!("/proc/{}/fd", daemon.pid())).expect("lists").count();
    assert!(descriptors < 400, "{descriptors} descriptors");
    drop((stalled, deaf));
    assert_eq!(daemon.status()["total"]["up"], 2);
    assert_eq!(daemon.metric("linewatch_lines{class=\"township\",township=\"\",state=\"up\"}"), Some(2.0));
    let ended = daemon.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.log);
    assert!(!ended.log.contains("panicked"), "{}", ended.log);
    assert!(home.outages().is_empty());
    assert!(home.common_gaps().len() <= 1, "never blind: {:?}", home.common_gaps());
    home.verified();
}

/// Somebody moves the journal's file away under the running program: pages that need it say so, and nothing is called empty.
#[test]
fn pages_that_cannot_read_the_journal_say_whom_to_tell() {
    /// Behind the name of a list.
    const NONE: &str = "<b class=\"number\">0</b>";
    let home = Home::new().answering(1, 76);
    let daemon = home.start();
    daemon.await_status("up", |status| status["total"]["up"] == 1);
    let away = home.store.with_extension("away");
    std::fs::rename(&home.store, &away).expect("renamed");
    for (language, whom, none) in [
        ("zh-CN", "请告诉管理员", ["共 0 起", "没有巡检记录。", ">没有。", NONE]),
        ("en", "Please tell an admin", ["0 found", "No inspection is on record.", ">None.", NONE]),
    ] {
        for path in ["/faults", "/inspections", "/maintenance", "/report/2026"] {
            let page = daemon.get(&format!("{path}?lang={language}")).body;
            assert!(page.contains(whom) && !page.contains("journal.db"), "{path}: {page}");
            assert!(none.iter().all(|word| !page.contains(word)), "{path}: {page}");
        }
    }
    // The log has the reason, and what is live goes on.
    daemon.await_log("a page could not read the journal");
    assert_eq!(daemon.status()["total"]["up"], 1);
    std::fs::rename(&away, &home.store).expect("renamed back");
    for (path, none) in
        [("/faults", "共 0 起"), ("/inspections", "没有巡检记录。"), ("/maintenance", ">没有。"), ("/faults", NONE)]
    {
        let page = daemon.get(&format!("{path}?lang=zh-CN")).body;
        assert!(!page.contains("请告诉管理员") && page.contains(none), "{path}: {page}");
    }
    daemon.stop();
}

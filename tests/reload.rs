//! Reload of the running daemon: built whole, then swapped; whatever is wrong leaves the old one running.

mod daemon;
mod lab;

use std::collections::BTreeMap;

use daemon::{Answer, Daemon, Home, PROGRAM, Row, Speed, request};
use lab::Pair;
use linewatch_core::record::{Fact, FaultFact, LineFact};
use linewatch_core::time::Millis;

fn post(daemon: &Daemon, path: &str) -> Answer {
    request(daemon.address(), "POST", path, "").unwrap_or_else(|error| panic!("{error}\n{}", daemon.log()))
}

/// Writes the files as they are to be and asks for a reload.
fn reload(home: &Home, daemon: &Daemon) -> Answer {
    home.write();
    post(daemon, "/-/reload")
}

fn all_up(daemon: &Daemon, lines: u64) {
    daemon.await_status("all up", |status| status["total"]["up"] == lines);
}

/// A series of a line.
fn of(daemon: &Daemon, name: &str, line: &str) -> Option<f64> {
    daemon.metric(&format!("{name}{{line=\"{line}\",class=\"township\",township=\"\"}}"))
}

#[test]
fn lines_come_go_and_change_while_the_others_keep_counters_and_state() {
    let mut home = Home::new().answering(5, 81);
    let daemon = home.start();
    all_up(&daemon, 5);
    let sent = "linewatch_line_probes_sent_total";
    daemon.until("ten probes of a line", || match of(&daemon, sent, "L-003") {
        Some(probes) if probes >= 10.0 => Ok(()),
        other => Err(format!("{other:?}")),
    });
    let before: Vec<f64> = ["L-002", "L-003", "L-004"].iter().filter_map(|line| of(&daemon, sent, line)).collect();
    let records = home.records().len();

    // L-001 goes, L-002 is renamed, L-003 moves to another address, L-006 comes.
    home.rows.remove(0);
    home.rows[0].name = "renamed".to_owned();
    home.rows[1].address = "127.81.9.9".to_owned();
    home.rows.push(Row::new("L-006", "127.81.9.6"));
    home.write();
    let answer = post(&daemon, "/-/reload?allow_removal=yes");
    assert_eq!((answer.status, answer.body.as_str()), (200, "reloaded: 1 new, 1 gone, 2 changed; 5 lines now\n"));

    // What changed on record, and nothing else: no line was lost or seen anew but the new one.
    all_up(&daemon, 5);
    let kinds: Vec<String> = home.records()[records..]
        .iter()
        .map(|record| match &record.fact {
            Fact::Line(LineFact::Commissioned { line, .. }) => format!("+{}", line.id),
            Fact::Line(LineFact::Changed { line, .. }) => format!("~{}", line.id),
            Fact::Line(LineFact::Decommissioned { line, .. }) => format!("-{line}"),
            other => other.kind().to_owned(),
        })
        .collect();
    assert_eq!(kinds, ["-L-001", "~L-002", "~L-003", "+L-006", "observation.line_seen"]);

    let after: Vec<f64> = ["L-002", "L-003", "L-004"].iter().filter_map(|line| of(&daemon, sent, line)).collect();
    assert!(before.iter().zip(&after).all(|(before, after)| after >= before), "{before:?} {after:?}");
    assert!(of(&daemon, sent, "L-006").is_some_and(|probes| probes < before[1]), "a new line counts from 0");
    assert_eq!(of(&daemon, sent, "L-001"), None);
    assert_eq!(of(&daemon, "linewatch_line_probes_lost_total", "L-003"), Some(0.0));
    assert!(daemon.get("/lines").body.contains("renamed"));
    assert_eq!(daemon.status_of(&["L-001"]).map_err(|sentence| sentence.contains("L-001")), Err(true));
    assert_eq!(daemon.stop().code, Some(0));
    home.verified();
    assert!(home.outages().is_empty() && home.gaps().iter().all(|gap| gap.until.is_some()));
}

#[test]
fn probing_and_references_change_at_a_reload() {
    let mut home = Home::new().answering(2, 82).speed(Speed { interval_ms: 60_000, ..Speed::FAST });
    let daemon = home.start();
    // At an interval of a minute the second line waits half of it.
    daemon.await_metric("linewatch_reference_up{reference=\"127.0.0.2\"}", |up| up >= 1.0);
    home.speed = Speed::FAST;
    home.references.push("127.0.0.3".to_owned());
    assert_eq!(reload(&home, &daemon).status, 200);
    all_up(&daemon, 2);
    daemon.await_metric("linewatch_reference_up{reference=\"127.0.0.3\"}", |up| up >= 1.0);
}

#[test]
fn mistakes_leave_the_old_one_running_and_are_said_everywhere() {
    let home = Home::new().answering(2, 83);
    let daemon = home.start();
    all_up(&daemon, 2);
    let (successful, succeeded_at) =
        ("linewatch_config_last_reload_successful", "linewatch_config_last_reload_success_timestamp_seconds");
    assert_eq!(daemon.metric(successful), Some(1.0));
    let first = daemon.metric(succeeded_at).expect("the start counts");

    std::fs::write(home.inventory(), "id,name,class,address\nA,a,vilage,10.0.0.1\nA,,village,\n").expect("written");
    let answer = post(&daemon, "/-/reload");
    assert_eq!(answer.status, 422, "{}", answer.body);
    for part in ["not reloaded", "4 mistakes", "row 2, class", "row 3, id", "row 3, name", "row 3, address"] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert!(post(&daemon, "/-/reload?lang=zh").body.contains("没有载入，沿用原来的配置和线路表"));
    daemon.await_log("reload failed");
    assert_eq!((daemon.metric(successful), daemon.metric(succeeded_at)), (Some(0.0), Some(first)));
    assert_eq!(daemon.status()["monitor"]["reload_successful"], false);

    home.write();
    std::fs::write(home.config(), home.toml() + "[probe]\n").expect("written");
    assert_eq!(post(&daemon, "/-/reload").status, 422);
    std::fs::remove_file(home.config()).expect("removed");
    assert_eq!(post(&daemon, "/-/reload").status, 422);
    assert!(daemon.get("/lines").body.contains("L-002"));

    let answer = reload(&home, &daemon);
    assert_eq!((answer.status, answer.body.as_str()), (200, "reloaded: 0 new, 0 gone, 0 changed; 2 lines now\n"));
    assert_eq!(daemon.metric(successful), Some(1.0));
    assert!(daemon.metric(succeeded_at) > Some(first));
}

#[test]
fn many_lines_go_only_with_an_explicit_yes() {
    let mut home = Home::new().answering(19, 84);
    let daemon = home.start();
    all_up(&daemon, 19);
    home.rows.pop();
    let answer = reload(&home, &daemon);
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("lacks 1 of the 19 lines on record, more than 5 %"), "{}", answer.body);
    assert_eq!(daemon.metric("linewatch_config_last_reload_successful"), Some(0.0));
    all_up(&daemon, 19);
    // SIGHUP says no yes either.
    let mark = daemon.mark();
    daemon.signal("HUP");
    daemon.await_log_after(mark, "reload failed");
    let answer = post(&daemon, "/-/reload?allow_removal=yes");
    assert_eq!((answer.status, answer.body.as_str()), (200, "reloaded: 0 new, 1 gone, 0 changed; 18 lines now\n"));
    all_up(&daemon, 18);
}

#[test]
fn a_hangup_reloads() {
    let mut home = Home::new().answering(2, 85);
    let daemon = home.start();
    all_up(&daemon, 2);
    home.rows.push(Row::new("L-003", "127.85.9.3"));
    home.write();
    daemon.signal("HUP");
    daemon.await_log("configuration and inventory reloaded");
    all_up(&daemon, 3);
}

#[test]
fn what_is_bound_needs_a_restart() {
    let mut home = Home::new().answering(1, 86);
    let daemon = home.start();
    let (listen, store) = (home.listen.clone(), home.store.clone());
    home.listen = "127.0.0.1:1".to_owned();
    home.store = home.path().join("elsewhere.db");
    let answer = reload(&home, &daemon);
    assert_eq!(answer.status, 200);
    for key in ["[http] listen", "[store] path"] {
        assert!(answer.body.contains(&format!("warning: the change of {key} needs a restart")), "{}", answer.body);
    }
    assert!(!home.store.exists());
    (home.listen, home.store) = (listen, store);
    assert_eq!(reload(&home, &daemon).body, "reloaded: 0 new, 0 gone, 0 changed; 1 lines now\n");
}

#[test]
fn only_this_machine_may_order_it_and_only_by_post() {
    let home = Home::new().answering(1, 87);
    let daemon = home.start();
    let ask = |method: &str, headers: &str| {
        request(daemon.address(), method, "/-/reload", headers).unwrap_or_else(|error| panic!("{error}"))
    };
    for method in ["GET", "HEAD", "PUT", "DELETE"] {
        assert_eq!(ask(method, "").status, 405, "{method}");
    }
    for headers in ["Origin: http://example\r\n", "X-Forwarded-For: 10.0.0.9\r\n", "Forwarded: for=10.0.0.9\r\n"] {
        let answer = ask("POST", headers);
        assert_eq!(answer.status, 403, "{headers}");
        assert!(answer.body.contains("only from this machine itself"), "{}", answer.body);
    }
    assert_eq!(ask("POST", "").status, 200);
    assert_eq!(daemon.log().matches("inventory reloaded").count(), 1);
}

#[test]
fn an_import_reloads_the_running_daemon() {
    let mut home = Home::new().answering(2, 88);
    let daemon = home.start();
    all_up(&daemon, 2);
    home.rows.push(Row::new("L-003", "127.88.9.3").named("=three"));
    let new = home.path().join("new.csv");
    std::fs::write(&new, daemon::csv(&home.rows)).expect("written");
    let output = home.run(&["lines", "import", new.to_str().expect("UTF-8"), "--yes", "--reload"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 new:\n  L-003  =three  127.88.9.3\n"), "{said}");
    assert!(said.ends_with("reloaded: 1 new, 0 gone, 0 changed; 3 lines now\n"), "{said}");
    all_up(&daemon, 3);

    std::fs::write(&new, daemon::csv(&home.rows[..1])).expect("written");
    let import = |more: &[&str]| {
        let arguments = [&["lines", "import", new.to_str().expect("UTF-8"), "--yes", "--reload"], more].concat();
        home.run(&arguments)
    };
    let refused = import(&[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("2 of 3 lines would go"), "{refused:?}");
    all_up(&daemon, 3);
    assert_eq!(import(&["--allow-removal"]).status.code(), Some(0));
    all_up(&daemon, 1);
}

#[test]
fn the_policy_of_faults_decides_from_the_reload_on() {
    lab::run(|| {
        let pair = Pair::new();
        let mut home = Home::new()
            .references(&["10.255.0.2"])
            .line(Row::new("T-01", "10.64.1.1"))
            .line(Row::new("T-02", "10.64.1.2"))
            .more("[faults]\nopen_after = \"10m\"");
        let daemon = home.start_through(pair.near.command(PROGRAM));
        all_up(&daemon, 2);
        pair.far.nft_add("dead", "10.64.1.2");
        daemon.await_log("outage.started");
        assert_eq!(home.count("fault.opened"), 0);
        home.more = "[faults]\nopen_after = \"1s\"\n[class.township]\nrepair_hours = 1".to_owned();
        assert_eq!(pair.near.enter(|| reload(&home, &daemon)).status, 200);
        daemon.await_log("fault.opened");
        let hour = home.records().into_iter().find_map(|record| match record.fact {
            Fact::Fault(FaultFact::Opened { opened, deadline, .. }) => Some(deadline - opened),
            _ => None,
        });
        assert_eq!(hour, Some(Millis::from_secs(3600)));
    });
}

#[test]
fn twenty_reloads_while_lines_go_down_lose_and_double_no_outage() {
    const LINES: u32 = 30;
    const CUT: u32 = 10;
    lab::run(|| {
        let pair = Pair::new();
        let mut home = Home::new().references(&["10.255.0.2"]);
        home.rows.extend((1..=LINES).map(|n| Row::new(&format!("L-{n:03}"), &format!("10.64.3.{n}"))));
        let daemon = home.start_through(pair.near.command(PROGRAM));
        all_up(&daemon, LINES.into());
        let cut: Vec<String> = (1..=CUT).map(|n| format!("10.64.3.{}", n * 3)).collect();
        for round in 0..20_u32 {
            // One line more goes down every other round, and every number of a target changes every round.
            if let Some(address) = cut.get(round as usize / 2).filter(|_| round.is_multiple_of(2)) {
                pair.far.nft_add("dead", address);
            }
            if round.is_multiple_of(2) {
                home.rows.insert(0, Row::new("A-000", "10.64.4.1"));
            } else {
                home.rows.remove(0);
            }
            home.rows[5].name = format!("round {round}");
            home.write();
            let answer = pair.near.enter(|| post(&daemon, "/-/reload"));
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        daemon.await_status("all cut lines down", |status| status["total"]["down"] == u64::from(CUT));
        for address in &cut {
            pair.far.nft_delete("dead", address);
        }
        all_up(&daemon, LINES.into());
        assert_eq!(daemon.stop().code, Some(0));

        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for outage in home.outages() {
            assert!(outage.end.is_some(), "{outage:?}");
            *found.entry(outage.line.as_str().to_owned()).or_default() += 1;
        }
        let wanted: BTreeMap<String, usize> = (1..=CUT).map(|n| (format!("L-{:03}", n * 3), 1)).collect();
        assert_eq!(found, wanted);
        // No line but the one that came and went has a gap of its own after its first answer.
        let own =
            |gap: &&linewatch_core::ledger::GapRow| gap.line.as_ref().is_some_and(|line| line.as_str() != "A-000");
        assert_eq!(home.gaps().iter().filter(own).count(), LINES as usize, "one gap each: before the first answer");
        let head = home.verified();
        println!("20 reloads, {CUT} lines cut, {CUT} outages, {} records", head.seq);
    });
}

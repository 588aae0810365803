//! `linewatch simulate --live`: the real program with a district in the place of the network.

mod daemon;

use daemon::{Home, Row};
use linewatch_core::record::Origin;

fn home() -> Home {
    let mut home = Home::new().more("[faults]\nopen_after = \"1s\"");
    for number in 1..=60 {
        // Nobody answers there: whoever sends real probes finds every line down.
        home.rows.push(Row::new(&format!("V-{number:02}"), &format!("192.0.2.{number}")));
    }
    home
}

#[test]
fn a_simulated_district_comes_alive_without_a_network() {
    let home = home();
    let daemon = home.live(&["--speed", "50", "--seed", "3"]);
    daemon.await_status("all lines up", |status| status["total"]["up"] == 60);
    daemon.await_status("an outage", |status| status["total"]["outages_open"].as_u64() > Some(0));
    daemon.await_status("a fault", |status| status["total"]["faults_open"].as_u64() > Some(0));
    assert!(daemon.metric("linewatch_monitor_blind") == Some(0.0));
    assert!(daemon.metric("linewatch_simulated") == Some(1.0));
    let metrics = daemon.get("/metrics").body;
    assert!(metrics.contains("linewatch_line_outage_start_timestamp_seconds{"), "{metrics}");
    for page in ["/", "/lines"] {
        let page = daemon.get(page);
        assert!(page.status == 200 && page.body.contains("Test (simulated)"), "{}", page.body);
    }
    let log = daemon.log();
    assert!(!log.contains("socket for ICMP"), "{log}");
    assert_eq!(daemon.stop().code, Some(0));
    home.verified();
    let records = home.records();
    assert!(records.iter().all(|record| record.origin == Origin::Simulated));
    assert!(home.count("outage.started") > 0 && home.count("fault.opened") > 0);

    // The same store goes on simulated, and is refused to a real daemon.
    let again = home.live(&["--speed", "50"]);
    again.await_status("all lines watched", |status| status["total"]["pending"] == 0);
    assert_eq!(again.stop().code, Some(0));
    let refused = home.refused(&[]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.log.contains("simulated"), "{}", refused.log);
}

#[test]
fn its_people_report_repair_and_close() {
    let home = home();
    let scenario = home.path().join("scenario.toml");
    let often = "[cuts.village]\nper_line = 60\nrepair = \"12h\"\nbrief = 0\n\
                 [people]\nattended = 1\nreported = 1\nreport_after = \"1h\"\ncomplaints = 20000\ninspections = 2000\n";
    std::fs::write(&scenario, often).expect("a scenario");
    let daemon = home.live(&["--speed", "3600", "--seed", "3", "--scenario", scenario.to_str().expect("UTF-8")]);
    for kind in [
        "fault.acknowledged",
        "fault.dispatched",
        "fault.arrived",
        "fault.repaired",
        "fault.reported",
        "inspection.made",
        "fault.closed",
    ] {
        daemon.until(kind, || if home.count(kind) > 0 { Ok(()) } else { Err(format!("no {kind}")) });
    }
    let attended = |metrics: &str| {
        ["acknowledged", "dispatched", "on_site"].iter().any(|stage| metrics.contains(&format!("stage=\"{stage}\"")))
    };
    daemon.until("a fault in work", || {
        Some(daemon.get("/metrics").body).filter(|text| attended(text)).ok_or_else(String::new)
    });
    assert_eq!(daemon.stop().code, Some(0));
    home.verified();
    let people: std::collections::BTreeSet<String> =
        home.records().into_iter().map(|record| record.author).filter(|author| author != "linewatch").collect();
    assert!(people.len() > 2, "{people:?}");
}

#[test]
fn whoever_is_alone_there_is_the_crew() {
    let home = home();
    let daemon = home.live(&["--speed", "50", "--seed", "3", "--alone"]);
    daemon.await_status("a fault", |status| status["total"]["faults_open"].as_u64() > Some(0));
    assert_eq!(daemon.stop().code, Some(0));
    assert!(home.records().iter().all(|record| record.author == "linewatch"));
}

#[test]
fn without_a_store_it_takes_one_beside_the_real_one() {
    let home = home();
    home.write();
    let mut command = std::process::Command::new(daemon::PROGRAM);
    command.args(["simulate", "--live", "--config"]).arg(home.config());
    let mut child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().expect("runs");
    let mut said = std::io::BufReader::new(child.stdout.take().expect("piped"));
    let expected = home.store.parent().expect("a folder").join("simulated").join("journal.db");
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if std::io::BufRead::read_line(&mut said, &mut line).expect("readable") == 0 {
            break;
        }
        let found = line.contains(expected.to_str().expect("UTF-8"));
        lines.push(line);
        if found {
            break;
        }
    }
    assert!(lines.last().is_some_and(|line| line.starts_with("journal")), "{lines:?}");
    let log = std::io::BufReader::new(child.stderr.take().expect("piped"));
    let served = std::io::BufRead::lines(log).map_while(Result::ok).any(|line| line.contains("pages on http://"));
    assert!(served && expected.exists(), "it does not start");
    child.kill().expect("kills");
    child.wait().expect("ends");
    assert!(!home.store.exists());
}

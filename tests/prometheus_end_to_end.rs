//! The whole chain with real packets: lines, daemon, Prometheus, Alertmanager, gateway, with the files of `grafana/`.
//! Only durations are divided: waits by thirty, the time that a rule has to hold by ten.

mod daemon;
mod grafana;
mod lab;
mod watchers;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use daemon::{Daemon, Home, PROGRAM, Row, Speed};
use grafana::{dashboards, yaml};
use lab::{Namespace, Pair};
use serde_json::Value;
use watchers::{Gateway, Message, Server, ask, fast, until};

/// A trunk with four villages, the fourth reached by another cable; two lines beside it.
fn district() -> Home {
    let row = |id: &str, address: &str, name: &str| Row::new(id, address).named(name).township("汀泗桥镇");
    let below = |id: &str, address: &str, name: &str| row(id, address, name).class("village").below("T-04");
    let mut home = Home::new()
        .speed(Speed::FIVEFOLD)
        .references(&["10.255.0.2"])
        .more("[faults]\nopen_after = \"1s\"\nstability = \"1s\"\n")
        .line(row("T-04", "10.64.1.1", "汀泗桥镇主干专线"))
        .line(below("V-01", "10.64.1.11", "汀泗桥镇古田社区政务专线"))
        .line(below("V-02", "10.64.1.12", "汀泗桥镇花纹社区政务专线"))
        .line(below("V-03", "10.64.1.13", "汀泗桥镇彭碑村政务专线"))
        .line(below("V-04", "10.64.3.14", "汀泗桥镇黄荆塘村政务专线"))
        .line(Row::new("T-02", "10.64.2.1").named("浮山街道主干专线").township("浮山街道"))
        .line(row("S-09", "10.64.2.9", "汀泗桥镇路口监控").class("surveillance"));
    "127.0.0.1:8401".clone_into(&mut home.listen);
    home.language = "zh-CN";
    home
}

/// Starts the daemon with places for the map in its inventory.
fn start(home: &Home, namespace: &Namespace) -> Daemon {
    home.write();
    let table = fs::read_to_string(home.inventory()).expect("the inventory");
    let placed: String =
        (0..)
            .zip(table.lines())
            .map(|(row, line)| {
                if row == 0 { format!("{line},latitude,longitude\n") } else { format!("{line},29.8{row},114.3{row}\n") }
            })
            .collect();
    fs::write(home.inventory(), placed).expect("writes");
    let mut daemon = home.spawn_as_written(namespace.command(PROGRAM), &[]);
    daemon.await_serving();
    daemon
}

struct Chain {
    pair: Pair,
    home: Home,
    gateway: Gateway,
    _servers: [Server; 2],
}

impl Chain {
    fn start() -> (Self, Daemon) {
        let (pair, home) = (Pair::new(), district());
        let daemon = start(&home, &pair.near);
        for path in [
            "prometheus/prometheus.yml",
            "prometheus/linewatch.records.yml",
            "prometheus/linewatch.alerts.yml",
            "alertmanager/alertmanager.yml",
            "alertmanager/templates/linewatch.tmpl",
        ] {
            fast(path, home.path());
        }
        let gateway = Gateway::start(&pair.near);
        let alertmanager = Server::alertmanager(&pair.near, home.path());
        let prometheus = Server::prometheus(&pair.near, home.path());
        daemon.await_status("all lines up", |status| status["total"]["up"] == 7);
        (Self { pair, home, gateway, _servers: [alertmanager, prometheus] }, daemon)
    }

    /// Waits until a query returns something.
    fn await_series(&self, query: &str) -> Vec<Value> {
        self.pair.near.enter(|| {
            until(query, || match ask(query)? {
                none if none.is_empty() => Err(format!("{:#?}", ask("ALERTS").unwrap_or_default())),
                found => Ok(found),
            })
        })
    }

    /// Waits until a query returns nothing any more.
    fn await_none(&self, query: &str) {
        self.pair.near.enter(|| {
            until(query, || match ask(query)? {
                none if none.is_empty() => Ok(()),
                found => Err(format!("{found:#?}")),
            });
        });
    }

    fn told(&self, alert: &str) -> Vec<&Message> {
        self.gateway.seen.iter().filter(|message| message.label("alertname") == alert).collect()
    }
}

fn named<'a>(alert: &'a str, status: &'a str) -> impl Fn(&Message) -> bool + 'a {
    move |message| message.label("alertname") == alert && message.status == status
}

#[test]
fn a_cut_trunk_is_one_message_and_only_its_repair_is_announced() {
    lab::run(|| {
        let (mut chain, daemon) = Chain::start();
        chain.gateway.await_watchdog();

        // One village goes first, on its own; then the trunk with three more. The trunk is told first all the same.
        chain.pair.far.nft_add("dead", "10.64.3.14");
        daemon.await_log("outage.started");
        chain.pair.far.nft_add("net", "10.64.1.0/24");
        let told = chain.gateway.await_message("the trunk", named("LinewatchTrunkDown", "firing"));
        assert_eq!((told.label("line"), told.path.as_str()), ("T-04", "/sms?crew=south"));
        let sms = told.sms();
        assert!(sms.starts_with("【主干中断】汀泗桥镇主干专线（汀泗桥镇 T-04）") && sms.contains("起不通"), "{sms}");
        assert!(sms.chars().count() <= 70, "{sms}");
        println!("{sms}");

        // The village that went on its own is inhibited by the trunk's alert; the others have no alert at all.
        chain.await_series(r#"ALERTS{alertname="LinewatchVillageLineDown", line="V-04", alertstate="firing"}"#);
        chain.pair.near.enter(|| {
            until("V-04 is inhibited", || {
                let alerts = Server::alerts();
                let inhibited = alerts.iter().any(|alert| {
                    alert["labels"]["line"] == "V-04"
                        && alert["status"]["inhibitedBy"].as_array().is_some_and(|by| !by.is_empty())
                });
                if inhibited { Ok(()) } else { Err(format!("{alerts:#?}")) }
            });
        });
        every_expression_returns_data(&chain);

        // Blind, and then started again: nothing is repaired by that.
        chain.pair.far.run("nft insert rule inet lab in icmp type echo-request drop");
        chain.gateway.await_message("blind", named("LinewatchMonitorBlind", "firing"));
        let rule = chain.pair.far.run("nft -a list chain inet lab in");
        let handle =
            rule.lines().find(|line| line.contains("echo-request drop #")).and_then(|line| line.rsplit(' ').next());
        chain.pair.far.run(&format!("nft delete rule inet lab in handle {}", handle.expect("the rule")));
        chain.gateway.await_message("sight", named("LinewatchMonitorBlind", "resolved"));
        assert_eq!(daemon.stop().code, Some(0));
        let daemon = start(&chain.home, &chain.pair.near);
        chain.await_series(r#"min_over_time(up{job="linewatch"}[20s]) == 1"#);
        chain.gateway.await_watchdog();
        assert!(
            chain
                .gateway
                .seen
                .iter()
                .all(|message| message.status == "firing" || !message.label("alertname").ends_with("Down"))
        );

        // Mended: first the village, so that it is over before the trunk's alert ends; then the trunk.
        chain.pair.far.nft_delete("dead", "10.64.3.14");
        chain.await_none(r#"ALERTS{line="V-04"}"#);
        chain.pair.far.nft_delete("net", "10.64.1.0/24");
        let told = chain.gateway.await_message("the repair", named("LinewatchTrunkDown", "resolved"));
        assert!(
            told.sms().starts_with("【恢复】主干汀泗桥镇主干专线") && told.sms().chars().count() <= 70,
            "{}",
            told.sms()
        );
        chain.gateway.await_watchdog();
        drop(daemon);
        let statuses: Vec<&str> = chain.told("LinewatchTrunkDown").iter().map(|told| told.status.as_str()).collect();
        assert_eq!(statuses, ["firing", "resolved"], "one message each");
        let villages: Vec<&Message> =
            chain.gateway.seen.iter().filter(|told| told.label("line").starts_with('V')).collect();
        assert!(villages.is_empty(), "{villages:#?}");
    });
}

#[test]
fn a_killed_daemon_is_told_and_nothing_is_resolved() {
    lab::run(|| {
        let (mut chain, daemon) = Chain::start();
        chain.pair.far.nft_add("dead", "10.64.2.9");
        chain.pair.far.run("nft add rule inet lab in icmp type echo-request ip daddr 10.255.0.2 drop");
        let told = chain.gateway.await_message("the line", named("LinewatchSurveillanceLineDown", "firing"));
        assert_eq!((told.label("line"), told.label("township")), ("S-09", "汀泗桥镇"));
        if !chain.gateway.seen.iter().any(named("LinewatchReferenceDown", "firing")) {
            chain.gateway.await_message("the reference", named("LinewatchReferenceDown", "firing"));
        }
        chain.pair.far.nft_delete("dead", "10.64.2.9");
        daemon.kill();
        let told = chain.gateway.await_message("absence", named("LinewatchDaemonAbsent", "firing"));
        assert!(told.sms().starts_with("【监测停了】") && told.path == "/sms?crew=admins", "{told:?}");
        // Far longer than any alert keeps firing by itself, and than a group waits.
        chain.await_series(
            r#"count_over_time(ALERTS{alertname="LinewatchDaemonAbsent", alertstate="firing"}[5m]) > 30"#,
        );
        // What only the daemon knows is gone with it; that is no recovery, and nobody is told one.
        chain.await_none(r#"ALERTS{alertname="LinewatchReferenceDown"}"#);
        chain.gateway.await_watchdog();
        chain.gateway.await_watchdog();
        let resolved: Vec<&Message> = chain.gateway.seen.iter().filter(|told| told.status == "resolved").collect();
        assert!(resolved.is_empty(), "{resolved:#?}");
        chain.await_series(r#"ALERTS{alertname="LinewatchSurveillanceLineDown", line="S-09", alertstate="firing"}"#);

        // Once somebody looks again, the repair is real.
        let _daemon = start(&chain.home, &chain.pair.near);
        chain.gateway.await_message("the repair", named("LinewatchSurveillanceLineDown", "resolved"));
    });
}

/// Rules that want an hour, a day or a fault of another kind before they have anything to say.
const LATER: [&str; 4] = [
    "line:linewatch_line_round_trip_delay_seconds:median1d",
    "line:linewatch_slowness:ratio",
    "upstream:linewatch_slowness:ratio",
    "upstream:linewatch_line_flapping:bool",
];

/// Each query of each dashboard returns data, each rule runs, and each series a rule names is there.
fn every_expression_returns_data(chain: &Chain) {
    chain.await_series(r#"linewatch_availability_ratio{period="year"}"#);
    chain.await_series("linewatch_fault_info");
    chain.await_series("rate(linewatch_line_probes_sent_total[1m])");
    chain.await_series("class:linewatch_year_budget_spent:ratio");
    chain.await_series("line:linewatch_line_probes_lost:ratio_rate15m");
    let (mut queries, mut names) = (0, BTreeSet::new());
    for (file, board) in dashboards() {
        for panel in board["panels"].as_array().expect("panels") {
            for target in panel["targets"].as_array().into_iter().flatten() {
                let expr = chosen(&file, target["expr"].as_str().expect("an expression"));
                chain.await_series(&expr);
                queries += 1;
            }
        }
    }
    for path in ["prometheus/linewatch.records.yml", "prometheus/linewatch.alerts.yml"] {
        for group in yaml(path)["groups"].as_array().expect("groups") {
            for rule in group["rules"].as_array().expect("rules") {
                let expr = rule["expr"].as_str().expect("an expression");
                chain.pair.near.enter(|| ask(expr).unwrap_or_else(|error| panic!("{error}")));
                names.extend(series(expr));
                names.extend(rule["record"].as_str().map(str::to_owned));
                queries += 1;
            }
        }
    }
    for name in names.iter().filter(|name| !LATER.contains(&name.as_str())) {
        chain.await_series(name);
    }
    println!("{queries} expressions run, {} series named by rules", names.len());
    assert!(queries > 100 && names.len() > 30, "{queries} {}", names.len());
}

/// A dashboard's query with something chosen.
fn chosen(file: &str, expr: &str) -> String {
    let township = if file.contains("township") { "汀泗桥镇" } else { ".*" };
    let expr = expr.replace("$__rate_interval", "1m").replace("$__range", "1h").replace("$__interval", "1m");
    expr.replace("$class", ".*").replace("$township", township).replace("$line", "T-02")
}

/// Names of series in an expression.
fn series(expr: &str) -> BTreeSet<String> {
    let word = |letter: char| letter.is_ascii_alphanumeric() || "_:".contains(letter);
    let unquoted: String = expr.split('"').step_by(2).collect();
    unquoted.split(|letter| !word(letter)).filter(|name| name.contains("linewatch_")).map(str::to_owned).collect()
}

#[test]
fn what_promtool_says_of_the_scrape() {
    let home = district().listen_anywhere();
    let daemon = home.start();
    let scrape = daemon.get("/metrics").body;
    let told = promtool(home.path(), &scrape);
    assert_eq!(told, "", "promtool check metrics");
    assert_ne!(promtool(home.path(), "# TYPE a counter\na 1\n"), "", "it does complain");
}

/// What `promtool check metrics` says.
fn promtool(folder: &Path, scrape: &str) -> String {
    let path = folder.join("scrape");
    fs::write(&path, scrape).expect("writes");
    let input = fs::File::open(&path).expect("opens");
    let output =
        std::process::Command::new("promtool").args(["check", "metrics"]).stdin(input).output().expect("promtool");
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

trait Anywhere {
    fn listen_anywhere(self) -> Self;
}

impl Anywhere for Home {
    /// Beside other daemons, on any port; addresses that nobody answers for do no harm here.
    fn listen_anywhere(mut self) -> Self {
        "127.0.0.1:0".clone_into(&mut self.listen);
        self
    }
}

//! Connections are bounded by the descriptors there are, and give every one of them back.
//!
//! Descriptors belong to a whole process, so each test runs in one of its own.

mod lab;

use std::env;
use std::fs;
use std::process::Command;

use lab::{Pair, Prober, Server, is_reply};
use linewatch::clock;
use linewatch::probe::SocketKind;
use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};

/// Set in the process of a test's own.
const ALONE: &str = "LINEWATCH_TEST_ALONE";

/// Runs the test of this name in a process of its own with these limits (soft:hard) of descriptors.
fn alone(test: &str, limits: &str, body: impl FnOnce()) {
    if env::var_os(ALONE).is_some() {
        return body();
    }
    let output = Command::new("prlimit")
        .arg(format!("--nofile={limits}"))
        .arg(env::current_exe().expect("path of the test binary"))
        .args(["--exact", test, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .expect("this test lowers its own limit of descriptors: install prlimit (util-linux)");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}\n{stderr}");
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("/proc").count()
}

fn filtered() -> Pair {
    let pair = Pair::new();
    pair.far.nft("table inet firewall { chain in { type filter hook input priority -10; tcp dport 1001 drop; }; }");
    pair
}

#[test]
fn two_thousand_probes_give_all_descriptors_back() {
    lab::run(|| {
        alone("two_thousand_probes_give_all_descriptors_back", "1024:4096", || {
            let pair = filtered();
            let server = Server::start(&pair.far, 554, Server::until_gone);
            pair.near.enter(|| {
                let mut prober = Prober::open(SocketKind::Raw).unwrap();
                while !is_reply(&prober.probe("tcp:1000 10.64.0.1", 500)) {}
                let before = descriptors();
                let kinds = ["tcp:1000", "tcp:1001", "rtsp:554", "rtsp:1000", "tcp:80"];
                let hosts = ["10.64.0.1", "fd00:64::1", "192.0.2.1"];
                let lines: Vec<String> =
                    (0..500).map(|probe| format!("{} {}", kinds[probe % 5], hosts[probe % 3])).collect();
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                let mut outcomes = Vec::new();
                for _ in 0..4 {
                    outcomes.extend(prober.probe_all(&lines, 300));
                }
                let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
                let timeouts = count(|outcome| *outcome == Outcome::Loss(LossCause::Timeout));
                let unsent = count(|outcome| matches!(outcome, Outcome::Unsent(_)));
                println!("2,000 probes: {} replies, {timeouts} timeouts, {unsent} unsent", count(is_reply));
                assert!(count(is_reply) > 300 && timeouts > 300 && unsent > 300);
                assert_eq!(outcomes.len(), 2000);
                // The sockets of the engine and of the runtime are as before; the server's connections end when
                // their threads have seen the RST, so they are waited for.
                let patience = clock::elapsed().0 + 5000;
                while descriptors() > before {
                    assert!(clock::elapsed().0 < patience, "{} descriptors, {before} before", descriptors());
                    std::thread::yield_now();
                }

                let silent = prober.target("tcp:1001 10.64.0.1");
                (0..500).for_each(|_| prober.send(silent, 60_000));
                let results = prober.stop();
                assert!(results.iter().all(|result| result.outcome == Outcome::Unsent(UnsentCause::Engine)));
                assert!(descriptors() < before, "{} descriptors, {before} with the engine", descriptors());
            });
            drop(server);
        });
    });
}

#[test]
fn what_goes_beyond_the_descriptors_is_unsent() {
    lab::run(|| {
        alone("what_goes_beyond_the_descriptors_is_unsent", "60:100", || {
            let pair = filtered();
            pair.near.enter(|| {
                let mut prober = Prober::open(SocketKind::Raw).unwrap();
                // The soft limit has been raised to the hard one, and half of it is left to others.
                assert_eq!(prober.engine.most_connections(), 50);
                while !is_reply(&prober.probe("tcp:1000 10.64.0.1", 500)) {}
                let lines = vec!["tcp:1001 10.64.0.1"; 80];
                for _ in 0..3 {
                    let outcomes = prober.probe_all(&lines, 300);
                    let beyond =
                        outcomes.iter().filter(|it| **it == Outcome::Unsent(UnsentCause::NoDescriptor)).count();
                    let silent = outcomes.iter().filter(|it| **it == Outcome::Loss(LossCause::Timeout)).count();
                    assert_eq!((beyond, silent), (30, 50), "{outcomes:?}");
                    assert!(is_reply(&prober.probe("tcp:1000 10.64.0.1", 500)), "room again");
                }
                // ICMP needs none.
                assert!(is_reply(&prober.probe("10.64.0.1", 500)));
            });
        });
    });
}

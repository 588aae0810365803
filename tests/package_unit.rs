//! The unit of systemd: sound, and as closed as it can be while it still opens raw sockets.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The most that `systemd-analyze security` may find exposed; it rates from 0 (closed) to 10.
const MOST_EXPOSED: f64 = 1.5;

fn unit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/linewatch.service")
}

fn analyze(arguments: &[&str], unit: &Path) -> (Output, String) {
    let output = Command::new("systemd-analyze")
        .args(arguments)
        .arg(unit)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap_or_else(|error| panic!("systemd-analyze: {error}; install the package systemd"));
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output, String::from_utf8(text).expect("UTF-8"))
}

/// `→ Overall exposure level for linewatch.service: 1.4 OK`
fn rating(report: &str) -> f64 {
    let line = report.lines().find(|line| line.contains("Overall exposure level")).expect(report);
    let number = line.rsplit_once(": ").and_then(|(_, rest)| rest.split_whitespace().next()).expect(line);
    number.parse().expect(line)
}

fn settings(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(unit()).expect("readable");
    text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned).collect()
}

#[test]
fn it_is_rated_as_closed() {
    let (_, report) = analyze(&["security", "--offline=true", "--no-pager"], &unit());
    let rating = rating(&report);
    println!("exposure {rating}");
    assert!(rating <= MOST_EXPOSED, "{report}");
}

#[test]
fn systemd_finds_nothing_to_complain_about() {
    let folder = tempfile::tempdir().expect("a folder");
    // Installed it stands at /usr/bin; the package test looks at it there.
    let text = std::fs::read_to_string(unit()).expect("readable");
    let here = text.replace("/usr/bin/linewatch", env!("CARGO_BIN_EXE_linewatch"));
    assert_ne!(here, text);
    let copy = folder.path().join("linewatch.service");
    std::fs::write(&copy, here).expect("written");
    let (output, report) = analyze(&["verify", "--man=no"], &copy);
    let own: Vec<&str> = report.lines().filter(|line| line.contains("linewatch")).collect();
    assert!(output.status.success() && own.is_empty(), "{report}");
}

#[test]
fn it_holds_one_capability_and_keeps_the_raw_sockets() {
    assert_eq!(settings("AmbientCapabilities"), ["CAP_NET_RAW"]);
    assert_eq!(settings("CapabilityBoundingSet"), ["CAP_NET_RAW"]);
    assert_eq!(settings("PrivateUsers"), [""; 0], "a user namespace has no raw sockets outside of it");
    assert_eq!(settings("User"), ["linewatch"]);
}

#[test]
fn the_service_manager_waits_for_what_the_daemon_says() {
    assert_eq!(settings("Type"), ["notify"]);
    assert_eq!(settings("WatchdogSec"), ["30s"]);
    assert_eq!(settings("ExecReload"), ["/bin/sh -c \"kill -HUP $MAINPID\""], "every system has this kill");
    assert_eq!(settings("Restart"), ["on-failure"]);
}

#[test]
fn the_command_in_the_unit_is_one_that_linewatch_knows() {
    let start = settings("ExecStart").concat();
    let command = linewatch::cli::command(linewatch::language::Language::English);
    command.try_get_matches_from(start.split_whitespace()).expect("understood");
}

/// Certificate and key for the pages, and the port of HTTPS, as a site adds them.
#[test]
fn with_tls_it_is_rated_as_closed_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(unit()).expect("readable");
    let user = "User=linewatch\n";
    let credentials = format!(
        "LoadCredential=site.pem:/etc/linewatch/tls/site.pem\nLoadCredential=site.key:/etc/linewatch/tls/site.key\n{user}"
    );
    let port = text
        .replace("AmbientCapabilities=CAP_NET_RAW", "AmbientCapabilities=CAP_NET_RAW CAP_NET_BIND_SERVICE")
        .replace("CapabilityBoundingSet=CAP_NET_RAW", "CapabilityBoundingSet=CAP_NET_RAW CAP_NET_BIND_SERVICE");
    let cases = [("files", text.clone()), ("credentials", text.replace(user, &credentials)), ("port", port)];
    for (name, changed) in &cases {
        assert!(*name == "files" || *changed != text, "{name}");
        let copy = folder.path().join("linewatch.service");
        std::fs::write(&copy, changed).expect("written");
        let (_, report) = analyze(&["security", "--offline=true", "--no-pager"], &copy);
        let rating = rating(&report);
        println!("exposure with {name} {rating}");
        assert!(rating <= MOST_EXPOSED, "{name}: {report}");
    }
    // Files in /etc/linewatch are read as they are, and read again when they change: nothing hides them.
    for setting in ["InaccessiblePaths", "TemporaryFileSystem", "RootDirectory", "ProtectSystem"] {
        assert!(settings(setting).iter().all(|value| value == "strict"), "{setting}");
    }
}

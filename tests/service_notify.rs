//! The daemon as a service: what it tells the service manager and when, and how it logs to whom.

mod lab;
mod service;
mod store_support;

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;
use std::time::Duration;

use lab::Namespace;
use linewatch::store::{Journal, Store, StoreKind};
use service::{Running, Site};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A service manager that only listens.
struct Manager {
    socket: UnixDatagram,
}

impl Manager {
    fn of(site: &Site) -> Self {
        let socket = UnixDatagram::bind(site.path("notify.sock")).expect("binds");
        Self { socket }
    }

    /// The next message, within a time.
    fn hears(&self, patience: Duration) -> Option<String> {
        self.socket.set_read_timeout(Some(patience)).expect("a timeout");
        let mut bytes = [0; 4096];
        let length = self.socket.recv(&mut bytes).ok()?;
        Some(String::from_utf8(bytes[..length].to_vec()).expect("UTF-8"))
    }

    /// Listens until a message has this line; returns all messages up to it.
    fn hears_until(&self, wanted: &str) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let message = self.hears(PATIENCE).unwrap_or_else(|| panic!("no {wanted} within a minute; {heard:?}"));
            let found = message.lines().any(|line| line == wanted);
            heard.push(message);
            if found {
                return heard;
            }
        }
    }
}

fn start(site: &Site, namespace: &Namespace, watchdog: &str) -> Running {
    let mut command = site.daemon(namespace);
    command.env("NOTIFY_SOCKET", site.path("notify.sock")).env("WATCHDOG_USEC", watchdog);
    Running::start(command.stderr(Stdio::null()))
}

#[test]
fn ready_comes_after_the_first_commit_and_stopping_at_the_end() {
    lab::run(|| {
        let (site, namespace) = (Site::of_loopback(3), Namespace::new("notify"));
        let manager = Manager::of(&site);
        let mut running = start(&site, &namespace, "0");
        let heard = manager.hears_until("READY=1");
        let first = &heard[0];
        assert_eq!(heard.len(), 1, "nothing before it: {heard:?}");
        let store = Store::open(&site.store(), StoreKind::Real).expect("opens");
        let records = store.read(1, 100).expect("readable");
        let kinds: Vec<&str> = records.iter().map(|record| record.fact.kind()).collect();
        assert_eq!(kinds[..2], ["observation.resumed", "line.commissioned"], "committed when READY was heard");
        assert!(first.contains("STATUS=3 lines, 0 down\n"), "{first}");
        assert!(!first.contains("WATCHDOG"), "there is no watchdog: {first}");

        running.signal(libc::SIGTERM);
        let heard = manager.hears_until("STOPPING=1");
        assert!(heard.iter().all(|message| !message.contains("READY")), "once is enough: {heard:?}");
        assert!(running.ends().success());
        assert_eq!(manager.hears(Duration::from_millis(10)), None, "nothing after it");
    });
}

/// Making derived tables anew may take longer than a start may.
#[test]
fn an_upgrade_asks_for_more_time_and_says_how_far_it_is() {
    lab::run(|| {
        let (site, namespace) = (Site::of_loopback(3), Namespace::new("upgrade"));
        std::fs::create_dir_all(site.store().parent().expect("a folder")).expect("made");
        store_support::older_store(&site.store());
        let manager = Manager::of(&site);
        let mut command = site.daemon(&namespace);
        // The lines of the story are not those of the site.
        command.arg("--allow-removal").env("NOTIFY_SOCKET", site.path("notify.sock")).env("WATCHDOG_USEC", "0");
        let mut running = Running::start(command.stderr(Stdio::null()));
        let heard = manager.hears_until("READY=1");
        let first = &heard[0];
        assert!(first.starts_with("EXTEND_TIMEOUT_USEC=60000000\nSTATUS="), "{heard:?}");
        assert!(first.contains("making derived tables anew from the records: 1 of 73"), "{first}");
        assert!(!first.contains("READY"), "{first}");
        running.signal(libc::SIGTERM);
        assert!(running.ends().success());
    });
}

#[test]
fn the_watchdog_hears_from_a_loop_that_turns_and_from_no_other() {
    lab::run(|| {
        let (site, namespace) = (Site::of_loopback(1), Namespace::new("watchdog"));
        let manager = Manager::of(&site);
        let mut running = start(&site, &namespace, "600000");
        for _ in 0..8 {
            manager.hears_until("WATCHDOG=1");
        }
        running.signal(libc::SIGSTOP);
        running.stands_still();
        while manager.hears(Duration::from_millis(1)).is_some() {}
        assert_eq!(manager.hears(Duration::from_secs(2)), None, "a loop that stands still says nothing");
        running.signal(libc::SIGCONT);
        manager.hears_until("WATCHDOG=1");
        running.signal(libc::SIGTERM);
        manager.hears_until("STOPPING=1");
        assert!(running.ends().success());
    });
}

#[test]
fn the_status_says_how_many_lines_are_down() {
    lab::run(|| {
        let (site, namespace) = (Site::of_loopback(2), Namespace::new("status"));
        let manager = Manager::of(&site);
        let mut running = start(&site, &namespace, "0");
        manager.hears_until("STATUS=2 lines, 0 down");
        namespace.nft("add table inet t; add chain inet t i { type filter hook input priority 0; }; add rule inet t i ip daddr 127.0.1.1 drop");
        manager.hears_until("STATUS=2 lines, 1 down");
        namespace.nft("delete table inet t");
        manager.hears_until("STATUS=2 lines, 0 down");
        running.signal(libc::SIGTERM);
        assert!(running.ends().success());
    });
}

#[test]
fn a_service_manager_that_is_not_there_is_said_so() {
    lab::run(|| {
        let (site, namespace) = (Site::of_loopback(1), Namespace::new("nobody"));
        let mut command = site.daemon(&namespace);
        let output = command.env("NOTIFY_SOCKET", site.path("nobody")).output().expect("runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr.contains("NOTIFY_SOCKET"), "{stderr}");
    });
}

/// What the daemon logs from its start to its end, with stderr in a file.
fn log(environment: &[(&str, &str)], journal: bool, arguments: &[&str]) -> String {
    let (site, namespace) = (Site::of_loopback(1), Namespace::new("log"));
    let manager = Manager::of(&site);
    let path = site.path("stderr");
    let file = File::create(&path).expect("a file");
    let stream = file.metadata().map(|file| format!("{}:{}", file.dev(), file.ino())).expect("metadata");
    let mut command = site.daemon(&namespace);
    command.args(arguments).env("NOTIFY_SOCKET", site.path("notify.sock")).envs(environment.iter().copied());
    // The variable is inherited by whoever is started from a service; only the numbers tell.
    command.env("JOURNAL_STREAM", if journal { stream.as_str() } else { "1:1" });
    let mut running = Running::start(command.stderr(file));
    manager.hears_until("READY=1");
    running.signal(libc::SIGTERM);
    assert!(running.ends().success());
    std::fs::read_to_string(path).expect("UTF-8")
}

/// Whether a line has an RFC 3339 time at its start.
fn is_timed(line: &str) -> bool {
    let shape: String =
        line.chars().take(20).map(|letter| if letter.is_ascii_digit() { '9' } else { letter }).collect();
    shape == "9999-99-99T99:99:99."
}

#[test]
fn the_journal_gets_one_line_an_event_with_its_priority_and_no_time() {
    lab::run(|| {
        let text = log(&[], true, &[]);
        assert!(text.lines().count() >= 3, "{text}");
        assert!(text.contains("<6>stopped\n"), "{text}");
        for line in text.lines() {
            let (priority, event) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')).expect(line);
            assert!(["3", "4", "6"].contains(&priority), "{line}");
            assert!(!is_timed(event) && !event.contains('\u{1b}') && !event.starts_with("INFO"), "{line}");
        }
    });
}

#[test]
fn the_journal_gets_json_on_request() {
    lab::run(|| {
        let text = log(&[], true, &["--log-json"]);
        for line in text.lines() {
            let json = line.strip_prefix("<6>").or_else(|| line.strip_prefix("<4>")).expect(line);
            let event: serde_json::Value = serde_json::from_str(json).expect(line);
            assert!(event["fields"]["message"].is_string() && event["timestamp"].is_string(), "{line}");
        }
    });
}

#[test]
fn a_file_gets_plain_lines_with_their_time() {
    lab::run(|| {
        let text = log(&[], false, &[]);
        assert!(text.lines().count() >= 3, "{text}");
        for line in text.lines() {
            assert!(is_timed(line) && !line.contains('\u{1b}'), "{line}");
        }
    });
}

#[test]
fn a_failure_in_the_journal_is_an_error_in_every_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("linewatch.toml");
    std::fs::write(&config, "[site]\nnaem = \"x\"\nzone = \"y\"\n").expect("written");
    let path = folder.path().join("stderr");
    let file = File::create(&path).expect("a file");
    let stream = file.metadata().map(|file| format!("{}:{}", file.dev(), file.ino())).expect("metadata");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_linewatch"))
        .args(["run", "--config"])
        .arg(&config)
        .env("JOURNAL_STREAM", stream)
        .stderr(file)
        .status()
        .expect("runs");
    assert_eq!(status.code(), Some(1));
    let text = std::fs::read_to_string(path).expect("UTF-8");
    assert!(text.contains("naem") && text.lines().all(|line| line.starts_with("<3>")), "{text}");
}

#[test]
fn a_terminal_gets_colours() {
    lab::run(|| {
        let (site, namespace) = (Site::of_loopback(1), Namespace::new("terminal"));
        let manager = Manager::of(&site);
        // `script` (util-linux, bsdutils) gives the daemon a terminal and copies what it writes there.
        let daemon = site.daemon_words();
        let mut command = namespace.command("script");
        command.args(["-qec", &daemon, "/dev/null"]).env("NOTIFY_SOCKET", site.path("notify.sock"));
        command.env_remove("NO_COLOR").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut running = Running::start(&mut command);
        manager.hears_until("READY=1");
        let mut terminal = running.stdout();
        let daemon = std::fs::read_to_string(site.path("pid")).expect("its process id");
        service::signal(daemon.trim().parse().expect("a number"), libc::SIGTERM);
        let mut text = String::new();
        // A pseudo-terminal whose other end has gone answers with an error after the last byte.
        let _ = terminal.read_to_string(&mut text);
        running.ends();
        assert!(text.contains("\u{1b}["), "{text:?}");
    });
}

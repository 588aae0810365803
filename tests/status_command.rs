//! `linewatch status` and the control socket behind it.

mod district;

use std::future::Future;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use district::District;
use linewatch::report::status::StatusReport;
use linewatch::web::control::{self, ControlSocket};
use linewatch::web::{Look, Settings, Source};
use linewatch_core::line::LineId;
use linewatch_core::quality::LineHour;
use linewatch_core::time::Span;

struct Fixed(Option<Look>);

impl Source for Fixed {
    fn look(&self) -> Pin<Box<dyn Future<Output = Option<Look>> + Send + '_>> {
        Box::pin(std::future::ready(self.0.clone()))
    }

    fn quality(&self, line: LineId, _: Span) -> Pin<Box<dyn Future<Output = Option<Vec<LineHour>>> + Send + '_>> {
        Box::pin(std::future::ready(Some(district::quality(&line))))
    }
}

/// A daemon's control socket in a folder of its own, as long as the value lives.
struct Daemon {
    path: PathBuf,
    _runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

impl Daemon {
    fn of(district: District) -> Self {
        let (snapshot, live) = district.publish();
        Self::serving(Some(Look { snapshot, live, settings: Settings::default() }))
    }

    fn serving(look: Option<Look>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = control::path_beside(&folder.path().join("linewatch.db"));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let socket = runtime.block_on(async { ControlSocket::bind(&path) }).expect("binds");
        runtime.spawn(control::serve(socket, Arc::new(Fixed(look))));
        Self { path, _runtime: runtime, _folder: folder }
    }

    fn ask(&self, question: &str) -> String {
        let mut stream = UnixStream::connect(&self.path).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(question.as_bytes()).expect("writes");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("reads");
        answer
    }
}

fn status(socket: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_linewatch"))
        .arg("status")
        .arg("--socket")
        .arg(socket)
        .args(arguments)
        .output()
        .expect("runs")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

#[test]
fn it_prints_what_is_wrong_first_and_no_colours_into_a_pipe() {
    let output = status(&Daemon::of(District::bad()).path, &[]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
    assert!(
        stdout(&output).lines().nth(1).is_some_and(|line| line.starts_with("32 条线路中断")),
        "{}",
        stdout(&output)
    );
    assert!(!stdout(&output).contains('\u{1b}'));
}

#[test]
fn it_speaks_the_language_asked_for() {
    let output = status(&Daemon::of(District::calm()).path, &["--lang", "en"]);
    assert!(stdout(&output).contains("All 401 lines are up"), "{}", stdout(&output));
}

#[test]
fn json_is_the_whole_report() {
    let output = status(&Daemon::of(District::bad()).path, &["--json"]);
    let report: StatusReport = serde_json::from_str(stdout(&output)).expect("a report");
    assert_eq!((report.schema.as_str(), report.total.lines), ("linewatch.status/1", 401));
}

#[test]
fn one_line_is_told_in_full_and_an_unknown_one_is_a_failure() {
    let daemon = Daemon::of(District::bad());
    let output = status(&daemon.path, &["V-101", "--lang", "zh-CN"]);
    assert!(stdout(&output).contains("故障 F20260105-002"), "{}", stdout(&output));
    let output = status(&daemon.path, &["V-999", "--lang", "zh-CN"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), ""));
    assert!(stderr(&output).contains("没有编号为 V-999 的在用线路"), "{}", stderr(&output));
}

#[test]
fn without_a_daemon_it_says_so_and_how_to_start_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("control.sock");
    let missing = status(&path, &["--lang", "zh-CN"]);
    assert_eq!((missing.status.code(), stdout(&missing)), (Some(1), ""));
    assert!(stderr(&missing).contains("监测程序没有运行"), "{}", stderr(&missing));
    assert!(stderr(&missing).contains("linewatch run"));
    // A killed daemon leaves its socket behind.
    drop(UnixListener::bind(&path).expect("binds"));
    let refused = status(&path, &["--lang", "en"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("the daemon is not running"), "{}", stderr(&refused));
}

#[test]
fn a_starting_daemon_and_a_stranger_are_told_apart() {
    let starting = status(&Daemon::serving(None).path, &["--lang", "en"]);
    assert_eq!(starting.status.code(), Some(1));
    assert!(stderr(&starting).contains("starting or stopping"), "{}", stderr(&starting));

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("control.sock");
    let listener = UnixListener::bind(&path).expect("binds");
    let stranger = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("accepts");
        let mut asked = String::new();
        stream.read_to_string(&mut asked).expect("reads");
        stream.write_all(b"220 mail\r\n").expect("writes");
        asked
    });
    let output = status(&path, &["--lang", "en"]);
    assert_eq!(stranger.join().expect("answered"), "{\"ask\":\"status\"}\n");
    assert!(stderr(&output).contains("it may be another version"), "{}", stderr(&output));
}

#[test]
fn a_question_that_is_none_gets_a_reason() {
    let daemon = Daemon::of(District::calm());
    for question in ["\n", "status\n", "{\"ask\":\"reboot\"}\n", "{\"ask\":\"status\",\"more\":1}\n"] {
        let answer = daemon.ask(question);
        assert!(answer.starts_with("{\"misunderstood\":"), "{question:?}: {answer}");
    }
    // It hangs up on a question without an end, perhaps before that is written.
    let mut endless = UnixStream::connect(&daemon.path).expect("connects");
    let _ = endless.write_all(&vec![b'x'; 1_000_000]);
    drop(endless);
    assert!(daemon.ask("{\"ask\":\"status\"}\n").starts_with("{\"status\":{"), "it answers on");
}

#[test]
fn whoever_says_nothing_keeps_nobody_waiting() {
    let daemon = Daemon::of(District::calm());
    let silent: Vec<_> = (0..4).map(|_| UnixStream::connect(&daemon.path).expect("connects")).collect();
    assert!(daemon.ask("{\"ask\":\"line\",\"line\":\"T-01\"}\n").starts_with("{\"line\":{"));
    drop(silent);
}

#[test]
fn the_socket_is_for_the_daemons_group_and_goes_with_it() {
    let daemon = Daemon::of(District::calm());
    let mode = std::fs::metadata(&daemon.path).expect("exists").permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("control.sock");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let socket = runtime.block_on(async { ControlSocket::bind(&path) }).expect("binds");
    assert!(path.exists());
    drop(socket);
    assert!(!path.exists());
}

#[test]
fn a_stale_socket_is_replaced_but_never_a_living_one_or_a_file() {
    let daemon = Daemon::of(District::calm());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let bind = |path: &Path| runtime.block_on(async { ControlSocket::bind(path) });
    let living = bind(&daemon.path).expect_err("a daemon answers there");
    assert_eq!(living.kind(), std::io::ErrorKind::AddrInUse);
    assert!(daemon.ask("{\"ask\":\"status\"}\n").starts_with("{\"status\":{"), "the first goes on");

    let folder = tempfile::tempdir().expect("a folder");
    let stale = folder.path().join("control.sock");
    drop(UnixListener::bind(&stale).expect("binds"));
    bind(&stale).expect("replaces it");
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "mine").expect("writes");
    bind(&file).expect_err("a file is no socket");
    assert_eq!(std::fs::read_to_string(&file).expect("reads"), "mine");
}

#[test]
fn a_line_has_its_quality_in_text_and_json() {
    let daemon = Daemon::of(District::bad());
    let told = status(&daemon.path, &["T-03"]);
    let rows: Vec<&str> = stdout(&told).lines().map(str::trim).collect();
    let row = rows.iter().find(|row| row.starts_with("07:00")).expect("an hour of today");
    assert_eq!(
        row.split_whitespace().collect::<Vec<_>>(),
        ["07:00", "1801", "18", "1.00%", "0", "2.20", "2.62", "3.07", "48.00"]
    );
    let told = status(&daemon.path, &["T-03", "--json"]);
    let report: serde_json::Value = serde_json::from_str(stdout(&told)).expect("JSON");
    let quality = &report["quality"];
    assert_eq!(quality["from"], "2025-12-29T16:00:00.000Z");
    assert_eq!(quality["hours"].as_array().map(Vec::len), Some(7 * 24 - 14 - 6));
    assert_eq!((&quality["today"]["lost"], &quality["today"]["unsent"]), (&18.into(), &300.into()));
    assert_eq!(quality["last_30_days"]["sent"], 186 * 1783 + 18);
}

//! A running daemon.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use linewatch::clock;
use serde_json::Value;

use super::PROGRAM;
use super::http::{self, Answer};

/// What does not come within this long is missing.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How long a poll waits for another line of the log before it asks again.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(50);

/// A daemon; killed when dropped.
pub struct Daemon {
    child: Child,
    log: Arc<Log>,
    config: PathBuf,
    address: Option<SocketAddr>,
}

/// What it wrote to stderr so far.
#[derive(Default)]
struct Log {
    written: Mutex<Written>,
    changed: Condvar,
}

#[derive(Default)]
struct Written {
    lines: Vec<String>,
    ended: bool,
}

/// A daemon that ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit code; `None`: ended by a signal.
    pub code: Option<i32>,
    /// Everything it wrote to stderr.
    pub log: String,
}

impl Daemon {
    /// Starts a command that becomes the program.
    pub(super) fn spawn(mut command: Command, config: PathBuf) -> Self {
        for variable in ["LANG", "LC_ALL", "LC_MESSAGES", "LINEWATCH_LOG"] {
            command.env_remove(variable);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stderr = child.stderr.take().expect("piped");
        let log = Arc::<Log>::default();
        let reading = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
                reading.lock().lines.push(String::from_utf8_lossy(&line).into_owned());
                reading.changed.notify_all();
            }
            reading.lock().ended = true;
            reading.changed.notify_all();
        });
        Self { child, log, config, address: None }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where it serves its pages.
    pub fn address(&self) -> SocketAddr {
        self.address.expect("await_serving was called")
    }

    /// Waits until it serves.
    pub fn await_serving(&mut self) {
        let line = self.await_log("pages on http://");
        let text = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        self.address = Some(text.parse().unwrap_or_else(|error| panic!("{line:?}: {error}")));
    }

    /// Lines of the log so far; a mark for [`Daemon::await_log_after`].
    pub fn mark(&self) -> usize {
        self.log.lock().lines.len()
    }

    /// The whole log so far.
    pub fn log(&self) -> String {
        self.log.lock().lines.join("\n")
    }

    /// Waits for a line of the log that contains the text, from the first line on.
    pub fn await_log(&self, text: &str) -> String {
        self.await_log_after(0, text)
    }

    /// Waits for a line of the log that contains the text, from a mark on.
    pub fn await_log_after(&self, mark: usize, text: &str) -> String {
        self.await_line(mark, text, |line| line.contains(text))
    }

    /// Waits for a line of the log that fits, from a mark on.
    pub fn await_line(&self, mark: usize, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let find = |written: &Written| written.lines.iter().skip(mark).find(|line| fits(line)).cloned();
        let waited = self
            .log
            .changed
            .wait_timeout_while(self.log.lock(), PATIENCE, |written| find(written).is_none() && !written.ended);
        let (written, _) = waited.unwrap_or_else(PoisonError::into_inner);
        find(&written).unwrap_or_else(|| panic!("the log lacks {what:?}:\n{}", written.lines.join("\n")))
    }

    /// Asks for a path; panics when nobody answers.
    pub fn get(&self, path: &str) -> Answer {
        http::get(self.address(), path).unwrap_or_else(|error| panic!("GET {path}: {error}\n{}", self.log()))
    }

    /// The value of a series of `/metrics`, written as there: `name` or `name{label="value"}`.
    pub fn metric(&self, series: &str) -> Option<f64> {
        let answer = self.get("/metrics");
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
    }

    /// `linewatch status` with more arguments, as JSON; an error is the sentence it printed.
    pub fn status_of(&self, arguments: &[&str]) -> Result<Value, String> {
        let mut command = Command::new(PROGRAM);
        command.args(["status", "--json", "--lang", "en", "--config"]).arg(&self.config).args(arguments);
        let output = command.output().expect("runs");
        if output.status.success() {
            Ok(serde_json::from_slice(&output.stdout).expect("JSON"))
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// `linewatch status --json`.
    pub fn status(&self) -> Value {
        self.status_of(&[]).unwrap_or_else(|sentence| panic!("{sentence}\n{}", self.log()))
    }

    /// Asks for the status until it fits; for what the log does not tell.
    pub fn await_status(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.until(what, || {
            let status = self.status();
            if fits(&status) { Ok(status) } else { Err(format!("{status:#}")) }
        })
    }

    /// Asks for one line's status until it fits.
    pub fn await_line_status(&self, line: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.until(what, || {
            let status = self.status_of(&[line])?;
            if fits(&status) { Ok(status) } else { Err(format!("{status:#}")) }
        })
    }

    /// Asks for a metric until it fits.
    pub fn await_metric(&self, series: &str, fits: impl Fn(f64) -> bool) -> f64 {
        self.until(series, || match self.metric(series) {
            Some(value) if fits(value) => Ok(value),
            other => Err(format!("{series} {other:?}")),
        })
    }

    /// Asks again and again, at each line of the log or a little later.
    pub fn until<T>(&self, what: &str, ask: impl Fn() -> Result<T, String>) -> T {
        let begun = clock::elapsed();
        loop {
            let mark = self.mark();
            let last = match ask() {
                Ok(found) => return found,
                Err(last) => last,
            };
            let waited = u64::try_from(clock::elapsed().0 - begun.0).unwrap_or(0);
            assert!(Duration::from_millis(waited) < PATIENCE, "never {what}; last:\n{last}\nlog:\n{}", self.log());
            let longer = |written: &mut Written| written.lines.len() == mark && !written.ended;
            drop(self.log.changed.wait_timeout_while(self.log.lock(), BETWEEN_QUESTIONS, longer));
        }
    }

    /// Sends a signal, such as `TERM`, and waits for nothing.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status();
        assert!(sent.expect("kill (procps or a shell's)").success(), "process {} is gone", self.pid());
    }

    /// SIGTERM, and waits for the end.
    pub fn stop(self) -> Ended {
        self.signal("TERM");
        self.ended()
    }

    /// SIGKILL, and waits for the end.
    pub fn kill(mut self) -> Ended {
        self.child.kill().expect("kills");
        self.ended()
    }

    /// Waits for the end; panics when it goes on running.
    pub fn ended(mut self) -> Ended {
        let running = |written: &mut Written| !written.ended;
        let waited = self.log.changed.wait_timeout_while(self.log.lock(), PATIENCE, running);
        let ended = waited.unwrap_or_else(PoisonError::into_inner).0.ended;
        assert!(ended, "process {} goes on running:\n{}", self.pid(), self.log());
        let status = self.child.wait().expect("waits");
        Ended { code: status.code(), log: self.log() }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // One that has ended, and was waited for, cannot be killed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

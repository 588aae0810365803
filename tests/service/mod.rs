//! A small site in a folder of its own, and the daemon running on it.

#![allow(dead_code, reason = "every test file compiles this and uses a part of it")]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus};

use crate::lab::Namespace;

/// Configuration, inventory and store in a temporary folder.
pub struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// Lines L-1, L-2 … at 127.0.1.1, 127.0.1.2 …, probed five times a second, in English.
    pub fn of_loopback(lines: usize) -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a folder") };
        let config = "[site]\nlanguage = \"en\"\n[probe]\ninterval = \"200ms\"\ntimeout = \"100ms\"\n\
                      retry_interval = \"100ms\"\nconfirm_down = 2\n[references]\naddresses = [\"127.0.0.2\"]\n";
        std::fs::write(site.path("linewatch.toml"), config).expect("written");
        let mut table = "id,name,class,address\n".to_owned();
        for line in 1..=lines {
            writeln!(table, "L-{line},Line {line},village,127.0.1.{line}").expect("written");
        }
        std::fs::write(site.path("lines.csv"), table).expect("written");
        site
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The journal.
    pub fn store(&self) -> PathBuf {
        self.path("linewatch-data/journal.db")
    }

    /// `linewatch run` inside a namespace; the port for pages is free there.
    pub fn daemon(&self, namespace: &Namespace) -> Command {
        let mut command = namespace.command(env!("CARGO_BIN_EXE_linewatch"));
        command.args(["run", "--config"]).arg(self.path("linewatch.toml")).env_remove("WATCHDOG_PID");
        command
    }

    /// The same as words for a shell, which leaves its process id in the file `pid`.
    pub fn daemon_words(&self) -> String {
        let (program, config) = (env!("CARGO_BIN_EXE_linewatch"), self.path("linewatch.toml"));
        format!("echo $$ > '{}'; exec '{program}' run --config '{}'", self.path("pid").display(), config.display())
    }
}

/// A process; killed when dropped.
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        Self { child: command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")) }
    }

    /// Its standard output, piped before.
    pub fn stdout(&mut self) -> ChildStdout {
        self.child.stdout.take().expect("a pipe")
    }

    /// Sends it a signal.
    pub fn signal(&self, number: i32) {
        // The child is not yet waited for, so the number is still its own.
        signal(libc::pid_t::try_from(self.child.id()).expect("a process id"), number);
    }

    /// Waits until it is stopped by SIGSTOP.
    pub fn stands_still(&self) {
        let stat = format!("/proc/{}/stat", self.child.id());
        while !std::fs::read_to_string(&stat).expect("a living process").contains(") T ") {
            std::thread::yield_now();
        }
    }

    /// Waits for its end.
    pub fn ends(&mut self) -> ExitStatus {
        self.child.wait().expect("waited for")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a process a signal.
#[expect(unsafe_code, reason = "std sends no signal but SIGKILL")]
pub fn signal(process: libc::pid_t, number: i32) {
    // SAFETY: kill takes no pointer.
    assert_eq!(unsafe { libc::kill(process, number) }, 0, "signal {number} to {process}");
}

//! The folder a daemon lives in, and what its store says.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use linewatch::store::{Head, Reader, Store, codec, verify};
use linewatch_core::ledger::{GapRow, OutageRow};
use linewatch_core::record::{OutageId, Record};
use linewatch_core::time::{Span, Timestamp};
use tempfile::TempDir;

use super::PROGRAM;
use super::process::{Daemon, Ended};
use super::row::{Row, csv};

/// All of time.
const EVER: Span = Span::new(Timestamp::MIN, Timestamp::MAX);

/// How fast lines are probed, milliseconds, and how soon a verdict falls.
#[derive(Clone, Copy, Debug)]
pub struct Speed {
    /// `[probe] interval`, at least 200.
    pub interval_ms: u32,
    /// `[probe] timeout`.
    pub timeout_ms: u32,
    /// `[probe] retry_interval`, between timeout and interval, at least 100.
    pub retry_ms: u32,
    /// `[probe] confirm_down`, at least 2.
    pub confirm_down: u32,
    /// `[probe] confirm_up`.
    pub confirm_up: u32,
}

impl Speed {
    /// Down within 1.2 s, up within 0.6 s.
    pub const FAST: Self = Self { interval_ms: 400, timeout_ms: 200, retry_ms: 200, confirm_down: 3, confirm_up: 2 };
    /// The confirming runs of the defaults, five times as fast.
    pub const FIVEFOLD: Self =
        Self { interval_ms: 400, timeout_ms: 200, retry_ms: 200, confirm_down: 5, confirm_up: 2 };
}

/// A folder with configuration and inventory; the files are written anew at each start.
pub struct Home {
    folder: TempDir,
    /// The inventory.
    pub rows: Vec<Row>,
    /// `[probe]`.
    pub speed: Speed,
    /// `[references] addresses`.
    pub references: Vec<String>,
    /// `[store] path`.
    pub store: PathBuf,
    /// `[http] listen`; port 0 is any free one.
    pub listen: String,
    /// `[site] language`.
    pub language: &'static str,
    /// More TOML, of sections that are not written otherwise, such as `[faults]`.
    pub more: String,
}

impl Home {
    /// An empty inventory, one reference (127.0.0.2), any free port, English.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("data").join("journal.db");
        Self {
            folder,
            rows: Vec::new(),
            speed: Speed::FAST,
            references: vec!["127.0.0.2".to_owned()],
            store,
            listen: "127.0.0.1:0".to_owned(),
            language: "en",
            more: String::new(),
        }
    }

    /// One more line.
    pub fn line(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    /// `count` lines `L-001`… that answer, at 127.`net`.x.y.
    pub fn answering(mut self, count: u32, net: u8) -> Self {
        let row = |n: u32| Row::new(&format!("L-{n:03}"), &format!("127.{net}.{}.{}", n / 250, n % 250 + 1));
        self.rows.extend((1..=count).map(row));
        self
    }

    /// Another speed.
    pub fn speed(self, speed: Speed) -> Self {
        Self { speed, ..self }
    }

    /// Other references.
    pub fn references(self, addresses: &[&str]) -> Self {
        Self { references: addresses.iter().map(|&address| address.to_owned()).collect(), ..self }
    }

    /// More TOML.
    pub fn more(self, more: &str) -> Self {
        Self { more: more.to_owned(), ..self }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.path().join("linewatch.toml")
    }

    /// The inventory file.
    pub fn inventory(&self) -> PathBuf {
        self.path().join("lines.csv")
    }

    /// Writes configuration and inventory as they are to be now.
    pub fn write(&self) {
        fs::write(self.config(), self.toml()).expect("writes the configuration");
        fs::write(self.inventory(), csv(&self.rows)).expect("writes the inventory");
    }

    /// The configuration's text.
    pub fn toml(&self) -> String {
        let Speed { interval_ms, timeout_ms, retry_ms, confirm_down, confirm_up } = self.speed;
        format!(
            "[site]\nname = \"Test\"\nlanguage = {:?}\n[http]\nlisten = {:?}\n[store]\npath = {:?}\n\
             [inventory]\nfile = \"lines.csv\"\n[probe]\ninterval = \"{interval_ms}ms\"\ntimeout = \"{timeout_ms}ms\"\n\
             retry_interval = \"{retry_ms}ms\"\nconfirm_down = {confirm_down}\nconfirm_up = {confirm_up}\n\
             [references]\naddresses = {:?}\n{}\n",
            self.language,
            self.listen,
            self.store.to_str().expect("UTF-8"),
            self.references,
            self.more
        )
    }

    /// Writes the files and starts the daemon; returns when it serves.
    pub fn start(&self) -> Daemon {
        self.start_through(Command::new(PROGRAM))
    }

    /// Like [`Home::start`], by a command that becomes the program, as `namespace.command(daemon::PROGRAM)` does.
    pub fn start_through(&self, command: Command) -> Daemon {
        let mut daemon = self.spawn_through(command, &[]);
        daemon.await_serving();
        daemon
    }

    /// Starts the daemon with more options and waits for nothing.
    pub fn spawn(&self, options: &[&str]) -> Daemon {
        self.spawn_through(Command::new(PROGRAM), options)
    }

    /// Like [`Home::spawn`], by a command that becomes the program.
    pub fn spawn_through(&self, command: Command, options: &[&str]) -> Daemon {
        self.write();
        self.spawn_as_written(command, options)
    }

    /// Like [`Home::spawn_through`], with the files as they are, or are not.
    pub fn spawn_as_written(&self, mut command: Command, options: &[&str]) -> Daemon {
        command.arg("run").arg("--config").arg(self.config()).args(options);
        Daemon::spawn(command, self.config())
    }

    /// Starts `simulate --live` on this store, with more options; returns when it serves.
    pub fn live(&self, options: &[&str]) -> Daemon {
        self.write();
        let mut command = Command::new(PROGRAM);
        command.args(["simulate", "--live", "--config"]).arg(self.config()).arg("--store").arg(&self.store);
        command.args(options);
        let mut daemon = Daemon::spawn(command, self.config());
        daemon.await_serving();
        daemon
    }

    /// A start that is to be refused: waits for its end.
    pub fn refused(&self, options: &[&str]) -> Ended {
        self.spawn(options).ended()
    }

    /// Another command of the program, with this configuration.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(PROGRAM).args(arguments).arg("--config").arg(self.config()).output().expect("runs")
    }

    /// The store, read from outside, with the daemon running or stopped.
    pub fn reader(&self) -> Reader {
        Store::open_read_only(&self.store).unwrap_or_else(|error| panic!("{error}"))
    }

    /// All records.
    pub fn records(&self) -> Vec<Record> {
        let mut reader = self.reader();
        let snapshot = reader.snapshot().expect("a snapshot");
        let mut records = Vec::new();
        let all = snapshot.each_record(1, u64::MAX >> 1, |stored| {
            records.push(codec::decode(stored.bytes).expect("a record"));
            ControlFlow::<()>::Continue(())
        });
        assert!(all.expect("records").is_continue());
        records
    }

    /// How many records people made; the daemon goes on recording what it sees.
    pub fn said(&self) -> usize {
        self.records().iter().filter(|record| record.author != "linewatch").count()
    }

    /// The digests of all records, as they are printed.
    pub fn digests(&self) -> Vec<String> {
        let mut reader = self.reader();
        let snapshot = reader.snapshot().expect("a snapshot");
        let mut digests = Vec::new();
        let all = snapshot.each_record(1, u64::MAX >> 1, |stored| {
            digests.push(stored.digest.to_string());
            ControlFlow::<()>::Continue(())
        });
        assert!(all.expect("records").is_continue());
        digests
    }

    /// How many records are of a kind, such as `outage.started`.
    pub fn count(&self, kind: &str) -> usize {
        self.records().iter().filter(|record| record.fact.kind() == kind).count()
    }

    /// Recomputes the chain; panics at a flaw.
    pub fn verified(&self) -> Head {
        let mut reader = self.reader();
        let found = verify(&reader.snapshot().expect("a snapshot"), None, |_| {}).expect("verifies");
        assert_eq!(found.flaw, None);
        found.head
    }

    /// All outages, by line, then by start.
    pub fn outages(&self) -> Vec<OutageRow> {
        self.reader().snapshot().expect("a snapshot").outages(None, EVER).expect("outages")
    }

    /// Where the bridged gaps of an outage end.
    pub fn bridged(&self, outage: OutageId) -> Vec<Timestamp> {
        let mut reader = self.reader();
        let bridges = reader.snapshot().expect("a snapshot").bridges(outage).expect("bridges");
        bridges.into_iter().map(|bridge| bridge.gap.end).collect()
    }

    /// Gaps of single lines, by line, then by time.
    pub fn gaps(&self) -> Vec<GapRow> {
        self.reader().snapshot().expect("a snapshot").gaps(None, EVER).expect("gaps")
    }

    /// Gaps of all lines at once, by time.
    pub fn common_gaps(&self) -> Vec<GapRow> {
        self.reader().snapshot().expect("a snapshot").common_gaps(EVER).expect("gaps")
    }
}

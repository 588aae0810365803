//! The configuration file: TOML, unknown keys refused, all mistakes reported at once.
//!
//! Relative paths in it are relative to the folder the file lies in, wherever linewatch is started from.

pub mod duration;
mod mistake;
mod reader;
pub mod selfeval;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use linewatch_core::ledger::{Choices, Policy};
use linewatch_core::line::ClassName;
use linewatch_core::probing::Probing;
use linewatch_core::time::Millis;

pub use mistake::{Mistake, Problem, Wanted};

use crate::language::Language;

/// Where the configuration lies when nobody says otherwise: here, else the system's.
pub const DEFAULT_PATHS: [&str; 2] = ["config/linewatch.toml", "/etc/linewatch/linewatch.toml"];

/// The configuration, checked and with every default filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The file it came from.
    pub path: PathBuf,
    /// `[site]`
    pub site: Site,
    /// `[http]`
    pub http: Http,
    /// `[store]`
    pub store: Store,
    /// `[inventory]`
    pub inventory: Inventory,
    /// `[probe]`
    pub probe: Probe,
    /// `[class.NAME]`: the three that always exist first, then others in the order of the file.
    pub classes: Vec<Class>,
    /// `[references] addresses`: addresses that answer when the monitor's own side is sound; may be empty.
    pub references: Vec<String>,
    /// `[faults]`
    pub faults: Faults,
    /// `[metrics]`
    pub metrics: Metrics,
    /// `[rollup]`
    pub rollup: Rollup,
    /// `[report]`
    pub report: Report,
}

/// `[site]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Who this is, on pages and documents.
    pub name: String,
    /// The zone of days, months and years. Default Asia/Shanghai.
    pub zone: chrono_tz::Tz,
    /// Default 中文.
    pub language: Language,
}

/// `[http]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Where pages and metrics are served. Default [`Http::DEFAULT_LISTEN`].
    pub listen: SocketAddr,
    /// `certificate` and `key`: pages are served by TLS, and only so. Default: without.
    pub tls: Option<TlsFiles>,
    /// What whoever has not logged in may see. Default open.
    pub viewing: Viewing,
    /// A session that was not used for this long has ended, 5 min to 30 d. Default 7 d.
    pub session: Millis,
}

/// Files of PEM, read again when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, with those between it and the root.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What whoever has not logged in may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewing {
    /// Everything but names, telephone numbers and accounts.
    Open,
    /// Nothing but the page to log in on.
    Closed,
}

impl Http {
    /// 8401 lies outside 9100–9999, the range Prometheus exporters have shared out among themselves.
    pub const DEFAULT_LISTEN: &str = "127.0.0.1:8401";
}

/// `[store]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The journal's database. Default: see [`Store::default_path`].
    pub path: PathBuf,
}

impl Store {
    /// `/var/lib/linewatch/journal.db` for a configuration below `/etc`; else `linewatch-data/journal.db` beside
    /// the configuration file, or beside its folder when that is called `config` (so in a clone).
    pub fn default_path(config: &Path) -> PathBuf {
        if config.starts_with("/etc") {
            return PathBuf::from("/var/lib/linewatch/journal.db");
        }
        let folder = config.parent().unwrap_or(Path::new(""));
        let base = if folder.file_name().is_some_and(|name| name == "config") {
            folder.parent().unwrap_or(Path::new(""))
        } else {
            folder
        };
        base.join("linewatch-data/journal.db")
    }
}

/// `[inventory]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The table of lines. Default `lines.csv` beside the configuration file.
    pub file: PathBuf,
}

/// `[probe]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// How classes and references are probed unless a class says otherwise.
    pub probing: Probing,
    /// The kind of ICMP socket. Default auto.
    pub socket: SocketKind,
}

/// The kind of ICMP socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketKind {
    /// Datagram where the kernel permits it, else raw.
    Auto,
    /// Datagram only (`net.ipv4.ping_group_range`).
    Datagram,
    /// Raw only (`CAP_NET_RAW`).
    Raw,
}

/// `[class.NAME]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The name in the inventory, in metrics and in the journal.
    pub name: ClassName,
    /// The name for people. Default: the name itself.
    pub label: String,
    /// Availability a line has to reach, in millionths, 1 to 1,000,000. Default 990,000 (99 %).
    pub target_ppm: u32,
    /// Repair deadline. Default 12 h, for `township` 4 h.
    pub repair: Millis,
    /// How its lines are probed: `[probe]`, but for what the class says itself.
    pub probing: Probing,
}

/// `[faults]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults {
    /// A confirmed own outage opens a fault once it has lasted this long. Default 60 s.
    pub open_after: Millis,
    /// A new outage this soon after a restoration is the same fault; at most 24 h, the ledger's memory. Default 30 min.
    pub merge_window: Millis,
    /// A fault is restored when its line has been up this long. Default 5 min.
    pub stability: Millis,
    /// A line still down this long after its ancestor came back is down on its own. Default 60 s.
    pub grace: Millis,
    /// A step entered longer after it was done than this is marked as a late entry. Default 30 min.
    pub late_after: Millis,
    /// What people choose from: `causes`, `symptoms`, `channels`.
    pub choices: Choices,
}

/// `[metrics]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// Default full.
    pub lines: LineMetrics,
}

/// Which series `/metrics` carries for each line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineMetrics {
    /// All of them.
    Full,
    /// State, open outage and information only.
    State,
    /// None.
    Off,
}

/// `[rollup]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollup {
    /// What this policy is called on everything that is printed by it. Default 默认口径.
    pub policy: String,
    /// Coverage under which a line or a group proves nothing, in millionths, 1 to 1,000,000. Default 950,000 (95 %).
    pub minimum_coverage_ppm: u32,
}

/// `[report]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The form of the self-evaluation. Default: `selfeval.toml` beside the configuration where there is one, else the
    /// form that comes with the program ([`selfeval::SHIPPED`]).
    pub selfeval: Option<PathBuf>,
}

/// Why there is no configuration.
#[derive(Debug)]
pub enum ConfigError {
    /// The file is not there.
    Missing {
        /// Looked for here.
        path: PathBuf,
    },
    /// Neither default file is there.
    NoDefault,
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not UTF-8.
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// First line that is not.
        line: usize,
    },
    /// The file has mistakes.
    Mistakes {
        /// The file.
        path: PathBuf,
        /// Its text, for showing the places.
        source: String,
        /// All of them, in the order of the file; never empty.
        mistakes: Vec<Mistake>,
    },
}

impl Config {
    /// Reads and checks a file; without one the first of [`DEFAULT_PATHS`] that exists.
    ///
    /// # Errors
    /// When the file cannot be read or has mistakes; then all of them.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let path = Self::find(path)?;
        let source = text_of(&path)?;
        Self::parse(&path, &source).map_err(|mistakes| ConfigError::Mistakes { path, source, mistakes })
    }

    /// Checks a text as if it had been read from `path`.
    ///
    /// # Errors
    /// All mistakes, in the order of the file; never empty.
    pub fn parse(path: &Path, source: &str) -> Result<Self, Vec<Mistake>> {
        reader::read(path, source)
    }

    /// The language a file names, also when the rest of it has mistakes.
    pub fn language_of(path: Option<&Path>) -> Option<Language> {
        reader::language(&text_of(&Self::find(path).ok()?).ok()?)
    }

    /// The class of this name.
    pub fn class(&self, name: &ClassName) -> Option<&Class> {
        self.classes.iter().find(|class| class.name == *name)
    }

    /// Every class with its label, as the inventory may name it.
    pub fn class_labels(&self) -> Vec<(ClassName, String)> {
        self.classes.iter().map(|class| (class.name.clone(), class.label.clone())).collect()
    }

    /// What the ledger decides by.
    pub fn policy(&self) -> Policy {
        Policy {
            zone: self.site.zone,
            open_after: self.faults.open_after,
            merge_window: self.faults.merge_window,
            stability: self.faults.stability,
            grace: self.faults.grace,
            repair: self.classes.iter().map(|class| (class.name.clone(), class.repair)).collect(),
            late_after: self.faults.late_after,
            choices: self.faults.choices.clone(),
        }
    }

    fn find(path: Option<&Path>) -> Result<PathBuf, ConfigError> {
        match path {
            Some(path) => Ok(path.to_owned()),
            None => DEFAULT_PATHS.iter().map(PathBuf::from).find(|path| path.exists()).ok_or(ConfigError::NoDefault),
        }
    }
}

fn text_of(path: &Path) -> Result<String, ConfigError> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ConfigError::Missing { path: path.to_owned() },
        _ => ConfigError::Unreadable { path: path.to_owned(), error },
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        ConfigError::NotUtf8 { path: path.to_owned(), line: valid.split(|byte| *byte == b'\n').count() }
    })
}

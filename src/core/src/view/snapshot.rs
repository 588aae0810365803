//! What the daemon publishes when a commit is acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ledger::{AccountRow, Blind, Ledger, LedgerLine, OpenFault, OpenOutage};
use crate::line::{ClassName, Line};
use crate::outcome::BlindCause;
use crate::record::AccountName;
use crate::time::{Millis, Timestamp};

/// Everything shown that is not live: the committed records and how the journal and the configuration are.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What belongs to the configuration.
    pub site: Arc<Site>,
    /// What is in force and open by the committed records.
    pub committed: Arc<Committed>,
    /// The journal itself.
    pub journal: JournalView,
    /// The last reload of configuration and inventory.
    pub reload: Reload,
    /// Running figures of the current month and year; never those for publication.
    pub availability: Vec<Availability>,
}

/// The site as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Its zone: all times are shown in it.
    pub zone: chrono_tz::Tz,
    /// Classes in the order in which they are listed.
    pub classes: Vec<ClassLabel>,
    /// A simulated district answers in the place of the network.
    pub simulated: bool,
}

/// A class with the words people use for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassLabel {
    /// As in the inventory.
    pub class: ClassName,
    /// As people say it.
    pub label: String,
    /// Availability its lines have to reach, millionths.
    pub target_ppm: u32,
}

impl Site {
    /// What people call a class; its own name where the configuration has no label.
    pub fn label<'a>(&'a self, class: &'a ClassName) -> &'a str {
        self.classes.iter().find(|known| known.class == *class).map_or(class.as_str(), |known| &known.label)
    }
}

/// What the ledger holds after the last committed record, as plain data.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// `seq` of the last record, 0 before the first.
    pub seq: u64,
    /// Lines in the inventory, by id.
    pub lines: Vec<CommittedLine>,
    /// Outages that have not ended, by line.
    pub outages: Vec<OpenOutage>,
    /// Faults open, or restored within the merge window, by number.
    pub faults: Vec<OpenFault>,
    /// Whether the monitor is blind, by the records.
    pub blind: Option<Blind>,
    /// Accounts, disabled ones too, by name.
    pub accounts: Arc<BTreeMap<AccountName, Arc<AccountRow>>>,
}

/// A line by the committed records.
#[derive(Clone, Debug)]
pub struct CommittedLine {
    /// What the inventory says.
    pub line: Arc<Line>,
    /// Whether and since when it is not observed on its own account (a blind monitor apart).
    pub unseen: Option<(Timestamp, BlindCause)>,
    /// Outages recorded since the ledger was loaded.
    pub outages: u64,
    /// Down time of outages ended since the ledger was loaded, bridged gaps included.
    pub down: Millis,
}

impl From<&LedgerLine> for CommittedLine {
    fn from(entry: &LedgerLine) -> Self {
        Self { line: Arc::clone(&entry.line), unseen: entry.unseen, outages: entry.outages, down: entry.down }
    }
}

impl Committed {
    /// Copies out of a ledger; lines are shared, not cloned.
    pub fn of(ledger: &Ledger) -> Self {
        Self {
            seq: ledger.seq(),
            lines: ledger.lines().map(CommittedLine::from).collect(),
            outages: ledger.open_outages().cloned().collect(),
            faults: ledger.faults().cloned().collect(),
            blind: ledger.blind(),
            accounts: Arc::clone(ledger.accounts()),
        }
    }
}

/// How the journal is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalView {
    /// Records in it.
    pub records: u64,
    /// Digest of the last record, hexadecimal.
    pub head: String,
    /// The heartbeat as last written.
    pub heartbeat: Option<Timestamp>,
    /// Appends that failed since the start.
    pub append_failures: u64,
    /// Why appending fails now; `None`: it does not.
    pub failing: Option<String>,
}

/// The last reload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reload {
    /// Whether the last attempt was taken over.
    pub successful: bool,
    /// When one was last taken over; the start counts.
    pub succeeded_at: Timestamp,
}

/// The calendar period, in the site's zone, that a running figure belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// The current month so far.
    Month,
    /// The current year so far.
    Year,
}

impl Period {
    /// The label value on `linewatch_availability_ratio`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// A class's running availability.
#[derive(Clone, Debug, PartialEq)]
pub struct Availability {
    /// The class.
    pub class: ClassName,
    /// The period.
    pub period: Period,
    /// up / (up + down), between 0 and 1; `None`: nothing was observed.
    pub ratio: Option<f64>,
}

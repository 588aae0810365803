//! The one writer: decides commands against the ledger, commits them, then lets them be seen (design rule 8).
//!
//! Commands of one batch are decided one after the other against a working copy of the ledger, written in one
//! transaction with the rows they change, and only then does the copy become the ledger. When somebody else has
//! appended, the new records are folded and the batch is decided again.

use std::collections::VecDeque;
use std::sync::Arc;

use linewatch_core::command::Command;
use linewatch_core::ledger::{Ledger, Policy, Refusal, decide};
use linewatch_core::quality::LineHour;
use linewatch_core::record::{Fact, Origin, RECORD_VERSION, Record};
use linewatch_core::time::Timestamp;

use crate::store::{Append, Entry, Head, Heartbeat, Journal};

/// Others' records that are kept to be told.
const FOLLOWED: usize = 1000;
/// Records read at once when somebody else has appended.
const READ_AT_ONCE: usize = 1000;

/// What a batch did.
#[derive(Debug, Default)]
pub struct Committed {
    /// The records, in order.
    pub records: Vec<Record>,
    /// Commands that were refused, with the reason.
    pub refused: Vec<(Command, Refusal)>,
}

/// Decides and commits.
#[derive(Debug)]
pub struct Writer<J> {
    journal: J,
    ledger: Ledger,
    head: Head,
    version: Option<i64>,
    author: String,
    origin: Origin,
    /// What others have appended and nobody has taken yet, the last [`FOLLOWED`] of it.
    followed: VecDeque<Record>,
}

impl<J: Journal> Writer<J> {
    /// Takes a journal up where it ends.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn open(journal: J, policy: Arc<Policy>, author: &str, origin: Origin) -> Result<Self, J::Error> {
        let open = journal.open_rows()?;
        let ledger = Ledger::restore(policy, open.head.seq, open.recorded_at, open.rows);
        Ok(Self {
            journal,
            ledger,
            head: open.head,
            version: None,
            author: author.to_owned(),
            origin,
            followed: VecDeque::new(),
        })
    }

    /// What is committed.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Decides by another policy from now on.
    pub fn follow_policy(&mut self, policy: Arc<Policy>) {
        self.ledger.follow(policy);
    }

    /// The end of the journal as this writer knows it.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The heartbeat of the run before, or of this one.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn heartbeat(&self) -> Result<Option<Heartbeat>, J::Error> {
        self.journal.heartbeat()
    }

    /// Decides the commands in order and commits what they append, all or nothing. `now` never goes back in the
    /// journal: where the clock did, records carry the time of the last one.
    ///
    /// # Errors
    /// When the journal cannot be written; then nothing was, and the same commands can be given again.
    pub fn commit(&mut self, commands: &[(Timestamp, Command)]) -> Result<Committed, J::Error> {
        loop {
            let mut working = self.ledger.clone();
            let mut entries = Vec::new();
            let mut refused = Vec::new();
            for (now, command) in commands {
                let now = (*now).max(working.recorded_at());
                match decide(&working, command, now) {
                    Ok(facts) => {
                        entries.extend(facts.into_iter().map(|fact| self.fold(&mut working, command, fact, now)));
                    }
                    Err(refusal) => refused.push((command.clone(), refusal)),
                }
            }
            if entries.is_empty() {
                return Ok(Committed { records: Vec::new(), refused });
            }
            match self.journal.append(self.head.seq, &entries)? {
                Append::Appended(head) => {
                    self.ledger = working;
                    self.head = head;
                    let records = entries.into_iter().map(|entry| entry.record).collect();
                    return Ok(Committed { records, refused });
                }
                Append::Moved(_) => {
                    self.catch_up()?;
                }
            }
        }
    }

    fn fold(&self, working: &mut Ledger, command: &Command, fact: Fact, now: Timestamp) -> Entry {
        let record = Record {
            seq: working.seq() + 1,
            v: RECORD_VERSION,
            recorded_at: now,
            origin: self.origin.clone(),
            author: command.author().unwrap_or(&self.author).to_owned(),
            fact,
        };
        let changes = working.apply(&record);
        Entry { record, changes }
    }

    /// Folds what others have appended. Returns whether there was anything.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn follow(&mut self) -> Result<bool, J::Error> {
        let version = self.journal.data_version()?;
        if self.version == Some(version) {
            return Ok(false);
        }
        let moved = self.catch_up()?;
        self.version = Some(version);
        Ok(moved)
    }

    /// What others have appended, as far as it is kept; once.
    pub fn take_followed(&mut self) -> Vec<Record> {
        self.followed.drain(..).collect()
    }

    fn catch_up(&mut self) -> Result<bool, J::Error> {
        let before = self.head.seq;
        loop {
            let records = self.journal.read(self.ledger.seq() + 1, READ_AT_ONCE)?;
            let read = records.len();
            for record in records {
                self.ledger.apply(&record);
                if self.followed.len() == FOLLOWED {
                    self.followed.pop_front();
                }
                self.followed.push_back(record);
            }
            if read < READ_AT_ONCE {
                break;
            }
        }
        self.head = self.journal.head()?;
        Ok(self.head.seq != before)
    }

    /// Overwrites the heartbeat. Everything before it is committed, since one task does both in order.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn beat(&mut self, heartbeat: &Heartbeat) -> Result<(), J::Error> {
        self.journal.beat(heartbeat)
    }

    /// Adds to the hourly quality.
    ///
    /// # Errors
    /// When the journal cannot be written; then nothing was, and the same hours can be given again.
    pub fn keep_quality(&mut self, hours: &[LineHour]) -> Result<(), J::Error> {
        self.journal.keep_quality(hours)
    }
}

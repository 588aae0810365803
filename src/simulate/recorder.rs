//! Decides and appends as the daemon's writer does, many records to a transaction: nobody waits for a page here, and
//! if the machine fails the year is simulated again.

use std::sync::Arc;

use linewatch_core::command::Command;
use linewatch_core::ledger::{Ledger, Policy, Refusal, decide};
use linewatch_core::record::{Fact, Origin, RECORD_VERSION, Record};
use linewatch_core::time::Timestamp;

use crate::store::{Append, Entry, Head, Journal};

/// Who the daemon's own verdicts are by.
const DAEMON: &str = "linewatch";
/// Records in one transaction, about.
const AT_ONCE: usize = 2000;

/// Why nothing more can be recorded.
#[derive(Debug)]
pub enum RecordError<E> {
    /// The store.
    Store(E),
    /// Somebody else has written into it.
    Moved,
}

/// What a command led to: facts with the numbers of their records, or its refusal.
pub type Decided = Result<Vec<(u64, Fact)>, Refusal>;

/// A journal and the ledger of its records.
#[derive(Debug)]
pub struct Recorder<J> {
    journal: J,
    head: Head,
    ledger: Ledger,
    entries: Vec<Entry>,
}

impl<J: Journal> Recorder<J> {
    /// A recorder of an empty journal.
    pub fn new(journal: J, policy: Arc<Policy>) -> Self {
        Self { journal, head: Head::EMPTY, ledger: Ledger::new(policy), entries: Vec::new() }
    }

    /// What is recorded.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Decides a command of the daemon itself and records what follows: numbers and facts.
    ///
    /// # Errors
    /// When the store cannot be written. The inner error is the refusal of the command.
    pub fn append(&mut self, now: Timestamp, command: &Command) -> Result<Decided, RecordError<J::Error>> {
        self.append_by(DAEMON, now, command)
    }

    /// The same for a command of anybody.
    ///
    /// # Errors
    /// As [`Recorder::append`].
    pub fn append_by(
        &mut self,
        author: &str,
        now: Timestamp,
        command: &Command,
    ) -> Result<Decided, RecordError<J::Error>> {
        // Where the clock went back, records carry the time of the last one.
        let now = now.max(self.ledger.recorded_at());
        let facts = match decide(&self.ledger, command, now) {
            Ok(facts) => facts,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut found = Vec::with_capacity(facts.len());
        for fact in facts {
            let record = Record {
                seq: self.ledger.seq() + 1,
                v: RECORD_VERSION,
                recorded_at: now,
                origin: Origin::Simulated,
                author: author.to_owned(),
                fact,
            };
            found.push((record.seq, record.fact.clone()));
            let changes = self.ledger.apply(&record);
            self.entries.push(Entry { record, changes });
        }
        if self.entries.len() >= AT_ONCE {
            self.flush()?;
        }
        Ok(Ok(found))
    }

    fn flush(&mut self) -> Result<(), RecordError<J::Error>> {
        match self.journal.append(self.head.seq, &self.entries).map_err(RecordError::Store)? {
            Append::Appended(head) => {
                self.head = head;
                self.entries.clear();
                Ok(())
            }
            Append::Moved(_) => Err(RecordError::Moved),
        }
    }

    /// Writes what is left and a last heartbeat; the journal and its head.
    ///
    /// # Errors
    /// As [`Recorder::append`].
    pub fn finish(mut self, heartbeat: &crate::store::Heartbeat) -> Result<(J, Head), RecordError<J::Error>> {
        if !self.entries.is_empty() {
            self.flush()?;
        }
        self.journal.beat(heartbeat).map_err(RecordError::Store)?;
        Ok((self.journal, self.head))
    }
}

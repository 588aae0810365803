//! Small years: a store filled through the same decisions as the daemon's, told in a few words.

#![allow(dead_code, reason = "every test file uses a part of it")]

pub mod year;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linewatch::config::Config;
use linewatch::report::rollup::{self, period::Period};
use linewatch::store::{Append, Digest, Entry, Journal, Store, StoreKind};
use linewatch_core::act::{Act, Sealing};
use linewatch_core::command::{Command, Verdict};
use linewatch_core::ledger::{Ledger, Policy, decide};
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::{BlindCause, LossCause};
use linewatch_core::record::{Fact, HistoryFact, Origin, OutageFact, RECORD_VERSION, Record};
use linewatch_core::rollup::RULES;
use linewatch_core::time::{Millis, Timestamp};

/// `2026-03-01 08:00:00` in Shanghai, with milliseconds if need be.
pub fn at(text: &str) -> Timestamp {
    let text = format!("{}+08:00", text.replace(' ', "T"));
    let time = chrono::DateTime::parse_from_rfc3339(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    Timestamp(time.timestamp_millis())
}

/// A line of the inventory.
pub fn line(id: &str, name: &str, class: &str, township: &str, upstream: Option<&str>) -> Line {
    let mut line = Line::new(id, name, class, "127.0.0.1");
    // One address a line: the number in its id will do.
    line.address = format!("127.0.0.{}", id.bytes().map(u32::from).sum::<u32>() % 200 + 1);
    line.township = township.into();
    line.upstream = upstream.map(LineId::from);
    line.carrier = "电信".to_owned();
    line.rent_fen_month = Some(120_000);
    line
}

/// A journal that grows.
pub struct Story {
    pub path: PathBuf,
    pub ledger: Ledger,
    /// Number and start of every outage so far.
    pub outages: Vec<(u64, Timestamp)>,
    store: Store,
    origin: Origin,
}

impl Story {
    /// An empty store in a folder.
    pub fn new(folder: &Path, kind: StoreKind) -> Self {
        let path = folder.join("journal.db");
        let mut policy = Policy::new(chrono_tz::Asia::Shanghai);
        policy.repair.insert("township".into(), Millis::from_secs(4 * 3600));
        let origin = match kind {
            StoreKind::Real => Origin::Live,
            StoreKind::Simulated => Origin::Simulated,
        };
        let store = Store::open_daemon(&path, kind).expect("a new store");
        Self { path, ledger: Ledger::new(Arc::new(policy)), outages: Vec::new(), store, origin }
    }

    /// The daemon starts, knowing that it last saw everything at `observed_until`.
    pub fn start(&mut self, now: &str, observed_until: Option<&str>) {
        let at_ = at(now);
        self.tell(at_, &Command::Resume { at: at_, observed_until: observed_until.map(at), waiting: Vec::new() });
    }

    /// The inventory from now on; every line that is new to it has just answered.
    pub fn inventory(&mut self, now: &str, lines: &[Line]) {
        let now = at(now);
        let known: Vec<LineId> = self.ledger.lines().map(|line| line.line.id.clone()).collect();
        self.tell(now, &Command::LoadInventory { at: now, lines: Arc::new(lines.to_vec()), allow_removal: true });
        for line in lines.iter().filter(|line| !known.contains(&line.id)) {
            self.tell(now, &Command::Verdict(Verdict::LineSeen { line: line.id.clone(), at: now }));
        }
    }

    /// Everybody is seen again.
    pub fn sighted(&mut self, now: &str) {
        self.tell(at(now), &Command::Verdict(Verdict::Sighted { at: at(now) }));
    }

    /// The monitor sees nothing from here.
    pub fn blinded(&mut self, from: &str) {
        let from = at(from);
        let verdict = Verdict::Blinded { from, cause: BlindCause::Silent, waiting: Vec::new() };
        self.tell(from, &Command::Verdict(verdict));
    }

    /// A line goes down: confirmed five seconds later.
    pub fn down(&mut self, line: &str, start: &str) {
        let start = at(start);
        let verdict = Verdict::Down {
            line: line.into(),
            start,
            last_reply: Some(start - Millis(2000)),
            confirmed_at: start + Millis(5000),
            cause: LossCause::Timeout,
        };
        self.tell(start + Millis(5000), &Command::Verdict(verdict));
    }

    /// A line answers again: confirmed two seconds later.
    pub fn up(&mut self, line: &str, first_reply: &str) {
        self.up_(line, first_reply, false);
    }

    /// A line that was down before a gap answers after it.
    pub fn up_after_gap(&mut self, line: &str, first_reply: &str) {
        self.up_(line, first_reply, true);
    }

    fn up_(&mut self, line: &str, first_reply: &str, after_gap: bool) {
        let first_reply = at(first_reply);
        let verdict = Verdict::Up {
            line: line.into(),
            last_loss: first_reply - Millis(1000),
            first_reply,
            confirmed_at: first_reply + Millis(2000),
            after_gap,
        };
        self.tell(first_reply + Millis(2000), &Command::Verdict(verdict));
    }

    /// A line that was down before a gap is still down after it.
    pub fn still_down(&mut self, line: &str, first_loss: &str) {
        let first_loss = at(first_loss);
        let confirmed_at = first_loss + Millis(5000);
        let verdict = Verdict::StillDown { line: line.into(), first_loss, confirmed_at };
        self.tell(confirmed_at, &Command::Verdict(verdict));
    }

    /// One line is not observed from here.
    pub fn lost(&mut self, line: &str, from: &str) {
        let verdict = Verdict::LineLost { line: line.into(), from: at(from), cause: BlindCause::Unresolved };
        self.tell(at(from), &Command::Verdict(verdict));
    }

    /// It is observed again.
    pub fn seen(&mut self, line: &str, now: &str) {
        self.tell(at(now), &Command::Verdict(Verdict::LineSeen { line: line.into(), at: at(now) }));
    }

    /// Everything is certain up to here.
    pub fn checkpoint(&mut self, now: &str) {
        let now = at(now);
        self.tell(now, &Command::Checkpoint { at: now, waiting: Vec::new() });
    }

    /// Carries out what is due until then, then the command.
    pub fn tell(&mut self, now: Timestamp, command: &Command) {
        while let Some(due) = self.ledger.next_due().filter(|due| *due <= now) {
            let due = due.max(self.ledger.recorded_at());
            self.append(due, &Command::Due { at: due });
        }
        self.append(now, command);
    }

    fn append(&mut self, now: Timestamp, command: &Command) {
        let now = now.max(self.ledger.recorded_at());
        let facts = decide(&self.ledger, command, now).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
        self.write(now, command.author().unwrap_or("linewatch"), &self.origin.clone(), facts);
    }

    /// What somebody says, as its record.
    pub fn say(&mut self, now: &str, author: &str, fact: impl Into<Fact>) -> u64 {
        let now = at(now);
        self.tell(now, &Command::Due { at: now });
        self.write(now.max(self.ledger.recorded_at()), author, &self.origin.clone(), vec![fact.into()]);
        self.ledger.seq()
    }

    /// What another system knew, as its record.
    pub fn import(&mut self, now: &str, fact: HistoryFact) {
        let now = at(now);
        self.tell(now, &Command::Due { at: now });
        let origin = Origin::Imported { source: "旧网管".to_owned() };
        self.write(now.max(self.ledger.recorded_at()), "张三", &origin, vec![fact.into()]);
    }

    /// Somebody seals a year, by the policy of the configuration beside the store.
    pub fn seal(&mut self, now: &str, author: &str, year: &str) {
        let now = at(now);
        self.tell(now, &Command::Due { at: now });
        let config = Config::load(Some(&self.path.with_file_name("linewatch.toml"))).expect("a configuration");
        let (period, policy) = (Period::year(year, config.site.zone).expect("a year"), rollup::policy(&config));
        let mut reader = self.store.reader().expect("a reader");
        let snapshot = reader.snapshot().expect("a snapshot");
        let head = snapshot.head();
        let (_, bytes) = rollup::canonical(&snapshot, period, policy.clone(), head, |_| {}).expect("figures");
        let act = Act::Seal(Sealing {
            name: period.label(),
            period: period.span(),
            revision: 1,
            head_seq: head.seq,
            head_digest: head.digest.to_string(),
            policy: serde_json::to_string(&policy).expect("a policy"),
            rules: RULES,
            rollup_digest: Digest::of(&bytes).to_string(),
        });
        self.tell(now, &Command::Person { author: author.to_owned(), act });
    }

    fn write(&mut self, now: Timestamp, author: &str, origin: &Origin, facts: Vec<Fact>) {
        let head = self.ledger.seq();
        let mut entries = Vec::new();
        for fact in facts {
            let seq = self.ledger.seq() + 1;
            if let Fact::Outage(OutageFact::Started { start, .. }) = &fact {
                self.outages.push((seq, *start));
            }
            let (author, origin) = (author.to_owned(), origin.clone());
            let record = Record { seq, v: RECORD_VERSION, recorded_at: now, origin, author, fact };
            entries.push(Entry { changes: self.ledger.apply(&record), record });
        }
        let appended = self.store.append(head, &entries).expect("appended");
        assert!(matches!(appended, Append::Appended(_)), "nobody else appends");
    }
}

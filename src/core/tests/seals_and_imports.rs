//! Deciding about seals and imports, and that a ledger taken up from its rows decides the same.

use std::sync::Arc;

use linewatch_core::act::{Act, Import, Sealing};
use linewatch_core::command::Command;
use linewatch_core::ledger::{Ledger, Policy, Row, decide};
use linewatch_core::record::{Fact, HistoryFact, Origin, RECORD_VERSION, Record};
use linewatch_core::time::{Span, Timestamp};

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// A ledger with all rows that its records changed.
struct House {
    ledger: Ledger,
    rows: Vec<Row>,
}

impl House {
    fn new() -> Self {
        let mut house = Self { ledger: Ledger::new(Arc::new(Policy::new(ZONE))), rows: Vec::new() };
        house.decide(100, Command::Checkpoint { at: Timestamp(100), waiting: Vec::new() }).expect("a checkpoint");
        house
    }

    #[expect(clippy::needless_pass_by_value, reason = "commands are made where they are given")]
    /// Decides and folds; or the refusal, which a ledger restored from the rows gives too.
    fn decide(&mut self, now: i64, command: Command) -> Result<Vec<Fact>, String> {
        let now = Timestamp(now);
        let decided = decide(&self.ledger, &command, now).map_err(|refusal| refusal.to_string());
        let (seq, recorded_at) = (self.ledger.seq(), self.ledger.recorded_at());
        let restored = Ledger::restore(Arc::new(Policy::new(ZONE)), seq, recorded_at, self.rows.clone());
        assert_eq!(decided, decide(&restored, &command, now).map_err(|refusal| refusal.to_string()));
        let facts = decided?;
        for fact in &facts {
            let record = Record {
                seq: self.ledger.seq() + 1,
                v: RECORD_VERSION,
                recorded_at: now,
                origin: Origin::Live,
                author: "LI".to_owned(),
                fact: fact.clone(),
            };
            self.rows.extend(self.ledger.apply(&record).0);
        }
        Ok(facts)
    }

    fn seal(&mut self, now: i64, revision: u32, end: i64, head_seq: u64) -> Result<(), String> {
        let sealing = Sealing {
            name: "2026".to_owned(),
            period: Span::new(Timestamp(0), Timestamp(end)),
            revision,
            head_seq,
            head_digest: "0".repeat(64),
            policy: "{}".to_owned(),
            rules: 1,
            rollup_digest: "0".repeat(64),
        };
        let act = Act::Seal(sealing);
        self.decide(now, Command::Person { author: "LI".to_owned(), act }).map(|facts| assert_eq!(facts.len(), 1))
    }

    fn import(&mut self, digest: &str, facts: Vec<HistoryFact>) -> Result<Vec<Fact>, String> {
        let import = Import { file: "a.jsonl".to_owned(), digest: digest.to_owned(), facts };
        self.decide(1000, Command::Person { author: "LI".to_owned(), act: Act::Import(import) })
    }
}

#[test]
fn a_period_is_sealed_after_its_end_and_revision_by_revision() {
    let mut house = House::new();
    let refused = |outcome: Result<(), String>, words: &str| {
        let refusal = outcome.expect_err(words);
        assert!(refusal.contains(words), "{refusal}");
    };
    refused(house.seal(899, 1, 900, 1), "is over at");
    refused(house.seal(900, 1, 0, 1), "is empty");
    refused(house.seal(900, 1, 900, 0), "no record 0");
    refused(house.seal(900, 1, 900, 2), "no record 2");
    refused(house.seal(900, 2, 900, 1), "is sealed in revision 0");
    house.seal(900, 1, 900, 1).expect("sealed");
    refused(house.seal(901, 1, 900, 1), "is sealed in revision 1");
    house.seal(901, 1, 800, 1).expect("another period has a seal of its own");
    house.seal(902, 2, 900, 2).expect("a revision");
    refused(house.seal(903, 2, 900, 2), "is sealed in revision 2");
}

#[test]
fn a_file_is_imported_once_and_speaks_of_the_past() {
    let mut house = House::new();
    let span = |from, to| Span::new(Timestamp(from), Timestamp(to));
    let observed = |span| HistoryFact::Observed { line: None, span };
    let refusal = house.import("a", Vec::new()).expect_err("nothing");
    assert!(refusal.contains("says nothing"), "{refusal}");
    let refusal = house.import("a", vec![observed(span(1, 2)), observed(span(1, 1001))]).expect_err("the future");
    assert!(refusal.contains("fact 1"), "{refusal}");
    let facts = house.import("a", vec![observed(span(1, 2)), observed(span(3, 1000))]).expect("imported");
    let Fact::History(HistoryFact::Imported { facts: count, digest, .. }) = &facts[0] else { panic!("{facts:?}") };
    assert_eq!((facts.len(), *count, digest.as_str()), (3, 2, "a"));
    let refusal = house.import("a", vec![observed(span(1, 2))]).expect_err("the same file");
    assert!(refusal.contains("was imported before"), "{refusal}");
    house.import("b", vec![observed(span(1, 2))]).expect("another file may say the same");
    assert_eq!(house.ledger.open_outages().count() + house.ledger.faults().count(), 0);
}

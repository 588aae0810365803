//! `golden.jsonl` keeps every (kind, version) that was ever shipped, in a small story: a trunk with two villages is
//! cut, repaired, and cut again; one village stays down on its own; the monitor goes blind, the clock is set, the daemon
//! stops; a line leaves service while it is down; people plan, declare, exclude, inspect, import and seal, report faults and repair them. Lines are only
//! ever added to it.

mod store_support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use linewatch::store::{Digest, codec};
use linewatch_core::ledger::{Ledger, Policy};
use linewatch_core::record::{
    DecisionFact, Fact, FaultFact, HistoryFact, InspectionFact, LineFact, ObservationFact, Origin, OutageFact,
    PersonFact, PlannedFact, SealFact,
};
use store_support::{GOLDEN, golden};

/// Computed from the file by OpenSSL's SM3, not by this program.
const CHAIN_END: &str = "5955494e4b112a2a0d2fdc27e5fd2c17e4b2b3f2ec7c85d725f89f5448553d24";

/// Where a fact's kind stands in [`codec::KINDS`]. A new variant does not compile until it has its place here; then
/// the tests below ask for its line in the file.
fn place(fact: &Fact) -> usize {
    match fact {
        Fact::Observation(fact) => match fact {
            ObservationFact::Resumed { .. } => 0,
            ObservationFact::Checkpoint { .. } => 1,
            ObservationFact::Blinded { .. } => 2,
            ObservationFact::Sighted { .. } => 3,
            ObservationFact::ClockStepped { .. } => 4,
            ObservationFact::LineLost { .. } => 5,
            ObservationFact::LineSeen { .. } => 6,
        },
        Fact::Line(fact) => match fact {
            LineFact::Commissioned { .. } => 7,
            LineFact::Changed { .. } => 8,
            LineFact::Decommissioned { .. } => 9,
        },
        Fact::Outage(fact) => match fact {
            OutageFact::Started { .. } => 10,
            OutageFact::Attributed { .. } => 11,
            OutageFact::Bridged { .. } => 12,
            OutageFact::Ended { .. } => 13,
        },
        Fact::Fault(fact) => match fact {
            FaultFact::Opened { .. } => 14,
            FaultFact::Joined { .. } => 15,
            FaultFact::Left { .. } => 16,
            FaultFact::Relapsed { .. } => 17,
            FaultFact::Restored { .. } => 18,
            FaultFact::Merged { .. } => 19,
            FaultFact::Dated { .. } => 35,
            FaultFact::Verified { .. } => 36,
            FaultFact::Reported { .. } => 37,
            FaultFact::ReportJoined { .. } => 38,
            FaultFact::Acknowledged { .. } => 39,
            FaultFact::Dispatched { .. } => 40,
            FaultFact::Arrived { .. } => 41,
            FaultFact::Repaired { .. } => 42,
            FaultFact::Closed { .. } => 43,
            FaultFact::Reopened { .. } => 44,
            FaultFact::Combined { .. } => 45,
            FaultFact::Split { .. } => 46,
            FaultFact::Voided { .. } => 47,
            FaultFact::Noted { .. } => 48,
            FaultFact::PointAdded { .. } => 49,
            FaultFact::PointRemoved { .. } => 50,
        },
        Fact::Planned(fact) => match fact {
            PlannedFact::Added { .. } => 20,
            PlannedFact::Cancelled { .. } => 21,
        },
        Fact::Decision(fact) => match fact {
            DecisionFact::Proposed { .. } => 22,
            DecisionFact::Ended { .. } => 23,
            DecisionFact::Approved { .. } => 24,
            DecisionFact::Rejected { .. } => 25,
            DecisionFact::Withdrawn { .. } => 26,
        },
        Fact::Inspection(fact) => match fact {
            InspectionFact::Made { .. } => 27,
        },
        Fact::History(fact) => match fact {
            HistoryFact::Imported { .. } => 28,
            HistoryFact::Line { .. } => 29,
            HistoryFact::Observed { .. } => 30,
            HistoryFact::Outage { .. } => 31,
            HistoryFact::Planned { .. } => 32,
            HistoryFact::Fault { .. } => 33,
        },
        Fact::Seal(fact) => match fact {
            SealFact::Sealed { .. } => 34,
        },
        Fact::Person(fact) => match fact {
            PersonFact::Added { .. } => 51,
            PersonFact::RoleChanged { .. } => 52,
            PersonFact::Disabled { .. } => 53,
            PersonFact::Enabled { .. } => 54,
            PersonFact::PasswordSet { .. } => 55,
            PersonFact::TokenAdded { .. } => 56,
            PersonFact::TokenRevoked { .. } => 57,
            PersonFact::SignedOut { .. } => 58,
        },
    }
}

#[test]
fn every_kind_and_version_is_in_the_file() {
    let mut found = BTreeSet::new();
    for record in golden() {
        let (kind, _) = codec::KINDS[place(&record.fact)];
        assert_eq!(kind, record.fact.kind(), "record {}", record.seq);
        found.insert((kind, record.v));
    }
    let shipped = codec::KINDS.iter().flat_map(|(kind, newest)| (1..=*newest).map(move |v| (*kind, v)));
    assert_eq!(found, shipped.collect());
}

#[test]
fn both_origins_of_a_real_journal_are_in_the_file() {
    let imported = |origin: &Origin| matches!(origin, Origin::Imported { .. });
    assert!(golden().iter().any(|record| imported(&record.origin)));
    assert!(golden().iter().any(|record| record.origin == Origin::Live));
}

#[test]
fn reading_and_writing_give_the_same_bytes() {
    for (line, record) in GOLDEN.lines().zip(golden()) {
        assert_eq!(codec::encode(&record), line);
    }
}

#[test]
fn numbers_have_no_holes_and_times_do_not_go_back() {
    let records = golden();
    assert!(records.iter().zip(1..).all(|(record, seq)| record.seq == seq));
    assert!(records.is_sorted_by_key(|record| record.recorded_at));
}

#[test]
fn the_chain_ends_where_it_always_did() {
    let end = GOLDEN.lines().fold(Digest::ZERO, |digest, line| digest.after(line.as_bytes()));
    assert_eq!(end.to_string(), CHAIN_END);
}

#[test]
fn no_number_in_the_file_is_a_float() {
    fn check(value: &serde_json::Value, line: &str) {
        match value {
            serde_json::Value::Number(number) => assert!(number.is_i64() || number.is_u64(), "{number} in {line}"),
            serde_json::Value::Array(items) => items.iter().for_each(|item| check(item, line)),
            serde_json::Value::Object(items) => items.values().for_each(|item| check(item, line)),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_) => {}
        }
    }
    for line in GOLDEN.lines() {
        check(&serde_json::from_str(line).unwrap(), line);
    }
}

/// The fold expected of the file, record by record.
#[test]
fn the_fold_is_what_it_always_was() {
    let mut ledger = Ledger::new(Arc::new(Policy::new(chrono_tz::Asia::Shanghai)));
    let mut text = String::new();
    for record in golden() {
        writeln!(text, "{} {}", record.seq, record.fact.kind()).unwrap();
        for row in ledger.apply(&record).0 {
            writeln!(text, "    {row:?}").unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

//! What the tests of the store share: small records, and the story of `golden.jsonl`.

#![allow(dead_code, reason = "every test file uses a part of it")]

use linewatch::store::{Entry, codec};
use linewatch_core::ledger::{Changes, HorizonRow, OutageRow, Row, SerialRow};
use linewatch_core::outcome::LossCause;
use linewatch_core::record::{Fact, ObservationFact, Origin, OutageId, RECORD_VERSION, Record};
use linewatch_core::time::Timestamp;

/// 2026-01-05 08:00 in Shanghai.
pub const EIGHT: Timestamp = Timestamp(1_767_571_200_000);

/// The story of `tests/golden.jsonl`.
pub const GOLDEN: &str = include_str!("../golden.jsonl");

/// Its records.
pub fn golden() -> Vec<Record> {
    GOLDEN.lines().map(|line| codec::decode(line.as_bytes()).expect(line)).collect()
}

/// A record that says next to nothing.
pub fn record(seq: u64, at: Timestamp) -> Record {
    Record {
        seq,
        v: RECORD_VERSION,
        recorded_at: at,
        origin: Origin::Live,
        author: "linewatch".to_owned(),
        fact: Fact::Observation(ObservationFact::Checkpoint { at, waiting: Vec::new() }),
    }
}

/// A record with these rows.
pub fn entry(seq: u64, rows: Vec<Row>) -> Entry {
    Entry { record: record(seq, EIGHT), changes: Changes(rows) }
}

/// A fold simple enough to be seen through: every record leaves an outage of its number and moves the horizon.
pub fn simple_fold(record: &Record) -> Changes {
    Changes(vec![
        Row::Outage(OutageRow {
            outage: OutageId(record.seq),
            line: "T-01".into(),
            start: record.recorded_at,
            last_reply: None,
            confirmed_at: record.recorded_at,
            cause: LossCause::Timeout,
            gap_from: None,
            end: None,
        }),
        Row::Serial(SerialRow { day: record.recorded_at.to_utc().date_naive(), last: 1 }),
        Row::Horizon(HorizonRow { at: record.recorded_at, waiting: Vec::new() }),
    ])
}

/// Records with the rows of [`simple_fold`].
pub fn folded(records: Vec<Record>) -> Vec<Entry> {
    records.into_iter().map(|record| Entry { changes: simple_fold(&record), record }).collect()
}

/// A store as an older version left it: the first 73 records of the story, which is all that it knew.
pub fn older_store(path: &std::path::Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(include_str!("../data/schema-1.sql")).unwrap();
    connection.execute("INSERT INTO store (one, kind) VALUES (1, 'real')", []).unwrap();
    let mut digest = linewatch::store::Digest::ZERO;
    for (line, seq) in GOLDEN.lines().zip(1..=73) {
        digest = digest.after(line.as_bytes());
        connection.execute("INSERT INTO journal VALUES (?, ?, ?)", (seq, line, digest.0)).unwrap();
    }
    // Whatever its derived rows were, they are not looked at.
    connection.execute("INSERT INTO serials VALUES ('2026-01-05', 999)", []).unwrap();
    connection.pragma_update(None, "application_id", 0x6C77_6A31).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
}

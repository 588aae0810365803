//! What is SQLite's own: durability, refusal of rewriting, verification, folding again, queries of a period.

mod store_support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use linewatch::store::{
    Append, Cause, Digest, Flaw, Head, Journal, Store, StoreKind, Verification, codec, rebuild, rebuild_and_replace,
    verify,
};
use linewatch_core::ledger::{BridgeRow, FaultRow, GapRow, LineRow, OutageEnd, OutageRow, PointRow, Row, SegmentRow};
use linewatch_core::line::Line;
use linewatch_core::outcome::{BlindCause, LossCause};
use linewatch_core::record::{Attribution, EndReason, FaultNo, FaultSource, OutageId};
use linewatch_core::time::{Millis, Span, Timestamp};
use rusqlite::Connection;
use store_support::{EIGHT, entry, folded, golden, record, simple_fold};

/// A store with the golden story, and the folder that it lives in.
fn golden_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    store.append(0, &folded(golden())).unwrap();
    (folder, store)
}

/// Does by hand what the store's triggers refuse.
fn tamper(store: &Path, sql: &str) {
    let connection = Connection::open(store).unwrap();
    let triggers = "DROP TRIGGER journal_is_not_rewritten; DROP TRIGGER journal_is_not_deleted; DROP TRIGGER journal_has_no_holes;";
    connection.execute_batch(triggers).unwrap();
    assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
}

fn verified(store: &Path, kept: Option<Head>) -> Verification {
    let mut reader = Store::open_read_only(store).unwrap();
    verify(&reader.snapshot().unwrap(), kept, |_| {}).unwrap()
}

#[test]
fn bytes_are_stored_as_they_were_written() {
    let (_folder, store) = golden_store();
    let mut reader = store.reader().unwrap();
    let mut lines = String::new();
    let all = reader.snapshot().unwrap().each_record::<()>(1, u64::MAX, |stored| {
        lines.push_str(str::from_utf8(stored.bytes).unwrap());
        lines.push('\n');
        std::ops::ControlFlow::Continue(())
    });
    assert!(all.unwrap().is_continue());
    assert_eq!(lines, store_support::GOLDEN);
}

#[test]
fn the_journal_refuses_to_be_rewritten() {
    let (folder, _store) = golden_store();
    let connection = Connection::open(folder.path().join("journal.db")).unwrap();
    for sql in [
        "UPDATE journal SET bytes = '{}' WHERE seq = 3",
        "DELETE FROM journal WHERE seq = 54",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal VALUES (3, '{}', zeroblob(32))",
        "INSERT INTO journal VALUES (56, '{}', zeroblob(32))",
        "INSERT INTO journal VALUES (0, '{}', zeroblob(32))",
    ] {
        let error = connection.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    let error = connection.execute("UPDATE store SET kind = 'simulated'", []).unwrap_err().to_string();
    assert!(error.contains("fixed"), "{error}");
    assert_eq!(verified(&folder.path().join("journal.db"), None).flaw, None);
}

#[test]
fn an_intact_journal_is_verified_up_to_its_head() {
    let (folder, store) = golden_store();
    let path = folder.path().join("journal.db");
    let head = store.head().unwrap();
    let last = golden().last().unwrap().recorded_at;
    let intact = Verification { head, recorded_at: last, flaw: None };
    assert_eq!(verified(&path, None), intact);
    assert_eq!(verified(&path, Some(head)), intact);
    let digest = golden()[..7].iter().fold(Digest::ZERO, |d, record| d.after(codec::encode(record).as_bytes()));
    assert_eq!(verified(&path, Some(Head { seq: 7, digest })), intact);
}

#[test]
fn altered_bytes_and_digests_are_found_where_they_are() {
    for sql in [
        "UPDATE journal SET bytes = replace(bytes, 'linewatch', 'somebody') WHERE seq = 12",
        "UPDATE journal SET bytes = bytes || ' ' WHERE seq = 12",
        "UPDATE journal SET digest = zeroblob(32) WHERE seq = 12",
    ] {
        let (folder, _store) = golden_store();
        let path = folder.path().join("journal.db");
        tamper(&path, sql);
        let found = verified(&path, None);
        assert!(matches!(found.flaw, Some(Flaw::Altered { seq: 12, .. })), "{sql}: {found:?}");
        assert_eq!(found.head.seq, 11);
    }
}

#[test]
fn a_missing_record_is_named() {
    let (folder, _store) = golden_store();
    let path = folder.path().join("journal.db");
    tamper(&path, "DELETE FROM journal WHERE seq = 30");
    assert_eq!(verified(&path, None).flaw, Some(Flaw::Missing { seq: 30 }));
}

#[test]
fn a_journal_rewritten_with_a_right_chain_is_told_by_a_kept_head() {
    let (folder, store) = golden_store();
    let kept = store.head().unwrap();
    drop(store);
    let other = folder.path().join("other.db");
    let mut records = golden();
    records[20].author = "somebody".to_owned();
    let mut store = Store::open_daemon(&other, StoreKind::Real).unwrap();
    store.append(0, &folded(records)).unwrap();
    assert_eq!(verified(&other, None).flaw, None, "a chain made anew is right in itself");
    assert!(matches!(verified(&other, Some(kept)).flaw, Some(Flaw::Rewritten { .. })));
    let nonsense = Head { seq: 0, digest: kept.digest };
    assert!(matches!(verified(&other, Some(nonsense)).flaw, Some(Flaw::Rewritten { .. })));
}

#[test]
fn records_cut_off_at_the_end_are_told_by_a_kept_head() {
    let (folder, store) = golden_store();
    let path = folder.path().join("journal.db");
    let kept = store.head().unwrap();
    tamper(&path, "DELETE FROM journal WHERE seq > 50");
    assert_eq!(verified(&path, None).flaw, None);
    assert_eq!(verified(&path, Some(kept)).flaw, Some(Flaw::Cut { kept, end: 50 }));
}

/// Puts bytes into the journal under a right digest, as another program could.
fn forge(path: &Path, seq: u64, bytes: &str) {
    let connection = Connection::open(path).unwrap();
    let digest: [u8; 32] = connection
        .query_row("SELECT digest FROM journal ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .unwrap_or_default();
    let digest = Digest(digest).after(bytes.as_bytes()).0;
    connection.execute("INSERT INTO journal VALUES (?, ?, ?)", (i64::try_from(seq).unwrap(), bytes, digest)).unwrap();
}

#[test]
fn rightly_chained_nonsense_is_found() {
    let bytes = codec::encode(&record(2, EIGHT));
    for (bytes, expected) in [
        (bytes.replace(r#""v":1"#, r#""v":9"#), "written by a newer linewatch"),
        (bytes.replace("checkpoint", "dream"), "written by a newer linewatch"),
        (bytes.replace(r#""author""#, r#""writer""#), "cannot be read"),
        (bytes.replace(r#""seq":2"#, r#""seq":3"#), "says that it is record 3"),
        (bytes.replace(&EIGHT.0.to_string(), "5"), "from before"),
        (bytes.replace(r#""live""#, r#""simulated""#), "mixed"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let mut store = Store::open_daemon(&path, StoreKind::Real).unwrap();
        store.append(0, &[entry(1, vec![])]).unwrap();
        forge(&path, 2, &bytes);
        let found = verified(&path, None);
        let sentence = found.flaw.expect(expected).sentence(linewatch::language::Language::English);
        assert!(sentence.starts_with("record 2 ") && sentence.contains(expected), "{sentence}");
        assert_eq!(found.head.seq, 1);
    }
}

#[test]
fn nothing_is_appended_after_a_record_of_a_newer_linewatch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let mut store = Store::open_daemon(&path, StoreKind::Real).unwrap();
    forge(&path, 1, &codec::encode(&record(1, EIGHT)).replace(r#""v":1"#, r#""v":2"#));
    for error in [store.append(1, &[entry(2, vec![])]).unwrap_err(), store.read(1, 9).unwrap_err()] {
        assert!(matches!(error.cause, Cause::Record { seq: 1, .. }), "{error}");
        assert!(error.to_string().contains("newer linewatch"), "{error}");
    }
}

#[test]
fn folding_again_gives_the_stored_rows() {
    let (_folder, store) = golden_store();
    let mut reader = store.reader().unwrap();
    let rebuilt = rebuild(&reader.snapshot().unwrap(), simple_fold, |_| {}).unwrap();
    let records = golden().len() as u64;
    assert_eq!((rebuilt.head, rebuilt.differing), (store.head().unwrap(), 0));
    assert_eq!(rebuilt.rows, records + 2, "an outage a record, a serial and the horizon");
}

#[test]
fn rows_that_do_not_follow_from_the_records_are_told_and_replaced() {
    let (folder, mut store) = golden_store();
    let path = folder.path().join("journal.db");
    let outside = Connection::open(&path).unwrap();
    outside
        .execute_batch(
            "DELETE FROM outages WHERE outage = 3;
             UPDATE outages SET start_ms = start_ms + 1 WHERE outage = 5;
             INSERT INTO serials VALUES ('2030-01-01', 7);",
        )
        .unwrap();
    let compared = || {
        let mut reader = Store::open_read_only(&path).unwrap();
        rebuild(&reader.snapshot().unwrap(), simple_fold, |_| {}).unwrap()
    };
    let rebuilt = compared();
    assert_eq!(rebuilt.differing, 3);
    let told = rebuilt.differences.iter().map(|difference| (difference.table, difference.key.as_str()));
    let keys = [("outages", "outage=3"), ("outages", "outage=5"), ("serials", "day=2030-01-01")];
    assert_eq!(told.collect::<Vec<_>>(), keys);
    assert_eq!(rebuilt.differences[0].stored, None);
    let (start, moved) = (golden()[4].recorded_at.0, golden()[4].recorded_at.0 + 1);
    assert_eq!(rebuilt.differences[1].stored.as_deref(), Some(format!("start_ms={moved}").as_str()));
    assert_eq!(rebuilt.differences[1].folded.as_deref(), Some(format!("start_ms={start}").as_str()));
    assert_eq!(rebuilt.differences[2].folded, None);

    let before = store.head().unwrap();
    assert_eq!(rebuild_and_replace(&mut store, simple_fold, |_| {}).unwrap(), rebuilt);
    assert_eq!(compared().differing, 0);
    assert_eq!(store.head().unwrap(), before);
    assert_eq!(verified(&path, Some(before)).flaw, None);
}

#[test]
fn a_snapshot_does_not_see_what_is_appended_beside_it() {
    let (_folder, mut store) = golden_store();
    let mut reader = store.reader().unwrap();
    let before = store.head().unwrap();
    let snapshot = reader.snapshot().unwrap();
    let mut late = record(before.seq + 1, Timestamp(i64::MAX / 8));
    late.author = "late".to_owned();
    let Append::Appended(after) = store.append(before.seq, &folded(vec![late])).unwrap() else { panic!("moved") };
    assert_eq!(snapshot.head(), before);
    assert_eq!(rebuild(&snapshot, simple_fold, |_| {}).unwrap().differing, 0);
    drop(snapshot);
    assert_eq!(reader.snapshot().unwrap().head(), after);
}

fn period(from: i64, to: i64) -> Span {
    Span::new(EIGHT + Millis(from), EIGHT + Millis(to))
}

#[test]
fn rows_of_a_period_are_those_that_share_an_instant_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    let at = |ms: i64| EIGHT + Millis(ms);
    // Every span is [10, 20) or [10, open).
    let outage = |outage, line: &str, end: Option<i64>| OutageRow {
        outage: OutageId(outage),
        line: line.into(),
        start: at(10),
        last_reply: None,
        confirmed_at: at(12),
        cause: LossCause::Timeout,
        gap_from: None,
        end: end.map(|end| OutageEnd {
            end: at(end),
            last_loss: at(18),
            first_reply: at(20),
            confirmed_at: at(22),
            reason: EndReason::Gap,
        }),
    };
    let (ended, open) = (outage(1, "T-01", Some(20)), outage(2, "V-001", None));
    let gap = |line: Option<&str>| GapRow {
        line: line.map(Into::into),
        from: at(10),
        until: Some(at(20)),
        cause: BlindCause::Silent,
    };
    let line = LineRow {
        from: at(10),
        until: Some(at(20)),
        line: std::sync::Arc::new(Line::new("T-01", "干线", "township", "10.0.0.1")),
    };
    let number = FaultNo::new(EIGHT.to_utc().date_naive(), 1);
    let fault = FaultRow {
        fault: number.clone(),
        source: FaultSource::Reported,
        line: "T-01".into(),
        opened: at(10),
        deadline: at(15),
        restored: Some(at(20)),
        relapses: 0,
        merged_into: None,
        work: std::sync::Arc::default(),
    };
    let segment = SegmentRow { outage: OutageId(1), from: at(10), attribution: Attribution::Upstream("X".into()) };
    let bridge = BridgeRow { outage: OutageId(1), gap: period(11, 13) };
    let point = PointRow { fault: number.clone(), line: "T-01".into(), outage: OutageId(1), from: at(10), left: None };
    let rows = vec![
        Row::Outage(ended.clone()),
        Row::Outage(open.clone()),
        Row::Gap(gap(None)),
        Row::Gap(gap(Some("T-01"))),
        Row::Line(line.clone()),
        Row::Fault(fault.clone()),
        Row::Segment(segment.clone()),
        Row::Bridge(bridge.clone()),
        Row::Point(point.clone()),
    ];
    store.append(0, &[entry(1, rows)]).unwrap();
    let mut reader = store.reader().unwrap();
    let snapshot = reader.snapshot().unwrap();
    let (trunk, village) = ("T-01".into(), "V-001".into());

    for (from, to, within) in [(0, 10, 0), (0, 11, 1), (12, 15, 1), (19, 30, 1), (20, 30, 0), (0, 30, 1)] {
        let span = period(from, to);
        assert_eq!(snapshot.outages(Some(&trunk), span).unwrap(), vec![ended.clone(); within], "{span:?}");
        assert_eq!(snapshot.gaps(Some(&trunk), span).unwrap(), vec![gap(Some("T-01")); within], "{span:?}");
        assert_eq!(snapshot.gaps(None, span).unwrap(), vec![gap(Some("T-01")); within], "{span:?}");
        assert_eq!(snapshot.common_gaps(span).unwrap(), vec![gap(None); within], "{span:?}");
        assert_eq!(snapshot.lines(None, span).unwrap(), vec![line.clone(); within], "{span:?}");
        assert_eq!(snapshot.faults(Some(&trunk), span).unwrap(), vec![fault.clone(); within], "{span:?}");
        assert_eq!(snapshot.faults(Some(&village), span).unwrap(), []);
        let still = usize::from(to > 10);
        assert_eq!(snapshot.outages(Some(&village), span).unwrap(), vec![open.clone(); still], "{span:?}");
    }
    assert_eq!(snapshot.outages(None, period(0, 30)).unwrap(), [ended, open]);
    assert_eq!(snapshot.segments(OutageId(1)).unwrap(), [segment]);
    assert_eq!(snapshot.bridges(OutageId(1)).unwrap(), [bridge]);
    assert_eq!(snapshot.points(&number).unwrap(), [point]);
    assert_eq!(snapshot.fault(&number).unwrap(), Some(fault));
}

const CHILD: &str = "LINEWATCH_TEST_APPENDS_TO";

/// A process that appends as fast as it can is killed at an arbitrary moment: every append that it had been told is
/// committed is there, complete with its rows, and the chain is right.
#[test]
fn sigkill_loses_no_acknowledged_record() {
    if let Some(path) = std::env::var_os(CHILD) {
        append_for_ever(Path::new(&path));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    for round in 1..=3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sigkill_loses_no_acknowledged_record", "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut acknowledged = lines.filter_map(|line| line.strip_prefix("committed ")?.parse::<u64>().ok());
        let seen = acknowledged.nth(10 * round).expect("the child appends");
        child.kill().unwrap();
        // What it still printed before it died counts too.
        let last = acknowledged.last().unwrap_or(seen);
        child.wait().unwrap();

        let found = verified(&path, None);
        assert_eq!(found.flaw, None);
        assert!(found.head.seq >= last, "{} of {last}", found.head.seq);
        assert_eq!(found.head.seq % 2, 0, "two records are appended at once");
        let mut reader = Store::open_read_only(&path).unwrap();
        assert_eq!(rebuild(&reader.snapshot().unwrap(), simple_fold, |_| {}).unwrap().differing, 0);
    }
}

fn append_for_ever(path: &Path) -> ! {
    let mut store = Store::open_daemon(path, StoreKind::Real).unwrap();
    loop {
        let seq = store.head().unwrap().seq;
        let Append::Appended(head) =
            store.append(seq, &folded(vec![record(seq + 1, EIGHT), record(seq + 2, EIGHT)])).unwrap()
        else {
            panic!("moved")
        };
        println!("committed {}", head.seq);
    }
}

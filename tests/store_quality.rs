//! Hourly quality in the store: merged, beside the chain, and small.

mod store_support;

use std::path::Path;

use linewatch::store::{Journal, Store, StoreKind, rebuild, rebuild_and_replace, verify};
use linewatch_core::quality::{LineHour, Quality};
use linewatch_core::time::{Millis, Span, Timestamp};
use rusqlite::Connection;
use store_support::{folded, golden};

const HOUR: Millis = Millis::from_secs(3600);
/// 2026-01-01 00:00 in Shanghai, which is in a day of UTC that has begun before.
const NEW_YEAR: Timestamp = Timestamp(1_767_196_800_000);

fn hour(line: &str, number: i64, lost: u64, delays: &[u32]) -> LineHour {
    let mut quality = Quality { lost, ..Quality::default() };
    for delay in delays {
        quality.delays.observe(*delay);
    }
    LineHour { line: line.into(), start: NEW_YEAR + HOUR * number, quality }
}

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    (folder, store)
}

fn kept(store: &Store, line: &str, from: i64, until: i64) -> Vec<LineHour> {
    let span = Span::new(NEW_YEAR + HOUR * from, NEW_YEAR + HOUR * until);
    store.reader().unwrap().snapshot().unwrap().quality(&line.into(), span).unwrap()
}

#[test]
fn parts_of_an_hour_are_merged_also_after_a_restart() {
    let (folder, mut store) = store();
    store.keep_quality(&[hour("A", 0, 1, &[5, 9]), hour("B", 0, 7, &[]), hour("A", 0, 2, &[1])]).unwrap();
    drop(store);
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    store.keep_quality(&[hour("A", 0, 4, &[3]), hour("A", 1, 0, &[2])]).unwrap();
    assert_eq!(kept(&store, "A", 0, 24), [hour("A", 0, 7, &[5, 9, 1, 3]), hour("A", 1, 0, &[2])]);
    assert_eq!(kept(&store, "B", 0, 24), [hour("B", 0, 7, &[])]);
}

#[test]
fn hours_are_found_by_their_start_across_rows() {
    let (_folder, mut store) = store();
    let all: Vec<LineHour> = (-20..40).map(|number| hour("A", number, 1, &[800])).collect();
    store.keep_quality(&all).unwrap();
    assert_eq!(kept(&store, "A", -20, 40), all);
    assert_eq!(kept(&store, "A", 7, 9), all[27..29], "half-open, and midnight of UTC lies between");
    assert_eq!(kept(&store, "A", 9, 7), []);
    assert_eq!(kept(&store, "C", -20, 40), []);
}

#[test]
fn quality_is_beside_the_chain_and_a_rebuild_leaves_it_alone() {
    let (folder, mut store) = store();
    store.append(0, &folded(golden())).unwrap();
    let head = store.head().unwrap();
    store.keep_quality(&[hour("T-01", 0, 1, &[5])]).unwrap();
    assert_eq!(store.head().unwrap(), head);
    let rebuilt = rebuild_and_replace(&mut store, store_support::simple_fold, |_| {}).unwrap();
    assert_eq!(rebuilt.head, head);
    assert_eq!(kept(&store, "T-01", 0, 1), [hour("T-01", 0, 1, &[5])]);
    let mut reader = Store::open_read_only(&folder.path().join("journal.db")).unwrap();
    let snapshot = reader.snapshot().unwrap();
    assert_eq!(verify(&snapshot, None, |_| {}).unwrap().flaw, None);
    assert_eq!(rebuild(&snapshot, store_support::simple_fold, |_| {}).unwrap().differing, 0);
}

fn by_hand(folder: &Path, sql: &str) {
    Connection::open(folder.join("journal.db")).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_damaged_row_is_said_and_does_not_stop_what_comes_after() {
    let (folder, mut store) = store();
    store.keep_quality(&[hour("A", 0, 1, &[5]), hour("A", 30, 1, &[5])]).unwrap();
    by_hand(folder.path(), "UPDATE quality SET hours = x'ff' WHERE block = (SELECT min(block) FROM quality)");
    let span = Span::new(NEW_YEAR, NEW_YEAR + HOUR * 40);
    let error = store.reader().unwrap().snapshot().unwrap().quality(&"A".into(), span).unwrap_err().to_string();
    assert!(error.contains("quality of A"), "{error}");
    store.keep_quality(&[hour("A", 1, 2, &[6])]).unwrap();
    assert_eq!(kept(&store, "A", 0, 40), [hour("A", 1, 2, &[6]), hour("A", 30, 1, &[5])]);
}

#[test]
fn a_store_made_before_there_was_quality_gets_its_table() {
    let (folder, store) = store();
    drop(store);
    by_hand(folder.path(), "DROP TABLE quality");
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    store.keep_quality(&[hour("A", 0, 1, &[5])]).unwrap();
    assert_eq!(kept(&store, "A", 0, 1).len(), 1);
}

/// An hour of 1,800 probes as the example district has them: most delays within a millisecond, a few late ones, and
/// in one hour of ten some loss.
fn lively(line: &str, number: i64, random: &mut u64) -> LineHour {
    let mut next = |below: u64| {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*random >> 33) % below
    };
    let mut quality = Quality { lost: if next(10) == 0 { next(40) } else { 0 }, ..Quality::default() };
    let base = 1500 + next(400);
    for probe in 0..1800 - quality.lost {
        let spread = next(300) + next(300) + next(300);
        let late = if probe % 600 == 599 { next(30_000) } else { 0 };
        quality.delays.observe(u32::try_from(base + spread + late).unwrap());
    }
    LineHour { line: line.into(), start: NEW_YEAR + HOUR * number, quality }
}

/// What is promised in the documents: a line's year takes well under half a megabyte. Written as the daemon does,
/// hour after hour in pieces.
#[test]
fn a_line_takes_under_400_kilobytes_a_year() {
    const LINES: usize = 20;
    const DAYS: i64 = 20;
    let (folder, mut store) = store();
    let size = || std::fs::metadata(folder.path().join("journal.db")).unwrap().len();
    let checkpoint = || by_hand(folder.path(), "PRAGMA wal_checkpoint(TRUNCATE)");
    checkpoint();
    let before = size();
    let mut random = 1;
    let mut encoded = 0;
    for number in 0..DAYS * 24 {
        let hours: Vec<LineHour> =
            (0..LINES).map(|line| lively(&format!("V-{line:03}"), number, &mut random)).collect();
        encoded += hours.iter().map(|hour| hour.quality.encode().len()).sum::<usize>();
        store.keep_quality(&hours).unwrap();
    }
    checkpoint();
    let line_days = LINES as u64 * DAYS.unsigned_abs();
    let (per_year, per_hour) = ((size() - before) * 365 / line_days, encoded as u64 / (line_days * 24));
    println!("{per_year} bytes per line and year, {per_hour} bytes per line and hour encoded");
    assert!(per_hour <= 40 && per_year < 400_000, "{per_year} bytes a year, {per_hour} an hour");
}

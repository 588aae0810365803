//! One truth: a ledger taken up from the stored rows goes on exactly as the one that folded every record, and
//! folding again gives the stored rows.

mod store_support;

use std::sync::Arc;

use linewatch::store::memory::MemoryStore;
use linewatch::store::{Cause, Entry, Journal, Store, StoreKind, rebuild};
use linewatch_core::ledger::{FaultRow, Ledger, Policy, Stage};
use linewatch_core::record::{FaultNo, FaultSource};
use linewatch_core::time::{Span, Timestamp};
use store_support::{golden, older_store};

fn new_ledger() -> Ledger {
    Ledger::new(Arc::new(Policy::new(chrono_tz::Asia::Shanghai)))
}

fn entries() -> Vec<Entry> {
    let mut ledger = new_ledger();
    golden().into_iter().map(|record| Entry { changes: ledger.apply(&record), record }).collect()
}

/// Stops and starts after every single record of the story.
fn goes_on_from_every_record(mut store: impl Journal<Error = linewatch::store::StoreError>) {
    let entries = entries();
    for done in 0..entries.len() {
        let open = store.open_rows().unwrap();
        assert_eq!(open.head.seq, done as u64);
        let policy = Arc::new(Policy::new(chrono_tz::Asia::Shanghai));
        let mut restored = Ledger::restore(policy, open.head.seq, open.recorded_at, open.rows);
        for Entry { record, changes } in &entries[done..] {
            assert_eq!(restored.apply(record), *changes, "record {} after a start at {done}", record.seq);
        }
        store.append(done as u64, &entries[done..=done]).unwrap();
    }
}

#[test]
fn a_restored_ledger_goes_on_as_the_folded_one_in_memory() {
    goes_on_from_every_record(MemoryStore::new(StoreKind::Real));
}

#[test]
fn a_restored_ledger_goes_on_as_the_folded_one_from_the_database() {
    let folder = tempfile::tempdir().unwrap();
    goes_on_from_every_record(Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap());
}

#[test]
fn folding_again_gives_the_stored_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    store.append(0, &entries()).unwrap();
    let mut reader = store.reader().unwrap();
    let mut ledger = new_ledger();
    let rebuilt = rebuild(&reader.snapshot().unwrap(), |record| ledger.apply(record), |_| {}).unwrap();
    assert_eq!((rebuilt.differing, rebuilt.differences), (0, vec![]));
}

#[test]
fn tables_of_an_older_version_are_made_anew_from_the_records() {
    let folder = tempfile::tempdir().unwrap();
    for open in 0..3 {
        let path = folder.path().join(format!("journal-{open}.db"));
        older_store(&path);
        match open {
            0 => drop(Store::open_daemon(&path, StoreKind::Real).unwrap()),
            1 => drop(Store::open(&path, StoreKind::Real).unwrap()),
            _ => {}
        }
        let mut reader = Store::open_read_only(&path).unwrap();
        let snapshot = reader.snapshot().unwrap();
        assert_eq!(snapshot.head().seq, 73);
        let mut ledger = new_ledger();
        let rebuilt = rebuild(&snapshot, |record| ledger.apply(record), |_| {}).unwrap();
        assert_eq!((rebuilt.differing, rebuilt.differences), (0, vec![]));
        assert!(rebuilt.rows > 40, "{}", rebuilt.rows);
        let fault = FaultNo::from_stored("F20260105-002".to_owned());
        let kinds: Vec<_> = snapshot.fault_steps(&fault).unwrap().iter().map(|step| step.fact.kind()).collect();
        assert!(kinds.contains(&"fault.opened"), "{kinds:?}");
    }
}

#[test]
fn making_tables_anew_tells_how_far_it_is_and_is_done_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    Store::bring_up_to_date(&path, |_, _| panic!("there is no store")).unwrap();
    assert!(!path.exists());
    older_store(&path);
    let mut told = Vec::new();
    Store::bring_up_to_date(&path, |done, total| told.push((done, total))).unwrap();
    assert_eq!(told, (1..=73).map(|done| (done, 73)).collect::<Vec<_>>());
    Store::bring_up_to_date(&path, |_, _| panic!("they are up to date")).unwrap();
    assert_eq!(Store::open_read_only(&path).unwrap().snapshot().unwrap().head().seq, 73);
}

#[test]
fn tables_are_not_made_anew_under_a_daemon_that_works_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    older_store(&path);
    let lock = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.path().join("journal.db.lock"));
    let lock = lock.unwrap();
    lock.try_lock().unwrap();
    let refusals = [Store::open(&path, StoreKind::Real).map(drop), Store::open_read_only(&path).map(drop)];
    for refused in refusals {
        let error = refused.unwrap_err();
        assert!(matches!(error.cause, Cause::OlderSchema { running: true }), "{error}");
    }
}

#[test]
fn a_backup_of_an_older_version_is_put_back_and_brought_up_to_date_there() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("backup.db"), folder.path().join("journal.db"));
    older_store(&from);
    let copied = linewatch::store::restore(&from, &to, |_| {}).unwrap();
    assert_eq!(copied.head.seq, 73);
    let mut reader = Store::open_read_only(&to).unwrap();
    assert!(reader.snapshot().unwrap().fault(&FaultNo::from_stored("F20260105-002".to_owned())).unwrap().is_some());
}

/// A fault that was merged while it was open has no restoration of its own: without the one that it lives in it would be
/// counted as open for ever.
#[test]
fn a_merged_fault_comes_with_the_one_that_it_lives_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    let number = |serial| FaultNo::from_stored(format!("F20260105-{serial:03}"));
    let row = |serial, restored: Option<i64>, into: Option<u32>| {
        linewatch_core::ledger::Row::Fault(FaultRow {
            fault: number(serial),
            source: FaultSource::Detected,
            line: "T-01".into(),
            opened: Timestamp(10),
            deadline: Timestamp(20),
            restored: restored.map(Timestamp),
            relapses: 0,
            merged_into: into.map(number),
            work: Arc::default(),
        })
    };
    let rows = vec![row(1, Some(50), None), row(2, None, Some(1)), row(3, Some(40), Some(2)), row(4, Some(50), None)];
    store.append(0, &[store_support::entry(1, rows)]).unwrap();
    let mut reader = store.reader().unwrap();
    let snapshot = reader.snapshot().unwrap();
    let mut found = Vec::new();
    let later = Span::new(Timestamp(100), Timestamp(200));
    snapshot.derived().each_fault(later, |fault| found.push(fault.row.fault)).unwrap();
    assert_eq!(found, [number(1), number(2), number(3)], "and not the fourth, which was over");
}

/// The whole history of a fault, with what a person did and what another one brought in.
#[test]
fn the_steps_of_a_fault_are_kept_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    store.append(0, &entries()).unwrap();
    let mut reader = store.reader().unwrap();
    let snapshot = reader.snapshot().unwrap();
    let number = |serial| FaultNo::from_stored(format!("F20260105-{serial:03}"));
    let kinds: Vec<_> = snapshot.fault_steps(&number(5)).unwrap().iter().map(|step| &step.fact.kind()[6..]).collect();
    let expected = "reported report_joined dated acknowledged dispatched arrived point_added point_removed repaired \
                    repaired verified closed noted reopened point_added split combined";
    assert_eq!(kinds.join(" "), expected);
    let row = snapshot.fault(&number(5)).unwrap().unwrap();
    assert_eq!((row.work.stage, row.work.rounds.len()), (Stage::Open, 2));
    assert_eq!(row.work.cause, ["光缆", "施工"]);
    let within: Vec<_> = snapshot.faults_within(&number(5)).unwrap().into_iter().map(|row| row.fault).collect();
    assert_eq!(within, [number(6)]);
    let to_do =
        |open_only| -> Vec<_> { snapshot.faults_to_do(open_only).unwrap().into_iter().map(|row| row.fault).collect() };
    assert!(to_do(true).contains(&number(5)) && !to_do(true).contains(&number(1)), "{:?}", to_do(true));
    assert!(to_do(false).contains(&number(1)) && !to_do(false).contains(&number(7)), "void ones are done");
}

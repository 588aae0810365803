//! One truth: a ledger taken up from the stored rows goes on exactly as the one that folded every record, and
//! folding again gives the stored rows.

mod store_support;

use std::sync::Arc;

use linewatch::store::memory::MemoryStore;
use linewatch::store::{Entry, Journal, Store, StoreKind, rebuild};
use linewatch_core::ledger::{Ledger, Policy};
use store_support::golden;

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

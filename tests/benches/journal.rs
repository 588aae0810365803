//! What the journal costs: durable appends, and reading 100,000 records back.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use linewatch::store::{Entry, Journal, Store, StoreKind, codec, rebuild, verify};
use linewatch_core::ledger::{Changes, Ledger, Policy, Row, SegmentRow};
use linewatch_core::outcome::LossCause;
use linewatch_core::record::{Attribution, Fact, Origin, OutageFact, OutageId, RECORD_VERSION, Record};
use linewatch_core::time::Timestamp;

const RECORDS: u64 = 100_000;

fn started(seq: u64) -> Record {
    let at = Timestamp(1_767_571_200_000 + i64::try_from(seq).unwrap() * 1000);
    let fact = OutageFact::Started {
        line: format!("V-{:03}", seq % 168).as_str().into(),
        start: at,
        last_reply: Some(at),
        confirmed_at: at,
        cause: LossCause::Timeout,
        attribution: Attribution::Upstream("T-01".into()),
    };
    Record {
        seq,
        v: RECORD_VERSION,
        recorded_at: at,
        origin: Origin::Live,
        author: "linewatch".to_owned(),
        fact: Fact::Outage(fact),
    }
}

/// A record with one row, as most have.
fn entry(seq: u64) -> Entry {
    let record = started(seq);
    let row = SegmentRow { outage: OutageId(seq), from: record.recorded_at, attribution: Attribution::Own };
    Entry { record, changes: Changes(vec![Row::Segment(row)]) }
}

fn appends(criterion: &mut Criterion) {
    // Beside the build's output, not in /tmp: that may be memory, where a sync costs nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    let mut group = criterion.benchmark_group("append, durable");
    for count in [1, 100] {
        group.throughput(Throughput::Elements(count));
        group.bench_function(format!("{count} records at once"), |bencher| {
            let mut seq = store.head().unwrap().seq;
            bencher.iter_batched(
                || {
                    let first = seq;
                    seq += count;
                    (first, (first + 1..=first + count).map(entry).collect::<Vec<_>>())
                },
                |(expected, entries)| store.append(expected, &entries).unwrap(),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Real).unwrap();
    store.append(0, &(1..=RECORDS).map(entry).collect::<Vec<_>>()).unwrap();
    let mut reader = store.reader().unwrap();
    let snapshot = reader.snapshot().unwrap();
    let mut group = criterion.benchmark_group("100,000 records");
    group.throughput(Throughput::Elements(RECORDS)).sample_size(10);
    group.bench_function("verify", |bencher| {
        bencher.iter(|| assert_eq!(verify(&snapshot, None, |_| {}).unwrap().flaw, None));
    });
    group.bench_function("fold and compare", |bencher| {
        bencher.iter(|| {
            let mut ledger = Ledger::new(Arc::new(Policy::new(chrono_tz::Asia::Shanghai)));
            rebuild(&snapshot, |record| ledger.apply(record), |_| {}).unwrap()
        });
    });
    group.finish();

    let bytes = codec::encode(&started(1));
    criterion.bench_function("decode one record", |bencher| {
        bencher.iter(|| codec::decode(black_box(bytes.as_bytes())).unwrap());
    });
}

criterion_group!(benches, appends, reading);
criterion_main!(benches);

//! One contract, run on every store behind the seam.

mod store_support;

use std::collections::BTreeSet;
use std::sync::Arc;

use linewatch::store::memory::MemoryStore;
use linewatch::store::{
    Append, Cause, Digest, Entry, Head, Heartbeat, Journal, RECENT, Store, StoreError, StoreKind, codec,
};
use linewatch_core::ledger::{
    BridgeRow, Changes, FaultRow, FaultWork, GapRow, HorizonRow, Ledger, LineRow, Mark, OutageEnd, OutageRow, PointRow,
    Row, Said, SegmentRow, SerialRow, Stage,
};
use linewatch_core::line::Line;
use linewatch_core::outcome::{BlindCause, LossCause};
use linewatch_core::record::{Attribution, EndReason, FaultNo, FaultSource, Origin, OutageId, Waiting};
use linewatch_core::time::{Millis, Span, Timestamp};
use proptest::prelude::*;
use store_support::{EIGHT, entry, folded, golden, record};

/// A store that can be opened any number of times.
trait House {
    type Store: Journal<Error = StoreError> + Send;

    fn new(kind: StoreKind) -> Self;
    fn open(&self) -> Self::Store;
}

struct Memory(MemoryStore);

impl House for Memory {
    type Store = MemoryStore;

    fn new(kind: StoreKind) -> Self {
        Self(MemoryStore::new(kind))
    }

    fn open(&self) -> MemoryStore {
        self.0.clone()
    }
}

struct Sqlite(tempfile::TempDir, StoreKind);

impl House for Sqlite {
    type Store = Store;

    fn new(kind: StoreKind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Store::open_daemon(&folder.path().join("journal.db"), kind).unwrap();
        Self(folder, kind)
    }

    fn open(&self) -> Store {
        Store::open(&self.0.path().join("journal.db"), self.1).unwrap()
    }
}

/// Runs every test of the contract on every store.
macro_rules! contract {
    ($($test:ident)*) => {
        mod memory {
            $(#[test]
            fn $test() {
                super::$test::<super::Memory>();
            })*
        }
        mod sqlite {
            $(#[test]
            fn $test() {
                super::$test::<super::Sqlite>();
            })*
        }
    };
}

contract! {
    a_new_store_is_empty
    what_was_appended_is_read_back
    an_append_to_an_old_head_writes_nothing
    entries_that_do_not_continue_the_journal_write_nothing
    real_and_simulated_records_are_never_mixed
    rows_are_replaced_by_their_keys
    open_rows_are_all_that_a_ledger_needs
    the_heartbeat_is_overwritten
    only_the_writes_of_others_change_the_data_version
    writers_at_the_same_time_lose_nothing_and_repeat_nothing
}

fn appended(append: Append) -> Head {
    match append {
        Append::Appended(head) => head,
        Append::Moved(head) => panic!("moved to {head}"),
    }
}

fn a_new_store_is_empty<H: House>() {
    let store = H::new(StoreKind::Real).open();
    assert_eq!(store.head().unwrap(), Head::EMPTY);
    assert_eq!(store.read(1, 10).unwrap(), []);
    assert_eq!(store.heartbeat().unwrap(), None);
    let open = store.open_rows().unwrap();
    assert_eq!((open.head, open.recorded_at, open.rows), (Head::EMPTY, Timestamp::MIN, vec![]));
}

fn what_was_appended_is_read_back<H: House>() {
    let house = H::new(StoreKind::Real);
    let records = golden();
    let mut store = house.open();
    let first = appended(store.append(0, &folded(records[..20].to_vec())).unwrap());
    assert_eq!(first.seq, 20);
    let last = appended(store.append(20, &folded(records[20..].to_vec())).unwrap());
    let digest = records.iter().fold(Digest::ZERO, |digest, record| digest.after(codec::encode(record).as_bytes()));
    assert_eq!(last, Head { seq: records.len() as u64, digest });
    assert_eq!(appended(store.append(last.seq, &[]).unwrap()), last, "nothing appended, nothing changed");
    drop(store);

    let store = house.open();
    assert_eq!(store.head().unwrap(), last);
    assert_eq!(store.read(1, 1000).unwrap(), records);
    assert_eq!(store.read(0, 2).unwrap(), records[..2]);
    assert_eq!(store.read(7, 3).unwrap(), records[6..9]);
    assert_eq!(store.read(last.seq, 3).unwrap(), records[records.len() - 1..]);
    assert_eq!(store.read(last.seq + 1, 3).unwrap(), []);
    assert_eq!(store.open_rows().unwrap().recorded_at, records[records.len() - 1].recorded_at);
}

fn an_append_to_an_old_head_writes_nothing<H: House>() {
    let house = H::new(StoreKind::Real);
    let (mut one, mut other) = (house.open(), house.open());
    let head = appended(one.append(0, &folded(vec![record(1, EIGHT)])).unwrap());
    let late = [entry(1, vec![Row::Horizon(HorizonRow { at: Timestamp(1), waiting: vec![] })])];
    assert_eq!(other.append(0, &late).unwrap(), Append::Moved(head));
    assert_eq!(other.append(0, &[]).unwrap(), Append::Moved(head));
    assert_eq!(other.append(2, &[entry(3, vec![])]).unwrap(), Append::Moved(head), "ahead of the journal");
    assert_eq!(one.read(1, 9).unwrap(), [record(1, EIGHT)]);
    let expected = store_support::simple_fold(&record(1, EIGHT)).0;
    let rows = one.open_rows().unwrap().rows;
    assert!(expected.iter().all(|row| rows.contains(row)) && rows.len() == expected.len(), "{rows:?}");
}

fn entries_that_do_not_continue_the_journal_write_nothing<H: House>() {
    let mut store = H::new(StoreKind::Real).open();
    let head = appended(store.append(0, &[entry(1, vec![])]).unwrap());
    let early = Entry { record: record(3, EIGHT - Millis(1)), changes: Changes::default() };
    let horizon = vec![Row::Horizon(HorizonRow { at: EIGHT, waiting: vec![] })];

    let error = store.append(1, &[entry(2, horizon.clone()), entry(4, vec![])]).unwrap_err();
    assert!(matches!(error.cause, Cause::Hole { expected: 3, found: 4 }), "{error}");
    let error = store.append(1, &[entry(2, horizon), early]).unwrap_err();
    assert!(matches!(error.cause, Cause::Backwards { seq: 3, .. }), "{error}");

    assert_eq!(store.head().unwrap(), head);
    assert_eq!(store.open_rows().unwrap().rows, []);
}

fn real_and_simulated_records_are_never_mixed<H: House>() {
    let with = |origin: Origin| {
        let mut entry = entry(1, vec![]);
        entry.record.origin = origin;
        [entry]
    };
    let imported = Origin::Imported { source: "旧系统".to_owned() };
    for (kind, wrong, right) in [
        (StoreKind::Real, Origin::Simulated, Origin::Live),
        (StoreKind::Simulated, Origin::Live, Origin::Simulated),
        (StoreKind::Real, Origin::Simulated, imported.clone()),
        (StoreKind::Simulated, Origin::Live, imported),
    ] {
        let mut store = H::new(kind).open();
        let error = store.append(0, &with(wrong)).unwrap_err();
        assert!(matches!(error.cause, Cause::OtherOrigin { seq: 1, .. }), "{error}");
        assert_eq!(appended(store.append(0, &with(right)).unwrap()).seq, 1);
    }
}

fn rows_are_replaced_by_their_keys<H: House>() {
    let mut store = H::new(StoreKind::Real).open();
    let gap = |line: Option<&str>, from, cause| {
        Row::Gap(GapRow { line: line.map(Into::into), from: Timestamp(from), until: None, cause })
    };
    let horizon = |at| Row::Horizon(HorizonRow { at: Timestamp(at), waiting: vec![] });
    let rows = vec![horizon(5), gap(None, 7, BlindCause::Silent), gap(Some("V-001"), 7, BlindCause::Unsent)];
    store.append(0, &[entry(1, rows)]).unwrap();
    let more = vec![horizon(6), gap(Some("V-001"), 7, BlindCause::Journal), gap(Some("V-001"), 8, BlindCause::Pending)];
    store.append(1, &[entry(2, more)]).unwrap();
    let expected = [
        horizon(6),
        gap(None, 7, BlindCause::Silent),
        gap(Some("V-001"), 7, BlindCause::Journal),
        gap(Some("V-001"), 8, BlindCause::Pending),
    ];
    assert_eq!(store.open_rows().unwrap().rows, expected);
}

fn number(serial: u32) -> FaultNo {
    FaultNo::new(EIGHT.to_utc().date_naive(), serial)
}

fn fault(serial: u32, restored: Option<Timestamp>, merged_into: Option<FaultNo>) -> Row {
    Row::Fault(FaultRow {
        fault: number(serial),
        source: FaultSource::Detected,
        line: "T-01".into(),
        opened: EIGHT,
        deadline: EIGHT + Millis::from_secs(4 * 3600),
        restored,
        relapses: 2,
        work: Arc::default(),
        merged_into,
    })
}

fn closed(serial: u32, restored: Timestamp, at: Timestamp) -> Row {
    let Row::Fault(mut row) = fault(serial, Some(restored), None) else { unreachable!("a fault") };
    let said = Said { by: "wang".to_owned(), at };
    let closed = Some(Mark { at: restored, said, late: true });
    row.work = Arc::new(FaultWork { stage: Stage::Closed, closed, ..FaultWork::default() });
    Row::Fault(row)
}

fn point(serial: u32, outage: u64) -> Row {
    let (fault, outage) = (number(serial), OutageId(outage));
    Row::Point(PointRow { fault, line: "T-01".into(), outage, from: EIGHT, left: Some(EIGHT) })
}

fn outage(outage: u64, ended: Option<Timestamp>) -> Row {
    outage_until(outage, ended.map(|end| (end, end)))
}

/// One that ended for counting at the first of two instants, and whose line answered again at the second.
fn outage_until(outage: u64, ended: Option<(Timestamp, Timestamp)>) -> Row {
    let end = |(end, first_reply)| OutageEnd {
        end,
        last_loss: EIGHT + Millis(2),
        first_reply,
        confirmed_at: EIGHT + Millis(5),
        reason: EndReason::Gap,
    };
    Row::Outage(OutageRow {
        outage: OutageId(outage),
        line: "T-01".into(),
        start: EIGHT,
        last_reply: Some(EIGHT - Millis(2000)),
        confirmed_at: EIGHT + Millis(1),
        cause: LossCause::HostUnreachable,
        gap_from: None,
        end: ended.map(end),
    })
}

fn segment(outage: u64, from: i64, attribution: Attribution) -> Row {
    Row::Segment(SegmentRow { outage: OutageId(outage), from: EIGHT + Millis(from), attribution })
}

fn bridge(outage: u64) -> Row {
    Row::Bridge(BridgeRow { outage: OutageId(outage), gap: Span::new(EIGHT, EIGHT + Millis(9)) })
}

fn line(id: &str, from: Timestamp, until: Option<Timestamp>) -> Row {
    let mut line = Line::new(id, "汀泗桥镇干线", "township", "fd42::1");
    line.upstream = Some("X".into());
    line.probe = "tcp:443".parse().unwrap();
    line.bandwidth_kbps = Some(1_000_000);
    line.rent_fen_month = Some(-1);
    line.opened = Some(Timestamp(-5));
    line.longitude_e6 = Some(114_271_944);
    "'引号\"\n".clone_into(&mut line.note);
    Row::Line(LineRow { from, until, line: Arc::new(line) })
}

/// Just not recent any more.
const OVER: Timestamp = Timestamp(EIGHT.0 - RECENT.0 - 1);

fn open_rows_are_all_that_a_ledger_needs<H: House>() {
    let mut store = H::new(StoreKind::Real).open();
    let serial = |days: i64, last| {
        Row::Serial(SerialRow { day: EIGHT.to_utc().date_naive() - chrono::Duration::days(days), last })
    };
    let gap = |line: Option<&str>, until| {
        Row::Gap(GapRow { line: line.map(Into::into), from: EIGHT, until, cause: BlindCause::ClockStep })
    };
    let waiting = vec![Waiting { line: "V-001".into(), until: EIGHT - Millis(1) }];
    let upstream = || Attribution::Upstream("T-01".into());
    let open = vec![
        Row::Horizon(HorizonRow { at: EIGHT, waiting }),
        line("A", Timestamp::MIN, None),
        line("B", EIGHT, Some(EIGHT + Millis(1))),
        line("C", EIGHT - Millis(9), Some(EIGHT)),
        gap(None, None),
        gap(Some("A"), None),
        gap(Some("B"), Some(OVER + Millis(1))),
        outage(1, None),
        outage(2, Some(OVER)),
        outage(4, Some(OVER + Millis(1))),
        outage_until(5, Some((OVER - Millis(1), OVER + Millis(1)))),
        segment(1, 0, upstream()),
        segment(1, 7, Attribution::Own),
        segment(2, 0, Attribution::Declared),
        segment(4, 0, Attribution::Own),
        bridge(1),
        bridge(2),
        fault(1, None, None),
        fault(2, Some(EIGHT - RECENT), None),
        fault(3, Some(OVER), None),
        closed(5, OVER, EIGHT - Ledger::SETTLED_KEPT),
        point(1, 1),
        point(2, 2),
        point(3, 3),
        point(5, 3),
        serial(500, 1),
        serial(0, 3),
    ];
    let closed = vec![
        line("B", Timestamp::MIN, Some(EIGHT)),
        line("C", Timestamp::MIN, Some(EIGHT - Millis(9))),
        gap(Some("C"), Some(OVER)),
        outage(3, Some(OVER)),
        segment(3, 0, Attribution::Own),
        bridge(3),
        fault(4, None, Some(number(1))),
        closed(6, OVER, EIGHT - Ledger::SETTLED_KEPT - Millis(1)),
        point(4, 3),
        point(6, 3),
    ];
    // Written the wrong way round, so that their order comes from the keys.
    let mut rows = [open.clone(), closed].concat();
    rows.reverse();
    rows.push(segment(1, 9, Attribution::Own));
    rows.push(Row::SegmentRemoved { outage: OutageId(1), from: EIGHT + Millis(9) });
    store.append(0, &[entry(1, rows)]).unwrap();
    assert_eq!(store.open_rows().unwrap().rows, open);
}

fn the_heartbeat_is_overwritten<H: House>() {
    let house = H::new(StoreKind::Real);
    let mut store = house.open();
    for (at, waiting) in [(1, vec![]), (2, vec![Waiting { line: "村".into(), until: Timestamp(1) }]), (3, vec![])] {
        let heartbeat = Heartbeat { at: Timestamp(at), waiting };
        store.beat(&heartbeat).unwrap();
        assert_eq!(house.open().heartbeat().unwrap(), Some(heartbeat));
    }
    assert_eq!(store.head().unwrap(), Head::EMPTY, "a heartbeat is no record");
}

fn only_the_writes_of_others_change_the_data_version<H: House>() {
    let house = H::new(StoreKind::Real);
    let (mut one, mut other) = (house.open(), house.open());
    let before = one.data_version().unwrap();
    one.append(0, &[entry(1, vec![])]).unwrap();
    one.beat(&Heartbeat { at: EIGHT, waiting: vec![] }).unwrap();
    assert_eq!(one.data_version().unwrap(), before);
    other.append(1, &[entry(2, vec![])]).unwrap();
    let after = one.data_version().unwrap();
    assert_ne!(after, before);
    assert_eq!(one.data_version().unwrap(), after);
}

fn writers_at_the_same_time_lose_nothing_and_repeat_nothing<H: House>() {
    const WRITERS: usize = 4;
    const EACH: usize = 25;
    let house = H::new(StoreKind::Real);
    let stores: Vec<_> = (0..WRITERS).map(|_| house.open()).collect();
    std::thread::scope(|scope| {
        for (writer, mut store) in stores.into_iter().enumerate() {
            scope.spawn(move || {
                for turn in 0..EACH {
                    let mut head = store.head().unwrap().seq;
                    loop {
                        // Two records at once: they must stay together.
                        let [mut first, mut second] = [record(head + 1, EIGHT), record(head + 2, EIGHT)];
                        first.author = format!("{writer}/{turn}");
                        second.author.clone_from(&first.author);
                        match store.append(head, &folded(vec![first, second])).unwrap() {
                            Append::Appended(_) => break,
                            Append::Moved(moved) => head = moved.seq,
                        }
                    }
                }
            });
        }
    });
    let store = house.open();
    let records = store.read(1, usize::MAX).unwrap();
    assert_eq!(records.len(), 2 * WRITERS * EACH);
    let authors = records.chunks(2).map(|pair| {
        assert_eq!(pair[0].author, pair[1].author);
        pair[0].author.clone()
    });
    let authors = authors.collect::<BTreeSet<_>>();
    assert_eq!(authors.len(), WRITERS * EACH);
    let digest = records.iter().fold(Digest::ZERO, |digest, record| digest.after(codec::encode(record).as_bytes()));
    assert_eq!(store.head().unwrap(), Head { seq: records.len() as u64, digest });
    assert_eq!(store.open_rows().unwrap().rows.len(), records.len() + 2, "an outage each, a serial and the horizon");
}

fn any_row() -> impl Strategy<Value = Row> {
    let near = |edge: Timestamp| (-2..2i64).prop_map(move |ms| Some(edge + Millis(ms)));
    let until = prop_oneof![Just(None), near(EIGHT), near(EIGHT - RECENT)];
    let restored = prop_oneof![Just(None), near(EIGHT - RECENT)];
    prop_oneof![
        (0..3u32, 0..2i64, until.clone()).prop_map(|(id, from, until)| line(
            &id.to_string(),
            EIGHT + Millis(from),
            until
        )),
        (0..3u32, 0..2i64, until).prop_map(|(id, from, until)| {
            let line = (id > 0).then(|| id.to_string().as_str().into());
            Row::Gap(GapRow { line, from: EIGHT + Millis(from), until, cause: BlindCause::Silent })
        }),
        (1..4u64, restored.clone(), 0..3i64)
            .prop_map(|(id, ended, later)| { outage_until(id, ended.map(|end| (end, end + Millis(later)))) }),
        (1..4u64, 0..2i64).prop_map(|(id, from)| segment(id, from, Attribution::Own)),
        (1..4u64, 0..2i64)
            .prop_map(|(id, from)| Row::SegmentRemoved { outage: OutageId(id), from: EIGHT + Millis(from) }),
        (1..4u64).prop_map(bridge),
        (1..4u32, restored, any::<bool>())
            .prop_map(|(no, restored, merged)| { fault(no, restored, merged.then(|| number(no + 1))) }),
        (1..4u32, 1..4u64).prop_map(|(no, outage)| point(no, outage)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_stores_give_the_same_open_rows(rows in prop::collection::vec(any_row(), 0..40)) {
        let (mut memory, house) = (Memory::new(StoreKind::Real).open(), Sqlite::new(StoreKind::Real));
        let mut database = house.open();
        let entries = [entry(1, rows)];
        prop_assert_eq!(memory.append(0, &entries).unwrap(), database.append(0, &entries).unwrap());
        prop_assert_eq!(memory.open_rows().unwrap(), database.open_rows().unwrap());
    }
}

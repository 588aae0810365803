//! The figures of one small year, in every format.

mod rollup_story;

#[test]
fn the_year_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = rollup_story::year::tell(folder.path());
    let mut reader = linewatch::store::Store::open_read_only(&path).unwrap();
    let snapshot = reader.snapshot().unwrap();
    println!("{}", snapshot.head());
    for stored in 1..=snapshot.head().seq {
        let _ = snapshot.each_record(stored, stored, |record| {
            println!("{}", String::from_utf8_lossy(record.bytes));
            std::ops::ControlFlow::<()>::Continue(())
        });
    }
}

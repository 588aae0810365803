//! What the figures of a year cost.

#[path = "rollup/year.rs"]
mod year;

use std::time::Instant;

use linewatch::store::Store;
use linewatch_core::time::{Span, Timestamp};

fn main() {
    for (lines, outages) in [(401, 100_000), (10_000, 1_000_000)] {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let started = Instant::now();
        let path = year::make(folder.path(), lines, outages);
        println!("made {lines} {outages} in {:?}", started.elapsed());
        let period = Span::new(Timestamp(year::FROM), Timestamp(year::TO));
        let mut reader = Store::open_read_only(&path).unwrap();
        let snapshot = reader.snapshot().unwrap();
        for _ in 0..3 {
            let started = Instant::now();
            let derived = snapshot.derived();
            let mut found = 0;
            for line in derived.lines_in(period).unwrap() {
                found += derived.line_history(&line, period).unwrap().outages.len();
            }
            println!("read {found} in {:?}", started.elapsed());
        }
    }
}

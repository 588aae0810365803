//! What the figures of a year cost, end to end from the store, beside the same figures by SQL on the derived tables.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "rollup/sql.rs"]
mod sql;
#[path = "rollup/year.rs"]
mod year;

use std::path::Path;
use std::time::{Duration, Instant};

use linewatch::report::rollup::period::Period;
use linewatch::report::rollup::{Question, compute, json};
use linewatch::store::Store;
use linewatch_core::ledger::Changes;
use linewatch_core::rollup::{Policy, Rollup};
use linewatch_core::time::Timestamp;

/// How often each is measured; the first time the file may not be in memory.
const TIMES: usize = 3;

fn main() {
    for (lines, outages) in [(401, 100_000), (10_000, 1_000_000)] {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let path = year::make(folder.path(), lines, outages);
        let size = std::fs::metadata(&path).expect("a file").len() / 1_000_000;
        println!("{lines} lines, {outages} outages ({size} MB):");
        let mut figures = None;
        forget_peak();
        for _ in 0..TIMES {
            let (rollup, written, took) = measured(|| ours(&path));
            println!("  linewatch rollup: {took}, with {written}, at most {} MiB in memory", peak_mib());
            figures = Some(rollup);
        }
        let figures = figures.expect("measured");
        for _ in 0..TIMES {
            let (found, groups, took) = measured(|| sql::figures(&path));
            println!("  SQL in SQLite:    {took}, {groups} groups");
            sql::same(&found, &figures);
        }
    }
}

/// From opening the store to the JSON; and how much of the time that took.
fn ours(path: &Path) -> (Rollup, String) {
    let mut reader = Store::open_read_only(path).expect("a store");
    let snapshot = reader.snapshot().expect("a snapshot");
    let period = Period::year("2026", chrono_tz::Asia::Shanghai).unwrap_or_else(|_| unreachable!("a year"));
    let question = Question { period, policy: Policy::default(), as_of: None, now: Timestamp(year::TO) };
    let report = compute(&snapshot, &question, |_| Changes::default(), |_| {});
    let report = report.unwrap_or_else(|error| panic!("{error:?}"));
    let started = Instant::now();
    let bytes = json(&report, "").len();
    let written = format!("{bytes} bytes of JSON in {:.3?}", started.elapsed());
    (report.figures, written)
}

/// With how long it took, by the clock and of a processor: on a machine that others use too only the second compares.
fn measured<A, B>(work: impl FnOnce() -> (A, B)) -> (A, B, String) {
    let (started, before) = (Instant::now(), processor());
    let (a, b) = work();
    let (took, worked) = (started.elapsed(), processor().saturating_sub(before));
    (a, b, format!("{took:.2?} ({worked:.2?} of a processor)"))
}

/// Time of a processor that this process has used, to ten milliseconds (proc(5): fields 14 and 15, in ticks of 1/100 s).
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields = stat.rsplit(')').next().expect("behind the name").split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).map(|field| field.parse::<u64>().expect("a number")).sum();
    Duration::from_millis(ticks * 10)
}

/// Lets the peak begin anew (proc(5)).
fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    peak.trim().trim_end_matches("kB").trim().parse::<u64>().expect("a number") / 1024
}

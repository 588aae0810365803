//! Periods that are none, records that are not there, files that cannot be written.

use crate::elsewhere::{Filler, small_disk};
use crate::house::House;

#[test]
fn what_is_no_period_is_wrong_use() {
    let house = House::new();
    for (arguments, words) in [
        (&["--from", "2026-02-02", "--to", "2026-02-01"][..], "ends before it begins"),
        (&["--from", "2026-02-01T00:00:00Z", "--to", "2026-02-01T00:00:00Z"], "the period is empty"),
        (&["--from", "2026-02-30", "--to", "2026-03-01"], "neither a day nor an instant"),
        (&["--from", "2026-02-01"], "--to"),
        (&["--year", "26"], "is no year"),
        (&["--month", "2026-13"], "is no month"),
        (&["--quarter", "2026-Q5"], "is no quarter"),
        (&["--year", "2026", "--month", "2026-01"], "cannot be used with"),
        (&[], "required"),
    ] {
        house.refused(2, &[&["rollup"], arguments].concat(), words);
        house.refused(2, &[&["explain", "D-01"], arguments].concat(), words);
    }
}

#[test]
fn years_that_nobody_observed_have_no_figures() {
    let house = House::new();
    house.refused(1, &["rollup", "--year", "2019"], "knows nothing of 2019");
    house.refused(1, &["rollup", "--year", "2099"], "has not begun");
    house.refused(1, &["explain", "D-011", "--month", "2026-01"], "did you mean D-01?");
    house.refused(1, &["explain", "X", "--month", "2026-01"], "no line X was in service");
}

#[test]
fn as_of_takes_times_numbers_and_heads_of_this_journal() {
    let house = House::new();
    let month = |as_of: &str| {
        let text = house.done(&["rollup", "--month", "2026-01", "--as-of", as_of, "--format", "json"]);
        let figures: serde_json::Value = serde_json::from_str(&text).unwrap();
        (figures["journal"]["records"].as_u64().unwrap(), figures["total"]["down_ms"].as_i64().unwrap())
    };
    let all = month("2026-03-02");
    assert_eq!(all.0, house.head().seq);
    assert_eq!(month(&house.head().to_string()), all);
    assert_eq!(month(&all.0.to_string()), all);
    // Before the trunk's outage there was one of two hours only.
    let early = month("2026-01-19");
    assert!(early.0 < all.0 && early.1 == 7_200_000, "{early:?}");
    // Open then: down as far as the records of then reach, which is to its confirmation.
    assert_eq!(month("2026-01-10T13:00:00+08:00").1, 5000);
    let refused = |code, as_of: &str, words: &str| {
        house.refused(code, &["rollup", "--month", "2026-01", "--as-of", as_of], words);
    };
    refused(1, "2025-12-31", "no record was written before");
    refused(1, "999", "has no record 999");
    refused(1, &format!("3:{}", "0".repeat(64)), "has another digest than that head");
    refused(2, "lately", "says nothing");
    refused(2, "0", "says nothing");
}

#[test]
fn an_output_that_cannot_be_written_leaves_no_half_file() {
    let test = "bad_input::an_output_that_cannot_be_written_leaves_no_half_file";
    let Some(disk) = small_disk(test, "1m") else { return };
    let house = House::new();
    let out = disk.join("year.json");
    let arguments = ["rollup", "--month", "2026-01", "--out", out.to_str().unwrap()];
    house.done(&arguments);
    let whole = std::fs::read(&out).unwrap();
    let filler = Filler::new(&disk);
    house.refused(1, &arguments, "no half file is left");
    assert_eq!(std::fs::read(&out).unwrap(), whole, "the old one is untouched");
    let names: Vec<_> = std::fs::read_dir(&disk).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    filler.remove();
    for place in ["missing/year.csv", "year.json/year.csv"] {
        let out = disk.join(place);
        house.refused(1, &["explain", "D-01", "--month", "2026-01", "--out", out.to_str().unwrap()], "cannot write");
        assert!(!out.exists());
    }
}

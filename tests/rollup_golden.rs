//! The figures of one small year, in every format, exactly: with what was imported, planned, excluded, declared and
//! corrected, sealed, and changed after the seal. And a week of a simulated district.
//!
//! The sentences, sums and digits of these files have been read; a difference is either meant or a mistake.

mod rollup_story;

use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

/// A folder with a configuration and a journal.
struct House(tempfile::TempDir);

impl House {
    fn told(tell: impl Fn(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        tell(folder.path());
        Self(folder)
    }

    /// The year, for all tests that only read.
    fn year() -> &'static Self {
        static HOUSE: OnceLock<House> = OnceLock::new();
        HOUSE.get_or_init(|| Self::told(|folder| drop(rollup_story::year::tell(folder))))
    }

    fn simulated() -> &'static Self {
        static HOUSE: OnceLock<House> = OnceLock::new();
        HOUSE.get_or_init(|| Self::told(rollup_story::year::tell_simulated))
    }

    /// What a command prints; it must have nothing to complain of.
    #[track_caller]
    fn prints(&self, arguments: &str) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linewatch"));
        command.args(arguments.split_whitespace()).arg("--config").arg(self.0.path().join("linewatch.toml"));
        let Output { status, stdout, stderr } = command.env_remove("LC_ALL").output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{arguments}");
        String::from_utf8(stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, arguments: &str) -> Value {
        serde_json::from_str(&self.prints(arguments)).unwrap()
    }
}

/// Before anything was sealed.
const UNSEALED: &str = "--year 2026 --as-of 2027-01-05";
/// Sealed, and nothing has changed.
const SEALED: &str = "--year 2026 --as-of 2027-01-15";
/// An exclusion was approved after the seal.
const REVISED: &str = "--year 2026 --as-of 2027-01-31";

#[test]
fn text() {
    let year = House::year();
    insta::assert_snapshot!("year.zh", year.prints(&format!("rollup {UNSEALED}")));
    insta::assert_snapshot!("year.en", year.prints(&format!("rollup {UNSEALED} --lang en")));
    insta::assert_snapshot!("month.zh", year.prints("rollup --month 2026-05 --as-of 2027-01-05"));
    insta::assert_snapshot!("quarter.en", year.prints("rollup --quarter 2026-Q2 --as-of 2027-01-05 --lang en"));
}

#[test]
fn csv() {
    let year = House::year();
    insta::assert_snapshot!("year.csv.zh", year.prints(&format!("rollup {UNSEALED} --format csv")));
    insta::assert_snapshot!("revised.csv.en", year.prints(&format!("rollup {REVISED} --format csv --lang en")));
}

#[test]
fn json() {
    let year = House::year();
    insta::assert_snapshot!("year.json", year.prints(&format!("rollup {UNSEALED} --format json")));
}

#[test]
fn explain() {
    let year = House::year();
    // An outage corrected, gaps, an upstream's outage with its exclusion.
    insta::assert_snapshot!("explain.S-01.zh", year.prints(&format!("explain S-01 {UNSEALED}")));
    // Re-parented, moved to another township, not seen for days, declared down.
    insta::assert_snapshot!("explain.V-02.en", year.prints(&format!("explain V-02 {UNSEALED} --lang en")));
    // Known from an import only.
    insta::assert_snapshot!("explain.V-09.zh", year.prints(&format!("explain V-09 {UNSEALED}")));
    insta::assert_snapshot!("explain.D-01.json", year.prints(&format!("explain D-01 {UNSEALED} --json")));
}

#[test]
fn a_sealed_year_prints_its_seal_and_the_revision_beside_it_once_records_change_it() {
    let year = House::year();
    insta::assert_snapshot!("sealed.zh", head(&year.prints(&format!("rollup {SEALED}"))));
    insta::assert_snapshot!("revised.zh", head(&year.prints(&format!("rollup {REVISED}"))));
    insta::assert_snapshot!("revised.en", head(&year.prints(&format!("rollup {REVISED} --lang en"))));
    let [unsealed, sealed, revised] =
        [UNSEALED, SEALED, REVISED].map(|period| year.json(&format!("rollup {period} --format json")));
    assert_eq!(unsealed["seal"], Value::Null);
    assert_eq!((&sealed["seal"]["check"], &sealed["seal"]["revisions"]), (&"same".into(), &Value::Array(Vec::new())));
    assert_eq!(sealed["total"], unsealed["total"]);
    // The sealed figures stay what is printed first, from the sealed head.
    assert_eq!(revised["total"], sealed["total"]);
    assert_eq!(revised["journal"]["head"], revised["seal"]["head"]);
    assert_eq!(revised["seal"]["check"], "same");
    let [revision] = revised["seal"]["revisions"].as_array().unwrap().as_slice() else { panic!("one revision") };
    assert_eq!((&revision["revision"], &revision["seal"]), (&2.into(), &Value::Null));
    assert_ne!(revision["figures"]["total"]["down_ms"], sealed["total"]["down_ms"]);
    let excluded = |figures: &Value| figures["total"]["excluded_ms"].as_i64().unwrap();
    assert_eq!(excluded(&revision["figures"]) - excluded(&revised), 3_600_000, "the hour that was approved");
    let changes = revision["changes"].as_array().unwrap();
    assert!(changes.iter().any(|change| change["figure"] == "total.excluded_ms"), "{changes:#?}");
    // Figures of a part of the year are not sealed by it.
    assert_eq!(year.json("rollup --month 2026-05 --as-of 2027-01-31 --format json")["seal"], Value::Null);
}

/// Down to where the time went: what is published, with its seal.
fn head(text: &str) -> String {
    let end = ["时间的去向", "Where the time went"].iter().find_map(|title| text.find(title)).unwrap();
    text[..end].to_owned()
}

#[test]
fn the_ledger() {
    let year = House::year();
    insta::assert_snapshot!("ledger.zh", year.prints(&format!("outage exclusions {UNSEALED}")));
    insta::assert_snapshot!("ledger.en", year.prints(&format!("outage exclusions {REVISED} --lang en")));
    insta::assert_snapshot!("ledger.json", year.prints(&format!("outage exclusions {UNSEALED} --json")));
    insta::assert_snapshot!("decisions.en", year.prints("outage exclusions --lang en"));
    insta::assert_snapshot!("windows.zh", year.prints("downtime list --past"));
    insta::assert_snapshot!("pending.zh", year.prints(&format!("outage exclusions {UNSEALED} --pending")));
}

#[test]
fn outages_seals_and_imports() {
    let year = House::year();
    let span = "--from 2026-01-01 --to 2026-12-31";
    insta::assert_snapshot!("outages.zh", year.prints(&format!("outage list {span}")));
    insta::assert_snapshot!("outages.V-09.en", year.prints(&format!("outage list V-09 {span} --lang en")));
    insta::assert_snapshot!("outages.S-01.json", year.prints(&format!("outage list S-01 {span} --json")));
    insta::assert_snapshot!("seals.zh", year.prints("seal list"));
    insta::assert_snapshot!("seals.verify.en", year.prints("seal verify --lang en"));
    insta::assert_snapshot!("seals.json", year.prints("seal verify --json"));
    insta::assert_snapshot!("imports.zh", year.prints("history list"));
    insta::assert_snapshot!("imports.json", year.prints("history list --json"));
}

#[test]
fn simulated_figures_say_so_everywhere() {
    let week = House::simulated();
    let period = "--from 2026-03-01 --to 2026-03-07";
    insta::assert_snapshot!("simulated.zh", week.prints(&format!("rollup {period}")));
    insta::assert_snapshot!("simulated.csv", week.prints(&format!("rollup {period} --format csv --lang en")));
    assert_eq!(week.json(&format!("rollup {period} --format json"))["journal"]["simulated"], true);
    let explained = week.prints(&format!("explain D-01 {period} --lang en"));
    assert!(explained.contains("none of it is evidence"), "{explained}");
}

/// The identities of the design, in the JSON and in the CSV that people compute with.
#[test]
fn identities_hold_in_what_is_written() {
    let year = House::year();
    for period in [
        UNSEALED,
        REVISED,
        "--month 2026-04 --as-of 2027-01-05",
        "--from 2026-06-15 --to 2026-07-02 --as-of 2027-01-05",
    ] {
        let document = year.json(&format!("rollup {period} --format json"));
        let groups = ["classes", "townships", "carriers", "lines"];
        let of = |figures: &Value, name: &str| figures[name].as_i64().unwrap_or_else(|| panic!("{name}: {figures}"));
        let total = &document["total"];
        let mut all = vec![total];
        for group in groups.iter().chain(&["months"]) {
            let group = document[group].as_array().unwrap();
            all.extend(group);
            for name in ["in_service_ms", "up_ms", "down_ms", "planned_ms", "excluded_ms", "undetermined_ms", "outages"]
            {
                let sum: i64 = group.iter().map(|figures| of(figures, name)).sum();
                assert_eq!(sum, of(total, name), "{period} {name}");
            }
        }
        for figures in all {
            let [service, up, down] = ["in_service_ms", "up_ms", "down_ms"].map(|name| of(figures, name));
            let [planned, unknown] = ["planned_ms", "undetermined_ms"].map(|name| of(figures, name));
            assert_eq!(service, up + down + planned + unknown, "{figures}");
            let kinds = ["down_own_ms", "down_upstream_ms", "down_declared_ms"].map(|name| of(figures, name));
            assert_eq!(down, kinds.iter().sum::<i64>(), "{figures}");
            assert!(of(figures, "excluded_ms") <= planned && of(figures, "bridged_ms") <= down, "{figures}");
            let ratio = |name: &str| figures[name].as_f64();
            #[expect(clippy::cast_precision_loss, reason = "a year has 3e10 milliseconds")]
            let computed = (up + down > 0).then(|| up as f64 / (up + down) as f64);
            assert_eq!(ratio("availability"), computed, "{figures}");
            let [low, high] = ["availability_low", "availability_high"].map(ratio);
            assert!(low <= ratio("availability") || ratio("availability").is_none(), "{figures}");
            assert!(ratio("availability") <= high, "{figures}");
        }
        let faults = &document["faults"];
        let sides = |counts: &Value| {
            let [carried, opened, reopened] = ["carried_in", "opened", "reopened_in"].map(|name| of(counts, name));
            (carried + opened + reopened, of(counts, "resolved") + of(counts, "open_at_end"))
        };
        let (cohort, became) = sides(faults);
        assert_eq!(cohort, became, "{faults}");
        in_the_csv(&year.prints(&format!("rollup {period} --format csv --lang en")), &document);
    }
}

/// The table says what the JSON says, in the same order of lines.
fn in_the_csv(text: &str, document: &Value) {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = rows.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let lines = rows.iter().filter(|row| &row[0] == "line");
    let expected = document["lines"].as_array().unwrap();
    assert_eq!(lines.clone().count(), expected.len());
    let kind = |name: &str| rows.iter().filter(|row| row[0] == *name).count();
    assert_eq!(kind("month"), document["months"].as_array().unwrap().len());
    let totals = rows.iter().filter(|row| &row[0] == "total").map(|row| (row, &document["total"]));
    for (row, figures) in lines.zip(expected).chain(totals) {
        for name in ["in_service_ms", "up_ms", "down_ms", "planned_ms", "excluded_ms", "undetermined_ms", "bridged_ms"]
        {
            assert_eq!(row[at(name)].parse::<i64>().ok(), figures[name].as_i64(), "{name} of {row:?}");
        }
        // Cut off after three decimals, never rounded up.
        let availability = figures["availability"].as_f64();
        let shown = row[at("availability")].trim_end_matches('%').parse::<f64>().ok();
        match (availability, shown) {
            (None, None) => {}
            (Some(exact), Some(shown)) => {
                let exact = exact * 100.0;
                assert!(shown <= exact + 1e-9 && exact < shown + 0.001 + 1e-9, "{exact} {shown}");
            }
            other => panic!("{other:?}"),
        }
    }
}

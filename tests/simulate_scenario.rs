//! `linewatch simulate` with scenarios, inventories, years and zones that nobody would expect.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// The example in a folder of its own.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        for file in ["linewatch.toml", "lines.csv", "scenario.toml"] {
            std::fs::copy(Path::new("config").join(file), folder.path().join(file)).expect("the example");
        }
        Self(folder)
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.0.path().join(file), text).expect("written");
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.0.path().join(file)).expect("readable")
    }

    fn simulate(&self, options: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linewatch"));
        command.current_dir(self.0.path()).args(["simulate", "--config", "linewatch.toml"]).args(options);
        command.output().expect("runs")
    }

    /// The standard error of one that is refused.
    fn refused(&self, options: &[&str], code: i32) -> String {
        let output = self.simulate(options);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        said
    }

    /// Standard output of one whose records are borne out.
    fn borne_out(&self, options: &[&str]) -> String {
        let output = self.simulate(&[options, &["--check", "--lang", "en"]].concat());
        let (out, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && out.contains("the records are borne out"), "{options:?}\n{out}\n{said}");
        out.into_owned()
    }
}

#[test]
fn the_shipped_scenario_is_the_default() {
    let place = Place::new();
    let head = |text: String| text.lines().find(|line| line.starts_with("head")).map(str::to_owned);
    let without = place.borne_out(&["--year", "2022", "--days", "10", "--store", "one.db"]);
    let with = ["--year", "2022", "--days", "10", "--store", "two.db", "--scenario", "scenario.toml"];
    let with = place.borne_out(&with);
    assert!(head(without.clone()).is_some() && head(without) == head(with));
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let place = Place::new();
    place.write(
        "bad.toml",
        "[cuts.village]\nper_line = -1\nrepair = \"0s\"\nbrief = 1.5\n[power]\nper_township = 1e9\nlenght = \"2h\"\n\
         [people]\nreported = nan\nattended = \"x\"\n[moon]\n[loss]\nstray_per_line_day = inf\n\
         congestions = 99999999999999999999\n[monitor]\nstopped = \"9999d\"\nstep = 5\nblind = true\n",
    );
    let options = ["--year", "2022", "--store", "y.db", "--scenario", "bad.toml", "--lang", "en"];
    let said = place.refused(&options, 1);
    assert!(said.contains("13 mistakes in the scenario:"), "{said}");
    for (line, what) in [
        (2, "cuts.village.per_line = -1 is out of range: 0 to 525600"),
        (3, "cuts.village.repair = 0s is out of range"),
        (4, "cuts.village.brief = 1.5 is out of range: 0 to 1"),
        (6, "power.per_township = 1000000000 is out of range"),
        (7, "there is no setting power.lenght"),
        (9, "people.reported = NaN is out of range"),
        (10, "people.attended wants a number between 0 and 1"),
        (11, "there is no section [moon]"),
        (13, "loss.stray_per_line_day = inf is out of range"),
        (14, "loss.congestions = 100000000000000000000 is out of range"),
        (16, "monitor.stopped = 9999d is out of range"),
        (17, "monitor.step wants a length of time in quotes"),
        (18, "monitor.blind wants a number"),
    ] {
        let told = said.split("error: ").any(|part| part.contains(what) && part.contains(&format!("bad.toml:{line}:")));
        assert!(told, "line {line}: {what}\n{said}");
    }
    assert!(!place.0.path().join("y.db").exists(), "nothing is begun");
    let chinese = place.refused(&["--year", "2022", "--store", "y.db", "--scenario", "bad.toml"], 1);
    assert!(chinese.contains("情景文件有 13 处错误"), "{chinese}");
}

#[test]
fn files_that_are_no_scenario_are_refused_by_name() {
    let place = Place::new();
    let options = |file| ["--year", "2022", "--store", "y.db", "--lang", "en", "--scenario", file];
    assert!(place.refused(&options("nowhere.toml"), 1).contains("reading the scenario nowhere.toml"));
    std::fs::write(place.0.path().join("gbk.toml"), b"[cuts.village]\n# \xb9\xe2\xc0\xc2\n").expect("written");
    assert!(place.refused(&options("gbk.toml"), 1).contains("line 2 is not UTF-8"));
    place.write("half.toml", "[cuts.village\nper_line = 1\n");
    assert!(place.refused(&options("half.toml"), 1).contains("half.toml:1:"));
    place.write("twice.toml", "[loss]\nshare = 0.1\nshare = 0.2\n");
    assert!(place.refused(&options("twice.toml"), 1).contains("twice.toml:3:"));
}

#[test]
fn more_than_anybody_can_wait_for_is_refused() {
    let place = Place::new();
    for (text, key) in [
        ("[loss]\nstray_per_line_day = 525600\n", "loss.stray_per_line_day"),
        ("[cuts.surveillance]\nper_line = 525600\n", "cuts.surveillance.per_line"),
        ("[power]\nper_township = 525600\n", "power.per_township"),
        ("[modem]\nepisodes = 1000\nlength = \"30d\"\ndown = \"1s\"\nup = \"1s\"\n", "modem.episodes"),
    ] {
        place.write("much.toml", text);
        for how in [&["--year", "2022", "--store", "y.db"][..], &["--live"]] {
            let said = place.refused(&[how, &["--lang", "en", "--scenario", "much.toml"]].concat(), 1);
            assert!(said.contains(&format!("Most come from {key}")), "{said}");
        }
    }
}

#[test]
fn a_quiet_and_a_wild_scenario_both_work() {
    let place = Place::new();
    let quiet: String = place
        .read("scenario.toml")
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some((key, value)) if !value.starts_with('"') => format!("{key} = 0\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    place.write("quiet.toml", &quiet);
    let text = place.borne_out(&["--year", "2022", "--days", "3", "--store", "q.db", "--scenario", "quiet.toml"]);
    assert!(text.contains("outages       0,"), "{text}");
    place.write(
        "wild.toml",
        "[cuts.village]\nper_line = 200\nrepair = \"1s\"\nbrief = 1\n[power]\nper_township = 500\nlength = \"30d\"\nshare = 1\n\
         [loss]\nshare = 1\ncongestions = 5000\nlength = \"10m\"\n[maintenance]\nwindows = 2000\noverrun = 1\n\
         [people]\nreported = 1\nreport_after = \"1s\"\ncomplaints = 5000\nattended = 1\nplanned_late = 1\n",
    );
    place.borne_out(&["--year", "2022", "--days", "2", "--store", "w.db", "--scenario", "wild.toml"]);
}

#[test]
fn a_district_without_lines_has_an_empty_year() {
    let place = Place::new();
    let header = place.read("lines.csv").lines().next().expect("headers").to_owned();
    place.write("lines.csv", &format!("{header}\n"));
    let text = place.borne_out(&["--year", "2022", "--days", "5", "--store", "y.db"]);
    assert!(text.contains("lines    0"), "{text}");
}

#[test]
fn years_and_zones_of_all_kinds_work_or_are_refused() {
    let place = Place::new();
    for year in ["1", "1988", "2024", "9998"] {
        let store = format!("{year}.db");
        place.borne_out(&["--year", year, "--days", "2", "--store", &store]);
    }
    for year in ["0", "-5", "9999", "262142", "2147483648", "MMXXII"] {
        let year = format!("--year={year}");
        place.refused(&[&year, "--days", "2", "--store", "none.db"], 2);
    }
    // A day of 23 hours, a zone without summer time off the full hour, and one that skipped a whole day.
    for (zone, year, days) in
        [("Europe/Berlin", "2022", "90"), ("Asia/Kathmandu", "2024", "2"), ("Pacific/Apia", "2011", "2")]
    {
        let config = place.read("linewatch.toml").replace("Asia/Shanghai", zone);
        place.write("linewatch.toml", &config);
        let store = format!("{}.db", zone.replace('/', "-"));
        place.borne_out(&["--year", year, "--days", days, "--store", &store]);
        place.write("linewatch.toml", &config.replace(zone, "Asia/Shanghai"));
    }
}

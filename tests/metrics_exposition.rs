//! `/metrics`, read back as strictly as the text format is written down.

mod district;

use std::collections::{BTreeMap, BTreeSet};

use district::{District, ago};
use linewatch::metrics::{LineSeries, render};
use linewatch_core::ledger::{Blind, FaultWork, Stage};
use linewatch_core::line::Line;
use linewatch_core::outcome::{BlindCause, State};
use linewatch_core::record::Attribution;
use linewatch_core::time::Millis;

/// Every name of the interface, with its type.
const PROMISED: [(&str, &str); 40] = [
    ("linewatch_line_up", "gauge"),
    ("linewatch_line_state", "gauge"),
    ("linewatch_line_flapping", "gauge"),
    ("linewatch_line_round_trip_delay_seconds", "gauge"),
    ("linewatch_line_outage_start_timestamp_seconds", "gauge"),
    ("linewatch_line_info", "gauge"),
    ("linewatch_line_latitude_degrees", "gauge"),
    ("linewatch_line_longitude_degrees", "gauge"),
    ("linewatch_line_probes_sent_total", "counter"),
    ("linewatch_line_probes_lost_total", "counter"),
    ("linewatch_line_outages_total", "counter"),
    ("linewatch_line_down_seconds_total", "counter"),
    ("linewatch_line_observed_seconds_total", "counter"),
    ("linewatch_probes_unsent_total", "counter"),
    ("linewatch_lines", "gauge"),
    ("linewatch_availability_ratio", "gauge"),
    ("linewatch_availability_target_ratio", "gauge"),
    ("linewatch_round_trip_delay_seconds", "histogram"),
    ("linewatch_faults_open", "gauge"),
    ("linewatch_fault_info", "gauge"),
    ("linewatch_fault_opened_timestamp_seconds", "gauge"),
    ("linewatch_fault_deadline_timestamp_seconds", "gauge"),
    ("linewatch_monitor_blind", "gauge"),
    ("linewatch_monitor_muted", "gauge"),
    ("linewatch_reference_up", "gauge"),
    ("linewatch_probe_lateness_seconds", "histogram"),
    ("linewatch_clock_steps_total", "counter"),
    ("linewatch_heartbeat_timestamp_seconds", "gauge"),
    ("linewatch_journal_records_total", "counter"),
    ("linewatch_journal_append_failures_total", "counter"),
    ("linewatch_journal_failing", "gauge"),
    ("linewatch_site_utc_offset_seconds", "gauge"),
    ("linewatch_config_last_reload_successful", "gauge"),
    ("linewatch_config_last_reload_success_timestamp_seconds", "gauge"),
    ("linewatch_build_info", "gauge"),
    ("linewatch_simulated", "gauge"),
    ("process_cpu_seconds_total", "counter"),
    ("process_resident_memory_bytes", "gauge"),
    ("process_open_fds", "gauge"),
    ("process_start_time_seconds", "gauge"),
];

type Labels = BTreeMap<String, String>;

/// One scrape, parsed.
struct Scrape {
    types: BTreeMap<String, String>,
    samples: BTreeMap<(String, Labels), f64>,
}

impl Scrape {
    fn of(district: District) -> Self {
        Self::with(district, LineSeries::Full)
    }

    fn with(district: District, lines: LineSeries) -> Self {
        let (snapshot, live) = district.publish();
        Self::parse(&render(&snapshot, &live, lines).expect("renders"))
    }

    /// HELP, TYPE, samples, in that order for each family, nothing twice, nothing else.
    fn parse(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line ends too");
        let mut scrape = Self { types: BTreeMap::new(), samples: BTreeMap::new() };
        let mut helped = BTreeSet::new();
        let mut family = String::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').expect("a help text");
                assert!(!help.is_empty() && helped.insert(name.to_owned()), "{line}");
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').expect("a type");
                assert!(helped.contains(name), "help comes first: {line}");
                assert!(scrape.types.insert(name.to_owned(), kind.to_owned()).is_none(), "twice: {line}");
                name.clone_into(&mut family);
            } else {
                let (name, labels, value) = sample(line);
                let suffix = name.strip_prefix(&family).unwrap_or_else(|| panic!("{line} stands under {family}"));
                let histogram = scrape.types[&family] == "histogram";
                assert!(if histogram { ["_bucket", "_sum", "_count"].contains(&suffix) } else { suffix.is_empty() });
                assert!(scrape.samples.insert((name, labels), value).is_none(), "twice: {line}");
            }
        }
        scrape
    }

    /// The only sample of a name whose labels include these.
    fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let mut found = self.samples.iter().filter(|((known, has), _)| known == name && includes(has, labels));
        let value = found.next().map(|(_, value)| *value);
        assert!(found.next().is_none(), "more than one {name}{labels:?}");
        value
    }

    fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.samples
            .iter()
            .filter(|((known, has), _)| known == name && includes(has, labels))
            .map(|(_, value)| value)
            .sum()
    }

    fn count(&self, name: &str) -> usize {
        self.samples.keys().filter(|(known, _)| known == name).count()
    }

    fn label_names(&self, name: &str) -> Vec<&str> {
        let (_, labels) = self.samples.keys().find(|(known, _)| known == name).expect(name);
        labels.keys().map(String::as_str).collect()
    }
}

fn includes(has: &Labels, wanted: &[(&str, &str)]) -> bool {
    wanted.iter().all(|(name, value)| has.get(*name).is_some_and(|known| known == value))
}

fn sample(line: &str) -> (String, Labels, f64) {
    let split = line.find(['{', ' ']).expect("a name and a value");
    let (name, mut rest) = line.split_at(split);
    let valid = |name: &str, more: &str| {
        name.chars().all(|char| char.is_ascii_alphanumeric() || more.contains(char))
            && !name.starts_with(|first: char| first.is_ascii_digit())
    };
    assert!(valid(name, "_:"), "{line}");
    let mut labels = Labels::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"").expect("a label");
            assert!(valid(label, "_"), "{line}");
            let (value, after) = quoted(after);
            assert!(labels.insert(label.to_owned(), value).is_none(), "label twice: {line}");
            rest = after.strip_prefix(',').unwrap_or(after);
        }
        rest = &rest[1..];
    }
    let value = rest.strip_prefix(' ').expect("one space").parse().expect("a number and nothing after it");
    (name.to_owned(), labels, value)
}

/// The text up to the closing quote, unescaped, and what follows.
fn quoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.push(match chars.next().map(|(_, char)| char) {
                Some('n') => '\n',
                Some(char @ ('\\' | '"')) => char,
                other => panic!("bad escape {other:?} in {text}"),
            }),
            char => value.push(char),
        }
    }
    panic!("no closing quote in {text}")
}

#[test]
fn every_promised_name_is_there_with_its_type_and_no_other() {
    let scrape = Scrape::of(District::bad());
    for (name, kind) in PROMISED {
        assert_eq!(scrape.types.get(name).map(String::as_str), Some(kind), "{name}");
    }
    for (name, kind) in &scrape.types {
        assert!(
            name.starts_with("process_") || PROMISED.iter().any(|(known, _)| known == name),
            "{name} is not promised"
        );
        assert_eq!(kind == "counter", name.ends_with("_total"), "{name} is a {kind}");
        for unit in ["_ms", "_milliseconds", "_us", "_percent", "_kbps"] {
            assert!(!name.contains(unit), "{name} is not in a base unit");
        }
    }
}

#[test]
fn labels_are_those_of_the_interface() {
    let scrape = Scrape::of(District::bad());
    for (name, labels) in [
        ("linewatch_line_up", vec!["class", "line", "township"]),
        ("linewatch_line_outage_start_timestamp_seconds", vec!["attribution", "class", "line", "township"]),
        (
            "linewatch_line_info",
            vec!["address", "carrier", "circuit_no", "class", "line", "name", "township", "upstream", "village"],
        ),
        ("linewatch_probes_unsent_total", vec!["cause"]),
        ("linewatch_lines", vec!["class", "state", "township"]),
        ("linewatch_availability_ratio", vec!["class", "period"]),
        ("linewatch_faults_open", vec!["class", "overdue", "source", "township"]),
        ("linewatch_fault_info", vec!["class", "fault", "line", "source", "stage", "township"]),
        ("linewatch_fault_opened_timestamp_seconds", vec!["fault"]),
        ("linewatch_reference_up", vec!["reference"]),
    ] {
        assert_eq!(scrape.label_names(name), labels, "{name}");
    }
}

#[test]
fn up_is_one_zero_or_absent_by_state() {
    let scrape = Scrape::of(District::bad());
    let up = |line| scrape.value("linewatch_line_up", &[("line", line)]);
    assert_eq!(up("V-001"), Some(1.0), "Up");
    assert_eq!(up("V-007"), Some(1.0), "Suspect");
    assert_eq!(up("V-101"), Some(0.0), "Down");
    assert_eq!(up("V-120"), Some(0.0), "Recovering");
    assert_eq!(up("S-170"), Some(0.0), "declared down");
    assert_eq!(up("V-011"), None, "Undetermined");
    assert_eq!(up("S-180"), None, "Pending");
    let state = |line| scrape.value("linewatch_line_state", &[("line", line)]);
    let all = [("S-180", 0.0), ("V-001", 1.0), ("V-007", 2.0), ("V-101", 3.0), ("V-120", 4.0), ("V-011", 5.0)];
    assert!(all.iter().all(|(line, number)| state(line) == Some(*number)));
}

#[test]
fn delay_is_absent_after_a_loss_and_in_seconds() {
    let scrape = Scrape::of(District::bad());
    let delay = |line| scrape.value("linewatch_line_round_trip_delay_seconds", &[("line", line)]);
    assert_eq!(delay("V-001"), Some(0.00425));
    assert_eq!(delay("V-007"), None);
}

/// Alerts stand on this series: neither a blind monitor nor a lost line may end it.
#[test]
fn an_open_outage_keeps_its_series_while_nobody_sees() {
    let name = "linewatch_line_outage_start_timestamp_seconds";
    let mut district = District::bad();
    let open = district.committed.outages.len();
    district.committed.blind = Some(Blind { from: ago(60), cause: BlindCause::Silent });
    let scrape = Scrape::of(district);
    assert_eq!(scrape.count(name), open);
    assert_eq!(scrape.value("linewatch_monitor_blind", &[]), Some(1.0));
    assert_eq!(scrape.value(name, &[("line", "V-101"), ("attribution", "own")]), Some(1_767_578_200.0));
    assert!(scrape.value(name, &[("line", "V-003"), ("attribution", "upstream")]).is_none());
    assert!(scrape.value(name, &[("line", "V-002"), ("attribution", "upstream")]).is_some());
    assert_eq!(Scrape::of(District::calm()).count(name), 0);
}

#[test]
fn unknown_values_are_absent_and_never_zero() {
    let mut district = District::bad();
    district.snapshot.journal.heartbeat = None;
    let scrape = Scrape::of(district);
    assert_eq!(scrape.value("linewatch_heartbeat_timestamp_seconds", &[]), None);
    assert_eq!(scrape.value("linewatch_reference_up", &[("reference", "10.0.0.1")]), Some(1.0));
    assert_eq!(scrape.value("linewatch_reference_up", &[("reference", "10.0.0.2")]), Some(0.0));
    assert_eq!(scrape.value("linewatch_reference_up", &[("reference", "dns.example")]), None);
    let ratio = |period| scrape.value("linewatch_availability_ratio", &[("class", "village"), ("period", period)]);
    assert_eq!((ratio("month"), ratio("year")), (Some(0.998), None));
    assert_eq!(scrape.value("linewatch_availability_target_ratio", &[("class", "village")]), Some(0.99));
    assert_eq!(scrape.value("linewatch_line_latitude_degrees", &[("line", "T-01")]), Some(29.832_5));
    assert_eq!(scrape.value("linewatch_line_longitude_degrees", &[("line", "T-01")]), Some(114.31));
    assert_eq!(scrape.count("linewatch_line_latitude_degrees"), 1, "only where the inventory has it");
}

/// A line that the monitor does not know yet, and one that is out of service.
#[test]
fn lines_without_live_values_have_no_live_series() {
    let mut district = District::empty();
    district.add(Line::new("A", "甲", "village", "127.0.0.1"));
    let mut closed = Line::new("B", "乙", "village", "127.0.0.2");
    closed.closed = Some(ago(1));
    district.add(closed);
    district.live.lines.clear();
    let scrape = Scrape::of(district);
    assert_eq!(scrape.value("linewatch_line_state", &[("line", "A")]), Some(5.0));
    for name in ["linewatch_line_up", "linewatch_line_flapping", "linewatch_line_probes_sent_total"] {
        assert_eq!(scrape.count(name), 0, "{name}");
    }
    assert!(!scrape.samples.keys().any(|(_, labels)| includes(labels, &[("line", "B")])));
}

#[test]
fn groups_add_up_to_the_district_in_every_state() {
    let scrape = Scrape::of(District::bad());
    assert!((scrape.sum("linewatch_lines", &[]) - 401.0).abs() < f64::EPSILON);
    for (state, lines) in State::ALL.into_iter().zip([1.0, 364.0, 2.0, 30.0, 1.0, 3.0]) {
        assert!((scrape.sum("linewatch_lines", &[("state", state.label())]) - lines).abs() < f64::EPSILON, "{state}");
    }
    let group = [("class", "village"), ("township", "桂花镇"), ("state", "down")];
    assert_eq!(scrape.value("linewatch_lines", &group), Some(0.0), "zeros are there");
}

#[test]
fn open_faults_are_counted_by_group_and_dated_one_by_one() {
    let mut district = District::bad();
    let mut restored = district.committed.faults[1].clone();
    restored.fault = linewatch_core::record::FaultNo::from_stored("F20260105-009".into());
    restored.restored = Some(ago(10));
    std::sync::Arc::make_mut(&mut restored.work).stage = Stage::Restored;
    district.committed.faults.push(restored);
    let mut void = district.committed.faults[1].clone();
    void.fault = linewatch_core::record::FaultNo::from_stored("F20260105-010".into());
    let staged = |stage| std::sync::Arc::new(FaultWork { stage, ..FaultWork::default() });
    void.work = staged(Stage::Void);
    district.committed.faults.push(void);
    district.committed.faults[1].work = staged(Stage::OnSite);
    let on_site = district.committed.faults[1].fault.clone();
    let scrape = Scrape::of(district);
    assert_eq!(scrape.value("linewatch_fault_info", &[("fault", "F20260105-010")]), None, "a false alarm is none");
    let on_site = [("fault", on_site.as_str()), ("stage", "on_site")];
    assert_eq!(scrape.value("linewatch_fault_info", &on_site), Some(1.0));
    assert!((scrape.sum("linewatch_faults_open", &[]) - 4.0).abs() < f64::EPSILON, "restored ones are not open");
    assert!(
        (scrape.sum("linewatch_faults_open", &[("overdue", "true"), ("class", "surveillance")]) - 1.0).abs() < 1e-9
    );
    assert!((scrape.sum("linewatch_faults_open", &[("source", "reported")]) - 1.0).abs() < f64::EPSILON);
    let fault = [("fault", "F20260105-001")];
    let opened = scrape.value("linewatch_fault_opened_timestamp_seconds", &fault).expect("opened");
    let deadline = scrape.value("linewatch_fault_deadline_timestamp_seconds", &fault).expect("deadline");
    assert!((deadline - opened - 14_400.0).abs() < f64::EPSILON, "four hours for a township line");
    let info = [("fault", "F20260105-001"), ("line", "T-03"), ("stage", "open"), ("source", "detected")];
    assert_eq!(scrape.value("linewatch_fault_info", &info), Some(1.0));
    assert_eq!(scrape.value("linewatch_fault_info", &[("fault", "F20260105-009")]), None);

    let mut district = District::bad();
    std::sync::Arc::make_mut(&mut district.committed.faults[0].work).stage = Stage::OnSite;
    let number = district.committed.faults[0].fault.as_str().to_owned();
    let scrape = Scrape::of(district);
    assert_eq!(scrape.value("linewatch_fault_info", &[("fault", &number), ("stage", "on_site")]), Some(1.0));
}

#[test]
fn down_and_observed_time_are_seconds_and_count_the_open_outage() {
    let mut district = District::empty();
    district.add(Line::new("A", "甲", "village", "127.0.0.1"));
    district.cut("A", 90, &Attribution::Own);
    district.ledger_of("A").down = Millis(1_500);
    district.live_of("A").observed = Millis(7_000_250);
    let scrape = Scrape::of(district);
    assert_eq!(scrape.value("linewatch_line_down_seconds_total", &[]), Some(90.5));
    assert_eq!(scrape.value("linewatch_line_observed_seconds_total", &[]), Some(7_000.25));
    assert_eq!(scrape.value("linewatch_line_outages_total", &[]), Some(1.0));
}

#[test]
fn histograms_are_cumulative_and_end_in_infinity() {
    let scrape = Scrape::of(District::calm());
    let bucket =
        |bound| scrape.value("linewatch_round_trip_delay_seconds_bucket", &[("class", "village"), ("le", bound)]);
    let buckets = ["0.001", "0.01", "0.1", "1", "+Inf"].map(bucket);
    assert_eq!(buckets, [Some(1.0), Some(3.0), Some(3.0), Some(4.0), Some(4.0)]);
    assert_eq!(scrape.value("linewatch_round_trip_delay_seconds_count", &[("class", "village")]), Some(4.0));
    assert_eq!(scrape.value("linewatch_round_trip_delay_seconds_sum", &[("class", "village")]), Some(0.3085));
    assert_eq!(scrape.value("linewatch_probe_lateness_seconds_count", &[]), Some(1.0));
}

#[test]
fn the_setting_decides_which_series_a_line_gets() {
    let names = |lines| -> BTreeSet<String> {
        let scrape = Scrape::with(District::bad(), lines);
        scrape.types.into_keys().filter(|name| name.starts_with("linewatch_line_")).collect()
    };
    assert_eq!(names(LineSeries::Full).len(), 13);
    let state = [
        "linewatch_line_flapping",
        "linewatch_line_outage_start_timestamp_seconds",
        "linewatch_line_state",
        "linewatch_line_up",
    ];
    assert!(names(LineSeries::State).iter().eq(state));
    assert!(names(LineSeries::Off).is_empty());
    let off = Scrape::with(District::bad(), LineSeries::Off);
    assert!((off.sum("linewatch_lines", &[]) - 401.0).abs() < f64::EPSILON, "groups stay");
}

#[test]
fn hostile_names_come_back_as_they_were() {
    let names = ["a\"b", "a\\b", "a\nb", "a\\nb", "\"} 1\nlinewatch_forged 1\n#", "村\u{202e}\u{0}", "{x=\"y\"}"];
    let mut district = District::empty();
    for (number, name) in names.iter().enumerate() {
        let mut line = Line::new(name, name, "village", &format!("127.0.0.{number}"));
        line.township = (*name).into();
        district.add(line);
    }
    let scrape = Scrape::of(district);
    for name in names {
        let labels = [("line", name), ("township", name), ("name", name)];
        assert_eq!(scrape.value("linewatch_line_info", &labels), Some(1.0), "{name:?}");
    }
    assert!(!scrape.types.contains_key("linewatch_forged") && scrape.count("linewatch_forged") == 0);
}

#[test]
fn the_monitors_own_figures_are_told() {
    let mut district = District::bad();
    district.snapshot.reload.successful = false;
    district.snapshot.journal.append_failures = 7;
    district.snapshot.journal.failing = Some("no space".into());
    district.live.muted_until = Some(ago(-60));
    let scrape = Scrape::of(district);
    assert_eq!(scrape.value("linewatch_config_last_reload_successful", &[]), Some(0.0));
    assert_eq!(scrape.value("linewatch_config_last_reload_success_timestamp_seconds", &[]), Some(1_767_570_900.0));
    assert_eq!(scrape.value("linewatch_journal_append_failures_total", &[]), Some(7.0));
    assert_eq!(scrape.value("linewatch_journal_failing", &[]), Some(1.0));
    assert_eq!(scrape.value("linewatch_monitor_muted", &[]), Some(1.0));
    assert_eq!(scrape.value("linewatch_site_utc_offset_seconds", &[]), Some(28_800.0), "Asia/Shanghai");
    assert_eq!(scrape.value("linewatch_journal_records_total", &[]), Some(412.0));
    assert_eq!(scrape.value("linewatch_clock_steps_total", &[]), Some(1.0));
    assert_eq!(scrape.value("linewatch_monitor_blind", &[]), Some(0.0));
    assert_eq!(scrape.value("linewatch_heartbeat_timestamp_seconds", &[]), Some(1_767_578_397.0));
    assert_eq!(scrape.value("linewatch_probes_unsent_total", &[("cause", "no_route")]), Some(12.0));
    assert_eq!(scrape.count("linewatch_probes_unsent_total"), 9, "every cause, zeros too");
    assert_eq!(scrape.value("linewatch_simulated", &[]), Some(0.0));
    assert_eq!(scrape.value("linewatch_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), Some(1.0));
}

#[test]
fn a_simulated_district_says_so() {
    let mut district = District::calm();
    district.snapshot.site = std::sync::Arc::new(linewatch_core::view::Site {
        simulated: true,
        ..linewatch_core::view::Site::clone(&district.snapshot.site)
    });
    assert_eq!(Scrape::of(district).value("linewatch_simulated", &[]), Some(1.0));
}

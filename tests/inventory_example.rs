//! The shipped example: the counts of the district, its real names, one tree per township.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::path::Path;

use linewatch::config::Config;
use linewatch::inventory::{self, Rules};
use linewatch::language::Language;
use linewatch_core::line::{Line, LineId};

/// The 13 townships and streets of Xian'an District; the units that exist for statistics only are left out.
const TOWNSHIPS: [&str; 13] = [
    "温泉街道",
    "浮山街道",
    "永安街道",
    "汀泗桥镇",
    "向阳湖镇",
    "官埠桥镇",
    "横沟桥镇",
    "贺胜桥镇",
    "双溪桥镇",
    "马桥镇",
    "桂花镇",
    "高桥镇",
    "大幕乡",
];

/// Township and village of every community and village in the national codes of administrative divisions.
fn divisions() -> BTreeSet<(String, String)> {
    let mut reader = csv::Reader::from_reader(include_bytes!("data/xianan-divisions.csv").as_slice());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.filter(|row| &row[4] != "其他").map(|row| (row[1].to_owned(), row[3].to_owned())).collect()
}

fn example() -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/linewatch.toml");
    let config = Config::load(Some(&path)).unwrap_or_else(|error| panic!("{}", error.report(Language::English, false)));
    let rules = Rules {
        zone: config.site.zone,
        classes: config.classes.iter().map(|class| (class.name.clone(), class.label.clone())).collect(),
    };
    inventory::read(&config.inventory.file, &rules)
        .unwrap_or_else(|error| panic!("{}", error.report(Language::English)))
}

fn of_class<'a>(lines: &'a [Line], class: &str) -> Vec<&'a Line> {
    lines.iter().filter(|line| line.class.as_str() == class).collect()
}

#[test]
fn as_many_lines_as_the_district_has() {
    let lines = example();
    assert_eq!(lines.len(), 401);
    assert_eq!(of_class(&lines, "township").len(), 53);
    assert_eq!(of_class(&lines, "village").len(), 168);
    let cameras = of_class(&lines, "surveillance");
    let by_access = |access: &str| cameras.iter().filter(|line| line.access == access).count();
    assert_eq!((cameras.len(), by_access("专线"), by_access("光纤")), (180, 40, 140));
}

#[test]
fn each_township_has_one_trunk_and_all_its_lines_hang_on_it() {
    let lines = example();
    let mut trunks: BTreeMap<&str, &LineId> = BTreeMap::new();
    for line in of_class(&lines, "township").into_iter().filter(|line| !line.township.as_str().is_empty()) {
        assert_eq!(line.upstream, None, "{}", line.id);
        assert_eq!(trunks.insert(line.township.as_str(), &line.id), None, "one trunk in {}", line.township);
    }
    let names: BTreeSet<&str> = TOWNSHIPS.into_iter().collect();
    assert_eq!(trunks.keys().copied().collect::<BTreeSet<_>>(), names);
    for class in ["village", "surveillance"] {
        let mut townships = BTreeSet::new();
        for line in of_class(&lines, class) {
            assert_eq!(line.upstream.as_ref(), trunks.get(line.township.as_str()).copied(), "{}", line.id);
            townships.insert(line.township.as_str());
        }
        assert_eq!(townships, names, "{class} in every township");
    }
}

#[test]
fn real_names_each_village_once() {
    let lines = example();
    let divisions = divisions();
    let mut villages = BTreeSet::new();
    for line in lines.iter().filter(|line| line.class.as_str() != "township") {
        let place = (line.township.to_string(), line.village.clone());
        assert!(divisions.contains(&place), "{place:?} of {} does not exist", line.id);
        if line.class.as_str() == "village" {
            assert!(villages.insert(place), "{} stands on a village that another line has", line.id);
        }
    }
    assert_eq!(villages.len(), 168);
    let departments: BTreeSet<&str> = of_class(&lines, "township")
        .iter()
        .filter(|line| line.township.as_str().is_empty())
        .map(|line| line.name.as_str())
        .collect();
    assert_eq!(departments.len(), 40);
    assert!(departments.contains("区财政局专线") && departments.contains("区教育局专线"));
}

#[test]
fn every_address_is_this_machines_own_and_no_name_stands_twice() {
    let lines = example();
    let mut addresses = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut circuits = BTreeSet::new();
    for line in &lines {
        let address: Ipv4Addr = line.address.parse().expect("IPv4");
        assert!(address.is_loopback(), "{}", line.id);
        assert!(addresses.insert(address) && circuits.insert(&line.circuit_no), "{}", line.id);
        assert!(names.insert(&line.name), "{} stands twice", line.name);
    }
}

#[test]
fn marked_as_an_example_without_real_people() {
    for line in example() {
        assert_eq!(line.note, "示例", "{}", line.id);
        assert!(line.contact.ends_with("(示例)"), "{}", line.contact);
        assert!(line.phone.starts_with("000-0000-"), "{}", line.phone);
        assert!(["中国电信", "中国移动", "中国联通", "中国广电"].contains(&line.carrier.as_str()), "{}", line.carrier);
    }
}

#[test]
fn a_years_rent_is_what_the_office_pays() {
    let fen: i64 = example().iter().filter_map(|line| line.rent_fen_month).sum::<i64>() * 12;
    assert_eq!(fen / 100, 866_400, "about 86.6 万元");
}

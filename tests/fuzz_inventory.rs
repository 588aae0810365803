//! Tables as offices have them: whatever is in the file, the reader lists mistakes or gives sound lines.

mod fuzz;

use std::collections::BTreeSet;
use std::path::PathBuf;

use fuzz::{Edit, Tried, WITHOUT_END, bent_text, time};
use linewatch::inventory::{self, InventoryError, Rules};
use linewatch::language::Language;
use linewatch_core::line::ClassName;

const WORDS: &[&str] = &[
    ",",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    ";",
    "\t",
    "\u{feff}",
    "，",
    "１２７．０．０．１",
    "127.0.0.1",
    "::1",
    "fe80::1%eth0",
    "999.1.1.1",
    "icmp",
    "tcp:80",
    "tcp:99999",
    "rtsp:554",
    "village",
    "村社区",
    "T-01",
    "V-001",
    "2026-02-30",
    "2026/1/5",
    "1e9",
    "-1",
    "NaN",
    "0.1",
    "99999999999999999999",
    "\u{200b}",
    "\u{0}",
    "id,name,class,address\n",
    "线路编号",
    "上联线路",
];

fn rules() -> Rules {
    let classes = [("township", "区直及乡镇"), ("village", "村社区"), ("surveillance", "视频监控")];
    let class = |(name, label): (&str, &str)| (ClassName::from(name), label.to_owned());
    Rules { zone: chrono_tz::Asia::Shanghai, classes: classes.into_iter().map(class).collect() }
}

/// Whether a table was accepted.
fn read(text: &str, rules: &Rules) -> bool {
    match inventory::parse(text, rules) {
        Ok(lines) => {
            let ids: BTreeSet<_> = lines.iter().map(|line| &line.id).collect();
            assert_eq!(ids.len(), lines.len(), "an id twice was accepted");
            for line in &lines {
                assert!(rules.classes.iter().any(|(class, _)| *class == line.class), "{:?}", line.class);
                assert!(line.upstream.as_ref().is_none_or(|upstream| ids.contains(upstream)), "{:?}", line.upstream);
                assert!(!line.name.is_empty() && !line.address.is_empty(), "{line:?}");
            }
            true
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused without a reason");
            let error = InventoryError::Mistakes { path: PathBuf::from("lines.csv"), sheet: None, mistakes };
            assert!(!error.report(Language::Chinese).is_empty() && !error.report(Language::English).is_empty());
            false
        }
    }
}

#[test]
fn bent_tables() {
    let example = include_str!("../config/lines.csv");
    let first: String = example.split_inclusive('\n').take(8).collect();
    let mixed = "\u{feff}id,name,class,address,upstream,probe,opened\r\nT-1,\"a, b\",township,10.0.0.1,,tcp:80,2026-01-05\r\n\
                 V-1,村,村社区,10.0.0.2,T-1,icmp,\r\n";
    let seeds = [first.as_str(), mixed, "id,name,class,address\n"];
    let rules = rules();
    assert!(seeds.iter().all(|seed| read(seed, &rules)), "seeds are good");
    let tried = Tried::new("inventory, bent tables");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<(u8, Vec<Edit>)>().for_each(
        |(seed, edits)| {
            tried.one(read(&bent_text(seeds[usize::from(*seed) % seeds.len()], edits, WORDS), &rules));
        },
    );
    tried.say();
}

#[test]
fn any_text() {
    let rules = rules();
    let tried = Tried::new("inventory, any text");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<Vec<u8>>().for_each(|bytes| {
        tried.one(read(&String::from_utf8_lossy(bytes), &rules));
    });
    tried.say();
}

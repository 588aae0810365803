//! Years that paper has to bear: quiet, all wrong, hardly seen, simulated, with odd names, with many lines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use linewatch::store::StoreKind;
use linewatch_core::act::{Act, FaultAct};
use linewatch_core::command::Command;
use linewatch_core::line::Line;
use linewatch_core::record::{Closing, FaultNo, Report};

use crate::rollup_story::{Story, at, line, year};

/// All stores, by name.
pub fn all(folder: &Path) -> BTreeMap<&'static str, PathBuf> {
    let place = |name: &str| {
        let path = folder.join(format!("store-{name}"));
        std::fs::create_dir_all(&path).expect("a folder");
        path
    };
    BTreeMap::from([
        ("small", year::tell(&place("small"))),
        ("quiet", quiet(&place("quiet"))),
        ("wrong", wrong(&place("wrong"))),
        ("unseen", unseen(&place("unseen"))),
        ("simulated", simulated(&place("simulated"))),
        ("names", names(&place("names"))),
        ("many", many(&place("many"))),
        ("worked", worked(&place("worked"))),
        ("imported", year::tell_imported(&place("imported"))),
    ])
}

fn district() -> Vec<Line> {
    let mut lines = vec![
        line("T-01", "汀泗桥镇干线", "township", "汀泗桥镇", None),
        line("V-01", "彭碑村", "village", "汀泗桥镇", Some("T-01")),
        line("V-02", "大桥村", "village", "官埠桥镇", None),
        line("S-01", "村口监控", "surveillance", "汀泗桥镇", Some("V-01")),
    ];
    lines[1].village = "彭碑村".to_owned();
    lines[2].village = "大桥村".to_owned();
    lines
}

/// Nothing happened.
fn quiet(folder: &Path) -> PathBuf {
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &district());
    story.sighted("2026-01-01 00:00:00");
    story.checkpoint("2027-01-02 00:00:00");
    story.path.clone()
}

/// Down from spring on, nobody repairs anything, and what is repaired is repaired late.
fn wrong(folder: &Path) -> PathBuf {
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &district());
    story.sighted("2026-01-01 00:00:02");
    for month in 1..=6 {
        for (line, hour) in [("V-02", 3), ("T-01", 9)] {
            story.down(line, &format!("2026-{month:02}-10 {hour:02}:00:00"));
            story.up(line, &format!("2026-{month:02}-14 {hour:02}:00:00"));
        }
    }
    story.down("T-01", "2026-07-01 00:00:01");
    story.down("V-01", "2026-07-01 00:00:02");
    story.down("S-01", "2026-07-01 00:00:03");
    story.down("V-02", "2026-08-01 00:00:00");
    story.checkpoint("2027-01-02 00:00:00");
    story.path.clone()
}

/// The monitor ran for two weeks of the year.
fn unseen(folder: &Path) -> PathBuf {
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-06-01 00:00:00", None);
    story.inventory("2026-06-01 00:00:00", &district());
    story.sighted("2026-06-01 00:00:02");
    story.down("V-02", "2026-06-03 00:00:00");
    story.up("V-02", "2026-06-03 05:00:00");
    story.checkpoint("2026-06-14 00:00:00");
    story.path.clone()
}

/// People at work: a village telephones about a line that probes had seen down, a crew goes there, an admin closes; the
/// same village and another one report what nobody ever repairs.
fn worked(folder: &Path) -> PathBuf {
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &district());
    story.sighted("2026-01-01 00:00:02");
    story.down("V-02", "2026-03-03 08:00:00");
    story.checkpoint("2026-03-03 08:10:00");
    let fault = open_fault(&story);
    act(&mut story, "2026-03-03 08:20:00", "李乡镇", report("V-02", "官埠桥镇大桥村", "=1+1"));
    act(
        &mut story,
        "2026-03-03 08:30:00",
        "张三",
        FaultAct::Acknowledge { fault: fault.clone(), at: None, note: String::new() },
    );
    let to = "电信抢修班 王师傅".to_owned();
    let dispatch = FaultAct::Dispatch {
        fault: fault.clone(),
        at: None,
        to,
        ticket: Some("DX-77".to_owned()),
        note: String::new(),
    };
    act(&mut story, "2026-03-03 08:40:00", "张三", dispatch);
    // Entered a day later.
    story.up("V-02", "2026-03-03 11:00:00");
    story.checkpoint("2026-03-03 12:00:00");
    let arrive =
        FaultAct::Arrive { fault: fault.clone(), at: Some(at("2026-03-03 09:30:00")), note: "@杆路".to_owned() };
    act(&mut story, "2026-03-04 09:00:00", "王师傅", arrive);
    let cause = vec!["光缆".to_owned(), "施工".to_owned()];
    let closing = Closing { cause, remedy: "熔接".to_owned(), ..Closing::default() };
    act(&mut story, "2026-03-04 10:00:00", "张三", FaultAct::Close { fault, at: None, closing });
    for (line, who) in [("V-02", "大桥村"), ("V-01", "彭碑村")] {
        act(&mut story, "2026-09-01 09:00:00", "张三", report(line, who, "时通时断"));
    }
    story.checkpoint("2027-01-02 00:00:00");
    story.path.clone()
}

fn act(story: &mut Story, now: &str, author: &str, what: FaultAct) {
    story.tell(at(now), &Command::Person { author: author.to_owned(), act: Act::Fault(what) });
}

fn report(line: &str, reporter: &str, words: &str) -> FaultAct {
    let report = Report {
        channel: "电话".to_owned(),
        symptom: None,
        reporter: reporter.to_owned(),
        phone: "13900000000".to_owned(),
        words: words.to_owned(),
    };
    FaultAct::Report { line: line.into(), at: None, report }
}

fn open_fault(story: &Story) -> FaultNo {
    story.ledger.faults().next().expect("an open fault").fault.clone()
}

/// A district in a box.
fn simulated(folder: &Path) -> PathBuf {
    let mut story = Story::new(folder, StoreKind::Simulated);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &district());
    story.sighted("2026-01-01 00:00:02");
    story.down("V-01", "2026-03-03 08:00:00");
    story.up("V-01", "2026-03-03 10:30:00");
    story.checkpoint("2027-01-05 00:00:00");
    story.path.clone()
}

/// Names that spreadsheets take for something else, and one that is longer than any cell is wide.
fn names(folder: &Path) -> PathBuf {
    let mut lines = vec![
        line("001", "=HYPERLINK(\"http://example.cn\")", "township", "*", None),
        line("1", "+86 机房", "village", "官埠?", None),
        line("v-1", "-", "village", "TRUE", None),
        line("V-1", "@SUM(A1)", "village", "5月", None),
        line(
            "L-1",
            &"湖北省咸宁市咸安区汀泗桥镇彭碑村村委会办公楼一层便民服务大厅电子政务外网接入专线".repeat(3),
            "surveillance",
            "",
            None,
        ),
    ];
    for (line, carrier) in lines.iter_mut().zip(["中国电信", "中国电信", "=1+1", "Abc", "aBC"]) {
        line.carrier = carrier.to_owned();
        line.rent_fen_month = None;
    }
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &lines);
    story.sighted("2026-01-01 00:00:02");
    for (day, line) in lines.iter().enumerate() {
        story.down(line.id.as_str(), &format!("2026-05-{:02} 10:00:00.123", day + 1));
        story.up(line.id.as_str(), &format!("2026-05-{:02} 1{day}:30:00.456", day + 1));
    }
    story.checkpoint("2027-01-02 00:00:00");
    story.path.clone()
}

/// 401 lines, each with outages of its own.
fn many(folder: &Path) -> PathBuf {
    let mut lines = Vec::new();
    for number in 0..401_u32 {
        let township = format!("第{}镇", ["一", "二", "三", "四", "五", "六", "七"][(number % 7) as usize]);
        let (class, prefix) = match number {
            0..53 => ("township", "T"),
            53..221 => ("village", "V"),
            _ => ("surveillance", "S"),
        };
        let mut line =
            line(&format!("{prefix}-{number:03}"), &format!("{township}第{number}号线路"), class, &township, None);
        line.address = format!("127.1.{}.{}", number / 200, number % 200 + 1);
        line.carrier = ["电信", "移动", "联通"][(number % 3) as usize].to_owned();
        if class == "village" {
            line.village = format!("{number}号村");
        }
        lines.push(line);
    }
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", &lines);
    story.sighted("2026-01-01 00:00:02");
    let mut events = Vec::new();
    for (number, line) in (0_u32..).zip(&lines) {
        for round in 0..if number % 8 == 0 { 2 } else { 0 } {
            let (month, day) = ((number * 5 + round * 7) % 12 + 1, (number * 3) % 27 + 1);
            let start = at(&format!("2026-{month:02}-{day:02} {:02}:{:02}:00", number % 24, number % 60));
            let minutes = i64::from(3 + number * 7 % 900);
            events.push((start, line.id.clone(), true));
            events.push((start + linewatch_core::time::Millis::from_secs(minutes * 60), line.id.clone(), false));
        }
    }
    events.sort();
    for (at, line, down) in events {
        let text = at.to_utc().with_timezone(&chrono_tz::Asia::Shanghai).format("%Y-%m-%d %H:%M:%S").to_string();
        if down { story.down(line.as_str(), &text) } else { story.up(line.as_str(), &text) }
    }
    story.checkpoint("2027-01-02 00:00:00");
    story.path.clone()
}

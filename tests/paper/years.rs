//! The years: an ordinary one, a quiet one, one in which everything went wrong, one that hardly anybody watched, …

use std::path::Path;

use linewatch::store::StoreKind;
use linewatch_core::line::Line;

use super::House;
use crate::rollup_story::{Story, line, year};

const BUDGET: &str = "
[year.2026]
initial = 80
budget = 86.6
executed = 85.0
reasons = \"四月供电局停电，汀泗桥镇干线中断。\"
measures = \"增配备用电源，汛期前逐条巡检光缆。\"
";

/// A name that would break a table, a sheet or a document that takes it for what it is not.
pub const LONG: &str = "汀泗桥镇彭碑村村民委员会便民服务中心电子政务外网接入线路（含村级综合治理视频会议分会场及应急广播备用通道）\
                        =HYPERLINK(\"http://x\")<&>'一号机柜Supercalifragilisticexpialidocious-0123456789";

/// All of them.
pub fn all() -> Vec<House> {
    vec![
        House::new("ordinary", "--year 2026", BUDGET, |folder| {
            year::tell(folder);
        }),
        House::new("quiet", "--year 2026", "", quiet),
        House::new("wrong", "--year 2026", "", wrong),
        House::new("hardly", "--year 2026", "", hardly),
        House::new("simulated", "--year 2026", "", simulated),
        House::new("month", "--month 2026-04", "", |folder| {
            year::tell(folder);
        }),
        House::new("many", "--year 2026", "", many),
        House::new("imported", "--year 2026", BUDGET, |folder| {
            year::tell_imported(folder);
        }),
    ]
}

fn three() -> Vec<Line> {
    vec![
        line("T-01", "汀泗桥镇干线", "township", "汀泗桥镇", None),
        line("V-01", "彭碑村", "village", "汀泗桥镇", Some("T-01")),
        line("S-01", "旧桥监控", "surveillance", "官埠桥镇", None),
    ]
}

fn begun(folder: &Path, kind: StoreKind, lines: &[Line]) -> Story {
    let mut story = Story::new(folder, kind);
    story.start("2026-01-01 00:00:00", None);
    story.inventory("2026-01-01 00:00:00", lines);
    story.sighted("2026-01-01 00:00:00");
    story
}

/// Nothing happened.
fn quiet(folder: &Path) {
    let mut story = begun(folder, StoreKind::Real, &three());
    story.checkpoint("2027-01-05 00:00:00");
}

/// Everything is down from the second day on, and nothing is ever repaired.
fn wrong(folder: &Path) {
    let mut story = begun(folder, StoreKind::Real, &three());
    story.down("S-01", "2026-01-02 00:00:00");
    story.down("T-01", "2026-01-02 00:00:01");
    story.down("V-01", "2026-01-02 00:00:02");
    story.checkpoint("2027-01-05 00:00:00");
}

/// After a month the monitor sees nothing any more.
fn hardly(folder: &Path) {
    let mut story = begun(folder, StoreKind::Real, &three());
    story.down("V-01", "2026-01-20 10:00:00");
    story.up("V-01", "2026-01-20 12:00:00");
    story.blinded("2026-02-01 00:00:00");
    story.sighted("2026-12-31 12:00:00");
    story.checkpoint("2027-01-05 00:00:00");
}

fn simulated(folder: &Path) {
    let mut story = begun(folder, StoreKind::Simulated, &three());
    for month in 2..=11 {
        story.down("S-01", &format!("2026-{month:02}-10 08:00:00"));
        story.up("S-01", &format!("2026-{month:02}-10 {:02}:30:00", 8 + month));
    }
    story.checkpoint("2027-01-05 00:00:00");
}

/// Four hundred lines, one of them with a long and hostile name, in twenty townships.
fn many(folder: &Path) {
    let mut lines: Vec<Line> = (1..=400)
        .map(|number| {
            let class = ["township", "village", "surveillance"][number % 3];
            let mut line = line(&format!("L-{number:03}"), &format!("第{number}号线路"), class, "", None);
            line.township = format!("{}镇", ["汀泗桥", "官埠桥", "横沟桥", "向阳湖"][number % 4]).as_str().into();
            line
        })
        .collect();
    LONG.clone_into(&mut lines[7].name);
    lines[8].id = "L-009-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789".into();
    for (number, line) in lines.iter_mut().enumerate() {
        line.address = format!("127.0.{}.{}", number / 200, number % 200 + 1);
    }
    let mut story = begun(folder, StoreKind::Real, &lines);
    for month in 1..=12_usize {
        for step in 0..3_usize {
            let id = lines[(month * 31 + step * 7) % 400].id.to_string();
            let day = 5 + step * 8;
            story.down(&id, &format!("2026-{month:02}-{day:02} 09:00:00"));
            story.up(&id, &format!("2026-{month:02}-{day:02} {:02}:15:00", 10 + step * 3));
        }
    }
    story.checkpoint("2027-01-05 00:00:00");
}

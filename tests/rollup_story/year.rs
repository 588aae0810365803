//! The small year 2026 of the golden outputs: seven lines, one of each case that a clerk will be asked about.

use std::path::{Path, PathBuf};

use linewatch::store::StoreKind;
use linewatch_core::line::Line;
use linewatch_core::record::{Claim, DecisionFact, DecisionId, OutageId, PlannedFact, Scope};
use linewatch_core::time::Span;

use super::{Story, at, line};

/// The inventory at the beginning of the year.
fn winter() -> Vec<Line> {
    let mut lines = vec![
        line("D-01", "区政府办公室", "township", "", None),
        line("S-01", "彭碑村口监控", "surveillance", "汀泗桥镇", Some("V-01")),
        line("S-02", "旧桥监控", "surveillance", "汀泗桥镇", None),
        line("T-01", "汀泗桥镇干线", "township", "汀泗桥镇", None),
        line("V-01", "彭碑村", "village", "汀泗桥镇", Some("T-01")),
        line("V-02", "大桥村", "village", "汀泗桥镇", Some("T-01")),
    ];
    lines[1].carrier = "移动".to_owned();
    lines[4].village = "彭碑村".to_owned();
    lines[5].village = "大桥村".to_owned();
    lines
}

/// From July on: 大桥村 hangs on no trunk any more and is paid by another township; the old camera is gone, a village
/// is new in October.
fn summer() -> Vec<Line> {
    let mut lines = winter();
    lines[2].closed = Some(at("2026-07-01 00:00:00"));
    lines[5].upstream = None;
    lines[5].township = "官埠桥镇".into();
    let mut late = line("V-03", "湖心村", "village", "官埠桥镇", None);
    late.opened = Some(at("2026-10-01 00:00:00"));
    late.rent_fen_month = Some(99_999);
    lines.push(late);
    lines
}

/// Tells the year into a new store in a folder.
pub fn tell(folder: &Path) -> PathBuf {
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-05 08:00:00", None);
    story.inventory("2026-01-05 08:00:00", &winter());
    story.sighted("2026-01-05 08:00:02");

    // A plain outage, with its fault.
    story.down("D-01", "2026-03-10 14:00:00.250");
    story.up("D-01", "2026-03-10 14:20:00.500");

    // A trunk is cut, and what hangs on it with it.
    story.down("T-01", "2026-04-02 09:00:00");
    story.down("V-01", "2026-04-02 09:00:01");
    story.down("V-02", "2026-04-02 09:00:02");
    story.down("S-01", "2026-04-02 09:00:03");
    story.up("T-01", "2026-04-02 11:30:00");
    story.up("V-01", "2026-04-02 11:30:01");
    story.up("V-02", "2026-04-02 11:30:02");
    story.up("S-01", "2026-04-02 11:30:03");

    // The monitor stands still for two hours, and a window was agreed for the trunk.
    story.start("2026-05-20 12:00:00", Some("2026-05-20 10:00:00"));
    story.sighted("2026-05-20 12:00:01");
    let window = Span::new(at("2026-05-30 01:00:00"), at("2026-05-30 05:00:00"));
    let planned = PlannedFact::Added {
        scope: Scope::Line("T-01".into()),
        span: window,
        reason: "割接".to_owned(),
        document: "咸网函〔2026〕12 号".to_owned(),
    };
    story.say("2026-05-25 09:00:00", "李四", planned);
    // It outlives its window by half an hour.
    story.down("T-01", "2026-05-30 01:10:00");
    story.down("V-01", "2026-05-30 01:10:01");
    story.up("V-01", "2026-05-30 05:30:01");
    story.up("T-01", "2026-05-30 05:30:00");

    // Down, then nobody sees anything, then still down: bridged.
    story.down("V-01", "2026-06-15 22:00:00");
    story.blinded("2026-06-15 22:30:00");
    story.sighted("2026-06-15 23:00:00");
    story.still_down("V-01", "2026-06-15 23:00:00");
    story.up("V-01", "2026-06-16 01:00:00");

    story.inventory("2026-07-01 00:00:00", &summer());

    // A line that nobody could see for three days, and one that answered after a gap.
    story.lost("V-02", "2026-08-08 00:00:00");
    story.seen("V-02", "2026-08-11 00:00:00");
    story.down("S-01", "2026-09-09 09:00:00");
    story.blinded("2026-09-09 09:10:00");
    story.sighted("2026-09-09 09:40:00");
    story.up_after_gap("S-01", "2026-09-09 09:40:00");

    people(&mut story);

    // Over New Year.
    story.down("D-01", "2026-12-31 23:00:00");
    story.checkpoint("2027-01-01 00:00:00");
    story.up("D-01", "2027-01-01 02:00:00");
    story.checkpoint("2027-01-05 00:00:00");
    story.path.clone()
}

/// What people decide in autumn.
fn people(story: &mut Story) {
    let propose = |claim: Claim, reason: &str, document: &str| DecisionFact::Proposed {
        claim,
        reason: reason.to_owned(),
        document: document.to_owned(),
    };
    // The power company had cut the town's power: the trunk's outage of April is excluded.
    let span = Span::new(at("2026-04-02 09:00:00"), at("2026-04-02 10:00:00"));
    let claim = Claim::Excluded { scope: Scope::Line("T-01".into()), span };
    let number = story.say("2026-10-20 09:00:00", "李四", propose(claim, "供电局停电", "停电通知 2026-041"));
    story.say("2026-10-20 09:02:00", "王五", DecisionFact::Approved { decision: DecisionId(number) });
    // Another exclusion waits for a second person, and changes nothing.
    let span = Span::new(at("2026-03-10 14:00:00"), at("2026-03-10 15:00:00"));
    let claim = Claim::Excluded { scope: Scope::Line("D-01".into()), span };
    story.say("2026-10-20 09:05:00", "李四", propose(claim, "机房检修", "无"));
    // The village had no service although the device answered.
    let claim = Claim::Declared {
        line: "V-02".into(),
        from: at("2026-11-03 08:00:00"),
        until: Some(at("2026-11-03 20:00:00")),
    };
    story.say("2026-11-04 09:00:00", "李四", propose(claim, "村委会反映全天无法办公", "情况说明 7"));
    // The outage of September is corrected: it was over after five minutes.
    let outage = OutageId(outage_of(story, "2026-09-09 09:00:00"));
    let counts = Some(Span::new(at("2026-09-09 09:00:00"), at("2026-09-09 09:05:00")));
    let claim = Claim::Corrected { outage, counts };
    let number = story.say("2026-11-10 09:00:00", "李四", propose(claim, "摄像机维修记录", "维修单 33"));
    story.say("2026-11-11 09:00:00", "王五", DecisionFact::Approved { decision: DecisionId(number) });
}

fn outage_of(story: &Story, start: &str) -> u64 {
    story.outages.iter().find(|(_, began)| *began == at(start)).expect("an outage that began then").0
}

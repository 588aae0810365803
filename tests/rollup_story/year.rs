//! The small year 2026 of the golden outputs: seven lines, one of each case that a clerk will be asked about.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linewatch::store::StoreKind;
use linewatch_core::line::Line;
use linewatch_core::record::{Claim, DecisionFact, DecisionId, FaultSource, HistoryFact, OutageId, PlannedFact, Scope};
use linewatch_core::time::{Millis, Span};

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

/// The configuration that stands beside the store.
pub const CONFIG: &str = "[site]\nname = \"咸安区电子政务网\"\n[store]\npath = \"journal.db\"\n";

/// Tells the year into a new store in a folder, beside the configuration.
pub fn tell(folder: &Path) -> PathBuf {
    std::fs::write(folder.join("linewatch.toml"), CONFIG).expect("a folder");
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2026-01-05 08:00:00", None);
    story.inventory("2026-01-05 08:00:00", &winter());
    story.sighted("2026-01-05 08:00:02");

    old_system(&mut story);

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

    let waiting = people(&mut story);

    // Over New Year.
    story.down("D-01", "2026-12-31 23:00:00");
    story.checkpoint("2027-01-01 00:00:00");
    story.up("D-01", "2027-01-01 02:00:00");
    story.checkpoint("2027-01-05 00:00:00");

    // Sealed; then somebody approves what had been waiting since October.
    story.seal("2027-01-06 09:00:00", "王五", "2026");
    story.checkpoint("2027-01-11 00:00:00");
    story.say("2027-01-20 09:00:00", "王五", DecisionFact::Approved { decision: DecisionId(waiting) });
    story.checkpoint("2027-02-01 00:00:00");
    story.path.clone()
}

/// What the system before this one knew of the first days, and of a village that was given up.
fn old_system(story: &mut Story) {
    let mut line = line("V-09", "白墩村", "village", "汀泗桥镇", None);
    line.village = "白墩村".to_owned();
    (line.opened, line.closed) = (Some(at("2026-01-01 00:00:00")), Some(at("2026-06-01 00:00:00")));
    let span = |from: &str, to: &str| Span::new(at(from), at(to));
    let opened = at("2026-02-01 10:00:00");
    let facts = [
        HistoryFact::Line { line: Arc::new(line) },
        HistoryFact::Observed { line: None, span: span("2026-01-01 00:00:00", "2026-01-05 08:00:02") },
        HistoryFact::Observed { line: Some("V-09".into()), span: span("2026-01-01 00:00:00", "2026-06-01 00:00:00") },
        HistoryFact::Outage {
            line: "D-01".into(),
            span: span("2026-01-03 00:00:00", "2026-01-03 01:00:00"),
            open: false,
            upstream: None,
        },
        HistoryFact::Outage {
            line: "V-09".into(),
            span: span("2026-02-01 10:00:00", "2026-02-01 13:00:00"),
            open: false,
            upstream: None,
        },
        HistoryFact::Planned {
            scope: Scope::Line("V-09".into()),
            span: span("2026-03-01 00:00:00", "2026-03-01 04:00:00"),
            reason: "光缆迁改".to_owned(),
            document: "2026-3".to_owned(),
        },
        HistoryFact::Fault {
            line: "V-09".into(),
            source: FaultSource::Reported,
            opened,
            restored: Some(at("2026-02-01 13:00:00")),
            closed: Some(at("2026-02-02 09:00:00")),
            cause: Some("光缆中断".to_owned()),
            reporter: Some("村委会".to_owned()),
            deadline: opened + Millis::from_secs(12 * 3600),
        },
    ];
    let imported = HistoryFact::Imported { file: "2026.jsonl".to_owned(), digest: "5a".repeat(32), facts: 7 };
    for fact in [imported].into_iter().chain(facts) {
        story.import("2026-01-05 08:30:00", fact);
    }
}

/// A year that only the system before this one saw: what it knew was imported in January.
pub fn tell_imported(folder: &Path) -> PathBuf {
    let mut story = Story::new(folder, StoreKind::Real);
    story.start("2027-01-03 08:00:00", None);
    let span = |from: &str, to: &str| Span::new(at(from), at(to));
    let year = span("2026-01-01 00:00:00", "2027-01-01 00:00:00");
    let mut facts = Vec::new();
    for (id, name, class, township) in [
        ("T-01", "汀泗桥镇干线", "township", "汀泗桥镇"),
        ("V-01", "彭碑村", "village", "汀泗桥镇"),
        ("S-01", "旧桥监控", "surveillance", "官埠桥镇"),
    ] {
        let mut line = line(id, name, class, township, None);
        line.opened = Some(year.start);
        facts.push(HistoryFact::Line { line: Arc::new(line) });
        facts.push(HistoryFact::Observed { line: Some(id.into()), span: year });
    }
    for month in 1..=12 {
        let [from, to] = [9, 9 + month % 5 + 1].map(|hour| format!("2026-{month:02}-15 {hour:02}:00:00"));
        let line = ["T-01", "V-01", "S-01"][month % 3];
        let (span, upstream) = (span(&from, &to), None);
        facts.push(HistoryFact::Outage { line: line.into(), span, open: false, upstream });
        facts.push(HistoryFact::Fault {
            line: line.into(),
            source: FaultSource::Reported,
            opened: span.start,
            restored: Some(span.end),
            closed: Some(span.end + Millis::from_secs(3600)),
            cause: Some("光缆/施工".to_owned()),
            reporter: Some("村委会".to_owned()),
            deadline: span.start + Millis::from_secs(12 * 3600),
        });
    }
    let facts_count = facts.len() as u64;
    let imported = HistoryFact::Imported { file: "2026.jsonl".to_owned(), digest: "5b".repeat(32), facts: facts_count };
    for fact in [imported].into_iter().chain(facts) {
        story.import("2027-01-03 08:30:00", fact);
    }
    story.checkpoint("2027-01-05 00:00:00");
    story.path.clone()
}

/// A week of a simulated district, in a store of its own.
pub fn tell_simulated(folder: &Path) {
    std::fs::write(folder.join("linewatch.toml"), CONFIG).expect("a folder");
    let mut story = Story::new(folder, StoreKind::Simulated);
    story.start("2026-03-01 00:00:00", None);
    story.inventory("2026-03-01 00:00:00", &winter()[..2]);
    story.sighted("2026-03-01 00:00:01");
    story.down("D-01", "2026-03-04 12:00:00");
    story.up("D-01", "2026-03-04 13:00:00");
    story.checkpoint("2026-03-08 00:00:00");
}

/// What people decide in autumn; the number of what waits for a second person.
fn people(story: &mut Story) -> u64 {
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
    let waiting = story.say("2026-10-20 09:05:00", "李四", propose(claim, "机房检修", "通知第 9 号"));
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
    waiting
}

fn outage_of(story: &Story, start: &str) -> u64 {
    story.outages.iter().find(|(_, began)| *began == at(start)).expect("an outage that began then").0
}

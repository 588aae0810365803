//! What a person reads on a terminal.

mod district;

use district::District;
use linewatch::language::Language;
use linewatch::report::status::{LineReport, Mood, StatusReport};
use linewatch::report::table::{self, Colours};
use linewatch_core::ledger::Blind;
use linewatch_core::outcome::BlindCause;
use linewatch_core::view::Shown;
use unicode_width::UnicodeWidthStr;

fn report(district: District) -> StatusReport {
    let (snapshot, live) = district.publish();
    StatusReport::of(&Shown::of(&snapshot, &live), Language::Chinese)
}

fn line_report(district: District, id: &str) -> Option<LineReport> {
    let (snapshot, live) = district.publish();
    {
        let quality = district::quality(&id.into());
        LineReport::of(&Shown::of(&snapshot, &live), Language::Chinese, id, Some(&quality))
    }
}

#[test]
fn a_bad_day_in_chinese() {
    insta::assert_snapshot!(table::status(&report(District::bad()), Language::Chinese, Colours::Plain));
}

#[test]
fn a_bad_day_in_english() {
    insta::assert_snapshot!(table::status(&report(District::bad()), Language::English, Colours::Plain));
}

#[test]
fn a_calm_day_begins_with_a_calm_sentence() {
    let text = table::status(&report(District::calm()), Language::Chinese, Colours::Plain);
    assert_eq!(text.lines().nth(1), Some("401 条线路全部正常"));
    let text = table::status(&report(District::calm()), Language::English, Colours::Plain);
    assert_eq!(text.lines().nth(1), Some("All 401 lines are up"));
}

#[test]
fn one_line_in_full() {
    let trunk = line_report(District::bad(), "T-03").expect("a line");
    insta::assert_snapshot!("line_trunk_zh", table::line(&trunk, Language::Chinese, Colours::Plain));
    let hidden = line_report(District::bad(), "V-011").expect("a line");
    insta::assert_snapshot!("line_hidden_en", table::line(&hidden, Language::English, Colours::Plain));
    assert_eq!(line_report(District::bad(), "T-99"), None);
}

#[test]
fn a_blind_monitor_claims_neither_good_nor_bad() {
    let mut district = District::bad();
    district.committed.blind = Some(Blind { from: district::ago(65), cause: BlindCause::Silent });
    let report = report(district);
    let (mood, sentence) = report.headline(&report.words(Language::Chinese));
    assert_eq!((mood, sentence.as_str()), (Mood::Unknown, "监测端自今天 09:58:55 起看不见线路，状况未知"));
    assert_eq!(report.total.up, 0, "nobody knows which lines are up");
    assert!(report.total.outages_open > 0, "open outages stay listed");
}

#[test]
fn lines_nobody_sees_are_never_called_well() {
    let mut district = District::calm();
    district.hide("V-011", 600, BlindCause::Unresolved);
    let report = report(district);
    let words = report.words(Language::Chinese);
    assert_eq!(report.headline(&words), (Mood::Watch, "没有线路中断，400 条正常".to_owned()));
    assert_eq!(report.remarks(&words), ["未观测 1 条"]);
}

#[test]
fn before_every_line_is_watched_it_says_that_it_is_starting() {
    let mut district = District::calm();
    district.live.lines.pop();
    let report = report(district);
    assert_eq!(report.headline(&report.words(Language::English)).0, Mood::Unknown);
}

#[test]
fn a_trunk_stands_before_what_it_cuts_off_and_faults_without_outage_come_last() {
    let report = report(District::bad());
    let order: Vec<&str> = report.troubles.iter().map(|trouble| trouble.line.id.as_str()).collect();
    assert_eq!(order, ["T-03", "S-170", "S-050", "V-101", "V-120", "V-150"]);
    assert_eq!(report.troubles[0].cut_off.len() as u64, report.total.cut_off);
    assert!(report.troubles[5].outage.is_none());
}

/// The trunk answers again, the lines behind it not yet: they still stand together.
#[test]
fn a_trunk_that_came_back_keeps_its_group_until_the_lines_follow() {
    let mut district = District::bad();
    district.committed.outages.retain(|open| open.line.as_str() != "T-03");
    let report = report(district);
    let trunk = &report.troubles[0];
    assert_eq!((trunk.line.id.as_str(), trunk.outage.is_none(), trunk.cut_off.len()), ("T-03", true, 27));
}

#[test]
fn the_report_survives_json_and_says_instants_in_rfc_3339() {
    let report = report(District::bad());
    let json = serde_json::to_string(&report).expect("serialises");
    assert!(json.contains(r#""at":"2026-01-05T02:00:00.000Z""#), "{json}");
    let back: StatusReport = serde_json::from_str(&json).expect("parses");
    assert_eq!(back, report);
}

#[test]
fn colours_are_only_added() {
    let report = report(District::bad());
    let plain = table::status(&report, Language::Chinese, Colours::Plain);
    let ansi = table::status(&report, Language::Chinese, Colours::Ansi);
    assert!(!plain.contains('\u{1b}'));
    assert!(ansi.contains('\u{1b}'));
    assert_eq!(without_colours(&ansi), plain);
}

fn without_colours(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').expect("an SGR sequence").1);
    }
    plain
}

/// Terminals give a Chinese character two columns: every row of a table is as wide as its rules.
#[test]
fn columns_line_up_under_chinese_headings() {
    let text = table::status(&report(District::bad()), Language::Chinese, Colours::Plain);
    let widths: Vec<usize> = text
        .lines()
        .skip_while(|line| *line != "按类别")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .map(UnicodeWidthStr::width)
        .collect();
    assert_eq!(widths.len(), 6);
    assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{widths:?}");
}

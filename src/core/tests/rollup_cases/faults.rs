//! Hard cases of the fault figures.

use std::collections::BTreeMap;

use linewatch_core::calendar::Calendar;
use linewatch_core::record::{FaultNo, FaultSource};
use linewatch_core::rollup::{
    Cohort, Common, Counting, EndedBy, Evidence, FaultFigures, FaultHistory, Inspection, Inventory, OpenSpan, Point,
    Policy, Repairs, Restoration,
};
use linewatch_core::time::{Millis, Span, Timestamp};

const HOUR: i64 = 3_600_000;

/// The period: hours 0 to 100.
fn count(faults: &[FaultHistory]) -> FaultFigures {
    let period = Span::new(Timestamp(0), Timestamp(100 * HOUR));
    let common = Common {
        period,
        until: period.end,
        calendar: Calendar::new(chrono_tz::UTC),
        policy: Policy::default(),
        inventory: Inventory::default(),
        evidence: Evidence {
            begin: Timestamp(0),
            horizon: Timestamp::MAX,
            waiting: BTreeMap::new(),
            gaps: Vec::new(),
            observed: Vec::new(),
        },
        windows: Vec::new(),
    };
    let inspection = |hour: i64| Inspection { line: "A".into(), at: Timestamp(hour * HOUR) };
    Counting::new(common).finish(faults, &[inspection(-1), inspection(0), inspection(99), inspection(100)]).faults
}

fn no(number: u32) -> FaultNo {
    FaultNo::new(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date"), number)
}

/// A detected fault on line A, open over spans of hours, to be restored within 12; each span ends by itself.
fn fault(number: u32, open: &[(i64, Option<i64>)]) -> FaultHistory {
    let at = |hour: i64| Timestamp(hour * HOUR);
    let span = |(from, until): &(i64, Option<i64>)| OpenSpan {
        from: at(*from),
        restored: until.map(|until| Restoration { at: at(until), by: EndedBy::Itself }),
    };
    FaultHistory {
        fault: no(number),
        source: FaultSource::Detected,
        channel: None,
        line: "A".into(),
        class: "village".into(),
        township: "X".into(),
        village: "v".to_owned(),
        reported_from: std::collections::BTreeSet::default(),
        opened: at(open[0].0),
        deadline: at(open[0].0 + 12),
        open: open.iter().map(span).collect(),
        human_steps: false,
        points: Vec::new(),
        cause: None,
        void: false,
        merged_into: None,
        exempt: false,
        imported: false,
    }
}

/// `carried opened reopened resolved open since`.
fn text(cohort: Cohort) -> String {
    let Cohort { carried_in, opened, reopened_in, resolved, open_at_end, resolved_since } = cohort;
    format!("{carried_in} {opened} {reopened_in} {resolved} {open_at_end} {resolved_since}")
}

/// Open from, and to; in minutes.
type Open = (i64, Option<i64>);

#[test]
fn cohorts() {
    let table: [(&[Open], &str); 12] = [
        (&[(10, Some(20))], "0 1 0 1 0 0"),
        (&[(10, None)], "0 1 0 0 1 0"),
        (&[(10, Some(120))], "0 1 0 0 1 1"),
        (&[(-10, Some(20))], "1 0 0 1 0 0"),
        (&[(-10, Some(0))], "0 0 0 0 0 0"),
        (&[(100, Some(120))], "0 0 0 0 0 0"),
        (&[(10, Some(100))], "0 1 0 1 0 0"),
        // Carried in, restored, reopened and open at the end: one fault, not resolved.
        (&[(-10, Some(5)), (50, None)], "1 0 0 0 1 0"),
        (&[(-20, Some(-10)), (50, Some(60))], "0 0 1 1 0 0"),
        (&[(10, Some(20)), (30, Some(40)), (50, Some(60))], "0 1 0 1 0 0"),
        // Resolved here, reopened in the next period: that is the next period's.
        (&[(10, Some(20)), (110, None)], "0 1 0 1 0 0"),
        (&[(-20, Some(-10)), (110, None)], "0 0 0 0 0 0"),
    ];
    for (open, expected) in table {
        let figures = count(&[fault(1, open)]);
        assert_eq!(text(figures.cohort), expected, "{open:?}");
        assert_eq!(text(figures.points), expected, "{open:?}");
    }
}

#[test]
fn no_fault_gives_no_ratio() {
    let figures = count(&[]);
    assert!(!figures.resolution_ratio.is_defined() && !figures.on_time_ratio.is_defined());
    assert_eq!((figures.mttr_ms, figures.median_ms, figures.p95_ms), (None, None, None));
    assert_eq!(figures.inspections, 2, "half-open: at 0 and at 99");
}

#[test]
fn a_void_fault_is_left_out_and_counted_once() {
    let void = FaultHistory { void: true, ..fault(1, &[(10, None)]) };
    let earlier = FaultHistory { void: true, ..fault(2, &[(-10, None)]) };
    let figures = count(&[void, earlier, fault(3, &[(10, Some(11))])]);
    assert_eq!((text(figures.cohort).as_str(), figures.void), ("0 1 0 1 0 0", 1));
}

#[test]
fn a_merged_fault_lives_in_its_survivor_with_the_earliest_opening() {
    let merged = FaultHistory { merged_into: Some(no(2)), line: "B".into(), ..fault(1, &[(-5, None)]) };
    let again = FaultHistory { merged_into: Some(no(1)), line: "C".into(), ..fault(3, &[(15, None)]) };
    let figures = count(&[merged, fault(2, &[(10, Some(20))]), again]);
    assert_eq!(text(figures.cohort), "1 0 0 1 0 0", "carried in, since it began before");
    assert_eq!(figures.mttr_ms, Some(Millis(25 * HOUR)));
    assert_eq!((figures.on_time, figures.due), (0, 1), "the deadline is the earliest one, too");
    assert_eq!(text(figures.points), "1 2 0 3 0 0", "B was affected before, A and C in the period");
    assert_eq!(figures.merged, 1);
    // A survivor that is not there: better counted by itself than not at all.
    let orphan = FaultHistory { merged_into: Some(no(9)), ..fault(1, &[(10, None)]) };
    assert_eq!(text(count(&[orphan]).cohort), "0 1 0 0 1 0");
}

#[test]
fn points_are_pairs_of_fault_and_line() {
    let point = |line: &str, from: i64, left: Option<i64>| Point {
        line: line.into(),
        from: Timestamp(from * HOUR),
        left: left.map(|left| Timestamp(left * HOUR)),
    };
    let points = vec![
        point("A", 10, None),
        point("B", 11, None),
        point("B", 12, None),
        point("C", 11, Some(11)),
        point("D", 11, Some(13)),
        point("E", 101, None),
    ];
    let trunk = FaultHistory { points, ..fault(1, &[(10, Some(110))]) };
    assert_eq!(text(count(&[trunk]).points), "0 3 0 0 3 3", "A, B and D; C never was one, E comes later");
}

#[test]
fn on_time_is_judged_by_the_last_restoration_and_only_what_is_due() {
    let due = |open: &[(i64, Option<i64>)]| {
        let figures = count(&[fault(1, open)]);
        (figures.on_time, figures.due)
    };
    assert_eq!(due(&[(10, Some(22))]), (1, 1), "at the deadline");
    assert_eq!(due(&[(10, Some(23))]), (0, 1));
    assert_eq!(due(&[(10, Some(11)), (12, Some(30))]), (0, 1), "the last restoration counts");
    assert_eq!(due(&[(95, None)]), (0, 0), "open, not yet due");
    assert_eq!(due(&[(88, None)]), (0, 1), "open, the deadline has passed");
    assert_eq!(due(&[(95, Some(101))]), (0, 0), "restored in time, but after the period");
}

#[test]
fn lengths_are_whole_and_by_nearest_rank() {
    let faults: Vec<FaultHistory> = (1..=20)
        .map(|hours| {
            let number = u32::try_from(hours).expect("small");
            fault(number, &[(0, Some(hours))])
        })
        .collect();
    let figures = count(&faults);
    assert_eq!(figures.median_ms, Some(Millis(10 * HOUR)));
    assert_eq!(figures.p95_ms, Some(Millis(19 * HOUR)));
    assert_eq!(figures.mttr_ms, Some(Millis(10 * HOUR + HOUR / 2)));
    let figures = count(&[fault(1, &[(-30, Some(10))]), fault(2, &[(-7, None)]), fault(3, &[(60, None)])]);
    assert_eq!(figures.mttr_ms, Some(Millis(40 * HOUR)));
    let repairs = figures.repairs_by_township.into_values().collect::<Vec<_>>();
    assert_eq!(repairs, [Repairs { count: 1, mean_ms: Millis(40 * HOUR), longest_ms: Millis(40 * HOUR) }]);
    assert_eq!(figures.open_age_max_ms, Some(Millis(107 * HOUR)));
}

#[test]
fn ratios_stand_beside_those_without_self_cleared_and_exempt() {
    let stepped = FaultHistory { human_steps: true, ..fault(1, &[(10, Some(11))]) };
    let exempt = FaultHistory { exempt: true, ..fault(2, &[(20, None)]) };
    let figures = count(&[stepped, exempt, fault(3, &[(30, Some(31))])]);
    assert_eq!(figures.resolution_ratio.to_string(), "66.666 %");
    assert_eq!((figures.self_cleared, figures.exempt), (1, 1));
    assert_eq!(figures.without_self_cleared.resolution_ratio.to_string(), "50.000 %");
    assert_eq!(figures.without_exempt.resolution_ratio.to_string(), "100.000 %");
}

#[test]
fn villages_are_those_that_reported() {
    let reported = |number: u32, village: &str, until: Option<i64>| FaultHistory {
        source: FaultSource::Reported,
        channel: Some("电话".to_owned()),
        village: village.to_owned(),
        cause: Some("断纤".to_owned()),
        ..fault(number, &[(10, until)])
    };
    let faults = [
        reported(1, "v", Some(20)),
        reported(2, "v", None),
        reported(3, "w", Some(20)),
        reported(4, "", None),
        fault(5, &[(10, Some(20))]),
    ];
    let figures = count(&faults);
    assert_eq!((figures.villages.villages_reported, figures.villages.villages_resolved), (2, 1));
    // A report that joined another line's fault, and one that a person merged, count for the village that told.
    let trunk = FaultHistory {
        reported_from: [("".into(), "y".to_owned()), ("".into(), "z".to_owned())].into(),
        ..fault(9, &[(1, Some(2))])
    };
    let merged = FaultHistory { merged_into: Some(trunk.fault.clone()), ..reported(10, "x", Some(2)) };
    let villages = count(&[trunk, merged]).villages;
    assert_eq!((villages.villages_reported, villages.villages_resolved), (3, 3));
    assert_eq!(text(figures.by_source[&FaultSource::Reported]), "0 4 0 2 2 0");
    assert_eq!(text(figures.by_cause[&Some("断纤".to_owned())]), "0 4 0 2 2 0");
    assert_eq!(text(figures.by_cause[&None]), "0 1 0 1 0 0");
    assert_eq!(text(figures.by_channel["电话"]), "0 4 0 2 2 0");
    let json = serde_json::to_value(&figures).expect("JSON");
    assert_eq!(json["by_source"]["reported"]["opened"], 4);
    assert_eq!(json["by_cause"][0]["cause"], serde_json::Value::Null);
    assert_eq!(json["villages_reported"], 2);
    assert_eq!(json["resolution_ratio"], 0.6);
}

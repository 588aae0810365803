//! What a calendar day came to over all lines.

use linewatch_core::rollup::DayFigures;
use linewatch_core::time::Millis;

use super::scenario::Scenario;

const SHANGHAI: chrono_tz::Tz = chrono_tz::Asia::Shanghai;
const HOUR: i64 = 3_600_000;

/// Up, down, planned and undetermined time of days, in hours.
fn hours(days: &[DayFigures], day: &str) -> [i64; 4] {
    let found = days.iter().find(|figures| figures.day.to_string() == day).unwrap_or_else(|| panic!("no {day}"));
    let parts = [found.up_ms, found.down_ms, found.planned_ms, found.undetermined_ms];
    assert_eq!(parts.iter().map(|part| part.0).sum::<i64>(), found.in_service_ms.0, "{day}");
    parts.map(|Millis(ms)| ms / HOUR)
}

#[test]
fn an_outage_is_counted_on_the_days_it_lies_in() {
    let scenario = Scenario::read(
        SHANGHAI,
        "line A village; line B village; out A 2026-03-10T22..2026-03-13T03; out B 2026-03-12T05..2026-03-12T06;
        plan B 2026-03-11..2026-03-12; begin 2026-01-02T12",
    );
    let rollup = scenario.roll_up("2026");
    let days = &rollup.days;
    assert_eq!(days.len(), 365);
    assert_eq!(hours(days, "2026-01-01"), [0, 0, 0, 48]);
    assert_eq!(hours(days, "2026-01-02"), [24, 0, 0, 24]);
    assert_eq!(hours(days, "2026-03-09"), [48, 0, 0, 0]);
    assert_eq!(hours(days, "2026-03-10"), [46, 2, 0, 0]);
    assert_eq!(hours(days, "2026-03-11"), [0, 24, 24, 0]);
    assert_eq!(hours(days, "2026-03-12"), [23, 25, 0, 0]);
    assert_eq!(hours(days, "2026-03-13"), [45, 3, 0, 0]);
    assert_eq!(hours(days, "2026-12-31"), [48, 0, 0, 0]);
    let down = Millis(days.iter().map(|figures| figures.down_ms.0).sum());
    assert_eq!((down, rollup.total.down_ms), (Millis(54 * HOUR), Millis(54 * HOUR)));
}

#[test]
fn days_begin_and_end_with_the_counted_time() {
    let scenario = Scenario::read(SHANGHAI, "line A village; out A 2026-02-01T10..2026-02-01T20");
    let rollup = scenario.roll_up("2026-02-01T18..2026-02-03T06");
    let days: Vec<String> = rollup.days.iter().map(|figures| figures.day.to_string()).collect();
    assert_eq!(days, ["2026-02-01", "2026-02-02", "2026-02-03"]);
    assert_eq!(hours(&rollup.days, "2026-02-01"), [4, 2, 0, 0]);
    assert_eq!(hours(&rollup.days, "2026-02-02"), [24, 0, 0, 0]);
    assert_eq!(hours(&rollup.days, "2026-02-03"), [6, 0, 0, 0]);
}

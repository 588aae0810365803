//! Hard cases of a rollup, one line each.

mod days;
mod faults;
mod scenario;

use scenario::{check, check_in};

#[test]
fn nothing_happened() {
    check(
        "2026",
        "line A village",
        "total: lines=1 up=365d availability=100.000% mttr=- mtbf=- zero=1 compliant=1 rent=-",
    );
    check("2028", "line A village", "total: up=366d; 2028-02: up=29d; 2028-03: up=31d");
    check("2026", "", "total: lines=0 service=0ms availability=- coverage=- rent_per_line=-");
}

#[test]
fn no_evidence_is_not_a_hundred_percent() {
    check(
        "2026",
        "line A village; begin 2027-01-01",
        "total: up=0ms unknown=365d availability=- low=0.000% high=100.000%
        coverage=0.000% unproven=1 compliant=0 zero=0",
    );
    check("2026", "line A village; plan all 2026-01-01..2027-01-01", "total: planned=365d availability=- unproven=1");
}

#[test]
fn unknown_at_the_start() {
    check(
        "2026",
        "line A village; begin 2026-01-11",
        "total: unknown=10d up=355d availability=100.000% coverage=97.260%
        unproven=0 zero=1",
    );
    check(
        "2026",
        "line A village; begin 2026-02-01",
        "total: unknown=31d coverage=91.506% unproven=1 zero=0 compliant=0;
        2026-01: unproven=1; 2026-02: unproven=0",
    );
}

#[test]
fn a_state_from_before_the_period() {
    check(
        "2026",
        "line A village; out A 2025-12-31T22..2026-01-01T02",
        "total: down=2h outages=0 carried=1 open=0 mttr=4h
        longest=4h mtbf=- delay=-; 2026-01: carried=1; 2026-02: carried=0 down=0ms",
    );
    check(
        "2025",
        "line A village; out A 2025-12-31T22..2026-01-01T02",
        "total: down=2h outages=1 carried=0 open=1 mttr=-
        longest=4h delay=8s",
    );
    check(
        "2026",
        "line A village; out A 2025-12-31T22..2026-01-01",
        "total: down=0ms outages=0 carried=0 open=0 mttr=-",
    );
    check("2025", "line A village; out A 2025-12-31T22..2026-01-01", "total: down=2h outages=1 open=0 mttr=2h");
}

#[test]
fn a_running_year_counts_up_to_now() {
    check(
        "2026",
        "line A village; now 2026-02-01; horizon 2026-01-31",
        "total: service=31d up=30d unknown=1d; 2026-01: up=30d",
    );
    check(
        "2026",
        "line A village; now 2026-02-01; horizon 2026-02-01; out A 2026-01-31T22..",
        "total: down=2h open=1
        outages=1 longest=2h mttr=-",
    );
    check("2026", "line A village; now 2025-06-01", "total: lines=0 service=0ms");
}

#[test]
fn a_line_that_waits_is_certain_only_up_to_an_earlier_instant() {
    check(
        "2026-01",
        "line A village; line B village; now 2026-01-11; horizon 2026-01-11; waiting A 2026-01-10T23",
        "A: unknown=1h; B: unknown=0ms",
    );
    check(
        "2026-01",
        "line A village; now 2026-01-11; horizon 2026-01-11; waiting A 2026-01-10T23; out A 2026-01-10T22..",
        "A: down=1h unknown=1h open=1 longest=1h",
    );
}

#[test]
fn overlapping_windows_count_once() {
    let windows = "line A village; plan A 2026-03-01T00..2026-03-01T04; plan all 2026-03-01T02..2026-03-01T06";
    check("2026", windows, "total: planned=6h excluded=0ms");
    check(
        "2026",
        &format!("{windows}; exclude class:village 2026-03-01T05..2026-03-01T08"),
        "total: planned=8h excluded=3h",
    );
    check(
        "2026",
        &format!("{windows}; exclude class:other 2026-03-01T05..2026-03-01T08"),
        "total: planned=6h excluded=0ms",
    );
}

#[test]
fn an_outage_that_outlives_its_window_counts_from_the_windows_end() {
    check(
        "2026",
        "line A village; out A 2026-03-01T01..2026-03-01T06; plan A 2026-03-01T00..2026-03-01T04",
        "total: planned=4h down=2h outages=1 mttr=2h longest=2h",
    );
    check(
        "2026",
        "line A village; out A 2026-03-01T01..2026-03-01T03; plan A 2026-03-01T00..2026-03-01T04",
        "total: planned=4h down=0ms outages=0 zero=1 gross=99.977% unexcluded=100.000%",
    );
    // A window in the middle splits no outage, and one at its end shortens none.
    check(
        "2026",
        "line A village; out A 2026-03-01T01..2026-03-01T06; plan A 2026-03-01T02..2026-03-01T04",
        "total: planned=2h down=3h outages=1 mttr=5h",
    );
    check(
        "2026",
        "line A village; out A 2026-03-01T01..2026-03-01T06; plan A 2026-03-01T05..2026-03-01T07",
        "total: planned=2h down=4h outages=1 mttr=5h",
    );
    // The window lies in the old year, the outage outlives it in the new one.
    let new_year = "line A village; plan A 2025-12-31T20..2026-01-01T01; out A 2025-12-31T22..2026-01-01T03";
    check("2025", new_year, "total: outages=0 open=0 down=0ms");
    check("2026", new_year, "total: outages=1 carried=0 down=2h mttr=2h planned=1h");
}

#[test]
fn exclusions_stand_beside_what_they_change() {
    check(
        "2026-01",
        "line A village; out A 2026-01-10..2026-01-11; exclude A 2026-01-10..2026-01-11",
        "total: down=0ms planned=1d excluded=1d availability=100.000% unexcluded=96.774% gross=96.774% outages=0",
    );
    check(
        "2026-01",
        "line A village; out A 2026-01-10..2026-01-11; exclude A 2026-01-10..2026-01-11;
        plan A 2026-01-10..2026-01-10T12",
        "total: excluded=1d unexcluded=98.360% gross=96.774%",
    );
}

#[test]
fn a_window_on_a_trunk_line_covers_what_it_cuts_off_and_only_that() {
    let trunk = "line T township; line A village up=T; line B village up=T; out T 2026-03-01T01..2026-03-01T03;
        out A 2026-03-01T01..2026-03-01T03 by=T; out B 2026-03-01T02..2026-03-01T03";
    let line = format!("{trunk}; plan T 2026-03-01T00..2026-03-01T04");
    check("2026", &line, "T: planned=4h down=0ms; A: planned=2h upstream=0ms up=364d22h; B: planned=0ms own=1h");
    let all_below = format!("{trunk}; plan trunk:T 2026-03-01T00..2026-03-01T04");
    check("2026", &all_below, "T: planned=4h; A: planned=4h; B: planned=4h own=0ms");
    let class = format!("{trunk}; plan class:township 2026-03-01T00..2026-03-01T04");
    check("2026", &class, "T: planned=4h; A: planned=2h; B: planned=0ms own=1h");
    // Declared down is not down because of the trunk.
    check("2026", &format!("{line}; declare A 2026-03-01T02..2026-03-01T03"), "A: planned=1h declared=1h");
}

#[test]
fn a_line_re_parented_during_an_outage() {
    let moved = "line S township; line T township; line A village up=S until=2026-03-01T02;
        line A village up=T from=2026-03-01T02; out A 2026-03-01T00..2026-03-01T04 by=S; seg 2026-03-01T02 T";
    check("2026", moved, "A: upstream=4h outages=1 lines=1 mttr=4h");
    check(
        "2026",
        &format!("{moved}; plan S 2026-03-01T00..2026-03-01T04"),
        "A: upstream=2h planned=2h outages=1 mttr=2h",
    );
    check("2026", &format!("{moved}; plan trunk:T 2026-03-01T00..2026-03-01T05"), "A: upstream=2h planned=3h");
    // Two trunks deep; the middle one moves away.
    check(
        "2026",
        "line R township; line T township up=R until=2026-03-01T02; line T township from=2026-03-01T02;
        line A village up=T; plan trunk:R 2026-03-01T00..2026-03-01T04",
        "R: planned=4h; T: planned=2h; A: planned=2h",
    );
}

#[test]
fn bridged_and_unbridged_gaps() {
    check("2026", "line A village; gap A 2026-03-01T01..2026-03-01T03", "total: unknown=2h outages=0 down=0ms");
    check(
        "2026",
        "line A village; out A 2026-03-01T00..2026-03-01T04 bridge=2026-03-01T01..2026-03-01T03;
        gap A 2026-03-01T01..2026-03-01T03",
        "total: down=4h bridged=2h unknown=0ms outages=1",
    );
    check(
        "2026",
        "line A village; out A 2026-03-01T00..2026-03-01T01; gap A 2026-03-01T01..2026-03-01T03",
        "total: down=1h unknown=2h bridged=0ms mttr=1h",
    );
    // Lost sight of and not settled: known until the gap, still open.
    check(
        "2026-03",
        "line A village; out A 2026-03-01T00.. gap=2026-03-01T01; gap A 2026-03-01T01..2027-01-01",
        "total: down=1h unknown=30d23h open=1 longest=1h mttr=-",
    );
    check(
        "2026-04",
        "line A village; out A 2026-03-01T00.. gap=2026-03-01T01; gap A 2026-03-01T01..2027-01-01",
        "total: down=0ms unknown=30d carried=1 open=1",
    );
    check(
        "2026",
        "line A village; gap all 2026-03-01T01..2026-03-01T03; gap A 2026-03-01T02..2026-03-01T04",
        "total: unknown=3h",
    );
}

#[test]
fn lines_born_and_closed_count_by_their_own_days() {
    check("2026", "line A village opened=2026-12-01", "total: service=31d lines=1 at_end=1; 2026-12: lines=1");
    check(
        "2026",
        "line A village opened=2026-12-01; out A 2026-12-31T23..2027-01-01T01",
        "total: service=31d up=30d23h down=1h outages=1 open=1 longest=2h; 2026-11: lines=0; 2026-12: open=1",
    );
    check("2026", "line A village closed=2026-02-01", "total: service=31d at_end=0; 2026-02: lines=0 service=0ms");
    check("2026", "line A village opened=2027-01-01", "total: lines=0");
    check(
        "2026",
        "line A village closed=2026-02-01; out A 2026-01-31T23..2026-02-01T05",
        "total: down=1h outages=1 open=0 mttr=1h",
    );
    check(
        "2026",
        "line A village closed=2026-02-01; now 2026-06-01; horizon 2026-06-01; out A 2026-01-31T23..",
        "total: down=1h outages=1 open=0 mttr=1h",
    );
    check(
        "2026",
        "line A village opened=2026-06-01; out A 2026-05-31T23..2026-06-01T01",
        "total: down=1h outages=1 mttr=1h",
    );
}

#[test]
fn a_line_that_changes_class_counts_in_both_by_its_days() {
    let moved = "line A village until=2026-06-01; line A township from=2026-06-01; out A 2026-05-31T23..2026-06-01T02";
    check(
        "2026",
        moved,
        "total: lines=1 outages=1 down=3h mttr=3h; village: lines=1 at_end=0 service=151d outages=1 down=1h
        mttr=-; township: lines=1 at_end=1 service=214d outages=0 down=2h mttr=3h; A: lines=1 down=3h",
    );
}

#[test]
fn overlapping_and_touching_outages_are_one() {
    check(
        "2026",
        "line A village; out A 2026-03-01T00..2026-03-01T02; out A 2026-03-01T02..2026-03-01T03 imported;
        out A 2026-03-01T01..2026-03-01T04 imported; declare A 2026-03-01T04..2026-03-01T05",
        "total: outages=1 down=5h own=4h declared=1h mttr=5h delay=8s",
    );
    check(
        "2026",
        "line A village; declare A 2026-03-01T00..2026-03-01T01",
        "total: outages=1 declared=1h delay=- zero=0",
    );
    check(
        "2026",
        "line A village; out A 2026-03-01T00..2026-03-01T02 by=T; declare A 2026-03-01T01..2026-03-01T02",
        "total: upstream=1h declared=1h",
    );
}

#[test]
fn a_correction_after_the_seal_gives_other_figures_and_never_up_time() {
    let sealed = "line A village; out A 2026-03-01T00..2026-03-01T04";
    check("2026", sealed, "total: down=4h up=364d20h outages=1");
    check("2026", &format!("{sealed} counts=none"), "total: down=0ms unknown=4h up=364d20h outages=0");
    check(
        "2026",
        &format!("{sealed} counts=2026-03-01T01..2026-03-01T02"),
        "total: own=1h unknown=3h outages=1 mttr=1h",
    );
    check(
        "2026",
        &format!("{sealed} counts=2026-03-01T03..2026-03-01T06"),
        "total: own=1h declared=2h unknown=3h mttr=3h",
    );
    // An import that saw the line then does not make it up.
    check("2026", &format!("{sealed} counts=none; seen A 2026-03-01T00..2026-03-01T04"), "total: unknown=4h");
    check(
        "2026",
        "line A village; now 2026-03-02; horizon 2026-03-02; out A 2026-03-01T00.. counts=2026-03-01T00..2026-03-01T01",
        "total: own=1h unknown=23h open=0 mttr=1h",
    );
}

#[test]
fn imports_punch_holes_into_what_nobody_knew() {
    check(
        "2026",
        "line A village; line B village; begin 2026-07-01; seen A 2026-01-01..2026-07-01;
        out A 2026-03-01T00..2026-03-01T02 imported; out B 2026-03-01T00..2026-03-01T02 imported",
        "A: unknown=0ms down=2h; B: unknown=180d22h down=2h",
    );
    check("2026", "line A village; begin 2026-07-01; seen all 2026-06-01..2026-07-01", "total: unknown=151d up=214d");
}

#[test]
fn days_of_summer_time_have_their_own_length() {
    let zone = chrono_tz::Europe::Berlin;
    check_in(zone, "2026-03", "line A village rent=31000", "total: up=30d23h rent=¥310.00");
    check_in(zone, "2026-10", "line A village", "total: up=31d1h");
    check_in(zone, "2026", "line A village; out A 2026-03-29T00..2026-03-30T00", "total: up=364d1h down=23h");
    check_in(zone, "2026-03-01..2026-04-03", "line A village", "2026-03: up=30d23h; 2026-04: up=2d");
    // Shanghai had summer time once.
    check("1991-04", "line A village", "total: up=29d23h");
}

#[test]
fn rent_follows_the_days_in_service() {
    check("2026", "line A village rent=10000", "total: rent=¥1200.00 rent_per_line=¥1200.00; 2026-02: rent=¥100.00");
    check(
        "2026",
        "line A village rent=31000 closed=2026-01-11; line B village",
        "total: rent=¥100.00 rent_per_line=¥50.00; B: rent=-",
    );
    check(
        "2026-01",
        "line A village rent=31000 until=2026-01-11; line A village from=2026-01-11 rent=62000",
        "total: rent=¥520.00",
    );
    check("2026-01", "line A village rent=100; now 2026-01-11", "total: rent=¥0.32");
    check("2026-01", "line A village rent=31000; plan A 2026-01-01..2026-02-01", "total: rent=¥310.00");
}

#[test]
fn means_are_truncated_and_of_whole_lengths() {
    check(
        "2026",
        "line A village; out A 2026-03-01T00..2026-03-01T01; out A 2026-04-01T00..2026-04-01T00:31",
        "total: outages=2 mttr=45m30s longest=1h mtbf=182d11h14m30s; 2026-03: mttr=1h; 2026-04: mttr=31m; 2026-05: mttr=-",
    );
    check(
        "2026",
        "line A village; out A 2026-03-01T00..2026-03-01T00:01",
        "total: availability=99.999% zero=0 compliant=1",
    );
}

//! Series of groups and of faults.

use std::collections::{BTreeMap, BTreeSet};

use linewatch_core::outcome::State;
use linewatch_core::record::FaultSource;
use linewatch_core::view::{FaultView, Shown};

use super::family::{Family, count, labels, seconds};

/// Groups, then open faults.
pub(super) fn families(shown: &Shown<'_>) -> Vec<Family> {
    let mut families = vec![lines(shown), availability(shown), target(shown), delay(shown), faults_open(shown)];
    families.extend(faults(shown));
    families
}

/// Every state of every group that has lines, zeros too: a series that comes and goes cannot be summed over time.
fn lines(shown: &Shown<'_>) -> Family {
    let mut groups: BTreeMap<(&str, &str), [u64; State::ALL.len()]> = BTreeMap::new();
    for view in &shown.lines {
        let group = (view.line.class.as_str(), view.line.township.as_str());
        groups.entry(group).or_default()[view.state as usize] += 1;
    }
    let mut family = Family::gauge("linewatch_lines", "Lines in service by state.");
    for ((class, township), counts) in groups {
        for (state, lines) in State::ALL.into_iter().zip(counts) {
            let own = labels([("class", class), ("township", township), ("state", state.label())]);
            family.add(own, count(lines));
        }
    }
    family
}

fn availability(shown: &Shown<'_>) -> Family {
    let mut family = Family::gauge(
        "linewatch_availability_ratio",
        "up / (up + down) of the current month or year so far; absent when nothing was observed. Not for publication.",
    );
    for figure in &shown.snapshot.availability {
        let own = labels([("class", figure.class.as_str()), ("period", figure.period.label())]);
        family.add_known(&own, figure.ratio);
    }
    family
}

fn target(shown: &Shown<'_>) -> Family {
    let mut family = Family::gauge(
        "linewatch_availability_target_ratio",
        "Availability that the lines of a class have to reach, as configured.",
    );
    for class in &shown.snapshot.site.classes {
        family.add(labels([("class", class.class.as_str())]), f64::from(class.target_ppm) / 1e6);
    }
    family
}

fn delay(shown: &Shown<'_>) -> Family {
    let mut family =
        Family::histogram("linewatch_round_trip_delay_seconds", "Round-trip delays of answered probes (RFC 2681).");
    for (class, observed) in &shown.live.delay {
        family.add_histogram(labels([("class", class.as_str())]), observed);
    }
    family
}

fn place<'a>(fault: &FaultView<'a>) -> (&'a str, &'a str) {
    fault.line.map_or(("", ""), |line| (line.class.as_str(), line.township.as_str()))
}

/// Like [`lines`] with zeros for every group that has lines.
fn faults_open(shown: &Shown<'_>) -> Family {
    let mut groups: BTreeSet<(&str, &str)> =
        shown.lines.iter().map(|view| (view.line.class.as_str(), view.line.township.as_str())).collect();
    groups.extend(shown.faults.iter().map(place));
    let mut open: BTreeMap<_, u64> = BTreeMap::new();
    for fault in &shown.faults {
        *open.entry((place(fault), fault.fault.source, fault.overdue)).or_default() += 1;
    }
    let mut family = Family::gauge("linewatch_faults_open", "Faults that are not restored.");
    for group in groups {
        for source in [FaultSource::Detected, FaultSource::Reported] {
            for overdue in [false, true] {
                let own = labels([
                    ("class", group.0),
                    ("township", group.1),
                    ("source", source.label()),
                    ("overdue", if overdue { "true" } else { "false" }),
                ]);
                family.add(own, count(open.get(&(group, source, overdue)).copied().unwrap_or(0)));
            }
        }
    }
    family
}

/// One series a fault; the two instants carry its number alone, so that a step of the fault never ends them.
fn faults(shown: &Shown<'_>) -> Vec<Family> {
    let mut info =
        Family::gauge("linewatch_fault_info", "Always 1; an open fault, and how far the work on it has come.");
    let mut opened = Family::gauge("linewatch_fault_opened_timestamp_seconds", "What the open fault is dated from.");
    let mut deadline =
        Family::gauge("linewatch_fault_deadline_timestamp_seconds", "When the open fault is to be restored.");
    for view in &shown.faults {
        let (class, township) = place(view);
        let fault = view.fault;
        info.add(
            labels([
                ("fault", fault.fault.as_str()),
                ("line", fault.line.as_str()),
                ("class", class),
                ("township", township),
                ("source", fault.source.label()),
                ("stage", fault.work.stage.label()),
            ]),
            1.0,
        );
        opened.add(labels([("fault", fault.fault.as_str())]), seconds(fault.opened));
        deadline.add(labels([("fault", fault.fault.as_str())]), seconds(fault.deadline));
    }
    vec![info, opened, deadline]
}

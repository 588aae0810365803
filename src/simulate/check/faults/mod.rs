//! The faults of the records against those of the truth, and the figures of faults.
//!
//! [`course`] tells the faults anew from what the wire lost, what was agreed and what people said, by the sentences of the
//! design; [`account`] counts them anew. What is demanded:
//!
//! - every fault is in the records once, with its source, line, opening, deadline, openings and restorations, affected
//!   lines, reports, closing; no fault is invented;
//! - every step that people took is in the records once, of the fault whose number they wrote on the slip, by who took
//!   it, with both its times; no step is invented;
//! - the figures of the rollup are those of the records' faults counted anew, to the millisecond, and those of the
//!   truth's faults, as far as all of those can be told for certain.
//!
//! A fault is *clouded* where the truth cannot tell all of it for certain: the monitor could not see at an edge of it, or
//! two things fell together so closely that either may have been known first. Where the records tell such a fault as the
//! truth does, that is so; else only what people did is demanded of it, and by so much the figures may be off.

mod account;
mod course;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use linewatch_core::ledger::{FaultRow, FaultStepRow, PointRow, Stage};
use linewatch_core::line::LineId;
use linewatch_core::record::{FaultFact, FaultNo, FaultSource};
use linewatch_core::time::{Span, Timestamp};

use super::figures::Counted;
use super::{Checked, Deed, Flaw, Records, Told};
use crate::simulate::truth::Step;
use account::{Lived, MEAN_REPAIR};
use course::TrueFault;

/// A fault of the records with what belongs to it.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The fault.
    pub row: FaultRow,
    /// Its points.
    pub points: Vec<PointRow>,
    /// What was done about it and said of it.
    pub steps: Vec<FaultStepRow>,
}

/// What of a fault does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "their labels say what each is")]
pub enum Wrong {
    Missing,
    Invented,
    Number,
    Source,
    Deadline,
    Rounds,
    Points,
    Reports,
    Closed,
    Void,
    Step,
}

pub(super) fn check(told: &Told<'_>, records: &Records, counted: Counted<'_>, checked: &mut Checked) {
    steps(told, records, checked);
    let truth = course::faults(told);
    let faults: Vec<&Fault> = records.faults.iter().filter(|fault| fault.row.merged_into.is_none()).collect();
    let mut by_line: BTreeMap<&LineId, Vec<usize>> = BTreeMap::new();
    for (place, fault) in faults.iter().enumerate() {
        by_line.entry(&fault.row.line).or_default().push(place);
    }
    // By place in the records: the same number twice is twice.
    let mut matched: BTreeSet<usize> = BTreeSet::new();
    let mut doubtful: Vec<&TrueFault<'_>> = Vec::new();
    for fault in &truth {
        let mine = by_line.get(fault.line).map(Vec::as_slice).unwrap_or_default();
        let mut same =
            mine.iter().filter(|place| faults[**place].row.opened == fault.opened && !matched.contains(place));
        let same = same.next().copied();
        if fault.clouded {
            checked.clouded_faults += 1;
            // What is told in spite of the cloud is so.
            match same.filter(|place| differences(fault, faults[*place]).is_empty()) {
                Some(place) => drop(matched.insert(place)),
                None => doubtful.push(fault),
            }
            continue;
        }
        checked.faults += 1;
        let Some(place) = same else {
            flaw(checked, None, fault.line, Wrong::Missing, (String::new(), fault.opened.to_string()));
            continue;
        };
        matched.insert(place);
        let FaultRow { fault: number, line, .. } = &faults[place].row;
        for (wrong, said) in differences(fault, faults[place]) {
            flaw(checked, Some(number), line, wrong, said);
        }
    }
    // What else is in the records has to be one that the truth knows of, if not exactly.
    let mut excused: Vec<&Fault> = Vec::new();
    for (place, fault) in faults.iter().enumerate().filter(|(place, _)| !matched.contains(place)) {
        let FaultRow { line, opened, restored, .. } = &fault.row;
        let span = Span::new(*opened - super::PLAIN, restored.unwrap_or(Timestamp::MAX));
        let told_of = doubtful.iter().any(|other| {
            let lasted = other.restored().unwrap_or(Timestamp::MAX);
            let near = Span::new(other.opened - told.policy.merge_window, lasted + told.policy.merge_window);
            other.line == line && !near.clip(span).is_empty()
        });
        let unique = faults.iter().position(|other| other.row.fault == fault.row.fault) == Some(place);
        let unseen = Span::new(*opened - told.policy.stability, *opened + told.policy.open_after);
        if unique && (told_of || told.is_disturbed(unseen)) {
            excused.push(fault);
        } else {
            flaw(checked, Some(&fault.row.fault), line, Wrong::Invented, (opened.to_string(), String::new()));
        }
    }
    checked.doubtful_faults = doubtful.len();
    figures(told, Sides { recorded: &faults, excused: &excused, truth: &truth, doubtful: &doubtful }, counted, checked);
}

fn flaw(checked: &mut Checked, fault: Option<&FaultNo>, line: &LineId, wrong: Wrong, said: (String, String)) {
    let (records, truth) = said;
    checked.flaws.push(Flaw::Fault { fault: fault.cloned(), line: line.clone(), wrong, records, truth });
}

/// What of a fault is not as it was: what the records say, and the truth.
fn differences(truth: &TrueFault<'_>, found: &Fault) -> Vec<(Wrong, (String, String))> {
    let Fault { row, points, steps } = found;
    let mut differences = Vec::new();
    let mut differs = |wrong: Wrong, records: String, truth: String| {
        if records != truth {
            differences.push((wrong, (records, truth)));
        }
    };
    let at = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), |at| at.to_string());
    differs(Wrong::Source, row.source.label().to_owned(), truth.source.label().to_owned());
    differs(Wrong::Deadline, row.deadline.to_string(), truth.deadline.to_string());
    let rounds = |rounds: &mut dyn Iterator<Item = (Timestamp, Option<Timestamp>)>| {
        rounds.map(|(from, restored)| format!("{from}..{}", at(restored))).collect::<Vec<_>>().join(" ")
    };
    let held = row.work.rounds.iter().map(|round| (round.from, round.restored.as_ref().map(|restored| restored.at)));
    differs(Wrong::Rounds, rounds(&mut held.clone()), rounds(&mut truth.rounds.iter().copied()));
    differs(Wrong::Rounds, at(row.restored), at(truth.restored()));
    differs(Wrong::Rounds, row.relapses.to_string(), (truth.rounds.len() - 1).to_string());
    let lines = |points: &BTreeMap<&LineId, Timestamp>| {
        points.iter().map(|(line, from)| format!("{line}@{from}")).collect::<Vec<_>>().join(" ")
    };
    let mut mine: BTreeMap<&LineId, Timestamp> = affected(row, points);
    let mut expected = truth.points.clone();
    // A reported fault stands on its line from its opening, whatever the probes say.
    for points in [&mut mine, &mut expected] {
        points.entry(truth.line).or_insert(truth.opened);
    }
    differs(Wrong::Points, lines(&mine), lines(&expected));
    let reports = |reports: &mut dyn Iterator<Item = (Timestamp, &LineId)>| {
        let mut all: Vec<String> = reports.map(|(at, line)| format!("{line}@{at}")).collect();
        all.sort_unstable();
        all.join(" ")
    };
    let held = row.work.reports.iter().map(|told| (told.mark.at, &told.line));
    differs(Wrong::Reports, reports(&mut held.clone()), reports(&mut truth.reports.iter().copied()));
    differs(Wrong::Closed, at(row.work.closed.as_ref().map(|mark| mark.at)), at(truth.closed));
    differs(Wrong::Void, (row.work.stage == Stage::Void).to_string(), truth.void.to_string());
    let numbers = |numbers: &mut dyn Iterator<Item = &FaultNo>| {
        numbers.map(ToString::to_string).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
    };
    let slips = steps.iter().filter(|step| step_of(&step.fact, step.said.at).is_some()).map(|step| step.fact.fault());
    differs(Wrong::Number, numbers(&mut slips.clone()), numbers(&mut truth.numbers.iter().copied()));
    differences
}

/// The lines of a fault, each with since when.
fn affected<'r>(row: &'r FaultRow, points: &'r [PointRow]) -> BTreeMap<&'r LineId, Timestamp> {
    let mut affected: BTreeMap<&LineId, Timestamp> = BTreeMap::new();
    let points = points.iter().filter(|point| point.left.is_none_or(|left| left > point.from));
    let named = row.work.named.iter().map(|point| (&point.line, point.from));
    for (line, from) in points.map(|point| (&point.line, point.from)).chain(named) {
        let since = affected.entry(line).or_insert(from);
        *since = from.min(*since);
    }
    affected
}

/// What a person did, of the kinds that crews do.
fn step_of(fact: &FaultFact, entered: Timestamp) -> Option<(Step, Timestamp)> {
    match fact {
        FaultFact::Acknowledged { at, .. } => Some((Step::Acknowledged, *at)),
        FaultFact::Dispatched { at, .. } => Some((Step::Dispatched, *at)),
        FaultFact::Arrived { at, .. } => Some((Step::Arrived, *at)),
        FaultFact::Repaired { at, .. } => Some((Step::Restored, *at)),
        FaultFact::Closed { at, .. } => Some((Step::Closed, *at)),
        FaultFact::Voided { .. } => Some((Step::Voided, entered)),
        _ => None,
    }
}

/// Every deed is a record, and every record of a person a deed. No cloud excuses anything here.
fn steps(told: &Told<'_>, records: &Records, checked: &mut Checked) {
    type Slip<'a> = (&'a FaultNo, &'a LineId, Step, Timestamp, Timestamp, &'a str);
    let mut open: BTreeMap<Slip<'_>, i64> = BTreeMap::new();
    let mut reports: BTreeMap<(Timestamp, &LineId), i64> = BTreeMap::new();
    for deed in &told.deeds {
        match deed {
            Deed::Reported { line, at } => *reports.entry((*at, line)).or_default() += 1,
            Deed::Worked { line, fault, step, at, entered, by } => {
                checked.deeds += 1;
                *open.entry((fault, line, *step, *at, *entered, by)).or_default() += 1;
            }
        }
    }
    checked.deeds += reports.len();
    for fault in &records.faults {
        for step in &fault.steps {
            if let Some((done, at)) = step_of(&step.fact, step.said.at) {
                let slip = (&fault.row.fault, &fault.row.line, done, at, step.said.at, step.said.by.as_str());
                *open.entry(slip).or_default() -= 1;
            }
            if let FaultFact::Reported { line, opened: at, .. } | FaultFact::ReportJoined { line, at, .. } = &step.fact
            {
                *reports.entry((*at, line)).or_default() -= 1;
            }
        }
    }
    for ((fault, line, step, at, entered, by), left) in open.into_iter().filter(|(_, left)| *left != 0) {
        let slip = format!("{step:?} {at} ({by}, {entered})");
        let said = if left > 0 { (String::new(), slip) } else { (slip, String::new()) };
        flaw(checked, Some(fault), line, Wrong::Step, said);
    }
    for ((at, line), left) in reports.into_iter().filter(|(_, left)| *left != 0) {
        let said = if left > 0 { (String::new(), at.to_string()) } else { (at.to_string(), String::new()) };
        flaw(checked, None, line, Wrong::Reports, said);
    }
}

/// Faults of the records and of the truth, and which of either the other does not bear out for certain.
#[derive(Clone, Copy)]
struct Sides<'a, 't> {
    recorded: &'a [&'a Fault],
    excused: &'a [&'a Fault],
    truth: &'a [TrueFault<'t>],
    doubtful: &'a [&'a TrueFault<'t>],
}

/// The figures of the records' faults counted anew, exactly; and of the truth's, as far as those are certain.
fn figures(told: &Told<'_>, sides: Sides<'_, '_>, counted: Counted<'_>, checked: &mut Checked) {
    let Sides { recorded: faults, excused, truth, doubtful } = sides;
    let period = counted.period;
    let village = |line: &LineId| {
        let line = told.lines.get(line)?;
        (!line.village.is_empty()).then_some((line.township.as_str(), line.village.as_str()))
    };
    let recorded: Vec<Lived<'_>> = faults.iter().map(|fault| of_records(fault, &village)).collect();
    let true_ones: Vec<Lived<'_>> = truth.iter().map(|fault| of_truth(fault, &village)).collect();
    let found = account::told(&counted.figures.faults);
    let again = account::count(&recorded, period);
    let truly = account::count(&true_ones, period);
    let doubts = i64::try_from(doubtful.len() + excused.len()).unwrap_or(i64::MAX);
    let points: usize = doubtful.iter().map(|fault| fault.points.len().max(1)).sum();
    let points = points + excused.iter().map(|fault| fault.points.len().max(1)).sum::<usize>();
    let points = i64::try_from(points).unwrap_or(i64::MAX);
    let size = |name: &str| {
        let of = |named: &account::Named| named.iter().find(|(other, _)| *other == name).and_then(|(_, value)| *value);
        of(&found).into_iter().chain(of(&truly)).min().unwrap_or(0)
    };
    let longest = recorded.iter().chain(&true_ones).filter_map(Lived::repair).max().unwrap_or_default();
    for (((name, records), (_, again)), (_, truly)) in found.iter().zip(&again).zip(&truly) {
        let near = i64::from(name.ends_with("_ratio"));
        let bound = match *name {
            MEAN_REPAIR => doubts * longest.0 / size("resolved").max(1),
            "point_resolution_ratio" => points * 1_000_000_000 / size("points.resolved").max(1),
            "resolution_ratio" | "on_time_ratio" => doubts * 1_000_000_000 / size("resolved").max(1),
            name if name.starts_with("points.") => points,
            _ => doubts,
        };
        for (truth, bound) in [(again, 0), (truly, bound)] {
            checked.figures += 1;
            let fits = match (records, truth) {
                (Some(records), Some(truth)) => (records - truth).abs() <= bound + near,
                (None, None) => true,
                _ => bound > 0,
            };
            if !fits {
                let (records, truth) = (records.unwrap_or(-1), truth.unwrap_or(-1));
                checked.flaws.push(Flaw::Figure { group: String::new(), figure: name, records, truth, bound });
            }
        }
    }
    let of = |named: &account::Named, name: &str| named.iter().find(|(other, _)| *other == name).and_then(|(_, v)| *v);
    checked.point_resolution = of(&found, "point_resolution_ratio").zip(of(&truly, "point_resolution_ratio"));
    checked.on_time = of(&found, "on_time_ratio").zip(of(&truly, "on_time_ratio"));
    checked.mean_repair = of(&found, MEAN_REPAIR).zip(of(&truly, MEAN_REPAIR));
}

fn of_records<'a>(fault: &'a Fault, village: &dyn Fn(&LineId) -> Option<(&'a str, &'a str)>) -> Lived<'a> {
    let row = &fault.row;
    let mut points: BTreeMap<&str, Timestamp> =
        affected(row, &fault.points).into_iter().map(|(line, from)| (line.as_str(), from)).collect();
    let own = points.entry(row.line.as_str()).or_insert(row.opened);
    *own = row.opened.min(*own);
    let stepped = fault.steps.iter().filter_map(|step| step_of(&step.fact, step.said.at));
    Lived {
        opened: row.opened,
        deadline: row.deadline,
        rounds: row
            .work
            .rounds
            .iter()
            .map(|round| (round.from, round.restored.as_ref().map(|restored| restored.at)))
            .collect(),
        points,
        void: row.work.stage == Stage::Void,
        detected: row.source == FaultSource::Detected,
        stepped: stepped.into_iter().any(|(step, _)| step < Step::Closed),
        villages: row.work.reports.iter().filter_map(|told| village(&told.line)).collect(),
    }
}

fn of_truth<'a>(fault: &'a TrueFault<'_>, village: &dyn Fn(&LineId) -> Option<(&'a str, &'a str)>) -> Lived<'a> {
    let mut points: BTreeMap<&str, Timestamp> =
        fault.points.iter().map(|(line, from)| (line.as_str(), *from)).collect();
    let own = points.entry(fault.line.as_str()).or_insert(fault.opened);
    *own = fault.opened.min(*own);
    Lived {
        opened: fault.opened,
        deadline: fault.deadline,
        rounds: fault.rounds.clone(),
        points,
        void: fault.void,
        detected: fault.source == FaultSource::Detected,
        stepped: fault.stepped,
        villages: fault.reports.iter().filter_map(|(_, line)| village(line)).collect(),
    }
}

impl Lived<'_> {
    /// From opening to restoration.
    fn repair(&self) -> Option<linewatch_core::time::Millis> {
        self.rounds.last().and_then(|(_, restored)| *restored).map(|restored| restored - self.opened)
    }
}

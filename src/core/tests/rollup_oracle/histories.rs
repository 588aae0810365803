//! Random histories: a handful of lines around the turn of a month, with everything that can happen to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::LineRow;
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::BlindCause;
use linewatch_core::record::{Attribution, DecisionId, Scope};
use linewatch_core::rollup::{
    Common, Correction, Declared, Evidence, Gap, Inventory, LineHistory, Outage, Policy, Segment, Window, WindowKind,
};
use linewatch_core::time::{Span, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::naive::number;

/// 1 February 2026, 00:00 in Shanghai: periods around it touch two months.
pub const MIDDLE: i64 = 1_769_875_200_000;
pub const LINES: usize = 5;

#[derive(Clone, Debug)]
pub struct Case {
    pub common: Common,
    pub rows: Vec<LineRow>,
    pub histories: Vec<LineHistory>,
}

pub fn id(number: usize) -> LineId {
    ["A", "B", "C", "D", "E"][number % LINES].into()
}

pub fn at() -> impl Strategy<Value = Timestamp> {
    (-60i64..60).prop_map(|offset| Timestamp(MIDDLE + offset))
}

fn span() -> impl Strategy<Value = Span> {
    (at(), 0i64..40).prop_map(|(start, length)| Span::new(start, Timestamp(start.0 + length)))
}

fn gap() -> impl Strategy<Value = Gap> {
    span().prop_map(|span| Gap { span, cause: BlindCause::Silent })
}

fn attribution() -> impl Strategy<Value = Attribution> {
    prop_oneof![
        4 => Just(Attribution::Own),
        5 => (0..LINES).prop_map(|above| Attribution::Upstream(id(above))),
        1 => Just(Attribution::Declared),
    ]
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    vec((at(), attribution()), 0..4).prop_map(|mut parts| {
        parts.sort_by_key(|(from, _)| *from);
        parts.dedup_by_key(|(from, _)| *from);
        parts.into_iter().map(|(from, attribution)| Segment { from, attribution }).collect()
    })
}

fn correction() -> impl Strategy<Value = Correction> {
    option::of(span()).prop_map(|counts| Correction { decision: DecisionId(7), counts })
}

/// Where an outage ends: known, lost sight of, or neither.
fn ending() -> impl Strategy<Value = (Option<i64>, Option<i64>)> {
    prop_oneof![
        6 => (0i64..40).prop_map(|end| (Some(end), None)),
        1 => (0i64..40).prop_map(|gap| (None, Some(gap))),
        1 => Just((None, None)),
    ]
}

fn outage() -> impl Strategy<Value = Outage> {
    let confirmed = option::weighted(0.8, 0i64..6);
    let bridged = vec(span(), 0..2);
    (at(), ending(), confirmed, segments(), bridged, option::weighted(0.2, correction()), any::<bool>()).prop_map(
        |(start, (end, gap), confirmed, segments, bridged, correction, imported)| Outage {
            outage: number(0),
            start,
            end: end.map(|after| Timestamp(start.0 + after)),
            gap_from: gap.map(|after| Timestamp(start.0 + after)),
            confirmed_at: confirmed.map(|after| Timestamp(start.0 + after)),
            segments,
            bridged,
            correction,
            imported,
        },
    )
}

fn declared() -> impl Strategy<Value = Declared> {
    (at(), option::weighted(0.8, 0i64..30)).prop_map(|(from, length)| Declared {
        decision: DecisionId(8),
        from,
        until: length.map(|length| Timestamp(from.0 + length)),
    })
}

fn history(line: usize) -> impl Strategy<Value = LineHistory> {
    (vec(gap(), 0..3), vec(span(), 0..2), vec(outage(), 0..4), vec(declared(), 0..2)).prop_map(
        move |(gaps, observed, mut outages, declared)| {
            for (place, outage) in outages.iter_mut().enumerate() {
                outage.outage = number(place);
            }
            LineHistory { line: id(line), gaps, observed, outages, declared }
        },
    )
}

/// One to three rows; the first one mostly since before everything.
fn rows(line: usize) -> impl Strategy<Value = Vec<LineRow>> {
    let row = (at(), option::weighted(0.2, at()), said(line));
    (vec(row, 1..4), any::<bool>()).prop_map(|(mut rows, always)| {
        rows.sort_by_key(|(from, ..)| *from);
        rows.dedup_by_key(|(from, ..)| *from);
        if always && let Some((from, ..)) = rows.first_mut() {
            *from = Timestamp::MIN;
        }
        rows.into_iter().map(|(from, until, line)| LineRow { from, until, line: Arc::new(line) }).collect()
    })
}

fn said(number: usize) -> impl Strategy<Value = Line> {
    let names = (0usize..2, 0usize..2, 0usize..2, option::of(0..LINES));
    let dates = (option::weighted(0.2, at()), option::weighted(0.2, at()));
    (names, dates, option::of(0i64..4_000_000_000_000)).prop_map(
        move |((class, township, carrier, upstream), (opened, closed), rent_fen_month)| Line {
            class: ["village", "township"][class].into(),
            township: ["X", "Y"][township].into(),
            carrier: ["one", "two"][carrier].to_owned(),
            upstream: upstream.map(id),
            opened,
            closed,
            rent_fen_month,
            ..Line::new(id(number).as_str(), "a line", "village", "192.0.2.1")
        },
    )
}

fn window() -> impl Strategy<Value = Window> {
    let scope = prop_oneof![
        1 => Just(Scope::All),
        3 => (0..LINES).prop_map(|line| Scope::Line(id(line))),
        3 => (0..LINES).prop_map(|line| Scope::Trunk(id(line))),
        1 => (0usize..2).prop_map(|class| Scope::Class(["village", "township"][class].into())),
        1 => (0usize..2).prop_map(|township| Scope::Township(["X", "Y"][township].into())),
    ];
    let kind = prop_oneof![Just(WindowKind::Planned), Just(WindowKind::Excluded)];
    (scope, kind, span()).prop_map(|(scope, kind, span)| Window { record: 9, kind, scope, span })
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let waiting = option::weighted(0.3, (0..LINES, at()));
    let horizon = prop_oneof![2 => Just(Timestamp::MAX), 1 => at()];
    let begin = prop_oneof![2 => Just(Timestamp(MIDDLE - 1000)), 1 => at()];
    (begin, horizon, waiting, vec(gap(), 0..3), vec(span(), 0..2)).prop_map(
        |(begin, horizon, waiting, gaps, observed)| Evidence {
            begin,
            // An open outage is down until the horizon: not for ever, that the oracle may look at each millisecond.
            horizon: horizon.min(Timestamp(MIDDLE + 80)),
            waiting: waiting.map(|(line, until)| (id(line), until)).into_iter().collect(),
            gaps,
            observed,
        },
    )
}

fn policy() -> impl Strategy<Value = Policy> {
    (0u32..=1_000_000, 0u32..=1_000_000, 0u32..=1_000_000).prop_map(|(village, other, min_coverage_ppm)| Policy {
        targets_ppm: BTreeMap::from([("village".into(), village)]),
        target_ppm: other,
        min_coverage_ppm,
        ..Policy::default()
    })
}

pub fn case() -> impl Strategy<Value = Case> {
    let rows = (0..LINES).map(rows).collect::<Vec<_>>();
    let histories = (0..LINES).map(history).collect::<Vec<_>>();
    (span(), 0i64..50, evidence(), policy(), vec(window(), 0..5), rows, histories).prop_map(
        |(period, until, evidence, policy, mut windows, rows, histories)| {
            let rows = rows.concat();
            (100..).zip(&mut windows).for_each(|(record, window)| window.record = record);
            let common = Common {
                period,
                until: Timestamp(period.start.0 + until),
                calendar: Calendar::new(chrono_tz::Asia::Shanghai),
                policy,
                inventory: Inventory::of(rows.clone()),
                evidence,
                windows,
            };
            Case { common, rows, histories }
        },
    )
}

//! Facts of every kind about whatever: folding them must never fail.

use std::sync::Arc;

use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::{BlindCause, LossCause};
use linewatch_core::record::{
    Attribution, Closing, EndReason, Fact, FaultFact, FaultNo, FaultSource, LineFact, ObservationFact, OutageFact,
    OutageId, Report, Waiting,
};
use linewatch_core::time::{Span, Timestamp};
use proptest::prelude::*;

use crate::text::at;

pub fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        8 => (0i64..5_000).prop_map(at),
        1 => Just(Timestamp::MIN),
        1 => Just(Timestamp::MAX),
        1 => Just(Timestamp(0)),
    ]
}

fn any_line() -> impl Strategy<Value = LineId> {
    prop::sample::select(vec!["A", "B", "C", "D"]).prop_map(LineId::from)
}

fn any_outage() -> impl Strategy<Value = OutageId> {
    (0u64..40).prop_map(OutageId)
}

fn any_fault() -> impl Strategy<Value = FaultNo> {
    prop::sample::select(vec!["F20260105-001", "F20260105-002", "F20260106-4294967295", "strange", ""])
        .prop_map(|text| FaultNo::from_stored(text.to_owned()))
}

fn any_attribution() -> impl Strategy<Value = Attribution> {
    prop_oneof![Just(Attribution::Own), any_line().prop_map(Attribution::Upstream), Just(Attribution::Declared)]
}

fn waiting() -> impl Strategy<Value = Vec<Waiting>> {
    proptest::collection::vec((any_line(), any_time()).prop_map(|(line, until)| Waiting { line, until }), 0..3)
}

/// Any fact, however wrong.
pub fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        3 => line_fact().prop_map(Fact::Line),
        3 => observation_fact().prop_map(Fact::Observation),
        6 => outage_fact().prop_map(Fact::Outage),
        6 => fault_fact().prop_map(Fact::Fault),
    ]
}

fn line_fact() -> impl Strategy<Value = LineFact> {
    (any_time(), any_line(), proptest::option::of(any_line()), proptest::option::of(any_time()), 0u8..4).prop_map(
        |(at, id, upstream, date, which)| {
            let mut line = Line::new(id.as_str(), "", "village", "127.0.0.1");
            line.upstream = upstream;
            if which == 1 {
                line.opened = date;
            } else {
                line.closed = date;
            }
            match which {
                0 => LineFact::Decommissioned { at, line: id },
                1 | 2 => LineFact::Commissioned { at, line: Arc::new(line) },
                _ => LineFact::Changed { at, line: Arc::new(line) },
            }
        },
    )
}

fn observation_fact() -> impl Strategy<Value = ObservationFact> {
    (any_time(), any_time(), waiting(), any_line(), 0u8..7).prop_map(|(at, other, waiting, line, which)| match which {
        0 => ObservationFact::Resumed { at, observed_until: Some(other), waiting },
        1 => ObservationFact::Checkpoint { at, waiting },
        2 => ObservationFact::Blinded { from: at, cause: BlindCause::Silent, waiting },
        3 => ObservationFact::Sighted { at },
        4 => ObservationFact::ClockStepped { from: at, until: other, wall: at, expected: other, elapsed: 0, waiting },
        5 => ObservationFact::LineLost { line, from: at, cause: BlindCause::Stalled },
        _ => ObservationFact::LineSeen { line, at },
    })
}

fn outage_fact() -> impl Strategy<Value = OutageFact> {
    (any_line(), any_time(), any_time(), any_outage(), any_attribution(), 0u8..6).prop_map(
        |(line, at, other, outage, attribution, which)| match which {
            0..=2 => OutageFact::Started {
                line,
                start: at,
                last_reply: (which == 1).then_some(other),
                confirmed_at: other,
                cause: LossCause::Refused,
                attribution,
            },
            3 => OutageFact::Attributed { outage, from: at, attribution },
            4 => OutageFact::Bridged { outage, gap: Span::new(at, other) },
            _ => OutageFact::Ended {
                outage,
                end: at,
                last_loss: other,
                first_reply: other,
                confirmed_at: at,
                reason: EndReason::Gap,
            },
        },
    )
}

fn fault_fact() -> impl Strategy<Value = FaultFact> {
    (any_fault(), any_fault(), any_line(), any_time(), any_outage(), 0u8..23).prop_map(
        |(fault, into, line, at, outage, which)| match which {
            0 | 1 => FaultFact::Opened {
                fault,
                source: if which == 0 { FaultSource::Detected } else { FaultSource::Reported },
                line,
                opened: at,
                deadline: at,
                outage: Some(outage),
            },
            2 => FaultFact::Joined { fault, line, outage, from: at },
            3 => FaultFact::Left { fault, line, outage, from: at },
            4 => FaultFact::Relapsed { fault, outage, at },
            5 => FaultFact::Restored { fault, at },
            6 => FaultFact::Merged { fault, into, opened: at, deadline: at },
            _ => said_fact((fault, into, line, at), which),
        },
    )
}

fn said_fact((fault, into, line, at): (FaultNo, FaultNo, LineId, Timestamp), which: u8) -> FaultFact {
    let (late, note, reason, report) = (false, String::new(), String::new(), Report::default());
    match which {
        7 => FaultFact::Dated { fault, opened: at, deadline: at },
        8 => FaultFact::Verified { fault, at },
        9 => FaultFact::Reported { fault, line, opened: at, deadline: at, report, late },
        10 => FaultFact::ReportJoined { fault, line, at, report, late },
        11 => FaultFact::Acknowledged { fault, at, late, note },
        12 => FaultFact::Dispatched { fault, at, to: String::new(), ticket: None, late, note },
        13 => FaultFact::Arrived { fault, at, late, note },
        14 => FaultFact::Repaired { fault, at, restored: Some(at), late, note },
        15 => FaultFact::Repaired { fault, at, restored: None, late, note },
        16 => FaultFact::Closed { fault, at, closing: Closing::default(), late },
        17 => FaultFact::Reopened { fault, at, reason, late },
        18 => FaultFact::Combined { fault, into, opened: at, deadline: at, reason },
        19 => {
            FaultFact::Split { fault, of: into, line, source: FaultSource::Detected, opened: at, deadline: at, reason }
        }
        20 => FaultFact::Voided { fault, reason },
        21 => FaultFact::PointAdded { fault, line, from: at, reason },
        _ => FaultFact::PointRemoved { fault, line, from: at, reason },
    }
}

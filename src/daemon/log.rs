//! One line of log for each committed record that somebody would look for.

use linewatch_core::record::{Fact, FaultFact, ObservationFact, OutageFact, Record};

/// Logs records after their commit; the inventory as one line.
pub fn committed(records: &[Record]) {
    let lines = records.iter().filter(|record| matches!(record.fact, Fact::Line(_))).count();
    if lines > 0 {
        tracing::info!(records = lines, "inventory recorded");
    }
    for record in records {
        one(record);
    }
}

fn one(record: &Record) {
    let (seq, kind) = (record.seq, record.fact.kind());
    match &record.fact {
        Fact::Line(_) => {}
        Fact::Observation(fact) => match fact {
            ObservationFact::Checkpoint { at, .. } => tracing::debug!(seq, %at, "{kind}"),
            ObservationFact::LineSeen { line, at } => tracing::debug!(seq, %line, %at, "{kind}"),
            ObservationFact::Resumed { at, observed_until, .. } => {
                let observed_until = observed_until.map(tracing::field::display);
                tracing::info!(seq, %at, observed_until, "{kind}");
            }
            ObservationFact::Blinded { from, cause, .. } => tracing::warn!(seq, %from, ?cause, "{kind}"),
            ObservationFact::Sighted { at } => tracing::info!(seq, %at, "{kind}"),
            ObservationFact::ClockStepped { from, until, .. } => tracing::warn!(seq, %from, %until, "{kind}"),
            ObservationFact::LineLost { line, from, cause } => tracing::warn!(seq, %line, %from, ?cause, "{kind}"),
        },
        Fact::Outage(fact) => match fact {
            OutageFact::Started { line, start, attribution, .. } => {
                tracing::warn!(seq, %line, %start, attribution = attribution.label(), "{kind}");
            }
            OutageFact::Attributed { outage, from, attribution } => {
                tracing::info!(seq, %outage, %from, attribution = attribution.label(), "{kind}");
            }
            OutageFact::Bridged { outage, gap } => {
                tracing::info!(seq, %outage, from = %gap.start, until = %gap.end, "{kind}");
            }
            OutageFact::Ended { outage, end, reason, .. } => {
                tracing::info!(seq, %outage, %end, ?reason, "{kind}");
            }
        },
        Fact::Fault(fact) => match fact {
            FaultFact::Opened { fault, line, opened, deadline, .. } => {
                tracing::warn!(seq, %fault, %line, %opened, %deadline, "{kind}");
            }
            FaultFact::Joined { fault, line, .. } | FaultFact::Left { fault, line, .. } => {
                tracing::info!(seq, %fault, %line, "{kind}");
            }
            FaultFact::Relapsed { fault, at, .. } | FaultFact::Restored { fault, at } => {
                tracing::info!(seq, %fault, %at, "{kind}");
            }
            FaultFact::Merged { fault, into, .. } => tracing::info!(seq, %fault, %into, "{kind}"),
            FaultFact::Reported { fault, line, opened, deadline, .. } => {
                tracing::warn!(seq, %fault, %line, %opened, %deadline, author = record.author, "{kind}");
            }
            FaultFact::Repaired { fault, at, restored: None, .. } => {
                tracing::warn!(seq, %fault, %at, author = record.author, "{kind}, but the line is down");
            }
            FaultFact::Dated { fault, .. } | FaultFact::Verified { fault, .. } => {
                tracing::info!(seq, %fault, "{kind}");
            }
            FaultFact::ReportJoined { fault, .. }
            | FaultFact::Acknowledged { fault, .. }
            | FaultFact::Dispatched { fault, .. }
            | FaultFact::Arrived { fault, .. }
            | FaultFact::Repaired { fault, .. }
            | FaultFact::Closed { fault, .. }
            | FaultFact::Reopened { fault, .. }
            | FaultFact::Combined { fault, .. }
            | FaultFact::Split { fault, .. }
            | FaultFact::Voided { fault, .. }
            | FaultFact::Noted { fault, .. }
            | FaultFact::PointAdded { fault, .. }
            | FaultFact::PointRemoved { fault, .. } => {
                tracing::info!(seq, %fault, author = record.author, "{kind}");
            }
        },
        Fact::Planned(_) | Fact::Decision(_) | Fact::Inspection(_) | Fact::Seal(_) => {
            tracing::info!(seq, author = record.author, "{kind}");
        }
        Fact::Person(fact) => {
            tracing::info!(seq, author = record.author, account = %fact.account(), "{kind}");
        }
        Fact::History(_) => tracing::debug!(seq, author = record.author, "{kind}"),
    }
}

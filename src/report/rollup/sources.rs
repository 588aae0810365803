//! Which records the rows of a line came from: the journal is folded once more, and who wrote what is noted.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use linewatch_core::ledger::{Changes, Ledger, Policy, Row};
use linewatch_core::line::LineId;
use linewatch_core::record::OutageId;
use linewatch_core::time::Timestamp;

use crate::store::{Head, Snapshot, StoreError};

/// A row, by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A gap of the line from an instant.
    Gap(Timestamp),
    /// A gap of all lines from an instant.
    CommonGap(Timestamp),
    /// An outage.
    Outage(OutageId),
}

/// The records that made rows what they are, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(BTreeMap<Key, Vec<u64>>);

impl Sources {
    /// Folds the records up to a head and notes what concerns a line.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn trace(
        snapshot: &Snapshot<'_>,
        head: Head,
        line: &LineId,
        zone: Tz,
        mut progress: impl FnMut(u64),
    ) -> Result<Self, StoreError> {
        let mut ledger = Ledger::new(Arc::new(Policy::new(zone)));
        let mut sources = Self::default();
        let mut own = std::collections::BTreeSet::new();
        snapshot.each_up_to(head, |record| {
            let Changes(rows) = ledger.apply(record);
            for row in &rows {
                if let Row::Outage(row) = row
                    && row.line == *line
                {
                    own.insert(row.outage);
                }
                if let Some(key) = key(row, line, |outage| own.contains(&outage)) {
                    let written = sources.0.entry(key).or_default();
                    if written.last() != Some(&record.seq) {
                        written.push(record.seq);
                    }
                }
            }
            progress(record.seq);
        })?;
        Ok(sources)
    }

    /// The records that wrote a row.
    pub fn of(&self, key: Key) -> &[u64] {
        self.0.get(&key).map(Vec::as_slice).unwrap_or_default()
    }
}

fn key(row: &Row, line: &LineId, is_own: impl Fn(OutageId) -> bool) -> Option<Key> {
    match row {
        Row::Gap(row) => match &row.line {
            None => Some(Key::CommonGap(row.from)),
            Some(of) if of == line => Some(Key::Gap(row.from)),
            Some(_) => None,
        },
        Row::Outage(row) if row.line == *line => Some(Key::Outage(row.outage)),
        // A later attribution or a bridge changes what the outage's time counts as.
        Row::Segment(row) if is_own(row.outage) => Some(Key::Outage(row.outage)),
        Row::Bridge(row) if is_own(row.outage) => Some(Key::Outage(row.outage)),
        Row::Line(_)
        | Row::Outage(_)
        | Row::Segment(_)
        | Row::Bridge(_)
        | Row::SegmentRemoved { .. }
        | Row::Fault(_)
        | Row::Point(_)
        | Row::Step(_)
        | Row::Serial(_)
        | Row::Horizon(_)
        | Row::Planned(_)
        | Row::Decision(_)
        | Row::Inspection(_)
        | Row::Account(_)
        | Row::Seal(_)
        | Row::History(_) => None,
    }
}

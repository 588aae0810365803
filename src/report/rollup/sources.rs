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
    /// What the inventory says from an instant.
    Line(Timestamp),
    /// A gap of the line from an instant.
    Gap(Timestamp),
    /// A gap of all lines from an instant.
    CommonGap(Timestamp),
    /// A segment of an outage.
    Segment(OutageId, Timestamp),
    /// A gap inside an outage that counts as down.
    Bridge(OutageId, Timestamp),
    /// An outage itself.
    Outage(OutageId),
}

/// The records that made rows what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(BTreeMap<Key, (u64, u64)>);

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
                    let written = sources.0.entry(key).or_insert((record.seq, record.seq));
                    written.1 = record.seq;
                }
            }
            progress(record.seq);
        })?;
        Ok(sources)
    }

    /// The first and the last record that wrote a row.
    pub fn of(&self, key: Key) -> Option<(u64, u64)> {
        self.0.get(&key).copied()
    }

    /// The record of the first one of several keys that is known, as people write it: `12` or `12–15`.
    pub fn text(&self, key: Key) -> Option<String> {
        self.of(key).map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") })
    }
}

fn key(row: &Row, line: &LineId, is_own: impl Fn(OutageId) -> bool) -> Option<Key> {
    match row {
        Row::Line(row) if row.line.id == *line => Some(Key::Line(row.from)),
        Row::Gap(row) => match &row.line {
            None => Some(Key::CommonGap(row.from)),
            Some(of) if of == line => Some(Key::Gap(row.from)),
            Some(_) => None,
        },
        Row::Outage(row) if row.line == *line => Some(Key::Outage(row.outage)),
        Row::Segment(row) if is_own(row.outage) => Some(Key::Segment(row.outage, row.from)),
        Row::Bridge(row) if is_own(row.outage) => Some(Key::Bridge(row.outage, row.gap.start)),
        _ => None,
    }
}

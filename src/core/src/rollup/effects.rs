//! What each window, exclusion, declaration and correction does to the account of a period.

use std::collections::BTreeMap;

use serde::Serialize;

use super::sweep::{Counted, Kind, Slice, Unknown};
use crate::time::Millis;

/// What one record about time does to the account. Time that two records speak of counts by one of them, so that the
/// effects add up: of all exclusions to `excluded_ms`, with those of the planned windows to `planned_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// `seq` of the record that made it: the number of the window or decision.
    pub record: u64,
    /// Lines of which some time counts by it.
    pub lines: u64,
    /// Time that counts by it: planned, excluded, declared down, or undetermined because a correction says so.
    pub counted_ms: Millis,
    /// Of an exclusion or planned window, the part of that time that would be down without windows of its kind.
    pub down_ms: Millis,
}

/// Effects in the making, by record.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects(BTreeMap<u64, Effect>);

impl Effects {
    /// Whether a stretch may count by a record about time.
    pub fn concern(slice: Slice) -> bool {
        match slice.kind {
            Kind::Excluded | Kind::Planned | Kind::Declared | Kind::Undetermined => true,
            Kind::Own | Kind::Upstream | Kind::Up => false,
        }
    }

    /// Notes a stretch of one line.
    pub fn note(&mut self, slice: Slice, counted: &Counted) {
        let (record, down) = match counted {
            Counted::Excluded(record) => (*record, slice.unexcluded.is_down()),
            Counted::Planned(record) => (*record, slice.gross.is_down()),
            Counted::Declared(Some(decision)) | Counted::Undetermined(Unknown::Corrected(decision)) => {
                (decision.0, false)
            }
            Counted::Declared(None)
            | Counted::Own(_)
            | Counted::Upstream(..)
            | Counted::Undetermined(Unknown::BeforeJournal | Unknown::AfterHorizon | Unknown::Gap(_))
            | Counted::Up => return,
        };
        let length = slice.span.length();
        let none = Effect { record, lines: 1, counted_ms: Millis::ZERO, down_ms: Millis::ZERO };
        let effect = self.0.entry(record).or_insert(none);
        effect.counted_ms += length;
        if down {
            effect.down_ms += length;
        }
    }

    /// Adds those of another line.
    pub fn merge(&mut self, other: &Self) {
        for (record, more) in &other.0 {
            match self.0.get_mut(record) {
                None => {
                    self.0.insert(*record, *more);
                }
                Some(effect) => {
                    effect.lines += more.lines;
                    effect.counted_ms += more.counted_ms;
                    effect.down_ms += more.down_ms;
                }
            }
        }
    }

    /// All of them, by record.
    pub fn all(&self) -> Vec<Effect> {
        self.0.values().copied().collect()
    }
}

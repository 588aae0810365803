//! What was really done to the network, and when.

use linewatch::clock;
use linewatch_core::time::ClockReading;

/// One change; it took effect somewhere between the two readings.
#[derive(Clone, Debug)]
pub struct Change {
    /// What was done.
    pub what: String,
    /// Both clocks before.
    pub before: ClockReading,
    /// Both clocks after.
    pub after: ClockReading,
}

/// The changes in order.
#[derive(Debug, Default)]
pub struct Truth(Vec<Change>);

impl Truth {
    /// Makes a change and writes down when.
    pub fn change<R>(&mut self, what: &str, act: impl FnOnce() -> R) -> R {
        let before = clock::read();
        let result = act();
        self.0.push(Change { what: what.to_owned(), before, after: clock::read() });
        result
    }

    /// All changes so far.
    pub fn changes(&self) -> &[Change] {
        &self.0
    }

    /// The last change of this name.
    pub fn last(&self, what: &str) -> &Change {
        self.0.iter().rev().find(|change| change.what == what).expect("a change of this name")
    }
}

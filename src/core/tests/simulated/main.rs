//! The simulated district: what is drawn has the rates that were asked for, a probe's fate follows from what was drawn, and
//! the wire's log says what became of the probes.

mod drawing;
mod wire;
mod worlds;

use linewatch_core::simulated::Place;
use linewatch_core::time::{Millis, Span, Timestamp};

/// So many years of 365 days, from the year 2000 on.
pub fn years(count: i64) -> Span {
    let start = Timestamp(946_684_800_000);
    Span::new(start, start + Millis::from_secs(365 * 86_400) * count)
}

/// A place of a class in a township, behind another or not.
pub fn place(class: &str, township: &str, upstream: Option<usize>) -> Place {
    Place { class: class.into(), township: township.to_owned(), upstream }
}

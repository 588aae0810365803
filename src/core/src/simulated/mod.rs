//! A district in a box: lines with a known fate, probed on a virtual clock by the same [`Monitor`](crate::monitor::Monitor)
//! that watches real ones.
//!
//! - [`Rates`] says how often what happens in a year, [`Happenings`] is one year of it, drawn from a seed;
//! - [`World`] knows what becomes of a probe at any instant, and when that changes next;
//! - [`Stepper`] moves monitor and wire through time: turn by turn where anything happens, by
//!   [`Monitor::leap`](crate::monitor::Monitor::leap) where nothing does;
//! - [`Fates`] keeps what became of the probes, told by the wire and not by the monitor: the truth that records are
//!   checked against.
//!
//! The same seed gives the same year on every machine: [`Random`] is our own, and nothing here asks a mathematical
//! library whose last digit differs from one system to the next.

mod fates;
mod happen;
mod random;
mod rates;
mod stepper;
mod world;

pub use fates::{Fates, LostRun};
pub use happen::{Cause, Cut, Happenings, Op, OwnSide, Place, Rough};
pub use random::Random;
pub use rates::{Cuts, Loss, Maintenance, Modem, MonitorRates, People, Power, Rates};
pub use stepper::Stepper;
pub use world::{Fate, World};

//! The wire: send this probe, here is a result. What is behind it nobody else knows.
//!
//! An engine is told which endpoint each target stands for, is handed requests, and answers every request
//! with exactly one result, in any order, within the request's timeout and a little. Whatever goes wrong on
//! our own side is [`Outcome::Unsent`], never a loss.
//!
//! [`Engine`] sends ICMP echo through the crate `surge-ping`, one socket for each IP version, and believes nothing
//! that the crate would:
//!
//! - `filter`: the kernel hands over echo replies with our identifier, length, payload and a right checksum only;
//! - `hint`: ICMP errors are read from a raw socket of our own, where permitted, and do no more than give a timeout
//!   its cause; the reply still counts if it comes in time;
//! - `address`: sequence numbers are counted per address;
//! - `family`: a silence counts as a loss only if the kernel dropped nothing for want of buffer meanwhile and nothing
//!   lies unread; a receiver without a sign of life is replaced with a new socket;
//! - `client`: the socket is of the kind asked for or refused; its receiver has a thread of its own.
//!
//! Round-trip delays are taken in user space, from after the send to the reading of the reply. Without `CAP_NET_RAW`
//! (datagram sockets) there are no hints, and every silence is [`LossCause::Timeout`]. On raw sockets Linux does not
//! tell when the queue of our own interface is full and the request is dropped there: that is a loss, on datagram
//! sockets it is [`UnsentCause::NoBuffer`]. So datagram is the first choice.
//!
//! [`LossCause::Timeout`]: linewatch_core::outcome::LossCause::Timeout
//! [`UnsentCause::NoBuffer`]: linewatch_core::outcome::UnsentCause::NoBuffer

mod address;
mod client;
mod engine;
mod family;
mod filter;
mod hint;
mod names;
mod options;
mod sockopt;

use std::time::Duration;

use linewatch_core::line::ProbeMethod;
use linewatch_core::outcome::Outcome;
use linewatch_core::time::Elapsed;

pub use engine::{Engine, Health, UnsupportedMethod};
/// For the fuzz targets.
#[doc(hidden)]
pub use hint::{Hint, read_v4, read_v6};
pub use options::{ChosenSocket, EngineOptions, OpenError, OpenKind, SocketKind, UnknownSocketKind, Version};

/// A number the caller gives to each address it probes; small and dense.
pub type Target = u32;

/// Where and how a target is probed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// An IPv4 or IPv6 address, or a host name, which the engine resolves and keeps fresh.
    pub address: String,
    /// How.
    pub method: ProbeMethod,
}

/// Send this probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeRequest {
    /// To whom.
    pub target: Target,
    /// Comes back with the result.
    pub token: u32,
    /// How long to wait for the answer.
    pub timeout: Duration,
}

/// Here is the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeResult {
    /// Of whom.
    pub target: Target,
    /// From the request.
    pub token: u32,
    /// When it was handed to the kernel, by the boot clock.
    pub sent: Elapsed,
    /// What became of it.
    pub outcome: Outcome,
}

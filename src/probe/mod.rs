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
//! # TCP and RTSP
//!
//! Each such probe has a TCP socket of its own, closed with RST, so that nothing waits anywhere afterwards
//! (`connection`). No right is needed for it. There are never more at once than descriptors: the soft limit is raised
//! to the hard one, a part is left to the rest of the program, and a probe beyond that is
//! [`UnsentCause::NoDescriptor`].
//!
//! - `tcp:PORT`: SYN-ACK or RST of the line's own is a reply; the delay is from before the SYN to the answer. The ACK is
//!   held back and the connection reset, so the device's kernel sees a SYN and a RST and its program sees nothing. An
//!   intrusion detector may take that for a half-open scan: tell it of the monitor's address.
//! - `rtsp:PORT`: any status line of RTSP 1.0 or 2.0 within 1 KiB is a reply (`rtsp`). The delay is from sending the
//!   request to the whole status line, one round trip and the device's own time, so that it compares with the other
//!   methods; the timeout covers the handshake, too. A refused or closed connection is [`LossCause::Closed`], another
//!   protocol [`LossCause::NotRtsp`].
//!
//! What Linux does with a connection sets these limits:
//!
//! - It makes one errno of a RST and of an ICMP "port unreachable". The two are told apart by the socket's queue of
//!   ICMP errors; the latter is [`LossCause::PortUnreachable`], no reply.
//! - It gives up a connection that an ICMP error comes for, if the error quotes our SYN with its sequence number. So
//!   such an error ends the probe as a loss, even if an answer were to follow; for ICMP echo it would only be a hint.
//!   Once a connection is open, ICMP errors do nothing.
//! - It repeats an unanswered SYN after a second. With a timeout above that a reply may be that of the repetition; its
//!   delay is counted from the first SYN.
//! - A SYN that our own machine drops (a filter in the output hook, a full queue of the interface) is not reported: a
//!   loss, where ICMP says [`UnsentCause::NoPermission`] or, on datagram sockets, [`UnsentCause::NoBuffer`].
//!
//! A firewall on the way that answers in the line's name, with a RST or even a SYN-ACK from the line's address (a SYN
//! proxy), cannot be told from the line. Where one stands, probe by ICMP, or by RTSP, whose status line it does not
//! make up.
//!
//! [`LossCause::Timeout`]: linewatch_core::outcome::LossCause::Timeout
//! [`LossCause::Closed`]: linewatch_core::outcome::LossCause::Closed
//! [`LossCause::NotRtsp`]: linewatch_core::outcome::LossCause::NotRtsp
//! [`LossCause::PortUnreachable`]: linewatch_core::outcome::LossCause::PortUnreachable
//! [`UnsentCause::NoBuffer`]: linewatch_core::outcome::UnsentCause::NoBuffer
//! [`UnsentCause::NoDescriptor`]: linewatch_core::outcome::UnsentCause::NoDescriptor
//! [`UnsentCause::NoPermission`]: linewatch_core::outcome::UnsentCause::NoPermission

mod address;
mod client;
mod connection;
mod district;
mod engine;
mod family;
mod filter;
mod hint;
mod names;
mod options;
mod rtsp;
mod sockopt;

use std::time::Duration;

use linewatch_core::line::ProbeMethod;
use linewatch_core::outcome::Outcome;
use linewatch_core::time::Elapsed;

pub use district::{District, DistrictEngine, Timetable};
pub use engine::{Engine, Health};
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

/// The seam between the daemon and whatever sends its probes: [`Engine`] and the network, or [`DistrictEngine`].
pub trait Prober {
    /// Says what a target stands for from now on; `None`: nothing any more.
    fn assign(&mut self, target: Target, endpoint: Option<Endpoint>);

    /// Sends a request; never blocks. Exactly one result follows, within the request's timeout and a little.
    fn send(&mut self, request: ProbeRequest);
}

impl Prober for Engine {
    fn assign(&mut self, target: Target, endpoint: Option<Endpoint>) {
        Self::assign(self, target, endpoint);
    }

    fn send(&mut self, request: ProbeRequest) {
        Self::send(self, request);
    }
}

//! What became of one probe, and the states and causes that follow from it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The outcome of one probe. There is no fourth: whatever happens is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The line's own answer arrived in time.
    Reply {
        /// Round-trip delay in microseconds (RFC 2681).
        rtt_us: u32,
    },
    /// No answer of the line's own within the timeout (RFC 6673).
    Loss(LossCause),
    /// Our own failure; says nothing of the line.
    Unsent(UnsentCause),
}

/// Why a probe counts as lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossCause {
    /// Nothing arrived in time.
    Timeout,
    /// ICMP network unreachable (type 3 code 0 and kin; `ICMPv6` type 1 code 0), from a router.
    NetUnreachable,
    /// Host unreachable, from a router or from the local neighbour table.
    HostUnreachable,
    /// Protocol or port unreachable.
    PortUnreachable,
    /// Administratively prohibited (a filter on the way).
    Prohibited,
    /// Time exceeded in transit: a routing loop.
    TimeExceeded,
    /// Another ICMP error.
    OtherUnreachable,
    /// The connection was refused by something other than the line itself.
    Refused,
    /// The line refused or closed the connection before it gave the answer that was asked for (`rtsp`).
    Closed,
    /// The line answered, but not with a status line of RTSP (`rtsp`).
    NotRtsp,
}

/// Why a probe never counted: our own side failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnsentCause {
    /// No route to the network (`ENETUNREACH`).
    NoRoute,
    /// The interface is down or gone (`ENETDOWN`, `ENODEV`, `EADDRNOTAVAIL`).
    InterfaceDown,
    /// No buffer or memory (`ENOBUFS`, `ENOMEM`, `EAGAIN`).
    NoBuffer,
    /// Not permitted (`EPERM`, `EACCES`), for instance by a local filter.
    NoPermission,
    /// No file descriptor left (`EMFILE`, `ENFILE`).
    NoDescriptor,
    /// The kernel dropped packets because our receive buffer was full.
    ReceiveOverflow,
    /// The receiving side of the probe engine was dead.
    ReceiveDead,
    /// The host name does not resolve.
    Unresolved,
    /// The probe engine gave no result in time, or could not start the probe.
    Engine,
}

impl UnsentCause {
    /// All causes, in the order of their labels on `linewatch_probes_unsent_total`.
    pub const ALL: [Self; 9] = [
        Self::NoRoute,
        Self::InterfaceDown,
        Self::NoBuffer,
        Self::NoPermission,
        Self::NoDescriptor,
        Self::ReceiveOverflow,
        Self::ReceiveDead,
        Self::Unresolved,
        Self::Engine,
    ];

    /// The label value, as in the journal.
    pub fn label(self) -> &'static str {
        match self {
            Self::NoRoute => "no_route",
            Self::InterfaceDown => "interface_down",
            Self::NoBuffer => "no_buffer",
            Self::NoPermission => "no_permission",
            Self::NoDescriptor => "no_descriptor",
            Self::ReceiveOverflow => "receive_overflow",
            Self::ReceiveDead => "receive_dead",
            Self::Unresolved => "unresolved",
            Self::Engine => "engine",
        }
    }
}

/// Why nobody knows (未观测).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlindCause {
    /// The monitor did not run.
    Stopped,
    /// Nothing answered any more: the monitor's own side is suspected.
    Silent,
    /// Probes could not be sent.
    Unsent,
    /// The clock was set.
    ClockStep,
    /// Records could not be written for so long that judging stopped.
    Journal,
    /// The monitor itself stood still (machine suspended or starved).
    Stalled,
    /// The line was never probed with a result yet.
    Pending,
    /// The host name of the line does not resolve.
    Unresolved,
    /// The last results contradict the open record and neither confirms yet.
    Unsettled,
}

/// The state of a line as shown to people; the numbers are those of `linewatch_line_state`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No result yet.
    #[default]
    Pending = 0,
    /// Answers.
    Up = 1,
    /// Lost at least one probe, not yet confirmed down (soft).
    Suspect = 2,
    /// Confirmed down.
    Down = 3,
    /// Down, answered again, not yet confirmed up (soft).
    Recovering = 4,
    /// Nobody knows.
    Undetermined = 5,
}

impl State {
    /// All states in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Up, Self::Suspect, Self::Down, Self::Recovering, Self::Undetermined];

    /// The label value on `linewatch_lines`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Up => "up",
            Self::Suspect => "suspect",
            Self::Down => "down",
            Self::Recovering => "recovering",
            Self::Undetermined => "undetermined",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

//! Probes over TCP: a handshake, and for RTSP a request after it, over a socket of their own that is gone afterwards.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::time::Duration;

use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};
use linewatch_core::time::Elapsed;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::io::Interest;
use tokio::sync::{Semaphore, watch};

use super::family::{answered, own_failure, send_failure};
use super::hint;
use super::names::Place;
use super::options::EngineOptions;
use super::rtsp::{Exchange, Verdict};
use super::sockopt::{self, IcmpReport, TcpState};

/// Descriptors that are left to everything else: ICMP, the store, pages, logs. Where the limit is so low that this
/// would leave less than half of it, probes get half.
const RESERVED_DESCRIPTORS: u64 = 256;

/// What a probe over TCP waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A SYN-ACK or RST.
    Handshake,
    /// A status line of RTSP.
    Rtsp,
}

/// All connections, of which there are never more at once than descriptors for them.
pub(super) struct Connections {
    most: usize,
    free: Semaphore,
    closed: watch::Sender<bool>,
    elapsed: fn() -> Elapsed,
    since_boot: fn() -> Duration,
}

impl Connections {
    /// Makes room for as many as the process may have.
    pub fn new(options: &EngineOptions) -> Self {
        // Without an answer of the kernel's, what POSIX promises every process at least.
        let limit = sockopt::raise_descriptor_limit().unwrap_or(20);
        let most = most_connections(limit);
        tracing::info!(most, "room for connections of TCP and RTSP probes");
        let closed = watch::Sender::new(false);
        let EngineOptions { elapsed, since_boot, .. } = *options;
        Self { most, free: Semaphore::new(most), closed, elapsed, since_boot }
    }

    /// How many there can be at once.
    pub fn most(&self) -> usize {
        self.most
    }

    /// Ends all probes under way, and those to come, as unsent.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// One probe: when its SYN was handed to the kernel, and what became of it.
    pub async fn probe(&self, place: &Place, port: u16, asked: Asked, timeout: Duration) -> (Elapsed, Outcome) {
        let sent = (self.elapsed)();
        // Held until the socket is closed.
        let Ok(_room) = self.free.try_acquire() else {
            return (sent, Outcome::Unsent(UnsentCause::NoDescriptor));
        };
        let mut closed = self.closed.subscribe();
        let outcome = tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => Outcome::Unsent(UnsentCause::Engine),
            outcome = self.attempt(place, port, asked, timeout) => outcome,
        };
        (sent, outcome)
    }

    async fn attempt(&self, place: &Place, port: u16, asked: Asked, timeout: Duration) -> Outcome {
        let address = socket_address(place, port);
        let began = (self.since_boot)();
        let mut attempt = match Attempt::begin(address) {
            Ok(attempt) => attempt,
            Err(error) => return Outcome::Unsent(own_failure(&error)),
        };
        let ending = match tokio::time::timeout(timeout, attempt.ending()).await {
            Ok(ending) => Some(ending),
            // The answer may have come while we waited for a processor.
            Err(_) => attempt.look(),
        };
        let took = (self.since_boot)().saturating_sub(began);
        match (ending, asked) {
            (Some(Ending::Accepted | Ending::Refused), Asked::Handshake) => answered(took, timeout),
            (Some(Ending::Refused), Asked::Rtsp) => Outcome::Loss(LossCause::Closed),
            (Some(Ending::Accepted), Asked::Rtsp) => self.exchange(attempt.socket, address, began, timeout).await,
            (Some(Ending::Failed(outcome)), Asked::Handshake | Asked::Rtsp) => outcome,
            (None, Asked::Handshake | Asked::Rtsp) => Outcome::Loss(attempt.hint.unwrap_or(LossCause::Timeout)),
        }
    }

    /// The request and its answer, within what is left of the probe's timeout.
    async fn exchange(&self, socket: Socket, address: SocketAddr, began: Duration, timeout: Duration) -> Outcome {
        let asked = (self.since_boot)();
        let mut exchange = match Exchange::begin(socket, address) {
            Ok(exchange) => exchange,
            Err(outcome) => return outcome,
        };
        let left = (began + timeout).saturating_sub(asked);
        let verdict = match tokio::time::timeout(left, exchange.verdict()).await {
            Ok(verdict) => Some(verdict),
            Err(_) => exchange.look(),
        };
        let now = (self.since_boot)();
        match (verdict, answered(now.saturating_sub(began), timeout)) {
            // In time is what ends within the timeout from the SYN; the delay is that of the request alone.
            (Some(Verdict::Status), Outcome::Reply { .. }) => answered(now.saturating_sub(asked), timeout),
            (Some(Verdict::Status), late @ (Outcome::Loss(_) | Outcome::Unsent(_))) => late,
            (Some(Verdict::Failed(outcome)), _) => outcome,
            (None, _) => Outcome::Loss(LossCause::Timeout),
        }
    }
}

/// How many connections a limit of descriptors permits.
fn most_connections(limit: u64) -> usize {
    let most = limit.saturating_sub(RESERVED_DESCRIPTORS).max(limit / 2);
    usize::try_from(most).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
}

fn socket_address(place: &Place, port: u16) -> SocketAddr {
    match place.host {
        IpAddr::V4(host) => SocketAddr::from((host, port)),
        IpAddr::V6(host) => SocketAddrV6::new(Ipv6Addr::from(host.octets()), port, 0, place.scope).into(),
    }
}

/// How an attempt to connect ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// The line sent SYN-ACK.
    Accepted,
    /// The line sent RST.
    Refused,
    /// It did not answer.
    Failed(Outcome),
}

/// A connection that is being opened.
struct Attempt {
    socket: Socket,
    /// What `connect` itself said, if it said more than that the SYN is on its way.
    at_once: Option<io::Error>,
    /// The last ICMP error that did not end the attempt.
    hint: Option<LossCause>,
}

impl Attempt {
    /// Sends the SYN. The error is our own.
    fn begin(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM.nonblocking(), Some(Protocol::TCP))?;
        // Closing sends RST at once: nothing lingers here, and nothing at the line.
        socket.set_linger(Some(Duration::ZERO))?;
        // The ACK of the SYN-ACK waits for data to go with. A plain handshake has none and is closed first, so the
        // program behind the port never hears of it.
        socket.set_tcp_quickack(false)?;
        socket.set_tcp_nodelay(true)?;
        // Giving up, the kernel would report an earlier ICMP error as if it had just come.
        sockopt::never_give_up(&socket)?;
        sockopt::queue_icmp_errors(&socket, address.is_ipv6(), true)?;
        let at_once = match socket.connect(&address.into()) {
            Ok(()) => None,
            Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => None,
            Err(error) => Some(error),
        };
        Ok(Self { socket, at_once, hint: None })
    }

    /// Waits until the line or the network has answered.
    async fn ending(&mut self) -> Ending {
        loop {
            if let Some(ending) = self.look() {
                return ending;
            }
            if let Err(error) = sockopt::ready(&self.socket, Interest::WRITABLE).await {
                return Ending::Failed(Outcome::Unsent(own_failure(&error)));
            }
        }
    }

    /// What is known now; `None` while the SYN is unanswered.
    ///
    /// `ECONNREFUSED` alone does not say that the line refused: an ICMP error "port unreachable" of any router's
    /// makes the same errno. The kernel queues such an error before it gives the connection up, in one step under the
    /// socket's lock, so what is in the queue tells the two apart. An error that it does not give up for (because it
    /// was busy with the socket) is a hint, as for ICMP; every error quotes a SYN of ours with its sequence number,
    /// else the kernel ignores it.
    fn look(&mut self) -> Option<Ending> {
        let before = self.take_report();
        match sockopt::tcp_state(&self.socket) {
            Ok(TcpState::Open) => Some(Ending::Accepted),
            Ok(TcpState::Opening) => {
                self.hint = before.map(cause).or(self.hint);
                None
            }
            Ok(TcpState::Dead) => {
                let error = self.at_once.take().or_else(|| self.socket.take_error().unwrap_or_else(Some));
                Some(ended(error.as_ref(), self.take_report().or(before), self.hint))
            }
            Err(error) => Some(Ending::Failed(Outcome::Unsent(own_failure(&error)))),
        }
    }

    /// Empties the queue of ICMP errors; the last of them.
    fn take_report(&self) -> Option<IcmpReport> {
        std::iter::from_fn(|| sockopt::take_icmp_error(&self.socket)).last()
    }
}

fn cause(report: IcmpReport) -> LossCause {
    let IcmpReport { v6, kind, code, .. } = report;
    let known = if v6 { hint::cause_v6(kind, code) } else { hint::cause_v4(kind, code) };
    known.unwrap_or(LossCause::OtherUnreachable)
}

/// Why a connection is dead that was never seen open.
fn ended(error: Option<&io::Error>, report: Option<IcmpReport>, hint: Option<LossCause>) -> Ending {
    let error = match (error, report) {
        // Taking the report out of the queue clears the error it stands for.
        (None, Some(report)) => return Ending::Failed(Outcome::Loss(cause(report))),
        (Some(error), Some(report)) if error.raw_os_error() == Some(report.errno) => {
            return Ending::Failed(Outcome::Loss(cause(report)));
        }
        (Some(error), Some(_) | None) => error,
        (None, None) => return Ending::Failed(Outcome::Unsent(UnsentCause::Engine)),
    };
    match error.raw_os_error() {
        // A line that accepts and ends the connection before we look has answered, too.
        Some(libc::ECONNREFUSED | libc::ECONNRESET | libc::EPIPE) => Ending::Refused,
        // It never should give up repeating the SYN, but if it does, that is silence.
        Some(libc::ETIMEDOUT) => Ending::Failed(Outcome::Loss(hint.unwrap_or(LossCause::Timeout))),
        _ => Ending::Failed(send_failure(error, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        for (limit, most) in [(0, 0), (20, 10), (400, 200), (512, 256), (1024, 768), (524_288, 524_032)] {
            assert_eq!(most_connections(limit), most, "of {limit}");
        }
        assert_eq!(most_connections(u64::MAX), Semaphore::MAX_PERMITS);
    }

    #[test]
    fn refused_is_an_answer_unless_a_router_said_so() {
        let refused = io::Error::from_raw_os_error(libc::ECONNREFUSED);
        let port = IcmpReport { errno: libc::ECONNREFUSED, v6: false, kind: 3, code: 3 };
        let host = IcmpReport { errno: libc::EHOSTUNREACH, v6: false, kind: 3, code: 1 };
        let lost = |cause| Ending::Failed(Outcome::Loss(cause));
        assert_eq!(ended(Some(&refused), None, None), Ending::Refused);
        assert_eq!(ended(Some(&refused), None, Some(LossCause::PortUnreachable)), Ending::Refused, "an earlier hint");
        assert_eq!(ended(Some(&refused), Some(host), None), Ending::Refused, "the RST came after it");
        assert_eq!(ended(Some(&refused), Some(port), None), lost(LossCause::PortUnreachable));
        let timed_out = io::Error::from_raw_os_error(libc::ETIMEDOUT);
        assert_eq!(ended(Some(&timed_out), None, None), lost(LossCause::Timeout));
        assert_eq!(ended(Some(&timed_out), None, Some(LossCause::Prohibited)), lost(LossCause::Prohibited));
    }

    #[test]
    fn the_same_errno_is_ours_or_a_routers() {
        let unreachable = io::Error::from_raw_os_error(libc::ENETUNREACH);
        let report = IcmpReport { errno: libc::ENETUNREACH, v6: true, kind: 1, code: 0 };
        let unsent = |cause| Ending::Failed(Outcome::Unsent(cause));
        assert_eq!(ended(Some(&unreachable), None, None), unsent(UnsentCause::NoRoute));
        let lost = Ending::Failed(Outcome::Loss(LossCause::NetUnreachable));
        assert_eq!(ended(Some(&unreachable), Some(report), None), lost);
        assert_eq!(ended(None, Some(report), None), lost);
        assert_eq!(ended(None, None, None), unsent(UnsentCause::Engine));
    }
}

//! One IP version: its socket, replaced when its receiver dies, and one echo request through it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};
use linewatch_core::time::Elapsed;
use surge_ping::{PingSequence, SurgeError};

use super::address::Addresses;
use super::client::EchoClient;
use super::names::Place;
use super::options::{EngineOptions, OpenError, Version};

/// How long a request may wait for room in the send buffer beyond its own timeout before it counts as unsent.
const SEND_GRACE: Duration = Duration::from_millis(250);
/// The library's stamp of a reply may pass the timeout by this much without our own side being suspected: timers
/// and stamps have a grain.
const STAMP_GRACE: Duration = Duration::from_millis(10);
/// A receiver that delivered something within this many milliseconds is at work, whatever waits in the queue.
const AT_WORK_MS: i64 = 100;
/// Between two looks at a queue that should be empty.
const SECOND_LOOK: Duration = Duration::from_millis(10);
/// The receiver is given up after this many looks in a row without a sign of life.
const LOOKS_UNTIL_DEAD: u8 = 3;

/// A socket, or why there is none.
pub(super) enum Link {
    /// In use.
    Open(EchoClient),
    /// There is none at present.
    Closed(UnsentCause),
}

/// What the watch saw last time.
pub(super) struct LastLook {
    beat: u64,
    delivered: i64,
    without_life: u8,
    without_socket: u32,
}

impl LastLook {
    /// Takes over what is seen now; `true` when there has been no sign of life for too long: the receiving thread
    /// gave no proof of life (`beat` stands still), or what waits `unread` is not taken although it runs.
    fn lifeless(&mut self, beat: u64, delivered: i64, unread: bool) -> bool {
        let lives = beat != self.beat && (delivered != self.delivered || !unread);
        self.without_life = if lives { 0 } else { self.without_life + 1 };
        self.beat = beat;
        self.delivered = delivered;
        self.without_life >= LOOKS_UNTIL_DEAD
    }
}

/// Everything of one IP version.
pub(super) struct Family {
    version: Version,
    options: EngineOptions,
    addresses: Arc<Addresses>,
    link: ArcSwap<Link>,
    reopened: AtomicU64,
    /// Drops of sockets already closed.
    dropped_before: AtomicU64,
}

impl Family {
    /// Opens the socket. A version that this machine lacks stays closed; the error comes back beside it.
    pub fn open(version: Version, options: EngineOptions, addresses: Arc<Addresses>) -> (Self, Option<OpenError>) {
        let (link, error) = match EchoClient::open(version, &options, &addresses) {
            Ok(client) => (announced(client), None),
            Err(error) => (Link::Closed(open_failure(&error)), Some(error)),
        };
        let link = ArcSwap::from_pointee(link);
        let family =
            Self { version, options, addresses, link, reopened: AtomicU64::new(0), dropped_before: AtomicU64::new(0) };
        (family, error)
    }

    /// The socket as it is now.
    pub fn link(&self) -> Arc<Link> {
        self.link.load_full()
    }

    /// How often the socket was replaced.
    pub fn reopened(&self) -> u64 {
        self.reopened.load(Ordering::Relaxed)
    }

    /// Replies the kernel dropped because a receive buffer was full.
    pub fn dropped(&self) -> u64 {
        let now = match &*self.link() {
            Link::Open(client) => client.dropped().into(),
            Link::Closed(_) => 0,
        };
        self.dropped_before.load(Ordering::Relaxed) + now
    }

    /// One echo request: when it was handed to the kernel, and what became of it.
    pub async fn probe(&self, place: &Place, timeout: Duration) -> (Elapsed, Outcome) {
        let link = self.link();
        let client = match &*link {
            Link::Open(client) => client,
            Link::Closed(cause) => return ((self.options.elapsed)(), Outcome::Unsent(*cause)),
        };
        let sequence = place.address.next_sequence();
        let Some(mut pinger) = client.pinger(place.host).await else {
            return ((self.options.elapsed)(), Outcome::Unsent(UnsentCause::ReceiveDead));
        };
        pinger.timeout(timeout).scope_id(place.scope);
        let dropped = client.dropped();
        let sent = (self.options.elapsed)();
        let ping = pinger.ping(PingSequence(sequence), client.payload());
        let outcome = match tokio::time::timeout(timeout + SEND_GRACE, ping).await {
            Ok(Ok((_, delay))) => {
                client.delivered_at(sent.0 + i64::try_from(delay.as_millis()).unwrap_or(0));
                answered(delay, timeout)
            }
            Ok(Err(SurgeError::Timeout { .. })) => match self.own_fault(client, dropped).await {
                Some(cause) => Outcome::Unsent(cause),
                None => Outcome::Loss(place.address.cause(sequence)),
            },
            Ok(Err(SurgeError::IOError(error))) => send_failure(&error, client.receiver_ended()),
            Ok(Err(SurgeError::ClientDestroyed | SurgeError::NetworkError)) => {
                Outcome::Unsent(UnsentCause::ReceiveDead)
            }
            Ok(Err(error)) => {
                tracing::error!(address = %place.host, %error, "the pinging library refused a request");
                Outcome::Unsent(UnsentCause::Engine)
            }
            // The wait for the reply begins when the request has left, so it never left.
            Err(_) if client.is_closed() => Outcome::Unsent(UnsentCause::ReceiveDead),
            Err(_) => Outcome::Unsent(UnsentCause::NoBuffer),
        };
        (sent, outcome)
    }

    /// Whether the silence may be our own doing: the kernel dropped replies meanwhile, or they lie unread.
    async fn own_fault(&self, client: &EchoClient, dropped_before: u32) -> Option<UnsentCause> {
        if client.is_closed() {
            return Some(UnsentCause::ReceiveDead);
        }
        if client.dropped() > dropped_before {
            return Some(UnsentCause::ReceiveOverflow);
        }
        if !client.unread() || self.at_work(client) {
            return None;
        }
        // A packet may have arrived this very moment; a receiver that lives has taken it by the second look.
        tokio::time::sleep(SECOND_LOOK).await;
        (client.unread() && !self.at_work(client)).then_some(UnsentCause::ReceiveDead)
    }

    fn at_work(&self, client: &EchoClient) -> bool {
        (self.options.elapsed)().0 - client.last_delivered() <= AT_WORK_MS
    }

    /// Looks whether the receiver lives, and replaces the socket if it does not.
    ///
    /// Two things are signs of life: the receiving thread answers when asked, and what waits in the socket is
    /// taken. A thread can live while the library's task in it has died.
    pub fn look(&self, last: &mut LastLook) {
        let link = self.link();
        let client = match &*link {
            Link::Open(client) => client,
            Link::Closed(_) => {
                // Tried again after 1, 2, 4 … looks and then every half minute: IPv6 may be missing for good.
                last.without_socket += 1;
                if last.without_socket.is_power_of_two() || last.without_socket.is_multiple_of(64) {
                    self.reopen();
                }
                return;
            }
        };
        last.without_socket = 0;
        let lifeless = last.lifeless(client.beat(), client.last_delivered(), client.unread());
        if client.receiver_ended() || lifeless {
            tracing::error!(version = %self.version, "the receiver of ICMP replies is dead; opening a new socket");
            self.dropped_before.fetch_add(client.dropped().into(), Ordering::Relaxed);
            self.link.store(Arc::new(Link::Closed(UnsentCause::ReceiveDead)));
            client.close();
            *last = LastLook::default();
            self.reopen();
        }
    }

    fn reopen(&self) {
        match EchoClient::open(self.version, &self.options, &self.addresses) {
            Ok(client) => {
                self.reopened.fetch_add(1, Ordering::Relaxed);
                self.link.store(Arc::new(announced(client)));
            }
            Err(error) => {
                // Logged once: the next look tries again.
                let cause = open_failure(&error);
                let before = self.link.swap(Arc::new(Link::Closed(cause)));
                if !matches!(&*before, Link::Closed(known) if *known == cause) {
                    tracing::error!(version = %self.version, %error, "no socket for ICMP; trying again");
                }
            }
        }
    }

    /// Gives the socket up for good.
    pub fn close(&self) {
        if let Link::Open(client) = &*self.link.swap(Arc::new(Link::Closed(UnsentCause::Engine))) {
            client.close();
        }
    }
}

impl Default for LastLook {
    fn default() -> Self {
        Self { beat: u64::MAX, delivered: i64::MIN, without_life: 0, without_socket: 0 }
    }
}

fn announced(client: EchoClient) -> Link {
    let chosen = client.chosen();
    tracing::info!(
        version = %chosen.version, socket = %chosen.kind, receive_buffer = chosen.receive_buffer, hints = chosen.hints,
        "socket for ICMP open"
    );
    Link::Open(client)
}

/// An answer that took this long.
pub(super) fn answered(delay: Duration, timeout: Duration) -> Outcome {
    if delay <= timeout {
        // Longer than 71 minutes does not fit; no timeout is.
        return Outcome::Reply { rtt_us: u32::try_from(delay.as_micros()).unwrap_or(u32::MAX) };
    }
    if delay <= timeout + STAMP_GRACE {
        return Outcome::Loss(LossCause::Timeout);
    }
    // The timer should have ended the wait long before: our own process stood still, and the reply may have been
    // in time.
    Outcome::Unsent(UnsentCause::Engine)
}

/// What an error of the kernel means when nobody else reported it.
pub(super) fn send_failure(error: &io::Error, receiver_ended: bool) -> Outcome {
    match error.raw_os_error() {
        Some(libc::EHOSTUNREACH | libc::EHOSTDOWN) => Outcome::Loss(LossCause::HostUnreachable),
        Some(libc::ECONNREFUSED) => Outcome::Loss(LossCause::Refused),
        None if receiver_ended => Outcome::Unsent(UnsentCause::ReceiveDead),
        _ => Outcome::Unsent(own_failure(error)),
    }
}

fn open_failure(error: &OpenError) -> UnsentCause {
    match error {
        OpenError::Permission(_) => UnsentCause::NoPermission,
        OpenError::Socket { source, .. } => own_failure(source),
        OpenError::NoRuntime => UnsentCause::Engine,
    }
}

/// The cause an errno stands for, for errors of our own side.
pub(super) fn own_failure(error: &io::Error) -> UnsentCause {
    match error.raw_os_error() {
        Some(libc::ENETUNREACH) => UnsentCause::NoRoute,
        // Without IPv6 in the kernel there is no interface for it either.
        Some(libc::ENETDOWN | libc::ENODEV | libc::ENXIO | libc::EADDRNOTAVAIL | libc::EAFNOSUPPORT) => {
            UnsentCause::InterfaceDown
        }
        Some(libc::ENOBUFS | libc::ENOMEM | libc::EAGAIN) => UnsentCause::NoBuffer,
        Some(libc::EPERM | libc::EACCES) => UnsentCause::NoPermission,
        Some(libc::EMFILE | libc::ENFILE) => UnsentCause::NoDescriptor,
        _ => UnsentCause::Engine,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_errors_are_ours_except_host_unreachable_and_refused() {
        let outcome = |errno| send_failure(&io::Error::from_raw_os_error(errno), false);
        assert_eq!(outcome(libc::EHOSTUNREACH), Outcome::Loss(LossCause::HostUnreachable));
        assert_eq!(outcome(libc::ECONNREFUSED), Outcome::Loss(LossCause::Refused));
        let ours = [
            (libc::ENETUNREACH, UnsentCause::NoRoute),
            (libc::ENETDOWN, UnsentCause::InterfaceDown),
            (libc::ENODEV, UnsentCause::InterfaceDown),
            (libc::EADDRNOTAVAIL, UnsentCause::InterfaceDown),
            (libc::ENOBUFS, UnsentCause::NoBuffer),
            (libc::ENOMEM, UnsentCause::NoBuffer),
            (libc::EAGAIN, UnsentCause::NoBuffer),
            (libc::EPERM, UnsentCause::NoPermission),
            (libc::EACCES, UnsentCause::NoPermission),
            (libc::EMFILE, UnsentCause::NoDescriptor),
            (libc::ENFILE, UnsentCause::NoDescriptor),
            (libc::EINVAL, UnsentCause::Engine),
        ];
        for (errno, cause) in ours {
            assert_eq!(outcome(errno), Outcome::Unsent(cause), "errno {errno}");
        }
        assert_eq!(send_failure(&io::Error::other("gone"), true), Outcome::Unsent(UnsentCause::ReceiveDead));
    }

    #[test]
    fn a_reply_after_the_timeout_is_no_reply() {
        let timeout = Duration::from_millis(100);
        assert_eq!(answered(timeout, timeout), Outcome::Reply { rtt_us: 100_000 });
        assert_eq!(answered(Duration::from_millis(101), timeout), Outcome::Loss(LossCause::Timeout));
        assert_eq!(answered(Duration::from_millis(900), timeout), Outcome::Unsent(UnsentCause::Engine));
    }

    /// Looks of (beat, time of the last delivery, something unread); the number of the look that found it dead.
    fn found_dead(looks: &[(u64, i64, bool)]) -> Option<usize> {
        let mut last = LastLook::default();
        looks.iter().position(|(beat, delivered, unread)| last.lifeless(*beat, *delivered, *unread))
    }

    #[test]
    fn a_receiver_is_dead_after_three_looks_without_life() {
        let idle: Vec<_> = (0..20).map(|beat| (beat, 0, false)).collect();
        assert_eq!(found_dead(&idle), None, "nothing arrives");
        let busy: Vec<_> = (0..20).map(|look| (look, i64::try_from(look).unwrap(), true)).collect();
        assert_eq!(found_dead(&busy), None, "something always waits and is always taken");
        assert_eq!(found_dead(&[(0, 0, false); 20]), Some(3), "the thread stands still");
        let task_died: Vec<_> = (0..20).map(|beat| (beat, 0, beat >= 5)).collect();
        assert_eq!(found_dead(&task_died), Some(7), "the thread runs, but nobody reads");
        let lapses: Vec<_> = (0..20).map(|beat| (beat, 0, beat % 3 != 0)).collect();
        assert_eq!(found_dead(&lapses), None, "two looks are not enough");
    }
}

//! One socket of the pinging library with everything around it that makes it safe to believe: the filter before it,
//! its own thread for receiving, large buffers, a look into the kernel's queue, and a second socket for hints.

use std::fs;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc as std_mpsc};
use std::thread::{self, JoinHandle};

use socket2::{Domain, Protocol, SockFilter, SockRef, Socket, Type};
use surge_ping::{Client, Config, ICMP, PingIdentifier, Pinger};
use tokio::net::UdpSocket;
use tokio::runtime::{self, Handle};
use tokio::sync::mpsc;

use super::address::{Addresses, random_bytes, random_half};
use super::filter::{self, PAYLOAD_LENGTH, View};
use super::hint;
use super::options::{ChosenSocket, EngineOptions, OpenError, OpenKind, SocketKind, Version};
use super::sockopt::{self, Queue};

/// Send buffer asked for, bytes: a burst of 10,000 requests waits in the kernel instead of in front of it.
const SEND_BUFFER: usize = 8 << 20;

/// An open socket for echo requests of one IP version.
pub(super) struct EchoClient {
    /// `None` once closed. Every request in flight ends when the library's client is dropped.
    client: Mutex<Option<Client>>,
    /// Our own descriptor of the library's socket.
    socket: OwnedFd,
    chosen: ChosenSocket,
    identifier: PingIdentifier,
    payload: [u8; PAYLOAD_LENGTH],
    receiver: Receiver,
    closed: AtomicBool,
    /// When the last reply arrived, milliseconds of the boot clock.
    delivered: AtomicI64,
    first_drops: u32,
    first_checksum_errors: u32,
    /// What [`without_corrupted`](Self::without_corrupted) found last.
    corrected: AtomicU64,
}

/// What tests can ask of the receiving thread; it says when it has obeyed.
struct Breakdown {
    /// Stand still without dying; otherwise end, as after a panic of the runtime.
    hang: bool,
    obeyed: std_mpsc::Sender<()>,
}

/// The thread in which the library's receive task runs, and nothing else that could delay it.
struct Receiver {
    thread: JoinHandle<()>,
    runtime: Handle,
    /// Dropping it ends the thread.
    orders: mpsc::UnboundedSender<Breakdown>,
    /// Counts the proofs of life the thread has given.
    beats: Arc<AtomicU64>,
}

impl EchoClient {
    /// Opens a socket of the kind asked for, starts its receiver, and lets nothing through that is not ours.
    pub fn open(version: Version, options: &EngineOptions, addresses: &Arc<Addresses>) -> Result<Self, OpenError> {
        let failed = |source: io::Error| OpenError::Socket { version, source };
        // The runtime does not run before its thread starts: until then nothing is read from the socket.
        let runtime = OwnRuntime::build().map_err(failed)?;
        let (client, kind) = open_socket(version, options.socket, &runtime)?;
        let library_socket = client.get_socket();
        let socket = sockopt::duplicate(library_socket.get_native_sock()).map_err(failed)?;
        let identifier = match kind {
            OpenKind::Datagram => library_socket.local_addr().map_err(failed)?.port(),
            OpenKind::Raw => random_half(),
        };
        let payload = random_bytes();
        let view = match (version, kind) {
            (Version::V4, OpenKind::Raw) => View::RawV4,
            (Version::V4, OpenKind::Datagram) => View::DatagramV4,
            (Version::V6, _) => View::V6,
        };
        attach(&socket, view, identifier, &payload).map_err(failed)?;
        let receive_buffer = enlarge_buffers(&socket, options.receive_buffer).map_err(failed)?;
        let queue = sockopt::queue(&socket).map_err(failed)?;
        let hints = open_hints(version).ok();
        let chosen = ChosenSocket { version, kind, receive_buffer, hints: hints.is_some() };
        let task = hints.map(|socket| (socket, version, identifier, Arc::clone(addresses)));
        let receiver = Receiver::start(runtime, version, task).map_err(failed)?;
        Ok(Self {
            client: Mutex::new(Some(client)),
            socket,
            chosen,
            identifier: PingIdentifier(identifier),
            payload,
            receiver,
            closed: AtomicBool::new(false),
            delivered: AtomicI64::new((options.elapsed)().0),
            first_drops: queue.drops,
            first_checksum_errors: checksum_errors(),
            corrected: AtomicU64::new(0),
        })
    }

    /// What was opened.
    pub fn chosen(&self) -> ChosenSocket {
        self.chosen
    }

    /// A pinger for one request; `None` when the socket has been closed.
    pub async fn pinger(&self, host: IpAddr) -> Option<Pinger> {
        // A clone kept longer would keep the requests in flight waiting when the socket is closed.
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some(client.pinger(host, self.identifier).await)
    }

    /// The payload of every request of this socket.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Packets that the kernel dropped because the receive buffer was full, since the socket was opened.
    pub fn dropped(&self) -> u32 {
        let Ok(queue) = sockopt::queue(&self.socket) else { return 0 };
        let drops = queue.drops.wrapping_sub(self.first_drops);
        match (self.chosen.version, self.chosen.kind) {
            (Version::V4, _) | (Version::V6, OpenKind::Datagram) => drops,
            (Version::V6, OpenKind::Raw) => self.without_corrupted(drops),
        }
    }

    /// On a raw IPv6 socket the kernel counts packets with a wrong checksum as drops of the socket. These say nothing
    /// of our buffer. Each of them is also in the count of the network namespace, which is read when drops have come.
    fn without_corrupted(&self, drops: u32) -> u32 {
        let known = self.corrected.load(Ordering::Relaxed);
        // Drops in the upper half, what is left of them in the lower; both begin at zero.
        let (seen, left) = ((known >> 32), (known & u64::from(u32::MAX)));
        if seen == u64::from(drops) {
            return u32::try_from(left).unwrap_or(0);
        }
        let corrupted = checksum_errors().wrapping_sub(self.first_checksum_errors);
        // It never decreases: a corrupted packet for somebody else must not hide an earlier overflow.
        let left = drops.saturating_sub(corrupted).max(u32::try_from(left).unwrap_or(0));
        self.corrected.store(u64::from(drops) << 32 | u64::from(left), Ordering::Relaxed);
        left
    }

    /// Whether anything that passed the filter waits unread.
    pub fn unread(&self) -> bool {
        sockopt::queue(&self.socket).is_ok_and(|Queue { waiting, .. }| waiting > 0)
    }

    /// A reply arrived at this time of the boot clock, in milliseconds.
    pub fn delivered_at(&self, elapsed: i64) {
        self.delivered.fetch_max(elapsed, Ordering::Relaxed);
    }

    /// When the last reply arrived (or the socket was opened), milliseconds of the boot clock.
    pub fn last_delivered(&self) -> i64 {
        self.delivered.load(Ordering::Relaxed)
    }

    /// Asks the receiving thread for a proof of life and returns how many it has given so far.
    pub fn beat(&self) -> u64 {
        let beats = Arc::clone(&self.receiver.beats);
        self.receiver.runtime.spawn(async move { beats.fetch_add(1, Ordering::Relaxed) });
        self.receiver.beats.load(Ordering::Relaxed)
    }

    /// Whether the receiving thread has ended.
    pub fn receiver_ended(&self) -> bool {
        self.receiver.thread.is_finished()
    }

    /// Whether [`close`](Self::close) was called.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Gives the socket up: requests in flight end at once.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        drop(self.client.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Test only: makes the receiving thread stand still (`true`) or end, and waits until it has.
    pub fn break_receiver(&self, hang: bool) {
        let (obeyed, done) = std_mpsc::channel();
        // A receiver that has ended cannot be broken once more; either call then fails at once.
        let _ = self.receiver.orders.send(Breakdown { hang, obeyed });
        let _ = done.recv();
    }
}

/// A runtime that may be dropped anywhere, also within another one: a socket that cannot be opened is no panic.
struct OwnRuntime(Option<runtime::Runtime>);

impl OwnRuntime {
    fn build() -> io::Result<Self> {
        runtime::Builder::new_current_thread().enable_io().build().map(Some).map(Self)
    }
}

impl std::ops::Deref for OwnRuntime {
    type Target = runtime::Runtime;

    fn deref(&self) -> &runtime::Runtime {
        self.0.as_ref().expect("taken only by drop")
    }
}

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Receiver {
    fn start(
        runtime: OwnRuntime,
        version: Version,
        hints: Option<(Socket, Version, u16, Arc<Addresses>)>,
    ) -> io::Result<Self> {
        let handle = runtime.handle().clone();
        let (orders, mut inbox) = mpsc::unbounded_channel();
        let name = match version {
            Version::V4 => "icmp4-receive",
            Version::V6 => "icmp6-receive",
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            if let Some((socket, version, identifier, addresses)) = hints {
                runtime.spawn(read_hints(socket, version, identifier, addresses));
            }
            let Some(Breakdown { hang, obeyed }) = runtime.block_on(inbox.recv()) else { return };
            // Nothing is received from here on: only `block_on` runs the tasks.
            let _ = obeyed.send(());
            while hang && inbox.blocking_recv().is_some() {}
        })?;
        Ok(Self { thread, runtime: handle, orders, beats: Arc::default() })
    }
}

/// Opens the library's socket and makes sure it is of the kind asked for: the library falls back silently.
fn open_socket(
    version: Version,
    wanted: SocketKind,
    runtime: &runtime::Runtime,
) -> Result<(Client, OpenKind), OpenError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::PermissionDenied => OpenError::Permission(wanted),
        _ => OpenError::Socket { version, source },
    };
    let (icmp, any) = match version {
        Version::V4 => (ICMP::V4, IpAddr::from(Ipv4Addr::UNSPECIFIED)),
        Version::V6 => (ICMP::V6, IpAddr::from(Ipv6Addr::UNSPECIFIED)),
    };
    let hint = match wanted {
        SocketKind::Auto | SocketKind::Datagram => Type::DGRAM,
        SocketKind::Raw => Type::RAW,
    };
    // Binding to port 0 makes the kernel choose a datagram socket's identifier now instead of at the first request.
    let config = Config::builder().kind(icmp).sock_type_hint(hint).bind(SocketAddr::new(any, 0)).build();
    let _within = runtime.enter();
    let client = Client::new(&config).map_err(failed)?;
    let kind = if client.get_socket().get_type() == Type::DGRAM { OpenKind::Datagram } else { OpenKind::Raw };
    match (wanted, kind) {
        (SocketKind::Datagram, OpenKind::Raw) | (SocketKind::Raw, OpenKind::Datagram) => {
            Err(OpenError::Permission(wanted))
        }
        (SocketKind::Auto, _) | (SocketKind::Datagram, OpenKind::Datagram) | (SocketKind::Raw, OpenKind::Raw) => {
            Ok((client, kind))
        }
    }
}

/// Attaches the filter and throws away what arrived before it was there; no request is outstanding then.
fn attach(socket: &OwnedFd, view: View, identifier: u16, payload: &[u8; PAYLOAD_LENGTH]) -> io::Result<()> {
    let program: Vec<SockFilter> = filter::program(view, identifier, payload).into_iter().map(Into::into).collect();
    let socket = SockRef::from(socket);
    socket.attach_filter(&program)?;
    let mut waste = [0; 1];
    loop {
        match (&*socket).read(&mut waste) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Asks for large buffers, beyond the machine's limits if we may; returns the receive buffer granted, bytes.
fn enlarge_buffers(socket: &OwnedFd, receive_buffer: usize) -> io::Result<usize> {
    let reference = SockRef::from(socket);
    if sockopt::force_receive_buffer(socket, receive_buffer).is_err() {
        reference.set_recv_buffer_size(receive_buffer)?;
    }
    if sockopt::force_send_buffer(socket, SEND_BUFFER).is_err() {
        reference.set_send_buffer_size(SEND_BUFFER)?;
    }
    reference.recv_buffer_size()
}

/// A raw socket that gets ICMP errors only. Needs `CAP_NET_RAW`.
fn open_hints(version: Version) -> io::Result<Socket> {
    let socket = match version {
        Version::V4 => {
            let socket = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::ICMPV4))?;
            sockopt::accept_icmp_types(&socket, &hint::ERROR_TYPES_V4)?;
            socket
        }
        Version::V6 => {
            let socket = Socket::new(Domain::IPV6, Type::RAW, Some(Protocol::ICMPV6))?;
            sockopt::accept_icmp6_types(&socket, &hint::ERROR_TYPES_V6)?;
            socket
        }
    };
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Reads ICMP errors for as long as the receiver lives and notes those about our own requests.
async fn read_hints(socket: Socket, version: Version, identifier: u16, addresses: Arc<Addresses>) {
    // The type is called UDP, but reading a datagram is the same for every kind of socket.
    let socket = match UdpSocket::from_std(socket.into()) {
        Ok(socket) => socket,
        Err(error) => {
            tracing::warn!(%version, %error, "ICMP errors cannot be read; silence will be a plain timeout");
            return;
        }
    };
    let mut packet = [0; 2048];
    loop {
        let length = match socket.recv(&mut packet).await {
            Ok(length) => length,
            Err(error) => {
                tracing::debug!(%version, %error, "reading an ICMP error");
                continue;
            }
        };
        let hint = match version {
            Version::V4 => hint::read_v4(&packet[..length]),
            Version::V6 => hint::read_v6(&packet[..length]),
        };
        if let Some(hint) = hint.filter(|hint| hint.identifier == identifier)
            && let Some(address) = addresses.known(hint.destination)
        {
            address.hint(hint.sequence, hint.cause);
        }
    }
}

/// `ICMPv6` packets with a wrong checksum seen by this network namespace.
fn checksum_errors() -> u32 {
    // The thread's own namespace, not the process's: they differ in tests only.
    let Ok(table) = fs::read_to_string("/proc/thread-self/net/snmp6") else { return 0 };
    let row = table.lines().find_map(|line| line.strip_prefix("Icmp6InCsumErrors"));
    row.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}

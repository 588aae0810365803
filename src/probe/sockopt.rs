//! The few socket options that neither `std` nor `socket2` can set or read, and the limit of descriptors. Every unsafe
//! line of the probe engine is here.

#![expect(unsafe_code, reason = "these options, the error queue and the limits have no safe wrapper")]

use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// `ICMP_FILTER` of `linux/icmp.h`.
const ICMP_FILTER: libc::c_int = 1;
/// `ICMPV6_FILTER` of `linux/icmpv6.h`.
const ICMPV6_FILTER: libc::c_int = 1;

/// What the kernel says of a socket's receive queue (`SO_MEMINFO`, Linux 4.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Queue {
    /// Bytes waiting to be read, the kernel's own bookkeeping included; zero when nothing waits.
    pub waiting: u32,
    /// Packets dropped since the socket was opened; wraps.
    pub drops: u32,
}

/// A second descriptor of the same socket, owned by us, so that the options of a socket which another crate owns
/// can be read for as long as we like.
pub(super) fn duplicate(socket: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: `fcntl` with F_DUPFD_CLOEXEC takes no pointer; a bad descriptor yields EBADF.
    let copy = checked(unsafe { libc::fcntl(socket, libc::F_DUPFD_CLOEXEC, 0) })?;
    // SAFETY: the kernel has just made `copy`, so it is open and nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// Reads the receive queue of a socket.
pub(super) fn queue(socket: &impl AsFd) -> io::Result<Queue> {
    let mut words = [0_u32; libc::SK_MEMINFO_DROPS as usize + 1];
    let mut length = option_length::<[u32; libc::SK_MEMINFO_DROPS as usize + 1]>();
    let descriptor = socket.as_fd().as_raw_fd();
    // SAFETY: `words` and `length` are valid for the call, and `length` says how large `words` is.
    checked(unsafe {
        libc::getsockopt(descriptor, libc::SOL_SOCKET, libc::SO_MEMINFO, words.as_mut_ptr().cast(), &raw mut length)
    })?;
    Ok(Queue { waiting: words[libc::SK_MEMINFO_RMEM_ALLOC as usize], drops: words[libc::SK_MEMINFO_DROPS as usize] })
}

/// Asks for a receive buffer beyond `net.core.rmem_max`; needs `CAP_NET_ADMIN`.
pub(super) fn force_receive_buffer(socket: &impl AsFd, bytes: usize) -> io::Result<()> {
    let bytes = libc::c_int::try_from(bytes).unwrap_or(libc::c_int::MAX / 2);
    set(socket, libc::SOL_SOCKET, libc::SO_RCVBUFFORCE, &bytes)
}

/// Asks for a send buffer beyond `net.core.wmem_max`; needs `CAP_NET_ADMIN`.
pub(super) fn force_send_buffer(socket: &impl AsFd, bytes: usize) -> io::Result<()> {
    let bytes = libc::c_int::try_from(bytes).unwrap_or(libc::c_int::MAX / 2);
    set(socket, libc::SOL_SOCKET, libc::SO_SNDBUFFORCE, &bytes)
}

/// Lets only these ICMP types through to a raw IPv4 socket; types above 31 always pass (see raw(7)).
pub(super) fn accept_icmp_types(socket: &impl AsFd, types: &[u8]) -> io::Result<()> {
    let blocked = types.iter().fold(u32::MAX, |mask, kind| mask & !(1_u32 << (kind & 31)));
    set(socket, libc::SOL_RAW, ICMP_FILTER, &blocked)
}

/// Lets only these `ICMPv6` types through to a raw IPv6 socket (RFC 3542 section 3.2).
pub(super) fn accept_icmp6_types(socket: &impl AsFd, types: &[u8]) -> io::Result<()> {
    let mut blocked = [u32::MAX; 8];
    for kind in types {
        blocked[usize::from(kind >> 5)] &= !(1_u32 << (kind & 31));
    }
    set(socket, libc::SOL_ICMPV6, ICMPV6_FILTER, &blocked)
}

/// Waits until a socket is ready, which it may also be because of an error.
///
/// Registered anew with the runtime each time: after one ICMP error a registration would stay ready for ever.
pub(super) async fn ready(socket: &impl AsFd, interest: Interest) -> io::Result<()> {
    // SAFETY: the descriptor is borrowed for longer than the registration lives, and nobody can close it meanwhile.
    let watched = unsafe { AsyncFd::register_with_interest(socket.as_fd(), interest) }?;
    watched.ready(interest).await.map(|_| ())
}

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TcpState {
    /// The SYN has not been answered.
    Opening,
    /// It has been answered, and the connection lives.
    Open,
    /// It is dead; `SO_ERROR` says why.
    Dead,
}

/// Reads how far a connection is, after whatever the kernel was doing with it when this was called.
///
/// `TCP_INFO` reads the state before it takes the socket's lock: the first call waits for the lock, the second reads.
pub(super) fn tcp_state(socket: &impl AsFd) -> io::Result<TcpState> {
    tcp_state_number(socket)?;
    Ok(match tcp_state_number(socket)? {
        // SYN_SENT, and SYN_RECV when both sides open at once.
        2 | 3 => TcpState::Opening,
        7 => TcpState::Dead,
        _ => TcpState::Open,
    })
}

/// The first byte of `TCP_INFO` is the state, as numbered in `net/tcp_states.h`.
fn tcp_state_number(socket: &impl AsFd) -> io::Result<u8> {
    let (mut state, mut length) = (0_u8, option_length::<u8>());
    let descriptor = socket.as_fd().as_raw_fd();
    // SAFETY: `state` and `length` are valid for the call, and `length` says that there is room for one byte.
    checked(unsafe {
        libc::getsockopt(descriptor, libc::IPPROTO_TCP, libc::TCP_INFO, (&raw mut state).cast(), &raw mut length)
    })?;
    Ok(state)
}

/// Has the kernel repeat a SYN for hours rather than give the connection up (`TCP_SYNCNT`).
pub(super) fn never_give_up(socket: &impl AsFd) -> io::Result<()> {
    /// The most that Linux takes.
    const MAX_SYN_COUNT: libc::c_int = 127;
    set(socket, libc::IPPROTO_TCP, libc::TCP_SYNCNT, &MAX_SYN_COUNT)
}

/// An ICMP error about what a socket sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IcmpReport {
    /// What the kernel makes of it.
    pub errno: i32,
    /// Whether it came over IPv6.
    pub v6: bool,
    /// Type of the ICMP message.
    pub kind: u8,
    /// Code of the ICMP message.
    pub code: u8,
}

/// Has the kernel queue the ICMP errors about this socket (`IP_RECVERR`), or not any more.
pub(super) fn queue_icmp_errors(socket: &impl AsFd, v6: bool, queue: bool) -> io::Result<()> {
    let (level, option) = if v6 { (libc::SOL_IPV6, libc::IPV6_RECVERR) } else { (libc::SOL_IP, libc::IP_RECVERR) };
    set(socket, level, option, &libc::c_int::from(queue))
}

/// Takes the oldest ICMP error out of a socket's queue; `None` when there is none.
pub(super) fn take_icmp_error(socket: &impl AsFd) -> Option<IcmpReport> {
    /// Aligned like a `cmsghdr`, as the macros demand; room for the error and the address of who reported it.
    #[repr(C, align(8))]
    struct Control([u8; 256]);
    loop {
        let mut control = Control([0; 256]);
        // SAFETY: all zeros is a valid `msghdr` that names no buffers.
        let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = control.0.len() as _;
        let flags = libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT;
        // SAFETY: `message` and the control buffer it names are valid for the call.
        let status = unsafe { libc::recvmsg(socket.as_fd().as_raw_fd(), &raw mut message, flags) };
        if status < 0 {
            return None;
        }
        // SAFETY: `message` is as the kernel has filled it in, its control buffer still lives and is aligned, and an
        // error message of the two kinds carries a `sock_extended_err`, read without assuming alignment.
        let report = unsafe {
            let header = libc::CMSG_FIRSTHDR(&raw const message);
            if header.is_null() || !carries_error(&*header) {
                continue;
            }
            libc::CMSG_DATA(header).cast::<libc::sock_extended_err>().read_unaligned()
        };
        let v6 = report.ee_origin == libc::SO_EE_ORIGIN_ICMP6;
        if v6 || report.ee_origin == libc::SO_EE_ORIGIN_ICMP {
            let errno = i32::try_from(report.ee_errno).unwrap_or(0);
            return Some(IcmpReport { errno, v6, kind: report.ee_type, code: report.ee_code });
        }
    }
}

fn carries_error(header: &libc::cmsghdr) -> bool {
    matches!(
        (header.cmsg_level, header.cmsg_type),
        (libc::SOL_IP, libc::IP_RECVERR) | (libc::SOL_IPV6, libc::IPV6_RECVERR)
    )
}

/// Raises the soft limit of descriptors to the hard limit and returns it as it is then.
pub(super) fn raise_descriptor_limit() -> io::Result<u64> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid `rlimit` for the call to fill.
    checked(unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) })?;
    if limit.rlim_cur < limit.rlim_max {
        let raised = libc::rlimit { rlim_cur: limit.rlim_max, ..limit };
        // SAFETY: `raised` is a valid `rlimit`, which the kernel only reads.
        if checked(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const raised) }).is_ok() {
            limit = raised;
        }
    }
    Ok(limit.rlim_cur)
}

fn set<T: Copy>(socket: &impl AsFd, level: libc::c_int, option: libc::c_int, value: &T) -> io::Result<()> {
    let descriptor = socket.as_fd().as_raw_fd();
    let length = option_length::<T>();
    // SAFETY: `value` is valid for reads of `length` bytes during the call; the kernel only reads it.
    checked(unsafe { libc::setsockopt(descriptor, level, option, std::ptr::from_ref(value).cast(), length) })?;
    Ok(())
}

/// The length of an option's value, a few dozen bytes at most.
const fn option_length<T>() -> libc::socklen_t {
    assert!(size_of::<T>() <= 64, "a socket option this large is a mistake");
    #[expect(clippy::cast_possible_truncation, reason = "checked in the line above")]
    let length = size_of::<T>() as libc::socklen_t;
    length
}

fn checked(status: libc::c_int) -> io::Result<libc::c_int> {
    if status < 0 { Err(io::Error::last_os_error()) } else { Ok(status) }
}

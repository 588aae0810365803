//! The few socket options that neither `std` nor `socket2` can set or read. Every unsafe line of the probe engine
//! is here.

#![expect(unsafe_code, reason = "getsockopt, setsockopt and dup have no safe wrapper for these options")]

use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};

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

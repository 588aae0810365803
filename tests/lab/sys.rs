//! The system calls of the lab that have no safe wrapper.

#![expect(unsafe_code, reason = "setns and the TUN ioctl have no safe wrapper")]

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Moves the calling thread into a network namespace; threads it starts afterwards are inside too.
pub fn join_network(namespace: &Path) -> io::Result<()> {
    let file = File::open(namespace)?;
    // SAFETY: setns takes a descriptor, which is open, and no pointer.
    match unsafe { libc::setns(file.as_raw_fd(), libc::CLONE_NEWNET) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Opens a TUN device of this name in the thread's network namespace, non-blocking, packets without a header.
pub fn open_tun(name: &str) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).custom_flags(libc::O_NONBLOCK).open("/dev/net/tun")?;
    // SAFETY: all zeros is a valid `ifreq`.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (place, byte) in request.ifr_name.iter_mut().take(libc::IFNAMSIZ - 1).zip(name.bytes()) {
        *place = libc::c_char::from_ne_bytes([byte]);
    }
    request.ifr_ifru.ifru_flags = libc::c_short::try_from(libc::IFF_TUN | libc::IFF_NO_PI).expect("small flags");
    // SAFETY: `request` is a valid `ifreq`, which is what TUNSETIFF reads and writes.
    match unsafe { libc::ioctl(file.as_raw_fd(), libc::TUNSETIFF, &raw mut request) } {
        0 => Ok(file),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Waits until the file can be read, at most this long; `false` when it cannot.
pub fn wait_readable(file: &File, milliseconds: i32) -> bool {
    let mut poll = libc::pollfd { fd: file.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: `poll` is one valid `pollfd`.
    unsafe { libc::poll(&raw mut poll, 1, milliseconds) > 0 }
}

/// Whether the process has the rights of root in its user namespace.
pub fn is_root() -> bool {
    // SAFETY: geteuid takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// Takes `CAP_NET_RAW` out of the thread's effective and permitted capabilities.
pub fn drop_net_raw() -> io::Result<()> {
    const VERSION_3: u32 = 0x2008_0522;
    const NET_RAW: u32 = 13;
    let mut header = [VERSION_3, 0];
    // Effective, permitted, inheritable of capabilities 0 to 31, then of 32 to 63.
    let mut sets = [0_u32; 6];
    // SAFETY: header and sets have the layout of version 3 (linux/capability.h), and both outlive the calls.
    unsafe {
        if libc::syscall(libc::SYS_capget, header.as_mut_ptr(), sets.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        for set in &mut sets[..3] {
            *set &= !(1 << NET_RAW);
        }
        if libc::syscall(libc::SYS_capset, header.as_mut_ptr(), sets.as_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

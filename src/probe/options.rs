//! What an engine is opened with, what was chosen, and why opening can fail.

use std::fmt;
use std::io;
use std::str::FromStr;
use std::time::Duration;

use linewatch_core::time::Elapsed;

use crate::language::Language;

/// Which kind of socket carries ICMP: the setting `[probe] socket`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SocketKind {
    /// Datagram where the kernel permits it, else raw; which one is logged.
    #[default]
    Auto,
    /// Datagram ICMP (Linux `ping_group_range`), or nothing.
    Datagram,
    /// Raw (`CAP_NET_RAW`), or nothing.
    Raw,
}

impl SocketKind {
    /// The word in the configuration.
    pub fn label(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Datagram => "datagram",
            Self::Raw => "raw",
        }
    }
}

/// A word that names no kind of socket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown socket {0:?}: use auto, datagram or raw")]
pub struct UnknownSocketKind(String);

impl FromStr for SocketKind {
    type Err = UnknownSocketKind;

    fn from_str(text: &str) -> Result<Self, UnknownSocketKind> {
        match text {
            "auto" => Ok(Self::Auto),
            "datagram" => Ok(Self::Datagram),
            "raw" => Ok(Self::Raw),
            _ => Err(UnknownSocketKind(text.to_owned())),
        }
    }
}

/// The kind of socket that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenKind {
    /// Datagram ICMP: the kernel chooses the identifier and verifies checksums.
    Datagram,
    /// Raw.
    Raw,
}

impl fmt::Display for OpenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Datagram => "datagram",
            Self::Raw => "raw",
        })
    }
}

/// IPv4 or IPv6; each has a socket of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// IPv4, ICMP.
    V4,
    /// IPv6, `ICMPv6`.
    V6,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        })
    }
}

/// What an [`Engine`](super::Engine) is opened with.
#[derive(Clone, Copy, Debug)]
pub struct EngineOptions {
    /// Kind of socket to use.
    pub socket: SocketKind,
    /// Reads the boot clock; only `clock` may.
    pub elapsed: fn() -> Elapsed,
    /// Reads the same clock as finely as it goes, to measure the delays of connections; only `clock` may.
    pub since_boot: fn() -> Duration,
    /// Receive buffer to ask for, bytes; without `CAP_NET_ADMIN` the kernel grants at most `net.core.rmem_max`.
    pub receive_buffer: usize,
}

impl EngineOptions {
    /// Receive buffer asked for by default: enough for the replies of 100,000 lines that arrive while the receiver
    /// waits for a processor.
    pub const RECEIVE_BUFFER: usize = 8 << 20;

    /// Automatic choice of the socket, the default buffer.
    pub fn new(elapsed: fn() -> Elapsed, since_boot: fn() -> Duration) -> Self {
        Self { socket: SocketKind::Auto, elapsed, since_boot, receive_buffer: Self::RECEIVE_BUFFER }
    }
}

/// A socket that is open, for the log and the status page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenSocket {
    /// IPv4 or IPv6.
    pub version: Version,
    /// Which kind was opened.
    pub kind: OpenKind,
    /// Receive buffer the kernel granted, bytes (its own figure, bookkeeping included: twice what was asked).
    pub receive_buffer: usize,
    /// Whether ICMP errors are read, which needs `CAP_NET_RAW`. Without it every silence is a plain timeout.
    pub hints: bool,
}

/// The engine cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The kernel permits no ICMP socket of the kind asked for.
    #[error("{}", permission(*.0, Language::English))]
    Permission(SocketKind),
    /// Neither IPv4 nor IPv6 could be opened for another reason.
    #[error("opening a socket for ICMP over {version}: {source}")]
    Socket {
        /// Of which version the error is.
        version: Version,
        /// What the kernel said.
        source: io::Error,
    },
    /// Called outside a tokio runtime.
    #[error("the probe engine must be opened within a tokio runtime")]
    NoRuntime,
}

impl OpenError {
    /// One sentence that says what is wrong and what to do.
    pub fn explain(&self, language: Language) -> String {
        match self {
            Self::Permission(kind) => permission(*kind, language),
            Self::Socket { version, source } => language.pick(
                format!("无法打开 {version} 的 ICMP 套接字：{source}"),
                format!("cannot open a socket for ICMP over {version}: {source}"),
            ),
            Self::NoRuntime => {
                language.pick("探测引擎必须在 tokio 运行时里打开".to_owned(), "no tokio runtime is running".to_owned())
            }
        }
    }
}

fn permission(kind: SocketKind, language: Language) -> String {
    let range = "sudo sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"";
    let capability = language.pick(
        "授予 CAP_NET_RAW（`sudo setcap cap_net_raw+ep 程序文件`，systemd 服务则写 AmbientCapabilities=CAP_NET_RAW）",
        "grant CAP_NET_RAW (`sudo setcap cap_net_raw+ep PROGRAM`, or AmbientCapabilities=CAP_NET_RAW in a systemd unit)",
    );
    match kind {
        SocketKind::Auto => language.pick(
            format!("没有发送 ICMP 探测的权限：请执行 `{range}`，或{capability}"),
            format!("no permission to send ICMP probes: run `{range}`, or {capability}"),
        ),
        SocketKind::Datagram => language.pick(
            format!("没有打开 ICMP 数据报套接字的权限（[probe] socket = \"datagram\"）：请执行 `{range}`"),
            format!("no permission for datagram ICMP sockets ([probe] socket = \"datagram\"): run `{range}`"),
        ),
        SocketKind::Raw => language.pick(
            format!("没有打开原始套接字的权限（[probe] socket = \"raw\"）：请{capability}"),
            format!("no permission for raw sockets ([probe] socket = \"raw\"): {capability}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_permission_is_one_sentence_that_says_how_to_get_it() {
        for kind in [SocketKind::Auto, SocketKind::Datagram, SocketKind::Raw] {
            for language in [Language::Chinese, Language::English] {
                let text = OpenError::Permission(kind).explain(language);
                assert_eq!(text.lines().count(), 1, "{text}");
                assert_eq!(text.contains("ping_group_range"), kind != SocketKind::Raw, "{text}");
                assert_eq!(text.contains("setcap cap_net_raw+ep"), kind != SocketKind::Datagram, "{text}");
            }
            assert_eq!(kind.label().parse(), Ok(kind));
        }
        assert!("RAW".parse::<SocketKind>().unwrap_err().to_string().contains("auto, datagram or raw"));
    }
}

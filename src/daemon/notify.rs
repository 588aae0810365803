//! What the service manager is told (`sd_notify(3)`): ready, alive, how it goes, stopping. Without `NOTIFY_SOCKET`
//! nobody is told anything.

use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use linewatch_core::outcome::BlindCause;
use linewatch_core::time::{Elapsed, Millis};

use super::queue::Published;
use crate::language::Language;

/// A status sentence is sent this seldom at most; the watchdog has a pace of its own.
const STATUS_EVERY: Millis = Millis::from_secs(1);

/// The way to the service manager, and what it already knows.
#[derive(Debug)]
pub struct Notify {
    socket: Option<UnixDatagram>,
    language: Language,
    ready: bool,
    watchdog: Option<Pace>,
    status: Pace,
    said: String,
}

/// Something done again after a time.
#[derive(Debug)]
struct Pace {
    every: Millis,
    next: Elapsed,
}

impl Pace {
    fn new(every: Millis) -> Self {
        Self { every, next: Elapsed(i64::MIN) }
    }

    fn due(&mut self, now: Elapsed) -> bool {
        let due = now >= self.next;
        if due {
            self.next = Elapsed(now.0 + self.every.0);
        }
        due
    }
}

impl Notify {
    /// As the environment says: `NOTIFY_SOCKET`, and `WATCHDOG_USEC` unless `WATCHDOG_PID` names another process.
    /// Sentences are in `language`.
    ///
    /// # Errors
    /// When the socket is named but cannot be reached.
    pub fn from_environment(language: Language) -> io::Result<Self> {
        let variable = |name| std::env::var(name).ok();
        let socket = std::env::var_os("NOTIFY_SOCKET").map(|name| connect(&name)).transpose()?;
        let watchdog = watchdog(variable("WATCHDOG_USEC"), variable("WATCHDOG_PID"), std::process::id());
        Ok(Self { socket, language, ready: false, watchdog, status: Pace::new(STATUS_EVERY), said: String::new() })
    }

    /// The loop has turned: the first turn makes the service ready, later ones feed the watchdog at half its period.
    /// Call it nowhere but in the loop, so that a loop that hangs is known to hang.
    pub fn turned(&mut self, now: Elapsed, published: impl FnOnce() -> Published) {
        if self.socket.is_none() {
            return;
        }
        let mut message = String::new();
        if !self.ready {
            self.ready = true;
            message.push_str("READY=1\n");
        }
        if self.watchdog.as_mut().is_some_and(|pace| pace.due(now)) {
            message.push_str("WATCHDOG=1\n");
        }
        if self.status.due(now) {
            let sentence = sentence(&published(), self.language);
            if sentence != self.said {
                message.extend(["STATUS=", &sentence, "\n"]);
                self.said = sentence;
            }
        }
        self.send(&message);
    }

    /// The start goes on: so many records of so many are folded again. Asks for a minute more than this has taken; whoever
    /// hangs is not waited for.
    pub fn upgrading(&self, done: u64, total: u64) {
        let sentence = self.language.pick(
            format!("正在按记录重建查询表：{done}/{total}"),
            format!("making derived tables anew from the records: {done} of {total}"),
        );
        self.send(&format!("EXTEND_TIMEOUT_USEC=60000000\nSTATUS={sentence}\n"));
    }

    /// The loop has ended, what waits is being written.
    pub fn stopping(&self) {
        let sentence = self.language.pick("正在停止，写完最后的记录", "stopping, writing the last records");
        self.send(&format!("STOPPING=1\nSTATUS={sentence}\n"));
    }

    fn send(&self, message: &str) {
        let Some(socket) = self.socket.as_ref().filter(|_| !message.is_empty()) else { return };
        // The socket never blocks: a service manager that reads nothing must not stop the probing.
        if let Err(error) = socket.send(message.as_bytes()) {
            tracing::debug!(%error, "the service manager was not told");
        }
    }
}

/// A path, or an abstract name after `@`.
fn connect(name: &OsStr) -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    let address = match name.as_bytes() {
        [b'@', rest @ ..] => SocketAddr::from_abstract_name(rest)?,
        path => SocketAddr::from_pathname(OsStr::from_bytes(path))?,
    };
    socket.connect_addr(&address)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Half the period that the service manager waits, as `sd_watchdog_enabled(3)` advises.
fn watchdog(microseconds: Option<String>, process: Option<String>, own: u32) -> Option<Pace> {
    let others = process.is_some_and(|process| process.parse() != Ok(own));
    let microseconds: i64 = microseconds?.parse().ok().filter(|period| *period > 0 && !others)?;
    Some(Pace::new(Millis(microseconds / 2000)))
}

/// One short sentence: how many lines, how many of them down, by the committed records.
fn sentence(published: &Published, language: Language) -> String {
    let (lines, down) = (published.committed.lines.len(), published.committed.outages.len());
    let mut text = language.pick(format!("{lines} 条线路，{down} 条中断"), format!("{lines} lines, {down} down"));
    // Before the first answers nobody sees anything; that is how a start looks, not a fault.
    let starting = |cause| matches!(cause, BlindCause::Pending | BlindCause::Stopped);
    if published.committed.blind.is_some_and(|blind| !starting(blind.cause)) {
        text += language.pick("；监测端失明", "; the monitor is blind");
    }
    if published.journal.failing.is_some() {
        text += language.pick("；记录写不进去", "; the journal cannot be written");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use linewatch_core::view::{Committed, JournalView};

    use super::*;

    #[test]
    fn the_watchdog_is_fed_at_half_its_period_and_only_by_the_process_it_watches() {
        let every = |period: &str, process: Option<&str>| {
            watchdog(Some(period.to_owned()), process.map(str::to_owned), 42).map(|pace| pace.every)
        };
        assert_eq!(every("30000000", None), Some(Millis(15_000)));
        assert_eq!(every("30000000", Some("42")), Some(Millis(15_000)));
        assert_eq!(every("30000000", Some("43")), None);
        assert_eq!(every("0", None), None);
        assert_eq!(every("soon", None), None);
        assert!(watchdog(None, None, 42).is_none());
        let mut pace = Pace::new(Millis(10));
        let due: Vec<i64> = (0..40).filter(|now| pace.due(Elapsed(*now))).collect();
        assert_eq!(due, [0, 10, 20, 30]);
    }

    #[test]
    fn the_sentence_says_what_is_wrong() {
        let quiet = Published { committed: Arc::new(Committed::default()), journal: JournalView::default() };
        assert_eq!(sentence(&quiet, Language::English), "0 lines, 0 down");
        let failing = JournalView { failing: Some("disk full".to_owned()), ..JournalView::default() };
        let broken = Published { journal: failing, ..quiet };
        assert_eq!(sentence(&broken, Language::Chinese), "0 条线路，0 条中断；记录写不进去");
    }

    #[test]
    fn messages_reach_a_path_and_an_abstract_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let name = format!("linewatch-notify-{}", std::process::id());
        let listeners = [
            (path.clone().into_os_string(), UnixDatagram::bind(&path).unwrap()),
            (
                format!("@{name}").into(),
                UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap(),
            ),
        ];
        for (address, listener) in listeners {
            connect(&address).unwrap().send(b"READY=1\n").unwrap();
            let mut bytes = [0; 64];
            let length = listener.recv(&mut bytes).unwrap();
            assert_eq!(&bytes[..length], b"READY=1\n", "{address:?}");
        }
        assert!(connect(folder.path().join("nobody").as_os_str()).is_err());
    }
}

//! The log: one line an event on stderr, in the form that whoever reads it there wants. The journal of systemd gets
//! the syslog priority in front and no time, since it has its own; a terminal gets colours; anything else plain lines.

use std::fmt;
use std::io::IsTerminal;
use std::os::unix::fs::MetadataExt;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Where stderr goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Journald,
    Terminal,
    Other,
}

/// Starts the log of the daemon; `LINEWATCH_LOG` chooses what is in it, as in `linewatch=debug`.
pub fn start(json: bool) {
    let filter = EnvFilter::try_from_env("LINEWATCH_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let plain = Format::default().with_target(false).with_ansi(false);
    match (reader(), json) {
        // JSON keeps its own time and level: it is read again where the journal's are gone.
        (Reader::Journald, true) => {
            let event = OneLine { event: plain.json(), priority: true };
            log.json().map_event_format(|_| event).init();
        }
        (Reader::Journald, false) => {
            let event = OneLine { event: plain.without_time().with_level(false), priority: true };
            log.with_ansi(false).event_format(event).init();
        }
        (Reader::Terminal | Reader::Other, true) => log.json().with_target(false).init(),
        (Reader::Terminal, false) => {
            let colours = super::coloured();
            let event = OneLine { event: plain.with_ansi(colours), priority: false };
            log.with_ansi(colours).event_format(event).init();
        }
        (Reader::Other, false) => {
            log.with_ansi(false).event_format(OneLine { event: plain, priority: false }).init();
        }
    }
    // A panic of any thread is an event like others, with its priority, not a paragraph.
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
}

/// Says why a command failed. In the journal every line of it is an error.
pub fn complain(sentence: &str) {
    let text = format!("linewatch: {sentence}");
    match reader() {
        Reader::Journald => text.lines().for_each(|line| eprintln!("<3>{line}")),
        Reader::Terminal | Reader::Other => eprintln!("{text}"),
    }
}

/// Says what was done, where standard output is for data alone.
pub fn tell(sentence: &str) {
    eprintln!("{sentence}");
}

fn reader() -> Reader {
    let stream = std::env::var("JOURNAL_STREAM").ok();
    // Through /proc, since std tells nothing else of an open descriptor without taking it.
    let stderr = std::fs::metadata("/proc/self/fd/2").ok().map(|file| (file.dev(), file.ino()));
    if stream.is_some_and(|stream| stderr.is_some() && device_and_inode(&stream) == stderr) {
        Reader::Journald
    } else if std::io::stderr().is_terminal() {
        Reader::Terminal
    } else {
        Reader::Other
    }
}

/// `DEVICE:INODE` of the journal's stream (`systemd.exec(5)`): it is inherited, so it alone says nothing of stderr.
fn device_and_inode(stream: &str) -> Option<(u64, u64)> {
    let (device, inode) = stream.split_once(':')?;
    Some((device.parse().ok()?, inode.parse().ok()?))
}

/// An event on one line, whatever its texts contain, with its priority in front where somebody reads that.
struct OneLine<F> {
    event: F,
    priority: bool,
}

impl<S, N, F> FormatEvent<S, N> for OneLine<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut text = String::new();
        let writer = Writer::new(&mut text);
        self.event.format_event(context, writer, event)?;
        if self.priority {
            write!(out, "<{}>", priority(*event.metadata().level()))?;
        }
        out.write_str(&text.trim().replace('\n', " ⏎ "))?;
        out.write_char('\n')
    }
}

/// Severity of `syslog(3)`.
fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_two_numbers() {
        assert_eq!(device_and_inode("8:1234"), Some((8, 1234)));
        assert_eq!(device_and_inode("8"), None);
        assert_eq!(device_and_inode("8:x"), None);
        assert_eq!(device_and_inode(""), None);
    }
}

//! Prometheus and Alertmanager as Debian ships them, in a namespace of their own, with the files of `grafana/` made
//! fast; and a gateway that keeps what it is sent.

#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

mod gateway;
mod mailbox;
mod server;

pub use gateway::{Gateway, Message};
pub use mailbox::{Mail, Mailbox};
pub use server::{PATIENCE, Server, ask, until};

use std::path::{Path, PathBuf};

/// What a duration of the files is divided by.
pub const FASTER: u64 = 30;
/// What the time is divided by that a rule has to hold: less, so that a busy machine does not mix up who is told first.
pub const SOONER: u64 = 10;

/// `grafana/`.
pub fn source() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("grafana")
}

/// Copies a file of `grafana/` with its durations divided; everything else stays as it is.
pub fn fast(path: &str, to: &Path) -> PathBuf {
    let text = std::fs::read_to_string(source().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let place = to.join(path);
    std::fs::create_dir_all(place.parent().expect("a folder")).expect("makes the folder");
    std::fs::write(&place, text.lines().map(faster).collect::<Vec<_>>().join("\n") + "\n").expect("writes");
    place
}

/// A line of YAML, with the duration it sets divided, if it sets one. Windows of queries stay.
fn faster(line: &str) -> String {
    const KEYS: [&str; 7] = [
        "keep_firing_for",
        "interval",
        "scrape_interval",
        "evaluation_interval",
        "group_wait",
        "group_interval",
        "repeat_interval",
    ];
    let Some((key, value)) = line.split_once(": ") else { return line.to_owned() };
    let (number, unit) = value.split_at(value.len() - 1);
    let seconds = match (number.parse::<u64>(), unit) {
        (Ok(number), "s") => number,
        (Ok(number), "m") => number * 60,
        (Ok(number), "h") => number * 3600,
        _ => return line.to_owned(),
    };
    let by = match key.trim_start_matches([' ', '-']) {
        "for" => SOONER,
        name if KEYS.contains(&name) => FASTER,
        _ => return line.to_owned(),
    };
    // Waits of nothing stay; the rest is at least a second, which is also how often is looked.
    format!("{key}: {}s", if seconds == 0 { 0 } else { (seconds / by).max(1) })
}

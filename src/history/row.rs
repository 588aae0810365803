//! One line of the file, as it is written.

use std::sync::Arc;

use linewatch_core::line::{ClassName, Line, LineId};
use linewatch_core::record::{FaultSource, HistoryFact};
use linewatch_core::time::{Span, Timestamp};
use serde::{Deserialize, Deserializer};

use super::flaw::Flaw;

/// A line of the file. Keys that may be `null` and would mean much by being absent have to be there.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Row {
    Line {
        id: LineId,
        name: String,
        class: ClassName,
        township: Option<String>,
        opened: Option<Time>,
        closed: Option<Time>,
    },
    Observed {
        #[serde(deserialize_with = "present")]
        line: Option<LineId>,
        start: Time,
        end: Time,
    },
    Outage {
        line: LineId,
        start: Time,
        #[serde(deserialize_with = "present")]
        end: Option<Time>,
        upstream: Option<LineId>,
    },
    Planned {
        #[serde(deserialize_with = "present")]
        line: Option<LineId>,
        township: Option<String>,
        start: Time,
        end: Time,
        reason: String,
        document: String,
    },
    Fault {
        line: LineId,
        source: Source,
        opened: Time,
        #[serde(deserialize_with = "present")]
        restored: Option<Time>,
        closed: Option<Time>,
        cause: Option<String>,
        reporter: Option<String>,
    },
}

/// Who noticed a fault.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Source {
    Detected,
    Reported,
}

impl From<Source> for FaultSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Detected => Self::Detected,
            Source::Reported => Self::Reported,
        }
    }
}

/// An instant of RFC 3339, with its offset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time(pub Timestamp);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let read = chrono::DateTime::parse_from_rfc3339(&text);
        read.map(|time| Self(Timestamp(time.timestamp_millis())))
            .map_err(|_| serde::de::Error::custom(format!("not a time: {text:?}")))
    }
}

/// A value that may be `null` but not absent: a field read by a function of its own has no default.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

impl Row {
    /// Reads one line.
    pub fn parse(line: &[u8]) -> Result<Self, Flaw> {
        let text = std::str::from_utf8(line).map_err(|_| Flaw::NotUtf8)?;
        serde_json::from_str(text).map_err(|error| Flaw::of_json(&error))
    }
}

/// A line as the source knew it.
pub(super) fn line(
    id: &LineId,
    name: &str,
    class: &ClassName,
    township: Option<&str>,
    opened: Option<Time>,
    closed: Option<Time>,
) -> Result<HistoryFact, Flaw> {
    if id.as_str().trim().is_empty() || id.as_str().chars().any(char::is_control) {
        return Err(Flaw::NoId);
    }
    let mut line = Line::new(id.as_str(), name, class.as_str(), "");
    line.township = township.unwrap_or_default().into();
    (line.opened, line.closed) = (opened.map(|time| time.0), closed.map(|time| time.0));
    if let (Some(opened), Some(closed)) = (line.opened, line.closed)
        && closed <= opened
    {
        return Err(Flaw::Empty(Span::new(opened, closed)));
    }
    Ok(HistoryFact::Line { line: Arc::new(line) })
}

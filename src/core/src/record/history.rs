//! What was imported from another system. These records carry the origin `imported` with their source, count in the
//! figures, are marked in every output, and touch nothing that is watched live: they open no outage and no fault.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{FaultSource, Scope};
use crate::line::{Line, LineId};
use crate::time::{Span, Timestamp};

/// An imported fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum HistoryFact {
    /// A file was imported; its facts are the records that follow. The same file is refused a second time.
    Imported {
        /// The file's name, without folders.
        file: String,
        /// SM3 of its bytes, 64 hexadecimal digits.
        digest: String,
        /// How many facts follow.
        facts: u64,
    },
    /// A line as the source knew it. A line known only from here is not decommissioned by the inventory file.
    Line {
        /// The line, with its dates of service.
        line: Arc<Line>,
    },
    /// The source observed a line, or all its lines, during a span.
    Observed {
        /// The line; `None`: all lines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<LineId>,
        /// When.
        span: Span,
    },
    /// A line was down. An outage is itself observation. Its number is the record's `seq`.
    Outage {
        /// The line.
        line: LineId,
        /// When; an open one was taken to last to the end of the line's last observed span.
        span: Span,
        /// Whether the source gave no end.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        open: bool,
        /// The ancestor that was down, if the source says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        upstream: Option<LineId>,
    },
    /// Downtime that had been planned.
    Planned {
        /// Which lines.
        scope: Scope,
        /// When.
        span: Span,
        /// Why.
        reason: String,
        /// Number of the document.
        document: String,
    },
    /// A fault of the source. It is numbered by the record's `seq`: `H` and the number.
    Fault {
        /// The line it stood on.
        line: LineId,
        /// Who noticed.
        source: FaultSource,
        /// From here.
        opened: Timestamp,
        /// Restored at; `None`: never, as far as the source knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restored: Option<Timestamp>,
        /// Closed at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        closed: Option<Timestamp>,
        /// Its cause, in the source's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
        /// Who reported it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reporter: Option<String>,
        /// To be restored before: by the repair time of the line's class when it was imported.
        deadline: Timestamp,
    },
}

impl HistoryFact {
    /// `history.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Imported { .. } => "history.imported",
            Self::Line { .. } => "history.line",
            Self::Observed { .. } => "history.observed",
            Self::Outage { .. } => "history.outage",
            Self::Planned { .. } => "history.planned",
            Self::Fault { .. } => "history.fault",
        }
    }
}

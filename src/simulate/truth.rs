//! What really happened, one JSON object a line, beside the journal.
//!
//! All instants are those that the monitor's clock showed; where the clock was wrong, so are they, by as much as those
//! of the records. Lines:
//!
//! | `type` | what |
//! |---|---|
//! | `district` | seed, span and the head of the journal that it belongs to; the first line |
//! | `cut` | a line was dead, and all below it; `cause` and the number of the `happening` |
//! | `window` | agreed work; when it was `entered`, if it was; of what lay before that, whether a second person `approved` its exclusion |
//! | `reported`, `inspected` | what people told of a line, as far as it was recorded |
//! | `worked` | a step of a fault: the `line` it stands on and the number on the slip, what was done (`acknowledged`, `dispatched`, `arrived`, `restored`, `closed`, `voided`), when, when and by whom it was entered |
//! | `congested` | a line lost a `share` of its probes by chance |
//! | `own_side` | the monitor's own side was cut; `unsent`: sending failed, else nothing came back |
//! | `stopped`, `stalled` | the process did not run; its machine stood still |
//! | `clock_set` | at the instant before, by so many milliseconds |
//! | `lost` | probes lost one after the other, as the wire tells it: `last_reply` < `first_loss` ≤ `last_loss` < `first_reply`, each the sending of a probe; the counts are at least so many |

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use linewatch_core::line::{Line, LineId};
use linewatch_core::record::FaultNo;
use linewatch_core::simulated::{Happenings, LostRun};
use linewatch_core::time::{Millis, Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::store::Head;

/// The version of the file.
pub const SCHEMA: &str = "linewatch.truth/2";

/// Everything, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// All lines of the file.
    pub events: Vec<Event>,
    /// By window of the happenings: when it was entered, and whether the exclusion was approved.
    agreed: BTreeMap<usize, (Timestamp, bool)>,
    /// Since which true instant the clock shows how much more than the truth.
    offsets: Vec<(Timestamp, Millis)>,
}

/// An instant as RFC 3339 with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub Timestamp);

impl Serialize for At {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = chrono::DateTime::parse_from_rfc3339(&text).map_err(serde::de::Error::custom)?;
        Ok(Self(Timestamp(at.timestamp_millis())))
    }
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the table above says what each is")]
pub enum Event {
    District {
        schema: String,
        seed: u64,
        start: At,
        end: At,
        head: String,
    },
    Stopped {
        start: At,
        end: At,
        clean: bool,
    },
    Stalled {
        start: At,
        end: At,
    },
    ClockSet {
        at: At,
        by_ms: i64,
    },
    OwnSide {
        start: At,
        end: At,
        unsent: bool,
    },
    Window {
        line: LineId,
        start: At,
        end: At,
        entered: Option<At>,
        approved: bool,
    },
    Reported {
        line: LineId,
        at: At,
    },
    Inspected {
        line: LineId,
        at: At,
    },
    Worked {
        line: LineId,
        fault: FaultNo,
        step: Step,
        at: At,
        entered: At,
        by: String,
    },
    Congested {
        line: LineId,
        start: At,
        end: At,
        share: f64,
    },
    Cut {
        line: LineId,
        start: At,
        end: At,
        cause: String,
        happening: u32,
    },
    Lost {
        line: LineId,
        session: u32,
        last_reply: Option<At>,
        first_loss: At,
        last_loss: At,
        first_reply: Option<At>,
        lost: u64,
        answered: u64,
    },
}

/// A step of the work on a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words themselves")]
pub enum Step {
    Acknowledged,
    Dispatched,
    Arrived,
    Restored,
    Closed,
    Voided,
}

/// What a person did about a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worked {
    /// The line that the fault stands on.
    pub line: LineId,
    /// The number on the slip.
    pub fault: FaultNo,
    /// What was done.
    pub step: Step,
    /// When.
    pub at: Timestamp,
}

/// A file that is no truth.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line is not of this schema.
    #[error("line {line}: {error}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong.
        error: serde_json::Error,
    },
    /// It does not begin with a district of this schema.
    #[error("the first line is not a district of the schema {SCHEMA}")]
    NoDistrict,
}

impl Truth {
    pub(super) fn new(seed: u64, span: Span) -> Self {
        let district = Event::District {
            schema: SCHEMA.to_owned(),
            seed,
            start: At(span.start),
            end: At(span.end),
            head: String::new(),
        };
        Self { events: vec![district], agreed: BTreeMap::new(), offsets: vec![(Timestamp::MIN, Millis::ZERO)] }
    }

    pub(super) fn stopped(&mut self, span: Span, clean: bool) {
        self.events.push(Event::Stopped { start: At(span.start), end: At(span.end), clean });
    }

    pub(super) fn stalled(&mut self, span: Span) {
        self.events.push(Event::Stalled { start: At(span.start), end: At(span.end) });
    }

    /// The clock shows `at` and is set by so much.
    pub(super) fn clock_set(&mut self, at: Timestamp, by: Millis) {
        let before = self.offsets.last().map_or(Millis::ZERO, |(_, offset)| *offset);
        self.offsets.push((at - before, before + by));
        self.events.push(Event::ClockSet { at: At(at), by_ms: by.0 });
    }

    pub(super) fn reported(&mut self, at: Timestamp, line: LineId) {
        self.events.push(Event::Reported { line, at: At(at) });
    }

    pub(super) fn inspected(&mut self, at: Timestamp, line: LineId) {
        self.events.push(Event::Inspected { line, at: At(at) });
    }

    /// A step of the work on a fault was entered.
    pub(super) fn worked(&mut self, now: Timestamp, by: &str, done: Worked) {
        let Worked { line, fault, step, at } = done;
        self.events.push(Event::Worked { line, fault, step, at: At(at), entered: At(now), by: by.to_owned() });
    }

    /// An agreed window was entered.
    pub(super) fn entered(&mut self, window: usize, at: Timestamp) {
        self.agreed.insert(window, (at, false));
    }

    /// The exclusion of what lay before that was approved.
    pub(super) fn approved(&mut self, window: usize) {
        if let Some((_, approved)) = self.agreed.get_mut(&window) {
            *approved = true;
        }
    }

    /// A true instant as the clock showed it.
    fn shown(&self, at: Timestamp) -> At {
        let place = self.offsets.partition_point(|(since, _)| *since <= at);
        let offset = place.checked_sub(1).map_or(Millis::ZERO, |place| self.offsets[place].1);
        At(at + offset)
    }

    pub(super) fn tell(&mut self, lines: &[Line], happenings: &Happenings, runs: Vec<LostRun>, head: Head) {
        if let Some(Event::District { head: told, .. }) = self.events.first_mut() {
            *told = head.to_string();
        }
        let edges = |truth: &Self, span: Span| (truth.shown(span.start), truth.shown(span.end));
        let mut events = Vec::new();
        for side in &happenings.own_side {
            let (start, end) = edges(self, side.span);
            events.push(Event::OwnSide { start, end, unsent: side.unsent.is_some() });
        }
        for (number, (line, span)) in happenings.windows.iter().enumerate() {
            // People write the hours of the work order, whatever the monitor's clock shows.
            let (start, end) = (At(span.start), At(span.end));
            let said = self.agreed.get(&number);
            let (entered, approved) = (said.map(|(at, _)| At(*at)), said.is_some_and(|(_, approved)| *approved));
            events.push(Event::Window { line: lines[*line].id.clone(), start, end, entered, approved });
        }
        for rough in &happenings.rough {
            let (start, end) = edges(self, rough.span);
            events.push(Event::Congested { line: lines[rough.line].id.clone(), start, end, share: rough.share });
        }
        for cut in &happenings.cuts {
            let (start, end) = edges(self, cut.span);
            let (line, cause) = (lines[cut.line].id.clone(), cut.cause.label().to_owned());
            events.push(Event::Cut { line, start, end, cause, happening: cut.happening });
        }
        // References have no place among the lines.
        for run in runs.into_iter().filter(|run| run.target < lines.len()) {
            events.push(Event::Lost {
                line: lines[run.target].id.clone(),
                session: run.session,
                last_reply: run.last_reply.map(At),
                first_loss: At(run.first_loss),
                last_loss: At(run.last_loss),
                first_reply: run.first_reply.map(At),
                lost: run.lost,
                answered: run.answered,
            });
        }
        self.events.extend(events);
    }

    /// Writes all lines.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for event in &self.events {
            serde_json::to_writer(&mut *out, event)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// Reads all lines.
    ///
    /// # Errors
    /// The first line that is not as it should be.
    pub fn read(input: impl BufRead) -> Result<Self, TruthError> {
        let mut events = Vec::new();
        for (number, text) in (1..).zip(input.lines()) {
            let event = serde_json::from_str(&text?).map_err(|error| TruthError::Line { line: number, error })?;
            events.push(event);
        }
        match events.first() {
            Some(Event::District { schema, .. }) if schema == SCHEMA => {
                Ok(Self { events, agreed: BTreeMap::new(), offsets: Vec::new() })
            }
            Some(_) | None => Err(TruthError::NoDistrict),
        }
    }

    /// From the daemon's start to its end.
    pub fn span(&self) -> Span {
        match self.events.first() {
            Some(Event::District { start, end, .. }) => Span::new(start.0, end.0),
            Some(_) | None => Span::new(Timestamp::MIN, Timestamp::MAX),
        }
    }

    /// The head of the journal it belongs to.
    pub fn head(&self) -> &str {
        match self.events.first() {
            Some(Event::District { head, .. }) => head,
            Some(_) | None => "",
        }
    }
}

//! What another system knew, as a file of one JSON object a line: read whole, checked whole, all mistakes at once.
//!
//! Nothing is recorded here. A file with a mistake gives no facts at all; each mistake names its line.

mod flaw;
mod row;

use std::collections::{BTreeMap, BTreeSet};

use linewatch_core::line::{ClassName, LineId};
use linewatch_core::record::{HistoryFact, Scope};
use linewatch_core::time::{Millis, Span, Timestamp};

pub use flaw::{Flaw, Mistake};
use row::Row;

use crate::spelling::closest;

/// How many mistakes are told.
const TOLD: usize = 20;

/// What the reader of a file has to know.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The classes: name, label, and how long after its opening a fault is to be restored.
    pub classes: Vec<(ClassName, String, Millis)>,
    /// The lines known so far, from the inventory or an earlier import, with their class.
    pub lines: BTreeMap<LineId, ClassName>,
    /// The townships known so far.
    pub townships: BTreeSet<String>,
}

/// A fact of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The line of the file that says it, from 1.
    pub at: u64,
    /// What it says.
    pub fact: HistoryFact,
}

/// Why a file is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// The first of them, in the order of the file.
    pub told: Vec<Mistake>,
    /// How many there are.
    pub all: usize,
}

/// Reads a file. `watch` hears how many bytes are behind.
///
/// # Errors
/// All mistakes; then there are no facts.
pub fn read(bytes: &[u8], rules: &Rules, mut watch: impl FnMut(u64)) -> Result<Vec<Read>, Mistakes> {
    let mut reader = Reader { rules, lines: BTreeMap::new(), townships: BTreeSet::new(), mistakes: Vec::new() };
    let mut rows: Vec<(u64, Row)> = Vec::new();
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut behind = 0;
    for (at, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        behind += line.len() as u64 + 1;
        watch(behind.min(bytes.len() as u64));
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match Row::parse(line) {
            Ok(row) => {
                reader.meet(at, &row);
                rows.push((at, row));
            }
            Err(flaw) => reader.mistakes.push(Mistake { at, flaw }),
        }
    }
    let seen = Seen::of(&rows);
    let facts: Vec<Read> = rows.into_iter().filter_map(|(at, row)| reader.fact(at, row, &seen)).collect();
    let mut mistakes = reader.mistakes;
    if mistakes.is_empty() {
        return Ok(facts);
    }
    mistakes.sort_by_key(|mistake| mistake.at);
    let all = mistakes.len();
    mistakes.truncate(TOLD);
    Err(Mistakes { told: mistakes, all })
}

/// Where the file's source last looked, at each line and at all of them.
struct Seen {
    lines: BTreeMap<LineId, Timestamp>,
    all: Option<Timestamp>,
}

impl Seen {
    fn of(rows: &[(u64, Row)]) -> Self {
        let mut seen = Self { lines: BTreeMap::new(), all: None };
        for (_, row) in rows {
            let Row::Observed { line, end, .. } = row else { continue };
            match line {
                None => seen.all = seen.all.max(Some(end.0)),
                Some(line) => {
                    let last = seen.lines.entry(line.clone()).or_insert(end.0);
                    *last = end.0.max(*last);
                }
            }
        }
        seen
    }

    /// The end of the last observed span of a line.
    fn last(&self, line: &LineId) -> Option<Timestamp> {
        self.lines.get(line).copied().max(self.all)
    }
}

struct Reader<'a> {
    rules: &'a Rules,
    /// The file's own lines.
    lines: BTreeMap<LineId, ClassName>,
    townships: BTreeSet<String>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    /// Notes which lines and townships the file brings, wherever in it they stand.
    fn meet(&mut self, at: u64, row: &Row) {
        let Row::Line { id, class, township, .. } = row else { return };
        let Some((class, ..)) =
            self.rules.classes.iter().find(|(name, label, _)| name == class || label == class.as_str())
        else {
            let names: Vec<String> = self.rules.classes.iter().map(|(name, ..)| name.to_string()).collect();
            return self.mistakes.push(Mistake { at, flaw: Flaw::Class { class: class.to_string(), known: names } });
        };
        if self.lines.insert(id.clone(), class.clone()).is_some() {
            self.mistakes.push(Mistake { at, flaw: Flaw::LineTwice(id.to_string()) });
        }
        if let Some(township) = township {
            self.townships.insert(township.clone());
        }
    }

    fn class(&self, line: &LineId) -> Option<&ClassName> {
        self.lines.get(line).or_else(|| self.rules.lines.get(line))
    }

    fn fact(&mut self, at: u64, row: Row, seen: &Seen) -> Option<Read> {
        match self.checked(row, seen) {
            Ok(fact) => Some(Read { at, fact }),
            Err(flaw) => {
                self.mistakes.push(Mistake { at, flaw });
                None
            }
        }
    }

    fn checked(&self, row: Row, seen: &Seen) -> Result<HistoryFact, Flaw> {
        match row {
            Row::Line { id, name, class, township, opened, closed } => {
                let class = self.lines.get(&id).cloned().unwrap_or(class);
                row::line(&id, &name, &class, township.as_deref(), opened, closed)
            }
            Row::Observed { line, start, end } => {
                line.iter().try_for_each(|line| self.known(line))?;
                Ok(HistoryFact::Observed { line, span: span(start.0, end.0)? })
            }
            Row::Outage { line, start, end, upstream } => {
                [&line].into_iter().chain(&upstream).try_for_each(|line| self.known(line))?;
                if upstream.as_ref() == Some(&line) {
                    return Err(Flaw::OwnUpstream(line.to_string()));
                }
                let last = seen.last(&line).filter(|last| *last > start.0);
                let until = end.map(|end| end.0).or(last).ok_or_else(|| Flaw::NoEnd(line.to_string()))?;
                Ok(HistoryFact::Outage { line, span: span(start.0, until)?, open: end.is_none(), upstream })
            }
            Row::Planned { line, township, start, end, reason, document } => {
                let scope = match (line, township) {
                    (Some(_), Some(_)) => return Err(Flaw::LineAndTownship),
                    (Some(line), None) => {
                        self.known(&line)?;
                        Scope::Line(line)
                    }
                    (None, Some(township)) => {
                        if !self.townships.contains(&township) && !self.rules.townships.contains(&township) {
                            return Err(Flaw::Township(township));
                        }
                        Scope::Township(township.as_str().into())
                    }
                    (None, None) => Scope::All,
                };
                Ok(HistoryFact::Planned { scope, span: span(start.0, end.0)?, reason, document })
            }
            Row::Fault { line, source, opened, restored, closed, cause, reporter } => {
                self.known(&line)?;
                let times = [Some(opened), restored, closed].map(|time| time.map(|time| time.0));
                let mut in_order = times.iter().flatten().zip(times.iter().flatten().skip(1));
                if let Some((before, after)) = in_order.find(|(before, after)| after < before) {
                    return Err(Flaw::Empty(Span::new(*before, *after)));
                }
                let class = self.class(&line);
                let repair = self.rules.classes.iter().find(|(name, ..)| Some(name) == class);
                let repair = repair.map_or(linewatch_core::ledger::Policy::DEFAULT_REPAIR, |(_, _, repair)| *repair);
                let [_, restored, closed] = times;
                let deadline = opened.0 + repair;
                let source = source.into();
                Ok(HistoryFact::Fault { line, source, opened: opened.0, restored, closed, cause, reporter, deadline })
            }
        }
    }

    fn known(&self, line: &LineId) -> Result<(), Flaw> {
        if self.class(line).is_some() {
            return Ok(());
        }
        let names = self.lines.keys().chain(self.rules.lines.keys()).map(LineId::as_str);
        let meant = closest(line.as_str(), names).map(str::to_owned);
        Err(Flaw::UnknownLine { line: line.to_string(), meant })
    }
}

fn span(start: Timestamp, end: Timestamp) -> Result<Span, Flaw> {
    let span = Span::new(start, end);
    if span.is_empty() { Err(Flaw::Empty(span)) } else { Ok(span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            classes: vec![("village".into(), "村社区".to_owned(), Millis::from_secs(12 * 3600))],
            lines: BTreeMap::from([("V-001".into(), "village".into())]),
            townships: BTreeSet::from(["汀泗桥镇".to_owned()]),
        }
    }

    fn flaws(text: &str) -> Vec<String> {
        let mistakes = read(text.as_bytes(), &rules(), |_| {}).expect_err(text);
        mistakes
            .told
            .iter()
            .map(|mistake| format!("{}: {}", mistake.at, mistake.flaw.sentence(crate::language::Language::English)))
            .collect()
    }

    #[test]
    fn every_kind_of_line_is_read() {
        let text = "\u{feff}\
{\"type\":\"line\",\"id\":\"V-009\",\"name\":\"新村\",\"class\":\"村社区\",\"township\":\"新镇\",\"opened\":\"2026-01-01T00:00:00+08:00\",\"closed\":null}\r
{\"type\":\"observed\",\"line\":null,\"start\":\"2026-01-01T00:00:00+08:00\",\"end\":\"2026-02-01T00:00:00+08:00\"}

{\"type\":\"observed\",\"line\":\"V-009\",\"start\":\"2026-01-01T00:00:00+08:00\",\"end\":\"2026-03-01T00:00:00+08:00\"}
{\"type\":\"outage\",\"line\":\"V-009\",\"start\":\"2026-02-20T00:00:00.5+08:00\",\"end\":null,\"upstream\":\"V-001\"}
{\"type\":\"planned\",\"line\":null,\"township\":\"新镇\",\"start\":\"2026-01-05T00:00:00Z\",\"end\":\"2026-01-05T01:00:00Z\",\"reason\":\"割接\",\"document\":\"1\"}
{\"type\":\"fault\",\"line\":\"V-001\",\"source\":\"reported\",\"opened\":\"2026-01-02T00:00:00Z\",\"restored\":null,\"closed\":null,\"cause\":\"光缆\",\"reporter\":\"村委会\"}";
        let facts = read(text.as_bytes(), &rules(), |_| {}).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        assert_eq!(facts.iter().map(|read| read.at).collect::<Vec<_>>(), [1, 2, 4, 5, 6, 7]);
        let HistoryFact::Outage { span, open, .. } = &facts[3].fact else { panic!("{:?}", facts[3]) };
        assert!(*open && span.end.to_string() == "2026-02-28T16:00:00.000Z" && span.start.0 % 1000 == 500);
        let HistoryFact::Fault { opened, deadline, .. } = &facts[5].fact else { panic!("{:?}", facts[5]) };
        assert_eq!(*deadline - *opened, Millis::from_secs(12 * 3600));
        let HistoryFact::Line { line } = &facts[0].fact else { panic!("{:?}", facts[0]) };
        assert_eq!((line.class.as_str(), line.township.as_str()), ("village", "新镇"));
    }

    #[test]
    fn mistakes_are_named_by_line_all_at_once() {
        let text = "{\"type\":\"observed\",\"line\":\"V-001\",\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-02T00:00:00Z\"}
{\"type\":\"observed\",\"line\":\"V-001\",\"start\":\"2026-01-01T00:00:00Z\",
{\"type\":\"observed\",\"line\":\"V-002\",\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-02T00:00:00Z\"}
{\"type\":\"observed\",\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-02T00:00:00Z\"}
{\"type\":\"observed\",\"line\":null,\"start\":\"2026-01-03T00:00:00Z\",\"end\":\"2026-01-02T00:00:00Z\"}
{\"type\":\"outage\",\"line\":\"V-001\",\"start\":\"2026-01-03T00:00:00Z\",\"end\":null}
{\"type\":\"outage\",\"line\":\"V-001\",\"start\":\"2026-01-03\",\"end\":null}
{\"type\":\"outage\",\"line\":\"V-001\",\"start\":\"2026-01-03T00:00:00Z\",\"end\":null,\"carrier\":\"电信\"}
{\"type\":\"repair\",\"line\":\"V-001\"}
{\"type\":\"line\",\"id\":\"X\",\"name\":\"X\",\"class\":\"vilage\",\"township\":null,\"opened\":null,\"closed\":null}
{\"type\":\"planned\",\"line\":null,\"township\":\"别处\",\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-02T00:00:00Z\",\"reason\":\"\",\"document\":\"\"}
\u{1}
[1]";
        let found = flaws(text);
        let expected = [
            "2: ",
            "3: no line V-002 is known, did you mean V-001?",
            "4: the key \"line\" is missing",
            "5: it ends (",
            "6: the outage of V-001 has no end",
            "7: ",
            "8: unknown key \"carrier\"",
            "9: unknown type \"repair\"",
            "10: no class \"vilage\"",
            "11: no township \"别处\"",
            "12: ",
            "13: ",
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found} / {expected}");
        }
    }
}

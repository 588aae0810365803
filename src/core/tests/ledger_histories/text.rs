//! Histories as lines of text, and a journal in memory to fold them.
//!
//! Commands are separated by `|`, times are whole seconds after 2026-01-05 00:00 in Shanghai:
//!
//! | text | command |
//! |---|---|
//! | `lines A B<A C!900 D+50` | the inventory: B hangs on A, C closes at 900, D opens at 50; `remove` allows a removal |
//! | `down A 100` | Down from 100; last reply 2 s before (`reply=90`, `reply=none`), confirmed 5 s later (`confirm=120`) |
//! | `still A 100` | Down again, first loss after the gap at 100 |
//! | `up A 300` | Up from 300; last loss 2 s before (`loss=290`), confirmed 2 s later; `gap`: after a gap |
//! | `blind 400`, `sight 500` | the monitor goes blind and sees again; `wait=A:390` |
//! | `lost A 400`, `seen A 500` | one line is not observed, and is again |
//! | `step 100 160` | the clock is set from 100 to 160 |
//! | `resume 500 beat=400 wait=A:390` | the daemon starts again |
//! | `checkpoint 3600`, `due 60` | as they say |
//! | `plan A 100..200 by=wang` | somebody plans downtime now: of `A`, `A*` (with all below), `all`, `class:x`, `in:x`; `now..200` |
//! | `cancel $1` | it will not be; `$1` is the first window or decision of the history, `$0` the last; `%1` of decisions alone |
//! | `declare A 100..200`, `declare A 100..`, `end $1 300` | a line was down, or is until it is said to have ended |
//! | `exclude A 100..200` | time is to be taken out, of what `plan` can name |
//! | `correct #1 A 100..300 as 100..150` | the first outage, recorded so, was another; `as none`: it was none |
//! | `approve $1 by=li`, `reject $1`, `withdraw $1`, `exempt F1` | what is said of a decision; of a fault |
//! | `report A 100`, `ack F1 100`, `send F1 100`, `arrive F1`, `fix F1`, `close F1`, `reopen F1` | steps, see [`steps`](super::steps) |
//!
//! Reason and document are `r` and `d` (`reason=`, `document=`: none).

use std::sync::Arc;

use crate::tables::Tables;
use linewatch_core::act::{Act, Deciding, Planning, RecordedOutage};
use linewatch_core::command::{Command, Verdict};
use linewatch_core::ledger::{Ledger, Policy, Refusal, decide};
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::{BlindCause, LossCause};
use linewatch_core::record::{
    Attribution, Claim, DecisionFact, DecisionId, EndReason, Fact, FaultFact, FaultNo, LineFact, Origin, OutageFact,
    OutageId, PlannedFact, PlannedId, RECORD_VERSION, Record, Scope, Waiting,
};
use linewatch_core::time::{ClockReading, ClockStep, Elapsed, Millis, Span, Timestamp};

/// 2026-01-05 00:00 in Shanghai.
const START: i64 = 1_767_542_400_000;
/// Who writes what no person says.
const PROGRAM: &str = "linewatch";

pub fn at(seconds: i64) -> Timestamp {
    Timestamp(START + seconds * 1000)
}

pub fn policy() -> Arc<Policy> {
    Arc::new(Policy::new(chrono_tz::Asia::Shanghai))
}

/// A journal: the ledger, its records and its tables.
#[derive(Clone)]
pub struct Journal {
    pub ledger: Ledger,
    pub records: Vec<Record>,
    pub tables: Tables,
    pub now: Timestamp,
    author: String,
}

impl Journal {
    pub fn new() -> Self {
        Self {
            ledger: Ledger::new(policy()),
            records: Vec::new(),
            tables: Tables::default(),
            now: at(0),
            author: PROGRAM.to_owned(),
        }
    }

    /// A journal with these lines, all of them seen at 0.
    pub fn with(lines: &str) -> Self {
        let mut journal = Self::new();
        journal.carry_out(&inventory(lines, at(0), true));
        for line in journal.ledger.lines().map(|line| line.line.id.clone()).collect::<Vec<_>>() {
            journal.carry_out(&Command::Verdict(Verdict::LineSeen { line, at: at(0) }));
        }
        journal
    }

    /// Decides, and folds what was decided. Ledgers taken up from the tables must decide the same.
    pub fn attempt(&mut self, command: &Command) -> Result<Vec<Fact>, Refusal> {
        self.now = self.now.max(time_of(command));
        let facts = decide(&self.ledger, command, self.now);
        for rows in [self.tables.needed(self.ledger.recorded_at()), self.tables.0.values().cloned().collect()] {
            let restored = Ledger::restore(policy(), self.ledger.seq(), self.ledger.recorded_at(), rows);
            assert_eq!(decide(&restored, command, self.now), facts, "restored from {:#?}, {command:?}", self.tables);
            assert_eq!(restored.next_due(), self.ledger.next_due(), "{:#?}", self.tables);
        }
        let facts = facts?;
        command.author().unwrap_or(PROGRAM).clone_into(&mut self.author);
        for fact in &facts {
            self.append(fact.clone());
        }
        Ok(facts)
    }

    pub fn append(&mut self, fact: Fact) {
        let record = Record {
            seq: self.ledger.seq() + 1,
            v: RECORD_VERSION,
            recorded_at: self.now,
            origin: Origin::Live,
            author: self.author.clone(),
            fact,
        };
        self.tables.store(&self.ledger.apply(&record));
        self.records.push(record);
    }

    pub fn carry_out(&mut self, command: &Command) -> Vec<Fact> {
        self.attempt(command).expect("not refused")
    }

    /// Carries text out; returns the facts about outages, faults and lines as text.
    pub fn tell(&mut self, text: &str) -> String {
        let mut told = Vec::new();
        for part in text.split('|') {
            let command = self.command(part.trim());
            let facts = self.carry_out(&command);
            let first = self.ledger.seq() + 1 - facts.len() as u64;
            told.extend(facts.iter().zip(first..).filter_map(|(fact, seq)| self.fact_text(fact, seq)));
        }
        told.join(" | ")
    }

    /// A command of the text, with the numbers that this journal gave for `$1` and `#1`.
    pub fn command(&self, text: &str) -> Command {
        let nth = |word: &str, is: fn(&Fact) -> bool| {
            let nth: usize = word.parse().unwrap_or_else(|_| panic!("no number {word:?}"));
            let mut found = self.records.iter().filter(|record| is(&record.fact)).map(|record| record.seq);
            let number = if nth == 0 { found.next_back() } else { found.nth(nth - 1) };
            number.unwrap_or(9_999).to_string()
        };
        let number = |word: &str| match word.split_at(word.len().min(1)) {
            ("$", rest) => nth(rest, |fact| {
                matches!(fact, Fact::Planned(PlannedFact::Added { .. }) | Fact::Decision(DecisionFact::Proposed { .. }))
            }),
            ("%", rest) => nth(rest, |fact| matches!(fact, Fact::Decision(DecisionFact::Proposed { .. }))),
            ("F", rest) if rest.len() == 1 => self.numbered(rest),
            ("#", rest) => nth(rest, |fact| matches!(fact, Fact::Outage(OutageFact::Started { .. }))),
            _ => word.to_owned(),
        };
        command(&text.split_whitespace().map(number).collect::<Vec<_>>().join(" "))
    }

    /// The first fault of the history, the second, …, of `0` the last.
    fn numbered(&self, word: &str) -> String {
        let nth: usize = word.parse().unwrap_or_else(|_| panic!("no number {word:?}"));
        let mut numbers = self.records.iter().filter_map(|record| match &record.fact {
            Fact::Fault(
                FaultFact::Opened { fault, .. } | FaultFact::Reported { fault, .. } | FaultFact::Split { fault, .. },
            ) => Some(fault.to_string()),
            _ => None,
        });
        let number = if nth == 0 { numbers.next_back() } else { numbers.nth(nth - 1) };
        number.unwrap_or_else(|| "F20990101-001".to_owned())
    }

    fn line_of(&self, outage: OutageId) -> &LineId {
        let record = &self.records[usize::try_from(outage.0).expect("small") - 1];
        match &record.fact {
            Fact::Outage(OutageFact::Started { line, .. }) => line,
            other => panic!("record {outage} is {other:?}"),
        }
    }

    fn fact_text(&self, fact: &Fact, seq: u64) -> Option<String> {
        Some(match fact {
            Fact::Observation(_) => return None,
            Fact::Line(LineFact::Commissioned { line, .. }) => format!("commissioned {}", line.id),
            Fact::Line(LineFact::Changed { line, .. }) => format!("changed {}", line.id),
            Fact::Line(LineFact::Decommissioned { line, .. }) => format!("decommissioned {line}"),
            Fact::Outage(OutageFact::Started { start, attribution, .. }) => {
                format!("started {} {} {}", self.line_of(OutageId(seq)), time(*start), whose(attribution))
            }
            Fact::Outage(OutageFact::Attributed { outage, from, attribution }) => {
                format!("attributed {} {} {}", self.line_of(*outage), time(*from), whose(attribution))
            }
            Fact::Outage(OutageFact::Bridged { outage, gap }) => {
                format!("bridged {} {}..{}", self.line_of(*outage), time(gap.start), time(gap.end))
            }
            Fact::Outage(OutageFact::Ended { outage, end, reason, .. }) => {
                let reason = match reason {
                    EndReason::Answered => "",
                    EndReason::Gap => " gap",
                    EndReason::Decommissioned => " closed",
                };
                format!("ended {} {}{reason}", self.line_of(*outage), time(*end))
            }
            Fact::Fault(fact) => fault_text(fact, |outage| self.line_of(outage).to_string()),
            Fact::Planned(fact) => planned_text(fact),
            Fact::Decision(fact) => decision_text(fact),
            Fact::Inspection(_) | Fact::Person(_) | Fact::History(_) | Fact::Seal(_) => fact.kind().to_owned(),
        })
    }
}

fn planned_text(fact: &PlannedFact) -> String {
    match fact {
        PlannedFact::Added { scope, span, .. } => format!("planned {} {}", scope_text(scope), span_text(*span)),
        PlannedFact::Cancelled { at, .. } => format!("cancelled {}", time(*at)),
    }
}

fn decision_text(fact: &DecisionFact) -> String {
    match fact {
        DecisionFact::Proposed { claim, .. } => match claim {
            Claim::Declared { line, from, until } => {
                format!("declared {line} {}..{}", time(*from), until.map(time).unwrap_or_default())
            }
            Claim::Excluded { scope, span } => format!("excluded {} {}", scope_text(scope), span_text(*span)),
            Claim::Corrected { counts, .. } => {
                format!("corrected {}", counts.map_or("none".to_owned(), span_text))
            }
            Claim::Exempted { fault } => format!("exempted {fault}"),
        },
        DecisionFact::Ended { at, .. } => format!("over {}", time(*at)),
        DecisionFact::Approved { .. } => "approved".to_owned(),
        DecisionFact::Rejected { .. } => "rejected".to_owned(),
        DecisionFact::Withdrawn { .. } => "withdrawn".to_owned(),
    }
}

fn scope_text(scope: &Scope) -> String {
    match scope {
        Scope::All => "all".to_owned(),
        Scope::Line(line) => line.to_string(),
        Scope::Trunk(line) => format!("{line}*"),
        Scope::Class(class) => format!("class:{class}"),
        Scope::Township(township) => format!("in:{township}"),
    }
}

fn span_text(span: Span) -> String {
    format!("{}..{}", time(span.start), time(span.end))
}

fn fault_text(fact: &FaultFact, line_of: impl Fn(OutageId) -> String) -> String {
    let short = |fault: &FaultNo| short(fault);
    match fact {
        FaultFact::Opened { fault, line, opened, .. } => format!("opened {} {line} {}", short(fault), time(*opened)),
        FaultFact::Joined { fault, outage, from, .. } => {
            format!("joined {} {} {}", short(fault), line_of(*outage), time(*from))
        }
        FaultFact::Left { fault, outage, from, .. } => {
            format!("left {} {} {}", short(fault), line_of(*outage), time(*from))
        }
        FaultFact::Relapsed { fault, at, .. } => format!("relapsed {} {}", short(fault), time(*at)),
        FaultFact::Restored { fault, at } => format!("restored {} {}", short(fault), time(*at)),
        FaultFact::Merged { fault, into, opened, .. } => {
            format!("merged {}>{} {}", short(fault), short(into), time(*opened))
        }
        _ => crate::steps::fact_text(fact),
    }
}

pub fn short(fault: &FaultNo) -> String {
    fault.as_str().strip_prefix("F20260105-").unwrap_or(fault.as_str()).to_owned()
}

fn whose(attribution: &Attribution) -> String {
    match attribution {
        Attribution::Own => "own".to_owned(),
        Attribution::Upstream(line) => format!("<{line}"),
        Attribution::Declared => "declared".to_owned(),
    }
}

pub fn time(at: Timestamp) -> String {
    let millis = at.0 - START;
    if millis % 1000 == 0 { (millis / 1000).to_string() } else { format!("{millis}ms") }
}

/// Tells a history to a journal with these lines and compares the facts about outages, faults and lines.
#[track_caller]
pub fn check(lines: &str, history: &str, expected: &str) {
    assert_eq!(Journal::with(lines).tell(history), expected, "\nhistory: {history}\n");
}

/// What the last command of a history is refused with.
#[track_caller]
pub fn refused(lines: &str, history: &str, objection: &str) {
    let mut journal = Journal::with(lines);
    let (before, last) = history.rsplit_once('|').unwrap_or(("due 1000", history));
    journal.tell(before);
    let seq = journal.ledger.seq();
    let command = journal.command(last.trim());
    let refusal = journal.attempt(&command).expect_err(history).to_string();
    assert!(refusal.contains(objection), "{history}: {refusal}");
    assert_eq!(journal.ledger.seq(), seq, "nothing is recorded");
}

pub fn inventory(lines: &str, at_: Timestamp, allow_removal: bool) -> Command {
    let line = |text: &str| {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(mark) = rest.rfind(['<', '!', '+']) {
            parts.push(rest[mark..].split_at(1));
            rest = &rest[..mark];
        }
        let mut line = Line::new(rest, "", "village", "127.0.0.1");
        for (mark, value) in parts {
            match mark {
                "<" => line.upstream = Some(value.into()),
                "!" => line.closed = Some(at(value.parse().expect("seconds"))),
                _ => line.opened = Some(at(value.parse().expect("seconds"))),
            }
        }
        line
    };
    let lines = Arc::new(lines.split_whitespace().map(line).collect());
    Command::LoadInventory { at: at_, lines, allow_removal }
}

/// One command of the text, see the module.
pub fn command(text: &str) -> Command {
    let words: Vec<&str> = text.split_whitespace().collect();
    let option = |name: &str| words.iter().find_map(|word| word.strip_prefix(name));
    let seconds = |text: &str| at(text.parse().unwrap_or_else(|_| panic!("no time {text:?}")));
    let given = |name: &str, otherwise: Timestamp| option(name).map_or(otherwise, seconds);
    let waiting: Vec<Waiting> = option("wait=")
        .and_then(|wait| wait.split_once(':'))
        .map(|(line, until)| Waiting { line: line.into(), until: seconds(until) })
        .into_iter()
        .collect();
    let line = || LineId::from(words[1]);
    let after = |start: Timestamp, length: i64| start + Millis::from_secs(length);
    if let Some(act) = act(&words) {
        return Command::Person { author: option("by=").unwrap_or("wang").replace('_', " "), act };
    }
    match words[0] {
        "lines" => {
            let (time, rest) = words[1..].split_first().expect("a time");
            let rest = rest.iter().filter(|word| **word != "remove").copied().collect::<Vec<_>>().join(" ");
            return inventory(&rest, seconds(time), words.contains(&"remove"));
        }
        "due" => return Command::Due { at: seconds(words[1]) },
        "checkpoint" => return Command::Checkpoint { at: seconds(words[1]), waiting },
        "resume" => {
            return Command::Resume { at: seconds(words[1]), observed_until: option("beat=").map(seconds), waiting };
        }
        _ => {}
    }
    Command::Verdict(match words[0] {
        "down" => {
            let start = seconds(words[2]);
            Verdict::Down {
                line: line(),
                start,
                last_reply: (option("reply=") != Some("none")).then(|| match option("reply=") {
                    Some(text) => seconds(text),
                    None => after(start, -2),
                }),
                confirmed_at: given("confirm=", after(start, 5)),
                cause: LossCause::Timeout,
            }
        }
        "still" => {
            let first_loss = seconds(words[2]);
            Verdict::StillDown { line: line(), first_loss, confirmed_at: after(first_loss, 5) }
        }
        "up" => {
            let first_reply = seconds(words[2]);
            Verdict::Up {
                line: line(),
                last_loss: given("loss=", after(first_reply, -2)),
                first_reply,
                confirmed_at: given("confirm=", after(first_reply, 2)),
                after_gap: words.contains(&"gap"),
            }
        }
        "blind" => Verdict::Blinded { from: seconds(words[1]), cause: BlindCause::Silent, waiting },
        "sight" => Verdict::Sighted { at: seconds(words[1]) },
        "lost" => Verdict::LineLost { line: line(), from: seconds(words[2]), cause: BlindCause::Unresolved },
        "seen" => Verdict::LineSeen { line: line(), at: seconds(words[2]) },
        "step" => Verdict::ClockStepped {
            step: ClockStep {
                expected: seconds(words[1]),
                reading: ClockReading { wall: seconds(words[2]), elapsed: Elapsed(0) },
            },
            waiting,
        },
        other => panic!("no command {other:?}"),
    })
}

/// What a person says, if it is that.
fn act(words: &[&str]) -> Option<Act> {
    let option = |name: &str| words.iter().find_map(|word| word.strip_prefix(name));
    let seconds = |text: &str| at(text.parse().unwrap_or_else(|_| panic!("no time {text:?}")));
    let edges = |text: &str| -> (Option<Timestamp>, Option<Timestamp>) {
        let (from, until) = text.split_once("..").unwrap_or_else(|| panic!("no span {text:?}"));
        let edge = |text: &str| (!matches!(text, "" | "now")).then(|| seconds(text));
        (edge(from), edge(until))
    };
    let span = |text: &str| {
        let (from, until) = edges(text);
        Span::new(from.expect("a start"), until.expect("an end"))
    };
    let reason = option("reason=").unwrap_or("r").to_owned();
    let document = option("document=").unwrap_or("d").to_owned();
    let number = || words[1].parse().unwrap_or_else(|_| panic!("no number {:?}", words[1]));
    let decision = || DecisionId(number());
    let scope = || match words[1] {
        "all" => Scope::All,
        word => match (word.strip_suffix('*'), word.split_once(':')) {
            (Some(line), _) => Scope::Trunk(line.into()),
            (None, Some(("class", class))) => Scope::Class(class.into()),
            (None, Some((_, township))) => Scope::Township(township.into()),
            (None, None) => Scope::Line(word.into()),
        },
    };
    Some(match words[0] {
        "plan" => {
            let (from, until) = edges(words[2]);
            Act::Plan(Planning::Add { scope: scope(), from, until: until.expect("an end"), reason, document })
        }
        "cancel" => Act::Plan(Planning::Cancel { planned: PlannedId(number()), reason }),
        "declare" => {
            let (from, until) = edges(words[2]);
            let from = from.expect("a start");
            Act::Decide(Deciding::Declare { line: words[1].into(), from, until, reason, document })
        }
        "end" => Act::Decide(Deciding::End { decision: decision(), at: words.get(2).map(|text| seconds(text)) }),
        "exclude" => Act::Decide(Deciding::Exclude { scope: scope(), span: span(words[2]), reason, document }),
        "correct" => {
            let outage = RecordedOutage { outage: OutageId(number()), line: words[2].into(), span: span(words[3]) };
            let counts = (words[5] != "none").then(|| span(words[5]));
            Act::Decide(Deciding::Correct { outage, counts, reason, document })
        }
        "approve" => Act::Decide(Deciding::Approve { decision: decision() }),
        "reject" => Act::Decide(Deciding::Reject { decision: decision(), reason }),
        "withdraw" => Act::Decide(Deciding::Withdraw { decision: decision(), reason }),
        "exempt" => {
            let fault = FaultNo::from_stored(words[1].to_owned());
            Act::Decide(Deciding::Exempt { fault, reason, document })
        }
        _ => return crate::steps::act(words).map(Act::Fault),
    })
}

/// When a command is recorded at the earliest.
pub fn time_of(command: &Command) -> Timestamp {
    match command {
        Command::Resume { at, .. }
        | Command::Checkpoint { at, .. }
        | Command::LoadInventory { at, .. }
        | Command::Due { at } => *at,
        // A person speaks after whatever was recorded last.
        Command::Person { .. } => Timestamp::MIN,
        Command::Verdict(verdict) => match verdict {
            Verdict::Down { confirmed_at, .. }
            | Verdict::StillDown { confirmed_at, .. }
            | Verdict::Up { confirmed_at, .. } => *confirmed_at,
            Verdict::Blinded { from, .. } | Verdict::LineLost { from, .. } => *from,
            Verdict::Sighted { at } | Verdict::LineSeen { at, .. } => *at,
            Verdict::ClockStepped { step, .. } => step.reading.wall,
        },
    }
}

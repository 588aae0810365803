//! What people do in a simulated year: township offices report, crews work, admins plan, inspect and decide.
//!
//! Each deed is a command of a person, decided and recorded as any other; who comes too late is refused as in real life.
//! Nothing here looks into the future: an office reports what is dead at that moment, a crew goes when a fault has been
//! opened, an admin agrees to a window on the day before, or forgets to and asks for an exclusion afterwards.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use linewatch_core::act::{Act, Deciding, FaultAct, Inspection, Planning};
use linewatch_core::ledger::{Choices, Ledger, OpenFault};
use linewatch_core::line::{Line, LineId};
use linewatch_core::record::{Closing, DecisionFact, DecisionId, Fact, FaultFact, FaultNo, FaultSource, Report, Scope};
use linewatch_core::simulated::{Cause, Cut, People as Rates, Random, World};
use linewatch_core::time::{Millis, Span, Timestamp};

use super::truth::{Step, Worked};

const SECOND: Millis = Millis::from_secs(1);
const MINUTE: Millis = Millis::from_secs(60);
const HOUR: Millis = Millis::from_secs(3600);
const DAY: Millis = Millis::from_secs(86_400);
/// Who plans, and who has to agree.
pub(super) const ADMINS: [&str; 2] = ["陈静", "周强"];

/// Something a person is about to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Report {
        line: usize,
        symptom: usize,
        channel: usize,
    },
    /// About a line that was found down, if it still is.
    Call {
        line: usize,
        channel: usize,
    },
    Plan {
        window: usize,
    },
    Judge {
        decision: u64,
        agrees: bool,
    },
    Inspect {
        line: usize,
        finds: bool,
    },
    Acknowledge(FaultNo),
    Dispatch(FaultNo),
    /// When the crew was there; it may be entered later.
    Arrive(FaultNo, Timestamp),
    Restore(FaultNo),
    Close(FaultNo),
    Void(FaultNo),
}

/// A person's command.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// Who.
    pub author: String,
    /// What.
    pub act: Act,
    /// What the truth is to remember if it is recorded.
    pub remember: Option<Memory>,
}

/// What the truth remembers of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    /// A line was reported.
    Reported(LineId),
    /// A line was inspected.
    Inspected(LineId),
    /// An agreed window was entered.
    Entered(usize),
    /// The exclusion was approved.
    Approved(u64),
    /// Something was done about a fault.
    Worked(Worked),
}

/// Everybody.
pub(super) struct People {
    seed: u64,
    rates: Rates,
    lines: Arc<Vec<Line>>,
    windows: Vec<(usize, Span)>,
    cuts: Vec<(usize, Span, Cause)>,
    choices: Choices,
    agenda: BinaryHeap<Reverse<(Timestamp, u64, Deed)>>,
    order: u64,
    /// How many times as fast as the clock they live.
    speed: i64,
    /// Faults that a crew works on, with their lines.
    attended: BTreeMap<FaultNo, LineId>,
}

impl People {
    /// People who know of nothing yet, and live so many times as fast as the clock.
    pub fn new(seed: u64, rates: Rates, lines: Arc<Vec<Line>>, choices: Choices, pace: u32) -> Self {
        Self {
            seed,
            rates,
            lines,
            windows: Vec::new(),
            cuts: Vec::new(),
            choices,
            agenda: BinaryHeap::new(),
            order: 0,
            speed: i64::from(pace.max(1)),
            attended: BTreeMap::new(),
        }
    }

    /// What they do in a year, or a part of one, beside what follows from records.
    pub fn expect(&mut self, cuts: &[Cut], windows: &[(usize, Span)], span: Span) {
        let first = self.windows.len();
        self.windows.extend_from_slice(windows);
        self.cuts = cuts.iter().map(|cut| (cut.line, cut.span, cut.cause)).collect();
        self.complaints(span);
        self.plans(first, span);
        self.rounds(span);
    }

    /// When the next deed is due.
    pub fn next(&self) -> Option<Timestamp> {
        self.agenda.peek().map(|Reverse((at, ..))| *at)
    }

    /// The next wish that is due, if there is one.
    pub fn wish(&mut self, now: Timestamp, ledger: &Ledger) -> Option<Wish> {
        while self.next().is_some_and(|at| at <= now) {
            let Reverse((_, _, deed)) = self.agenda.pop()?;
            if let Some(wish) = self.put(deed, now, ledger) {
                return Some(wish);
            }
        }
        None
    }

    fn later(&mut self, at: Timestamp, deed: Deed) {
        self.order += 1;
        self.agenda.push(Reverse((at, self.order, deed)));
    }

    /// Village offices call when a line has been dead for a while, whatever the monitor says.
    pub fn notice(&mut self, world: &World) {
        let lines = Arc::clone(&self.lines);
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| !line.village.is_empty()) {
            let mut random = Random::new(self.seed, &format!("report {}", line.id));
            for dead in world.dead(number) {
                let (after, does) = (random.length(self.rates.report_after), random.chance(self.rates.reported));
                let channel = 1 + random.below(3);
                if does && dead.length() > after {
                    self.later(dead.start + after, Deed::Report { line: number, symptom: 0, channel });
                }
            }
        }
    }

    /// The same of a line that is found down now: they call if it still is by then.
    pub fn notice_down(&mut self, now: Timestamp, line: &LineId) {
        let Some(number) = self.lines.iter().position(|known| known.id == *line && !known.village.is_empty()) else {
            return;
        };
        let mut random = Random::new(self.seed, &format!("report {line} {now}"));
        let (after, does) = (self.lived(random.length(self.rates.report_after)), random.chance(self.rates.reported));
        let channel = 1 + random.below(3);
        if does {
            self.later(now + after, Deed::Call { line: number, channel });
        }
    }

    /// So long by the clock.
    fn lived(&self, length: Millis) -> Millis {
        Millis(length.0.div_euclid(self.speed))
    }

    /// So many of something that happens so often a year.
    #[expect(clippy::cast_precision_loss, reason = "at most 3600")]
    fn expected(&self, rate: f64, span: Span) -> f64 {
        rate * years(span) * self.speed as f64
    }

    /// Some also call about lines that answer.
    fn complaints(&mut self, span: Span) {
        if self.lines.is_empty() {
            return;
        }
        let symptoms = self.choices.symptoms.len();
        let mut random = Random::new(self.seed, "complaints");
        for at in random.instants(span, self.expected(self.rates.complaints, span)) {
            let line = random.below(self.lines.len());
            let symptom = 1 + random.below(symptoms.saturating_sub(1).max(1));
            let channel = 1 + random.below(3);
            self.later(at, Deed::Report { line, symptom, channel });
        }
    }

    /// Most windows are entered on the day before, some while the work goes on or when it is over.
    fn plans(&mut self, first: usize, span: Span) {
        let mut random = Random::new(self.seed, "plans");
        for (number, (_, window)) in self.windows.clone().into_iter().enumerate().skip(first) {
            let before = window.start - self.lived(random.length(DAY));
            let late = random.chance(self.rates.planned_late);
            let at = if late { window.start + random.length(window.length()) } else { before };
            self.later(at.max(span.start + self.lived(MINUTE * 5)), Deed::Plan { window: number });
        }
    }

    fn rounds(&mut self, span: Span) {
        if self.lines.is_empty() {
            return;
        }
        let mut random = Random::new(self.seed, "rounds");
        for at in random.instants(span, self.expected(self.rates.inspections, span)) {
            let (line, finds) = (random.below(self.lines.len()), random.chance(0.08));
            self.later(at, Deed::Inspect { line, finds });
        }
    }

    /// What was recorded has consequences.
    pub fn hear(&mut self, now: Timestamp, seq: u64, fact: &Fact) {
        match fact {
            Fact::Fault(FaultFact::Opened { fault, line, .. }) => self.attend(now, fault, line, false),
            Fact::Fault(FaultFact::Reported { fault, line, .. }) => self.attend(now, fault, line, true),
            // Who has worked on it comes again.
            Fact::Fault(FaultFact::Relapsed { fault, .. }) => {
                if let Some(line) = self.attended.get(fault).cloned() {
                    self.attend(now, fault, &line, true);
                }
            }
            Fact::Fault(FaultFact::Restored { fault, .. } | FaultFact::Repaired { fault, restored: Some(_), .. })
                if self.attended.contains_key(fault) =>
            {
                let mut random = Random::new(self.seed, &format!("close {fault} {now}"));
                let after = self.lived(HOUR + random.length(HOUR * 16));
                self.later(now + after, Deed::Close(fault.clone()));
            }
            Fact::Decision(DecisionFact::Proposed { .. }) => {
                let mut random = Random::new(self.seed, &format!("judge {now}"));
                let agrees = random.chance(0.85);
                let after = self.lived(random.length(DAY));
                self.later(now + after, Deed::Judge { decision: seq, agrees });
            }
            _ => {}
        }
    }

    /// A fault that was open before they began.
    pub fn take_up(&mut self, now: Timestamp, fault: &OpenFault) {
        self.attend(now, &fault.fault, &fault.line, fault.source == FaultSource::Reported);
    }

    /// A crew takes a fault up: each township's at its own pace, and paperwork sometimes follows in the evening.
    fn attend(&mut self, now: Timestamp, fault: &FaultNo, line: &LineId, told: bool) {
        let again = if self.attended.contains_key(fault) { now.to_string() } else { String::new() };
        let mut random = Random::new(self.seed, &format!("crew {fault}{again}"));
        // What somebody reported is always looked into.
        if !random.chance(self.rates.attended) && !told {
            return;
        }
        self.attended.insert(fault.clone(), line.clone());
        let township = self.line(line).map_or("", |line| line.township.as_str());
        let pace = 0.5 + 1.5 * Random::new(self.seed, &format!("pace {township}")).unit();
        let speed = self.speed;
        let mut step = |mean: Millis| Millis(scaled(random.length(mean), pace).0.div_euclid(speed));
        let acknowledged = now + step(MINUTE * 8);
        let dispatched = acknowledged + step(MINUTE * 12);
        let arrived = dispatched + step(MINUTE * 50);
        let restored = arrived + step(HOUR * 2);
        let entered = if random.chance(0.2) { arrived + self.lived(random.length(HOUR * 3)) } else { arrived };
        self.later(acknowledged, Deed::Acknowledge(fault.clone()));
        self.later(dispatched, Deed::Dispatch(fault.clone()));
        self.later(entered, Deed::Arrive(fault.clone(), arrived));
        if told && again.is_empty() && random.chance(0.06) {
            self.later(restored, Deed::Void(fault.clone()));
        } else {
            self.later(restored, Deed::Restore(fault.clone()));
        }
    }

    fn put(&mut self, deed: Deed, now: Timestamp, ledger: &Ledger) -> Option<Wish> {
        let open = |fault: &FaultNo| ledger.fault(fault).filter(|fault| fault.restored.is_none());
        let crew = |fault: &FaultNo| {
            let line = ledger.fault(fault).and_then(|fault| self.line(&fault.line));
            line.map_or("", |line| line.contact.as_str()).trim_end_matches("(示例)").to_owned()
        };
        let by = |author: &str, act: FaultAct| work(author, act, now, ledger);
        let note = String::new;
        Some(match deed {
            Deed::Report { line, symptom, channel } => self.report(line, symptom, channel),
            Deed::Call { line, channel } => {
                ledger.open_outage(&self.lines[line].id)?;
                self.report(line, 0, channel)
            }
            Deed::Plan { window } => self.plan(window)?,
            Deed::Judge { decision, agrees } => judge(decision, agrees),
            Deed::Inspect { line, finds } => self.inspect(line, finds, now),
            Deed::Acknowledge(fault) => {
                open(&fault)?;
                by("值班员", FaultAct::Acknowledge { fault, at: None, note: note() })
            }
            Deed::Dispatch(fault) => {
                open(&fault)?;
                let to = Some(crew(&fault)).filter(|crew| !crew.is_empty()).unwrap_or_else(|| "运维一班".to_owned());
                by("值班员", FaultAct::Dispatch { fault, at: None, to, ticket: None, note: note() })
            }
            Deed::Arrive(fault, at) => {
                let restored = ledger.fault(&fault)?.restored;
                // Who arrives when the line is up again turns round.
                if restored.is_some_and(|restored| restored < at) {
                    return None;
                }
                by(&author(crew(&fault)), FaultAct::Arrive { fault, at: Some(at.min(now)), note: note() })
            }
            Deed::Restore(fault) => {
                let held = open(&fault)?;
                if ledger.open_outage(&held.line).is_some() {
                    // The splice is not done yet; they go on.
                    self.later(now + self.lived(HOUR).max(SECOND), Deed::Restore(fault));
                    return None;
                }
                by(&author(crew(&fault)), FaultAct::Restore { fault, at: None, note: note() })
            }
            Deed::Close(fault) => self.close(fault, now, ledger)?,
            Deed::Void(fault) => {
                let held = open(&fault)?;
                if ledger.open_outage(&held.line).is_some() {
                    return None;
                }
                by(ADMINS[0], FaultAct::Void { fault, reason: "现场测试正常，属误报".to_owned() })
            }
        })
    }

    fn line(&self, id: &LineId) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == *id)
    }

    fn report(&self, line: usize, symptom: usize, channel: usize) -> Wish {
        let line = &self.lines[line];
        let word = |words: &[String], place: usize| words.get(place).or(words.last()).cloned();
        let report = Report {
            channel: word(&self.choices.channels, channel).unwrap_or_default(),
            symptom: word(&self.choices.symptoms, symptom),
            reporter: format!("{}办事员", line.township),
            phone: String::new(),
            words: if symptom == 0 {
                "村里上不了政务网".to_owned()
            } else {
                "业务时好时坏，请派人看看".to_owned()
            },
        };
        Wish {
            author: "值班员".to_owned(),
            act: Act::Fault(FaultAct::Report { line: line.id.clone(), at: None, report }),
            remember: Some(Memory::Reported(line.id.clone())),
        }
    }

    fn plan(&self, window: usize) -> Option<Wish> {
        let (line, span) = self.windows.get(window)?;
        let planning = Planning::Add {
            scope: Scope::Line(self.lines[*line].id.clone()),
            from: Some(span.start),
            until: span.end,
            reason: "光缆割接".to_owned(),
            document: format!("咸安网施〔模拟〕{}号", window + 1),
        };
        let remember = Some(Memory::Entered(window));
        Some(Wish { author: ADMINS[0].to_owned(), act: Act::Plan(planning), remember })
    }

    fn inspect(&mut self, line: usize, finds: bool, now: Timestamp) -> Wish {
        if finds {
            let (symptom, channel) = (self.choices.symptoms.len(), self.choices.channels.len());
            self.later(now + self.lived(MINUTE * 10), Deed::Report { line, symptom, channel });
        }
        let id = self.lines[line].id.clone();
        let findings = if finds { "尾纤弯折，光衰偏大，已报障" } else { "" };
        let (inspector, fault) = ("巡检一班".to_owned(), None);
        let told = Inspection { line: id.clone(), inspector, at: now, findings: findings.to_owned(), fault };
        let remember = Some(Memory::Inspected(id));
        Wish { author: "巡检一班".to_owned(), act: Act::Inspect(told), remember }
    }

    /// With what it came from, as far as one who looked at the place can tell.
    fn close(&self, fault: FaultNo, now: Timestamp, ledger: &Ledger) -> Option<Wish> {
        let held = ledger.fault(&fault)?;
        let restored = held.restored?;
        let on = |(line, span, cause): &(usize, Span, Cause)| {
            let near = Span::new(held.opened - MINUTE, restored + MINUTE);
            (self.lines[*line].id == held.line && !span.clip(near).is_empty()).then_some(*cause)
        };
        let mut random = Random::new(self.seed, &format!("cause {fault}"));
        let wanted = match self.cuts.iter().find_map(on) {
            Some(Cause::Broken) => {
                ["光缆/施工", "光缆/施工", "光缆/交通", "光缆/动物", "光缆/无法查明", "设备/光模块", "线路侧/尾纤松动"]
                    [random.below(7)]
            }
            Some(Cause::Power) => "供电/市电停电",
            Some(Cause::Modem) => "设备/光猫/收发器",
            Some(Cause::Maintenance) => "光缆/施工",
            None => ["线路侧/尾纤松动", "用户侧/断电", "设备/交换机"][random.below(3)],
        };
        let known = self.choices.cause_paths();
        let cause = known.iter().find(|path| path.join("/") == wanted).or(known.first())?.clone();
        let overdue = (restored > held.deadline).then(|| "施工现场无法进入，等待道路开放".to_owned());
        let closing =
            Closing {
                cause, remedy: "修复后测试正常".to_owned(), responsibility: None, overdue_reason: overdue
            };
        Some(work(ADMINS[1], FaultAct::Close { fault, at: None, closing }, now, ledger))
    }
}

/// A step of the work on a fault, and what the truth is to remember of it.
fn work(author: &str, act: FaultAct, now: Timestamp, ledger: &Ledger) -> Wish {
    let step = match &act {
        FaultAct::Acknowledge { fault, at, .. } => Some((Step::Acknowledged, fault, at)),
        FaultAct::Dispatch { fault, at, .. } => Some((Step::Dispatched, fault, at)),
        FaultAct::Arrive { fault, at, .. } => Some((Step::Arrived, fault, at)),
        FaultAct::Restore { fault, at, .. } => Some((Step::Restored, fault, at)),
        FaultAct::Close { fault, at, .. } => Some((Step::Closed, fault, at)),
        FaultAct::Void { fault, .. } => Some((Step::Voided, fault, &None)),
        _ => None,
    };
    let remember = step.and_then(|(step, fault, at)| {
        let line = ledger.fault(fault)?.line.clone();
        Some(Memory::Worked(Worked { line, fault: fault.clone(), step, at: at.unwrap_or(now) }))
    });
    Wish { author: author.to_owned(), act: Act::Fault(act), remember }
}

fn judge(decision: u64, agrees: bool) -> Wish {
    let (id, author) = (DecisionId(decision), ADMINS[1].to_owned());
    if agrees {
        let act = Act::Decide(Deciding::Approve { decision: id });
        return Wish { author, act, remember: Some(Memory::Approved(decision)) };
    }
    let reason = "未见施工审批单".to_owned();
    Wish { author, act: Act::Decide(Deciding::Reject { decision: id, reason }), remember: None }
}

fn author(crew: String) -> String {
    if crew.is_empty() { "运维一班".to_owned() } else { crew }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of years fit in 53 bits")]
fn years(span: Span) -> f64 {
    span.length().0 as f64 / (DAY.0 * 365) as f64
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "lengths of days fit in 53 bits")]
fn scaled(length: Millis, factor: f64) -> Millis {
    Millis((length.0 as f64 * factor) as i64)
}

//! What is wrong now, and how everything else is: the one report behind `status`, its JSON and the overview page.

mod build;
pub(super) mod moment;
mod quality;

pub use quality::{Figures, HourFigures, QualityReport};

use linewatch_core::line::LineId;
use linewatch_core::outcome::{BlindCause, LossCause, State, UnsentCause};
use linewatch_core::record::{Attribution, FaultNo, FaultSource};
use linewatch_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::words::Words;
use crate::language::Language;

/// The name of the report's form.
pub const SCHEMA: &str = "linewatch.status/1";

/// The district at one instant. Instants are RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReport {
    /// [`SCHEMA`].
    pub schema: String,
    /// The site's name.
    pub site: String,
    /// The site's zone by its IANA name.
    pub zone: String,
    /// The site's language.
    pub language: Language,
    /// Now.
    #[serde(with = "moment")]
    pub at: Timestamp,
    /// Whether records are committed and every line is watched.
    pub ready: bool,
    /// All lines in service.
    pub total: Counts,
    /// Why lines are not observed, most lines first.
    pub unseen: Vec<UnseenCount>,
    /// What is wrong: trunks with most lines behind them first, then by age; faults whose line answers come last.
    pub troubles: Vec<Trouble>,
    /// By class, in the order of the configuration.
    pub classes: Vec<Group>,
    /// By township.
    pub townships: Vec<Group>,
    /// The monitor itself.
    pub monitor: Monitor,
}

/// Lines by state, and faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Lines in service.
    pub lines: u64,
    /// Answering.
    pub up: u64,
    /// Lost a probe, not confirmed down.
    pub suspect: u64,
    /// Confirmed down.
    pub down: u64,
    /// Answered again, not confirmed up.
    pub recovering: u64,
    /// No result yet.
    pub pending: u64,
    /// Nobody knows.
    pub undetermined: u64,
    /// Open outages, those included that nobody sees now.
    pub outages_open: u64,
    /// Of these, cut off by an ancestor.
    pub cut_off: u64,
    /// Faults that are not restored.
    pub faults_open: u64,
    /// Of these, past their deadline.
    pub faults_overdue: u64,
}

impl Counts {
    /// Lines of which nobody knows, new ones included.
    pub fn unobserved(&self) -> u64 {
        self.pending + self.undetermined
    }
}

/// How many lines are not observed for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnseenCount {
    /// The reason.
    pub cause: BlindCause,
    /// Lines.
    pub lines: u64,
}

/// A class or a township.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// As in the inventory; a township may be empty.
    pub key: String,
    /// As people say it.
    pub label: String,
    /// Its lines.
    pub counts: Counts,
}

/// Enough of a line to find it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineBrief {
    /// 线路编号.
    pub id: LineId,
    /// 线路名称.
    pub name: String,
    /// What people call its class.
    pub class: String,
    /// 所属乡镇, may be empty.
    pub township: String,
    /// 村(社区), may be empty.
    pub village: String,
}

/// One thing that is wrong: an outage of its own with the lines cut off by it, or a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The line to repair.
    pub line: LineBrief,
    /// Its state; `None`: it is not in service any more.
    pub state: Option<State>,
    /// Its open outage; `None`: it answers, while a fault is open or lines behind it are still cut off.
    pub outage: Option<Outage>,
    /// Its open fault, once there is one.
    pub fault: Option<Fault>,
    /// Lines that it cuts off, by id.
    pub cut_off: Vec<CutOff>,
}

/// An open outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// First lost probe.
    #[serde(with = "moment")]
    pub start: Timestamp,
    /// Why the last confirming probe was lost.
    pub cause: LossCause,
    /// To whom its time is attributed.
    pub attribution: Attribution,
}

/// An open fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Number.
    pub number: FaultNo,
    /// Who noticed.
    pub source: FaultSource,
    /// Dated from.
    #[serde(with = "moment")]
    pub opened: Timestamp,
    /// To be restored before.
    #[serde(with = "moment")]
    pub deadline: Timestamp,
    /// The deadline has passed.
    pub overdue: bool,
    /// How often it came back within the merge window.
    pub relapses: u32,
}

/// A line cut off by another's outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutOff {
    /// The line.
    pub line: LineBrief,
    /// Its state.
    pub state: State,
    /// Since when.
    #[serde(with = "moment")]
    pub start: Timestamp,
}

/// How the monitor itself is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monitor {
    /// When the daemon started.
    #[serde(with = "moment")]
    pub started: Timestamp,
    /// It sees nothing.
    pub blind: Option<Unseen>,
    /// The clock is behind the last record; nothing is recorded before this instant.
    #[serde(with = "moment::optional")]
    pub muted_until: Option<Timestamp>,
    /// Times the clock was set since the start.
    pub clock_steps: u64,
    /// References, in the order of the configuration.
    pub references: Vec<Reference>,
    /// Probes that our own side failed to send since the start, by cause; causes without any are left out.
    pub unsent: Vec<UnsentCount>,
    /// Records in the journal.
    pub records: u64,
    /// `seq` of the last committed record shown here.
    pub head_seq: u64,
    /// Its digest.
    pub head: String,
    /// The heartbeat as last written.
    #[serde(with = "moment::optional")]
    pub heartbeat: Option<Timestamp>,
    /// Appends that failed since the start.
    pub append_failures: u64,
    /// Why appending fails now.
    pub journal_failing: Option<String>,
    /// Whether the last reload was taken over.
    pub reload_successful: bool,
    /// When one was last taken over.
    #[serde(with = "moment")]
    pub reloaded_at: Timestamp,
}

/// Since when nobody sees, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// From here.
    #[serde(with = "moment")]
    pub from: Timestamp,
    /// Why.
    pub cause: BlindCause,
}

/// A reference address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// As configured.
    pub address: String,
    /// Whether its last probe was answered; `None` before the first result.
    pub up: Option<bool>,
}

/// Probes unsent for one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsentCount {
    /// The cause.
    pub cause: UnsentCause,
    /// Probes.
    pub probes: u64,
}

/// Everything about one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineReport {
    /// Now.
    #[serde(with = "moment")]
    pub at: Timestamp,
    /// The site's zone by its IANA name.
    pub zone: String,
    /// The site's language.
    pub language: Language,
    /// The line.
    pub line: LineBrief,
    /// 运营商.
    pub carrier: String,
    /// 电路编号.
    pub circuit_no: String,
    /// IP地址.
    pub address: String,
    /// 探测方式.
    pub probe: String,
    /// 上联线路.
    pub upstream: Option<LineBrief>,
    /// Lines that are reached through it, directly or not.
    pub behind: u64,
    /// Its state.
    pub state: State,
    /// Since when, where it is known.
    #[serde(with = "moment::optional")]
    pub since: Option<Timestamp>,
    /// Why nobody knows.
    pub unseen: Option<Unseen>,
    /// The open outage.
    pub outage: Option<Outage>,
    /// The open fault that stands on it.
    pub fault: Option<Fault>,
    /// Changes state too often.
    pub flapping: bool,
    /// Round-trip delay of the last probe in microseconds; absent after a loss.
    pub delay_us: Option<u32>,
    /// Scheduled probes sent since the daemon's start.
    pub sent: u64,
    /// Scheduled probes lost since the daemon's start.
    pub lost: u64,
    /// Outages since the daemon's start.
    pub outages: u64,
    /// Hourly quality; `None`: it could not be read.
    pub quality: Option<QualityReport>,
}

/// How serious the headline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Every line answers.
    Calm,
    /// Nothing is down, but something is open, suspect or not observed.
    Watch,
    /// Lines are down.
    Bad,
    /// Nobody knows how the lines are.
    Unknown,
}

impl StatusReport {
    /// How to say it to a reader of this language.
    pub fn words(&self, language: Language) -> Words {
        Words { language, zone: self.zone.parse().unwrap_or(chrono_tz::Tz::UTC), now: self.at }
    }

    /// The sentence that comes first.
    pub fn headline(&self, words: &Words) -> (Mood, String) {
        let total = &self.total;
        let say = |chinese: String, english: String| words.language.pick(chinese, english);
        if !self.ready {
            let text = words.pick("正在启动，尚无完整的观测", "Starting: not all lines are watched yet");
            return (Mood::Unknown, text.to_owned());
        }
        if total.lines == 0 {
            return (
                Mood::Watch,
                words.pick("线路表中没有在用的线路", "No line of the inventory is in service").to_owned(),
            );
        }
        if let Some(blind) = self.monitor.blind {
            let from = words.from_moment(&blind.from);
            let text = say(
                format!("监测端{from}看不见线路，状况未知"),
                format!("The monitor sees nothing {from}: nobody knows how the lines are"),
            );
            return (Mood::Unknown, text);
        }
        if total.outages_open > 0 {
            let (open, cut) = (total.outages_open, total.cut_off);
            let mut text = say(format!("{open} 条线路中断"), format!("{} down", words.lines(&open)));
            if cut > 0 {
                text += &say(format!("，其中 {cut} 条因上联中断"), format!(", {cut} of them cut off by a line above"));
            }
            return (Mood::Bad, text);
        }
        if total.up == total.lines && total.faults_open == 0 {
            let text = say(format!("{} 条线路全部正常", total.lines), all_up(total.lines));
            return (Mood::Calm, text);
        }
        (Mood::Watch, say(format!("没有线路中断，{} 条正常", total.up), format!("No line is down, {} up", total.up)))
    }

    /// What the headline leaves out, one short phrase each: suspects, lines nobody sees, open faults.
    pub fn remarks(&self, words: &Words) -> Vec<String> {
        let total = &self.total;
        let mut remarks = Vec::new();
        let mut remark = |count: u64, chinese: String, english: String| {
            if count > 0 {
                remarks.push(words.language.pick(chinese, english));
            }
        };
        remark(total.recovering, format!("恢复中 {} 条", total.recovering), format!("{} recovering", total.recovering));
        remark(total.suspect, format!("可疑 {} 条", total.suspect), format!("{} suspect", total.suspect));
        let unobserved = total.unobserved();
        remark(unobserved, format!("未观测 {unobserved} 条"), format!("{unobserved} not observed"));
        let (open, overdue) = (total.faults_open, total.faults_overdue);
        remark(open, format!("未恢复故障 {open} 起"), format!("faults open: {open}"));
        remark(overdue, format!("其中超时限 {overdue} 起"), format!("{overdue} of them overdue"));
        remarks
    }
}

impl LineReport {
    /// How to say it to a reader of this language.
    pub fn words(&self, language: Language) -> Words {
        Words { language, zone: self.zone.parse().unwrap_or(chrono_tz::Tz::UTC), now: self.at }
    }
}

fn all_up(lines: u64) -> String {
    if lines == 1 { "The only line is up".to_owned() } else { format!("All {lines} lines are up") }
}

//! The monitor's own health, one short row a subject, for the terminal and the page alike.

use super::status::{Monitor, Reference};
use super::words::Words;
use linewatch_core::time::Millis;

/// A heartbeat older than this is said to be late: the daemon writes one every few seconds.
const HEARTBEAT_LATE: Millis = Millis::from_secs(60);

/// Whether a row wants somebody's attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// As it should be.
    Good,
    /// Worth knowing.
    Notice,
    /// To be repaired.
    Bad,
}

/// One subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub subject: &'static str,
    /// How it is.
    pub text: String,
    /// How good that is.
    pub grade: Grade,
}

/// All subjects, in a fixed order.
pub fn rows(monitor: &Monitor, words: &Words) -> Vec<Row> {
    let mut rows = vec![sight(monitor, words), references(&monitor.references, words), journal(monitor, words)];
    rows.push(heartbeat(monitor, words));
    rows.push(clock(monitor, words));
    if !monitor.unsent.is_empty() {
        rows.push(unsent(monitor, words));
    }
    rows.push(configuration(monitor, words));
    let text = words.since(&monitor.started);
    rows.push(Row { subject: words.language.pick("已运行", "Running for"), text, grade: Grade::Good });
    rows
}

fn sight(monitor: &Monitor, words: &Words) -> Row {
    let subject = words.language.pick("视野", "Sight");
    let Some(blind) = monitor.blind else {
        return Row { subject, text: words.pick("正常", "good").to_owned(), grade: Grade::Good };
    };
    let (from, cause) = (words.from_moment(&blind.from), words.blind(&blind.cause));
    let text = words.language.pick(format!("{from}看不见任何线路：{cause}"), format!("blind {from}: {cause}"));
    Row { subject, text, grade: Grade::Bad }
}

fn references(references: &[Reference], words: &Words) -> Row {
    let subject = words.language.pick("参照地址", "References");
    if references.is_empty() {
        return Row { subject, text: words.pick("未配置", "none configured").to_owned(), grade: Grade::Notice };
    }
    let said: Vec<String> = references
        .iter()
        .map(|known| {
            let up = match known.up {
                Some(true) => words.pick("应答", "answers"),
                Some(false) => words.pick("无应答", "silent"),
                None => words.pick("尚无结果", "no result yet"),
            };
            format!("{} {up}", known.address)
        })
        .collect();
    let silent = references.iter().filter(|known| known.up == Some(false)).count();
    let grade = if silent == references.len() {
        Grade::Bad
    } else if silent > 0 {
        Grade::Notice
    } else {
        Grade::Good
    };
    Row { subject, text: said.join(words.pick("，", ", ")), grade }
}

fn journal(monitor: &Monitor, words: &Words) -> Row {
    let subject = words.language.pick("记录库", "Journal");
    let records = monitor.records;
    if let Some(cause) = &monitor.journal_failing {
        let text = words.language.pick(
            format!("写入失败，正在重试：{cause}（已有 {records} 条记录）"),
            format!("cannot be written, trying again: {cause} ({records} records so far)"),
        );
        return Row { subject, text, grade: Grade::Bad };
    }
    let mut text = words.language.pick(format!("{records} 条记录"), format!("{records} records"));
    if monitor.append_failures > 0 {
        let failures = monitor.append_failures;
        text += &words
            .language
            .pick(format!("，启动以来写入失败 {failures} 次"), format!(", {failures} failed appends since the start"));
        return Row { subject, text, grade: Grade::Notice };
    }
    Row { subject, text, grade: Grade::Good }
}

fn heartbeat(monitor: &Monitor, words: &Words) -> Row {
    let subject = words.language.pick("心跳", "Heartbeat");
    let Some(at) = monitor.heartbeat else {
        return Row { subject, text: words.pick("尚无", "none yet").to_owned(), grade: Grade::Notice };
    };
    let age = words.since(&at);
    let grade = if words.now - at > HEARTBEAT_LATE { Grade::Bad } else { Grade::Good };
    Row { subject, text: words.language.pick(format!("{age}前"), format!("{age} ago")), grade }
}

fn clock(monitor: &Monitor, words: &Words) -> Row {
    let subject = words.language.pick("时钟", "Clock");
    if let Some(until) = monitor.muted_until {
        let until = words.full_moment(&until);
        let text = words.language.pick(
            format!("早于最后一条记录，{until} 之前只监测、不记录"),
            format!("behind the last record: nothing is recorded before {until}"),
        );
        return Row { subject, text, grade: Grade::Bad };
    }
    match monitor.clock_steps {
        0 => Row {
            subject,
            text: words.pick("启动以来未被调整", "not set since the start").to_owned(),
            grade: Grade::Good,
        },
        steps => {
            let text =
                words.language.pick(format!("启动以来被调整 {steps} 次"), format!("steps since the start: {steps}"));
            Row { subject, text, grade: Grade::Notice }
        }
    }
}

fn unsent(monitor: &Monitor, words: &Words) -> Row {
    let said: Vec<String> =
        monitor.unsent.iter().map(|unsent| format!("{} {}", words.unsent(&unsent.cause), unsent.probes)).collect();
    Row {
        subject: words.language.pick("未发出的探测", "Probes unsent"),
        text: said.join(words.pick("，", ", ")),
        grade: Grade::Notice,
    }
}

fn configuration(monitor: &Monitor, words: &Words) -> Row {
    let subject = words.language.pick("配置", "Configuration");
    let at = words.moment(&monitor.reloaded_at);
    if monitor.reload_successful {
        let text = words.language.pick(format!("{at} 载入"), format!("loaded {at}"));
        return Row { subject, text, grade: Grade::Good };
    }
    let text = words.language.pick(
        format!("最近一次重新载入失败，沿用 {at} 的配置"),
        format!("the last reload failed; in force since {at}"),
    );
    Row { subject, text, grade: Grade::Bad }
}

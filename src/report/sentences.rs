//! Sentences about lines, outages and faults, for the terminal and the page alike.

use linewatch_core::outcome::State;
use linewatch_core::record::Attribution;

use super::status::{Fault, LineBrief, Outage, Trouble};
use super::words::Words;

/// 名称（编号） 乡镇 村.
pub fn place(line: &LineBrief, words: &Words) -> String {
    let mut said = words.language.pick(format!("{}（{}）", line.name, line.id), format!("{} ({})", line.name, line.id));
    for part in [&line.township, &line.village] {
        if !part.is_empty() {
            said.push(' ');
            said.push_str(part);
        }
    }
    said.trim_end().to_owned()
}

/// How long a line has been down, since when, and why or by whom it is said to be.
pub fn outage(outage: &Outage, words: &Words) -> String {
    let (length, from, why) = (words.since(&outage.start), words.from_moment(&outage.start), reason(outage, words));
    words.language.pick(format!("已中断 {length}，{from}，{why}"), format!("down for {length}, {from}, {why}"))
}

fn reason(outage: &Outage, words: &Words) -> String {
    let cause = words.loss(&outage.cause);
    match &outage.attribution {
        Attribution::Own => cause.to_owned(),
        Attribution::Upstream(line) => {
            words.language.pick(format!("{cause}，因上联 {line} 中断"), format!("{cause}, cut off by {line}"))
        }
        Attribution::Declared => words.pick("人工申报", "declared by a person").to_owned(),
    }
}

/// A fault's number, how its deadline stands, and that its line answers where it does.
pub fn trouble_fault(trouble: &Trouble, words: &Words) -> Option<String> {
    let mut sentence = fault(trouble.fault.as_ref()?, words);
    if trouble.outage.is_none() && trouble.state == Some(State::Up) {
        sentence += words.pick("，线路已有应答", "; the line answers");
    }
    Some(sentence)
}

/// A fault's number and how its deadline stands.
pub fn fault(fault: &Fault, words: &Words) -> String {
    let (number, deadline) = (&fault.number, words.moment(&fault.deadline));
    let mut sentence = if fault.overdue {
        let late = words.since(&fault.deadline);
        words.language.pick(format!("故障 {number}，已超修复时限 {late}"), format!("fault {number}, overdue by {late}"))
    } else {
        words.language.pick(
            format!("故障 {number}，修复时限 {deadline}"),
            format!("fault {number}, to be restored before {deadline}"),
        )
    };
    if fault.relapses > 0 {
        let times = fault.relapses;
        sentence += &words.language.pick(format!("，复发 {times} 次"), format!(", relapses: {times}"));
    }
    sentence
}

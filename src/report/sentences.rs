//! Sentences about lines, outages and faults, for the terminal and the page alike.

use linewatch_core::record::Attribution;

use super::status::{Fault, LineBrief, Outage};
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

/// How long a line has been down, since when and why.
pub fn outage(outage: &Outage, words: &Words) -> String {
    let (length, start, cause) = (words.since(&outage.start), words.moment(&outage.start), words.loss(&outage.cause));
    words.language.pick(
        format!("已中断 {length}，自 {start} 起，{cause}{}", attribution(outage, words)),
        format!("down for {length}, since {start}, {cause}{}", attribution(outage, words)),
    )
}

fn attribution(outage: &Outage, words: &Words) -> String {
    match &outage.attribution {
        Attribution::Own => String::new(),
        Attribution::Upstream(line) => {
            words.language.pick(format!("，因上联 {line} 中断"), format!(", cut off by {line}"))
        }
        Attribution::Declared => words.pick("，人工申报", ", declared by a person").to_owned(),
    }
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

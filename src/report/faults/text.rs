//! The list and one fault as text for a terminal, or for paper.

use std::fmt::Write;

use linewatch_core::record::FaultSource;
use linewatch_core::time::Timestamp;

use super::{FaultLine, FaultList, FaultReport, PointKind};
use crate::language::Language;
use crate::report::plain_table;
use crate::report::words::{Words, stage};

/// A column: title, from which terminal width on it is shown, its text.
struct Column {
    title: (&'static str, &'static str),
    from_width: u16,
    text: fn(&FaultLine, &Words) -> String,
}

const COLUMNS: [Column; 10] = [
    Column { title: ("编号", "Fault"), from_width: 0, text: |fault, _| fault.number.to_string() },
    Column {
        title: ("线路", "Line"),
        from_width: 0,
        text: |fault, _| format!("{} {}", fault.line, fault.name).trim().to_owned(),
    },
    Column {
        title: ("乡镇", "Township"),
        from_width: 100,
        text: |fault, words| words.township(fault.township.as_str()).to_owned(),
    },
    Column {
        title: ("现象", "Symptom"), from_width: 120, text: |fault, _| fault.symptom.clone().unwrap_or_default()
    },
    Column { title: ("来源", "Source"), from_width: 130, text: |fault, words| source(fault, words.language) },
    Column { title: ("点位", "Points"), from_width: 110, text: |fault, _| fault.points.to_string() },
    Column { title: ("阶段", "Stage"), from_width: 0, text: |fault, words| state(fault, words.language) },
    Column { title: ("自", "Since"), from_width: 90, text: |fault, words| short(fault.opened, words) },
    Column { title: ("时限", "Due"), from_width: 0, text: due },
    Column {
        title: ("下一步", "Next"),
        from_width: 80,
        text: |fault, words| fault.next.first().map(|next| next.word(words.language).to_owned()).unwrap_or_default(),
    },
];

/// The list as a table, then how many there are in all.
pub fn list(list: &FaultList, words: &Words, width: Option<u16>) -> String {
    let language = words.language;
    let mut text = String::new();
    if list.faults.is_empty() {
        let _ = writeln!(text, "{}", language.pick("没有符合的故障。", "No such faults."));
    } else {
        let width = width.unwrap_or(u16::MAX);
        let shown: Vec<&Column> = COLUMNS.iter().filter(|column| column.from_width <= width).collect();
        let header = shown.iter().map(|column| language.pick(column.title.0, column.title.1).to_owned()).collect();
        let rows = list.faults.iter().map(|fault| shown.iter().map(|column| (column.text)(fault, words)).collect());
        let numbers: Vec<usize> = (0..shown.len()).filter(|index| shown[*index].title.1 == "Points").collect();
        text.push_str(&plain_table::table(header, rows.collect(), &numbers));
    }
    let counts = list.counts;
    let (shown, open, overdue, unattended, to_close) =
        (list.faults.len(), counts.open, counts.overdue, counts.unattended, counts.to_close);
    let _ = writeln!(
        text,
        "\n{}",
        language.pick(
            format!("列出 {shown} 个。全部未修复 {open} 个（超时 {overdue} 个，无人受理 {unattended} 个），待关闭 {to_close} 个。"),
            format!("{shown} listed. In all {open} open ({overdue} overdue, {unattended} unattended), {to_close} to be closed."),
        )
    );
    if counts.contradicted > 0 {
        let count = counts.contradicted;
        let _ = writeln!(
            text,
            "{}",
            language.pick(
                format!("!! 其中 {count} 个已报修复，但探测显示线路仍然中断。"),
                format!("!! {count} of them are said to be restored, but their lines are down by the probes."),
            )
        );
    }
    text
}

/// Everything about one fault.
pub fn one(report: &FaultReport, words: &Words, width: u16) -> String {
    let language = words.language;
    let fault = &report.fault;
    let mut text = format!("{} · {} · {}\n", fault.number, fault.line, fault.name);
    if let Some(at) = fault.contradicted {
        let at = words.moment(&at);
        let warning = language.pick(
            format!("!! {at} 已报修复，但探测显示线路仍然中断：不算修复。"),
            format!("!! Said to be restored at {at}, but the line is down by the probes: it does not count."),
        );
        let _ = writeln!(text, "{warning}");
    }
    text.push('\n');
    let mut rows: Vec<[String; 2]> = Vec::new();
    let mut row = |zh: &str, en: &str, value: String| {
        if !value.is_empty() {
            rows.push([language.pick(zh, en).to_owned(), value]);
        }
    };
    let place = [fault.class_label.as_str(), fault.township.as_str(), &fault.village].join(" ");
    row("线路", "Line", place.split_whitespace().collect::<Vec<_>>().join(" · "));
    row("阶段", "Stage", state(fault, language));
    row("来源", "Source", source(fault, language));
    row("现象", "Symptom", fault.symptom.clone().unwrap_or_default());
    row("自", "Since", words.full_moment(&fault.opened));
    row("时限", "Due", format!("{}{}", words.full_moment(&fault.deadline), overdue_mark(fault, language)));
    row("修复", "Restored", fault.restored.map(|at| words.full_moment(&at)).unwrap_or_default());
    row("派给", "Sent", fault.sent.clone().unwrap_or_default());
    row("工单", "Ticket", fault.ticket.clone().unwrap_or_default());
    row("联系人", "Contact", [report.contact.as_str(), &report.phone].join(" ").trim().to_owned());
    row("安装地址", "Installed at", report.install_address.clone());
    row("运营商", "Carrier", [report.carrier.as_str(), &report.circuit_no].join(" ").trim().to_owned());
    row("IP 地址", "Address", report.address.clone());
    row("原因", "Cause", fault.cause.join("/"));
    row("处理", "Remedy", report.remedy.clone());
    row("责任", "Responsibility", report.responsibility.clone().unwrap_or_default());
    row("超时原因", "Overdue because", fault.overdue_reason.clone().unwrap_or_default());
    row("并入", "Part of", fault.merged_into.as_ref().map(ToString::to_string).unwrap_or_default());
    row("并入的故障", "Within it", report.within.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    row("免责", "Exempt", if fault.exempt { language.pick("是", "yes").to_owned() } else { String::new() });
    row(
        "可以",
        "May be",
        fault.next.iter().map(|next| next.word(language)).collect::<Vec<_>>().join(language.pick("、", ", ")),
    );
    text.push_str(&plain_table::facts(rows, width));
    points(&mut text, report, words);
    history(&mut text, report, words, width);
    text
}

fn points(text: &mut String, report: &FaultReport, words: &Words) {
    let language = words.language;
    let count = report.affected.len();
    let _ = writeln!(text, "\n{}", language.pick(format!("点位 {count} 个"), format!("Points ({count})")));
    let header = language.pick(["线路", "名称", "自", "至", "现在"], ["Line", "Name", "From", "Until", "Now"]);
    let rows = report.affected.iter().map(|point| {
        let now = match (point.down, point.kind) {
            (true, _) => language.pick("中断", "down"),
            (false, PointKind::Named) => language.pick("人工加入", "named"),
            (false, PointKind::Own | PointKind::Outage) => "",
        };
        let until = point.until.map(|at| short(at, words)).unwrap_or_default();
        vec![point.line.to_string(), point.name.clone(), short(point.from, words), until, now.to_owned()]
    });
    text.push_str(&plain_table::table(header.map(str::to_owned).to_vec(), rows.collect(), &[]));
}

fn history(text: &mut String, report: &FaultReport, words: &Words, width: u16) {
    let language = words.language;
    let _ = writeln!(text, "\n{}", language.pick("经过", "History"));
    let moment = |at: Timestamp| words.moment(&at);
    let rows = report.timeline.iter().map(|entry| {
        let mut line = entry.sentence(&report.fault.number, &moment, language);
        if entry.contradicted {
            line = format!("!! {line}");
        }
        let late = entry.entered.filter(|_| entry.late).map(|entered| {
            let entered = words.moment(&entered);
            language.pick(format!("（补录于 {entered}）"), format!(" (entered late, {entered})"))
        });
        let by =
            if entry.by.is_empty() || entry.by == "linewatch" { String::new() } else { format!(" — {}", entry.by) };
        [words.full_moment(&entry.at), format!("{line}{by}{}", late.unwrap_or_default())]
    });
    text.push_str(&plain_table::facts(rows.collect(), width));
}

/// The stage, with what contradicts it or is not certain yet.
pub fn state(fault: &FaultLine, language: Language) -> String {
    let word = stage(fault.stage, language);
    if fault.contradicted.is_some() {
        return language.pick(format!("{word}!! 报修复但仍中断"), format!("{word} !! said restored, still down"));
    }
    if fault.unverified && fault.stage == linewatch_core::ledger::Stage::Restored {
        return language.pick(format!("{word}（待核实）"), format!("{word} (unverified)"));
    }
    word.to_owned()
}

/// Who noticed, and by which way.
pub fn source(fault: &FaultLine, language: Language) -> String {
    match (fault.source, &fault.channel) {
        (FaultSource::Reported, Some(channel)) => channel.clone(),
        (FaultSource::Reported, None) => language.pick("人工上报", "reported").to_owned(),
        (FaultSource::Detected, _) => language.pick("网管自查", "detected").to_owned(),
    }
}

fn due(fault: &FaultLine, words: &Words) -> String {
    let language = words.language;
    if !fault.stage.is_open() {
        let mark = overdue_mark(fault, language);
        return if mark.is_empty() { language.pick("按时", "on time").to_owned() } else { mark.trim().to_owned() };
    }
    let left = fault.deadline - words.now;
    if left.0 > 0 {
        let left = words.length(&left);
        language.pick(format!("剩 {left}"), format!("{left} left"))
    } else {
        let over = words.length(&(words.now - fault.deadline));
        language.pick(format!("!! 超时 {over}"), format!("!! {over} over"))
    }
}

fn overdue_mark(fault: &FaultLine, language: Language) -> &'static str {
    if fault.overdue { language.pick(" 超时", " overdue") } else { "" }
}

/// Day and minute.
fn short(at: Timestamp, words: &Words) -> String {
    at.to_utc().with_timezone(&words.zone).format("%m-%d %H:%M").to_string()
}

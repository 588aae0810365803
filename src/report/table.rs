//! The status report as text for a terminal: what is wrong first, then totals, then the monitor.

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, Color, LineStyle, Table, TableStyle};
use linewatch_core::outcome::State;
use unicode_width::UnicodeWidthStr;

use super::health::{self, Grade};
use super::quality;
use super::sentences;
use super::status::{Counts, Group, LineReport, Mood, StatusReport, Trouble};
use super::words::Words;
use crate::language::Language;

/// More than this is summed up; the JSON has all of it.
const TROUBLES_SHOWN: usize = 20;
/// So many of the lines cut off by one are named.
const CUT_OFF_SHOWN: usize = 5;

/// One rule under the heading and no other line: the rows are short enough to follow with the eye.
pub(super) const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Colours of a terminal, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// For files, pipes and people who asked for none.
    Plain,
    /// SGR sequences (ECMA-48).
    Ansi,
}

pub(super) const RED: &str = "1;31";
pub(super) const YELLOW: &str = "33";
const GREEN: &str = "32";
pub(super) const MAGENTA: &str = "35";
pub(super) const BOLD: &str = "1";
pub(super) const DIM: &str = "2";

impl Colours {
    pub(super) fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}

/// The whole report.
pub fn status(report: &StatusReport, language: Language, colours: Colours) -> String {
    let words = report.words(language);
    let mut text = String::new();
    headline(&mut text, report, &words, colours);
    if !report.troubles.is_empty() {
        title(&mut text, words.pick("中断与故障", "Wrong now"), colours);
        for trouble in report.troubles.iter().take(TROUBLES_SHOWN) {
            push_trouble(&mut text, trouble, &words, colours);
        }
        let more = report.troubles.len().saturating_sub(TROUBLES_SHOWN);
        if more > 0 {
            let rest = words.language.pick(
                format!("  另有 {more} 项，用 --json 查看全部"),
                format!("  and {more} more, all of them with --json"),
            );
            let _ = writeln!(text, "{rest}");
        }
    }
    if report.total.lines > 0 {
        title(&mut text, words.pick("按类别", "By class"), colours);
        let total = Group { key: String::new(), label: words.pick("合计", "All").to_owned(), counts: report.total };
        push_groups(&mut text, words.pick("类别", "Class"), report.classes.iter().chain([&total]), &words, colours);
        title(&mut text, words.pick("按乡镇", "By township"), colours);
        push_groups(&mut text, words.pick("乡镇", "Township"), report.townships.iter(), &words, colours);
    }
    title(&mut text, words.pick("监测端", "Monitor"), colours);
    let rows = health::rows(&report.monitor, &words);
    let rows: Vec<_> = rows.into_iter().map(|row| (row.subject, row.text, grade_colour(row.grade))).collect();
    push_pairs(&mut text, &rows, colours);
    text
}

fn headline(text: &mut String, report: &StatusReport, words: &Words, colours: Colours) {
    let _ = writeln!(text, "{}  {}", colours.paint(BOLD, &report.site), words.full_moment(&report.at));
    let (mood, sentence) = report.headline(words);
    let code = match mood {
        Mood::Calm => GREEN,
        Mood::Watch => YELLOW,
        Mood::Bad => RED,
        Mood::Unknown => MAGENTA,
    };
    let _ = write!(text, "{}", colours.paint(code, &sentence));
    let remarks = report.remarks(words);
    if !remarks.is_empty() {
        let _ = write!(text, "{}{}", words.pick("；", "; "), remarks.join(words.pick("，", ", ")));
    }
    text.push('\n');
    let reasons: Vec<String> = report
        .unseen
        .iter()
        .map(|unseen| {
            let (lines, cause) = (unseen.lines, words.blind(&unseen.cause));
            words.language.pick(format!("{cause} {lines} 条"), format!("{cause}: {lines}"))
        })
        .collect();
    if !reasons.is_empty() {
        let _ = writeln!(
            text,
            "{}{}",
            words.pick("未观测的原因：", "Not observed because: "),
            reasons.join(words.pick("，", ", "))
        );
    }
}

pub(super) fn title(text: &mut String, title: &str, colours: Colours) {
    let _ = writeln!(text, "\n{}", colours.paint(BOLD, title));
}

fn push_trouble(text: &mut String, trouble: &Trouble, words: &Words, colours: Colours) {
    let state = trouble.state.map_or(words.pick("已停用", "out of service"), |state| words.state(&state));
    let code = trouble.state.map_or(DIM, state_colour);
    let _ = writeln!(text, "  {}  {}", colours.paint(code, state), sentences::place(&trouble.line, words));
    if let Some(outage) = &trouble.outage {
        let _ = writeln!(text, "      {}", sentences::outage(outage, words));
    }
    if let Some(sentence) = sentences::trouble_fault(trouble, words) {
        let overdue = trouble.fault.as_ref().is_some_and(|fault| fault.overdue);
        let _ = writeln!(text, "      {}", if overdue { colours.paint(RED, &sentence) } else { sentence });
    }
    if !trouble.cut_off.is_empty() {
        let count = trouble.cut_off.len();
        let mut names: Vec<&str> =
            trouble.cut_off.iter().take(CUT_OFF_SHOWN).map(|cut| cut.line.name.as_str()).collect();
        if count > CUT_OFF_SHOWN {
            names.push(words.pick("等", "…"));
        }
        let names = names.join(words.pick("、", ", "));
        let sentence = words.language.pick(
            format!("随之中断 {count} 条：{}", names.replace("、等", " 等")),
            format!("cuts off {}: {names}", words.lines(&(count as u64))),
        );
        let _ = writeln!(text, "      {sentence}");
    }
}

fn push_groups<'a>(
    text: &mut String,
    heading: &str,
    groups: impl Iterator<Item = &'a Group>,
    words: &Words,
    colours: Colours,
) {
    let mut table = Table::new();
    table.load_style(STYLE).force_no_tty();
    if colours == Colours::Ansi {
        table.enforce_styling().style_text_only();
    }
    let columns = ["总数", "正常", "可疑", "中断", "恢复中", "未观测", "故障"];
    let english = ["Lines", "Up", "Suspect", "Down", "Recovering", "Not observed", "Faults"];
    let header = words.language.pick(columns, english);
    table.set_header(std::iter::once(heading).chain(header).map(Cell::new).collect::<Vec<_>>());
    for group in groups {
        let label = words.township(&group.label);
        table.add_row(std::iter::once(Cell::new(label)).chain(count_cells(&group.counts)).collect::<Vec<_>>());
    }
    for (place, column) in table.column_iter_mut().enumerate() {
        let first = place == 0;
        column.set_padding((if first { 0 } else { 3 }, 0));
        column.set_cell_alignment(if first { CellAlignment::Left } else { CellAlignment::Right });
    }
    for line in table.trim_fmt().lines() {
        let _ = writeln!(text, "  {line}");
    }
}

fn count_cells(counts: &Counts) -> [Cell; 7] {
    let plain = |count: u64| Cell::new(count);
    let marked = |count: u64, colour| if count > 0 { Cell::new(count).fg(colour) } else { Cell::new(count) };
    [
        plain(counts.lines),
        plain(counts.up),
        marked(counts.suspect, Color::Yellow),
        marked(counts.down, Color::Red),
        marked(counts.recovering, Color::Yellow),
        marked(counts.unobserved(), Color::Magenta),
        marked(counts.faults_open, Color::Red),
    ]
}

fn push_pairs(text: &mut String, rows: &[(&str, String, &str)], colours: Colours) {
    let width = rows.iter().map(|(key, _, _)| key.width()).max().unwrap_or(0);
    for (key, value, code) in rows {
        let padding = " ".repeat(width - key.width());
        let value = if code.is_empty() { value.clone() } else { colours.paint(code, value) };
        let _ = writeln!(text, "  {key}{padding}  {value}");
    }
}

fn state_colour(state: State) -> &'static str {
    match state {
        State::Up => GREEN,
        State::Suspect | State::Recovering => YELLOW,
        State::Down => RED,
        State::Pending | State::Undetermined => MAGENTA,
    }
}

fn grade_colour(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "",
        Grade::Notice => YELLOW,
        Grade::Bad => RED,
    }
}

/// One line in full.
pub fn line(report: &LineReport, language: Language, colours: Colours) -> String {
    let words = report.words(language);
    let mut text = format!("{}\n", colours.paint(BOLD, &sentences::place(&report.line, &words)));
    push_pairs(&mut text, &line_rows(report, &words), colours);
    quality::push(&mut text, report.quality.as_ref(), &words, colours);
    text
}

/// Everything known of a line: subject, text, and the SGR code of its colour.
pub(crate) fn line_rows(report: &LineReport, words: &Words) -> Vec<(&'static str, String, &'static str)> {
    let pick = |chinese: &'static str, english: &'static str| words.language.pick(chinese, english);
    let mut state = words.state(&report.state).to_owned();
    // The row of the outage says the same with its reason.
    let told_below = report.state == State::Down && report.outage.is_some();
    if let Some(since) = report.since.as_ref().filter(|_| !told_below) {
        let (from, length) = (words.from_moment(since), words.since(since));
        state += &words.language.pick(format!("，{from} {length}"), format!(" {from}, for {length}"));
    }
    if report.flapping {
        state += words.pick("，频繁波动", ", flapping");
    }
    let mut rows = vec![(pick("状态", "State"), state, state_colour(report.state))];
    if let Some(unseen) = &report.unseen {
        rows.push((pick("未观测原因", "Not observed"), words.blind(&unseen.cause).to_owned(), MAGENTA));
    }
    if let Some(outage) = &report.outage {
        rows.push((pick("中断", "Outage"), sentences::outage(outage, words), RED));
    }
    if let Some(fault) = &report.fault {
        rows.push((pick("故障", "Fault"), sentences::fault(fault, words), if fault.overdue { RED } else { "" }));
    }
    let delay = report.delay_us.map_or(words.pick("无", "none").to_owned(), milliseconds);
    rows.push((pick("最近时延", "Last delay"), delay, ""));
    let (sent, lost, outages) = (report.sent, report.lost, report.outages);
    let counted = words.language.pick(
        format!("定时探测 {sent} 次，丢失 {lost} 次，中断 {outages} 次"),
        format!("{sent} scheduled probes, {lost} lost, outages: {outages}"),
    );
    rows.push((pick("启动以来", "Since start"), counted, ""));
    rows.push((pick("类别", "Class"), report.line.class.clone(), ""));
    rows.push((pick("地址", "Address"), format!("{} ({})", report.address, report.probe), ""));
    if let Some(upstream) = &report.upstream {
        rows.push((pick("上联线路", "Upstream"), sentences::place(upstream, words), ""));
    }
    if report.behind > 0 {
        rows.push((pick("下联线路", "Behind it"), words.lines(&report.behind), ""));
    }
    let carrier = [report.carrier.as_str(), report.circuit_no.as_str()].join(" ");
    if !carrier.trim().is_empty() {
        rows.push((pick("运营商", "Carrier"), carrier.trim().to_owned(), ""));
    }
    rows
}

/// Microseconds as milliseconds with the microseconds after the point; integers only.
pub(crate) fn milliseconds(delay_us: u32) -> String {
    format!("{}.{:03} ms", delay_us / 1000, delay_us % 1000)
}

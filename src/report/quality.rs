//! The quality of a line in words and rows: for a terminal here, for the page in `web`.

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, Table};
use linewatch_core::calendar::Calendar;
use linewatch_core::time::{Millis, Timestamp};

use super::status::{Figures, QualityReport};
use super::table::{Colours, DIM, MAGENTA, RED, STYLE, YELLOW, title};
use super::words::Words;

/// So many hours are told one by one.
const HOURS_SHOWN: Millis = Millis::from_secs(24 * 3600);

/// From here on loss is much, in hundredths of a percent.
pub(crate) const MUCH_BP: u64 = 100;

/// Headings of the columns after the first.
pub(crate) fn headings(words: &Words) -> [&'static str; 8] {
    words.language.pick(
        ["发出", "丢失", "丢包率", "未发出", "最小", "平均", "P95", "最大"],
        ["Sent", "Lost", "Loss", "Unsent", "Min", "Mean", "P95", "Max"],
    )
}

/// What the columns mean.
pub(crate) fn explanations(words: &Words) -> [&'static str; 2] {
    words.language.pick(
        [
            "时延单位为毫秒；95% 的应答不超过 P95。",
            "未发出：本端未能发出，或监测端自身看不见期间无应答；不算线路丢包。",
        ],
        [
            "Delays in ms; 95 % of the answers took no longer than P95.",
            "Unsent: our own side could not send, or nothing at all answered; not counted as lost.",
        ],
    )
}

/// One row: its heading, then its cells in the order of [`headings`].
pub(crate) struct Row {
    pub(crate) heading: String,
    pub(crate) figures: Figures,
}

impl Row {
    /// The cells as text.
    pub(crate) fn cells(&self) -> [String; 8] {
        let Figures { sent, lost, unsent, min_us, mean_us, p95_us, max_us, .. } = self.figures;
        [
            sent.to_string(),
            lost.to_string(),
            loss(&self.figures),
            unsent.to_string(),
            delay(min_us),
            delay(mean_us),
            delay(p95_us),
            delay(max_us),
        ]
    }
}

/// Lost of sent in percent.
pub(crate) fn loss(figures: &Figures) -> String {
    match figures.loss_bp() {
        None => "—".to_owned(),
        Some(0) => "0%".to_owned(),
        Some(10_000) => "100%".to_owned(),
        Some(share) => format!("{}.{:02}%", share / 100, share % 100),
    }
}

fn delay(us: Option<u32>) -> String {
    us.map_or_else(|| "—".to_owned(), |us| format!("{}.{:02}", us / 1000, us % 1000 / 10))
}

/// Today, seven days, thirty days.
pub(crate) fn totals(report: &QualityReport, words: &Words) -> [Row; 3] {
    let row = |heading: &str, figures| Row { heading: heading.to_owned(), figures };
    [
        row(words.pick("今天", "Today"), report.today),
        row(words.pick("近7天", "7 days"), report.last_7_days),
        row(words.pick("近30天", "30 days"), report.last_30_days),
    ]
}

/// The hours of the last day, the newest first, from the first hour known of; those that nobody saw are told as such.
pub(crate) fn hours(report: &QualityReport, words: &Words) -> Vec<Row> {
    let calendar = Calendar::new(words.zone);
    let Some(first) = report.hours.first() else { return Vec::new() };
    let running = calendar.hour(words.now).start;
    let mut start = first.start.max(calendar.next_hour(words.now - HOURS_SHOWN));
    let mut rows = Vec::new();
    while start <= running {
        let known = report.hours.iter().find(|hour| hour.start == start);
        // Of the running hour nothing may have been handed out yet.
        if known.is_some() || start < running {
            let figures = known.map(|hour| hour.figures).unwrap_or_default();
            rows.push(Row { heading: hour_of(start, words), figures });
        }
        start = calendar.hour(start).end;
    }
    rows.reverse();
    rows
}

/// `14:00`, with the day where it is not today's.
pub(crate) fn hour_of(start: Timestamp, words: &Words) -> String {
    let local = |at: Timestamp| at.to_utc().with_timezone(&words.zone);
    let (start, now) = (local(start), local(words.now));
    let form = if start.date_naive() == now.date_naive() { "%H:%M" } else { "%m-%d %H:%M" };
    start.format(form).to_string()
}

/// Appends the quality to the text of a line.
pub(super) fn push(text: &mut String, report: Option<&QualityReport>, words: &Words, colours: Colours) {
    title(text, words.pick("探测质量", "Quality"), colours);
    let Some(report) = report else {
        let sentence = words.pick("每小时的探测质量暂时读不出", "the hourly quality cannot be read now");
        let _ = writeln!(text, "  {}", colours.paint(MAGENTA, sentence));
        return;
    };
    push_table(text, words.pick("合计", "Total"), &totals(report, words), words, colours);
    let hours = hours(report, words);
    if !hours.is_empty() {
        title(text, words.pick("最近24小时", "Last 24 hours"), colours);
        push_table(text, words.pick("时间", "Hour"), &hours, words, colours);
    }
    for sentence in explanations(words) {
        let _ = writeln!(text, "  {}", colours.paint(DIM, sentence));
    }
}

fn push_table(text: &mut String, heading: &str, rows: &[Row], words: &Words, colours: Colours) {
    let mut table = Table::new();
    table.load_style(STYLE).force_no_tty();
    table.set_header(std::iter::once(heading).chain(headings(words)).map(Cell::new).collect::<Vec<_>>());
    for row in rows {
        table.add_row(std::iter::once(row.heading.clone()).chain(row.cells()).map(Cell::new).collect::<Vec<_>>());
    }
    for (place, column) in table.column_iter_mut().enumerate() {
        let first = place == 0;
        column.set_padding((if first { 0 } else { 2 }, 0));
        column.set_cell_alignment(if first { CellAlignment::Left } else { CellAlignment::Right });
    }
    // Heading and rule come first.
    let figures = [None, None].into_iter().chain(rows.iter().map(|row| row.figures.loss_bp()));
    for (line, loss) in table.trim_fmt().lines().zip(figures) {
        let line = match loss {
            None | Some(0) => line.to_owned(),
            Some(1..MUCH_BP) => colours.paint(YELLOW, line),
            Some(_) => colours.paint(RED, line),
        };
        let _ = writeln!(text, "  {line}");
    }
}

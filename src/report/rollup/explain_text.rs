//! The explanation of a line, to be followed with a pencil: each stretch, its length and the sum so far of its kind;
//! then the sums, the formula and the digits.

use std::fmt::Write;

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::{Counted, Kind, Unknown};
use linewatch_core::time::{Millis, Timestamp};
use serde_json::json;

use super::ledger_text::between;
use super::numbers::{clock, grouped};
use super::period::rfc3339;
use super::text::{Telling, foot, head, moment, padded, title};
use super::{About, Explainable, Explained};
use crate::report::words::Words;

/// The page.
pub fn explained_text(explained: &Explained, telling: Telling<'_>) -> String {
    let mut text = String::new();
    head(&mut text, &explained.about, telling);
    let (line, name) = (&explained.line, &explained.name);
    let _ = writeln!(text, "\n{line} {name}");
    if !explained.imported.is_empty() {
        let _ = writeln!(
            text,
            "{}",
            telling.pick(
                "其他系统的观测（导入；那时没有别的记录就算在线）：",
                "Observed by another system (imported; up then unless something else says so):",
            )
        );
    }
    for span in &explained.imported {
        let _ = writeln!(text, "  {}", between(*span, explained.about.period.zone(), telling.language));
    }
    stretches(&mut text, explained, telling);
    sums(&mut text, explained, telling);
    formula(&mut text, explained, telling);
    outages(&mut text, explained, telling);
    foot(&mut text, &explained.about, telling);
    text
}

fn stretches(text: &mut String, explained: &Explained, telling: Telling<'_>) {
    let about = &explained.about;
    title(
        text,
        telling.pick(
            "每一段在用时间，毫秒；「累计」是同一种时间到这一段为止的和",
            "every stretch of its time in service, in ms; \"so far\" adds up time of the same kind",
        ),
    );
    let [from, to, kind, length, sum] = telling
        .language
        .pick(["从", "到（不含）", "计为", "时长", "累计"], ["from", "to", "counts as", "length", "so far"]);
    let short = Short::of(explained);
    let width = short.width();
    let _ = writeln!(
        text,
        "{} {} {} {} {}",
        padded(from, width),
        padded(to, width),
        padded(kind, 10),
        right(length, 14),
        right(sum, 14)
    );
    for stretch in &explained.stretches {
        let (from, to) = (short.moment(stretch.span.start, about), short.moment(stretch.span.end, about));
        let (length, sum) = (grouped(stretch.span.length().0), grouped(stretch.sum.0));
        let kind = padded(word(stretch.counted.kind(), telling), 10);
        let _ = writeln!(text, "{from:<width$} {to:<width$} {kind} {length:>14} {sum:>14}");
        if let Some(why) = why(stretch, about, telling) {
            let _ = writeln!(text, "    {why}");
        }
    }
}

/// Instants without the year where all are of one year.
struct Short {
    with_year: bool,
}

impl Short {
    fn of(explained: &Explained) -> Self {
        let about = &explained.about;
        let year = |at: Timestamp| moment(at, about)[..4].to_owned();
        let span = about.period.span();
        Self { with_year: year(span.start) != year(span.end - Millis(1)) }
    }

    fn width(&self) -> usize {
        if self.with_year { 23 } else { 18 }
    }

    fn moment(&self, at: Timestamp, about: &About) -> String {
        // Midnight at the very end is 24:00 of the last day (ISO 8601): without a year it would look like the first.
        if !self.with_year && at == about.period.span().end {
            let before = self.moment(at - Millis(1), about);
            if before.ends_with("23:59:59.999") {
                return before.replace("23:59:59.999", "24:00:00.000");
            }
        }
        let local = at.to_utc().with_timezone(&about.period.zone());
        local.format(if self.with_year { "%Y-%m-%d %H:%M:%S%.3f" } else { "%m-%d %H:%M:%S%.3f" }).to_string()
    }
}

fn word(kind: Kind, telling: Telling<'_>) -> &'static str {
    let pick = |chinese, english| telling.language.pick(chinese, english);
    match kind {
        Kind::Excluded => pick("剔除", "excluded"),
        Kind::Planned => pick("计划停机", "planned"),
        Kind::Declared => pick("认定中断", "declared"),
        Kind::Own => pick("自身中断", "down, own"),
        Kind::Upstream => pick("上联中断", "upstream"),
        Kind::Undetermined => pick("未观测", "unseen"),
        Kind::Up => pick("在线", "up"),
    }
}

/// By which records, and the reason in words; nothing for time that is up.
fn why(stretch: &Explainable, about: &About, telling: Telling<'_>) -> Option<String> {
    let words = Words { language: telling.language, zone: about.period.zone(), now: about.as_of };
    let mut reason = match &stretch.counted {
        Counted::Up => return None,
        Counted::Excluded(_) => {
            telling.pick("经第二人批准的剔除", "an exclusion approved by a second person").to_owned()
        }
        Counted::Planned(_) => telling.pick("计划停机", "a planned window").to_owned(),
        Counted::Declared(_) => telling.pick("人工认定或更正", "a declaration or correction").to_owned(),
        Counted::Own(outage) => telling.language.pick(format!("中断 {outage}"), format!("outage {outage}")),
        Counted::Upstream(outage, above) => telling
            .language
            .pick(format!("中断 {outage}，因上联 {above} 中断"), format!("outage {outage}, because {above} was down")),
        Counted::Undetermined(Unknown::BeforeJournal) => {
            telling.pick("记录库还没有开始", "the journal had not begun").to_owned()
        }
        Counted::Undetermined(Unknown::AfterHorizon) => {
            telling.pick("记录还没有到这里", "the records do not reach so far").to_owned()
        }
        Counted::Undetermined(Unknown::Corrected(_)) => telling
            .pick("更正后不算中断，也不知道是否在线", "corrected: not down, and nobody knows whether up")
            .to_owned(),
        Counted::Undetermined(Unknown::Gap(cause)) => words.blind(cause).to_owned(),
    };
    if stretch.bridged {
        reason +=
            telling.pick("，空档前后都中断，计入中断", ", a gap with the line down before and after: counted as down");
    }
    if stretch.imported {
        reason += telling.pick("，从其他系统导入", ", imported from another system");
    }
    let records: Vec<String> = stretch.records.iter().map(ToString::to_string).collect();
    Some(match records.as_slice() {
        [] => reason,
        records => {
            let records = records.join(telling.pick("、", ", "));
            telling.language.pick(format!("记录 {records}：{reason}"), format!("record {records}: {reason}"))
        }
    })
}

fn sums(text: &mut String, explained: &Explained, telling: Telling<'_>) {
    let figures = &explained.figures;
    title(text, telling.pick("合计，毫秒", "Sums, in ms"));
    let excluded = figures.excluded_ms;
    let planned = Millis(figures.planned_ms.0 - excluded.0);
    let rows = [
        (telling.pick("在线", "up"), figures.up_ms),
        (telling.pick("自身中断", "down, own"), figures.down_own_ms),
        (telling.pick("上联中断", "down, upstream"), figures.down_upstream_ms),
        (telling.pick("认定中断", "down, declared"), figures.down_declared_ms),
        (telling.pick("计划停机", "planned"), planned),
        (telling.pick("剔除", "excluded"), excluded),
        (telling.pick("未观测", "unseen"), figures.undetermined_ms),
    ];
    for (word, length) in rows {
        let _ = writeln!(text, "  {} {:>16}  {:>16}", padded(word, 15), grouped(length.0), clock(length));
    }
    let total = figures.in_service_ms;
    let _ = writeln!(
        text,
        "  {} {:>16}  {:>16}",
        padded(telling.pick("在用 = 以上之和", "in service, all"), 15),
        grouped(total.0),
        clock(total)
    );
}

fn formula(text: &mut String, explained: &Explained, telling: Telling<'_>) {
    let figures = &explained.figures;
    title(text, telling.pick("算式", "Formula"));
    let (up, down, unknown) =
        (grouped(figures.up_ms.0), grouped(figures.down_ms.0), grouped(figures.undetermined_ms.0));
    let _ = writeln!(
        text,
        "{}",
        telling.language.pick(
            format!(
                "  中断 = 自身 + 上联 + 认定 = {} + {} + {} = {down}",
                grouped(figures.down_own_ms.0),
                grouped(figures.down_upstream_ms.0),
                grouped(figures.down_declared_ms.0)
            ),
            format!(
                "  down = own + upstream + declared = {} + {} + {} = {down}",
                grouped(figures.down_own_ms.0),
                grouped(figures.down_upstream_ms.0),
                grouped(figures.down_declared_ms.0)
            ),
        )
    );
    let row = |text: &mut String, name: &str, formula: &str, ratio: Ratio| {
        let _ = writeln!(
            text,
            "  {name} = {formula}\n    = {} ÷ {}\n    = {}",
            grouped(ratio.numerator()),
            grouped(ratio.denominator()),
            digits(ratio, telling)
        );
    };
    let _ = (&up, &unknown);
    row(
        text,
        telling.pick("节点连通率", "availability"),
        telling.pick("在线 ÷（在线 + 中断）", "up / (up + down)"),
        figures.availability,
    );
    row(
        text,
        telling.pick("下限", "lower bound"),
        telling.pick("在线 ÷（在线 + 中断 + 未观测）", "up / (up + down + unseen)"),
        figures.availability_low,
    );
    row(
        text,
        telling.pick("上限", "upper bound"),
        telling.pick("（在线 + 未观测）÷（在线 + 中断 + 未观测）", "(up + unseen) / (up + down + unseen)"),
        figures.availability_high,
    );
    row(
        text,
        telling.pick("观测覆盖率", "coverage"),
        telling.pick("（在线 + 中断）÷（在线 + 中断 + 未观测）", "(up + down) / (up + down + unseen)"),
        figures.coverage,
    );
    row(
        text,
        telling.pick("未剔除连通率", "without exclusions"),
        telling.pick("同第一式，不理会剔除", "as the first, exclusions ignored"),
        figures.availability_unexcluded,
    );
    row(
        text,
        telling.pick("毛可用率", "gross availability"),
        telling.pick("同第一式，剔除和计划停机都不理会", "as the first, exclusions and windows ignored"),
        figures.gross_availability,
    );
}

/// Nine decimals of the quotient and the percentage that is printed, both cut off.
fn digits(ratio: Ratio, telling: Telling<'_>) -> String {
    let Some(percent) = ratio.percent(3) else {
        return telling.pick("没有可除的时间：未观测", "nothing to divide by: not observed").to_owned();
    };
    let billionths = i128::from(ratio.numerator()) * 1_000_000_000 / i128::from(ratio.denominator());
    let (whole, part) = (billionths / 1_000_000_000, billionths % 1_000_000_000);
    let cut = telling.pick("多余位数舍去，不进位", "cut off, never rounded");
    format!("{whole}.{part:09}… = {percent}  ({cut})")
}

fn outages(text: &mut String, explained: &Explained, telling: Telling<'_>) {
    if explained.outages.is_empty() {
        return;
    }
    title(
        text,
        telling.pick("计入的中断（整段，跨期也不截断）", "Outages counted (whole, not cut at the period's edges)"),
    );
    let about = &explained.about;
    for outage in &explained.outages {
        let (from, to) = (moment(outage.span.start, about), moment(outage.span.end, about));
        let open = if outage.open { telling.pick("，未结束", ", still open") } else { "" };
        let carried = if outage.span.start < about.period.span().start {
            telling.pick("，期初带入", ", carried in")
        } else {
            ""
        };
        let length = outage.span.length();
        let _ = writeln!(
            text,
            "  {from} {} {to}  {} ({} ms){carried}{open}",
            telling.pick("至", "to"),
            clock(length),
            grouped(length.0)
        );
    }
}

fn right(word: &str, columns: usize) -> String {
    let word_columns = unicode_width::UnicodeWidthStr::width(word);
    format!("{}{word}", " ".repeat(columns.saturating_sub(word_columns)))
}

/// The same as indented JSON.
///
/// # Panics
/// Never: names, numbers and lists always have a JSON form.
pub fn explained_json(explained: &Explained) -> String {
    let zone = explained.about.period.zone();
    let kind = |kind: Kind| match kind {
        Kind::Excluded => "excluded",
        Kind::Planned => "planned",
        Kind::Declared => "declared",
        Kind::Own => "own",
        Kind::Upstream => "upstream",
        Kind::Undetermined => "undetermined",
        Kind::Up => "up",
    };
    let stretches = explained.stretches.iter().map(|stretch| {
        json!({
            "from": rfc3339(stretch.span.start, zone),
            "to": rfc3339(stretch.span.end, zone),
            "counted": kind(stretch.counted.kind()),
            "bridged": stretch.bridged,
            "length_ms": stretch.span.length(),
            "sum_ms": stretch.sum,
            "records": stretch.records,
            "imported": stretch.imported,
        })
    });
    let outages = explained.outages.iter().map(|outage| {
        json!({
            "from": rfc3339(outage.span.start, zone),
            "to": rfc3339(outage.span.end, zone),
            "open": outage.open,
            "length_ms": outage.span.length(),
        })
    });
    let about = &explained.about;
    let document = json!({
        "schema": "linewatch.explain/1",
        "line": explained.line,
        "name": explained.name,
        "from": rfc3339(about.period.span().start, zone),
        "to": rfc3339(about.period.span().end, zone),
        "counted_to": rfc3339(about.until, zone),
        "head": about.head.to_string(),
        "observed_by_import": explained.imported.iter().map(|span| json!({
            "from": rfc3339(span.start, zone), "to": rfc3339(span.end, zone),
        })).collect::<Vec<_>>(),
        "stretches": stretches.collect::<Vec<_>>(),
        "outages": outages.collect::<Vec<_>>(),
        "figures": explained.figures,
    });
    format!("{document:#}\n")
}

//! The inventory as people read it.

use chrono_tz::Tz;
use linewatch_core::line::Line;
use linewatch_core::time::Timestamp;
use serde_json::{Value, json};

use super::plain_table::table;
use crate::language::Language;

/// What a table of lines needs to know beside the lines.
pub struct Context<'a> {
    /// Labels by class name.
    pub label: &'a dyn Fn(&Line) -> String,
    /// For dates.
    pub zone: Tz,
    /// Whether a line is in service is said for this instant.
    pub now: Timestamp,
    /// The reader's language.
    pub language: Language,
    /// Columns of the terminal; `None`: as wide as it gets.
    pub width: Option<u16>,
}

/// A column: titles, from which terminal width on it is shown, whether it holds numbers, its text.
struct Column {
    title: (&'static str, &'static str),
    from_width: u16,
    number: bool,
    text: fn(&Line, &Context<'_>) -> String,
}

const COLUMNS: [Column; 10] = [
    Column { title: ("编号", "Id"), from_width: 0, number: false, text: |line, _| line.id.to_string() },
    Column { title: ("名称", "Name"), from_width: 0, number: false, text: |line, _| line.name.clone() },
    Column { title: ("类别", "Class"), from_width: 0, number: false, text: |line, context| (context.label)(line) },
    Column { title: ("乡镇", "Township"), from_width: 100, number: false, text: |line, _| line.township.to_string() },
    Column { title: ("地址", "Address"), from_width: 0, number: false, text: |line, _| line.address.clone() },
    Column { title: ("探测", "Probe"), from_width: 130, number: false, text: |line, _| line.probe.to_string() },
    Column {
        title: ("上联", "Upstream"),
        from_width: 0,
        number: false,
        text: |line, _| line.upstream.as_ref().map(ToString::to_string).unwrap_or_default(),
    },
    Column { title: ("运营商", "Carrier"), from_width: 110, number: false, text: |line, _| line.carrier.clone() },
    Column {
        title: ("带宽（M）", "Mbit/s"),
        from_width: 120,
        number: true,
        text: |line, _| line.bandwidth_kbps.map(|kbps| scaled(i128::from(kbps), 3)).unwrap_or_default(),
    },
    Column { title: ("接入", "Access"), from_width: 130, number: false, text: |line, _| line.access.clone() },
];

/// The lines as a table, then how many there are.
pub fn text(lines: &[&Line], context: &Context<'_>) -> String {
    let width = context.width.unwrap_or(u16::MAX);
    let shown: Vec<&Column> = COLUMNS.iter().filter(|column| column.from_width <= width).collect();
    let idle = lines.iter().filter(|line| !line.in_service(context.now)).count();
    let mut header: Vec<String> =
        shown.iter().map(|column| context.language.pick(column.title.0, column.title.1).to_owned()).collect();
    // Said only where there is something to say.
    if idle > 0 {
        header.push(context.language.pick("在用", "In service").to_owned());
    }
    let rows = lines
        .iter()
        .map(|line| {
            let mut cells: Vec<String> = shown.iter().map(|column| (column.text)(line, context)).collect();
            if idle > 0 {
                cells.push(service(line, context));
            }
            cells
        })
        .collect();
    let numbers: Vec<usize> = (0..shown.len()).filter(|index| shown[*index].number).collect();
    let text = table(header, rows, &numbers);
    let count = lines.len();
    let plural = if count == 1 { "" } else { "s" };
    let summary = match (context.language, idle) {
        (Language::Chinese, 0) => format!("\n共 {count} 条。\n"),
        (Language::Chinese, _) => format!("\n共 {count} 条，其中 {idle} 条未开通或已停用。\n"),
        (Language::English, 0) => format!("\n{count} line{plural}.\n"),
        (Language::English, _) => format!("\n{count} line{plural}, {idle} not in service.\n"),
    };
    text + &summary
}

fn service(line: &Line, context: &Context<'_>) -> String {
    if line.in_service(context.now) {
        return context.language.pick("是", "yes").to_owned();
    }
    match (line.opened.filter(|opened| *opened > context.now), line.closed) {
        (Some(opened), _) => {
            let day = day(opened, context.zone);
            context.language.pick(format!("{day} 开通"), format!("from {day}"))
        }
        (None, Some(closed)) => {
            let day = day(closed, context.zone);
            context.language.pick(format!("{day} 停用"), format!("until {day}"))
        }
        (None, None) => String::new(),
    }
}

/// The lines under the names of the inventory's columns; empty ones are `null`.
pub fn json(lines: &[&Line], zone: Tz) -> Value {
    let text = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let number =
        |number: Option<String>| number.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null);
    lines
        .iter()
        .map(|line| {
            json!({
                "id": line.id, "name": line.name, "class": line.class, "township": text(line.township.as_str()),
                "village": text(&line.village), "address": line.address, "probe": line.probe, "upstream": line.upstream,
                "carrier": text(&line.carrier), "circuit_no": text(&line.circuit_no),
                "bandwidth_mbps": number(line.bandwidth_kbps.map(|kbps| scaled(i128::from(kbps), 3))),
                "access": text(&line.access),
                "rent_yuan_month": number(line.rent_fen_month.map(|fen| scaled(i128::from(fen), 2))),
                "contact": text(&line.contact), "phone": text(&line.phone),
                "install_address": text(&line.install_address),
                "opened": line.opened.map(|at| day(at, zone)), "closed": line.closed.map(|at| day(at, zone)),
                "latitude": number(line.latitude_e6.map(|e6| scaled(i128::from(e6), 6))),
                "longitude": number(line.longitude_e6.map(|e6| scaled(i128::from(e6), 6))),
                "note": text(&line.note),
            })
        })
        .collect()
}

fn day(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%d").to_string()
}

/// A whole number of 10⁻ⁿ as decimal text without superfluous zeros.
fn scaled(value: i128, decimals: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_as_decimals() {
        for (value, decimals, text) in [(50_000, 3, "50"), (18_050, 2, "180.5"), (-1, 6, "-0.000001"), (0, 2, "0")] {
            assert_eq!(scaled(value, decimals), text);
        }
    }
}

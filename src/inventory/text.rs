//! A line's values as the texts of its row: what the reader makes of them is the same line again.

use chrono_tz::Tz;
use linewatch_core::line::Line;
use linewatch_core::time::Timestamp;

use super::Column;

/// The text of a cell, empty where the line says nothing.
pub fn cell_text(line: &Line, column: Column, zone: Tz) -> String {
    let number = |value: Option<i64>, decimals| value.map(|value| scaled(value.into(), decimals)).unwrap_or_default();
    let day = |at: Option<Timestamp>| at.map(|at| day_text(at, zone)).unwrap_or_default();
    match column {
        Column::Id => line.id.to_string(),
        Column::Name => line.name.clone(),
        Column::Class => line.class.to_string(),
        Column::Township => line.township.to_string(),
        Column::Village => line.village.clone(),
        Column::Address => line.address.clone(),
        Column::Probe => line.probe.to_string(),
        Column::Upstream => line.upstream.as_ref().map(ToString::to_string).unwrap_or_default(),
        Column::Carrier => line.carrier.clone(),
        Column::CircuitNo => line.circuit_no.clone(),
        Column::Bandwidth => line.bandwidth_kbps.map(|kbps| scaled(kbps.into(), 3)).unwrap_or_default(),
        Column::Access => line.access.clone(),
        Column::Rent => number(line.rent_fen_month, 2),
        Column::Contact => line.contact.clone(),
        Column::Phone => line.phone.clone(),
        Column::InstallAddress => line.install_address.clone(),
        Column::Opened => day(line.opened),
        Column::Closed => day(line.closed),
        Column::Latitude => number(line.latitude_e6, 6),
        Column::Longitude => number(line.longitude_e6, 6),
        Column::Note => line.note.clone(),
    }
}

/// The day an instant lies in.
fn day_text(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%d").to_string()
}

/// A whole number of 10⁻ⁿ as decimal text without superfluous zeros.
pub fn scaled(value: i128, decimals: usize) -> String {
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

//! Repair times by township: the mean of the faults resolved in the period, and the longest.

use linewatch_core::line::Township;
use linewatch_core::rollup::Repairs;

use super::canvas::{Anchor, Canvas, INK, LETTERS, MIDDLE, SMALL, WIDTH, units};
use super::lines::{drawn, hour_axis};
use super::{Picture, SHOWN};
use crate::language::Language;
use crate::report::rollup::Report;
use crate::report::rollup::numbers;

const LEFT: f64 = 60.0;
const RIGHT: f64 = 150.0;
const STEP: f64 = 26.0;
const TOP: f64 = 12.0;
/// As many townships as a page has room for beside the table.
const MOST: usize = SHOWN * 2;

/// The townships that had faults resolved, the slowest first; as many as are drawn.
pub fn repairs(report: &Report) -> Vec<(&Township, Repairs)> {
    let by_township = &report.figures.faults.repairs_by_township;
    let mut repairs: Vec<_> = by_township.iter().map(|(township, repairs)| (township, *repairs)).collect();
    repairs.sort_by_key(|(township, repairs)| (std::cmp::Reverse(repairs.mean_ms), (*township).clone()));
    repairs.truncate(MOST);
    repairs
}

/// The picture; `None` when no fault was resolved.
pub fn repair_times(report: &Report, language: Language) -> Option<Picture> {
    let repairs = repairs(report);
    let most = repairs.iter().map(|(_, repairs)| repairs.longest_ms).max()?;
    let bottom = TOP + STEP * units(repairs.len());
    let mut canvas = Canvas::new(u32::try_from(repairs.len()).unwrap_or(0) * 26 + 40);
    let hour = hour_axis(&mut canvas, drawn(most), LEFT, TOP, bottom, f64::from(WIDTH) - RIGHT);
    for (place, (_, repairs)) in repairs.iter().enumerate() {
        let y = TOP + STEP * units(place);
        let (mean, longest) = (LEFT + drawn(repairs.mean_ms) * hour, LEFT + drawn(repairs.longest_ms) * hour);
        canvas.text((2.0, y + 18.0), LETTERS, Anchor::Start, &(place + 1).to_string());
        canvas.framed((LEFT, y + 5.0), (mean - LEFT, STEP - 10.0), MIDDLE);
        canvas.line((mean, y + STEP / 2.0), (longest, y + STEP / 2.0), 1.5, INK);
        canvas.line((longest, y + 7.0), (longest, y + STEP - 7.0), 1.5, INK);
        let words = format!("{} · {}", numbers::hours(repairs.mean_ms), numbers::hours(repairs.longest_ms));
        canvas.text((longest + 8.0, y + 18.0), SMALL, Anchor::Start, &words);
    }
    let legend = language.pick(
        "横轴为小时。条为平均修复时长，细线伸到最长的一次，右侧数字依次为平均、最长；左侧序号对应下表。只算本期解决的故障。",
        "Across: hours. The bar is the mean, the thin line reaches to the longest repair; the numbers are mean · longest. The \
         numbers on the left are those of the table below. Faults resolved in the period only.",
    );
    let title = language.pick("各乡镇故障修复时长", "Repair times by township");
    Some(canvas.finish("repairs", title, legend.to_owned()))
}

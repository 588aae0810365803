//! The worst lines: how long each was down, and because of whom.

use linewatch_core::time::Millis;

use super::canvas::{Anchor, Canvas, GUIDE, INK, LETTERS, MIDDLE, SMALL, STRONG, WIDTH, is_latin, nice, units};
use super::{Picture, SHOWN, worst};
use crate::language::Language;
use crate::report::rollup::Report;
use crate::report::rollup::numbers;

const LEFT: f64 = 150.0;
const RIGHT: f64 = 110.0;
const STEP: f64 = 28.0;
const TOP: f64 = 12.0;

/// Fill for declared down time.
const DECLARED: &str = "url(#declared)";

/// A number as far as it is drawn.
#[expect(clippy::cast_precision_loss, reason = "a bar is no figure")]
pub(super) fn drawn(length: Millis) -> f64 {
    length.0 as f64 / 3_600_000.0
}

/// The scale beneath horizontal bars: lines and numbers from 0 to a round number of hours; how long one hour is.
pub(super) fn hour_axis(canvas: &mut Canvas, most: f64, left: f64, top: f64, bottom: f64, right: f64) -> f64 {
    let (end, parts) = nice(most.max(0.001));
    let width = right - left;
    for part in 0..=parts {
        let x = left + width * units(part) / units(parts);
        canvas.line((x, top), (x, bottom), 0.75, GUIDE);
        let value = end * units(part) / units(parts);
        let rounded = (value * 1e6).round() / 1e6;
        canvas.text((x, bottom + 17.0), SMALL, Anchor::Middle, &format!("{rounded}"));
    }
    canvas.text((right + 24.0, bottom + 17.0), SMALL, Anchor::Start, "h");
    canvas.line((left, top), (left, bottom), 1.0, INK);
    width / end
}

/// The picture; `None` when no line was down.
pub fn worst_lines(report: &Report, language: Language) -> Option<Picture> {
    let lines = worst(report, SHOWN);
    let most = lines.first()?.figures.down_ms;
    let bottom = TOP + STEP * units(lines.len());
    let mut canvas = Canvas::new(height(lines.len()));
    let hour = hour_axis(&mut canvas, drawn(most), LEFT, TOP, bottom, f64::from(WIDTH) - RIGHT);
    for (place, line) in lines.iter().enumerate() {
        let y = TOP + STEP * units(place);
        let id = line.line.as_str();
        let short: String = id.chars().take(14).collect();
        canvas.text((2.0, y + 19.0), LETTERS, Anchor::Start, &(place + 1).to_string());
        if is_latin(id) {
            canvas.text((LEFT - 8.0, y + 19.0), LETTERS, Anchor::End, &short);
        }
        let figures = &line.figures;
        let mut x = LEFT;
        let parts =
            [(figures.down_own_ms, STRONG), (figures.down_upstream_ms, MIDDLE), (figures.down_declared_ms, DECLARED)];
        for (length, fill) in parts {
            let width = drawn(length) * hour;
            if width > 0.0 {
                canvas.framed((x, y + 4.0), (width, STEP - 8.0), fill);
                x += width;
            }
        }
        canvas.text((x + 6.0, y + 18.0), SMALL, Anchor::Start, &numbers::hours(figures.down_ms));
    }
    let y = bottom + 30.0;
    for (place, (fill, letter)) in [(STRONG, "A"), (MIDDLE, "B"), (DECLARED, "C")].into_iter().enumerate() {
        let x = LEFT + 80.0 * units(place);
        canvas.framed((x, y), (20.0, 16.0), fill);
        canvas.text((x + 27.0, y + 14.0), LETTERS, Anchor::Start, letter);
    }
    let legend = language.pick(
        "横轴为中断时长（小时）。A 自身中断，B 因上联中断，C 人工认定中断；左侧序号对应下表。",
        "Across: hours down. A: the line's own; B: because of an upstream line; C: declared by a person. The numbers on the \
         left are those of the table below.",
    );
    let title = language.pick("中断最长的线路", "Lines with the most down time");
    Some(canvas.finish("lines", title, legend.to_owned()))
}

fn height(bars: usize) -> u32 {
    u32::try_from(bars).unwrap_or(0) * 28 + 64
}

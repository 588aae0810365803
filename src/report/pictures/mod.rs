//! A period in pictures: availability by month or day, the calendar of bad days, the worst lines, repair times.
//!
//! Every picture is SVG made of a few shapes, for pages, and the same drawn as PNG, for documents. They hold digits and
//! Latin letters only, drawn with a font that this program carries: a server without Chinese fonts prints no boxes.
//! What a number, a letter or a shade stands for is said in Chinese in the text beside, see [`Picture::legend`].
//!
//! Shades differ in lightness and not in hue alone, and what is not known is hatched: they can be told apart by the
//! colour-blind and in a black-and-white print.

mod availability;
mod calendar;
mod canvas;
mod lines;
mod raster;
mod repairs;

use linewatch_core::rollup::LineFigures;
use linewatch_core::time::Millis;

pub use availability::availability;
pub use calendar::{bad_days, worst_days};
pub use lines::worst_lines;
pub use raster::{NoPicture, png};
pub use repairs::{repair_times, repairs};

use super::rollup::Report;

/// So many lines, days and townships are drawn.
pub const SHOWN: usize = 10;
/// A period of at most so many days is drawn by day, a longer one by month.
const BY_DAY: usize = 45;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it shows, for the line beneath it.
    pub title: String,
    /// What its letters, numbers and shades stand for.
    pub legend: String,
    /// The picture itself.
    pub svg: String,
    /// Width in fifths of a millimetre.
    pub width: u32,
    /// Height in fifths of a millimetre.
    pub height: u32,
}

/// The lines with the most down time, the worst first; at most so many.
pub fn worst(report: &Report, most: usize) -> Vec<&LineFigures> {
    let mut lines: Vec<_> = report.figures.lines.iter().filter(|line| line.figures.down_ms > Millis::ZERO).collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.figures.down_ms), &line.line));
    lines.truncate(most);
    lines
}

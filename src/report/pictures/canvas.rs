//! Shapes of a picture, written down as SVG. One unit is a fifth of a millimetre on paper.

use std::fmt::Write;

use super::Picture;

/// The width of the text of an A4 page with official margins: 156 mm.
pub(super) const WIDTH: u32 = 780;
/// Letters of 3.2 mm, about 9 points.
pub(super) const LETTERS: u32 = 16;
/// Smaller ones, about 7.5 points.
pub(super) const SMALL: u32 = 13;

/// Lines and letters.
pub(super) const INK: &str = "#1a1a1a";
/// Lines that only guide the eye.
pub(super) const GUIDE: &str = "#c8c8c8";
/// What counts.
pub(super) const STRONG: &str = "#1f4e79";
/// The weaker neighbour of what counts: lighter, so that it differs in grey.
pub(super) const MIDDLE: &str = "#7fb2d9";
/// What may be.
pub(super) const FAINT: &str = "#dce6ef";
/// Nobody knows: hatched.
pub(super) const UNKNOWN: &str = "url(#unknown)";

/// Where a text stands at its point.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A picture in the making.
pub(super) struct Canvas {
    shapes: String,
    height: u32,
}

impl Canvas {
    pub fn new(height: u32) -> Self {
        Self { shapes: String::new(), height }
    }

    pub fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str) {
        self.shape(x, y, width, height, fill, "");
    }

    /// With a thin edge, so that a light one is seen on white paper.
    pub fn framed(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str) {
        self.shape(x, y, width, height, fill, " stroke=\"#8a8a8a\" stroke-width=\"0.75\"");
    }

    fn shape(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str, rest: &str) {
        let _ = write!(
            self.shapes,
            "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"{fill}\"{rest}/>",
            width.max(0.0),
            height.max(0.0)
        );
    }

    pub fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), width: f64, colour: &str) {
        let _ = write!(
            self.shapes,
            "<line x1=\"{x1:.2}\" y1=\"{y1:.2}\" x2=\"{x2:.2}\" y2=\"{y2:.2}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
        );
    }

    /// A triangle that points down from `(x, y)`: it goes on beneath the edge.
    pub fn beyond(&mut self, x: f64, y: f64) {
        let _ = write!(self.shapes, "<path d=\"M{:.2} {y:.2}h10l-5 8z\" fill=\"{INK}\"/>", x - 5.0);
    }

    pub fn text(&mut self, (x, y): (f64, f64), size: u32, anchor: Anchor, text: &str) {
        self.coloured((x, y), size, anchor, INK, text);
    }

    pub fn coloured(&mut self, (x, y): (f64, f64), size: u32, anchor: Anchor, colour: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = write!(
            self.shapes,
            "<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{}</text>",
            drawable(text)
        );
    }

    /// The picture; its name tells it from others on the same page.
    pub fn finish(self, name: &str, title: &str, legend: String) -> Picture {
        let (width, height) = (WIDTH, self.height);
        // Pictures of one page must not share the names of their hatches.
        let shapes = self.shapes.replace("url(#", &format!("url(#{name}-"));
        let patterns = PATTERNS.replace("id=\"", &format!("id=\"{name}-"));
        let title = title.to_owned();
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{}mm\" height=\"{}mm\" \
             font-family=\"Roboto, Arial, sans-serif\" role=\"img\"><defs>{patterns}</defs>{shapes}</svg>",
            millimetres(width),
            millimetres(height)
        );
        Picture { title, legend, svg, width, height }
    }
}

/// Hatches.
const PATTERNS: &str = "<pattern id=\"unknown\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
    patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#ffffff\"/><rect width=\"1.5\" height=\"6\" \
    fill=\"#8a8a8a\"/></pattern><pattern id=\"declared\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
    <rect width=\"6\" height=\"6\" fill=\"#ffffff\"/><circle cx=\"3\" cy=\"3\" r=\"1.6\" fill=\"#1f4e79\"/></pattern>";

/// Units as millimetres.
pub(super) fn millimetres(units: u32) -> String {
    format!("{}.{}", units / 5, units % 5 * 2)
}

/// A count as a coordinate.
pub(super) fn units(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// The text as far as the font has it, safe within SVG; an id with other letters is better left out than boxed.
fn drawable(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            ' '..='~' | '–' | '·' | '≥' | '≤' | '…' => safe.push(letter),
            _ => {}
        }
    }
    safe
}

/// Whether the font has every letter of it.
pub(super) fn is_latin(text: &str) -> bool {
    text.chars().all(|letter| matches!(letter, ' '..='~'))
}

/// The end of a scale: the smallest round number that is not under the value, and into how many round parts it divides.
pub(super) fn nice(value: f64) -> (f64, usize) {
    let mut step = 1e-6;
    loop {
        for (factor, parts) in [(1.0, 5), (2.0, 4), (3.0, 3), (4.0, 4), (5.0, 5), (6.0, 3), (8.0, 4)] {
            if step * factor >= value {
                return (step * factor, parts);
            }
        }
        step *= 10.0;
        if step > 1e15 {
            return (value, 4);
        }
    }
}

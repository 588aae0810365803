//! From SVG to PNG, with the one font that is carried along.

use std::fmt;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use super::Picture;
use crate::language::Language;

/// Roboto Regular (Apache-2.0), cut down to Latin letters, digits and a few signs; see the notice beside it.
const FONT: &[u8] = include_bytes!("roboto-latin.ttf");
/// Pixels a unit: 317 dots an inch on paper.
const SCALE: f32 = 2.5;

/// Why there is no PNG of a picture: a mistake in this program, never in the figures.
#[derive(Debug)]
pub struct NoPicture(String);

impl NoPicture {
    /// The sentence for people.
    pub fn sentence(&self, language: Language) -> String {
        let Self(cause) = self;
        language.pick(
            format!("无法绘制图片：{cause}；这是程序的缺陷，请报告；HTML 格式不受影响"),
            format!("cannot draw a picture: {cause}; this is a defect of the program, please report it; HTML is not affected"),
        )
    }
}

impl fmt::Display for NoPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoPicture {}

fn fonts() -> &'static Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(FONT.to_vec());
        fonts.set_sans_serif_family("Roboto");
        Arc::new(fonts)
    })
}

/// The picture as PNG, on white.
///
/// # Errors
/// When the SVG cannot be read or is larger than an image may be.
pub fn png(picture: &Picture) -> Result<Vec<u8>, NoPicture> {
    let options =
        usvg::Options { fontdb: Arc::clone(fonts()), font_family: "Roboto".to_owned(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&picture.svg, &options).map_err(|error| NoPicture(error.to_string()))?;
    let pixels = |units: u32| units * 5 / 2;
    let (width, height) = (pixels(picture.width), pixels(picture.height));
    let mut map = Pixmap::new(width, height).ok_or_else(|| NoPicture(format!("{width} × {height}")))?;
    map.fill(Color::WHITE);
    let across = tree.size().width();
    #[expect(clippy::cast_precision_loss, reason = "a picture is a few thousand units wide")]
    let scale = SCALE * picture.width as f32 / across;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut map.as_mut());
    map.encode_png().map_err(|error| NoPicture(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::canvas::{Anchor, Canvas, INK};
    use super::*;

    /// How many pixels are darker than half grey.
    fn dark(canvas: Canvas) -> usize {
        let bytes = png(&canvas.finish("test", "", String::new())).expect("a picture");
        let map = Pixmap::decode_png(&bytes).expect("a PNG");
        map.pixels().iter().filter(|pixel| pixel.red() < 128).count()
    }

    #[test]
    fn letters_are_drawn_without_any_font_of_the_system() {
        for letter in ('!'..='~').chain(['–', '·', '≥', '≤', '…']) {
            let mut canvas = Canvas::new(40);
            canvas.text((20.0, 30.0), 20, Anchor::Start, &letter.to_string());
            let drawn = dark(canvas);
            // A box for a missing letter would have about three hundred dark pixels in its edge, an empty space none.
            assert!(drawn > 8, "{letter} is not drawn: {drawn}");
        }
        let mut canvas = Canvas::new(40);
        canvas.text((20.0, 30.0), 20, Anchor::Start, "彭碑村");
        assert_eq!(dark(canvas), 0, "what the font does not have is left out, not boxed");
    }

    #[test]
    fn what_is_drawn_is_what_was_asked_for() {
        let mut canvas = Canvas::new(40);
        canvas.rect((10.0, 10.0), (20.0, 8.0), INK);
        assert_eq!(dark(canvas), 50 * 20, "2.5 pixels a unit");
        assert_eq!(dark(Canvas::new(40)), 0);
    }
}

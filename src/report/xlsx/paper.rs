//! One sheet of the workbook: what its cells look like, what stands at its head, and how it is printed.

use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError};

use super::super::method::marks;
use super::super::rollup::{Report, Telling};

/// A4 in the numbering of the file format.
const A4: u8 = 9;
const BODY: &str = "宋体";
const HEADING: &str = "黑体";
const LINE: Color = Color::RGB(0x00BF_BFBF);

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// The title of a sheet.
    Title,
    /// Below it.
    Subtitle,
    /// What must not be overlooked.
    Mark,
    /// Above a group of columns, or a section.
    Band,
    /// The name of a column.
    Head,
    /// The name of a figure in the JSON.
    Json,
    /// Text in a table.
    Text,
    /// Text in a table, several lines.
    Wrapped,
    /// A word in a table.
    Centred,
    /// A whole number.
    Count,
    /// Hours with three decimals.
    Hours,
    /// A percentage with three decimals; they were cut off before.
    Percent,
    /// A length of time, hours without limit.
    Duration,
    /// An instant.
    Moment,
    /// An amount with two decimals.
    Yuan,
    /// A number as it comes.
    Plain,
    /// A number that nobody adds up.
    Ordinal,
    /// A month as 202604.
    Month,
    /// A paragraph that stands alone.
    Paragraph,
    /// An amount in 10,000 yuan, with as many decimals as it has.
    Amount,
    /// Points of a score.
    Points,
}

/// A value and how a formula's result is given.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A number.
    Number(f64),
    /// A word, such as 「未观测」.
    Text(String),
    /// Nothing.
    Empty,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Value {
    /// A whole number.
    #[expect(
        clippy::cast_precision_loss,
        reason = "2^53 ms are 285,000 line years; a spreadsheet has no other numbers"
    )]
    pub fn count(number: i64) -> Self {
        Self::Number(number as f64)
    }
}

/// The formats, each made once; the second of each pair is bold, for sums.
#[derive(Debug)]
pub(super) struct Looks(Vec<(Look, Format, Format)>);

impl Looks {
    pub fn new() -> Self {
        let looks = [
            Look::Title,
            Look::Subtitle,
            Look::Mark,
            Look::Band,
            Look::Head,
            Look::Json,
            Look::Text,
            Look::Wrapped,
            Look::Centred,
            Look::Count,
            Look::Hours,
            Look::Percent,
            Look::Duration,
            Look::Moment,
            Look::Yuan,
            Look::Plain,
            Look::Ordinal,
            Look::Month,
            Look::Paragraph,
            Look::Amount,
            Look::Points,
        ];
        let bold = |format: Format| format.set_bold().set_background_color(Color::RGB(0x00F2_F2F2));
        Self(looks.into_iter().map(|look| (look, format(look), bold(format(look)))).collect())
    }

    fn of(&self, look: Look, bold: bool) -> &Format {
        let found = self.0.iter().find(|(of, ..)| *of == look).unwrap_or(&self.0[0]);
        if bold { &found.2 } else { &found.1 }
    }
}

fn format(look: Look) -> Format {
    let body = || Format::new().set_font_name(BODY).set_font_size(10).set_align(FormatAlign::VerticalCenter);
    let cell = || body().set_border(FormatBorder::Thin).set_border_color(LINE);
    let number = |form: &str| cell().set_num_format(form).set_align(FormatAlign::Right);
    match look {
        Look::Title => body().set_font_name(HEADING).set_font_size(16),
        Look::Subtitle => body().set_font_color(Color::RGB(0x0059_5959)),
        Look::Mark => body().set_bold().set_font_color(Color::RGB(0x00C0_0000)),
        Look::Band => cell()
            .set_font_name(HEADING)
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x001F_4E79))
            .set_align(FormatAlign::Left),
        Look::Head => cell()
            .set_font_name(HEADING)
            .set_background_color(Color::RGB(0x00DD_EBF7))
            .set_align(FormatAlign::Center)
            .set_text_wrap(),
        Look::Json => {
            cell().set_font_size(7).set_font_color(Color::RGB(0x0080_8080)).set_align(FormatAlign::Center).set_shrink()
        }
        Look::Text => cell().set_indent(1),
        Look::Wrapped => cell().set_text_wrap().set_indent(1),
        Look::Centred => cell().set_align(FormatAlign::Center),
        Look::Count => number("#,##0"),
        // Nothing is plainly 0: a column of 0.000 hides what is not.
        Look::Hours => number("#,##0.000;-#,##0.000;0"),
        Look::Percent => number("0.000%"),
        Look::Duration => number("[h]:mm:ss"),
        Look::Moment => number("yyyy-mm-dd hh:mm:ss").set_align(FormatAlign::Center),
        Look::Yuan => number("#,##0.00"),
        Look::Plain => number("General"),
        Look::Ordinal => number("0").set_align(FormatAlign::Center),
        Look::Amount => number("#,##0.00####"),
        Look::Points => number("0.00").set_align(FormatAlign::Center),
        Look::Month => number("0000\"-\"00").set_align(FormatAlign::Center),
        Look::Paragraph => body().set_font_size(11).set_text_wrap().set_align(FormatAlign::Top),
    }
}

/// A sheet that is being written.
pub(super) struct Paper<'l> {
    /// The sheet.
    pub sheet: Worksheet,
    looks: &'l Looks,
    /// Whether what is written now is bold.
    pub bold: bool,
}

impl<'l> Paper<'l> {
    /// A sheet with its name, its title in the first row, what it is of in the second and what must not be overlooked
    /// in the third; printed on A4 with that and page numbers on every page.
    pub fn new(
        sheet: Worksheet,
        looks: &'l Looks,
        name: &str,
        report: &Report,
        telling: Telling<'_>,
    ) -> Result<Self, XlsxError> {
        let mut paper = Self { sheet, looks, bold: false };
        let (site, period) = (telling.site, report.about.period.name(telling.language));
        let marks = marks(report, telling).join(telling.pick("　", " · "));
        let head = report.about.head.to_string();
        let sheet = &mut paper.sheet;
        sheet.set_name(name)?;
        sheet.set_paper_size(A4).set_margins(0.5, 0.5, 0.75, 0.7, 0.3, 0.3);
        // In headers and footers & begins a code.
        let plain = |text: &str| text.replace('&', "&&");
        // A digit behind a size would belong to it.
        sheet.set_header(format!(
            "&L&9 {}&C&\"{HEADING},常规\"&11 {}&R&9 {}",
            plain(site),
            marks,
            plain(&format!("{period}　{name}"))
        ));
        let short = &head[..head.len().min(22)];
        let pages = telling.pick("第 &P 页 共 &N 页", "page &P of &N");
        sheet.set_footer(format!("&L&8 {name}&C&9 {pages}&R&8 {} {short}…", telling.pick("链头", "head")));
        let title = format!("{site}　{period}　{name}");
        paper.text(0, 0, &title, Look::Title)?;
        paper.sheet.set_row_height(0, 26)?;
        Ok(paper)
    }

    /// The second and third row.
    pub fn subtitle(&mut self, subtitle: &str, marks: &[&str], note: &str) -> Result<(), XlsxError> {
        self.text(1, 0, subtitle, Look::Subtitle)?;
        let both: Vec<String> = marks.iter().map(|mark| format!("「{mark}」")).collect();
        let marked = both.join("") + note;
        let look = if both.is_empty() { Look::Subtitle } else { Look::Mark };
        self.text(2, 0, &marked, look)
    }

    /// Landscape, all columns on one page's width.
    pub fn landscape(&mut self) {
        self.sheet.set_landscape().set_print_fit_to_pages(1, 0);
    }

    /// Text that is never computed, whatever it begins with.
    pub fn text(&mut self, row: u32, column: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        let format = self.looks.of(look, self.bold);
        // A cell takes 32,767 characters.
        let text: String = if text.len() > 32_000 { text.chars().take(32_000).collect() } else { text.to_owned() };
        if text.is_empty() {
            self.sheet.write_blank(row, column, format)?;
        } else {
            self.sheet.write_string_with_format(row, column, text, format)?;
        }
        Ok(())
    }

    /// A value.
    pub fn value(&mut self, row: u32, column: u16, value: &Value, look: Look) -> Result<(), XlsxError> {
        match value {
            Value::Number(number) => {
                self.sheet.write_number_with_format(row, column, *number, self.looks.of(look, self.bold))?;
                Ok(())
            }
            Value::Text(text) => self.text(row, column, text, look),
            Value::Empty => self.text(row, column, "", look),
        }
    }

    /// A formula with its result, or the result alone where there is no formula.
    pub fn live(
        &mut self,
        row: u32,
        column: u16,
        formula: Option<String>,
        value: &Value,
        look: Look,
    ) -> Result<(), XlsxError> {
        let Some(formula) = formula else { return self.value(row, column, value, look) };
        let result = match value {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            // No formula comes to nothing: the cell would hold a zero.
            Value::Empty => return self.value(row, column, value, look),
        };
        let formula = Formula::new(formula).set_result(result);
        self.sheet.write_formula_with_format(row, column, formula, self.looks.of(look, self.bold))?;
        Ok(())
    }

    /// A number with its unit behind it; the cell holds the number alone.
    pub fn with_unit(
        &mut self,
        row: u32,
        column: u16,
        (formula, value): (String, &Value),
        form: &str,
        unit: &str,
    ) -> Result<(), XlsxError> {
        let Value::Number(number) = value else { return self.value(row, column, value, Look::Centred) };
        let form = format!("{form}\"{}\"", unit.replace('"', ""));
        let format = self.looks.of(Look::Centred, self.bold).clone().set_num_format(form);
        let formula = Formula::new(formula).set_result(number.to_string());
        self.sheet.write_formula_with_format(row, column, formula, &format)?;
        Ok(())
    }

    /// Cells side by side as one.
    pub fn merged(&mut self, row: u32, columns: (u16, u16), text: &str, look: Look) -> Result<(), XlsxError> {
        self.block((row, row), columns, text, look)
    }

    /// A block of cells as one.
    pub fn block(&mut self, rows: (u32, u32), columns: (u16, u16), text: &str, look: Look) -> Result<(), XlsxError> {
        if rows.0 == rows.1 && columns.0 == columns.1 {
            return self.text(rows.0, columns.0, text, look);
        }
        let format = self.looks.of(look, self.bold);
        self.sheet.merge_range(rows.0, columns.0, rows.1, columns.1, text, format)?;
        Ok(())
    }

    /// Widths in characters, from a column on.
    pub fn widths(&mut self, from: u16, widths: &[f64]) -> Result<(), XlsxError> {
        for (column, width) in (from..).zip(widths) {
            self.sheet.set_column_width(column, *width)?;
        }
        Ok(())
    }
}

/// The name of a column: `A`, `AB`.
pub(super) fn letters(column: u16) -> String {
    column_number_to_name(column)
}

/// How wide a column has to be for texts, within bounds.
pub(super) fn room<'t>(texts: impl Iterator<Item = &'t str>, least: f64, most: f64) -> f64 {
    // The indent, and the digits of the font are a little narrower than half a character.
    texts.map(|text| width(text) + 3.0).fold(least, f64::max).min(most)
}

/// How wide a text is in the columns of a sheet.
pub(super) fn width(text: &str) -> f64 {
    f64::from(u32::try_from(unicode_width::UnicodeWidthStr::width(text)).unwrap_or(u32::MAX))
}

//! Sheets with one row of figures for each group: 分类, 乡镇, 运营商, 月度, 线路明细.

use linewatch_core::rollup::{Cohort, Figures};
use rust_xlsxwriter::XlsxError;

use super::columns::{At, Block, COLUMNS, Places, Shape, index, ratio_formula, ratio_value, unseen, value_of};
use super::faults::column as fault;
use super::paper::{Look, Paper, Value, letters};
use super::places::plain;
use super::spans::{column as span, month_number, service};
use crate::report::rollup::{Report, Telling};

/// First row of data, from 0: title, subtitle, marks, nothing, blocks, names, names in the JSON.
pub(super) const FIRST_ROW: u32 = 7;

/// So many rows are printed on one page, however small.
const ONE_PAGE: u32 = 56;

/// At how many percent columns of so many characters fit into a page's width, also where another font than the file's
/// stands in and is wider.
fn scale(width: f64) -> u16 {
    (30..=100_u16).rev().find(|scale| f64::from(*scale) * width <= 56.0 * 182.0).unwrap_or(30)
}

/// A row of figures.
pub(super) struct Row<'r> {
    /// The cells before the figures.
    pub keys: Vec<(Value, Look)>,
    pub figures: &'r Figures,
    /// Columns of 中断明细, 在用时段 and 线路明细 that must equal the key's cell, and the cell's column.
    pub of: Option<(u16, u16, Option<u16>, u16)>,
    pub counter: u16,
    pub month: Option<u16>,
    pub target: Option<u32>,
    pub live: bool,
    pub judged: bool,
    pub counted: bool,
}

/// What a sheet of figures is like.
pub(super) struct Sheet<'s> {
    /// Names and widths of the columns before the figures.
    pub keys: Vec<(&'s str, f64)>,
    /// So many of them stay in sight, and are repeated on every page.
    pub repeated: u16,
    /// Whether blocks stand one below the other.
    pub stacked: bool,
}

impl Sheet<'_> {
    /// How a table of so many rows stands on it.
    pub fn shape(&self, rows: usize) -> Shape {
        Shape {
            keys: u16::try_from(self.keys.len()).unwrap_or_default(),
            top: FIRST_ROW,
            rows: u32::try_from(rows).unwrap_or_default(),
            stacked: self.stacked,
        }
    }
}

/// Everything that sheets are written from.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g> {
    pub report: &'g Report,
    pub telling: Telling<'g>,
    pub places: &'g Places,
}

impl<'g> Ground<'g> {
    /// Writes the figures of rows and returns how they stand.
    pub fn table(&self, paper: &mut Paper<'_>, sheet: &Sheet<'_>, rows: &[Row<'_>]) -> Result<Shape, XlsxError> {
        let shape = sheet.shape(rows.len());
        for block in [Block::Results, Block::Hours, Block::Outages, Block::Millis] {
            self.head(paper, sheet, shape, block)?;
            for (number, row) in (0..).zip(rows) {
                self.row(paper, shape, block, number, row)?;
            }
        }
        Self::print(paper, sheet, shape)?;
        Ok(shape)
    }

    /// One row of a block, with its keys where they do not stand yet.
    fn row(
        &self,
        paper: &mut Paper<'_>,
        shape: Shape,
        block: Block,
        number: u32,
        row: &Row<'_>,
    ) -> Result<(), XlsxError> {
        let line = shape.top(block) + number;
        paper.bold = row.of.is_none();
        if block == Block::Results || (shape.stacked && block != Block::Millis) {
            for (column, (value, look)) in (0_u16..).zip(&row.keys) {
                paper.value(line, column, value, *look)?;
            }
        }
        let of = row
            .of
            .map(|(spans, service, lines, key)| (spans, service, lines, format!("${}{}", letters(key), line + 1)));
        let at = At {
            places: self.places,
            language: self.telling.language,
            shape,
            number,
            of,
            counter: row.counter,
            month: row.month,
            target: row.target,
            minimum: self.report.about.policy.min_coverage_ppm,
            live: row.live,
            judged: row.judged,
            counted: row.counted,
        };
        for (place, of) in (0..).zip(&COLUMNS).filter(|(_, of)| of.block == block) {
            let value = value_of(of, row.figures, self.telling.language);
            // No rent is not a rent of zero.
            let rentless = of.look == Look::Yuan && value == Value::Empty;
            let formula = (of.formula)(&at).filter(|_| !rentless);
            paper.live(line, shape.column(place), formula, &value, of.look)?;
        }
        paper.bold = false;
        Ok(())
    }

    fn head(&self, paper: &mut Paper<'_>, sheet: &Sheet<'_>, shape: Shape, block: Block) -> Result<(), XlsxError> {
        let language = self.telling.language;
        let top = shape.top(block);
        let (band, names, json) = (top - 3, top - 2, top - 1);
        paper.sheet.set_row_height(names, 30)?;
        paper.sheet.set_row_height(json, 11)?;
        if block == Block::Results || (shape.stacked && block != Block::Millis) {
            for (column, (name, width)) in (0..).zip(&sheet.keys) {
                let title = if column == 0 && shape.stacked { block.title(language) } else { "" };
                paper.text(band, column, title, Look::Band)?;
                paper.text(names, column, name, Look::Head)?;
                paper.text(json, column, "", Look::Json)?;
                paper.widths(column, &[*width])?;
            }
        }
        let mut titled = shape.stacked && block != Block::Millis;
        for (place, of) in (0..).zip(&COLUMNS).filter(|(_, of)| of.block == block) {
            let column = shape.column(place);
            paper.text(band, column, if titled { "" } else { block.title(language) }, Look::Band)?;
            titled = true;
            paper.text(names, column, language.pick(of.names.0, of.names.1), Look::Head)?;
            // What is only computed with has no name in the JSON.
            let computed = ["unexcluded_", "gross_up", "gross_down"].iter().any(|name| of.json.starts_with(name));
            let public = !computed && !of.json.ends_with("_h");
            paper.text(json, column, if public { of.json } else { "" }, Look::Json)?;
            let same = COLUMNS
                .iter()
                .enumerate()
                .filter(|(place, _)| shape.column(u16::try_from(*place).unwrap_or_default()) == column);
            let width = same.map(|(_, of)| of.width).fold(0.0, f64::max);
            paper.widths(column, &[width])?;
        }
        Ok(())
    }

    fn print(paper: &mut Paper<'_>, sheet: &Sheet<'_>, shape: Shape) -> Result<(), XlsxError> {
        let paper = &mut paper.sheet;
        if shape.stacked {
            paper.set_freeze_panes(0, sheet.repeated)?;
            // A page of months is one page.
            let pages = u16::from(shape.behind() <= ONE_PAGE);
            paper.set_landscape().set_print_fit_to_pages(1, pages);
            return Ok(());
        }
        paper.set_freeze_panes(FIRST_ROW, sheet.repeated)?;
        let places = [index("compliant_lines"), index("outages_carried_in")];
        let breaks = places.map(|place| u32::from(shape.column(place)));
        paper.set_landscape().set_print_scale(scale(Self::widest(sheet, places)));
        // The title would be cut off where the repeated columns end; what it says stands at the head of every page.
        paper.set_print_area(FIRST_ROW - 3, 0, shape.behind().max(FIRST_ROW + 1) - 1, shape.behind_printed() - 1)?;
        paper.set_repeat_rows(FIRST_ROW - 3, FIRST_ROW - 2)?;
        paper.set_repeat_columns(0, sheet.repeated - 1)?;
        paper.set_vertical_page_breaks(&breaks)?;
        Ok(())
    }

    /// How wide the widest page is whose columns end before one of the breaks, in characters.
    fn widest(sheet: &Sheet<'_>, breaks: [u16; 2]) -> f64 {
        let of = |columns: &[super::columns::Column]| columns.iter().map(|column| column.width).sum::<f64>();
        let keys = |many: usize| sheet.keys.iter().take(many).map(|(_, width)| width).sum::<f64>();
        let [first, second] = breaks.map(usize::from);
        let left = keys(usize::MAX) + of(&COLUMNS[..first]);
        let middle = keys(usize::from(sheet.repeated)) + of(&COLUMNS[first..second]);
        left.max(middle)
    }

    /// On a sheet whose blocks stand one below the other: all down to a row is printed, and where that is more than a
    /// page, a block that would be torn begins a new one.
    pub fn print_down_to(paper: &mut Paper<'_>, sheet: &Sheet<'_>, shape: Shape, row: u32) -> Result<(), XlsxError> {
        // Points: what a page in landscape takes between its margins, a row, and what the title or the names of a block
        // take beyond rows.
        const PAGE: f64 = 491.0;
        const ROW: f64 = 15.0;
        const NAMES: f64 = 30.0;
        paper.sheet.set_print_area(0, 0, row, shape.behind_printed() - 1)?;
        if shape.behind() <= ONE_PAGE {
            return Ok(());
        }
        let blocks = [Block::Results, Block::Hours, Block::Outages];
        let of_block = |block| COLUMNS.iter().filter(move |of| of.block == block).map(|of| of.width);
        let figures =
            (0..).map_while(|place| blocks.iter().filter_map(|block| of_block(*block).nth(place)).reduce(f64::max));
        let scale = scale(sheet.keys.iter().map(|(_, width)| *width).chain(figures).sum());
        paper.sheet.set_print_scale(scale);
        let tops = blocks[1..].iter().map(|block| shape.top(*block) - 3).chain([shape.behind() + 1]);
        let tops: Vec<u32> = tops.filter(|top| *top < row).collect();
        let height = |from: u32, to: u32| f64::from(to - from) * ROW + NAMES;
        let page = PAGE * 95.0 / f64::from(scale);
        let (mut begun, mut breaks) = (0, Vec::new());
        for (place, top) in tops.iter().enumerate() {
            let end = tops.get(place + 1).copied().unwrap_or(row + 1);
            if height(begun, end) > page {
                breaks.push(*top);
                begun = *top;
            }
        }
        paper.sheet.set_page_breaks(&breaks)?;
        Ok(())
    }

    /// Rows of groups with a name, then the total.
    pub fn named(
        &self,
        groups: Vec<(String, &'g Figures)>,
        (spans, service, counter, lines): (u16, u16, u16, u16),
        of_line: impl Fn(&linewatch_core::rollup::LineFigures) -> String,
    ) -> Vec<Row<'g>> {
        let live = plain(groups.iter().map(|(name, _)| name.as_str()));
        let lines_of = |name: &str| self.judged(|line| of_line(line) == name);
        let mut rows: Vec<Row<'g>> = groups
            .into_iter()
            .map(|(name, figures)| Row {
                judged: live
                    && lines_of(&name) == [figures.compliant_lines, figures.zero_outage_lines, figures.unproven_lines],
                keys: vec![(Value::Text(name), Look::Text), (self.mark(figures), Look::Centred)],
                figures,
                of: Some((spans, service, Some(lines), 0)),
                counter,
                month: None,
                target: None,
                live,
                counted: true,
            })
            .collect();
        rows.push(self.total(2));
        rows
    }

    /// Of the lines that belong: how many are compliant, without outage, unproven.
    fn judged(&self, belongs: impl Fn(&linewatch_core::rollup::LineFigures) -> bool) -> [u64; 3] {
        let lines = self.report.figures.lines.iter().filter(|line| belongs(line));
        lines.fold([0; 3], |[compliant, zero, unproven], line| {
            let figures = &line.figures;
            [compliant + figures.compliant_lines, zero + figures.zero_outage_lines, unproven + figures.unproven_lines]
        })
    }

    /// The row of all lines, with so many cells before its figures.
    pub fn total(&self, keys: usize) -> Row<'g> {
        let figures = &self.report.figures.total;
        let mut cells = vec![(Value::Empty, Look::Text); keys];
        cells[0] = (self.telling.language.pick("合计", "All").into(), Look::Text);
        if keys > 1 {
            cells[1] = (self.mark(figures), Look::Centred);
        }
        Row {
            keys: cells,
            figures,
            of: None,
            counter: service::LINES,
            month: None,
            target: None,
            live: true,
            judged: self.judged(|_| true)
                == [figures.compliant_lines, figures.zero_outage_lines, figures.unproven_lines],
            counted: true,
        }
    }

    /// 「证据不足」.
    pub fn mark(&self, figures: &Figures) -> Value {
        if figures.proven { Value::Empty } else { self.telling.language.pick("证据不足", "unproven").into() }
    }

    /// The months, then the total. `with_time`: lines with time in service in each month's column of 在用时段.
    pub fn months(&self, with_time: &[u64]) -> Vec<Row<'g>> {
        let months = self.report.figures.months.iter();
        let mut rows: Vec<Row<'g>> = (0_u16..)
            .zip(months)
            .map(|(place, of)| Row {
                keys: vec![
                    (Value::count(month_number(of.month)), Look::Month),
                    (self.mark(&of.figures), Look::Centred),
                ],
                figures: &of.figures,
                of: Some((span::MONTH, 0, None, 0)),
                counter: service::LINES,
                month: Some(place),
                target: None,
                live: true,
                judged: false,
                counted: with_time.get(usize::from(place)) == Some(&of.figures.lines),
            })
            .collect();
        rows.push(self.total(2));
        rows
    }

    /// The lines.
    pub fn lines(&self, live: bool) -> Vec<Row<'g>> {
        let telling = self.telling;
        let policy = &self.report.about.policy;
        let row = |(number, of): (i64, &'g linewatch_core::rollup::LineFigures)| {
            let text = |text: &str| (Value::Text(text.to_owned()), Look::Text);
            let imported = of.imported.then(|| telling.language.pick("导入", "imported").to_owned());
            let unproven = (!of.figures.proven).then(|| telling.language.pick("证据不足", "unproven").to_owned());
            let marks: Vec<String> = imported.into_iter().chain(unproven).collect();
            Row {
                keys: vec![
                    (Value::count(number), Look::Ordinal),
                    text(of.line.as_str()),
                    text(&of.name),
                    text(telling.class(of.class.as_str())),
                    text(telling.named(of.township.as_str())),
                    text(&of.village),
                    text(telling.named(&of.carrier)),
                    (Value::Text(marks.join(telling.pick("、", ", "))), Look::Centred),
                ],
                figures: &of.figures,
                of: Some((span::NUMBER, service::NUMBER, None, 0)),
                counter: service::LINES,
                month: None,
                target: Some(policy.target(&of.class)),
                live,
                judged: false,
                counted: true,
            }
        };
        (1..).zip(&self.report.figures.lines).map(row).collect()
    }

    /// Below the figures: the faults of each group, by a column of 故障明细.
    pub fn faults(
        &self,
        paper: &mut Paper<'_>,
        mut row: u32,
        of: u16,
        groups: &[(String, &Cohort)],
    ) -> Result<u32, XlsxError> {
        let language = self.telling.language;
        row += 1;
        paper.text(row, 0, language.pick("故障", "faults"), Look::Band)?;
        for column in 1..9 {
            paper.text(row, column, "", Look::Band)?;
        }
        let names = language.pick(
            ["名称", "", "期初未决", "本期新增", "本期重开", "已解决", "未解决", "期后已解决", "故障解决率"],
            ["name", "", "carried in", "opened", "reopened", "resolved", "open at end", "resolved since", "resolved"],
        );
        row += 1;
        paper.sheet.set_row_height(row, 30)?;
        for (column, name) in (0..).zip(names) {
            paper.text(row, column, name, Look::Head)?;
        }
        let live = plain(groups.iter().map(|(name, _)| name.as_str()));
        for (name, cohort) in groups {
            row += 1;
            paper.text(row, 0, name, Look::Text)?;
            paper.text(row, 1, "", Look::Text)?;
            let Cohort { carried_in, opened, reopened_in, resolved, open_at_end, resolved_since } = **cohort;
            let counts = [carried_in, opened, reopened_in, resolved, open_at_end, resolved_since];
            for (place, count) in (0_u16..).zip(counts) {
                let key = format!("$A{}", row + 1);
                let table = self.places.faults.as_ref().filter(|_| live);
                let formula = table.map(|table| table.sum(fault::CARRIED + place, &[(of, key)]));
                let value = Value::count(i64::try_from(count).unwrap_or(i64::MAX));
                paper.live(row, 2 + place, formula, &value, Look::Count)?;
            }
            let number = row + 1;
            let formula = ratio_formula(&format!("F{number}"), &format!("F{number}+G{number}"), unseen(language));
            let value = ratio_value(cohort.resolution_ratio(), unseen(language));
            paper.live(row, 8, Some(formula), &value, Look::Percent)?;
        }
        Ok(row)
    }
}

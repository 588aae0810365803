//! The year as a workbook (XLSX).
//!
//! ```text
//! 中断明细 在用时段 故障明细 ──SUMIFS──> 分类 乡镇 运营商 月度 线路明细 ──> 汇总 ──> 自评表
//! ```
//!
//! The detail is numbers and text; everything else is a formula over it that carries its result, so that phones and
//! previews show it too. Detail is counted, clipped to the period and without overlap, hence sums with criteria are
//! enough, and whoever alters a row of detail sees what follows. A value stands in the place of a formula where a formula
//! would not be right: a name that a spreadsheet takes for a pattern or a number, lines that were judged within another
//! group than their last one, lines judged month by month.
//!
//! Above [`Limits::rows`] the detail goes to a CSV file beside the workbook, and the sheets say so. Sheets of detail are
//! written row by row and never held in memory.

mod cell;
mod columns;
mod detail;
mod faults;
mod form;
mod groups;
mod ledger;
mod packed;
mod paper;
mod places;
mod spans;
mod steps;
mod summary;

use std::collections::BTreeMap;
use std::io::{self, Write};

use linewatch_core::line::ClassName;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::method::{marks, method};
use super::rollup::{Details, NoFigures, Report, Step, Telling};
use super::selfeval::Evaluation;
use crate::language::Language;
use columns::Shape;
use detail::Detailed;
use groups::{Ground, Sheet};
pub use packed::{Packed, packed};
use paper::{Looks, Paper, room};
use places::quoted;
use spans::{column as span, service};

/// First row of detail, from 0.
const DETAIL_ROW: u32 = 4;

/// When detail is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows of one sheet.
    pub rows: u32,
    /// Comparisons that recalculating the sheet of lines may take; beyond it holds values.
    pub comparisons: u64,
}

impl Default for Limits {
    /// A million rows, of the 1,048,576 that a sheet takes.
    fn default() -> Self {
        Self { rows: 1_000_000, comparisons: 40_000_000 }
    }
}

/// Why there is no workbook.
#[derive(Debug)]
pub enum NoWorkbook {
    /// The detail cannot be read.
    Figures(NoFigures),
    /// The workbook cannot be put together.
    Workbook(XlsxError),
    /// A file of detail cannot be written.
    Spill(io::Error),
}

impl From<NoFigures> for NoWorkbook {
    fn from(error: NoFigures) -> Self {
        Self::Figures(error)
    }
}

impl From<XlsxError> for NoWorkbook {
    fn from(error: XlsxError) -> Self {
        Self::Workbook(error)
    }
}

impl From<io::Error> for NoWorkbook {
    fn from(error: io::Error) -> Self {
        Self::Spill(error)
    }
}

impl NoWorkbook {
    /// The sentence for people.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Figures(error) => error.sentence(language),
            Self::Workbook(error) => language.pick(
                format!("无法生成工作簿：{error}；请检查临时目录是否可写、磁盘是否已满"),
                format!("cannot put the workbook together: {error}; check that the folder for temporary files can be written and has room"),
            ),
            Self::Spill(error) => language.pick(
                format!("无法写入明细 CSV：{error}；请检查目录是否可写、磁盘是否已满"),
                format!("cannot write the detail as CSV: {error}; check that its folder can be written and has room"),
            ),
        }
    }
}

/// Opens a file beside the workbook for detail that no sheet takes, by the sheet's name; returns what to call it, and
/// where to write.
pub type Spill<'a> = dyn FnMut(&str) -> io::Result<(String, Box<dyn Write>)> + 'a;

/// Names of the sheets, in order: 中文, English.
const SHEETS: [(&str, &str); 13] = [
    ("汇总", "summary"),
    ("自评表", "self-evaluation"),
    ("分类", "classes"),
    ("乡镇", "townships"),
    ("运营商", "carriers"),
    ("月度", "months"),
    ("线路明细", "lines"),
    ("中断明细", "time"),
    ("故障明细", "faults"),
    ("计划停机与剔除台账", "decisions"),
    ("口径说明", "method"),
    ("在用时段", "service"),
    ("故障经过", "steps"),
];

/// Puts the workbook together.
///
/// # Errors
/// When the detail cannot be read or something cannot be written.
pub fn workbook(
    report: &Report,
    details: &Details<'_, '_>,
    evaluation: &Evaluation,
    telling: Telling<'_>,
    limits: Limits,
    spill: &mut Spill<'_>,
    watch: impl FnMut(Step),
) -> Result<Workbook, NoWorkbook> {
    Book { report, details, evaluation, telling, limits, looks: Looks::new() }.write(spill, watch)
}

struct Book<'b> {
    report: &'b Report,
    details: &'b Details<'b, 'b>,
    evaluation: &'b Evaluation,
    telling: Telling<'b>,
    limits: Limits,
    looks: Looks,
}

/// Where the figures of classes stand: the last row is the total.
struct Classes {
    sheet: &'static str,
    shape: Shape,
    groups: Vec<Option<ClassName>>,
}

impl Classes {
    /// A cell of a class, or of all lines.
    fn cell(&self, class: Option<&ClassName>, json: &str) -> Option<String> {
        let number = self.groups.iter().position(|group| group.as_ref() == class)?;
        let number = u32::try_from(number).unwrap_or_default();
        Some(format!("{}!{}", quoted(self.sheet), self.shape.cell(json, number)))
    }
}

impl Book<'_> {
    fn name(&self, chinese: &str) -> &'static str {
        let found = SHEETS.iter().find(|(name, _)| *name == chinese).unwrap_or(&SHEETS[0]);
        self.telling.language.pick(found.0, found.1)
    }

    fn paper<'l>(&self, sheet: Worksheet, looks: &'l Looks, chinese: &str, note: &str) -> Result<Paper<'l>, XlsxError> {
        let mut paper = Paper::new(sheet, looks, self.name(chinese), self.report, self.telling)?;
        let about = &self.report.about;
        let zone = about.period.zone();
        let time = |at| super::rollup::period::written(at, zone, self.telling.language);
        let (from, to, head) = (time(about.period.span().start), time(about.until), about.head);
        let subtitle = self.telling.language.pick(
            format!("{from} 至 {to}　依据记录 1–{}　链头 {head}", head.seq),
            format!("{from} to {to}, records 1-{}, head {head}", head.seq),
        );
        paper.subtitle(&subtitle, &marks(self.report, self.telling), note)?;
        Ok(paper)
    }

    fn write(&self, spill: &mut Spill<'_>, watch: impl FnMut(Step)) -> Result<Workbook, NoWorkbook> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&self.properties()?);
        let cases = self.details.faults()?;
        let Detailed { mut papers, places, with_time, spans } = self.detail(&mut workbook, &cases, spill, watch)?;
        let ground = Ground { report: self.report, telling: self.telling, places: &places };
        let mut sheets: BTreeMap<&'static str, Worksheet> = BTreeMap::new();
        let live_lines = u64::from(spans) * self.report.figures.lines.len() as u64 <= self.limits.comparisons;
        let classes = self.groups(&ground, &with_time, live_lines, &mut sheets)?;
        self.above(&ground, &classes, &mut sheets)?;
        for (chinese, _) in SHEETS {
            let name = self.name(chinese);
            let sheet = sheets.remove(name).or_else(|| papers.remove(name).map(|paper| paper.sheet));
            if let Some(sheet) = sheet {
                workbook.push_worksheet(sheet);
            }
        }
        Ok(workbook)
    }

    /// What the file says of itself: as of the records it rests on, not of the moment of writing.
    fn properties(&self) -> Result<DocProperties, XlsxError> {
        let (about, language) = (&self.report.about, self.telling.language);
        let title = format!("{} {}", self.telling.site, about.period.name(language));
        let marks = marks(self.report, self.telling).join(" ");
        let made = ExcelDateTime::from_timestamp(about.as_of.0 / 1000)?;
        let properties = DocProperties::new().set_title(title).set_subject(marks).set_author("linewatch");
        Ok(properties.set_creation_datetime(&made))
    }

    fn groups(
        &self,
        ground: &Ground<'_>,
        with_time: &[u64],
        live_lines: bool,
        sheets: &mut BTreeMap<&'static str, Worksheet>,
    ) -> Result<Classes, NoWorkbook> {
        let (telling, figures) = (self.telling, &self.report.figures);
        let pick = |chinese: &'static str, english: &'static str| telling.language.pick(chinese, english);
        let mark = (pick("标记", "marks"), 9.0);
        let of_name = |name: &'static str| Sheet { keys: vec![(name, 16.0), mark], repeated: 2, stacked: true };

        let mut classes: Vec<_> = figures.classes.iter().collect();
        classes.sort_by_key(|of| telling.place(of.class.as_str()));
        let mut paper = self.paper(Worksheet::new(), &self.looks, "分类", "")?;
        let named: Vec<_> =
            classes.iter().map(|of| (telling.class(of.class.as_str()).to_owned(), &of.figures)).collect();
        let rows = ground.named(named, (span::CLASS, service::CLASS, service::CLASS_LINES, 3), |line| {
            telling.class(line.class.as_str()).to_owned()
        });
        let sheet = of_name(pick("类别", "class"));
        let shape = ground.table(&mut paper, &sheet, &rows)?;
        let mut by_class: Vec<_> = figures.faults.by_class.iter().collect();
        by_class.sort_by_key(|(class, _)| telling.place(class.as_str()));
        let cohorts: Vec<_> =
            by_class.into_iter().map(|(class, cohort)| (telling.class(class.as_str()).to_owned(), cohort)).collect();
        let last = ground.faults(&mut paper, shape.behind(), faults::column::CLASS, &cohorts)?;
        Ground::print_down_to(&mut paper, &sheet, shape, last)?;
        sheets.insert(self.name("分类"), paper.sheet);
        let groups = classes.iter().map(|of| Some(of.class.clone())).chain([None]).collect();
        let classes = Classes { sheet: self.name("分类"), shape, groups };

        let mut paper = self.paper(Worksheet::new(), &self.looks, "乡镇", "")?;
        let named: Vec<_> =
            figures.townships.iter().map(|of| (telling.named(of.township.as_str()).to_owned(), &of.figures)).collect();
        let rows = ground.named(named, (span::TOWNSHIP, service::TOWNSHIP, service::TOWNSHIP_LINES, 4), |line| {
            telling.named(line.township.as_str()).to_owned()
        });
        let sheet = of_name(pick("乡镇", "township"));
        let shape = ground.table(&mut paper, &sheet, &rows)?;
        let cohorts: Vec<_> = figures
            .faults
            .by_township
            .iter()
            .map(|(township, cohort)| (telling.named(township.as_str()).to_owned(), cohort))
            .collect();
        let last = ground.faults(&mut paper, shape.behind(), faults::column::TOWNSHIP, &cohorts)?;
        Ground::print_down_to(&mut paper, &sheet, shape, last)?;
        sheets.insert(self.name("乡镇"), paper.sheet);

        let mut paper = self.paper(Worksheet::new(), &self.looks, "运营商", "")?;
        let named: Vec<_> =
            figures.carriers.iter().map(|of| (telling.named(&of.carrier).to_owned(), &of.figures)).collect();
        let rows = ground.named(named, (span::CARRIER, service::CARRIER, service::CARRIER_LINES, 6), |line| {
            telling.named(&line.carrier).to_owned()
        });
        let sheet = of_name(pick("运营商", "carrier"));
        let shape = ground.table(&mut paper, &sheet, &rows)?;
        Ground::print_down_to(&mut paper, &sheet, shape, shape.behind())?;
        sheets.insert(self.name("运营商"), paper.sheet);

        let mut paper = self.paper(
            Worksheet::new(),
            &self.looks,
            "月度",
            pick("　线路数、达标等按月逐线判定，不是公式。", " Lines are judged month by month: no formulas."),
        )?;
        let sheet = of_name(pick("月份", "month"));
        let shape = ground.table(&mut paper, &sheet, &ground.months(with_time))?;
        Ground::print_down_to(&mut paper, &sheet, shape, shape.behind())?;
        sheets.insert(self.name("月度"), paper.sheet);

        let values = if live_lines {
            ""
        } else {
            pick("　线路和明细都很多，本表的数字照算，但不是公式。", " So many lines and rows: values, no formulas.")
        };
        let mut paper = self.paper(Worksheet::new(), &self.looks, "线路明细", values)?;
        let keys = vec![
            (pick("线路序号", "no."), 6.0),
            (pick("线路编号", "line"), 12.0),
            (pick("线路名称", "name"), room(figures.lines.iter().map(|line| line.name.as_str()), 26.0, 34.0)),
            (pick("类别", "class"), 12.0),
            (pick("乡镇", "township"), 12.0),
            (pick("村(社区)", "village"), room(figures.lines.iter().map(|line| line.village.as_str()), 12.0, 22.0)),
            (pick("运营商", "carrier"), 11.0),
            mark,
        ];
        let rows = ground.lines(live_lines);
        ground.table(&mut paper, &Sheet { keys, repeated: 3, stacked: false }, &rows)?;
        sheets.insert(self.name("线路明细"), paper.sheet);
        Ok(classes)
    }

    /// 汇总, 自评表, the ledger and the method statement.
    fn above(
        &self,
        ground: &Ground<'_>,
        classes: &Classes,
        sheets: &mut BTreeMap<&'static str, Worksheet>,
    ) -> Result<(), NoWorkbook> {
        let mut paper = self.paper(Worksheet::new(), &self.looks, "汇总", "")?;
        let mut summary =
            summary::Summary { paper: &mut paper, ground: *ground, classes, rows: BTreeMap::new(), row: DETAIL_ROW };
        summary.write()?;
        let rows = summary.rows;
        sheets.insert(self.name("汇总"), paper.sheet);

        let mut paper = self.paper(Worksheet::new(), &self.looks, "自评表", "")?;
        form::Form {
            paper: &mut paper,
            ground: *ground,
            evaluation: self.evaluation,
            summary: (self.name("汇总"), &rows),
            classes,
            row: DETAIL_ROW,
        }
        .write()?;
        sheets.insert(self.name("自评表"), paper.sheet);

        let mut paper = self.paper(Worksheet::new(), &self.looks, "计划停机与剔除台账", "")?;
        ground.ledger(&mut paper, DETAIL_ROW)?;
        sheets.insert(self.name("计划停机与剔除台账"), paper.sheet);

        let mut paper = self.paper(Worksheet::new(), &self.looks, "口径说明", "")?;
        Ground::method(&mut paper, DETAIL_ROW - 1, &method(self.report, self.telling))?;
        sheets.insert(self.name("口径说明"), paper.sheet);
        Ok(())
    }
}

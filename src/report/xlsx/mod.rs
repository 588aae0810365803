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
mod faults;
mod form;
mod groups;
mod ledger;
mod paper;
mod places;
mod spans;
mod summary;

use std::collections::BTreeMap;
use std::io::{self, Write};

use linewatch_core::rollup::{FaultCase, Month};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::method::{marks, method};
use super::rollup::{Details, NoFigures, Report, Step, Telling};
use super::selfeval::Evaluation;
use super::words::Words;
use crate::language::Language;
use cell::Cell;
use columns::Places;
use groups::{FIRST_ROW, Ground, Sheet};
use paper::{Look, Looks, Paper};
use places::Table;
use spans::{Rows, column as span, service};

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
const SHEETS: [(&str, &str); 12] = [
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

/// What the sheets of detail hold.
struct Detailed<'l> {
    papers: BTreeMap<&'static str, Paper<'l>>,
    places: Places,
    /// Lines with time in service in each month's column.
    with_time: Vec<u64>,
    spans: u32,
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
        let time = |at| super::rollup::period::rfc3339(at, zone);
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
        let cases = self.details.faults()?;
        let Detailed { mut papers, places, with_time, spans } = self.detail(&mut workbook, &cases, spill, watch)?;
        let ground = Ground { report: self.report, telling: self.telling, places: &places };
        let mut sheets: BTreeMap<&'static str, Worksheet> = BTreeMap::new();
        let live_lines = u64::from(spans) * self.report.figures.lines.len() as u64 <= self.limits.comparisons;
        let classes = self.groups(&ground, &with_time, live_lines, &mut sheets)?;
        self.above(&ground, classes, &mut sheets)?;
        for (chinese, _) in SHEETS {
            let name = self.name(chinese);
            let sheet = sheets.remove(name).or_else(|| papers.remove(name).map(|paper| paper.sheet));
            if let Some(sheet) = sheet {
                workbook.push_worksheet(sheet);
            }
        }
        Ok(workbook)
    }

    /// The sheets of detail, or the files beside.
    fn detail(
        &self,
        workbook: &mut Workbook,
        cases: &[FaultCase],
        spill: &mut Spill<'_>,
        mut watch: impl FnMut(Step),
    ) -> Result<Detailed<'_>, NoWorkbook> {
        let about = &self.report.about;
        let zone = about.period.zone();
        let counted = linewatch_core::time::Span::new(about.period.span().start, about.until);
        let words = Words { language: self.telling.language, zone, now: about.as_of };
        let rows = Rows { telling: self.telling, words, counted };
        let months: Vec<Month> = self.report.figures.months.iter().map(|of| of.month).collect();
        let (mut spans, mut services) = (0_u32, 0_u32);
        self.details.each_line::<NoWorkbook>(
            |_, detail| {
                spans = spans.saturating_add(rows.count(&detail));
                services += u32::try_from(spans::services(&detail, &months).len()).unwrap_or_default();
                Ok(())
            },
            &mut watch,
        )?;
        let mut time = self.target(
            workbook,
            "中断明细",
            spans,
            &spans::HEADER.map(|(zh, en, width)| (zh.to_owned(), en.to_owned(), width)),
            spill,
        )?;
        let mut service = self.target(workbook, "在用时段", services, &service_header(&months), spill)?;
        let mut with_time = vec![0; months.len()];
        let mut number = 0;
        self.details.each_line::<NoWorkbook>(
            |_, detail| {
                number += 1;
                for row in rows.of(number, &detail) {
                    time.row(&row, zone)?;
                }
                let services = spans::services(&detail, &months);
                for (place, of) in services.iter().enumerate() {
                    let at_end = self.at_end(&services, place);
                    service.row(&service_row(number, &services, place, at_end, self.telling), zone)?;
                    for (lines, ms) in with_time.iter_mut().zip(&of.ms) {
                        *lines += u64::from(*ms > 0);
                    }
                }
                Ok(())
            },
            &mut watch,
        )?;
        let fault_count = u32::try_from(cases.len()).unwrap_or(u32::MAX);
        let header = faults::HEADER.map(|(zh, en, width)| (zh.to_owned(), en.to_owned(), width));
        let mut fault = self.target(workbook, "故障明细", fault_count, &header, spill)?;
        for row in faults::rows(cases, &self.report.figures.lines, counted, self.telling) {
            fault.row(&row, zone)?;
        }
        let lines = u32::try_from(self.report.figures.lines.len()).unwrap_or(u32::MAX);
        let lines = Some(Table::new(self.name("线路明细"), FIRST_ROW, lines));
        let month_count = u16::try_from(months.len()).unwrap_or(u16::MAX);
        let mut papers = BTreeMap::new();
        let places = Places {
            spans: time.done(self.name("中断明细"), &mut papers)?,
            service: service.done(self.name("在用时段"), &mut papers)?,
            faults: fault.done(self.name("故障明细"), &mut papers)?,
            lines,
            line_keys: 8,
            months: month_count,
        };
        Ok(Detailed { papers, places, with_time, spans })
    }

    /// Whether a line was in service at the end by this one of its services.
    fn at_end(&self, services: &[spans::Service], place: usize) -> bool {
        services[place].span.end == self.report.about.until
            && services[place + 1..].iter().all(|later| later.span.end < services[place].span.end)
    }

    /// A sheet, or a file beside it with a sheet that says so.
    fn target(
        &self,
        workbook: &mut Workbook,
        chinese: &str,
        rows: u32,
        header: &[(String, String, f64)],
        spill: &mut Spill<'_>,
    ) -> Result<Target<'_>, NoWorkbook> {
        let language = self.telling.language;
        let names: Vec<&str> =
            header.iter().map(|(chinese, english, _)| language.pick(chinese.as_str(), english)).collect();
        let beyond = rows > self.limits.rows || header.len() > 16_000;
        let file = if beyond { Some(spill(self.name(chinese))?) } else { None };
        let note = file.as_ref().map_or_else(String::new, |(name, _)| {
            language.pick(
                format!("　明细共 {rows} 行，超过一张工作表的上限，另存为同一文件夹下的 {name}；各表的数字照算，但不是公式。"),
                format!(" {rows} rows are more than a sheet takes: see {name} beside this file. The figures hold, but are no formulas."),
            )
        });
        let mut paper = self.paper(workbook.new_worksheet_with_constant_memory()?, &self.looks, chinese, &note)?;
        let first = DETAIL_ROW;
        paper.sheet.set_row_height(first - 1, 30)?;
        for (column, (name, (_, _, width))) in (0_u16..).zip(names.iter().zip(header)).take(16_000) {
            paper.text(first - 1, column, name, Look::Head)?;
            paper.widths(column, &[*width])?;
        }
        paper.sheet.set_freeze_panes(first, 3)?;
        paper.sheet.set_repeat_rows(first - 1, first - 1)?;
        paper.landscape();
        let file = match file {
            None => None,
            Some((_, mut file)) => {
                file.write_all("\u{feff}".as_bytes())?;
                let mut file = csv::Writer::from_writer(file);
                file.write_record(&names).map_err(io::Error::from)?;
                Some(file)
            }
        };
        if rows > 0 && file.is_none() {
            let last = u16::try_from(header.len()).unwrap_or(u16::MAX) - 1;
            paper.sheet.autofilter(first - 1, 0, first + rows - 1, last)?;
        }
        Ok(Target { paper, row: first, rows, file, empty: language.pick("（没有）", "(none)") })
    }

    fn groups(
        &self,
        ground: &Ground<'_>,
        with_time: &[u64],
        live_lines: bool,
        sheets: &mut BTreeMap<&'static str, Worksheet>,
    ) -> Result<Vec<(Option<linewatch_core::line::ClassName>, u32)>, NoWorkbook> {
        let (telling, figures) = (self.telling, &self.report.figures);
        let pick = |chinese: &'static str, english: &'static str| telling.language.pick(chinese, english);
        let mark = (pick("标记", "marks"), 10.0);
        let of_name = |name: &'static str| Sheet { keys: vec![(name, 18.0), mark], repeated: 2, scale: 82 };

        let mut classes: Vec<_> = figures.classes.iter().collect();
        classes.sort_by_key(|of| telling.place(of.class.as_str()));
        let mut paper = self.paper(Worksheet::new(), &self.looks, "分类", "")?;
        let named: Vec<_> =
            classes.iter().map(|of| (telling.class(of.class.as_str()).to_owned(), &of.figures)).collect();
        let rows = ground.named(named, (span::CLASS, service::CLASS, service::CLASS_LINES, 3), |line| {
            telling.class(line.class.as_str()).to_owned()
        });
        let behind = ground.table(&mut paper, &of_name(pick("类别", "class")), &rows)?;
        let mut by_class: Vec<_> = figures.faults.by_class.iter().collect();
        by_class.sort_by_key(|(class, _)| telling.place(class.as_str()));
        let cohorts: Vec<_> =
            by_class.into_iter().map(|(class, cohort)| (telling.class(class.as_str()).to_owned(), cohort)).collect();
        ground.faults(&mut paper, behind, faults::column::CLASS, &cohorts)?;
        sheets.insert(self.name("分类"), paper.sheet);
        let mut places: Vec<_> =
            (FIRST_ROW + 1..).zip(&classes).map(|(row, of)| (Some(of.class.clone()), row)).collect();
        places.push((None, behind));

        let mut paper = self.paper(Worksheet::new(), &self.looks, "乡镇", "")?;
        let named: Vec<_> =
            figures.townships.iter().map(|of| (telling.named(of.township.as_str()).to_owned(), &of.figures)).collect();
        let rows = ground.named(named, (span::TOWNSHIP, service::TOWNSHIP, service::TOWNSHIP_LINES, 4), |line| {
            telling.named(line.township.as_str()).to_owned()
        });
        let behind = ground.table(&mut paper, &of_name(pick("乡镇", "township")), &rows)?;
        let cohorts: Vec<_> = figures
            .faults
            .by_township
            .iter()
            .map(|(township, cohort)| (telling.named(township.as_str()).to_owned(), cohort))
            .collect();
        ground.faults(&mut paper, behind, faults::column::TOWNSHIP, &cohorts)?;
        sheets.insert(self.name("乡镇"), paper.sheet);

        let mut paper = self.paper(Worksheet::new(), &self.looks, "运营商", "")?;
        let named: Vec<_> =
            figures.carriers.iter().map(|of| (telling.named(&of.carrier).to_owned(), &of.figures)).collect();
        let rows = ground.named(named, (span::CARRIER, service::CARRIER, service::CARRIER_LINES, 6), |line| {
            telling.named(&line.carrier).to_owned()
        });
        ground.table(&mut paper, &of_name(pick("运营商", "carrier")), &rows)?;
        sheets.insert(self.name("运营商"), paper.sheet);

        let mut paper = self.paper(
            Worksheet::new(),
            &self.looks,
            "月度",
            pick("　线路数、达标等按月逐线判定，不是公式。", " Lines are judged month by month: no formulas."),
        )?;
        ground.table(&mut paper, &of_name(pick("月份", "month")), &ground.months(with_time))?;
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
            (pick("线路名称", "name"), 26.0),
            (pick("类别", "class"), 12.0),
            (pick("乡镇", "township"), 12.0),
            (pick("村(社区)", "village"), 12.0),
            (pick("运营商", "carrier"), 11.0),
            mark,
        ];
        let rows = ground.lines(live_lines);
        ground.table(&mut paper, &Sheet { keys, repeated: 3, scale: 56 }, &rows)?;
        sheets.insert(self.name("线路明细"), paper.sheet);
        Ok(places)
    }

    /// 汇总, 自评表, the ledger and the method statement.
    fn above(
        &self,
        ground: &Ground<'_>,
        classes: Vec<(Option<linewatch_core::line::ClassName>, u32)>,
        sheets: &mut BTreeMap<&'static str, Worksheet>,
    ) -> Result<(), NoWorkbook> {
        let total = classes.last().map_or(FIRST_ROW, |(_, row)| *row);
        let mut paper = self.paper(Worksheet::new(), &self.looks, "汇总", "")?;
        let mut summary = summary::Summary {
            paper: &mut paper,
            ground: *ground,
            total: (self.name("分类"), total, 2),
            rows: BTreeMap::new(),
            row: DETAIL_ROW - 1,
        };
        summary.write()?;
        let rows = summary.rows;
        sheets.insert(self.name("汇总"), paper.sheet);

        let mut paper = self.paper(Worksheet::new(), &self.looks, "自评表", "")?;
        form::Form {
            paper: &mut paper,
            ground: *ground,
            evaluation: self.evaluation,
            summary: (self.name("汇总"), &rows),
            classes: (self.name("分类"), 2, classes),
            row: DETAIL_ROW - 1,
        }
        .write()?;
        sheets.insert(self.name("自评表"), paper.sheet);

        let mut paper = self.paper(Worksheet::new(), &self.looks, "计划停机与剔除台账", "")?;
        ground.ledger(&mut paper, DETAIL_ROW)?;
        sheets.insert(self.name("计划停机与剔除台账"), paper.sheet);

        let mut paper = self.paper(Worksheet::new(), &self.looks, "口径说明", "")?;
        ground.method(&mut paper, DETAIL_ROW - 1, &method(self.report, self.telling))?;
        sheets.insert(self.name("口径说明"), paper.sheet);
        Ok(())
    }
}

/// Where rows of detail go.
struct Target<'l> {
    paper: Paper<'l>,
    row: u32,
    rows: u32,
    file: Option<csv::Writer<Box<dyn Write>>>,
    empty: &'static str,
}

impl<'l> Target<'l> {
    fn row(&mut self, cells: &[Cell], zone: chrono_tz::Tz) -> Result<(), NoWorkbook> {
        match &mut self.file {
            Some(file) => cell::spill(file, cells, zone)?,
            None => {
                cell::write(&mut self.paper, self.row, cells, zone)?;
                self.row += 1;
            }
        }
        Ok(())
    }

    fn done(
        mut self,
        name: &'static str,
        papers: &mut BTreeMap<&'static str, Paper<'l>>,
    ) -> Result<Option<Table>, NoWorkbook> {
        if let Some(mut file) = self.file {
            file.flush()?;
            papers.insert(name, self.paper);
            return Ok(None);
        }
        if self.rows == 0 {
            self.paper.text(DETAIL_ROW, 1, self.empty, Look::Subtitle)?;
        }
        papers.insert(name, self.paper);
        Ok(Some(Table::new(name, DETAIL_ROW, self.rows)))
    }
}

fn service_header(months: &[Month]) -> Vec<(String, String, f64)> {
    let mut header: Vec<_> =
        spans::SERVICE_HEADER.map(|(zh, en, width)| (zh.to_owned(), en.to_owned(), width)).to_vec();
    header.extend(months.iter().map(|month| (format!("{month} 在用(毫秒)"), format!("{month} ms"), 14.0)));
    header.extend(months.iter().map(|month| (format!("{month} 租赁费(分)"), format!("{month} fen"), 11.0)));
    header
}

/// A row of 在用时段. A line counts once in each class, township and carrier, at the first of its rows there.
fn service_row(
    number: u32,
    services: &[spans::Service],
    place: usize,
    at_end: bool,
    telling: Telling<'_>,
) -> Vec<Cell> {
    let of = &services[place];
    let (line, before) = (&of.line, &services[..place]);
    let first = |same: &dyn Fn(&linewatch_core::line::Line) -> bool| before.iter().all(|earlier| !same(&earlier.line));
    let fen: Option<i64> = of.fen.iter().flatten().copied().reduce(|one, two| one + two);
    let mut row = vec![
        Cell::Count(i64::from(number)),
        Cell::Text(line.id.to_string()),
        Cell::Text(line.name.clone()),
        Cell::Text(telling.class(line.class.as_str()).to_owned()),
        Cell::Text(telling.named(line.township.as_str()).to_owned()),
        Cell::Text(telling.named(&line.carrier).to_owned()),
        Cell::Moment(of.span.start),
        Cell::Moment(of.span.end),
        Cell::Count(of.ms.iter().sum()),
        Cell::some(fen),
        Cell::Flag(place == 0),
        Cell::Flag(first(&|earlier| earlier.class == line.class)),
        Cell::Flag(first(&|earlier| earlier.township == line.township)),
        Cell::Flag(first(&|earlier| earlier.carrier == line.carrier)),
        Cell::Flag(at_end),
    ];
    row.extend(of.ms.iter().map(|ms| if *ms == 0 { Cell::Empty } else { Cell::Count(*ms) }));
    row.extend(of.fen.iter().map(|fen| Cell::some(*fen)));
    row
}

//! The sheets of detail, written row by row, or the files beside the workbook.

use std::collections::BTreeMap;
use std::io::{self, Write};

use linewatch_core::line::Line;
use linewatch_core::rollup::{FaultCase, Month};
use linewatch_core::time::Span;
use rust_xlsxwriter::Workbook;

use super::cell::{self, Cell};
use super::columns::Places;
use super::groups::FIRST_ROW;
use super::paper::{Look, Paper, room};
use super::places::Table;
use super::spans::{self, Rows};
use super::{Book, DETAIL_ROW, NoWorkbook, Spill, faults, steps};
use crate::report::rollup::{Step, Telling};
use crate::report::words::Words;

/// What the sheets of detail hold.
pub(super) struct Detailed<'l> {
    pub papers: BTreeMap<&'static str, Paper<'l>>,
    pub places: Places,
    /// Lines with time in service in each month's column.
    pub with_time: Vec<u64>,
    pub spans: u32,
}

impl Book<'_> {
    /// The sheets of detail, or the files beside.
    pub(super) fn detail(
        &self,
        workbook: &mut Workbook,
        cases: &[FaultCase],
        spill: &mut Spill<'_>,
        mut watch: impl FnMut(Step),
    ) -> Result<Detailed<'_>, NoWorkbook> {
        let about = &self.report.about;
        let zone = about.period.zone();
        let counted = Span::new(about.period.span().start, about.until);
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
            (&spans::HEADER.map(|(zh, en, width)| (zh.to_owned(), en.to_owned(), width)), spans::PRINTED),
            spill,
        )?;
        let mut service =
            self.target(workbook, "在用时段", services, (&service_header(&months), spans::service::MONTHS), spill)?;
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
        let mut fault = self.target(workbook, "故障明细", fault_count, (&header, faults::PRINTED), spill)?;
        for row in faults::rows(cases, &self.report.figures.lines, counted, self.telling) {
            fault.row(&row, zone)?;
        }
        let mut step_count = 0_u32;
        self.details.each_step::<NoWorkbook>(cases, |_, _| {
            step_count = step_count.saturating_add(1);
            Ok(())
        })?;
        let header = steps::HEADER.map(|(zh, en, width)| (zh.to_owned(), en.to_owned(), width));
        let mut step = self.target(workbook, "故障经过", step_count, (&header, steps::PRINTED), spill)?;
        let people = self.details.names_people();
        self.details.each_step::<NoWorkbook>(cases, |case, row| {
            step.row(&steps::row(case, row, &self.report.figures.lines, &words, self.telling, people), zone)
        })?;
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
        step.done(self.name("故障经过"), &mut papers)?;
        Ok(Detailed { papers, places, with_time, spans })
    }

    /// Whether a line was in service at the end by this one of its services.
    fn at_end(&self, services: &[spans::Service], place: usize) -> bool {
        services[place].span.end == self.report.about.until
            && services[place + 1..].iter().all(|later| later.span.end < services[place].span.end)
    }

    /// The width of a column, with room for the names that stand in it.
    fn widened(&self, column: &str, least: f64) -> f64 {
        let lines = &self.report.figures.lines;
        let pick = |chinese, english| self.telling.pick(chinese, english);
        if column == pick("线路名称", "name") {
            room(lines.iter().map(|line| line.name.as_str()), least, 34.0)
        } else if column == pick("村(社区)", "village") {
            room(lines.iter().map(|line| line.village.as_str()), least, 22.0)
        } else {
            least
        }
    }

    /// A sheet, or a file beside it with a sheet that says so.
    fn target(
        &self,
        workbook: &mut Workbook,
        chinese: &str,
        rows: u32,
        (header, printed): (&[(String, String, f64)], u16),
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
            paper.widths(column, &[self.widened(name, *width)])?;
        }
        paper.sheet.set_freeze_panes(first, 3)?;
        paper.sheet.set_repeat_rows(first - 1, first - 1)?;
        paper.landscape();
        let last = if beyond { first } else { first + rows.max(1) - 1 };
        paper.sheet.set_print_area(0, 0, last, printed - 1)?;
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
        if let Some(file) = &mut self.file {
            cell::spill(file, cells, zone)?;
        } else {
            cell::write(&mut self.paper, self.row, cells, zone)?;
            self.row += 1;
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
    let first = |same: &dyn Fn(&Line) -> bool| before.iter().all(|earlier| !same(&earlier.line));
    let fen: Option<i64> = of.fen.iter().flatten().copied().reduce(|one, two| one + two);
    let mut row = vec![
        Cell::Number(i64::from(number)),
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

//! 计划停机与剔除台账 and 口径说明.

use linewatch_core::rollup::Kind;
use linewatch_core::time::Timestamp;
use rust_xlsxwriter::XlsxError;

use super::cell::{self, Cell};
use super::groups::Ground;
use super::paper::{Look, Paper, Value, width};
use super::places::word;
use super::spans::{column as span, kind_word};
use crate::report::method::Section;
use crate::report::rollup::{Entry, Matter, Subject, matter_word, scope_words, standing_word};

const HEADER: [(&str, &str, f64); 17] = [
    ("编号", "number", 8.0),
    ("事项", "matter", 10.0),
    ("状态", "standing", 8.0),
    ("对象", "of", 26.0),
    ("起", "from", 19.0),
    ("止", "to", 19.0),
    ("原因", "reason", 26.0),
    ("文号", "document", 20.0),
    ("登记人", "entered by", 10.0),
    ("登记时间", "entered", 19.0),
    ("审批人", "approved by", 10.0),
    ("审批时间", "approved", 19.0),
    ("驳回、撤回或取消", "undone", 22.0),
    ("导入来源", "imported from", 12.0),
    ("影响线路", "lines", 8.0),
    ("计入(毫秒)", "counted ms", 15.0),
    ("其中本会中断(毫秒)", "otherwise down ms", 15.0),
];

impl Ground<'_> {
    /// The ledger.
    pub fn ledger(&self, paper: &mut Paper<'_>, first: u32) -> Result<(), XlsxError> {
        let language = self.telling.language;
        for (column, (chinese, english, width)) in (0_u16..).zip(HEADER) {
            paper.text(first - 1, column, language.pick(chinese, english), Look::Head)?;
            paper.widths(column, &[width])?;
        }
        paper.sheet.set_row_height(first - 1, 30)?;
        let zone = self.report.about.period.zone();
        for (row, entry) in (first..).zip(&self.report.ledger) {
            cell::write(paper, row, &self.entry(entry), zone)?;
            let Some(effect) = entry.effect else { continue };
            let key = (span::RECORD, format!("$A{}", row + 1));
            let table = self.places.spans.as_ref();
            let counted = table.map(|table| table.sum(span::MS, std::slice::from_ref(&key)));
            paper.live(row, 15, counted, &Value::count(effect.counted_ms.0), Look::Count)?;
            let column = match entry.matter {
                Matter::Planned => span::GROSS,
                Matter::Excluded => span::UNEXCLUDED,
                Matter::Declared | Matter::Corrected | Matter::Exempted => continue,
            };
            let down = [Kind::Own, Kind::Upstream, Kind::Declared].map(|kind| word(kind_word(kind, language)));
            let sums =
                table.map(|table| down.map(|kind| table.sum(span::MS, &[key.clone(), (column, kind)])).join("+"));
            paper.live(row, 16, sums, &Value::count(effect.down_ms.0), Look::Count)?;
        }
        if self.report.ledger.is_empty() {
            paper.text(first, 0, language.pick("没有。", "None."), Look::Text)?;
        }
        paper.sheet.set_freeze_panes(first, 3)?;
        paper.sheet.set_repeat_rows(first - 1, first - 1)?;
        paper.sheet.set_landscape();
        if self.report.ledger.is_empty() {
            paper.sheet.set_print_fit_to_pages(1, 0).set_print_area(0, 0, first, 8)?;
            return Ok(());
        }
        paper.sheet.set_print_fit_to_pages(2, 0);
        paper.sheet.set_repeat_columns(0, 2)?;
        paper.sheet.set_vertical_page_breaks(&[8])?;
        // The title would be cut off where the repeated columns end; what it says stands at the head of every page.
        let rows = u32::try_from(self.report.ledger.len()).unwrap_or(u32::MAX);
        let columns = u16::try_from(HEADER.len()).unwrap_or_default();
        paper.sheet.set_print_area(first - 1, 0, first + rows - 1, columns - 1)?;
        Ok(())
    }

    fn entry(&self, entry: &Entry) -> Vec<Cell> {
        let language = self.telling.language;
        let text = |text: &str| Cell::Text(text.to_owned());
        let subject = match &entry.subject {
            Subject::Lines(scope) => scope_words(scope, self.telling),
            Subject::Outage { outage, recorded } => {
                let line = recorded.as_ref().map_or_else(String::new, |(line, _)| format!("，{line}"));
                language.pick(format!("中断 {outage}{line}"), format!("outage {outage}{}", line.replace('，', ", ")))
            }
            Subject::Fault(fault) => language.pick(format!("故障 {fault}"), format!("fault {fault}")),
        };
        let end = |at: Timestamp| {
            if at == Timestamp::MAX { Cell::Word(language.pick("未结束", "open")) } else { Cell::Moment(at) }
        };
        let undone = entry.undone.as_ref().map_or_else(String::new, |(said, why)| format!("{}：{why}", said.by));
        vec![
            Cell::Number(i64::try_from(entry.number).unwrap_or(i64::MAX)),
            Cell::Word(matter_word(entry.matter, language)),
            Cell::Word(standing_word(entry.standing, language)),
            Cell::Text(subject),
            entry.span.map_or(Cell::Empty, |span| Cell::Moment(span.start)),
            entry.span.map_or(Cell::Empty, |span| end(span.end)),
            text(&entry.reason),
            text(&entry.document),
            text(&entry.said.by),
            Cell::Moment(entry.said.at),
            entry.approved.as_ref().map_or(Cell::Empty, |said| text(&said.by)),
            entry.approved.as_ref().map_or(Cell::Empty, |said| Cell::Moment(said.at)),
            Cell::Text(undone),
            text(entry.source.as_deref().unwrap_or_default()),
            Cell::some(entry.effect.and_then(|effect| i64::try_from(effect.lines).ok())),
            Cell::Empty,
            Cell::Empty,
        ]
    }

    /// The method statement.
    pub fn method(paper: &mut Paper<'_>, first: u32, sections: &[Section]) -> Result<(), XlsxError> {
        const COLUMNS: f64 = 108.0;
        paper.widths(0, &[COLUMNS])?;
        let mut row = first;
        for section in sections {
            paper.text(row, 0, section.title, Look::Band)?;
            row += 1;
            for paragraph in &section.paragraphs {
                paper.text(row, 0, paragraph, Look::Paragraph)?;
                // A line takes so many columns of this font; a spreadsheet fits no row to wrapped text by itself.
                let lines = (width(paragraph) * 1.12 / COLUMNS).ceil().max(1.0);
                paper.sheet.set_row_height(row, lines * 16.0 + 4.0)?;
                row += 1;
            }
        }
        paper.sheet.set_portrait();
        paper.sheet.set_print_fit_to_pages(1, 0);
        Ok(())
    }
}

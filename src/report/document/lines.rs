//! Every line, at the end.

use linewatch_core::rollup::LineFigures;

use super::tables::bare;
use super::{Cell, Table, Writing};
use crate::report::rollup::numbers::hours;
use crate::report::rollup::{Report, Telling};

/// More lines than this are no reading: CSV and XLSX have them.
const MOST: usize = 2000;

/// A row for each line, in the order of their ids.
pub(super) fn all(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    let lines = &report.figures.lines;
    if lines.is_empty() {
        return;
    }
    writing.new_page();
    writing.heading("各线路情况", "Every line");
    if lines.len() > MOST {
        let count = lines.len();
        writing.text(language.pick(
            format!("线路共 {count} 条，逐条列出超过 {MOST} 条，见 CSV 或 XLSX 格式的线路明细。"),
            format!("There are {count} lines; more than {MOST} are told in CSV and XLSX only."),
        ));
        return;
    }
    let names = language.pick(
        ["编号", "名称", "类别", "乡镇", "连通率\n%", "覆盖率\n%", "中断\n小时", "未观测\n小时", "次数", "标记"],
        ["id", "name", "class", "township", "available\n%", "coverage\n%", "down, h", "unseen, h", "outages", "marks"],
    );
    let widths = language.pick([13, 42, 23, 18, 15, 15, 18, 18, 8, 18], [13, 38, 23, 19, 18, 17, 19, 19, 15, 18]);
    let mut table = Table::headed(&widths, names).dense();
    for line in lines {
        let figures = &line.figures;
        table.row(vec![
            Cell::words(line.line.as_str()),
            Cell::words(&line.name),
            Cell::words(telling.class(line.class.as_str())),
            Cell::words(telling.named(line.township.as_str())),
            Cell::number(bare(figures.availability, language)),
            Cell::number(bare(figures.coverage, language)),
            Cell::number(hours(figures.down_ms)),
            Cell::number(hours(figures.undetermined_ms)),
            Cell::number(figures.outages.to_string()),
            Cell::middle(marks(line, telling)),
        ]);
    }
    writing.table(language.pick("各线路情况", "Every line"), table);
}

fn marks(line: &LineFigures, telling: Telling<'_>) -> String {
    let figures = &line.figures;
    let language = telling.language;
    let marks = [
        (figures.compliant_lines > 0, language.pick("达标", "met")),
        (!figures.proven, language.pick("证据不足", "unproven")),
        (figures.proven && figures.compliant_lines == 0, language.pick("未达标", "missed")),
        (line.imported, language.pick("导入", "imported")),
    ];
    let marks: Vec<&str> = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect();
    marks.join("\n")
}

//! The list as a file: CSV with a column for everything, XLSX to be printed for a crew without a phone. Texts stay texts: what
//! somebody typed is never computed by a spreadsheet.

use linewatch_core::time::Timestamp;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::text::{source, state};
use super::{FaultLine, FaultReport, Next};
use crate::inventory::guarded;
use crate::language::Language;
use crate::report::words::Words;

/// A row of the sheet: a fault with what a crew needs on the way.
type Row = Vec<String>;

/// Titles of the columns of CSV.
const COLUMNS: [(&str, &str); 16] = [
    ("编号", "Fault"),
    ("线路", "Line"),
    ("名称", "Name"),
    ("类别", "Class"),
    ("乡镇", "Township"),
    ("村", "Village"),
    ("现象", "Symptom"),
    ("来源", "Source"),
    ("阶段", "Stage"),
    ("自", "Since"),
    ("时限", "Due"),
    ("点位", "Points"),
    ("联系人", "Contact"),
    ("安装地址", "Installed at"),
    ("运营商 / 电路编号", "Carrier / circuit"),
    ("下一步 / 备注", "Next / remarks"),
];

/// CSV with a byte order mark.
pub fn csv(faults: &[FaultReport], words: &Words) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let header: Vec<&str> = COLUMNS.iter().map(|(zh, en)| words.language.pick(*zh, *en)).collect();
    let rows = faults.iter().map(|fault| row(fault, words).iter().map(|text| guarded(text)).collect::<Vec<_>>());
    // Memory takes everything, and all rows are equally long.
    let written =
        writer.write_record(header).and_then(|()| rows.into_iter().try_for_each(|row| writer.write_record(row)));
    debug_assert!(written.is_ok(), "{written:?}");
    writer.into_inner().unwrap_or_default()
}

/// What stands on paper: titles and widths in characters. Sixteen columns would be too small to read there.
const ON_PAPER: [(&str, &str, f64); 8] = [
    ("编号 / 阶段", "Fault / stage", 16.0),
    ("线路", "Line", 30.0),
    ("现象 / 来源", "Symptom / source", 12.0),
    ("自 / 时限", "Since / due", 20.0),
    ("联系人 / 安装地址", "Contact / installed at", 34.0),
    ("运营商 / 电路编号", "Carrier / circuit", 16.0),
    ("下一步 / 备注", "Next / remarks", 20.0),
    ("完成时间 / 签名", "Done / signed", 18.0),
];

/// A workbook with one sheet for paper: landscape, one page wide, the header on every page, a box to sign in.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn xlsx(faults: &[FaultReport], words: &Words, site: &str) -> Result<Vec<u8>, XlsxError> {
    let language = words.language;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(language.pick("故障清单", "faults"))?;
    let title = Format::new().set_bold().set_font_size(16.0);
    let head = boxed().set_bold().set_background_color("D9E2F3").set_align(FormatAlign::Center);
    let (cell, loud) = (boxed(), boxed().set_bold().set_font_color("C00000"));
    let now = full(words.now, words);
    let heading = language.pick(format!("{site} 故障清单（{now}）"), format!("{site}: faults at {now}"));
    sheet.write_string_with_format(0, 0, heading, &title)?;
    for (place, (zh, en, width)) in (0u16..).zip(ON_PAPER) {
        sheet.write_string_with_format(1, place, language.pick(zh, en), &head)?;
        sheet.set_column_width(place, width)?;
    }
    for (index, fault) in (2u32..).zip(faults) {
        let urgent = fault.fault.contradicted.is_some() || (fault.fault.overdue && fault.fault.stage.is_open());
        let cells = on_paper(fault, words);
        sheet.set_row_height(index, height(&cells, &ON_PAPER.map(|(_, _, width)| width)))?;
        for (place, text) in (0u16..).zip(cells) {
            let format = if urgent && matches!(place, 0 | 3) { &loud } else { &cell };
            sheet.write_string_with_format(index, place, text, format)?;
        }
        sheet.write_blank(index, 7, &cell)?;
    }
    for_paper(sheet, 7, (2 + faults.len()).try_into().unwrap_or(u32::MAX))?;
    workbook.save_to_buffer()
}

fn on_paper(report: &FaultReport, words: &Words) -> Row {
    let fault = &report.fault;
    let language = words.language;
    let two = |one: String, other: String| {
        [one, other].iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("\n")
    };
    let place = [fault.class_label.as_str(), fault.township.as_str(), &fault.village];
    let place = place.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let overdue = if fault.overdue { language.pick("（超时）", " (overdue)") } else { "" };
    let contact = [report.contact.as_str(), &report.phone].join(" ").trim().to_owned();
    vec![
        two(fault.number.to_string(), state(fault, language)),
        two(format!("{} {}", fault.line, fault.name), place),
        two(fault.symptom.clone().unwrap_or_default(), source(fault, language)),
        two(full(fault.opened, words), format!("{}{overdue}", full(fault.deadline, words))),
        two(contact, report.install_address.clone()),
        two(report.carrier.clone(), report.circuit_no.clone()),
        remarks(fault, language),
    ]
}

/// How high a row has to be, in points, for texts in columns of these widths: spreadsheets do not find out by themselves.
pub(super) fn height(cells: &[String], widths: &[f64]) -> f64 {
    let lines = |text: &str, room: f64| -> f64 {
        let parts = text.lines().map(|part| {
            let wide = u32::try_from(unicode_width::UnicodeWidthStr::width(part)).unwrap_or(u32::MAX);
            (f64::from(wide) / (room - 1.5).max(1.0)).ceil().max(1.0)
        });
        parts.sum::<f64>()
    };
    let most = cells.iter().zip(widths).map(|(text, room)| lines(text, *room)).fold(1.0, f64::max);
    (most * 15.0 + 4.0).min(400.0)
}

fn boxed() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_font_size(11.0)
}

/// A4 in landscape, one page wide, the titles on every page, numbered.
pub(super) fn for_paper(sheet: &mut Worksheet, last: u16, rows: u32) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(2, 1)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
    sheet.set_repeat_rows(1, 1)?;
    sheet.set_print_area(0, 0, rows.max(2) - 1, last)?;
    sheet.set_footer("&C&P / &N");
    Ok(())
}

fn row(report: &FaultReport, words: &Words) -> Row {
    let fault = &report.fault;
    let language = words.language;
    let pair = |one: &str, other: &str| [one, other].join(" ").trim().to_owned();
    let overdue = if fault.overdue { language.pick("（超时）", " (overdue)") } else { "" };
    vec![
        fault.number.to_string(),
        fault.line.to_string(),
        fault.name.clone(),
        fault.class_label.clone(),
        fault.township.to_string(),
        fault.village.clone(),
        fault.symptom.clone().unwrap_or_default(),
        source(fault, language),
        state(fault, language),
        full(fault.opened, words),
        format!("{}{overdue}", full(fault.deadline, words)),
        fault.points.to_string(),
        pair(&report.contact, &report.phone),
        report.install_address.clone(),
        pair(&report.carrier, &report.circuit_no),
        remarks(fault, language),
    ]
}

fn remarks(fault: &FaultLine, language: Language) -> String {
    let next = fault
        .next
        .first()
        .filter(|next| !matches!(next, Next::Note | Next::Reopen))
        .map(|next| next.word(language).to_owned());
    let sent = fault.sent.as_ref().map(|sent| language.pick(format!("派给 {sent}"), format!("sent: {sent}")));
    let ticket =
        fault.ticket.as_ref().map(|ticket| language.pick(format!("工单 {ticket}"), format!("ticket {ticket}")));
    [next, sent, ticket].into_iter().flatten().collect::<Vec<_>>().join(language.pick("；", "; "))
}

fn full(at: Timestamp, words: &Words) -> String {
    at.to_utc().with_timezone(&words.zone).format("%Y-%m-%d %H:%M").to_string()
}

//! The list as a file: CSV for any program, XLSX to be printed for a crew without a phone. Texts stay texts: what
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

/// Titles, widths in characters of a printed page in landscape, and what stands there.
const COLUMNS: [(&str, &str, f64); 16] = [
    ("编号", "Fault", 15.0),
    ("线路", "Line", 9.0),
    ("名称", "Name", 24.0),
    ("类别", "Class", 9.0),
    ("乡镇", "Township", 12.0),
    ("村", "Village", 10.0),
    ("现象", "Symptom", 9.0),
    ("来源", "Source", 10.0),
    ("阶段", "Stage", 14.0),
    ("自", "Since", 16.0),
    ("时限", "Due", 16.0),
    ("点位", "Points", 6.0),
    ("联系人", "Contact", 18.0),
    ("安装地址", "Installed at", 22.0),
    ("运营商 / 电路编号", "Carrier / circuit", 18.0),
    ("下一步 / 备注", "Next / remarks", 20.0),
];

/// CSV with a byte order mark.
pub fn csv(faults: &[FaultReport], words: &Words) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let header: Vec<&str> = COLUMNS.iter().map(|(zh, en, _)| words.language.pick(*zh, *en)).collect();
    let rows = faults.iter().map(|fault| row(fault, words).iter().map(|text| guarded(text)).collect::<Vec<_>>());
    // Memory takes everything, and all rows are equally long.
    let written =
        writer.write_record(header).and_then(|()| rows.into_iter().try_for_each(|row| writer.write_record(row)));
    debug_assert!(written.is_ok(), "{written:?}");
    writer.into_inner().unwrap_or_default()
}

/// A workbook with one sheet for paper: landscape, one page wide, the header on every page, a box to tick and to sign.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn xlsx(faults: &[FaultReport], words: &Words, site: &str) -> Result<Vec<u8>, XlsxError> {
    let language = words.language;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(language.pick("故障清单", "faults"))?;
    let title = Format::new().set_bold().set_font_size(14.0);
    let head = boxed().set_bold().set_background_color("D9E2F3").set_align(FormatAlign::Center);
    let (cell, loud) = (boxed(), boxed().set_bold().set_font_color("C00000"));
    let now = full(words.now, words);
    let heading = language.pick(format!("{site} 故障清单（{now}）"), format!("{site}: faults at {now}"));
    sheet.write_string_with_format(0, 0, heading, &title)?;
    let done = language.pick("完成时间 / 签名", "Done / signed");
    let titles = COLUMNS.iter().map(|(zh, en, _)| language.pick(*zh, *en)).chain([done]);
    for (place, name) in (0u16..).zip(titles) {
        sheet.write_string_with_format(1, place, name, &head)?;
    }
    for (place, (_, _, width)) in (0u16..).zip(COLUMNS) {
        sheet.set_column_width(place, width)?;
    }
    let last = u16::try_from(COLUMNS.len()).unwrap_or_default();
    sheet.set_column_width(last, 16.0)?;
    for (index, fault) in (2u32..).zip(faults) {
        let urgent = fault.fault.contradicted.is_some() || (fault.fault.overdue && fault.fault.stage.is_open());
        for (place, text) in (0u16..).zip(row(fault, words)) {
            let format = if urgent && matches!(place, 0 | 8 | 10) { &loud } else { &cell };
            sheet.write_string_with_format(index, place, text, format)?;
        }
        sheet.write_blank(index, last, &cell)?;
    }
    for_paper(sheet, last)?;
    workbook.save_to_buffer()
}

fn boxed() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_font_size(10.0)
}

fn for_paper(sheet: &mut Worksheet, last: u16) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(2, 1)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
    sheet.set_repeat_rows(1, 1)?;
    sheet.set_print_area(0, 0, 1_048_575, last)?;
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

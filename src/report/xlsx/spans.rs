//! 中断明细: every counted stretch of time that is not up, clipped to the period, without overlap, so that sums over it are
//! the figures. On the stretches where an outage begins and ends stands what is counted of it.
//!
//! 在用时段: the time in service and the rent of each line, month by month, by what the inventory said of it.

use linewatch_core::line::Line;
use linewatch_core::rollup::{Counted, Detail, Kind, Month, Stretch, Unknown};
use linewatch_core::time::{Millis, Span, Timestamp};

use super::cell::Cell;
use crate::language::Language;
use crate::report::rollup::Telling;
use crate::report::words::Words;

/// Columns of 中断明细.
pub(super) mod column {
    pub const NUMBER: u16 = 0;
    pub const CLASS: u16 = 3;
    pub const TOWNSHIP: u16 = 4;
    pub const CARRIER: u16 = 5;
    pub const MONTH: u16 = 6;
    pub const KIND: u16 = 7;
    pub const RECORD: u16 = 9;
    pub const MS: u16 = 13;
    pub const BRIDGED: u16 = 14;
    pub const UNEXCLUDED: u16 = 15;
    pub const GROSS: u16 = 16;
    pub const STARTS: u16 = 17;
    pub const CARRIED: u16 = 18;
    pub const ENDS: u16 = 19;
    pub const OPEN: u16 = 20;
    pub const WHOLE_MS: u16 = 21;
    pub const DELAY_MS: u16 = 22;
}

/// Their names: 中文, English, width.
pub(super) const HEADER: [(&str, &str, f64); 23] = [
    ("线路序号", "line no.", 6.0),
    ("线路编号", "line", 11.0),
    ("线路名称", "name", 20.0),
    ("类别", "class", 12.0),
    ("乡镇", "township", 12.0),
    ("运营商", "carrier", 10.0),
    ("月份", "month", 9.0),
    ("计为", "counts as", 10.0),
    ("原因", "why", 22.0),
    ("依据编号", "record", 8.0),
    ("起", "from", 19.0),
    ("止", "to", 19.0),
    ("时长", "length", 11.0),
    ("时长(毫秒)", "ms", 15.0),
    ("跨空档", "bridged", 7.0),
    ("不剔除时计为", "without exclusions", 10.0),
    ("毛口径计为", "gross", 10.0),
    ("中断开始", "outage starts", 6.0),
    ("期初带入", "carried in", 6.0),
    ("中断结束", "outage ends", 6.0),
    ("期末未结束", "open at end", 7.0),
    ("整段时长(毫秒)", "whole length ms", 15.0),
    ("发现时延(毫秒)", "detection delay ms", 11.0),
];

/// So many of them are printed; the rest is for computing.
pub(super) const PRINTED: u16 = 13;

/// What a stretch counts as, in one word.
pub(super) fn kind_word(kind: Kind, language: Language) -> &'static str {
    match kind {
        Kind::Excluded => language.pick("剔除", "excluded"),
        Kind::Planned => language.pick("计划停机", "planned"),
        Kind::Declared => language.pick("认定中断", "declared"),
        Kind::Own => language.pick("自身中断", "own"),
        Kind::Upstream => language.pick("上联中断", "upstream"),
        Kind::Undetermined => language.pick("未观测", "undetermined"),
        Kind::Up => language.pick("在线", "up"),
    }
}

/// A month as a number that sorts: 202604.
pub(super) fn month_number(month: Month) -> i64 {
    i64::from(month.year) * 100 + i64::from(month.month)
}

/// How rows of detail are told.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    /// The reader.
    pub telling: Telling<'a>,
    /// Words for causes.
    pub words: Words,
    /// What is counted of the period.
    pub counted: Span,
}

/// Something counted of an outage, on the row where it happens.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "columns of the sheet, independent of one another")]
struct Marks {
    starts: bool,
    carried: bool,
    ends: bool,
    open: bool,
    whole: Option<Millis>,
    delay: Option<Millis>,
}

impl Rows<'_> {
    /// How many rows a line takes.
    pub fn count(&self, detail: &Detail) -> u32 {
        u32::try_from(self.marked(detail).len()).unwrap_or(u32::MAX)
    }

    /// The rows of a line whose place among the lines is `number`.
    pub fn of(&self, number: u32, detail: &Detail) -> Vec<Vec<Cell>> {
        self.marked(detail)
            .into_iter()
            .map(|(stretch, length, marks)| self.row(number, stretch, length, marks))
            .collect()
    }

    /// Each stretch that is not up with what is counted of outages there. An outage of which no such stretch lies in
    /// the period (it was last known to last before) stands on a row without length.
    fn marked<'d>(&self, detail: &'d Detail) -> Vec<(&'d Stretch, Millis, Marks)> {
        let down = detail.stretches.iter().filter(|stretch| stretch.counted.kind() != Kind::Up);
        let mut rows: Vec<(&Stretch, Millis, Marks)> =
            down.map(|stretch| (stretch, stretch.span.length(), Marks::default())).collect();
        for outage in &detail.outages {
            let first = outage.span.start.max(self.counted.start);
            let last = (outage.span.end.min(self.counted.end) - Millis(1)).max(first);
            let begins = place(&mut rows, detail, first);
            if let Some((_, _, marks)) = begins.map(|place| &mut rows[place]) {
                marks.carried = outage.carried_into(self.counted);
                marks.starts = !marks.carried;
                marks.delay = outage.detection_delay.filter(|_| marks.starts);
            }
            let ends = place(&mut rows, detail, last);
            if let Some((_, _, marks)) = ends.map(|place| &mut rows[place]) {
                marks.open = outage.open_at_end(self.counted);
                marks.ends = !marks.open;
                marks.whole = Some(outage.span.length());
            }
        }
        rows
    }

    fn row(&self, number: u32, stretch: &Stretch, length: Millis, marks: Marks) -> Vec<Cell> {
        let language = self.telling.language;
        let line = &stretch.line;
        let word = |kind| Cell::Word(kind_word(kind, language));
        vec![
            Cell::Number(i64::from(number)),
            Cell::Text(line.id.to_string()),
            Cell::Text(line.name.clone()),
            Cell::Text(self.telling.class(line.class.as_str()).to_owned()),
            Cell::Text(self.telling.named(line.township.as_str()).to_owned()),
            Cell::Text(self.telling.named(&line.carrier).to_owned()),
            Cell::Month(month_number(stretch.month)),
            word(stretch.counted.kind()),
            Cell::Text(self.why(&stretch.counted)),
            record(&stretch.counted).map_or(Cell::Empty, Cell::Number),
            Cell::Moment(stretch.span.start),
            Cell::Moment(stretch.span.start + length),
            Cell::Length(length),
            Cell::Count(length.0),
            Cell::Flag(stretch.bridged),
            word(stretch.unexcluded),
            word(stretch.gross),
            Cell::Flag(marks.starts),
            Cell::Flag(marks.carried),
            Cell::Flag(marks.ends),
            Cell::Flag(marks.open),
            Cell::some(marks.whole.map(|whole| whole.0)),
            Cell::some(marks.delay.map(|delay| delay.0)),
        ]
    }

    fn why(&self, counted: &Counted) -> String {
        let language = self.telling.language;
        match counted {
            Counted::Up => String::new(),
            Counted::Excluded(_) => language.pick("经批准的剔除", "an approved exclusion").to_owned(),
            Counted::Planned(_) => language.pick("计划停机", "a planned window").to_owned(),
            Counted::Declared(_) => language.pick("人工认定或更正", "declared or corrected").to_owned(),
            Counted::Own(_) => language.pick("线路自身", "the line itself").to_owned(),
            Counted::Upstream(_, above) => {
                language.pick(format!("上联 {above} 中断"), format!("because {above} was down"))
            }
            Counted::Undetermined(Unknown::BeforeJournal) => {
                language.pick("记录库还没有开始", "the journal had not begun").to_owned()
            }
            Counted::Undetermined(Unknown::AfterHorizon) => {
                language.pick("记录还没有到这里", "the records do not reach so far").to_owned()
            }
            Counted::Undetermined(Unknown::Corrected(_)) => {
                language.pick("更正后不算中断", "corrected: not down").to_owned()
            }
            Counted::Undetermined(Unknown::Gap(cause)) => self.words.blind(cause).to_owned(),
        }
    }
}

/// The place of the row that an instant lies in; one without length is made of the line's stretch there if need be.
fn place<'d>(rows: &mut Vec<(&'d Stretch, Millis, Marks)>, detail: &'d Detail, at: Timestamp) -> Option<usize> {
    if let Some(place) =
        rows.iter().position(|(stretch, length, _)| *length > Millis::ZERO && stretch.span.contains(at))
    {
        return Some(place);
    }
    let here = detail.stretches.iter().take_while(|stretch| stretch.span.start <= at).last();
    let stretch = here.or(detail.stretches.first())?;
    rows.push((stretch, Millis::ZERO, Marks::default()));
    Some(rows.len() - 1)
}

/// The record, outage or decision that it counts by.
fn record(counted: &Counted) -> Option<i64> {
    let number = match counted {
        Counted::Excluded(number) | Counted::Planned(number) => Some(*number),
        Counted::Declared(decision) => decision.map(|decision| decision.0),
        Counted::Own(outage) | Counted::Upstream(outage, _) => Some(outage.0),
        Counted::Undetermined(Unknown::Corrected(decision)) => Some(decision.0),
        Counted::Undetermined(Unknown::BeforeJournal | Unknown::AfterHorizon | Unknown::Gap(_)) | Counted::Up => None,
    };
    number.and_then(|number| i64::try_from(number).ok())
}

/// Columns of 在用时段 before the months: of each month milliseconds in service, then of each month fen of rent.
pub(super) mod service {
    pub const NUMBER: u16 = 0;
    pub const CLASS: u16 = 3;
    pub const TOWNSHIP: u16 = 4;
    pub const CARRIER: u16 = 5;
    pub const MS: u16 = 8;
    pub const FEN: u16 = 9;
    pub const LINES: u16 = 10;
    pub const CLASS_LINES: u16 = 11;
    pub const TOWNSHIP_LINES: u16 = 12;
    pub const CARRIER_LINES: u16 = 13;
    pub const AT_END: u16 = 14;
    pub const MONTHS: u16 = 15;
}

/// Names of those columns.
pub(super) const SERVICE_HEADER: [(&str, &str, f64); 15] = [
    ("线路序号", "line no.", 6.0),
    ("线路编号", "line", 11.0),
    ("线路名称", "name", 20.0),
    ("类别", "class", 12.0),
    ("乡镇", "township", 12.0),
    ("运营商", "carrier", 10.0),
    ("在用起", "from", 19.0),
    ("在用止", "to", 19.0),
    ("在用(毫秒)", "in service ms", 16.0),
    ("租赁费(分)", "rent in fen", 12.0),
    ("计线路", "line", 6.0),
    ("计入类别", "of class", 6.0),
    ("计入乡镇", "of township", 6.0),
    ("计入运营商", "of carrier", 7.0),
    ("期末在用", "at the end", 6.0),
];

/// A line's time in service while class, township and carrier were the same.
pub(super) struct Service {
    /// What the inventory said first.
    pub line: std::sync::Arc<Line>,
    /// From its first millisecond to its last.
    pub span: Span,
    /// Of each month.
    pub ms: Vec<i64>,
    /// Of each month; `None`: no rent is named.
    pub fen: Vec<Option<i64>>,
}

/// The services of a line, in order.
pub(super) fn services(detail: &Detail, months: &[Month]) -> Vec<Service> {
    let same =
        |one: &Line, two: &Line| (&one.class, &one.township, &one.carrier) == (&two.class, &two.township, &two.carrier);
    let mut found: Vec<Service> = Vec::new();
    let place = |month: Month| months.iter().position(|known| *known == month).unwrap_or_default();
    for stretch in &detail.stretches {
        let at = found.iter().position(|service| same(&service.line, &stretch.line)).unwrap_or_else(|| {
            found.push(Service {
                line: std::sync::Arc::clone(&stretch.line),
                span: stretch.span,
                ms: vec![0; months.len()],
                fen: vec![None; months.len()],
            });
            found.len() - 1
        });
        let service = &mut found[at];
        service.span.end = stretch.span.end;
        service.ms[place(stretch.month)] += stretch.span.length().0;
    }
    for rent in &detail.rents {
        if let Some(service) = found.iter_mut().find(|service| same(&service.line, &rent.line)) {
            let fen = &mut service.fen[place(rent.month)];
            *fen = Some(fen.unwrap_or_default() + rent.fen.0);
        }
    }
    found
}

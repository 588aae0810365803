//! The columns of figures, each with its formula over the detail and its value from the rollup.

use linewatch_core::availability::Ratio;
use linewatch_core::rollup::{Fen, Figures, Kind};
use linewatch_core::time::Millis;

use super::cell::days;
use super::paper::{Look, Value, letters};
use super::places::{Table, word};
use super::spans::{column as span, kind_word, service};
use crate::language::Language;

/// A group of columns with one heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// What is published.
    Results,
    /// Time in hours.
    Hours,
    /// Outages and rent.
    Outages,
    /// Time in milliseconds, which the others are computed from.
    Millis,
}

impl Block {
    /// Its heading.
    pub fn title(self, language: Language) -> &'static str {
        match self {
            Self::Results => language.pick("结果", "results"),
            Self::Hours => language.pick("时间（小时）", "time (hours)"),
            Self::Outages => language.pick("中断与费用", "outages and rent"),
            Self::Millis => language.pick("计算用（毫秒）", "for computing (ms)"),
        }
    }
}

/// How a table of figures stands on its sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Columns before the figures.
    pub keys: u16,
    /// First row of data, from 0.
    pub top: u32,
    /// Rows of data.
    pub rows: u32,
    /// Whether blocks stand one below the other, each with the keys, instead of side by side. What is only computed with
    /// stands to the right in either case.
    pub stacked: bool,
}

impl Shape {
    /// Rows between two blocks: an empty one, the block's name, the columns' names, their names in the JSON.
    const BETWEEN: u32 = 4;

    /// The first row of a block's data, from 0.
    pub fn top(&self, block: Block) -> u32 {
        let step = if self.stacked { self.rows + Self::BETWEEN } else { 0 };
        match block {
            Block::Results | Block::Millis => self.top,
            Block::Hours => self.top + step,
            Block::Outages => self.top + 2 * step,
        }
    }

    /// The row behind all of it.
    pub fn behind(&self) -> u32 {
        self.top(Block::Outages) + self.rows
    }

    /// The column of a figure, by its place among all of them.
    pub fn column(&self, place: u16) -> u16 {
        let block = COLUMNS[usize::from(place)].block;
        let start = |block| {
            u16::try_from(COLUMNS.iter().position(|of| of.block == block).unwrap_or_default()).unwrap_or_default()
        };
        match block {
            _ if !self.stacked => self.keys + place,
            Block::Results | Block::Hours | Block::Outages => self.keys + place - start(block),
            Block::Millis => self.behind_printed() + 1 + place - start(block),
        }
    }

    /// The column behind what is printed.
    pub fn behind_printed(&self) -> u16 {
        if self.stacked { self.keys + index("in_service_h") } else { self.keys + index("in_service_ms") }
    }

    /// A cell of a figure in a row, counted from 0: `X12`.
    pub fn cell(&self, json: &str, number: u32) -> String {
        let place = index(json);
        let row = self.top(COLUMNS[usize::from(place)].block) + number + 1;
        format!("{}{row}", letters(self.column(place)))
    }
}

/// A column of figures.
pub(super) struct Column {
    pub names: (&'static str, &'static str),
    /// Its name in the JSON, or one of ours for what is only computed with.
    pub json: &'static str,
    pub block: Block,
    pub look: Look,
    pub width: f64,
    pub formula: fn(&At<'_>) -> Option<String>,
    pub value: fn(&Figures) -> Value,
}

/// Columns of 中断明细, 在用时段 and 线路明细, and the cell that they must equal.
pub(super) type Of = (u16, u16, Option<u16>, String);

/// Whose figures a row holds, and where its detail stands.
pub(super) struct At<'a> {
    pub places: &'a Places,
    pub language: Language,
    /// Where the table's columns stand.
    pub shape: Shape,
    /// Which of its rows, from 0.
    pub number: u32,
    /// What the detail must equal to belong to the row: columns of 中断明细, 在用时段 and 线路明细, and the cell; none for
    /// the total.
    pub of: Option<Of>,
    /// Counted like this in 在用时段.
    pub counter: u16,
    /// The place of a month.
    pub month: Option<u16>,
    /// Of one line: its target in millionths.
    pub target: Option<u32>,
    /// Minimum coverage in millionths.
    pub minimum: u32,
    /// Whether sums over detail are formulas.
    pub live: bool,
    /// Whether the judged lines of 线路明细 add up to the row's.
    pub judged: bool,
    /// Whether lines with time in a month's column are the row's.
    pub counted: bool,
}

/// Where the detail stands; `None`: it is in a file beside.
pub(super) struct Places {
    pub spans: Option<Table>,
    pub service: Option<Table>,
    pub lines: Option<Table>,
    pub faults: Option<Table>,
    /// Columns before the figures of 线路明细.
    pub line_keys: u16,
    pub months: u16,
}

impl At<'_> {
    /// A cell of the same row.
    pub fn cell(&self, json: &str) -> String {
        self.shape.cell(json, self.number)
    }

    fn criteria(&self, extra: &[(u16, String)], own: fn(&Of) -> Option<u16>) -> Vec<(u16, String)> {
        let of = self.of.as_ref().and_then(|of| Some((own(of)?, of.3.clone())));
        extra.iter().cloned().chain(of).collect()
    }

    /// A sum over 中断明细.
    fn spans(&self, column: u16, extra: &[(u16, String)]) -> Option<String> {
        let table = self.places.spans.as_ref().filter(|_| self.live)?;
        Some(table.sum(column, &self.criteria(extra, |of| Some(of.0))))
    }

    fn kind(&self, kind: Kind) -> Option<String> {
        self.spans(span::MS, &[(span::KIND, word(kind_word(kind, self.language)))])
    }

    fn as_if(&self, column: u16, kinds: &[Kind]) -> Option<String> {
        let sums: Option<Vec<String>> =
            kinds.iter().map(|kind| self.spans(span::MS, &[(column, word(kind_word(*kind, self.language)))])).collect();
        Some(sums?.join("+"))
    }

    /// The largest of a column of 中断明细, of the row's group.
    fn largest(&self, column: u16) -> Option<String> {
        let table = self.places.spans.as_ref().filter(|_| self.live && self.month.is_none())?;
        let range = table.range(column);
        Some(match &self.of {
            None => format!("MAX({range})"),
            Some((own, _, _, cell)) => format!("SUMPRODUCT(MAX(({}={cell})*{range}))", table.range(*own)),
        })
    }

    /// A sum over 在用时段.
    fn service(&self, column: u16) -> Option<String> {
        let table = self.places.service.as_ref().filter(|_| self.live)?;
        Some(table.sum(column, &self.criteria(&[], |of| Some(of.1))))
    }

    /// A sum over a month's column of 在用时段, or over the whole period's.
    fn by_month(&self, whole: u16, months: u16) -> Option<String> {
        match (self.month, self.places.service.as_ref()) {
            (Some(month), Some(table)) if self.live => Some(format!("SUM({})", table.range(months + month))),
            (Some(_), _) => None,
            (None, _) => self.service(whole),
        }
    }

    fn lines(&self) -> Option<String> {
        match (self.month, self.places.service.as_ref()) {
            (Some(month), Some(table)) if self.live && self.counted => {
                Some(format!("COUNTIF({},\">0\")", table.range(service::MONTHS + month)))
            }
            (Some(_), _) => None,
            (None, _) => self.service(self.counter),
        }
    }

    /// How many lines of 线路明细 are judged so.
    fn judged(&self, json: &str, by_itself: impl Fn(&Self) -> String) -> Option<String> {
        if self.target.is_some() {
            return Some(by_itself(self));
        }
        let table = self.places.lines.as_ref().filter(|_| self.judged && self.month.is_none())?;
        let criteria = self.criteria(&[], |of| of.2);
        Some(table.sum(self.places.line_keys + index(json), &criteria))
    }

    /// Whether the row's coverage reaches the minimum, in a formula.
    fn covered(&self) -> String {
        let (up, down, unknown) = (self.cell("up_ms"), self.cell("down_ms"), self.cell("undetermined_ms"));
        let seen = format!("({up}+{down})");
        format!("AND({seen}>0,{seen}*1000000>={}*({seen}+{unknown}))", self.minimum)
    }
}

/// A ratio cut off after three decimals of percent; 1 only where both are the same.
pub(super) fn ratio_formula(part: &str, whole: &str, undefined: &str) -> String {
    format!(
        "IF(({whole})=0,{},IF(({part})=({whole}),1,MIN(0.99999,INT(({part})/({whole})*100000+1E-10)/100000)))",
        word(undefined)
    )
}

/// The value of that formula.
#[expect(clippy::cast_precision_loss, reason = "at most 100,000")]
pub(super) fn ratio_value(ratio: Ratio, undefined: &str) -> Value {
    if !ratio.is_defined() {
        return Value::Text(undefined.to_owned());
    }
    let scaled = i128::from(ratio.numerator()) * 100_000 / i128::from(ratio.denominator());
    Value::Number(i64::try_from(scaled).unwrap_or_default() as f64 / 100_000.0)
}

/// What stands where nobody observed anything.
pub(super) const fn unseen(language: Language) -> &'static str {
    match language {
        Language::Chinese => "未观测",
        Language::English => "not observed",
    }
}

#[allow(clippy::unnecessary_wraps, reason = "the formula of a column, which others do not have")]
fn ratio(at: &At<'_>, part: &[&str], whole: &[&str]) -> Option<String> {
    let sum = |names: &[&str]| names.iter().map(|name| at.cell(name)).collect::<Vec<_>>().join("+");
    Some(ratio_formula(&sum(part), &sum(whole), unseen(at.language)))
}

#[allow(clippy::unnecessary_wraps, reason = "the formula of a column, which others do not have")]
fn hours(at: &At<'_>, json: &str) -> Option<String> {
    Some(format!("INT({}/3600)/1000", at.cell(json)))
}

#[expect(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
fn in_hours(length: Millis) -> Value {
    Value::Number((length.0 / 3600) as f64 / 1000.0)
}

/// A length, or an empty text for the word that there is none.
fn some_days(length: Option<Millis>) -> Value {
    length.map_or(Value::Text(String::new()), days)
}

/// What stands for a length that is none.
pub(super) const fn none(language: Language) -> &'static str {
    match language {
        Language::Chinese => "无",
        Language::English => "none",
    }
}

fn whole(number: u64) -> Value {
    Value::count(i64::try_from(number).unwrap_or(i64::MAX))
}

fn ms(length: Millis) -> Value {
    Value::count(length.0)
}

/// The mean of a sum over so many in days, or that there is none.
fn mean(at: &At<'_>, sum: &str, count: &str) -> String {
    format!("IF(({count})=0,{},INT(({sum})/({count}))/86400000)", word(none(at.language)))
}

fn yuan(fen: Option<Fen>) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "2^53 fen are 90 billion yuan")]
    fen.map_or(Value::Empty, |fen| Value::Number(fen.0 as f64 / 100.0))
}

macro_rules! column {
    ($block:ident $look:ident $width:literal $json:literal $chinese:literal $english:literal, $formula:expr, $value:expr) => {
        Column {
            names: ($chinese, $english),
            json: $json,
            block: Block::$block,
            look: Look::$look,
            width: $width,
            formula: $formula,
            value: $value,
        }
    };
}

/// Where a column stands among all of them.
pub(super) fn index(json: &str) -> u16 {
    let place = COLUMNS.iter().position(|column| column.json == json);
    debug_assert!(place.is_some(), "{json}");
    u16::try_from(place.unwrap_or_default()).unwrap_or_default()
}

/// All columns, in order.
pub(super) const COLUMNS: [Column; 45] = [
    column!(Results Count 7.0 "lines" "线路数" "lines", |at| at.lines(), |f| whole(f.lines)),
    column!(Results Count 7.0 "lines_at_end" "期末在用" "at the end", |at| at.month.is_none().then(|| at.service(service::AT_END)).flatten(), |f| whole(f.lines_at_end)),
    column!(Results Percent 10.0 "availability" "节点连通率" "availability", |at| ratio(at, &["up_ms"], &["up_ms", "down_ms"]), |f| ratio_value(f.availability, "")),
    column!(Results Percent 10.0 "availability_low" "下限" "low", |at| ratio(at, &["up_ms"], &["up_ms", "down_ms", "undetermined_ms"]), |f| ratio_value(f.availability_low, "")),
    column!(Results Percent 10.0 "availability_high" "上限" "high", |at| ratio(at, &["up_ms", "undetermined_ms"], &["up_ms", "down_ms", "undetermined_ms"]), |f| ratio_value(f.availability_high, "")),
    column!(Results Percent 10.0 "coverage" "观测覆盖率" "coverage", |at| ratio(at, &["up_ms", "down_ms"], &["up_ms", "down_ms", "undetermined_ms"]), |f| ratio_value(f.coverage, "")),
    column!(Results Percent 10.0 "availability_unexcluded" "未剔除连通率" "unexcluded", |at| ratio(at, &["unexcluded_up"], &["unexcluded_up", "unexcluded_down"]), |f| ratio_value(f.availability_unexcluded, "")),
    column!(Results Percent 10.0 "gross_availability" "毛可用率" "gross", |at| ratio(at, &["gross_up"], &["gross_up", "gross_down"]), |f| ratio_value(f.gross_availability, "")),
    column!(Results Count 7.0 "compliant_lines" "达标线路" "compliant lines", |at| at.judged("compliant_lines", |at| format!("IF({},IF({}*1000000>={}*({}+{}),1,0),0)", at.covered(), at.cell("up_ms"), at.target.unwrap_or_default(), at.cell("up_ms"), at.cell("down_ms"))), |f| whole(f.compliant_lines)),
    column!(Results Count 7.0 "zero_outage_lines" "零中断线路" "without outage", |at| at.judged("zero_outage_lines", |at| format!("IF({},IF({}=0,1,0),0)", at.covered(), at.cell("down_ms"))), |f| whole(f.zero_outage_lines)),
    column!(Results Count 7.0 "unproven_lines" "证据不足线路" "unproven lines", |at| at.judged("unproven_lines", |at| format!("IF({},0,1)", at.covered())), |f| whole(f.unproven_lines)),
    column!(Results Count 7.0 "outages" "中断次数" "outages", |at| at.spans(span::STARTS, &[]), |f| whole(f.outages)),
    column!(Hours Hours 12.5 "in_service_h" "在用" "in service", |at| hours(at, "in_service_ms"), |f| in_hours(f.in_service_ms)),
    column!(Hours Hours 12.5 "up_h" "在线" "up", |at| hours(at, "up_ms"), |f| in_hours(f.up_ms)),
    column!(Hours Hours 10.5 "down_h" "中断" "down", |at| hours(at, "down_ms"), |f| in_hours(f.down_ms)),
    column!(Hours Hours 10.5 "own_h" "自身中断" "own", |at| hours(at, "down_own_ms"), |f| in_hours(f.down_own_ms)),
    column!(Hours Hours 10.5 "upstream_h" "上联中断" "upstream", |at| hours(at, "down_upstream_ms"), |f| in_hours(f.down_upstream_ms)),
    column!(Hours Hours 10.5 "declared_h" "认定中断" "declared", |at| hours(at, "down_declared_ms"), |f| in_hours(f.down_declared_ms)),
    column!(Hours Hours 10.5 "bridged_h" "跨空档" "bridged", |at| hours(at, "bridged_ms"), |f| in_hours(f.bridged_ms)),
    column!(Hours Hours 10.5 "planned_h" "计划停机与剔除" "planned, excluded", |at| hours(at, "planned_ms"), |f| in_hours(f.planned_ms)),
    column!(Hours Hours 10.5 "excluded_h" "其中剔除" "excluded", |at| hours(at, "excluded_ms"), |f| in_hours(f.excluded_ms)),
    column!(Hours Hours 11.0 "undetermined_h" "未观测" "undetermined", |at| hours(at, "undetermined_ms"), |f| in_hours(f.undetermined_ms)),
    column!(Outages Count 8.0 "outages_carried_in" "期初带入" "carried in", |at| at.carried_in(), |f| whole(f.outages_carried_in)),
    column!(Outages Count 8.0 "outages_open" "期末未结束" "open at end", |at| at.open(), |f| whole(f.outages_open)),
    column!(Outages Count 8.0 "outages_ended" "期内结束" "ended", |at| at.spans(span::ENDS, &[]), |f| whole(f.outages_ended)),
    column!(Outages Duration 12.0 "mttr_ms" "平均中断时长" "mean length", |at| Some(mean(at, &at.spans(span::WHOLE_MS, &[(span::ENDS, "1".to_owned())])?, &at.cell("outages_ended"))), |f| some_days(f.mttr_ms)),
    column!(Outages Duration 12.0 "longest_outage_ms" "最长中断" "longest", |at| Some(format!("IF({0}+{1}=0,{3},{2}/86400000)", at.cell("outages_ended"), at.cell("outages_open"), at.largest(span::WHOLE_MS)?, word(none(at.language)))), |f| some_days(f.longest_outage_ms)),
    column!(Outages Duration 14.0 "mtbf_ms" "平均无中断时长" "time between", |at| Some(mean(at, &at.cell("up_ms"), &at.cell("outages"))), |f| some_days(f.mtbf_ms)),
    column!(Outages Duration 11.0 "detection_delay_ms" "平均发现时延" "detection delay", |at| { let sum = at.spans(span::DELAY_MS, &[])?; Some(mean(at, &sum, &at.delays()?)) }, |f| some_days(f.detection_delay_ms)),
    column!(Outages Yuan 13.0 "rent_yuan" "租赁费(元)" "rent (yuan)", |at| Some(format!("{}/100", at.by_month(service::FEN, service::MONTHS + at.places.months)?)), |f| yuan(f.rent_yuan)),
    column!(Outages Yuan 12.0 "rent_per_line" "单条租赁费(元)" "rent per line", |at| Some(format!("IF({0}=0,\"\",INT(ROUND({1}*100,0)/{0})/100)", at.cell("lines"), at.cell("rent_yuan"))), |f| yuan(f.rent_per_line)),
    column!(Millis Count 19.0 "in_service_ms" "在用" "in service", |at| at.by_month(service::MS, service::MONTHS), |f| ms(f.in_service_ms)),
    column!(Millis Count 19.0 "up_ms" "在线" "up", |at| Some(format!("{}-{}-{}-{}", at.cell("in_service_ms"), at.cell("down_ms"), at.cell("planned_ms"), at.cell("undetermined_ms"))), |f| ms(f.up_ms)),
    column!(Millis Count 16.0 "down_ms" "中断" "down", |at| Some(format!("{}+{}+{}", at.cell("down_own_ms"), at.cell("down_upstream_ms"), at.cell("down_declared_ms"))), |f| ms(f.down_ms)),
    column!(Millis Count 16.0 "down_own_ms" "自身中断" "own", |at| at.kind(Kind::Own), |f| ms(f.down_own_ms)),
    column!(Millis Count 16.0 "down_upstream_ms" "上联中断" "upstream", |at| at.kind(Kind::Upstream), |f| ms(f.down_upstream_ms)),
    column!(Millis Count 16.0 "down_declared_ms" "认定中断" "declared", |at| at.kind(Kind::Declared), |f| ms(f.down_declared_ms)),
    column!(Millis Count 16.0 "bridged_ms" "跨空档" "bridged", |at| at.spans(span::MS, &[(span::BRIDGED, "1".to_owned())]), |f| ms(f.bridged_ms)),
    column!(Millis Count 16.0 "planned_ms" "计划停机与剔除" "planned, excluded", |at| Some(format!("{}+{}", at.kind(Kind::Planned)?, at.cell("excluded_ms"))), |f| ms(f.planned_ms)),
    column!(Millis Count 16.0 "excluded_ms" "其中剔除" "excluded", |at| at.kind(Kind::Excluded), |f| ms(f.excluded_ms)),
    column!(Millis Count 17.0 "undetermined_ms" "未观测" "undetermined", |at| at.kind(Kind::Undetermined), |f| ms(f.undetermined_ms)),
    column!(Millis Count 19.0 "unexcluded_up" "不剔除:在线" "unexcluded up", |at| Some(format!("{}-({})-{}", at.cell("in_service_ms"), at.as_if(span::UNEXCLUDED, &[Kind::Planned, Kind::Undetermined])?, at.cell("unexcluded_down"))), |f| Value::count(f.availability_unexcluded.numerator())),
    column!(Millis Count 16.0 "unexcluded_down" "不剔除:中断" "unexcluded down", |at| at.as_if(span::UNEXCLUDED, &[Kind::Own, Kind::Upstream, Kind::Declared]), |f| Value::count(f.availability_unexcluded.denominator() - f.availability_unexcluded.numerator())),
    column!(Millis Count 19.0 "gross_up" "毛:在线" "gross up", |at| Some(format!("{}-({})-{}", at.cell("in_service_ms"), at.as_if(span::GROSS, &[Kind::Undetermined])?, at.cell("gross_down"))), |f| Value::count(f.gross_availability.numerator())),
    column!(Millis Count 16.0 "gross_down" "毛:中断" "gross down", |at| at.as_if(span::GROSS, &[Kind::Own, Kind::Upstream, Kind::Declared]), |f| Value::count(f.gross_availability.denominator() - f.gross_availability.numerator())),
];

impl At<'_> {
    /// How many outages of the row have a detection delay.
    fn delays(&self) -> Option<String> {
        let table = self.places.spans.as_ref().filter(|_| self.live)?;
        let criteria = self.criteria(&[(span::DELAY_MS, word(">=0"))], |of| Some(of.0));
        Some(table.count(&criteria))
    }

    /// What a month takes over is what the one before left open.
    fn carried_in(&self) -> Option<String> {
        match self.month {
            None => self.spans(span::CARRIED, &[]),
            Some(0) => Some(self.places.spans.as_ref()?.sum(span::CARRIED, &[])),
            Some(_) => Some(self.shape.cell("outages_open", self.number - 1)),
        }
    }

    fn open(&self) -> Option<String> {
        if self.month.is_none() {
            return self.spans(span::OPEN, &[]);
        }
        let cells = ["outages_carried_in", "outages", "outages_ended"].map(|json| self.cell(json));
        Some(format!("{}+{}-{}", cells[0], cells[1], cells[2]))
    }
}

/// A value, with the word for what nobody observed.
pub(super) fn value_of(column: &Column, figures: &Figures, language: Language) -> Value {
    match (column.value)(figures) {
        Value::Text(text) if text.is_empty() && column.look == Look::Duration => none(language).into(),
        Value::Text(text) if text.is_empty() => unseen(language).into(),
        value => value,
    }
}

//! 故障明细: every fault with what it adds to the figures.

use std::collections::BTreeMap;

use linewatch_core::record::FaultSource;
use linewatch_core::rollup::{FaultCase, FaultEntry, FaultFate, FaultStanding, LineFigures};
use linewatch_core::time::{Millis, Span};

use super::cell::Cell;
use crate::report::rollup::Telling;

/// Columns of 故障明细.
pub(super) mod column {
    pub const SOURCE: u16 = 1;
    pub const CHANNEL: u16 = 2;
    pub const CLASS: u16 = 5;
    pub const TOWNSHIP: u16 = 6;
    pub const REPAIR_MS: u16 = 12;
    pub const CAUSE: u16 = 13;
    pub const STANDING: u16 = 14;
    pub const CARRIED: u16 = 15;
    pub const RESOLVED: u16 = 18;
    pub const DUE: u16 = 21;
    pub const ON_TIME: u16 = 22;
    pub const SELF_CLEARED: u16 = 23;
    pub const EXEMPT: u16 = 24;
    pub const IMPORTED: u16 = 25;
    pub const POINTS: u16 = 26;
    pub const AGE_MS: u16 = 32;
    pub const VILLAGE: u16 = 33;
    pub const VILLAGE_RESOLVED: u16 = 34;
}

/// Their names.
pub(super) const HEADER: [(&str, &str, f64); 35] = [
    ("故障编号", "fault", 15.0),
    ("来源", "source", 9.0),
    ("上报渠道", "channel", 9.0),
    ("线路编号", "line", 11.0),
    ("线路名称", "name", 18.0),
    ("类别", "class", 11.0),
    ("乡镇", "township", 11.0),
    ("村(社区)", "village", 11.0),
    ("开始", "opened", 19.0),
    ("时限", "deadline", 19.0),
    ("修复", "restored", 19.0),
    ("修复时长", "repair", 11.0),
    ("修复时长(毫秒)", "repair ms", 13.0),
    ("原因", "cause", 14.0),
    ("计入", "counted", 10.0),
    ("期初未决", "carried in", 6.0),
    ("本期新增", "opened", 6.0),
    ("本期重开", "reopened", 6.0),
    ("已解决", "resolved", 6.0),
    ("未解决", "open at end", 6.0),
    ("期后解决", "resolved since", 6.0),
    ("应修复", "due", 6.0),
    ("及时", "on time", 6.0),
    ("自愈", "self-cleared", 6.0),
    ("免责", "exempt", 6.0),
    ("导入", "imported", 6.0),
    ("点位:期初", "points: carried in", 7.0),
    ("点位:新增", "points: opened", 7.0),
    ("点位:重开", "points: reopened", 7.0),
    ("点位:已解决", "points: resolved", 7.0),
    ("点位:未解决", "points: open", 7.0),
    ("点位:期后", "points: since", 7.0),
    ("未决时长(毫秒)", "open for ms", 14.0),
    ("报障村", "village", 6.0),
    ("村全解决", "village resolved", 6.0),
];

/// So many of them are printed; the rest is for computing.
pub(super) const PRINTED: u16 = 15;

/// Who noticed.
pub(super) fn source_word(source: FaultSource, telling: Telling<'_>) -> &'static str {
    match source {
        FaultSource::Detected => telling.language.pick("网管自查", "detected"),
        FaultSource::Reported => telling.language.pick("人工上报", "reported"),
    }
}

/// The rows, in the order of the cases.
pub(super) fn rows(cases: &[FaultCase], lines: &[LineFigures], counted: Span, telling: Telling<'_>) -> Vec<Vec<Cell>> {
    let villages = Villages::of(cases);
    cases.iter().enumerate().map(|(place, case)| row(place, case, lines, counted, telling, &villages)).collect()
}

fn row(
    place: usize,
    case: &FaultCase,
    lines: &[LineFigures],
    counted: Span,
    telling: Telling<'_>,
    villages: &Villages,
) -> Vec<Cell> {
    let language = telling.language;
    let fault = &case.fault;
    let name = lines.binary_search_by(|line| line.line.cmp(&fault.line)).map_or("", |place| &lines[place].name);
    let text = |text: &str| Cell::Text(text.to_owned());
    let (standing, entry, fate) = match &case.standing {
        FaultStanding::Counted { entry, fate } => (text(language.pick("计入", "yes")), Some(*entry), Some(*fate)),
        FaultStanding::Void => (text(language.pick("误报", "void")), None, None),
        FaultStanding::Merged(into) => {
            (Cell::Text(language.pick(format!("并入 {into}"), format!("merged into {into}"))), None, None)
        }
    };
    let restored = match fate {
        Some(FaultFate::Resolved(restoration)) => Some(restoration.at),
        _ => fault.open.last().and_then(|span| span.restored).map(|restoration| restoration.at),
    };
    let resolved = matches!(fate, Some(FaultFate::Resolved(_)));
    let open = matches!(fate, Some(FaultFate::OpenAtEnd { .. }));
    let since = matches!(fate, Some(FaultFate::OpenAtEnd { resolved_since: true }));
    let points = case.points;
    let (reported, all_resolved) = villages.on.get(&place).copied().unwrap_or_default();
    let point =
        |count: u64| if count == 0 { Cell::Empty } else { Cell::Count(i64::try_from(count).unwrap_or(i64::MAX)) };
    let age = open.then(|| counted.end - case.opened);
    vec![
        Cell::Text(fault.fault.to_string()),
        text(source_word(fault.source, telling)),
        text(fault.channel.as_deref().unwrap_or_default()),
        Cell::Text(fault.line.to_string()),
        text(name),
        text(telling.class(fault.class.as_str())),
        text(telling.named(fault.township.as_str())),
        text(&fault.village),
        Cell::Moment(case.opened),
        Cell::Moment(case.deadline),
        restored.map_or(Cell::Empty, Cell::Moment),
        case.repair_ms.map_or(Cell::Empty, Cell::Length),
        Cell::some(case.repair_ms.map(|Millis(ms)| ms)),
        text(&cause_name(fault.cause.as_deref(), telling)),
        standing,
        Cell::Flag(entry == Some(FaultEntry::CarriedIn)),
        Cell::Flag(entry == Some(FaultEntry::Opened)),
        Cell::Flag(entry == Some(FaultEntry::ReopenedIn)),
        Cell::Flag(resolved),
        Cell::Flag(open),
        Cell::Flag(since),
        Cell::Flag(case.due),
        Cell::Flag(case.on_time),
        Cell::Flag(case.self_cleared),
        Cell::Flag(fault.exempt && entry.is_some()),
        Cell::Flag(fault.imported && entry.is_some()),
        point(points.carried_in),
        point(points.opened),
        point(points.reopened_in),
        point(points.resolved),
        point(points.open_at_end),
        point(points.resolved_since),
        Cell::some(age.map(|Millis(ms)| ms)),
        point(reported),
        point(all_resolved),
    ]
}

/// A cause, or that none is named.
pub(super) fn cause_name(cause: Option<&str>, telling: Telling<'_>) -> String {
    cause
        .filter(|cause| !cause.is_empty())
        .unwrap_or_else(|| telling.language.pick("（未填原因）", "(no cause)"))
        .to_owned()
}

/// Villages by the row that counts them: the first of the faults that they reported.
#[derive(Default)]
struct Villages {
    /// On a row, how many are counted, and of how many every reported fault is resolved.
    on: BTreeMap<usize, (u64, u64)>,
}

impl Villages {
    fn of(cases: &[FaultCase]) -> Self {
        let mut seen: BTreeMap<(&str, &str), (usize, bool)> = BTreeMap::new();
        for (place, case) in cases.iter().enumerate() {
            let FaultStanding::Counted { fate, .. } = &case.standing else { continue };
            let resolved = matches!(fate, FaultFate::Resolved(_));
            for (township, village) in &case.villages {
                seen.entry((township.as_str(), village)).or_insert((place, true)).1 &= resolved;
            }
        }
        let mut villages = Self::default();
        for (place, resolved) in seen.into_values() {
            let counts = villages.on.entry(place).or_default();
            counts.0 += 1;
            counts.1 += u64::from(resolved);
        }
        villages
    }
}

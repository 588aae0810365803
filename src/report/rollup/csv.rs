//! The figures of a period as one flat table for a spreadsheet: UTF-8 with a byte order mark.
//!
//! One row for the total, each class, township, carrier, month and line, told apart by the first column, so that a filter
//! on the header picks any of them. Times are whole milliseconds, which add up exactly; percentages are cut off after
//! three decimals and can be computed again from the milliseconds beside them. Behind an empty row, where the filter
//! ends: faults, policy and evidence, one figure a row.

use super::model::{Figures, Rollup};
use super::numbers::yuan;
use super::text::Page;
use crate::language::Language;
use linewatch_core::availability::Ratio;

/// Columns before the figures.
const KEYS: [(&str, &str); 7] = [
    ("统计对象", "of"),
    ("编号", "id"),
    ("名称", "name"),
    ("类别", "class"),
    ("乡镇", "township"),
    ("运营商", "carrier"),
    ("标记", "marks"),
];

/// The figures, in the order of [`cells`].
const FIGURES: [(&str, &str); 33] = [
    ("线路数", "lines"),
    ("期末在用线路", "lines_at_end"),
    ("在用时长(毫秒)", "in_service_ms"),
    ("在线(毫秒)", "up_ms"),
    ("中断(毫秒)", "down_ms"),
    ("其中自身中断(毫秒)", "down_own_ms"),
    ("其中上联中断(毫秒)", "down_upstream_ms"),
    ("其中人工认定(毫秒)", "down_declared_ms"),
    ("其中跨空档计入(毫秒)", "bridged_ms"),
    ("计划停机与剔除(毫秒)", "planned_ms"),
    ("其中剔除(毫秒)", "excluded_ms"),
    ("未观测(毫秒)", "undetermined_ms"),
    ("节点连通率", "availability"),
    ("下限", "availability_low"),
    ("上限", "availability_high"),
    ("未剔除连通率", "availability_unexcluded"),
    ("毛可用率", "gross_availability"),
    ("观测覆盖率", "coverage"),
    ("达标线路", "compliant_lines"),
    ("零中断线路", "zero_outage_lines"),
    ("证据不足线路", "unproven_lines"),
    ("中断次数", "outages"),
    ("期初带入中断", "outages_carried_in"),
    ("期末未结束中断", "outages_open"),
    ("平均修复时长(毫秒)", "mttr_ms"),
    ("最长中断(毫秒)", "longest_outage_ms"),
    ("平均无中断时长(毫秒)", "mtbf_ms"),
    ("平均发现时延(毫秒)", "detection_delay_ms"),
    ("租赁费(元)", "rent_yuan"),
    ("单条线路租赁费(元)", "rent_per_line_yuan"),
    ("", ""),
    ("", ""),
    ("", ""),
];

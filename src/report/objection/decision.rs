//! Refusals about planned downtime and past time.

use chrono_tz::Tz;
use linewatch_core::ledger::{DecisionObjection, PlannedObjection};
use linewatch_core::record::OutageId;
use linewatch_core::time::Span;

use super::moment;
use crate::language::Language;

pub(super) fn planned(objection: &PlannedObjection, zone: Tz, language: Language) -> String {
    match objection {
        PlannedObjection::Unknown(planned) => language.pick(
            format!("没有编号为 {planned} 的计划停机；linewatch downtime list 列出全部"),
            format!("there is no planned downtime {planned}; `linewatch downtime list` lists them"),
        ),
        PlannedObjection::Cancelled { planned, by } => language.pick(
            format!("计划停机 {planned} 已由 {by} 取消"),
            format!("planned downtime {planned} was cancelled by {by} already"),
        ),
        PlannedObjection::Over { planned, end } => {
            let end = moment(*end, zone);
            language.pick(
                format!("计划停机 {planned} 已于 {end} 结束，不能再取消"),
                format!("planned downtime {planned} was over at {end}: nothing is left to cancel"),
            )
        }
        PlannedObjection::Planned(planned) => language.pick(
            format!("计划停机 {planned} 已经包含这段时间；要改，先取消它：linewatch downtime cancel {planned}"),
            format!(
                "planned downtime {planned} covers that already; to change it, cancel it first: \
                 `linewatch downtime cancel {planned}`"
            ),
        ),
    }
}

pub(super) fn sentence(objection: &DecisionObjection, zone: Tz, language: Language) -> String {
    match objection {
        DecisionObjection::Unknown(decision) => language.pick(
            format!("没有编号为 {decision} 的认定或剔除；linewatch outage exclusions 列出全部"),
            format!("there is no decision {decision}; `linewatch outage exclusions` lists them"),
        ),
        DecisionObjection::OwnWord { decision, by } => language.pick(
            format!(
                "第 {decision} 号是 {by} 自己提出的，要由另一个人审批（--by 姓名）；\
                 要收回，用 linewatch outage withdraw {decision}"
            ),
            format!(
                "{by} proposed {decision}: another person has to approve or reject it (--by NAME); to take it back, \
                 `linewatch outage withdraw {decision}`"
            ),
        ),
        DecisionObjection::NeedsNoApproval(decision) => language.pick(
            format!("第 {decision} 号是人工认定的中断，记下就生效，不用审批；不对的话，用 linewatch outage withdraw {decision} 撤回"),
            format!(
                "{decision} declares an outage, which counts without approval; if it is wrong, \
                 `linewatch outage withdraw {decision}`"
            ),
        ),
        DecisionObjection::Approved { decision, by } => language.pick(
            format!("第 {decision} 号已由 {by} 批准；要收回，用 linewatch outage withdraw {decision}"),
            format!("{decision} was approved by {by} already; to take it back, `linewatch outage withdraw {decision}`"),
        ),
        DecisionObjection::Rejected { decision, by } => language.pick(
            format!("第 {decision} 号已被 {by} 驳回；需要的话重新提出"),
            format!("{decision} was rejected by {by}; propose it again if it is needed"),
        ),
        DecisionObjection::Withdrawn { decision, by } => language.pick(
            format!("第 {decision} 号已由 {by} 撤回；需要的话重新提出"),
            format!("{decision} was withdrawn by {by}; propose it again if it is needed"),
        ),
        DecisionObjection::DeclaresNothing(decision) => language.pick(
            format!("第 {decision} 号不是人工认定的中断，没有可结束的；linewatch outage show {decision} 说明它是什么"),
            format!(
                "{decision} declares no outage, so none can be ended; `linewatch outage show {decision}` says what it is"
            ),
        ),
        DecisionObjection::Ended { decision, at } => {
            let at = moment(*at, zone);
            language.pick(
                format!("第 {decision} 号认定的中断已于 {at} 结束；时间不对的话，先撤回，再重新认定"),
                format!("declared outage {decision} was over at {at}; if that is wrong, withdraw it and declare it anew"),
            )
        }
        DecisionObjection::Declared(decision) => language.pick(
            format!(
                "第 {decision} 号已认定这条线路在这段时间中断；要结束它用 linewatch outage end {decision}，\
                 要改就先撤回：linewatch outage withdraw {decision}"
            ),
            format!(
                "{decision} declares this line down in that time already; end it with `linewatch outage end \
                 {decision}`, or withdraw it first: `linewatch outage withdraw {decision}`"
            ),
        ),
        DecisionObjection::Excluded(decision) => language.pick(
            format!("第 {decision} 号已剔除（或提出剔除）这段时间；不对的话，先撤回：linewatch outage withdraw {decision}"),
            format!(
                "{decision} excludes that time, or proposes to; if that is wrong, withdraw it first: \
                 `linewatch outage withdraw {decision}`"
            ),
        ),
        DecisionObjection::Exempted { fault, decision } => language.pick(
            format!("第 {decision} 号已对故障 {fault} 免责（或提出免责）；不对的话，先撤回：linewatch outage withdraw {decision}"),
            format!(
                "{decision} exempts fault {fault} already, or proposes to; if that is wrong, `linewatch outage \
                 withdraw {decision}` first"
            ),
        ),
        DecisionObjection::UnknownOutage(outage) => language.pick(
            format!("没有编号为 {outage} 的中断；linewatch outage list 列出各次中断的编号"),
            format!("there is no outage {outage}; `linewatch outage list` shows their numbers"),
        ),
        DecisionObjection::OutageOpen(outage) => language.pick(
            format!("中断 {outage} 还没有结束，结束以后才能更正"),
            format!("outage {outage} has not ended: it can be corrected when it has"),
        ),
        DecisionObjection::Corrected { outage, decision } => language.pick(
            format!("中断 {outage} 已有更正（第 {decision} 号）；要改，先撤回：linewatch outage withdraw {decision}"),
            format!(
                "outage {outage} is corrected by {decision} already; to change that, `linewatch outage withdraw \
                 {decision}` first"
            ),
        ),
        DecisionObjection::NothingCorrected(outage) => language.pick(
            format!("中断 {outage} 记录的就是这段时间，没有可更正的"),
            format!("outage {outage} is recorded exactly so: there is nothing to correct"),
        ),
        DecisionObjection::Apart { outage, recorded } => apart(*outage, *recorded, zone, language),
    }
}

fn apart(outage: OutageId, recorded: Span, zone: Tz, language: Language) -> String {
    let (start, end) = (moment(recorded.start, zone), moment(recorded.end, zone));
    language.pick(
        format!(
            "中断 {outage} 记录的是 {start} 到 {end}，与所写时间不相连；\
             另一段中断请用 linewatch outage declare 认定"
        ),
        format!(
            "outage {outage} is recorded from {start} to {end}, apart from the time given; another outage is \
             declared with `linewatch outage declare`"
        ),
    )
}

//! Refusals about planned downtime and past time.

use linewatch_core::ledger::{DecisionObjection, PlannedObjection};
use linewatch_core::record::{DecisionId, OutageId};
use linewatch_core::time::Span;

use super::medium::{Medium, Voice, Way};

pub(super) fn planned(objection: &PlannedObjection, say: Voice) -> String {
    match objection {
        PlannedObjection::Unknown(planned) => {
            let all = say.way(Way::Windows);
            say.pick(
                format!("没有编号为 {planned} 的计划停机；{all} 列出全部"),
                format!("there is no planned downtime {planned}; {all} lists them"),
            )
        }
        PlannedObjection::Cancelled { planned, by } => say.pick(
            format!("计划停机 {planned} 已由 {by} 取消"),
            format!("planned downtime {planned} was cancelled by {by} already"),
        ),
        PlannedObjection::Over { planned, end } => {
            let end = say.moment(*end);
            say.pick(
                format!("计划停机 {planned} 已于 {end} 结束，不能再取消"),
                format!("planned downtime {planned} was over at {end}: nothing is left to cancel"),
            )
        }
        PlannedObjection::Planned(planned) => {
            let cancel = say.way(Way::CancelWindow(*planned));
            say.pick(
                format!("计划停机 {planned} 已经包含这段时间；要改，先取消它：{cancel}"),
                format!("planned downtime {planned} covers that already; to change it, cancel it first: {cancel}"),
            )
        }
    }
}

#[expect(clippy::too_many_lines, reason = "a sentence for each refusal")]
pub(super) fn sentence(objection: &DecisionObjection, say: Voice) -> String {
    let withdraw = |decision: &DecisionId| say.way(Way::Withdraw(*decision));
    match objection {
        DecisionObjection::Unknown(decision) => {
            let all = say.way(Way::Decisions);
            say.pick(
                format!("没有编号为 {decision} 的认定或剔除；{all} 列出全部"),
                format!("there is no decision {decision}; {all} lists them"),
            )
        }
        DecisionObjection::OwnWord { decision, by } => own_word(*decision, by, say),
        DecisionObjection::NeedsNoApproval(decision) => {
            let withdraw = withdraw(decision);
            say.pick(
                format!("第 {decision} 号是人工认定的中断，记下就生效，不用审批；不对的话可以撤回：{withdraw}"),
                format!("{decision} declares an outage, which counts without approval; if it is wrong: {withdraw}"),
            )
        }
        DecisionObjection::Approved { decision, by } => {
            let withdraw = withdraw(decision);
            say.pick(
                format!("第 {decision} 号已由 {by} 批准；要收回：{withdraw}"),
                format!("{decision} was approved by {by} already; to take it back: {withdraw}"),
            )
        }
        DecisionObjection::Rejected { decision, by } => say.pick(
            format!("第 {decision} 号已被 {by} 驳回；需要的话重新提出"),
            format!("{decision} was rejected by {by}; propose it again if it is needed"),
        ),
        DecisionObjection::Withdrawn { decision, by } => say.pick(
            format!("第 {decision} 号已由 {by} 撤回；需要的话重新提出"),
            format!("{decision} was withdrawn by {by}; propose it again if it is needed"),
        ),
        DecisionObjection::DeclaresNothing(decision) => {
            let show = say.way(Way::Decision(*decision));
            say.pick(
                format!("第 {decision} 号不是人工认定的中断，没有可结束的；{show} 说明它是什么"),
                format!("{decision} declares no outage, so none can be ended; {show} says what it is"),
            )
        }
        DecisionObjection::Ended { decision, at } => {
            let at = say.moment(*at);
            say.pick(
                format!("第 {decision} 号认定的中断已于 {at} 结束；时间不对的话，先撤回，再重新认定"),
                format!(
                    "declared outage {decision} was over at {at}; if that is wrong, withdraw it and declare it anew"
                ),
            )
        }
        DecisionObjection::Declared(decision) => {
            let (end, withdraw) = (say.way(Way::End(*decision)), withdraw(decision));
            say.pick(
                format!("第 {decision} 号已认定这条线路在这段时间中断；要结束它：{end}；要改就先撤回：{withdraw}"),
                format!(
                    "{decision} declares this line down in that time already; to end it: {end}; to change it, \
                     withdraw it first: {withdraw}"
                ),
            )
        }
        DecisionObjection::Excluded(decision) => {
            let withdraw = withdraw(decision);
            say.pick(
                format!("第 {decision} 号已剔除（或提出剔除）这段时间；不对的话，先撤回：{withdraw}"),
                format!(
                    "{decision} excludes that time, or proposes to; if that is wrong, withdraw it first: {withdraw}"
                ),
            )
        }
        DecisionObjection::Exempted { fault, decision } => {
            let withdraw = withdraw(decision);
            say.pick(
                format!("第 {decision} 号已对故障 {fault} 免责（或提出免责）；不对的话，先撤回：{withdraw}"),
                format!(
                    "{decision} exempts fault {fault} already, or proposes to; if that is wrong, withdraw it first: \
                     {withdraw}"
                ),
            )
        }
        DecisionObjection::UnknownOutage(outage) => {
            let all = say.way(Way::Outages);
            say.pick(
                format!("没有编号为 {outage} 的中断；{all} 列出各次中断的编号"),
                format!("there is no outage {outage}; {all} shows their numbers"),
            )
        }
        DecisionObjection::OutageOpen(outage) => say.pick(
            format!("中断 {outage} 还没有结束，结束以后才能更正"),
            format!("outage {outage} has not ended: it can be corrected when it has"),
        ),
        DecisionObjection::Corrected { outage, decision } => {
            let withdraw = withdraw(decision);
            say.pick(
                format!("中断 {outage} 已有更正（第 {decision} 号）；要改，先撤回：{withdraw}"),
                format!(
                    "outage {outage} is corrected by {decision} already; to change that, withdraw it first: {withdraw}"
                ),
            )
        }
        DecisionObjection::NothingCorrected(outage) => say.pick(
            format!("中断 {outage} 记录的就是这段时间，没有可更正的"),
            format!("outage {outage} is recorded exactly so: there is nothing to correct"),
        ),
        DecisionObjection::Apart { outage, recorded } => apart(*outage, *recorded, say),
    }
}

/// Nobody approves what he proposed himself. In a shell a person is a name, elsewhere an account.
fn own_word(decision: DecisionId, by: &str, say: Voice) -> String {
    let (zh, en) = match say.medium {
        Medium::Shell => ("另一个人审批（--by 姓名）", "another person has to approve or reject it (--by NAME)"),
        Medium::Page | Medium::Api => ("另一个人用自己的账号审批", "another person has to approve or reject it"),
    };
    let withdraw = say.way(Way::Withdraw(decision));
    say.pick(
        format!("第 {decision} 号是 {by} 自己提出的，要由{zh}；要收回：{withdraw}"),
        format!("{by} proposed {decision}: {en}; to take it back: {withdraw}"),
    )
}

fn apart(outage: OutageId, recorded: Span, say: Voice) -> String {
    let (start, end, declare) = (say.moment(recorded.start), say.moment(recorded.end), say.way(Way::Declare));
    say.pick(
        format!("中断 {outage} 记录的是 {start} 到 {end}，与所写时间不相连；另一段中断要另行认定：{declare}"),
        format!(
            "outage {outage} is recorded from {start} to {end}, apart from the time given; another outage is \
             declared by itself: {declare}"
        ),
    )
}

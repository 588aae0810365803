//! What was recorded of people's decisions, in a sentence each, with what is to be done next.

use chrono_tz::Tz;
use linewatch_core::record::{Claim, DecisionFact, Fact, PlannedFact, Record};
use linewatch_core::time::{Span, Timestamp};

use super::rollup::{Telling, between, scope_words};

/// The sentence; `None`: a record of something else.
pub fn sentence(record: &Record, zone: Tz, telling: Telling<'_>) -> Option<String> {
    match &record.fact {
        Fact::Planned(fact) => Some(planned(record.seq, fact, zone, telling)),
        Fact::Decision(fact) => Some(decision(record.seq, fact, zone, telling)),
        _ => None,
    }
}

fn planned(seq: u64, fact: &PlannedFact, zone: Tz, telling: Telling<'_>) -> String {
    let language = telling.language;
    match fact {
        PlannedFact::Added { scope, span, .. } => {
            let (scope, span) = (scope_words(scope, telling), between(*span, zone, language));
            language.pick(
                format!("已登记计划停机 {seq}：{scope}，{span}"),
                format!("planned downtime {seq}: {scope}, {span}"),
            )
        }
        PlannedFact::Cancelled { planned, at, .. } => {
            let at = super::rollup::period::rfc3339(*at, zone);
            language.pick(
                format!("已取消计划停机 {planned}：{at} 起不再计入（记录 {seq}）"),
                format!("planned downtime {planned} is cancelled from {at} on (record {seq})"),
            )
        }
    }
}

fn decision(seq: u64, fact: &DecisionFact, zone: Tz, telling: Telling<'_>) -> String {
    let language = telling.language;
    match fact {
        DecisionFact::Proposed { claim, .. } => {
            let what = match claim {
                Claim::Declared { line, from, until } => {
                    let span = between(Span::new(*from, until.unwrap_or(Timestamp::MAX)), zone, language);
                    return language.pick(
                        format!("已认定中断 {seq}：线路 {line}，{span}；即时生效"),
                        format!("declared outage {seq}: line {line}, {span}; it counts at once"),
                    );
                }
                Claim::Excluded { scope, span } => {
                    let (scope, span) = (scope_words(scope, telling), between(*span, zone, language));
                    language.pick(
                        format!("已提出剔除 {seq}：{scope}，{span}"),
                        format!("proposed exclusion {seq}: {scope}, {span}"),
                    )
                }
                Claim::Corrected { outage, counts: Some(span) } => {
                    let span = between(*span, zone, language);
                    language.pick(
                        format!("已提出更正 {seq}：中断 {outage} 只算 {span}"),
                        format!("proposed correction {seq}: outage {outage} counts {span} only"),
                    )
                }
                Claim::Corrected { outage, counts: None } => language.pick(
                    format!("已提出更正 {seq}：中断 {outage} 不是中断"),
                    format!("proposed correction {seq}: outage {outage} was none"),
                ),
                Claim::Exempted { fault } => language.pick(
                    format!("已提出免责 {seq}：故障 {fault}"),
                    format!("proposed exemption {seq}: fault {fault}"),
                ),
            };
            language.pick(
                format!("{what}\n  要由另一个人批准才计入：\n    linewatch outage approve {seq} --by 姓名"),
                format!(
                    "{what}\n  it counts once another person approves it:\n    linewatch outage approve {seq} --by NAME"
                ),
            )
        }
        DecisionFact::Ended { decision, at } => {
            let at = super::rollup::period::rfc3339(*at, zone);
            language.pick(
                format!("认定的中断 {decision} 到 {at} 结束（记录 {seq}）"),
                format!("declared outage {decision} ends at {at} (record {seq})"),
            )
        }
        DecisionFact::Approved { decision } => language.pick(
            format!("已批准 {decision}，计入数字（记录 {seq}）"),
            format!("{decision} is approved and counts (record {seq})"),
        ),
        DecisionFact::Rejected { decision, .. } => {
            language.pick(format!("已驳回 {decision}（记录 {seq}）"), format!("{decision} is rejected (record {seq})"))
        }
        DecisionFact::Withdrawn { decision, .. } => language.pick(
            format!("已撤回 {decision}，不再计入（记录 {seq}）"),
            format!("{decision} is withdrawn and counts no more (record {seq})"),
        ),
    }
}

//! What stands on the paper, in order.

use linewatch_core::rollup::Cohort;
use linewatch_core::time::{Millis, Timestamp};

use super::{Paper, Writing, clean, faults, forms, ledger, lines, method, pictures, tables};
use crate::language::Language;
use crate::report::method::marks;
use crate::report::rollup::numbers::{grouped, hours, percent, percent_of_faults, points_between};
use crate::report::rollup::period::Asked;
use crate::report::rollup::{About, Report, Telling, check_words};
use crate::report::selfeval::{Evaluation, Standing};
use crate::store::StoreKind;

/// The paper of a period. An evaluation that has no scores, since the period is no year, is left out but for its paragraph.
pub fn paper(report: &Report, evaluation: &Evaluation, telling: Telling<'_>) -> Paper {
    let language = telling.language;
    let mut writing = Writing::new(language);
    warnings(&mut writing, report, telling);
    summary(&mut writing, report, evaluation, telling);
    if evaluation.standing != Standing::NotAYear {
        writing.new_page();
        writing.heading("绩效自评表", "Self-evaluation forms");
        forms::hubei(&mut writing, evaluation);
        forms::national(&mut writing, evaluation);
    }
    writing.heading("运行情况", "How the lines did");
    tables::total(&mut writing, report, telling);
    tables::groups(&mut writing, report, telling);
    writing.heading("图示", "In pictures");
    pictures::all(&mut writing, report, telling);
    writing.heading("故障处理情况", "Faults");
    faults::all(&mut writing, report, telling);
    writing.heading("计划停机与剔除台账", "Ledger of planned downtime and exclusions");
    ledger::all(&mut writing, report, telling);
    writing.heading("口径说明", "Method statement");
    let scored = evaluation.standing != Standing::NotAYear;
    method::all(&mut writing, report, scored, telling);
    lines::all(&mut writing, report, telling);
    let about = &report.about;
    let made = moment(about.as_of, about);
    let dated = language.pick(format!("（数据截至 {made}）"), format!("(as of {made})"));
    let marks = marks(report, telling);
    let mark = (!marks.is_empty()).then(|| marks.join("　"));
    let simulated = about.kind == StoreKind::Simulated;
    Paper { language, title: title(about, telling), mark, simulated, dated, blocks: writing.blocks }
}

/// An instant in the period's zone, to the second.
pub(super) fn moment(at: Timestamp, about: &About) -> String {
    at.to_utc().with_timezone(&about.period.zone()).format("%Y-%m-%d %H:%M:%S").to_string()
}

fn title(about: &About, telling: Telling<'_>) -> Vec<String> {
    let language = telling.language;
    let name = about.period.name(language);
    let what = match about.period.asked() {
        Asked::Year(year) => {
            language.pick(format!("{year} 年度线路运行与绩效自评报告"), format!("Lines and self-evaluation, {year}"))
        }
        Asked::Quarter(..) => language.pick(format!("{name}线路运行季报"), format!("Lines, {name}")),
        Asked::Month(..) => language.pick(format!("{name}线路运行月报"), format!("Lines, {name}")),
        Asked::Days(..) | Asked::Instants(..) => {
            language.pick(format!("{name} 线路运行报告"), format!("Lines, {name}"))
        }
    };
    vec![clean(telling.site), what]
}

fn warnings(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    for warning in telling.warnings(&report.about) {
        writing.warning(language.pick(format!("注意：{warning}"), format!("Note: {warning}")));
    }
    let total = &report.figures.total;
    if !total.proven {
        let (coverage, least) = (percent(total.coverage, language), method::ppm(report.about.policy.min_coverage_ppm));
        writing.warning(language.pick(
            format!(
                "注意：「证据不足」。观测覆盖率 {coverage}，低于口径要求的 {least}，本期数字不足以证明线路运行情况。"
            ),
            format!(
                "Note: not enough evidence. The coverage of {coverage} is below the {least} that the policy asks for."
            ),
        ));
    }
    let Some(sealed) = &report.seal else { return };
    let (revision, by, number) = (sealed.seal.revision, &sealed.seal.said.by, sealed.seal.number);
    let at = moment(sealed.seal.said.at, &report.about);
    let checked = check_words(&sealed.check, language);
    writing.warning(language.pick(
        format!("本期数字已封存：第 {revision} 版，{by} 于 {at} 封存（第 {number} 条记录）；{checked}。"),
        format!("These figures are sealed: revision {revision} by {by}, {at} (record {number}); {checked}."),
    ));
    for revision in &sealed.revisions {
        let number = revision.revision;
        let availability = percent(revision.figures.total.availability, language);
        let points = percent_of_faults(revision.figures.faults.point_resolution_ratio, language);
        let head = revision.about.head;
        writing.warning(language.pick(
            format!(
                "封存之后的记录改变了数字，本文所列为封存的数字；修订第 {number} 版为：节点连通有效性 {availability}，\
                 故障点位解决情况 {points}（链头 {head}）。"
            ),
            format!(
                "Later records changed the figures; these are the sealed ones. Revision {number}: node connectivity \
                 {availability}, fault points resolved {points} (head {head})."
            ),
        ));
    }
}

fn summary(writing: &mut Writing, report: &Report, evaluation: &Evaluation, telling: Telling<'_>) {
    let language = telling.language;
    writing.heading("总体情况", "In short");
    writing.text(&evaluation.prose);
    let total = &report.figures.total;
    let mark = if total.proven { "" } else { language.pick("「证据不足」", " [not enough evidence]") };
    let availability = percent(total.availability, language);
    let (up, all) = (Millis(total.availability.numerator()), Millis(total.availability.denominator()));
    let (up_ms, all_ms, up, all) = (grouped(up.0), grouped(all.0), hours(up), hours(all));
    writing.text(language.pick(
        format!(
            "节点连通有效性 {availability}{mark}，即全部线路的在线时间 {up} 小时除以在线与中断时间之和 {all} 小时\
             （{up_ms} ÷ {all_ms} 毫秒）。"
        ),
        format!("Node connectivity {availability}{mark}: {up} h up of {all} h up or down ({up_ms} / {all_ms} ms)."),
    ));
    let [low, high, coverage, unexcluded, gross] = [
        total.availability_low,
        total.availability_high,
        total.coverage,
        total.availability_unexcluded,
        total.gross_availability,
    ]
    .map(|ratio| percent(ratio, language));
    let exclusions = match points_between(total.availability_unexcluded, total.availability) {
        Some(change) if total.excluded_ms > Millis::ZERO => language.pick(
            format!("不剔除时为 {unexcluded}（剔除使其变化 {change} 个百分点），计划停机也不扣除时为 {gross}"),
            format!("Without exclusions {unexcluded} ({change} points by them), gross {gross}"),
        ),
        Some(_) | None => language
            .pick(format!("本期没有剔除，计划停机也不扣除时为 {gross}"), format!("Nothing is excluded; gross {gross}")),
    };
    writing.text(language.pick(
        format!(
            "观测覆盖率 {coverage}；未观测时间全部按中断计算时连通率为 {low}，全部按在线计算时为 {high}。{exclusions}。"
        ),
        format!("Coverage {coverage}; with all undetermined time down {low}, up {high}. {exclusions}."),
    ));
    points(writing, report, language);
}

fn points(writing: &mut Writing, report: &Report, language: Language) {
    let faults = &report.figures.faults;
    let Cohort { carried_in, opened, reopened_in, resolved, open_at_end, resolved_since } = faults.points;
    let all = faults.points.size();
    if all == 0 {
        writing.text(language.pick(
            "故障点位解决情况：本期没有需要解决的故障。",
            "Fault points resolved: there was no fault to be resolved.",
        ));
        return;
    }
    let ratio = percent(faults.point_resolution_ratio, language);
    let since = if resolved_since > 0 {
        language.pick(format!("，其中期后已解决 {resolved_since} 个"), format!(", {resolved_since} resolved since"))
    } else {
        String::new()
    };
    let cleared = faults.self_cleared;
    let without = faults.without_self_cleared.point_resolution_ratio;
    let without = if cleared == 0 {
        String::new()
    } else if without.is_defined() {
        let without = percent(without, language);
        language.pick(
            format!("不计自愈的 {cleared} 个故障时为 {without}。"),
            format!(" Without {cleared} that cleared by themselves {without}."),
        )
    } else {
        language.pick(
            format!("全部 {cleared} 个故障都是自愈，不计自愈时没有需要解决的故障。"),
            format!(" All {cleared} faults cleared by themselves; without them there is none."),
        )
    };
    writing.text(language.pick(
        format!(
            "故障点位解决情况 {ratio}，即已解决 {resolved} 个点位除以应解决 {all} 个点位（期初未决 {carried_in}、本期新增 \
             {opened}、本期重开 {reopened_in}；期末未解决 {open_at_end}{since}）。{without}"
        ),
        format!(
            "Fault points resolved {ratio}: {resolved} of {all} (carried in {carried_in}, opened {opened}, reopened \
             {reopened_in}; open at the end {open_at_end}{since}).{without}"
        ),
    ));
}

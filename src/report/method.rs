//! The method statement (口径说明): what the figures mean, by what they were judged, and what they rest on. As sections of
//! paragraphs, which XLSX, DOCX and HTML print alike.

use linewatch_core::availability::Ratio;
use linewatch_core::time::Millis;

use super::rollup::numbers::{grouped, hours, percent, points_between};
use super::rollup::period::written;
use super::rollup::{Report, Sealed, Telling, check_words};
use crate::language::Language;
use crate::store::StoreKind;

/// A section: a title and its paragraphs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: &'static str,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// Marks that must stand on every page: 「模拟数据」, 「含导入数据」, 「证据不足」, 「统计期未结束」. Possibly none.
pub fn marks(report: &Report, telling: Telling<'_>) -> Vec<&'static str> {
    let language = telling.language;
    let about = &report.about;
    let marks = [
        (about.kind == StoreKind::Simulated, language.pick("模拟数据", "SIMULATED")),
        (about.imported > 0, language.pick("含导入数据", "imported data")),
        (!report.figures.total.proven, language.pick("证据不足", "not enough evidence")),
        (about.running(), language.pick("统计期未结束", "period running")),
    ];
    marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect()
}

/// The statement.
pub fn method(report: &Report, telling: Telling<'_>) -> Vec<Section> {
    let language = telling.language;
    vec![
        Section { title: language.pick("一、依据", "1. Evidence"), paragraphs: evidence(report, telling) },
        Section { title: language.pick("二、指标含义", "2. Definitions"), paragraphs: definitions(language) },
        Section { title: language.pick("三、判定口径", "3. Policy"), paragraphs: policy(report, telling) },
        Section {
            title: language.pick("四、覆盖率与上下限", "4. Coverage and bounds"),
            paragraphs: bounds(report, telling),
        },
        Section {
            title: language.pick("五、计划停机与剔除", "5. Planned downtime and exclusions"),
            paragraphs: exclusions(report, telling),
        },
        Section { title: language.pick("六、自评得分", "6. Scores"), paragraphs: scores(language) },
        Section {
            title: language.pick("七、复核方法", "7. How to check"), paragraphs: checking(report, telling)
        },
    ]
}

fn evidence(report: &Report, telling: Telling<'_>) -> Vec<String> {
    let language = telling.language;
    let about = &report.about;
    let (zone, span) = (about.period.zone(), about.period.span());
    let time = |at| written(at, zone, language);
    let (from, to, until) = (time(span.start), time(span.end), time(about.until));
    let (kind, records, head) = (about.kind.word(language), about.head.seq, about.head);
    let mut paragraphs = vec![
        language.pick(
            format!("单位：{}。统计期 {}：自 {from} 至 {to}（不含），时区 {zone}，实际算到 {until}。", telling.site, about.period.name(language)),
            format!("{}. Period {}: from {from} to {to} (not included), zone {zone}, counted up to {until}.", telling.site, about.period.name(language)),
        ),
        language.pick(
            format!("数字全部由{kind}记录第 1–{records} 条按下述口径算出，链头 {head}（SM3 摘要链，GB/T 32905）。{}", verified(about.verified, language)),
            format!("All figures follow from {kind} records 1-{records} by the policy below; head {head} (chain of SM3 digests, GB/T 32905). {}", verified(about.verified, language)),
        ),
    ];
    paragraphs.extend(telling.warnings(about).iter().map(|warning| sentence(warning)));
    if let Some(Sealed { seal, check, revisions }) = &report.seal {
        let (revision, by, at) = (seal.revision, &seal.said.by, time(seal.said.at));
        let (checked, later) = (check_words(check, language), revisions.len());
        paragraphs.push(language.pick(
            format!("本期已封存：第 {revision} 版，{by} 于 {at} 封存；{checked}。封存后的修订 {later} 版。"),
            format!("Sealed: revision {revision} by {by} at {at}; {checked}. Revisions since: {later}."),
        ));
    }
    paragraphs
}

/// What may follow a colon, as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn verified(verified: bool, language: Language) -> &'static str {
    if verified {
        language.pick("出表时逐条校验无误。", "The chain was verified on this occasion.")
    } else {
        language.pick(
            "出表时没有逐条校验（加 --verify 校验）。",
            "The chain was not verified on this occasion (--verify does).",
        )
    }
}

fn definitions(language: Language) -> Vec<String> {
    language
        .pick(
            [
                "时间：每条线路在用的每一毫秒只计一次，在用 = 在线 + 中断 + 计划停机与剔除 + 未观测。重叠时依次取：不在用、剔除、计划停机、人工认定的中断、中断、未观测、在线。",
                "中断：从第一个丢失的探测起，到恢复后第一个得到应答的探测止，以发送时刻为准，不以确认时刻为准。监测端自身的故障（程序停止、网络断开、时钟跳变）不算线路中断，记为未观测。",
                "节点连通有效性（节点连通率）= 在线 ÷（在线 + 中断），全部线路合计。未观测时间不在分子，也不在分母。",
                "节点达标率 = 达标线路 ÷ 线路。达标：观测覆盖率达到最低要求，且连通率达到本类目标。证据不足的线路留在分母。",
                "中断次数：相接或重叠的中断为一次，空档和计划停机不把它分开。平均中断时长按期内结束的中断、整段长度计算。",
                "故障点位解决情况（故障点位解决率）= 已解决点位 ÷ 应解决点位。一个点位是一个故障里的一条线路。应解决 = 期初未决 + 本期新增 + 本期重开；已解决 = 期末以前修复且未重开。误报和并入其他故障的不计。",
                "故障修复及时率 = 时限内修复 ÷（已修复 + 已超时限）。时限自中断开始和报障两者中较早的一个起算。平均修复时长 = 期内修复的故障从开始到修复的平均。",
                "租赁费：各线路月租费按期内在用时间占当月的比例计算，逐月四舍五入到分。单条线路年均成本 = 租赁费 ÷ 期内在用过的线路数。",
            ],
            [
                "Time: every millisecond of a line in service is counted once: in service = up + down + planned and excluded + undetermined. Where spans overlap: not in service, excluded, planned, declared down, down, undetermined, up.",
                "Outage: from the first lost probe to the first answered one, by the time of sending, not of confirming. What is wrong with the monitor itself is undetermined, not down.",
                "Node connectivity (availability) = up / (up + down) over all lines. Undetermined time is in neither.",
                "Compliant lines: coverage reaches the minimum and availability the target of the class, of all lines; lines without enough evidence stay in the denominator.",
                "Outages: spans that touch or overlap are one, whatever gaps and windows do. The mean length is that of outages that ended, whole.",
                "Fault points resolved = resolved / (carried in + opened + reopened). A point is one line of one fault. Resolved: restored and not reopened by the end. Void and merged faults are left out.",
                "On time = restored within the deadline / (restored or past the deadline). The deadline runs from the earlier of outage and report. Mean repair: from opening to restoration of those restored in the period.",
                "Rent: monthly rent by the part of the month in service, rounded to the fen month by month. Per line: by the lines in service in the period.",
            ],
        )
        .map(str::to_owned)
        .to_vec()
}

fn policy(report: &Report, telling: Telling<'_>) -> Vec<String> {
    let language = telling.language;
    let policy = &report.about.policy;
    let ppm = |ppm: u32| percent(Ratio::of(Millis(i64::from(ppm)), Millis(1_000_000)), language);
    let mut targets: Vec<_> = policy.targets_ppm.iter().collect();
    targets.sort_by_key(|(class, _)| telling.place(class.as_str()));
    let targets: Vec<String> = targets
        .into_iter()
        .map(|(class, target)| format!("{} {}", telling.class(class.as_str()), ppm(*target)))
        .collect();
    let (name, rules, minimum) = (&policy.name, policy.rules, ppm(policy.min_coverage_ppm));
    let targets = match targets.as_slice() {
        [] => ppm(policy.target_ppm),
        targets => targets.join(language.pick("，", ", ")),
    };
    let mut paragraphs = vec![language.pick(
        format!("口径名称：{name}，计算规则第 {rules} 版。连通率目标：{targets}。最低观测覆盖率：{minimum}，低于它的线路和分组印「证据不足」，不算达标。"),
        format!("Policy {name}, rules version {rules}. Targets: {targets}. Minimum coverage: {minimum}; below it nothing is proven."),
    )];
    paragraphs.push(
        language
            .pick(
                "连通率目标 99 % 和修复时限 12 小时的缺省值取自本单位绩效自评报告中另一系统的指标，区直及乡镇 4 小时为本系统自定；均可在配置中修改，改后以本页所印为准。",
                "The defaults of 99 % and 12 hours are borrowed from the office's report on another system; 4 hours for township lines is our own. All can be configured; what is printed here holds.",
            )
            .to_owned(),
    );
    paragraphs.push(
        language
            .pick(
                "百分数一律截去多余位数，不进位；只有中断时间恰为零才印 100%。分母为零的比率为「未观测」或「无故障」，不评分。",
                "Percentages are cut off, never rounded; 100 % stands only where down time is exactly zero. A ratio without a denominator is undefined and has no score.",
            )
            .to_owned(),
    );
    paragraphs
}

fn bounds(report: &Report, telling: Telling<'_>) -> Vec<String> {
    let language = telling.language;
    let total = &report.figures.total;
    let ratio = |ratio| percent(ratio, language);
    let (coverage, low, high) = (ratio(total.coverage), ratio(total.availability_low), ratio(total.availability_high));
    let (unseen, unproven, lines) = (hours(total.undetermined_ms), total.unproven_lines, total.lines);
    vec![language.pick(
        format!("观测覆盖率 =（在线 + 中断）÷（在线 + 中断 + 未观测）= {coverage}，未观测 {unseen} 小时。未观测时间全算中断时连通率为 {low}（下限），全算在线时为 {high}（上限）。证据不足的线路 {unproven} 条，共 {lines} 条。"),
        format!("Coverage = (up + down) / (up + down + undetermined) = {coverage}; {unseen} h undetermined. With all of that down the availability is {low}, with all of it up {high}. {unproven} of {lines} lines have too little evidence."),
    )]
}

fn exclusions(report: &Report, telling: Telling<'_>) -> Vec<String> {
    let language = telling.language;
    let total = &report.figures.total;
    let ratio = |ratio| percent(ratio, language);
    let (planned, excluded) = (hours(total.planned_ms), hours(total.excluded_ms));
    let (published, unexcluded, gross) =
        (ratio(total.availability), ratio(total.availability_unexcluded), ratio(total.gross_availability));
    let change = points_between(total.availability_unexcluded, total.availability).unwrap_or_else(|| "–".to_owned());
    let (entries, pending) = (report.ledger.len(), report.ledger.iter().filter(|entry| entry.pending()).count());
    vec![
        language.pick(
            format!("计划停机须事前约定，剔除、更正和免责须第二人批准后才生效；全部列在台账里，共 {entries} 项，其中待审批 {pending} 项，未批准的不影响任何数字。"),
            format!("Planned downtime is agreed before it begins; exclusions, corrections and exemptions count once a second person has approved them. The ledger has {entries} entries, {pending} waiting; those change nothing."),
        ),
        language.pick(
            format!("计划停机与剔除共 {planned} 小时，其中剔除 {excluded} 小时。公布的连通率 {published}；不剔除为 {unexcluded}（剔除使它变化 {change} 个百分点）；计划停机也不扣为 {gross}。"),
            format!("{planned} h planned and excluded, {excluded} h of it excluded. Published {published}; without exclusions {unexcluded} (they change it by {change} points); with planned windows ignored too {gross}."),
        ),
    ]
}

fn scores(language: Language) -> Vec<String> {
    language
        .pick(
            [
                "定量指标：正向指标（≥、=）得分 = 权重 × 实际完成值 ÷ 目标值；反向指标（≤）得分 = 权重 × 目标值 ÷ 实际完成值；得分不超过权重；反向指标实际为零得满分。",
                "湖北样式：预算执行率 20 分，绩效目标 80 分。财政部样式：执行率 10 分，指标 90 分。没有依据的指标（未观测、无故障、未填报、未填预算）不评分，总分旁注明未评分值。得分截到两位小数，总分为各行所印得分之和。",
            ],
            [
                "A positive indicator (≥, =) has weight × actual / target, a negative one (≤) weight × target / actual, at most the weight; a negative one that is zero has full marks.",
                "Hubei's form: budget 20, indicators 80. The national form: budget 10, indicators 90. What is undefined has no score, and the total says how many points were not given. Scores are cut off after two decimals; the total is the sum of what is printed.",
            ],
        )
        .map(str::to_owned)
        .to_vec()
}

fn checking(report: &Report, telling: Telling<'_>) -> Vec<String> {
    let language = telling.language;
    let (records, lines) =
        (grouped(i64::try_from(report.about.head.seq).unwrap_or(i64::MAX)), report.figures.total.lines);
    vec![language.pick(
        format!("任何人都可以从记录库的 {records} 条记录重新算出这里的每一个数：linewatch journal verify 校验摘要链，linewatch rollup 重算，linewatch explain 线路编号 逐段列出一条线路的时间（共 {lines} 条线路）。链头应另存于本机之外，与封存记录和月报上的链头对照。"),
        format!("Anybody can compute every figure again from the journal's {records} records: linewatch journal verify checks the chain, linewatch rollup computes, linewatch explain LINE lists every stretch of a line's time ({lines} lines). Keep the head outside of this machine and compare it with those on seals and monthly reports."),
    )]
}

//! 口径说明: what the figures mean, by what they were judged, and what they rest on.

use linewatch_core::availability::Ratio;
use linewatch_core::time::Millis;

use super::content::moment;
use super::{Cell, Table, Writing};
use crate::report::rollup::numbers::{hours, percent};
use crate::report::rollup::{Report, Telling};
use crate::store::StoreKind;

/// Millionths as percent.
pub(super) fn ppm(ppm: u32) -> String {
    Ratio::of(Millis(i64::from(ppm)), Millis(1_000_000)).percent(3).unwrap_or_default()
}

/// The whole statement.
pub(super) fn all(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    writing.subheading("怎样监测和记录", "How it is watched and recorded");
    say(writing, WATCHING);
    writing.subheading("怎样计算", "How it is computed");
    say(writing, COMPUTING);
    writing.subheading("本期采用的口径", "The policy of this period");
    policy(writing, report, telling);
    say(writing, DEFAULTS);
    writing.subheading("数据的依据和复核", "What it rests on, and how to check it");
    evidence(writing, report, telling);
}

type Said = (&'static str, &'static str);

fn say(writing: &mut Writing, paragraphs: &[Said]) {
    for (chinese, english) in paragraphs {
        writing.text(writing.language.pick(*chinese, *english));
    }
}

const WATCHING: &[Said] = &[
    (
        "监测程序按固定间隔向每条线路的终端地址发出探测，只有该地址自己的应答才算应答。每次探测的结果只有三种：应答、丢失、\
         未发出；未发出是监测端自身的原因，不说明线路的好坏。",
        "Every line is probed at a fixed interval; only its own address's answer is a reply. A probe is answered, lost, or \
         unsent; unsent is our own failure and says nothing of the line.",
    ),
    (
        "连续丢失达到规定次数，并且在此期间别的线路或参照地址有过应答，才认定中断。中断从第一个丢失的探测算起，到第一个\
         得到应答的探测为止，不从认定的时刻算起。上联线路中断时，其下的线路记为「上联」原因的中断，只立一个故障。",
        "A run of lost probes is an outage once somebody else has answered meanwhile. It starts at the first lost probe and \
         ends at the first answered one, not when it was confirmed. What hangs on a line that is cut is down because of \
         its upstream: one fault.",
    ),
    (
        "监测停止、监测端失联、时钟跳变或探测发不出的时间为「未观测」，既不算在线，也不算中断。中断之后紧接未观测，观测恢复时\
         仍然中断的，其间按中断计算（跨空档计入）；已经恢复的，中断只算到未观测开始时。",
        "Time in which the monitor was stopped, blind, unable to send or its clock was stepped is undetermined: neither up \
         nor down. Still down after such a gap: the gap counts as down (bridged). Up after it: the outage ends where the \
         gap began.",
    ),
    (
        "每条记录先落盘，后显示，不改写；更正以新的记录写明经办人、理由和文号，剔除、认定、更正须由第二人批准才生效。",
        "A record is on disk before it is shown and is never rewritten. Corrections are later records with author, reason \
         and document; exclusions, declarations and corrections need a second person.",
    ),
];

const COMPUTING: &[Said] = &[
    (
        "时间以毫秒整数计，每条线路的每一毫秒只计一次：在用＝在线＋中断＋计划停机与剔除＋未观测。同一时间有几种情况的，依次\
         按不在用、剔除与计划停机、认定中断、中断、未观测、在线的顺序归入前者。年、月、日按本单位所在时区划分。",
        "Time is whole milliseconds, each of each line counted once: in service = up + down + planned + undetermined. Where \
         several hold, the first counts: not in service, excluded and planned, declared down, down, undetermined, up. \
         Calendars are those of the site's zone.",
    ),
    (
        "节点连通率＝在线÷（在线＋中断），全部线路的合计值公布为节点连通有效性。下限把未观测时间全算中断，上限把未观测时间\
         全算在线，真实值在二者之间。观测覆盖率＝（在线＋中断）÷（在线＋中断＋未观测）。未剔除连通率是不作剔除时的同一\
         计算，毛可用率是计划停机也不扣除时的同一计算。",
        "Availability = up / (up + down); that of all lines is published as node connectivity. The lower bound has all \
         undetermined time down, the upper one up. Coverage = (up + down) / (up + down + undetermined). Without exclusions, \
         and gross: the same with exclusions, and with windows too, ignored.",
    ),
    (
        "达标线路为连通率不低于其类别目标的线路，零中断线路为没有一毫秒中断的线路，二者都要求该线路的观测覆盖率不低于\
         最低覆盖率；覆盖率不足的为证据不足线路，仍留在分母里。",
        "Compliant lines reach the target of their class, lines without outage were not down for a millisecond; both need \
         enough coverage. Lines without it are unproven and stay in the denominator.",
    ),
    (
        "故障按期初未决、本期新增、本期重开合计为应解决，期末已恢复的为已解决；一个故障里的一条线路为一个故障点位。故障点位\
         解决情况＝已解决点位÷应解决点位。故障修复及时率＝时限内恢复÷（已恢复或时限已过）。修复时长从中断开始和报障二者中\
         较早的算起，到恢复为止。自愈是没有任何人工步骤而恢复的故障；免责故障仍计入公布值，旁边给出不计免责的值。",
        "What had to be resolved: carried in, opened and reopened; resolved: restored at the end. A point is one line of one \
         fault. Fault points resolved = resolved / all points. On time = restored within the deadline / restored or past \
         it. Repair time runs from the earlier of outage and report to restoration. Exempt faults stay in the published \
         ratio, with the ratio without them beside it.",
    ),
    (
        "所有百分比和时长都截断，不四舍五入；只有中断恰好为零才写 100 %。没有观测的写「未观测」，不写 100 %；覆盖率不足的\
         写「证据不足」。",
        "Percentages and lengths are cut off, never rounded; 100 % is printed only when down is exactly zero. What was not \
         observed is called so; where coverage is too low the evidence is called insufficient.",
    ),
];

const DEFAULTS: &[Said] = &[(
    "程序默认的连通率目标 99 % 和故障修复时限 12 小时，借自本单位以往自评报告中为另一系统设定的指标；乡镇线路 4 小时的时限\
     为本系统自定。三者都可以在配置中更改，以上表所列为准。",
    "The defaults of 99 % availability and 12 hours to repair are borrowed from the office's earlier report, where they stood \
     for another system; the 4 hours of township lines are ours. All can be configured: the table above holds.",
)];

fn policy(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    let (about, total) = (&report.about, &report.figures.total);
    let (policy, span) = (&about.policy, about.period.span());
    let names = language.pick(["参数", "取值"], ["parameter", "value"]);
    let mut table = Table::headed(&[50, 110], names);
    let mut put = |chinese: &str, english: &str, value: String| {
        table.row(vec![Cell::words(language.pick(chinese, english)), Cell::words(value)]);
    };
    put("口径名称与计算规则", "policy and rules", {
        let (name, rules) = (&policy.name, policy.rules);
        language.pick(format!("{name}，计算规则第 {rules} 版"), format!("{name}, rules version {rules}"))
    });
    let mut targets: Vec<_> = policy.targets_ppm.iter().collect();
    targets.sort_by_key(|(class, _)| telling.place(class.as_str()));
    let targets = targets.into_iter().map(|(class, target)| {
        let (class, target) = (telling.class(class.as_str()), ppm(*target));
        format!("{class} {target}")
    });
    put("连通率目标", "targets", targets.collect::<Vec<_>>().join(language.pick("；", "; ")));
    put("最低覆盖率", "least coverage", ppm(policy.min_coverage_ppm));
    put("统计期", "period", {
        let (from, to) = (moment(span.start, about), moment(span.end, about));
        language.pick(format!("{from} 起，{to} 止（不含）"), format!("from {from} to {to}, which is not included"))
    });
    put("时区", "zone", about.period.zone().to_string());
    put("算到", "counted to", moment(about.until, about));
    put("数据截至", "as of", moment(about.as_of, about));
    put("观测覆盖率", "coverage", percent(total.coverage, language));
    put("未观测时间", "undetermined", {
        let time = hours(total.undetermined_ms);
        language.pick(format!("{time} 线路小时"), format!("{time} line hours"))
    });
    put("剔除时间", "excluded", {
        let time = hours(total.excluded_ms);
        language.pick(format!("{time} 线路小时"), format!("{time} line hours"))
    });
    writing.table(language.pick("口径参数", "Policy"), table);
}

fn evidence(writing: &mut Writing, report: &Report, telling: Telling<'_>) {
    let language = telling.language;
    let about = &report.about;
    let (records, head) = (about.head.seq, about.head);
    let kind = about.kind.word(language);
    writing.text(language.pick(
        format!("本文由{kind}记录第 1 至第 {records} 条计算，最后一条的链头为："),
        format!("Computed from the {kind} records 1 to {records}; the head of the chain is:"),
    ));
    writing.text(head.to_string());
    writing.text(if about.verified {
        language.pick("本次计算前已逐条校验摘要链（SM3），无误。", "The chain of digests (SM3) was verified just now.")
    } else {
        language.pick(
            "本次计算没有逐条校验摘要链；加 --verify 可以校验。",
            "The chain of digests was not verified now; --verify does.",
        )
    });
    writing.text(language.pick(
        "链头应在本机之外另行保存。事后任何一条记录被改动，链头都会不同：用 linewatch journal verify --head 链头 校验，用 \
         linewatch rollup --as-of 链头 按同样的记录重新计算，用 linewatch explain 线路编号 逐段查看一条线路的每一毫秒。",
        "Keep the head outside this machine. Whoever alters a record changes the head: check with linewatch journal verify \
         --head HEAD, compute again with linewatch rollup --as-of HEAD, see every stretch of a line with linewatch explain.",
    ));
    if about.kind == StoreKind::Simulated {
        writing.text(language.pick(
            "模拟数据：全部记录由模拟程序生成，用于检验和演示，不是对任何真实线路的观测，不得作为证据使用。",
            "Simulated data: every record was made by a simulation for testing and showing. None of it is evidence.",
        ));
    }
    if about.imported > 0 {
        let count = about.imported;
        writing.text(language.pick(
            format!(
                "导入数据：其中 {count} 条记录由其他系统导入，每条都注明来源，用到它们的线路标「导入」或 *；导入的观测和中断不是\
                 本系统自己探测所得。"
            ),
            format!("Imported data: {count} records came from another system and name it; lines that rest on them are marked."),
        ));
    }
}

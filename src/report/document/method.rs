//! 口径说明: what the figures mean, by what they were judged, and what they rest on.

use linewatch_core::availability::Ratio;
use linewatch_core::time::Millis;

use super::Writing;
use crate::report::method;
use crate::report::rollup::{Report, Telling};
use crate::store::StoreKind;

/// Millionths as percent.
pub(super) fn ppm(ppm: u32) -> String {
    Ratio::of(Millis(i64::from(ppm)), Millis(1_000_000)).percent(3).unwrap_or_default()
}

/// The whole statement: how lines are watched, then what every printed form says of its figures.
pub(super) fn all(writing: &mut Writing, report: &Report, scored: bool, telling: Telling<'_>) {
    let language = telling.language;
    writing.subheading("怎样监测和记录", "How it is watched and recorded");
    for (chinese, english) in WATCHING {
        writing.text(language.pick(*chinese, *english));
    }
    for section in method::method(report, telling) {
        // Its numbers are those of a page of its own; here they are parts of a chapter.
        let title = section.title.split_once(language.pick("、", ". ")).map_or(section.title, |(_, title)| title);
        if !scored && title == language.pick("自评得分", "Scores") {
            continue;
        }
        writing.subheading(title, title);
        section.paragraphs.iter().for_each(|paragraph| writing.text(paragraph));
    }
    if report.about.kind == StoreKind::Simulated {
        writing.text(language.pick(
            "模拟数据：全部记录由模拟程序生成，用于检验和演示，不是对任何真实线路的观测，不得作为证据使用。",
            "Simulated data: every record was made by a simulation for testing and showing. None of it is evidence.",
        ));
    }
    if report.about.imported > 0 {
        writing.text(language.pick(
            "导入数据：由其他系统的记录转来，每条都注明来源；导入的观测和中断不是本系统自己探测所得，用到它们的线路标「导入」\
             或 *。",
            "Imported data: records of another system, each naming it; their observations and outages are not probes of this \
             one. Lines that rest on them are marked.",
        ));
    }
}

type Said = (&'static str, &'static str);

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

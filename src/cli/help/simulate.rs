//! Simulated districts.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[("simulate", "把一个县一年的线路装进盒子：模拟出记录库，旁边写下真相")],
    arguments: &[
        ("simulate", "year", "要模拟的自然年"),
        ("simulate", "days", "只模拟年初的这么多天"),
        ("simulate", "seed", "种子相同，结果逐字节相同"),
        ("simulate", "store", "要写（或要核对）的记录库；真相写在旁边的\nFILE.truth.jsonl"),
        ("simulate", "scenario", "什么事多久发生一次 [默认：与办公室的一年相仿]"),
        ("simulate", "check", "拿记录与真相核对；不带 --year 就只核对"),
        ("simulate", "json", "输出 JSON"),
    ],
    examples: &[],
};

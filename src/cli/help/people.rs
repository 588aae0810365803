//! What people say.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[
        ("inspect", "巡检：到现场看过的线路"),
        ("inspect add", "登记一次巡检和发现的问题"),
        ("inspect list", "今年或某一年的巡检，最近的在前"),
    ],
    arguments: &[
        ("inspect add", "line", "巡检的线路"),
        ("inspect add", "findings", "发现的问题 [默认：无异常]"),
        ("inspect add", "at", "什么时候 [默认：现在]"),
        ("inspect add", "inspector", "谁去的 [默认：登记的人]"),
        ("inspect add", "fault", "为哪个故障去的"),
        ("inspect list", "year", "哪一年的 [默认：今年]"),
        ("inspect list", "line", "只列这条线路的"),
        ("inspect list", "township", "只列这个乡镇的"),
        ("inspect list", "json", "输出 JSON"),
    ],
    examples: &[],
};

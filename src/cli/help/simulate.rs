//! Simulated districts.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[("simulate", "把一个县一年的线路装进盒子：模拟出记录库，旁边写下真相")],
    arguments: &[
        ("simulate", "year", "要模拟的自然年"),
        ("simulate", "days", "只模拟年初的这么多天"),
        ("simulate", "seed", "种子相同，结果逐字节相同 [默认：1]"),
        (
            "simulate",
            "store",
            "要写（或要核对）的记录库；真相写在旁边的\nFILE.truth.jsonl [--live 的默认：配置的记录库旁边的\nsimulated/journal.db]",
        ),
        ("simulate", "scenario", "什么事多久发生一次 [默认：与办公室的一年相仿]"),
        ("simulate", "check", "拿记录和指标与真相核对；不带 --year 就只核对"),
        ("simulate", "live", "运行守护进程，由模拟的县代替网络应答；不需要任何权限"),
        ("simulate", "speed", "模拟的县比时钟快多少倍，1 到 3600 [默认：100]；监测\n本身按真实时间进行"),
        ("simulate", "alone", "县里没有别人动手：报障和抢修都由您来做"),
        ("simulate", "json", "输出 JSON"),
    ],
    examples: &[(
        "simulate",
        "示例:\n  linewatch simulate --year 2022 --store y.db --check  模拟一年，再与真相核对\n  \
         linewatch rollup --year 2022 --store y.db            这一年的指标\n  \
         linewatch simulate --live                            看中断、故障在网页上发生\n  \
         linewatch status --store linewatch-data/simulated/journal.db\n\n\
         scenario.toml 的每一项见 config/scenario.toml。模拟的记录库每条记录都注明是\n模拟的，不会与真实的混用。",
        "Examples:\n  linewatch simulate --year 2022 --store y.db --check  a year, then checked\n  \
         linewatch rollup --year 2022 --store y.db            its figures\n  \
         linewatch simulate --live                            see outages and faults come\n  \
         linewatch status --store linewatch-data/simulated/journal.db\n\n\
         config/scenario.toml has every key of a scenario. Each record of a simulated\njournal says that it is; it never mixes with a real one.",
    )],
};

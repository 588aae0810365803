//! Faults and people's steps.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[
        ("fault", "故障：要做什么，做了什么"),
        ("fault list", "待办的故障，最急的在前"),
        ("fault show", "一个故障的全部情况"),
        ("fault report", "报障：一条线路不能用"),
        ("fault ack", "受理：有人管了"),
        ("fault dispatch", "派单：派了人，或报给了运营商"),
        ("fault arrive", "到场"),
        ("fault restore", "报修复；由探测核实"),
        ("fault close", "关闭，写明原因"),
        ("fault reopen", "重开：没有修好"),
        ("fault merge", "并入另一个故障"),
        ("fault split", "把其中几条线路拆成另一个故障"),
        ("fault void", "误报：没有故障"),
        ("fault note", "补充或更正"),
        ("fault point", "加入或移出一个点位"),
        ("fault exempt", "提出免责，另一个人批准后生效"),
        ("fault villages", "哪些村报过障，巡检了吗，修好了吗"),
    ],
    arguments: &[
        ("fault", "fault", "故障编号"),
        ("fault", "line", "线路编号"),
        ("fault", "store", "换用这个记录库，如备份 [默认：配置里的]"),
        ("fault", "at", "实际时间 [默认：现在]"),
        ("fault", "note", "备注"),
        ("fault", "reason", "原因"),
        ("fault", "json", "输出 JSON"),
        ("fault", "format", "text、csv、xlsx 或 json [默认：按 --out]"),
        ("fault", "out", "写到文件，要么完整要么不写"),
        ("fault", "symptom", "现象，配置里有的"),
        ("fault", "ticket", "运营商的工单号"),
        ("fault", "responsibility", "责任方"),
        ("fault", "overdue_reason", "超时的原因"),
        ("fault", "remedy", "怎么处理的"),
        ("fault", "cause", "原因，如 光缆/施工"),
        ("fault list", "open", "只列未修复的"),
        ("fault list", "overdue", "只列超过时限的"),
        ("fault list", "to_close", "只列已修复、待关闭的"),
        ("fault list", "year", "一年的全部，含已关闭的"),
        ("fault list", "township", "只列这个乡镇的"),
        ("fault list", "class", "只列这一类的"),
        ("fault list", "source", "detected 自查的，reported 上报的"),
        ("fault list", "channel", "只列这个来源的"),
        ("fault list", "line", "只列这条线路的"),
        ("fault list", "mine", "只列我受理、派给我或我报的"),
        ("fault list", "search", "只列含这些文字的"),
        ("fault report", "channel", "来源 [默认：电话]"),
        ("fault report", "reporter", "报障人"),
        ("fault report", "phone", "回电号码"),
        ("fault report", "words", "原话"),
        ("fault report", "at", "报障的时间 [默认：现在]"),
        ("fault dispatch", "to", "派给谁"),
        ("fault reopen", "at", "什么时候发现的 [默认：现在]"),
        ("fault merge", "into", "并入的故障"),
        ("fault split", "lines", "拆出的点位；新故障在第一条上"),
        ("fault note", "words", "任何补充"),
        ("fault note", "contact", "现场联系人"),
        ("fault note", "phone", "联系电话"),
        ("fault note", "cause", "更正原因（已关闭的）"),
        ("fault note", "remedy", "更正处理（已关闭的）"),
        ("fault point", "remove", "不受影响，或不再受影响"),
        ("fault point", "at", "从什么时候起 [默认：现在]"),
        ("fault exempt", "document", "依据的文号"),
        ("fault villages", "year", "这一年的报障"),
        ("fault villages", "channel", "来源，或 all [默认：乡镇办上报]"),
    ],
    examples: &[(
        "fault",
        "例子：
  linewatch fault list --township 汀泗桥镇
  linewatch fault list --out 故障清单.xlsx            打印给没有手机的运维人员
  linewatch fault report V-001 --symptom 中断 --reporter 王主任 --phone 8300000
  linewatch fault ack F20260105-001
  linewatch fault arrive F20260105-001 --at 09:40     补录要写实际时间
  linewatch fault restore F20260105-001
  linewatch fault close F20260105-001 --cause 光缆/施工 --remedy 重新熔接
  linewatch fault villages --year 2026

步骤可以跳过，不能倒退；没修好就重开。线路仍然中断时说「修复」会记下来，但不算，
线路持续正常以后自动核实。监测程序开着、停着都能用。",
        "Examples:
  linewatch fault list --township 汀泗桥镇
  linewatch fault list --out faults.xlsx              for a crew without a phone
  linewatch fault report V-001 --symptom 中断 --reporter Wang --phone 8300000
  linewatch fault ack F20260105-001
  linewatch fault arrive F20260105-001 --at 09:40     a forgotten step: its time
  linewatch fault restore F20260105-001
  linewatch fault close F20260105-001 --cause 光缆/施工 --remedy spliced
  linewatch fault villages --year 2026

Steps may be left out, never taken back; what is not repaired is reopened. What
is said to be restored while the line is down is kept and does not count; it is
verified once the line stays up. All of it works with the daemon running or not.",
    )],
};

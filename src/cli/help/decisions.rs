//! What people decide about time, seals, and what another system knew.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[
        ("downtime", "计划停机：事先批准的停机"),
        ("downtime add", "登记一次计划停机；登记前已过去的部分转为剔除申请"),
        ("downtime list", "没有结束的计划停机，加 --past 列出全部"),
        ("downtime cancel", "取消一次计划停机，或其余下的部分"),
        ("outage", "中断记录；认定、剔除、更正和审批"),
        ("outage list", "最近七天或另一段时间的中断，带编号"),
        ("outage show", "一次中断或一项认定、剔除、更正"),
        ("outage declare", "认定一条线路中断（虽有应答），即时生效"),
        ("outage end", "认定的中断已经结束"),
        ("outage exclude", "申请剔除一段时间"),
        ("outage correct", "申请更正一次中断"),
        ("outage approve", "同意另一个人的申请，随即计入"),
        ("outage reject", "不同意另一个人的申请"),
        ("outage withdraw", "撤回一项决定，恢复按证据计算"),
        ("outage exclusions", "认定与剔除台账；给出统计期时附对数字的影响"),
        ("seal", "封存一年、一个季度或一个月的数字，以及重算已封存的数字"),
        ("seal list", "已封存的统计期"),
        ("seal verify", "校验摘要链并重算全部封存；有不一致时退出码为 1"),
        ("history", "其他系统的历史数据"),
        ("history import", "导入一个文件，每行一个 JSON 对象，要么全部导入要么不导入"),
        ("history list", "导入过的文件"),
    ],
    arguments: &[
        ("downtime", "line", "一条线路；下联线路只包括因它而断的时间"),
        ("downtime", "trunk", "一条线路及经它到达的全部线路"),
        ("downtime", "township", "一个乡镇的线路"),
        ("downtime", "class", "一个类别的线路，写名称或叫法"),
        ("downtime", "all", "全部线路"),
        ("downtime", "from", "从什么时候起 [默认：现在]"),
        ("downtime", "to", "到什么时候为止；只写日期时当天算在内"),
        ("downtime", "for", "多长时间，如 4h、1h30m"),
        ("downtime", "reason", "原因"),
        ("downtime", "document", "依据的文号"),
        ("downtime", "past", "已经结束或取消的也列出"),
        ("downtime", "number", "编号，见 downtime list"),
        ("outage", "line", "线路编号"),
        ("outage", "number", "编号"),
        ("outage", "from", "从什么时候起"),
        ("outage", "to", "到什么时候为止；只写日期时当天算在内"),
        ("outage", "reason", "原因"),
        ("outage", "document", "依据的文号"),
        ("outage list", "from", "从什么时候起 [默认：七天前]"),
        ("outage list", "to", "到什么时候为止，当天算在内 [默认：现在]"),
        ("outage list", "open", "只列没有结束的"),
        ("outage declare", "to", "到什么时候为止，当天算在内\n[默认：到 outage end 为止]"),
        ("outage end", "at", "什么时候 [默认：现在]"),
        ("outage exclude", "line", "一条线路；下联线路只包括因它而断的时间"),
        ("outage exclude", "trunk", "一条线路及经它到达的全部线路"),
        ("outage exclude", "township", "一个乡镇的线路"),
        ("outage exclude", "class", "一个类别的线路，写名称或叫法"),
        ("outage exclude", "all", "全部线路"),
        ("outage exclude", "outage", "整个一次中断连同因它而断的：中断编号"),
        ("outage correct", "number", "中断编号，见 outage list"),
        ("outage correct", "from", "实际从什么时候断"),
        ("outage correct", "to", "实际到什么时候恢复"),
        ("outage correct", "none", "不是中断"),
        ("outage exclusions", "year", "一个自然年"),
        ("outage exclusions", "quarter", "一个季度，如 2026-Q3"),
        ("outage exclusions", "month", "一个月，如 2026-07"),
        ("outage exclusions", "from", "从这一天起，或从这个时刻起（RFC 3339）"),
        ("outage exclusions", "to", "到这一天为止（当天算在内），或到这个时刻之前"),
        ("outage exclusions", "pending", "只列待第二人审批的"),
        ("outage exclusions", "as_of", "只用到那时为止的记录：日期、时刻、编号或链头"),
        ("seal", "year", "一个自然年"),
        ("seal", "quarter", "一个季度，如 2026-Q3"),
        ("seal", "month", "一个月，如 2026-07"),
        ("seal", "revise", "之后的记录改变了数字时，封存修订版"),
        ("history import", "file", "要导入的文件"),
        ("history import", "source", "数据来自哪个系统"),
    ],
    examples: &[
        (
            "downtime",
            "例子：
  linewatch downtime add --trunk T-04 --from \"2026-08-01 01:00\" --for 4h \\
      --reason 干线割接 --document 咸网函〔2026〕31号
  linewatch downtime add --all --from 2026-08-02 --to 2026-08-02 \\
      --reason 机房检修 --document 通知第7号
  linewatch downtime cancel 912 --reason 改期

计划要在开始之前登记：登记时已经过去的部分不能算计划停机，转为剔除申请，要由
另一个人批准（linewatch outage approve）。",
            "Examples:
  linewatch downtime add --trunk T-04 --from \"2026-08-01 01:00\" --for 4h \\
      --reason \"cable moved\" --document 2026-31
  linewatch downtime add --all --from 2026-08-02 --to 2026-08-02 \\
      --reason \"machine room\" --document \"notice 7\"
  linewatch downtime cancel 912 --reason postponed

A plan is entered before it begins: what is past then is no planned downtime but
is proposed as an exclusion, for another person to approve (outage approve).",
        ),
        (
            "outage",
            "例子：
  linewatch outage list D-03 --from 2026-07-01 --to 2026-07-31
  linewatch outage declare V-001 --from \"2026-07-03 08:00\" \\
      --to \"2026-07-03 20:00\" --reason 村委会反映 --document 说明3
  linewatch outage exclude --outage 805 --reason 供电局停电 --document 通知41
  linewatch outage correct 805 --none --reason 误判 --document 核查单9
  linewatch outage exclusions --pending
  linewatch outage approve 912 --by 王五
  linewatch outage exclusions --year 2026

认定使数字变差，即时生效；剔除和更正要由提出者以外的人批准才计入。什么都不改写：
撤回以后又按证据计算，经过全部留在记录里。",
            "Examples:
  linewatch outage list D-03 --from 2026-07-01 --to 2026-07-31
  linewatch outage declare V-001 --from \"2026-07-03 08:00\" \\
      --to \"2026-07-03 20:00\" --reason \"village office\" --document 3
  linewatch outage exclude --outage 805 --reason \"power cut\" --document 41
  linewatch outage correct 805 --none --reason \"wrong\" --document 9
  linewatch outage exclusions --pending
  linewatch outage approve 912 --by WANG
  linewatch outage exclusions --year 2026

A declaration makes figures worse and counts at once; exclusions and corrections
count when somebody else than who proposed them approves. Nothing is rewritten:
once withdrawn the evidence counts again, and all of it stays in the records.",
        ),
        (
            "seal",
            "例子：
  linewatch seal --year 2026              统计期结束以后才能封存
  linewatch seal verify                   以后任何时候、任何一台机器上重算
  linewatch rollup --year 2026            印封存的数字；之后的记录改变了数字时
                                          旁边列出修订版
  linewatch seal --year 2026 --revise     封存修订版

封存记下链头、口径、计算规则版本和汇总的 SM3 摘要。请把印出的链头抄到本机之外。",
            "Examples:
  linewatch seal --year 2026              once the year is over
  linewatch seal verify                   again at any time, on any machine
  linewatch rollup --year 2026            prints the sealed figures, with a
                                          revision beside them where later
                                          records changed them
  linewatch seal --year 2026 --revise     seals that revision

A seal keeps the head, the policy, the version of the rules and the SM3 digest
of the figures. Keep the head that is printed outside of this machine.",
        ),
        (
            "history",
            "例子：
  linewatch history import 2025.jsonl --source 旧网管
  linewatch history list

文件每行一个 JSON 对象，时刻用 RFC 3339；type 为 line、observed、outage、planned
或 fault，格式见 README。有一行不对就全部不导入；同一个文件不能导入两次。导入的
记录在所有输出里都标明，不会自动产生故障。",
            "Examples:
  linewatch history import 2025.jsonl --source \"old system\"
  linewatch history list

One JSON object a line, instants in RFC 3339; type is line, observed, outage,
planned or fault, see the README. One wrong line and nothing is imported; the
same file is imported once. Imported records are marked in every output and
open no faults by themselves.",
        ),
    ],
};

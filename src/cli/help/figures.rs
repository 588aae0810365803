//! The figures of a period.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[("rollup", "一年或任何一段时间的汇总数字"), ("explain", "一条线路的数字由哪些时间段加起来，供逐笔核对")],
    arguments: &[
        ("rollup", "year", "一个自然年"),
        ("rollup", "quarter", "一个季度，如 2026-Q3"),
        ("rollup", "month", "一个月，如 2026-07"),
        ("rollup", "from", "从这一天起，或从这个时刻起（RFC 3339）"),
        ("rollup", "to", "到这一天为止（当天算在内），或到这个时刻之前"),
        ("rollup", "as_of", "只用到那时为止的记录：日期、时刻、记录编号或链头"),
        ("rollup", "format", "text csv json xlsx docx html [默认：看 --out 扩展名]"),
        ("rollup", "out", "写到文件，要么完整要么不写 [默认：标准输出]"),
        ("rollup", "verify", "先逐条校验摘要链"),
        ("rollup", "selfeval", "自评表的样式和指标 [默认：按配置，或自带的]"),
        ("rollup", "budget", "全年预算数（调整后），代替样式文件里的"),
        ("rollup", "executed", "全年执行数"),
        ("explain", "line", "线路编号"),
        ("explain", "year", "一个自然年"),
        ("explain", "quarter", "一个季度，如 2026-Q3"),
        ("explain", "month", "一个月，如 2026-07"),
        ("explain", "from", "从这一天起，或从这个时刻起（RFC 3339）"),
        ("explain", "to", "到这一天为止（当天算在内），或到这个时刻之前"),
        ("explain", "as_of", "只用到那时为止的记录：日期、时刻、记录编号或链头"),
        ("explain", "json", "输出 JSON"),
        ("explain", "out", "写到文件，要么完整要么不写 [默认：标准输出]"),
    ],
    examples: &[
        (
            "rollup",
            "例子：
  linewatch rollup --year 2026                       今年还没完时只算到现在
  linewatch rollup --month 2026-07
  linewatch rollup --from 2026-07-01 --to 2026-07-10 两天都算在内
  linewatch rollup --year 2026 --out 2026.csv        用 Excel 打开
  linewatch rollup --year 2026 --out 2026.xlsx       工作簿：明细上的公式
  linewatch rollup --year 2026 --out 2026.docx       报告：自评表、图、口径说明
  linewatch rollup --year 2026 --as-of 2027-01-05    只用那天及以前写下的记录
  linewatch rollup --year 2026 --format json | jq .total.availability

百分数一律舍去多余位数，不进位。没有观测到的时间不算在线，单独列出；观测不够的
印「证据不足」。网页和 /metrics 上的数字不作公布之用，公布用这里的。
退出码：0 完成，1 没有可算的（记录、统计期、文件），2 用法不对。",
            "Examples:
  linewatch rollup --year 2026                       a running year counts up to now
  linewatch rollup --month 2026-07
  linewatch rollup --from 2026-07-01 --to 2026-07-10 both days included
  linewatch rollup --year 2026 --out 2026.csv        for a spreadsheet
  linewatch rollup --year 2026 --out 2026.xlsx       workbook of live formulas
  linewatch rollup --year 2026 --out 2026.docx       report: forms, pictures, method
  linewatch rollup --year 2026 --as-of 2027-01-05    only records written by then
  linewatch rollup --year 2026 --format json | jq .total.availability

Percentages are cut off, never rounded. Time that nobody observed is not up and
stands by itself. Figures for publication come from here, never from /metrics.
Exit codes: 0 done, 1 nothing to compute or to write to, 2 wrong use.",
        ),
        (
            "explain",
            "例子：
  linewatch explain V-001 --year 2026
  linewatch explain V-001 --month 2026-07 --out V-001.txt
  linewatch explain V-001 --year 2026 --as-of 912:75477dbf…

每一段时间：从、到、计为什么、多少毫秒、累计多少、依据第几条记录；最后是合计、
算式和逐位的商。与 rollup 用的是同一次计算，用铅笔就能复核。
记录原文：linewatch journal export --from 编号 --to 编号",
            "Examples:
  linewatch explain V-001 --year 2026
  linewatch explain V-001 --month 2026-07 --out V-001.txt
  linewatch explain V-001 --year 2026 --as-of 912:75477dbf…

Every stretch of time: from, to, what it counts as, milliseconds, the sum so far,
the records it rests on; then the sums, the formula and the digits. The same
computation as rollup's, to be followed with a pencil.
The record itself: linewatch journal export --from SEQ --to SEQ",
        ),
    ],
};

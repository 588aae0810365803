//! The inventory.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[
        ("lines", "列出线路表，或与办公室的表格互相导入、导出"),
        ("lines import", "检查 XLSX 或 CSV 文件，列出改动，确认后写成线路表"),
        ("lines export", "把线路表导出为 CSV、XLSX 或 JSON"),
        ("lines diff", "看 XLSX 或 CSV 文件与线路表有哪些差别"),
    ],
    arguments: &[
        ("lines import", "file", "要检查、导入的 XLSX 或 CSV 文件"),
        ("lines import", "sheet", "几张工作表都像线路表时，读这一张"),
        ("lines import", "to", "写到这个 CSV 文件 [默认：配置里的线路表]"),
        ("lines import", "yes", "不再询问，直接写入"),
        ("lines import", "allow_removal", "减少的线路超过 5% 也写入"),
        ("lines import", "reload", "写完后让正在运行的监测程序重新载入"),
        ("lines export", "format", "csv、xlsx 或 json [默认：按 --out 的扩展名，否则 csv]"),
        ("lines export", "out", "写到文件，要么完整要么不写 [默认：标准输出]"),
        ("lines diff", "file", "与线路表比较的 XLSX 或 CSV 文件"),
        ("lines diff", "sheet", "几张工作表都像线路表时，读这一张"),
        ("lines diff", "json", "输出 JSON"),
        ("lines", "class", "只列这一类，写类别名或中文名称都行"),
        ("lines", "township", "只列这个乡镇"),
        ("lines", "json", "输出 JSON，键名同线路表的英文列名"),
    ],
    examples: &[
        (
            "lines",
            "例子：
  linewatch lines --township 汀泗桥镇
  linewatch lines --class 视频监控
  linewatch lines --class village --json | jq length

终端够宽时会多显示几列（乡镇、运营商、带宽……）。",
            "Examples:
  linewatch lines --township 汀泗桥镇
  linewatch lines --class surveillance
  linewatch lines --class village --json | jq length

A wider terminal shows more columns (township, carrier, bandwidth, …).",
        ),
        (
            "lines import",
            "例子：
  linewatch lines import 线路台账.xlsx             看看会改什么，再问是否写入
  linewatch lines import 线路台账.xlsx --yes --reload

表格里的标题、合并的表头、空行、分组标题和末尾的说明都可以保留；
有任何错误就一处不漏地列出，什么也不写。原来的线路表存为 .bak。",
            "Examples:
  linewatch lines import inventory.xlsx            see what it changes, then be asked
  linewatch lines import inventory.xlsx --yes --reload

Titles, merged headers, empty rows, headings and notes at the end may stay in the
spreadsheet. With any mistake all are listed and nothing is written. The inventory
before is kept as .bak.",
        ),
        (
            "lines export",
            "例子：
  linewatch lines export --out 线路表.xlsx    用 Excel 或 WPS 改完再导入
  linewatch lines export > lines.csv",
            "Examples:
  linewatch lines export --out lines.xlsx          edit it in a spreadsheet, then import it
  linewatch lines export > lines.csv",
        ),
    ],
};

//! Help in both languages. English stands beside the arguments, as clap wants it; 中文 and the examples stand here,
//! by command path (`journal verify`, empty for linewatch itself) and argument.

use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};

use super::wrong_use;
use crate::language::Language;

/// What a command does: path, 中文.
const ABOUT: &[(&str, &str)] = &[
    ("", "监测光纤线路，留存中断和修复的证据，把一年里的每一毫秒都算清楚。"),
    ("run", "启动监测程序"),
    ("check", "检查配置、线路表和探测权限，说明能发现什么、发现不了什么"),
    ("status", "现在哪里不正常，然后是各类别、各乡镇的合计"),
    ("lines", "列出线路表，或与办公室的表格互相导入、导出"),
    ("lines import", "检查 XLSX 或 CSV 文件，列出改动，确认后写成线路表"),
    ("lines export", "把线路表导出为 CSV、XLSX 或 JSON"),
    ("lines diff", "看 XLSX 或 CSV 文件与线路表有哪些差别"),
    ("inspect", "巡检：到现场看过的线路"),
    ("inspect add", "登记一次巡检和发现的问题"),
    ("journal", "记录库（证据）：校验、导出、查看链头、重算"),
    ("journal verify", "重算摘要链，逐条校验记录"),
    ("journal export", "按原样逐字节导出记录，每行一条 JSON"),
    ("journal head", "打印链头（最后一条记录的编号、摘要和时间），供机外留存"),
    ("journal rebuild", "从头重算全部记录，与已存的结果逐行比较"),
    ("rollup", "一年或任何一段时间的汇总数字"),
    ("explain", "一条线路的数字由哪些时间段加起来，供逐笔核对"),
    ("grafana", "写出 Prometheus、Alertmanager、Grafana 用的文件"),
    ("backup", "把记录库备份成一个文件并核对，监测程序不必停"),
    ("restore", "先核对备份，再恢复成记录库（原来的必须已经移走）"),
    ("help", "说明 linewatch 或其中一个命令的用法"),
];

/// What an argument means: path, argument, 中文. An empty path holds for every command.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("", "config", "配置文件 [默认：config/linewatch.toml，\n没有则用 /etc/linewatch/linewatch.toml]"),
    ("", "lang", "输出的语言：zh-CN 或 en [默认：配置里的语言]"),
    ("", "help", "显示帮助"),
    ("", "version", "显示版本"),
    ("", "json", "输出 JSON"),
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
    ("inspect add", "line", "巡检的线路"),
    ("inspect add", "findings", "发现的问题 [默认：无异常]"),
    ("inspect add", "at", "什么时候 [默认：现在]"),
    ("inspect add", "inspector", "谁去的 [默认：登记的人]"),
    ("inspect add", "fault", "为哪个故障去的"),
    ("", "by", "谁说的，即记录的作者 [默认：登录名]"),
    ("journal", "store", "记录库文件，例如一份备份 [默认：配置里的]"),
    ("journal verify", "head", "机外留存的链头，核对记录库里是否仍有它"),
    ("journal export", "from", "从哪一条开始 [默认：1]"),
    ("journal export", "to", "到哪一条为止 [默认：最后一条]"),
    ("journal export", "out", "写到文件，要么完整要么不写 [默认：标准输出]"),
    ("journal export", "digests", "每行写成 {\"digest\":…,\"record\":…}"),
    ("journal rebuild", "write", "用重算的结果替换不一致的已存结果"),
    ("status", "line", "只看这一条线路，列出详情"),
    ("status", "socket", "监测程序的控制套接字\n[默认：记录库旁边的 control.sock]"),
    ("rollup", "year", "一个自然年"),
    ("rollup", "quarter", "一个季度，如 2026-Q3"),
    ("rollup", "month", "一个月，如 2026-07"),
    ("rollup", "from", "从这一天起，或从这个时刻起（RFC 3339）"),
    ("rollup", "to", "到这一天为止（当天算在内），或到这个时刻之前"),
    ("rollup", "as_of", "只用到那时为止的记录：日期、时刻、记录编号或链头"),
    ("rollup", "format", "text、csv 或 json [默认：按 --out 的扩展名，否则 text]"),
    ("rollup", "out", "写到文件，要么完整要么不写 [默认：标准输出]"),
    ("rollup", "verify", "先逐条校验摘要链"),
    ("explain", "line", "线路编号"),
    ("explain", "year", "一个自然年"),
    ("explain", "quarter", "一个季度，如 2026-Q3"),
    ("explain", "month", "一个月，如 2026-07"),
    ("explain", "from", "从这一天起，或从这个时刻起（RFC 3339）"),
    ("explain", "to", "到这一天为止（当天算在内），或到这个时刻之前"),
    ("explain", "as_of", "只用到那时为止的记录：日期、时刻、记录编号或链头"),
    ("explain", "json", "输出 JSON"),
    ("explain", "out", "写到文件，要么完整要么不写 [默认：标准输出]"),
    ("run", "allow_removal", "线路表比记录库少了超过 5 % 的线路也照样启动，\n少掉的线路记为停用"),
    ("run", "log_json", "日志每行写一个 JSON 对象"),
    ("grafana", "to", "写到这个目录；里面您的文件保留不动，\nGrafana 的告警规则按其中的 Prometheus 告警规则写"),
    ("grafana", "url", "浏览器和手机打开监测程序页面的地址\n[默认：http://127.0.0.1:8401]"),
    ("grafana", "prometheus", "Grafana 访问 Prometheus 的地址\n[默认：http://127.0.0.1:9090]"),
    ("grafana", "tiles", "地图瓦片，如 http://10.1.2.3/tiles/{z}/{x}/{y}.png\n[默认：没有底图]"),
    ("backup", "to", "备份文件，或者放备份的目录\n[默认：记录库旁边的 backups 目录]"),
    ("restore", "backup", "linewatch backup 做出的文件"),
    ("restore", "to", "恢复到这里 [默认：配置里的记录库]"),
    ("help", "commands", "要说明的命令"),
];

/// Placeholders in usage lines and options: English, 中文.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("OPTIONS", "选项"),
    ("COMMAND", "命令"),
    ("FILE", "文件"),
    ("LANG", "语言"),
    ("CLASS", "类别"),
    ("TOWNSHIP", "乡镇"),
    ("LINE", "线路编号"),
    ("SHEET", "工作表"),
    ("FORMAT", "格式"),
    ("PATH", "路径"),
    ("DIR", "目录"),
    ("URL", "地址"),
    ("STORE", "记录库"),
    ("SEQ:DIGEST", "编号:摘要"),
    ("SEQ", "编号"),
    ("YEAR", "年"),
    ("QUARTER", "季度"),
    ("MONTH", "月"),
    ("DAY|INSTANT", "日期|时刻"),
    ("TIME|RECORD", "时间|记录"),
    ("TEXT", "文字"),
    ("TIME", "时间"),
    ("NAME", "姓名"),
    ("FAULT", "故障编号"),
];

/// Below the options: path, 中文, English.
const EXAMPLES: &[(&str, &str, &str)] = &[
    (
        "",
        "第一次使用：
  linewatch check             检查配置、线路表和探测权限，错误一次列全
  linewatch run               开始监测，网页在 http://127.0.0.1:8401/
  linewatch status            另开一个窗口：现在哪里不正常

退出码：0 完成，1 失败，2 用法不对。",
        "The first time:
  linewatch check             check the files and whether this machine may probe
  linewatch run               start watching; pages on http://127.0.0.1:8401/
  linewatch status            in another window: what is wrong now

Exit codes: 0 done, 1 failed, 2 wrong use.",
    ),
    (
        "run",
        "按线路表逐条探测，把中断和恢复记入记录库，并提供网页和 /metrics。
网页默认在 http://127.0.0.1:8401/ ，地址由配置里的 [http] listen 决定。
一直在前台运行，按 Ctrl-C 或收到 SIGTERM 时写完记录再退出；停着的时间算未观测。
一个记录库同时只能有一个监测程序。

ICMP 探测要有权限，linewatch check 会说本机有没有。没有的话二选一：
  sudo sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"
  sudo setcap cap_net_raw+ep 程序文件

例子：
  linewatch run
  linewatch run --config /etc/linewatch/linewatch.toml
  linewatch run --log-json 2>> linewatch.log
  LINEWATCH_LOG=debug linewatch run

日志写到标准错误，详略由环境变量 LINEWATCH_LOG 决定：error、warn、info（默认）、
debug、trace。
退出码：0 按要求停止，1 未能启动（最后一行说明原因和办法），2 用法不对。",
        "Probes every line of the inventory, records outages and repairs, and serves
pages and /metrics. Stays in the foreground until Ctrl-C or SIGTERM, and writes
all records before it ends; time while it is stopped is undetermined. Pages are
on http://127.0.0.1:8401/ unless [http] listen says otherwise. One daemon per
journal.

ICMP wants permission; linewatch check says whether this machine gives it. If
not, do one of:
  sudo sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"
  sudo setcap cap_net_raw+ep PROGRAM

Examples:
  linewatch run
  linewatch run --config /etc/linewatch/linewatch.toml
  linewatch run --log-json 2>> linewatch.log
  LINEWATCH_LOG=debug linewatch run

The log goes to standard error; LINEWATCH_LOG says how much: error, warn, info
(default), debug, trace.
Exit codes: 0 stopped as asked, 1 could not start (the last line says why and
what to do), 2 wrong use.",
    ),
    (
        "grafana",
        "例子：
  linewatch grafana --to 监控 --url http://10.1.2.3:8401
  linewatch grafana --to 监控 --tiles http://10.1.2.9/tiles/{z}/{x}/{y}.png

第一次写出全部文件；以后再写，只更新面板和 Grafana 的告警规则，您改过的
（prometheus、alertmanager、provisioning 里的其他文件）保留不动。改了
prometheus/linewatch.alerts.yml 以后运行一次，Grafana 的告警规则随之更新，
去掉了的会写进 deleteRules。怎么安装见项目的 grafana/README.md。",
        "Examples:
  linewatch grafana --to watching --url http://10.1.2.3:8401
  linewatch grafana --to watching --tiles http://10.1.2.9/tiles/{z}/{x}/{y}.png

The first time all files are written; later only the dashboards and Grafana's
alert rules, and the others, which are yours, are kept. Run it after a change of
prometheus/linewatch.alerts.yml: Grafana's rules follow, and those that are gone
go into deleteRules. How to install: grafana/README.md of the project.",
    ),
    (
        "status",
        "例子：
  linewatch status                         现在哪里不正常
  linewatch status V-001                   一条线路的详情
  linewatch status --json | jq .total.down

问的是正在运行的监测程序。
退出码：0 有回答（有线路中断也是 0），1 监测程序没有运行或没有这条线路，
2 用法不对。",
        "Examples:
  linewatch status                         what is wrong now
  linewatch status V-001                   one line in detail
  linewatch status --json | jq .total.down

Asks the running daemon. Exit codes: 0 answered (also when lines are down), 1 no
daemon is running or there is no such line, 2 wrong use.",
    ),
    (
        "check",
        "例子：
  linewatch check                          改完配置或线路表之后
  linewatch check --config /etc/linewatch/linewatch.toml
  linewatch check --json | jq .probes_per_second

不发送任何探测。退出码：0 可以启动，1 有错误或本机没有探测权限，2 用法不对。",
        "Examples:
  linewatch check                          after every change of the files
  linewatch check --config /etc/linewatch/linewatch.toml
  linewatch check --json | jq .probes_per_second

Sends no probe. Exit codes: 0 ready to run, 1 mistakes or no permission to probe
from here, 2 wrong use.",
    ),
    (
        "rollup",
        "例子：
  linewatch rollup --year 2026                       今年还没完时只算到现在
  linewatch rollup --month 2026-07
  linewatch rollup --from 2026-07-01 --to 2026-07-10 两天都算在内
  linewatch rollup --year 2026 --out 2026.csv        用 Excel 打开
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
    (
        "journal",
        "记录库只增不改，每条记录的 SM3 摘要都连着前一条。请定期把 linewatch journal head
的输出存到别的机器上或打印出来：以后谁改过记录，一校验就知道。

例子：
  linewatch journal head                          打印链头，留存到别处
  linewatch journal verify                        逐条校验
  linewatch journal verify --head 编号:摘要       对照留存的链头
  linewatch journal verify --store 备份.db        校验一份备份
  linewatch journal export --out records.jsonl    导出全部记录",
        "The journal only grows; the SM3 digest of each record includes the one before.
Keep the output of `linewatch journal head` on another machine or on paper: then
verify finds whoever changed the journal.

Examples:
  linewatch journal head                          print the head, to be kept
  linewatch journal verify                        check every record
  linewatch journal verify --head SEQ:DIGEST      against a head that was kept
  linewatch journal verify --store BACKUP.db      check a backup
  linewatch journal export --out records.jsonl    export all records",
    ),
    (
        "backup",
        "例子：
  linewatch backup                         文件名带当天日期和最后一条记录的编号
  linewatch backup --to /mnt/usb/          请把备份放到另一块磁盘或另一台机器
  linewatch journal verify --store FILE    以后随时可以再核对备份

复制完从第一条记录起重算摘要链，核对通过才算数；不覆盖已有的文件。",
        "Examples:
  linewatch backup                         named by date and last record
  linewatch backup --to /mnt/usb/          keep backups on another disk or machine
  linewatch journal verify --store FILE    check a backup again, any time later

The chain is recomputed in the copy from its first record. Nothing is overwritten.",
    ),
    (
        "restore",
        "步骤：
  systemctl stop linewatch                 先停监测程序
  mv journal.db* 别处/                     原来的记录库移走，不要删
  linewatch restore FILE                   核对备份并恢复，打印链头
  systemctl start linewatch                备份之后到现在这段时间记为未观测

请把打印的链头与机外留存的链头比对。",
        "Step by step:
  systemctl stop linewatch                 stop the daemon first
  mv journal.db* elsewhere/                move the old journal away, keep it
  linewatch restore FILE                   check it, restore it, print the head
  systemctl start linewatch                since the backup: undetermined

Compare the head that is printed with the one kept outside this machine.",
    ),
];

/// Puts the texts of a language into the command line and all its commands.
pub fn localize(command: Command, language: Language) -> Command {
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(Arg::new("help").short('h').long("help").global(true).action(ArgAction::Help).help("Print help"))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Print version"));
    let mut command = with_texts(command, "", language);
    if language == Language::Chinese {
        // Usage lines know their place only once the tree is built.
        command.build();
        command = with_usage(command);
    }
    command
}

fn with_texts(command: Command, path: &str, language: Language) -> Command {
    let mut command = command;
    if let Some((_, chinese, english)) = EXAMPLES.iter().find(|(of, ..)| *of == path) {
        command = command.after_help(language.pick(*chinese, *english));
    }
    if language == Language::Chinese {
        let about =
            chinese_about(path).map_or_else(|| command.get_about().cloned().unwrap_or_default(), StyledStr::from);
        command = command
            .about(about)
            .help_template("{about-with-newline}\n用法: {usage}\n\n{all-args}{after-help}")
            .subcommand_help_heading("命令")
            .subcommand_value_name("命令")
            .mut_args(|argument| with_chinese(argument, path));
    }
    command.mut_subcommands(|sub| {
        let path = format!("{path} {}", sub.get_name());
        with_texts(sub, path.trim_start(), language)
    })
}

fn with_chinese(argument: Arg, path: &str) -> Arg {
    let heading = if argument.is_positional() { "参数" } else { "选项" };
    let names: Option<Vec<String>> =
        argument.get_value_names().map(|names| names.iter().map(|name| placeholder(name).to_owned()).collect());
    let takes_value = argument.get_action().takes_values();
    let mut argument = argument.help_heading(heading);
    if takes_value {
        // The texts say defaults and choices themselves; clap would say them in English.
        argument = argument.hide_default_value(true).hide_possible_values(true);
        if let Some(names) = names {
            argument = argument.value_names(names);
        }
    }
    match chinese_argument(path, argument.get_id().as_str()) {
        Some(text) => argument.help(text),
        None => argument,
    }
}

fn with_usage(command: Command) -> Command {
    let mut command = command;
    let usage = command.render_usage().to_string();
    let mut usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    for (english, chinese) in PLACEHOLDERS {
        usage = usage.replace(&format!("[{english}]"), &format!("[{chinese}]"));
        usage = usage.replace(&format!("<{english}>"), &format!("<{chinese}>"));
    }
    for sub in command.get_subcommands_mut() {
        *sub = with_usage(std::mem::take(sub));
    }
    command.override_usage(usage)
}

fn placeholder(name: &str) -> &str {
    PLACEHOLDERS.iter().find(|(english, _)| *english == name).map_or(name, |(_, chinese)| chinese)
}

/// 中文 for a command.
fn chinese_about(path: &str) -> Option<&'static str> {
    ABOUT.iter().find(|(of, _)| *of == path).map(|(_, text)| *text)
}

/// 中文 for an argument: the command's own text, else a parent's, else the common one.
fn chinese_argument(path: &str, id: &str) -> Option<&'static str> {
    let own = ARGUMENTS.iter().find(|(of, argument, _)| *of == path && *argument == id).map(|(_, _, text)| *text);
    match (own, path.is_empty()) {
        (Some(text), _) => Some(text),
        (None, true) => None,
        (None, false) => chinese_argument(path.rsplit_once(' ').map_or("", |(parent, _)| parent), id),
    }
}

/// `linewatch help COMMAND…`
pub fn explain(command: Command, path: &[String], language: Language) -> ExitCode {
    let arguments = ["linewatch"].into_iter().chain(path.iter().map(String::as_str)).chain(["--help"]);
    match command.try_get_matches_from(arguments) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => wrong_use::report(&error, language),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn missing(command: &Command, path: &str, found: &mut Vec<String>) {
        if chinese_about(path).is_none() {
            found.push(format!("ABOUT of `{path}`"));
        }
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            if chinese_argument(path, id).is_none() {
                found.push(format!("ARGUMENTS of `{path}`: {id}"));
            }
            for name in argument.get_value_names().unwrap_or_default() {
                if argument.get_action().takes_values() && placeholder(name) == name.as_str() {
                    found.push(format!("PLACEHOLDERS: {name}"));
                }
            }
        }
        for sub in command.get_subcommands() {
            missing(sub, format!("{path} {}", sub.get_name()).trim_start(), found);
        }
    }

    #[test]
    fn every_command_and_argument_has_chinese_text() {
        let mut found = Vec::new();
        missing(&super::super::Cli::command(), "", &mut found);
        assert!(found.is_empty(), "add to src/cli/help.rs: {found:#?}");
    }

    #[test]
    fn the_tree_is_sound_in_both_languages() {
        for language in [Language::Chinese, Language::English] {
            localize(super::super::Cli::command(), language).debug_assert();
        }
    }
}

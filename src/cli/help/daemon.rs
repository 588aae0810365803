//! The daemon, what asks it, and what watches it.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[
        ("run", "启动监测程序"),
        ("check", "检查配置、线路表和探测权限，说明能发现什么、发现不了什么"),
        ("status", "现在哪里不正常，然后是各类别、各乡镇的合计"),
        ("grafana", "写出 Prometheus、Alertmanager、Grafana 用的文件"),
    ],
    arguments: &[
        ("status", "line", "只看这一条线路，列出详情"),
        ("status", "socket", "监测程序的控制套接字\n[默认：记录库旁边的 control.sock]"),
        ("run", "allow_removal", "线路表比记录库少了超过 5 % 的线路也照样启动，\n少掉的线路记为停用"),
        ("run", "log_json", "日志每行写一个 JSON 对象"),
        ("grafana", "to", "写到这个目录；里面您的文件保留不动，\nGrafana 的告警规则按其中的 Prometheus 告警规则写"),
        ("grafana", "url", "浏览器和手机打开监测程序页面的地址\n[默认：目录里原来的，第一次是 http://127.0.0.1:8401]"),
        (
            "grafana",
            "prometheus",
            "Grafana 访问 Prometheus 的地址\n[默认：目录里原来的，第一次是 http://127.0.0.1:9090]",
        ),
        (
            "grafana",
            "tiles",
            "地图瓦片，如 http://10.1.2.3/tiles/{z}/{x}/{y}.png\n[默认：目录里原来的，第一次没有底图]",
        ),
    ],
    examples: &[
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

第一次写出全部文件；以后再写，只更新面板、说明和 Grafana 的告警规则，其他
（prometheus、alertmanager、provisioning 里的）归您，保留不动。改了
prometheus/linewatch.alerts.yml 以后运行一次，Grafana 的告警规则随之更新，
去掉了的会写进 deleteRules。怎么安装：目录里的 README.zh-CN.md。",
            "Examples:
  linewatch grafana --to watching --url http://10.1.2.3:8401
  linewatch grafana --to watching --tiles http://10.1.2.9/tiles/{z}/{x}/{y}.png

The first time all files are written; later only the dashboards, the guide and
Grafana's alert rules; the others are yours and kept. Run it after a change of
prometheus/linewatch.alerts.yml: Grafana's rules follow, and those that are gone
go into deleteRules. How to install: README.md of that folder.",
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
    ],
};

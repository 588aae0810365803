# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_linewatch_global_optspecs
    string join \n config= lang= store= h/help V/version
end

function __fish_linewatch_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_linewatch_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_linewatch_using_subcommand
    set -l cmd (__fish_linewatch_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c linewatch -n "__fish_linewatch_needs_command" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_needs_command" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_needs_command" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_needs_command" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_needs_command" -s V -l version -d '显示版本'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "run" -d '启动监测程序'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "check" -d '检查配置、线路表和探测权限，说明能发现什么、发现不了什么'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "status" -d '现在哪里不正常，然后是各类别、各乡镇的合计'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "lines" -d '列出线路表，或与办公室的表格互相导入、导出'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "fault" -d '故障：要做什么，做了什么'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "inspect" -d '巡检：到现场看过的线路'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "downtime" -d '计划停机：事先批准的停机'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "outage" -d '中断记录；认定、剔除、更正和审批'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "user" -d '账号：谁能看什么、做什么'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "journal" -d '记录库（证据）：校验、导出、查看链头、重算'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "rollup" -d '一年或任何一段时间的汇总数字'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "explain" -d '一条线路的数字由哪些时间段加起来，供逐笔核对'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "seal" -d '封存一年、一个季度或一个月的数字，以及重算已封存的数字'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "history" -d '其他系统的历史数据'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "grafana" -d '写出 Prometheus、Alertmanager、Grafana 用的文件'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "backup" -d '把记录库备份成一个文件并核对，监测程序不必停'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "restore" -d '先核对备份，再恢复成记录库（原来的必须已经移走）'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "simulate" -d '把一个县一年的线路装进盒子：模拟出记录库，旁边写下真相'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "help" -d '说明 linewatch 或其中一个命令的用法'
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l allow-removal -d '线路表比记录库少了超过 5 % 的线路也照样启动， 少掉的线路记为停用'
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l log-json -d '日志每行写一个 JSON 对象'
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l socket -d '监测程序的控制套接字 [默认：记录库旁边的 control.sock]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l class -d '只列这一类，写类别名或中文名称都行' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l township -d '只列这个乡镇' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l json -d '输出 JSON，键名同线路表的英文列名'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -f -a "import" -d '检查 XLSX 或 CSV 文件，列出改动，确认后写成线路表'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -f -a "export" -d '把线路表导出为 CSV、XLSX 或 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -f -a "diff" -d '看 XLSX 或 CSV 文件与线路表有哪些差别'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l sheet -d '几张工作表都像线路表时，读这一张' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l to -d '写到这个 CSV 文件 [默认：配置里的线路表]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l yes -d '不再询问，直接写入'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l allow-removal -d '减少的线路超过 5% 也写入'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l reload -d '写完后让正在运行的监测程序重新载入'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from export" -l format -d 'csv、xlsx 或 json [默认：按 --out 的扩展名，否则 csv]' -r -f -a "csv\t'Comma separated, UTF-8 with a byte order mark'
xlsx\t'A workbook'
json\t'Objects under the English names of the columns'"
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from export" -l out -d '写到文件，要么完整要么不写 [默认：标准输出]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from export" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from export" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from export" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from export" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l sheet -d '几张工作表都像线路表时，读这一张' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "list" -d '待办的故障，最急的在前'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "show" -d '一个故障的全部情况'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "report" -d '报障：一条线路不能用'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "ack" -d '受理：有人管了'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "dispatch" -d '派单：派了人，或报给了运营商'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "arrive" -d '到场'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "restore" -d '报修复；由探测核实'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "close" -d '关闭，写明原因'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "reopen" -d '重开：没有修好'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "merge" -d '并入另一个故障'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "split" -d '把其中几条线路拆成另一个故障'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "void" -d '误报：没有故障'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "note" -d '补充或更正'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "point" -d '加入或移出一个点位'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "exempt" -d '提出免责，另一个人批准后生效'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and not __fish_seen_subcommand_from list show report ack dispatch arrive restore close reopen merge split void note point exempt villages" -f -a "villages" -d '哪些村报过障，巡检了吗，修好了吗'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l year -d '一年的全部，含已关闭的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l township -d '只列这个乡镇的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l class -d '只列这一类的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l source -d 'detected 自查的，reported 上报的' -r -f -a "detected\t'Probes'
reported\t'People'"
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l channel -d '只列这个来源的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l line -d '只列这条线路的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l search -d '只列含这些文字的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l format -d 'text、csv、xlsx 或 json [默认：按 --out]' -r -f -a "text\t'For reading'
csv\t'For any program'
xlsx\t'For paper'
json\t'For programs'"
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l out -d '写到文件，要么完整要么不写' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l open -d '只列未修复的'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l overdue -d '只列超过时限的'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l to-close -d '只列已修复、待关闭的'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l mine -d '只列我受理、派给我或我报的'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from show" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from show" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from show" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from show" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from show" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l symptom -d '现象，配置里有的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l channel -d '来源 [默认：电话]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l reporter -d '报障人' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l phone -d '回电号码' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l words -d '原话' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l at -d '报障的时间 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from report" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from ack" -l at -d '实际时间 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from ack" -l note -d '备注' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from ack" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from ack" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from ack" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from ack" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from ack" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from ack" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l at -d '实际时间 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l note -d '备注' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l to -d '派给谁' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l ticket -d '运营商的工单号' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from dispatch" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from arrive" -l at -d '实际时间 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from arrive" -l note -d '备注' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from arrive" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from arrive" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from arrive" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from arrive" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from arrive" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from arrive" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from restore" -l at -d '实际时间 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from restore" -l note -d '备注' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from restore" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from restore" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from restore" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from restore" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from restore" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from restore" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l cause -d '原因，如 光缆/施工' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l remedy -d '怎么处理的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l responsibility -d '责任方' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l overdue-reason -d '超时的原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l at -d '实际时间 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from close" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from reopen" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from reopen" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from reopen" -l at -d '什么时候发现的 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from reopen" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from reopen" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from reopen" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from reopen" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from reopen" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from merge" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from merge" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from merge" -l into -d '并入的故障' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from merge" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from merge" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from merge" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from merge" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from merge" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from split" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from split" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from split" -l line -d '拆出的点位；新故障在第一条上' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from split" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from split" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from split" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from split" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from split" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from void" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from void" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from void" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from void" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from void" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from void" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from void" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l words -d '任何补充' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l symptom -d '现象，配置里有的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l ticket -d '运营商的工单号' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l contact -d '现场联系人' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l phone -d '联系电话' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l overdue-reason -d '超时的原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l responsibility -d '责任方' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l cause -d '更正原因（已关闭的）' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l remedy -d '更正处理（已关闭的）' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from note" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -l at -d '从什么时候起 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -l remove -d '不受影响，或不再受影响'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from point" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from exempt" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from exempt" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from exempt" -l document -d '依据的文号' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from exempt" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from exempt" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from exempt" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from exempt" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from exempt" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -l year -d '这一年的报障' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -l channel -d '来源，或 all [默认：乡镇办上报]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -l format -d 'text、csv、xlsx 或 json [默认：按 --out]' -r -f -a "text\t'For reading'
csv\t'For any program'
xlsx\t'For paper'
json\t'For programs'"
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -l out -d '写到文件，要么完整要么不写' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand fault; and __fish_seen_subcommand_from villages" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add list" -f -a "add" -d '登记一次巡检和发现的问题'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add list" -f -a "list" -d '今年或某一年的巡检，最近的在前'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l findings -d '发现的问题 [默认：无异常]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l at -d '什么时候 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l inspector -d '谁去的 [默认：登记的人]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l fault -d '为哪个故障去的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from list" -l year -d '哪一年的 [默认：今年]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from list" -l line -d '只列这条线路的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from list" -l township -d '只列这个乡镇的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from list" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and not __fish_seen_subcommand_from add list cancel" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and not __fish_seen_subcommand_from add list cancel" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and not __fish_seen_subcommand_from add list cancel" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and not __fish_seen_subcommand_from add list cancel" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and not __fish_seen_subcommand_from add list cancel" -f -a "add" -d '登记一次计划停机；登记前已过去的部分转为剔除申请'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and not __fish_seen_subcommand_from add list cancel" -f -a "list" -d '没有结束的计划停机，加 --past 列出全部'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and not __fish_seen_subcommand_from add list cancel" -f -a "cancel" -d '取消一次计划停机，或其余下的部分'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l line -d '一条线路；下联线路只包括因它而断的时间' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l trunk -d '一条线路及经它到达的全部线路' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l township -d '一个乡镇的线路' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l class -d '一个类别的线路，写名称或叫法' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l from -d '从什么时候起 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l to -d '到什么时候为止；只写日期时当天算在内' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l for -d '多长时间，如 4h、1h30m' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l document -d '依据的文号' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l all -d '全部线路'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from add" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from list" -l past -d '已经结束或取消的也列出'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from list" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from cancel" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from cancel" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from cancel" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from cancel" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from cancel" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from cancel" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand downtime; and __fish_seen_subcommand_from cancel" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "list" -d '最近七天或另一段时间的中断，带编号'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "show" -d '一次中断或一项认定、剔除、更正'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "declare" -d '认定一条线路中断（虽有应答），即时生效'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "end" -d '认定的中断已经结束'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "exclude" -d '申请剔除一段时间'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "correct" -d '申请更正一次中断'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "approve" -d '同意另一个人的申请，随即计入'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "reject" -d '不同意另一个人的申请'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "withdraw" -d '撤回一项决定，恢复按证据计算'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and not __fish_seen_subcommand_from list show declare end exclude correct approve reject withdraw exclusions" -f -a "exclusions" -d '认定与剔除台账；给出统计期时附对数字的影响'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from list" -l from -d '从什么时候起 [默认：七天前]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from list" -l to -d '到什么时候为止，当天算在内 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from list" -l open -d '只列没有结束的'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from list" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from show" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from show" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from show" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from show" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from show" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l from -d '从什么时候起' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l to -d '到什么时候为止，当天算在内 [默认：到 outage end 为止]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l document -d '依据的文号' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from declare" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from end" -l at -d '什么时候 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from end" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from end" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from end" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from end" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from end" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from end" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l line -d '一条线路；下联线路只包括因它而断的时间' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l trunk -d '一条线路及经它到达的全部线路' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l township -d '一个乡镇的线路' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l class -d '一个类别的线路，写名称或叫法' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l outage -d '整个一次中断连同因它而断的：中断编号' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l from -d '从什么时候起' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l to -d '到什么时候为止；只写日期时当天算在内' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l document -d '依据的文号' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l all -d '全部线路'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclude" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l from -d '实际从什么时候断' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l to -d '实际到什么时候恢复' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l document -d '依据的文号' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l none -d '不是中断'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from correct" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from approve" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from approve" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from approve" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from approve" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from approve" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from approve" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from reject" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from reject" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from reject" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from reject" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from reject" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from reject" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from reject" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from withdraw" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from withdraw" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from withdraw" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from withdraw" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from withdraw" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from withdraw" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from withdraw" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l year -d '一个自然年' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l quarter -d '一个季度，如 2026-Q3' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l month -d '一个月，如 2026-07' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l from -d '从这一天起，或从这个时刻起（RFC 3339）' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l to -d '到这一天为止（当天算在内），或到这个时刻之前' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l as-of -d '只用到那时为止的记录：日期、时刻、编号或链头' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l pending -d '只列待第二人审批的'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand outage; and __fish_seen_subcommand_from exclusions" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "add" -d '添加账号'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "list" -d '列出账号和令牌'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "role" -d '更改账号的角色'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "disable" -d '停用账号，它的登录和令牌随即作废'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "enable" -d '重新启用账号，要重设密码'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "password" -d '设置账号的密码，以前的登录作废'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "sign-out" -d '让账号在所有地方退出登录，密码和令牌不变'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "sessions" -d '列出账号的登录'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and not __fish_seen_subcommand_from add list role disable enable password sign-out sessions token" -f -a "token" -d '令牌：程序凭它以某个账号的身份访问'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l role -d 'viewer 查看，crew 运维人员， office 乡镇办（只管本乡镇），admin 管理员' -r -f -a "viewer\t''
crew\t''
office\t''
admin\t''"
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l township -d '乡镇办所属的乡镇' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l full-name -d '姓名 [默认：同账号名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l generate -d '生成一次性密码并显示'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l stdin -d '从标准输入读密码，一行'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -l no-password -d '不设密码，只用令牌'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from add" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from list" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from role" -l role -d 'viewer 查看，crew 运维人员， office 乡镇办（只管本乡镇），admin 管理员' -r -f -a "viewer\t''
crew\t''
office\t''
admin\t''"
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from role" -l township -d '乡镇办所属的乡镇' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from role" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from role" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from role" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from role" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from role" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from disable" -l reason -d '原因' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from disable" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from disable" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from disable" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from disable" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from disable" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from enable" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from enable" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from enable" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from enable" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from enable" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from password" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from password" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from password" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from password" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from password" -l generate -d '生成一次性密码并显示'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from password" -l stdin -d '从标准输入读密码，一行'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from password" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sign-out" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sign-out" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sign-out" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sign-out" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sign-out" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sessions" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sessions" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sessions" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sessions" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from sessions" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from token" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from token" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from token" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from token" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from token" -f -a "add" -d '签发令牌并显示，只显示这一次'
complete -c linewatch -n "__fish_linewatch_using_subcommand user; and __fish_seen_subcommand_from token" -f -a "revoke" -d '作废令牌'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and not __fish_seen_subcommand_from verify export head rebuild" -l store -d '记录库文件，例如一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and not __fish_seen_subcommand_from verify export head rebuild" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and not __fish_seen_subcommand_from verify export head rebuild" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and not __fish_seen_subcommand_from verify export head rebuild" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and not __fish_seen_subcommand_from verify export head rebuild" -f -a "verify" -d '重算摘要链，逐条校验记录'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and not __fish_seen_subcommand_from verify export head rebuild" -f -a "export" -d '按原样逐字节导出记录，每行一条 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and not __fish_seen_subcommand_from verify export head rebuild" -f -a "head" -d '打印链头（最后一条记录的编号、摘要和时间），供机外留存'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and not __fish_seen_subcommand_from verify export head rebuild" -f -a "rebuild" -d '从头重算全部记录，与已存的结果逐行比较'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from verify" -l head -d '机外留存的链头，核对记录库里是否仍有它' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from verify" -l store -d '记录库文件，例如一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from verify" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from verify" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from verify" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from verify" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from export" -l from -d '从哪一条开始 [默认：1]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from export" -l to -d '到哪一条为止 [默认：最后一条]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from export" -l out -d '写到文件，要么完整要么不写 [默认：标准输出]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from export" -l store -d '记录库文件，例如一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from export" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from export" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from export" -l digests -d '每行写成 {"digest":…,"record":…}'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from export" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from head" -l store -d '记录库文件，例如一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from head" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from head" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from head" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from head" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from rebuild" -l store -d '记录库文件，例如一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from rebuild" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from rebuild" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from rebuild" -l write -d '用重算的结果替换不一致的已存结果'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from rebuild" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand journal; and __fish_seen_subcommand_from rebuild" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l year -d '一个自然年' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l quarter -d '一个季度，如 2026-Q3' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l month -d '一个月，如 2026-07' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l from -d '从这一天起，或从这个时刻起（RFC 3339）' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l to -d '到这一天为止（当天算在内），或到这个时刻之前' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l as-of -d '只用到那时为止的记录：日期、时刻、记录编号或链头' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l format -d 'text csv json xlsx docx html [默认：看 --out 扩展名]' -r -f -a "text\t'For reading'
csv\t'For a spreadsheet'
json\t'For programs'
xlsx\t'For a spreadsheet: every figure a formula over the detail'
docx\t'For a word processor, with forms and pictures'
html\t'For a browser: the same, in one file'"
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l out -d '写到文件，要么完整要么不写 [默认：标准输出]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l selfeval -d '自评表的样式和指标 [默认：按配置，或自带的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l budget -d '全年预算数（调整后），代替样式文件里的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l executed -d '全年执行数' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -l verify -d '先逐条校验摘要链'
complete -c linewatch -n "__fish_linewatch_using_subcommand rollup" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l year -d '一个自然年' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l quarter -d '一个季度，如 2026-Q3' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l month -d '一个月，如 2026-07' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l from -d '从这一天起，或从这个时刻起（RFC 3339）' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l to -d '到这一天为止（当天算在内），或到这个时刻之前' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l as-of -d '只用到那时为止的记录：日期、时刻、记录编号或链头' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l out -d '写到文件，要么完整要么不写 [默认：标准输出]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand explain" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l year -d '一个自然年' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l quarter -d '一个季度，如 2026-Q3' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l month -d '一个月，如 2026-07' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l revise -d '之后的记录改变了数字时，封存修订版'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -f -a "list" -d '已封存的统计期'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and not __fish_seen_subcommand_from list verify" -f -a "verify" -d '校验摘要链并重算全部封存；有不一致时退出码为 1'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from list" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from verify" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from verify" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from verify" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from verify" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand seal; and __fish_seen_subcommand_from verify" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and not __fish_seen_subcommand_from import list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and not __fish_seen_subcommand_from import list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and not __fish_seen_subcommand_from import list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and not __fish_seen_subcommand_from import list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and not __fish_seen_subcommand_from import list" -f -a "import" -d '导入一个文件，每行一个 JSON 对象，要么全部导入要么不导入'
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and not __fish_seen_subcommand_from import list" -f -a "list" -d '导入过的文件'
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from import" -l source -d '数据来自哪个系统' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from import" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from import" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from import" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from import" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from import" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from import" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from list" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from list" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from list" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from list" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand history; and __fish_seen_subcommand_from list" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand grafana" -l to -d '写到这个目录；里面您的文件保留不动， Grafana 的告警规则按其中的 Prometheus 告警规则写' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand grafana" -l url -d '浏览器和手机打开监测程序页面的地址 [默认：目录里原来的，第一次是 http://127.0.0.1:8401]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand grafana" -l prometheus -d 'Grafana 访问 Prometheus 的地址 [默认：目录里原来的，第一次是 http://127.0.0.1:9090]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand grafana" -l tiles -d '地图瓦片，如 http://10.1.2.3/tiles/{z}/{x}/{y}.png [默认：目录里原来的，第一次没有底图]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand grafana" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand grafana" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand grafana" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand grafana" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l to -d '备份文件，或者放备份的目录 [默认：记录库旁边的 backups 目录]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l to -d '恢复到这里 [默认：配置里的记录库]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l year -d '要模拟的自然年' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l days -d '只模拟年初的这么多天' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l seed -d '种子相同，结果逐字节相同 [默认：1]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l store -d '要写（或要核对）的记录库；真相写在旁边的 FILE.truth.jsonl [--live 的默认：配置的记录库旁边的 simulated/journal.db]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l scenario -d '什么事多久发生一次 [默认：与办公室的一年相仿]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l speed -d '模拟的县比时钟快多少倍，1 到 3600 [默认：100]；监测 本身按真实时间进行' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l check -d '拿记录和指标与真相核对；不带 --year 就只核对'
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l live -d '运行守护进程，由模拟的县代替网络应答；不需要任何权限'
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l alone -d '县里没有别人动手：报障和抢修都由您来做'
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand simulate" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand help" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand help" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand help" -l store -d '改用这个记录库，例如模拟的或一份备份 [默认：配置里的]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand help" -s h -l help -d '显示帮助'

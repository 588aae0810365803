# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_linewatch_global_optspecs
    string join \n config= lang= h/help V/version
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
complete -c linewatch -n "__fish_linewatch_needs_command" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_needs_command" -s V -l version -d '显示版本'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "run" -d '启动监测程序'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "check" -d '检查配置、线路表和探测权限，说明能发现什么、发现不了什么'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "status" -d '现在哪里不正常，然后是各类别、各乡镇的合计'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "lines" -d '列出线路表，或与办公室的表格互相导入、导出'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "inspect" -d '巡检：到现场看过的线路'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "journal" -d '记录库（证据）：校验、导出、查看链头、重算'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "backup" -d '把记录库备份成一个文件并核对，监测程序不必停'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "restore" -d '先核对备份，再恢复成记录库（原来的必须已经移走）'
complete -c linewatch -n "__fish_linewatch_needs_command" -f -a "help" -d '说明 linewatch 或其中一个命令的用法'
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l allow-removal -d '线路表比记录库少了超过 5 % 的线路也照样启动， 少掉的线路记为停用'
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -l log-json -d '日志每行写一个 JSON 对象'
complete -c linewatch -n "__fish_linewatch_using_subcommand run" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand check" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l socket -d '监测程序的控制套接字 [默认：记录库旁边的 control.sock]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand status" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l class -d '只列这一类，写类别名或中文名称都行' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l township -d '只列这个乡镇' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -l json -d '输出 JSON，键名同线路表的英文列名'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -f -a "import" -d '检查 XLSX 或 CSV 文件，列出改动，确认后写成线路表'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -f -a "export" -d '把线路表导出为 CSV、XLSX 或 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and not __fish_seen_subcommand_from import export diff" -f -a "diff" -d '看 XLSX 或 CSV 文件与线路表有哪些差别'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l sheet -d '几张工作表都像线路表时，读这一张' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l to -d '写到这个 CSV 文件 [默认：配置里的线路表]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from import" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
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
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from export" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l sheet -d '几张工作表都像线路表时，读这一张' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand lines; and __fish_seen_subcommand_from diff" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and not __fish_seen_subcommand_from add" -f -a "add" -d '登记一次巡检和发现的问题'
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l findings -d '发现的问题 [默认：无异常]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l at -d '什么时候 [默认：现在]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l inspector -d '谁去的 [默认：登记的人]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l fault -d '为哪个故障去的' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l by -d '谁说的，即记录的作者 [默认：登录名]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand inspect; and __fish_seen_subcommand_from add" -s h -l help -d '显示帮助'
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
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l to -d '备份文件，或者放备份的目录 [默认：记录库旁边的 backups 目录]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand backup" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l to -d '恢复到这里 [默认：配置里的记录库]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -l json -d '输出 JSON'
complete -c linewatch -n "__fish_linewatch_using_subcommand restore" -s h -l help -d '显示帮助'
complete -c linewatch -n "__fish_linewatch_using_subcommand help" -l config -d '配置文件 [默认：config/linewatch.toml， 没有则用 /etc/linewatch/linewatch.toml]' -r -F
complete -c linewatch -n "__fish_linewatch_using_subcommand help" -l lang -d '输出的语言：zh-CN 或 en [默认：配置里的语言]' -r
complete -c linewatch -n "__fish_linewatch_using_subcommand help" -s h -l help -d '显示帮助'

//! The monitor itself and the chain of alerts.

use super::Subject;

pub(super) const SUBJECTS: &[Subject] = &[
    Subject {
        alerts: &["LinewatchDaemonAbsent"],
        title: ("抓不到监测程序", "The daemon cannot be scraped"),
        meaning: &[
            (
                "Prometheus 一分钟以上抓不到监测程序。停着的时间对所有线路都算未观测。",
                "Prometheus has not reached the daemon for a minute. The time it does not run is undetermined for every line.",
            ),
            (
                "原来在响的线路告警和故障告警保持原样，直到监测程序回来：没人看见的恢复不会报。",
                "Alerts of lines and faults stay as they were until it is back: no repair is announced that nobody saw.",
            ),
        ],
        look: &[
            (
                "监测机开着吗，网通吗：systemctl status linewatch，journalctl -u linewatch -n 50。",
                "Is the machine up and reachable: systemctl status linewatch, journalctl -u linewatch -n 50.",
            ),
            ("监听地址和 Prometheus 里写的是不是一样。", "Whether [http] listen and Prometheus' target agree."),
        ],
        act: &[(
            "启动：systemctl start linewatch。起不来时最后一行日志写着原因和办法。",
            "systemctl start linewatch. If it does not start, the last line of its log says why and what to do.",
        )],
    },
    Subject {
        alerts: &["LinewatchMonitorBlind"],
        title: ("监测端失明", "The monitor is blind"),
        meaning: &[(
            "所有线路和参照地址都没有应答，不可能是几百条线路同时断。断的是监测端自己的网络。这段时间算未观测，不开故障。",
            "Nothing answers at all. It is the monitor's own network, not hundreds of lines. The time is undetermined and opens no fault.",
        )],
        look: &[(
            "监测机的网线、网卡灯、接入交换机、网关；ping 参照地址。",
            "Its cable, link lights, access switch and gateway; ping the references.",
        )],
        act: &[(
            "把监测机的网络修好，告警自己会停。不要因此派人去查线路。",
            "Mend the monitor's network; the alert ends by itself. Send nobody to any line for it.",
        )],
    },
    Subject {
        alerts: &["LinewatchReferenceDown"],
        title: ("参照地址不通", "A reference does not answer"),
        meaning: &[(
            "参照地址是监测端网络正常时一定有应答的地址，用来分清是线路断了还是监测端断了。它五分钟没有应答。",
            "A reference answers whenever the monitor's own network is sound; it tells a cut line from a cut monitor. This one has been silent for five minutes.",
        )],
        look: &[(
            "这台设备是不是停了、换了地址，或者开始禁 ping。",
            "Whether that device is off, has moved, or drops pings now.",
        )],
        act: &[(
            "修好它，或在配置的 [references] 里换一个，再重载。最好有两三个。",
            "Mend it, or name another in [references] and reload. Two or three are best.",
        )],
    },
    Subject {
        alerts: &["LinewatchProbesUnsent"],
        title: ("探测发不出去", "Probes cannot be sent"),
        meaning: &[(
            "监测机自己发不出探测：没有路由、没有权限、缓冲区满、描述符用完，或域名解析不了。不算线路的错；那些线路那时算未观测。",
            "The monitor could not send: no route, no permission, no buffer, no descriptor, or a name that does not resolve. Not the line's fault; such time is undetermined.",
        )],
        look: &[(
            "告警里的原因（cause）；linewatch check；ip route；ulimit -n。",
            "The cause in the alert; linewatch check; ip route; ulimit -n.",
        )],
        act: &[(
            "按原因修：no_route 查路由和网卡，permission 查权限，unresolved 查域名，buffer 和 descriptors 查资源限制。",
            "By cause: routes and link, permission, name service, limits.",
        )],
    },
    Subject {
        alerts: &["LinewatchProbesLate"],
        title: ("探测晚点", "Probes are late"),
        meaning: &[(
            "百分之一的探测晚发了 200 毫秒以上：监测机忙不过来。中断的起止会不准。",
            "One probe in a hundred left more than 200 ms late: the machine is too busy, and edges of outages lose their sharpness.",
        )],
        look: &[(
            "监测自身面板的 CPU 和「探测晚发了多少」；top 里谁在占 CPU；虚拟机有没有被挤。",
            "CPU and lateness on the dashboard; what takes the CPU; a crowded virtual machine?",
        )],
        act: &[("挪走别的程序，加 CPU，或把探测间隔放宽。", "Move other programs away, add CPU, or probe less often.")],
    },
    Subject {
        alerts: &["LinewatchJournalFailing", "LinewatchHeartbeatStale"],
        title: ("记录写不进、心跳停了", "The journal cannot be written"),
        meaning: &[
            (
                "记录库写不进去。监测程序继续探测，按顺序重试；没写进去的不显示。拖得太久，时间算未观测（原因：记录库）。",
                "Records cannot be appended. Probing goes on and appends are tried again in order; what is not written is not shown. After long, time is undetermined with the cause journal.",
            ),
            (
                "只有心跳停了而记录库正常：看监测循环，再核对监测机和 Prometheus 的时钟是不是差了两分钟。",
                "If only the heartbeat is old: look at the loop, and whether the clocks of both machines differ by two minutes.",
            ),
        ],
        look: &[(
            "df -h 和 df -i 看磁盘；日志里的错误；记录库所在的盘是不是只读了。",
            "df -h, df -i; the error in the log; whether the disk went read-only.",
        )],
        act: &[(
            "腾出空间或修好磁盘，不用重启：写得进去时会自己补写。然后运行 linewatch journal verify。",
            "Make room or mend the disk; no restart is needed. Then run linewatch journal verify.",
        )],
    },
    Subject {
        alerts: &["LinewatchClockStepped", "LinewatchMonitorMuted"],
        title: ("时钟被拨动、不在记录", "The clock was set; nothing is recorded"),
        meaning: &[
            (
                "监测机的时钟跳了一秒以上。跳过或重复的那一段对所有线路算未观测，记录里两个读数都有。",
                "The clock jumped by more than a second. The span skipped or repeated is undetermined for all lines; the record keeps both readings.",
            ),
            (
                "时钟比最后一条记录还早时，监测程序只看不记，直到时钟走过那一刻。",
                "While the clock is behind the last record, the daemon watches but records nothing.",
            ),
        ],
        look: &[(
            "timedatectl；对时源是不是好的；虚拟机是不是从快照恢复的。",
            "timedatectl; the time source; a virtual machine restored from a snapshot?",
        )],
        act: &[(
            "用 chrony 平滑对时，不要手工改时间。时钟对准后若还不记录，重启监测程序。",
            "Use chrony, which slews; do not set the clock by hand. Restart the daemon if it still records nothing once the clock is right.",
        )],
    },
    Subject {
        alerts: &["LinewatchReloadFailed"],
        title: ("重新载入失败", "A reload failed"),
        meaning: &[(
            "新的配置或线路表有错，没有生效，监测程序还在用旧的那一份。",
            "The new configuration or inventory has mistakes; the old ones stay in force.",
        )],
        look: &[(
            "linewatch check 一次列出所有错误，连同行号和建议；linewatch status 里也写着。",
            "linewatch check lists all mistakes with line and suggestion; linewatch status says so too.",
        )],
        act: &[(
            "改好后再重载：systemctl reload linewatch。减少的线路超过 5% 时要明确同意，见 README。",
            "Correct them and systemctl reload linewatch. If more than 5 % of the lines would go, it wants an explicit yes: see the README.",
        )],
    },
    Subject {
        alerts: &["Watchdog"],
        title: ("值守信号", "Watchdog"),
        meaning: &[(
            "这条告警永远在响，每隔几分钟发一次，证明从 Prometheus 到发送通道整条链路是通的。它断了才是出了事。",
            "Always firing, sent every few minutes: it proves the whole chain from Prometheus to the gateway. Its absence is the alarm.",
        )],
        look: &[(
            "收不到时依次看：Prometheus 在不在，Alertmanager 在不在，网关在不在。",
            "If it stays away: is Prometheus up, is Alertmanager up, is the gateway up?",
        )],
        act: &[(
            "让接收的一方（短信网关或另一台机器上的脚本）十分钟没收到就报警。",
            "Let whoever receives it (the gateway, or a script on another machine) cry out after ten minutes without it.",
        )],
    },
];

//! Lines and faults.

use super::Subject;

pub(super) const SUBJECTS: &[Subject] = &[
    Subject {
        alerts: &["LinewatchTrunkDown"],
        title: ("主干线路中断", "A trunk is down"),
        meaning: &[
            (
                "一条下面直接挂着三条以上线路的线路自己断了。下面的线路一并不通，但不再逐条告警：它们的中断归于上联，合成一个故障。",
                "A line that carries three lines or more is down on its own. The lines below are cut off and are not told one by one: their outages are the upstream's, and there is one fault.",
            ),
            (
                "时间是第一个没有应答的探测发出的时刻，不是告警发出的时刻。",
                "The time is that of the first unanswered probe, not that of the alert.",
            ),
        ],
        look: &[
            (
                "总览页上这条线路的条目：随之中断多少条，是不是同一个机房、同一个运营商。",
                "Its entry on the overview: how many lines it cuts off, and whether they share a building or a carrier.",
            ),
            (
                "附近别的主干是不是好的：都断了，可能是核心机房或市电。",
                "Whether other trunks nearby are up: if not, think of the core site or of mains power.",
            ),
        ],
        act: &[
            (
                "打电话问机房：有没有停电，设备灯亮不亮，有没有人施工。",
                "Call the site: power, lights on the equipment, works nearby.",
            ),
            (
                "租用的电路，报运营商，报电路编号；自己的光缆，派人带光时域反射仪去查断点。",
                "A leased circuit: report it to the carrier with its circuit number. An own fibre: send a crew with a reflectometer.",
            ),
            (
                "修好以后不用手动消警：线路连续应答，五分钟后发「恢复」。上联通了还不通的下级线路会另外告警。",
                "Nothing is to be acknowledged: five minutes after the line answers again, the repair is announced. Lines below that stay down are told then.",
            ),
        ],
    },
    Subject {
        alerts: &[
            "LinewatchTownshipLineDown",
            "LinewatchVillageLineDown",
            "LinewatchSurveillanceLineDown",
            "LinewatchOtherLineDown",
        ],
        title: ("线路中断", "A line is down"),
        meaning: &[
            (
                "这一条线路连续丢失探测，而同一时间别的线路有应答：断的是它自己，不是监测端，也不是它的上联。",
                "This line lost probe after probe while others answered: it is the line itself, neither the monitor nor its upstream.",
            ),
            (
                "监测程序停了、失明、重启，都不会让这条告警报「恢复」；只有真的又有应答才会。",
                "A daemon that stops, goes blind or starts again never ends this alert; only answers do.",
            ),
        ],
        look: &[
            (
                "线路页面：中断从哪一刻到哪一刻之间开始，之前有没有丢包、变慢。",
                "The line's page: between which instants it began, and whether it was lossy or slow before.",
            ),
            (
                "同一个村、同一个路口的别的线路：一起断的，多半是停电。",
                "Other lines of the same place: if they went together, think of power.",
            ),
        ],
        act: &[
            (
                "先打电话：停电没有，光猫、摄像机的灯亮不亮，重启一次设备。",
                "Call first: power, lights, restart the device once.",
            ),
            (
                "还不通就派人，或报运营商。修复时限从中断开始算：区直及乡镇 4 小时，其余 12 小时（以配置为准）。",
                "Else send somebody, or report it to the carrier. The deadline runs from the start of the outage: 4 hours for township lines, 12 for others, unless configured otherwise.",
            ),
        ],
    },
    Subject {
        alerts: &["LinewatchManyLinesDown"],
        title: ("大面积中断", "Many lines at once"),
        meaning: &[(
            "15 分钟里有十条以上的线路各自断了，而且不挂在同一条断了的主干下面。多半有一个共同的原因。",
            "Ten lines or more went down within 15 minutes, each on its own and not below one cut trunk. There is probably one cause.",
        )],
        look: &[
            (
                "总览里按乡镇看：集中在一个乡镇，想停电、施工；分散在各处，想运营商局端、核心机房、监测端的网络。",
                "The overview by township: one township means power or works; all of them means carrier, core site or the monitor's own network.",
            ),
            (
                "监测自身面板：参照地址通不通，探测有没有发不出去。",
                "The monitor's dashboard: do references answer, are probes unsent.",
            ),
        ],
        act: &[(
            "先找共同点，再派人。通知值班负责人，并问供电所和运营商。",
            "Find what they share before sending anybody. Tell whoever is in charge; ask the power company and the carrier.",
        )],
    },
    Subject {
        alerts: &["LinewatchLineFlapping"],
        title: ("线路时断时续", "A line is flapping"),
        meaning: &[(
            "线路在短时间里反复中断又恢复。它只是一个提示，不改变中断时间的计算。上联也在抖动的线路不另外告警。",
            "The line goes down and comes back again and again. A flag only: it changes no figure. Lines below a flapping one are not told.",
        )],
        look: &[(
            "线路页面的每小时丢包和时延：是不是固定时段、下雨、高温时才有。",
            "The hourly loss and delay on its page: certain hours, rain, heat?",
        )],
        act: &[(
            "查接头、光功率、光猫供电；换跳线、换端口，一次换一样。",
            "Check connectors, optical power and the supply; change patch cord or port, one thing at a time.",
        )],
    },
    Subject {
        alerts: &["LinewatchLineLossy"],
        title: ("线路丢包", "A line loses packets"),
        meaning: &[(
            "最近 15 分钟丢了 5% 以上的探测，但没有断。刚断过的线路 20 分钟内不算。",
            "More than 5 % of the probes of 15 minutes were lost without an outage. Not told within 20 minutes of an outage.",
        )],
        look: &[(
            "丢包是不是和带宽占满同时出现；同一运营商的别的线路有没有。",
            "Whether it comes with a full circuit, and whether other lines of the same carrier have it.",
        )],
        act: &[(
            "查光功率和接头；租用电路把线路页面上的每小时丢包给运营商看。",
            "Check optical power and connectors; show the carrier the hourly figures.",
        )],
    },
    Subject {
        alerts: &["LinewatchLineSlow"],
        title: ("线路变慢", "A line is slow"),
        meaning: &[(
            "时延是前一天中位数的两倍以上，而且多了 20 毫秒以上。",
            "The delay is more than twice the median of the day before, and more than 20 ms above it.",
        )],
        look: &[("是不是上班时段带宽占满，是不是运营商改了路由。", "Full circuit in office hours, or another route?")],
        act: &[(
            "不影响连通率。持续几天的，报运营商或扩容。",
            "It does not count as down. If it lasts for days, talk to the carrier or order more bandwidth.",
        )],
    },
    Subject {
        alerts: &["LinewatchLineUnobserved"],
        title: ("线路长时间未观测", "A line is not observed"),
        meaning: &[(
            "半小时以来不知道这条线路好坏。不算通也不算断，但覆盖率低于 95% 的线路年底算「证据不足」。",
            "For half an hour nobody knows how it is. Neither up nor down; but with a coverage below 95 % a line is unproven at the end of the year.",
        )],
        look: &[(
            "线路页面上写的原因：域名解析不了、没有路由、探测发不出，或者刚加进来。",
            "The cause on its page: name not resolved, no route, probes unsent, or new.",
        )],
        act: &[(
            "在监测机上 ping 一次；修好域名或路由；地址写错了就改线路表再重载。",
            "Ping it from the monitor; mend name service or routes; correct the inventory and reload if the address is wrong.",
        )],
    },
    Subject {
        alerts: &["LinewatchFaultDueSoon", "LinewatchFaultOverdue"],
        title: ("故障临近或超过修复时限", "A fault is near or past its deadline"),
        meaning: &[
            (
                "修复时限从中断开始（或报障，取早的）算起。剩一小时提醒一次，过了时限再报一次。",
                "The deadline runs from the outage's start or the report, whichever is earlier. Told an hour before, and again when it has passed.",
            ),
            ("超过时限的故障会拉低故障修复及时率。", "An overdue fault lowers the share of repairs in time."),
        ],
        look: &[("故障页面：现在到哪一步，谁在处理。", "The fault's page: which step it is at, and who has it.")],
        act: &[(
            "负责人过问；需要运营商的催运营商；把超时的原因写进故障。",
            "Whoever is in charge takes it up, presses the carrier, and has the reason written into the fault.",
        )],
    },
];

//! What all commands share.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[
        ("", "监测光纤线路，留存中断和修复的证据，把一年里的每一毫秒都算清楚。"),
        ("help", "说明 linewatch 或其中一个命令的用法"),
    ],
    arguments: &[
        ("", "config", "配置文件 [默认：config/linewatch.toml，\n没有则用 /etc/linewatch/linewatch.toml]"),
        ("", "lang", "输出的语言：zh-CN 或 en [默认：配置里的语言]"),
        ("", "store", "改用这个记录库，例如模拟的或一份备份\n[默认：配置里的]"),
        ("", "help", "显示帮助"),
        ("", "version", "显示版本"),
        ("", "json", "输出 JSON"),
        ("", "by", "谁说的，即记录的作者 [默认：登录名]"),
        ("help", "commands", "要说明的命令"),
    ],
    examples: &[(
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
    )],
};

//! The evidence and its copies.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[
        ("journal", "记录库（证据）：校验、导出、查看链头、重算"),
        ("journal verify", "重算摘要链，逐条校验记录"),
        ("journal export", "按原样逐字节导出记录，每行一条 JSON"),
        ("journal head", "打印链头（最后一条记录的编号、摘要和时间），供机外留存"),
        ("journal rebuild", "从头重算全部记录，与已存的结果逐行比较"),
        ("backup", "把记录库备份成一个文件并核对，监测程序不必停"),
        ("restore", "先核对备份，再恢复成记录库（原来的必须已经移走）"),
    ],
    arguments: &[
        ("journal", "store", "记录库文件，例如一份备份 [默认：配置里的]"),
        ("journal verify", "head", "机外留存的链头，核对记录库里是否仍有它"),
        ("journal export", "from", "从哪一条开始 [默认：1]"),
        ("journal export", "to", "到哪一条为止 [默认：最后一条]"),
        ("journal export", "out", "写到文件，要么完整要么不写 [默认：标准输出]"),
        ("journal export", "digests", "每行写成 {\"digest\":…,\"record\":…}"),
        ("journal rebuild", "write", "用重算的结果替换不一致的已存结果"),
        ("backup", "to", "备份文件，或者放备份的目录\n[默认：记录库旁边的 backups 目录]"),
        ("restore", "backup", "linewatch backup 做出的文件"),
        ("restore", "to", "恢复到这里 [默认：配置里的记录库]"),
    ],
    examples: &[
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
    ],
};

//! Refusals about imports and seals, which only commands ask for.

use linewatch_core::ledger::{ImportObjection, SealObjection};

use super::medium::{Medium, Voice};

pub(super) fn import(objection: &ImportObjection, say: Voice) -> String {
    match objection {
        ImportObjection::Twice(file) => {
            let twice = say.pick(
                format!("{file} 的内容以前已经导入过，没有再导入"),
                format!("what {file} contains was imported before, nothing was imported now"),
            );
            let list = match say.medium {
                Medium::Shell => {
                    say.pick("；linewatch history list 列出导入过的文件", "; `linewatch history list` lists the files")
                }
                // Only a command imports.
                Medium::Page | Medium::Api => "",
            };
            twice + list
        }
        ImportObjection::Nothing(file) => {
            say.pick(format!("{file} 里没有可导入的内容"), format!("{file} contains nothing to import"))
        }
        ImportObjection::NotYet { place, at, now } => {
            let (number, at, now) = (place + 1, say.moment(*at), say.moment(*now));
            say.pick(
                format!("第 {number} 条说的 {at} 还没有到（现在是 {now}），没有导入任何内容"),
                format!("item {number} speaks of {at}, which has not come yet (it is {now}); nothing was imported"),
            )
        }
    }
}

pub(super) fn seal(objection: &SealObjection, say: Voice) -> String {
    match objection {
        SealObjection::NotOver { name, end, now } => {
            let (end, now) = (say.moment(*end), say.moment(*now));
            say.pick(
                format!("{name} 到 {end} 才结束（现在是 {now}），结束以后才能封存"),
                format!("{name} is over at {end} only (it is {now}): it can be sealed then"),
            )
        }
        SealObjection::UnknownHead(seq) => say.pick(
            format!("记录库里没有第 {seq} 条记录，不能按它封存"),
            format!("the journal has no record {seq} to seal by"),
        ),
        SealObjection::Sealed { name, revision: 0 } => say.pick(
            format!("{name} 还没有封存过，第一次封存是第 1 版"),
            format!("{name} is not sealed: its first seal is revision 1"),
        ),
        SealObjection::Sealed { name, revision } => {
            let sealed = say.pick(
                format!("{name} 已经封存（第 {revision} 版）"),
                format!("{name} is sealed (revision {revision})"),
            );
            let revise = match say.medium {
                Medium::Shell => say.pick(
                    "；之后的记录改变了数字时，用 --revise 封存修订版",
                    "; when later records change its figures, seal a revision with --revise",
                ),
                // Only a command seals.
                Medium::Page | Medium::Api => "",
            };
            sealed + revise
        }
    }
}

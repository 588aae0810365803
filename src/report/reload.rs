//! What became of a reload, for the log, the one who asked over HTTP, and the command line.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// What became of a reload of configuration and inventory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reloaded {
    /// Everything is in force and recorded.
    TakenOver {
        /// Lines in the inventory now.
        lines: usize,
        /// Of these, lines that were not there before.
        new: usize,
        /// Lines that were there and are no more.
        gone: usize,
        /// Lines of which the inventory says something else.
        changed: usize,
        /// Settings that were changed and stay as they were until the next start, such as `[http] listen`.
        needs_restart: Vec<String>,
    },
    /// More than 5 % of the lines would go, and nobody said yes.
    TooManyRemoved {
        /// How many.
        removed: usize,
        /// Of how many.
        lines: usize,
    },
    /// Configuration or inventory cannot be read or have mistakes.
    Mistakes {
        /// The report in 中文.
        chinese: String,
        /// The report in English.
        english: String,
    },
    /// The clock is behind the last record, so that nothing can be recorded yet.
    ClockBehind,
    /// Too many reloads are waiting already.
    Busy,
    /// Checked, but not recorded in time; it comes into force as soon as the journal can be written.
    Waiting,
}

impl Reloaded {
    /// Whether what was asked for is in force.
    pub fn is_taken_over(&self) -> bool {
        match self {
            Self::TakenOver { .. } => true,
            Self::TooManyRemoved { .. } | Self::Mistakes { .. } | Self::ClockBehind | Self::Busy | Self::Waiting => {
                false
            }
        }
    }

    /// What became of it and what to do, several lines for mistakes, without a line break at the end.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::TakenOver { lines, new, gone, changed, needs_restart } => {
                let mut text = if new + gone + changed == 0 {
                    format!("已重新载入：线路没有变化，共 {lines} 条。")
                } else {
                    format!("已重新载入：新增 {new} 条，减少 {gone} 条，修改 {changed} 条，现共 {lines} 条。")
                };
                let notes = needs_restart.iter().map(|key| format!("\n注意：{key} 的改动要重新启动才生效。"));
                text.extend(notes);
                text
            }
            Self::TooManyRemoved { removed, lines } => format!(
                "没有载入：线路表比记录中少了 {removed} 条线路（共 {lines} 条，超过 5%）。请核对线路表；\
                 确实要停用这些线路，请加 allow_removal=yes（命令行加 --allow-removal）再载入。"
            ),
            Self::Mistakes { chinese, .. } => format!("没有载入，沿用原来的配置和线路表。\n{chinese}"),
            Self::ClockBehind => {
                "没有载入：本机时钟早于最后一条记录，现在不能记录；请校准时钟，等时间过了再试。".to_owned()
            }
            Self::Busy => "没有载入：还有几次重新载入没有完成，请稍后再试。".to_owned(),
            Self::Waiting => {
                "已检查无误，但记录暂时写不进去；一旦能写入就会生效。请用 linewatch status 查看。".to_owned()
            }
        }
    }

    fn english(&self) -> String {
        match self {
            Self::TakenOver { lines, new, gone, changed, needs_restart } => {
                let mut text = format!("reloaded: {new} new, {gone} gone, {changed} changed; {lines} lines now");
                let notes = needs_restart.iter().map(|key| format!("\nwarning: the change of {key} needs a restart"));
                text.extend(notes);
                text
            }
            Self::TooManyRemoved { removed, lines } => format!(
                "not reloaded: the inventory lacks {removed} of the {lines} lines on record, more than 5 %. Check the \
                 file; if these lines really are to go, reload with allow_removal=yes (a command: --allow-removal)"
            ),
            Self::Mistakes { english, .. } => {
                format!("not reloaded, configuration and inventory stay as they were\n{english}")
            }
            Self::ClockBehind => "not reloaded: the clock is behind the last record, so that nothing can be recorded; \
                                  set the clock and try again once it has passed"
                .to_owned(),
            Self::Busy => "not reloaded: several reloads are waiting already, try again soon".to_owned(),
            Self::Waiting => "checked, but the journal cannot be written now; it comes into force as soon as it can: \
                              see linewatch status"
                .to_owned(),
        }
    }
}

//! What may be done about a fault next.

use linewatch_core::ledger::Stage;
use serde::Serialize;

use crate::language::Language;

/// Something that a person may do about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// Take care of it.
    Acknowledge,
    /// Send somebody, or call the carrier.
    Dispatch,
    /// Be on the spot.
    Arrive,
    /// Say that it is restored.
    Restore,
    /// Close it with its cause.
    Close,
    /// Say that it is not restored.
    Reopen,
    /// Add something, or put it right.
    Note,
    /// Say that it is part of another.
    Merge,
    /// Take some of its points apart.
    Split,
    /// Say that there was none.
    Void,
}

impl Next {
    /// What is allowed, the most likely first. `down`: the line is down by the probes, so that it can neither be closed
    /// nor be none; what is said to be restored is kept and does not count yet.
    pub fn of(stage: Stage, contradicted: bool, down: bool) -> Vec<Self> {
        let steps: &[Self] = match stage {
            Stage::Open => &[Self::Acknowledge, Self::Dispatch, Self::Arrive, Self::Restore],
            Stage::Acknowledged => &[Self::Dispatch, Self::Arrive, Self::Restore],
            Stage::Dispatched => &[Self::Arrive, Self::Restore, Self::Dispatch],
            Stage::OnSite => &[Self::Restore, Self::Dispatch],
            Stage::Restored => &[Self::Close, Self::Reopen],
            Stage::Closed | Stage::Void => &[Self::Reopen],
        };
        let mut next = steps.to_vec();
        if contradicted {
            // It was said once; somebody has to go again.
            next.sort_by_key(|step| *step == Self::Restore);
        }
        if stage.is_open() {
            if !down {
                next.push(Self::Close);
            }
            next.extend([Self::Merge, Self::Split]);
        }
        if !stage.is_settled() && !down {
            next.push(Self::Void);
        }
        next.push(Self::Note);
        next
    }

    /// The word on a button.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Self::Acknowledge => language.pick("受理", "acknowledge"),
            Self::Dispatch => language.pick("派单", "dispatch"),
            Self::Arrive => language.pick("到场", "arrive"),
            Self::Restore => language.pick("报修复", "restore"),
            Self::Close => language.pick("关闭", "close"),
            Self::Reopen => language.pick("重开", "reopen"),
            Self::Note => language.pick("补充", "note"),
            Self::Merge => language.pick("并入", "merge"),
            Self::Split => language.pick("拆分", "split"),
            Self::Void => language.pick("误报", "void"),
        }
    }
}

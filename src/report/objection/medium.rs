//! Where a refusal is shown. What is wrong is the same everywhere; what to do about it is said in the words of the
//! place: the option of a command, the label of a field, the member of a document.

use chrono_tz::Tz;
use linewatch_core::record::{AccountName, DecisionId, FaultNo, PlannedId};
use linewatch_core::time::Timestamp;

use crate::language::Language;

/// Where a refusal is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// To whoever typed a command.
    Shell,
    /// On a page, above the form that was sent.
    Page,
    /// To a program.
    Api,
}

impl Medium {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Shell, Self::Page, Self::Api];
}

/// Something that has to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Reason,
    Document,
    Label,
    Cause,
    Recipient,
    At,
}

/// Something that can be done or looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    Lines,
    Fault(&'a FaultNo),
    Reopen(&'a FaultNo),
    Restore(&'a FaultNo),
    Close(&'a FaultNo),
    Windows,
    CancelWindow(PlannedId),
    Decisions,
    Decision(DecisionId),
    Withdraw(DecisionId),
    End(DecisionId),
    Declare,
    Outages,
    Accounts,
    Enable(&'a AccountName),
}

/// How a refusal is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    pub(super) zone: Tz,
    pub(super) language: Language,
    pub(super) medium: Medium,
}

impl Voice {
    pub(super) fn pick<T>(self, chinese: T, english: T) -> T {
        self.language.pick(chinese, english)
    }

    /// An instant as people read it.
    pub(super) fn moment(self, at: Timestamp) -> String {
        at.to_utc().with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Where to say something: 用 --reason, 填「原因」, 写 `reason`.
    pub(super) fn input(self, input: Input) -> String {
        let (option, chinese, english, member) = match input {
            Input::Reason => ("--reason", "原因", "Reason", "reason"),
            Input::Document => ("--document", "依据的文号", "Document number", "document"),
            Input::Label => ("--for", "给哪个程序用", "For which program", "for"),
            Input::Cause => ("--cause", "原因", "Cause", "cause"),
            Input::Recipient => ("--to", "派给谁", "Whom", "to"),
            Input::At => ("--at", "实际时间", "When it was done", "at"),
        };
        match self.medium {
            Medium::Shell => self.pick(format!("用 {option}"), format!("with {option}")),
            Medium::Page => self.pick(format!("填「{chinese}」"), format!("in \"{english}\"")),
            Medium::Api => self.pick(format!("写 `{member}`"), format!("as `{member}`")),
        }
    }

    /// How to do or look at something.
    pub(super) fn way(self, way: Way<'_>) -> String {
        match self.medium {
            Medium::Shell => {
                let command = command(way);
                self.pick(command.clone(), format!("`{command}`"))
            }
            Medium::Page => place(way, self.language),
            Medium::Api => operation(way),
        }
    }
}

fn command(way: Way<'_>) -> String {
    match way {
        Way::Lines => "linewatch lines".to_owned(),
        Way::Fault(fault) => format!("linewatch fault show {fault}"),
        Way::Reopen(fault) => format!("linewatch fault reopen {fault}"),
        Way::Restore(fault) => format!("linewatch fault restore {fault}"),
        Way::Close(fault) => format!("linewatch fault close {fault}"),
        Way::Windows => "linewatch downtime list".to_owned(),
        Way::CancelWindow(window) => format!("linewatch downtime cancel {window}"),
        Way::Decisions => "linewatch outage exclusions".to_owned(),
        Way::Decision(decision) => format!("linewatch outage show {decision}"),
        Way::Withdraw(decision) => format!("linewatch outage withdraw {decision}"),
        Way::End(decision) => format!("linewatch outage end {decision}"),
        Way::Declare => "linewatch outage declare".to_owned(),
        Way::Outages => "linewatch outage list".to_owned(),
        Way::Accounts => "linewatch user list".to_owned(),
        Way::Enable(account) => format!("linewatch user enable {account}"),
    }
}

/// The page, or the button on it, by the name that it bears there.
fn place(way: Way<'_>, language: Language) -> String {
    let button = |chinese: &str, english: &str| language.pick(format!("「{chinese}」"), format!("\"{english}\""));
    let page =
        |chinese: &str, english: &str| language.pick(format!("「{chinese}」页面"), format!("the page \"{english}\""));
    let on = |page: String, chinese: &str, english: &str| {
        language.pick(format!("{page}里的「{chinese}」"), format!("\"{english}\" on {page}"))
    };
    let decisions = || page("剔除与更正", "Decisions");
    match way {
        Way::Lines | Way::Outages => page("线路", "Lines"),
        Way::Fault(fault) => language.pick(format!("故障 {fault} 的页面"), format!("the page of fault {fault}")),
        Way::Reopen(_) => button("没有修好：重开", "It is not repaired: reopen"),
        Way::Restore(_) => button("已修复", "Restored"),
        Way::Close(_) => button("关闭：写明原因", "Close, with its cause"),
        Way::Windows => page("计划停机", "Maintenance"),
        Way::CancelWindow(_) => on(page("计划停机", "Maintenance"), "取消这个停机", "Cancel it"),
        Way::Decisions | Way::Decision(_) | Way::End(_) | Way::Declare => decisions(),
        Way::Withdraw(_) => on(decisions(), "撤回", "Take it back"),
        Way::Accounts => page("账号", "Accounts"),
        Way::Enable(_) => on(page("账号", "Accounts"), "启用", "Enable"),
    }
}

/// The operation, as the description of the API names it.
fn operation(way: Way<'_>) -> String {
    let step = |fault: &FaultNo, step: &str| format!("`POST /api/v1/faults/{fault}/steps` (`step`: `{step}`)");
    let answer = |decision: DecisionId, answer: &str| {
        format!("`POST /api/v1/decisions/{decision}/answers` (`answer`: `{answer}`)")
    };
    match way {
        Way::Lines => "`GET /api/v1/lines`".to_owned(),
        Way::Fault(fault) => format!("`GET /api/v1/faults/{fault}`"),
        Way::Reopen(fault) => step(fault, "reopen"),
        Way::Restore(fault) => step(fault, "restore"),
        Way::Close(fault) => step(fault, "close"),
        Way::Windows => "`GET /api/v1/planned`".to_owned(),
        Way::CancelWindow(window) => format!("`POST /api/v1/planned/{window}/cancel`"),
        Way::Decisions | Way::Decision(_) => "`GET /api/v1/decisions`".to_owned(),
        Way::Withdraw(decision) => answer(decision, "withdraw"),
        Way::End(decision) => answer(decision, "end"),
        Way::Declare => "`POST /api/v1/decisions` (`kind`: `declare`)".to_owned(),
        Way::Outages => "`GET /api/v1/lines/{id}/outages`".to_owned(),
        Way::Accounts => "`GET /api/v1/accounts`".to_owned(),
        Way::Enable(account) => format!("`PATCH /api/v1/accounts/{account}` (`enabled`: true)"),
    }
}

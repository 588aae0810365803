//! Refusals about accounts.

use linewatch_core::ledger::AccountObjection;

use super::medium::{Voice, Way};

pub(super) fn sentence(objection: &AccountObjection, say: Voice) -> String {
    match objection {
        AccountObjection::Exists(account) => say.pick(
            format!("账号 {account} 已经有了（停用的也算）：账号一经使用不再给别人，请换一个名称"),
            format!("there is an account {account}, perhaps disabled: a name is somebody's for life, choose another"),
        ),
        AccountObjection::Unknown(account) => {
            let all = say.way(Way::Accounts);
            say.pick(
                format!("没有账号 {account}；{all} 列出全部"),
                format!("there is no account {account}; {all} lists them"),
            )
        }
        AccountObjection::Disabled { account, by } => {
            let enable = say.way(Way::Enable(account));
            say.pick(
                format!("账号 {account} 已由 {by} 停用；要用，先启用它：{enable}"),
                format!("account {account} was disabled by {by}; enable it first: {enable}"),
            )
        }
        AccountObjection::NotDisabled(account) => {
            say.pick(format!("账号 {account} 没有停用"), format!("account {account} is not disabled"))
        }
        AccountObjection::SameRole(account) => {
            say.pick(format!("账号 {account} 已经是这个角色"), format!("account {account} has that role already"))
        }
        AccountObjection::LastAdmin(account) => say.pick(
            format!("{account} 是最后一个管理员：先再设一个管理员"),
            format!("{account} is the last admin: make another one first"),
        ),
        AccountObjection::UnknownToken { account, token } => {
            let all = say.way(Way::Accounts);
            say.pick(
                format!("账号 {account} 没有编号为 {token} 的令牌；{all} 列出全部"),
                format!("account {account} has no token {token}; {all} lists them"),
            )
        }
    }
}

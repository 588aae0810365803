//! Accounts as people and programs read them.

use linewatch_core::ledger::AccountRow;
use linewatch_core::record::Role;
use serde_json::{Value, json};

use super::plain_table::table;
use super::words::Words;
use crate::language::Language;
use crate::store::Session;

/// The word that names a role on the command line and in the API; an office's township stands beside it.
pub fn label(role: &Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Crew => "crew",
        Role::Office(_) => "office",
        Role::Admin => "admin",
    }
}

/// The role of a word; `office` needs a township, and no other has one.
pub fn role_of(label: &str, township: Option<&str>) -> Option<Role> {
    let township = township.map(str::trim).filter(|township| !township.is_empty());
    match (label, township) {
        ("viewer", None) => Some(Role::Viewer),
        ("crew", None) => Some(Role::Crew),
        ("office", Some(township)) => Some(Role::Office(township.into())),
        ("admin", None) => Some(Role::Admin),
        _ => None,
    }
}

/// What people call a role.
pub fn role(role: &Role, language: Language) -> String {
    match role {
        Role::Viewer => language.pick("查看", "viewer").to_owned(),
        Role::Crew => language.pick("运维人员", "crew").to_owned(),
        Role::Office(township) => {
            language.pick(format!("乡镇办（{township}）"), format!("township office ({township})"))
        }
        Role::Admin => language.pick("管理员", "admin").to_owned(),
    }
}

/// The table of accounts, with their tokens below.
pub fn text<'a>(rows: impl Iterator<Item = &'a AccountRow> + Clone, words: &Words) -> String {
    let language = words.language;
    if rows.clone().next().is_none() {
        return language
            .pick(
                "还没有账号。第一个管理员：linewatch user add NAME --role admin\n",
                "There are no accounts. The first admin: linewatch user add NAME --role admin\n",
            )
            .to_owned();
    }
    let header = [("账号", "Account"), ("姓名", "Name"), ("角色", "Role"), ("状态", "State"), ("密码", "Password")];
    let cells = |row: &AccountRow| {
        let state = match &row.disabled {
            None => language.pick("可用", "in use").to_owned(),
            Some((said, reason)) => {
                let day = words.full_moment(&said.at);
                language.pick(
                    format!("已停用（{}，{day}，{reason}）", said.by),
                    format!("disabled ({}, {day}, {reason})", said.by),
                )
            }
        };
        let password = match &row.password {
            None => language.pick("没有", "none").to_owned(),
            Some(said) => language.pick(
                format!("{} 由 {} 设置", words.full_moment(&said.at), said.by),
                format!("set {} by {}", words.full_moment(&said.at), said.by),
            ),
        };
        vec![row.account.to_string(), row.name.clone(), role(&row.role, language), state, password]
    };
    let header = header.iter().map(|(chinese, english)| language.pick(*chinese, *english).to_owned()).collect();
    let mut text = table(header, rows.clone().map(cells).collect(), &[]);
    let tokens: Vec<Vec<String>> = rows
        .flat_map(|row| {
            row.tokens.iter().map(|token| {
                let added = words.full_moment(&token.said.at);
                vec![
                    token.token.to_string(),
                    row.account.to_string(),
                    token.label.clone(),
                    added,
                    token.said.by.clone(),
                ]
            })
        })
        .collect();
    if !tokens.is_empty() {
        let header = [("令牌", "Token"), ("账号", "Account"), ("给谁用", "For"), ("签发", "Made"), ("签发人", "By")];
        let header = header.iter().map(|(chinese, english)| language.pick(*chinese, *english).to_owned()).collect();
        text.push('\n');
        text.push_str(&table(header, tokens, &[0]));
    }
    text
}

/// An account as data; no secret is in it.
pub fn json(row: &AccountRow) -> Value {
    let township = match &row.role {
        Role::Office(township) => Some(township),
        Role::Viewer | Role::Crew | Role::Admin => None,
    };
    json!({
        "account": row.account, "name": row.name, "role": label(&row.role), "township": township,
        "enabled": row.is_enabled(),
        "disabled": row.disabled.as_ref().map(|(said, reason)| json!({"by": said.by, "at": said.at, "reason": reason})),
        "password": row.password.as_ref().map(|said| json!({"by": said.by, "at": said.at})),
        "added": {"by": row.said.by, "at": row.said.at},
        "tokens": row.tokens.iter().map(|token| json!({
            "token": token.token, "for": token.label, "by": token.said.by, "at": token.said.at,
        })).collect::<Vec<_>>(),
    })
}

/// The table of an account's sessions.
pub fn sessions<'a>(sessions: impl Iterator<Item = &'a Session>, words: &Words) -> String {
    let language = words.language;
    let rows: Vec<Vec<String>> = sessions
        .map(|session| {
            let once = if session.one_time { language.pick("一次性密码", "one-time password") } else { "" };
            vec![words.full_moment(&session.created), words.full_moment(&session.seen), once.to_owned()]
        })
        .collect();
    if rows.is_empty() {
        return language.pick("没有登录。\n", "It is logged in nowhere.\n").to_owned();
    }
    let header = [("登录于", "Began"), ("最近使用", "Last used"), ("", "")];
    table(header.iter().map(|(chinese, english)| language.pick(*chinese, *english).to_owned()).collect(), rows, &[])
}

/// A session as data; its secret is not in it.
pub fn session_json(session: &Session) -> Value {
    json!({"began": session.created, "used": session.seen, "one_time": session.one_time})
}

//! `/accounts`: who may use the site, for admins; one account has a page of its own.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::act::{Act, Keeping};
use linewatch_core::ledger::AccountRow;
use linewatch_core::person::Deed;
use linewatch_core::record::{AccountName, Role};
use linewatch_core::view::Shown;

use super::super::Shared;
use super::super::filters;
use super::super::form::{self, Fields, Mistake};
use super::super::visit::{Asked, Visit};
use super::{Frame, Message, account, lines, render};
use crate::language::Language;
use crate::report::accounts;
use crate::report::words::Words;

#[derive(Template)]
#[template(path = "accounts.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    csrf: &'a str,
    mistake: String,
    in_use: Vec<AccountCard>,
    disabled: Vec<AccountCard>,
    choices: RoleChoices,
    fields: Form,
    longest: usize,
}

/// An account in the list.
struct AccountCard {
    account: String,
    name: String,
    role: String,
    about: String,
}

/// Roles and townships to choose from.
pub(super) struct RoleChoices {
    pub(super) roles: Vec<(&'static str, &'static str, bool)>,
    pub(super) townships: Vec<(String, bool)>,
}

/// What the form holds, first or again.
struct Form {
    account: String,
    name: String,
    tokens_only: bool,
}

/// `/accounts`.
pub(in crate::web) async fn show(asked: Asked) -> Response {
    answer(&asked, None)
}

/// The form of `/accounts`: an account more, with a one-time password to hand over.
pub(in crate::web) async fn act(State(source): State<Shared>, asked: Asked, fields: Fields) -> Response {
    let visit = &asked.visit;
    if !visit.viewer.may(Deed::KeepAccounts) {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(visit));
    }
    match add(&source, visit, &fields).await {
        Ok(account) if !fields.value("tokens_only").is_empty() => form::onward(&account::address(&account, "added")),
        Ok(added) => account::with_password(&source, visit, &added).await,
        Err(mistake) => answer(&asked, Some((&fields, mistake))),
    }
}

async fn add(source: &Shared, visit: &Visit, fields: &Fields) -> Result<AccountName, Mistake> {
    let language = visit.language;
    let text = fields.value("account");
    let account: AccountName = text.parse().map_err(|_| no_name(text, language))?;
    let role = role(fields, language)?;
    let keeping = Keeping::Add { account: account.clone(), name: fields.value("name").to_owned(), role };
    form::record(source, visit, Act::Keep(keeping)).await?;
    Ok(account)
}

/// The role that a form asks for; only an office has a township.
pub(super) fn role(fields: &Fields, language: Language) -> Result<Role, Mistake> {
    let word = fields.value("role");
    let township = Some(fields.value("township")).filter(|_| word == "office");
    accounts::role_of(word, township).ok_or_else(|| {
        let sentence = language.pick("乡镇办要选「乡镇」。", "A township office needs a township.");
        sentence.to_owned().into()
    })
}

fn no_name(text: &str, language: Language) -> String {
    let longest = AccountName::LONGEST;
    language.pick(
        format!("「{text}」不能做账号：1 到 {longest} 个汉字、字母、数字或 . - _，不能叫 linewatch。"),
        format!(
            "{text:?} is no name of an account: 1 to {longest} letters, digits, '.', '-' or '_', and not linewatch."
        ),
    )
}

/// What is chosen from, with what is chosen.
pub(super) fn role_choices(shown: &Shown<'_>, role: &str, township: &str, language: Language) -> RoleChoices {
    let word = |word: &'static str, chinese, english| (word, language.pick(chinese, english), word == role);
    RoleChoices {
        roles: vec![
            word("viewer", "查看：只看，不改", "viewer: looks, changes nothing"),
            word("crew", "运维人员：受理、到场、修复、巡检", "crew: repairs and inspects"),
            word("office", "乡镇办：只管本乡镇，报障", "township office: reports, for its own township"),
            word("admin", "管理员：全部", "admin: everything"),
        ],
        townships: lines::townships(shown, None)
            .iter()
            .map(|choice| (choice.value.to_owned(), choice.value == township))
            .collect(),
    }
}

fn answer(asked: &Asked, mistaken: Option<(&Fields, Mistake)>) -> Response {
    let Asked { visit, look } = asked;
    let words = visit.words();
    if !visit.viewer.may(Deed::KeepAccounts) {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(visit));
    }
    let status = mistaken.as_ref().map_or(StatusCode::OK, |(_, mistake)| mistake.status);
    let (fields, mistake) = match mistaken {
        Some((fields, mistake)) => (Some(fields), mistake.sentence),
        None => (None, String::new()),
    };
    let value = |name: &str| fields.map(|fields| fields.value(name).to_owned()).unwrap_or_default();
    let rows = look.snapshot.committed.accounts.values();
    let (in_use, disabled): (Vec<_>, Vec<_>) = rows.partition(|row| row.is_enabled());
    let cards = |rows: Vec<&std::sync::Arc<AccountRow>>| rows.into_iter().map(|row| card(row, &words)).collect();
    let shown = Shown::of(&look.snapshot, &look.live);
    let role = Some(value("role")).filter(|role| !role.is_empty()).unwrap_or_else(|| "office".to_owned());
    let page = Page {
        frame: Frame::new(visit, words.pick("账号", "Accounts")).undated(),
        csrf: &visit.viewer.csrf,
        mistake,
        in_use: cards(in_use),
        disabled: cards(disabled),
        choices: role_choices(&shown, &role, &value("township"), words.language),
        fields: Form { account: value("account"), name: value("name"), tokens_only: !value("tokens_only").is_empty() },
        longest: AccountName::LONGEST,
    };
    render(status, &page)
}

fn card(row: &AccountRow, words: &Words) -> AccountCard {
    let pick = |chinese: &str, english: &str| words.pick(chinese, english).to_owned();
    let mut about = Vec::new();
    if let Some((said, reason)) = &row.disabled {
        let at = words.full_moment(&said.at);
        about.push(
            words.language.pick(
                format!("{} 于 {at} 停用：{reason}", said.by),
                format!("disabled by {} at {at}: {reason}", said.by),
            ),
        );
    } else if row.password.is_none() {
        about.push(pick("没有密码", "no password"));
    }
    if !row.tokens.is_empty() {
        let tokens = row.tokens.len();
        about.push(words.language.pick(format!("{tokens} 个令牌"), format!("tokens: {tokens}")));
    }
    AccountCard {
        account: row.account.to_string(),
        name: if row.name == row.account.as_str() { String::new() } else { row.name.clone() },
        role: accounts::role(&row.role, words.language),
        about: about.join(words.pick("，", ", ")),
    }
}

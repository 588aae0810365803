//! `/accounts/{account}`: one account, and all that an admin changes of it. A password or a token that is made is shown
//! in the answer to the form, this once, and stands in no address.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use linewatch_core::act::{Act, Keeping};
use linewatch_core::ledger::AccountRow;
use linewatch_core::person::Deed;
use linewatch_core::record::{AccountName, Role, TokenId};
use linewatch_core::view::Shown;

use super::super::access::Access;
use super::super::filters;
use super::super::form::{self, Fields, Mistake};
use super::super::visit::{Asked, Visit};
use super::super::{NotDone, Shared};
use super::accounts::{self as list, RoleChoices};
use super::{Frame, Message, render};
use crate::clock;
use crate::report::accounts;
use crate::report::words::Words;
use crate::secret;
use crate::store::Session;

#[derive(Template)]
#[template(path = "account.html", config = "src/web/templates/askama.toml")]
struct Page<'a> {
    frame: Frame,
    csrf: &'a str,
    address: String,
    said: &'static str,
    mistake: String,
    /// What was made and is shown this once, and what to do with it.
    secret: Option<(String, String)>,
    account: String,
    role: String,
    facts: Vec<(&'static str, String)>,
    enabled: bool,
    own: bool,
    choices: RoleChoices,
    tokens: Vec<TokenCard>,
    sessions: Vec<SessionCard>,
}

struct TokenCard {
    number: u64,
    label: String,
    about: String,
}

/// A session as it is shown.
pub(super) struct SessionCard {
    pub(super) began: String,
    pub(super) used: String,
    pub(super) own: bool,
}

/// A secret that was made.
enum Made {
    Password(String),
    Token(String),
}

/// What a form came to.
enum Done {
    /// Something to be said on the page that follows.
    Said(&'static str),
    /// A secret to be shown at once.
    Made(Made),
}

/// `/accounts/{account}`.
pub(in crate::web) async fn show(State(source): State<Shared>, Path(account): Path<String>, asked: Asked) -> Response {
    answer(&source, &asked.visit, &account, None, None)
}

/// A form of `/accounts/{account}`.
pub(in crate::web) async fn act(
    State(source): State<Shared>,
    Path(text): Path<String>,
    Asked { visit, look: _ }: Asked,
    fields: Fields,
) -> Response {
    if !visit.viewer.may(Deed::KeepAccounts) {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(&visit));
    }
    let Some(row) = known(&source, &text) else { return missing(&visit, &text) };
    match carry_out(&source, &visit, &row.account, &fields).await {
        Ok(Done::Said(done)) => form::onward(&address(&row.account, done)),
        Ok(Done::Made(made)) => answer(&source, &visit, &text, Some(&made), None),
        Err(mistake) => answer(&source, &visit, &text, None, Some(mistake)),
    }
}

/// The page of an account that was just added, with the password that is made for it.
pub(super) async fn with_password(source: &Shared, visit: &Visit, account: &AccountName) -> Response {
    match password(source, visit, account).await {
        Ok(made) => answer(source, visit, account.as_str(), Some(&made), None),
        Err(mistake) => answer(source, visit, account.as_str(), None, Some(mistake)),
    }
}

/// Where an account's page is, with what was done.
pub(super) fn address(account: &AccountName, done: &str) -> String {
    let name: String = form_urlencoded::byte_serialize(account.as_str().as_bytes()).collect();
    format!("/accounts/{name}?done={done}")
}

async fn carry_out(source: &Shared, visit: &Visit, account: &AccountName, fields: &Fields) -> Result<Done, Mistake> {
    let keep = async |keeping, done| form::record(source, visit, Act::Keep(keeping)).await.map(|_| Done::Said(done));
    let account = || account.clone();
    let unknown = || Mistake::from(visit.language.pick("没有这个操作。", "There is no such step.").to_owned());
    match fields.value("do") {
        "role" => {
            let role = list::role(fields, visit.language)?;
            keep(Keeping::ChangeRole { account: account(), role }, "role").await
        }
        "disable" => {
            keep(Keeping::Disable { account: account(), reason: fields.value("reason").to_owned() }, "disabled").await
        }
        "enable" => {
            keep(Keeping::Enable { account: account() }, "enabled").await?;
            password(source, visit, &account()).await.map(Done::Made)
        }
        "password" => password(source, visit, &account()).await.map(Done::Made),
        "token" => {
            let label = fields.value("for").to_owned();
            let made = access(source, visit)?.add_token(source.as_ref(), author(visit), &account(), label).await;
            made.map(|(_, token)| Done::Made(Made::Token(token))).map_err(|why| form::mistake(&why, visit))
        }
        "revoke" => {
            let token = TokenId(fields.value("token").parse().map_err(|_| unknown())?);
            keep(Keeping::RevokeToken { account: account(), token }, "revoked").await
        }
        "sign_out" => {
            let but = visit.viewer.session.as_ref();
            let ended = access(source, visit)?.sign_out(source.as_ref(), author(visit), &account(), but).await;
            ended.map(|_| Done::Said("signed_out")).map_err(|why| form::mistake(&why, visit))
        }
        _ => Err(unknown()),
    }
}

async fn password(source: &Shared, visit: &Visit, account: &AccountName) -> Result<Made, Mistake> {
    let waits = |_| form::mistake(&NotDone::JournalWaits, visit);
    let password = secret::one_time_password().map_err(waits)?;
    let set = access(source, visit)?.set_password(source.as_ref(), author(visit), account, &password, true).await;
    set.map_err(|why| form::mistake(&why, visit))?;
    Ok(Made::Password(password))
}

fn access<'a>(source: &'a Shared, visit: &Visit) -> Result<&'a Access, Mistake> {
    source.access().ok_or_else(|| form::mistake(&NotDone::Starting, visit))
}

fn author(visit: &Visit) -> &str {
    visit.viewer.account.as_ref().map_or("", AccountName::as_str)
}

fn known(source: &Shared, text: &str) -> Option<std::sync::Arc<AccountRow>> {
    text.parse().ok().and_then(|name| source.account(&name))
}

fn missing(visit: &Visit, text: &str) -> Response {
    let sentence = visit.language.pick(format!("没有账号 {text}。"), format!("There is no account {text}."));
    render(StatusCode::NOT_FOUND, &Message::new(visit, sentence))
}

fn answer(source: &Shared, visit: &Visit, text: &str, made: Option<&Made>, mistake: Option<Mistake>) -> Response {
    if !visit.viewer.may(Deed::KeepAccounts) {
        return render(StatusCode::FORBIDDEN, &Message::forbidden(visit));
    }
    let (Some(row), Some(look)) = (known(source, text), &visit.look) else { return missing(visit, text) };
    let words = visit.words();
    let (status, mistake) =
        mistake.map_or((StatusCode::OK, String::new()), |mistake| (mistake.status, mistake.sentence));
    let shown = Shown::of(&look.snapshot, &look.live);
    let township = match &row.role {
        Role::Office(township) => township.as_str(),
        Role::Viewer | Role::Crew | Role::Admin => "",
    };
    let sessions = source.access().map(|access| access.sessions_of(&row, clock::read().wall)).unwrap_or_default();
    let page = Page {
        frame: Frame::new(visit, row.name.clone()).undated(),
        csrf: &visit.viewer.csrf,
        address: address(&row.account, "").replacen("?done=", "", 1),
        said: said(visit, &words),
        mistake,
        secret: made.map(|made| secret_shown(made, &words)),
        account: row.account.to_string(),
        role: accounts::role(&row.role, words.language),
        facts: facts(&row, &words),
        enabled: row.is_enabled(),
        own: visit.viewer.account.as_ref() == Some(&row.account),
        choices: list::role_choices(&shown, accounts::label(&row.role), township, words.language),
        tokens: row
            .tokens
            .iter()
            .map(|token| TokenCard {
                number: token.token.0,
                label: token.label.clone(),
                about: format!("{} · {}", words.full_moment(&token.said.at), token.said.by),
            })
            .collect(),
        sessions: session_cards(&sessions, visit),
    };
    render(status, &page)
}

/// The sessions of an account as they are shown.
pub(super) fn session_cards(sessions: &[Session], visit: &Visit) -> Vec<SessionCard> {
    let words = visit.words();
    let minute = |at| words.full_moment(&at)[..16].to_owned();
    let card = |session: &Session| SessionCard {
        began: minute(session.created),
        used: minute(session.seen),
        own: visit.viewer.session == Some(session.digest),
    };
    sessions.iter().map(card).collect()
}

fn said(visit: &Visit, words: &Words) -> &'static str {
    let pick = |chinese, english| words.language.pick(chinese, english);
    match visit.value("done") {
        Some("added") => pick("已添加账号。", "The account is added."),
        Some("role") => pick("已更改角色。", "The role is changed."),
        Some("disabled") => pick("已停用，它的登录和令牌随即作废。", "Disabled; its sessions and tokens are void."),
        Some("enabled") => pick("已启用。", "Enabled."),
        Some("revoked") => pick("令牌已作废。", "The token is void."),
        Some("signed_out") => pick("已在所有地方退出登录。", "Signed out everywhere."),
        _ => "",
    }
}

fn secret_shown(made: &Made, words: &Words) -> (String, String) {
    match made {
        Made::Password(password) => {
            let about = words.pick(
                "一次性密码，只显示这一次，7 天内有效。请当面或电话告诉本人，本人登录后要改成自己的密码。",
                "One-time password, shown this once, good for 7 days. Tell it to its owner in person or by telephone; \
                 another one has to be set at the first login.",
            );
            (password.clone(), about.to_owned())
        }
        Made::Token(token) => {
            let about = words.pick(
                "令牌，只显示这一次。程序在请求头里写：Authorization: Bearer …",
                "Token, shown this once. A program sends it in a header: Authorization: Bearer …",
            );
            (token.clone(), about.to_owned())
        }
    }
}

fn facts(row: &AccountRow, words: &Words) -> Vec<(&'static str, String)> {
    let pick = |chinese, english| words.language.pick(chinese, english);
    let by = |said: &linewatch_core::ledger::Said| format!("{} · {}", words.full_moment(&said.at), said.by);
    let mut facts = vec![
        (pick("添加", "Added"), by(&row.said)),
        (pick("密码", "Password"), row.password.as_ref().map_or_else(|| pick("没有", "none").to_owned(), by)),
    ];
    if let Some((said, reason)) = &row.disabled {
        facts.push((pick("停用", "Disabled"), format!("{} · {reason}", by(said))));
    }
    facts
}

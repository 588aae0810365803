//! Accounts: an admin keeps them, everybody sets his own password. Passwords that an admin sets are made here, for
//! once; no admin chooses or sees another one.

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use linewatch_core::act::{Act, Keeping};
use linewatch_core::ledger::AccountRow;
use linewatch_core::record::{AccountName, Role, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::access::{Access, Denied, NotChanged, Told};
use super::super::problem::Problem;
use super::super::{Peer, Shared, Viewer};
use super::input::{Body, nothing, number, words, wrong};
use super::output::{Page, Recorded, SaidBy};
use super::{permit, read};
use crate::clock;
use crate::report::accounts;
use crate::secret;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "names of the API")]
pub(super) struct Account {
    /// Its name.
    account: String,
    /// What people call its owner.
    name: String,
    /// `viewer`, `crew`, `office` or `admin`.
    role: String,
    /// The office's township.
    township: Option<String>,
    /// Whether it may be used.
    enabled: bool,
    /// Who disabled it.
    disabled: Option<Disabled>,
    /// Who set its password last; none: it has none.
    password: Option<SaidBy>,
    /// Who added it.
    added: SaidBy,
    /// Its tokens that are not revoked.
    tokens: Vec<Token>,
}

/// Nobody may use an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Disabled {
    /// Who says so.
    said: SaidBy,
    /// Why.
    reason: String,
}

/// A token; never the secret itself.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Token {
    /// Its number.
    number: u64,
    /// Which program it is for.
    r#for: String,
    /// Who made it.
    added: SaidBy,
}

/// Words of roles.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RoleWord {
    Viewer,
    Crew,
    Office,
    Admin,
}

/// An account to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    /// Its name: 1 to 32 letters, digits, `.`, `-` or `_`.
    #[schema(min_length = 1, max_length = 32)]
    account: String,
    /// What people call its owner; as the account when nobody says.
    #[serde(default)]
    #[schema(max_length = 2000)]
    name: String,
    /// What it is for.
    role: RoleWord,
    /// The office's township; for no other role.
    #[schema(max_length = 64)]
    township: Option<String>,
    /// Whether to make a one-time password; without it the account can have tokens only.
    #[serde(default)]
    password: bool,
}

/// What is to be changed of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// What it is for from now on.
    role: Option<RoleWord>,
    /// The office's township; with the role of an office.
    #[schema(max_length = 64)]
    township: Option<String>,
    /// Whether it may be used.
    enabled: Option<bool>,
    /// Why it may not be used any more.
    #[schema(max_length = 2000)]
    reason: Option<String>,
}

/// What a new token is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// Which program.
    #[schema(min_length = 1, max_length = 2000)]
    r#for: String,
}

/// A token that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MadeToken {
    /// Its number.
    number: u64,
    /// The token, shown this once.
    token: String,
}

/// A password that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MadePassword {
    /// The password, shown this once, to be changed at the first login; none where none was asked for.
    one_time_password: Option<String>,
}

/// One's own new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// The one until now.
    #[schema(max_length = 256)]
    old: String,
    /// The new one.
    #[schema(min_length = 10, max_length = 256)]
    new: String,
}

impl From<&AccountRow> for Account {
    fn from(row: &AccountRow) -> Self {
        Self {
            account: row.account.to_string(),
            name: row.name.clone(),
            role: accounts::label(&row.role).to_owned(),
            township: match &row.role {
                Role::Office(township) => Some(township.to_string()),
                Role::Viewer | Role::Crew | Role::Admin => None,
            },
            enabled: row.is_enabled(),
            disabled: row
                .disabled
                .as_ref()
                .map(|(said, reason)| Disabled { said: said.into(), reason: reason.clone() }),
            password: row.password.as_ref().map(Into::into),
            added: (&row.said).into(),
            tokens: row
                .tokens
                .iter()
                .map(|token| Token { number: token.token.0, r#for: token.label.clone(), added: (&token.said).into() })
                .collect(),
        }
    }
}

/// All accounts, by name.
#[utoipa::path(
    get, path = "/api/v1/accounts", tag = "accounts",
    extensions(("x-linewatch-deed" = json!("keep_accounts"))),
    responses((status = 200, body = Page<Account>)),
)]
pub(super) async fn accounts(State(source): State<Shared>, viewer: Viewer) -> Result<Json<Page<Account>>, Problem> {
    let look = super::look(&source, &viewer).await?;
    let rows = look.snapshot.committed.accounts.values();
    Ok(Json(Page::of(rows.map(|row| Account::from(row.as_ref())), None, Some(u16::MAX))))
}

/// Adds an account.
#[utoipa::path(
    post, path = "/api/v1/accounts", tag = "accounts", request_body = NewAccount,
    extensions(("x-linewatch-deed" = json!("keep_accounts"))),
    responses((status = 201, body = MadePassword)),
)]
pub(super) async fn add(
    State(source): State<Shared>,
    viewer: Viewer,
    Body(told): Body<NewAccount>,
) -> Result<(StatusCode, Json<MadePassword>), Problem> {
    let account = name(&told.account)?;
    let role = role(told.role, told.township.as_deref())?;
    let name = words(&told.name, "name")?;
    super::act(&source, &viewer, Act::Keep(Keeping::Add { account: account.clone(), name, role })).await?;
    let one_time_password = if told.password { Some(make_password(&source, &viewer, &account).await?) } else { None };
    Ok((StatusCode::CREATED, Json(MadePassword { one_time_password })))
}

/// Changes what an account is for, or whether it may be used.
#[utoipa::path(
    patch, path = "/api/v1/accounts/{account}", tag = "accounts",
    params(("account" = String, Path, description = "Its name")), request_body = Change,
    extensions(("x-linewatch-deed" = json!("keep_accounts"))),
    responses((status = 200, body = Recorded)),
)]
pub(super) async fn change(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(account): Path<String>,
    Body(told): Body<Change>,
) -> Result<Json<Recorded>, Problem> {
    let account = known(&source, &account)?;
    let keeping = match (told.role, told.enabled) {
        (Some(word), None) => Keeping::ChangeRole { account, role: role(word, told.township.as_deref())? },
        (None, Some(true)) => Keeping::Enable { account },
        (None, Some(false)) => Keeping::Disable { account, reason: words(&told.reason.unwrap_or_default(), "reason")? },
        (None, None) | (Some(_), Some(_)) => {
            return Err(wrong("要写 role 或 enabled 之一", "say one of `role` and `enabled`"));
        }
    };
    let records = super::act(&source, &viewer, Act::Keep(keeping)).await?;
    Ok(Json(records.as_slice().into()))
}

/// Makes a one-time password for an account; its sessions end.
#[utoipa::path(
    post, path = "/api/v1/accounts/{account}/password", tag = "accounts",
    params(("account" = String, Path, description = "Its name")),
    extensions(("x-linewatch-deed" = json!("keep_accounts"))),
    responses((status = 201, body = MadePassword)),
)]
pub(super) async fn set_password(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(account): Path<String>,
) -> Result<(StatusCode, Json<MadePassword>), Problem> {
    let account = known(&source, &account)?;
    let one_time_password = Some(make_password(&source, &viewer, &account).await?);
    Ok((StatusCode::CREATED, Json(MadePassword { one_time_password })))
}

/// Makes a token for an account.
#[utoipa::path(
    post, path = "/api/v1/accounts/{account}/tokens", tag = "accounts",
    params(("account" = String, Path, description = "Its name")), request_body = NewToken,
    extensions(("x-linewatch-deed" = json!("keep_accounts"))),
    responses((status = 201, body = MadeToken)),
)]
pub(super) async fn add_token(
    State(source): State<Shared>,
    viewer: Viewer,
    Path(account): Path<String>,
    Body(told): Body<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), Problem> {
    let account = known(&source, &account)?;
    let label = words(&told.r#for, "for")?;
    let author = author(&viewer);
    let made = access(&source)?.add_token(source.as_ref(), author, &account, label).await;
    let (number, token) = made.map_err(|why| permit::not_done(&why, &viewer, chrono_tz::Tz::UTC))?;
    Ok((StatusCode::CREATED, Json(MadeToken { number: number.0, token })))
}

/// Makes a token void.
#[utoipa::path(
    delete, path = "/api/v1/accounts/{account}/tokens/{number}", tag = "accounts",
    params(("account" = String, Path, description = "Its name"), ("number" = u64, Path, description = "The token's number")),
    extensions(("x-linewatch-deed" = json!("keep_accounts"))),
    responses((status = 200, body = Recorded)),
)]
pub(super) async fn revoke_token(
    State(source): State<Shared>,
    viewer: Viewer,
    Path((account, token)): Path<(String, String)>,
) -> Result<Json<Recorded>, Problem> {
    let account = known(&source, &account)?;
    let token = TokenId(number(&token)?);
    let records = super::act(&source, &viewer, Act::Keep(Keeping::RevokeToken { account, token })).await?;
    Ok(Json(records.as_slice().into()))
}

/// Sets one's own password; all one's sessions end.
#[utoipa::path(
    post, path = "/api/v1/me/password", tag = "accounts", request_body = NewPassword,
    extensions(("x-linewatch-deed" = json!("own_password"))),
    responses((status = 204, description = "It is set"), (status = 429, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn own_password(
    State(source): State<Shared>,
    viewer: Viewer,
    peer: Option<Extension<Peer>>,
    Body(told): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    let now = clock::read();
    let told_now = Told {
        account: author(&viewer),
        password: &told.old,
        from: peer.map(|Extension(peer)| peer.0.ip()),
        now: now.wall,
        elapsed: now.elapsed,
    };
    match access(&source)?.change_password(source.as_ref(), &told_now, &told.new).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(NotChanged::Weak(weakness)) => {
            Err(Problem::saying(StatusCode::UNPROCESSABLE_ENTITY, "weak-password", |language| {
                weakness.sentence(language)
            }))
        }
        Err(NotChanged::Same) => Err(wrong("新密码和原密码一样。", "the new password is the old one")),
        Err(NotChanged::NotDone(why)) => Err(permit::not_done(&why, &viewer, chrono_tz::Tz::UTC)),
        Err(NotChanged::Denied(Denied::Wrong | Denied::Expired)) => {
            Err(wrong("原密码不对。", "the old password is wrong"))
        }
        Err(NotChanged::Denied(Denied::TooOften(seconds))) => Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-often",
            format!("试得太频繁，请 {seconds} 秒后再试。"),
            format!("tried too often; again in {seconds} s"),
        )),
        Err(NotChanged::Denied(Denied::Unable)) => read(None),
    }
}

async fn make_password(source: &Shared, viewer: &Viewer, account: &AccountName) -> Result<String, Problem> {
    let password = read(secret::one_time_password().ok())?;
    let set = access(source)?.set_password(source.as_ref(), author(viewer), account, &password, true).await;
    set.map_err(|why| permit::not_done(&why, viewer, chrono_tz::Tz::UTC))?;
    Ok(password)
}

pub(super) fn access(source: &Shared) -> Result<&Access, Problem> {
    read(source.access())
}

/// The table lets no nobody come this far.
pub(super) fn author(viewer: &Viewer) -> &str {
    viewer.account.as_ref().map_or("", AccountName::as_str)
}

fn name(text: &str) -> Result<AccountName, Problem> {
    text.parse().map_err(|_| {
        wrong(
            format!("「{text}」不能做账号：1 到 {} 个汉字、字母、数字或 . - _", AccountName::LONGEST),
            format!(
                "{text:?} is no name of an account: 1 to {} letters, digits, '.', '-' or '_'",
                AccountName::LONGEST
            ),
        )
    })
}

pub(super) fn known(source: &Shared, text: &str) -> Result<AccountName, Problem> {
    let name = text.parse().ok().filter(|name| source.account(name).is_some());
    name.ok_or_else(|| nothing(format!("没有账号 {text}。"), format!("there is no account {text}")))
}

fn role(word: RoleWord, township: Option<&str>) -> Result<Role, Problem> {
    let word = match word {
        RoleWord::Viewer => "viewer",
        RoleWord::Crew => "crew",
        RoleWord::Office => "office",
        RoleWord::Admin => "admin",
    };
    accounts::role_of(word, township).ok_or_else(|| {
        wrong("乡镇办要写 township，其他角色不写", "an office needs `township`, and no other role has one")
    })
}

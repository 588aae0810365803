//! `linewatch user`: accounts, their passwords and tokens. Every change is a record with its author.

mod password;

use linewatch_core::act::{Act, Keeping};
use linewatch_core::ledger::{AccountObjection, AccountRow, Objection};
use linewatch_core::record::{AccountName, Record, Role, TokenId};

use super::person::{self, By};
use super::{Common, Failure, print};
use crate::clock;
use crate::config::Config;
use crate::language::Language;
use crate::report::accounts;
use crate::report::objection::{self, Medium};
use crate::report::words::Words;
use crate::secret;
use crate::store::{Secrets, Store};
use crate::web::access::LONGEST_SESSION;
use password::{Chosen, How};

/// Options of `user`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Add an account
    Add(Add),
    /// List accounts and tokens
    List(List),
    /// Change what an account is for
    Role(ChangeRole),
    /// Let nobody use an account any more; its sessions and tokens are void
    Disable(Disable),
    /// Let an account be used again, with a new password
    Enable(Enable),
    /// Set an account's password; sessions from before are void
    Password(SetPassword),
    /// End an account's sessions everywhere; its password and tokens stay
    SignOut(SignOut),
    /// List an account's sessions
    Sessions(Sessions),
    /// Tokens, by which programs act for an account
    Token(Token),
}

/// What an account is for.
#[derive(Debug, clap::Args)]
struct RoleOf {
    /// viewer looks, crew repairs, office reports for its township, admin does everything
    #[arg(long, value_name = "ROLE", value_parser = ["viewer", "crew", "office", "admin"])]
    role: String,
    /// The office's township
    #[arg(long, value_name = "TOWNSHIP")]
    township: Option<String>,
}

/// Options of `user add`.
#[derive(Debug, clap::Args)]
struct Add {
    /// Name of the account: letters, digits, '.', '-', '_'
    #[arg(value_name = "ACCOUNT")]
    account: String,
    #[command(flatten)]
    role: RoleOf,
    /// What people call its owner [default: as the account]
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    full_name: String,
    #[command(flatten)]
    how: How,
    /// No password: for tokens only
    #[arg(long, conflicts_with_all = ["generate", "stdin"])]
    no_password: bool,
    #[command(flatten)]
    by: By,
}

/// Options of `user list`.
#[derive(Debug, clap::Args)]
struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options of `user role`.
#[derive(Debug, clap::Args)]
struct ChangeRole {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    #[command(flatten)]
    role: RoleOf,
    #[command(flatten)]
    by: By,
}

/// Options of `user disable`.
#[derive(Debug, clap::Args)]
struct Disable {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    by: By,
}

/// Options of `user enable`.
#[derive(Debug, clap::Args)]
struct Enable {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    #[command(flatten)]
    by: By,
}

/// Options of `user password`.
#[derive(Debug, clap::Args)]
struct SetPassword {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    by: By,
}

/// Options of `user sign-out`.
#[derive(Debug, clap::Args)]
struct SignOut {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    #[command(flatten)]
    by: By,
}

/// Options of `user sessions`.
#[derive(Debug, clap::Args)]
struct Sessions {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options of `user token`.
#[derive(Debug, clap::Args)]
struct Token {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TokenCommand {
    /// Make a token and print it, this once
    Add(AddToken),
    /// Make a token void
    Revoke(RevokeToken),
}

/// Options of `user token add`.
#[derive(Debug, clap::Args)]
struct AddToken {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// Which program it is for
    #[arg(long = "for", value_name = "TEXT")]
    label: String,
    #[command(flatten)]
    by: By,
}

/// Options of `user token revoke`.
#[derive(Debug, clap::Args)]
struct RevokeToken {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// Number of the token, as `user list` prints it
    #[arg(value_name = "N")]
    token: u64,
    #[command(flatten)]
    by: By,
}

/// What every subcommand works with.
struct Desk {
    config: Config,
    language: Language,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let config = common.load_site()?;
    let language = common.language_or(&config);
    let desk = Desk { config, language };
    match &args.command {
        Command::Add(args) => desk.add(args),
        Command::List(args) => desk.list(args),
        Command::Role(args) => {
            let (account, role) = (desk.account(&args.account)?, desk.role(&args.role)?);
            desk.keep(&args.by, Keeping::ChangeRole { account, role })?;
            desk.say("已更改角色", "role changed")
        }
        Command::Disable(args) => {
            let keeping = Keeping::Disable { account: desk.account(&args.account)?, reason: args.reason.clone() };
            desk.keep(&args.by, keeping)?;
            desk.say("已停用", "disabled")
        }
        Command::Enable(args) => {
            desk.keep(&args.by, Keeping::Enable { account: desk.account(&args.account)? })?;
            desk.say(
                "已启用；还要设密码：linewatch user password",
                "enabled; give it a password: `linewatch user password`",
            )
        }
        Command::Password(args) => {
            let account = desk.account(&args.account)?;
            let chosen = args.how.choose(account.as_str(), desk.language)?;
            desk.set_password(&args.by, &account, &chosen)
        }
        Command::SignOut(args) => {
            let account = desk.account(&args.account)?;
            desk.keep(&args.by, Keeping::SignOut { account: account.clone() })?;
            // They are void by the record already; what is kept of them is of no use any more.
            desk.secrets(|secrets| secrets.end_sessions(&account, None))?;
            desk.say("已全部退出登录", "signed out everywhere")
        }
        Command::Sessions(args) => desk.sessions(args),
        Command::Token(args) => match &args.command {
            TokenCommand::Add(args) => desk.add_token(args),
            TokenCommand::Revoke(args) => {
                let (account, token) = (desk.account(&args.account)?, TokenId(args.token));
                desk.keep(&args.by, Keeping::RevokeToken { account, token })?;
                desk.secrets(|secrets| secrets.forget_token(token))?;
                desk.say("令牌已作废", "the token is void")
            }
        },
    }
}

impl Desk {
    fn add(&self, args: &Add) -> Result<(), Failure> {
        let (account, role) = (self.account(&args.account)?, self.role(&args.role)?);
        // Asked for before anything is recorded: whoever breaks off here has done nothing.
        let chosen = if args.no_password { None } else { Some(args.how.choose(account.as_str(), self.language)?) };
        self.keep(&args.by, Keeping::Add { account: account.clone(), name: args.full_name.clone(), role })?;
        self.say("已添加账号", "account added")?;
        match chosen {
            Some(chosen) => self.set_password(&args.by, &account, &chosen),
            None => Ok(()),
        }
    }

    fn set_password(&self, by: &By, account: &AccountName, chosen: &Chosen) -> Result<(), Failure> {
        let hash = secret::hash(&chosen.password)?;
        let record = self.keep(by, Keeping::SetPassword { account: account.clone() })?;
        let (secured, set) = (record.seq, record.recorded_at);
        let kept = crate::store::Password { secured, hash, one_time: chosen.one_time, set };
        self.secrets(|secrets| secrets.set_password(account, &kept))?;
        if chosen.one_time {
            // The password itself is the data of this command; nothing else is printed to standard output.
            self.say(
                "一次性密码，7 天内有效，登录后要改：",
                "one-time password, good for 7 days, to be changed at the first login:",
            )?;
            return print(&format!("{}\n", chosen.password));
        }
        self.say("已设置密码", "password set")
    }

    fn add_token(&self, args: &AddToken) -> Result<(), Failure> {
        let account = self.account(&args.account)?;
        let token = secret::token()?;
        let record = self.keep(&args.by, Keeping::AddToken { account: account.clone(), label: args.label.clone() })?;
        self.secrets(|secrets| secrets.keep_token(&secret::digest(&token), &account, TokenId(record.seq)))?;
        self.say(
            &format!("令牌 {}，只显示这一次（请求头 Authorization: Bearer …）：", record.seq),
            &format!("token {}, shown this once (header Authorization: Bearer …):", record.seq),
        )?;
        print(&format!("{token}\n"))
    }

    fn list(&self, args: &List) -> Result<(), Failure> {
        let rows = self.rows()?;
        if args.json {
            let rows: Vec<_> = rows.iter().map(accounts::json).collect();
            return print(&format!("{:#}\n", serde_json::Value::from(rows)));
        }
        print(&accounts::text(rows.iter(), &self.words()))
    }

    fn sessions(&self, args: &Sessions) -> Result<(), Failure> {
        let account = self.account(&args.account)?;
        let rows = self.rows()?;
        let Some(row) = rows.iter().find(|row| row.account == account) else {
            let unknown = Objection::from(AccountObjection::Unknown(account)).into();
            return Err(Failure(objection::sentence(&unknown, self.config.site.zone, self.language, Medium::Shell)));
        };
        let words = self.words();
        let mut sessions = self.secrets(|secrets| secrets.sessions())?;
        sessions.retain(|session| {
            let alive = row.is_enabled() && session.secured == row.sessions_since();
            let young = words.now - session.created <= LONGEST_SESSION;
            alive && young && session.account == row.account && words.now - session.seen <= self.config.http.session
        });
        if args.json {
            let rows: Vec<_> = sessions.iter().map(accounts::session_json).collect();
            return print(&format!("{:#}\n", serde_json::Value::from(rows)));
        }
        print(&accounts::sessions(sessions.iter(), &words))
    }

    fn rows(&self) -> Result<Vec<AccountRow>, Failure> {
        let said = |error: crate::store::StoreError| Failure(error.sentence(self.language));
        let mut reader = Store::open_read_only(&self.config.store.path).map_err(said)?;
        reader.snapshot().and_then(|snapshot| snapshot.accounts()).map_err(said)
    }

    fn words(&self) -> Words {
        Words { language: self.language, zone: self.config.site.zone, now: clock::read().wall }
    }

    /// Works on what is kept beside the chain.
    fn secrets<T>(&self, work: impl FnOnce(&mut Secrets) -> Result<T, crate::store::StoreError>) -> Result<T, Failure> {
        Secrets::open(&self.config.store.path)
            .and_then(|mut secrets| work(&mut secrets))
            .map_err(|error| Failure(error.sentence(self.language)))
    }

    fn keep(&self, by: &By, keeping: Keeping) -> Result<Record, Failure> {
        let records = person::carry_out(&self.config, by, Act::Keep(keeping), self.language)?;
        records.into_iter().next().ok_or_else(|| Failure("nothing was recorded".to_owned()))
    }

    fn account(&self, text: &str) -> Result<AccountName, Failure> {
        text.parse().map_err(|_| {
            Failure(self.language.pick(
                format!(
                    "「{text}」不能做账号：1 到 {} 个汉字、字母、数字或 . - _，不能叫 linewatch",
                    AccountName::LONGEST
                ),
                format!(
                    "{text:?} is no name of an account: 1 to {} letters, digits, '.', '-' or '_', and not linewatch",
                    AccountName::LONGEST
                ),
            ))
        })
    }

    fn role(&self, told: &RoleOf) -> Result<Role, Failure> {
        accounts::role_of(&told.role, told.township.as_deref()).ok_or_else(|| {
            Failure(self.language.pick(
                "乡镇办要用 --township 写明乡镇，其他角色不写".to_owned(),
                "an office needs --township, and no other role has one".to_owned(),
            ))
        })
    }

    /// To standard error: what is piped on is passwords, tokens and lists alone.
    #[expect(clippy::unnecessary_wraps, reason = "reads well as the last word of a command")]
    fn say(&self, chinese: &str, english: &str) -> Result<(), Failure> {
        super::log::tell(self.language.pick(chinese, english));
        Ok(())
    }
}

//! Accounts, told in short: who keeps which account, what is recorded, what is refused, and what is held afterwards.

use std::sync::Arc;

use linewatch_core::act::{Act, Keeping};
use linewatch_core::command::Command;
use linewatch_core::ledger::{AccountRow, Ledger, Policy, Row, decide};
use linewatch_core::line::{Line, ProbeMethod};
use linewatch_core::record::{AccountName, Origin, RECORD_VERSION, Record, Role, TokenId};
use linewatch_core::time::Timestamp;

struct Journal {
    ledger: Ledger,
    rows: Vec<Row>,
}

impl Journal {
    /// A ledger that knows one township, 汀泗桥镇.
    fn new() -> Self {
        let ledger = Ledger::new(Arc::new(Policy::new(chrono_tz::Asia::Shanghai)));
        let mut journal = Self { ledger, rows: Vec::new() };
        let line = Line {
            id: "T-01".into(),
            name: "T-01".to_owned(),
            class: "township".into(),
            township: "汀泗桥镇".into(),
            village: String::new(),
            address: "10.0.0.1".to_owned(),
            probe: ProbeMethod::Icmp,
            upstream: None,
            carrier: String::new(),
            circuit_no: String::new(),
            bandwidth_kbps: None,
            access: String::new(),
            rent_fen_month: None,
            contact: String::new(),
            phone: String::new(),
            install_address: String::new(),
            opened: None,
            closed: None,
            latitude_e6: None,
            longitude_e6: None,
            note: String::new(),
        };
        let lines = Arc::new(vec![line]);
        journal.give(&Command::LoadInventory { at: Timestamp(0), lines, allow_removal: false }).expect("an inventory");
        journal
    }

    /// Kinds of what was recorded, or the refusal.
    fn give(&mut self, command: &Command) -> Result<String, String> {
        let now = Timestamp(self.ledger.recorded_at().0.max(0) + 1000);
        let facts = decide(&self.ledger, command, now).map_err(|refusal| refusal.to_string())?;
        let mut kinds = Vec::new();
        for fact in facts {
            kinds.push(fact.kind());
            let author = command.author().unwrap_or("linewatch").to_owned();
            let seq = self.ledger.seq() + 1;
            let record = Record { seq, v: RECORD_VERSION, recorded_at: now, origin: Origin::Live, author, fact };
            self.rows.extend(self.ledger.apply(&record).0);
        }
        Ok(kinds.join(" "))
    }

    fn keep(&mut self, by: &str, keeping: Keeping) -> Result<String, String> {
        self.give(&Command::Person { author: by.to_owned(), act: Act::Keep(keeping) })
    }

    fn row(&self, account: &str) -> Arc<AccountRow> {
        Arc::clone(&self.ledger.accounts()[&name(account)])
    }
}

fn name(text: &str) -> AccountName {
    text.parse().expect("a name")
}

fn add(account: &str, role: Role) -> Keeping {
    Keeping::Add { account: name(account), name: String::new(), role }
}

fn disable(account: &str) -> Keeping {
    Keeping::Disable { account: name(account), reason: "left".to_owned() }
}

#[expect(clippy::unnecessary_wraps, reason = "compared with what may be a refusal")]
fn kept(kind: &str) -> Result<String, String> {
    Ok(format!("person.{kind}"))
}

fn no<T>(refusal: &str) -> Result<T, String> {
    Err(refusal.to_owned())
}

#[test]
fn an_account_is_somebodys_for_life() {
    let mut journal = Journal::new();
    assert_eq!(journal.keep("root", add("boss", Role::Admin)), kept("added"));
    assert_eq!(journal.keep("root", add("li", Role::Crew)), kept("added"));
    assert_eq!(journal.keep("boss", add("li", Role::Viewer)), no("there is an account li"));
    assert_eq!(journal.keep("boss", disable("li")), kept("disabled"));
    assert_eq!(journal.keep("boss", add("li", Role::Viewer)), no("there is an account li"));
    assert_eq!(journal.keep("boss", disable("li")), no("account li was disabled by boss"));
    assert_eq!(
        journal.keep("boss", Keeping::SetPassword { account: name("li") }),
        no("account li was disabled by boss")
    );
    assert_eq!(journal.keep("boss", Keeping::Enable { account: name("li") }), kept("enabled"));
    assert_eq!(journal.keep("boss", Keeping::Enable { account: name("li") }), no("account li is not disabled"));
    assert_eq!(journal.keep("boss", disable("wang")), no("no account wang"));
    assert_eq!(journal.row("li").said.by, "root", "who added it stays said");
}

#[test]
fn there_is_always_an_admin_left() {
    let mut journal = Journal::new();
    journal.keep("root", add("boss", Role::Admin)).unwrap();
    let demote = |account: &str| Keeping::ChangeRole { account: name(account), role: Role::Viewer };
    assert_eq!(journal.keep("boss", disable("boss")), no("account boss is the last admin"));
    assert_eq!(journal.keep("boss", demote("boss")), no("account boss is the last admin"));
    journal.keep("boss", add("deputy", Role::Admin)).unwrap();
    assert_eq!(journal.keep("deputy", demote("boss")), kept("role_changed"));
    assert_eq!(journal.keep("boss", disable("deputy")), no("account deputy is the last admin"));
    journal.keep("deputy", add("third", Role::Admin)).unwrap();
    journal.keep("deputy", disable("third")).unwrap();
    assert_eq!(journal.keep("x", disable("deputy")), no("account deputy is the last admin"), "a disabled one is none");
}

#[test]
fn an_office_has_a_township_that_there_is() {
    let mut journal = Journal::new();
    let office = |township: &str| Role::Office(township.into());
    assert_eq!(journal.keep("root", add("a", office("汀泗桥镇"))), kept("added"));
    assert_eq!(journal.keep("root", add("b", office("别处镇"))), no("no line in township 别处镇"));
    assert_eq!(journal.keep("root", add("c", office(""))), no("no line in township "));
    let change = Keeping::ChangeRole { account: name("a"), role: office("汀泗桥镇") };
    assert_eq!(journal.keep("root", change), no("account a has that role"));
}

#[test]
fn whatever_makes_sessions_void_is_counted() {
    let mut journal = Journal::new();
    journal.keep("root", add("boss", Role::Admin)).unwrap();
    journal.keep("root", add("li", Role::Crew)).unwrap();
    let of = |journal: &Journal| (journal.row("li").secured, journal.row("li").sessions_since());
    let mut secured = vec![of(&journal)];
    for keeping in [
        Keeping::SetPassword { account: name("li") },
        Keeping::ChangeRole { account: name("li"), role: Role::Viewer },
        disable("li"),
        Keeping::Enable { account: name("li") },
        Keeping::AddToken { account: name("li"), label: "screen".to_owned() },
        Keeping::SignOut { account: name("li") },
    ] {
        journal.keep("boss", keeping).unwrap();
        secured.push(of(&journal));
    }
    let changes: Vec<bool> = secured.windows(2).map(|pair| pair[0].1 != pair[1].1).collect();
    assert_eq!(changes, [true, false, true, true, false, true], "a role is looked up each time; a token is no session");
    assert_eq!(secured[6].0, secured[5].0, "the password holds when all sessions end");
    journal.keep("boss", disable("li")).unwrap();
    assert_eq!(journal.keep("boss", Keeping::SignOut { account: name("li") }), no("account li was disabled by boss"));
}

#[test]
fn tokens_are_numbered_and_gone_with_their_account() {
    let mut journal = Journal::new();
    journal.keep("root", add("boss", Role::Admin)).unwrap();
    journal.keep("root", add("robot", Role::Viewer)).unwrap();
    let token = |label: &str| Keeping::AddToken { account: name("robot"), label: label.to_owned() };
    assert_eq!(journal.keep("boss", token("  ")), no("what it is for is missing"));
    journal.keep("boss", token("Grafana")).unwrap();
    journal.keep("boss", token("screen")).unwrap();
    let numbers: Vec<TokenId> = journal.row("robot").tokens.iter().map(|row| row.token).collect();
    let revoke = |token| Keeping::RevokeToken { account: name("robot"), token };
    assert_eq!(journal.keep("boss", revoke(numbers[0])), kept("token_revoked"));
    let gone = format!("account robot has no token {}", numbers[0]);
    assert_eq!(journal.keep("boss", revoke(numbers[0])), no(&gone));
    assert_eq!(journal.row("robot").tokens.len(), 1);
    journal.keep("boss", disable("robot")).unwrap();
    assert!(journal.row("robot").tokens.is_empty());
}

/// A ledger taken up from its rows holds the same accounts.
#[test]
fn accounts_are_restored_from_their_rows() {
    let mut journal = Journal::new();
    journal.keep("root", add("boss", Role::Admin)).unwrap();
    journal.keep("root", Keeping::SetPassword { account: name("boss") }).unwrap();
    journal.keep("boss", add("tingsi", Role::Office("汀泗桥镇".into()))).unwrap();
    journal.keep("boss", Keeping::AddToken { account: name("tingsi"), label: "screen".to_owned() }).unwrap();
    journal.keep("boss", Keeping::SignOut { account: name("tingsi") }).unwrap();
    journal.keep("boss", disable("tingsi")).unwrap();
    let rows = journal.rows.clone();
    let (seq, at) = (journal.ledger.seq(), journal.ledger.recorded_at());
    let restored = Ledger::restore(Arc::new(Policy::new(chrono_tz::Asia::Shanghai)), seq, at, rows);
    assert_eq!(restored.accounts(), journal.ledger.accounts());
}

#[test]
fn a_row_from_before_sessions_could_be_ended_is_written_as_it_was() {
    let mut journal = Journal::new();
    journal.keep("root", add("boss", Role::Admin)).unwrap();
    let written = |journal: &Journal| serde_json::to_value(journal.row("boss").as_ref()).expect("JSON");
    assert_eq!(written(&journal).get("signed_out"), None);
    assert_eq!(journal.keep("boss", Keeping::SignOut { account: name("boss") }), kept("signed_out"));
    assert_eq!(written(&journal)["signed_out"], journal.ledger.seq());
}

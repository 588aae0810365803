//! Accounts as people keep them.

use std::sync::Arc;

use super::super::rows::AccountRow;
use super::super::{AccountObjection, Missing, Objection, Refusal};
use super::Draft;
use super::planned::said;
use crate::act::Keeping;
use crate::record::{AccountName, PersonFact, Role};

impl Draft<'_> {
    pub(super) fn keep(&mut self, keeping: &Keeping) -> Result<(), Refusal> {
        let fact = match keeping {
            Keeping::Add { account, name, role } => {
                if self.ledger.people.accounts.contains_key(account) {
                    return Err(refused(AccountObjection::Exists(account.clone())));
                }
                self.has_its_township(role)?;
                let name = said(name, Missing::Reason).unwrap_or_else(|_| account.to_string());
                PersonFact::Added { account: account.clone(), name, role: role.clone() }
            }
            Keeping::ChangeRole { account, role } => {
                let held = self.usable(account)?;
                if held.role == *role {
                    return Err(refused(AccountObjection::SameRole(account.clone())));
                }
                self.has_its_township(role)?;
                self.leaves_an_admin(&held)?;
                PersonFact::RoleChanged { account: account.clone(), role: role.clone() }
            }
            Keeping::Disable { account, reason } => {
                let held = self.usable(account)?;
                let reason = said(reason, Missing::Reason)?;
                self.leaves_an_admin(&held)?;
                PersonFact::Disabled { account: account.clone(), reason }
            }
            Keeping::Enable { account } => {
                if self.account(account)?.is_enabled() {
                    return Err(refused(AccountObjection::NotDisabled(account.clone())));
                }
                PersonFact::Enabled { account: account.clone() }
            }
            Keeping::SetPassword { account } => {
                self.usable(account)?;
                PersonFact::PasswordSet { account: account.clone() }
            }
            Keeping::AddToken { account, label } => {
                self.usable(account)?;
                PersonFact::TokenAdded { account: account.clone(), label: said(label, Missing::Label)? }
            }
            Keeping::RevokeToken { account, token } => {
                let held = self.account(account)?;
                if !held.tokens.iter().any(|row| row.token == *token) {
                    let (account, token) = (account.clone(), *token);
                    return Err(refused(AccountObjection::UnknownToken { account, token }));
                }
                PersonFact::TokenRevoked { account: account.clone(), token: *token }
            }
            Keeping::SignOut { account } => {
                self.usable(account)?;
                PersonFact::SignedOut { account: account.clone() }
            }
        };
        self.push(fact);
        Ok(())
    }

    fn account(&self, account: &AccountName) -> Result<Arc<AccountRow>, Refusal> {
        let held = self.ledger.people.accounts.get(account).cloned();
        held.ok_or_else(|| refused(AccountObjection::Unknown(account.clone())))
    }

    fn usable(&self, account: &AccountName) -> Result<Arc<AccountRow>, Refusal> {
        let held = self.account(account)?;
        match &held.disabled {
            Some((said, _)) => {
                Err(refused(AccountObjection::Disabled { account: account.clone(), by: said.by.clone() }))
            }
            None => Ok(held),
        }
    }

    /// Whoever is to lose the role of an admin is not the last one.
    fn leaves_an_admin(&self, held: &AccountRow) -> Result<(), Refusal> {
        let admin = |row: &AccountRow| row.role == Role::Admin && row.is_enabled();
        let others = self.ledger.people.accounts.values().filter(|row| row.account != held.account && admin(row));
        if admin(held) && others.count() == 0 {
            return Err(refused(AccountObjection::LastAdmin(held.account.clone())));
        }
        Ok(())
    }

    fn has_its_township(&self, role: &Role) -> Result<(), Refusal> {
        match role {
            Role::Office(township)
                if township.as_str().is_empty() || !self.ledger.lines().any(|held| held.line.township == *township) =>
            {
                Err(Objection::UnknownTownship(township.clone()).into())
            }
            Role::Viewer | Role::Crew | Role::Office(_) | Role::Admin => Ok(()),
        }
    }
}

fn refused(objection: AccountObjection) -> Refusal {
    Objection::from(objection).into()
}

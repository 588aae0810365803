//! Accounts.

use super::super::rows::{AccountRow, Row, TokenRow};
use super::super::{Envelope, Ledger};
use super::Rows;
use crate::record::{PersonFact, TokenId};

impl Ledger {
    pub(super) fn fold_person(&mut self, envelope: Envelope<'_>, fact: &PersonFact, rows: &mut Rows) {
        let seq = envelope.seq;
        let row = match fact {
            PersonFact::Added { account, name, role } => Some(AccountRow {
                number: seq,
                account: account.clone(),
                name: name.clone(),
                role: role.clone(),
                said: envelope.said(),
                disabled: None,
                password: None,
                secured: seq,
                signed_out: 0,
                tokens: Vec::new(),
            }),
            changed => self.people.accounts.get(changed.account()).map(|held| {
                let mut row = AccountRow::clone(held);
                change(&mut row, envelope, changed);
                row
            }),
        };
        let Some(row) = row else { return };
        rows.push(Row::Account(row.clone()));
        self.people.keep(row);
    }
}

fn change(row: &mut AccountRow, envelope: Envelope<'_>, fact: &PersonFact) {
    match fact {
        PersonFact::Added { .. } => {}
        PersonFact::RoleChanged { role, .. } => row.role = role.clone(),
        PersonFact::Disabled { reason, .. } => {
            row.disabled = Some((envelope.said(), reason.clone()));
            row.password = None;
            row.tokens.clear();
            row.secured = envelope.seq;
        }
        PersonFact::Enabled { .. } => {
            row.disabled = None;
            row.secured = envelope.seq;
        }
        PersonFact::PasswordSet { .. } => {
            row.password = Some(envelope.said());
            row.secured = envelope.seq;
        }
        PersonFact::TokenAdded { label, .. } => {
            let token = TokenId(envelope.seq);
            row.tokens.push(TokenRow { token, label: label.clone(), said: envelope.said() });
        }
        PersonFact::TokenRevoked { token, .. } => row.tokens.retain(|held| held.token != *token),
        PersonFact::SignedOut { .. } => row.signed_out = envelope.seq,
    }
}

//! Accounts as people keep them.

use crate::record::{AccountName, Role, TokenId};

/// An account is added or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// An account is added, without a password yet.
    Add {
        /// Its name.
        account: AccountName,
        /// What people call its owner; empty: as the account is called.
        name: String,
        /// What it is for.
        role: Role,
    },
    /// It is for something else from now on.
    ChangeRole {
        /// The account.
        account: AccountName,
        /// What for.
        role: Role,
    },
    /// Nobody may use it any more.
    Disable {
        /// The account.
        account: AccountName,
        /// Why.
        reason: String,
    },
    /// It may be used again.
    Enable {
        /// The account.
        account: AccountName,
    },
    /// It gets a new password. The password itself is no part of the act.
    SetPassword {
        /// The account.
        account: AccountName,
    },
    /// A token is made for it. The token itself is no part of the act.
    AddToken {
        /// The account.
        account: AccountName,
        /// What it is for, in words.
        label: String,
    },
    /// A token is void from now on.
    RevokeToken {
        /// The account.
        account: AccountName,
        /// The token.
        token: TokenId,
    },
    /// Its sessions end, wherever they are.
    SignOut {
        /// The account.
        account: AccountName,
    },
}

impl Keeping {
    /// The account it is about.
    pub fn account(&self) -> &AccountName {
        match self {
            Self::Add { account, .. }
            | Self::ChangeRole { account, .. }
            | Self::Disable { account, .. }
            | Self::Enable { account }
            | Self::SetPassword { account }
            | Self::AddToken { account, .. }
            | Self::RevokeToken { account, .. }
            | Self::SignOut { account } => account,
        }
    }
}

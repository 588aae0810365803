//! Accounts: who may see and do what. Every change is a fact with its author; hashes of passwords, sessions and
//! tokens are secrets, not evidence, and stand beside the chain.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::line::Township;

/// The name of an account, which is the author of what it does: letters of any script, digits, `.`, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountName(Arc<str>);

/// A text is no name of an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no name of an account: 1 to 32 letters, digits, '.', '-' or '_', and not linewatch")]
pub struct NotAnAccountName(pub String);

impl AccountName {
    /// Letters a name may have.
    pub const LONGEST: usize = 32;
    /// Who the program's own verdicts are by; nobody else is called so.
    pub const RESERVED: &str = "linewatch";

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = NotAnAccountName;

    fn from_str(text: &str) -> Result<Self, NotAnAccountName> {
        let text = text.trim();
        let fits = (1..=Self::LONGEST).contains(&text.chars().count())
            && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_'))
            && !text.eq_ignore_ascii_case(Self::RESERVED);
        if fits { Ok(Self(text.into())) } else { Err(NotAnAccountName(text.to_owned())) }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What an account is for. What each may see and do: [`may`](crate::person::may).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks (查看).
    Viewer,
    /// Repairs and inspects (运维人员).
    Crew,
    /// A township's office (乡镇办), for its own township alone.
    Office(Township),
    /// Everything (管理员).
    Admin,
}

/// The number of a token: the `seq` of the record that added it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenId(pub u64);

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A fact about an account. Who says it is the record's author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PersonFact {
    /// An account was added.
    Added {
        /// Its name, for life.
        account: AccountName,
        /// What people call its owner.
        name: String,
        /// What it is for.
        role: Role,
    },
    /// It is for something else from now on.
    RoleChanged {
        /// The account.
        account: AccountName,
        /// What for.
        role: Role,
    },
    /// Nobody may use it any more; its sessions and tokens are void.
    Disabled {
        /// The account.
        account: AccountName,
        /// Why.
        reason: String,
    },
    /// It may be used again, with a new password.
    Enabled {
        /// The account.
        account: AccountName,
    },
    /// It has a new password, set by the author; sessions from before are void.
    PasswordSet {
        /// The account.
        account: AccountName,
    },
    /// A token lets a program act for it. Its number is the record's `seq`.
    TokenAdded {
        /// The account.
        account: AccountName,
        /// What it is for, in words.
        label: String,
    },
    /// A token is void.
    TokenRevoked {
        /// The account.
        account: AccountName,
        /// The token.
        token: TokenId,
    },
    /// All its sessions from before are void; its password and its tokens are not.
    SignedOut {
        /// The account.
        account: AccountName,
    },
}

impl PersonFact {
    /// `person.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Added { .. } => "person.added",
            Self::RoleChanged { .. } => "person.role_changed",
            Self::Disabled { .. } => "person.disabled",
            Self::Enabled { .. } => "person.enabled",
            Self::PasswordSet { .. } => "person.password_set",
            Self::TokenAdded { .. } => "person.token_added",
            Self::TokenRevoked { .. } => "person.token_revoked",
            Self::SignedOut { .. } => "person.signed_out",
        }
    }

    /// The account it is about.
    pub fn account(&self) -> &AccountName {
        match self {
            Self::Added { account, .. }
            | Self::RoleChanged { account, .. }
            | Self::Disabled { account, .. }
            | Self::Enabled { account }
            | Self::PasswordSet { account }
            | Self::TokenAdded { account, .. }
            | Self::TokenRevoked { account, .. }
            | Self::SignedOut { account } => account,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        for text in ["admin", "张伟", "tingsi.office", "li-na_2", " trimmed "] {
            assert_eq!(text.parse::<AccountName>().expect(text).as_str(), text.trim());
        }
        for text in
            ["", "  ", "two words", "linewatch", "LineWatch", "a/b", "<b>", "a\nb", "=1+1", "😀", &"长".repeat(33)]
        {
            assert!(text.parse::<AccountName>().is_err(), "{text:?}");
        }
    }
}

//! Who asks: an account that has logged in, a program with a token, or nobody in particular.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use linewatch_core::ledger::AccountRow;
use linewatch_core::line::Township;
use linewatch_core::person::{self, Deed};
use linewatch_core::record::{AccountName, Role};

use super::{Look, Source};
use crate::secret::SecretDigest;

/// Who asks. Every handler can take one as an argument; whether a request came this far at all was decided before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The account, which is the author of whatever is done; `None`: nobody in particular.
    pub account: Option<AccountName>,
    /// What people call its owner; empty for nobody.
    pub name: String,
    /// What the account is for.
    pub role: Option<Role>,
    /// What a form sends back as `csrf`, or a script as `x-csrf-token`; empty where no session stands behind the
    /// request.
    pub csrf: String,
    /// The session behind the request; `None`: a token, or nobody in particular.
    pub session: Option<SecretDigest>,
    /// Logged in by a one-time password, which has to be changed before anything else.
    pub one_time: bool,
}

impl Viewer {
    /// Whoever acts for an account.
    pub fn of(row: &AccountRow) -> Self {
        let (account, name, role) = (Some(row.account.clone()), row.name.clone(), Some(row.role.clone()));
        Self { account, name, role, csrf: String::new(), session: None, one_time: false }
    }

    /// Whether this may be done at all, be it in the viewer's own township only.
    pub fn may(&self, deed: Deed) -> bool {
        person::may_somewhere(self.role.as_ref(), deed)
    }

    /// Whether this may be done to what belongs to a township.
    pub fn may_in(&self, deed: Deed, township: &Township) -> bool {
        person::may_in(self.role.as_ref(), deed, township)
    }

    /// The township that is all the viewer sees; `None`: sees everything.
    pub fn township(&self) -> Option<&Township> {
        match &self.role {
            Some(Role::Office(township)) => Some(township),
            Some(Role::Viewer | Role::Crew | Role::Admin) | None => None,
        }
    }

    /// One look at the daemon, at what this viewer may see; `None` while it starts or stops.
    pub async fn look(&self, source: &dyn Source) -> Option<Look> {
        let look = source.look().await?;
        Some(match self.township() {
            Some(township) => look.within(township),
            None => look,
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

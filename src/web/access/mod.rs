//! Who gets in: sessions that began with a password, and tokens.
//!
//! What may be used the committed records say; what is kept beside the chain only proves that somebody is the one he
//! says he is. Sessions are in memory, as [`Secrets`] has them, so that no request waits for the disk; one that begins
//! or ends is written through, and a restart of the daemon logs nobody out.

mod limiter;
mod writes;

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use linewatch_core::act::{Act, Keeping};
use linewatch_core::ledger::AccountRow;
use linewatch_core::record::{AccountName, Record, TokenId};
use linewatch_core::time::{Elapsed, Millis, Timestamp};
use tokio::sync::Semaphore;

use super::{NotDone, Source};
use crate::secret::{self, SecretDigest, Weakness};
use crate::store::{Password, Secrets, Session, StoreError};
use limiter::Limiter;
use writes::Writes;

/// However much it is used, a session ends after this long.
pub const LONGEST_SESSION: Millis = Millis::from_secs(30 * 24 * 3600);
/// A password made for somebody else is good for this long.
const ONE_TIME: Millis = Millis::from_secs(7 * 24 * 3600);
/// How often the use of a session is written down.
const SEEN_EVERY: Millis = Millis::from_secs(600);
/// Passwords looked at at once: each takes 19 MiB and a moment of one processor.
const AT_ONCE: usize = 2;
/// Passwords that may wait for that.
const WAITING: usize = 32;
/// Looks at the store at once: whoever invents tokens takes neither all threads nor the disk.
const READERS: usize = 4;
/// Tokens remembered, so that a scraper costs no look at the disk.
const TOKENS: usize = 1024;

/// What the configuration says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whoever has not logged in sees nothing.
    pub closed: bool,
    /// Pages are served by TLS.
    pub secure: bool,
    /// A session that was not used for this long has ended.
    pub idle: Millis,
}

/// Who gets in.
#[derive(Debug)]
pub struct Access {
    store: PathBuf,
    rules: Rules,
    sessions: Mutex<HashMap<SecretDigest, Session>>,
    tokens: Mutex<HashMap<SecretDigest, (AccountName, TokenId)>>,
    limiter: Mutex<Limiter>,
    hashing: Semaphore,
    waiting: Semaphore,
    reading: Semaphore,
    writes: Arc<Writes>,
}

/// Why somebody does not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// There is no such account, it may not be used, or its password is another one. Which of these, nobody is told.
    Wrong,
    /// It was made for once, and that is too long ago.
    Expired,
    /// Tried too often; again after this many seconds.
    TooOften(u32),
    /// The store cannot be read, or too many try at once.
    Unable,
}

/// Why a password was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotChanged {
    /// The old one is wrong.
    Denied(Denied),
    /// The new one is weak.
    Weak(Weakness),
    /// The new one is the old one.
    Same,
    /// The change could not be recorded.
    NotDone(NotDone),
}

/// A session that has begun: what the browser gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The secret.
    pub cookie: String,
    /// For how long the browser keeps it.
    pub seconds: i64,
    /// Another password has to be set first.
    pub one_time: bool,
}

impl Access {
    /// Takes up the sessions of a store.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn open(store: PathBuf, rules: Rules) -> Result<Self, StoreError> {
        let sessions = Secrets::open(&store)?.sessions()?;
        Ok(Self {
            store,
            rules,
            sessions: Mutex::new(sessions.into_iter().map(|session| (session.digest, session)).collect()),
            tokens: Mutex::default(),
            limiter: Mutex::default(),
            hashing: Semaphore::new(AT_ONCE),
            waiting: Semaphore::new(WAITING),
            reading: Semaphore::new(READERS),
            writes: Arc::default(),
        })
    }

    /// What the configuration says.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Name of the cookie. With TLS the browser itself makes sure that it comes from here and goes nowhere else.
    pub fn cookie_name(&self) -> &'static str {
        if self.rules.secure { "__Host-linewatch" } else { "linewatch" }
    }

    /// The session behind a cookie, with its account as it is now; `None`: it has ended.
    pub fn session(&self, source: &dyn Source, cookie: &str, now: Timestamp) -> Option<(Session, Arc<AccountRow>)> {
        let digest = secret::digest(cookie);
        let session = held(&self.sessions).get(&digest).cloned()?;
        let row = source.account(&session.account);
        let row = row.filter(|row| self.is_alive(&session, row, now));
        let Some(row) = row else {
            held(&self.sessions).remove(&digest);
            self.write(move |secrets| secrets.end_session(&digest));
            return None;
        };
        if now - session.seen >= SEEN_EVERY {
            let seen = Session { seen: now, ..session.clone() };
            held(&self.sessions).insert(digest, seen.clone());
            self.keep(seen, now);
        }
        Some((session, row))
    }

    /// Whether a session of an account goes on.
    fn is_alive(&self, session: &Session, row: &AccountRow, now: Timestamp) -> bool {
        row.is_enabled()
            && row.sessions_since() == session.secured
            && now - session.seen <= self.rules.idle
            && now - session.created <= LONGEST_SESSION
    }

    /// Whether a session goes on, for whoever is answered for longer than one request.
    pub fn goes_on(&self, source: &dyn Source, session: &SecretDigest, now: Timestamp) -> bool {
        let session = held(&self.sessions).get(session).cloned();
        session.is_some_and(|session| {
            source.account(&session.account).is_some_and(|row| self.is_alive(&session, &row, now))
        })
    }

    /// The sessions of an account that go on, the one that was used last first.
    pub fn sessions_of(&self, row: &AccountRow, now: Timestamp) -> Vec<Session> {
        let all = held(&self.sessions);
        let own = all.values().filter(|session| session.account == row.account && self.is_alive(session, row, now));
        let mut own: Vec<Session> = own.cloned().collect();
        drop(all);
        own.sort_by_key(|session| std::cmp::Reverse((session.seen, session.created)));
        own
    }

    /// Has it recorded that all sessions of an account end; the one of `but`, who asked for it, goes on.
    ///
    /// # Errors
    /// Why nothing was recorded.
    pub async fn sign_out(
        &self,
        source: &dyn Source,
        author: &str,
        account: &AccountName,
        but: Option<&SecretDigest>,
    ) -> Result<Vec<Record>, NotDone> {
        let act = Act::Keep(Keeping::SignOut { account: account.clone() });
        let records = source.act(author, act).await?;
        let since = records.first().map_or(0, |record| record.seq);
        let kept = {
            let mut sessions = held(&self.sessions);
            sessions.retain(|digest, session| session.account != *account || but == Some(digest));
            let asking = but.and_then(|digest| sessions.get_mut(digest));
            asking.filter(|session| session.account == *account).map(|session| {
                session.secured = since;
                session.clone()
            })
        };
        // What is not written is void by the record: nobody gets in by it.
        let of = account.clone();
        self.write(move |secrets| secrets.end_sessions(&of, kept.as_ref()));
        Ok(records)
    }

    /// The account that a token acts for; `None`: it is void, or none.
    pub async fn bearer(&self, source: &dyn Source, token: &str) -> Option<Arc<AccountRow>> {
        let digest = secret::digest(token);
        let known = held(&self.tokens).get(&digest).cloned();
        let (account, number) = if let Some(known) = known {
            known
        } else {
            let found = self.read(move |secrets| secrets.token(&digest)).await??;
            let mut tokens = held(&self.tokens);
            if tokens.len() >= TOKENS {
                tokens.clear();
            }
            tokens.insert(digest, found.clone());
            found
        };
        let row = source.account(&account)?;
        (row.is_enabled() && row.tokens.iter().any(|token| token.token == number)).then_some(row)
    }

    /// Begins a session for whoever knows an account's password.
    ///
    /// # Errors
    /// Why not.
    pub async fn log_in(&self, source: &dyn Source, told: &Told<'_>) -> Result<Begun, Denied> {
        let (row, password) = self.prove(source, told).await?;
        let cookie = secret::session().map_err(|_| Denied::Unable)?;
        let session = Session {
            digest: secret::digest(&cookie),
            account: row.account.clone(),
            secured: row.sessions_since(),
            csrf: secret::session().map_err(|_| Denied::Unable)?,
            one_time: password.one_time,
            created: told.now,
            seen: told.now,
        };
        held(&self.sessions).insert(session.digest, session.clone());
        self.keep(session, told.now);
        let seconds = self.rules.idle.min(LONGEST_SESSION).0 / 1000;
        tracing::info!(account = %row.account, "logged in");
        Ok(Begun { cookie, seconds, one_time: password.one_time })
    }

    /// Ends the session behind a cookie.
    pub fn log_out(&self, cookie: &str) {
        let digest = secret::digest(cookie);
        if held(&self.sessions).remove(&digest).is_some() {
            self.write(move |secrets| secrets.end_session(&digest));
        }
    }

    /// Gives an account another password at its owner's wish; all its sessions end.
    ///
    /// # Errors
    /// Why not.
    pub async fn change_password(&self, source: &dyn Source, told: &Told<'_>, new: &str) -> Result<(), NotChanged> {
        if let Some(weakness) = secret::weakness(new, told.account) {
            return Err(NotChanged::Weak(weakness));
        }
        let (row, old) = self.prove(source, told).await.map_err(NotChanged::Denied)?;
        if new == told.password {
            return Err(NotChanged::Same);
        }
        drop(old);
        self.set_password(source, row.account.as_str(), &row.account, new, false).await.map_err(NotChanged::NotDone)
    }

    /// Has a new password recorded and keeps its hash.
    ///
    /// # Errors
    /// Why nothing was recorded, or that the hash could not be written: then the account has no password.
    pub async fn set_password(
        &self,
        source: &dyn Source,
        author: &str,
        account: &AccountName,
        new: &str,
        one_time: bool,
    ) -> Result<(), NotDone> {
        let hash = self.hash(new.to_owned()).await.ok_or(NotDone::JournalWaits)?;
        let act = Act::Keep(Keeping::SetPassword { account: account.clone() });
        let records = source.act(author, act).await?;
        let record = records.first().ok_or(NotDone::Starting)?;
        let kept = Password { secured: record.seq, hash, one_time, set: record.recorded_at };
        let of = account.clone();
        held(&self.sessions).retain(|_, session| session.account != *account);
        self.read(move |secrets| secrets.set_password(&of, &kept)).await.ok_or(NotDone::JournalWaits)
    }

    /// Has a token recorded for an account and returns it with its number.
    ///
    /// # Errors
    /// Why nothing was recorded, or that the digest could not be written: then the token is good for nothing.
    pub async fn add_token(
        &self,
        source: &dyn Source,
        author: &str,
        account: &AccountName,
        label: String,
    ) -> Result<(TokenId, String), NotDone> {
        let token = secret::token().map_err(|_| NotDone::JournalWaits)?;
        let act = Act::Keep(Keeping::AddToken { account: account.clone(), label });
        let records = source.act(author, act).await?;
        let number = TokenId(records.first().ok_or(NotDone::Starting)?.seq);
        let (digest, of) = (secret::digest(&token), account.clone());
        self.read(move |secrets| secrets.keep_token(&digest, &of, number)).await.ok_or(NotDone::JournalWaits)?;
        Ok((number, token))
    }

    /// Looks at a password; counts the attempt against the account and the address.
    async fn prove(&self, source: &dyn Source, told: &Told<'_>) -> Result<(Arc<AccountRow>, Password), Denied> {
        held(&self.limiter).attempt(told.account, told.from, told.elapsed).map_err(Denied::TooOften)?;
        let row = told.account.parse().ok().and_then(|name| source.account(&name)).filter(|row| row.is_enabled());
        let known = match &row {
            Some(row) => {
                let name = row.account.clone();
                self.read(move |secrets| secrets.password(&name)).await.ok_or(Denied::Unable)?
            }
            None => None,
        };
        let kept = row.and_then(|row| {
            let secured = row.secured;
            known.filter(|kept| kept.secured == secured).map(|kept| (row, kept))
        });
        let (password, hash) = (told.password.to_owned(), kept.as_ref().map(|(_, kept)| kept.hash.clone()));
        let right = self.slowly(move || secret::is_password(&password, hash.as_deref())).await.ok_or(Denied::Unable)?;
        let Some((row, kept)) = kept.filter(|_| right) else {
            tracing::warn!(account = told.account.escape_debug().to_string(), from = ?told.from, "login refused");
            return Err(Denied::Wrong);
        };
        held(&self.limiter).succeeded(told.account, told.from);
        if kept.one_time && told.now - kept.set > ONE_TIME {
            return Err(Denied::Expired);
        }
        Ok((row, kept))
    }

    async fn hash(&self, password: String) -> Option<String> {
        self.slowly(move || secret::hash(&password)).await?.ok()
    }

    /// Runs it on a thread of its own, few at a time; `None` when too many wait.
    async fn slowly<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _place = self.waiting.try_acquire().ok()?;
        let _turn = self.hashing.acquire().await.ok()?;
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// Works on what is kept, on a thread of its own; `None` when it cannot be.
    async fn read<T, W>(&self, work: W) -> Option<T>
    where
        T: Send + 'static,
        W: FnOnce(&mut Secrets) -> Result<T, StoreError> + Send + 'static,
    {
        let _turn = self.reading.acquire().await.ok()?;
        let store = self.store.clone();
        let done =
            tokio::task::spawn_blocking(move || Secrets::open(&store).and_then(|mut secrets| work(&mut secrets)));
        match done.await {
            Ok(Ok(done)) => Some(done),
            Ok(Err(error)) => {
                tracing::warn!(%error, "passwords and sessions cannot be read or written");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "passwords and sessions were not read or written");
                None
            }
        }
    }

    fn keep(&self, session: Session, now: Timestamp) {
        let expired = now - self.rules.idle.min(LONGEST_SESSION);
        self.write(move |secrets| secrets.keep_session(&session, expired));
    }

    /// Writes in the background: what is in memory counts, and a session that is not written ends with the daemon.
    fn write(&self, work: impl FnOnce(&mut Secrets) -> Result<(), StoreError> + Send + 'static) {
        self.writes.add(Box::new(work));
        let (store, writes) = (self.store.clone(), Arc::clone(&self.writes));
        tokio::task::spawn_blocking(move || {
            if let Err(error) = writes.write_next(&store) {
                tracing::warn!(%error, "a session is kept in memory only");
            }
        });
    }
}

/// What somebody says who wants to get in.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The account, as it was typed.
    pub account: &'a str,
    /// The password.
    pub password: &'a str,
    /// From which address.
    pub from: Option<IpAddr>,
    /// The wall clock: sessions last beyond a restart of the machine.
    pub now: Timestamp,
    /// The boot clock: nobody waits longer because the clock was set.
    pub elapsed: Elapsed,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

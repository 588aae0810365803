//! Beside the chain: what lets people and programs in. Hashes of passwords, digests of sessions and tokens; never what
//! they are of. Whether an account may be used, and what for, the records say: each secret here names the record that
//! it came with, and is void when a later one says so.

use std::path::{Path, PathBuf};

use linewatch_core::record::{AccountName, TokenId};
use linewatch_core::time::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::error::Cause;
use super::rows::{count, instant, number};
use super::schema::{self, Found};
use super::{StoreError, sqlite};

/// Sessions that an account may have at once; the one that was not used for longest goes.
const SESSIONS_OF_AN_ACCOUNT: u64 = 20;

/// Made where it is missing.
pub(super) const TABLES: &str = "
CREATE TABLE IF NOT EXISTS passwords (
    account TEXT NOT NULL PRIMARY KEY, secured INTEGER NOT NULL, hash TEXT NOT NULL,
    one_time INTEGER NOT NULL CHECK (one_time IN (0, 1)), set_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32), account TEXT NOT NULL, secured INTEGER NOT NULL,
    csrf TEXT NOT NULL, one_time INTEGER NOT NULL CHECK (one_time IN (0, 1)),
    created_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32), account TEXT NOT NULL, token INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// What is kept of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// `seq` of the record that it was set with.
    pub secured: u64,
    /// The hash.
    pub hash: String,
    /// It was made for somebody else to use once and then to change.
    pub one_time: bool,
    /// When it was set.
    pub set: Timestamp,
}

/// What is kept of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Digest of what the browser has.
    pub digest: [u8; 32],
    /// Whose it is.
    pub account: AccountName,
    /// As the account's row said when it began; another number there: it is void.
    pub secured: u64,
    /// What its forms send back.
    pub csrf: String,
    /// Nothing may be done in it but to set another password.
    pub one_time: bool,
    /// When it began.
    pub created: Timestamp,
    /// When it was last used, to within some minutes.
    pub seen: Timestamp,
}

/// What is kept of passwords, sessions and tokens, opened for reading and writing.
#[derive(Debug)]
pub struct Secrets {
    connection: Connection,
    path: PathBuf,
}

impl Secrets {
    /// Opens those of a store, with the daemon running or stopped.
    ///
    /// # Errors
    /// No store, a foreign or newer database, a file that cannot be written.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let open = || {
            sqlite::look(path)?;
            let connection = sqlite::writable(path, OpenFlags::empty())?;
            match schema::inspect(&connection)? {
                Found::Ours(_) | Found::Older(_) => {}
                Found::Fresh => return Err(Cause::MissingStore),
            }
            connection.execute_batch(TABLES)?;
            Ok(Self { connection, path: path.to_owned() })
        };
        open().map_err(|cause: Cause| cause.at(path))
    }

    /// What is kept of an account's password.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn password(&self, account: &AccountName) -> Result<Option<Password>, StoreError> {
        let sql = "SELECT secured, hash, one_time, set_ms FROM passwords WHERE account = ?";
        self.run(|connection| {
            Ok(connection
                .query_row(sql, [account.as_str()], |row| {
                    Ok(Password {
                        secured: count(row, "secured")?,
                        hash: row.get("hash")?,
                        one_time: row.get("one_time")?,
                        set: instant(row, "set_ms")?,
                    })
                })
                .optional()?)
        })
    }

    /// Replaces an account's password, and ends its sessions.
    ///
    /// # Errors
    /// When the database cannot be written; then the old hash stands, and is void by the record.
    pub fn set_password(&mut self, account: &AccountName, password: &Password) -> Result<(), StoreError> {
        let Password { secured, hash, one_time, set } = password;
        self.run(|connection| {
            connection.execute("DELETE FROM sessions WHERE account = ?", [account.as_str()])?;
            connection.execute(
                "INSERT OR REPLACE INTO passwords (account, secured, hash, one_time, set_ms) VALUES (?, ?, ?, ?, ?)",
                params![account.as_str(), number(*secured), hash, one_time, set.0],
            )?;
            Ok(())
        })
    }

    /// All sessions, those that have ended too long ago to be taken up apart.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare("SELECT * FROM sessions ORDER BY seen_ms")?;
            let rows = statement.query_map([], |row| {
                Ok((
                    row.get::<_, String>("account")?,
                    row.get("digest")?,
                    count(row, "secured")?,
                    row.get("csrf")?,
                    row.get("one_time")?,
                    instant(row, "created_ms")?,
                    instant(row, "seen_ms")?,
                ))
            })?;
            let mut found = Vec::new();
            for row in rows {
                let (account, digest, secured, csrf, one_time, created, seen) = row?;
                // Nobody else writes here, and a name that is none has no account.
                let Ok(account) = account.parse() else { continue };
                found.push(Session { digest, account, secured, csrf, one_time, created, seen });
            }
            Ok(found)
        })
    }

    /// Keeps a session, new or used again; what its account has too many of, and all that were not seen since
    /// `expired`, goes.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_session(&mut self, session: &Session, expired: Timestamp) -> Result<(), StoreError> {
        let Session { digest, account, secured, csrf, one_time, created, seen } = session;
        self.run(|connection| {
            connection.execute(
                "INSERT OR REPLACE INTO sessions (digest, account, secured, csrf, one_time, created_ms, seen_ms) \
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![digest, account.as_str(), number(*secured), csrf, one_time, created.0, seen.0],
            )?;
            connection.execute("DELETE FROM sessions WHERE seen_ms < ?", [expired.0])?;
            connection.execute(
                "DELETE FROM sessions WHERE account = ?1 AND digest NOT IN \
                 (SELECT digest FROM sessions WHERE account = ?1 ORDER BY seen_ms DESC LIMIT ?2)",
                params![account.as_str(), number(SESSIONS_OF_AN_ACCOUNT)],
            )?;
            Ok(())
        })
    }

    /// Ends all sessions of an account, but for one that goes on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_sessions(&mut self, account: &AccountName, but: Option<&Session>) -> Result<(), StoreError> {
        self.run(|connection| {
            let kept: &[u8] = but.map_or(&[], |session| &session.digest);
            connection
                .execute("DELETE FROM sessions WHERE account = ? AND digest <> ?", params![account.as_str(), kept])?;
            if let Some(session) = but {
                let sql = "UPDATE sessions SET secured = ? WHERE digest = ?";
                connection.execute(sql, params![number(session.secured), kept])?;
            }
            Ok(())
        })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_session(&mut self, digest: &[u8; 32]) -> Result<(), StoreError> {
        self.run(|connection| Ok(connection.execute("DELETE FROM sessions WHERE digest = ?", [digest]).map(drop)?))
    }

    /// Keeps a token.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_token(&mut self, digest: &[u8; 32], account: &AccountName, token: TokenId) -> Result<(), StoreError> {
        self.run(|connection| {
            let sql = "INSERT INTO tokens (digest, account, token) VALUES (?, ?, ?)";
            Ok(connection.execute(sql, params![digest, account.as_str(), number(token.0)]).map(drop)?)
        })
    }

    /// Whose token this is the digest of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn token(&self, digest: &[u8; 32]) -> Result<Option<(AccountName, TokenId)>, StoreError> {
        self.run(|connection| {
            let sql = "SELECT account, token FROM tokens WHERE digest = ?";
            let found = connection
                .query_row(sql, [digest], |row| Ok((row.get::<_, String>("account")?, count(row, "token")?)))
                .optional()?;
            Ok(found.and_then(|(account, token)| Some((account.parse().ok()?, TokenId(token)))))
        })
    }

    /// Forgets a token that was revoked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_token(&mut self, token: TokenId) -> Result<(), StoreError> {
        self.run(|connection| {
            Ok(connection.execute("DELETE FROM tokens WHERE token = ?", [number(token.0)]).map(drop)?)
        })
    }

    /// Runs it in one transaction.
    fn run<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Cause>) -> Result<T, StoreError> {
        let run = || {
            let transaction = self.connection.unchecked_transaction()?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(|cause: Cause| cause.at(&self.path))
    }
}

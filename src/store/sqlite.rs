//! The embedded database behind the seam: SQLite with a write-ahead log, synchronous commits, one writer at a time.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use linewatch_core::quality::LineHour;
use linewatch_core::record::Record;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

use super::error::Cause;
use super::lock::{DaemonLock, from_io};
use super::quality;
use super::query::{self, Reader, tail};
use super::rows::{self, number};
use super::schema::{self, Found};
use super::{Append, Entry, Head, Heartbeat, Journal, OpenRows, StoreError, StoreKind, codec, continuation};

/// How long a writer waits for another one's transaction; ours take milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A store opened for writing.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    kind: StoreKind,
    /// Only the daemon has it. Declared last: released after the connection is closed.
    _lock: Option<DaemonLock>,
}

impl Store {
    /// Opens a store for the one daemon that may work on it, and makes it if there is none.
    ///
    /// The folder of the file is made too when only that last level is missing; a longer missing path is more
    /// likely a mistake in the configuration, or a disk that is not mounted.
    ///
    /// # Errors
    /// Another daemon, the other kind of store, a foreign or newer database, a path that cannot be written.
    pub fn open_daemon(path: &Path, kind: StoreKind) -> Result<Self, StoreError> {
        let open = || {
            make_folder(path)?;
            let lock = DaemonLock::take(path)?;
            let looked = look(path);
            if !matches!(looked, Err(Cause::MissingStore)) {
                looked?;
            }
            let mut connection = writable(path, OpenFlags::SQLITE_OPEN_CREATE)?;
            let found = match schema::inspect(&connection)? {
                Found::Ours(found) => {
                    schema::complete(&connection)?;
                    found
                }
                Found::Older(found) => {
                    schema::bring_up_to_date(&mut connection, &mut |_, _| {})?;
                    found
                }
                Found::Fresh => schema::create(&mut connection, kind)?,
            };
            let store = Self::of_kind(connection, path, kind, found, Some(lock))?;
            // A new store has no log yet, and neither has a backup that somebody has put here by hand.
            store.connection.pragma_update(None, "journal_mode", "WAL")?;
            Ok(store)
        };
        open().map_err(|cause: Cause| cause.at(path))
    }

    /// Opens an existing store for a command, with the daemon running or stopped.
    ///
    /// # Errors
    /// No store, the other kind of store, a foreign or newer database, a file that cannot be written.
    pub fn open(path: &Path, kind: StoreKind) -> Result<Self, StoreError> {
        let open = || {
            look(path)?;
            let mut connection = writable(path, OpenFlags::empty())?;
            match schema::inspect(&connection)? {
                Found::Ours(found) => Self::of_kind(connection, path, kind, found, None),
                Found::Older(found) => {
                    bring_up_to_date(&mut connection, path, &mut |_, _| {})?;
                    Self::of_kind(connection, path, kind, found, None)
                }
                Found::Fresh => Err(Cause::MissingStore),
            }
        };
        open().map_err(|cause| cause.at(path))
    }

    /// Opens an existing store of either kind for reading alone; also on a read-only disk. Derived tables of an older
    /// version are brought up to date first.
    ///
    /// # Errors
    /// No store, a foreign or newer database, a file that cannot be read; older tables that cannot be written.
    pub fn open_read_only(path: &Path) -> Result<Reader, StoreError> {
        let open = || {
            let (connection, found) = look_into(path)?;
            match found {
                Found::Ours(kind) => Ok(Reader::new(connection, path.to_owned(), kind)),
                Found::Older(kind) => {
                    drop(connection);
                    let brought = writable(path, OpenFlags::empty())
                        .and_then(|mut connection| bring_up_to_date(&mut connection, path, &mut |_, _| {}));
                    brought.map_err(|cause| match cause {
                        Cause::ReadOnly | Cause::Unreadable => Cause::OlderSchema { running: false },
                        cause => cause,
                    })?;
                    Ok(Reader::new(look_into(path)?.0, path.to_owned(), kind))
                }
                Found::Fresh => Err(Cause::MissingStore),
            }
        };
        open().map_err(|cause| cause.at(path))
    }

    /// Brings derived tables of an older version up to date, as opening the store would, and tells how far it is: records
    /// folded, and of how many. Nothing is done to any other store, nor where there is none.
    ///
    /// # Errors
    /// As of [`Store::open`].
    pub fn bring_up_to_date(path: &Path, mut progress: impl FnMut(u64, u64)) -> Result<(), StoreError> {
        let mut bring = || match look_into(path) {
            Ok((connection, Found::Older(_))) => {
                drop(connection);
                bring_up_to_date(&mut writable(path, OpenFlags::empty())?, path, &mut progress)
            }
            Ok((_, Found::Ours(_) | Found::Fresh)) | Err(Cause::MissingStore | Cause::MissingFolder) => Ok(()),
            Err(cause) => Err(cause),
        };
        bring().map_err(|cause| cause.at(path))
    }

    /// Opens an existing store for reading its records alone, also one with derived tables of an older version.
    pub(super) fn open_for_records(path: &Path) -> Result<Reader, StoreError> {
        let open = || match look_into(path)? {
            (connection, Found::Ours(kind) | Found::Older(kind)) => Ok(Reader::new(connection, path.to_owned(), kind)),
            (_, Found::Fresh) => Err(Cause::MissingStore),
        };
        open().map_err(|cause| cause.at(path))
    }

    /// Another connection to the same store, for reading beside this one.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Self::open_read_only(&self.path)
    }

    /// Whether the store is real or simulated.
    pub fn kind(&self) -> StoreKind {
        self.kind
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `write` in one immediate transaction, which is committed durably or has never been.
    pub(super) fn write<T>(&mut self, write: impl FnOnce(&Connection) -> Result<T, Cause>) -> Result<T, StoreError> {
        let run = |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let outcome = write(&transaction)?;
            transaction.commit()?;
            Ok(outcome)
        };
        run(&mut self.connection).map_err(|cause: Cause| cause.at(&self.path))
    }

    /// Runs `read` on one state of the database.
    fn consistently<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Cause>) -> Result<T, StoreError> {
        let run = || {
            let transaction = self.connection.unchecked_transaction()?;
            read(&transaction)
        };
        run().map_err(|cause: Cause| cause.at(&self.path))
    }

    fn of_kind(
        connection: Connection,
        path: &Path,
        wanted: StoreKind,
        found: StoreKind,
        lock: Option<DaemonLock>,
    ) -> Result<Self, Cause> {
        if found != wanted {
            return Err(Cause::OtherKind { found });
        }
        Ok(Self { connection, path: path.to_owned(), kind: found, _lock: lock })
    }
}

impl Journal for Store {
    type Error = StoreError;

    fn head(&self) -> Result<Head, StoreError> {
        query::head(&self.connection).map_err(|cause| cause.at(&self.path))
    }

    fn append(&mut self, expected: u64, entries: &[Entry]) -> Result<Append, StoreError> {
        let kind = self.kind;
        self.write(|connection| {
            let (mut head, recorded_at) = tail(connection)?;
            if head.seq != expected {
                return Ok(Append::Moved(head));
            }
            continuation(kind, expected, recorded_at, entries)?;
            for Entry { record, changes } in entries {
                let bytes = codec::encode(record);
                head = Head { seq: record.seq, digest: head.digest.after(bytes.as_bytes()) };
                connection
                    .prepare_cached("INSERT INTO journal (seq, bytes, digest) VALUES (?, ?, ?)")?
                    .execute(params![number(head.seq), bytes, head.digest.0])?;
                for row in &changes.0 {
                    rows::write(connection, row)?;
                }
            }
            Ok(Append::Appended(head))
        })
    }

    fn read(&self, seq: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        query::read(&self.connection, seq, limit).map_err(|cause| cause.at(&self.path))
    }

    fn open_rows(&self) -> Result<OpenRows, StoreError> {
        self.consistently(query::open_rows)
    }

    fn beat(&mut self, Heartbeat { at, waiting }: &Heartbeat) -> Result<(), StoreError> {
        self.write(|connection| {
            connection
                .prepare_cached("INSERT OR REPLACE INTO heartbeat (one, at_ms, waiting) VALUES (1, ?, ?)")?
                .execute(params![at.0, rows::waiting_json(waiting)])?;
            Ok(())
        })
    }

    fn heartbeat(&self) -> Result<Option<Heartbeat>, StoreError> {
        query::heartbeat(&self.connection).map_err(|cause| cause.at(&self.path))
    }

    fn keep_quality(&mut self, hours: &[LineHour]) -> Result<(), StoreError> {
        self.write(|connection| quality::keep(connection, hours))
    }

    fn data_version(&self) -> Result<i64, StoreError> {
        let asked = self
            .connection
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)));
        asked.map_err(|error| Cause::from(error).at(&self.path))
    }
}

/// Looks at the file and opens it for reading.
fn look_into(path: &Path) -> Result<(Connection, Found), Cause> {
    look(path)?;
    match inspected(readable(path, false)?) {
        // Where nothing can be written, the log's index cannot be made. If there is no log the file is complete.
        Err(Cause::ReadOnly) if !log_of(path).exists() => inspected(readable(path, true)?),
        outcome => outcome,
    }
}

/// Brings the derived tables up to date, unless an older daemon works with them.
fn bring_up_to_date(connection: &mut Connection, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Cause> {
    let _lock = DaemonLock::take(path).map_err(|cause| match cause {
        Cause::LockedByDaemon { .. } => Cause::OlderSchema { running: true },
        cause => cause,
    })?;
    schema::bring_up_to_date(connection, progress)
}

/// Makes the folder of the store if its parent is there.
pub(super) fn make_folder(path: &Path) -> Result<(), Cause> {
    let folder = folder_of(path);
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir(folder).map_err(|error| from_io(&error))
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The write-ahead log of a store.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Looks at the file before the database library does, for a clear sentence and so that nothing foreign is touched.
pub(super) fn look(path: &Path) -> Result<(), Cause> {
    let mut header = Vec::new();
    let read = File::open(path).and_then(|file| file.take(16).read_to_end(&mut header));
    match read {
        // An empty file is what an interrupted creation leaves behind.
        Ok(_) if header.is_empty() || header == b"SQLite format 3\0" => Ok(()),
        Ok(_) => Err(Cause::Foreign),
        Err(error) => Err(match error.kind() {
            // The daemon makes the last folder itself.
            std::io::ErrorKind::NotFound if folder_of(folder_of(path)).is_dir() => Cause::MissingStore,
            std::io::ErrorKind::NotFound => Cause::MissingFolder,
            std::io::ErrorKind::PermissionDenied => Cause::Unreadable,
            std::io::ErrorKind::IsADirectory => Cause::Foreign,
            _ => Cause::Io(error.to_string()),
        }),
    }
}

pub(super) fn writable(path: &Path, more: OpenFlags) -> Result<Connection, Cause> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags)?;
    // SQLite silently falls back to reading alone; a writer wants to know at once.
    if connection.is_readonly("main")? {
        return Err(Cause::ReadOnly);
    }
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

pub(super) fn readable(path: &Path, immutable: bool) -> Result<Connection, Cause> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = if immutable {
        let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags | OpenFlags::SQLITE_OPEN_URI)?
    } else {
        Connection::open_with_flags(path, flags)?
    };
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

pub(super) fn inspected(connection: Connection) -> Result<(Connection, Found), Cause> {
    let found = schema::inspect(&connection)?;
    // 16 MiB: a rollup goes line by line through tables that lie in the order of time. Setting it asks for the schema.
    connection.pragma_update(None, "cache_size", -16_384)?;
    Ok((connection, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_is_written_through_to_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        for store in [Store::open_daemon(&path, StoreKind::Real).unwrap(), Store::open(&path, StoreKind::Real).unwrap()]
        {
            let asked = |pragma: &str| store.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
            assert_eq!(asked("synchronous"), Ok(2), "FULL: the log is synced at each commit");
            let mode: String = store.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
            assert_eq!(mode, "wal");
        }
    }
}

//! Copies of a store: one file of one moment, checked from its first record before it gets its name.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use linewatch_core::time::Timestamp;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::error::Cause;
use super::lock::{DaemonLock, from_io};
use super::query::Reader;
use super::sqlite::{folder_of, inspected, log_of, make_folder, readable, writable};
use super::{Head, Snapshot, Store, StoreError, StoreKind, schema, verify};

/// Pages copied between two reports of progress: 4 MiB.
const PAGES_AT_ONCE: i32 = 1024;

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its last record, as recomputed in the copy.
    pub head: Head,
    /// Time of that record, [`Timestamp::MIN`] when there is none.
    pub recorded_at: Timestamp,
    /// Whether it is real or simulated.
    pub kind: StoreKind,
    /// Size of the copy.
    pub bytes: u64,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Pages copied, of how many.
    Copied(u64, u64),
    /// Records checked, of how many.
    Checked(u64, u64),
}

/// Copies a store as it is at one moment, with the daemon running or stopped; writers are not held up. The copy is a
/// single file without a log beside it. Its chain is recomputed, it is synced, and only then gets its name.
///
/// # Errors
/// A file of that name, a disk that is full or cannot be written, a store that is damaged or whose chain is broken.
/// Then nothing is left behind.
pub fn back_up(snapshot: &Snapshot<'_>, to: &Path, mut progress: impl FnMut(Step)) -> Result<Copied, StoreError> {
    if to.exists() {
        return Err(Cause::Exists.at(to));
    }
    copy(snapshot, to, Mode::OneFile, &mut progress)
}

/// Puts a copy in the place of a store that is not there, ready for the daemon. The copy is checked first.
///
/// # Errors
/// A copy that is no store of linewatch, is damaged, or whose chain is broken; a store in that place already, or a
/// daemon that holds it; a disk that is full or cannot be written. Then nothing is left behind.
pub fn restore(from: &Path, to: &Path, mut progress: impl FnMut(Step)) -> Result<Copied, StoreError> {
    let mut reader = Store::open_for_records(from)?;
    let snapshot = reader.snapshot()?;
    checked(&snapshot, None, &mut progress)?;
    let claim = || make_folder(to).and_then(|()| DaemonLock::take(to));
    let _lock = claim().map_err(|cause| cause.at(to))?;
    // A log without its store would be taken for the new store's own.
    if let Some(there) = [to.to_owned(), log_of(to)].into_iter().find(|path| path.exists()) {
        return Err(Cause::Exists.at(&there));
    }
    copy(&snapshot, to, Mode::ForWriting, &mut progress)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Readable anywhere, also from a disk that cannot be written.
    OneFile,
    /// With a write-ahead log, as the daemon works.
    ForWriting,
}

fn copy(snapshot: &Snapshot<'_>, to: &Path, mode: Mode, progress: &mut dyn FnMut(Step)) -> Result<Copied, StoreError> {
    let part = Part::beside(to);
    write_pages(snapshot, &part.0, mode, progress).map_err(|cause| cause.at(to))?;
    let open = || {
        let (connection, found) = inspected(readable(&part.0, true)?)?;
        match found {
            schema::Found::Ours(kind) | schema::Found::Older(kind) => Ok(Reader::new(connection, to.to_owned(), kind)),
            schema::Found::Fresh => Err(Cause::MissingStore),
        }
    };
    let mut reader = open().map_err(|cause| cause.at(to))?;
    let (head, recorded_at) = checked(&reader.snapshot()?, Some(snapshot), progress)?;
    let kind = reader.kind();
    drop(reader);
    let bytes = settle(&part.0, to).map_err(|cause| cause.at(to))?;
    Ok(Copied { head, recorded_at, kind, bytes })
}

/// Copies all pages of the snapshot's moment.
fn write_pages(snapshot: &Snapshot<'_>, part: &Path, mode: Mode, progress: &mut dyn FnMut(Step)) -> Result<(), Cause> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(part, flags)?;
    // A copy that is not finished is thrown away, a finished one is synced below.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    let backup = Backup::new(snapshot.connection(), &mut connection)?;
    loop {
        // The snapshot's transaction pins the moment, so that no writer makes this begin again.
        let step = backup.step(PAGES_AT_ONCE)?;
        let pages = backup.progress();
        let (left, total) = (pages.remaining.unsigned_abs(), pages.pagecount.unsigned_abs());
        progress(Step::Copied(total.saturating_sub(left).into(), total.into()));
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            // Busy and locked: nobody else has the copy, and the snapshot holds its own lock already.
            _ => return Err(Cause::Busy),
        }
    }
    drop(backup);
    connection.close().map_err(|(_, error)| Cause::from(error))?;
    let connection = writable(part, OpenFlags::empty())?;
    let name = if mode == Mode::OneFile { "DELETE" } else { "WAL" };
    let taken: String = connection.query_row(&format!("PRAGMA journal_mode = {name}"), [], |row| row.get(0))?;
    if !taken.eq_ignore_ascii_case(name) {
        return Err(Cause::Io(format!("journal_mode {taken}")));
    }
    connection.close().map_err(|(_, error)| Cause::from(error))
}

/// Recomputes the chain; a copy must end as what it is a copy of.
fn checked(
    copy: &Snapshot<'_>,
    original: Option<&Snapshot<'_>>,
    progress: &mut dyn FnMut(Step),
) -> Result<(Head, Timestamp), StoreError> {
    let total = copy.head().seq;
    let kept = original.map(Snapshot::head);
    let found = verify(copy, kept, |done| progress(Step::Checked(done, total)))?;
    match found.flaw {
        None => Ok((found.head, found.recorded_at)),
        // The original is to be looked at: the copy will be gone.
        Some(flaw) => {
            Err(Cause::Flawed { flaw, intact: found.head.seq }.at(original.map_or(copy.path(), Snapshot::path)))
        }
    }
}

/// Syncs the file, gives it its name unless there is one of that name, syncs the folder. Returns its size.
fn settle(part: &Path, to: &Path) -> Result<u64, Cause> {
    let place = || {
        let file = File::open(part)?;
        file.sync_all()?;
        match fs::hard_link(part, to) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(error),
            // Not every file system has links; a memory stick's has none.
            Err(_) if to.exists() => return Err(std::io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(part, to)?,
        }
        File::open(folder_of(to))?.sync_all()?;
        Ok(file.metadata()?.len())
    };
    place().map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Cause::Exists,
        _ => from_io(&error),
    })
}

/// The file while it is incomplete; it and what the database puts beside it are gone when dropped.
struct Part(PathBuf);

impl Part {
    fn beside(path: &Path) -> Self {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        Self(path.with_file_name(name))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(suffix);
            // What was renamed or never made need not be removed.
            let _ = fs::remove_file(PathBuf::from(name));
        }
    }
}

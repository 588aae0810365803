//! One daemon per store: an advisory lock on a file beside the database. Commands work without it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::error::Cause;

/// Held as long as the daemon lives; the kernel lets go of it however the daemon ends.
#[derive(Debug)]
pub(super) struct DaemonLock {
    _file: File,
}

impl DaemonLock {
    /// Takes the lock of a store and leaves our process id in it, for the sentence that a second daemon prints.
    pub(super) fn take(store: &Path) -> Result<Self, Cause> {
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(beside(store));
        let mut file = opened.map_err(|error| from_io(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
                return Err(Cause::LockedByDaemon { pid });
            }
            Err(TryLockError::Error(error)) => return Err(Cause::Io(error.to_string())),
        }
        file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(|error| from_io(&error))?;
        Ok(Self { _file: file })
    }
}

/// `journal.db.lock` beside `journal.db`.
fn beside(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

/// What a failed operation on a file beside the store means for it.
pub(super) fn from_io(error: &std::io::Error) -> Cause {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Cause::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Cause::DiskFull,
        ErrorKind::NotFound => Cause::MissingFolder,
        _ => Cause::Io(error.to_string()),
    }
}

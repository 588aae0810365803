//! Files that are written whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Puts a file in the place of another: written beside it under a temporary name, made durable, then renamed. Whoever
/// reads meanwhile sees the old one or the new one. A link is followed; the permissions stay.
///
/// # Errors
/// When the folder cannot be written; then the old file is untouched.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let part = Part(named(&path, ".", &format!(".{}.part", std::process::id())));
    let mut file = File::create(&part.0)?;
    file.write_all(bytes)?;
    if let Ok(old) = fs::metadata(&path) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()?;
    fs::rename(&part.0, &path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Keeps a copy of a file beside it, with `.bak` behind its name, in the place of an older copy. `None` when there is
/// no file.
///
/// # Errors
/// When the copy cannot be written.
pub fn keep(path: &Path) -> io::Result<Option<PathBuf>> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let copy = named(&path, "", ".bak");
    replace(&copy, &bytes)?;
    Ok(Some(copy))
}

fn named(path: &Path, before: &str, behind: &str) -> PathBuf {
    let mut name = OsString::from(before);
    name.push(path.file_name().unwrap_or_default());
    name.push(behind);
    path.with_file_name(name)
}

/// The file while it is incomplete; gone when dropped, unless it was renamed.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing left to remove.
        let _ = fs::remove_file(&self.0);
    }
}

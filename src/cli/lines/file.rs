//! Files that are written whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

/// Puts a file in the place of another: written beside it under a temporary name, made durable, then renamed. Whoever
/// reads meanwhile sees the old one or the new one. A link is followed; owner, group and permissions stay.
///
/// # Errors
/// When the folder cannot be written; then the old file is untouched.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut pending = Pending::of(path)?;
    pending.file.write_all(bytes)?;
    pending.commit()
}

/// Writes a file that may be read by whoever may read `like`, where there is one.
fn write(path: &Path, bytes: &[u8], like: &Path) -> io::Result<()> {
    let mut pending = Pending::like(path, like)?;
    pending.file.write_all(bytes)?;
    pending.commit()
}

/// A file that is being written under a temporary name. Dropped before [`Pending::commit`] it leaves nothing behind.
pub struct Pending {
    /// Where to write.
    pub file: File,
    part: Part,
    path: PathBuf,
}

impl Pending {
    /// Begins to write what will stand in the place of a file; a link is followed, owner, group and permissions stay.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn of(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Self::like(&path, &path)
    }

    fn like(path: &Path, like: &Path) -> io::Result<Self> {
        let part = Part(named(path, ".", &format!(".{}.part", std::process::id())));
        // Closed to all others until it is known who may read it.
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part.0)?;
        if let Ok(old) = fs::metadata(like) {
            // Only root may give a file away; where that is refused, the writer owns what he writes.
            let _ = fchown(&file, Some(old.uid()), Some(old.gid()));
            file.set_permissions(old.permissions())?;
        } else {
            file.set_permissions(Permissions::from_mode(0o644))?;
        }
        Ok(Self { file, part, path: path.to_owned() })
    }

    /// Makes it durable and puts it in its place.
    ///
    /// # Errors
    /// When that fails; then the old file is untouched.
    pub fn commit(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.part.0, &self.path)?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
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
    write(&copy, &bytes, &path)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_could_not_read_the_file_cannot_read_its_copy() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lines.csv");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("permissions");
        // Root may give it to another group, as an administrator does for the service.
        let group = fchown(File::open(&path).expect("open"), None, Some(12_345)).map_or(None, |()| Some(12_345));
        let copy = keep(&path).expect("kept").expect("there was a file");
        replace(&path, b"new").expect("replaced");
        for (path, text) in [(&path, "new"), (&copy, "old")] {
            let about = fs::metadata(path).expect("there");
            assert_eq!(fs::read_to_string(path).expect("read"), text);
            assert_eq!(about.permissions().mode() & 0o777, 0o640, "{}", path.display());
            assert_eq!(group.unwrap_or(about.gid()), about.gid(), "{}", path.display());
        }
    }
}

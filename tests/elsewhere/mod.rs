//! A test that runs again in a mount namespace of its own, on a small disk that fills up.

#![allow(dead_code, reason = "every test file uses a part of it")]

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set in the run within the namespace: the small disk's folder.
const INSIDE: &str = "LINEWATCH_TEST_SMALL_DISK";

/// Runs this test again where a folder is a disk of this size (as for tmpfs, `2m`), and returns the folder when this is
/// that run. Root takes a mount namespace, anybody else a user and a network namespace too. Where that is not
/// possible the test fails and says so. What the run printed is printed.
pub fn small_disk(test: &str, size: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(INSIDE) {
        return Some(folder.into());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!(
        r#"if [ "$(id -u)" = 0 ]; then set -- -m; else set -- -Urnm; fi
           exec unshare "$@" sh -ec '
               [ "$OUTER" = 0 ] || mount -t tmpfs tmpfs /run
               mount -t tmpfs -o size={size} none "$DIR"
               exec "$EXE" --exact {test} --nocapture'"#
    );
    let run = Command::new("sh")
        .args(["-ec", &format!("OUTER=$(id -u); export OUTER; {script}")])
        .env("DIR", folder.path())
        .env("EXE", std::env::current_exe().expect("this program"))
        .env(INSIDE, folder.path())
        .output()
        .expect("a shell");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(
        run.status.success() && out.contains("1 passed"),
        "on a small disk (needs unshare of util-linux, and root or unprivileged user namespaces):\n{out}\n{err}"
    );
    println!("{out}");
    None
}

/// A file that takes all the room there is.
pub struct Filler(PathBuf);

impl Filler {
    /// Fills the disk of a folder to the last byte.
    pub fn new(folder: &Path) -> Self {
        let path = folder.join("filler");
        let mut file = OpenOptions::new().create(true).append(true).open(&path).expect("a file");
        for block in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![0; block]).is_ok() {}
        }
        Self(path)
    }

    /// Leaves this many bytes free.
    pub fn leave(&self, bytes: u64) {
        let file = File::options().write(true).open(&self.0).expect("opens");
        let length = file.metadata().expect("a length").len();
        file.set_len(length - bytes).expect("cuts");
    }

    /// Makes room again.
    pub fn remove(self) {
        std::fs::remove_file(&self.0).expect("removes");
    }
}

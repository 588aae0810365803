//! A disk of a test's own, small enough to be filled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small file system in memory; unmounted when dropped. Make it inside `lab::run`, which gives the right to mount.
pub struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Mounts `size` bytes (`400k`, `2m`) at a folder, which is made.
    pub fn mount(folder: &Path, size: &str) -> Self {
        fs::create_dir_all(folder).expect("makes the folder");
        mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "none"], folder);
        Self { folder: folder.to_owned() }
    }

    /// Writes until nothing fits any more.
    pub fn fill(&self) {
        let error = fs::write(self.filler(), vec![0; 64 << 20]).expect_err("a small disk");
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    }

    /// Makes room again.
    pub fn free(&self) {
        fs::remove_file(self.filler()).expect("the disk was filled");
    }

    /// Nothing can be written any more.
    pub fn read_only(&self) {
        mount(&["-o", "remount,ro"], &self.folder);
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a daemon that is being killed may still have files open. Panicking here would hide why a test failed.
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) {
    let output = Command::new("mount").args(arguments).arg(folder).output().expect("mount (util-linux)");
    assert!(output.status.success(), "mount {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

//! A wall clock of one program's own, which a test sets at any moment. The machine's clock stays as it is.

use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;

use linewatch_core::time::Millis;

/// The clock: the machine's, and so much more.
pub struct OwnClock {
    folder: tempfile::TempDir,
    file: std::fs::File,
}

impl OwnClock {
    /// One that is so far from the machine's.
    pub fn new(offset: Millis) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clock/shim.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(folder.path().join("shim.so")).arg(source);
        let output = compiler.output().expect("cc (gcc; tests/run installs it)");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let file = std::fs::File::create_new(folder.path().join("offset")).expect("a file");
        let clock = Self { folder, file };
        clock.set(offset);
        clock
    }

    /// Sets it, from now on.
    pub fn set(&self, offset: Millis) {
        self.file.write_all_at(&offset.0.to_ne_bytes(), 0).expect("written");
    }

    /// The command goes by this clock, and what it becomes.
    pub fn given_to(&self, mut command: Command) -> Command {
        command.env("LD_PRELOAD", self.folder.path().join("shim.so"));
        command.env("LINEWATCH_TEST_CLOCK", self.folder.path().join("offset"));
        command
    }
}

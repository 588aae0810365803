//! The figures of one small year, in every format, exactly.

mod rollup_story;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// A folder with a configuration and the year's journal.
struct House(tempfile::TempDir);

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        rollup_story::year::tell(folder.path());
        let config = "[site]\nname = \"咸安区电子政务网\"\n[store]\npath = \"journal.db\"\n";
        std::fs::write(folder.path().join("linewatch.toml"), config).unwrap();
        Self(folder)
    }

    /// One for all tests that only read.
    fn shared() -> &'static Self {
        static HOUSE: OnceLock<House> = OnceLock::new();
        HOUSE.get_or_init(Self::new)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linewatch"));
        command.args(arguments.split_whitespace()).arg("--config").arg(self.path().join("linewatch.toml"));
        command.env_remove("LC_ALL").output().unwrap()
    }

    fn done(&self, arguments: &str) -> String {
        let Output { status, stdout, stderr } = self.run(arguments);
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
        String::from_utf8(stdout).unwrap()
    }
}

#[test]
fn look() {
    for arguments in [
        "rollup --year 2026 --as-of 2027-01-05",
        "explain S-01 --year 2026 --as-of 2027-01-05",
        "explain V-02 --year 2026 --as-of 2027-01-05",
        "rollup --year 2026 --as-of 2027-01-05 --format csv",
        "rollup --month 2026-05 --as-of 2027-01-05 --format json",
        "rollup --year 2026 --as-of 2027-01-05 --lang en",
    ] {
        let out = House::shared().run(arguments);
        println!("{}\n{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    }
    let _ = PathBuf::new();
}

//! Papers of hard years, printed by the command, and what stands in their tables.

#![allow(dead_code, reason = "every test file uses a part of it")]

pub mod cells;
pub mod expected;
pub mod years;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a journal and its configuration.
pub struct House {
    folder: TempDir,
    /// What its files are called.
    pub name: &'static str,
    /// `--year 2026` or another period.
    pub period: &'static str,
}

impl House {
    /// Tells a year into a new journal. `form` is put behind the shipped form of the self-evaluation.
    pub fn new(name: &'static str, period: &'static str, form: &str, tell: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        tell(folder.path());
        let config = "[site]\nname = \"咸安区电子政务网\"\n[store]\npath = \"journal.db\"\n";
        std::fs::write(folder.path().join("linewatch.toml"), config).expect("a configuration");
        let form = linewatch::config::selfeval::SHIPPED.to_owned() + form;
        std::fs::write(folder.path().join("selfeval.toml"), form).expect("a form");
        Self { folder, name, period }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs `linewatch rollup` of the house's period.
    pub fn rollup(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linewatch"));
        command.arg("rollup").args(self.period.split(' ')).args(arguments);
        command.arg("--config").arg(self.path().join("linewatch.toml")).env_remove("LC_ALL").output().expect("it runs")
    }

    /// The figures.
    pub fn json(&self) -> Value {
        let Output { status, stdout, stderr } = self.rollup(&["--format", "json"]);
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        serde_json::from_slice(&stdout).expect("JSON")
    }

    /// Writes the period to a file whose name gives the format, `name.docx` or `name.html`.
    pub fn write(&self, extension: &str) -> PathBuf {
        let path = self.path().join(format!("{}.{extension}", self.name));
        let Output { status, stdout, stderr } = self.rollup(&["--out", &path.to_string_lossy()]);
        let stderr = String::from_utf8_lossy(&stderr);
        assert!(status.success() && stdout.is_empty() && stderr.is_empty(), "{}: {stderr}", self.name);
        path
    }
}

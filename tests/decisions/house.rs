//! A folder with a configuration and a journal of two months, and the program run on it.

use std::path::Path;
use std::process::{Command, Output};

use linewatch::store::{Head, Store, StoreKind};
use linewatch_core::line::Line;
use serde_json::Value;

use crate::rollup_story::{Story, line, year};

pub struct House {
    folder: tempfile::TempDir,
}

pub fn lines() -> Vec<Line> {
    vec![
        line("D-01", "区政府办公室", "township", "", None),
        line("T-01", "汀泗桥镇干线", "township", "汀泗桥镇", None),
        line("V-01", "彭碑村", "village", "汀泗桥镇", Some("T-01")),
        line("V-02", "大桥村", "village", "官埠桥镇", None),
    ]
}

impl House {
    /// From 5 January to 1 March 2026: one outage of the trunk with what hangs on it, one of D-01.
    pub fn new() -> Self {
        let house = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(house.path().join("linewatch.toml"), year::CONFIG).unwrap();
        let mut story = Story::new(house.path(), StoreKind::Real);
        story.start("2026-01-05 08:00:00", None);
        story.inventory("2026-01-05 08:00:00", &lines());
        story.sighted("2026-01-05 08:00:00");
        story.down("D-01", "2026-01-10 12:00:00");
        story.up("D-01", "2026-01-10 14:00:00");
        story.down("T-01", "2026-01-20 01:00:00");
        story.down("V-01", "2026-01-20 01:00:01");
        story.up("T-01", "2026-01-20 03:00:00");
        story.up("V-01", "2026-01-20 03:00:01");
        story.checkpoint("2026-03-01 00:00:00");
        house
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_linewatch"))
            .args(arguments)
            .args(["--lang", "en", "--config"])
            .arg(self.path().join("linewatch.toml"))
            .env("LOGNAME", "clerk")
            .env_remove("SUDO_USER")
            .output()
            .unwrap()
    }

    /// What it prints when it does what it was asked.
    #[track_caller]
    pub fn done(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.run(arguments);
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(0), "{arguments:?}: {stderr}");
        String::from_utf8(stdout).unwrap()
    }

    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        serde_json::from_str(&self.done(&arguments)).unwrap()
    }

    /// The figures of a period.
    #[track_caller]
    pub fn figures(&self, month: &str) -> Value {
        serde_json::from_str(&self.done(&["rollup", "--month", month, "--format", "json"])).unwrap()
    }

    /// It fails with this code and a sentence with these words, prints nothing and records nothing.
    #[track_caller]
    pub fn refused(&self, code: i32, arguments: &[&str], words: &str) {
        let before = self.head();
        let Output { status, stdout, stderr } = self.run(arguments);
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(words), "{arguments:?}: {stderr}");
        assert!(stdout.is_empty(), "{arguments:?}");
        assert_eq!(self.head(), before, "{arguments:?}");
    }

    pub fn head(&self) -> Head {
        let mut reader = Store::open_read_only(&self.path().join("journal.db")).unwrap();
        reader.snapshot().unwrap().head()
    }
}

/// The `seq` of the only record of this kind that an act printed as JSON.
#[track_caller]
pub fn number(records: &Value, subject: &str) -> String {
    let of = |record: &&Value| record["fact"].get(subject).is_some();
    let found: Vec<&Value> = records.as_array().unwrap().iter().filter(of).collect();
    let [record] = found.as_slice() else { panic!("{records}") };
    record["seq"].to_string()
}

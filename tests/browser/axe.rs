//! axe-core, which looks for barriers in a page; taken from npm once, in a fixed version.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use super::{Window, kept};

/// The version that is looked with.
const VERSION: &str = "4.14.1";

/// axe-core's text.
pub struct Axe(String);

impl Axe {
    /// The kept file, or the one that npm brings now.
    pub fn load() -> Self {
        let folder = kept().join(format!("axe-core-{VERSION}"));
        let file = folder.join("node_modules/axe-core/axe.min.js");
        if !file.is_file() {
            fs::create_dir_all(&folder).expect("a folder below target");
            let package = format!("axe-core@{VERSION}");
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
            let output = npm.arg(&folder).arg(&package).output();
            let output = output.unwrap_or_else(|error| panic!("npm: {error}; the tests of the pages need npm"));
            assert!(output.status.success(), "npm install {package}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Self(fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
    }

    /// Serious and critical barriers of the page in the window, each with where it is.
    #[track_caller]
    pub fn barriers(&self, window: &Window<'_>) -> Vec<String> {
        let script = format!(
            "{}; const done = arguments[arguments.length - 1]; \
             axe.run(document, {{ resultTypes: ['violations'] }}).then((found) => done(found.violations), (why) => done(String(why)));",
            self.0
        );
        let found = window.script_until(&script, &json!([]));
        let violations = found.as_array().unwrap_or_else(|| panic!("axe-core: {found}"));
        let serious = |violation: &&Value| {
            violation["impact"].as_str().is_some_and(|impact| impact == "serious" || impact == "critical")
        };
        let told = |violation: &Value| {
            let nodes = violation["nodes"].as_array().into_iter().flatten().take(5);
            let nodes: Vec<String> = nodes.map(|node| format!("{} {}", node["html"], node["failureSummary"])).collect();
            format!("{}: {}\n    {}", violation["id"], violation["help"], nodes.join("\n    "))
        };
        violations.iter().filter(serious).map(told).collect()
    }
}

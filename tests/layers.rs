//! The house keeps its shape: a module names only lower layers, edges do not know one another, the core stays pure,
//! and files stay small enough to be one room.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Layers from the bottom: a module may name those of lower layers, and itself.
const LAYERS: &[&[&str]] = &[
    &["language", "spelling"],
    &["clock", "config", "history", "inventory", "metrics", "probe", "secret", "store"],
    &["report"],
    &["web"],
    &["daemon"],
    &["simulate"],
    &["cli"],
];

/// What the core may be built with.
const CORE_DEPENDENCIES: &[&str] = &["chrono", "chrono-tz", "serde", "thiserror"];

/// A file longer than this wants two rooms.
const LONGEST_FILE: usize = 500;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The code of a file without its comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a readable source");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Top-level modules of this crate that a piece of code names.
fn named(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let listed = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for name in listed {
            let end = name.trim_start().find(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let name = name.trim_start();
            names.insert(name[..end.unwrap_or(name.len())].to_owned());
        }
    }
    names.remove("");
    names
}

fn module_of(path: &Path, source: &Path) -> String {
    let inside = path.strip_prefix(source).expect("inside src");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn a_module_names_only_lower_layers() {
    let source = root().join("src");
    let mut checked = BTreeSet::new();
    for path in sources(&source) {
        let module = module_of(&path, &source);
        if ["core", "lib", "main"].contains(&module.as_str()) {
            continue;
        }
        let own = layer(&module).unwrap_or_else(|| panic!("{module} stands in no layer: add it to the table"));
        for name in named(&code(&path)).difference(&BTreeSet::from([module.clone()])) {
            let other = layer(name).unwrap_or_else(|| panic!("{}: {name} stands in no layer", path.display()));
            assert!(other < own, "{} (layer {own}) names {name} (layer {other})", path.display());
        }
        checked.insert(module);
    }
    let table: BTreeSet<String> = LAYERS.iter().flat_map(|layer| layer.iter().map(|name| (*name).to_owned())).collect();
    assert_eq!(checked, table, "the table names a module that is not there");
}

#[test]
fn the_core_is_built_with_nothing_that_acts() {
    let manifest: toml::Table =
        fs::read_to_string(root().join("src/core/Cargo.toml")).expect("the core's manifest").parse().expect("TOML");
    let dependencies = manifest["dependencies"].as_table().expect("a table");
    let names: Vec<&str> = dependencies.keys().map(String::as_str).collect();
    assert_eq!(names, CORE_DEPENDENCIES);
    for path in sources(&root().join("src/core/src")) {
        let code = code(&path);
        if let Some(banned) = acts(&code) {
            panic!("{} uses {banned}", path.display());
        }
    }
}

/// What of a piece of code acts on the world or looks at it. Addresses alone do neither: they are in `core::net`.
fn acts(code: &str) -> Option<String> {
    let modules = ["env", "fs", "io", "net", "os", "process", "thread"];
    let listed = code.split("std::{").skip(1).flat_map(|rest| rest.split('}').next().unwrap_or_default().split(','));
    let pathed = code.split("std::").skip(1);
    let word = |text: &str| {
        let text = text.trim_start();
        text[..text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len())].to_owned()
    };
    let module = listed.chain(pathed).map(word).find(|name| modules.contains(&name.as_str()));
    let named = ["SystemTime", "Instant::now", "println!", "dbg!"].into_iter().find(|name| code.contains(name));
    module.map(|module| format!("std::{module}")).or_else(|| named.map(str::to_owned))
}

#[test]
fn what_acts_is_found_in_paths_and_lists() {
    assert_eq!(acts("use std::io::Read;").as_deref(), Some("std::io"));
    assert_eq!(acts("use std::{fmt, fs::File};").as_deref(), Some("std::fs"));
    assert_eq!(acts("let now = SystemTime::now();").as_deref(), Some("SystemTime"));
    assert_eq!(acts("use core::net::IpAddr;\nuse std::{collections::BTreeMap, fmt};\nstd::iter::once(1)"), None);
}

#[test]
fn every_file_is_one_room() {
    let folders = [root().join("src"), root().join("tests")];
    for path in folders.iter().flat_map(|folder| sources(folder)) {
        let lines = fs::read_to_string(&path).expect("a readable source").lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
    }
}

#[test]
fn names_in_lists_and_paths_are_found() {
    let names = named("use crate::store::Store;\nuse crate::{config, web::Look};\nlet x = crate::clock::read();");
    assert_eq!(names, ["clock", "config", "store", "web"].map(str::to_owned).into());
}

/// The crate's own page leads through the files by name.
#[test]
fn every_file_that_the_crate_page_names_is_there() {
    let page = fs::read_to_string(root().join("src/lib.rs")).expect("the crate page");
    let named: BTreeSet<&str> =
        page.split('`').filter(|text| text.starts_with("src/") || text.starts_with("tests/")).collect();
    assert!(named.len() > 25, "{named:?}");
    for name in named {
        assert!(root().join(name).exists(), "src/lib.rs names {name}, which is not there");
    }
}

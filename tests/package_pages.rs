//! The manual and the completions in the package say what the command line says.

#[path = "../systemd/pages/write.rs"]
#[expect(dead_code, reason = "the example's main writes what is only compared here")]
mod pages;

use std::path::Path;
use std::process::Command;

#[test]
fn pages_are_those_of_this_command_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(pages::FOLDER);
    let stale: Vec<&str> = pages::pages()
        .into_iter()
        .filter(|(name, text)| std::fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text))
        .map(|(name, _)| name)
        .collect();
    assert!(stale.is_empty(), "{stale:?} in {} are stale: run `cargo run --example pages`", pages::FOLDER);
}

#[test]
fn every_command_has_its_place_in_both_manuals() {
    fn paths(command: &clap::Command, above: &str, found: &mut Vec<String>) {
        for sub in command.get_subcommands() {
            let path = format!("{above} {}", sub.get_name());
            paths(sub, &path, found);
            found.push(path);
        }
    }
    let mut found = Vec::new();
    paths(&linewatch::cli::command(linewatch::language::Language::English), "linewatch", &mut found);
    assert!(found.len() > 8, "{found:?}");
    for (name, text) in pages::pages().iter().filter(|(name, _)| name.ends_with(".1")) {
        for path in &found {
            assert!(text.contains(&format!(".SS \"{}\"", path.replace('-', "\\-"))), "{name}: {path}");
        }
    }
}

#[test]
fn bash_reads_the_completions() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(pages::FOLDER).join("linewatch.bash");
    let ask =
        "COMP_WORDS=(linewatch jour); COMP_CWORD=1; _linewatch linewatch jour linewatch; echo \"${COMPREPLY[*]}\"";
    let output = Command::new("bash")
        .args(["--norc", "-c", &format!(". '{}'; {ask}", script.display())])
        .output()
        .expect("bash runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "journal", "{output:?}");
}

//! The help of every command in both languages, and what is said of wrong use. Help cannot drift unseen.

use std::process::{Command, Output};

use linewatch::cli;
use linewatch::language::Language;

/// Calls `look` with the path and the exact `--help` of every command in a terminal of 80 columns.
fn each_command(language: Language, look: &mut impl FnMut(&str, &str)) {
    fn paths(command: &clap::Command, path: &[String], found: &mut Vec<Vec<String>>) {
        let path = [path, &[command.get_name().to_owned()]].concat();
        found.push(path.clone());
        for sub in command.get_subcommands() {
            paths(sub, &path, found);
        }
    }
    let mut found = Vec::new();
    paths(&cli::command(language), &[], &mut found);
    for path in found {
        let command = cli::command(language).term_width(80);
        let error = command.try_get_matches_from(path.iter().map(String::as_str).chain(["--help"]));
        look(&path.join("_"), &error.expect_err("help is not a match").to_string());
    }
}

fn snapshots(language: Language) {
    each_command(language, &mut |path, help| {
        insta::assert_snapshot!(format!("{}@{path}", language.tag()), help);
    });
}

#[test]
fn help_in_chinese() {
    snapshots(Language::Chinese);
}

#[test]
fn help_in_english() {
    snapshots(Language::English);
}

#[test]
fn help_fits_a_terminal_of_80_columns() {
    for language in [Language::Chinese, Language::English] {
        each_command(language, &mut |path, help| {
            for line in help.lines() {
                let width = unicode_width::UnicodeWidthStr::width(line);
                assert!(width <= 80, "{path}: {width} columns: {line}");
            }
        });
    }
}

fn linewatch(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_linewatch"))
        .args(arguments)
        .env_clear()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary starts")
}

fn code_and_complaint(arguments: &[&str]) -> (Option<i32>, String) {
    let output = linewatch(arguments);
    assert!(output.stdout.is_empty(), "nothing on stdout for {arguments:?}");
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn wrong_use_says_what_is_wrong_and_exits_2() {
    let mut text = String::new();
    for arguments in [
        &["chek"][..],
        &["lines", "--clas", "village"],
        &["lines", "--nothing"],
        &["lines", "--class"],
        &["--lang", "fr", "check"],
        &["check", "extra"],
        &["lines", "--class", "a", "--class", "b"],
        &["help", "chek"],
    ] {
        let (code, complaint) = code_and_complaint(arguments);
        assert_eq!(code, Some(2), "{arguments:?}");
        text += "$ linewatch ";
        text += &arguments.join(" ");
        text += "\n";
        text += &complaint;
        text += "\n";
    }
    insta::assert_snapshot!("wrong_use", text);
}

#[test]
fn no_command_prints_help_on_stderr_and_exits_2() {
    let (code, complaint) = code_and_complaint(&[]);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("用法: linewatch [选项] <命令>"), "{complaint}");
}

#[test]
fn help_and_version_go_to_stdout_and_exit_0() {
    for arguments in [&["--help"][..], &["-h"], &["check", "--help"], &["help", "check"], &["help"], &["--version"]] {
        let output = linewatch(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{arguments:?}");
    }
}

/// What `--help` begins with tells the language.
fn speaks(arguments: &[&str], environment: &[(&str, &str)], folder: &std::path::Path) -> Language {
    let output = Command::new(env!("CARGO_BIN_EXE_linewatch"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(folder)
        .output()
        .expect("the binary starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    if text.contains("用法:") {
        return Language::Chinese;
    }
    assert!(text.contains("Usage:"), "{text}");
    Language::English
}

#[test]
fn language_comes_from_the_option_then_the_site_then_the_environment_then_chinese() {
    let folder = tempfile::tempdir().expect("a folder");
    let english = folder.path().join("en.toml");
    std::fs::write(&english, "[site]\nlanguage = \"en\"\nwrong = 1\n").expect("written");
    let english = english.to_str().expect("UTF-8");
    let at = folder.path();
    assert_eq!(speaks(&["--help"], &[], at), Language::Chinese);
    assert_eq!(speaks(&["--help"], &[("LANG", "en_US.UTF-8")], at), Language::English);
    assert_eq!(speaks(&["--help"], &[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US.UTF-8")], at), Language::Chinese);
    assert_eq!(speaks(&["--config", english, "--help"], &[("LANG", "zh_CN.UTF-8")], at), Language::English);
    assert_eq!(speaks(&["check", "--help", "--config", english], &[], at), Language::English);
    assert_eq!(speaks(&["--config", english, "--lang", "zh", "check", "--help"], &[], at), Language::Chinese);
    assert_eq!(speaks(&["check", "--lang=en", "--help"], &[], at), Language::English);
}

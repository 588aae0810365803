//! Writes the manual page in both languages and the shell completions that the package contains, from the command
//! line itself: `cargo run --example pages`. A test compares them, so that they cannot drift unseen.

use std::fmt::Write as _;
use std::path::Path;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use linewatch::cli;
use linewatch::language::Language;

/// Arguments that every command takes; they are explained once.
const COMMON: [&str; 3] = ["config", "lang", "help"];

/// Where the pages lie, below the folder of the sources.
pub const FOLDER: &str = "systemd/pages";

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    for (name, text) in pages() {
        std::fs::write(folder.join(name), text)?;
        println!("{FOLDER}/{name}");
    }
    Ok(())
}

/// All pages with their file names.
pub fn pages() -> Vec<(&'static str, String)> {
    // 中文 is the language where nobody says otherwise, so the completions explain in it.
    let complete = |shell| {
        let mut bytes = Vec::new();
        clap_complete::generate(shell, &mut cli::command(Language::Chinese), "linewatch", &mut bytes);
        utf8(bytes)
    };
    vec![
        ("linewatch.1", manual(Language::English)),
        ("linewatch.zh_CN.1", manual(Language::Chinese)),
        ("linewatch.bash", complete(Shell::Bash)),
        ("_linewatch", complete(Shell::Zsh)),
        ("linewatch.fish", complete(Shell::Fish)),
    ]
}

/// One page for all commands: whoever types `man linewatch` finds everything.
fn manual(language: Language) -> String {
    let mut command = cli::command(language);
    command.build();
    let man = Man::new(command.clone()).manual(language.pick("linewatch 手册", "linewatch manual"));
    let mut page = section(|out| man.render_title(out));
    heading(&mut page, language.pick("名称", "NAME"));
    page += body(&section(|out| man.render_name_section(out)));
    heading(&mut page, language.pick("概要", "SYNOPSIS"));
    page += &synopsis(&mut command);
    examples(&mut page, &command);
    heading(&mut page, language.pick("所有命令都有的选项", "OPTIONS OF EVERY COMMAND"));
    page += body(&section(|out| man.render_options_section(out)));
    heading(&mut page, language.pick("命令", "COMMANDS"));
    for sub in command.get_subcommands() {
        explain(&mut page, sub, "linewatch");
    }
    files(&mut page, language);
    page
}

/// A command and those below it.
fn explain(page: &mut String, command: &Command, parent: &str) {
    let path = format!("{parent} {}", command.get_name());
    let mut own = command.clone();
    for common in COMMON {
        if own.get_arguments().any(|argument| argument.get_id() == common) {
            own = own.mut_arg(common, |argument| argument.hide(true));
        }
    }
    writeln!(page, ".SS \"{}\"", escaped(&path)).expect("writing to a string");
    writeln!(page, "{}\n.PP", escaped(&command.get_about().map(ToString::to_string).unwrap_or_default()))
        .expect("writing to a string");
    *page += &synopsis(&mut command.clone());
    if own.get_arguments().any(|argument| !argument.is_hide_set()) {
        let options = section(|out| Man::new(own.clone()).render_options_section(out));
        // Headings within a command would end it.
        for line in options
            .lines()
            .filter(|line| !line.starts_with(".SH") && !line.starts_with(".ie") && !line.starts_with(".el"))
        {
            *page += line;
            page.push('\n');
        }
    }
    examples(page, command);
    for sub in command.get_subcommands() {
        explain(page, sub, &path);
    }
}

fn synopsis(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    format!(".B {}\n", escaped(usage.strip_prefix("Usage: ").unwrap_or(&usage)))
}

/// What stands below the options, as it stands there.
fn examples(page: &mut String, command: &Command) {
    if let Some(text) = command.get_after_help() {
        *page += ".PP\n.nf\n";
        for line in text.to_string().lines() {
            *page += &escaped(line);
            page.push('\n');
        }
        *page += ".fi\n";
    }
}

fn files(page: &mut String, language: Language) {
    heading(page, language.pick("文件", "FILES"));
    for (name, chinese, english) in [
        ("/etc/linewatch/linewatch.toml", "配置", "configuration"),
        ("/etc/linewatch/lines.csv", "线路表", "inventory"),
        (
            "/var/lib/linewatch/journal.db",
            "记录库，也就是证据：本程序和软件包都不会删除它，彻底卸载（purge）也不会。",
            "the journal, which is the evidence: neither the program nor the package ever deletes it, purged or not.",
        ),
        (
            "/var/lib/linewatch/control.sock",
            "监测程序应答 linewatch status 的地方",
            "where the daemon answers linewatch status",
        ),
        (
            "/usr/lib/systemd/system/linewatch.service",
            "服务；要改，用 systemctl edit linewatch",
            "the service; to change it: systemctl edit linewatch",
        ),
    ] {
        writeln!(page, ".TP\n.I {}\n{}", escaped(name), escaped(language.pick(chinese, english)))
            .expect("writing to a string");
    }
}

fn heading(page: &mut String, text: &str) {
    writeln!(page, ".SH \"{text}\"").expect("writing to a string");
}

/// What follows the first heading.
fn body(section: &str) -> &str {
    let after = section.find(".SH").and_then(|at| section[at..].find('\n').map(|end| at + end + 1));
    &section[after.unwrap_or_default()..]
}

fn section(render: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    render(&mut bytes).expect("writing to memory");
    utf8(bytes)
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("texts of ours are UTF-8")
}

/// A text as roff reads it: no hyphens that break, no requests.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('"', "\\(dq");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

//! Help in both languages. English stands beside the arguments, as clap wants it; 中文 and the examples stand here,
//! by command path (`journal verify`, empty for linewatch itself) and argument; each subject has a file.

mod accounts;
mod common;
mod daemon;
mod decisions;
mod faults;
mod figures;
mod journal;
mod lines;
mod people;
mod simulate;

use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};

use super::wrong_use;
use crate::language::Language;

/// 中文 and examples of some commands, by path (`journal verify`, empty for linewatch itself).
struct Texts {
    /// What a command does: path, 中文.
    about: &'static [(&'static str, &'static str)],
    /// What an argument means: path, argument, 中文. An empty path holds for every command.
    arguments: &'static [(&'static str, &'static str, &'static str)],
    /// Below the options: path, 中文, English.
    examples: &'static [(&'static str, &'static str, &'static str)],
}

/// All texts; each subject has a file.
const TEXTS: &[Texts] = &[
    accounts::TEXTS,
    common::TEXTS,
    daemon::TEXTS,
    decisions::TEXTS,
    faults::TEXTS,
    figures::TEXTS,
    journal::TEXTS,
    lines::TEXTS,
    people::TEXTS,
    simulate::TEXTS,
];

/// Placeholders in usage lines and options: English, 中文.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("OPTIONS", "选项"),
    ("COMMAND", "命令"),
    ("FILE", "文件"),
    ("LANG", "语言"),
    ("CLASS", "类别"),
    ("TOWNSHIP", "乡镇"),
    ("LINE", "线路编号"),
    ("SHEET", "工作表"),
    ("AMOUNT", "万元"),
    ("FORMAT", "格式"),
    ("PATH", "路径"),
    ("DIR", "目录"),
    ("URL", "地址"),
    ("STORE", "记录库"),
    ("SEQ:DIGEST", "编号:摘要"),
    ("SEQ", "编号"),
    ("PERIOD", "统计期"),
    ("SCOPE", "范围"),
    ("YEAR", "年"),
    ("QUARTER", "季度"),
    ("MONTH", "月"),
    ("DAY|INSTANT", "日期|时刻"),
    ("TIME|RECORD", "时间|记录"),
    ("TEXT", "文字"),
    ("TIME", "时间"),
    ("NAME", "姓名"),
    ("FAULT", "故障编号"),
    ("NUMBER", "编号"),
    ("DURATION", "时长"),
    ("DOCUMENT", "文号"),
    ("SOURCE", "来源"),
    ("CHANNEL", "来源"),
    ("SYMPTOM", "现象"),
    ("CAUSE", "原因"),
    ("PHONE", "电话"),
    ("TICKET", "工单号"),
    ("NO", "文号"),
    ("DAYS", "天数"),
    ("ACCOUNT", "账号"),
    ("ROLE", "角色"),
    ("N", "数字"),
];

/// Puts the texts of a language into the command line and all its commands.
pub fn localize(command: Command, language: Language) -> Command {
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(Arg::new("help").short('h').long("help").global(true).action(ArgAction::Help).help("Print help"))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Print version"));
    let mut command = with_texts(command, "", language);
    if language == Language::Chinese {
        // Usage lines know their place only once the tree is built.
        command.build();
        command = with_usage(command);
    }
    command
}

fn with_texts(command: Command, path: &str, language: Language) -> Command {
    let mut command = command;
    if let Some((_, chinese, english)) = TEXTS.iter().flat_map(|texts| texts.examples).find(|(of, ..)| *of == path) {
        command = command.after_help(language.pick(*chinese, *english));
    }
    if language == Language::Chinese {
        let about =
            chinese_about(path).map_or_else(|| command.get_about().cloned().unwrap_or_default(), StyledStr::from);
        command = command
            .about(about)
            .help_template("{about-with-newline}\n用法: {usage}\n\n{all-args}{after-help}")
            .subcommand_help_heading("命令")
            .subcommand_value_name("命令")
            .mut_args(|argument| with_chinese(argument, path));
    }
    command.mut_subcommands(|sub| {
        let path = format!("{path} {}", sub.get_name());
        with_texts(sub, path.trim_start(), language)
    })
}

fn with_chinese(argument: Arg, path: &str) -> Arg {
    let heading = if argument.is_positional() { "参数" } else { "选项" };
    let names: Option<Vec<String>> =
        argument.get_value_names().map(|names| names.iter().map(|name| placeholder(name).to_owned()).collect());
    let takes_value = argument.get_action().takes_values();
    let mut argument = argument.help_heading(heading);
    if takes_value {
        // The texts say defaults and choices themselves; clap would say them in English.
        argument = argument.hide_default_value(true).hide_possible_values(true);
        if let Some(names) = names {
            argument = argument.value_names(names);
        }
    }
    match chinese_argument(path, argument.get_id().as_str()) {
        Some(text) => argument.help(text),
        None => argument,
    }
}

fn with_usage(command: Command) -> Command {
    let mut command = command;
    let usage = command.render_usage().to_string();
    let mut usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    for (english, chinese) in PLACEHOLDERS {
        usage = usage.replace(&format!("[{english}]"), &format!("[{chinese}]"));
        usage = usage.replace(&format!("<{english}>"), &format!("<{chinese}>"));
    }
    for sub in command.get_subcommands_mut() {
        *sub = with_usage(std::mem::take(sub));
    }
    command.override_usage(usage)
}

fn placeholder(name: &str) -> &str {
    PLACEHOLDERS.iter().find(|(english, _)| *english == name).map_or(name, |(_, chinese)| chinese)
}

/// 中文 for a command.
fn chinese_about(path: &str) -> Option<&'static str> {
    TEXTS.iter().flat_map(|texts| texts.about).find(|(of, _)| *of == path).map(|(_, text)| *text)
}

/// 中文 for an argument: the command's own text, else a parent's, else the common one.
fn chinese_argument(path: &str, id: &str) -> Option<&'static str> {
    let mut all = TEXTS.iter().flat_map(|texts| texts.arguments);
    let own = all.find(|(of, argument, _)| *of == path && *argument == id).map(|(_, _, text)| *text);
    match (own, path.is_empty()) {
        (Some(text), _) => Some(text),
        (None, true) => None,
        (None, false) => chinese_argument(path.rsplit_once(' ').map_or("", |(parent, _)| parent), id),
    }
}

/// `linewatch help COMMAND…`
pub fn explain(command: Command, path: &[String], language: Language) -> ExitCode {
    let arguments = ["linewatch"].into_iter().chain(path.iter().map(String::as_str)).chain(["--help"]);
    match command.try_get_matches_from(arguments) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => wrong_use::report(&error, language),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn missing(command: &Command, path: &str, found: &mut Vec<String>) {
        if chinese_about(path).is_none() {
            found.push(format!("ABOUT of `{path}`"));
        }
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            if chinese_argument(path, id).is_none() {
                found.push(format!("ARGUMENTS of `{path}`: {id}"));
            }
            for name in argument.get_value_names().unwrap_or_default() {
                if argument.get_action().takes_values() && placeholder(name) == name.as_str() {
                    found.push(format!("PLACEHOLDERS: {name}"));
                }
            }
        }
        for sub in command.get_subcommands() {
            missing(sub, format!("{path} {}", sub.get_name()).trim_start(), found);
        }
    }

    #[test]
    fn every_command_and_argument_has_chinese_text() {
        let mut found = Vec::new();
        missing(&super::super::Cli::command(), "", &mut found);
        assert!(found.is_empty(), "add to src/cli/help/: {found:#?}");
    }

    #[test]
    fn the_tree_is_sound_in_both_languages() {
        for language in [Language::Chinese, Language::English] {
            localize(super::super::Cli::command(), language).debug_assert();
        }
    }
}

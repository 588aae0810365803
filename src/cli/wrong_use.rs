//! Complaints about the arguments, in the reader's language. Exit code 2.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::language::Language;

/// Prints help or version where they were asked for, else says what is wrong with the arguments.
pub fn report(error: &clap::Error, language: Language) -> ExitCode {
    let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    match (language, chinese(error)) {
        (Language::Chinese, Some(sentence)) => {
            eprintln!("linewatch: {sentence}\n用 linewatch --help 或 linewatch 命令 --help 看用法。");
        }
        (Language::Chinese, None) | (Language::English, _) => {
            // Nothing is left to be said where help cannot be printed.
            let _ = error.print();
        }
    }
    if asked_for { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// The sentence; `None` where clap's own text (help, or a kind that does not occur) is to be printed.
fn chinese(error: &clap::Error) -> Option<String> {
    let text = |kind| error.get(kind).map(words);
    let argument = || text(ContextKind::InvalidArg).unwrap_or_default();
    let suggestion = |kind| text(kind).map_or_else(String::new, |name| format!("，是不是 {name}？"));
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            format!("没有 {} 这个选项或参数{}", argument(), suggestion(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("没有 {name} 这个命令{}", suggestion(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::MissingSubcommand => {
            let known =
                text(ContextKind::ValidSubcommand).map_or_else(String::new, |names| format!("，可用的有：{names}"));
            format!("后面还缺一个命令{known}")
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {}", argument()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = text(ContextKind::InvalidValue).unwrap_or_default();
            let known = text(ContextKind::ValidValue).filter(|known| !known.is_empty());
            let cause = std::error::Error::source(error).map(ToString::to_string);
            match (value.is_empty(), known.or(cause)) {
                // Raised by a command itself, with its own sentence.
                _ if argument().is_empty() => return None,
                (true, None) => format!("{} 后面缺少值", argument()),
                (true, Some(known)) => format!("{} 后面缺少值，可用的有：{known}", argument()),
                (false, None) => format!("{} 的值「{value}」不对", argument()),
                (false, Some(known)) => format!("{} 的值「{value}」不对：{known}", argument()),
            }
        }
        ErrorKind::TooManyValues => format!("{} 的值太多", argument()),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{} 的值的个数不对", argument()),
        ErrorKind::NoEquals => format!("{} 的值要用等号写", argument()),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg) {
            Some(other) if other != argument() => format!("{} 和 {other} 不能同时用", argument()),
            _ => format!("{} 只能写一次", argument()),
        },
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 编码".to_owned(),
        _ => return None,
    })
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(names) => names.join("、"),
        other => other.to_string(),
    }
}

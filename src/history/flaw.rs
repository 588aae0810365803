//! What is wrong with a line of the file, in words.

use linewatch_core::time::Span;

use crate::language::Language;

/// What is wrong with a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub at: u64,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Other bytes than UTF-8.
    NotUtf8,
    /// No whole JSON object; what the reader says.
    NotJson(String),
    /// A key that nobody knows.
    UnknownKey(String),
    /// A key that has to be there.
    MissingKey(String),
    /// A key twice.
    KeyTwice(String),
    /// Neither of the known types.
    UnknownType(String),
    /// A value of another kind than the key wants; what the reader says.
    Value(String),
    /// It ends where it begins, or before.
    Empty(Span),
    /// A line without an id.
    NoId,
    /// A line twice.
    LineTwice(String),
    /// No class of this name; those there are.
    Class {
        /// As written.
        class: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A line that neither the file nor the journal knows.
    UnknownLine {
        /// As written.
        line: String,
        /// Perhaps this one.
        meant: Option<String>,
    },
    /// A line that is reached through itself.
    OwnUpstream(String),
    /// A township that neither the file nor the journal knows.
    Township(String),
    /// Both a line and a township.
    LineAndTownship,
    /// An outage without an end, of a line that nobody was looking at after its start.
    NoEnd(String),
}

impl Flaw {
    /// What the JSON reader's complaint means.
    pub(super) fn of_json(error: &serde_json::Error) -> Self {
        let said = error.to_string();
        let quoted = || said.split('`').nth(1).unwrap_or_default().to_owned();
        if !error.is_data() {
            return Self::NotJson(said);
        }
        match () {
            () if said.starts_with("unknown field") => Self::UnknownKey(quoted()),
            () if said.starts_with("missing field") => Self::MissingKey(quoted()),
            () if said.starts_with("duplicate field") => Self::KeyTwice(quoted()),
            () if said.starts_with("unknown variant") => Self::UnknownType(quoted()),
            () => Self::Value(said),
        }
    }

    /// The sentence for people.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::NotUtf8 => language.pick("不是 UTF-8 编码".to_owned(), "not UTF-8".to_owned()),
            Self::NotJson(said) => {
                language.pick(format!("不是一个完整的 JSON 对象（{said}）"), format!("not a whole JSON object ({said})"))
            }
            Self::UnknownKey(key) => {
                language.pick(format!("有不认识的键「{key}」"), format!("unknown key {key:?}"))
            }
            Self::MissingKey(key) => language.pick(
                format!("缺少键「{key}」（没有值的写 null）"),
                format!("the key {key:?} is missing (write null for no value)"),
            ),
            Self::KeyTwice(key) => {
                language.pick(format!("键「{key}」写了两次"), format!("the key {key:?} stands there twice"))
            }
            Self::UnknownType(kind) => language.pick(
                format!("没有「{kind}」这一种；可用的有 line、observed、outage、planned、fault，故障来源有 detected、reported"),
                format!("unknown type {kind:?}; there are line, observed, outage, planned and fault, and as source of a fault detected and reported"),
            ),
            Self::Value(said) => language.pick(
                format!("值不对（{said}）；时刻写成 2026-07-01T08:00:00+08:00"),
                format!("a wrong value ({said}); an instant is like 2026-07-01T08:00:00+08:00"),
            ),
            Self::Empty(Span { start, end }) => language.pick(
                format!("结束（{end}）不晚于开始（{start}）"),
                format!("it ends ({end}) no later than it begins ({start})"),
            ),
            Self::NoId => language.pick("线路编号是空的".to_owned(), "the line's id is empty".to_owned()),
            Self::LineTwice(line) => {
                language.pick(format!("线路 {line} 写了两次"), format!("the line {line} stands there twice"))
            }
            Self::Class { class, known } => {
                let known = known.join(language.pick("、", ", "));
                language.pick(format!("没有类别「{class}」；可用的有：{known}"), format!("no class {class:?}; there are: {known}"))
            }
            Self::UnknownLine { line, meant } => {
                let meant = meant.as_ref().map_or_else(String::new, |meant| {
                    language.pick(format!("，是不是 {meant}？"), format!(", did you mean {meant}?"))
                });
                language.pick(
                    format!("线路 {line} 不在线路表里，文件里也没有它的 line 行{meant}"),
                    format!("no line {line} is known{}", if meant.is_empty() { ": neither the inventory nor the file has it".to_owned() } else { meant }),
                )
            }
            Self::OwnUpstream(line) => {
                language.pick(format!("线路 {line} 的上联是它自己"), format!("the line {line} is its own upstream"))
            }
            Self::Township(township) => language.pick(
                format!("没有乡镇「{township}」：线路表和文件里都没有"),
                format!("no township {township:?}: neither the inventory nor the file has it"),
            ),
            Self::LineAndTownship => language.pick(
                "线路和乡镇只能写一个，另一个写 null".to_owned(),
                "a line or a township, not both: write null for the other".to_owned(),
            ),
            Self::NoEnd(line) => language.pick(
                format!("线路 {line} 的中断没有结束，文件里也没有它此后的 observed 行，不知道算到什么时候"),
                format!("the outage of {line} has no end, and no observed span of the file says until when it was seen"),
            ),
        }
    }
}

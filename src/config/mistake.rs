//! Mistakes in the configuration, each with its place, a sentence and what to do, in both languages.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use linewatch_core::time::Millis;

use super::selfeval::Flaw;
use super::{ConfigError, DEFAULT_PATHS, duration};
use crate::language::Language;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the file it is about.
    pub span: Range<usize>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong. Keys are written with their section, like `probe.interval`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not TOML; the parser's own words.
    Syntax(String),
    /// No such section.
    UnknownSection {
        /// Its name.
        name: String,
        /// Probably meant.
        suggestion: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// No such key in this section.
    UnknownKey {
        /// The key.
        key: String,
        /// Probably meant.
        suggestion: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// A key that only `[probe]` has, in a class.
    ProbeOnly {
        /// The key.
        key: String,
        /// Its last part.
        name: String,
    },
    /// Another type is wanted.
    WrongType {
        /// The key.
        key: String,
        /// What is wanted.
        wanted: Wanted,
        /// What stands there, as TOML names it.
        found: &'static str,
        /// What to write instead, when it is plain.
        suggestion: Option<String>,
    },
    /// Not a length of time.
    BadDuration {
        /// The key.
        key: String,
        /// What stands there.
        text: String,
    },
    /// A value outside its range.
    OutOfRange {
        /// The key.
        key: String,
        /// What stands there.
        text: String,
        /// Smallest allowed.
        least: String,
        /// Largest allowed.
        most: String,
    },
    /// `shorter` must not be longer than `longer`.
    TooLong {
        /// Section the rule was checked for.
        section: String,
        /// The key that is too long.
        shorter: &'static str,
        /// Its value.
        shorter_is: Millis,
        /// The key it must not exceed.
        longer: &'static str,
        /// Its value.
        longer_is: Millis,
    },
    /// Two keys make sense together only.
    Alone {
        /// The one that is there.
        key: &'static str,
        /// The one that is not, of the same section.
        other: &'static str,
    },
    /// `faults.merge_window` is longer than restored faults are remembered.
    BeyondMemory {
        /// Its value.
        is: Millis,
        /// How long they are remembered.
        memory: Millis,
    },
    /// Not one of the words allowed.
    BadChoice {
        /// The key.
        key: String,
        /// What stands there.
        text: String,
        /// Probably meant.
        suggestion: Option<String>,
        /// All allowed.
        known: Vec<String>,
    },
    /// No such time zone.
    UnknownZone {
        /// What stands there.
        text: String,
        /// Probably meant.
        suggestion: Option<String>,
    },
    /// Not an address and port to listen on.
    BadListen(String),
    /// Neither an IP address nor a host name.
    BadAddress(String),
    /// A reference that stands there already.
    TwiceReference(String),
    /// A word that stands in its list already.
    Twice {
        /// The key.
        key: String,
        /// The word.
        text: String,
    },
    /// Nothing in it.
    Empty(String),
    /// A class name that cannot be a label of metrics and records.
    BadClassName(String),
    /// In the form of the self-evaluation.
    SelfEval(Flaw),
}

/// The type a key wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A section.
    Table,
    /// A string.
    Text,
    /// A string like "2s".
    Duration,
    /// A whole number.
    Count,
    /// A number between 0 and 1.
    Ratio,
    /// An array of strings.
    Texts,
    /// A decimal number.
    Number,
    /// Yes or no.
    Flag,
}

impl Wanted {
    fn name(self, language: Language) -> &'static str {
        match self {
            Self::Table => language.pick("一节，如 [site]", "a section, like [site]"),
            Self::Text => language.pick("带引号的文字", "a string in quotes"),
            Self::Duration => language.pick("带引号和单位的时长，如 \"2s\"", "a length of time in quotes, like \"2s\""),
            Self::Count => language.pick("整数", "a whole number"),
            Self::Number => language.pick("数，如 86.6", "a number, like 86.6"),
            Self::Flag => language.pick("true 或 false", "true or false"),
            Self::Ratio => language.pick("介于 0 和 1 的小数，如 0.99", "a number between 0 and 1, like 0.99"),
            Self::Texts => {
                language.pick("方括号里的一串文字，如 [\"10.0.0.1\"]", "a list of strings, like [\"10.0.0.1\"]")
            }
        }
    }
}

fn type_name(toml: &'static str, language: Language) -> &'static str {
    match toml {
        "string" => language.pick("文字", "a string"),
        "integer" => language.pick("整数", "an integer"),
        "float" => language.pick("小数", "a float"),
        "boolean" => language.pick("真假值", "a boolean"),
        "datetime" => language.pick("日期", "a date"),
        "array" => language.pick("列表", "an array"),
        "table" => language.pick("一节", "a table"),
        other => other,
    }
}

impl Problem {
    /// Whether it is about a name that does not exist.
    pub(super) fn is_unknown_name(&self) -> bool {
        matches!(self, Self::UnknownSection { .. } | Self::UnknownKey { .. })
    }

    /// What is wrong, in one sentence.
    pub fn sentence(&self, language: Language) -> String {
        let zh = language == Language::Chinese;
        match self {
            Self::Syntax(words) if zh && words == "duplicate key" => "这个设置写了两遍".to_owned(),
            Self::Syntax(words) if zh => format!("不是合法的 TOML：{words}"),
            Self::Syntax(words) => format!("not valid TOML: {words}"),
            Self::UnknownSection { name, .. } if zh => format!("没有 [{name}] 这一节"),
            Self::UnknownSection { name, .. } => format!("there is no section [{name}]"),
            Self::UnknownKey { key, .. } if zh => format!("没有 {key} 这个设置"),
            Self::UnknownKey { key, .. } => format!("there is no setting {key}"),
            Self::ProbeOnly { key, .. } if zh => format!("{key} 不能按类别设置"),
            Self::ProbeOnly { key, .. } => format!("{key} cannot be set for one class"),
            Self::WrongType { key, wanted, found, .. } => {
                let (wanted, found) = (wanted.name(language), type_name(found, language));
                if zh {
                    format!("{key} 应为{wanted}，这里是{found}")
                } else {
                    format!("{key} wants {wanted}, this is {found}")
                }
            }
            Self::BadDuration { key, text } if zh => format!("{key} 的时长 \"{text}\" 看不懂"),
            Self::BadDuration { key, text } => format!("{key}: \"{text}\" is not a length of time"),
            Self::OutOfRange { key, text, least, most } if zh => {
                format!("{key} = {text} 超出范围，应在 {least} 到 {most} 之间")
            }
            Self::OutOfRange { key, text, least, most } => {
                format!("{key} = {text} is out of range: {least} to {most}")
            }
            Self::TooLong { section, shorter, shorter_is, longer, longer_is } => {
                let (shorter_is, longer_is) = (duration::format(*shorter_is), duration::format(*longer_is));
                if zh {
                    format!("[{section}] 的 {shorter}（{shorter_is}）比 {longer}（{longer_is}）长")
                } else {
                    format!("[{section}] {shorter} ({shorter_is}) is longer than {longer} ({longer_is})")
                }
            }
            Self::Alone { key, other } if zh => format!("有 {key}，缺 {other}"),
            Self::Alone { key, other } => format!("{key} without {other}"),
            Self::BeyondMemory { is, .. } if zh => {
                format!("faults.merge_window（{}）太长", duration::format(*is))
            }
            Self::BeyondMemory { is, .. } => format!("faults.merge_window ({}) is too long", duration::format(*is)),
            Self::BadChoice { key, text, .. } if zh => format!("{key} 不认识 \"{text}\""),
            Self::BadChoice { key, text, .. } => format!("{key} does not know \"{text}\""),
            Self::UnknownZone { text, .. } if zh => format!("没有 \"{text}\" 这个时区"),
            Self::UnknownZone { text, .. } => format!("there is no time zone \"{text}\""),
            Self::BadListen(text) if zh => format!("http.listen 的 \"{text}\" 不是 IP 地址加端口"),
            Self::BadListen(text) => format!("http.listen: \"{text}\" is not an IP address with a port"),
            Self::BadAddress(text) if zh => format!("\"{text}\" 既不是 IP 地址，也不是主机名"),
            Self::BadAddress(text) => format!("\"{text}\" is neither an IP address nor a host name"),
            Self::TwiceReference(text) if zh => format!("参照地址 \"{text}\" 写了两遍"),
            Self::TwiceReference(text) => format!("the reference \"{text}\" stands here twice"),
            Self::Twice { key, text } if zh => format!("{key} 里 \"{text}\" 写了两遍"),
            Self::Twice { key, text } => format!("{key}: \"{text}\" stands here twice"),
            Self::Empty(key) if zh => format!("{key} 不能为空"),
            Self::Empty(key) => format!("{key} must not be empty"),
            Self::BadClassName(name) if zh => format!("类别名 \"{name}\" 不合规则"),
            Self::BadClassName(name) => format!("\"{name}\" cannot be the name of a class"),
            Self::SelfEval(flaw) => flaw.sentence(language),
        }
    }

    /// What to do about it.
    pub fn advice(&self, language: Language) -> Option<String> {
        let zh = language == Language::Chinese;
        Some(match self {
            Self::Syntax(_) | Self::TwiceReference(_) | Self::Twice { .. } | Self::Empty(_) => return None,
            Self::SelfEval(flaw) => return flaw.advice(language),
            Self::UnknownSection { suggestion, known, .. }
            | Self::UnknownKey { suggestion, known, .. }
            | Self::BadChoice { suggestion, known, .. } => meant(suggestion.as_deref(), known, language),
            Self::ProbeOnly { name, .. } if zh => format!("{name} 对所有线路只有一个，请写在 [probe] 里"),
            Self::ProbeOnly { name, .. } => format!("there is one {name} for all lines: put it into [probe]"),
            Self::WrongType { suggestion, .. } => {
                let suggestion = suggestion.as_ref()?;
                if zh { format!("请写 {suggestion}") } else { format!("write {suggestion}") }
            }
            Self::BadDuration { .. } if zh => {
                "写整数加单位 ms、s、m、h 或 d，如 \"500ms\"、\"2s\"、\"1m30s\"、\"12h\"".to_owned()
            }
            Self::BadDuration { .. } => {
                "write whole numbers with a unit ms, s, m, h or d, like \"500ms\", \"2s\", \"1m30s\", \"12h\""
                    .to_owned()
            }
            Self::OutOfRange { text, most, .. } => {
                let percent: f64 = text.parse().ok()?;
                if most != "1" || !(1.0..=100.0).contains(&percent) {
                    return None;
                }
                let ratio = percent / 100.0;
                if zh { format!("{text} % 请写 {ratio}") } else { format!("for {text} % write {ratio}") }
            }
            Self::TooLong { .. } if zh => {
                "每条线路同时最多只有一个探测在路上，所以必须 timeout ≤ retry_interval ≤ interval".to_owned()
            }
            Self::TooLong { .. } => {
                "a line has at most one probe under way at a time, hence timeout ≤ retry_interval ≤ interval".to_owned()
            }
            Self::Alone { other, .. } if zh => format!("证书和私钥要一起写：再加上 {other} = \"…\""),
            Self::Alone { other, .. } => format!("certificate and key go together: add {other} = \"…\""),
            Self::BeyondMemory { memory, .. } => {
                let memory = duration::format(*memory);
                if zh {
                    format!("最长 {memory}：恢复更久的故障不再比对，再断就是新的故障")
                } else {
                    format!(
                        "at most {memory}: faults restored longer ago are not looked at any more, \
                         and a new outage is a new fault"
                    )
                }
            }
            Self::UnknownZone { suggestion: Some(zone), .. } if zh => format!("是不是 \"{zone}\"？"),
            Self::UnknownZone { suggestion: Some(zone), .. } => format!("did you mean \"{zone}\"?"),
            Self::UnknownZone { suggestion: None, .. } if zh => "写 IANA 时区名，如 \"Asia/Shanghai\"".to_owned(),
            Self::UnknownZone { suggestion: None, .. } => "write an IANA name, like \"Asia/Shanghai\"".to_owned(),
            Self::BadListen(_) if zh => {
                format!("如 \"{}\"（只限本机）或 \"0.0.0.0:8401\"（所有网卡）", super::Http::DEFAULT_LISTEN)
            }
            Self::BadListen(_) => {
                format!(
                    "like \"{}\" (this machine only) or \"0.0.0.0:8401\" (all interfaces)",
                    super::Http::DEFAULT_LISTEN
                )
            }
            Self::BadAddress(_) if zh => "如 \"10.0.0.1\"、\"fd00::1\" 或 \"gw.example.cn\"".to_owned(),
            Self::BadAddress(_) => "like \"10.0.0.1\", \"fd00::1\" or \"gw.example.cn\"".to_owned(),
            Self::BadClassName(_) if zh => {
                "用小写字母开头，只含小写字母、数字和下划线，最多 32 个字符；给人看的名称写在 label 里".to_owned()
            }
            Self::BadClassName(_) => "begin with a small letter, then small letters, digits and _, at most 32 in all; \
                 the name for people goes into label"
                .to_owned(),
        })
    }
}

fn meant(suggestion: Option<&str>, known: &[String], language: Language) -> String {
    let known = known.join(language.pick("、", ", "));
    match (suggestion, language) {
        (Some(name), Language::Chinese) => format!("是不是 {name}？可用的有：{known}"),
        (Some(name), Language::English) => format!("did you mean {name}? There are: {known}"),
        (None, Language::Chinese) => format!("可用的有：{known}"),
        (None, Language::English) => format!("there are: {known}"),
    }
}

impl ConfigError {
    /// The whole report, several lines for mistakes; coloured for a terminal.
    pub fn report(&self, language: Language, coloured: bool) -> String {
        let zh = language == Language::Chinese;
        match self {
            Self::Missing { path } if zh => {
                format!("读配置：没有 {} 这个文件；请检查路径，或用 --config 指定", path.display())
            }
            Self::Missing { path } => {
                format!(
                    "reading the configuration: there is no file {}; check the path or name another with --config",
                    path.display()
                )
            }
            Self::NoDefault => {
                let [here, system] = DEFAULT_PATHS;
                if zh {
                    format!(
                        "读配置：当前目录下没有 {here}，系统里也没有 {system}；\
                         请到 linewatch 的目录里运行，或用 --config 指定配置文件"
                    )
                } else {
                    format!(
                        "reading the configuration: neither {here} here nor {system} is there; \
                         run linewatch in its own folder or name the file with --config"
                    )
                }
            }
            Self::Unreadable { path, error } if zh => format!("读配置 {}：{error}；请检查文件权限", path.display()),
            Self::Unreadable { path, error } => {
                format!("reading the configuration {}: {error}; check its permissions", path.display())
            }
            Self::NotUtf8 { path, line } if zh => {
                format!("读配置 {}：第 {line} 行不是 UTF-8 编码；请用编辑器另存为 UTF-8", path.display())
            }
            Self::NotUtf8 { path, line } => {
                format!(
                    "reading the configuration {}: line {line} is not UTF-8; save the file as UTF-8",
                    path.display()
                )
            }
            Self::Mistakes { path, source, mistakes } => {
                let mut text = if zh {
                    format!("配置有 {} 处错误：", mistakes.len())
                } else {
                    format!("{} in the configuration:", count(mistakes.len(), "mistake"))
                };
                for mistake in mistakes {
                    text.push_str("\n\n");
                    text.push_str(&mistake.render(&path.display().to_string(), source, language, coloured));
                }
                text
            }
        }
    }
}

/// "1 mistake", "2 mistakes".
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

impl Mistake {
    /// The place in the file, what is wrong there, and what to do; coloured for a terminal.
    pub fn render(&self, path: &str, source: &str, language: Language, coloured: bool) -> String {
        let title = self.problem.sentence(language);
        let advice = self.problem.advice(language);
        let end = self.span.end.min(source.len());
        let span = self.span.start.min(end)..end;
        let snippet = Snippet::source(source).path(path).annotation(AnnotationKind::Primary.span(span));
        let mut group = Level::ERROR.with_name(language.pick("错误", "error")).primary_title(title).element(snippet);
        if let Some(advice) = advice {
            group = group.element(Level::HELP.with_name(language.pick("建议", "help")).message(advice));
        }
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        renderer.decor_style(DecorStyle::Ascii).render(&[group])
    }
}

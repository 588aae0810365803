//! Mistakes in the inventory, each with row, column, a sentence and what to do, in both languages.

use std::path::PathBuf;

use super::column::Column;
use crate::language::Language;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Row as a spreadsheet counts, the header being row 1.
    pub row: usize,
    /// The column it is about, if it is about one.
    pub column: Option<Column>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No header row.
    NoHeader,
    /// The header row is one cell that holds another separator.
    Separator(char),
    /// No such column.
    UnknownColumn {
        /// The header as written.
        header: String,
        /// Probably meant.
        suggestion: Option<Column>,
    },
    /// The same column a second time.
    TwiceColumn,
    /// A required column is not there.
    MissingColumn,
    /// More or fewer cells than the header has.
    CellCount {
        /// Cells of this row.
        found: usize,
        /// Cells of the header.
        wanted: usize,
    },
    /// A required cell is empty.
    MissingValue,
    /// Control or invisible characters.
    Invisible {
        /// The first of them.
        character: char,
    },
    /// Longer than allowed.
    TooLong {
        /// Characters there.
        found: usize,
        /// Characters allowed.
        most: usize,
    },
    /// An id that stands in an earlier row.
    TwiceId {
        /// The id.
        id: String,
        /// That row.
        first: usize,
    },
    /// An address that another line has, with the same way of probing, in service at the same time.
    TwiceAddress {
        /// The address.
        address: String,
        /// That line.
        id: String,
        /// Its row.
        first: usize,
    },
    /// No such class.
    UnknownClass {
        /// As written.
        text: String,
        /// Probably meant.
        suggestion: Option<String>,
        /// Names and labels of all there are.
        known: Vec<(String, String)>,
    },
    /// Neither an IP address nor a host name.
    BadAddress(String),
    /// An address that cannot be one host's own.
    NotOneHost(String),
    /// None of icmp, tcp:PORT, rtsp:PORT.
    BadProbe(String),
    /// No line with this id.
    MissingUpstream {
        /// As written.
        text: String,
        /// Probably meant.
        suggestion: Option<String>,
    },
    /// Upstream of upstream … is the line itself: the ids from it around to it.
    Loop(Vec<String>),
    /// Not a day.
    BadDate(String),
    /// Ends before it begins, or on the same day.
    ClosedBeforeOpened {
        /// As written.
        opened: String,
        /// As written.
        closed: String,
    },
    /// Not a number as wanted.
    BadNumber {
        /// As written.
        text: String,
        /// Digits allowed behind the point.
        decimals: usize,
        /// Largest value allowed.
        most: u32,
    },
    /// Not a latitude or longitude.
    BadDegrees {
        /// As written.
        text: String,
        /// 90 or 180.
        most: u32,
    },
}

/// Why there is no inventory.
#[derive(Debug)]
pub enum InventoryError {
    /// The file is not there.
    Missing {
        /// Looked for here.
        path: PathBuf,
    },
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not UTF-8.
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// First row that is not.
        row: usize,
    },
    /// The file has mistakes.
    Mistakes {
        /// The file.
        path: PathBuf,
        /// All of them, by row; never empty.
        mistakes: Vec<Mistake>,
    },
}

impl Column {
    /// The name in a language.
    pub fn name(self, language: Language) -> &'static str {
        language.pick(self.chinese(), self.english())
    }
}

impl Mistake {
    /// Row, column, what is wrong and what to do, on one line.
    pub fn sentence(&self, language: Language) -> String {
        let row = self.row;
        let problem = self.problem.sentence(language);
        match (self.column, language) {
            (Some(column), Language::Chinese) => format!("第 {row} 行「{}」：{problem}", column.chinese()),
            (None, Language::Chinese) => format!("第 {row} 行：{problem}"),
            (Some(column), Language::English) => format!("row {row}, {}: {problem}", column.english()),
            (None, Language::English) => format!("row {row}: {problem}"),
        }
    }
}

impl Problem {
    fn sentence(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::NoHeader => "文件是空的；第一行应为表头，至少有「线路编号」「线路名称」「类别」「IP地址」".to_owned(),
            Self::Separator(character) => {
                format!("表头用{}分隔；请另存为「CSV UTF-8（逗号分隔）」", separator(*character, Language::Chinese))
            }
            Self::UnknownColumn { header, suggestion: Some(column) } => {
                format!("没有「{header}」这一列，是不是「{}」？", column.chinese())
            }
            Self::UnknownColumn { header, suggestion: None } => {
                let known: Vec<_> = Column::ALL.iter().map(|column| column.chinese()).collect();
                format!("没有「{header}」这一列；可用的列：{}", known.join("、"))
            }
            Self::TwiceColumn => "这一列出现了两次".to_owned(),
            Self::MissingColumn => "缺少这一列".to_owned(),
            Self::CellCount { found, wanted } if found > wanted => {
                format!("有 {found} 格，表头只有 {wanted} 列；内容里的逗号要用引号括起来")
            }
            Self::CellCount { found, wanted } => {
                format!("只有 {found} 格，表头有 {wanted} 列；空格子也要留逗号，并请检查引号是否成对")
            }
            Self::MissingValue => "必填，不能为空".to_owned(),
            Self::Invisible { character: '\n' | '\r' } => "内容里有换行；请检查引号是否成对".to_owned(),
            Self::Invisible { character } => {
                format!("含有看不见的字符（U+{:04X}），请删掉重新输入", u32::from(*character))
            }
            Self::TooLong { found, most } => format!("有 {found} 个字，最多 {most} 个"),
            Self::TwiceId { id, first } => format!("编号 {id} 与第 {first} 行重复"),
            Self::TwiceAddress { address, id, first } => {
                format!("地址 {address} 与第 {first} 行的 {id} 重复，探测方式也相同，分不清是谁的应答")
            }
            Self::UnknownClass { text, suggestion, known } => {
                let known: Vec<_> = known.iter().map(|(name, label)| both(name, label, "（", "）")).collect();
                let known = known.join("、");
                match suggestion {
                    Some(name) => format!("没有「{text}」这个类别，是不是 {name}？可用的有：{known}"),
                    None => format!("没有「{text}」这个类别；可用的有：{known}"),
                }
            }
            Self::BadAddress(text) => {
                format!("「{text}」不是 IP 地址或主机名，如 10.1.2.3（数字前不补零）、fd00::1")
            }
            Self::NotOneHost(text) => format!("「{text}」不是一台设备的地址"),
            Self::BadProbe(text) => format!("「{text}」看不懂；可写 icmp、tcp:端口、rtsp:端口，如 rtsp:554"),
            Self::MissingUpstream { text, suggestion: Some(id) } => format!("没有编号为 {text} 的线路，是不是 {id}？"),
            Self::MissingUpstream { text, suggestion: None } => format!("没有编号为 {text} 的线路"),
            Self::Loop(ids) => format!("上联绕成了圈：{}", ids.join(" → ")),
            Self::BadDate(text) => format!("「{text}」不是日期；如 2026-01-05、2026/1/5、2026年1月5日"),
            Self::ClosedBeforeOpened { opened, closed } => format!("停用（{closed}）须晚于开通（{opened}）"),
            Self::BadNumber { text, decimals, most } => {
                format!("「{text}」不对；应为 0 到 {most} 的数，最多 {decimals} 位小数，不写单位和千位逗号")
            }
            Self::BadDegrees { text, most } => format!("「{text}」不对；应为 -{most} 到 {most} 的度数，如 29.841300"),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NoHeader => {
                "the file is empty; row 1 is the header with at least id, name, class, address".to_owned()
            }
            Self::Separator(character) => {
                format!(
                    "the header is separated by {}; save as \"CSV UTF-8 (comma delimited)\"",
                    separator(*character, Language::English)
                )
            }
            Self::UnknownColumn { header, suggestion: Some(column) } => {
                format!("there is no column \"{header}\", did you mean {}?", column.english())
            }
            Self::UnknownColumn { header, suggestion: None } => {
                let known: Vec<_> = Column::ALL.iter().map(|column| column.english()).collect();
                format!("there is no column \"{header}\"; there are: {}", known.join(", "))
            }
            Self::TwiceColumn => "this column stands here twice".to_owned(),
            Self::MissingColumn => "this column is missing".to_owned(),
            Self::CellCount { found, wanted } if found > wanted => {
                format!("{found} cells, but the header has {wanted}; put text with commas into quotes")
            }
            Self::CellCount { found, wanted } => {
                format!(
                    "{found} cells, but the header has {wanted}; empty cells need their commas, quotes come in pairs"
                )
            }
            Self::MissingValue => "must not be empty".to_owned(),
            Self::Invisible { character: '\n' | '\r' } => {
                "a line break inside; check that quotes come in pairs".to_owned()
            }
            Self::Invisible { character } => {
                format!("holds an invisible character (U+{:04X}): delete it and type anew", u32::from(*character))
            }
            Self::TooLong { found, most } => format!("{found} characters, at most {most}"),
            Self::TwiceId { id, first } => format!("the id {id} stands in row {first} already"),
            Self::TwiceAddress { address, id, first } => {
                format!("{id} in row {first} has the address {address} and the same probe: whose answer would it be?")
            }
            Self::UnknownClass { text, suggestion, known } => {
                let known: Vec<_> = known.iter().map(|(name, label)| both(name, label, " (", ")")).collect();
                let known = known.join(", ");
                match suggestion {
                    Some(name) => format!("there is no class \"{text}\", did you mean {name}? There are: {known}"),
                    None => format!("there is no class \"{text}\"; there are: {known}"),
                }
            }
            Self::BadAddress(text) => {
                format!("\"{text}\" is no IP address or host name, like 10.1.2.3 (no leading zeros), fd00::1")
            }
            Self::NotOneHost(text) => format!("\"{text}\" is not the address of one device"),
            Self::BadProbe(text) => format!("\"{text}\" is none of icmp, tcp:PORT, rtsp:PORT, like rtsp:554"),
            Self::MissingUpstream { text, suggestion: Some(id) } => {
                format!("there is no line {text}, did you mean {id}?")
            }
            Self::MissingUpstream { text, suggestion: None } => format!("there is no line {text}"),
            Self::Loop(ids) => format!("the upstreams run in a circle: {}", ids.join(" → ")),
            Self::BadDate(text) => format!("\"{text}\" is not a date, like 2026-01-05 or 2026/1/5"),
            Self::ClosedBeforeOpened { opened, closed } => {
                format!("closed ({closed}) must be later than opened ({opened})")
            }
            Self::BadNumber { text, decimals, most } => {
                format!(
                    "\"{text}\": write a number from 0 to {most}, at most {decimals} decimals, no unit, no separators"
                )
            }
            Self::BadDegrees { text, most } => {
                format!("\"{text}\": write degrees from -{most} to {most}, like 29.841300")
            }
        }
    }
}

fn both(name: &str, label: &str, open: &str, close: &str) -> String {
    if name == label { name.to_owned() } else { format!("{name}{open}{label}{close}") }
}

fn separator(character: char, language: Language) -> &'static str {
    match character {
        '\t' => language.pick("制表符", "tabs"),
        ';' => language.pick("分号", "semicolons"),
        _ => language.pick("其他符号", "something else"),
    }
}

impl InventoryError {
    /// Mistakes printed; the others are counted.
    pub const SHOWN: usize = 50;

    /// The whole report, several lines for mistakes.
    pub fn report(&self, language: Language) -> String {
        let zh = language == Language::Chinese;
        match self {
            Self::Missing { path } if zh => {
                format!("读线路表：没有 {} 这个文件；请检查配置里的 [inventory] file", path.display())
            }
            Self::Missing { path } => {
                format!(
                    "reading the inventory: there is no file {}; check [inventory] file in the configuration",
                    path.display()
                )
            }
            Self::Unreadable { path, error } if zh => format!("读线路表 {}：{error}；请检查文件权限", path.display()),
            Self::Unreadable { path, error } => {
                format!("reading the inventory {}: {error}; check its permissions", path.display())
            }
            Self::NotUtf8 { path, row } if zh => format!(
                "读线路表 {}：第 {row} 行不是 UTF-8 编码（Excel 直接存的 CSV 通常是 GBK）；\
                 请在 Excel 或 WPS 里另存为「CSV UTF-8（逗号分隔）」",
                path.display()
            ),
            Self::NotUtf8 { path, row } => format!(
                "reading the inventory {}: row {row} is not UTF-8 (Excel's plain CSV is often GBK); \
                 save it as \"CSV UTF-8 (comma delimited)\"",
                path.display()
            ),
            Self::Mistakes { path, mistakes } => {
                let count = mistakes.len();
                let mut text = if zh {
                    format!("线路表 {} 有 {count} 处错误：", path.display())
                } else {
                    format!("{count} mistake{} in the inventory {}:", if count == 1 { "" } else { "s" }, path.display())
                };
                for mistake in mistakes.iter().take(Self::SHOWN) {
                    text.push_str("\n  ");
                    text.push_str(&mistake.sentence(language));
                }
                let rest = count.saturating_sub(Self::SHOWN);
                if rest > 0 {
                    let more = language.pick(format!("……还有 {rest} 处"), format!("… and {rest} more"));
                    text.push_str("\n  ");
                    text.push_str(&more);
                }
                text
            }
        }
    }
}

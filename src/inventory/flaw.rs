//! Why a spreadsheet cannot be read at all, each with what to do, in both languages.

use crate::language::Language;

/// Why a workbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkbookFlaw {
    /// Not an XLSX file at all.
    NotOne,
    /// A workbook with a password, or of the old format.
    Encrypted,
    /// A workbook, but called otherwise.
    Misnamed,
    /// A spreadsheet of a format that is not read, by its extension.
    OtherFormat(String),
    /// Damaged, cut off or strange, in the words of the library.
    Broken(String),
    /// More than any inventory needs.
    TooLarge,
    /// None of these sheets has a header.
    NoHeader(Vec<String>),
    /// All of these sheets have the required columns.
    SeveralSheets(Vec<String>),
    /// No such sheet that is not hidden.
    NoSuchSheet {
        /// The name asked for.
        wanted: String,
        /// Those that there are.
        names: Vec<String>,
    },
}

impl WorkbookFlaw {
    /// What is wrong and what to do.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::NotOne => "不是 XLSX 表格；请用 Excel 或 WPS 打开，另存为「Excel 工作簿（.xlsx）」".to_owned(),
            Self::Encrypted => {
                "这是设了密码的表格，或旧格式的 .xls；请去掉密码，另存为「Excel 工作簿（.xlsx）」".to_owned()
            }
            Self::Misnamed => "内容是 XLSX 表格，文件名却不是；请把扩展名改成 .xlsx".to_owned(),
            Self::OtherFormat(extension) => {
                format!("不能读 .{extension} 文件；请另存为「Excel 工作簿（.xlsx）」或「CSV UTF-8（逗号分隔）」")
            }
            Self::Broken(cause) => format!("文件损坏或不完整（{cause}）；请用 Excel 或 WPS 打开，重新保存"),
            Self::TooLarge => "文件太大，不像是线路表；请只留下线路表那一张工作表，清除多余的行和列".to_owned(),
            Self::NoHeader(names) => format!(
                "没有找到表头；表头至少要有 线路编号、线路名称、类别、IP地址。查看过的工作表：{}",
                names.join("、")
            ),
            Self::SeveralSheets(names) => format!(
                "有几张工作表都像线路表：{}；请隐藏或删除旧的，只留一张（导入时也可用 --sheet 指定）",
                names.join("、")
            ),
            Self::NoSuchSheet { wanted, names } => format!("没有「{wanted}」这张工作表；有：{}", names.join("、")),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NotOne => "this is no XLSX file; open it in a spreadsheet and save it as .xlsx".to_owned(),
            Self::Encrypted => {
                "it has a password, or is an old .xls; remove the password and save it as .xlsx".to_owned()
            }
            Self::Misnamed => "this is an XLSX file by another name; let its name end with .xlsx".to_owned(),
            Self::OtherFormat(extension) => {
                format!(".{extension} files are not read; save it as .xlsx or as \"CSV UTF-8 (comma delimited)\"")
            }
            Self::Broken(cause) => {
                format!("the file is damaged or incomplete ({cause}); open it in a spreadsheet and save it anew")
            }
            Self::TooLarge => {
                "too large for an inventory; keep that one sheet only and clear rows and columns without need"
                    .to_owned()
            }
            Self::NoHeader(names) => {
                format!("no header with id, name, class, address found; sheets looked at: {}", names.join(", "))
            }
            Self::SeveralSheets(names) => format!(
                "several sheets have the columns of an inventory: {}; hide or delete the old ones (an import can name one: --sheet)",
                names.join(", ")
            ),
            Self::NoSuchSheet { wanted, names } => {
                format!("there is no sheet \"{wanted}\"; there are: {}", names.join(", "))
            }
        }
    }
}

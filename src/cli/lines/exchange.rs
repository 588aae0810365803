//! `lines import`, `lines export` and `lines diff`: the office's spreadsheet and the inventory file.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use linewatch_core::line::Line;

use super::file;
use crate::cli::status::{ask, no_answer, unanswered};
use crate::cli::{Common, Failure, print};
use crate::config::Config;
use crate::inventory::{self, Difference, Inventory, InventoryError, Rules};
use crate::language::Language;
use crate::report::{difference, lines};
use crate::web::control::{Answer, Question, path_beside};

/// A reload waits for the journal at most half a minute.
const RELOAD_PATIENCE: Duration = Duration::from_secs(45);

/// Options of `lines import`.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// XLSX or CSV file to check and take over
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The sheet, where several have the columns of an inventory
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// CSV file to write [default: the configured inventory]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Write without asking
    #[arg(long)]
    yes: bool,
    /// Write even if more than 5 % of the lines would go
    #[arg(long)]
    allow_removal: bool,
    /// Afterwards let the running daemon reload
    #[arg(long, conflicts_with = "to")]
    reload: bool,
}

/// Options of `lines export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// csv, xlsx or json [default: by the name of --out, else csv]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// File to write, complete or not at all [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Options of `lines diff`.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// XLSX or CSV file to compare the inventory with
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The sheet, where several have the columns of an inventory
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma separated, UTF-8 with a byte order mark.
    Csv,
    /// A workbook.
    Xlsx,
    /// Objects under the English names of the columns.
    Json,
}

/// Checks a file, shows what it changes, and writes it where the inventory is.
pub fn import(args: &Import, common: &Common) -> Result<(), Failure> {
    let config = common.load_config()?;
    let language = common.language_or(&config);
    let target = args.to.as_ref().unwrap_or(&config.inventory.file);
    if target.extension().is_some_and(|extension| !extension.eq_ignore_ascii_case("csv")) {
        return Err(Failure(language.pick(
            format!("{} 不是 CSV 文件：导入写的是 CSV。表格本身就是线路表时，直接改表格即可；或用 --to 指定一个 CSV 文件。", target.display()),
            format!("{} is no CSV file, and an import writes CSV. A spreadsheet that is the inventory itself is edited as such; else name a CSV file with --to", target.display()),
        )));
    }
    let found = load(&args.file, args.sheet.as_deref(), &config, language)?;
    said_of(&found, language);
    let old = match load(target, None, &config, language) {
        Ok(old) => old.lines,
        Err(_) if !target.exists() => Vec::new(),
        Err(failure) => return Err(failure),
    };
    let change = Difference::between(&old, &found.lines, config.site.zone);
    print(&difference::text(&change, language))?;
    if change.is_empty() && target.exists() {
        return if args.reload { reload(args, &config, language) } else { Ok(()) };
    }
    if change.removes_many() && !args.allow_removal {
        let (gone, all) = (change.gone.len(), old.len());
        return Err(Failure(language.pick(
            format!("没有写入：{all} 条线路里要减少 {gone} 条，超过 5%。确实要停用这些线路，请加 --allow-removal。"),
            format!("nothing written: {gone} of {all} lines would go, more than 5 %; if they really are to go: --allow-removal"),
        )));
    }
    if !args.yes && !confirmed(target, language)? {
        return Err(Failure(language.pick("没有写入。".to_owned(), "nothing written".to_owned())));
    }
    write(target, &found.lines, &config, language)?;
    if args.reload { reload(args, &config, language) } else { Ok(()) }
}

/// Writes the inventory in a format that can be read back.
pub fn export(args: &Export, common: &Common) -> Result<(), Failure> {
    let config = common.load_config()?;
    let language = common.language_or(&config);
    let all = common.load_inventory(&config)?;
    let named = args
        .out
        .as_deref()
        .and_then(Path::extension)
        .and_then(|name| Format::from_str(&name.to_string_lossy(), true).ok());
    let bytes = match args.format.or(named).unwrap_or(Format::Csv) {
        Format::Csv => inventory::csv(&all, config.site.zone, language),
        Format::Xlsx => inventory::xlsx(&all, config.site.zone, language)?,
        Format::Json => {
            let all: Vec<&Line> = all.iter().collect();
            format!("{:#}\n", lines::json(&all, config.site.zone)).into_bytes()
        }
    };
    match &args.out {
        Some(path) => file::replace(path, &bytes).map_err(|error| unwritten(path, &error, language)),
        None if bytes.starts_with(b"PK") && io::stdout().is_terminal() => Err(Failure(
            language
                .pick(
                    "XLSX 不能显示在终端上；请加 --out 文件名.xlsx",
                    "XLSX is nothing for a terminal: add --out FILE.xlsx",
                )
                .to_owned(),
        )),
        None => match io::stdout().write_all(&bytes) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        },
    }
}

/// Says what a file would change.
pub fn diff(args: &Diff, common: &Common) -> Result<(), Failure> {
    let config = common.load_config()?;
    let language = common.language_or(&config);
    let found = load(&args.file, args.sheet.as_deref(), &config, language)?;
    let change = Difference::between(&common.load_inventory(&config)?, &found.lines, config.site.zone);
    if args.json {
        return print(&format!("{:#}\n", difference::json(&change)));
    }
    said_of(&found, language);
    print(&difference::text(&change, language))
}

fn load(path: &Path, sheet: Option<&str>, config: &Config, language: Language) -> Result<Inventory, Failure> {
    let rules = Rules { zone: config.site.zone, classes: config.class_labels() };
    inventory::read_sheet(path, sheet, &rules).map_err(|error| match error {
        // The configuration has nothing to do with a file named on the command line.
        InventoryError::Missing { path } => Failure(
            language.pick(format!("没有 {} 这个文件", path.display()), format!("there is no file {}", path.display())),
        ),
        other => Failure(other.report(language)),
    })
}

/// Which sheet was read and which rows were passed over, to stderr: it is no data.
fn said_of(found: &Inventory, language: Language) {
    let Some(sheet) = &found.sheet else { return };
    let count = found.lines.len();
    eprintln!(
        "{}",
        language.pick(format!("工作表「{sheet}」：{count} 条线路"), format!("sheet \"{sheet}\": {count} lines"))
    );
    for row in &found.skipped {
        let (number, text) = (row.row, &row.text);
        eprintln!(
            "{}",
            language.pick(
                format!("  第 {number} 行当作标题或说明，没有读入：{text}"),
                format!("  row {number} was taken for a heading or a note: {text}"),
            )
        );
    }
}

/// Asks at a terminal. Without one nobody can say yes.
fn confirmed(target: &Path, language: Language) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        let sentence = language.pick("没有写入：确认无误后加 --yes", "nothing written: when it is right, add --yes");
        return Err(Failure(sentence.to_owned()));
    }
    let target = target.display();
    eprint!("{}", language.pick(format!("写入 {target}？[y/N] "), format!("Write {target}? [y/N] ")));
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是" | "好"))
}

fn write(target: &Path, lines: &[Line], config: &Config, language: Language) -> Result<(), Failure> {
    let kept = file::keep(target).map_err(|error| unwritten(target, &error, language))?;
    let bytes = inventory::csv(lines, config.site.zone, config.site.language);
    file::replace(target, &bytes).map_err(|error| unwritten(target, &error, language))?;
    let target = target.display();
    eprintln!("{}", language.pick(format!("已写入 {target}"), format!("written: {target}")));
    if let Some(kept) = kept {
        let kept = kept.display();
        eprintln!("{}", language.pick(format!("原来的存为 {kept}"), format!("the one before is kept as {kept}")));
    }
    Ok(())
}

fn unwritten(path: &Path, error: &io::Error, language: Language) -> Failure {
    let path = path.display();
    Failure(language.pick(
        format!("写 {path}：{error}；原来的文件没有改动，请检查文件夹权限和磁盘空间"),
        format!("writing {path}: {error}; the file is as it was, check the folder's permissions and the disk"),
    ))
}

fn reload(args: &Import, config: &Config, language: Language) -> Result<(), Failure> {
    let socket = path_beside(&config.store.path);
    let question = Question::Reload { allow_removal: args.allow_removal };
    match ask(&socket, &question, RELOAD_PATIENCE).map_err(|error| unanswered(&socket, &error, language))? {
        Answer::Reload(outcome) if outcome.is_taken_over() => print(&format!("{}\n", outcome.sentence(language))),
        Answer::Reload(outcome) => Err(Failure(outcome.sentence(language))),
        other @ (Answer::Status(_)
        | Answer::Line(_)
        | Answer::NoSuchLine
        | Answer::Starting
        | Answer::Misunderstood(_)) => Err(no_answer(&other, language)),
    }
}

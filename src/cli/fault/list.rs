//! `fault list` and `fault show`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use linewatch_core::calendar::Calendar;
use linewatch_core::record::FaultSource;
use linewatch_core::time::{Span, Timestamp};

use super::{Desk, number};
use crate::cli::period::wrong_use;
use crate::cli::person::By;
use crate::cli::site::write;
use crate::cli::{Common, Failure, print};
use crate::report::faults::{self, Filter, Wanted, sheet, text};
use crate::report::terminal_width;

/// Options of `fault list`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(group = clap::ArgGroup::new("which").args(["open", "overdue", "to_close", "year"]))]
pub struct List {
    /// Only those on which work is to be done
    #[arg(long)]
    open: bool,
    /// Only those whose deadline has passed
    #[arg(long)]
    overdue: bool,
    /// Only those that are restored and not closed
    #[arg(long)]
    to_close: bool,
    /// All of a year, closed ones too
    #[arg(long, value_name = "YEAR")]
    year: Option<i32>,
    /// Only those of this township
    #[arg(long, value_name = "TOWNSHIP")]
    township: Option<String>,
    /// Only those of this class
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// Only detected or reported ones
    #[arg(long, value_name = "SOURCE")]
    source: Option<Source>,
    /// Only those reported this way
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    /// Only those on this line
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    /// Only those that I took, was sent to or reported
    #[arg(long)]
    mine: bool,
    /// Only those with all these words in them
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// text, csv, xlsx or json [default: by --out]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Print JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// File to write, complete or not at all
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    by: By,
}

/// Options of `fault show`.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// Its number
    #[arg(value_name = "FAULT")]
    fault: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Who noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Source {
    /// Probes.
    Detected,
    /// People.
    Reported,
}

/// What a list is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading.
    #[value(alias = "txt")]
    Text,
    /// For any program.
    Csv,
    /// For paper.
    Xlsx,
    /// For programs.
    Json,
}

impl Format {
    /// As asked for, else as the file's name says.
    pub(super) fn of(asked: Option<Self>, json: bool, out: Option<&Path>) -> Self {
        let named = || Self::from_str(&out?.extension()?.to_string_lossy(), true).ok();
        if json { Self::Json } else { asked.or_else(named).unwrap_or(Self::Text) }
    }
}

/// Prints or writes the list.
pub fn list(args: &List, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let language = desk.language;
    let filter = filter(args, &desk)?;
    let format = Format::of(args.format, args.json, args.out.as_deref());
    let site = desk.config.site.name.clone();
    let width = if args.out.is_some() { None } else { terminal_width() };
    let bytes = desk.look(|snapshot, context, words| {
        let list = faults::list(snapshot, &filter, context)?;
        let numbers = list.faults.iter().map(|fault| &fault.number);
        Ok(match format {
            Format::Text => Ok(text::list(&list, words, width).into_bytes()),
            Format::Json => {
                serde_json::to_string_pretty(&list).map(|text| (text + "\n").into_bytes()).map_err(Failure::from)
            }
            Format::Csv => Ok(sheet::csv(&faults::many(snapshot, numbers, context)?, words)),
            Format::Xlsx => {
                sheet::xlsx(&faults::many(snapshot, numbers, context)?, words, &site).map_err(Failure::from)
            }
        })
    })??;
    file_or_output(args.out.as_deref(), &bytes, language)
}

/// A workbook is nothing for a terminal.
pub(super) fn file_or_output(
    out: Option<&Path>,
    bytes: &[u8],
    language: crate::language::Language,
) -> Result<(), Failure> {
    use std::io::IsTerminal;
    if out.is_none() && bytes.starts_with(b"PK") && std::io::stdout().is_terminal() {
        let sentence = language.pick(
            "XLSX 不能显示在终端上；请加 --out 文件名.xlsx",
            "XLSX is nothing for a terminal: add --out FILE.xlsx",
        );
        return Err(Failure(sentence.to_owned()));
    }
    write(out, bytes, language)
}

fn filter(args: &List, desk: &Desk) -> Result<Filter, Failure> {
    let language = desk.language;
    let state = match (args.open, args.overdue, args.to_close, args.year) {
        (true, ..) => Wanted::Open,
        (_, true, ..) => Wanted::Overdue,
        (_, _, true, _) => Wanted::ToClose,
        (.., Some(year)) => Wanted::Within(year_of(year, desk)),
        _ => Wanted::ToDo,
    };
    let class = args.class.as_ref().map(|wanted| {
        let mut classes = desk.config.classes.iter();
        let found = classes.find(|class| class.name.as_str() == wanted || class.label == *wanted);
        found.map(|class| class.name.clone()).ok_or_else(|| {
            let names: Vec<&str> = desk.config.classes.iter().map(|class| class.label.as_str()).collect();
            let known = names.join(language.pick("、", ", "));
            Failure(language.pick(
                format!("没有「{wanted}」这个类别；可用的有：{known}"),
                format!("no class \"{wanted}\"; there are: {known}"),
            ))
        })
    });
    let of = if args.mine { vec![args.by.author(language)?] } else { Vec::new() };
    Ok(Filter {
        state,
        township: args.township.as_deref().map(Into::into),
        class: class.transpose()?,
        source: args.source.map(|source| match source {
            Source::Detected => FaultSource::Detected,
            Source::Reported => FaultSource::Reported,
        }),
        channel: args.channel.clone(),
        of,
        line: args.line.as_deref().map(Into::into),
        search: args.search.clone(),
        ..Filter::default()
    })
}

/// A calendar year of the site's zone. What is none is wrong use.
pub(super) fn year_of(year: i32, desk: &Desk) -> Span {
    let span = Calendar::new(desk.config.site.zone).year(year);
    let span = span.filter(|span| (2000..=2100).contains(&year) && span.start > Timestamp::MIN);
    span.unwrap_or_else(|| {
        wrong_use(&desk.language.pick(format!("--year {year} 不是年份"), format!("--year {year} is no year")))
    })
}

/// Prints one fault.
pub fn show(args: &Show, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let language = desk.language;
    let number = number(&args.fault);
    let printed = desk.look(|snapshot, context, words| {
        let Some(report) = faults::one(snapshot, &number, context)? else { return Ok(None) };
        let width = terminal_width().unwrap_or(100).clamp(60, 120);
        let printed = if args.json {
            serde_json::to_string_pretty(&report).map(|text| text + "\n").map_err(Failure::from)
        } else {
            Ok(text::one(&report, words, width))
        };
        Ok(Some(printed))
    })?;
    match printed {
        Some(printed) => print(&printed?),
        None => Err(Failure(language.pick(
            format!("没有编号为 {number} 的故障；linewatch fault list --year 年份 列出全部"),
            format!("there is no fault {number}; `linewatch fault list --year YEAR` lists them all"),
        ))),
    }
}

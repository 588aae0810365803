//! `fault villages`.

use std::path::PathBuf;

use super::Desk;
use super::list::{Format, file_or_output, year_of};
use crate::cli::{Common, Failure};
use crate::report::faults::villages;

/// What township offices use, where it is configured.
const OFFICES: &str = "乡镇办上报";

/// Options of `fault villages`.
#[derive(Debug, clap::Args)]
pub struct Villages {
    /// Reports of this calendar year
    #[arg(long, value_name = "YEAR")]
    year: i32,
    /// Reports that came this way, or all [default: 乡镇办上报]
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    /// text, csv, xlsx or json [default: by --out]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Print JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// File to write, complete or not at all
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Prints or writes which villages reported.
pub fn run(args: &Villages, common: &Common) -> Result<(), Failure> {
    let mut desk = Desk::of(common)?;
    let language = desk.language;
    let period = year_of(args.year, &desk);
    let known = &desk.config.faults.choices.channels;
    let channel = match args.channel.as_deref() {
        Some("all" | "全部") => None,
        Some(channel) => Some(channel.to_owned()),
        // An office that calls it otherwise names it, or asks for all.
        None => known.iter().find(|channel| channel.as_str() == OFFICES).cloned(),
    };
    if let Some(channel) = channel.as_ref().filter(|channel| !known.contains(channel)) {
        let known = known.join(language.pick("、", ", "));
        return Err(Failure(language.pick(
            format!("没有「{channel}」这个来源；可用的有：{known}，或 all 表示全部"),
            format!("no channel \"{channel}\"; there are: {known}, or all"),
        )));
    }
    let format = Format::of(args.format, args.json, args.out.as_deref());
    let bytes = desk.look(|snapshot, context, words| {
        let found = villages::villages(snapshot, period, channel.as_deref(), context)?;
        Ok(match format {
            Format::Text => Ok(villages::text(&found, words).into_bytes()),
            Format::Csv => Ok(villages::csv(&found, words)),
            Format::Xlsx => villages::xlsx(&found, words).map_err(Failure::from),
            Format::Json => {
                serde_json::to_string_pretty(&found).map(|text| (text + "\n").into_bytes()).map_err(Failure::from)
            }
        })
    })??;
    file_or_output(args.out.as_deref(), &bytes, language)
}

//! `linewatch grafana`: the files for Prometheus, Alertmanager and Grafana, made for a site.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{Common, Failure, print};
use crate::language::Language;
use crate::report::grafana::{ALERTS, File, GRAFANA_RULES, Kind, SHIPPED_ALERTS, Site, tree};

/// Options of `grafana`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to write to; files of yours in it are kept, and its alert rules are what Grafana's are made from
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Where browsers and phones reach the daemon's pages
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8401", value_parser = url)]
    url: String,
    /// Where Grafana reaches Prometheus
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9090", value_parser = url)]
    prometheus: String,
    /// Tiles for the map, such as http://10.1.2.3/tiles/{z}/{x}/{y}.png [default: none]
    #[arg(long, value_name = "URL", value_parser = url)]
    tiles: Option<String>,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let language = common.language_without_config();
    let alerts = present(&args.to.join(ALERTS), language)?;
    let before = present(&args.to.join(GRAFANA_RULES), language)?;
    let site = Site { pages: args.url.clone(), prometheus: args.prometheus.clone(), tiles: args.tiles.clone() };
    let files = tree(&site, alerts.as_deref().unwrap_or(SHIPPED_ALERTS), before.as_deref())
        .map_err(|mistake| Failure(mistake.sentence(language)))?;
    let mut told = String::new();
    for file in &files {
        let done = put(&args.to, file, language)?;
        told.push_str(&format!("{done}  {}\n", args.to.join(file.path).display()));
    }
    print(&told)
}

/// Writes a file, unless it is an admin's already; says what was done.
fn put(folder: &Path, file: &File, language: Language) -> Result<&'static str, Failure> {
    let path = folder.join(file.path);
    let there = present(&path, language)?;
    if there.as_deref() == Some(&file.text) {
        return Ok(language.pick("未变", "same   "));
    }
    if there.is_some() && file.kind == Kind::Example {
        return Ok(language.pick("保留", "kept   "));
    }
    let failed =
        |error: std::io::Error| {
            Failure(language.pick(
                format!("写不了 {}：{error}", path.display()),
                format!("cannot write {}: {error}", path.display()),
            ))
        };
    fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
    fs::write(&path, &file.text).map_err(failed)?;
    Ok(language.pick("写入", "written"))
}

/// A file's text, if it is there.
fn present(path: &Path, language: Language) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(Failure(language.pick(
                format!("读不了 {}：{error}", path.display()),
                format!("cannot read {}: {error}", path.display()),
            )))
        }
    }
}

/// An address of the web, without slashes at the end; nothing that could end a string in the files.
fn url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_graphic() && !"\"'\\<>$`#".contains(letter);
    if rest.is_empty() || rest.starts_with('/') || !rest.chars().all(plain) {
        return Err("http://10.1.2.3:8401".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

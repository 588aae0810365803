//! `linewatch grafana`: the files for Prometheus, Alertmanager and Grafana, made for a site.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{Common, Failure, print};
use crate::language::Language;
use crate::report::grafana::{ALERTS, DATASOURCE, GRAFANA_RULES, Kind, OVERVIEW, SHIPPED_ALERTS, Site, tree};

/// Options of `grafana`.
#[derive(Debug, clap::Args)]
#[allow(clippy::doc_markdown, reason = "the help shows addresses as they are typed")]
pub struct Args {
    /// Folder to write to; files of yours in it are kept, and its alert rules are what Grafana's are made from
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Where browsers and phones reach the daemon's pages [default: as the folder says, at first http://127.0.0.1:8401]
    #[arg(long, value_name = "URL", value_parser = url)]
    url: Option<String>,
    /// Where Grafana reaches Prometheus [default: as the folder says, at first http://127.0.0.1:9090]
    #[arg(long, value_name = "URL", value_parser = url)]
    prometheus: Option<String>,
    /// Tiles for the map, such as http://10.1.2.3/tiles/{z}/{x}/{y}.png [default: as the folder says, at first none]
    #[arg(long, value_name = "URL", value_parser = url)]
    tiles: Option<String>,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let language = common.language_without_config();
    let alerts = present(&args.to.join(ALERTS), language)?;
    let before = present(&args.to.join(GRAFANA_RULES), language)?;
    let datasource = present(&args.to.join(DATASOURCE), language)?;
    let overview = present(&args.to.join(OVERVIEW), language)?;
    let former = Site::of_former(datasource.as_deref(), overview.as_deref());
    let site = Site {
        pages: args.url.clone().unwrap_or_else(|| former.pages.clone()),
        prometheus: args.prometheus.clone().unwrap_or_else(|| former.prometheus.clone()),
        tiles: args.tiles.clone().or_else(|| former.tiles.clone()),
    };
    let written = |site: &Site| {
        // Rules that nobody has changed move to the new address; changed ones are the admin's.
        let own = alerts.as_deref().filter(|text| *text != former.place(SHIPPED_ALERTS));
        tree(site, own.unwrap_or(SHIPPED_ALERTS), before.as_deref())
            .map_err(|mistake| Failure(mistake.sentence(language)))
    };
    let mut told = String::new();
    for (file, was) in written(&site)?.iter().zip(&written(&former)?) {
        let place = args.to.join(file.path);
        let there = present(&place, language)?;
        let kept = file.kind == Kind::Example && there.as_ref().is_some_and(|there| *there != was.text);
        let done = if there.as_deref() == Some(&file.text) {
            language.pick("未变", "same   ")
        } else if kept {
            language.pick("保留", "kept   ")
        } else {
            write(&place, &file.text, language)?;
            language.pick("写入", "written")
        };
        told.push_str(done);
        told.push_str("  ");
        told.push_str(&place.display().to_string());
        if kept && site.pages != former.pages && there.is_some_and(|there| there.contains(&former.pages)) {
            let note = format!("（里面还是 {}，请自己改）", former.pages);
            told.push_str(&language.pick(note, format!(" (still says {}: change it yourself)", former.pages)));
        }
        told.push('\n');
    }
    print(&told)
}

fn write(path: &Path, text: &str, language: Language) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| {
        Failure(
            language.pick(
                format!("写不了 {}：{error}", path.display()),
                format!("cannot write {}: {error}", path.display()),
            ),
        )
    })
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

//! `linewatch backup`: one file of one moment, checked.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use serde_json::json;

use super::journal::{head_json, local};
use super::progress::Progress;
use super::{Common, Failure, print};
use crate::clock;
use crate::language::Language;
use crate::store::{self, Copied, Head, Step, Store};

/// Where backups go unless told: a folder beside the store.
const FOLDER: &str = "backups";

/// Options of `backup`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File to write, or folder to put it in [default: the folder backups beside the journal]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let config = common.load_config()?;
    let (language, zone) = (common.language_or(&config), config.site.zone);
    let said = |error: store::StoreError| Failure(error.sentence(language));
    let store = &config.store.path;
    let mut reader = Store::open_read_only(store).map_err(said)?;
    let snapshot = reader.snapshot().map_err(said)?;
    let to = target(args.to.as_deref(), store, snapshot.head(), zone, language)?;
    let mut bar = Bar::new(language);
    let copied = store::back_up(&snapshot, &to, |step| bar.step(step)).map_err(said)?;
    drop(bar);
    if args.json {
        return print(&format!("{}\n", copied_json(&to, &copied)));
    }
    let labels = language.pick(["备份", "核对通过"], ["backup", "intact"]);
    print(&copied_text(labels, &to, &copied, zone, language))
}

/// The file to write: as said, else named by the site's date and the last record.
fn target(to: Option<&Path>, store: &Path, head: Head, zone: Tz, language: Language) -> Result<PathBuf, Failure> {
    let folder = match to {
        Some(to) if !to.is_dir() => return Ok(to.to_owned()),
        Some(folder) => folder.to_owned(),
        None => {
            let folder = store.with_file_name(FOLDER);
            if !folder.is_dir() {
                std::fs::create_dir(&folder).map_err(|error| {
                    let path = folder.display();
                    Failure(language.pick(
                        format!("无法创建备份目录 {path}：{error}；请用 --to 指定别处"),
                        format!("cannot make the folder {path}: {error}; name another place with --to"),
                    ))
                })?;
            }
            folder
        }
    };
    let stem = store.file_stem().unwrap_or_default().to_string_lossy();
    let day = clock::read().wall.to_utc().with_timezone(&zone).format("%Y-%m-%d");
    Ok(folder.join(format!("{stem}-{day}-{}.db", head.seq)))
}

/// A bar for copying, then one for checking.
pub(super) struct Bar {
    language: Language,
    copying: Option<Progress>,
    checking: Option<Progress>,
}

impl Bar {
    pub(super) fn new(language: Language) -> Self {
        Self { language, copying: None, checking: None }
    }

    pub(super) fn step(&mut self, step: Step) {
        let (copying, checking) = self.language.pick(("复制", "核对"), ("copying", "verifying"));
        match step {
            Step::Copied(done, total) => {
                self.checking = None;
                self.copying.get_or_insert_with(|| Progress::new(total, copying)).step(done, total);
            }
            Step::Checked(done, total) => {
                self.copying = None;
                self.checking.get_or_insert_with(|| Progress::new(total, checking)).done(done);
            }
        }
    }
}

/// What was written, for people.
pub(super) fn copied_text(
    [written, intact]: [&str; 2],
    to: &Path,
    copied: &Copied,
    zone: Tz,
    language: Language,
) -> String {
    let (path, kind, head) = (to.display(), copied.kind.word(language), copied.head);
    if head == Head::EMPTY {
        return language.pick(
            format!("{written}    {path}（{kind}）：还没有记录\n"),
            format!("{written}  {path} ({kind}): no records yet\n"),
        );
    }
    let (size, last) = (size(copied.bytes), local(copied.recorded_at, zone));
    language.pick(
        format!("{written}    {path}（{kind}，{size}）\n记录    1–{}，{intact}，最后一条记于 {last}\n链头    {head}\n", head.seq),
        format!("{written:<8} {path} ({kind}, {size})\nrecords  1-{}, {intact}, the last one recorded {last}\nhead     {head}\n", head.seq),
    )
}

pub(super) fn copied_json(to: &Path, copied: &Copied) -> serde_json::Value {
    json!({
        "file": to.display().to_string(),
        "bytes": copied.bytes,
        "kind": copied.kind.label(),
        "records": copied.head.seq,
        "head": head_json(copied.head, copied.recorded_at),
    })
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        1_048_576.. => format!("{} MiB", bytes.div_ceil(1024 * 1024)),
    }
}

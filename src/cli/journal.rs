//! `linewatch journal`: the evidence checked, printed, exported and folded again.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono_tz::Tz;
use clap::Subcommand;
use linewatch_core::ledger::{Ledger, Policy};
use linewatch_core::time::Timestamp;
use serde_json::json;

use super::progress::Progress;
use super::{Common, Failure};
use crate::language::Language;
use crate::store::{self, Head, Reader, Rebuilt, Snapshot, Store, StoreError, StoredRecord, Verification};

/// Options of `journal`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A journal file, for instance from a backup [default: the configured store]
    #[arg(long, global = true, value_name = "FILE")]
    store: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Recompute the chain of digests and check every record
    Verify {
        /// A head that was kept outside this machine: the journal must still contain it
        #[arg(long, value_name = "SEQ:DIGEST")]
        head: Option<Head>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write records as JSON lines, byte for byte as they are in the chain
    Export {
        /// First record
        #[arg(long, value_name = "SEQ", default_value_t = 1)]
        from: u64,
        /// Last record [default: the end]
        #[arg(long, value_name = "SEQ")]
        to: Option<u64>,
        /// File to write, complete or not at all [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Write each line as {"digest":…,"record":…}
        #[arg(long)]
        digests: bool,
    },
    /// Print the number, digest and time of the last record, to be kept outside this machine
    Head {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Fold all records again and compare every derived row with the stored ones
    Rebuild {
        /// Put the folded rows in the place of stored ones that differ
        #[arg(long)]
        write: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let site = Site::of(args, common)?;
    let outcome = match &args.command {
        Command::Verify { head, json } => verify(&site, *head, *json),
        Command::Export { from, to, out, digests } => {
            let to = to.unwrap_or(u64::MAX);
            if *from > to {
                let sentence = site.language.pick("--from 不能大于 --to", "--from must not be greater than --to");
                eprintln!("linewatch: {sentence}");
                std::process::exit(2);
            }
            export(&site, *from, to, out.as_deref(), *digests)
        }
        Command::Head { json } => head(&site, *json),
        Command::Rebuild { write, json } => rebuild(&site, *write, *json),
    };
    match outcome {
        // Whoever reads the output has seen enough.
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(stop) => Err(Failure(stop.sentence(site.language))),
        Ok(()) => Ok(()),
    }
}

/// What a subcommand needs to know of the site.
struct Site {
    store: PathBuf,
    zone: Tz,
    language: Language,
}

impl Site {
    fn of(args: &Args, common: &Common) -> Result<Self, Failure> {
        // With a file named, a missing configuration is no mistake; one with mistakes is.
        if let Some(store) = &args.store {
            let zone = common.load_config().map_or(chrono_tz::Asia::Shanghai, |config| config.site.zone);
            return Ok(Self { store: store.clone(), zone, language: common.language_without_config() });
        }
        let config = common.load_config()?;
        Ok(Self { language: common.language_or(&config), zone: config.site.zone, store: config.store.path })
    }

    fn open(&self) -> Result<Reader, StoreError> {
        Store::open_read_only(&self.store)
    }

    /// Local time with its offset, to the second.
    fn time(&self, at: Timestamp) -> String {
        local(at, self.zone)
    }
}

/// Local time with its offset, to the second.
pub(super) fn local(at: Timestamp, zone: Tz) -> String {
    at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// Why a subcommand stops.
enum Stop {
    Store(StoreError),
    /// Standard output.
    Output(io::Error),
    /// The file to be written.
    File(PathBuf, io::Error),
    /// The journal is not what it should be; the sentence is ready.
    Flawed(String),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Stop {
    fn sentence(self, language: Language) -> String {
        match self {
            Self::Store(error) => error.sentence(language),
            Self::Output(error) => {
                language.pick(format!("无法输出结果：{error}"), format!("cannot write the output: {error}"))
            }
            Self::File(path, error) => language.pick(
                format!("无法写入 {}：{error}；请检查目录是否存在、是否可写、磁盘是否已满", path.display()),
                format!(
                    "cannot write {}: {error}; check that its folder exists, can be written and has room",
                    path.display()
                ),
            ),
            Self::Flawed(sentence) => sentence,
        }
    }
}

fn verify(site: &Site, kept: Option<Head>, json: bool) -> Result<(), Stop> {
    let mut reader = site.open()?;
    let snapshot = reader.snapshot()?;
    let mut progress = Progress::new(snapshot.head().seq, site.language.pick("校验", "verifying"));
    let verification = store::verify(&snapshot, kept, |done| progress.done(done))?;
    progress.finish();
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", verification_json(site, &snapshot, &verification))?;
    } else if verification.flaw.is_none() {
        print_verified(&mut out, site, &snapshot, kept, &verification)?;
    }
    match &verification.flaw {
        None => Ok(()),
        Some(flaw) => Err(Stop::Flawed(site.language.pick(
            format!(
                "记录库 {} 校验不通过：{}。第 {} 条及以前的记录完好；请保留该文件，与备份和留存的链头比对",
                site.store.display(),
                flaw.sentence(site.language),
                verification.head.seq
            ),
            format!(
                "the journal {} fails: {}. Up to record {} it is intact; keep the file and compare it with backups and heads kept elsewhere",
                site.store.display(),
                flaw.sentence(site.language),
                verification.head.seq
            ),
        ))),
    }
}

fn print_verified(
    out: &mut impl Write,
    site: &Site,
    snapshot: &Snapshot<'_>,
    kept: Option<Head>,
    verification: &Verification,
) -> io::Result<()> {
    let language = site.language;
    let (path, kind, head) = (site.store.display(), snapshot.kind().word(language), verification.head);
    if head == Head::EMPTY {
        return writeln!(
            out,
            "{}",
            language.pick(format!("记录库 {path}（{kind}）：还没有记录"), format!("{path} ({kind}): no records yet"))
        );
    }
    let time = site.time(verification.recorded_at);
    let kept = match kept {
        None => String::new(),
        Some(kept) => language.pick(
            format!("留存值  第 {} 条与留存的链头一致\n", kept.seq),
            format!("kept     record {} is as in the head that was kept\n", kept.seq),
        ),
    };
    write!(out, "{}", language.pick(
        format!("记录库  {path}（{kind}）\n记录    1–{}，最后一条记于 {time}\n结论    完好：编号连续、时间不倒退、SM3 摘要链逐条相符\n{kept}链头    {head}\n", head.seq),
        format!("journal  {path} ({kind})\nrecords  1-{}, the last one recorded {time}\nverdict  intact: no number missing, no time going back, every digest (SM3) as computed\n{kept}head     {head}\n", head.seq),
    ))
}

fn verification_json(site: &Site, snapshot: &Snapshot<'_>, verification: &Verification) -> serde_json::Value {
    json!({
        "store": site.store.display().to_string(),
        "kind": snapshot.kind().label(),
        "intact": verification.flaw.is_none(),
        "records": verification.head.seq,
        "head": head_json(verification.head, verification.recorded_at),
        "flaw": verification.flaw.as_ref().map(|flaw| flaw.sentence(site.language)),
    })
}

pub(super) fn head_json(head: Head, recorded_at: Timestamp) -> serde_json::Value {
    let recorded_at = (head != Head::EMPTY).then(|| recorded_at.to_string());
    json!({ "seq": head.seq, "digest": head.digest.to_string(), "recorded_at": recorded_at })
}

fn head(site: &Site, json: bool) -> Result<(), Stop> {
    let mut reader = site.open()?;
    let snapshot = reader.snapshot()?;
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", head_json(snapshot.head(), snapshot.recorded_at()?))?;
    } else if snapshot.head() == Head::EMPTY {
        writeln!(out, "{}", snapshot.head())?;
    } else {
        writeln!(out, "{}  {}", snapshot.head(), site.time(snapshot.recorded_at()?))?;
    }
    Ok(())
}

fn export(site: &Site, from: u64, to: u64, out: Option<&Path>, digests: bool) -> Result<(), Stop> {
    let mut reader = site.open()?;
    let snapshot = reader.snapshot()?;
    let last = to.min(snapshot.head().seq);
    let mut progress = Progress::new(last.saturating_sub(from) + 1, site.language.pick("导出", "exporting"));
    let mut written = |stored: StoredRecord<'_>, out: &mut dyn Write| -> io::Result<()> {
        if digests {
            write!(out, r#"{{"digest":"{}","record":"#, stored.digest)?;
        }
        out.write_all(stored.bytes)?;
        out.write_all(if digests { b"}\n" } else { b"\n" })?;
        progress.done(stored.seq - from);
        Ok(())
    };
    let Some(path) = out else {
        let mut stdout = BufWriter::new(io::stdout().lock());
        let stop = snapshot.each_record(from, last, |stored| unless_failed(written(stored, &mut stdout)))?;
        return Ok(stop.break_value().map_or_else(|| stdout.flush(), Err)?);
    };
    let failed = |error| Stop::File(path.to_owned(), error);
    let part = Part::beside(path);
    let mut file = BufWriter::new(File::create(&part.0).map_err(failed)?);
    let stop = snapshot.each_record(from, last, |stored| unless_failed(written(stored, &mut file)))?;
    stop.break_value().map_or(Ok(()), Err).map_err(failed)?;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().and_then(|()| std::fs::rename(&part.0, path)).map_err(failed)
}

fn unless_failed(written: io::Result<()>) -> ControlFlow<io::Error> {
    match written {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => ControlFlow::Break(error),
    }
}

/// The file while it is incomplete; gone when dropped, unless it was renamed.
struct Part(PathBuf);

impl Part {
    fn beside(path: &Path) -> Self {
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        Self(path.with_file_name(name))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing left to remove.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn rebuild(site: &Site, write: bool, json: bool) -> Result<(), Stop> {
    let mut ledger = Ledger::new(Arc::new(Policy::new(site.zone)));
    let mut reader = site.open()?;
    let snapshot = reader.snapshot()?;
    let mut progress = Progress::new(snapshot.head().seq, site.language.pick("重算", "folding"));
    let apply = |record: &_| ledger.apply(record);
    let rebuilt = if write {
        drop(snapshot);
        let mut store = Store::open(&site.store, reader.kind())?;
        store::rebuild_and_replace(&mut store, apply, |done| progress.done(done))?
    } else {
        store::rebuild(&snapshot, apply, |done| progress.done(done))?
    };
    progress.finish();
    if json {
        writeln!(io::stdout().lock(), "{}", rebuilt_json(&rebuilt, write))?;
    } else {
        print_rebuilt(&mut io::stdout().lock(), site.language, &rebuilt, write)?;
    }
    if rebuilt.differing == 0 || write {
        return Ok(());
    }
    Err(Stop::Flawed(site.language.pick(
        format!(
            "记录库 {} 有 {} 行派生数据与记录不符；加 --write 用重算结果替换",
            site.store.display(),
            rebuilt.differing
        ),
        format!(
            "{} derived rows of the journal {} do not follow from its records; replace them with --write",
            rebuilt.differing,
            site.store.display()
        ),
    )))
}

fn print_rebuilt(out: &mut impl Write, language: Language, rebuilt: &Rebuilt, written: bool) -> io::Result<()> {
    let none = language.pick("（无）", "(none)");
    for difference in &rebuilt.differences {
        let stored = difference.stored.as_deref().unwrap_or(none);
        let folded = difference.folded.as_deref().unwrap_or(none);
        writeln!(out, "{} {}", difference.table, difference.key)?;
        writeln!(out, "  {} {stored}", language.pick("库中", "stored"))?;
        writeln!(out, "  {} {folded}", language.pick("重算", "folded"))?;
    }
    let untold = rebuilt.differing - rebuilt.differences.len() as u64;
    if untold > 0 {
        writeln!(out, "{}", language.pick(format!("……另有 {untold} 行不符"), format!("... and {untold} more")))?;
    }
    let (records, rows, differing) = (rebuilt.head.seq, rebuilt.rows, rebuilt.differing);
    let verdict = match (differing, written) {
        (0, _) => language.pick("与库中完全一致".to_owned(), "all as stored".to_owned()),
        (_, false) => {
            language.pick(format!("{differing} 行与库中不符"), format!("{differing} differ from the stored ones"))
        }
        (_, true) => {
            language.pick(format!("已替换，原有 {differing} 行不符"), format!("replaced; {differing} had differed"))
        }
    };
    writeln!(
        out,
        "{}",
        language.pick(
            format!("由 {records} 条记录重算出 {rows} 行派生数据：{verdict}"),
            format!("{records} records give {rows} derived rows: {verdict}"),
        )
    )
}

fn rebuilt_json(rebuilt: &Rebuilt, written: bool) -> serde_json::Value {
    let differences = rebuilt.differences.iter().map(|difference| {
        json!({
            "table": difference.table, "key": difference.key, "stored": difference.stored, "folded": difference.folded,
        })
    });
    json!({
        "records": rebuilt.head.seq,
        "rows": rebuilt.rows,
        "differing": rebuilt.differing,
        "replaced": written && rebuilt.differing > 0,
        "differences": differences.collect::<Vec<_>>(),
    })
}

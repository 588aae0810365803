//! `linewatch simulate`: a year of a district in a box, with its truth beside it.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use linewatch_core::calendar::Calendar;
use linewatch_core::line::{ClassName, Line};
use linewatch_core::simulated::Rates;
use linewatch_core::time::{Millis, Span, Timestamp};
use serde_json::json;

use super::progress::Progress;
use super::{Common, Failure, coloured, log, print, run};
use crate::clock;
use crate::config::Config;
use crate::daemon;
use crate::language::Language;
use crate::probe::District;
use crate::simulate::check;
use crate::simulate::company::Townspeople;
use crate::simulate::history::{self, HistoryError, Setting, Simulated};
use crate::simulate::scenario;
use crate::simulate::truth::{Truth, TruthError};
use crate::store::{Journal, Store, StoreError, StoreKind};

/// Options of `simulate`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "options that are independent of one another")]
#[command(group = clap::ArgGroup::new("deed").required(true).multiple(true).args(["year", "check", "live"]))]
pub struct Args {
    /// The year to simulate, by the site's calendar
    #[arg(long, value_name = "YEAR", conflicts_with = "live", requires = "store", value_parser = clap::value_parser!(i32).range(1..=9998))]
    year: Option<i32>,
    /// Only the first days of the year
    #[arg(long, value_name = "DAYS", requires = "year", value_parser = clap::value_parser!(i64).range(1..=366))]
    days: Option<i64>,
    /// The same seed gives the same year, byte for byte
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The journal to write, or to check; the truth goes beside it, as FILE.truth.jsonl
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// How often what happens [default: a year like the office's own]
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Hold the records against the truth, afterwards or without simulating anew
    #[arg(long, requires = "store", conflicts_with = "live")]
    check: bool,
    /// Run the daemon, with a simulated district answering in the place of the network
    #[arg(long)]
    live: bool,
    /// How many times as fast as the clock the district lives
    #[arg(long, value_name = "N", requires = "live", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=3600))]
    speed: u32,
    /// Nobody in the district acts by himself: you are the offices and the crews
    #[arg(long, requires = "live")]
    alone: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "live")]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let config = common.load_config()?;
    let language = common.language_or(&config);
    if args.live {
        return live(args, common, config, language);
    }
    let store = args.store.clone().unwrap_or_else(|| config.store.path.clone());
    if let Some(year) = args.year {
        simulate(args, common, &config, (&store, year), language)?;
    }
    if args.check { check(&store, &config, language) } else { Ok(()) }
}

/// The daemon with a district in the place of the network.
fn live(args: &Args, common: &Common, mut config: Config, language: Language) -> Result<(), Failure> {
    if args.store.is_none() {
        // Never the real one's: they do not mix, and each has its own control socket.
        let folder = config.store.path.parent().unwrap_or(Path::new("")).join("simulated");
        std::fs::create_dir_all(&folder).map_err(|error| {
            let folder = folder.display();
            Failure(language.pick(
                format!("无法建立目录 {folder}：{error}；请检查权限，或用 --store 指定别处的记录库"),
                format!("cannot make the folder {folder}: {error}. Check its permissions, or name another journal with --store."),
            ))
        })?;
        config.store.path = folder.join("journal.db");
    }
    let lines = common.load_inventory(&config)?;
    let year = Span::new(Timestamp(0), Timestamp(0) + Millis::from_secs(365 * 86_400));
    let district =
        District { seed: args.seed, rates: rates(args, &config, (&lines, year), language)?, speed: args.speed };
    let people = if args.alone {
        language.pick("报障和抢修由您来做", "you are the offices and the crews")
    } else {
        language.pick("乡镇会报障，班组会来修", "offices report it and crews repair it")
    };
    let (store, speed, listen) = (config.store.path.display(), args.speed, config.http.listen);
    print(&language.pick(
        format!(
            "模拟数据：没有真实的线路，区里的时间比时钟快 {speed} 倍；监测本身按真实时间进行。\n\
             网页    http://{listen}/\n记录库  {store}\n其他命令加 --store {store}，例如：linewatch status --store {store}\n\
             不到半分钟就会有线路中断；{people}。按 Ctrl-C 结束。\n"
        ),
        format!(
            "Simulated: there are no real lines. The district lives {speed} times as fast as the clock; the watch goes by\n\
             the clock.\npages    http://{listen}/?lang=en\njournal  {store}\n\
             Give --store {store} to other commands, for instance: linewatch status --store {store}\n\
             Within half a minute a line goes down; {people}. Ctrl-C ends it.\n"
        ),
    ))?;
    log::start(false);
    let policy = config.policy();
    let people = || Townspeople::new(district.clone(), &lines, policy.choices.clone(), policy.clone());
    let company = (!args.alone).then(|| -> Box<dyn daemon::Company> { Box::new(people()) });
    run::watch(daemon::Options { config, lines, allow_removal: true, district: Some(district), company }, language)
}

fn rates(args: &Args, config: &Config, (lines, time): (&[Line], Span), language: Language) -> Result<Rates, Failure> {
    let classes: Vec<ClassName> = config.classes.iter().map(|class| class.name.clone()).collect();
    match &args.scenario {
        Some(path) => {
            scenario::load(path, &classes, lines, time).map_err(|error| Failure(error.report(language, coloured())))
        }
        None => Ok(Rates::default()),
    }
}

fn simulate(
    args: &Args,
    common: &Common,
    config: &Config,
    (path, year): (&Path, i32),
    language: Language,
) -> Result<(), Failure> {
    let span = span_of(Calendar::new(config.site.zone), year, args.days)
        .ok_or_else(|| Failure(language.pick(format!("没有 {year} 年"), format!("there is no year {year}"))))?;
    let lines = Arc::new(in_time(common.load_inventory(config)?, span));
    let rates = rates(args, config, (&lines, span), language)?;
    let setting = Setting { config: Arc::new(config.clone()), lines, rates, seed: args.seed, span };
    let began = clock::elapsed();
    let store = Store::open_daemon(path, StoreKind::Simulated).map_err(|error| said(&error, language))?;
    if store.head().map_err(|error| said(&error, language))?.seq > 0 {
        let path = path.display();
        return Err(Failure(language.pick(
            format!("记录库 {path} 里已有记录；模拟要从空的记录库开始，请用 --store 指定新的文件"),
            format!(
                "the journal {path} has records already; a simulation begins an empty one, name a new file with --store"
            ),
        )));
    }
    let hours = u64::try_from(span.length().0 / 3_600_000).unwrap_or(0);
    let mut bar = Progress::new(hours, language.pick("模拟（小时）", "hours simulated"));
    let done = history::simulate(&setting, store, |passed| {
        bar.step(u64::try_from(passed.0 / 3_600_000).unwrap_or(0), hours);
    });
    drop(bar);
    let done = done.map_err(|error| broken_off(error, language))?;
    let truth = truth_of(path);
    write_truth(&done.truth, &truth, language)?;
    let took = Millis(clock::elapsed().0 - began.0);
    print(&outcome(args, &setting, &done, (path, &truth), took, language))
}

/// Holds a store against the truth beside it.
fn check(store: &Path, config: &Config, language: Language) -> Result<(), Failure> {
    let path = truth_of(store);
    let file = File::open(&path).map_err(TruthError::from);
    let truth = file.and_then(|file| Truth::read(BufReader::new(file))).map_err(|error| {
        let path = path.display();
        Failure(language.pick(
            format!("读真相文件 {path}：{error}；它应与记录库放在一起"),
            format!("reading the truth {path}: {error}. It belongs beside the journal."),
        ))
    })?;
    let mut reader = Store::open_read_only(store).map_err(|error| said(&error, language))?;
    let head = reader.snapshot().map_err(|error| said(&error, language))?.head().to_string();
    if head != truth.head() {
        let path = path.display();
        return Err(Failure(language.pick(
            format!("真相文件 {path} 不是这个记录库的：链头是 {}，记录库的是 {head}", truth.head()),
            format!(
                "the truth {path} belongs to another journal: its head is {}, the journal's is {head}",
                truth.head()
            ),
        )));
    }
    let checked = check::store(config, &truth, &mut reader).map_err(|error| match error {
        check::Unchecked::Store(error) => said(&error, language),
        check::Unchecked::Figures(error) => Failure(error.sentence(language)),
    })?;
    print(&checked.text(config.site.zone, language))?;
    if checked.flaws.is_empty() {
        return Ok(());
    }
    Err(Failure(language.pick("记录与真相不符", "the records do not fit the truth").to_owned()))
}

/// From an hour before the year (or its first days) to an hour after it.
fn span_of(calendar: Calendar, year: i32, days: Option<i64>) -> Option<Span> {
    let year = calendar.year(year)?;
    let end = days.map_or(year.end, |days| year.end.min(year.start + Millis::from_secs(86_400) * days));
    Some(Span::new(year.start - history::MARGIN, end + history::MARGIN))
}

/// Lines that the inventory opens only after the simulated time are taken as in service all the time: a past year is
/// simulated with the lines of today.
fn in_time(mut lines: Vec<Line>, span: Span) -> Vec<Line> {
    for line in &mut lines {
        line.opened = line.opened.filter(|opened| *opened < span.end);
    }
    lines
}

fn truth_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".truth.jsonl");
    name.into()
}

fn write_truth(truth: &Truth, path: &Path, language: Language) -> Result<(), Failure> {
    let write = || truth.write(&mut BufWriter::new(File::create(path)?));
    write().map_err(|error: std::io::Error| {
        let path = path.display();
        Failure(language.pick(
            format!("无法写真相文件 {path}：{error}；请检查目录权限和磁盘空间"),
            format!("cannot write the truth {path}: {error}. Check the folder's permissions and the space left."),
        ))
    })
}

fn said(error: &StoreError, language: Language) -> Failure {
    Failure(error.sentence(language))
}

fn broken_off(error: HistoryError<StoreError>, language: Language) -> Failure {
    Failure(match error {
        HistoryError::Store(error) => error.sentence(language),
        HistoryError::Moved => language.pick(
            "模拟中断：别的程序写入了同一个记录库；请换一个 --store 重新模拟".to_owned(),
            "broken off: somebody else has written into the same journal. Simulate again with another --store.".to_owned(),
        ),
        HistoryError::Inventory(refusal) => {
            language.pick(format!("线路表被拒绝：{refusal}"), format!("the inventory was refused: {refusal}"))
        }
        HistoryError::Verdict(command, refusal) => language.pick(
            format!("程序缺陷：监测结论被拒绝（{refusal}）：{command:?}；请连同种子一起报告"),
            format!("a defect: a verdict of the monitor was refused ({refusal}): {command:?}. Please report it with the seed."),
        ),
    })
}

fn outcome<J: Journal>(
    args: &Args,
    setting: &Setting,
    done: &Simulated<J>,
    (store, truth): (&Path, &Path),
    took: Millis,
    language: Language,
) -> String {
    let Simulated { head, probes, leapt, .. } = done;
    let (store, truth) = (store.display(), truth.display());
    if args.json {
        let value = json!({
            "store": store.to_string(),
            "truth": truth.to_string(),
            "seed": args.seed,
            "lines": setting.lines.len(),
            "records": head.seq,
            "head": head.to_string(),
            "probes_stepped": probes,
            "leapt_ms": leapt.0,
            "took_ms": took.0,
        });
        return format!("{value}\n");
    }
    let share = leapt.0 * 100 / setting.span.length().0.max(1);
    let (lines, records, seconds) = (setting.lines.len(), head.seq, took.as_secs_f64());
    language.pick(
        format!(
            "记录库  {store}（模拟）\n真相    {truth}\n线路    {lines} 条\n记录    {records} 条\n链头    {head}\n\
             用时    {seconds:.1} 秒：逐次探测 {probes} 次，{share} % 的时间没有变化，成段跳过\n"
        ),
        format!(
            "journal  {store} (simulated)\ntruth    {truth}\nlines    {lines}\nrecords  {records}\nhead     {head}\n\
             took     {seconds:.1} s: {probes} probes one by one, {share} % of the time nothing changed and was leapt over\n"
        ),
    )
}

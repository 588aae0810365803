//! `cargo bench --bench pages [-- SECONDS]`: the pages of the example's 401 lines with 20,000 past faults: how long a page
//! takes and how large it is, and what 200 open pages cost.
//!
//! The journal is made first, by the acts of people at times that are past. Then the whole program serves it, probing
//! included (it needs permission for ICMP). An open page is a connection that does what the page's script does: it
//! waits at `/live`, and takes its page anew when that is answered or its time is over.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use linewatch::clock;
use linewatch::config::Config;
use linewatch::daemon::writer::Writer;
use linewatch::inventory::{self, Rules};
use linewatch::store::{Store, StoreKind};
use linewatch_core::act::{Act, FaultAct};
use linewatch_core::command::Command as Wish;
use linewatch_core::line::Line;
use linewatch_core::record::{Closing, Fact, FaultFact, FaultNo, Origin, Report};
use linewatch_core::time::Millis;

const FAULTS: usize = 20_000;
/// From the first fault to the last one.
const DAYS: i64 = 330;
/// Faults entered in one transaction; fewer than lines, so that none joins another.
const BATCH: usize = 400;
/// Faults that are left open.
const OPEN: usize = 40;
const OPEN_PAGES: usize = 200;
/// Times that a page is asked for.
const TIMES: usize = 40;

fn main() {
    let seconds = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(60);
    let folder = tempfile::tempdir().expect("a folder");
    let config = write_files(folder.path());
    make_journal(&config);
    let server = Server::start(folder.path());
    let fault = format!("/faults/{}", Connection::open(&server.address).first_fault());
    // `/lines` is all 401 lines; the last ones read all 20,000 faults, or a month of them, and are no pages.
    let pages = [
        "/",
        "/faults",
        "/faults?show=month",
        "/faults?q=V-001",
        &fault,
        "/lines",
        "/lines/T-04",
        "/wall",
        "/api/v1/faults?state=all",
        "/faults/print?show=month",
    ];
    println!("{:<34} {:>9} {:>9} {:>9}", "page", "median ms", "worst ms", "KiB");
    for path in pages {
        let mut took = Vec::new();
        let mut size = 0;
        let mut connection = Connection::open(&server.address);
        for _ in 0..TIMES {
            let begun = clock::since_boot();
            let body = connection.get(path);
            took.push(clock::since_boot().saturating_sub(begun).as_micros());
            assert!(body.contains("<main") || body.starts_with('{'), "{path}: {body}");
            size = body.len();
        }
        took.sort_unstable();
        let (median, worst) = (took[TIMES / 2], took[TIMES - 1]);
        println!(
            "{path:<34} {:>7}.{} {:>7}.{} {:>9}",
            median / 1000,
            median / 100 % 10,
            worst / 1000,
            worst / 100 % 10,
            size.div_ceil(1024)
        );
    }
    let alone = server.cpu_percent(seconds, || ());
    let refreshed = AtomicUsize::new(0);
    let watched = open_pages(&server, seconds, &refreshed);
    let pages = refreshed.load(Ordering::Relaxed);
    println!(
        "CPU of the daemon over {seconds} s: {alone:.1} % of a core without pages, {watched:.1} % with {OPEN_PAGES} open \
         pages ({pages} taken anew): {:.1} % for the pages",
        watched - alone
    );
}

fn write_files(folder: &Path) -> Config {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join("lines.csv");
    fs::copy(shipped, folder.join("lines.csv")).expect("the example's inventory");
    let text = "[site]\nname = \"bench\"\n[http]\nlisten = \"127.0.0.1:0\"\n[store]\npath = \"data/journal.db\"\n\
                [inventory]\nfile = \"lines.csv\"\n[references]\naddresses = [\"127.0.0.2\"]\n";
    let path = folder.join("linewatch.toml");
    fs::write(&path, text).expect("writes");
    Config::load(Some(&path)).expect("no mistake")
}

/// 20,000 faults that people reported and closed, evenly over the year so far, and some that are open.
fn make_journal(config: &Config) {
    let rules = Rules { zone: config.site.zone, classes: config.class_labels() };
    let lines: Vec<Line> = inventory::read(&config.inventory.file, &rules).expect("the example is without mistakes");
    let store = Store::open_daemon(&config.store.path, StoreKind::Real).expect("a store");
    let mut writer = Writer::open(store, Arc::new(config.policy()), "linewatch", Origin::Live).expect("a writer");
    let now = clock::read().wall;
    let from = now - Millis::from_secs(DAYS * 86_400);
    let loaded = Wish::LoadInventory { at: from, lines: Arc::new(lines.clone()), allow_removal: false };
    writer.commit(&[(from, loaded)]).expect("the inventory");
    let step = Millis(DAYS * 86_400_000 / i64::try_from(FAULTS).expect("few"));
    let mut number = 0;
    while number < FAULTS {
        let batch = number..(number + BATCH).min(FAULTS);
        let at = |fault: usize| from + step * i64::try_from(fault).expect("few");
        let reports: Vec<_> = batch.clone().map(|fault| (at(fault), report(&lines[fault % lines.len()]))).collect();
        let until = at(batch.end);
        let committed = writer.commit(&reports).expect("reports");
        assert!(committed.refused.is_empty(), "{:?}", committed.refused.first());
        let opened = committed.records.iter().filter_map(|record| match &record.fact {
            Fact::Fault(FaultFact::Reported { fault, .. }) => Some(fault.clone()),
            _ => None,
        });
        let left = if batch.end == FAULTS { OPEN } else { 0 };
        let closed: Vec<FaultNo> = opened.collect();
        let ends: Vec<_> = closed[..closed.len() - left].iter().map(|fault| (until, close(fault))).collect();
        let committed = writer.commit(&ends).expect("closes");
        assert!(committed.refused.is_empty(), "{:?}", committed.refused.first());
        number = batch.end;
    }
}

fn report(line: &Line) -> Wish {
    let report = Report {
        channel: "电话".to_owned(),
        symptom: Some("中断".to_owned()),
        reporter: "村委会".to_owned(),
        phone: "0715-8000000".to_owned(),
        words: "今天早上开始上不了网，光猫红灯亮".to_owned(),
    };
    let act = Act::Fault(FaultAct::Report { line: line.id.clone(), at: None, report });
    Wish::Person { author: "office".to_owned(), act }
}

fn close(fault: &FaultNo) -> Wish {
    let closing =
        Closing {
            cause: vec!["光缆".to_owned(), "施工".to_owned()], remedy: "熔接".to_owned(), ..Closing::default()
        };
    let act = Act::Fault(FaultAct::Close { fault: fault.clone(), at: None, closing });
    Wish::Person { author: "admin".to_owned(), act }
}

struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is waited for.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linewatch"));
        command.args(["run", "--config"]).arg(folder.join("linewatch.toml")).stderr(Stdio::piped());
        let mut process = command.spawn().expect("starts");
        let mut log = BufReader::new(process.stderr.take().expect("piped")).lines().map_while(Result::ok);
        let address = log.find_map(|line| Some(line.split_once("pages on http://")?.1.split('/').next()?.to_owned()));
        // The rest of the log is read, so that the program never waits for us.
        std::thread::spawn(move || log.for_each(drop));
        Self { process, address: address.expect("it serves; does this machine permit ICMP?") }
    }

    /// Its CPU time while something goes on, in percent of a core.
    fn cpu_percent(&self, seconds: u32, meanwhile: impl FnOnce()) -> f64 {
        let before = self.ticks();
        meanwhile();
        std::thread::sleep(Duration::from_secs(u64::from(seconds)));
        f64::from(u32::try_from(self.ticks() - before).expect("few")) / f64::from(seconds)
    }

    /// Hundredths of a second of user and system time so far.
    fn ticks(&self) -> i64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).expect("it runs");
        let fields: Vec<&str> = stat.rsplit_once(')').expect("a name").1.split_whitespace().collect();
        let ticks = |place: usize| fields[place].parse::<i64>().expect("a number");
        ticks(11) + ticks(12)
    }
}

/// Every page that is open is one of these.
fn open_pages(server: &Server, seconds: u32, refreshed: &AtomicUsize) -> f64 {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for number in 0..OPEN_PAGES {
            let (over, address) = (&over, &server.address);
            scope.spawn(move || {
                let path = ["/", "/faults", "/lines", "/wall"][number % 4];
                let mut connection = Connection::open(address);
                let mut page = connection.get(path);
                while !over.load(Ordering::Relaxed) {
                    let told = |name: &str| page.split(&format!(" {name}=\"")).nth(1)?.split('"').next();
                    let sign = told("data-live").expect("a sign").to_owned();
                    let every: u32 = told("data-every").and_then(|every| every.parse().ok()).expect("seconds");
                    let _ = connection.get(&format!("/live?seen={sign}&wait={every}"));
                    page = connection.get(path);
                    refreshed.fetch_add(1, Ordering::Relaxed);
                    // As in the script: not all at the same instant.
                    std::thread::sleep(Duration::from_millis(1000 + u64::try_from(number * 5).expect("few")));
                }
            });
        }
        // The first pages are not what is measured.
        std::thread::sleep(Duration::from_secs(5));
        refreshed.store(0, Ordering::Relaxed);
        let percent = server.cpu_percent(seconds, || ());
        over.store(true, Ordering::Relaxed);
        percent
    })
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: &str) -> Self {
        Self(BufReader::new(TcpStream::connect(address).expect("connects")))
    }

    /// The number of the fault that is to be done first.
    fn first_fault(&mut self) -> String {
        let list = self.get("/faults");
        let number = list.split("href=\"/faults/F").nth(1).and_then(|rest| rest.split('"').next());
        format!("F{}", number.expect("an open fault"))
    }

    fn get(&mut self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes()).expect("asks");
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).expect("answers");
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("a body");
        String::from_utf8(body).expect("UTF-8")
    }
}

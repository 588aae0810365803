//! `cargo bench --bench wire [-- SECONDS]`: what a probe costs, and how many answers are lost on the way through our
//! own process, with 401 and 10,000 targets at one probe a second each on loopback; beside the bare pinging library
//! and fping in the same run.
//!
//! `daemon` is the whole program with journal, pages and metrics, measured once all its lines are up, scrapes left out.
//! Every other contender is a process of its own, so that its CPU time (user and system, start and end included) is what
//! the kernel says of it. The kernel answers echo requests to 127.0.0.0/8 within the sender's system time: this share
//! is the same for all. Requests are paced in ticks of 10 ms; fping paces itself.

mod daemon;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::process::{Command, Stdio};
use std::time::Duration;

use linewatch::clock;
use linewatch::probe::{Endpoint, Engine, EngineOptions, OpenKind, ProbeRequest, SocketKind};
use linewatch_core::line::ProbeMethod;
use linewatch_core::outcome::Outcome;
use surge_ping::{Client, Config, PingIdentifier, PingSequence};
use tokio::sync::mpsc;

const TICK: Duration = Duration::from_millis(10);
const TICKS_PER_SECOND: u32 = 100;
const TIMEOUT: Duration = Duration::from_secs(1);
/// Set in the processes that the benchmark starts: contender, targets, seconds.
const ROLE: &str = "LINEWATCH_BENCH_WIRE";

#[tokio::main]
async fn main() {
    if let Ok(role) = std::env::var(ROLE) {
        let words: Vec<&str> = role.split(' ').collect();
        let (targets, seconds) = (words[1].parse().expect("targets"), words[2].parse().expect("seconds"));
        let (sent, answered) = match words[0] {
            "engine-raw" => engine(SocketKind::Raw, targets, seconds).await,
            "engine-datagram" => engine(SocketKind::Datagram, targets, seconds).await,
            "bare" => bare(targets, seconds).await,
            other => panic!("no contender {other}"),
        };
        println!("{sent} {answered}");
        return;
    }
    // `cargo bench` adds `--bench`.
    let seconds = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(5);
    println!("{seconds} s of 1 probe/s to each target on loopback");
    println!("{:<24} {:>8} {:>9} {:>9} {:>12}", "contender", "targets", "sent", "lost", "CPU µs/probe");
    for targets in [401, 10_000] {
        for contender in ["daemon", "engine-raw", "engine-datagram", "bare", "fping"] {
            let before = children_cpu_us();
            let (counts, measured) = match contender {
                "daemon" => daemon::measure(targets, seconds),
                "fping" => (fping(targets, seconds), None),
                _ => (child(contender, targets, seconds), None),
            };
            let cpu = measured.unwrap_or_else(|| children_cpu_us() - before);
            let cpu = i32::try_from(cpu).expect("under half an hour");
            match counts {
                Ok((sent, answered)) if sent > 0 => println!(
                    "{contender:<24} {targets:>8} {sent:>9} {:>9} {:>12.1}",
                    sent - answered,
                    f64::from(cpu) / f64::from(sent)
                ),
                Ok(_) => println!("{contender:<24} {targets:>8} sent nothing"),
                Err(reason) => println!("{contender:<24} {targets:>8} not measured: {reason}"),
            }
        }
    }
}

fn child(contender: &str, targets: u32, seconds: u32) -> Result<(u32, u32), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let role = format!("{contender} {targets} {seconds}");
    let output = Command::new(program).env(ROLE, role).stderr(Stdio::piped()).output();
    let output = output.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let counts =
        text.trim().split_once(' ').and_then(|(sent, answered)| Some((sent.parse().ok()?, answered.parse().ok()?)));
    counts.ok_or_else(|| {
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        errors.lines().find(|line| line.contains("permission")).unwrap_or("it failed").trim().to_owned()
    })
}

/// Address of a target: 127.1.0.0 and on.
fn address(target: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 1, 0, 0)) + target)
}

/// The targets of each tick, spread evenly over a second.
fn due(targets: u32, tick: u32) -> std::ops::Range<u32> {
    let slot = u64::from(tick % TICKS_PER_SECOND);
    let start = |slot: u64| u32::try_from(slot * u64::from(targets) / u64::from(TICKS_PER_SECOND)).expect("a target");
    start(slot)..start(slot + 1)
}

async fn engine(socket: SocketKind, targets: u32, seconds: u32) -> (u32, u32) {
    let options = EngineOptions { socket, ..EngineOptions::new(clock::elapsed, clock::since_boot) };
    let (mut engine, mut results) = Engine::open(options).unwrap_or_else(|error| panic!("{error}"));
    for target in 0..targets {
        let endpoint = Endpoint { address: address(target).to_string(), method: ProbeMethod::Icmp };
        engine.assign(target, Some(endpoint));
    }
    let mut ticks = tokio::time::interval(TICK);
    let (mut sent, mut answered, mut got) = (0, 0, 0);
    for tick in 0..seconds * TICKS_PER_SECOND {
        ticks.tick().await;
        for target in due(targets, tick) {
            engine.send(ProbeRequest { target, token: sent, timeout: TIMEOUT });
            sent += 1;
        }
        while let Ok(result) = results.try_recv() {
            got += 1;
            answered += u32::from(matches!(result.outcome, Outcome::Reply { .. }));
        }
    }
    let mut failures: HashMap<String, u32> = HashMap::new();
    while got < sent {
        let result = results.recv().await.expect("one result for each request");
        got += 1;
        answered += u32::from(matches!(result.outcome, Outcome::Reply { .. }));
        if !matches!(result.outcome, Outcome::Reply { .. }) {
            *failures.entry(format!("{:?}", result.outcome)).or_default() += 1;
        }
    }
    if !failures.is_empty() {
        eprintln!("{failures:?} {:?}", engine.health());
    }
    let raw = engine.chosen_sockets().iter().any(|chosen| chosen.kind == OpenKind::Raw);
    assert_eq!(raw, socket == SocketKind::Raw, "the socket measured is the one named");
    (sent, answered)
}

/// The library alone, one shared client, a task for each request.
async fn bare(targets: u32, seconds: u32) -> (u32, u32) {
    let client = Client::new(&Config::default()).expect("a socket");
    let (results, mut inbox) = mpsc::unbounded_channel();
    let mut ticks = tokio::time::interval(TICK);
    let mut sent = 0;
    for tick in 0..seconds * TICKS_PER_SECOND {
        ticks.tick().await;
        for target in due(targets, tick) {
            let (client, results) = (client.clone(), results.clone());
            let sequence = PingSequence(u16::try_from(tick / TICKS_PER_SECOND).expect("under 18 hours"));
            tokio::spawn(async move {
                let mut pinger = client.pinger(IpAddr::V4(address(target)), PingIdentifier(77)).await;
                let reply = pinger.timeout(TIMEOUT).ping(sequence, &[7; 56]).await;
                // The receiver outlives every task.
                let _ = results.send(reply.is_ok());
            });
            sent += 1;
        }
    }
    drop(results);
    let mut answered = 0;
    while let Some(reply) = inbox.recv().await {
        answered += u32::from(reply);
    }
    (sent, answered)
}

fn fping(targets: u32, seconds: u32) -> Result<(u32, u32), String> {
    let gap_ms = format!("{:.3}", 1000.0 / f64::from(targets));
    let count = seconds.to_string();
    let mut process = Command::new("fping")
        .args(["-q", "-b", "56", "-c", &count, "-p", "1000", "-t", "1000", "-i", &gap_ms])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("fping: {error}"))?;
    let mut input = process.stdin.take().ok_or("no input")?;
    std::thread::spawn(move || {
        for target in 0..targets {
            // fping that has ended early says why itself.
            let _ = std::io::Write::write_all(&mut input, format!("{}\n", address(target)).as_bytes());
        }
    });
    let output = process.wait_with_output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stderr);
    // `127.1.0.0 : xmt/rcv/%loss = 5/5/0%, min/avg/max = …`
    let rows = text.lines().filter_map(|line| line.split_once("%loss = ")?.1.split(',').next());
    let counts = rows.filter_map(|row| {
        let mut numbers = row.split('/').map(str::parse::<u32>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    let (sent, answered) = counts.fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    if sent == 0 { Err(text.lines().next().unwrap_or("it said nothing").to_owned()) } else { Ok((sent, answered)) }
}

/// CPU time of all processes waited for, user and system, microseconds.
#[expect(unsafe_code, reason = "no safe wrapper in std for getrusage")]
fn children_cpu_us() -> i64 {
    // SAFETY: all zeros is a valid `rusage`.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: `usage` is valid for the call to fill.
    let status = unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage) };
    assert_eq!(status, 0, "getrusage");
    let microseconds = |time: libc::timeval| time.tv_sec * 1_000_000 + time.tv_usec;
    microseconds(usage.ru_utime) + microseconds(usage.ru_stime)
}

//! Drills with a small appender: a process that appends, says on a pipe what was acknowledged, and is killed, traced
//! or given a failing disk. Every record it spoke of is there, with the digest it said.

mod store_support;

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use linewatch::store::{Append, Cause, Digest, Head, Journal, Store, StoreKind, rebuild, verify};
use linewatch_core::record::Record;
use store_support::{EIGHT, folded, record, simple_fold};

/// Set in the appender: the store.
const STORE: &str = "LINEWATCH_DRILL_STORE";
/// Set in the appender: who it is, so that its records differ from those of every other round.
const AUTHOR: &str = "LINEWATCH_DRILL_AUTHOR";
/// Set in the appender: how often it tries to append; for ever without.
const TIMES: &str = "LINEWATCH_DRILL_TIMES";

/// This program again, as the appender: `test` is the test that calls [`append_when_told`] first.
fn appender(test: &str, store: &Path, author: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(["--exact", test, "--nocapture"]).env(STORE, store).env(AUTHOR, author);
    command
}

/// In an appender's process: appends and ends. Elsewhere: returns at once.
fn append_when_told() {
    let Some(path) = env::var_os(STORE).map(PathBuf::from) else { return };
    let author = env::var(AUTHOR).expect("an author");
    let times = env::var(TIMES).map_or(u64::MAX, |times| times.parse().expect("a number"));
    let mut store = Store::open_daemon(&path, StoreKind::Real).expect("opens");
    let mut out = std::io::stdout().lock();
    for number in 0..times {
        let seq = store.head().expect("a head").seq;
        let records = (1..=1 + number % 3).map(|n| Record { author: author.clone(), ..record(seq + n, EIGHT) });
        match store.append(seq, &folded(records.collect())) {
            Ok(Append::Appended(head)) => writeln!(out, "committed {head}"),
            Ok(Append::Moved(_)) => panic!("nobody else appends"),
            Err(error) => {
                assert_eq!(store.head().expect("a head").seq, seq, "nothing of a failed append is seen");
                writeln!(out, "failed {}", cause(&error.cause))
            }
        }
        .expect("somebody listens");
    }
    std::process::exit(0);
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Io(_) => "io".to_owned(),
        Cause::DiskFull => "full".to_owned(),
        other => panic!("another cause: {other:?}"),
    }
}

fn acknowledged(line: &str) -> Option<Head> {
    line.split("committed ").nth(1)?.parse().ok()
}

/// Chain and rows are right, and every acknowledged head is in it. Returns the end.
fn nothing_lost(path: &Path, heads: &[Head]) -> Head {
    let mut reader = Store::open_read_only(path).expect("opens");
    let snapshot = reader.snapshot().expect("a snapshot");
    let found = verify(&snapshot, None, |_| {}).expect("verifies");
    assert_eq!(found.flaw, None);
    let mut digests: BTreeMap<u64, Digest> = BTreeMap::new();
    let all = snapshot.each_record(1, u64::MAX >> 1, |stored| {
        assert_eq!(digests.insert(stored.seq, stored.digest), None, "a number once");
        ControlFlow::<()>::Continue(())
    });
    assert!(all.expect("records").is_continue());
    assert_eq!(digests.len() as u64, found.head.seq, "no hole");
    for head in heads {
        assert_eq!(digests.get(&head.seq), Some(&head.digest), "record {} was acknowledged", head.seq);
    }
    assert_eq!(rebuild(&snapshot, simple_fold, |_| {}).expect("folds").differing, 0);
    found.head
}

/// Numbers that are the same at each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn killed_a_thousand_times_it_loses_no_acknowledged_record() {
    const ROUNDS: u64 = 1000;
    append_when_told();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    let (mut random, mut heads, mut empty_rounds) = (Random(20_260_105), Vec::new(), 0);
    for round in 1..=ROUNDS {
        let mut child =
            appender("killed_a_thousand_times_it_loses_no_acknowledged_record", &path, &format!("r{round}"))
                .stdout(Stdio::piped())
                .spawn()
                .expect("starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let mut acks = lines.filter_map(|line| acknowledged(&line));
        let before = heads.len();
        // One round in eight is killed while it starts, opens the store and recovers what the last one left.
        let wanted = if round % 8 == 0 { 0 } else { 1 + random.below(4) };
        for _ in 0..wanted {
            heads.push(acks.next().expect("the appender appends"));
        }
        let longest = if wanted == 0 { 12_000 } else { 2000 };
        thread::sleep(Duration::from_micros(random.below(longest)));
        child.kill().expect("kills");
        // What it still said before it died counts too.
        heads.extend(acks);
        child.wait().expect("waits");
        empty_rounds += u64::from(heads.len() == before);
        if round % 250 == 0 {
            nothing_lost(&path, &heads);
        }
    }
    let head = nothing_lost(&path, &heads);
    assert!(heads.len() as u64 > ROUNDS && empty_rounds < ROUNDS / 4, "{} {empty_rounds}", heads.len());
    let seen = heads.windows(2).filter(|pair| pair[0].seq >= pair[1].seq).count();
    assert_eq!(seen, 0, "acknowledgements only go forward");
    println!(
        "killed {ROUNDS} times ({empty_rounds} before its first append): {} acknowledged appends, {} records, none lost, chain valid",
        heads.len(),
        head.seq
    );
}

/// Runs the appender under strace with these options; returns its output and the trace.
fn traced(test: &str, store: &Path, times: u64, options: &[&str]) -> (Output, String) {
    drop(Store::open_daemon(store, StoreKind::Real).expect("a store"));
    let trace = store.with_file_name("trace");
    let program = appender(test, store, "traced");
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-y", "-s", "100", "-o"]).arg(&trace).args(options);
    command.arg(program.get_program()).args(program.get_args()).env(STORE, store).env(AUTHOR, "traced");
    let output = command.env(TIMES, times.to_string()).output().expect("strace is installed (Debian package strace)");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "strace may trace its own children (ptrace is permitted):\n{complaint}");
    (output, std::fs::read_to_string(&trace).expect("a trace"))
}

#[test]
fn the_log_is_synced_before_an_append_is_acknowledged() {
    const APPENDS: u64 = 200;
    append_when_told();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    let calls = ["-e", "trace=pwrite64,write,fsync,fdatasync"];
    let (_, trace) = traced("the_log_is_synced_before_an_append_is_acknowledged", &path, APPENDS, &calls);
    let (mut written, mut synced, mut heads) = (0, false, Vec::new());
    for line in trace.lines() {
        if line.contains("pwrite64(") && line.contains("journal.db-wal>") {
            (written, synced) = (written + 1, false);
        } else if line.contains("sync(") && line.contains("journal.db-wal>") {
            assert!(line.ends_with("= 0"), "{line}");
            synced = true;
        } else if let Some(text) = line.split("committed ").nth(1) {
            assert!(line.contains("write(1<"), "{line}");
            assert!(written > 0 && synced, "acknowledged before the log was written and synced: {line}");
            heads.push(text.split("\\n").next().and_then(|head| head.parse().ok()).expect("a head"));
            (written, synced) = (0, false);
        }
    }
    assert_eq!(heads.len() as u64, APPENDS);
    nothing_lost(&path, &heads);
    println!("{APPENDS} acknowledgements, each after its log was written and synced, in the trace of one process");
}

#[test]
fn a_disk_that_fails_now_and_then_is_told_and_loses_nothing() {
    const TIMES: u64 = 300;
    let test = "a_disk_that_fails_now_and_then_is_told_and_loses_nothing";
    append_when_told();
    let mut report = Vec::new();
    for (fault, told) in [
        ("fsync,fdatasync:error=EIO:when=20+7", "io"),
        ("pwrite64:error=EIO:when=60+23", "io"),
        ("pwrite64:error=ENOSPC:when=60+23", "full"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        let call = fault.split(':').next().expect("a call");
        let options = ["-e", &format!("trace={call}"), "-e", &format!("inject={fault}")];
        let (output, trace) = traced(test, &path, TIMES, &options);
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        let heads: Vec<_> = said.lines().filter_map(acknowledged).collect();
        let failed: Vec<_> = said.lines().filter_map(|line| line.split("failed ").nth(1)).collect();
        let injected = trace.lines().filter(|line| line.contains("INJECTED")).count();
        assert!(failed.len() >= 20 && heads.len() >= 20, "{fault}: {} failed, {} did not", failed.len(), heads.len());
        assert!(failed.iter().all(|cause| *cause == told), "{fault}: {failed:?}");
        assert_eq!((heads.len() + failed.len()) as u64, TIMES);
        let head = nothing_lost(&path, &heads);
        assert_eq!(Some(&head), heads.last(), "what failed is not there");
        report.push(format!(
            "{call} {told}: {injected} failures injected, {} appends failed and were told, {} acknowledged",
            failed.len(),
            heads.len()
        ));
    }
    println!("{}", report.join("\n"));
}

//! Five hundred commands append while the daemon runs: no record is lost, and the daemon knows them within a second.

mod daemon;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use daemon::{Home, Speed};
use linewatch::clock;
use linewatch::store::{Append, Entry, Head, Journal, Store, StoreKind};
use linewatch_core::command::Command as Wish;
use linewatch_core::ledger::{Ledger, Policy, decide};
use linewatch_core::line::Line;
use linewatch_core::record::{Origin, RECORD_VERSION, Record};
use linewatch_core::time::{Span, Timestamp};

/// Set in the process of a command: the store, and which command it is.
const STORE: &str = "LINEWATCH_DRILL_STORE";
const NUMBER: &str = "LINEWATCH_DRILL_NUMBER";

const COMMANDS: usize = 500;
/// Lines they add their notes to: every command reads what others have written.
const LINES: usize = 50;
/// Commands at work at once.
const AT_ONCE: usize = 6;

/// In the process of a command: notes something on one line of the inventory, as a command of the program would.
fn append_when_told() {
    let Some(path) = env::var_os(STORE).map(PathBuf::from) else { return };
    let number: usize = env::var(NUMBER).expect("a number").parse().expect("a number");
    let mut store = Store::open(&path, StoreKind::Real).expect("opens");
    let (mut moved, policy) = (0, Arc::new(Policy::new(chrono_tz::Asia::Shanghai)));
    loop {
        let open = store.open_rows().expect("rows");
        let head = open.head;
        let ledger = Ledger::restore(Arc::clone(&policy), head.seq, open.recorded_at, open.rows);
        match store.append(head.seq, &[note(ledger, number)]).expect("appends") {
            Append::Appended(head) => {
                println!("committed {head} moved {moved}");
                std::process::exit(0);
            }
            Append::Moved(_) => moved += 1,
        }
    }
}

fn note(ledger: Ledger, number: usize) -> Entry {
    let now = clock::read().wall.max(ledger.recorded_at());
    let mut lines: Vec<Line> = ledger.lines().map(|held| Line::clone(&held.line)).collect();
    let line = &mut lines[number % LINES];
    line.note = format!("{}{number} ", line.note);
    let wish = Wish::LoadInventory { at: now, lines: Arc::new(lines), allow_removal: false };
    let facts = decide(&ledger, &wish, now).expect("accepted");
    let [fact] = <[_; 1]>::try_from(facts).expect("one line changed, by nobody else");
    let record = Record {
        seq: ledger.seq() + 1,
        v: RECORD_VERSION,
        recorded_at: now,
        origin: Origin::Live,
        author: format!("command-{number}"),
        fact,
    };
    let mut ledger = ledger;
    Entry { changes: ledger.apply(&record), record }
}

/// Runs a command in a process of its own; where it appended, and how often others had been faster.
fn run_command(store: &Path, number: usize) -> (Head, usize) {
    let output = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "five_hundred_commands_beside_the_daemon_lose_nothing", "--nocapture"])
        .env(STORE, store)
        .env(NUMBER, number.to_string())
        .stderr(Stdio::inherit())
        .output()
        .expect("starts");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let (head, moved) =
        said.split("committed ").nth(1).and_then(|rest| rest.trim().split_once(" moved ")).expect("committed");
    (head.parse().expect("a head"), moved.parse().expect("a number"))
}

#[test]
fn five_hundred_commands_beside_the_daemon_lose_nothing() {
    append_when_told();
    let slow = Speed { interval_ms: 10_000, timeout_ms: 2000, retry_ms: 2000, confirm_down: 3, confirm_up: 2 };
    let home = Home::new().answering(u32::try_from(LINES).expect("small"), 43).speed(slow);
    let daemon = home.start();
    daemon.await_log("observation.sighted");

    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= COMMANDS {
                return done;
            }
            done.push((number, run_command(&home.store, number)));
        }
    };
    let done: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no command failed")).collect()
    });
    let finished = clock::elapsed().0;
    let end = home.reader().snapshot().expect("a snapshot").head();
    let asked = AtomicUsize::new(0);
    daemon.until("the daemon has followed", || {
        asked.store(usize::try_from(clock::elapsed().0 - finished).expect("forward"), Ordering::Relaxed);
        let records = daemon.metric("linewatch_journal_records_total").unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        if records >= end.seq as f64 { Ok(()) } else { Err(format!("{records} of {}", end.seq)) }
    });
    // When the question was asked that was answered with all of them.
    let followed = asked.into_inner();
    assert!(followed <= 1000, "the daemon knew them only after {followed} ms");
    assert_eq!(daemon.stop().code, Some(0));

    let records = home.records();
    for (number, (head, _)) in &done {
        let record = &records[usize::try_from(head.seq).expect("small") - 1];
        assert_eq!((record.seq, record.author.as_str()), (head.seq, format!("command-{number}").as_str()));
    }
    assert_eq!(records.iter().filter(|record| record.author.starts_with("command-")).count(), COMMANDS);
    let ever = Span::new(Timestamp::MIN, Timestamp::MAX);
    let lines = home.reader().snapshot().expect("a snapshot").lines(None, ever).expect("lines");
    let in_force = lines.iter().filter(|row| row.until.is_none());
    let mut notes: Vec<usize> = in_force
        .flat_map(|row| row.line.note.split(' ').filter_map(|number| number.parse().ok()).collect::<Vec<_>>())
        .collect();
    notes.sort_unstable();
    assert_eq!(notes, (0..COMMANDS).collect::<Vec<_>>(), "no note was overwritten by another command");
    let end = home.verified();
    let folded = home.run(&["journal", "rebuild"]);
    assert!(folded.status.success(), "{}", String::from_utf8_lossy(&folded.stdout));
    let moved: usize = done.iter().map(|(_, (_, moved))| moved).sum();
    println!(
        "{COMMANDS} commands in processes of their own, {AT_ONCE} at once, decided again {moved} times: {} records, none lost, known to the daemon after {followed} ms",
        end.seq
    );
}

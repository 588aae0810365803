//! The journal cannot be written for a while: the disk is full, it reports errors, another process holds the database.
//! Probing goes on, the failure is shown and the records are not; when it is over they follow in order, with the edges
//! where they were, and nothing is undetermined.

mod daemon;
mod elsewhere;
mod lab;

use std::process::Command;

use daemon::{Daemon, Home, PROGRAM, Row, Speed};
use elsewhere::Filler;
use lab::{Change, Pair, Truth};
use linewatch::clock;
use linewatch_core::record::EndReason;
use linewatch_core::time::Timestamp;
use rusqlite::Connection;

/// Stamps are whole milliseconds, and a packet takes a moment from its stamp to the far end.
const SLACK_MS: i64 = 10;
const FAILING: &str = "the journal cannot be written";
/// Seconds for which the database is held, 12 unless this says otherwise; the minute is `60`.
const LOCK_SECONDS: &str = "LINEWATCH_DRILL_LOCK_SECONDS";

fn home() -> Home {
    Home::new()
        .speed(Speed::FIVEFOLD)
        .references(&["10.255.0.2"])
        .line(Row::new("T-01", "10.64.1.1"))
        .line(Row::new("T-02", "10.64.2.1"))
        .line(Row::new("S-01", "10.64.2.2"))
}

/// Whether a change that took effect at some instant between two readings can lie in `(after, until]`.
#[track_caller]
fn inside(change: &Change, after: Timestamp, until: Timestamp) {
    let (from, to) = (change.before.wall.0 - SLACK_MS, change.after.wall.0 + SLACK_MS);
    assert!(after.0 <= to && from <= until.0, "{} in [{from}, {to}] is not in ({after:?}, {until:?}]", change.what);
}

fn sent(pair: &Pair, daemon: &Daemon) -> f64 {
    let series = r#"linewatch_line_probes_sent_total{line="S-01",class="township",township=""}"#;
    pair.near.enter(|| daemon.metric(series)).expect("a counter")
}

/// Whether a line of the log tells of a failure while so many verdicts wait; it may be coloured.
fn waits(line: &str, verdicts: &str) -> bool {
    line.contains(FAILING) && line.contains("waiting") && line.rsplit(['=', 'm']).next() == Some(verdicts)
}

/// Cuts and mends a line between `break_it` and `mend_it`, and looks at what is shown meanwhile and recorded after.
fn an_outage_while_nothing_can_be_written(
    pair: &Pair,
    home: &Home,
    command: Command,
    break_it: impl FnOnce(&Daemon),
    mend_it: impl FnOnce(&Daemon),
) {
    let mut truth = Truth::default();
    let daemon = home.start_through(command);
    daemon.await_status("all lines up", |status| status["total"]["up"] == 3);
    let (mark, before) = (daemon.mark(), home.records().len());
    break_it(&daemon);
    daemon.await_log_after(mark, FAILING);
    let sent_before = sent(pair, &daemon);
    truth.change("cut", || pair.far.nft_add("dead", "10.64.2.2"));
    // The verdict waits to be written: the log counts what waits each time it is tried again.
    daemon.await_line(mark, "one verdict waits", |line| waits(line, "1"));
    truth.change("mend", || pair.far.nft_delete("dead", "10.64.2.2"));
    daemon.await_line(mark, "two verdicts wait", |line| waits(line, "2"));

    let status = daemon.status();
    assert_eq!((&status["total"]["down"], home.records().len()), (&0.into(), before), "{status:#}");
    assert!(home.outages().is_empty() && !daemon.log().contains("outage.started"), "shown before it was recorded");
    assert!(status.to_string().contains("journal_failing") && !status["monitor"]["journal_failing"].is_null());
    let failures = pair.near.enter(|| daemon.metric("linewatch_journal_append_failures_total"));
    assert!(failures.is_some_and(|failures| failures >= 2.0), "{failures:?}");
    daemon.until("probing goes on", || {
        let now = sent(pair, &daemon);
        if now > sent_before + 5.0 { Ok(()) } else { Err(format!("{sent_before} {now}")) }
    });

    mend_it(&daemon);
    daemon.await_log_after(mark, "outage.ended");
    daemon.await_status("it is over", |status| {
        status["monitor"]["journal_failing"].is_null() && status["total"]["up"] == 3
    });
    assert_eq!(daemon.stop().code, Some(0));
    let outages = home.outages();
    let [outage] = outages.as_slice() else { panic!("one outage: {outages:?}") };
    let end = outage.end.expect("it has ended");
    assert_eq!((outage.line.as_str(), end.reason), ("S-01", EndReason::Answered));
    inside(truth.last("cut"), outage.last_reply.expect("it answered before"), outage.start);
    inside(truth.last("mend"), end.last_loss, end.first_reply);
    let gaps = home.common_gaps();
    assert_eq!((gaps.len(), home.gaps().len()), (1, 3), "nothing but the start is undetermined: {gaps:?}");
    let kinds: Vec<_> = home.records().iter().skip(before).map(|record| record.fact.kind()).collect();
    let place = |kind| kinds.iter().position(|found| *found == kind).expect(kind);
    assert!(place("outage.started") < place("outage.ended"), "{kinds:?}");
    let head = home.verified();
    println!(
        "{} failures to write; 1 outage cut and mended meanwhile, recorded afterwards; {} records, chain valid",
        failures.unwrap_or_default(),
        head.seq
    );
}

#[test]
fn a_full_disk() {
    let Some(disk) = elsewhere::small_disk("a_full_disk", "3m") else { return };
    lab::run(|| {
        let (pair, mut home, mut filler) = (Pair::new(), home(), None);
        home.store = disk.join("journal.db");
        let command = pair.near.command(PROGRAM);
        let full = std::cell::RefCell::new(&mut filler);
        an_outage_while_nothing_can_be_written(
            &pair,
            &home,
            command,
            |_| **full.borrow_mut() = Some(Filler::new(&disk)),
            |_| full.borrow_mut().take().expect("full").remove(),
        );
    });
}

#[test]
fn a_disk_that_reports_errors() {
    lab::run(|| {
        let (pair, home) = (Pair::new(), home());
        // A limit on the size of files makes every write of the database fail with an error that is not "no space".
        let limit = |daemon: &Daemon, limit: &str| {
            let pid = daemon.pid().to_string();
            let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={limit}")]).status();
            assert!(set.expect("prlimit (util-linux)").success());
        };
        let inside = pair.near.command(PROGRAM);
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(inside.get_program()).args(inside.get_args());
        an_outage_while_nothing_can_be_written(
            &pair,
            &home,
            command,
            |daemon| limit(daemon, "1:unlimited"),
            |daemon| {
                assert!(daemon.log().contains("the disk failed"), "{}", daemon.log());
                limit(daemon, "unlimited:unlimited");
            },
        );
    });
}

#[test]
fn a_database_held_by_another_process() {
    let seconds: i64 = std::env::var(LOCK_SECONDS).map_or(12, |seconds| seconds.parse().expect("seconds"));
    lab::run(|| {
        let (pair, home) = (Pair::new(), home());
        let command = pair.near.command(PROGRAM);
        let held = std::cell::Cell::new((None, 0));
        an_outage_while_nothing_can_be_written(
            &pair,
            &home,
            command,
            |_| {
                let tool = Connection::open(&home.store).expect("opens");
                tool.execute_batch("BEGIN IMMEDIATE").expect("holds the database");
                held.set((Some(tool), clock::elapsed().0));
            },
            |daemon| {
                let (tool, since) = held.take();
                let mut mark = daemon.mark();
                while clock::elapsed().0 - since < seconds * 1000 {
                    // It is tried again every few seconds, and told each time.
                    let line = daemon.await_log_after(mark, FAILING);
                    assert!(line.contains("held by another program"), "{line}");
                    mark = daemon.mark();
                }
                println!("held for {} s", (clock::elapsed().0 - since) / 1000);
                tool.expect("held").execute_batch("ROLLBACK").expect("lets go");
            },
        );
    });
}

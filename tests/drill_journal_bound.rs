//! The journal cannot be written for so long that no more may wait: judging stops and the time is undetermined, until
//! what waited is written. What reloads are answered meanwhile, and while the daemon stops.

mod daemon;
mod lab;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use daemon::{Daemon, Home, PROGRAM, Row, Speed, request};
use lab::Pair;
use linewatch_core::outcome::BlindCause;
use rusqlite::Connection;

/// Commands that may wait, as the README says.
const BOUND: usize = 10_000;
/// Lines. The first answer of each is a command, and some are written before the database is held.
const LINES: u32 = 11_500;
/// Longer than the daemon waits for the journal before it answers a reload.
const LONG: Duration = Duration::from_mins(2);

/// Another program's transaction.
fn held(home: &Home) -> Connection {
    let tool = Connection::open(&home.store).expect("opens");
    tool.busy_timeout(LONG).expect("waits for its turn");
    tool.execute_batch("BEGIN IMMEDIATE").expect("holds the database");
    tool
}

/// Orders a reload and waits for the answer as long as it takes: status and sentence.
fn order(daemon: &Daemon) -> (String, String) {
    let mut stream = TcpStream::connect(daemon.address()).expect("connects");
    stream.set_read_timeout(Some(LONG)).expect("a timeout");
    let head = "POST /-/reload?lang=en HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sends");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    (head.split(' ').nth(1).expect("a status").to_owned(), body.to_owned())
}

/// How many commands wait, by the latest line of the log that counts them.
fn waiting(line: &str) -> Option<usize> {
    let (_, count) = line.rsplit_once("waiting")?;
    count.trim_matches(|c: char| !c.is_ascii_digit()).rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Follows the log until what waits fits.
fn await_waiting(daemon: &Daemon, what: &str, fits: impl Fn(usize) -> bool) -> usize {
    let mut mark = daemon.mark();
    loop {
        let line = daemon.await_line(mark, what, |line| line.contains("the journal cannot be written"));
        mark = daemon.mark();
        match waiting(&line) {
            Some(count) if fits(count) => return count,
            other => assert!(other.is_some(), "{line}"),
        }
    }
}

#[test]
fn when_no_more_may_wait_judging_stops_until_it_is_written() {
    lab::run(|| {
        let pair = Pair::new();
        let speed = Speed { interval_ms: 5000, timeout_ms: 1000, retry_ms: 1000, confirm_down: 2, confirm_up: 2 };
        let mut home = Home::new().references(&["10.255.0.2"]).speed(speed);
        home.rows
            .extend((1..=LINES).map(|n| Row::new(&format!("L-{n:05}"), &format!("10.64.{}.{}", n / 250, n % 250 + 1))));
        let daemon = home.start_through(pair.near.command(PROGRAM));
        let tool = held(&home);
        home.rows.push(Row::new("NEW", "10.64.200.1"));
        home.write();
        let (answered, most) = std::thread::scope(|scope| {
            let answer = scope.spawn(|| pair.near.enter(|| order(&daemon)));
            let most = await_waiting(&daemon, "the bound", |count| count >= BOUND);
            // Nobody judges now: a line that is cut and mended leaves no trace.
            pair.far.nft_add("dead", "10.64.1.1");
            let again = await_waiting(&daemon, "once more", |count| count >= BOUND);
            assert!(again < BOUND + 100, "{most}, then {again}: what waits goes on growing");
            (answer.join().expect("answered"), most)
        });
        assert_eq!(answered.0, "202", "{answered:?}");
        assert!(answered.1.starts_with("checked, but the journal cannot be written now"), "{answered:?}");
        await_waiting(&daemon, "still", |count| count >= BOUND);
        pair.far.nft_delete("dead", "10.64.1.1");
        assert!(home.outages().is_empty());

        tool.execute_batch("ROLLBACK").expect("lets go");
        daemon.await_log("configuration and inventory reloaded");
        let all = u64::from(LINES) + 1;
        daemon.await_status("all up", |status| {
            status["total"]["up"] == all
                && status["monitor"]["blind"].is_null()
                && status["monitor"]["journal_failing"].is_null()
        });
        assert_eq!(daemon.stop().code, Some(0));
        let gaps = home.common_gaps();
        let journal: Vec<_> = gaps.iter().filter(|gap| gap.cause == BlindCause::Journal).collect();
        let [gap] = journal.as_slice() else { panic!("one gap of the journal: {gaps:?}") };
        let length = gap.until.expect("it is over") - gap.from;
        assert!(home.outages().is_empty(), "what nobody judged is no outage: {:?}", home.outages());
        assert!(home.gaps().iter().all(|gap| gap.until.is_some()), "every line was seen again");
        let head = home.verified();
        println!(
            "{most} commands waited; {} ms undetermined with the cause journal; {} records, chain valid",
            length.0, head.seq
        );
    });
}

#[test]
fn while_it_stops_a_reload_is_told_so() {
    lab::run(|| {
        let home = Home::new().answering(3, 89);
        let daemon = home.start();
        daemon.await_status("all up", |status| status["total"]["up"] == 3);
        let tool = held(&home);
        let (early, late) = std::thread::scope(|scope| {
            // Waits for the journal when the stop comes, or comes after it.
            let early = scope.spawn(|| order(&daemon));
            daemon.signal("TERM");
            daemon.await_log("stopping: writing what waits");
            let late = request(daemon.address(), "POST", "/-/reload?lang=en", "").expect("an answer");
            (early.join().expect("answered"), late)
        });
        for (status, said) in [early, (late.status.to_string(), late.body)] {
            assert_eq!((status.as_str(), said.as_str()), ("503", "starting or stopping, try again soon\n"));
        }
        tool.execute_batch("ROLLBACK").expect("lets go");
        assert_eq!(daemon.ended().code, Some(0));
        home.verified();
    });
}

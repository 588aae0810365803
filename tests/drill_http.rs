//! HTTP clients that stall, drip, send garbage or do not read: the daemon keeps probing, answers the others at once,
//! and its descriptors are bounded.

mod daemon;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

use daemon::{Daemon, Home, PATIENCE};
use linewatch::clock;
use linewatch::web::CONNECTIONS;

const CLIENTS: usize = 1000;
/// Descriptors of a daemon that serves nobody; the rest is connections.
const OWN_DESCRIPTORS: usize = 64;
/// Beside the connections: one that waits for its place, and the store opened for a moment.
const PASSING: usize = 16;

/// What a bad client says before it stalls.
fn words(number: usize) -> Vec<u8> {
    match number % 8 {
        0 => Vec::new(),
        1 => b"GET /metr".to_vec(),
        2 => b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ".to_vec(),
        // A TLS client's first bytes.
        3 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        4 => (0..4096).map(|n| (n * 7 + number).to_le_bytes()[0]).collect(),
        5 => [b"GET / HTTP/1.1\r\nX-Long: ".to_vec(), vec![b'a'; 64 * 1024]].concat(),
        6 => b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc".to_vec(),
        // Asks for much, again and again, and never reads.
        _ => b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".repeat(30),
    }
}

fn bad_client(address: SocketAddr, number: usize) -> TcpStream {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).expect("connects");
    stream.set_write_timeout(Some(Duration::from_millis(20))).expect("a socket");
    // Being hung up on, or not being read, is what a bad client has to expect.
    let _ = stream.write_all(&words(number));
    if number.is_multiple_of(5) {
        let _ = stream.shutdown(Shutdown::Write);
    }
    stream
}

fn descriptors(daemon: &Daemon) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", daemon.pid())).expect("a process").count()
}

/// Milliseconds until a page is there.
fn answer_time(daemon: &Daemon, path: &str) -> i64 {
    let begun = clock::elapsed().0;
    assert_eq!(daemon.get(path).status, 200, "{path}");
    clock::elapsed().0 - begun
}

/// Enough descriptors for this process; the daemon keeps the limit it would have.
fn permit_many_descriptors() {
    let pid = std::process::id().to_string();
    let set = Command::new("prlimit").args(["--pid", &pid, "--nofile=4096:"]).status();
    assert!(set.expect("prlimit (util-linux)").success(), "4096 descriptors are permitted (ulimit -Hn)");
}

#[test]
fn a_thousand_bad_clients_hold_nothing_up() {
    let home = Home::new().answering(100, 44);
    let daemon = home.start();
    daemon.await_status("all up", |status| status["total"]["up"] == 100);
    permit_many_descriptors();
    let before = descriptors(&daemon);
    assert!(before < OWN_DESCRIPTORS, "{before}");
    let sent = sent(&daemon);

    let (mut clients, mut slowest, mut most) = (Vec::new(), 0, 0);
    for number in 0..CLIENTS {
        clients.push(bad_client(daemon.address(), number));
        if number % 50 == 49 {
            slowest = slowest.max(answer_time(&daemon, "/-/healthy")).max(answer_time(&daemon, "/metrics"));
            most = most.max(descriptors(&daemon));
        }
    }
    assert!(most <= before + CONNECTIONS + PASSING, "{most} descriptors, {before} before");
    assert!(slowest < 2000, "an honest client waited {slowest} ms");
    daemon.until("probing goes on", || {
        let now = self::sent(&daemon);
        if now > sent + 300.0 { Ok(()) } else { Err(format!("{sent} {now}")) }
    });
    let status = daemon.status();
    assert_eq!(status["total"]["up"], 100, "{status:#}");
    assert_eq!(home.count("outage.started"), 0);

    // Whoever says nothing is hung up on, without a flood of others.
    let closed = clients.iter_mut().rev().take(CONNECTIONS / 2).map(is_closed).filter(|closed| *closed).count();
    assert_eq!(closed, CONNECTIONS / 2);
    drop(clients);
    daemon.until("the descriptors are back", || {
        let now = descriptors(&daemon);
        if now <= before + 2 { Ok(()) } else { Err(format!("{now}, {before} before")) }
    });
    assert_eq!(daemon.stop().code, Some(0));
    home.verified();
    println!(
        "{CLIENTS} bad clients: at most {most} descriptors, {before} of them its own, honest ones answered within {slowest} ms, probing went on"
    );
}

fn sent(daemon: &Daemon) -> f64 {
    let answer = daemon.get("/metrics");
    let counters = answer.body.lines().filter(|line| line.starts_with("linewatch_line_probes_sent_total{"));
    counters.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

/// Reads to the end; whether there is one in time.
fn is_closed(client: &mut TcpStream) -> bool {
    client.set_read_timeout(Some(PATIENCE)).expect("a socket");
    let mut block = [0; 8 * 1024];
    loop {
        match client.read(&mut block) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

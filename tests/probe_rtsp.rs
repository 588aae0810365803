//! Probes by RTSP: a status line is a reply, whatever status; everything else a server can do is a loss.

mod lab;

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use lab::{Pair, Prober, Server, is_reply};
use linewatch::probe::SocketKind;
use linewatch_core::outcome::{LossCause, Outcome};
use socket2::SockRef;

const TIMEOUT_MS: u64 = 600;
const HOSTS: [&str; 2] = ["10.64.0.1", "fd00:64::1"];

/// What a server does with a connection, and what must come of it: `None` is a reply.
type Case = (&'static str, fn(TcpStream), Option<LossCause>);

/// Reads the request, answers with these bytes, stays until the client goes.
fn answer(mut connection: TcpStream, bytes: &[u8]) {
    Server::request(&mut connection);
    // The client may have had enough before the end.
    let _ = connection.write_all(bytes);
    Server::until_gone(connection);
}

fn byte_by_byte(mut connection: TcpStream, bytes: &[u8]) {
    connection.set_nodelay(true).unwrap();
    Server::request(&mut connection);
    for byte in bytes {
        let _ = connection.write_all(&[*byte]);
    }
    Server::until_gone(connection);
}

fn reset(connection: &TcpStream) {
    SockRef::from(connection).set_linger(Some(Duration::ZERO)).unwrap();
}

fn cases() -> Vec<Case> {
    use LossCause::{Closed, NotRtsp, Timeout};
    vec![
        ("200", |it| answer(it, b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: DESCRIBE\r\n\r\n"), None),
        ("401", |it| answer(it, b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n"), None),
        ("404", |it| answer(it, b"RTSP/1.0 404 Stream Not Found\r\nCSeq: 1\r\n\r\n"), None),
        ("454", |it| answer(it, b"RTSP/1.0 454 Session Not Found\r\n\r\n"), None),
        ("505", |it| answer(it, b"RTSP/1.0 505 RTSP Version Not Supported\r\n\r\n"), None),
        ("version 2.0", |it| answer(it, b"RTSP/2.0 200 OK\r\nCSeq: 1\r\n\r\n"), None),
        ("byte by byte", |it| byte_by_byte(it, b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"), None),
        ("the status line alone", |it| answer(it, b"RTSP/1.0 200 OK\r\n"), None),
        (
            "200, then the end",
            |mut it| {
                Server::request(&mut it);
                it.write_all(b"RTSP/1.0 200 OK\r\n\r\n").unwrap();
            },
            None,
        ),
        ("HTTP", |it| answer(it, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), Some(NotRtsp)),
        ("garbage", |it| answer(it, b"\x00\xff\x16\x03\x01 nonsense"), Some(NotRtsp)),
        ("a version unheard of", |it| answer(it, b"RTSP/9.9 200 OK\r\n"), Some(NotRtsp)),
        ("no number", |it| answer(it, b"RTSP/1.0 OK\r\n"), Some(NotRtsp)),
        ("garbage byte by byte", |it| byte_by_byte(it, b"RTSP/1.0 2x0 OK\r\n"), Some(NotRtsp)),
        ("a million bytes", |it| answer(it, &[b"RTSP/1.0 200 ".as_slice(), &[b'A'; 1 << 20]].concat()), Some(NotRtsp)),
        ("a million bytes of garbage", |it| answer(it, &[b'\n'; 1 << 20]), Some(NotRtsp)),
        (
            "an echo of the request",
            |mut it| {
                let request = Server::request(&mut it);
                it.write_all(request.as_bytes()).unwrap();
                Server::until_gone(it);
            },
            Some(NotRtsp),
        ),
        ("closed at once", drop, Some(Closed)),
        ("reset at once", |it| reset(&it), Some(Closed)),
        (
            "closed after the request",
            |mut it| {
                Server::request(&mut it);
            },
            Some(Closed),
        ),
        (
            "reset after the request",
            |mut it| {
                Server::request(&mut it);
                reset(&it);
            },
            Some(Closed),
        ),
        (
            "closed within the line",
            |mut it| {
                Server::request(&mut it);
                it.write_all(b"RTSP/1.0 200 O").unwrap();
            },
            Some(Closed),
        ),
        (
            "says no more",
            |it| {
                it.shutdown(Shutdown::Write).unwrap();
                Server::until_gone(it);
            },
            Some(Closed),
        ),
        ("never answers", Server::until_gone, Some(Timeout)),
        ("never ends the line", |it| answer(it, b"RTSP/1.0 200 OK"), Some(Timeout)),
        (
            "too late",
            |mut it| {
                Server::request(&mut it);
                let probe = Duration::from_millis(TIMEOUT_MS + 200);
                // Nothing more comes from the client but its end; this is how long it is waited for.
                it.set_read_timeout(Some(probe)).unwrap();
                Server::request(&mut it);
                let _ = it.write_all(b"RTSP/1.0 200 OK\r\n\r\n");
            },
            Some(Timeout),
        ),
    ]
}

#[test]
fn a_status_line_is_a_reply_and_nothing_else_is() {
    lab::run(|| {
        let pair = Pair::new();
        let cases = cases();
        let servers: Vec<Server> =
            (8000..).zip(&cases).map(|(port, (_, rule, _))| Server::start(&pair.far, port, *rule)).collect();
        for host in HOSTS {
            let lines: Vec<String> = (8000..).zip(&cases).map(|(port, _)| format!("rtsp:{port} {host}")).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let rounds = pair.near.enter(|| {
                let mut prober = Prober::open(SocketKind::Raw).unwrap();
                while !is_reply(&prober.probe(host, 500)) {}
                // What one probe left behind must not answer the next.
                [prober.probe_all(&lines, TIMEOUT_MS), prober.probe_all(&lines, TIMEOUT_MS)]
            });
            for ((name, _, expected), outcome) in cases.iter().zip(&rounds[0]).chain(cases.iter().zip(&rounds[1])) {
                let fits = expected.map_or(is_reply(outcome), |cause| *outcome == Outcome::Loss(cause));
                assert!(fits, "{name} at {host}: {outcome:?}, not {expected:?}");
            }
        }
        drop(servers);
    });
}

#[test]
fn a_port_that_is_closed_or_filtered_is_a_loss() {
    lab::run(|| {
        let pair = Pair::new();
        pair.far.nft(
            "table inet firewall {
             chain in {
               type filter hook input priority -10;
               tcp dport 1001 drop
               tcp dport 1002 reject with tcp reset
               tcp dport 1003 reject with icmpx type port-unreachable
               tcp dport 1004 tcp flags & syn == 0 reject with icmpx type host-unreachable
             }
           }",
        );
        let expected = [
            (1000, LossCause::Closed),
            (1001, LossCause::Timeout),
            (1002, LossCause::Closed),
            (1003, LossCause::PortUnreachable),
            // The request is rejected, not the SYN: TCP repeats it until time is up.
            (1004, LossCause::Timeout),
        ];
        let half_way = Server::start(&pair.far, 1004, Server::until_gone);
        pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            for host in HOSTS {
                while !is_reply(&prober.probe(host, 500)) {}
                for (port, cause) in expected {
                    let outcome = prober.probe(&format!("rtsp:{port} {host}"), TIMEOUT_MS);
                    assert_eq!(outcome, Outcome::Loss(cause), "{host} port {port}");
                }
            }
        });
        drop(half_way);
    });
}

#[test]
fn the_request_is_one_that_every_server_knows() {
    lab::run(|| {
        let pair = Pair::new();
        let (told, requests) = mpsc::channel();
        let server = Server::start(&pair.far, 554, move |mut connection| {
            told.send(Server::request(&mut connection)).unwrap();
            connection.write_all(b"RTSP/1.0 200 OK\r\n\r\n").unwrap();
            Server::until_gone(connection);
        });
        pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            for host in HOSTS {
                while !is_reply(&prober.probe(&format!("rtsp:554 {host}"), 500)) {}
            }
        });
        drop(server);
        let requests: Vec<String> = requests.iter().collect();
        for (request, uri) in
            [(requests.first(), "rtsp://10.64.0.1:554/"), (requests.last(), "rtsp://[fd00:64::1]:554/")]
        {
            let agent = format!("linewatch/{}", env!("CARGO_PKG_VERSION"));
            let right = format!("OPTIONS {uri} RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: {agent}\r\n\r\n");
            assert_eq!(request, Some(&right));
        }
    });
}

#[test]
fn the_delay_is_that_of_the_request() {
    lab::run(|| {
        let pair = Pair::new();
        let slow = Server::start(&pair.far, 554, |mut connection| {
            Server::request(&mut connection);
            connection.set_read_timeout(Some(Duration::from_millis(150))).unwrap();
            // A device that thinks for so long.
            Server::request(&mut connection);
            connection.write_all(b"RTSP/1.0 200 OK\r\n\r\n").unwrap();
            Server::until_gone(connection);
        });
        let outcome = pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            while !is_reply(&prober.probe("10.64.0.1", 500)) {}
            prober.probe("rtsp:554 10.64.0.1", 2000)
        });
        drop(slow);
        let Outcome::Reply { rtt_us } = outcome else { panic!("{outcome:?}") };
        assert!((140_000..1_000_000).contains(&rtt_us), "{rtt_us} µs");
    });
}

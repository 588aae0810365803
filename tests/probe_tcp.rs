//! Probes by TCP handshake: SYN-ACK and RST of the line's own are replies, and nothing else is.

mod lab;

use std::fs;
use std::net::{IpAddr, TcpListener};

use lab::{Namespace, Pair, Prober, SynAnswer, SynResponder, flag, is_reply};
use linewatch::probe::SocketKind;
use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};

const TIMEOUT_MS: u64 = 400;

/// What a line answers to a SYN, and what must come of it.
struct Case {
    name: &'static str,
    answers: Vec<SynAnswer>,
    expected: Expected,
}

#[derive(Clone, Copy, Debug)]
enum Expected {
    ReplyNotBefore(u32),
    Loss(LossCause),
}

impl Expected {
    fn fits(self, outcome: Outcome) -> bool {
        match (self, outcome) {
            (Self::ReplyNotBefore(earliest), Outcome::Reply { rtt_us }) => (earliest..400_000).contains(&rtt_us),
            (Self::Loss(expected), Outcome::Loss(cause)) => expected == cause,
            _ => false,
        }
    }
}

fn cases(v6: bool) -> Vec<Case> {
    use Expected::{Loss, ReplyNotBefore};
    use LossCause::{
        HostUnreachable, NetUnreachable, OtherUnreachable, PortUnreachable, Prohibited, TimeExceeded, Timeout,
    };
    use SynAnswer::{CorruptChecksum, From, Rst, SynAck, WrongAcknowledgement};
    let from: IpAddr = if v6 { "fd00:9::9" } else { "10.9.9.9" }.parse().unwrap();
    let other: IpAddr = if v6 { "fd00:9::200" } else { "10.9.0.200" }.parse().unwrap();
    let (accept, refuse) = (flag::SYN | flag::ACK, flag::RST | flag::ACK);
    let pick = |v4: (u8, u8), v6_codes: (u8, u8)| if v6 { v6_codes } else { v4 };
    let error = |v4, v6_codes| {
        let (kind, code) = pick(v4, v6_codes);
        SynAnswer::Error { kind, code, from }
    };
    let forged = |v4, v6_codes| {
        let (kind, code) = pick(v4, v6_codes);
        SynAnswer::ForgedError { kind, code, from }
    };
    let case = |name, answers, expected| Case { name, answers, expected };
    vec![
        case("silence", vec![], Loss(Timeout)),
        case("SYN-ACK", vec![SynAck(0)], ReplyNotBefore(0)),
        case("RST", vec![Rst(0)], ReplyNotBefore(0)),
        case("slow SYN-ACK", vec![SynAck(100)], ReplyNotBefore(99_000)),
        case("slow RST", vec![Rst(100)], ReplyNotBefore(99_000)),
        case("SYN-ACK, then RST", vec![SynAck(0), Rst(0)], ReplyNotBefore(0)),
        case("too late", vec![SynAck(600)], Loss(Timeout)),
        case("SYN-ACK from another address", vec![From(other, accept)], Loss(Timeout)),
        case("RST from another address", vec![From(other, refuse)], Loss(Timeout)),
        case("RST from another address, then the line", vec![From(other, refuse), Rst(50)], ReplyNotBefore(49_000)),
        case("RST for another SYN", vec![WrongAcknowledgement(refuse)], Loss(Timeout)),
        case("RST without acknowledgement", vec![WrongAcknowledgement(flag::RST)], Loss(Timeout)),
        case("SYN-ACK for another SYN", vec![WrongAcknowledgement(accept)], Loss(Timeout)),
        case("plain ACK", vec![WrongAcknowledgement(flag::ACK)], Loss(Timeout)),
        case("wrong checksum", vec![CorruptChecksum(accept), CorruptChecksum(refuse)], Loss(Timeout)),
        case("net unreachable", vec![error((3, 0), (1, 0))], Loss(NetUnreachable)),
        case("host unreachable", vec![error((3, 1), (1, 3))], Loss(HostUnreachable)),
        case("port unreachable", vec![error((3, 3), (1, 4))], Loss(PortUnreachable)),
        case("prohibited", vec![error((3, 13), (1, 1))], Loss(Prohibited)),
        case("time exceeded", vec![error((11, 0), (3, 0))], Loss(TimeExceeded)),
        case("parameter problem", vec![error((12, 0), (4, 0))], Loss(OtherUnreachable)),
        case("port unreachable, forged", vec![forged((3, 3), (1, 4))], Loss(Timeout)),
        case("forged, then RST", vec![forged((3, 3), (1, 4)), Rst(50)], ReplyNotBefore(49_000)),
        // Linux gives a connection up for such an error; see the probe module.
        case("port unreachable, then RST", vec![error((3, 3), (1, 4)), Rst(50)], Loss(PortUnreachable)),
    ]
}

/// The address of the line that behaves like a case.
fn line(v6: bool, case: usize) -> String {
    if v6 { format!("fd00:9::1:{case:x}") } else { format!("10.9.1.{case}") }
}

fn every_case(v6: bool) {
    let near = Namespace::new("near");
    let of_address: Vec<(IpAddr, Vec<SynAnswer>)> =
        cases(v6).into_iter().enumerate().map(|(at, case)| (line(v6, at).parse().unwrap(), case.answers)).collect();
    let networks: &[&str] = if v6 { &["fd00:9::/64"] } else { &["10.9.0.0/16"] };
    let responder = SynResponder::start(&near, "tcp", networks, move |syn| {
        let known = of_address.iter().find(|(address, _)| *address == syn.destination);
        known.map(|(_, answers)| answers.clone()).unwrap_or_default()
    });
    let cases = cases(v6);
    let lines: Vec<String> = (0..cases.len()).map(|case| format!("tcp:8554 {}", line(v6, case))).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let outcomes = near.enter(|| Prober::open(SocketKind::Raw).unwrap().probe_all(&lines, TIMEOUT_MS));
    for (case, outcome) in cases.iter().zip(outcomes) {
        assert!(case.expected.fits(outcome), "{} (IPv6 {v6}): {outcome:?}, not {:?}", case.name, case.expected);
    }
    let seen = responder.seen();
    let of_port = seen.iter().filter(|segment| segment.destination_port == 8554).count();
    assert!(of_port >= cases.len(), "{of_port} segments");
}

#[test]
fn only_the_lines_own_answer_is_a_reply_over_ipv4() {
    lab::run(|| every_case(false));
}

#[test]
fn only_the_lines_own_answer_is_a_reply_over_ipv6() {
    lab::run(|| every_case(true));
}

#[test]
fn four_thousand_answers_and_errors_of_one_errno_are_told_apart() {
    lab::run(|| {
        let near = Namespace::new("near");
        // Odd hosts refuse; a router says of even ones that their port is unreachable.
        let refuses = |host: &IpAddr| matches!(host, IpAddr::V4(host) if host.octets()[3] % 2 == 1);
        let responder = SynResponder::start(&near, "tcp", &["10.9.0.0/16"], move |syn| {
            let error = SynAnswer::Error { kind: 3, code: 3, from: "10.9.9.9".parse().unwrap() };
            vec![if refuses(&syn.destination) { SynAnswer::Rst(0) } else { error }]
        });
        let lines: Vec<String> = (0..400).map(|line| format!("tcp:80 10.9.{}.{}", line / 200, line % 200)).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut told = [0, 0];
        near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            for _ in 0..10 {
                for (line, outcome) in (0..400).zip(prober.probe_all(&lines, 5000)) {
                    let right = if line % 2 == 1 {
                        is_reply(&outcome)
                    } else {
                        outcome == Outcome::Loss(LossCause::PortUnreachable)
                    };
                    assert!(right, "{}: {outcome:?}", lines[line]);
                    told[line % 2] += 1;
                }
            }
        });
        println!("{} losses and {} replies of one errno", told[0], told[1]);
        assert_eq!(told, [2000, 2000]);
        drop(responder);
    });
}

/// Rules in the far namespace: what a firewall makes of a port.
const FIREWALL: &str = "
table inet firewall {
  chain in {
    type filter hook input priority -10;
    tcp dport 1001 drop
    tcp dport 1002 reject with tcp reset
    tcp dport 1003 reject with icmpx type port-unreachable
    tcp dport 1004 reject with icmpx type host-unreachable
    tcp dport 1005 reject with icmpx type admin-prohibited
    tcp dport 1006 reject with icmpx type no-route
  }
}";

#[test]
fn kernels_and_their_firewalls_answer_over_both_versions() {
    lab::run(|| {
        let pair = Pair::new();
        pair.far.nft(FIREWALL);
        let lost = |cause| Some(Outcome::Loss(cause));
        let listener = pair.far.enter(|| TcpListener::bind("[::]:1000").unwrap());
        let expected = [
            (1000, None),
            (1001, lost(LossCause::Timeout)),
            (1002, None),
            (1003, lost(LossCause::PortUnreachable)),
            (1004, lost(LossCause::HostUnreachable)),
            (1005, lost(LossCause::Prohibited)),
            (1006, lost(LossCause::NetUnreachable)),
            // Nobody listens, nobody forbids.
            (1007, None),
        ];
        for host in ["10.64.0.1", "fd00:64::1"] {
            let lines: Vec<String> = expected.iter().map(|(port, _)| format!("tcp:{port} {host}")).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let outcomes = pair.near.enter(|| {
                let mut prober = Prober::open(SocketKind::Raw).unwrap();
                // The neighbours learn of each other first.
                while !is_reply(&prober.probe(host, 500)) {}
                prober.probe_all(&lines, TIMEOUT_MS)
            });
            for ((port, expected), outcome) in expected.into_iter().zip(outcomes) {
                let fits = expected.map_or(is_reply(&outcome), |expected| expected == outcome);
                assert!(fits, "{host} port {port}: {outcome:?}, not {expected:?}");
            }
        }
        drop(listener);
    });
}

#[test]
fn the_device_sees_a_syn_and_a_rst_and_its_program_nothing() {
    lab::run(|| {
        let pair = Pair::new();
        let listener = pair.far.enter(|| TcpListener::bind("[::]:1000").unwrap());
        listener.set_nonblocking(true).unwrap();
        pair.far.nft(
            "table inet seen {
               counter syn {}
               counter rst {}
               counter other {}
               chain in {
                 type filter hook input priority -10;
                 tcp flags & (syn | ack | rst | fin) == syn counter name syn accept
                 tcp flags & rst == rst counter name rst accept
                 meta l4proto tcp counter name other accept
               }
             }",
        );
        let open = pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            for probe in 0..50 {
                let host = ["tcp:1000 10.64.0.1", "tcp:1000 fd00:64::1"][probe % 2];
                let outcome = prober.probe(host, 2000);
                assert!(is_reply(&outcome), "{outcome:?}");
            }
            let tables =
                ["tcp", "tcp6"].map(|table| fs::read_to_string(format!("/proc/thread-self/net/{table}")).unwrap());
            tables.iter().map(|table| table.lines().count() - 1).sum::<usize>()
        });
        assert_eq!(open, 0, "connections left over, TIME_WAIT included");
        let accepted = listener.accept().map(|(_, from)| from);
        assert!(accepted.is_err(), "the program behind the port got a connection from {accepted:?}");
        for (counter, packets) in [("syn", 50), ("rst", 50), ("other", 0)] {
            let text = pair.far.run(&format!("nft list counter inet seen {counter}"));
            assert!(text.contains(&format!("packets {packets} ")), "{text}");
        }
    });
}

#[test]
fn local_errors_are_unsent_except_host_unreachable() {
    lab::run(|| {
        let pair = Pair::new();
        pair.near.run("ip route add prohibit 10.65.0.0/24");
        pair.near.run("ip route add unreachable 10.65.1.0/24");
        pair.near.run("ip -6 route add unreachable fd00:65:1::/64");
        pair.near.nft("table inet own { chain out { type filter hook output priority 0; ip daddr 10.64.0.9 drop; }; }");
        let expected = [
            ("tcp:80 10.65.0.1", Outcome::Unsent(UnsentCause::NoPermission)),
            ("tcp:80 10.65.1.1", Outcome::Loss(LossCause::HostUnreachable)),
            ("tcp:80 fd00:65:1::1", Outcome::Loss(LossCause::HostUnreachable)),
            ("tcp:80 192.0.2.1", Outcome::Unsent(UnsentCause::NoRoute)),
            ("rtsp:554 192.0.2.1", Outcome::Unsent(UnsentCause::NoRoute)),
            ("tcp:80 2001:db8::1", Outcome::Unsent(UnsentCause::NoRoute)),
            ("tcp:80 no-such-host.invalid", Outcome::Unsent(UnsentCause::Unresolved)),
            // A rule of our own machine that drops what it sends: Linux tells TCP nothing of it.
            ("tcp:80 10.64.0.9", Outcome::Loss(LossCause::Timeout)),
        ];
        pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            for (address, outcome) in expected {
                assert_eq!(prober.probe(address, 300), outcome, "{address}");
            }
            while !is_reply(&prober.probe("tcp:80 10.64.0.1", 500)) {}
            pair.cut();
            assert_eq!(prober.probe("tcp:80 10.64.0.1", 300), Outcome::Unsent(UnsentCause::NoRoute));
            pair.mend();
            while !is_reply(&prober.probe("tcp:80 10.64.0.1", 500)) {}
            while !is_reply(&prober.probe("tcp:80 localhost", 500)) {}
        });
    });
}

#[test]
fn a_link_local_line_is_probed_through_its_interface() {
    lab::run(|| {
        let pair = Pair::new();
        pair.far.run("ip address add fe80::64/64 dev wire nodad");
        pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            while !is_reply(&prober.probe("tcp:80 fe80::64%wire", 500)) {}
        });
    });
}

#[test]
fn an_engine_that_stops_ends_its_connections() {
    lab::run(|| {
        let pair = Pair::new();
        pair.far.nft(FIREWALL);
        pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            let silent = prober.target("tcp:1001 10.64.0.1");
            (0..50).for_each(|_| prober.send(silent, 60_000));
            let results = prober.stop();
            assert_eq!(results.len(), 50);
            assert!(results.iter().all(|result| matches!(result.outcome, Outcome::Unsent(_))), "{results:?}");
        });
    });
}

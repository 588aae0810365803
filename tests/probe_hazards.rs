//! Only the line's own answer is a reply: a responder on a TUN device answers as no kernel would, over IPv4 and
//! IPv6, to raw and to datagram sockets.

mod lab;

use std::collections::HashSet;
use std::net::IpAddr;

use lab::{Answer, Namespace, Prober, Responder, is_reply};
use linewatch::probe::{OpenKind, SocketKind};
use linewatch_core::outcome::{LossCause, Outcome};

const ROUTER_V4: &str = "10.9.9.9";
const ROUTER_V6: &str = "fd00:9::9";
const KINDS: [SocketKind; 2] = [SocketKind::Raw, SocketKind::Datagram];
const TIMEOUT_MS: u64 = 400;

/// What a line answers to its first request, and what must come of it.
struct Case {
    name: &'static str,
    answers: Vec<Answer>,
    expected: Expected,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Expected {
    Reply,
    ReplyNotBefore(u32),
    Loss(LossCause),
}

impl Expected {
    fn fits(self, outcome: Outcome) -> bool {
        match (self, outcome) {
            (Self::Reply, Outcome::Reply { .. }) => true,
            (Self::ReplyNotBefore(earliest), Outcome::Reply { rtt_us }) => rtt_us >= earliest,
            (Self::Loss(expected), Outcome::Loss(cause)) => expected == cause,
            _ => false,
        }
    }
}

/// Everything lab experience warns of, for one IP version.
fn cases(v6: bool) -> Vec<Case> {
    use Expected::{Loss, Reply, ReplyNotBefore};
    use LossCause::{HostUnreachable, NetUnreachable, PortUnreachable, Prohibited, TimeExceeded, Timeout};
    let from: IpAddr = if v6 { ROUTER_V6 } else { ROUTER_V4 }.parse().unwrap();
    let other: IpAddr = if v6 { "fd00:9::200" } else { "10.9.0.200" }.parse().unwrap();
    let error = |v4: (u8, u8), v6_codes: (u8, u8)| {
        let (kind, code) = if v6 { v6_codes } else { v4 };
        Answer::Error { kind, code, from }
    };
    let (kind, code) = if v6 { (1, 3) } else { (3, 1) };
    let unreachable = || Answer::Error { kind, code, from };
    let redirect = || error((5, 1), (137, 0));
    let hostile = || (0..40_usize).map(|length| Answer::Bytes(hostile_packet(v6, length))).collect::<Vec<_>>();
    let case = |name, answers, expected| Case { name, answers, expected };
    vec![
        case("silence", vec![], Loss(Timeout)),
        case("a right reply", vec![Answer::Reply], Reply),
        case("a slow reply", vec![Answer::Late(100)], ReplyNotBefore(99_000)),
        case("a reply three times", vec![Answer::Reply, Answer::Reply, Answer::Late(20)], Reply),
        case("another address", vec![Answer::From(other)], Loss(Timeout)),
        case("another address, then the line's", vec![Answer::From(other), Answer::Late(30)], ReplyNotBefore(29_000)),
        case("another identifier", vec![Answer::WrongIdentifier], Loss(Timeout)),
        case("an old sequence number", vec![Answer::Stale(1), Answer::Stale(2)], Loss(Timeout)),
        case("another payload", vec![Answer::CorruptPayload], Loss(Timeout)),
        case("a wrong checksum", vec![Answer::CorruptChecksum], Loss(Timeout)),
        case("a wrong checksum, then a reply", vec![Answer::CorruptChecksum, Answer::Late(30)], ReplyNotBefore(29_000)),
        case("truncated", vec![Answer::Truncated(8)], Loss(Timeout)),
        case("nothing but a header", vec![Answer::Truncated(56)], Loss(Timeout)),
        case("padded", vec![Answer::Padded(8)], Loss(Timeout)),
        case("redirect", vec![redirect()], Loss(Timeout)),
        case("redirect, then the reply", vec![redirect(), Answer::Late(50)], ReplyNotBefore(49_000)),
        case("net unreachable", vec![error((3, 0), (1, 0))], Loss(NetUnreachable)),
        case("host unreachable", vec![unreachable()], Loss(HostUnreachable)),
        case("port unreachable", vec![error((3, 3), (1, 4))], Loss(PortUnreachable)),
        case("prohibited", vec![error((3, 13), (1, 1))], Loss(Prohibited)),
        case("time exceeded", vec![error((11, 0), (3, 0))], Loss(TimeExceeded)),
        case("an error, then the reply", vec![unreachable(), Answer::Late(50)], ReplyNotBefore(49_000)),
        case("an error about a UDP packet", vec![Answer::ErrorAboutUdp { kind, code, from }], Loss(Timeout)),
        case("an error with a wrong checksum", vec![Answer::CorruptError { kind, code, from }], Loss(Timeout)),
        case("hostile packets", hostile(), Loss(Timeout)),
        case("hostile packets and a reply", [hostile(), vec![Answer::Late(30)]].concat(), ReplyNotBefore(29_000)),
    ]
}

/// IP headers that lie about what follows, echo replies and errors of every short length.
fn hostile_packet(v6: bool, length: usize) -> Vec<u8> {
    let types: &[u8] = if v6 { &[129, 1, 2, 3, 4, 137] } else { &[0, 3, 4, 5, 11, 12] };
    let mut icmp = vec![0xff; length];
    if let Some(kind) = icmp.first_mut() {
        *kind = types[length % types.len()];
    }
    let mut packet = if v6 {
        let mut header = vec![0x60, 0, 0, 0, 0, u8::try_from(length).unwrap(), 58, 64];
        header.extend("fd00:9::9".parse::<std::net::Ipv6Addr>().unwrap().octets());
        header.extend("fd00:255:1::1".parse::<std::net::Ipv6Addr>().unwrap().octets());
        header
    } else {
        let mut header = vec![0x45, 0, 0, u8::try_from(20 + length).unwrap(), 0, 0, 0, 0, 64, 1, 0, 0];
        header.extend([10, 9, 9, 9, 10, 255, 1, 1]);
        let sum: u32 = header.chunks(2).map(|half| u32::from(half[0]) << 8 | u32::from(half[1])).sum();
        let folded = !u16::try_from((sum & 0xffff) + (sum >> 16)).unwrap();
        header[10..12].copy_from_slice(&folded.to_be_bytes());
        header
    };
    packet.extend(icmp);
    packet
}

/// The address of the line that behaves like a case.
fn line(v6: bool, case: usize) -> String {
    if v6 { format!("fd00:9::1:{case:x}") } else { format!("10.9.1.{case}") }
}

fn every_case(v6: bool) {
    for kind in KINDS {
        let near = Namespace::new("near");
        near.permit_datagram();
        let answers: Vec<Vec<Answer>> = cases(v6).into_iter().map(|case| case.answers).collect();
        let responder = Responder::start(&near, "tun0", &["10.9.0.0/16", "fd00:9::/64"], move |echo| {
            let case = match echo.destination {
                IpAddr::V4(address) => address.octets()[3].into(),
                IpAddr::V6(address) => usize::from(address.segments()[7]),
            };
            answers[case].clone()
        });
        let cases = cases(v6);
        let lines: Vec<String> = (0..cases.len()).map(|case| line(v6, case)).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (first, second, health) = near.enter(|| {
            let mut prober = Prober::open(kind).unwrap();
            let first = prober.probe_all(&lines, TIMEOUT_MS);
            let second = prober.probe_all(&lines, TIMEOUT_MS);
            (first, second, prober.engine.health())
        });
        for (case, outcomes) in cases.iter().zip(first.iter().zip(&second)) {
            for outcome in [outcomes.0, outcomes.1] {
                assert!(case.expected.fits(*outcome), "{kind:?}, {}: {outcome:?}", case.name);
            }
        }
        assert_eq!(responder.seen().len(), 2 * cases.len(), "one packet for each request");
        assert_eq!(health.dropped, 0, "{kind:?}: what the filter rejects must not count as our own drops");
        assert_eq!(health.reopened, 0, "{kind:?}: the receiver survived it all");
    }
}

#[test]
fn only_an_echo_reply_from_the_lines_own_address_is_a_reply() {
    lab::run(|| every_case(false));
}

#[test]
fn only_an_echo_reply_from_the_lines_own_address_is_a_reply_over_ipv6() {
    lab::run(|| every_case(true));
}

#[test]
fn a_late_reply_answers_no_later_request() {
    lab::run(|| {
        for kind in KINDS {
            let near = Namespace::new("near");
            near.permit_datagram();
            // The first request is answered while the second waits; the second never is.
            let _responder =
                Responder::start(&near, "tun0", &["10.9.0.0/16", "fd00:9::/64"], |echo| match echo.number {
                    0 => vec![Answer::Late(300)],
                    _ => vec![],
                });
            for address in ["10.9.0.1", "fd00:9::1"] {
                let outcomes = near.enter(|| {
                    let mut prober = Prober::open(kind).unwrap();
                    [prober.probe(address, 200), prober.probe(address, 400)]
                });
                assert_eq!(outcomes, [Outcome::Loss(LossCause::Timeout); 2], "{kind:?} {address}");
            }
        }
    });
}

#[test]
fn requests_to_one_address_never_share_a_number() {
    lab::run(|| {
        for kind in KINDS {
            let near = Namespace::new("near");
            near.permit_datagram();
            let responder = Responder::start(&near, "tun0", &["10.9.0.0/16"], |_| vec![Answer::Late(50)]);
            near.enter(|| {
                let mut prober = Prober::open(kind).unwrap();
                // Two spellings make two targets of one address.
                let targets = [prober.target("10.9.0.1"), prober.target("::ffff:10.9.0.1")];
                assert_ne!(targets[0], targets[1]);
                for turn in 0..400 {
                    prober.send(targets[turn % 2], 2000);
                }
                for _ in 0..400 {
                    let result = prober.result();
                    assert!(is_reply(&result.outcome), "{kind:?}: {result:?}");
                }
            });
            let seen = responder.seen();
            let numbers: HashSet<u16> = seen.iter().map(|echo| echo.sequence).collect();
            assert_eq!(numbers.len(), 400, "{kind:?}");
        }
    });
}

#[test]
fn every_socket_has_a_payload_of_its_own() {
    lab::run(|| {
        let near = Namespace::new("near");
        near.permit_datagram();
        let responder = Responder::start(&near, "tun0", &["10.9.0.0/16"], |_| vec![Answer::Reply]);
        near.enter(|| {
            for kind in [SocketKind::Raw, SocketKind::Raw, SocketKind::Datagram, SocketKind::Datagram] {
                assert!(is_reply(&Prober::open(kind).unwrap().probe("10.9.0.1", 2000)));
            }
        });
        let seen = responder.seen();
        let payloads: HashSet<&[u8]> = seen.iter().map(|echo| &echo.icmp()[8..]).collect();
        assert_eq!(payloads.len(), 4);
        assert!(payloads.iter().all(|payload| payload.len() == 56));
    });
}

#[test]
fn without_raw_sockets_there_are_replies_but_no_hints() {
    lab::run(|| {
        let near = Namespace::new("near");
        near.permit_datagram();
        let from = ROUTER_V4.parse().unwrap();
        let _responder = Responder::start(&near, "tun0", &["10.9.0.0/16"], move |echo| {
            if echo.destination == IpAddr::from([10, 9, 0, 1]) {
                vec![Answer::Reply]
            } else {
                vec![Answer::Error { kind: 3, code: 1, from }]
            }
        });
        near.enter(|| {
            lab::without_raw_sockets();
            let mut prober = Prober::open(SocketKind::Auto).unwrap();
            for socket in prober.engine.chosen_sockets() {
                assert_eq!((socket.kind, socket.hints), (OpenKind::Datagram, false));
            }
            assert!(is_reply(&prober.probe("10.9.0.1", 2000)));
            assert_eq!(prober.probe("10.9.0.2", 300), Outcome::Loss(LossCause::Timeout));
        });
    });
}

#[test]
fn engines_side_by_side_do_not_take_each_others_replies() {
    lab::run(|| {
        for kind in KINDS {
            let near = Namespace::new("near");
            near.permit_datagram();
            let _responder = Responder::start(&near, "tun0", &["10.9.0.0/16"], |echo| match echo.destination {
                IpAddr::V4(address) if address.octets()[3] == 1 => vec![Answer::Reply, Answer::Late(1)],
                _ => vec![],
            });
            near.enter(|| {
                let mut noisy = Prober::open(kind).unwrap();
                let live = noisy.target("10.9.0.1");
                for _ in 0..20 {
                    // Replies for the first engine arrive while the second opens its socket and attaches its filter.
                    (0..200).for_each(|_| noisy.send(live, 2000));
                    let mut quiet = Prober::open(kind).unwrap();
                    assert!(is_reply(&quiet.probe("10.9.0.1", 2000)), "{kind:?}");
                    assert_eq!(quiet.probe("10.9.0.2", 20), Outcome::Loss(LossCause::Timeout), "{kind:?}");
                    (0..200).for_each(|_| assert!(is_reply(&noisy.result().outcome), "{kind:?}"));
                    assert_eq!(quiet.engine.health().dropped, 0);
                }
            });
        }
    });
}

//! Our own failure is never the line's: permissions, routes, buffers, dead receivers, names.

mod lab;

use lab::{Namespace, Pair, Prober, is_reply};
use linewatch::clock;
use linewatch::language::Language;
use linewatch::probe::{Engine, EngineOptions, OpenError, OpenKind, SocketKind, Version};
use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};

const KINDS: [SocketKind; 2] = [SocketKind::Raw, SocketKind::Datagram];

fn kinds(prober: &Prober) -> Vec<(Version, OpenKind)> {
    prober.engine.chosen_sockets().iter().map(|socket| (socket.version, socket.kind)).collect()
}

#[test]
fn the_socket_is_the_one_asked_for_or_none() {
    lab::run(|| {
        let near = Namespace::new("near");
        let both = |kind| vec![(Version::V4, kind), (Version::V6, kind)];
        near.enter(|| {
            // A new namespace permits no datagram sockets.
            let refused = Prober::open(SocketKind::Datagram).err();
            assert!(matches!(refused, Some(OpenError::Permission(SocketKind::Datagram))), "{refused:?}");
            // As the daemon asks: from within its runtime, where dropping another one would panic.
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let options =
                EngineOptions { socket: SocketKind::Datagram, ..EngineOptions::new(clock::elapsed, clock::since_boot) };
            let refused = runtime.block_on(async { Engine::open(options).err() });
            assert!(matches!(refused, Some(OpenError::Permission(SocketKind::Datagram))), "{refused:?}");
            assert_eq!(kinds(&Prober::open(SocketKind::Auto).unwrap()), both(OpenKind::Raw));
            assert_eq!(kinds(&Prober::open(SocketKind::Raw).unwrap()), both(OpenKind::Raw));
        });
        near.enter(|| {
            lab::without_raw_sockets();
            for kind in [SocketKind::Auto, SocketKind::Datagram, SocketKind::Raw] {
                let refused = Prober::open(kind).err().expect("no socket is permitted");
                assert!(matches!(&refused, OpenError::Permission(asked) if *asked == kind), "{refused:?}");
                assert_eq!(refused.explain(Language::Chinese).lines().count(), 1);
            }
        });
        near.permit_datagram();
        near.enter(|| {
            assert_eq!(kinds(&Prober::open(SocketKind::Auto).unwrap()), both(OpenKind::Datagram));
            assert_eq!(kinds(&Prober::open(SocketKind::Raw).unwrap()), both(OpenKind::Raw));
            lab::without_raw_sockets();
            let refused = Prober::open(SocketKind::Raw).err();
            assert!(matches!(refused, Some(OpenError::Permission(SocketKind::Raw))), "{refused:?}");
        });
    });
}

#[test]
fn kernels_answer_over_both_versions_and_both_sockets() {
    lab::run(|| {
        let pair = Pair::new();
        pair.near.permit_datagram();
        pair.far.run("ip address add fe80::64/64 dev wire nodad");
        pair.far.nft_add("dead", "10.64.0.2");
        pair.far.nft_add("dead6", "fd00:64::2");
        pair.far.nft_add("rej", "10.64.0.3");
        pair.far.nft_add("rej6", "fd00:64::3");
        for kind in KINDS {
            let lines = [
                "10.64.0.1",
                "10.64.0.2",
                "10.64.0.3",
                "fd00:64::1",
                "fd00:64::2",
                "fd00:64::3",
                "localhost",
                "fe80::64%wire",
            ];
            let outcomes = pair.near.enter(|| {
                let mut prober = Prober::open(kind).unwrap();
                // The neighbours learn of each other, and the name is looked up, before it counts.
                while !prober
                    .probe_all(&["10.64.0.1", "fd00:64::1", "localhost", "fe80::64%wire"], 500)
                    .iter()
                    .all(is_reply)
                {}
                prober.probe_all(&lines, 500)
            });
            let (timeout, unreachable) = (Outcome::Loss(LossCause::Timeout), Outcome::Loss(LossCause::HostUnreachable));
            assert!([0, 3, 6, 7].iter().all(|up| is_reply(&outcomes[*up])), "{kind:?}: {outcomes:?}");
            assert_eq!(outcomes[1..3], [timeout, unreachable], "{kind:?}");
            assert_eq!(outcomes[4..6], [timeout, unreachable], "{kind:?}");
        }
    });
}

#[test]
fn a_large_burst_loses_nothing_and_gives_one_result_each() {
    lab::run(|| {
        let pair = Pair::new();
        pair.near.permit_datagram();
        let lines: Vec<String> = (0..2000).map(|line| format!("10.64.{}.{}", 1 + line / 250, 1 + line % 250)).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        for kind in KINDS {
            let (outcomes, health) = pair.near.enter(|| {
                let mut prober = Prober::open(kind).unwrap();
                while !is_reply(&prober.probe("10.64.0.1", 500)) {}
                (prober.probe_all(&lines, 5000), prober.engine.health())
            });
            let failed: Vec<_> = outcomes.iter().filter(|outcome| !is_reply(outcome)).collect();
            assert!(failed.is_empty(), "{kind:?}: {} of 2000, first {:?}", failed.len(), failed[0]);
            assert_eq!(health.dropped, 0);
        }
    });
}

#[test]
fn local_errors_are_unsent_except_host_unreachable() {
    lab::run(|| {
        let pair = Pair::new();
        pair.near.permit_datagram();
        pair.near.run("ip route add prohibit 10.65.0.0/24");
        pair.near.run("ip route add unreachable 10.65.1.0/24");
        pair.near.run("ip -6 route add unreachable fd00:65:1::/64");
        pair.near.nft("table inet own { chain out { type filter hook output priority 0; ip daddr 10.64.0.9 drop; }; }");
        let expected = [
            ("10.64.0.9", Outcome::Unsent(UnsentCause::NoPermission)),
            ("10.65.0.1", Outcome::Unsent(UnsentCause::NoPermission)),
            ("10.65.1.1", Outcome::Loss(LossCause::HostUnreachable)),
            ("fd00:65:1::1", Outcome::Loss(LossCause::HostUnreachable)),
            ("192.0.2.1", Outcome::Unsent(UnsentCause::NoRoute)),
            ("2001:db8::1", Outcome::Unsent(UnsentCause::NoRoute)),
        ];
        for kind in KINDS {
            pair.near.enter(|| {
                let mut prober = Prober::open(kind).unwrap();
                for (address, outcome) in expected {
                    assert_eq!(prober.probe(address, 300), outcome, "{kind:?} {address}");
                }
                while !is_reply(&prober.probe("10.64.0.1", 500)) {}
                pair.cut();
                assert_eq!(prober.probe("10.64.0.1", 300), Outcome::Unsent(UnsentCause::NoRoute), "{kind:?}");
                pair.mend();
                while !is_reply(&prober.probe("10.64.0.1", 500)) {}
            });
        }
    });
}

#[test]
fn a_machine_without_ipv6_still_probes_over_ipv4() {
    lab::run(|| {
        let pair = Pair::new();
        pair.near.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            while !is_reply(&prober.probe("10.64.0.1", 500)) {}
            let outcome = prober.probe("fd00:64::1", 300);
            assert!(matches!(outcome, Outcome::Unsent(_)), "{outcome:?}");
        });
    });
}

#[test]
fn the_receive_buffer_is_large() {
    lab::run(|| {
        let near = Namespace::new("near");
        let limit = std::fs::read_to_string("/proc/sys/net/core/rmem_max").unwrap();
        let limit: usize = limit.trim().parse().unwrap();
        near.enter(|| {
            let prober = Prober::open(SocketKind::Raw).unwrap();
            for socket in prober.engine.chosen_sockets() {
                // The kernel doubles what is asked; without rights on the whole machine it caps it first.
                let least = (2 * EngineOptions::RECEIVE_BUFFER).min(2 * limit);
                assert!(socket.receive_buffer >= least, "{socket:?}");
            }
        });
    });
}

#[test]
fn replies_dropped_by_our_own_full_buffer_are_unsent() {
    lab::run(|| {
        let pair = Pair::new();
        pair.near.permit_datagram();
        let lines: Vec<String> = (1..=200).map(|line| format!("10.64.7.{line}")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        for socket in KINDS {
            let (outcomes, health) = pair.near.enter(|| {
                let options = EngineOptions {
                    socket,
                    receive_buffer: 4096,
                    ..EngineOptions::new(clock::elapsed, clock::since_boot)
                };
                let mut prober = Prober::with_options(options).unwrap();
                while !is_reply(&prober.probe("10.64.0.1", 500)) {}
                // A receiver that does not read for a moment: the buffer fills at once.
                prober.engine.break_receivers(true);
                (prober.probe_all(&lines, 300), prober.engine.health())
            });
            let overflow = Outcome::Unsent(UnsentCause::ReceiveOverflow);
            let others: Vec<_> = outcomes.iter().filter(|outcome| **outcome != overflow).collect();
            assert!(others.is_empty(), "{socket:?}: {others:?}");
            assert!(health.dropped > 0, "{health:?}");
        }
    });
}

#[test]
fn a_dead_receiver_is_noticed_and_replaced_and_loses_nothing() {
    lab::run(|| {
        let pair = Pair::new();
        pair.near.permit_datagram();
        for kind in KINDS {
            for hang in [true, false] {
                pair.near.enter(|| recovers(kind, hang));
            }
        }
    });
}

/// Probes two lines until the engine has noticed that its receivers are gone and works again.
fn recovers(kind: SocketKind, hang: bool) {
    let lines = ["10.64.0.1", "10.64.0.2", "fd00:64::1"];
    let mut prober = Prober::open(kind).unwrap();
    while !prober.probe_all(&lines, 500).iter().all(is_reply) {}
    prober.engine.break_receivers(hang);
    let broken = clock::elapsed();
    let mut unsent = 0;
    loop {
        let outcomes = prober.probe_all(&lines, 200);
        for outcome in &outcomes {
            assert!(!matches!(outcome, Outcome::Loss(_)), "{kind:?}, hang {hang}: {outcome:?} is our own failure");
            unsent += usize::from(*outcome == Outcome::Unsent(UnsentCause::ReceiveDead));
        }
        let took = clock::elapsed().0 - broken.0;
        if outcomes.iter().all(is_reply) && prober.engine.health().reopened >= 2 {
            break;
        }
        assert!(took < 5000, "{kind:?}, hang {hang}: not replaced within five seconds: {outcomes:?}");
    }
    assert!(!hang || unsent > 0, "a receiver that stands still leaves probes without an answer");
    assert_eq!(prober.engine.health().reopened, 2, "one socket for each version");
}

#[test]
fn a_healthy_receiver_is_never_replaced() {
    lab::run(|| {
        let pair = Pair::new();
        pair.far.nft_add("net", "10.64.9.0/24");
        pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            // Half of the lines are silent for longer than the watch's patience.
            for _ in 0..3 {
                prober.probe_all(&["10.64.9.1", "10.64.9.2", "10.64.0.1"], 1000);
            }
            assert_eq!(prober.engine.health().reopened, 0);
        });
    });
}

#[test]
fn what_cannot_be_probed_is_unsent_and_the_others_run() {
    lab::run(|| {
        let near = Namespace::new("near");
        near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            let outcomes = prober.probe_all(&["no-such-host.invalid", "127.0.0.1", "::1"], 1000);
            assert_eq!(outcomes[0], Outcome::Unsent(UnsentCause::Unresolved));
            assert!(is_reply(&outcomes[1]) && is_reply(&outcomes[2]), "{outcomes:?}");

            let assigned = prober.target("127.0.0.1");
            prober.engine.assign(assigned, None);
            for target in [assigned, 99] {
                prober.send(target, 100);
                let result = prober.result();
                assert_eq!((result.target, result.outcome), (target, Outcome::Unsent(UnsentCause::Engine)));
            }
        });
    });
}

#[test]
fn an_engine_that_stops_answers_what_is_outstanding() {
    lab::run(|| {
        let pair = Pair::new();
        pair.far.nft_add("net", "10.64.9.0/24");
        pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Raw).unwrap();
            let silent = prober.target("10.64.9.1");
            (0..50).for_each(|_| prober.send(silent, 60_000));
            let results = prober.stop();
            assert_eq!(results.len(), 50);
            assert!(results.iter().all(|result| matches!(result.outcome, Outcome::Unsent(_))), "{results:?}");
        });
    });
}

#[test]
fn a_full_queue_of_our_own_interface_is_unsent_on_datagram_sockets() {
    lab::run(|| {
        let pair = Pair::new();
        pair.near.permit_datagram();
        let lines: Vec<String> = (1..=200).map(|line| format!("10.64.7.{line}")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let outcomes = pair.near.enter(|| {
            let mut prober = Prober::open(SocketKind::Datagram).unwrap();
            while !is_reply(&prober.probe("10.64.0.1", 500)) {}
            pair.near.run("tc qdisc add dev wire root tbf rate 64kbit burst 1600 limit 3000");
            prober.probe_all(&lines, 1000)
        });
        let unsent = outcomes.iter().filter(|outcome| **outcome == Outcome::Unsent(UnsentCause::NoBuffer)).count();
        let replies = outcomes.iter().filter(|outcome| is_reply(outcome)).count();
        assert!(unsent > 100 && unsent + replies == 200, "{unsent} unsent, {replies} replies: {outcomes:?}");
    });
}

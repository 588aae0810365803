//! Packets that anybody may send us: ICMP errors that quote one of our requests, or pretend to.

mod fuzz;

use std::net::IpAddr;

use fuzz::{Edit, Tried, WITHOUT_END, bent, time};
use linewatch::probe::{Hint, read_v4, read_v6};

/// Sum of RFC 1071, in the plainest way.
fn sum(bytes: &[u8]) -> u16 {
    let mut sum = 0_u64;
    for pair in bytes.chunks(2) {
        sum += u64::from(pair[0]) * 256 + pair.get(1).copied().map_or(0, u64::from);
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    u16::try_from(sum).expect("folded")
}

/// Writes the checksum over an ICMP message that begins at `start`.
fn seal(packet: &mut [u8], start: usize) {
    if packet.len() >= start + 4 {
        packet[start + 2..start + 4].fill(0);
        let sum = !sum(&packet[start..]);
        packet[start + 2..start + 4].copy_from_slice(&sum.to_be_bytes());
    }
}

/// Host unreachable about an echo request to 10.64.0.5, identifier 0x1234, sequence 0xabcd.
fn seed_v4() -> Vec<u8> {
    let mut packet = vec![0x45; 1];
    packet.resize(20, 0);
    packet.extend([3, 1, 0, 0, 0, 0, 0, 0]);
    let mut quoted = [0; 20];
    (quoted[0], quoted[9]) = (0x45, 1);
    quoted[16..].copy_from_slice(&[10, 64, 0, 5]);
    packet.extend(quoted);
    packet.extend([8, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd]);
    seal(&mut packet, 20);
    packet
}

fn seed_v6() -> Vec<u8> {
    let mut packet = vec![1, 3, 0, 0, 0, 0, 0, 0];
    let mut quoted = [0; 40];
    (quoted[0], quoted[6], quoted[39]) = (0x60, 58, 1);
    packet.extend(quoted);
    packet.extend([128, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd]);
    packet
}

/// What an accepted packet says must stand in it.
fn check_v4(packet: &[u8]) -> bool {
    let Some(hint) = read_v4(packet) else { return false };
    let outer = usize::from(packet[0] & 0xf) * 4;
    assert_eq!(sum(&packet[outer..]), 0xffff, "a wrong checksum was accepted");
    let quoted = &packet[outer + 8..];
    assert_eq!(hint.destination, IpAddr::from(<[u8; 4]>::try_from(&quoted[16..20]).expect("four")));
    let echo = &quoted[usize::from(quoted[0] & 0xf) * 4..];
    same_numbers(hint, echo, 8);
    true
}

fn check_v6(packet: &[u8]) -> bool {
    let Some(hint) = read_v6(packet) else { return false };
    assert_eq!(hint.destination, IpAddr::from(<[u8; 16]>::try_from(&packet[32..48]).expect("sixteen")));
    same_numbers(hint, &packet[48..], 128);
    true
}

fn same_numbers(hint: Hint, echo: &[u8], request: u8) {
    assert_eq!(echo[0], request, "only requests are quoted");
    assert_eq!(hint.identifier.to_be_bytes(), echo[4..6]);
    assert_eq!(hint.sequence.to_be_bytes(), echo[6..8]);
}

#[test]
fn seeds_are_good() {
    assert!(check_v4(&seed_v4()) && check_v6(&seed_v6()));
}

#[test]
fn bent_errors() {
    let (v4, v6) = (seed_v4(), seed_v6());
    let tried = Tried::new("packets, bent ICMP errors");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<(bool, Vec<Edit>)>().for_each(
        |(sealed, edits)| {
            let mut packet = bent(&v4, edits, &["\u{8}\u{0}\u{0}\u{0}", "\u{3}\u{1}", "\u{b}\u{0}", "E", "`"]);
            if *sealed {
                let start = packet.first().map_or(0, |first| usize::from(first & 0xf) * 4);
                seal(&mut packet, start);
            }
            tried.one(check_v4(&packet));
            tried.one(check_v6(&bent(&v6, edits, &["\u{1}\u{3}", "\u{3}\u{0}", ":", "`"])));
        },
    );
    tried.say();
}

#[test]
fn any_bytes() {
    let tried = Tried::new("packets, any bytes");
    bolero::check!().with_test_time(time()).with_iterations(WITHOUT_END).with_type::<Vec<u8>>().for_each(|packet| {
        tried.one(check_v4(packet));
        tried.one(check_v6(packet));
    });
    tried.say();
}

//! ICMP errors, read strictly. They are only hints: kernels and routers limit them, anybody can forge them, and a
//! probe whose echo reply arrives in time is answered whatever a router says. A hint gives a timeout its cause.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use linewatch_core::outcome::LossCause;

/// Types of ICMP errors that are read: destination unreachable, time exceeded, parameter problem (RFC 792).
pub(super) const ERROR_TYPES_V4: [u8; 3] = [3, 11, 12];
/// Types of `ICMPv6` errors that are read: the same three (RFC 4443).
pub(super) const ERROR_TYPES_V6: [u8; 3] = [1, 3, 4];

/// Somebody on the way says why an echo request went no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// Where the quoted request was going.
    pub destination: IpAddr,
    /// Its identifier.
    pub identifier: u16,
    /// Its sequence number.
    pub sequence: u16,
    /// What the error says.
    pub cause: LossCause,
}

/// Reads an ICMP error as a raw IPv4 socket delivers it: from the IP header on, checksum not verified.
///
/// `None` for everything that is not a well-formed error about an echo request.
pub(super) fn read_v4(packet: &[u8]) -> Option<Hint> {
    let (_, icmp) = split_ipv4(packet)?;
    if icmp.len() < 8 || internet_sum(icmp) != 0xffff {
        return None;
    }
    let cause = cause_v4(icmp[0], icmp[1])?;
    let (header, echo) = split_ipv4(&icmp[8..])?;
    let fragment_offset = half(header, 6)? & 0x1fff;
    if header[9] != 1 || fragment_offset != 0 {
        return None;
    }
    let destination: [u8; 4] = header[16..20].try_into().ok()?;
    let (identifier, sequence) = echo_request(echo, 8)?;
    Some(Hint { destination: Ipv4Addr::from(destination).into(), identifier, sequence, cause })
}

/// Reads an `ICMPv6` error as a raw IPv6 socket delivers it: from the `ICMPv6` header on, checksum verified.
///
/// `None` for everything that is not a well-formed error about an echo request; our requests carry no extension
/// headers, so neither may the quoted one.
pub(super) fn read_v6(icmp: &[u8]) -> Option<Hint> {
    let cause = cause_v6(*icmp.first()?, *icmp.get(1)?)?;
    let quoted = icmp.get(8..)?;
    let (header, echo) = quoted.split_at_checked(40)?;
    if header[0] >> 4 != 6 || header[6] != 58 {
        return None;
    }
    let destination: [u8; 16] = header[24..40].try_into().ok()?;
    let (identifier, sequence) = echo_request(echo, 128)?;
    Some(Hint { destination: Ipv6Addr::from(destination).into(), identifier, sequence, cause })
}

/// IPv4 header (at least 20 bytes) and what follows it.
fn split_ipv4(packet: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = *packet.first()?;
    let length = usize::from(first & 0xf) * 4;
    if first >> 4 != 4 || length < 20 {
        return None;
    }
    packet.split_at_checked(length)
}

/// Identifier and sequence number of a quoted echo request, of which eight bytes suffice.
fn echo_request(bytes: &[u8], kind: u8) -> Option<(u16, u16)> {
    let numbers = (half(bytes, 4)?, half(bytes, 6)?);
    (bytes[0] == kind && bytes[1] == 0).then_some(numbers)
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// One's complement sum (RFC 1071); 0xffff over data with a right checksum.
fn internet_sum(bytes: &[u8]) -> u32 {
    let halves = bytes.chunks(2).map(|half| u32::from(half[0]) << 8 | u32::from(half.get(1).copied().unwrap_or(0)));
    // At most 65,535 bytes, so 32 bits cannot overflow.
    let mut sum: u32 = halves.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum
}

/// What an IPv4 error of this type and code means; `None` for what is no error.
///
/// RFC 792, RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1.
pub(super) fn cause_v4(kind: u8, code: u8) -> Option<LossCause> {
    match (kind, code) {
        (3, 0 | 6 | 11) => Some(LossCause::NetUnreachable),
        (3, 1 | 7 | 12) => Some(LossCause::HostUnreachable),
        (3, 2 | 3) => Some(LossCause::PortUnreachable),
        (3, 9 | 10 | 13 | 14 | 15) => Some(LossCause::Prohibited),
        (3 | 12, _) => Some(LossCause::OtherUnreachable),
        (11, _) => Some(LossCause::TimeExceeded),
        _ => None,
    }
}

/// What an IPv6 error of this type and code means; `None` for what is no error. RFC 4443 section 3.
pub(super) fn cause_v6(kind: u8, code: u8) -> Option<LossCause> {
    match (kind, code) {
        (1, 0) => Some(LossCause::NetUnreachable),
        (1, 1 | 5 | 6) => Some(LossCause::Prohibited),
        (1, 3) => Some(LossCause::HostUnreachable),
        (1, 4) => Some(LossCause::PortUnreachable),
        (1 | 4, _) => Some(LossCause::OtherUnreachable),
        (3, _) => Some(LossCause::TimeExceeded),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINE: Ipv4Addr = Ipv4Addr::new(10, 64, 0, 5);

    fn error_v4(kind: u8, code: u8, protocol: u8, echo: &[u8], options: usize) -> Vec<u8> {
        let mut quoted = vec![0; 20 + 4 * options];
        quoted[0] = 0x45 + u8::try_from(options).unwrap();
        quoted[9] = protocol;
        quoted[16..20].copy_from_slice(&LINE.octets());
        let mut icmp = vec![kind, code, 0, 0, 0, 0, 0, 0];
        icmp.extend(quoted);
        icmp.extend(echo);
        let sum = !u16::try_from(internet_sum(&icmp)).unwrap();
        icmp[2..4].copy_from_slice(&sum.to_be_bytes());
        let mut packet = vec![0; 20];
        packet[0] = 0x45;
        packet.extend(icmp);
        packet
    }

    fn error_v6(kind: u8, code: u8, next: u8, echo: &[u8]) -> Vec<u8> {
        let mut packet = vec![kind, code, 0, 0, 0, 0, 0, 0];
        let mut quoted = [0; 40];
        quoted[0] = 0x60;
        quoted[6] = next;
        quoted[24..40].copy_from_slice(&Ipv6Addr::LOCALHOST.octets());
        packet.extend(quoted);
        packet.extend(echo);
        packet
    }

    const ECHO: [u8; 8] = [8, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd];
    const ECHO_V6: [u8; 8] = [128, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd];

    #[test]
    fn every_code_has_its_cause() {
        use LossCause::*;
        let v4 = [
            (3, 0, NetUnreachable),
            (3, 1, HostUnreachable),
            (3, 2, PortUnreachable),
            (3, 3, PortUnreachable),
            (3, 4, OtherUnreachable),
            (3, 9, Prohibited),
            (3, 13, Prohibited),
            (11, 0, TimeExceeded),
            (12, 0, OtherUnreachable),
        ];
        for (kind, code, cause) in v4 {
            let hint = Hint { destination: LINE.into(), identifier: 0x1234, sequence: 0xabcd, cause };
            assert_eq!(read_v4(&error_v4(kind, code, 1, &ECHO, 0)), Some(hint), "type {kind} code {code}");
            assert_eq!(read_v4(&error_v4(kind, code, 1, &ECHO, 10)), Some(hint), "with options");
        }
        let v6 = [
            (1, 0, NetUnreachable),
            (1, 1, Prohibited),
            (1, 3, HostUnreachable),
            (1, 4, PortUnreachable),
            (3, 0, TimeExceeded),
            (4, 1, OtherUnreachable),
        ];
        for (kind, code, cause) in v6 {
            let destination = Ipv6Addr::LOCALHOST.into();
            let hint = Hint { destination, identifier: 0x1234, sequence: 0xabcd, cause };
            assert_eq!(read_v6(&error_v6(kind, code, 58, &ECHO_V6)), Some(hint), "type {kind} code {code}");
        }
    }

    #[test]
    fn what_is_not_an_error_about_an_echo_request_is_nothing() {
        assert_eq!(read_v4(&error_v4(5, 1, 1, &ECHO, 0)), None, "redirect");
        assert_eq!(read_v4(&error_v4(0, 0, 1, &ECHO, 0)), None, "echo reply");
        assert_eq!(read_v4(&error_v4(3, 1, 17, &ECHO, 0)), None, "quotes UDP");
        assert_eq!(read_v4(&error_v4(3, 1, 1, &[0, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd], 0)), None, "quotes a reply");
        assert_eq!(read_v4(&error_v4(3, 1, 1, &ECHO[..7], 0)), None, "one byte short");
        let mut fragment = error_v4(3, 1, 1, &ECHO, 0);
        fragment[20 + 8 + 7] = 1;
        fragment[20 + 3] = fragment[20 + 3].wrapping_sub(1);
        assert_eq!(read_v4(&fragment), None, "quotes a later fragment");
        assert_eq!(read_v6(&error_v6(1, 3, 17, &ECHO_V6)), None, "quotes UDP");
        assert_eq!(read_v6(&error_v6(1, 3, 0, &ECHO_V6)), None, "extension header");
        assert_eq!(read_v6(&error_v6(137, 0, 58, &ECHO_V6)), None, "redirect");
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
            let _ = read_v4(&bytes);
            let _ = read_v6(&bytes);
        }

        #[test]
        fn every_cut_and_every_bad_checksum_is_nothing(cut in 0_usize..56, bit in 0_usize..36 * 8) {
            let packet = error_v4(3, 1, 1, &ECHO, 0);
            prop_assert_eq!(read_v4(&packet[..cut.min(packet.len() - 1)]), None);
            let v6 = error_v6(1, 3, 58, &ECHO_V6);
            prop_assert_eq!(read_v6(&v6[..cut.min(v6.len() - 1)]), None);
            let mut corrupted = packet.clone();
            corrupted[20 + bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(read_v4(&corrupted), None);
        }
    }
}

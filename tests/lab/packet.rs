//! Building and reading the few packets the lab needs, from bytes alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An echo request as it arrived.
#[derive(Clone, Debug)]
pub struct Echo {
    /// Who asks.
    pub source: IpAddr,
    /// Who is asked.
    pub destination: IpAddr,
    /// Identifier of the request.
    pub identifier: u16,
    /// Sequence number of the request.
    pub sequence: u16,
    /// Position among the requests to this address, from zero.
    pub number: u32,
    /// The whole packet from the IP header on.
    pub packet: Vec<u8>,
}

impl Echo {
    /// Reads a packet; `None` unless it is an echo request without extension headers.
    pub fn read(packet: &[u8]) -> Option<Self> {
        let (source, destination, icmp): (IpAddr, IpAddr, &[u8]) = match packet.first()? >> 4 {
            4 if packet.len() >= 28 && packet[9] == 1 => {
                let at = usize::from(packet[0] & 0xf) * 4;
                (v4(&packet[12..16]), v4(&packet[16..20]), packet.get(at..)?)
            }
            6 if packet.len() >= 48 && packet[6] == 58 => (v6(&packet[8..24]), v6(&packet[24..40]), &packet[40..]),
            _ => return None,
        };
        let request = if source.is_ipv4() { 8 } else { 128 };
        if icmp.len() < 8 || icmp[0] != request {
            return None;
        }
        let half = |at: usize| u16::from_be_bytes([icmp[at], icmp[at + 1]]);
        Some(Self { source, destination, identifier: half(4), sequence: half(6), number: 0, packet: packet.to_vec() })
    }

    /// The ICMP part: header and payload.
    pub fn icmp(&self) -> &[u8] {
        &self.packet[if self.source.is_ipv4() { usize::from(self.packet[0] & 0xf) * 4 } else { 40 }..]
    }

    /// The ICMP part of a right reply, checksum still to be made by [`wrap`].
    pub fn reply(&self) -> Vec<u8> {
        let mut icmp = self.icmp().to_vec();
        icmp[0] = if self.source.is_ipv4() { 0 } else { 129 };
        icmp
    }
}

/// An IP packet around an ICMP message, whose checksum is set right.
pub fn wrap(source: IpAddr, destination: IpAddr, mut icmp: Vec<u8>) -> Vec<u8> {
    icmp[2..4].fill(0);
    let length = u16::try_from(icmp.len()).expect("a small packet");
    let (mut header, pseudo) = match (source, destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => (ipv4(source, destination, 1, length), Vec::new()),
        (IpAddr::V6(source), IpAddr::V6(destination)) => {
            let mut pseudo = [source.octets(), destination.octets()].concat();
            pseudo.extend([0, 0]);
            pseudo.extend(length.to_be_bytes());
            pseudo.extend([0, 0, 0, 58]);
            (ipv6(source, destination, 58, length), pseudo)
        }
        _ => panic!("{source} and {destination} are not of one IP version"),
    };
    let sum = checksum(&[pseudo, icmp.clone()].concat());
    icmp[2..4].copy_from_slice(&sum.to_be_bytes());
    header.extend(icmp);
    header
}

/// An ICMP error that quotes a packet.
pub fn error(kind: u8, code: u8, rest: [u8; 4], quoted: &[u8]) -> Vec<u8> {
    let mut icmp = vec![kind, code, 0, 0];
    icmp.extend(rest);
    icmp.extend(quoted);
    icmp
}

/// A UDP packet that carries an echo's identifier and sequence number where an ICMP packet would.
pub fn udp_lookalike(echo: &Echo) -> Vec<u8> {
    let mut packet = echo.packet.clone();
    packet[if echo.source.is_ipv4() { 9 } else { 6 }] = 17;
    if echo.source.is_ipv4() {
        packet[10..12].fill(0);
        let sum = checksum(&packet[..20]);
        packet[10..12].copy_from_slice(&sum.to_be_bytes());
    }
    packet
}

pub(super) fn ipv4(source: Ipv4Addr, destination: Ipv4Addr, protocol: u8, payload: u16) -> Vec<u8> {
    let mut header = vec![0x45, 0];
    header.extend((payload + 20).to_be_bytes());
    header.extend([0, 0, 0, 0, 64, protocol, 0, 0]);
    header.extend(source.octets());
    header.extend(destination.octets());
    let sum = checksum(&header);
    header[10..12].copy_from_slice(&sum.to_be_bytes());
    header
}

pub(super) fn ipv6(source: Ipv6Addr, destination: Ipv6Addr, next: u8, payload: u16) -> Vec<u8> {
    let mut header = vec![0x60, 0, 0, 0];
    header.extend(payload.to_be_bytes());
    header.extend([next, 64]);
    header.extend(source.octets());
    header.extend(destination.octets());
    header
}

pub(super) fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u32 =
        bytes.chunks(2).map(|half| u32::from(half[0]) << 8 | u32::from(half.get(1).copied().unwrap_or(0))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).expect("folded")
}

fn v4(bytes: &[u8]) -> IpAddr {
    <[u8; 4]>::try_from(bytes).expect("four bytes").into()
}

fn v6(bytes: &[u8]) -> IpAddr {
    <[u8; 16]>::try_from(bytes).expect("sixteen bytes").into()
}

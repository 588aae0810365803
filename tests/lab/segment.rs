//! Building and reading TCP segments, from bytes alone.

use std::net::IpAddr;

use super::packet;

/// The flags of a segment that matter here.
pub mod flag {
    pub const FIN: u8 = 1;
    pub const SYN: u8 = 2;
    pub const RST: u8 = 4;
    pub const ACK: u8 = 16;
}

/// A segment as it arrived.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Who sends it.
    pub source: IpAddr,
    /// To whom.
    pub destination: IpAddr,
    /// From which port.
    pub source_port: u16,
    /// To which port.
    pub destination_port: u16,
    /// Sequence number.
    pub sequence: u32,
    /// See [`flag`].
    pub flags: u8,
    /// The whole packet from the IP header on.
    pub packet: Vec<u8>,
}

impl Segment {
    /// Reads a packet; `None` unless it is TCP without extension headers.
    pub fn read(packet: &[u8]) -> Option<Self> {
        let (source, destination, tcp): (IpAddr, IpAddr, &[u8]) = match packet.first()? >> 4 {
            4 if packet.len() >= 40 && packet[9] == 6 => {
                let address = |at: usize| <[u8; 4]>::try_from(&packet[at..at + 4]).map(IpAddr::from);
                (address(12).ok()?, address(16).ok()?, packet.get(usize::from(packet[0] & 0xf) * 4..)?)
            }
            6 if packet.len() >= 60 && packet[6] == 6 => {
                let address = |at: usize| <[u8; 16]>::try_from(&packet[at..at + 16]).map(IpAddr::from);
                (address(8).ok()?, address(24).ok()?, &packet[40..])
            }
            _ => return None,
        };
        let half = |at: usize| u16::from_be_bytes([tcp[at], tcp[at + 1]]);
        Some(Self {
            source,
            destination,
            source_port: half(0),
            destination_port: half(2),
            sequence: u32::from(half(4)) << 16 | u32::from(half(6)),
            flags: tcp[13],
            packet: packet.to_vec(),
        })
    }

    /// A segment back from an address, with these flags, acknowledging the number given.
    pub fn answer(&self, from: IpAddr, flags: u8, acknowledged: u32) -> Vec<u8> {
        let mut tcp = Vec::new();
        tcp.extend(self.destination_port.to_be_bytes());
        tcp.extend(self.source_port.to_be_bytes());
        tcp.extend(7000_u32.to_be_bytes());
        tcp.extend(acknowledged.to_be_bytes());
        tcp.extend([5 << 4, flags, 0x40, 0, 0, 0, 0, 0]);
        let length = u16::try_from(tcp.len()).expect("20 bytes");
        let (mut header, addresses) = match (from, self.source) {
            (IpAddr::V4(from), IpAddr::V4(to)) => {
                (packet::ipv4(from, to, 6, length), [from.octets(), to.octets()].concat())
            }
            (IpAddr::V6(from), IpAddr::V6(to)) => {
                (packet::ipv6(from, to, 6, length), [from.octets(), to.octets()].concat())
            }
            (from, to) => panic!("{from} and {to} are not of one IP version"),
        };
        let pseudo = [addresses, vec![0, 6], length.to_be_bytes().to_vec(), tcp.clone()].concat();
        tcp[16..18].copy_from_slice(&packet::checksum(&pseudo).to_be_bytes());
        header.extend(tcp);
        header
    }

    /// The packet with another sequence number, as somebody would quote it who never saw it.
    pub fn guessed(&self) -> Vec<u8> {
        let mut packet = self.packet.clone();
        let tcp = if self.source.is_ipv4() { 20 } else { 40 };
        packet[tcp + 4] ^= 0x55;
        packet
    }
}

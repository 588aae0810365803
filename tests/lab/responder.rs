//! A TUN device behind which a rule decides what comes back.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs::File;
use std::io::{Read, Write};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use linewatch::clock;

use super::packet::{self, Echo};
use super::{Namespace, sys};

/// One packet that comes back; a rule returns any number of them.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A right reply.
    Reply,
    /// A right reply, this many milliseconds later.
    Late(u32),
    /// A right reply from another address.
    From(IpAddr),
    /// A right reply with another identifier.
    WrongIdentifier,
    /// A reply to the sequence number this far before the request's (stale).
    Stale(u16),
    /// A reply whose payload differs in one bit, checksum right.
    CorruptPayload,
    /// A reply whose checksum is wrong.
    CorruptChecksum,
    /// A reply that lost its last bytes, IP length and checksum right.
    Truncated(usize),
    /// A reply with that many bytes more, IP length and checksum right.
    Padded(usize),
    /// The ICMP error (or redirect) of this type and code, quoting the request, from this address.
    Error { kind: u8, code: u8, from: IpAddr },
    /// The same, but with its checksum wrong.
    CorruptError { kind: u8, code: u8, from: IpAddr },
    /// The same, quoting a UDP packet with the request's numbers in the same place.
    ErrorAboutUdp { kind: u8, code: u8, from: IpAddr },
    /// These very bytes, from the IP header on.
    Bytes(Vec<u8>),
}

/// A TUN device `name` in a namespace; the device goes when this is dropped.
pub struct Responder {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    seen: Arc<Mutex<Vec<Echo>>>,
}

impl Responder {
    /// Makes the device, routes these networks to it and starts answering by the rule.
    pub fn start(
        namespace: &Namespace,
        name: &str,
        networks: &[&str],
        rule: impl FnMut(&Echo) -> Vec<Answer> + Send + 'static,
    ) -> Self {
        let device = tun(namespace, name, networks);
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let mut work = Work { device, rule, seen: Arc::clone(&seen), asked: HashMap::new(), later: BinaryHeap::new() };
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                work.turn();
            }
        });
        Self { stop, thread: Some(thread), seen }
    }

    /// Every echo request that arrived so far.
    pub fn seen(&self) -> Vec<Echo> {
        self.seen.lock().expect("the responder's thread panicked").clone()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
            && !thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

/// Makes the device of a responder and routes these networks to it.
pub(super) fn tun(namespace: &Namespace, name: &str, networks: &[&str]) -> File {
    let device = namespace.enter(|| sys::open_tun(name)).expect("opening /dev/net/tun (module tun, CAP_NET_ADMIN)");
    namespace.run(&format!("ip address replace 10.255.1.1/32 dev {name}"));
    namespace.run(&format!("ip address replace fd00:255:1::1/128 dev {name} nodad"));
    namespace.run(&format!("ip link set {name} up txqueuelen 20000"));
    for network in networks {
        let family = if network.contains(':') { "-6" } else { "-4" };
        namespace.run(&format!("ip {family} route replace {network} dev {name}"));
    }
    device
}

struct Work<R> {
    device: File,
    rule: R,
    seen: Arc<Mutex<Vec<Echo>>>,
    asked: HashMap<IpAddr, u32>,
    /// Packets to be sent later, by the boot clock in milliseconds.
    later: BinaryHeap<Reverse<(i64, Vec<u8>)>>,
}

impl<R: FnMut(&Echo) -> Vec<Answer>> Work<R> {
    /// Sends what is due and answers what has arrived.
    fn turn(&mut self) {
        let now = clock::elapsed().0;
        while self.later.peek().is_some_and(|Reverse((due, _))| *due <= now) {
            if let Some(Reverse((_, packet))) = self.later.pop() {
                self.put(&packet);
            }
        }
        let wait = self.later.peek().map_or(50, |Reverse((due, _))| (due - now).clamp(0, 50));
        if !sys::wait_readable(&self.device, i32::try_from(wait).unwrap_or(50)) {
            return;
        }
        let mut packet = [0; 2048];
        while let Ok(length) = self.device.read(&mut packet) {
            let Some(mut echo) = Echo::read(&packet[..length]) else { continue };
            let asked = self.asked.entry(echo.destination).or_default();
            echo.number = *asked;
            *asked += 1;
            for answer in (self.rule)(&echo) {
                let delay = if let Answer::Late(delay) = answer { i64::from(delay) } else { 0 };
                let packet = build(&echo, answer);
                if delay == 0 {
                    self.put(&packet);
                } else {
                    self.later.push(Reverse((clock::elapsed().0 + delay, packet)));
                }
            }
            self.seen.lock().expect("no holder panics").push(echo);
        }
    }

    fn put(&mut self, packet: &[u8]) {
        // A device that is down loses packets, as devices do.
        let _ = self.device.write(packet);
    }
}

fn build(echo: &Echo, answer: Answer) -> Vec<u8> {
    let back = |icmp: Vec<u8>| packet::wrap(echo.destination, echo.source, icmp);
    let mut reply = echo.reply();
    match answer {
        Answer::Reply | Answer::Late(_) => back(reply),
        Answer::From(source) => packet::wrap(source, echo.source, reply),
        Answer::WrongIdentifier => {
            reply[4..6].copy_from_slice(&echo.identifier.wrapping_add(1).to_be_bytes());
            back(reply)
        }
        Answer::Stale(by) => {
            reply[6..8].copy_from_slice(&echo.sequence.wrapping_sub(by).to_be_bytes());
            back(reply)
        }
        Answer::CorruptPayload => {
            reply[40] ^= 4;
            back(reply)
        }
        Answer::CorruptChecksum => spoil_checksum(echo, back(reply)),
        Answer::Truncated(by) => {
            reply.truncate(reply.len() - by);
            back(reply)
        }
        Answer::Padded(by) => {
            reply.resize(reply.len() + by, 0);
            back(reply)
        }
        Answer::Error { kind, code, from } => packet::wrap(from, echo.source, error(echo, kind, code, &echo.packet)),
        Answer::CorruptError { kind, code, from } => {
            spoil_checksum(echo, packet::wrap(from, echo.source, error(echo, kind, code, &echo.packet)))
        }
        Answer::ErrorAboutUdp { kind, code, from } => {
            packet::wrap(from, echo.source, error(echo, kind, code, &packet::udp_lookalike(echo)))
        }
        Answer::Bytes(bytes) => bytes,
    }
}

/// A redirect names a gateway in its second word (any will do); errors leave it zero.
fn error(echo: &Echo, kind: u8, code: u8, quoted: &[u8]) -> Vec<u8> {
    let rest = if echo.source.is_ipv4() && kind == 5 { [10, 255, 1, 9] } else { [0; 4] };
    packet::error(kind, code, rest, quoted)
}

fn spoil_checksum(echo: &Echo, mut packet: Vec<u8>) -> Vec<u8> {
    let icmp = if echo.source.is_ipv4() { 20 } else { 40 };
    packet[icmp + 2] ^= 0x10;
    packet
}

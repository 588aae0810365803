//! A TUN device behind which a rule decides what comes back for a SYN.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{Read, Write};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use linewatch::clock;

use super::segment::{Segment, flag};
use super::{Namespace, packet, responder, sys};

/// One packet that comes back for a SYN; a rule returns any number of them.
#[derive(Clone, Debug)]
pub enum SynAnswer {
    /// A right SYN-ACK, this many milliseconds later.
    SynAck(u32),
    /// A right RST, this many milliseconds later.
    Rst(u32),
    /// A right SYN-ACK or RST (these flags) from another address.
    From(IpAddr, u8),
    /// These flags, acknowledging something that was never sent.
    WrongAcknowledgement(u8),
    /// These flags, checksum wrong.
    CorruptChecksum(u8),
    /// The ICMP error of this type and code, quoting the SYN, from this address.
    Error { kind: u8, code: u8, from: IpAddr },
    /// The same, quoting a SYN that was never sent: a wrong sequence number.
    ForgedError { kind: u8, code: u8, from: IpAddr },
}

/// A TUN device `name` in a namespace; the device goes when this is dropped.
pub struct SynResponder {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    seen: Arc<Mutex<Vec<Segment>>>,
}

impl SynResponder {
    /// Makes the device, routes these networks to it and starts answering by the rule.
    pub fn start(
        namespace: &Namespace,
        name: &str,
        networks: &[&str],
        rule: impl Fn(&Segment) -> Vec<SynAnswer> + Send + 'static,
    ) -> Self {
        let device = responder::tun(namespace, name, networks);
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let mut work = Work { device, rule, seen: Arc::clone(&seen), later: BinaryHeap::new() };
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                work.turn();
            }
        });
        Self { stop, thread: Some(thread), seen }
    }

    /// Every segment that arrived so far.
    pub fn seen(&self) -> Vec<Segment> {
        self.seen.lock().expect("the responder's thread panicked").clone()
    }
}

impl Drop for SynResponder {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
            && !thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

struct Work<R> {
    device: File,
    rule: R,
    seen: Arc<Mutex<Vec<Segment>>>,
    /// Packets to be sent later, by the boot clock in milliseconds.
    later: BinaryHeap<Reverse<(i64, Vec<u8>)>>,
}

impl<R: Fn(&Segment) -> Vec<SynAnswer>> Work<R> {
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
            let Some(segment) = Segment::read(&packet[..length]) else { continue };
            self.seen.lock().expect("no holder panics").push(segment.clone());
            if segment.flags & (flag::SYN | flag::ACK) != flag::SYN {
                continue;
            }
            for answer in (self.rule)(&segment) {
                match build(&segment, &answer) {
                    (0, packet) => self.put(&packet),
                    (delay, packet) => self.later.push(Reverse((clock::elapsed().0 + delay, packet))),
                }
            }
        }
    }

    fn put(&mut self, packet: &[u8]) {
        // A device that is down loses packets, as devices do.
        let _ = self.device.write(packet);
    }
}

/// The packet, and after how many milliseconds it goes.
fn build(syn: &Segment, answer: &SynAnswer) -> (i64, Vec<u8>) {
    let (line, next) = (syn.destination, syn.sequence.wrapping_add(1));
    match *answer {
        SynAnswer::SynAck(delay) => (delay.into(), syn.answer(line, flag::SYN | flag::ACK, next)),
        SynAnswer::Rst(delay) => (delay.into(), syn.answer(line, flag::RST | flag::ACK, next)),
        SynAnswer::From(other, flags) => (0, syn.answer(other, flags, next)),
        SynAnswer::WrongAcknowledgement(flags) => (0, syn.answer(line, flags, next.wrapping_add(99))),
        SynAnswer::CorruptChecksum(flags) => {
            let mut packet = syn.answer(line, flags, next);
            let last = packet.len() - 3;
            packet[last] ^= 0x10;
            (0, packet)
        }
        SynAnswer::Error { kind, code, from } => (0, error(syn, kind, code, from, &syn.packet)),
        SynAnswer::ForgedError { kind, code, from } => (0, error(syn, kind, code, from, &syn.guessed())),
    }
}

fn error(syn: &Segment, kind: u8, code: u8, from: IpAddr, quoted: &[u8]) -> Vec<u8> {
    packet::wrap(from, syn.source, packet::error(kind, code, [0; 4], quoted))
}

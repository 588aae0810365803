//! The classic BPF program that stands in front of the pinging library: the kernel hands over echo replies to our
//! own requests and nothing else.
//!
//! The library believes whatever arrives: it takes ICMP errors for answers, lets a redirect use up the waiting
//! request, and looks neither at the payload nor at the checksum. So none of that may reach it. A packet passes if
//! it is an echo reply of code 0 with our identifier, exactly our length and our payload, which is random and
//! constant for the life of a socket. On a raw IPv4 socket the checksum is verified too, because there the kernel
//! delivers before it verifies; on the others the kernel verifies first. Sequence number and source address vary
//! and are compared by the library.

use socket2::SockFilter;

/// Length of the payload of a request, bytes: the usual size of ping(8), 64 bytes of ICMP in all.
pub(super) const PAYLOAD_LENGTH: usize = 56;
/// Length of the ICMP echo header, bytes.
const HEADER_LENGTH: u32 = 8;
/// Verdict of the program: take the whole packet.
const ACCEPT: u32 = u32::MAX;
/// Verdict of the program: as if it had never come. The kernel does not count it as a drop.
const REJECT: u32 = 0;

/// Where the data of a packet begin as a socket's filter sees them, and what the kernel has checked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Raw IPv4: at the IP header, checksum not yet verified.
    RawV4,
    /// Datagram IPv4: at the ICMP header, checksum verified.
    DatagramV4,
    /// IPv6 of both kinds: at the `ICMPv6` header, checksum verified.
    V6,
}

/// One instruction of classic BPF (see `linux/filter.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    code: u32,
    jump_true: u8,
    jump_false: u8,
    operand: u32,
}

impl From<Instruction> for SockFilter {
    fn from(instruction: Instruction) -> Self {
        // All codes are below 0x100.
        let code = u16::try_from(instruction.code).unwrap_or(u16::MAX);
        Self::new(code, instruction.jump_true, instruction.jump_false, instruction.operand)
    }
}

/// Loads a half word or word at the ICMP header (index register) plus an offset.
const LOAD_HALF: u32 = libc::BPF_LD | libc::BPF_H | libc::BPF_IND;
const LOAD_WORD: u32 = libc::BPF_LD | libc::BPF_W | libc::BPF_IND;
const LOAD_LENGTH: u32 = libc::BPF_LD | libc::BPF_W | libc::BPF_LEN;
const INDEX_IP_HEADER: u32 = libc::BPF_LDX | libc::BPF_B | libc::BPF_MSH;
const INDEX_CONSTANT: u32 = libc::BPF_LDX | libc::BPF_IMM;
const INDEX_MEMORY: u32 = libc::BPF_LDX | libc::BPF_MEM;
const STORE: u32 = libc::BPF_ST;
const INDEX_FROM_ACCUMULATOR: u32 = libc::BPF_MISC | libc::BPF_TAX;
const ACCUMULATOR_FROM_INDEX: u32 = libc::BPF_MISC | libc::BPF_TXA;
const ADD_INDEX: u32 = libc::BPF_ALU | libc::BPF_ADD | libc::BPF_X;
const ADD: u32 = libc::BPF_ALU | libc::BPF_ADD | libc::BPF_K;
const SUBTRACT_INDEX: u32 = libc::BPF_ALU | libc::BPF_SUB | libc::BPF_X;
const AND: u32 = libc::BPF_ALU | libc::BPF_AND | libc::BPF_K;
const SHIFT_RIGHT: u32 = libc::BPF_ALU | libc::BPF_RSH | libc::BPF_K;
const JUMP_EQUAL: u32 = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
const RETURN: u32 = libc::BPF_RET | libc::BPF_K;

/// The program for one socket.
pub(super) fn program(view: View, identifier: u16, payload: &[u8; PAYLOAD_LENGTH]) -> Vec<Instruction> {
    let (index, first_half) = match view {
        View::RawV4 => (INDEX_IP_HEADER, 0x0000),
        View::DatagramV4 => (INDEX_CONSTANT, 0x0000),
        View::V6 => (INDEX_CONSTANT, 0x8100),
    };
    let mut program = Program::default();
    program.step(index, 0);
    program.step(LOAD_LENGTH, 0);
    program.step(SUBTRACT_INDEX, 0);
    program.require(HEADER_LENGTH + u32::try_from(PAYLOAD_LENGTH).unwrap_or(u32::MAX));
    program.step(LOAD_HALF, 0);
    program.require(first_half);
    program.step(LOAD_HALF, 4);
    program.require(identifier.into());
    for (offset, word) in (HEADER_LENGTH..).step_by(4).zip(payload.chunks_exact(4)) {
        program.step(LOAD_WORD, offset);
        program.require(word.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)));
    }
    if view == View::RawV4 {
        program.require_checksum(constant_sum(identifier, payload));
    }
    program.finish()
}

/// The one's complement sum of what never changes in an echo reply of ours (RFC 1071).
fn constant_sum(identifier: u16, payload: &[u8]) -> u32 {
    let halves = payload.chunks_exact(2).map(|half| u32::from(half[0]) << 8 | u32::from(half[1]));
    let mut sum = u32::from(identifier) + halves.sum::<u32>();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum
}

/// A program under construction; its requirements jump to the rejecting last instruction.
#[derive(Default)]
struct Program(Vec<Instruction>);

impl Program {
    fn step(&mut self, code: u32, operand: u32) {
        self.0.push(Instruction { code, jump_true: 0, jump_false: 0, operand });
    }

    /// Rejects the packet unless the accumulator has this value.
    fn require(&mut self, value: u32) {
        self.step(JUMP_EQUAL, value);
    }

    /// Rejects the packet unless checksum, sequence number and the constant rest add up to 0xffff. The index
    /// register is lost, so this comes last.
    fn require_checksum(&mut self, constant: u32) {
        self.step(LOAD_HALF, 2);
        self.step(STORE, 0);
        self.step(LOAD_HALF, 6);
        self.step(INDEX_MEMORY, 0);
        self.step(ADD_INDEX, 0);
        self.step(ADD, constant);
        // Three numbers of 16 bits need two folds of the carry.
        self.fold();
        self.fold();
        self.require(0xffff);
    }

    fn fold(&mut self) {
        self.step(INDEX_FROM_ACCUMULATOR, 0);
        self.step(AND, 0xffff);
        self.step(STORE, 0);
        self.step(ACCUMULATOR_FROM_INDEX, 0);
        self.step(SHIFT_RIGHT, 16);
        self.step(INDEX_MEMORY, 0);
        self.step(ADD_INDEX, 0);
    }

    fn finish(mut self) -> Vec<Instruction> {
        self.step(RETURN, ACCEPT);
        let reject = self.0.len();
        self.step(RETURN, REJECT);
        for (at, instruction) in self.0.iter_mut().enumerate() {
            if instruction.code == JUMP_EQUAL {
                // Under sixty instructions in all, so the distance always fits.
                instruction.jump_false = u8::try_from(reject - at - 1).unwrap_or(u8::MAX);
            }
        }
        self.0
    }
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;

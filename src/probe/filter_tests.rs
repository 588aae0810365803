//! The program run by a small interpreter; against the kernel it is tested in `tests/probe_hazards.rs`.

use proptest::prelude::*;

use super::*;

/// Runs a program over a packet as `linux/Documentation/networking/filter.rst` describes; `true` is "accept".
fn accepts(program: &[Instruction], packet: &[u8]) -> bool {
    let (mut accumulator, mut index, mut memory, mut at) = (0_u32, 0_u32, [0_u32; 16], 0);
    let load = |offset: u32, length: usize| {
        let bytes = packet.get(offset as usize..offset as usize + length)?;
        Some(bytes.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte)))
    };
    loop {
        let Instruction { code, jump_true, jump_false, operand } = program[at];
        at += 1;
        // A load beyond the packet ends the program with "reject".
        let loaded = match code {
            LOAD_HALF => load(index + operand, 2),
            LOAD_WORD => load(index + operand, 4),
            LOAD_LENGTH => Some(u32::try_from(packet.len()).unwrap()),
            INDEX_IP_HEADER => load(operand, 1),
            _ => Some(0),
        };
        let Some(loaded) = loaded else { return false };
        match code {
            LOAD_HALF | LOAD_WORD | LOAD_LENGTH => accumulator = loaded,
            INDEX_IP_HEADER => index = 4 * (loaded & 0xf),
            INDEX_CONSTANT => index = operand,
            INDEX_MEMORY => index = memory[operand as usize],
            STORE => memory[operand as usize] = accumulator,
            INDEX_FROM_ACCUMULATOR => index = accumulator,
            ACCUMULATOR_FROM_INDEX => accumulator = index,
            ADD_INDEX => accumulator = accumulator.wrapping_add(index),
            ADD => accumulator = accumulator.wrapping_add(operand),
            SUBTRACT_INDEX => accumulator = accumulator.wrapping_sub(index),
            AND => accumulator &= operand,
            SHIFT_RIGHT => accumulator >>= operand,
            JUMP_EQUAL => at += usize::from(if accumulator == operand { jump_true } else { jump_false }),
            RETURN => return operand != 0,
            other => panic!("instruction {other:#x} is not in the interpreter"),
        }
    }
}

/// An independent sum over whole packets, to compare with the program's shortcut.
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u64 =
        bytes.chunks(2).map(|half| u64::from(half[0]) << 8 | u64::from(*half.get(1).unwrap_or(&0))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap()
}

fn reply(view: View, identifier: u16, sequence: u16, payload: &[u8], options: usize) -> Vec<u8> {
    let mut icmp = vec![if view == View::V6 { 129 } else { 0 }, 0, 0, 0];
    icmp.extend(identifier.to_be_bytes());
    icmp.extend(sequence.to_be_bytes());
    icmp.extend(payload);
    let sum = checksum(&icmp);
    icmp[2..4].copy_from_slice(&sum.to_be_bytes());
    if view != View::RawV4 {
        return icmp;
    }
    let mut packet = vec![0; 20 + 4 * options];
    packet[0] = 0x45 + u8::try_from(options).unwrap();
    packet.extend(icmp);
    packet
}

const VIEWS: [View; 3] = [View::RawV4, View::DatagramV4, View::V6];

fn any_view() -> impl Strategy<Value = View> {
    prop::sample::select(VIEWS.to_vec())
}

fn any_payload() -> impl Strategy<Value = [u8; PAYLOAD_LENGTH]> {
    prop::collection::vec(any::<u8>(), PAYLOAD_LENGTH).prop_map(|bytes| bytes.try_into().unwrap())
}

proptest! {
    #[test]
    fn our_own_reply_passes(view in any_view(), identifier: u16, sequence: u16, payload in any_payload(), options in 0_usize..=10) {
        let packet = reply(view, identifier, sequence, &payload, options);
        prop_assert!(accepts(&program(view, identifier, &payload), &packet));
    }

    #[test]
    fn one_changed_bit_is_rejected(view in any_view(), identifier: u16, sequence: u16, payload in any_payload(), bit in 0_usize..64 * 8) {
        let mut packet = reply(view, identifier, sequence, &payload, 0);
        let start = packet.len() - 64;
        packet[start + bit / 8] ^= 1 << (bit % 8);
        // Where the kernel verifies the checksum, the filter need not look at it, nor can it at the sequence number.
        let by_the_kernel = view != View::RawV4 && matches!(bit / 8, 2 | 3 | 6 | 7);
        prop_assert_eq!(accepts(&program(view, identifier, &payload), &packet), by_the_kernel);
    }

    #[test]
    fn truncated_and_padded_are_rejected(view in any_view(), identifier: u16, payload in any_payload(), cut in 1_usize..84, pad in 1_usize..100) {
        let filter = program(view, identifier, &payload);
        let packet = reply(view, identifier, 7, &payload, 0);
        prop_assert!(!accepts(&filter, &packet[..packet.len().saturating_sub(cut)]));
        let mut padded = packet.clone();
        padded.resize(packet.len() + pad, 0);
        prop_assert!(!accepts(&filter, &padded));
    }

    #[test]
    fn any_bytes_end_in_a_verdict(view in any_view(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!accepts(&program(view, 1, &[0x5a; PAYLOAD_LENGTH]), &bytes));
    }
}

#[test]
fn both_zeros_of_a_checksum_pass() {
    // Sum 0xffff: the checksum is 0x0000, and a device that updates it incrementally (RFC 1624) sends 0xffff.
    let payload = [0; PAYLOAD_LENGTH];
    let filter = program(View::RawV4, 0xff00, &payload);
    let mut packet = reply(View::RawV4, 0xff00, 0x00ff, &payload, 0);
    assert_eq!(packet[22..24], [0, 0]);
    assert!(accepts(&filter, &packet));
    packet[22..24].copy_from_slice(&[0xff, 0xff]);
    assert!(accepts(&filter, &packet));
    packet[22..24].copy_from_slice(&[0xff, 0xfe]);
    assert!(!accepts(&filter, &packet));
}

#[test]
fn the_program_fits_the_kernels_limit_and_short_jumps() {
    for view in VIEWS {
        let program = program(view, 1, &[0; PAYLOAD_LENGTH]);
        assert!(program.len() < 256, "{} instructions", program.len());
    }
}

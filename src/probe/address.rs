//! The addresses that are probed: their sequence numbers, and the last hint about each.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use linewatch_core::outcome::LossCause;

/// What an address keeps between probes.
///
/// Sequence numbers are counted per address, not per target: the pinging library tells waiting requests apart by
/// address and number alone (on datagram sockets), and two targets may share an address. So a number comes again
/// only after 65,535 others to the same address, when no reply to the first can still be on its way.
#[derive(Debug)]
pub(super) struct Address {
    sequence: AtomicU16,
    /// `sequence << 16 | position of the cause + 1`; zero without a hint.
    hint: AtomicU32,
}

/// In the order of their positions in [`Address::hint`].
const CAUSES: [LossCause; 8] = [
    LossCause::Timeout,
    LossCause::NetUnreachable,
    LossCause::HostUnreachable,
    LossCause::PortUnreachable,
    LossCause::Prohibited,
    LossCause::TimeExceeded,
    LossCause::OtherUnreachable,
    LossCause::Refused,
];

impl Address {
    fn starting_at(sequence: u16) -> Self {
        Self { sequence: AtomicU16::new(sequence), hint: AtomicU32::new(0) }
    }

    /// The number of the next request; forgets a hint that an earlier request of this number left.
    pub fn next_sequence(&self) -> u16 {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        let hint = self.hint.load(Ordering::Relaxed);
        if hint >> 16 == u32::from(sequence) {
            // Should another hint have come meanwhile it stays: it is about another request.
            let _ = self.hint.compare_exchange(hint, 0, Ordering::Relaxed, Ordering::Relaxed);
        }
        sequence
    }

    /// Keeps what an ICMP error said of a request.
    pub fn hint(&self, sequence: u16, cause: LossCause) {
        let position = CAUSES.iter().position(|known| *known == cause).and_then(|at| u32::try_from(at + 1).ok());
        if let Some(position) = position {
            self.hint.store(u32::from(sequence) << 16 | position, Ordering::Relaxed);
        }
    }

    /// Why this request, now timed out, was lost: the hint's cause, or a plain timeout.
    pub fn cause(&self, sequence: u16) -> LossCause {
        let hint = self.hint.load(Ordering::Relaxed);
        let position = (hint & 0xffff) as usize;
        if hint >> 16 != u32::from(sequence) || position == 0 {
            return LossCause::Timeout;
        }
        CAUSES.get(position - 1).copied().unwrap_or(LossCause::Timeout)
    }
}

/// All addresses ever probed. One that is no longer assigned is kept (some 100 bytes), so that its count goes on
/// should it come back.
#[derive(Debug, Default)]
pub(super) struct Addresses(Mutex<HashMap<IpAddr, Arc<Address>>>);

impl Addresses {
    /// The address, new ones with a random first number.
    pub fn at(&self, host: IpAddr) -> Arc<Address> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(host).or_insert_with(|| Arc::new(Address::starting_at(random_half()))))
    }

    /// The address, if it has ever been probed.
    pub fn known(&self, host: IpAddr) -> Option<Arc<Address>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&host).cloned()
    }
}

/// Random bytes that a stranger cannot guess: the standard library keys its hash maps from the kernel's source.
pub(super) fn random_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let state = RandomState::new();
    let mut bytes = [0; LENGTH];
    for (number, chunk) in bytes.chunks_mut(8).enumerate() {
        chunk.copy_from_slice(&state.hash_one(number).to_ne_bytes()[..chunk.len()]);
    }
    bytes
}

/// A random number of 16 bits.
pub(super) fn random_half() -> u16 {
    u16::from_ne_bytes(random_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_not_reused_for_65535_probes() {
        let address = Address::starting_at(65_000);
        let mut seen = vec![false; 1 << 16];
        for _ in 0..=u16::MAX {
            let sequence = usize::from(address.next_sequence());
            assert!(!std::mem::replace(&mut seen[sequence], true), "{sequence} came twice");
        }
        assert_eq!(address.next_sequence(), 65_000);
    }

    #[test]
    fn a_hint_is_for_one_request_only() {
        let address = Address::starting_at(5);
        assert_eq!(address.next_sequence(), 5);
        assert_eq!(address.cause(5), LossCause::Timeout);
        for cause in CAUSES {
            address.hint(5, cause);
            assert_eq!(address.cause(5), cause);
            assert_eq!(address.cause(6), LossCause::Timeout);
        }
        address.hint(6, LossCause::Prohibited);
        assert_eq!(address.next_sequence(), 6);
        assert_eq!(address.cause(6), LossCause::Timeout, "left by an earlier request of that number");
    }

    #[test]
    fn targets_of_one_address_share_its_count() {
        let addresses = Addresses::default();
        let host = IpAddr::from([127, 0, 0, 1]);
        let first = addresses.at(host).next_sequence();
        assert_eq!(addresses.at(host).next_sequence(), first.wrapping_add(1));
        assert!(addresses.known(IpAddr::from([127, 0, 0, 2])).is_none());
    }
}

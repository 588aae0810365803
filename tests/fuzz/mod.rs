//! What the fuzz targets share: inputs that begin as something good and are then bent, and a count of what was tried.
//!
//! In the suite each target tries random inputs for [`SECONDS`]. By hand for as long, or as many, as you like:
//!
//! ```text
//! BOLERO_RANDOM_TEST_TIME_MS=600000 cargo test --test fuzz_inventory
//! BOLERO_RANDOM_ITERATIONS=1000000 cargo test --test fuzz_journal
//! cargo bolero test --engine libfuzzer --test fuzz_packets any_bytes   # cargo-bolero and a nightly compiler
//! ```
//!
//! A failure prints `BOLERO_RANDOM_SEED=…`, which tries that one input again. An input that once failed is kept: its
//! bytes as a seed of its target.

#![allow(dead_code, reason = "every target uses a part of it")]

use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a target runs in the suite.
const SECONDS: u64 = 2;
/// Long enough for any number of inputs that somebody asks for.
const A_DAY: Duration = Duration::from_hours(24);
/// Edits of one input; more only make noise of it. Few are tried as often as many.
const MOST_EDITS: usize = 8;

/// How long to try: a number asked for is tried whole. A time asked for in the environment beats this one.
pub fn time() -> Duration {
    if std::env::var_os("BOLERO_RANDOM_ITERATIONS").is_some() { A_DAY } else { Duration::from_secs(SECONDS) }
}

/// More inputs than any time allows; a number asked for in the environment beats this one.
pub const WITHOUT_END: usize = usize::MAX;

/// Counts inputs, and how many of them were good; says so at the end, past the capture of the test harness.
pub struct Tried {
    target: &'static str,
    inputs: AtomicU64,
    good: AtomicU64,
}

impl Tried {
    /// Nothing yet.
    pub fn new(target: &'static str) -> Self {
        Self { target, inputs: AtomicU64::new(0), good: AtomicU64::new(0) }
    }

    /// One more.
    pub fn one(&self, good: bool) {
        self.inputs.fetch_add(1, Ordering::Relaxed);
        self.good.fetch_add(u64::from(good), Ordering::Relaxed);
    }

    /// Says how many; there must have been some.
    pub fn say(&self) {
        let (inputs, good) = (self.inputs.load(Ordering::Relaxed), self.good.load(Ordering::Relaxed));
        let _ = writeln!(std::io::stderr(), "fuzz {}: {inputs} inputs tried, {good} of them accepted", self.target);
        assert!(inputs > 0, "{}: nothing was tried", self.target);
    }
}

/// One way to bend an input: what to do, where (in parts of 65,536), where else, with which byte.
pub type Edit = (u8, u16, u16, u8);

/// A seed, bent by edits. `words` are pieces that mean something to the reader under test.
pub fn bent(seed: &[u8], edits: &[Edit], words: &[&str]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    let number = edits.first().map_or(0, |first| 1 + usize::from(first.3) % MOST_EDITS);
    for (what, at, other, byte) in edits.iter().take(number).copied() {
        let place = |part: u16| usize::from(part) * bytes.len() / 65_536;
        let (at, other) = (place(at), place(other));
        match what % 7 {
            0 => bytes.get_mut(at).map_or((), |old| *old = byte),
            1 => bytes.get_mut(at).map_or((), |old| *old ^= 1 << (byte % 8)),
            2 => bytes.insert(at, byte),
            3 => drop(bytes.drain(at..(at + usize::from(byte)).min(bytes.len()))),
            4 => bytes.truncate(at),
            5 => {
                let piece = bytes[other..(other + usize::from(byte)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let word = words.get(usize::from(byte) % words.len().max(1)).copied().unwrap_or_default();
                let end = (at + other % 8).min(bytes.len());
                bytes.splice(at..end, word.bytes());
            }
        }
    }
    bytes
}

/// The same as a text; what is no UTF-8 any more becomes U+FFFD.
pub fn bent_text(seed: &str, edits: &[Edit], words: &[&str]) -> String {
    String::from_utf8_lossy(&bent(seed.as_bytes(), edits, words)).into_owned()
}

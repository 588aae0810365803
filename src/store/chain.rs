//! The SM3 chain over the journal's canonical bytes (GB/T 32905; design.md section 5, "The chain").

use std::fmt;
use std::str::FromStr;

use sm3::{Digest as _, Sm3};

/// SM3 of the chain up to a record: digest(n) = SM3(digest(n−1) ‖ bytes(n)), digest(0) = 32 zero bytes.
///
/// Printed and read as 64 hexadecimal digits; printed in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest before the first record.
    pub const ZERO: Self = Self([0; 32]);

    /// SM3 of bytes that are no record: a file, figures that are sealed.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Sm3::new();
        hasher.update(bytes);
        Self(hasher.finalize().into())
    }

    /// The digest after one more record.
    #[must_use]
    pub fn after(self, bytes: &[u8]) -> Self {
        let mut hasher = Sm3::new();
        hasher.update(self.0);
        hasher.update(bytes);
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A text is not 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits, not {0:?}")]
pub struct NotADigest(String);

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
        let bytes: Option<Vec<u8>> = digits.and_then(|digits| {
            digits
                .chunks(2)
                .map(|pair| u8::try_from(pair.iter().fold(0, |value, digit| value * 16 + digit)).ok())
                .collect()
        });
        bytes
            .filter(|_| text.len() == 64)
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| NotADigest(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB/T 32905-2016, appendix A: the examples of the standard, through the hash that the chain uses.
    #[test]
    fn sm3_vectors_of_the_standard() {
        for (message, expected) in [
            ("abc".to_owned(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            ("abcd".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        ] {
            let digest = Digest(Sm3::digest(message.as_bytes()).into());
            assert_eq!(digest.to_string(), expected, "{message}");
        }
    }

    #[test]
    fn the_chain_hashes_the_previous_digest_and_then_the_bytes() {
        let mut joined = vec![0; 32];
        joined.extend_from_slice(b"{}");
        let first = Digest::ZERO.after(b"{}");
        assert_eq!(first.0.as_slice(), Sm3::digest(&joined).as_slice());
        assert_ne!(first.after(b"{}"), first, "the same bytes later give another digest");
    }

    #[test]
    fn digests_are_read_as_they_are_printed() {
        let digest = Digest::ZERO.after(b"abc");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!(digest.to_string().to_uppercase().parse(), Ok(digest));
        for wrong in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &"零".repeat(64)] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
    }
}

//! Seals (封存): a period's figures, their policy and the journal head they came from, fixed.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// A fact about seals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SealFact {
    /// The figures of a period are fixed. They can be computed again from the records up to `head_seq` by the policy.
    Sealed {
        /// What people call the period: `2026`.
        name: String,
        /// The period.
        period: Span,
        /// 1 for the first seal of the period; later ones are revisions beside it, never instead of it.
        revision: u32,
        /// `seq` of the last record that the figures rest on.
        head_seq: u64,
        /// Its digest, 64 hexadecimal digits.
        head_digest: String,
        /// The policy, in its canonical JSON.
        policy: String,
        /// Version of the rules by which figures are computed.
        rules: u32,
        /// SM3 of the canonical rollup, 64 hexadecimal digits.
        rollup_digest: String,
    },
}

impl SealFact {
    /// `seal.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sealed { .. } => "seal.sealed",
        }
    }
}

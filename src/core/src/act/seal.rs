//! Seals as people wish them.

use crate::time::Span;

/// The figures of a period are to be fixed. Whoever seals has computed them; what is said here can be computed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealing {
    /// What people call the period.
    pub name: String,
    /// The period.
    pub period: Span,
    /// Which seal of the period it is to be: 1, or one more than the last.
    pub revision: u32,
    /// `seq` of the last record that the figures rest on.
    pub head_seq: u64,
    /// Its digest.
    pub head_digest: String,
    /// The policy, in its canonical JSON.
    pub policy: String,
    /// Version of the rules.
    pub rules: u32,
    /// SM3 of the canonical rollup.
    pub rollup_digest: String,
}

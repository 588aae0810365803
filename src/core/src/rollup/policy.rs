//! What a rollup is judged by. It changes ratios and counts, never a millisecond of the account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::line::ClassName;

/// Version of the rules that this program computes by (sections 2 and 3 of the design). It is printed with every
/// rollup and sealed with a year; whoever changes what a figure means raises it.
pub const RULES: u32 = 1;

/// The named, printed parameters of a rollup. Integers only, since they are sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What it is called, for people.
    pub name: String,
    /// Version of the rules, [`RULES`].
    pub rules: u32,
    /// Availability that a line of a class has to reach, in millionths.
    pub targets_ppm: BTreeMap<ClassName, u32>,
    /// The same for classes that are not named.
    pub target_ppm: u32,
    /// Observation coverage below which nothing is proven, in millionths.
    pub min_coverage_ppm: u32,
}

impl Default for Policy {
    /// 99 % for every class, 95 % coverage.
    fn default() -> Self {
        Self {
            name: "default".to_owned(),
            rules: RULES,
            targets_ppm: BTreeMap::new(),
            target_ppm: 990_000,
            min_coverage_ppm: 950_000,
        }
    }
}

impl Policy {
    /// Availability that a line of a class has to reach, in millionths.
    pub fn target(&self, class: &ClassName) -> u32 {
        self.targets_ppm.get(class).copied().unwrap_or(self.target_ppm)
    }
}

//! What people tell of a fault: a report, the words with which it is closed, what is put right later.

use serde::{Deserialize, Serialize};

/// A report (报障).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// By which way it came (电话, 乡镇办上报, …), of the configured ones.
    pub channel: String,
    /// What is wrong (中断, 丢包, …), of the configured ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<String>,
    /// Who reported it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reporter: String,
    /// How to call him back.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// In his words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// With what a fault is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// What it came from: a path in the configured tree, from its root (光缆, 施工).
    pub cause: Vec<String>,
    /// What was done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsibility: Option<String>,
    /// Why it took longer than the deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_reason: Option<String>,
}

/// What is added or put right; what is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// Anything.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// What is wrong, of the configured ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<String>,
    /// The carrier's number of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Whom to ask on the spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// How to call him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Why it takes longer than the deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_reason: Option<String>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsibility: Option<String>,
    /// What it came from, of a fault that is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Vec<String>>,
    /// What was done, of a fault that is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Amendment {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

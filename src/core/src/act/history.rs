//! What another system knew, as it is handed over.

use crate::record::HistoryFact;

/// A file is imported, all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The file's name, without folders.
    pub file: String,
    /// SM3 of its bytes.
    pub digest: String,
    /// What it says, in its order. [`HistoryFact::Imported`] is not among them: it is made from the above.
    pub facts: Vec<HistoryFact>,
}

//! What is to be written of sessions, in the order in which it came: a session that has ended is not written again by
//! what was asked for when it began.

use std::collections::VecDeque;
use std::fmt;
use std::path::Path;
use std::sync::Mutex;

use super::held;
use crate::store::{Secrets, StoreError};

/// One thing to be written.
pub(super) type Write = Box<dyn FnOnce(&mut Secrets) -> Result<(), StoreError> + Send>;

/// What waits to be written.
#[derive(Default)]
pub(super) struct Writes {
    queue: Mutex<VecDeque<Write>>,
    turn: Mutex<()>,
}

impl Writes {
    /// Takes its place behind whatever waits.
    pub(super) fn add(&self, write: Write) {
        held(&self.queue).push_back(write);
    }

    /// Writes what has waited longest; to be called once for each that was added, by whatever thread.
    pub(super) fn write_next(&self, store: &Path) -> Result<(), StoreError> {
        let turn = held(&self.turn);
        let next = held(&self.queue).pop_front();
        let written = next.map_or(Ok(()), |write| Secrets::open(store).and_then(|mut secrets| write(&mut secrets)));
        drop(turn);
        written
    }
}

impl fmt::Debug for Writes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writes").field("waiting", &held(&self.queue).len()).finish_non_exhaustive()
    }
}

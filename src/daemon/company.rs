//! People who act by themselves, in the daemon of a simulated district: they hear of every commit as pages do, and what
//! they wish is decided, refused and recorded as anybody's.

use std::sync::Arc;
use std::time::Duration;

use linewatch_core::command::Command;
use linewatch_core::ledger::Ledger;
use linewatch_core::record::Record;
use linewatch_core::time::Timestamp;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, oneshot};

use super::queue::{Wish, Wishes};
use crate::clock;

/// Nobody sleeps longer than this, since clocks are set now and then.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);

/// People who act by themselves.
pub trait Company: Send {
    /// The daemon begins to watch, with what is recorded so far.
    fn begin(&mut self, now: Timestamp, ledger: Ledger);
    /// A record was committed.
    fn hear(&mut self, now: Timestamp, record: &Record);
    /// When somebody wants to act; `None`: only after something is heard.
    fn next(&self) -> Option<Timestamp>;
    /// What somebody wants to be recorded by now; asked again until nobody does.
    fn wish(&mut self, now: Timestamp) -> Option<Command>;
}

/// Lets them act until the writer ends.
pub async fn keep(
    mut company: Box<dyn Company>,
    ledger: Ledger,
    mut commits: broadcast::Receiver<Arc<[Record]>>,
    wishes: Wishes,
) {
    company.begin(clock::read().wall, ledger);
    loop {
        let due = company.next().map_or(i64::MAX, |at| (at - clock::read().wall).0);
        let pause = Duration::from_millis(u64::try_from(due).unwrap_or(0)).min(LONGEST_SLEEP);
        tokio::select! {
            heard = commits.recv() => match heard {
                Ok(records) => records.iter().for_each(|record| company.hear(clock::read().wall, record)),
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "the simulated people missed commits"),
                Err(RecvError::Closed) => return,
            },
            () = tokio::time::sleep(pause) => {}
        }
        let now = clock::read().wall;
        while let Some(command) = company.wish(now) {
            let (answer, answered) = oneshot::channel();
            if !wishes.send(now, Wish { command, answer }) {
                return;
            }
            match answered.await {
                Ok(Ok(_)) => {}
                // Who comes too late goes home.
                Ok(Err(refusal)) => tracing::debug!(%refusal, "a simulated person was refused"),
                Err(_) => return,
            }
        }
    }
}

//! What open pages wait for: one sign that something shown has changed, computed once for all of them.
//!
//! A page carries the sign it was made with and asks to be answered once that is out of date. It waits on the one
//! connection it has, so that many open pages neither poll nor use up the connections; a hidden one does not ask.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use linewatch_core::view::Shown;
use tokio::sync::watch;

use super::visit::Visit;
use super::{Look, Shared};

/// How often the daemon is looked at while anybody waits.
const EVERY: Duration = Duration::from_secs(1);
/// Nobody waits longer: well within the time after which a silent connection is closed.
const LONGEST_SECONDS: u64 = 30;

/// What is shown, as one number that changes when any of it does; delays and counters apart, which always change.
pub(super) fn sign(look: &Look) -> u64 {
    let mut hasher = DefaultHasher::new();
    let snapshot = &look.snapshot;
    (snapshot.committed.seq, &snapshot.journal.failing, snapshot.reload.successful).hash(&mut hasher);
    look.live.muted_until.hash(&mut hasher);
    let shown = Shown::of(snapshot, &look.live);
    shown.ready().hash(&mut hasher);
    for line in &shown.lines {
        (line.state, line.live.is_some_and(|live| live.flapping)).hash(&mut hasher);
    }
    for fault in &shown.faults {
        fault.overdue.hash(&mut hasher);
    }
    for reference in &look.live.references {
        reference.up.hash(&mut hasher);
    }
    hasher.finish()
}

/// The one watcher behind all waiting pages; it ends with the last of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Pulse(Arc<Mutex<Weak<watch::Sender<u64>>>>);

impl Pulse {
    /// A look-out for signs, which starts with the one given.
    fn listen(&self, source: &Shared, now: u64) -> watch::Receiver<u64> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = running.upgrade() {
            // This look is the newest; without it the page would be answered with an older sign, and ask at once again.
            sender.send_if_modified(|sign| std::mem::replace(sign, now) != now);
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(now);
        let sender = Arc::new(sender);
        *running = Arc::downgrade(&sender);
        drop(running);
        let source = Arc::clone(source);
        tokio::spawn(async move {
            while sender.receiver_count() > 0 {
                tokio::time::sleep(EVERY).await;
                let Some(look) = source.look().await else { return };
                let new = sign(&look);
                sender.send_if_modified(|sign| std::mem::replace(sign, new) != new);
            }
        });
        receiver
    }
}

/// `/live?seen=SIGN&wait=SECONDS`: the sign, once it is another one than was seen or the time is over.
pub(super) async fn live(State(source): State<Shared>, Extension(pulse): Extension<Pulse>, visit: Visit) -> Response {
    let Some(now) = visit.sign() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "starting or stopping\n").into_response();
    };
    let seen: Option<u64> = visit.value("seen").and_then(|seen| seen.parse().ok());
    let seconds = visit.value("wait").and_then(|wait| wait.parse().ok()).unwrap_or(LONGEST_SECONDS);
    let mut sign = now;
    if seen == Some(now) {
        let mut signs = pulse.listen(&source, now);
        let changed = signs.wait_for(|sign| *sign != now);
        let patience = Duration::from_secs(seconds.clamp(1, LONGEST_SECONDS));
        if let Ok(Ok(new)) = tokio::time::timeout(patience, changed).await {
            sign = *new;
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], sign.to_string()).into_response()
}

//! Host names: looked up in the background and kept fresh; probes never wait for a name server.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use arc_swap::ArcSwapOption;
use linewatch_core::time::Elapsed;

use super::address::{Address, Addresses};

/// A name that resolved is looked up again after this long, milliseconds.
const REFRESH_MS: i64 = 5 * 60 * 1000;
/// A name that does not resolve, or whose address does not answer, is looked up again after this long, milliseconds.
const RETRY_MS: i64 = 30 * 1000;

/// Where a request goes.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The address.
    pub host: IpAddr,
    /// Interface of a link-local IPv6 address, else zero.
    pub scope: u32,
    /// What the address keeps between probes.
    pub address: Arc<Address>,
}

impl Place {
    /// The place an address names, `::ffff:192.0.2.1` being IPv4.
    pub fn new(host: IpAddr, scope: u32, addresses: &Addresses) -> Self {
        let host = host.to_canonical();
        Self { host, scope, address: addresses.at(host) }
    }
}

/// A host name, or a link-local address with its interface, as the inventory gives it.
#[derive(Debug)]
pub(super) struct Name {
    text: String,
    found: ArcSwapOption<Place>,
    /// Whether a lookup is under way; only one is, however slow the name server.
    busy: AtomicBool,
    /// When the last lookup began, milliseconds of the boot clock.
    asked: AtomicI64,
}

impl Name {
    /// A name that has never been looked up.
    pub fn new(text: &str) -> Self {
        let asked = AtomicI64::new(i64::MIN / 2);
        Self { text: text.to_owned(), found: ArcSwapOption::empty(), busy: AtomicBool::new(false), asked }
    }

    /// Where the name leads, by the last lookup that succeeded.
    pub fn place(&self) -> Option<Arc<Place>> {
        self.found.load_full()
    }

    /// Starts a lookup in the background if one is due; `failing` says that the address found did not answer.
    pub fn refresh(self: &Arc<Self>, now: Elapsed, failing: bool, addresses: &Arc<Addresses>) {
        let patience = if failing || self.found.load().is_none() { RETRY_MS } else { REFRESH_MS };
        if now.0 - self.asked.load(Ordering::Relaxed) < patience || self.busy.swap(true, Ordering::AcqRel) {
            return;
        }
        self.asked.store(now.0, Ordering::Relaxed);
        let (name, addresses) = (Arc::clone(self), Arc::clone(addresses));
        tokio::spawn(async move {
            name.look_up(&addresses).await;
            name.busy.store(false, Ordering::Release);
        });
    }

    async fn look_up(&self, addresses: &Addresses) {
        let answers = match tokio::net::lookup_host((self.text.as_str(), 0)).await {
            Ok(answers) => answers.collect::<Vec<_>>(),
            Err(error) => {
                // The last known address stays in use: a name server that is down is no fault of the line.
                tracing::warn!(name = self.text, %error, "host name does not resolve");
                return;
            }
        };
        let current = self.found.load();
        let kept =
            current.as_ref().is_some_and(|place| answers.iter().any(|answer| answer.ip().to_canonical() == place.host));
        if kept {
            return;
        }
        let preferred = answers.iter().find(|answer| answer.is_ipv4()).or(answers.first());
        if let Some(answer) = preferred {
            let scope = match answer {
                std::net::SocketAddr::V4(_) => 0,
                std::net::SocketAddr::V6(answer) => answer.scope_id(),
            };
            tracing::info!(name = self.text, address = %answer.ip(), "host name resolved");
            self.found.store(Some(Arc::new(Place::new(answer.ip(), scope, addresses))));
        }
    }
}

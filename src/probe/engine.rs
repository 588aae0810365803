//! The engine itself: targets, requests, results, and the watch over the receivers.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use linewatch_core::line::ProbeMethod;
use linewatch_core::outcome::{Outcome, UnsentCause};
use linewatch_core::time::Elapsed;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::address::Addresses;
use super::connection::{Asked, Connections};
use super::family::{Family, LastLook, Link};
use super::names::{Name, Place};
use super::options::{ChosenSocket, EngineOptions, OpenError, Version};
use super::{Endpoint, ProbeRequest, ProbeResult, Target};

/// How often the receivers are looked at. Three looks without a sign of life, and the socket is replaced.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Sends probes and says what became of them.
pub struct Engine {
    wire: Arc<Wire>,
    /// By target.
    targets: Vec<Option<Assigned>>,
    results: mpsc::UnboundedSender<ProbeResult>,
    runtime: Handle,
    watch: JoinHandle<()>,
}

/// The counters of the engine, for the log and metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Sockets replaced because their receiver was dead, since the start.
    pub reopened: u64,
    /// Replies the kernel dropped because a receive buffer was full, since the start.
    pub dropped: u64,
}

/// What a target stands for.
struct Assigned {
    whereabouts: Whereabouts,
    method: ProbeMethod,
}

/// Where a target is.
enum Whereabouts {
    Address(Arc<Place>),
    Name(Arc<Name>),
}

/// What all requests share.
struct Wire {
    v4: Family,
    v6: Family,
    connections: Connections,
    addresses: Arc<Addresses>,
    elapsed: fn() -> Elapsed,
}

impl Engine {
    /// Opens the ICMP sockets for IPv4 and IPv6; call it within a tokio runtime, which will run the requests. Raises
    /// the process's soft limit of descriptors to its hard limit, for the connections of TCP and RTSP probes.
    ///
    /// A machine may lack one of the two; its probes are then [`Outcome::Unsent`] and it is tried again twice a
    /// second. The channel holds at most one result per request sent and not yet taken: the caller who both sends
    /// and takes, with one request outstanding per target, bounds it by the number of targets.
    ///
    /// # Errors
    ///
    /// When no ICMP socket of the kind asked for is permitted, when neither version can be opened, or outside a
    /// runtime.
    pub fn open(options: EngineOptions) -> Result<(Self, mpsc::UnboundedReceiver<ProbeResult>), OpenError> {
        let runtime = Handle::try_current().map_err(|_| OpenError::NoRuntime)?;
        let addresses = Arc::<Addresses>::default();
        let (v4, v4_error) = Family::open(Version::V4, options, Arc::clone(&addresses));
        let (v6, v6_error) = Family::open(Version::V6, options, Arc::clone(&addresses));
        match (v4_error, v6_error) {
            (Some(denied @ OpenError::Permission(_)), _) | (Some(denied), Some(_)) => return Err(denied),
            (Some(error), None) | (None, Some(error)) => {
                tracing::warn!(%error, "going on with the other IP version");
            }
            (None, None) => {}
        }
        let connections = Connections::new(&options);
        let wire = Arc::new(Wire { v4, v6, connections, addresses, elapsed: options.elapsed });
        let watch = runtime.spawn(watch(Arc::clone(&wire)));
        let (results, inbox) = mpsc::unbounded_channel();
        Ok((Self { wire, targets: Vec::new(), results, runtime, watch }, inbox))
    }

    /// Says what a target stands for from now on; `None`: nothing any more. Requests under way are not touched.
    pub fn assign(&mut self, target: Target, endpoint: Option<Endpoint>) {
        let place = target as usize;
        if place >= self.targets.len() {
            self.targets.resize_with(place + 1, || None);
        }
        let assigned =
            endpoint.map(|Endpoint { address, method }| Assigned { whereabouts: self.find(&address), method });
        self.targets[place] = assigned;
    }

    fn find(&self, address: &str) -> Whereabouts {
        if let Ok(host) = address.parse::<IpAddr>() {
            return Whereabouts::Address(Arc::new(Place::new(host, 0, &self.wire.addresses)));
        }
        let name = Arc::new(Name::new(address));
        let _within = self.runtime.enter();
        name.refresh((self.wire.elapsed)(), false, &self.wire.addresses);
        Whereabouts::Name(name)
    }

    /// Sends a request; never blocks. Exactly one result follows, within the request's timeout and a quarter of a
    /// second.
    pub fn send(&mut self, request: ProbeRequest) {
        let now = (self.wire.elapsed)();
        let answer = Answer { results: self.results.clone(), request, sent: now, outcome: None };
        let wire = Arc::clone(&self.wire);
        let Some(Assigned { whereabouts, method }) = self.targets.get(request.target as usize).and_then(Option::as_ref)
        else {
            return drop(answer);
        };
        let method = *method;
        match whereabouts {
            Whereabouts::Address(place) => {
                let place = Arc::clone(place);
                self.runtime.spawn(async move { answer.give(wire.probe(&place, method, request.timeout).await) });
            }
            Whereabouts::Name(name) => {
                let name = Arc::clone(name);
                self.runtime.spawn(async move {
                    let (sent, outcome) = match name.place() {
                        Some(place) => wire.probe(&place, method, request.timeout).await,
                        None => (now, Outcome::Unsent(UnsentCause::Unresolved)),
                    };
                    let failing = matches!(outcome, Outcome::Loss(_));
                    name.refresh((wire.elapsed)(), failing, &wire.addresses);
                    answer.give((sent, outcome));
                });
            }
        }
    }

    /// The sockets that are open now: none, one, or one for each IP version.
    pub fn chosen_sockets(&self) -> Vec<ChosenSocket> {
        let families = [&self.wire.v4, &self.wire.v6];
        families
            .iter()
            .filter_map(|family| match &*family.link() {
                Link::Open(client) => Some(client.chosen()),
                Link::Closed(_) => None,
            })
            .collect()
    }

    /// The counters.
    pub fn health(&self) -> Health {
        Health {
            reopened: self.wire.v4.reopened() + self.wire.v6.reopened(),
            dropped: self.wire.v4.dropped() + self.wire.v6.dropped(),
        }
    }

    /// How many TCP and RTSP probes can be under way at once; what comes beyond is
    /// [`UnsentCause::NoDescriptor`].
    pub fn most_connections(&self) -> usize {
        self.wire.connections.most()
    }

    /// For tests: makes the receiving threads stand still (`true`) or end, as a panic would.
    #[doc(hidden)]
    pub fn break_receivers(&self, hang: bool) {
        for family in [&self.wire.v4, &self.wire.v6] {
            if let Link::Open(client) = &*family.link() {
                client.break_receiver(hang);
            }
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.watch.abort();
        self.wire.v4.close();
        self.wire.v6.close();
        self.wire.connections.close();
    }
}

impl Wire {
    async fn probe(&self, place: &Place, method: ProbeMethod, timeout: Duration) -> (Elapsed, Outcome) {
        match (method, place.host) {
            (ProbeMethod::Icmp, IpAddr::V4(_)) => self.v4.probe(place, timeout).await,
            (ProbeMethod::Icmp, IpAddr::V6(_)) => self.v6.probe(place, timeout).await,
            (ProbeMethod::Tcp(port), _) => self.connections.probe(place, port, Asked::Handshake, timeout).await,
            (ProbeMethod::Rtsp(port), _) => self.connections.probe(place, port, Asked::Rtsp, timeout).await,
        }
    }
}

async fn watch(wire: Arc<Wire>) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut v4, mut v6) = (LastLook::default(), LastLook::default());
    loop {
        looks.tick().await;
        wire.v4.look(&mut v4);
        wire.v6.look(&mut v6);
    }
}

/// The one result of a request: sent when dropped, so that it comes even if the task panics or the runtime ends.
struct Answer {
    results: mpsc::UnboundedSender<ProbeResult>,
    request: ProbeRequest,
    sent: Elapsed,
    outcome: Option<Outcome>,
}

impl Answer {
    fn give(mut self, (sent, outcome): (Elapsed, Outcome)) {
        self.sent = sent;
        self.outcome = Some(outcome);
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let ProbeRequest { target, token, .. } = self.request;
        let outcome = self.outcome.unwrap_or(Outcome::Unsent(UnsentCause::Engine));
        // Nobody listens any more only when the daemon has stopped.
        let _ = self.results.send(ProbeResult { target, token, sent: self.sent, outcome });
    }
}

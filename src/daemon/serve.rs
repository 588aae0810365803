//! What is shown: pages, metrics and `status` read what is published and ask the loop for the live values.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use linewatch_core::act::Act;
use linewatch_core::calendar::Calendar;
use linewatch_core::command::Command;
use linewatch_core::ledger::AccountRow;
use linewatch_core::ledger::Refusal;
use linewatch_core::line::LineId;
use linewatch_core::quality::LineHour;
use linewatch_core::record::{AccountName, Record};
use linewatch_core::time::{Span, Timestamp};
use linewatch_core::view::{Availability, Snapshot};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::queue::{Published, Queue, Wish, Wishes};
use super::reload::{InForce, Order};
use super::start::StartError;
use super::watch::Ask;
use super::{accept, figures, tls};
use crate::config::{Config, Viewing};
use crate::language::Language;
use crate::report::reload::Reloaded;
use crate::store::Store;
use crate::web::access::{Access, Rules};
use crate::web::{self, Look, NotDone, Source, control};

/// How often the running figures of the metrics are computed anew.
const FIGURES_EVERY: Duration = Duration::from_mins(1);
/// How long a page waits for the loop, which answers within a turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long the one who orders a reload waits for what becomes of it.
const RELOAD_PATIENCE: Duration = Duration::from_secs(30);

/// How long a person waits for a commit; what is not committed by then is not recorded.
const ACT_PATIENCE: Duration = Duration::from_secs(10);
/// Acts that may wait for the journal at once.
const ACTS_AT_ONCE: usize = 64;

/// The tasks that serve; they end with [`Served::stop`].
pub struct Served {
    tasks: Vec<JoinHandle<()>>,
    control: std::path::PathBuf,
}

impl Served {
    /// Ends serving at once.
    pub fn stop(self) {
        for task in &self.tasks {
            task.abort();
        }
        // The next start would take a stale socket over as well.
        let _ = std::fs::remove_file(&self.control);
    }
}

/// The port, and what connections to it are answered with where that is TLS.
pub type Bound = (std::net::TcpListener, Option<tls::Secured>);

/// Takes the port, and reads certificate and key, before anything is recorded.
///
/// # Errors
/// When the port is taken or not ours to take, or a file cannot be used.
pub fn bind(config: &Config) -> Result<Bound, StartError> {
    let secured = match &config.http.tls {
        Some(files) => Some(tls::Secured::of(files).map_err(StartError::Tls)?),
        None => None,
    };
    let address = config.http.listen;
    let listen = || {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    let listener = listen().map_err(|error| StartError::Listen(address, error))?;
    Ok((listener, secured))
}

/// Serves pages and the control socket on the runtime `serving`.
///
/// # Errors
/// When the control socket cannot be made.
pub fn start(
    config: &Arc<Config>,
    serving: &Handle,
    (listener, secured): Bound,
    queue: &Queue,
    asks: mpsc::Sender<Ask>,
    reload: (Arc<ArcSwap<InForce>>, mpsc::Sender<Order>),
    deferred: Option<Timestamp>,
) -> Result<Served, StartError> {
    let _within = serving.enter();
    let listener = TcpListener::from_std(listener).map_err(|error| StartError::Listen(config.http.listen, error))?;
    let path = control::path_beside(&config.store.path);
    let socket = control::ControlSocket::bind(&path).map_err(|error| StartError::Control(path.clone(), error))?;
    let (published, figures) = (queue.published(), Arc::default());
    let (in_force, orders) = reload;
    let daemon = Arc::new(Daemon {
        in_force: Arc::clone(&in_force),
        orders,
        store: config.store.path.clone(),
        published: published.clone(),
        figures: Arc::clone(&figures),
        asks,
        wishes: queue.wishes(),
        acts: Semaphore::new(ACTS_AT_ONCE),
        committed: queue.committed(),
        deferred,
        access: access(config)?,
    });
    let address = listener.local_addr().map_err(|error| StartError::Listen(config.http.listen, error))?;
    let scheme = if config.http.tls.is_some() { "https" } else { "http" };
    tracing::info!("pages on {scheme}://{address}/ and metrics on {scheme}://{address}/metrics");
    if deferred.is_some() {
        tracing::warn!("nothing is recorded yet: the clock is behind the last record");
    }
    let router = web::router(Arc::clone(&daemon) as Arc<dyn Source>);
    let mut tasks = vec![
        serving.spawn(accept::serve(web::Limited::new(listener), router, secured.as_ref().map(tls::Secured::in_use))),
        serving.spawn(control::serve(socket, daemon)),
        serving.spawn(compute_figures(in_force, published, figures)),
    ];
    if let Some(secured) = secured {
        tasks.push(serving.spawn(secured.follow()));
    }
    Ok(Served { tasks, control: path })
}

fn access(config: &Config) -> Result<Access, StartError> {
    let rules = Rules {
        closed: config.http.viewing == Viewing::Closed,
        secure: config.http.tls.is_some(),
        idle: config.http.session,
    };
    Access::open(config.store.path.clone(), rules).map_err(StartError::Store)
}

/// Recomputes the running figures from the store, on a thread of its own.
async fn compute_figures(
    in_force: Arc<ArcSwap<InForce>>,
    published: watch::Receiver<Published>,
    figures: Arc<Mutex<Vec<Availability>>>,
) {
    let mut ticks = tokio::time::interval(FIGURES_EVERY);
    loop {
        ticks.tick().await;
        let Some(until) = published.borrow().journal.heartbeat else {
            ticks.reset_after(Duration::from_secs(1));
            continue;
        };
        let config = Arc::clone(&in_force.load().config);
        let computed = tokio::task::spawn_blocking(move || {
            let mut reader = Store::open_read_only(&config.store.path)?;
            figures::running(&mut reader, Calendar::new(config.site.zone), until)
        });
        match computed.await {
            Ok(Ok(new)) => *figures.lock().unwrap_or_else(PoisonError::into_inner) = new,
            Ok(Err(error)) => tracing::warn!(%error, "the running availability cannot be computed"),
            Err(error) => tracing::warn!(%error, "the running availability was not computed"),
        }
    }
}

struct Daemon {
    in_force: Arc<ArcSwap<InForce>>,
    orders: mpsc::Sender<Order>,
    store: PathBuf,
    published: watch::Receiver<Published>,
    figures: Arc<Mutex<Vec<Availability>>>,
    asks: mpsc::Sender<Ask>,
    wishes: Wishes,
    acts: Semaphore,
    committed: broadcast::Sender<Arc<[Record]>>,
    /// Nothing is recorded before this instant: the clock was behind the last record at the start.
    deferred: Option<Timestamp>,
    access: Access,
}

impl Daemon {
    async fn ask(&self) -> Option<Look> {
        let (ask, answer) = oneshot::channel();
        self.asks.send(ask).await.ok()?;
        let live = tokio::time::timeout(PATIENCE, answer).await.ok()?.ok()?;
        let Published { committed, journal } = self.published.borrow().clone();
        let InForce { site, settings, reload, .. } = InForce::clone(&self.in_force.load());
        let snapshot = Snapshot {
            site,
            committed,
            journal,
            reload,
            availability: self.figures.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        };
        Some(Look { snapshot: Arc::new(snapshot), live: Arc::new(live), settings })
    }
}

impl Daemon {
    async fn order(&self, allow_removal: bool) -> Option<Reloaded> {
        let (answer, answered) = oneshot::channel();
        match self.orders.try_send(Order { allow_removal, answer }) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Some(Reloaded::Busy),
            Err(TrySendError::Closed(_)) => return None,
        }
        match tokio::time::timeout(RELOAD_PATIENCE, answered).await {
            Ok(outcome) => outcome.ok(),
            Err(_) => Some(Reloaded::Waiting),
        }
    }
}

impl Daemon {
    async fn record(&self, author: &str, act: Act) -> Result<Vec<Record>, NotDone> {
        // Before anything else, so that a crowd waits for the journal in no queue without an end.
        let Ok(_place) = self.acts.try_acquire() else { return Err(NotDone::JournalWaits) };
        let now = self.ask().await.ok_or(NotDone::Starting)?.live.now;
        if let Some(recorded_at) = self.deferred.filter(|until| now < *until) {
            return Err(NotDone::Refused(Refusal::BeforeLastRecord { now, recorded_at }));
        }
        let (answer, answered) = oneshot::channel();
        let command = Command::Person { author: author.to_owned(), act };
        if !self.wishes.send(now, Wish { command, answer }) {
            return Err(NotDone::Starting);
        }
        match tokio::time::timeout(ACT_PATIENCE, answered).await {
            Ok(Ok(done)) => done.map_err(NotDone::Refused),
            Ok(Err(_)) => Err(NotDone::Starting),
            Err(_) => Err(NotDone::JournalWaits),
        }
    }
}

/// Reads on a thread of its own, with a connection of its own.
async fn read_quality(path: PathBuf, line: LineId, span: Span) -> Option<Vec<LineHour>> {
    let read = move || Store::open_read_only(&path)?.snapshot()?.quality(&line, span);
    match tokio::task::spawn_blocking(read).await {
        Ok(Ok(hours)) => Some(hours),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the hourly quality cannot be read");
            None
        }
        Err(error) => {
            tracing::warn!(%error, "the hourly quality was not read");
            None
        }
    }
}

impl Source for Daemon {
    fn look(&self) -> Pin<Box<dyn Future<Output = Option<Look>> + Send + '_>> {
        Box::pin(self.ask())
    }

    fn quality(&self, line: LineId, span: Span) -> Pin<Box<dyn Future<Output = Option<Vec<LineHour>>> + Send + '_>> {
        Box::pin(read_quality(self.store.clone(), line, span))
    }

    fn reload(&self, allow_removal: bool) -> Pin<Box<dyn Future<Output = Option<Reloaded>> + Send + '_>> {
        Box::pin(self.order(allow_removal))
    }

    fn act<'a>(
        &'a self,
        author: &'a str,
        act: Act,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Record>, NotDone>> + Send + 'a>> {
        Box::pin(self.record(author, act))
    }

    fn commits(&self) -> Option<broadcast::Receiver<Arc<[Record]>>> {
        Some(self.committed.subscribe())
    }

    fn config(&self) -> Option<Arc<Config>> {
        Some(Arc::clone(&self.in_force.load().config))
    }

    fn store(&self) -> Option<PathBuf> {
        Some(self.store.clone())
    }

    fn access(&self) -> Option<&Access> {
        Some(&self.access)
    }

    fn account(&self, name: &AccountName) -> Option<Arc<AccountRow>> {
        self.published.borrow().committed.accounts.get(name).cloned()
    }

    fn has_accounts(&self) -> bool {
        self.published.borrow().committed.accounts.values().any(|row| row.is_enabled())
    }

    fn language(&self) -> Language {
        self.in_force.load().settings.language
    }
}

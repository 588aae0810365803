//! The daemon: wiring, the one loop, the writer behind it, and the end.
//!
//! ```text
//! clock -> Tick -> monitor -> Probe -> wire -> Probed -> monitor -> Command -> decide -> store commits -> ledger
//!       -> published -> page, metric, status
//! ```

mod accept;
mod company;
mod figures;
mod log;
mod notify;
mod plan;
#[cfg(test)]
mod quality_tests;
mod queue;
mod reload;
mod serve;
mod start;
mod tls;
mod watch;
pub mod writer;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use linewatch_core::line::Line;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

pub use company::Company;
pub use plan::Planner;
pub use start::{StartError, engine_options};

use crate::config::Config;
use crate::probe::District;
use crate::store::StoreKind;
use notify::Notify;
use reload::{InForce, Reloader};
use start::{Beginning, Started};
use watch::Watch;

/// How long the end may take; what is not committed by then is lost with the heartbeat as its witness.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);
/// Questions to the loop that may wait.
const ASKS: usize = 64;

/// What the daemon is started with.
pub struct Options {
    /// The configuration.
    pub config: Config,
    /// The inventory, checked.
    pub lines: Vec<Line>,
    /// The inventory may remove more than 5 % of the lines.
    pub allow_removal: bool,
    /// A simulated district in the place of the network, recorded in a store of its own kind; `None`: the network.
    pub district: Option<District>,
    /// The people of the district; `None`: nobody acts by himself.
    pub company: Option<Box<dyn Company>>,
}

/// Runs the daemon until `stop` is done: the loop and the wire where this is awaited, pages on `serving`.
///
/// # Errors
/// Whatever keeps it from starting, as one sentence: store, port, permission; and records that could not be written
/// at the end.
pub async fn run(options: Options, serving: &Handle, stop: impl Future<Output = ()>) -> Result<(), StartError> {
    let config = Arc::new(options.config);
    // Before anything else: until somebody listens, SIGHUP would end the process.
    let hangup = signal(SignalKind::hangup()).map_err(StartError::Signal)?;
    let notify = Notify::from_environment(config.site.language).map_err(StartError::Notify)?;
    // The store comes first: a second daemon is to hear of the first one by its number, not of a taken port.
    let simulated = options.district.is_some();
    let store = start::open_store(&config, if simulated { StoreKind::Simulated } else { StoreKind::Real }, &notify)?;
    let listener = serve::bind(&config)?;
    let beginning =
        Beginning { lines: options.lines, allow_removal: options.allow_removal, district: options.district };
    let Started { queue, planner, monitor, anchor, engine, results, deferred, ledger } =
        start::start(&config, store, beginning)?;
    let commits = queue.committed().subscribe();
    let (asks, questions) = mpsc::channel(ASKS);
    let (orders, ordered) = mpsc::channel(reload::ORDERS);
    let (loads, checked) = mpsc::channel(1);
    let in_force = Arc::new(ArcSwap::from_pointee(InForce::from_now(Arc::clone(&config), simulated)));
    let reload = (Arc::clone(&in_force), orders);
    let served =
        serve::start(&config, serving, listener, &queue, asks, reload, deferred.as_ref().map(|(until, _)| *until))?;
    // While nothing may be recorded, nobody acts.
    let people = options.company.filter(|_| deferred.is_none());
    let company = people.map(|people| serving.spawn(company::keep(people, ledger, commits, queue.wishes())));
    let reloader = serving.spawn(Reloader { in_force, orders: ordered, hangup, loads }.run());
    let watch = Watch {
        anchor,
        monitor,
        engine,
        results,
        queue,
        asks: questions,
        loads: checked,
        loading: None,
        planner,
        deferred,
        notify,
    };
    let queue = watch.run(stop).await;
    reloader.abort();
    if let Some(company) = company {
        company.abort();
    }
    let waiting = queue.waiting();
    tracing::info!(waiting, "stopping: writing what waits");
    let drained = tokio::task::spawn_blocking(move || queue.stop(DRAIN_DEADLINE)).await;
    // Until then whoever asks is told that it stops.
    served.stop();
    if !matches!(drained, Ok(true)) {
        return Err(StartError::Unwritten { waiting, deadline: DRAIN_DEADLINE });
    }
    tracing::info!("stopped");
    Ok(())
}
